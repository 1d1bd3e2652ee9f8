-- A source that ends a connection in a transaction: a lost connection, not the end of the client's own
\set VERBOSITY terse
\setenv PGHOST :src
\setenv PGPORT :port
\setenv PGDATABASE rem
\set end_it '\\! psql -X -At -U postgres -c "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE application_name = ''ended_source''"'
SET client_min_messages = error;
CREATE EXTENSION postgres_fdw;
CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host :'src', port :'port', dbname 'rem', application_name 'ended_source');
CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (user 'postgres');
CREATE FOREIGN TABLE names (typname text) SERVER s OPTIONS (schema_name 'pg_catalog', table_name 'pg_type');
BEGIN;
SELECT count(*) > 100 FROM names;
:end_it
SELECT count(*) FROM names;
\echo :LAST_ERROR_SQLSTATE
SELECT 1;
ROLLBACK;
SELECT count(*) > 100 FROM names;
BEGIN;
SELECT count(*) > 100 FROM names;
:end_it
COMMIT;
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) > 100 FROM names;
-- outside a transaction a read begins again
:end_it
SELECT count(*) > 100 FROM names;
