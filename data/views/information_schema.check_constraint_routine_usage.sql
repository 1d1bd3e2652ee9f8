SELECT DISTINCT @database()::name AS constraint_catalog, nk.nspname::name AS constraint_schema, k.conname::name AS constraint_name,
  @database()::name AS specific_catalog, n.nspname::name AS specific_schema, pg_catalog.nameconcatoid(p.proname, p.oid)::name AS specific_name
FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_namespace AS nk ON nk.oid = k.connamespace
  JOIN pg_catalog.pg_depend AS d ON d.classid = 2606 AND d.objid = k.oid AND d.refclassid = 1255
  JOIN pg_catalog.pg_proc AS p ON p.oid = d.refobjid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE k.contype = 'c' AND pg_catalog.pg_has_role(p.proowner, 'USAGE')
