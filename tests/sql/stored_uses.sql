-- Partition keys of domains; what keys, CHECKs and other stored expressions depend on; names of index columns.
\set VERBOSITY verbose
create domain dom as int check (value > 0);
create domain dtext as text;
create table p (k dom, v text) partition by range (k);
create table p1 partition of p for values from (1) to (10);
create table p2 partition of p for values from (10) to (maxvalue);
create table p3 partition of p for values from (-5) to (0);
create table p3 partition of p for values from ('x') to (0);
\d+ p
\d+ p1
insert into p values (1, 'a'), (12, 'b');
select tableoid::regclass, * from p order by 2;
select * from p where k = 12;
create table pl (k dtext) partition by list (k);
create table pl1 partition of pl for values in ('a', 'b', null);
create table pl2 partition of pl default;
\d+ pl
\d+ pl1
\d+ pl2
insert into pl values ('a'), (null), ('z');
select tableoid::regclass, * from pl order by 1, 2;
create table ph (k dom) partition by hash (k);
create table ph1 partition of ph for values with (modulus 2, remainder 0);
create table ph2 partition of ph for values with (modulus 2, remainder 1);
insert into ph select generate_series(1, 10);
select tableoid::regclass, count(*) from ph group by 1 order by 1;
select pg_get_partition_constraintdef('p1'::regclass), pg_get_partkeydef('p'::regclass), pg_get_expr(relpartbound, oid) from pg_class where oid = 'p1'::regclass;
alter table p attach partition pl1 for values from (0) to (1);
create table p4 (k dom, v text);
alter table p attach partition p4 for values from (-10) to (-5);
alter table p detach partition p4;
-- dependencies of keys
create function fk(int) returns int immutable language sql as 'select $1 + 1';
create table q (a int, b int, c text, d int) partition by range (a, fk(b), lower(c));
select pg_describe_object(refclassid, refobjid, refobjsubid), deptype, objsubid from pg_depend where classid = 'pg_class'::regclass and objid = 'q'::regclass order by 1, 2;
select pg_describe_object(classid, objid, objsubid), deptype, refobjsubid from pg_depend where refclassid = 'pg_class'::regclass and refobjid = 'q'::regclass order by 1, 2, 3;
select partattrs, partclass, partcollation, partnatts, partstrat from pg_partitioned_table where partrelid = 'q'::regclass;
alter table q drop column a;
alter table q drop column b;
alter table q drop column c;
alter table q drop column a cascade;
alter table q alter column a type bigint;
alter table q alter column b type bigint;
alter table q alter column c type varchar;
alter table q alter column d type bigint;
alter table q drop column d;
drop function fk(int);
drop function fk(int) cascade;
alter table q rename column a to aa;
alter table q rename column b to bb;
\d+ q
create table r (a dom, b int) partition by list (a);
drop domain dom;
drop domain dom cascade;
select relname from pg_class where relname in ('p', 'p1', 'ph', 'r', 'ph1') order by 1;
create collation coll (locale = 'C');
create table rc (a text, b text) partition by range (a collate "C", b);
select pg_describe_object(refclassid, refobjid, refobjsubid), deptype, objsubid from pg_depend where classid = 'pg_class'::regclass and objid = 'rc'::regclass order by 1, 2;
create table rc2 (a text) partition by range (a collate coll);
select pg_describe_object(refclassid, refobjid, refobjsubid), deptype, objsubid from pg_depend where classid = 'pg_class'::regclass and objid = 'rc2'::regclass order by 1, 2;
drop collation coll;
-- composite types
create type ct as (x int, y text);
create table th (c ct default row(1, 'a'), d ct default '(2,b)');
create view vth as select (c).x from th;
alter type ct alter attribute x type bigint;
alter type ct alter attribute x type bigint cascade;
alter type ct alter attribute y type varchar;
alter type ct add attribute z int;
alter type ct drop attribute x;
create type ct2 as (x int, y text);
create domain dct as ct2;
create table td (e int default (row(1, 'a')::ct2).x, f int check ((row(f, 'a')::ct2).x > 0));
alter type ct2 alter attribute x type bigint;
alter type ct2 alter attribute y type varchar;
alter type ct2 alter attribute x type text cascade;
create type ct3 as (x int);
create view v3 as select row(1)::ct3 as r;
alter type ct3 alter attribute x type bigint;
alter type ct3 alter attribute x type bigint cascade;
create function f3(ct3) returns int language sql as 'select ($1).x';
alter type ct3 alter attribute x type bigint;
create type a1 as (x int); create function fa(a1) returns int language sql as 'select 1'; alter type a1 alter attribute x type bigint;
create function fb(int) returns int language sql begin atomic select (row($1)::a1).x; end;
alter type a1 alter attribute x type bigint;
alter type a1 add attribute y int; alter type a1 drop attribute y;
create type a2 as (x int); create table ta (i int); create index on ta (((row(i)::a2).x)); alter type a2 alter attribute x type bigint;
create type a3 as (x int); create table tbb (i int check ((row(i)::a3).x > 0)); alter type a3 alter attribute x type bigint;
create type a4 as (x int); create function tr() returns trigger language plpgsql as 'begin return new; end'; create trigger t before insert on ta for each row when ((row(new.i)::a4).x > 0) execute function tr(); alter type a4 alter attribute x type bigint;
create type a5 as (x int); create domain da as int check ((row(value)::a5).x > 0); alter type a5 alter attribute x type bigint;
create type a6 as (x int); create table tc (i int) partition by list (((row(i)::a6).x)); alter type a6 alter attribute x type bigint;
create type a7 as (x int); create statistics st on ((row(i)::a7).x), i from ta; alter type a7 alter attribute x type bigint;
create type a8 as (x int); create domain db as a8; create view vb as select row(1)::db::a8; alter type a8 alter attribute x type bigint;
create type a9 as (x int); create view vc as select array[row(1)]::a9[] as z; alter type a9 alter attribute x type bigint;
create table tdd (x int); create view vd as select row(1)::tdd; alter table tdd alter column x type bigint; alter table tdd add column y int;
create table te (x int default (row(1)::tdd).x); alter table tdd alter column x type bigint; 
create foreign data wrapper w1; create server s foreign data wrapper w1; create foreign table tf (x int) server s; create view vf as select row(1)::tf; alter foreign table tf alter column x type bigint;
create table ti (a int); create index on ti ((a + 1)); create index on ti (((array[a])[1]), (a::text), (case when a > 1 then 1 else a end), coalesce(a, 1));
\d ti
create function okay(int) returns bool immutable language sql as 'select $1 > 0';
create table chk (a int check (okay(a)), b int);
drop function okay; drop function okay cascade;
\d chk
create type moved as (x int); alter type moved set schema pg_catalog; select 'pg_catalog.moved'::regtype, 'moved'::regtype; alter type moved set schema public; drop type moved;
