\set VERBOSITY verbose
create foreign data wrapper w; create server s foreign data wrapper w; create foreign table f (a int, b text) server s; create role z; create role y; create view v as select * from f; create view v2 as select * from f where false; create table l (a int); grant select on v2 to z; create function nf() returns int language sql as 'select 1'; revoke execute on function nf() from public;
create view v3 as select count(*) from v; create view v5 as select a from l union all select a from f; create view v6 as select (select max(a) from f); create view v7 as select nf() from f;
set role z;
select * from v; select * from v2; select * from f; select * from v3; select a from l, f; select * from l where a in (select a from f); select * from l where exists (select 1 from v); select * from v5; select * from v6; select (select count(*) from f); with c as (select * from f) select * from c, l; select nf(); select nf() from f; explain select * from f; explain select * from v; select * from l where false and a in (select a from f); select * from v7;
insert into l select a from f; update l set a = 1 from f; delete from f; insert into f values (1); truncate f;
