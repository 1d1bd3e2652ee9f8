-- One expression as several columns of GROUP BY.
SELECT x AS a, x AS b FROM generate_series(1, 2) x GROUP BY ROLLUP ((a, b)) ORDER BY 1;
SELECT x AS a, x AS b, count(*) FROM generate_series(1, 2) x GROUP BY GROUPING SETS ((a, b), (b, a)) ORDER BY 1;
SELECT x AS a, x AS b FROM generate_series(1, 2) x GROUP BY a, b ORDER BY 1;
SELECT x, count(*) FROM generate_series(1, 2) x GROUP BY x, ROLLUP (x) ORDER BY 1;
SELECT a, b FROM (SELECT x AS a, x AS b FROM generate_series(1, 2) x) t GROUP BY a, ROLLUP (b) ORDER BY 1, 2;
SELECT x AS a, x AS b FROM generate_series(1, 2) x GROUP BY a, ROLLUP (b) ORDER BY 1, 2;
-- two ways to write CASE are two expressions
create table cases(a int); insert into cases values (1), (2), (null);
select case a when 1 then 2 end, count(*) from cases group by case a when 1 then 2 end order by 1;
select case when a = 1 then 2 end, count(*) from cases group by case a when 1 then 2 end order by 1;
