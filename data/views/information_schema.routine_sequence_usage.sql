SELECT DISTINCT @database()::name AS specific_catalog, n.nspname::name AS specific_schema,
  pg_catalog.nameconcatoid(p.proname, p.oid)::name AS specific_name, @database()::name AS routine_catalog, n.nspname::name AS routine_schema,
  p.proname::name AS routine_name, @database()::name AS sequence_catalog, nc.nspname::name AS sequence_schema, c.relname::name AS sequence_name
FROM pg_catalog.pg_depend AS d
  JOIN pg_catalog.pg_proc AS p ON p.oid = d.objid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_class AS c ON c.oid = d.refobjid
  JOIN pg_catalog.pg_namespace AS nc ON nc.oid = c.relnamespace
WHERE d.classid = 1255 AND d.refclassid = 1259 AND p.prokind IN ('f', 'p') AND c.relkind = 'S'
  AND pg_catalog.pg_has_role(c.relowner, 'USAGE')
