-- Values as JSON.
\set VERBOSITY verbose
select json_build_object('a');
select json_build_object(null,1);
select json_build_object('{1}'::int[],1);
select jsonb_build_object(null,1);
select jsonb_build_object('{"a":1}'::json,1);
select jsonb_build_object('a');
select jsonb_build_object('{1}'::int[],1);
select json_build_object('a',null,1,true,'2021-01-01'::date,'2020-01-01'::timestamp, 'x', 'nan'::numeric, 'f', 1e20::float8, 'g', '{{1,2},{3,null}}'::int[], 'h', '{"a": [1]}'::json, 'ts', '2020-01-01 10:00:00.5+02'::timestamptz, 'i', '1 day'::interval, 'b', '\x01'::bytea, 'q', E'"\n\t\u0001é\\', 'inf', 'infinity'::date, 'bc', '0044-03-15 BC'::date, 'jj', '{"b":1,  "a":2}'::jsonb, 'bct', '0044-03-15 10:00 BC'::timestamptz, 'reg', 'pg_class'::regclass);
select jsonb_build_object('a',null,1,true,now()::date-now()::date,'2020-01-01'::timestamp, 'x', 'nan'::numeric, 'f', 1e20::float8, 'g', '{{1,2},{3,null}}'::int[], 'h', '{"a": [1]}'::json, 'ts', '2020-01-01 10:00:00.5+02'::timestamptz);
select json_build_array(), json_build_array(1,'a',null), jsonb_build_array(1,'a',null), json_build_object(), to_json(1.50), to_json('a"'::text), to_jsonb(array[1,2]), to_json(null::int), to_json('{1,2}'::text[]), to_json('{}'::int[]);
select to_json('a');
set timezone='Asia/Kolkata';
set datestyle = 'German';
select json_build_object(relname, relnatts, 'k', relkind, 'acl', relacl, 'ts', '2020-01-01 10:00:00.5+02'::timestamptz, 'd', '2020-02-03'::date) from pg_class where relname='pg_class';
-- What clients ask of names, keywords, expanded arrays and fields of rows.
select typname[0], typname[1], typname[0] = '_' and typelem <> 0 as is_array from pg_type where typname in ('_int4', 'int4') order by oid;
select ('aé'::name)[1], ('abc'::name)[5], ('abc'::name)[70] is null, ('abc'::name)[-1] is null;
select ('abc'::name)[0:1];
select catcode, catdesc, barelabel, baredesc, count(*) from pg_get_keywords() group by 1, 2, 3, 4 order by 1, 3;
select (r.k).x, (r.k).n, r.a from (select information_schema._pg_expandarray(i.indkey) as k, indexrelid as a from pg_index i where indrelid = 'pg_attribute'::regclass) r order by 3, 2;
select * from information_schema._pg_expandarray(array[3, 4, null]);
select (s.f).x from (select information_schema._pg_expandarray('{a,b}'::text[]) as f) s;
select proname, coalesce(proallargtypes::regtype[], proargtypes::regtype[])::text[] from pg_proc where proname like 'pg_get_c%' order by oid;
set timezone = 'Europe/Paris';
select (array(select '2020-01-01 00:00:00+00'::timestamptz))::text[];
