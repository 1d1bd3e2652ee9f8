-- What a cursor calls is asked of who opens it, then; whoever fetches
\set VERBOSITY verbose
create role regress_co; create role regress_cc;
create table t(a int); insert into t values (1), (2), (3); grant select on t to regress_co;
create function vol() returns text language plpgsql volatile as $$ begin return current_user; end $$;
create function vols(int) returns text language sql volatile as $$ select current_user || $1 $$;
create function stab(int) returns text language plpgsql stable as $$ begin return current_user || $1; end $$;
create function srf(int) returns setof text language plpgsql volatile as $$ begin return next current_user; return next 'x'; end $$;
create function imm(int) returns text language plpgsql immutable as $$ begin return 'imm' || $1; end $$;
create function inl(int) returns text language sql stable as $$ select current_user || $1 $$;
create function inlset(int) returns setof int language sql stable as $$ select a + $1 from t $$;
revoke execute on function vol(), vols(int), stab(int), srf(int), imm(int), inl(int), inlset(int) from public;
grant execute on function vol(), vols(int), stab(int), srf(int), imm(int), inl(int), inlset(int) to regress_co;
grant regress_cc to regress_co;
-- opener regress_co may; fetcher regress_cc may not
begin; set local role regress_co; declare k cursor for select vol() from t; set local role regress_cc; fetch 2 from k; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select vol(); set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select vols(a) from t; set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select stab(a) from t; set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select stab(1) from t; set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select a from t where vol() = current_user; set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select a, stab(a) from t where vols(a) = current_user || a; set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select * from srf(1); set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select srf(a), a from t; set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select imm(a), imm(1) from t; set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select inl(a), inl(1) from t; set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select * from inlset(1); set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select (select vol() from t limit 1); set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select (select max(vols(x.a)) from t where t.a = x.a) from t x; set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select a from t x where exists (select from t where t.a = x.a and vols(x.a) is not null); set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select case when a = 2 then vol() end from t; set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select max(vols(a)) from t group by a % 2 order by 1; set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select vol() from t order by vols(a) desc; set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k scroll cursor for select vol(), a from t order by a; fetch 1 from k; set local role regress_cc; fetch all from k; fetch backward 2 from k; rollback;
begin; set local role regress_co; declare k cursor for select vol(), a from t order by a for update; set local role regress_cc; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select vol(), a from t order by a limit length(stab(1)); set local role regress_cc; fetch all from k; rollback;
-- opener may not
begin; set local role regress_cc; declare k cursor for select 1 from t; rollback;
begin; set local role regress_cc; declare k cursor for select vol(); rollback;
begin; set local role regress_cc; declare k cursor for select stab(1); rollback;
begin; set local role regress_cc; declare k cursor for select inl(1); rollback;
begin; set local role regress_cc; declare k cursor for select * from srf(1); rollback;
begin; set local role regress_cc; declare k cursor for select srf(1); rollback;
begin; set local role regress_cc; declare k cursor for select (select vol()); rollback;
begin; set local role regress_cc; declare k cursor for select vol() where false; fetch all from k; rollback;
begin; set local role regress_cc; declare k cursor for select case when a = 7 then vol() end from generate_series(1,2) a; fetch all from k; rollback;
begin; set local role regress_cc; declare k cursor for select a from generate_series(1,2) a where vols(a) = ''; fetch all from k; rollback;
begin; set local role regress_cc; declare k cursor for select a from generate_series(1,2) a order by vols(a); fetch all from k; rollback;
begin; set local role regress_cc; declare k cursor for select max(vols(a)) from generate_series(1,2) a; fetch all from k; rollback;
begin; set local role regress_cc; declare k cursor for select (select vols(b.a) from generate_series(1,1)) from generate_series(1,2) b(a); fetch all from k; rollback;
begin; set local role regress_cc; declare k cursor for select imm(1); fetch all from k; rollback;
begin; set local role regress_cc; declare k cursor for select imm(a) from generate_series(1,2) b(a); fetch all from k; rollback;
begin; set local role regress_cc; declare k cursor for select inlset(1); fetch all from k; rollback;
begin; set local role regress_cc; declare k cursor for select * from inlset(1); fetch all from k; rollback;
-- with hold
begin; set local role regress_co; declare k cursor with hold for select vol() from t; set local role regress_cc; commit; fetch all from k; close k;
begin; set local role regress_co; declare k cursor with hold for select vol() from t; commit; fetch all from k; close k;
-- revoked in between
begin; set local role regress_co; declare k cursor for select vol(), a from t; reset role; revoke execute on function vol() from regress_co; revoke select on t from regress_co; set local role regress_co; fetch all from k; rollback;
begin; set local role regress_co; declare k cursor for select stab(a), a from t; reset role; revoke execute on function stab(int) from regress_co; set local role regress_co; fetch all from k; rollback;
-- nested: a function called by a cursor's query opens and calls as the fetcher
create function outerf() returns text language plpgsql volatile as $$ begin return current_user || vol(); end $$;
begin; set local role regress_co; declare k cursor for select outerf() from t; set local role regress_cc; fetch all from k; rollback;
-- PL/pgSQL
create function opener() returns refcursor language plpgsql security definer as $$ declare c refcursor := 'cc'; begin open c for select vol(), vols(a), stab(a) from t; return c; end $$;
alter function opener() owner to regress_co;
begin; set local role regress_cc; select opener(); fetch all from cc; rollback;
create function opener2() returns refcursor language plpgsql security definer as $$ declare c refcursor := 'cc'; begin open c for execute 'select vol(), inl(a), $1 from t' using vols(5); return c; end $$;
alter function opener2() owner to regress_co;
begin; set local role regress_cc; select opener2(); fetch all from cc; rollback;
reset role;
drop function opener(), opener2(), outerf(), vol(), vols(int), stab(int), srf(int), imm(int), inl(int), inlset(int); drop table t; drop role regress_cc; drop role regress_co;
