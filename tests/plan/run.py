#!/usr/bin/python3
"""Plan tests: what ships where, and why not. tests/plan/*.plan hold cases of this shape:

    case: a join inside one server is shipped
    query: SELECT ...
    pg1: the remote SQL            one line a leaf: server, and its SQL, or table and filters
    rows: how kept rows are made   where the leaf, or a query, is read before the rest
    bound: SQL with keys           what the leaf is asked in a bind join
    keys: the keys' local SQL
    local: the local SQL           or "relay" when the one leaf's rows are the answer
    kept: why something stayed     one line a reason, of leaves and of the whole
    subplan: why it is one         what is run for each row: its own parts follow
    error: 0A000: ...              in place of all these when planning fails

Medley is started, setup.sql makes the objects (their servers need not exist: nothing connects), and each query's EXPLAIN is
compared. MEDLEY_BIN: the program. --accept writes what Medley said into the files: to be read before it is committed.
"""
import glob
import json
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))
from servers import Medley, temporary_directory  # noqa: E402

PARTS = ("query", "pg1", "pg2", "files", "lite", "catalog", "function", "rows", "bound", "keys", "local", "kept", "subplan", "error")
# What a file's cases are planned with.
SETTINGS = {"bind": "medley.bind_joins = always"}


def read_cases(path):
    """A list of (name, [(part, text), ...]); comments go with the case that follows."""
    cases, comments = [], []
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                comments.append(line)
                continue
            part, _, text = line.partition(": ")
            if part == "case":
                cases.append({"name": text, "before": comments, "parts": []})
                comments = []
            elif part in PARTS:
                cases[-1]["parts"].append((part, text))
            else:
                raise SystemExit(f"{path}: what is {line!r}?")
    return cases


def leaf_part(leaf):
    kind = leaf["Node Type"]
    if kind == "Catalog Scan":
        return ("catalog", leaf["Catalog SQL"])
    if kind == "Function Scan":
        return ("function", leaf["Relation Name"])
    if "Remote SQL" in leaf:
        return (leaf["Server"], leaf["Remote SQL"])
    text = leaf["Relation Name"] + " (" + ", ".join(leaf.get("Output", [])) + ")"
    for label in ("Remote Filter", "Remote Limit"):
        if label in leaf:
            value = leaf[label]
            text += f" {label.lower()}: " + (", ".join(value) if isinstance(value, list) else value)
    return (leaf["Server"], text)


def parts_of(plan):
    relay = plan["Node Type"] != "Local Query"
    below = [plan] if relay else plan.get("Plans", [])
    leaves = [node for node in below if node["Node Type"] != "Subplan"]
    parts = []
    for leaf in leaves:
        parts += [leaf_part(leaf)] if leaf["Node Type"] != "Kept Query" else []
        labels = (("Kept SQL", "rows"), ("Bound SQL", "bound"), ("Keys SQL", "keys"))
        parts += [(part, leaf[label]) for label, part in labels if label in leaf]
    parts.append(("local", "relay" if relay else plan["Local SQL"]))
    reasons = [] if relay else plan.get("Not Relayed", [])
    for leaf in leaves:
        reasons = reasons + leaf.get("Kept Local", [])
    parts += [("kept", reason) for reason in reasons]
    for node in below:
        if node["Node Type"] == "Subplan":
            why = [plan[label] for label in ("Run For Each Row", "Run Once") if label in plan]
            parts += [("subplan", "; ".join(why))] + [part for inner in node["Plans"] for part in parts_of(inner)]
    return parts


def explain(server, query, setting):
    done = server.psql("-Atq", "-v", "VERBOSITY=verbose", "-c", f"SET {setting}", "-c", f"EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) {query}")
    error = re.search(r"^ERROR:\s+(\w{5}: .*)", done.stdout, re.M)
    if error:
        return [("error", error.group(1))]
    return parts_of(json.loads(done.stdout)[0]["Plan"])


def run_file(server, path, accept):
    cases, failed = read_cases(path), 0
    setting = SETTINGS.get(os.path.basename(path)[:-5], "medley.bind_joins = off")
    for case in cases:
        query = dict(case["parts"])["query"]
        wanted = [part for part in case["parts"] if part[0] != "query"]
        try:
            got = explain(server, query, setting)
        except Exception as problem:  # no JSON came: say what did
            got = [("error", f"{type(problem).__name__}: {problem}")]
        same = got == wanted
        failed += not same
        print(f"{'ok' if same else 'not ok'} plan/{os.path.basename(path)[:-5]}: {case['name']}", flush=True)
        if not same and not accept:
            for part in wanted:
                if part not in got:
                    print(f"#   want {part[0]}: {part[1]}")
            for part in got:
                if part not in wanted:
                    print(f"#   got  {part[0]}: {part[1]}")
        case["parts"] = [("query", query)] + got
    if accept:
        with open(path, "w", encoding="utf-8") as file:
            for case in cases:
                lines = case["before"] + [f"case: {case['name']}"] + [f"{part}: {text}" for part, text in case["parts"]]
                file.write("\n".join(lines) + "\n")
    return failed


def main():
    arguments = sys.argv[1:]
    accept = "--accept" in arguments
    names = [a for a in arguments if not a.startswith("--")]
    paths = [p for p in sorted(glob.glob(os.path.join(HERE, "*.plan"))) if not names or os.path.basename(p)[:-5] in names]
    build = os.path.dirname(os.path.abspath(os.environ.get("MEDLEY_BIN", os.path.join(HERE, "../../build/medley"))))
    failed = 0
    with temporary_directory() as directory:
        with Medley(build, directory) as server:
            done = server.psql("-q", "-v", "ON_ERROR_STOP=1", "-v", f"dir={directory}", "-f", os.path.join(HERE, "setup.sql"))
            if done.returncode:
                print(f"not ok plan: setup\n# {done.stdout}")
                return 1
            for path in paths:
                failed += run_file(server, path, accept)
    return 1 if failed and not accept else 0


sys.exit(main())
