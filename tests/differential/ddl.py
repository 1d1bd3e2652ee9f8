#!/usr/bin/python3
"""Random DDL on PostgreSQL 15 and on Medley: the same messages, the same catalogs afterwards, the same schema dump.

usage: ddl.py [--seed N] [--scripts N] [--length N] [--seconds N] [--keep] [--show] [SCRIPT.sql ...]

Without arguments a fixed sample of seeds, as the test suite runs it. A script that differs is made as small as it will go and printed;
SCRIPT.sql, one statement a line, runs that instead.
"""
import argparse
import difflib
import os
import re
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
import catalog_state  # noqa: E402
from ddl_grammar import PREAMBLE, Grammar  # noqa: E402
from servers import PG_BIN, Medley, PgCluster, psql_environment, temporary_directory  # noqa: E402

FAR = """CREATE SCHEMA far; CREATE TABLE far.t1 (a int NOT NULL, b text COLLATE "C" DEFAULT 'x'); CREATE TABLE far.t5 (a bigint, c varchar(10));
CREATE VIEW far.v1 AS SELECT a FROM far.t1;"""
# What Medley refuses by name: such a statement is left out, and the script run again without it.
REFUSED = re.compile(r"ERROR:  0A000: (row-level triggers on partitioned tables are|constraint triggers are|transition tables are|ALTER (FOREIGN )?TABLE \.\.\. .* is|.* where table .* has rows is|"
                     r"converting to domain .* is|temporary (tables|sequences) are|typed tables are|tablespaces are) not supported")
# An option of file_fdw that PostgreSQL's has not: such a statement is left out too.
ADDED = 'invalid option "column_name"'
# A superuser whom the scripts do not know looks at what they left, and puts the oracle's shared catalogs in order for the next one.
WATCHER = "CREATE ROLE watcher SUPERUSER LOGIN"
RESET = """UPDATE pg_authid SET rolsuper = true, rolinherit = true, rolcreaterole = true, rolcreatedb = true, rolcanlogin = true, rolreplication = true,
  rolbypassrls = true, rolconnlimit = -1, rolvaliduntil = NULL, rolpassword = NULL WHERE rolname = 'postgres';
DELETE FROM pg_auth_members WHERE roleid >= 16384 OR member >= 16384 OR roleid = 10 OR member = 10; DELETE FROM pg_db_role_setting; DELETE FROM pg_shdescription WHERE classoid = 'pg_authid'::regclass;
DO $$ DECLARE r text; BEGIN FOR r IN SELECT rolname FROM pg_roles WHERE oid >= 16384 AND rolname <> 'watcher' LOOP EXECUTE format('DROP ROLE %I', r); END LOOP; END $$"""
SAMPLE = dict(seed=1, scripts=30, length=60, seconds=30)


class Oracle:
    """One PostgreSQL; each script finds a fresh database `postgres` and no roles."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.socket_dir, self.port = cluster.socket_dir, cluster.port
        self.cluster.psql("-q", "-c", WATCHER, check=True)
        self.run("CREATE DATABASE remote", "template1")
        self.run(FAR, "remote")

    def run(self, text, database):
        self.cluster.psql("-q", "-c", text, database=database, user="watcher", check=True)

    def reset(self):
        self.run("DROP DATABASE IF EXISTS postgres WITH (FORCE)", "template1")
        self.run(RESET, "template1")
        self.run("CREATE DATABASE postgres OWNER postgres TEMPLATE template0", "template1")

    def psql(self, *args, **kwargs):
        return self.cluster.psql(*args, **kwargs)


def clean(text, *directories):
    """psql's output without what tells the servers apart."""
    text = re.sub(r"^LOCATION:  .*\n", "", text, flags=re.M)
    text = re.sub(r"psql:<stdin>:\d+: ", "", text)
    text = re.sub(r"'\d+'::oid", "'N'::oid", re.sub(r"\bpg_toast_\d+", "pg_toast_N", text))
    text = re.sub(r"\bpg_attver=\d+,?", "", text).replace(",}|", "}|").replace("|{}|", "||")  # a mark of Debian's PostgreSQL
    for directory in directories:
        text = text.replace(directory, "DIR")
    return text


def same(statement, wanted, got):
    """The oracle's database was made anew, after the schema public: details, in the order of OIDs, name it later. The first of all tables in
    a schema is whichever comes first in PostgreSQL's heap."""
    if " IN SCHEMA " in statement and "permission denied for" in wanted and "permission denied for" in got:
        return True
    if " IN SCHEMA " in statement and sorted(wanted.split("\n")) == sorted(got.split("\n")):  # nor are all of them in another order
        return True
    return wanted == got or ("database postgres" in wanted and sorted(wanted.replace("DETAIL:  ", "").split("\n")) == sorted(got.replace("DETAIL:  ", "").split("\n")))


def numbered(lines):
    return "".join(f"\\echo @@ {number}\n{line}\n" for number, line in enumerate(lines))


def answers(server, far, lines, with_state):
    """What a server said to each line, then its state: one dictionary."""
    head = ["-q", "-v", f"host={far.socket_dir}", "-v", f"port={far.port}"]
    text = PREAMBLE + numbered(lines)
    if with_state:
        text += "\nROLLBACK;\n\\c - watcher\n" + catalog_state.script()
    output = clean(server.psql(*head, text_input=text, timeout=120).stdout, server.socket_dir, far.socket_dir)
    pieces = catalog_state.parts(output)
    if with_state:
        dump = subprocess.run([f"{PG_BIN}/pg_dump", "-s", "-h", server.socket_dir, "-p", str(server.port), "-U", "watcher", "postgres"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=psql_environment(), text=True, errors="replace", timeout=120, check=False).stdout
        pieces["pg_dump"] = re.sub(r"^(pg_dump: )?.*(LOCATION|Dumped from database version|restrict \w{20,}).*\n", "", clean(dump, server.socket_dir, far.socket_dir), flags=re.M)
    return pieces


class Runner:
    def __init__(self, build, oracle):
        self.build, self.oracle = build, oracle

    def run(self, lines, with_state=True):
        """Keys whose answers differ, in order, with both answers."""
        self.oracle.reset()
        wanted = answers(self.oracle, self.oracle, lines, with_state)
        with temporary_directory() as directory:
            try:
                with Medley(self.build, directory) as medley:
                    medley.psql("-q", "-c", WATCHER, check=True)
                    got = answers(medley, self.oracle, lines, with_state)
            except RuntimeError as problem:
                got = {**got, "end of the server": str(problem)} if "got" in locals() else {"end of the server": str(problem)}
        refused = [int(key) for key, text in got.items() if key.isdigit() and (REFUSED.search(text) or ADDED in wanted.get(key, "")) and wanted.get(key) != text]
        if refused:
            lines[refused[0]] = "SELECT 1;"
            return self.run(lines, with_state)
        keys = [*wanted, *(k for k in got if k not in wanted)]
        return [(key, wanted.get(key, "(nothing)"), got.get(key, "(nothing)")) for key in keys if not same(lines[int(key)] if key.isdigit() else key, wanted.get(key, ""), got.get(key, ""))]

    def smaller(self, lines, difference):
        """The same first difference from fewer statements: what it is about (a statement's number changes, its text does not)."""
        key = difference[0]
        if key.isdigit():
            lines, last = lines[:int(key)], [lines[int(key)]]
        else:
            last = []

        def shows(candidate):
            found = self.run(candidate + last, with_state=not last)
            return any((not k.isdigit() and k == key) if not last else k == str(len(candidate)) for k, _, _ in found[:1])

        size = max(1, len(lines) // 2)
        while lines:
            at, shrunk = 0, False
            while at < len(lines):
                candidate = lines[:at] + lines[at + size:]
                if shows(candidate):
                    lines, shrunk = candidate, True
                else:
                    at += size
            if size == 1 and not shrunk:
                break
            size = max(1, size // 2)
        return lines + last


def show(title, lines, found):
    print(f"# {title}")
    for line in lines:
        print(f"#   {line}")
    for at, (key, wanted, got) in enumerate(found):
        if at and not all("ERROR:" in text for _, *texts in found[:at] for text in texts):  # what follows may come of what differed
            break
        place = lines[int(key)] if key.isdigit() and int(key) < len(lines) else key
        print(f"# --- {place}")
        diff = list(difflib.unified_diff(wanted.splitlines(), got.splitlines(), "postgresql", "medley", lineterm="", n=0))
        for line in diff[2:30]:
            print(f"# {line}")
    sys.stdout.flush()


def run_files(runner, paths, minimise):
    failed = 0
    for path in paths:
        with open(path, encoding="utf-8") as file:
            lines = [line.strip() for line in file if line.strip() and not line.startswith("--")]
        found = runner.run(lines)
        if found and minimise:
            lines = runner.smaller(lines, found[0])
            found = runner.run(lines) or found
        if found:
            show(path, lines, found)
        failed += bool(found)
        print(f"{'not ok' if found else 'ok'} ddl {path}")
    return failed


def run_seeds(runner, options):
    start, failed, statements = time.time(), 0, 0
    for seed in range(options.seed, options.seed + options.scripts):
        if time.time() - start > options.seconds:
            break
        lines = Grammar(seed).script(options.length)
        found = runner.run(lines)
        statements += len(lines)
        if not found:
            continue
        failed += 1
        if options.raw:
            show(f"seed {seed}", [], [(f"{key}: {lines[int(key)]}" if key.isdigit() else key, *answers) for key, *answers in found])
        else:
            small = runner.smaller(lines, found[0])
            show(f"seed {seed}", small, runner.run(small, with_state=not found[0][0].isdigit()) or found)
        print(f"not ok ddl seed {seed}", flush=True)
    print(f"{'not ok' if failed else 'ok'} ddl: {statements} statements from seed {options.seed}, {failed} scripts differ")
    return failed


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for name, value in SAMPLE.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--raw", action="store_true", help="do not minimise")
    parser.add_argument("--build", default=os.environ.get("MEDLEY_BUILD", os.path.join(TOP, "build")))
    parser.add_argument("scripts_given", nargs="*")
    options = parser.parse_args()
    with temporary_directory() as directory, PgCluster(directory) as cluster:
        runner = Runner(options.build, Oracle(cluster))
        failed = run_files(runner, options.scripts_given, not options.raw) if options.scripts_given else run_seeds(runner, options)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
