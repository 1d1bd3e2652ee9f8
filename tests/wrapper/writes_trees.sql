-- Writes to partitioned and inherited tables some of which are foreign; TRUNCATE, options, renamed and dropped columns, rights.
\set VERBOSITY verbose
set client_min_messages = notice;
create extension postgres_fdw;

create server s2 foreign data wrapper postgres_fdw options (host :'src', port :'port', dbname 'written');
create user mapping for public server s2 options (user 'postgres', password_required 'false');
-- partitions
create table pt(k int, v text) partition by range (k);
create table pt_l partition of pt for values from (0) to (100);
create foreign table pt_f partition of pt for values from (100) to (200) server s2 options (table_name 'p1');
create foreign table pt_g partition of pt for values from (200) to (300) server s2 options (table_name 'p2');
insert into pt values (1, 'a'), (101, 'b'), (201, 'c'), (50, 'd'), (150, 'e') returning *, tableoid::regclass;
select *, tableoid::regclass from pt order by k, tableoid::regclass::text;
insert into pt values (5, 'x'), (500, 'none');
select *, tableoid::regclass from pt order by k, tableoid::regclass::text;
update pt set v = v || '!' where k > 40 returning *, tableoid::regclass;
update pt set k = k + 100 where k = 50;
update pt set k = 155 where k = 1 returning *, tableoid::regclass;
update pt set k = 250 where k = 101 returning *, tableoid::regclass;
select *, tableoid::regclass from pt order by k, tableoid::regclass::text;
delete from pt where k in (155, 201) returning *, tableoid::regclass;
insert into pt_f values (999, 'outside');
select *, tableoid::regclass from only pt_f order by k;
delete from pt;
select count(*) from pt;
copy pt from stdin;
1	l
110	f
210	g
120	f2
\.
select *, tableoid::regclass from pt order by k, tableoid::regclass::text;
insert into pt select k + 1, v || k from pt where k < 250;
select *, tableoid::regclass from pt order by k, tableoid::regclass::text;
insert into pt values (130, 'c') on conflict do nothing;
with d as (delete from pt where k > 100 returning k) select count(*), sum(k) from d;
-- triggers of partitioned tables
create function tr() returns trigger language plpgsql as $$ begin raise notice '% % % % % %', tg_name, tg_table_name, tg_when, tg_op, old, new; return coalesce(new, old); end $$;
create trigger t1 before insert or update or delete on pt for each row execute function tr();
create trigger t2 after insert or update or delete on pt for each row execute function tr();
insert into pt values (2, 'p'), (102, 'q');
update pt set v = v || '?' where k in (2, 102);
delete from pt where k = 102;
drop table pt;
-- inheritance
create table ip(k int, v text);
create foreign table ic(x int, k int, v text) inherits (ip) server s2 options (table_name 'inh');
create foreign table raw_ic(x int, k int, v text) server s2 options (table_name 'inh');
insert into ip values (1, 'a'), (2, 'b');
insert into ic values (3, 'c', 10), (4, 'd', 11) returning *;
update ip set v = upper(v) returning *, tableoid::regclass;
update ip set v = k::text where k in (select max(k) from ip) returning *;
delete from ip where k in (2, 3) returning *;
select *, tableoid::regclass from ip order by k;
update only ip set v = 'only';
select * from ip order by k;
truncate ip;
select count(*) from raw_ic;
insert into ic values (3, 'c', 10), (4, 'd', 11);
-- truncate
truncate ic;
select count(*) from raw_ic;
begin;
insert into ic values (3, 'c', 10);
truncate ic;
insert into ic values (4, 'c', 10);
savepoint x;
truncate ic;
rollback to x;
select * from ic;
commit;
select * from ic;
alter foreign table ic options (truncatable 'false');
truncate ic;
alter foreign table ic options (set truncatable 'true', updatable 'false');
insert into ic values (1, 1, '1');
update ic set v = 'x';
delete from ic;
select pg_relation_is_updatable('ic'::regclass, false), pg_relation_is_updatable('raw_ic'::regclass, false);
delete from ip;
alter foreign table ic options (drop updatable);
delete from ip;
-- defaults, dropped columns, other names, serial
create foreign table nm(id serial, x1 int options (column_name 'a'), gone int, y1 text options (column_name 'b') default 'def', n int options (column_name 'g')) server s2 options (schema_name 'public', table_name 'wide');
alter foreign table nm drop column gone;
insert into nm(x1) values (1), (2);
insert into nm default values returning *;
update nm set y1 = y1 || id, n = default where x1 = 1 returning *;
update nm set (x1, n) = (select 7, 8) where id = 2 returning *;
update nm set (x1, n) = (nm.id * 2, nm.id * 3) returning *;
select * from nm order by id;
delete from nm where y1 like 'def1%' returning id;
update nm m set n = o.n + 1 from nm o where o.id = m.id - 1 returning m.*, o.id;
delete from nm m using nm o where o.id < m.id returning m.id;
select * from nm order by id;
merge into nm using (values (3)) v(i) on id = i when matched then delete;
-- other sources
create function chk(int) returns boolean language plpgsql volatile as $$ begin return $1 is not null; end $$;
insert into nm(x1) select g from generate_series(1, 5) g;
update nm set y1 = 'loc' where chk(x1) and x1 > 3;
update nm set n = -1 where x1 in (select g from generate_series(1, 2) g);
update nm set n = (select count(*) from ip);
delete from nm where exists (select 1 from ip where ip.k = nm.x1);
select x1, y1, n from nm order by 1, 2;
prepare ins(int, text) as insert into nm(x1, y1) values ($1, $2) returning x1, y1;
execute ins(100, 'p');
execute ins(101, null);
prepare upd(int, text) as update nm set y1 = $2 where x1 = $1;
execute upd(100, 'pp');
execute upd(101, 'p''q');
prepare del(int) as delete from nm where x1 >= $1;
execute del(101);
select x1, y1 from nm where x1 >= 100 order by 1;
create role w1; create role w2;
grant all on nm to w1;
grant usage on sequence nm_id_seq to w1;
grant select (x1), update (y1) on nm to w2;
set role w1;
insert into nm(x1) values (200);
delete from nm where x1 = 200;
set role w2;
update nm set y1 = 'w2' where x1 = 100;
update nm set n = 1 where x1 = 100;
delete from nm;
insert into nm(x1) values (1);
reset role;
drop owned by w1, w2; drop role w1, w2;
-- functions
create function addrow(int) returns int language plpgsql as $$ declare r int; begin insert into nm(x1) values ($1) returning x1 into r; return r; end $$;
select addrow(300);
select addrow(g) from generate_series(301, 303) g;
select count(*) from nm where x1 >= 300;
do $$ declare n int; begin delete from nm where x1 >= 300; get diagnostics n = row_count; raise notice '%', n; end $$;
begin;
declare c cursor for select x1 from nm order by x1;
fetch 1 from c;
update nm set y1 = 'cur' where x1 = 1;
fetch 1 from c;
insert into nm(x1) values (400);
fetch all from c;
select x1, y1 from nm where x1 in (1, 400) order by 1;
rollback;
select x1, y1 from nm where x1 in (1, 400) order by 1;
declare c cursor for select * from nm for update;
update nm set y1 = 'x' where current of c;
-- rows of several tables at the source have the same places
create foreign table parts(k int, v text) server s2;
create foreign table tops(k int, v text) server s2;
update parts set v = v || '!' where k = 1 and v = 'a';
select * from parts order by k, v;
update parts set v = v || '?' where k = 2 and v = 'a' returning *;
select * from parts order by k, v;
delete from parts where k = 2 and v = 'b';
delete from parts where k = 1 and v = 'b' returning *;
select * from parts order by k, v;
update tops set v = 'top' where k = 1;
delete from tops where k = 2 returning *;
select * from tops order by k;
-- through a view into a foreign partition: its owner's user mapping counts
create role parts_owner;
create role parts_user;
create table vp(k int, v text) partition by range (k);
create server s3 foreign data wrapper postgres_fdw options (host :'src', port :'port', dbname 'written');
create user mapping for parts_owner server s3 options (user 'postgres', password_required 'false');
create foreign table vp_f partition of vp for values from (100) to (200) server s3 options (table_name 'p1');
grant all on vp to parts_owner;
create view vpv as select * from vp;
alter view vpv owner to parts_owner;
grant all on vpv to parts_user;
set role parts_user;
insert into vpv values (133, 'by its owner') returning *;
delete from vpv where k = 133 returning *;
reset role;
-- COPY asks a foreign partition's bound of rows that it was given itself, or that its trigger has changed; INSERT does not
create table bounded(k int, v text) partition by range (k);
create foreign table bounded_f partition of bounded for values from (500) to (510) server s2 options (table_name 'p1');
copy bounded_f from stdin;
503	a
530	b
\.
select * from bounded_f where k >= 500 order by k;
insert into bounded_f values (540, 'inserted');
create function past_bound() returns trigger language plpgsql as $$ begin new.k := new.k + 100; return new; end $$;
create trigger past before insert on bounded_f for each row execute function past_bound();
copy bounded from stdin;
505	a
\.
copy bounded_f from stdin;
506	a
\.
drop trigger past on bounded_f;
copy bounded from stdin;
507	c
\.
copy bounded_f from stdin;
508	d
\.
select * from bounded_f where k >= 500 order by k;
