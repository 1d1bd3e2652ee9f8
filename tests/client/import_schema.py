"""IMPORT FOREIGN SCHEMA from a PostgreSQL source: the same script on PostgreSQL and on Medley, the same output."""
import difflib
import os
import sys

from federation import SOURCE_PORT, ok
from servers import Medley, PgCluster, temporary_directory

SOURCE = """
CREATE SCHEMA s;
CREATE TABLE s.plain (a int PRIMARY KEY, b text NOT NULL, c varchar(10) DEFAULT 'x', d numeric(10, 2), e timestamptz DEFAULT now());
CREATE TABLE s.typed (a bool, b char(3), c bytea, d uuid, e int[], f jsonb, g interval, h date, i time(3), j float8, k "char", l name);
CREATE TABLE s."Quoted Name" ("Col A" int, "select" text COLLATE "C", "d""q" text COLLATE "POSIX");
CREATE TABLE s.generated (a int, b int GENERATED ALWAYS AS (a * 2) STORED);
CREATE TABLE s.dropped (a int, b int, c int);
ALTER TABLE s.dropped DROP COLUMN b;
CREATE TABLE s.parent (a int, b text) PARTITION BY RANGE (a);
CREATE TABLE s.part PARTITION OF s.parent FOR VALUES FROM (0) TO (10);
CREATE VIEW s.v AS SELECT a, b FROM s.plain;
CREATE MATERIALIZED VIEW s.m AS SELECT a FROM s.plain;
CREATE SEQUENCE s.seq;
CREATE TABLE s.nocolumns ();
CREATE SCHEMA empty;
CREATE SCHEMA t;
CREATE TYPE t.mood AS ENUM ('sad', 'happy');
CREATE TABLE t.strange (a t.mood);
CREATE TABLE t.fine (a int);
"""

SCRIPT = r"""
CREATE EXTENSION postgres_fdw;
CREATE SERVER src FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host :'host', port :'source_port', dbname 'source');
CREATE USER MAPPING FOR CURRENT_USER SERVER src OPTIONS (user 'postgres');
\set tables 'SELECT n.nspname, relname, ftoptions FROM pg_foreign_table f JOIN pg_class c ON c.oid = ftrelid JOIN pg_namespace n ON n.oid = relnamespace ORDER BY 1, 2'
\set columns 'SELECT n.nspname, relname, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attcollation::regcollation, attfdwoptions FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = \'f\' AND attnum > 0 ORDER BY 1, 2, 3'
CREATE SCHEMA i1;
IMPORT FOREIGN SCHEMA s EXCEPT (generated) FROM SERVER src INTO i1;
:tables;
:columns;
\d i1.plain
CREATE SCHEMA i2;
IMPORT FOREIGN SCHEMA s LIMIT TO (plain, "Quoted Name", nosuch) FROM SERVER src INTO i2 OPTIONS (import_default 'true');
\d i2.plain
CREATE SCHEMA i3;
IMPORT FOREIGN SCHEMA s EXCEPT (typed, generated) FROM SERVER src INTO i3 OPTIONS (import_collate 'false', import_not_null 'false');
:columns;
CREATE SCHEMA i4;
IMPORT FOREIGN SCHEMA nosuch FROM SERVER src INTO i4;
IMPORT FOREIGN SCHEMA empty FROM SERVER src INTO i4;
IMPORT FOREIGN SCHEMA s LIMIT TO (part, parent) FROM SERVER src INTO i4;
IMPORT FOREIGN SCHEMA s LIMIT TO (plain, part) FROM SERVER src INTO i4;
\set VERBOSITY sqlstate
IMPORT FOREIGN SCHEMA t LIMIT TO (strange) FROM SERVER src INTO i4;
IMPORT FOREIGN SCHEMA t FROM SERVER src INTO i4;
\set VERBOSITY default
SELECT relname FROM pg_class WHERE relkind = 'f' AND relnamespace = 'i4'::regnamespace ORDER BY 1;
BEGIN;
CREATE SCHEMA i5;
IMPORT FOREIGN SCHEMA t LIMIT TO (fine) FROM SERVER src INTO i5;
\d i5.fine
ROLLBACK;
:tables;
CREATE ROLE nobody;
GRANT USAGE ON FOREIGN SERVER src TO nobody;
GRANT USAGE, CREATE ON SCHEMA i4 TO nobody;
SET ROLE nobody;
IMPORT FOREIGN SCHEMA t FROM SERVER src INTO i4;
"""


def run(server, source, directory):
    path = f"{directory}/import.psql"
    with open(path, "w", encoding="utf-8") as file:
        file.write(SCRIPT)
    return server.psql("-a", "-q", "-v", f"host={source.socket_dir}", "-v", f"source_port={source.port}", "-f", path).stdout


def main():
    with temporary_directory() as directory:
        homes = [os.path.join(directory, name) for name in ("source", "medley")]
        for home in homes:
            os.mkdir(home)
        with PgCluster(homes[0], SOURCE_PORT) as source:
            source.psql("-q", "-c", "CREATE DATABASE source")
            path = f"{directory}/source.sql"
            with open(path, "w", encoding="utf-8") as file:
                file.write("\\connect source\n" + SOURCE)
            source.psql("-q", "-f", path)
            wanted = run(source, source, directory)
            with Medley(os.environ["MEDLEY_BUILD"], homes[1]) as medley:
                got = run(medley, source, directory)
        lines = list(difflib.unified_diff(wanted.splitlines(), got.splitlines(), "postgresql", "medley", lineterm="", n=1))
        ok("IMPORT FOREIGN SCHEMA as PostgreSQL does it", not lines and "i4" in wanted, "\n".join(lines[:80]))
        if "-v" in sys.argv:
            print(wanted)


main()
