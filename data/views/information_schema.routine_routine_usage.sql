SELECT DISTINCT @database()::name AS specific_catalog, n.nspname::name AS specific_schema,
  pg_catalog.nameconcatoid(p.proname, p.oid)::name AS specific_name, @database()::name AS routine_catalog, nu.nspname::name AS routine_schema,
  pg_catalog.nameconcatoid(u.proname, u.oid)::name AS routine_name
FROM pg_catalog.pg_depend AS d
  JOIN pg_catalog.pg_proc AS p ON p.oid = d.objid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_proc AS u ON u.oid = d.refobjid
  JOIN pg_catalog.pg_namespace AS nu ON nu.oid = u.pronamespace
WHERE d.classid = 1255 AND d.refclassid = 1255 AND p.prokind IN ('f', 'p') AND u.prokind IN ('f', 'p')
  AND pg_catalog.pg_has_role(u.proowner, 'USAGE')
