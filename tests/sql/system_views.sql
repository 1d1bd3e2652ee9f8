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
