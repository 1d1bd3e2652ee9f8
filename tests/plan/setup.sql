-- The objects that the plan tests are about. Nothing behind them exists.
CREATE EXTENSION postgres_fdw;
CREATE EXTENSION file_fdw;
CREATE SERVER pg1 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '/nowhere', dbname 'one');
CREATE SERVER pg2 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '/nowhere', dbname 'two');
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE USER MAPPING FOR CURRENT_USER SERVER pg1 OPTIONS (user 'u1', password 'secret1');
CREATE USER MAPPING FOR CURRENT_USER SERVER pg2 OPTIONS (user 'u2', password 'secret2');

CREATE FOREIGN TABLE customer (id integer NOT NULL, name text, country char(2), born date) SERVER pg1 OPTIONS (schema_name 'sales', table_name 'customer');
CREATE FOREIGN TABLE orders (id bigint NOT NULL, customer_id integer, total numeric(12,2), placed timestamptz, note text)
  SERVER pg1 OPTIONS (schema_name 'sales', table_name 'Orders');
ALTER FOREIGN TABLE orders ALTER COLUMN note OPTIONS (ADD column_name 'Re"mark');
CREATE FOREIGN TABLE item (order_id bigint, line integer, part text, amount numeric(12,2), qty double precision) SERVER pg2;
CREATE FOREIGN TABLE part (name text, weight real, tags text[]) SERVER pg2;
CREATE FOREIGN TABLE visits (at timestamp, customer_id integer, page text, ms double precision) SERVER files OPTIONS (filename '/nowhere/visits.csv', format 'csv');
CREATE FOREIGN TABLE names (id integer, name text) SERVER files OPTIONS (filename '/nowhere/names.csv', format 'csv');
CREATE VIEW both_views AS SELECT o.id, o.total, i.line FROM orders o JOIN item i ON i.order_id = o.id;
CREATE VIEW barrier WITH (security_barrier) AS SELECT o.id, i.line FROM orders o JOIN item i ON i.order_id = o.id;
