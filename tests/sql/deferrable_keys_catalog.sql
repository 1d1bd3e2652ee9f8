-- Deferrable keys in the catalog: their triggers, those of partitions, LIKE, DETACH, DROP.
create table t (k int primary key deferrable, v text, constraint uu unique (v) deferrable initially deferred);
create function f() returns trigger language plpgsql as 'begin raise notice ''% % %'', tg_name, new, old; return null; end';
create trigger a after insert or update on t for each row execute function f();
create trigger z after insert or update on t for each row execute function f();
create index on t (k);
drop index t_k_idx;
select case when tgisinternal then regexp_replace(tgname,'\d+','N') else tgname end, tgfoid::regproc, tgtype, tgdeferrable, tginitdeferred, tgisinternal, tgconstrindid::regclass, tgconstrrelid, tgattr,tgargs, tgnargs,tgqual,tgparentid, (select conname from pg_constraint c where c.oid = tgconstraint) from pg_trigger where tgrelid = 't'::regclass order by tgname;
select pg_describe_object(classid,objid,objsubid) ~ 'PK', pg_describe_object(classid,objid,objsubid) ~ 'Unique', pg_describe_object(refclassid,refobjid,refobjsubid), deptype from pg_depend where classid='pg_trigger'::regclass and objid in (select oid from pg_trigger where tgrelid='t'::regclass) order by objid, 3;
select regexp_replace(pg_get_triggerdef(oid),'\d+','N') from pg_trigger where tgrelid='t'::regclass order by tgname;
select relhastriggers from pg_class where relname='t';
\d t
create table p (k int, v int, constraint pk primary key (k) deferrable) partition by range (k);
create table p1 partition of p for values from (0) to (10);
create table p2 (k int not null, v int, primary key (k) deferrable);
alter table p attach partition p2 for values from (10) to (20);
create table p3 (k int not null, v int);
alter table p attach partition p3 for values from (20) to (30);
create table p4 (k int not null primary key, v int);
alter table p attach partition p4 for values from (30) to (40);
create table p5 partition of p for values from (40) to (50) partition by list (k);
create table p51 partition of p5 for values in (40, 41);
create table plain (k int);
alter table plain add primary key (k) deferrable initially deferred;
select tgrelid::regclass, regexp_replace(tgname,'\d+','N'), tgfoid, tgtype, tgenabled, tgdeferrable, tginitdeferred, tgisinternal, tgconstrindid::regclass, tgconstrrelid, tgparentid <> 0, (select conname from pg_constraint c where c.oid = tgconstraint) from pg_trigger where tgrelid::regclass::text ~ '^p' order by tgrelid::regclass::text, 2;
select conname, conrelid::regclass, condeferrable, condeferred, conparentid<>0 from pg_constraint where conrelid::regclass::text ~ '^p[0-9l]*$' order by 1,2;
select pg_describe_object(refclassid,refobjid,refobjsubid), deptype, count(*) from pg_depend where classid='pg_trigger'::regclass and objid in (select oid from pg_trigger where tgrelid::regclass::text ~ '^p') group by 1,2 order by 1, 2;
\d p1
alter table p detach partition p1;
\d p1
select tgrelid::regclass, regexp_replace(tgname,'\d+','N'), tgdeferrable, tginitdeferred, tgparentid <> 0, (select conname from pg_constraint c where c.oid = tgconstraint) from pg_trigger where tgrelid = 'p1'::regclass;
alter table p drop constraint pk;
select count(*) from pg_trigger where tgrelid::regclass::text ~ '^p[0-9]*$';
create table l (like t including all);
\d l
select tgfoid, tgdeferrable, tginitdeferred from pg_trigger where tgrelid='l'::regclass;
