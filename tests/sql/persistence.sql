-- SET LOGGED, SET UNLOGGED: tables with their indexes and sequences, sequences, what refuses it.
CREATE SCHEMA lg;
set search_path = lg;
create table t (a serial, b int generated always as identity, c text); create index on t (a);
create unlogged table u (a serial primary key, b int generated always as identity);
create unlogged sequence us; create sequence ps;
create view lgv as select relname, relpersistence, relkind from pg_class where relnamespace = 'lg'::regnamespace and relkind <> 'v' order by 1;
table lgv;
alter table t set unlogged;
table lgv;
alter table t set logged;
table lgv;
alter table u set logged;
alter table u set unlogged;
alter sequence us set logged;
alter sequence ps set unlogged;
alter sequence ps set unlogged;
alter sequence t_b_seq set unlogged;
alter table us set logged;
table lgv;
create table f (a int references u);
create table f (a int references t);
alter table f set unlogged;
alter table t set unlogged;
alter table u set logged;
create unlogged table f2 (a int references u);
alter table u set logged;
alter table f2 set logged;
alter table u set logged;
alter table u set unlogged;
create temp table tmp (a int); alter table tmp set logged; alter table tmp set unlogged;
create temp sequence tsq; alter sequence tsq set unlogged;
create unlogged view uv as select 1;
create table pt (a int) partition by list (a); alter table pt set unlogged; \d pt
create materialized view mv as select 1; alter materialized view mv set unlogged; alter table mv set unlogged;
alter view lgv set unlogged;
create foreign data wrapper lgw; create server lgs foreign data wrapper lgw; create foreign table ft (a int) server lgs;
alter foreign table ft set unlogged; alter table ft set logged;
alter table t set unlogged, set logged;
alter table t set unlogged, set unlogged;
alter table t set unlogged, add column z int default 5;
\d t
\d u
\d us
insert into t (c) values ('x'); select * from t;
alter table t set logged; select * from t;
drop foreign data wrapper lgw cascade;
drop schema lg cascade;
