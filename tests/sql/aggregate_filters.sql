-- FILTER: many in one query, and what it keeps out is not computed.
create table readings (g int, f float8, n numeric, t text, b bool);
insert into readings select i, i / 7.0, i / 3.0, 'text ' || i, i % 3 = 0 from generate_series(1, 500) i;
insert into readings values (null, null, null, null, null), (501, 'NaN', 'NaN', '', null);
\pset format unaligned
select 'select ' || string_agg(format('%s filter (where g %% 17 = %s)', a, i), ', ') || ' from readings'
from generate_series(0, 12) i, unnest('{sum(g),avg(g),min(t),max(t),count(*),count(g),bool_and(b),bool_or(b),every(b),bit_or(g),bit_and(g),bit_xor(g),sum(n),avg(n),stddev(n),var_pop(n)}'::text[]) with ordinality u(a, o)
\gexec
select 'select b, ' || string_agg(format('%s filter (where g %% 17 = %s)', a, i), ', ') || ' from readings group by b order by b'
from generate_series(0, 20) i, unnest('{sum(distinct g),count(distinct t),min(n),max(f),count(*),array_agg(g order by g),"string_agg(t, '','' order by t desc)",sum(f order by f)}'::text[]) a
\gexec
select 'select ' || string_agg(format('sum(100 / (g - %s)) filter (where g > %s)', i, i), ', ') || ' from readings' from generate_series(1, 100) i
\gexec
select 'select ' || string_agg(format('sum(100 / (g - %s)) filter (where g >= %s)', i, i), ', ') || ' from readings' from generate_series(1, 100) i
\gexec
select 'select g % 5, ' || string_agg(format('count(*) filter (where g > %s)', i), ', ') || format(' from readings group by rollup (1) having %s order by 1', string_agg(format('count(*) filter (where g > %s) > 0', i), ' and '))
from generate_series(1, 100) i
\gexec
drop table readings;
create table t9 as select g, g%13 as k, g::numeric(10,2) as n from generate_series(1,1000) g;
select sum(100/(g-1)) filter (where g>1) from t9;
select string_agg((100/(g-1))::text, ',' order by 100/(g-1)) filter (where g>1 and g < 5), array_agg(100/(g-1)) filter (where g>1 and g < 5), count(distinct 100/(g-1)) filter (where g>1),percentile_cont(0.5) within group (order by 100/(g-1)) filter (where g>1), sum(100.0::float8/(g-1) order by g) filter (where g>1 ),json_agg(100/(g-1)) filter (where g>1 and g < 5), json_object_agg(g, 100/(g-1)) filter (where g>1 and g < 5),mode() within group (order by 100/(g-1)) filter (where g>1), count((g, 1/(g-1))) filter (where g > 1)  from t9;
select array_agg(distinct 100/(g-1) order by 100/(g-1) desc) filter (where g>1 and g < 5), rank(3) within group (order by 100/(g-1)) filter (where g > 1) , jsonb_agg(row(1, 100/(g-1))) filter (where g>1 and g < 5), array_agg(t9) filter (where g < 3),array_agg(row(g,1/(g-1))) filter (where g between 2 and 3), max(array[g,1/(g-1)]) filter (where g > 1) from t9;
select g, sum(100/(g-1)) filter (where g>1) over (order by g rows 1 preceding) from t9 limit 3;
select g, count(*) filter (where g>1) over (order by g rows 1 preceding), array_agg(10/(g-2)) filter (where g > 2 and g < 7) over w,first_value(g) over w from t9 window w as (order by g rows between 1 preceding and 1 following) limit 6;
select sum(n/(g-1)) filter (where g>1), corr(g/(g-1), 1/(g-1)) filter (where g > 1), sum(n) filter (where k = 1), sum(n*2) filter (where k = 1), avg(n+1) filter (where k = 1) from t9;
select string_agg(distinct (100/(g-1))::text, ',' order by (100/(g-1))::text) filter (where g between 2 and 5) from t9;
select k, min(case when g > 3 then 1/(g-1) end) filter (where g > 1), bool_or(1/(g-1) = 0) filter (where g > 1) from t9 group by k order by k limit 3;
drop table t9;
-- nor are the texts that are made of arguments and joined
create table pairs (id int, k char(3), v int, t text);
insert into pairs values (1, 'a', 1, '1'), (2, null, 2, '{"x":2}'), (3, 'b', 0, 'no json'), (4, 'c', null, null), (5, null, null, '[1]');
select jsonb_object_agg(k, v) filter (where k is not null), json_object_agg(k, v order by id desc) filter (where k is not null and v > 0) from pairs;
select id % 2 as odd, jsonb_object_agg(k, 10 / v) filter (where k is not null and v <> 0), jsonb_agg(t::jsonb order by id) filter (where id <> 3) from pairs group by 1 order by 1;
select id, jsonb_object_agg(k, v) filter (where k is not null) over (order by id rows 1 preceding) from pairs order by id;
select jsonb_object_agg(distinct k, 1) filter (where k is not null), (select json_object_agg(q.k, q.v) filter (where q.k is not null) from pairs q where q.id <= 2) from pairs;
select jsonb_object_agg(k, v) from pairs;
select jsonb_object_agg(k, v) filter (where v = 2) from pairs;
drop table pairs;
