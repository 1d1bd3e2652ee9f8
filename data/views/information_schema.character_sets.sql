SELECT NULL::name AS character_set_catalog, NULL::name AS character_set_schema, pg_catalog.getdatabaseencoding()::name AS character_set_name,
  (CASE WHEN pg_catalog.getdatabaseencoding() = 'UTF8' THEN 'UCS' ELSE pg_catalog.getdatabaseencoding() END)::name AS character_repertoire,
  pg_catalog.getdatabaseencoding()::name AS form_of_use, @database()::name AS default_collate_catalog,
  c.nspname::name AS default_collate_schema, c.collname::name AS default_collate_name
FROM pg_catalog.pg_database AS d
  LEFT JOIN (SELECT n.nspname, x.collname, x.collcollate, x.collctype, x.collprovider
             FROM pg_catalog.pg_collation AS x JOIN pg_catalog.pg_namespace AS n ON n.oid = x.collnamespace) AS c
    ON c.collcollate = d.datcollate AND c.collctype = d.datctype AND c.collprovider <> 'i'
WHERE d.datname = @database()
ORDER BY length(c.collname) DESC, c.collname
LIMIT 1
