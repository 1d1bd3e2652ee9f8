-- an expression that is computed inside itself; records as text; words after the end of a loop
CREATE FUNCTION rec(i int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN IF i = 0 THEN RETURN 1/0; END IF; RETURN rec(i - 1) + 1; END $$;
SELECT rec(2);
SELECT rec(0);
CREATE FUNCTION fac(i int) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE x numeric; c text;
BEGIN
  IF i < 2 THEN GET DIAGNOSTICS c = PG_CONTEXT; RAISE NOTICE '%', c; RETURN 1; END IF;
  x := i * fac(i - 1);
  RETURN x;
END $$;
SELECT fac(4);
SELECT fac(4);
CREATE FUNCTION even(i int) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN IF i = 0 THEN RETURN true; END IF; RETURN odd(i - 1); END $$;
CREATE FUNCTION odd(i int) RETURNS bool LANGUAGE plpgsql AS $$ BEGIN IF i = 0 THEN RAISE EXCEPTION 'even'; END IF; RETURN even(i - 1); END $$;
SELECT even(4);
SELECT even(3);
DO $$ BEGIN FOR i IN 1..3 LOOP EXIT WHEN i = 2 END LOOP; END LOOP; END $$;
DO $$ BEGIN LOOP EXIT; END LOOP; END LOOP; END $$;
DO $$ BEGIN LOOP EXIT; END LOOP a; END $$;
DO $$ <<a>> BEGIN NULL; END if; $$;
DO $$ DECLARE x record; BEGIN x := row(1, 'a'); RAISE NOTICE '% % %', x, x::text, x::text || 'c'; END $$;
DO $$ DECLARE x record; y text; BEGIN x := row(1, 'a'); y := x::text; RAISE NOTICE '%', y; y := x; RAISE NOTICE '%', y; y := length(x::text); RAISE NOTICE '%', y; END $$;
DO $$ DECLARE x record; y text; BEGIN SELECT 1 AS a, 'b c' AS b INTO x; y := x::text || '!'; RAISE NOTICE '%', y; END $$;
DO $$ DECLARE x record; BEGIN FOR x IN SELECT i, i * 2 AS j FROM generate_series(1, 2) i LOOP RAISE NOTICE '% %', x::text, (x.i, x.j)::text; END LOOP; END $$;
CREATE TABLE told (t text);
CREATE TABLE kept (a int, d date, n numeric(6, 2));
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '% %', old::text, new::text; INSERT INTO told VALUES (old || ' -> ' || new::text); RETURN new; END $$;
CREATE TRIGGER t BEFORE UPDATE ON kept FOR EACH ROW EXECUTE FUNCTION tell();
INSERT INTO kept VALUES (1, '2024-02-03', 2.5);
UPDATE kept SET a = 2;
SELECT * FROM told;
