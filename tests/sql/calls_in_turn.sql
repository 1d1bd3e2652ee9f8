-- Volatile calls of a select list follow one another row by row.
create table t (x int, y int); insert into t select (i * 7) % 10, i from generate_series(1, 10) i;
create sequence s;
create function note(int) returns int language plpgsql as $$ begin raise notice 'note %', $1; return $1; end $$;
\set VERBOSITY terse
select nextval('s'), nextval('s'), y from t where y < 5;
select nextval('s') + nextval('s') * 100 as n from t where y < 4;
select nextval('s'), currval('s'), lastval(), y from t where y < 4;
select setval('s', y + 100), nextval('s') from t where y < 4;
select nextval('s') as a, nextval('s') as b, x from t order by x desc limit 3; select nextval('s');
select nextval('s') as a, nextval('s') as b, x from t limit 3; select nextval('s');
select note(x), note(-y) from t where y < 4;
select case when x > 3 then note(x) else note(-x) end, note(y) from t where y < 4;
select note(a.x), note(b.y) from t a join t b on a.x = b.y where a.y < 3 order by a.y;
select note(y), 10 / x, note(x) from t where y in (1, 2, 10, 3) order by y;
select note(y), note(x), 10 / x from t where y in (1, 2, 10, 3) limit 2;
select note(y)::text || note(x)::text as c, y::numeric(5, 2), array[nextval('s'), nextval('s')], row(nextval('s'), y), null::date, 'a' || y from t where y < 3;
select nextval('s') > nextval('s') or nextval('s') > 0 as o, coalesce(nullif(x, x), nextval('s')) from t where y < 3; select nextval('s');
prepare p(int) as select nextval('s'), nextval('s'), $1 + y as z from t where y < $1; execute p(3); execute p(3); execute p(2);
create function f() returns table (a bigint, b bigint) language sql as $$ select nextval('s'), nextval('s') from t where y < 4 $$; select a - b from f();
create function g() returns setof bigint language plpgsql as $$ begin return query select nextval('s') - nextval('s') from t where y < 3; end $$; select * from g();
select nextval('s'), nextval('s'), (select count(*) from t b where b.y < t.y), exists (select from t b where b.x = t.y) from t where y < 4;
select nextval('s'), nextval('s'), x as "X", y from t where y = 2 \gdesc
select nextval('s'), nextval('s') from t where y > 100;
copy (select nextval('s') - nextval('s'), y from t where y < 3) to stdout;
select note(x), note(y) from t where note(y + 100) > 0 and y < 3;
begin; declare c cursor for select note(x), note(y) from t where false; fetch all from c; commit;
drop function note(int), f(), g(); drop table t; drop sequence s;
