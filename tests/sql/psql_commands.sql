-- psql's own commands on queries: \gset, \gexec, \gdesc, \gx, \crosstabview, \copy, \if, \errverbose, FETCH_COUNT, ON_ERROR_ROLLBACK, AUTOCOMMIT
CREATE TABLE sales (region text, quarter int, amount numeric(10,2), at date);
\copy sales FROM STDIN (FORMAT csv)
north,1,10.5,2024-01-05
north,2,11.25,2024-04-05
south,1,7,2024-02-01
south,3,,2024-09-09
"we,st",2,3.75,
\.
SELECT * FROM sales ORDER BY region, quarter;
\copy (SELECT region, sum(amount) FROM sales GROUP BY 1 ORDER BY 1) TO STDOUT (FORMAT csv, HEADER)
\set file :dir '/sales.txt'
\copy sales TO :file
CREATE TABLE again (LIKE sales);
\copy again FROM '/nosuch/file'
-- variables are not put into \copy, so the file is read by way of the shell
\copy again (region, quarter) from program 'printf "a\t1\nb\t2\n"'
SELECT * FROM again ORDER BY 1;
\copy again FROM STDIN
x	notanumber	1	2024-01-01
\.
\copy nosuch TO STDOUT
SELECT region, quarter, amount FROM sales ORDER BY 1, 2
\crosstabview
SELECT region, quarter, sum(amount) AS total FROM sales GROUP BY 1, 2 ORDER BY 1, 2
\crosstabview region quarter total
SELECT quarter, region, amount, at FROM sales
\crosstabview 1 2 amount
SELECT 1
\crosstabview
SELECT region, amount, at, '{1,2}'::int[] AS list, 1::numeric(5,1) AS n, 'x'::char(4) AS c FROM sales
\gdesc
SELECT * FROM nosuch
\gdesc
INSERT INTO sales VALUES ('east', 4) RETURNING region, at
\gdesc
INSERT INTO sales VALUES ('east', 4)
\gdesc
SHOW datestyle
\gdesc
EXPLAIN SELECT 1
\gdesc
SELECT $1::int AS p, $2 AS t
\gdesc
SELECT region AS r, max(amount) AS most FROM sales WHERE region = 'north' GROUP BY 1
\gset best_
\echo :best_r :best_most
SELECT 1 WHERE false
\gset none_
SELECT n FROM generate_series(1, 2) n
\gset two_
SELECT NULL AS empty, 'it''s' AS quoted
\gset
\echo :{?empty} :'quoted' :"quoted"
SELECT format('SELECT %L AS a, count(*) FROM sales WHERE quarter = %s', q, q) FROM generate_series(1, 3) q
\gexec
SELECT 'SELECT 1/0', 'SELECT ''after''', NULL
\gexec
SELECT * FROM sales WHERE region = 'north' ORDER BY quarter
\gx
SELECT count(*) FROM sales \g (format=unaligned tuples_only=on)
SELECT 'to a program' \g | tr a-z A-Z
\x on
SELECT region, amount FROM sales WHERE quarter = 3;
\x off
\set FETCH_COUNT 2
SELECT region, quarter FROM sales ORDER BY 1, 2;
INSERT INTO sales VALUES ('fetched', 9) RETURNING region;
SELECT 1 WHERE false;
WITH gone AS (DELETE FROM sales WHERE region = 'fetched' RETURNING *) SELECT region FROM gone;
\unset FETCH_COUNT
SELECT 1/0;
\errverbose
SELECT nosuch FROM sales;
\echo :SQLSTATE :LAST_ERROR_SQLSTATE :LAST_ERROR_MESSAGE :ROW_COUNT :ERROR
SELECT 1;
\echo :SQLSTATE :LAST_ERROR_SQLSTATE :ROW_COUNT :ERROR
\set AUTOCOMMIT off
INSERT INTO sales VALUES ('rolled back', 1);
\echo :AUTOCOMMIT
SELECT count(*) FROM sales WHERE region = 'rolled back';
ROLLBACK;
SELECT count(*) FROM sales WHERE region = 'rolled back';
COMMIT;
\set AUTOCOMMIT on
\set ON_ERROR_ROLLBACK on
BEGIN;
INSERT INTO sales VALUES ('kept', 1);
SELECT 1/0;
SELECT nosuch;
SELECT count(*) FROM sales WHERE region = 'kept';
SAVEPOINT mine;
ROLLBACK TO mine;
COMMIT;
SELECT count(*) FROM sales WHERE region = 'kept';
\set ON_ERROR_ROLLBACK off
\set SHOW_ALL_RESULTS off
SELECT 1 AS a\; SELECT 2 AS b;
\set SHOW_ALL_RESULTS on
SELECT 1 AS a\; SELECT 2 AS b\; SELECT 1/0\; SELECT 3;
BEGIN\; SELECT 1\; COMMIT;
\if :{?best_r}
SELECT 'then';
\else
SELECT 'else';
\endif
\set QUIET off
INSERT INTO sales VALUES ('loud', 1);
UPDATE sales SET amount = 1 WHERE region = 'loud';
DELETE FROM sales WHERE region = 'loud';
CREATE TABLE t2 AS SELECT 1 AS a;
SELECT 1 AS a INTO t3;
DROP TABLE t2, t3;
\copy again TO '/dev/null'
\set QUIET on
\set VERBOSITY sqlstate
SELECT 1/0;
\set VERBOSITY terse
SELECT nosuch FROM sales;
\set SHOW_CONTEXT always
\set VERBOSITY default
DO $$ BEGIN RAISE NOTICE 'with context'; END $$;
\pset null '(null)'
\pset format csv
SELECT * FROM sales ORDER BY region, quarter;
\pset format html
SELECT 1 AS a, '<b>' AS b;
\pset format wrapped
\pset columns 30
SELECT repeat('word ', 12) AS long;
\pset format aligned
\encoding
\encoding
\timing off
\sf nosuch
DROP TABLE sales, again;
