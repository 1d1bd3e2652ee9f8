SELECT @database()::name AS specific_catalog, n.nspname::name AS specific_schema, pg_catalog.nameconcatoid(p.proname, p.oid)::name AS specific_name,
  @database()::name AS routine_catalog, n.nspname::name AS routine_schema, p.proname::name AS routine_name,
  (CASE p.prokind WHEN 'f' THEN 'FUNCTION' WHEN 'p' THEN 'PROCEDURE' END)::varchar AS routine_type,
  NULL::name AS module_catalog, NULL::name AS module_schema, NULL::name AS module_name,
  NULL::name AS udt_catalog, NULL::name AS udt_schema, NULL::name AS udt_name,
  (CASE WHEN p.prokind = 'p' THEN NULL WHEN t.typelem <> 0 AND t.typlen = -1 THEN 'ARRAY'
        WHEN nt.nspname = 'pg_catalog' THEN pg_catalog.format_type(t.oid, NULL) ELSE 'USER-DEFINED' END)::varchar AS data_type,
  NULL::integer AS character_maximum_length, NULL::integer AS character_octet_length, NULL::name AS character_set_catalog,
  NULL::name AS character_set_schema, NULL::name AS character_set_name, NULL::name AS collation_catalog, NULL::name AS collation_schema,
  NULL::name AS collation_name, NULL::integer AS numeric_precision, NULL::integer AS numeric_precision_radix, NULL::integer AS numeric_scale,
  NULL::integer AS datetime_precision, NULL::varchar AS interval_type, NULL::integer AS interval_precision,
  CASE WHEN nt.nspname IS NOT NULL THEN @database() END::name AS type_udt_catalog, nt.nspname::name AS type_udt_schema,
  t.typname::name AS type_udt_name, NULL::name AS scope_catalog, NULL::name AS scope_schema, NULL::name AS scope_name,
  NULL::integer AS maximum_cardinality, CASE WHEN p.prokind <> 'p' THEN '0' END::name AS dtd_identifier,
  (CASE WHEN l.lanname = 'sql' THEN 'SQL' ELSE 'EXTERNAL' END)::varchar AS routine_body,
  (CASE WHEN pg_catalog.pg_has_role(p.proowner, 'USAGE') THEN p.prosrc END)::varchar AS routine_definition,
  (CASE WHEN l.lanname = 'c' THEN p.prosrc END)::varchar AS external_name, upper(l.lanname)::varchar AS external_language,
  'GENERAL'::varchar AS parameter_style, (CASE WHEN p.provolatile = 'i' THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_deterministic,
  'MODIFIES'::varchar AS sql_data_access,
  (CASE WHEN p.prokind <> 'p' THEN CASE WHEN p.proisstrict THEN 'YES' ELSE 'NO' END END)::varchar(3) AS is_null_call,
  NULL::varchar AS sql_path, 'YES'::varchar(3) AS schema_level_routine, 0 AS max_dynamic_result_sets, NULL::varchar(3) AS is_user_defined_cast,
  NULL::varchar(3) AS is_implicitly_invocable, (CASE WHEN p.prosecdef THEN 'DEFINER' ELSE 'INVOKER' END)::varchar AS security_type,
  NULL::name AS to_sql_specific_catalog, NULL::name AS to_sql_specific_schema, NULL::name AS to_sql_specific_name,
  'NO'::varchar(3) AS as_locator, NULL::timestamp(2) with time zone AS created, NULL::timestamp(2) with time zone AS last_altered,
  NULL::varchar(3) AS new_savepoint_level, 'NO'::varchar(3) AS is_udt_dependent, NULL::varchar AS result_cast_from_data_type,
  NULL::varchar(3) AS result_cast_as_locator, NULL::integer AS result_cast_char_max_length, NULL::integer AS result_cast_char_octet_length,
  NULL::name AS result_cast_char_set_catalog, NULL::name AS result_cast_char_set_schema, NULL::name AS result_cast_char_set_name,
  NULL::name AS result_cast_collation_catalog, NULL::name AS result_cast_collation_schema, NULL::name AS result_cast_collation_name,
  NULL::integer AS result_cast_numeric_precision, NULL::integer AS result_cast_numeric_precision_radix,
  NULL::integer AS result_cast_numeric_scale, NULL::integer AS result_cast_datetime_precision, NULL::varchar AS result_cast_interval_type,
  NULL::integer AS result_cast_interval_precision, NULL::name AS result_cast_type_udt_catalog, NULL::name AS result_cast_type_udt_schema,
  NULL::name AS result_cast_type_udt_name, NULL::name AS result_cast_scope_catalog, NULL::name AS result_cast_scope_schema,
  NULL::name AS result_cast_scope_name, NULL::integer AS result_cast_maximum_cardinality, NULL::name AS result_cast_dtd_identifier
FROM pg_catalog.pg_proc AS p
  JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
  LEFT JOIN (pg_catalog.pg_type AS t JOIN pg_catalog.pg_namespace AS nt ON nt.oid = t.typnamespace)
    ON t.oid = p.prorettype AND p.prokind <> 'p'
WHERE pg_catalog.pg_has_role(p.proowner, 'USAGE') OR pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
