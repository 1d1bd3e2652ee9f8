SELECT r.rolname AS usename, r.oid AS usesysid, r.rolcreatedb AS usecreatedb, r.rolsuper AS usesuper, r.rolreplication AS userepl,
  r.rolbypassrls AS usebypassrls, '********'::text AS passwd, r.rolvaliduntil AS valuntil, c.setconfig AS useconfig
FROM pg_catalog.pg_authid AS r
  LEFT JOIN pg_catalog.pg_db_role_setting AS c ON c.setrole = r.oid AND c.setdatabase = 0
WHERE r.rolcanlogin
