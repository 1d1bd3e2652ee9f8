"""PostgreSQL 15 and Medley with the same objects over the same source: what a client does is done with both, and must come out the same."""
import contextlib
import difflib
import os
import re

from federation import ok
from servers import Medley, PgCluster, temporary_directory

ADDRESS = "127.0.0.1"
SOURCE = """
CREATE TABLE items (id int PRIMARY KEY, name text, price numeric(10,2), day date, seen timestamptz, fine bool, raw bytea, tags text[]);
INSERT INTO items SELECT i, CASE WHEN i % 10 = 0 THEN NULL ELSE 'item ' || i END, i * 1.25, date '2024-01-01' + i % 366,
    timestamptz '2024-01-01 00:00:00+00' + i * interval '1 minute', i % 2 = 0, decode(lpad(to_hex(i), 8, '0'), 'hex'), ARRAY['a', i::text]
    FROM generate_series(1, 1000) i;
"""
OBJECTS = """
CREATE EXTENSION postgres_fdw;
CREATE EXTENSION file_fdw;
CREATE SERVER src FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{source.socket_dir}', port '{source.port}', dbname 'source');
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE USER MAPPING FOR postgres SERVER src OPTIONS (user 'postgres');
CREATE FOREIGN TABLE items (id int, name text, price numeric(10,2), day date, seen timestamptz, fine bool, raw bytea, tags text[]) SERVER src;
CREATE FOREIGN TABLE notes (id int, text text) SERVER files OPTIONS (filename '{csv}', format 'csv');
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TYPE pair AS (a int, b text);
CREATE TABLE own (id serial PRIMARY KEY, name text NOT NULL DEFAULT 'none', price numeric(10,2), feeling mood, at timestamptz);
CREATE TABLE kept (n int, t text);
INSERT INTO kept SELECT i, 'row ' || i FROM generate_series(1, 20) i;
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 2 * n; END';
CREATE FUNCTION up_to(n int) RETURNS SETOF int LANGUAGE sql AS 'SELECT * FROM generate_series(1, n)';
CREATE FUNCTION sums(a int, b int, OUT total int, OUT difference int) LANGUAGE plpgsql AS 'BEGIN total := a + b; difference := a - b; END';
CREATE PROCEDURE put(n int, t text) LANGUAGE sql AS 'INSERT INTO kept VALUES (n, t)';
CREATE PROCEDURE raise_it(INOUT n int) LANGUAGE plpgsql AS 'BEGIN n := n + 1; END';
CREATE FUNCTION tells(t text) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE NOTICE ''told %'', t; RETURN t; END';
"""


@contextlib.contextmanager
def twins(objects="", tcp=False, arguments=()):
    """Gives (postgresql, medley)."""
    with temporary_directory() as directory:
        homes = [os.path.join(directory, name) for name in ("postgresql", "medley")]
        for home in homes:
            os.mkdir(home)
        csv = os.path.join(directory, "notes.csv")
        with open(csv, "w", encoding="utf-8") as out:
            out.writelines(f"{i},note {i}\n" for i in range(1, 1001))
        with PgCluster(homes[0], port=54387, settings=[f"listen_addresses={ADDRESS}"] if tcp else []) as postgresql:
            postgresql.psql("-q", "-c", "CREATE DATABASE source", check=True)
            postgresql.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", SOURCE, database="source", check=True)
            listen = ["-h", ADDRESS, "--auth", "trust"] if tcp else []
            with Medley(os.environ["MEDLEY_BUILD"], homes[1], port=54386, arguments=[*listen, *arguments]) as medley:
                for server in (postgresql, medley):
                    text = OBJECTS.format(source=postgresql, csv=csv) + objects
                    server.psql("-q", "-v", "ON_ERROR_STOP=1", "-f", "-", text_input=text, check=True)
                yield postgresql, medley


CLEAN = "TRUNCATE own, kept, child; ALTER SEQUENCE own_id_seq RESTART; INSERT INTO kept SELECT i, 'row ' || i FROM generate_series(1, 20) i"


def steps_done(server, steps, connect):
    """What came of each step, over a connection and tables of its own: its lines by its name."""
    found = {}
    for step in steps:
        server.psql("-q", "-c", CLEAN, check=True)
        one = connect()
        try:
            step(one)
        except Exception as problem:  # whatever stops a step is the finding
            one.lines.append(f"ended with {type(problem).__name__}: {problem}")
        one.connection.close()
        found[step.__name__] = one.lines
    return found


def plain(text):
    """OIDs of objects that users made are numbered in the order they come."""
    numbers = {}
    return re.sub(r"(?<!\d)1[6-9]\d{3}(?!\d)", lambda m: f"oid{numbers.setdefault(m[0], len(numbers))}", text)


def same(name, wanted, got, limit=60):
    """Whether both lists of lines are the same; says where not, under the last line before that begins with ==."""
    wanted, got = (plain("\n".join(lines)).splitlines() for lines in (wanted, got))
    shown, label = [], None
    matcher = difflib.SequenceMatcher(None, wanted, got, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        now = next((line for line in reversed(wanted[:a]) if line.startswith("==")), None)
        shown += [now] if now and now != label else []
        shown += [f"  {line}" for line in wanted[max(a - 1, 0):a]] + [f"- {line}" for line in wanted[a:b]] + [f"+ {line}" for line in got[c:d]]
        label = now
    ok(f"{name} ({len(wanted)} lines)", not shown)
    for line in shown[:limit]:
        print(f"# {line[:400]}", flush=True)
    return not shown
