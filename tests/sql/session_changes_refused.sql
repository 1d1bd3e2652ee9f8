-- A setting that is changed and read in one statement, where it hangs on which of the two is computed first.
CREATE TABLE sc_rows (id int, v text);
INSERT INTO sc_rows VALUES (1, 'a'), (2, 'b');
SET sc.one = 'a';
SELECT current_setting('sc.one') WHERE set_config('sc.one', 'b', false) = 'b';
SELECT id, current_setting('sc.one') FROM sc_rows WHERE set_config('sc.one', 'c', false) = 'c' ORDER BY id;
SELECT (SELECT set_config('sc.one', 'd', false)), current_setting('sc.one');
SELECT a, current_setting('sc.one') FROM (SELECT set_config('sc.one', 'e', false) AS a) s;
WITH w AS (SELECT set_config('sc.one', 'f', false) AS a) SELECT a, current_setting('sc.one') FROM w;
SELECT concat(set_config('sc.one', 'g', false), current_setting('sc.one'));
SELECT * FROM set_config('sc.one', 'h', false) a, current_setting('sc.one') b;
SELECT count(*) FROM sc_rows WHERE set_config('sc.one', id::text, false) = current_setting('sc.one');
UPDATE sc_rows SET v = set_config('sc.one', 'i', false) || current_setting('sc.one');
UPDATE sc_rows SET v = set_config('sc.one', 'j', false) RETURNING current_setting('sc.one');
INSERT INTO sc_rows VALUES (3, set_config('sc.one', 'k', false)), (4, current_setting('sc.one'));
CREATE TABLE sc_made AS SELECT set_config('sc.one', 'l', false) AS a, current_setting('sc.one') AS b;
DROP TABLE IF EXISTS sc_made;
DROP TABLE sc_rows;
