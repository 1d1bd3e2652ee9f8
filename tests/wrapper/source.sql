-- The source that postgres_fdw.sql and import.sql reach: database rem
CREATE DATABASE rem;
\c rem
CREATE VIEW public.me AS SELECT application_name AS name FROM pg_stat_activity WHERE pid = pg_backend_pid();
CREATE ROLE ru1 LOGIN; CREATE ROLE ru2 LOGIN; CREATE ROLE needs_password; CREATE ROLE rpw LOGIN PASSWORD 'sekrit' IN ROLE needs_password;
CREATE SCHEMA imp; CREATE SCHEMA "Imp é"; CREATE SCHEMA empty; CREATE SCHEMA secret;
CREATE TYPE imp.mood AS ENUM ('sad','ok');
CREATE DOMAIN imp.pos AS int CHECK (value > 0);
CREATE TABLE imp.t1 (a int NOT NULL, b text COLLATE "C" DEFAULT 'x''y', c numeric(10,2) DEFAULT 1.5, d varchar(10) NOT NULL);
CREATE TABLE imp.t2 (id int GENERATED ALWAYS AS IDENTITY, ts timestamptz DEFAULT now(), arr int[], j jsonb, "C ol" char(3) COLLATE "POSIX");
CREATE SCHEMA impg; CREATE TABLE impg.g (id int, g int GENERATED ALWAYS AS (id+1) STORED);
CREATE TABLE imp.t3 (m text);
CREATE VIEW imp.v1 AS SELECT a, b FROM imp.t1;
CREATE MATERIALIZED VIEW imp.mv AS SELECT a FROM imp.t1;
CREATE TABLE imp.part (a int, b int) PARTITION BY LIST (a);
CREATE TABLE imp.part1 PARTITION OF imp.part FOR VALUES IN (1);
CREATE TABLE "Imp é"."T ""1" ("A b" int, "é" text, "x'y" int);
CREATE TABLE "Imp é".dropped (a int, b int, c int); ALTER TABLE "Imp é".dropped DROP COLUMN b;
CREATE TABLE "Imp é".nocols ();
CREATE SCHEMA bad; CREATE TYPE bad.mood AS ENUM ('a'); CREATE TABLE bad.a1 (a int); CREATE TABLE bad.t (m bad.mood); CREATE TABLE bad.z (a int);
CREATE SCHEMA bad2; CREATE TABLE bad2.t (a int, b bad.mood DEFAULT 'a', c int DEFAULT 5);
CREATE FUNCTION bad2.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TABLE bad2.d (a int DEFAULT bad2.f());
CREATE TABLE who (id int, owner text); INSERT INTO who VALUES (1,'a'),(2,'b');
CREATE VIEW whoami AS SELECT current_user::text AS me, session_user::text AS sess;
GRANT SELECT ON whoami, who TO PUBLIC; REVOKE SELECT ON who FROM ru2;
CREATE TABLE data (id int, t text, n numeric, d float8, ts timestamp, b bool); 
INSERT INTO data SELECT i, 'row '||i, i*1.5, i/3.0, timestamp '2020-01-01' + i * interval '1 h', i%2=0 FROM generate_series(1,1000) i;
GRANT SELECT ON data TO PUBLIC; GRANT USAGE ON SCHEMA imp, bad, bad2, "Imp é" TO PUBLIC;
CREATE TABLE evil (a text); INSERT INTO evil VALUES ('12'),('x1'),(NULL); GRANT SELECT ON evil TO PUBLIC;
CREATE FUNCTION boom(int) RETURNS int LANGUAGE plpgsql AS $$BEGIN IF $1 > 3 THEN RAISE EXCEPTION 'boom %', $1 USING ERRCODE='P0123', DETAIL='some detail', HINT='some hint'; END IF; RETURN $1; END$$;
CREATE VIEW boomv AS SELECT boom(id) AS id, t FROM data; GRANT SELECT ON boomv TO PUBLIC;
CREATE VIEW divv AS SELECT 1/(5-id) AS q FROM data; GRANT SELECT ON divv TO PUBLIC;
-- acting_users.sql
CREATE ROLE cursor_a LOGIN SUPERUSER;
CREATE ROLE cursor_b LOGIN SUPERUSER;
CREATE VIEW cursor_user AS SELECT current_user::text AS u;
CREATE TABLE cursor_rows AS SELECT * FROM (VALUES (1, 'x'), (2, 'y'), (3, 'z')) v(a, b);
-- columns that are an enum here and are declared text
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE felt (id int, feeling mood, d date, said varchar(10));
INSERT INTO felt VALUES (1, 'sad', '2020-01-01', 'glad'), (2, 'glad', '2021-01-01', 'glad');
-- partitions whose rows are locked
CREATE TABLE part_low AS SELECT g AS id, 'low ' || g AS t, g % 2 AS k FROM generate_series(1, 5) g;
CREATE TABLE part_high AS SELECT g AS id, 'high ' || g AS t, g % 2 AS k FROM generate_series(11, 15) g;
-- row_locks.sql: rows that another session has not locked
CREATE TABLE locked AS SELECT g AS id, 'v' || g AS v FROM generate_series(1, 5) g;
CREATE TABLE locked_1 AS SELECT 11 AS id, 'v11' AS v;
CREATE TABLE locked_2 AS SELECT 12 AS id, 'v12' AS v;
CREATE FUNCTION free_ids() RETURNS SETOF int LANGUAGE plpgsql AS $$
DECLARE ids int[]; more int[];
BEGIN
  BEGIN
    SELECT array_agg(id) INTO ids FROM (SELECT id FROM locked FOR UPDATE SKIP LOCKED) x;
    SELECT array_agg(id) INTO more FROM (SELECT id FROM locked_1 FOR UPDATE SKIP LOCKED) x;
    ids := ids || more;
    SELECT array_agg(id) INTO more FROM (SELECT id FROM locked_2 FOR UPDATE SKIP LOCKED) x;
    ids := ids || more;
    RAISE EXCEPTION 'they are let go again';
  EXCEPTION WHEN raise_exception THEN NULL;
  END;
  RETURN QUERY SELECT unnest(ids);
END $$;
CREATE VIEW free_rows AS SELECT free_ids() AS id;
-- Texts to be searched; what is built in is searched for alike, a configuration of the source's own is not known elsewhere.
CREATE TABLE notes AS SELECT g AS id, (ARRAY['The quick dogs', 'A dog ran', 'Cats are running', 'nothing', NULL])[g] AS said FROM generate_series(1, 5) g;
ALTER TABLE notes ADD j json, ADD b jsonb; UPDATE notes SET j = json_build_object('k', said), b = jsonb_build_object('k', said);
CREATE TEXT SEARCH CONFIGURATION own (COPY = simple);
-- xml.sql
CREATE TABLE pages (id int, x xml, t text, f float8, raw bytea);
INSERT INTO pages VALUES (1, '<a><b>1</b></a>', 'q', 5.666666666666667, '\xc4ff00'), (2, '<a><b>2</b><c/></a>', 'z', 0.1, '\x6162'), (3, NULL, NULL, NULL, NULL);
