-- pg_get_viewdef, plain and pretty, of every form of query that a view may have.
CREATE SCHEMA viewdefs;
CREATE SCHEMA s;
SET search_path = viewdefs;
CREATE TYPE pair AS (x int, y text);
CREATE TYPE state AS ENUM ('on', 'off');
CREATE DOMAIN s.num AS int;
CREATE SEQUENCE sq;
CREATE TABLE a (id int, name text, v int);
CREATE TABLE b (id int, name text, v int, tags text[], j jsonb, vc varchar(10), ch char(3), n numeric(10,2));
CREATE TABLE c (id int);
CREATE TABLE d (p pair, e state);
CREATE TABLE s.other (id int);
CREATE FUNCTION s.f(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION s.va(VARIADIC x int[]) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE VIEW v1 AS SELECT 1 AS a;
\d+ v1
CREATE VIEW v2 AS SELECT 1;
\d+ v2
CREATE VIEW v3 AS SELECT 'x';
\d+ v3
CREATE VIEW v4 AS SELECT 'x'::text AS x, NULL AS n, NULL::int AS i, true AS t, false AS f, 1.5 AS d, -1 AS m, 1e10 AS e, '1 day'::interval AS v;
\d+ v4
CREATE VIEW v5 AS SELECT 10000000000 AS big, 9223372036854775807 AS biggest, -5::smallint AS s, 3.14::float8 AS f, '2024-01-01'::date AS d, 'a'::char AS c, 'b'::"char" AS q;
\d+ v5
CREATE VIEW v6 AS SELECT * FROM a;
\d+ v6
CREATE VIEW v7 AS SELECT a.* FROM a;
\d+ v7
CREATE VIEW v8 AS SELECT x.* FROM a x;
\d+ v8
CREATE VIEW v9 AS SELECT x.* FROM a AS x (p, q);
\d+ v9
CREATE VIEW v10 AS SELECT x.p FROM a AS x (p, q);
\d+ v10
CREATE VIEW v11 AS SELECT a.id, a.name AS n FROM a;
\d+ v11
CREATE VIEW v12 AS SELECT id, name FROM ONLY a;
\d+ v12
CREATE VIEW v13 AS SELECT id AS "Id", name AS "select", v AS "a b" FROM a;
\d+ v13
CREATE VIEW v14 AS SELECT id + 1 AS s, id - 1 AS d, id * 2 AS m, id / 2 AS q, id % 2 AS r, -id AS n, +id AS p, @ id AS ab FROM a;
\d+ v14
CREATE VIEW v15 AS SELECT id + 1 * 2 AS a, (id + 1) * 2 AS b, id - (1 - 2) AS c, (id - 1) - 2 AS d FROM a;
\d+ v15
CREATE VIEW v16 AS SELECT name || 'x' AS a, name || id AS b, name || NULL AS c FROM a;
\d+ v16
CREATE VIEW v17 AS SELECT id FROM a WHERE id > 1 AND name = 'x' OR v IS NULL;
\d+ v17
CREATE VIEW v18 AS SELECT id FROM a WHERE (id > 1 OR name = 'x') AND v IS NOT NULL;
\d+ v18
CREATE VIEW v19 AS SELECT id FROM a WHERE NOT (id > 1);
\d+ v19
CREATE VIEW v20 AS SELECT id FROM a WHERE NOT id > 1 AND NOT (id = 2 OR id = 3);
\d+ v20
CREATE VIEW v21 AS SELECT id FROM a WHERE id BETWEEN 1 AND 3;
\d+ v21
CREATE VIEW v22 AS SELECT id FROM a WHERE id NOT BETWEEN 1 AND 3;
\d+ v22
CREATE VIEW v23 AS SELECT id FROM a WHERE id BETWEEN SYMMETRIC 3 AND 1;
\d+ v23
CREATE VIEW v24 AS SELECT id FROM a WHERE id IN (1, 2, 3);
\d+ v24
CREATE VIEW v25 AS SELECT id FROM a WHERE id NOT IN (1, 2, 3);
\d+ v25
CREATE VIEW v26 AS SELECT id FROM a WHERE name IN ('x', 'y');
\d+ v26
CREATE VIEW v27 AS SELECT id FROM a WHERE id IN (1);
\d+ v27
CREATE VIEW v28 AS SELECT id FROM a WHERE id IN (v, 2);
\d+ v28
CREATE VIEW v29 AS SELECT id FROM a WHERE id = ANY (ARRAY[1, 2]);
\d+ v29
CREATE VIEW v30 AS SELECT id FROM a WHERE id = ANY ('{1,2}');
\d+ v30
CREATE VIEW v31 AS SELECT id FROM a WHERE id <> ALL (ARRAY[1, 2]);
\d+ v31
CREATE VIEW v32 AS SELECT id FROM a WHERE id > SOME (ARRAY[v, 2]);
\d+ v32
CREATE VIEW v33 AS SELECT id FROM a WHERE name LIKE 'x%' AND name NOT LIKE '%y' AND name ILIKE 'Z' AND name NOT ILIKE 'W';
\d+ v33
CREATE VIEW v34 AS SELECT id FROM a WHERE name LIKE 'x!%' ESCAPE '!';
\d+ v34
CREATE VIEW v35 AS SELECT id FROM a WHERE name SIMILAR TO '(x|y)%';
\d+ v35
CREATE VIEW v36 AS SELECT id FROM a WHERE name NOT SIMILAR TO '(x|y)%';
\d+ v36
CREATE VIEW v37 AS SELECT id FROM a WHERE name ~ '^x' AND name !~ 'y$' AND name ~* 'X' AND name !~* 'Y';
\d+ v37
CREATE VIEW v38 AS SELECT id FROM a WHERE name IS DISTINCT FROM 'x' AND v IS NOT DISTINCT FROM 2;
\d+ v38
CREATE VIEW v39 AS SELECT (id > 1) IS TRUE AS a, (id > 1) IS NOT TRUE AS b, (id > 1) IS FALSE AS c, (id > 1) IS NOT FALSE AS d, (id > 1) IS UNKNOWN AS e, (id > 1) IS NOT UNKNOWN AS f FROM a;
\d+ v39
CREATE VIEW v40 AS SELECT id IS NULL AS a, id + 1 IS NOT NULL AS b FROM a;
\d+ v40
CREATE VIEW v41 AS SELECT (id, name) = (1, 'x') AS a, (id, v) < (1, 2) AS b, ROW(id) = ROW(1) AS c FROM a;
\d+ v41
CREATE VIEW v42 AS SELECT ROW(id, name) AS r, ROW() AS e, ROW(1) AS o FROM a;
\d+ v42
CREATE VIEW v43 AS SELECT (id, name) IS NULL AS a, ROW(id, v) IS NOT NULL AS b FROM a;
\d+ v43
CREATE VIEW v44 AS SELECT ARRAY[1, 2, 3] AS a, ARRAY[id, v] AS b, ARRAY[[1, 2], [3, 4]] AS c, ARRAY[]::int[] AS d, '{1,2}'::int[] AS e FROM a;
\d+ v44
CREATE VIEW v45 AS SELECT (ARRAY[1, 2, 3])[1] AS a, (ARRAY[1, 2, 3])[1:2] AS b, (ARRAY[1, 2, 3])[:2] AS c, (ARRAY[1, 2, 3])[2:] AS d;
\d+ v45
CREATE VIEW v46 AS SELECT tags[1] AS t, tags[1:2] AS s, tags[id] AS i FROM b;
\d+ v46
CREATE VIEW v47 AS SELECT CASE WHEN id > 1 THEN 'a' WHEN id > 2 THEN 'b' ELSE 'c' END AS c FROM a;
\d+ v47
CREATE VIEW v48 AS SELECT CASE id WHEN 1 THEN 'a' WHEN 2 THEN 'b' END AS c FROM a;
\d+ v48
CREATE VIEW v49 AS SELECT CASE WHEN id > 1 THEN CASE name WHEN 'x' THEN 1 ELSE 2 END ELSE 3 END AS c FROM a;
\d+ v49
CREATE VIEW v50 AS SELECT COALESCE(name, 'x') AS a, NULLIF(id, 1) AS b, GREATEST(id, v, 3) AS c, LEAST(id, 2) AS d FROM a;
\d+ v50
CREATE VIEW v51 AS SELECT coalesce(name, 'x'), nullif(id, 1), greatest(id, v), least(id, 2) FROM a;
\d+ v51
CREATE VIEW v52 AS SELECT id::text AS a, id::bigint AS b, CAST(id AS numeric(10,2)) AS c, name::varchar(10) AS d, name::char(3) AS e, id::float8 AS f FROM a;
\d+ v52
CREATE VIEW v54 AS SELECT id::text::int AS a, (id + 1)::text AS b, (-id)::text AS c, (name || 'x')::varchar AS d FROM a;
\d+ v54
CREATE VIEW v55 AS SELECT upper(name) AS u, lower(name), length(name) AS l, substr(name, 1, 2) AS s, substring(name from 1 for 2) AS t, position('x' in name) AS p FROM a;
\d+ v55
CREATE VIEW v56 AS SELECT trim(name) AS a, trim(both 'x' from name) AS b, trim(leading from name) AS c, trim(trailing 'y' from name) AS d, overlay(name placing 'z' from 1 for 2) AS e FROM a;
\d+ v56
CREATE VIEW v57 AS SELECT extract(year from now()) AS y, date_part('month', now()) AS m, date_trunc('day', now()) AS d, now() AT TIME ZONE 'UTC' AS u;
\d+ v57
CREATE VIEW v58 AS SELECT CURRENT_DATE AS a, CURRENT_TIME AS b, CURRENT_TIMESTAMP AS c, LOCALTIME AS d, LOCALTIMESTAMP AS e, CURRENT_TIMESTAMP(3) AS f;
\d+ v58
CREATE VIEW v59 AS SELECT CURRENT_USER AS a, SESSION_USER AS b, CURRENT_ROLE AS c, USER AS d, CURRENT_CATALOG AS e, CURRENT_SCHEMA AS f;
\d+ v59
CREATE VIEW v60 AS SELECT name COLLATE "C" AS c, name < 'x' COLLATE "POSIX" AS d FROM a ORDER BY name COLLATE "C";
\d+ v60
CREATE VIEW v61 AS SELECT a.id, b.name FROM a, b;
\d+ v61
CREATE VIEW v62 AS SELECT a.id, b.name FROM a, b WHERE a.id = b.id;
\d+ v62
CREATE VIEW v63 AS SELECT a.id, b.name FROM a JOIN b ON a.id = b.id;
\d+ v63
CREATE VIEW v64 AS SELECT a.id, b.name FROM a INNER JOIN b ON a.id = b.id AND b.v > 1;
\d+ v64
CREATE VIEW v65 AS SELECT a.id, b.name FROM a LEFT JOIN b ON a.id = b.id;
\d+ v65
CREATE VIEW v66 AS SELECT a.id, b.name FROM a RIGHT JOIN b ON a.id = b.id;
\d+ v66
CREATE VIEW v67 AS SELECT a.id, b.name FROM a FULL JOIN b ON a.id = b.id;
\d+ v67
CREATE VIEW v68 AS SELECT a.id, b.name FROM a CROSS JOIN b;
\d+ v68
CREATE VIEW v69 AS SELECT * FROM a JOIN b USING (id);
\d+ v69
CREATE VIEW v70 AS SELECT a.id AS i, b.v FROM a JOIN b USING (id);
\d+ v70
CREATE VIEW v71 AS SELECT id, a.name, b.name AS bname FROM a JOIN b USING (id);
\d+ v71
CREATE VIEW v72 AS SELECT * FROM a LEFT JOIN b USING (id, v);
\d+ v72
CREATE VIEW v73 AS SELECT * FROM a FULL JOIN b USING (id);
\d+ v73
CREATE VIEW v74 AS SELECT id FROM a FULL JOIN b USING (id) WHERE id > 1;
\d+ v74
CREATE VIEW v75 AS SELECT * FROM a NATURAL JOIN c;
\d+ v75
CREATE VIEW v76 AS SELECT * FROM a NATURAL LEFT JOIN c;
\d+ v76
CREATE VIEW v77 AS SELECT * FROM a NATURAL FULL JOIN c;
\d+ v77
CREATE VIEW v78 AS SELECT x.id, y.id AS yid FROM a x JOIN a y ON x.id = y.v;
\d+ v78
CREATE VIEW v79 AS SELECT x.id, y.id AS yid, z.id AS zid FROM a x JOIN a y ON x.id = y.v LEFT JOIN b z ON z.id = y.id;
\d+ v79
CREATE VIEW v80 AS SELECT x.id FROM a x JOIN (b y JOIN c z ON y.id = z.id) ON x.id = y.id;
\d+ v80
CREATE VIEW v81 AS SELECT x.id FROM a x LEFT JOIN (b y CROSS JOIN c z) ON x.id = y.id;
\d+ v81
CREATE VIEW v85 AS SELECT u.id FROM a JOIN c USING (id) AS u;
\d+ v85
CREATE VIEW v86 AS SELECT a.id FROM a, a a_1, a a_2 WHERE a.id = a_1.id;
\d+ v86
CREATE VIEW v87 AS SELECT a.id FROM a WHERE EXISTS (SELECT 1 FROM a WHERE a.id > 2);
\d+ v87
CREATE VIEW v88 AS SELECT a.id FROM a WHERE EXISTS (SELECT FROM b WHERE b.id = a.id);
\d+ v88
CREATE VIEW v89 AS SELECT a.id FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.id = a.id);
\d+ v89
CREATE VIEW v90 AS SELECT id FROM a WHERE id IN (SELECT id FROM b);
\d+ v90
CREATE VIEW v91 AS SELECT id FROM a WHERE id NOT IN (SELECT b.id FROM b WHERE b.v = a.v);
\d+ v91
CREATE VIEW v92 AS SELECT id FROM a WHERE (id, name) IN (SELECT id, name FROM b);
\d+ v92
CREATE VIEW v93 AS SELECT id FROM a WHERE id > ANY (SELECT id FROM b);
\d+ v93
CREATE VIEW v94 AS SELECT id FROM a WHERE id >= ALL (SELECT id FROM b);
\d+ v94
CREATE VIEW v95 AS SELECT id FROM a WHERE id = (SELECT max(id) FROM b);
\d+ v95
CREATE VIEW v96 AS SELECT id, (SELECT max(b.id) FROM b WHERE b.v = a.v) AS m FROM a;
\d+ v96
CREATE VIEW v97 AS SELECT ARRAY(SELECT id FROM a ORDER BY id) AS ids;
\d+ v97
CREATE VIEW v98 AS SELECT s.id FROM (SELECT id FROM a WHERE id > 1) s;
\d+ v98
CREATE VIEW v99 AS SELECT s.x FROM (SELECT id FROM a) AS s (x);
\d+ v99
CREATE VIEW v100 AS SELECT s.id, s.n FROM (SELECT id, count(*) AS n FROM a GROUP BY id) s WHERE s.n > 1;
\d+ v100
CREATE VIEW v101 AS SELECT * FROM (SELECT * FROM (SELECT id FROM a) i) o;
\d+ v101
CREATE VIEW v102 AS SELECT a.id, l.n FROM a, LATERAL (SELECT count(*) AS n FROM b WHERE b.id = a.id) l;
\d+ v102
CREATE VIEW v103 AS SELECT a.id, l.n FROM a LEFT JOIN LATERAL (SELECT b.name AS n FROM b WHERE b.id = a.id LIMIT 1) l ON true;
\d+ v103
CREATE VIEW v104 AS SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v (x, y);
\d+ v104
CREATE VIEW v105 AS SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v;
\d+ v105
CREATE VIEW v106 AS VALUES (1, 'a'), (2, 'b');
\d+ v106
CREATE VIEW v107 AS VALUES (1);
\d+ v107
CREATE VIEW v108 AS VALUES (1, 2), (3, 4) ORDER BY 1 DESC LIMIT 1;
\d+ v108
CREATE VIEW v109 AS SELECT * FROM generate_series(1, 3);
\d+ v109
CREATE VIEW v110 AS SELECT g FROM generate_series(1, 3) g;
\d+ v110
CREATE VIEW v111 AS SELECT g.x FROM generate_series(1, 3) AS g (x);
\d+ v111
CREATE VIEW v112 AS SELECT * FROM generate_series(1, 3) WITH ORDINALITY;
\d+ v112
CREATE VIEW v113 AS SELECT * FROM generate_series(1, 3) WITH ORDINALITY AS g (x, n);
\d+ v113
CREATE VIEW v114 AS SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a', 'b']) AS u (x, y);
\d+ v114
CREATE VIEW v115 AS SELECT * FROM ROWS FROM (generate_series(1, 3), generate_series(1, 5)) AS r (x, y);
\d+ v115
CREATE VIEW v116 AS SELECT * FROM ROWS FROM (generate_series(1, 3), unnest(ARRAY['a'])) WITH ORDINALITY AS r (x, y, n);
\d+ v116
CREATE VIEW v117 AS SELECT a.id, u.t FROM b a, unnest(a.tags) u (t);
\d+ v117
CREATE VIEW v118 AS SELECT a.id, u.t FROM b a CROSS JOIN LATERAL unnest(a.tags) WITH ORDINALITY u (t, n);
\d+ v118
CREATE VIEW v119 AS SELECT generate_series(1, 3) AS g;
\d+ v119
CREATE VIEW v120 AS SELECT id, unnest(tags) AS t FROM b;
\d+ v120
CREATE VIEW v123 AS SELECT count(*) FROM a;
\d+ v123
CREATE VIEW v124 AS SELECT count(*) AS n, count(id) AS i, count(DISTINCT name) AS d, sum(id) AS s, avg(v) AS m, min(name) AS l, max(name) AS g FROM a;
\d+ v124
CREATE VIEW v125 AS SELECT count(*) FILTER (WHERE id > 1) AS f, sum(id) FILTER (WHERE name = 'x') AS g FROM a;
\d+ v125
CREATE VIEW v126 AS SELECT array_agg(id ORDER BY id DESC) AS a, string_agg(name, ',' ORDER BY name, id) AS s, string_agg(DISTINCT name, ',') AS d FROM a;
\d+ v126
CREATE VIEW v127 AS SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY v) AS p, mode() WITHIN GROUP (ORDER BY name) AS m FROM a;
\d+ v127
CREATE VIEW v128 AS SELECT rank(1) WITHIN GROUP (ORDER BY id) AS r FROM a;
\d+ v128
CREATE VIEW v129 AS SELECT name, count(*) AS n FROM a GROUP BY name;
\d+ v129
CREATE VIEW v130 AS SELECT name, count(*) AS n FROM a GROUP BY 1 ORDER BY 2 DESC;
\d+ v130
CREATE VIEW v131 AS SELECT name AS x, count(*) AS n FROM a GROUP BY x HAVING count(*) > 1;
\d+ v131
CREATE VIEW v132 AS SELECT upper(name) AS u, count(*) AS n FROM a GROUP BY upper(name);
\d+ v132
CREATE VIEW v133 AS SELECT id + 1 AS p, count(*) AS n FROM a GROUP BY id + 1;
\d+ v133
CREATE VIEW v134 AS SELECT name, v, count(*) AS n FROM a GROUP BY name, v ORDER BY name, v;
\d+ v134
CREATE VIEW v137 AS SELECT name, v, count(*) AS n FROM a GROUP BY GROUPING SETS ((name), (v), ());
\d+ v137
CREATE VIEW v138 AS SELECT name, v, count(*) AS n FROM a GROUP BY GROUPING SETS ((name, v), name);
\d+ v138
CREATE VIEW v146 AS SELECT DISTINCT name FROM a;
\d+ v146
CREATE VIEW v147 AS SELECT DISTINCT name, id FROM a ORDER BY id;
\d+ v147
CREATE VIEW v148 AS SELECT DISTINCT ON (name) name, id FROM a ORDER BY name, id DESC;
\d+ v148
CREATE VIEW v149 AS SELECT DISTINCT ON (name, v) id FROM a;
\d+ v149
CREATE VIEW v150 AS SELECT DISTINCT ON (upper(name)) id FROM a ORDER BY upper(name);
\d+ v150
CREATE VIEW v151 AS SELECT id FROM a ORDER BY id;
\d+ v151
CREATE VIEW v152 AS SELECT id FROM a ORDER BY id DESC NULLS LAST, name ASC NULLS FIRST, v USING >;
\d+ v152
CREATE VIEW v153 AS SELECT id FROM a ORDER BY name;
\d+ v153
CREATE VIEW v154 AS SELECT id AS x FROM a ORDER BY x, upper(name), id + 1;
\d+ v154
CREATE VIEW v155 AS SELECT id FROM a LIMIT 10;
\d+ v155
CREATE VIEW v156 AS SELECT id FROM a LIMIT 10 OFFSET 5;
\d+ v156
CREATE VIEW v157 AS SELECT id FROM a OFFSET 5;
\d+ v157
CREATE VIEW v158 AS SELECT id FROM a LIMIT ALL;
\d+ v158
CREATE VIEW v159 AS SELECT id FROM a LIMIT NULL OFFSET 1 + 2;
\d+ v159
CREATE VIEW v160 AS SELECT id FROM a ORDER BY id FETCH FIRST 3 ROWS ONLY;
\d+ v160
CREATE VIEW v161 AS SELECT id FROM a ORDER BY id FETCH FIRST ROW ONLY;
\d+ v161
CREATE VIEW v162 AS SELECT id FROM a ORDER BY id FETCH FIRST 3 ROWS WITH TIES;
\d+ v162
CREATE VIEW v163 AS SELECT id FROM a ORDER BY id OFFSET 2 ROWS FETCH NEXT 3 ROWS ONLY;
\d+ v163
CREATE VIEW v164 AS SELECT id FROM a UNION SELECT id FROM b;
\d+ v164
CREATE VIEW v165 AS SELECT id FROM a UNION ALL SELECT id FROM b;
\d+ v165
CREATE VIEW v166 AS SELECT id FROM a INTERSECT SELECT id FROM b;
\d+ v166
CREATE VIEW v167 AS SELECT id FROM a EXCEPT ALL SELECT id FROM b;
\d+ v167
CREATE VIEW v168 AS SELECT id FROM a UNION SELECT id FROM b UNION SELECT id FROM c;
\d+ v168
CREATE VIEW v169 AS SELECT id FROM a UNION ALL SELECT id FROM b UNION SELECT id FROM c;
\d+ v169
CREATE VIEW v170 AS SELECT id FROM a UNION (SELECT id FROM b EXCEPT SELECT id FROM c);
\d+ v170
CREATE VIEW v171 AS (SELECT id FROM a UNION SELECT id FROM b) INTERSECT SELECT id FROM c;
\d+ v171
CREATE VIEW v172 AS SELECT id FROM a UNION SELECT id FROM b INTERSECT SELECT id FROM c;
\d+ v172
CREATE VIEW v173 AS SELECT id, name FROM a UNION SELECT id, name FROM b ORDER BY name, id DESC LIMIT 3;
\d+ v173
CREATE VIEW v174 AS (SELECT id FROM a ORDER BY id LIMIT 1) UNION ALL (SELECT id FROM b ORDER BY id LIMIT 1);
\d+ v174
CREATE VIEW v175 AS (SELECT id FROM a LIMIT 1) UNION SELECT id FROM b ORDER BY 1;
\d+ v175
CREATE VIEW v176 AS SELECT id AS x FROM a UNION SELECT v AS y FROM b;
\d+ v176
CREATE VIEW v177 AS SELECT 1 AS one UNION SELECT 2;
\d+ v177
CREATE VIEW v178 AS SELECT 'a' AS t UNION SELECT name FROM a;
\d+ v178
CREATE VIEW v179 AS SELECT id FROM a UNION SELECT 1.5;
\d+ v179
CREATE VIEW v180 AS SELECT NULL AS n UNION SELECT 1;
\d+ v180
CREATE VIEW v181 AS SELECT s.x FROM (SELECT id AS x FROM a UNION SELECT id FROM b) s;
\d+ v181
CREATE VIEW v182 AS WITH w AS (SELECT id FROM a) SELECT * FROM w;
\d+ v182
CREATE VIEW v183 AS WITH w (x) AS (SELECT id FROM a) SELECT x FROM w;
\d+ v183
CREATE VIEW v184 AS WITH w AS (SELECT id FROM a), z AS (SELECT id FROM w WHERE id > 1) SELECT w.id, z.id AS zid FROM w JOIN z USING (id);
\d+ v184
CREATE VIEW v185 AS WITH w AS MATERIALIZED (SELECT id FROM a), z AS NOT MATERIALIZED (SELECT 1 AS o) SELECT * FROM w, z;
\d+ v185
CREATE VIEW v186 AS WITH RECURSIVE r (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT n FROM r;
\d+ v186
CREATE VIEW v187 AS WITH RECURSIVE r AS (SELECT id, v FROM a WHERE id = 1 UNION SELECT a.id, a.v FROM a JOIN r ON a.v = r.id) SELECT * FROM r ORDER BY id;
\d+ v187
CREATE VIEW v188 AS SELECT * FROM a WHERE id IN (WITH w AS (SELECT id FROM b) SELECT id FROM w);
\d+ v188
CREATE VIEW v189 AS SELECT id, row_number() OVER () AS n FROM a;
\d+ v189
CREATE VIEW v190 AS SELECT id, rank() OVER (ORDER BY v) AS r, dense_rank() OVER (PARTITION BY name ORDER BY v DESC) AS d FROM a;
\d+ v190
CREATE VIEW v191 AS SELECT id, sum(v) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM a;
\d+ v191
CREATE VIEW v192 AS SELECT id, sum(v) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) AS s FROM a;
\d+ v192
CREATE VIEW v193 AS SELECT id, sum(v) OVER (ORDER BY id RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS s FROM a;
\d+ v193
CREATE VIEW v194 AS SELECT id, sum(v) OVER (ORDER BY id GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES) AS s FROM a;
\d+ v194
CREATE VIEW v195 AS SELECT id, sum(v) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND 2 FOLLOWING EXCLUDE CURRENT ROW) AS s FROM a;
\d+ v195
CREATE VIEW v196 AS SELECT id, sum(v) OVER (ORDER BY id RANGE BETWEEN 5 PRECEDING AND 5 FOLLOWING EXCLUDE GROUP) AS s FROM a;
\d+ v196
CREATE VIEW v197 AS SELECT id, sum(v) OVER w AS s, avg(v) OVER w AS m FROM a WINDOW w AS (PARTITION BY name ORDER BY id);
\d+ v197
CREATE VIEW v198 AS SELECT id, sum(v) OVER (w ORDER BY id) AS s FROM a WINDOW w AS (PARTITION BY name);
\d+ v198
CREATE VIEW v199 AS SELECT id, sum(v) OVER x AS s FROM a WINDOW w AS (PARTITION BY name), x AS (w ORDER BY id);
\d+ v199
CREATE VIEW v200 AS SELECT id, sum(v) OVER (w ROWS 1 PRECEDING) AS s FROM a WINDOW w AS (ORDER BY name);
\d+ v200
CREATE VIEW v201 AS SELECT id, lag(v, 1, 0) OVER (ORDER BY id) AS l, first_value(name) OVER (ORDER BY id) AS f, ntile(4) OVER (ORDER BY id) AS t FROM a;
\d+ v201
CREATE VIEW v202 AS SELECT id, count(*) FILTER (WHERE v > 1) OVER (PARTITION BY name) AS c FROM a;
\d+ v202
CREATE VIEW v203 AS SELECT id, sum(sum(v)) OVER (ORDER BY id) AS s FROM a GROUP BY id;
\d+ v203
CREATE VIEW v204 AS SELECT id, rank() OVER (ORDER BY count(*) DESC) AS r FROM a GROUP BY id ORDER BY rank() OVER (ORDER BY count(*) DESC);
\d+ v204
CREATE VIEW v205 AS SELECT (p).x AS x, (p).y AS y, p FROM d;
\d+ v205
CREATE VIEW v206 AS SELECT (d.p).x, d.p FROM d WHERE (d.p).x > 1;
\d+ v206
CREATE VIEW v207 AS SELECT (p).* FROM d;
\d+ v207
CREATE VIEW v208 AS SELECT ROW(1, 'a')::pair AS r, (ROW(1, 'a')::pair).y AS y;
\d+ v208
CREATE VIEW v209 AS SELECT d FROM d;
\d+ v209
CREATE VIEW v210 AS SELECT d.*::text AS t, d IS NULL AS n FROM d;
\d+ v210
CREATE VIEW v211 AS SELECT to_json(a) AS j, row_to_json(a.*) AS r FROM a;
\d+ v211
CREATE VIEW v212 AS SELECT count(a) AS c, count(a.*) AS d FROM a;
\d+ v212
CREATE VIEW v213 AS SELECT tableoid::regclass AS t, ctid FROM a;
\d+ v213
CREATE VIEW v214 AS SELECT e = 'on' AS x, e AS y, 'off'::state AS z, ARRAY['on'::state] AS w FROM d;
\d+ v214
CREATE VIEW v216 AS SELECT s.va(1, 2, 3) AS v, s.va(VARIADIC ARRAY[1, 2]) AS w;
\d+ v216
CREATE VIEW v217 AS SELECT format('%s', id) AS f, format('%s %s', VARIADIC ARRAY['a', 'b']) AS g, concat(id, name) AS c FROM a;
\d+ v217
CREATE VIEW v218 AS SELECT id FROM s.other;
\d+ v218
CREATE VIEW v219 AS SELECT o.id FROM s.other o JOIN a ON a.id = o.id;
\d+ v219
CREATE VIEW v220 AS SELECT other.id, a.id AS aid FROM s.other, a;
\d+ v220
CREATE VIEW v221 AS SELECT id::s.num AS n, 5::s.num AS c FROM a;
\d+ v221
CREATE VIEW v222 AS SELECT id OPERATOR(pg_catalog.+) 1 AS p FROM a;
\d+ v222
CREATE VIEW v223 AS SELECT 1 + 2 AS a, 'a' || 'b' AS b, 2 ^ 3 AS c, |/ 4 AS d, 5 & 3 AS e, 5 | 3 AS f, 5 # 3 AS g, ~5 AS h, 1 << 2 AS i, 8 >> 1 AS j;
\d+ v223
CREATE VIEW v224 AS SELECT j -> 'a' AS a, j ->> 'b' AS b, j #> '{a,b}' AS c, j @> '{"a":1}' AS d, j ? 'a' AS e FROM b;
\d+ v224
CREATE VIEW v225 AS SELECT NOT (id > 1) AS n, (id > 1) AND (v > 2) AS a, ((id > 1) OR (v > 2)) AND (id < 5) AS b FROM a;
\d+ v225
CREATE VIEW v226 AS SELECT id = 1 = true AS x, (id > 1) = (v > 2) AS y FROM a;
\d+ v226
CREATE VIEW v228 AS SELECT 'a''b' AS q, E'a\\b' AS b, E'line\nbreak' AS n, 'x'::bytea AS y, B'101' AS bits, X'1F' AS hex;
\d+ v228
CREATE VIEW v230 AS SELECT now() - interval '1 day' AS y, now() + '1 hour' AS t, date '2024-01-01' + 1 AS d;
\d+ v230
CREATE VIEW v231 AS SELECT (name || 'x') COLLATE "C" || 'y' AS c FROM a;
\d+ v231
CREATE VIEW v232 AS SELECT xmlcomment('a') IS NOT NULL AS x WHERE false;
\d+ v232
CREATE VIEW v233 AS SELECT nextval('sq') AS n WHERE false;
\d+ v233
CREATE VIEW v234 AS SELECT 'sq'::regclass AS n, 'a'::regclass::oid AS o;
\d+ v234
CREATE VIEW v236 AS SELECT (SELECT 1) + (SELECT 2) AS s, (SELECT id FROM a LIMIT 1)::text AS t;
\d+ v236
CREATE VIEW v237 AS SELECT (now())::date AS d, (id)::text || 'x' AS t, upper(name)::varchar(3) AS u, (CASE WHEN id > 1 THEN 1 END)::text AS c, (ARRAY[1])::text AS r FROM a;
\d+ v237
CREATE VIEW v243 AS TABLE a;
\d+ v243
CREATE VIEW v244 AS TABLE a ORDER BY id;
\d+ v244
CREATE VIEW v245 AS SELECT current_setting('x', true) AS s, pg_typeof(id) AS t FROM a;
\d+ v245
CREATE VIEW v246 AS SELECT greatest(1, 2.5) AS g, 1 + 1.5 AS n, id + 1.5 AS m, id / 2::float8 AS f FROM a;
\d+ v246
CREATE VIEW v248 AS SELECT ch = 'x' AS a, ch || 'x' AS b, upper(ch) AS c, n = 1 AS d, n > 1.5 AS e, n = id AS f FROM b;
\d+ v248
-- the plain form
\pset format unaligned
SELECT relname, pg_get_viewdef(oid) FROM pg_class WHERE relkind = 'v' AND relnamespace = 'viewdefs'::regnamespace ORDER BY substr(relname, 2)::int;
SELECT relname, pg_get_viewdef(oid, 40) FROM pg_class WHERE relkind = 'v' AND relnamespace = 'viewdefs'::regnamespace ORDER BY substr(relname, 2)::int;
SELECT relname, pg_get_viewdef(oid, 0) FROM pg_class WHERE relkind = 'v' AND relnamespace = 'viewdefs'::regnamespace AND relname ~ '^v1.$' ORDER BY substr(relname, 2)::int;
SELECT relname, pg_get_viewdef(oid, -1) FROM pg_class WHERE relkind = 'v' AND relnamespace = 'viewdefs'::regnamespace AND relname ~ '^v5.$' ORDER BY substr(relname, 2)::int;
SELECT pg_get_viewdef('v6'), pg_get_viewdef('v6', true), pg_get_viewdef('viewdefs.v7', false);
SELECT pg_get_viewdef('a'::regclass), pg_get_viewdef(1::oid), pg_get_viewdef(NULL::oid);
SELECT pg_get_viewdef('nothing');
SELECT definition FROM pg_views WHERE schemaname = 'viewdefs' AND viewname = 'v20';
SELECT view_definition, check_option FROM information_schema.views WHERE table_schema = 'viewdefs' AND table_name = 'v20';
SET search_path = s;
SELECT relname, pg_get_viewdef(oid, true) FROM pg_class WHERE relkind = 'v' AND relnamespace = 'viewdefs'::regnamespace AND relname ~ '^v(1.|6.|22.)$' ORDER BY substr(relname, 2)::int;
SET search_path = viewdefs;
\set VERBOSITY terse
DROP SCHEMA viewdefs, s CASCADE;
