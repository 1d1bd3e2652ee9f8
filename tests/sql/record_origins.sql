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
create table made (a int, c text);
with w as (insert into made values (1, 'k'), (2, 'l') returning a, row(c, a) r) select (r).f1, (w.r).f2 from w order by 2;
with w as (update made set a = a + 1 from (values ('k', 9)) v(c, n) where v.c = made.c returning row(n, made.c) r) select (r).f1, (r).f2 from w;
with w(r) as (delete from made returning row(a, c, made)), x as (select r from w) select ((x.r).f3).c, (r).f1 from x order by 2;
drop table made;
-- What has no one origin is not known.
with recursive r(c, n) as (select row(1, 2), 1 union all select c, n + 1 from r where (c).f1 = 1) select * from r;
select (v.c).f1 from (values (row(1, 2))) v(c);
