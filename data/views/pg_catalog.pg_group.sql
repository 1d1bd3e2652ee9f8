SELECT g.rolname AS groname, g.oid AS grosysid,
  ARRAY(SELECT m.member FROM pg_catalog.pg_auth_members AS m WHERE m.roleid = g.oid) AS grolist
FROM pg_catalog.pg_authid AS g
WHERE NOT g.rolcanlogin
