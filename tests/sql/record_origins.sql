-- A record's columns follow from where it comes from: through queries of WITH, levels of subqueries, set operations and joins.
\set VERBOSITY verbose
with made(pair) as materialized (select row(7, 'seven'::text)), again(pair) as (select * from made)
select * from again a where (select * from (select pair as inner_pair) s where (select (inner_pair).f1 > 3)) is not null;
with made(pair) as materialized (select row(7, 'seven'::text)), again(pair) as (select * from made)
select (select (inner_pair).f2 from (select a.pair as inner_pair) s) from again a;
with made(pair) as (select row(7, 'seven'::text))
select 1 from made m where (select * from (select m.pair as p) s where (with deeper as (select p) select (p).f1 = 7 from deeper)) is not null;
select (select (p).f2 from (select s.c as p) z) from (select row(1, 2) as c) s;
select (c).f1 from (select row(1, 2) as c union select row(3, 4)) s order by 1;
select (c).f3 from (select row(1, 2) as c union select row(3, 4)) s;
select (j.c).f2 from ((select row(1, 2) as c) a cross join (select 1 as x) b) j;
with recursive r(c, n) as (select row(1, 2), 1 union all select c, n + 1 from r where n < 3) select (c).f1, n from r order by n;
-- What has no one origin is not known.
with recursive r(c, n) as (select row(1, 2), 1 union all select c, n + 1 from r where (c).f1 = 1) select * from r;
select (v.c).f1 from (values (row(1, 2))) v(c);
