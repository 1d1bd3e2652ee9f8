-- Texts of times and intervals at the edges of what is read.
-- A part of a date decides about no offset.
select time '10:20:30 m4';
select timetz '10:20:30 m4';
select timetz '10:20:30 MSK m4';
select timetz '10:20:30 PST m4';
select timetz 'y2021 10:20:30';
select timetz 'd9 10:20:30 +02';
select timetz 'y2020 m2 d3 10:20:30 America/New_York';
select time 'h10 mm20 s30';
select time 'h10 mm20 s30.25';
select timestamp '2021-03-04 h10 mm20 s30';
select timestamp '2021-03-04 h10 mm20 s30.25';
-- A clock has all parts of a second.
select interval '2:30:15 7 microseconds';
select interval '2:30 7 milliseconds';
select interval '9 s 7 milliseconds';
select interval '9.5 s 7 milliseconds';
-- ISO 8601's numbers are doubles.
select interval 'P2.Y0M4DT1H2M3S', interval 'P20.5e3Y', interval 'P.5M';
select interval 'PT2562047788.0152155019444', interval 'PT-2562047788.0152155022222', interval 'PT2562047788:00:54.775807';
select interval 'P0x20Y';
select interval 'P-infY';
select interval 'P-.Y';
select interval 'P1e300Y';
select interval 'P1e999Y';
-- A part of a second is digits, to what stands before it in a template.
select to_timestamp('20210304010203123456', 'YYYYMMDDHH24MISSFF' || n) from generate_series(1, 6) n;
select to_timestamp('20210304010203123456', 'yyyymmddhh24missff2');
select to_timestamp('20210304 1234 56', 'YYYYMMDDFF2 MI'), to_timestamp('20210304 123456', 'YYYYMMDD USFF2');
