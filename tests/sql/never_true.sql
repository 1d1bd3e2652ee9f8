-- A source is not asked for rows that nobody can want: the server here cannot be reached.
create extension postgres_fdw;
create server nowhere foreign data wrapper postgres_fdw options (host '127.0.0.1', port '1');
create user mapping for current_user server nowhere options (user 'nobody');
create foreign table gone (x int, t text) server nowhere;
create table own (a int, b int); insert into own values (5, 6), (7, 8);
\set VERBOSITY terse
select * from gone;
-- conditions
select * from gone where false;
select * from gone where x = 1 and 1 = 2;
select x from gone where x > 1 and null;
select x from gone where x = null;
select x from gone where not true or null;
select * from gone where x in (select a from own) and false;
select x from gone where false for update;
select x from gone where false for share;
select x from gone, own where false for update of own;
-- around subqueries
select * from (select * from gone where false offset 0) s;
select * from (select * from gone offset 0) s where false;
select * from (select *, random() from gone offset 0) s where false;
select * from (select x from gone limit 5) s where false;
select * from (select count(*) c from gone) s where false;
select * from (select distinct x from gone) s where false;
select * from (select x, sum(x) over () from gone) s where false;
select * from (select x from gone union all select a from own) s where false;
select * from (select x from gone except select a from own) s where false;
select * from (select x from gone where false for update) s;
with w as (select * from gone) select * from w where false;
with w as (select * from gone where false) select * from w a, w b;
with w as materialized (select * from gone where false) select * from w;
with w as materialized (select * from gone) select 1;
-- groups
select count(*), max(x) from gone where false having count(*) = 0;
select count(*) from gone having false;
select 1 from gone where false having count(*) = 0;
select 1 as one from pg_namespace having count(*) > 1;
select max(x) from gone having max(x) > 0 and false;
select x, count(*) from gone group by x having false;
select x from gone where false group by x;
select row_number() over (order by x), x from gone where false;
-- joins
select o.a from own o left join gone g on false order by 1;
select o.a, g.x from own o left join gone g on g.x = o.a and false order by 1;
select o.a, g.x from own o left join (select * from gone where false) g on g.x = o.a order by 1;
select g.x, o.a from gone g right join own o on null order by 2;
select o.a from own o join gone g on false;
select * from (own o left join gone g on g.x = o.a) join own p on false;
select * from own o left join (gone g join gone h on false) on g.x = o.a order by 1;
select * from own o join (select 1 as k where false) e on true join gone g on g.x = o.a;
select * from own o left join gone g on g.x = o.a where null;
select * from own, lateral (select * from gone where x = own.a and false) s;
select * from generate_series(1, 2) g left join gone on false;
-- subqueries of expressions
select o.a from own o where exists (select from gone where false);
select o.a from own o where o.a not in (select x from gone where false) order by 1;
select o.a, (select x from gone where false), array(select x from gone where false) from own o order by 1;
select a from own where a < all (select x from gone where false) order by 1;
-- parts of sets
select a from own union all select x from gone where false order by 1;
select a from own intersect select x from gone where false;
with recursive r as (select x from gone where false union all select x + 1 from r where x < 3) select * from r;
-- writes
insert into own select x, x from gone where false;
update own set a = 1 from gone where false and gone.x = own.a;
delete from own using gone where false;
create table made as select * from gone where false;
select * from made;
-- parameters
prepare p1(bool) as select * from gone where $1;
execute p1(false); execute p1(null); execute p1(true); execute p1(false);
prepare p2(int) as select * from gone where $1 = 2 and x > 3;
execute p2(1); execute p2(2); execute p2(1);
prepare p3(int) as select o.a from own o left join gone g on $1 = 2 order by 1;
execute p3(1); execute p3(2); execute p3(1);
prepare p4(int) as select count(*) from gone having $1 = 2;
execute p4(1);
prepare p5(int) as select * from gone where x = $1;
execute p5(null);
prepare p6(bool) as select a from own where $1 order by 1;
execute p6(true); execute p6(false); execute p6(null); execute p6(true);
set plan_cache_mode = force_generic_plan;
execute p1(false); execute p2(1);
reset plan_cache_mode;
do $$ declare n int := 0; r int; begin select count(*) into r from gone where n = 1; raise notice '%', r; end $$;
drop table own, made; drop extension postgres_fdw cascade;
