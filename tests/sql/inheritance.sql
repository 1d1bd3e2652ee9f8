-- INHERITS: columns and CHECKs of parents, ALTER TABLE in a tree, INHERIT and NO INHERIT
\set VERBOSITY verbose
\set SHOW_CONTEXT never
CREATE EXTENSION file_fdw;
CREATE SERVER f FOREIGN DATA WRAPPER file_fdw;
CREATE TABLE p (a int, b text, CONSTRAINT pc CHECK (a > 0));
CREATE FOREIGN TABLE c1 () INHERITS (p) SERVER f OPTIONS (filename '/x');
CREATE FOREIGN TABLE c2 (a int, b text) SERVER f OPTIONS (filename '/x');
CREATE TABLE g1 () INHERITS (c1);
ALTER FOREIGN TABLE c2 INHERIT p;
ALTER FOREIGN TABLE c2 ADD CONSTRAINT pc CHECK (a > 1);
ALTER FOREIGN TABLE c2 INHERIT p;
ALTER FOREIGN TABLE c2 DROP CONSTRAINT pc, ADD CONSTRAINT pc CHECK (a > 0);
ALTER FOREIGN TABLE c2 INHERIT p;
ALTER FOREIGN TABLE c2 INHERIT p;
ALTER TABLE p INHERIT c2;
ALTER TABLE p INHERIT p;
SELECT attrelid::regclass, attname, attislocal, attinhcount FROM pg_attribute WHERE attnum > 0 AND attrelid IN ('p'::regclass,'c1'::regclass,'c2'::regclass,'g1'::regclass) ORDER BY 1,2;
SELECT conrelid::regclass, conname, conislocal, coninhcount FROM pg_constraint WHERE conname ~ 'pc' ORDER BY 1;
ALTER TABLE p ADD COLUMN n int DEFAULT 5 CHECK (n > 1);
ALTER TABLE ONLY p ADD COLUMN m int;
ALTER FOREIGN TABLE c1 ADD COLUMN k int;
ALTER TABLE p ADD COLUMN k int;
ALTER TABLE p ADD COLUMN k text;
ALTER FOREIGN TABLE c2 ADD COLUMN z int;
ALTER TABLE p ADD COLUMN z text;
ALTER TABLE c1 DROP COLUMN k;
ALTER TABLE c1 DROP COLUMN a;
ALTER TABLE c1 ALTER a TYPE bigint;
ALTER TABLE c1 RENAME a TO aa;
ALTER TABLE ONLY p RENAME a TO aa;
ALTER TABLE p RENAME a TO aa;
ALTER TABLE ONLY p ALTER aa TYPE bigint;
ALTER TABLE p ALTER aa TYPE bigint;
ALTER TABLE p ALTER aa SET NOT NULL;
ALTER TABLE ONLY p ALTER b SET NOT NULL;
ALTER TABLE c1 ALTER aa DROP NOT NULL;
ALTER TABLE p ALTER b SET DEFAULT 'x';
ALTER TABLE p ALTER b SET STATISTICS 5;
ALTER TABLE p ADD CONSTRAINT pc2 CHECK (aa < 100);
ALTER TABLE ONLY p ADD CONSTRAINT pc3 CHECK (aa < 100);
ALTER TABLE ONLY p ADD CONSTRAINT pc4 CHECK (aa < 100) NO INHERIT;
ALTER TABLE c1 DROP CONSTRAINT pc2;
ALTER TABLE ONLY p DROP CONSTRAINT pc2;
ALTER TABLE p DROP CONSTRAINT pc2;
ALTER TABLE p DROP CONSTRAINT pc;
\d p
\d c1
\d c2
\d g1
SELECT attrelid::regclass, attname, attislocal, attinhcount FROM pg_attribute WHERE attnum > 0 AND attrelid IN ('p'::regclass,'c1'::regclass,'c2'::regclass,'g1'::regclass) ORDER BY 1,2;
SELECT conrelid::regclass, conname, conislocal, coninhcount FROM pg_constraint WHERE conrelid IN ('p'::regclass,'c1'::regclass,'c2'::regclass,'g1'::regclass) ORDER BY 1,2;
ALTER TABLE ONLY p DROP COLUMN n;
ALTER TABLE p DROP COLUMN k;
ALTER TABLE p DROP COLUMN b;
SELECT attrelid::regclass, attname, attislocal, attinhcount FROM pg_attribute WHERE attnum > 0 AND attrelid IN ('p'::regclass,'c1'::regclass,'c2'::regclass,'g1'::regclass) ORDER BY 1,2;
ALTER TABLE c1 NO INHERIT p;
ALTER TABLE c1 NO INHERIT p;
ALTER TABLE c1 NO INHERIT g1;
SELECT attrelid::regclass, attname, attislocal, attinhcount FROM pg_attribute WHERE attnum > 0 AND attrelid IN ('p'::regclass,'c1'::regclass,'c2'::regclass,'g1'::regclass) ORDER BY 1,2;
SELECT inhrelid::regclass, inhparent::regclass, inhseqno, inhdetachpending FROM pg_inherits ORDER BY 1::text COLLATE "C";
SELECT pg_describe_object(classid,objid,objsubid), pg_describe_object(refclassid,refobjid,refobjsubid), deptype FROM pg_depend WHERE refobjid='p'::regclass AND NOT (classid = 'pg_class'::regclass AND objid IN (SELECT reltoastrelid FROM pg_class)) ORDER BY 1,2,3;
DROP TABLE p;
DROP TABLE p CASCADE;
CREATE TABLE m1 (a int, b text DEFAULT 'x', c int);
CREATE TABLE m2 (a int, b text DEFAULT 'y', d int);
CREATE TABLE m3 (a bigint);
CREATE TABLE m4 (b text COLLATE "C");
CREATE TABLE mm () INHERITS (m1, m2);
CREATE TABLE mm (b text DEFAULT 'z', x int, a int) INHERITS (m1, m2);
\d+ mm
CREATE TABLE mn () INHERITS (m1, m3);
CREATE TABLE mn () INHERITS (m1, m4);
CREATE TABLE mn (a text) INHERITS (m1);
CREATE TABLE mn (b text COLLATE "C") INHERITS (m1);
CREATE TABLE mn () INHERITS (m1, m1);
CREATE TABLE mn () INHERITS (pt);
CREATE TABLE mn () INHERITS (pf);
CREATE TABLE mn () INHERITS (nosuch);
CREATE TABLE mc1 (a int, CONSTRAINT c CHECK (a > 1));
CREATE TABLE mc2 (a int, CONSTRAINT c CHECK (a > 2));
CREATE TABLE mc () INHERITS (mc1, mc2);
CREATE TABLE mc (CONSTRAINT c CHECK (a > 1)) INHERITS (mc1);
CREATE TABLE md (CONSTRAINT c CHECK (a > 3)) INHERITS (mc1);
SELECT conrelid::regclass, conname, conislocal, coninhcount FROM pg_constraint WHERE conname = 'c' ORDER BY 1::text;
DROP TABLE mc1;

-- indexes of partitions, generated columns
DROP TABLE m1, m2, m3, m4, mc1, mc2 CASCADE;
CREATE TABLE pu (a int PRIMARY KEY, b text) PARTITION BY LIST (a);
CREATE TABLE pu2 PARTITION OF pu FOR VALUES IN (8);
CREATE INDEX ON pu (b);
CREATE TABLE mn () INHERITS (pu_pkey);
DROP INDEX pu2_b_idx;
DROP INDEX pu2_pkey;
DROP INDEX pu2_b_idx, pu_b_idx;
DROP INDEX pu_b_idx;
\d pu2
CREATE INDEX x ON pu (b);
DROP TABLE pu2;
CREATE TABLE pu3 PARTITION OF pu FOR VALUES IN (9);
ALTER TABLE pu DETACH PARTITION pu3;
\d pu3
DROP TABLE pu;
ALTER TABLE pu3 DROP CONSTRAINT pu3_pkey;
DROP TABLE pu3;
SELECT count(*) FROM pg_depend WHERE deptype IN ('P','S') AND objid > 16384;
CREATE TABLE a (x int);
CREATE TABLE b () INHERITS (a); CREATE TABLE c () INHERITS (a, b);
DROP TABLE a; DROP TABLE b; DROP TABLE a CASCADE;
CREATE TABLE a (x int, y int GENERATED ALWAYS AS (x + 1) STORED); CREATE TABLE b () INHERITS (a);
\d b
CREATE TABLE b1 (y int DEFAULT 3) INHERITS (a);
CREATE TABLE b1 (y int GENERATED ALWAYS AS (x + 2) STORED) INHERITS (a);
CREATE TABLE b1 (LIKE a INCLUDING ALL);
\d b1
CREATE TABLE b2 (LIKE a);
\d b2
CREATE TABLE b3 (x int, y int);
ALTER TABLE b3 INHERIT a;
ALTER TABLE a ADD COLUMN z int GENERATED ALWAYS AS (x * 2) STORED;
\d b
ALTER TABLE a DROP COLUMN x;
ALTER TABLE a DROP COLUMN x CASCADE;
\d b
