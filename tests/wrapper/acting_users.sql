-- Cursors over foreign tables: whom the source sees, and that it is reached when they are opened
\set VERBOSITY verbose
create extension postgres_fdw;
create server s foreign data wrapper postgres_fdw options (host :'src', port :'port', dbname 'rem');
create role regress_co; create role regress_cc; grant regress_cc to regress_co;
create user mapping for regress_co server s options (user 'cursor_a', password_required 'false');
create user mapping for regress_cc server s options (user 'cursor_b', password_required 'false');
create foreign table ft(a int, b text) server s options (table_name 'cursor_rows');
create foreign table who(u text) server s options (table_name 'cursor_user');
grant all on ft, who to regress_co, regress_cc;
-- whom the source sees
begin; set local role regress_co; declare k cursor for select * from who; set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select u, current_user from who; set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select (select u from who), a from generate_series(1,2) a; set local role regress_cc; fetch all from k; rollback;
-- mapping altered between
begin; set local role regress_co; declare k cursor for select * from who; reset role; alter user mapping for regress_co server s options (set user 'cursor_b'); fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select u, current_user from who; reset role; alter user mapping for regress_co server s options (set user 'cursor_b'); fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select * from who; reset role; drop user mapping for regress_co server s; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select u, current_user from who; reset role; drop user mapping for regress_co server s; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select * from who; reset role; alter server s options (set dbname 'nosuch'); fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select *, current_user from who; reset role; alter server s options (set dbname 'nosuch'); fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select * from who; reset role; alter foreign table who options (set table_name 'nosuch'); fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select *, current_user from who; reset role; alter foreign table who options (set table_name 'nosuch'); fetch all from k; rollback;
-- wrong address: told when
alter server s options (set dbname 'nosuch');
begin; set local role regress_co; declare k cursor for select * from who; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select a, (select u from who) from generate_series(1,2) a; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select a, (select u from who where a = length(u)) from generate_series(1,2) a; fetch all from k; rollback;
begin; declare k cursor for select 1 from who; rollback;
alter server s options (set dbname 'rem');
-- missing mapping
reset role; 
begin; declare k cursor for select * from who; rollback;
begin; declare k cursor for select a, (select u from who) from generate_series(1,2) a; rollback;
begin; declare k cursor for select a, (select u from who where a = length(u)) from generate_series(1,2) a; rollback;
begin; declare k cursor for select a from generate_series(1,2) a where exists (select from who where a = length(u)); rollback;
begin; declare k cursor for select a, case when a = 7 then (select u from who where a = length(u)) end from generate_series(1,2) a; fetch all from k; rollback;
begin; declare k cursor for select a, (select u || random() from who where a = length(u)) from generate_series(1,2) a; rollback;
begin; declare k cursor for select a from generate_series(1,2) a where a in (select a from ft); rollback;
begin; declare k cursor for select a from generate_series(1,2) a where a not in (select a from ft); rollback;
begin; declare k cursor for with x as (select * from ft) select 1 from x; rollback;
begin; declare k cursor for with x as materialized (select * from ft) select 1 from x; rollback;
begin; declare k cursor for with x as materialized (select * from ft) select 1; rollback;
begin; declare k cursor for select 1 from ft where false; fetch all from k; rollback;
begin; declare k cursor for select * from ft union all select 1, 'x'; rollback;
begin; declare k cursor for select (select a from ft where false) from generate_series(1,2); fetch all from k; rollback;
begin; declare k cursor for select 1 from ft limit 0; fetch all from k; rollback;
begin; declare k cursor with hold for select 1 from ft limit 0; commit; fetch all from k; 
begin; declare k cursor for update ft set a = 1; rollback;
prepare p as select * from ft; execute p;
prepare q as select (select u from who); execute q;
-- views
create view vf as select * from who; alter view vf owner to regress_co; grant select on vf to regress_cc;
begin; set local role regress_cc; declare k cursor for select * from vf; fetch all from k; rollback;
begin; set local role regress_cc; declare k cursor for select *, current_user from vf; set local role regress_co; fetch all from k; rollback;
create function op() returns refcursor language plpgsql security definer as $$ declare c refcursor := 'cc'; begin open c for select u, current_user, (select max(b) from ft) from who; return c; end $$;
alter function op() owner to regress_co;
begin; set local role regress_cc; select op(); fetch all from cc; rollback;
begin; set local role regress_cc; select op(); reset role; alter user mapping for regress_co server s options (set user 'cursor_b'); fetch all from cc; rollback;
-- the role is switched on the way: the statement reads as who began it
create table u(a int); create function sw(r text) returns text language plpgsql volatile as $$ begin perform set_config('role', r, true); return current_user; end $$;
begin; set local role regress_co; select sw('regress_cc'), u from who; rollback;
begin; set local role regress_co; select sw('regress_cc'), (select u from who); rollback;
begin; set local role regress_co; select sw('regress_cc'), (select u from who where x > 0) from generate_series(1,2) x; rollback;
begin; set local role regress_co; select sw('regress_cc'), (select u || random()::text from who where x > 0) > '' from generate_series(1,2) x; rollback;
begin; set local role regress_co; select * from sw('regress_cc') s, who; rollback;
begin; set local role regress_co; select * from set_config('role', 'regress_cc', true) s, who; rollback;
begin; set local role regress_co; select set_config('role', 'regress_cc', true), u from who; rollback;
begin; set local role regress_co; select set_config('role', 'regress_cc', true), (select u from who); rollback;
begin; set local role regress_co; with x as materialized (select sw('regress_cc')) select * from x, who; rollback;
begin; set local role regress_co; insert into u select 1 from (select sw('regress_cc')) x; rollback;
begin; grant insert on u to regress_co; set local role regress_co; insert into u select length(u) from who where sw('regress_cc') <> ''; rollback;
begin; set local role regress_co; prepare p as select sw('regress_cc'), u from who; execute p; execute p; rollback;
deallocate all;
drop server s cascade; drop function op(), sw(text); drop table u; drop role regress_cc; drop role regress_co;
