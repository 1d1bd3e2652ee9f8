-- Answers that tests/differential found to be different from PostgreSQL's, made small.
\set VERBOSITY terse
CREATE TABLE t (id int, n numeric[], s text, i int, f real, iv interval, b bigint);
INSERT INTO t VALUES (1, '{1.0,1.00}', 'a', 1, '-0', '1 mon -1 day', 4294967296), (2, '{{1,2},{3,4}}', 'b', NULL, 'NaN', '29 days', 5), (3, NULL, '', 7, 0, '-29 days', -1), (4, '{}', 'a', 7, 1, '-1 mon +1 day', 3);
-- equality of elements is their values'
SELECT id, array_remove(n, 1.00), array_replace(n, 1.000, 9), array_position(n, 1.00) FROM t WHERE id <> 2 ORDER BY id;
-- several dimensions
SELECT id, n[1][2], n[2:], n[1:1][2:2], n[:1], n || n, ARRAY[8,9]::numeric[] || n FROM t WHERE id = 2 ORDER BY id;
SELECT '{1,2}'::int[] || '{{1,2,3}}'::int[];
SELECT '{{1,2}}'::int[] || '{{1,2,3}}'::int[];
SELECT '{1,2}'::int[] || '{{{1,2}}}'::int[];
SELECT (n)[NULL:2], (n)[1][NULL] FROM t WHERE id = 2;
-- overflow stays although a comparison could be turned round
SELECT id FROM t WHERE 0 <> 7 - (b - 9223372036854775807 - 2);
SELECT id FROM t WHERE b::int2 <= 5;
-- of equal values the first
SELECT id, LEAST('3e38'::real, f), GREATEST(f, 0::real), LEAST(iv, '1 mon -1 day') FROM t ORDER BY id;
-- intervals are as long as they are
SELECT a.id, b.id FROM t a JOIN t b ON a.iv = b.iv ORDER BY 1, 2;
SELECT count(DISTINCT iv), max(iv) = '29 days', min(iv) = '-29 days' FROM t;
SELECT id FROM t WHERE iv >= '-29 days' ORDER BY id;
SELECT iv, count(*), grouping(iv) FROM t GROUP BY ROLLUP (iv) ORDER BY iv, 2, 3;
-- infinite and far times
SELECT age(timestamp 'infinity', '2000-01-01'), timezone('foo', timestamp 'infinity'), date '5874897-12-31' - 1;
SELECT age(timestamp '-infinity', '2000-01-01');
SELECT date '5874897-12-31' > timestamp 'infinity', date '5874897-12-31' <> timestamp '2000-01-01';
SELECT date '5874897-12-31' + time '01:00';
SELECT date '5874897-12-31' - interval '1 mon';
SELECT date_part('year', date '5874897-12-31');
SELECT timezone(interval '2562047788 hours', timestamp '2000-01-01');
SELECT radians(5e-324);
SELECT timestamp '290000-12-31 23:59:59.999999' - timestamp '4712-02-01 BC';
SET TimeZone = 'UTC';
SELECT make_timestamptz(2020, 5, 2, 5, 20, 1.5, '-5'), make_timestamptz(2020, 5, 2, 5, 20, 1.5, '+05:30'), make_timestamptz(2020, 5, 2, 5, 20, 1.5, '+0530');
SELECT make_timestamptz(2020, 5, 2, 5, 20, 1.5, '5');
SELECT make_timestamptz(2020, 5, 2, 5, 20, 1.5, '+16');
SELECT make_timestamptz(2020, 5, 2, 5, 20, 1.5, 'nowhere');
-- json
SELECT json_strip_nulls('{"a": "\u00e4", "b": null}'), jsonb_set('[]', '{a}', '1', false);
SELECT '"12"'::jsonb - '{{a,b},{c,d}}'::text[];
SELECT string_to_array('', '', ''), string_to_array('a', 'a', ''), quote_nullable(false), quote_literal(1.50);
-- a subquery's WITH, the order by a subquery, ties of windows, conditions of lateral joins
WITH w AS MATERIALIZED (SELECT i AS x FROM t) SELECT id FROM t a JOIN w ON a.i = w.x WHERE a.i < ANY (SELECT c.i + 7 FROM t c JOIN w d ON c.i < d.x) ORDER BY id;
SELECT DISTINCT (SELECT max(i) FROM t x WHERE x.s = t.s) AS m FROM t ORDER BY 1 DESC;
SELECT (SELECT count(*) FROM t x CROSS JOIN t y) AS c FROM t ORDER BY 1 DESC;
SELECT dense_rank() OVER (ORDER BY s) AS r, s FROM t ORDER BY 1 FETCH FIRST 2 ROWS WITH TIES;
SELECT id, u FROM t LEFT JOIN LATERAL unnest(n) u ON id > 2 OR u > 1 ORDER BY 1, 2;
SELECT rank(2) WITHIN GROUP (ORDER BY i), dense_rank('b') WITHIN GROUP (ORDER BY s DESC NULLS FIRST), percent_rank(2.5) WITHIN GROUP (ORDER BY b),
    cume_dist(7) WITHIN GROUP (ORDER BY i), cume_dist(3) WITHIN GROUP (ORDER BY i) FILTER (WHERE id > 100) FROM t;
SELECT mode() WITHIN GROUP (ORDER BY 'b'::text) FROM t;
DROP TABLE t;
-- The smallest number of months and days is a number; the largest is not passed by a fraction.
SELECT interval '1 day' * -2147483648.0, interval '1 month' * -2147483648.0;
SELECT interval '1 day' * 2147483647.5, interval '-1 day' / (1.0 / 2147483648.0);
SELECT interval '1 day' * 2147483648.0;
SELECT interval '1 month' * -2147483649.0;

-- JSON of aggregated arrays; octal "char"; OIDs below zero; subscripts of jsonb; abbreviations of zones; units that are no ASCII.
SELECT (json_agg(a ORDER BY i))::text, json_agg(j ORDER BY i)::text FROM (VALUES (1, ARRAY[1], ' 1'::json), (2, NULL, ' 2'), (3, ARRAY[2], NULL)) v(i, a, j);
SELECT (json_agg(a ORDER BY i))::text FROM (VALUES (1, NULL), (2, ARRAY[1])) v(i, a);
SELECT '\346'::"char", E'\\346'::text::"char", E'\\'::text::"char", 'é'::text::"char", E'\\400'::text::"char", E'\\389'::text::"char",E'\\3456'::text::"char", E'\\346'::bpchar::"char", E'\\346'::varchar::"char", E'\\000'::text::"char";
SELECT '-5'::int::oid, 4294967291::oid::int, (2 << -2)::oid from (values (1)) v(a);
SELECT a, ('{"a": {"b": [1,2]}, "1": 5}'::jsonb)['a']['b'][1], ('{"1": 5}'::jsonb)[a], ('[1,2]'::jsonb)['a'], ('[1,2]'::jsonb)[-a], ('[1,2]'::jsonb)[NULL] from (values (1)) v(a);
SELECT timezone('PST', timestamp '2000-01-01'), timezone('IST', timestamp '2000-01-01'), timezone('msk', timestamp '2000-07-01'), timezone('BST', timestamp '2000-07-01'),timezone('CEST', timestamp '2000-07-01'),timezone('PDT', timestamptz '2000-07-01 00:00+0'), timezone('CET', timestamp '2000-07-01'), timezone('z', timestamp '2000-01-01'), timezone('MSK', timestamptz '2000-07-01 00:00+0');
SELECT date_trunc('day', timestamptz '2000-07-01 00:00+0', 'msk'), date_trunc('day', timestamptz '2000-07-01 00:00+0', 'CET'), make_timestamptz(2000,7,1,0,0,0,'MSK'), make_timestamptz(2000,7,1,0,0,0,'Zulu');
SELECT extract(日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本 from interval '1 day');
SELECT pg_catalog.extract('日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本', interval '1 day');

-- timestamp(p) rounds halves away from the start of 2000.
SELECT timestamp '1999-12-31 23:59:58.5'::timestamp(0), x::timestamp(0), x::timestamptz(0), x::timestamp(1) FROM (VALUES (timestamp '1999-12-31 23:59:58.5'), ('1950-01-01 00:00:00.5'), ('2001-01-01 00:00:00.45'), ('1969-12-31 23:59:58.25')) v(x);
-- make_interval wraps where PostgreSQL's does.
SELECT make_interval(secs => 1e10), make_interval(secs => x) FROM (VALUES (1e13::float8), (9e12), (-9223372036854.775808)) v(x);
SELECT make_interval(secs => 'NaN');

-- What is left of a join's condition below a FULL join stays below it.
CREATE TEMP TABLE regress_d1 (a int, b int);
CREATE TEMP TABLE regress_d2 (a int, b int);
INSERT INTO regress_d1 VALUES (1, 1), (2, NULL);
INSERT INTO regress_d2 VALUES (1, 1), (3, 3);
SELECT * FROM (regress_d1 x JOIN regress_d2 y ON x.a = y.a AND (x.b = y.b OR random() < 0)) FULL JOIN regress_d2 z ON z.a = x.a ORDER BY z.a;

-- The sum of negative zeros is one; DISTINCT ON and set operations keep the sign of zero, and the digits of the value that they keep.
SELECT sum(x), sum(x::real), sum(x) OVER (), g FROM (VALUES (1, '-0'::float8), (1, '-0'), (1, NULL)) v(g, x) GROUP BY g, x ORDER BY g, x;
SELECT g, sum(x) FROM (VALUES (1, '-0'::float8), (1, '-0'), (2, '0'), (2, '-0'), (3, '-1'), (3, '1')) v(g, x) GROUP BY g ORDER BY g;
SELECT sum(x) OVER (ORDER BY o ROWS 1 PRECEDING EXCLUDE CURRENT ROW) FROM (VALUES ('-0'::float8, 1), ('-0', 2), ('0', 3), ('-1', 4), ('1', 5)) v(x, o);
SELECT DISTINCT ON (o) f, '-0'::real, f::text, o FROM (VALUES (1, 2, '-0'::real), (2, 2, '0'), (2, 1, '-0'), (NULL, 5, 'NaN')) v(o, i, f) ORDER BY o DESC, i;
SELECT * FROM (SELECT DISTINCT ON (o + 1) f FROM (VALUES (1, 2, '-0'::real), (2, 2, '0'), (2, 1, '-0'), (NULL, 5, 'NaN')) v(o, i, f) ORDER BY o + 1 DESC, i LIMIT 2) x ORDER BY f;
SELECT DISTINCT ON (f) f, i FROM (VALUES (2, '-0'::real), (1, '1')) v(i, f) ORDER BY f, i;
SELECT x FROM (VALUES (1.0), (1.0), (2), (2), (NULL)) v(x) INTERSECT ALL SELECT x FROM (VALUES (1.0), (2), (2), (2), (NULL)) w(x) ORDER BY 1;
SELECT count(*) FROM (SELECT x FROM (VALUES (1.0), (1.00), (2), (2.0), (NULL)) v(x) EXCEPT ALL SELECT x FROM (VALUES (1.000), (2), (NULL)) w(x)) z;
SELECT x, y FROM (VALUES ('1 day'::interval, 1), ('24:00', 2), (NULL, 3)) v(x, y) EXCEPT ALL SELECT x, y FROM (VALUES ('24:00'::interval, 1)) w(x, y) ORDER BY 2, 1;
SELECT x FROM (VALUES ('{1,2}'::int[]), ('{1,2}'), ('{}')) v(x) INTERSECT ALL SELECT x FROM (VALUES ('{1,2}'::int[]), ('{1,2}'), ('{1,2}')) w(x) UNION ALL SELECT '{7}' ORDER BY 1;
SELECT x FROM (VALUES ('-0'::float8), ('-0'), ('-0')) v(x) EXCEPT ALL SELECT x FROM (VALUES ('0'::float8)) w(x);
-- Arrays of arrays.
SELECT ARRAY['[0:1]={5,6}'::int[], '[0:1]={7,8}'], ARRAY[ARRAY[ARRAY[1]], ARRAY[ARRAY[2]]], ARRAY['{}'::int[], NULL];
SELECT ARRAY['[0:1]={5,6}'::int[], '{7,8}'];
SELECT ARRAY[a, b] FROM (VALUES ('{1,2}'::int[], '{3}'::int[])) v(a, b);
SELECT ARRAY[a, b] FROM (VALUES ('{1,2}'::int[], NULL::int[])) v(a, b);
SELECT ARRAY[a, b] FROM (VALUES ('{1,2}'::int[], '{{3,4}}'::int[])) v(a, b);
SELECT ARRAY[[1, 2], [3]];
-- Regular expressions name more than Unicode's characters, and of too many digits the last count.
SELECT substring('''b '''::text, E'2000-01-01\\x666f6f626172'::text), 'A' ~ E'\\x000000000000000000000041', 'a' ~ E'[\\x61-\\x7ffffffe]', 'b' ~ E'^\\x6f626172?b', 'b' ~ E'\\x6f626172*b';
SELECT regexp_replace('ab', E'(?=\\x7ffffffe|b)', '-'), 'b' ~ E'\\U00110000', 'b' ~ E'[^\\x7ffffffe]', 'B' ~* E'[\\x62-\\x00110000]';
SELECT 'b' ~ E'\\x7fffffff';
-- width_bucket: bounds far apart, rounding to the upper bound.
SELECT width_bucket(32.37::float8, 1, '1.7976931348623157e308', 6), width_bucket(32.37::float8, '-1.7976931348623157e308', '1.7976931348623157e308', 6),
  width_bucket(1e-310::float8, 1e-320, 2e-310, 2147483647), width_bucket(1.7e308::float8, 1.8e307, 1.71e308, 2147483647),
  width_bucket(0.99999999999999989::float8, -10::float8, 1, 5), width_bucket(1.0000000000000002::float8, 10::float8, 1, 5);
-- Times of day whose sum with an interval goes round int64's end.
SELECT time '18:18:35.360212' + interval '2562047787:58:54.775808', time '18:18:35' - interval '-2562047788:00:54.775807', timetz '18:18:35+1' + interval '2562047787:58:54.775808',
  timetz '18:18:35+1' - interval '-2562047787:58:54.775808', time '18:18:35' + interval '-2562047788:00:54.775807', t + i, t - i
FROM (VALUES (time '23:59:59', interval '2562047788:00:54.775807'), ('00:00:01', '-2562047788:00:54.775807'), ('00:00:01', '-25:00')) v(t, i);
SELECT x FROM (VALUES ('-0'::float8), ('NaN'), (NULL), ('1')) v(x) EXCEPT SELECT x FROM (VALUES (1::float8), (NULL)) w(x) ORDER BY 1;
SELECT x, y FROM (VALUES ('-0'::real, 1), ('NaN', 2), (NULL, NULL)) v(x, y) INTERSECT SELECT x, y FROM (VALUES ('-0'::real, 1), (NULL, NULL), (NULL, 3)) w(x, y) ORDER BY 1;
-- A member of a constant.
SELECT ('{"a": "x", "b": {"a": null}}'::jsonb)['a'], ('[1, 2]'::jsonb)[1], ('{"b": {"a": null}}'::jsonb)['b']['a'];
SELECT ('{"a": "x"}'::jsonb)['a'];
-- A specifier of several bytes.
SELECT format('%日ß');
SELECT format('%', 1);
SELECT date_part('epoch', t), extract(epoch FROM t) FROM (VALUES (timetz '23:59:59.999999+14'), ('00:00:00.1-12'), ('12:34:56.789+05:30:15')) v(t);
-- Frames that begin or end beyond their row, with peers and an offset of nothing.
SELECT k, count(*) OVER a, count(*) OVER b, count(*) OVER c, sum(k) OVER d, count(*) OVER e FROM (VALUES (1), (1), (1), (2), (2), (4), (NULL), (NULL)) v(k)
  WINDOW a AS (ORDER BY k RANGE BETWEEN 0 FOLLOWING AND 0 FOLLOWING), b AS (ORDER BY k RANGE BETWEEN 0 PRECEDING AND 0 PRECEDING),
         c AS (ORDER BY k RANGE BETWEEN 1 PRECEDING AND 0 PRECEDING), d AS (ORDER BY k DESC RANGE BETWEEN 0 FOLLOWING AND 1 FOLLOWING),
         e AS (ORDER BY k RANGE BETWEEN 1 FOLLOWING AND 2 FOLLOWING) ORDER BY 1;
SELECT k, count(*) OVER a, count(*) OVER b, count(*) OVER c FROM (SELECT n::numeric(4,1) FROM (VALUES (1.5), (1.5), (2.0), (2.5)) u(n)) v(k)
  WINDOW a AS (ORDER BY k RANGE BETWEEN 0.0 FOLLOWING AND 0.5 FOLLOWING), b AS (ORDER BY k RANGE BETWEEN 0.5 PRECEDING AND 0.5 PRECEDING),
         c AS (ORDER BY k DESC RANGE BETWEEN 0.5 FOLLOWING AND 1 FOLLOWING) ORDER BY 1;
SELECT k, count(*) OVER a, count(*) OVER b, count(*) OVER c FROM (VALUES (date '2024-01-01'), ('2024-01-01'), ('2024-01-02'), ('2024-01-08')) v(k)
  WINDOW a AS (ORDER BY k RANGE BETWEEN '7 days' PRECEDING AND '1 day' PRECEDING), b AS (ORDER BY k RANGE BETWEEN '0 days' FOLLOWING AND '1 day' FOLLOWING),
         c AS (ORDER BY k DESC RANGE BETWEEN '1 day' FOLLOWING AND UNBOUNDED FOLLOWING) ORDER BY 1;
SELECT k, count(*) OVER a, count(*) OVER b, count(*) OVER c FROM (VALUES (timestamptz '2024-01-01 00:00+0'), ('2024-01-01 00:00+0'), ('2024-01-01 01:00+0'), (NULL)) v(k)
  WINDOW a AS (ORDER BY k RANGE BETWEEN '1 hour' PRECEDING AND '1 minute' PRECEDING), b AS (ORDER BY k RANGE BETWEEN '1 minute' FOLLOWING AND '1 hour' FOLLOWING),
         c AS (ORDER BY k DESC RANGE BETWEEN '1 minute' FOLLOWING AND UNBOUNDED FOLLOWING) ORDER BY 1;
SELECT k, count(*) OVER a, count(*) OVER b, count(*) OVER c FROM (VALUES (1.5::float8), (1.5), (2), ('-0'), (0), (NULL)) v(k)
  WINDOW a AS (ORDER BY k RANGE BETWEEN 0.5 FOLLOWING AND 1 FOLLOWING), b AS (ORDER BY k DESC RANGE BETWEEN 2 PRECEDING AND 0.5 PRECEDING),
         c AS (ORDER BY k RANGE BETWEEN 0 FOLLOWING AND 0 FOLLOWING) ORDER BY 1, 2;
SELECT k, count(*) OVER a FROM (VALUES ('inf'::float8), ('inf'), ('nan'), ('nan'), (1), (1.2)) v(k) WINDOW a AS (ORDER BY k RANGE BETWEEN 0.5 PRECEDING AND 0.5 FOLLOWING) ORDER BY 1, 2;
-- A recursive query named twice, and left early.
WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT r.i + 1 FROM r JOIN (VALUES (1), (2), (3)) v(k) ON v.k = r.i)
  SELECT (SELECT max(c.i) FROM r c WHERE c.i >= d.i), d.i FROM r d ORDER BY 2 LIMIT 2;
-- IS DISTINCT FROM between a query and the one around it, with NULLs on either side.
CREATE TABLE outer_x (x int, id int); INSERT INTO outer_x VALUES (1, 1), (2, 2), (NULL, 3);
CREATE TABLE inner_y (y int, z int); INSERT INTO inner_y VALUES (NULL, 1), (2, 2), (NULL, 3);
SELECT id FROM outer_x WHERE EXISTS (SELECT FROM inner_y WHERE y IS DISTINCT FROM x AND z = id) ORDER BY id;
SELECT id FROM outer_x WHERE EXISTS (SELECT FROM inner_y WHERE y IS DISTINCT FROM x AND y IS NULL) ORDER BY id;
SELECT id FROM outer_x WHERE NOT EXISTS (SELECT FROM inner_y WHERE y IS DISTINCT FROM x AND z = id) ORDER BY id;
SELECT id, (SELECT count(*) FROM inner_y WHERE y IS DISTINCT FROM x) FROM outer_x ORDER BY id;
SELECT id FROM outer_x WHERE EXISTS (SELECT FROM inner_y WHERE (y, z) IS DISTINCT FROM (x, id)) ORDER BY id;
SELECT id, c FROM outer_x, LATERAL (SELECT count(*) AS c FROM inner_y WHERE NOT y IS NOT DISTINCT FROM x) s ORDER BY id;
DROP TABLE outer_x, inner_y;
-- Signs behind digits.
select t, f, to_number(t,f) from unnest('{5-,5.0-,5.00-,50-,"5 -",5-1,5.0e-01,5.0e-1,5.0-1,5.-,-5.0-,5+}'::text[]) t, unnest('{9999,99999,FM9999,99.99,999D9,9G999D99,"9,999.99",9999.99,9G999,99G99D9}'::text[]) f order by 2,1;
select t, f, to_number(t,f) from unnest('{5-,5.0-,5.00-,50-,"5 -",5-1,5.0e-01,5.0e-1,5.0-1,5.-,-5.0-,5+,<5>,<5.0>,"5.0>",+5,-5,"- 5","5 - "}'::text[]) t, unnest('{9999PR,9999.99PR,9999S,S9999.9,9999.9S,MI9999.9,9999.9MI,9999.9SG,SG9999,PL9999.9,9999PL,FM9999.9S}'::text[]) f order by 2,1;
-- A control character of any character, at the pattern's end.
SELECT 'abc' ~ E'\\c😀', E'\x01' ~ E'^\\cA$', 'abc' ~* E'b|\\c';
SELECT 'abc' ~ E'a\\c`';
SELECT to_char(interval '199 years 7 mons 17848 days', 'IYYY IYY IY I IW IDDD'), to_char(interval '5 years -17 mons -800 days', 'IYYY IW IDDD I'), to_char(interval '-3 years -40 days', 'IYYY IW IDDD'), to_char(interval '1 year 5000 days', 'IYYY IW IDDD');
SELECT g, to_char(g * interval '1 day' + '7 years', 'IYYY IW IDDD'), to_char(g * interval '1 mon' + '7 years', 'IYYY IW IDDD') FROM generate_series(-1200, 1200, 137) g;
SELECT oidsmaller(CAST(CASE WHEN 'true'::boolean THEN '-702'::integer ELSE 10 END AS oid), '363113750'::oid), CAST(CAST(COALESCE(NULL, '4294966594'::oid) AS integer) AS bigint);
-- A UNION under WITH RECURSIVE that does not refer to itself.
WITH RECURSIVE w AS (SELECT 1 AS x FROM generate_series(1, 4) UNION SELECT g % 2 FROM generate_series(1, 7) g) SELECT count(*) FROM w a, w b;
WITH RECURSIVE w AS (SELECT NULL::int AS x FROM generate_series(1, 4) UNION SELECT 1), r(i) AS (SELECT 1 UNION SELECT i + 1 FROM r JOIN w ON i < 3), e AS (SELECT x FROM w EXCEPT SELECT i FROM r)
  SELECT (SELECT count(*) FROM w), (SELECT count(*) FROM r), (SELECT count(*) FROM e), (SELECT count(*) FROM e, w);
-- Bytes and a NULL that is written.
SELECT length(b || NULL::bytea), octet_length(NULL::bytea || b), length(b || overlay(NULL::bytea, '\x00ff10'::bytea, 10)), b || '\x02' FROM (SELECT '\x01'::bytea AS b FROM generate_series(1, 2)) t;
