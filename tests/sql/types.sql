-- CREATE TYPE AS ENUM and AS (...), CREATE DOMAIN; DROP, RENAME, OWNER TO, SET SCHEMA of types; ALTER TYPE of enums
\pset format unaligned
\set types 'SELECT typname, typtype, typcategory, typlen, typbyval, typalign, typstorage, typinput, typoutput, typnotnull, typbasetype::regtype, typtypmod, typdefault, typcollation::regcollation FROM pg_type WHERE typname ~ \'regress_ty\' ORDER BY 1'
CREATE ROLE regress_ty_a;
CREATE SCHEMA regress_tys;
CREATE FOREIGN DATA WRAPPER regress_ty_w;
CREATE SERVER regress_ty_s FOREIGN DATA WRAPPER regress_ty_w;
-- enums
CREATE TYPE regress_ty_mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE regress_ty_empty AS ENUM ();
CREATE TYPE regress_ty_mood AS ENUM ('a');
CREATE TYPE regress_tys.regress_ty_mood AS ENUM ('a');
CREATE TYPE nowhere.regress_ty_x AS ENUM ('a');
CREATE TYPE regress_ty_x AS ENUM ('0123456789012345678901234567890123456789012345678901234567890123456789');
:types;
SELECT enumsortorder, enumlabel FROM pg_enum WHERE enumtypid = 'regress_ty_mood'::regtype ORDER BY 1;
SELECT 'regress_ty_mood'::regtype, 'regress_ty_mood[]'::regtype, format_type('regress_ty_mood'::regtype, -1);
\dT
\dT+ regress_ty_mood
SELECT 'sad'::regress_ty_mood;
SELECT 'cross'::regress_ty_mood;
SELECT 'ok'::regress_ty_mood::text;
ALTER TYPE regress_ty_mood ADD VALUE 'great';
ALTER TYPE regress_ty_mood ADD VALUE 'awful' BEFORE 'sad';
ALTER TYPE regress_ty_mood ADD VALUE 'fine' AFTER 'ok';
ALTER TYPE regress_ty_mood ADD VALUE 'fine';
ALTER TYPE regress_ty_mood ADD VALUE IF NOT EXISTS 'fine';
ALTER TYPE regress_ty_mood ADD VALUE 'x' AFTER 'nothing';
ALTER TYPE regress_ty_mood ADD VALUE 'meh' BEFORE 'fine';
ALTER TYPE regress_ty_mood RENAME VALUE 'meh' TO 'so so';
ALTER TYPE regress_ty_mood RENAME VALUE 'meh' TO 'x';
ALTER TYPE regress_ty_mood RENAME VALUE 'fine' TO 'ok';
ALTER TYPE regress_ty_nothing ADD VALUE 'x';
ALTER TYPE int4 ADD VALUE 'x';
SELECT enumsortorder, enumlabel FROM pg_enum WHERE enumtypid = 'regress_ty_mood'::regtype ORDER BY 1;
\dT+ regress_ty_mood
-- composite types
CREATE TYPE regress_ty_pair AS (a int, b text COLLATE "C");
CREATE TYPE regress_ty_pair AS (a int);
CREATE TYPE regress_ty_none AS ();
CREATE TYPE regress_ty_x AS (a int, a int);
CREATE TYPE regress_ty_x AS (a nothing);
CREATE TYPE regress_ty_x AS (a record);
\d regress_ty_pair
\dT+ regress_ty_pair
SELECT relname, relkind, relnatts, relhasrules FROM pg_class WHERE relname ~ 'regress_ty_p';
SELECT attname, attnum, atttypid::regtype FROM pg_attribute WHERE attrelid = 'regress_ty_pair'::regclass ORDER BY attnum;
SELECT pg_describe_object(classid, objid, objsubid), pg_describe_object(refclassid, refobjid, refobjsubid), deptype FROM pg_depend WHERE objid IN ('regress_ty_pair'::regclass, 'regress_ty_pair'::regtype, 'regress_ty_pair[]'::regtype, 'regress_ty_mood'::regtype, 'regress_ty_mood[]'::regtype) ORDER BY 1, 2;
-- domains
CREATE DOMAIN regress_ty_dom AS int;
CREATE DOMAIN regress_ty_dom2 AS varchar(5) COLLATE "C" DEFAULT 'x' NOT NULL;
CREATE DOMAIN regress_ty_dom3 AS int CHECK (VALUE > 0);
CREATE DOMAIN regress_ty_dom4 AS numeric(10,2) CONSTRAINT positive CHECK (VALUE > 0) CHECK (VALUE < 100 AND VALUE <> 5) DEFAULT 1 + 1;
CREATE DOMAIN regress_ty_dom AS text;
CREATE DOMAIN regress_ty_dom5 AS regress_ty_dom;
CREATE DOMAIN regress_ty_x AS nothing;
CREATE DOMAIN regress_ty_x AS int UNIQUE;
CREATE DOMAIN regress_ty_x AS int PRIMARY KEY;
CREATE DOMAIN regress_ty_x AS int REFERENCES pg_class;
CREATE DOMAIN regress_ty_x AS int NULL NOT NULL;
CREATE DOMAIN regress_ty_x AS int NOT NULL NULL;
CREATE DOMAIN regress_ty_x AS int DEFAULT 1 DEFAULT 2;
CREATE DOMAIN regress_ty_x AS int DEFAULT 'x';
CREATE DOMAIN regress_ty_x AS int COLLATE "C";
CREATE DOMAIN regress_ty_x AS anyelement;
CREATE DOMAIN regress_ty_x AS int CHECK (nothing > 1);
CREATE DOMAIN regress_ty_x AS int CHECK (VALUE > 0) NO INHERIT;
CREATE DOMAIN regress_ty_x AS int CONSTRAINT c CHECK (VALUE > 0) CONSTRAINT c CHECK (VALUE > 0);
\dD
\dD+ regress_ty_dom2
:types;
SELECT conname, contype, convalidated, contypid::regtype, pg_get_constraintdef(oid) FROM pg_constraint WHERE contypid <> 0 AND conname ~ 'regress|positive' ORDER BY 1;
SELECT 5::regress_ty_dom, '6'::regress_ty_dom5;
SELECT 'x'::regress_ty_dom;
ALTER DOMAIN regress_ty_dom5 SET DEFAULT 7;
ALTER DOMAIN regress_ty_dom5 SET NOT NULL;
ALTER DOMAIN regress_ty_dom5 ADD CONSTRAINT five CHECK (VALUE <> 5);
ALTER DOMAIN regress_ty_dom5 ADD CONSTRAINT five CHECK (VALUE <> 5);
ALTER DOMAIN regress_ty_dom5 ADD CHECK (VALUE <> 6) NOT VALID;
ALTER DOMAIN regress_ty_dom5 ADD UNIQUE;
\dD regress_ty_dom5
ALTER DOMAIN regress_ty_dom5 VALIDATE CONSTRAINT regress_ty_dom5_check;
ALTER DOMAIN regress_ty_dom5 VALIDATE CONSTRAINT nothing;
ALTER DOMAIN regress_ty_dom5 DROP CONSTRAINT five;
ALTER DOMAIN regress_ty_dom5 DROP CONSTRAINT five;
ALTER DOMAIN regress_ty_dom5 DROP CONSTRAINT IF EXISTS five;
ALTER DOMAIN regress_ty_dom5 SET DEFAULT 'x';
\dD regress_ty_dom5
ALTER DOMAIN regress_ty_dom5 DROP CONSTRAINT regress_ty_dom5_check;
ALTER DOMAIN regress_ty_dom5 DROP NOT NULL;
ALTER DOMAIN regress_ty_dom5 DROP DEFAULT;
ALTER DOMAIN regress_ty_mood SET NOT NULL;
ALTER DOMAIN regress_ty_nothing SET NOT NULL;
\dD regress_ty_dom5
-- as columns of foreign tables
CREATE FOREIGN TABLE regress_ty_t (m regress_ty_mood, d regress_ty_dom, p regress_ty_pair, ms regress_ty_mood[], c regress_ty_dom3) SERVER regress_ty_s;
\d regress_ty_t
DROP TYPE regress_ty_mood;
DROP TYPE regress_ty_pair;
DROP DOMAIN regress_ty_dom;
-- privileges
GRANT USAGE ON TYPE regress_ty_mood TO regress_ty_a;
REVOKE USAGE ON TYPE regress_ty_mood FROM PUBLIC;
GRANT ALL ON DOMAIN regress_ty_dom TO regress_ty_a WITH GRANT OPTION;
GRANT SELECT ON TYPE regress_ty_mood TO regress_ty_a;
GRANT USAGE ON DOMAIN regress_ty_mood TO regress_ty_a;
GRANT USAGE ON TYPE regress_ty_mood[] TO regress_ty_a;
GRANT USAGE ON TYPE _regress_ty_mood TO regress_ty_a;
GRANT USAGE ON TYPE regress_ty_nothing TO regress_ty_a;
SELECT typname, typacl FROM pg_type WHERE typname ~ '^regress_ty_(mood|dom)$' ORDER BY 1;
SELECT has_type_privilege('regress_ty_a', 'regress_ty_mood', 'USAGE'), has_type_privilege('regress_ty_a', 'regress_ty_dom', 'USAGE WITH GRANT OPTION');
REVOKE ALL ON TYPE regress_ty_mood FROM regress_ty_a;
REVOKE ALL ON DOMAIN regress_ty_dom FROM regress_ty_a CASCADE;
SELECT typname, typacl FROM pg_type WHERE typname ~ '^regress_ty_(mood|dom)$' ORDER BY 1;
SECURITY LABEL ON TYPE regress_ty_mood IS 'x';
SECURITY LABEL FOR nobody ON TYPE regress_ty_mood IS 'x';
-- renaming and the rest
ALTER TYPE regress_ty_mood RENAME TO regress_ty_m;
ALTER TYPE regress_ty_m RENAME TO regress_ty_pair;
ALTER TYPE regress_ty_pair RENAME TO regress_ty_p;
ALTER DOMAIN regress_ty_dom RENAME TO regress_ty_d;
ALTER DOMAIN regress_ty_m RENAME TO regress_ty_d;
ALTER TYPE regress_ty_t RENAME TO regress_ty_u;
ALTER TYPE _regress_ty_m RENAME TO regress_ty_u;
ALTER TYPE regress_ty_m OWNER TO regress_ty_a;
ALTER DOMAIN regress_ty_d OWNER TO regress_ty_a;
ALTER TYPE regress_ty_m OWNER TO nobody;
SELECT typname, pg_get_userbyid(typowner) FROM pg_type WHERE typname IN ('regress_ty_m', '_regress_ty_m', 'regress_ty_d') ORDER BY 1;
ALTER TYPE regress_ty_m SET SCHEMA regress_tys;
ALTER DOMAIN regress_ty_d SET SCHEMA nowhere;
ALTER DOMAIN regress_ty_d SET SCHEMA regress_tys;
ALTER TYPE regress_ty_p SET SCHEMA regress_tys;
\d regress_ty_t
DROP ROLE regress_ty_a;
SET ROLE regress_ty_a;
CREATE TYPE regress_tys.x AS ENUM ('a');
DROP TYPE regress_ty_empty;
ALTER TYPE regress_ty_empty RENAME TO x;
RESET ROLE;
COMMENT ON TYPE regress_ty_empty IS 'nothing';
DROP TYPE IF EXISTS regress_ty_nothing, nowhere.x;
DROP TYPE regress_ty_nothing;
DROP DOMAIN regress_ty_nothing;
DROP DOMAIN regress_ty_empty;
DROP TYPE int4;
DROP TYPE regress_ty_empty, regress_ty_none;
DROP DOMAIN regress_tys.regress_ty_d;
DROP DOMAIN regress_tys.regress_ty_d CASCADE;
\d regress_ty_t
DROP TYPE regress_tys.regress_ty_m CASCADE;
DROP SCHEMA regress_tys CASCADE;
DROP FOREIGN TABLE regress_ty_t;
DROP DOMAIN regress_ty_dom2, regress_ty_dom3, regress_ty_dom4;
SELECT count(*) FROM pg_type WHERE typname ~ 'regress_ty';
DROP SERVER regress_ty_s;
DROP FOREIGN DATA WRAPPER regress_ty_w;
DROP ROLE regress_ty_a;
