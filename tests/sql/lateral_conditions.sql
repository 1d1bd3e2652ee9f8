-- A function of a row, or a LATERAL subquery about it, is computed for the rows that the conditions leave: on others it may fail.
create extension file_fdw;
create server files foreign data wrapper file_fdw;
\set people :dir '/people.csv'
create foreign table people (id int, name text, team text, salary numeric(10,2), born date) server files options (filename :'people', format 'csv', header 'true');
create table event (id int, person int, payload jsonb);
insert into event values (1, 1, '{"x": 3, "u": 1}'), (2, 2, '[1, {"x": 2}, "y"]'), (3, 1, '"text"'), (4, 3, '{"x": 1}'), (5, 2, null), (6, 4, '{}');
select e.id, j.* from event e, jsonb_each(e.payload) j where jsonb_typeof(e.payload) = 'object' order by 1, 2;
select e.id, j.* from event e join lateral jsonb_each(e.payload) j on jsonb_typeof(e.payload) = 'object' order by 1, 2;
select e.id, k from event e left join lateral jsonb_object_keys(e.payload) k on true where jsonb_typeof(e.payload) = 'object' order by 1, 2;
select e.id, k.n from event e left join lateral (select count(*) n from jsonb_object_keys(e.payload) k where k <> 'u') k on true where jsonb_typeof(e.payload) = 'object' order by 1;
select e.id, k.k from event e cross join lateral (select k from jsonb_object_keys(e.payload) k where k <> 'u') k where jsonb_typeof(e.payload) = 'object' order by 1, 2;
select e.id, p.name, k from event e join people p on p.id = e.person cross join lateral jsonb_object_keys(e.payload) k where jsonb_typeof(e.payload) = 'object' and p.name is not null order by 1, 3;
select e.id, p.name, k from event e left join people p on p.id = e.person left join lateral jsonb_object_keys(e.payload) k on k = 'x' where jsonb_typeof(e.payload) = 'object' order by 1, 3;
select e.id, k, p.name from event e left join lateral jsonb_object_keys(e.payload) k on true left join people p on p.id = e.person and k = 'x' where jsonb_typeof(e.payload) = 'object' order by 1, 2;
select e.id, a.v, m.value from event e, jsonb_array_elements(e.payload) with ordinality a(v, n), jsonb_each(a.v) m where jsonb_typeof(e.payload) = 'array' and jsonb_typeof(a.v) = 'object' order by 1;
select v.i, j.* from (values (1, '{"a": 1}'), (2, 'x')) v(i, t), jsonb_each(v.t::jsonb) j where v.i = 1;
with w as materialized (select * from event where id <> 3) select w.id, j.key from w, jsonb_each(w.payload) j where jsonb_typeof(w.payload) = 'object' order by 1, 2;
select e.id, (select count(*) from event f, jsonb_object_keys(f.payload) where f.person = e.person and jsonb_typeof(f.payload) = 'object') from event e order by 1;
select e.id, l.q from event e, lateral (select k || f.id as q from event f, jsonb_object_keys(f.payload) k where jsonb_typeof(f.payload) = 'object' and f.person = e.person) l order by 1, 2;
select p.id, e.id, k from people p, event e, jsonb_object_keys(e.payload) k where p.id = e.person and jsonb_typeof(e.payload) = 'object' and p.id + length(k) > 1 order by 1, 2, 3;
select p.id, p.name, s.n from people p, generate_series(10 / (p.id - 1), 10 / (p.id - 1) + 1) s(n) where p.id > 1 and p.id < 4 order by 1, 3;
select p.id, l.q from people p left join lateral (select 10 / (p.id - 1) as q) l on true where p.id > 1 order by 1;
-- on the rows that are asked it does fail
select e.id, k from event e, jsonb_object_keys(e.payload) k where jsonb_typeof(e.payload) <> 'object';
select e.id, k from event e left join lateral jsonb_object_keys(e.payload) k on true where e.id = 3;

-- what a further function reads stands before it
create table lateral_rows(i int, b int, ar int[], f float8); insert into lateral_rows values (1,1,'{1,2}',1.5),(3,2,'{1,3}','NaN'),(5,1,null,1),(7,1,'{7}',null);
select t2.i, v5.i from lateral_rows t2 left join unnest(t2.ar) with ordinality v5(i,o) on t2.f=t2.f order by 1,2;
select t2.i, v3.i, v5.i from lateral_rows t2 left join unnest(t2.ar) with ordinality v3(i,o) on t2.i=v3.i left join unnest(t2.ar) with ordinality v5(i,o) on t2.f=t2.f order by 1,2,3;
select t2.i, v3.i, v5.i from (lateral_rows t2 left join unnest(t2.ar) with ordinality v3(i,o) on t2.i=v3.i join unnest(t2.ar) with ordinality as v4(i,o) on t2.b = v4.o) left join unnest(t2.ar) with ordinality v5(i,o) on t2.f=t2.f order by 1,2,3;
select t2.i, v4.i, v5.i from (lateral_rows t2 join unnest(t2.ar) with ordinality as v4(i,o) on t2.b = v4.o) left join unnest(t2.ar) with ordinality v5(i,o) on t2.f=t2.f order by 1,2,3;
select t2.i, v4.i, v5.i from (lateral_rows t2 join unnest(t2.ar) as v4(i) on t2.i = v4.i) left join unnest(t2.ar) v5(i) on t2.f=t2.f order by 1,2,3;
select t2.i, v4.i, v5.i from (lateral_rows t2 join unnest(t2.ar) as v4(i) on t2.i = v4.i) left join unnest(t2.ar) v5(i) on t2.f<v4.i order by 1,2,3;
select last_value(v5.i) over (partition by v3.i order by t2.i,v4.i,v5.i rows between unbounded preceding and unbounded following) from (lateral_rows t2 left join unnest(t2.ar) with ordinality v3(i,o) on t2.i=v3.i join unnest(t2.ar) with ordinality as v4(i,o) on t2.b = v4.o) left join unnest(t2.ar) with ordinality v5(i,o) on t2.f=t2.f order by 1;
select x from (select t2.i x, v3.i, v5.i from (lateral_rows t2 left join unnest(t2.ar) with ordinality v3(i,o) on t2.i=v3.i join unnest(t2.ar) with ordinality as v4(i,o) on t2.b = v4.o) left join unnest(t2.ar) with ordinality v5(i,o) on t2.f=t2.f order by 1,2,3 fetch first 2 rows only) d cross join lateral_rows;
select count(*) from (select t2.i x, v3.i, v5.i from (lateral_rows t2 left join unnest(t2.ar) with ordinality v3(i,o) on t2.i=v3.i join unnest(t2.ar) with ordinality as v4(i,o) on t2.b = v4.o) left join unnest(t2.ar) with ordinality v5(i,o) on t2.f=t2.f order by 1,2,3 fetch first 2 rows only) d cross join lateral_rows;
drop table lateral_rows;
