-- ADD CONSTRAINT ... USING INDEX and REPLICA IDENTITY USING INDEX: which indexes can, what becomes of them.
\set VERBOSITY verbose
create table t (a int, b int, c int, d text collate "C"); create unique index ui on t (a); create index ni on t(b); create unique index up on t (c) where c > 0; create unique index ue on t ((a+1)); create unique index ud on t (a desc); create unique index un on t (b nulls first); create unique index uinc on t (c) include (d); create unique index ucol on t (d collate "POSIX"); create unique index uop on t (d text_pattern_ops); create index h on t using hash (a); create unique index u5 on t (a, c); create unique index u6 on t (b, a); create unique index nnd on t (b) nulls not distinct; comment on index ui is 'the index';
create table o (a int); create unique index oi on o (a); create schema os; create table os.t2 (a int); create unique index other on os.t2 (a);
alter table t add constraint x unique using index ni; alter table t add constraint x unique using index up; alter table t add unique using index ue; alter table t add unique using index ud; alter table t add unique using index un; alter table t add unique using index nope; alter table t add unique using index ucol; alter table t add unique using index uop; alter table t add unique using index h; alter table t add unique using index oi; alter table t add unique using index other; alter table t add unique using index t; alter table t add primary key using index un;
alter table t add constraint pk primary key using index ui;
\d t
alter table t add primary key using index u5; alter table t add constraint pk2 primary key using index u5; alter table t add unique using index pk; alter table t add constraint ui2 unique using index pk;
alter table t add constraint o unique using index u6; alter table t add constraint pk unique using index u6; alter table t add constraint u5 unique using index u6; alter table t add unique using index uinc; alter table t add constraint u6 unique using index u6 deferrable initially deferred; alter table t add constraint nn unique using index nnd;
\d t
select conname, contype, condeferrable, condeferred, conkey, conindid::regclass, conislocal, coninhcount, connoinherit, pg_get_constraintdef(oid) from pg_constraint where conrelid = 't'::regclass order by 1;
select c.relname, indisprimary, indisunique, indimmediate, indisvalid, obj_description(c.oid) from pg_index join pg_class c on c.oid = indexrelid where indrelid = 't'::regclass order by 1;
select pg_describe_object(classid, objid, objsubid), pg_describe_object(refclassid, refobjid, refobjsubid), deptype from pg_depend where objid in (select indexrelid from pg_index where indrelid = 't'::regclass union select oid from pg_constraint where conrelid = 't'::regclass) order by 1, 2;
insert into t values (1, 2, 3, 'x'); insert into t values (1, 5, 6, 'y'); insert into t values (null, 5, 6, 'y'); drop index pk; alter table t drop constraint pk; alter table t drop constraint uinc; alter table t drop column b;
\d t
create table nul (a int, b int); insert into nul values (null, 1); create unique index nui on nul (a); alter table nul add primary key using index nui; delete from nul; alter table nul add primary key using index nui; 
create table par (a int, b int); create table chi () inherits (par); create unique index pui on par (a); alter table par add constraint pp primary key using index pui;
\d par
\d chi
create table prt (a int) partition by range (a); create unique index pri on prt (a); alter table prt add primary key using index pri; alter table only prt add unique using index pri; create table prt1 partition of prt for values from (1) to (2); alter table prt1 add primary key using index prt1_a_idx;
create table ct (a int, unique using index ui); create table ct (a int primary key using index tablespace pg_default);
create table rep (a int not null, b int, c int not null, constraint rd unique (c) deferrable); create unique index ri on rep (a); create unique index rb on rep (b); create unique index rp on rep (a) where a > 0; create index rn on rep (a); alter table rep replica identity using index rb; alter table rep replica identity using index rp; alter table rep replica identity using index rn; alter table rep replica identity using index rd; alter table rep replica identity using index nope; alter table rep replica identity using index ui; alter table rep replica identity using index rep; alter table rep replica identity using index ri;
\d+ rep
drop index ri; alter table rep replica identity nothing;
\d+ rep
create foreign data wrapper w; create server s foreign data wrapper w; create foreign table ft (a int) server s; alter table ft add primary key using index ui; alter foreign table ft replica identity using index ri;
drop foreign data wrapper w cascade; drop schema os cascade; drop table t, o, nul, par, chi, prt, rep, ct;
-- several in one statement: before other keys, all looked at first
create table many_u (a int not null, b int not null);
create unique index many_u1 on many_u (a); create unique index many_u2 on many_u (b);
alter table many_u add constraint c2 unique using index many_u2, add constraint c1 unique using index many_u1;
alter table many_u drop constraint c1, drop constraint c2;
create unique index many_u1 on many_u (a); create unique index many_u2 on many_u (b);
alter table many_u add constraint many_u2 unique using index many_u2, add constraint zz unique using index many_u1, add constraint aa check (a > 0);
select conname from pg_constraint where conrelid = 'many_u'::regclass order by oid;
create unique index many_u3 on many_u (a, b); create unique index many_u4 on many_u (b, a);
alter table many_u add primary key using index many_u4, add unique using index many_u3;
select conname, conindid::regclass from pg_constraint where conrelid = 'many_u'::regclass order by oid;
alter table many_u add unique using index many_u3, add unique (a, b), add unique using index nosuch;
create unique index many_u5 on many_u (a, b);
alter table many_u add unique (b), add constraint x5 unique using index many_u5, add unique (a);
select conname, conindid::regclass from pg_constraint where conrelid = 'many_u'::regclass order by oid;
\d many_u
create table many_w (a int, b int); create unique index many_w1 on many_w (a); create unique index many_w2 on many_w (b);
alter table many_w add primary key using index many_w1, add primary key using index many_w2;
alter table many_w add constraint k1 primary key using index many_w1, add constraint k2 unique using index many_w2, drop column b;
alter table many_w add constraint k1 unique using index many_w1, add constraint k1 unique using index many_w2;
-- One index twice, by its name as it is before the first; and a constraint of that name that there is. The detail shows OIDs.
\set VERBOSITY terse
create table same_u (a int not null, b int, constraint there check (a > 0));
create unique index same_i on same_u (a);
alter table same_u add constraint k1 unique using index same_i, add constraint k2 unique using index same_i;
alter table same_u add constraint k1 primary key using index same_i, add constraint k2 unique using index same_i;
alter table same_u add constraint k1 unique using index same_i, add constraint k2 primary key using index same_i;
alter table same_u add unique using index same_i, add unique using index same_i;
alter table same_u add constraint k1 unique using index same_i, add unique using index same_i;
alter table same_u add constraint k1 unique using index same_i, add constraint k1 unique using index same_i;
alter table same_u add primary key using index same_i, add primary key using index same_i;
alter table same_u add primary key using index same_i, add constraint k2 primary key using index same_i;
alter table same_u add constraint there unique using index same_i;
create unique index same_i2 on same_u (b);
alter table same_u add constraint k1 unique using index same_i, add constraint same_i unique using index same_i2;
\d same_u
alter table same_u add constraint k1 unique using index same_i2;
\set VERBOSITY default
