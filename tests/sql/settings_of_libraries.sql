-- a library's settings are there when the session has loaded it; values that were given before are checked then, as who gave them
CREATE ROLE sl_low;
CREATE FUNCTION sl_probe() RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS
  $$ DECLARE id int := 5; r int; BEGIN SELECT id INTO r FROM (SELECT 7 AS id) x; RETURN r; END $$;
CREATE FUNCTION sl_set() RETURNS int LANGUAGE plpgsql SET plpgsql.variable_conflict = 'use_column' AS $$ BEGIN RETURN 1; END $$;
\c
SELECT pg_settings_get_flags('plpgsql.foo'), pg_settings_get_flags('plpgsql.variable_conflict');
SET plpgsql.variable_conflict = 'bogus';
SHOW plpgsql.variable_conflict;
SET plpgsql.foo = 1;
SELECT pg_settings_get_flags('plpgsql.foo'), pg_settings_get_flags('plpgsql.variable_conflict');
LOAD 'plpgsql';
SHOW plpgsql.variable_conflict;
SHOW plpgsql.foo;
SET plpgsql.foo = 2;
SELECT name, setting, context, vartype, source, boot_val, reset_val FROM pg_settings WHERE name LIKE 'plpgsql.%' ORDER BY 1;
LOAD '$libdir/plpgsql';
LOAD 'nosuch';
LOAD '$libdir/plugins/nosuch';
-- what a rollback brings back is checked too
\c
BEGIN;
SET plpgsql.variable_conflict = 'bogus';
SAVEPOINT a;
SET plpgsql.variable_conflict = 'use_column';
LOAD 'plpgsql';
SHOW plpgsql.variable_conflict;
ROLLBACK TO a;
SHOW plpgsql.variable_conflict;
COMMIT;
SHOW plpgsql.variable_conflict;
\c
SET plpgsql.check_asserts = '0';
BEGIN;
SET LOCAL plpgsql.check_asserts = 'maybe';
LOAD 'plpgsql';
SHOW plpgsql.check_asserts;
COMMIT;
SHOW plpgsql.check_asserts;
RESET plpgsql.check_asserts;
SHOW plpgsql.check_asserts;
\c
BEGIN;
SET LOCAL plpgsql.check_asserts = 'f';
SAVEPOINT a;
SET LOCAL plpgsql.foo = 'f';
SET search_path = pg_catalog;
LOAD 'plpgsql';
SHOW plpgsql.check_asserts;
ROLLBACK TO a;
SHOW search_path;
SHOW plpgsql.check_asserts;
COMMIT;
SHOW plpgsql.check_asserts;
\c
SET plpgsql.check_asserts = off;
RESET ALL;
LOAD 'plpgsql';
SHOW plpgsql.check_asserts;
-- what only a superuser may set is not had by setting it early
\c
SET ROLE sl_low;
LOAD 'plpgsql';
SET plpgsql.variable_conflict = 'use_column';
SELECT sl_probe();
SHOW plpgsql.variable_conflict;
\c
SET ROLE sl_low;
BEGIN;
SET plpgsql.variable_conflict = 'use_column';
SAVEPOINT a;
SET plpgsql.variable_conflict = 'use_variable';
DO $$ BEGIN END $$;
ROLLBACK TO a;
SHOW plpgsql.variable_conflict;
COMMIT;
SHOW plpgsql.variable_conflict;
\c
SET ROLE sl_low;
ALTER ROLE sl_low SET plpgsql.variable_conflict = 'use_column';
ALTER ROLE sl_low SET sl.own = 'x';
ALTER ROLE sl_low SET "sl own" = 'x';
CREATE FUNCTION pg_temp.sl_own() RETURNS int LANGUAGE sql SET plpgsql.variable_conflict = 'use_column' AS 'SELECT 1';
SELECT sl_set();
RESET ROLE;
SELECT sl_set();
-- nor taken back, nor what nobody may know
ALTER ROLE sl_low SET sl.own = 'x';
ALTER ROLE sl_low SET log_statement = 'all';
ALTER ROLE sl_low SET work_mem = '1MB';
SET ROLE sl_low;
ALTER ROLE sl_low RESET sl.own;
ALTER ROLE sl_low RESET log_statement;
ALTER ROLE sl_low RESET "sl own.x";
ALTER ROLE sl_low RESET ALL;
CREATE FUNCTION pg_temp.sl_own() RETURNS int LANGUAGE sql SET work_mem = '1MB' AS 'SELECT 1';
ALTER FUNCTION pg_temp.sl_own() RESET log_statement;
ALTER FUNCTION pg_temp.sl_own() RESET ALL;
RESET ROLE;
SELECT rolconfig FROM pg_roles WHERE rolname = 'sl_low';
ALTER ROLE sl_low RESET ALL;
SELECT rolconfig FROM pg_roles WHERE rolname = 'sl_low';
\c
-- a superuser's counts, whoever loads the library
SET plpgsql.variable_conflict = 'use_column';
SET ROLE sl_low;
SELECT sl_probe();
SHOW plpgsql.variable_conflict;
RESET ROLE;
DROP FUNCTION sl_probe(), sl_set();
DROP ROLE sl_low;
