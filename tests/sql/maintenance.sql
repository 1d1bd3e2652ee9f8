-- VACUUM, REINDEX and CLUSTER: options, kinds of relations, who may, and where.
\set VERBOSITY verbose
create role mt_a; create role mt_b;
grant create on schema public to mt_a;
create foreign data wrapper mt_w; create server mt_s foreign data wrapper mt_w;
create foreign table ft (a int) server mt_s;
create table t (a int primary key, b varchar(20), c int);
create index t_b on t (b); create index t_c on t(c) where c > 0; create index t_h on t using hash (c);
create view v as select 1 as x;
create materialized view mv as select 1 as x;
create unique index mvi on mv (x);
create sequence sq;
create type ct as (a int);
create table p (a int, b int) partition by range (a);
create table p1 partition of p for values from (1) to (10);
create foreign table pf partition of p for values from (10) to (20) server mt_s;
insert into t values (1,'x',1),(2,'y',2);
vacuum t;
vacuum (full) t;
vacuum full t;
vacuum freeze t;
vacuum verbose ft;
vacuum ft;
vacuum full ft;
vacuum analyze ft;
vacuum v; vacuum sq; vacuum t_b; vacuum ct; vacuum mv; vacuum p; vacuum p1; vacuum pf;
vacuum nonesuch; vacuum nosch.t; vacuum t, ft, v;
vacuum (nonesuch) t; vacuum (full 2) t; vacuum (full 'x') t; vacuum (full, full false) t; vacuum (parallel) t; vacuum (parallel -1) t; vacuum (parallel 2000) t; vacuum (parallel 'x') t; vacuum (parallel 2, full) t; vacuum (parallel 0, full) t;
vacuum (index_cleanup) t; vacuum (index_cleanup auto) t; vacuum (index_cleanup 'x') t; vacuum (index_cleanup off) t; vacuum (index_cleanup 1) t;
vacuum (disable_page_skipping) t; vacuum (disable_page_skipping, full) t; vacuum (process_toast false) t; vacuum (process_toast false, full) t; vacuum (truncate false) t; vacuum (truncate x) t; vacuum (skip_locked) t; vacuum (freeze 3) t;
vacuum (analyze) t (a); vacuum t (a); vacuum (analyze) t (nocol); vacuum (analyze) t (a, a); vacuum analyze t; vacuum (analyze false) t (a);
vacuum (full) p; vacuum full mv; vacuum full t, t;
vacuum t, t;
begin; vacuum t; rollback;
begin; vacuum (nonesuch) t; rollback;
begin; vacuum (full, disable_page_skipping) t; rollback;
create function vf() returns void language plpgsql as $$begin vacuum t; end$$;
select vf();
do $$ begin execute 'vacuum t'; end $$;
create function sf() returns void language sql as 'vacuum t';
select sf();
vacuum pg_catalog.pg_class; vacuum full pg_catalog.pg_am; vacuum pg_authid; vacuum information_schema.sql_parts;
analyze (nonesuch) t; analyze (verbose 3) t; analyze (skip_locked) t; analyze (full) t;analyze (buffer_usage_limit 0) t;
set role mt_b;
vacuum t; vacuum full t; vacuum ft; vacuum p; vacuum pg_authid; vacuum pg_class; vacuum mv; vacuum v; vacuum (analyze) t; vacuum (analyze) p; analyze t; analyze ft; analyze p; analyze v;
reindex table t; reindex index t_b; reindex table p; reindex schema public; reindex database :"DBNAME"; reindex system :"DBNAME"; reindex table pg_class; reindex table ft;reindex table v;
cluster t; cluster t using t_b; cluster; cluster ft; cluster p using p_idx;
reset role;
reindex table t; reindex table ft; reindex table v; reindex table sq; reindex table t_b; reindex table mv; reindex table p; reindex table p1; reindex table nonesuch; reindex table pf; reindex table ct; 
reindex index t_b; reindex index t; reindex index ft; reindex index nonesuch; reindex index v; reindex index t_pkey;
reindex schema public; reindex schema nonesuch; reindex schema pg_catalog;
reindex database nonesuch; reindex system nonesuch; reindex database :"DBNAME"; reindex system :"DBNAME";
\set VERBOSITY terse
reindex (verbose) table t; reindex (verbose) index t_b; reindex (concurrently) table t; reindex table concurrently t; reindex index concurrently t_b; reindex (nonesuch) table t; reindex (verbose 3) table t; reindex (tablespace pg_default) table t; reindex (tablespace nonesuch) table t; reindex (tablespace pg_global) table t; reindex (tablespace pg_default) index t_b; reindex (concurrently, verbose) index t_b; reindex (concurrently false) table t; reindex (tablespace) table t;
\set VERBOSITY verbose
reindex system concurrently :"DBNAME"; reindex table concurrently pg_class; reindex index concurrently pg_class_oid_index; reindex schema concurrently public; reindex schema concurrently pg_catalog; reindex table concurrently ft; reindex table concurrently p; reindex table pg_class; reindex index pg_class_oid_index;
create index p_idx on p (a);
\set VERBOSITY terse
reindex table p; reindex index p_idx; reindex table concurrently p; reindex (verbose) table p; reindex (verbose) index p_idx; reindex table ft; reindex table pf; reindex table p1;
\set VERBOSITY verbose
begin; reindex table t; reindex index t_b; reindex schema public; rollback;
begin; reindex database :"DBNAME"; rollback;
begin; reindex system :"DBNAME"; rollback;
begin; reindex table concurrently t; rollback;
begin; reindex index concurrently t_b; rollback;
begin; reindex table p; rollback;
begin; reindex index p_idx; rollback;
create table e (a int);
\set VERBOSITY terse
reindex table e; reindex table concurrently e; reindex (verbose) table e;
\set VERBOSITY verbose
cluster t; cluster t using t_b;
\d t
\set VERBOSITY terse
cluster t; cluster; cluster verbose t; cluster t using t_c; cluster t using t_h; cluster t using nonesuch; cluster ft; cluster ft using t_b; cluster v; cluster nonesuch; cluster sq; cluster mv using mvi; cluster mv; cluster p; cluster p using p_idx; cluster t using p_idx; cluster pf; cluster p1; cluster t_b;
\set VERBOSITY verbose
\d t
\d p
\d p1
\d mv
\set VERBOSITY terse
cluster (verbose) t; cluster (nonesuch) t; cluster (verbose 3) t; cluster (verbose off) t using t_b; cluster t_b on t; cluster verbose; cluster (verbose);
\set VERBOSITY verbose
begin; cluster t; rollback;
begin; cluster t using t_pkey; rollback;
\d t
begin; cluster; rollback;
begin; cluster p using p_idx; rollback;
alter table t set without cluster; cluster t;
grant mt_a to mt_b;
set role mt_a; create table at (a int primary key); cluster at using at_pkey;
set role mt_b; cluster; vacuum at; reindex table at; cluster at; 
reset role;
create temp table tt (a int primary key); cluster tt using tt_pkey; vacuum tt; reindex table tt; vacuum full tt;
select * from t;
select relname, reltuples, relpages from pg_class where relname in ('t','mv','e') order by 1;
select relname, indisclustered from pg_index, pg_class c where indexrelid = c.oid and indisclustered;
drop table t, p, e, at cascade; drop materialized view mv; drop foreign data wrapper mt_w cascade; revoke create on schema public from mt_a; drop role mt_a, mt_b;
