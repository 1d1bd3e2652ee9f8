-- Options that no validator has seen: file_fdw finds what is wrong when a table is planned, or read.
create extension file_fdw;
create extension postgres_fdw;
create foreign data wrapper fnv handler file_fdw_handler no validator;
create server s1 foreign data wrapper fnv;
create foreign table a0 (i int, s text) server s1 options (filename '/dev/null', format 'csv');
create foreign table a1 (i int, s text) server s1 options (filename '/dev/null', format 'csv', x '1');
create foreign table a2 (i int, s text) server s1 options (filename '/dev/null', program 'printf ''1,a\n2,b\n''', format 'csv');
create foreign table a3 (i int, s text options (force_null 'maybe')) server s1 options (filename '/dev/null', format 'csv');
create foreign table a4 (i int, s text) server s1 options (filename '/dev/null', format 'xyz');
create foreign table a5 (i int, s text) server s1 options (format 'csv');
create foreign table a6 (i int, s text) server s1;
create foreign table a7 (i int, s text options (force_not_null 'true', force_null 'true')) server s1 options (filename '/dev/null', format 'csv');
create foreign table a8 (i int, s text options (bogus 'q')) server s1 options (filename '/dev/null', format 'csv');
create foreign table a9 (i int, s text) server s1 options (filename '/dev/null', format 'csv', header 'perhaps');
create foreign table a10 (i int, s text) server s1 options (filename '/dev/null', format 'csv', delimiter 'ab');
create foreign table a11 (i int, s text) server s1 options (filename '/dev/null', format 'csv', encoding 'nope');
create foreign table a12 (i int, s text) server s1 options (filename '/dev/null', quote '"');
create foreign table a13 (i int, s text) server s1 options (program 'printf ''1,a\n2,b\n''', format 'csv');
create foreign table a14 (i int, s text) server s1 options (filename '/nonexistent/file', format 'csv', x '1');
create foreign table a15 (i int, s text) server s1 options (filename '/dev/null', format 'csv', force_null 'true');
create foreign table a16 (i int, s text) server s1 options (filename '/dev/null', format 'csv', "FORMAT" 'csv');
create foreign table a17 (i int, s text) server s1 options (filename '/dev/null', format 'csv', freeze 'true');
create foreign table a18 (i int, s text) server s1 options (filename '/dev/null', format 'csv', oids 'true');
create foreign table a19 (i int, s text) server s1 options (filename '/dev/null', format 'csv', null '1');
create foreign table a20 (i int, s text) server s1 options (filename '/dev/null', format 'csv', convert_selectively 'x');
create foreign table a21 (i int, s text) server s1 options (filename '/dev/null', format 'csv', force_quote 'i');
create foreign table a22 (i int, s text) server s1 options (filename '/dev/null', format 'csv', header 'match');
create foreign table a23 (i int, s text) server s1 options (x 'y');
create foreign table a24 (i int, s text) server s1 options (filename '', format 'csv');
create foreign table a25 (i int, s text options (force_not_null 'maybe')) server s1 options (filename '/dev/null', format 'text');
create foreign table a26 (i int, s text options (force_null 'true')) server s1 options (filename '/dev/null', format 'text', delimiter ',');
create foreign table a27 (i int, s text options (force_null '')) server s1 options (filename '/dev/null', format 'csv');
create foreign table a28 (i int, s text options (force_null '1', force_not_null 'off')) server s1 options (filename '/dev/null', format 'csv');
create foreign table a29 (i int, s text options (force_null 'tr', force_not_null 'no')) server s1 options (filename '/dev/null', format 'csv');
create foreign table a30 (i int, s text options (filename '/dev/null')) server s1 options (format 'csv');
create foreign table a31 (i int, s text) server s1 options (filename '/dev/null', format 'binary', delimiter ',');
create server s2 foreign data wrapper fnv options (format 'csv', junk '1');
create foreign table b1 (i int, s text) server s2 options (filename '/dev/null');
create server s3 foreign data wrapper fnv options (format 'csv', filename '/dev/null');
create foreign table b2 (i int, s text) server s3;
create foreign table b3 (i int, s text) server s3 options (filename '/nonexistent/file');
create user mapping for current_user server s3 options (delimiter ';');
create foreign table b4 (i int, s text) server s3;
create foreign data wrapper fnw handler file_fdw_handler no validator options (format 'csv', header 'true');
create server s4 foreign data wrapper fnw; create foreign table b5 (i int, s text) server s4 options (filename '/dev/null');
create foreign table b6 (i int, s text) server s4 options (filename '/dev/null', header 'false');
select * from a0;
select count(*) from a0;
\o /dev/null
explain select * from a0;
explain update a0 set i = 1;
\o
analyze a0;
insert into a0 values (3, 'c');
update a0 set i = 1;
delete from a0;
copy a0 to stdout;
select * from a1;
select count(*) from a1;
\o /dev/null
explain select * from a1;
explain update a1 set i = 1;
\o
analyze a1;
insert into a1 values (3, 'c');
update a1 set i = 1;
delete from a1;
copy a1 to stdout;
select * from a2;
select count(*) from a2;
\o /dev/null
explain select * from a2;
explain update a2 set i = 1;
\o
analyze a2;
insert into a2 values (3, 'c');
update a2 set i = 1;
delete from a2;
copy a2 to stdout;
select * from a3;
select count(*) from a3;
\o /dev/null
explain select * from a3;
explain update a3 set i = 1;
\o
analyze a3;
insert into a3 values (3, 'c');
update a3 set i = 1;
delete from a3;
copy a3 to stdout;
select * from a4;
select count(*) from a4;
\o /dev/null
explain select * from a4;
explain update a4 set i = 1;
\o
analyze a4;
insert into a4 values (3, 'c');
update a4 set i = 1;
delete from a4;
copy a4 to stdout;
select * from a5;
select count(*) from a5;
\o /dev/null
explain select * from a5;
explain update a5 set i = 1;
\o
analyze a5;
insert into a5 values (3, 'c');
update a5 set i = 1;
delete from a5;
copy a5 to stdout;
select * from a6;
select count(*) from a6;
\o /dev/null
explain select * from a6;
explain update a6 set i = 1;
\o
analyze a6;
insert into a6 values (3, 'c');
update a6 set i = 1;
delete from a6;
copy a6 to stdout;
select * from a7;
select count(*) from a7;
\o /dev/null
explain select * from a7;
explain update a7 set i = 1;
\o
analyze a7;
insert into a7 values (3, 'c');
update a7 set i = 1;
delete from a7;
copy a7 to stdout;
select * from a8;
select count(*) from a8;
\o /dev/null
explain select * from a8;
explain update a8 set i = 1;
\o
analyze a8;
insert into a8 values (3, 'c');
update a8 set i = 1;
delete from a8;
copy a8 to stdout;
select * from a9;
select count(*) from a9;
\o /dev/null
explain select * from a9;
explain update a9 set i = 1;
\o
analyze a9;
insert into a9 values (3, 'c');
update a9 set i = 1;
delete from a9;
copy a9 to stdout;
select * from a10;
select count(*) from a10;
\o /dev/null
explain select * from a10;
explain update a10 set i = 1;
\o
analyze a10;
insert into a10 values (3, 'c');
update a10 set i = 1;
delete from a10;
copy a10 to stdout;
select * from a11;
select count(*) from a11;
\o /dev/null
explain select * from a11;
explain update a11 set i = 1;
\o
analyze a11;
insert into a11 values (3, 'c');
update a11 set i = 1;
delete from a11;
copy a11 to stdout;
select * from a12;
select count(*) from a12;
\o /dev/null
explain select * from a12;
explain update a12 set i = 1;
\o
analyze a12;
insert into a12 values (3, 'c');
update a12 set i = 1;
delete from a12;
copy a12 to stdout;
select * from a13;
select count(*) from a13;
\o /dev/null
explain select * from a13;
explain update a13 set i = 1;
\o
analyze a13;
insert into a13 values (3, 'c');
update a13 set i = 1;
delete from a13;
copy a13 to stdout;
select * from a14;
select count(*) from a14;
\o /dev/null
explain select * from a14;
explain update a14 set i = 1;
\o
analyze a14;
insert into a14 values (3, 'c');
update a14 set i = 1;
delete from a14;
copy a14 to stdout;
select * from a15;
select count(*) from a15;
\o /dev/null
explain select * from a15;
explain update a15 set i = 1;
\o
analyze a15;
insert into a15 values (3, 'c');
update a15 set i = 1;
delete from a15;
copy a15 to stdout;
select * from a16;
select count(*) from a16;
\o /dev/null
explain select * from a16;
explain update a16 set i = 1;
\o
analyze a16;
insert into a16 values (3, 'c');
update a16 set i = 1;
delete from a16;
copy a16 to stdout;
select * from a17;
select count(*) from a17;
\o /dev/null
explain select * from a17;
explain update a17 set i = 1;
\o
analyze a17;
insert into a17 values (3, 'c');
update a17 set i = 1;
delete from a17;
copy a17 to stdout;
select * from a18;
select count(*) from a18;
\o /dev/null
explain select * from a18;
explain update a18 set i = 1;
\o
analyze a18;
insert into a18 values (3, 'c');
update a18 set i = 1;
delete from a18;
copy a18 to stdout;
select * from a19;
select count(*) from a19;
\o /dev/null
explain select * from a19;
explain update a19 set i = 1;
\o
analyze a19;
insert into a19 values (3, 'c');
update a19 set i = 1;
delete from a19;
copy a19 to stdout;
select * from a20;
select count(*) from a20;
\o /dev/null
explain select * from a20;
explain update a20 set i = 1;
\o
analyze a20;
insert into a20 values (3, 'c');
update a20 set i = 1;
delete from a20;
copy a20 to stdout;
select * from a21;
select count(*) from a21;
\o /dev/null
explain select * from a21;
explain update a21 set i = 1;
\o
analyze a21;
insert into a21 values (3, 'c');
update a21 set i = 1;
delete from a21;
copy a21 to stdout;
select * from a22;
select count(*) from a22;
\o /dev/null
explain select * from a22;
explain update a22 set i = 1;
\o
analyze a22;
insert into a22 values (3, 'c');
update a22 set i = 1;
delete from a22;
copy a22 to stdout;
select * from a23;
select count(*) from a23;
\o /dev/null
explain select * from a23;
explain update a23 set i = 1;
\o
analyze a23;
insert into a23 values (3, 'c');
update a23 set i = 1;
delete from a23;
copy a23 to stdout;
select * from a24;
select count(*) from a24;
\o /dev/null
explain select * from a24;
explain update a24 set i = 1;
\o
analyze a24;
insert into a24 values (3, 'c');
update a24 set i = 1;
delete from a24;
copy a24 to stdout;
select * from a25;
select count(*) from a25;
\o /dev/null
explain select * from a25;
explain update a25 set i = 1;
\o
analyze a25;
insert into a25 values (3, 'c');
update a25 set i = 1;
delete from a25;
copy a25 to stdout;
select * from a26;
select count(*) from a26;
\o /dev/null
explain select * from a26;
explain update a26 set i = 1;
\o
analyze a26;
insert into a26 values (3, 'c');
update a26 set i = 1;
delete from a26;
copy a26 to stdout;
select * from a27;
select count(*) from a27;
\o /dev/null
explain select * from a27;
explain update a27 set i = 1;
\o
analyze a27;
insert into a27 values (3, 'c');
update a27 set i = 1;
delete from a27;
copy a27 to stdout;
select * from a28;
select count(*) from a28;
\o /dev/null
explain select * from a28;
explain update a28 set i = 1;
\o
analyze a28;
insert into a28 values (3, 'c');
update a28 set i = 1;
delete from a28;
copy a28 to stdout;
select * from a29;
select count(*) from a29;
\o /dev/null
explain select * from a29;
explain update a29 set i = 1;
\o
analyze a29;
insert into a29 values (3, 'c');
update a29 set i = 1;
delete from a29;
copy a29 to stdout;
select * from a30;
select count(*) from a30;
\o /dev/null
explain select * from a30;
explain update a30 set i = 1;
\o
analyze a30;
insert into a30 values (3, 'c');
update a30 set i = 1;
delete from a30;
copy a30 to stdout;
select * from a31;
select count(*) from a31;
\o /dev/null
explain select * from a31;
explain update a31 set i = 1;
\o
analyze a31;
insert into a31 values (3, 'c');
update a31 set i = 1;
delete from a31;
copy a31 to stdout;
select * from b1;
select count(*) from b1;
\o /dev/null
explain select * from b1;
explain update b1 set i = 1;
\o
analyze b1;
insert into b1 values (3, 'c');
update b1 set i = 1;
delete from b1;
copy b1 to stdout;
select * from b2;
select count(*) from b2;
\o /dev/null
explain select * from b2;
explain update b2 set i = 1;
\o
analyze b2;
insert into b2 values (3, 'c');
update b2 set i = 1;
delete from b2;
copy b2 to stdout;
select * from b3;
select count(*) from b3;
\o /dev/null
explain select * from b3;
explain update b3 set i = 1;
\o
analyze b3;
insert into b3 values (3, 'c');
update b3 set i = 1;
delete from b3;
copy b3 to stdout;
select * from b4;
select count(*) from b4;
\o /dev/null
explain select * from b4;
explain update b4 set i = 1;
\o
analyze b4;
insert into b4 values (3, 'c');
update b4 set i = 1;
delete from b4;
copy b4 to stdout;
select * from b6;
select count(*) from b6;
\o /dev/null
explain select * from b6;
explain update b6 set i = 1;
\o
analyze b6;
insert into b6 values (3, 'c');
update b6 set i = 1;
delete from b6;
copy b6 to stdout;
\set VERBOSITY verbose
select * from a1;
select * from a2;
select * from a3;
select * from a4;
select * from a6;
select * from a15;
select * from b6;
drop foreign data wrapper fnv cascade;
drop foreign data wrapper fnw cascade;
