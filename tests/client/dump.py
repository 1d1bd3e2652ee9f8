"""pg_dump against Medley: what it writes is what it writes of PostgreSQL, and loads into both again.

The objects are those of dump.sql. Compared are the schema (pg_dump --schema-only) and the roles (pg_dumpall --globals-only).
"""
import difflib
import os
import subprocess

from federation import ok
from servers import PG_BIN, Medley, PgCluster, psql_environment, temporary_directory

HERE = os.path.dirname(os.path.abspath(__file__))


def run(program, server, *args):
    done = subprocess.run([f"{PG_BIN}/{program}", "-h", server.socket_dir, "-p", str(server.port), "-U", "postgres", *args],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, env=psql_environment(), check=False)
    # A random token guards each dump of newer minor versions against psql's meta-commands, and the minor version stands in its head.
    return "".join(line for line in done.stdout.splitlines(True)
                   if not line.startswith(("\\restrict", "\\unrestrict", "-- Dumped from database version ")))


def dump(server):
    return run("pg_dumpall", server, "--globals-only"), run("pg_dump", server, "--schema-only", "postgres")


def load(server, roles, schema):
    """The roles beside the superuser, and the objects. What psql complains of."""
    roles = "".join(line for line in roles.splitlines(True) if line not in ("CREATE ROLE postgres;\n",))
    return "".join(server.psql("-q", "-v", "ON_ERROR_STOP=1", text_input=text).stdout.replace(" set_config \n------------\n \n(1 row)\n\n", "")
                   for text in (roles, schema))


def same(name, wanted, got):
    lines = list(difflib.unified_diff(wanted.splitlines(), got.splitlines(), "wanted", "got", lineterm="", n=2))
    ok(name, not lines and len(wanted) > 500, "\n".join(lines[:60]))


def main():
    build = os.environ["MEDLEY_BUILD"]
    with temporary_directory() as directory:
        homes = {name: os.path.join(directory, name) for name in ("source", "target", "medley", "second", "third")}
        for home in homes.values():
            os.mkdir(home)
        with PgCluster(homes["source"]) as source, Medley(build, homes["medley"]) as medley:
            for server in (source, medley):
                server.psql("-q", "-v", "ON_ERROR_STOP=1", "-f", f"{HERE}/dump.sql", check=True)
            wanted, got = dump(source), dump(medley)
        same("pg_dumpall --globals-only of Medley is that of PostgreSQL", wanted[0], got[0])
        same("pg_dump --schema-only of Medley is that of PostgreSQL", wanted[1], got[1])
        with PgCluster(homes["target"]) as target:
            complaints = load(target, *got)
            ok("the dump of Medley loads into PostgreSQL", not complaints, complaints)
            same("and dumps the same again", got[1], dump(target)[1])
        for name, dumped, home in (("of Medley", got, homes["second"]), ("of PostgreSQL", wanted, homes["third"])):
            with Medley(build, home) as second:
                complaints = load(second, *dumped)
                ok(f"the dump {name} loads into an empty Medley", not complaints, complaints)
                again = dump(second)
            same(f"and dumps the same roles again ({name})", dumped[0], again[0])
            same(f"and dumps the same schema again ({name})", dumped[1], again[1])


main()
