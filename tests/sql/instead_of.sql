-- INSTEAD OF triggers: rows of views go to functions, which say what became of them.
\pset format unaligned
CREATE TABLE left_t (id int PRIMARY KEY, a text);
CREATE TABLE right_t (id int PRIMARY KEY, b numeric);
INSERT INTO left_t VALUES (1, 'one'), (2, 'two'), (3, 'three');
INSERT INTO right_t VALUES (1, 1.5), (2, 2.5), (3, NULL);
CREATE VIEW joined AS SELECT l.id, l.a, r.b, l.a || r.b AS both_ FROM left_t l JOIN right_t r USING (id);
CREATE FUNCTION say() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE NOTICE '% % % % on %.%: new % old %', TG_NAME, TG_WHEN, TG_LEVEL, TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME, NEW, OLD;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION write_joined() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.id < 0 THEN RETURN NULL; END IF;
    INSERT INTO left_t VALUES (NEW.id, NEW.a);
    INSERT INTO right_t VALUES (NEW.id, NEW.b);
    NEW.both_ := 'made';
    RETURN NEW;
  ELSIF TG_OP = 'UPDATE' THEN
    UPDATE left_t SET a = NEW.a, id = NEW.id WHERE id = OLD.id;
    IF NOT FOUND THEN RETURN NULL; END IF;
    UPDATE right_t SET b = NEW.b, id = NEW.id WHERE id = OLD.id;
    RETURN NEW;
  END IF;
  DELETE FROM left_t WHERE id = OLD.id;
  IF NOT FOUND THEN RETURN NULL; END IF;
  DELETE FROM right_t WHERE id = OLD.id;
  RETURN OLD;
END $$;
INSERT INTO joined VALUES (4, 'four', 4);
UPDATE joined SET a = 'x';
DELETE FROM joined;
CREATE TRIGGER b_write INSTEAD OF INSERT OR UPDATE OR DELETE ON joined FOR EACH ROW EXECUTE FUNCTION write_joined();
INSERT INTO joined VALUES (4, 'four', 4), (-1, 'no', 0), (5, 'five', NULL);
\echo :ROW_COUNT
INSERT INTO joined (id, a) VALUES (6, 'six') RETURNING *, joined;
INSERT INTO joined (id, a, b) SELECT id + 10, a, b FROM joined WHERE id < 3 RETURNING id, both_ || '!';
INSERT INTO joined VALUES (4, 'again', 1);
INSERT INTO joined DEFAULT VALUES RETURNING *;
SELECT * FROM joined ORDER BY id;
UPDATE joined SET a = upper(a), b = b + 1 WHERE id IN (1, 3) RETURNING id, a, b, both_;
UPDATE joined AS j SET b = s.v FROM (VALUES (1, 100), (2, 200)) AS s (id, v) WHERE j.id = s.id RETURNING j.*, s.*, s.v + j.b;
UPDATE joined SET b = DEFAULT WHERE id = 1 RETURNING *;
UPDATE joined SET both_ = 'given' WHERE id = 2 RETURNING *;
UPDATE joined SET (a, b) = (SELECT 'sub', max(b) FROM right_t) WHERE id = 4 RETURNING *;
UPDATE joined SET nope = 1;
UPDATE joined SET a = 'nothing' WHERE id = 99 RETURNING *;
\echo :ROW_COUNT
DELETE FROM joined WHERE id > 10 RETURNING *;
\echo :ROW_COUNT
DELETE FROM joined j USING left_t l WHERE j.id = l.id AND l.id = 6 RETURNING j.id, l.a;
SELECT * FROM left_t ORDER BY 1;
CREATE TRIGGER a_say INSTEAD OF INSERT OR UPDATE OR DELETE ON joined FOR EACH ROW EXECUTE FUNCTION say();
CREATE TRIGGER c_say INSTEAD OF INSERT OR UPDATE OR DELETE ON joined FOR EACH ROW EXECUTE FUNCTION say('x');
CREATE TRIGGER d_before BEFORE INSERT OR UPDATE OR DELETE ON joined EXECUTE FUNCTION say();
CREATE TRIGGER e_after AFTER INSERT OR UPDATE OR DELETE ON joined EXECUTE FUNCTION say();
INSERT INTO joined VALUES (7, 'seven', 7), (-2, 'left out', 0);
UPDATE joined SET a = a || '+' WHERE id = 7;
DELETE FROM joined WHERE id = 7;
INSERT INTO joined SELECT 1, 'x', 2, 'y' WHERE false;
DROP TRIGGER a_say ON joined;
DROP TRIGGER c_say ON joined;
DROP TRIGGER d_before ON joined;
DROP TRIGGER e_after ON joined;
-- a view that could be written through without triggers
CREATE VIEW simple AS SELECT id, a FROM left_t;
CREATE TRIGGER only_insert INSTEAD OF INSERT ON simple FOR EACH ROW EXECUTE FUNCTION say();
INSERT INTO simple VALUES (50, 'not stored') RETURNING *;
UPDATE simple SET a = 'ONE' WHERE id = 1 RETURNING *;
DELETE FROM simple WHERE id = 2 RETURNING *;
SELECT * FROM left_t ORDER BY 1;
INSERT INTO simple VALUES (1, 'x') ON CONFLICT DO NOTHING;
INSERT INTO simple VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET a = 'y';
ALTER VIEW simple ALTER COLUMN a SET DEFAULT 'by default';
INSERT INTO simple (id) VALUES (51) RETURNING *;
CREATE FUNCTION bad() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no: %', NEW; END $$;
CREATE TRIGGER z_bad INSTEAD OF INSERT ON simple FOR EACH ROW EXECUTE FUNCTION bad();
INSERT INTO simple VALUES (52, 'x');
-- refusals of CREATE TRIGGER
CREATE TRIGGER t INSTEAD OF INSERT ON left_t FOR EACH ROW EXECUTE FUNCTION say();
CREATE TRIGGER t INSTEAD OF INSERT ON simple EXECUTE FUNCTION say();
CREATE TRIGGER t INSTEAD OF INSERT ON simple FOR EACH ROW WHEN (NEW.id > 1) EXECUTE FUNCTION say();
CREATE TRIGGER t INSTEAD OF UPDATE OF a ON simple FOR EACH ROW EXECUTE FUNCTION say();
CREATE TRIGGER t BEFORE INSERT ON simple FOR EACH ROW EXECUTE FUNCTION say();
-- whole rows with generated, dropped and default columns below
CREATE TABLE wide (a int, gone int, b text DEFAULT 'd', c int GENERATED ALWAYS AS (a + 1) STORED);
ALTER TABLE wide DROP COLUMN gone;
CREATE VIEW wides AS SELECT *, 'k' AS k FROM wide;
CREATE FUNCTION write_wide() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO wide (a, b) VALUES (NEW.a, NEW.b) RETURNING *, 'returned' INTO NEW; RETURN NEW; END $$;
CREATE TRIGGER w INSTEAD OF INSERT ON wides FOR EACH ROW EXECUTE FUNCTION write_wide();
INSERT INTO wides (a, b) VALUES (1, 'b'), (2, NULL) RETURNING *;
INSERT INTO wides VALUES (3, 'b', 7, 'k') RETURNING wides.*;
SELECT * FROM wides;
-- privileges
CREATE ROLE io_user;
GRANT INSERT, SELECT (id) ON joined TO io_user;
SET ROLE io_user;
INSERT INTO joined VALUES (60, 'x', 1);
UPDATE joined SET a = 'x';
DELETE FROM joined;
INSERT INTO joined VALUES (60, 'x', 1) RETURNING a;
RESET ROLE;
DROP OWNED BY io_user;
DROP ROLE io_user;
PREPARE p AS INSERT INTO joined (id, a, b) VALUES ($1, $2, $3) RETURNING *;
EXECUTE p(70, 'prepared', 7);
BEGIN;
SAVEPOINT s;
DELETE FROM joined RETURNING id;
ROLLBACK TO s;
SELECT count(*) FROM joined;
COMMIT;
