-- PL/pgSQL is an extension: it can be dropped and created again, by whom it trusts, too.
\set VERBOSITY verbose
create function f() returns int language plpgsql as 'begin return 1; end';
drop extension plpgsql;
drop extension plpgsql cascade;
create function f() returns int language plpgsql as 'begin return 1; end';
do $$ begin end $$;
\dL
\dx
create extension plpgsql version '2.0';
create extension plpgsql schema public;
create extension if not exists plpgsql;
create extension if not exists plpgsql;
\dx
\dL+
\dx+ plpgsql
select lanname, lanispl, lanpltrusted, lanplcallfoid::regproc, laninline::regproc, lanvalidator::regproc, lanacl from pg_language order by 1;
select proname, pronamespace::regnamespace, prosrc, probin, provolatile, proisstrict, proparallel, procost, prorettype::regtype, proargtypes::regtype[], proacl from pg_proc where proname like 'plpgsql%' order by 1;
select classid::regclass, pg_describe_object(classid,objid,objsubid), pg_describe_object(refclassid,refobjid,refobjsubid), deptype from pg_depend where refobjid in (select oid from pg_extension where extname='plpgsql') or objid in (select oid from pg_extension where extname='plpgsql') or objid in (select oid from pg_language where lanname='plpgsql') order by 1,2,3;
select obj_description(oid,'pg_extension') from pg_extension where extname='plpgsql';
select obj_description(oid,'pg_language') from pg_language where lanname='plpgsql';
select extowner::regrole, extnamespace::regnamespace, extrelocatable, extversion from pg_extension;
create function f() returns int language plpgsql as 'begin return 1; end';
select f();
select name, default_version, installed_version from pg_available_extensions where name='plpgsql';
select * from pg_available_extension_versions where name='plpgsql';
alter extension plpgsql update;
create role plr; set role plr;
create extension plpgsql;
drop extension plpgsql;
reset role;
drop function f();
drop extension plpgsql;
set role plr;
create extension plpgsql;
reset role;
select current_database() as db \gset
grant create on database :"db" to plr;
set role plr;
create extension plpgsql;
do $$ begin raise notice '%', current_user; end $$;
select extowner::regrole from pg_extension where extname = 'plpgsql';
select lanowner::regrole from pg_language where lanname = 'plpgsql';
select proowner::regrole from pg_proc where proname like 'plpgsql%';
select pg_describe_object(classid, objid, objsubid), deptype from pg_shdepend where refobjid = 'plr'::regrole and classid <> 0 order by 1;
alter extension plpgsql update;
drop extension plpgsql;
reset role;
revoke create on database :"db" from plr;
create schema xx;
create extension plpgsql schema xx;
create extension plpgsql with schema pg_catalog cascade;
drop extension plpgsql;
create extension plpgsql with schema pg_catalog cascade;
select * from pg_init_privs where objoid in (select oid from pg_language where lanname='plpgsql');
drop role plr;
drop schema xx;
