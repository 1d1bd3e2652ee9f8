-- Procedures are no functions to triggers and wrappers.
\set VERBOSITY verbose
create procedure pp() language sql as ''; create procedure pv(text[], oid) language sql as ''; create table t (a int);
create trigger t6 before insert on t for each row execute function pp();
create foreign data wrapper w handler pp; create foreign data wrapper w validator pv; create foreign data wrapper w validator public.pv;
create trigger t7 before insert on t for each row execute function public.pp();
