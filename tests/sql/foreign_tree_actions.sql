-- Several actions in one ALTER, over trees of local and foreign tables.
\set VERBOSITY verbose
create foreign data wrapper w; create server s foreign data wrapper w; create server s2 foreign data wrapper w;
create role ra; create role rb; create role rm; grant ra to rm; create role rsch;
create schema n1; create schema n2; grant usage, create on schema n1 to ra; grant usage on schema n2 to ra;
create domain dpos as int check (value > 0); create domain dnn as text not null; create domain ddef as int default 7;
create type en as enum ('a','b'); create type co as (x int, y text);
create function tf() returns trigger language plpgsql as 'begin return new; end';
-- parent local, children foreign/local/partitioned-child
create table p (a int, b text, c numeric(10,2) default 1.5, d date);
create foreign table f1 () inherits (p) server s options (x '1');
create table l1 (e int) inherits (p);
create foreign table f2 (g int) inherits (l1, f1) server s;
alter table p add z1 int not null, add z2 text default 'x' collate "C", add z3 int generated always as (a*2) stored, add check (a > 0), add constraint k1 check (z1 > a) no inherit, add constraint k2 check (z1 < 100) not valid;
\d+ p
\d+ f1
\d+ f2
alter table p alter a type bigint, alter z1 type bigint using z1+1, alter b type varchar(20) collate "C";
\d+ f2
alter table p alter z1 type text using z1::text;
alter table p alter a type int using a+1;
alter foreign table f1 alter a type int;
alter foreign table f2 alter g type bigint using g;
alter foreign table f2 alter g type bigint using g+1, add zz int;
alter foreign table f2 alter g type text collate "C" using g;
alter foreign table f2 alter g set data type text collate "C", alter g set default 'q', alter g set not null, alter g set statistics 200, alter g set (n_distinct=5, n_distinct_inherited=-0.5), alter g set storage main, alter g options (column_name 'G', add y '1');
\d+ f2
select attname, attstattarget, attoptions, attfdwoptions, attstorage, attinhcount, attislocal from pg_attribute where attrelid='f2'::regclass and attnum>0 order by attnum;
alter table p alter d set statistics 10, alter only d set statistics 3;
alter table p alter d set statistics 10;
alter table only p alter d set statistics 11;
alter table p alter d set (n_distinct=3), alter d reset (n_distinct_inherited), alter d set storage plain;
alter table p alter d set storage external;
alter table p alter b set storage external, alter b set compression pglz;
alter foreign table f1 alter b set compression lz4;
alter foreign table f1 alter b set compression pglz;
alter foreign table f1 alter b set compression nosuch;
alter foreign table f1 alter a set compression pglz;
alter foreign table f1 alter b set compression default;
alter table f1 alter b set compression pglz;
select attrelid::regclass, attname, attstattarget, attoptions, attstorage, attcompression from pg_attribute where attrelid in ('p'::regclass,'f1'::regclass,'f2'::regclass,'l1'::regclass) and attname in ('b','d') order by 1,2;
alter table p alter d add generated always as identity;
alter table p alter a add generated always as identity;
alter table only p add column onlyc int;
alter table only p drop column d;
alter table only p alter d set not null;
alter table only p alter d drop not null;
alter table only p alter d set default current_date;
alter table only p rename d to dd;
alter table only p rename column d to dd;
alter table p rename d to dd;
alter foreign table f1 rename dd to d;
alter foreign table f2 rename dd to d;
alter table p alter dd type text;
alter table only p alter dd type text;
alter foreign table f1 drop constraint p_a_check;
alter foreign table f1 rename constraint p_a_check to pac;
alter table only p rename constraint p_a_check to pac;
alter table p rename constraint p_a_check to pac;
alter table only p rename constraint k1 to k1x;
alter table p rename constraint nosuch to k1x;
alter table p rename constraint pac to k1x;
alter table only p drop constraint pac;
alter table only p add constraint on1 check (a < 7);
alter table only p add constraint on1 check (a < 7) no inherit;
alter table p validate constraint k2;
alter table only p validate constraint k2;
alter foreign table f1 validate constraint k2;
alter foreign table f1 validate constraint pac;
alter foreign table f1 validate constraint nosuch;
alter table p drop constraint k2, drop constraint if exists k2, drop constraint if exists nosuch cascade, drop constraint pac restrict;
\d+ f2
alter foreign table f1 no inherit p;
\d+ f1
\d+ f2
alter foreign table f1 no inherit p;
alter foreign table f1 inherit p;
alter foreign table f1 inherit p, inherit p;
alter foreign table f1 add q int, inherit p, drop q;
alter foreign table f1 add q int, no inherit p, inherit p, add q2 int;
alter foreign table f1 add q int, no inherit p, add q2 int;
\d f1
alter foreign table f1 alter a type int, inherit p;
alter foreign table f1 alter b type text, inherit p;
alter foreign table f1 alter b type varchar(20) collate "POSIX", inherit p;
alter foreign table f1 drop dd, inherit p;
alter foreign table f1 add constraint k9 check (a>8), inherit p;
alter table p add constraint k9 check (a > 9);
alter table p drop constraint k9;
alter table l1 inherit f2;
alter table p inherit p;
alter table p inherit f1;
alter table p inherit f2;
alter foreign table f2 no inherit l1, inherit l1;
alter foreign table f2 inherit nosuch;
create view v as select 1 a;
alter foreign table f2 inherit v;
alter foreign table f2 inherit pg_class;
alter foreign table f2 no inherit pg_class;
alter foreign table f2 no inherit nosuch;
alter foreign table f2 no inherit v;
create temp table tt (a int);
alter foreign table f2 inherit tt;
create foreign table pg_temp.ftt (a int) server s;
alter foreign table pg_temp.ftt inherit p;
\d+ p
\d+ f1
\d+ f2
