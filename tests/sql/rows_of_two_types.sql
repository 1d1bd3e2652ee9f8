-- Set operations over rows whose fields differ in type.
\set VERBOSITY verbose
select row(1,2) union select row(1,'y');
select row(1,2) union select row(1,'y'::text);
select row(1,2) union all select row(1,'y');
select row(1,'x') union select row(1,'y');
select row(1,'x') union select row(1,'y'::text);
select row(1,2) intersect select row(1,'y');
select row(1,2) except select row(1,'y');
select row(1,2) union select row(1,2,3);
select row(1,2) union select row(1,2.0);
select row(1,2) union all select row(1,2,3);
select row(1) union select row('a');
select row(1,2) union select row(1,null);
select row(1,null) union select row(1,null);
select row(1,2) union select row(1,'5');
select row(1,2) union select row(1,3) union select row(1,2);
create table rt (a int, b text);
insert into rt values (1, 'x');
select row(rt.*) from rt union select row(1, 'x'::text);
