\set VERBOSITY verbose
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE ROLE o1; CREATE ROLE o2; CREATE ROLE o3 NOINHERIT; CREATE ROLE adm CREATEROLE; CREATE ROLE lg LOGIN PASSWORD 'x' VALID UNTIL '2030-01-01' CONNECTION LIMIT 3;
GRANT o1 TO o2 WITH ADMIN OPTION; GRANT o1 TO o3; GRANT o2 TO o1; GRANT o1 TO o1; GRANT o1 TO nosuch; GRANT nosuch TO o1; GRANT PUBLIC TO o1; GRANT o1 TO PUBLIC; GRANT o1 TO o2; GRANT o1 TO o2, o3 WITH ADMIN OPTION; GRANT pg_read_all_data TO o1; GRANT o1 TO pg_read_all_data; GRANT o1 TO o2 GRANTED BY o3; GRANT o1, o2 TO adm GRANTED BY CURRENT_USER;
SET ROLE o2; GRANT o1 TO adm; GRANT o1 TO lg WITH ADMIN OPTION; REVOKE o1 FROM adm; REVOKE ADMIN OPTION FOR o1 FROM lg; GRANT o3 TO lg; REVOKE o3 FROM lg; CREATE ROLE q; ALTER ROLE o1 LOGIN; ALTER ROLE o2 PASSWORD 'x'; ALTER ROLE o2 SET work_mem = '1MB'; ALTER ROLE o1 SET work_mem = '1MB'; DROP ROLE o3; ALTER ROLE o2 RENAME TO o22; COMMENT ON ROLE o1 IS 'x'; RESET ROLE;
SET ROLE adm; CREATE ROLE su SUPERUSER; CREATE ROLE rp REPLICATION; CREATE ROLE bp BYPASSRLS; CREATE ROLE new1 LOGIN ROLE o1 ADMIN o2 IN ROLE o3; ALTER ROLE new1 SUPERUSER; ALTER ROLE postgres NOLOGIN; ALTER ROLE new1 RENAME TO new2; ALTER ROLE postgres RENAME TO x; DROP ROLE postgres; DROP ROLE new2, o3; GRANT postgres TO new2; GRANT pg_monitor TO new2; COMMENT ON ROLE new2 IS 'x'; COMMENT ON ROLE postgres IS 'x'; RESET ROLE;
\du
CREATE ROLE pg_x; CREATE ROLE "none"; CREATE ROLE "public"; CREATE ROLE current_user; CREATE ROLE o1; CREATE ROLE IF NOT EXISTS o1; CREATE ROLE z LOGIN NOLOGIN; CREATE ROLE z SUPERUSER SUPERUSER; CREATE ROLE z CONNECTION LIMIT -2; CREATE ROLE z VALID UNTIL 'x'; CREATE ROLE z SYSID 5; CREATE USER z; CREATE GROUP gz USER z; ALTER GROUP gz ADD USER o1; ALTER GROUP gz DROP USER o1, z; ALTER GROUP gz RENAME TO gy; CREATE ROLE z2 NOSUCH; ALTER ROLE z CONNECTION LIMIT 99999999999; ALTER ROLE ALL SET work_mem = 'x'; ALTER ROLE ALL SET nosuch = 'x'; ALTER ROLE z SET nosuch.x = 'y'; ALTER ROLE z IN DATABASE nosuch SET work_mem = '1MB'; ALTER ROLE z IN DATABASE postgres SET search_path = a, "B", 'c d'; ALTER ROLE z RESET ALL; ALTER ROLE z RESET nosuch; ALTER ROLE z SET role = 'o1'; ALTER ROLE nosuch SET work_mem = '1MB'; ALTER ROLE z RENAME TO pg_z; ALTER ROLE z RENAME TO o1; ALTER ROLE z RENAME TO z; ALTER ROLE PUBLIC LOGIN; ALTER ROLE pg_monitor LOGIN;
\drds
-- ownership and mappings
ALTER SERVER s OWNER TO o1; GRANT USAGE ON FOREIGN DATA WRAPPER w TO o1; ALTER SERVER s OWNER TO o1;
CREATE USER MAPPING FOR o1 SERVER s; CREATE USER MAPPING FOR z SERVER s; CREATE USER MAPPING FOR lg SERVER s;
CREATE SCHEMA AUTHORIZATION o1; CREATE SCHEMA os AUTHORIZATION o2; SET ROLE o1; CREATE FOREIGN TABLE o1.f (a int, b text) SERVER s; CREATE VIEW o1.v AS SELECT * FROM o1.f; GRANT SELECT (a), UPDATE (b), INSERT ON o1.f TO o2, PUBLIC; GRANT ALL ON SCHEMA o1 TO o3 WITH GRANT OPTION; COMMENT ON COLUMN o1.f.a IS 'x'; RESET ROLE;
ALTER FOREIGN TABLE o1.f OWNER TO z;
SET ROLE o1; ALTER FOREIGN TABLE o1.f OWNER TO o3; ALTER SERVER s OWNER TO o3; ALTER SCHEMA o1 OWNER TO o3; ALTER VIEW o1.v OWNER TO o1; RESET ROLE;
\dp o1.*
REASSIGN OWNED BY z TO o3;
\dp o1.*
\des+
\deu+
REASSIGN OWNED BY o1 TO o3; \dn+ o1
\des+
DROP ROLE o1; DROP ROLE o3; DROP ROLE z; DROP ROLE o2; DROP OWNED BY o2; DROP ROLE o2; DROP OWNED BY o3; DROP OWNED BY o3 CASCADE; DROP ROLE o3; DROP OWNED BY o1, z, lg; DROP ROLE o1, z, lg, adm, gy;
\deu
\du
-- options shown
CREATE SERVER so FOREIGN DATA WRAPPER w OPTIONS (a 'it''s', "B c" E'x\ny', d '', "e=f" 'z');
CREATE SERVER so FOREIGN DATA WRAPPER w OPTIONS (a 'it''s', "B c" E'x\ny', d '', e ',{}"\', "select" 'z', é 'ü', "1" '2');
\des+
SELECT srvoptions FROM pg_foreign_server; SELECT (pg_options_to_table(srvoptions)).* FROM pg_foreign_server; SELECT * FROM information_schema.foreign_server_options;
CREATE FOREIGN TABLE so1 (a int OPTIONS (a 'it''s', "B c" '\', "select" 'z', é 'ü')) SERVER so OPTIONS (a 'it''s', "B c" E'x\ny', d '', e ',{}"\');
\d so1
SELECT * FROM pg_options_to_table('{a=b,c=d=e,f,"g h=i j"}'); SELECT * FROM pg_options_to_table(NULL); SELECT * FROM pg_options_to_table('{{a=b}}');
SELECT * FROM information_schema.column_options; SELECT * FROM information_schema.foreign_table_options; SELECT * FROM information_schema.user_mapping_options; SELECT * FROM information_schema.foreign_tables;
CREATE DOMAIN odom AS int CHECK (value > 0); CREATE TYPE oen AS ENUM ('a'); CREATE TYPE ocm AS (x int, y text);
ALTER FOREIGN TABLE so1 ADD b odom DEFAULT 3 CHECK (b < 9), ADD c oen DEFAULT 'a', ADD d ocm DEFAULT (1, 'x'), ADD e oen[] DEFAULT '{a}', ADD f odom DEFAULT -1, ADD g odom NOT NULL;
ALTER FOREIGN TABLE so1 ADD h oen DEFAULT 'b';
\d so1
DROP TYPE oen; DROP DOMAIN odom; DROP TYPE ocm, oen; ALTER TYPE oen ADD VALUE 'b'; ALTER TYPE oen RENAME VALUE 'a' TO 'A'; ALTER DOMAIN odom ADD CHECK (value < 100); ALTER DOMAIN odom SET NOT NULL; ALTER DOMAIN odom DROP CONSTRAINT odom_check; ALTER DOMAIN odom RENAME TO od2; ALTER DOMAIN od2 VALIDATE CONSTRAINT nosuch;
\d so1
DROP DOMAIN od2 CASCADE; DROP TYPE oen CASCADE; DROP TYPE ocm CASCADE;
\d so1
create role zz; alter role zz reset nosuch; alter role zz set work_mem = '1MB'; alter role zz reset nosuch; alter role zz reset nosuch.x; alter role all reset nosuch; alter role zz in database postgres reset nosuch; create function fo(int) returns int language sql as $$select 1$$; alter function fo(int) reset nosuch; alter role zz reset work_mem; alter role zz reset nosuch; drop role zz;
