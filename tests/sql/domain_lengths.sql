-- Lengths of domains' base types: what is assigned is held to them, also inside arrays, in COPY and in PL/pgSQL.
CREATE SCHEMA lengths;
SET search_path = lengths;
CREATE DOMAIN word AS varchar(4);
CREATE DOMAIN amount AS numeric(4,2);
CREATE DOMAIN whole AS int CHECK (value > 0);
CREATE TABLE t (a word, b word[], c amount, d amount[], e whole);
INSERT INTO t (a) VALUES ('toolong');
INSERT INTO t (a) VALUES ('toolong'::text);
INSERT INTO t (b) VALUES (array['toolong']);
INSERT INTO t (b) VALUES (array['toolong']::text[]);
INSERT INTO t (b) VALUES ('{toolong}');
INSERT INTO t (b) VALUES (array['toolong']::word[]);
INSERT INTO t (c) VALUES (1234.5);
INSERT INTO t (c) VALUES (1.2345);
INSERT INTO t (d) VALUES (array[1234.5]);
INSERT INTO t (d) VALUES (array[1.2345]);
INSERT INTO t (b) VALUES (array['four  ', 'ok']);
UPDATE t SET b = array['abcdef'];
UPDATE t SET b[1] = 'abcdef';
UPDATE t SET d = array[1000, 1];
COPY t (a) FROM STDIN;
ok
toolong
\.
COPY t (a) FROM STDIN;
fine  
\.
COPY t (b) FROM STDIN;
{ok,toolong}
\.
COPY t (c) FROM STDIN;
12345
\.
COPY t (c) FROM STDIN;
5.4321
\.
COPY t (d) FROM STDIN;
{12345}
\.
COPY t (d, e) FROM STDIN;
{5.4321}	1
\.
COPY t (e) FROM STDIN;
x
\.
SELECT * FROM t ORDER BY a, b::text, c, d::text;
SELECT array['toolong']::word[], 'toolong'::word, array[1.2345]::amount[], '{1.2345}'::amount[];
CREATE VIEW v AS SELECT array[b::text]::word[] AS x, d::numeric[]::amount[] AS y FROM t;
SELECT pg_get_viewdef('v');
PREPARE whole AS SELECT $1::whole = 10 AS ten, $1, $1 + 1;
EXECUTE whole(10);
EXECUTE whole(0);
PREPARE amount AS SELECT $1::amount = 1.23 AS same, $1;
EXECUTE amount(1.2345);
CREATE FUNCTION element(numeric) RETURNS numeric LANGUAGE plpgsql AS $$ DECLARE x numeric(4,2)[]; BEGIN x[1] := $1; RETURN x[1]; END $$;
SELECT element(1.2345);
SELECT element(123.5);
CREATE FUNCTION slice(numeric[]) RETURNS numeric[] LANGUAGE plpgsql AS $$ DECLARE x numeric(4,2)[]; BEGIN x[1:2] := $1; RETURN x; END $$;
SELECT slice(array[1.2345, 2.3456]);
CREATE FUNCTION of_domain(numeric[]) RETURNS numeric[] LANGUAGE plpgsql AS $$ DECLARE x amount[] := $1; y amount; BEGIN x[3] := $1[1]; RETURN x; END $$;
SELECT of_domain(array[1.2345, 2.3456]);
SELECT of_domain(array[123.5]);
DROP SCHEMA lengths CASCADE;
