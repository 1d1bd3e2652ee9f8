-- The default collation, 100, is not shown; what hangs internally on a column is the sequence of its identity.
SELECT @database()::name AS table_catalog, k.nspname::name AS table_schema, k.relname::name AS table_name, k.attname::name AS column_name,
  k.attnum::integer AS ordinal_position,
  (CASE WHEN k.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END)::varchar AS column_default,
  (CASE WHEN k.attnotnull OR (k.is_domain AND k.domain_not_null) THEN 'NO' ELSE 'YES' END)::varchar(3) AS is_nullable,
  (CASE WHEN bt.typelem <> 0 AND bt.typlen = -1 THEN 'ARRAY' WHEN nb.nspname = 'pg_catalog' THEN pg_catalog.format_type(k.base_type, NULL)
        ELSE 'USER-DEFINED' END)::varchar AS data_type,
  @char_max_length(k.base_type, k.base_typmod) AS character_maximum_length,
  @char_octet_length(k.base_type, k.base_typmod) AS character_octet_length,
  @numeric_precision(k.base_type, k.base_typmod) AS numeric_precision, @numeric_radix(k.base_type) AS numeric_precision_radix,
  @numeric_scale(k.base_type, k.base_typmod) AS numeric_scale, @datetime_precision(k.base_type, k.base_typmod) AS datetime_precision,
  @interval_type(k.base_type, k.base_typmod) AS interval_type, NULL::integer AS interval_precision,
  NULL::name AS character_set_catalog, NULL::name AS character_set_schema, NULL::name AS character_set_name,
  CASE WHEN nco.nspname IS NOT NULL THEN @database() END::name AS collation_catalog, nco.nspname::name AS collation_schema,
  co.collname::name AS collation_name,
  CASE WHEN k.is_domain THEN @database() END::name AS domain_catalog, CASE WHEN k.is_domain THEN k.type_schema END::name AS domain_schema,
  CASE WHEN k.is_domain THEN k.type_name END::name AS domain_name,
  @database()::name AS udt_catalog, nb.nspname::name AS udt_schema, bt.typname::name AS udt_name,
  NULL::name AS scope_catalog, NULL::name AS scope_schema, NULL::name AS scope_name, NULL::integer AS maximum_cardinality,
  k.attnum::name AS dtd_identifier, 'NO'::varchar(3) AS is_self_referencing,
  (CASE WHEN k.attidentity IN ('a', 'd') THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_identity,
  (CASE k.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END)::varchar AS identity_generation,
  s.seqstart::varchar AS identity_start, s.seqincrement::varchar AS identity_increment, s.seqmax::varchar AS identity_maximum,
  s.seqmin::varchar AS identity_minimum, (CASE WHEN s.seqcycle THEN 'YES' ELSE 'NO' END)::varchar(3) AS identity_cycle,
  (CASE WHEN k.attgenerated <> '' THEN 'ALWAYS' ELSE 'NEVER' END)::varchar AS is_generated,
  (CASE WHEN k.attgenerated <> '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END)::varchar AS generation_expression,
  (CASE WHEN k.relkind IN ('r', 'p') OR (k.relkind IN ('v', 'f') AND pg_catalog.pg_column_is_updatable(k.relid, k.attnum, false))
        THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_updatable
FROM (SELECT n.nspname, c.oid AS relid, c.relname, c.relkind, a.attname, a.attnum, a.attnotnull, a.attidentity, a.attgenerated, a.attcollation,
             t.typtype = 'd' AS is_domain, t.typnotnull AS domain_not_null, t.typname AS type_name, nt.nspname AS type_schema,
             CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END AS base_type,
             CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END AS base_typmod
      FROM pg_catalog.pg_attribute AS a
        JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
        JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
        JOIN pg_catalog.pg_namespace AS nt ON nt.oid = t.typnamespace
      WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v', 'f', 'p') AND NOT pg_catalog.pg_is_other_temp_schema(n.oid)
        AND @any_column_right(c.oid, a.attnum, c.relowner)) AS k
  JOIN pg_catalog.pg_type AS bt ON bt.oid = k.base_type
  JOIN pg_catalog.pg_namespace AS nb ON nb.oid = bt.typnamespace
  LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = k.relid AND d.adnum = k.attnum
  LEFT JOIN pg_catalog.pg_collation AS co ON co.oid = k.attcollation AND co.oid <> 100
  LEFT JOIN pg_catalog.pg_namespace AS nco ON nco.oid = co.collnamespace
  LEFT JOIN pg_catalog.pg_depend AS dep
    ON dep.classid = 1259 AND dep.deptype = 'i' AND dep.refclassid = 1259 AND dep.refobjid = k.relid AND dep.refobjsubid = k.attnum
  LEFT JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = dep.objid
