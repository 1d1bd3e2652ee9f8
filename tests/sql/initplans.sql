-- Subqueries about nothing outside are run when a row asks for them first: their errors come there, and only there.
create table zero (n int); insert into zero values (0);
create table empty (a int, b int); insert into empty values (1, 2); delete from empty;
create table two (x int); insert into two values (1), (2);
create table one (a int, b int); insert into one values (5, 6);
\set VERBOSITY terse
-- rows none
select (select 1 / n from zero) from empty;
select (select x from two) from empty;
select a, (select 1 / n from zero), b from empty where a > 3;
select * from empty where (select 1 / n from zero) > 0;
select * from empty where a = (select x from two);
select * from one where a > 100 and b = (select x from two);
select * from one where b = (select x from two) and a > 100;
select * from one where a > 100 or b = (select x from two);
select * from one where a < 100 or b = (select x from two);
select exists (select from zero where 1 / n > 0) from empty;
select * from empty where exists (select from zero where 1 / n > 0);
select * from empty where not exists (select from zero where 1 / n > 0);
select * from one where a > 100 and exists (select from zero where 1 / n > 0);
select array(select 1 / n from zero) from empty;
select a in (select 1 / n from zero) from empty;
select a = any (select 1 / n from zero) from empty;
select a <> all (select 1 / n from zero) from empty;
select (a, b) in (select 1 / n, 2 from zero) from empty;
select (1, 2) = (select 1 / n, 2 from zero) from empty;
-- arms
select case when a > 100 then (select 1 / n from zero) end from one;
select case when a < 100 then (select 1 / n from zero) end from one;
select coalesce(a, (select 1 / n from zero)) from one;
select coalesce(nullif(a, 5), (select 1 / n from zero)) from one;
select a < 100 or (select 1 / n > 0 from zero), a > 100 and exists (select from zero where 1 / n > 0) from one;
select a > 100 or (select 1 / n > 0 from zero) from one;
select case when a > 100 then a in (select 1 / n from zero) end from one;
select case when a < 100 then a in (select 1 / n from zero) end from one;
select case when a > 100 then (1, 2) = (select 1 / n, 2 from zero) end from one;
-- limits
select * from empty limit (select 1 / n from zero);
select * from one offset (select 1 / n from zero);
select * from one limit (select x from two);
select case when a > 100 then (select x from two limit (select 1 / n from zero)) end from one;
select (select x from two limit (select 1 / n from zero)) from empty;
-- groups
select (select 1 / n from zero), count(*) from empty;
select (select 1 / n from zero), a, count(*) from empty group by a;
select a, count(*) from empty group by a having count(*) > (select 1 / n from zero);
select count(*) from empty having count(*) > (select 1 / n from zero);
select count(*) from empty having count(*) > 5 and count(*) > (select 1 / n from zero);
select sum((select 1 / n from zero)) from empty;
select sum(a) filter (where a > (select 1 / n from zero)) from empty;
select (select 1 / n from zero) as k, count(*) from empty group by k;
select sum(a) over (order by (select 1 / n from zero)) from empty;
select a from empty order by (select 1 / n from zero);
select a from one order by (select 1 / n from zero);
select distinct (select 1 / n from zero) from empty;
-- joins
select * from empty e join one o on e.a = (select 1 / n from zero);
select * from one o left join empty e on e.a = (select 1 / n from zero);
select * from one o left join empty e on o.a > 100 and e.a = (select 1 / n from zero);
select * from one o join two t on o.a = (select x from two);
select * from (select (select 1 / n from zero) as c from empty) q;
select * from (select (select 1 / n from zero) as c from one offset 0) q where false;
select c from (select a, (select 1 / n from zero) as c from one offset 0) q;
select a from (select a, (select 1 / n from zero) as c from one offset 0) q;
select a from (select a, (select 1 / n from zero) as c from one) q;
-- with
with w as (select 1 / n from zero) select a from one;
with w as materialized (select 1 / n as c from zero) select a, case when a < 100 then (select c from w) end from one;
with w as (select (select 1 / n from zero) as c) select a from one where a > 100 and exists (select from w where c > 0);
-- nested
select (select (select 1 / n from zero)) from empty;
select (select case when x > 100 then (select 1 / n from zero) end from two limit 1) from one;
select (select max(case when x > 1 then (select 1 / n from zero) end) from two) from one;
select case when (select x from two where x = 1) = 2 then (select x from two) else (select max(x) from two) end;
select (select 1 / n from zero) where false;
select (select 1 / n from zero);
select 1 where (select 1 / n from zero) > 0;
select 1 where false and (select 1 / n from zero) > 0;
select * from (values ((select 1 / n from zero))) v where false;
select 1 union all select (select 1 / n from zero) from empty;
-- writes
insert into empty select (select 1 / n from zero) from empty;
update empty set a = (select 1 / n from zero);
update one set a = (select 1 / n from zero) where a > 100;
update one set a = case when a > 100 then (select 1 / n from zero) else a end;
update one set a = (select 1 / n from zero);
update one set (a, b) = (select 1 / n, 2 from zero) where a > 100;
delete from one where a > 100 and b = (select x from two);
delete from one where b = (select x from two);
insert into one select 7, 8 from empty where a = (select x from two);
insert into one values (1, 2) returning case when a > 100 then (select 1 / n from zero) end;
select * from one;
prepare p(int, int) as select case when a > $1 then (select 1 / (n + $2) from zero) end from one order by 1;
execute p(100, 0); execute p(100, 1); execute p(2, 1); execute p(2, 0);
select g, case when g > 100 then (select 1 / n from zero) end from generate_series(1, 2) g;
select case when a > 100 then (select row(1 / n, n) from zero) end from one where a = 5;
select case when a > 100 then (select zero from zero where 1 / n > 0) end from one where a = 5;
-- what is asked for, and does not fail
select a, (select x from two where x = a - 4), (select array_agg(x / 1 order by x) from two) from one order by a;
select a from one where b = (select x + 4 from two where x = 2) and exists (select from two where 2 / x = 1) order by a;
select x from two order by x limit (select 1 + n from zero) offset (select 1 / (n + 1) from zero);
select x from two order by x limit (select nullif(x, 1) / 1 from two where x = 1);
select x, (select (x / 2)::numeric(5, 2) from two where x = 2), (select repeat('ab', x / 1) from two where x = 2) from two order by x;
select count(*), sum(g + (select x from two where x = 2)) from generate_series(1, 5000) g where g % 2 = (select 1 / x from two where x = 1);
select count(*) from empty where (select 1 / x from two where x = 1) = 1;
select count(*) from one where (select 1 / x from two where x = 1) = 1 and (select x from two) = 5 and a = 5;
select count(*) from one where (select 1 / x from two where x = 1) = 2 and (select x from two) = 5 and a = 5;
-- rows of one source that cannot answer the whole
\! printf '1,0\n2,0\n' > /tmp/medley_initplans.csv
create extension file_fdw; create server regress_files foreign data wrapper file_fdw;
create foreign table lines (a int, b int) server regress_files options (filename '/tmp/medley_initplans.csv', format 'csv');
select (select 1 / b from lines limit 1) from lines where a > 100;
select a from lines where a > 100 and (select 1 / b from lines limit 1) > a;
select case when a > 1 then 5 else (select 1 / b from lines limit 1) end from lines where a > 1;
select (select 1 / b from lines limit 1) from lines where a > 1;
select a, (select a from lines) from lines;
select a, (select b / a from lines where a > 1) from lines order by a limit (select 2 / a from lines where a = 2);
-- in subqueries about a row outside, asked by their rows
select a, (select o.a + (select x from two) from empty) from one o order by 1;
select a, (select max(e.a) from empty e where e.a > o.a and e.a > (select 1 / n from zero)) from one o order by 1;
select a, (select max(e.a) from one e where e.a >= o.a and e.a > (select 1 / n from zero)) from one o order by 1;
select * from one o where exists (select 1 from empty e where e.a = o.a + (select x from two)) order by 1;
select * from one o where exists (select 1 from one e where e.a = o.a + (select x from two)) order by 1;
select * from one o, lateral (select e.a + (select x from two) from empty e where e.a = o.a) l order by 1;
select * from empty e, lateral (select e.a + (select x from two) as q from one o where e.a = o.a) l;
select * from one o left join lateral (select e.a + (select x from two) as q from empty e where e.a = o.a) l on true order by 1;
select * from one o left join lateral (select e.a + (select x from two) as q from one e where e.a = o.a) l on true order by 1;
select a, case when a > 6 then (select o.a + (select x from two)) end from one o order by 1;
select a, case when a < 6 then (select o.a + (select x from two)) end from one o order by 1;
select a, (select (select count(*) from empty e where e.a > (select x from two)) + o.a) from one o order by 1;
-- reading an item of WITH that nobody else reads
with w as (select * from two) select * from empty where a = (select x from w);
with w as (select * from two) select * from one where a = (select x from w) order by 1;
with w as materialized (select 1 / n as x from zero) select * from empty where a = (select x from w);
with w as (select 1 / n as x from zero) select (select x from w) from empty;
with w as (select * from two) select case when a > 6 then (select x from w) end from one order by 1;
with w as (select x from two), v as (select max(x) as x from two) select a, (select 10 / (x - 2) from v) from empty;
with w as (select x from two where x > 1) select a, (select 10 / x from w) from one order by 1;
with w as (select x from two where x > 1) select a, (select 10 / x from w), (select sum(x) from w) from one order by 1;
-- compared with in WHERE
select * from empty where a not in (select 1 / n from zero);
select * from one where a not in (select 1 / n from zero);
select * from empty where a > all (select 1 / n from zero);
select * from one where a > all (select 1 / n from zero);
select * from empty where a not in (select a from one where a = (select x from two));
select * from one where b not in (select 10 / x from two) and a not in (select x from two);
select * from one where b not in (select 10 / nullif(x, 1) from two);
drop server regress_files cascade; drop extension file_fdw;
\! rm /tmp/medley_initplans.csv
drop table zero, empty, two, one;
