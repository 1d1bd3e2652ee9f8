-- Enums as values: comparison, order, minimum and maximum, ranges, casts, arrays.
\set VERBOSITY default
CREATE SCHEMA enums_s;
SET search_path = enums_s, public;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
ALTER TYPE mood ADD VALUE 'angry' BEFORE 'sad';
ALTER TYPE mood ADD VALUE 'fine' AFTER 'ok';
ALTER TYPE mood ADD VALUE 'zen';
CREATE TYPE color AS ENUM ('red', 'green', 'blue');
CREATE TYPE empty AS ENUM ();
CREATE VIEW feelings (id, m, c, ms) AS VALUES (1, 'zen'::mood, 'red'::color, '{sad,zen}'::mood[]), (2, 'happy', 'blue', '{}'), (3, 'angry', NULL, NULL), (4, NULL, 'green', '{NULL,ok}'),
    (5, 'ok', 'blue', '{happy,angry}'), (6, 'fine', 'red', '{zen}'), (7, 'sad', 'green', '{angry,zen}');
-- order
SELECT * FROM feelings ORDER BY m, id;
SELECT id, m FROM feelings ORDER BY m DESC, id;
SELECT id, m FROM feelings ORDER BY m DESC NULLS LAST, id;
SELECT id, m FROM feelings ORDER BY m USING <, id;
SELECT id, m FROM feelings ORDER BY m USING >, id;
SELECT id, c FROM feelings ORDER BY c, m DESC;
SELECT id, ms FROM feelings ORDER BY ms, id;
SELECT id, ms FROM feelings ORDER BY ms DESC, id;
SELECT DISTINCT c FROM feelings ORDER BY c;
SELECT DISTINCT ON (c) c, m FROM feelings ORDER BY c, m;
SELECT enumlabel FROM pg_enum WHERE enumtypid = 'mood'::regtype ORDER BY enumsortorder;
-- comparison
SELECT id FROM feelings WHERE m > 'ok' ORDER BY id;
SELECT id FROM feelings WHERE m >= 'ok' ORDER BY id;
SELECT id FROM feelings WHERE m < 'ok' ORDER BY id;
SELECT id FROM feelings WHERE m <= 'ok' ORDER BY id;
SELECT id FROM feelings WHERE m = 'ok' ORDER BY id;
SELECT id FROM feelings WHERE m <> 'ok' ORDER BY id;
SELECT id FROM feelings WHERE 'ok' < m ORDER BY id;
SELECT id FROM feelings WHERE m BETWEEN 'sad' AND 'fine' ORDER BY id;
SELECT id FROM feelings WHERE m NOT BETWEEN 'sad' AND 'fine' ORDER BY id;
SELECT id FROM feelings WHERE m BETWEEN SYMMETRIC 'fine' AND 'sad' ORDER BY id;
SELECT id FROM feelings WHERE m IN ('zen', 'sad') ORDER BY id;
SELECT id FROM feelings WHERE m NOT IN ('zen', 'sad') ORDER BY id;
SELECT id FROM feelings WHERE m = ANY ('{zen,sad}') ORDER BY id;
SELECT id FROM feelings WHERE m = ANY (ms) ORDER BY id;
SELECT id FROM feelings WHERE m < ALL (ms) ORDER BY id;
SELECT id FROM feelings WHERE m > ANY (ms) ORDER BY id;
SELECT id FROM feelings WHERE m > ALL ('{sad,ok}'::mood[]) ORDER BY id;
SELECT id, m IS DISTINCT FROM 'zen' AS d, m IS NOT DISTINCT FROM 'zen' AS n FROM feelings ORDER BY id;
SELECT a.id, b.id FROM feelings a JOIN feelings b ON a.m < b.m WHERE a.c = 'red' ORDER BY 1, 2;
SELECT a.id, b.id FROM feelings a JOIN feelings b ON a.c = b.c AND a.id < b.id ORDER BY 1, 2;
SELECT a.id, b.id FROM feelings a JOIN feelings b USING (m) ORDER BY 1, 2;
SELECT (m, c) < ('ok', 'blue') AS r FROM feelings ORDER BY id;
SELECT row(m, id) > row('ok'::mood, 3) AS r FROM feelings ORDER BY id;
SELECT 'sad'::mood < 'ok'::mood AS a, 'sad'::mood > 'ok'::mood AS b, 'zen'::mood = 'zen' AS c, 'sad'::mood <> 'zen'::mood AS d;
SELECT 'sad'::mood <= 'ok'::mood AS a, 'sad'::mood >= 'ok'::mood AS b;
SELECT enum_lt('sad'::mood, 'ok'), enum_gt('sad'::mood, 'ok'), enum_le('sad'::mood, 'ok'), enum_ge('sad'::mood, 'ok'), enum_eq('sad'::mood, 'ok'), enum_ne('sad'::mood, 'ok');
SELECT enum_cmp('sad'::mood, 'ok'), enum_cmp('zen'::mood, 'ok'), enum_cmp('ok'::mood, 'ok');
SELECT enum_larger('sad'::mood, 'ok'), enum_smaller('sad'::mood, 'ok');
-- the greatest and the least
SELECT min(m), max(m), count(m), count(DISTINCT c) FROM feelings;
SELECT c, min(m), max(m) FROM feelings GROUP BY c ORDER BY c;
SELECT m, count(*) FROM feelings GROUP BY m ORDER BY m;
SELECT greatest(m, 'ok') AS g, least(m, 'ok') AS l FROM feelings ORDER BY id;
SELECT array_agg(m ORDER BY m) FROM feelings;
SELECT array_agg(m ORDER BY m DESC) FROM feelings;
SELECT string_agg(m::text, ',' ORDER BY m) FROM feelings;
SELECT id, rank() OVER (ORDER BY m) AS r, first_value(m) OVER (ORDER BY m) AS f, lag(m) OVER (ORDER BY m) AS l FROM feelings ORDER BY id;
SELECT id, max(m) OVER (PARTITION BY c) AS x FROM feelings ORDER BY id;
SELECT max(m) FILTER (WHERE c = 'red') FROM feelings;
SELECT min(m) FROM feelings WHERE false;
SELECT m FROM feelings UNION SELECT 'zen' ORDER BY 1;
SELECT m FROM feelings EXCEPT SELECT 'zen' ORDER BY 1;
SELECT m FROM feelings INTERSECT SELECT unnest(enum_range('sad'::mood, 'fine')) ORDER BY 1;
-- enum_first, enum_last, enum_range
SELECT enum_first(NULL::mood), enum_last(NULL::mood), enum_first('ok'::mood), enum_last('ok'::mood);
SELECT enum_range(NULL::mood);
SELECT enum_range('zen'::mood);
SELECT enum_range('sad'::mood, 'fine'::mood), enum_range('fine'::mood, 'sad'::mood), enum_range('ok'::mood, 'ok');
SELECT enum_range(NULL, 'fine'::mood), enum_range('fine'::mood, NULL), enum_range(NULL::mood, NULL);
SELECT enum_range(m, 'fine') FROM feelings ORDER BY id;
SELECT unnest(enum_range(NULL::color));
SELECT * FROM unnest(enum_range(NULL::color)) WITH ORDINALITY;
SELECT enum_first(m) FROM feelings WHERE id < 3;
SELECT enum_last(c), enum_range(c) FROM feelings WHERE id = 3;
SELECT enum_first(NULL::empty);
SELECT enum_last(NULL::empty);
SELECT enum_range(NULL::empty);
SELECT enum_first(NULL);
SELECT enum_range(1, 2);
SELECT enum_range('red'::color, 'ok'::mood);
-- casts
SELECT 'ok'::mood::text, 'ok'::mood::varchar, 'ok'::mood::varchar(1), 'ok'::mood::char(4), 'ok'::mood::name;
SELECT m::text || '!' FROM feelings ORDER BY m::text;
SELECT m || '!' FROM feelings ORDER BY id;
SELECT id, m::text::mood FROM feelings ORDER BY 2, 1;
SELECT id, c::text::mood FROM feelings ORDER BY id;
SELECT ('o' || 'k')::mood;
SELECT ('k' || 'o')::mood;
SELECT concat('o', 'k')::mood < 'happy';
SELECT CAST('happy' AS mood), mood 'happy', 'happy'::enums_s.mood;
SELECT m::color FROM feelings;
SELECT 'red'::color::mood;
SELECT 'red'::color::text::mood;
SELECT 'nope'::mood;
SELECT ''::mood;
SELECT 'Ok'::mood;
SELECT ' ok'::mood;
SELECT 1::mood;
SELECT 'ok'::mood::int;
SELECT NULL::mood;
SELECT m = 'nope' FROM feelings;
SELECT id FROM feelings WHERE m = c;
SELECT id FROM feelings WHERE m = 'ok'::text;
SELECT id FROM feelings WHERE m::text = 'ok'::text;
SELECT id FROM feelings WHERE m LIKE 'o%';
SELECT id FROM feelings WHERE m::text LIKE 'o%';
SELECT id FROM feelings WHERE m IN ('ok', 'nope');
SELECT length(m) FROM feelings;
SELECT upper(m::text) FROM feelings ORDER BY id;
SELECT m + 1 FROM feelings;
SELECT sum(m) FROM feelings;
SELECT CASE m WHEN 'ok' THEN 1 WHEN 'zen' THEN 2 ELSE 0 END FROM feelings ORDER BY id;
SELECT CASE WHEN id > 3 THEN m ELSE 'zen' END FROM feelings ORDER BY id;
SELECT CASE WHEN id > 3 THEN m ELSE 'nope' END FROM feelings ORDER BY id;
SELECT CASE WHEN id > 3 THEN m ELSE c END FROM feelings;
SELECT coalesce(m, 'zen'), nullif(m, 'ok') FROM feelings ORDER BY id;
SELECT coalesce(m, c) FROM feelings;
-- arrays
SELECT ARRAY['sad', 'ok']::mood[], '{ok,NULL}'::mood[], ARRAY['ok'::mood, 'sad'];
SELECT ARRAY['sad', 'nope']::mood[];
SELECT '{ok,nope}'::mood[];
SELECT '{ok'::mood[];
SELECT '{sad,ok}'::mood[] < '{sad,zen}'::mood[] AS a, '{sad,ok}'::mood[] > '{angry,zen}' AS b, '{}'::mood[] < '{angry}' AS c, '{ok}'::mood[] = '{ok}' AS d;
SELECT ms[1], ms[2] FROM feelings ORDER BY id;
SELECT ms @> '{zen}' AS a, ms && '{zen,happy}' AS b, ms <@ '{angry,zen}' AS c FROM feelings ORDER BY id;
SELECT array_position(ms, 'zen'), array_length(ms, 1), cardinality(ms) FROM feelings ORDER BY id;
SELECT ms || 'ok'::mood, array_append(ms, 'sad'), array_prepend('sad', ms), array_remove(ms, 'zen'), array_replace(ms, 'zen', 'ok') FROM feelings ORDER BY id;
SELECT array_to_string(ms, '+', '?') FROM feelings ORDER BY id;
SELECT id, unnest(ms) AS u FROM feelings ORDER BY u, id;
SELECT ms::text, ms::text[] FROM feelings ORDER BY id;
SELECT '{ok,sad}'::text[]::mood[];
SELECT '{ok,bad}'::text[]::mood[];
SELECT min(ms), max(ms) FROM feelings;
SELECT ARRAY(SELECT m FROM feelings WHERE m IS NOT NULL ORDER BY m);
SELECT pg_typeof(m), pg_typeof(ms), pg_typeof(enum_range(m)), pg_typeof(min(m) OVER ()) FROM feelings WHERE id = 1;
SELECT to_json(m), to_json(ms) FROM feelings f ORDER BY id;
SELECT format('%s %L', m, m) FROM feelings ORDER BY id;
SELECT count(*) FROM (VALUES ('ok'::mood), ('sad')) v (x) WHERE x < 'ok';
SELECT x FROM (VALUES ('zen'::mood), ('sad'), ('ok')) v (x) ORDER BY x;
PREPARE find(mood) AS SELECT id FROM feelings WHERE m >= $1 ORDER BY id;
EXECUTE find('fine');
EXECUTE find('nope');
EXECUTE find(NULL);
-- with SQLSTATEs
\set VERBOSITY verbose
SELECT 'nope'::mood;
SELECT m = c FROM feelings;
SELECT enum_first(NULL::empty);
SELECT ''::empty;
\set VERBOSITY default
-- defaults, checks, indexes, partitions
CREATE TABLE shades (c color DEFAULT 'green' CHECK (c < 'blue'), d color DEFAULT 'black');
CREATE TABLE shades (c color DEFAULT 'green' CHECK (c < 'blue'), d color NOT NULL DEFAULT enum_last(NULL::color));
\d shades
CREATE TABLE hues (c color, n int) PARTITION BY LIST (c);
CREATE TABLE hues_r PARTITION OF hues FOR VALUES IN ('red', 'green');
CREATE TABLE hues_b PARTITION OF hues FOR VALUES IN ('blue');
CREATE TABLE hues_x PARTITION OF hues FOR VALUES IN ('pink');
CREATE TABLE spans (c color, n int) PARTITION BY RANGE (c);
CREATE TABLE spans_a PARTITION OF spans FOR VALUES FROM ('red') TO ('blue');
CREATE TABLE spans_b PARTITION OF spans FOR VALUES FROM ('green') TO (MAXVALUE);
CREATE TABLE spans_c PARTITION OF spans FOR VALUES FROM ('blue') TO ('red');
CREATE TABLE spans_d PARTITION OF spans FOR VALUES FROM ('blue') TO (MAXVALUE);
\d+ spans
\d+ hues
SELECT * FROM spans WHERE c > 'red' ORDER BY c;
ALTER TYPE color ADD VALUE IF NOT EXISTS 'blue';
ALTER TYPE color ADD VALUE 'blue';
ALTER TYPE color ADD VALUE 'x' BEFORE 'nope';
ALTER TYPE color ADD VALUE '';
ALTER TYPE color ADD VALUE 'a label that is much too long for a label of an enum as PostgreSQL has them';
\dT+
\dT+ mood
DROP TYPE mood;
\set VERBOSITY terse
DROP SCHEMA enums_s CASCADE;
