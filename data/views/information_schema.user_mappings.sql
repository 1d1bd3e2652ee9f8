SELECT m.authorization_identifier, m.foreign_server_catalog, m.foreign_server_name FROM information_schema._pg_user_mappings AS m
