-- Names of every form, right and wrong, as every reg* type reads them
\set VERBOSITY verbose
\ir federated_objects.sql
\pset null ~
\a
\t
CREATE TEMP TABLE names(n, o) AS SELECT * FROM unnest(ARRAY['ft','FT','"ft"','public.ft','"public"."ft"','postgres.public.ft','other.public.ft','a.b.c.d','n1."Q t"','n1.Q t','"Q t"','n1.sq','vw','','""','"','.','a.','.a',' ft ','ft ','fat','fat(int)','fat(integer)','fat ( int )','fat(int','fat(int))','fat()','fat(nosuch)','n1.pr','n1.pr(int, n1.dom)','pg_catalog.now()','now','abs','abs(int)','ft.a','+','+(int,int)','pg_catalog.+(int,int)','-(none,int)','-(int)','!!(none,tsquery)','=','OPERATOR(=)','en','ct','ct[]','ct[][]','int','integer','int4','numeric(5,2)','varchar(3)','n1.dom','dom','timestamp with time zone','bit(3)','"char"','char','interval hour to minute','setof int','ft%rowtype','ft.a%type','fo_one','R1','"N 2"','N 2','public','-','0','123','4294967295','4294967296','-1','1259','16384','n1','nosuch','nosuch.x','_int4','_ct','english','simple','pg_catalog.english','n1.coll','coll','"C"','C','aé']) WITH ORDINALITY;
SELECT format('SELECT %L::%s, to_%s(%1$L)', n, t, t) FROM names, unnest('{regclass,regtype,regproc,regprocedure,regoper,regoperator,regnamespace,regrole,regcollation}'::text[]) WITH ORDINALITY x(t,o2) WHERE n !~ '^\d+$' AND (t <> 'regtype' OR n NOT IN ('-', '"', 'a.')) ORDER BY o2, o
\gexec
SELECT format('SELECT %L::%s::text', n, t) FROM names, unnest('{regconfig,regdictionary,oid,name,xid}'::text[]) WITH ORDINALITY x(t,o2) ORDER BY o2, o
\gexec
SELECT format('SELECT %s::%s, %1$s::oid::%2$s::text', n, t) FROM unnest('{0,1,23,1259,4294967295,2147483648,11,10,424242}'::text[]) n, unnest('{regclass,regtype,regproc,regprocedure,regoper,regoperator,regnamespace,regrole,regcollation,regconfig,regdictionary}'::text[]) WITH ORDINALITY x(t,o2) ORDER BY o2, n
\gexec
SET search_path = n1;
SELECT 'public.ft'::regclass, '"Q t"'::regclass, 'public.fat(int)'::regprocedure, 'pr'::regproc, 'dom'::regtype, 'public.ct'::regtype, 'coll'::regcollation;
SET search_path = '';
SELECT 'public.ft'::regclass, 'n1."Q t"'::regclass, 'public.fat(int)'::regprocedure, 'n1.pr'::regproc, 'n1.dom[]'::regtype, 'public.ct'::regtype, 'n1.coll'::regcollation, 'pg_class'::regclass, '+(int,int)'::regoperator, 'int'::regtype, 'fat'::regproc;
SET ROLE fo_four;
SELECT 'n1."Q t"'::regclass;
SELECT to_regclass('n1."Q t"'), to_regtype('n1.dom'), to_regproc('n1.pr'), to_regprocedure('n1.pr(int,n1.dom)'), to_regnamespace('n1');
SELECT 'n1.pr'::regproc;
SELECT 'n1.dom'::regtype;
