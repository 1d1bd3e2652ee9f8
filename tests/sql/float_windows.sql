-- Aggregates of floats over windows: PostgreSQL adds the values of a frame in the order of its rows, and what is rounded shows it.
\set VERBOSITY terse
CREATE TABLE f (id int PRIMARY KEY, g int, x float8, y float8, r real);
INSERT INTO f VALUES (1, 1, 1e20, 1, 1e8), (2, 1, 1, 2, 1), (3, 1, -1e20, 3, -1e8), (4, 1, 0.1, 4.5, 0.1), (5, 1, 0.2, -1, 0.2), (6, 1, NULL, 5, NULL),
  (7, 1, 0.3, NULL, 0.3), (8, 2, -0.0, 0, -0.0), (9, 2, -0.0, 1, -0.0), (10, 2, 1e-308, 2, 1e-38), (11, 2, 4.9e-324, 3, 1e-45), (12, 2, 1e16, 1e16, 16777216),
  (13, 2, 1, 1, 1), (14, 2, 1, 1, 1), (15, 2, -1e16, 3, -16777216), (16, 3, 3, 1, 3), (17, 3, 'NaN', 2, 'NaN'), (18, 3, 1, 3, 1), (19, 4, 'Infinity', 1, 'Infinity'),
  (20, 4, 1, 2, 1), (21, 4, '-Infinity', 3, '-Infinity'), (22, 4, 2, 4, 2), (23, 5, 1e150, 1e150, 1e37), (24, 5, 1e150, -1e150, 1e37), (25, 5, 3, 4, 5);
SELECT id, sum(x) OVER w, avg(x) OVER w, sum(r) OVER w, avg(r) OVER w FROM f WINDOW w AS (PARTITION BY g ORDER BY id) ORDER BY id;
SELECT id, sum(x) OVER w, avg(x) OVER w, sum(r) OVER w, avg(r) OVER w FROM f WINDOW w AS (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING) ORDER BY id;
SELECT id, sum(x) OVER w, avg(x) OVER w, sum(r) OVER w, avg(r) OVER w FROM f WINDOW w AS (PARTITION BY g ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) ORDER BY id;
SELECT id, sum(x) OVER w, avg(x) OVER w, sum(r) OVER w, avg(r) OVER w FROM f WINDOW w AS (PARTITION BY g ORDER BY id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW) ORDER BY id;
SELECT id, sum(x) OVER w, avg(x) OVER w, sum(r) OVER w, avg(r) OVER w FROM f WINDOW w AS (PARTITION BY g ORDER BY id / 2 GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES) ORDER BY id;
SELECT id, sum(x) OVER w, avg(x) OVER w, sum(r) OVER w FROM f WINDOW w AS (PARTITION BY g ORDER BY id ROWS BETWEEN 2 FOLLOWING AND 3 FOLLOWING) ORDER BY id;
SELECT id, sum(x) FILTER (WHERE id % 2 = 0) OVER w, avg(r) FILTER (WHERE y > 1) OVER w FROM f WINDOW w AS (PARTITION BY g ORDER BY id) ORDER BY id;
SELECT id, var_pop(x) OVER w, var_samp(x) OVER w, stddev_pop(r) OVER w, stddev(r) OVER w, variance(x) OVER w FROM f WHERE g <> 1 AND g <> 5 WINDOW w AS (PARTITION BY g ORDER BY id) ORDER BY id;
SELECT id, var_pop(x) OVER w, var_samp(x) OVER w, stddev_pop(r) OVER w, stddev(r) OVER w FROM f WHERE g <> 5 WINDOW w AS (ORDER BY id ROWS 2 PRECEDING) ORDER BY id;
SELECT id, corr(y, x) OVER w, covar_pop(y, x) OVER w, covar_samp(y, x) OVER w, regr_slope(y, x) OVER w, regr_intercept(y, x) OVER w, regr_r2(y, x) OVER w
  FROM f WHERE g <> 5 WINDOW w AS (ORDER BY id ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) ORDER BY id;
SELECT id, regr_sxx(y, x) OVER w, regr_syy(y, x) OVER w, regr_sxy(y, x) OVER w, regr_avgx(y, x) OVER w, regr_avgy(y, x) OVER w, regr_count(y, x) OVER w
  FROM f WHERE g < 3 WINDOW w AS (PARTITION BY g ORDER BY id) ORDER BY id;
SELECT id, sum(x) OVER (ORDER BY id), sum(x + y) OVER (ORDER BY id DESC), sum(x::numeric) OVER (ORDER BY id ROWS 1 PRECEDING) FROM f WHERE g IN (1, 2) ORDER BY id;
-- What overflows.
SELECT id, sum(x) OVER (ORDER BY id ROWS 1 PRECEDING) FROM (VALUES (1, 1e308::float8), (2, 1e308)) v(id, x);
SELECT id, sum(x) OVER (ORDER BY id ROWS 1 PRECEDING) FROM (VALUES (1, 3e38::real), (2, 3e38)) v(id, x);
SELECT id, avg(x) OVER (ORDER BY id ROWS 1 PRECEDING) FROM (VALUES (1, 1e200::float8), (2, -1e200)) v(id, x);
SELECT id, avg(x) OVER (ORDER BY id ROWS 1 PRECEDING) FROM (VALUES (1, 1e200::float8), (2, 1e200)) v(id, x) ORDER BY id;
SELECT id, var_pop(x) OVER (ORDER BY id) FROM (VALUES (1, 1e200::float8), (2, -1e200)) v(id, x);
SELECT id, corr(x, id) OVER (ORDER BY id) FROM (VALUES (1, 1e200::float8), (2, -1e200)) v(id, x);
SELECT id, sum(x) OVER (ORDER BY id ROWS 1 PRECEDING), avg(x) OVER (ORDER BY id ROWS 1 PRECEDING), var_pop(x) OVER (ORDER BY id ROWS 1 PRECEDING)
  FROM (VALUES (1, 1e308::float8), (2, 'Infinity'), (3, '-Infinity'), (4, 'NaN'), (5, 1e308)) v(id, x) ORDER BY id;
-- The average of a plain group sums their squares as well.
SELECT avg(x) FROM (VALUES (1e200::float8), (1e200)) v(x);
SELECT avg(x) FROM (VALUES (1e200::float8), (-1e200)) v(x);
SELECT avg(x) FROM (VALUES (1e308::float8), (1e308)) v(x);
SELECT avg(x) FROM (VALUES (1e308::float8), ('Infinity'), (1e308)) v(x);
SELECT avg(x) FROM (VALUES (1e308::float8), ('NaN'), (1e308)) v(x);
SELECT avg(x) FROM (VALUES ('-Infinity'::float8), ('Infinity')) v(x);
SELECT avg(x), avg(DISTINCT x), avg(x ORDER BY x) FROM (VALUES (1e20::float8), (1), (-1e20)) v(x);
SELECT avg(x), avg(DISTINCT x) FROM (VALUES (3e38::real), (3e38), (NULL)) v(x);
SELECT avg(DISTINCT x) FROM (VALUES (1e160::float8), (-1e160)) v(x);
SELECT avg(x) FILTER (WHERE x > 5), avg(x) FILTER (WHERE x > 0) FROM (VALUES (1.5::float8), (2)) v(x);
SELECT g, avg(x), avg(r) FROM f GROUP BY g ORDER BY g;
-- Many rows, of several partitions, frames of every kind: what a frame is made of is a tree.
CREATE TABLE m AS SELECT i AS id, i % 3 AS g, ((i * 7919) % 10007 - 5000) * power(10::float8, (i * 31) % 19 - 9) AS x, sin(i) * power(10::float8, (i * 17) % 7) AS y,
  (((i * 104729) % 1009) / 7.0)::real AS r FROM generate_series(1, 3000) i;
SELECT md5(string_agg(x || ' ' || y || ' ' || r, ',' ORDER BY id)) FROM m;
SELECT md5(string_agg(a || ' ' || b || ' ' || c || ' ' || d, ',' ORDER BY id)) FROM (SELECT id, sum(x) OVER w a, avg(y) OVER w b, sum(r) OVER w c, avg(r) OVER w d FROM m WINDOW w AS (ORDER BY id)) s;
SELECT md5(string_agg(a || ' ' || b || ' ' || c || ' ' || d, ',' ORDER BY id)) FROM (SELECT id, sum(x) OVER w a, avg(y) OVER w b, sum(r) OVER w c, avg(r) OVER w d FROM m WINDOW w AS (PARTITION BY g ORDER BY id DESC)) s;
SELECT md5(string_agg(a || ' ' || b || ' ' || c || ' ' || d, ',' ORDER BY id)) FROM (SELECT id, sum(x) OVER w a, avg(y) OVER w b, sum(r) OVER w c, stddev(r) OVER w d FROM m
  WINDOW w AS (PARTITION BY g ORDER BY id ROWS BETWEEN 100 PRECEDING AND 37 FOLLOWING)) s;
SELECT md5(string_agg(a || ' ' || b || ' ' || c || ' ' || d, ',' ORDER BY id)) FROM (SELECT id, sum(x) OVER w a, avg(y) OVER w b, sum(r) OVER w c, var_pop(y) OVER w d FROM m
  WINDOW w AS (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 37 FOLLOWING)) s;
SELECT md5(string_agg(a || ' ' || b || ' ' || c || ' ' || d, ',' ORDER BY id)) FROM (SELECT id, sum(x) OVER w a, avg(y) OVER w b, sum(r) OVER w c, var_pop(y) OVER w d FROM m
  WINDOW w AS (PARTITION BY g ORDER BY id ROWS BETWEEN 300 PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW)) s;
SELECT md5(string_agg(a || ' ' || b || ' ' || c || ' ' || d, ',' ORDER BY id)) FROM (SELECT id, sum(x) OVER w a, avg(y) OVER w b, sum(r) OVER w c, var_pop(y) OVER w d FROM m
  WINDOW w AS (PARTITION BY g ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)) s;
SELECT md5(string_agg(a || ' ' || b || ' ' || c || ' ' || d, ',' ORDER BY id)) FROM (SELECT id, corr(x, y) OVER w a, regr_slope(y, x) OVER w b, covar_pop(y, x) OVER w c, regr_intercept(y, x) OVER w d FROM m
  WINDOW w AS (PARTITION BY g ORDER BY id RANGE BETWEEN 50 PRECEDING AND 500 FOLLOWING)) s;
DROP TABLE f, m;
