SELECT DISTINCT @database()::name AS view_catalog, nv.nspname::name AS view_schema, v.relname::name AS view_name,
  @database()::name AS table_catalog, n.nspname::name AS table_schema, c.relname::name AS table_name
FROM pg_catalog.pg_class AS v
  JOIN pg_catalog.pg_namespace AS nv ON nv.oid = v.relnamespace
  JOIN pg_catalog.pg_rewrite AS r ON r.ev_class = v.oid
  JOIN pg_catalog.pg_depend AS d ON d.classid = 2618 AND d.objid = r.oid AND d.refclassid = 1259 AND d.refobjid <> v.oid
  JOIN pg_catalog.pg_class AS c ON c.oid = d.refobjid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE v.relkind = 'v' AND c.relkind IN ('r', 'v', 'f', 'p') AND pg_catalog.pg_has_role(c.relowner, 'USAGE')
