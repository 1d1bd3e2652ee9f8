-- Empty: there is no file of user names.
SELECT NULL::integer AS line_number, NULL::text AS map_name, NULL::text AS sys_name, NULL::text AS pg_username, NULL::text AS error
WHERE false
