-- The name that a connection has at the source: the server's option, the setting before it, their escapes; the settings of a library
\set VERBOSITY verbose
show plpgsql.extra_warnings;
\dconfig plpgsql.*
set plpgsql.foo = 1;
do $$ begin end $$;
\dconfig plpgsql.*
show plpgsql.extra_warnings;
show plpgsql.foo;
set plpgsql.foo = 1;
show postgres_fdw.application_name;
set postgres_fdw.foo = '1';
set postgres_fdw.application_name = 'early %u';
\dconfig postgres_fdw.*
load 'postgres_fdw';
\dconfig postgres_fdw.*
set postgres_fdw.foo = '1';
show postgres_fdw.foo;
show postgres_fdw.application_name;
select * from pg_settings where name ~ 'postgres_fdw';
reset postgres_fdw.application_name;
show postgres_fdw.application_name;
create extension postgres_fdw;
\c
create server s1 foreign data wrapper postgres_fdw;
show postgres_fdw.application_name;
create server s2 foreign data wrapper postgres_fdw options (host 'x');
show postgres_fdw.application_name;
alter role postgres set postgres_fdw.application_name = 'r';
\c
show postgres_fdw.application_name;
load '$libdir/postgres_fdw';
show postgres_fdw.application_name;
select name, setting, source from pg_settings where name ~ 'postgres_fdw';
set postgres_fdw.application_name = 'a\b';
show postgres_fdw.application_name;
set postgres_fdw.application_name = 'é\x01%';
show postgres_fdw.application_name;
set postgres_fdw.application_name = E'a\x01%\n';
show postgres_fdw.application_name;
alter role postgres reset all;
load 'nosuch';
load 'plpgsql';
alter role postgres set postgres_fdw.foo = 'r';
\c
load 'postgres_fdw';
show postgres_fdw.foo;
alter role postgres reset all;
drop extension postgres_fdw cascade;
select pg_settings_get_flags('postgres_fdw.application_name');
create extension postgres_fdw;
create server back foreign data wrapper postgres_fdw options (host :'src', port :'port', dbname 'rem', application_name 'opt %u/%d/%%');
create user mapping for public server back options (user 'postgres', password_required 'false');
create foreign table me (name text) server back options (schema_name 'public', table_name 'me');
select * from me;
set postgres_fdw.application_name = 'set %u %x|';
select postgres_fdw_disconnect_all();
select * from me;
select postgres_fdw_disconnect_all();
select * from me;
set postgres_fdw.application_name = '%a-%C-%d-%q';
set application_name = 'mine';
select postgres_fdw_disconnect_all();
select * from me;
set postgres_fdw.application_name = 'p%pc%c';
select postgres_fdw_disconnect_all();
select name = format('p%sc%s.%s', pg_backend_pid(), to_hex(floor(extract(epoch from backend_start))::bigint), to_hex(pg_backend_pid())) from me, pg_stat_activity where pid = pg_backend_pid();
set postgres_fdw.application_name = '%q%';
select postgres_fdw_disconnect_all();
select * from me;
alter server back options (drop application_name);
select * from me;
set postgres_fdw.application_name = 'x01234567890123456789012345678901234567890123456789012345678901234567890123456789';
select postgres_fdw_disconnect_all();
select * from me;
set postgres_fdw.application_name = E'é''\\"\n%d';
select postgres_fdw_disconnect_all();
select * from me;
create role other superuser;
set role other;
set postgres_fdw.application_name = '%u';
select postgres_fdw_disconnect_all();
select * from me;
set session authorization other;
select postgres_fdw_disconnect_all();
select * from me;
reset session authorization;
begin;
set local postgres_fdw.application_name = 'local';
select postgres_fdw_disconnect_all();
select * from me;
rollback;
select postgres_fdw_disconnect_all();
select * from me;
reset role; drop role other;
