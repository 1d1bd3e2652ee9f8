SELECT r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication, r.rolconnlimit,
  '********'::text AS rolpassword, r.rolvaliduntil, r.rolbypassrls, c.setconfig AS rolconfig, r.oid
FROM pg_catalog.pg_authid AS r
  LEFT JOIN pg_catalog.pg_db_role_setting AS c ON c.setrole = r.oid AND c.setdatabase = 0
