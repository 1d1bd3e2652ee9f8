-- CREATE TABLE: columns, constraints, LIKE; indexes; DROP TABLE
\pset format unaligned
CREATE SCHEMA regress_tab;
SET search_path = regress_tab;
CREATE TABLE t0 ();
CREATE TABLE t1 (a int, b text COLLATE "C", c varchar(20) NOT NULL, d numeric(10,2) DEFAULT 1.5 NULL, e int[] DEFAULT '{1,2}', f timestamptz DEFAULT now());
\d t0
\d t1
\d+ t1
SELECT relname, relkind, relam, relfilenode = oid AS own_file, relnatts, relchecks, relhasindex, relpersistence, relreplident, relispartition, relhassubclass, relispopulated, relfrozenxid <> '0'::xid AS frozen, reltuples FROM pg_class WHERE relnamespace = 'regress_tab'::regnamespace AND relkind <> 't' ORDER BY relname COLLATE "C";
SELECT attname, atttypid::regtype, atttypmod, attnum, attndims, attnotnull, atthasdef, attislocal, attinhcount, attcollation::regcollation, attstorage FROM pg_attribute WHERE attrelid = 't1'::regclass ORDER BY attnum;
SELECT typname, typtype, typcategory, typrelid::regclass, typelem::regtype, typarray::regtype FROM pg_type WHERE typnamespace = 'regress_tab'::regnamespace ORDER BY 1;
SELECT adrelid::regclass, adnum, pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 't1'::regclass ORDER BY 2;
-- refusals
CREATE TABLE t1 (a int);
CREATE TABLE IF NOT EXISTS t1 (a int);
CREATE TABLE x (a int, a text);
CREATE TABLE x (a nosuch);
CREATE TABLE x (a int COLLATE "C");
CREATE TABLE x (a text COLLATE "nosuch");
CREATE TABLE x (ctid int);
CREATE TABLE x (a record);
CREATE TABLE x (a int NULL NOT NULL);
CREATE TABLE x (a int DEFAULT 1 DEFAULT 2);
CREATE TABLE x (a int DEFAULT 'x');
CREATE TABLE x (a int DEFAULT b, b int);
CREATE TABLE x (a int CHECK (a));
CREATE TABLE x (a int CHECK (b > 0));
CREATE TABLE x (a int CONSTRAINT c CHECK (a > 0), CONSTRAINT c CHECK (a > 1));
CREATE TABLE nosuch.x (a int);
CREATE TABLE pg_catalog.x (a int);
CREATE TABLE x (a int) ON COMMIT DROP;
CREATE TABLE x (a int) USING nosuch;
-- CHECKs
CREATE TABLE t2 (a int CHECK (a > 0), b int CONSTRAINT named CHECK (b < 10), CHECK (a < b), CONSTRAINT second CHECK (a <> 5 AND b <> 5) NO INHERIT);
\d t2
SELECT conname, contype, convalidated, conislocal, coninhcount, connoinherit, conkey, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 't2'::regclass ORDER BY 1;
-- keys
CREATE TABLE t3 (id int PRIMARY KEY, b text UNIQUE, c int, UNIQUE (b, c), CONSTRAINT mine UNIQUE (c) INCLUDE (b));
\d t3
CREATE TABLE t4 (id int, b text, PRIMARY KEY (b, id));
\d t4
\d t4_pkey
\d+ t3_b_c_key
SELECT conname, contype, condeferrable, condeferred, conindid::regclass, conislocal, coninhcount, connoinherit, conkey, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid IN ('t3'::regclass, 't4'::regclass) ORDER BY 1;
SELECT indexrelid::regclass, indrelid::regclass, indnatts, indnkeyatts, indisunique, indnullsnotdistinct, indisprimary, indisexclusion, indimmediate, indisclustered, indisvalid, indcheckxmin, indisready, indislive, indisreplident, indkey, indcollation, indclass, indoption, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid IN ('t3'::regclass, 't4'::regclass) ORDER BY 1::text COLLATE "C";
SELECT c.relname, relkind, relam, reltype, relnatts, relpersistence, relreplident, attname, atttypid::regtype, attnum, attcollation::regcollation, attnotnull FROM pg_class c JOIN pg_attribute ON attrelid = c.oid WHERE relkind = 'i' AND relnamespace = 'regress_tab'::regnamespace ORDER BY 1, attnum;
CREATE TABLE x (a int PRIMARY KEY, b int PRIMARY KEY);
CREATE TABLE x (a int, PRIMARY KEY (b));
CREATE TABLE x (a int, UNIQUE (b));
CREATE TABLE x (a int, PRIMARY KEY (a, a));
CREATE TABLE x (a json PRIMARY KEY);
CREATE TABLE t5 (a int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, b int UNIQUE NULLS NOT DISTINCT);
\d t5
-- LIKE
CREATE TABLE l1 (LIKE t1);
\d l1
CREATE TABLE l2 (x int, LIKE t1 INCLUDING ALL, y int);
\d l2
CREATE TABLE l3 (LIKE t2 INCLUDING CONSTRAINTS, LIKE t3 INCLUDING INDEXES);
CREATE TABLE l3 (LIKE t2 INCLUDING CONSTRAINTS);
\d l3
CREATE TABLE l4 (LIKE t3 INCLUDING INDEXES);
\d l4
CREATE TABLE l5 (LIKE t1 INCLUDING DEFAULTS EXCLUDING DEFAULTS);
\d l5
CREATE TABLE l6 (a int, LIKE t2);
CREATE TABLE l6 (LIKE nosuch);
CREATE TABLE l6 (LIKE t3_b_key);
COMMENT ON COLUMN t2.a IS 'first';
COMMENT ON CONSTRAINT named ON t2 IS 'a check';
CREATE TABLE l7 (LIKE t2 INCLUDING ALL);
\d+ l7
-- indexes
CREATE INDEX ON t1 (a);
CREATE INDEX ON t1 (a);
CREATE INDEX i1 ON t1 (b DESC, c NULLS FIRST, lower(b), (a + 1)) INCLUDE (d);
CREATE INDEX i2 ON t1 USING hash (b);
CREATE UNIQUE INDEX i3 ON t1 (a DESC NULLS LAST) WHERE a > 0;
CREATE INDEX i4 ON t1 (c COLLATE "POSIX" text_pattern_ops);
CREATE INDEX i1 ON t1 (a);
CREATE INDEX IF NOT EXISTS i1 ON t1 (a);
CREATE INDEX ON t1 (nosuch);
CREATE INDEX ON t1 USING nosuch (a);
CREATE UNIQUE INDEX ON t1 USING hash (a);
CREATE INDEX ON t1 USING hash (a, b);
CREATE INDEX ON t1 (now());
CREATE INDEX ON t1 ((random()));
CREATE INDEX ON t1 (a) WHERE now() > '2020-01-01';
CREATE INDEX ON t1 (a text_ops);
CREATE INDEX ON t1 (a nosuch_ops);
CREATE INDEX ON nosuch (a);
CREATE INDEX ON pg_class (relname);
\d t1
\di
\d i1
SELECT pg_get_indexdef('i1'::regclass, 1, true), pg_get_indexdef('i1'::regclass, 3, true), pg_get_indexdef('i1'::regclass, 4, true), pg_get_indexdef('i1'::regclass, 0, true);
ALTER INDEX i1 RENAME TO i9;
DROP INDEX i9, i2;
DROP INDEX t3_pkey;
DROP INDEX nosuch;
DROP INDEX IF EXISTS nosuch;
DROP INDEX t1;
DROP TABLE i3;
ALTER TABLE t3 DROP CONSTRAINT t3_pkey;
\d t3
ALTER TABLE t3 DROP COLUMN c;
\d t3
\dt
SELECT classid::regclass, pg_describe_object(classid, objid, objsubid), pg_describe_object(refclassid, refobjid, refobjsubid), deptype FROM pg_depend WHERE refobjid = 't2'::regclass OR objid = 't2'::regclass ORDER BY 2, 3, 4;
-- rows
SELECT * FROM t1;
SELECT count(*) FROM t2 WHERE a > 1;
-- drop
DROP TABLE t0, l1;
DROP TABLE nosuch;
DROP TABLE IF EXISTS nosuch;
DROP FOREIGN TABLE t1;
CREATE UNLOGGED TABLE u (a int);
\d u
SELECT relpersistence FROM pg_class WHERE relname = 'u';
RESET search_path;
DROP SCHEMA regress_tab;
DROP SCHEMA regress_tab CASCADE;
