SELECT p.grantor, p.grantee, p.specific_catalog, p.specific_schema, p.specific_name, p.routine_catalog, p.routine_schema, p.routine_name,
  p.privilege_type, p.is_grantable
FROM information_schema.routine_privileges AS p
WHERE p.grantor IN (SELECT r.role_name FROM information_schema.enabled_roles AS r)
   OR p.grantee IN (SELECT r.role_name FROM information_schema.enabled_roles AS r)
