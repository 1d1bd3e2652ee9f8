-- What indexes compute of rows: expressions and predicates that fail, in CREATE INDEX and in every way rows are written.
create table t (a int, b int);
insert into t values (1, 1), (2, 0), (0, 2);
create index i1 on t ((1/a));
create index i2 on t ((1/b));
create unique index i3 on t ((1/b));
create index i4 on t ((1/b)) where b <> 0;
create index i5 on t (b) where 1/a > 0;
create index i6 on t (a) where 1/a > 0 and a <> 0;
\d t
delete from t;
create index i1 on t ((1/a));
create index i5 on t (b) where 1/b > 0;
insert into t values (1, 1);
insert into t values (0, 1);
insert into t values (1, 0);
insert into t values (0, 0);
insert into t values (null, 0);
insert into t values (1, null), (null, 1), (2, 0), (0, 2);
update t set a = 0;
update t set b = 0;
update t set b = 0, a = 0;
table t;
create function f(int) returns int language plpgsql immutable as 'begin if $1 > 5 then raise exception ''too % big'', $1 using hint = ''smaller''; end if; return $1; end';
create function s(int) returns int language sql immutable as 'select 10 / $1';
create index on t (f(a));
create index on t (s(b));
insert into t values (6, 1);
insert into t values (1, 0);
insert into t values (3, 3), (2147483647, 4), (7, 4), (8, 4);
create table o (a int, b text);
create index on o ((a + 1));
create index on o ((b::int));
create index on o (upper(b)) where length(b) < 3;
insert into o values (2147483647, '1');
insert into o values (1, 'x');
insert into o values (1, '12'), (2147483647, 'y');
insert into o values (1, '12'), (2, 'y'), (2147483647, 'z');
table o;
-- beside constraints: what comes first
create table c (k int primary key, a int check (a < 100), b int not null, unique (b));
create index ci on c ((1/a));
insert into c values (1, 1, 1);
insert into c values (1, 0, 1);
insert into c values (2, 0, 1);
insert into c values (2, 0, null);
insert into c values (2, 100, 1);
insert into c values (2, 2, 2), (3, 0, 3), (1, 5, 5);
insert into c values (2, 2, 2), (1, 5, 5), (3, 0, 3);
insert into c values (2, 2, 2), (3, 100, 3), (4, 0, 4);
insert into c values (2, 2, 2), (4, 0, 4), (3, 100, 3);
insert into c values (5, 2, 2), (6, 2, 2), (7, 0, 7);
insert into c values (5, 0, 2), (6, 2, 2), (7, 0, 7);
table c;
create unique index cu on c ((10/a));
insert into c values (8, 2, 8), (9, 2, 9);
insert into c values (8, 2, 8), (9, 0, 9);
insert into c values (8, 0, 8), (9, 0, 9);
update c set a = 0;
update c set a = 4, k = 11;
update c set k = k + 1;
table c;
-- partial unique: the expression is not computed elsewhere
create table pu (a int, b int);
create unique index on pu ((10/a)) where a <> 0;
insert into pu values (0, 1), (0, 2), (3, 3);
insert into pu values (0, 3), (3, 4);
insert into pu values (0, 3), (3, 4) on conflict do nothing;
insert into pu values (0, 3), (3, 4) on conflict ((10/a)) where a <> 0 do update set b = excluded.b;
table pu;
-- ON CONFLICT
create table oc (k int primary key, a int);
create index on oc ((1/a));
insert into oc values (1, 1);
insert into oc values (1, 0) on conflict do nothing;
insert into oc values (2, 0) on conflict do nothing;
insert into oc values (1, 5) on conflict (k) do update set a = 0;
insert into oc values (1, 0) on conflict (k) do update set a = 7;
table oc;
-- BEFORE triggers
create function z() returns trigger language plpgsql as 'begin new.a = new.a - 1; return new; end';
create table bt (a int, b int);
create index on bt ((1/a));
create trigger z before insert or update on bt for each row execute function z();
insert into bt values (0), (1), (2);
insert into bt values (0), (2), (3);
update bt set b = 1;
update bt set b = 1 where a > 1;
table bt;
-- partitions
create table p (k int, a int) partition by range (k);
create table p1 partition of p for values from (0) to (10);
create table p2 partition of p for values from (10) to (20);
create index pi on p ((1/a));
create index on p2 ((1/k)) where k > 11;
insert into p values (1, 1), (11, 0);
insert into p values (1, 1), (11, 1);
update p set k = 12, a = 0 where k = 1;
update p set k = 12 where k = 1;
update p set a = 0;
table p;
create table p3 (k int, a int);
insert into p3 values (21, 0);
alter table p attach partition p3 for values from (20) to (30);
delete from p3;
alter table p attach partition p3 for values from (20) to (30);
insert into p values (22, 0);
-- COPY, MERGE, WITH, INSERT SELECT
\copy t from stdin
1	1
0	1
\.
merge into t using (values (1), (0)) v(x) on false when not matched then insert values (x, 1);
merge into oc using (values (1), (3)) v(x) on k = x when matched then update set a = 0 when not matched then insert values (x, x);
with w as (insert into oc values (5, 0) returning *) select * from w;
insert into oc select i, 3 - i from generate_series(2, 5) i;
-- ALTER TYPE, ADD COLUMN
create table al (a int, b int default 0);
insert into al values (0, 0), (1, 1);
create index on al ((5 / (a + 1)));
alter table al alter a type int using a - 1;
alter table al add c int default 0;
create index on al ((1/c));
delete from al;
alter table al add d int default 0;
create index on al ((1/d));
insert into al values (1, 1, 1);
-- materialized view
create materialized view mv as select x as a from generate_series(0, 2) x;
create index on mv ((1/a));
create unique index on mv ((a / 2));
create index on mv ((1/a)) where a > 0;
refresh materialized view mv;
-- constants
create table k (a int);
create index on k ((1/0));
create index on k (a) where 1/0 > 1;
create index on k ((a/0));
insert into k values (1);
insert into k values (null);
-- parents
create table inh (a int);
create index on inh ((1/a));
create table kid () inherits (inh);
insert into kid values (0);
insert into inh values (0);
alter table inh disable trigger all;
drop index inh_expr_idx;
insert into inh values (0);
table inh;
-- truncated by rollback
begin;
create index on inh (a);
savepoint s;
create index on inh ((1/a));
rollback to s;
commit;
do $$ begin insert into oc values (77, 0); exception when division_by_zero then raise notice 'caught %', sqlerrm; end $$;
do $$ begin insert into oc values (77, 0); end $$;
create materialized view mw as select a, k from oc;
create unique index on mw (a);
create index on mw ((1 / a));
delete from oc;
drop index oc_expr_idx;
insert into oc values (1, 1), (2, 0), (3, 1);
refresh materialized view mw;
delete from oc where k = 3;
refresh materialized view mw;
create table cp (k int primary key, a int check (a < 100));
create index on cp ((1/a));
\copy cp from stdin
1	1
2	2
1	3
\.
\copy cp from stdin
1	1
2	0
1	3
\.
\copy cp from stdin
1	1
2	100
1	0
\.
create trigger z before insert on cp for each row execute function z();
\copy cp from stdin
1	2
2	3
1	4
\.
\copy cp from stdin
1	2
2	1
1	3
\.
\copy cp from stdin
1	2
2	101
1	1
\.
create table dk (k int unique deferrable, a int);
create index on dk ((1/a));
\copy dk from stdin
1	1
1	1
\.
\copy dk from stdin
1	1
1	1
2	0
\.
select null::int / 0;
select a / 0 from k where a is null;
create view vv as select * from dk where a > 0 with check option;
insert into vv values (1, 0);
insert into vv values (1, 1), (1, 0);
insert into vv values (1, 1), (3, -1), (1, 0);
-- a cancel is about no row
create function slow_value(int) returns int language plpgsql immutable as $$ begin perform pg_sleep(0.01); return $1; end $$;
create table slow_rows (a int);
create index on slow_rows (slow_value(a));
\set SHOW_CONTEXT never
set statement_timeout = '300ms';
insert into slow_rows select generate_series(1, 1000);
reset statement_timeout;
select count(*) from slow_rows;
