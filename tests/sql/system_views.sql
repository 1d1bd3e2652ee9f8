-- the zones and abbreviations that are known, by parts that releases of the zone data do not change
SELECT name, utc_offset, abbrev, is_dst FROM pg_timezone_names WHERE name IN ('UTC', 'Asia/Tokyo', 'Etc/GMT+5', 'Asia/Kolkata', 'Africa/Lagos') ORDER BY 1;
SELECT count(*) > 400, bool_and(utc_offset BETWEEN '-12:00' AND '14:00') FROM pg_timezone_names;
SELECT * FROM pg_timezone_abbrevs WHERE abbrev IN ('UTC', 'Z', 'PST', 'MESZ', 'ART', 'IST', 'NZDT') ORDER BY 1;
SELECT count(*) FROM pg_timezone_abbrevs;
SELECT a.abbrev, count(*) > 0 FROM pg_timezone_abbrevs a JOIN pg_timezone_names n ON n.utc_offset = a.utc_offset WHERE a.abbrev IN ('JST', 'WAT') GROUP BY 1 ORDER BY 1;
-- names made of others
SELECT oidvectortypes('23 25'), oidvectortypes(''), oidvectortypes('0 99999 1009');
SELECT nameconcatoid('abc', 12), nameconcatoid(repeat('ä', 40)::name, 123456), length(nameconcatoid(repeat('x', 63)::name, 4294967295));
SELECT specific_name LIKE routine_name || '_%' FROM information_schema.routines WHERE routine_name = 'format_type';
-- each view of information_schema can be read, and counted
SELECT format('SELECT count(*) >= 0 AS %I FROM information_schema.%I', relname, relname)
  FROM pg_class WHERE relnamespace = 'information_schema'::regnamespace AND relkind IN ('r', 'v') ORDER BY relname \gexec
SELECT relname FROM pg_class WHERE relnamespace = 'information_schema'::regnamespace AND relkind = 'v' ORDER BY 1;
-- views of what there is none of, here and in a PostgreSQL that does not replicate
SELECT * FROM pg_replication_slots;
SELECT * FROM pg_stat_replication;
SELECT * FROM pg_stat_replication_slots;
SELECT * FROM pg_stat_wal_receiver;
SELECT * FROM pg_stat_subscription;
SELECT * FROM pg_stat_subscription_stats;
SELECT * FROM pg_replication_origin_status;
SELECT * FROM pg_stat_progress_analyze;
SELECT * FROM pg_stat_progress_vacuum;
SELECT * FROM pg_stat_progress_cluster;
SELECT * FROM pg_stat_progress_create_index;
SELECT * FROM pg_stat_progress_basebackup;
SELECT * FROM pg_stat_progress_copy;
SELECT * FROM pg_stat_user_functions;
SELECT * FROM pg_stat_xact_user_functions;
SELECT * FROM pg_stats_ext_exprs;
SELECT * FROM pg_ident_file_mappings;
SELECT * FROM pg_publication_tables;
SELECT * FROM pg_prepared_xacts;
SELECT name, error FROM pg_file_settings WHERE error IS NOT NULL;
SELECT line_number, error FROM pg_hba_file_rules WHERE error IS NOT NULL;
SELECT gss_authenticated, principal, encrypted FROM pg_stat_gssapi WHERE pid = pg_backend_pid();
SELECT * FROM pg_stat_database_conflicts WHERE datname = current_database();
SELECT archived_count, last_archived_wal, last_archived_time, failed_count, last_failed_wal, last_failed_time, stats_reset < now() FROM pg_stat_archiver;
-- settings and sizes that not everybody is told
CREATE ROLE regress_sv;
SET ROLE regress_sv;
SHOW data_directory;
SELECT current_setting('data_directory');
SELECT current_setting('config_file', true);
SELECT set_config('application_name', current_setting('hba_file'), false);
SELECT name FROM pg_settings WHERE name IN ('data_directory', 'config_file', 'hba_file', 'ident_file', 'external_pid_file', 'dynamic_library_path',
  'session_preload_libraries', 'shared_preload_libraries', 'unix_socket_directories', 'log_directory', 'log_filename', 'listen_addresses', 'archive_command', 'primary_conninfo') ORDER BY 1;
SELECT pg_tablespace_size('pg_global');
SELECT pg_tablespace_size(1664);
SELECT pg_tablespace_size('pg_default') > 0;
SELECT pg_tablespace_size('nosuch');
SELECT pg_tablespace_size(99999);
SELECT pg_database_size('postgres') > 0, pg_database_size(5) > 0;
SELECT pg_database_size('nosuch');
SELECT pg_database_size(99999);
\db+
RESET ROLE;
SELECT pg_tablespace_size(99999), pg_database_size(99999);
REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;
SET ROLE regress_sv;
SELECT pg_database_size('postgres');
RESET ROLE;
GRANT CONNECT ON DATABASE postgres TO PUBLIC;
GRANT pg_read_all_settings, pg_read_all_stats TO regress_sv;
SET ROLE regress_sv;
SELECT name FROM pg_settings WHERE name IN ('data_directory', 'config_file', 'hba_file') ORDER BY 1;
SELECT current_setting('external_pid_file');
SELECT pg_tablespace_size('pg_global') >= 0, pg_database_size('postgres') > 0, pg_tablespace_size(99999);
RESET ROLE;
DROP ROLE regress_sv;
