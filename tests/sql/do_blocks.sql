-- DO blocks and PL/pgSQL functions: statements, errors and their contexts
\set VERBOSITY verbose
do $$ begin raise notice 'hello'; end $$;
do $$declare a int := 5; b text; r record; begin a := a + 1; raise notice 'a=% b=%', a, b; for i in 1..3 loop raise notice '%', i*a; end loop; end$$;
do $$
declare x int; begin
 x := 1/0;
end$$;
do $$
declare x int; begin
 x := nosuch;
end$$;
do $$
declare x int; begin
 x := 'abc';
end$$;
do $$
declare x int; begin
 select * from nosuch;
end$$;
do $$
declare x int; begin
 select 1;
end$$;
do $$
declare x int; begin
 raise exception 'hello % and %', 1, 'x' using hint = 'h', detail='d', errcode='22012';
end$$;
do $$
declare x int; begin
 raise notice 'hello % and %', 1;
end$$;
do $$
declare x int; begin
 perform 1/0;
end$$;
do $$
declare x int not null; begin
 perform 1/0;
end$$;
do $$
declare x int not null := 1; begin
 x := null;
end$$;
do $$
declare x constant int  := 1; begin
 x := null;
end$$;
do $$
declare r record; begin
 raise notice '%', r.a;
end$$;
do $$
declare r record; begin
 select 1 as b into r;
 raise notice '%', r.b;
 raise notice '%', r;
 raise notice '%', r.a;
end$$;
do $$
declare r record; begin
 execute 'selec 1';
end$$;
do $$
 begin
 for i in 1..3 loop raise notice '%', i; end loop; assert false; 
end$$;
do $$
 begin
 case 3 when 1 then null; end case;
end$$;
do $$
 begin
 if null then null; end if; return 1;
end$$;
do $$ begin begin perform 1/0; exception when division_by_zero then raise notice '% %', sqlerrm, sqlstate; raise; end; end$$;
do $$ begin null end$$;
do $$ begin x := 1; end$$;
do $$ declare x nosuch; begin x := 1; end$$;
do $$ declare x int; x int; begin x := 1; end$$;
do $$ begin exit; end$$;
do $$ begin exit foo; end$$;
do language sql 'select 1';
do language nosuch 'select 1';
do language c 'select 1';
do 'begin raise notice ''x''; end' language plpgsql;
do 'a' 'b';
do language plpgsql;
create or replace function ff(n int) returns int language plpgsql as $$begin if n = 0 then return 1/0; end if; return ff(n-1); end$$;
create or replace function fib(n int) returns int language plpgsql as $$begin if n < 2 then return n; end if; return fib(n-1) + fib(n-2); end$$;
select fib(10), fib(5) as x;
create or replace function ff(n int) returns int language plpgsql as $$begin  end$$;
select ff(2);
create or replace function ff(n int) returns int language plpgsql as $$begin return 'x'; end$$;
select ff(2);
create or replace function ff2(n int) returns setof int language plpgsql as $$begin return next 1; return next n; return query select 7; end$$;
select * from ff2(3);
select ff2(3);
select * from ff2(3) as t(a) where a > 2 order by 1;
create or replace function ff3(n int) returns int language sql as $$select n/0; $$;
select ff3(3);
create or replace function ff4(n int, m text = 'q') returns text language sql as $$select n || m; $$;
select ff4(3), ff4(4, 'x'), ff4(n=>5);
create function tt(n int) returns table(a int, b text) language plpgsql as $$begin for i in 1..n loop a := i; b := 'r' || i; return next; end loop; end$$;
select * from tt(3);
select b, a from tt(2) t where a = 2;
create function oo(n int, out x int, out y text) language plpgsql as $$begin x := n; y := 'y' || n; end$$;
select * from oo(4);
select oo(4);
do $$declare a int[] := '{1,2,3}'; s int := 0; x int; begin foreach x in array a loop s := s + x; end loop; a[2] := 10; a[5] := 1; raise notice '% % %', s, a, a[2]; end$$;
do $$declare r record; n int := 0; begin for r in select typname, oid from pg_type where oid < 25 order by oid loop n := n + 1; raise notice '% %', r.typname, r.oid; end loop; raise notice '% %', n, found; end$$;
do $$declare c cursor (k int) for select g from generate_series(1, k) g; v int; begin open c(3); loop fetch c into v; exit when not found; raise notice '%', v; end loop; close c; for r in c(2) loop raise notice 'r %', r.g; end loop; end$$;
do $$declare x text; y int; begin execute 'select $1 || ''z'', $2 + 1' into x, y using 'a'::text, 4; raise notice '% %', x, y; execute 'create schema plq'; execute format('drop schema %I', 'plq'); end$$;
do $$declare m text; d text; s text; begin begin raise exception 'boom' using detail = 'dd', errcode = 'P0042'; exception when others then get stacked diagnostics m = message_text, d = pg_exception_detail, s = returned_sqlstate; raise notice '% % %', m, d, s; end; end$$;
do $$begin begin create schema plx; raise exception 'undo'; exception when raise_exception then raise notice 'caught %', sqlerrm; end; perform 1 from pg_namespace where nspname = 'plx'; raise notice 'found %', found; end$$;
do $$<<o>> declare x int := 1; begin declare x int := 2; begin raise notice '% %', x, o.x; end; <<l>> for i in 1..3 loop for j in 1..3 loop continue l when j = 2; raise notice '% %', i, j; exit l when i = 2; end loop; end loop; end$$;
do $$declare i int := 0; begin while i < 3 loop i := i + 1; continue when i = 2; raise notice 'w %', i; end loop; case i when 1,2 then raise notice 'a'; when 3 then raise notice 'three'; else raise notice 'e'; end case; case when i > 5 then null; else raise notice 'else'; end case; if i = 1 then null; elsif i = 3 then raise notice 'elsif'; else null; end if; end$$;
do $$begin for i in reverse 10..1 by 4 loop raise notice '%', i; end loop; for i in 1..3 by 0 loop null; end loop; end$$;
do $$declare d date := '2020-01-01'; n numeric(10,2) := 1.005; v varchar(3); b boolean; begin d := d + 1; raise notice '% % %', d, n, d > '2020-01-01'; v := 'abcd'; end$$;
drop function ff(int), fib(int), ff2(int), ff3(int), ff4(int, text), tt(int), oo(int);
