-- XML that the source makes, reads and tests, and JSON of values whose text goes by the session's settings.
CREATE EXTENSION postgres_fdw;
CREATE SERVER a FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host :'src', port :'port', dbname 'rem');
CREATE USER MAPPING FOR CURRENT_USER SERVER a OPTIONS (user 'postgres');
CREATE FOREIGN TABLE pages (id int, x xml, t text, f float8, raw bytea) SERVER a;
create view page_view as select id, xmlelement(name "Foo Bar", xmlattributes(id as i, t), x, 'a<b', id) e, xmlforest(id, t as "T t") f, xmlconcat(x, x) c, xmlparse(document '<a/>') p1, xmlparse(content t preserve whitespace) p2, xmlpi(name php, 'x') pi, xmlpi(name php) pi0, xmlroot(x, version '1.0', standalone yes) r, xmlroot(x, version no value, standalone no) r2,xmlroot(x, version no value, standalone no value) r3, xmlserialize(content x as text) s, xmlserialize(document x as varchar(40)) s2, x is document d, x is not document nd from pages;
\d+ page_view
select pg_get_viewdef('page_view', true);
select * from page_view order by id;
select xmlelement(name rows, xmlagg(xmlelement(name v, xmlattributes(id as i), t) order by id desc)) from pages;
select xmlelement(name a, xmlattributes(id, id)) from pages;
select xmlelement(name a, xmlattributes(1)) from pages;
select xmlforest(1) from pages;
select xmlconcat(1, x) from pages;
select xmlserialize(content x as int) from pages;
select xmlserialize(content t as text) from pages;
select xmlroot(t, version '1') from pages;
select 1 is document from pages;
select id from pages where xmlserialize(content x as text) like '%2%' and x is document order by id;
select count(*) from pages group by x is document;
select xmlelement(name a, null, x, null) from pages order by id;
select xmlelement(name "a:b", xmlattributes('x&y' as "c d", null as e)) from pages order by id;
select xmlelement(name a, date '2020-01-01', true, 1.50, 'x'::bpchar, timestamp '2020-01-01 10:00') from pages order by id limit 1;
create table page_check (a xml check (a is document), b xml generated always as (xmlelement(name z, a)) stored);
\d page_check
select xmlconcat(x, (select x from pages where id = 1)) from pages order by id;
SET extra_float_digits = 0;
SELECT json_agg(f ORDER BY id), jsonb_agg(f ORDER BY id), json_object_agg(id, f ORDER BY id) FROM pages;
RESET extra_float_digits;
SET bytea_output = 'escape';
SELECT json_agg(raw ORDER BY id), jsonb_agg(raw ORDER BY id) FROM pages;
