-- What PostgreSQL's own views, rules, types and extensions depend on, and what users' objects depend on there.
SELECT * FROM (SELECT pg_describe_object(classid, objid, objsubid) AS what, pg_describe_object(refclassid, refobjid, refobjsubid) AS needs, deptype FROM pg_depend
  WHERE objid < 16384) x ORDER BY what COLLATE "C", needs COLLATE "C", deptype;
SELECT rulename, ev_class::regclass, ev_type, ev_enabled, is_instead FROM pg_rewrite WHERE ev_class < 16384 ORDER BY ev_class, rulename COLLATE "C";
SELECT * FROM information_schema.view_column_usage WHERE view_schema IN ('pg_catalog', 'information_schema') ORDER BY view_name COLLATE "C", table_name COLLATE "C", column_name COLLATE "C";
SELECT * FROM information_schema.view_table_usage WHERE view_schema IN ('pg_catalog', 'information_schema') ORDER BY view_name COLLATE "C", table_name COLLATE "C";
SELECT table_name, regexp_replace(specific_name, '_[0-9]+$', '') AS routine FROM information_schema.view_routine_usage WHERE table_schema IN ('pg_catalog', 'information_schema') ORDER BY table_name COLLATE "C", specific_name COLLATE "C";
SELECT count(*) FROM pg_rules WHERE schemaname IN ('pg_catalog', 'information_schema');
CREATE SCHEMA regress_bid;
SET search_path = regress_bid;
CREATE VIEW over_views AS SELECT t.tablename, c.column_name, s.relname FROM pg_tables t JOIN information_schema.columns c ON c.table_name = t.tablename
  JOIN pg_stat_user_tables s ON s.relname = t.tablename JOIN pg_class k ON k.relname = s.relname;
CREATE FUNCTION sized(t information_schema.cardinal_number) RETURNS information_schema.sql_identifier LANGUAGE sql AS $$ SELECT 'x' $$;
CREATE DOMAIN counted AS information_schema.cardinal_number CHECK (VALUE < 100);
CREATE TABLE known (a information_schema.yes_or_no, b counted, c pg_views, d information_schema.columns[]);
CREATE FUNCTION information_schema.helps() RETURNS int LANGUAGE sql AS 'SELECT 1';
SELECT * FROM (SELECT pg_describe_object(classid, objid, objsubid) AS what, pg_describe_object(refclassid, refobjid, refobjsubid) AS needs, deptype FROM pg_depend
  WHERE refobjid BETWEEN 12000 AND 16383 AND objid >= 16384) x ORDER BY what COLLATE "C", needs COLLATE "C", deptype;
SELECT * FROM information_schema.view_column_usage WHERE view_schema = 'regress_bid' ORDER BY table_name COLLATE "C", column_name COLLATE "C";
SELECT * FROM information_schema.view_table_usage WHERE view_schema = 'regress_bid' ORDER BY table_name COLLATE "C";
DROP FUNCTION information_schema.helps();
CREATE ROLE regress_bid_a;
GRANT USAGE ON SCHEMA regress_bid TO regress_bid_a;
SET ROLE regress_bid_a;
SELECT count(*) FROM information_schema.view_column_usage;
SELECT count(*) FROM information_schema.view_table_usage;
RESET ROLE;
DROP EXTENSION plpgsql;
DROP LANGUAGE plpgsql;
DROP SCHEMA regress_bid CASCADE;
DROP ROLE regress_bid_a;
