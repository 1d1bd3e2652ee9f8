#!/usr/bin/python3
"""Scripts that need a source: each is run by psql on PostgreSQL 15 and on Medley, both reaching the same PostgreSQL, and both must print the
same. Two things differ on purpose and are cut out of the errors' contexts: the remote SQL (Medley quotes every name) with the line of a COPY that
follows it, and the server and row that Medley names where a value is not what was declared."""
import difflib
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))
from servers import Medley, PgCluster, temporary_directory  # noqa: E402

PORT = 54398


def run(server, source, script):
    if script.startswith("writes"):
        source.psql("-q", "-v", "ON_ERROR_STOP=1", "-f", os.path.join(HERE, "writes_source.sql"), check=True)
    done = server.psql("-a", "-q", "-v", f"src={source.socket_dir}", "-v", f"port={source.port}", "-f", os.path.join(HERE, script))
    text = re.sub(r"^LOCATION:  .*\n", "", done.stdout, flags=re.M)
    text = re.sub(r'^(CONTEXT:  column ".*" of foreign table ".*?") on server ".*', r"\1", text, flags=re.M)
    return re.sub(r"(remote SQL command: ).*(\nCOPY .*)?", r"\1...", text.replace(HERE + "/", ""))


def fresh_postgres(source, script):
    """The script on a PostgreSQL of its own: its roles must not meet the source's."""
    with temporary_directory() as directory, PgCluster(directory) as oracle:
        return run(oracle, source, script)


def main():
    failed = False
    with temporary_directory() as directory, PgCluster(directory, port=PORT) as source:
        for script in ("source.sql", "import_sweep_source.sql"):
            source.psql("-q", "-v", "ON_ERROR_STOP=1", "-f", os.path.join(HERE, script), check=True)
        for script in ("postgres_fdw.sql", "import.sql", "import_sweep.sql", "connections.sql", "acting_users.sql", "application_name.sql",
                       "changed_sources.sql", "ended_sources.sql", "row_locks.sql", "writes.sql", "writes_trees.sql", "writes_transactions.sql",
                       "writes_refused.sql", "writes_types.sql", "text_search.sql", "xml.sql", "writes_lengths.sql", "writes_returning.sql"):
            wanted = fresh_postgres(source, script)
            with temporary_directory() as own, Medley(os.environ["MEDLEY_BUILD"], own) as medley:
                got = run(medley, source, script)
            name = f"wrapper oracle: {script}"
            print(f"ok {name}" if got == wanted else f"not ok {name}")
            failed = failed or got != wanted
            for line in list(difflib.unified_diff(wanted.splitlines(), got.splitlines(), "postgresql", "medley", lineterm="", n=2))[:80]:
                print(f"# {line}")
    sys.exit(failed)


main()
