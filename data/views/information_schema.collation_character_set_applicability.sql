SELECT @database()::name AS collation_catalog, n.nspname::name AS collation_schema, c.collname::name AS collation_name,
  NULL::name AS character_set_catalog, NULL::name AS character_set_schema, pg_catalog.getdatabaseencoding()::name AS character_set_name
FROM pg_catalog.pg_collation AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.collnamespace
WHERE c.collencoding IN (-1, (SELECT d.encoding FROM pg_catalog.pg_database AS d WHERE d.datname = @database()))
