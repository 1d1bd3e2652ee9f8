-- quote_all_identifiers: every name that a function or a listing writes is quoted, and none that is stored.
create schema s;
create type s.e as enum ('a');
create domain d as text check (value <> '');
create table s.t (a int primary key, b text collate "C" default 'x'::text, c numeric(10,2), d varchar(3)[], e s.e, f d, g bpchar, h char(3), i bit(3), j interval, "K" name, check (a > length(b)));
create table p (a int, b text) partition by list (b);
create table p1 partition of p for values in ('a', 'b');
create index i1 on s.t (b text_pattern_ops, lower(d[1])) include (c) with (fillfactor=50) where a > 3;
create view v as select t.a, count(*) over w as n, x.b from s.t join p x using (a) window w as (partition by t.b);
create function f(a int, variadic b text[] default '{}') returns table (x int, "Y" text) language sql set search_path = a, b as 'select 1, $1::text';
create function g(a int) returns text language sql begin atomic select a || 'x'; end;
create function trg() returns trigger language plpgsql as 'begin return new; end';
create trigger tr after update of a, b on s.t referencing old table as o new table as n for each statement execute function trg('x');
create trigger tr2 before update of a, b on s.t for each row when (old.a <> new.a) execute function trg('x');
alter table p add foreign key (a) references s.t on delete set null;
create statistics st on a, b from s.t;
set quote_all_identifiers = on;
show quote_all_identifiers;
select quote_ident('a'), format('%I.%I %s', 'a', 'B', 's.t'::regclass), 's.t'::regclass, 'int4'::regtype, 'text'::regtype, 'text[]'::regtype, 's.e'::regtype, 'f'::regproc, 'length(text)'::regprocedure, 'postgres'::regrole, 'public'::regnamespace, '+(int,int)'::regoperator, 'english'::regconfig;
select format_type(oid, -1), format_type(oid, null), format_type(oid, 4) from pg_type where oid < 10000 and typtype = 'b' and typname !~ 'interval' order by oid;
select pg_get_viewdef('v'), pg_get_viewdef('v', true);
select pg_get_constraintdef(oid), pg_get_constraintdef(oid, true) from pg_constraint where conrelid in ('s.t'::regclass, 'p'::regclass) or contypid <> 0 order by conname;
select pg_get_indexdef(indexrelid), pg_get_indexdef(indexrelid, 1, true) from pg_index where indrelid='s.t'::regclass order by 1;
select pg_get_functiondef('f'::regproc), pg_get_function_arguments('f'::regproc), pg_get_function_result('f'::regproc), pg_get_function_identity_arguments('f'::regproc);
select pg_get_functiondef('g'::regproc);
select pg_get_function_sqlbody('g'::regproc);
select pg_get_triggerdef(oid), pg_get_triggerdef(oid, true) from pg_trigger where tgrelid = 's.t'::regclass and not tgisinternal order by tgname;
select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = 's.t'::regclass;
select pg_get_partkeydef('p'::regclass), pg_get_expr(relpartbound, oid) from pg_class where relname = 'p1';
select pg_get_partition_constraintdef('p1'::regclass);
select pg_get_statisticsobjdef(oid), pg_get_statisticsobjdef_columns(oid) from pg_statistic_ext;
select pg_get_userbyid(10), pg_get_serial_sequence('s.t', 'a');
select pg_describe_object('pg_class'::regclass, 's.t'::regclass, 1), pg_describe_object('pg_type'::regclass, 's.e'::regtype, 0), pg_describe_object('pg_proc'::regclass, 'f'::regproc, 0);
select (pg_identify_object('pg_class'::regclass, 's.t'::regclass, 1)).*;
select (pg_identify_object('pg_type'::regclass, 's.e'::regtype, 0)).*;
select (pg_identify_object('pg_type'::regclass, 'int4'::regtype, 0)).*;
select (pg_identify_object('pg_type'::regclass, 'text[]'::regtype, 0)).*;
select (pg_identify_object('pg_proc'::regclass, 'f'::regproc, 0)).*;
select (pg_identify_object('pg_constraint'::regclass, (select oid from pg_constraint where conname = 't_pkey'), 0)).*;
\d s.t
\d v
\df f
\dT s.*
\sf f
\sv v
drop schema s;
drop type s.e;
set search_path = a, b;
show search_path;
set search_path = public;

create table x (a int default length('a'::text), b text check (b <> ''));
create view xv as select a, b from x;
insert into s.t (a) values (1), (1);
select 'x'::d;
select ''::d;
select nosuch(1::int, 'a'::text);
select 1 + 'a'::text;
select 1::s.e;
alter table x alter b type int;
reset quote_all_identifiers;
\d x
\d xv
select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = 'x'::regclass;
alter table x rename a to aa;
alter table x rename b to bb;
\d x
\d+ xv
select format('%I', 'a'), quote_ident('a');
select format_type('text'::regtype,4), format_type('_text'::regtype,4), format_type('pg_class'::regtype, 5), format_type('information_schema.sql_identifier'::regtype,3), format_type('information_schema._sql_identifier'::regtype,3), format_type('int4'::regtype,3), format_type('_int4'::regtype,3),format_type('bpchar'::regtype,3),format_type('bpchar'::regtype,-1),format_type('_bpchar'::regtype,-1),format_type('bit'::regtype,7),format_type('_varbit'::regtype,7),format_type('varchar'::regtype,7), format_type('numeric'::regtype, 655366), format_type('date'::regtype,0);
