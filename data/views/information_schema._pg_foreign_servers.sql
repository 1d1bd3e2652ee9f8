SELECT s.oid, s.srvoptions, @database()::name AS foreign_server_catalog, s.srvname::name AS foreign_server_name,
  @database()::name AS foreign_data_wrapper_catalog, w.fdwname::name AS foreign_data_wrapper_name, s.srvtype::varchar AS foreign_server_type,
  s.srvversion::varchar AS foreign_server_version, o.rolname::name AS authorization_identifier
FROM pg_catalog.pg_foreign_server AS s
  JOIN pg_catalog.pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
  JOIN pg_catalog.pg_authid AS o ON o.oid = s.srvowner
WHERE pg_catalog.pg_has_role(s.srvowner, 'USAGE') OR pg_catalog.has_server_privilege(s.oid, 'USAGE')
