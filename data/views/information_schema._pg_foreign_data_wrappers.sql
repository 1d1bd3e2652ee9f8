SELECT w.oid, w.fdwowner, w.fdwoptions, @database()::name AS foreign_data_wrapper_catalog, w.fdwname::name AS foreign_data_wrapper_name,
  o.rolname::name AS authorization_identifier, 'c'::varchar AS foreign_data_wrapper_language
FROM pg_catalog.pg_foreign_data_wrapper AS w
  JOIN pg_catalog.pg_authid AS o ON o.oid = w.fdwowner
WHERE pg_catalog.pg_has_role(w.fdwowner, 'USAGE') OR pg_catalog.has_foreign_data_wrapper_privilege(w.oid, 'USAGE')
