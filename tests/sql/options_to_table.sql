\pset null '(null)'
SELECT * FROM pg_options_to_table(array['a=b', 'c', '=x', 'd=e=f', '', 'g=', 'h i=j k']);
SELECT * FROM pg_options_to_table('{{a=b,c},{d=e,f=g}}');
SELECT * FROM pg_options_to_table(array['a=b', NULL]);
SELECT (pg_options_to_table('{a=b,c}')).*;
-- what stands in the way of DROP NOT NULL comes in this order
CREATE TABLE p (v int PRIMARY KEY) PARTITION BY RANGE (v);
ALTER TABLE ONLY p ALTER v DROP NOT NULL;
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (1);
ALTER TABLE ONLY p ALTER v DROP NOT NULL;
ALTER TABLE p ALTER v DROP NOT NULL;
ALTER TABLE p1 ALTER v DROP NOT NULL;
