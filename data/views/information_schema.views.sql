SELECT @database()::name AS table_catalog, n.nspname::name AS table_schema, c.relname::name AS table_name,
  (CASE WHEN pg_catalog.pg_has_role(c.relowner, 'USAGE') THEN pg_catalog.pg_get_viewdef(c.oid) END)::varchar AS view_definition,
  (CASE WHEN 'check_option=cascaded' = ANY (c.reloptions) THEN 'CASCADED' WHEN 'check_option=local' = ANY (c.reloptions) THEN 'LOCAL'
        ELSE 'NONE' END)::varchar AS check_option,
  (CASE WHEN pg_catalog.pg_relation_is_updatable(c.oid, false) & 20 = 20 THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_updatable,
  (CASE WHEN pg_catalog.pg_relation_is_updatable(c.oid, false) & 8 = 8 THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_insertable_into,
  (CASE WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_trigger AS g WHERE g.tgrelid = c.oid AND g.tgtype & 81 = 81)
        THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_trigger_updatable,
  (CASE WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_trigger AS g WHERE g.tgrelid = c.oid AND g.tgtype & 73 = 73)
        THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_trigger_deletable,
  (CASE WHEN EXISTS (SELECT 1 FROM pg_catalog.pg_trigger AS g WHERE g.tgrelid = c.oid AND g.tgtype & 69 = 69)
        THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_trigger_insertable_into
FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'v' AND NOT pg_catalog.pg_is_other_temp_schema(n.oid) AND @any_table_right(c.oid, c.relowner)
