SELECT a.pid, a.gss_auth AS gss_authenticated, a.gss_princ AS principal, a.gss_enc AS encrypted
FROM pg_catalog.pg_stat_get_activity(NULL) AS a
WHERE a.client_port IS NOT NULL
