SELECT grantor.rolname::name AS grantor, coalesce(grantee.rolname, 'PUBLIC')::name AS grantee, @database()::name AS table_catalog,
  k.nspname::name AS table_schema, k.relname::name AS table_name, k.privilege_type::varchar AS privilege_type,
  (CASE WHEN k.is_grantable OR pg_catalog.pg_has_role(k.grantee, k.relowner, 'USAGE') THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_grantable,
  (CASE WHEN k.privilege_type = 'SELECT' THEN 'YES' ELSE 'NO' END)::varchar(3) AS with_hierarchy
FROM (SELECT n.nspname, c.relname, c.relowner, x.grantor, x.grantee, x.privilege_type, x.is_grantable
      FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace,
        pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))) AS x
      WHERE c.relkind IN ('r', 'v', 'f', 'p')
        AND x.privilege_type IN ('INSERT', 'SELECT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER')) AS k
  JOIN pg_catalog.pg_authid AS grantor ON grantor.oid = k.grantor
  LEFT JOIN pg_catalog.pg_authid AS grantee ON grantee.oid = k.grantee
WHERE (k.grantee = 0 OR grantee.oid IS NOT NULL)
  AND (k.grantee = 0 OR pg_catalog.pg_has_role(k.grantor, 'USAGE') OR pg_catalog.pg_has_role(k.grantee, 'USAGE'))
