SELECT member.rolname::name AS grantee, role.rolname::name AS role_name, (CASE WHEN m.admin_option THEN 'YES' ELSE 'NO' END)::varchar(3) AS is_grantable
FROM (SELECT x.member, x.roleid, x.admin_option FROM pg_catalog.pg_auth_members AS x
      UNION
      SELECT d.datdba, p.oid, false FROM pg_catalog.pg_database AS d, pg_catalog.pg_authid AS p
      WHERE d.datname = @database() AND p.rolname = 'pg_database_owner') AS m
  JOIN pg_catalog.pg_authid AS member ON member.oid = m.member
  JOIN pg_catalog.pg_authid AS role ON role.oid = m.roleid
WHERE pg_catalog.pg_has_role(member.oid, 'USAGE')
