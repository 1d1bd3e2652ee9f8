-- What functions tell of the server's inside: references among the system catalogs, its configuration, parameters of sequences as a value.
create sequence sq increment 5 minvalue -5 maxvalue 100 cycle;
create role poor;
select * from pg_get_catalog_foreign_keys() order by 1,2,3;
select name from pg_config;
select name from pg_config();
select pg_sequence_parameters('sq'::regclass), (pg_sequence_parameters('sq'::regclass)).*;
select pg_sequence_parameters(1259), pg_sequence_parameters(null);
select pg_sequence_parameters(99999);
set role poor;
select pg_sequence_parameters('sq'::regclass);
select * from pg_config;
select * from pg_config();
select * from pg_sequence_parameters('sq'::regclass);
