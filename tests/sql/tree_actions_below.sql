-- Actions that go down a tree: what tables below keep, count, or refuse.
\set VERBOSITY verbose
create foreign data wrapper w; create server s foreign data wrapper w; create server s2 foreign data wrapper w;
create table p (a int, b text, c int); create foreign table c1 (a int, b text, c int) server s; create foreign table c2 (x int) inherits (p) server s2; create table c3 () inherits (p); create foreign table g1 () inherits (c2, c3) server s;
alter table p add d int, add constraint k check (d > 0), alter d set not null, alter d set default 3, drop c, add c bigint, alter a type bigint, add unique (a), alter d type bigint;
\d+ g1
alter table p alter a type int using a::int, alter d type bigint using d + 1; alter table c3 alter a type int; alter table p alter a set default 4, alter a set default 5, alter a drop default, alter a set default 6; \d g1
alter table p drop d, add d text; alter table p drop d, drop d; alter table p add d2 int, add if not exists d2 text; alter table p add d3 int check (d3 > a), drop a; alter table p alter b set not null, drop b; alter table p drop constraint k, add constraint k check (d is not null); alter table p drop constraint k, drop constraint k; alter table p add constraint k check (a > 1), rename constraint k to k2; alter table p add constraint kk check (a > 1) not valid, validate constraint kk, alter a set statistics 5, add constraint kl check (d is not null) no inherit; \d+ p
\d+ g1
alter table c2 alter b set not null; alter table p alter b set not null; alter table c2 alter b drop not null; alter table p alter b drop not null; alter table only p alter b set not null; alter table c3 no inherit p; \d+ g1
alter table c2 drop b; alter table c3 drop b; alter table p drop b; \d c3
alter table c3 inherit p; alter table c3 add b int; alter table p add b text; alter table c3 inherit p; alter table p add e int generated always as (d::int * 2) stored; alter table p alter d::text set default 1; alter table p add e int generated always as (length(d)) stored; alter table p alter d type varchar(3); alter table p drop d; alter table p drop d cascade; alter table c2 add y int generated always as (x + 1) stored, alter x type bigint; alter table c2 alter y drop expression; alter table p add z int generated always as (1) stored; alter table c2 alter z drop expression; alter table only p alter z drop expression; alter table p alter z drop expression; \d+ g1
alter foreign table g1 add own1 int, add own2 int default 4 options (q '1'), alter own1 options (r '2'), options (add t '5'), alter own1 set not null, add check (own1 > own2), owner to current_user, disable trigger all, inherit c1; alter foreign table g1 add own1 int, add own2 int default 4 options (q '1'), alter own1 options (r '2'), options (add t '5'), alter own1 set not null, add check (own1 > own2), owner to current_user, disable trigger all; \d+ g1
alter foreign table g1 add own3 int options (q '1'), alter own3 options (set q '2'); alter foreign table g1 add own4 int, drop own4; alter foreign table g1 drop own3, alter own3 options (drop q); alter foreign table g1 alter own1 options (drop r), drop own1; alter foreign table g1 options (drop t), options (add t '6'), options (set t '7'); alter foreign table g1 alter own2 type text, alter own2 set default 'a'; alter foreign table g1 alter own2 drop default, alter own2 type int; alter foreign table g1 alter own2 type int using 3; alter foreign table g1 alter own2 type int collate "C"; alter foreign table g1 alter own2 type nosuch; alter foreign table g1 alter own2 type text collate "C", alter own2 set statistics 100, alter own2 set (n_distinct=5); \d+ g1
create view gv as select own2 from g1; alter foreign table g1 alter own2 type varchar(4); alter foreign table g1 drop own2; alter foreign table g1 drop own2 cascade; create function gf(g1) returns int language sql as 'select 1'; alter foreign table g1 add zz int; drop foreign table g1; create view gv as select gf(g1) from g1; alter foreign table g1 drop own1; alter foreign table g1 alter own1 type text; create view gv2 as select g1 from g1; alter foreign table g1 alter own1 type text; alter foreign table g1 drop own1; \d gv2
create table pt (a int not null, b text default 'x') partition by range (a); create foreign table pa partition of pt for values from (1) to (5) server s; create table pb partition of pt for values from (5) to (9) partition by list (b); create foreign table pba partition of pb (b default 'q' not null) for values in ('q') server s2 options (z '1');
alter table pt add c int default 4, add constraint pc check (c > 0), alter b type varchar(9); alter table pt alter c type bigint, alter b set default 'z', alter c set not null, alter c drop not null; alter foreign table pba alter b drop not null, alter b drop default, drop constraint pc; alter foreign table pba drop constraint pc; alter foreign table pba drop c; alter foreign table pba alter c type int; alter foreign table pba add d int; alter table only pt add d int; alter table only pt drop c; alter table only pt alter c set not null; alter table only pt alter a drop not null; alter foreign table pba alter a drop not null; alter table only pt add constraint o1 check (a > 0); alter table only pt drop constraint pc; alter table pt rename c to cc; alter table only pt rename cc to c; alter foreign table pba rename cc to c; alter table pt rename constraint pc to pcc; alter foreign table pba rename constraint pcc to pc; alter table pt drop a; alter table pt alter a type bigint; alter table pb alter b type text; alter table pt alter b type text; alter table pt set schema pg_temp; alter table pt owner to nosuch; alter table pt disable trigger all; alter table pt add constraint nv check (a > 0) not valid; alter table pt validate constraint nv; alter table pt alter cc add generated always as identity; alter table pt alter a add generated always as identity; alter table pt add g int generated always as (a + 1) stored; alter table pt alter g set default 1; alter table pt alter g drop expression; alter foreign table pba alter g set default 1; alter foreign table pba alter a set statistics 7, alter a options (x '1'), options (drop z, add y '2'); \d+ pba
\d+ pt
drop foreign table pa, pba; drop table pt; drop table p; drop table p cascade; \d
-- DROP EXPRESSION with two levels below: PostgreSQL 15 has no way down to them.
CREATE SCHEMA regress_tab_e;
SET search_path = regress_tab_e;
CREATE TABLE p (a int, g int GENERATED ALWAYS AS (a + 1) STORED);
CREATE TABLE c () INHERITS (p);
ALTER TABLE p ALTER g DROP EXPRESSION;
CREATE TABLE p2 (a int, g int GENERATED ALWAYS AS (a + 1) STORED);
CREATE TABLE c2 () INHERITS (p2);
CREATE TABLE d2 () INHERITS (c2);
ALTER TABLE p2 ALTER g DROP EXPRESSION;
ALTER TABLE p2 ALTER nosuch DROP EXPRESSION;
ALTER TABLE c2 ALTER g DROP EXPRESSION;
ALTER TABLE d2 ALTER g DROP EXPRESSION;
\d c
\d d2
DROP SCHEMA regress_tab_e CASCADE;
RESET search_path;
