select * from pg_class a, (select a.oid) s
select x.oid from pg_class a
select pg_class.oid from pg_class a
select * from nosuch.t
select * from a.b.c
select * from pg_class_oid_index
select nosuch.f(1)
select * from nosuch.f(1)
select f(1) from pg_class
select pg_class.relnme from pg_class
select relnme from pg_class
select 1 + 'a'::text
select count(*) from pg_class where count(*) > 1
select 'a'::nosuch
select 'a'::nosuch.x
select 'a'::nosuch[]
select 'a'::nosuch.nosuch%type
select 1::int4(3)
select 1::numeric(a+1)
select * from pg_class c, pg_class c
select (a).b from (select 1 a) x
select (c).b from pg_class c
select c.relname.x from pg_class c
select a.b.c.d from pg_class a
select postgres.pg_catalog.pg_class.relname from pg_class
select x.pg_catalog.pg_class.relname from pg_class
select sum(sum(1))
select sum(1) filter (where sum(1)>1)
select sum(a.b) from (select 1 x) a
select unnest(array[1,2]) from pg_class where unnest(array[1])=1
select * from pg_class where sum(1) over () > 1
select relname, count(*) from pg_class
select count(*), (select relname from pg_type limit 1) from pg_class c
select case when unnest(array[1,2])=1 then 1 end
select * from (values (1,2),(3)) a
select * from (values (1,2),(3,4)) a(x,y,z)
with recursive a as (select 1) select * from a, b
with b as (select * from a), a as (select 1) select * from b
select 1 union select 'a'::text
select 1 union select 1,2
select 1 a union select 2 order by a+1
select 1 a union select 2 order by b
select relname from pg_class order by 2
select relname from pg_class group by 2
select distinct relname from pg_class order by relkind
select distinct on (relkind) relname from pg_class order by relname
select relname from pg_class limit relnatts
select 1 limit 'a'
select 1 where 1
select array[1,'a'::text]
select (1,2) = (1,2,3)
select (1,2) = (select 1,2,3)
select 1 in (select 1,2)
select (select 1,2)
select 'abc' collate "nosuch"
select 1 collate "C"
select 'a' collate "C" < 'b' collate "POSIX"
select row_number()
select row_number() over w
select sum(1) over (w) from pg_class window w as (), w as ()
select array_agg(distinct relname order by relkind) from pg_class
select percentile_cont(0.5)
select abs(distinct 1)
select abs(*)
select abs(1) over ()
select abs(1) filter (where true)
select abs(1) within group (order by 1)
select abs(1 order by 1)
select foo.* from pg_class
select *
select * from pg_class natural join pg_type using (oid)
select 'a'::nosuch
select 'a'::nosuch.x
select 'a'::nosuch[]
select 'a'::nosuch.nosuch%type
select 1::int4(3)
select 1::numeric(a+1)
select * from pg_class c, pg_class c
select (a).b from (select 1 a) x
select (c).b from pg_class c
select c.relname.x from pg_class c
select a.b.c.d from pg_class a
select (x).* from (select 1 x) y
select pg_catalog.pg_class.nope from pg_class
select pg_class from pg_class limit 0
select nope.* from pg_class
select pg_class.relname(1)
select relname.foo from pg_class
select foo(pg_class) from pg_class
select pg_class.foo from pg_class
select $1
select 1 offset x
select 1 fetch first row with ties
select 1 = any (1)
select 1 + any (array[1])
select 1 = any (select 1,2)
select array[]; 
select array[[1,2],3]
select (array[1,2])['a']
select (1)[1]
select (array[1,2])[1:'x']
select nullif(1,'a'::text)
select 1 is distinct from 'a'::text
select coalesce(1,'x'::text)
select case 1 when 'a'::text then 1 end
select (1,2) < (select 1)
select row(1,2) in (select 1,2,3)
select row(1,2) in ((1,2,3))
select row(1) || row(2)
select relname from pg_class order by relname using +
select relname from pg_class order by relname using <>
select sum('a')
select max(true)
select now() + 1
select 'a' + 'b'
select - 'a'::text
select ~~ 5
select 1 operator(nosuch.+) 2
select 1 operator(pg_catalog.=+) 2
select date '2020-13-01'
select 'x'::int
select int 'x', 3
select cast(true as numeric)
select cast(1 as bool), 'a'::"char", 1::text
select cast('a'::text as int4range)
select array['a']::int[]
select extract(foo from now())
select make_interval(days => 1, days => 2)
select make_interval(foo => 1)
select make_interval(days => 1, 2)
select format(variadic array[1])
select format('a', variadic 1)
select concat(variadic 1)
select jsonb_build_array(variadic array[1])
select count()
select count(1,2)
select lag(1) over (order by 1) from pg_class where lag(1) over () is null
select sum(row_number() over ()) 
select sum(1) over (partition by sum(1) over ())
select rank(1) within group (order by 1)
select rank(1,2) within group (order by 1)
select percentile_cont(0.5) within group (order by 'a'::text)
select percentile_cont(0.5) within group (order by 1) over ()
select mode() within group (order by 1)
select mode()
select row_number() filter (where true) over ()
select row_number(distinct) over ()
select count(distinct 1) over ()
select array_agg(1 order by 1) over ()
select generate_series(1,2) over ()
select sum(generate_series(1,2))
select coalesce(generate_series(1,2),1)
select generate_series(1,generate_series(1,2))
select * from generate_series(1,generate_series(1,2))
select * from abs(1) with ordinality
select * from abs(1) as (a int)
select * from json_to_record('{}')
select * from json_to_record('{}') as (a nosuch)
select * from json_to_record('{}') as x(a int, a int)
select * from json_to_record('{}') as x(a int) limit 0
select * from rows from (abs(1), json_to_record('{}') as (b int))
select * from sum(1)
select * from row_number()
-- constants and names of columns
select 1, 12345678901, 1.5, 1e10, 99999999999999999999, 'x', null, true, b'101', x'1f', e'a\nb'
select 1 as a, 'b' "B", now(), current_date, current_user, localtime(3), current_timestamp(2), session_user, current_catalog, current_schema
select case when true then 1 end, case 1 when 2 then 'a' else relname end, coalesce(null, 1), greatest(1, 2.5), least('a', 'b'), nullif(1, 2) from pg_class
select array[1, 2], array[1, 2.5], array[[1], [2]], array['a'], row(1, 'a'), (1, 2), exists(select 1), array(select oid from pg_class)
select 1::text, '1'::int4, cast(1 as varchar(3)), '2020-01-01'::date, 1::numeric(5, 2), 'abc'::char(2), "char" 'a', int '3'
select (select 1), (select relname from pg_class limit 1), (select 1)::text, (select 1 as z)
select abs(-1), pg_catalog.lower('A'), count(*), sum(1), avg(1), min('a'), max(1.5), string_agg('a', 'b'), array_agg(1)
select c.relname, c.oid::regclass, c.relacl, c.reloptions[1], c.reltuples, c.relkind, c.relfrozenxid from pg_class c
select extract(year from now()), position('a' in 'b'), substring('abc' from 2 for 1), trim(both 'x' from 'xax'), overlay('abc' placing 'x' from 2), 'a' collate "C", now() at time zone 'UTC'
select substring('abc' similar 'a#"b#"c' escape '#'), normalize('a'), 'a' is normalized, ltrim(' a'), date_part('year', now())
select 1 + 1, 1 + 2.5, 1 / 2, 2 ^ 3, 5 % 2, 1 + 1::int8, 1::int2 + 1::int2, 1.5 + 1::float8, 'a' || 'b', 'a' || 1, 1 || 'a', -1, - 1.5, @ -5
select now() - now(), now() + interval '1 day', date '2020-01-01' + 1, date '2020-01-01' - date '2019-01-01', time '10:00' + interval '1 h', interval '1 day' * 2
select 1 = 1, 1 = 1.5, 'a' = 'b', 1 <> 2, 1 < 2.5, true and false, not true, 1 is null, true is unknown, 1 is distinct from 2, null is distinct from 1
select 1 in (1, 2), 'a' in ('a', 'b'), 1 not in (1.5, 2), relname in ('a', relname) from pg_class
select 1 between 2 and 3, 1 not between 2 and 3.5, 1 between symmetric 3 and 2, 'a' like 'b', 'a' ilike 'b', 'a' similar to 'b', 'a' not like 'b' escape 'x', 'a' ~ 'b', 'a' !~* 'b'
select 1 = any (array[1, 2]), 1 = any ('{1,2}'), 'a' = all (array['a']), relkind = any (array['r', 'v']) from pg_class
select 1 = any (select 1), 1 in (select oid::int from pg_class), (1, 2) in (select 1, 2), (1, 'a') = (2, 'b'), (1, 2) < (3, 4), (1, 2) = (select 1, 2), 1 <> all (select 2)
select relname || 'x', relname || relname, relname || oid, oid || 'x', relname = 'x', relname::text || 'y' from pg_class
select oid = 1, oid = '1', oid < 5, oid in (1, 2), oid = 1::int8 from pg_class
select $1 + 1, $2::text, $1
select $1 = $2, lower($1)
select * from pg_class where relname = $1 and oid = $2 limit $3
select $1::int4 + $1
select $1 || 'a', $2 = any ($3::int[]), coalesce($4, 1)
select $2
select $1 is null
select case when $1 then $2 else 'x' end
select * from (values ($1, 2), (3, $2)) v
-- stars
select * from pg_namespace
select n.* from pg_namespace n
select n.*, n.nspname from pg_catalog.pg_namespace n
select pg_catalog.pg_namespace.* from pg_catalog.pg_namespace
select * from pg_namespace n(a, b)
select a.*, b.nspname from pg_namespace a, pg_namespace b
select (n).* from (select n from pg_namespace n) s
select (n).nspname, n.nspname, (n.*) is null from pg_namespace n
select n from pg_namespace n
select row(n.*) from pg_namespace n
select s from (select 1 as a, 2 as b) s
select (s).a from (select 1 as a, 2 as b) s
select tableoid, ctid, xmin, oid from pg_class
-- joins
select * from pg_namespace a join pg_namespace b on a.oid = b.oid
select * from pg_namespace a join pg_namespace b using (oid)
select * from pg_namespace a join pg_namespace b using (oid, nspname)
select oid, a.oid, b.oid from pg_namespace a full join pg_namespace b using (oid)
select * from pg_namespace a natural join pg_namespace b
select * from pg_namespace a left join pg_class c on c.relnamespace = a.oid and a.nspname = c.relname limit 1
select j.* from (pg_namespace a join pg_namespace b using (oid)) j
select j.oid, j.nspname from (pg_namespace a join pg_class b using (oid)) j
select nspname from pg_namespace a join pg_namespace b using (oid)
select u.oid from pg_namespace a join pg_namespace b using (oid) as u
select u.nspname from pg_namespace a join pg_namespace b using (oid) as u
select a.oid from (pg_namespace a join pg_namespace b using (oid)) j
select * from pg_namespace a cross join pg_database b
select * from pg_namespace a join pg_namespace b using (nosuch)
select * from pg_namespace a join pg_namespace b using (oid, oid)
select * from pg_namespace a join pg_class b on a.oid
select * from pg_namespace a join pg_class b on a.oid = c.oid join pg_type c on true
select * from pg_namespace a, pg_class b join pg_type c on a.oid = c.oid
select x from (select 1 x) a join (select '2' x) b using (x)
select x from (select 1 x) a full join (select 2.5 x) b using (x)
select x from (select 1 x) a join (select true x) b using (x)
select * from (select 1 a) x natural left join (select 1 b) y
select * from (select 1 x, 2 x) a join (select 1 x) b using (x)
select * from (pg_namespace a join pg_namespace b on true) j(a, b, c, d, e, f, g, h, i)
-- lateral, functions in FROM
select * from pg_class c, lateral (select c.relname as r) s
select * from pg_class c left join lateral (select c.oid) s on true
select * from pg_class c right join lateral (select c.oid) s on true
select * from pg_class c full join lateral (select c.oid) s on true
select * from generate_series(1, 3)
select * from generate_series(1, 3) g
select * from generate_series(1, 3) g(x)
select g, g.g, g.* from generate_series(1, 3) g
select * from generate_series(1, 3) with ordinality
select * from generate_series(1, 3) with ordinality as t(a, b)
select * from unnest(array[1, 2], array['a', 'b'])
select * from unnest(array[1, 2], array['a', 'b']) with ordinality as u(x, y, n)
select * from rows from (generate_series(1, 2), generate_series(1, 3)) as r(a, b)
select * from pg_class c, unnest(c.reloptions) o
select * from pg_options_to_table('{a=b}')
select * from pg_options_to_table('{a=b}') o where o.option_name = 'a'
select (pg_options_to_table('{a=b}')).*
select (pg_options_to_table('{a=b}')).option_name
select * from aclexplode('{}')
select * from json_each('{}')
select * from jsonb_to_recordset('[]') as x(a int, b text)
select * from jsonb_to_recordset('[]') with ordinality as x(a int, b text)
select * from current_date
select * from current_user u
select * from now() n
select * from pg_get_keywords()
select * from unnest(array[1]) x, unnest(array[x]) y
select generate_series(1, 2), 1
select unnest(array['a', 'b']) u order by u
select generate_series(1, 2) + generate_series(1, 3)
select * from pg_class where oid in (select generate_series(1, 2))
select relname from pg_class limit generate_series(1, 2)
select count(*) from pg_class having generate_series(1, 2) = 1
select coalesce(sum(1), generate_series(1, 2))
select * from json_populate_record(null::pg_namespace, '{}')
-- subqueries
select * from (select relname from pg_class) s
select s.r from (select relname as r from pg_class) s
select * from (select 1, 2) s
select * from (select 1, 2) s(a)
select * from (select 1, 2) s(a, b, c)
select (select oid from pg_class c where c.relnamespace = n.oid limit 1) from pg_namespace n
select (select n.nspname || c.relname from pg_class c limit 1) from pg_namespace n
select * from pg_namespace n where exists (select from pg_class c where c.relnamespace = n.oid)
select * from pg_namespace n where oid = (select relnamespace from pg_class where nosuch = 1)
select 1 where (select 1)
select (select 1, 2)
select (select)
select exists (select)
select array(select 1, 2)
select array(select array[1])
select (1, 2) = any (select 1, 2)
select (1, 2) < any (select 1)
select 1 = (select 'a')
select 1 in (select 'a')
select 1 in (select 'a'::text)
select 'a' in (select relname from pg_class), 1 in (select oid from pg_class), 1.5 > all (select 1)
-- VALUES
values (1, 'a'), (2, 'b')
values (1), (2.5)
values (1), ('2')
values (1), ('a'::text)
values (1, 2), (3)
values (null), ('a')
values (default)
values (1), (2) order by 1 limit 1
values (1), (2) order by column1 desc
select * from (values (1, 'a')) v(n, t)
select * from (values (1, 'a')) v where v.column1 = 1
select * from (values (array[1]), (null)) v
table pg_namespace
-- set operations
select 1 union select 2
select 1 a union all select 2 b order by a
select 1 a union all select 2 b order by b
select 1 union select 2.5 union select 3::int8
select 'a' union select 'b'
select 'a' union select 1
select '1' union select 1
select null union select 1
select null union select null union select 1
select 1 union (select 2 limit 1) order by 1
(select 1 order by 1) union all (select 2 order by 1)
select 1 intersect select 2 except select 3
select 1, 2 union select 1
select relname from pg_class union select nspname from pg_namespace
select relname from pg_class union select 'x'
select relname from pg_class union select 'x'::text
select relname, oid from pg_class except select 'a', 1
select 1 a union select 2 order by 1 + 1
select 1 a union select 2 order by 3
select 1 a, 2 a union select 3, 4 order by a
select * from (select 1 union select 'x'::text) s
select json '1' union select json '2'
select json '1' union all select json '2'
select relname from pg_class union select relname from pg_class order by relname collate "C"
values (1) union all values (2), (3)
select 1 union select 2 limit 1 offset 2
select 1 from pg_class union select 2 for update
select 'a'::varchar(3) union select 'b'::varchar(3)
select 'a'::varchar(3) union select 'b'::varchar(4)
select 1::numeric(3, 1) union all select 2::numeric(3, 1)
select array[1] union select array[2.5]
-- WITH
with a as (select 1 x) select * from a
with a(y) as (select 1 x) select y from a
with a(y, z) as (select 1 x) select y from a
with a as (select 1 x), b as (select x + 1 as y from a) select * from a, b
with a as (select 1), a as (select 2) select * from a
with a as (select 1) select * from (with a as (select 'x'::text t) select * from a) s
with a as materialized (select 1 x) select a.x, b.x from a, a b
with recursive r(n) as (select 1 union all select n + 1 from r where n < 5) select * from r
with recursive r(n) as (values (1) union all select n + 1 from r where n < 5) select sum(n) from r
with recursive r(n) as (select 1 union all select n + 1.5 from r) select * from r
with recursive r(n) as (select 'a' union all select n || 'b' from r) select * from r
with recursive r(n) as (select 'a'::varchar(3) union all select n || 'b' from r) select * from r
with recursive r as (select 1 union all select * from r, r s) select * from r
with recursive r as (select * from r union all select 1) select * from r
with recursive r as (select * from r) select * from r
with recursive r as (select 1 n union all select (select n from r)) select * from r
with recursive r as (select 1 n union all select s.n from (values (1)) s(n) left join r on true) select * from r
with recursive r as (select 1 n union all select n from r order by n) select * from r
with recursive r as (select 1 n union all select n from r limit 1) select * from r
with recursive r as (select 1 n union all select count(*)::int from r) select * from r
with recursive r as (select 1 n except select n from r) select * from r
with recursive r as (select 1 n intersect select n from r) select * from r
with recursive r as (select 1 n union all (select 2 except select n from r)) select * from r
with recursive a as (select * from b), b as (select * from a) select 1
with recursive a as (select * from b), b as (select 1 x) select * from a
with recursive t(oid, depth) as (select oid, 0 from pg_namespace union all select t.oid, depth + 1 from t where depth < 3) select * from t order by 2
with a as (select 1 x) select x from a union all select x + 1 from a
with a as (select relname, count(*) c from pg_class group by 1) select max(c) from a
select * from (with a as (select 1 x) select * from a) s
select * from a
-- grouping
select relkind, count(*) from pg_class group by relkind
select relkind, count(*) from pg_class group by 1
select relkind k, count(*) from pg_class group by k
select relname k, count(*) from pg_class group by relkind
select relkind || 'x', count(*) from pg_class group by relkind
select relkind || 'x', count(*) from pg_class group by relkind || 'x'
select relkind || 'y', count(*) from pg_class group by relkind || 'x'
select relkind from pg_class group by relkind having count(*) > 1 order by count(*) desc, 1
select relkind from pg_class having count(*) > 1
select count(*) from pg_class having relkind = 'r'
select relkind, relpersistence, count(*), grouping(relkind) from pg_class group by rollup (relkind, relpersistence)
select relkind, relpersistence, grouping(relkind, relpersistence) from pg_class group by cube (relkind, relpersistence)
select relkind, relpersistence from pg_class group by grouping sets ((relkind), (relpersistence), ())
select grouping(relname) from pg_class group by relkind
select grouping(relkind) from pg_class
select count(*) from pg_class group by ()
select count(*) from pg_class group by count(*)
select count(*) from pg_class group by 1
select c from pg_class c group by relkind
select c.* from pg_class c group by c.relkind
select (select relname) from pg_class group by relkind
select (select max(c.oid) from pg_namespace) from pg_class c
select (select count(c.relname) from pg_namespace n), c.oid from pg_class c
select sum(count(*)) from pg_class
select sum((select count(*) from pg_class c where c.oid = n.oid)) from pg_namespace n
select relkind from pg_class where count(*) = 1
select * from pg_class join pg_type on count(*) = 1
select relkind from pg_class order by count(*)
select distinct relkind from pg_class order by 1
select distinct relkind, relname from pg_class order by relname
select distinct relkind from pg_class order by relname
select distinct on (relkind) relkind, relname from pg_class order by relkind, relname
select distinct on (1) relkind, relname from pg_class
select distinct on (nosuch) relkind from pg_class
select distinct json '1'
select count(distinct relkind), count(distinct relkind) filter (where relname like 'a%'), string_agg(relname, ',' order by oid desc) from pg_class
select count(distinct json '1')
select string_agg(distinct relname::text, ',' order by relname::text) from pg_class
select percentile_cont(0.5) within group (order by reltuples) from pg_class
select percentile_disc(array[0.1, 0.9]) within group (order by relname) from pg_class
select mode() within group (order by relkind desc) from pg_class
select rank('a') within group (order by relname) from pg_class
select sum(1) within group (order by 1)
select percentile_cont(relpages) within group (order by reltuples) from pg_class
select sum(relpages) filter (where true), count(*) filter (where 1) from pg_class
select bool_and(true), every(true), bit_or(1), json_agg(1), jsonb_object_agg('a', 1), array_agg(relname), array_agg(array[1]), min(now()) from pg_class
select stddev(1), variance(1.5), corr(1, 2), sum(1::int8), avg(1::float4), sum('1 day'::interval), sum(1.5), max(oid), sum(1::int2) from pg_class
select upper(relname), length(relname), substr(relname, 1), replace(relname, 'a', 'b'), concat(relname, 1), format('%s', relname), relname::varchar(5) from pg_class
select count(*) over (), row_number() over (order by oid), rank() over (partition by relkind order by relname desc) from pg_class
select sum(relpages) over w, lag(relname) over w, first_value(oid) over (w rows unbounded preceding) from pg_class window w as (partition by relkind order by oid)
select sum(1) over (order by oid rows between 1 preceding and 1 following) from pg_class
select sum(1) over (order by oid range between 1 preceding and current row) from pg_class
select sum(1) over (order by relpages range between 1 preceding and current row) from pg_class
select sum(1) over (order by relname range between 1 preceding and current row) from pg_class
select sum(1) over (order by now() range between '1 day' preceding and current row) from pg_class
select sum(1) over (range between 1 preceding and current row) from pg_class
select sum(1) over (groups between 1 preceding and current row) from pg_class
select sum(1) over (order by oid rows between relpages preceding and current row) from pg_class
select sum(1) over (order by oid rows between 'a' preceding and current row) from pg_class
select sum(1) over (nosuch) from pg_class
select sum(1) over (w partition by relkind) from pg_class window w as (order by oid)
select sum(1) over (w order by relkind) from pg_class window w as (order by oid)
select sum(1) over (w) from pg_class window w as (order by oid rows unbounded preceding)
select sum(sum(relpages)) over (order by relkind) from pg_class group by relkind
select sum(relpages) over (order by relname) from pg_class group by relkind
select sum(1) over (order by sum(1) over ()) from pg_class
select count(*) over (), count(*) from pg_class
select ntile(4) over (order by oid), nth_value(relname, 2) over (), percent_rank() over (order by 1), dense_rank() over (), lead(1, 2, 3) over () from pg_class
select lag(relname, 1, 'x') over () from pg_class
select lag(1, 1, 2.5) over () from pg_class
-- ORDER BY, LIMIT
select relname as n from pg_class order by n
select relname as oid from pg_class order by oid
select relname as n, relkind as n from pg_class order by n
select relname, relname from pg_class order by relname
select relname from pg_class order by n.oid
select relname from pg_class order by 'a'
select relname from pg_class order by 1.5
select relname from pg_class order by null
select relname from pg_class order by relname using <, oid using >
select relname from pg_class order by relacl
select relname from pg_class order by relminmxid
select relname from pg_class order by relfrozenxid
select relname from pg_class order by oid nulls first, relname desc nulls last limit 10 offset 5
select relname from pg_class limit null
select relname from pg_class limit '5'
select relname from pg_class limit 1.5
select relname from pg_class limit true
select relname from pg_class limit (select 1)
select relname from pg_class limit count(*)
select relname from pg_class offset oid
select relname from pg_class order by relname fetch first 3 rows with ties
select relname from pg_class fetch first row only
-- names
select nosuch
select nosuch from pg_class
select nosuch.oid from pg_class
select oid from pg_class, pg_type
select c.oid from pg_class c, pg_type c
select pg_class.oid, c.oid from pg_class, pg_class c
select relname from pg_class where relnam = 'a'
select c.relnames from pg_class c
select relnme, nspnme from pg_class, pg_namespace
select * from pg_class a join pg_type b on b.typnamspace = a.relnamespace
select * from pg_clas
select * from pg_catalog.pg_clas
select * from pg_catalg.pg_class
select x.y.z.w.v.u from pg_class
select relname from postgres.pg_catalog.pg_class
select a.relname from (select oid from pg_class) a
select relname from (select oid from pg_class) a
select b.x from (select 1 x) a, (select a.x) b
select (select x from (select 1 y) s)
select lower from pg_class
select pg_class.lower from pg_class
select relname.lower from pg_class
select nspname(n) from pg_namespace n
select nosuch(n) from pg_namespace n
select n.nosuch from pg_namespace n
select (n).nosuch from pg_namespace n
select (row(1, 2)).f1
select (row(1, 2)).f3
select (row(1, 2)).*
select (1).x
select ('a'::text).length
-- functions
select nosuch()
select nosuch(1, 'a', null)
select pg_catalog.nosuch(1)
select public.abs(1)
select abs('a'::text)
select abs('1')
select abs(null)
select abs(1, 2)
select length(1)
select round(1.5), round(1.5, 1), round(1), round(1::float8), round('1.5')
select substr('abc', 1, 2), left('abc', 1), lpad('a', 3), strpos('a', 'b'), repeat('a', 3), to_char(now(), 'x'), to_char(1, '9'), to_date('a', 'b')
select make_interval(days => 3), make_interval(1, hours => 2), make_date(2020, 1, 1), make_date(month => 1, year => 2020, day => 2)
select make_date(2020, 1, days => 1)
select format('%s %s', 1, 'a'), concat(1, 'a', null), concat_ws(',', 'a', 1), format('%s', variadic array['a'])
select jsonb_build_object('a', 1), json_build_array(1, 'a'), to_json(1), to_jsonb('a'::text), jsonb_extract_path('{}', 'a', 'b')
select to_json('a')
select num_nulls(1, null), num_nonnulls(variadic array[1])
select greatest(1, 'a')
select greatest(1, 'a'::text)
select coalesce(1, 'a'), coalesce('a', 'b'), coalesce(null, null), coalesce(relname, 'x') from pg_class
select case when 1 then 2 end
select case when true then 1 else 'a' end
select case when true then 1 else 'a'::text end
select case relname when 1 then 2 end from pg_class
select case 1 when 2 then 'a' when 3 then 'b' end, case 'a' when 'b' then 1.5 else 2 end
select int4(1.5), text(1), float8('1'), date('2020-01-01'), numeric('1'), varchar('a'), bool('t'), int4('x')
select int4(now())
select pg_catalog.int4('1'), pg_catalog.date(now())
select now(1)
select version(), pg_backend_pid(), current_setting('a'), set_config('a', 'b', true), pg_size_pretty(1::int8)
select pg_size_pretty(1)
select pg_table_is_visible(oid), has_table_privilege(oid, 'select'), has_table_privilege('x', oid, 'select'), pg_get_userbyid(relowner), obj_description(oid), obj_description(oid, 'pg_class'), format_type(reltype, null) from pg_class
select array_to_string(relacl, ','), array_length(reloptions, 1), cardinality(reloptions), unnest(relacl), array_append(reloptions, 'a'), reloptions || 'a', 'a' = any (reloptions) from pg_class
select array_append(array[1], 'x')
select array_append(array[1], '2'), array_cat(array[1], array[2.5]), array_position(array['a'], 'a'), array_prepend(1, array[2]), array_remove(array[1], null)
select array_append(1, 2)
select array_append(null, null)
select array[1] || 2, 1 || array[2], array[1] || array[2], array[1] || '{2}', array[1] || null, array[1] @> array[1], array[1] = array[2], array[1] = array[1.5]
select array[1] = array['a'::text]
select array[1] || 'x'
select array_length('{1}', 1)
select array_upper(array[1], 'a')
select pg_typeof(1), pg_typeof('a'), pg_typeof(null)
select width_bucket(1.5, 0, 10, 5), random(), setseed(0.5), md5('a'), encode('a', 'hex'), decode('a', 'hex'), sha256('a')
select date_trunc('day', now()), date_trunc('day', date '2020-01-01'), age(now()), age(now(), now()), justify_days('1 day'), extract(epoch from interval '1 day'), date_part('a', date '2020-01-01')
select now()::date, now()::timestamp, now()::time, '10:00'::timetz, 'now'::text, now()::text, 1::bool, true::int, 1::"char", 'a'::name, oid::int8, 1::oid, 1::int8::oid from pg_class
select 1::date
select true::numeric
select now()::int
select '1'::int::text::varchar(2)::char(1)
select 1::regclass, 'pg_class'::regclass, 'pg_class'::regclass::oid, 'int'::regtype, 'nosuch'::regclass
select 'nosuch'::regtype
select 'nosuch.x'::regclass
select 'postgres'::regrole, 'pg_catalog'::regnamespace, 'abs'::regproc
select '{1,2}'::int[], '{a}'::text[], array[1]::text[], array['1']::int[], '{1,2}'::int[][], array[]::int[], array[1, null], array[null], array[null]::int[]
select '{1,x}'::int[]
select array[1, 'x']
select array[1, true]
select array[[1, 2], [3, 'x']]
select (array[1, 2])[1], (array[1, 2])[1:2], (array[[1]])[1][1], (array[1])[1:], ('{1}'::int[])[1], (reloptions)[1], reloptions[1:2] from pg_class
select (array[1])[true]
select (array[1])[now()]
select ('{"a":1}'::jsonb)['a'], ('{"a":1}'::jsonb)['a']['b'], ('[1]'::jsonb)[0]
select ('{}'::jsonb)[1:2]
select '{}'::json -> 'a', '{}'::json ->> 'a', '{}'::jsonb -> 1, '{}'::jsonb #> '{a}', '{}'::jsonb @> '{}', '{}'::jsonb ? 'a', '{}'::jsonb || '{}', '{}'::jsonb - 'a'
select '{'::json
select 1 collate "C"
select relname collate "nosuch" from pg_class
select relname collate "C" from pg_class order by relname collate "POSIX"
select 'a' collate "C" || 'b' collate "C"
select 'a' collate "C" || 'b' collate "POSIX"
select relname collate "C" = nspname collate "POSIX" from pg_class, pg_namespace
select relname = nspname collate "C" from pg_class, pg_namespace
-- conditions
select 1 where 'x'
select 1 where 't'
select 1 where null
select 1 where relname
select not 1
select true and 1
select true or 'x'
select 1 is true
select 'a' is true
select 1 from pg_class where relname and true
select 1 having 1
select count(*) filter (where 'x') from pg_class
-- operators
select 1 === 2
select 1 + 'a'
select 1 + 'a'::text
select 'a' - 'b'
select 'a' + 1
select now() + '1 day'
select now() - 'x'
select date '2020-01-01' + '1'
select -'a'
select - 'a'::text
select !1
select 1 operator(pg_catalog.+) 2, operator(pg_catalog.-) 2
select true + 1
select relname + 1 from pg_class
select relname > 1 from pg_class
select null + null
select null = null
select '1' = 1, 1 = '1', 'a' = relname from pg_class
select 1.5 = '1.5'::text
select 'a' like 1
select 1 like 'a'
select 1 ~ 'a'
select 'a' similar to 1
select row(1) = row(1), row(1, 'a') <> row(2, 'b'), row(1, 2) >= row(1, 2), row(1, now()) is distinct from row(1, now())
select row(1, 2) = row(1)
select row() = row()
select row(1, 2) = 1
select row(1, 'a'::text) < row('b'::text, 2)
select (1, 2) in ((1, 2), (3, 4)), 1 in ((2), 3), (1, 2) not in ((1, 'a'))
select 1 in ('a')
select 1 in (1, 'a')
select 1 in (1, 'a'::text)
select 1 in (1, null), null in (1, 2), 'a' in (null)
select 1 = any (null), 1 = any ('{}'), 1 = any (array[]::int[]), 'x' = any (array[1])
select 1 = any (array['a'::text])
select 1 between 'a' and 'b'
select now() between '2020-01-01' and '2021-01-01', 1 between 1.5 and 2
select nullif('a', 'b'), nullif(1, 1.5), nullif(1, 'a')
select 1 is distinct from 'a'
select relacl = relacl, relacl[1] = relacl[1], relfrozenxid = relfrozenxid, relfrozenxid = 1 from pg_class
select relfrozenxid < relfrozenxid from pg_class
select json '1' = json '1'
-- types
select 1::nosuch
select 1::nosuch.int
select 1::pg_catalog.int4, 1::pg_catalog.nosuch
select 1::int(3)
select 'a'::varchar(0)
select 'a'::varchar(a)
select 'a'::varchar(10485761)
select 'abc'::varchar(2), 'a'::bpchar, 'a'::char, 'a'::char(10485761)
select 1::numeric(1001)
select 1::numeric(3, 5), 1::numeric(3, -1), 1::decimal(4), 1::numeric
select 1::numeric(1, 2, 3)
select 1::float(3), 1::float(30), 1::real, 1::double precision, 1::smallint, 1::bigint, 1::dec(3)
select now()::timestamp(3), now()::timestamp(7), now()::timestamptz(0), '10:00'::time(2), '1 day'::interval, '1'::interval day, '1'::interval(3), '1'::interval second(2), '1'::interval year to month
select b'1'::bit(3), b'1'::varbit(3), b'1'::bit varying, '1'::bit
select 1::setof int
select null::pg_class.relname%type
select 'a'::text[], 'a'::text[3]
select '2020-01-01'::date::text, 'infinity'::timestamp, 'x'::date
select 'a'::uuid
select '1 fortnight'::interval, '1 x'::interval
select 'x'::bool, 't'::bool
select 1e400::float8
select '1e400'::float8
select 99999::int2
select 99999999999::int4
select 'a'::int2, 1
select '99999'::int2
-- statements refused
select * from pg_class for update
select count(*) from pg_class for update
select distinct relname from pg_class for share
select * from pg_class c for update of x
select * from pg_class c for update of c
select default
select 1 from
selec 1
select 'abc
-- introspection by drivers and tools
SELECT t.oid, typarray FROM pg_type t JOIN pg_namespace ns ON typnamespace = ns.oid WHERE typname = 'hstore'
SELECT typname AS name, oid, typarray AS array_oid, oid::regtype::text AS regtype, typdelim AS delimiter FROM pg_type t WHERE t.oid = to_regtype($1) ORDER BY t.oid
SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.nspname NOT LIKE 'pg\_%' ORDER BY 1
SELECT * FROM unnest(current_schemas(true))
SELECT n.nspname schema_name, c.relname table_name FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = ANY(array['r', 'p', 'f']) ORDER BY 1, 2
SELECT nsp.nspname schema_name, cls.relname table_name, att.attname column_name, att.atttypid::regtype::text type_name, att.atthasdef AS has_default, pg_catalog.pg_get_expr(def.adbin, def.adrelid, true) as default FROM pg_catalog.pg_attribute att INNER JOIN pg_catalog.pg_class cls ON att.attrelid = cls.oid INNER JOIN pg_catalog.pg_namespace nsp ON cls.relnamespace = nsp.oid LEFT OUTER JOIN pg_attrdef def ON def.adrelid = att.attrelid AND def.adnum = att.attnum WHERE cls.relkind = ANY(ARRAY['r', 'v', 'm', 'f', 'p']) AND NOT att.attisdropped AND att.attnum > 0 ORDER BY 1, 2, att.attnum
SELECT s_p.nspname AS parentschema, t_p.relname AS parenttable, unnest((select array_agg(attname ORDER BY i) from (select unnest(confkey) as attnum, generate_subscripts(confkey, 1) as i) x JOIN pg_catalog.pg_attribute c USING(attnum) WHERE c.attrelid = fk.confrelid)) AS parentcolumn, s_c.nspname AS childschema FROM pg_catalog.pg_constraint fk JOIN pg_catalog.pg_class t_p ON t_p.oid = fk.confrelid JOIN pg_catalog.pg_namespace s_p ON s_p.oid = t_p.relnamespace JOIN pg_catalog.pg_class t_c ON t_c.oid = fk.conrelid JOIN pg_catalog.pg_namespace s_c ON s_c.oid = t_c.relnamespace WHERE fk.contype = 'f'
SELECT n.nspname schema_name, p.proname func_name, p.proargnames, COALESCE(proallargtypes::regtype[], proargtypes::regtype[])::text[], p.proargmodes, prorettype::regtype::text return_type, p.prokind = 'a' is_aggregate, p.prokind = 'w' is_window, p.proretset is_set_returning, d.deptype = 'e' is_extension, pg_get_expr(proargdefaults, 0) AS arg_defaults FROM pg_catalog.pg_proc p INNER JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace LEFT JOIN pg_depend d ON d.objid = p.oid and d.deptype = 'e' WHERE p.prorettype::regtype != 'trigger'::regtype ORDER BY 1, 2
SELECT n.nspname schema_name, t.typname type_name FROM pg_catalog.pg_type t INNER JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE (t.typrelid = 0 OR (SELECT c.relkind = 'c' FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid)) AND NOT EXISTS(SELECT 1 FROM pg_catalog.pg_type el WHERE el.oid = t.typelem AND el.typarray = t.oid) AND n.nspname <> 'pg_catalog' ORDER BY 1, 2
SELECT d.datname FROM pg_catalog.pg_database d ORDER BY 1
select relname from pg_class c join pg_namespace n on n.oid=c.relnamespace where pg_catalog.pg_table_is_visible(c.oid) and relname=$1
SELECT pg_catalog.pg_class.relname FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace ON pg_catalog.pg_namespace.oid = pg_catalog.pg_class.relnamespace WHERE pg_catalog.pg_class.relkind = ANY (ARRAY[$1::VARCHAR, $2::VARCHAR, $3::VARCHAR]) AND pg_catalog.pg_table_is_visible(pg_catalog.pg_class.oid) AND pg_catalog.pg_namespace.nspname != $4::VARCHAR
SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.atthasdef) AS DEFAULT, a.attnotnull, a.attrelid as table_oid, pgd.description as comment, a.attgenerated as generated, (SELECT json_build_object('always', a.attidentity = 'a', 'start', s.seqstart, 'increment', s.seqincrement) FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c on s.seqrelid = c."oid" WHERE c.relkind = 'S' AND a.attidentity != '' AND s.seqrelid = pg_catalog.pg_get_serial_sequence(a.attrelid::regclass::text, a.attname)::regclass::oid) as identity_options FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_description pgd ON (pgd.objoid = a.attrelid AND pgd.objsubid = a.attnum) WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
SELECT r.conname, pg_catalog.pg_get_constraintdef(r.oid, true) as condef, n.nspname as conschema, d.description as comment FROM pg_catalog.pg_constraint r, pg_namespace n, pg_class c LEFT OUTER JOIN pg_description d ON d.objoid = c.oid WHERE r.conrelid = $1 AND r.contype = 'f' AND c.oid = confrelid AND n.oid = c.relnamespace ORDER BY 1
SELECT t.relname as relname_index, i.relname as relname, ix.indisunique, ix.indexprs, a.attname, a.attnum, ix.indkey, ix.indoption, i.reloptions, am.amname, pg_get_expr(ix.indpred, ix.indrelid), ix.indnkeyatts FROM pg_class t join pg_index ix on t.oid = ix.indrelid join pg_class i on i.oid = ix.indexrelid left outer join pg_attribute a on t.oid = a.attrelid and a.attnum = ANY(ix.indkey) left outer join pg_am am on i.relam = am.oid WHERE t.relkind IN ('r', 'v', 'f', 'm', 'p') and t.oid = $1 and ix.indisprimary = 'f' ORDER BY t.relname, i.relname
SELECT NULL AS TABLE_CAT, n.nspname AS TABLE_SCHEM, c.relname AS TABLE_NAME, CASE n.nspname ~ '^pg_' OR n.nspname = 'information_schema' WHEN true THEN CASE WHEN n.nspname = 'pg_catalog' OR n.nspname = 'information_schema' THEN CASE c.relkind WHEN 'r' THEN 'SYSTEM TABLE' WHEN 'v' THEN 'SYSTEM VIEW' ELSE NULL END ELSE NULL END WHEN false THEN CASE c.relkind WHEN 'f' THEN 'FOREIGN TABLE' ELSE NULL END ELSE NULL END AS TABLE_TYPE, d.description AS REMARKS FROM pg_catalog.pg_namespace n, pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_description d ON (c.oid = d.objoid AND d.objsubid = 0 and d.classoid = 'pg_class'::regclass) WHERE c.relnamespace = n.oid AND (false OR ( c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ) ) ORDER BY TABLE_TYPE,TABLE_SCHEM,TABLE_NAME
SELECT * FROM (SELECT n.nspname,c.relname,a.attname,a.atttypid,a.attnotnull OR (t.typtype = 'd' AND t.typnotnull) AS attnotnull,a.atttypmod,a.attlen,t.typtypmod,row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum) AS attnum, nullif(a.attidentity, '') as attidentity,nullif(a.attgenerated, '') as attgenerated,pg_catalog.pg_get_expr(def.adbin, def.adrelid) AS adsrc,dsc.description,t.typbasetype,t.typtype FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_class c ON (c.relnamespace = n.oid) JOIN pg_catalog.pg_attribute a ON (a.attrelid=c.oid) JOIN pg_catalog.pg_type t ON (a.atttypid = t.oid) LEFT JOIN pg_catalog.pg_attrdef def ON (a.attrelid=def.adrelid AND a.attnum = def.adnum) LEFT JOIN pg_catalog.pg_description dsc ON (c.oid=dsc.objoid AND a.attnum = dsc.objsubid) LEFT JOIN pg_catalog.pg_class dc ON (dc.oid=dsc.classoid AND dc.relname='pg_class') LEFT JOIN pg_catalog.pg_namespace dn ON (dc.relnamespace=dn.oid AND dn.nspname='pg_catalog') WHERE c.relkind in ('r','p','v','f','m') and a.attnum > 0 AND NOT a.attisdropped ) c WHERE true ORDER BY nspname,c.relname,attnum
SELECT ns.nspname, typ.oid, typ.typname, typ.typtype, typ.typnotnull, rngsubtype, elemtyp.oid AS elemtypoid FROM (SELECT typ.oid, typnamespace, typname, typrelid, typnotnull, rngsubtype, typelem AS elemoid, CASE WHEN proc.proname = 'array_recv' THEN 'a' ELSE typ.typtype END AS typtype FROM pg_type AS typ LEFT JOIN pg_class AS cls ON (cls.oid = typ.typrelid) LEFT JOIN pg_proc AS proc ON proc.oid = typ.typreceive LEFT JOIN pg_range ON (pg_range.rngtypid = typ.oid)) AS typ LEFT JOIN pg_type elemtyp ON elemtyp.oid = typ.elemoid JOIN pg_namespace AS ns ON (ns.oid = typ.typnamespace) WHERE typ.typtype IN ('b', 'r', 'm', 'e', 'd') ORDER BY typ.oid
SELECT current_database(), current_schema(), current_schemas(false), pg_is_in_recovery(), inet_server_addr(), inet_server_port(), pg_postmaster_start_time()
SELECT usename, usesuper, valuntil FROM pg_user
SELECT rolname, rolsuper, rolvaliduntil, ARRAY(SELECT b.rolname FROM pg_auth_members m JOIN pg_roles b ON m.roleid = b.oid WHERE m.member = r.oid) AS memberof FROM pg_roles r
SELECT name, setting, category, short_desc FROM pg_settings WHERE name = 'x'
SELECT pid, usename, application_name, state, query FROM pg_stat_activity
SELECT * FROM information_schema.tables
SELECT table_schema, table_name, column_name, ordinal_position, data_type, is_nullable FROM information_schema.columns WHERE table_name = $1
SELECT * FROM information_schema.foreign_tables
SELECT * FROM information_schema.foreign_table_options
SELECT * FROM information_schema.user_mappings
SELECT * FROM information_schema.user_mapping_options
SELECT * FROM information_schema.foreign_servers
SELECT * FROM information_schema.foreign_data_wrappers
SELECT * FROM information_schema.schemata
SELECT * FROM pg_user_mappings
SELECT * FROM pg_tables
SELECT * FROM pg_views
SELECT * FROM pg_indexes
SELECT * FROM pg_group
