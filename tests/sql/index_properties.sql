-- What access methods, indexes and their columns can do; sizes after TRUNCATE.
CREATE TABLE t (a int PRIMARY KEY, b text, c int[], d point);
CREATE INDEX t_b ON t (b DESC, a NULLS FIRST) INCLUDE (c);
CREATE INDEX t_hash ON t USING hash (b);
CREATE TABLE names AS SELECT n, name FROM unnest(ARRAY['asc', 'desc', 'nulls_first', 'nulls_last', 'orderable', 'distance_orderable', 'returnable', 'search_array',
  'search_nulls', 'clusterable', 'index_scan', 'bitmap_scan', 'backward_scan', 'can_order', 'can_unique', 'can_multi_col', 'can_exclude', 'can_include', 'nosuch', 'ASC', '']) WITH ORDINALITY u(name, n);
SELECT amname, name, pg_indexam_has_property(a.oid, name) FROM pg_am a, names WHERE amname IN ('btree', 'hash', 'gist', 'gin', 'brin', 'spgist', 'heap') ORDER BY amname, n;
SELECT name, pg_index_has_property('t_b', name), pg_index_has_property('t_hash', name), pg_index_has_property('t', name), pg_index_has_property(0, name) FROM names ORDER BY n;
SELECT name, pg_index_column_has_property('t_b', 1, name) AS b1, pg_index_column_has_property('t_b', 2, name) AS b2, pg_index_column_has_property('t_b', 3, name) AS b3,
  pg_index_column_has_property('t_b', 4, name) AS b4, pg_index_column_has_property('t_b', 0, name) AS b0, pg_index_column_has_property('t_hash', 1, name) AS h1,
  pg_index_column_has_property('t', 1, name) AS t1, pg_index_column_has_property(NULL, 1, name) AS n1 FROM names ORDER BY n;
SELECT relname, relpages, reltuples, relallvisible FROM pg_class WHERE relname IN ('t', 't_pkey', 't_b') ORDER BY 1;
TRUNCATE t;
SELECT relname, relpages, reltuples, relallvisible FROM pg_class WHERE relname IN ('t', 't_pkey', 't_b') ORDER BY 1;
DROP TABLE t, names;
