-- A rich schema as psql's commands and the functions on catalogs show it
\ir rich_objects.sql
\d
\d base
\d+ base
\d+ refs
\d+ ix1
\d ix2
\d+ ix3
\d ix4
\d ix5
\d pk
\d dk
\d+ uq
\d+ unl
\d+ tmp
\d+ nocols
\d+ lik
\d+ pa
\d pa
\d+ pa1
\d+ pa2
\d pa2
\d+ pa21
\d+ pa22
\d pa22
\d+ pa2d
\d+ pad
\d+ ph
\d+ pidx
\d+ pidx2
\d+ pidx21
\d+ pidx22
\d+ pidx2_a
\d+ pidx21_a_idx
\d+ only_b
\d+ inh1
\d inh1
\d+ inhc
\d+ inhf
\d+ ft
\d ft
\d+ "Ft Odd ""x"
\d+ "rx Odd "" 's"."t.t"
\d+ fser
\d+ v1
\d+ v2
\d+ v3
\d+ v4
\d+ v5
\d+ v6
\d+ mv
\d mv2
\d+ mvi
\d+ pair
\d nothing
\d+ sq
\d base_id_seq
\d base_s_seq
\d owned_s
\d st1
\d "rx"."Ft*"
\d *odd*
\dt
\dt rx.*
\dt *.*odd*
\dti rx.ix*
\di
\dip rx.*
\ds
\dv
\dm
\dE
\dEt rx.i*
\det
\det+
\det *.*
\det+ *.t*
\det "Ft Odd ""x"
\det rx.ft|rx.pad
\det rx.f?
\det "rx Odd "" 's".*
\dew
\dew+
\dew rx*
\dew+ "rx W"
\des
\des+
\des+ "rx S"
\des rx_[bs]*
\deu
\deu+
\deu rx_user
\deu+ rx_s
\deu public
\deu "rx Odd ""r"
\deu rx*
\deu+ RX_USER
\dP
\dPn
\dPt
\dPi
\dX
\dX+
\dX st*
\dX rx.*
\dy
\dy+
\dy x
\dRp
\dRp+
\dRs
\dRs+
\dRp x
\dRs x
\dD rx.*
\dT+ rx.*
\dp rx.*
\df+ rx.*
\dd rx.*
\sv v1
\sv+ v1
\sv v2
\sv v3
\sv v4
\sv v5
\sv "rx".v1
\sv base
\sv nosuch
\sv mv
\sf fn
\sf+ trg
\sf "Odd f"
\sf std
\sf pr
\sf pr2
\sf+ ft1
\sf nosuch
\sf poly(anyelement, anyarray)
\sf+ rx.agf(int,int)
\sf abs
\sf abs(int)
-- the constraints of partitions whose keys have another collation or operator class
CREATE TABLE q1 (a text, b varchar, c text COLLATE "C") PARTITION BY RANGE (a COLLATE "C"); CREATE TABLE q1a PARTITION OF q1 FOR VALUES FROM ('a') TO ('b');
CREATE TABLE q2 (a text, b varchar, c text COLLATE "C") PARTITION BY RANGE (a text_pattern_ops, b, c); CREATE TABLE q2a PARTITION OF q2 FOR VALUES FROM ('a', 'x', 'y') TO ('b', 'z', 'q');
CREATE TABLE q3 (a text, b varchar, c text COLLATE "C") PARTITION BY LIST (b varchar_pattern_ops); CREATE TABLE q3a PARTITION OF q3 FOR VALUES IN ('a', 'x'); CREATE TABLE q3b PARTITION OF q3 FOR VALUES IN ('e');
CREATE TABLE q4 (a text, b varchar, c text COLLATE "C") PARTITION BY LIST (c COLLATE "POSIX"); CREATE TABLE q4a PARTITION OF q4 FOR VALUES IN ('a', 'x'); CREATE TABLE q4b PARTITION OF q4 FOR VALUES IN ('e');
CREATE TABLE q5 (a text, b varchar, c text COLLATE "C") PARTITION BY LIST (lower(a) COLLATE "POSIX"); CREATE TABLE q5a PARTITION OF q5 FOR VALUES IN ('a', 'x'); CREATE TABLE q5b PARTITION OF q5 FOR VALUES IN ('e');
CREATE TABLE q6 (a text, b varchar, c char(3) COLLATE "C") PARTITION BY LIST (c bpchar_pattern_ops); CREATE TABLE q6a PARTITION OF q6 FOR VALUES IN ('a', 'x'); CREATE TABLE q6b PARTITION OF q6 DEFAULT;
SELECT relname, pg_get_partition_constraintdef(oid), pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname ~ '^q[0-9][a-z]$' ORDER BY 1;
INSERT INTO q1 VALUES ('abc'), ('b'); INSERT INTO q1 VALUES ('abc'); INSERT INTO q6 (c) VALUES ('a'), ('q'); SELECT tableoid::regclass, c FROM q6 ORDER BY 2;
-- definitions of extended statistics
SELECT stxname, pg_get_statisticsobjdef(oid), pg_get_statisticsobjdef_columns(oid), pg_get_statisticsobjdef_expressions(oid) FROM pg_statistic_ext ORDER BY 1;
-- the types and the storage of indexes' columns
ALTER INDEX ix1 ALTER COLUMN 1 SET STATISTICS 5; ALTER INDEX ix1 ALTER COLUMN 3 SET STATISTICS 5;
ALTER INDEX ix1 ALTER COLUMN 4 SET STATISTICS 5;
ALTER INDEX ix1 ALTER COLUMN 9 SET STATISTICS 5;
ALTER INDEX ix1 ALTER COLUMN 1 SET STATISTICS -2;
ALTER TABLE base ALTER COLUMN 1 SET STATISTICS 5;
ALTER TABLE base ALTER name SET STORAGE MAIN;
SELECT attrelid::regclass, attname, atttypid::regtype, atttypmod, attstorage, attstattarget FROM pg_attribute WHERE attrelid IN (SELECT indexrelid FROM pg_index WHERE indrelid IN ('base'::regclass, 'lik'::regclass)) ORDER BY attrelid::regclass::text, attnum;
CREATE TABLE st_a (a text, b text); ALTER TABLE st_a ALTER a SET STORAGE EXTERNAL; CREATE TABLE st_b (a text); CREATE TABLE st_c () INHERITS (st_a); CREATE TABLE st_d (LIKE st_a); CREATE TABLE st_e (LIKE st_a INCLUDING STORAGE);
CREATE TABLE st_f () INHERITS (st_a, st_b);
CREATE FOREIGN TABLE st_g (c int) INHERITS (st_a) SERVER rx_s;
ALTER TABLE st_a ALTER b SET STORAGE MAIN;
CREATE TABLE st_p (a text) PARTITION BY LIST (a); ALTER TABLE st_p ALTER a SET STORAGE PLAIN; CREATE TABLE st_p1 PARTITION OF st_p FOR VALUES IN ('x'); CREATE FOREIGN TABLE st_p2 PARTITION OF st_p FOR VALUES IN ('y') SERVER rx_s;
SELECT attrelid::regclass, attname, attstorage FROM pg_attribute WHERE attrelid::regclass::text LIKE 'st\_%' AND attnum > 0 ORDER BY attrelid::regclass::text, 2;
-- a choice between two catalogs of a view, which each alone has an index for
SELECT srvname, usename FROM pg_user_mappings WHERE srvname = 'rx_bare' OR usename = 'rx_user' ORDER BY 1, 2;
SELECT srvname, usename FROM pg_user_mappings WHERE srvname = 'rx_bare' OR usename IS NULL OR umuser = 0 ORDER BY 1, 2;
SELECT srvname, usename FROM pg_user_mappings WHERE (srvname = 'rx_bare' OR usename = 'public') AND umuser <> 0 ORDER BY 1, 2;
SELECT c.relname, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = 'ft' OR n.nspname = 'rx Odd " ''s' ORDER BY 1, 2;
SELECT c.relname, r.rolname FROM pg_foreign_table f, pg_class c, pg_roles r WHERE c.oid = f.ftrelid AND r.oid = c.relowner AND (c.relname = 'pad' OR r.rolname = 'rx_super') ORDER BY 1;
SELECT string_agg(DISTINCT name, ',' ORDER BY name DESC) FROM (VALUES ('b'::varchar), ('a'), ('b')) v (name);
-- as pg_dump looks for the order of materialized views: rows of a recursive UNION, one column a "char"
WITH RECURSIVE w AS (SELECT c.oid, c.relkind FROM pg_class c WHERE c.relname = 'mv' UNION SELECT d.refobjid, k.relkind FROM w JOIN pg_depend d ON d.objid = w.oid JOIN pg_class k ON k.oid = d.refobjid WHERE w.relkind <> 'x') SELECT count(*) > 0 FROM w;
WITH RECURSIVE w AS (SELECT 1 AS n, 'a'::"char" AS c UNION SELECT n + 1, w.c FROM w JOIN generate_series(1, 2) g ON w.n < 5) SELECT * FROM w ORDER BY c, n;
