-- Views of statistics: a row for each table, index, sequence and database; NULL where there is nothing that could be counted.
create role poor;
create schema s1;
create table s1.t (id int primary key, a text);
create table s1.bare (a int);
create sequence s1.sq;
create table p (a int, b text) partition by range (a);
create index on p (a);
create table p1 partition of p for values from (1) to (10);
create table p2 partition of p default;
create materialized view mv as select 1 as one;
create unlogged table ul (a int unique);
create view v as select 1;
\pset format unaligned
select relname, idx_scan is null, idx_tup_fetch is null from pg_stat_all_tables where schemaname !~ 'toast' order by 1;
select relname, n_live_tup is null, n_dead_tup is null, seq_scan is null from pg_stat_user_tables order by 1;
select relname, idx_scan is null, idx_tup_fetch is null from pg_stat_xact_sys_tables where schemaname !~ 'toast' order by 1;
select relname, idx_scan is null, n_tup_ins is null from pg_stat_xact_user_tables order by 1;
select relname, idx_blks_read is null, idx_blks_hit is null, toast_blks_read is null, tidx_blks_read is null from pg_statio_sys_tables where schemaname !~ 'toast' order by 1;
select relname, idx_blks_read is null, idx_blks_hit is null, heap_blks_read is null from pg_statio_user_tables where schemaname !~ 'toast' order by 1;
select schemaname, relname, indexrelname, idx_scan is null from pg_stat_sys_indexes where schemaname !~ 'toast' order by 1, 2, 3;
select schemaname, relname, indexrelname, idx_scan, idx_tup_read from pg_stat_user_indexes order by 1, 2, 3;
select schemaname, relname, indexrelname, idx_blks_read is null from pg_statio_user_indexes order by 1, 2, 3;
select relname, blks_read is null from pg_statio_all_sequences order by 1;
select relname, blks_read is null from pg_statio_user_sequences order by 1;
select relname, blks_read is null from pg_statio_sys_sequences order by 1;
select datid, datname, numbackends > 0 as some, conflicts, deadlocks, checksum_failures from pg_stat_database where datname = 'postgres' or datname is null order by 1;
select checkpoints_req is null, buffers_alloc is null, stats_reset is null from pg_stat_bgwriter;
select count(*), count(wal_bytes), count(stats_reset) from pg_stat_wal;
select count(*), count(prefetch), count(stats_reset) from pg_stat_recovery_prefetch;
set role poor;
select count(*) from pg_stat_user_tables;
select schemaname, relname from pg_stat_user_tables order by 2;
select count(*) >= 0 from pg_stat_database;
select count(*) from pg_stat_slru where false;
reset role;
\d pg_stat_user_tables
\d pg_statio_all_tables
