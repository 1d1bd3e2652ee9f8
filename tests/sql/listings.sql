-- Every backslash command of psql 15 that lists or describes catalog objects: alone, with S, with +, with patterns, with names of nothing
CREATE ROLE regress_li_owner;
CREATE ROLE regress_li_user LOGIN CONNECTION LIMIT 3 VALID UNTIL 'infinity';
CREATE ROLE regress_li_group NOINHERIT ADMIN regress_li_user;
COMMENT ON ROLE regress_li_user IS 'one who logs in';
ALTER ROLE regress_li_user SET work_mem = '8MB';
ALTER ROLE regress_li_user IN DATABASE postgres SET DateStyle = 'ISO, DMY';
CREATE SCHEMA regress_li AUTHORIZATION regress_li_owner;
COMMENT ON SCHEMA regress_li IS 'the listed ones';
GRANT USAGE ON SCHEMA regress_li TO regress_li_user WITH GRANT OPTION;
CREATE EXTENSION file_fdw;
CREATE FOREIGN DATA WRAPPER regress_li_w OPTIONS (a '1');
CREATE SERVER regress_li_s TYPE 't' VERSION 'v' FOREIGN DATA WRAPPER regress_li_w OPTIONS (h 'it''s');
COMMENT ON SERVER regress_li_s IS 'a server';
CREATE USER MAPPING FOR regress_li_user SERVER regress_li_s OPTIONS (p 'q');
CREATE TYPE regress_li.mood AS ENUM ('sad', 'ok');
COMMENT ON TYPE regress_li.mood IS 'how one feels';
CREATE TYPE regress_li.pair AS (x int, y text COLLATE "C");
CREATE DOMAIN regress_li.positive AS int DEFAULT 1 NOT NULL CHECK (VALUE > 0);
CREATE DOMAIN regress_li.code AS text COLLATE "C" CONSTRAINT short CHECK (length(VALUE) < 5);
CREATE SEQUENCE regress_li.seq INCREMENT 5 MAXVALUE 100 CYCLE;
CREATE TABLE regress_li.parent (id serial PRIMARY KEY, name text NOT NULL DEFAULT 'x', n regress_li.positive, CONSTRAINT named CHECK (id < 1000));
CREATE INDEX parent_name ON regress_li.parent (lower(name), n DESC NULLS LAST) WHERE n > 5;
CREATE UNIQUE INDEX parent_n ON regress_li.parent (n) INCLUDE (name);
COMMENT ON INDEX regress_li.parent_n IS 'an index';
CREATE TABLE regress_li.parted (a int, b text) PARTITION BY RANGE (a);
CREATE TABLE regress_li.parted_1 PARTITION OF regress_li.parted FOR VALUES FROM (0) TO (10);
CREATE TABLE regress_li.parted_sub PARTITION OF regress_li.parted FOR VALUES FROM (20) TO (30) PARTITION BY LIST (b);
CREATE FOREIGN TABLE regress_li.parted_2 PARTITION OF regress_li.parted FOR VALUES FROM (10) TO (20) SERVER regress_li_s OPTIONS (o 'p');
CREATE FOREIGN TABLE regress_li.parted_d PARTITION OF regress_li.parted DEFAULT SERVER regress_li_s;
CREATE FOREIGN TABLE regress_li.child (extra int OPTIONS (c 'd'), gen int GENERATED ALWAYS AS (extra + 1) STORED) INHERITS (regress_li.parent) SERVER regress_li_s;
COMMENT ON FOREIGN TABLE regress_li.child IS 'a foreign child';
COMMENT ON COLUMN regress_li.child.extra IS 'more';
ALTER FOREIGN TABLE regress_li.child ADD CONSTRAINT late CHECK (extra > 0) NOT VALID;
CREATE VIEW regress_li.v AS SELECT id, name FROM regress_li.parent WHERE n > 1;
CREATE VIEW regress_li.vc WITH (security_barrier) AS SELECT * FROM regress_li.v WHERE id > 3 WITH CASCADED CHECK OPTION;
CREATE FUNCTION regress_li.f(a int, b text DEFAULT 'x', OUT c int, VARIADIC d int[] DEFAULT '{}') LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT 1';
COMMENT ON FUNCTION regress_li.f(int, text, int[]) IS 'a function';
CREATE FUNCTION regress_li.tf() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  RETURN NEW;
END
$$;
CREATE PROCEDURE regress_li.p(INOUT x int) LANGUAGE plpgsql AS 'BEGIN x := 1; END';
CREATE FUNCTION regress_li.s(int, int) RETURNS SETOF record LANGUAGE sql AS 'SELECT $1, $2';
CREATE TRIGGER trg BEFORE INSERT OR UPDATE OF extra ON regress_li.child FOR EACH ROW WHEN (NEW.extra > 1) EXECUTE FUNCTION regress_li.tf('a', 'b');
CREATE TRIGGER off AFTER DELETE ON regress_li.child FOR EACH STATEMENT EXECUTE FUNCTION regress_li.tf();
ALTER FOREIGN TABLE regress_li.child DISABLE TRIGGER off;
GRANT SELECT ON regress_li.child TO PUBLIC;
GRANT UPDATE (extra), SELECT (id) ON regress_li.child TO regress_li_user WITH GRANT OPTION;
-- relations
\d
\d regress_li.*
\d+ regress_li.*
\d child
\d *.child
\d regress_li.c*
\d "regress_li"."child"
\d postgres.regress_li.v
\d nosuch.regress_li.v
\d a.b.c.d
\d regress_li.(child|v)
\d regress_li.chil?
\d regress_li.p*_n
\dt regress_li.*
\dt
\dtS pg_foreign_t*
\dv regress_li.*
\dv+ regress_li.*
\dvS pg_user_m*
\di regress_li.*
\diS pg_foreign_*
\ds regress_li.*
\ds+ regress_li.seq
\dm regress_li.*
\dm
\dE regress_li.*
\dE+ regress_li.*
\dtv regress_li.*
\dtvsEi regress_li.*
\dE+ regress_li.c*
\dP
\dP regress_li.*
\dPn regress_li.*
\dPi regress_li.*
\dt nosuch
\dt nosuch.*
\dv nosuch
\di nosuch
\ds nosuch
\dE nosuch
\d nosuch
\dx nosuch
-- of the federation
\dew
\dew+ regress*
\dew nosuch
\des
\des+ regress*
\des nosuch
\deu
\deu+ regress*
\deu nosuch
\det regress_li.*
\det+ regress_li.*
\det nosuch
\det *.child
\det nosuch.*
-- roles, settings, privileges
\du regress_li*
\du+ regress_li*
\du nosuch
\dg regress_li*
\dg+ regress_li*
\duS pg_read*
\dgS+ pg_read*
\dAf+ gin
\dAf hash text
\drds
\drds regress_li_user
\drds regress_li_user postgres
\drds nosuch
\drds * nosuch
\ddp
\ddp regress_li*
\ddp nosuch
\dp regress_li.*
\dp regress_li.child
\dp nosuch
\z regress_li.parent
-- schemas, extensions, databases, tablespaces, languages, access methods
\dn
\dn+
\dn regress*
\dnS
\dnS+ pg_cat*
\dn nosuch
\dx
\dx+
\dx+ file*
\dx file_fdw
\dx+ nosuch
\db
\db nosuch
\l nosuch
\l postgres
\dL
\dL+
\dLS
\dLS+
\dL nosuch
\dA
\dA+
\dA heap
\dA+ nosuch
\dAc btree int4
\dAc+ btree text
\dAc hash nosuch
\dAf brin nosuch
\dAo btree integer_ops
\dAo+ hash integer_ops
\dAo btree nosuch
\dAp btree integer_ops
\dAp+ btree text_ops
\dAp hash nosuch
-- functions and operators, types, casts
\df regress_li.*
\df+ regress_li.*
\dfn regress_li.*
\dft regress_li.*
\dfp regress_li.*
\dfa regress_li.*
\dfw regress_li.*
\dfnpt regress_li.*
\df regress_li.f int
\df regress_li.f int text
\df regress_li.f int text int[]
\df regress_li.f - text
\df regress_li.f text
\df nosuch
\df lower
\dfS lower
\df+ pg_catalog.abs
\dfS abs int
\dfw pg_catalog.rank
\dfaS max int
\dfx
\df *_fdw_*
\df+ postgresql_fdw_validator
\da max
\da+ bool_and
\daS count
\da nosuch
\do
\do regress_li.*
\do || text text
\do - int4
\do+ -
\do =
\do nosuch
\doS+ @@
\do ! - 
\dT
\dT regress_li.*
\dT+ regress_li.*
\dT int4
\dTS int
\dT integer
\dT+ numeric
\dTS+ fdw_handler
\dTS *_handler
\dT nosuch
\dC
\dC regress*
\dC int4
\dC+ text
\dC integer
\dC nosuch
\dO
\dO regress_li.*
\dO+ regress_li.*
\dOS C
\dOS+ POSIX
\dOS default
\dO nosuch
\dc
\dcS utf8_to_latin1
\dcS *koi8_r*
\dcS+ utf8_to_latin2
\dc nosuch
\dD
\dD regress_li.*
\dD+ regress_li.*
\dDS cardinal*
\dD+ nosuch
-- text search, subscriptions, event triggers, large objects, statistics
\dF
\dF english
\dF+ simple
\dF nosuch
\dFd
\dFd simple
\dFd+ english_stem
\dFd nosuch
\dFp
\dFp+
\dFp nosuch
\dFt
\dFt+ simple
\dFt nosuch
\dRp
\dRp+
\dRp nosuch
\dRs
\dRs+
\dRs nosuch
\dy
\dy+
\dy nosuch
\dl
\lo_list
\lo_list+
\dX
\dX+
\dX nosuch
\dconfig enable_sort
\dconfig+ enable_hash*
\dconfig nosuch
-- comments
\dd
\dd regress_li.*
\dd regress*
\ddS now
\dd nosuch
-- definitions
\sf regress_li.f
\sf+ regress_li.tf
\sf regress_li.tf()
\sf regress_li.s(int)
\sf regress_li.p
\sf nosuch
\sf regress_li.nosuch(int)
\sf lower(text)
\sv regress_li.v
\sv+ regress_li.vc
\sv regress_li.parent
\sv regress_li.child
\sv nosuch
-- the session
\conninfo nothing
\encoding
\dt "no such
\set search 'regress_li'
SET search_path = regress_li, pg_catalog;
\d
\d child
\dt p*
\df
\dT
\dD
\dO
\dE
\di
\det
\dd
\d pg_catalog.pg_foreign_table
\d pg_foreign_server
\d+ pg_user_mapping
\d pg_user_mappings
\d information_schema.foreign_tables
\d pg_foreign_server_oid_index
\d+ parent_name
\d parent_pkey
\d parent_id_seq
\d seq
\d pair
\d+ pair
\d parted_1
\d parted
\d+ parted
\d parted_sub
\d+ vc
RESET search_path;
-- clean up
DROP SCHEMA regress_li CASCADE;
DROP EXTENSION file_fdw;
DROP FOREIGN DATA WRAPPER regress_li_w CASCADE;
DROP OWNED BY regress_li_owner;
DROP ROLE regress_li_owner, regress_li_group, regress_li_user;
