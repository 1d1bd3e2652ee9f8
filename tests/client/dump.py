"""pg_dump against Medley: what it writes is what it writes of PostgreSQL, and loads into both again.

The objects are those of dump.sql. Compared are the schema (pg_dump --schema-only) and the roles (pg_dumpall --globals-only).
"""
import os

from dumps import load, run, same
from federation import ok
from servers import Medley, PgCluster, temporary_directory

HERE = os.path.dirname(os.path.abspath(__file__))


def dump(server):
    return run("pg_dumpall", server, "--globals-only"), run("pg_dump", server, "--schema-only", "postgres")


def load_both(server, roles, schema):
    """The roles beside the superuser, and the objects. What psql complains of."""
    roles = "".join(line for line in roles.splitlines(True) if line not in ("CREATE ROLE postgres;\n",))
    return load(server, roles) + load(server, schema)


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
            complaints = load_both(target, *got)
            ok("the dump of Medley loads into PostgreSQL", not complaints, complaints)
            same("and dumps the same again", got[1], dump(target)[1])
        for name, dumped, home in (("of Medley", got, homes["second"]), ("of PostgreSQL", wanted, homes["third"])):
            with Medley(build, home) as second:
                complaints = load_both(second, *dumped)
                ok(f"the dump {name} loads into an empty Medley", not complaints, complaints)
                again = dump(second)
            same(f"and dumps the same roles again ({name})", dumped[0], again[0])
            same(f"and dumps the same schema again ({name})", dumped[1], again[1])


main()
