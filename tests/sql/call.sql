-- CALL: procedures, their output parameters, COMMIT and ROLLBACK inside
\set VERBOSITY verbose
create procedure p1(a int, b text default 'q') language plpgsql as $$begin raise notice '% %', a, b; end$$;
call p1(1);
call p1(1, 'x');
call p1(b => 'z', a => 3);
call p1('abc');
call p1();
call p1(1,2,3);
call nosuch(1);
call lower('x');
create procedure p2(inout a int, out b text) language plpgsql as $$begin a := a * 2; b := 'b' || a; end$$;
call p2(4, null);
do $$declare x int := 3; y text; begin call p2(x, y); raise notice '% %', x, y; end$$;
create procedure p3() language sql as $$select 1; select 2$$;
call p3();
create procedure p4() language plpgsql as $$begin create schema pls; rollback; create schema pls2; commit; raise notice 'done'; end$$;
call p4();
select nspname from pg_namespace where nspname like 'pls%';
drop schema pls2;
begin; call p4(); rollback;
do $$begin begin commit; exception when division_by_zero then null; end; end$$;
drop procedure p1(int, text), p2(int), p3(), p4();
-- what is given out is looked for before the procedure runs
create table called(a int);
create procedure p5(inout a int, b int default 3) language plpgsql as $$begin insert into called values (a); commit; a := a + b; end$$;
do $$begin call p5(1); end$$;
do $$declare c constant int := 2; begin call p5(c); end$$;
do $$declare c int := 3; begin call p5(c + 1); end$$;
do $$declare c int := 4; begin call p5(b => c, a => 3); end$$;
do $$declare c int := 5; begin call p5(b => 7, a => c); raise notice '%', c; end$$;
create procedure p6(a int, out b int, out c text) language plpgsql as $$begin b := a * 2; c := 'c' || a; end$$;
do $$declare i int; t text; begin call p6(1, t, i); end$$;
do $$declare i bigint; t text; begin call p6(1, i, t); end$$;
do $$declare i smallint; t text; begin call p6(1, i, t); raise notice '% %', i, t; end$$;
call p6(1, 'x'::text, null);
call p6(1, 2.5, null);
select * from called;
drop table called; drop procedure p5, p6;
