-- COPY and triggers, LIKE beside INHERITS, whole rows of groups, texts of ON CONFLICT, the order of "char", DECLARE of what writes, views of the one who asks.
\set VERBOSITY verbose
set client_min_messages = notice;
create table tt (id int primary key, n text, v numeric(6,2) default 1.5);
create function te() returns trigger language plpgsql as $$ begin raise exception 'no % on %', tg_op, tg_table_name using hint = 'h', errcode = 'check_violation'; end $$;
create function te2() returns trigger language plpgsql as $$ begin if new.id = 8 then perform 1/0; end if; return new; end $$;
create trigger t before insert on tt for each row execute function te();
copy tt from stdin;
7	q	1
8	r	2
\.
drop trigger t on tt;
create trigger t before insert on tt for each row execute function te2();
copy tt from stdin;
7	q	1
8	r	2
9	r	2
\.
copy tt from stdin csv header;
id,n,v
7,"q
x",1
8,r,2
\.
drop trigger t on tt;
create trigger t after insert on tt for each row execute function te2();
copy tt from stdin;
7	q	1
8	r	2
9	r	2
\.
drop trigger t on tt;
create view vv as select id, n from tt;
create function ti() returns trigger language plpgsql as $$ begin if new.id = 8 then raise exception 'eight'; end if; insert into tt values (new.id, new.n); return new; end $$;
create trigger tv instead of insert on vv for each row execute function ti();
copy vv from stdin;
7	q
8	r
\.
-- LIKE INCLUDING CONSTRAINTS INHERITS
create table lk (a int not null, b text default 'x', constraint pos check (a > 0), check (b <> ''));
create table par (a int, c int, constraint pos check (a > 0));
create table ch (like lk including constraints) inherits (par);
\d ch
create table ch2 (like lk including all, d int) inherits (par);
\d ch2
create table par2 (a int, constraint pos check (a > 5));
create table ch3 (like lk including constraints) inherits (par2);
create table ch4 (like lk including constraints, constraint pos check (a > 1));
create table ch5 (like lk including constraints including defaults, constraint more check (a > 1));
\d ch5
insert into ch values (-1); insert into ch5 values (-1, ''); insert into ch5 values (1);
-- GROUP BY primary key and whole rows
insert into tt values (1, 'a', 1), (2, 'b', 2), (3, 'a', 3);
select tt from tt group by id order by id;
select tt.*, count(*) from tt group by id order by id;
select t::text, t.n, row_to_json(t) from tt t group by t.id order by 1;
select tt from tt group by n;
select tt is null, count(*) from tt group by tt.id order by tt.id;
select t.n, u from tt t join tt u on t.id = u.id group by t.id;
select t.n, u from tt t join tt u on t.id = u.id group by t.id, u.id order by t.id;
select n, id from tt group by tt order by 2;
select (t).n from tt t group by t.id order by 1;
-- pg_get_functiondef of ON CONFLICT WHERE
create function fd(a int) returns void begin atomic insert into tt (id, n) values (a, 'x') on conflict (id) do update set n = excluded.n, v = default where tt.n <> excluded.n; insert into tt as z (id) values (a) on conflict do nothing; insert into tt as z (id) values (a) on conflict on constraint tt_pkey do update set (n, v) = (z.n, excluded.v) where z.v > 0; end;
select pg_get_functiondef('fd'::regproc);
create unique index pt on tt (n) where v > 1;
create function fd2(a int) returns void begin atomic insert into tt (id, n) values (a, 'x') on conflict (n) where v > 1 do nothing; insert into tt (id, n) values (a, 'x') on conflict (n) where v > 1 do update set v = 5 where tt.v is null returning id; end;
select pg_get_functiondef('fd2'::regproc);
-- "char" order
create table cc (c "char");
insert into cc values ('a'), ('\200'), ('z'), (''), (' '), ('\377'), ('A'), ('\177');
select c, c::int from cc order by c;
select min(c), max(c), count(*) from cc;
select c from cc where c > 'a' order by 1;
select c from cc where c < 'a' order by 1 desc;
select '\200'::"char" > 'a'::"char", '\377'::"char" > '\200'::"char", greatest('a'::"char", '\200'::"char");
select array_agg(c order by c desc) from cc;
select c, rank() over (order by c) from cc order by 2;
select distinct c from cc order by c;
-- DECLARE CURSOR over a writing WITH
declare c cursor for with x as (delete from tt returning *) select * from x;
begin; declare c cursor for with x as (delete from tt returning *) select * from x; rollback;
begin; declare c cursor for with x as (delete from nosuch returning *) select * from x; rollback;
begin; declare c cursor for with x as (insert into tt values (1) returning nosuch) select * from x; rollback;
begin; declare c cursor with hold for with x as (update tt set n = 1/0 returning *) select * from x; rollback;
begin; declare c cursor for select * into zz from tt; rollback;
-- security_invoker decides whose user mapping is looked up
create role c6_owner; create role c6_asks;
create extension postgres_fdw;
create server srv foreign data wrapper postgres_fdw options (host '/nonexistent', port '1');
create foreign table ft (a int, b text) server srv;
create view v_owner as select * from ft;
create view v_asks with (security_invoker) as select * from ft;
create view v_over_owner with (security_invoker = on) as select a from v_owner;
create view v_over_asks as select a from v_asks;
alter view v_owner owner to c6_owner; alter view v_asks owner to c6_owner; alter view v_over_owner owner to c6_owner; alter view v_over_asks owner to c6_owner;
grant select on v_owner, v_asks, v_over_owner, v_over_asks to c6_asks;
set role c6_asks;
select * from v_owner; select * from v_asks; select * from v_over_owner; select * from v_over_asks;
reset role; grant select on ft to c6_owner; set role c6_asks;
select * from v_owner; select * from v_asks; select * from v_over_owner; select * from v_over_asks;
reset role; grant select on ft to c6_asks; set role c6_asks;
select * from v_owner; select * from v_asks; select * from v_over_owner; select * from v_over_asks;
reset role; create user mapping for c6_asks server srv; alter view v_asks reset (security_invoker); alter view v_owner set (security_invoker = true); set role c6_asks;
select * from v_asks; select * from v_over_asks;
reset role;
drop server srv cascade; drop extension postgres_fdw; drop role c6_owner, c6_asks;
