-- has_*_privilege and pg_has_role in every overload, their errors and NULLs; aclexplode, acldefault, makeaclitem, comparison of aclitems.
\set VERBOSITY verbose
CREATE ROLE hp_a;
CREATE ROLE hp_b;
CREATE ROLE hp_c NOINHERIT;
CREATE ROLE hp_group;
CREATE ROLE hp_super SUPERUSER;
GRANT hp_group TO hp_a;
GRANT hp_group TO hp_b WITH ADMIN OPTION;
GRANT hp_a TO hp_c;
CREATE SCHEMA hp;
CREATE FOREIGN DATA WRAPPER hp_fdw;
CREATE SERVER hp_server FOREIGN DATA WRAPPER hp_fdw;
CREATE TABLE hp.t (a int, b text, gone int, "C c" int);
ALTER TABLE hp.t DROP COLUMN gone;
CREATE FOREIGN TABLE hp.f (a int) SERVER hp_server;
CREATE VIEW hp.v AS SELECT 1 AS x;
CREATE SEQUENCE hp.s;
CREATE FUNCTION hp.fn(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE DOMAIN hp.d AS int;
CREATE TYPE hp.e AS ENUM ('x');
GRANT USAGE ON SCHEMA hp TO hp_a WITH GRANT OPTION;
GRANT SELECT, INSERT ON hp.t TO hp_group WITH GRANT OPTION;
GRANT UPDATE (a), REFERENCES (b) ON hp.t TO hp_b WITH GRANT OPTION;
GRANT SELECT ON hp.v TO PUBLIC;
GRANT USAGE ON SEQUENCE hp.s TO hp_a;
REVOKE EXECUTE ON FUNCTION hp.fn(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hp.fn(int) TO hp_b WITH GRANT OPTION;
GRANT USAGE ON FOREIGN SERVER hp_server TO hp_a;
GRANT USAGE ON FOREIGN DATA WRAPPER hp_fdw TO hp_b WITH GRANT OPTION;
REVOKE USAGE ON TYPE hp.e FROM PUBLIC;
GRANT USAGE ON TYPE hp.e TO hp_a;
GRANT SET ON PARAMETER work_mem TO hp_a;
GRANT SET, ALTER SYSTEM ON PARAMETER log_statement TO hp_b WITH GRANT OPTION;
-- every role against every word
SELECT r.rolname, w.word, has_table_privilege(r.rolname, 'hp.t', w.word) AS t, has_table_privilege(r.oid, 'hp.v', w.word) AS v, has_any_column_privilege(r.rolname, 'hp.t'::regclass::oid, 'SELECT') AS any
FROM pg_roles r, (VALUES ('SELECT'), ('insert'), ('UPDATE WITH GRANT OPTION'), ('select with grant option'), (' REFERENCES , TRIGGER'), ('RULE'), ('TRUNCATE,DELETE')) w(word)
WHERE r.rolname LIKE 'hp\_%' ORDER BY 1, 2;
SELECT r.rolname, has_any_column_privilege(r.rolname, 'hp.t', 'UPDATE') AS u, has_any_column_privilege(r.oid, 'hp.t', 'UPDATE WITH GRANT OPTION') AS ug,
has_any_column_privilege(r.oid, 'hp.t'::regclass, 'REFERENCES') AS r, has_any_column_privilege(r.rolname, 'hp.t'::regclass, 'INSERT, UPDATE') AS iu
FROM pg_roles r WHERE r.rolname LIKE 'hp\_%' ORDER BY 1;
SELECT r.rolname, has_column_privilege(r.rolname, 'hp.t', 'a', 'UPDATE') AS a, has_column_privilege(r.oid, 'hp.t', 'b', 'UPDATE') AS b,
has_column_privilege(r.rolname, 'hp.t'::regclass, 1::int2, 'UPDATE WITH GRANT OPTION') AS c, has_column_privilege(r.oid, 'hp.t'::regclass, 2::int2, 'REFERENCES') AS d,
has_column_privilege(r.rolname, 'hp.t', 4::int2, 'SELECT') AS e, has_column_privilege(r.oid, 'hp.t', 1::int2, 'SELECT, INSERT') AS f,
has_column_privilege(r.rolname, 'hp.t'::regclass, 'C c', 'SELECT') AS g, has_column_privilege(r.oid, 'hp.t'::regclass, 'b', 'INSERT') AS h
FROM pg_roles r WHERE r.rolname LIKE 'hp\_%' ORDER BY 1;
SELECT r.rolname, has_sequence_privilege(r.rolname, 'hp.s', 'USAGE') AS a, has_sequence_privilege(r.oid, 'hp.s', 'SELECT') AS b, has_sequence_privilege(r.rolname, 'hp.s'::regclass, 'UPDATE, USAGE') AS c,
has_sequence_privilege(r.oid, 'hp.s'::regclass, 'USAGE WITH GRANT OPTION') AS d FROM pg_roles r WHERE r.rolname LIKE 'hp\_%' ORDER BY 1;
SELECT r.rolname, has_function_privilege(r.rolname, 'hp.fn(int)', 'EXECUTE') AS a, has_function_privilege(r.oid, 'hp.fn(int)', 'EXECUTE WITH GRANT OPTION') AS b,
has_function_privilege(r.rolname, 'hp.fn(int)'::regprocedure, 'execute') AS c, has_function_privilege(r.oid, 'hp.fn(int)'::regprocedure, 'EXECUTE') AS d FROM pg_roles r WHERE r.rolname LIKE 'hp\_%' ORDER BY 1;
SELECT r.rolname, has_schema_privilege(r.rolname, 'hp', 'USAGE') AS a, has_schema_privilege(r.oid, 'hp', 'CREATE') AS b, has_schema_privilege(r.rolname, 'hp'::regnamespace, 'USAGE WITH GRANT OPTION') AS c,
has_schema_privilege(r.oid, 'hp'::regnamespace, 'CREATE, USAGE') AS d FROM pg_roles r WHERE r.rolname LIKE 'hp\_%' ORDER BY 1;
SELECT r.rolname, has_server_privilege(r.rolname, 'hp_server', 'USAGE') AS a, has_server_privilege(r.oid, 'hp_server', 'USAGE WITH GRANT OPTION') AS b,
has_foreign_data_wrapper_privilege(r.rolname, 'hp_fdw', 'USAGE') AS c, has_foreign_data_wrapper_privilege(r.oid, 'hp_fdw', 'USAGE WITH GRANT OPTION') AS d FROM pg_roles r WHERE r.rolname LIKE 'hp\_%' ORDER BY 1;
SELECT r.rolname, has_server_privilege(r.rolname, s.oid, 'USAGE') AS a, has_server_privilege(r.oid, s.oid, 'usage') AS b,
has_foreign_data_wrapper_privilege(r.rolname, srvfdw, 'USAGE') AS c, has_foreign_data_wrapper_privilege(r.oid, srvfdw, 'USAGE') AS d FROM pg_roles r, pg_foreign_server s WHERE srvname = 'hp_server' AND r.rolname LIKE 'hp\_%' ORDER BY 1;
SELECT r.rolname, has_type_privilege(r.rolname, 'hp.e', 'USAGE') AS a, has_type_privilege(r.oid, 'hp.e', 'USAGE WITH GRANT OPTION') AS b, has_type_privilege(r.rolname, 'hp.d'::regtype, 'USAGE') AS c,
has_type_privilege(r.oid, 'hp.e'::regtype, 'USAGE') AS d, has_type_privilege(r.oid, 'hp.e[]', 'USAGE') AS e, has_type_privilege(r.oid, 'int4', 'USAGE') AS f FROM pg_roles r WHERE r.rolname LIKE 'hp\_%' ORDER BY 1;
SELECT r.rolname, has_language_privilege(r.rolname, 'sql', 'USAGE') AS a, has_language_privilege(r.oid, 'c', 'USAGE') AS b, has_language_privilege(r.rolname, 14, 'USAGE WITH GRANT OPTION') AS c,
has_language_privilege(r.oid, 12, 'usage') AS d FROM pg_roles r WHERE r.rolname LIKE 'hp\_%' ORDER BY 1;
SELECT r.rolname, has_database_privilege(r.rolname, current_database(), 'CREATE') AS a, has_database_privilege(r.oid, current_database(), 'TEMP') AS b,
has_database_privilege(r.rolname, d.oid, 'CONNECT') AS c, has_database_privilege(r.oid, d.oid, 'TEMPORARY WITH GRANT OPTION') AS d FROM pg_roles r, pg_database d WHERE datname = current_database() AND r.rolname LIKE 'hp\_%' ORDER BY 1;
SELECT r.rolname, has_tablespace_privilege(r.rolname, 'pg_default', 'CREATE') AS a, has_tablespace_privilege(r.oid, 'pg_global', 'CREATE WITH GRANT OPTION') AS b,
has_tablespace_privilege(r.rolname, 1663, 'create') AS c, has_tablespace_privilege(r.oid, 1664, 'CREATE') AS d FROM pg_roles r WHERE r.rolname LIKE 'hp\_%' ORDER BY 1;
SELECT r.rolname, has_parameter_privilege(r.rolname, 'work_mem', 'SET') AS a, has_parameter_privilege(r.oid, 'log_statement', 'ALTER SYSTEM') AS b,
has_parameter_privilege(r.oid, 'log_statement', 'SET WITH GRANT OPTION') AS c, has_parameter_privilege(r.oid, 'Log_Statement', 'alter system with grant option, set') AS d,
has_parameter_privilege(r.oid, 'hp.custom', 'SET') AS e FROM pg_roles r WHERE r.rolname LIKE 'hp\_%' ORDER BY 1;
SELECT a.rolname, b.rolname, pg_has_role(a.rolname, b.rolname, 'MEMBER') AS m, pg_has_role(a.oid, b.rolname, 'USAGE') AS u, pg_has_role(a.rolname, b.oid, 'MEMBER WITH ADMIN OPTION') AS ma,
pg_has_role(a.oid, b.oid, 'USAGE WITH GRANT OPTION') AS ug, pg_has_role(a.oid, b.oid, 'usage, member with admin option') AS both
FROM pg_roles a, pg_roles b WHERE a.rolname LIKE 'hp\_%' AND b.rolname LIKE 'hp\_%' ORDER BY 1, 2;
-- the current user
SET ROLE hp_a;
SELECT has_table_privilege('hp.t', 'SELECT'), has_table_privilege('hp.t'::regclass, 'DELETE'), has_any_column_privilege('hp.t', 'UPDATE'), has_any_column_privilege('hp.t'::regclass, 'SELECT');
SELECT has_column_privilege('hp.t', 'a', 'UPDATE'), has_column_privilege('hp.t'::regclass, 'a', 'SELECT'), has_column_privilege('hp.t', 1::int2, 'SELECT'), has_column_privilege('hp.t'::regclass, 1::int2, 'INSERT');
SELECT has_sequence_privilege('hp.s', 'USAGE'), has_sequence_privilege('hp.s'::regclass, 'SELECT'), has_function_privilege('hp.fn(int)', 'EXECUTE'), has_function_privilege('hp.fn(int)'::regprocedure, 'EXECUTE');
SELECT has_schema_privilege('hp', 'USAGE'), has_schema_privilege('hp'::regnamespace, 'CREATE'), has_server_privilege('hp_server', 'USAGE'), has_foreign_data_wrapper_privilege('hp_fdw', 'USAGE');
SELECT has_type_privilege('hp.e', 'USAGE'), has_type_privilege('hp.d'::regtype, 'USAGE'), has_language_privilege('sql', 'USAGE'), has_language_privilege(13, 'USAGE'), has_database_privilege(current_database(), 'TEMP');
SELECT has_tablespace_privilege('pg_default', 'CREATE'), has_tablespace_privilege(1663, 'CREATE'), has_parameter_privilege('work_mem', 'SET'), has_parameter_privilege('work_mem', 'ALTER SYSTEM');
SELECT pg_has_role('hp_group', 'MEMBER'), pg_has_role('hp_group'::regrole, 'USAGE'), pg_has_role('hp_b', 'MEMBER');
RESET ROLE;
-- PUBLIC
SELECT has_table_privilege('public', 'hp.v', 'SELECT'), has_table_privilege('public', 'hp.t', 'SELECT'), has_type_privilege('public', 'hp.d', 'USAGE'), has_type_privilege('public', 'hp.e', 'USAGE'), has_schema_privilege('public', 'hp', 'USAGE');
SELECT has_table_privilege(0, 'hp.v', 'SELECT'), has_table_privilege(0, 'hp.t', 'SELECT'), has_parameter_privilege('public', 'work_mem', 'SET');
SELECT pg_has_role('public', 'hp_a', 'USAGE');
SELECT pg_has_role('hp_a', 'public', 'USAGE');
-- nothing of that OID
SELECT has_table_privilege('hp_a', 1, 'SELECT') IS NULL AS t, has_table_privilege(1, 'SELECT') IS NULL AS t2, has_any_column_privilege('hp_a', 1, 'SELECT') IS NULL AS a, has_sequence_privilege('hp_a', 1, 'USAGE') IS NULL AS s, has_function_privilege('hp_a', 1, 'EXECUTE') IS NULL AS f;
SELECT has_column_privilege('hp_a', 1, 'a', 'SELECT') IS NULL AS a, has_column_privilege('hp_a', 1, 1::int2, 'SELECT') IS NULL AS b, has_column_privilege('hp.t', 3::int2, 'SELECT') IS NULL AS c, has_column_privilege('hp.t', 99::int2, 'SELECT') IS NULL AS d;
SELECT has_schema_privilege('hp_a', 1, 'USAGE') IS NULL AS a, has_server_privilege('hp_a', 1, 'USAGE') IS NULL AS b, has_foreign_data_wrapper_privilege('hp_a', 1, 'USAGE') IS NULL AS c, has_type_privilege('hp_a', 1, 'USAGE') IS NULL AS d, has_language_privilege('hp_a', 1, 'USAGE') IS NULL AS e;
SELECT has_database_privilege('hp_a', 2, 'CONNECT') IS NULL AS a, has_tablespace_privilege('hp_a', 1, 'CREATE') IS NULL AS b, has_table_privilege(1::oid, 'hp.v', 'SELECT') AS c, has_table_privilege(1::oid, 'hp.t', 'SELECT') AS d, pg_has_role(1::oid, 'hp_a', 'MEMBER') AS e, pg_has_role('hp_a', 1::oid, 'MEMBER') AS f;
SELECT has_table_privilege('hp_a', NULL::text, 'SELECT') IS NULL, has_table_privilege(NULL::name, 'hp.t', 'SELECT') IS NULL, has_schema_privilege('hp', NULL) IS NULL;
-- errors
SELECT has_table_privilege('hp_missing', 'hp.t', 'SELECT');
SELECT has_table_privilege('hp_a', 'hp.missing', 'SELECT');
SELECT has_table_privilege('hp_a', 'hp_missing.t', 'SELECT');
SELECT has_table_privilege('hp_a', 'hp.t', 'USAGE');
SELECT has_table_privilege('hp_a', 'hp.t', 'nonsense');
SELECT has_table_privilege('hp_a', 'hp.t', 'SELECT,');
SELECT has_table_privilege('hp_a', 'hp.t', '');
SELECT has_table_privilege('hp_a', 'hp.t', 'SELECT WITH  GRANT OPTION');
SELECT has_table_privilege('hp_a', 'hp.t', 'SELECT INSERT');
SELECT has_table_privilege('hp_a', 1, 'nonsense');
SELECT has_any_column_privilege('hp_a', 'hp.t', 'DELETE');
SELECT has_column_privilege('hp_a', 'hp.t', 'missing', 'SELECT');
SELECT has_column_privilege('hp_a', 'hp.t', 'gone', 'SELECT');
SELECT has_column_privilege('hp_a', 'hp.t', '........pg.dropped.3........', 'SELECT');
SELECT has_column_privilege('hp_a', 'hp.t'::regclass, 'missing', 'SELECT');
SELECT has_column_privilege('hp_a', 'hp.t', 'a', 'DELETE');
SELECT has_column_privilege('hp_a', 'hp.t', 'ctid', 'SELECT');
SELECT has_column_privilege('hp_a', 'hp.t', (-1)::int2, 'SELECT');
SELECT has_sequence_privilege('hp_a', 'hp.t', 'USAGE');
SELECT has_sequence_privilege('hp_a', 'hp.t'::regclass, 'USAGE');
SELECT has_sequence_privilege('hp_a', 'hp.s', 'INSERT');
SELECT has_function_privilege('hp_a', 'hp.fn', 'EXECUTE');
SELECT has_function_privilege('hp_a', 'hp.fn(text)', 'EXECUTE');
SELECT has_function_privilege('hp_a', 'hp.fn(int)', 'USAGE');
SELECT has_schema_privilege('hp_a', 'hp_missing', 'USAGE');
SELECT has_schema_privilege('hp_a', 'hp', 'SELECT');
SELECT has_server_privilege('hp_a', 'hp_missing', 'USAGE');
SELECT has_server_privilege('hp_a', 'hp_server', 'CREATE');
SELECT has_foreign_data_wrapper_privilege('hp_a', 'hp_missing', 'USAGE');
SELECT has_foreign_data_wrapper_privilege('hp_a', 'hp_fdw', 'EXECUTE');
SELECT has_type_privilege('hp_a', 'hp.missing', 'USAGE');
SELECT has_type_privilege('hp_a', 'hp.e', 'EXECUTE');
SELECT has_language_privilege('hp_a', 'hp_missing', 'USAGE');
SELECT has_language_privilege('hp_a', 'sql', 'EXECUTE');
SELECT has_database_privilege('hp_a', 'hp_missing', 'CONNECT');
SELECT has_database_privilege('hp_a', current_database(), 'USAGE');
SELECT has_tablespace_privilege('hp_a', 'hp_missing', 'CREATE');
SELECT has_tablespace_privilege('hp_a', 'pg_default', 'USAGE');
SELECT has_parameter_privilege('hp_a', 'hp_missing', 'SET');
SELECT has_parameter_privilege('hp_a', 'work_mem', 'SELECT');
SELECT has_parameter_privilege('hp_missing', 'work_mem', 'SET');
SELECT pg_has_role('hp_a', 'hp_missing', 'USAGE');
SELECT pg_has_role('hp_a', 'hp_b', 'SELECT');
SELECT pg_has_role('hp_missing', 'hp_b', 'USAGE');
-- lists
SELECT grantor::regrole, grantee::regrole, privilege_type, is_grantable FROM pg_class, aclexplode(relacl) WHERE oid = 'hp.t'::regclass ORDER BY 1, 2, 3;
SELECT * FROM aclexplode(NULL);
SELECT (aclexplode(acldefault('f', 10))).*;
SELECT (aclexplode(acldefault('d', 10))).*;
SELECT kind, acldefault(kind::"char", 10) FROM (VALUES ('c'), ('r'), ('s'), ('d'), ('f'), ('l'), ('L'), ('n'), ('p'), ('t'), ('F'), ('S'), ('T')) k(kind);
SELECT acldefault('x', 10);
SELECT acldefault('', 10);
SELECT acldefault(NULL, 10) IS NULL;
SELECT acldefault('r', 'hp_a'::regrole);
SELECT makeaclitem('hp_a'::regrole, 'hp_b'::regrole, 'SELECT', false);
SELECT makeaclitem('hp_a'::regrole, 'hp_b'::regrole, 'SELECT, INSERT', true);
SELECT makeaclitem(0, 'hp_b'::regrole, 'USAGE', false);
SELECT makeaclitem('hp_a'::regrole, 'hp_b'::regrole, 'nonsense', false);
SELECT makeaclitem('hp_a'::regrole, 'hp_b'::regrole, 'SELECT WITH GRANT OPTION', false);
SELECT makeaclitem(10, 10, 'ALTER SYSTEM,SET, CREATE, TEMP , TEMPORARY,CONNECT,EXECUTE,TRUNCATE,TRIGGER,REFERENCES,UPDATE,DELETE', false);
SELECT 'hp_a=r*w/postgres'::aclitem, '=U/hp_b'::aclitem, 'hp_a=/hp_a'::aclitem, 'hp_a=arwdDxtXUCTcsA/hp_a'::aclitem;
SELECT 'hp_a=r/hp_missing'::aclitem;
SELECT 'hp_missing=r/hp_a'::aclitem;
SELECT 'hp_a=q/hp_b'::aclitem;
SELECT 'hp_a'::aclitem;
SELECT makeaclitem(r.oid, 10, w.word, r.rolcanlogin) FROM pg_roles r, (VALUES ('SELECT'), ('alter system'), ('TEMP'), ('TEMPORARY'), ('connect')) w(word) WHERE rolname IN ('hp_a', 'postgres') ORDER BY rolname, word;
SELECT makeaclitem(10, 10, 'SELECT', NULL) IS NULL;
SELECT 'group hp_a=r/hp_b'::aclitem, 'user hp_a=r/hp_b'::aclitem;
SELECT 'nonsense hp_a=r/hp_b'::aclitem;
SELECT 'hp_a=r/hp_b x'::aclitem;
SELECT 'hp_a=r/hp_b'::aclitem = 'hp_a=r/hp_b'::aclitem AS same, 'hp_a=r/hp_b'::aclitem = 'hp_a=r*/hp_b'::aclitem AS other, 'hp_a=rw/hp_b'::aclitem = 'hp_a=wr/hp_b'::aclitem AS order_free;
SELECT '{hp_a=rw/hp_b}'::aclitem[] @> 'hp_a=r/hp_b'::aclitem AS has, '{hp_a=r/hp_b}'::aclitem[] @> 'hp_a=w/hp_b'::aclitem AS has_not, '{hp_a=r/hp_b}'::aclitem[] ~ 'hp_a=r/hp_b'::aclitem AS old;
SELECT '{hp_a=rw/hp_b}'::aclitem[], '{}'::aclitem[];
SELECT aclcontains('{hp_a=r/hp_b,hp_b=w/hp_b}', 'hp_b=w/hp_b');
SELECT relacl[1], array_length(relacl, 1) FROM pg_class WHERE oid = 'hp.t'::regclass;
REVOKE ALL ON PARAMETER work_mem FROM hp_a;
REVOKE ALL ON PARAMETER log_statement FROM hp_b;
DROP SCHEMA hp CASCADE;
DROP FOREIGN DATA WRAPPER hp_fdw CASCADE;
DROP ROLE hp_a, hp_b, hp_c, hp_group, hp_super;
