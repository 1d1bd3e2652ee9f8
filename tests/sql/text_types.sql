-- Types that travel as their texts: ranges, geometric ones, money, networks, bit strings, xml, pg_lsn, arrays of them. From files, in
-- tables of Medley's own, as parameters, in casts; in the session's styles; compared where the local engine can.
\set VERBOSITY verbose
\set SHOW_CONTEXT always
\pset null NULL
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
\set file :dir '/text_types.csv'
CREATE FOREIGN TABLE f (id int, i4r int4range, nr numrange, dr daterange, tsr tsrange, tzr tstzrange, mr int4multirange, pt point, ln line, ls lseg, bx box, pa path, po polygon, ci circle, mo money, ma macaddr, ma8 macaddr8, ine inet, cid cidr, b4 bit(4), vb varbit(8), x xml, lsn pg_lsn, pts point[], rs int4range[]) SERVER files OPTIONS (filename :'file', format 'csv', delimiter ';');
\x on
SELECT * FROM f;
BEGIN;
SET LOCAL TimeZone = 'America/New_York';
SET LOCAL DateStyle = 'SQL, DMY';
SET LOCAL extra_float_digits = -13;
SELECT dr, tsr, tzr, pt, ci, pts, rs FROM f WHERE id < 3;
SELECT tzr::text, format('%s', pt), row(tzr, ci), to_json(tzr), array[tzr] FROM f WHERE id < 3;
COPY (SELECT dr, tzr, ci FROM f WHERE id < 3) TO STDOUT;
COMMIT;
\x off

-- Local copies
CREATE TABLE c AS SELECT * FROM f;
CREATE MATERIALIZED VIEW m AS SELECT * FROM f;
CREATE TABLE l (LIKE c);
INSERT INTO l SELECT * FROM f;
INSERT INTO l (id, i4r, mo, x, pts) VALUES (4, '[7,7]', '$5', '<b/>', '{"(1,1)"}');
SELECT count(*) FROM l;
SELECT id, i4r, tzr, pt, mo, x, pts FROM c ORDER BY id;
SELECT id, i4r, tzr, pt, mo, x, pts FROM m ORDER BY id;
SELECT id, i4r, tzr, pt, mo, x, pts FROM l ORDER BY id;
UPDATE l SET mo = '(12.50)', i4r = 'empty' WHERE id = 4 RETURNING id, mo, i4r;
DELETE FROM l WHERE mo = '-12.50'::money RETURNING id;
COPY l (id, nr, bx, ma, cid, vb) FROM STDIN;
5	(1.50,]	1,2,3,0	AA-BB-CC-DD-EE-FF	10	b1
\.
SELECT id, nr, bx, ma, cid, vb FROM l WHERE id = 5;
COPY l (id, nr) FROM STDIN;
6	(2,1]
\.
COPY l (id, mo) FROM STDIN;
6	much
\.
-- NULL, equality, order, groups
SELECT id FROM f WHERE i4r IS NULL ORDER BY id;
SELECT count(nr) FROM f;
SELECT count(dr) FROM f;
SELECT count(tsr) FROM f;
SELECT count(tzr) FROM f;
SELECT count(mr) FROM f;
SELECT count(pt) FROM f;
SELECT count(ln) FROM f;
SELECT count(ls) FROM f;
SELECT count(bx) FROM f;
SELECT count(pa) FROM f;
SELECT count(po) FROM f;
SELECT count(ci) FROM f;
SELECT count(mo) FROM f;
SELECT count(ma) FROM f;
SELECT count(ma8) FROM f;
SELECT count(ine) FROM f;
SELECT count(cid) FROM f;
SELECT count(b4) FROM f;
SELECT id FROM f WHERE vb IS NULL ORDER BY id;
SELECT id FROM f WHERE x IS NULL ORDER BY id;
SELECT count(lsn) FROM f;
SELECT count(pts) FROM f;
SELECT count(rs) FROM f;
SELECT id FROM f ORDER BY i4r DESC NULLS LAST, id;
SELECT a.id, b.id FROM f a JOIN c b ON a.i4r = b.i4r ORDER BY 1, 2;
SELECT count(DISTINCT i4r), count(*) FROM (SELECT i4r FROM f UNION ALL SELECT i4r FROM c) s;
SELECT id FROM f ORDER BY nr DESC NULLS LAST, id;
SELECT a.id, b.id FROM f a JOIN c b ON a.nr = b.nr ORDER BY 1, 2;
SELECT count(DISTINCT nr), count(*) FROM (SELECT nr FROM f UNION ALL SELECT nr FROM c) s;
SELECT id FROM f ORDER BY dr DESC NULLS LAST, id;
SELECT a.id, b.id FROM f a JOIN c b ON a.dr = b.dr ORDER BY 1, 2;
SELECT count(DISTINCT dr), count(*) FROM (SELECT dr FROM f UNION ALL SELECT dr FROM c) s;
SELECT id FROM f ORDER BY tsr DESC NULLS LAST, id;
SELECT a.id, b.id FROM f a JOIN c b ON a.tsr = b.tsr ORDER BY 1, 2;
SELECT count(DISTINCT tsr), count(*) FROM (SELECT tsr FROM f UNION ALL SELECT tsr FROM c) s;
SELECT id FROM f ORDER BY tzr DESC NULLS LAST, id;
SELECT a.id, b.id FROM f a JOIN c b ON a.tzr = b.tzr ORDER BY 1, 2;
SELECT count(DISTINCT tzr), count(*) FROM (SELECT tzr FROM f UNION ALL SELECT tzr FROM c) s;
SELECT id FROM f ORDER BY mr DESC NULLS LAST, id;
SELECT a.id, b.id FROM f a JOIN c b ON a.mr = b.mr ORDER BY 1, 2;
SELECT count(DISTINCT mr), count(*) FROM (SELECT mr FROM f UNION ALL SELECT mr FROM c) s;
SELECT id FROM f ORDER BY mo DESC NULLS LAST, id;
SELECT a.id, b.id FROM f a JOIN c b ON a.mo = b.mo ORDER BY 1, 2;
SELECT count(DISTINCT mo), count(*) FROM (SELECT mo FROM f UNION ALL SELECT mo FROM c) s;
SELECT id FROM f ORDER BY ma DESC NULLS LAST, id;
SELECT a.id, b.id FROM f a JOIN c b ON a.ma = b.ma ORDER BY 1, 2;
SELECT count(DISTINCT ma), count(*) FROM (SELECT ma FROM f UNION ALL SELECT ma FROM c) s;
SELECT id FROM f ORDER BY ma8 DESC NULLS LAST, id;
SELECT a.id, b.id FROM f a JOIN c b ON a.ma8 = b.ma8 ORDER BY 1, 2;
SELECT count(DISTINCT ma8), count(*) FROM (SELECT ma8 FROM f UNION ALL SELECT ma8 FROM c) s;
SELECT id FROM f ORDER BY ine DESC NULLS LAST, id;
SELECT a.id, b.id FROM f a JOIN c b ON a.ine = b.ine ORDER BY 1, 2;
SELECT count(DISTINCT ine), count(*) FROM (SELECT ine FROM f UNION ALL SELECT ine FROM c) s;
SELECT id FROM f ORDER BY cid DESC NULLS LAST, id;
SELECT a.id, b.id FROM f a JOIN c b ON a.cid = b.cid ORDER BY 1, 2;
SELECT count(DISTINCT cid), count(*) FROM (SELECT cid FROM f UNION ALL SELECT cid FROM c) s;
SELECT id FROM f ORDER BY b4 DESC NULLS LAST, id;
SELECT a.id, b.id FROM f a JOIN c b ON a.b4 = b.b4 ORDER BY 1, 2;
SELECT count(DISTINCT b4), count(*) FROM (SELECT b4 FROM f UNION ALL SELECT b4 FROM c) s;
SELECT id FROM f ORDER BY vb DESC NULLS LAST, id;
SELECT a.id, b.id FROM f a JOIN c b ON a.vb = b.vb ORDER BY 1, 2;
SELECT count(DISTINCT vb), count(*) FROM (SELECT vb FROM f UNION ALL SELECT vb FROM c) s;
SELECT id FROM f ORDER BY lsn DESC NULLS LAST, id;
SELECT a.id, b.id FROM f a JOIN c b ON a.lsn = b.lsn ORDER BY 1, 2;
SELECT count(DISTINCT lsn), count(*) FROM (SELECT lsn FROM f UNION ALL SELECT lsn FROM c) s;
SELECT id FROM f ORDER BY rs DESC NULLS LAST, id;
SELECT a.id, b.id FROM f a JOIN c b ON a.rs = b.rs ORDER BY 1, 2;
SELECT count(DISTINCT rs), count(*) FROM (SELECT rs FROM f UNION ALL SELECT rs FROM c) s;
SELECT id FROM f WHERE nr = '[1,2)' ORDER BY id;
SELECT nr, count(*) FROM f WHERE nr <> 'empty' GROUP BY nr;
SELECT id FROM f WHERE mo < '5' ORDER BY id;
SELECT id FROM f WHERE ine <= '10.0.0.1' ORDER BY id;
SELECT id FROM f WHERE cid = '10.1.0.0/16'::inet;
SELECT id FROM f WHERE lsn > '10/0' ORDER BY id;
SELECT id FROM f WHERE mr > '{}' ORDER BY id;
SELECT id FROM f WHERE rs = '{"[1,6)",NULL}';
SELECT max(mo), min(mo), max(ine), min(lsn), max(cid) FROM f;
SELECT max(tzr) FROM f;
SELECT DISTINCT mr FROM c ORDER BY mr;
SELECT '{[1,2)}'::int4multirange = '{[1,1]}';
SELECT DISTINCT pt FROM f;
SELECT id FROM f ORDER BY pt;
SELECT x, count(*) FROM f GROUP BY x;
-- Casts
SELECT id, ine::text, cid::text, cid::inet, host(ine), masklen(ine), family(ine), x::text FROM f ORDER BY id;
SELECT id, i4r::text::int4range = i4r, mo::text, pt::text::point, x::text::xml FROM f ORDER BY id;
SELECT 'x'::text::money;
SELECT '[1,2'::text::int4range;
SELECT '<a>'::text::xml;
SELECT (mo::text || '0')::money FROM f WHERE id = 1;
-- Parameters
PREPARE p (int4range, money, point, xml) AS SELECT $1, $2, $3, $4, (SELECT id FROM f WHERE i4r = $1);
EXECUTE p ('[2,5]', '1,000', '3,4', '<c/>');
EXECUTE p ('[2,', '1', '3,4', '');
PREPARE q AS SELECT id FROM f WHERE nr = $1 OR mo = $2;
EXECUTE q ('[1.000,2)', '-0.01');
-- What is wrong
\set file :dir '/wrong_texts.csv'
CREATE FOREIGN TABLE w (v text) SERVER files OPTIONS (filename :'file', delimiter ';');
ALTER FOREIGN TABLE w ALTER v TYPE int4range;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE numrange;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE daterange;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE int4multirange;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE point;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE line;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE lseg;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE box;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE path;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE polygon;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE circle;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE money;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE inet;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE cidr;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE macaddr;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE macaddr8;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE bit(3);
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE xml;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE pg_lsn;
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE int4range[];
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE box[];
SELECT * FROM w;
ALTER FOREIGN TABLE w ALTER v TYPE money OPTIONS (ADD force_not_null 'true');
SELECT count(*) FROM w;
