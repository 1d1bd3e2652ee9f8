-- Every option of postgres_fdw and file_fdw in every kind of object: names, values, rights.
\set VERBOSITY verbose
CREATE EXTENSION postgres_fdw;
CREATE EXTENSION file_fdw;
CREATE ROLE regress_options_user;
CREATE ROLE regress_options_reader;
CREATE ROLE regress_options_runner;
GRANT pg_read_server_files TO regress_options_reader;
GRANT pg_execute_server_program TO regress_options_runner;
GRANT CREATE ON SCHEMA public TO regress_options_user, regress_options_reader, regress_options_runner;
GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw, file_fdw TO regress_options_user, regress_options_reader, regress_options_runner;

-- names that are no option
ALTER FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'x');
ALTER FOREIGN DATA WRAPPER file_fdw OPTIONS (filename 'x');
CREATE SERVER pg FOREIGN DATA WRAPPER postgres_fdw OPTIONS (hostt 'x');
CREATE SERVER pg FOREIGN DATA WRAPPER postgres_fdw OPTIONS (user 'x');
CREATE SERVER pg FOREIGN DATA WRAPPER postgres_fdw OPTIONS (password 'x');
CREATE SERVER pg FOREIGN DATA WRAPPER postgres_fdw OPTIONS (sslpassword 'x');
CREATE SERVER pg FOREIGN DATA WRAPPER postgres_fdw OPTIONS (client_encoding 'UTF8');
CREATE SERVER pg FOREIGN DATA WRAPPER postgres_fdw OPTIONS (fallback_application_name 'x');
CREATE SERVER pg FOREIGN DATA WRAPPER postgres_fdw OPTIONS (replication 'x');
CREATE SERVER pg FOREIGN DATA WRAPPER postgres_fdw OPTIONS (HOST 'x', "Host" 'y');
CREATE SERVER pg FOREIGN DATA WRAPPER postgres_fdw OPTIONS (schema_name 'x');
CREATE SERVER pg FOREIGN DATA WRAPPER postgres_fdw OPTIONS (password_required 'true');
CREATE SERVER pg FOREIGN DATA WRAPPER postgres_fdw OPTIONS (import_default 'true');
CREATE SERVER pg FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'x', host 'y');
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw OPTIONS (filename 'x');
CREATE SERVER pg FOREIGN DATA WRAPPER postgres_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE USER MAPPING FOR PUBLIC SERVER pg OPTIONS (host 'x');
CREATE USER MAPPING FOR PUBLIC SERVER pg OPTIONS (username 'x');
CREATE USER MAPPING FOR PUBLIC SERVER pg OPTIONS (user 'x', user 'y');
CREATE USER MAPPING FOR PUBLIC SERVER files OPTIONS (user 'x');
CREATE FOREIGN TABLE t (a int) SERVER pg OPTIONS (tablename 'x');
CREATE FOREIGN TABLE t (a int) SERVER pg OPTIONS (host 'x');
CREATE FOREIGN TABLE t (a int) SERVER pg OPTIONS (column_name 'x');
CREATE FOREIGN TABLE t (a int) SERVER pg OPTIONS (fdw_startup_cost '1');
CREATE FOREIGN TABLE t (a int OPTIONS (colum_name 'x')) SERVER pg;
CREATE FOREIGN TABLE t (a int OPTIONS (table_name 'x')) SERVER pg;
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (file 'x');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', force_quote 'true');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', force_null 'true');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', freeze 'true');
CREATE FOREIGN TABLE t (a int OPTIONS (filename 'x')) SERVER files OPTIONS (filename 'x');
IMPORT FOREIGN SCHEMA public FROM SERVER files INTO public;

-- numbers and Booleans
ALTER SERVER pg OPTIONS (fetch_size 'x');
ALTER SERVER pg OPTIONS (fetch_size '');
ALTER SERVER pg OPTIONS (fetch_size '0');
ALTER SERVER pg OPTIONS (fetch_size '-1');
ALTER SERVER pg OPTIONS (fetch_size '99999999999');
ALTER SERVER pg OPTIONS (fetch_size '2147483647.6');
ALTER SERVER pg OPTIONS (fetch_size '1_0');
ALTER SERVER pg OPTIONS (fetch_size '12kB');
ALTER SERVER pg OPTIONS (fetch_size '12 x');
ALTER SERVER pg OPTIONS (fetch_size 'nan');
ALTER SERVER pg OPTIONS (fetch_size '0.4');
ALTER SERVER pg OPTIONS (fetch_size ' 12 ');
ALTER SERVER pg OPTIONS (SET fetch_size '0x10');
ALTER SERVER pg OPTIONS (SET fetch_size '010');
ALTER SERVER pg OPTIONS (SET fetch_size '08');
ALTER SERVER pg OPTIONS (SET fetch_size '1.6');
ALTER SERVER pg OPTIONS (SET fetch_size '1e2');
ALTER SERVER pg OPTIONS (SET fetch_size '.5e1');
ALTER SERVER pg OPTIONS (SET fetch_size '+7');
ALTER SERVER pg OPTIONS (batch_size '0');
ALTER SERVER pg OPTIONS (batch_size 'many');
ALTER SERVER pg OPTIONS (batch_size '100');
ALTER SERVER pg OPTIONS (fdw_startup_cost 'x');
ALTER SERVER pg OPTIONS (fdw_startup_cost '');
ALTER SERVER pg OPTIONS (fdw_startup_cost '-1');
ALTER SERVER pg OPTIONS (fdw_startup_cost '-0.001');
ALTER SERVER pg OPTIONS (fdw_startup_cost '1.5s');
ALTER SERVER pg OPTIONS (fdw_startup_cost ' 1.5 ');
ALTER SERVER pg OPTIONS (SET fdw_startup_cost 'nan');
ALTER SERVER pg OPTIONS (SET fdw_startup_cost '1e999');
ALTER SERVER pg OPTIONS (SET fdw_startup_cost '0');
ALTER SERVER pg OPTIONS (SET fdw_startup_cost '-0');
ALTER SERVER pg OPTIONS (SET fdw_startup_cost 'inf');
ALTER SERVER pg OPTIONS (fdw_tuple_cost 'x');
ALTER SERVER pg OPTIONS (fdw_tuple_cost '-2');
ALTER SERVER pg OPTIONS (fdw_tuple_cost '0.01');
ALTER SERVER pg OPTIONS (use_remote_estimate 'x');
ALTER SERVER pg OPTIONS (use_remote_estimate '1');
ALTER SERVER pg OPTIONS (use_remote_estimate 't');
ALTER SERVER pg OPTIONS (use_remote_estimate 'yes');
ALTER SERVER pg OPTIONS (use_remote_estimate '');
ALTER SERVER pg OPTIONS (use_remote_estimate ' on');
ALTER SERVER pg OPTIONS (use_remote_estimate 'ON');
ALTER SERVER pg OPTIONS (SET use_remote_estimate 'False');
ALTER SERVER pg OPTIONS (updatable 'maybe');
ALTER SERVER pg OPTIONS (truncatable 'maybe');
ALTER SERVER pg OPTIONS (async_capable 'maybe');
ALTER SERVER pg OPTIONS (parallel_commit 'maybe');
ALTER SERVER pg OPTIONS (keep_connections 'maybe');
ALTER SERVER pg OPTIONS (updatable 'true', truncatable 'off', async_capable 'on', parallel_commit 'false', keep_connections 'TRUE');
ALTER SERVER pg OPTIONS (extensions 'a b');
ALTER SERVER pg OPTIONS (extensions 'a,,b');
ALTER SERVER pg OPTIONS (extensions '"a');
ALTER SERVER pg OPTIONS (extensions ',');
ALTER SERVER pg OPTIONS (extensions 'file_fdw, nonesuch , "No Such"');
ALTER SERVER pg OPTIONS (SET extensions 'FILE_FDW');
ALTER SERVER pg OPTIONS (SET extensions '');

-- the first wrong one is reported
ALTER SERVER pg OPTIONS (SET fetch_size 'x', nonesuch 'y');
ALTER SERVER pg OPTIONS (ADD nonesuch 'y', SET fetch_size 'x');
ALTER SERVER pg OPTIONS (ADD port 'abc', ADD sslmode 'nonesense', ADD connect_timeout 'soon');
ALTER SERVER pg OPTIONS (DROP nonesuch);
ALTER SERVER pg OPTIONS (SET nonesuch 'x');
ALTER SERVER pg OPTIONS (ADD port '1');
ALTER SERVER pg OPTIONS (DROP port, ADD port '2');
ALTER SERVER pg OPTIONS (ADD a '1', DROP a);
SELECT srvoptions FROM pg_foreign_server WHERE srvname = 'pg';

-- all options of libpq
ALTER SERVER pg OPTIONS (service 's', passfile 'f', channel_binding 'c', dbname 'd', host 'h', hostaddr '127.0.0.1', options '-c x=y', application_name 'a',
    keepalives '1', keepalives_idle '1', keepalives_interval '1', keepalives_count '1', tcp_user_timeout '1', sslcompression '1', sslcert 'c', sslkey 'k',
    sslrootcert 'r', sslcrl 'c', sslcrldir 'd', sslsni '1', requirepeer 'p', ssl_min_protocol_version 'v', ssl_max_protocol_version 'v', gssencmode 'g',
    krbsrvname 'k', gsslib 'g', target_session_attrs 't');
SELECT srvoptions FROM pg_foreign_server WHERE srvname = 'pg';

-- user mappings
CREATE USER MAPPING FOR CURRENT_USER SERVER pg OPTIONS (password_required 'x');
CREATE USER MAPPING FOR CURRENT_USER SERVER pg OPTIONS (password_required 'false', sslcert 'c', sslkey 'k', user 'u', password 'p', sslpassword 's');
ALTER USER MAPPING FOR CURRENT_USER SERVER pg OPTIONS (SET password_required '0');
ALTER USER MAPPING FOR CURRENT_USER SERVER pg OPTIONS (DROP password_required, SET user '');
GRANT USAGE ON FOREIGN SERVER pg, files TO regress_options_user, regress_options_reader, regress_options_runner;
SET ROLE regress_options_user;
CREATE USER MAPPING FOR CURRENT_USER SERVER pg OPTIONS (password_required 'false');
CREATE USER MAPPING FOR CURRENT_USER SERVER pg OPTIONS (password_required 'no');
CREATE USER MAPPING FOR CURRENT_USER SERVER pg OPTIONS (sslcert 'c');
CREATE USER MAPPING FOR CURRENT_USER SERVER pg OPTIONS (sslkey 'k');
CREATE USER MAPPING FOR CURRENT_USER SERVER pg OPTIONS (sslkey 'k', nonesuch 'x');
CREATE USER MAPPING FOR CURRENT_USER SERVER pg OPTIONS (nonesuch 'x', sslkey 'k');
CREATE USER MAPPING FOR CURRENT_USER SERVER pg OPTIONS (user 'u', password 'p', password_required 'true', sslpassword 's');
ALTER USER MAPPING FOR CURRENT_USER SERVER pg OPTIONS (SET password_required 'off');
ALTER USER MAPPING FOR CURRENT_USER SERVER pg OPTIONS (ADD sslcert 'c');
RESET ROLE;
ALTER USER MAPPING FOR regress_options_user SERVER pg OPTIONS (SET password_required 'off');
SET ROLE regress_options_user;
ALTER USER MAPPING FOR CURRENT_USER SERVER pg OPTIONS (SET user 'v');
ALTER USER MAPPING FOR CURRENT_USER SERVER pg OPTIONS (SET password_required 'on');
SELECT umoptions FROM pg_user_mappings WHERE srvname = 'pg' AND usename = CURRENT_USER;
RESET ROLE;

-- tables and columns of postgres_fdw
CREATE FOREIGN TABLE t (a int OPTIONS (column_name 'A')) SERVER pg OPTIONS (schema_name 's', table_name 't', use_remote_estimate 'on', updatable 'off',
    truncatable 'on', fetch_size '5', batch_size '6', async_capable 'false');
ALTER FOREIGN TABLE t OPTIONS (SET use_remote_estimate 'x');
ALTER FOREIGN TABLE t OPTIONS (SET fetch_size '0');
ALTER FOREIGN TABLE t OPTIONS (SET batch_size 'x');
ALTER FOREIGN TABLE t OPTIONS (ADD keep_connections 'on');
ALTER FOREIGN TABLE t OPTIONS (DROP schema_name, SET table_name '');
ALTER FOREIGN TABLE t ALTER COLUMN a OPTIONS (SET column_name 'b', ADD x 'y');
ALTER FOREIGN TABLE t ALTER COLUMN a OPTIONS (DROP column_name);
SELECT ftoptions FROM pg_foreign_table WHERE ftrelid = 't'::regclass;
DROP FOREIGN TABLE t;

-- tables of file_fdw: who may name what
CREATE FOREIGN TABLE t (a int) SERVER files;
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (format 'csv');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', program 'y');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (program 'y', filename 'x', nonesuch 'z');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', nonesuch 'z', program 'y');
SET ROLE regress_options_user;
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (program 'x');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', nonesuch 'y');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (nonesuch 'y', filename 'x');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (format 'y');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (format 'y', filename 'x');
SET ROLE regress_options_reader;
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (program 'x');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x');
ALTER FOREIGN TABLE t OPTIONS (DROP filename, ADD program 'x');
ALTER FOREIGN TABLE t OPTIONS (SET filename 'y');
DROP FOREIGN TABLE t;
SET ROLE regress_options_runner;
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (program 'x');
ALTER FOREIGN TABLE t OWNER TO regress_options_user;
RESET ROLE;
ALTER FOREIGN TABLE t OWNER TO regress_options_user;
SET ROLE regress_options_user;
ALTER FOREIGN TABLE t OPTIONS (ADD format 'csv');
ALTER FOREIGN TABLE t OPTIONS (SET program 'y');
DROP FOREIGN TABLE t;
RESET ROLE;

-- COPY's options
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'xml');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'CSV');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', header 'x');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', header '1');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', encoding 'x');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', encoding '');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', encoding 'x', format 'y');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'y', encoding 'x');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'y', header 'x');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'binary', delimiter ',');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'binary', null 'x');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'binary', header 'on');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'binary', quote '"');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'binary', escape '"');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', delimiter ',,');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', delimiter '');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', delimiter 'é');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', delimiter E'\n');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', delimiter E'\r');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', delimiter 'a');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', delimiter '.');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', delimiter '7');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', delimiter '\');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', null E'a\nb');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', null E'a\rb', delimiter ',,');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', quote '"');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', escape '"');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'csv', quote '""');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'csv', quote '');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'csv', escape 'xx');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'csv', escape '');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'csv', quote ',');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'csv', delimiter '"');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'csv', null 'a,b');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', delimiter '|', null 'a|b');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'csv', null 'a"b');
CREATE FOREIGN TABLE t (a int) SERVER files OPTIONS (filename 'x', format 'csv', quote '''', null 'a''b');
CREATE FOREIGN TABLE t (a int OPTIONS (force_not_null 'x')) SERVER files OPTIONS (filename 'x', format 'csv');
CREATE FOREIGN TABLE t (a int OPTIONS (force_null '1')) SERVER files OPTIONS (filename 'x', format 'csv');
CREATE FOREIGN TABLE t (a int OPTIONS (force_null 'on', force_not_null 'TRUE')) SERVER files OPTIONS (filename 'x', format 'csv', header 'MATCH',
    delimiter 'a', quote E'\n', escape 'n', null 'NULL', encoding 'Latin-1');
ALTER FOREIGN TABLE t OPTIONS (SET format 'text');
ALTER FOREIGN TABLE t OPTIONS (DROP filename);
ALTER FOREIGN TABLE t OPTIONS (DROP filename, ADD program 'p');
ALTER FOREIGN TABLE t OPTIONS (ADD filename 'f');
ALTER FOREIGN TABLE t ALTER COLUMN a OPTIONS (SET force_null 'x');
ALTER FOREIGN TABLE t ALTER COLUMN a OPTIONS (DROP force_null, DROP force_not_null);
SELECT ftoptions FROM pg_foreign_table WHERE ftrelid = 't'::regclass;

DROP SERVER files CASCADE;
DROP SERVER pg CASCADE;
REVOKE ALL ON SCHEMA public FROM regress_options_user, regress_options_reader, regress_options_runner;
REVOKE ALL ON FOREIGN DATA WRAPPER postgres_fdw, file_fdw FROM regress_options_user, regress_options_reader, regress_options_runner;
DROP ROLE regress_options_user, regress_options_reader, regress_options_runner;
