SELECT s.foreign_server_catalog, s.foreign_server_name, x.option_name::name AS option_name, x.option_value::varchar AS option_value
FROM information_schema._pg_foreign_servers AS s, pg_catalog.pg_options_to_table(s.srvoptions) AS x
