-- regular expressions that conditions compare with are read when a query is planned: what is none is an error though no row is looked at
SELECT relname FROM pg_class WHERE relname ~ '(' AND oid = 0;
SELECT relname FROM pg_class WHERE oid = 0 AND relname ~ '[';
SELECT relname ~ '(' FROM pg_class WHERE oid = 0;
SELECT pubname FROM pg_publication WHERE pubname ~ 'a(';
SELECT pubname FROM pg_publication WHERE pubname !~* 'a(' OR pubname = 'x';
SELECT pubname FROM pg_publication WHERE pubname !~ 'a(';
SELECT pubname FROM pg_publication WHERE pubname ~* '*';
SELECT pubname FROM pg_publication WHERE pubname ~ 'a{2,1}';
SELECT pubname FROM pg_publication WHERE pubname ~ E'\\';
SELECT pubname FROM pg_publication WHERE pubname ~ '[b-a]';
SELECT pubname FROM pg_publication WHERE pubname ~ '[[:nosuch:]]';
SELECT pubname FROM pg_publication WHERE pubname ~ 'a{300}';
SELECT pubname FROM pg_publication WHERE pubname SIMILAR TO 'a(';
SELECT pubname FROM pg_publication WHERE pubname OPERATOR(pg_catalog.~) '^(x' COLLATE pg_catalog.default;
SELECT pubname FROM pg_publication WHERE false AND pubname ~ '(';
SELECT pubname FROM pg_publication WHERE true OR pubname ~ '(';
SELECT pubname FROM pg_publication p LEFT JOIN pg_class c ON c.relname ~ '(';
SELECT pubname FROM pg_publication p LEFT JOIN pg_class c ON p.pubname ~ '(' AND c.relname = p.pubname;
SELECT pubname FROM pg_publication p JOIN pg_class c ON c.relname = p.pubname AND c.relname ~ '[';
SELECT count(*) FILTER (WHERE pubname ~ '(') FROM pg_publication;
SELECT pubname, count(*) FROM pg_publication GROUP BY 1 HAVING pubname ~ '(';
SELECT pubname, count(*) FROM pg_publication GROUP BY 1 HAVING min(pubname::text) ~ '(';
SELECT pubname FROM pg_publication WHERE EXISTS (SELECT 1 FROM pg_class WHERE relname ~ '(');
SELECT (SELECT pubname FROM pg_publication WHERE pubname ~ '(');
WITH w AS MATERIALIZED (SELECT pubname FROM pg_publication WHERE pubname ~ '(') SELECT * FROM w;
SELECT 1 UNION SELECT 2 FROM pg_publication WHERE pubname ~ '(';
SELECT pubname FROM pg_publication WHERE NOT pubname ~ '(';
SELECT pubname FROM pg_publication WHERE (pubname ~ '(') IS NOT TRUE;
SELECT pubname FROM pg_publication WHERE coalesce(pubname ~ '(', true);
SELECT pubname FROM pg_publication WHERE CASE WHEN pubname ~ '(' THEN true END;
SELECT pubname FROM pg_publication WHERE regexp_match(pubname, '(') IS NULL;
SELECT pubname FROM pg_publication WHERE '(' ~ pubname;
SELECT pubname FROM pg_publication WHERE pubname ~ NULL;
SELECT pubname FROM pg_publication WHERE pubname ~ ('(' || pubowner);
SELECT pubname FROM pg_publication WHERE pubname ~ ('(' || 'x');
SELECT pubname FROM pg_publication ORDER BY pubname ~ '(';
SELECT * FROM generate_series(1, 0) s(a) WHERE a::text ~ '(';
SELECT 1 WHERE 'x' ~ '(';
SELECT 1 WHERE false AND 'x' ~ '(';
CREATE TEMP TABLE regress_pat (a text, b char(3), c varchar(3));
SELECT a FROM regress_pat WHERE a ~ '(';
SELECT a FROM regress_pat WHERE b ~ '(';
SELECT a FROM regress_pat WHERE c !~* '(';
UPDATE regress_pat SET a = 'x' WHERE a ~ '(';
DELETE FROM regress_pat WHERE a ~ '(';
EXPLAIN (COSTS OFF) SELECT * FROM regress_pat WHERE a ~ '(';
CREATE TEMP VIEW regress_patv AS SELECT * FROM regress_pat WHERE a ~ '(';
SELECT * FROM regress_patv;
\da public.(
\dRp (
\dRs [
\dy (
\dfw public.(
-- arguments of aggregates over an order
SELECT oid::regprocedure, pg_get_function_arguments(oid), pg_get_function_identity_arguments(oid) FROM pg_proc
  WHERE proname IN ('percentile_cont', 'percentile_disc', 'rank', 'mode', 'cume_dist', 'percent_rank', 'dense_rank', 'sum', 'string_agg') ORDER BY 1::text COLLATE "C", 2 COLLATE "C";
\df mode
\dfa percentile_cont
\dfaS+ rank
-- long texts in which nothing matches
SELECT count(*) FROM regexp_matches(repeat('a', 60000), '(a*)*b');
SELECT regexp_replace(repeat('ab', 30000), '(a|ab|b)+c', 'x', 'g') = repeat('ab', 30000), regexp_match(repeat('a', 60000), '(a+)\1+c|b$');
SELECT length((regexp_match(repeat('a', 60000) || 'b', '(a*)*b'))[1]), regexp_instr(repeat('a', 60000) || 'bc', '(b)c');
