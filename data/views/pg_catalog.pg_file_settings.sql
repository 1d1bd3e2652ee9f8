-- Empty: there is no file of settings.
SELECT NULL::text AS sourcefile, NULL::integer AS sourceline, NULL::integer AS seqno, NULL::text AS name, NULL::text AS setting, NULL::boolean AS
  applied, NULL::text AS error
WHERE false
