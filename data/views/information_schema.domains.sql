SELECT @database()::name AS domain_catalog, n.nspname::name AS domain_schema, t.typname::name AS domain_name,
  (CASE WHEN nb.nspname = 'pg_catalog' THEN pg_catalog.format_type(t.typbasetype, NULL)
        ELSE 'USER-DEFINED' END)::varchar AS data_type,
  @char_max_length(t.typbasetype, t.typtypmod) AS character_maximum_length, @char_octet_length(t.typbasetype, t.typtypmod) AS character_octet_length,
  NULL::name AS character_set_catalog, NULL::name AS character_set_schema, NULL::name AS character_set_name,
  CASE WHEN nc.nspname IS NOT NULL THEN @database() END::name AS collation_catalog, nc.nspname::name AS collation_schema,
  co.collname::name AS collation_name,
  @numeric_precision(t.typbasetype, t.typtypmod) AS numeric_precision, @numeric_radix(t.typbasetype) AS numeric_precision_radix,
  @numeric_scale(t.typbasetype, t.typtypmod) AS numeric_scale, @datetime_precision(t.typbasetype, t.typtypmod) AS datetime_precision,
  @interval_type(t.typbasetype, t.typtypmod) AS interval_type, NULL::integer AS interval_precision, t.typdefault::varchar AS domain_default,
  @database()::name AS udt_catalog, nb.nspname::name AS udt_schema, b.typname::name AS udt_name,
  NULL::name AS scope_catalog, NULL::name AS scope_schema, NULL::name AS scope_name, NULL::integer AS maximum_cardinality,
  '1'::name AS dtd_identifier
FROM pg_catalog.pg_type AS t
  JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
  JOIN pg_catalog.pg_type AS b ON b.oid = t.typbasetype
  JOIN pg_catalog.pg_namespace AS nb ON nb.oid = b.typnamespace
  LEFT JOIN (pg_catalog.pg_collation AS co JOIN pg_catalog.pg_namespace AS nc ON nc.oid = co.collnamespace)
    ON co.oid = t.typcollation AND NOT (nc.nspname = 'pg_catalog' AND co.collname = 'default')
WHERE t.typtype = 'd' AND (pg_catalog.pg_has_role(t.typowner, 'USAGE') OR pg_catalog.has_type_privilege(t.oid, 'USAGE'))
