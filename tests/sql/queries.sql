-- Queries over files: what a user asks of one source and of several, with PostgreSQL's answers.
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
\set people :dir '/people.csv'
\set sales :dir '/sales.csv'
\set numbers :dir '/numbers.csv'
CREATE FOREIGN TABLE people (id int, name text, team text, salary numeric(10,2), born date) SERVER files OPTIONS (filename :'people', format 'csv', header 'true');
CREATE FOREIGN TABLE sales (id int, person int, amount numeric(8,2), at timestamp, paid bool) SERVER files OPTIONS (filename :'sales', format 'csv', header 'true');
CREATE FOREIGN TABLE numbers (n int, i bigint, f float8, kind varchar(8)) SERVER files OPTIONS (filename :'numbers', format 'csv');

-- simple ones
SELECT * FROM people;
SELECT name, salary * 2 AS twice, born + 1 FROM people WHERE salary > 3000 ORDER BY name DESC;
SELECT id FROM people WHERE team IS NULL ORDER BY id;
SELECT id, team FROM people ORDER BY team, id;
SELECT id, team FROM people ORDER BY team DESC, id;
SELECT id, team FROM people ORDER BY team NULLS FIRST, id LIMIT 3;
SELECT id, team FROM people ORDER BY team DESC NULLS LAST, id OFFSET 5;
SELECT name FROM people ORDER BY name;
SELECT upper(name), length(name), octet_length(name) FROM people ORDER BY id;
SELECT count(*), count(salary), sum(salary), avg(salary), min(salary), max(salary) FROM people;
SELECT count(*), count(team), count(DISTINCT team), min(name), max(born) FROM people;
SELECT team, count(*), sum(salary), avg(salary) FROM people GROUP BY team ORDER BY team;
SELECT team, count(*) FROM people GROUP BY 1 HAVING count(*) > 1 ORDER BY 2 DESC, 1;
SELECT DISTINCT team FROM people ORDER BY 1;
SELECT DISTINCT ON (team) team, name, salary FROM people ORDER BY team, salary DESC NULLS LAST;
SELECT * FROM people WHERE name LIKE '%i%' ORDER BY id;
SELECT * FROM people WHERE name ILIKE 'e%' ORDER BY id;
SELECT id FROM people WHERE name ~ '^[A-C]' ORDER BY id;
SELECT id FROM people WHERE born BETWEEN '1988-01-01' AND '1990-12-31' ORDER BY id;
SELECT id FROM people WHERE team IN ('red', 'green') ORDER BY id;
SELECT id FROM people WHERE team NOT IN ('red', 'green') ORDER BY id;
SELECT id FROM people WHERE id = ANY ('{1,3,5}') ORDER BY id;
SELECT id FROM people WHERE (team = 'red') IS NOT TRUE ORDER BY id;
SELECT id, CASE team WHEN 'red' THEN 1 WHEN 'blue' THEN 2 ELSE 0 END AS code FROM people ORDER BY id;
SELECT id, coalesce(team, 'none'), nullif(team, 'red'), greatest(id, 4), least(salary, 4000) FROM people ORDER BY id;
SELECT extract(year FROM born) AS y, count(*) FROM people GROUP BY 1 ORDER BY 1;
SELECT date_trunc('month', at) AS m, sum(amount) FROM sales GROUP BY 1 ORDER BY 1;
SELECT id, at, at::date, at + interval '1 day' FROM sales ORDER BY id;
SELECT paid, count(*) FROM sales GROUP BY paid ORDER BY paid;
SELECT bool_and(paid), bool_or(paid), every(paid) FROM sales;
SELECT string_agg(name, ', ' ORDER BY id) FROM people WHERE team IS NOT NULL;
SELECT array_agg(id ORDER BY id DESC) FROM people;
SELECT team, string_agg(name, '/' ORDER BY name) FROM people GROUP BY team ORDER BY team;

-- joins
SELECT p.name, s.amount FROM people p JOIN sales s ON s.person = p.id ORDER BY s.id;
SELECT p.name, s.amount FROM people p LEFT JOIN sales s ON s.person = p.id ORDER BY p.id, s.id;
SELECT p.name, s.amount FROM people p RIGHT JOIN sales s ON s.person = p.id ORDER BY s.id;
SELECT p.name, s.amount FROM people p FULL JOIN sales s ON s.person = p.id ORDER BY p.id NULLS LAST, s.id;
SELECT p.name, count(s.id), coalesce(sum(s.amount), 0) AS total FROM people p LEFT JOIN sales s ON s.person = p.id GROUP BY p.id, p.name ORDER BY total DESC, p.name;
SELECT p.name FROM people p, sales s WHERE p.id = s.person AND s.amount > 10 ORDER BY 1;
SELECT a.name, b.name FROM people a JOIN people b ON a.team = b.team AND a.id < b.id ORDER BY 1, 2;
SELECT count(*) FROM people CROSS JOIN sales;
SELECT id, name, amount FROM people JOIN sales USING (id) ORDER BY id;
SELECT id, name, amount FROM people NATURAL JOIN sales ORDER BY id;
SELECT p.name, x.total FROM people p, LATERAL (SELECT sum(amount) AS total FROM sales s WHERE s.person = p.id) x WHERE x.total IS NOT NULL ORDER BY 1;
SELECT p.name FROM people p LEFT JOIN sales s ON s.person = p.id AND s.paid WHERE s.id IS NULL ORDER BY p.id;

-- subqueries
SELECT name FROM people WHERE salary > (SELECT avg(salary) FROM people) ORDER BY 1;
SELECT name FROM people p WHERE EXISTS (SELECT 1 FROM sales s WHERE s.person = p.id AND s.amount > 15) ORDER BY 1;
SELECT name FROM people p WHERE NOT EXISTS (SELECT 1 FROM sales s WHERE s.person = p.id) ORDER BY 1;
SELECT name FROM people WHERE id IN (SELECT person FROM sales) ORDER BY 1;
SELECT name FROM people WHERE id NOT IN (SELECT person FROM sales WHERE person IS NOT NULL) ORDER BY 1;
SELECT name, (SELECT count(*) FROM sales s WHERE s.person = p.id) AS n FROM people p ORDER BY 1;
SELECT name FROM people WHERE salary >= ALL (SELECT salary FROM people WHERE salary IS NOT NULL);
SELECT x.team, x.n FROM (SELECT team, count(*) AS n FROM people GROUP BY team) x WHERE x.n > 1 ORDER BY 1;
SELECT (SELECT id FROM people);
SELECT ARRAY(SELECT id FROM people WHERE team = 'red' ORDER BY id);

-- WITH and set operations
WITH rich AS (SELECT * FROM people WHERE salary > 4000) SELECT r.name, s.amount FROM rich r LEFT JOIN sales s ON s.person = r.id ORDER BY 1, 2;
WITH a AS (SELECT id FROM people), b AS (SELECT id FROM a WHERE id > 3) SELECT count(*) FROM a, b;
WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n, n * n FROM t ORDER BY n;
SELECT id FROM people UNION SELECT person FROM sales ORDER BY 1;
SELECT id FROM people UNION ALL SELECT person FROM sales ORDER BY 1 LIMIT 5;
SELECT id FROM people INTERSECT SELECT person FROM sales ORDER BY 1;
SELECT id FROM people EXCEPT SELECT person FROM sales ORDER BY 1;
SELECT team FROM people EXCEPT ALL SELECT 'red' ORDER BY 1;
SELECT 1 AS a, 'x' AS b UNION SELECT 2, NULL ORDER BY 1;
VALUES (1, 'one'), (2, 'two'), (3, NULL) ORDER BY 1 DESC;
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v(n, t) ORDER BY n;
TABLE people ORDER BY id LIMIT 1;

-- grouping sets and windows
SELECT team, extract(year FROM born) > 1980 AS young, count(*) FROM people GROUP BY ROLLUP (team, extract(year FROM born) > 1980) ORDER BY 1, 2, 3;
SELECT team, count(*), GROUPING(team) FROM people GROUP BY GROUPING SETS ((team), ()) ORDER BY 3, 1;
SELECT id, team, row_number() OVER (PARTITION BY team ORDER BY id), rank() OVER (ORDER BY team NULLS FIRST) FROM people ORDER BY id;
SELECT id, amount, sum(amount) OVER (ORDER BY id), lag(amount) OVER (ORDER BY id), lead(amount, 2) OVER (ORDER BY id) FROM sales ORDER BY id;
SELECT id, avg(amount) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM sales ORDER BY id;
SELECT id, first_value(amount) OVER w, last_value(amount) OVER w, ntile(3) OVER w FROM sales WINDOW w AS (ORDER BY id) ORDER BY id;
SELECT count(*) FILTER (WHERE paid), sum(amount) FILTER (WHERE NOT paid) FROM sales;

-- numbers
SELECT kind, count(*), sum(i), avg(i), min(f), max(f) FROM numbers GROUP BY kind ORDER BY kind;
SELECT sum(n), avg(n), sum(f), sum(i * 1000000) FROM numbers;
SELECT n / 7, n % 7, -n / 7, -n % 7, n / 7.0 FROM numbers WHERE n < 6 ORDER BY n;
SELECT f / 3, f::numeric, f::int, round(f::numeric, 1) FROM numbers WHERE n < 5 ORDER BY n;
SELECT 1 / 0;
SELECT n / (n - 3) FROM numbers ORDER BY n;
SELECT 2147483647 + n FROM numbers LIMIT 1;
SELECT 9223372036854775807 + i FROM numbers WHERE i > 0 LIMIT 1;
SELECT (n * 100)::int2 FROM numbers WHERE n = 400;
SELECT 1.10 + 2.205, 1.5 * 2.25, 10 / 4, 10 / 4.0, 7 % 3, 2 ^ 10, 5 - 7.5, -3 / 2, abs(-5), round(2.5), round(-2.5), trunc(-2.7), ceil(1.2), floor(-1.2);
SELECT 0.1::float8 + 0.2::float8, 1e300 * 1e10::float8, 'NaN'::float8, '-Infinity'::float8, 1::float4 / 3;
SELECT power(2::float8, 0.5::float8), sqrt(2::float8), exp(1::float8), ln(10::float8), 1e-7::float8, 123456789012345678::float8;

-- text
SELECT 'a' || 'b' || 3, concat('a', NULL, 1), concat_ws('-', 'a', NULL, 'b'), substring('abcdef' FROM 2 FOR 3), substr('abcdef', 3), position('cd' IN 'abcdef');
SELECT trim('  x  '), ltrim('xxy', 'x'), rtrim('yxx', 'x'), lpad('7', 3, '0'), rpad('7', 3), left('abcdef', -2), right('abcdef', 2), replace('banana', 'an', 'AN');
SELECT split_part('a,b,c', ',', 2), reverse('abc'), repeat('ab', 3), initcap('hello wORLD'), md5('x'), to_hex(255), chr(65), ascii('A'), translate('abc', 'ab', 'xy');
SELECT 'abc' LIKE 'a_c', 'abc' LIKE 'a\_c', 'ABC' ILIKE 'abc', 'abc' SIMILAR TO '(a|b)%', 'abc' ~ 'b+', 'abc' !~ 'z', 'ABC' ~* 'abc';
SELECT 'x '::char(3) = 'x', length('x  '::char(5)), 'x'::char(3) || '|', 'abc'::varchar(2), 'abcdef'::char(3);
SELECT quote_ident('a b'), quote_literal('it''s'), quote_nullable(NULL), format('%s-%I-%L', 'a', 'B', 'c');

SELECT 5::bit(4), 5::int8::bit(4), 5::bit(12), 77::varchar(1), 1.234::numeric(3,1);
-- dates
SELECT date '2024-02-29' + 1, date '2024-03-01' - date '2024-02-01', timestamp '2024-01-31 10:00' + interval '1 month', interval '1 day 02:03:04' * 2;
SELECT extract(epoch FROM timestamp '2024-01-01'), extract(dow FROM date '2024-01-01'), date_part('week', date '2024-01-01'), date_trunc('hour', timestamp '2024-01-01 10:59:59');
SELECT age(timestamp '2024-03-01', timestamp '2023-01-15'), make_date(2024, 2, 29), to_char(date '2024-02-29', 'YYYY-MM-DD Day'), timestamp '2024-01-01' < date '2024-01-02';
SELECT timestamptz '2024-06-01 12:00+02' AT TIME ZONE 'UTC', timestamp '2024-06-01 12:00' AT TIME ZONE 'Europe/Berlin', time '10:00' + interval '90 minutes';

-- errors, with their places
SELECT nothing FROM people;
SELECT p.nothing FROM people p;
SELECT * FROM nowhere;
SELECT people.id FROM people p;
SELECT id FROM people, sales;
SELECT name + 1 FROM people;
SELECT nofunction(id) FROM people;
SELECT sum(sum(id)) FROM people;
SELECT name, count(*) FROM people;
SELECT * FROM people WHERE count(*) > 1;
SELECT * FROM people WHERE name;
SELECT * FROM people ORDER BY 9;
SELECT id FROM people GROUP BY nothing;
SELECT 'x'::int;
SELECT '2024-13-01'::date;
SELECT id FROM people UNION SELECT name FROM people;
SELECT id, name FROM people UNION SELECT id FROM people;
SELECT (SELECT id, name FROM people);
SELECT CASE WHEN 1 THEN 2 END;
SELECT * FROM people LIMIT -1;
SELECT * FROM people p JOIN sales p ON true;
SELECT FROM people LIMIT 1;
SELECT 1 +;
DROP EXTENSION file_fdw CASCADE;
-- Numbers that are computed are sorted as numbers beside subqueries, too
CREATE TABLE numbers_sorted (id int, n numeric(10,2)); INSERT INTO numbers_sorted VALUES (1, 4003.45), (2, 5016.19), (3, 45.5), (4, NULL);
SELECT n * 2, EXISTS (SELECT FROM numbers_sorted b WHERE b.id > a.id), id FROM numbers_sorted a ORDER BY 1, 2, 3 LIMIT 3;
SELECT n * 2, id NOT IN (SELECT id FROM numbers_sorted WHERE n > 5000) FROM numbers_sorted ORDER BY 1 DESC, 2;
SELECT n / 3, (SELECT max(b.n) FROM numbers_sorted b WHERE b.id < a.id), rank() OVER (ORDER BY n / 3) FROM numbers_sorted a ORDER BY 1 NULLS FIRST, 2 FETCH FIRST 3 ROWS WITH TIES;
SELECT sum(n) * 2, count(*) > (SELECT 1) FROM numbers_sorted GROUP BY id ORDER BY 1, 2;
DROP TABLE numbers_sorted;
