-- GRANT of every kind on objects of every kind; ALTER INDEX on what is none; what cannot be changed and is missing
\set VERBOSITY verbose
\ir federated_objects.sql
CREATE TEMP TABLE objs AS SELECT * FROM unnest(ARRAY['ft','n1."Q t"','tb','pt','vw','mv','tb_pkey','n1.sq','ct','en','dd','dd[]','s','w','n1','fo_one','fat','fat(int)','n1.pr(int,n1.dom)','pg_catalog.pg_class','sql','nosuch','nosuch.x']) WITH ORDINALITY o(o, n);
SELECT 'BEGIN', format('GRANT %s ON %s %s TO fo_three', p, k, o), 'ROLLBACK' FROM (VALUES (1,'TABLE'),(2,'SEQUENCE'),(4,'DOMAIN'),(5,'FOREIGN DATA WRAPPER'),(6,'FOREIGN SERVER'),(7,'FUNCTION'),(8,'PROCEDURE'),(9,'ROUTINE'),(10,'LANGUAGE'),(13,'SCHEMA'),(15,'TYPE'),(16,'ALL TABLES IN SCHEMA')) z(kn,k), objs, unnest(ARRAY['SELECT','SELECT (a)','USAGE','nosuch']) WITH ORDINALITY x(p,an) ORDER BY kn, n, an
\gexec
SELECT 'BEGIN', format('ALTER INDEX %s %s', o, a), 'ROLLBACK' FROM objs, unnest(ARRAY['RENAME TO zz','SET SCHEMA n1','OWNER TO fo_one','ATTACH PARTITION nosuch','ALTER 1 SET STATISTICS 3','SET TABLESPACE pg_default']) WITH ORDINALITY x(a,an) WHERE n BETWEEN 1 AND 9 ORDER BY n, an
\gexec
SELECT format('ALTER %s %s %s', k, o, a) FROM unnest(ARRAY['CONVERSION','TEXT SEARCH CONFIGURATION','TEXT SEARCH DICTIONARY','TEXT SEARCH PARSER','TEXT SEARCH TEMPLATE','LANGUAGE','TABLESPACE','PUBLICATION','SUBSCRIPTION','EVENT TRIGGER']) WITH ORDINALITY z(k,kn), unnest(ARRAY['nosuch','nosuch.x','"N 2".y']) WITH ORDINALITY o(o,n), unnest(ARRAY['RENAME TO zz','OWNER TO nosuch','OWNER TO fo_one']) WITH ORDINALITY x(a,an) WHERE (n = 1 OR kn < 6) ORDER BY kn, n, an
\gexec
