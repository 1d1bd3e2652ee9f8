SELECT @database()::name AS object_catalog, k.object_schema, k.object_name, k.object_type::varchar AS object_type, k.dtd_identifier
FROM (SELECT a.udt_schema AS object_schema, a.udt_name AS object_name, 'USER-DEFINED TYPE'::text AS object_type, a.dtd_identifier
      FROM information_schema.attributes AS a
      UNION ALL SELECT c.table_schema, c.table_name, 'TABLE', c.dtd_identifier FROM information_schema.columns AS c
      UNION ALL SELECT d.domain_schema, d.domain_name, 'DOMAIN', d.dtd_identifier FROM information_schema.domains AS d
      UNION ALL SELECT p.specific_schema, p.specific_name, 'ROUTINE', p.dtd_identifier FROM information_schema.parameters AS p
      UNION ALL SELECT r.specific_schema, r.specific_name, 'ROUTINE', r.dtd_identifier FROM information_schema.routines AS r) AS k
