SELECT @database()::name AS user_defined_type_catalog, n.nspname::name AS user_defined_type_schema, c.relname::name AS user_defined_type_name,
  'STRUCTURED'::varchar AS user_defined_type_category, 'YES'::varchar(3) AS is_instantiable, NULL::varchar(3) AS is_final,
  NULL::varchar AS ordering_form, NULL::varchar AS ordering_category, NULL::name AS ordering_routine_catalog,
  NULL::name AS ordering_routine_schema, NULL::name AS ordering_routine_name, NULL::varchar AS reference_type, NULL::varchar AS data_type,
  NULL::integer AS character_maximum_length, NULL::integer AS character_octet_length, NULL::name AS character_set_catalog,
  NULL::name AS character_set_schema, NULL::name AS character_set_name, NULL::name AS collation_catalog, NULL::name AS collation_schema,
  NULL::name AS collation_name, NULL::integer AS numeric_precision, NULL::integer AS numeric_precision_radix, NULL::integer AS numeric_scale,
  NULL::integer AS datetime_precision, NULL::varchar AS interval_type, NULL::integer AS interval_precision,
  NULL::name AS source_dtd_identifier, NULL::name AS ref_dtd_identifier
FROM pg_catalog.pg_class AS c
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_type AS t ON t.oid = c.reltype
WHERE c.relkind = 'c' AND (pg_catalog.pg_has_role(t.typowner, 'USAGE') OR pg_catalog.has_type_privilege(t.oid, 'USAGE'))
