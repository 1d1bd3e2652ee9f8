-- Parameters whose type is found to be a domain are of the domain; void holds nothing.
select 'x'::void;
select ''::void;
select void 'y';
select 'x'::void::text;
select null::void;
create domain dint as int check (value > 0);
create domain dtext as text;
create domain ddint as dint;
prepare d1(dint) as select $1;
prepare d2(dtext, ddint) as select $1, $2;
prepare d3(dint[]) as select $1;
prepare d4 as select $1::dint, $2::dtext;
select name, parameter_types from pg_prepared_statements order by 1;
execute d1(-1);
execute d1(1);
execute d2('a', 0);
execute d2('a', 3);
execute d4(1, 'a');
execute d4(-1, 'a');
select $1::dint \gdesc
select $1::dint as a, $2::ddint + 1 as b, $3::dtext \gdesc
select pg_typeof(1::dint);
\gdesc
create table dt(a dint, b dtext);
insert into dt values ($1, $2) \gdesc
select a, b, array[a], row(a,b) from dt \gdesc
prepare d5 as insert into dt values ($1, $2);
prepare d6 as select * from dt where a = $1 and b = $2;
prepare d7 as update dt set a = $1 where b like $2;
prepare d8 as select $1::dint[];
select name, parameter_types from pg_prepared_statements order by 1;
execute d5(1,2);
execute d5(0,2);
execute d7(0,'x');
execute d7(0,'2');
