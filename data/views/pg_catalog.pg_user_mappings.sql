-- Options are shown to the mapped user where it may use the server, those of PUBLIC's mapping to the server's owner, all to superusers.
SELECT m.oid AS umid, s.oid AS srvid, s.srvname, m.umuser, CASE WHEN m.umuser = 0 THEN 'public'::name ELSE r.rolname END AS usename,
  CASE WHEN (m.umuser <> 0 AND r.rolname = current_user
             AND (pg_catalog.pg_has_role(s.srvowner, 'USAGE') OR pg_catalog.has_server_privilege(s.oid, 'USAGE')))
         OR (m.umuser = 0 AND pg_catalog.pg_has_role(s.srvowner, 'USAGE'))
         OR (SELECT me.rolsuper FROM pg_catalog.pg_authid AS me WHERE me.rolname = current_user)
       THEN m.umoptions END AS umoptions
FROM pg_catalog.pg_user_mapping AS m
  JOIN pg_catalog.pg_foreign_server AS s ON s.oid = m.umserver
  LEFT JOIN pg_catalog.pg_authid AS r ON r.oid = m.umuser
