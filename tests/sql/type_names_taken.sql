-- A type's name is looked up before what the definition says; labels that stand twice are the catalog index's error.
CREATE DOMAIN taken AS int;
CREATE DOMAIN taken AS nosuch;
CREATE DOMAIN taken AS record;
CREATE DOMAIN taken AS int PRIMARY KEY;
CREATE DOMAIN taken AS int DEFAULT 1 DEFAULT 2;
CREATE DOMAIN taken AS int COLLATE "C";
CREATE DOMAIN taken AS text COLLATE nosuch;
CREATE DOMAIN taken AS int CHECK (nosuch > 0);
CREATE DOMAIN nosuch.taken AS nosuch;
CREATE DOMAIN other AS int NOT NULL NOT NULL;
CREATE DOMAIN _taken AS int;
\dT *taken
CREATE TABLE rel (a int);
CREATE DOMAIN rel AS nosuch;
CREATE DOMAIN _rel AS nosuch;
CREATE TYPE taken AS ENUM ('a', 'a');
CREATE TYPE taken AS (a nosuch);
DO $$ DECLARE detail text; kept text[] := '{}'; one text;
BEGIN
  CREATE TYPE twice AS ENUM ('a', 'b', 'it''s', 'a');
EXCEPTION WHEN unique_violation THEN
  GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, one = TABLE_NAME;
  kept := kept || one;
  GET STACKED DIAGNOSTICS one = CONSTRAINT_NAME;
  kept := kept || one;
  GET STACKED DIAGNOSTICS one = SCHEMA_NAME;
  RAISE NOTICE '% | % | %', SQLERRM, regexp_replace(detail, '\d+', 'OID'), kept || one;
END $$;
DROP TABLE rel; DROP DOMAIN taken, other, _taken;
