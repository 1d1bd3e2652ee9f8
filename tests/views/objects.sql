-- Objects of every kind that the system views tell of, so that no view is compared empty where it need not be.
CREATE ROLE v_reader; CREATE ROLE v_other;
GRANT v_reader TO v_other WITH ADMIN OPTION;
ALTER ROLE v_reader SET work_mem = '5MB';
CREATE EXTENSION postgres_fdw;
CREATE FOREIGN DATA WRAPPER w1 HANDLER postgres_fdw_handler OPTIONS (x '1', y '2');
CREATE SERVER s1 TYPE 'ty' VERSION 'v' FOREIGN DATA WRAPPER w1 OPTIONS (host 'h', port '5');
CREATE SERVER s2 FOREIGN DATA WRAPPER w1;
CREATE USER MAPPING FOR v_reader SERVER s1 OPTIONS (user 'u', password 'p');
CREATE USER MAPPING FOR v_other SERVER s1 OPTIONS (user 'u2', password 'p');
CREATE USER MAPPING FOR PUBLIC SERVER s1 OPTIONS (user 'pu');
CREATE DOMAIN dom AS varchar(10) CHECK (value <> 'x');
CREATE DOMAIN numbers AS numeric(8,2)[];
CREATE DOMAIN words AS text COLLATE "C" DEFAULT 'q' NOT NULL;
CREATE TYPE enu AS ENUM ('a', 'b');
CREATE TYPE comp AS (a int, b varchar(5), c dom, d int[]);
CREATE FOREIGN TABLE t1 (a int DEFAULT 5, b text NOT NULL, c varchar(20), d numeric(10,2), e timestamp(3), f interval day to second(3), g interval,
  h dom, i enu, j int[], k bit(5), l varbit, m float4, n char(3), o date, p timetz(2), q numbers, r comp, s text COLLATE "C", CHECK (a > 0))
  SERVER s1 OPTIONS (table_name 'x');
CREATE FOREIGN TABLE "T 2" (a int OPTIONS (column_name 'zz')) SERVER s2;
CREATE SCHEMA sc;
CREATE FOREIGN TABLE sc.t3 (a int) SERVER s1;
CREATE VIEW v1 AS SELECT a FROM t1;
CREATE VIEW sc.v2 AS SELECT lower(a::text) AS l FROM v1;
CREATE MATERIALIZED VIEW m1 AS SELECT 1 AS one;
CREATE TABLE loc (id int PRIMARY KEY, u int UNIQUE, v serial, w int GENERATED ALWAYS AS IDENTITY, x int GENERATED ALWAYS AS (id + 1) STORED,
  fk int REFERENCES loc ON DELETE CASCADE, y enu[], z dom[]);
CREATE SEQUENCE sq;
CREATE FUNCTION fn(a int, b varchar DEFAULT 'x', OUT c text) LANGUAGE sql AS 'SELECT $2';
CREATE FUNCTION fv(VARIADIC a int[]) RETURNS SETOF int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION fu() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT id + length(fn(1)) + nextval('sq')::int FROM loc; END;
CREATE PROCEDURE pr(x int) LANGUAGE sql AS 'SELECT 1';
CREATE TRIGGER tr BEFORE INSERT OR UPDATE OF u ON loc FOR EACH ROW WHEN (NEW.id > 1) EXECUTE FUNCTION suppress_redundant_updates_trigger();
CREATE RULE ru AS ON DELETE TO loc DO INSTEAD NOTHING;
CREATE POLICY po ON loc FOR SELECT TO v_reader USING (id > 0);
GRANT SELECT ON t1 TO v_reader;
GRANT SELECT (a), UPDATE (a, b) ON t1 TO v_other;
GRANT INSERT ON "T 2" TO PUBLIC;
GRANT SELECT, REFERENCES ON loc TO v_reader;
GRANT USAGE ON FOREIGN SERVER s1 TO v_reader, v_other WITH GRANT OPTION;
GRANT USAGE ON FOREIGN DATA WRAPPER w1 TO v_reader;
GRANT USAGE ON DOMAIN dom TO v_other;
REVOKE USAGE ON TYPE enu FROM PUBLIC;
ALTER FOREIGN TABLE sc.t3 OWNER TO v_reader;
ALTER SERVER s2 OWNER TO v_reader;
ALTER SCHEMA sc OWNER TO v_reader;
