SELECT @database()::name AS udt_catalog, nt.nspname::name AS udt_schema, t.typname::name AS udt_name, @database()::name AS specific_catalog,
  n.nspname::name AS specific_schema, pg_catalog.nameconcatoid(p.proname, p.oid)::name AS specific_name, l.lanname::name AS group_name,
  k.direction::varchar AS transform_type
FROM (SELECT x.trftype, x.trflang, x.trffromsql::oid AS function, 'FROM SQL' AS direction FROM pg_catalog.pg_transform AS x
      UNION
      SELECT y.trftype, y.trflang, y.trftosql::oid, 'TO SQL' FROM pg_catalog.pg_transform AS y) AS k
  JOIN pg_catalog.pg_type AS t ON t.oid = k.trftype
  JOIN pg_catalog.pg_namespace AS nt ON nt.oid = t.typnamespace
  JOIN pg_catalog.pg_language AS l ON l.oid = k.trflang
  JOIN pg_catalog.pg_proc AS p ON p.oid = k.function
  JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
