-- Which connections the session has, and closing them
\set VERBOSITY verbose
CREATE EXTENSION postgres_fdw;
SELECT * FROM postgres_fdw_get_connections();
SELECT postgres_fdw_disconnect_all();
SELECT postgres_fdw_disconnect('nosuch');
SELECT postgres_fdw_disconnect(NULL);
CREATE SERVER a FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host :'src', port :'port', dbname 'rem');
CREATE SERVER b FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host :'src', port :'port', dbname 'rem');
CREATE SERVER loose FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host :'src', port :'port', dbname 'rem', keep_connections 'off');
CREATE USER MAPPING FOR CURRENT_USER SERVER a OPTIONS (user 'postgres');
CREATE USER MAPPING FOR CURRENT_USER SERVER b OPTIONS (user 'postgres');
CREATE USER MAPPING FOR CURRENT_USER SERVER loose OPTIONS (user 'postgres');
CREATE FOREIGN TABLE data_a (id int) SERVER a OPTIONS (table_name 'data');
CREATE FOREIGN TABLE data_b (id int) SERVER b OPTIONS (table_name 'data');
CREATE FOREIGN TABLE data_loose (id int) SERVER loose OPTIONS (table_name 'data');
SELECT postgres_fdw_disconnect('a');
SELECT id FROM data_a WHERE id = 1;
SELECT * FROM postgres_fdw_get_connections();
SELECT id FROM data_b WHERE id = 1;
SELECT server_name, valid FROM postgres_fdw_get_connections() ORDER BY 1;
SELECT count(*), bool_and(valid) FROM postgres_fdw_get_connections();
SELECT postgres_fdw_disconnect('a');
SELECT * FROM postgres_fdw_get_connections();
SELECT postgres_fdw_disconnect('a');
SELECT id FROM data_loose WHERE id = 1;
SELECT * FROM postgres_fdw_get_connections();
-- in a transaction they are in use until its end
BEGIN;
SELECT id FROM data_a WHERE id = 1;
SELECT id FROM data_loose WHERE id = 1;
SELECT server_name, valid FROM postgres_fdw_get_connections() ORDER BY 1;
SELECT postgres_fdw_disconnect('a');
SELECT postgres_fdw_disconnect('b');
SELECT server_name FROM postgres_fdw_get_connections() ORDER BY 1;
COMMIT;
SELECT * FROM postgres_fdw_get_connections();
BEGIN;
SELECT id FROM data_a WHERE id = 1;
ROLLBACK;
SELECT id FROM data_b WHERE id = 1;
SELECT postgres_fdw_disconnect_all();
SELECT * FROM postgres_fdw_get_connections();
SELECT postgres_fdw_disconnect_all();
-- a server of other options is reached anew; one that is gone is none
SELECT id FROM data_a WHERE id = 1;
ALTER SERVER a OPTIONS (ADD application_name 'other');
SELECT id FROM data_a WHERE id = 1;
SELECT * FROM postgres_fdw_get_connections();
DO $$
BEGIN
  RAISE NOTICE '% %', postgres_fdw_disconnect('a'), (SELECT count(*) FROM postgres_fdw_get_connections());
END
$$;
-- whoever asks
CREATE ROLE asker;
SET ROLE asker;
SELECT * FROM postgres_fdw_get_connections();
SELECT postgres_fdw_disconnect_all();
RESET ROLE;
DROP ROLE asker;
