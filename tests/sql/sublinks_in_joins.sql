-- Subqueries in the conditions of outer joins that are about no row outside.
\set VERBOSITY verbose
create table e (x int); create table t (x int); insert into t values (1),(2);
select a.x from e a left join t b on 0 in (select z.x from t z where z.x <> 1);
select a.x, b.x from t a left join t b on 2 in (select z.x from t z where z.x <> 1) order by 1, 2;
select a.x, b.x from t a left join t b on b.x in (select z.x from t z where z.x <> 1) order by 1, 2;
select a.x, b.x from t a left join t b on a.x + b.x in (select z.x + 1 from t z) order by 1, 2;
select a.x, b.x from t a left join t b on a.x + b.x not in (select z.x + 1 from t z) order by 1, 2;
select a.x, b.x from t a full join t b on a.x = b.x and a.x in (select max(z.x) from t z) order by 1, 2;
select a.x, b.x from t a right join t b on exists (select 1 from t z where z.x > 5) order by 1, 2;
select a.x, b.x from t a left join t b on b.x = (select max(z.x) from t z) order by 1, 2;
select a.x, b.x from t a left join t b on b.x = any (array(select z.x from t z)) order by 1, 2;
select a.x, b.x from t a left join t b on b.x > all (select z.x - 1 from t z) order by 1, 2;
select (select b.x from t z limit 1) from (select 1 x) a right join e b on exists (select 2 from t z where 0 < 1);
with w as (select x from t) select a.x, b.x from w a left join t b on b.x in (select z.x from w z where z.x <> 1) order by 1, 2;
with w as (select x from t) select * from t where x = any (select a.x from w a full join t b on a.x = b.x and 1 in (select x from w) where false);
-- limits that are computed
select count(*) from (select a.x from e a limit nullif(1, 1)) s;
select count(*) from (select relname from pg_class limit nullif(1, 1)) s where false;
select count(*) from (select relname from pg_class limit nullif(2, 1)) s;
select count(*) from (select relname from pg_class offset nullif(1, 1)) s where false;
select relname from pg_class limit nullif(-1, 2);
