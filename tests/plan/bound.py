#!/usr/bin/python3
"""Bind joins and statistics over real sources: what is asked, when it falls back, and that the answers stay."""
import json
import os
import sqlite3
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))
from servers import Medley, PgCluster, temporary_directory  # noqa: E402

TABLES = """
CREATE TABLE big AS SELECT i AS id, i % 1000 AS k, 'text ' || i AS t, date '2000-01-01' + i % 3000 AS d FROM generate_series(1, 300000) i;
CREATE INDEX ON big (id); CREATE INDEX ON big (t);
CREATE TABLE few AS SELECT i * 100 AS id, CASE WHEN i % 5 > 0 THEN 'text ' || i * 100 END AS t, i % 7 AS k FROM generate_series(1, 500) i;
CREATE TABLE many AS SELECT i AS id FROM generate_series(1, 270000) i;
ANALYZE;
"""
OBJECTS = """
CREATE EXTENSION postgres_fdw; CREATE EXTENSION sqlite_fdw;
CREATE SERVER x1 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{host}', port '{port}', dbname 'postgres');
CREATE SERVER x2 FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{host}', port '{port}', dbname 'postgres');
CREATE SERVER lite FOREIGN DATA WRAPPER sqlite_fdw OPTIONS (database '{lite}');
CREATE USER MAPPING FOR CURRENT_USER SERVER x1 OPTIONS (user 'postgres');
CREATE USER MAPPING FOR CURRENT_USER SERVER x2 OPTIONS (user 'postgres');
IMPORT FOREIGN SCHEMA public LIMIT TO (big) FROM SERVER x1 INTO public;
IMPORT FOREIGN SCHEMA public LIMIT TO (few, many) FROM SERVER x2 INTO public;
CREATE FOREIGN TABLE lite_big (id integer, t text) SERVER lite OPTIONS (table 'big');
CREATE TABLE own (id integer); INSERT INTO own VALUES (5), (7), (NULL), (7);
"""


class Checks:
    def __init__(self, medley, source):
        self.medley, self.source, self.failed = medley, source, 0

    def ok(self, name, got, wanted):
        good = got == wanted
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} bound: {name}" + ("" if good else f"\n#   want {wanted!r}\n#   got  {got!r}"), flush=True)

    def leaves(self, query, *before):
        done = self.medley.psql("-Atq", *[part for sql in before for part in ("-c", sql)], "-c", f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", timeout=60)
        plan = json.loads(done.stdout)[0]["Plan"]
        return {leaf.get("Relation Name", "").split(" ")[0]: leaf for leaf in plan.get("Plans", [plan])}

    def same(self, name, query, local=None):
        self.ok(name, self.medley.psql("-Atq", "-c", query, timeout=60).stdout, self.source.psql("-Atq", "-c", local or query, timeout=60).stdout)


def bound(check):
    query = "SELECT count(*), sum(b.k), max(b.t) FROM few f JOIN big b ON b.id = f.id"
    leaf = check.leaves(query)["big"]
    check.ok("the keys of the smaller side are sent", (leaf["Bound By"], leaf["Keys"], leaf["Actual Rows"]), ("f.id", "500", 500))
    check.same("and the answer is the same", query)
    query = "SELECT count(*), min(b.id) FROM few f JOIN big b ON b.t = f.t AND b.id = f.id"
    leaf = check.leaves(query)["big"]
    check.ok("row keys, without NULLs", (leaf["Bound By"], leaf["Keys"], leaf["Actual Rows"]), ("f.t, f.id", "400", 400))
    check.same("and their answer", query)
    query = "SELECT count(*), count(b.id), sum(b.k) FROM few f LEFT JOIN big b ON b.t = f.t AND f.k > 2"
    check.ok("a left join asks for less", check.leaves(query)["big"]["Actual Rows"] < 400, True)
    check.same("a left join's answer", query)
    query = "SELECT count(*), sum(b.k) FROM (SELECT max(id) AS id FROM few GROUP BY k) f JOIN big b ON b.id = f.id"
    check.ok("keys that come out of an aggregate", check.leaves(query)["big"]["Keys"], "7")
    check.same("and their answer", query)
    query = "SELECT count(*), sum(b.k) FROM own o JOIN big b ON b.id = o.id"
    check.ok("keys of a table of Medley's own", check.leaves(query)["big"]["Keys"], "2")
    check.same("and their answer", query, "SELECT count(*), sum(b.k) FROM (VALUES (5), (7), (NULL), (7)) o(id) JOIN big b ON b.id = o.id")
    query = "SELECT count(*), sum(b.k) FROM big b WHERE b.id IN (SELECT f.id FROM few f WHERE f.k = 3)"
    check.ok("IN sends its keys", check.leaves(query)["big"]["Actual Rows"], 72)
    check.same("and its answer", query)
    query = "SELECT count(*) FROM few f JOIN big b ON b.id = f.id WHERE f.k = 99"
    check.ok("without a key nothing is asked", check.leaves(query)["big"]["Actual Rows"], 0)
    check.same("and nothing is found", query)


def subqueries(check):
    for name, keys, where in (
            ("EXISTS sends keys of the level around", 400, "EXISTS (SELECT * FROM big b WHERE b.t = f.t AND b.k > 3)"),
            ("NOT EXISTS too", 400, "NOT EXISTS (SELECT 1 FROM big b WHERE b.t = f.t AND b.k > 300)"),
            ("an aggregate that WHERE compares", 500, "f.k <= (SELECT count(*) + sum(b.k) FROM big b WHERE b.id = f.id)"),
            ("IN that refers to the level around", 400, "f.id IN (SELECT b.id FROM big b WHERE b.t = f.t)"),
            ("NOT IN by what it refers to", 400, "f.id + 1 NOT IN (SELECT b.id FROM big b WHERE b.t = f.t)"),
            ("below an OR", 500, "f.k = 2 OR EXISTS (SELECT 1 FROM big b WHERE b.id = f.id AND b.k IN (SELECT g.k * 100 FROM few g WHERE g.id = f.id))")):
        query = f"SELECT count(*), sum(f.id) FROM few f WHERE {where}"
        leaf = check.leaves(query)["big"]
        check.ok(name, (leaf.get("Keys"), leaf["Actual Rows"] <= keys), (str(keys), True))
        check.same(f"{name}: the answer", query)


def falls_back(check):
    query = "SELECT count(*), sum(b.k) FROM many m JOIN big b ON b.id = m.id"
    leaf = check.leaves(query, "SET medley.bind_joins = always")["big"]
    kinds = [leaf["Actual Rows"], leaf["Keys"].split(", ")[-1]] if "Keys" in leaf else leaf
    check.ok("too many keys fall back to their range", kinds, [270000, "fell back to a range"])
    check.same("and the answer stays", query)
    query = "SELECT count(*), sum(b.k) FROM many m JOIN big b ON b.t = 'text ' || m.id"
    leaf = check.leaves(query, "SET medley.bind_joins = always")["big"]
    check.ok("texts to a scan", (leaf["Actual Rows"], leaf["Keys"].split(", ")[-1]), (300000, "fell back to a scan"))
    check.same("and that answer stays", query)


def lite(check):
    query = "SELECT count(*), max(b.t) FROM few f JOIN lite_big b ON b.id = f.id"
    leaf = check.leaves(query)["lite_big"]
    check.ok("SQLite takes keys as JSON", (leaf["Keys"], leaf["Actual Rows"]), ("500", 100))
    wanted = "SELECT count(*), max('t' || f.id) FROM few f WHERE f.id <= 10000"
    check.same("and answers the same", query, wanted)
    query = "SELECT count(*) FROM few f JOIN lite_big b ON b.t = 't' || f.id"
    check.ok("texts too", check.leaves(query)["lite_big"]["Actual Rows"], 100)


def statistics(check):
    ask = "SELECT attname, null_frac, avg_width, n_distinct FROM pg_stats WHERE tablename = '{}' ORDER BY 1"
    check.medley.psql("-q", "-c", "ANALYZE big, few", "-c", "ANALYZE lite_big", check=True)
    for table in ("big", "few"):
        check.same(f"ANALYZE takes over what the source knows of {table}", ask.format(table))
    size = "SELECT reltuples, relpages FROM pg_class WHERE relname = 'big'"
    check.same("with rows and pages", size)
    rows = check.medley.psql("-Atq", "-c", "SELECT reltuples FROM pg_class WHERE relname = 'lite_big'",
                             "-c", "SELECT n_distinct FROM pg_stats WHERE tablename = 'lite_big' AND attname = 'id'").stdout
    check.ok("SQLite's own statistics", rows, "10000\n-1\n")


def groups(check):
    """ANALYZE was run of big, by statistics; what many has, its source is asked."""
    for name, key, other, rows in (("where groups are few, the sources are asked for them", "k", "NULL", {1000, 1}),
                                   ("where nearly each row is a group of its own, for rows", "id", "id", {300000, 270000})):
        query = f"SELECT g, count(*) AS c, sum(id) AS s FROM (SELECT {key} AS g, id FROM big UNION ALL SELECT {other}, id FROM many) u GROUP BY g"
        leaves = check.leaves(query)
        check.ok(name, {leaves["big"]["Actual Rows"], leaves["many"]["Actual Rows"]}, rows)
        check.same("and the answer", f"SELECT count(*), sum(c), max(c), sum(s), max(s) FROM ({query}) x")


def main():
    build = os.path.dirname(os.path.abspath(os.environ.get("MEDLEY_BIN", os.path.join(HERE, "../../build/medley"))))
    with temporary_directory() as one, temporary_directory() as two, PgCluster(one) as source, Medley(build, two) as medley:
        path = os.path.join(two, "lite.db")
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE big (id INTEGER PRIMARY KEY, t TEXT)")
            database.executemany("INSERT INTO big VALUES (?, ?)", ((i, f"t{i}") for i in range(1, 10001)))
            database.execute("CREATE INDEX big_id ON big (id)")
            database.execute("ANALYZE")
        database.close()
        source.psql("-q", "-c", TABLES, check=True)
        medley.psql("-q", "-v", "ON_ERROR_STOP=1", text_input=OBJECTS.format(host=source.socket_dir, port=source.port, lite=path), check=True)
        check = Checks(medley, source)
        for part in (bound, subqueries, falls_back, lite, statistics, groups):
            part(check)
    return 1 if check.failed else 0


sys.exit(main())
