-- Groups of values that are equal and not the same: their keys in expressions, windows and subqueries; rows compared with subqueries.
CREATE TABLE wn (n numeric, iv interval, g int);
INSERT INTO wn VALUES (1.0, '1 day', 1), (1.00, '24:00', 1), (2.5, '1 mon', 2), (NULL, NULL, 3);
SELECT trim_scale(n), sum(n) OVER () FROM wn GROUP BY n ORDER BY 1;
SELECT trim_scale(n), rank() OVER (ORDER BY n), count(*) OVER (PARTITION BY n), trim_scale(max(n) OVER ()), trim_scale(lag(n) OVER (ORDER BY n)) FROM wn GROUP BY n ORDER BY 1;
SELECT extract(epoch FROM iv), sum(iv) OVER () = '31 days', extract(epoch FROM max(iv) OVER ()) FROM wn GROUP BY iv ORDER BY 1;
SELECT sum(n), trim_scale(sum(n) OVER ()) FROM wn GROUP BY n ORDER BY 1;
SELECT trim_scale(sum(n)), trim_scale(sum(sum(n)) OVER ()), trim_scale(sum(n) OVER (ORDER BY n)) FROM wn GROUP BY n ORDER BY 1;
SELECT x, (x, y) <> ANY (SELECT a, b FROM (VALUES (1, NULL), (NULL, 2)) v(a, b)), (x, y) = ALL (SELECT a, b FROM (VALUES (1, 2), (1, NULL)) v(a, b)), (x, y) <> ALL (SELECT a, b FROM (VALUES (1, NULL), (3, 2)) v(a, b)), (x, y) = ANY (SELECT a, b FROM (VALUES (1, NULL), (3, 2)) v(a, b)) FROM (VALUES (1, 2), (1, NULL), (2, 2), (NULL, 5), (NULL, NULL)) w(x, y);
SELECT trim_scale(n), n + 1 > 2, round(n), -n < 0, n::int, n::text IS NULL, n = 1, n IN (1, 2.5), coalesce(n, 0) = 0, CASE n WHEN 1 THEN 'one' END, greatest(n, 2) > 2, n BETWEEN 1 AND 2, n IS DISTINCT FROM 1 FROM wn GROUP BY n ORDER BY n;
SELECT trim_scale(n + 1), count(*) FROM wn GROUP BY n + 1 ORDER BY n + 1;
SELECT trim_scale(n) + 1, grouping(n), count(*) FROM wn GROUP BY ROLLUP (n) ORDER BY n, 2;
SELECT trim_scale(n) FROM wn GROUP BY n HAVING n > 1 AND n * 2 < 6;
SELECT extract(epoch FROM iv + '1 day'), iv > '1 day', iv = '30 days', -iv < '0', count(*) FROM wn GROUP BY iv ORDER BY iv;
SELECT trim_scale(n) FROM wn GROUP BY n, g HAVING sum(g) > n ORDER BY n + g;
SELECT DISTINCT trim_scale(n) * 2 FROM wn GROUP BY n ORDER BY 1;
SELECT (SELECT count(*) FROM wn w2 WHERE w2.n = wn.n) FROM wn GROUP BY n ORDER BY n;
SELECT (SELECT trim_scale(wn.n) + 1) FROM wn GROUP BY n ORDER BY n;
SELECT array_agg(trim_scale(n)) FROM (SELECT n FROM wn GROUP BY n ORDER BY n) s;
SELECT (SELECT trim_scale(wn.n) + count(*) FROM wn w2 WHERE w2.g = 1), sum(g) FROM wn GROUP BY n HAVING EXISTS (SELECT FROM wn w3 WHERE w3.n + 0 = wn.n) ORDER BY n;
SELECT (SELECT extract(epoch FROM wn.iv)), count(*) FROM wn GROUP BY ROLLUP (iv) ORDER BY iv, 2;
SELECT n > 1, (SELECT max(w2.g) FROM wn w2 WHERE w2.n > wn.n + 0), g FROM wn GROUP BY n, g ORDER BY n, g;
DROP TABLE wn;

-- Keys of grouping sets that are alike, as they are written or once constants are computed, are keys of their own.
CREATE TABLE alike (k text, v varchar(5), n int);
INSERT INTO alike VALUES ('a', 'x', 1), ('b', 'x', 2), ('b', 'y', NULL);
SELECT * FROM (SELECT k, k AS again, count(*) FROM alike GROUP BY CUBE (1, 2)) s ORDER BY 1, 2, 3;
SELECT * FROM (SELECT k, CASE WHEN true THEN k END AS c, sum(n), GROUPING(k), GROUPING(CASE WHEN true THEN k END) FROM alike
  GROUP BY ROLLUP (1, 2) HAVING count(*) > 0) s ORDER BY 1, 2, 3;
SELECT * FROM (SELECT CASE WHEN true THEN k END AS c, k, coalesce(k) AS d, array_agg(n ORDER BY n) FROM alike GROUP BY GROUPING SETS (1, 2, 3)) s
  ORDER BY 1, 2, 3;
SELECT * FROM (SELECT v, v::text AS t, (SELECT max(n) FROM alike i WHERE i.v = o.v) FROM alike o GROUP BY GROUPING SETS (1, 2)) s ORDER BY 1, 2;
SELECT * FROM (SELECT NULL AS a, NULL AS b, 'x' AS c, count(*) FROM alike GROUP BY GROUPING SETS (1, 2, (1, 3), ())) s ORDER BY 3, 4;
PREPARE alike(text, text) AS SELECT * FROM (SELECT $1 AS a, $2 AS b, count(*) FROM alike GROUP BY GROUPING SETS (1, 2)) s ORDER BY 1, 2;
EXECUTE alike('p', 'p');
EXECUTE alike('p', NULL);
CREATE VIEW alike_sets AS SELECT k, k AS again, v, sum(n) FROM alike GROUP BY ROLLUP (1, (2, v));
SELECT * FROM (SELECT * FROM alike_sets) s ORDER BY 1, 2, 3, 4;
SELECT pg_get_viewdef('alike_sets');
ALTER TABLE alike RENAME k TO key;
SELECT * FROM (SELECT * FROM alike_sets) s ORDER BY 1, 2, 3, 4;
SELECT pg_get_viewdef('alike_sets');
DROP VIEW alike_sets;
DROP TABLE alike;
-- rows with fields of enums
create type kg_mood as enum ('sad','ok','happy'); create table kg_rows(id int, m kg_mood, n numeric, iv interval); insert into kg_rows values (1,'ok',1.0,'1 day'),(2,'sad',1.00,'24:00'),(3,'ok',2,'2 days');
select row(m, 1), count(*) from kg_rows group by 1 order by 1;
select row(m, 1) from kg_rows order by 1;
select row(m, 1), count(*) from kg_rows group by row(m,1) order by row(m,1) desc;
select row(n, 1), count(*) from kg_rows group by 1 order by 1;
select row(iv, 1), count(*) from kg_rows group by 1 order by 1;
select row(id, m), count(*) from kg_rows group by rollup(1) order by 1;
select distinct row(m, 1) from kg_rows order by 1;
select max(row(m,1)::text) from kg_rows;
select array_agg(row(m,1) order by m) from kg_rows;
select row(id,'x'::text), count(*) from kg_rows group by 1 having row(id,'x'::text) > row(1,'a'::text) order by 1 desc;
select array[m], count(*) from kg_rows group by 1 order by 1;
select coalesce(m,'ok'), count(*) from kg_rows group by 1 order by 1;
select coalesce(m,'ok'), count(*) from kg_rows group by rollup(coalesce(m,'ok')) order by coalesce(m,'ok') desc nulls last;
select row(array[m], 1), count(*) from kg_rows group by 1 order by 1;
select row(m) , rank() over (partition by row(m) order by count(*)) from kg_rows group by row(m) order by 1;
select grouping(row(m,1)), row(m,1), count(*) from kg_rows group by cube(row(m,1)) order by 2,1; select row(m,1) = any(select row('ok'::kg_mood,1)), count(*) from kg_rows group by row(m,1) order by 2; select count(distinct row(m,1)) from kg_rows;
drop table kg_rows; drop type kg_mood;
