-- COPY into views with INSTEAD OF triggers; CREATE TABLE AS in a tablespace.
CREATE SCHEMA regress_cv; SET search_path = regress_cv;
CREATE TABLE base (a int, b text DEFAULT 'base');
CREATE VIEW v AS SELECT a, b FROM base;
COPY v FROM '/dev/null';
CREATE FUNCTION ins() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.a = 3 THEN RETURN NULL; END IF; IF new.a = 13 THEN RAISE EXCEPTION 'no thirteen'; END IF; RAISE NOTICE 'row %', new; INSERT INTO base VALUES (new.a, new.b); RETURN new; END $$;
CREATE TRIGGER t INSTEAD OF INSERT ON v FOR EACH ROW EXECUTE FUNCTION ins();
COPY v FROM stdin;
1	one
2	\N
3	three
\.
COPY v (a) FROM stdin;
4
\.
ALTER VIEW v ALTER COLUMN b SET DEFAULT 'view';
COPY v (a) FROM stdin WHERE a > 4;
4
5
\.
COPY v FROM stdin;
12	x
13	y
\.
COPY v FROM stdin;
x	y
\.

SELECT * FROM base ORDER BY 1;
CREATE VIEW w AS SELECT count(*) AS n FROM base;
COPY w FROM '/dev/null';
CREATE TRIGGER s BEFORE INSERT ON v FOR EACH STATEMENT EXECUTE FUNCTION ins();
CREATE TABLE placed TABLESPACE pg_default AS SELECT 1 AS a;
CREATE TABLE placed2 TABLESPACE nosuch AS SELECT 1 AS a;
CREATE TABLE placed2 TABLESPACE pg_global AS SELECT 1 AS a;
CREATE MATERIALIZED VIEW placed3 TABLESPACE pg_default AS SELECT 1 AS a;
SET client_min_messages = warning;
DROP SCHEMA regress_cv CASCADE;
