-- How PostgreSQL's own functions are described: arguments, results, definitions and bodies, all of them.
-- Function 4551 came with a later minor version than some have.
\pset format unaligned
SELECT count(*) FROM pg_proc WHERE oid < 16384 AND probin IS NOT NULL;
SELECT probin, count(*), min(prosrc), max(prosrc) FROM pg_proc WHERE oid < 16384 AND probin IS NOT NULL GROUP BY 1 ORDER BY 1;
SELECT oid / 500 AS some, count(*), md5(string_agg(pg_get_function_arguments(oid), E'\n' ORDER BY oid)) AS arguments,
       md5(string_agg(pg_get_function_identity_arguments(oid), E'\n' ORDER BY oid)) AS identity,
       md5(string_agg(pg_get_function_result(oid), E'\n' ORDER BY oid)) AS result
  FROM pg_proc WHERE oid < 16384 AND oid <> 4551 GROUP BY 1 ORDER BY 1;
SELECT oid / 500 AS some, count(*), md5(string_agg(pg_get_functiondef(oid), E'\n' ORDER BY oid)) AS definition
  FROM pg_proc WHERE oid < 16384 AND prokind <> 'a' AND oid <> 4551 GROUP BY 1 ORDER BY 1;
SELECT oid::regprocedure, pg_get_function_sqlbody(oid) FROM pg_proc WHERE oid < 16384 AND prosqlbody IS NOT NULL ORDER BY oid;
SELECT oid::regprocedure, n, pg_get_function_arg_default(oid, n) FROM pg_proc, generate_series(1, 8) n
 WHERE oid < 16384 AND pg_get_function_arg_default(oid, n) IS NOT NULL ORDER BY oid, n;
\df satisfies_hash_partition
\df+ plpgsql_call_handler
\sf satisfies_hash_partition
\sf+ ts_debug(text)
\sf information_schema._pg_index_position
\sf plpgsql_inline_handler
SET search_path = information_schema, public;
\sf _pg_datetime_precision
