-- Values at the edges of what functions take.
-- A vector without elements has a dimension.
select array_dims(''::oidvector), array_ndims(''::int2vector), array_length(''::oidvector, 1), array_lower(''::oidvector, 1), array_upper(''::oidvector, 1), cardinality(''::oidvector);
select array_dims(v), array_length(v, 1), cardinality(v), 3 = any (v), v[0] from (values (''::oidvector), ('3 4')) t(v);
select array_dims(proargtypes) from pg_proc where proname = 'count' order by oid;
select array_to_string(''::oidvector::oid[], ','), array_remove(''::oidvector::oid[], 3), array_replace(''::oidvector::oid[], 3, 4);
-- Sizes beyond 64 bits.
select pg_size_pretty((-9223372036854775808)::bigint), pg_size_pretty(9223372036854775807), pg_size_pretty(-10240::bigint);
select pg_size_pretty(11528652096115048447::numeric), pg_size_pretty(-11528652096115048448::numeric), pg_size_pretty(1e40::numeric);
select pg_size_pretty('nan'::numeric), pg_size_pretty('-infinity'::numeric), pg_size_pretty(10239.75), pg_size_pretty(10240.75), pg_size_pretty(-20971519.5);
-- A schema that is not there, of an operator.
select regoperator('no_schema.+(int4,int4)');
select to_regoperator('no_schema.+(int4,int4)');
select regoper('no_schema.+');
-- Dates that no timestamp reaches.
select jsonb_path_query('"1000000-02-03"', '$.datetime() > "2021-01-01 12:00:00".datetime()');
select jsonb_path_query('"1000000-02-03"', '$.datetime() < "1000000-02-04".datetime()');
select jsonb_path_query_tz('"1000000-02-03"', '$.datetime() > "2021-01-01 12:00:00+01".datetime()');
-- DISTINCT takes texts of no type as text.
select jsonb_object_agg(distinct 'k', 'v'), string_agg(distinct 'x', 'y'), count(distinct 'z');
-- Keys that are records.
select json_build_object(r, 2) from (select 1 as a, 2 as b) r;
select jsonb_build_object(row(1, 2), 2);
select json_object_agg(r, 2) from (select 1 as a, 2 as b) r;
select jsonb_object_agg(r, 2) from (select 1 as a, 2 as b) r;
