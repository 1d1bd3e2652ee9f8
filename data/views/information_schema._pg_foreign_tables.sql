SELECT @database()::name AS foreign_table_catalog, n.nspname::name AS foreign_table_schema, c.relname::name AS foreign_table_name, f.ftoptions,
  @database()::name AS foreign_server_catalog, s.srvname::name AS foreign_server_name, o.rolname::name AS authorization_identifier
FROM pg_catalog.pg_foreign_table AS f
  JOIN pg_catalog.pg_class AS c ON c.oid = f.ftrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_foreign_server AS s ON s.oid = f.ftserver
  JOIN pg_catalog.pg_authid AS o ON o.oid = c.relowner
WHERE c.relkind = 'f' AND @any_table_right(c.oid, c.relowner)
