-- Assignment to members of jsonb in PL/pgSQL.
SET client_min_messages = notice;
CREATE SCHEMA jsonb_assignment;
SET search_path = jsonb_assignment;
do $$ declare j jsonb; k int := 1; t text := 'b'; begin
 j['a'] := '1'; raise notice '%', j;
 j[t][k] := to_jsonb(k); raise notice '%', j;
 j['c'] := null; raise notice '%', j;
 j['c'] := '{"x": 1,   "a": 2}'::json; raise notice '%', j;
 j['d'] := 5; raise notice '%', j;
 j := null; j[2] := '"z"'; raise notice '%', j;
 j[-1] := '{}'; j[-1]['q']['r'] := '1'; raise notice '%', j;
 j[-1]['q']['r']['s'] := '1';
end $$;
do $$ declare j jsonb; begin j[null] := '1'; end $$;
do $$ declare j jsonb := '[]'; begin j['x'] := '1'; end $$;
do $$ declare j jsonb := '[]'; begin j[-1] := '1'; end $$;
create type jr as (id int, j jsonb);
do $$ declare r jr; begin r.j['k'] := '[1,  2]'; r.j['l'][1] := '"m"'; raise notice '%', r; end $$;
create table jt (id int, j jsonb);
create function ft() returns trigger language plpgsql as $$ begin new.j['seen'] := 'true'; return new; end $$;
create trigger tt before insert or update on jt for each row execute function ft();
insert into jt values (1, '{"a": 1}'), (2, null) returning *;
update jt set j['b'] = to_jsonb(id) returning *;
DROP SCHEMA jsonb_assignment CASCADE;
