\set VERBOSITY verbose
create type lc as (a int); create foreign data wrapper w; create server s foreign data wrapper w;
create foreign table ft (a int) server s; create table lt (a int);
alter view lc rename to x;
alter view lc rename a to x;
alter view lc alter a set default 1;
alter view lc owner to postgres;
alter view lc set schema public;
alter materialized view lc rename to x;
alter materialized view lc owner to postgres;
alter sequence lc rename to x;
alter sequence lc owner to postgres;
alter index lc rename to x;
alter foreign table lc rename to x;
alter foreign table lc rename a to x;
alter foreign table lc owner to postgres;
alter foreign table lc set schema public;
alter foreign table lc rename constraint a to b;
alter foreign table lc add x int;
alter table lc add x int;
alter table lc rename to x;
alter table lc rename a to x;
alter table lc owner to postgres;
alter table lc set schema public;
alter table lc rename constraint a to b;
alter foreign table ft add x int options (a '1', a '2'), add x int;
alter foreign table ft add x int options (a '1'), add y int default 'x';
alter table lt add x int options (a '1'), add y int default 'x';
alter table lt add x int options (a '1');
alter table ft add x int options (a '1');
alter table if exists lt add column if not exists a int options (a '1');
alter foreign table ft add column if not exists a int options (b '1');
\d ft
alter foreign table ft add column if not exists a int options (b '1');
alter foreign table ft add z int options (b '1'), alter z options (drop b);
alter foreign table ft add z2 int options (b '1'), alter z2 options (add c '1');
\d ft
create table par (a int); create foreign table chi (a int) inherits (par) server s;
alter table par add b int options (x '1');
create foreign table par2 (a int) server s; create foreign table chi2 () inherits (par2) server s;
alter foreign table par2 add b int options (x '1');
alter foreign table par2 alter b options (add y '1');
\d par2
\d chi2
create table tt2 (like tt1);
drop table a.b.c.d; drop view if exists a.b.c.d; drop sequence nosuch.a.b.c; drop index a.b.c.d; select 'a.b.c.d'::regclass; lock table a.b.c.d; truncate a.b.c.d; grant select on a.b.c.d to postgres; comment on table a.b.c.d is 'x'; alter table a.b.c.d add x int;
comment on table a.b.c is 'x'; create table a.b.c.d (a int); drop table a.b.c.d.e; comment on table a.b.c.d.e is 'x'; comment on column a.b.c.d.e.f is 'x'; drop trigger x on a.b.c.d; create trigger x before insert on a.b.c.d for each row execute function f();
security label on table a.b.c.d is 'x'; comment on table q4.b.c is 'x'; comment on table q5.b.c is 'x'; drop table q5.public.lt; drop type a.b.c.d; drop function a.b.c.d();
