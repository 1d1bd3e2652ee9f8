-- Nothing sets a security label here: there is no label provider.
SELECT l.objoid, l.classoid, l.objsubid, NULL::text AS objtype, NULL::oid AS objnamespace, NULL::text AS objname, l.provider, l.label
FROM pg_catalog.pg_seclabel AS l
WHERE false
