SELECT p.transaction, p.gid, p.prepared, r.rolname AS owner, d.datname AS database
FROM pg_catalog.pg_prepared_xact() AS p
  LEFT JOIN pg_catalog.pg_authid AS r ON r.oid = p.ownerid
  LEFT JOIN pg_catalog.pg_database AS d ON d.oid = p.dbid
