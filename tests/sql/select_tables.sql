-- The tables of select_language.sql and select_sweep.sql, which tests/differential/placed.py also puts at sources and in files.
create type mood as enum ('sad','ok','happy');
create type addr as (street text, no int);
create type pers as (name text, home addr);
create table dept(id int primary key, dname varchar(20), loc char(6), budget numeric);
insert into dept values (1,'sales','north',1000.50),(2,'tech','south',20000),(3,'empty',null,null),(4,'ops','north','NaN'),(5,'hr','',0.00);
create table emp(id int primary key, name text, dept int, boss int, sal numeric(10,2), bonus float8, hired date, tags text[], nums int[], m mood);
insert into emp values
 (1,'Ann',1,null,5000.00,1.5,'2010-01-31','{a,b}','{1,2,3}','happy'),
 (2,'bob',1,1,3000.10,-0.0,'2012-02-29','{b}','{}','ok'),
 (3,'Čenĕk',2,1,3000.10,0,'2012-02-29',null,'{3,NULL}','sad'),
 (4,'dan',2,3,2500,'NaN','2015-12-31','{}','{4,5,6,7}',null),
 (5,'Eve',2,3,null,'Infinity',null,'{"x y",NULL,"q\"u"}',null,'ok'),
 (6,'eve',null,4,1000,2.25,'2020-06-15','{c}','{0}','happy'),
 (7,'Fay',9,4,1000,null,'2020-06-16','{a,c}','{1}','sad'),
 (8,'gus',4,2,7777.77,'-Infinity','1999-12-31','{z}','{8,8,8}','ok'),
 (9,'',4,2,0,1e300,'4713-01-01 BC','{a}','{9,10}','sad'),
 (10,'Zoë',1,8,12.34,1e-300,'infinity','{b,a}','{2,1}','happy');
create table n(x int, y int, t text);
insert into n values (1,1,'a'),(1,2,'b'),(2,2,null),(2,null,'a'),(null,3,'b'),(null,null,'c'),(3,1,'C'),(3,1,'C'),(4,0,'%'),(5,-1,'a_b'),(0,5,'a%b');
create table w(id int, g text, o int, v numeric, f float8, d date, ts timestamp, iv interval);
insert into w values
 (1,'a',1,1.0,1.5,'2020-01-01','2020-01-01 00:00','1 day'),
 (2,'a',1,1.00,2.5,'2020-01-02','2020-01-01 12:00','24:00:00'),
 (3,'a',2,2.50,-0.0,'2020-01-04','2020-01-02 00:00','30 days'),
 (4,'a',4,null,0,'2020-01-05','2020-01-03 06:00','1 mon'),
 (5,'b',null,10,null,'2020-02-01','2020-02-01 00:00','1 mon 1 day'),
 (6,'b',3,-1,3.25,'2020-02-01','2020-02-01 00:00',null),
 (7,'b',5,7.125,4,null,null,'720:00:00'),
 (8,'b',5,0,'NaN','2020-03-01','2020-03-01 00:00','00:00:01'),
 (9,null,7,1e3,1e10,'2020-03-02','2020-03-01 00:00:01','-1 day'),
 (10,null,null,'NaN','-Infinity','2020-12-31','2020-12-31 23:59:59.999999','0');
create table edges(a int, b int, label text);
insert into edges values (1,2,'x'),(1,3,'y'),(2,4,'x'),(3,4,'z'),(4,5,'x'),(5,1,'back'),(6,7,'x'),(7,7,'self');
create table ev(id int, emp_id int, at timestamp, tz timestamptz, dur interval, amt numeric, kind text, ok bool, j jsonb);
insert into ev values
 (1,1,'2021-01-01 10:00','2021-01-01 10:00+00','1 hour',10.5,'in',true,'{"a":1,"b":[1,2]}'),
 (2,1,'2021-01-01 11:00','2021-03-28 01:30+00','2 hours 30 min',2.25,'out',false,'{"a":null}'),
 (3,2,'2021-01-02 10:00','2021-07-01 00:00+02','1 day',10.50,'in',null,'[1,"x",null]'),
 (4,3,'2021-02-28 23:59:59','2021-10-31 01:30+00','24:00',0,'in',true,null),
 (5,3,'2021-03-01','2022-01-01 00:00+00','-1 day',null,null,true,'"s"'),
 (6,99,null,null,null,-5,'in',false,'{"a":1}'),
 (7,null,'2021-01-01 10:00','infinity','1 year',1,'out',true,'1.50'),
 (8,8,'2021-01-01 10:00','2021-01-01 10:00+00','1 mon',10.500,'x',true,'{"b":{"c":"d"}}');
create table per(id int, a addr, p pers);
insert into per values (1,row('Main',5),row('Al',row('Side',6))),(2,null,null),(3,row(null,null),row('Bo',null)),(4,row('Main',5),row('Cy',row(null,7)));
create table bits(id int, b bytea, u uuid, bt bit(4), vb varbit, tt time, tz timetz);
insert into bits values (1,'\x00ff','00000000-0000-0000-0000-000000000001','1010','101','10:00','10:00+02'),
 (2,'','ffffffff-0000-0000-0000-000000000001','0000','','24:00','09:00+01'),
 (3,null,null,null,null,null,null);
create type rng as (lo int, hi int);
create domain posint as int check (value > 0);
create table ty(id int, b bool, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, nu numeric, n52 numeric(5,2), nn numeric(3,-2), tx text, vc varchar(5), ch char(5), na name, qc "char", by bytea, da date, ti time, ti3 time(3), tz timetz, ts timestamp, ts0 timestamp(0), tt timestamptz, iv interval, ivd interval day to second(2), uu uuid, js json, jb jsonb, ia int[], ta text[], na2 numeric[], da2 date[], mo mood, dm posint, oi oid, rc regclass, rt regtype, bt bit(4), vb bit varying(6), ad addr, ba bool[], mm mood[]);
insert into ty values
(1,true,1,2,3,1.5,2.5,1.10,1.10,1200,'a','abc','ab','nm','x','\x0102','2020-02-29','12:34:56.789','12:34:56.7894','12:00+02','2020-02-29 12:00:00.5','2020-02-29 12:00:00.5','2020-02-29 12:00:00.5+00','1 year 2 mons 3 days 04:05:06.7','1 day 02:03:04.567','a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11','{"a" : 1}','{"b":[1,2,{"c":null}],"a":"x"}','{1,2,3}','{a,"b c",NULL}','{1.0,2.50,NaN}','{2020-01-01,infinity}','ok',5,16384,'pg_class','int4','1010','101','(Main,5)','{t,f,NULL}','{ok,sad}'),
(2,false,-32768,-2147483648,-9223372036854775808,'-Infinity','NaN','NaN',-999.99,-99900,'','','','','','','0044-03-15 BC','00:00','24:00','23:59:59.999999-15:59','0001-01-01 BC','infinity','-infinity','-1 year -2 mons +3 days -04:05:06','-00:00:00.01','00000000-0000-0000-0000-000000000000','null','null','{}','{}','{}','{}','sad',1,0,0,0,'0000','','(,)','{}','{}'),
(3,null,32767,2147483647,9223372036854775807,3.4028235e38,1.7976931348623157e308,123456789012345678901234567890.123456789012345678901234567890,0,100,'é"\,{}','ééééé','é','é','y','\xdeadbeef5c','5874897-12-31','23:59:59.999999','23:59:59.9995','00:00+15:59','290000-12-31 23:59:59.999999','1999-12-31 23:59:59.5','2021-03-28 01:30+00','178000000 years','10:00','ffffffff-ffff-ffff-ffff-ffffffffffff','[1, 2,  {"z":"\u00e9"}]','[]','[0:2]={1,2,3}','{{a,b},{c,d}}','{{1,2},{3,4}}','{NULL}','happy',7,4294967295,'pg_type','text','1111','111111','("a,b",)','{{t},{f}}','{happy}'),
(4,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null,null),
(5,true,1,2,3,0.1,-0.0,1.100,1.10,1200,'A','abc  ','ab ','nm','x','\x0102','2020-02-29','12:34:56.789','12:34:56.7894','13:00+03','2020-02-29 12:00:00.5','2020-02-29 12:00:00.5','2020-02-29 13:00:00.5+01','14 mons 3 days 04:05:06.7','26:03:04.57','A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11','{"a":1}','{"a":"x","b":[1,2,{"c":null}]}','{1,2,3}','{a,"b c",NULL}','{1,2.5,NaN}','{2020-01-01,infinity}','ok',5,16384,'pg_class','int4','1010','101','(Main,5)','{t,f,NULL}','{ok,sad}');
