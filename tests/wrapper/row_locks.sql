-- Rows that are locked stay so to the end of the transaction, whatever is read beside them or fails after them. What another session could
-- lock, free_rows tells.
\set VERBOSITY verbose
\set SHOW_CONTEXT never
CREATE EXTENSION postgres_fdw;
CREATE SERVER a FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host :'src', port :'port', dbname 'rem');
CREATE SERVER b FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host :'src', port :'port', dbname 'rem');
CREATE USER MAPPING FOR CURRENT_USER SERVER a OPTIONS (user 'postgres');
CREATE USER MAPPING FOR CURRENT_USER SERVER b OPTIONS (user 'postgres');
CREATE FOREIGN TABLE locked (id int, v text) SERVER a;
CREATE FOREIGN TABLE data_a (id int) SERVER a OPTIONS (table_name 'data');
CREATE FOREIGN TABLE data_b (id int) SERVER b OPTIONS (table_name 'data');
CREATE FOREIGN TABLE free_rows (id int) SERVER b;
-- beside a cursor, and in a loop, over the same server
BEGIN;
DECLARE c CURSOR FOR SELECT id FROM data_a ORDER BY id;
FETCH 1 FROM c;
SELECT v FROM locked WHERE id = 1 FOR UPDATE;
SELECT array_agg(id ORDER BY id) FROM free_rows;
SELECT v FROM locked WHERE id < 3 FOR UPDATE;
SELECT array_agg(id ORDER BY id) FROM free_rows;
COMMIT;
SELECT array_agg(id ORDER BY id) FROM free_rows;
BEGIN;
DO $$ DECLARE r record; x text; BEGIN
  FOR r IN SELECT id FROM data_a ORDER BY id LIMIT 2 LOOP SELECT v INTO x FROM locked WHERE id = r.id FOR UPDATE; END LOOP; END $$;
SELECT array_agg(id ORDER BY id) FROM free_rows;
ROLLBACK;
-- a failure after it
BEGIN;
SELECT v FROM locked WHERE id = 1 FOR UPDATE;
SAVEPOINT s;
SELECT 1 / (id - 2) FROM locked WHERE id = 2;
ROLLBACK TO s;
SELECT v FROM locked WHERE id = 3 FOR UPDATE;
SELECT 1 / (id - 2) FROM locked WHERE id = 2;
ROLLBACK TO s;
SELECT count(*) FROM locked;
SELECT 1 = ANY (array_agg(id)) FROM free_rows;
COMMIT;
-- what is not read to its end
BEGIN;
DECLARE c CURSOR FOR SELECT v FROM locked WHERE id < 3 ORDER BY id FOR UPDATE;
FETCH 1 FROM c;
CLOSE c;
SELECT 1 = ANY (array_agg(id)) FROM free_rows;
COMMIT;
-- further ones, while some are read
BEGIN;
DECLARE c CURSOR FOR SELECT v FROM locked ORDER BY id FOR UPDATE;
FETCH 1 FROM c;
SELECT v FROM locked WHERE id = 2 FOR UPDATE;
DECLARE d CURSOR FOR SELECT id FROM data_a ORDER BY id;
FETCH 1 FROM d;
SAVEPOINT s;
SELECT 1 / (id - 2) FROM locked WHERE id = 2;
ROLLBACK TO s;
FETCH 1 FROM c;
FETCH 1 FROM d;
DO $$ DECLARE r record; x text; BEGIN
  FOR r IN SELECT id, v FROM locked ORDER BY id FOR UPDATE LOOP
    SELECT v INTO STRICT x FROM locked WHERE id = r.id FOR UPDATE;
  END LOOP; RAISE NOTICE '%', x IS NOT NULL; END $$;
FETCH 1 FROM c;
COMMIT;
-- in subqueries, beside other rows of the server
BEGIN;
SELECT v FROM locked WHERE id = 1 FOR UPDATE;
SELECT d.id, (SELECT id / id FROM locked WHERE id = 1 FOR UPDATE) FROM data_a d JOIN data_b USING (id) WHERE id < 4 ORDER BY 1;
SELECT d.id, (SELECT v FROM locked l WHERE l.id = d.id FOR UPDATE) FROM data_b d WHERE d.id < 4 ORDER BY 1;
SELECT array_agg(id ORDER BY id) FROM free_rows;
COMMIT;
BEGIN;
WITH x AS (SELECT * FROM locked WHERE id < 3 FOR UPDATE) SELECT x.* FROM x JOIN data_a USING (id) JOIN data_b USING (id) ORDER BY 1;
SELECT array_agg(id ORDER BY id) FROM free_rows;
WITH x AS (SELECT * FROM locked WHERE id < 4 FOR UPDATE) SELECT x.* FROM x JOIN data_a USING (id) JOIN data_b USING (id) ORDER BY 1;
SELECT array_agg(id ORDER BY id) FROM free_rows;
COMMIT;
-- partitions of one server
CREATE TABLE parts (id int, v text) PARTITION BY LIST (id);
CREATE FOREIGN TABLE part_1 PARTITION OF parts FOR VALUES IN (11) SERVER a OPTIONS (table_name 'locked_1');
CREATE FOREIGN TABLE part_2 PARTITION OF parts FOR VALUES IN (12) SERVER a OPTIONS (table_name 'locked_2');
BEGIN;
SELECT * FROM parts ORDER BY id FOR UPDATE;
SELECT array_agg(id ORDER BY id) FROM free_rows;
SELECT * FROM parts WHERE id = 12 FOR UPDATE;
SELECT * FROM part_1 FOR UPDATE;
SELECT * FROM parts ORDER BY id FOR UPDATE;
SELECT array_agg(id ORDER BY id) FROM free_rows;
COMMIT;
SELECT array_agg(id ORDER BY id) FROM free_rows;
