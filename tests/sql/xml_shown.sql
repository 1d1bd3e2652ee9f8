-- XML expressions as they are stored and shown: views, constraints, defaults, indexes, triggers, functions.
\set VERBOSITY terse
create table pages (id int, x xml, t text);
create view made as select xmlelement(name "FOO", xmlattributes(id, t as "xml:lang"), x, id + 1) e, xmlforest(t as "T t", id + 1 as "select", id) f, xmlpi(name "select", t) pi, xmlpi(name a) pi2, xmlroot(x, version no value) r, xmlroot(x, version '1.0' || '', standalone yes) r2, xmlroot(x, version '1', standalone no value) r3, xmlparse(document t) pd, xmlparse(content t || 'x' preserve whitespace) pc, xmlserialize(content x as text) s, xmlserialize(document x as varchar(10)) s2, xmlserialize(content x as char) s3, xmlconcat(x, '<a/>') cc, xmlelement(name e) bare, xmlelement(name "E", null) nul, xmlelement(name e, xmlattributes(1 as a)) at from pages;
select pg_get_viewdef('made'); select pg_get_viewdef('made', true);
-- IS DOCUMENT stands without parentheses, or its argument in them.
create view tested as select x is document a, (x is document) is true b, not x is document c, x is not document d, (x is document)::text e, xmlconcat(x, x) is document f, (xmlparse(content t) is document) = (x is document) g, case when x is document then 1 end h, coalesce(x, '<a/>') is document i, (case when id = 1 then x end) is document j, (t::xml) is document k, ('<a/>'::xml) is document l, (select x from pages limit 1) is document m, (x is document) is null n, x is document or id = 1 o, xmlelement(name a, x is document) p, xmlelement(name a, (id + 1) * 2, id = 1, not id = 2) q, (array[x])[1] is document r, (x is document) = true s, true = (x is document) t, (x is document) < (x is not document) u, (x is document) || 'a' v, ((x is document) is null) = (x is document) w from pages where x is document and not (xmlparse(content t) is document) order by xmlserialize(content x as text), x is document;
select pg_get_viewdef('tested'); select pg_get_viewdef('tested', true);
create table checked (x xml, y xml, check ((x is document) = (y is document)), check (not x is document and (x is document) is true), z bool generated always as ((x is document) = (y is document)) stored, w bool default (('<a/>'::xml) is document) = ('b'::xml is document));
create index on checked ((x is document), (xmlserialize(content x as text)), (not ((x is document) = (y is document))));
\d checked
select pg_get_constraintdef(oid), pg_get_constraintdef(oid, true) from pg_constraint where conrelid = 'checked'::regclass order by conname;
select pg_get_indexdef(indexrelid), pg_get_indexdef(indexrelid, 1, true), pg_get_indexdef(indexrelid, 3, false) from pg_index where indrelid = 'checked'::regclass;
create function unchanged() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger same before update on pages for each row when ((new.x is document) = (old.x is document)) execute function unchanged();
select pg_get_triggerdef(oid), pg_get_triggerdef(oid, true) from pg_trigger where tgname = 'same';
create function alike(x xml, y xml) returns bool begin atomic select (x is document) = (y is document); end;
\sf alike
create function asked(x xml, b bool default ('a'::xml is document) = ('b'::xml is document)) returns bool language sql as 'select true';
select pg_get_function_arguments('asked'::regproc);
-- Names change under them, and search paths.
create schema s; create domain s.dom as text;
set search_path = s, public;
create view serialized as select xmlserialize(content x as dom) a, xmlserialize(content x as varchar(3)) b from pages;
select pg_get_viewdef('serialized');
create schema s2; create domain s2.dom as int; set search_path = s2, public;
select pg_get_viewdef('s.serialized');
alter table pages rename column x to "Y y"; alter table checked rename column x to "select"; reset search_path;
alter domain s.dom rename to "select";
select pg_get_viewdef('s.serialized'); select pg_get_viewdef('tested'); select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'checked'::regclass order by conname;
drop domain s."select";
-- Errors stand where PostgreSQL sees them.
\set VERBOSITY default
select id from pages group by id, xmlelement(name a, id);
select id from pages group by id, xmlserialize(content t as xml);
select 1 + ("Y y" is document) from pages;
select xmlelement(name a, id) + 1 from pages;
select xmlelement(name a, id) from pages group by t;
