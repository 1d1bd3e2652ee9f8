-- CREATE TABLE AS and EXPLAIN in functions read the functions' variables.
create schema regress_pta; set search_path = regress_pta;
create table base (id int primary key, owner text, amt numeric(8,2));
insert into base select g, 'o' || g % 3, g * 1.25 from generate_series(1, 9) g;
create function report(p_owner text, p_most numeric default null) returns table (id int, rk bigint) language plpgsql as $$
declare r record; whole base%rowtype; made int; wanted int[] := array[1, 5];
begin
  drop table if exists found_rows;
  create temp table found_rows as
    select b.id, rank() over (order by b.amt desc) as rk from base b where b.owner = p_owner and (p_most is null or b.amt <= p_most);
  get diagnostics made = row_count;
  select * into whole from base b where b.id = 3;
  create temp table wholes as select whole.owner as o, whole, b.id from base b where b.id = any (wanted) with no data;
  insert into wholes select whole.owner, whole, made;
  for r in select * from wholes loop raise notice '%', r; end loop;
  drop table wholes;
  select 5 as q, 'w' as w into r;
  create temp table fields (a, b) as select r.q, r.w union all select b.id, b.owner from base b where b.id = r.q order by 1, 2;
  raise notice '%', (select jsonb_agg(f order by f.b) from fields f);
  drop table fields;
  return query select f.id, f.rk from found_rows f order by f.rk, f.id;
end $$;
set client_min_messages = warning;
select * from report('o1');
reset client_min_messages;
select * from report('o2', 7);
select * from report('none');
create function by_number(int, anyarray) returns void language plpgsql as $$
begin
  create table numbered as select $2[i] as x, $1 + i as y from generate_series(array_lower($2, 1), array_upper($2, 1)) i;
end $$;
select by_number(10, array['a', 'b']);
select * from numbered order by x;
create function in_sql(n int) returns void language sql as $$ create table of_sql as select n as a, g from generate_series(1, $1) g $$;
select in_sql(2);
select * from of_sql order by g;
create function ambiguous(id int) returns void language plpgsql as $$ begin create temp table t as select id from base; end $$;
select ambiguous(1);
create function fails(n int) returns void language plpgsql as $$ begin create temp table t as select 1 / n as x; end $$;
select fails(0);
create function lasting(n int) returns void language plpgsql as $$ begin create materialized view m as select (select n) from base; end $$;
select lasting(1);
create function of_rows() returns trigger language plpgsql as $$
begin
  create temp table t as select NEW.id, OLD.amt as was, TG_OP as op, n.amt from now_rows n;
  raise notice '%', (select jsonb_agg(t) from t);
  drop table t;
  return null;
end $$;
create trigger of_rows after update on base referencing new table as now_rows for each row execute function of_rows();
update base set amt = amt + 1 where id = 2;
create procedure turns(n int) language plpgsql as $$
begin
  for i in 1..n loop
    create temp table t on commit drop as select i as i, n as n;
    raise notice '%', (select t from t);
    commit;
  end loop;
end $$;
call turns(2);
do $$
declare line text; c refcursor; n int := 1; lines int := 0;
begin
  for line in explain (costs off) select * from base where id = n loop lines := lines + 1; end loop;
  open c for explain (costs off) select n;
  fetch c into line;
  raise notice '% %', lines > 0, line is not null;
end $$;
do $$ declare n int := 1; begin explain select n; end $$;
drop schema regress_pta cascade;
