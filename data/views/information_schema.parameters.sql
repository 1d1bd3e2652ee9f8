SELECT @database()::name AS specific_catalog, k.nspname::name AS specific_schema, pg_catalog.nameconcatoid(k.proname, k.oid)::name AS specific_name,
  k.place AS ordinal_position,
  (CASE k.mode WHEN 'o' THEN 'OUT' WHEN 't' THEN 'OUT' WHEN 'b' THEN 'INOUT' ELSE 'IN' END)::varchar AS parameter_mode,
  'NO'::varchar(3) AS is_result, 'NO'::varchar(3) AS as_locator, nullif(k.proargnames[k.place], '')::name AS parameter_name,
  (CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY' WHEN nt.nspname = 'pg_catalog' THEN pg_catalog.format_type(t.oid, NULL)
        ELSE 'USER-DEFINED' END)::varchar AS data_type,
  NULL::integer AS character_maximum_length, NULL::integer AS character_octet_length, NULL::name AS character_set_catalog,
  NULL::name AS character_set_schema, NULL::name AS character_set_name, NULL::name AS collation_catalog, NULL::name AS collation_schema,
  NULL::name AS collation_name, NULL::integer AS numeric_precision, NULL::integer AS numeric_precision_radix, NULL::integer AS numeric_scale,
  NULL::integer AS datetime_precision, NULL::varchar AS interval_type, NULL::integer AS interval_precision,
  @database()::name AS udt_catalog, nt.nspname::name AS udt_schema, t.typname::name AS udt_name,
  NULL::name AS scope_catalog, NULL::name AS scope_schema, NULL::name AS scope_name, NULL::integer AS maximum_cardinality,
  k.place::name AS dtd_identifier,
  (CASE WHEN pg_catalog.pg_has_role(k.proowner, 'USAGE') THEN pg_catalog.pg_get_function_arg_default(k.oid, k.place) END)::varchar
    AS parameter_default
FROM (SELECT n.nspname, p.oid, p.proname, p.proowner, p.proargnames, generate_series(1, pg_catalog.cardinality(y.types)) AS place,
             unnest(y.types) AS type, unnest(y.modes) AS mode
      FROM pg_catalog.pg_proc AS p
        JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
        CROSS JOIN LATERAL (SELECT coalesce(p.proallargtypes, p.proargtypes::oid[]) AS types,
                                   coalesce(p.proargmodes, pg_catalog.array_fill('i'::"char", ARRAY[p.pronargs::integer])) AS modes) AS y
      WHERE pg_catalog.pg_has_role(p.proowner, 'USAGE') OR pg_catalog.has_function_privilege(p.oid, 'EXECUTE')) AS k
  JOIN pg_catalog.pg_type AS t ON t.oid = k.type
  JOIN pg_catalog.pg_namespace AS nt ON nt.oid = t.typnamespace
WHERE k.type IS NOT NULL
