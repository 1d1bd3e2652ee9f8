SELECT z.abbrev, z.utc_offset, z.is_dst FROM pg_catalog.pg_timezone_abbrevs() AS z
