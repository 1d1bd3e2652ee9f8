-- Names that are too long in the text of EXECUTE: said each time it is parsed.
\set VERBOSITY verbose
\set SHOW_CONTEXT always
create function mk(n text) returns void language plpgsql as $$ begin execute format('create table %I (a int)', n); execute 'drop table ' || n; end $$;
select mk(repeat('x', 70));
create function q(n text) returns setof text language plpgsql as $$ declare r record; begin for r in execute 'select 1 as ' || n loop null; end loop; return query execute 'select ''a''::text as ' || n; end $$;
select * from q(repeat('y', 66));
do $$ begin execute 'select 1 as ' || repeat('z', 64); exception when others then raise notice 'no'; end $$;
do $$ declare c refcursor; begin open c for execute 'select 1 as ' || repeat('z', 64); end $$;
drop function mk, q;
