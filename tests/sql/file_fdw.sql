-- What file_fdw reads of COPY's formats, and how it fails. The files are in fixtures.py, one a rule.
\set VERBOSITY verbose
\set SHOW_CONTEXT always
\pset null NULL
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;

-- CSV
\set file :dir '/bad_int.csv'
CREATE FOREIGN TABLE c (a int, b text) SERVER files OPTIONS (filename :'file', format 'csv');
SELECT * FROM c;
CREATE FOREIGN TABLE ci (a int, b int) SERVER files OPTIONS (filename :'file', format 'csv');
SELECT * FROM ci;
SELECT a FROM ci;
SELECT b FROM ci;
SELECT count(*) FROM ci;

\set file :dir '/missing.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/extra.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/unterminated.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/lf_after_crlf.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/crlf_after_lf.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/bad_utf8.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/cut_utf8.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/marker.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/marker_at_end.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/marker_lf_in_crlf.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/marker_like.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/empty.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/newline.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/empty_line.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/quotes.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT *, b IS NULL AS n FROM c;
\set file :dir '/quotes_after.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/quotes_lines.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/quotes_crlf.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/range.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/zero_byte.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/bom.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/spaces.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/long.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/extra.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT count(*) FROM c;
\set file :dir '/missing.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT count(*) FROM c;
\set file :dir '/missing.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT a FROM c;
\set file :dir '/none.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;

-- quote, escape, delimiter, null
ALTER FOREIGN TABLE c OPTIONS (ADD quote '''');
\set file :dir '/single_quotes.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
ALTER FOREIGN TABLE c OPTIONS (DROP quote, ADD escape E'\\');
\set file :dir '/backslash_escape.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
ALTER FOREIGN TABLE c OPTIONS (DROP escape, ADD delimiter ';');
\set file :dir '/semicolons.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
CREATE FOREIGN TABLE c3 (a int, b text, c text) SERVER files OPTIONS (filename :'file', format 'csv', delimiter ';', null 'x');
SELECT *, b IS NULL AS bn, c IS NULL AS cn FROM c3;
ALTER FOREIGN TABLE c3 OPTIONS (SET null '');
SELECT *, b IS NULL AS bn, c IS NULL AS cn FROM c3;
ALTER FOREIGN TABLE c OPTIONS (DROP delimiter);

-- encodings
ALTER FOREIGN TABLE c OPTIONS (ADD encoding 'latin1');
\set file :dir '/latin1.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/bad_utf8.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
ALTER FOREIGN TABLE c OPTIONS (SET encoding 'SJIS');
\set file :dir '/sjis.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
ALTER FOREIGN TABLE c OPTIONS (SET encoding 'WIN1252');
\set file :dir '/latin1.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
ALTER FOREIGN TABLE c OPTIONS (SET encoding 'utf-8');
\set file :dir '/latin1.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
ALTER FOREIGN TABLE c OPTIONS (DROP encoding);

-- header
ALTER FOREIGN TABLE c OPTIONS (ADD header 'match');
\set file :dir '/head.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/head_other.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/head_short.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/head_null.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/extra.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/empty.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
ALTER FOREIGN TABLE c OPTIONS (SET header 'true');
\set file :dir '/head.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/empty.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
\set file :dir '/bad_int.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;
ALTER FOREIGN TABLE c OPTIONS (SET header 'off');
\set file :dir '/head.csv'
ALTER FOREIGN TABLE c OPTIONS (SET filename :'file');
SELECT * FROM c;

-- force_null, force_not_null
\set file :dir '/quotes.csv'
CREATE FOREIGN TABLE f1 (a int, b text OPTIONS (force_not_null 'true')) SERVER files OPTIONS (filename :'file', format 'csv', null 'z');
SELECT *, b IS NULL AS n FROM f1;
CREATE FOREIGN TABLE f2 (a int, b text OPTIONS (force_null 'on')) SERVER files OPTIONS (filename :'file', format 'csv');
SELECT *, b IS NULL AS n FROM f2;
CREATE FOREIGN TABLE f3 (a int, b text OPTIONS (force_null 'on', force_not_null 'on')) SERVER files OPTIONS (filename :'file', format 'csv');
SELECT *, b IS NULL AS n FROM f3;
CREATE FOREIGN TABLE f4 (a int, b text OPTIONS (force_null 'on')) SERVER files OPTIONS (filename :'file');
SELECT * FROM f4;
CREATE FOREIGN TABLE f5 (a int, b text OPTIONS (force_not_null 'on')) SERVER files OPTIONS (filename :'file');
SELECT * FROM f5;
CREATE FOREIGN TABLE f6 (a int, b text OPTIONS (force_not_null 'off')) SERVER files OPTIONS (filename :'file');
SELECT * FROM f6;

-- text format
\set file :dir '/escapes.txt'
CREATE FOREIGN TABLE t (a int, b text) SERVER files OPTIONS (filename :'file');
SELECT *, b IS NULL AS n FROM t;
\set file :dir '/escape_bad_utf8.txt'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
\set file :dir '/escape_zero.txt'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
\set file :dir '/backslash_newline.txt'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
\set file :dir '/backslash_at_end.txt'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
\set file :dir '/cr.txt'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
\set file :dir '/crlf.txt'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
\set file :dir '/crlf_after_lf.txt'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
\set file :dir '/lf_after_cr.txt'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
\set file :dir '/marker.txt'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
\set file :dir '/marker_more.txt'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
\set file :dir '/marker_inside.txt'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
\set file :dir '/marker_last.txt'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
\set file :dir '/marker_at_end.txt'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
\set file :dir '/marker_lf_in_crlf.txt'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
\set file :dir '/bad_int.csv'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
\set file :dir '/empty.csv'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
\set file :dir '/newline.csv'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
ALTER FOREIGN TABLE t OPTIONS (ADD header 'on');
\set file :dir '/head.txt'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;
ALTER FOREIGN TABLE t OPTIONS (SET header 'match');
\set file :dir '/head.txt'
ALTER FOREIGN TABLE t OPTIONS (SET filename :'file');
SELECT * FROM t;

-- values
\set file :dir '/too_long.csv'
CREATE FOREIGN TABLE v (a int, b varchar(3)) SERVER files OPTIONS (filename :'file', format 'csv');
SELECT * FROM v;
\set file :dir '/types.csv'
CREATE FOREIGN TABLE types (b bool, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, n numeric, n2 numeric(10,2), d date, tm time, ts timestamp,
    tz timestamptz, iv interval, u uuid, by bytea, ia int[], j json, bp char(4)) SERVER files OPTIONS (filename :'file', format 'csv');
SET timezone = 'UTC';
SELECT b, i2 FROM types;
SELECT i4 FROM types;
SELECT f4, f8, n, n2 FROM types;
SELECT d, tm, ts, tz, iv FROM types;
SELECT u, by, ia, j, bp FROM types;
\set file :dir '/numbers_plain.csv'
CREATE FOREIGN TABLE n (a int, b numeric(10,2), c numeric) SERVER files OPTIONS (filename :'file', format 'csv');
SELECT * FROM n;
CREATE FOREIGN TABLE nf (a bigint, b float8, c float8) SERVER files OPTIONS (filename :'file', format 'csv');
SELECT * FROM nf;
CREATE FOREIGN TABLE ns (a smallint, b text, c text) SERVER files OPTIONS (filename :'file', format 'csv');
SELECT * FROM ns;
\set file :dir '/dates_plain.csv'
CREATE FOREIGN TABLE d (a date, b timestamp) SERVER files OPTIONS (filename :'file', format 'csv');
SELECT * FROM d;
\set file :dir '/bad_date.csv'
ALTER FOREIGN TABLE d OPTIONS (SET filename :'file');
SELECT * FROM d;
SELECT count(*) FROM d;

-- binary format
\set file :dir '/binary.dat'
CREATE FOREIGN TABLE b (a int, b text) SERVER files OPTIONS (filename :'file', format 'binary');
SELECT * FROM b;
-- of a domain the binary form is its base type's, of an enum its label
\set file :dir '/binary_users.dat'
CREATE DOMAIN binary_number AS int CHECK (VALUE > 5);
CREATE DOMAIN binary_flag AS bool;
CREATE TYPE binary_mood AS ENUM ('sad', 'ok');
CREATE FOREIGN TABLE bu (a binary_number, b binary_mood, c binary_flag) SERVER files OPTIONS (filename :'file', format 'binary');
SELECT * FROM bu;
SELECT a + 1, b > 'sad', NOT c FROM bu;
\set file :dir '/binary_cut.dat'
ALTER FOREIGN TABLE b OPTIONS (SET filename :'file');
SELECT * FROM b;
\set file :dir '/binary_width.dat'
ALTER FOREIGN TABLE b OPTIONS (SET filename :'file');
SELECT * FROM b;
\set file :dir '/binary_fields.dat'
ALTER FOREIGN TABLE b OPTIONS (SET filename :'file');
SELECT * FROM b;
\set file :dir '/binary_flags.dat'
ALTER FOREIGN TABLE b OPTIONS (SET filename :'file');
SELECT * FROM b;
\set file :dir '/binary_more.dat'
ALTER FOREIGN TABLE b OPTIONS (SET filename :'file');
SELECT * FROM b;
\set file :dir '/empty.csv'
ALTER FOREIGN TABLE b OPTIONS (SET filename :'file');
SELECT * FROM b;
\set file :dir '/bad_int.csv'
ALTER FOREIGN TABLE b OPTIONS (SET filename :'file');
SELECT * FROM b;

-- programs
CREATE FOREIGN TABLE p (a int, b text) SERVER files OPTIONS (program 'printf "1,x\n2,y\n"', format 'csv');
SELECT * FROM p;
ALTER FOREIGN TABLE p OPTIONS (SET program 'echo 1,x; exit 3');
SELECT * FROM p;
ALTER FOREIGN TABLE p OPTIONS (SET program 'kill -9 $$');
SELECT * FROM p;
ALTER FOREIGN TABLE p OPTIONS (SET program 'yes 1,2');
SELECT * FROM p LIMIT 2;
ALTER FOREIGN TABLE p OPTIONS (SET program 'exec 2>/dev/null; /nonesuch');
SELECT * FROM p;

-- tables without columns, of one column
\set file :dir '/newline.csv'
CREATE FOREIGN TABLE z () SERVER files OPTIONS (filename :'file', format 'csv');
SELECT * FROM z;
\set file :dir '/empty_line.csv'
CREATE FOREIGN TABLE one (a text) SERVER files OPTIONS (filename :'file', format 'csv', delimiter '|');
SELECT *, a IS NULL AS n FROM one;
-- A file's rows have no place.
SELECT ctid, count(ctid) FROM one GROUP BY 1;
SELECT xmin FROM one;

DROP SERVER files CASCADE;
