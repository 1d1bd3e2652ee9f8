-- Subqueries that compare several columns with the rows outside
\pset format unaligned
\pset tuples_only on
create extension file_fdw;
create server files foreign data wrapper file_fdw;
\set staff :dir '/staff.csv'
create foreign table staff (id int, boss int, pay float8, team int) server files options (filename :'staff', format 'csv');
create table operators (o text);
insert into operators values ('='), ('<>'), ('<'), ('>='), ('is distinct from'), ('is not distinct from');
create view conditions as select format('x.boss %s a.boss and x.pay %s a.pay%s', p.o, q.o, r.more) as c
from operators p, operators q, (values (''), (' and x.team = a.team'), (' and x.team <> a.team'), (' and x.id > a.id'), (' and a.id + x.team > 4')) r(more);
select format('select %L, count(*), sum(id) from staff a where exists (select 1 from staff x where %s)', c, c) from conditions order by c \gexec
select format('select %L, sum(id) filter (where y), sum(id) filter (where not y) from (select id, exists (select 1 from staff x where %s) y from staff a) s', c, c) from conditions order by c \gexec
select format('select %L, count(*), sum(id) from staff a where id > 25 or not exists (select 1 from staff x where %s)', c, c) from conditions where c like '%<>%' order by c \gexec
-- one inside another, in joins, in what is LATERAL
select string_agg(a.id::text, ' ' order by a.id) from staff a where not exists (select 1 from staff x where x.boss = a.boss and not (x.pay = a.pay) and x.id < a.id);
select string_agg(a.id || ':' || b.id, ' ' order by a.id, b.id) from staff a left join staff b on a.boss = b.id and exists (select 1 from staff x where x.boss = b.id and x.id <> a.id and x.pay > a.pay);
select string_agg(a.id || ':' || b.id, ' ' order by a.id, b.id) from staff a join lateral (select id from staff y where y.id = a.boss and exists (select 1 from staff x where x.boss = y.id and x.id <> a.id and x.pay > a.pay)) b on true;
select string_agg(a.id::text, ' ' order by a.id) from staff a where exists (select 1 from staff y where y.boss = a.boss and y.id <> a.id and not exists (select 1 from staff x where x.team <> a.team and x.pay > y.pay and x.id <> y.id));
select string_agg(a.id::text, ' ' order by a.id) from staff a where team in (select team from staff x where x.boss <> a.boss and x.pay < a.pay and x.id <> a.boss);
select string_agg(a.id::text, ' ' order by a.id) from staff a where pay > any (select pay from staff x where x.boss is distinct from a.boss and x.team < a.team) and (select min(x.pay) from staff x where x.team <> a.team and x.id > a.id) < 3;
create table paid (who varchar(5), day date, n numeric(6,2));
insert into paid select 'w' || i % 4, date '2024-01-01' + i % 6, i * 1.5 from generate_series(1, 20) i;
select count(*) from paid a where exists (select 1 from paid x where x.who = a.who and x.day <> a.day and x.n > a.n) and not exists (select 1 from paid x where x.who <> a.who and x.day > a.day and x.n = a.n);
delete from paid a where exists (select 1 from paid x where x.who = a.who and x.day <> a.day and x.n < a.n);
table paid order by who, day, n;
drop table paid;
drop view conditions;
drop table operators;
drop extension file_fdw cascade;
