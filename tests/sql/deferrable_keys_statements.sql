-- Keys beside BEFORE triggers, in MERGE, cascades, WITH, inheritance: deferrable and not.
create function b() returns trigger language plpgsql as 'begin new.v = coalesce(new.v, '''') || ''b''; return new; end';
create table t (k int primary key deferrable, v text);
create trigger b before insert or update on t for each row execute function b();
insert into t values (1),(2),(3);
update t set k = 4 - k;
table t;
update t set k = k + 1;
table t;
insert into t values (2), (9), (9);
begin; set constraints all deferred;
insert into t values (2), (9), (9);
delete from t where k = 2 and v = 'b';
update t set k = 10 where v = 'b';
commit;
begin; set constraints all deferred;
update t set k = 1;
commit;
table t;
create table n (k int primary key, v text);
create trigger b before insert or update on n for each row execute function b();
insert into n values (1),(2),(3);
update n set k = 4 - k;
update n set k = k + 1;
update n set k = k - 1;
table n;
-- nondeferrable merge
create table m (k int primary key, v text);
insert into m values (1,'a'),(2,'b'),(3,'c');
merge into m using (values (1), (2), (3)) s(i) on k = i when matched then update set k = k + 1;
merge into m using (values (3), (2), (1)) s(i) on k = i when matched then update set k = k + 1;
table m;
merge into m using (values (2), (1)) s(i) on k = i when matched then delete when not matched then insert values (2, 'n');
merge into m using (values (1), (3)) s(i) on k = i when matched then delete when not matched then insert values (3, 'n');
table m;
merge into m using (values (4), (1)) s(i) on k = i when matched then delete when not matched then insert values (4, 'n');
table m;
merge into m using (values (7), (8)) s(i) on k = i when not matched then insert values (7, 'n');
-- cascade
create table pa (k int primary key);
create table ch (k int primary key references pa on update cascade, v int);
insert into pa values (1),(2),(3);
insert into ch values (3,3),(2,2),(1,1);
update pa set k = k + 1;
update pa set k = 0 where k = 1;
update pa set k = k + 10;
table ch;
create table cd (k int unique deferrable references pa on update cascade, v int);
insert into cd values (12,3),(13,2),(10,1);
create table pd (k int primary key);
insert into pd values (1),(2);
-- with items
create table w (k int unique deferrable initially deferred, v int);
with a as (insert into w values (1,1) returning *) insert into w select * from a;
with a as (insert into w values (1,1) returning *), d as (delete from w) insert into w select k + 1, v from a;
table w;
with a as (update w set k = 3 - k returning *) insert into w select k, 99 from a;
table w;
-- returning
insert into w values (1, 7) returning *;
begin;
insert into w values (1, 7) returning *;
update w set k = 70 where v = 7 returning *;
commit;
-- many writes in one transaction
begin;
insert into w select i, i from generate_series(100, 110) i;
insert into w select i, -i from generate_series(100, 110) i;
insert into w select i, -i-1000 from generate_series(105, 103, -1) i;
delete from w where v > 99;
commit;
begin;
insert into w select i, i from generate_series(100, 110) i;
insert into w select i, -i from generate_series(100, 110) i;
delete from w where v > 99;
commit;
select count(*), count(distinct k) from w;
-- add constraint over duplicates; validate
create table av (k int);
insert into av values (1), (1);
alter table av add unique (k) deferrable initially deferred;
begin;
insert into av values (2);
delete from av;
alter table av add unique (k) deferrable initially deferred;
insert into av values (2), (2);
commit;
-- types: case-insensitive-like equality, floats, numeric
create table ty (n numeric unique deferrable initially deferred, f float8 unique deferrable, b char(3) unique deferrable);
insert into ty values (1.0, 'nan', 'a'), (1.00, 'inf', 'b');
insert into ty values (1.0, 0, 'a'), (2, -0.0, 'b');
insert into ty values (1.0, 0, 'a'), (2, 1, 'a  ');
insert into ty values (1.0, 'nan', 'a'), (2, 'nan', 'b');
-- rollback whole
begin;
insert into w values (5000,1), (5000,2);
rollback;
begin;
insert into w values (5000,1), (5000,2);
commit and chain;
select 1;
commit;
-- prepared, cursor
prepare i as insert into w values ($1, $2);
execute i(6000, 1);
execute i(6000, 2);
select k from w where k = 6000;
-- identity through view
create view vw as select * from w where k < 0 with check option;
insert into vw values (-1, 1), (-1, 2);
-- temp table
create temp table tt (k int primary key deferrable initially deferred) on commit delete rows;
begin;
insert into tt values (1), (1);
commit;
-- inherits
create table base (k int unique deferrable initially deferred);
create table kid () inherits (base);
begin;
insert into base values (1);
insert into kid values (1), (1);
commit;
table base;
update base set k = 1;
insert into base values (1);
-- alter during no pending; drop constraint
begin;
insert into base values (2);
alter table base drop constraint base_k_key;
insert into base values (2);
commit;
-- trigger reading both
create table tr (k int unique deferrable initially deferred);
create function cnt() returns trigger language plpgsql as 'begin raise notice ''% %'', (select count(*) from tr), (select count(distinct k) from tr); return null; end';
create constraint trigger ct after insert on tr deferrable initially deferred for each row execute function cnt();
insert into tr values (1), (1), (2);
begin;
insert into tr values (1), (1), (2);
delete from tr where k = 1;
commit;
merge into m using (values (2, 1), (2, 2), (9, 3)) s(i, j) on k = i when matched and j = 1 then update set k = 5 when not matched then insert values (2, 'n');
table m;
