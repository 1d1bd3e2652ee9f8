-- What ANALYZE VERBOSE tells of tables, trees and files.
create table e (a int, b text); create table t (a int primary key, b text); insert into t select g, 'x' from generate_series(1,100) g;
create table par (a int); create table chi () inherits (par); insert into chi select generate_series(1,5); create table par2 (a int); create table chi2() inherits (par2);
create table p (a int) partition by range (a); create table p1 partition of p for values from (1) to (100); create table p2 partition of p for values from (100) to (1000); insert into p select generate_series(1,50);
create extension file_fdw; create server fs foreign data wrapper file_fdw;
\! seq 1 20 > /tmp/medley_analyze_verbose.csv
create foreign table ft (a int) server fs options (filename '/tmp/medley_analyze_verbose.csv');
create foreign table fp partition of p for values from (1000) to (2000) server fs options (filename '/tmp/medley_analyze_verbose.csv');
create foreign data wrapper w; create server ws foreign data wrapper w; create foreign table nofdw (a int) server ws;
create materialized view mv as select * from t where a < 5;
analyze verbose e; analyze verbose t; analyze verbose par; analyze verbose chi; analyze verbose par2; analyze verbose p; analyze verbose ft; analyze verbose mv; analyze verbose fp;
delete from t where a > 90; analyze verbose t; vacuum full t; analyze verbose t;
drop table e, t, par, chi, par2, chi2, p cascade; drop extension file_fdw cascade;
