-- Of tables and of domains; and NOT NULL, as a check.
SELECT @database()::name AS constraint_catalog, n.nspname::name AS constraint_schema, k.conname::name AS constraint_name,
  substring(pg_catalog.pg_get_constraintdef(k.oid) FROM 7)::varchar AS check_clause
FROM pg_catalog.pg_constraint AS k
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = k.connamespace
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
  LEFT JOIN pg_catalog.pg_type AS t ON t.oid = k.contypid
WHERE k.contype = 'c' AND pg_catalog.pg_has_role(coalesce(c.relowner, t.typowner), 'USAGE')
UNION
SELECT @database()::name, n.nspname::name, (n.oid::text || '_' || c.oid::text || '_' || a.attnum::text || '_not_null')::name,
  (a.attname || ' IS NOT NULL')::varchar
FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND c.relkind IN ('r', 'p') AND pg_catalog.pg_has_role(c.relowner, 'USAGE')
