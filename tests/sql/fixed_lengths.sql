-- Elements of types of fixed length, which count from 0; the polymorphic types of ranges; parts of intervals as double precision.
CREATE TABLE g (id int, p point, l lseg, b box, n line, w name);
INSERT INTO g VALUES (1, '(1,-2.5)', '[(1,2),(3,1e300)]', '(1,2),(3,4.5)', '{1,2,-3}', 'word'), (2, NULL, NULL, NULL, NULL, NULL);
SELECT id, p[0], p[1], p[2], p[-1], p[NULL], p[0][0] FROM g ORDER BY id;
SELECT id, l[0], l[1], (l[1])[0], b[0], b[1], (b[0])[1], b[2], n[0], n[2], n[3], w[0], w[4] FROM g ORDER BY id;
SELECT p[0:1] FROM g;
SELECT b[:1] FROM g;
SELECT multirange(int4range(1, 2)), range_agg(numrange(1, 2)), int8multirange(int8range(1, 2)), unnest(nummultirange(numrange(1, 2))) \gdesc
SELECT range_merge(int4multirange(int4range(1, 2))), range_intersect_agg(int4multirange(int4range(1, 2))) \gdesc
SELECT multirange('[1,2]') \gdesc
SELECT multirange(1) \gdesc
SELECT date_part('epoch', v), extract(epoch FROM v) FROM (VALUES (interval '1 year 2 mons 3 days 04:05:06.789'), ('-1 mon -00:00:00.000001'), ('178000000 years 0.1 s'), ('1000000 hours 0.000003 s')) AS t (v);
DROP TABLE g;
