-- Subqueries over other sources as arguments that the local engine is told twice: their rows are read once.
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
\set people :dir '/people.csv'
\set sales :dir '/sales.csv'
\set numbers :dir '/numbers.csv'
CREATE FOREIGN TABLE people (id int, name text, team text, salary numeric(10,2), born date) SERVER files OPTIONS (filename :'people', format 'csv', header 'true');
CREATE FOREIGN TABLE sales (id int, person int, amount numeric(8,2), at timestamp, paid bool) SERVER files OPTIONS (filename :'sales', format 'csv', header 'true');
CREATE FOREIGN TABLE numbers (id int, n int, f float8, kind text) SERVER files OPTIONS (filename :'numbers', format 'csv');
SELECT id, nullif((SELECT min(person) FROM sales), id) FROM people ORDER BY id;
SELECT id, nullif((SELECT max(amount) FROM sales), 99.99), nullif((SELECT max(at) FROM sales), '2024-04-03 09:30') FROM people WHERE id < 3 ORDER BY id;
SELECT id, ROW((SELECT min(id) FROM sales), 2) < ROW(id, 3), ROW((SELECT min(id) FROM sales), id) >= ROW(1, 2) FROM people ORDER BY id;
SELECT id, ROW((SELECT avg(n) FROM numbers), 2, id) < ROW((SELECT max(amount) FROM sales), 3, 4) FROM people ORDER BY id;
SELECT id FROM people WHERE (id, (SELECT count(*) FROM numbers WHERE n > 0)) > (3, (SELECT count(*) FROM numbers WHERE n < 0)) ORDER BY id;
SELECT id, (SELECT n FROM numbers WHERE numbers.id = people.id) BETWEEN SYMMETRIC (SELECT min(n) FROM numbers) AND (SELECT avg(n) FROM numbers) FROM people ORDER BY id;
SELECT id, nullif((SELECT count(*) FROM sales s JOIN numbers n ON n.id = s.id WHERE s.person = people.id), 0) FROM people ORDER BY id;
SELECT nullif((SELECT max(id) FROM numbers), 1) + nullif((SELECT max(id) FROM sales), 9), count(*) FROM people;
SELECT team, count(*) FROM people GROUP BY team HAVING nullif((SELECT min(id) FROM sales), count(*)) IS NOT NULL ORDER BY team;
SELECT id, CASE nullif((SELECT max(team) FROM people), 'green') WHEN 'red' THEN (SELECT sum(amount) FROM sales) END, greatest((SELECT max(id) FROM sales), id) FROM people ORDER BY id;
WITH RECURSIVE c AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM c WHERE ROW(i, (SELECT count(*) FROM sales)) < ROW(4, (SELECT max(id) FROM people))) SELECT * FROM c;
WITH m AS MATERIALIZED (SELECT id, nullif((SELECT max(id) FROM sales), id) AS x FROM people) SELECT a.id, b.x FROM m a JOIN m b ON a.id = b.x - 1 ORDER BY 1;
CREATE TABLE kept AS SELECT id, nullif((SELECT min(id) FROM sales), id) AS x FROM people;
UPDATE kept SET x = nullif((SELECT count(*) FROM numbers), id) WHERE ROW(id, (SELECT min(id) FROM numbers)) > ROW(6, 1);
SELECT * FROM kept ORDER BY id;
