-- CREATE VIEW, CREATE OR REPLACE VIEW, ALTER VIEW, DROP VIEW
\pset format unaligned
CREATE ROLE regress_v_a;
CREATE ROLE regress_v_b;
CREATE FOREIGN DATA WRAPPER regress_v_w;
CREATE SERVER regress_v_s FOREIGN DATA WRAPPER regress_v_w;
CREATE SCHEMA regress_v;
CREATE SCHEMA regress_v2;
SET search_path = regress_v, public;
CREATE FOREIGN TABLE t (a int, b text, c numeric(10,2), d timestamptz, e varchar(10), f int[]) SERVER regress_v_s;
CREATE FOREIGN TABLE u (a int, x text, "Y z" bigint) SERVER regress_v_s;
-- plain forms
CREATE VIEW v1 AS SELECT a FROM t;
CREATE VIEW v2 AS SELECT * FROM t;
CREATE VIEW v3 (p, q) AS SELECT a, b, c FROM t WHERE a > 1 AND b = 'x';
CREATE VIEW v4 AS SELECT t.a, u.x FROM t JOIN u ON t.a = u.a WHERE t.c < 10.5 OR u.x IS NULL;
CREATE VIEW v5 AS SELECT t.a AS k, u.x FROM t LEFT JOIN u USING (a) ORDER BY t.a DESC, u.x NULLS FIRST LIMIT 5 OFFSET 2;
CREATE VIEW v6 AS SELECT a, count(*) AS n, sum(c) AS s, max(b) FROM t GROUP BY a HAVING count(*) > 1;
CREATE VIEW v7 AS SELECT a FROM t UNION SELECT a FROM u;
CREATE VIEW v8 AS SELECT a FROM t UNION ALL (SELECT a FROM u INTERSECT SELECT 1) ORDER BY 1;
CREATE VIEW v9 AS WITH w AS (SELECT a, b FROM t) SELECT w.a, w2.b FROM w, w w2 WHERE w.a = w2.a;
CREATE VIEW v10 AS SELECT DISTINCT b FROM t;
CREATE VIEW v11 AS SELECT DISTINCT ON (a) a, b FROM t ORDER BY a, b;
CREATE VIEW v12 AS SELECT CASE WHEN a > 1 THEN 'x' ELSE b END AS y, a FROM t;
CREATE VIEW v13 AS SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a);
CREATE VIEW v14 AS SELECT a FROM t WHERE a IN (SELECT a FROM u) AND b NOT IN (SELECT x FROM u);
CREATE VIEW v15 AS SELECT a, (SELECT max(x) FROM u WHERE u.a = t.a) AS m FROM t;
CREATE VIEW v16 AS SELECT * FROM (SELECT a, b FROM t) s WHERE s.a > 0;
CREATE VIEW v17 AS SELECT s.p FROM (SELECT a FROM t) s (p);
CREATE VIEW v18 AS VALUES (1, 'a'), (2, 'b');
CREATE VIEW v19 AS SELECT * FROM generate_series(1, 3) g;
CREATE VIEW v20 AS SELECT row_number() OVER (PARTITION BY a ORDER BY b DESC) AS r, sum(a) OVER w AS s FROM t WINDOW w AS (ORDER BY a ROWS BETWEEN 1 PRECEDING AND CURRENT ROW);
CREATE VIEW v21 AS SELECT string_agg(b, ',' ORDER BY a DESC) AS s, count(DISTINCT b) FILTER (WHERE a > 0) AS c FROM t;
CREATE VIEW v22 AS SELECT a::text AS t, b::varchar(5) AS v, c::int AS i, '1'::int AS one, d AT TIME ZONE 'UTC' AS z, extract(year FROM d) AS y FROM t;
CREATE VIEW v23 AS SELECT a, b FROM t CROSS JOIN (SELECT 1 AS one) o;
CREATE VIEW v24 AS SELECT t.a, u.a AS ua, u."Y z" FROM t FULL JOIN u ON t.a = u.a;
CREATE VIEW v25 AS SELECT a, b FROM ONLY t;
CREATE VIEW v26 AS SELECT x.a FROM t x, t y, u t WHERE x.a = y.a AND t.a = x.a;
CREATE VIEW v27 AS SELECT f[1] AS f1, f[1:2] AS f2, ARRAY[a, 2] AS g, a = ANY (f) AS h, b LIKE 'x%' AS l, a BETWEEN 1 AND 2 AS m, coalesce(b, 'q') AS n FROM t;
CREATE VIEW v28 AS SELECT lower(b) AS l FROM t GROUP BY lower(b) ORDER BY lower(b);
CREATE VIEW v29 AS SELECT a FROM t LIMIT ALL;
CREATE VIEW v30 AS SELECT relname, relnamespace::regnamespace FROM pg_class;
CREATE VIEW v31 AS SELECT v1.a, v4.x FROM v1 JOIN v4 USING (a);
CREATE VIEW v32 AS SELECT 1;
CREATE VIEW v33 AS SELECT NULL AS n, 'a' AS t, 1.5 AS f, true AS b, -1 AS m, now() AS w, current_user AS u;
CREATE RECURSIVE VIEW v34 (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM v34 WHERE n < 5;
CREATE VIEW v35 AS SELECT t.a FROM t, LATERAL (SELECT u.x FROM u WHERE u.a = t.a) l;
CREATE VIEW v36 AS SELECT a, b FROM t ORDER BY b COLLATE "C";
CREATE VIEW v37 AS SELECT b COLLATE "POSIX" AS b FROM t;
CREATE VIEW v38 AS SELECT t.a IS DISTINCT FROM u.a AS d, NOT (t.a > 1) AS n, t.a IS NOT NULL AS nn, (t.a > 1) IS TRUE AS it FROM t, u;
CREATE VIEW v39 AS SELECT a + 1 AS p, a * (a + 2) - 3 AS q, -a AS r, b || 'x' AS s FROM t;
CREATE VIEW v40 AS SELECT count(*) FROM t;
\set v 0
SELECT 'v' || i AS name, pg_get_viewdef(('v' || i)::regclass) AS def FROM generate_series(1, 40) i;
SELECT 'v' || i AS name, pg_get_viewdef(('v' || i)::regclass, true) AS def FROM generate_series(1, 40) i;
\d v1
\d v3
\d+ v4
\d+ v2
\dv
\dv+ v1
\sv v4
SELECT viewname, viewowner, definition FROM pg_views WHERE schemaname = 'regress_v' ORDER BY 1 LIMIT 3;
SELECT table_name, is_updatable, is_insertable_into, check_option, view_definition FROM information_schema.views WHERE table_name IN ('v18', 'v19', 'v32') ORDER BY 1;
SELECT relname, relkind, relhasrules, relnatts, relchecks, reltuples, relpages, reloptions, relacl, relam, relfilenode, relreplident FROM pg_class WHERE oid = 'v3'::regclass;
SELECT rulename, ev_type, ev_enabled, is_instead FROM pg_rewrite WHERE ev_class = 'v1'::regclass;
SELECT pg_describe_object(classid, objid, objsubid), pg_describe_object(refclassid, refobjid, refobjsubid), deptype FROM pg_depend WHERE classid = 'pg_rewrite'::regclass AND objid IN (SELECT oid FROM pg_rewrite WHERE ev_class IN ('v4'::regclass, 'v31'::regclass, 'v9'::regclass, 'v15'::regclass)) ORDER BY 1, 2, 3;
SELECT typname, typtype, typcategory FROM pg_type WHERE typname IN ('v1', '_v1') ORDER BY 1;
SELECT attname, atttypid::regtype, attnum, attcollation::regcollation FROM pg_attribute WHERE attrelid = 'v3'::regclass ORDER BY attnum;
-- names are those of creation
SET search_path = public;
SELECT pg_get_viewdef('regress_v.v4');
SELECT pg_get_viewdef('regress_v.v31'::regclass, true);
SELECT * FROM regress_v.v32;
SELECT * FROM regress_v.v18 ORDER BY 1;
SELECT * FROM regress_v.v19;
SELECT n FROM regress_v.v34;
SET search_path = regress_v, public;
-- errors of CREATE
CREATE VIEW v1 AS SELECT 1;
CREATE VIEW t AS SELECT 1;
CREATE OR REPLACE VIEW t AS SELECT 1;
CREATE VIEW e1 AS SELECT nothing FROM t;
CREATE VIEW e1 AS SELECT * FROM nothing;
CREATE VIEW e1 AS SELECT a, a FROM t;
CREATE VIEW e1 (a, b, c) AS SELECT a, b FROM t;
CREATE VIEW e1 (a, a) AS SELECT a, b FROM t;
CREATE VIEW e1 AS SELECT;
CREATE VIEW e1 AS SELECT a INTO z FROM t;
CREATE UNLOGGED VIEW e1 AS SELECT 1;
CREATE VIEW e1 AS SELECT ROW(1, 2);
CREATE VIEW e1 AS SELECT $1;
CREATE VIEW nowhere.e1 AS SELECT 1 AS a;
CREATE VIEW pg_catalog.e1 AS SELECT 1 AS a;
CREATE VIEW e1 AS SELECT count(*) FROM t WHERE count(*) > 1;
CREATE VIEW e1 WITH (foo = 1) AS SELECT 1 AS a;
CREATE VIEW e1 WITH (security_barrier = maybe) AS SELECT 1 AS a;
CREATE VIEW e1 WITH (check_option = foo) AS SELECT a FROM t;
CREATE VIEW e1 WITH (security_barrier, security_barrier = false) AS SELECT a FROM t;
CREATE VIEW e1 AS SELECT 1 AS a WITH CHECK OPTION;
CREATE VIEW e1 AS SELECT DISTINCT a FROM t WITH CHECK OPTION;
CREATE VIEW e1 AS SELECT a FROM t GROUP BY a WITH CHECK OPTION;
CREATE VIEW e1 AS SELECT max(a) FROM t WITH CHECK OPTION;
CREATE VIEW e1 AS SELECT a FROM t UNION SELECT 1 WITH CHECK OPTION;
CREATE VIEW e1 AS SELECT a FROM t LIMIT 1 WITH CHECK OPTION;
CREATE VIEW e1 AS WITH w AS (SELECT 1) SELECT a FROM t WITH CHECK OPTION;
CREATE VIEW e1 AS SELECT t.a FROM t, u WITH CHECK OPTION;
CREATE VIEW e1 AS SELECT a + 1 AS b FROM t WITH CHECK OPTION;
CREATE VIEW e1 AS SELECT row_number() OVER () AS b, a FROM t WITH CHECK OPTION;
CREATE RECURSIVE VIEW e1 (n) AS SELECT 1 WITH CHECK OPTION;
-- options
CREATE VIEW o1 WITH (security_barrier) AS SELECT a FROM t WHERE a > 0;
CREATE VIEW o2 WITH (security_barrier = true, security_invoker = on) AS SELECT a FROM t;
CREATE VIEW o3 AS SELECT a FROM t WHERE a > 0 WITH LOCAL CHECK OPTION;
CREATE VIEW o4 AS SELECT a FROM t WHERE a > 0 WITH CASCADED CHECK OPTION;
CREATE VIEW o5 WITH (check_option = local) AS SELECT a FROM t;
SELECT relname, reloptions FROM pg_class WHERE relname ~ '^o[0-9]' ORDER BY 1;
\d+ o1
\d+ o3
-- replacing
CREATE OR REPLACE VIEW r1 AS SELECT a, b FROM t;
CREATE OR REPLACE VIEW r1 AS SELECT a, b FROM t WHERE a > 5;
CREATE OR REPLACE VIEW r1 AS SELECT a, b, c FROM t;
CREATE OR REPLACE VIEW r1 AS SELECT a, b FROM t;
CREATE OR REPLACE VIEW r1 AS SELECT a AS z, b, c FROM t;
CREATE OR REPLACE VIEW r1 AS SELECT a::bigint AS a, b, c FROM t;
CREATE OR REPLACE VIEW r1 AS SELECT a, b::varchar(3), c FROM t;
CREATE OR REPLACE VIEW r1 AS SELECT a, b COLLATE "C" AS b, c FROM t;
CREATE OR REPLACE VIEW r1 WITH (security_barrier) AS SELECT a, b, c, d FROM t;
\d+ r1
-- dependencies
DROP FOREIGN TABLE u;
DROP FOREIGN TABLE t;
DROP VIEW v1;
ALTER FOREIGN TABLE t DROP COLUMN c;
ALTER FOREIGN TABLE t ALTER COLUMN c TYPE int;
ALTER FOREIGN TABLE u DROP COLUMN x;
DROP VIEW v31;
DROP VIEW v1, v2;
DROP VIEW v1;
DROP VIEW IF EXISTS v1;
DROP VIEW nowhere.v;
DROP VIEW IF EXISTS nowhere.v;
DROP VIEW t;
DROP TABLE v3;
DROP FOREIGN TABLE v3;
-- renaming
ALTER VIEW v3 RENAME TO v3n;
ALTER VIEW v3n RENAME COLUMN p TO pp;
ALTER VIEW v3n RENAME q TO qq;
ALTER VIEW v3n RENAME COLUMN nothing TO x;
ALTER VIEW v3n RENAME COLUMN pp TO qq;
ALTER VIEW v3n RENAME TO v4;
ALTER VIEW IF EXISTS nothing RENAME TO x;
ALTER VIEW nothing RENAME TO x;
ALTER VIEW t RENAME TO x;
\d+ v3n
ALTER FOREIGN TABLE t RENAME COLUMN a TO aa;
ALTER FOREIGN TABLE u RENAME TO uu;
SELECT pg_get_viewdef('v4');
SELECT pg_get_viewdef('v13');
SELECT pg_get_viewdef('v26');
\d+ v3n
ALTER FOREIGN TABLE t RENAME COLUMN aa TO a;
ALTER FOREIGN TABLE uu RENAME TO u;
ALTER FOREIGN TABLE u SET SCHEMA regress_v2;
SELECT pg_get_viewdef('v4');
ALTER FOREIGN TABLE regress_v2.u SET SCHEMA regress_v;
-- other forms of ALTER VIEW
ALTER VIEW v4 OWNER TO regress_v_a;
ALTER VIEW v4 OWNER TO nobody;
ALTER VIEW v4 SET SCHEMA regress_v2;
ALTER VIEW v4 SET SCHEMA regress_v2;
ALTER VIEW regress_v2.v4 SET SCHEMA nowhere;
ALTER VIEW regress_v2.v4 SET SCHEMA regress_v;
ALTER VIEW v4 ALTER COLUMN a SET DEFAULT 5;
\d+ v4
ALTER VIEW v4 ALTER COLUMN a DROP DEFAULT;
ALTER VIEW v4 ALTER COLUMN nothing SET DEFAULT 5;
ALTER VIEW v4 SET (security_barrier);
ALTER VIEW v4 SET (security_barrier = false, security_invoker = true);
SELECT reloptions FROM pg_class WHERE oid = 'v4'::regclass;
ALTER VIEW v4 RESET (security_barrier);
SELECT reloptions FROM pg_class WHERE oid = 'v4'::regclass;
ALTER VIEW v4 RESET (security_invoker);
SELECT reloptions FROM pg_class WHERE oid = 'v4'::regclass;
ALTER VIEW v4 SET (foo = 1);
ALTER VIEW v4 SET (check_option = local);
ALTER VIEW v37 SET (check_option = local);
ALTER VIEW IF EXISTS nothing SET (security_barrier);
ALTER VIEW v4 RESET (security_barrier = 1);
-- privileges: a view reads as its owner
SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'v4'::regclass;
GRANT USAGE ON SCHEMA regress_v TO regress_v_a, regress_v_b;
GRANT SELECT ON v32, v18 TO regress_v_b;
SET ROLE regress_v_b;
SELECT * FROM v32;
SELECT * FROM v18 ORDER BY 1;
SELECT * FROM v33;
SELECT * FROM v4;
CREATE VIEW vb AS SELECT 1 AS a;
CREATE OR REPLACE VIEW v32 AS SELECT 1;
DROP VIEW v32;
ALTER VIEW v32 RENAME TO x;
ALTER VIEW v32 OWNER TO regress_v_b;
ALTER VIEW v32 SET (security_barrier);
RESET ROLE;
COMMENT ON VIEW v4 IS 'four';
COMMENT ON COLUMN v4.a IS 'the column';
COMMENT ON VIEW t IS 'four';
\dv+ v4
\dp v32
\d+ v4
DROP SCHEMA regress_v RESTRICT;
DROP FOREIGN TABLE u CASCADE;
DROP FOREIGN TABLE t CASCADE;
\dv
DROP VIEW v32, v18, v33;
DROP VIEW v19, v30, v34;
SELECT count(*) FROM pg_rewrite WHERE oid >= 16384 AND ev_class >= 16384;
DROP SCHEMA regress_v, regress_v2 CASCADE;
DROP SERVER regress_v_s;
DROP FOREIGN DATA WRAPPER regress_v_w;
DROP ROLE regress_v_a, regress_v_b;
