-- a serial or identity column that is merged with a parent's keeps its sequence
CREATE SCHEMA cto_far;
CREATE TABLE cto_p (a int); CREATE TABLE cto_q (z int);
CREATE TABLE cto_c (a serial, b text) INHERITS (cto_q, cto_p);
CREATE TABLE cto_i (a int GENERATED ALWAYS AS IDENTITY (START 5), b text) INHERITS (cto_p);
SELECT attname, attidentity, attislocal, pg_get_serial_sequence('cto_i', attname), attnotnull FROM pg_attribute WHERE attrelid = 'cto_i'::regclass AND attnum > 0 ORDER BY attnum;
SELECT classid::regclass, objid::regclass, refobjid::regclass, refobjsubid, deptype FROM pg_depend WHERE refobjid IN ('cto_c'::regclass, 'cto_i'::regclass) AND classid = 'pg_class'::regclass AND objid::regclass::text LIKE 'cto%' ORDER BY 2;
ALTER TABLE cto_c SET SCHEMA cto_far;
ALTER TABLE cto_i SET SCHEMA cto_far;
SELECT relnamespace::regnamespace, relname FROM pg_class WHERE relname ~ '^cto_[ci]' ORDER BY 2;
INSERT INTO cto_far.cto_i (b) VALUES ('x') RETURNING a;
DROP TABLE cto_far.cto_c, cto_far.cto_i;
SELECT relname FROM pg_class WHERE relname ~ '^cto_[ci]' ORDER BY 1;
-- parents are looked up before columns are compared, and expressions before what a partitioned table may have
CREATE FOREIGN DATA WRAPPER cto_w; CREATE SERVER cto_s FOREIGN DATA WRAPPER cto_w;
CREATE FOREIGN TABLE cto_t (a int, a int) INHERITS (cto_p, cto_nosuch) SERVER cto_s;
CREATE TABLE cto_t (a int, a int) INHERITS (cto_p, cto_p);
CREATE TABLE cto_t (a int, a int) INHERITS (cto_p);
CREATE TABLE cto_t (a int, a int) INHERITS (cto_nosuch) WITH (nosuch = 1);
CREATE TABLE cto_t (a int, a int) INHERITS (cto_p) WITH (nosuch = 1);
CREATE TABLE cto_part (a int) PARTITION BY LIST (a);
ALTER TABLE cto_part ADD CONSTRAINT k CHECK (d LIKE 'x%') NO INHERIT;
ALTER TABLE cto_part ADD CONSTRAINT k CHECK (a > 0) NO INHERIT;
DROP TABLE cto_part, cto_q, cto_p; DROP SCHEMA cto_far; DROP FOREIGN DATA WRAPPER cto_w CASCADE;
