-- What is refused where rows cannot be made one by one, and what makes them and what is done to each use the same sequences or tables.
create table t(a serial primary key, b int, n bigint);
insert into t(b) values (1), (2), (3);
insert into t(a, b) select g, 2 from (select nextval('t_a_seq') g from generate_series(1, 3) offset 0) q returning a, b, currval('t_a_seq');
create view v as select * from t;
create function put() returns trigger language plpgsql as $$begin insert into t(a, b, n) values (new.a, new.b, currval('t_a_seq')); return new; end$$;
create trigger put instead of insert on v for each row execute function put();
insert into v(a, b) select nextval('t_a_seq'), g from generate_series(1, 3) g;
insert into v(a, b) select nextval('t_a_seq'), 9;
insert into v(a, b) values (1001, 1), (1002, 2);
select count(*), max(n) is not null from t where b = 9 or a > 1000;
update t set (n, b) = (select nextval('t_a_seq'), 3) where a in (2, 3) returning a, n, currval('t_a_seq');
create function follow() returns trigger language plpgsql as $$begin new.n := currval('t_a_seq'); return new; end$$;
create trigger follow before insert on t for each row execute function follow();
merge into t using generate_series(1, 50) g on a = g when not matched then insert (b) values (g);
