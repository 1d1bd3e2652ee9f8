-- PL/pgSQL's errors: handlers, RAISE, diagnostics; and its queries: cursors, EXECUTE, RETURN QUERY
CREATE SCHEMA px;
SET search_path = px, public;
CREATE VIEW nums AS SELECT i, 'n' || i AS t FROM generate_series(1, 5) AS g(i);
-- diagnostics of an error
CREATE FUNCTION inner_fail() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the message' USING ERRCODE = '22012', DETAIL = 'the detail', HINT = 'the hint', COLUMN = 'col', CONSTRAINT = 'con', DATATYPE = 'dt', TABLE = 'tab', SCHEMA = 'sch';
END $$;
DO $$
DECLARE s text; m text; d text; h text; c text; n text; dt text; tb text; sc text; cx text;
BEGIN
  PERFORM inner_fail();
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS s = RETURNED_SQLSTATE, m = MESSAGE_TEXT, d = PG_EXCEPTION_DETAIL, h = PG_EXCEPTION_HINT, c = COLUMN_NAME, n = CONSTRAINT_NAME, dt = PG_DATATYPE_NAME, tb = TABLE_NAME, sc = SCHEMA_NAME, cx = PG_EXCEPTION_CONTEXT;
  RAISE NOTICE '% | % | % | % | % | % | % | % | %', s, m, d, h, c, n, dt, tb, sc;
  RAISE NOTICE '%', cx;
  RAISE NOTICE '% %', SQLSTATE, SQLERRM;
END $$;
DO $$ DECLARE s text; BEGIN GET STACKED DIAGNOSTICS s = MESSAGE_TEXT; END $$;
DO $$ DECLARE n bigint; c text; BEGIN PERFORM * FROM nums; GET DIAGNOSTICS n = ROW_COUNT; GET CURRENT DIAGNOSTICS c = PG_CONTEXT; RAISE NOTICE '% %', n, c; END $$;
-- handlers
DO $$ BEGIN BEGIN PERFORM 1 / 0; EXCEPTION WHEN division_by_zero OR undefined_table THEN RAISE NOTICE 'caught %', SQLERRM; END; END $$;
DO $$ BEGIN BEGIN PERFORM 1 / 0; EXCEPTION WHEN SQLSTATE '22012' THEN RAISE NOTICE 'by code'; END; END $$;
DO $$ BEGIN BEGIN PERFORM 1 / 0; EXCEPTION WHEN data_exception THEN RAISE NOTICE 'by class'; END; END $$;
DO $$ BEGIN BEGIN PERFORM 1 / 0; EXCEPTION WHEN undefined_table THEN RAISE NOTICE 'no'; END; END $$;
DO $$ BEGIN BEGIN PERFORM 1 / 0; EXCEPTION WHEN nonsense THEN RAISE NOTICE 'no'; END; END $$;
DO $$ BEGIN BEGIN PERFORM 1 / 0; EXCEPTION WHEN SQLSTATE 'xyz' THEN RAISE NOTICE 'no'; END; END $$;
DO $$ BEGIN BEGIN PERFORM nothing FROM nowhere; EXCEPTION WHEN undefined_table THEN RAISE NOTICE '% %', SQLSTATE, SQLERRM; END; END $$;
DO $$ BEGIN BEGIN PERFORM 1 / 0; EXCEPTION WHEN OTHERS THEN RAISE; END; END $$;
DO $$ BEGIN BEGIN PERFORM 1 / 0; EXCEPTION WHEN OTHERS THEN RAISE EXCEPTION 'again: %', SQLERRM; END; END $$;
DO $$ BEGIN BEGIN RAISE EXCEPTION 'one'; EXCEPTION WHEN OTHERS THEN BEGIN RAISE EXCEPTION 'two'; EXCEPTION WHEN OTHERS THEN RAISE NOTICE '%', SQLERRM; END; RAISE NOTICE '%', SQLERRM; END; END $$;
DO $$ BEGIN RAISE NOTICE '%', SQLERRM; END $$;
DO $$ BEGIN RAISE; END $$;
CREATE FUNCTION returns_from_handler(x integer) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 10 / x;
  RETURN 'fine';
EXCEPTION
  WHEN division_by_zero THEN RETURN 'zero';
  WHEN OTHERS THEN RETURN 'other';
END $$;
SELECT returns_from_handler(1), returns_from_handler(0), returns_from_handler(NULL);
DO $$ DECLARE x integer := 1; BEGIN BEGIN x := 2; RAISE EXCEPTION 'undo'; EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'x is still %', x; END; END $$;
CREATE SEQUENCE px_undone;
DO $$ BEGIN BEGIN DROP SEQUENCE px_undone; RAISE EXCEPTION 'undo'; EXCEPTION WHEN OTHERS THEN NULL; END; RAISE NOTICE '%', to_regclass('px_undone'); END $$;
-- RAISE
DO $$ BEGIN RAISE DEBUG 'd'; RAISE LOG 'l'; RAISE INFO 'i'; RAISE NOTICE 'n'; RAISE WARNING 'w'; END $$;
DO $$ BEGIN RAISE NOTICE '% and %', 1, NULL; RAISE NOTICE '%%'; RAISE NOTICE '100%% %', 'sure'; END $$;
DO $$ BEGIN RAISE NOTICE '%', 1, 2; END $$;
DO $$ BEGIN RAISE NOTICE '% %', 1; END $$;
\set VERBOSITY verbose
DO $$ BEGIN RAISE division_by_zero; END $$;
DO $$ BEGIN RAISE SQLSTATE '12345'; END $$;
DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'unique_violation'; END $$;
DO $$ BEGIN RAISE unique_violation USING MESSAGE = 'dup', DETAIL = 'Key (a)=(1).', HINT = 'go away', TABLE = 't', COLUMN = 'c', CONSTRAINT = 'k', DATATYPE = 'd', SCHEMA = 's'; END $$;
DO $$ BEGIN RAISE WARNING 'w' USING DETAIL = 'd', HINT = 'h', ERRCODE = '01234'; END $$;
\set VERBOSITY default
DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'no_such_condition'; END $$;
DO $$ BEGIN RAISE EXCEPTION 'x' USING MESSAGE = 'y'; END $$;
DO $$ BEGIN RAISE EXCEPTION 'x' USING HINT = 'y', HINT = 'z'; END $$;
DO $$ BEGIN RAISE EXCEPTION 'x' USING NONSENSE = 'y'; END $$;
DO $$ BEGIN RAISE EXCEPTION 'x' USING HINT = NULL; END $$;
DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = 'only using'; END $$;
DO $$ BEGIN RAISE no_such_condition; END $$;
-- queries
DO $$ DECLARE r record; BEGIN SELECT * INTO r FROM nums WHERE i = 2; RAISE NOTICE '% % %', r, r.i, r.t; END $$;
DO $$ DECLARE r record; BEGIN SELECT * INTO r FROM nums WHERE i = 99; RAISE NOTICE '% %', r, FOUND; END $$;
DO $$ DECLARE r record; BEGIN SELECT * INTO STRICT r FROM nums WHERE i = 99; END $$;
DO $$ DECLARE r record; BEGIN SELECT * INTO STRICT r FROM nums; END $$;
DO $$ DECLARE a integer; b text; BEGIN SELECT i, t INTO a, b FROM nums ORDER BY i DESC; RAISE NOTICE '% %', a, b; END $$;
DO $$ DECLARE a integer; BEGIN SELECT i, t INTO a FROM nums ORDER BY i; RAISE NOTICE '%', a; END $$;
DO $$ DECLARE r record; BEGIN RAISE NOTICE '%', r.i; END $$;
DO $$ DECLARE r record; BEGIN SELECT 1 AS a INTO r; RAISE NOTICE '%', r.b; END $$;
DO $$ DECLARE r nums; BEGIN SELECT * INTO r FROM nums WHERE i = 3; r.t := 'changed'; RAISE NOTICE '% %', r, r.t; END $$;
DO $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM nums ORDER BY i DESC LIMIT 2 LOOP RAISE NOTICE '%', r.t; END LOOP; RAISE NOTICE '% %', FOUND, r.t; END $$;
DO $$ DECLARE a integer; b text; BEGIN FOR a, b IN SELECT * FROM nums ORDER BY i LIMIT 2 LOOP RAISE NOTICE '% %', a, b; END LOOP; END $$;
DO $$ DECLARE a integer; BEGIN FOR a IN EXECUTE 'SELECT i FROM nums WHERE i > $1 ORDER BY i' USING 3 LOOP RAISE NOTICE '%', a; END LOOP; END $$;
DO $$ DECLARE a integer; BEGIN EXECUTE 'SELECT $1 + $2' INTO a USING 1, 2; RAISE NOTICE '%', a; END $$;
DO $$ DECLARE a integer; BEGIN EXECUTE 'SELECT i FROM nums' INTO STRICT a; END $$;
DO $$ BEGIN EXECUTE NULL; END $$;
DO $$ BEGIN EXECUTE 'SELECT nothing FROM nums'; END $$;
DO $$ BEGIN EXECUTE 'SELEC'; END $$;
DO $$ BEGIN EXECUTE 'COMMIT'; END $$;
-- cursors
DO $$ DECLARE c CURSOR FOR SELECT * FROM nums ORDER BY i; r record; BEGIN OPEN c; FETCH c INTO r; RAISE NOTICE '%', r; FETCH NEXT FROM c INTO r; RAISE NOTICE '%', r; CLOSE c; FETCH c INTO r; END $$;
DO $$ DECLARE c CURSOR FOR SELECT 1; BEGIN OPEN c; OPEN c; END $$;
DO $$ DECLARE c refcursor; r record; BEGIN OPEN c FOR SELECT * FROM nums ORDER BY i; FETCH c INTO r; RAISE NOTICE '%', r; CLOSE c; END $$;
DO $$ DECLARE c refcursor; a integer; BEGIN OPEN c FOR EXECUTE 'SELECT i FROM nums WHERE i > $1 ORDER BY i' USING 2; LOOP FETCH c INTO a; EXIT WHEN NOT FOUND; RAISE NOTICE '%', a; END LOOP; CLOSE c; END $$;
DO $$ DECLARE c SCROLL CURSOR FOR SELECT i FROM nums ORDER BY i; a integer; BEGIN OPEN c; FETCH LAST FROM c INTO a; RAISE NOTICE 'last %', a; FETCH PRIOR FROM c INTO a; RAISE NOTICE 'prior %', a; FETCH FIRST FROM c INTO a; RAISE NOTICE 'first %', a; FETCH ABSOLUTE 3 FROM c INTO a; RAISE NOTICE 'absolute %', a; FETCH RELATIVE -2 FROM c INTO a; RAISE NOTICE 'relative %', a; FETCH BACKWARD FROM c INTO a; RAISE NOTICE 'backward % %', a, FOUND; END $$;
DO $$ DECLARE c SCROLL CURSOR FOR SELECT i FROM nums ORDER BY i; a integer; BEGIN OPEN c; MOVE FORWARD 2 FROM c; FETCH c INTO a; RAISE NOTICE '%', a; MOVE c; FETCH c INTO a; RAISE NOTICE '%', a; MOVE FORWARD ALL FROM c; RAISE NOTICE '%', FOUND; FETCH c INTO a; RAISE NOTICE '% %', a, FOUND; MOVE BACKWARD 2 IN c; FETCH c INTO a; RAISE NOTICE '%', a; END $$;
DO $$ DECLARE c NO SCROLL CURSOR FOR SELECT i FROM nums ORDER BY i; a integer; BEGIN OPEN c; FETCH c INTO a; FETCH PRIOR FROM c INTO a; END $$;
DO $$ DECLARE c refcursor; a integer; BEGIN FETCH c INTO a; END $$;
DO $$ DECLARE c refcursor := 'nope'; a integer; BEGIN FETCH c INTO a; END $$;
-- rows
CREATE FUNCTION rq(n integer) RETURNS SETOF nums LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT * FROM nums WHERE i <= n ORDER BY i; IF NOT FOUND THEN RAISE NOTICE 'none'; END IF; RETURN QUERY EXECUTE 'SELECT i, t FROM nums WHERE i = $1' USING n + 1; END $$;
SELECT * FROM rq(1);
SELECT * FROM rq(0);
CREATE FUNCTION rq_wrong() RETURNS TABLE (a integer, b text) LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT i FROM nums; END $$;
SELECT * FROM rq_wrong();
CREATE FUNCTION rq_type() RETURNS TABLE (a integer) LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT t FROM nums; END $$;
SELECT * FROM rq_type();
CREATE FUNCTION rec(n integer) RETURNS record LANGUAGE plpgsql AS $$ DECLARE r record; BEGIN SELECT n AS a, 'x'::text AS b INTO r; RETURN r; END $$;
SELECT rec(1);
SELECT * FROM rec(1) AS (a integer, b text);
SELECT * FROM rec(1);
CREATE FUNCTION recs() RETURNS SETOF record LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT i, t FROM nums ORDER BY i LIMIT 2; END $$;
SELECT * FROM recs() AS (a integer, b text);
CREATE FUNCTION poly(x anyelement, y anyelement) RETURNS anyarray LANGUAGE plpgsql AS $$ BEGIN RETURN ARRAY[x, y]; END $$;
SELECT poly(1, 2), poly('a'::text, 'b'), poly(1.5, 2);
CREATE FUNCTION vari(VARIADIC xs integer[]) RETURNS integer LANGUAGE plpgsql AS $$ DECLARE s integer := 0; x integer; BEGIN FOREACH x IN ARRAY xs LOOP s := s + x; END LOOP; RETURN s; END $$;
SELECT vari(1), vari(1, 2, 3), vari(VARIADIC ARRAY[4, 5]);
SELECT i, vari(i, i, 1) FROM nums ORDER BY i LIMIT 2;
CREATE FUNCTION defs(a integer, b integer DEFAULT 10, c text DEFAULT 'c') RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN a || ',' || b || ',' || c; END $$;
SELECT defs(1), defs(1, 2), defs(1, c => 'z'), defs(b => 5, a => 4);
SELECT i, defs(i, c := t) FROM nums ORDER BY i LIMIT 2;
CREATE FUNCTION no_return(x integer) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN IF x > 0 THEN RETURN x; END IF; END $$;
SELECT no_return(1);
SELECT no_return(0);
CREATE FUNCTION voids() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE 'in voids'; END $$;
SELECT voids();
SELECT * FROM voids();
DROP SCHEMA px CASCADE;
