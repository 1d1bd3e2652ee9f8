-- a column in parentheses is a column of the index
create table t (a int primary key, b int unique);
create table f (x int references t (b), y int, foreign key (y) references t (b) not valid);
insert into f values (9, 9);
alter table t alter b type bigint;
insert into f values (9, 9);
alter table t alter b type bigint;
insert into f values (9, 9);
alter table t alter b type numeric;
insert into f values (9, 9);
alter table f add z int references t(a);
alter table f alter y type bigint, alter z type bigint;
insert into f values (9, 9, 9);
alter table f alter z type int, alter x type bigint;
insert into f values (9, 9, 9);
create table c (a int, b text);
create index i1 on c ((a), (b collate "C"), (b), ((b)), (b::text) text_pattern_ops, (a::int) desc);
\d c
\d i1
create unique index i2 on c ((a));
alter table c add primary key using index i2;
\d c
create index on c ((tableoid));
create index on c ((c));
create index on c ((a)) include ((b));
create index on c using hash ((a));
\d c
