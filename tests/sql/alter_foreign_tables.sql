-- ALTER FOREIGN TABLE: columns, options, owner, schema, names; several actions in one statement; ALTER TABLE on foreign tables
\pset format unaligned
\set show 'SELECT attnum, attname, atttypid::regtype, atttypmod, attnotnull, atthasdef, attisdropped, attcollation::regcollation, attfdwoptions, attstattarget, attndims FROM pg_attribute WHERE attrelid = \'regress_aft.t\'::regclass AND attnum > 0 ORDER BY attnum'
CREATE ROLE regress_aft_owner;
CREATE ROLE regress_aft_other;
CREATE SCHEMA regress_aft;
CREATE SCHEMA regress_aft2;
GRANT USAGE, CREATE ON SCHEMA regress_aft TO regress_aft_owner;
GRANT USAGE ON SCHEMA regress_aft, regress_aft2 TO regress_aft_other;
CREATE FOREIGN DATA WRAPPER regress_aft_w;
CREATE SERVER regress_aft_s FOREIGN DATA WRAPPER regress_aft_w;
CREATE FOREIGN TABLE regress_aft.t (a int OPTIONS (n '1'), b varchar(10) COLLATE "C", c numeric(10,2) NOT NULL) SERVER regress_aft_s OPTIONS (x '1', y '2');
:show;
-- ADD COLUMN
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN d int;
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN d int;
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN IF NOT EXISTS d int;
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN IF NOT EXISTS e text[] OPTIONS (p 'q') NOT NULL;
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN ctid int;
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN f nosuchtype;
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN f int COLLATE "C";
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN f text COLLATE "nosuch";
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN f text COLLATE "POSIX" DEFAULT 'x';
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN g int PRIMARY KEY;
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN g int UNIQUE;
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN g int REFERENCES pg_class;
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN g anyelement;
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN g int NULL NOT NULL;
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN g int DEFAULT 1 DEFAULT 2;
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN g int OPTIONS (a 'b', a 'c');
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN g int, ADD COLUMN h int, ADD COLUMN g text;
ALTER FOREIGN TABLE regress_aft.t ADD g date, ADD h timestamp(3) with time zone DEFAULT now();
:show;
-- DROP COLUMN
ALTER FOREIGN TABLE regress_aft.t DROP COLUMN nosuch;
ALTER FOREIGN TABLE regress_aft.t DROP COLUMN IF EXISTS nosuch;
ALTER FOREIGN TABLE regress_aft.t DROP COLUMN ctid;
ALTER FOREIGN TABLE regress_aft.t DROP COLUMN g, DROP h RESTRICT;
ALTER FOREIGN TABLE regress_aft.t DROP COLUMN f CASCADE;
ALTER FOREIGN TABLE regress_aft.t DROP COLUMN f;
:show;
-- a dropped column's name may be used again
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN f int;
ALTER FOREIGN TABLE regress_aft.t DROP COLUMN f;
-- TYPE
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN d TYPE bigint;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN d SET DATA TYPE char(10);
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN d TYPE char(10) USING d::text;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN d TYPE text COLLATE "C";
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN d TYPE int COLLATE "C";
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN d TYPE nosuch;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN nosuch TYPE int;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN xmin TYPE int;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN d TYPE anyarray;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN d TYPE int, ALTER COLUMN d TYPE text;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN d TYPE int[];
:show;
-- NOT NULL
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a SET NOT NULL;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a SET NOT NULL;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN c DROP NOT NULL;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN c DROP NOT NULL;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN nosuch SET NOT NULL;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN nosuch DROP NOT NULL;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN ctid SET NOT NULL;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN ctid DROP NOT NULL;
-- DEFAULT
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a SET DEFAULT 42;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN b SET DEFAULT 'it''s';
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN c SET DEFAULT 1.5;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a SET DEFAULT 'x';
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a SET DEFAULT b;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a SET DEFAULT (SELECT 1);
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a SET DEFAULT count(*);
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a SET DEFAULT now();
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN nosuch SET DEFAULT 1;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN nosuch DROP DEFAULT;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN ctid SET DEFAULT '(0,0)';
\d regress_aft.t
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a SET DEFAULT 43;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN b DROP DEFAULT;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN b DROP DEFAULT;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN c SET DEFAULT NULL;
\d regress_aft.t
-- column options
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a OPTIONS (ADD p '2', SET n '3');
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a OPTIONS (DROP n);
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a OPTIONS (DROP n);
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a OPTIONS (SET n '4');
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a OPTIONS (p '4');
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN nosuch OPTIONS (p '4');
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN ctid OPTIONS (p '4');
:show;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a OPTIONS (DROP p);
-- table options
ALTER FOREIGN TABLE regress_aft.t OPTIONS (DROP x, SET y '3', z '4');
SELECT ftoptions FROM pg_foreign_table WHERE ftrelid = 'regress_aft.t'::regclass;
ALTER FOREIGN TABLE regress_aft.t OPTIONS (DROP x);
ALTER FOREIGN TABLE regress_aft.t OPTIONS (SET x '1');
ALTER FOREIGN TABLE regress_aft.t OPTIONS (y '1');
ALTER FOREIGN TABLE regress_aft.t OPTIONS (DROP y, DROP z);
SELECT ftoptions FROM pg_foreign_table WHERE ftrelid = 'regress_aft.t'::regclass;
-- RENAME COLUMN
ALTER FOREIGN TABLE regress_aft.t RENAME COLUMN a TO aa;
ALTER FOREIGN TABLE regress_aft.t RENAME aa TO a;
ALTER FOREIGN TABLE regress_aft.t RENAME COLUMN a TO b;
ALTER FOREIGN TABLE regress_aft.t RENAME COLUMN nosuch TO b;
ALTER FOREIGN TABLE regress_aft.t RENAME COLUMN a TO ctid;
ALTER FOREIGN TABLE regress_aft.t RENAME COLUMN ctid TO x;
ALTER FOREIGN TABLE regress_aft.nosuch RENAME COLUMN a TO b;
ALTER FOREIGN TABLE IF EXISTS regress_aft.nosuch RENAME COLUMN a TO b;
ALTER TABLE regress_aft.t RENAME COLUMN a TO aaa;
ALTER TABLE regress_aft.t RENAME COLUMN aaa TO a;
ALTER VIEW regress_aft.t RENAME COLUMN a TO aaa;
-- several actions, in PostgreSQL's order
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN k int, DROP COLUMN e, ALTER COLUMN k SET DEFAULT 7, ALTER COLUMN k SET NOT NULL, ALTER COLUMN k OPTIONS (o '1'), OPTIONS (z '9');
ALTER FOREIGN TABLE regress_aft.t DROP COLUMN k, ADD COLUMN k text;
:show;
-- RENAME TO
ALTER FOREIGN TABLE regress_aft.t RENAME TO u;
ALTER FOREIGN TABLE regress_aft.u RENAME TO t;
CREATE FOREIGN TABLE regress_aft.u () SERVER regress_aft_s;
ALTER FOREIGN TABLE regress_aft.u RENAME TO t;
ALTER TABLE regress_aft.u RENAME TO u2;
ALTER VIEW regress_aft.u2 RENAME TO u;
ALTER INDEX regress_aft.u2 RENAME TO u;
ALTER SEQUENCE regress_aft.u2 RENAME TO u;
ALTER TABLE regress_aft.u2 RENAME TO u;
ALTER FOREIGN TABLE nosuch RENAME TO u;
ALTER FOREIGN TABLE IF EXISTS nosuch RENAME TO u;
ALTER FOREIGN TABLE nosuch.t RENAME TO u;
ALTER FOREIGN TABLE IF EXISTS nosuch.t RENAME TO u;
SELECT typname FROM pg_type WHERE typnamespace = 'regress_aft'::regnamespace ORDER BY 1;
-- SET SCHEMA
ALTER FOREIGN TABLE regress_aft.u SET SCHEMA regress_aft2;
SELECT n.nspname, typname FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace WHERE nspname ~ 'regress_aft' ORDER BY 1, 2;
ALTER FOREIGN TABLE regress_aft2.u SET SCHEMA nosuch;
ALTER FOREIGN TABLE regress_aft2.u SET SCHEMA regress_aft2;
ALTER FOREIGN TABLE regress_aft2.u SET SCHEMA pg_toast;
CREATE FOREIGN TABLE regress_aft.u () SERVER regress_aft_s;
ALTER FOREIGN TABLE regress_aft2.u SET SCHEMA regress_aft;
DROP FOREIGN TABLE regress_aft.u;
ALTER TABLE regress_aft2.u SET SCHEMA regress_aft;
ALTER FOREIGN TABLE nosuch SET SCHEMA regress_aft;
ALTER FOREIGN TABLE IF EXISTS nosuch SET SCHEMA regress_aft;
ALTER VIEW regress_aft.u SET SCHEMA regress_aft2;
-- OWNER TO
ALTER FOREIGN TABLE regress_aft.t OWNER TO nosuch;
ALTER FOREIGN TABLE regress_aft.t OWNER TO regress_aft_owner;
SELECT relowner::regrole, typowner::regrole FROM pg_class c JOIN pg_type t ON t.oid = reltype WHERE relname = 't' AND relnamespace = 'regress_aft'::regnamespace;
-- rights
SET ROLE regress_aft_other;
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN z int;
ALTER FOREIGN TABLE regress_aft.t RENAME COLUMN a TO z;
ALTER FOREIGN TABLE regress_aft.t RENAME TO z;
ALTER FOREIGN TABLE regress_aft.t SET SCHEMA regress_aft2;
ALTER FOREIGN TABLE regress_aft.t OWNER TO regress_aft_other;
ALTER FOREIGN TABLE regress_aft.t OPTIONS (q '1');
DROP FOREIGN TABLE regress_aft.t;
SET ROLE regress_aft_owner;
ALTER FOREIGN TABLE regress_aft.t ADD COLUMN z int;
ALTER FOREIGN TABLE regress_aft.t DROP COLUMN z;
ALTER FOREIGN TABLE regress_aft.t SET SCHEMA regress_aft2;
ALTER FOREIGN TABLE regress_aft.t OWNER TO regress_aft_other;
ALTER FOREIGN TABLE regress_aft.t OWNER TO regress_aft_owner;
ALTER FOREIGN TABLE regress_aft.t RENAME TO t3;
ALTER FOREIGN TABLE regress_aft.t3 RENAME TO t;
RESET ROLE;
REVOKE CREATE ON SCHEMA regress_aft FROM regress_aft_owner;
SET ROLE regress_aft_owner;
ALTER FOREIGN TABLE regress_aft.t RENAME TO t3;
RESET ROLE;
-- statistics, storage, column settings
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a SET STATISTICS 100;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a SET STATISTICS 100000;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a SET STATISTICS -2;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN nosuch SET STATISTICS 1;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN ctid SET STATISTICS 1;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a SET STATISTICS -1;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN b SET STORAGE PLAIN;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN b SET STORAGE nosuch;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN a SET STORAGE EXTENDED;
ALTER FOREIGN TABLE regress_aft.t ALTER COLUMN b SET STORAGE EXTENDED;
-- what is no foreign table, or is missing
ALTER FOREIGN TABLE nosuch ADD COLUMN a int;
ALTER FOREIGN TABLE IF EXISTS nosuch ADD COLUMN a int;
ALTER FOREIGN TABLE nosuch.t ADD COLUMN a int;
ALTER FOREIGN TABLE IF EXISTS nosuch.t ADD COLUMN a int;
ALTER FOREIGN TABLE pg_class ADD COLUMN a int;
ALTER TABLE pg_class ADD COLUMN a int;
ALTER TABLE IF EXISTS nosuch ADD COLUMN a int;
ALTER VIEW regress_aft.t ALTER COLUMN a SET DEFAULT 1;
ALTER TABLE regress_aft.t ADD COLUMN m int;
ALTER TABLE regress_aft.t DROP COLUMN m;
ALTER TABLE regress_aft.t ALTER COLUMN a TYPE int8;
ALTER TABLE regress_aft.t SET TABLESPACE pg_default;
ALTER TABLE regress_aft.t ADD PRIMARY KEY (a);
ALTER TABLE regress_aft.t SET (fillfactor = 70);
ALTER TABLE regress_aft.t SET LOGGED;
ALTER TABLE regress_aft.t CLUSTER ON x;
ALTER TABLE regress_aft.t REPLICA IDENTITY FULL;
ALTER TABLE regress_aft.t ENABLE ROW LEVEL SECURITY;
ALTER TABLE regress_aft.t ENABLE RULE x;
ALTER FOREIGN TABLE regress_aft.t SET WITHOUT OIDS;
\d+ regress_aft.t
-- clean up
DROP FOREIGN TABLE regress_aft.t, regress_aft.u;
DROP SCHEMA regress_aft, regress_aft2;
DROP SERVER regress_aft_s;
DROP FOREIGN DATA WRAPPER regress_aft_w;
DROP ROLE regress_aft_owner, regress_aft_other;
