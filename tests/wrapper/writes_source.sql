-- What the scripts that write find: made anew for each of the two servers.
DROP DATABASE IF EXISTS written WITH (FORCE);
CREATE DATABASE written;
\c written
create table t(a int primary key, b text default 'rd', c numeric(10,2), d timestamptz, e bytea, f bool);
create table u(a int, b text, g int);
create table p1(k int, v text);
create table p2(k int, v text);
create table trg(a int, b text);
create function trg_f() returns trigger language plpgsql as $$ begin if new.b = 'skip' then return null; end if; new.b := new.b || '!'; return new; end $$;
create trigger x before insert or update on trg for each row execute function trg_f();
create function trg_d() returns trigger language plpgsql as $$ begin if old.b = 'keep!' then return null; end if; return old; end $$;
create trigger y before delete on trg for each row execute function trg_d();
create table gen(a int, b int generated always as (a * 2) stored);
create type mood as enum ('sad', 'ok', 'happy');
create table en(a int, m mood, arr int[], j jsonb);
create table named(c regclass, t regtype, n int);
create table con(a int primary key check (a > 0), b int not null);
create table inh(x int, k int, v text);
create table wide(id int, a int, b text, g int, z int default 9);
create table parts(k int, v text) partition by list (k);
create table parts_1 partition of parts for values in (1);
create table parts_2 partition of parts for values in (2);
insert into parts values (1, 'a'), (1, 'b'), (2, 'a'), (2, 'b');
create table tops(k int, v text);
create table tops_below() inherits (tops);
insert into tops values (1, 'a');
insert into tops_below values (2, 'a');
