-- CHECKs that read the row as a whole: what they say they read, what they depend on, and who cannot have them too.
create table w(a int, b int, c int, check (w is not null), constraint c2 check (a > 0 and w.* is not null), constraint c3 check (1 = 1));
select conname, conkey from pg_constraint where conrelid = 'w'::regclass order by 1;
select pg_describe_object(classid, objid, objsubid), pg_describe_object(refclassid, refobjid, refobjsubid), deptype from pg_depend where objid in (select oid from pg_constraint where conrelid = 'w'::regclass) order by 1, 2, 3;
insert into w values (1, 2, 3);
insert into w values (1, null, 3);
insert into w values (0, 1, 1);
alter table w drop column b;
insert into w values (1, 3);
create table w2 (like w including constraints);
create table w2 (like w);
create table w3 (z int) inherits (w);
create table p(a int, b int, constraint pc check (p.* is not null)) partition by list (a);
create table p1 partition of p for values in (1);
create table p1 (a int, b int, constraint pc check (p1.* is not null));
alter table p attach partition p1 for values in (1);
create foreign data wrapper none; create server s foreign data wrapper none;
create foreign table f(a int, constraint fc check (f is not null)) server s;
select conname, conkey from pg_constraint where conrelid = 'f'::regclass;
create foreign table g() inherits (f) server s;
alter table w drop column a;
alter table w drop column a cascade;
select conname, conkey from pg_constraint where conrelid = 'w'::regclass order by 1;
\d w
