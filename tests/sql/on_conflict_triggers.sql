-- ON CONFLICT where BEFORE ROW triggers fire
\set VERBOSITY verbose
set client_min_messages = notice;
create table t (id int primary key, n text unique, c int default 0, g text generated always as (n || '!') stored);
create table log (at serial, what text);
create function tb() returns trigger language plpgsql as $$ begin
 raise notice '% % % %', tg_when, tg_op, old, new;
 if tg_op = 'INSERT' and new.id < 0 then return null; end if;
 if tg_op = 'INSERT' then new.n := lower(new.n); end if;
 if tg_op = 'UPDATE' and new.c > 100 then return null; end if;
 insert into log (what) values (tg_op || new.id || (select count(*) from t)); return new; end $$;
create trigger b before insert or update on t for each row execute function tb();
create function ta() returns trigger language plpgsql as $$ begin raise notice '% % % % %', tg_when, tg_level, tg_op, old, new; return null; end $$;
create trigger a after insert or update on t for each row execute function ta();
create trigger s1 before insert or update on t for each statement execute function ta();
create trigger s2 after insert or update on t for each statement execute function ta();
insert into t (id, n) values (1, 'A'), (2, 'B') on conflict do nothing returning *;
insert into t (id, n) values (1, 'X'), (3, 'B'), (4, 'D'), (-5, 'E') on conflict do nothing returning *;
insert into t (id, n) values (5, 'e'), (5, 'f'), (6, 'E'), (7, 'g') on conflict do nothing returning id, n;
insert into t (id, n) values (1, 'q'), (8, 'h') on conflict (id) do update set n = t.n || excluded.n, c = t.c + 1 returning *;
insert into t (id, n) values (9, 'aq') on conflict (n) do update set c = t.c + 10 returning *;
insert into t (id, n) values (1, 'r'), (2, 's') on conflict (id) do update set c = t.c + 1 where t.id = 2 returning *;
insert into t (id, n) values (1, 'r'), (1, 's') on conflict (id) do update set c = t.c + 1;
insert into t (id, n) values (20, 'r'), (20, 's') on conflict (id) do update set c = t.c + 1;
insert into t (id, n) values (1, 'r'), (2, 's') on conflict (id) do update set c = 101 returning *;
insert into t (id, n) values (30, 'h') on conflict (id) do update set c = 1;
insert into t (id, n) values (1, 'h') on conflict (id) do update set n = excluded.n;
insert into t (id, n) values (1, null) on conflict on constraint t_pkey do update set (n, c) = (select 'sub' || excluded.id, 9) returning *;
insert into t (id, n) select 40 + i, 'N' || i from generate_series(1, 3) i on conflict (id) do nothing returning id, n;
insert into t (id, n) select 40 + i, 'N' || i from generate_series(1, 4) i on conflict (id) do update set c = excluded.id returning id, c;
with w as (insert into t (id, n) values (41, 'w'), (50, 'w') on conflict (id) do update set n = 'W' returning id, n) select * from w order by id;
do $$ declare r record; begin insert into t (id, n) values (50, 'z') on conflict (id) do update set c = t.c + 1 returning * into r; raise notice '%', r; end $$;
insert into t (id, n) values (60, 'x') on conflict (id) do update set c = 1 / (t.c - t.c);
insert into t (id, n) values (60, 'y') on conflict (id) do update set c = 1 / (t.c - t.c);
create or replace function tb() returns trigger language plpgsql as $$ begin raise exception 'stop %', new.id; end $$;
insert into t (id, n) values (70, 'x') on conflict (id) do nothing;
drop trigger b on t;
select * from t order by id;
select what from log order by at;
create table empty (id int primary key);
create trigger b before insert on empty for each row execute function ta();
insert into empty values (1) on conflict do nothing;
select * from empty;

-- BEFORE UPDATE triggers see the rows so far
create table oc_seen (id int primary key, a int, b text); insert into oc_seen values (5,1,'q'),(6,1,'q');
create function oc_seen_f() returns trigger language plpgsql as $$ begin select count(*)::text into new.b from oc_seen; return new; end $$;
create trigger oc_seen_f before update on oc_seen for each row execute function oc_seen_f();
insert into oc_seen select g, g from generate_series(1,8) g on conflict (id) do update set a = 9;
select * from oc_seen order by 1;
create table oc_parts (id int primary key, a int, b text) partition by list (id); create table oc_parts1 partition of oc_parts for values in (1,3,5); create table oc_parts2 partition of oc_parts default; insert into oc_parts values (5,1,'q'),(6,1,'q');
create function oc_parts_f() returns trigger language plpgsql as $$ begin select count(*)::text into new.b from oc_parts; return new; end $$;
create trigger oc_parts_f before update on oc_parts for each row execute function oc_parts_f();
insert into oc_parts select g, g from generate_series(1,8) g on conflict (id) do update set a = 9;
select * from oc_parts order by 1;
drop table oc_seen, oc_parts; drop function oc_seen_f, oc_parts_f;
