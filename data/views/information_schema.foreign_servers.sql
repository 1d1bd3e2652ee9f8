SELECT s.foreign_server_catalog, s.foreign_server_name, s.foreign_data_wrapper_catalog, s.foreign_data_wrapper_name, s.foreign_server_type,
  s.foreign_server_version, s.authorization_identifier
FROM information_schema._pg_foreign_servers AS s
