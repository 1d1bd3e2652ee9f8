-- Partitions that conditions rule out are not asked, nor is their wrapper needed.
\set VERBOSITY verbose
create foreign data wrapper w; create server s foreign data wrapper w; create extension file_fdw; create server fs foreign data wrapper file_fdw;
create table p (a int, b text, c int default 5) partition by range (a);
create foreign table f1 partition of p for values from (1) to (10) server s; create foreign table f2 partition of p for values from (10) to (20) server fs options (filename '/dev/null');
create table t2 partition of p for values from (100) to (200);
insert into p values (150, 'x'), (160,'y');
delete from p where a = 160;
update p set b = 'z' where a = 150;
update p set a = 160 where a = 150;
update p set a = 15 where a = 160;
update p set a = 5 where a = 160;
delete from p where a > 120 returning *;
insert into p values (150, 'x'), (160,'y');
delete from p where a = 15; update p set a=16 where a = 15;

merge into p using (values (150, 'z')) v(x,y) on a = x and a > 100 when matched then update set b = y when not matched then insert values (x, y);
merge into p using (values (150, 'z')) v(x,y) on a = x and a = 150 when matched then update set b = y when not matched then insert values (x, y);

update p set b = 'q' from (values (150)) v(x) where a = x and a between 100 and 199;
insert into p values (150, 'q') on conflict do nothing; insert into p values (150,'q') on conflict (a) do nothing; insert into p values (15); insert into p values (15) returning *; insert into p values (15) on conflict do nothing; insert into p values (5) on conflict do nothing;
insert into p values (151, 'a'), (15, 'b'); select * from t2 order by 1; select * from p where a = 150; select * from p where a in (150, 160) order by 1; select * from p where a = 12; select count(*) from p where a > 10; explain (costs off) delete from p where a = 12;
select * from p where a is null; select * from p where false; select * from p where a = (select 150); select tableoid::regclass, a from p where a >= 20 order by 1, 2;
truncate t2; truncate p; truncate only p; lock table p; analyze p; 
update p set b = 'x' where false; delete from p where false; delete from p where null; update p set b = 1 where a is null; 
create table hp (a int, b int) partition by hash (a); create table h0 partition of hp for values with (modulus 2, remainder 0); create foreign table h1 partition of hp for values with (modulus 2, remainder 1) server s; insert into hp values (1),(2),(3),(4); insert into hp values (1); insert into hp values (2); insert into hp values (3); insert into hp values (4); select * from hp where a = 1; delete from hp where a=1; update hp set b = 4 where a = 1; select * from hp where a = 2; select * from h0;
create table lp (a text, b int) partition by list (a); create table l0 partition of lp for values in ('a', null); create foreign table l1 partition of lp default server s; insert into lp values ('a',1),(null,2); insert into lp values ('b'); delete from lp where a is null; update lp set b=3 where a = 'a'; update lp set a='zz' where a='a'; select * from lp where a in ('a',null); delete from lp where a = any('{a}'); select * from lp where a = 'a' or a is null;
