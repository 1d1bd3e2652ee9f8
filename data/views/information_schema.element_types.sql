SELECT @database()::name AS object_catalog, n.nspname::name AS object_schema, k.name::name AS object_name, k.object_type::varchar AS object_type,
  k.place::name AS collection_type_identifier,
  (CASE WHEN nb.nspname = 'pg_catalog' THEN pg_catalog.format_type(b.oid, NULL) ELSE 'USER-DEFINED' END)::varchar AS data_type,
  NULL::integer AS character_maximum_length, NULL::integer AS character_octet_length, NULL::name AS character_set_catalog,
  NULL::name AS character_set_schema, NULL::name AS character_set_name,
  CASE WHEN nco.nspname IS NOT NULL THEN @database() END::name AS collation_catalog, nco.nspname::name AS collation_schema,
  co.collname::name AS collation_name, NULL::integer AS numeric_precision, NULL::integer AS numeric_precision_radix,
  NULL::integer AS numeric_scale, NULL::integer AS datetime_precision, NULL::varchar AS interval_type, NULL::integer AS interval_precision,
  NULL::varchar AS domain_default, @database()::name AS udt_catalog, nb.nspname::name AS udt_schema, b.typname::name AS udt_name,
  NULL::name AS scope_catalog, NULL::name AS scope_schema, NULL::name AS scope_name, NULL::integer AS maximum_cardinality,
  ('a' || k.place::text)::name AS dtd_identifier
FROM (SELECT c.relnamespace AS schema, c.relname AS name, CASE WHEN c.relkind = 'c' THEN 'USER-DEFINED TYPE' ELSE 'TABLE' END AS object_type,
             a.attnum::integer AS place, a.atttypid AS type, a.attcollation AS collation
      FROM pg_catalog.pg_attribute AS a
        JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
      WHERE c.relkind IN ('r', 'v', 'f', 'c', 'p') AND a.attnum > 0 AND NOT a.attisdropped
      UNION ALL
      SELECT t.typnamespace, t.typname, 'DOMAIN', 1, t.typbasetype, t.typcollation FROM pg_catalog.pg_type AS t WHERE t.typtype = 'd'
      UNION ALL
      SELECT f.pronamespace, f.specific_name, 'ROUTINE', f.place, f.type, 0::oid
      FROM (SELECT p.pronamespace, pg_catalog.nameconcatoid(p.proname, p.oid) AS specific_name,
                   generate_series(1, pg_catalog.cardinality(coalesce(p.proallargtypes, p.proargtypes::oid[]))) AS place,
                   unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) AS type
            FROM pg_catalog.pg_proc AS p) AS f
      UNION ALL
      SELECT p.pronamespace, pg_catalog.nameconcatoid(p.proname, p.oid), 'ROUTINE', 0, p.prorettype, 0::oid FROM pg_catalog.pg_proc AS p) AS k
  JOIN pg_catalog.pg_namespace AS n ON n.oid = k.schema
  JOIN pg_catalog.pg_type AS y ON y.oid = k.type
  JOIN pg_catalog.pg_type AS b ON b.oid = y.typelem
  JOIN pg_catalog.pg_namespace AS nb ON nb.oid = b.typnamespace
  LEFT JOIN (pg_catalog.pg_collation AS co JOIN pg_catalog.pg_namespace AS nco ON nco.oid = co.collnamespace)
    ON co.oid = k.collation AND NOT (nco.nspname = 'pg_catalog' AND co.collname = 'default')
WHERE y.typlen = -1
  AND (n.nspname, k.name, k.object_type, k.place::text) IN
      (SELECT d.object_schema, d.object_name, d.object_type, d.dtd_identifier FROM information_schema.data_type_privileges AS d)
