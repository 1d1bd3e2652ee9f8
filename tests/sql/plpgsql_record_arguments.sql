-- What a function in PL/pgSQL is given as record has the fields of what the call names.
create type t4 as (f1 int, f2 int); create type t8 as (q1 int8, q2 int8); create type m4 as (f0 text, f1 int, f2 int);
create function g1(x record) returns int language plpgsql as 'begin return x.f1; end';
create function g2(record) returns int language plpgsql as 'begin return $1.f2; end';
create function g3(x record) returns text language plpgsql as 'begin return row_to_json(x); end';
select g1(row(1,2));
select g1(row(1,2)::t4);
select g1(row('foo',123,456)::m4);
select g1(row(1,2));
select g2(row(1,2)::t4);
select g2(row('foo',123,456)::m4);
select g3(row(1,2)::t8), g3(row('foo',123,456)::m4);
create table m (a int, f1 int); insert into m values (3,4);
select g1(m) from m;
select g1(x) from (select 5 as f1, 6 as f2) x;
select g3(row(1,2)::t8), g3(row('foo',123,456)::m4);
-- An expression is looked up anew when the search path has changed.
create schema other_place;
create function other_place.target(int) returns int language plpgsql as 'begin return $1; end';
create function target(int) returns int language plpgsql as 'begin return $1 + 100; end';
create function total() returns int language plpgsql as $$declare sum int := 0; begin for n in 1..10 loop sum := sum + target(n); if n = 4 then set local search_path = other_place; end if; end loop; return sum; end$$;
select total(); select total();
alter function target(int) immutable; alter function other_place.target(int) immutable;
select total();
