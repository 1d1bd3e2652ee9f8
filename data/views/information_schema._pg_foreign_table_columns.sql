SELECT n.nspname, c.relname, a.attname, a.attfdwoptions
FROM pg_catalog.pg_foreign_table AS f
  JOIN pg_catalog.pg_class AS c ON c.oid = f.ftrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid
WHERE a.attnum > 0 AND @any_column_right(c.oid, a.attnum, c.relowner)
