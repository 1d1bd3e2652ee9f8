-- has_*_privilege: each overload with roles, objects, columns and words that are there and that are not
\set VERBOSITY verbose
\ir federated_objects.sql
\pset null ~
CREATE TEMP TABLE hp AS SELECT p.oid, proname, proargtypes::regtype[]::text[] a, (SELECT array_agg(t ORDER BY o) FROM unnest(proargtypes::oid[]) WITH ORDINALITY x(t,o)) at FROM pg_proc p WHERE proname LIKE 'has\_%privilege' AND proname <> 'has_largeobject_privilege' AND proname <> 'has_parameter_privilege';
CREATE TEMP TABLE objs(k text, o text);
INSERT INTO objs VALUES ('table','ft'),('table','n1."Q t"'),('table','nosuch'),('table','n1.sq'),('table','ix'),('table','ct'),('table','a.b.c.d'),('table','"'),('table',''),('sequence','n1.sq'),('sequence','ft'),('sequence','nosuch'),('schema','n1'),('schema','N 2'),('schema','nosuch'),('schema','"n1"'),('server','s'),('server','pg'),('server','nosuch'),('foreign_data_wrapper','w'),('foreign_data_wrapper','nosuch'),('function','fat(int)'),('function','fat'),('function','n1.pr(int,n1.dom)'),('function','ftab(int)'),('function','nosuch()'),('language','sql'),('language','c'),('language','nosuch'),('database','postgres'),('database','nosuch'),('tablespace','pg_default'),('tablespace','nosuch'),('type','n1.dom'),('type','en'),('type','ct[]'),('type','nosuch'),('type','int'),('column','ft'),('column','tb'),('column','nosuch'),('any_column','ft'),('any_column','tb'),('any_column','nosuch');
CREATE TEMP TABLE q AS
SELECT format('SELECT %s(%s)', proname, (SELECT string_agg(CASE WHEN i = 1 AND (array_length(a,1) = 3 AND proname <> 'has_column_privilege' OR array_length(a,1) = 4) THEN CASE WHEN a[1] = 'name' THEN quote_literal(u)||'::name' ELSE format('COALESCE((SELECT oid FROM pg_roles WHERE rolname=%L), 99999)', u) END
 WHEN i = array_length(a,1) THEN quote_literal(pr)
 WHEN proname = 'has_column_privilege' AND i = array_length(a,1) - 1 THEN CASE WHEN a[i] = 'text' THEN quote_literal(c.cn) ELSE c.ca||'::int2' END
 ELSE CASE WHEN a[i] = 'text' THEN quote_literal(o) ELSE CASE k WHEN 'table' THEN format('(SELECT oid FROM pg_class WHERE relname=%L)', regexp_replace(o, '.*\.', '')) WHEN 'server' THEN format('(SELECT oid FROM pg_foreign_server WHERE srvname=%L)', o) WHEN 'schema' THEN format('(SELECT oid FROM pg_namespace WHERE nspname=%L)', o)  WHEN 'type' THEN format('(SELECT oid FROM pg_type WHERE typname=%L)', regexp_replace(o, '.*\.', '')) WHEN 'function' THEN format('(SELECT oid FROM pg_proc WHERE proname=%L)', regexp_replace(o, '\(.*', '')) WHEN 'column' THEN format('(SELECT oid FROM pg_class WHERE relname=%L)', o) WHEN 'any_column' THEN format('(SELECT oid FROM pg_class WHERE relname=%L)', o) ELSE '424242::oid' END END END, ', ' ORDER BY i) FROM generate_series(1, array_length(a,1)) i)) q, row_number() OVER (ORDER BY proname, a::text, k, o, u, pr, c.cn) n
FROM hp JOIN objs ON 'has_'||k||'_privilege' = proname, (VALUES ('fo_one'),('nosuch'),('public')) us(u),
 unnest(CASE k WHEN 'table' THEN '{SELECT,"insert with grant option","SELECT, nosuch","",TRIGGER}' WHEN 'column' THEN '{SELECT,UPDATE WITH GRANT OPTION,DELETE}' WHEN 'any_column' THEN '{SELECT,"INSERT, REFERENCES",x}' WHEN 'schema' THEN '{CREATE,usage WITH GRANT OPTION,x}' WHEN 'function' THEN '{EXECUTE,execute with grant option,USAGE}' WHEN 'database' THEN '{TEMP,TEMPORARY,CONNECT WITH GRANT OPTION,x}' WHEN 'tablespace' THEN '{CREATE,x}' WHEN 'sequence' THEN '{USAGE,SELECT,x}' ELSE '{USAGE,USAGE WITH GRANT OPTION,SELECT}' END::text[]) pr,
 (VALUES ('a','1'),('dropped','17'),('nosuch','99'),('ctid','-1'),('........pg.dropped.17........','0')) c(cn, ca)
WHERE (k = 'column' OR cn = 'a') AND ((array_length(a,1) = 3 AND proname <> 'has_column_privilege' OR array_length(a,1) = 4) OR u = 'fo_one');
SELECT count(*) FROM q;
\a
\t
SELECT q FROM q ORDER BY n
\gexec
SET ROLE fo_two;
RESET ROLE;
SELECT proname, pg_get_function_arguments(oid), proisstrict, provolatile FROM hp ORDER BY 1, 2;
SELECT has_table_privilege(NULL, 'SELECT'), has_table_privilege('ft', NULL), has_table_privilege(NULL::name, 'ft', 'SELECT'), has_column_privilege('ft', NULL::text, 'SELECT'), has_server_privilege(NULL, 'USAGE');
