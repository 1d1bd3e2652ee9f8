-- UPDATE and DELETE of partitioned tables and tables with children; row and statement triggers; from PL/pgSQL, prepared, WITH.
CREATE SCHEMA change_trees;
SET search_path = change_trees;
\set VERBOSITY terse
create table p (k int, v text, n int default 3) partition by range (k);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p for values from (10) to (20);
create table pd partition of p default;
insert into p values (1,'a'),(11,'b'),(25,'c'),(5,'d');
update p set k = k + 10 returning tableoid::regclass, *;
select tableoid::regclass, * from p;
update p1 set k = 12;
update p2 set k = 1;
\set VERBOSITY default
update p2 set k = 1;
update p set v = v || '!' where k = 11 returning *;
delete from p where k > 20 returning tableoid::regclass, *;
select tableoid::regclass, * from p;
update p set k = null where k = 15;
select tableoid::regclass, * from p;
drop table pd;
create table q (k int, v text) partition by list (v);
create table q1 partition of q for values in ('a', 'b');
create table q2 partition of q for values in ('c') partition by range (k);
create table q21 partition of q2 for values from (0) to (10);
insert into q values (1,'a'),(2,'c');
update q set v = 'c' where k = 1 returning tableoid::regclass, *;
update q set v = 'z';
update q set k = 50 where k = 2;
update q2 set v = 'a';
update q set v = 'b';
select tableoid::regclass, * from q;
-- inheritance
create table par (a int, b text, check (a < 100));
create table ch (c int default 9, d int generated always as (a + c) stored) inherits (par);
insert into par values (1, 'p1'), (2, 'p2');
insert into ch values (3, 'c1', 1), (4, 'c2', 2);
update par set a = a + 1 returning tableoid::regclass, *;
select * from ch;
update only par set a = a + 1 returning *;
delete from only par where a = 3;
select tableoid::regclass, * from par;
update par set a = 200;
update par set a = 200 where b = 'c1';
delete from par where a in (select c + 3 from ch);
select tableoid::regclass, * from par;
select * from ch;
-- triggers
create function say() returns trigger language plpgsql as $$
begin
  raise notice '% % % % %: old % new %', tg_name, tg_when, tg_level, tg_op, tg_table_name, old, new;
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create table t (a int primary key, b text, g int generated always as (a*2) stored);
insert into t values (1,'one'),(2,'two'),(3,'three');
create trigger t1 before update on t for each row execute function say();
create trigger t2 after update on t for each row execute function say();
create trigger t3 before delete on t for each row execute function say();
create trigger t4 after delete on t for each row execute function say();
create trigger t5 before update or delete on t execute function say();
create trigger t6 after update or delete on t execute function say();
create trigger t7 before update of b on t for each row when (old.b is distinct from new.b) execute function say();
create trigger t8 after update of b on t execute function say();
create trigger t9 after update of g on t for each row execute function say();
update t set a = a + 10 where a > 1 returning *;
update t set b = 'x' where a = 12;
delete from t where a = 1;
delete from t where a = 1;
update t set b = 'x' where a = 12;
create function skip() returns trigger language plpgsql as $$ begin if old.a = 12 then return null; end if; if tg_op = 'DELETE' then return old; end if; new.b := 'changed'; return new; end $$;
create trigger a0 before update or delete on t for each row execute function skip();
update t set a = a + 1 returning *;
delete from t returning *;
select * from t;
create table log (m text);
create function chg() returns trigger language plpgsql as $$ begin update t set b = 'inner' where a = old.a; return new; end $$;
drop trigger a0 on t; drop trigger t1 on t; drop trigger t2 on t;drop trigger t3 on t;drop trigger t4 on t;drop trigger t5 on t;drop trigger t6 on t;drop trigger t7 on t;drop trigger t8 on t;drop trigger t9 on t;
create trigger c before update of a on t for each row execute function chg();
update t set a = 99;
select * from t;
-- plpgsql
do $$ declare n int; begin update p set n = 1; get diagnostics n = row_count; raise notice '% %', n, found; delete from p where k = 77; raise notice '%', found; delete from p where k = 1 returning k into n; raise notice '%', n; end $$;
select * from p;
prepare u(int) as update p set n = $1 where k = $2 returning *;
execute u(5, 2);
with w as (select 2 as k) update p set v = 'with' from w where w.k = p.k returning *;
with w as (select 2 as k) delete from p using w where w.k = p.k;
select count(*) from p;
\set VERBOSITY terse
SET client_min_messages = warning;
DROP SCHEMA change_trees CASCADE;
