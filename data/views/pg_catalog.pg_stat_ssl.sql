SELECT a.pid, a.ssl, a.sslversion AS version, a.sslcipher AS cipher, a.sslbits AS bits, a.ssl_client_dn AS client_dn,
  a.ssl_client_serial AS client_serial, a.ssl_issuer_dn AS issuer_dn
FROM pg_catalog.pg_stat_get_activity(NULL) AS a
WHERE a.client_port IS NOT NULL
