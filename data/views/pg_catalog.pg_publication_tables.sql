-- There are no publications here, and so no tables of them.
SELECT p.pubname, n.nspname AS schemaname, c.relname AS tablename, NULL::name[] AS attnames, NULL::text AS rowfilter
FROM pg_catalog.pg_publication_rel AS x
  JOIN pg_catalog.pg_publication AS p ON p.oid = x.prpubid
  JOIN pg_catalog.pg_class AS c ON c.oid = x.prrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
