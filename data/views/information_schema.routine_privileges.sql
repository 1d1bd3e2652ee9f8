SELECT grantor.rolname::name AS grantor, coalesce(grantee.rolname, 'PUBLIC')::name AS grantee, @database()::name AS specific_catalog,
  n.nspname::name AS specific_schema, pg_catalog.nameconcatoid(p.proname, p.oid)::name AS specific_name, @database()::name AS routine_catalog,
  n.nspname::name AS routine_schema, p.proname::name AS routine_name, 'EXECUTE'::varchar AS privilege_type,
  (CASE WHEN x.is_grantable OR pg_catalog.pg_has_role(x.grantee, p.proowner, 'USAGE') THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_grantable
FROM pg_catalog.pg_proc AS p
  JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
  CROSS JOIN LATERAL pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS x
  JOIN pg_catalog.pg_authid AS grantor ON grantor.oid = x.grantor
  LEFT JOIN pg_catalog.pg_authid AS grantee ON grantee.oid = x.grantee
WHERE x.privilege_type = 'EXECUTE' AND (x.grantee = 0 OR grantee.oid IS NOT NULL)
  AND (x.grantee = 0 OR pg_catalog.pg_has_role(x.grantor, 'USAGE') OR pg_catalog.pg_has_role(x.grantee, 'USAGE'))
