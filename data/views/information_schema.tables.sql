SELECT @database()::name AS table_catalog, n.nspname::name AS table_schema, c.relname::name AS table_name,
  (CASE WHEN n.oid = pg_catalog.pg_my_temp_schema() THEN 'LOCAL TEMPORARY' WHEN c.relkind IN ('r', 'p') THEN 'BASE TABLE'
        WHEN c.relkind = 'v' THEN 'VIEW' WHEN c.relkind = 'f' THEN 'FOREIGN' END)::varchar AS table_type,
  NULL::name AS self_referencing_column_name, NULL::varchar AS reference_generation,
  CASE WHEN t.typname IS NOT NULL THEN @database() END::name AS user_defined_type_catalog,
  nt.nspname::name AS user_defined_type_schema, t.typname::name AS user_defined_type_name,
  (CASE WHEN c.relkind IN ('r', 'p') OR (c.relkind IN ('v', 'f') AND pg_catalog.pg_relation_is_updatable(c.oid, false) & 8 = 8)
        THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_insertable_into,
  (CASE WHEN t.typname IS NOT NULL THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_typed, NULL::varchar AS commit_action
FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_type AS t ON t.oid = c.reloftype
  LEFT JOIN pg_catalog.pg_namespace AS nt ON nt.oid = t.typnamespace
WHERE c.relkind IN ('r', 'v', 'f', 'p') AND NOT pg_catalog.pg_is_other_temp_schema(n.oid) AND @any_table_right(c.oid, c.relowner)
