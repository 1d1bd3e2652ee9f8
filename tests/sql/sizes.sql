-- What relations take: nothing where there are no rows of their own.
CREATE SCHEMA regress_size;
SET search_path = regress_size;
CREATE TABLE t (a int, b bigint);
CREATE FOREIGN DATA WRAPPER regress_size_w;
CREATE SERVER regress_size_s FOREIGN DATA WRAPPER regress_size_w;
CREATE FOREIGN TABLE f (a int) SERVER regress_size_s;
CREATE VIEW v AS SELECT 1 AS a;
CREATE TABLE p (k int) PARTITION BY RANGE (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE SEQUENCE s;
CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;
CREATE MATERIALIZED VIEW e AS SELECT 1 AS a WITH NO DATA;
SELECT relname, pg_relation_size(oid), pg_table_size(oid), pg_total_relation_size(oid), pg_indexes_size(oid), pg_relation_size(oid, 'main') AS main,
    pg_relation_size(oid, 'init') AS init, pg_size_pretty(pg_table_size(oid)) AS pretty FROM pg_class WHERE relnamespace = 'regress_size'::regnamespace ORDER BY 1;
INSERT INTO t VALUES (1, 1), (2, 2);
INSERT INTO p VALUES (1), (2);
SELECT relname, pg_relation_size(oid), pg_table_size(oid), pg_size_pretty(pg_total_relation_size(oid)) AS total FROM pg_class
    WHERE relnamespace = 'regress_size'::regnamespace ORDER BY 1;
\dt+
\dE+
\dm+
\dv+
\ds+
INSERT INTO t SELECT g, g FROM generate_series(1, 10000) g;
SELECT pg_relation_size('t') BETWEEN 250000 AND 700000 AS some, pg_relation_size('t') % 8192 AS part, pg_total_relation_size('t') >= pg_table_size('t') AS total;
SELECT sum(pg_table_size(c.oid)) > 250000 AS of_all FROM pg_class c JOIN generate_series(1, 1) g ON true WHERE relnamespace = 'regress_size'::regnamespace;
TRUNCATE t;
SELECT pg_relation_size('t');
SELECT pg_relation_size('t', 'nosuch');
SELECT pg_relation_size(77777), pg_table_size(77777), pg_total_relation_size(77777), pg_indexes_size(77777);
SELECT pg_database_size('postgres') > 100000 AS by_name, pg_database_size(5) > 100000 AS by_oid;
SET client_min_messages = warning;
DROP SCHEMA regress_size CASCADE;
DROP FOREIGN DATA WRAPPER regress_size_w CASCADE;
