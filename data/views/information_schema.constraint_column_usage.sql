SELECT DISTINCT @database()::name AS table_catalog, n.nspname::name AS table_schema, c.relname::name AS table_name, a.attname::name AS column_name,
  @database()::name AS constraint_catalog, nk.nspname::name AS constraint_schema, k.conname::name AS constraint_name
FROM (SELECT x.conname, x.connamespace, d.refobjid AS relation, d.refobjsubid AS number
      FROM pg_catalog.pg_constraint AS x
        JOIN pg_catalog.pg_depend AS d ON d.classid = 2606 AND d.objid = x.oid AND d.refclassid = 1259
      WHERE x.contype = 'c'
      UNION ALL
      SELECT y.conname, y.connamespace, y.conrelid, unnest(y.conkey)
      FROM pg_catalog.pg_constraint AS y WHERE y.contype IN ('p', 'u')
      UNION ALL
      SELECT z.conname, z.connamespace, z.confrelid, unnest(z.confkey)
      FROM pg_catalog.pg_constraint AS z WHERE z.contype = 'f') AS k
  JOIN pg_catalog.pg_namespace AS nk ON nk.oid = k.connamespace
  JOIN pg_catalog.pg_class AS c ON c.oid = k.relation
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.number
WHERE NOT a.attisdropped AND c.relkind IN ('r', 'p') AND pg_catalog.pg_has_role(c.relowner, 'USAGE')
