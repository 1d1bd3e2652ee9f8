-- A composite type is no member of itself, however far down.
\set VERBOSITY verbose
create type c1 as (a int); create type c2 as (x c1); create type c3 as (y c2[]); create domain dc as c3; create table t (a int);
alter type c1 add attribute b c1;
alter type c1 add attribute b c1[];
alter type c1 add attribute b c2;
alter type c1 add attribute b c2[];
alter type c1 add attribute b c3;
alter type c1 add attribute b dc;
alter type c1 add attribute b dc[];
alter type c1 alter attribute a type c3;
alter type c1 alter attribute a type dc;
alter table t add b t;
alter table t add b t[];
alter table t alter a type t;
alter table t alter a type t using null;
create domain dt as t;
alter table t add b dt;
create table t2 (x t);
alter table t add b t2;
create foreign data wrapper w; create server s foreign data wrapper w;
create foreign table f (a int) server s;
alter table f add b f;
alter table f alter a type f;
create foreign table f3 (a f3) server s;
create table t3 (a t3);
create type c9 as (a c9);
create table p () ; create table ch (a int) inherits (p);
alter table p add z ch;
alter table p add z p;
create table t9 (a t[]);
alter table t add b t9[];
alter type c1 add attribute z2 unknown;
\d t
\d c1
