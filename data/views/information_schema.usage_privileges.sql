-- Collations may be used by everybody; domains, wrappers, servers and sequences by whom their lists name.
SELECT o.rolname::name AS grantor, 'PUBLIC'::name AS grantee, @database()::name AS object_catalog, n.nspname::name AS object_schema,
  c.collname::name AS object_name, 'COLLATION'::varchar AS object_type, 'USAGE'::varchar AS privilege_type, 'NO'::varchar(3) AS is_grantable
FROM pg_catalog.pg_collation AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.collnamespace
  JOIN pg_catalog.pg_authid AS o ON o.oid = c.collowner
WHERE c.collencoding IN (-1, (SELECT d.encoding FROM pg_catalog.pg_database AS d WHERE d.datname = @database()))
UNION ALL
SELECT grantor.rolname::name, coalesce(grantee.rolname, 'PUBLIC')::name, @database()::name, k.nspname::name, k.name::name,
  k.object_type::varchar, 'USAGE'::varchar,
  (CASE WHEN k.is_grantable OR pg_catalog.pg_has_role(k.grantee, k.owner, 'USAGE') THEN 'YES' ELSE 'NO' END)::varchar(3)
FROM (SELECT n.nspname, t.typname AS name, t.typowner AS owner, 'DOMAIN' AS object_type, x.grantor, x.grantee, x.privilege_type, x.is_grantable
      FROM pg_catalog.pg_type AS t
        JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace,
        pg_catalog.aclexplode(coalesce(t.typacl, pg_catalog.acldefault('T', t.typowner))) AS x
      WHERE t.typtype = 'd'
      UNION ALL
      SELECT ''::name, w.fdwname, w.fdwowner, 'FOREIGN DATA WRAPPER', x.grantor, x.grantee, x.privilege_type, x.is_grantable
      FROM pg_catalog.pg_foreign_data_wrapper AS w,
        pg_catalog.aclexplode(coalesce(w.fdwacl, pg_catalog.acldefault('F', w.fdwowner))) AS x
      UNION ALL
      SELECT ''::name, s.srvname, s.srvowner, 'FOREIGN SERVER', x.grantor, x.grantee, x.privilege_type, x.is_grantable
      FROM pg_catalog.pg_foreign_server AS s,
        pg_catalog.aclexplode(coalesce(s.srvacl, pg_catalog.acldefault('S', s.srvowner))) AS x
      UNION ALL
      SELECT n.nspname, c.relname, c.relowner, 'SEQUENCE', x.grantor, x.grantee, x.privilege_type, x.is_grantable
      FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace,
        pg_catalog.aclexplode(coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))) AS x
      WHERE c.relkind = 'S') AS k
  JOIN pg_catalog.pg_authid AS grantor ON grantor.oid = k.grantor
  LEFT JOIN pg_catalog.pg_authid AS grantee ON grantee.oid = k.grantee
WHERE k.privilege_type = 'USAGE' AND (k.grantee = 0 OR grantee.oid IS NOT NULL)
  AND (k.grantee = 0 OR pg_catalog.pg_has_role(k.grantor, 'USAGE') OR pg_catalog.pg_has_role(k.grantee, 'USAGE'))
