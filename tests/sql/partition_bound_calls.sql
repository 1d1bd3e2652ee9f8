-- How often a partition's bound is computed: once a command.
create function nb(int) returns int language plpgsql immutable as $$ begin raise notice 'b %', $1; return $1; end $$;
create table p(a int) partition by range (a);
create table p1 partition of p for values from (nb(1)) to (nb(10));
create table p2(a int);
alter table p attach partition p2 for values from (nb(10)) to (nb(20));
alter table p detach partition p2;
insert into p2 values (12), (15);
alter table p attach partition p2 for values from (nb(10)) to (nb(20));
alter table p detach partition p2;
insert into p2 values (30);
alter table p attach partition p2 for values from (nb(10)) to (nb(20));
create table p3(a int) partition by list (a);
create table p31 partition of p3 for values in (nb(1), nb(2));
create table p32(a int);
alter table p3 attach partition p32 for values in (nb(3), nb(2));
alter table p3 attach partition p32 for values in (nb(3), nb(4));
