#!/usr/bin/python3
"""sqlite_fdw's filters and groups are exact whatever kinds of values a column holds, and whatever collation it has: what SQLite computes is
what the same query gives over the values that a plain scan reads."""
import json
import os
import sqlite3
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))
from servers import Medley, temporary_directory  # noqa: E402

ROWS = [(1, 5, 5, "Abc", 1.0, b"5", 5, 4294967296, 1), (2, "5", "5", "abc", 0.1, "5", "5", "-1", "-3"),
        (3, "x", " 5 ", "ABC", 5, 5, " +05 ", 4294967296.0, -3), (4, 7.0, 7.0, "7", 7, 7.0, 7.0, "9223372036854775807", 7.0),
        (5, None, None, None, None, None, None, None, None), (6, 6.5, "05", "é", 1e300, "05", "-5", 0, "32767"),
        (7, 0, "", "abc ", -0.0, "-1", 8, "4294967296", 0), (8, "ą", "Ż", "ł", None, None, None, None, None)]
ENCODINGS = ["UTF-8", "UTF-16le"]  # of the file

# What no integer can be made of fails, with the same words in a filter as in a scan.
WRONG = [("SELECT id FROM wrong", "SELECT count(*) FROM wrong WHERE id = 5", 'invalid input syntax for type integer'),
         ("SELECT b FROM wrong", "SELECT count(*) FROM wrong WHERE b = 5", "a blob of 1 bytes is no value of the declared type")]

OBJECTS = """
CREATE EXTENSION sqlite_fdw;
CREATE SERVER s FOREIGN DATA WRAPPER sqlite_fdw OPTIONS (database '{file}');
CREATE FOREIGN TABLE t (id int, i text, x text, c text, r text, n int, big int8, small int2, f float8 OPTIONS (column_name 'r')) SERVER s;
CREATE FOREIGN TABLE wrong (id int OPTIONS (column_name 'i'), b int) SERVER s OPTIONS ("table" 't');
"""

QUERIES = [f"SELECT id, {column} FROM {{t}} WHERE {column} {condition} ORDER BY id" for column in ("i", "x", "c", "r")
           for condition in ("= '5'", "= '05'", "= 'abc'", "= '1.0'", "<> '5'", "> 'A'", "<= 'abc'", "IN ('abc', '7', '5')", "BETWEEN '0' AND 'Z'",
                             "IS NULL", "IS NOT NULL", "IS DISTINCT FROM '5'", "LIKE '%b%'", "IN (SELECT c FROM {t})")]
QUERIES += [f"SELECT id FROM {{t}} WHERE {condition} ORDER BY id" for condition in
            ("id = 3", "id > 2 AND n <> 7", "n = 5", "n < 8", "n IS NULL", "n BETWEEN -5 AND 6", "n IN (5, 9)", "NOT n = 5", "n = id", "big = 4294967296",
             "small = -3::smallint", "n = 5::bigint", "n > small", "big > n")]
QUERIES += ["SELECT n, count(*), min(big), max(small) FROM {t} GROUP BY n ORDER BY n NULLS FIRST", "SELECT DISTINCT n FROM {t} ORDER BY n DESC",
            "SELECT sum(n), count(DISTINCT n), sum(small), min(id) FROM {t}", "SELECT a.id, b.id FROM {t} a JOIN {t} b ON a.n = b.id ORDER BY 1, 2",
            "SELECT id, n FROM {t} ORDER BY n DESC NULLS LAST, id LIMIT 4", "SELECT coalesce(NULL::text, x) FROM {t} ORDER BY 1 DESC",
            "SELECT id FROM {t} WHERE coalesce(NULL, n, NULL) > 5 ORDER BY 1"]
QUERIES += [f"SELECT {column}, count(*) FROM {{t}} GROUP BY 1 ORDER BY 1" for column in ("i", "x", "c", "r")]
QUERIES += [f"SELECT DISTINCT {column} FROM {{t}} ORDER BY 1" for column in ("i", "x", "c", "r")]
QUERIES += [f"SELECT min({column}), max({column}), count(DISTINCT {column}) FROM {{t}}" for column in ("i", "x", "c", "r")]
QUERIES += ["SELECT a.id, b.id FROM {t} a JOIN {t} b ON a.i = b.x ORDER BY 1, 2", "SELECT id FROM {t} WHERE i = x ORDER BY id",
            "SELECT c FROM {t} ORDER BY c DESC LIMIT 3", "SELECT x FROM {t} UNION SELECT i FROM {t} ORDER BY 1"]

# Subqueries in FROM and WITH whose columns SQLite cannot compute with.
QUERIES += ["SELECT q.f FROM (SELECT id, f FROM {t}) AS q WHERE q.id > 2 ORDER BY q.id", "SELECT q.id FROM (SELECT id, f FROM {t}) AS q WHERE q.f > 1 ORDER BY 1",
            "SELECT 1 FROM (SELECT f FROM {t}) AS q", "SELECT q.f, b.f FROM (SELECT f, n FROM {t} a) AS q JOIN {t} b ON q.n = b.id ORDER BY 1, 2",
            "SELECT q.f, b.f FROM (SELECT f, n FROM {t} a) AS q LEFT JOIN {t} b ON q.f = b.f AND q.n > 3 ORDER BY 1, 2",
            "WITH w AS (SELECT f, id FROM {t}) SELECT w.f FROM w ORDER BY w.id LIMIT 3", "SELECT f FROM (SELECT f FROM {t} a UNION ALL SELECT f FROM {t} b) q ORDER BY 1",
            "SELECT count(*) FROM (SELECT DISTINCT f FROM {t}) q", "SELECT id, (SELECT max(f) FROM (SELECT f, id FROM {t} a) q WHERE q.id < b.id) FROM {t} b ORDER BY 1",
            "SELECT id FROM {t} b WHERE f IN (SELECT f FROM (SELECT f FROM {t} a) q) ORDER BY 1"]

# More terms than SQLite takes one in another.
QUERIES += ["SELECT id FROM {t} WHERE " + " OR ".join(f"(n = {i} AND id < 9)" for i in range(1100)) + " ORDER BY id"]

# Subqueries that say how many rows, which SQLite is not asked for with the order.
QUERIES += ["SELECT id FROM {t} ORDER BY id LIMIT (SELECT count(*) / 3 FROM {t}) OFFSET (SELECT 1 FROM {t} ORDER BY id LIMIT 1)",
            "SELECT id FROM {t} UNION ALL SELECT n FROM generate_series(11, 13) n ORDER BY 1 DESC LIMIT (SELECT count(*) / 2 FROM {t})",
            "WITH w AS (SELECT count(*) / 3 AS n FROM {t}) SELECT id FROM {t} ORDER BY id LIMIT (SELECT n FROM w)",
            "SELECT n, count(*) FROM {t} GROUP BY n ORDER BY sum(f), n LIMIT (SELECT count(*) / 3 FROM {t})"]
# Parameters' values are no numbers of columns.
QUERIES += [f"PREPARE p (int) AS {query}; EXECUTE p(2); EXECUTE p(-1); EXECUTE p(30)" for query in
            ("SELECT id, n FROM {t} ORDER BY $1, id", "SELECT id, n FROM {t} ORDER BY -$1, id", "SELECT $1, count(*) FROM {t} GROUP BY $1",
             "SELECT n, count(*) FROM {t} GROUP BY n, $1 ORDER BY $1, n", "SELECT count(*) FROM {t} GROUP BY -$1")]

# What SQLite looks up in an index, though its values are compared as what Medley reads.
INDEXED = ["SELECT n FROM t WHERE id = 3", "SELECT n FROM t WHERE id IN (3, 4, 5)", "SELECT n FROM t WHERE big <= 7 AND big >= 5", "SELECT n FROM t WHERE 5 > small",
           "SELECT n FROM t WHERE x = '5'", "SELECT n FROM t WHERE x IN ('5', '7')", "SELECT a.i FROM t a JOIN t b ON a.n = b.id WHERE a.id = 3"]


def finds(file, medley, query):
    plan = json.loads(medley.psql("-At", "-c", f"EXPLAIN (VERBOSE, FORMAT JSON) {query}").stdout)[0]["Plan"]
    source = sqlite3.connect(file)
    for bits in (2, 4, 8):
        source.create_function(f"medley_int{bits}", 1, lambda value: value, deterministic=True)
    source.create_collation("medley_bytes", lambda one, other: (one > other) - (one < other))
    steps = [row[3] for row in source.execute("EXPLAIN QUERY PLAN " + plan["Remote SQL"])]
    source.close()
    good = any("USING INDEX" in step for step in steps) and not any(step.startswith("SCAN") for step in steps)
    print(f"ok sqlite: by an index: {query}" if good else f"not ok sqlite: by an index: {query}\n# {plan['Remote SQL']}\n# {steps}")
    return good


def is_fastest(encoding, medley):
    """SQLite's own order serves where the file is in UTF-8; the file has been read before."""
    sql = json.loads(medley.psql("-At", "-c", "EXPLAIN (VERBOSE, FORMAT JSON) SELECT x FROM t ORDER BY x").stdout)[0]["Plan"]["Remote SQL"]
    good = ("medley_bytes" not in sql) == (encoding == "UTF-8")
    print(f"{'ok' if good else 'not ok'} sqlite {encoding}: the order of texts" + ("" if good else f"\n# {sql}"))
    return good


def check(encoding):
    failed = 0
    with temporary_directory() as directory:
        file = os.path.join(directory, "odd.db")
        source = sqlite3.connect(file)
        source.execute(f"PRAGMA encoding = '{encoding}'")
        source.execute("CREATE TABLE t (id INTEGER, i INTEGER, x, c TEXT COLLATE NOCASE, r REAL, b BLOB, n, big, small)")
        source.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", ROWS)
        for column in ("id", "i", "x", "c", "n", "big", "small"):
            source.execute(f"CREATE INDEX t_{column} ON t ({column})")
        source.commit()
        source.close()
        with Medley(os.environ["MEDLEY_BUILD"], directory) as medley:
            medley.psql("-q", "-c", OBJECTS.format(file=file), check=True)
            # Values that a plain scan reads, as a list that Medley filters itself.
            lists = medley.psql("-At", "-c", "SELECT format('(%s, %L, %L, %L, %L, %L::int, %L::int8, %L::int2, %L::float8)', id, i, x, c, r, n, big, small, f) FROM t ORDER BY id", check=True)
            values = "(VALUES {}) AS {{}} (id, i, x, c, r, n, big, small, f)".format(", ".join(line for line in lists.stdout.splitlines()))
            for query in QUERIES:
                shipped = medley.psql("-At", "-c", query.format(t="t")).stdout
                local = query
                for alias in ("a", "b"):
                    local = local.replace(f"{{t}} {alias}", values.format(alias))
                computed = medley.psql("-At", "-c", local.format(t=values.format("t"))).stdout
                good = shipped == computed and "ERROR" not in shipped
                failed += not good
                print(f"ok sqlite {encoding}: {query[:300]}" if good else f"not ok sqlite {encoding}: {query}\n# shipped: {shipped!r}\n# wanted:  {computed!r}")
            for scan, shipped, words in WRONG:
                good = all(words in medley.psql("-c", query).stdout for query in (scan, shipped))
                failed += not good
                print(f"ok sqlite {encoding}: {shipped} fails" if good else f"not ok sqlite {encoding}: {shipped} fails: {medley.psql('-c', shipped).stdout}")
            failed += not all([finds(file, medley, query) for query in INDEXED] + [is_fastest(encoding, medley)])
    return not failed


sys.exit(not all([check(encoding) for encoding in ENCODINGS]))
