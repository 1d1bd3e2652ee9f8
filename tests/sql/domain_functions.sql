-- Functions whose values are of domains, in each row.
create domain score as int check (value < 100);
create domain money2 as numeric(8,2);
create table dt(id int, s score, m money2);
insert into dt values (1, 5, 3.14), (2, null, null);
create function of_score(int) returns score language plpgsql volatile as 'begin return $1; end';
create function of_money(int) returns money2 language plpgsql volatile as 'begin return $1/3.0; end';
create function of_rows(int) returns table(a score, b numeric(8,2), c money2) language plpgsql volatile as 'begin return query select $1::score, 1.5::numeric(8,2), 2.5::money2; end';
select id, of_score(id), of_score(id)+1, of_money(id), of_money(id)*2 from dt;
select id, x.*, x.a+1, x.b*2, x.c+1 from dt, lateral of_rows(id) x;
select id, s, s+1, (select s), (select max(s) from dt d where d.id=dt.id) from dt order by 1;
select id, (select of_score(dt.id)), (select of_score(dt.id)) + 1 from dt order by 1;
drop function of_score, of_money, of_rows; drop table dt; drop domain score, money2;
