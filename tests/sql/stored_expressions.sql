-- defaults and CHECKs as they are stored and shown, plain and pretty
CREATE FOREIGN DATA WRAPPER regress_se_w;
CREATE SERVER regress_se_s FOREIGN DATA WRAPPER regress_se_w;
CREATE FOREIGN TABLE regress_se_t (
    a int default 1+2*3,
    b text default ('a'||'b')||'c',
    c bool default (not true and (false or null)),
    d int default -1,
    e int check (e > 0 and (a in (1,2,3) or a between 3 and 5)),
    f text check (f like 'a%' and f is not null and upper(f) = f collate "C"),
    g int default case when true then 1 else 2 end,
    h text default coalesce(null,'x'),
    i text[] default array['a','b'],
    j int default (1::bigint)::int,
    k timestamptz default current_timestamp,
    l text default current_user,
    m int check (m is distinct from 3 and nullif(m,4) <> all (array[1,2])),
    n text default 'x'::varchar(3),
    o int default '5'::int,
    p numeric default 1.50,
    q date default date '2020-01-01',
    r interval default '1 day',
    s float8 default 1e10,
    t bigint default 5,
    u bool default 'f',
    v int default length('abc'),
    w text default substring('abc' from 1 for 2),
    x text default extract(year from now())::text,
    y int default greatest(1,2),
    z timestamp default (now() at time zone 'UTC'),
    aa varchar(3) default 'abc',
    ab char(5) default 'x',
    ac numeric(10,2) default 3,
    ad int check ((ad + 1) * 2 > 4 and -ad < 3 and not (ad = 7)),
    ae text check (ae = any ('{a,b}'::text[]) or substr(ae,1,1) = 'z'),
    af int[] check (af[1] > 0),
    ag text check (ag::varchar = 'x' and ag::int > 0),
    ah bool check (ah is true or ah is not unknown or ah is null),
    ai int check ((ai,a) = (1,2) and row(ai,a) < row(3,4)),
    aj text default trim(both 'x' from 'xax'),
    ak int default position('a' in 'ba'),
    al text default overlay('abc' placing 'x' from 1),
    am timestamp(3) default localtimestamp(2),
    an int check (an not in (1,2) and a not between 1 and 2),
    ao text check (ao ~ '^x' and ao not like 'b' and ao ilike 'c' and ao similar to 'q')
) SERVER regress_se_s;
CREATE FOREIGN TABLE regress_se_u (
    a varchar(5),
    b int,
    c numeric,
    d name,
    e text default 'x'::varchar,
    f text default 'a'::text::varchar,
    check (a = 'x'),
    check (b = 1.5 and b > 2::bigint),
    check (a || b = 'q'),
    check (a is null and coalesce(a, 'x') = 'y'),
    check (d = 'x' and d like 'y'),
    check (case when b > c then a = 'x' else not a = 'y' end),
    check (length(a) > b::smallint and b in (1, 2.5)),
    check (((a))::text::varchar(3) = 'u' and upper(a) between 'a' and 'b')
) SERVER regress_se_s;
SELECT adnum, pg_get_expr(adbin, adrelid) AS plain, pg_get_expr(adbin, adrelid, true) AS pretty FROM pg_attrdef WHERE adrelid = 'regress_se_t'::regclass ORDER BY adnum;
SELECT conname, conkey, pg_get_constraintdef(oid) AS plain FROM pg_constraint WHERE conrelid = 'regress_se_t'::regclass ORDER BY conname;
SELECT conname, pg_get_constraintdef(oid, true) AS pretty FROM pg_constraint WHERE conrelid = 'regress_se_t'::regclass ORDER BY conname;
\d regress_se_t
SELECT adnum, pg_get_expr(adbin, adrelid) AS plain, pg_get_expr(adbin, adrelid, true) AS pretty FROM pg_attrdef WHERE adrelid = 'regress_se_u'::regclass ORDER BY adnum;
SELECT conname, conkey, pg_get_constraintdef(oid) AS plain FROM pg_constraint WHERE conrelid = 'regress_se_u'::regclass ORDER BY conname;
SELECT conname, pg_get_constraintdef(oid, true) AS pretty FROM pg_constraint WHERE conrelid = 'regress_se_u'::regclass ORDER BY conname;
\d regress_se_u
-- a default and its column's new type
ALTER FOREIGN TABLE regress_se_t ALTER COLUMN a TYPE text;
ALTER FOREIGN TABLE regress_se_t ALTER COLUMN t TYPE numeric(5, 1);
ALTER FOREIGN TABLE regress_se_t ALTER COLUMN q TYPE timestamptz;
ALTER FOREIGN TABLE regress_se_t ALTER COLUMN h TYPE int;
SELECT adnum, pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'regress_se_t'::regclass AND adnum IN (1, 8, 17, 20) ORDER BY adnum;
-- constraints by name
ALTER FOREIGN TABLE regress_se_u ADD CONSTRAINT named CHECK (b > 0) NOT VALID;
ALTER FOREIGN TABLE regress_se_u ADD CONSTRAINT named CHECK (b > 0);
ALTER FOREIGN TABLE regress_se_u ADD CHECK (b <> 7) NO INHERIT;
ALTER FOREIGN TABLE regress_se_u ADD CHECK (nosuch > 7);
ALTER FOREIGN TABLE regress_se_u ADD CHECK (b);
SELECT conname, convalidated, connoinherit, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'regress_se_u'::regclass AND conname ~ '^named|_b_check' ORDER BY 1;
ALTER FOREIGN TABLE regress_se_u DROP CONSTRAINT named;
ALTER FOREIGN TABLE regress_se_u DROP CONSTRAINT named;
ALTER FOREIGN TABLE regress_se_u DROP CONSTRAINT IF EXISTS named;
SELECT relchecks FROM pg_class WHERE relname = 'regress_se_u';
-- a column's constraints go with it
ALTER FOREIGN TABLE regress_se_u DROP COLUMN a;
SELECT conname FROM pg_constraint WHERE conrelid = 'regress_se_u'::regclass ORDER BY conname;
SELECT relchecks FROM pg_class WHERE relname = 'regress_se_u';
DROP FOREIGN TABLE regress_se_t, regress_se_u;
DROP SERVER regress_se_s;
DROP FOREIGN DATA WRAPPER regress_se_w;
