-- ANALYZE and VACUUM: what is analysed, what is not, and what the statistics say.
\set VERBOSITY verbose
CREATE SCHEMA an;
SET search_path = an;
CREATE EXTENSION file_fdw SCHEMA an;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
\! for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do echo "$i,v$((i % 2)),"; done > /tmp/medley_analyze.csv
CREATE FOREIGN TABLE numbers (id integer, word text, nothing text) SERVER files OPTIONS (filename '/tmp/medley_analyze.csv', format 'csv');
CREATE TABLE plain (a integer, b text);
INSERT INTO plain SELECT i, 'x' || i % 10 FROM generate_series(1, 1000) i;
CREATE VIEW seen AS SELECT 1 AS a;
SELECT relname, reltuples FROM pg_class WHERE relname IN ('numbers', 'plain') ORDER BY 1;
ANALYZE plain;
ANALYZE numbers;
SELECT relname, reltuples FROM pg_class WHERE relname IN ('numbers', 'plain') ORDER BY 1;
SELECT relpages FROM pg_class WHERE relname = 'numbers';
SELECT schemaname, tablename, attname, inherited, null_frac, avg_width, n_distinct FROM pg_stats WHERE schemaname = 'an' ORDER BY 2, 3;
-- What the user says of a column counts.
ALTER FOREIGN TABLE numbers ALTER COLUMN word SET (n_distinct = 7);
ALTER FOREIGN TABLE numbers ALTER COLUMN id SET STATISTICS 0;
ANALYZE numbers (word);
SELECT attname, n_distinct FROM pg_stats WHERE tablename = 'numbers' ORDER BY 1;
-- What cannot be.
ANALYZE plain (nope);
ANALYZE plain (a, b, a);
ANALYZE nope;
ANALYZE nowhere.nope;
ANALYZE seen;
VACUUM seen;
VACUUM numbers;
VACUUM ANALYZE numbers;
VACUUM FULL numbers;
VACUUM numbers (id);
ANALYZE (nope) plain;
ANALYZE (verbose 'x') plain;
VACUUM (nope) plain;
CREATE FOREIGN DATA WRAPPER bare;
CREATE SERVER bare FOREIGN DATA WRAPPER bare;
CREATE FOREIGN TABLE nothing_there (a integer) SERVER bare;
ANALYZE nothing_there;
CREATE SEQUENCE counter;
ANALYZE counter;
BEGIN;
ANALYZE plain, numbers;
VACUUM plain;
ROLLBACK;
-- Trees: a partitioned table is analysed with its partitions, a parent by itself and with its children.
CREATE TABLE parts (a integer, b text) PARTITION BY RANGE (a);
ANALYZE VERBOSE parts;
SELECT reltuples, relpages FROM pg_class WHERE relname = 'parts';
CREATE TABLE part1 PARTITION OF parts FOR VALUES FROM (1) TO (10);
CREATE FOREIGN TABLE part2 PARTITION OF parts FOR VALUES FROM (10) TO (30) SERVER files OPTIONS (program 'seq -f "%g,x" 10 29', format 'csv');
INSERT INTO parts SELECT i, 'word' FROM generate_series(1, 5) i;
ANALYZE part2;
DROP FOREIGN TABLE part2;
\! seq -f "%g,x" 10 29 > /tmp/medley_analyze2.csv
CREATE FOREIGN TABLE part2 PARTITION OF parts FOR VALUES FROM (10) TO (30) SERVER files OPTIONS (filename '/tmp/medley_analyze2.csv', format 'csv');
ANALYZE parts;
CREATE TABLE old (a integer);
CREATE TABLE young (c integer) INHERITS (old);
INSERT INTO old VALUES (1), (2);
INSERT INTO young VALUES (2), (3), (3);
ANALYZE old;
SELECT relname, reltuples FROM pg_class WHERE relname IN ('parts', 'part1', 'part2', 'old', 'young') ORDER BY 1;
SELECT tablename, attname, inherited, null_frac, avg_width, n_distinct FROM pg_stats WHERE schemaname = 'an' AND tablename IN ('parts', 'part1', 'part2', 'old', 'young') ORDER BY 1, 2, 3;
-- Files that are empty, missing, wrong; what a program will print is not asked.
CREATE FOREIGN TABLE odd (a integer) SERVER files OPTIONS (filename '/dev/null', format 'csv');
ANALYZE VERBOSE odd;
SELECT reltuples, relpages FROM pg_class WHERE relname = 'odd';
ALTER FOREIGN TABLE odd OPTIONS (SET filename '/tmp/medley_analyze_nosuch.csv');
ANALYZE odd;
ALTER FOREIGN TABLE odd OPTIONS (SET filename '/tmp/medley_analyze2.csv');
ANALYZE odd;
ALTER FOREIGN TABLE odd OPTIONS (DROP filename, ADD program 'echo 1');
ANALYZE odd;
-- Whose they are.
CREATE ROLE an_other;
GRANT USAGE ON SCHEMA an TO an_other;
SET ROLE an_other;
ANALYZE plain, numbers;
ANALYZE parts;
ANALYZE pg_class;
VACUUM plain;
RESET ROLE;
ANALYZE;
SET client_min_messages = warning;
DROP SCHEMA an CASCADE;
DROP SERVER bare CASCADE;
DROP FOREIGN DATA WRAPPER bare;
DROP ROLE an_other;
\! rm /tmp/medley_analyze.csv /tmp/medley_analyze2.csv
-- What indexes compute is computed, and may fail
create function within(int) returns int language plpgsql immutable as $$ begin if $1 > 5 then raise exception 'too big %', $1; end if; return $1; end $$;
create table computed (a int, b int);
create index computed_e on computed (within(a), (a + b)) where b < 100;
create index computed_b on computed (b);
insert into computed values (1, 1), (2, 2), (2, 200);
analyze computed;
select relname, reltuples from pg_class where relname like 'computed%' order by 1;
select tablename, attname, null_frac, avg_width, n_distinct from pg_stats where tablename like 'computed%' order by 1, 2;
create or replace function within(int) returns int language plpgsql immutable as $$ begin if $1 > 1 then raise exception 'too big %', $1; end if; return $1; end $$;
analyze computed;
analyze computed (b);
alter index computed_e alter column 1 set statistics 0;
analyze computed;
create table computed_p (a int);
create function meets(int) returns bool language plpgsql immutable as $$ begin return true; end $$;
create index computed_pi on computed_p (a) where meets(a);
insert into computed_p values (1);
create or replace function meets(int) returns bool language plpgsql immutable as $$ begin raise exception 'asked %', $1; end $$;
analyze computed_p;
analyze computed_p (a);
drop table computed, computed_p;
drop function within, meets;
