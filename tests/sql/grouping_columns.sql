-- One expression as several columns of GROUP BY.
SELECT x AS a, x AS b FROM generate_series(1, 2) x GROUP BY ROLLUP ((a, b)) ORDER BY 1;
SELECT x AS a, x AS b, count(*) FROM generate_series(1, 2) x GROUP BY GROUPING SETS ((a, b), (b, a)) ORDER BY 1;
SELECT x AS a, x AS b FROM generate_series(1, 2) x GROUP BY a, b ORDER BY 1;
SELECT x, count(*) FROM generate_series(1, 2) x GROUP BY x, ROLLUP (x) ORDER BY 1;
SELECT a, b FROM (SELECT x AS a, x AS b FROM generate_series(1, 2) x) t GROUP BY a, ROLLUP (b) ORDER BY 1, 2;
SELECT x AS a, x AS b FROM generate_series(1, 2) x GROUP BY a, ROLLUP (b) ORDER BY 1, 2;
