-- CREATE, ALTER and DROP USER MAPPING; whose mappings and options are seen
\pset format unaligned
\set mappings 'SELECT srvname, usename, umoptions FROM pg_user_mappings ORDER BY 1, 2'
CREATE ROLE regress_um_a;
CREATE ROLE regress_um_b;
CREATE ROLE regress_um_owner;
CREATE FOREIGN DATA WRAPPER regress_um_w;
CREATE FOREIGN DATA WRAPPER regress_um_v VALIDATOR postgresql_fdw_validator;
CREATE EXTENSION postgres_fdw;
CREATE EXTENSION file_fdw;
CREATE SERVER regress_um_s FOREIGN DATA WRAPPER regress_um_w;
CREATE SERVER regress_um_t FOREIGN DATA WRAPPER regress_um_v;
CREATE SERVER regress_um_p FOREIGN DATA WRAPPER postgres_fdw;
CREATE SERVER regress_um_f FOREIGN DATA WRAPPER file_fdw;
CREATE SERVER regress_um_o FOREIGN DATA WRAPPER regress_um_w;
ALTER SERVER regress_um_o OWNER TO regress_um_owner;
-- each way to name the user
CREATE USER MAPPING FOR regress_um_a SERVER regress_um_s OPTIONS ("user" 'remote a', password 'secret a');
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_um_s OPTIONS ("user" 'remote pg');
CREATE USER MAPPING FOR PUBLIC SERVER regress_um_s;
CREATE USER MAPPING FOR USER SERVER regress_um_t OPTIONS (user 'x', password 'y');
CREATE USER MAPPING FOR CURRENT_ROLE SERVER regress_um_p OPTIONS (user 'x', password 'y');
CREATE USER MAPPING FOR SESSION_USER SERVER regress_um_f;
:mappings;
\deu
\deu+
\deu regress*
\deu+ regress_um_a
-- again
CREATE USER MAPPING FOR regress_um_a SERVER regress_um_s;
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_um_s;
CREATE USER MAPPING FOR USER SERVER regress_um_s;
CREATE USER MAPPING FOR PUBLIC SERVER regress_um_s;
CREATE USER MAPPING IF NOT EXISTS FOR regress_um_a SERVER regress_um_s;
CREATE USER MAPPING IF NOT EXISTS FOR CURRENT_USER SERVER regress_um_s OPTIONS (a 'b');
CREATE USER MAPPING IF NOT EXISTS FOR PUBLIC SERVER regress_um_s;
CREATE USER MAPPING IF NOT EXISTS FOR regress_um_b SERVER regress_um_s OPTIONS (a 'b');
CREATE USER MAPPING IF NOT EXISTS FOR nosuch SERVER regress_um_s;
CREATE USER MAPPING IF NOT EXISTS FOR regress_um_b SERVER nosuch;
-- errors
CREATE USER MAPPING FOR nosuch SERVER regress_um_s;
CREATE USER MAPPING FOR regress_um_a SERVER nosuch;
CREATE USER MAPPING FOR nosuch SERVER nosuch;
CREATE USER MAPPING FOR "public" SERVER regress_um_t;
CREATE USER MAPPING FOR none SERVER regress_um_t;
CREATE USER MAPPING FOR regress_um_a SERVER regress_um_t OPTIONS (user 'a', user 'b');
CREATE USER MAPPING FOR regress_um_a SERVER regress_um_t OPTIONS (nosuch 'a');
CREATE USER MAPPING FOR regress_um_a SERVER regress_um_t OPTIONS (host 'a');
CREATE USER MAPPING FOR regress_um_a SERVER regress_um_p OPTIONS (nosuch 'a');
CREATE USER MAPPING FOR regress_um_a SERVER regress_um_p OPTIONS (host 'a');
CREATE USER MAPPING FOR regress_um_a SERVER regress_um_p OPTIONS (password_required 'x');
CREATE USER MAPPING FOR regress_um_a SERVER regress_um_f OPTIONS (filename 'x');
CREATE USER MAPPING FOR regress_um_a SERVER regress_um_s OPTIONS ("a=b" 'x');
-- ALTER
ALTER USER MAPPING FOR regress_um_a SERVER regress_um_s OPTIONS (SET password 'new', ADD x 'y');
ALTER USER MAPPING FOR regress_um_a SERVER regress_um_s OPTIONS (DROP "user");
ALTER USER MAPPING FOR regress_um_a SERVER regress_um_s OPTIONS (z '1');
:mappings;
ALTER USER MAPPING FOR regress_um_a SERVER regress_um_s OPTIONS (ADD z '1');
ALTER USER MAPPING FOR regress_um_a SERVER regress_um_s OPTIONS (z '1');
ALTER USER MAPPING FOR regress_um_a SERVER regress_um_s OPTIONS (SET nosuch '1');
ALTER USER MAPPING FOR regress_um_a SERVER regress_um_s OPTIONS (DROP nosuch);
ALTER USER MAPPING FOR regress_um_a SERVER regress_um_s OPTIONS (DROP z, ADD z '2', SET z '3', DROP x, DROP password);
ALTER USER MAPPING FOR PUBLIC SERVER regress_um_s OPTIONS (a 'b');
ALTER USER MAPPING FOR CURRENT_USER SERVER regress_um_s OPTIONS (DROP "user");
ALTER USER MAPPING FOR USER SERVER regress_um_t OPTIONS (SET user 'z');
ALTER USER MAPPING FOR USER SERVER regress_um_t OPTIONS (SET user 'z', nosuch 'q');
ALTER USER MAPPING FOR USER SERVER regress_um_p OPTIONS (nosuch 'q');
ALTER USER MAPPING FOR nosuch SERVER regress_um_s OPTIONS (a 'b');
ALTER USER MAPPING FOR regress_um_a SERVER nosuch OPTIONS (a 'b');
ALTER USER MAPPING FOR regress_um_a SERVER regress_um_t OPTIONS (a 'b');
ALTER USER MAPPING FOR PUBLIC SERVER regress_um_t OPTIONS (a 'b');
ALTER USER MAPPING FOR USER SERVER regress_um_o OPTIONS (a 'b');
:mappings;
-- rights: a role without any
SET ROLE regress_um_a;
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_um_o;
CREATE USER MAPPING FOR regress_um_b SERVER regress_um_o;
CREATE USER MAPPING FOR PUBLIC SERVER regress_um_o;
CREATE USER MAPPING IF NOT EXISTS FOR regress_um_a SERVER regress_um_s;
ALTER USER MAPPING FOR regress_um_a SERVER regress_um_s OPTIONS (a 'b');
ALTER USER MAPPING FOR regress_um_b SERVER regress_um_s OPTIONS (a 'b');
ALTER USER MAPPING FOR PUBLIC SERVER regress_um_s OPTIONS (a 'b');
DROP USER MAPPING FOR regress_um_a SERVER regress_um_s;
DROP USER MAPPING FOR regress_um_b SERVER regress_um_s;
DROP USER MAPPING IF EXISTS FOR regress_um_b SERVER regress_um_s;
:mappings;
RESET ROLE;
-- with USAGE: its own
GRANT USAGE ON FOREIGN SERVER regress_um_o TO regress_um_a;
SET ROLE regress_um_a;
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_um_o OPTIONS (password 'own');
CREATE USER MAPPING FOR regress_um_b SERVER regress_um_o;
CREATE USER MAPPING FOR PUBLIC SERVER regress_um_o;
ALTER USER MAPPING FOR regress_um_a SERVER regress_um_o OPTIONS (a 'b');
:mappings;
DROP USER MAPPING FOR regress_um_a SERVER regress_um_o;
CREATE USER MAPPING FOR USER SERVER regress_um_o OPTIONS (password 'own');
RESET ROLE;
-- the server's owner: anyone's
SET ROLE regress_um_owner;
CREATE USER MAPPING FOR regress_um_b SERVER regress_um_o OPTIONS (password 'b''s');
CREATE USER MAPPING FOR PUBLIC SERVER regress_um_o OPTIONS (password 'all');
ALTER USER MAPPING FOR regress_um_a SERVER regress_um_o OPTIONS (c 'd');
ALTER USER MAPPING FOR PUBLIC SERVER regress_um_o OPTIONS (c 'd');
:mappings;
DROP USER MAPPING FOR regress_um_b SERVER regress_um_o;
RESET ROLE;
-- a member of the owner
GRANT regress_um_owner TO regress_um_b;
SET ROLE regress_um_b;
CREATE USER MAPPING FOR regress_um_b SERVER regress_um_o OPTIONS (password 'b');
:mappings;
RESET ROLE;
SET ROLE regress_um_a;
:mappings;
SELECT * FROM pg_user_mapping;
RESET ROLE;
SELECT pg_describe_object(classid, objid, objsubid) AS object, pg_describe_object(refclassid, refobjid, refobjsubid) AS on, deptype FROM pg_depend WHERE classid = 'pg_user_mapping'::regclass ORDER BY 1 COLLATE "C";
SELECT pg_describe_object(classid, objid, objsubid) AS object, refobjid::regrole, deptype FROM pg_shdepend WHERE classid = 'pg_user_mapping'::regclass ORDER BY 1 COLLATE "C";
-- DROP
DROP USER MAPPING FOR nosuch SERVER regress_um_s;
DROP USER MAPPING FOR regress_um_a SERVER nosuch;
DROP USER MAPPING FOR regress_um_a SERVER regress_um_t;
DROP USER MAPPING FOR PUBLIC SERVER regress_um_t;
DROP USER MAPPING IF EXISTS FOR nosuch SERVER regress_um_s;
DROP USER MAPPING IF EXISTS FOR nosuch SERVER nosuch;
DROP USER MAPPING IF EXISTS FOR regress_um_a SERVER nosuch;
DROP USER MAPPING IF EXISTS FOR PUBLIC SERVER nosuch;
DROP USER MAPPING IF EXISTS FOR regress_um_a SERVER regress_um_t;
DROP USER MAPPING IF EXISTS FOR PUBLIC SERVER regress_um_t;
DROP USER MAPPING IF EXISTS FOR CURRENT_USER SERVER regress_um_o;
DROP USER MAPPING FOR regress_um_a SERVER regress_um_s;
DROP USER MAPPING FOR regress_um_a SERVER regress_um_s;
DROP USER MAPPING FOR CURRENT_USER SERVER regress_um_s;
DROP USER MAPPING FOR PUBLIC SERVER regress_um_s;
DROP USER MAPPING FOR USER SERVER regress_um_t;
DROP USER MAPPING FOR SESSION_USER SERVER regress_um_p;
DROP USER MAPPING FOR CURRENT_ROLE SERVER regress_um_f;
:mappings;
-- a role that has a mapping
DROP ROLE regress_um_b;
DROP SERVER regress_um_o CASCADE;
DROP SERVER regress_um_s CASCADE;
DROP SERVER regress_um_t, regress_um_p, regress_um_f;
DROP EXTENSION postgres_fdw, file_fdw;
DROP FOREIGN DATA WRAPPER regress_um_w, regress_um_v;
DROP ROLE regress_um_a, regress_um_b, regress_um_owner;
