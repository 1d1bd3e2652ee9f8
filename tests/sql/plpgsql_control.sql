-- PL/pgSQL's control: blocks, loops, CASE, arrays, ASSERT, variables
CREATE SCHEMA pc;
SET search_path = pc, public;
-- labels and nested blocks
DO $$
<<outer_block>>
DECLARE x integer := 1; y text := 'outer';
BEGIN
  <<inner_block>>
  DECLARE x integer := 2;
  BEGIN
    RAISE NOTICE '% % % %', x, outer_block.x, inner_block.x, y;
    outer_block.x := x + 10;
  END inner_block;
  RAISE NOTICE '%', x;
END outer_block $$;
DO $$
BEGIN
  <<one>>
  BEGIN
    RAISE NOTICE 'before';
    EXIT one;
    RAISE NOTICE 'never';
  END;
  RAISE NOTICE 'after';
END $$;
DO $$ BEGIN EXIT; END $$;
DO $$ BEGIN <<a>> BEGIN CONTINUE a; END; END $$;
DO $$ BEGIN <<a>> LOOP EXIT b; END LOOP; END $$;
DO $$ <<a>> BEGIN NULL; END b $$;
DO $$
BEGIN
  <<rows>>
  FOR i IN 1 .. 3 LOOP
    <<cols>>
    FOR j IN 1 .. 3 LOOP
      CONTINUE rows WHEN j = 2 AND i = 1;
      EXIT rows WHEN i = 3;
      RAISE NOTICE '% %', i, j;
    END LOOP cols;
  END LOOP rows;
END $$;
DO $$ BEGIN FOR i IN REVERSE 5 .. 1 BY 2 LOOP RAISE NOTICE '%', i; END LOOP; END $$;
DO $$ BEGIN FOR i IN 1 .. 5 BY 0 LOOP RAISE NOTICE '%', i; END LOOP; END $$;
DO $$ BEGIN FOR i IN 1 .. NULL LOOP RAISE NOTICE '%', i; END LOOP; END $$;
DO $$ BEGIN FOR i IN NULL .. 3 LOOP RAISE NOTICE '%', i; END LOOP; END $$;
DO $$ BEGIN FOR i IN 1 .. 3 BY NULL LOOP RAISE NOTICE '%', i; END LOOP; END $$;
DO $$ BEGIN FOR i IN 3 .. 1 LOOP RAISE NOTICE '%', i; END LOOP; RAISE NOTICE 'found %', FOUND; END $$;
DO $$ DECLARE i integer := 100; BEGIN FOR i IN 1 .. 2 LOOP RAISE NOTICE '%', i; END LOOP; RAISE NOTICE '% %', i, FOUND; END $$;
DO $$ DECLARE n integer := 0; BEGIN WHILE n < 3 LOOP n := n + 1; CONTINUE WHEN n = 2; RAISE NOTICE '%', n; END LOOP; END $$;
-- CASE
CREATE FUNCTION kind(x integer) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  CASE x
    WHEN 1, 2 THEN RETURN 'low';
    WHEN 3 THEN RETURN 'three';
  END CASE;
  RETURN 'unreached';
END $$;
SELECT kind(1), kind(2), kind(3);
SELECT kind(4);
SELECT kind(NULL);
DO $$ DECLARE x integer := 7; BEGIN CASE WHEN x < 5 THEN RAISE NOTICE 'small'; WHEN x < 10 THEN RAISE NOTICE 'middle'; ELSE RAISE NOTICE 'big'; END CASE; END $$;
DO $$ DECLARE x integer := 17; BEGIN CASE WHEN x < 5 THEN RAISE NOTICE 'small'; END CASE; END $$;
-- FOREACH
DO $$ DECLARE x integer; BEGIN FOREACH x IN ARRAY ARRAY[3, 1, NULL, 2] LOOP RAISE NOTICE '%', x; END LOOP; RAISE NOTICE '% %', x, FOUND; END $$;
DO $$ DECLARE x integer; BEGIN FOREACH x IN ARRAY ARRAY[[1, 2], [3, 4]] LOOP RAISE NOTICE '%', x; END LOOP; END $$;
DO $$ DECLARE x integer[]; BEGIN FOREACH x SLICE 1 IN ARRAY ARRAY[[1, 2], [3, 4]] LOOP RAISE NOTICE '%', x; END LOOP; END $$;
DO $$ DECLARE x integer[]; BEGIN FOREACH x SLICE 2 IN ARRAY ARRAY[[1, 2], [3, 4]] LOOP RAISE NOTICE '%', x; END LOOP; END $$;
DO $$ DECLARE x integer[]; BEGIN FOREACH x SLICE 3 IN ARRAY ARRAY[[1, 2], [3, 4]] LOOP RAISE NOTICE '%', x; END LOOP; END $$;
DO $$ DECLARE x integer; BEGIN FOREACH x SLICE 1 IN ARRAY ARRAY[[1, 2], [3, 4]] LOOP RAISE NOTICE '%', x; END LOOP; END $$;
DO $$ DECLARE x integer[]; BEGIN FOREACH x IN ARRAY ARRAY[1, 2] LOOP RAISE NOTICE '%', x; END LOOP; END $$;
DO $$ DECLARE x integer; BEGIN FOREACH x IN ARRAY NULL::integer[] LOOP RAISE NOTICE '%', x; END LOOP; END $$;
DO $$ DECLARE x integer; BEGIN FOREACH x IN ARRAY 5 LOOP RAISE NOTICE '%', x; END LOOP; END $$;
DO $$ DECLARE x text; BEGIN FOREACH x IN ARRAY '{}'::text[] LOOP RAISE NOTICE '%', x; END LOOP; RAISE NOTICE 'found %', FOUND; END $$;
DO $$ DECLARE x integer[]; BEGIN FOREACH x SLICE 1 IN ARRAY ARRAY[[[1,2],[3,4]],[[5,6],[7,8]]] LOOP RAISE NOTICE '%', x; END LOOP; END $$;
-- arrays
DO $$ DECLARE a integer[]; BEGIN a[1] := 5; a[3] := 7; RAISE NOTICE '%', a; a[-1] := 0; RAISE NOTICE '%', a; END $$;
DO $$ DECLARE a integer[] := '{{1,2},{3,4}}'; BEGIN a[2][1] := 30; RAISE NOTICE '%', a; RAISE NOTICE '%', a[2][2]; END $$;
DO $$ DECLARE a integer[] := '{{1,2},{3,4}}'; BEGIN a[3][1] := 30; RAISE NOTICE '%', a; END $$;
DO $$ DECLARE a integer[] := '{{1,2},{3,4}}'; BEGIN a[1] := 30; RAISE NOTICE '%', a; END $$;
DO $$ DECLARE a integer[]; BEGIN a[1][2] := 30; RAISE NOTICE '%', a; END $$;
DO $$ DECLARE a integer[]; BEGIN a[NULL] := 1; END $$;
DO $$ DECLARE a text[] := '{a,b}'; BEGIN a[2] := NULL; RAISE NOTICE '%', a; a := a || 'c'::text; RAISE NOTICE '% %', a, array_length(a, 1); END $$;
DO $$ DECLARE i integer; BEGIN i[1] := 2; END $$;
-- ASSERT
DO $$ BEGIN ASSERT 1 = 1; RAISE NOTICE 'fine'; END $$;
DO $$ BEGIN ASSERT 1 = 2; END $$;
DO $$ BEGIN ASSERT NULL; END $$;
DO $$ BEGIN ASSERT false, 'my own ' || 'words'; END $$;
DO $$ BEGIN ASSERT false, NULL; END $$;
DO $$ BEGIN BEGIN ASSERT false; EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'others'; END; END $$;
DO $$ BEGIN BEGIN ASSERT false; EXCEPTION WHEN assert_failure THEN RAISE NOTICE 'by name %', SQLERRM; END; END $$;
SET plpgsql.check_asserts = off;
DO $$ BEGIN ASSERT false; RAISE NOTICE 'not checked'; END $$;
RESET plpgsql.check_asserts;
-- declarations
DO $$ DECLARE a CONSTANT integer := 5; BEGIN a := 6; END $$;
DO $$ DECLARE a integer NOT NULL := 5; BEGIN a := NULL; END $$;
DO $$ DECLARE a integer NOT NULL; BEGIN NULL; END $$;
DO $$ DECLARE a integer NOT NULL := NULL; BEGIN NULL; END $$;
DO $$ DECLARE a integer DEFAULT 3; b integer = a + 1; c text COLLATE "C" := 'x'; BEGIN RAISE NOTICE '% % %', a, b, c; END $$;
DO $$ DECLARE c text COLLATE "nonsense" := 'x'; BEGIN RAISE NOTICE '%', c; END $$;
DO $$ DECLARE c integer COLLATE "C" := 1; BEGIN RAISE NOTICE '%', c; END $$;
DO $$ DECLARE a integer; a text; BEGIN NULL; END $$;
DO $$ DECLARE a nosuchtype; BEGIN NULL; END $$;
DO $$ DECLARE a integer; b ALIAS FOR a; BEGIN b := 4; RAISE NOTICE '% %', a, b; END $$;
DO $$ DECLARE b ALIAS FOR nothing; BEGIN NULL; END $$;
DO $$ DECLARE a pg_class.relname%TYPE := 'x'; b pg_class%ROWTYPE; c a%TYPE; BEGIN c := 'long'; b.relname := 'r'; RAISE NOTICE '% % %', a, b.relname, c; END $$;
DO $$ DECLARE a varchar(3) := 'abcdef'; BEGIN NULL; END $$;
DO $$ DECLARE a numeric(4,1) := 123.456; BEGIN RAISE NOTICE '%', a; a := 99999; END $$;
DO $$ DECLARE a smallint; BEGIN a := 70000; END $$;
DO $$ DECLARE a integer; BEGIN a := 'abc'; END $$;
DO $$ DECLARE a integer; BEGIN a := '12'; a := 12.6; RAISE NOTICE '%', a; a := 'x' || 'y'; END $$;
-- options
CREATE FUNCTION conflict_error(i integer) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM generate_series(1, 3) AS g(i) WHERE i = i); END $$;
SELECT conflict_error(1);
CREATE FUNCTION conflict_variable(i integer) RETURNS bigint LANGUAGE plpgsql AS $$
#variable_conflict use_variable
BEGIN RETURN (SELECT sum(i) FROM generate_series(1, 3) AS g(i)); END $$;
SELECT conflict_variable(10);
CREATE FUNCTION conflict_column(i integer) RETURNS bigint LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN RETURN (SELECT sum(i) FROM generate_series(1, 3) AS g(i)); END $$;
SELECT conflict_column(10);
DO $$
#variable_conflict error
DECLARE i integer := 1; BEGIN PERFORM i FROM generate_series(1, 3) AS g(i); END $$;
DO $$
#variable_conflict nonsense
BEGIN NULL; END $$;
SET plpgsql.variable_conflict = use_column;
CREATE FUNCTION conflict_setting(i integer) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT sum(i) FROM generate_series(1, 3) AS g(i)); END $$;
SELECT conflict_setting(10);
RESET plpgsql.variable_conflict;
-- parse errors
DO $$ BEGIN x := 1; END $$;
DO $$ BEGIN IF true THEN END $$;
DO $$ BEGIN LOOP END $$;
DO $$ BEGIN RETURN 5; END $$;
DO $$ BEGIN SELECT 1; END $$;
DO $$ BEGIN PERFORM 1 +; END $$;
DO $$ BEGIN NULL END $$;
DO $$ BEGIN FOR i IN 1 .. 3 END LOOP; END $$;
DO $$ BEGIN GOTO x; END $$;
DROP SCHEMA pc CASCADE;
