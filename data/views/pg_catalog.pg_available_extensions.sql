SELECT a.name, a.default_version, e.extversion AS installed_version, a.comment
FROM pg_catalog.pg_available_extensions() AS a
  LEFT JOIN pg_catalog.pg_extension AS e ON e.extname = a.name
