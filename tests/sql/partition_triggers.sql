-- Row triggers of partitioned tables: clones on the partitions, in the catalog and when rows come.
CREATE SCHEMA cloned;
SET search_path = cloned;
CREATE TABLE p (k int, v text, g int GENERATED ALWAYS AS (k * 2) STORED) PARTITION BY RANGE (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p2 (dropped int, v text, g int GENERATED ALWAYS AS (k * 2) STORED, k int);
ALTER TABLE p2 DROP COLUMN dropped;
CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (20) TO (40) PARTITION BY LIST (k);
CREATE TABLE p3a PARTITION OF p3 FOR VALUES IN (20, 21);
CREATE FUNCTION say() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE NOTICE '% % % % on %: new % old % args %', TG_NAME, TG_WHEN, TG_LEVEL, TG_OP, TG_TABLE_NAME, NEW, OLD, TG_ARGV;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.k := NEW.k + 5; RETURN NEW; END $$;
CREATE TRIGGER a BEFORE INSERT OR UPDATE OF v ON p FOR EACH ROW WHEN (NEW.k > 1) EXECUTE FUNCTION say('x', 'y z');
CREATE TRIGGER b AFTER INSERT OR UPDATE OR DELETE ON p FOR EACH ROW EXECUTE FUNCTION say();
CREATE TRIGGER s BEFORE INSERT OR UPDATE OR DELETE ON p EXECUTE FUNCTION say();
CREATE CONSTRAINT TRIGGER c AFTER INSERT ON p DEFERRABLE FOR EACH ROW EXECUTE FUNCTION say();
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (10) TO (20);
CREATE TABLE p3b PARTITION OF p3 FOR VALUES IN (22);
SELECT tgname, tgrelid::regclass, tgenabled, tgattr, tgtype, tgparentid <> 0 AS is_clone, tgqual IS NULL AS always, tgconstraint <> 0 AS is_constraint FROM pg_trigger WHERE tgrelid::regclass::text LIKE 'p%' ORDER BY 1, 2;
SELECT t.tgname, t.tgrelid::regclass, p.tgrelid::regclass AS of FROM pg_trigger t JOIN pg_trigger p ON p.oid = t.tgparentid ORDER BY 1, 2;
SELECT t.tgname, t.tgrelid::regclass, refclassid::regclass, refobjsubid, deptype, count(*) FROM pg_depend d JOIN pg_trigger t ON t.oid = d.objid AND d.classid = 'pg_trigger'::regclass WHERE t.tgrelid IN ('p1'::regclass, 'p2'::regclass) GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5;
SELECT conname, conrelid::regclass, conparentid, coninhcount, conislocal FROM pg_constraint WHERE contype = 't' ORDER BY 1, 2;
SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid IN ('p2'::regclass, 'p3b'::regclass) ORDER BY tgrelid::regclass::text, tgname;
\d p
\d p2
\d p3b
INSERT INTO p VALUES (1, 'one'), (2, 'two');
INSERT INTO p VALUES (12, 'twelve');
INSERT INTO p3 VALUES (22, 'direct');
INSERT INTO p1 VALUES (3, 'leaf') RETURNING *;
UPDATE p SET v = upper(v) WHERE k IN (2, 12);
UPDATE p SET k = 4 WHERE k = 3;
ALTER TABLE p DISABLE TRIGGER a;
UPDATE p SET k = 13 WHERE k = 4;
ALTER TABLE p ENABLE TRIGGER a;
DELETE FROM p WHERE k = 12;
COPY p (k, v) FROM stdin;
5	five
20	twenty
\.
SELECT tableoid::regclass, * FROM p ORDER BY k;
-- a row stays in its partition
CREATE TRIGGER m BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION move();
INSERT INTO p VALUES (0, 'stays');
INSERT INTO p VALUES (7, 'would leave');
INSERT INTO p1 VALUES (7, 'would leave');
DROP TRIGGER m ON p;
-- names, states
\set VERBOSITY verbose
ALTER TRIGGER a ON p1 RENAME TO q;
DROP TRIGGER a ON p1;
CREATE OR REPLACE TRIGGER a BEFORE INSERT ON p1 FOR EACH ROW EXECUTE FUNCTION say();
CREATE TRIGGER a BEFORE INSERT ON p1 FOR EACH ROW EXECUTE FUNCTION say();
ALTER TABLE p DISABLE TRIGGER a;
ALTER TABLE ONLY p ENABLE TRIGGER a;
ALTER TABLE p1 ENABLE ALWAYS TRIGGER a;
ALTER TABLE p DISABLE TRIGGER nosuch;
SELECT tgname, tgrelid::regclass, tgenabled FROM pg_trigger WHERE tgname = 'a' ORDER BY 1, 2;
CREATE TRIGGER zz BEFORE INSERT ON p1 FOR EACH ROW EXECUTE FUNCTION say();
ALTER TRIGGER a ON p RENAME TO zz;
ALTER TRIGGER a ON p RENAME TO b;
ALTER TRIGGER a ON p RENAME TO z;
SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE tgname IN ('a', 'z') ORDER BY 1, 2;
CREATE TRIGGER zz BEFORE INSERT ON p FOR EACH ROW EXECUTE FUNCTION say();
CREATE OR REPLACE TRIGGER zz BEFORE DELETE ON p FOR EACH ROW EXECUTE FUNCTION say();
SELECT tgname, tgrelid::regclass, tgtype, tgparentid <> 0 AS is_clone FROM pg_trigger WHERE tgname = 'zz' ORDER BY 1, 2;
CREATE TRIGGER i INSTEAD OF INSERT ON p FOR EACH ROW EXECUTE FUNCTION say();
CREATE TRIGGER i AFTER INSERT ON p REFERENCING NEW TABLE AS n FOR EACH ROW EXECUTE FUNCTION say();
CREATE TRIGGER i AFTER TRUNCATE ON p FOR EACH ROW EXECUTE FUNCTION say();
-- leaving and coming back
ALTER TABLE p DETACH PARTITION p2;
\d p2
CREATE TRIGGER b BEFORE INSERT ON p2 FOR EACH ROW EXECUTE FUNCTION say();
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (10) TO (20);
DROP TRIGGER b ON p2;
ALTER TABLE p DETACH PARTITION p3;
SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE tgrelid::regclass::text LIKE 'p3%';
ALTER TABLE p ATTACH PARTITION p3 FOR VALUES FROM (20) TO (40);
SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE tgrelid::regclass::text LIKE 'p3%' ORDER BY 1, 2;
-- foreign partitions
CREATE FOREIGN DATA WRAPPER clone_wrapper;
CREATE SERVER clone_server FOREIGN DATA WRAPPER clone_wrapper;
CREATE FOREIGN TABLE f PARTITION OF p FOR VALUES FROM (100) TO (200) SERVER clone_server;
DROP TRIGGER c ON p;
CREATE FOREIGN TABLE f PARTITION OF p FOR VALUES FROM (100) TO (200) SERVER clone_server;
CREATE CONSTRAINT TRIGGER c AFTER INSERT ON p DEFERRABLE FOR EACH ROW EXECUTE FUNCTION say();
\d f
DROP TRIGGER z ON p;
SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE tgname = 'z';
DROP TABLE p1;
ALTER TABLE p RENAME COLUMN v TO w;
DROP FUNCTION say();
DROP FUNCTION say() CASCADE;
SELECT count(*) FROM pg_trigger WHERE tgrelid::regclass::text LIKE 'p%';
DROP TABLE p;
DROP FOREIGN DATA WRAPPER clone_wrapper CASCADE;
