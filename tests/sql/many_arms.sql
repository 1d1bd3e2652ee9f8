-- Many arms that each have a subquery that may fail: what one costs does not multiply with those before it, and each is run only where it is reached.
create table t (a int, b int); insert into t select -g, g from generate_series(1, 60) g;
create table u (x int, y int); insert into u select g, g * 10 from generate_series(1, 60) g;
set statement_timeout = '60s';
\set VERBOSITY terse
-- correlated: each arm may fail, and none does
select format('select count(*), sum(case when %s then 1 else 0 end) from t', string_agg(format('(select 10 / (t.a - %s) from u where x = %s) > 9', g, g), ' or ' order by g)) from unnest(array[8, 10, 20, 50]) n, generate_series(1, n) g group by n order by n \gexec
select format('select count(*) from t where %s', string_agg(format('(select 10 / (t.a - %s) from u where x = %s) < 9', g, g), ' and ' order by g)) from unnest(array[8, 10, 20, 50]) n, generate_series(1, n) g group by n order by n \gexec
select format('select count(c), sum(c) from (select coalesce(%s) as c from t) q', string_agg(format('(select nullif(10 / (t.a + %s), 10 / (t.a + %s)) from u where x = t.b and t.b > %s)', g - 1, g - 1, g), ', ' order by g)) from unnest(array[8, 10, 20, 50]) n, generate_series(1, n) g group by n order by n \gexec
select format('select count(c), sum(c) from (select case %s end as c from t) q', string_agg(format('when (select 10 / (t.a - %s) from u where x = %s) > 9 then (select 1 / (t.a + 1) from u where x = 1) when t.b = %s then (select y / x from u where x = %s)', g, g, g * 3, g), ' ' order by g)) from unnest(array[4, 5, 10, 25]) n, generate_series(1, n) g group by n order by n \gexec
-- about nothing outside
select format('select count(c), sum(c) from (select case %s end as c from t) q', string_agg(format('when (select max(10 / (x + %s)) from u) > 100 then (select 1 / (x - 1) from u where x = 1) when t.b = %s then (select y / x from u where x = %s)', g, g * 3, g), ' ' order by g)) from unnest(array[4, 5, 10, 25]) n, generate_series(1, n) g group by n order by n \gexec
-- arms within arms
select format('select count(c), sum(c) from (select %s -1%s as c from t) q', string_agg(format('case when (select 10 / (t.a - %s) from u where x = %s) < -%s then (select y / x from u where x = %s) else ', g, g, g, g), '' order by g), repeat(' end', n)) from unnest(array[4, 5, 10, 25]) n, generate_series(1, n) g group by n order by n \gexec
-- the arm that fails is reached: by one row, and by none
select b, (select 10 / (t.a + 1) from u where x = 2) > 100 or (select 10 / (t.a + 2) from u where x = 2) > 100 or (select 10 / (t.a + 3) from u where x = 2) > 100 from t where b > 3 order by b limit 2;
select b, (select 10 / (t.a + 1) from u where x = 2) > 100 or (select 10 / (t.a + 2) from u where x = 2) > 100 or (select 10 / (t.a + 3) from u where x = 2) > 100 from t where b >= 3 order by b limit 2;
select b, b < 4 or (select 10 / (t.a + 1) from u where x = 2) > 100 or b = 4 or (select 10 / (t.a + 4) from u where x = 2) > 100 or b = 7 or (select 10 / (t.a + 7) from u where x = 2) < 100 from t where b < 9 order by b;
select b, case when b > 2 and (select 10 / (a + 1) from u where x = b) < 0 then (select 10 / (a + 2) from u where x = b) when (select 10 / (a + 4) from u where x = b) > 0 and (b = 1 or (select 10 / (a + 1) from u where x = b) = 5) then (select y / (b - 1) from u where x = 3 and b > 1) else (select case when b = 1 then (select 1 / (a - 1)) else (select 1 / (b - 1)) end) end from t where b < 6 order by b;
-- what WHERE chooses by such a subquery is chosen before the select list
select b, case when 10 / (b - 4) > 100 then 1 when (select y from u where x = b) > 1 / (b - 4) then (select 100 / (b - 4) from u where x = b) end from t where b < 7 and (b < 4 or (select x from u where x = b) > 4) order by b;
select a / 2 as k, count(*), case when count(*) > 1 and (select 1 / min(b) from u where x = 1) = 0 then (select y / min(b) from u where x = 40) when min(b) < 1 or (select y from u where x = min(b)) > 5 then (select 7 / (2 - min(b)) from u where x = 1 and min(b) <> 2) end as c from t where b < 9 group by a / 2 having count(*) > 5 or (select 10 / min(b) from u where x = 1) > 1 order by k;
-- what decides is volatile
select b, case when random() < 2 then 1 else (select y from u) end, coalesce((select nullif(b, 3) where random() < 2), case when random() > 2 then (select y from u) end, -1) from t where b < 5 order by b;
drop table t, u;
-- Conditions that are volatile and look alike are computed each for itself.
create table tossed (a int, b int);
insert into tossed select 1, 1 from generate_series(1, 200);
select count(*) > 300 from (select random() < 0.5 or (select n / 1 = 5 from (values (1)) one (n)) a,
  random() < 0.5 or (select n / 1 = 5 from (values (1)) one (n)) b from generate_series(1, 1000)) x where a <> b;
create table one (n int);
insert into one values (1);
update tossed set a = case when random() < 0.5 then (select 1 / n from one where n <> 5) end,
  b = case when random() < 0.5 then (select 1 / n from one where n <> 5) end;
select count(*) > 20 from tossed where (a is null) <> (b is null);
