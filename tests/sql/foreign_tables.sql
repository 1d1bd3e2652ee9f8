-- CREATE FOREIGN TABLE and DROP FOREIGN TABLE
\pset format unaligned
CREATE ROLE regress_ft_a;
CREATE FOREIGN DATA WRAPPER regress_ft_w;
CREATE SERVER regress_ft_s FOREIGN DATA WRAPPER regress_ft_w;
CREATE EXTENSION postgres_fdw;
CREATE SERVER regress_ft_p FOREIGN DATA WRAPPER postgres_fdw;
CREATE SCHEMA regress_ft;
CREATE FOREIGN TABLE regress_ft.t1 () SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.t2 (a int, b text, c varchar(20) NOT NULL, d numeric(10,2) NULL, e timestamp(3) with time zone, f int[], g char(5), h text COLLATE "C") SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.t3 (a int OPTIONS (x '1', y '2') NOT NULL, b text OPTIONS ("A b" 'c') COLLATE "POSIX" DEFAULT 'x') SERVER regress_ft_s OPTIONS (o '1', "P q" 'it''s');
CREATE FOREIGN TABLE regress_ft.t4 (a int DEFAULT 1 + 2, b text DEFAULT 'a', c date DEFAULT CURRENT_DATE, d bool DEFAULT true, e numeric DEFAULT 1.50, f int DEFAULT NULL, g timestamptz DEFAULT now(), h text DEFAULT upper('x'), i text DEFAULT CURRENT_USER, j float8 DEFAULT -1) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.t5 (a int CHECK (a > 0), b int CONSTRAINT named CHECK (b < 10), CHECK (a < b), CONSTRAINT second CHECK (a <> 5 AND b <> 5)) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.t6 (id int OPTIONS (column_name 'ID')) SERVER regress_ft_p OPTIONS (schema_name 's', table_name 't');
CREATE FOREIGN TABLE "Regress_ft_Q" ("A" int, "b c" text) SERVER regress_ft_s;
\d regress_ft.t1
\d regress_ft.t2
\d+ regress_ft.t3
\d regress_ft.t4
\d regress_ft.t5
\d+ regress_ft.t6
\d "Regress_ft_Q"
\det
\det regress_ft.*
\det+ regress_ft.*
SELECT relname, relowner::regrole, relam, relfilenode, reltablespace, relpages, reltuples, relallvisible, reltoastrelid, relhasindex, relisshared, relpersistence, relkind, relnatts, relchecks, relhasrules, relhastriggers, relhassubclass, relrowsecurity, relforcerowsecurity, relispopulated, relreplident, relispartition, relrewrite, relfrozenxid, relminmxid, relacl, reloptions FROM pg_class WHERE relnamespace = 'regress_ft'::regnamespace ORDER BY relname;
SELECT attnum, attname, atttypid::regtype, attstattarget, attlen, attndims, attcacheoff, atttypmod, attbyval, attalign, attstorage, attcompression, attnotnull, atthasdef, atthasmissing, attidentity, attgenerated, attisdropped, attislocal, attinhcount, attcollation::regcollation, attacl, attfdwoptions FROM pg_attribute WHERE attrelid = 'regress_ft.t2'::regclass ORDER BY attnum;
SELECT typname, typowner::regrole, typlen, typbyval, typtype, typcategory, typispreferred, typisdefined, typdelim, typrelid::regclass, typsubscript, typelem::regtype, typarray::regtype, typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze, typalign, typstorage, typnotnull, typbasetype, typtypmod, typndims, typcollation, typdefault, typacl FROM pg_type WHERE typnamespace = 'regress_ft'::regnamespace ORDER BY 1;
SELECT ftrelid::regclass, srvname, ftoptions FROM pg_foreign_table JOIN pg_foreign_server s ON s.oid = ftserver ORDER BY 1::text COLLATE "C";
SELECT conname, connamespace::regnamespace, contype, condeferrable, condeferred, convalidated, conrelid::regclass, conislocal, coninhcount, connoinherit, conkey, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'regress_ft.t5'::regclass ORDER BY 1;
SELECT adrelid::regclass, adnum, pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid::regclass::text ~ 'regress_ft' ORDER BY 1::text COLLATE "C", 2;
SELECT pg_describe_object(classid, objid, objsubid) AS object, pg_describe_object(refclassid, refobjid, refobjsubid) AS on, deptype FROM pg_depend WHERE pg_describe_object(classid, objid, objsubid) ~ 'regress_ft\.t' ORDER BY 1 COLLATE "C", 2 COLLATE "C", 3;
-- names
CREATE FOREIGN TABLE regress_ft.t1 (a int) SERVER regress_ft_s;
CREATE FOREIGN TABLE IF NOT EXISTS regress_ft.t1 (a int) SERVER regress_ft_s;
CREATE FOREIGN TABLE IF NOT EXISTS regress_ft.t1 (a nosuch) SERVER nosuch;
CREATE FOREIGN TABLE IF NOT EXISTS regress_ft.t7 (a int) SERVER regress_ft_s;
CREATE FOREIGN TABLE nosuch.t (a int) SERVER regress_ft_s;
CREATE FOREIGN TABLE IF NOT EXISTS nosuch.t (a int) SERVER regress_ft_s;
CREATE FOREIGN TABLE nosuch.regress_ft.t (a int) SERVER regress_ft_s;
CREATE FOREIGN TABLE postgres.regress_ft.t8 (a int) SERVER regress_ft_s;
CREATE FOREIGN TABLE pg_catalog.t (a int) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft._t1 (a int) SERVER regress_ft_s;
SET search_path = nosuch;
CREATE FOREIGN TABLE t (a int) SERVER regress_ft_s;
SET search_path = regress_ft, public;
CREATE FOREIGN TABLE t9 (a int) SERVER regress_ft_s;
RESET search_path;
SELECT relname, relnamespace::regnamespace, reltype::regtype FROM pg_class WHERE relkind = 'f' ORDER BY 1;
SELECT typname FROM pg_type WHERE typnamespace = 'regress_ft'::regnamespace ORDER BY 1;
-- server and options
CREATE FOREIGN TABLE regress_ft.x (a int) SERVER nosuch;
CREATE FOREIGN TABLE regress_ft.x (a int);
CREATE FOREIGN TABLE regress_ft.x (a int) SERVER regress_ft_s OPTIONS (a '1', a '2');
CREATE FOREIGN TABLE regress_ft.x (a int OPTIONS (a '1', a '2')) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int) SERVER regress_ft_p OPTIONS (nosuch '1');
CREATE FOREIGN TABLE regress_ft.x (a int OPTIONS (nosuch '1')) SERVER regress_ft_p;
CREATE FOREIGN TABLE regress_ft.x (a int OPTIONS (table_name '1')) SERVER regress_ft_p;
CREATE FOREIGN TABLE regress_ft.x (a int) SERVER regress_ft_p OPTIONS (fetch_size 'x');
CREATE FOREIGN TABLE regress_ft.x (a int) SERVER regress_ft_p OPTIONS (use_remote_estimate 'x');
-- columns
CREATE FOREIGN TABLE regress_ft.x (a int, a text) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (ctid int) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (tableoid int) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a nosuch) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a nosuch.nosuch) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int, b anyelement) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a record) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a cstring) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a setof int) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int(3)) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a varchar(0)) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a numeric(2000)) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int COLLATE "C") SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a text COLLATE nosuch) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a text COLLATE nosuch."C") SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a text COLLATE pg_catalog."C", b regress_ft.t1, c regress_ft.t2[]) SERVER regress_ft_s;
\d regress_ft.x
DROP FOREIGN TABLE regress_ft.t2;
DROP FOREIGN TABLE regress_ft.x;
CREATE FOREIGN TABLE regress_ft.x (a int NULL NOT NULL) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int NOT NULL NULL) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int NOT NULL NOT NULL) SERVER regress_ft_s;
DROP FOREIGN TABLE regress_ft.x;
CREATE FOREIGN TABLE regress_ft.x (a int DEFAULT 1 DEFAULT 2) SERVER regress_ft_s;
-- constraints
CREATE FOREIGN TABLE regress_ft.x (a int PRIMARY KEY) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int UNIQUE) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int REFERENCES pg_class) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int, PRIMARY KEY (a)) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int, UNIQUE (a)) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int, FOREIGN KEY (a) REFERENCES pg_class) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int, EXCLUDE USING gist (a WITH =)) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (LIKE pg_class) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int CHECK (a)) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int CHECK (nosuch > 1)) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int CHECK ((SELECT true))) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int CHECK (max(a) > 1)) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int CONSTRAINT c CHECK (a > 1) CONSTRAINT c CHECK (a > 2)) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int CHECK (a > 1) CHECK (a > 2) CHECK (true), CHECK (a > 3) NO INHERIT) SERVER regress_ft_s;
\d regress_ft.x
DROP FOREIGN TABLE regress_ft.x;
-- defaults
CREATE FOREIGN TABLE regress_ft.x (a int DEFAULT 'x') SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int DEFAULT '17') SERVER regress_ft_s;
DROP FOREIGN TABLE regress_ft.x;
CREATE FOREIGN TABLE regress_ft.x (a int DEFAULT true) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int DEFAULT a) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int DEFAULT nosuch()) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int DEFAULT (SELECT 1)) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int DEFAULT max(1)) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int DEFAULT row_number() OVER ()) SERVER regress_ft_s;
CREATE FOREIGN TABLE regress_ft.x (a int DEFAULT generate_series(1, 2)) SERVER regress_ft_s;
-- rights
SET ROLE regress_ft_a;
CREATE FOREIGN TABLE regress_ft.x (a int) SERVER regress_ft_s;
CREATE FOREIGN TABLE x (a int) SERVER regress_ft_s;
DROP FOREIGN TABLE regress_ft.t1;
RESET ROLE;
GRANT ALL ON SCHEMA regress_ft TO regress_ft_a;
SET ROLE regress_ft_a;
CREATE FOREIGN TABLE regress_ft.x (a int) SERVER regress_ft_s;
RESET ROLE;
GRANT USAGE ON FOREIGN SERVER regress_ft_s TO regress_ft_a;
SET ROLE regress_ft_a;
CREATE FOREIGN TABLE regress_ft.x (a int) SERVER regress_ft_s;
DROP FOREIGN TABLE regress_ft.t1;
DROP FOREIGN TABLE regress_ft.x;
CREATE FOREIGN TABLE regress_ft.x (a int) SERVER regress_ft_s;
RESET ROLE;
SELECT relowner::regrole, typowner::regrole FROM pg_class c JOIN pg_type t ON t.oid = reltype WHERE relname = 'x';
-- DROP
DROP FOREIGN TABLE nosuch;
DROP FOREIGN TABLE nosuch.t;
DROP FOREIGN TABLE IF EXISTS nosuch;
DROP FOREIGN TABLE IF EXISTS nosuch.t;
DROP FOREIGN TABLE IF EXISTS nosuch, nosuch.t, regress_ft.x;
DROP FOREIGN TABLE regress_ft.t3, nosuch;
DROP FOREIGN TABLE nosuch.regress_ft.t3;
DROP FOREIGN TABLE pg_class;
DROP FOREIGN TABLE pg_tables;
DROP FOREIGN TABLE pg_class_oid_index;
DROP TABLE regress_ft.t3;
DROP VIEW regress_ft.t3;
DROP MATERIALIZED VIEW regress_ft.t3;
DROP INDEX regress_ft.t3;
DROP SEQUENCE regress_ft.t3;
DROP TABLE nosuch;
DROP VIEW nosuch;
DROP INDEX nosuch;
DROP SEQUENCE nosuch;
DROP MATERIALIZED VIEW nosuch;
DROP TABLE IF EXISTS nosuch;
DROP VIEW IF EXISTS nosuch.nosuch;
DROP TABLE pg_class;
DROP FOREIGN TABLE regress_ft.t3, regress_ft.t3;
DROP FOREIGN TABLE regress_ft.t1, regress_ft.t2 RESTRICT;
DROP FOREIGN TABLE regress_ft.t4, regress_ft.t5 CASCADE;
SELECT count(*) FROM pg_attribute WHERE attrelid NOT IN (SELECT oid FROM pg_class);
SELECT count(*) FROM pg_attrdef WHERE adrelid NOT IN (SELECT oid FROM pg_class);
SELECT count(*) FROM pg_type WHERE typrelid <> 0 AND typrelid NOT IN (SELECT oid FROM pg_class);
-- in a transaction
BEGIN;
CREATE FOREIGN TABLE regress_ft.y (a int) SERVER regress_ft_s;
SAVEPOINT s1;
DROP FOREIGN TABLE regress_ft.y;
\d regress_ft.y
ROLLBACK TO s1;
\d regress_ft.y
ROLLBACK;
\d regress_ft.y
DROP FOREIGN TABLE "Regress_ft_Q";
DROP SCHEMA regress_ft CASCADE;
DROP SERVER regress_ft_s, regress_ft_p;
DROP FOREIGN DATA WRAPPER regress_ft_w;
DROP EXTENSION postgres_fdw;
DROP ROLE regress_ft_a;
