SELECT DISTINCT @database()::name AS table_catalog, nv.nspname::name AS table_schema, v.relname::name AS table_name,
  @database()::name AS specific_catalog, n.nspname::name AS specific_schema, pg_catalog.nameconcatoid(p.proname, p.oid)::name AS specific_name
FROM pg_catalog.pg_class AS v
  JOIN pg_catalog.pg_namespace AS nv ON nv.oid = v.relnamespace
  JOIN pg_catalog.pg_rewrite AS r ON r.ev_class = v.oid
  JOIN pg_catalog.pg_depend AS d ON d.classid = 2618 AND d.objid = r.oid AND d.refclassid = 1255
  JOIN pg_catalog.pg_proc AS p ON p.oid = d.refobjid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE v.relkind = 'v' AND pg_catalog.pg_has_role(p.proowner, 'USAGE')
