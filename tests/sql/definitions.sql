-- pg_get_*def and pg_get_expr under several search paths, and after everything that they mention got another name.
\pset format unaligned
\pset tuples_only
CREATE SCHEMA s1;
CREATE SCHEMA s2;
SET search_path = s1, s2;
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE FUNCTION fn(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION fm(x int, y int DEFAULT 3) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE SEQUENCE sq;
CREATE DOMAIN dom AS int DEFAULT fn(3) CHECK (fn(VALUE) > 0) CONSTRAINT nn CHECK (VALUE < 1000);
CREATE TABLE t (
  a int DEFAULT fn(1),
  b int DEFAULT nextval('sq'),
  c text DEFAULT 'x'::text || 'y',
  d mood DEFAULT 'a',
  e int GENERATED ALWAYS AS (fn(a) + fm(b) * 2) STORED,
  f int CHECK (fn(f) > 0 AND f < 100),
  g timestamp DEFAULT now(),
  h int[] DEFAULT ARRAY[1, 2],
  i text DEFAULT CASE WHEN true THEN 'x' ELSE 'y' END,
  CONSTRAINT ck CHECK (a > b OR c LIKE 'x%' AND d = 'a'::mood),
  CONSTRAINT ck2 CHECK (fm(a) > fm(a, y => 2)) NO INHERIT,
  PRIMARY KEY (a),
  UNIQUE (b, c)
);
CREATE INDEX i1 ON t (fn(a), (a + b), lower(c) DESC NULLS LAST, c COLLATE "C" text_pattern_ops) INCLUDE (d) WHERE a > 0 AND fn(b) = 1;
CREATE UNIQUE INDEX i2 ON t USING btree (b) NULLS NOT DISTINCT;
CREATE INDEX i3 ON t USING hash (c);
CREATE INDEX i4 ON ONLY t ((CASE WHEN a > 1 THEN 1 ELSE 2 END), (a::text), (c || 'x'), (coalesce(a, b)));
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER tr1 BEFORE INSERT OR UPDATE OF a, b ON t FOR EACH ROW WHEN (NEW.a > 0 AND fn(NEW.b) = 2) EXECUTE FUNCTION trg('x', 'y''z', '\a');
CREATE TRIGGER tr2 AFTER DELETE ON t EXECUTE FUNCTION trg();
CREATE TRIGGER tr4 AFTER UPDATE ON t FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION trg();
CREATE TABLE p (k int, v text) PARTITION BY RANGE (fn(k), k, (k + 1), lower(v) COLLATE "C" text_pattern_ops);
CREATE TABLE pl (k int, v text) PARTITION BY LIST (v COLLATE "C");
CREATE TABLE ph (k int, v text) PARTITION BY HASH (k, v);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1, 2, 3, 'a') TO (2, 3, 4, 'b');
CREATE VIEW vw AS SELECT fn(a) AS x, c FROM t WHERE d = 'a';
SET search_path = s1, s2;
\set q1 'SELECT adnum, pg_get_expr(adbin, adrelid), pg_get_expr(adbin, adrelid, true), pg_get_expr(adbin, adrelid, false) FROM pg_attrdef WHERE adrelid = ''s1.t''::regclass ORDER BY 1;'
\set q2 'SELECT conname, pg_get_constraintdef(oid), pg_get_constraintdef(oid, true) FROM pg_constraint WHERE conrelid = ''s1.t''::regclass OR contypid = ''s1.dom''::regtype ORDER BY 1;'
\set q3 'SELECT c.relname, pg_get_indexdef(c.oid), pg_get_indexdef(c.oid, 0, true), pg_get_indexdef(c.oid, 1, false), pg_get_indexdef(c.oid, 2, true), pg_get_indexdef(c.oid, 3, false), pg_get_indexdef(c.oid, 4, true), pg_get_indexdef(c.oid, 5, true), pg_get_expr(indexprs, indrelid), pg_get_expr(indpred, indrelid, true) FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE indrelid = ''s1.t''::regclass ORDER BY 1;'
\set q4 'SELECT tgname, pg_get_triggerdef(oid), pg_get_triggerdef(oid, true), pg_get_triggerdef(oid, false) FROM pg_trigger WHERE tgrelid = ''s1.t''::regclass ORDER BY 1;'
\set q5 'SELECT pg_get_partkeydef(oid), relname FROM pg_class WHERE relkind = ''p'' ORDER BY 2;'
\set q6 'SELECT pg_get_expr(partexprs, partrelid) FROM pg_partitioned_table WHERE partrelid = ''s1.p''::regclass;'
\set q7 'SELECT pg_get_viewdef(''s1.vw''::regclass), pg_get_viewdef(''s1.vw'', true), pg_get_viewdef(''s1.vw''), pg_get_ruledef(oid), pg_get_ruledef(oid, true) FROM pg_rewrite WHERE ev_class = ''s1.vw''::regclass;'
\set q8 'SELECT typdefault, pg_get_expr(typdefaultbin, 0) FROM pg_type WHERE oid = ''s1.dom''::regtype;'
\set q9 'SELECT column_name, column_default, generation_expression FROM information_schema.columns WHERE table_schema = ''s1'' AND table_name = ''t'' ORDER BY ordinal_position;'
\set q10 'SELECT pg_get_functiondef(''s1.fm''::regproc), pg_get_function_arguments(''s1.fm''::regproc), pg_get_function_identity_arguments(''s1.fm''::regproc), pg_get_function_result(''s1.fm''::regproc), pg_get_function_arg_default(''s1.fm''::regproc, 2);'
:q1
:q2
:q3
:q4
:q5
:q6
:q7
:q8
:q9
:q10
SET search_path = public;
:q1
:q2
:q3
:q4
:q5
:q6
:q7
:q8
:q9
:q10
SET search_path = s2, s1;
\d+ t
SET search_path = public;
\d+ s1.t
\d+ s1.p
\dD+ s1.dom
ALTER FUNCTION s1.fn RENAME TO fnn;
ALTER FUNCTION s1.fm SET SCHEMA s2;
ALTER TYPE s1.mood RENAME TO mod;
ALTER TYPE s1.mod RENAME VALUE 'a' TO 'aa';
ALTER SEQUENCE s1.sq RENAME TO sqq;
ALTER TABLE s1.t RENAME a TO aaa;
ALTER TABLE s1.p RENAME k TO kk;
ALTER TABLE s1.p RENAME v TO vv;
ALTER TABLE s1.t RENAME TO tt;
\set q1 'SELECT adnum, pg_get_expr(adbin, adrelid), pg_get_expr(adbin, adrelid, true), pg_get_expr(adbin, adrelid, false) FROM pg_attrdef WHERE adrelid = ''s1.tt''::regclass ORDER BY 1;'
\set q2 'SELECT conname, pg_get_constraintdef(oid), pg_get_constraintdef(oid, true) FROM pg_constraint WHERE conrelid = ''s1.tt''::regclass OR contypid = ''s1.dom''::regtype ORDER BY 1;'
\set q3 'SELECT c.relname, pg_get_indexdef(c.oid), pg_get_indexdef(c.oid, 0, true), pg_get_indexdef(c.oid, 1, false), pg_get_indexdef(c.oid, 2, true), pg_get_indexdef(c.oid, 3, false), pg_get_indexdef(c.oid, 4, true), pg_get_expr(indexprs, indrelid), pg_get_expr(indpred, indrelid, true) FROM pg_index JOIN pg_class c ON c.oid = indexrelid WHERE indrelid = ''s1.tt''::regclass ORDER BY 1;'
\set q4 'SELECT tgname, pg_get_triggerdef(oid), pg_get_triggerdef(oid, true), pg_get_triggerdef(oid, false) FROM pg_trigger WHERE tgrelid = ''s1.tt''::regclass ORDER BY 1;'
:q1
:q2
:q3
:q4
:q5
:q6
:q7
:q8
ALTER SCHEMA s1 RENAME TO ss;
\d+ ss.tt
\d+ ss.p
\d+ ss.vw
-- what the parser would read as another tree
SET search_path = ss, s2;
CREATE TABLE shapes (a int, b int, c bool, d varchar(5), e text DEFAULT 1 + 2, f text GENERATED ALWAYS AS (a * 2) STORED, g numeric DEFAULT -5::int,
  h bigint DEFAULT 3 + 4, i "char" DEFAULT 'x', j int DEFAULT -5, k varchar(3) DEFAULT 'abc'::text, l int[] DEFAULT ARRAY[1, 2],
  CHECK ((a, b) = (1, 2) AND c), CHECK ((a = 1 AND b = 2) AND c), CHECK (c AND (a, b) = (1, 2)), CHECK ((a, b) <> (1, 2) OR c),
  CHECK (d IN ('a', 'b')), CHECK (a > -5::int), CHECK (shapes IS NOT NULL), CHECK (d = ANY (ARRAY['x', 'a'])), CHECK ((a IS NULL) = (b IS NULL)));
CREATE VIEW shapes_view AS SELECT a FROM shapes WHERE (a, b) = (1, 2) AND c OR ((a, b) <> (3, 4) OR c);
CREATE FUNCTION shapes_default(a numeric DEFAULT 1 + 2, b text DEFAULT 3 * 4, c ss.mod DEFAULT 'aa', d int DEFAULT ss.fnn(-5::int), e text DEFAULT ', ''(') RETURNS int LANGUAGE sql AS 'SELECT 1';
\d+ shapes
\d+ shapes_view
\sf shapes_default
SELECT pg_get_function_arguments(oid), pg_get_expr(proargdefaults, 0), pg_get_function_arg_default(oid, 3) FROM pg_proc WHERE proname = 'shapes_default';
ALTER TABLE shapes RENAME TO shapes2;
ALTER FUNCTION ss.fnn(int) RENAME TO fnnn;
ALTER TYPE ss.mod SET SCHEMA s2;
\d+ shapes2
\sf shapes_default
SET search_path = public;
\sf ss.shapes_default
\d+ ss.shapes2
\d+ ss.shapes_view
\d+ ss.p1
SELECT * FROM pg_rules WHERE schemaname = 'ss';
SELECT ss.shapes_default();
