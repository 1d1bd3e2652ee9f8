create domain dd as int; create domain dv as varchar(3); create domain dn as numeric(5,2); create domain d2 as dd; create domain da as int[]; create domain dva as varchar(3)[]; create domain dts as timestamp(3); create domain dbt as bit(3);
create table x (a bigint, b text, c varchar(10), d varchar(3), n numeric, e int[], i int, f text[], g bigint[], h timestamptz);
create view v as select a::dd as a1, a::dv as a2, a::dn as a3, a::d2 as a4, b::dv as a5, c::dv as a6, d::dv as a7, n::dn as a8, e::da as a9, g::da as a10, f::dva as a11, f::da as a12, h::dts as a13, i::dn as a14, i::d2 as a15, i::dd::d2 as a16, b::dn as a17, '1'::dd as a18, 'x'::dv as a19, 1.5::dn as a20, 1::dn as a21, i::dbt as a22,
 (a::dd)::bigint as a23, (i::dd)+1 as a24, (a + 1)::dd as a25, a::int::dd::numeric as a26, cast(h as dts)::date as a27, -i::dd as a28, (i::dd)::dv as a29, (b::dv)::dd as a30, i::dd::text as a31, null::dd as a32, '{1,2}'::dd[] as a33, g::dd[] as a34, e::dd[] as a35, f::dv[] as a36 from x;
\d+ v
create table y (a dd default 3.4, b dv default 12, c dn default 1, d dd default '5', e dts default now(), f d2 default 3::bigint, check (a > 3::bigint), check (c::dd > 3), check (b::dd in (1,2)));
\d y
insert into x values (5, '1.555', 'abcdef', 'a', 3.14159, '{1}', 3, '{abcd}', '{3}', '2020-01-01 00:00:00.123456+00');
select a::dd as a1, a::dv as a2, a::dn as a3, a::d2 as a4, b::dv as a5, c::dv as a6, d::dv as a7, n::dn as a8, e::da as a9, g::da as a10, f::dva as a11,  h::dts as a13, i::dn as a14, i::d2 as a15, i::dd::d2 as a16, b::dn as a17, i::dbt from x;
select (b||'x')::dn from x; select 'x'::dd; select 99999999999::dd; select n::int::dbt from x; select b::dd from x; select 10000::dn;
select array['abcd']::text[]::varchar(3)[] as a, array[1.239]::numeric(5,2)[] as b, array[1]::numeric(5,2)[] as c, array['1.239']::text[]::numeric(5,2)[] as d, array['abcd'::varchar]::varchar(3)[] as e, array['abcd'::varchar]::char(3)[] as f, array['abcd'::text]::char(6)[] as g;
create domain va as varchar(3)[]; create domain na as numeric(5,2)[]; create domain ca as char(6)[];
select array['abcd']::text[]::va as a, array[1.239]::na as b, array[1]::na as c, array['1.239']::text[]::na as d, array['abcd'::varchar]::va as e, array['abcd'::varchar]::ca as f, array['abcd'::text]::ca as g, '{abcd}'::va;
create type ocm as (x int, y text); create domain odm as ocm; drop view v; drop table x, y; create table x (i int);
create table t (d ocm default (1,'x'), e ocm default row(1,'x')::ocm, f ocm default '(1,x)', g odm default (1,'x'), h odm default row(1,'x')::odm, k ocm[] default array[row(1,'x')]::ocm[], l ocm[] default array[(1,'x')::ocm]);
\d t
create function fo(ocm) returns int language sql as 'select 1';
create view v as select row(1,'x')::ocm as a, fo((1,'x')) as b, fo(row(1,'x')::ocm) as c, (row(1,'x')::ocm).x as d, (1,'x')::odm as e, coalesce((1,'x'), '(2,y)'::ocm) as f from x;
\d+ v
create function dflt(a ocm default (1,'x')) returns int language sql as 'select 1';
\df dflt
insert into t default values; select * from t;
create table b1 (d ocm check (d <> (1,'x')), e ocm check (d = (1, 'x')::ocm));
\d b1
