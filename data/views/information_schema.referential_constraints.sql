SELECT @database()::name AS constraint_catalog, n.nspname::name AS constraint_schema, k.conname::name AS constraint_name,
  CASE WHEN u.oid IS NOT NULL THEN @database() END::name AS unique_constraint_catalog, nu.nspname::name AS unique_constraint_schema,
  u.conname::name AS unique_constraint_name,
  (CASE k.confmatchtype WHEN 'f' THEN 'FULL' WHEN 'p' THEN 'PARTIAL' WHEN 's' THEN 'NONE' END)::varchar AS match_option,
  (CASE k.confupdtype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' WHEN 'r' THEN 'RESTRICT'
        WHEN 'a' THEN 'NO ACTION' END)::varchar AS update_rule,
  (CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' WHEN 'r' THEN 'RESTRICT'
        WHEN 'a' THEN 'NO ACTION' END)::varchar AS delete_rule
FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_namespace AS n ON n.oid = k.connamespace
  JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
  LEFT JOIN pg_catalog.pg_depend AS d
    ON d.classid = 'pg_catalog.pg_constraint'::regclass AND d.objid = k.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid = 0
  LEFT JOIN (pg_catalog.pg_constraint AS u JOIN pg_catalog.pg_namespace AS nu ON nu.oid = u.connamespace)
    ON u.conindid = d.refobjid AND u.conrelid = k.confrelid AND u.contype IN ('p', 'u')
WHERE k.contype = 'f' AND (pg_catalog.pg_has_role(c.relowner, 'USAGE')
       OR pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
       OR pg_catalog.has_any_column_privilege(c.oid, 'INSERT, UPDATE, REFERENCES'))
