-- IMPORT FOREIGN SCHEMA: every kind of column, relation, name, default, and what goes wrong
\set VERBOSITY verbose
\setenv PGHOST :HOST
\setenv PGPORT :PORT
CREATE EXTENSION postgres_fdw;
CREATE SERVER r FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host :'src', port :'port', dbname 'rem2');
CREATE USER MAPPING FOR postgres SERVER r OPTIONS (user 'postgres');
CREATE SCHEMA l;
\set tables 'SELECT relname, ftoptions, relowner::regrole, relacl, obj_description(c.oid) FROM pg_foreign_table f JOIN pg_class c ON c.oid = ftrelid JOIN pg_namespace n ON n.oid = relnamespace ORDER BY relname COLLATE "C";'
\set columns 'SELECT relname, attnum, attname, format_type(atttypid, atttypmod), attndims, attnotnull, atthasdef, attgenerated, attidentity, attstattarget, attcollation::regcollation, attfdwoptions, pg_get_expr(adbin, adrelid) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum WHERE relkind = \'f\' AND attnum > 0 ORDER BY relname COLLATE "C", attnum;'
\set again 'DROP SCHEMA l CASCADE; CREATE SCHEMA l;'
\set SHOW_CONTEXT errors
-- types
IMPORT FOREIGN SCHEMA types FROM SERVER r INTO l;
:columns
\d+ l.*
SET client_min_messages = warning;
:again
IMPORT FOREIGN SCHEMA types FROM SERVER r INTO l OPTIONS (import_collate 'false', import_not_null 'false', import_default 'true');
\d l.*
:again
-- defaults
IMPORT FOREIGN SCHEMA defs FROM SERVER r INTO l;
\d l.*
:again
IMPORT FOREIGN SCHEMA defs FROM SERVER r INTO l OPTIONS (import_default 'true');
:tables
IMPORT FOREIGN SCHEMA defs LIMIT TO (d1, d5, d6) FROM SERVER r INTO l OPTIONS (import_default 'true');
\d+ l.*
:columns
\! pg_dump -U postgres --schema-only -n l postgres | grep -v '^--\|^$\|restrict'
:again
IMPORT FOREIGN SCHEMA defs LIMIT TO (d2) FROM SERVER r INTO l OPTIONS (import_default 'true');
IMPORT FOREIGN SCHEMA defs LIMIT TO (d3) FROM SERVER r INTO l OPTIONS (import_default 'true');
IMPORT FOREIGN SCHEMA defs LIMIT TO (d4) FROM SERVER r INTO l OPTIONS (import_default 'true');
IMPORT FOREIGN SCHEMA defs LIMIT TO (d6, d4) FROM SERVER r INTO l OPTIONS (import_default 'true');
:tables
CREATE SCHEMA defs; CREATE SEQUENCE defs.sq; CREATE FUNCTION defs.f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
IMPORT FOREIGN SCHEMA defs LIMIT TO (d2, d4) FROM SERVER r INTO l OPTIONS (import_default 'true');
\d+ l.*
:again
IMPORT FOREIGN SCHEMA defs FROM SERVER r INTO l OPTIONS (import_default 'false', import_not_null 'false');
\d l.d6
:again
-- generated
IMPORT FOREIGN SCHEMA gens LIMIT TO (g1, g3) FROM SERVER r INTO l;
\d+ l.*
:columns
\! pg_dump -U postgres --schema-only -n l postgres | grep -v '^--\|^$\|restrict'
:again
IMPORT FOREIGN SCHEMA gens FROM SERVER r INTO l;
:tables
IMPORT FOREIGN SCHEMA gens FROM SERVER r INTO l OPTIONS (import_generated 'false');
\d+ l.*
:again
IMPORT FOREIGN SCHEMA gens LIMIT TO (g1) FROM SERVER r INTO l OPTIONS (import_generated 'true', import_default 'true', import_collate 'false');
\d+ l.*
:again
IMPORT FOREIGN SCHEMA gens LIMIT TO (g1) FROM SERVER r INTO l OPTIONS (import_generated 'off', import_default 'on');
\d+ l.*
:again
-- collations
IMPORT FOREIGN SCHEMA colls LIMIT TO (c1) FROM SERVER r INTO l;
\d+ l.*
:columns
:again
IMPORT FOREIGN SCHEMA colls LIMIT TO (c2) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA colls LIMIT TO (c3) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA colls LIMIT TO (c2, c3) FROM SERVER r INTO l OPTIONS (import_collate 'no');
\d l.*
:again
CREATE SCHEMA colls; CREATE COLLATION colls.mine (locale = 'C'); CREATE COLLATION colls."default" FROM "POSIX";
IMPORT FOREIGN SCHEMA colls EXCEPT (c4) FROM SERVER r INTO l;
\d l.*
DROP SCHEMA colls CASCADE;
:again
-- relations
IMPORT FOREIGN SCHEMA sw FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA sw EXCEPT (typed) FROM SERVER r INTO l;
:tables
\d+ l.*
:columns
\! pg_dump -U postgres --schema-only -n l postgres | grep -v '^--\|^$\|restrict'
IMPORT FOREIGN SCHEMA sw EXCEPT (typed) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA sw LIMIT TO (seq, comp, t_idx, tt) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA sw LIMIT TO (t_idx, t) FROM SERVER r INTO l;
:again
IMPORT FOREIGN SCHEMA sw LIMIT TO (v, mv, rv, chi, chi2, typed, storage, dropped, nocols) FROM SERVER r INTO l OPTIONS (import_default 'true');
\d+ l.*
:again
-- partitions
IMPORT FOREIGN SCHEMA parts FROM SERVER r INTO l;
\d l.*
:again
IMPORT FOREIGN SCHEMA parts LIMIT TO (p1, h0, p2a, p) FROM SERVER r INTO l;
\det l.*
IMPORT FOREIGN SCHEMA parts EXCEPT (p, p1, p2a) FROM SERVER r INTO l;
\det l.*
:again
-- foreign tables
IMPORT FOREIGN SCHEMA foreigners FROM SERVER r INTO l;
\d+ l.*
:again
-- names
IMPORT FOREIGN SCHEMA names FROM SERVER r INTO l;
:tables
:columns
\det+ l.*
\d l.*
\! pg_dump -U postgres --schema-only -n l postgres | grep -v '^--\|^$\|restrict'
:again
IMPORT FOREIGN SCHEMA names LIMIT TO (mixed) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA names LIMIT TO (MIXED) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA names LIMIT TO ("MIXED", "Mixed") FROM SERVER r INTO l;
\det l.*
:again
IMPORT FOREIGN SCHEMA names LIMIT TO (aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffxyzTOOLONG) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA names LIMIT TO ("t""q", "t'q", "t\q", "t.q", " sp", "таблица", "%s", "select", "table", "user", "a,b", café) FROM SERVER r INTO l;
\det l.*
:again
IMPORT FOREIGN SCHEMA names EXCEPT ("t""q", "t'q", "t\q", "t.q", " sp", "таблица", "%s", "select", "table", "user", "a,b", café) FROM SERVER r INTO l;
\det l.*
IMPORT FOREIGN SCHEMA names LIMIT TO (select) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA names LIMIT TO (order) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA names LIMIT TO (names.mixed) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA names LIMIT TO (other.mixed) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA names LIMIT TO (db.names.mixed) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA names LIMIT TO (a.b.c.d) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA names LIMIT TO (ONLY mixed) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA names LIMIT TO (mixed *) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA names LIMIT TO () FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA names EXCEPT () FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA names LIMIT TO mixed FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA names LIMIT TO (mixed) EXCEPT (mixed) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA names.mixed FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA 'names' FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA names FROM SERVER r;
IMPORT FOREIGN SCHEMA names INTO l;
IMPORT FOREIGN SCHEMA names FROM r INTO l;
IMPORT FOREIGN SCHEMA names FROM SERVER r INTO l.x;
IMPORT FOREIGN SCHEMA FROM SERVER r INTO l;
IMPORT SCHEMA names FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA names FROM SERVER r INTO l OPTIONS ();
IMPORT FOREIGN SCHEMA names FROM SERVER r INTO l OPTIONS (import_default);
IMPORT FOREIGN SCHEMA names FROM SERVER r INTO l OPTIONS (ADD import_default 'true');
IMPORT FOREIGN SCHEMA names FROM SERVER r INTO l OPTIONS (SET import_default 'true');
IMPORT FOREIGN SCHEMA names FROM SERVER r INTO l OPTIONS (import_default true);
IMPORT FOREIGN SCHEMA select FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA "select" FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA SW_Ö FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA "sw ö" FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA "Sw Ö" FROM SERVER r INTO "L";
IMPORT FOREIGN SCHEMA "Sw Ö" FROM SERVER "R" INTO l;
IMPORT FOREIGN SCHEMA "" FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA "it's" FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA "a""b\c" FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA "Sw Ö" FROM SERVER r INTO l;
\det+ l.*
:again
-- a name twice, names that are missing
IMPORT FOREIGN SCHEMA quoted LIMIT TO (a, a, nosuch, a) FROM SERVER r INTO l;
\det l.*
IMPORT FOREIGN SCHEMA quoted LIMIT TO (nosuch, nosuch2) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA quoted EXCEPT (nosuch, nosuch) FROM SERVER r INTO l;
\det l.*
IMPORT FOREIGN SCHEMA quoted EXCEPT (a) FROM SERVER r INTO l;
\det l.*
:again
IMPORT FOREIGN SCHEMA quoted EXCEPT (a, "A") FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA quoted LIMIT TO (A, "A") FROM SERVER r INTO l;
\det l.*
:again
-- what exists already
CREATE TABLE l.a (q int);
IMPORT FOREIGN SCHEMA quoted FROM SERVER r INTO l;
\d l.*
DROP TABLE l.a; CREATE VIEW l."A" AS SELECT 1 AS a;
IMPORT FOREIGN SCHEMA quoted FROM SERVER r INTO l;
\d l.*
DROP VIEW l."A"; CREATE TYPE l."A" AS ENUM ();
IMPORT FOREIGN SCHEMA quoted FROM SERVER r INTO l;
\d l.*
DROP TYPE l."A"; CREATE SEQUENCE l.a;
IMPORT FOREIGN SCHEMA quoted FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA quoted LIMIT TO ("A") FROM SERVER r INTO l;
\d l.*
:again
-- types missing here
IMPORT FOREIGN SCHEMA missing FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA missing LIMIT TO (m1) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA missing LIMIT TO (m2) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA missing LIMIT TO (m3) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA missing LIMIT TO (m4) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA missing LIMIT TO (m5) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA missing LIMIT TO (m6) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA missing LIMIT TO (m8) FROM SERVER r INTO l;
CREATE SCHEMA missing;
IMPORT FOREIGN SCHEMA missing LIMIT TO (m1) FROM SERVER r INTO l;
CREATE TYPE missing.mood AS ENUM ('other'); CREATE DOMAIN missing.pos AS text; CREATE TYPE missing.pair AS (x int); CREATE DOMAIN missing."D D" AS int NOT NULL;
IMPORT FOREIGN SCHEMA missing LIMIT TO (m1, m2, m3, m5, m9) FROM SERVER r INTO l;
\d l.*
IMPORT FOREIGN SCHEMA missing LIMIT TO (m6) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA missing LIMIT TO (m6) FROM SERVER r INTO l OPTIONS (import_collate 'false');
IMPORT FOREIGN SCHEMA missing LIMIT TO (m7) FROM SERVER r INTO l OPTIONS (import_default 'true');
IMPORT FOREIGN SCHEMA missing LIMIT TO (m7) FROM SERVER r INTO l;
\d l.m*
DROP SCHEMA missing CASCADE;
\d l.m*
:again
-- in the middle
IMPORT FOREIGN SCHEMA mid FROM SERVER r INTO l;
\d l.*
BEGIN; CREATE TABLE l.before (a int);
SAVEPOINT s;
IMPORT FOREIGN SCHEMA mid FROM SERVER r INTO l;
SELECT 1;
ROLLBACK TO s;
IMPORT FOREIGN SCHEMA mid EXCEPT (b) FROM SERVER r INTO l;
COMMIT;
\d l.*
:again
BEGIN;
IMPORT FOREIGN SCHEMA mid EXCEPT (b) FROM SERVER r INTO l;
ROLLBACK;
\d l.*
BEGIN READ ONLY;
IMPORT FOREIGN SCHEMA mid EXCEPT (b) FROM SERVER r INTO l;
ROLLBACK;
DO $$BEGIN IMPORT FOREIGN SCHEMA mid LIMIT TO (a) FROM SERVER r INTO l; BEGIN IMPORT FOREIGN SCHEMA mid FROM SERVER r INTO l; EXCEPTION WHEN OTHERS THEN RAISE NOTICE '% %', SQLSTATE, SQLERRM; END; END$$;
\d l.*
CREATE FUNCTION imp() RETURNS void LANGUAGE plpgsql AS $$BEGIN IMPORT FOREIGN SCHEMA mid LIMIT TO (b) FROM SERVER r INTO l; END$$;
SELECT imp();
CREATE FUNCTION impsql() RETURNS void LANGUAGE sql AS $$IMPORT FOREIGN SCHEMA mid LIMIT TO (b) FROM SERVER r INTO l$$;
SELECT impsql();
PREPARE p AS IMPORT FOREIGN SCHEMA mid FROM SERVER r INTO l;
EXPLAIN IMPORT FOREIGN SCHEMA mid FROM SERVER r INTO l;
:again
-- options
IMPORT FOREIGN SCHEMA mid LIMIT TO (a) FROM SERVER r INTO l OPTIONS (import_default 'maybe');
IMPORT FOREIGN SCHEMA mid LIMIT TO (a) FROM SERVER r INTO l OPTIONS (import_collate '');
IMPORT FOREIGN SCHEMA mid LIMIT TO (a) FROM SERVER r INTO l OPTIONS (import_generated '2');
IMPORT FOREIGN SCHEMA mid LIMIT TO (a) FROM SERVER r INTO l OPTIONS (import_not_null 'nope');
IMPORT FOREIGN SCHEMA mid LIMIT TO (a) FROM SERVER r INTO l OPTIONS (IMPORT_DEFAULT 'true');
\d l.*
:again
IMPORT FOREIGN SCHEMA mid LIMIT TO (a) FROM SERVER r INTO l OPTIONS ("IMPORT_DEFAULT" 'true');
IMPORT FOREIGN SCHEMA mid LIMIT TO (a) FROM SERVER r INTO l OPTIONS (host 'x');
IMPORT FOREIGN SCHEMA mid LIMIT TO (a) FROM SERVER r INTO l OPTIONS (import_default 'true', nosuch 'y', import_collate 'z');
IMPORT FOREIGN SCHEMA mid LIMIT TO (a) FROM SERVER r INTO l OPTIONS (import_collate 'z', nosuch 'y');
IMPORT FOREIGN SCHEMA nosuch LIMIT TO (a) FROM SERVER r INTO l OPTIONS (import_collate 'z');
IMPORT FOREIGN SCHEMA mid LIMIT TO (a) FROM SERVER r INTO l OPTIONS (import_default 't', import_collate 'y', import_generated '1', import_not_null 'ON');
\d l.*
:again
IMPORT FOREIGN SCHEMA mid LIMIT TO (a) FROM SERVER r INTO l OPTIONS (import_default 'x', import_default 'true');
IMPORT FOREIGN SCHEMA mid LIMIT TO (a) FROM SERVER r INTO l OPTIONS (import_default 'true', import_default 'x');
IMPORT FOREIGN SCHEMA mid LIMIT TO (a) FROM SERVER r INTO l OPTIONS (import_default ' true ');
IMPORT FOREIGN SCHEMA mid LIMIT TO (a) FROM SERVER r INTO l OPTIONS (import_default 'tru', import_not_null 'of');
\d l.*
:again
-- system schemas, temporary ones
IMPORT FOREIGN SCHEMA quoted FROM SERVER r INTO pg_catalog;
IMPORT FOREIGN SCHEMA quoted FROM SERVER r INTO information_schema;
DROP FOREIGN TABLE information_schema.a, information_schema."A";
IMPORT FOREIGN SCHEMA quoted FROM SERVER r INTO pg_temp;
CREATE TEMP TABLE tt (a int);
IMPORT FOREIGN SCHEMA quoted FROM SERVER r INTO pg_temp;
IMPORT FOREIGN SCHEMA pg_catalog LIMIT TO (pg_am, pg_views, pg_stats) FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA pg_catalog LIMIT TO (pg_am, pg_views) FROM SERVER r INTO l;
\d l.*
IMPORT FOREIGN SCHEMA information_schema LIMIT TO (tables, sql_features, columns) FROM SERVER r INTO l;
\d l.*
:again
IMPORT FOREIGN SCHEMA pg_toast FROM SERVER r INTO l;
-- many
IMPORT FOREIGN SCHEMA many FROM SERVER r INTO l;
SELECT count(*), min(relname), max(relname) FROM pg_class WHERE relkind = 'f';
:again
-- privileges
CREATE ROLE regress_im_a; CREATE ROLE regress_im_b;
SET ROLE regress_im_a;
IMPORT FOREIGN SCHEMA nosuch FROM SERVER nosuch INTO nosuch;
IMPORT FOREIGN SCHEMA quoted FROM SERVER r INTO nosuch;
IMPORT FOREIGN SCHEMA quoted FROM SERVER r INTO l OPTIONS (bad 'x');
RESET ROLE; GRANT USAGE ON FOREIGN SERVER r TO regress_im_a; SET ROLE regress_im_a;
IMPORT FOREIGN SCHEMA quoted FROM SERVER r INTO nosuch;
IMPORT FOREIGN SCHEMA quoted FROM SERVER r INTO l OPTIONS (bad 'x');
RESET ROLE; GRANT CREATE ON SCHEMA l TO regress_im_a; SET ROLE regress_im_a;
IMPORT FOREIGN SCHEMA quoted FROM SERVER r INTO l OPTIONS (bad 'x');
IMPORT FOREIGN SCHEMA quoted FROM SERVER r INTO l;
CREATE USER MAPPING FOR regress_im_a SERVER r OPTIONS (user 'src_a');
IMPORT FOREIGN SCHEMA quoted FROM SERVER r INTO l;
ALTER USER MAPPING FOR regress_im_a SERVER r OPTIONS (ADD password_required 'false');
RESET ROLE; ALTER USER MAPPING FOR regress_im_a SERVER r OPTIONS (ADD password_required 'false'); SET ROLE regress_im_a;
IMPORT FOREIGN SCHEMA hidden FROM SERVER r INTO l;
IMPORT FOREIGN SCHEMA sw LIMIT TO (t, unl) FROM SERVER r INTO l;
\det+ l.*
RESET ROLE;
:tables
\d+ l.*
\dp l.*
REVOKE USAGE ON FOREIGN SERVER r FROM regress_im_a;
DROP USER MAPPING FOR regress_im_a SERVER r;
CREATE USER MAPPING FOR PUBLIC SERVER r OPTIONS (user 'src_pw', password 'pw');
GRANT USAGE ON FOREIGN SERVER r TO regress_im_b; GRANT CREATE, USAGE ON SCHEMA l TO regress_im_b;
ALTER DEFAULT PRIVILEGES FOR ROLE regress_im_b IN SCHEMA l GRANT SELECT ON TABLES TO regress_im_a;
SET ROLE regress_im_b;
IMPORT FOREIGN SCHEMA quoted FROM SERVER r INTO l;
\dp l.*
RESET ROLE; ALTER USER MAPPING FOR PUBLIC SERVER r OPTIONS (SET password 'wrong'); SET ROLE regress_im_b;
\set SHOW_CONTEXT never
IMPORT FOREIGN SCHEMA sw LIMIT TO (par) FROM SERVER r INTO l;
RESET ROLE;
\set SHOW_CONTEXT errors
SELECT deptype, pg_describe_object(classid, objid, 0), pg_describe_object(refclassid, refobjid, 0) FROM pg_depend WHERE refclassid = 'pg_foreign_server'::regclass ORDER BY 2, 3;
DROP SERVER r;
DROP SERVER r CASCADE;
