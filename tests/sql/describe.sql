-- What psql's backslash commands show of the objects of a federation.
CREATE EXTENSION postgres_fdw;
CREATE EXTENSION file_fdw;
CREATE ROLE regress_describe_owner;
CREATE ROLE regress_describe_user LOGIN CONNECTION LIMIT 5 VALID UNTIL '2030-01-01';
CREATE ROLE regress_describe_group NOLOGIN CREATEDB CREATEROLE;
GRANT regress_describe_group TO regress_describe_user;
CREATE SCHEMA regress_describe AUTHORIZATION regress_describe_owner;
CREATE FOREIGN DATA WRAPPER regress_describe_w OPTIONS (a '1', b 'two words');
CREATE SERVER regress_src TYPE 'postgres' VERSION '15' FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'localhost', port '5432', dbname 'x');
CREATE SERVER regress_files FOREIGN DATA WRAPPER file_fdw;
COMMENT ON SERVER regress_src IS 'the source';
COMMENT ON FOREIGN DATA WRAPPER regress_describe_w IS 'no handler';
GRANT USAGE ON FOREIGN SERVER regress_src TO regress_describe_user WITH GRANT OPTION;
GRANT USAGE ON FOREIGN DATA WRAPPER regress_describe_w TO PUBLIC;
CREATE USER MAPPING FOR regress_describe_user SERVER regress_src OPTIONS (user 'u', password 'p');
CREATE USER MAPPING FOR PUBLIC SERVER regress_src;
CREATE FOREIGN TABLE regress_describe.t (
    id int OPTIONS (column_name 'ID') NOT NULL,
    name varchar(20) COLLATE "C",
    price numeric(10,2) DEFAULT 1.5,
    at timestamp(3) with time zone,
    tags text[],
    payload jsonb
) SERVER regress_src OPTIONS (schema_name 'public', table_name 'T');
COMMENT ON FOREIGN TABLE regress_describe.t IS 'a table';
COMMENT ON COLUMN regress_describe.t.name IS 'a name';
GRANT SELECT, INSERT ON regress_describe.t TO regress_describe_user;
GRANT SELECT (id, name) ON regress_describe.t TO regress_describe_group;
CREATE FOREIGN TABLE plain (a int, b text) SERVER regress_files OPTIONS (filename '/nowhere', format 'csv');

\dew
\dew+
\dew+ regress*
\des
\des+
\des+ *src
\deu
\deu+
\det
\det+
\det+ regress_describe.*
\d
\d+
\d plain
\d+ plain
\d regress_describe.t
\d+ regress_describe.t
\dE
\dE+
\dt
\dv
\di
\ds
\dm
\du
\du+
\du regress_describe_*
\dg
\dn
\dn+
\dx
\dx+ file_fdw
\dp
\dp regress_describe.*
\z plain
\drds
\db
\dL
\dD
\dC nothing
\l
\df regress*
\dT regress*
\do regress*
\ddp
\d nothing_of_this_name
SET search_path = regress_describe, public;
\d t
\dE
RESET search_path;

DROP EXTENSION postgres_fdw CASCADE;
DROP EXTENSION file_fdw CASCADE;
DROP FOREIGN DATA WRAPPER regress_describe_w CASCADE;
DROP SCHEMA regress_describe CASCADE;
DROP ROLE regress_describe_owner, regress_describe_user, regress_describe_group;
