-- A column in parentheses is a column of the key, as PostgreSQL takes it; with COLLATE too.
create table k1 (a int, b text) partition by range ((a));
create table k2 (a int, b text) partition by range ((b collate "C"), (a));
create table k3 (a int, b text) partition by list ((((b collate "C") collate "POSIX")));
create table k4 (a int, b text) partition by hash ((b) text_pattern_ops, (a + 1));
create table k5 (a int, b text) partition by range ((b collate "C") collate "POSIX");
create table k6 (a int, b text) partition by list ((ctid));
create table k7 (a int, b text) partition by list ((k7));
create table k8 (a int, g int generated always as (a + 1) stored) partition by list ((g + 1));
create table k9 (a int, g int generated always as (a + 1) stored) partition by list (g);
create table k9b (a int, g int generated always as (a + 1) stored) partition by list ((g));
create table k9c (a int, g int generated always as (a + 1) stored) partition by list ((k9c is null));
create table k9d (a int, g int generated always as (a + 1) stored) partition by list ((tableoid::int + g));
create table kc (a text collate "C", b text) partition by list (a collate "POSIX");
alter table kc add unique (a); create unique index on kc (a collate "POSIX"); alter table kc add primary key (a, b);
create table k10 (a int, b text) partition by list ((a collate "C"));
create table k11 (a json, b text) partition by list ((a));
create table k12 (a json, b text) partition by list ((nosuch));
create table k13 (a int, b varchar) partition by list ((b::text));
create table k14 (a int, b varchar) partition by list ((b collate "C"));
\d+ k*
select partrelid::regclass, partattrs, pg_get_partkeydef(partrelid), partcollation::regcollation[], partexprs is null from pg_partitioned_table order by 1;
create table k1a partition of k1 for values from (1) to (5);
insert into k1 values (3, 'x'); insert into k1 values (9, 'x'); update k1 set a = 4; select * from k1; select tableoid::regclass, a from k1 where a = 4;
alter table k1 add primary key (a); alter table k4 add primary key (b); alter table k3 add unique (b); alter table k13 add unique (b);
alter table k1 drop column a; alter table k1 alter a type bigint; alter table k2 drop column b; alter table k13 drop column b; alter table k13 alter b type text; alter table k1 rename a to aa;
create table k2a partition of k2 for values from ('a', 1) to ('b', 2); \d+ k2a
drop table k1, k2, k3, k4, k5, k7, kc, k13, k14;
drop table if exists k9b, k9c, k11;
