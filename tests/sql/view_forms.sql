-- Views: which can be written through, options, what OR REPLACE and ALTER take and refuse, RECURSIVE.
\set VERBOSITY verbose
\pset format unaligned
CREATE TABLE a (id int, name text, g int GENERATED ALWAYS AS (id + 1) STORED);
CREATE VIEW v1 AS SELECT id, name FROM a;
CREATE VIEW v2 AS SELECT id + 1 AS x, name FROM a;
CREATE VIEW v3 AS SELECT DISTINCT id FROM a;
CREATE VIEW v4 AS SELECT id FROM v1;
CREATE VIEW v5 AS SELECT a.id, b.name FROM a, a b;
CREATE VIEW v6 AS SELECT id FROM v3;
CREATE VIEW v7 AS SELECT id, id AS id2, g FROM a;
CREATE VIEW v8 AS SELECT count(*) FROM a;
CREATE VIEW v9 AS SELECT id FROM a LIMIT 1;
CREATE VIEW v10 AS SELECT id FROM a UNION SELECT id FROM a;
CREATE VIEW v11 AS WITH w AS (SELECT 1) SELECT id FROM a;
CREATE VIEW v12 AS SELECT 1 AS x;
CREATE VIEW v13 AS SELECT * FROM a WHERE id IN (SELECT id FROM v1);
CREATE VIEW v14 AS SELECT ctid, id FROM a;
CREATE VIEW v15 AS SELECT generate_series(1, id) FROM a;
CREATE VIEW v16 AS SELECT a.*, row_number() OVER () FROM a;
CREATE EXTENSION postgres_fdw;
CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw;
CREATE FOREIGN TABLE ft (id int, name text) SERVER s;
CREATE FOREIGN TABLE fro (id int, name text) SERVER s OPTIONS (updatable 'false');
CREATE VIEW vf AS SELECT * FROM ft;
CREATE VIEW vfro AS SELECT * FROM fro;
SELECT table_name, is_updatable, is_insertable_into, is_trigger_updatable, is_trigger_deletable, is_trigger_insertable_into, check_option FROM information_schema.views WHERE table_schema = 'public' ORDER BY length(table_name), 1;
SELECT table_name, table_type, is_insertable_into FROM information_schema.tables WHERE table_schema = 'public' ORDER BY length(table_name), 1;
SELECT table_name, column_name, is_updatable, is_generated FROM information_schema.columns WHERE table_schema = 'public' ORDER BY length(table_name), 1, ordinal_position;
SELECT c.relname, pg_relation_is_updatable(c.oid, false), pg_relation_is_updatable(c.oid, true), pg_column_is_updatable(c.oid, 1::smallint, false), pg_column_is_updatable(c.oid, 1::smallint, true) FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'f') ORDER BY length(relname), 1;
CREATE FUNCTION tr() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER t1 INSTEAD OF INSERT ON v2 FOR EACH ROW EXECUTE FUNCTION tr();
CREATE TRIGGER t2 INSTEAD OF UPDATE OR DELETE ON v3 FOR EACH ROW EXECUTE FUNCTION tr();
SELECT table_name, is_updatable, is_insertable_into, is_trigger_updatable, is_trigger_deletable, is_trigger_insertable_into FROM information_schema.views WHERE table_name IN ('v2', 'v3', 'v6') ORDER BY 1;
CREATE VIEW o1 WITH (security_barrier) AS SELECT * FROM a;
CREATE VIEW o2 WITH (security_invoker = on, check_option = local) AS SELECT * FROM v1;
CREATE VIEW o3 AS SELECT * FROM v1 WITH CHECK OPTION;
CREATE VIEW o4 AS SELECT * FROM v1 WITH LOCAL CHECK OPTION;
CREATE VIEW o5 WITH (check_option = 'bogus') AS SELECT * FROM v1;
CREATE VIEW o5 WITH (security_barrier = 'maybe') AS SELECT * FROM v1;
CREATE VIEW o5 WITH (bogus = 1) AS SELECT * FROM v1;
CREATE VIEW o5 WITH (security_barrier, security_barrier) AS SELECT * FROM v1;
CREATE VIEW o5 WITH (check_option = local) AS SELECT * FROM v1 WITH CHECK OPTION;
CREATE VIEW o5 AS SELECT * FROM v3 WITH CHECK OPTION;
CREATE VIEW o5 WITH (other.x = 1) AS SELECT 1;
\d+ o1
\d+ o2
\d+ o3
\d+ o4
SELECT relname, reloptions FROM pg_class WHERE relname ~ '^o[0-9]' ORDER BY 1;
CREATE OR REPLACE VIEW o1 AS SELECT * FROM a;
SELECT relname, reloptions FROM pg_class WHERE relname ~ '^o[0-9]' ORDER BY 1;
CREATE OR REPLACE VIEW v1 AS SELECT id FROM a;
CREATE OR REPLACE VIEW v1 AS SELECT id, name, 3 AS x FROM a;
CREATE OR REPLACE VIEW v1 AS SELECT id::bigint, name, 3 AS x FROM a;
CREATE OR REPLACE VIEW v1 AS SELECT id, name AS nn, 3 AS x FROM a;
CREATE OR REPLACE VIEW v1 (p, q) AS SELECT id, name, 3 AS x FROM a;
CREATE OR REPLACE VIEW v1 AS SELECT id, name COLLATE "C", 3 AS x FROM a;
CREATE OR REPLACE VIEW v1 AS SELECT id, name, 3 AS x, 4 AS x FROM a;
CREATE OR REPLACE VIEW v1 AS SELECT id, name, 3 AS x, id AS id FROM a;
CREATE OR REPLACE VIEW a AS SELECT 1;
CREATE OR REPLACE VIEW ft AS SELECT 1;
CREATE VIEW v1 AS SELECT 1;
CREATE OR REPLACE VIEW v1 AS SELECT * FROM v1;
CREATE OR REPLACE VIEW v1 AS SELECT id, name, 3 AS x FROM nosuch;
CREATE VIEW n1 (a, b, c) AS SELECT 1, 2;
CREATE VIEW n1 (a) AS SELECT 1, 2;
\d n1
CREATE VIEW n2 (a, a) AS SELECT 1, 2;
CREATE VIEW n3 AS SELECT $1;
CREATE VIEW n4 AS SELECT 'x'::unknown;
CREATE VIEW n5 AS SELECT * INTO z FROM a;
CREATE VIEW n6 AS SELECT;
\d+ n6
CREATE UNLOGGED VIEW n7 AS SELECT 1;
CREATE VIEW nosuch.v AS SELECT 1;
CREATE VIEW pg_catalog.vv AS SELECT 1;
CREATE VIEW n8 AS SELECT ROW(1, 2) AS r;
CREATE VIEW n8 AS SELECT NULL AS r;
\d+ n8
CREATE RECURSIVE VIEW r1 (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM r1 WHERE n < 5;
\d+ r1
SELECT * FROM r1;
CREATE RECURSIVE VIEW public.r2 (n, m) AS SELECT 1, 'a'::text UNION SELECT n + 1, m FROM r2 WHERE n < 3;
\d+ r2
CREATE OR REPLACE RECURSIVE VIEW r1 (n) AS VALUES (2) UNION ALL SELECT n + 1 FROM r1 WHERE n < 4;
SELECT * FROM r1;
CREATE RECURSIVE VIEW r3 (n) AS SELECT 1 WITH CHECK OPTION;
CREATE RECURSIVE VIEW r3 (n) WITH (security_barrier) AS SELECT 1;
\d+ r3
ALTER VIEW v1 ALTER COLUMN id SET DEFAULT 5;
\d+ v1
ALTER VIEW v1 ALTER id DROP DEFAULT;
ALTER VIEW v1 ALTER nosuch SET DEFAULT 5;
ALTER VIEW IF EXISTS nosuch ALTER id SET DEFAULT 5;
ALTER VIEW nosuch ALTER id SET DEFAULT 5;
ALTER VIEW a ALTER id SET DEFAULT 5;
ALTER VIEW v1 OWNER TO nosuch;
ALTER VIEW v1 OWNER TO CURRENT_USER;
ALTER VIEW v1 RENAME COLUMN id TO idd;
ALTER VIEW v1 RENAME name TO nam;
ALTER VIEW v1 RENAME nosuch TO nam;
ALTER VIEW v1 RENAME idd TO nam;
\d+ v1
\d+ v4
ALTER VIEW v1 RENAME TO v1b;
ALTER VIEW IF EXISTS nosuch RENAME TO x;
ALTER VIEW a RENAME TO x;
CREATE SCHEMA sc;
ALTER VIEW v1b SET SCHEMA sc;
ALTER VIEW IF EXISTS nosuch SET SCHEMA sc;
\d+ v4
ALTER VIEW sc.v1b SET (security_barrier = true, check_option = cascaded);
ALTER VIEW sc.v1b SET (check_option);
ALTER VIEW sc.v1b SET (security_invoker = 3);
ALTER VIEW sc.v1b RESET (security_barrier, nosuch);
ALTER VIEW sc.v1b RESET (check_option = local);
ALTER VIEW v8 SET (check_option = local);
\d+ sc.v1b
ALTER TABLE sc.v1b SET (security_barrier);
ALTER TABLE sc.v1b ADD COLUMN z int;
ALTER TABLE sc.v1b DROP COLUMN nam;
ALTER TABLE sc.v1b ALTER COLUMN nam TYPE varchar;
ALTER TABLE sc.v1b ALTER COLUMN nam SET NOT NULL;
ALTER TABLE sc.v1b RENAME COLUMN nam TO naam;
ALTER VIEW v4 SET (security_barrier), SET (security_invoker);
DROP VIEW sc.v1b;
DROP VIEW nosuch;
DROP VIEW IF EXISTS nosuch, v16;
DROP VIEW a;
DROP TABLE v4;
DROP VIEW sc.v1b CASCADE;
ALTER TABLE a DROP COLUMN name;
ALTER TABLE a DROP COLUMN name CASCADE;
DROP TABLE a;
DROP TABLE a CASCADE;
