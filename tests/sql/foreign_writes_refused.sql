-- What cannot be written to says so, EXPLAIN included.
\set VERBOSITY verbose
create extension file_fdw; create server fs foreign data wrapper file_fdw; 
create foreign table b1 (a int) server fs options (filename '/dev/null');
delete from b1;
delete from b1 where a=1;
delete from b1 returning *;
update b1 set a=1;
update b1 set a=1 where a=3 returning a;
insert into b1 select 1;
insert into b1 select * from b1;
explain delete from b1; explain update b1 set a=2; explain insert into b1 values (1);
create table p (a int); alter foreign table b1 inherit p; insert into p values (1);
delete from p; update p set a=3; delete from only p; select * from p;
explain delete from p;
merge into b1 using p on b1.a=p.a when matched then delete;
merge into b1 using p on b1.a=p.a when matched then update set a=3;
merge into b1 using p on b1.a=p.a when not matched then insert values (1);
merge into p using b1 on b1.a=p.a when not matched then insert values (1);
merge into p using b1 on b1.a=p.a when matched then delete;
create foreign data wrapper nh; create server ns foreign data wrapper nh; create foreign table n (a int) server ns;
delete from n; update n set a=1; insert into n values (1); explain delete from n; explain insert into n values (1); select * from n; truncate n; merge into n using p on true when matched then delete; lock n; analyze n; 
create view v as select * from b1; delete from v; update v set a=1; insert into v values (1);
select table_name, is_insertable_into, is_updatable from information_schema.views where table_name='v';
select table_name, is_insertable_into from information_schema.tables where table_name in ('v','b1','n','p');
select pg_relation_is_updatable('b1',true), pg_relation_is_updatable('n',true);
