"""pg_dump against Medley: what it writes is what it writes of PostgreSQL, and loads into both again.

The objects are those of dump.sql. Compared are the schema (pg_dump --schema-only) and the roles (pg_dumpall --globals-only), then what other
options of pg_dump and pg_restore make of them, archives too.
"""
import os
import re

from dumps import difference, load, restore, run, same
from federation import ok
from servers import Medley, PgCluster, temporary_directory

HERE = os.path.dirname(os.path.abspath(__file__))


# What pg_dump is asked besides.
OPTIONS = ["--section=pre-data", "--section=data", "--section=post-data", "-s -O -x", "-s --clean --if-exists", "-s --create", "-s -C -c", "-s --no-comments", "-s -t public.*t*", "-s -T *.*t*",
           "-t nosuch", "-n nosuch", "-s -n public", "-s -N public", "-s --strict-names -n pub*", "-s -e file_fdw", "-s --extension=post*", "-s --quote-all-identifiers", "-s -E SQL_ASCII", "-s -E utf8", "-a --inserts", "-a --column-inserts --disable-triggers",
           "-s --role=postgres", "-s --use-set-session-authorization", "-s --lock-wait-timeout=1000", "-s --serializable-deferrable", "-s --enable-row-security", "-s --load-via-partition-root",
           "-s --no-publications --no-subscriptions --no-security-labels --no-tablespaces --no-toast-compression", "-a --include-foreign-data=nosuch"]
ALL_OPTIONS = ["--roles-only", "--tablespaces-only", "-g -c --if-exists", "-g -x", "-g --no-role-passwords", "-g --no-comments"]
# What pg_restore makes of an archive.
RESTORE_OPTIONS = ["-l", "-s -f -", "-a -f -", "-s -n public -f -", "--section=post-data -f -", "-s -c --if-exists -f -", "-s -O -x -f -"]


def variants(server, directory):
    """Name and output of each; of an archive's list neither times nor OIDs."""
    for options in OPTIONS:
        yield f"pg_dump {options}", run("pg_dump", server, *options.split(), "postgres")
    for options in ALL_OPTIONS:
        yield f"pg_dumpall {options}", run("pg_dumpall", server, *options.split())
    for form in "ctd":
        archive = f"{directory}/archive.{form}"
        yield f"pg_dump -F{form}", run("pg_dump", server, "-F", form, "-f", archive, "postgres")
        for options in RESTORE_OPTIONS:
            told = restore(*options.split(), archive)
            told = re.sub(r"^; +(Archive created|Dumped from).*\n", "", told, flags=re.M)
            yield f"pg_restore {options} of -F{form}", re.sub(r"^\d+; \d+ \d+ ", "", told, flags=re.M)


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
            others = [dict(variants(server, homes[name])) for server, name in ((source, "source"), (medley, "medley"))]
        same("pg_dumpall --globals-only of Medley is that of PostgreSQL", wanted[0], got[0])
        same("pg_dump --schema-only of Medley is that of PostgreSQL", wanted[1], got[1])
        for name, text in others[0].items():
            ok(f"{name} of Medley is that of PostgreSQL", text == others[1][name], difference(text, others[1][name]))
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
