-- A subquery in GROUP BY, ORDER BY or DISTINCT is found again where it is written alike.
create table eq_rows(id int, ar int[]); insert into eq_rows values (1,'{1,2}'),(2,'{2}'),(3,null);
select (select max(x) from unnest(eq_rows.ar) u(x)) from eq_rows group by (select max(x) from unnest(eq_rows.ar) u(x)) order by 1;
select (select max(x) from unnest(eq_rows.ar) u(x)), count(*) from eq_rows group by 1 order by 1;
select (select max(x) from unnest(eq_rows.ar) u(x))::int from eq_rows group by (select max(x) from unnest(eq_rows.ar) u(x))::int order by 1;
select (select max(h.id) from eq_rows h where h.id = eq_rows.id) from eq_rows group by (select max(h.id) from eq_rows h where h.id=eq_rows.id) order by 1;
select (select x from generate_series(1,eq_rows.id) x order by x desc limit 1) from eq_rows group by (select x from generate_series(1,eq_rows.id) x order by x desc limit 1) order by 1;
select (select x from (values (eq_rows.id)) v(x)) from eq_rows group by (select x from (values (eq_rows.id)) v(x)) order by 1;
select array(select x+1 from unnest(eq_rows.ar) x) from eq_rows group by array(select x+1 from unnest(eq_rows.ar) x) order by 1;
select exists(select 1 from unnest(eq_rows.ar) x) from eq_rows group by exists(select 1 from unnest(eq_rows.ar) x) order by 1;
select (with w as (select eq_rows.id) select id from w) from eq_rows group by (with w as (select eq_rows.id) select id from w) order by 1;
select (select sum(x) over () from unnest(ar) x limit 1) from eq_rows group by (select sum(x) over () from unnest(ar) x limit 1) order by 1;
select (select 1 union all select eq_rows.id order by 1 limit 1) from eq_rows group by (select 1 union all select eq_rows.id order by 1 limit 1) order by 1;
create sequence eq_seq;
select (select nextval('eq_seq') where g.id > 0) = (select nextval('eq_seq') where g.id > 0) as eq, count(*) from eq_rows g group by 1;
select (select count(*) from (select nextval('eq_seq') where g.id>0) z), count(*) from eq_rows g group by (select count(*) from (select nextval('eq_seq') where g.id>0) z) order by 1;
select last_value from eq_seq;
select distinct (select max(x) from unnest(eq_rows.ar) x) from eq_rows order by (select max(x) from unnest(eq_rows.ar) x);
select (select max(x) from unnest(eq_rows.ar) x) + 1 as y, count(*) from eq_rows group by (select max(x) from unnest(eq_rows.ar) x) having (select max(x) from unnest(eq_rows.ar) x) > 0 order by (select max(x) from unnest(eq_rows.ar) x) desc;
select coalesce((select max(x) from unnest(eq_rows.ar) x), 0) c, sum((select max(x) from unnest(eq_rows.ar) x)) from eq_rows group by (select max(x) from unnest(eq_rows.ar) x) order by 1;
select id in (select id from eq_rows h where h.id < 3) k, count(*) from eq_rows group by id in (select id from eq_rows h where h.id < 3) order by 1;
select case when exists (select 1 from eq_rows h where h.id > eq_rows.id) then 'more' else 'last' end k, count(*) from eq_rows group by case when exists (select 1 from eq_rows h where h.id > eq_rows.id) then 'more' else 'last' end order by 1;
select (select h.id from eq_rows h where h.id = eq_rows.id), row_number() over (order by (select h.id from eq_rows h where h.id = eq_rows.id)) from eq_rows group by (select h.id from eq_rows h where h.id = eq_rows.id) order by 2;
select distinct on ((select max(x) from unnest(eq_rows.ar) x)) id, (select max(x) from unnest(eq_rows.ar) x) m from eq_rows order by (select max(x) from unnest(eq_rows.ar) x), id;
select count(distinct (select max(x) from unnest(eq_rows.ar) x) order by (select max(x) from unnest(eq_rows.ar) x)) from eq_rows;
select array_agg(distinct (select max(x) from unnest(eq_rows.ar) x) order by (select max(x) from unnest(eq_rows.ar) x)) from eq_rows;
create view eq_view as select (select max(x) from unnest(eq_rows.ar) x) k, count(*) from eq_rows group by (select max(x) from unnest(eq_rows.ar) x);
\d+ eq_view
select * from eq_view order by 1;
select grouping((select max(x) from unnest(eq_rows.ar) x)), count(*) from eq_rows group by cube((select max(x) from unnest(eq_rows.ar) x)) order by 1,2;
-- keys that call what takes turns
select nextval('eq_seq') + nextval('eq_seq') > 0, count(*) from eq_rows g group by 1;
select (select nextval('eq_seq')) + (select nextval('eq_seq')) > 0, count(*) from eq_rows g group by 1;
select (select nextval('eq_seq') where g.id > 0) + nextval('eq_seq') > 0, count(*) from eq_rows g group by 1;
select (select nextval('eq_seq') where g.id > 0) = (select nextval('eq_seq') where g.id > 0) as eq, count(*) from eq_rows g group by 1;
select sum(nextval('eq_seq')+nextval('eq_seq')) from eq_rows;
select sum(nextval('eq_seq')), sum(nextval('eq_seq')) from eq_rows;
select id, nextval('eq_seq'), nextval('eq_seq') from eq_rows group by id order by id;
select count(*) from eq_rows group by nextval('eq_seq');
select nextval('eq_seq'), count(*) from eq_rows group by 1, nextval('eq_seq') order by 1;
select nextval('eq_seq')+nextval('eq_seq') > 0 as k, (nextval('eq_seq')+nextval('eq_seq') > 0) and nextval('eq_seq') > 0, count(*) from eq_rows group by nextval('eq_seq')+nextval('eq_seq') > 0;
select last_value from eq_seq;
-- not alike: names and conditions count
select (select max(x) from unnest(eq_rows.ar) x) from eq_rows group by (select max(y) from unnest(eq_rows.ar) y) order by 1;
select (select max(x) from unnest(eq_rows.ar) x where x > 1) from eq_rows group by (select max(x) from unnest(eq_rows.ar) x where x > 2) order by 1;
select (select h.id from eq_rows h where h.id = eq_rows.id limit 1) from eq_rows group by (select h.id from eq_rows h where h.id = eq_rows.id limit 2) order by 1;
drop view eq_view;
drop table eq_rows;
drop sequence eq_seq;
