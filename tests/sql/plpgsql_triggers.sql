-- Triggers: every TG_ variable, what functions return, COPY, partitions, views.
\set VERBOSITY verbose
set client_min_messages = notice;
create table tt (id int primary key, n text, v numeric(6,2) default 1.5);
create table log (m text);
create function tg() returns trigger language plpgsql as $$ begin
 raise notice '% % % % % % % % %', tg_name, tg_when, tg_level, tg_op, tg_relname, tg_table_name, tg_table_schema, tg_nargs, tg_argv;
 raise notice '% % %', tg_relid = 'tt'::regclass, tg_argv[0], tg_argv[5];
 if tg_level = 'ROW' then raise notice 'old % new %', old, new; end if;
 if tg_op = 'DELETE' then return old; end if; return new; end $$;
create trigger t1 before insert or update or delete on tt for each row execute function tg('a', 'b c');
create trigger t2 after insert or update or delete on tt for each row execute function tg();
create trigger t3 before insert or update or delete or truncate on tt for each statement execute function tg(5);
create trigger t4 after insert or update or delete or truncate on tt execute function tg('x');
insert into tt values (1, 'one', 1), (2, 'two', 2);
update tt set n = upper(n) where id = 1;
update tt set n = n where false;
delete from tt where id = 2;
truncate tt;
drop trigger t1 on tt; drop trigger t2 on tt; drop trigger t3 on tt; drop trigger t4 on tt;
create function tr() returns trigger language plpgsql as $$ begin new.n := coalesce(new.n, '') || '!'; new.v = new.v * 2; return new; end $$;
create trigger t before insert or update on tt for each row execute function tr();
insert into tt (id, n) values (1, 'a'), (2, null) returning *;
update tt set id = id + 10 where id = 1 returning *;
drop trigger t on tt;
create function tn() returns trigger language plpgsql as $$ begin if new.id > 100 then return null; end if; return new; end $$;
create trigger t before insert or update on tt for each row execute function tn();
insert into tt values (101, 'x'), (5, 'y') returning *;
update tt set id = id * 50 returning *;
select * from tt order by id;
drop trigger t on tt;
create function te() returns trigger language plpgsql as $$ begin raise exception 'no % on %', tg_op, tg_table_name using hint = 'h', errcode = 'check_violation'; end $$;
create trigger t before insert on tt for each row execute function te();
insert into tt values (6, 'z');
copy tt from stdin;
7	q	1
8	r	2
\.
drop trigger t on tt;
create trigger t after insert on tt for each row execute function te();
copy tt (id, n) from stdin;
7	q
8	r
\.
copy tt (id, n) from stdin csv;
7,q
\.
drop trigger t on tt;
create trigger t before insert on tt execute function te();
copy tt (id, n) from stdin;
7	q
\.
drop trigger t on tt;
create trigger t after insert on tt execute function te();
copy tt (id, n) from stdin;
7	q
\.
drop trigger t on tt;
create function tw() returns trigger language plpgsql as $$ begin return 5; end $$;
create function tw() returns trigger language plpgsql as $$ begin return row(1,2); end $$;
create trigger t before insert on tt for each row execute function tw();
insert into tt values (6, 'z');
drop trigger t on tt;
create function tx() returns trigger language plpgsql as $$ begin end $$;
create trigger t before insert on tt for each row execute function tx();
insert into tt values (6, 'z');
drop trigger t on tt;
create function ty() returns trigger language plpgsql as $$ begin return; end $$;
create function ty() returns trigger language plpgsql as $$ begin new.nosuch := 1; return new; end $$;
create trigger t before insert on tt for each row execute function ty();
insert into tt values (6, 'z');
drop trigger t on tt;
create function tz() returns trigger language plpgsql as $$ begin raise notice '%', old; return new; end $$;
create trigger t before insert on tt for each row execute function tz();
insert into tt values (6, 'z');
drop trigger t on tt;
create or replace function tz() returns trigger language plpgsql as $$ begin raise notice '%', old.id; return new; end $$;
create trigger t before insert on tt for each row execute function tz();
insert into tt values (7, 'z');
drop trigger t on tt;
create trigger t before insert on tt for each statement execute function tz();
insert into tt values (8, 'z');
drop trigger t on tt;
create or replace function tz() returns trigger language plpgsql as $$ begin insert into log values (tg_op || new.id); select id into strict new.id from tt where false; return new; end $$;
create trigger t before update on tt for each row when (old.n is distinct from new.n) execute function tz();
update tt set n = n; update tt set n = 'w' where id = 2;
drop trigger t on tt;
create or replace function tz() returns trigger language plpgsql as $$ declare r tt; begin r := new; r.n := 'r'; new := r; return new; end $$;
create trigger t before update of n on tt for each row execute function tz();
update tt set v = 3 where id = 2 returning *; update tt set n = 'k' where id = 2 returning *;
drop trigger t on tt;
create or replace function tz() returns trigger language plpgsql as $$ begin new := null; return new; end $$;
create trigger t before update of n on tt for each row execute function tz();
update tt set n = 'k' where id = 2 returning *;
drop trigger t on tt;
create or replace function tz() returns trigger language plpgsql as $$ begin select 50, 'into' into new.id, new.n; return new; end $$;
create trigger t before insert on tt for each row execute function tz();
insert into tt values (60, 'z', 3) returning *;
drop trigger t on tt;
create or replace function tz() returns trigger language plpgsql as $$ begin perform 1/0; return new; exception when division_by_zero then new.n := sqlerrm; return new; end $$;
create trigger t before insert on tt for each row execute function tz();
insert into tt values (61, 'z', 3) returning *;
drop trigger t on tt;
create or replace function tz() returns trigger language plpgsql as $$ begin return (new.id + 1, new.n, new.v); end $$;
create trigger t before insert on tt for each row execute function tz();
insert into tt values (62, 'z', 3) returning *;
drop trigger t on tt;
create or replace function tz() returns trigger language plpgsql as $$ begin update tt set n = 'again' where id = new.id; return null; end $$;
create trigger t after insert on tt for each row execute function tz();
insert into tt values (70, 'z', 3) returning *; select * from tt where id = 70;
drop trigger t on tt;
create or replace function tz() returns trigger language plpgsql as $$ begin if tg_op = 'INSERT' then insert into tt values (new.id + 1, 'rec'); end if; return null; end $$;
create trigger t after insert on tt for each row when (new.id < 83) execute function tz();
insert into tt values (80, 'z', 3); select count(*) from tt where id >= 80;
drop trigger t on tt;
create or replace function tz() returns trigger language plpgsql as $$ begin new.v := 99999; return new; end $$;
create trigger t before insert on tt for each row execute function tz();
insert into tt values (90, 'z', 3);
drop trigger t on tt;
create or replace function tz() returns trigger language plpgsql as $$ begin new.id := null; return new; end $$;
create trigger t before insert on tt for each row execute function tz();
insert into tt values (90, 'z', 3);
drop trigger t on tt;
create or replace function tz() returns trigger language plpgsql as $$ begin tg_argv[0] := 'mine'; raise notice '%', tg_argv; tg_op := 'zz'; return new; end $$;
create trigger t before insert on tt for each row execute function tz('l', 'm');
insert into tt values (90, 'z', 3);
drop trigger t on tt;
create trigger t before insert on tt for each row execute function tz('l', 'm');
drop trigger t on tt;
create table p (k int, v text) partition by list (k);
create table p1 partition of p for values in (1); create table p2 partition of p for values in (2);
create or replace function tz() returns trigger language plpgsql as $$ begin raise notice '% % % %', tg_table_name, tg_op, old, new; return new; end $$;
create trigger t before insert or update on p for each row execute function tz();
insert into p values (1, 'a'), (2, 'b'); update p set v = v || 'x'; update p set k = 2 where k = 1;
create or replace function tz() returns trigger language plpgsql as $$ begin new.k := 2; return new; end $$;
insert into p values (1, 'moved');
create view vv as select id, n from tt;
create function ti() returns trigger language plpgsql as $$ begin raise notice '% % % % %', tg_when, tg_op, tg_relname, old, new; if tg_op = 'INSERT' then insert into tt values (new.id, new.n); end if; return coalesce(new, old); end $$;
create trigger tv instead of insert or update or delete on vv for each row execute function ti();
insert into vv values (200, 'v') returning *; update vv set n = 'vv' where id = 200; delete from vv where id = 200; select * from vv where id = 200;
