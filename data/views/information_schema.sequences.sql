SELECT @database()::name AS sequence_catalog, n.nspname::name AS sequence_schema, c.relname::name AS sequence_name,
  pg_catalog.format_type(s.seqtypid, NULL)::varchar AS data_type, @numeric_precision(s.seqtypid, -1) AS numeric_precision,
  2 AS numeric_precision_radix, 0 AS numeric_scale, s.seqstart::varchar AS start_value, s.seqmin::varchar AS minimum_value,
  s.seqmax::varchar AS maximum_value, s.seqincrement::varchar AS increment,
  (CASE WHEN s.seqcycle THEN 'YES' ELSE 'NO' END)::varchar(3) AS cycle_option
FROM pg_catalog.pg_sequence AS s
  JOIN pg_catalog.pg_class AS c ON c.oid = s.seqrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'S' AND NOT pg_catalog.pg_is_other_temp_schema(n.oid)
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend AS d WHERE d.classid = 1259 AND d.objid = c.oid AND d.deptype = 'i')
  AND (pg_catalog.pg_has_role(c.relowner, 'USAGE') OR pg_catalog.has_sequence_privilege(c.oid, 'SELECT, UPDATE, USAGE'))
