-- Foreign partitions: ATTACH, DETACH, constraints, indexes, keys, triggers, routing.
\set VERBOSITY verbose
create foreign data wrapper w; create server s foreign data wrapper w; create extension file_fdw; create server fs foreign data wrapper file_fdw;
create role ra;
create function tf() returns trigger language plpgsql as $$begin raise notice '% % % %', tg_name, tg_op, tg_when, tg_table_name; return new; end$$;
create table p (a int, b text, c int default 5) partition by range (a);
create foreign table f1 (a int, b text, c int) server s; create foreign table f2 (b text, a int, c int) server s; create foreign table f3 (a int, b text) server s; create foreign table f4 (a int, b text, c int, d int) server s; create foreign table f5 (a bigint, b text, c int) server s; create foreign table f6 (a int, b text collate "C", c int) server s;
create table t1 (a int not null, b text, c int); create table t2 (a int, b text, c int);
alter table p attach partition f1 for values from (1) to (10);
alter table p attach partition f2 for values from (5) to (20);
alter table p attach partition f2 for values from (20) to (20);
alter table p attach partition f2 for values from (10) to (20);
alter table p attach partition f3 for values from (30) to (40);
alter table p attach partition f4 for values from (30) to (40);
alter table p attach partition f5 for values from (30) to (40);
alter table p attach partition f6 for values from (30) to (40);
alter table p attach partition f1 for values from (30) to (40);
alter table p attach partition t1 default;
alter table p attach partition t2 default;
alter table p attach partition nosuch default;
alter table p attach partition p default;
alter table t2 attach partition t1 default;
alter foreign table f1 attach partition t2 default;
alter table nosuch attach partition t1 default;
alter table if exists nosuch attach partition t1 default;
create table pp (a int, b text, c int) partition by list (a);
alter table p attach partition pp for values from (100) to (200);
alter table pp attach partition t2 for values in (150, 300);
alter table pp attach partition f5 for values in (1);
create foreign table g1 partition of pp for values in (160) server s;
alter table pp attach partition p default;
insert into p values (50, 'x'), (60, 'y', 7);
alter table p attach partition f3 for values from (50) to (60);
alter foreign table f3 add c int;
alter table p attach partition f3 for values from (50) to (60);
create foreign table f7 partition of p for values from (55) to (70) server s;
create foreign table f7 partition of p for values from (61) to (70) server s;
alter table p attach partition f3 for values from (40) to (50);
insert into p values (1, 'x');
insert into p values (150, 'x'); insert into p values (155,'x'); insert into p values (160, 'x'); insert into p values (null, 'x');
insert into f1 values (100); insert into t2 values (151); insert into t1 values (1);
update p set a = 150 where a = 50; update p set a = 1 where a = 60; update p set a = 155 where a=60; update t1 set a = 150 where a=60;
select tableoid::regclass, * from only t1; select tableoid::regclass, * from t2; select * from p;
select tableoid::regclass, * from p where a = 150; select * from p where a > 20 and a < 30;
delete from p where a = 150; delete from p where a < 5; merge into p using (values (150, 'z')) v(x,y) on a = x and a = 150 when matched then update set b = y when not matched then insert values (x, y);
insert into p values (150, 'q') on conflict do nothing; insert into p values (150,'q') on conflict (a) do nothing;
truncate p; truncate pp; truncate t1; truncate only p; copy p to stdout; copy p from stdin;
150	x	1
1	y	2
\.
\d+ p
\d+ f1
\d+ pp
-- not null and check
alter table p alter b set not null;
alter table only p alter c set not null;
alter foreign table f1 alter b drop not null;
alter foreign table f1 alter c set not null, alter c drop not null;
alter table p add constraint ck check (c > 0); alter foreign table f1 drop constraint ck; alter table only p add constraint ck2 check (c > 0); alter table p add constraint ck3 check (c>0) no inherit;
create foreign table f8 (a int, b text, c int) server s; alter table p attach partition f8 for values from (300) to (301); alter foreign table f8 alter b set not null; alter table p attach partition f8 for values from (300) to (301); alter foreign table f8 add constraint ck check (c > 1); alter table p attach partition f8 for values from (300) to (301); alter foreign table f8 drop constraint ck; alter foreign table f8 add constraint ck check (c > 0) not valid; alter table p attach partition f8 for values from (300) to (301); alter foreign table f8 validate constraint ck; alter table p attach partition f8 for values from (300) to (301);
alter foreign table f8 drop constraint ck; alter foreign table f8 add constraint ck check (c > 0) no inherit;
\d+ f8
alter table p detach partition f8; \d+ f8
alter table p detach partition f8; alter table p detach partition nosuch; alter table p detach partition g1; alter table p detach partition f1 concurrently;
alter table p detach partition t1; alter table p detach partition f1 concurrently; alter table p detach partition f1 finalize; alter table p detach partition f2 finalize; begin; alter table p detach partition f2 concurrently; rollback;
\d+ f1
select relname, relkind, relispartition, pg_get_expr(relpartbound, oid) from pg_class where relnamespace='public'::regnamespace and relkind in ('r','p','f') order by 1;
-- indexes, keys
create index on p (a); create unique index on p (a); alter table p add primary key (a); alter table p add unique (a, b); create index concurrently on p (b); create index on only p (b);
alter table p detach partition f2; alter table p detach partition f3; alter table p detach partition f7; alter table pp detach partition g1; 
alter table p add primary key (a); alter table p attach partition f2 for values from (10) to (20); create foreign table f9 partition of p for values from (400) to (500) server s; create foreign table f9 partition of p (unique (a)) for values from (400) to (500) server s;
alter table p drop constraint p_pkey; alter table p add constraint u unique (a, b); alter table p attach partition f2 for values from (10) to (20); alter table p drop constraint u; create unique index pu on p (a); alter table p attach partition f2 for values from (10) to (20); drop index pu; create index pi on p (b); alter table p attach partition f2 for values from (10) to (20);
\d+ p
create table ref (a int primary key, b int references ref); alter table p add foreign key (c) references ref; alter table p detach partition f2; alter table p add foreign key (c) references ref; alter table p attach partition f2 for values from (10) to (20); create foreign table f10 partition of p for values from (10) to (20) server s;
create table rp (a int primary key) partition by range (a); alter table ref add foreign key (b) references rp; create foreign table rp1 partition of rp for values from (1) to (2) server s;
-- triggers
alter table p drop constraint p_c_fkey;
alter table p attach partition f2 for values from (10) to (20);
create trigger t1 before insert on p for each row execute function tf(); create trigger t2 after insert or update or delete on p for each row when (new.a > 1) execute function tf(); create trigger t2 after insert or update on p for each row when (new.a > 1) execute function tf(); create trigger t3 after truncate on p for each statement execute function tf(); create trigger t4 after insert on p referencing new table as nt for each statement execute function tf(); create trigger t5 after insert on p referencing new table as nt for each row execute function tf(); create constraint trigger t6 after insert on p for each row execute function tf(); create trigger t7 instead of insert on p for each row execute function tf();
alter foreign table f2 disable trigger t1; alter trigger t1 on f2 rename to tx; drop trigger t1 on f2; alter trigger t1 on p rename to tx; alter trigger tx on only p rename to ty; alter table p disable trigger tx; alter table only p enable always trigger tx; alter table p enable replica trigger t2;
\d+ f2
\d+ p
select tgrelid::regclass, tgname, tgenabled, tgisinternal, tgparentid<>0, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal order by 1,2;
create foreign table f11 partition of p for values from (600) to (700) server s; alter table p detach partition f11; alter table p detach partition f2;
drop trigger tx on p; drop function tf cascade;
create foreign table fl (a int, b text, c int) server s; create trigger own before insert on fl for each row execute function suppress_redundant_updates_trigger(); create trigger st before insert on fl for each statement execute function suppress_redundant_updates_trigger(); alter table p attach partition fl for values from (800) to (900);
create table ih (); alter foreign table fl inherit ih; alter foreign table f11 inherit ih; alter table p attach partition f11 for values from (600) to (700); alter table p inherit ih; create table ihc () inherits (p); create table ihc () inherits (fl); alter foreign table fl no inherit p; alter foreign table fl add x int; alter foreign table fl drop a; alter foreign table fl alter a type bigint; alter foreign table fl rename a to z; alter foreign table fl alter b set default 'q', alter c options (x '1'), alter c set statistics 4; alter foreign table fl set schema pg_temp; alter foreign table fl rename to fl2; alter table p rename a to aa; alter table p drop aa; alter table p alter aa type bigint; alter table p drop b; alter table p add n int default 4 not null; alter table p alter n add generated always as identity; alter table p add id int generated always as identity;
\d+ fl2
drop table p; drop table p cascade; drop table pp cascade; \d
