SELECT @database()::name AS udt_catalog, nb.nspname::name AS udt_schema, b.typname::name AS udt_name,
  @database()::name AS domain_catalog, n.nspname::name AS domain_schema, t.typname::name AS domain_name
FROM pg_catalog.pg_type AS t
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
  JOIN pg_catalog.pg_type AS b ON b.oid = t.typbasetype
  JOIN pg_catalog.pg_namespace AS nb ON nb.oid = b.typnamespace
WHERE t.typtype = 'd' AND pg_catalog.pg_has_role(b.typowner, 'USAGE')
