-- COPY FROM tells of values of domains and enums, too, where they stand; COPY TO takes writes with RETURNING alone.
create type mood as enum ('sad','ok'); create domain pos as int check (value > 0); create domain nn as text not null; create domain posa as pos[];
create table c (t text, p pos, m mood, i int, n nn default 'x', a posa, ma mood[], primary key (t));
copy c (t, p) from stdin;
a	1
b	-1
c	-2
\.
copy c (t, p, m) from stdin;
a	1	ok
b	\N	ok
c	2	happy
d	2	sadder
\.
copy c (t, n) from stdin;
a	b
b	\N
\.
copy c (t, i, n) from stdin csv;
a,1,b
b,2,
\.
copy c (t, a, ma) from stdin;
a	{1,2}	{ok}
b	{1,-2}	{ok}
\.
copy c (t, a, ma) from stdin;
a	{1,2}	{ok}
b	{1}	{ok,bad}
\.
copy c (t, p) from stdin with (header);
t	p
a	1
b	x
\.
copy c (t, p) from stdin;
a	1
a	2
\.
copy c (t, p) from stdin;
a	1
\N	2
\.
copy c (t, m) from stdin;
z	ok
x	okx	5
\.
copy c (t, m) from stdin;
z	okx
x	ok	5
\.
create table pp (k mood, v pos) partition by list (k); create table pp1 partition of pp for values in ('ok');
copy pp from stdin;
ok	1
ok	0
\.
copy pp from stdin;
sad	1
\.
create function tr() returns trigger language plpgsql as $$ begin if NEW.p = 7 then raise exception 'seven'; end if; return NEW; end $$; create trigger tr before insert on c for each row execute function tr();
copy c (t, p) from stdin;
a	1
b	7
\.
copy c (t, p) from stdin;
a	1
b	-7
\.
select count(*) from c;
copy (update c set i = 1) to stdout;
copy (delete from c where t = 'a' returning t) to stdout;
copy (insert into c(t) values ('q')) to stdout;
drop table c, pp; drop function tr; drop domain pos, nn cascade; drop type mood;
