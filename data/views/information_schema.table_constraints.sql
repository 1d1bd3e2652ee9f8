-- NOT NULL counts as a check, named after the OIDs of schema and table and the column's number.
SELECT @database()::name AS constraint_catalog, nk.nspname::name AS constraint_schema, k.conname::name AS constraint_name,
  @database()::name AS table_catalog, n.nspname::name AS table_schema, c.relname::name AS table_name,
  (CASE k.contype WHEN 'c' THEN 'CHECK' WHEN 'f' THEN 'FOREIGN KEY' WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' END)::varchar
    AS constraint_type,
  (CASE WHEN k.condeferrable THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_deferrable,
  (CASE WHEN k.condeferred THEN 'YES' ELSE 'NO' END)::varchar(3) AS initially_deferred, 'YES'::varchar(3) AS enforced,
  (CASE WHEN k.contype = 'u' THEN CASE WHEN (SELECT x.indnullsnotdistinct FROM pg_catalog.pg_index AS x WHERE x.indexrelid = k.conindid)
                                       THEN 'NO' ELSE 'YES' END END)::varchar(3) AS nulls_distinct
FROM pg_catalog.pg_constraint AS k
  JOIN pg_catalog.pg_namespace AS nk ON nk.oid = k.connamespace
  JOIN pg_catalog.pg_class AS c ON c.oid = k.conrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE k.contype NOT IN ('t', 'x') AND c.relkind IN ('r', 'p') AND NOT pg_catalog.pg_is_other_temp_schema(n.oid)
  AND (pg_catalog.pg_has_role(c.relowner, 'USAGE')
       OR pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
       OR pg_catalog.has_any_column_privilege(c.oid, 'INSERT, UPDATE, REFERENCES'))
UNION ALL
SELECT @database()::name, n.nspname::name, (n.oid::text || '_' || c.oid::text || '_' || a.attnum::text || '_not_null')::name,
  @database()::name, n.nspname::name, c.relname::name, 'CHECK'::varchar, 'NO'::varchar(3), 'NO'::varchar(3), 'YES'::varchar(3), NULL::varchar(3)
FROM pg_catalog.pg_attribute AS a
  JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE a.attnotnull AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND NOT pg_catalog.pg_is_other_temp_schema(n.oid)
  AND (pg_catalog.pg_has_role(c.relowner, 'USAGE')
       OR pg_catalog.has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
       OR pg_catalog.has_any_column_privilege(c.oid, 'INSERT, UPDATE, REFERENCES'))
