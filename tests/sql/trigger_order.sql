-- Row triggers fire in the order of the rows, whatever partitions these go to.
CREATE TABLE pt (a int, b text) PARTITION BY LIST (a);
CREATE TABLE pt1 PARTITION OF pt FOR VALUES IN (1);
CREATE TABLE pt2 (b text, a int);
ALTER TABLE pt ATTACH PARTITION pt2 FOR VALUES IN (2);
CREATE TABLE pt3 PARTITION OF pt FOR VALUES IN (3, 4) PARTITION BY LIST (a);
CREATE TABLE pt33 PARTITION OF pt3 FOR VALUES IN (3);
CREATE TABLE pt34 PARTITION OF pt3 FOR VALUES IN (4);
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE NOTICE '% % % on %: % -> % (% rows)', TG_NAME, TG_WHEN, TG_OP, TG_TABLE_NAME, OLD, NEW, (SELECT count(*) FROM pt);
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; IF NEW.b = 'skip' THEN RETURN NULL; END IF; IF NEW.b = 'change' THEN NEW.b = 'changed'; END IF; RETURN NEW; END $$;
CREATE TRIGGER before_row BEFORE INSERT OR UPDATE OR DELETE ON pt FOR EACH ROW EXECUTE FUNCTION tell();
CREATE TRIGGER after_row AFTER INSERT OR UPDATE OR DELETE ON pt FOR EACH ROW EXECUTE FUNCTION tell();
INSERT INTO pt VALUES (3, 'x'), (1, 'y'), (2, 'z'), (1, 'w'), (4, 'v'), (2, 'skip'), (1, 'change');
INSERT INTO pt SELECT 4 - i % 4, 'r' || i FROM generate_series(1, 8) i;
INSERT INTO pt VALUES (1, 'p'), (2, 'q'), (9, 'lost'), (3, 'r');
COPY pt FROM stdin;
2	c1
1	c2
4	c3
2	c4
3	skip
1	c5
\.
COPY pt FROM stdin;
2	d1
1	d2
7	d3
2	d4
\.
SELECT tableoid::regclass, * FROM pt ORDER BY a, b;
UPDATE pt SET a = a % 4 + 1 WHERE b IN ('x', 'y', 'z', 'w', 'v');
UPDATE pt SET b = b || '!' WHERE a < 3;
UPDATE pt SET a = 2 WHERE b < 'r';
UPDATE pt SET a = 1;
DELETE FROM pt WHERE b > 'r4';
SELECT tableoid::regclass, * FROM pt ORDER BY a, b;
TRUNCATE pt;
DROP TRIGGER before_row ON pt;
INSERT INTO pt VALUES (3, 'x'), (1, 'y'), (2, 'z'), (1, 'w'), (4, 'v'), (2, 'skip'), (1, 'change');
COPY pt FROM stdin;
2	c1
1	c2
4	c3
2	c4
3	skip
1	c5
\.
UPDATE pt SET a = a % 4 + 1 WHERE b IN ('x', 'y', 'z', 'w', 'v');
UPDATE pt SET a = 3 WHERE b IN ('x', 'y', 'z', 'w', 'v');
UPDATE pt SET a = 3 - a WHERE a IN (1, 2);
DELETE FROM pt WHERE b IN ('x', 'y', 'z', 'w', 'v');
-- only one partition has a BEFORE trigger
CREATE TRIGGER before_one BEFORE INSERT OR UPDATE ON pt2 FOR EACH ROW EXECUTE FUNCTION tell();
INSERT INTO pt VALUES (3, 'x'), (1, 'y'), (2, 'z'), (1, 'w'), (4, 'v'), (2, 'skip'), (1, 'change');
COPY pt FROM stdin;
4	c1
1	c2
2	c3
4	c4
2	skip
1	c5
3	c6
1	c7
\.
UPDATE pt SET a = 2 WHERE a <> 2;
UPDATE pt SET a = 1 WHERE a = 2;
TRUNCATE pt;
-- ON CONFLICT
CREATE UNIQUE INDEX ON pt (a, b);
INSERT INTO pt VALUES (3, 'x'), (1, 'y'), (2, 'z'), (1, 'w');
INSERT INTO pt VALUES (2, 'new'), (3, 'x'), (1, 'w'), (1, 'other'), (2, 'z'), (4, 'n') ON CONFLICT (a, b) DO UPDATE SET b = pt.b || '+';
INSERT INTO pt VALUES (2, 'a'), (1, 'a'), (2, 'a') ON CONFLICT (a, b) DO UPDATE SET b = pt.b || '+';
INSERT INTO pt VALUES (2, 'a'), (1, 'a'), (2, 'a') ON CONFLICT (a, b) DO NOTHING;
-- a plain table
CREATE TABLE one (k int PRIMARY KEY, b text);
CREATE FUNCTION tell1() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE NOTICE '% % % on %: % -> %', TG_NAME, TG_WHEN, TG_OP, TG_TABLE_NAME, OLD, NEW; RETURN NEW; END $$;
CREATE TRIGGER after_row AFTER INSERT OR UPDATE OR DELETE ON one FOR EACH ROW EXECUTE FUNCTION tell1();
INSERT INTO one VALUES (1, 'a'), (2, 'b');
INSERT INTO one VALUES (3, 'c'), (2, 'd'), (4, 'e'), (1, 'f') ON CONFLICT (k) DO UPDATE SET b = excluded.b;
CREATE TRIGGER before_row BEFORE INSERT OR UPDATE OR DELETE ON one FOR EACH ROW EXECUTE FUNCTION tell1();
INSERT INTO one VALUES (5, 'c'), (2, 'd'), (6, 'e'), (1, 'f') ON CONFLICT (k) DO UPDATE SET b = excluded.b;
-- inheritance
CREATE TABLE par (a int, b text);
CREATE TABLE ch1 () INHERITS (par);
CREATE TABLE ch2 () INHERITS (par);
INSERT INTO par VALUES (1, 'p'); INSERT INTO ch1 VALUES (1, 'c1'); INSERT INTO ch2 VALUES (1, 'c2'), (2, 'c2');
CREATE TRIGGER t AFTER UPDATE OR DELETE ON par FOR EACH ROW EXECUTE FUNCTION tell1();
CREATE TRIGGER t AFTER UPDATE OR DELETE ON ch1 FOR EACH ROW EXECUTE FUNCTION tell1();
CREATE TRIGGER t BEFORE UPDATE OR DELETE ON ch2 FOR EACH ROW EXECUTE FUNCTION tell1();
CREATE TRIGGER u AFTER UPDATE OR DELETE ON ch2 FOR EACH ROW EXECUTE FUNCTION tell1();
UPDATE par SET a = a + 1;
DELETE FROM par;
DROP TABLE pt, one, par CASCADE;
DROP FUNCTION tell, tell1;
