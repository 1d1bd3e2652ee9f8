-- Aggregates over rows in an order, and over distinct ones, where equal values are not the same; RANGE over numerics of any scale.
CREATE TABLE fl (id int, g int, r real, d double precision, o int, n numeric, iv interval, a int[], j jsonb, b text);
INSERT INTO fl SELECT i, i % 3, (sin(i) * 10 ^ (i % 9))::real, sin(i) * 10 ^ (i % 17), (i * 37) % 101,
    CASE i % 5 WHEN 0 THEN 1.0 WHEN 1 THEN 1.00 WHEN 2 THEN 2.50 WHEN 3 THEN 2.5 END, CASE i % 4 WHEN 0 THEN interval '1 mon' WHEN 1 THEN interval '30 days' WHEN 2 THEN interval '720 hours' END,
    CASE i % 3 WHEN 0 THEN array[1, 2] WHEN 1 THEN array[2, NULL] END, CASE i % 3 WHEN 0 THEN '1.0'::jsonb WHEN 1 THEN '{"a":1}' END, 'x' || i % 4 FROM generate_series(1, 100) i;
-- Floats are added in the order that is stated.
SELECT sum(r ORDER BY o), sum(r ORDER BY o DESC), sum(d ORDER BY o), sum(d ORDER BY abs(d)), sum(d ORDER BY d DESC) FROM fl;
SELECT g, sum(r ORDER BY o), avg(r ORDER BY o), sum(d ORDER BY o), avg(d ORDER BY o DESC), var_pop(d ORDER BY o), stddev(r ORDER BY o DESC), variance(r ORDER BY o) FROM fl GROUP BY g ORDER BY g;
SELECT corr(d, r ORDER BY o), regr_slope(d, r ORDER BY o DESC), covar_pop(r, d ORDER BY id DESC), regr_sxx(d, r ORDER BY o), regr_count(DISTINCT r, d), regr_count(d, r) FROM fl;
SELECT sum(DISTINCT r), sum(DISTINCT d), avg(DISTINCT d), var_samp(DISTINCT r), sum(DISTINCT d ORDER BY d DESC), avg(DISTINCT r ORDER BY r DESC), corr(DISTINCT d, r), avg(DISTINCT r) FROM fl;
SELECT sum(r ORDER BY o) FILTER (WHERE g = 1), sum(d ORDER BY o) FILTER (WHERE g = 9), avg(d ORDER BY o) FILTER (WHERE g < 2) FROM fl;
-- Of equal values one counts.
SELECT sum(x ORDER BY x), avg(x ORDER BY x) FROM (VALUES ('-0'::float8), ('-0')) v(x);
SELECT sum(x ORDER BY x) FROM (VALUES (1e308::float8), (1e308)) v(x);
SELECT sum(x ORDER BY x) FROM (VALUES ('inf'::float8), ('-inf'), (1)) v(x);
SELECT string_agg(DISTINCT b, ',' ORDER BY b DESC), array_agg(DISTINCT g), array_agg(DISTINCT g ORDER BY g DESC) FROM fl;
SELECT trim_scale(x) FROM (SELECT unnest(array_agg(DISTINCT n)) AS x FROM fl) s;
SELECT array_agg(DISTINCT trim_scale(n)), array_agg(DISTINCT trim_scale(n) ORDER BY trim_scale(n) DESC), array_agg(DISTINCT trim_scale(n) ORDER BY trim_scale(n) NULLS FIRST) FROM fl;
SELECT json_agg(DISTINCT trim_scale(n)), jsonb_agg(DISTINCT trim_scale(n)), json_agg(DISTINCT g), json_agg(DISTINCT a), json_agg(DISTINCT b ORDER BY b DESC) FROM fl;
SELECT array_agg(DISTINCT a), array_agg(DISTINCT j), jsonb_agg(DISTINCT j ORDER BY j DESC) FROM fl WHERE a IS NOT NULL;
SELECT var_pop(DISTINCT n), stddev(DISTINCT n), variance(DISTINCT n ORDER BY n DESC), var_samp(DISTINCT n) FILTER (WHERE g > 0) FROM fl;
SELECT json_object_agg(DISTINCT b, g) FROM fl WHERE id < 9;
SELECT jsonb_object_agg(DISTINCT b, trim_scale(n)) FROM fl WHERE id < 9;
SELECT array_agg(DISTINCT ROW(g, b) ORDER BY ROW(g, b)) FROM fl;
SELECT json_agg(DISTINCT ROW(g, b)) FROM fl;
SELECT json_agg(DISTINCT x) FROM (SELECT g, b FROM fl) x;
SELECT string_agg(DISTINCT b::bytea, '\x2c'), string_agg(DISTINCT b::bytea, '\x2c' ORDER BY b::bytea DESC) FROM fl;
SELECT string_agg(b, g::text ORDER BY id) FROM fl WHERE id < 9;
SELECT string_agg(DISTINCT b, b) FROM fl;
SELECT string_agg(DISTINCT b, b ORDER BY b DESC) FROM fl;
SELECT bit_and(DISTINCT n::int), bool_and(DISTINCT n > 0), bit_or(DISTINCT 5::bit(4)), max(DISTINCT n), min(DISTINCT iv) = '30 days' FROM fl;
SELECT count(DISTINCT a), count(DISTINCT j), count(DISTINCT (g, b)), count(DISTINCT n) FILTER (WHERE g = 0) FROM fl;
SELECT array_agg(DISTINCT d ORDER BY d) FROM (VALUES ('-0'::float8), (1), ('NaN'), (NULL)) v(d);
SELECT array_agg(DISTINCT c ORDER BY c) FROM (VALUES ('a'::char(3)), ('b'), ('a  ')) v(c);
SELECT array_agg(DISTINCT c) FROM (VALUES ('a'::"char"), ('b'), ('\301')) v(c);
SELECT array_agg(DISTINCT t) FROM (VALUES ('10:00+1'::timetz), ('09:00+0'), ('11:00+1')) v(t);
SELECT array_agg(DISTINCT trim_scale(n)) FILTER (WHERE id > 1000), sum(DISTINCT n) FILTER (WHERE id > 1000), json_agg(DISTINCT n) FILTER (WHERE id > 1000) FROM fl;
SELECT array_length(array_agg(DISTINCT iv), 1), sum(DISTINCT iv) = '60 days', sum(DISTINCT iv) = '30 days', avg(DISTINCT iv) = '30 days', count(DISTINCT iv), sum(DISTINCT n) = 3.5, avg(DISTINCT n) = 1.75, count(DISTINCT n) FROM fl;
-- RANGE.
SELECT id, count(*) OVER w, sum(id) OVER w FROM fl WHERE id < 20 WINDOW w AS (ORDER BY n RANGE BETWEEN 1.5 PRECEDING AND 0.5 FOLLOWING) ORDER BY 1;
SELECT x, count(*) OVER a, count(*) OVER b, count(*) OVER c, count(*) OVER d FROM (VALUES (1.5), ('NaN'::numeric), ('inf'), ('-inf'), (2), (2.25), (NULL), (100000000)) v(x) WINDOW a AS (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 0.75 FOLLOWING), b AS (ORDER BY x DESC RANGE 1 PRECEDING), c AS (ORDER BY x RANGE BETWEEN 'inf' PRECEDING AND 'inf' FOLLOWING), d AS (ORDER BY x RANGE BETWEEN 'inf' PRECEDING AND 0 FOLLOWING) ORDER BY 1;
SELECT x, count(*) OVER a FROM (VALUES (1.5), (2), (2.25), (NULL), (100000000)) v(x) WINDOW a AS (ORDER BY x RANGE BETWEEN 0.5 FOLLOWING AND 10 FOLLOWING) ORDER BY 1;
SELECT x, count(*) OVER a FROM (VALUES (1.5), (2), (2.25), (NULL), (100000000)) v(x) WINDOW a AS (ORDER BY x RANGE BETWEEN -1 PRECEDING AND 10 FOLLOWING) ORDER BY 1;
SELECT x, count(*) OVER a FROM (VALUES (1.5), (2)) v(x) WINDOW a AS (ORDER BY x RANGE BETWEEN 'NaN' PRECEDING AND 10 FOLLOWING) ORDER BY 1;
SELECT x, count(*) OVER a FROM (VALUES (1.5), (2)) v(x) WINDOW a AS (ORDER BY x RANGE BETWEEN (SELECT 0.5::numeric) PRECEDING AND (SELECT max(n) FROM fl) FOLLOWING) ORDER BY 1;
SELECT x, count(*) OVER a FROM (VALUES (1.5), (2)) v(x) WINDOW a AS (ORDER BY x RANGE BETWEEN (SELECT -0.5::numeric) PRECEDING AND CURRENT ROW) ORDER BY 1;
SELECT x, count(*) OVER a FROM (VALUES (1.5), (2)) v(x) WINDOW a AS (ORDER BY x RANGE BETWEEN NULL PRECEDING AND CURRENT ROW) ORDER BY 1;
SELECT x, count(*) OVER a FROM (VALUES (1.5), (2)) v(x) WINDOW a AS (ORDER BY x RANGE BETWEEN (SELECT NULL::numeric) PRECEDING AND CURRENT ROW) ORDER BY 1;
SELECT x::numeric(5,2), sum(x) OVER a FROM (VALUES (1.5::numeric(5,2)), (2)) v(x) WINDOW a AS (ORDER BY x RANGE BETWEEN (SELECT 0.5::numeric) PRECEDING AND 0.125 FOLLOWING) ORDER BY 1;
SELECT sum(DISTINCT g), avg(DISTINCT g), var_pop(DISTINCT g), variance(DISTINCT o) FROM fl;
SELECT string_agg(b, g::text), string_agg(DISTINCT b, nullif(b, 'x2') ORDER BY b DESC), string_agg(b::bytea, b::bytea ORDER BY id), string_agg(nullif(b, 'x1'), b ORDER BY id) FROM fl WHERE id < 7;
SELECT g, string_agg(nullif(b, 'x1'), b ORDER BY id) FILTER (WHERE id < 5) FROM fl GROUP BY g ORDER BY g;
SELECT id, string_agg(b, g::text) OVER (ORDER BY id), string_agg(nullif(b, 'x1'), nullif(g, 1)::text) FILTER (WHERE id > 2) OVER (ORDER BY id DESC ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) FROM fl WHERE id < 7 ORDER BY id;
SELECT id, string_agg(b, NULL) OVER (PARTITION BY g ORDER BY id), string_agg(b::bytea, NULL) OVER (ORDER BY id), string_agg(b, NULL) OVER () FROM fl WHERE id < 5 ORDER BY id;
SELECT o, count(*) OVER (ORDER BY o RANGE BETWEEN (SELECT NULL::int) PRECEDING AND CURRENT ROW) FROM fl;
SELECT iv, count(*) OVER (ORDER BY o RANGE BETWEEN (SELECT 2) PRECEDING AND (SELECT max(3) FROM fl) FOLLOWING) FROM fl ORDER BY o LIMIT 5;
DROP TABLE fl;

-- DISTINCT sorted by a subquery about the row
CREATE TABLE chapter (id int, parent int, title text);
INSERT INTO chapter VALUES (1, NULL, 'b'), (2, 1, 'a'), (3, 1, NULL), (4, 2, 'a'), (5, 3, 'c');
SELECT string_agg(DISTINCT (SELECT title FROM chapter p WHERE p.id = c.parent), ',' ORDER BY (SELECT title FROM chapter p WHERE p.id = c.parent)) FROM chapter c;
SELECT c.title, array_agg(DISTINCT (SELECT title FROM chapter p WHERE p.id = c.parent) ORDER BY (SELECT title FROM chapter p WHERE p.id = c.parent) DESC), count(DISTINCT (SELECT title FROM chapter p WHERE p.id = c.parent)) FROM chapter c GROUP BY 1 ORDER BY 1;
SELECT array_agg(DISTINCT EXISTS (SELECT FROM chapter p WHERE p.parent = c.id) ORDER BY EXISTS (SELECT FROM chapter p WHERE p.parent = c.id) DESC) FILTER (WHERE c.id > (SELECT min(id) FROM chapter)) FROM chapter c;
SELECT c.id, (SELECT array_agg(DISTINCT (SELECT title FROM chapter q WHERE q.id = p.parent) ORDER BY (SELECT title FROM chapter q WHERE q.id = p.parent)) FROM chapter p WHERE p.parent = c.id) FROM chapter c ORDER BY 1;
SELECT array_agg(DISTINCT id % (SELECT 3) ORDER BY id % (SELECT 3) DESC) FROM chapter;
