-- Generated columns are computed when BEFORE triggers have had the row: what they would be before counts nowhere.
create table g(a int, b int generated always as (10 / a) stored);
create function tg() returns trigger language plpgsql as $$begin raise notice '% %', new.a, new.b; if new.a = 0 then new.a := 1; end if; return new; end$$;
create trigger t before insert or update on g for each row execute function tg();
insert into g values (0),(5);
insert into g select 0 from generate_series(1,2);
insert into g values (0);
update g set a = 0;
select * from g;
create table p(a int, b int generated always as (10 / a) stored) partition by range (a);
create table p1 partition of p for values from (0) to (10);
create trigger t before insert or update on p1 for each row execute function tg();
insert into p values (5),(0);
create table gu(a int primary key, b int generated always as (10 / a) stored);
create trigger t before insert or update on gu for each row execute function tg();
insert into gu values (0),(5) on conflict (a) do nothing;
insert into gu values (0),(7) on conflict (a) do update set a = 0;
select * from gu;
merge into g using (values (0)) v(x) on false when not matched then insert (a) values (x);
