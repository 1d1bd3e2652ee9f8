-- CREATE, ALTER and DROP SERVER
\pset format unaligned
\set servers 'SELECT srvname, srvowner::regrole, fdwname, srvtype, srvversion, srvacl, srvoptions FROM pg_foreign_server s JOIN pg_foreign_data_wrapper f ON f.oid = srvfdw ORDER BY 1'
CREATE ROLE regress_s_a;
CREATE ROLE regress_s_b;
CREATE EXTENSION postgres_fdw;
CREATE EXTENSION file_fdw;
CREATE FOREIGN DATA WRAPPER regress_s_w OPTIONS (x 'y');
CREATE FOREIGN DATA WRAPPER regress_s_v VALIDATOR postgresql_fdw_validator;
CREATE SERVER regress_s1 FOREIGN DATA WRAPPER regress_s_w;
CREATE SERVER regress_s2 TYPE 'oracle' FOREIGN DATA WRAPPER regress_s_w;
CREATE SERVER regress_s3 VERSION '15.0' FOREIGN DATA WRAPPER regress_s_w;
CREATE SERVER regress_s4 TYPE 'oracle' VERSION '16.0' FOREIGN DATA WRAPPER regress_s_w OPTIONS (host 'a', dbname 'b');
CREATE SERVER regress_s5 VERSION NULL FOREIGN DATA WRAPPER regress_s_v OPTIONS (host 'a', hostaddr '127.0.0.1', port '1', dbname 'x');
CREATE SERVER regress_s6 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'h', port '5432', dbname 'd', use_remote_estimate 'true', fetch_size '10', updatable 'false', extensions '');
CREATE SERVER regress_s7 FOREIGN DATA WRAPPER file_fdw;
:servers;
\des
\des+
\des regress_s1
\des+ regress_s4
-- errors
CREATE SERVER regress_s1 FOREIGN DATA WRAPPER regress_s_w;
CREATE SERVER IF NOT EXISTS regress_s1 FOREIGN DATA WRAPPER regress_s_w;
CREATE SERVER IF NOT EXISTS regress_s1 FOREIGN DATA WRAPPER nosuch;
CREATE SERVER IF NOT EXISTS regress_s8 FOREIGN DATA WRAPPER regress_s_w;
CREATE SERVER regress_s9 FOREIGN DATA WRAPPER nosuch;
CREATE SERVER regress_s9 FOREIGN DATA WRAPPER regress_s_w OPTIONS (a '1', a '2');
CREATE SERVER regress_s9 FOREIGN DATA WRAPPER regress_s_v OPTIONS (nosuch '1');
CREATE SERVER regress_s9 FOREIGN DATA WRAPPER regress_s_v OPTIONS (user 'x');
CREATE SERVER regress_s9 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (nosuch '1');
CREATE SERVER regress_s9 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (user 'x');
CREATE SERVER regress_s9 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (use_remote_estimate 'maybe');
CREATE SERVER regress_s9 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (fdw_startup_cost '-1');
CREATE SERVER regress_s9 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (fdw_tuple_cost 'abc');
CREATE SERVER regress_s9 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (fetch_size '0');
CREATE SERVER regress_s9 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (batch_size 'x');
CREATE SERVER regress_s9 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (keep_connections '2');
CREATE SERVER regress_s9 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (table_name 'x');
CREATE SERVER regress_s9 FOREIGN DATA WRAPPER file_fdw OPTIONS (filename 'x');
-- ALTER
ALTER SERVER regress_s1 VERSION '1.0';
ALTER SERVER regress_s1 VERSION '1.1' OPTIONS (a '1', b '2');
ALTER SERVER regress_s1 OPTIONS (SET a '3', DROP b, c '4');
ALTER SERVER regress_s4 VERSION NULL;
ALTER SERVER regress_s1 OPTIONS (ADD a '1');
ALTER SERVER regress_s1 OPTIONS (SET nosuch '1');
ALTER SERVER regress_s1 OPTIONS (DROP nosuch);
ALTER SERVER regress_s5 OPTIONS (ADD nosuch '1');
ALTER SERVER regress_s5 OPTIONS (SET host 'b', DROP port);
ALTER SERVER regress_s6 OPTIONS (SET port 'x');
ALTER SERVER regress_s6 OPTIONS (ADD nosuch 'x');
ALTER SERVER nosuch VERSION '1';
ALTER SERVER nosuch OPTIONS (a '1');
:servers;
-- RENAME
ALTER SERVER regress_s1 RENAME TO regress_s1b;
ALTER SERVER regress_s1b RENAME TO regress_s2;
ALTER SERVER nosuch RENAME TO regress_s9;
ALTER SERVER regress_s1b RENAME TO regress_s1;
-- OWNER
ALTER SERVER regress_s1 OWNER TO regress_s_a;
ALTER SERVER regress_s1 OWNER TO nosuch;
ALTER SERVER nosuch OWNER TO regress_s_a;
ALTER SERVER regress_s2 OWNER TO CURRENT_USER;
ALTER SERVER regress_s2 OWNER TO SESSION_USER;
:servers;
-- rights
SET ROLE regress_s_a;
CREATE SERVER regress_s9 FOREIGN DATA WRAPPER regress_s_w;
CREATE SERVER IF NOT EXISTS regress_s1 FOREIGN DATA WRAPPER regress_s_w;
ALTER SERVER regress_s1 VERSION '2';
ALTER SERVER regress_s1 OPTIONS (z '2');
ALTER SERVER regress_s2 VERSION '2';
ALTER SERVER regress_s2 RENAME TO regress_s9;
ALTER SERVER regress_s2 OWNER TO regress_s_a;
ALTER SERVER regress_s1 OWNER TO regress_s_a;
ALTER SERVER regress_s1 OWNER TO regress_s_b;
DROP SERVER regress_s2;
RESET ROLE;
GRANT regress_s_b TO regress_s_a;
SET ROLE regress_s_a;
ALTER SERVER regress_s1 OWNER TO regress_s_b;
RESET ROLE;
GRANT USAGE ON FOREIGN DATA WRAPPER regress_s_w TO regress_s_a;
SET ROLE regress_s_a;
CREATE SERVER regress_s9 FOREIGN DATA WRAPPER regress_s_w;
ALTER SERVER regress_s1 OWNER TO regress_s_b;
ALTER SERVER regress_s1 RENAME TO regress_s10;
DROP SERVER regress_s9;
RESET ROLE;
GRANT USAGE ON FOREIGN DATA WRAPPER regress_s_w TO regress_s_b;
SET ROLE regress_s_a;
ALTER SERVER regress_s10 OWNER TO regress_s_b;
ALTER SERVER regress_s10 VERSION '3';
RESET ROLE;
:servers;
SELECT pg_describe_object(classid, objid, objsubid) AS object, refobjid::regrole, deptype FROM pg_shdepend WHERE refobjid::regrole::text ~ '^regress_s_' ORDER BY 1 COLLATE "C", 2::text COLLATE "C", 3;
SELECT pg_describe_object(classid, objid, objsubid) AS object, pg_describe_object(refclassid, refobjid, refobjsubid) AS on, deptype FROM pg_depend WHERE classid = 'pg_foreign_server'::regclass ORDER BY 1 COLLATE "C", 2 COLLATE "C";
-- DROP
DROP SERVER nosuch;
DROP SERVER IF EXISTS nosuch;
CREATE USER MAPPING FOR PUBLIC SERVER regress_s2;
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_s2;
CREATE FOREIGN TABLE regress_s_t (a int) SERVER regress_s2;
DROP SERVER regress_s2;
DROP SERVER regress_s3, regress_s2 RESTRICT;
DROP SERVER IF EXISTS nosuch, regress_s3;
DROP SERVER regress_s2 CASCADE;
CREATE USER MAPPING FOR PUBLIC SERVER regress_s4;
DROP SERVER regress_s4 CASCADE;
DROP SERVER regress_s5, regress_s6, regress_s7, regress_s8, regress_s10;
:servers;
DROP FOREIGN DATA WRAPPER regress_s_w, regress_s_v;
DROP EXTENSION postgres_fdw, file_fdw;
DROP ROLE regress_s_a, regress_s_b;
-- empty texts are no absent ones
CREATE FOREIGN DATA WRAPPER regress_ev_w;
CREATE SERVER regress_ev_1 TYPE '' VERSION '' FOREIGN DATA WRAPPER regress_ev_w OPTIONS (version 'x', type '');
CREATE SERVER regress_ev_2 TYPE 't' FOREIGN DATA WRAPPER regress_ev_w OPTIONS (version '');
CREATE SERVER version VERSION 'v' FOREIGN DATA WRAPPER regress_ev_w;
CREATE SERVER type TYPE E'' VERSION NULL FOREIGN DATA WRAPPER regress_ev_w;
CREATE SERVER regress_ev_3 VERSION '' FOREIGN DATA WRAPPER regress_ev_w\; CREATE SERVER regress_ev_4 FOREIGN DATA WRAPPER regress_ev_w;
SELECT srvname, srvtype IS NULL AS no_type, srvversion IS NULL AS no_version, srvoptions FROM pg_foreign_server WHERE srvname ~ 'regress_ev|version|type' ORDER BY 1;
ALTER SERVER regress_ev_2 VERSION '' OPTIONS (ADD a 'b');
ALTER SERVER regress_ev_1 VERSION NULL;
ALTER SERVER version OPTIONS (ADD version '');
SELECT srvname, srvtype IS NULL AS no_type, srvversion IS NULL AS no_version, srvoptions FROM pg_foreign_server WHERE srvname ~ 'regress_ev|version|type' ORDER BY 1;
DROP FOREIGN DATA WRAPPER regress_ev_w CASCADE;
