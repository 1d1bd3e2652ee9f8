-- WITH (...), SET (...) and RESET (...) of tables and views
\set VERBOSITY verbose
CREATE TABLE sp (a int, b text) WITH (fillfactor = 70, autovacuum_enabled = false, parallel_workers=3);
\d+ sp
CREATE TABLE sp2 (a int) WITH (fillfactor = 5);
CREATE TABLE sp2 (a int) WITH (nosuch = 5);
CREATE TABLE sp2 (a int) WITH (fillfactor);
CREATE TABLE sp2 (a int) WITH (fillfactor = 'x');
CREATE TABLE sp3 (a int) WITH (oids = true);
CREATE TABLE sp3 (a int) WITH (OIDS);
CREATE TABLE sp3 (a int) WITHOUT OIDS;
CREATE TABLE sp4 (a int) PARTITION BY RANGE (a) WITH (fillfactor = 70);
CREATE TABLE sp4 (a int) WITH (user_catalog_table = on, vacuum_index_cleanup = auto, log_autovacuum_min_duration = 5, toast_tuple_target = 200);
ALTER TABLE sp SET (fillfactor = 80);
ALTER TABLE sp SET (nosuch = 80);
ALTER TABLE sp RESET (fillfactor, autovacuum_enabled, nosuch);
ALTER TABLE sp SET (toast.nosuch = 80);
ALTER TABLE sp SET (foo.bar = 80);
ALTER TABLE sp SET (autovacuum_vacuum_scale_factor = 0.1, autovacuum_vacuum_threshold = 999, autovacuum_freeze_min_age=5);
ALTER TABLE sp SET (autovacuum_vacuum_scale_factor = 101);
ALTER TABLE sp RESET (fillfactor = 3);
ALTER TABLE sp4 RESET (user_catalog_table);
SELECT relname, reloptions FROM pg_class WHERE relname ~ '^sp' AND relkind = 'r' ORDER BY 1;
\d+ sp
CREATE TABLE spl (LIKE sp INCLUDING ALL);
\d+ spl
DROP TABLE sp, sp3, sp4, spl;
CREATE TABLE sp (a int) WITH (fillfactor = 70, fillfactor = 80);
CREATE TABLE sp (a int) WITH (autovacuum_enabled = maybe);
CREATE TABLE sp (a int) WITH (vacuum_index_cleanup = maybe);
CREATE TABLE sp (a int) WITH (autovacuum_vacuum_cost_delay = 'x');
CREATE TABLE sp (a int) WITH (parallel_workers = 1025);
CREATE TABLE sp (a int) WITH (log_autovacuum_min_duration = -2);
CREATE TABLE sp (a int) WITH (toast.nosuch = 1);
CREATE TABLE sp (a int) WITH (security_barrier);
CREATE FOREIGN DATA WRAPPER spw;
CREATE SERVER sps FOREIGN DATA WRAPPER spw;
CREATE FOREIGN TABLE spf (a int) SERVER sps;
ALTER FOREIGN TABLE spf SET (fillfactor = 70);
ALTER TABLE spf SET (fillfactor = 70);
ALTER TABLE spf RESET (fillfactor);
CREATE TABLE spp (a int) PARTITION BY RANGE (a);
ALTER TABLE spp SET (fillfactor = 70);
ALTER TABLE spp RESET (fillfactor);
CREATE TABLE spp1 PARTITION OF spp DEFAULT WITH (fillfactor = 90);
CREATE VIEW spv WITH (security_barrier, check_option = local) AS SELECT a FROM spp WHERE a > 0;
ALTER VIEW spv SET (fillfactor = 70);
ALTER TABLE spv SET (security_barrier = off, security_invoker);
ALTER VIEW spv RESET (check_option, fillfactor);
ALTER VIEW spv SET (check_option = none);
ALTER VIEW spv SET (foo.check_option = local);
SELECT relname, reloptions FROM pg_class WHERE relname ~ '^sp' AND relkind IN ('r', 'v', 'p', 'f') ORDER BY 1;
DROP VIEW spv;
DROP TABLE spp;
DROP FOREIGN DATA WRAPPER spw CASCADE;
