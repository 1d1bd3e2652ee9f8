-- Ordered-set aggregates, and rows with their ties.
select percentile_cont(0.5) within group (order by x), percentile_disc(0.5) within group (order by x), mode() within group (order by x) from generate_series(1,4) x;
select percentile_cont(0.25) within group (order by x desc), percentile_disc(0.25) within group (order by x desc), mode() within group (order by x desc) from (values (1),(2),(2),(3),(3),(null)) v(x);
select g, percentile_cont(0.3) within group (order by x), percentile_disc(0.9) within group (order by x), mode() within group (order by x) from (values (1,1.5::float8),(1,2.25),(1,7),(2,3),(2,null),(3,null)) v(g,x) group by g order by g;
select percentile_disc(0.5) within group (order by x), mode() within group (order by x) from (values ('b'),('a'),('c'),('c')) v(x);
select percentile_disc(0.5) within group (order by x) from (values (1.10),(1.1),(2.0),(3)) v(x);
select percentile_disc(0.5) within group (order by x) from (values (1.10),(1.1),(2.0),(3)) v(x);
select percentile_disc(0.5) within group (order by x), mode() within group (order by x) from (values (date '2020-01-01'),('2020-01-03'),('2020-01-03')) v(x);
select percentile_cont(0) within group (order by x), percentile_cont(1) within group (order by x), percentile_disc(0) within group (order by x), percentile_disc(1) within group (order by x) from generate_series(1,7) x;
select percentile_cont(null) within group (order by x), percentile_disc(null::float8) within group (order by x) from generate_series(1,7) x;
select percentile_cont(1.5) within group (order by x) from generate_series(1,7) x;
select percentile_disc(-0.5) within group (order by x) from generate_series(1,7) x;
select percentile_cont(1.5) within group (order by x) from generate_series(1,0) x;
select percentile_cont(0.5) within group (order by x) filter (where x > 3) from generate_series(1,7) x;
select g % 3 as k, percentile_cont((g % 3) / 2.0) within group (order by g) from generate_series(1,20) g group by g % 3 order by 1;
select mode() within group (order by x) from (values (true),(false),(null)) v(x);
select percentile_disc(0.5) within group (order by x) from (values ('{"a":1}'::text),('b')) v(x);
select x from generate_series(1,5) x order by x/2 fetch first 2 rows with ties;
select x from generate_series(1,5) x order by x/2 offset 1 fetch first 1 rows with ties;
select x from generate_series(1,5) x order by x/2 fetch first 0 rows with ties;
select distinct x/2 from generate_series(1,5) x order by x/2 fetch first 2 rows with ties;
select * from (select x/2 as y, count(*) from generate_series(1,7) x group by y order by count(*) desc fetch first 1 rows with ties) q order by y;
select * from (select x, x % 3 as m from generate_series(1,9) x order by m fetch first 2 rows with ties) q order by x;
select x from generate_series(1,3) x union all select 2 order by x fetch first 2 rows with ties;
select x from (values (1.0::numeric),(1.00),(2)) v(x) order by x fetch first row with ties;
select x, y from (values (1,2),(1,2),(1,3),(null,1)) v(x,y) order by x nulls first, y desc offset 1 rows fetch next 2 rows with ties;
select x from generate_series(1,5) x order by x/2 fetch first -1 rows with ties;
select x from generate_series(1,5) x order by x/2 fetch first null rows with ties;

-- in HAVING, and values of domains and collected rows there
CREATE DOMAIN os_positive AS int CHECK (value > 0);
CREATE TABLE os_having (a int, b int, s varchar);
INSERT INTO os_having SELECT g, g % 10, (g % 10)::text FROM generate_series(1, 1000) g;
SELECT b, rank('10'::varchar) WITHIN GROUP (ORDER BY s), percentile_cont(b / 10::numeric) WITHIN GROUP (ORDER BY a) FROM os_having
  GROUP BY b HAVING percentile_cont(b / 10::numeric) WITHIN GROUP (ORDER BY a) < 500 ORDER BY b;
SELECT b FROM os_having GROUP BY b HAVING percentile_disc(b / 10.0) WITHIN GROUP (ORDER BY a) < 500 ORDER BY b;
SELECT b FROM os_having GROUP BY b HAVING max(a)::os_positive > 991 AND (array_agg(DISTINCT a))[1] > 0 AND string_agg(s, s) > '' AND count(DISTINCT (a, s)) > 5
  AND string_agg(DISTINCT s, ',') > '' AND percentile_cont(0.5) WITHIN GROUP (ORDER BY make_interval(days => a)) > '1 day' ORDER BY 1;
SELECT b, percentile_disc(0.5) WITHIN GROUP (ORDER BY s) FROM os_having GROUP BY b HAVING bool_or(a > 4)
  ORDER BY percentile_cont(0.25) WITHIN GROUP (ORDER BY a DESC), 1;
DROP TABLE os_having;
DROP DOMAIN os_positive;

-- ties among the rows that sets give
create table ties_of (id int, hired date); insert into ties_of values (1,'2020-01-01'),(2,'2020-01-01'),(3,'2021-01-01'),(4,'2021-01-01'),(5,'2022-01-01'),(6,null);
select id, generate_series(1,2) from ties_of order by hired desc, id fetch first 5 rows with ties;
select id, hired, generate_series(1,2) g from ties_of order by hired desc, id fetch first 3 rows with ties;
select id, generate_series(1,2) from ties_of order by hired nulls first fetch first 1 rows with ties;
select generate_series(1,3) g, id from ties_of order by g fetch first 2 rows with ties;
select id, generate_series(1,2) g from ties_of order by hired, g, id fetch first 3 rows with ties;
select id, generate_series(1,2) from ties_of order by hired, id offset 1 fetch first 3 rows with ties;
select id, unnest(array[1,2,3]) from ties_of order by id desc fetch first 4 rows with ties;
select id, generate_series(1,2), (select count(*) from ties_of f where f.id < ties_of.id) from ties_of order by hired, id fetch first 5 rows with ties;
select id, generate_series(1,0) from ties_of order by hired, id fetch first 5 rows with ties;
select hired, count(*), generate_series(1,2) from ties_of group by hired order by count(*) desc fetch first 3 rows with ties;
select id, generate_series(1,2), row_number() over (order by id) from ties_of order by hired, id fetch first 5 rows with ties;
select distinct on (hired) hired, generate_series(1,2) from ties_of order by hired fetch first 1 rows with ties;
select distinct on (hired) hired, generate_series(1,2) from ties_of order by hired, 2 fetch first 1 rows with ties;
select distinct hired, generate_series(1,2) from ties_of order by hired, 2 fetch first 1 rows with ties;
select x from (select id x, generate_series(1,2) from ties_of order by hired, id fetch first 1 rows with ties) z;
drop table ties_of;
