-- information_schema whole, as roles of various privileges see it
SET client_min_messages = warning;
\ir federated_objects.sql
CREATE FUNCTION q(t regclass) RETURNS text LANGUAGE plpgsql AS $$ DECLARE cols text; conds text; BEGIN
SELECT string_agg(CASE WHEN attname IN ('specific_name','constraint_name','object_name','trigger_name') THEN format('regexp_replace(%1$I::text, ''\d{5}'', ''N'') AS %1$I', attname) ELSE quote_ident(attname) END, ', ' ORDER BY attnum), string_agg(CASE WHEN attname IN ('table_schema','constraint_schema','routine_schema','specific_schema','object_schema','domain_schema','udt_schema','schema_name','trigger_schema','view_schema','event_object_schema','sequence_schema','collation_schema','character_set_schema','user_defined_type_schema','foreign_table_schema') THEN format('(%1$I IS NULL OR %1$I NOT IN (''pg_catalog'',''information_schema''))', attname) END, ' AND ' ORDER BY attnum) INTO cols, conds FROM pg_attribute WHERE attrelid = t AND attnum > 0;
RETURN format('SELECT %s FROM %s%s ORDER BY %s', cols, t, ' WHERE ' || conds, (SELECT string_agg(i::text, ',') FROM generate_series(1, (SELECT relnatts FROM pg_class WHERE oid = t)) i)); END $$;
CREATE TEMP TABLE qs AS SELECT q(c.oid::regclass) q, c.relname::text FROM pg_class c WHERE relnamespace = 'information_schema'::regnamespace AND relkind = 'v' AND relname NOT LIKE '\_pg%' AND relname <> 'administrable_role_authorizations';
GRANT SELECT ON qs TO PUBLIC;
\pset null ~
\a
SELECT q FROM qs ORDER BY relname
\gexec
SET ROLE fo_one;
SELECT q FROM qs ORDER BY relname
\gexec
SET ROLE fo_two;
SELECT q FROM qs ORDER BY relname
\gexec
SELECT * FROM information_schema.administrable_role_authorizations;
SELECT * FROM information_schema.enabled_roles ORDER BY 1;
SET ROLE fo_four;
SELECT q FROM qs ORDER BY relname
\gexec
