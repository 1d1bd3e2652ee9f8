SELECT p.grantor, p.grantee, p.table_catalog, p.table_schema, p.table_name, p.privilege_type, p.is_grantable, p.with_hierarchy
FROM information_schema.table_privileges AS p
WHERE p.grantor IN (SELECT r.role_name FROM information_schema.enabled_roles AS r)
   OR p.grantee IN (SELECT r.role_name FROM information_schema.enabled_roles AS r)
