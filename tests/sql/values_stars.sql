-- Stars in VALUES; rows of different lengths; DEFAULT where it has no meaning.
create table t(a int, b text);
insert into t values (1,'a');
values (default);
values (1), (default);
select * from (values (1, default)) v;
insert into t values (1, default, 3);
insert into t values ((select t.*::text from t), default);
insert into t select * from (values (1,'x'),(2)) v;
select v.* from t, lateral (values (t.*), (t.*)) v;
select v.* from t, lateral (values (t.*, 5), (t.*, 6), (t.a, t.b, 7)) v;
select v.* from t, lateral (values (t.*, 5), (t.*)) v;
insert into t values (1,'x'),(default, default),(3);
values (nope.*);
insert into t values (t.*);
table t;
