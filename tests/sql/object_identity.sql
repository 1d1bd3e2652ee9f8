-- Objects and their parts by name: pg_identify_object, parse_ident, pg_collation_for, what relations take; psql's \dA listings.
SELECT pg_collation_for('a'::text), pg_collation_for('a' COLLATE "C"), pg_collation_for(1);
SELECT pg_collation_for('a'::name), pg_collation_for(ARRAY['a'::text]);
SELECT pg_collation_for('a'::varchar(3) COLLATE "POSIX"), pg_collation_for(NULL::text);
SELECT parse_ident('a.b."C d".e'), parse_ident('"X"'), parse_ident('foo.bar ', false);
SELECT parse_ident('foo bar');
SELECT parse_ident('foo bar', false);
SELECT parse_ident('');
SELECT parse_ident('.a');
SELECT parse_ident('a.');
SELECT parse_ident('"a');
SELECT parse_ident('""');
SELECT parse_ident('a.1b');
SELECT parse_ident(' a . b ');
SELECT parse_ident('A.B');
SELECT parse_ident('a(');
SELECT parse_ident('a', true);
CREATE TABLE t (a int PRIMARY KEY, b text DEFAULT 'x', c int GENERATED ALWAYS AS (1) STORED);
CREATE VIEW v AS SELECT a, b, a + 1 AS d FROM t;
CREATE VIEW v2 AS SELECT count(*) FROM t;
SELECT pg_relation_is_updatable('t', false), pg_relation_is_updatable('v', false), pg_relation_is_updatable('v2', true), pg_relation_is_updatable('pg_class', false), pg_relation_is_updatable(0, false);
SELECT pg_column_is_updatable('t', 1::int2, false), pg_column_is_updatable('t', 3::int2, false), pg_column_is_updatable('v', 3::int2, false), pg_column_is_updatable('v', 1::int2, false), pg_column_is_updatable('v2', 1::int2, true), pg_column_is_updatable('t', (-1)::int2, true);
SELECT pg_relation_is_publishable('t'), pg_relation_is_publishable('v'), pg_relation_is_publishable('pg_class'), pg_relation_is_publishable(0);
SELECT '0'::regoperator, '0'::regoper, '0'::regproc, '0'::regprocedure, '0'::regclass, '0'::regtype, '0'::regrole, '0'::regnamespace, '0'::regcollation, '0'::regconfig, '0'::regdictionary;
SELECT '-'::regoperator, '-'::regoper;
SELECT (pg_identify_object('pg_class'::regclass, 't'::regclass, 0)).*;
SELECT * FROM pg_identify_object('pg_class'::regclass, 't'::regclass, 2);
SELECT * FROM pg_identify_object('pg_class'::regclass, 0, 0);
SELECT * FROM pg_identify_object('pg_type'::regclass, 'int4'::regtype, 0);
SELECT * FROM pg_identify_object('pg_proc'::regclass, 'now()'::regprocedure, 0);
SELECT * FROM pg_identify_object('pg_namespace'::regclass, 'public'::regnamespace, 0);
SELECT * FROM pg_identify_object('pg_authid'::regclass, 'postgres'::regrole, 0);
SELECT * FROM pg_identify_object('pg_constraint'::regclass, (SELECT oid FROM pg_constraint WHERE conname = 't_pkey'), 0);
SELECT * FROM pg_identify_object('pg_attrdef'::regclass, (SELECT oid FROM pg_attrdef WHERE adrelid = 't'::regclass AND adnum = 2), 0);
SELECT * FROM pg_identify_object('pg_operator'::regclass, '+(int4,int4)'::regoperator, 0);
SELECT * FROM pg_identify_object('pg_class'::regclass, 't_pkey'::regclass, 0);
SELECT * FROM pg_identify_object('pg_class'::regclass, 'v'::regclass, 0);
SELECT * FROM pg_identify_object('pg_collation'::regclass, '"C"'::regcollation, 0);
SELECT * FROM pg_identify_object('pg_cast'::regclass, (SELECT oid FROM pg_cast WHERE castsource = 'int4'::regtype AND casttarget = 'int8'::regtype), 0);
SELECT * FROM pg_identify_object('pg_language'::regclass, (SELECT oid FROM pg_language WHERE lanname = 'sql'), 0);
SELECT * FROM pg_identify_object('pg_am'::regclass, (SELECT oid FROM pg_am WHERE amname = 'btree'), 0);
SELECT * FROM pg_identify_object('pg_opclass'::regclass, (SELECT oid FROM pg_opclass WHERE opcname = 'int4_ops' AND opcmethod = 403), 0);
SELECT * FROM pg_identify_object('pg_opfamily'::regclass, (SELECT oid FROM pg_opfamily WHERE opfname = 'integer_ops' AND opfmethod = 403), 0);
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR postgres SERVER s;
SELECT * FROM pg_identify_object('pg_foreign_data_wrapper'::regclass, (SELECT oid FROM pg_foreign_data_wrapper WHERE fdwname = 'w'), 0);
SELECT * FROM pg_identify_object('pg_foreign_server'::regclass, (SELECT oid FROM pg_foreign_server WHERE srvname = 's'), 0);
SELECT * FROM pg_identify_object('pg_user_mapping'::regclass, (SELECT umid FROM pg_user_mappings WHERE srvname = 's'), 0);
SELECT * FROM pg_identify_object('pg_extension'::regclass, (SELECT oid FROM pg_extension WHERE extname = 'plpgsql'), 0);
\dAc btree int4
\dAo btree integer_ops
\dAp btree integer_ops
\dAc+ hash text
\dAf+ hash text
\dAo+ hash text_ops
\dAp+ hash text_ops
CREATE ROLE "od""d"; CREATE USER MAPPING FOR "od""d" SERVER s;
SELECT * FROM pg_identify_object('pg_user_mapping'::regclass, (SELECT umid FROM pg_user_mappings WHERE srvname = 's' AND usename LIKE 'od%'), 0);

-- of the session's own temporary objects
create temp table own_temp(a int);
create type pg_temp.own_type as enum ('a');
create function pg_temp.own_function() returns int language sql as 'select 1';
select type, name, identity from pg_identify_object('pg_class'::regclass, 'own_temp'::regclass, 1);
select * from pg_identify_object_as_address('pg_class'::regclass, 'own_temp'::regclass, 0);
select type, name, identity from pg_identify_object('pg_type'::regclass, 'pg_temp.own_type'::regtype, 0);
select type, name, identity from pg_identify_object('pg_type'::regclass, 'pg_temp.own_type[]'::regtype, 0);
select type, name, regexp_replace(identity, '\d+', 'N') from pg_identify_object('pg_proc'::regclass, 'pg_temp.own_function'::regproc, 0);
