#!/usr/bin/python3
"""EXPLAIN of local queries: the engine's operators in every format, with figures when they ran; SETTINGS; options that are refused."""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))
from servers import Medley, temporary_directory  # noqa: E402

SETUP = """
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE f (a int, b text) SERVER files OPTIONS (filename '{path}', format 'csv');
CREATE TABLE t (a int, c text);
INSERT INTO t SELECT i, 'c' || i FROM generate_series(1, 50) i;
"""
JOIN = "SELECT b, count(*) FROM f JOIN t USING (a) WHERE t.a > 10 GROUP BY b ORDER BY 2, 1 LIMIT 3"
SET = "SET work_mem = '8MB'; SET search_path = public, other; SET medley.bind_joins = off; SET DateStyle = German"
# As PostgreSQL writes its own settings; medley.bind_joins stands among them by its name.
SHOWN = {
    "text": """ Settings: medley.bind_joins = 'off', search_path = 'public, other', work_mem = '8MB'""",
    "json": """    "Settings": {
      "medley.bind_joins": "off",
      "search_path": "public, other",
      "work_mem": "8MB"
    }""",
    "yaml": """  Settings: 
    medley.bind_joins: "off"
    search_path: "public, other"
    work_mem: "8MB\"""",
    "xml": """    <Settings>
      <medley.bind_joins>off</medley.bind_joins>
      <search_path>public, other</search_path>
      <work_mem>8MB</work_mem>
    </Settings>""",
}


def flat(operator):
    yield operator
    for below in operator.get("Operators", []):
        yield from flat(below)


class Checks:
    def __init__(self, medley):
        self.medley, self.failed = medley, 0

    def ok(self, name, got, wanted):
        self.failed += got != wanted
        print(f"ok explain: {name}" if got == wanted else f"not ok explain: {name}\n#   want {wanted!r}\n#   got  {got!r}", flush=True)

    def ask(self, *statements):
        done = self.medley.psql("-Atq", *[part for sql in statements for part in ("-c", sql)], timeout=60)
        return (done.stdout or done.stderr or "").rstrip("\n")

    def plan(self, options, sql):
        return json.loads(self.ask(f"EXPLAIN ({options}, FORMAT JSON) {sql}"))[0]["Plan"]


def operators(check):
    plan = check.plan("VERBOSE", JOIN)
    found = list(flat(plan["Operators"][0]))
    names = [operator["Node Type"] for operator in found]
    check.ok("a join, a grouping and a top n", [name in names for name in ("Top N", "Hash Join", "Hash Group By", "Leaf Scan")], [True] * 4)
    check.ok("not run: no figures", [o for o in found if "Actual Rows" in o or "Actual Total Time" in o], [])
    check.ok("leaves beside them", sorted(leaf["Node Type"] for leaf in plan["Plans"]), ["Foreign Scan", "Seq Scan"])
    join = next(o for o in found if o["Node Type"] == "Hash Join")
    check.ok("VERBOSE says what they do", join["Join Type"], ["INNER"])
    check.ok("and only that", "Join Type" in json.dumps(check.plan("VERBOSE OFF", JOIN)), False)
    plan = check.plan("ANALYZE, COSTS OFF", JOIN)
    found = list(flat(plan["Operators"][0]))
    check.ok("run: rows of the answer", (plan["Actual Rows"], found[0]["Actual Rows"]), (3, 3))
    check.ok("run: rows of the join", next(o["Actual Rows"] for o in found if o["Node Type"] == "Hash Join"), 20)
    check.ok("run: each has its time", all(o["Actual Total Time"] >= 0 for o in found), True)
    check.ok("COSTS OFF", any("Plan Rows" in o for o in found), False)
    text = check.ask(f"EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, COSTS OFF) {JOIN}").split("\n")
    check.ok("as text", [line.strip() for line in text if "Top N" in line or "Hash Join" in line],
             ["->  Top N  (actual rows=3)", "->  Hash Join  (actual rows=20)"])
    plan = check.plan("ANALYZE, VERBOSE", "SELECT a, b FROM f UNION ALL SELECT a, c FROM t")
    check.ok("rows of a union", plan["Operators"][0]["Actual Rows"], 80)
    stored = next(leaf for leaf in plan["Plans"] if leaf["Node Type"] == "Seq Scan")
    check.ok("a table of Medley's own: its operator counts its rows", ("Actual Rows" in stored, stored["Output"]), (False, ["a", "c"]))
    check.ok("a relayed query has none", "Operators" in check.plan("VERBOSE", "SELECT a FROM f"), False)
    check.ok("those of a write's rows", check.plan("COSTS OFF", "INSERT INTO t SELECT a, b FROM f WHERE b LIKE '%5%'")["Plans"][0]["Operators"] != [], True)
    check.ok("an error that comes while they run", check.ask(f"EXPLAIN ANALYZE {JOIN.replace('t.a > 10', '1 / (t.a - 12) < 5')}"), "ERROR:  division by zero")
    check.ok("and comes not when they do not", check.ask(f"EXPLAIN {JOIN.replace('t.a > 10', '1 / (t.a - 12) < 5')}").split("\n")[0], "Local Query")


def ended(check):
    many = "SELECT count(*) FROM t a, t b, t c, t d, t e WHERE a.a + b.a + c.a + d.a + e.a < 0"
    got = check.ask("SET statement_timeout = '300ms'", f"EXPLAIN ANALYZE {many}")
    check.ok("a timeout while they run", got, "ERROR:  canceling statement due to statement timeout")
    check.ok("one that is only described needs no time", check.ask("SET statement_timeout = '300ms'", f"EXPLAIN {many}").split("\n")[0], "Local Query")
    check.ok("and the next one runs", check.plan("ANALYZE", JOIN)["Actual Rows"], 3)


def settings(check):
    for form, wanted in SHOWN.items():
        got = check.ask(SET, f"EXPLAIN (SETTINGS, COSTS OFF, FORMAT {form}) SELECT * FROM t")
        check.ok(f"SETTINGS as {form}", wanted.lstrip(" ") in got, True)
    check.ok("SETTINGS: none differs", "Settings" in check.ask("EXPLAIN (SETTINGS) SELECT * FROM t"), False)
    check.ok("SETTINGS not asked for", "Settings" in check.ask(SET, "EXPLAIN SELECT * FROM t"), False)


def refused(check):
    for option in ("BUFFERS", "WAL"):
        got = check.ask("\\set VERBOSITY sqlstate", f"EXPLAIN (ANALYZE, {option}) SELECT 1")
        check.ok(f"{option} is refused", got, "ERROR:  0A000")
        check.ok(f"{option} OFF is not", check.ask(f"EXPLAIN ({option} OFF, COSTS OFF) SELECT 1").split("\n")[0].startswith("ERROR"), False)


def main():
    with temporary_directory() as directory, Medley(os.environ["MEDLEY_BUILD"], directory) as medley:
        path = os.path.join(directory, "f.csv")
        with open(path, "w", encoding="ascii") as out:
            out.writelines(f"{number},b{number}\n" for number in range(1, 31))
        os.chmod(path, 0o644)
        medley.psql("-q", "-v", "ON_ERROR_STOP=1", "-f", "-", text_input=SETUP.format(path=path), check=True)
        check = Checks(medley)
        for part in (operators, ended, settings, refused):
            part(check)
    sys.exit(check.failed > 0)


main()
