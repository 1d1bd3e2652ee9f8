-- PL/pgSQL: where a call is, told by GET DIAGNOSTICS and with every notice
\set SHOW_CONTEXT always
set client_min_messages = notice;
create table tt (id int primary key, n text);
create function fctx() returns text language plpgsql as $$ declare x text; begin get diagnostics x = pg_context; return x; end $$;
create function fctx2() returns text language plpgsql as $$ declare x text; begin x := fctx(); return x; end $$;
create function fctx3() returns text language plpgsql as $$ declare x text; begin
  select fctx2() into x; return x; end $$;
select fctx3();
do $$ begin raise notice '%', fctx2(); end $$;
do $$ begin raise notice 'one'; begin raise warning 'two'; end; perform fctx(); end $$;
do $$ begin drop table if exists nosuch; create table if not exists tt (a int); end $$;
do $$ begin execute 'drop table if exists nosuch'; end $$;
create function fn(a int) returns int language plpgsql as $$ begin raise notice 'in fn %', a; return a; end $$;
create function fm(a int) returns int language plpgsql as $$ declare x int; begin
  perform fn(a); x := fn(a + 1); execute 'select fn($1)' into x using a + 2;
  if fn(x) > 0 then return fn(9); end if; end $$;
select fm(1);
do $$ declare r record; begin for r in select 1 as a loop perform fm(r.a); end loop; end $$;
create function ft() returns trigger language plpgsql as $$ declare x text; begin get diagnostics x = pg_context; raise notice '%', x; return new; end $$;
create trigger t before insert on tt for each row execute function ft();
insert into tt values (1, 'z');
do $$ begin insert into tt values (2, 'z'); end $$;
create procedure p() language plpgsql as $$ begin raise notice 'in p'; insert into tt values (3, 'p'); commit; raise notice 'again'; end $$;
call p();
do $$ begin call p(); exception when others then raise notice '%', sqlerrm; end $$;
do $$ begin perform 1 / 0; exception when others then raise notice 'caught'; perform fn(3); end $$;
do $$ declare x int := fn(5); begin null; end $$;
do $$ begin assert fn(1) = 1; for i in fn(1)..fn(2) loop raise notice '%', i; end loop; case fn(1) when 1 then null; end case; while fn(0) > 0 loop null; end loop; exit when fn(1) = 1; end $$;
do $$ <<l>> begin exit l when fn(1) = 1; end $$;
create role nosuch_c6; drop role if exists nosuch_c6, other_c6;
