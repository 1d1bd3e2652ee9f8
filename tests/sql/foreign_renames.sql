-- Names that are taken: RENAME of foreign tables.
\set VERBOSITY verbose
create foreign data wrapper w; create server s foreign data wrapper w; create type co as (a int, b text); create type en as enum ('a'); create domain dd as int;
create foreign table f (a int, b text, c co, d en, e dd, g int[]) server s; create table t (a int, b text, c co, d en, e dd); create table p (a int, b text) partition by list (a); create foreign table fp partition of p default server s; create table p1 partition of p for values in (1);
-- rename conflicts
alter foreign table f rename to t; alter foreign table f rename to f; alter foreign table f rename a to b; alter foreign table f rename a to a; alter foreign table f rename ctid to x; alter foreign table f rename a to ctid; alter foreign table f rename to _f; alter foreign table _f rename to f; alter foreign table f rename to co; alter foreign table f rename to en; create table _f (a int); select typname from pg_type where typname like '%f' and typnamespace = 'public'::regnamespace order by 1; alter foreign table f rename to "123456789012345678901234567890123456789012345678901234567890abcdef"; \d
