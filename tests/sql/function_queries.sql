-- users' functions in queries: inlined, called a row at a time, in FROM, in every clause
\set VERBOSITY default
SET client_min_messages = notice;
CREATE SCHEMA fq;
SET search_path = fq, public;
CREATE VIEW nums AS SELECT i, i * 10 AS v, 'n' || i AS t, CASE WHEN i % 3 = 0 THEN NULL ELSE i END AS maybe FROM generate_series(1, 6) AS g(i);
CREATE FUNCTION add_one(integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1 + 1';
CREATE FUNCTION twice(x integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN x * 2; END $$;
CREATE FUNCTION twice_strict(x integer) RETURNS integer LANGUAGE plpgsql STRICT AS $$ BEGIN RETURN x * 2; END $$;
CREATE FUNCTION say(x integer) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'say %', x; RETURN 'said ' || x; END $$;
CREATE FUNCTION or_zero(x integer) RETURNS integer LANGUAGE sql AS 'SELECT coalesce(x, 0)';
SELECT i, add_one(i), twice(i), or_zero(maybe) FROM nums ORDER BY i;
SELECT i, twice_strict(maybe) FROM nums ORDER BY i;
SELECT i, say(i) FROM nums WHERE i < 4 ORDER BY i;
SELECT count(*) FROM nums WHERE twice(i) > 6;
SELECT twice(i) % 4 AS k, count(*), sum(add_one(v)) FROM nums GROUP BY twice(i) % 4 ORDER BY 1;
SELECT i FROM nums ORDER BY twice(-i);
SELECT DISTINCT twice(i / 2) FROM nums ORDER BY 1;
SELECT a.i, b.i FROM nums a JOIN nums b ON twice(a.i) = b.i ORDER BY 1;
SELECT i, CASE WHEN i < 3 THEN twice(i) ELSE add_one(i) END FROM nums ORDER BY i;
SELECT sum(twice(i)), max(say(i)) FROM nums WHERE i <= 2;
SELECT i, sum(twice(i)) OVER (ORDER BY i) FROM nums;
SELECT (SELECT twice(n.i)) FROM nums n ORDER BY 1;
SELECT i FROM nums WHERE EXISTS (SELECT 1 FROM nums m WHERE m.i = twice(nums.i)) ORDER BY i;
SELECT add_one(NULL), twice(NULL), twice_strict(NULL), or_zero(NULL);
-- types of arguments and results
CREATE FUNCTION t_text(x text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN upper(x) || '!'; END $$;
CREATE FUNCTION t_num(x numeric) RETURNS numeric LANGUAGE plpgsql AS $$ BEGIN RETURN x / 4; END $$;
CREATE FUNCTION t_bool(x boolean) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN NOT x; END $$;
CREATE FUNCTION t_date(x date) RETURNS date LANGUAGE plpgsql AS $$ BEGIN RETURN x + 1; END $$;
CREATE FUNCTION t_ts(x timestamp) RETURNS timestamp LANGUAGE plpgsql AS $$ BEGIN RETURN x + interval '1 hour'; END $$;
CREATE FUNCTION t_iv(x interval) RETURNS interval LANGUAGE plpgsql AS $$ BEGIN RETURN x * 2; END $$;
CREATE FUNCTION t_arr(x integer[]) RETURNS integer[] LANGUAGE plpgsql AS $$ BEGIN RETURN x || 0; END $$;
CREATE FUNCTION t_f8(x float8) RETURNS float8 LANGUAGE plpgsql AS $$ BEGIN RETURN x / 3; END $$;
CREATE FUNCTION t_json(x jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$ BEGIN RETURN x; END $$;
CREATE FUNCTION t_bytea(x bytea) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN RETURN x || '\x00'; END $$;
CREATE FUNCTION t_uuid(x uuid) RETURNS uuid LANGUAGE plpgsql AS $$ BEGIN RETURN x; END $$;
SELECT t_text(t), t_num(v), t_num(v::numeric(10,2)), t_bool(i > 3) FROM nums ORDER BY i;
SELECT t_date(date '2020-02-27' + i), t_ts(timestamp '2020-02-27' + make_interval(days => i)), t_iv(make_interval(hours => i)) FROM nums ORDER BY i LIMIT 3;
SELECT t_arr(ARRAY[i, v]), t_f8(i), t_json(jsonb_build_object('a', i)), t_bytea(decode(lpad(i::text, 2, '0'), 'hex')) FROM nums ORDER BY i LIMIT 3;
SELECT t_uuid(('00000000-0000-0000-0000-00000000000' || i)::uuid) FROM nums ORDER BY 1 LIMIT 2;
-- errors inside
CREATE FUNCTION div(a integer, b integer) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  RETURN a / b;
END $$;
CREATE FUNCTION own_error(a integer) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  IF a = 3 THEN
    RAISE EXCEPTION 'three is %', a USING DETAIL = 'the detail', HINT = 'the hint', ERRCODE = 'P0999';
  END IF;
  RETURN a;
END $$;
CREATE FUNCTION guarded(a integer) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN 60 / (a - 3);
EXCEPTION WHEN division_by_zero THEN
  RETURN 'caught';
END $$;
SELECT div(i, i - 3) FROM nums;
\set VERBOSITY verbose
SELECT own_error(i) FROM nums;
\set VERBOSITY default
SELECT i, guarded(i) FROM nums ORDER BY i;
CREATE FUNCTION sql_div(a integer, b integer) RETURNS integer LANGUAGE sql AS 'SELECT a / b';
SELECT sql_div(i, i - 3) FROM nums;
SELECT sql_div(1, 0);
-- queries inside functions inside queries
CREATE FUNCTION upto(n integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE s bigint; r record;
BEGIN
  SELECT sum(i) INTO s FROM nums WHERE i <= n;
  FOR r IN SELECT i FROM nums WHERE i < n LOOP
    s := s + r.i * 100;
  END LOOP;
  RETURN s;
END $$;
SELECT i, upto(i) FROM nums ORDER BY i;
CREATE FUNCTION upto_sql(n integer) RETURNS bigint LANGUAGE sql AS 'SELECT sum(i) FROM nums WHERE i <= n';
SELECT i, upto_sql(i), upto(upto_sql(i)::integer / 10) FROM nums ORDER BY i;
CREATE FUNCTION fact(n integer) RETURNS numeric LANGUAGE plpgsql AS $$
BEGIN
  IF n <= 1 THEN RETURN 1; END IF;
  RETURN n * fact(n - 1);
END $$;
SELECT i, fact(i * 3) FROM nums ORDER BY i;
-- sets
CREATE FUNCTION upto_set(n integer) RETURNS SETOF integer LANGUAGE plpgsql AS $$
BEGIN
  FOR k IN 1 .. n LOOP RETURN NEXT k; END LOOP;
END $$;
CREATE FUNCTION pairs(n integer) RETURNS TABLE (a integer, b text) LANGUAGE plpgsql AS $$
BEGIN
  FOR k IN 1 .. n LOOP a := k; b := 'b' || k; RETURN NEXT; END LOOP;
END $$;
CREATE FUNCTION pairs_sql(n integer) RETURNS TABLE (a integer, b text) LANGUAGE sql STABLE AS 'SELECT i, t FROM nums WHERE i <= n';
CREATE TYPE pair AS (x integer, y text);
CREATE FUNCTION one_pair(n integer) RETURNS pair LANGUAGE plpgsql AS $$ DECLARE p pair; BEGIN p.x := n; p.y := 'y, ' || n; RETURN p; END $$;
CREATE FUNCTION one_pair_sql(n integer) RETURNS pair LANGUAGE sql AS $$ SELECT n, 'y ' || n $$;
CREATE FUNCTION set_of_pairs(n integer) RETURNS SETOF pair LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT i, t FROM nums WHERE i <= n; END $$;
CREATE FUNCTION outs(n integer, OUT lo integer, OUT hi integer) LANGUAGE plpgsql AS $$ BEGIN lo := n - 1; hi := n + 1; END $$;
CREATE FUNCTION outs_set(n integer, OUT lo integer, OUT hi integer) RETURNS SETOF record LANGUAGE sql AS 'SELECT i - 1, i + 1 FROM nums WHERE i <= n';
SELECT * FROM upto_set(3);
SELECT upto_set(3);
SELECT * FROM nums n, upto_set(n.i) AS u WHERE n.i < 4 ORDER BY i, u;
SELECT n.i, p.* FROM nums n CROSS JOIN LATERAL pairs(n.i) AS p WHERE n.i < 3 ORDER BY 1, 2;
SELECT n.i, p.* FROM nums n CROSS JOIN LATERAL pairs_sql(n.i) AS p WHERE n.i < 3 ORDER BY 1, 2;
SELECT n.i, p.* FROM nums n LEFT JOIN LATERAL pairs(n.i - 2) AS p ON true WHERE n.i < 5 ORDER BY 1, 2;
SELECT * FROM pairs(2) WITH ORDINALITY;
SELECT * FROM pairs_sql(2) AS q (one, two);
SELECT * FROM one_pair(4);
SELECT * FROM one_pair_sql(4);
SELECT one_pair(4), one_pair_sql(5);
SELECT (one_pair(4)).x, (one_pair(4)).y;
SELECT (one_pair(i)).* FROM nums ORDER BY 1 LIMIT 2;
SELECT one_pair(i) FROM nums ORDER BY i LIMIT 2;
SELECT n.i, p.x, p.y FROM nums n, one_pair(n.i) p WHERE i < 3 ORDER BY 1;
SELECT * FROM set_of_pairs(2);
SELECT set_of_pairs(2);
SELECT (set_of_pairs(2)).*;
SELECT (set_of_pairs(2)).y;
SELECT * FROM outs(5);
SELECT outs(5);
SELECT (outs(5)).hi;
SELECT i, (outs(i)).lo FROM nums ORDER BY i LIMIT 2;
SELECT * FROM outs_set(2);
SELECT outs_set(2);
SELECT i, upto_set(i) FROM nums WHERE i < 4 ORDER BY 1, 2;
SELECT * FROM ROWS FROM (upto_set(3), pairs(2));
SELECT * FROM upto_set(0);
SELECT count(*) FROM upto_set(0);
-- views, defaults, checks
CREATE VIEW twices AS SELECT i, twice(i) AS d FROM nums;
SELECT * FROM twices ORDER BY i LIMIT 2;
SELECT d FROM twices WHERE d > twice(4) ORDER BY d;
-- privileges
CREATE ROLE fq_nobody;
REVOKE EXECUTE ON FUNCTION twice(integer) FROM PUBLIC;
GRANT USAGE ON SCHEMA fq TO fq_nobody;
GRANT SELECT ON nums, twices TO fq_nobody;
SET ROLE fq_nobody;
SELECT twice(i) FROM nums;
SELECT add_one(i) FROM nums ORDER BY 1 LIMIT 1;
RESET ROLE;
-- recursion without end
CREATE FUNCTION forever(n integer) RETURNS integer LANGUAGE sql AS 'SELECT n';
CREATE OR REPLACE FUNCTION forever(n integer) RETURNS integer LANGUAGE sql STABLE AS 'SELECT CASE WHEN n > 100 THEN n ELSE forever(n + 1) END';
SELECT forever(i) FROM nums LIMIT 1;
DROP SCHEMA fq CASCADE;
DROP ROLE fq_nobody;
