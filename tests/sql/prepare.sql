-- PREPARE, EXECUTE, DEALLOCATE.
\set VERBOSITY verbose
\set SHOW_CONTEXT never
PREPARE one AS SELECT 1 AS one;
EXECUTE one;
EXECUTE one(1);
PREPARE one AS SELECT 2;
PREPARE two(int, text) AS SELECT $1 + 1 AS sum, $2 AS t;
EXECUTE two(41, 'x');
EXECUTE two('41', NULL);
EXECUTE two(40 + 1, 'a' || 'b');
EXECUTE two(1);
EXECUTE two('abc', 'x');
PREPARE three AS SELECT $1::int * 2 AS double, $2::date;
EXECUTE three(4, '2024-02-29');
EXECUTE three(4, '2024-02-30');
PREPARE four AS SELECT $1;
EXECUTE four('text');
PREPARE five(nosuchtype) AS SELECT $1;
PREPARE six AS SELECT nosuch;
PREPARE seven(int) AS SELECT $1, $2::text;
EXECUTE seven(1, 'b');
EXECUTE nosuch;
DEALLOCATE nosuch;
DEALLOCATE one;
EXECUTE one;
DEALLOCATE PREPARE two;
DEALLOCATE ALL;
EXECUTE three(1, NULL);
PREPARE s AS SHOW datestyle;
BEGIN;
PREPARE kept AS SELECT 'kept' AS k;
ROLLBACK;
EXECUTE kept;
PREPARE cat(oid) AS SELECT nspname FROM pg_namespace WHERE oid = $1;
EXECUTE cat(11);
EXECUTE cat(2200);
EXECUTE cat('pg_catalog'::regnamespace);
DISCARD ALL;
EXECUTE cat(11);
-- columns that have changed since
CREATE TABLE changing (a int, b int); PREPARE ins(int) AS INSERT INTO changing VALUES ($1, 1) RETURNING *; PREPARE wit AS WITH x AS (INSERT INTO changing VALUES (2, 2) RETURNING b) SELECT * FROM x; PREPARE cnt AS SELECT count(*) FROM changing; PREPARE sil AS INSERT INTO changing VALUES (3);
EXECUTE ins(1); EXECUTE wit; EXECUTE cnt; EXECUTE sil;
ALTER TABLE changing ALTER b TYPE bigint;
EXECUTE ins(1);
EXECUTE wit;
EXECUTE cnt; EXECUTE sil;
DROP TABLE changing;
-- what an argument may not be
PREPARE takes_one (int) AS SELECT $1;
EXECUTE takes_one((SELECT 1));
EXECUTE takes_one(sum(1));
EXECUTE takes_one(row_number() OVER ());
EXECUTE takes_one(generate_series(1, 2));
EXECUTE takes_one(nosuch);
EXECUTE takes_one(now());
EXECUTE takes_one(2.5);
