-- Foreign keys between local tables: definitions, catalogs, enforcement, actions, deferral, validation, errors.
CREATE SCHEMA keys;
SET search_path = keys;
create table p (id int primary key, code text unique, x int, y int, unique (x, y));
create table c (a int references p, b text references p (code) on update cascade on delete set null, n int);
create table c2 (x int, y int default 7, constraint two foreign key (x, y) references p (x, y) match full on update restrict on delete cascade deferrable initially deferred);
create table c3 (id int primary key, parent int references c3 on delete cascade, other int);
select conname, contype, condeferrable, condeferred, convalidated, conrelid::regclass, conindid::regclass, confrelid::regclass, confupdtype, confdeltype, confmatchtype, conislocal, coninhcount, connoinherit, conkey, confkey, conpfeqop, conppeqop, conffeqop, confdelsetcols, pg_get_constraintdef(oid) from pg_constraint where contype = 'f' and connamespace = 'keys'::regnamespace order by conname;
select regexp_replace(tgname, '[0-9]+', 'N'), tgrelid::regclass, tgfoid::regproc, tgtype, tgenabled, tgisinternal, tgconstrrelid::regclass, tgconstrindid::regclass, tgdeferrable, tginitdeferred, tgnargs, tgattr from pg_trigger t join pg_constraint c on c.oid = tgconstraint where connamespace = 'keys'::regnamespace order by conname, tgfoid;
\d p
\d c
\d c2
\d c3
-- rows
alter table c alter constraint c_a_fkey deferrable initially deferred;
alter table c alter constraint c_b_fkey deferrable;
select tgfoid::regproc, tgdeferrable, tginitdeferred from pg_trigger t join pg_constraint c on c.oid = tgconstraint where conname in ('c_a_fkey', 'c_b_fkey') order by conname, tgfoid;
alter table c alter constraint c_a_fkey not deferrable;
alter table c alter constraint nix not deferrable;
alter table p alter constraint p_pkey not deferrable;
\d c
insert into p values (1, 'one', 1, 1), (2, 'two', 2, 2), (3, 'three', 3, 3);
insert into c values (1, 'one'), (2, null), (null, 'two');
insert into c values (4, 'one');
insert into c values (3, 'four');
insert into c values (1, 'one'), (9, 'x'), (8, 'y');
update c set a = 7 where a = 1;
update c set a = 3 where a = 1;
update c set n = 5;
delete from p where id = 3;
delete from p where id = 1;
select * from c order by a, b;
update p set id = 20 where id = 2;
update p set code = upper(code);
select * from c order by a, b;
update p set x = x + 10;
insert into c2 values (11, 11), (null, null);
insert into c2 values (11, null);
insert into c2 values (12, 13);
select * from c2;
begin; insert into c2 values (50, 50); insert into p values (50, 'fifty', 50, 50); commit;
begin; insert into c2 values (60, 60); select count(*) from c2; commit;
begin; insert into c2 values (60, 60); set constraints all immediate; rollback;
begin; insert into c2 values (60, 60); delete from c2 where x = 60; commit;
begin; savepoint s; insert into c2 values (60, 60); rollback to s; commit;
begin; set constraints two immediate; insert into c2 values (60, 60); rollback;
update p set x = 51 where x = 50;
delete from p where x = 50;
select * from c2 order by x;
insert into c3 values (1, null), (2, 1), (3, 2), (4, 4), (5, 1);
insert into c3 values (6, 7), (7, 6);
insert into c3 values (8, 9);
delete from c3 where id = 1;
select * from c3 order by id;
delete from c3;
-- actions
create table a1 (id int primary key); insert into a1 select generate_series(0, 9);
create table b1 (k int, d int default 0, s int, t int, constraint f1 foreign key (k) references a1 on delete set null on update cascade, constraint f2 foreign key (d) references a1 on delete set default on update set default, constraint f3 foreign key (s) references a1 on update set null on delete restrict);
insert into b1 values (1, 1, 2), (2, 2, 2), (3, 3, 3);
delete from a1 where id = 1;
delete from a1 where id = 2;
update a1 set id = id + 100 where id in (2, 3);
select * from b1 order by k;
delete from a1 where id = 0;
update a1 set id = 200 where id = 0;
create table m (x int, y int, primary key (x, y)); create table n (id int, x int, y int, foreign key (x, y) references m on delete set null (y));
insert into m values (1, 1), (2, 2); insert into n values (1, 1, 1), (2, 1, 1), (3, 2, 2), (4, 1, null), (5, null, 9);
delete from m where x = 1;
select * from n order by id;
update m set x = 5;
insert into n values (6, 5, 5);
drop table n; create table n (id int, x int, y int); insert into n values (1, 2, 2), (2, 3, 3);
alter table n add foreign key (x, y) references m;
alter table n add constraint later foreign key (x, y) references m on update cascade not valid;
\d n
insert into n values (3, 4, 4);
update n set id = 10 where id = 2;
alter table n validate constraint later;
delete from n where id = 10;
alter table n validate constraint later;
select conname, convalidated, pg_get_constraintdef(oid) from pg_constraint where conrelid = 'n'::regclass;
update m set y = 4, x = 3;
select * from n;
alter table n drop constraint later;
alter table n add column z int references p (id);
alter table n rename constraint n_z_fkey to renamed;
\d n
insert into n (id, z) values (1, 77);
alter table n drop column z;
select count(*) from pg_trigger where tgrelid = 'n'::regclass;
-- triggers of the tables that refer fire
create table tp (id int primary key); create table tc (id int references tp on delete cascade on update cascade); insert into tp values (1), (2), (3); insert into tc values (1), (2), (2);
create function say() returns trigger language plpgsql as $$ begin raise notice '% % %: % -> %', tg_name, tg_op, tg_table_name, old, new; return null; end $$;
create trigger after_tc after insert or update or delete on tc for each row execute function say();
delete from tp where id = 1;
update tp set id = 20 where id = 2;
delete from tp;
insert into tc values (5);
set session_replication_role = replica; insert into tc values (5); reset session_replication_role;
-- with ON CONFLICT, MERGE, WITH, COPY, parents and children
insert into tp values (1); insert into tc values (6) on conflict do nothing;
merge into tc using (values (7)) v(x) on id = x when not matched then insert values (x);
merge into tp using (values (1), (8)) v(x) on id = x when matched then delete when not matched then insert values (x);
with a as (insert into tp values (9) returning id) insert into tc select id from a returning id;
copy tc from stdin;
10
\.
create table tcc () inherits (tc); insert into tcc values (11); delete from tp where id = 9; select tableoid::regclass, * from tc order by id;
-- types
create table ty (i int8 primary key, t varchar(10) unique, n numeric unique, d date unique, e text[] unique);
create table tz (i int references ty, t text references ty (t), n int references ty (n), d timestamp references ty (d), e text[] references ty (e));
insert into ty values (1, 'a', 2, '2020-01-01', '{x}'); insert into tz values (1, 'a', 2, '2020-01-01', '{x}');
insert into tz (n) values (3);
insert into tz (e) values ('{y}');
create table bad (i text references ty);
create table bad (i int references ty (t));
-- TRUNCATE, DROP
truncate p;
truncate p, c, c2, n;
truncate a1 cascade;
select count(*) from b1;
drop table p;
drop table p cascade;
\d c
alter table a1 drop constraint a1_pkey;
alter table a1 drop constraint a1_pkey cascade;
select count(*) from pg_constraint where contype = 'f' and conrelid = 'b1'::regclass;
-- errors
create table e1 (a int, b int, primary key (a, b)); create table e2 (a int); create view ev as select 1 as a; create table e3 (a int primary key deferrable);
create table x (a int references nix);
create table x (a int references e2);
create table x (a int references e2 (a));
create table x (a int references e2 (b));
create table x (a int references ev);
create table x (a int references e3);
create table x (a int references e3 (a));
create table x (a int references e1);
create table x (a int, foreign key (a, a) references e1);
create table x (a int, foreign key (b) references e1);
create table x (a int, foreign key (ctid) references e1);
create table x (a int, b int, foreign key (a, b) references e1 (a, a));
create table x (a int, b int, foreign key (a, b) references e1 on delete set null (c));
create table x (a int, b int, c int, foreign key (a, b) references e1 on delete set null (c));
create table x (a int references pg_class (oid));
create table x (a int, b int generated always as (a) stored, foreign key (a, b) references e1 on update cascade);
create table x (a int, b int generated always as (a) stored, foreign key (a, b) references e1 on delete set null);
create table x (a int, b int, constraint q foreign key (b, a) references e1, constraint q foreign key (a, b) references e1);
create temp table tt (a int primary key); create table x (a int references tt);
create temp table tx (a int references p);
create role keys_r; grant usage, create on schema keys to keys_r; set role keys_r;
create table mine (a int, b int, foreign key (a, b) references keys.e1);
reset role; grant references (a, b) on e1 to keys_r; set role keys_r;
create table mine (a int, b int, foreign key (a, b) references keys.e1);
reset role; insert into e1 values (1, 1); set role keys_r;
insert into mine values (1, 1), (2, 2);
insert into mine values (1, 1);
reset role;
delete from e1;
drop owned by keys_r; drop role keys_r;
create extension if not exists postgres_fdw; create server keys_s foreign data wrapper postgres_fdw; create foreign table ft (a int) server keys_s;
create table x (a int references ft);
create foreign table ft2 (a int references e3) server keys_s;
alter foreign table ft add foreign key (a) references e3;
drop server keys_s cascade; drop extension postgres_fdw;
create table rn1 (id int primary key); create table rn2 (id int constraint rn_fk references rn1);
alter table rn2 rename constraint rn_fk to rn_new;
select conname, conindid::regclass from pg_constraint where conrelid in ('rn1'::regclass, 'rn2'::regclass) order by 1;
-- partitions' own are listed for what they depend on, too
create table lp (a int primary key); create table lc (a int references lp, b int) partition by list (b); create table lc1 partition of lc for values in (1); create table lc2 partition of lc default partition by list (b); create table lc21 partition of lc2 default;
select constraint_name, unique_constraint_name, match_option, update_rule from information_schema.referential_constraints where constraint_schema = 'keys' and constraint_name like 'lc%' order by 1, 2;
DROP SCHEMA keys CASCADE;
