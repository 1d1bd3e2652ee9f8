-- What tests/client/dump.py dumps: one of each object that a federating server has. Run on PostgreSQL 15 and on Medley.
CREATE ROLE ann LOGIN PASSWORD 'SCRAM-SHA-256$4096:AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' CONNECTION LIMIT 5;
CREATE ROLE "Bob's" NOINHERIT CREATEROLE VALID UNTIL '2030-01-01 00:00:00+00';
CREATE ROLE readers;
GRANT readers TO ann WITH ADMIN OPTION;
GRANT "Bob's" TO ann;
COMMENT ON ROLE readers IS 'they read';
ALTER ROLE ann SET search_path TO s, public;
CREATE SCHEMA s AUTHORIZATION ann;
CREATE SCHEMA "Odd ""name";
GRANT USAGE ON SCHEMA s TO readers WITH GRANT OPTION;
COMMENT ON SCHEMA s IS 'a schema';
CREATE EXTENSION postgres_fdw;
CREATE EXTENSION file_fdw SCHEMA s;
CREATE FOREIGN DATA WRAPPER plain OPTIONS (debug 'true', "odd name" 'it''s');
ALTER FOREIGN DATA WRAPPER plain OWNER TO postgres;
CREATE FOREIGN DATA WRAPPER checked VALIDATOR postgresql_fdw_validator;
GRANT USAGE ON FOREIGN DATA WRAPPER plain TO ann WITH GRANT OPTION;
COMMENT ON FOREIGN DATA WRAPPER plain IS 'no handler';
CREATE SERVER remote TYPE 'postgresql' VERSION '15' FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '/nowhere', dbname 'x', fetch_size '10');
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE SERVER "Odd server" FOREIGN DATA WRAPPER plain;
GRANT USAGE ON FOREIGN SERVER remote TO ann WITH GRANT OPTION;
GRANT USAGE ON FOREIGN SERVER remote TO readers;
ALTER SERVER files OWNER TO "Bob's";
COMMENT ON SERVER remote IS 'the other one';
CREATE USER MAPPING FOR ann SERVER remote OPTIONS (user 'u', password 'p''w"\x');
CREATE USER MAPPING FOR "Bob's" SERVER "Odd server";
CREATE USER MAPPING FOR PUBLIC SERVER remote OPTIONS (user 'everybody');
CREATE USER MAPPING FOR postgres SERVER remote OPTIONS (user 'root', password_required 'false');
CREATE FOREIGN TABLE t (
    a integer NOT NULL DEFAULT 3,
    b text OPTIONS (column_name 'B') COLLATE "C",
    c numeric(10,2) CHECK (c > 0),
    d timestamp(3) with time zone DEFAULT now(),
    e varchar(20)[] DEFAULT '{}',
    gone int,
    "Odd col" "char" DEFAULT 'x'::"char",
    CONSTRAINT ordered CHECK (a < 100 AND b <> 'x') NO INHERIT
) SERVER remote OPTIONS (schema_name 'S', table_name 'T"');
ALTER FOREIGN TABLE t DROP COLUMN gone;
ALTER FOREIGN TABLE t ADD CONSTRAINT later CHECK (a IS NOT NULL) NOT VALID;
ALTER FOREIGN TABLE t ALTER COLUMN a SET STATISTICS 50;
ALTER FOREIGN TABLE t OWNER TO ann;
GRANT SELECT, INSERT ON t TO readers;
GRANT UPDATE (a, b) ON t TO "Bob's";
REVOKE DELETE ON t FROM ann;
COMMENT ON FOREIGN TABLE t IS 'a foreign table';
COMMENT ON COLUMN t.a IS 'its a';
COMMENT ON CONSTRAINT ordered ON t IS 'its check';
CREATE FOREIGN TABLE s.lines (line text) SERVER files OPTIONS (filename '/dev/null', format 'csv', header 'true', delimiter ';');
CREATE FOREIGN TABLE "Odd ""name"."Odd table" () SERVER "Odd server";
-- types
CREATE TYPE s.mood AS ENUM ('sad', 'it''s ok', 'happy');
CREATE TYPE s.point3 AS (x double precision, y double precision, label varchar(10) COLLATE "C");
CREATE DOMAIN s.positive AS integer DEFAULT 1 NOT NULL CONSTRAINT is_positive CHECK (VALUE > 0);
CREATE DOMAIN s.code AS varchar(8) COLLATE "C" CHECK (VALUE ~ '^[A-Z]+$');
ALTER TYPE s.mood OWNER TO ann;
GRANT USAGE ON TYPE s.mood TO readers;
REVOKE USAGE ON DOMAIN s.positive FROM PUBLIC;
COMMENT ON TYPE s.mood IS 'how it goes';
COMMENT ON DOMAIN s.positive IS 'above zero';
-- sequences
CREATE SEQUENCE s.counter AS smallint INCREMENT BY 2 MINVALUE 3 MAXVALUE 99 START 5 CACHE 4 CYCLE;
CREATE SEQUENCE plain_counter;
GRANT USAGE, SELECT ON SEQUENCE s.counter TO readers;
ALTER SEQUENCE plain_counter OWNER TO ann;
COMMENT ON SEQUENCE plain_counter IS 'counts';
-- tables
CREATE TABLE people (
    id serial PRIMARY KEY,
    name text NOT NULL,
    feeling s.mood DEFAULT 'happy',
    score s.positive,
    place s.point3,
    born date DEFAULT CURRENT_DATE,
    counted bigint GENERATED ALWAYS AS IDENTITY,
    twice integer GENERATED ALWAYS AS (length(name) * 2) STORED,
    tags text[] DEFAULT '{a,b}'::text[],
    CONSTRAINT named CHECK (name <> '' AND length(name) < 100),
    UNIQUE (name, born)
);
CREATE INDEX people_name ON people (lower(name) DESC, born) WHERE born IS NOT NULL;
CREATE UNLOGGED TABLE scratch (a int, b text COLLATE "C");
COMMENT ON TABLE people IS 'all of them';
COMMENT ON COLUMN people.name IS 'as written';
COMMENT ON INDEX people_name IS 'finds them';
GRANT SELECT ON people TO readers WITH GRANT OPTION;
GRANT UPDATE (name, feeling), SELECT (id) ON people TO "Bob's";
ALTER TABLE scratch OWNER TO ann;
ALTER TABLE scratch ALTER COLUMN b SET STATISTICS 7;
-- inheritance and partitions
CREATE TABLE parent (a integer NOT NULL, b text DEFAULT 'x');
CREATE TABLE child (c integer CHECK (c > 1)) INHERITS (parent);
CREATE FOREIGN TABLE far_child (d integer) INHERITS (parent) SERVER remote OPTIONS (table_name 'far');
ALTER TABLE child ALTER COLUMN b SET DEFAULT 'y';
CREATE TABLE measures (day date NOT NULL, city text, value numeric(8,2)) PARTITION BY RANGE (day);
CREATE TABLE measures_2020 PARTITION OF measures FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE FOREIGN TABLE measures_2021 PARTITION OF measures FOR VALUES FROM ('2021-01-01') TO ('2022-01-01') SERVER remote OPTIONS (table_name 'm21');
CREATE TABLE measures_rest PARTITION OF measures DEFAULT PARTITION BY LIST (city);
CREATE TABLE measures_rest_berlin PARTITION OF measures_rest FOR VALUES IN ('Berlin', NULL);
CREATE TABLE hashed (a int) PARTITION BY HASH (a);
CREATE TABLE hashed_0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE hashed_1 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 1);
-- views
CREATE VIEW happy AS SELECT p.id, p.name, count(*) AS n FROM people p JOIN parent ON parent.a = p.id WHERE p.feeling = 'happy'::s.mood GROUP BY p.id, p.name;
CREATE VIEW s.over_foreign WITH (security_barrier=true) AS SELECT a, b FROM t WHERE c > 1.5 ORDER BY a LIMIT 10;
ALTER VIEW happy OWNER TO ann;
GRANT SELECT ON happy TO PUBLIC;
COMMENT ON VIEW happy IS 'who is';
-- routines and triggers
CREATE FUNCTION s.add(a integer, b integer DEFAULT 2) RETURNS integer LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT a + b $$;
CREATE FUNCTION s.rows_of(INOUT x integer, OUT y text) RETURNS SETOF record LANGUAGE plpgsql COST 50 ROWS 5 AS $$
BEGIN
    RETURN NEXT;
END $$;
CREATE FUNCTION changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path TO s, public AS $$BEGIN RETURN NEW; END$$;
CREATE PROCEDURE s.do_it(n integer) LANGUAGE plpgsql AS 'BEGIN NULL; END';
REVOKE EXECUTE ON FUNCTION s.add(integer, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION s.add(integer, integer) TO readers;
GRANT EXECUTE ON PROCEDURE s.do_it(integer) TO ann WITH GRANT OPTION;
ALTER FUNCTION s.add(integer, integer) OWNER TO ann;
COMMENT ON FUNCTION s.add(integer, integer) IS 'adds';
CREATE TRIGGER on_change BEFORE INSERT OR UPDATE OF name ON people FOR EACH ROW WHEN (NEW.name <> 'x') EXECUTE FUNCTION changed('a', 'it''s');
CREATE TRIGGER on_foreign AFTER DELETE ON t FOR EACH STATEMENT EXECUTE FUNCTION changed();
ALTER TABLE people DISABLE TRIGGER on_change;
COMMENT ON TRIGGER on_foreign ON t IS 'watches';
-- default privileges
ALTER DEFAULT PRIVILEGES FOR ROLE ann GRANT SELECT ON TABLES TO readers;
ALTER DEFAULT PRIVILEGES FOR ROLE ann IN SCHEMA s GRANT ALL ON SEQUENCES TO "Bob's" WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE ann REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE ann REVOKE USAGE ON TYPES FROM PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO readers;
GRANT SET ON PARAMETER work_mem TO ann;
CREATE FUNCTION standard_value(x int, y int DEFAULT 2) RETURNS bigint STABLE RETURN x * y + (SELECT count(*) FROM pg_class WHERE oid > x);
CREATE FUNCTION standard_rows(n text) RETURNS SETOF text BEGIN ATOMIC SELECT n; SELECT relname::text FROM pg_class c JOIN pg_namespace s ON s.oid = relnamespace WHERE nspname = n ORDER BY 1; END;
CREATE PROCEDURE standard_nothing() BEGIN ATOMIC END;
