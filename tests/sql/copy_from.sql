-- COPY FROM STDIN and files: formats, options, columns, partitions, triggers, errors with their lines.
CREATE SCHEMA copying;
SET search_path = copying;
create table t (a int primary key, b varchar(3) not null, c numeric default 7, g int generated always as (a*2) stored, check (a < 100));
copy t from stdin;
1	x	2.5
2	y\\ 	\N
\.
select * from t;
copy t (a, b) from stdin;
3	z
4	\N
5	q
\.
copy t (a, b) from stdin;
3	z
x	q
\.
copy t (a, b) from stdin;
3	long text
\.
copy t (a, b) from stdin;
3	z	w
\.
copy t (a, b) from stdin;
3
\.
copy t (a, b) from stdin;
3	z
1	w
\.
copy t (a, b) from stdin;
300	z
\.
copy t (a, b) from stdin;
3	\x41\101\n
\.
select * from t;
copy t (g) from '/dev/null';
copy t (a, a) from '/dev/null';
copy t (zz) from '/dev/null';
copy nix from '/dev/null';
copy t (a, b) from stdin csv;
10,"q,"
11,"a""b"
12,"l
n"
13,""
\.
copy t (a, b) from stdin csv;
14,
\.
copy t (a, b) from stdin with (format csv, header, null '-', delimiter ';');
a;b
15;-x
16;-
\.
copy t (a, b) from stdin with (format csv, header match);
a,c
17,x
\.
copy t (a, b) from stdin with (format csv, header match);
a,b
17,x
\.
copy t (a, b) from stdin csv;
18,"un
\.
copy t (a, b) from stdin where a % 2 = 0;
20	a
21	b
22	c
\.
select * from t;
copy t (a, b) from '/dev/null' where g = 2;
copy t (a, b) from '/dev/null' where max(a) = 2;
copy t (a, b) from '/dev/null' where (select true);
create view v as select * from t;
copy v from '/dev/null';
create sequence s; copy s from '/dev/null';
create table p (k int, v text) partition by range (k);
create table p1 partition of p for values from (0) to (10);
create table p2 (v text, k int, x int default 4); alter table p2 drop x; alter table p attach partition p2 for values from (10) to (20);
copy p from stdin;
1	a
11	b
2	c
\.
select tableoid::regclass, * from p;
copy p from stdin;
1	a
31	b
\.
copy p1 from stdin;
1	a
31	b
\.
create function say() returns trigger language plpgsql as $$ begin raise notice '% % % %: %', tg_name, tg_when, tg_level, tg_op, new; if new.k = 5 then return null; end if; return new; end $$;
create trigger t1 before insert on p1 for each row execute function say();
create trigger t2 after insert on p1 for each row execute function say();
create trigger t3 before insert on p1 execute function say();
copy p1 from stdin;
3	a
5	b
\.
create type mood as enum ('sad', 'ok'); create domain pos as int check (value > 0);
create table ty (m mood, d pos, a int[], j jsonb, ts timestamptz, f float8, bl bytea, bo bool, ch char(4), i serial);
copy ty (m, d, a, j, ts, f, bl, bo, ch) from stdin;
ok	3	{1,2,NULL}	{"a": 1}	2020-01-01 00:00:00+00	1.5	\\xdead	t	ab
\N	\N	\N	\N	\N	\N	\N	\N	\N
\.
select * from ty;
copy ty (i) from stdin;
\N
\.
copy ty (i) from stdin;
100000000000
\.
create role dml_c; grant usage on schema copying to dml_c; grant insert (a) on t to dml_c;
set role dml_c;
copy t (a) from stdin;
50
\.
copy t from '/dev/null';
reset role; drop owned by dml_c; drop role dml_c;
copy t from '/nix/nix';
copy t from '/dev/null';
begin; copy p2 (k, v) from stdin;
15	q
\.
rollback;
select count(*) from p2;
copy t (a,b) from '/dev/null' with (force_quote (a), format csv);
copy t (a,b) from stdin with (force_not_null (b), format csv);
60,
\.
copy t (a,b) from stdin with (force_null (b), format csv);
61,""
\.
select * from t where a >= 50;
copy (select 1) from '/dev/null';
-- a file that cannot be read: no trigger fires
create table told (a int); create function tells() returns trigger language plpgsql as $$ begin raise notice '% %', tg_when, tg_level; return new; end $$;
create trigger a before insert on told for each statement execute function tells(); create trigger b after insert on told for each statement execute function tells();
copy told from '/nix/nix'; copy told from '/dev'; copy told from '/dev/null';
SET client_min_messages = warning; DROP SCHEMA copying CASCADE;
