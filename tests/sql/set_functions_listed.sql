-- Set-returning functions of rows in a select list; update paths of extensions; what a detached partition of enums keeps
\set VERBOSITY verbose
select pg_extension_update_paths('postgres_fdw');
select pg_extension_update_paths('nosuch');
select * from pg_extension_update_paths('nosuch');
select * from pg_extension_update_paths('bad name!');
select * from pg_extension_update_paths('');
select * from pg_extension_update_paths('a/b');
select * from pg_extension_update_paths('a--b');
select * from pg_extension_update_paths('-a');
select * from pg_extension_update_paths(null);
select e, pg_extension_update_paths(e) from unnest('{plpgsql,postgres_fdw}'::name[]) e;
select count(*) from (select pg_get_keywords()) k;
select pg_get_keywords() limit 1;
select pg_timezone_abbrevs() limit 1;
select (pg_get_keywords()).word limit 2;
select pg_get_publication_tables('nosuch');
select pg_get_replication_slots();
select pg_event_trigger_ddl_commands();
select count(k) from (select pg_get_catalog_foreign_keys()) k;
create type mood as enum ('a', 'b');
create table l (m mood) partition by list (m); create table l1 partition of l for values in ('a', 'b');
alter table l detach partition l1 concurrently;
\d l1
