SELECT n.nspname AS schemaname, c.relname AS tablename, a.attname, s.stainherit AS inherited, s.stanullfrac AS null_frac,
  s.stawidth AS avg_width, s.stadistinct AS n_distinct, CAST(NULL AS anyarray) AS most_common_vals, CAST(NULL AS real[]) AS most_common_freqs,
  CAST(NULL AS anyarray) AS histogram_bounds, CAST(NULL AS real) AS correlation, CAST(NULL AS anyarray) AS most_common_elems,
  CAST(NULL AS real[]) AS most_common_elem_freqs, CAST(NULL AS real[]) AS elem_count_histogram
FROM pg_catalog.pg_statistic AS s JOIN pg_catalog.pg_class AS c ON c.oid = s.starelid
  JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = s.staattnum
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE NOT a.attisdropped AND pg_catalog.has_column_privilege(c.oid, a.attnum, 'select')
