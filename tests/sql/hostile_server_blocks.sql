-- Servers and mappings made in routines and blocks, read through every view and function that shows them, refused clauses, owners that change.
\set VERBOSITY verbose
create role u_a; create role u_b; create foreign data wrapper w; create server s foreign data wrapper w; 
do $$ begin create server s foreign data wrapper w; exception when duplicate_object then raise notice '% %', sqlstate, sqlerrm; end $$;
do $$ begin drop server nope; exception when others then raise notice '% %', sqlstate, sqlerrm; end $$;
create function mk(n text) returns void language plpgsql as $$ begin execute format('create server %I foreign data wrapper w', n); execute format('create user mapping for %I server %I options (user %L)', current_user, n, n); end $$;
select mk('A b'), mk('c''d'), mk('e"f'); select mk('s'); select mk(repeat('x', 70));
\des
\deu+
select pg_describe_object('pg_user_mapping'::regclass, oid, 0) from pg_user_mapping order by 1; select pg_identify_object('pg_user_mapping'::regclass, oid, 0), pg_identify_object_as_address('pg_user_mapping'::regclass, oid, 0) from pg_user_mapping order by 1; select pg_identify_object('pg_foreign_server'::regclass, oid, 0) from pg_foreign_server order by 1;
select * from information_schema.user_mappings order by 1, 2, 3; select * from information_schema.user_mapping_options order by 1, 2, 3, 4; select * from information_schema.foreign_servers order by 2;
set role u_a; select * from information_schema.user_mapping_options order by 1, 2, 3, 4; select * from information_schema.foreign_servers order by 2; select * from information_schema.foreign_data_wrappers; reset role;
select has_server_privilege('u_a', 's', 'usage'), has_server_privilege('u_a', 'nope', 'usage'); select has_server_privilege('u_a', 's', 'nope'); select has_foreign_data_wrapper_privilege('u_a', 'w', 'usage with grant option'), has_server_privilege('nope', 's', 'usage');
comment on server "A b" is 'c'; comment on server "A b" is null; comment on foreign data wrapper w is 'ö'; comment on user mapping for u_a server s is 'x'; select obj_description(oid, 'pg_foreign_server') from pg_foreign_server order by 1;
alter default privileges grant usage on foreign servers to u_a; security label on server s is 'x'; security label for p on foreign data wrapper w is 'x'; alter server s set schema public; alter foreign data wrapper w set schema public; alter user mapping for public server s owner to u_a; alter user mapping for public server s rename to x; create or replace server s foreign data wrapper w; create server s foreign data wrapper w version '1' type '2'; drop server s, "A b" restrict; drop server s; drop user mapping for u_a, u_b server s;
begin; drop foreign data wrapper w cascade; savepoint a; create foreign data wrapper w; create server s foreign data wrapper w; rollback to a; \dew
\des
rollback; \des
begin; savepoint a; drop server "A b" cascade; savepoint b; drop server "c'd"; rollback to b; drop server "c'd" cascade; release b; rollback to a; commit;
begin isolation level serializable; create server zz foreign data wrapper w; commit and chain; drop server zz; rollback and no chain; \des zz
prepare p as create server pp foreign data wrapper w; explain create server pp foreign data wrapper w; explain drop server zz; declare c cursor for drop server zz; copy (drop server zz) to stdout; with x as (drop server zz) select 1;
set role u_b; alter server zz version '1'; drop server zz; create user mapping for public server zz; reset role; grant u_a to u_b; grant all on foreign server zz to u_a; set role u_b; create user mapping for u_b server zz; create user mapping for u_a server zz; create user mapping for public server zz; \deu+ zz
reset role; alter server zz owner to u_a; set role u_b; alter server zz options (add a 'b'); create user mapping for public server zz options (user 'x'); create user mapping for u_a server zz options (user 'y'); alter server zz rename to zy; alter server zy owner to u_b; \deu+
drop server zy; drop server zy cascade; reset role; drop owned by u_a, u_b; drop role u_a, u_b; drop foreign data wrapper w cascade; drop function mk;
