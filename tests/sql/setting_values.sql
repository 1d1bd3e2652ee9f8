-- settings whose values are names of something: what there is none of is refused
SET lc_monetary = 'de_DE.UTF-8';
SET lc_numeric = 'nosuch';
SET lc_time = 'C.UTF-8';
SET lc_messages = 'xx';
SET lc_monetary = 'POSIX';
SHOW lc_monetary;
SET lc_time = '';
SET timezone_abbreviations = 'nosuch';
SET timezone_abbreviations = 'Default';
SHOW timezone_abbreviations;
SET xmloption = content;
SET exit_on_error = off;
SET restrict_nonsystem_relation_kind = 'View, foreign-table';
SHOW restrict_nonsystem_relation_kind;
SET restrict_nonsystem_relation_kind = 'view,nosuch';
SET default_tablespace = 'nosuch';
SET default_table_access_method = 'nosuch';
RESET ALL;
