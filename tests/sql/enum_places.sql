-- Labels put between others until there is no room: then all are numbered anew.
create type steps as enum ('first', 'last');
do $$ begin for i in 1..30 loop execute format('alter type steps add value %L before %L', 'step' || i, 'last'); end loop; end $$;
select enumlabel, enumsortorder from pg_enum where enumtypid = 'steps'::regtype order by enumsortorder;
do $$ begin for i in 31..60 loop execute format('alter type steps add value %L after %L', 'step' || i, 'first'); end loop; end $$;
select enumlabel, enumsortorder from pg_enum where enumtypid = 'steps'::regtype order by enumsortorder;
select 'step1'::steps < 'step30'::steps, 'step31'::steps > 'step60'::steps, enum_range('step28'::steps, 'last');
alter type steps add value 'before' before 'first';
alter type steps add value 'after' after 'last';
select enumlabel, enumsortorder from pg_enum where enumtypid = 'steps'::regtype and enumlabel in ('before', 'after') order by 2;
do $$ begin for i in 1..30 loop execute format('alter type steps add value %L before %L', 'more' || i, 'step20'); end loop; end $$;
select 'more1'::steps < 'more30'::steps, 'more30'::steps < 'step20'::steps, enum_range('more28'::steps, 'step21');
drop type steps;
