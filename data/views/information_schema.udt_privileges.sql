SELECT grantor.rolname::name AS grantor, coalesce(grantee.rolname, 'PUBLIC')::name AS grantee, @database()::name AS udt_catalog,
  n.nspname::name AS udt_schema, t.typname::name AS udt_name, 'TYPE USAGE'::varchar AS privilege_type,
  (CASE WHEN x.is_grantable OR pg_catalog.pg_has_role(x.grantee, t.typowner, 'USAGE') THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_grantable
FROM pg_catalog.pg_type AS t
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
  CROSS JOIN LATERAL pg_catalog.aclexplode(coalesce(t.typacl, pg_catalog.acldefault('T', t.typowner))) AS x
  JOIN pg_catalog.pg_authid AS grantor ON grantor.oid = x.grantor
  LEFT JOIN pg_catalog.pg_authid AS grantee ON grantee.oid = x.grantee
WHERE t.typtype = 'c' AND x.privilege_type = 'USAGE' AND (x.grantee = 0 OR grantee.oid IS NOT NULL)
  AND (x.grantee = 0 OR pg_catalog.pg_has_role(x.grantor, 'USAGE') OR pg_catalog.pg_has_role(x.grantee, 'USAGE'))
