-- rows that a partition's own trigger changes on their way in must still be the partition's
create table pa (a int, b int) partition by range (a); create table pa1 partition of pa for values from (0) to (10); create table pa2 partition of pa for values from (10) to (20);
create function chg() returns trigger language plpgsql as $$ begin new.a := tg_argv[0]::int; return new; end $$;
create trigger zz before insert on pa1 for each row execute function chg(15);
insert into pa values (2,2);
insert into pa1 values (2,2);
insert into pa values (2,2), (11,1) returning tableoid::regclass, *;
copy pa from stdin;
2	2
\.
copy pa1 from stdin;
2	2
\.
insert into pa values (2,2) on conflict do nothing;
with x as (insert into pa values (2,2) returning *) select * from x;
merge into pa using (values (2)) v(x) on a = x when not matched then insert values (x, 0);
select tableoid::regclass, * from pa order by 2,3;
insert into pa values (12, 5); update pa set a = 3 where b = 5;
drop trigger zz on pa1;
insert into pa values (3, 3);
create trigger zu before update on pa1 for each row execute function chg(15);
update pa set b = 4 where a = 3; update pa1 set b = 4 where a = 3; update pa set a = 4 where a = 3; update pa set a = 14 where a = 3; select tableoid::regclass, * from pa order by 2,3;
drop trigger zu on pa1; create trigger zp before insert or update on pa for each row execute function chg(15);
insert into pa values (3, 3); update pa set b = 9; insert into pa1 values (3,3); insert into pa values (12, 4); select tableoid::regclass, * from pa order by 2,3;
drop trigger zp on pa; alter table pa add c int generated always as (a + b) stored; create table pb (a int, b int, c int) partition by list (b); create table pb1 partition of pb for values in (1) partition by range (a); create table pb11 partition of pb1 for values from (0) to (10); create trigger zb before insert on pb11 for each row execute function chg(50); insert into pb values (1,1,1); insert into pb1 values (1,1,1); insert into pb11 values (1,1,1);
create function chgb() returns trigger language plpgsql as $$ begin new.b := 7; return new; end $$; drop trigger zb on pb11; create trigger zb before insert on pb11 for each row execute function chgb(); insert into pb values (1,1,1); insert into pb1 values (1,1,1); insert into pb11 values (1,1,1); select * from pb;
create table pd partition of pb default; create trigger zd before insert on pd for each row execute function chgb(); insert into pb values (9,9,9); create or replace function chgb() returns trigger language plpgsql as $$ begin new.b := 1; return new; end $$; insert into pb values (9,9,9); select tableoid::regclass, * from pb;
