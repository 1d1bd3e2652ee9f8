-- Rows of variables before .*, names that a declaration knows, polymorphic results.
CREATE SCHEMA row_variables;
SET search_path = row_variables;
CREATE TABLE t (a int, b text);
CREATE TABLE log (a int, b text, c bool);
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    x text;
    r t;
BEGIN
    RAISE NOTICE '% | %', new.*::text, new;
    x := new.*::text;
    r := new;
    r.b := 'z';
    RAISE NOTICE '% % %', x, r.*::text, row(new.*);
    IF new.* IS DISTINCT FROM old.* THEN RAISE NOTICE 'distinct'; END IF;
    EXECUTE 'SELECT ($1).b' INTO x USING new;
    SELECT new.* INTO r;
    PERFORM 1 WHERE new.* = r.*;
    RAISE NOTICE '% % % %', x, r, found, to_jsonb(new.*);
    INSERT INTO log SELECT new.*, true;
    INSERT INTO log VALUES (new.*, false);
    RETURN new;
END $$;
CREATE TRIGGER tr BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION tell();
INSERT INTO t VALUES (1, 'x');
UPDATE t SET a = 2;
SELECT * FROM log ORDER BY a, c;
DO $$ DECLARE x int := 1; BEGIN RAISE NOTICE '%', x.*; END $$;
DO $$ BEGIN RAISE NOTICE '%', x.*; END $$;
CREATE FUNCTION f1(v t) RETURNS text LANGUAGE sql AS $$ SELECT (f1.v.*)::text $$;
CREATE FUNCTION f2(v t) RETURNS void LANGUAGE sql AS $$ INSERT INTO log VALUES (v.*, true) $$;
CREATE FUNCTION f3(v t) RETURNS void LANGUAGE sql AS $$ SELECT f2(v.*) $$;
CREATE FUNCTION f4(v t) RETURNS text LANGUAGE sql AS $$ SELECT (v.*)::text FROM log v ORDER BY a LIMIT 1 $$;
CREATE FUNCTION f5(v int) RETURNS text LANGUAGE sql AS $$ SELECT (v.*)::text $$;
SELECT f1(row(7, 'seven')), f4(row(7, 'seven'));
SELECT f3(row(8, 'eight'));
SELECT * FROM log WHERE a > 5;
-- what follows is not known yet
DO $$ DECLARE x int := x + 1; BEGIN RAISE NOTICE '%', x; END $$;
DO $$ DECLARE y int := x + 1; x int := 42; BEGIN RAISE NOTICE '%', y; END $$;
DO $$ DECLARE x int := 42; y int := x + 1; BEGIN RAISE NOTICE '%', y; END $$;
DO $$ DECLARE x int := 42; BEGIN DECLARE x int := x + 1; y int := x + 1; BEGIN RAISE NOTICE '% %', x, y; END; END $$;
CREATE FUNCTION shadow(x int) RETURNS int LANGUAGE plpgsql AS $$ DECLARE x int := x + 1; BEGIN RETURN x; END $$;
SELECT shadow(3);
-- polymorphic results
CREATE FUNCTION both(a anyelement, b anyarray, c anycompatible, d anycompatible, OUT x anyarray, OUT y anycompatiblearray) LANGUAGE plpgsql AS $$ BEGIN x := a || b; y := array[c, d]; END $$;
SELECT x, pg_typeof(x), y, pg_typeof(y) FROM both(11, array[1, 2], 42, 34.5);
CREATE FUNCTION bad(x anyelement) RETURNS anyrange LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION bad(x anyelement) RETURNS anymultirange LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION bad(x anycompatible) RETURNS anycompatiblerange LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION bad(x anycompatible) RETURNS anycompatiblemultirange LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION bad(x anyarray, OUT y anyrange) LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION bad(x int) RETURNS anyelement LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION bad(x anyelement) RETURNS anycompatible LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION good1(x anyrange) RETURNS anymultirange LANGUAGE sql AS 'SELECT multirange($1)';
CREATE FUNCTION good2(x anycompatiblerange) RETURNS anycompatiblemultirange LANGUAGE sql AS 'SELECT multirange($1)';
CREATE FUNCTION good3(x anycompatiblemultirange) RETURNS anycompatible LANGUAGE sql AS 'SELECT lower($1)';
CREATE FUNCTION good4(x anycompatiblemultirange, y anycompatible) RETURNS anycompatiblerange LANGUAGE sql AS 'SELECT range_merge($1)';
\df good*
DROP SCHEMA row_variables CASCADE;
