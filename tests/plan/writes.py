#!/usr/bin/python3
"""EXPLAIN of statements that write: the plan of their rows below what is done with them; only ANALYZE writes. What MERGE refuses."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))
from servers import Medley, temporary_directory  # noqa: E402

SETUP = "CREATE TABLE t (a int PRIMARY KEY, b text); INSERT INTO t VALUES (1, 'x'), (2, 'y')"
COUNTING = ("CREATE TABLE r (a int, b int); CREATE FUNCTION rows_so_far() RETURNS int LANGUAGE plpgsql AS "
            "'BEGIN RETURN (SELECT count(*) FROM r); END'")
# Functions that read what is written: the rows cannot come one by one.
NOT_BY_ROW = [
    "INSERT INTO r SELECT rows_so_far() FROM t UNION ALL SELECT 1",
    "INSERT INTO r SELECT a, rows_so_far() FROM t GROUP BY a",
    "INSERT INTO r SELECT rows_so_far(), generate_series(1, 2)",
    "INSERT INTO r SELECT t.a FROM t JOIN t o USING (a) WHERE rows_so_far() > 0",
    "WITH w AS (SELECT rows_so_far() AS x) INSERT INTO r SELECT x FROM w",
    "UPDATE r SET a = 1 FROM t WHERE t.a = r.a AND rows_so_far() > 0",
    "UPDATE r SET (a, b) = (SELECT rows_so_far(), 1)",
    "DELETE FROM r WHERE a IN (SELECT rows_so_far() FROM t)",
    "MERGE INTO r USING t ON r.a = t.a WHEN NOT MATCHED THEN INSERT VALUES (rows_so_far(), 1)",
]
# Values of a row type that are stored have their fields by place.
ROW_TYPES = ("CREATE TABLE base (a int, b int, c int); CREATE TYPE comp AS (a int, b int, c int); CREATE TABLE below () INHERITS (base); "
             "CREATE VIEW seen AS SELECT 1 AS a; "
             "CREATE TABLE held (x base, y comp[], z below, v seen); "
             "INSERT INTO held VALUES (ROW(1, 2, 3), ARRAY[ROW(4, 5, 6)::comp], ROW(7, 8, 9), ROW(1))")
ROW_CHANGES = [
    ("ALTER TABLE base DROP COLUMN b", "below", "z"), ("ALTER TABLE base ADD COLUMN d int", "base", "x"),
    ("ALTER TYPE comp DROP ATTRIBUTE b", "comp", "y"), ("ALTER TYPE comp ADD ATTRIBUTE d int", "comp", "y"),
    ("ALTER TABLE ONLY base DROP COLUMN b", "base", "x"), ("CREATE OR REPLACE VIEW seen AS SELECT 1 AS a, 2 AS b", "seen", "v"),
]
FIRST = "CREATE TABLE f (a int); WITH i AS (INSERT INTO f VALUES (1) RETURNING a) SELECT a, (SELECT count(*) FROM f) FROM i"
ROWS = "SELECT string_agg(a || b, ' ' ORDER BY a) FROM t"
PLANS = [
    ("INSERT INTO t VALUES (3, 'z')", "Insert on t", 1, "1x 2y 3z"),
    ("INSERT INTO t VALUES (3, 'z'), (4, 'w') ON CONFLICT DO NOTHING", "Insert on t", 1, "1x 2y 3z 4w"),
    ("UPDATE t SET b = 'u' WHERE a > 2 RETURNING *", "Update on t", 2, "1x 2y 3u 4u"),
    ("DELETE FROM t USING t o WHERE o.a = t.a AND o.a > 3", "Delete on t", 1, "1x 2y 3u"),
    ("MERGE INTO t USING (VALUES (1), (9)) v(x) ON a = x WHEN MATCHED THEN UPDATE SET b = 'm' WHEN NOT MATCHED THEN INSERT VALUES (x, 'n')",
     "Merge on t", 2, "1m 2y 3u 9n"),
]

# Of a server without a mapping: nothing is asked of it.
FOREIGN = ("CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw; "
           "CREATE FOREIGN TABLE public.ft (a int, b text OPTIONS (column_name 'B')) SERVER s")
SHIPPED = [
    ("UPDATE ft SET b = 'u' WHERE a < 3 RETURNING upper(b)", "Update", 'UPDATE "public"."ft" AS r1 SET "B" = \'u\'::text WHERE (r1."a" < 3) RETURNING "B"'),
    ("DELETE FROM ft WHERE b LIKE 'x%'", "Delete", 'DELETE FROM "public"."ft" AS r1 WHERE (r1."B" ~~ \'x%\')'),
]
KEPT = ["UPDATE ft SET a = random()", "DELETE FROM ft USING t WHERE t.a = ft.a RETURNING t.b", "INSERT INTO ft VALUES (1, 'x')"]


def main():
    failed = 0

    def ok(name, got, wanted):
        nonlocal failed
        failed += got != wanted
        print(f"ok writes: {name}" if got == wanted else f"not ok writes: {name}\n#   want {wanted!r}\n#   got  {got!r}", flush=True)

    with temporary_directory() as directory, Medley(os.environ["MEDLEY_BUILD"], directory) as medley:
        def ask(sql):
            done = medley.psql("-Atq", "-c", sql, timeout=60)
            return (done.stdout or done.stderr).strip()

        ok("the first write of all is not seen by what stands beside it", ask(FIRST), "1|0")
        medley.psql("-q", "-c", SETUP, check=True)
        before = ask(ROWS)
        for statement, heading, count, after in PLANS:
            ok(f"{heading}: shown", ask(f"EXPLAIN (COSTS OFF) {statement}").split("\n")[0], heading)
            ok(f"{heading}: not done", ask(ROWS), before)
            plan = ask(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) {statement}")
            ok(f"{heading}: counted", plan.split("\n")[0], f"{heading}  (actual rows={count})")
            ok(f"{heading}: done", ask(ROWS), after)
            before = after
        ok("MERGE with a condition that is not the same twice",
           ask("MERGE INTO t USING (VALUES (1)) v(x) ON a = x WHEN MATCHED AND random() < 0.5 THEN UPDATE SET b = 'm'"),
           "ERROR:  a volatile function in a WHEN condition of MERGE is not supported")
        medley.psql("-q", "-c", COUNTING, check=True)
        for statement in NOT_BY_ROW:
            ok(f"not by row: {statement}", ask(statement).split("\n")[0],
               "ERROR:  calling a function that may read \"r\" while the rows to be written there are found is not supported")
        ok("system columns of local tables", ask("SELECT ctid FROM t LIMIT 1").split("\n")[0],
           "ERROR:  a system column of a local table or of one with children is not supported")
        medley.psql("-q", "-c", ROW_TYPES, check=True)
        for statement, name, column in ROW_CHANGES:
            ok(statement, ask(statement).split("\n")[0],
               f"ERROR:  changing the attributes of type \"{name}\" is not supported where column \"held.{column}\" has values of it")
        ok("stored rows have their fields", ask("SELECT (x).c, y[1].c, (z).c FROM held"), "3|6|9")
        medley.psql("-q", "-c", "CREATE TYPE en AS ENUM ('x', 'y'); CREATE TABLE labels (e en[]); INSERT INTO labels VALUES ('{x}'); "
                    "ALTER TYPE en RENAME VALUE 'y' TO 'w'", check=True)
        ok("labels that are stored", ask("ALTER TYPE en RENAME VALUE 'x' TO 'z'").split("\n")[0],
           "ERROR:  renaming a label of type \"en\" is not supported where column \"labels.e\" has values of it")
        medley.psql("-q", "-c", FOREIGN, check=True)
        for statement, operation, remote in SHIPPED:
            lines = [line.strip() for line in ask(f"EXPLAIN (COSTS OFF, VERBOSE) {statement}").split("\n")]
            ok(f"a source's alone: {statement}", lines,
               [f"{operation} on public.ft", f"->  Foreign {operation} on public.ft", "Server: s", f"Remote SQL: {remote}"])
            ok(f"shortly: {statement}", ask(f"EXPLAIN (COSTS OFF) {statement}").split("\n")[1].strip(), f"->  Foreign {operation} on ft")
        for statement in KEPT:
            ok(f"not a source's alone: {statement}", "Foreign " + statement.split()[0].title() in ask(f"EXPLAIN (COSTS OFF) {statement}"), False)
        ok("read only", ask("BEGIN READ ONLY; EXPLAIN (COSTS OFF) DELETE FROM t").split("\n")[0], "Delete on t")
        ok("with ANALYZE", ask("BEGIN READ ONLY; EXPLAIN ANALYZE DELETE FROM t"), "ERROR:  cannot execute DELETE in a read-only transaction")
    return 1 if failed else 0


sys.exit(main())
