-- Months, days and hours of an interval are added one after the other: in a time zone each step ends at a moment that exists.
SET timezone = 'Europe/Berlin';
select x, timestamptz '2021-04-28 02:30' - x, timestamptz '2021-02-28 02:30' + x, timestamptz '2020-10-25 02:30' + x from (values ('1 mon -1 day'::interval), ('1 mon'), ('1 mon 1 day'), ('1 mon 1 day 01:00'), ('-1 mon -3 days'), ('28 days -1 hour'), ('1 year -1 day'), ('1 day')) v(x);
select g from generate_series(timestamptz '2021-02-28 02:30', '2021-06-01', '1 mon -1 day') g;
select timestamp '294247-01-01' + '-1 mon 1 day'::interval, timestamp '4713-01-01 BC' + x from (values ('1 day'::interval), ('-1 mon 60 days')) v(x);
select timestamptz '4713-01-01 00:00+00 BC' + x from (values ('1 day'::interval), ('-1 mon 60 days')) v(x);
select timestamp '4713-01-01 BC' + x from (values ('1 day'::interval), ('-1 mon 60 days')) v(x);
select id, count(*) over (order by x range between '1 mon -1 day' preceding and '1 mon 1 day' following) from (values (1, timestamptz '2021-03-27 02:30'), (2, '2021-04-28 02:30'), (3, '2021-03-29 03:30'), (4, '2021-03-29 02:30'), (5, '2021-03-29 01:30')) v(id, x) order by 1;
-- A timestamp, or a date, that is compared with a moment is the moment that the zone makes of it, in whatever form they are compared.
create table moments (a int, f timestamptz, ts timestamp, d date);
set timezone = 'America/New_York';
insert into moments values (1, '2021-03-13 02:30', '2021-03-13 02:30', '2021-03-13'), (2, '2021-03-14 00:00', '2021-03-14 01:00', '2021-03-14'), (3, null, null, null);
select a, f is distinct from ts, f is not distinct from d, ts is distinct from f, row(f, a) is distinct from row(ts, a), nullif(f, ts), nullif(d, f) from moments order by a;
select a, f in (select ts from moments), d in (select f from moments), (f, a) in (select ts, a from moments), f >= all (select d from moments where a < 3), f = any (select d from moments) from moments order by a;
select a from moments where f in (select ts from moments) or ts = any (select f from moments where a = 2) order by a;
select a from moments where f not in (select ts from moments where a < 3) order by a;
select a, f = any (array[ts, d]), f in (ts, '2021-03-14'::date), case f when ts then 'ts' when d then 'd' end from moments order by a;
select x.a, y.a from moments x full join moments y on x.f = y.ts order by 1, 2;
drop table moments; reset timezone;
