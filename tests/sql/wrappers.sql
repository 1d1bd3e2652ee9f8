-- CREATE, ALTER and DROP FOREIGN DATA WRAPPER
\pset format unaligned
\set wrappers 'SELECT fdwname, fdwowner::regrole, fdwhandler::regproc, fdwvalidator::regproc, fdwacl, fdwoptions FROM pg_foreign_data_wrapper ORDER BY 1'
\set depends 'SELECT pg_describe_object(classid, objid, objsubid) AS object, pg_describe_object(refclassid, refobjid, refobjsubid) AS on, deptype FROM pg_depend WHERE classid = \'pg_foreign_data_wrapper\'::regclass ORDER BY 1 COLLATE "C", 2 COLLATE "C", 3'
CREATE ROLE regress_w_a;
CREATE ROLE regress_w_super SUPERUSER;
CREATE EXTENSION postgres_fdw;
CREATE FOREIGN DATA WRAPPER regress_w1;
CREATE FOREIGN DATA WRAPPER regress_w1;
CREATE FOREIGN DATA WRAPPER regress_w2 OPTIONS (a '1', "B b" '2', c 'it''s, "x" = \y');
CREATE FOREIGN DATA WRAPPER regress_w3 VALIDATOR postgresql_fdw_validator;
CREATE FOREIGN DATA WRAPPER regress_w4 HANDLER postgres_fdw_handler VALIDATOR postgres_fdw_validator;
CREATE FOREIGN DATA WRAPPER regress_w5 NO HANDLER NO VALIDATOR;
CREATE FOREIGN DATA WRAPPER regress_w6 HANDLER public.postgres_fdw_handler VALIDATOR pg_catalog.postgresql_fdw_validator;
:wrappers;
:depends;
\dew
\dew+
\dew regress_w1
\dew+ regress_w2
-- errors
CREATE FOREIGN DATA WRAPPER regress_x OPTIONS (a '1', a '2');
CREATE FOREIGN DATA WRAPPER regress_x OPTIONS ("a=b" '1');
CREATE FOREIGN DATA WRAPPER regress_x OPTIONS (ADD a '1');
CREATE FOREIGN DATA WRAPPER regress_x OPTIONS ("" '1');
CREATE FOREIGN DATA WRAPPER regress_x VALIDATOR postgresql_fdw_validator OPTIONS (host '1');
CREATE FOREIGN DATA WRAPPER regress_x VALIDATOR postgres_fdw_validator OPTIONS (host '1');
CREATE FOREIGN DATA WRAPPER regress_x HANDLER nosuch;
CREATE FOREIGN DATA WRAPPER regress_x VALIDATOR nosuch;
CREATE FOREIGN DATA WRAPPER regress_x HANDLER nosuch.nosuch;
CREATE FOREIGN DATA WRAPPER regress_x HANDLER public.nosuch;
CREATE FOREIGN DATA WRAPPER regress_x HANDLER postgres.public.postgres_fdw_handler NO VALIDATOR;
CREATE FOREIGN DATA WRAPPER regress_y HANDLER nosuch.public.postgres_fdw_handler;
CREATE FOREIGN DATA WRAPPER regress_y HANDLER a.b.c.d;
CREATE FOREIGN DATA WRAPPER regress_y HANDLER version;
CREATE FOREIGN DATA WRAPPER regress_y VALIDATOR version;
CREATE FOREIGN DATA WRAPPER regress_y HANDLER postgres_fdw_handler HANDLER postgres_fdw_handler;
CREATE FOREIGN DATA WRAPPER regress_y NO HANDLER HANDLER postgres_fdw_handler;
CREATE FOREIGN DATA WRAPPER regress_y VALIDATOR postgres_fdw_validator NO VALIDATOR;
-- ALTER
ALTER FOREIGN DATA WRAPPER regress_w1;
ALTER FOREIGN DATA WRAPPER regress_w1 OPTIONS (a '1', b '2');
ALTER FOREIGN DATA WRAPPER regress_w1 OPTIONS (SET a '3', DROP b, ADD c '4');
ALTER FOREIGN DATA WRAPPER regress_w1 OPTIONS (ADD a '3');
ALTER FOREIGN DATA WRAPPER regress_w1 OPTIONS (a '3');
ALTER FOREIGN DATA WRAPPER regress_w1 OPTIONS (SET nosuch '3');
ALTER FOREIGN DATA WRAPPER regress_w1 OPTIONS (DROP nosuch);
ALTER FOREIGN DATA WRAPPER regress_w1 OPTIONS (DROP a, ADD a '5', SET a '6');
ALTER FOREIGN DATA WRAPPER nosuch OPTIONS (a '3');
ALTER FOREIGN DATA WRAPPER regress_w3 OPTIONS (a '3');
ALTER FOREIGN DATA WRAPPER regress_w1 VALIDATOR postgresql_fdw_validator;
ALTER FOREIGN DATA WRAPPER regress_w1 OPTIONS (DROP a);
ALTER FOREIGN DATA WRAPPER regress_w1 NO VALIDATOR;
ALTER FOREIGN DATA WRAPPER regress_w1 HANDLER postgres_fdw_handler;
ALTER FOREIGN DATA WRAPPER regress_w1 NO HANDLER;
ALTER FOREIGN DATA WRAPPER regress_w1 HANDLER postgres_fdw_handler VALIDATOR postgres_fdw_validator OPTIONS (DROP a, DROP c);
ALTER FOREIGN DATA WRAPPER regress_w1 HANDLER nosuch;
ALTER FOREIGN DATA WRAPPER regress_w1 NO HANDLER NO HANDLER;
ALTER FOREIGN DATA WRAPPER regress_w1 HANDLER version;
:wrappers;
:depends;
-- RENAME
ALTER FOREIGN DATA WRAPPER regress_w1 RENAME TO regress_w1b;
ALTER FOREIGN DATA WRAPPER regress_w1b RENAME TO regress_w2;
ALTER FOREIGN DATA WRAPPER nosuch RENAME TO regress_w9;
ALTER FOREIGN DATA WRAPPER regress_w1b RENAME TO regress_w1;
-- OWNER
ALTER FOREIGN DATA WRAPPER regress_w1 OWNER TO regress_w_super;
ALTER FOREIGN DATA WRAPPER regress_w1 OWNER TO regress_w_a;
ALTER FOREIGN DATA WRAPPER regress_w1 OWNER TO nosuch;
ALTER FOREIGN DATA WRAPPER nosuch OWNER TO regress_w_super;
ALTER FOREIGN DATA WRAPPER regress_w1 OWNER TO regress_w_super;
ALTER FOREIGN DATA WRAPPER regress_w2 OWNER TO CURRENT_USER;
:wrappers;
-- rights
SET ROLE regress_w_a;
CREATE FOREIGN DATA WRAPPER regress_y;
ALTER FOREIGN DATA WRAPPER regress_w2 OPTIONS (x 'y');
ALTER FOREIGN DATA WRAPPER regress_w2 OWNER TO regress_w_a;
ALTER FOREIGN DATA WRAPPER regress_w2 RENAME TO regress_y;
DROP FOREIGN DATA WRAPPER regress_w2;
RESET ROLE;
DROP ROLE regress_w_super;
REASSIGN OWNED BY regress_w_super TO postgres;
DROP ROLE regress_w_super;
-- a superuser no longer
CREATE ROLE regress_w_super SUPERUSER;
ALTER FOREIGN DATA WRAPPER regress_w1 OWNER TO regress_w_super;
ALTER ROLE regress_w_super NOSUPERUSER;
SET ROLE regress_w_super;
ALTER FOREIGN DATA WRAPPER regress_w1 OPTIONS (x 'y');
ALTER FOREIGN DATA WRAPPER regress_w1 OWNER TO regress_w_super;
ALTER FOREIGN DATA WRAPPER regress_w1 RENAME TO regress_w1b;
DROP FOREIGN DATA WRAPPER regress_w1b;
RESET ROLE;
DROP ROLE regress_w_super;
-- DROP
DROP FOREIGN DATA WRAPPER nosuch;
DROP FOREIGN DATA WRAPPER IF EXISTS nosuch;
CREATE SERVER regress_w_s FOREIGN DATA WRAPPER regress_w2;
CREATE SERVER regress_w_s2 FOREIGN DATA WRAPPER regress_w2;
CREATE USER MAPPING FOR CURRENT_USER SERVER regress_w_s;
CREATE FOREIGN TABLE regress_w_t (a int) SERVER regress_w_s;
DROP FOREIGN DATA WRAPPER regress_w2;
DROP FOREIGN DATA WRAPPER regress_w2 RESTRICT;
DROP FOREIGN DATA WRAPPER regress_w3, regress_w2;
DROP FOREIGN DATA WRAPPER regress_w2 CASCADE;
DROP FOREIGN DATA WRAPPER IF EXISTS regress_w3, nosuch, regress_w4;
DROP FOREIGN DATA WRAPPER regress_w5, regress_w6, regress_x;
:wrappers;
CREATE FOREIGN DATA WRAPPER regress_w7 HANDLER postgres_fdw_handler;
DROP EXTENSION postgres_fdw;
DROP EXTENSION postgres_fdw CASCADE;
:wrappers;
DROP ROLE regress_w_a;
