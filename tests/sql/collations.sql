-- Collations: recorded whatever they are, used where their order is that of the bytes.
CREATE COLLATION c1 FROM "C";
CREATE COLLATION c2 (locale = 'C');
CREATE COLLATION c3 (lc_collate = 'C', lc_ctype = 'C');
CREATE COLLATION c4 (lc_collate = 'C', lc_ctype = 'POSIX');
CREATE COLLATION c5 (locale = 'C.UTF-8');
CREATE COLLATION IF NOT EXISTS c1 FROM "C";
CREATE COLLATION c1 FROM "C";
CREATE COLLATION c6 (provider = icu, locale = 'de-u-co-phonebk');
CREATE COLLATION c7 (provider = icu, locale = 'und', deterministic = false);
CREATE COLLATION c8 (provider = icu, locale = 'en-US', deterministic = true);
CREATE COLLATION c9 (provider = icu, locale = 'de');
CREATE COLLATION c10 (provider = libc, locale = 'nosuch_LOCALE');
CREATE COLLATION c10 (provider = nosuch, locale = 'C');
CREATE COLLATION c10 (locale = 'C', deterministic = false);
CREATE COLLATION c10 (locale = 'C', lc_collate = 'C');
CREATE COLLATION c10 (lc_collate = 'C');
CREATE COLLATION c10 (lc_ctype = 'C');
CREATE COLLATION c10 ();
CREATE COLLATION c10 (locale = 'C', locale = 'C');
CREATE COLLATION c10 (from = "C", locale = 'C');
CREATE COLLATION c10 (nosuch = 1);
CREATE COLLATION c10 FROM nosuch;
CREATE COLLATION c10 FROM "default";
CREATE COLLATION c10 (provider = icu);
CREATE COLLATION c10 (provider = icu, lc_collate = 'C', lc_ctype = 'C');
CREATE COLLATION c10 (locale = 'C', version = 'abc');
CREATE COLLATION c11 (provider = icu, locale = 'fr');
CREATE COLLATION nosuch.c10 FROM "C";
SELECT collname, collprovider, collisdeterministic, collencoding, collcollate, collctype, colliculocale FROM pg_collation WHERE collnamespace = 'public'::regnamespace ORDER BY 1;
\dO
\dO+
\dO c1
COMMENT ON COLLATION c1 IS 'one';
COMMENT ON COLLATION nosuch IS 'one';
\dO+ c1
ALTER COLLATION c1 RENAME TO c1x;
ALTER COLLATION c1x RENAME TO c2;
ALTER COLLATION nosuch RENAME TO c2;
CREATE SCHEMA s1;
ALTER COLLATION c1x SET SCHEMA s1;
ALTER COLLATION s1.c1x SET SCHEMA nosuch;
ALTER COLLATION c2 SET SCHEMA s1;
ALTER COLLATION s1.c2 RENAME TO c1x;
CREATE COLLATION c2 FROM "C";
ALTER COLLATION c2 SET SCHEMA s1;
CREATE ROLE collations_c;
ALTER COLLATION c2 OWNER TO collations_c;
ALTER COLLATION c2 OWNER TO nosuch;
ALTER COLLATION c2 REFRESH VERSION;
ALTER COLLATION c8 REFRESH VERSION;
ALTER COLLATION nosuch REFRESH VERSION;
SET ROLE collations_c;
ALTER COLLATION c3 RENAME TO cc;
ALTER COLLATION c3 OWNER TO collations_c;
ALTER COLLATION c3 SET SCHEMA s1;
ALTER COLLATION c3 REFRESH VERSION;
DROP COLLATION c3;
CREATE COLLATION cx FROM "C";
DROP COLLATION c2;
RESET ROLE;
CREATE TABLE t (a text COLLATE c3, b text COLLATE c5, c text COLLATE s1.c2);
INSERT INTO t VALUES ('b', 'B', 'x'), ('B', 'a', 'y'), ('a', 'ä', 'z'), ('ä', 'b', 'w');
SELECT a FROM t ORDER BY a;
SELECT b FROM t ORDER BY b;
SELECT c FROM t ORDER BY c DESC;
SELECT a < b FROM t;
SELECT a < b COLLATE c3 FROM t ORDER BY 1;
SELECT max(a), min(b) FROM t;
SELECT upper(b) FROM t ORDER BY b;
SELECT a FROM t WHERE a > 'b' ORDER BY 1;
\d t
DROP COLLATION c3;
DROP COLLATION c3 CASCADE;
\d t
CREATE DOMAIN dc AS text COLLATE c5;
DROP COLLATION c5;
DROP COLLATION c5 CASCADE;
CREATE VIEW cv AS SELECT a COLLATE c4 AS x FROM (VALUES ('a')) v(a);
\d+ cv
DROP COLLATION c4;
DROP COLLATION IF EXISTS nosuch;
DROP COLLATION IF EXISTS nosuch.nosuch;
DROP COLLATION nosuch;
DROP COLLATION "C";
DROP COLLATION c6, c7, c8, c9;
SELECT 'a' < 'b' COLLATE nosuch;
SELECT 'a' COLLATE s1.nosuch;
SELECT pg_describe_object('pg_collation'::regclass, 'c11'::regcollation, 0), obj_description('s1.c1x'::regcollation, 'pg_collation');
SELECT 's1.c1x'::regcollation, to_regcollation('nope'), 'nope'::regcollation;
DROP VIEW cv; DROP TABLE t;
DROP SCHEMA s1 CASCADE;
DROP COLLATION c4, c11;
\dO
DROP OWNED BY collations_c;
DROP ROLE collations_c;
