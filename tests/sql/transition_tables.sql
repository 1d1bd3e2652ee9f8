-- Transition tables: what triggers see through them, and where they are refused.
\set VERBOSITY verbose
create function tt_rows() returns trigger language plpgsql as $$ declare o text; n text; begin
 if tg_op <> 'INSERT' then select string_agg(t::text, ' ' order by id) into o from oldt t; end if;
 if tg_op <> 'DELETE' then select string_agg(t::text, ' ' order by id) into n from newt t; end if;
 raise notice '% % % old % new %', tg_table_name, tg_op, tg_level, o, n; return null; end $$;
create table tr1 (id int, n text, dead int); alter table tr1 drop column dead;
create trigger a after insert on tr1 referencing new table as newt for each statement execute function tt_rows();
create trigger b after update on tr1 referencing new table as newt old table as oldt for each statement execute function tt_rows();
create trigger c after delete on tr1 referencing old table as oldt for each statement execute function tt_rows();
insert into tr1 values (1, 'a'), (2, 'b'); update tr1 set n = n || 'x'; delete from tr1 where id = 1; delete from tr1 where false;
insert into tr1 select 5 where false; update tr1 set n = 'z' where false;
\d tr1
select pg_get_triggerdef(oid) from pg_trigger where tgrelid = 'tr1'::regclass order by tgname;
select tgname, tgoldtable, tgnewtable from pg_trigger where tgrelid = 'tr1'::regclass order by tgname;
create trigger d after update of n on tr1 referencing new table as newt for each statement execute function tt_rows();
create trigger d before update on tr1 referencing new table as newt for each statement execute function tt_rows();
create trigger d after update on tr1 referencing new table as newt old table as newt for each statement execute function tt_rows();
create trigger d after update on tr1 referencing new table as newt new table as newt2 for each statement execute function tt_rows();
create trigger d after update on tr1 referencing old table as newt old table as newt2 for each statement execute function tt_rows();
create trigger d after insert on tr1 referencing old table as newt for each statement execute function tt_rows();
create trigger d after delete on tr1 referencing new table as newt for each statement execute function tt_rows();
create trigger d after insert or update on tr1 referencing new table as newt for each statement execute function tt_rows();
create trigger d after truncate on tr1 referencing new table as newt for each statement execute function tt_rows();
create trigger d after insert on tr1 referencing new row as newt for each statement execute function tt_rows();
create trigger d after insert on tr1 referencing new table newt for each statement when (new.id > 1) execute function tt_rows();
create constraint trigger d after insert on tr1 referencing new table newt for each row execute function tt_rows();
create view vt as select * from tr1; create trigger d after insert on vt referencing new table as newt for each statement execute function tt_rows();
create trigger d instead of insert on vt referencing new table as newt for each row execute function tt_rows();
create foreign data wrapper w; create server s foreign data wrapper w; create foreign table ft (id int) server s;
create trigger d after insert on ft referencing new table as newt for each statement execute function tt_rows();
create trigger e after update on tr1 referencing new table as newt old table as oldt for each row execute function tt_rows();
update tr1 set n = n || 'y';
insert into tr1 values (3, 'c'); update tr1 set id = id + 10;
drop trigger e on tr1;
-- inside: joins, loops, dynamic SQL, cursors, changes
create or replace function tt_rows() returns trigger language plpgsql as $$ declare r record; c refcursor; x int; begin
 for r in select * from newt order by id loop raise notice 'loop %', r; end loop;
 execute 'select count(*) from newt where id > $1' into x using 0; raise notice 'dynamic %', x;
 open c for select n from newt order by id desc; fetch c into r; raise notice 'cursor %', r; close c;
 select count(*) into x from newt join tr1 using (id); raise notice 'joined %', x;
 update tr1 set n = 'changed' where id in (select id from newt) and tg_op = 'INSERT';
 select count(*) into x from newt where n = 'changed'; raise notice 'still %', x;
 if exists (select 1 from newt where id = 99) then raise exception 'no 99'; end if;
 perform 1 from newt; raise notice 'found %', found;
 with k as (select * from newt) select count(*) into x from k; raise notice 'cte %', x;
 insert into lg select id, n from newt;
 return null; end $$;
create table lg (id int, n text); drop trigger b on tr1; drop trigger c on tr1;
insert into tr1 values (20, 'q'), (21, 'r');
insert into tr1 values (99, 'q');
select * from tr1 order by id; select * from lg order by id;
create or replace function tt_rows() returns trigger language plpgsql as $$ begin insert into newt values (1); return null; end $$; insert into tr1 values (30);
create or replace function tt_rows() returns trigger language plpgsql as $$ begin update newt set id = 1; return null; end $$; insert into tr1 values (30);
create or replace function tt_rows() returns trigger language plpgsql as $$ begin delete from newt; return null; end $$; insert into tr1 values (30);
create or replace function tt_rows() returns trigger language plpgsql as $$ begin perform * from public.newt; return null; end $$; insert into tr1 values (30);
create or replace function tt_rows() returns trigger language plpgsql as $$ begin perform nosuch from newt; return null; end $$; insert into tr1 values (30);
create or replace function tt_rows() returns trigger language plpgsql as $$ begin perform * from oldt; return null; end $$; insert into tr1 values (30);
create function other() returns bigint language plpgsql as $$ begin return (select count(*) from newt); end $$;
create or replace function tt_rows() returns trigger language plpgsql as $$ begin perform other(); return null; end $$; insert into tr1 values (30);
create table newt (a int); insert into newt values (1), (2), (3), (4);
create or replace function tt_rows() returns trigger language plpgsql as $$ begin raise notice '%', (select count(*) from newt); return null; end $$; insert into tr1 values (30);
drop table newt; drop table tr1, lg cascade;
-- trees
create or replace function tt_rows() returns trigger language plpgsql as $$ declare o text; n text; begin
 if tg_op <> 'INSERT' then select string_agg(t::text, ' ' order by t) into o from oldt t; end if;
 if tg_op <> 'DELETE' then select string_agg(t::text, ' ' order by t) into n from newt t; end if;
 raise notice '% % % old % new %', tg_table_name, tg_op, tg_level, o, n; return null; end $$;
create table p (k int, v text) partition by list (k);
create table p1 partition of p for values in (1); create table p2 (v text, k int); alter table p attach partition p2 for values in (2);
create trigger a after insert on p referencing new table as newt for each statement execute function tt_rows();
create trigger b after update on p referencing new table as newt old table as oldt for each statement execute function tt_rows();
create trigger c after delete on p referencing old table as oldt for each statement execute function tt_rows();
create trigger c2 after delete on p2 referencing old table as oldt for each statement execute function tt_rows();
create trigger d after insert on p referencing new table as newt for each row execute function tt_rows();
create trigger d after insert on p1 referencing new table as newt for each row execute function tt_rows();
insert into p values (1, 'a'), (2, 'b'); update p set v = v || 'x'; update p set k = 2 where k = 1; delete from p where k = 2; insert into p values (2, 'w'); delete from p2;
copy p from stdin;
1	one
2	two
\.
create table par (a int, b text); create table chi (c int) inherits (par); insert into chi values (1, 'c', 1); insert into par values (2, 'p');
create trigger b after update on par referencing new table as newt old table as oldt for each statement execute function tt_rows();
create trigger r after update on par referencing new table as newt old table as oldt for each row execute function tt_rows();
create trigger r after update on chi referencing new table as newt old table as oldt for each row execute function tt_rows();
update par set b = b || '!'; update only par set b = b || '?'; update chi set b = 'q';
alter table par add column z int; update par set z = 1;
create table late (a int, b text, z int); create trigger r after update on late referencing new table as newt for each row execute function tt_rows();
alter table late inherit par;
create table latep (k int, v text); create trigger r after update on latep referencing new table as newt for each row execute function tt_rows();
alter table p attach partition latep for values in (3);
-- on conflict, merge, with, foreign keys
create table u (id int primary key, n text);
create trigger a after insert on u referencing new table as newt for each statement execute function tt_rows();
create trigger b after update on u referencing new table as newt old table as oldt for each statement execute function tt_rows();
create trigger c after delete on u referencing old table as oldt for each statement execute function tt_rows();
insert into u values (1, 'a'), (2, 'b');
insert into u values (1, 'A'), (3, 'c') on conflict (id) do update set n = excluded.n;
insert into u values (1, 'A'), (4, 'c') on conflict do nothing;
insert into u values (1, 'A') on conflict (id) do update set n = 'zz' where u.n = 'nosuch';
merge into u using (values (1), (2), (9)) s(i) on id = i when matched and i = 1 then update set n = 'merged' when matched then delete when not matched then insert values (i, 'new');
merge into u using (values (10)) s(i) on id = i when matched then update set n = 'merged' when not matched then insert values (i, 'new');
with d as (delete from u where id = 9 returning *) select * from d;
begin; insert into u values (1, 'a'); savepoint s; update u set n = 'b'; rollback to s; delete from u; rollback;
