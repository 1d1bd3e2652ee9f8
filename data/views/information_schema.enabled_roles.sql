SELECT r.rolname::name AS role_name FROM pg_catalog.pg_authid AS r WHERE pg_catalog.pg_has_role(r.oid, 'USAGE')
