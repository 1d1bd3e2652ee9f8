-- What updatable and truncatable say when something is written, where no validator has seen them; whom a mapping is asked for, and when
\set VERBOSITY verbose
set client_min_messages = warning;
create extension postgres_fdw; create extension file_fdw;
create foreign data wrapper switched handler postgres_fdw_handler;
create server sw foreign data wrapper switched options (host '/nowhere', updatable 'perhaps', truncatable 'x');
create user mapping for public server sw;
create foreign table sw_t (a int, b text) server sw;
insert into sw_t values (1, 'x');
update sw_t set a = 1 where a = 1;
delete from sw_t where a = 2;
explain insert into sw_t values (1, 'x');
explain update sw_t set a = 1;
explain delete from sw_t;
copy sw_t from '/dev/null';
prepare sw_i as insert into sw_t values (1, 'x');
execute sw_i;
create view sw_v as select * from sw_t;
insert into sw_v values (1, 'x');
merge into sw_t using (values (1)) v(x) on a = x when matched then delete;
truncate sw_t;
alter foreign table sw_t options (add updatable 'false', add truncatable 'false');
insert into sw_t values (1, 'x');
truncate sw_t;
alter server sw options (set updatable 'ON', set truncatable 'OFF');
insert into sw_t values (1, 'x');
update sw_t set a = 1 where a = 1;
delete from sw_t where a = 2;
explain insert into sw_t values (1, 'x');
explain update sw_t set a = 1;
copy sw_t from '/dev/null';
insert into sw_v values (1, 'x');
delete from sw_v;
truncate sw_t;
alter foreign table sw_t options (set truncatable 'TRUE', set updatable 'maybe');
insert into sw_t values (1, 'x');
-- Statement triggers come before the source is asked
alter foreign table sw_t options (set truncatable 'false', set updatable 'off');
reset client_min_messages;
create function sw_tell() returns trigger language plpgsql as $$ begin raise notice '% % %', tg_name, tg_when, tg_op; return null; end $$;
create trigger sw_before before truncate on sw_t execute function sw_tell();
create trigger sw_insert before insert on sw_t for each statement execute function sw_tell();
truncate sw_t;
insert into sw_t values (1, 'x');
create role sw_user; grant select on sw_t to sw_user;
set role sw_user;
truncate sw_t;
insert into sw_t values (1, 'x');
reset role;
-- Partitions and children
create table sw_p (a int, b text) partition by list (a);
alter table sw_p attach partition sw_t for values in (1);
create table sw_p2 partition of sw_p for values in (2);
insert into sw_p values (2, 'kept'), (3, 'none');
insert into sw_p values (2, 'kept');
insert into sw_p values (2, 'kept'), (1, 'x');
update sw_p set b = 'y';
update sw_p set b = 'y' where a = 2;
delete from sw_p where a = 1;
truncate sw_p;
select * from sw_p where a = 2;
alter foreign table sw_t options (set truncatable 'x', set updatable 'y');
insert into sw_p values (1, 'x');
truncate sw_p;
drop table sw_p cascade;
-- A wrapper that never writes reads no such option
create server sw_files foreign data wrapper file_fdw;
create foreign data wrapper sw_unseen handler file_fdw_handler;
create server sw_files2 foreign data wrapper sw_unseen options (updatable 'false', truncatable 'false');
create foreign table sw_f (a int) server sw_files2 options (filename '/dev/null');
insert into sw_f values (1);
truncate sw_f;
-- Without a mapping: reading and writing fail, explaining does not, unless the source is to be asked for estimates
create server sw_m foreign data wrapper postgres_fdw options (host '/nowhere');
create foreign table sw_m1 (a int, b text) server sw_m;
create foreign table sw_m2 (a int, b text) server sw_m options (use_remote_estimate 'true');
\o /dev/null
explain select * from sw_m1;
explain select count(*) from sw_m1 where a = 1;
explain select * from sw_m1 x join sw_m1 y using (a);
explain select * from sw_m2;
explain select * from sw_m1 join sw_m2 using (a);
explain analyze select * from sw_m1;
\o
select * from sw_m1;
select * from sw_m2;
select * from sw_m1 where false;
select count(*) from sw_m1 where a = 1 and null;
select * from sw_m1 where a = 1 and 1 = 2 order by b limit 1;
select * from sw_m1 x join sw_m1 y using (a) where false;
select count(*), max(x.b) from sw_m1 x left join sw_m1 y on true where 1 > 2;
select * from sw_m1 limit 0;
select exists (select from sw_m1 where false), exists (select from sw_m1);
select * from sw_m2 where false;
prepare sw_q as select * from sw_m1;
execute sw_q;
\o /dev/null
explain execute sw_q;
\o
insert into sw_m1 values (1, 'x');
update sw_m1 set a = 1;
delete from sw_m1;
truncate sw_m1;
copy sw_m1 from '/dev/null';
copy sw_m1 to stdout;
analyze sw_m1;
declare sw_c cursor for select * from sw_m1;
begin; declare sw_c cursor for select * from sw_m1; rollback;
do $$ declare c cursor for select * from sw_m1; begin open c; exception when undefined_object then raise notice '%', sqlerrm; end $$;
do $$ begin execute 'explain select * from sw_m1'; end $$;
do $$ begin perform * from sw_m1; end $$;
create materialized view sw_mv as select * from sw_m1;
create table sw_ct as select * from sw_m1;
import foreign schema public from server sw_m into public;
create user mapping for postgres server sw_m options (user 'postgres');
create view sw_mine as select * from sw_m1;
grant select on sw_m1, sw_m2, sw_mine to sw_user;
set role sw_user;
\o /dev/null
explain select * from sw_m1;
explain select * from sw_mine;
explain select * from sw_mine join sw_m1 using (a);
explain select * from sw_m2;
\o
select * from sw_m1;
reset role;
-- ANALYZE plans nothing: it has no use for what only planning reads
create server sw_a foreign data wrapper switched options (use_remote_estimate 'maybe', async_capable 'x', extensions 'a,,b');
create foreign table sw_a1 (a int) server sw_a;
analyze sw_a1;
select * from sw_a1;
