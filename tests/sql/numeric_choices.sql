-- CASE and COALESCE over numerics: digits after the point are each result's own.
create table prices (id int, a numeric(10,2), b numeric(12,2), c numeric(5,3), d numeric, e numeric(38,2), k int);
insert into prices select i, i / 3.0, i / 7.0, i / 11.0 % 9, i / 13.0, i * 1e30::numeric / 7, i % 4 from generate_series(1, 40) i;
insert into prices values (41, null, null, null, null, null, 1), (42, 0, 0, 0, 0, 0, 1);
select id, case when k = 1 then a * 2 else b + 1.00 end, case when k = 1 then a else 0 end, case k when 1 then a * b when 2 then a * c end, case when k = 2 then d else a end from prices order by id limit 8;
select id, coalesce(a, b), coalesce(a * 2, b), coalesce(a, 0), coalesce(a + 0.01, 0.00), coalesce(a, c), coalesce(null, a * 2), coalesce(a * b, 1.0000) from prices order by id desc limit 4;
select k, sum(case when id > 10 then a * 2 end), sum(case when id > 10 then a * 2 else 0 end), sum(case when id > 10 then a * 2 else 0.00 end), avg(case when id > 10 then a * b end),
  sum(a * (1 - c)) filter (where id > 10), min(case when id > 10 then a + b end), max(coalesce(a * 2, 0.00)), sum(coalesce(a + b, 0)) from prices group by k order by k;
select sum(case when id < 0 then a * 2 else 0 end), sum(case when id < 0 then a * 2 else 0.00 end), sum(case when id < 0 then a * 2 end), sum(coalesce(null::numeric(10,2), 0)) from prices;
select case when id > 1 then e * 10 else a end, case when id > 1 then e + a else a * 1 end, case when id > 1 then e * e else a end from prices order by id limit 3;
select case when id = 1 then 12.3456 when id = 2 then 1.5 else 0.0001 end, case when id = 1 then 12.3456 when id = 2 then 0.1500 else null end, case when id = 1 then 'NaN' else a end, case when id < 3 then -0.50 else .50 end from prices order by id limit 4;
select distinct case when k = 1 then 1.50 else 1.5 end from prices order by 1;
select case when k = 1 then 1.50 else 2.50 end as v, count(*) from prices group by v order by v;
select case when k = 1 then a + 1 else b end as c from prices order by c desc nulls last, id limit 3;
select id from prices p where case when k = 1 then a + 1 else b end = (select max(case when k = 1 then a + 1 else b end) from prices) or coalesce(a + 1, 0) = 0 order by id;
select id, sum(case when k = 1 then a * 2 else 0.00 end) over (order by id rows 2 preceding), lag(coalesce(a + 1, 0.00), 1, 0.5) over (order by id) from prices order by id limit 5;
select case when k = 1 then a * 2 else case when k = 2 then b else coalesce(a, b) + 1 end end::numeric(6,1), (case when k = 1 then a * 2 else 1.00 end)::int, (case when k = 1 then a * 2 else 1.00 end)::text, (case when k = 1 then a * 2 else 1.00 end) / 3 from prices order by id limit 4;
select array[case when k = 1 then a * 2 else 1.00 end, coalesce(b + 1, 0)], row(case when k = 1 then a * 2 else 1.00 end), greatest(case when k = 1 then a * 2 else 1.00 end, 1.5), round(case when k = 1 then a * 2 else 1.00 end, 1), scale(case when k = 1 then a * 2 else 1 end), nullif(case when k = 1 then a * 2 else 1.00 end, 1) from prices order by id limit 3;
select case when k = 1 then a * 2 else 1.00 end between 1 and 2, case when k = 1 then a * 2 else 1.00 end in (1, 2), case when k = 1 then a * 2 else 1.00 end is distinct from 1, to_json(case when k = 1 then a * 2 else 1.00 end) from prices order by id limit 3;
(select case when k = 1 then a * 2 else 1.00 end from prices where id < 4) union (select coalesce(b, 0) from prices where id < 3) order by 1;
select case when id = 1 then 0.5 else -0.25 end, case when id = 1 then 0.50 else -0.25 end, (case when id = 1 then 0.50 else -0.25 end)::text from prices where id < 3 order by id;
drop table prices;
