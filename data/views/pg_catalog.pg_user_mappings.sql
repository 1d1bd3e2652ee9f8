-- Options are shown to the mapped user where it may use the server, those of PUBLIC's mapping to the server's owner, all to superusers.
-- PUBLIC's mappings apart: then the names of both sides are plain columns, and conditions on them find their rows by indexes.
SELECT m.oid AS umid, s.oid AS srvid, s.srvname, m.umuser, 'public'::name AS usename,
  CASE WHEN pg_catalog.pg_has_role(s.srvowner, 'USAGE')
         OR (SELECT me.rolsuper FROM pg_catalog.pg_authid AS me WHERE me.rolname = current_user)
       THEN m.umoptions END AS umoptions
FROM pg_catalog.pg_user_mapping AS m
  JOIN pg_catalog.pg_foreign_server AS s ON s.oid = m.umserver
WHERE m.umuser = 0
UNION ALL
SELECT m.oid, s.oid, s.srvname, m.umuser, r.rolname,
  CASE WHEN (r.rolname = current_user AND (pg_catalog.pg_has_role(s.srvowner, 'USAGE') OR pg_catalog.has_server_privilege(s.oid, 'USAGE')))
         OR (SELECT me.rolsuper FROM pg_catalog.pg_authid AS me WHERE me.rolname = current_user)
       THEN m.umoptions END
FROM pg_catalog.pg_user_mapping AS m
  JOIN pg_catalog.pg_foreign_server AS s ON s.oid = m.umserver
  JOIN pg_catalog.pg_authid AS r ON r.oid = m.umuser
