SELECT c.name, c.setting FROM pg_catalog.pg_config() AS c
