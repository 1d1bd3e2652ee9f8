-- PL/pgSQL: declarations, assignment to parts of values, SELECT INTO, options of functions
CREATE SCHEMA asg;
SET search_path = asg, public;
CREATE TYPE pt AS (x int, y int[]);
CREATE TYPE deep AS (p pt, name text);
CREATE TABLE t (a int, b text, c int[]);
INSERT INTO t VALUES (1, 'one', '{1,2}'), (2, 'two', NULL);
-- assignment to parts
DO $$ DECLARE a int[]; BEGIN a[2] := 5; RAISE NOTICE '%', a; a[1:3] := ARRAY[7,8,9]; RAISE NOTICE '%', a; a[5] := 1; RAISE NOTICE '%', a; END $$;
DO $$ DECLARE a int[] := '{1,2,3,4,5}'; BEGIN a[2:3] := '{20,30}'; RAISE NOTICE '%', a; a[:2] := '{100,200}'; RAISE NOTICE '%', a; a[4:] := '{400,500}'; RAISE NOTICE '%', a; a[:] := '{1,2,3,4,5}'; RAISE NOTICE '%', a; END $$;
DO $$ DECLARE a int[] := '{1,2,3}'; BEGIN a[2:3] := '{20}'; END $$;
DO $$ DECLARE a int[] := '{1,2,3}'; BEGIN a[3:2] := '{20}'; END $$;
DO $$ DECLARE a int[] := '{1,2,3}'; BEGIN a[NULL:2] := '{20}'; END $$;
DO $$ DECLARE a int[] := '{1,2,3}'; BEGIN a[NULL] := 1; END $$;
DO $$ DECLARE a int[]; BEGIN a[:2] := '{1,2}'; END $$;
DO $$ DECLARE a int[]; BEGIN a[2:3] := NULL; RAISE NOTICE '%', a; a[-1:0] := '{5,6}'; RAISE NOTICE '%', a; END $$;
DO $$ DECLARE a int[] := '{{1,2},{3,4}}'; BEGIN a[1][2] := 9; RAISE NOTICE '%', a; a[1:2][1:1] := '{7,8}'; RAISE NOTICE '%', a; a[1:1] := '{5,5}'; RAISE NOTICE '%', a; a[3][1] := 1; END $$;
DO $$ DECLARE a int[] := '{{1,2},{3,4}}'; BEGIN a[1] := 9; END $$;
DO $$ DECLARE a int[] := '{1,2}'; BEGIN a[1][1] := 9; END $$;
DO $$ DECLARE a int[] := '{1,2}'; BEGIN a['x'] := 9; END $$;
DO $$ DECLARE a int[] := '{1,2}'; BEGIN a[1] := 'x'; END $$;
DO $$ DECLARE a int[] := '{1,2}'; BEGIN a[1] := true; END $$;
DO $$ DECLARE a int := 1; BEGIN a[1] := 2; END $$;
DO $$ DECLARE a text[]; BEGIN a[1] := 1; a[2] := 'q"x'; a[3] := NULL; a[4] := ''; RAISE NOTICE '%', a; END $$;
DO $$ DECLARE p pt; BEGIN p.x := 1; p.y := '{1,2}'; p.y[2] := 5; p.y[3] := 6; RAISE NOTICE '%', p; p.y[1:2] := '{8,9}'; RAISE NOTICE '% %', p, p.y[1]; END $$;
DO $$ DECLARE d deep; BEGIN d.p.x := 1; RAISE NOTICE '%', d; d.p.y[2] := 4; d.name := 'n'; RAISE NOTICE '%', d; d.p := ROW(5, '{6}'); RAISE NOTICE '% %', d, (d.p).x; END $$;
DO $$ DECLARE ps pt[]; BEGIN ps[1].x := 1; ps[2] := ROW(3, '{4}'); ps[2].y[1] := 9; RAISE NOTICE '%', ps; RAISE NOTICE '% %', ps[2].y, ps[1].x; END $$;
DO $$ DECLARE p pt; BEGIN p.nosuch := 1; END $$;
DO $$ DECLARE p pt; BEGIN p.x.y := 1; END $$;
DO $$ DECLARE d deep; BEGIN d.p.z := 1; END $$;
DO $$ DECLARE r record; BEGIN r.x := 1; END $$;
DO $$ DECLARE r record; BEGIN SELECT 1 AS x, '{1,2}'::int[] AS y INTO r; r.x := 7; r.y[2] := 8; RAISE NOTICE '% %', r, r.y; r.z := 1; END $$;
DO $$ DECLARE r t; BEGIN r.a := 'x'; END $$;
DO $$ DECLARE r t; BEGIN r := ROW(1, 'x', '{3}'); RAISE NOTICE '%', r; r := (2, 'y', NULL); RAISE NOTICE '%', r; r := NULL; RAISE NOTICE '% %', r, r IS NULL; r := (1, 2); RAISE NOTICE '%', r; END $$;
DO $$ DECLARE r t; BEGIN r := 5; END $$;
DO $$ DECLARE r record; BEGIN r := ROW(1, 'x'); RAISE NOTICE '% %', r, r.f1; r := NULL; RAISE NOTICE '%', r; END $$;
DO $$ DECLARE r record; BEGIN RAISE NOTICE '%', r; RAISE NOTICE '%', r.x; END $$;
DO $$ DECLARE r record; s record; BEGIN r := ROW(1, 2); s := r; s.f1 := 5; RAISE NOTICE '% %', r, s; END $$;
DO $$ <<b>> DECLARE r record; x int; BEGIN r := ROW(1, 2); b.r.f1 := 9; b.x := 3; RAISE NOTICE '% %', b.r, b.x; END $$;
DO $$ DECLARE x int CONSTANT := 1; BEGIN NULL; END $$;
DO $$ DECLARE x CONSTANT int := 1; BEGIN x := 2; END $$;
DO $$ DECLARE x CONSTANT int := 1; BEGIN SELECT 2 INTO x; END $$;
DO $$ DECLARE x CONSTANT int[] := '{1}'; BEGIN x[1] := 2; END $$;
DO $$ DECLARE x int NOT NULL := 1; BEGIN x := NULL; END $$;
DO $$ DECLARE x int NOT NULL := NULL; BEGIN x := NULL; END $$;
DO $$ DECLARE x int NOT NULL; BEGIN NULL; END $$;
DO $$ DECLARE x int := 'y'; BEGIN NULL; END $$;
DO $$ DECLARE x int := 1; y int := x + 1; z t.a%TYPE := y; w t%ROWTYPE; v z%TYPE; BEGIN RAISE NOTICE '% % % % %', x, y, z, w, v; END $$;
DO $$ DECLARE x nosuch; BEGIN NULL; END $$;
DO $$ DECLARE x t.nosuch%TYPE; BEGIN NULL; END $$;
DO $$ DECLARE x nosuch.a%TYPE; BEGIN NULL; END $$;
DO $$ DECLARE x nosuch%ROWTYPE; BEGIN NULL; END $$;
DO $$ DECLARE x nosuch%TYPE; BEGIN NULL; END $$;
DO $$ DECLARE x int; x text; BEGIN NULL; END $$;
DO $$ DECLARE x varchar(3) := 'abcdef'; BEGIN NULL; END $$;
DO $$ DECLARE x varchar(3); BEGIN x := 'abcdef'; END $$;
DO $$ DECLARE x numeric(4,1) := 12.345; BEGIN RAISE NOTICE '%', x; x := 12345; END $$;
DO $$ DECLARE x char(5) := 'ab'; BEGIN RAISE NOTICE '[%]', x; END $$;
CREATE DOMAIN pos AS int CHECK (VALUE > 0);
DO $$ DECLARE x pos := 1; BEGIN x := -1; END $$;
DO $$ DECLARE x pos := -1; BEGIN NULL; END $$;
CREATE DOMAIN nn AS int NOT NULL;
DO $$ DECLARE x nn; BEGIN NULL; END $$;
DO $$ DECLARE x nn := 1; BEGIN x := NULL; END $$;
DO $$ DECLARE x ALIAS FOR y; BEGIN NULL; END $$;
CREATE FUNCTION al(int, text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE n ALIAS FOR $1; t ALIAS FOR $2; m ALIAS FOR n; BEGIN n := n + 1; RETURN t || m; END $$;
SELECT al(1, 'x');
-- SELECT INTO
DO $$ DECLARE x int; BEGIN SELECT a INTO STRICT x FROM t WHERE a = 1; RAISE NOTICE '%', x; SELECT a INTO STRICT x FROM t WHERE a = 9; END $$;
DO $$ DECLARE x int; BEGIN SELECT a INTO STRICT x FROM t; END $$;
DO $$ #print_strict_params on
DECLARE x int; p1 int := 9; p2 text := 'o''x'; BEGIN SELECT a INTO STRICT x FROM t WHERE a = p1 AND b = p2; END $$;
DO $$ #print_strict_params on
DECLARE x int; p1 int := 0; BEGIN SELECT a INTO STRICT x FROM t WHERE a > p1; END $$;
DO $$ #print_strict_params on
DECLARE x int; p1 int; BEGIN SELECT a INTO STRICT x FROM t WHERE a > coalesce(p1, 0); END $$;
DO $$ #print_strict_params on
DECLARE x int; BEGIN EXECUTE 'select a from t where a > $1 and b <> $2' INTO STRICT x USING 0, 'z'; END $$;
DO $$ #print_strict_params on
DECLARE x int; BEGIN EXECUTE 'select a from t where a > $1' INTO STRICT x USING 10; END $$;
DO $$ #print_strict_params on
DECLARE x int; BEGIN EXECUTE 'select a from t' INTO STRICT x; END $$;
DO $$ #print_strict_params on
DECLARE x int; BEGIN SELECT a INTO STRICT x FROM t; END $$;
DO $$ #print_strict_params off
DECLARE x int; p1 int := 0; BEGIN SELECT a INTO STRICT x FROM t WHERE a > p1; END $$;
SET plpgsql.print_strict_params = on;
DO $$ DECLARE x int; p1 int := 0; BEGIN SELECT a INTO STRICT x FROM t WHERE a > p1; END $$;
RESET plpgsql.print_strict_params;
DO $$ #print_strict_params maybe
BEGIN NULL; END $$;
DO $$ #nosuch
BEGIN NULL; END $$;
DO $$ #option dump
BEGIN NULL; END $$;
DO $$ #option nosuch
BEGIN NULL; END $$;
DO $$ #variable_conflict error
DECLARE a int := 5; BEGIN PERFORM a FROM t; END $$;
DO $$ #variable_conflict use_variable
DECLARE a int := 5; x int; BEGIN SELECT a INTO x FROM t; RAISE NOTICE '%', x; END $$;
DO $$ #variable_conflict use_column
DECLARE a int := 5; x int; BEGIN SELECT a INTO x FROM t ORDER BY 1; RAISE NOTICE '%', x; END $$;
DO $$ #variable_conflict nosuch
BEGIN NULL; END $$;
SET plpgsql.variable_conflict = use_column;
DO $$ DECLARE a int := 5; x int; BEGIN SELECT a INTO x FROM t ORDER BY 1; RAISE NOTICE '%', x; END $$;
RESET plpgsql.variable_conflict;
DO $$ DECLARE x int; y int; BEGIN SELECT 1, 2 INTO x, y; RAISE NOTICE '% %', x, y; SELECT INTO x, y 3, 4; RAISE NOTICE '% %', x, y; SELECT 5 INTO x, y; RAISE NOTICE '% %', x, y; SELECT 1, 2, 3 INTO x; RAISE NOTICE '%', x; SELECT a INTO x FROM t WHERE false; RAISE NOTICE '% %', x, FOUND; END $$;
DO $$ DECLARE x int; r record; BEGIN SELECT 1 INTO r, x; END $$;
DO $$ DECLARE x int; r record; BEGIN SELECT 1 INTO x, r; END $$;
DO $$ DECLARE x int; BEGIN SELECT 1 INTO nosuch; END $$;
DO $$ DECLARE x int; BEGIN SELECT 1 INTO x INTO x; END $$;
DO $$ DECLARE x int; BEGIN SELECT 1; END $$;
DO $$ DECLARE x int; BEGIN INSERT INTO t VALUES (3) RETURNING a INTO x; RAISE NOTICE '%', x; INSERT INTO t VALUES (4), (5) RETURNING a INTO x; END $$;
DO $$ DECLARE x int; BEGIN INSERT INTO t VALUES (3) RETURNING a; END $$;
DO $$ DECLARE x int; BEGIN INSERT INTO t SELECT 3 WHERE false RETURNING a INTO x; RAISE NOTICE '% %', x, FOUND; END $$;
DO $$ DECLARE x int; BEGIN INSERT INTO t SELECT 3 WHERE false RETURNING a INTO STRICT x; RAISE NOTICE '% %', x, FOUND; END $$;
DO $$ DECLARE x int; BEGIN EXECUTE 'select 1, 2' INTO x; RAISE NOTICE '%', x; EXECUTE 'create table z()' INTO x; END $$;
DO $$ DECLARE x int; BEGIN CREATE TABLE z() INTO x; END $$;
DO $$ DECLARE x int; BEGIN EXECUTE 'insert into t values (1)' INTO x; END $$;
DO $$ DECLARE x int; BEGIN EXECUTE 'select a from t' INTO STRICT x; END $$;
DO $$ DECLARE x int; BEGIN EXECUTE 'select $1::int' INTO x USING '4'; RAISE NOTICE '%', x; EXECUTE 'select $2' INTO x USING 1; END $$;
DO $$ DECLARE x int; BEGIN EXECUTE ''; RAISE NOTICE 'ok'; EXECUTE 'select 1 into x'; END $$;
DO $$ DECLARE x int; BEGIN EXECUTE 'begin'; END $$;
DO $$ DECLARE x int; BEGIN EXECUTE 'savepoint x'; END $$;
DO $$ BEGIN SAVEPOINT x; END $$;
DO $$ BEGIN COPY t TO stdout; END $$;
DO $$ BEGIN EXECUTE 'copy t to stdout'; END $$;
