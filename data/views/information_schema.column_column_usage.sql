SELECT DISTINCT @database()::name AS table_catalog, n.nspname::name AS table_schema, c.relname::name AS table_name,
  source.attname::name AS column_name, made.attname::name AS dependent_column
FROM pg_catalog.pg_depend AS d
  JOIN pg_catalog.pg_attrdef AS f ON f.oid = d.objid AND d.classid = 2604
  JOIN pg_catalog.pg_class AS c ON c.oid = f.adrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute AS made ON made.attrelid = c.oid AND made.attnum = f.adnum
  JOIN pg_catalog.pg_attribute AS source ON source.attrelid = c.oid AND source.attnum = d.refobjsubid
WHERE d.refclassid = 1259 AND d.refobjid = c.oid AND made.attgenerated <> '' AND source.attnum <> made.attnum
  AND pg_catalog.pg_has_role(c.relowner, 'USAGE')
