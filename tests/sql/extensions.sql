-- CREATE, ALTER and DROP EXTENSION
\pset format unaligned
CREATE ROLE regress_ex_a;
CREATE SCHEMA regress_ex_1;
CREATE SCHEMA regress_ex_2;
SELECT extname, extowner::regrole, extnamespace::regnamespace, extrelocatable, extversion, extconfig, extcondition FROM pg_extension ORDER BY 1;
CREATE EXTENSION postgres_fdw;
CREATE EXTENSION file_fdw SCHEMA regress_ex_1;
\set extensions 'SELECT extname, extowner::regrole, extnamespace::regnamespace, extrelocatable, extversion, extconfig, extcondition FROM pg_extension ORDER BY 1'
\set functions 'SELECT p.oid::regprocedure, proowner::regrole, l.lanname, procost, prorows, prokind, proisstrict, proretset, provolatile, proparallel, prorettype::regtype, proallargtypes, proargmodes, proargnames, prosrc, probin FROM pg_proc p JOIN pg_language l ON l.oid = prolang WHERE probin ~ \'fdw\' ORDER BY 1::text COLLATE "C"'
\set depends 'SELECT pg_describe_object(classid, objid, objsubid) AS object, pg_describe_object(refclassid, refobjid, refobjsubid) AS on, deptype FROM pg_depend WHERE pg_describe_object(classid, objid, objsubid) ~ \'_fdw\' ORDER BY 1 COLLATE "C", 2 COLLATE "C", 3'
:extensions;
:functions;
:depends;
SELECT fdwname, fdwowner::regrole, fdwhandler::regproc, fdwvalidator::regproc, fdwacl, fdwoptions FROM pg_foreign_data_wrapper ORDER BY 1;
\dx
\dx postgres*
\dew+
-- errors
CREATE EXTENSION postgres_fdw;
CREATE EXTENSION IF NOT EXISTS postgres_fdw;
CREATE EXTENSION IF NOT EXISTS postgres_fdw SCHEMA nosuch VERSION '17';
CREATE EXTENSION plpgsql;
CREATE EXTENSION "a/b";
CREATE EXTENSION "a--b";
CREATE EXTENSION "-a";
CREATE EXTENSION "a-";
DROP EXTENSION file_fdw;
CREATE EXTENSION file_fdw SCHEMA nosuch;
CREATE EXTENSION file_fdw VERSION '17';
CREATE EXTENSION file_fdw VERSION 'a--b';
CREATE EXTENSION file_fdw VERSION '-1';
CREATE EXTENSION file_fdw VERSION 'a/b';
CREATE EXTENSION file_fdw SCHEMA public SCHEMA public;
CREATE EXTENSION file_fdw VERSION '1' VERSION '2';
CREATE EXTENSION file_fdw CASCADE CASCADE;
CREATE EXTENSION file_fdw WITH SCHEMA regress_ex_2 VERSION '1.0' CASCADE;
:extensions;
SET search_path = nosuch;
DROP EXTENSION file_fdw;
CREATE EXTENSION file_fdw;
RESET search_path;
CREATE EXTENSION file_fdw VERSION "1.0";
-- ALTER
ALTER EXTENSION postgres_fdw UPDATE;
ALTER EXTENSION postgres_fdw UPDATE TO '1.1';
ALTER EXTENSION postgres_fdw UPDATE TO '1.0';
ALTER EXTENSION postgres_fdw UPDATE TO 'x';
ALTER EXTENSION nosuch UPDATE;
ALTER EXTENSION postgres_fdw SET SCHEMA regress_ex_1;
:extensions;
SELECT proname, pronamespace::regnamespace FROM pg_proc WHERE probin ~ 'postgres_fdw' ORDER BY 1;
ALTER EXTENSION postgres_fdw SET SCHEMA regress_ex_1;
ALTER EXTENSION postgres_fdw SET SCHEMA nosuch;
ALTER EXTENSION nosuch SET SCHEMA public;
:depends;
ALTER EXTENSION postgres_fdw SET SCHEMA public;
-- older version and its update
DROP EXTENSION postgres_fdw;
CREATE EXTENSION postgres_fdw VERSION '1.0';
:functions;
ALTER EXTENSION postgres_fdw UPDATE;
:functions;
:extensions;
-- members cannot go alone
DROP FOREIGN DATA WRAPPER postgres_fdw;
DROP FOREIGN DATA WRAPPER postgres_fdw CASCADE;
-- what stands on them
CREATE SERVER regress_ex_s FOREIGN DATA WRAPPER postgres_fdw;
CREATE USER MAPPING FOR PUBLIC SERVER regress_ex_s;
CREATE FOREIGN TABLE regress_ex_t (a int) SERVER regress_ex_s;
DROP EXTENSION postgres_fdw;
DROP EXTENSION nosuch;
DROP EXTENSION IF EXISTS nosuch;
DROP EXTENSION IF EXISTS nosuch, file_fdw;
DROP EXTENSION postgres_fdw CASCADE;
:extensions;
SELECT count(*) FROM pg_foreign_server;
SELECT count(*) FROM pg_proc WHERE probin ~ '_fdw';
-- a schema with an extension in it
CREATE EXTENSION postgres_fdw SCHEMA regress_ex_2;
DROP SCHEMA regress_ex_2;
DROP SCHEMA regress_ex_2 CASCADE;
:extensions;
-- rights
CREATE EXTENSION postgres_fdw;
SET ROLE regress_ex_a;
CREATE EXTENSION file_fdw;
CREATE EXTENSION IF NOT EXISTS postgres_fdw;
ALTER EXTENSION postgres_fdw UPDATE;
ALTER EXTENSION postgres_fdw SET SCHEMA regress_ex_1;
DROP EXTENSION postgres_fdw;
RESET ROLE;
COMMENT ON EXTENSION postgres_fdw IS 'another comment';
\dx
DROP EXTENSION postgres_fdw;
-- in a transaction
BEGIN;
CREATE EXTENSION file_fdw;
ROLLBACK;
:extensions;
DROP SCHEMA regress_ex_1;
DROP ROLE regress_ex_a;
