-- What defaults of domains, keys of indexes and columns of row types stand on.
SET client_min_messages = notice;
create schema us; set search_path = us;
create foreign data wrapper uw; create server usv foreign data wrapper uw;
create type comp as (e int, d int); create table tt (a int, b text);
create table h2 (x tt); alter table tt alter a type varchar; create table h3 (x comp); alter type comp alter attribute e type text;
alter table tt add column q int default 5; alter table tt add column q2 int;
create function fd() returns int language sql as 'select 1'; create domain d1 as int default fd(); create domain d2 as d1; drop function fd(); create function fe() returns int language sql as 'select 1'; alter domain d2 set default fe(); drop function fe(); drop function fd();
select pg_describe_object(classid, objid, objsubid), pg_describe_object(refclassid, refobjid, refobjsubid), deptype from pg_depend where classid = 'pg_type'::regclass and objid in ('d1'::regtype, 'd2'::regtype) order by 1,2;
alter domain d1 drop default; drop function fd(); alter domain d2 drop default; drop function fe();
create collation uc from "C"; create table ti (a text); create index tix on ti (a collate uc); drop collation uc; \d ti
create index tix2 on ti ((a || 'x') collate uc); create unique index tix3 on ti (lower(a collate uc)); drop collation uc; drop collation uc cascade; \d ti
create table part (a text) partition by range (a collate "C"); create collation uc from "C"; create table part2 (a text) partition by range (a collate uc); drop collation uc; drop collation uc cascade; create collation ud from "C"; create domain dc as text collate ud; drop collation ud; create type cc as (a text collate ud); drop collation ud; drop collation ud cascade; \d cc
create collation ue from "C"; create view vv as select 'a' collate ue as x, 'a' < 'b' collate ue as y; drop collation ue; create foreign table fz (a text check (a collate ue > 'x')) server usv; drop collation ue; drop collation ue cascade;
drop schema us cascade; drop foreign data wrapper uw cascade;
create schema zz; set search_path=zz; create table tt(a int); create table h(x tt);
alter table tt add column q int default 5;
alter table tt add column qn int default null;
alter table tt add column q1 serial;
alter table tt add column q2 int generated always as (a+1) stored;
alter table tt add column q4 int;
insert into tt values (1);
alter table tt add column q6 int default 5;
alter table tt alter a type text;
create table pt(a int) partition by list (a); create table hp (x pt); alter table pt add q int default 5; alter table pt alter q type text; create table pt1 partition of pt for values in (1); alter table pt add q2 int default 5; create table hp1 (x pt1); alter table pt add q3 int default 5; alter table pt add q4 int; alter table pt alter q4 type text;
create table par (a int); create table chi () inherits (par); create table hc (x chi); alter table par add z int default 1; alter table par add z2 int; create table hh (x h); create domain dd as tt; create table hd (y dd); drop table h; alter table tt add column q7 int default 5; drop table hd; create table ha (y tt[]); alter table tt add column q7 int default 5; drop table ha; create view vt as select null::tt as x; alter table tt add column q7 int default 5;
\d tt
drop schema zz cascade;
create schema us; set search_path = us;
create function f1() returns int language sql as 'select 1'; create domain d1 as int default f1(); create domain d2 as d1; create table dt (a d1, b d2);
alter function f1 rename to f2; alter function f2 set schema public; \dD
insert into dt default values returning *; drop function public.f2 cascade; \d dt
create collation c1 from "C"; create table t (a text collate c1 primary key, b text collate c1 unique); create index on t ((a || b) collate c1); alter table t alter a type text collate "C", alter b type text; drop collation c1;
drop index t_expr_idx; \d t
drop collation c1; alter collation c1 rename to c2; drop collation c2 cascade; \d t
select pg_describe_object(classid, objid, objsubid) from pg_depend where refclassid = 'pg_collation'::regclass and refobjid >= 16384 order by 1;
drop schema us cascade;
create schema us; set search_path = us;
create function f1() returns text language sql as $$ select 'x' $$; create domain d1 as text default f1(); create domain dd as text default 'it''s'; create domain dn as numeric(5,2) default 1.2345; create domain de as text[] default '{a,b}'; create table dt (a d1, b dd, c dn, d de); 
set search_path = public; insert into us.dt default values returning *; create function us.g() returns int language plpgsql as $$ declare x us.d1; y us.dn; begin raise notice '% %', x, y; insert into us.dt(a) values (default); return 1; end $$; select us.g(); table us.dt; alter domain us.d1 set default upper(us.f1()); insert into us.dt default values returning a;
drop schema us cascade;
