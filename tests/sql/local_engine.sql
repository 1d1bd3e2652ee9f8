-- What the local engine computes by itself would come out otherwise than PostgreSQL's answer.
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
\set people :dir '/people.csv'
\set sales :dir '/sales.csv'
CREATE FOREIGN TABLE people (id int, name text, team text, salary numeric(10,2), born date) SERVER files OPTIONS (filename :'people', format 'csv', header 'true');
CREATE FOREIGN TABLE sales (id int, person int, amount numeric(8,2), at timestamp, paid bool) SERVER files OPTIONS (filename :'sales', format 'csv', header 'true');

-- a tableoid where an outer join found nothing
SELECT p.id, s.tableoid::regclass, count(*) FROM people p LEFT JOIN sales s ON s.person = p.id GROUP BY 1, 2 ORDER BY 1;
SELECT p.tableoid::regclass, s.id FROM people p RIGHT JOIN sales s ON s.person = p.id AND p.id < 2 ORDER BY 2;

-- equal values that are not the same
SELECT greatest(iv, '24:00:00'::interval), least('1 day'::interval, iv) FROM (VALUES ('24:00:00'::interval), ('1 day'), (NULL)) v(iv);
SELECT x FROM (VALUES (1, -0.0::float8), (2, 1), (3, -1)) v(i, x) ORDER BY x;
SELECT x, rank() OVER (ORDER BY x) FROM (VALUES (1, -0.0::float8), (2, 1), (3, -1)) v(i, x) ORDER BY i;

-- sums of many digits, distinct aggregates
SELECT sum(n), avg(n) FROM (SELECT n::numeric(38) FROM (VALUES (99999999999999999999999999999999999999), (99999999999999999999999999999999999999), (-1)) v(n)) w;
SELECT sum(DISTINCT salary), stddev(DISTINCT salary), avg(DISTINCT salary), count(DISTINCT salary) FROM people;
SELECT sum(DISTINCT salary), stddev(DISTINCT salary), avg(DISTINCT salary), var_pop(DISTINCT id) FROM people CROSS JOIN generate_series(1, 3);
SELECT array_agg(DISTINCT name), string_agg(DISTINCT team, ',') FROM people;
SELECT array_agg(DISTINCT x), array_agg(DISTINCT x ORDER BY x DESC) FROM (VALUES (2.5::float8), (NULL), (1), (2.5)) v(x);

-- many alternatives, deep nesting
SELECT v FROM generate_series(8, 15) v WHERE v = 0 OR v = 1 OR v = 2 OR v = 3 OR v = 4 OR v = 5 OR v = 6 OR v = 7 OR v = 8 OR v = 9 OR v = 10 OR v = 11 ORDER BY v;
SELECT v FROM generate_series(8, 15) v WHERE v <> 0 AND v <> 1 AND v <> 2 AND v <> 3 AND v <> 4 AND v <> 5 AND v <> 6 AND v <> 7 AND v <> 8 AND v <> 9 AND v <> 10 AND v <> 11 ORDER BY v;
SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM (SELECT oid FROM pg_class WHERE relname = 'pg_class') s0) s1) s2) s3) s4) s5) s6) s7) s8) s9) s10) s11) s12) s13) s14) s15) s16) s17) s18) s19) s20) s21) s22) s23) s24) s25) s26) s27) s28) s29) s30) s31) s32) s33) s34) s35) s36) s37) s38) s39;
