-- triggers on foreign tables: CREATE, ALTER, DROP, ENABLE and DISABLE, their listings and dependencies
\set VERBOSITY verbose
\pset format unaligned
\set show 'SELECT t.tgname, t.tgfoid::regproc, t.tgtype, t.tgenabled, t.tgisinternal, t.tgnargs, t.tgattr, t.tgargs, t.tgdeferrable, t.tgoldtable, t.tgnewtable FROM pg_trigger t WHERE t.tgrelid = \'regress_tg.t\'::regclass ORDER BY t.tgname'
\set defs 'SELECT pg_get_triggerdef(oid) AS def, pg_get_triggerdef(oid, true) AS pretty FROM pg_trigger WHERE tgrelid = \'regress_tg.t\'::regclass ORDER BY tgname'
\set deps 'SELECT pg_describe_object(classid, objid, objsubid) AS obj, pg_describe_object(refclassid, refobjid, refobjsubid) AS ref, deptype FROM pg_depend WHERE classid = \'pg_trigger\'::regclass AND objid IN (SELECT oid FROM pg_trigger WHERE tgrelid = \'regress_tg.t\'::regclass) ORDER BY 1, 2, 3'
CREATE ROLE regress_tg_other;
CREATE SCHEMA regress_tg;
GRANT USAGE ON SCHEMA regress_tg TO regress_tg_other;
SET search_path = regress_tg;
CREATE FOREIGN DATA WRAPPER regress_tg_w;
CREATE SERVER regress_tg_s FOREIGN DATA WRAPPER regress_tg_w;
CREATE FOREIGN TABLE t (a int, b text, c numeric(10,2), "D d" date, g int GENERATED ALWAYS AS (a * 2) STORED) SERVER regress_tg_s;
CREATE FOREIGN TABLE u (a int) SERVER regress_tg_s;
CREATE SEQUENCE s;
-- forms
CREATE TRIGGER t1 BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER t2 AFTER INSERT OR UPDATE OR DELETE ON t FOR EACH ROW EXECUTE PROCEDURE suppress_redundant_updates_trigger();
CREATE TRIGGER t3 BEFORE DELETE ON t EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER t4 AFTER UPDATE OF a, "D d" ON t FOR EACH STATEMENT EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER t5 AFTER UPDATE OF c OR INSERT ON t FOR ROW EXECUTE FUNCTION suppress_redundant_updates_trigger('one', 2, 3.5, four, 'it''s', E'back\\slash', '');
CREATE TRIGGER t6 BEFORE UPDATE ON t FOR EACH ROW WHEN (OLD.a IS DISTINCT FROM NEW.a) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER t7 AFTER UPDATE ON t FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER t8 AFTER INSERT ON t FOR EACH ROW WHEN (NEW.a > 5 AND NEW.b LIKE 'x%' OR NEW."D d" IS NULL) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER t9 BEFORE INSERT ON t FOR EACH STATEMENT WHEN (true) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER "T 10" BEFORE DELETE OR UPDATE ON regress_tg.t FOR EACH ROW WHEN (upper(OLD.b) = 'X') EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger();
CREATE TRIGGER t11 AFTER INSERT ON t FOR EACH ROW WHEN (NEW.g > 5) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER t12 AFTER UPDATE ON t FOR EACH ROW WHEN (NEW.tableoid = OLD.tableoid) EXECUTE FUNCTION suppress_redundant_updates_trigger();
:show;
:defs;
:deps;
\d t
\d+ t
SET search_path = '';
:defs;
\d regress_tg.t
SET search_path = regress_tg;
SELECT relhastriggers FROM pg_class WHERE oid = 't'::regclass;
SELECT trigger_schema, trigger_name, event_manipulation, event_object_table, action_order, action_condition, action_statement, action_orientation, action_timing FROM information_schema.triggers WHERE trigger_schema = 'regress_tg' ORDER BY trigger_name, event_manipulation;
SELECT trigger_name, event_object_column FROM information_schema.triggered_update_columns WHERE trigger_schema = 'regress_tg' ORDER BY 1, 2;
SELECT pg_get_triggerdef(0);
-- refused
CREATE TRIGGER t1 BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e INSTEAD OF INSERT ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE TRUNCATE ON t EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e AFTER TRUNCATE ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e AFTER INSERT OR TRUNCATE ON t EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE CONSTRAINT TRIGGER e AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE CONSTRAINT TRIGGER e AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE OR REPLACE CONSTRAINT TRIGGER e AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e AFTER INSERT ON t REFERENCING NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e AFTER UPDATE ON t REFERENCING NEW TABLE AS n OLD TABLE AS o FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e AFTER UPDATE ON t REFERENCING NEW ROW AS n FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE INSERT OR INSERT ON t EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE SELECT ON t EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE INSERT ON nosuch EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE INSERT ON nosuch.t EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE INSERT ON s EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE INSERT ON pg_class EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE INSERT ON pg_class_oid_index EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE INSERT ON t EXECUTE FUNCTION nosuch();
CREATE TRIGGER e BEFORE INSERT ON t EXECUTE FUNCTION nosuch.nosuch();
CREATE TRIGGER e BEFORE INSERT ON t EXECUTE FUNCTION now();
CREATE TRIGGER e BEFORE INSERT ON t EXECUTE FUNCTION pg_catalog.version();
CREATE TRIGGER e BEFORE INSERT ON t EXECUTE FUNCTION upper();
CREATE TRIGGER e BEFORE UPDATE OF nosuch ON t EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE UPDATE OF a, b, a ON t EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE UPDATE OF ctid ON t EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE INSERT ON t FOR EACH ROW WHEN (1) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.b) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE INSERT ON t FOR EACH ROW WHEN (NEW.nosuch = 1) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE INSERT ON t FOR EACH ROW WHEN (a = 1) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE INSERT ON t FOR EACH ROW WHEN (nosuch = 1) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE INSERT ON t FOR EACH ROW WHEN (t.a = 1) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE INSERT ON t FOR EACH ROW WHEN (OLD.a = 1) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE INSERT OR UPDATE ON t FOR EACH ROW WHEN (OLD.a = 1) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE DELETE ON t FOR EACH ROW WHEN (NEW.a = 1) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE UPDATE ON t FOR EACH STATEMENT WHEN (NEW.a = 1) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE UPDATE ON t WHEN (OLD.a = 1) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE UPDATE ON t FOR EACH ROW WHEN (NEW.g = 1) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE UPDATE ON t FOR EACH ROW WHEN (NEW.* IS NULL) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE UPDATE ON t FOR EACH ROW WHEN (NEW.ctid IS NULL) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE UPDATE ON t FOR EACH ROW WHEN (sum(NEW.a) > 1) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE UPDATE ON t FOR EACH ROW WHEN ((SELECT true)) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE UPDATE ON t FOR EACH ROW WHEN (row_number() OVER () > 1) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE UPDATE ON t FOR EACH ROW WHEN (generate_series(1, 2) > 1) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER e BEFORE UPDATE ON t FOR EACH ROW WHEN ($1) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE TRIGGER regress_tg.e BEFORE UPDATE ON t EXECUTE FUNCTION suppress_redundant_updates_trigger();
-- OR REPLACE
CREATE OR REPLACE TRIGGER t1 AFTER UPDATE OF b ON t FOR EACH ROW WHEN (OLD.c > 1) EXECUTE FUNCTION suppress_redundant_updates_trigger('x');
CREATE OR REPLACE TRIGGER t13 AFTER DELETE ON t EXECUTE FUNCTION suppress_redundant_updates_trigger();
SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 't'::regclass AND tgname IN ('t1', 't13') ORDER BY tgname;
CREATE TRIGGER t1 BEFORE INSERT ON u FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
DROP TRIGGER t1 ON u;
-- ENABLE, DISABLE
ALTER FOREIGN TABLE t DISABLE TRIGGER t1;
ALTER FOREIGN TABLE t ENABLE REPLICA TRIGGER t2;
ALTER FOREIGN TABLE t ENABLE ALWAYS TRIGGER t3, DISABLE TRIGGER t4;
ALTER TABLE t DISABLE TRIGGER nosuch;
ALTER FOREIGN TABLE t ENABLE TRIGGER nosuch;
ALTER FOREIGN TABLE t ENABLE REPLICA TRIGGER nosuch;
ALTER FOREIGN TABLE t ENABLE ALWAYS TRIGGER nosuch;
ALTER FOREIGN TABLE IF EXISTS nosuch DISABLE TRIGGER x;
:show;
\d t
ALTER FOREIGN TABLE t DISABLE TRIGGER ALL;
\d t
ALTER FOREIGN TABLE t ENABLE TRIGGER USER;
ALTER FOREIGN TABLE t DISABLE TRIGGER USER;
ALTER FOREIGN TABLE t ENABLE TRIGGER ALL;
SELECT DISTINCT tgenabled FROM pg_trigger WHERE tgrelid = 't'::regclass;
ALTER FOREIGN TABLE u DISABLE TRIGGER ALL;
-- RENAME, COMMENT, DEPENDS ON
ALTER TRIGGER t1 ON t RENAME TO renamed;
ALTER TRIGGER t1 ON t RENAME TO renamed;
ALTER TRIGGER renamed ON t RENAME TO t2;
ALTER TRIGGER renamed ON nosuch RENAME TO t2;
ALTER TRIGGER renamed ON s RENAME TO t2;
ALTER TRIGGER renamed ON pg_class RENAME TO t2;
ALTER TRIGGER renamed ON t RENAME TO t1;
COMMENT ON TRIGGER t1 ON t IS 'a trigger';
COMMENT ON TRIGGER nosuch ON t IS 'a trigger';
COMMENT ON TRIGGER t1 ON nosuch IS 'a trigger';
SELECT obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE tgrelid = 't'::regclass AND tgname = 't1';
ALTER TRIGGER t1 ON t DEPENDS ON EXTENSION nosuch;
ALTER TRIGGER nosuch ON t DEPENDS ON EXTENSION file_fdw;
ALTER TRIGGER t1 ON nosuch DEPENDS ON EXTENSION file_fdw;
CREATE EXTENSION file_fdw;
ALTER TRIGGER t1 ON t DEPENDS ON EXTENSION file_fdw;
ALTER TRIGGER t1 ON t DEPENDS ON EXTENSION file_fdw;
:deps;
ALTER TRIGGER t1 ON t NO DEPENDS ON EXTENSION file_fdw;
ALTER TRIGGER t13 ON t DEPENDS ON EXTENSION file_fdw;
DROP EXTENSION file_fdw;
SELECT count(*) FROM pg_trigger WHERE tgrelid = 't'::regclass AND tgname IN ('t1', 't13');
-- columns
ALTER FOREIGN TABLE t RENAME a TO "A a";
:defs;
ALTER FOREIGN TABLE t RENAME "A a" TO a;
ALTER FOREIGN TABLE t DROP COLUMN "D d";
ALTER FOREIGN TABLE t DROP COLUMN c;
ALTER FOREIGN TABLE t ALTER COLUMN c TYPE int;
ALTER FOREIGN TABLE t ALTER COLUMN b TYPE varchar(20);
ALTER FOREIGN TABLE t DROP COLUMN c CASCADE;
:show;
ALTER FOREIGN TABLE t RENAME TO t_renamed;
ALTER FOREIGN TABLE t_renamed RENAME TO t;
-- privileges
SET ROLE regress_tg_other;
CREATE TRIGGER e BEFORE INSERT ON t EXECUTE FUNCTION suppress_redundant_updates_trigger();
DROP TRIGGER t2 ON t;
DROP TRIGGER IF EXISTS t2 ON t;
ALTER TRIGGER t2 ON t RENAME TO x;
COMMENT ON TRIGGER t2 ON t IS 'x';
ALTER FOREIGN TABLE t DISABLE TRIGGER t2;
RESET ROLE;
GRANT TRIGGER ON t TO regress_tg_other;
SET ROLE regress_tg_other;
CREATE TRIGGER e BEFORE INSERT ON t EXECUTE FUNCTION suppress_redundant_updates_trigger();
DROP TRIGGER e ON t;
RESET ROLE;
DROP TRIGGER e ON t;
-- DROP
DROP TRIGGER nosuch ON t;
DROP TRIGGER IF EXISTS nosuch ON t;
DROP TRIGGER IF EXISTS nosuch ON nosuch;
DROP TRIGGER IF EXISTS nosuch ON nosuch.t;
DROP TRIGGER nosuch ON nosuch;
DROP TRIGGER nosuch ON nosuch.t;
DROP TRIGGER t2 ON t RESTRICT;
DROP TRIGGER t3 ON t CASCADE;
DROP TRIGGER IF EXISTS t4 ON regress_tg.t;
BEGIN;
CREATE TRIGGER tx BEFORE INSERT ON t EXECUTE FUNCTION suppress_redundant_updates_trigger();
SAVEPOINT a;
DROP TRIGGER tx ON t;
ROLLBACK TO a;
COMMIT;
:show;
DROP FOREIGN TABLE t;
SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal;
DROP SCHEMA regress_tg CASCADE;
DROP FOREIGN DATA WRAPPER regress_tg_w CASCADE;
DROP ROLE regress_tg_other;
