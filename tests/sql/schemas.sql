-- CREATE, ALTER and DROP SCHEMA
\pset format unaligned
\set schemas 'SELECT nspname, nspowner::regrole, nspacl FROM pg_namespace WHERE nspname ~ \'^regress_sc\' ORDER BY 1'
CREATE ROLE regress_sc_a;
CREATE ROLE regress_sc_b;
CREATE SCHEMA regress_sc_1;
CREATE SCHEMA regress_sc_2 AUTHORIZATION regress_sc_a;
CREATE SCHEMA AUTHORIZATION regress_sc_a;
CREATE SCHEMA regress_sc_3 AUTHORIZATION CURRENT_USER;
CREATE SCHEMA regress_sc_4 AUTHORIZATION SESSION_USER;
CREATE SCHEMA regress_sc_5 AUTHORIZATION CURRENT_ROLE;
:schemas;
CREATE SCHEMA regress_sc_1;
CREATE SCHEMA IF NOT EXISTS regress_sc_1;
CREATE SCHEMA IF NOT EXISTS regress_sc_6;
CREATE SCHEMA IF NOT EXISTS AUTHORIZATION regress_sc_a;
CREATE SCHEMA AUTHORIZATION regress_sc_a;
CREATE SCHEMA AUTHORIZATION nosuch;
CREATE SCHEMA regress_sc_7 AUTHORIZATION nosuch;
CREATE SCHEMA regress_sc_7 AUTHORIZATION public;
CREATE SCHEMA pg_regress;
CREATE SCHEMA IF NOT EXISTS pg_catalog;
CREATE SCHEMA IF NOT EXISTS information_schema;
CREATE SCHEMA regress_sc_8 GRANT USAGE ON SCHEMA regress_sc_8 TO regress_sc_b;
CREATE SCHEMA IF NOT EXISTS regress_sc_9 GRANT USAGE ON SCHEMA regress_sc_9 TO regress_sc_b;
:schemas;
-- ALTER
ALTER SCHEMA regress_sc_1 RENAME TO regress_sc_1b;
ALTER SCHEMA regress_sc_1b RENAME TO regress_sc_2;
ALTER SCHEMA nosuch RENAME TO regress_sc_x;
ALTER SCHEMA regress_sc_1b RENAME TO pg_x;
ALTER SCHEMA regress_sc_1b RENAME TO regress_sc_1;
ALTER SCHEMA regress_sc_1 OWNER TO regress_sc_b;
ALTER SCHEMA regress_sc_1 OWNER TO regress_sc_b;
ALTER SCHEMA regress_sc_1 OWNER TO nosuch;
ALTER SCHEMA nosuch OWNER TO regress_sc_b;
ALTER SCHEMA regress_sc_3 OWNER TO CURRENT_USER;
GRANT USAGE ON SCHEMA regress_sc_2 TO regress_sc_b;
ALTER SCHEMA regress_sc_2 OWNER TO regress_sc_b;
:schemas;
-- rights
SET ROLE regress_sc_a;
CREATE SCHEMA regress_sc_x;
CREATE SCHEMA IF NOT EXISTS regress_sc_1;
ALTER SCHEMA regress_sc_1 RENAME TO regress_sc_x;
ALTER SCHEMA regress_sc_1 OWNER TO regress_sc_a;
ALTER SCHEMA regress_sc_a RENAME TO regress_sc_x;
ALTER SCHEMA regress_sc_a OWNER TO regress_sc_b;
DROP SCHEMA regress_sc_1;
RESET ROLE;
GRANT CREATE ON DATABASE postgres TO regress_sc_a;
SET ROLE regress_sc_a;
CREATE SCHEMA regress_sc_x;
CREATE SCHEMA regress_sc_y AUTHORIZATION regress_sc_b;
CREATE SCHEMA pg_y;
ALTER SCHEMA regress_sc_x OWNER TO regress_sc_b;
ALTER SCHEMA regress_sc_x RENAME TO regress_sc_y;
DROP SCHEMA regress_sc_y;
RESET ROLE;
REVOKE CREATE ON DATABASE postgres FROM regress_sc_a;
-- DROP
CREATE FOREIGN DATA WRAPPER regress_sc_w;
CREATE SERVER regress_sc_s FOREIGN DATA WRAPPER regress_sc_w;
CREATE FOREIGN TABLE regress_sc_3.t1 (a int) SERVER regress_sc_s;
CREATE FOREIGN TABLE regress_sc_3.t2 (a int) SERVER regress_sc_s;
DROP SCHEMA regress_sc_3;
DROP SCHEMA regress_sc_3 RESTRICT;
DROP SCHEMA nosuch;
DROP SCHEMA IF EXISTS nosuch;
DROP SCHEMA regress_sc_4, nosuch;
DROP SCHEMA IF EXISTS nosuch, regress_sc_4;
DROP SCHEMA regress_sc_3 CASCADE;
CREATE SCHEMA regress_sc_3;
CREATE FOREIGN TABLE regress_sc_3.t1 (a int) SERVER regress_sc_s;
DROP SCHEMA regress_sc_3 CASCADE;
DROP SCHEMA pg_catalog;
DROP SCHEMA regress_sc_1, regress_sc_2, regress_sc_5, regress_sc_6, regress_sc_8, regress_sc_9, regress_sc_a;
:schemas;
DROP SERVER regress_sc_s;
DROP FOREIGN DATA WRAPPER regress_sc_w;
DROP ROLE regress_sc_a, regress_sc_b;
-- Medley keeps information_schema; PostgreSQL's detail lists all that is in it
\set VERBOSITY sqlstate
DROP SCHEMA information_schema;
\set VERBOSITY default
SELECT count(*) > 0 AS still_there FROM information_schema.tables;
