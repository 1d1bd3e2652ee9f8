-- Values are shown to the mapped user, those of PUBLIC's mapping to who has the privileges of the server's owner, all to superusers.
SELECT m.authorization_identifier, m.foreign_server_catalog, m.foreign_server_name, x.option_name::name AS option_name,
  CASE WHEN (m.umuser <> 0 AND m.authorization_identifier = current_user)
         OR (m.umuser = 0 AND pg_catalog.pg_has_role(m.srvowner, 'USAGE'))
         OR (SELECT me.rolsuper FROM pg_catalog.pg_authid AS me WHERE me.rolname = current_user)
       THEN x.option_value END::varchar AS option_value
FROM information_schema._pg_user_mappings AS m, pg_catalog.pg_options_to_table(m.umoptions) AS x
