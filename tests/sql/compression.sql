-- Compression methods of columns are recorded and shown; no value is compressed by them.
create table t (a int primary key, b text);
create index on t(b);
alter table t add c text;
create table c2 (a text compression pglz, b text compression lz4, c int compression pglz);
create table c2 (a text compression pglz, b text compression default);
create table c2 (a text compression pglz, b text compression nosuch);
\d+ c2
show default_toast_compression;
set default_toast_compression=lz4;
create table c3 (like c2 including compression);
create table c4 (like c2 including all);
create table c5 () inherits (c2);
create table c6 (a text compression pglz) inherits (c2);
create table c7 (a text compression default) inherits (c2);
create materialized view m as select * from c2;
alter materialized view m alter a set compression pglz;
\d+ m
\d+ c5
create table c8 (a text compression lz4); create table c9 () inherits (c2, c8); create table c9 (a text compression lz4) inherits (c2); create foreign data wrapper w; create server s foreign data wrapper w; create foreign table f (a text compression lz4) server s; create foreign table f () inherits (c2) server s; 
\d+ f
select attrelid::regclass, attcompression from pg_attribute where attname = 'a' and attrelid in ('f'::regclass, 'c5'::regclass) order by 1;
alter table c2 add d text compression lz4, alter a set compression lz4; alter table c2 alter nosuch set compression lz4; alter table c2 alter ctid set compression lz4; alter table c2 alter a set compression nosuch; alter table c2 alter a type varchar(9);
create index ci on c2 (a); alter table c2 alter a set compression pglz; select attrelid::regclass, attcompression from pg_attribute where attrelid = 'ci'::regclass;
\d+ c2
\d+ c5
