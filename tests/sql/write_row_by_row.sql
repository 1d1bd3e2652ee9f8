-- Rows that are written one by one, as loops in PL/pgSQL do: each is held to what holds of it, and has the values it was given.
CREATE TYPE row_mood AS ENUM ('sad', 'ok');
CREATE DOMAIN row_positive AS int CHECK (VALUE > 0);
CREATE TABLE row_kinds (a bool, b int2, c int4, d int8, e float4, f float8, g numeric, h numeric(12,3), i numeric(30,4), j text,
    k varchar(4), l char(3), m bytea, n date, o time, p timestamp, q timestamptz, r interval, s uuid, t json, u jsonb, v int[], w text[],
    x row_mood, y row_positive, z oid, aa timetz, ab inet, ac bit(3), ad time(0), ae timestamp(2), af "char", ag name);
SET timezone = 'UTC';
DO $$ BEGIN
    FOR i IN 1..2 LOOP
        INSERT INTO row_kinds VALUES (i = 1, -i, i, i * 10000000000, i + 0.1, -i / 3::float8, i / 3.0, i / 3.0, -i / 3.0, 'a' || i, 'abc',
            'q', '\x00ff', date '2024-02-29' + i, '12:34:56.789', '2024-02-29 12:00' , '2024-02-29 12:00+02', '1 mon -2 days 03:04:05.6',
            'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a" : 1}', '{"b":2, "a":1}', ARRAY[i, NULL, 3], '{x,"y z"}', 'ok', i, 42,
            '10:00+01', '10.0.0.1/8', B'101', '12:34:56.789', '2024-02-29 12:00:00.456', 'x', 'a name');
        INSERT INTO row_kinds (c) VALUES (i);
        INSERT INTO row_kinds (e, f, g, p, q, n) VALUES ('NaN', '-Infinity', 'NaN', 'infinity', '-infinity', 'infinity');
        INSERT INTO row_kinds (j, k, m) VALUES ('', '', '');
        INSERT INTO row_kinds DEFAULT VALUES;
    END LOOP;
END $$;
\x
SELECT * FROM row_kinds;
\x
SELECT c FROM row_kinds WHERE s = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' AND h = 0.333 AND i = -0.3333 AND r > '1 mon' AND l = 'q';

-- What refuses a row, and how it is shown.
CREATE TABLE row_rules (id int PRIMARY KEY, n int NOT NULL DEFAULT 1 CHECK (n <> 5), twice int GENERATED ALWAYS AS (n * 2) STORED,
    note text, amount numeric(6,2), UNIQUE (note, n), CONSTRAINT row_big CHECK (twice < 100 AND amount < 1000));
CREATE UNIQUE INDEX row_low ON row_rules (lower(note)) WHERE n > 10;
CREATE FUNCTION row_try(what text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE message text; detail text; state text;
BEGIN
    EXECUTE what;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, state = RETURNED_SQLSTATE;
    RETURN state || ' ' || message || coalesce(' / ' || nullif(detail, ''), '');
END $$;
DO $$
DECLARE what text;
BEGIN
    FOREACH what IN ARRAY ARRAY['INSERT INTO row_rules VALUES (1)', 'INSERT INTO row_rules VALUES (1, 2)', 'INSERT INTO row_rules VALUES (NULL, 2)',
        'INSERT INTO row_rules VALUES (2, NULL)', 'INSERT INTO row_rules VALUES (2, 5)', 'INSERT INTO row_rules (id, n, note) VALUES (2, 60, ''x'')',
        'INSERT INTO row_rules (id, amount) VALUES (3, 999.999)', 'INSERT INTO row_rules (id, amount) VALUES (3, 99999)',
        'INSERT INTO row_rules (id, amount, note) VALUES (3, 1.5, ''Abc'')', 'INSERT INTO row_rules (id, note) VALUES (4, ''Abc'')',
        'INSERT INTO row_rules (id, n, note) VALUES (4, 11, ''Abc'')', 'INSERT INTO row_rules (id, n, note) VALUES (5, 12, ''aBC'')',
        'INSERT INTO row_rules (id, n, note) VALUES (5, 9, ''aBC'')', 'INSERT INTO row_rules (id, n, note) VALUES (6, 13, NULL)',
        'INSERT INTO row_rules (id, n, note) VALUES (7, 13, NULL)', 'INSERT INTO row_rules (id, n) VALUES (8, 1 / 0)',
        'UPDATE row_rules SET amount = 5 WHERE id = 4', 'UPDATE row_rules SET amount = 5000 WHERE id = 4', 'UPDATE row_rules SET n = 55 WHERE id = 4',
        'UPDATE row_rules SET id = 5 WHERE id = 4', 'UPDATE row_rules SET note = ''ABC'' WHERE id = 4', 'UPDATE row_rules SET n = 14, note = ''abc'' WHERE id = 5',
        'UPDATE row_rules SET n = NULL WHERE id = 5', 'UPDATE row_rules SET id = id + 1', 'UPDATE row_rules SET id = id - 1 WHERE id = 1',
        'UPDATE row_rules SET n = 11 WHERE id = 5', 'DELETE FROM row_rules WHERE id = 6', 'INSERT INTO row_rules VALUES (6)'] LOOP
        RAISE NOTICE '%: %', what, row_try(what);
    END LOOP;
END $$;
SELECT * FROM row_rules ORDER BY id;

-- Nulls that are alike, keys that may wait, rows that refer to others.
CREATE TABLE row_keys (a int, b int, UNIQUE NULLS NOT DISTINCT (a, b), c int UNIQUE DEFERRABLE INITIALLY DEFERRED);
DO $$ BEGIN
    FOR i IN 1..3 LOOP
        INSERT INTO row_keys VALUES (i, NULL, 1);
    END LOOP;
    UPDATE row_keys SET c = a;
    RAISE NOTICE '%', row_try('INSERT INTO row_keys VALUES (2, NULL, 9)');
    RAISE NOTICE '%', row_try('INSERT INTO row_keys VALUES (NULL, NULL, 10)');
    RAISE NOTICE '%', row_try('INSERT INTO row_keys VALUES (NULL, NULL, 11)');
END $$;
BEGIN;
INSERT INTO row_keys VALUES (7, 7, 1);
UPDATE row_keys SET b = 8 WHERE a = 7;
COMMIT;
BEGIN;
INSERT INTO row_keys VALUES (7, 7, 1);
UPDATE row_keys SET b = 8 WHERE a = 7;
UPDATE row_keys SET c = 77 WHERE a = 7;
COMMIT;
SELECT * FROM row_keys ORDER BY c;
CREATE TABLE row_child (id serial, keyed int REFERENCES row_rules (id));
DO $$ BEGIN
    INSERT INTO row_child (keyed) VALUES (0);
    INSERT INTO row_child (keyed) VALUES (NULL);
    RAISE NOTICE '%', row_try('INSERT INTO row_child (keyed) VALUES (100)');
    RAISE NOTICE '%', row_try('UPDATE row_child SET keyed = 100 WHERE id = 1');
    RAISE NOTICE '%', row_try('DELETE FROM row_rules WHERE id = 0');
    UPDATE row_child SET keyed = 5 WHERE id = 1;
    DELETE FROM row_rules WHERE id = 0;
END $$;
SELECT * FROM row_child ORDER BY id;

-- Changes of the table between rows, by the same statement.
CREATE TABLE row_grown (a int);
DO $$ BEGIN
    FOR i IN 1..6 LOOP
        EXECUTE format('INSERT INTO row_grown (a) VALUES (%s)', i);
        IF i = 2 THEN ALTER TABLE row_grown ADD COLUMN b int DEFAULT 7; END IF;
        IF i = 3 THEN ALTER TABLE row_grown ADD CHECK (a <> 5) NOT VALID; END IF;
        IF i = 4 THEN ALTER TABLE row_grown DROP CONSTRAINT row_grown_a_check; ALTER TABLE row_grown ALTER b DROP DEFAULT; END IF;
        IF i = 5 THEN ALTER TABLE row_grown ALTER a TYPE numeric(5,1); END IF;
    END LOOP;
END $$;
SELECT * FROM row_grown;
CREATE FUNCTION row_add(int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO row_grown VALUES ($1); END $$;
SELECT row_add(7);
ALTER TABLE row_grown ALTER b SET DEFAULT 8;
SELECT row_add(8);
ALTER TABLE row_grown ADD UNIQUE (a);
SELECT row_add(8);
ALTER TABLE row_grown DROP CONSTRAINT row_grown_a_key;
SELECT row_add(8);
ALTER TABLE row_grown RENAME a TO z;
SELECT row_add(9);
TRUNCATE row_grown;
SELECT row_add(10);
SELECT * FROM row_grown;

-- Triggers see the row as it is stored, in their order; what is rolled back is gone.
CREATE TABLE row_audit (at serial, op text, old_row text, new_row text);
CREATE FUNCTION row_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO row_audit (op, old_row, new_row) VALUES (TG_NAME || ' ' || TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN OLD::text END,
        CASE WHEN TG_OP <> 'DELETE' THEN NEW::text END);
    RETURN NULL;
END $$;
CREATE FUNCTION row_before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.note := NEW.note || '!';
    RETURN NEW;
END $$;
CREATE TABLE row_base (id int PRIMARY KEY, note char(4), amount numeric(6,2), more numeric GENERATED ALWAYS AS (amount + 1) STORED, at interval);
CREATE TRIGGER row_b AFTER INSERT OR UPDATE OR DELETE ON row_base FOR EACH ROW EXECUTE FUNCTION row_note();
CREATE TRIGGER row_a AFTER UPDATE OF note ON row_base FOR EACH ROW WHEN (OLD.note IS DISTINCT FROM NEW.note) EXECUTE FUNCTION row_note();
DO $$ BEGIN
    FOR i IN 1..3 LOOP
        INSERT INTO row_base VALUES (i, 'n' || i, i / 7.0, DEFAULT, '36 hours');
        BEGIN
            INSERT INTO row_base VALUES (i, 'again');
        EXCEPTION WHEN string_data_right_truncation OR unique_violation THEN NULL;
        END;
    END LOOP;
    UPDATE row_base SET amount = amount * 2 WHERE id = 1;
    UPDATE row_base SET note = 'new', id = 20 WHERE id = 2;
    UPDATE row_base SET note = note;
    DELETE FROM row_base WHERE id = 3;
    RAISE NOTICE '%', row_try('UPDATE row_base SET id = 21 - id');
    UPDATE row_base SET id = id + 100;
    UPDATE row_base SET id = 121 - id WHERE id = 101;
    UPDATE row_base SET id = id - 99;
    RAISE NOTICE '%', row_try('UPDATE row_base SET id = 20 WHERE id = 1');
END $$;
SELECT * FROM row_base ORDER BY id;
SELECT op, old_row, new_row FROM row_audit ORDER BY at;
CREATE TRIGGER row_c BEFORE INSERT OR UPDATE ON row_base FOR EACH ROW EXECUTE FUNCTION row_before();
TRUNCATE row_audit;
DO $$ BEGIN
    INSERT INTO row_base VALUES (30, 'x', 1);
    UPDATE row_base SET amount = 2 WHERE id = 30;
    INSERT INTO row_base VALUES (31, 'y', 1), (32, 'z', 1);
END $$;
SELECT * FROM row_base ORDER BY id;
SELECT op, old_row, new_row FROM row_audit ORDER BY at;
SELECT row_try('INSERT INTO row_base VALUES (33, ''a''), (33, ''b'')');
UPDATE row_base SET amount = 3 WHERE id = 30 RETURNING *, more * 2;
INSERT INTO row_base (id) VALUES (40) RETURNING id, note, more;
DELETE FROM row_base WHERE id = 40 RETURNING *;
UPDATE row_base SET amount = 9 FROM (VALUES (31, 'p'), (31, 'p')) v(id, x) WHERE v.id = row_base.id RETURNING row_base.id, amount, x;

-- Rows as a whole, and where they lie.
CREATE TABLE row_whole (a int, b int, CHECK ((row_whole.*) IS NOT NULL), CHECK (tableoid IS NOT NULL));
INSERT INTO row_whole VALUES (1, 2);
INSERT INTO row_whole VALUES (1, NULL);
UPDATE row_whole SET b = NULL;
CREATE TABLE row_parted (a int, b text) PARTITION BY LIST (a);
CREATE TABLE row_parted_1 PARTITION OF row_parted FOR VALUES IN (1);
CREATE TABLE row_parted_2 PARTITION OF row_parted (CHECK (b <> 'no')) FOR VALUES IN (2);
DO $$ BEGIN
    FOR i IN 1..2 LOOP
        INSERT INTO row_parted VALUES (i, 'x');
    END LOOP;
    INSERT INTO row_parted_1 VALUES (1, 'y');
    RAISE NOTICE '%', row_try('INSERT INTO row_parted_1 VALUES (2, ''y'')');
    RAISE NOTICE '%', row_try('INSERT INTO row_parted VALUES (3, ''y'')');
    RAISE NOTICE '%', row_try('INSERT INTO row_parted VALUES (2, ''no'')');
    UPDATE row_parted SET a = 2 WHERE b = 'y';
    RAISE NOTICE '%', row_try('UPDATE row_parted SET a = 2, b = ''no'' WHERE a = 1');
    RAISE NOTICE '%', row_try('UPDATE row_parted_1 SET a = 2');
    UPDATE row_parted_1 SET b = 'z';
END $$;
SELECT tableoid::regclass, * FROM row_parted ORDER BY a, b;
-- Called, not read: sequences and their like without a table.
CREATE SEQUENCE row_numbers;
SELECT nextval('row_numbers'), nextval('row_numbers') + 1, currval('row_numbers')::text || 'x', setval('row_numbers', 10), nextval('row_numbers');
SELECT nextval('row_numbers') WHERE false;
SELECT nextval('row_none');
PREPARE row_insert (int, text) AS INSERT INTO row_parted_1 VALUES ($1, $2 || '?') RETURNING *;
EXECUTE row_insert (1, 'p');
EXECUTE row_insert (1, NULL);
EXECUTE row_insert (5, 'q');
BEGIN READ ONLY;
EXECUTE row_insert (1, 'r');
ROLLBACK;
