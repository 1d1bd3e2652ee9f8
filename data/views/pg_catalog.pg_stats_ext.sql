SELECT cn.nspname AS schemaname, c.relname AS tablename, sn.nspname AS statistics_schemaname, s.stxname AS statistics_name,
  pg_catalog.pg_get_userbyid(s.stxowner) AS statistics_owner, NULL::name[] AS attnames, NULL::text[] AS exprs, s.stxkind AS kinds,
  sd.stxdinherit AS inherited, sd.stxdndistinct AS n_distinct, sd.stxddependencies AS dependencies, NULL::text[] AS most_common_vals,
  NULL::boolean[] AS most_common_val_nulls, NULL::double precision[] AS most_common_freqs,
  NULL::double precision[] AS most_common_base_freqs
FROM pg_catalog.pg_statistic_ext AS s JOIN pg_catalog.pg_class AS c ON c.oid = s.stxrelid
  JOIN pg_catalog.pg_statistic_ext_data AS sd ON s.oid = sd.stxoid
  LEFT JOIN pg_catalog.pg_namespace AS cn ON cn.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_namespace AS sn ON sn.oid = s.stxnamespace
