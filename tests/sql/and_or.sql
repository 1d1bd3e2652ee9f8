-- AND and OR compute their operands from left to right, up to the one that decides, wherever they stand.
create table n (id int, a int, b int, d numeric(8,2), s text);
insert into n values (1, 0, 5, 0, 'x'), (2, 2, 6, 2.5, '12'), (3, null, 7, null, null), (4, 4, 0, 4, '7'), (5, -1, null, -1, 'y');

select id, a <> 0 and 10 / a > 1 from n order by id;
select id, a = 0 or 10 / a > 1 from n order by id;
select id, a = 0 or a is null or 10 / a > 1 or b = 6 from n order by id;
select id, a <> 0 and b <> 0 and 10 / a > b / b from n order by id;
select id, not (a = 0 or 10 / a > 1), not (a <> 0 and 10 / a > 1) from n order by id;
select id, (a <> 0 and 10 / a > 1) is true, (a = 0 or 10 / a > 1) is not false from n order by id;
select id, (s ~ '^[0-9]+$' and s::int > 8) as big, coalesce(s !~ '^[0-9]+$' or s::int < 8, false) as small from n order by id;
select id, case when a <> 0 and 10 / a > 1 then 'more' when a = 0 or 10 / a < 1 then 'less' else 'none' end from n order by id;
select id, a = 0 or (b <> 0 and (a is null or 10 / a > b / b)) from n order by id;
select id, d <> 0 and 1 / d > 0.3, d = 0 or 1 / d > 0.3 from n order by id;
select count(*) filter (where a <> 0 and 10 / a > 1), count(*) filter (where a = 0 or 10 / a > 1) from n;
select sum(b) filter (where not (a = 0 or 10 / a > 1)) from n;
select bool_and(a = 0 or 10 / a > -20), bool_or(a <> 0 and 10 / a > 1), count(a <> 0 and 10 / a > 1) from n;
select id from n order by a = 0 or 10 / a > 1, id;
select a <> 0 and 10 / a > 1 as k, count(*) from n group by a <> 0 and 10 / a > 1 order by k;
select a <> 0 and 10 / a > 1 as k, count(*) from n group by rollup (a <> 0 and 10 / a > 1) order by k, 2;
select distinct a = 0 or 10 / a > 1 as k from n order by k;
select id, count(*) over (partition by a = 0 or 10 / a > 1) from n order by id;
select id, 5 in (a, 10 / nullif(a, 0), b) from n order by id;
select id, 0 in (a, 10 / a) from n order by id;
select id, 0 not in (a, 10 / a) from n order by id;
select id, a between 1 and 10 / a from n where a <> 0 order by id;
select id, a between 5 and 10 / 0 from n where a < 5 order by id;
-- rows are compared field by field
select id, (a, 10 / nullif(a, 0)) = (0, 1), (a, 1) <> (0, 2) from n order by id;
select id, (id, 10 / (id - 1)) = (2, 10) from n where id > 0 order by id limit 0;
select id, (id, 10 / (a + 0)) > (2, 5) from n where id in (1, 2, 4) order by id;
select id, (id, a, b) < (2, 2, 10 / (id - 2)) from n where id <> 2 order by id;
select id, (id, a, b) < (2, 2, 10 / (id - 2)) from n order by id;
-- where the left side does not decide, the right one's error is there
select id, a is null or 10 / a > 1 from n order by id;
select id, a is not null and 10 / a > 1 from n order by id;
select id, b > 0 and a <> 0 and 10 / (a + 1) > 1 from n order by id;
select id, (null::boolean and 10 / a > 1) from n order by id;
-- beside subqueries
select id, a <> 0 and 10 / a > (select min(id) from n) from n order by id;
select id, exists (select from n m where m.a = n.b) or b = 0 or 10 / b > 1 from n order by id;
select id, a <> 0 and exists (select from n m where m.id = 10 / n.a) from n where a <> 0 order by id;
select x.k from (select id, a <> 0 and 10 / a > 1 as k from n) x where x.k order by 1;
select id from n where not (a = 0 or 10 / a > 1) order by id;
select id from n where (a <> 0 and 10 / a > 1) is not true order by id;
select n.id, m.id from n left join n m on m.id = n.id and (n.a <> 0 and 10 / n.a > 1) is true order by 1;
select a <> 0 and sum(b) / a > 1 from n group by a order by a;
select a, count(*) from n group by a having a <> 0 and 10 / a > 1 order by a;
select id, lag(a <> 0 and 10 / a > 1) over (order by id) from n order by id;
-- many operands that are not written twice: nobody waits for the hundredth
create function vb(boolean) returns boolean language plpgsql volatile as 'begin return $1; end';
create function fv(int) returns int language plpgsql volatile as 'begin return $1; end';
select format('select id, %s from n order by id', string_agg(format('vb(id > %s)', 2 - g), ' and ')) as wide_and,
       format('select id, %s from n order by id', string_agg(format('vb(id = %s)', g), ' or ')) as wide_or,
       format('select id, %s from n order by id', string_agg(format('(10 / (id + %s) > 0 or fv(%s) > 0)', g, g), ' and ')) as both,
       format('select id, %s from n order by id', string_agg(format('(random() > %s or id > %s)', g, 2 - g), ' and ')) as random,
       format('select id, %s from n order by id', string_agg(format('(10 / (id + %s) > 0 or s = %L)', g, repeat('x', 520)), ' and ')) as long_and,
       format('select id, %s from n order by id', string_agg(format('(10 / (id + %s) > 4 and s <> %L)', g, repeat('x', 520)), ' or ')) as long_or,
       format('select id from n where %s order by id', string_agg(format('(fv(id) = %s and vb(a > 1))', g), ' or ')) as condition,
       format('select id, (%s) < (%s) from n order by id', string_agg('10 / (id + ' || g || ')', ','), string_agg('10 / (6 - id + ' || g || ')', ',')) as rows
  from generate_series(1, 100) g \gset
:wide_and;
:wide_or;
:both;
:random;
:long_and;
:long_or;
:condition;
:rows;
select format('select id, %s from n order by id', string_agg(format('(%s)', part), ' and ')) as nested
  from (select string_agg(format('(vb(id <> %s) and 10 / (id + %s) > %s)', h, g, h % 3), ' or ') as part
          from generate_series(1, 12) g, generate_series(1, 12) h group by g) x \gset
:nested;
-- HAVING
select a > 0, count(*) from n group by a > 0 having not (count(*) > 1 and 10 / (count(*) - 1) > 0) order by 1;
select format('select b from n group by b having not (%s and 10 / (b + count(*)) > 2) order by b',
              string_agg(format('(count(*) <> %s or min(s) <> ''x'' or b < %s)', g, g), ' and ')) as long_having
  from generate_series(1, 30) g \gset
:long_having;
drop table n;
