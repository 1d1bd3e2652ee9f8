-- Functions that read the table being written to: volatile ones find the rows before theirs, others what was there before the statement.
create table t(a int, b int);
create function greatest_a() returns int language plpgsql as $$ begin return coalesce((select max(a) from t), 0); end $$;
create function greatest_sql() returns int language sql as $$ select coalesce(max(a), 0) from t $$;
create function greatest_stable() returns int language plpgsql stable as $$ begin return coalesce((select max(a) from t), 0); end $$;
create function by_another() returns int language plpgsql as $$ begin return greatest_a() + 1; end $$;
create function by_text(name text) returns int language plpgsql as
$$ declare n int; begin execute 'select coalesce(max(a), 0) from ' || quote_ident(name) into n; return n; end $$;
create view v as select a from t;
create function by_view() returns int language plpgsql as $$ begin return (select count(*) from v); end $$;
create function has(x int) returns boolean language plpgsql as $$ begin return exists (select from t where a = x); end $$;

-- INSERT
insert into t select greatest_a() + 1, i from generate_series(1, 3) i;
insert into t select greatest_sql() + 1, i from generate_series(4, 5) i order by i desc;
insert into t values (greatest_a() + 1, 6), (by_another(), 7), (greatest_stable() + 1, 8);
insert into t values (greatest_a() + 1, 9);
insert into t select by_text('t') + 1, i from generate_series(10, 11) i;
insert into t select by_view(), 12 from generate_series(1, 2) i;
insert into t select greatest_stable() + 1, i from generate_series(14, 15) i;
select * from t order by b, a;
insert into t select x, 20 from (values (100), (101), (100), (102), (101)) as l(x) where not has(x);
insert into t select x + greatest_a(), 21 from (select 1 as x limit 1) s returning *;
insert into t(b, a) select case when i > 1 then greatest_a() else 0 end, i + 200 from generate_series(1, 3) i returning a, b;
select * from t order by b, a;

-- UPDATE, DELETE
update t set a = 10 + greatest_a() where b < 4;
select * from t order by b, a;
update t set a = greatest_stable() + b where b in (4, 5);
update t set b = 30 where b between 6 and 9 and not has(-b);
update t set a = -b where b between 10 and 15 and greatest_a() > 0;
update t set a = by_another() from (values (20, 'x'), (21, 'y')) as l(n, c) where t.b = l.n;
select * from t order by b, a;
delete from t where greatest_a() > 1000;
delete from t where b = 30 and (select count(*) from t) > 3;
create function rows_left() returns bigint language sql as $$ select count(*) from t $$;
select count(*) from t;
delete from t where rows_left() > 4;
select count(*) from t;
delete from t;

-- defaults, generated columns, triggers, COPY, rules of the table
create function next_a() returns int language plpgsql as $$ begin return coalesce((select max(a) from t), 0) + 1; end $$;
alter table t alter a set default next_a();
insert into t(b) values (1), (2), (3);
insert into t(b) select 10 * i from generate_series(1, 2) i;
\copy t(b) from stdin
7
8
\.
select * from t order by a;
alter table t add c int generated always as (a * 100) stored;
insert into t(b) values (4), (5);
insert into t select next_a(), i from generate_series(6, 7) i;
update t set a = next_a() where b > 5;
select * from t order by a;
create function doubles() returns trigger language plpgsql as $$ begin new.b = new.b * 2; return new; end $$;
create trigger doubling before insert or update on t for each row execute function doubles();
create function tells() returns trigger language plpgsql as $$ begin raise notice '% % %', tg_op, old, new; return null; end $$;
create trigger telling after insert or update or delete on t for each row execute function tells();
insert into t(b) values (50), (51);
update t set a = next_a() where b >= 100;
delete from t where a > next_a() - 2 and b >= 100;
select * from t order by a;
drop trigger doubling on t;
drop trigger telling on t;

-- ON CONFLICT
truncate t;
alter table t alter a drop default, add unique (b);
insert into t(a, b) select next_a(), i % 3 from generate_series(1, 3) i on conflict (b) do nothing;
insert into t(a, b) select next_a(), i % 4 from generate_series(1, 4) i on conflict (b) do nothing;
insert into t(a, b) values (1, 1), (1, 2) on conflict (b) do update set a = next_a();
insert into t(a, b) values (1, 9), (1, 9) on conflict (b) do update set a = next_a();
insert into t(a, b) values (1, 8), (1, 7) on conflict (b) do update set a = next_a() returning *;
select * from t order by b;

-- partitions and children
create table p(a int, b int) partition by list (b);
create table p1 partition of p for values in (1);
create table p2 partition of p for values in (2);
create table pd partition of p default;
create function in_p() returns int language plpgsql as $$ begin return (select count(*) from p); end $$;
create function in_p1() returns int language plpgsql as $$ begin return (select count(*) from p1); end $$;
insert into p select in_p(), i % 4 from generate_series(1, 6) i;
insert into p values (in_p1(), 1), (in_p1(), 1), (in_p1(), 2);
insert into p2 select in_p(), 2 from generate_series(1, 2);
select tableoid::regclass, * from p order by a, b, 1;
update p set b = case when in_p1() < 5 then 1 else 2 end;
select tableoid::regclass, * from p order by a, b, 1;
update p set a = in_p1(), b = 2 where b = 1;
select count(*), sum(b) from p;
create table above(n int);
create table below(m int) inherits (above);
create function in_above() returns int language plpgsql as $$ begin return (select count(*) from above); end $$;
insert into below select in_above(), i from generate_series(1, 3) i;
insert into above select in_above() from generate_series(1, 2) i;
update above set n = n + 10 * (select count(*) from above) + in_above();
select tableoid::regclass, * from above order by n;
update above set n = 7 where in_above() > 100;
delete from above where in_above() > 2;
select tableoid::regclass, * from above order by n;

-- CHECK
create table c(id int, n int);
create function others() returns bigint language plpgsql as $$ begin return (select count(*) from c); end $$;
create function others_stable() returns bigint language plpgsql stable as $$ begin return (select count(*) from c); end $$;
alter table c add constraint few check (others() < 4);
insert into c values (1, 1), (2, 2), (3, 3);
insert into c values (4, 4), (5, 5);
insert into c values (4, 4);
insert into c values (5, 5);
select * from c order by id;
update c set n = 0;
alter table c drop constraint few, add constraint few check (others_stable() < 6);
insert into c values (5, 5), (6, 6), (7, 7);
insert into c values (8, 8);
select * from c order by id;
alter table c drop constraint few;
create function is_new(x int) returns boolean language plpgsql as $$ begin return not exists (select from c where n = x); end $$;
delete from c;
alter table c add constraint fresh check (is_new(n)) not valid;
insert into c values (1, 1), (2, 2);
insert into c values (3, 3), (4, 3);
insert into c values (5, 1);
update c set n = 3 where id = 1;
update c set id = 3 where id = 1;
update c set n = n + 10;
select * from c order by id;
insert into c select i, i from generate_series(20, 22) i returning *;
\copy c from stdin
30	30
31	20
\.
alter table c add unique (id);
insert into c values (20, 50), (21, 51), (40, 52) on conflict (id) do update set n = excluded.n;
insert into c values (20, 50) on conflict (id) do update set n = excluded.n;
insert into c values (20, 60), (21, 52) on conflict (id) do update set n = excluded.n;
select * from c order by id;
create table cp(id int, n int) partition by range (id);
create table cp1 partition of cp for values from (0) to (10);
create table cp2 partition of cp for values from (10) to (20);
create function in_cp() returns bigint language plpgsql as $$ begin return (select count(*) from cp); end $$;
alter table cp add constraint few check (in_cp() < n);
insert into cp values (1, 1), (11, 2), (2, 3);
insert into cp values (12, 3);
update cp set id = id + 10 where id < 10;
update cp set id = id + 8, n = 4 where id < 10;
select tableoid::regclass, * from cp order by id;

-- where all rows are found before the first one is written
insert into t(a) select sum(greatest_a() + i) from generate_series(1, 2) i;
insert into t(a) select distinct greatest_a() + i from generate_series(1, 2) i;
select count(*), max(a) - min(a) from t where b is null;

-- where nothing is read of it
create function calm(x int) returns int language plpgsql as $$ begin return x + 1; end $$;
insert into t(a, b) select calm(i), i + 100 from generate_series(1, 3) i;
with w as (insert into t(a, b) select calm(i), i + 200 from generate_series(1, 2) i returning a) select sum(a) from w;
drop table t, p, above, c, cp cascade;
drop function greatest_a, greatest_sql, greatest_stable, by_another, by_text, by_view, has, rows_left, next_a, doubles, tells, in_p, in_p1, in_above, others, others_stable, is_new, in_cp, calm;

-- stable functions, wherever a statement calls them
create table sw(a int primary key, b bigint);
create function seen() returns bigint language sql stable as 'select count(*) from sw';
create function seen_pl() returns bigint language plpgsql stable as $$ begin return (select count(*) from sw); end $$;
insert into sw values (1, seen()), (2, seen_pl()) returning a, seen(), seen_pl();
update sw set b = 10 + seen() returning a, b, seen_pl();
insert into sw values (1, 0), (3, 0) on conflict (a) do update set b = 20 + seen_pl() returning a, b, seen();
with w as (insert into sw values (4, 4) returning seen() c), r as (select seen_pl() c) select w.c, r.c, seen() from w, r;
with w as (insert into sw values (5, 5) returning a) insert into sw select a + 1, seen() from w returning a, b, seen_pl();
merge into sw using (values (5), (7)) v(n) on a = n when matched then update set b = 50 + seen() when not matched then insert values (n, 70 + seen_pl());
select * from sw order by a;
create view swv as select * from sw where seen() < 8 with check option;
insert into swv values (8, 8), (9, 9);
insert into swv values (10, 10);
create function told() returns trigger language plpgsql stable as $$ begin raise notice '% %: %', tg_when, tg_level, seen(); return new; end $$;
create trigger t1 before insert on sw for each row execute function told();
create trigger t2 after insert on sw for each row when (seen_pl() = 9) execute function told();
create trigger t3 after insert on sw for each statement execute function told();
insert into sw values (11, 11), (12, 12);
create function tells_all() returns trigger language plpgsql as $$ begin raise notice 'all: % %', seen(), seen_pl(); return null; end $$;
create trigger t4 after insert on sw for each row execute function tells_all();
insert into sw values (13, 13);
do $$ declare r record; begin for r in insert into sw values (14, 14), (15, 15) returning a, seen() n loop raise notice '%', r; end loop; raise notice '%', seen(); end $$;
begin; delete from sw where a > 10 returning a, seen(); select seen(); rollback;
\copy swv from stdin
16	16
\.
select seen(), seen_pl();
drop table sw cascade;
drop function seen, seen_pl, told, tells_all;

-- and beside volatile ones that write, in queries and in loops and cursors over them
create table sh(a int);
create function seen() returns bigint language sql stable as 'select count(*) from sh';
create function seen_at(x int) returns bigint language plpgsql stable as $$ begin return (select count(*) from sh) + 0 * x; end $$;
create function puts(x int) returns int language plpgsql as $$ begin insert into sh values (x); return x; end $$;
create function rows_there() returns setof int language sql stable as 'select a from sh';
select puts(1), seen(), seen_at(1), (select count(*) from sh), (select seen());
select puts(g), seen(), seen_at(g), (select seen_at(g)) from generate_series(2, 3) g;
select * from puts(4), rows_there() order by 2;
do $$ declare r record; begin for r in select a, seen_at(a) n, seen() m from sh order by a loop insert into sh values (100); raise notice '%', r; end loop; raise notice '%', seen(); end $$;
begin; declare c cursor for select a, seen_at(a) from sh order by a; fetch 1 from c; delete from sh; select seen(); fetch 1 from c; rollback;
create function by_turns() returns text language plpgsql as $$ declare y bigint; begin insert into sh values (0); select seen() into y; delete from sh where a = 0; return y || ' ' || seen(); end $$;
select by_turns(), seen(), by_turns();
drop table sh;
drop function seen, seen_at, puts, rows_there, by_turns;

-- below WITH, and above groups and sets
create table wt(a int, b int, c int generated always as (b + 1) stored);
create table ws(x int); insert into ws values (1),(2),(3);
create function wnx() returns int language plpgsql as $$ begin return coalesce((select max(a) from wt), 0) + 1; end $$;
create function wplus(n int) returns int language plpgsql as $$ begin return (select count(*) from wt) + n; end $$;
with w as (select x from ws where x > 1) insert into wt(a, b) select wnx(), x from w returning *;
with w as (select x from ws) insert into wt(a, b) select wplus(w.x * 10), x from w order by x desc;
with w as (select x from ws) insert into wt(a, b) select wnx(), wplus(v.x) + w.x from w join ws v using (x) where w.x < 3 returning a, b;
with w as materialized (select x from ws) insert into wt(b, a) select x, case when x > 1 then wplus(x) else x end from w limit 2;
insert into wt(a, b) select wplus(y), y from (select x + 1 as y from ws group by x + 1) q order by y;
insert into wt(a, b) select wplus(y), y from (select distinct x as y from ws union select 9) q order by y;
insert into wt(a, b) select wplus(y), y from (select x as y from ws union all select 9) q order by y;
insert into wt(a, b) select wplus(y::int), y from (select sum(x) as y from ws) q;
select * from wt order by 1, 2;
drop table wt, ws;
drop function wnx, wplus;
