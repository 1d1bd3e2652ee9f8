-- Two features at once, where each alone is well known.
\set VERBOSITY verbose
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE ROLE r;
-- SETOF: CREATE refuses it, ADD takes no notice
CREATE TYPE c AS (a int); ALTER TYPE c ADD ATTRIBUTE b SETOF int; CREATE TYPE c2 AS (a SETOF int);
CREATE TABLE ts (a SETOF int); CREATE TABLE ts (a int);
ALTER TABLE ts ADD b SETOF int, ADD IF NOT EXISTS a SETOF int;
ALTER TABLE ts ALTER b TYPE SETOF text;
CREATE FOREIGN TABLE tc (a int, b SETOF int) SERVER s;
CREATE FOREIGN TABLE tc (a int) INHERITS (ts) SERVER s; ALTER TABLE ts ADD c SETOF int; ALTER FOREIGN TABLE tc ADD d SETOF int;
\d tc
\d c
-- system columns and identity
ALTER TABLE ts ALTER ctid ADD GENERATED ALWAYS AS IDENTITY;
ALTER FOREIGN TABLE tc ALTER tableoid ADD GENERATED ALWAYS AS IDENTITY;
ALTER FOREIGN TABLE tc ALTER nosuch ADD GENERATED ALWAYS AS IDENTITY;
ALTER TABLE ts ALTER ctid SET GENERATED ALWAYS;
-- array types by their brackets
DROP TYPE nosuch[];
DROP TYPE IF EXISTS nosuch[], a.b[], int[];
DROP DOMAIN IF EXISTS nosuch(4)[][3];
DROP TYPE c[];
DROP TYPE c[] CASCADE;
DROP DOMAIN c[];
DROP TYPE c[][];
DROP TYPE int ARRAY;
SELECT 'c'::regtype;
-- into pg_catalog, on which nothing depends, and out again
CREATE TYPE cc AS (a int); CREATE DOMAIN d AS int; CREATE TYPE e AS ENUM (); CREATE COLLATION co FROM "C";
ALTER TYPE cc SET SCHEMA pg_catalog; ALTER DOMAIN d SET SCHEMA pg_catalog; ALTER TYPE e SET SCHEMA pg_catalog; ALTER COLLATION co SET SCHEMA pg_catalog;
SELECT pg_describe_object(classid, objid, objsubid), deptype FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass AND objid >= 16384 ORDER BY 1;
ALTER TYPE pg_catalog.cc SET SCHEMA public; ALTER DOMAIN pg_catalog.d SET SCHEMA public; ALTER COLLATION pg_catalog.co SET SCHEMA information_schema;
SELECT pg_describe_object(classid, objid, objsubid), pg_describe_object(refclassid, refobjid, 0), deptype FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass AND objid >= 16384 ORDER BY 1;
-- VALUE and its elements
CREATE DOMAIN dv AS int[] CHECK (VALUE[1] > 3 AND VALUE[1:2] IS NOT NULL AND VALUE[2] = ANY (VALUE));
CREATE DOMAIN dvc AS c CHECK ((VALUE).a > 3);
\dD dv*
SELECT pg_get_constraintdef(oid), pg_get_constraintdef(oid, true) FROM pg_constraint WHERE contypid::regtype::text LIKE 'dv%' ORDER BY conname;
-- a domain whose array has a domain with a CHECK
CREATE DOMAIN d1 AS int CHECK (VALUE > 0); CREATE DOMAIN d4 AS d1[] CHECK (array_length(VALUE, 1) < 3 AND VALUE[1] > 2);
ALTER DOMAIN d1 ADD CHECK (VALUE < 100); ALTER DOMAIN d1 ADD CONSTRAINT x CHECK (VALUE < 200) NOT VALID; ALTER DOMAIN d1 VALIDATE CONSTRAINT x; ALTER DOMAIN d1 SET NOT NULL;
\dD d1
-- the type of a column that another parent gives too
CREATE TABLE p (a int, b text); CREATE TABLE p2 (b text); CREATE FOREIGN TABLE f1 (z int) INHERITS (p, p2) SERVER s; CREATE FOREIGN TABLE f2 () INHERITS (f1, p) SERVER s;
ALTER TABLE p ALTER b TYPE varchar(10);
ALTER TABLE p2 ALTER b TYPE varchar(10);
ALTER TABLE p ALTER a TYPE bigint;
ALTER FOREIGN TABLE f1 ALTER z TYPE text;
ALTER FOREIGN TABLE f1 NO INHERIT p2; ALTER TABLE p ALTER b TYPE varchar(10);
\d f2
-- a trigger's condition with CASE
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
CREATE TRIGGER t5 BEFORE INSERT ON f1 FOR EACH ROW WHEN (new.b LIKE 'x%' OR CASE new.a WHEN 1 THEN CASE WHEN true THEN true END END OR new.a > 3) EXECUTE FUNCTION tf();
\d f1
SELECT pg_get_triggerdef(oid), pg_get_triggerdef(oid, true) FROM pg_trigger WHERE tgname = 't5';
-- which of two errors comes first
CREATE VIEW v WITH (check_option = x) AS SELECT 1;
CREATE VIEW v WITH (check_option = x) AS SELECT a FROM ts;
CREATE VIEW v WITH (nosuch = x) AS SELECT 1 WITH CHECK OPTION;
CREATE MATERIALIZED VIEW mv AS SELECT a, b FROM ts WITH NO DATA;
REFRESH MATERIALIZED VIEW CONCURRENTLY mv WITH NO DATA;
REFRESH MATERIALIZED VIEW mv;
REFRESH MATERIALIZED VIEW CONCURRENTLY mv WITH NO DATA;
CREATE TABLE pt (a int) PARTITION BY LIST (a); CREATE FOREIGN TABLE pt1 PARTITION OF pt DEFAULT SERVER s;
ALTER TABLE pt DETACH PARTITION ts CONCURRENTLY;
ALTER TABLE pt DETACH PARTITION nosuch CONCURRENTLY;
CREATE FOREIGN TABLE pt2 PARTITION OF pg_am DEFAULT SERVER s;
-- indexes of materialized views without rows
REFRESH MATERIALIZED VIEW mv WITH NO DATA;
CREATE INDEX ON mv (a) WHERE b > 'a'; CREATE UNIQUE INDEX ON mv ((a + 1)); REINDEX TABLE mv;
\d mv
INSERT INTO ts VALUES (2147483647, 'b');
REFRESH MATERIALIZED VIEW mv;
DELETE FROM ts; REFRESH MATERIALIZED VIEW mv;
-- materialized views that would be temporary
CREATE MATERIALIZED VIEW pg_temp.x AS SELECT 1;
CREATE MATERIALIZED VIEW IF NOT EXISTS pg_temp.x AS SELECT 1 WITH NO DATA;
CREATE TEMP TABLE x (a int);
CREATE MATERIALIZED VIEW IF NOT EXISTS pg_temp.x AS SELECT 1;
CREATE MATERIALIZED VIEW pg_temp.x AS SELECT 1;
CREATE MATERIALIZED VIEW pg_temp.x2 (a, b) AS SELECT 1;
GRANT CREATE ON SCHEMA public TO r; SET ROLE r;
CREATE MATERIALIZED VIEW pg_temp.x2 AS SELECT * FROM ts;
CREATE MATERIALIZED VIEW pg_temp.x2 AS SELECT * FROM ts WITH NO DATA;
RESET ROLE;
-- bounds of partitions that are computed
CREATE FUNCTION f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 + 1';
CREATE FUNCTION fp(int) RETURNS int VOLATILE LANGUAGE plpgsql AS 'BEGIN RETURN $1 + 100; END';
CREATE FUNCTION fn() RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE FUNCTION fe() RETURNS int LANGUAGE plpgsql AS $$BEGIN RAISE EXCEPTION 'no' USING errcode = 'AB123'; END$$;
CREATE TABLE pl (a text) PARTITION BY LIST (a); CREATE TABLE pr (a int, b date) PARTITION BY RANGE (a, b);
CREATE FOREIGN TABLE l1 PARTITION OF pl FOR VALUES IN (current_user, session_user || 'x', NULL) SERVER s;
CREATE FOREIGN TABLE l2 PARTITION OF pl FOR VALUES IN (CASE WHEN true THEN 'c' ELSE 'd' END, coalesce(NULL, 'e'), 1 || 'a', current_database()) SERVER s;
CREATE FOREIGN TABLE l2 PARTITION OF pl FOR VALUES IN (CASE WHEN true THEN 'c' ELSE 'd' END, coalesce(NULL, 'e'), nullif('f', 'g'), greatest('h', 'i'), (ARRAY['p', 'q'])[2], 1 || 'a') SERVER s;
CREATE FOREIGN TABLE l3 PARTITION OF pl FOR VALUES IN (fn()) SERVER s;
CREATE FOREIGN TABLE l3 PARTITION OF pl FOR VALUES IN (f(3)::text, fp(4)::text) SERVER s;
CREATE FOREIGN TABLE l4 PARTITION OF pl FOR VALUES IN (current_role) SERVER s;
CREATE FOREIGN TABLE l4 PARTITION OF pl FOR VALUES IN ((NOT true)::text) SERVER s;
CREATE FOREIGN TABLE r1 PARTITION OF pr FOR VALUES FROM (f(1), '2020-01-01') TO (f(2) + 1, date '2020-01-01' + 3) SERVER s;
CREATE FOREIGN TABLE r2 PARTITION OF pr FOR VALUES FROM (fp(1), '2020-01-01') TO (fp(3), '2020-01-01'::timestamp + interval '1 day') SERVER s;
CREATE FOREIGN TABLE r3 PARTITION OF pr FOR VALUES FROM (fe(), '2020-01-01') TO (fp(3), '2020-01-01') SERVER s;
CREATE FOREIGN TABLE r3 PARTITION OF pr FOR VALUES FROM (1/0, '2020-01-01') TO (fp(3), '2020-01-01') SERVER s;
\d+ pl
\d+ pr
-- an extension with members elsewhere
CREATE SCHEMA x; CREATE SCHEMA y; CREATE EXTENSION postgres_fdw SCHEMA x;
ALTER FUNCTION x.postgres_fdw_handler() SET SCHEMA public;
ALTER EXTENSION postgres_fdw SET SCHEMA y;
ALTER EXTENSION postgres_fdw SET SCHEMA pg_temp;
ALTER EXTENSION postgres_fdw SET SCHEMA nosuch;
ALTER FUNCTION public.postgres_fdw_handler() SET SCHEMA x;
ALTER EXTENSION postgres_fdw SET SCHEMA pg_temp;
ALTER EXTENSION postgres_fdw SET SCHEMA y;
\dx postgres_fdw
-- Bounds: what is not reached is not computed, what is reached once.
create table bounds (d int) partition by range (d);
create sequence bound_numbers;
create function say(i int) returns int language plpgsql as $$ begin raise notice 'say %', i; return i; end $$;
create table bounds1 partition of bounds for values from (100) to (case when true then 110 else 1 / 0 end);
create table bounds2 partition of bounds for values from (300) to (coalesce(say(309), 1 / 0));
create table bounds3 partition of bounds for values from (say(1)) to (say(say(say(2))));
create table bounds4 partition of bounds for values from (700) to (greatest(709, 708 + nextval('bound_numbers') + say(1)));
\d+ bounds
