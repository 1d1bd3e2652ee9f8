#!/usr/bin/python3
"""What an older PostgreSQL does not have, or answers otherwise, is not asked of it. The sources are one PostgreSQL 15 behind gates that say another
version in its name, so that what is still asked of them would be answered: the test is which statements those are."""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))
from between import Between  # noqa: E402
from federation import federation, ok  # noqa: E402

# A query, and the first version that is asked the whole of it.
QUERIES = [
    ("SELECT count(*) FROM items WHERE id < 10", 10),
    ("SELECT sum(price), max(name) FROM items WHERE name LIKE 'item 1%' AND price * 2 > 5", 10),
    ("SELECT encode(sha256(raw), 'hex') FROM items WHERE id = 3", 11),
    ("SELECT sum(id) OVER (ORDER BY id GROUPS 2 PRECEDING) FROM items ORDER BY id LIMIT 3", 11),
    ("SELECT sum(id) OVER (ORDER BY id ROWS 2 PRECEDING EXCLUDE CURRENT ROW) FROM items ORDER BY id LIMIT 3", 11),
    ("SELECT sum(id) OVER (ORDER BY id RANGE 2 PRECEDING) FROM items ORDER BY id LIMIT 3", 11),
    ("SELECT sum(id) OVER (ORDER BY id ROWS 2 PRECEDING) FROM items ORDER BY id LIMIT 3", 10),
    ("WITH w AS MATERIALIZED (SELECT * FROM items WHERE id < 5) SELECT sum(a.price) FROM w a JOIN w b USING (id)", 12),
    ("SELECT sinh(id::float8) FROM items WHERE id = 2", 12),
    ("SELECT day FROM items ORDER BY day FETCH FIRST 2 ROWS WITH TIES", 13),
    ("SELECT stddev(id::float8) FROM items", 13),
    ("SELECT stddev(price) FROM items", 10),
    ("SELECT gcd(id, 12) FROM items WHERE id < 5", 13),
    ("SELECT extract(year FROM day) FROM items WHERE id = 3", 14),
    ("SELECT count(*) FROM items WHERE split_part(name, ' ', -1) = '7'", 14),
    ("SELECT count(*) FROM items WHERE price < 'Infinity'::numeric", 14),
    ("SELECT regexp_count(name, '1') FROM items WHERE id = 111", 15),
    ("SELECT count(*) FROM items WHERE regexp_replace(name, 'i', 'I', 1, 1) = 'Item 3'", 15),
    ("SELECT regexp_replace(name, 'i', 'I', 'g') FROM items WHERE id = 7", 10),
]


class Gate(Between):
    """Connections say to be of that version. The text of the version keeps its length."""

    def __init__(self, source, version):
        self.version, self.connections = version, 0
        super().__init__(source)

    def change(self):
        self.connections += 1
        return lambda data: (re.sub(rb"(server_version\x00)\d\d", rb"\g<1>%d" % self.version, data), True)


def rows(medley, sql, *options):
    return medley.psql("-X", "-A", "-t", "-q", *options, "-c", sql).stdout


def check(medley, source, gate):
    good = True
    medley.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", f"""
        CREATE SERVER older FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '{gate.port}', dbname 'postgres');
        CREATE USER MAPPING FOR postgres SERVER older OPTIONS (user 'remote_ann', password 'pw-ann');
        CREATE SCHEMA older; CREATE FOREIGN TABLE older.items (id int, name text, price numeric(10,2), day date, raw bytea) SERVER older OPTIONS (schema_name 'public')""",
                check=True)
    path = ("-c", "SET search_path = older")
    plain = rows(medley, "EXPLAIN (COSTS OFF) SELECT regexp_count(name, '1') FROM items", *path)
    good &= ok(f"versions: {gate.version}: EXPLAIN connects to nobody, and takes PostgreSQL 15 for granted",
               not gate.connections and "Foreign Scan" in plain and "Local" not in plain, plain)
    for sql, since in QUERIES:
        answer, wanted = rows(medley, sql, *path), source.psql("-X", "-A", "-t", "-q", "-c", sql).stdout
        plan = rows(medley, f"EXPLAIN (VERBOSE, COSTS OFF) {sql}", *path)
        whole, reason = not plan.startswith("Local Query"), f"which PostgreSQL {gate.version} has otherwise or not at all" in plan
        good &= ok(f"versions: {gate.version}: {sql}", answer == wanted and whole == (gate.version >= since) and reason != whole, answer + wanted + plan)
    medley.psql("-q", "-c", "DROP SCHEMA older CASCADE; DROP SERVER older CASCADE")
    return good


def main():
    with federation() as (source, medley, _):
        good = [check(medley, source, Gate(source, version)) for version in (10, 11, 12, 13, 14, 15)]
    sys.exit(0 if all(good) else 1)


main()
