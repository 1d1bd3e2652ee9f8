-- Bodies of the SQL standard as they are shown: deparsed, after renames, under any search path; and run after it.
\pset format unaligned
CREATE TABLE t (a int, b text, c int);
CREATE TABLE "T 2" (id int PRIMARY KEY, n numeric DEFAULT 3, g int GENERATED ALWAYS AS (id+1) STORED, arr int[], d date DEFAULT now());
CREATE FUNCTION f1(x int) RETURNS int LANGUAGE sql IMMUTABLE RETURN x + 1;
CREATE FUNCTION f2(x int, y int DEFAULT 2) RETURNS int RETURN x * f1(y) + (SELECT max(a) FROM t WHERE c = x);
CREATE FUNCTION f3(n text) RETURNS SETOF t BEGIN ATOMIC SELECT * FROM t WHERE b = n; END;
CREATE FUNCTION f4() RETURNS TABLE (p int, q text) LANGUAGE sql STABLE BEGIN ATOMIC SELECT 1; SELECT a, b FROM t ORDER BY a; END;
CREATE FUNCTION f5() RETURNS void BEGIN ATOMIC END;
CREATE FUNCTION f7(int, int) RETURNS int RETURN $1 + $2;
CREATE FUNCTION f8(int, "B b" text) RETURNS int BEGIN ATOMIC SELECT $1; SELECT $1 + length($2) WHERE "B b" > ''; END;
CREATE FUNCTION f9(x int) RETURNS int BEGIN ATOMIC
 INSERT INTO t VALUES (1, 'x', 3);
 INSERT INTO t (b, a) VALUES ('x', x), ('y', DEFAULT);
 INSERT INTO t DEFAULT VALUES;
 INSERT INTO "T 2" AS z (id) SELECT a FROM t ON CONFLICT (id) DO UPDATE SET n = excluded.n + z.n WHERE z.id > 3;
 INSERT INTO "T 2" (id, d) OVERRIDING USER VALUE SELECT a, now() FROM t ON CONFLICT DO NOTHING RETURNING *;
 INSERT INTO "T 2" (id) VALUES (x) ON CONFLICT ON CONSTRAINT "T 2_pkey" DO NOTHING RETURNING id AS foo, n + 1;
 UPDATE t SET a = 1, b = 'x' || b, c = DEFAULT WHERE c = x;
 UPDATE t AS q SET (a, b) = (SELECT 1, 'x'), c = 3 FROM "T 2" WHERE q.a = "T 2".id RETURNING q.a, n;
 UPDATE ONLY t SET a = 2;
 DELETE FROM t;
 DELETE FROM ONLY t AS zz USING "T 2" y WHERE y.id = zz.a RETURNING zz.*;
 WITH w AS (SELECT 1 AS one) INSERT INTO t SELECT one FROM w;
 WITH w AS (SELECT 1 AS one) UPDATE t SET a = one FROM w;

 VALUES (1), (2);
 SELECT 1 UNION SELECT 2 ORDER BY 1;
 SELECT a, b, (SELECT count(*) FROM t t2) FROM t, "T 2" WHERE EXISTS (SELECT FROM t t3 WHERE t3.a = x) GROUP BY 1, 2 HAVING count(*) > 1 ORDER BY a;
 SELECT x;
END;
CREATE FUNCTION f10() RETURNS bigint RETURN (SELECT count(*) FROM (SELECT 1 UNION ALL SELECT 2) AS s(q) JOIN t ON q = a LEFT JOIN "T 2" ON true, (VALUES (1,2),(3,4)) v(l,m) WHERE a IN (SELECT id FROM "T 2") GROUP BY a ORDER BY 1 LIMIT 1);
CREATE FUNCTION f11(x int, out y int, out z text) BEGIN ATOMIC SELECT x, 'a'; END;
CREATE FUNCTION f12(x int, out y bigint, out z text) BEGIN ATOMIC SELECT x, 'a'; END;
CREATE FUNCTION f13(x int) RETURNS text RETURN CASE WHEN x > 1 THEN 'a' ELSE (WITH q AS (SELECT 1 AS o) SELECT o::text FROM q) END;
CREATE FUNCTION f14(t t) RETURNS int RETURN (t).a + (t).c;
CREATE FUNCTION f15(a int) RETURNS SETOF int BEGIN ATOMIC SELECT a FROM t; SELECT f15.a FROM t; END;
CREATE FUNCTION f16() RETURNS bigint RETURN 1;
CREATE FUNCTION f17() RETURNS varchar RETURN 'x' || 1;
CREATE PROCEDURE p1(x int, INOUT y int) BEGIN ATOMIC INSERT INTO t VALUES (x); SELECT x + y; END;
SELECT proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY oid;
SET search_path = '';
SELECT pg_get_function_sqlbody(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname IN ('f1','f2','f3','f10') ORDER BY oid;
RESET search_path;
ALTER TABLE t RENAME COLUMN a TO "A a"; ALTER TABLE t RENAME TO uu; ALTER FUNCTION f1 RENAME TO "F 1"; ALTER FUNCTION f15 RENAME TO f99;
SELECT pg_get_function_sqlbody(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname IN ('f1','f2','f3','f10','f14', 'f99') ORDER BY oid;
\sf f4
\sf+ f2
SELECT f99(1), f1 FROM (SELECT "F 1"(2) AS f1) s;
INSERT INTO uu VALUES (4, 'four', 1), (5, 'five', 2);
SELECT f2(1), f2(1, 3), f10(), f14(ROW(1, 'x', 2));
SELECT * FROM f3('four');
SELECT * FROM f4();
ALTER TABLE uu RENAME COLUMN b TO "user";
CREATE SCHEMA "S x";
ALTER TABLE uu SET SCHEMA "S x";
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE FUNCTION e1(m mood) RETURNS boolean RETURN m = 'sad' OR m IN ('ok', 'sad');
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue';
ALTER TYPE mood RENAME TO "Mood";
\sf e1
SELECT e1('blue');
\sf f3
\sf f2
SELECT * FROM f3('five');
SELECT * FROM f4();
ALTER SCHEMA "S x" RENAME TO sy;
\sf f4
CREATE VIEW vw AS SELECT id, n FROM "T 2";
CREATE FUNCTION g1() RETURNS SETOF numeric BEGIN ATOMIC SELECT n FROM vw v(x, n) WHERE x > 0 ORDER BY 1 DESC NULLS LAST LIMIT 3; END;
ALTER VIEW vw RENAME COLUMN n TO nn;
ALTER VIEW vw RENAME TO ww;
\sf g1
CREATE OR REPLACE FUNCTION f1(x int) RETURNS int LANGUAGE sql AS 'SELECT x + 2';
CREATE OR REPLACE FUNCTION f4() RETURNS TABLE (p int, q text) LANGUAGE sql AS 'SELECT 1, 2::text';
\sf f4
SELECT proname, prosrc, prosqlbody IS NULL FROM pg_proc WHERE proname IN ('f1', 'f4', 'F 1') ORDER BY 1;
\df+ f16
-- what is refused
\set VERBOSITY verbose
CREATE FUNCTION h() RETURNS int RETURN 1 AS 'SELECT 1';
CREATE FUNCTION h() RETURNS int LANGUAGE plpgsql RETURN 1;
CREATE FUNCTION h() RETURNS int BEGIN ATOMIC INSERT INTO ww VALUES (1); END;
CREATE FUNCTION h() RETURNS int BEGIN ATOMIC DELETE FROM "T 2"; END;
CREATE FUNCTION h() RETURNS int BEGIN ATOMIC DELETE FROM "T 2" RETURNING n, id; END;
CREATE FUNCTION h() RETURNS int BEGIN ATOMIC DELETE FROM "T 2" RETURNING d; END;
CREATE FUNCTION h() RETURNS int BEGIN ATOMIC UPDATE "T 2" SET nosuch = 1; SELECT 1; END;
CREATE FUNCTION h() RETURNS int BEGIN ATOMIC INSERT INTO "T 2" (id, id) VALUES (1, 2); SELECT 1; END;
CREATE FUNCTION h() RETURNS int BEGIN ATOMIC INSERT INTO "T 2" (id) VALUES (1, 2); SELECT 1; END;
CREATE FUNCTION h() RETURNS int BEGIN ATOMIC INSERT INTO "T 2" (id) VALUES ('2020-01-01'::date); SELECT 1; END;
CREATE FUNCTION h(x int) RETURNS int RETURN x.y;
CREATE FUNCTION h(x int) RETURNS int RETURN $2;
CREATE FUNCTION h(x int) RETURNS int RETURN y;
CREATE FUNCTION h() RETURNS int BEGIN ATOMIC UPDATE "T 2" SET n = 1 RETURNING id; END;
DROP TABLE "T 2";
ALTER TABLE "T 2" DROP COLUMN n;
SELECT pg_get_function_sqlbody('f1'::regproc), pg_get_function_sqlbody('length(text)'::regprocedure), pg_get_function_sqlbody(0);
