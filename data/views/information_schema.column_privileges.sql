-- A column has the privileges of its table's list, and those of its own that are not there.
SELECT grantor.rolname::name AS grantor, coalesce(grantee.rolname, 'PUBLIC')::name AS grantee, @database()::name AS table_catalog,
  k.nspname::name AS table_schema, k.relname::name AS table_name, k.attname::name AS column_name, k.privilege_type::varchar AS privilege_type,
  (CASE WHEN k.is_grantable OR pg_catalog.pg_has_role(k.grantee, k.relowner, 'USAGE') THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_grantable
FROM (SELECT n.nspname, c.relname, c.relowner, a.attname, x.grantor, x.grantee, x.privilege_type, x.is_grantable
      FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped,
        pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))) AS x
      WHERE c.relkind IN ('r', 'v', 'f', 'p')
      UNION ALL
      SELECT n.nspname, c.relname, c.relowner, a.attname, x.grantor, x.grantee, x.privilege_type, x.is_grantable
      FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped,
        pg_catalog.aclexplode(a.attacl) AS x
      WHERE c.relkind IN ('r', 'v', 'f', 'p')
        AND NOT EXISTS (SELECT 1 FROM pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))) AS y
                        WHERE y.grantor = x.grantor AND y.grantee = x.grantee AND y.privilege_type = x.privilege_type
                          AND y.is_grantable = x.is_grantable)) AS k
  JOIN pg_catalog.pg_authid AS grantor ON grantor.oid = k.grantor
  LEFT JOIN pg_catalog.pg_authid AS grantee ON grantee.oid = k.grantee
WHERE k.privilege_type IN ('INSERT', 'SELECT', 'UPDATE', 'REFERENCES') AND (k.grantee = 0 OR grantee.oid IS NOT NULL)
  AND (k.grantee = 0 OR pg_catalog.pg_has_role(k.grantor, 'USAGE') OR pg_catalog.pg_has_role(k.grantee, 'USAGE'))
