-- Names that views, defaults, CHECKs and generation expressions mention: each may change.
CREATE SCHEMA renames_s;
SET search_path = renames_s, public;
CREATE TYPE color AS ENUM ('red', 'green', 'blue');
CREATE TABLE shades (c color DEFAULT 'green' CHECK (c < 'blue'), d color NOT NULL DEFAULT enum_last(NULL::color));
CREATE TABLE spans (c color, n int) PARTITION BY RANGE (c);
CREATE TABLE spans_a PARTITION OF spans FOR VALUES FROM ('red') TO ('blue');
CREATE TABLE spans_d PARTITION OF spans FOR VALUES FROM ('blue') TO (MAXVALUE);
CREATE VIEW warm AS SELECT c, c < 'blue' AS warm, ARRAY['red'::color] AS a FROM (VALUES ('green'::color), ('blue')) s (c) WHERE c = 'red' OR c = ANY ('{green}');
SELECT * FROM warm;
\d+ warm
ALTER TYPE color RENAME VALUE 'red' TO 'crimson';
SELECT * FROM warm;
\d+ warm
ALTER TYPE color RENAME VALUE 'red' TO 'crimson';
ALTER TYPE color RENAME VALUE 'green' TO 'blue';
ALTER TYPE color RENAME TO paint;
SELECT * FROM warm;
\d+ warm
\d shades
\d+ spans
SELECT 'crimson'::paint < 'blue';
SELECT 'red'::paint;
SET search_path = public;
create type mood as enum('a','b'); create schema s; create function s.f(int) returns int language sql immutable as 'select $1';
create domain s.d as int default 3;
create table t (m mood default 'a' check (m > 'a'), x int default s.f(1), dd s.d default 3, ms mood[] default '{a,b}', g int generated always as (s.f(x)) stored);
create view v as select s.f(x) as q, m = 'a' as e, ms || '{a}' as z, x::s.d as dx from t where x in (select s.f(3));
\d t
\d+ v
alter schema s rename to s2;
alter type mood rename value 'a' to 'A b';
alter type mood rename to mo;
\d t
\d+ v
\d s2.d
\dD+ s2.d
alter function s2.f(int) rename to g;
alter domain s2.d rename to dd;
\d t
\d+ v
alter function s2.g(int) set schema public;
alter domain s2.dd set schema public;
alter type mo set schema s2;
\d t
\d+ v
set search_path = s2;
\d+ public.v
drop view v;
drop table t;
set search_path = public;
alter schema s2 rename to renames_s;
alter schema nothing rename to s3;
alter type s2.nothing rename to x;
alter function s2.nothing() rename to x;
\set VERBOSITY terse
drop schema s2, renames_s cascade;
-- a name that its own array type has: that gives way, and keeps the name it got
CREATE TABLE moved (a int); ALTER TABLE moved RENAME TO _moved;
SELECT t.typname, e.typname FROM pg_type t JOIN pg_type e ON e.oid = t.typarray WHERE t.typrelid = '_moved'::regclass;
CREATE TYPE moved_type AS ENUM ('a'); ALTER TYPE moved_type RENAME TO _moved_type;
CREATE DOMAIN moved_domain AS int; ALTER DOMAIN moved_domain RENAME TO _moved_domain;
CREATE TYPE moved_row AS (a int); ALTER TYPE moved_row RENAME TO _moved_row;
SELECT t.typname, e.typname FROM pg_type t JOIN pg_type e ON e.oid = t.typarray WHERE t.typname LIKE '\_moved\_%' ORDER BY 1;
DROP TABLE _moved; DROP TYPE _moved_type, _moved_row; DROP DOMAIN _moved_domain;
