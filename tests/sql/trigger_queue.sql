-- The order in which AFTER triggers fire: rows, foreign keys and what they do, MERGE, statements, transition tables.
CREATE SCHEMA q;
SET search_path = q;
create function say() returns trigger language plpgsql as $$
begin
  raise notice '% % % % old=% new=% c=%', tg_name, tg_when, tg_level, tg_op, old, new, (select string_agg(c::text, ' ' order by c::text) from q.c c);
  if tg_op = 'DELETE' then return old; end if;
  return new;
end $$;
create table p (id int primary key, v text);
create table c (id int, pid int references p on delete cascade on update cascade);
create trigger tp after insert or update or delete on p for each row execute function say();
create trigger "Ap" after insert or update or delete on p for each row execute function say();
create trigger tps after insert or update or delete on p for each statement execute function say();
create trigger bps before insert or update or delete on p for each statement execute function say();
create trigger tc after insert or update or delete on c for each row execute function say();
create trigger tcs after insert or update or delete on c for each statement execute function say();
create trigger bcs before insert or update or delete on c for each statement execute function say();
insert into p values (1,'a'),(2,'b'),(3,'c');
insert into c values (1,1),(2,1),(3,2),(4,3);
update p set id = id + 10 where id < 3;
delete from p where id > 10;
-- MERGE
create table m (k int primary key, v int);
create trigger bm before insert or update or delete on m for each row execute function say();
create trigger am after insert or update or delete on m for each row execute function say();
create trigger ams after insert or update or delete on m for each statement execute function say();
insert into m select i, i from generate_series(1, 6) i;
create table s (k int, v int);
insert into s values (7, 70), (2, 20), (3, -1), (8, 80), (1, 10), (4, -1), (9, 90), (5, 50);
merge into m using s on m.k = s.k when matched and s.v < 0 then delete when matched then update set v = s.v when not matched then insert values (s.k, s.v);
select * from m order by 1;
drop trigger bm on m;
delete from m; insert into m select i, i from generate_series(1, 6) i;
merge into m using s on m.k = s.k when matched and s.v < 0 then delete when matched then update set v = s.v when not matched then insert values (s.k, s.v);
select * from m order by 1;
-- checks in name order with others
create table r (id int, pid int references p);
create trigger "A" after insert or update on r for each row execute function say();
create trigger z after insert or update on r for each row execute function say();
insert into r values (1, 3), (2, 99), (3, 3);
create function makes() returns trigger language plpgsql as $$ begin insert into q.p values (new.pid) on conflict do nothing; return null; end $$;
create trigger "B" after insert on r for each row execute function makes();
insert into r values (1, 3), (2, 99), (3, 3);
select * from p order by 1;
drop trigger "B" on r;
create trigger b after insert on r for each row execute function makes();
insert into r values (4, 3), (5, 77);
-- two keys: whose row comes first
create table two (a int references p, b int references p);
insert into two values (3, 55), (56, 3);
-- several levels
create table g (id int, cid int);
alter table c add primary key (id);
alter table g add foreign key (cid) references c on delete cascade;
create trigger tg after delete on g for each row execute function say();
insert into c values (10, 3), (11, 3); insert into g values (1, 10), (2, 11), (3, 10);
truncate r;
delete from p where id = 3;
-- deferred
create table d (id int, pid int references p deferrable initially deferred);
create constraint trigger td after insert on d deferrable initially deferred for each row execute function say();
create constraint trigger "Ad" after insert on d deferrable initially deferred for each row execute function say();
begin; insert into d values (1, 1000), (2, 99); insert into d values (3, 98); commit;
begin; insert into d values (1, 1001), (2, 99); set constraints td immediate; insert into p values (1001, 'late'); commit;
-- set null, set default, self reference
create table self (id int primary key, up int references self on delete cascade, n int default 1);
create trigger ts after delete or update on self for each row execute function say();
create trigger tss after delete or update on self for each statement execute function say();
insert into self values (1, null), (2, 1), (3, 2), (4, 1);
delete from self where id = 1;
create table sn (id int, pid int references p on delete set null on update set null);
create trigger tsn after update on sn for each row execute function say();
insert into p values (5000, 'x'), (5001, 'y'); insert into sn values (1, 5000), (2, 5001), (3, 5000);
delete from p where id >= 5000;
-- what cascades, in statement triggers and transition tables
create function tt() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then raise notice '% % new: %', tg_name, tg_op, (select string_agg(n::text, ' ' order by n::text) from n);
  elsif tg_op = 'DELETE' then raise notice '% % old: %', tg_name, tg_op, (select string_agg(o::text, ' ' order by o::text) from o);
  else raise notice '% % old: % new: %', tg_name, tg_op, (select string_agg(o::text, ' ' order by o::text) from o), (select string_agg(n::text, ' ' order by n::text) from n);
  end if;
  return null;
end $$;
drop table p, c, g, r, two, d, sn cascade;
create table p (id int primary key, v text);
create table c (id int, pid int references p on delete cascade on update cascade);
create trigger z after delete or update on p for each row execute function say();
create trigger ct after delete on c referencing old table as o for each statement execute function tt();
create trigger cu after update on c referencing old table as o new table as n for each statement execute function tt();
create trigger cd after delete on c for each row execute function say();
insert into p select i, 'p' || i from generate_series(1, 5) i;
insert into c select i, 1 + i % 5 from generate_series(1, 10) i;
update p set id = id + 10 where id < 4;
delete from p where id > 10;
drop trigger z on p;
update p set id = id + 10;
delete from p;
-- moved rows
create table pt (id int, k int, primary key (id, k)) partition by list (k);
create table pt1 partition of pt for values in (1);
create table pt2 partition of pt for values in (2);
create table rf (id int, k int, foreign key (id, k) references pt on update cascade on delete cascade);
create trigger pr after insert or update or delete on pt for each row execute function say();
create trigger rr after insert or update or delete on rf for each row execute function say();
insert into pt values (1, 1), (2, 2), (3, 1);
insert into rf values (1, 1), (3, 1), (2, 2);
update pt set k = 2 where id = 1;
update pt set id = id + 10;
select * from rf order by 1, 2;
drop trigger rr on rf;
merge into pt using (values (11, 2), (13, 1), (20, 1)) v(id, k) on pt.id = v.id
  when matched and v.k = 1 then update set k = 2 when matched then delete when not matched then insert values (v.id, v.k);
select tableoid::regclass, * from pt order by 1, 2; select * from rf order by 1, 2;
-- ON CONFLICT
create table oc (k int primary key, v int);
create table oq (k int references oc deferrable, v int unique references oc);
create trigger oa after insert or update on oc for each row execute function say();
create trigger ob after insert or update on oc for each statement execute function say();
create trigger bb before insert or update on oc for each statement execute function say();
insert into oc values (1, 1), (2, 2);
insert into oc values (1, 10), (3, 30), (2, 20), (4, 40) on conflict (k) do update set v = excluded.v;
create trigger oz after insert or update on oq for each row execute function say();
insert into oq values (1, 1), (2, 2), (3, 99);
insert into oq values (1, 1), (98, 2), (3, 3);
insert into oq values (1, 1), (4, 4);
insert into oq values (3, 1), (2, 4) on conflict (v) do update set k = 55;
begin; set constraints all deferred; insert into oq values (77, 2); insert into oc values (77, 7); commit;
begin; set constraints all deferred; insert into oq values (78, 3); commit;
-- restrict and no action
create table rp (id int primary key);
create table r1 (id int references rp on delete restrict);
create table r2 (id int references rp on delete no action);
insert into rp values (1), (2), (3); insert into r1 values (3); insert into r2 values (2);
delete from rp;
create trigger rt after delete on rp for each row execute function say();
delete from rp;
create function clear() returns trigger language plpgsql as $$ begin delete from q.r2; delete from q.r1; return null; end $$;
create trigger "AA" after delete on rp for each row execute function clear();
delete from rp;
-- disabled, replica
insert into rp values (1), (2), (3); insert into r2 values (2);
alter table rp disable trigger "AA";
delete from rp;
set session_replication_role = replica;
delete from rp;
reset session_replication_role;
select * from r2;
-- deferrable unique
create table du (a int primary key deferrable initially deferred, b int unique deferrable);
create trigger da after insert or update on du for each row execute function say();
insert into du values (1, 1), (2, 2);
update du set a = 3 - a;
update du set b = 3 - b;
-- failing in the middle
create function fails() returns trigger language plpgsql as $$ begin if new.a = 102 then raise exception 'no %', new; end if; return null; end $$;
create table w (a int);
create trigger wr after insert on w for each row execute function say();
create trigger wf after insert on w for each row execute function fails();
insert into w values (101), (102), (103);
select count(*) from w where a > 100;
