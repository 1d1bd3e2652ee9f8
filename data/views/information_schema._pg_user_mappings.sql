SELECT m.oid, m.umoptions, m.umuser, coalesce(u.rolname, 'PUBLIC')::name AS authorization_identifier, s.foreign_server_catalog,
  s.foreign_server_name, s.authorization_identifier AS srvowner
FROM pg_catalog.pg_user_mapping AS m
  JOIN information_schema._pg_foreign_servers AS s ON s.oid = m.umserver
  LEFT JOIN pg_catalog.pg_authid AS u ON u.oid = m.umuser
