-- Malformed names of types, given to functions: where they are malformed, and what the whole name was.
select to_regtype('int[');
select to_regtype('SELECT');
select to_regtype('a b c');
select to_regprocedure('f(varchar(10');
select to_regprocedure('varchar(10)');
select has_type_privilege('select, insert', 'usage');
select has_type_privilege('s1.f(int,text,int[])', 'usage');
select has_function_privilege('varchar(10)', 'execute');
select x, to_regtype(x) from (values ('int'), ('int[')) v(x);
select to_regtype(x) from (values ('int'), ('int[')) v(x);
create table words (a text);
insert into words values ('a b c');
select to_regtype(a) from words;
select 'SELECT'::regtype;
select a::regtype from words;
select to_regtype('nosuch'), to_regtype('setof int');
select relname, to_regtype(relname || '[') from pg_class where relname = 'pg_class';
