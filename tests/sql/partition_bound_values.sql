-- Bounds of partitions, by kind and type.
\set VERBOSITY verbose
create foreign data wrapper w; create server s foreign data wrapper w;
create type en as enum ('a','b','c'); create domain di as int check (value > 0); create domain dt as text;
create function fi(int) returns int immutable language sql as 'select $1'; create function fv(int) returns int volatile language sql as 'select $1';
-- range of many types
create table r1 (a date, b timestamptz, c numeric(5,2), d text collate "C", e interval, f uuid, g bool, h bytea) partition by range (a, b, c, d);
create foreign table r1a partition of r1 for values from ('2000-01-01', minvalue, minvalue, minvalue) to ('2000-02-01', maxvalue, maxvalue, maxvalue) server s;
create foreign table r1b partition of r1 for values from ('2000-02-01', '2000-02-01 00:00:00+02', 1.005, 'a') to ('2000-02-01', 'infinity', 1, '') server s;
create foreign table r1d partition of r1 for values from ('2001-01-01', minvalue, 3, minvalue) to (maxvalue, maxvalue, maxvalue, maxvalue) server s;
create foreign table r1d partition of r1 for values from ('2001-01-01', minvalue, minvalue, minvalue) to (maxvalue, maxvalue, maxvalue, minvalue) server s;
create foreign table r1e partition of r1 for values from ('x', minvalue, minvalue, minvalue) to (maxvalue, maxvalue, maxvalue, maxvalue) server s;
create foreign table r1e partition of r1 for values from (1, minvalue, minvalue, minvalue) to (maxvalue, maxvalue, maxvalue, maxvalue) server s;
create foreign table r1e partition of r1 for values from ('2003-01-01', true, minvalue, minvalue) to (maxvalue, maxvalue, maxvalue, maxvalue) server s;
create foreign table r1e partition of r1 for values from ('2003-01-01') to (maxvalue, maxvalue, maxvalue, maxvalue) server s;
create foreign table r1e partition of r1 for values from ('2003-01-01', minvalue, minvalue, minvalue, minvalue) to (maxvalue, maxvalue, maxvalue, maxvalue) server s;
create foreign table r1e partition of r1 for values from (null, minvalue, minvalue, minvalue) to (maxvalue, maxvalue, maxvalue, maxvalue) server s;
create foreign table r1e partition of r1 for values in ('2003-01-01') server s;
create foreign table r1e partition of r1 for values with (modulus 2, remainder 1) server s;
create foreign table r1e partition of r1 for values from (a, b, c, d) to (maxvalue, maxvalue, maxvalue, maxvalue) server s;
create foreign table r1e partition of r1 for values from (a, minvalue, minvalue, minvalue) to (maxvalue, maxvalue, maxvalue, maxvalue) server s;
create foreign table r1e partition of r1 for values from ((select date '2000-01-01'), minvalue, minvalue, minvalue) to (maxvalue, maxvalue, maxvalue, maxvalue) server s;
create foreign table r1e partition of r1 for values from (max(date '2000-01-01'), minvalue, minvalue, minvalue) to (maxvalue, maxvalue, maxvalue, maxvalue) server s;
create foreign table r1e partition of r1 for values from (generate_series(1,2), minvalue, minvalue, minvalue) to (maxvalue, maxvalue, maxvalue, maxvalue) server s;
create foreign table r1e partition of r1 for values from ('2003-01-01', minvalue, minvalue, 'a' collate "POSIX") to (maxvalue, maxvalue, maxvalue, maxvalue) server s;
create foreign table r1e partition of r1 for values from ('1003-01-01', '2000-01-01', 1, 'a' collate "POSIX") to ('1003-01-01', '2000-01-01', 2, 'b') server s;
create foreign table r1f partition of r1 default server s;
create foreign table r1g partition of r1 default server s;
\d+ r1
\d+ r1a
\d+ r1b
\d r1f
select relname, pg_get_expr(relpartbound, oid), pg_get_partition_constraintdef(oid) from pg_class where relispartition order by 1;
-- list
create table l1 (a en, b di) partition by list (a);
create foreign table l1a partition of l1 for values in ('a', null) server s;
create foreign table l1b partition of l1 for values in ('a') server s;
create foreign table l1b partition of l1 for values in (null) server s;
create foreign table l1b partition of l1 for values in ('b', 'b') server s;
create foreign table l1c partition of l1 for values in ('x') server s;
create foreign table l1c partition of l1 for values in ('c'::en) server s;
create foreign table l1d partition of l1 for values in ('c'::text) server s;
create foreign table l1d partition of l1 for values in () server s;
create foreign table l1d partition of l1 for values in (minvalue) server s;
create foreign table l1d partition of l1 for values from (1) to (2) server s;
create table l2 (a di, b dt) partition by list (a);
create foreign table l2a partition of l2 for values in (-1, 1) server s;
create foreign table l2b partition of l2 for values in (1.4, 2.5, '3') server s;
create foreign table l2b partition of l2 for values in (5000000000) server s;
create foreign table l2b partition of l2 for values in (1.6, 2.4) server s;
create table l3 (b dt) partition by list (lower(b));
create foreign table l3a partition of l3 for values in ('A', 'a', E'a\nb\\', '') server s;
create table l4 (a bool, b numeric, c text) partition by list (a);
create foreign table l4t partition of l4 for values in (true) server s; create foreign table l4f partition of l4 for values in ('no') partition by list (b) server s;
create table l4f partition of l4 for values in ('no', 1::bool) partition by list (b);
create table l4f partition of l4 for values in ('no') partition by list (b);
create foreign table l4fa partition of l4f for values in (1, 1.0, 1.00) server s; create foreign table l4fb partition of l4f for values in ('NaN', 1.00, 'infinity') server s;
create foreign table l4fb partition of l4f for values in ('NaN', 2.00, 'infinity', -0) server s;
create foreign table l4fc partition of l4f for values in (0.00) server s;
create foreign table l4fd partition of l4f (b not null, c default 'x' check (c > ''), constraint k check (b > 0)) default server s options (a '1');
\d+ l4
\d+ l4f
\d+ l4fa
\d+ l1
\d+ l3
-- hash
create table h (a int, b text) partition by hash (a, b);
create foreign table h1 partition of h for values with (modulus 4, remainder 0) server s;
create foreign table h2 partition of h for values with (modulus 3, remainder 1) server s;
create foreign table h2 partition of h for values with (modulus 8, remainder 4) server s;
create foreign table h2 partition of h for values with (modulus 8, remainder 1) server s;
create foreign table h3 partition of h for values with (modulus 12, remainder 2) server s;
create foreign table h3 partition of h for values with (modulus 16, remainder 9) server s;
create foreign table h3 partition of h for values with (modulus 4, remainder 4) server s;
create foreign table h3 partition of h for values with (modulus 0, remainder 0) server s;
create foreign table h3 partition of h for values with (modulus 4, remainder -1) server s;
create foreign table h3 partition of h for values with (modulus 4) server s;
create foreign table h3 partition of h for values with (remainder 4) server s;
create foreign table h3 partition of h for values with (modulus 4, modulus 4, remainder 1) server s;
create foreign table h3 partition of h for values with (modulus 4, foo 1) server s;
create foreign table h3 partition of h for values with (modulus '4', remainder 1) server s;
create foreign table h3 partition of h for values with (modulus 4.5, remainder 1) server s;
create foreign table h3 partition of h for values with (modulus 99999999999, remainder 1) server s;
create foreign table h3 partition of h default server s;
create foreign table h3 partition of h for values in (1) server s;
create foreign table h3 partition of h for values with (remainder 2, modulus 4) server s;
\d+ h
-- partition keys
create table k1 (a int, b int) partition by range (a, (b + 1), fi(a));
create foreign table k1a partition of k1 for values from (1,2,3) to (1,2,4) server s;
\d+ k1
create table k2 (a int) partition by range ((1));
create table k2 (a int) partition by range (a, a);
create table k2 (a int) partition by range (nosuch);
create table k2 (a int) partition by list (a, a);
create table k2 (a json) partition by list (a);
create table k2 (a json) partition by range (a);
create table k2 (a json) partition by hash (a);
create table k2 (a point) partition by range (a);
create table k2 (a int) partition by range (a nosuch_ops);
create table k2 (a int) partition by range (a text_ops);
create table k2 (a int) partition by range (a collate "C");
create table k2 (a int) partition by range (ctid);
create table k2 (a int) partition by range (tableoid);
create table k2 (a int) partition by foo (a);
create table k2 (a int) partition by range ((k2 is null));
create table k2 (a int, b int generated always as (a) stored) partition by range (b);
create table k2 (a int) partition by range ((sum(a)));
create table k2 (a int) partition by range ((select 1));
create foreign table k2 (a int) partition by range (a) server s;
create foreign table k2 (a int) server s partition by range (a);
create table k2 (a text) partition by range (a collate "C" text_pattern_ops, (a || 'x') collate "POSIX");
\d+ k2
create foreign table k3 partition of nosuch default server s;
create foreign table k3 partition of w default server s;
create foreign table k3 partition of r1a default server s;
create view vv as select 1 a; create foreign table k3 partition of vv default server s;
create foreign table k3 partition of k2 (nosuch not null) default server s;
create foreign table k3 partition of k2 (a not null, a default 1) default server s;
create foreign table k3 partition of k2 (a int) default server s;
create foreign table k3 partition of k2 (a options (x '1') not null) default server s;
create foreign table k3 partition of k2 (a with options not null) default server s;
create foreign table k3 partition of k2 (unique (a)) default server s;
create foreign table k4 partition of k2 (a primary key) default server s;
create foreign table k4 partition of k2 (constraint q check (nosuch > 1)) default server s;
create foreign table if not exists k3 partition of k2 default server s;
create temp table ktmp (a int) partition by list (a); create foreign table k5 partition of ktmp default server s;
create foreign table pg_temp.k5 partition of ktmp default server s; 
create foreign table pg_temp.k6 partition of k2 for values from ('a','b') to ('c','d') server s;
\d
