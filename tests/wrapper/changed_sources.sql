-- Tables that change at their source while statements over them stay prepared
\set VERBOSITY verbose
\setenv PGHOST :src
\setenv PGPORT :port
\setenv PGDATABASE rem
\setenv PGOPTIONS '-c client_min_messages=warning'
\! psql -X -q -U postgres -c "DROP SCHEMA IF EXISTS changing CASCADE; CREATE SCHEMA changing; CREATE TABLE changing.t (id int, v int, t text, d date, ip inet); INSERT INTO changing.t SELECT g, g, 't' || g, '2021-01-01', '10.0.0.1/8' FROM generate_series(1, 5) g"
CREATE EXTENSION postgres_fdw;
CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host :'src', port :'port', dbname 'rem');
CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (user 'postgres');
IMPORT FOREIGN SCHEMA changing FROM SERVER s INTO public;
PREPARE rows(int) AS SELECT id, v, t, d FROM t WHERE id = $1;
PREPARE here(int) AS SELECT id, v, ip, random() < 2 FROM t WHERE id = $1;
PREPARE texts(int) AS SELECT id, t, ip, random() < 2 FROM t WHERE id = $1;
EXECUTE rows(2); EXECUTE rows(2); EXECUTE rows(2); EXECUTE here(2); EXECUTE here(2); EXECUTE texts(2);
\! psql -X -q -U postgres -c "ALTER TABLE changing.t ALTER v TYPE bigint"
EXECUTE rows(2); EXECUTE rows(3); EXECUTE here(2); EXECUTE here(3);
\! psql -X -q -U postgres -c "ALTER TABLE changing.t ALTER t TYPE varchar(9), ALTER v TYPE smallint"
BEGIN; EXECUTE here(2); EXECUTE rows(2); EXECUTE texts(2); COMMIT;
\! psql -X -q -U postgres -c "ALTER TABLE changing.t ALTER v TYPE text USING 'x' || v, ALTER t TYPE text USING 'abcd'"
EXECUTE here(2); EXECUTE rows(2); EXECUTE texts(2); EXECUTE texts(2);
\! psql -X -q -U postgres -c "ALTER TABLE changing.t ALTER v TYPE numeric USING 4, ALTER t TYPE int USING 1684234849"
EXECUTE here(2); EXECUTE rows(2); EXECUTE texts(2); EXECUTE texts(2);
\! psql -X -q -U postgres -c "ALTER TABLE changing.t DROP COLUMN d; ALTER TABLE changing.t RENAME TO other"
EXECUTE rows(2); EXECUTE here(2);
\! psql -X -q -U postgres -c "ALTER TABLE changing.other RENAME TO t; ALTER TABLE changing.t ADD COLUMN d timestamp DEFAULT '2022-02-02 12:00'"
EXECUTE rows(2);
\! psql -X -q -U postgres -c "DROP TABLE changing.t; CREATE TABLE changing.t (d date, ip text, t char(6), id bigint, v int); INSERT INTO changing.t VALUES ('2023-03-03', '10.0.0.2', 'new', 2, 7)"
EXECUTE rows(2); EXECUTE here(2); EXECUTE texts(2);
\! psql -X -q -U postgres -c "CREATE TABLE changing.w (k int, v int)"
CREATE FOREIGN TABLE w (k text, v int) SERVER s OPTIONS (schema_name 'changing');
PREPARE put(text, int) AS INSERT INTO w VALUES ($1, $2);
PREPARE move(text, text) AS UPDATE w SET k = $2 FROM (SELECT random() < 2 AS any) AS r WHERE k = $1 AND r.any;
EXECUTE put('001', 1); EXECUTE put('002', 2); EXECUTE put('003', 3); EXECUTE move('3', '004'); EXECUTE move('4', '005'); EXECUTE move('5', '006');
\! psql -X -q -U postgres -c "ALTER TABLE changing.w ALTER k TYPE text"
EXECUTE put('007', 7); EXECUTE move('6', '006'); EXECUTE put('eight', 8);
SELECT * FROM w ORDER BY v;
\! psql -X -q -U postgres -c "DROP SCHEMA changing CASCADE"
EXECUTE rows(2);
