SELECT @database()::name AS constraint_catalog, nk.nspname::name AS constraint_schema, k.conname::name AS constraint_name,
  @database()::name AS table_catalog, n.nspname::name AS table_schema, c.relname::name AS table_name, a.attname::name AS column_name,
  k.place AS ordinal_position,
  (CASE WHEN k.contype = 'f'
        THEN (SELECT i.place
              FROM (SELECT x.indkey, generate_subscripts(x.indkey, 1) + 1 AS place
                    FROM pg_catalog.pg_index AS x WHERE x.indexrelid = k.conindid) AS i
              WHERE i.indkey[i.place - 1] = k.confkey[k.place]) END)::integer AS position_in_unique_constraint
FROM (SELECT x.oid, x.conname, x.connamespace, x.conrelid, x.contype, x.conindid, x.conkey, x.confkey, generate_subscripts(x.conkey, 1) AS place
      FROM pg_catalog.pg_constraint AS x WHERE x.contype IN ('p', 'u', 'f')) AS k
  JOIN pg_catalog.pg_namespace AS nk ON nk.oid = k.connamespace
  JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.conkey[k.place]
WHERE NOT a.attisdropped AND c.relkind IN ('r', 'p') AND NOT pg_catalog.pg_is_other_temp_schema(n.oid)
  AND @any_column_right(c.oid, a.attnum, c.relowner)
