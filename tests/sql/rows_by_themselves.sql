-- What is computed for rows that are written one by one: CHECKs, generated columns, conditions, subqueries of DO UPDATE, whatever the settings.
-- ON CONFLICT by row: subqueries see as before
create table t(a int primary key, b text);
create function up() returns trigger language plpgsql as $$begin new.b := upper(coalesce(new.b,'')); return new; end$$;
create trigger u before insert on t for each row execute function up();
insert into t values (1,'a'),(2,'b');
insert into t values (3,'c'),(1,'x'),(4,'d'),(2,'y') on conflict (a) do update set b = excluded.b || (select count(*) from t) || t.b;
select * from t order by a;
-- checks by row
create table c(a int, b text check (length(b) > 2), n numeric(4,1) check (n < 100), g int generated always as (a * 2) stored check (g < 100));
create function tc() returns trigger language plpgsql as $$begin new.b := new.b || 'x'; return new; end$$;
create trigger tc before insert or update on c for each row execute function tc();
insert into c values (1,'ab',1.25),(2,'abc',99.94);
insert into c values (3,'a',1);
insert into c values (3,'abc',99.96);
insert into c values (50,'abc',1);
insert into c values (2147483647,'abc',1);
update c set a = 60;
update c set n = n / 0;
update c set n = 1000;
update c set b = '';
select * from c order by a;
set datestyle = 'German'; 
create table d(d date check (d > '2020-01-01'), ts timestamptz default '2020-01-02 03:04:05+00', i interval default '1 day 2 hours', f float8 default 0.1, e bytea default '\x01ff');
create trigger tc before insert or update on d for each row execute function tc();
drop trigger tc on d;
create function td() returns trigger language plpgsql as $$begin new.d := new.d - 1; return new; end$$;
create trigger td before insert or update on d for each row execute function td();
insert into d values ('2020-01-03');
insert into d values ('2020-01-02');
set intervalstyle = 'iso_8601'; set bytea_output = 'escape'; set extra_float_digits = 0;
insert into d values ('2019-01-02');
select * from d;
reset all;
-- WHEN conditions, whole rows
create table w(a int, b text collate "C", c char(5));
create function tw() returns trigger language plpgsql as $$begin raise notice '% % %', tg_name, old, new; return new; end$$;
create trigger w1 before update on w for each row when (old.* is distinct from new.*) execute function tw();
create trigger w2 before update on w for each row when (old.b < new.b) execute function tw();
create trigger w3 before insert on w for each row when (new.c = 'ab') execute function tw();
create trigger w4 after update on w for each row when (upper(new.b) = 'Ä' or new.b ~ '^z' or new.b in ('q','r') or new.c like 'x%') execute function tw();
insert into w values (1, 'ä', 'ab'), (2, 'z', 'abc'), (3, null, null);
update w set b = 'ä';
update w set b = 'zz' where a < 3;
update w set a = a;
update w set c = 'xy';
-- domains in generated and checks
create domain pos as int check (value > 0);
create table dm(a pos, b pos generated always as (a - 5) stored);
create function tdm() returns trigger language plpgsql as $$begin new.a := new.a - 1; return new; end$$;
create trigger tdm before insert or update on dm for each row execute function tdm();
insert into dm values (10);
insert into dm values (6);
insert into dm values (1);
select * from dm;
-- arrays, json, composite in row road
create type ct as (x int, y text);
create table j(a int[], b jsonb, c ct, d json check (d->>'k' <> 'no'), g text generated always as (b->>'k') stored, h text generated always as ((c).y || a[1]) stored);
create function tj() returns trigger language plpgsql as $$begin new.a := new.a || 7; return new; end$$;
create trigger tj before insert or update on j for each row execute function tj();
insert into j values ('{1,2}', '{"k": "v"}', '(1,"a b")', '{"k":"yes"}');
insert into j values ('{1,2}', '{"k": "v"}', '(1,"a b")', '{"k":"no"}');
insert into j values (null, null, null, null);
update j set c.y = 'new', b = b || '{"k":"z"}';
select * from j order by a;
-- current_user, now in checks / generated none; functions in check
create function okay(int) returns bool language plpgsql immutable as $$begin if $1 = 13 then raise exception 'unlucky %', $1 using hint = 'none'; end if; return $1 < 20; end$$;
create table f(a int check (okay(a)), u name default current_user check (u = current_user));
create trigger tf before insert on f for each row execute function tw();
insert into f values (1),(2);
insert into f values (13);
insert into f values (21);
insert into f values (13);
-- view with check option, by row
create view fv as select * from f where a < 10 with check option;
insert into fv values (3),(4);
insert into fv values (5),(11),(6);
update fv set a = a + 7 where a > 2;
select a from f order by 1;
-- letters of collation "C" in PL/pgSQL
do $$begin raise notice '% % %', upper('ä' collate "C"), upper('ä'), 'ä' collate "C" ~* 'Ä'; end$$;
create table wc(a int, b text collate "C");
do $$declare x text collate "C" := 'äöß'; y text := 'ä'; begin raise notice '% % % %', upper(x), upper(y), x ~* 'Ä', y ~* 'Ä'; raise notice '% %', initcap(x), upper('ä' collate "C"); raise notice '%', x ilike 'Ä%'; end$$;
create function twc() returns trigger language plpgsql as $$begin new.b := upper(new.b); return new; end$$;
create trigger wc1 before insert on wc for each row execute function twc();
insert into wc values (1,'äa') returning *;
