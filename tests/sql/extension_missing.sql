-- Extensions that there are not.
\set VERBOSITY verbose
CREATE EXTENSION medley_nonesuch;
CREATE EXTENSION IF NOT EXISTS medley_nonesuch;
CREATE EXTENSION medley_nonesuch CASCADE;
CREATE EXTENSION medley_nonesuch SCHEMA public VERSION '1';
CREATE EXTENSION "Medley nonesuch";
CREATE EXTENSION "..x";
ALTER EXTENSION medley_nonesuch UPDATE;
DROP EXTENSION medley_nonesuch;
DROP EXTENSION IF EXISTS medley_nonesuch;
