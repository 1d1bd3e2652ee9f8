-- The functions that clients call on the catalogs, over every kind of object: deparsing, descriptions, visibility, reg* types and their errors
\set VERBOSITY verbose
\pset format unaligned
CREATE ROLE regress_cf_a;
CREATE ROLE "regress cf B";
CREATE SCHEMA regress_cf;
CREATE SCHEMA "regress cf Q";
CREATE FOREIGN DATA WRAPPER regress_cf_w;
CREATE SERVER regress_cf_s FOREIGN DATA WRAPPER regress_cf_w;
CREATE USER MAPPING FOR regress_cf_a SERVER regress_cf_s OPTIONS (a 'b');
CREATE USER MAPPING FOR PUBLIC SERVER regress_cf_s;
CREATE TYPE regress_cf.mood AS ENUM ('sad', 'ok');
CREATE TYPE regress_cf.pair AS (x int, y text);
CREATE DOMAIN regress_cf.pos AS int CONSTRAINT pos_ck CHECK (VALUE > 0) DEFAULT 3;
CREATE SEQUENCE regress_cf.seq;
CREATE TABLE regress_cf.p (a int PRIMARY KEY, b text DEFAULT 'x'::text, c numeric(8,2), CONSTRAINT ck CHECK (a > 0 AND b <> 'q'), CONSTRAINT nn CHECK (c IS NOT NULL) NO INHERIT, UNIQUE (b, c));
CREATE INDEX p_i ON regress_cf.p (lower(b), a DESC) WHERE a > 5;
CREATE FOREIGN TABLE regress_cf.f (d date DEFAULT CURRENT_DATE, e int GENERATED ALWAYS AS (a * 2) STORED) INHERITS (regress_cf.p) SERVER regress_cf_s OPTIONS (x 'y', z 'it''s');
CREATE FOREIGN TABLE "regress cf Q"."Odd Name" ("Col A" int OPTIONS ("o p" 'q'), CONSTRAINT "C k" CHECK ("Col A" > 1) NOT VALID) SERVER regress_cf_s;
CREATE TABLE regress_cf.r (a int, b text) PARTITION BY RANGE (a, lower(b));
CREATE FOREIGN TABLE regress_cf.r1 PARTITION OF regress_cf.r FOR VALUES FROM (1, 'a') TO (2, MAXVALUE) SERVER regress_cf_s;
CREATE VIEW regress_cf.v AS SELECT a, b FROM regress_cf.p WHERE a > 1;
CREATE FUNCTION regress_cf.fn(a int, b text DEFAULT 'q', OUT c int) LANGUAGE sql STABLE AS 'SELECT 1';
CREATE FUNCTION regress_cf.tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE PROCEDURE regress_cf.pr(x int) LANGUAGE sql AS 'SELECT 1';
CREATE TRIGGER tg BEFORE INSERT OR UPDATE OF b ON regress_cf.f FOR EACH ROW WHEN (NEW.a > 3) EXECUTE FUNCTION regress_cf.tf('x', 'y');
COMMENT ON FOREIGN TABLE regress_cf.f IS 'a table';
COMMENT ON COLUMN regress_cf.f.d IS 'a day';
COMMENT ON SERVER regress_cf_s IS 'a server';
COMMENT ON ROLE regress_cf_a IS 'a role';
COMMENT ON CONSTRAINT ck ON regress_cf.p IS 'a check';
-- definitions
SELECT conrelid::regclass, conname, pg_get_constraintdef(oid), pg_get_constraintdef(oid, true), pg_get_constraintdef(oid, false) FROM pg_constraint WHERE connamespace::regnamespace::text ~ 'regress' ORDER BY conrelid::regclass::text COLLATE "C", 2;
SELECT pg_get_constraintdef(0), pg_get_constraintdef(NULL);
SELECT adrelid::regclass, adnum, pg_get_expr(adbin, adrelid), pg_get_expr(adbin, adrelid, true) FROM pg_attrdef WHERE adrelid::regclass::text ~ 'regress' ORDER BY adrelid::regclass::text COLLATE "C", 2;
SELECT pg_get_expr(conbin, conrelid), pg_get_expr(conbin, conrelid, true) FROM pg_constraint WHERE conname IN ('ck', 'C k') ORDER BY conname, conrelid;
SELECT pg_get_triggerdef(oid), pg_get_triggerdef(oid, true), pg_get_triggerdef(oid, false) FROM pg_trigger WHERE tgname = 'tg';
SELECT pg_get_triggerdef(0), pg_get_viewdef(0), pg_get_indexdef(0), pg_get_functiondef(0), pg_get_ruledef(0), pg_get_statisticsobjdef(0), pg_get_userbyid(0), pg_get_partkeydef(0);
SELECT indexrelid::regclass, pg_get_indexdef(indexrelid), pg_get_indexdef(indexrelid, 0, true), pg_get_indexdef(indexrelid, 1, false), pg_get_indexdef(indexrelid, 2, true), pg_get_indexdef(indexrelid, 3, true) FROM pg_index WHERE indexrelid::regclass::text ~ 'regress' ORDER BY indexrelid::regclass::text COLLATE "C";
SELECT pg_get_viewdef('regress_cf.v'), pg_get_viewdef('regress_cf.v'::regclass, true);
SELECT pg_get_viewdef('regress_cf.f'::regclass);
SELECT pg_get_viewdef('nosuch');
SELECT pg_get_functiondef('regress_cf.fn'::regproc);
SELECT pg_get_functiondef('regress_cf.pr'::regproc);
SELECT pg_get_functiondef('max(int)'::regprocedure);
SELECT pg_get_functiondef('lower(text)'::regprocedure);
SELECT pg_get_function_arguments(oid), pg_get_function_identity_arguments(oid), pg_get_function_result(oid), pg_get_function_arg_default(oid, 2), pg_get_function_sqlbody(oid) FROM pg_proc WHERE pronamespace = 'regress_cf'::regnamespace ORDER BY proname;
SELECT pg_get_function_arguments('max(bpchar)'::regprocedure), pg_get_function_result('max(bpchar)'::regprocedure), pg_get_function_arguments('substring(bit, int, int)'::regprocedure), 'max(bpchar)'::regprocedure, pg_describe_object('pg_type'::regclass, 'bpchar'::regtype, 0);
SELECT pg_get_function_arguments(0), pg_get_function_result(0), pg_get_function_arg_default(0, 1);
SELECT pg_get_partkeydef('regress_cf.r'::regclass), pg_get_partition_constraintdef('regress_cf.r1'::regclass), pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'r1';
SELECT pg_get_serial_sequence('regress_cf.p', 'a'), pg_get_userbyid(10), pg_get_userbyid('regress_cf_a'::regrole), pg_get_userbyid(99999);
SELECT pg_get_serial_sequence('regress_cf.nosuch', 'a');
SELECT pg_get_serial_sequence('regress_cf.p', 'nosuch');
SELECT * FROM pg_sequence_parameters('regress_cf.seq'::regclass);
SELECT c.relname, p.* FROM pg_class c, pg_sequence_parameters(c.oid) p WHERE relname IN ('seq') AND relkind = 'S';
SELECT * FROM pg_sequence_parameters(77777);
SELECT * FROM pg_options_to_table((SELECT ftoptions FROM pg_foreign_table WHERE ftrelid = 'regress_cf.f'::regclass));
SELECT * FROM pg_options_to_table('{a=b,c,=d}');
SELECT * FROM aclexplode('{postgres=arwdDxt/postgres,=r*/postgres}') ORDER BY 3, 2;
SELECT acldefault('r', 10), acldefault('s', 10), acldefault('f', 10), acldefault('n', 10), acldefault('F', 10), acldefault('S', 10), acldefault('T', 10), acldefault('l', 10), acldefault('c', 10), acldefault('d', 10);
SELECT acldefault('x', 10);
-- descriptions
SELECT obj_description('regress_cf.f'::regclass), obj_description('regress_cf.f'::regclass, 'pg_class'), obj_description('regress_cf.f'::regclass, 'nosuch'), col_description('regress_cf.f'::regclass, 4), col_description('regress_cf.f'::regclass, 1);
SELECT obj_description(oid, 'pg_foreign_server') FROM pg_foreign_server;
SELECT shobj_description('regress_cf_a'::regrole, 'pg_authid'), shobj_description(0, 'nosuch'), obj_description((SELECT oid FROM pg_constraint WHERE conname = 'ck' AND conrelid = 'regress_cf.p'::regclass), 'pg_constraint');
CREATE VIEW regress_cf.objects AS
SELECT 'pg_class'::regclass AS class, oid, 0 AS sub FROM pg_class WHERE relnamespace::regnamespace::text ~ 'regress'
UNION ALL SELECT 'pg_class'::regclass, attrelid, attnum FROM pg_attribute WHERE attrelid IN ('regress_cf.f'::regclass, '"regress cf Q"."Odd Name"'::regclass, 'regress_cf.v'::regclass) AND attnum > 0
UNION ALL SELECT 'pg_type'::regclass, oid, 0 FROM pg_type WHERE typnamespace::regnamespace::text ~ 'regress'
UNION ALL SELECT 'pg_proc'::regclass, oid, 0 FROM pg_proc WHERE pronamespace::regnamespace::text ~ 'regress'
UNION ALL SELECT 'pg_constraint'::regclass, oid, 0 FROM pg_constraint WHERE connamespace::regnamespace::text ~ 'regress'
UNION ALL SELECT 'pg_attrdef'::regclass, oid, 0 FROM pg_attrdef WHERE adrelid::regclass::text ~ 'regress'
UNION ALL SELECT 'pg_trigger'::regclass, oid, 0 FROM pg_trigger WHERE tgrelid::regclass::text ~ 'regress'
UNION ALL SELECT 'pg_namespace'::regclass, oid, 0 FROM pg_namespace WHERE nspname ~ 'regress'
UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0 FROM pg_foreign_data_wrapper WHERE fdwname ~ 'regress'
UNION ALL SELECT 'pg_foreign_server'::regclass, oid, 0 FROM pg_foreign_server WHERE srvname ~ 'regress'
UNION ALL SELECT 'pg_user_mapping'::regclass, umid, 0 FROM pg_user_mappings WHERE srvname ~ 'regress'
UNION ALL SELECT 'pg_authid'::regclass, oid, 0 FROM pg_roles WHERE rolname ~ 'regress.cf'
UNION ALL SELECT 'pg_extension'::regclass, oid, 0 FROM pg_extension
UNION ALL SELECT 'pg_language'::regclass, oid, 0 FROM pg_language
UNION ALL SELECT 'pg_am'::regclass, oid, 0 FROM pg_am
UNION ALL SELECT 'pg_database'::regclass, oid, 0 FROM pg_database WHERE datname = 'postgres'
UNION ALL SELECT 'pg_tablespace'::regclass, oid, 0 FROM pg_tablespace
UNION ALL SELECT 'pg_collation'::regclass, oid, 0 FROM pg_collation WHERE collname IN ('C', 'default')
UNION ALL SELECT 'pg_cast'::regclass, oid, 0 FROM pg_cast WHERE castsource = 'int4'::regtype AND casttarget IN ('int8'::regtype, 'bool'::regtype)
UNION ALL SELECT 'pg_operator'::regclass, oid, 0 FROM pg_operator WHERE oprname = '||' AND oprleft = 'text'::regtype
UNION ALL SELECT 'pg_opclass'::regclass, oid, 0 FROM pg_opclass WHERE opcname = 'int4_ops'
UNION ALL SELECT 'pg_opfamily'::regclass, oid, 0 FROM pg_opfamily WHERE opfname = 'integer_ops'
UNION ALL SELECT 'pg_amop'::regclass, oid, 0 FROM pg_amop WHERE amopfamily = 1976 AND amopstrategy = 1 AND amoplefttype = 23
UNION ALL SELECT 'pg_amproc'::regclass, oid, 0 FROM pg_amproc WHERE amprocfamily = 1976 AND amprocnum = 1 AND amproclefttype = 23 AND amprocrighttype = 23
UNION ALL SELECT 'pg_ts_config'::regclass, oid, 0 FROM pg_ts_config WHERE cfgname = 'simple'
UNION ALL SELECT 'pg_ts_dict'::regclass, oid, 0 FROM pg_ts_dict WHERE dictname = 'simple'
UNION ALL SELECT 'pg_ts_parser'::regclass, oid, 0 FROM pg_ts_parser
UNION ALL SELECT 'pg_ts_template'::regclass, oid, 0 FROM pg_ts_template WHERE tmplname = 'simple'
UNION ALL SELECT 'pg_conversion'::regclass, oid, 0 FROM pg_conversion WHERE conname = 'utf8_to_koi8_r'
UNION ALL SELECT 'pg_rewrite'::regclass, oid, 0 FROM pg_rewrite WHERE ev_class = 'regress_cf.v'::regclass;
SELECT class, pg_describe_object(class, oid, sub) FROM regress_cf.objects ORDER BY class::text COLLATE "C", pg_describe_object(class, oid, sub) COLLATE "C";
SELECT pg_describe_object(0, 0, 0), pg_describe_object('pg_class'::regclass, 0, 0), pg_describe_object('pg_foreign_server'::regclass, 77777, 0), pg_describe_object('pg_authid'::regclass, 77777, 0);
SELECT pg_describe_object(1, 1, 0);
SELECT pg_describe_object('pg_class'::regclass, 'regress_cf.f'::regclass, 99);
-- visibility
SELECT pg_table_is_visible('regress_cf.f'::regclass), pg_table_is_visible('pg_class'::regclass), pg_table_is_visible(0), pg_type_is_visible('regress_cf.mood'::regtype), pg_type_is_visible('int4'::regtype), pg_function_is_visible('regress_cf.fn'::regproc), pg_function_is_visible('now'::regproc), pg_function_is_visible(0), pg_collation_is_visible('"C"'::regcollation), pg_operator_is_visible('||(text,text)'::regoperator), pg_opclass_is_visible(0), pg_opfamily_is_visible(1976), pg_conversion_is_visible(0), pg_ts_config_is_visible('simple'::regconfig), pg_ts_dict_is_visible('simple'::regdictionary), pg_ts_parser_is_visible(3722), pg_ts_template_is_visible(0), pg_statistics_obj_is_visible(0);
SET search_path = regress_cf;
SELECT pg_table_is_visible('regress_cf.f'::regclass), pg_type_is_visible('regress_cf.mood'::regtype), pg_function_is_visible('regress_cf.fn'::regproc), 'regress_cf.f'::regclass, 'regress_cf.mood'::regtype, 'regress_cf.fn'::regproc, 'regress_cf.fn(int,text)'::regprocedure, 'regress_cf.pr(int)'::regprocedure;
CREATE TABLE regress_cf.pg_class (x int);
SELECT pg_table_is_visible('regress_cf.pg_class'::regclass), 'regress_cf.pg_class'::regclass, 'pg_class'::regclass;
DROP TABLE regress_cf.pg_class;
RESET search_path;
-- reg* types
SELECT 'regress_cf.f'::regclass, 'regress_cf.mood'::regtype, 'regress_cf.mood[]'::regtype, 'regress_cf.fn'::regproc, 'regress_cf.fn(int,text)'::regprocedure, '"regress cf Q"."Odd Name"'::regclass, '"regress cf B"'::regrole, 'regress_cf_a'::regrole, '"regress cf Q"'::regnamespace, '"C"'::regcollation, '||(text,text)'::regoperator, 'pg_catalog.||(text,text)'::regoperator, 'english'::regconfig, 'simple'::regdictionary;
SELECT '-'::regclass, '-'::regtype, '-'::regproc, '-'::regprocedure, '-'::regrole, '-'::regnamespace, '-'::regcollation, '-'::regconfig, '-'::regdictionary, '0'::regclass, '77777'::regclass, '77777'::regtype, '77777'::regproc, '77777'::regprocedure, '77777'::regrole, '77777'::regnamespace;
SELECT to_regclass('nosuch'), to_regclass('regress_cf.f'), to_regclass('nosuch.f'), to_regtype('nosuch'), to_regtype('int'), to_regtype('varchar(3)'), to_regproc('nosuch'), to_regproc('regress_cf.fn'), to_regprocedure('now()'), to_regprocedure('nosuch()'), to_regrole('nosuch'), to_regrole('postgres'), to_regnamespace('nosuch'), to_regnamespace('public'), to_regcollation('nosuch'), to_regcollation('"C"'), to_regoper('||/'), to_regoper('nosuch'), to_regoperator('+(int,int)');
SELECT 'nosuch'::regclass;
SELECT 'nosuch.x'::regclass;
SELECT 'a.b.c.d'::regclass;
SELECT 'other.regress_cf.f'::regclass;
SELECT ''::regclass;
SELECT '"'::regclass;
SELECT 'a..b'::regclass;
SELECT 'nosuch'::regtype;
SELECT 'nosuch.x'::regtype;
SELECT 'nosuch'::regproc;
SELECT 'max'::regproc;
SELECT 'nosuch.x'::regproc;
SELECT 'nosuch()'::regprocedure;
SELECT 'lower'::regprocedure;
SELECT 'lower('::regprocedure;
SELECT 'lower(nosuch)'::regprocedure;
SELECT 'nosuch'::regrole;
SELECT 'a.b'::regrole;
SELECT 'nosuch'::regnamespace;
SELECT 'a.b'::regnamespace;
SELECT 'nosuch'::regcollation;
SELECT '+'::regoper;
SELECT '@@@@@@'::regoper;
SELECT '+'::regoperator;
SELECT '+(int)'::regoperator;
SELECT '+(int,int,int)'::regoperator;
SELECT '!!!(int,int)'::regoperator;
SELECT 'nosuch'::regconfig;
SELECT 'nosuch'::regdictionary;
SELECT 'regress_cf.f'::regclass::oid = (SELECT oid FROM pg_class WHERE relname = 'f'), 1259::oid::regclass, 1259::regclass::text, 'pg_class'::text::regclass, 'int'::text::regtype::oid, 10::regrole;
-- types' names
SELECT format_type(23, NULL), format_type(1043, 14), format_type(1700, 655366), format_type(1700, NULL), format_type(1042, NULL), format_type(1042, -1), format_type(1042, 9), format_type(1560, NULL), format_type(1560, -1), format_type(0, NULL), format_type(77777, NULL), format_type(NULL, 1), format_type('regress_cf.mood'::regtype, NULL), format_type('regress_cf.mood[]'::regtype, NULL), format_type(1186, 458751), format_type(1184, 3), format_type(1007, NULL), format_type(18, NULL), format_type(19, NULL), format_type(705, NULL);
SELECT pg_typeof(1), pg_typeof('regress_cf.f'::regclass), pg_typeof(NULL), pg_typeof('ok'::regress_cf.mood), pg_typeof('{1}'::int[]);
SELECT pg_basetype('regress_cf.pos'::regtype);
-- relations
SELECT pg_relation_filenode('regress_cf.f'::regclass), pg_relation_filepath('regress_cf.f'::regclass), pg_relation_size('regress_cf.f'::regclass), pg_table_size('regress_cf.f'::regclass), pg_total_relation_size('regress_cf.f'::regclass), pg_indexes_size('regress_cf.f'::regclass), pg_relation_size(77777);
SELECT pg_tablespace_size('pg_default') > 0, pg_tablespace_size(1663) > 0, pg_tablespace_location(1663), pg_database_size('postgres') > 0;
SELECT pg_tablespace_size('nosuch');
SELECT pg_tablespace_size(77777);
SELECT pg_database_size('nosuch');
SELECT row_security_active('regress_cf.p'::regclass);
SELECT * FROM pg_partition_tree('regress_cf.r'); SELECT pg_partition_root('regress_cf.r1');
SELECT current_schema, current_schemas(true), current_schemas(false), current_catalog, current_user, session_user, user;
SELECT * FROM ts_token_type('default') ORDER BY 1 LIMIT 3;
SELECT * FROM ts_token_type(3722) ORDER BY 1 DESC LIMIT 2;
-- clean up
DROP VIEW regress_cf.objects;
DROP SCHEMA regress_cf, "regress cf Q" CASCADE;
DROP FOREIGN DATA WRAPPER regress_cf_w CASCADE;
DROP ROLE regress_cf_a, "regress cf B";
