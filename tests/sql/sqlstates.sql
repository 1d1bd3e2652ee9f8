-- the SQLSTATEs of all that the scripts of objects provoke
\set VERBOSITY sqlstate
\ir roles.sql
\ir schemas.sql
\ir extensions.sql
\ir wrappers.sql
\ir servers.sql
\ir user_mappings.sql
\ir foreign_tables.sql
\ir alter_foreign_tables.sql
\ir privileges.sql
\ir comments.sql
\ir import.sql
