-- INSERT ... ON CONFLICT on partitioned tables: the row's partition decides.
\set VERBOSITY verbose
create table pc (k int, j int, v text, primary key (k, j)) partition by list (k);
create table pc1 partition of pc for values in (1); create table pc2 (v text, j int not null, x int, k int not null); alter table pc2 drop column x; alter table pc attach partition pc2 for values in (2);
insert into pc values (1, 1, 'a'), (2, 1, 'b');
insert into pc values (1, 1, 'x'), (2, 2, 'y') on conflict (k, j) do update set v = pc.v || excluded.v returning *;
insert into pc values (1, 1, 'x'), (2, 2, 'y'), (2, 3, 'n') on conflict do nothing returning *;
insert into pc values (2, 3, 'm'), (1, 5, 'p'), (1, 1, 'q'), (2, 9, 'r') on conflict (j, k) do update set v = excluded.v returning tableoid::regclass, *;
insert into pc values (1, 1, 'x') on conflict (k, j) do update set k = 2;
insert into pc values (2, 2, 'x') on conflict (k, j) do update set k = 1, v = 'moved';
insert into pc values (1, 1, 'x') on conflict on constraint pc_pkey do update set j = pc.j + 100 where pc.v <> 'zz' returning *;
insert into pc values (1, 1, 'x') on conflict on constraint pc1_pkey do nothing;
insert into pc values (1, 1, 'x') on conflict (k) do nothing;
insert into pc values (1, 1, 'x') on conflict (j) do nothing;
insert into pc values (1, 1, 'x') on conflict (nosuch) do nothing;
insert into pc values (2, 7, 'x'), (2, 7, 'y') on conflict (k, j) do nothing returning *;
insert into pc values (2, 8, 'x'), (2, 8, 'y') on conflict (k, j) do update set v = 'z';
insert into pc values (3, 8, 'x') on conflict (k, j) do nothing;
insert into pc values (null, 8, 'x') on conflict (k, j) do nothing;
insert into pc1 values (1, 1, 'w') on conflict (k, j) do update set v = excluded.v || pc1.v returning *;
insert into pc2 (k, j, v) values (2, 1, 'w') on conflict (k, j) do update set v = excluded.v || pc2.v returning *;
insert into pc2 (k, j, v) values (1, 1, 'w') on conflict (k, j) do nothing;
insert into pc1 values (1, 1, 'x') on conflict (k, j) do update set k = 2;
insert into pc as t values (2, 1, 'q') on conflict (k, j) do update set v = t.v || '/' || excluded.v || (select count(*) from pc where pc.k = t.k) returning *;
insert into pc values (2, 1, 'q') on conflict (k, j) do update set (v, j) = (select excluded.v || 'sub', 77) returning *;
select tableoid::regclass, * from pc order by 2, 3;
insert into pc select k, j, 'again' from pc on conflict (k, j) do update set v = excluded.v;
select tableoid::regclass, * from pc order by 2, 3;
with w as (insert into pc values (1, 1, 'cte'), (2, 50, 'cte') on conflict (k, j) do update set v = 'u' returning *) select * from w order by k;
-- several levels
create table m (a int, b int, c text, unique (a, b)) partition by range (a);
create table m1 partition of m for values from (0) to (10) partition by list (b);
create table m11 partition of m1 for values in (1); create table m12 partition of m1 for values in (2);
create table m2 partition of m for values from (10) to (20);
insert into m values (1, 1, 'a'), (1, 2, 'b'), (11, 1, 'c');
insert into m values (1, 1, 'x'), (1, 2, 'y'), (11, 1, 'z'), (2, 2, 'n') on conflict (a, b) do update set c = m.c || excluded.c returning tableoid::regclass, *;
insert into m values (1, 1, 'x'), (3, 1, 'y') on conflict do nothing returning *;
insert into m1 values (1, 1, 'w'), (4, 1, 'q') on conflict (a, b) do update set c = 'm1' returning *;
insert into m values (1, 1, 'x') on conflict (a, b) do update set b = 2;
insert into m values (1, null, 'x') on conflict (a, b) do nothing;
select tableoid::regclass, * from m order by 2, 3;
-- triggers
create function tz() returns trigger language plpgsql as $$ begin raise notice '% % % % %', tg_table_name, tg_when, tg_op, old, new; if tg_when = 'BEFORE' and tg_op = 'INSERT' then new.v := new.v || '+'; end if; return new; end $$;
create trigger t1 before insert or update on pc for each row execute function tz();
create trigger t2 after insert or update on pc for each row execute function tz();
create function ts() returns trigger language plpgsql as $$ begin raise notice '% % %', tg_table_name, tg_when, tg_op; return null; end $$;
create trigger t3 before insert or update on pc for each statement execute function ts();
create trigger t4 after insert or update on pc for each statement execute function ts();
insert into pc values (1, 1, 'c1'), (1, 301, 'c3'), (2, 300, 'c2') on conflict (k, j) do update set v = pc.v || '|' || excluded.v returning *;
insert into pc values (1, 1, 'c1'), (2, 302, 'c2') on conflict do nothing returning *;
insert into pc values (1, 1, 'c1') on conflict (k, j) do update set k = 2;
drop trigger t1 on pc;
insert into pc values (1, 1, 'd1'), (1, 401, 'd3'), (2, 400, 'd2') on conflict (k, j) do update set v = excluded.v returning *;
insert into pc values (1, 1, 'c1'), (2, 402, 'c2') on conflict do nothing returning *;
drop trigger t2 on pc;
-- only unique on a partition
create table u (a int, b int) partition by list (a); create table u1 partition of u for values in (1); create unique index u1b on u1 (b);
insert into u values (1, 1); insert into u values (1, 1) on conflict do nothing; insert into u values (1, 1) on conflict (b) do nothing; insert into u1 values (1, 1) on conflict (b) do update set b = 2 returning *;
insert into u values (1, 2), (1, 3) on conflict do nothing returning *;
-- views
create view pv as select k, j, v from pc where k = 1 with check option;
insert into pv values (1, 1, 'pv') on conflict (k, j) do update set v = pv.v || excluded.v returning *;
insert into pv values (2, 1, 'pv') on conflict (k, j) do update set v = pv.v || excluded.v returning *;
insert into pv values (1, 1, 'pv') on conflict (k, j) do update set v = excluded.v where pv.j = 1 returning *;
-- copy order
create table o (k int primary key, v text);
insert into o values (1, 'a'), (2, 'b');
insert into o values (1, 'x'), (5, 'n'), (2, 'y'), (6, 'm') on conflict (k) do update set v = excluded.v returning *;
