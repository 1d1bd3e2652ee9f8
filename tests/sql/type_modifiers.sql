-- format_type with every number as a modifier
\set VERBOSITY verbose
select t.typname, m, format_type(t.oid, m) from pg_type t, unnest(array[-2147483648, -2, -1, 0, 1, 3, 4, 5, 6, 7, 8, 10, 65535, 65536, 327684, 655366, 268435455, 268435456, 2147418112, 2147483647, null]) m where t.oid < 10000 and t.typtype in ('b','p','r','m') and t.typname !~ '^_' and t.typnamespace = 11 and t.typname <> 'interval' order by 1, 2;
select t.typname, m, format_type(t.oid, m) from pg_type t, unnest(array[-2,-1,0,1,4,5,65540]) m where t.oid in (1231,1015,1014,1183,1185,1182,1270,1115,1561,1563,1002,2949) order by 1, 2;
select format_type(1186, 0);
select format_type(1186, 65535);
select format_type(1186, 131071);
select format_type(1186, 196607);
select format_type(1186, 262143);
select format_type(1186, 268369920);
select format_type(1186, 268435454);
select format_type(1186, 268435455);
select format_type(1186, 402653183);
select format_type(1186, 402653182);
select format_type(1186, 402653188);
select format_type(1186, 2147483647);
select format_type(1186, 2147418111);
select format_type(1186, 2147418112);
select format_type(1186, 2147418115);
select format_type(1186, 1073807359), format_type(1186, 470286335), format_type(1186, 469827583);
select format_type(1186, 1006698495);
select format_type(1186, 939589631);
select format_type(1186, 939524096);
select format_type(1186, 201392127), format_type(1186, 468713471), format_type(1186, 201326591);
select format_type(1186, -5);
select format_type(1187, 0);
select format_type(1187, 268435455), format_type(1187, -1), format_type(1187, -2);
select format_type(0, -1), format_type(999999, -1), format_type(null, 1), format_type(16, null), format_type(0, 5), format_type(999999, 3), format_type(2205, 1);
