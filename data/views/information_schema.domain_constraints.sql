SELECT @database()::name AS constraint_catalog, nc.nspname::name AS constraint_schema, k.conname::name AS constraint_name,
  @database()::name AS domain_catalog, n.nspname::name AS domain_schema, t.typname::name AS domain_name,
  (CASE WHEN k.condeferrable THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_deferrable,
  (CASE WHEN k.condeferred THEN 'YES' ELSE 'NO' END)::varchar(3) AS initially_deferred
FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_namespace AS nc ON nc.oid = k.connamespace
  JOIN pg_catalog.pg_type AS t ON t.oid = k.contypid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
WHERE pg_catalog.pg_has_role(t.typowner, 'USAGE') OR pg_catalog.has_type_privilege(t.oid, 'USAGE')
