-- GRANT and REVOKE on tables, columns, schemas, the database, wrappers and servers
\pset format unaligned
\set acls 'SELECT relname AS name, relacl AS acl FROM pg_class WHERE relnamespace = \'regress_p\'::regnamespace AND relkind = \'f\' UNION ALL SELECT relname || \'.\' || attname, attacl FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = \'regress_p\'::regnamespace AND attacl IS NOT NULL UNION ALL SELECT nspname, nspacl FROM pg_namespace WHERE nspname ~ \'^regress_p\' UNION ALL SELECT fdwname, fdwacl FROM pg_foreign_data_wrapper UNION ALL SELECT srvname, srvacl FROM pg_foreign_server ORDER BY 1'
CREATE ROLE regress_p_a;
CREATE ROLE regress_p_b;
CREATE ROLE regress_p_c;
CREATE ROLE regress_p_owner;
CREATE FOREIGN DATA WRAPPER regress_p_w;
CREATE SERVER regress_p_s FOREIGN DATA WRAPPER regress_p_w;
CREATE SCHEMA regress_p;
CREATE FOREIGN TABLE regress_p.t (a int, b text, c date) SERVER regress_p_s;
CREATE FOREIGN TABLE regress_p.u (a int, b text) SERVER regress_p_s;
-- each privilege
GRANT SELECT ON regress_p.t TO regress_p_a;
GRANT INSERT, UPDATE, DELETE ON regress_p.t TO regress_p_a;
GRANT TRUNCATE, REFERENCES, TRIGGER ON TABLE regress_p.t TO regress_p_a;
GRANT ALL ON regress_p.t TO regress_p_b;
GRANT ALL PRIVILEGES ON regress_p.u TO regress_p_b;
GRANT SELECT ON regress_p.t, regress_p.u TO PUBLIC;
GRANT SELECT ON regress_p.t TO regress_p_a, regress_p_b, regress_p_c;
:acls;
\dp regress_p.*
\z regress_p.t
REVOKE INSERT, UPDATE ON regress_p.t FROM regress_p_a;
REVOKE ALL ON regress_p.t FROM regress_p_b;
REVOKE ALL ON regress_p.u FROM regress_p_b, PUBLIC;
REVOKE SELECT ON regress_p.t FROM PUBLIC;
:acls;
-- columns
GRANT SELECT (a) ON regress_p.t TO regress_p_b;
\dp regress_p.t
GRANT SELECT (b, c), UPDATE (a) ON regress_p.t TO regress_p_b;
GRANT INSERT (a), REFERENCES (a, b), DELETE ON regress_p.t TO regress_p_b;
GRANT ALL (c) ON regress_p.t TO regress_p_c;
GRANT SELECT (ctid, xmin) ON regress_p.t TO regress_p_c;
:acls;
REVOKE SELECT (b) ON regress_p.t FROM regress_p_b;
REVOKE ALL (c) ON regress_p.t FROM regress_p_c;
REVOKE UPDATE ON regress_p.t FROM regress_p_b;
:acls;
REVOKE ALL ON regress_p.t FROM regress_p_b;
REVOKE SELECT ON regress_p.t FROM regress_p_c;
:acls;
-- all tables
GRANT SELECT ON ALL TABLES IN SCHEMA regress_p TO regress_p_c;
GRANT SELECT ON ALL TABLES IN SCHEMA nosuch TO regress_p_c;
REVOKE SELECT ON ALL TABLES IN SCHEMA regress_p FROM regress_p_c;
:acls;
-- schema, database, wrapper, server
GRANT USAGE ON SCHEMA regress_p TO regress_p_a;
GRANT CREATE, USAGE ON SCHEMA regress_p TO regress_p_b;
GRANT ALL ON SCHEMA regress_p TO regress_p_c WITH GRANT OPTION;
GRANT USAGE ON FOREIGN DATA WRAPPER regress_p_w TO regress_p_a;
GRANT ALL ON FOREIGN DATA WRAPPER regress_p_w TO regress_p_b WITH GRANT OPTION;
GRANT USAGE ON FOREIGN SERVER regress_p_s TO regress_p_a, PUBLIC;
GRANT ALL PRIVILEGES ON FOREIGN SERVER regress_p_s TO regress_p_b;
GRANT CREATE, TEMP ON DATABASE postgres TO regress_p_a;
GRANT CONNECT, TEMPORARY ON DATABASE postgres TO regress_p_b;
GRANT ALL ON DATABASE postgres TO regress_p_c;
:acls;
SELECT datacl FROM pg_database WHERE datname = 'postgres';
\dn+ regress_p
\des+ regress_p_s
\dew+ regress_p_w
REVOKE ALL ON DATABASE postgres FROM regress_p_a, regress_p_b, regress_p_c;
REVOKE CREATE ON SCHEMA regress_p FROM regress_p_b;
REVOKE ALL ON FOREIGN DATA WRAPPER regress_p_w FROM regress_p_a;
REVOKE USAGE ON FOREIGN SERVER regress_p_s FROM PUBLIC;
:acls;
SELECT datacl FROM pg_database WHERE datname = 'postgres';
SELECT pg_describe_object(classid, objid, objsubid) AS object, refobjid::regrole, deptype FROM pg_shdepend WHERE refobjid::regrole::text ~ '^regress_p_' ORDER BY 1 COLLATE "C", 2::text COLLATE "C", 3;
-- errors
GRANT SELECT ON regress_p.nosuch TO regress_p_a;
GRANT SELECT ON nosuch.t TO regress_p_a;
GRANT SELECT ON regress_p.t TO nosuch;
REVOKE SELECT ON regress_p.t FROM nosuch;
GRANT nosuch ON regress_p.t TO regress_p_a;
GRANT USAGE ON regress_p.t TO regress_p_a;
GRANT CREATE ON regress_p.t TO regress_p_a;
GRANT EXECUTE ON regress_p.t TO regress_p_a;
GRANT CONNECT ON regress_p.t TO regress_p_a;
GRANT SELECT ON SCHEMA regress_p TO regress_p_a;
GRANT SELECT ON FOREIGN DATA WRAPPER regress_p_w TO regress_p_a;
GRANT CREATE ON FOREIGN SERVER regress_p_s TO regress_p_a;
GRANT USAGE ON DATABASE postgres TO regress_p_a;
GRANT DELETE (a) ON regress_p.t TO regress_p_a;
GRANT TRUNCATE (a) ON regress_p.t TO regress_p_a;
GRANT nosuch (a) ON regress_p.t TO regress_p_a;
GRANT SELECT (nosuch) ON regress_p.t TO regress_p_a;
GRANT SELECT (a, nosuch) ON regress_p.t TO regress_p_a;
GRANT USAGE (a) ON SCHEMA regress_p TO regress_p_a;
GRANT USAGE (a) ON FOREIGN SERVER regress_p_s TO regress_p_a;
GRANT USAGE ON SCHEMA nosuch TO regress_p_a;
GRANT USAGE ON FOREIGN DATA WRAPPER nosuch TO regress_p_a;
GRANT USAGE ON FOREIGN SERVER nosuch TO regress_p_a;
GRANT CONNECT ON DATABASE nosuch TO regress_p_a;
GRANT SELECT ON pg_class_oid_index TO regress_p_a;
GRANT SELECT ON regress_p.t TO PUBLIC WITH GRANT OPTION;
GRANT USAGE ON FOREIGN SERVER regress_p_s TO PUBLIC WITH GRANT OPTION;
GRANT SELECT (a) ON regress_p.t TO PUBLIC WITH GRANT OPTION;
GRANT SELECT ON regress_p.t TO regress_p_a GRANTED BY regress_p_b;
GRANT SELECT ON regress_p.t TO regress_p_a GRANTED BY nosuch;
GRANT SELECT ON regress_p.t TO regress_p_a GRANTED BY CURRENT_USER;
REVOKE SELECT ON regress_p.t FROM regress_p_a GRANTED BY CURRENT_ROLE;
-- grant options
GRANT SELECT, INSERT ON regress_p.t TO regress_p_a WITH GRANT OPTION;
GRANT UPDATE (a) ON regress_p.t TO regress_p_a WITH GRANT OPTION;
GRANT USAGE ON FOREIGN SERVER regress_p_s TO regress_p_a WITH GRANT OPTION;
:acls;
SET ROLE regress_p_a;
GRANT SELECT ON regress_p.t TO regress_p_b;
GRANT SELECT ON regress_p.t TO regress_p_b WITH GRANT OPTION;
GRANT SELECT, DELETE ON regress_p.t TO regress_p_b;
GRANT DELETE ON regress_p.t TO regress_p_b;
GRANT ALL ON regress_p.t TO regress_p_c;
GRANT UPDATE (a) ON regress_p.t TO regress_p_b;
GRANT UPDATE (a, b) ON regress_p.t TO regress_p_b;
GRANT UPDATE (b) ON regress_p.t TO regress_p_b;
GRANT SELECT (b) ON regress_p.t TO regress_p_c;
GRANT ALL (c) ON regress_p.t TO regress_p_c;
GRANT SELECT ON regress_p.u TO regress_p_b;
GRANT USAGE ON FOREIGN SERVER regress_p_s TO regress_p_b;
GRANT USAGE ON FOREIGN DATA WRAPPER regress_p_w TO regress_p_b;
GRANT USAGE ON SCHEMA regress_p TO regress_p_b;
GRANT CREATE ON SCHEMA regress_p TO regress_p_b;
GRANT CREATE ON DATABASE postgres TO regress_p_b;
REVOKE DELETE ON regress_p.t FROM regress_p_b;
REVOKE CREATE ON DATABASE postgres FROM regress_p_b;
REVOKE SELECT ON regress_p.t FROM regress_p_b;
GRANT SELECT ON regress_p.t TO regress_p_b WITH GRANT OPTION;
SET ROLE regress_p_b;
GRANT SELECT ON regress_p.t TO regress_p_c;
GRANT SELECT ON regress_p.t TO regress_p_a WITH GRANT OPTION;
GRANT SELECT ON regress_p.t TO regress_p_a;
GRANT SELECT ON regress_p.t TO regress_p_b WITH GRANT OPTION;
RESET ROLE;
:acls;
REVOKE GRANT OPTION FOR SELECT ON regress_p.t FROM regress_p_a;
REVOKE SELECT ON regress_p.t FROM regress_p_a;
REVOKE SELECT ON regress_p.t FROM regress_p_a RESTRICT;
REVOKE GRANT OPTION FOR SELECT ON regress_p.t FROM regress_p_a CASCADE;
:acls;
REVOKE INSERT ON regress_p.t FROM regress_p_a CASCADE;
REVOKE UPDATE (a) ON regress_p.t FROM regress_p_a CASCADE;
REVOKE USAGE ON FOREIGN SERVER regress_p_s FROM regress_p_a;
REVOKE USAGE ON FOREIGN SERVER regress_p_s FROM regress_p_a CASCADE;
REVOKE GRANT OPTION FOR ALL ON SCHEMA regress_p FROM regress_p_c;
:acls;
-- through a role
GRANT SELECT ON regress_p.u TO regress_p_a WITH GRANT OPTION;
GRANT regress_p_a TO regress_p_b;
SET ROLE regress_p_b;
GRANT SELECT ON regress_p.u TO regress_p_c;
RESET ROLE;
ALTER ROLE regress_p_b NOINHERIT;
SET ROLE regress_p_b;
REVOKE SELECT ON regress_p.u FROM regress_p_c;
RESET ROLE;
REVOKE regress_p_a FROM regress_p_b;
:acls;
-- the owner's own, and a new owner
REVOKE ALL ON regress_p.u FROM postgres;
GRANT ALL ON SCHEMA regress_p TO regress_p_owner;
ALTER FOREIGN TABLE regress_p.u OWNER TO regress_p_owner;
ALTER SERVER regress_p_s OWNER TO regress_p_owner;
:acls;
SET ROLE regress_p_owner;
REVOKE SELECT ON regress_p.u FROM regress_p_owner;
GRANT SELECT ON regress_p.u TO regress_p_b;
GRANT SELECT ON regress_p.t TO regress_p_b;
REVOKE ALL ON regress_p.u FROM regress_p_owner;
RESET ROLE;
GRANT SELECT ON regress_p.u TO regress_p_b;
:acls;
-- has_*_privilege
SELECT has_table_privilege('regress_p_b', 'regress_p.u', 'SELECT'), has_table_privilege('regress_p_b', 'regress_p.u', 'INSERT'), has_table_privilege('regress_p_a', 'regress_p.u', 'SELECT WITH GRANT OPTION');
SELECT has_server_privilege('regress_p_b', 'regress_p_s', 'USAGE'), has_server_privilege('regress_p_c', 'regress_p_s', 'USAGE'), has_foreign_data_wrapper_privilege('regress_p_b', 'regress_p_w', 'USAGE');
SELECT has_schema_privilege('regress_p_a', 'regress_p', 'USAGE'), has_schema_privilege('regress_p_a', 'regress_p', 'CREATE'), has_column_privilege('regress_p_b', 'regress_p.u', 'a', 'SELECT');
-- DROP OWNED takes what was granted
DROP OWNED BY regress_p_a, regress_p_b;
:acls;
-- clean up
DROP FOREIGN TABLE regress_p.t, regress_p.u;
DROP SCHEMA regress_p;
DROP SERVER regress_p_s;
DROP FOREIGN DATA WRAPPER regress_p_w;
DROP OWNED BY regress_p_c, regress_p_owner;
DROP ROLE regress_p_a, regress_p_b, regress_p_c, regress_p_owner;
SELECT datacl FROM pg_database WHERE datname = 'postgres';
-- columns' privileges of a new owner
CREATE FOREIGN DATA WRAPPER regress_co_w;
CREATE SERVER regress_co_s FOREIGN DATA WRAPPER regress_co_w;
CREATE ROLE regress_co_a;
CREATE ROLE regress_co_b;
CREATE ROLE regress_co_c;
CREATE FOREIGN TABLE regress_co_t (x int, y int) SERVER regress_co_s;
GRANT SELECT ON regress_co_t TO regress_co_a, regress_co_b;
GRANT SELECT (x), UPDATE (y) ON regress_co_t TO regress_co_a WITH GRANT OPTION;
GRANT SELECT (x) ON regress_co_t TO regress_co_b, regress_co_c, postgres;
SET ROLE regress_co_a;
GRANT SELECT (x) ON regress_co_t TO regress_co_c;
RESET ROLE;
\set named 'SELECT objsubid, refobjid::regrole::text AS role, deptype FROM pg_shdepend WHERE objid = ''regress_co_t''::regclass ORDER BY 1, 2, 3'
:named;
ALTER FOREIGN TABLE regress_co_t OWNER TO regress_co_a;
:named;
\dp regress_co_t
ALTER FOREIGN TABLE regress_co_t OWNER TO regress_co_b;
:named;
ALTER FOREIGN TABLE regress_co_t OWNER TO postgres;
:named;
DROP OWNED BY regress_co_c;
DROP OWNED BY regress_co_b;
DROP OWNED BY regress_co_a;
:named;
\dp regress_co_t
DROP ROLE regress_co_a, regress_co_b, regress_co_c;
DROP FOREIGN DATA WRAPPER regress_co_w CASCADE;
