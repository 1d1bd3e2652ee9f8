-- Series in the select list are made as far as they are asked for.
select generate_series(1, 1000000000000) limit 3;
select generate_series(1, 1000000000000) * 2 as twice, 'x' as same limit 3 offset 2;
select generate_series('2020-01-01'::timestamp, 'infinity', '1 day') limit 3;
select generate_series('2020-01-01 00:00+00'::timestamptz, 'infinity', '1 month') at time zone 'UTC' limit 3;
select generate_series(1.5, 1000000000000, 0.25) limit 3;
select generate_series(1, 'infinity'::numeric) limit 3;
select generate_series(5, 1, -2) order by 1;
select generate_series(1, 3), generate_series(1, 2);
select generate_series(1, generate_series(1, 3));
select distinct generate_series(1, 6) % 3 order by 1;
select g from (select generate_series(1, 1000000000000) as g) s limit 2;
select count(*) from (select generate_series(1, 100000)) s;
select x, (select generate_series(x, x)) from (values (1), (2)) v(x);
select generate_series(1, 3) union all select generate_series(8, 9) order by 1;
select generate_series(1, null::int);
select generate_series(1, 3, 0);
select array(select generate_series(1, 4)), exists (select generate_series(1, 0));
with s as (select generate_series(2, 4) as g) select sum(g) from s;
prepare series(int) as select generate_series(1, $1);
execute series(2);
-- what a strict function makes NULL whatever the set has is one row
select generate_series(1, 3) * null;
select generate_series(1, 3) + null::int, 1;
select generate_series(1, 3) * null, generate_series(1, 2);
select null || unnest(array['a', 'b']);
select abs(generate_series(1, 2) * null::int) is null;
select count(*) from (select generate_series(1, 3) * null from generate_series(1, 2)) s;
select generate_series(1, null);
