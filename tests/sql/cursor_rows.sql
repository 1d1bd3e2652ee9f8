-- What a cursor's query computes and calls at OPEN, and what at FETCH.
create schema lb; set search_path = lb;
create table t(i int, s text); insert into t select g, 'r' || g from generate_series(1,200) g;
create table u(i int primary key, v numeric); insert into u select g, g * 1.5 from generate_series(1,50) g;
create type mood as enum ('sad','ok','happy'); create domain posint as int check (value > 0); create type pair as (a int, b text);
create function say(i int) returns int language plpgsql as $$ begin raise notice 'say %', i; return i; end $$;
create function rows3(n int) returns setof int language plpgsql as $$ begin for k in 1..n loop raise notice 'row %', k; return next k; end loop; end $$;
create function boom(n int) returns setof int language plpgsql as $$ begin return next 1; raise exception 'boom'; end $$;
-- SRF in FROM: at OPEN or FETCH
do $$ declare c cursor for select * from rows3(3); v int; begin open c; raise notice 'opened'; fetch c into v; raise notice 'v %', v; fetch c into v; close c; end $$;
do $$ declare c cursor for select rows3(3); v int; begin open c; raise notice 'opened'; fetch c into v; raise notice 'v %', v; fetch c into v; close c; end $$;
do $$ declare c cursor for select * from boom(3); v int; begin open c; raise notice 'opened'; fetch c into v; raise notice 'v %', v; fetch c into v; close c; end $$;
begin; declare c cursor for select * from boom(1); select 'between'; fetch c; rollback;
begin; declare c cursor for select * from rows3(2); select 'between'; fetch c; fetch c; fetch c; rollback;
begin; declare c cursor for select say(7); select 'between'; fetch c; fetch c; rollback;
begin; declare c cursor for select 1/0; select 'between'; fetch c; rollback;
begin; declare c cursor for select 1/(i-i) from t; select 'between'; fetch c; rollback;
do $$ declare v int := 0; c cursor for select 1/v; begin open c; raise notice 'opened'; fetch c into v; end $$;
do $$ declare v int := 0; c cursor for select i/v from t; begin open c; raise notice 'opened'; fetch c into v; end $$;
do $$ declare v int := 0; c cursor for select say(v) from t; begin open c; v := 5; raise notice 'opened'; fetch c into v; raise notice '%', v; end $$;
-- types through
do $$ declare r record; begin for r in select i, s || '!' a, i * 1.5 b, i > 2 c, array[i, i+1] d, row(i, s) e, date '2020-01-01' + i f, (i || ' days')::interval g, i::float8 / 3 h, null::text || s n, 'x' k, s::varchar(2) l, s::char(5) m, (s)::name o, (i % 3 + 1)::posint p, case when i = 1 then 'sad' else 'ok' end::mood q, to_jsonb(i) z, i::numeric(10,3) y, ('a' || i)::bytea w, row(i,s)::pair pp from t limit 3 loop raise notice '%', r; end loop; end $$;
begin; declare c cursor for select i, s || '!' a, i * 1.5 b, i > 2 c, array[i, i+1] d, row(i, s) e, date '2020-01-01' + i f, (i || ' days')::interval g, i::float8 / 3 h, null::text || s n, 'x' k, s::varchar(2) l, s::char(5) m, (s)::name o, (i % 3 + 1)::posint p, case when i = 1 then 'sad' else 'ok' end::mood q, to_jsonb(i) z, i::numeric(10,3) y, ('a' || i)::bytea w, row(i,s)::pair pp, t, t.*::t from t limit 3; fetch 2 c; fetch all from c; rollback;
begin; declare c binary cursor for select i + 1 from t limit 1; fetch c; rollback;
begin; declare c cursor for select i, say(i) s from t where i < 6 order by i desc; fetch 2 c; fetch all c; rollback;
begin; declare c cursor for select i, i + 1 from t order by i + 1 desc; fetch 2 c; rollback;
begin; declare c cursor for select i from t where say(i) % 2 = 0 and i < 8 and i > 2; fetch 1 c; fetch 2 c; fetch c; fetch c; rollback;
begin; declare c cursor for select (select max(i) from u) + say(t.i) x from t where i < 4; fetch 1 c; fetch 1 c; rollback;
begin; declare c cursor for select random() < 2, i, nextval('sq') from t; fetch 1 c; rollback;
create sequence sq;
begin; declare c cursor for select nextval('sq'), i from t; fetch 3 c; select last_value from sq; fetch 1 c; select last_value from sq; move 5 c; select last_value from sq; rollback;
do $$ declare r record; begin for r in select nextval('sq') n from t loop exit when r.n > 60; end loop; raise notice '% %', r.n, (select last_value from sq); end $$;
create function loopsq() returns bigint language plpgsql as $$ declare r record; begin for r in select nextval('sq') n from t loop exit; end loop; return (select last_value from sq); end $$;
select loopsq(); select loopsq();
-- for update, where current of with computed columns
begin; declare c cursor for select i, i + 1 x, say(i) y from t where i < 5 for update; fetch c; fetch c; update t set s = 'changed' where current of c; select * from t where s = 'changed'; rollback;
do $$ declare r record; c cursor for select i, say(i) y from t where i < 4; begin for r in c loop update t set s = s || r.y where current of c; end loop; end $$;
select * from t where i < 4 order by i;
-- return query / return next in loops, exit/return/exception in mid loop
create function early() returns text language plpgsql as $$ declare r record; begin for r in select say(i) x, s from t loop if r.x = 2 then return r.s; end if; end loop; end $$;
select early();
create function inner_ex() returns text language plpgsql as $$ declare r record; n int = 0; begin begin for r in select say(i) x, 1/(5-i) y from t loop n := n + r.x; end loop; exception when others then return sqlerrm || n; end; return 'no'; end $$;
select inner_ex();
select count(*) from pg_cursors;
-- nested loops
do $$ declare a record; b record; begin for a in select say(i) x from t where i < 3 loop for b in select say(i * 10) y from u where u.i <= a.x loop raise notice '% %', a.x, b.y; end loop; end loop; end $$;
-- commit inside loop
create procedure pc() language plpgsql as $$ declare r record; begin for r in select say(i) x from t where i < 5 loop raise notice 'body %', r.x; commit; end loop; end $$;
call pc();
create procedure pr() language plpgsql as $$ declare r record; begin for r in select say(i) x, 1/(4-i) y from t where i < 6 loop raise notice 'body %', r.x; commit; end loop; end $$;
call pr();
do $$ declare r record; begin for r in select i + 1 x from t limit 0 loop end loop; raise notice '% %', found, r; end $$;
do $$ declare r record; begin for r in execute 'select i + $1 x from t where i < $2' using 5, 3 loop raise notice '%', r; end loop; end $$;
do $$ declare c refcursor; v int; begin open c for execute 'select say(i) + $1 x from t where i < $2' using 5, 3; fetch c into v; raise notice '%', v; move c; fetch c into v; raise notice '% %', v, found; end $$;
prepare pq(int) as select 1; begin; prepare dq as select 2; rollback;
-- views, subqueries, CTE
create view vw as select i, i * 2 dbl, say(i) sy from t;
begin; declare c cursor for select k + 1, say(k) from (select i + 1 k from t where i < 4) q; fetch 1 c; fetch 1 c; rollback;
begin; declare c cursor for select column1 + 1, say(column1) from (values (1), (2)) v; fetch 1 c; fetch 1 c; rollback;
-- what CASE, AND, OR and COALESCE rule out is not computed, whoever computes it
create table g(id int, c text); insert into g select i, case when i < 9 then 'c' || i end from generate_series(1,12) i;
begin; declare c cursor for select id, case when id < 9 then format('%s-%I', id, c) end from g; fetch 2 c; fetch 8 c; rollback;
begin; declare c cursor for select say(id), case when id < 9 then format('%s-%I', id, c) end from g; fetch 1 c; move 7 c; fetch 2 c; rollback;
begin; declare c cursor for select case when id < 3 then jsonb_build_object(case when id < 3 then 'a' end, 1) end from g; fetch all c; rollback;
begin; declare c cursor for select case when id < 3 then array_fill(1, array[3 - id]) end from g; fetch 4 c; rollback;
begin; declare c cursor for select coalesce(c, format('%I', nullif(id, 9))), id > 8 or format('%I', c) = 'c1', id < 9 and format('%I', c) = 'c2' from g where id <> 9; fetch 3 c; fetch all c; rollback;
begin; declare c cursor for select case format('%s', id) when '2' then say(id) when c then 1 / (id - id) else (array[id, 2])[1] end from g; fetch 3 c; rollback;
begin; declare c cursor for select case when id < 3 then (select max(v) from u where u.i = g.id) else say(id) end from g where id < 6; fetch 3 c; fetch all c; rollback;
begin; declare c cursor for select id::posint, (case when id < 3 then id else 0 end)::posint from g; fetch 2 c; fetch 1 c; rollback;
begin; declare c cursor for select length(c), c || 'x', upper(c), id = 3 from g; fetch 2 c; fetch 8 c; rollback;
begin; declare c cursor for select id, c, 1 / (id - 2), c || id from g; fetch 1 c; fetch 1 c; rollback;
do $$ declare r record; begin for r in select id, case when id < 9 then format('%s-%I', id, c) end x, say(id) from g loop raise notice '%', r; end loop; end $$;
do $$ declare r record; n int := 3; begin for r in select case when id < n then jsonb_build_object(case when id < n then 'a' end, id) end a, case when id < n then array_fill(1, array[n - id]) end b, id + n c from g loop raise notice '%', r; end loop; end $$;
-- numbers and times, computed from value to value
create table nt(i int, h smallint, l bigint, f float8, b bool, d date, t timestamp, z timestamptz, v interval);
insert into nt select i, i, i * (4611686018427387904 / 3), i / 3.0, i > 2, date '2020-01-30' + i, timestamp '2020-01-31 12:00:00.5' + i * interval '1 day', timestamptz '2020-03-28 12:00+01' + i * interval '1 day', i * interval '1 month 2 days 3 hours' from generate_series(1,5) i;
insert into nt default values;
begin; set timezone = 'Europe/Berlin'; declare c cursor for select i + 1, h * h, l - i, f * 3 + i, i / f, f::int, i::int2, l::float8, d + i, d - date '2020-01-01', t + interval '1 month', z + v, z - t, t - d, -v * 2, v / i, z::date, d::timestamptz, t::timestamp(0), i > h, extract(year from t), age(t, d::timestamp), power(f, i), abs(-i), (i % 2)::bool, 7 from nt; fetch 2 c; fetch all c; rollback;
begin; declare c cursor for select l + 4000000000000000000 from nt order by 1; fetch 2 c; rollback;
begin; declare c cursor for select l + 4000000000000000000 from nt; fetch 2 c; fetch 2 c; rollback;
begin; declare c cursor for select (h + 32764)::int2 from nt; fetch 2 c; fetch 2 c; rollback;
begin; declare c cursor for select exp(f * 500) from nt; fetch 2 c; fetch 3 c; rollback;
begin; declare c cursor for select d + i * 700000000 from nt; fetch 2 c; fetch 2 c; rollback;
begin; declare c cursor for select t + i * interval '100000 years' from nt; fetch 2 c; fetch 2 c; rollback;
begin; declare c cursor for select sqrt(3 - f * 3) from nt; fetch 3 c; fetch 2 c; rollback;
do $$ declare r record; n int := 2; begin for r in select i + n a, 10 / (i - 4) b, say(i) from nt loop raise notice '%', r; end loop; end $$;
drop schema lb cascade;
