-- Contexts: arguments of cursors, calls of SQL functions under way
\set VERBOSITY verbose
create function div(int) returns int language plpgsql as $$ begin return 1 / $1; end $$;
create function chk(int) returns boolean language plpgsql immutable as $$ begin return 1 / $1 > 0; end $$;
create domain dm as int check (chk(value)); create domain dm2 as int check (1 / value > 0); create domain dm3 as int check (value > 0);
create domain dm4 as text check (length(value) < 3); create type ct as (a dm3, b int);
do $$ declare c cursor(a int, b int) for select a, b; begin open c(1, div(0)); end $$;
do $$ declare c cursor(a int, b int) for select a, b; begin open c(b := 1, a := div(0)); end $$;
do $$ declare c cursor(a int, b int) for select a, b; begin open c(b => 1, a => 1/0); end $$;
do $$ declare c cursor(a int, b int) for select a, b; begin for r in c(1, div(0)) loop end loop; end $$;
do $$ declare c cursor(a int, b int) for select a, b; begin open c(1, 'x'); end $$;
do $$ declare c cursor(a int, b int) for select a, b; begin open c(1, nosuch); end $$;
do $$ declare c cursor(a int, b int) for select a, b; x int := 0; begin open c(1, 1 / x); end $$;
do $$ declare c cursor(a dm3) for select a; begin open c(0); end $$;
do $$ declare c cursor(a int, b int) for select a, b; begin open c(1, (select 1/0)); end $$;
do $$ declare c cursor(a int) for select a; x text := 'q'; begin open c(x); end $$;
do $$ declare c cursor(a int, b text) for select a, b; r record; begin open c(b := 'x' || 1, a := 7); fetch c into r; raise notice '%', r; end $$;
create table t(a int primary key, b text); insert into t values (1, 'x'), (2, 'y');
create function div(int) returns int language plpgsql as $$
create function r4() returns text language plpgsql as $$ declare c text; begin get diagnostics c = pg_context; return c; end $$; select r4();
create function r5() returns text language plpgsql as $$ begin return r4(); end $$; select r5();
create function r6() returns text language sql as $$ select r4() $$; select r6();
create function r7() returns text language plpgsql as $$ declare x text; begin execute 'select r4()' into x; return x; end $$; select r7();
create function r8() returns text language plpgsql as $$ declare x text; begin for x in select r4() from t loop return x; end loop; end $$; select r8();
create function r9() returns text language plpgsql as $$ declare x text; begin select r4() into x from t where a = 1; return x; end $$; select r9();
create function tg() returns trigger language plpgsql as $$ declare c text; begin get diagnostics c = pg_context; raise notice '%', c; if new.a = 99 then perform div(0); end if; return new; end $$;
create trigger tr before insert or update on t for each row execute function tg();
insert into t values (3, 'z'); insert into t values (99, 'z'); update t set a = 99 where a = 1;
create function it() returns int language plpgsql as $$ begin insert into t values (98, 'q'); update t set a = 99 where a = 98; return 1; end $$; select it();
create function it2() returns int language sql as $$ insert into t values (99, 'q'); select 1 $$; select it2();
create function it3() returns int language plpgsql as $$ begin return it2(); end $$; select it3();
