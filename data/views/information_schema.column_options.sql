SELECT @database()::name AS table_catalog, c.nspname::name AS table_schema, c.relname::name AS table_name, c.attname::name AS column_name,
  x.option_name::name AS option_name, x.option_value::varchar AS option_value
FROM information_schema._pg_foreign_table_columns AS c, pg_catalog.pg_options_to_table(c.attfdwoptions) AS x
