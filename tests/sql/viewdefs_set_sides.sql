-- set operations whose sides have other types than the whole and clauses of their own: views show them as they were written
create view zv1 as select 1::bigint a union all (select 2 limit 1);
create view zv2 as select 1::bigint a, 'x'::text b union all (select 2, 'y' order by 1 limit 1);
create view zv3 as (select 'x' a limit 1) union all select 'y'::text;
create view zv4 as (select 2 limit 1) union all select 3::numeric;
create view zv5 as select 2::numeric a union (select a from (values (1),(2)) v(a) order by a desc fetch first 1 rows with ties);
create view zv6 as select 2::numeric a union (with w as (select 1 x) select x from w);
create view zv7 as select 2::numeric a union (with w as (select 1 x) select x from w union all select 3.0);
create view zv8 as select null a union all (select 2 limit 1);
create view zv9 as select 2 as a intersect (select 3 for update) ;
create view zv10 as select 2.0 as a except (select b.oid::int from pg_class b for update of b) ;
create view zv11 as select 2.0 as a except (select b.oid::int from pg_class b order by relname offset 2) ;
create view zv12 as select 2.0 as a except (select 1 union select 2 order by 1 limit 3);
create view zv13 as select 2.0 as a union all select 1 group by () having true;
create view zv14 as select 1 union select 2 union select 3.0; create view zv18 as select 1 union (select 2 intersect select 3) union all select 3.0; create view zv19 as select 1::numeric union (select 2 except select 3 order by 1); create view zv20 as select 1::numeric x, a.* from (select 1 y) a union (with w as (select 1 x) select x, (select a.b from (select 3 b) q limit 1) from w, (select 2 b) a where exists (select from w v where v.x = w.x) order by 1) order by 2; create view zv21 as select x, array(select x::numeric union (select x order by 1 limit 1) union (select max(q) from generate_series(1,x) q)) from generate_series(1,3) x
create view zv15 as (select 'a' limit 1) union all (select 'b' limit 1);
create view zv16 as (select 'a' limit 1) union all (select now() limit 1);
create view zv17 as (values (1),(2) order by 1 limit 1) union all (values (1.5),(2) limit 1);
select relname, pg_get_viewdef(oid) from pg_class where relname ~ '^zv\d' order by oid;
select * from zv1; select * from zv2; select * from zv3; select * from zv5; select * from zv8;
select * from zv18 order by 1; select * from zv20; select * from zv21; select * from zv14 order by 1;
create view zu as select u.relname from pg_class u where relkind = 'x' union all (select t from (values ('a'::text)) v(t) order by 1 limit 1);
alter view zv2 rename column a to aa; alter view zv12 rename a to bb;
create function zf() returns setof numeric language sql begin atomic select 1 union (select 2.5 order by 1 limit 1); end; \sf zf
create table zt (a int); create view zw as select a from zt union all (select a::bigint from zt order by a limit 2) union all (select count(a)::int from zt);
alter table zt rename a to b; \d+ zw
drop table zt cascade;
