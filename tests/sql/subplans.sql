-- Subqueries about the row outside that are run for each row: what the local engine does not take apart by itself.
CREATE TABLE q4 (id int, s text, n numeric(8,2), i int, d date, re real, ar int[]);
INSERT INTO q4 SELECT i, 'a' || i % 3, i / 2.0, nullif(i % 4, 3), date '2024-01-01' + i, i / 4.0::real, CASE WHEN i <> 5 THEN array[i, 2, NULL] END FROM generate_series(1, 9) i;
CREATE TABLE q5 (id int, s text, n numeric(8,2), c char(4), d date, ar int[]);
INSERT INTO q5 SELECT i, 'a' || i % 3, i / 2.0, 'c' || i, date '2024-01-03' + i / 2, array[i, 2] FROM generate_series(1, 8) i;
CREATE VIEW v5 AS SELECT id, s, n, ar FROM q5 WHERE id < 7;
CREATE FUNCTION above(int, int) RETURNS boolean LANGUAGE plpgsql STABLE AS 'BEGIN RETURN $1 > $2; END';
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN score AS int CHECK (VALUE < 100);

-- EXISTS over unnest and an outer join that knows no equality
SELECT t1.id FROM q4 t1 WHERE EXISTS (SELECT 1 FROM ((q4 t2 JOIN unnest(t2.ar) WITH ORDINALITY AS v(i, o) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.i = t1.i AND coalesce(t5.id, 3) > t1.id) ORDER BY 1;
SELECT t1.id FROM q4 t1 WHERE NOT EXISTS (SELECT 1 FROM ((q4 t2 JOIN unnest(t2.ar) WITH ORDINALITY AS v(i, o) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.i = t1.i AND coalesce(t5.id, 3) > t1.id) ORDER BY 1;
SELECT t1.id, EXISTS (SELECT 1 FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id <> v.i) LEFT JOIN q5 t5 ON t2.s < t5.s AND t5.n > v.i) WHERE t2.i = t1.i) AS x FROM q4 t1 ORDER BY 1;
-- of one value: NULL where there is no row, an error where there are two
SELECT t1.id, (SELECT max(t5.n) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id <> v.i) LEFT JOIN q5 t5 ON t2.s < t5.s AND t5.n > v.i) WHERE t2.i = t1.i) AS x FROM q4 t1 ORDER BY 1;
SELECT t1.id, (SELECT t5.n FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id <> v.i) LEFT JOIN q5 t5 ON t2.s < t5.s AND t5.n > v.i) WHERE t2.id = t1.id) AS x FROM q4 t1 ORDER BY 1;
SELECT t1.id, (SELECT t5.n FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id <> v.i) LEFT JOIN q5 t5 ON t2.s < t5.s AND t5.n > v.i) WHERE t2.id = t1.id ORDER BY 1 LIMIT 1) AS x FROM q4 t1 ORDER BY 1;
SELECT t1.id, 1 / (SELECT count(t5.n) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id <> v.i) LEFT JOIN q5 t5 ON t2.s < t5.s AND t5.n > v.i) WHERE t2.id = t1.id) AS x FROM q4 t1 ORDER BY 1;
-- IN, ANY and ALL, with NULLs
SELECT t1.id, t1.i IN (SELECT v.i FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id >= v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.id > t1.id) AS x,
    t1.i NOT IN (SELECT v.i FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON true) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.id = t1.id) AS y,
    t1.n <= ALL (SELECT t5.n FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id >= v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.id = t1.id) AS z FROM q4 t1 ORDER BY 1;
SELECT t1.id, (t1.i, t1.s) IN (SELECT v.i, t5.s FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id >= v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.id > t1.id) AS x FROM q4 t1 ORDER BY 1;
SELECT t1.id, (t1.i, t1.n) = (SELECT min(v.i), min(t5.n) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id >= v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.id > t1.id) AS x FROM q4 t1 ORDER BY 1;
-- ARRAY, values of all kinds
SELECT t1.id, ARRAY(SELECT t5.c FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id <> v.i) LEFT JOIN q5 t5 ON t2.s < t5.s AND t5.n > v.i) WHERE t2.i = t1.i ORDER BY 1 LIMIT 2) AS x FROM q4 t1 ORDER BY 1;
SELECT t1.id, (SELECT min(t5.d + t1.i) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id <> v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.i = t1.i) AS d,
    (SELECT jsonb_agg(t5.c ORDER BY t5.id) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id <> v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.id = t1.i) AS j,
    (SELECT sum(t5.n * t1.re) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id <> v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.id = t1.i) AS f,
    (SELECT (enum_range(NULL::mood))[1 + count(t5.n) % 3] FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id <> v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.id = t1.i) AS m,
    (SELECT count(t5.n)::int::score FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id <> v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.id = t1.i) AS o
    FROM q4 t1 ORDER BY 1;
SELECT t1.id, t1.ar, (SELECT count(*) FROM ((q4 t2 JOIN unnest(t1.ar) AS v(i) ON t2.id <> v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) JOIN unnest(t1.ar) AS u(i) ON u.i > t5.id) AS x FROM q4 t1 ORDER BY 1;
-- LATERAL, its conditions, and columns of its rows
SELECT t1.id, x.* FROM q4 t1 LEFT JOIN LATERAL (SELECT v.i, t5.n FROM ((q4 t2 JOIN unnest(t2.ar) WITH ORDINALITY AS v(i, o) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.i = t1.i) x ON x.n > t1.n AND t1.id < 8 ORDER BY 1, 2, 3;
SELECT t1.id, x.* FROM q4 t1 JOIN LATERAL (SELECT v.i, t5.n FROM ((q4 t2 JOIN unnest(t2.ar) WITH ORDINALITY AS v(i, o) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.i = t1.i) x ON x.n > t1.n AND t1.id < 8 ORDER BY 1, 2, 3;
SELECT t1.id, x.r FROM q4 t1, LATERAL (SELECT rank() OVER (PARTITION BY t1.i ORDER BY t5.n) AS r FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.i = t1.i) x WHERE x.r = 1 ORDER BY 1, 2;
SELECT t1.id, x.w, y.k FROM q4 t1, LATERAL (SELECT count(*) AS w FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.i = t1.i) x, LATERAL (SELECT x.w + t1.id AS k) y ORDER BY 1;
-- groups, aggregates of the query outside, windows
SELECT t1.i, sum(t1.n), (SELECT count(*) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s AND t5.n > sum(t1.n)) WHERE t2.i = t1.i) AS x FROM q4 t1 GROUP BY t1.i ORDER BY 1;
SELECT t1.i + 1 AS k, (SELECT count(*) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.i = t1.i + 1) AS x FROM q4 t1 GROUP BY t1.i + 1 ORDER BY 1;
SELECT (t1.i + 1) * 2 AS k, count(*), (SELECT sum(t2.i + t1.i) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.i < t1.i + 1) AS x FROM q4 t1 GROUP BY t1.i HAVING EXISTS (SELECT 1 FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.i < t1.i + 1) ORDER BY 1;
SELECT t1.id, sum((SELECT count(*) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.i = t1.i)) OVER (ORDER BY t1.id) AS x FROM q4 t1 ORDER BY 1;
SELECT t1.id FROM q4 t1 ORDER BY (SELECT count(*) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.i = t1.i) DESC, 1 LIMIT 4;
-- WITH around, views, set operations, parameters, functions of users
WITH w AS (SELECT * FROM q5 WHERE id < 6), u AS (SELECT id + 1 AS id, s FROM w)
    SELECT t1.id, (SELECT count(u.id) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN u ON t2.s < u.s) WHERE t2.i = t1.i) AS x FROM q4 t1 ORDER BY 1;
WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 4)
    SELECT r.n, (SELECT count(*) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN r a ON t2.id < a.n) WHERE t2.i < r.n) AS x FROM r ORDER BY 1;
SELECT * FROM (SELECT t1.id, (SELECT count(*) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN v5 ON t2.s < v5.s) WHERE t2.i = t1.i) AS x FROM (SELECT *, id - 3 AS i FROM v5) t1
    UNION ALL SELECT t1.id, (SELECT -count(*) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN v5 ON t2.s < v5.s) WHERE t2.i = t1.i) AS x FROM q4 t1) q ORDER BY 1, 2;
PREPARE p(int) AS SELECT t1.id, (SELECT count(*) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s AND t5.id > $1) WHERE t2.i = t1.i AND t2.id <> $1) AS x FROM q4 t1 ORDER BY 1;
EXECUTE p(1);
EXECUTE p(5);
EXECUTE p(NULL);
SELECT t1.id FROM q4 t1 WHERE EXISTS (SELECT 1 FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE above(t2.id, t1.id)) ORDER BY 1;
-- one in another
SELECT t1.id, (SELECT sum((SELECT count(*) FROM ((q4 t3 JOIN unnest(t3.ar) AS w(i) ON t3.id = w.i) LEFT JOIN q5 t6 ON t3.s < t6.s) WHERE t3.i = t2.i AND t3.id >= t1.id)) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.i = t1.i) AS x FROM q4 t1 ORDER BY 1;
-- writes
CREATE TABLE kept AS SELECT t1.id, (SELECT count(*) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.i = t1.i) AS x FROM q4 t1;
UPDATE kept SET x = -x WHERE EXISTS (SELECT 1 FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.i = kept.id);
INSERT INTO kept SELECT 100 + t1.id, (SELECT count(*) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.i = t1.id) FROM kept t1 WHERE id < 3;
DELETE FROM kept WHERE x = (SELECT -count(*) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN q5 t5 ON t2.s < t5.s) WHERE t2.i = kept.id);
SELECT * FROM kept ORDER BY 1;
-- what a statement writes it does not see
INSERT INTO kept SELECT k.id + 1000, (SELECT count(b.id) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN kept b ON t2.id < b.id) WHERE t2.id >= k.id) FROM kept k;
UPDATE kept SET x = (SELECT sum(b.x) FROM ((q4 t2 JOIN unnest(t2.ar) AS v(i) ON t2.id = v.i) LEFT JOIN kept b ON t2.id < b.id) WHERE t2.id <> kept.id) WHERE id > 1000;
SELECT count(*), sum(x), min(x), max(x) FROM kept;
DROP VIEW v5;
DROP TABLE q4, q5, kept;
DROP FUNCTION above;
DROP TYPE mood, score;
