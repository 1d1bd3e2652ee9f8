-- Foreign keys of and to partitioned tables: constraints of the partitions, what they enforce, partitions that come and go.
\set VERBOSITY verbose
create table pk (a int primary key, b int unique);
create table f (x int, y int, z int) partition by list (y);
create table f1 partition of f for values in (1);
create table f2 (z int, dead int, y int, x int); alter table f2 drop column dead; alter table f attach partition f2 for values in (2);
alter table f add constraint ffk foreign key (x) references pk on delete cascade;
\d f
\d f1
\d f2
\d pk
select conname, conrelid::regclass, confrelid::regclass, conparentid <> 0 as has_parent, conislocal, coninhcount, connoinherit, convalidated, conkey, confkey, condeferrable, conindid::regclass from pg_constraint where contype = 'f' order by 2, 1;
select tgrelid::regclass, tgconstrrelid::regclass, tgfoid::regproc, tgtype, tgparentid <> 0, tgisinternal from pg_trigger where tgisinternal order by 1, 3, 2;
select pg_describe_object(classid, objid, objsubid), pg_describe_object(refclassid, refobjid, refobjsubid), deptype from pg_depend where classid = 'pg_constraint'::regclass and objid in (select oid from pg_constraint where contype = 'f') order by 1, 2, 3;
insert into pk values (1, 10), (2, 20), (3, 30);
insert into f values (1, 1, 5), (2, 2, 6);
insert into f values (9, 1, 5);
insert into f values (9, 2, 5);
insert into f1 values (9, 1, 5);
update f set x = 9 where y = 2;
update f set x = 3 where y = 2; update f set y = 1 where x = 3;
update f2 set x = 77;
update pk set a = 50 where a = 1;
delete from pk where a = 3;
select tableoid::regclass, * from f order by 2;
alter table f1 drop constraint ffk;
alter table f drop constraint ffk;
alter table f add foreign key (x) references pk (a) on update cascade on delete set null;
\d f1
create table f3 partition of f for values in (3);
create table f4 (x int, y int, z int, foreign key (x) references pk (a) on update cascade on delete set null);
alter table f attach partition f4 for values in (4);
create table f5 (x int, y int, z int); insert into f5 values (99, 5, 5);
alter table f attach partition f5 for values in (5);
delete from f5; alter table f attach partition f5 for values in (5);
create table f6 (x int, y int, z int, foreign key (x) references pk (a));
alter table f attach partition f6 for values in (6);
\d f3
\d f4
\d f6
select conname, conrelid::regclass, confrelid::regclass, conparentid <> 0 as has_parent, conislocal, coninhcount, confupdtype, confdeltype from pg_constraint where contype = 'f' order by 2, 1;
insert into f values (2, 3, 1), (2, 4, 1), (2, 5, 1); update pk set a = 22 where a = 2; select tableoid::regclass, * from f order by 1, 2; delete from pk where a = 22; select tableoid::regclass, * from f order by 1, 2;
alter table f detach partition f3;
\d f3
insert into f3 values (1000, 3, 3);
alter table f drop column x;
alter table f alter column x type bigint;
drop table f3;
alter table f add foreign key (x) references pk (b) not valid;
alter table only f add foreign key (x) references pk (b);
alter table f alter constraint f_x_fkey deferrable;
alter table f1 alter constraint f_x_fkey deferrable;
\d f1
alter table f rename constraint f_x_fkey to renamed;
alter table f1 rename constraint f_x_fkey to renamed;
\d f1
alter table f validate constraint f_x_fkey;
-- two levels, created with the table
create table g (x int references pk, y int) partition by range (y);
create table g1 partition of g for values from (0) to (10) partition by list (x);
create table g11 partition of g1 for values in (1); create table g12 partition of g1 default;
\d g1
\d g11
insert into g values (1, 1); insert into g values (8, 1); insert into g values (null, 1);
select conname, conrelid::regclass, conparentid <> 0 as has_parent, conislocal, coninhcount from pg_constraint where contype = 'f' and conrelid::regclass::text like 'g%' order by 2, 1;
drop table g11; drop table g;
-- referenced partitioned
create table rp (a int, b int, primary key (a)) partition by range (a);
create table rp1 partition of rp for values from (0) to (10); create table rp2 partition of rp for values from (10) to (20);
create table c (x int references rp, y int);
\d c
\d rp
\d rp1
select conname, conrelid::regclass, confrelid::regclass, conparentid <> 0 as has_parent, conislocal, coninhcount, conindid::regclass from pg_constraint where contype = 'f' and conrelid = 'c'::regclass order by 3, 1;
select tgrelid::regclass, tgconstrrelid::regclass, tgfoid::regproc, tgtype, tgparentid <> 0 from pg_trigger where tgisinternal and (tgrelid::regclass::text like 'rp%' or tgrelid = 'c'::regclass) order by 1, 3, 2;
insert into rp values (1, 1), (11, 11), (5, 5);
insert into c values (1, 1), (11, 11); insert into c values (7, 7); insert into c values (15, 1);
delete from rp where a = 1; delete from rp2; update rp set a = 2 where a = 1; update rp set b = 100 where a = 1; delete from rp where a = 5;
update rp set a = 12 where a = 1;
create table rp3 partition of rp for values from (20) to (30); insert into rp values (21, 1); insert into c values (21, 1);
create table rp4 (a int not null, b int); alter table rp attach partition rp4 for values from (30) to (40);
\d c
select conname, confrelid::regclass, conindid::regclass from pg_constraint where contype = 'f' and conrelid = 'c'::regclass order by 2, 1;
alter table rp detach partition rp3;
delete from c where x = 21; alter table rp detach partition rp3; insert into c values (21, 1);
drop table rp4; drop table rp1; drop table rp;
truncate rp; truncate rp, c; truncate rp1;
alter table c drop constraint c_x_fkey; drop table rp;
-- both, actions
create table bp (a int, b int, primary key (a, b)) partition by list (b); create table bp1 partition of bp for values in (1); create table bp2 partition of bp for values in (2);
create table bc (a int, b int, v text, foreign key (a, b) references bp on delete cascade on update cascade) partition by list (b); create table bc1 partition of bc for values in (1); create table bc2 partition of bc for values in (2);
\d bc1
\d bp1
insert into bp values (1, 1), (2, 2), (3, 1); insert into bc values (1, 1, 'x'), (2, 2, 'y'), (3, 1, 'z'); insert into bc values (9, 1, 'no');
delete from bp where a = 1; select tableoid::regclass, * from bc order by 2; update bp set a = 30 where a = 3; select tableoid::regclass, * from bc order by 2;
update bp set b = 2 where a = 30; select tableoid::regclass, * from bc order by 2;
create table self (id int primary key, parent int references self) partition by range (id); create table self1 partition of self for values from (0) to (10); create table self2 partition of self for values from (10) to (20);
insert into self values (1, null), (11, 1); insert into self values (2, 99); delete from self where id = 1; update self set parent = 11 where id = 1;
\d self1
drop table self; drop table bc, bp;
begin; alter table f add constraint dfk foreign key (z) references pk (b) deferrable initially deferred; insert into f values (1, 1, 777); set constraints all immediate; rollback;
create table ff (x int references pk, y int) partition by list (y); create foreign data wrapper w; create server s foreign data wrapper w; create foreign table fft partition of ff for values in (1) server s;
create table fg (x int, y int) partition by list (y); create foreign table fgt partition of fg for values in (1) server s; alter table fg add foreign key (x) references pk;
create foreign table fgt2 (x int, y int) server s; alter table ff attach partition fgt2 for values in (2);
-- a CHECK that a partition had already is its parent's from then on
create table mc (k int) partition by list (k); create table mc1 partition of mc for values in (1); alter table mc1 add constraint c check (k < 9); alter table mc add constraint c check (k < 9); select conrelid::regclass, conislocal, coninhcount from pg_constraint where conname = 'c' order by 1; alter table mc1 drop constraint c; alter table mc drop constraint c;
\d mc1
