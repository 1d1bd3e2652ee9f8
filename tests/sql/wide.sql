-- Statements of many terms: what the local engine computes of them is what PostgreSQL does, NULLs included.
CREATE TABLE wide (a int, b numeric, c text);
INSERT INTO wide VALUES (1, 1.5, 'x'), (7, 1000.50, 'term 900'), (NULL, 3, NULL), (300, NULL, 'term 40'), (-5, 0.00, '');
\t on
\a
-- the statements themselves are long: only their answers are shown
\set ECHO none

-- IN and NOT IN of expressions
\echo statement 1
SELECT format('SELECT a, a IN (%s) AS yes, a NOT IN (%1$s) AS no FROM wide ORDER BY a', string_agg('a + ' || i, ', ')) FROM generate_series(1, 3000) i \gexec
\echo statement 2
SELECT format('SELECT a, a IN (%s) AS yes, a NOT IN (%1$s) AS no FROM wide ORDER BY a', string_agg('abs(a) - ' || i, ', ')) FROM generate_series(0, 700) i \gexec
\echo statement 3
SELECT format('SELECT a FROM wide WHERE a IN (%s) ORDER BY a', string_agg('abs(a) - ' || i, ', ')) FROM generate_series(0, 700) i \gexec
\echo statement 4
SELECT format('SELECT b, b IN (%s) AS yes FROM wide ORDER BY b', string_agg('a + ' || i || '.50', ', ')) FROM generate_series(0, 2000) i \gexec
\echo statement 5
SELECT format('SELECT b, b = ANY (ARRAY[%s]) AS yes, b <> ALL (ARRAY[%1$s]) AS no FROM wide ORDER BY b', string_agg('a + ' || i || '.50', ', ')) FROM generate_series(0, 2000) i \gexec
\echo statement 6
SELECT format('SELECT a, a > ANY (ARRAY[%s]) AS some, a > ALL (ARRAY[%1$s]) AS every FROM wide ORDER BY a', string_agg('length(c) + ' || i, ', ')) FROM generate_series(-300, 300) i \gexec
\echo statement 7
SELECT format('SELECT c, c IN (%s) AS yes FROM wide ORDER BY c', string_agg('''term '' || a + ' || i, ', ')) FROM generate_series(-1000, 1000) i \gexec

-- OR and AND
\echo statement 8
SELECT format('SELECT a, b, %s AS yes FROM wide ORDER BY a', string_agg('a + ' || i || ' = b', ' OR ')) FROM generate_series(-700, 1000) i \gexec
\echo statement 9
SELECT format('SELECT a, b, %s AS yes FROM wide ORDER BY a', string_agg('a + ' || i || ' <> b', ' AND ')) FROM generate_series(-700, 1000) i \gexec
\echo statement 10
SELECT format('SELECT a FROM wide WHERE %s ORDER BY a', string_agg(format('a = %s AND length(c) = %s', i, i % 9), ' OR ')) FROM generate_series(1, 1000) i \gexec
\echo statement 11
SELECT format('SELECT a FROM wide WHERE NOT (%s) ORDER BY a', string_agg(format('a + %s = 2 OR c = ''term %s''', i, i * 10), ' OR ')) FROM generate_series(1, 1000) i \gexec
\echo statement 12
SELECT format('SELECT count(*) FROM wide x JOIN wide y ON %s', string_agg(format('x.a + %s = y.a', i), ' OR ')) FROM generate_series(1, 400) i \gexec

-- CASE, VALUES, parts of a row
\echo statement 13
SELECT format('SELECT a, CASE %s ELSE -1 END FROM wide ORDER BY a', string_agg(format('WHEN a + %s = 310 THEN %1$s', i), ' ')) FROM generate_series(1, 2000) i \gexec
\echo statement 14
SELECT format('SELECT a, CASE a %s END FROM wide ORDER BY a', string_agg(format('WHEN %s THEN %1$s', i), ' ')) FROM generate_series(1, 2000) i \gexec
\echo statement 15
SELECT format('SELECT sum(v.n), count(*) FROM wide, LATERAL (VALUES %s) v(n)', string_agg(format('(a + %s)', i), ', ')) FROM generate_series(1, 2000) i \gexec
\echo statement 16
SELECT format('SELECT md5(ROW(%s)::text) FROM wide WHERE a = 7', string_agg(format('a + %s', i), ', ')) FROM generate_series(1, 1600) i \gexec

-- regular expressions and patterns of many parts
CREATE TABLE pattern AS SELECT string_agg('term ' || i, '|') AS words FROM generate_series(1, 10000) i;
\echo patterns
SELECT c, c ~ words, c ~ ('^(' || words || ')$'), c ~* ('^(?:' || upper(words) || ')$'), substring(c from words), regexp_replace(c, '(' || words || ')', '<\1>') FROM wide, pattern ORDER BY c;
SELECT c, c SIMILAR TO '(' || words || ')', c ~ ('(' || words || '){1,2}x?$') FROM wide, pattern ORDER BY c;
SELECT regexp_matches(c, '(term) (' || replace(words, 'term ', '') || ')') FROM wide, pattern ORDER BY c;
SELECT repeat('ab', 3000) LIKE repeat('%b', 3000), repeat('ab', 3000) LIKE repeat('%b', 3001), repeat('ab', 2000) LIKE repeat('%a_', 1999) || 'ab';
SELECT repeat('a', 300) ~ '^(a{1,100}){1,3}$', repeat('a', 301) ~ '^(a{1,100}){1,3}$', repeat('ab', 500) ~ '^((a|b){1,100}){10}$';
DROP TABLE pattern;
DROP TABLE wide;
