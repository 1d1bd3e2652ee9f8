-- Records of a choice, and in an array, that are made of other fields than each other, or NULL.
set timezone = 'Asia/Tokyo';
set datestyle = 'SQL, DMY';
create table t (a int, t timestamptz);
insert into t values (1, '2024-02-03 12:00'), (2, null), (3, '2024-06-05 07:08');
select case when a = 1 then row(a, t) else row('x') end from t order by a;
select case when a = 1 then row(t, a) else row('x', 'y') end from t order by a;
select case when a = 1 then null when a = 2 then row('x', t, a) else row(a, t) end from t order by a;
select case when a = 1 then row(a, t) end, case a when 1 then null else row(t) end from t order by a;
select coalesce(null::record, row(a, t)), coalesce(case when a = 2 then row(a, t) end, row(t, a)) from t order by a;
select array[row(a, t), row(t, a), null, row(row(t), a), row(row(a), t)] from t where a = 1;
select (case when a = 1 then row(a, t) else row('x') end)::text || '!', row(case when a = 1 then row(t) else row(a) end) from t order by a;
select to_json(case when a = 1 then row(a, t) else null end) from t order by a;
select * from (values (null), (row(1, timestamptz '2024-02-03 12:00'))) v (r);
select r from (select null::record r union all select row(a, t) from t order by 1) s;
select lag(row(a, t), 1, null) over (order by a), first_value(row(a, t)) over (order by a) from t order by a;
select array[row(a, t)] || row(a, t), array_append(array[row(a, t)], row(a, t)) from t where a = 1;
select greatest(row(a, t), row(1, t)), nullif(row(a, t), row(1, t)) from t order by a;
