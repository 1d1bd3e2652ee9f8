SELECT t.foreign_table_catalog, t.foreign_table_schema, t.foreign_table_name, t.foreign_server_catalog, t.foreign_server_name
FROM information_schema._pg_foreign_tables AS t
