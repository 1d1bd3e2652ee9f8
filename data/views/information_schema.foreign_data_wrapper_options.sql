SELECT w.foreign_data_wrapper_catalog, w.foreign_data_wrapper_name, x.option_name::name AS option_name, x.option_value::varchar AS option_value
FROM information_schema._pg_foreign_data_wrappers AS w, pg_catalog.pg_options_to_table(w.fdwoptions) AS x
