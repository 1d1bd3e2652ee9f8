-- Functions and procedures: each clause, calls with names and defaults, polymorphic ones, what REPLACE and ALTER refuse, extra checks, bodies that are checked late.
\set VERBOSITY verbose
create function f1(a int, b text default 'x', out c int, inout d numeric default 1.5) returns record language plpgsql immutable leakproof strict security definer parallel safe cost 5 set search_path = public, pg_catalog set work_mem from current as $$ begin c := a; end $$;
select pg_get_functiondef('f1'::regproc);
\df+ f1
\sf+ f1
create or replace function f1(a int, b text default 'x', out c int, out d numeric) language sql as $$ select 1, 2.0 $$;
create or replace function f1(a int, b text default 'x', out cc int, inout d numeric default 1.5) returns record language plpgsql as $$ begin end $$;
create or replace function f1(aa int, b text default 'x', out c int, inout d numeric default 1.5) returns record language plpgsql as $$ begin end $$;
create or replace function f1(a int, b text, out c int, inout d numeric) returns record language plpgsql as $$ begin end $$;
create or replace function f1(a int, b text default 'y', out c int, inout d numeric default 1.5) returns int language plpgsql as $$ begin end $$;
create or replace procedure f1(a int, b text, inout d numeric) language plpgsql as $$ begin end $$;
create function f2(variadic a int[]) returns int language sql window as 'select 1';
create function f2(variadic a int[]) returns setof int language sql rows 7 cost 3 volatile parallel restricted called on null input external security invoker not leakproof as 'select unnest(a)';
\sf f2
\df+ f2
create function f3(variadic a int) returns int language sql as 'select 1';
create function f3(variadic a int[], b int) returns int language sql as 'select 1';
create function f3(a int default 1, b int) returns int language sql as 'select 1';
create function f3(a int, a int) returns int language sql as 'select 1';
create function f3(out a int) returns text language sql as 'select 1';
create function f3(out a int, out b int) returns int language sql as 'select 1';
create function f3(a int) returns table (a int) language sql as 'select 1';
create function f3(out a int) returns table (b int) language sql as 'select 1';
create function f3(a int) language sql as 'select 1';
create function f3(a nope) returns int language sql as 'select 1';
create function f3(a int) returns nope language sql as 'select 1';
create function f3(a int) returns nope language plpgsql as 'select 1';
create function f3(a int) returns int as 'select 1';
create function f3(a int) returns int language sql;
create function f3(a int) returns int language nope as 'x';
create function f3(a int) returns int language sql as 'select 1' language sql;
create function f3(a int) returns int language sql as 'select 1' immutable stable;
create function f3(a int) returns int language sql as 'select 1' cost 0;
create function f3(a int) returns int language sql as 'select 1' rows 5;
create function f3(a int) returns setof int language sql as 'select 1' rows 0;
create function f3(a int) returns int language sql as 'select 1' parallel nope;
create function f3(a int) returns int language sql as 'select 1', 'x';
create function f3(a int) returns int language sql as 'select ''x''::text';
create function f3(a int) returns int language sql as 'insert into nope values (1)';
create function f3(a int) returns int language sql as '';
create function f3(a int) returns int language sql as 'select 1, 2';
create function f3(a int) returns int language sql as 'create table x(a int)';
create function f3(a int) returns int language sql set nope = 1 as 'select 1';
create function f3(a int) returns int language sql set work_mem = 'x' as 'select 1';
create function f3(a int) returns int language internal as 'nope';
create function f3(a int) returns int return a + 1;
\sf+ f3
create or replace function f3(a int) returns int begin atomic select a; select a + 2; end;
\sf+ f3
select f3(1);
create function f4() returns int return nope();
create function f4() returns int language plpgsql return 1;
create function f4(x anyelement) returns anyarray language sql as 'select array[$1]';
select f4(1), f4('x'::text);
select f4('x');
create function f5(x anyelement, y anyelement) returns anyelement language plpgsql as $$ declare z x%type; begin z := y; return z; end $$;
select f5(1, 2.5); 
select f5(1, 2);
create function f6(x anycompatible, y anycompatible) returns anycompatible language plpgsql as $$ begin raise notice '% %', pg_typeof(x), pg_typeof(y); return y; end $$;
select f6(1, 2.5);
create function f7(x int) returns anyelement language sql as 'select 1';
create function f7(x anyrange) returns anyelement language sql as 'select lower($1)';
create function f8(a int, b int default 2, c int default 3) returns text language plpgsql as $$ begin return a || ',' || b || ',' || c; end $$;
select f8(1), f8(1, c => 9), f8(c := 1, a := 2), f8(1, 2, 3);
select f8(b => 1);
select f8(1, a => 1);
select f8(1, z => 1);
select f8(a => 1, 2);
select f8();
select f8(1, 2, 3, 4);
create function vf(a text, variadic b int[]) returns text language plpgsql as $$ begin return a || array_length(b, 1) || b::text; end $$;
select vf('x', 1, 2), vf('y', variadic array[3,4,5]), vf('z', variadic b => array[1]);
select vf('x');
create function outs(in a int, out b int, out c text) language plpgsql as $$ begin b := a; c := 'c' || a; end $$;
select outs(1), (outs(2)).c; select * from outs(3);
create function tf(n int) returns table (x int, y text) language plpgsql as $$ begin for x in 1..n loop y := 'r' || x; return next; end loop; x := 9; return next; end $$;
select * from tf(2);
select tf(1);
create function rq(n int) returns setof record language plpgsql as $$ begin return query select n, 'a'::text; return query execute 'select $1, ''b''::text' using n + 1; end $$;
select * from rq(1) as (a int, b text);
select * from rq(1) as (a int, b int);
select * from rq(1);
select rq(1);
create function rq2() returns table (a int, b text) language plpgsql as $$ begin return query select 1; end $$;
select * from rq2();
create or replace function rq2() returns table (a int, b text) language plpgsql as $$ begin return query select 1, 2; end $$;
select * from rq2();
create or replace function rq2() returns table (a int, c text) language plpgsql as $$ begin return query select 1, 2; end $$;
create or replace function rq2() returns setof int language plpgsql as $$ begin return query select 1, 2; end $$;
drop function rq2;
create view fv as select f8(1) as q;
drop function f8;
drop function f8(int,int,int) cascade;
drop function if exists nope;
drop function if exists nope(int, text);
drop function nope(int);
drop function vf(int), outs(int);
drop procedure outs(int);
drop routine outs(int);
create procedure pr(a int, inout b int default 5, out c text) language plpgsql as $$ begin b := b + a; c := 'c'; end $$;
call pr(1); call pr(1, 2, null); call pr(1, c => null, b => 7); call pr(); call pr(1,2,3,4);
select pr(1);
do $$ declare x int := 1; y text; begin call pr(1, x, y); raise notice '% %', x, y; call pr(1, 2, y); end $$;
do $$ declare x int := 1; y text; begin call pr(1, 2 + 3, y); end $$;
\df pr
\sf pr
create procedure pr2() returns int language sql as 'select 1';
create procedure pr2() language sql immutable as 'select 1';
create procedure pr2() language sql strict as 'select 1';
create procedure pc() language plpgsql as $$ begin create table ct(a int); insert into ct values (1); commit; insert into ct values (2); rollback; insert into ct values (3); end $$;
call pc(); select * from ct;
begin; call pc(); rollback;
create procedure pc2() language plpgsql set work_mem = '1MB' as $$ begin commit; end $$;
call pc2();
create procedure pc3() language plpgsql as $$ begin begin commit; exception when others then raise notice '%', sqlerrm; end; end $$;
call pc3();
create procedure pc4() language plpgsql as $$ declare r record; begin for r in select a from ct loop commit; raise notice '%', r.a; end loop; for r in update ct set a = a + 1 returning a loop commit; end loop; end $$;
call pc4();
alter function f3(int) rename to f33;
alter function f33(int) owner to nope;
alter function f33(int) set schema nope;
alter function f33(int) immutable strict leakproof security definer parallel safe cost 77;
alter function f33(int) rows 5;
alter function f33(int) set work_mem = '2MB' ;
alter function f33(int) set enable_seqscan to off set work_mem to default;
alter function f33(int) reset all;
alter function f33(int) depends on extension nope;
alter procedure f33(int) immutable;
alter routine f33(int) volatile;
alter procedure pr(int) strict;
alter procedure pr security definer;
alter function f33 called on null input;
\df+ f33
alter function nope(int) strict;
alter function f2(int) strict;
comment on function f33(int) is 'c'; comment on procedure pr is 'p'; comment on routine f33 is 'r';
\dd f33
set plpgsql.extra_warnings = 'all';
create function ew(a int) returns int language plpgsql as $$ declare a int; x int; begin select 1, 2 into x; return x; end $$;
select ew(1);
set plpgsql.extra_errors = 'shadowed_variables';
create function ew2(a int) returns int language plpgsql as $$ declare a int; begin return 1; end $$;
set plpgsql.extra_errors = 'too_many_rows,strict_multi_assignment';
do $$ declare x int; begin select a into x from generate_series(1,2) a; end $$;
do $$ declare x int; begin select 1,2 into x; end $$;
set plpgsql.extra_errors = 'nope';
set plpgsql.extra_warnings = 'none'; reset plpgsql.extra_errors;
create function cb4() returns int language plpgsql as $$
declare
  x int;
begin
  x := 1
  return x;
end $$;
create function noret() returns int language plpgsql as $$ begin end $$;
select noret();
create function nullret() returns int language plpgsql as $$ begin return; end $$;
create function voidret() returns void language plpgsql as $$ begin return 1; end $$;
create function badret() returns int language plpgsql as $$ begin return 'x'; end $$;
select badret();
