SELECT t.foreign_table_catalog, t.foreign_table_schema, t.foreign_table_name, x.option_name::name AS option_name,
  x.option_value::varchar AS option_value
FROM information_schema._pg_foreign_tables AS t, pg_catalog.pg_options_to_table(t.ftoptions) AS x
