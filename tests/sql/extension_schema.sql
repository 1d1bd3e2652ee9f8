-- ALTER EXTENSION ... SET SCHEMA moves every member that lies in a schema
\set VERBOSITY verbose
CREATE EXTENSION file_fdw;
CREATE SCHEMA exs_a;
CREATE SCHEMA exs_b;
CREATE TABLE exs_t (a serial PRIMARY KEY, b int);
CREATE VIEW exs_v AS SELECT a, b FROM exs_t;
CREATE TYPE exs_e AS ENUM ('x', 'y');
CREATE TYPE exs_c AS (a int);
CREATE DOMAIN exs_d AS int CHECK (VALUE > 0);
CREATE SEQUENCE exs_s;
CREATE FUNCTION exs_f(exs_e) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TABLE exs_user (e exs_e DEFAULT 'x', d exs_d, n int DEFAULT nextval('exs_s'));
CREATE VIEW exs_reader AS SELECT a, 'y'::exs_e AS e, exs_f('x') FROM exs_v;
ALTER EXTENSION file_fdw ADD TABLE exs_t;
ALTER EXTENSION file_fdw ADD VIEW exs_v;
ALTER EXTENSION file_fdw ADD TYPE exs_e;
ALTER EXTENSION file_fdw ADD TYPE exs_c;
ALTER EXTENSION file_fdw ADD DOMAIN exs_d;
ALTER EXTENSION file_fdw ADD SEQUENCE exs_s;
ALTER EXTENSION file_fdw ADD FUNCTION exs_f(exs_e);
ALTER EXTENSION file_fdw ADD SCHEMA exs_b;
ALTER EXTENSION file_fdw SET SCHEMA exs_b;
ALTER EXTENSION file_fdw DROP SCHEMA exs_b;
CREATE TABLE exs_a.exs_v (a int);
ALTER EXTENSION file_fdw SET SCHEMA exs_a;
DROP TABLE exs_a.exs_v;
CREATE TYPE exs_a.exs_e AS ENUM ();
ALTER EXTENSION file_fdw SET SCHEMA exs_a;
DROP TYPE exs_a.exs_e;
ALTER EXTENSION file_fdw SET SCHEMA exs_a;
ALTER EXTENSION file_fdw SET SCHEMA exs_a;
\dx+ file_fdw
\d exs_a.*
\dT exs_a.*
\df exs_a.*
\d exs_user
\sv exs_reader
\sv exs_a.exs_v
SELECT extname, extnamespace::regnamespace FROM pg_extension ORDER BY extname;
SELECT pg_describe_object(classid, objid, objsubid) AS object, pg_describe_object(refclassid, refobjid, refobjsubid) AS refers FROM pg_depend
  WHERE refclassid = 'pg_namespace'::regclass AND objid >= 16384 ORDER BY 1 COLLATE "C";
-- one of them by itself
ALTER TABLE exs_a.exs_t SET SCHEMA exs_b;
ALTER EXTENSION file_fdw SET SCHEMA public;
ALTER TABLE exs_b.exs_t SET SCHEMA exs_a;
ALTER EXTENSION file_fdw SET SCHEMA nosuch;
ALTER EXTENSION file_fdw SET SCHEMA pg_toast;
ALTER EXTENSION nosuch SET SCHEMA public;
ALTER EXTENSION plpgsql SET SCHEMA public;
CREATE ROLE exs_role;
SET ROLE exs_role;
ALTER EXTENSION file_fdw SET SCHEMA exs_b;
ALTER EXTENSION file_fdw SET SCHEMA public;
RESET ROLE;
GRANT CREATE ON SCHEMA exs_b TO exs_role;
SET ROLE exs_role;
ALTER EXTENSION file_fdw SET SCHEMA exs_b;
RESET ROLE;
ALTER EXTENSION file_fdw SET SCHEMA exs_b;
SELECT * FROM exs_reader;
INSERT INTO exs_b.exs_t (b) VALUES (1);
SELECT * FROM exs_reader;
SELECT nextval('exs_b.exs_s');
DROP EXTENSION file_fdw CASCADE;
DROP SCHEMA exs_a, exs_b CASCADE;
DROP TABLE exs_user;
DROP ROLE exs_role;
