-- RETURNING is asked about each row when it is written: its volatile functions find the rows before, and that one, and nothing of what AFTER triggers do.
create table t(a int primary key, b text);
create function seen() returns bigint language sql volatile as 'select count(*) from t';
create function seen(int) returns text language plpgsql volatile as $$begin return (select string_agg(a || b, ',' order by a) from t); end$$;
insert into t select g, 'x' from generate_series(1,3) g returning a, seen();
insert into t values (4,'y'), (5,'z') returning *, seen(a);

truncate t; insert into t select g, 'x' from generate_series(1,3) g;
update t set b = b || a returning a, seen(1);
update t set a = a + 10 from (values (1,'q'),(2,'r')) v(n, k) where n = a returning v.k, t.*, seen(1);
delete from t returning a, seen();
insert into t select g, 'x' from generate_series(1,3) g;
delete from t using (values (1,'q'),(2,'r')) v(n, k) where n = a returning v.k, a, seen(1);
truncate t;
insert into t values (1,'o'),(7,'p');
insert into t values (1,'c'),(2,'d'),(7,'e') on conflict (a) do update set b = t.b || excluded.b returning a, b, seen(1);
insert into t values (1,'c'),(3,'d'),(4,'e') on conflict do nothing returning a, b, seen(1);
-- defaults, generated
create table g(a int, b int generated always as (a * 2) stored, s serial);
create function gs() returns text language sql volatile as $$select string_agg(b || ':' || s, ',' order by s) from g$$;
insert into g(a) select x from generate_series(1,3) x returning *, gs();
update g set a = a * 3 returning *, gs();
-- in WITH
with w as (insert into g(a) values (100),(200) returning a, b, gs() as seen) select * from w order by a;
with w as (delete from g where a > 50 returning a, gs() as seen) select * from w order by a;
-- partitions
create table p(a int, b text) partition by list (a);
create table p1 partition of p for values in (1, 3);
create table p2 partition of p for values in (2, 4);
create function ps() returns text language sql volatile as $$select string_agg(a || b, ',' order by a, b) from p$$;
insert into p values (1,'a'),(2,'b'),(3,'c') returning tableoid::regclass, *, ps();
update p set a = a % 4 + 1 returning tableoid::regclass, *, ps();
delete from p returning a, ps();
-- inheritance
create table parent(a int); create table child(b int) inherits (parent);
create function ins() returns text language sql volatile as $$select string_agg(a::text, ',' order by a) from parent$$;
insert into parent values (1),(2) returning *, ins();
insert into child values (3,0),(4,0) returning *, ins();
update parent set a = a + 10 returning a, ins();
delete from parent returning a, ins();
-- triggers
create table tr(a int, b text);
create function trs() returns text language sql volatile as $$select string_agg(a || b, ',' order by a) from tr$$;
create function up() returns trigger language plpgsql as $$begin new.b := upper(new.b); if new.a = 2 then return null; end if; return new; end$$;
create trigger t before insert or update on tr for each row execute function up();
insert into tr values (1,'a'),(2,'b'),(3,'c') returning *, trs();
update tr set b = b || 'z' returning *, trs();
create function aft() returns trigger language plpgsql as $$begin raise notice 'after % %', new.a, trs(); return null; end$$;
create trigger z after insert on tr for each row execute function aft();
insert into tr values (4,'d'),(5,'e') returning *, trs();
-- a function that writes
create table l(a int);
create function note(int) returns int language sql volatile as $$insert into l values ($1); select count(*)::int from l, t$$;
insert into t values (20,'i'),(21,'j') returning a, note(a);
select * from l order by a;
-- views
create view v as select a, b from t where a > 0;
insert into v values (30,'k'),(31,'l') returning a, seen(1);
update v set b = 'n' where a >= 30 returning a, seen(1);
delete from v where a >= 30 returning a, seen(1);
-- an error in the middle
create function bad(int) returns int language plpgsql as $$begin raise notice '% %', $1, (select count(*) from t); if $1 = 41 then raise 'no'; end if; return $1; end$$;
insert into t values (40,'a'),(41,'b'),(42,'c') returning bad(a);
select count(*) from t where a >= 40;
insert into t values (40,'a'),(40,'b') returning bad(a);
-- subqueries and rows
insert into t values (50,'a'),(51,'b') returning (select count(*) from t), seen(), t;
insert into t values (52,'a'),(53,'b') returning row(a, seen()), array[a, seen()];
prepare q(int) as insert into t select $1 + g, 'pr' from generate_series(1,2) g returning a, seen(), $1;
execute q(60);
-- AFTER triggers and foreign keys' actions come later
create table m(a int primary key);
create table c(a int references m on delete cascade, n int);
create table ml(a int);
create function mlog() returns trigger language plpgsql as $$begin insert into ml values (coalesce(new.a, old.a)); return null; end$$;
create function logged() returns bigint language sql volatile as 'select count(*) from ml';
create function children() returns bigint language sql volatile as 'select count(*) from c';
insert into m values (1),(2);
insert into c values (1,1),(2,1),(2,2);
delete from m where a = 1 returning a, children();
delete from m returning a, children();
create trigger ml after insert or delete on m for each row execute function mlog();
insert into m values (3) returning a, logged();
insert into m values (4),(5) returning a, logged();
delete from m returning a, logged();
select count(*) from ml;
-- none
delete from m where a = 99 returning a, logged() as l;
insert into t select 1, 'x' where false returning a, seen();
