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
select 'a'::pg_class.nosuch%type
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
select 'a'::pg_class.nosuch%type
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
select greatest(point '(1,1)')
select case 1 when 'a'::text then 1 end
select (1,2) < (select 1)
select row(1,2) in (select 1,2,3)
select row(1,2) in ((1,2,3))
select row(1) || row(2)
select point '(1,1)' = any (array[point '(1,1)'])
select * from pg_class order by point '(1,1)'
select distinct box '(1,1),(2,2)'
select 1 group by point '(1,1)'
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
