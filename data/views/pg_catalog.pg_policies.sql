SELECT n.nspname AS schemaname, c.relname AS tablename, p.polname AS policyname,
  CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END AS permissive,
  CASE WHEN p.polroles = '{0}'::oid[] THEN '{public}'::name[]
       ELSE ARRAY(SELECT r.rolname FROM pg_catalog.pg_authid AS r WHERE r.oid = ANY (p.polroles) ORDER BY r.rolname) END AS roles,
  CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' WHEN '*' THEN 'ALL' END AS cmd,
  pg_catalog.pg_get_expr(p.polqual, p.polrelid) AS qual, pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) AS with_check
FROM pg_catalog.pg_policy AS p
  JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid
  LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
