-- What PostgreSQL's planner proves of CHECKs and conditions: a foreign table is read, and its file is not there, or it is left out.
create extension file_fdw;
create server s foreign data wrapper file_fdw;
create type en as enum ('o', 'p', 'q');
create function strict_f(int) returns int language sql immutable strict as 'select $1 + 0';
create table checks (id serial, text text);
create table conditions (id serial, text text);
insert into checks (text) values ('a > 0'),
    ('a >= 10 and a < 20'),
    ('a < 5 or a > 50'),
    ('a in (1,2,3)'),
    ('a <> 5'),
    ('a = 7'),
    ('a is null'),
    ('a is not null'),
    ('not (a > 3)'),
    ('b'),
    ('not b'),
    ('b is true'),
    ('b is false'),
    ('b is not true'),
    ('b is not false'),
    ('b is null'),
    ('b = true'),
    ('b = false'),
    ('b is unknown'),
    ('t = ''x'''),
    ('t > ''m'''),
    ('t in (''x'',''y'')'),
    ('t <> ''x'''),
    ('t collate "C" > ''m'''),
    ('t like ''x%'''),
    ('upper(t) = ''X'''),
    ('length(t) > 3'),
    ('a > g'),
    ('a = g'),
    ('a + 1 > 3'),
    ('a % 2 = 0'),
    ('d > ''2020-01-01'''),
    ('d <= ''2020-12-31'' and d >= ''2020-01-01'''),
    ('n > 1.5'),
    ('n = 2'),
    ('f > 1.5'),
    ('a::bigint > 100'),
    ('a between 1 and 10'),
    ('coalesce(a, 0) > 0'),
    ('a > 0 or b'),
    ('a > 0 and (b or g > 0)'),
    ('a is distinct from 5'),
    ('a is not distinct from 5'),
    ('(a, g) = (1, 2)'),
    ('(a, g) < (3, 4)'),
    ('v = ''x'''),
    ('c = ''x'''),
    ('a = any (''{1,2}''::int[])'),
    ('a <> all (''{1,2}''::int[])'),
    ('a not in (1,2,3)'),
    ('j is not null'),
    ('ts > ''2020-01-01'''),
    ('tz > ''2020-01-01 00:00:00+00'''),
    ('case when a > 0 then true else false end'),
    ('false'),
    ('null::bool'),
    ('a = null'),
    ('strict_f(a) > 0'),
    ('arr = ''{1,2}'''),
    ('arr[1] = 3'),
    ('u = ''00000000-0000-0000-0000-000000000001'''),
    ('e = ''p'''),
    ('e > ''p'''),
    ('o > 10::oid'),
    ('s2 = 5::smallint');
insert into conditions (text) values ('a > 0'),
    ('a = 0'),
    ('a < 0'),
    ('a <= 0'),
    ('a > 20'),
    ('a >= 20'),
    ('a < 10'),
    ('a = 10'),
    ('a = 30'),
    ('a <> 7'),
    ('a = 7'),
    ('a = 5'),
    ('a <> 5'),
    ('a in (1,2)'),
    ('a in (4,5)'),
    ('a not in (1,2,3)'),
    ('a is null'),
    ('a is not null'),
    ('not a > 0'),
    ('not (a > 0 or b)'),
    ('b'),
    ('not b'),
    ('b is true'),
    ('b is false'),
    ('b is null'),
    ('b is not null'),
    ('b is not true'),
    ('b is not false'),
    ('b is unknown'),
    ('b = true'),
    ('b = false'),
    ('b <> true'),
    ('t = ''x'''),
    ('t = ''y'''),
    ('t = ''a'''),
    ('t > ''x'''),
    ('t < ''m'''),
    ('t < ''a'' collate "C"'),
    ('t <> ''x'''),
    ('t is null'),
    ('t like ''x%'''),
    ('upper(t) = ''Y'''),
    ('upper(t) = ''X'''),
    ('length(t) < 2'),
    ('a < g'),
    ('a > g'),
    ('a = g'),
    ('a <> g'),
    ('g = a'),
    ('a + 1 < 3'),
    ('a + 1 > 5'),
    ('a % 2 = 1'),
    ('d < ''2020-01-01'''),
    ('d < ''2019-01-01''::timestamp'),
    ('d = current_date'),
    ('d > now()'),
    ('n < 1'),
    ('n = 3'),
    ('n = 2.0'),
    ('f < 1'),
    ('f < 1.5::float4'),
    ('a < 1::bigint'),
    ('a = 0::smallint'),
    ('a = 0.5'),
    ('a::bigint < 50'),
    ('5 > a'),
    ('0 = a'),
    ('10 > a and a > 3'),
    ('a between 11 and 12'),
    ('a between 30 and 40'),
    ('coalesce(a, 0) < 0'),
    ('coalesce(a, 0) > 0'),
    ('a is distinct from 5'),
    ('a is not distinct from 5'),
    ('a is not distinct from null'),
    ('(a, g) = (5, 6)'),
    ('(a, g) < (1, 2)'),
    ('(a, g) is null'),
    ('(a, g) is not null'),
    ('v = ''y'''),
    ('c = ''y'''),
    ('c = ''x'''),
    ('a = any (''{4,5}''::int[])'),
    ('a = any (''{}''::int[])'),
    ('a = all (''{4,5}''::int[])'),
    ('a <> all (''{1,2}''::int[])'),
    ('a = any (array[4, g])'),
    ('j is null'),
    ('ts < ''2019-01-01'''),
    ('ts < tz'),
    ('tz < ''2019-01-01 00:00:00+00'''),
    ('tz < now() - interval ''100 years'''),
    ('tz = ''2019-01-01'''),
    ('case when a > 0 then true else false end'),
    ('false'),
    ('null::bool'),
    ('a = null'),
    ('strict_f(a) is null'),
    ('arr[1] = 4'),
    ('u = ''00000000-0000-0000-0000-000000000002'''),
    ('e = ''q'''),
    ('e = ''o'''),
    ('e < ''p'''),
    ('o < 5::oid'),
    ('s2 = 6'),
    ('s2 = 5'),
    ('s2 > 100000'),
    ('a > 3 and a < 2'),
    ('a is null and a is not null'),
    ('b and not b'),
    ('a > 5 and not a > 3'),
    ('a = 3 and a is null'),
    ('1 = 2'),
    ('1 = 1'),
    ('a > 0 is false'),
    ('(a > 0) is not true'),
    ('(a > 0) is true'),
    ('(a > 0) = true'),
    ('(a > 0) = false'),
    ('(a > 0) is null'),
    ('not (a is null)'),
    ('not (b is true)'),
    ('b and a > 3'),
    ('b or a > 3'),
    ('a > length(''abc'')'),
    ('a = length(''abcdefgh'')'),
    ('a < 0 or a > 100'),
    ('a < -5 or (a = -1 and b)');
set constraint_exclusion = on;
-- one letter a condition: x for one that leaves the table out
do $$
declare
    c record;
    d record;
    line text;
begin
    for c in select * from checks order by id loop
        execute format('create foreign table f (a int, b bool, t text, g int, d date, n numeric, f float8, v varchar(10), c char(5), j json, ts timestamp, tz timestamptz, arr int[], u uuid, e en, o oid, s2 smallint, check (%s)) server s options (filename ''/nonexistent'', format ''csv'')', c.text);
        line := '';
        for d in select * from conditions order by id loop
            begin
                execute format('select from f where %s', d.text);
                line := line || 'x';
            exception when undefined_file then
                line := line || '.';
            end;
        end loop;
        raise notice '% %', line, c.text;
        drop foreign table f;
    end loop;
end $$;

-- where conditions come from
create foreign table t1 (a int, b int, check (a > 0)) server s options (filename '/nonexistent');
create foreign table t2 (a int, b int, check (a > 100)) server s options (filename '/nonexistent');
create table l (a int, b int); insert into l values (1, 1), (500, 1);
create table par (a int, b int); 
create foreign table ch (check (a > 0)) inherits (par) server s options (filename '/nonexistent');
\pset format unaligned
set constraint_exclusion = on;
\set VERBOSITY terse
\echo joins
select * from l left join t1 on l.a = t1.a and t1.a < 0;
select * from l left join t1 on l.a = t1.a where t1.a < 0;
select * from l left join (select * from t1 where a < 0) t1 on l.a = t1.a;
select * from l join t1 on l.a = t1.a and t1.a < 0;
select * from l join t1 on l.a = t1.a where l.a = -1;
select * from l full join (select * from t1 where a < 0) t1 on l.a = t1.a;
select * from t1 right join l on l.a = t1.a and t1.a < 0;
select * from l left join par on l.a = par.a and par.a < 0;
select * from l left join par on l.a = par.a where par.a < 0;
select * from l left join ch on l.a = ch.a where ch.a is null and ch.b = 1;
select * from l where exists (select from t1 where a < 0 and t1.a = l.a);
select * from l where a in (select a from t1 where a < 0);
select * from l where a not in (select a from t1 where a < 0);
select * from l where a < 0 and exists (select from t1 where t1.a = l.a);
select (select max(a) from t1 where a < 0), (select count(*) from t2 where a = 5);
select * from t1 x join t1 y on x.a = y.b where x.a = -1;
select * from t1 x join t1 y on x.a = y.a where x.a = -1;
select * from t1 x left join t1 y on x.a = y.a where x.a = -1;
select * from t1 x, lateral (select * from t2 where t2.a = x.a and t2.a < 3) y where x.a < 0;
select * from l, lateral (select * from t2 where t2.a < 3 and t2.b = l.b) y;
\echo views
create view v1 as select a + 1 as c, b from t1;
select * from v1 where c < 0;
create view v2 as select a, b from t1 where a < 0;
select * from v2;
create view v3 as select a, count(*) n from t1 group by a;
select * from v3 where a < 0;
create view v4 as select a, b from t1 union all select a, b from t2;
select * from v4 where a < 0;
select * from v4 where a < 0 order by a limit 3;
create view v5 as select distinct a from t1;
select * from v5 where a < 0;
create view v6 as select a, row_number() over (partition by a) from t1;
select * from v6 where a < 0;
create view v7 as select a as c, b from t1;
select * from v7 where c = -5;
create view v8 with (security_barrier) as select a from t1;
create view v9 as select a, b from t1 limit 5;
select * from v9 where a < 0;
create view v10 as select -a as c from t1;
select * from v10 where c > 0;
create view v11 as select -a as c from par;
select * from v11 where c > 0;
create view v12 as select a from t1 union select a from t2;
select * from v12 where a < 0;
create view v13 as select a from t1 except select a from t2;
select * from v13 where a < 0;
with c as materialized (select * from t1) select * from c where a < 0;
with c as (select * from t1 where a < 0) select * from c c1, c c2;
select count(*), sum(a), max(b) from t1 where a < 0;
select count(*) from t1 where a < 0 group by a having count(*) > 0;
select a from t1 where a < 0 union select 1;
select * from (select a, b from t1 offset 0) x where a < 0;
select distinct on (b) a from t1 where a < 0 order by b;
select a from t1 where a < 0 for update;
\echo writes
merge into l using t1 on l.a = t1.a and t1.a < 0 when matched then delete;
merge into l using (select * from t1 where a < 0) t1 on l.a = t1.a when matched then delete;
merge into l using t1 on l.a = t1.a and t1.a < 0 when not matched then insert values (1, 1);
update l set b = 1 from t1 where t1.a = l.a and t1.a < 0;
delete from l using t1 where t1.a = l.a and t1.a < 0;
delete from t1 where a < 0;
update t1 set b = 1 where a < 0;
insert into l select * from t1 where a < 0;
delete from par where a < 0;
update par set b = 1 where a < 0;
merge into par using l on par.a = l.a and par.a < 0 when matched then delete;
table l;
\echo parameters
prepare p1(int) as select * from t1 where a = $1;
execute p1(-1);
execute p1(1);
execute p1(-1); execute p1(-1); execute p1(-1); execute p1(-1); execute p1(-1); execute p1(-1); execute p1(-1);
set plan_cache_mode = force_generic_plan;
execute p1(-1);
prepare p2(int) as select * from par where a = $1;
execute p2(-1);
prepare p3(int) as select * from t1 where a < -1 and b = $1;
execute p3(-1);
reset plan_cache_mode;
execute p1(-1);
execute p2(-1);
\echo prefix of in lists
select count(*) from t1 where a in (-1, -2);
do $$ declare n int; begin execute 'select count(*) from t1 where a in (' || (select string_agg((-i)::text, ',') from generate_series(1, 100) i) || ')' into n; raise notice '%', n; end $$;
do $$ declare n int; begin execute 'select count(*) from t1 where a in (' || (select string_agg((-i)::text, ',') from generate_series(1, 101) i) || ')' into n; raise notice '%', n; end $$;
do $$ declare n int; begin execute 'select count(*) from t1 where a = any (''{' || (select string_agg((-i)::text, ',') from generate_series(1, 101) i) || '}'')' into n; raise notice '%', n; end $$;
do $$ declare n int; begin execute 'select count(*) from t1 where a = any (array[' || (select string_agg((-i)::text, ',') from generate_series(1, 101) i) || '])' into n; raise notice '%', n; end $$;
