-- RANGE frames whose bounds are sums: past the ends of types, in time zones with summer time, of times of day, and frames that end before they begin.
\set VERBOSITY terse
SET timezone = 'America/New_York';
CREATE TABLE k (id int, s smallint, i int, b bigint, n numeric(8,2), v interval, t timestamp, z timestamptz, c time, d date);
INSERT INTO k VALUES (1, -32768, -2147483648, -9223372036854775808, -5, '-178000000 years', '4713-01-01 00:00 BC', '4713-01-02 00:00 BC', '00:00', '2024-02-28'),
  (2, -1, -1, -1, 0, '-1 day', '2024-02-28 23:30', '2024-03-09 10:00', '00:30', '2024-02-29'), (3, 0, 0, 0, 0.5, '0', '2024-02-29 00:10', '2024-03-10 00:30', '01:00', '2024-03-01'),
  (4, 0, 1, 2, 1, '30 days', '2024-03-28 23:30', '2024-03-10 09:59', '12:00', '2024-03-31'), (5, 5, 5, 5, 3, '1 month', '2024-03-29 00:10', '2024-03-10 10:01', '23:30', NULL),
  (6, 32767, 2147483647, 9223372036854775807, 5, '178000000 years', '2024-05-01', '2024-11-03 12:00', '24:00', 'infinity'), (7, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '-infinity'),
  (8, 32767, 2147483646, 9223372036854775806, 4.5, '177999999 years 11 mons', 'infinity', 'infinity', '23:59:59.999999', '2024-03-30');
-- Sums beyond a type's end lie beyond all its values.
SELECT id, sum(id) OVER (ORDER BY s RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING), sum(id) OVER (ORDER BY i RANGE BETWEEN 2147483647 PRECEDING AND 1 FOLLOWING),
  sum(id) OVER (ORDER BY b RANGE BETWEEN 9223372036854775807 PRECEDING AND 1 PRECEDING), sum(id) OVER (ORDER BY i DESC RANGE BETWEEN 9223372036854775807 PRECEDING AND 9223372036854775807 FOLLOWING) FROM k ORDER BY id;
SELECT id, sum(id) OVER (ORDER BY b DESC RANGE BETWEEN 1 FOLLOWING AND 9223372036854775807 FOLLOWING), sum(id) OVER (ORDER BY v RANGE BETWEEN '1 month' PRECEDING AND '100 years' FOLLOWING),
  sum(id) OVER (ORDER BY v DESC RANGE BETWEEN UNBOUNDED PRECEDING AND '1 day' PRECEDING) FROM k ORDER BY id;
-- Days have 23 to 25 hours.
SELECT id, z, count(*) OVER (ORDER BY z RANGE BETWEEN '1 day' PRECEDING AND '1 day' FOLLOWING), count(*) OVER (ORDER BY z RANGE BETWEEN '24 hours' PRECEDING AND '24 hours' FOLLOWING),
  sum(id) OVER (ORDER BY z DESC RANGE BETWEEN '1 day' FOLLOWING AND '9 months' FOLLOWING) FROM k WHERE id > 1 ORDER BY id;
SELECT id, t, sum(id) OVER (ORDER BY t RANGE BETWEEN '1 month' PRECEDING AND '1 month' FOLLOWING), sum(id) OVER (ORDER BY t DESC RANGE BETWEEN '1 hour' PRECEDING AND '1 month 1 day' FOLLOWING EXCLUDE CURRENT ROW) FROM k WHERE id > 1 ORDER BY id;
SELECT id, sum(id) OVER (ORDER BY d RANGE BETWEEN '1 month' PRECEDING AND '1 day' FOLLOWING) FROM k ORDER BY id;
SELECT sum(id) OVER (ORDER BY t RANGE BETWEEN '1 day' PRECEDING AND CURRENT ROW) FROM k;
SELECT sum(id) OVER (ORDER BY z RANGE BETWEEN CURRENT ROW AND '300000 years' FOLLOWING) FROM k;
SELECT sum(id) OVER (ORDER BY t RANGE BETWEEN '-1 day' PRECEDING AND CURRENT ROW) FROM k WHERE id > 1;
PREPARE w (interval, interval) AS SELECT id, sum(id) OVER (ORDER BY z RANGE BETWEEN $1 PRECEDING AND $2 FOLLOWING) FROM k WHERE id > 1 ORDER BY id;
EXECUTE w ('1 day', '1 month');
EXECUTE w ('1 day', NULL);
DEALLOCATE w;
-- Times of day do not go round, and take no days of an interval.
SELECT id, c, sum(id) OVER (ORDER BY c RANGE BETWEEN '1 hour' PRECEDING AND '1 hour' FOLLOWING), sum(id) OVER (ORDER BY c DESC RANGE BETWEEN '2 days 00:30' PRECEDING AND '1 month' FOLLOWING) FROM k ORDER BY id;
SELECT sum(id) OVER (ORDER BY c RANGE BETWEEN '1 day -1 hour' PRECEDING AND CURRENT ROW) FROM k;
-- Frames that end before they begin have no rows.
SELECT id, count(*) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 3 PRECEDING), count(*) OVER (ORDER BY id ROWS BETWEEN 3 FOLLOWING AND 1 FOLLOWING), count(id) OVER (ORDER BY s GROUPS BETWEEN 1 PRECEDING AND 2 PRECEDING),
  count(*) OVER (ORDER BY n RANGE BETWEEN 0.5 PRECEDING AND 4 PRECEDING), count(*) FILTER (WHERE id > 2) OVER (ORDER BY i RANGE BETWEEN 9 FOLLOWING AND 2 FOLLOWING EXCLUDE GROUP), sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 3 PRECEDING) FROM k ORDER BY id;
SELECT id, count(*) OVER (ORDER BY z RANGE BETWEEN '1 hour' PRECEDING AND '3 days' PRECEDING), array_agg(id) OVER (ORDER BY z RANGE BETWEEN '1 hour' PRECEDING AND '3 days' PRECEDING) FROM k WHERE id > 1 ORDER BY id;
SELECT id, count(*) OVER (ORDER BY s, id ROWS BETWEEN 3 FOLLOWING AND 1 FOLLOWING EXCLUDE TIES), sum(id) OVER (ORDER BY s GROUPS BETWEEN 1 PRECEDING AND 3 PRECEDING EXCLUDE TIES), first_value(id) OVER (ORDER BY s GROUPS BETWEEN 3 FOLLOWING AND 1 FOLLOWING EXCLUDE TIES),
  count(*) OVER (ORDER BY s GROUPS BETWEEN 2 FOLLOWING AND 2 FOLLOWING EXCLUDE TIES) FROM k ORDER BY id;
-- Intervals and zeros that are equal, but not alike.
SELECT id, first_value(t + interval '1 month') OVER w, first_value(t + interval '30 days') OVER w, lag(z + interval '1 day') OVER w, lag(z + interval '24 hours') OVER w FROM k WHERE id > 1 WINDOW w AS (ORDER BY id) ORDER BY id;
SELECT id, lag(t, 1, t + interval '1 month') OVER w, lag(t, 1, t + interval '30 days') OVER w, first_value(n::float8 * '0'::float8) OVER w, first_value(n::float8 * '-0'::float8) OVER w, first_value('-0'::real) OVER w FROM k WHERE id > 1 WINDOW w AS (ORDER BY id) ORDER BY id;
DROP TABLE k;
RESET timezone;
