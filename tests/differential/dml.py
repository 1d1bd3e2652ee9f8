#!/usr/bin/python3
"""Random writes to tables of one's own, on PostgreSQL 15 and on Medley: the same answers and notices, and the same rows afterwards.

usage: dml.py [--seed N] [--scripts N] [--length N] [--seconds N] [--foreign N]

Without arguments a fixed sample of seeds, as the test suite runs it. Each seed has tables of its own. Of answers and notices the order is not compared.
Where several rows of an UPDATE, a MERGE or an item of WITH may be refused, PostgreSQL takes them as they lie or as a join gives them: that both fail is enough.
What Medley refuses by 0A000 ends a script. Of every N-th seed (0: of none) some tables are a PostgreSQL source's; there what PostgreSQL refuses so ends it too.
"""
import argparse
import os
import sys
import time

import psycopg2

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests", "lib"))
from dml_grammar import DROP, DROP_FAR, STATE, Grammar  # noqa: E402
from servers import Medley, PgCluster, temporary_directory  # noqa: E402

SAMPLE = dict(seed=1, scripts=60, length=25, seconds=25, foreign=3)
SOURCE_PORT = 54391
ONE_BY_ONE = ("INSERT", "DELETE", "TRUNCATE", "CREATE TABLE", "CREATE VIEW", "CREATE TRIGGER")
FAILED, REFUSED = "failed", "0A000"


class World:
    def __init__(self, server, source, far):
        """far: the name of its database at the source."""
        self.connection = psycopg2.connect(host=server.socket_dir, port=server.port, user="postgres", dbname="postgres")
        self.connection.autocommit = True
        self.cursor = self.connection.cursor()
        self.cursor.execute("SET statement_timeout = '30s'; SET client_min_messages = notice")
        place = f"host '{source.socket_dir}', port '{source.port}', dbname"
        first = psycopg2.connect(host=source.socket_dir, port=source.port, user="postgres", dbname="postgres")
        first.autocommit = True
        first.cursor().execute(f"CREATE DATABASE {far}")
        first.close()
        self.source = psycopg2.connect(host=source.socket_dir, port=source.port, user="postgres", dbname=far)
        self.source.autocommit = True
        self.cursor.execute(f"CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS ({place} '{far}')")
        self.cursor.execute("CREATE USER MAPPING FOR CURRENT_USER SERVER far OPTIONS (user 'postgres', password_required 'false')")

    def begin(self, grammar):
        self.ask("ROLLBACK")
        for table in ("t1", "i1", "p2"):
            self.ask(f"DROP FOREIGN TABLE IF EXISTS {table} CASCADE")
        self.ask(DROP)
        for sql in (DROP_FAR, *grammar.far):
            self.source.cursor().execute(sql)

    def ask(self, sql):
        """What was done, its rows and notices; or FAILED and the error's fields."""
        del self.connection.notices[:]
        try:
            self.cursor.execute(sql)
            rows = sorted(tuple(map(str, row)) for row in self.cursor.fetchall()) if self.cursor.description else []
            described = [(d.name, d.type_code) for d in self.cursor.description or []]
            return self.cursor.statusmessage, described, rows, sorted(self.connection.notices)
        except psycopg2.Error as error:
            if self.connection.closed:
                raise RuntimeError(f"the connection is lost: {sql}") from error
            return FAILED, error.diag.sqlstate, error.diag.message_primary, error.diag.message_detail, error.diag.constraint_name

    def state(self):
        return [self.ask(sql) for sql in STATE]


def same(sql, wanted, got):
    if wanted[0] == got[0] == FAILED and not sql.startswith(ONE_BY_ONE):
        return True
    return wanted == got


def script(seed, length, foreign, worlds):
    """What differs: the statements up to it and both answers; and how many were compared."""
    grammar, done = Grammar(seed, foreign), []
    lines = grammar.schema()
    for world in worlds:
        world.begin(grammar)
    for at in range(len(lines) + length):
        sql = lines[at] if at < len(lines) else grammar.statement()
        done.append(sql)
        wanted, got = (world.ask(sql) for world in worlds)
        refused = [answer[0] == FAILED and answer[1] == REFUSED for answer in (wanted, got)]
        if wanted[:2] != got[:2] and (refused[1] or (grammar.foreign and refused[0])):
            break
        if not same(sql, wanted, got):
            return done, wanted, got
        if at >= len(lines):
            wanted, got = (world.state() for world in worlds)
            if wanted != got and not wanted[0][0] == got[0][0] == FAILED:
                return done, *next((w, g) for w, g in zip(wanted, got) if w != g)
    return done, None, None


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for name, value in SAMPLE.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    options = parser.parse_args()
    start, statements, different = time.time(), 0, 0
    with temporary_directory() as directory:
        homes = [os.path.join(directory, name) for name in ("oracle", "medley")]
        for home in homes:
            os.mkdir(home)
        build = os.environ.get("MEDLEY_BUILD", os.path.join(TOP, "build"))
        with PgCluster(homes[0], SOURCE_PORT) as cluster, Medley(build, homes[1]) as medley:
            worlds = World(cluster, cluster, "far_o"), World(medley, cluster, "far_m")
            for seed in range(options.seed, options.seed + options.scripts):
                if time.time() - start > options.seconds:
                    break
                done, wanted, got = script(seed, options.length, options.foreign and seed % options.foreign == 0, worlds)
                statements += len(done)
                if wanted is not None:
                    different += 1
                    print(f"# seed {seed}", *(f"#   {line};" for line in done), f"#   postgresql {wanted}"[:4000], f"#   medley     {got}"[:4000], sep="\n", flush=True)
                    print(f"not ok dml seed {seed}")
    print(f"{'not ok' if different else 'ok'} dml: {statements} statements from seed {options.seed}, {different} scripts differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
