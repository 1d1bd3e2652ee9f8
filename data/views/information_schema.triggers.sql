SELECT @database()::name AS trigger_catalog, n.nspname::name AS trigger_schema, g.tgname::name AS trigger_name,
  e.event::varchar AS event_manipulation, @database()::name AS event_object_catalog, n.nspname::name AS event_object_schema,
  c.relname::name AS event_object_table,
  rank() OVER (PARTITION BY n.nspname::name, c.relname::name, e.bit, g.tgtype & 1, g.tgtype & 66 ORDER BY g.tgname)::integer AS action_order,
  (CASE WHEN pg_catalog.pg_has_role(c.relowner, 'USAGE') THEN CASE WHEN g.tgqual IS NOT NULL THEN
     split_part(split_part(pg_catalog.pg_get_triggerdef(g.oid), ' WHEN (', 2), ') EXECUTE FUNCTION ', 1) END END)::varchar AS action_condition,
  substring(pg_catalog.pg_get_triggerdef(g.oid)
            FROM position('EXECUTE FUNCTION' IN substring(pg_catalog.pg_get_triggerdef(g.oid) FROM 48)) + 47)::varchar AS action_statement,
  (CASE WHEN g.tgtype & 1 = 1 THEN 'ROW' ELSE 'STATEMENT' END)::varchar AS action_orientation,
  (CASE g.tgtype & 66 WHEN 2 THEN 'BEFORE' WHEN 64 THEN 'INSTEAD OF' ELSE 'AFTER' END)::varchar AS action_timing,
  g.tgoldtable::name AS action_reference_old_table, g.tgnewtable::name AS action_reference_new_table,
  NULL::name AS action_reference_old_row, NULL::name AS action_reference_new_row, NULL::timestamp(2) with time zone AS created
FROM pg_catalog.pg_trigger AS g
  JOIN pg_catalog.pg_class AS c ON c.oid = g.tgrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN (VALUES (4, 'INSERT'), (8, 'DELETE'), (16, 'UPDATE')) AS e (bit, event) ON g.tgtype & e.bit <> 0
WHERE NOT g.tgisinternal AND NOT pg_catalog.pg_is_other_temp_schema(n.oid)
  AND (pg_catalog.pg_has_role(c.relowner, 'USAGE')
       OR pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
       OR pg_catalog.has_any_column_privilege(c.oid, 'INSERT, UPDATE, REFERENCES'))
