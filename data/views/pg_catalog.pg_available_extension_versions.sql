SELECT a.name, a.version, e.extname IS NOT NULL AS installed, a.superuser, a.trusted, a.relocatable, a.schema, a.requires, a.comment
FROM pg_catalog.pg_available_extension_versions() AS a
  LEFT JOIN pg_catalog.pg_extension AS e ON e.extname = a.name AND e.extversion = a.version
