-- what depends on a column whose type changes is made again of the same words: indexes, also of partitions, CHECKs, foreign keys
\echo ==== names of partitions
create schema part2; set search_path to part2;
create table p (a int, b varchar(10), c text) partition by range (a);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p for values from (10) to (20) partition by range (a);
create table p21 partition of p2 for values from (10) to (15);
create index pi on p (b);
create index pj on p (b, c);
create index on p (c, b);
alter table p add constraint pu unique (a, b);
create index p1own on p1 (b);
alter index p1_b_idx rename to foo;
alter index p1_b_c_idx rename to foo2;
alter index p1_a_b_key rename to foo3;
comment on index foo is 'hello';
comment on index pi is 'hello pi';
insert into p values (1, 'x', 'y'), (11, 'y', 'z');
alter table p alter b type varchar(20);
select c.relname, t.relname, obj_description(c.oid), (select string_agg(p.relname, ',') from pg_inherits join pg_class p on p.oid = inhparent where inhrelid = c.oid) from pg_class c join pg_index on c.oid = indexrelid join pg_class t on t.oid = indrelid where t.relname ~ '^p' and t.relnamespace = current_schema::regnamespace order by 2, 1;
select conname, conrelid::regclass, conindid::regclass from pg_constraint where contype = 'u' and oid > 16000 order by 2;
alter table p alter b type text;
select c.relname, t.relname, obj_description(c.oid), (select string_agg(p.relname, ',') from pg_inherits join pg_class p on p.oid = inhparent where inhrelid = c.oid) from pg_class c join pg_index on c.oid = indexrelid join pg_class t on t.oid = indrelid where t.relname ~ '^p' and t.relnamespace = current_schema::regnamespace order by 2, 1;
select conname, conrelid::regclass, conindid::regclass from pg_constraint where contype = 'u' and oid > 16000 order by 2;
create index foo on p21 (b);
alter table p alter b type bytea using b::bytea;
select c.relname, t.relname, obj_description(c.oid), (select string_agg(p.relname, ',') from pg_inherits join pg_class p on p.oid = inhparent where inhrelid = c.oid) from pg_class c join pg_index on c.oid = indexrelid join pg_class t on t.oid = indrelid where t.relname ~ '^p' and t.relnamespace = current_schema::regnamespace order by 2, 1;
select conname, conrelid::regclass, conindid::regclass from pg_constraint where contype = 'u' and oid > 16000 order by 2;
\d+ p1
\d p2
\d p21
create table q (a int, b varchar(10), primary key (a, b)) partition by list (a);
create table q1 (x int, b varchar(10) not null, a int not null);
alter table q1 add constraint mine primary key (b, a);
alter table q1 drop column x;
alter table q1 drop constraint mine;
alter table q1 add constraint mine primary key (a, b);
alter table q attach partition q1 for values in (1);
create table q2 (a int not null, b varchar(10) not null);
create unique index q2x on q2 (a, b);
alter table q attach partition q2 for values in (2);
create index qi on q (b desc);
create index q2only on q2 (b);
alter table q replica identity full;
alter table q alter b type varchar(12);
select c.relname, t.relname, obj_description(c.oid), (select string_agg(p.relname, ',') from pg_inherits join pg_class p on p.oid = inhparent where inhrelid = c.oid) from pg_class c join pg_index on c.oid = indexrelid join pg_class t on t.oid = indrelid where t.relname ~ '^q' and t.relnamespace = current_schema::regnamespace order by 2, 1;
select conname, conrelid::regclass, conindid::regclass from pg_constraint where contype in ('p', 'u') and oid > 16000 order by 2;
create table r (a int, b varchar(10)) partition by list (a);
create table r1 partition of r for values in (1);
create table r2 partition of r for values in (2);
create index ri on r (b);
create index re on r ((b || 'x'), lower(b)) where b > 'a';
alter index r1_b_idx rename to own;
alter index r1_expr_lower_idx rename to own2;
alter table r alter b type varchar(30), alter b set not null;
\d r1
\d r2
alter table r1 rename to rr;
alter table r rename b to z;
alter table r alter z type text;
\d rr
\d r2
create table i (a int, b varchar(10));
create table i1 () inherits (i);
create index ii on i (b);
create index i1i on i1 (b);
create index on i1 (lower(b));
alter index i1_lower_idx rename to li;
alter table i alter b type text;
\d i
\d i1
\echo ==== operator classes and collations
create schema part3; set search_path to part3;
create table t (a int, b int, c varchar(10) collate "C");
create index on t (b);
create index t2 on t (b, (a + b));
create index t3 on t (lower(c) collate "POSIX") where c > 'a';
create index t4 on t (c varchar_pattern_ops) include (a) with (fillfactor = 50);
alter table t add primary key (b);
create table f (b int references t);
alter table t alter b type bigint, alter c type text;
\d t
\d f
select c.relname, attname, atttypid::regtype, atttypmod, attcollation::regcollation, indclass, indoption, indcollation from pg_class c join pg_attribute on attrelid = c.oid join pg_index on indexrelid = c.oid where relname ~ '^t' and c.relnamespace = current_schema::regnamespace order by 1, 2;
alter table t alter c type text collate "POSIX";
\d t
alter table t alter c type int using 1;
\d t
alter table t alter c type int using c::int;
drop index t3;
alter table t alter c type int using c::int;
drop index t4;
alter table t alter c type int using 1;
alter table t alter b type text;
drop table f;
alter table t alter b type text;
\d t
alter table t alter b type xml using null;
alter table t alter b type point using null;
\echo ==== foreign keys and checks
create schema part4; set search_path to part4;
create table t (a int primary key, b int unique);
create table f (a int references t, b int references t (b));
insert into t values (1, 1); insert into f values (1, 1);
alter table t alter a type text;
alter table f alter a type text;
alter table f alter a type bigint;
alter table t alter a type bigint;
alter table t alter a type numeric;
alter table f alter b type numeric;
alter table f alter b type bigint, alter a type numeric;
select conname, conpfeqop, conppeqop, conffeqop from pg_constraint where contype = 'f' and conrelid = 'f'::regclass order by 1;
insert into f values (2, 1);
insert into f values (1, 2);
delete from t;
create table ck (a int, b int, check (a > b), check (a > 0));
alter table ck alter a type text using a, alter b type text using b;
alter table ck alter a type bigint, alter b type bigint;
alter table ck drop constraint ck_a_check;
alter table ck alter a type text using a, alter b type text using b;
\d ck
insert into ck values ('a', 'b');
create table rn (a int, b int);
create index on rn (b);
create index on rn ((b + 1), b);
alter table rn rename b to z;
select attrelid::regclass, attname from pg_attribute where attrelid::regclass::text ~ '^rn_' order by 1, 2;
create table sp (a int, b int) partition by list (a);
create table sp1 partition of sp for values in (1);
alter table sp add primary key (a, b);
create table sf (a int, b int, foreign key (a, b) references sp);
insert into sp values (1, 1); insert into sf values (1, 1);
alter table sp alter b type bigint;
alter table sp alter b type text;
alter table sf alter b type text;
\d sp1
\d sf
\echo ==== what they keep
create schema part6b; set search_path to part6b;
create table t (a int primary key deferrable initially deferred, b int not null, c text, g int generated always as (b * 2) stored, constraint u unique (b) with (fillfactor = 30) );
create unique index ur on t (b, a desc nulls last) where c is not null;
alter table t alter c set not null;
create unique index ri on t (b);
alter table t replica identity using index ri;
alter table t cluster on u;
comment on index u is 'iu'; comment on constraint u on t is 'cu'; comment on index ur is 'iur';
create table f (x int references t (b) on delete cascade deferrable, y int, foreign key (y) references t (b) match full on update set null not valid);
comment on constraint f_x_fkey on f is 'fx';
insert into t values (1, 1, 'x'), (2, 2, 'y'); insert into f values (1, 2), (null, null);
alter table t alter b type bigint;
alter table t drop column g;
alter table t alter b type bigint using b;
alter table t alter b type numeric using b + 1;
alter table t alter b type bigint using 1;
alter table t alter b type numeric;
\d+ t
\d+ f
select indexrelid::regclass, indisunique, indisprimary, indimmediate, indisclustered, indisreplident, indisvalid, obj_description(indexrelid) from pg_index where indrelid = 't'::regclass order by 1;
select conname, convalidated, condeferrable, confmatchtype, confdeltype, confupdtype, obj_description(oid) from pg_constraint where conrelid in ('t'::regclass, 'f'::regclass) order by 1;
delete from t where b = 1;
select * from f order by 1, 2;
create table s (a int primary key, b int references s);
insert into s values (1, 1), (2, 1);
alter table s alter a type bigint using a + 5;
alter table s alter a type bigint using a + 5, alter b type bigint using b + 5;
table s;
\d s
create table g (a int, b int generated always as (a * 2) stored, c int check (c > 0), d int check (d > 0));
insert into g values (1, default, 1, 1);
create function gf(int) returns int language plpgsql immutable as $$ begin raise notice 'gf %', $1; return $1; end $$;
alter table g add check (gf(c) > 0), add check (gf(d) > 10) not valid;
alter table g alter c type bigint;
alter table g alter d type bigint;
alter table g alter b type bigint;
alter table g alter b type text using 'x';
alter table g alter b type text;
\d g
table g;
create table nn (a int not null, b int); insert into nn values (1, 2);
alter table nn alter a type bigint using null;
alter table nn alter a type int using null;
alter table nn alter b type bigint using null, alter b set not null;
create table pp (a int, b text, primary key (a, b)) partition by list (a);
create table pp1 partition of pp for values in (1);
comment on constraint pp1_pkey on pp1 is 'c1'; comment on index pp1_pkey is 'i1'; comment on index pp_pkey is 'ip'; comment on constraint pp_pkey on pp is 'cp';
create index only_i on only pp (b);
alter table pp1 add unique (b);
alter table pp alter b type varchar(20);
select c.relname, obj_description(c.oid), indisvalid, k.conname, obj_description(k.oid) from pg_class c join pg_index on indexrelid = c.oid left join pg_constraint k on conindid = c.oid where (c.relname ~ '^pp' or c.relname ~ 'only') and c.relnamespace = current_schema::regnamespace order by 1;
alter index pp1_pkey rename to z;
alter index z rename to pp1_pkey;
alter table pp1 drop constraint pp1_pkey;
alter index pp1_b_key set (fillfactor = 90);
create index only_1 on pp1 (b);
alter index only_i attach partition only_1;
alter table pp alter b type text;
\d pp
\d pp1
create table cc (a int, b int check (b <> 3 and a > 0), c text collate "C");
create table cc (a int, b int check (b <> 3 and a > 0), c text collate "C");
create index on cc (c, a); create index on cc (c collate "POSIX"); create index on cc ((c || 'x'));
alter table cc alter c type text;
\d cc
alter table cc alter c type date using null;
drop index cc_expr_idx;
alter table cc alter c type date using null;
drop index cc_c_idx;
alter table cc alter c type date using null;
\d cc
create index on cc (c, (c + 1)) where c > '2020-01-01';
alter table cc alter c type timestamp;
alter table cc alter c type timestamptz;
drop index cc_c_expr_idx;
create index on cc ((c::timestamp));
alter table cc alter c type timestamptz;
\d cc
create type ct as (a int, b text); create table ct1 (x ct); create index on ct1 ((x).a);
alter type ct alter attribute a type bigint;
alter table ct1 alter x type text;
alter table ct1 alter x type int using (x).a;
create view v as select b from cc; 
alter table cc alter b type bigint;
alter table cc alter c type timestamp;
\d cc
create statistics st on a, b from cc;
\echo ==== marks of a partition's index go
create schema marks; set search_path to marks;
create table p (a int, b varchar(10), primary key (a, b)) partition by list (a);
create table p1 partition of p for values in (1);
create index mine on p1 (b);
alter table p1 replica identity using index p1_pkey;
alter table p1 cluster on p1_pkey;
alter table p alter b type varchar(20);
\d+ p1
alter table p1 cluster on mine;
alter table p alter b type varchar(30);
\d+ p1
select relreplident from pg_class where oid = 'p1'::regclass;
