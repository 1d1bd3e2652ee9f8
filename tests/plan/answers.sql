# One query a line. Each joins tables of two servers, or reads one of them alone.
select a.*, b.v from a join b on b.aid = a.id where b.w = 3 order by a.id, b.id limit 40
select * from a order by id limit 3
select count(*), sum(a.n), avg(a.n), min(a.t), max(a.t), sum(b.w) from a join b on b.aid=a.id
select a.k, count(*), sum(a.n), avg(a.f), max(b.ts), min(a.d) from a join b on b.aid=a.id where a.id % 13 <> 0 and a.id % 29 <> 0 group by a.k order by a.k
select a.id, b.id from a left join b on b.aid = a.id and b.w = 1 where a.k = 3 order by 1,2
select a.id, b.id from a left join b on b.aid = a.id where b.id is null order by 1,2
select a.id, b.id from a right join b on b.aid = a.id where b.w=2 and b.id > 2900 order by 2
select a.id, b.id from a full join b on b.aid = a.id and b.w = 2 where (a.id is null or a.id < 20) and (b.id is null or b.id < 100) order by 1,2
select c.label, count(a.id) from c left join a on a.k = c.k group by c.label order by 1
select a.id, (select count(*) from b where b.aid = a.id) from a where a.id < 12 order by 1
select a.id from a where exists (select 1 from b where b.aid=a.id and b.w = 6) order by 1 limit 20
select a.id from a where a.id not in (select aid from b) order by 1
select a.id from a where a.id in (select aid from b where b.w=4) and a.k < 4 order by 1 limit 30
select id from a where id < 10 union select w from b order by 1
select k from a intersect select w from b order by 1
select k from a except select w from b order by 1
select k from a where id < 40 union all select w from b where id < 20 order by 1
with x as (select aid, count(*) n from b group by aid) select a.id, x.n from a join x on x.aid = a.id order by 1 limit 10
with x as (select * from b where w=5) select x1.id, x2.id, a.t from x x1 join x x2 on x1.aid = x2.aid join a on a.id = x1.aid order by 1,2 limit 20
with recursive r(n) as (select 1 union all select b.aid + n from r join b on b.id = n where n < 500) select n, a.t from r join a on a.id = r.n order by 1
select distinct a.t, b.v from a join b on b.aid=a.id order by 1,2 limit 30
select a.id, row_number() over (partition by a.k order by b.id), sum(b.w) over (partition by a.k order by b.id, a.id) from a join b on a.id=b.aid where a.k < 3 order by 1,2 limit 30
select a.id, b.id from a, b where a.id = b.aid and a.ts > '2021-03-05' and b.tm < '00:30' order by 1,2
select a.bp, b.v, a.bp = 'a', length(a.bp) from a join b on a.id=b.aid where a.id < 8 order by a.id, b.id
select a.j->>'i', a.arr[2], a.arr, a.u from a join b on a.id = b.aid where a.id < 5 order by b.id
select sum(a.nn), avg(a.nn), max(a.nn) from a join b on a.id=b.aid
select a.f, b.r from a join b on a.id=b.aid where a.id in (13,26,29,30,31,58) order by a.f, b.r
select sum(a.iv), max(a.iv) from a join b on a.id=b.aid where a.id < 20
select a.id, lat.v from a, lateral (select v from b where b.aid = a.id order by b.id desc limit 1) lat where a.id between 5 and 15 order by 1
select a.id, x from a, lateral (values (a.id+1), (a.k)) v(x), c where c.k = a.k and a.id < 5 order by 1,2
select a.id, g from a, generate_series(1, 3) g, c where c.k=a.k and a.id < 4 order by 1,2
select a.k, array_agg(b.id order by b.id) from a join b on a.id=b.aid where a.id < 20 group by a.k order by 1
select string_agg(distinct b.v, ',' order by b.v) from a join b on a.id=b.aid where a.id < 50
select case when a.k > 5 then 'big' when a.k is null then 'null' else 'small' end as c, count(*) from a join b on a.id=b.aid group by 1 order by 1
select a.id / 3, a.id % 3, -a.id / 2, a.n / 3, a.f / 2 from a join c on a.k=c.k where a.id < 12 and a.id <> 0 order by a.id
select coalesce(a.t, b.v, 'x'), nullif(a.k, b.w), greatest(a.k, b.w) from a join b on a.id=b.aid where a.id < 30 order by a.id, b.id
select a.d + 1, a.d - date '2020-01-01', a.ts + interval '1 month', date_trunc('day', b.ts), extract(epoch from b.ts) from a join b on a.id=b.aid where a.id < 9 order by b.id
select upper(a.t), substr(b.v, 2), a.t || b.v, position('t' in a.t), b.by from a join b on a.id=b.aid where a.id < 9 order by b.id
select a.t like 'text 1%', a.t ~ '^text [0-9]$', b.v ilike 'V1_' from a join b on a.id=b.aid where a.id < 30 order by b.id
select grouping(a.k), a.k, count(*) from a join b on a.id=b.aid where a.k < 4 group by rollup(a.k) order by 1,2
select count(distinct a.k), count(distinct b.v), count(*) filter (where b.w > 3) from a join b on a.id=b.aid
select bool_and(a.b), bool_or(a.b), every(b.w >= 0) from a join b on a.id=b.aid
select a.id from a join b on a.id=b.aid where (a.k, b.w) = (3, 3) order by 1
select a.id from a join b on a.id=b.aid where (a.k, b.w) < (1, 3) order by 1 limit 10
select a.id, b.id from a join b on a.id=b.aid order by a.t nulls first, b.v desc, a.id, b.id limit 20
select a.t, b.v from a join b on a.id=b.aid order by a.t desc nulls last, b.v, b.id limit 20 offset 100
select distinct on (a.k) a.k, b.id from a join b on a.id=b.aid order by a.k, b.id desc
select a.id from a where a.id > all (select k from c) order by 1 limit 5
select a.id from a where a.k = any (select k from c where label like '%3') order by 1 limit 5
select array(select label from c where c.k < a.id order by c.k) from a where a.id < 4 order by a.id
select (select max(id) from b), (select min(id) from a), exists(select 1 from c where k = 99)
select x.k, y.k from (select distinct k from a) x full join (select distinct w as k from b) y on x.k = y.k order by 1, 2
select count(*) from a cross join c
select a.id from a join b on a.id=b.aid group by a.id having count(*) > 2 order by 1 limit 10
select id, k from a where k = 3 and id in (select id from b) order by id limit 5
select a.id from a left join (b join c on c.k = b.w) on b.aid = a.id where c.label is null order by 1 limit 10
select a.id, q.s from a join (select aid, sum(w) s from b group by aid having sum(w) > 5) q on q.aid = a.id order by 1 limit 10
select 1/(a.id - 5) from a join c on c.k = a.k where a.id = 5
select a.id::smallint * 100::smallint from a join c on c.k=a.k where a.id = 999
select (a.t)::int from a join c on c.k=a.k where a.id=1
select to_char(b.ts, 'YYYY-MM-DD HH24:MI') , to_char(a.n, '999.99') from a join b on a.id = b.aid where a.id < 5 order by b.id
select sum(b.id), sum(b.r), avg(b.w), stddev(b.w) from a join b on a.id=b.aid
select a.ts::date, b.ts::text, a.n::int, a.f::numeric from a join b on a.id=b.aid where a.id in (1,2,3,4) order by b.id
select b.id from b join a on a.id=b.aid where a.d between '2020-01-03' and '2020-01-06' and b.by > '\x0100' order by 1
select count(*) from a, b
select current_date - current_date, a.id from a join c on a.k=c.k where a.id=1
select * from c a join b on a.k=b.w and b.id < 9 order by b.id
select a.id from a join b using (id) where id = 3
select * from (select id, k from a) x natural join (select k, label from c) y order by id limit 4
table c
values (1,'a'),(2,'b') order by 1 desc
select * from b where id = 5
select k, label from c where label > 'label 15' order by label
select a.j->>'i', count(*) from a join b on a.id=b.aid where a.id < 20 group by a.j->>'i' order by 1
select a.id, b.ts from a left join b on a.id=b.aid where to_char(b.ts,'YYYY') = '2001' order by 1,2 limit 10
select a.id, coalesce(to_char(b.ts,'YYYY'), 'none') from a left join b on a.id=b.aid and b.w=2 where a.id < 20 order by 1,2
select sum(length(to_char(b.ts, 'Month'))) from a join b on a.id=b.aid
select a.id, b.id from a left join b on b.aid=a.id where b.w = 1 and a.k=1 order by 1,2
select a.id, b.id from a full join b on b.aid=a.id where b.w = 1 order by 1,2 limit 20
select a.id, b.id from a full join b on b.aid=a.id where a.k = 1 order by 1,2 limit 20
select a.id, b.id from a full join b on b.aid=a.id where a.k = 1 and b.w = 1 order by 1,2 limit 20
select a.id, c.label from a left join (b left join c on c.k=b.w) on b.aid=a.id where c.label > 'label 3' and a.id < 30 order by 1,2
select a.id, c.label from a left join b on b.aid=a.id left join c on c.k=b.w where c.label > 'label 3' and a.id < 30 order by 1,2
select a.id, c.label from a left join b on b.aid=a.id left join c on c.k=b.w where (c.label > 'label 3' or b.id > 5) and a.id < 30 order by 1,2
select a.id, c.label from a left join b on b.aid=a.id left join c on c.k=b.w where (c.label > 'label 3' or a.id > 25) and a.id < 30 order by 1,2
select a.id, c.label from a left join b on b.aid=a.id left join c on c.k=b.w where c.label is null and a.id < 30 order by 1,2
select a.id, c.label from a left join b on b.aid=a.id left join c on c.k=b.w where not (c.k = 3) and a.id < 30 order by 1,2
select a.id from a left join b on b.aid=a.id where b.w = any('{1,2}') and a.id < 30 order by 1
select a.id from a left join b on b.aid=a.id where b.w <> all('{1,2}') and a.id < 30 order by 1
select a.id from a left join b on b.aid=a.id where b.w <> all('{}') and a.id > 990 order by 1
select a.id, b.id, c.label from a join b on b.aid=a.id join c on c.k=b.w where a.id = 7 order by 2
select a.id, b.id from a left join b on b.aid=a.id where a.id = 7 order by 2
select a.id, b.id from a left join b on b.aid=a.id and b.w = 99 where a.id = 7 order by 2
select a.id, b.id from a full join b on b.aid=a.id where a.id = 7 order by 2
select a.id, b.id from b left join a on b.id=a.id where b.id = 7 order by 2
select a.id from a where a.id = 7 and a.k in (select k from c where c.k = a.k)
select * from (select a.id, b.w, a.k + b.w as s from a join b on b.aid=a.id) v where w = 1 and s > 10 and id < 100 order by 1,2,3
select * from (select a.id, a.t from a union all select b.id, b.v from b) v where id in (3, 5) order by 1,2
select * from (select a.id, a.t from a union select b.id, b.v from b) v where id = 3 and t > 'a' order by 1,2
select * from (select a.id from a except select b.id from b where w = 1) v where id < 30 order by 1
select * from (select a.id from a intersect select b.id from b where w = 1) v where id < 30 order by 1
select * from (select a.k, sum(b.w) s, count(*) n from a join b on b.aid=a.id group by a.k) v where k in (1,2) and n > 5 order by 1
select * from (select a.k, c.label, sum(b.w) s from a join b on b.aid=a.id join c on c.k=b.w group by grouping sets ((a.k), (c.label))) v where k = 1 or label = 'label 1' order by 1,2
select * from (select a.id, b.w, row_number() over (partition by b.w order by a.id) n from a join b on b.aid=a.id) v where w = 2 and n < 4 and id > 3 order by 1
select * from (select distinct on (b.w) b.w, a.id from a join b on b.aid=a.id order by b.w, a.id) v where w > 2 and id > 2 order by 1
select * from (select a.id, b.w from a join b on b.aid=a.id order by 1, 2 limit 10) v where w = 2 order by 1
select c.k, v.id from c left join (select a.id, b.w, a.k from a join b on b.aid=a.id) v on v.k = c.k and v.w = 1 where c.k < 4 order by 1,2 limit 30
select c.k, v.id from c left join (select a.id, b.w, a.k from a join b on b.aid=a.id) v on v.k = c.k where v.w = 1 and c.k < 4 order by 1,2 limit 30
select c.k, v.id from c left join (select a.id, b.w, a.k from a join b on b.aid=a.id) v on v.k = c.k where v.w is null order by 1,2
select c.k, v.id from c full join (select a.id, b.w, a.k from a join b on b.aid=a.id where a.id < 5) v on v.k = c.k where coalesce(v.id, 0) < 3 order by 1,2
select c.k, v.id from c right join (select a.id, b.w, a.k from a join b on b.aid=a.id) v on v.k = c.k where v.id < 5 and c.k is not null order by 1,2
select v.id, v.x from (select a.id, unnest(a.arr) x from a join b on b.aid=a.id) v where v.id = 4 and v.x = 4 order by 1
with w as (select a.id, b.w from a join b on b.aid=a.id) select * from w where id = 10 and w = 3 order by 1,2
select v.id, l.w from (select a.id from a join c on c.k=a.k where a.id < 10) v, lateral (select b.w from b join a on a.id=b.aid where b.aid = v.id) l where l.w = 2 order by 1
select c.k, s.id, s.w from c, lateral (select a.id, b.w from (select * from a where a.k = c.k and a.id < 40) a full join (select * from b where b.id < 20 and b.w = c.k) b on a.id = b.aid) s order by 1, 2, 3
select c.k, (select count(*) from (select * from a where id < 40) a full join (select * from b where id < 40) b on a.id = b.aid and a.k > c.k) from c order by 1
select a.id, (select string_agg(coalesce(b.v, c.label), ',' order by b.v, c.label) from (select * from b where b.aid = a.id) b full join c on c.k = b.w and c.k < a.k) from a where a.id < 6 order by 1
with recursive w as (select k from a union select w from b) select count(*), (select count(*) from w) from w x, w y
# Subqueries about nothing outside that fail: where a row asks for them, and only there.
select a.id, case when a.id > 5000 then (select 1 / (c.k - c.k) from c where c.k = 1) end from a join b on b.aid = a.id where a.id < 3 order by 1, b.id
select coalesce(a.id, (select k from c)), coalesce(a.k, (select 1 / (k - 1) from c where k = 1)) from a where id < 3 order by 1
select a.id, b.id from a join b on b.aid = a.id where a.k + b.w = (select k / 2 from c where k = 9) and a.id < 30 order by 1, 2
select count(*) from a join b on b.aid = a.id where a.id < 0 and a.k + b.w = (select k from c)
select a.id from a join b on b.id = a.id + (select k / 2 from c where k = 9) where a.id < 4 order by 1
select id, k in (select k / 2 from c), (select array_agg(k / 1 order by k) from c), exists (select from c where k / 1 = 2) from a where id < 4 order by 1
begin; select count(*) from a; select count(*), max(case when a.id > 5000 then (select 1 / (k - k) from c where k = 1) end), max(case when a.id > 5000 then (select id / (id - 1) from a where id = 1) end) from a join b on b.aid = a.id; select count(*) from c; select count(*) from a; select max(case when a.id > 5000 then (select k from c) end) from a; select count(*) from b; commit
prepare p(int, int) as select case when a.id > $1 then (select 1 / (k + $2) from c where k = 1) end from a where id < 3 order by a.id; execute p(5000, -1); execute p(1, 0); execute p(1, 1); execute p(5000, -1)
prepare p(int, int) as select a.id from a join b on b.aid = a.id where a.id < 9 and a.k + b.w > (select k / $2 from c where k = $1) order by a.id, b.id limit (select 8 / $2); execute p(3, 1); execute p(2, 2); set plan_cache_mode = force_generic_plan; execute p(3, 1); execute p(2, 2)
set timezone = 'America/New_York'; select json_agg(ts order by id), jsonb_agg(d order by id), json_object_agg(id, ts order by id) from a where id < 4
set timezone = 'America/New_York'; select k, json_agg(row(id, ts) order by id), json_agg(array[ts] order by id) from a where id < 40 group by k order by k
set timezone = 'America/New_York'; set intervalstyle = iso_8601; select json_agg(iv order by id), jsonb_agg(t order by id), json_agg(f order by id) from a where id < 4
set timezone = 'America/New_York'; select id, count(*) over (order by ts range between '1 day' preceding and current row) from a where ts between '2021-03-13' and '2021-03-16' order by id
set timezone = 'America/New_York'; select count(*) from a where ts is not distinct from ts at time zone 'America/New_York' and id < 40
set timezone = 'America/New_York'; select count(*) from a where nullif(ts, ts at time zone 'America/New_York') is null and id < 40
set timezone = 'America/New_York'; select count(*) from a where ts = any (array[ts at time zone 'America/New_York']) and id < 40
set timezone = 'America/New_York'; select count(*) from a where ts in (select ts at time zone 'America/New_York' from a) and id < 40
set timezone = 'America/New_York'; select count(*) from a where (id, ts) in (select id, ts at time zone 'America/New_York' from a) and id < 40
set timezone = 'America/New_York'; select count(*) from a where id < 40 and exists (select from b where b.id = a.id and ts is not distinct from ts at time zone 'America/New_York')
select id from a where t ~* any (array['TEXT 1$', 'text 2$']) and id < 40 order by id
select id, k from a union all select aid, w from b order by k desc, id limit 7
select * from (select id, k from a where id % 3 = 0 union all select aid, w from b) s order by k, id limit 5 offset 4
select t, id from (select t, id from a union all select v, id from b) s order by t desc nulls last, id limit 6
select count(*) from (select id from (select id from a union all select aid from b) s limit 5) l
select id, row_number() over (order by id, k) from (select id, k from a union all select aid, w from b) s order by id, k limit 5
select count(*), count(v), sum(v), avg(v), min(v), max(v), bool_or(v > 3) from (select k as v from a union all select w from b) s
select v % 3, count(*), avg(v), sum(n) filter (where v > 2) from (select k as v, nn as n from a where id % 13 <> 0 union all select w, 1.50 from b union all select 7, null) s group by 1 having count(*) > 1 order by 1
select t, count(*) c, max(d) from (select t, d from a union all select v, date '2020-01-01' from b) s group by t order by c desc, t limit 5
select distinct count(*) from (select k as v, t from a union all select w, v from b) s group by v order by 1
select x.v, x.c, b.id from (select v, count(*) c from (select k as v from a union all select w from b) s group by v) x join b on b.w = x.v where b.id < 30 order by 3
select (select count(*) from (select aid from b where b.aid = a.id union all select id from a c where c.id = a.id) s) from a where id < 9 order by a.id
select s from (select id, t, k from a where id < 4 union all select id, v, w from b where id < 3) s order by 1
select count(*) from (select id, t from a union all select distinct id, v from b) s
select sum(c) from (select k, count(*) c from a group by k union all select w, 1 from b) s
select max(n), count(*) from (select nn as n from a where false union all select 1.5 from b where id < 0) s
select g from (select max(id) as m, k as g from a group by k union all select id, w from b where id < 3) s order by 1
select c from (select k % 2 as p, count(*) as c from a group by k, t union all select 1, 2 from b where id < 3) s order by 1 limit 20
select r from (select id, row_number() over (order by id) as r from a where id < 5 union all select id, w from b where id < 3) s order by 1
select m from (select distinct k, k % 2 as m from a where id < 40 union all select id, w from b where id < 3) s order by 1
select count(*) from (select max(id), 1 from a union all select id, w from b where id < 3) s
select 1 from (select max(id) as m, min(k) as n from a union all select id, w from b where id < 3) s
select n from (select max(id) as m, min(k) as n from a having max(id) > 0 union all select id, w from b where id < 3) s order by 1
prepare q(text[]) as select count(*) from a where t = any($1) or 'NULL' = any($1); execute q('{NULL,text 3}'); execute q('{NULL}')
select count(*) from a where arr = '{7,2,NULL}'; select count(*) from a where t = any('{NULL,text 5}'); select count(*) from a where not (t = null)
select id, t || '\' from a where t || '\' = 'text 4\' and t <> '\''' order by id limit 3
select j from d order by j; select id from d where j < '{"s":"b"}' order by id; select greatest(j, '{"s":"b"}') from d order by id
select count(*) from d where j > any(array['{"s":"Z"}','{"s":"a"}']::jsonb[]); select count(*) from d where j > all(select j from d where id < 4); select max(array[j]) from d
select array_agg(distinct j) from d; select id, rank() over (order by j) from d order by 2, 1; select percentile_disc(0.5) within group (order by j) from d; select j from d order by (select j)
select t from d order by t; select min(t), max(t) from d; select t from d where t > 'a' order by id; select j, count(*) from d group by j having j <> '{"s":"a"}' order by count(*), j limit 3
select t from e order by t; select id from e where t > 'b' order by id; select max(t), min(c), max(a) from e; select t from e order by t fetch first 2 rows with ties; select rank() over (order by t), t from e order by id
select id, md5(t), octet_length(t), t::bytea, convert_to(t, 'UTF8'), ascii(t), chr(225) = t, lpad(t, 3, 'ą'), c || '|', length(c), upper(t) from e order by id
select id from e where md5(t) = md5('ą'); select id from e where octet_length(t) = 2 order by id; select id from e where chr(261) = t; select id from e where t like '_' order by id; select id from e where ascii(t) > 255 order by id
select id from e where t = 'ą' or c = 'ł' order by id; select id from e where t <> '漢' order by id; select id, t || '漢' from e order by id limit 2; select id from e where t in ('漢', 'z'); select t, count(*) from e group by t order by t desc
select id from e where t = 'z' and c = 'z' order by t; select count(distinct t), string_agg(t, ',' order by id) from e; select e.id, v.x from e join (values ('漢'), ('ł'), ('q')) v(x) on e.t = v.x
select e.id, b.id from e left join b on b.v = e.t and b.id < 3 order by 1; select e.id, a.id from a join e on e.t || 'x' = a.t || 'x' or e.t = a.bp where a.id < 3 order by 1, 2
select id, (select max(b.ts) from b where b.aid = a.id and b.w < a.k) from a where k = 5 order by id limit 7 offset 1; select id, (select count(*) from b where b.aid = a.id) c, random() < 2 from a order by n desc, id limit 9
select id, generate_series(1, 2), (select count(*) from b where b.aid = a.id) from a order by n desc, id limit 5; select id, unnest(array(select b.id from b where b.aid = a.id order by 1)) from a order by n desc, id limit 9
select k, count(*), (select label from c where c.k = a.k) from a group by k order by count(*) desc, k limit 6; select id, (select label from c where c.k = a.k), row_number() over (order by n, id) from a order by d desc, id limit 6
select id, (select c.label from c where c.k = a.k) from a where exists (select 1 from b where b.aid = a.id) order by n desc, id offset 5 fetch first 4 rows with ties
