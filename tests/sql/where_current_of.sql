-- WHERE CURRENT OF: cursors over Medley's own tables, in SQL and in PL/pgSQL.
\set VERBOSITY verbose
create table t (a int primary key, b text); insert into t select i, 'r' || i from generate_series(1, 6) i;
update t set b = 'x' where current of nosuch;
begin; declare c cursor for select * from t; update t set b = 'x' where current of c; rollback;
begin; declare c cursor for select * from t; fetch 2 from c; update t set b = b || '!' where current of c returning *; select * from t order by 1; update t set b = b || '?' where current of c returning *; fetch c; delete from t where current of c; delete from t where current of c; select * from t order by 1; fetch all from c; delete from t where current of c; rollback;
begin; declare c scroll cursor for select a from t; fetch 4 from c; fetch prior from c; update t set b = 'scrolled' where current of c; fetch absolute 2 from c; update t set b = 'two' where current of c; move absolute 5 in c; update t set b = 'moved' where current of c; fetch last from c; update t set b = 'last' where current of c; fetch next from c; update t set b = 'none' where current of c; select * from t order by a; rollback;
begin; declare c cursor for select a from t where a > 3 for update; fetch c; delete from t where current of c; select * from t order by a; rollback;
begin; declare c cursor for select count(*) from t; fetch c; delete from t where current of c; rollback;
begin; declare c cursor for select distinct a from t; fetch c; delete from t where current of c; rollback;
begin; declare c cursor for select a from t union all select a from t; fetch c; delete from t where current of c; rollback;
create table u (x int, y text); insert into u values (1, 'u1'), (2, 'u2');
begin; declare c cursor for select * from t, u where a = x; fetch c; delete from t where current of c; rollback;
begin; declare c cursor for select * from t, u where a = x for update of t; fetch c; delete from t where current of c returning *; delete from u where current of c; rollback;
begin; declare c cursor for select * from t join t t2 using (a) for update; fetch c; delete from t where current of c; rollback;
begin; declare c cursor for select * from u; fetch c; delete from t where current of c; rollback;
begin; declare c cursor for values (1), (2); fetch c; delete from t where current of c; rollback;
begin; declare c cursor with hold for select * from t; fetch c; update t set b = 'held' where current of c returning *; commit; update t set b = 'held' where current of c; close c;
begin; prepare p as update t set b = 'prep' where current of c returning *; declare c cursor for select * from t; fetch c; execute p; fetch c; execute p; rollback; deallocate p;
create view v as select * from t; begin; declare c cursor for select * from t; fetch c; update v set b = 'v' where current of c; rollback;
-- trees
create table par (a int, b text); create table chi () inherits (par); insert into par values (1, 'p'); insert into chi values (2, 'c');
begin; declare c cursor for select * from par; fetch c; update par set b = 'P' where current of c returning tableoid::regclass, *; fetch c; update par set b = 'C' where current of c returning tableoid::regclass, *; delete from par where current of c; select tableoid::regclass, * from par; rollback;
create table pp (k int, v text) partition by list (k); create table p1 partition of pp for values in (1); create table p2 partition of pp for values in (2); insert into pp values (1, 'a'), (2, 'b');
begin; declare c cursor for select * from pp; move 2 in c; delete from pp where current of c returning tableoid::regclass, *; rollback;
-- PL/pgSQL
do $$ declare c cursor for select * from t; r t; begin open c; loop fetch c into r; exit when not found; if r.a % 2 = 0 then update t set b = 'even' where current of c; else delete from t where current of c; end if; end loop; close c; end $$; select * from t order by a;
do $$ declare c cursor for select * from t for update; begin for r in c loop update t set b = b || r.a where current of c; end loop; end $$; select * from t order by a;
create function fc(refcursor) returns void language plpgsql as $$ declare r record; begin fetch $1 into r; update t set b = 'fn' where current of $1; end $$;
create function fc(c refcursor) returns void language plpgsql as $$ declare r record; begin fetch c into r; update t set b = 'fn' where current of c; end $$;
begin; declare mine cursor for select * from t; select fc('mine'); select * from t order by a; rollback;
do $$ declare c cursor for select * from t; begin update t set b = 'closed' where current of c; end $$;
create function trg() returns trigger language plpgsql as $$ begin if old.a = 4 then return null; end if; if tg_op = 'DELETE' then return old; end if; return new; end $$; create trigger tr before update or delete on t for each row execute function trg(); insert into t values (4, 'four') on conflict do nothing;
begin; declare c cursor for select * from t where a = 4; fetch c; update t set b = 'no' where current of c; delete from t where current of c; rollback;
select * from t where tableoid = 0; select count(*) from pp where tableoid = 1;
