-- Queries on tables with children: the whole tree is read, each leaf where it lies; a condition leaves partitions out
\set people :dir '/people.csv'
\set numbers :dir '/numbers.csv'
CREATE EXTENSION file_fdw;
CREATE SERVER f FOREIGN DATA WRAPPER file_fdw;
CREATE TABLE p (a int, b text) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10);
SELECT * FROM p;
SELECT count(*), max(b) FROM p WHERE a = 3;
SELECT tableoid::regclass, * FROM p;
SELECT * FROM p1 JOIN p USING (a) WHERE a > 5;
-- plain inheritance
CREATE TABLE q (id int, name text);
CREATE FOREIGN TABLE q1 (team text, salary numeric, born date) INHERITS (q) SERVER f OPTIONS (filename :'people', format 'csv', header 'true');
CREATE FOREIGN TABLE q2 (more int, n int, f float8, name text, id int) SERVER f OPTIONS (filename :'numbers', format 'csv');
ALTER FOREIGN TABLE q2 DROP COLUMN id;
ALTER FOREIGN TABLE q2 RENAME more TO id;
ALTER FOREIGN TABLE q2 INHERIT q;
SELECT tableoid::regclass, count(*), min(id), max(name) FROM q GROUP BY 1 ORDER BY 1;
SELECT * FROM q WHERE id < 4 AND tableoid = 'q1'::regclass ORDER BY id;
SELECT * FROM q WHERE name LIKE 'B%' ORDER BY 1;
SELECT * FROM q1 WHERE id = 2;
SELECT * FROM ONLY q;
SELECT count(*) FROM q*;
SELECT count(*) FROM q;
SELECT q.name, o.name FROM q JOIN q AS o ON o.id = q.id + 1 WHERE q.name < 'E' AND q.name > 'A' AND o.name > 'A' ORDER BY 1, 2;
SELECT x.name, q1.team FROM q AS x LEFT JOIN q1 ON q1.id = x.id AND q1.salary > 3000 WHERE x.name >= 'D' ORDER BY 1, 2;
SELECT x.team, q.name FROM q1 AS x LEFT JOIN q ON q.id = x.id AND q.name > 'A' WHERE q.name IS NULL OR x.team = 'red' ORDER BY 1, 2;
SELECT * FROM q WHERE EXISTS (SELECT 1 FROM q1 WHERE q1.id = q.id AND q1.team = 'green') AND name > 'A' ORDER BY 1, 2;
SELECT (SELECT max(name) FROM q WHERE q.id <= q1.id AND q.name > 'A') FROM q1 ORDER BY q1.id;
WITH w AS (SELECT id, name FROM q WHERE name > 'A') SELECT count(*), max(id) FROM w;
SELECT id, name FROM q WHERE name > 'A' UNION SELECT id, name FROM q1 ORDER BY 1, 2 LIMIT 3;
SELECT sum(id), left(name, 1) FROM q WHERE name > 'A' GROUP BY 2 HAVING sum(id) > 2 ORDER BY 2;
-- partitions hold what the source has: conditions decide which of them are asked
CREATE TABLE r (id int, n int, f float8, parity text) PARTITION BY RANGE (id);
CREATE FOREIGN TABLE r1 PARTITION OF r FOR VALUES FROM (MINVALUE) TO (100) SERVER f OPTIONS (filename :'numbers', format 'csv');
CREATE FOREIGN TABLE r2 PARTITION OF r FOR VALUES FROM (100) TO (300) SERVER f OPTIONS (filename :'numbers', format 'csv');
CREATE FOREIGN TABLE r3 PARTITION OF r DEFAULT SERVER f OPTIONS (filename :'numbers', format 'csv');
SELECT tableoid::regclass, count(*) FROM r GROUP BY 1 ORDER BY 1;
SELECT tableoid::regclass, count(*) FROM r WHERE id < 100 GROUP BY 1 ORDER BY 1;
SELECT tableoid::regclass, count(*) FROM r WHERE id <= 100 GROUP BY 1 ORDER BY 1;
SELECT tableoid::regclass, count(*) FROM r WHERE id = 100 GROUP BY 1 ORDER BY 1;
SELECT tableoid::regclass, count(*) FROM r WHERE 99 = id GROUP BY 1 ORDER BY 1;
SELECT tableoid::regclass, count(*) FROM r WHERE id >= 300 GROUP BY 1 ORDER BY 1;
SELECT tableoid::regclass, count(*) FROM r WHERE id > 299 GROUP BY 1 ORDER BY 1;
SELECT tableoid::regclass, count(*) FROM r WHERE id = 400 GROUP BY 1 ORDER BY 1;
SELECT tableoid::regclass, count(*) FROM r WHERE id = 50 + 60 GROUP BY 1 ORDER BY 1;
SELECT tableoid::regclass, count(*) FROM r WHERE id IS NULL GROUP BY 1 ORDER BY 1;
SELECT tableoid::regclass, count(*) FROM r WHERE n = 3 GROUP BY 1 ORDER BY 1;
CREATE TABLE l (id int, n int, f float8, parity text) PARTITION BY LIST (parity);
CREATE FOREIGN TABLE l1 PARTITION OF l FOR VALUES IN ('even', 'zero') SERVER f OPTIONS (filename :'numbers', format 'csv');
CREATE FOREIGN TABLE l2 PARTITION OF l FOR VALUES IN ('odd', NULL) SERVER f OPTIONS (filename :'numbers', format 'csv');
SELECT tableoid::regclass, parity, count(*) FROM l GROUP BY 1, 2 ORDER BY 1, 2;
SELECT tableoid::regclass, parity, count(*) FROM l WHERE parity = 'even' GROUP BY 1, 2 ORDER BY 1, 2;
SELECT tableoid::regclass, parity, count(*) FROM l WHERE parity > 'f' GROUP BY 1, 2 ORDER BY 1, 2;
SELECT tableoid::regclass, parity, count(*) FROM l WHERE parity IS NULL GROUP BY 1, 2 ORDER BY 1, 2;
SELECT tableoid::regclass, parity, count(*) FROM l WHERE parity = 'none' GROUP BY 1, 2 ORDER BY 1, 2;
PREPARE by_parity (text) AS SELECT count(*) FROM l WHERE parity = $1;
EXECUTE by_parity ('odd');
EXECUTE by_parity ('even');
-- a tree of trees
CREATE TABLE t (id int, n int, f float8, parity text) PARTITION BY LIST (parity);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN ('even') PARTITION BY RANGE (id);
CREATE FOREIGN TABLE t11 PARTITION OF t1 FOR VALUES FROM (0) TO (200) SERVER f OPTIONS (filename :'numbers', format 'csv');
CREATE FOREIGN TABLE t12 PARTITION OF t1 FOR VALUES FROM (200) TO (1000) SERVER f OPTIONS (filename :'numbers', format 'csv');
CREATE FOREIGN TABLE t2 (parity text, f float8, n int, id int) SERVER f OPTIONS (filename :'numbers', format 'csv');
SELECT tableoid::regclass, count(*) FROM t WHERE id > 250 GROUP BY 1 ORDER BY 1;
SELECT tableoid::regclass, count(*) FROM t WHERE parity = 'odd' GROUP BY 1 ORDER BY 1;
SELECT relid, parentrelid, isleaf, level FROM pg_partition_tree('t') ORDER BY level, relid::text;
SELECT * FROM pg_partition_ancestors('t12');
SELECT pg_partition_root('t12'), pg_partition_root('q');
-- whose privileges: those on the table named
CREATE ROLE regress_tree_u;
GRANT SELECT ON r TO regress_tree_u;
GRANT pg_read_server_files TO regress_tree_u;
SET ROLE regress_tree_u;
SELECT count(*) FROM r WHERE id < 100;
SELECT count(*) FROM r1;
SELECT count(*) FROM l;
RESET ROLE;
\d r
\d+ r
\d r1
\d+ r3
\d q
\d+ q
\d+ q2
\d t1
\dP
\dPn
\dt
\det
\dE
DROP TABLE q;
DROP TABLE q CASCADE;
DROP TABLE r, l, t;
DROP ROLE regress_tree_u;
