-- ALTER DATABASE: settings, options, owner; what there is no other database for.
alter database nosuch set work_mem = '8MB';
select current_database() as d \gset
alter database :"d" set work_mem = '8MB';
alter database :"d" set search_path to a, b;
select d.datname = current_database(), setrole, setconfig from pg_db_role_setting s left join pg_database d on d.oid = setdatabase where setdatabase <> 0 order by 2;
\drds
create role dbr;
alter role dbr in database :"d" set work_mem = '1MB';
alter role all in database :"d" set enable_seqscan = off;
\drds
alter database :"d" reset work_mem;
alter database :"d" reset all;
alter database :"d" set nosuch = 1;
alter database :"d" set work_mem = 'x';
alter database nosuchdb set work_mem = '1MB';
alter database nosuchdb owner to dbr;
alter database nosuchdb rename to x;
alter database :"d" rename to x;
alter database :"d" owner to nosuch;
alter database :"d" connection limit 10;
select datconnlimit from pg_database where datname = current_database();
alter database :"d" connection limit -1;
alter database :"d" connection limit -5;
alter database :"d" with allow_connections true is_template false;
alter database :"d" with nosuch true;
alter database :"d" tablespace pg_global;
alter database :"d" tablespace nosuch;
alter database :"d" refresh collation version;
comment on database :"d" is 'mine';
select shobj_description(oid, 'pg_database') from pg_database where datname = current_database();
comment on database :"d" is null;
set role dbr;
alter database :"d" set work_mem = '8MB';
alter database :"d" owner to dbr;
alter database :"d" rename to y;
alter database :"d" connection limit 3;
alter role all in database :"d" set work_mem = '8MB';
reset role;
alter database :"d" owner to dbr;
select datdba::regrole from pg_database where datname = current_database();
drop role dbr;
drop owned by dbr;
drop role dbr;
reassign owned by dbr to postgres;
select datdba::regrole from pg_database where datname = current_database();
alter role all in database :"d" reset all;
alter role dbr in database :"d" reset all;
drop role dbr;
\drds
drop database nosuchdb;
drop database if exists nosuchdb;
