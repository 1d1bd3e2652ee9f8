-- Sizes of relations without rows, and with a few.
create table e (a int); create table ep (a int primary key); create table et (a int, b text); create table eh (a int, b text); create index on eh using hash (a); create index on eh (a); create index on eh using gin (to_tsvector('simple', b)); create index on eh using brin (a);
create index on eh using gist (int4range(a,a)); create index on eh using spgist (b);
create table r (a int primary key, b text); insert into r values (1,'x'),(2,'y'); create index on r using hash (a);create index on r using brin (a);
create view v as select 1 as x; create sequence s; create materialized view m as select 1 as x; create materialized view mn as select 1 as x with no data;
create table p (a int) partition by range (a); create table p1 partition of p default; create index on p(a);
create foreign data wrapper w; create server sv foreign data wrapper w; create foreign table f (a int) server sv;
create type ct as (a int);
create temp table tt (a int); create unlogged table ul (a int, b text);
select relname, relkind, pg_relation_size(oid), pg_table_size(oid), pg_indexes_size(oid), pg_total_relation_size(oid), pg_size_pretty(pg_table_size(oid)) from pg_class where relnamespace='public'::regnamespace or relname='tt' order by 1;
select relname, pg_relation_size(oid,'fsm'), pg_relation_size(oid,'vm'), pg_relation_size(oid,'init') from pg_class where relnamespace='public'::regnamespace or relname='tt' order by 1;
select pg_relation_size('e','x');
select pg_relation_size(0), pg_table_size(1), pg_relation_size('nonesuch');
\dt+
\di+
\dm+
\ds+
\dE+
\dv+
\dP+
truncate r;
select relname, pg_relation_size(oid) from pg_class where relname in ('r', 'r_pkey', 'r_a_idx', 'r_a_idx1') order by 1;
insert into r values (1,'x'); delete from r;
select relname, pg_relation_size(oid) from pg_class where relname in ('r', 'r_pkey', 'r_a_idx', 'r_a_idx1') order by 1;
