-- CREATE, ALTER and DROP STATISTICS: extended statistics as catalog objects, on tables, foreign tables and materialized views.
\set VERBOSITY verbose
create table pt (a int, b int, c text, j json, d int generated always as (a * 2) stored);
create table pp (a int, b int) partition by range (a);
create view v as select 1 a, 2 b;
create statistics s0 on a, b from v;
create materialized view mv as select 1 a, 2 b;
create statistics s00 on a, b from mv;
create statistics st on a, b from pt;
create statistics st on a, b from pt;
create statistics st2 (ndistinct, dependencies) on b, a from pt;
create statistics st3 (mcv) on a, b from pp;
create statistics st4 (mcv, mcv) on a, b from pp;
create statistics if not exists st on a, b from pt;
create statistics if not exists st on a, b from nosuch;
create statistics e1 on a from pt;
create statistics e2 on a, nosuch from pt;
create statistics e3 on a, a from pt;
create statistics e4 (nosuch) on a, b from pt;
create statistics e5 on a, b from nosuch;
create statistics e6 on a, j from pt;
create statistics e7 on a, ctid from pt;
create statistics e8 on a, b from pt, pp;
create statistics e9 on a, b from pt join pp using (a);
create statistics ea on a, b from (select 1 a, 2 b) s;
create statistics nosch.st9 on a, b from pt;
create statistics ec on tableoid, a from pt;
create statistics ed on x.a, a from pt;
create statistics x1 on (a + 1) from pt;
create statistics x2 on (a + 1), b from pt;
create statistics x3 on (a + 1), (b + 1), c from pt;
create statistics x4 (mcv) on (a + 1) from pt;
create statistics x5 on (a), b from pt;
create statistics x6 on (random()), b from pt;
create statistics x7 on (a + 1), (a + 1) from pt;
create statistics x9 on lower(c), a from pt;
create statistics xa on (j), a from pt;
\d pt
\dX
\dX+
\dX st*
\dX public.st
select stxname, stxkeys, stxkind, stxstattarget, stxrelid::regclass, pg_get_statisticsobjdef(oid), pg_get_statisticsobjdef_columns(oid), pg_get_statisticsobjdef_expressions(oid) from pg_statistic_ext order by 1;
select pg_describe_object(classid, objid, objsubid), pg_describe_object(refclassid, refobjid, refobjsubid), deptype from pg_depend where classid = 'pg_statistic_ext'::regclass order by 1,2;
select pg_get_statisticsobjdef(1);
alter statistics st set statistics 100;
alter statistics st set statistics -1;
alter statistics st set statistics 20000;
alter statistics st set statistics -2;
alter statistics nosuch set statistics 100;
alter statistics if exists nosuch set statistics 100;
alter statistics st rename to st2;
alter statistics st rename to str;
alter statistics nosuch rename to str2;
create schema sx;
create role ddl_low;
alter statistics str owner to nosuch;
alter statistics str owner to ddl_low;
alter statistics str set schema sx;
alter statistics sx.str set schema sx;
alter statistics sx.str set schema nosuch;
\d pt
\dX
comment on statistics sx.str is 'hello';
select obj_description(oid, 'pg_statistic_ext') from pg_statistic_ext where stxname = 'str';
set role ddl_low;
create statistics lo on a, b from pt;
alter statistics st2 set statistics 1;
alter statistics st2 rename to x;
drop statistics st2;
comment on statistics st2 is 'x';
reset role;
drop owned by ddl_low;
drop role ddl_low;
select stxname from pg_statistic_ext order by 1;
drop statistics st2, nosuch;
drop statistics st2, x1;
drop statistics if exists nosuch;
alter table pt drop column b;
select stxname from pg_statistic_ext order by 1;
create foreign data wrapper dummy;
create server s foreign data wrapper dummy;
create foreign table ft (a int, b int) server s;
create statistics fs on a, b from ft;
\d ft
create statistics fs2 (mcv) on a, b from ft;
select * from pg_stats_ext;
select statistics_schemaname, statistics_name, attnames, kinds from pg_stats_ext order by 1,2;
alter foreign table ft rename column a to aa;
\d ft
alter foreign table ft alter column b type bigint;
\d ft
create table lk (like pt including statistics);
create table lk2 (like pt including all);
\d lk
select c.relname, stxname from pg_statistic_ext join pg_class c on c.oid = stxrelid order by 1,2;
drop schema sx cascade;
drop table pt cascade;
drop foreign table ft;
select stxname from pg_statistic_ext order by 1;
-- what hides it is one of its name in a schema before
create table vt (a int, b int, c int);
create schema vs; create statistics vs.same on a, b from vt; create statistics public.same on b, c from vt; create statistics vs.other on a, c from vt;
select pg_describe_object('pg_statistic_ext'::regclass, oid, 0), pg_statistics_obj_is_visible(oid) from pg_statistic_ext where stxrelid = 'vt'::regclass order by 1;
set search_path = vs, public;
select pg_describe_object('pg_statistic_ext'::regclass, oid, 0), pg_statistics_obj_is_visible(oid) from pg_statistic_ext where stxrelid = 'vt'::regclass order by 1;
drop schema vs;
select pg_statistics_obj_is_visible(1), pg_opclass_is_visible(1), pg_opclass_is_visible(min(oid)), pg_ts_config_is_visible(1), pg_conversion_is_visible(min(oid)) from pg_opclass;
reset search_path;
drop schema vs cascade; drop table vt;
