-- Empty: there is no file of rules for connections.
SELECT NULL::integer AS line_number, NULL::text AS type, NULL::text[] AS database, NULL::text[] AS user_name, NULL::text AS address, NULL::text AS
  netmask, NULL::text AS auth_method, NULL::text[] AS options, NULL::text AS error
WHERE false
