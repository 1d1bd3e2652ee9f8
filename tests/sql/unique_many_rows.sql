-- Unique keys of many rows, many of which are alike: one look at each row, not at each pair.
CREATE SCHEMA many_rows;
SET search_path = many_rows;
SET statement_timeout = '60s';
CREATE TABLE many (a int, b int);
INSERT INTO many SELECT i, i FROM generate_series(1, 10000) i;
CREATE UNIQUE INDEX many_a ON many (a);
UPDATE many SET a = 7;
UPDATE many SET b = 1;
CREATE UNIQUE INDEX many_b ON many (b);
CREATE UNIQUE INDEX many_b ON many ((b + 1));
UPDATE many SET b = NULL;
CREATE UNIQUE INDEX many_b ON many (b) NULLS NOT DISTINCT;
CREATE UNIQUE INDEX many_b ON many (b);
INSERT INTO many SELECT NULL, i FROM generate_series(1, 10000) i;
INSERT INTO many SELECT 10001, NULL FROM generate_series(1, 10000) i;
INSERT INTO many SELECT 10000 + i / 2, NULL FROM generate_series(2, 10000) i;
INSERT INTO many SELECT 20000 - i, NULL FROM generate_series(1, 10000) i;
UPDATE many SET a = 7;
UPDATE many SET b = 10000 - b;
UPDATE many SET b = b + 1 WHERE b = 9999;
MERGE INTO many USING (SELECT i FROM generate_series(1, 10000) i) s ON a = i WHEN MATCHED THEN UPDATE SET b = 40000;
SELECT count(*), sum(a), sum(b) FROM many;

-- what a row meets that was there before, that comes before it, that goes later
CREATE TABLE met (a int PRIMARY KEY, b int UNIQUE NULLS NOT DISTINCT);
INSERT INTO met VALUES (1, 1), (2, 2), (3, NULL);
INSERT INTO met VALUES (4, 4), (5, 5), (5, 6), (1, 7);
INSERT INTO met VALUES (4, 4), (1, 5), (5, 4);
INSERT INTO met VALUES (4, 4), (5, NULL), (5, 6);
INSERT INTO met VALUES (4, 4), (5, 4), (4, 7);
UPDATE met SET a = 4 - a;
UPDATE met SET a = a + 10, b = 5 WHERE a < 3;
UPDATE met SET a = 9;
UPDATE met SET a = a - 1;
SELECT * FROM met ORDER BY a;

-- ON CONFLICT: a row that is taken out is in nobody's way
INSERT INTO many SELECT i, i FROM generate_series(1, 10000) i ON CONFLICT DO NOTHING;
INSERT INTO many SELECT 90000, i FROM generate_series(90001, 100000) i ON CONFLICT DO NOTHING;
SELECT count(*), sum(a), sum(b) FROM many;
INSERT INTO many SELECT 90001 + i % 1000, 100000 + i % 1700 FROM generate_series(1, 10000) i ON CONFLICT DO NOTHING;
SELECT count(*), sum(a), sum(b) FROM many;
INSERT INTO many SELECT 90000, i FROM generate_series(1, 10000) i ON CONFLICT (a) DO UPDATE SET b = 0;
INSERT INTO many SELECT 99999, i FROM generate_series(200001, 210000) i ON CONFLICT (a) DO UPDATE SET b = 0;
TRUNCATE met;
INSERT INTO met VALUES (1, 1), (1, 2), (2, 2), (2, 3), (3, 3), (3, 4), (4, 4), (5, NULL), (6, NULL) ON CONFLICT DO NOTHING;
SELECT * FROM met ORDER BY a;
INSERT INTO met VALUES (6, 4), (6, 6), (7, 6), (7, 7), (8, 7), (8, NULL), (8, 8), (9, 8) ON CONFLICT DO NOTHING;
SELECT * FROM met ORDER BY a;

-- keys that are asked about later
CREATE TABLE later (a int UNIQUE DEFERRABLE, b int);
INSERT INTO later SELECT i, i FROM generate_series(1, 10000) i;
INSERT INTO later SELECT 10000 + i / 2, i FROM generate_series(2, 10000) i;
INSERT INTO later SELECT 20000 - i, i FROM generate_series(1, 10000) i;
UPDATE later SET a = a + 1;
UPDATE later SET a = 7;
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
UPDATE later SET a = 7;
COMMIT;
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
UPDATE later SET a = 7 WHERE a > 3;
UPDATE later SET a = b WHERE b > 4;
INSERT INTO later VALUES (3, -1);
UPDATE later SET a = -4 WHERE b = 3;
UPDATE later SET a = 4 WHERE b = 4;
COMMIT;
SELECT count(*), sum(a), sum(b) FROM later;
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO later VALUES (-4, -2);
UPDATE later SET a = 5 WHERE b = 10;
COMMIT;

-- every kind of key
CREATE TYPE unique_mood AS ENUM ('low', 'high');
CREATE TYPE unique_pair AS (x int, y text);
CREATE DOMAIN unique_small AS numeric CHECK (VALUE < 100);
CREATE TABLE numbers (k_numeric numeric UNIQUE, k_float float8 UNIQUE, k_bool bool UNIQUE, k_domain unique_small UNIQUE, k_oid oid UNIQUE,
                      k_small int2 UNIQUE);
CREATE TABLE texts (k_text text UNIQUE, k_char char(4) UNIQUE, k_varchar varchar UNIQUE, k_bytea bytea UNIQUE, k_enum unique_mood UNIQUE,
                    k_name name UNIQUE, k_quoted "char" UNIQUE);
CREATE TABLE times (k_date date UNIQUE, k_time time UNIQUE, k_timetz timetz UNIQUE, k_timestamptz timestamptz UNIQUE,
                    k_interval interval UNIQUE);
CREATE TABLE others (k_uuid uuid UNIQUE, k_inet inet UNIQUE, k_cidr cidr UNIQUE, k_macaddr macaddr UNIQUE, k_bit varbit UNIQUE,
                     k_lsn pg_lsn UNIQUE);
CREATE TABLE nested (k_jsonb jsonb UNIQUE, k_array int[] UNIQUE, k_texts text[] UNIQUE, k_range int4range UNIQUE, k_pair unique_pair UNIQUE);
INSERT INTO numbers (k_numeric) VALUES (1.0), (2), (1.00);
INSERT INTO numbers (k_float) VALUES ('NaN'), (0), ('-0');
INSERT INTO numbers (k_float) VALUES ('NaN'), (0), ('NaN');
INSERT INTO texts (k_text) VALUES ('a'), ('A'), ('a');
INSERT INTO texts (k_char) VALUES ('a'), ('b'), ('a ');
INSERT INTO texts (k_varchar) VALUES ('a'), ('a '), ('a');
INSERT INTO texts (k_bytea) VALUES ('\x00'), ('\x01'), ('\x00');
INSERT INTO others (k_uuid) VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'), ('A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11');
INSERT INTO numbers (k_bool) VALUES (true), (false), (true);
INSERT INTO times (k_date) VALUES ('2020-01-01'), ('infinity'), ('infinity');
INSERT INTO times (k_time) VALUES ('24:00'), ('12:00'), ('24:00');
INSERT INTO times (k_timetz) VALUES ('12:00+00'), ('12:00+01'), ('12:00+00');
INSERT INTO times (k_timestamptz) VALUES ('2020-01-01 12:00+00'), ('2020-01-01 12:00+01'), ('2020-01-01 13:00+01');
INSERT INTO times (k_interval) VALUES ('1 month'), ('1 day'), ('30 days');
INSERT INTO others (k_inet) VALUES ('10.0.0.1'), ('10.0.0.1/24'), ('10.0.0.1/32');
INSERT INTO others (k_cidr) VALUES ('10.0.0.0/24'), ('10.0.0.0/25'), ('10.0.0/24');
INSERT INTO others (k_macaddr) VALUES ('08:00:2b:01:02:03'), ('08002b:010203');
INSERT INTO others (k_bit) VALUES ('1'), ('10'), ('1');
INSERT INTO nested (k_jsonb) VALUES ('{"a": 1, "b": 2}'), ('{"a": 1}'), ('{"b": 2.0, "a": 1}');
INSERT INTO nested (k_array) VALUES ('{1,2}'), ('{2,1}'), ('{1,2}');
INSERT INTO nested (k_texts) VALUES ('{a,NULL}'), ('{a}'), ('{a,NULL}');
INSERT INTO nested (k_range) VALUES ('[1,3)'), ('[1,3]'), ('(0,2]');
INSERT INTO texts (k_enum) VALUES ('low'), ('high'), ('low');
INSERT INTO nested (k_pair) VALUES ('(1,a)'), ('(1,)'), ('(1,)');
INSERT INTO numbers (k_domain) VALUES (1.0), (2), (1.00);
INSERT INTO texts (k_name) VALUES ('a'), ('b'), ('a');
INSERT INTO others (k_lsn) VALUES ('0/1'), ('0/2'), ('0/01');
INSERT INTO numbers (k_oid) VALUES (1), (4294967295), (1);
INSERT INTO numbers (k_small) VALUES (1), (2), (1);
INSERT INTO texts (k_quoted) VALUES ('a'), ('b'), ('a');
