-- Hash partitioning: rows lie in the partitions where PostgreSQL puts them.
CREATE FUNCTION hash_table(name text, type text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TABLE %I (k %s, n int) PARTITION BY HASH (k)', name, type);
  FOR i IN 0 .. 4 LOOP
    EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES WITH (MODULUS 5, REMAINDER %s)', name || i, name, i);
  END LOOP;
END $$;
SELECT hash_table('h_int4', 'int'), hash_table('h_int2', 'smallint'), hash_table('h_int8', 'bigint'), hash_table('h_text', 'text'), hash_table('h_bpchar', 'char(6)');
INSERT INTO h_int4 SELECT g * g * CASE WHEN g % 2 = 0 THEN -1 ELSE 1 END, g FROM generate_series(0, 40) g;
INSERT INTO h_int4 VALUES (NULL, 0), (2147483647, 1), (-2147483648, 2);
SELECT tableoid::regclass, array_agg(k ORDER BY k) FROM h_int4 GROUP BY 1 ORDER BY 1;
INSERT INTO h_int2 SELECT g * 17 - 300, g FROM generate_series(0, 40) g;
SELECT tableoid::regclass, array_agg(k ORDER BY k) FROM h_int2 GROUP BY 1 ORDER BY 1;
INSERT INTO h_int8 SELECT g * 123456789012 * (g - 15), g FROM generate_series(0, 40) g;
INSERT INTO h_int8 VALUES (9223372036854775807), (-9223372036854775808), (-1), (4294967296), (-4294967297);
SELECT tableoid::regclass, array_agg(k ORDER BY k) FROM h_int8 GROUP BY 1 ORDER BY 1;
INSERT INTO h_text SELECT repeat(chr(97 + g % 26), g), g FROM generate_series(0, 40) g;
INSERT INTO h_text VALUES ('äöü€𝄞'), ('a longer text of more than twenty-four bytes'), (NULL), ('trailing  ');
SELECT tableoid::regclass, array_agg(k ORDER BY k) FROM h_text GROUP BY 1 ORDER BY 1;
INSERT INTO h_bpchar VALUES (''), ('a'), ('ab'), ('abc'), ('abc  '), ('abcdef'), (' x'), ('é');
SELECT tableoid::regclass, k, length(k) FROM h_bpchar ORDER BY 1, 2;
SELECT hash_table('h_varchar', 'varchar(20)'), hash_table('h_name', 'name'), hash_table('h_char', '"char"'), hash_table('h_bool', 'boolean'), hash_table('h_oid', 'oid');
INSERT INTO h_varchar SELECT md5(g::text)::varchar(20), g FROM generate_series(1, 20) g;
SELECT tableoid::regclass, array_agg(n ORDER BY n) FROM h_varchar GROUP BY 1 ORDER BY 1;
INSERT INTO h_name VALUES ('pg_class'), ('a'), (''), ('name with blanks');
SELECT tableoid::regclass, k FROM h_name ORDER BY 1, 2;
INSERT INTO h_char VALUES ('a'), ('Z'), (''), ('0'), ('\377');
SELECT tableoid::regclass, k FROM h_char ORDER BY 1, k = '\377', 2;
INSERT INTO h_bool VALUES (true), (false), (NULL);
SELECT tableoid::regclass, k FROM h_bool ORDER BY 1, 2;
INSERT INTO h_oid VALUES (0), (1), (16384), (4294967295), (2147483648);
SELECT tableoid::regclass, k FROM h_oid ORDER BY 1, 2;
SELECT hash_table('h_numeric', 'numeric'), hash_table('h_decimal', 'numeric(12,3)'), hash_table('h_float8', 'float8'), hash_table('h_float4', 'real');
INSERT INTO h_numeric VALUES (0), (0.000), (1), (1.0), (-1), (10000), (100000000), (0.0001), (0.00000001), (1.5), (1.50000), (12345.6789), (-12345.6789), (1e40), (1e-40), ('NaN'), ('Infinity'), ('-Infinity'), (NULL),
  (9999), (99990000), (123456789012345678901234567890.123456789), (1e20 / 3);
SELECT tableoid::regclass, array_agg(k ORDER BY k, scale(k)) FROM h_numeric GROUP BY 1 ORDER BY 1;
INSERT INTO h_numeric SELECT ('1' || repeat('23', 9000) || '.' || repeat('45', g))::numeric, g FROM generate_series(4000, 4006) g;
INSERT INTO h_numeric SELECT ('1' || repeat('0', 40000))::numeric * g, -g FROM generate_series(1, 6) g;
SELECT tableoid::regclass, n FROM h_numeric WHERE abs(n) > 0 ORDER BY n;
INSERT INTO h_decimal SELECT g * 0.377, g FROM generate_series(-10, 10) g;
SELECT tableoid::regclass, array_agg(k ORDER BY k) FROM h_decimal GROUP BY 1 ORDER BY 1;
INSERT INTO h_float8 VALUES (0), ('-0'), (1), (-1), (1.5), (0.1), (1e300), ('NaN'), ('Infinity'), ('-Infinity'), (NULL), (0.1::real);
SELECT tableoid::regclass, array_agg(k ORDER BY k) FROM h_float8 GROUP BY 1 ORDER BY 1;
INSERT INTO h_float4 VALUES (0), ('-0'), (1), (-1), (1.5), (0.1), (1e30), ('NaN'), ('Infinity'), ('-Infinity');
SELECT tableoid::regclass, array_agg(k ORDER BY k) FROM h_float4 GROUP BY 1 ORDER BY 1;
SET TimeZone = 'Europe/Berlin';
SELECT hash_table('h_date', 'date'), hash_table('h_time', 'time'), hash_table('h_timetz', 'timetz'), hash_table('h_ts', 'timestamp'), hash_table('h_tstz', 'timestamptz'), hash_table('h_interval', 'interval');
INSERT INTO h_date VALUES ('2000-01-01'), ('1999-12-31'), ('2024-02-29'), ('4713-01-01 BC'), ('infinity'), ('-infinity'), ('1970-01-01');
SELECT tableoid::regclass, k FROM h_date ORDER BY 1, 2;
INSERT INTO h_time VALUES ('00:00'), ('24:00'), ('12:34:56.789'), ('23:59:59.999999');
SELECT tableoid::regclass, k FROM h_time ORDER BY 1, 2;
INSERT INTO h_timetz VALUES ('00:00+00'), ('12:00+02'), ('12:00-05:30'), ('23:59:59.999999+13'), ('10:00-11:59:59');
SELECT tableoid::regclass, k FROM h_timetz ORDER BY 1, 2;
INSERT INTO h_ts VALUES ('2000-01-01'), ('1999-12-31 23:59:59.999999'), ('2024-02-29 12:00'), ('infinity'), ('-infinity'), ('0044-03-15 BC');
SELECT tableoid::regclass, k FROM h_ts ORDER BY 1, 2;
INSERT INTO h_tstz VALUES ('2000-01-01'), ('1999-12-31 23:59:59.999999'), ('2024-02-29 12:00+00'), ('infinity'), ('-infinity');
SELECT tableoid::regclass, k FROM h_tstz ORDER BY 1, 2;
INSERT INTO h_interval VALUES ('1 day'), ('24 hours'), ('1 month'), ('30 days'), ('1 year'), ('-1 day'), ('0'), ('1 month -29 days'), ('3 years 2 mons 1 day 04:05:06.789');
SELECT tableoid::regclass, k FROM h_interval ORDER BY 1, 2, k::text;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
SELECT hash_table('h_uuid', 'uuid'), hash_table('h_bytea', 'bytea'), hash_table('h_array', 'int[]'), hash_table('h_texts', 'text[]'), hash_table('h_domain', 'positive'), hash_table('h_enum', 'mood');
INSERT INTO h_uuid VALUES ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'), ('00000000-0000-0000-0000-000000000000'), ('ffffffff-ffff-ffff-ffff-ffffffffffff');
SELECT tableoid::regclass, k FROM h_uuid ORDER BY 1, 2;
INSERT INTO h_bytea VALUES ('\x'), ('\x00'), ('\x0001ff'), ('\xdeadbeefdeadbeefdeadbeef'), ('\xdeadbeefdeadbeefdeadbeef00');
SELECT tableoid::regclass, k FROM h_bytea ORDER BY 1, 2;
INSERT INTO h_array VALUES ('{}'), ('{1}'), ('{1,2,3}'), ('{NULL}'), ('{{1,2},{3,4}}'), ('{1,2,3,4}'), ('[0:1]={1,2}');
SELECT tableoid::regclass, k FROM h_array ORDER BY 1, 2;
INSERT INTO h_texts VALUES ('{a,b}'), ('{"a,b"}'), ('{""}'), ('{NULL,x}');
SELECT tableoid::regclass, k FROM h_texts ORDER BY 1, 2;
INSERT INTO h_domain SELECT g FROM generate_series(1, 9) g;
SELECT tableoid::regclass, k FROM h_domain ORDER BY 1, 2;
INSERT INTO h_enum VALUES ('sad'), ('ok'), ('happy');
SELECT k, n FROM h_enum ORDER BY 1;
-- several columns, expressions, levels
CREATE TABLE multi (a int, b text, c date) PARTITION BY HASH (a, lower(b), c);
CREATE TABLE multi_0 PARTITION OF multi FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE multi_1 PARTITION OF multi FOR VALUES WITH (MODULUS 3, REMAINDER 1) PARTITION BY HASH (b);
CREATE TABLE multi_1a PARTITION OF multi_1 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE multi_1b PARTITION OF multi_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO multi SELECT g, 'B' || g, date '2020-01-01' + g FROM generate_series(1, 12) g WHERE satisfies_hash_partition('multi'::regclass, 3, 2, g, 'b' || g, date '2020-01-01' + g) IS NOT TRUE;
INSERT INTO multi SELECT g, NULL, NULL FROM generate_series(1, 3) g;
CREATE TABLE multi_2 PARTITION OF multi FOR VALUES WITH (MODULUS 3, REMAINDER 2);
INSERT INTO multi SELECT g, NULL, NULL FROM generate_series(1, 9) g;
SELECT tableoid::regclass, * FROM multi ORDER BY 1, 2, 3;
UPDATE multi SET a = a + 1 WHERE a < 4 RETURNING tableoid::regclass, a;
INSERT INTO multi_0 VALUES (1, 'B1', '2020-01-02');
INSERT INTO multi_1 VALUES (1, 'B1', '2020-01-02'), (2, 'B2', '2020-01-03');
INSERT INTO multi_2 VALUES (1, 'B1', '2020-01-02');
CREATE TABLE partly (a int) PARTITION BY HASH (a);
CREATE TABLE partly_0 PARTITION OF partly FOR VALUES WITH (MODULUS 4, REMAINDER 0);
INSERT INTO partly VALUES (NULL), (1), (2), (3);
CREATE TABLE joins (a int);
INSERT INTO joins SELECT generate_series(1, 20);
ALTER TABLE partly ATTACH PARTITION joins FOR VALUES WITH (MODULUS 4, REMAINDER 1);
DELETE FROM joins WHERE NOT satisfies_hash_partition('partly'::regclass, 4, 1, a);
ALTER TABLE partly ATTACH PARTITION joins FOR VALUES WITH (MODULUS 4, REMAINDER 1);
SELECT * FROM partly ORDER BY a;
COPY multi FROM stdin;
100	x	2021-01-01
101	y	2021-01-02
102	\N	\N
\.
SELECT tableoid::regclass, * FROM multi WHERE a >= 100 ORDER BY 2;
-- satisfies_hash_partition
SELECT satisfies_hash_partition('partly'::regclass, 4, g, 5) FROM generate_series(0, 3) g;
SELECT satisfies_hash_partition('partly'::regclass, 4, NULL, 5), satisfies_hash_partition(NULL, 4, 0, 5), satisfies_hash_partition('partly'::regclass, NULL, 0, 5);
SELECT satisfies_hash_partition('partly'::regclass, 1, 0, NULL::int);
SELECT satisfies_hash_partition('multi'::regclass, 3, g, 1, 'b1'::text, date '2020-01-02') FROM generate_series(0, 2) g;
SELECT satisfies_hash_partition(1, 4, 0, 5);
SELECT satisfies_hash_partition('joins'::regclass, 4, 0, 5);
SELECT satisfies_hash_partition('partly'::regclass, 0, 0, 5);
SELECT satisfies_hash_partition('partly'::regclass, 4, -1, 5);
SELECT satisfies_hash_partition('partly'::regclass, 4, 4, 5);
SELECT satisfies_hash_partition('partly'::regclass, 4, 0, 5::bigint);
SELECT satisfies_hash_partition('partly'::regclass, 4, 0, 5, 6);
SELECT satisfies_hash_partition('partly'::regclass, 4, 0);
\d multi_1
SELECT pg_get_partition_constraintdef('multi_1a'::regclass) ~ 'satisfies_hash_partition\(.*\) AND satisfies_hash_partition';
-- the functions that people call
SELECT hashtext(''), hashtext('abc'), hashtext('größer'), hashtext(repeat('xyz', 20)), hashtext(NULL);
SELECT hashtextextended('abc', 0), hashtextextended('abc', 77), hashtextextended('', -1), hashtextextended('twelve bytes', 1);
SELECT hashint4(0), hashint4(-5), hashint4(2147483647), hashint8(-5), hashint8(5000000000), hashint8(-5000000000);
SELECT abs(hashtext(b)) % 4 AS part, count(*) FROM (SELECT 'k' || g AS b FROM generate_series(1, 100) g) s GROUP BY 1 ORDER BY 1;
DO $$ BEGIN PERFORM pg_advisory_xact_lock(hashtext('queue_' || 'a')); PERFORM pg_advisory_xact_lock(7, hashtext('x')); RAISE NOTICE '%', pg_try_advisory_lock(hashtextextended('b', 0)); END $$;
SELECT pg_advisory_unlock(hashtextextended('b', 0));
