-- Keys of grouping sets that return sets; records whose columns are given twice.
create table measures (id int, kind text, place text);
insert into measures values (1, 'a', 'x'), (2, 'a', 'y'), (3, 'b', 'y');
select kind, place, generate_series(1, 2) n, count(*) from measures group by cube (kind, place, n) order by 1, 2, 3;
select kind, generate_series(1, 2) n, count(*) from measures group by rollup (kind, n) order by 1, 2;
select kind, generate_series(1, 2) n, generate_series(1, 3) m, count(*) from measures group by cube (kind, n) order by 1, 2, 3;
select kind, generate_series(1, 2) n, grouping(generate_series(1, 2)), count(*) from measures
  group by cube (kind, generate_series(1, 2)) order by 1, 2, 3;
select generate_series(1, id) n, count(*), sum(id) from measures group by grouping sets ((n, id), (), (id)) having count(*) > 1 order by 1, 2, 3;
select generate_series(1, id) + 1 n, unnest(array['p', 'q']) u, count(*) from measures group by rollup (n, u) order by 1, 2, 3;
drop table measures;
select * from json_populate_record(row(1, 2), '{"a":"1"}') q (a text, b text);
select * from json_populate_record(row(1, 2), '{"a":"7"}') q (a int, b int);
select * from json_populate_record(row(1, 'x'), '{"a":"1"}') q (a int, b text);
select * from json_populate_record(row(1, 'x'::varchar), '{"a":"1"}') q (a int, b text);
select * from json_populate_recordset(row(1), '[{"a":"1"}]') q (a int, b int);
select * from jsonb_populate_recordset(row(1, 2, 3), '[{"a":"1"}]') q (a int, b int);
select * from jsonb_populate_recordset(row(1, 2), '[]') q (a text, b text);
select * from jsonb_populate_recordset(row(1, 2), null) q (a text, b text);
select q.* from (select 1 x, 2 y) r, json_populate_record(r, '{"x":"7"}') q (x int, y int);
select q.* from (select 1 x, 2 y) r, json_populate_record(r, '{"x":"7"}') q (x int, y text);
