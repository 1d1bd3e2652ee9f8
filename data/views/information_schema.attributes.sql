SELECT @database()::name AS udt_catalog, n.nspname::name AS udt_schema, c.relname::name AS udt_name, a.attname::name AS attribute_name,
  a.attnum::integer AS ordinal_position, pg_catalog.pg_get_expr(d.adbin, d.adrelid)::varchar AS attribute_default,
  (CASE WHEN a.attnotnull OR (t.typtype = 'd' AND t.typnotnull) THEN 'NO' ELSE 'YES' END)::varchar(3) AS is_nullable,
  (CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY' WHEN nt.nspname = 'pg_catalog' THEN pg_catalog.format_type(a.atttypid, NULL)
        ELSE 'USER-DEFINED' END)::varchar AS data_type,
  @char_max_length(k.base_type, k.base_typmod) AS character_maximum_length,
  @char_octet_length(k.base_type, k.base_typmod) AS character_octet_length,
  NULL::name AS character_set_catalog, NULL::name AS character_set_schema, NULL::name AS character_set_name,
  CASE WHEN nco.nspname IS NOT NULL THEN @database() END::name AS collation_catalog, nco.nspname::name AS collation_schema,
  co.collname::name AS collation_name,
  @numeric_precision(k.base_type, k.base_typmod) AS numeric_precision, @numeric_radix(k.base_type) AS numeric_precision_radix,
  @numeric_scale(k.base_type, k.base_typmod) AS numeric_scale, @datetime_precision(k.base_type, k.base_typmod) AS datetime_precision,
  @interval_type(k.base_type, k.base_typmod) AS interval_type, NULL::integer AS interval_precision,
  @database()::name AS attribute_udt_catalog, nt.nspname::name AS attribute_udt_schema, t.typname::name AS attribute_udt_name,
  NULL::name AS scope_catalog, NULL::name AS scope_schema, NULL::name AS scope_name, NULL::integer AS maximum_cardinality,
  a.attnum::name AS dtd_identifier, 'NO'::varchar(3) AS is_derived_reference_attribute
FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
  JOIN pg_catalog.pg_namespace AS nt ON nt.oid = t.typnamespace
  CROSS JOIN LATERAL (SELECT CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END AS base_type,
                             CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END AS base_typmod) AS k
  LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
  LEFT JOIN (pg_catalog.pg_collation AS co JOIN pg_catalog.pg_namespace AS nco ON nco.oid = co.collnamespace)
    ON co.oid = a.attcollation AND NOT (nco.nspname = 'pg_catalog' AND co.collname = 'default')
WHERE c.relkind = 'c' AND a.attnum > 0 AND NOT a.attisdropped
  AND (pg_catalog.pg_has_role(c.relowner, 'USAGE') OR pg_catalog.has_type_privilege(c.reltype, 'USAGE'))
