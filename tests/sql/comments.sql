-- COMMENT ON every kind of object
\pset format unaligned
\set comments 'SELECT objoid::regclass, objsubid, description FROM pg_description WHERE classoid = \'pg_class\'::regclass AND objoid IN (SELECT oid FROM pg_class WHERE relnamespace = \'regress_c\'::regnamespace) ORDER BY 1, 2'
CREATE ROLE regress_c_a;
CREATE ROLE regress_c_admin CREATEROLE;
CREATE ROLE regress_c_super SUPERUSER;
CREATE FOREIGN DATA WRAPPER regress_c_w;
CREATE SERVER regress_c_s FOREIGN DATA WRAPPER regress_c_w;
CREATE SCHEMA regress_c;
CREATE FOREIGN TABLE regress_c.t (a int CONSTRAINT positive CHECK (a > 0), b text) SERVER regress_c_s;
COMMENT ON FOREIGN TABLE regress_c.t IS 'a table';
COMMENT ON COLUMN regress_c.t.a IS 'a column';
COMMENT ON COLUMN regress_c.t.b IS 'it''s b';
COMMENT ON COLUMN regress_c.t.ctid IS 'a system column';
COMMENT ON SERVER regress_c_s IS 'a server';
COMMENT ON FOREIGN DATA WRAPPER regress_c_w IS 'a wrapper';
COMMENT ON SCHEMA regress_c IS 'a schema';
COMMENT ON ROLE regress_c_a IS 'a role';
COMMENT ON TYPE regress_c.t IS 'a row type';
COMMENT ON CONSTRAINT positive ON regress_c.t IS 'a constraint';
:comments;
\d+ regress_c.t
\det+ regress_c.*
\des+ regress_c_s
\dew+ regress_c_w
\dn+ regress_c
\du+ regress_c_a
\dT regress_c.t
SELECT obj_description('regress_c.t'::regclass, 'pg_class'), col_description('regress_c.t'::regclass, 1), col_description('regress_c.t'::regclass, 3);
SELECT shobj_description('regress_c_a'::regrole, 'pg_authid'), obj_description(oid, 'pg_constraint') FROM pg_constraint WHERE conname = 'positive';
-- another, none
COMMENT ON FOREIGN TABLE regress_c.t IS 'another';
COMMENT ON COLUMN regress_c.t.a IS NULL;
COMMENT ON COLUMN regress_c.t.b IS '';
COMMENT ON COLUMN regress_c.t.b IS NULL;
COMMENT ON SERVER regress_c_s IS NULL;
:comments;
-- errors
COMMENT ON FOREIGN TABLE nosuch IS 'x';
COMMENT ON FOREIGN TABLE nosuch.t IS 'x';
COMMENT ON FOREIGN TABLE a.b.c IS 'x';
COMMENT ON FOREIGN TABLE a.b.c.d IS 'x';
COMMENT ON FOREIGN TABLE pg_class IS 'x';
COMMENT ON TABLE regress_c.t IS 'x';
COMMENT ON VIEW regress_c.t IS 'x';
COMMENT ON MATERIALIZED VIEW regress_c.t IS 'x';
COMMENT ON INDEX regress_c.t IS 'x';
COMMENT ON SEQUENCE regress_c.t IS 'x';
COMMENT ON COLUMN nosuch.a IS 'x';
COMMENT ON COLUMN regress_c.t.nosuch IS 'x';
COMMENT ON COLUMN a IS 'x';
COMMENT ON COLUMN pg_class_oid_index.oid IS 'x';
COMMENT ON SERVER nosuch IS 'x';
COMMENT ON FOREIGN DATA WRAPPER nosuch IS 'x';
COMMENT ON SCHEMA nosuch IS 'x';
COMMENT ON ROLE nosuch IS 'x';
COMMENT ON DATABASE nosuch IS 'x';
COMMENT ON EXTENSION nosuch IS 'x';
COMMENT ON TYPE nosuch IS 'x';
COMMENT ON LANGUAGE nosuch IS 'x';
COMMENT ON TABLESPACE nosuch IS 'x';
COMMENT ON ACCESS METHOD nosuch IS 'x';
COMMENT ON FUNCTION nosuch() IS 'x';
COMMENT ON FUNCTION nosuch(int, text) IS 'x';
COMMENT ON CONSTRAINT nosuch ON regress_c.t IS 'x';
COMMENT ON CONSTRAINT nosuch ON nosuch IS 'x';
-- rights
SET ROLE regress_c_a;
COMMENT ON FOREIGN TABLE regress_c.t IS 'x';
COMMENT ON SERVER regress_c_s IS 'x';
COMMENT ON FOREIGN DATA WRAPPER regress_c_w IS 'x';
COMMENT ON SCHEMA regress_c IS 'x';
COMMENT ON ROLE regress_c_admin IS 'x';
COMMENT ON ROLE postgres IS 'x';
COMMENT ON DATABASE postgres IS 'x';
COMMENT ON LANGUAGE sql IS 'x';
COMMENT ON TYPE int4 IS 'x';
COMMENT ON TABLE pg_class IS 'x';
COMMENT ON COLUMN pg_class.relname IS 'x';
COMMENT ON FUNCTION now() IS 'x';
COMMENT ON EXTENSION plpgsql IS 'x';
SET ROLE regress_c_admin;
COMMENT ON ROLE regress_c_a IS 'by the admin';
COMMENT ON ROLE regress_c_super IS 'by the admin';
RESET ROLE;
-- comments go with their objects
SELECT count(*) FROM pg_shdescription WHERE description = 'by the admin';
DROP ROLE regress_c_a;
SELECT count(*) FROM pg_shdescription WHERE description = 'by the admin';
COMMENT ON COLUMN regress_c.t.a IS 'to be dropped';
ALTER FOREIGN TABLE regress_c.t DROP COLUMN a;
:comments;
DROP FOREIGN TABLE regress_c.t;
:comments;
DROP SERVER regress_c_s;
DROP FOREIGN DATA WRAPPER regress_c_w;
DROP SCHEMA regress_c;
SELECT description FROM pg_description WHERE description IN ('a wrapper', 'a schema', 'a server', 'a row type', 'a constraint', 'another', 'a system column');
COMMENT ON DATABASE postgres IS 'the database';
SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'postgres';
COMMENT ON DATABASE postgres IS 'default administrative connection database';
DROP ROLE regress_c_admin, regress_c_super;
