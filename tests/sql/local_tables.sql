-- Rows of plain tables and ALTER TABLE: columns that come and go, values of every kind
CREATE SCHEMA loc;
SET search_path = loc;
CREATE TABLE t (a int, b text);
INSERT INTO t VALUES (1, 'one'), (2, 'two');
ALTER TABLE t ADD COLUMN c int DEFAULT 7;
ALTER TABLE t ADD COLUMN d text NOT NULL DEFAULT 'it''s, "q"';
ALTER TABLE t ADD COLUMN e numeric;
ALTER TABLE t ADD COLUMN f date DEFAULT '2024-02-29';
SELECT * FROM t ORDER BY a;
SELECT a FROM t WHERE c = 7 AND d LIKE 'it%' AND e IS NULL ORDER BY a;
ALTER TABLE t ALTER COLUMN c SET DEFAULT 8;
INSERT INTO t (a, b) VALUES (3, 'three');
SELECT * FROM t ORDER BY a;
ALTER TABLE t DROP COLUMN b;
INSERT INTO t VALUES (4, 5, 'x', 1.50, '2024-01-01');
SELECT * FROM t ORDER BY a;
ALTER TABLE t RENAME COLUMN c TO cc;
ALTER TABLE t RENAME TO tt;
SELECT cc, count(*), sum(e) FROM tt GROUP BY cc ORDER BY cc;
BEGIN;
ALTER TABLE tt ADD COLUMN g int DEFAULT 1;
INSERT INTO tt (a) VALUES (5);
SELECT a, g FROM tt ORDER BY a;
ROLLBACK;
ALTER TABLE tt ADD COLUMN g text DEFAULT 'again';
INSERT INTO tt (a) VALUES (6);
SELECT * FROM tt ORDER BY a;
BEGIN;
DROP TABLE tt;
ROLLBACK;
SELECT count(*) FROM tt;
DROP TABLE tt;
SELECT count(*) FROM tt;

-- Values of every kind come back as they went in
CREATE TABLE v (bo bool, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, n numeric, m numeric(10, 2), t text, vc varchar(5), c char(5), by bytea, d date, ti time, ts timestamp, tz timestamptz, iv interval, u uuid, j json, jb jsonb, ar int[], ta text[]);
INSERT INTO v DEFAULT VALUES;
INSERT INTO v VALUES (true, -32768, 2147483647, -9223372036854775808, 1.5, 'NaN', 1.2300, 2.345, 'tä"x', 'abc', 'ab', '\xdeadbeef', '0044-03-15 BC', '23:59:59.999999', 'infinity', '2024-02-29 12:00:00+02', '1 mon 2 days 03:04:05.6', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a" : 1}', '{"b": [1, 2]}', '{1,NULL,3}', '{"a b",NULL,"c\"d"}');
INSERT INTO v (n, m, f8, d) VALUES ('NaN', -99999999.99, '-Infinity', 'infinity'), (12345678901234567890123456789012345678901234567890.5, 0, -0.0, '2024-12-31');
SET TimeZone = 'UTC';
\x on
SELECT * FROM v ORDER BY n, bo;
\x off

-- Joins, aggregates, subqueries, views, set operations over local rows
CREATE TABLE dept (id int PRIMARY KEY, name text);
CREATE TABLE emp (id int, dept int, pay numeric(10, 2));
INSERT INTO dept VALUES (1, 'a'), (2, 'b'), (3, 'c');
INSERT INTO emp SELECT g, g % 3 + 1, g * 10.5 FROM generate_series(1, 30) g;
SELECT d.name, count(*), sum(pay), avg(pay) FROM emp e JOIN dept d ON d.id = e.dept GROUP BY d.name ORDER BY 1;
SELECT name FROM dept d WHERE EXISTS (SELECT 1 FROM emp WHERE dept = d.id AND pay > 300) ORDER BY 1;
CREATE VIEW rich AS SELECT * FROM emp WHERE pay > 300;
SELECT * FROM rich ORDER BY id;
SELECT id FROM dept UNION SELECT id FROM rich ORDER BY 1;
SELECT name, (SELECT max(pay) FROM emp WHERE dept = d.id) FROM dept d ORDER BY 1;
WITH RECURSIVE r AS (SELECT id FROM dept WHERE id = 1 UNION ALL SELECT d.id FROM dept d JOIN r ON d.id = r.id + 1) SELECT * FROM r ORDER BY 1;
SELECT count(*) FROM pg_class c JOIN dept d ON c.relname = 'dept' AND d.id = 1;
DROP SCHEMA loc CASCADE;
-- rows without columns
CREATE TABLE regress_nothing ();
INSERT INTO regress_nothing DEFAULT VALUES;
INSERT INTO regress_nothing SELECT FROM generate_series(1, 3);
SELECT count(*) FROM regress_nothing;
DROP TABLE regress_nothing;
