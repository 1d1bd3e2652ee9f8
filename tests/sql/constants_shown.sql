-- Constants of stored expressions and of partition bounds have the form that the session's settings give to values.
create foreign data wrapper w;
create server s foreign data wrapper w;
set datestyle = 'sql, dmy';
set timezone = 'Asia/Tokyo';
set intervalstyle = iso_8601;
set bytea_output = escape;
set extra_float_digits = 0;
create foreign table t (a timestamptz default '2020-02-01 00:00+00' check (a > '2019-01-02 00:00+00'), d date generated always as (date '2020-03-04') stored, i interval default '1 day', b bytea default '\x4100', ar date[] default '{2020-02-01}', r tstzrange default '[2020-01-01 00:00+00,2020-01-02 00:00+00)', f float8 default 0.1::float8 + 1e-7, f4 float4 default '0.3', ts timestamp default '2020-02-03 04:05', ti time default '04:05', tt timetz default '04:05+00') server s;
\d t
create view v as select date '2020-02-01' x, a > '2020-01-01 00:00+00' from t where i = '2 days';
\d+ v
create domain dm as date default '2020-02-01' check (value > '2019-02-01');
\dD dm
create table p (a timestamptz, d date) partition by range (a, d);
create foreign table p1 partition of p for values from ('2020-01-01 00:00+00', minvalue) to ('2020-02-01 00:00+00', '05/03/2020') server s;
create foreign table p2 partition of p for values from ('2020-02-01 00:00+00', '06/03/2020') to ('2020-02-01 00:00+00', '05/03/2020') server s;
create foreign table p2 partition of p for values from ('2020-01-05 00:00+00', '06/03/2020') to ('2020-02-01 00:00+00', '05/03/2020') server s;
\d+ p
\d+ p1
create table l (a date) partition by list (a);
create foreign table l1 partition of l for values in ('02/01/2020', null, '03/01/2020') server s;
create foreign table ld partition of l default server s;
\d+ l1
\d+ ld
create table hh (a interval) partition by hash (a);
create foreign table h1 partition of hh for values with (modulus 2, remainder 0) server s;
\d h1
create index on p (d) where d > '02/01/2020';
create table pl (a date);
create index pli on pl (a) where a > '02/01/2020';
\d pl
create function f(a date default '02/01/2020', i interval default '1 day') returns int language sql return 1;
\df f
\sf f
create function g() returns date language sql return date '02/01/2020';
\sf g
create function tf() returns trigger language plpgsql as 'begin return new;
end';
create trigger tr before insert on t for each row when (new.a > '2020-01-01 00:00+00') execute function tf();
select pg_get_triggerdef(oid) from pg_trigger where tgname = 'tr';
create statistics st on (a + '1 day'::interval), d from pl;
create statistics st on (a + '1 day'::interval), a from pl;
\d pl
select pg_get_expr(relpartbound, oid), pg_get_expr(relpartbound, oid, true) from pg_class where relispartition and relkind = 'f' order by relname;
select column_default from information_schema.columns where table_name = 't' order by ordinal_position;
select domain_default from information_schema.domains where domain_name = 'dm';
select check_clause from information_schema.check_constraints where constraint_name like '%t_a_check';
select pg_get_partition_constraintdef('p1'::regclass), pg_get_partition_constraintdef('l1'::regclass), pg_get_partition_constraintdef('ld'::regclass);
select attname, attmissingval from pg_attribute where attrelid = 'pl'::regclass and attnum > 0;
alter foreign table t alter a set default '2020-02-01 00:00', add check (d > '02/01/2020');
alter domain dm set default '03/01/2020';
alter table l detach partition l1;
alter table l attach partition l1 for values in ('02/01/2020');
create table lk (like t including all);
\d lk
reset all;
\d t
\d lk
\d+ l1
\d+ p1
\dD dm
\sf g
\d+ v
