-- CALL in functions in SQL; rows as values of composite types; SELECT INTO in EXECUTE
create procedure sqlp(inout x int) language sql as $$ select x * 2 $$;
create procedure q() language sql as $$ select 1 $$;
create procedure a1() language sql as $$ call nope(); $$;
create procedure a2() language sql as $$ call sqlp(3); $$;
create function a3() returns int language sql as $$ call q(); select 1; $$; select a3();
create function a4() returns int language sql as $$ select 1; call q(); $$; 
create function a5(int) returns void language sql as $$ call nope($1); $$; 
create function a6(int) returns void language sql as $$ call q(); $$;  select a6(1);
set check_function_bodies = off;
create procedure b1() language sql as $$ call nope(); $$; call b1();
create procedure b2() language sql as $$ call sqlp(3); $$; call b2();
create type co as (x int, y text);
create table tco(a co, b co[]);
insert into tco values (row(1,2,3)); insert into tco values (row(1)); insert into tco values ((1,2)); update tco set a = row(1); update tco set a = (1,now());
create function cf(a co) returns int language sql as 'select 1';
select cf(row(1)); select cf(row(1,'x',3)); select cf(row(1,now(),3)); select row(1,2)::co; select cast(row(1) as co); select array[row(1)]::co[];
do $$ begin execute 'select 1 into zz; select 2'; execute 'with q as (select 1) select * into zz2 from q'; end $$; 
