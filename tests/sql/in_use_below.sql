-- what inherits from a relation that is read is in use, too; a wrapper without a validator takes any options
create table p (k int) partition by range (k);
create table p1 partition of p for values from (0) to (10); insert into p values (1),(2);
do $$declare r record; begin for r in select * from p loop truncate p1; raise notice '%', r; end loop; end$$;
do $$declare r record; begin for r in select * from only p loop truncate p1; raise notice '%', r; end loop; end$$;
begin; declare c cursor for select * from p; fetch c; savepoint s; drop table p1; rollback to s; truncate p1; rollback to s; alter table p1 add constraint x check (k > 0); rollback to s; create index on p1(k); rollback to s; drop table p; rollback to s; commit;
create table i0 (a int); create table i1 () inherits (i0); insert into i1 values (1);
begin; declare c cursor for select * from i0; fetch c; savepoint s; drop table i1; rollback to s; alter table i1 no inherit i0; rollback to s; truncate i0; rollback;
select * from p;
update p set k = k + 1;
create extension file_fdw;
create foreign data wrapper unchecked handler file_fdw_handler;
create server s foreign data wrapper unchecked;
create foreign table f1 (a int) server s;
select * from f1;
