-- Writes to a foreign table beside items of WITH that write: refused before any of them runs
\set VERBOSITY verbose
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE f (id int, t text) SERVER files OPTIONS (filename '/dev/null');
CREATE TABLE l (id serial, t text);
WITH x AS (INSERT INTO l (t) VALUES ('b') RETURNING *) INSERT INTO f SELECT * FROM x;
WITH x AS (DELETE FROM l RETURNING *) INSERT INTO f SELECT * FROM x;
WITH x AS (UPDATE l SET id = 2 RETURNING *) DELETE FROM f USING x;
WITH x AS (UPDATE l SET id = 2 RETURNING *) UPDATE f SET t = x.t FROM x WHERE f.id = x.id;
WITH x AS (INSERT INTO l (t) VALUES ('c') RETURNING *) INSERT INTO f SELECT id, t FROM x RETURNING *;
WITH x AS (INSERT INTO f VALUES (1, 'a') RETURNING *) SELECT * FROM x;
WITH w AS (INSERT INTO l (t) VALUES ('d')), x AS (INSERT INTO f VALUES (1, 'a') RETURNING *) DELETE FROM l USING x;
WITH x AS (INSERT INTO l (t) VALUES ('e') RETURNING *) INSERT INTO f (id) VALUES ((SELECT id FROM x));
SELECT * FROM l;
INSERT INTO l (t) VALUES ('first') RETURNING *;
