-- Letters, and their cases, of collation C are those of ASCII: written, of a column, of a name.
CREATE TEMP table t (x text, c text collate "C", n name);
INSERT INTO t VALUES ('éÀaB ßç','éÀaB ßç','éÀaB ßç');
SELECT upper(x collate "C"), lower(x collate "C"), initcap(x collate "C"), upper(x), lower(x), initcap(x) FROM t;
SELECT upper(c), lower(c), initcap(c), upper(n), lower(n), initcap(n), upper(n::text) FROM t;
SELECT upper('é' collate "C"), upper('é'::name), upper('é' collate "POSIX"), upper('é' collate "ucs_basic"), lower('É' || 'é' collate "C");
SELECT x ilike 'É%' collate "C", x ilike 'É%', c ilike 'É%', n ilike 'É%', c ~* '^É', x ~* '^É', n ~* '^É', c ~* '^É' collate "default" FROM t;
SELECT x ~ '^[[:alpha:]]', x collate "C" ~ '^[[:alpha:]]', n ~ '^[[:alpha:]]', c ~ '^\w', x ~ '^\w', n ~ '^\w', c similar to '[[:alpha:]]%' FROM t;
SELECT regexp_replace(c,'[[:alpha:]]','X','g'), regexp_replace(x,'[[:alpha:]]','X','g'), regexp_match(c,'\w+'), regexp_match(x,'\w+'), regexp_split_to_array(c,'\W'), regexp_count(c,'[[:upper:]]'),regexp_count(x,'[[:upper:]]'), regexp_instr(c,'\w'), regexp_substr(c,'\w+'), substring(c from '\w+'), regexp_like(c,'É','i') FROM t;
SELECT c ilike any (array['É%']), x ilike any (array['É%']), x ~* all (array['É' collate "C"]), n ~* any(array['É']) FROM t;
SELECT m FROM t, regexp_matches(c, '\w+', 'g') m ORDER BY m;
SELECT m FROM t, regexp_matches(x, '\w+', 'g') m ORDER BY m;
SELECT regexp_matches('éa' collate "C",'\w+','g');
SELECT * from regexp_matches('éa' collate "C",'\w+','g');
SELECT * from regexp_split_to_table('éa' collate "C",'\W');
SELECT x collate "C" ~ '(é)\1', 'éÉ' collate "C" ~* '(é)\1', 'éÉ' ~* '(é)\1', 'aA' collate "C" ~* '(a)\1' FROM t;
SELECT upper(case when x > 'a' then x else c end), upper(coalesce(x,c)), upper(x||c) FROM t;
SELECT upper(min(c)), max(upper(x collate "C")) FROM t;
