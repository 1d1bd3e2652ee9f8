-- Rows of loops and cursors are computed when they are fetched.
create schema la; set search_path = la;
create table log_(id serial, t text);
create table t(i int); insert into t select generate_series(1,3000);
-- error in a late row
do $$ declare r record; begin for r in select 1/(15-i) x, i from t order by i loop raise notice '% %', r.i, r.x; end loop; end $$;
do $$ declare r record; begin for r in select 1/(15-i) x, i from generate_series(1,3000) i loop raise notice '% %', r.i, r.x; end loop; end $$;
create function f1() returns void language plpgsql as $$ declare r record; begin for r in select 1/(15-i) x, i from generate_series(1,3000) i loop raise notice '% %', r.i, r.x; end loop; end $$;
select f1();
create function f2() returns void language plpgsql as $$ declare r record; begin for r in select 1/(75-i) x, i from generate_series(1,3000) i loop if r.i % 10 in (0,1) then raise notice '% %', r.i, r.x; end if; end loop; end $$;
select f2();
create function f3() returns int language plpgsql as $$ declare r record; n int = 0; begin for r in select 1/(75-i) x, i from generate_series(1,3000) i loop n := n+1; if n = 60 then exit; end if; end loop; return n; end $$;
select f3();
create function f4() returns int language plpgsql as $$ declare r record; n int = 0; begin for r in execute 'select 1/(75-i) x, i from generate_series(1,3000) i' loop n := n+1; if n = 61 then exit; end if; end loop; return n; end $$;
select f4();
-- cursor
create function f5() returns int language plpgsql as $$ declare c cursor for select 1/(3-i) x from generate_series(1,10) i; v int; begin open c; raise notice 'open'; loop fetch c into v; raise notice 'v %', v; exit when not found; end loop; close c; return 1; end $$;
select f5();
create function f6() returns int language plpgsql as $$ declare c cursor for select 1/0 x; v int; begin open c; raise notice 'open'; fetch c into v; return 1; end $$;
select f6();
create function f7() returns int language plpgsql as $$ declare c cursor for select 1/(3-i) x from generate_series(1,10) i; begin for r in c loop raise notice 'v %', r.x; end loop; return 1; end $$;
select f7();
create function f8() returns int language plpgsql as $$ declare c refcursor; v int; begin open c for execute 'select 1/(3-i) x from generate_series(1,10) i';  raise notice 'open'; loop fetch c into v; raise notice 'v %', v; exit when not found; end loop; close c; return 1; end $$;
select f8();
-- function with effects
create function say(i int) returns int language plpgsql as $$ begin raise notice 'say %', i; return i; end $$;
create function f9() returns int language plpgsql as $$ declare r record; begin for r in select say(i) x from generate_series(1,20) i loop raise notice 'body %', r.x; exit when r.x = 12; end loop; return 1; end $$;
select f9();
do $$ declare r record; begin for r in select say(i) x from generate_series(1,20) i loop raise notice 'body %', r.x; exit when r.x = 3; end loop; end $$;
do $$ declare r record; begin for r in select say(i) x from t where i < 20 order by i loop raise notice 'body %', r.x; exit when r.x = 3; end loop; end $$;
do $$ declare r record; begin for r in select i x from t where say(i) > 2 and i < 20 loop raise notice 'body %', r.x; exit when r.x = 5; end loop; end $$;
create function fa() returns int language plpgsql as $$ declare c cursor for select say(i) x from generate_series(1,20) i; v int; begin open c; raise notice 'open'; fetch c into v; raise notice 'v %', v; fetch 2 from c; return 1; end $$;
select fa();
create function fb() returns int language plpgsql as $$ declare c cursor for select say(i) x from generate_series(1,20) i; v int; begin open c; raise notice 'open'; fetch c into v; raise notice 'v %', v; move forward 2 from c; fetch c into v; raise notice 'v %', v;return 1; end $$;
select fb();
-- sees effects?
create function fc() returns int language plpgsql as $$ declare r record; n int = 0; begin for r in select i from t where i < 5 loop insert into t values (r.i - 100); n := n+1; end loop; return n; end $$;
select fc(); select count(*) from t where i < 0;
create function cnt() returns bigint language sql volatile as 'select count(*) from la.log_';
create function fd() returns int language plpgsql as $$ declare r record; n int = 0; begin for r in select i, cnt() c from t where i between 1 and 25 order by i loop raise notice '% %', r.i, r.c; insert into log_(t) values ('x'); n := n+1; end loop; return n; end $$;
select fd();
-- SQL cursors
begin; declare c cursor for select 1/(3-i) x from generate_series(1,10) i; fetch 1 from c; fetch 1 from c; fetch 1 from c; rollback;
begin; declare c cursor for select say(i) x from generate_series(1,10) i; fetch 1 from c; fetch 2 from c; move 2 in c; fetch 1 from c; close c; rollback;
begin; declare c cursor with hold for select 1/(3-i) x from generate_series(1,10) i; fetch 1 from c; commit; fetch 1 from c;
declare c cursor with hold for select 1/(3-i) x from generate_series(1,10) i; fetch 1 from c;
-- a query error in the middle of a loop over a cursor with an exception block
create function fe() returns int language plpgsql as $$ declare c cursor for select 1/(3-i) x from generate_series(1,10) i; n int = 0; begin begin for r in c loop n := n+1; end loop; exception when division_by_zero then raise notice 'caught % %', sqlerrm, n; end; return n; end $$;
select fe();
drop schema la cascade;
