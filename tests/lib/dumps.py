"""pg_dump and what it writes: shared by the tests of dumps."""
import difflib
import subprocess

from federation import ok
from servers import PG_BIN, psql_environment


def run(program, server, *args):
    return output(program, "-h", server.socket_dir, "-p", str(server.port), "-U", "postgres", *args)


def restore(*args):
    """What pg_restore writes of an archive."""
    return output("pg_restore", *args)


def output(program, *args):
    done = subprocess.run([f"{PG_BIN}/{program}", *args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, env=psql_environment(), check=False)
    # A random token guards each dump of newer minor versions against psql's meta-commands, and the minor version stands in its head.
    return "".join(line for line in done.stdout.splitlines(True)
                   if not line.startswith(("\\restrict", "\\unrestrict", "-- Dumped from database version ")))


def load(server, text):
    """What psql complains of."""
    said = server.psql("-q", "-v", "ON_ERROR_STOP=1", text_input=text).stdout
    return "\n".join(line for line in said.splitlines() if line.strip() not in ("set_config", "setval", "(1 row)", "") and
                     line.strip("-") and not line.strip().isdigit())


def difference(wanted, got):
    return "\n".join(list(difflib.unified_diff(wanted.splitlines(), got.splitlines(), "wanted", "got", lineterm="", n=2))[:60])


def same(name, wanted, got):
    ok(name, wanted == got and len(wanted) > 500, difference(wanted, got))
