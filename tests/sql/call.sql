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
