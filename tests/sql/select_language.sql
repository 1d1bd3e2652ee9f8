-- What a SELECT may be made of: limits by the row outside, subqueries in conditions of outer joins, aggregates of the query around,
-- functions of one value in FROM, rows of JSON, rows compared with a subquery's, VARIADIC calls, arrays of arrays, set-returning targets.
create type mood as enum ('sad','ok','happy');
create type addr as (street text, no int);
create type pers as (name text, home addr);
create table dept(id int primary key, dname varchar(20), loc char(6), budget numeric);
insert into dept values (1,'sales','north',1000.50),(2,'tech','south',20000),(3,'empty',null,null),(4,'ops','north','NaN'),(5,'hr','',0.00);
create table emp(id int primary key, name text, dept int, boss int, sal numeric(10,2), bonus float8, hired date, tags text[], nums int[], m mood);
insert into emp values
 (1,'Ann',1,null,5000.00,1.5,'2010-01-31','{a,b}','{1,2,3}','happy'),
 (2,'bob',1,1,3000.10,-0.0,'2012-02-29','{b}','{}','ok'),
 (3,'Čenĕk',2,1,3000.10,0,'2012-02-29',null,'{3,NULL}','sad'),
 (4,'dan',2,3,2500,'NaN','2015-12-31','{}','{4,5,6,7}',null),
 (5,'Eve',2,3,null,'Infinity',null,'{"x y",NULL,"q\"u"}',null,'ok'),
 (6,'eve',null,4,1000,2.25,'2020-06-15','{c}','{0}','happy'),
 (7,'Fay',9,4,1000,null,'2020-06-16','{a,c}','{1}','sad'),
 (8,'gus',4,2,7777.77,'-Infinity','1999-12-31','{z}','{8,8,8}','ok'),
 (9,'',4,2,0,1e300,'4713-01-01 BC','{a}','{9,10}','sad'),
 (10,'Zoë',1,8,12.34,1e-300,'infinity','{b,a}','{2,1}','happy');
create table n(x int, y int, t text);
insert into n values (1,1,'a'),(1,2,'b'),(2,2,null),(2,null,'a'),(null,3,'b'),(null,null,'c'),(3,1,'C'),(3,1,'C'),(4,0,'%'),(5,-1,'a_b'),(0,5,'a%b');
create table w(id int, g text, o int, v numeric, f float8, d date, ts timestamp, iv interval);
insert into w values
 (1,'a',1,1.0,1.5,'2020-01-01','2020-01-01 00:00','1 day'),
 (2,'a',1,1.00,2.5,'2020-01-02','2020-01-01 12:00','24:00:00'),
 (3,'a',2,2.50,-0.0,'2020-01-04','2020-01-02 00:00','30 days'),
 (4,'a',4,null,0,'2020-01-05','2020-01-03 06:00','1 mon'),
 (5,'b',null,10,null,'2020-02-01','2020-02-01 00:00','1 mon 1 day'),
 (6,'b',3,-1,3.25,'2020-02-01','2020-02-01 00:00',null),
 (7,'b',5,7.125,4,null,null,'720:00:00'),
 (8,'b',5,0,'NaN','2020-03-01','2020-03-01 00:00','00:00:01'),
 (9,null,7,1e3,1e10,'2020-03-02','2020-03-01 00:00:01','-1 day'),
 (10,null,null,'NaN','-Infinity','2020-12-31','2020-12-31 23:59:59.999999','0');
create table edges(a int, b int, label text);
insert into edges values (1,2,'x'),(1,3,'y'),(2,4,'x'),(3,4,'z'),(4,5,'x'),(5,1,'back'),(6,7,'x'),(7,7,'self');
create table ev(id int, emp_id int, at timestamp, tz timestamptz, dur interval, amt numeric, kind text, ok bool, j jsonb);
insert into ev values
 (1,1,'2021-01-01 10:00','2021-01-01 10:00+00','1 hour',10.5,'in',true,'{"a":1,"b":[1,2]}'),
 (2,1,'2021-01-01 11:00','2021-03-28 01:30+00','2 hours 30 min',2.25,'out',false,'{"a":null}'),
 (3,2,'2021-01-02 10:00','2021-07-01 00:00+02','1 day',10.50,'in',null,'[1,"x",null]'),
 (4,3,'2021-02-28 23:59:59','2021-10-31 01:30+00','24:00',0,'in',true,null),
 (5,3,'2021-03-01','2022-01-01 00:00+00','-1 day',null,null,true,'"s"'),
 (6,99,null,null,null,-5,'in',false,'{"a":1}'),
 (7,null,'2021-01-01 10:00','infinity','1 year',1,'out',true,'1.50'),
 (8,8,'2021-01-01 10:00','2021-01-01 10:00+00','1 mon',10.500,'x',true,'{"b":{"c":"d"}}');
create table per(id int, a addr, p pers);
insert into per values (1,row('Main',5),row('Al',row('Side',6))),(2,null,null),(3,row(null,null),row('Bo',null)),(4,row('Main',5),row('Cy',row(null,7)));
create table bits(id int, b bytea, u uuid, bt bit(4), vb varbit, tt time, tz timetz);
insert into bits values (1,'\x00ff','00000000-0000-0000-0000-000000000001','1010','101','10:00','10:00+02'),
 (2,'','ffffffff-0000-0000-0000-000000000001','0000','','24:00','09:00+01'),
 (3,null,null,null,null,null,null);
select d.id, (select e.name from emp e where e.dept=d.id order by e.id limit 1) from dept d order by 1;
select d.id, (select string_agg(name,',' order by id) from (select e.name,e.id from emp e where e.dept=d.id order by e.id limit d.id) s) from dept d order by 1;
select d.id, x.name from dept d, lateral (select e.name, e.id from emp e where e.dept=d.id order by e.id limit 2) x order by 1, x.id;
select d.id, x.name from dept d, lateral (select e.name, e.id from emp e where e.dept=d.id order by e.id limit 2 offset 1) x order by 1, x.id;
select d.id, x.name from dept d left join lateral (select e.name, e.id from emp e where e.dept=d.id order by e.id limit d.id offset d.id-1) x on true order by 1, x.id;
select d.id, array(select e.name from emp e where e.dept=d.id order by e.id offset 1) from dept d order by 1;
select d.id, array(select e.name from emp e order by e.id offset d.id limit d.id) from dept d order by 1;
select d.id, (select e.name from emp e order by e.id offset d.id limit 1) from dept d order by 1;
select d.id, exists (select 1 from emp e where e.dept=d.id offset 1) from dept d order by 1;
select d.id, exists (select 1 from emp e where e.dept=d.id limit 0) from dept d order by 1;
select d.id, (select count(*) from (select 1 from emp e where e.dept=d.id limit 2) s) from dept d order by 1;
select d.id from dept d where d.id in (select e.id from emp e where e.dept = d.id order by e.id limit 1) order by 1;
select d.id, (select g from generate_series(1,5) g offset d.id limit 1) from dept d order by 1;
select d.id, (select e.name from emp e where e.dept=d.id order by e.sal desc nulls last, e.id fetch first 1 row only) from dept d order by 1;
select d.id, x.* from dept d, lateral (select e.sal from emp e where e.dept=d.id order by e.sal desc fetch first 1 row with ties) x order by 1,2;
select d.id, (select e.name from emp e where e.id>0 order by e.id limit (select d.id - d.id + 1)) from dept d order by 1;
select d.id, e.id from dept d left join emp e on e.dept=d.id and exists (select 1 from n where n.x=e.id) order by 1,2;
select d.id, e.id from dept d left join emp e on e.dept=d.id and e.id in (select x from n) order by 1,2;
select d.id, e.id from dept d left join emp e on e.dept=d.id and d.id in (select x from n) order by 1,2;
select d.id, e.id from dept d left join emp e on e.dept=d.id and e.sal > (select avg(sal) from emp) order by 1,2;
select d.id, e.id from dept d left join emp e on e.dept=d.id and e.sal = (select max(sal) from emp e2 where e2.dept=d.id) order by 1,2;
select d.id, e.id from dept d left join emp e on exists (select 1 from n where n.x=e.id and n.y=d.id) order by 1,2;
select d.id, e.id from dept d right join emp e on e.dept=d.id and exists (select 1 from n where n.x=e.id) order by 1,2;
select d.id, e.id from dept d left join emp e on e.dept=d.id and not exists (select 1 from n where n.x=e.id) order by 1,2;
select d.id, e.id from dept d left join emp e on e.dept=d.id and (e.id in (select x from n) or e.id=8) order by 1,2;
select d.id, e.id from dept d left join (emp e join w on w.id=e.id) on e.dept=d.id and e.id not in (select x from n where x is not null) order by 1,2;
select (select sum(o.x)) from n o;
select (select sum(o.x) + 1) from n o;
select o.t, (select sum(o.x)) from n o group by o.t order by 1;
select (select sum(o.x) from dept d where d.id=1) from n o;
select (select max(o.x) from dept limit 1) from n o;
select o.t, (select count(*) from dept d where d.id < sum(o.x)) from n o group by o.t order by 1;
select o.t from n o group by o.t having exists (select 1 from dept d where d.id = count(o.x)) order by 1;
select o.t from n o group by o.t having (select sum(o.x)) > 1 order by 1;
select (select count(o.*)) from n o;
select (select string_agg(o.t, ',' order by o.t)) from n o;
select (select (select sum(o.x))) from n o;
select array(select sum(o.x)) from n o;
select (select sum(o.x) filter (where o.y > 0)) from n o;
select (select avg(o.x + i.x) from n i) from n o;
select (select sum(i.x) from n i where i.x = max(o.x)) from n o;
select generate_series(1,3) g order by g desc;
select generate_series(1,3) g, x from n where x=1 order by 1 desc,2;
select generate_series(1,2) g, count(*) from n group by g order by 1;
select generate_series(1,2) g, count(*) from n group by 1 order by 1;
select unnest(tags) t, count(*) from emp group by t order by 1;
select unnest(tags) t, count(*) from emp group by 1 order by 2 desc, 1;
select unnest(nums) u, id from emp order by u, id;
select distinct unnest(tags) t from emp order by 1;
select distinct on (unnest(tags)) unnest(tags), id from emp order by 1, id;
select generate_series(1, generate_series(1,3));
select unnest(array[generate_series(1,2), 5]);
select abs(generate_series(-2,2));
select generate_series(1,2) + generate_series(10,12);
select generate_series(1,2), generate_series(1,3);
select x, generate_series(1,x) from n where x<=3 order by 1,2;
select case when x>1 then generate_series(1,2) end from n;
select coalesce(generate_series(1,2), 3);
select generate_series(1,3) limit 2;
select id, unnest(tags), unnest(nums) from emp order by id;
select count(*), generate_series(1,2) from n;
select count(*) c, generate_series(1,count(*)::int) from n where x = 1;
select sum(x), unnest(array_agg(y order by y)) from n group by t order by 1,2;
select row_number() over (order by x), generate_series(1,2) from n where x < 3 order by 1,2;
select (select generate_series(1,2) limit 1);
select 1 where 1 in (select generate_series(1,2));
select * from generate_series(1, generate_series(1,2));
select x from n where generate_series(1,2) = 1;
select x from n order by generate_series(1,2), x;
select x from n group by generate_series(1,2), x order by x;
select sum(generate_series(1,2));
select jsonb_array_elements('[1,[2]]'), regexp_matches('abab','a(b)','g');
select (jsonb_each('{"a":1,"b":2}')).*;
select jsonb_object_keys('{"a":1,"b":2}') k order by k desc;
select string_to_table('a,b',',') s, count(*) from n group by s order by 1;
select * from upper('x') as u;
select * from upper('x');
select u from upper('x') as u;
select u.* from upper('x') as u(z);
select * from now() where now is null;
select * from abs(-3) with ordinality;
select * from abs(-3) with ordinality as t(a, n);
select * from n, abs(n.x) a where n.x=3 order by 1,2,3;
select n.x, l from n left join lateral upper(n.t) l on true order by 1,2;
select * from rows from (upper('a'), generate_series(1,2));
select * from rows from (upper('a'), generate_series(1,2)) with ordinality as t(a,b,c);
select * from array_length(array[1,2],1);
select * from current_date where current_date is null;
select * from current_user where false;
select * from coalesce(1,2) as c;
select * from pg_typeof(1) t;
select * from json_typeof('1') t;
select * from array[1];
select * from unnest(array[1,2]) u, upper('a') v;
select * from jsonb_build_object('a',1) j;
select * from string_to_array('a,b',',') s;
select t.t from to_date('2020','YYYY') t;
select * from count(1);
select * from sum(1) over ();
select * from jsonb_to_record(null) as t(a int);
select row(1,2) = any(select x,y from n);
select row(1,2) in (select x,y from n);
select (1,2) <> all(select x,y from n where x is not null and y is not null);
select (1,2) < any(select x,y from n);
select (1,2) >= all(select x,y from n);
select (1,2) > all(select x,y from n where x is not null and y is not null);
select x,y,(x,y) = any(select a,b from edges) from n order by 1,2,3;
select x,y,(x,y) < all(select a,b from edges) from n order by 1,2,3;
select x,y,(x,y) <> all(select a,b from edges) from n order by 1,2,3;
select x,y,(x,y) <= any(select a,b from edges where a > 5) from n order by 1,2,3;
select x from n where (x,y) not in (select a,b from edges) order by 1;
select (1,2) = (select x,y from n where x=1 and y=2);
select (1,2) < (select x,y from n where x=4);
select (1,2,3) = any(select x,y from n);
select id from emp e where id=1 for update of d;
select e.id from emp e left join dept d on d.id=e.dept where e.id=1 for update;
select e.id from emp e left join dept d on d.id=e.dept where e.id=1 for update of d;
select e.id from dept d right join emp e on d.id=e.dept where e.id=1 for update of d;
select e.id from dept d full join emp e on d.id=e.dept where e.id=1 for update of d;
select e.id from emp e left join (select * from dept) d on d.id=e.dept where e.id=1 for update;
select count(*) from emp for update;
select distinct id from emp for update;
select id from emp group by id for update;
select id from emp union select 1 for update;
select row_number() over () from emp for update;
select generate_series(1,2) from emp for update;
with c as (select id from emp where id=1) select * from c for update;
values (1) for update;
select 1 for update;
select * from generate_series(1,1) for update;
select id from emp where id=1 for update of public.emp;
select concat(variadic array['a','b']);
select concat_ws(',', variadic array['a',null,'b']);
select format('%s-%s', variadic array['a','b']);
select format('%s', variadic array[]::text[]);
select num_nulls(variadic array[1,null,2]);
select num_nonnulls(variadic array[1,null,2]);
select jsonb_build_array(variadic array[1,2]);
select jsonb_build_object(variadic array['a','1']);
select json_build_array(variadic array[1,2]);
select jsonb_extract_path('{"a":{"b":1}}', variadic array['a','b']);
select jsonb_extract_path_text('{"a":{"b":1}}', variadic array['a','b']);
select jsonb_extract_path_text('{"a":{"b":1}}', 'a', 'b');
select concat(variadic tags) from emp order by id;
select concat_ws('-', variadic tags) from emp order by id;
select concat(variadic 'x');
select concat(variadic null::text[]);
select num_nulls(variadic nums) from emp order by id;
select abs(variadic array[1]);
select concat('a', variadic array[1,2]);
select distinct on (g) g, f from (values (1,-0.0::float8),(1,0)) v(g,f) order by g;
select distinct on (f) f from (values (-0.0::float8),(0)) v(f) order by f;
select min(v) from w;
select max(iv), min(iv) from w;
select 1.0 intersect select 1.00;
select interval '1 day' union select '24:00:00';
select interval '1 day' intersect select '24:00:00';
select distinct v from (values (1.0),(1.00),(2)) t(v) order by 1;
select v, count(*) from (values (1.0),(1.00),(2)) t(v) group by v order by 1;
select distinct iv from w order by 1;
select 1.0 except select 2.00;
select v from (values (1.0),(1.00),(2.0)) t(v) except select 2.00;
select greatest(1.0,1.00), least(1.00,1.0);
select max(c) from (values ('a '::char(3)),('a')) t(c);
select array[array[1],null];
select array[null,array[1]];
select array[array[1],array[2]];
select array[[1,2],[3,4]];
select array[[1,2],null];
select array[nums] from emp order by id;
select array[nums, nums] from emp order by id;
select array[array[]::int[], array[]::int[]];
select array[array[1], array[]::int[]];
select array[null::int[], null];
select id, sum(iv) over (order by id) from w order by id;
select id, min(iv) over (order by iv) from w order by id;
select id, count(*) over (partition by iv) from w order by id;
select id, rank() over (order by iv + interval '1 hour') from w order by id;
select id, count(*) over (partition by iv * 2) from w order by id;
select id, first_value(iv) over (order by id) from w order by id;
select id, lag(iv * 2) over (order by id) from w order by id;
select id, avg(iv) over (order by id) from w where iv is not null order by id;
select id, sum(ts - '2020-01-01'::timestamp) over (order by id) from w order by id;
select id, array_agg(iv) over (order by id) from w order by id;
select id, lead(iv, 1, interval '0') over (order by id) from w order by id;
select id, nth_value(iv, 2) over (order by id) from w order by id;
select id, dense_rank() over (order by age(ts)) > 0 from w order by id;
select id, count(*) over (order by iv range between interval '1 day' preceding and current row) from w order by id;
with c as (select * from n) select o.t, (select count(*) from c where c.x < sum(o.x)) from c o group by o.t order by 1;
with c as (select * from n) select o.t, (select sum(o.x) from c c2 where c2.x=1 limit 1) from c o where exists (select 1 from c c3 where c3.x=o.x) group by o.t order by 1;
select d.id, (select (select sum(e.sal) from n limit 1) from emp e where e.dept=d.id) from dept d order by 1;
select d.id, (select (select sum(e.sal) + d.id) from emp e where e.dept=d.id) from dept d order by 1;
select d.id, (select array(select max(e.id) + g from generate_series(1,2) g) from emp e where e.dept=d.id) from dept d order by 1;
select o.x + 1, (select sum(o.y) + o.x + 1) from n o group by o.x order by 1;
select o.x + 1, (select sum(o.y) + (o.x + 1)) from n o group by o.x + 1 order by 1;
select e.id, e.name, (select count(n.x) from dept where id = 1) from emp e left join n on n.x = e.id group by e.id order by 1;
select e.id, e.name, (select max(n.y) + e.boss from dept where id = 1) from emp e left join n on n.x = e.id group by e.id order by 1;
select t, rank() over (order by (select sum(o.x))) from n o group by t order by 1;
select t, sum(sum(x)) over (order by t), (select max(o.y)) from n o group by t order by 1;
select distinct (select sum(o.x) > 2) from n o group by t order by 1;
select t from n o group by t order by (select sum(o.x)), t;
select t from n o group by t order by (select sum(o.x)), t limit 2;
select t, (select string_agg(i.label, ',' order by i.label) from edges i where i.a = min(o.x)) from n o group by t order by 1;
select count(*), (select count(*) from edges i where i.a < avg(o.x)) from n o;
select (select count(distinct o.t) from edges where a = 1 limit 1) from n o;
select (select sum(o.x) where false) from n o;
select case when exists (select 1 from edges where a = max(o.x)) then 'y' else 'n' end from n o;
select d.id, s.m from dept d, lateral (select (select max(e.id) from edges limit 1) as m from emp e where e.dept = d.id) s order by 1;
select t from n o group by t having max(x) in (select sum(o.y) from edges) order by 1;
select (select sum(o.x) from n o2 group by o2.t order by 1 limit 1) from n o;
select sum((select o.x + 1)) from n o;
select (select sum(o.x + d.id) from dept d) from n o order by 1;
select generate_series(1,2) as g, sum(x), count(*) filter (where y > 1) from n group by g order by 1;
select generate_series(1,x) as g, t, count(*) from n where x < 4 group by g, t order by 1,2;
select generate_series(1,x) as g, count(*) from n where x < 4 group by g having count(*) > 2 order by 1;
select unnest(tags) as tag, array_agg(id order by id), (select count(*) from emp e2 where e2.tags @> array[tag]) from emp, lateral (select 1) z group by tag order by 1;
select unnest(tags) as tag, unnest(nums) as num, count(*) from emp group by tag, num order by 1,2;
select unnest(tags) || 'x' as tag, count(*) from emp group by tag order by 1;
select d.id, (select string_agg(g::text || ':' || c, ',' order by g) from (select generate_series(1, d.id) as g, count(*) as c from n group by g) s) from dept d order by 1;
with c as (select * from n) select generate_series(1,2) g, count(*) from c where x in (select x from c) group by g order by 1;
select id, unnest(array[1,2]) as u from emp group by id, u order by 1,2 limit 5;
select generate_series(1,3) % 2 as p, count(*) from n group by p order by p;
select generate_series(1,3) % 2 as p, count(*), rank() over (order by count(*)) from n group by p order by p;
select distinct generate_series(1,3) % 2 as p, count(*) from n group by p order by p;
select generate_series(1,2) g from n group by g, t order by g, t;
select generate_series(1,2) g, generate_series(5,7) h, count(*) from n group by g, h order by 1,2;
select generate_series(1,2) g, generate_series(5,7) h, count(*) from n group by g order by 1,2;
select generate_series(1, generate_series(1,3)), generate_series(5,6);
select x, generate_series(1, generate_series(1,x)) from n where x < 4 order by 1,2;
select generate_series(generate_series(1,2), generate_series(2,4));
select generate_series(1, generate_series(1, generate_series(1,2)));
select unnest(array[generate_series(1,2), x]) u, t from n where x = 1 order by 1,2;
select distinct generate_series(1, generate_series(1,3)) order by 1;
select generate_series(1, generate_series(1,3)) g order by g desc limit 2;
select id, unnest(string_to_array(unnest(tags), 'x')) from emp order by 1,2;
select d.id, array(select generate_series(1, generate_series(1,d.id))) from dept d order by 1;
select count(*) from (select generate_series(1, generate_series(1,3))) s;
select d.id, x.* from dept d, lateral (select distinct e.sal from emp e where e.dept=d.id order by e.sal limit d.id) x order by 1,2;
select d.id, x.* from dept d, lateral (select e.sal from emp e where e.dept=d.id union select 5 order by 1 limit d.id) x order by 1,2;
select d.id, x.* from dept d, lateral (select e.dept, count(*) from emp e group by e.dept order by 2 desc, 1 limit d.id - 3) x order by 1,2;
select d.id, x.* from dept d, lateral (select e.dept, count(*) from emp e group by e.dept order by 2 desc, 1 limit d.id) x order by 1,2;
select d.id, x.* from dept d, lateral (select e.id, rank() over (order by e.sal) from emp e where e.sal is not null order by e.id offset d.id limit 1) x order by 1,2;
select d.id, x.* from dept d, lateral (select generate_series(1,5) as g order by g desc limit d.id) x order by 1,2;
select d.id, x.* from dept d, lateral (select e.sal from emp e order by e.sal desc nulls last fetch first d.id rows with ties) x where d.id = 2 order by 1,2;
select d.id, (select array_agg(v) from (values (3),(1),(2)) t(v) limit d.id) from dept d order by 1;
select d.id, array(select v from (values (3),(1),(2)) t(v) order by v limit d.id) from dept d order by 1;
select d.id, array(select v from unnest(array[3,1,2]) v limit d.id) from dept d order by 1;
select d.id, array(select v from unnest(array[3,1,2]) v limit null) from dept d order by 1;
select d.id, array(select v from unnest(array[3,1,2]) v offset nullif(d.id,2)) from dept d order by 1;
select d.id, array(select v from unnest(array[3,1,2]) v limit nullif(d.id,2)) from dept d order by 1;
select id, (select count(*) from (select 1 from n offset e.boss) s) from emp e order by 1;
select (select 1 limit -1);
select d.id, e.id, w.id from dept d left join (emp e join w on w.id = e.id) on e.dept = d.id and exists (select 1 from n where n.x = d.id and n.y = w.o) order by 1,2,3;
select d.id, e.id, w.g from dept d left join emp e on e.dept = d.id and d.id = (select max(x) from n where y = e.id) left join w on w.id = e.id order by 1,2,3;
select d.id, s.id, s.iv from dept d left join (select w.* from w) s on s.id = d.id and exists (select 1 from w w2 where w2.iv = s.iv and w2.id <> d.id) order by 1,2;
select d.id, e.id from dept d left join emp e on e.dept = d.id and (select count(*) from n where n.x = d.id) > 1 order by 1,2;
select d.id, e.id from dept d left join emp e on (select d.id = e.dept) order by 1,2;
select d.id, count(e.id), sum(e.sal) from dept d left join emp e on e.dept = d.id and exists (select 1 from n where n.x = d.id) group by d.id order by 1;
select d.id, e from dept d left join emp e on e.dept = d.id and e.id in (select n.x from n where n.y = d.id) order by d.id;
select d.*, e.name from dept d left join (emp e left join n on n.x = e.id and exists (select 1 from w where w.id = e.id and w.o = n.y)) on e.dept = d.id and d.id in (select x from n) order by d.id, e.name;
select * from (select d.id, e.id as eid from dept d left join emp e on e.dept = d.id and exists (select 1 from n where n.x = d.id)) s where eid is null order by 1;
select e.id from emp e left join dept d on d.id=e.dept where e.id=1 and d.id is null for update of d;
select * from (select distinct id from emp) s for update;
select * from (select count(*) from emp) s for share;
select id from emp, dept for update of emp nowait for update of dept skip locked;
drop table dept, emp, n, w, edges, ev, per, bits;
drop type mood, pers, addr;
