-- Temporary tables, views and sequences: their schema, who sees them, ON COMMIT, and what may not be temporary.
CREATE SCHEMA temporary;
SET search_path = temporary, public;
create temporary table t (a int primary key, b text default 'x', c serial);
create temp table t (a int);
create temp table if not exists t (z int);
create table t (permanent int);
insert into t (a) values (1), (2);
select * from t order by a;
select * from temporary.t;
select * from pg_temp.t order by a;
select * from public.t;
select c.relname, relkind, relpersistence, n.nspname ~ '^pg_temp_\d+$' as temp, n.oid = pg_my_temp_schema() as mine, pg_is_other_temp_schema(n.oid) as other, pg_table_is_visible(c.oid) as visible
  from pg_class c join pg_namespace n on n.oid = relnamespace where c.relname in ('t', 't_pkey', 't_c_seq') order by 1, 3;
select 't'::regclass, 'temporary.t'::regclass, 'pg_temp.t'::regclass = 't'::regclass as same;
select table_schema ~ '^pg_temp_' as temp, table_name, table_type from information_schema.tables where table_name = 't' order by 1;
select count(*) from information_schema.columns where table_name = 't';
select replace(current_schemas(true)::text, 'pg_temp_' || (regexp_match(current_schemas(true)::text, 'pg_temp_(\d+)'))[1], 'pg_temp') as path, current_schemas(false), current_schema();
select n.nspowner::regrole = (select oid from pg_roles where oid = 10)::regrole as owned, nspacl from pg_namespace n where oid = pg_my_temp_schema();
alter table t add d int default 7;
update t set d = a where a = 1 returning *;
delete from t where a = 2;
create index on t (b);
create unique index ti on t (d);
insert into t (a, d) values (3, 1);
insert into t (a) values (1);
alter table t rename to t2; select * from t; select * from t2; alter table t2 rename to t;
comment on table t is 'temporary one'; select obj_description('t'::regclass);
copy t (a) from stdin;
5
6
\.
select a, c from t order by a;
truncate t; select count(*) from t;
drop table t;
select * from t;
drop table t;
-- shadowing
create table s (a text); insert into s values ('permanent');
create temp table s as select 'temporary' as a;
select * from s; select * from temporary.s;
set search_path = temporary, public, pg_temp;
select * from s;
set search_path = pg_temp, temporary;
create table made_in (a int); select relpersistence from pg_class where relname = 'made_in';
select * from s;
set search_path = temporary, public;
drop table s; select * from s; drop table s;
-- names
create temp table temporary.x (a int);
create temp table pg_temp.x (a int);
create table pg_temp.y (a int);
create unlogged table pg_temp.z (a int);
create temp table nosuch.x (a int);
create local temp table lt (a int);
create temp view temporary.v as select 1;
create view temporary.v as select * from x;
create temp sequence temporary.sq;
select relname, relpersistence from pg_class where relname in ('x', 'y', 'lt') order by 1;
alter table x set schema temporary;
create table perm (a int);
alter table perm set schema pg_temp;
alter table perm set schema pg_temp_1;
create schema pg_temp_77;
create foreign data wrapper temporary_w; create server temporary_s foreign data wrapper temporary_w;
create temp foreign table ft (a int) server temporary_s;
create foreign table pg_temp.ft (a int) server temporary_s;
select relkind, relpersistence from pg_class where relname = 'ft';
select * from x;
-- views and sequences
create view vx as select * from x;
create or replace view vx as select a, a + 1 as b from x;
create view vp as select * from perm;
create or replace view vp as select * from perm where a in (select a from x);
create temp view vt (n) as select 1;
create view vv as select (select max(a) from x) from perm;
create recursive view vr (n) as select 1 union all select n + 1 from vr where n < 3;
create temp recursive view vr2 (n) as select 1 union all select n + 1 from vr2 where n < 3;
select relname, relpersistence from pg_class where relname in ('vx', 'vp', 'vt', 'vv', 'vr', 'vr2') and relkind = 'v' order by 1, 2;
select pg_get_viewdef('vx');
insert into x values (4); select * from vx; select * from vr2;
create materialized view mv as select * from x;
create temp materialized view mv as select 1;
create temp sequence sq start 5; select nextval('sq'), nextval('pg_temp.sq'), currval('sq');
select relpersistence from pg_class where relname = 'sq';
create sequence sq; select nextval('temporary.sq'), nextval('sq');
alter sequence sq owned by x.a;
create temp table id (a int generated always as identity, b int); insert into id (b) values (10), (20); select * from id;
drop table x;
drop table x cascade;
-- inheritance and partitions
create temp table tp (a int); create table pc () inherits (tp);
create table pp (a int); create temp table tc () inherits (pp); insert into tc values (8); select * from pp;
create temp table tcc () inherits (tp);
create temp table part (a int) partition by list (a); create table p1 partition of part for values in (1);
create temp table p1 partition of part for values in (1); insert into part values (1); select tableoid::regclass, * from part;
create table ppart (a int) partition by list (a); create temp table p2 partition of ppart for values in (1);
create temp table p3 (a int); alter table ppart attach partition p3 for values in (3);
create table p4 (a int); alter table part attach partition p4 for values in (4);
alter table perm inherit tp; alter table tp inherit perm; alter table tp no inherit perm;
create temp table lk (like perm including all, z int);
-- ON COMMIT
create table oc (a int) on commit drop;
create temp table od (a int) on commit drop; select * from od;
begin; create temp table od (a int) on commit drop; insert into od values (1); select * from od; commit; select * from od;
create temp table oe (a int) on commit delete rows; insert into oe values (1); select * from oe;
begin; insert into oe values (1), (2); select * from oe; savepoint a; insert into oe values (3); rollback to a; select count(*) from oe; commit; select * from oe;
begin; insert into oe values (9); rollback; select * from oe;
create temp table op (a int) on commit preserve rows; insert into op values (1); select * from op;
begin; create temp table og (a int) on commit drop; savepoint s; drop table og; rollback to s; select * from og; commit; select * from og;
begin; savepoint s; create temp table oh (a int) on commit drop; release s; select * from oh; commit; select * from oh;
begin; create temp table oi (a int) on commit drop; create view ov as select * from oi; commit; select * from ov;
begin; create temp table oj (a int) on commit delete rows; insert into oj values (1); rollback; select * from oj;
create temp table ok on commit drop as select 1 as a; select * from ok;
create temp table ol on commit delete rows as select 1 as a; select * from ol;
begin; create temp table om on commit delete rows as select 1 as a; select * from om; commit; select * from om;
create table on1 on commit drop as select 1;
select 1 as a, 'b' as b into temp si; select * from si;
select 1 as a into temporary table si; select 2 as a into table pg_temp.si2; select relpersistence from pg_class where relname = 'si2';
create temp table cta (x, y) with (fillfactor = 50) as values (1, 'a'), (2, 'b') with no data; select * from cta;
create temp table if not exists cta as select 1;
do $$ begin for i in 1..3 loop create temp table lo (a int); insert into lo values (i); raise notice '%', (select a from lo); drop table lo; end loop; end $$;
-- privileges
create role regress_temporary; revoke temporary on database :DBNAME from public;
grant usage, create on schema temporary to regress_temporary;
set role regress_temporary;
create temp table np (a int);
select * from op;
reset role;
grant temporary on database :DBNAME to regress_temporary; set role regress_temporary; create temp table np (a int); insert into np values (1); select * from np; select * from op;
drop table op;
create function pg_temp.tf() returns int language sql as 'select 42'; select pg_temp.tf(); select tf();
create type pg_temp.tt as (a int, b text); select '(1,x)'::tt; select (row(2, 'y')::pg_temp.tt).b; create domain pg_temp.td as int check (value > 0); select 0::td;
reset role; drop function pg_temp.tf; revoke all on schema temporary from regress_temporary; grant temporary on database :DBNAME to public; revoke temporary on database :DBNAME from regress_temporary;
drop table np; drop type pg_temp.tt; drop domain pg_temp.td; drop role regress_temporary;
\dt perm
-- the end
begin; discard temp; rollback; select * from oe;
discard temp; select count(*) from pg_class where relnamespace = pg_my_temp_schema();
select * from oe; create temp table oe (b int); discard all; select * from oe;
\c
SET search_path = temporary, public; create temp table again (a int); insert into again values (1);
select count(*) from pg_class where relname = 'again';
\c
select pg_sleep(1.5);
select count(*) from pg_class where relname = 'again';
SET client_min_messages = warning; DROP SCHEMA temporary CASCADE; DROP FOREIGN DATA WRAPPER temporary_w CASCADE;
