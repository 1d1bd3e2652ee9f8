SELECT s.name, s.setting, s.unit, s.category, s.short_desc, s.extra_desc, s.context, s.vartype, s.source, s.min_val, s.max_val, s.enumvals,
  s.boot_val, s.reset_val, s.sourcefile, s.sourceline, s.pending_restart
FROM pg_catalog.pg_show_all_settings() AS s
