-- Objects of every kind by their parts: pg_get_object_address, pg_identify_object, pg_identify_object_as_address, pg_describe_object.
\set VERBOSITY verbose
create schema addr_nsp;
set search_path to public;
create extension postgres_fdw;
create server addr_fserv foreign data wrapper postgres_fdw;
create role regress_addr_user;
create user mapping for regress_addr_user server addr_fserv;
create table addr_nsp.gentable (a serial primary key constraint a_chk check (a > 0), b text default 'hello');
create table addr_nsp.parttable (a int primary key) partition by range (a);
create view addr_nsp.genview as select * from addr_nsp.gentable;
create materialized view addr_nsp.genmatview as select * from addr_nsp.gentable;
create type addr_nsp.gencomptype as (a int);
create type addr_nsp.genenum as enum ('one', 'two');
create foreign table addr_nsp.genftable (a int) server addr_fserv;
create domain addr_nsp.gendomain as int4 constraint domconstr check (value > 0);
create function addr_nsp.trig() returns trigger language plpgsql as $$ begin end; $$;
create trigger t before insert on addr_nsp.gentable for each row execute procedure addr_nsp.trig();
create procedure addr_nsp.proc(int4) language sql as $$ $$;
alter default privileges for role regress_addr_user in schema public grant all on tables to regress_addr_user;
alter default privileges for role regress_addr_user revoke delete on tables from regress_addr_user;
create schema "q S";
create sequence "q S"."x y";
select pg_get_object_address('stone', '{}', '{}');
select pg_get_object_address('table', '{}', '{}');
select pg_get_object_address('table', '{NULL}', '{}');
do $$
declare
	objtype text;
begin
	for objtype in values ('toast table'), ('index column'), ('sequence column'),
		('toast table column'), ('view column'), ('materialized view column'), ('composite type'), ('composite type column')
	loop
		begin
			perform pg_get_object_address(objtype, '{one}', '{}');
		exception when invalid_parameter_value then
			raise warning 'error for %: %', objtype, sqlerrm;
		when others then
			raise warning 'other error for %: %', objtype, sqlerrm;
		end;
	end loop;
end;
$$;
select * from pg_get_object_address('operator of access method', '{btree,integer_ops,1}', '{int4,bool}');
select * from pg_get_object_address('operator of access method', '{btree,integer_ops,99}', '{int4,int4}');
select * from pg_get_object_address('function of access method', '{btree,integer_ops,1}', '{int4,bool}');
select * from pg_get_object_address('function of access method', '{btree,integer_ops,99}', '{int4,int4}');
do $$
declare
	objtype text;
	names	text[];
	args	text[];
begin
	for objtype in values
		('table'), ('index'), ('sequence'), ('view'), ('materialized view'), ('foreign table'),
		('table column'), ('foreign table column'), ('view column'), ('materialized view column'),
		('aggregate'), ('function'), ('procedure'), ('type'), ('cast'), ('table constraint'), ('domain constraint'), ('conversion'), ('default value'),
		('operator'), ('operator class'), ('operator family'), ('rule'), ('trigger'),
		('text search parser'), ('text search dictionary'),
		('text search template'), ('text search configuration'),
		('policy'), ('user mapping'), ('default acl'), ('transform'),
		('operator of access method'), ('function of access method'),
		('publication namespace'), ('publication relation'), ('statistics object'), ('collation'),
		('language'), ('large object'), ('access method'), ('schema'), ('role'), ('database'), ('tablespace'), ('foreign-data wrapper'), ('server'),
		('extension'), ('event trigger'), ('publication'), ('subscription'), ('parameter ACL')
	loop
		for names in values ('{eins}'), ('{addr_nsp, zwei}'), ('{eins, NULL}'), ('{}'), ('{addr_nsp,gentable,b}'), ('{int4}'), ('{a,b,c,d}')
		loop
			for args in values ('{}'), ('{integer}'), ('{nosuch,int4}')
			loop
				begin
					perform pg_get_object_address(objtype, names, args);
					raise notice 'found %,%,%', objtype, names, args;
				exception when others then
						raise warning '% for %,%,%: %', sqlstate, objtype, names, args, sqlerrm;
				end;
			end loop;
		end loop;
	end loop;
end;
$$;
select pg_get_object_address('language', '{one}', '{}');
select pg_get_object_address('language', '{one,two}', '{}');
select pg_get_object_address('large object', '{123}', '{}');
select pg_get_object_address('large object', '{123,456}', '{}');
select pg_get_object_address('large object', '{blargh}', '{}');
select pg_get_object_address('schema', '{one}', '{}');
select pg_get_object_address('role', '{one}', '{}');
select pg_get_object_address('database', '{one}', '{}');
select pg_get_object_address('tablespace', '{one}', '{}');
select pg_get_object_address('foreign-data wrapper', '{one}', '{}');
select pg_get_object_address('server', '{one}', '{}');
select pg_get_object_address('extension', '{one}', '{}');
select pg_get_object_address('event trigger', '{one}', '{}');
select pg_get_object_address('access method', '{one}', '{}');
select pg_get_object_address('publication', '{one}', '{}');
select pg_get_object_address('subscription', '{one}', '{}');
select pg_get_object_address(NULL, '{one}', '{}');
with objects (type, name, args) as (values
    ('table', '{addr_nsp, gentable}'::text[], '{}'::text[]),
    ('table', '{addr_nsp, parttable}'::text[], '{}'::text[]),
    ('index', '{addr_nsp, gentable_pkey}', '{}'),
    ('index', '{addr_nsp, parttable_pkey}', '{}'),
    ('sequence', '{addr_nsp, gentable_a_seq}', '{}'),
    ('sequence', '{"q S", "x y"}', '{}'),
    ('view', '{addr_nsp, genview}', '{}'),
    ('materialized view', '{addr_nsp, genmatview}', '{}'),
    ('foreign table', '{addr_nsp, genftable}', '{}'),
    ('table column', '{addr_nsp, gentable, b}', '{}'),
    ('foreign table column', '{addr_nsp, genftable, a}', '{}'),
    ('aggregate', '{pg_catalog, count}', '{}'),
    ('aggregate', '{pg_catalog, percentile_cont}', '{float8,float8}'),
    ('function', '{pg_catalog, pg_identify_object}', '{pg_catalog.oid, pg_catalog.oid, int4}'),
    ('procedure', '{addr_nsp, proc}', '{int4}'),
    ('type', '{pg_catalog._int4}', '{}'),
    ('type', '{addr_nsp.gendomain}', '{}'),
    ('type', '{addr_nsp.gencomptype}', '{}'),
    ('type', '{addr_nsp.genenum}', '{}'),
    ('type', '{addr_nsp.genenum[]}', '{}'),
    ('type', '{timestamp with time zone}', '{}'),
    ('cast', '{int8}', '{int4}'),
    ('collation', '{default}', '{}'),
    ('collation', '{pg_catalog,"C"}', '{}'),
    ('table constraint', '{addr_nsp, gentable, a_chk}', '{}'),
    ('domain constraint', '{addr_nsp.gendomain}', '{domconstr}'),
    ('conversion', '{pg_catalog, koi8_r_to_mic}', '{}'),
    ('default value', '{addr_nsp, gentable, b}', '{}'),
    ('language', '{plpgsql}', '{}'),
    ('operator', '{+}', '{int4, int4}'),
    ('operator class', '{btree, int4_ops}', '{}'),
    ('operator family', '{btree, integer_ops}', '{}'),
    ('operator of access method', '{btree,integer_ops,1}', '{integer,integer}'),
    ('function of access method', '{btree,integer_ops,2}', '{integer,integer}'),
    ('rule', '{addr_nsp, genview, _RETURN}', '{}'),
    ('trigger', '{addr_nsp, gentable, t}', '{}'),
    ('schema', '{addr_nsp}', '{}'),
    ('schema', '{q S}', '{}'),
    ('text search parser', '{default}', '{}'),
    ('text search dictionary', '{simple}', '{}'),
    ('text search template', '{simple}', '{}'),
    ('text search configuration', '{simple}', '{}'),
    ('role', '{regress_addr_user}', '{}'),
    ('database', '{postgres}', '{}'),
    ('tablespace', '{pg_default}', '{}'),
    ('foreign-data wrapper', '{postgres_fdw}', '{}'),
    ('server', '{addr_fserv}', '{}'),
    ('user mapping', '{regress_addr_user}', '{addr_fserv}'),
    ('default acl', '{regress_addr_user,public}', '{r}'),
    ('default acl', '{regress_addr_user}', '{r}'),
    ('extension', '{plpgsql}', '{}'),
    ('access method', '{btree}', '{}')
)
select (pg_identify_object(addr1.classid, addr1.objid, addr1.objsubid)).*,
	pg_identify_object_as_address(addr1.classid, addr1.objid, addr1.objsubid),
	pg_identify_object(addr1.classid, addr1.objid, addr1.objsubid)::text = pg_identify_object(addr2.classid, addr2.objid, addr2.objsubid)::text,
	pg_describe_object(addr1.classid, addr1.objid, addr1.objsubid)
	  from objects, pg_get_object_address(type, name, args) addr1,
			pg_identify_object_as_address(addr1.classid, addr1.objid, addr1.objsubid) ioa(typ,nms,args),
			pg_get_object_address(typ, nms, ioa.args) as addr2
	order by 1, 4;
select t, pg_identify_object(t, 0, 0), pg_identify_object_as_address(t, 0, 0), pg_describe_object(t, 0, 0) from (values
 ('pg_class'::regclass), ('pg_proc'), ('pg_type'), ('pg_cast'), ('pg_collation'), ('pg_constraint'), ('pg_conversion'), ('pg_attrdef'), ('pg_language'),
 ('pg_largeobject'), ('pg_operator'), ('pg_opclass'), ('pg_opfamily'), ('pg_am'), ('pg_amop'), ('pg_amproc'), ('pg_rewrite'), ('pg_trigger'),
 ('pg_namespace'), ('pg_statistic_ext'), ('pg_ts_parser'), ('pg_ts_dict'), ('pg_ts_template'), ('pg_ts_config'), ('pg_authid'), ('pg_database'),
 ('pg_tablespace'), ('pg_foreign_data_wrapper'), ('pg_foreign_server'), ('pg_user_mapping'), ('pg_default_acl'), ('pg_extension'), ('pg_event_trigger'),
 ('pg_parameter_acl'), ('pg_policy'), ('pg_publication'), ('pg_publication_namespace'), ('pg_publication_rel'), ('pg_subscription'), ('pg_transform')) v(t);
select pg_identify_object(t, 987654, 0) from (values ('pg_class'::regclass), ('pg_proc'), ('pg_type'), ('pg_constraint')) v(t);
select pg_describe_object(t, 987654, 0) from (values ('pg_class'::regclass), ('pg_proc'), ('pg_type'), ('pg_constraint')) v(t);
select pg_identify_object('pg_class'::regclass, 'pg_class'::regclass, 1);
select pg_identify_object('pg_class'::regclass, 'pg_class'::regclass, 999);
select pg_identify_object('pg_class'::regclass, 'pg_class'::regclass, -1);
select pg_identify_object(1, 2, 3);
select pg_identify_object_as_address(1, 2, 3);
select pg_describe_object(1, 2, 3);
select pg_describe_object(0, 0, 0);
select pg_identify_object(0, 0, 0);
select pg_identify_object_as_address('pg_attribute'::regclass, 0, 0);
drop schema addr_nsp cascade;
drop owned by regress_addr_user;
drop role regress_addr_user;
