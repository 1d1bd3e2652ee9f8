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
