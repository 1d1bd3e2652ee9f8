-- Views that group by a primary key: what they show of the grouping, and that they depend on the key. Materialized views with storage parameters.
CREATE SCHEMA regress_vgk;
SET search_path = regress_vgk;
CREATE TABLE gt (id int PRIMARY KEY, e text, f int);
CREATE TABLE g2k (a int, b int, c text, d text, PRIMARY KEY (a, b));
INSERT INTO gt VALUES (1, 'x', 5), (2, 'y', 5);
CREATE VIEW g1 AS SELECT id, e, f FROM gt GROUP BY id;
CREATE VIEW g2 AS SELECT t.id, t.e, count(*) FROM gt t GROUP BY t.id HAVING t.f > 1 ORDER BY t.e;
CREATE VIEW g3 AS SELECT t.id, t.e, count(*) FROM gt t JOIN gt u ON u.f = t.f GROUP BY t.id, u.id;
CREATE VIEW g4 AS SELECT c, d, sum(b) FROM g2k GROUP BY b, a;
CREATE VIEW g5 AS SELECT id, e, count(*) FROM gt GROUP BY GROUPING SETS ((id, f), (id));
CREATE VIEW g6 AS SELECT x.e FROM (SELECT id, e FROM gt GROUP BY id) x;
CREATE VIEW g7 AS SELECT id, e FROM gt GROUP BY id, e;
CREATE FUNCTION g8() RETURNS SETOF text LANGUAGE sql BEGIN ATOMIC SELECT e FROM gt GROUP BY id; END;
CREATE MATERIALIZED VIEW g9 AS SELECT id, upper(e) AS e FROM gt GROUP BY id;
\sv g1
\sv g2
\sv g3
\sv g4
\sv g5
\sv g6
\sv g7
\sf g8
SELECT pg_get_viewdef('g9');
SELECT * FROM g1 ORDER BY 1;
SELECT * FROM g2;
SELECT * FROM g3 ORDER BY 1, 2;
SELECT * FROM g5 ORDER BY 1, 2, 3;
SELECT * FROM (SELECT pg_describe_object(classid, objid, objsubid) AS what, pg_describe_object(refclassid, refobjid, refobjsubid) AS needs, deptype FROM pg_depend
  WHERE refclassid = 'pg_constraint'::regclass AND deptype = 'n' AND refobjid IN (SELECT oid FROM pg_constraint WHERE connamespace = 'regress_vgk'::regnamespace)) x ORDER BY what COLLATE "C", needs COLLATE "C", deptype;
ALTER TABLE gt RENAME COLUMN e TO "E e";
ALTER TABLE gt RENAME COLUMN id TO ident;
\sv g1
\sv g3
ALTER TABLE gt DROP CONSTRAINT gt_pkey;
ALTER TABLE gt DROP COLUMN ident;
CREATE OR REPLACE VIEW g1 AS SELECT ident AS id, "E e" AS e, f FROM gt;
ALTER TABLE gt DROP CONSTRAINT gt_pkey CASCADE;
\d gt
\sv g1
SELECT ident, f FROM gt GROUP BY ident;
CREATE MATERIALIZED VIEW m1 WITH (fillfactor=70) AS SELECT 1 AS a;
CREATE MATERIALIZED VIEW m2 WITH (fillfactor=70, autovacuum_enabled=off) AS SELECT a FROM g2k WITH NO DATA;
\d+ m1
\d+ m2
CREATE MATERIALIZED VIEW m3 WITH (nosuch=70) AS SELECT 1 AS a;
CREATE MATERIALIZED VIEW m3 WITH (fillfactor=5) AS SELECT 1 AS a;
CREATE MATERIALIZED VIEW m3 WITH (security_barrier) AS SELECT 1 AS a;
ALTER MATERIALIZED VIEW m1 SET (fillfactor=80);
ALTER MATERIALIZED VIEW m1 SET (nosuch=80);
ALTER MATERIALIZED VIEW m1 RESET (fillfactor);
\d+ m1
DROP SCHEMA regress_vgk CASCADE;
