"""pgbench: its own tables made, filled and vacuumed where that can be done, its scripts and others in each protocol, with what they leave behind."""
import os
import re
import subprocess
import sys

from federation import ok
from servers import PG_BIN, psql_environment
from twins import same, twins

READS = """\\set id random(1, 1000)
SELECT name, price FROM items WHERE id = :id;
SELECT i.name, n.text FROM items i JOIN notes n USING (id) WHERE i.id = :id;
SELECT count(*) AS found, max(id) AS most FROM items WHERE id <= :id \\gset a_
\\if :a_found <> :id
SELECT 1 / 0;
\\endif
SELECT 2 * :a_found AS twice \\gset
SELECT 1 / (CASE WHEN :twice = 2 * :a_most THEN 1 ELSE 0 END);
"""
WRITES = """\\set n random(1, 1000000)
BEGIN;
INSERT INTO kept VALUES (:n, 'from ' || :client_id) RETURNING n \\gset
UPDATE kept SET t = t || '!' WHERE n = :n;
SELECT count(*) AS own FROM kept WHERE n = :n \\gset
\\if :own = 0
SELECT 1 / 0;
\\endif
END;
"""
PIPELINE = """\\set id random(1, 1000)
\\startpipeline
SELECT name FROM items WHERE id = :id;
INSERT INTO own (name) VALUES ('piped ' || :id);
SELECT count(*) FROM notes WHERE id < :id;
\\endpipeline
"""


def pgbench(server, *arguments, text=None):
    files = []
    if text is not None:
        files = ["-f", "/dev/stdin"]
    return subprocess.run([f"{PG_BIN}/pgbench", "-h", server.socket_dir, "-p", str(server.port), "-U", "postgres", *arguments, *files, "postgres"], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, input=text, timeout=300, env=psql_environment(), check=False)


def failed(done):
    """What is wrong with a run; None: nothing."""
    fine = done.returncode == 0 and re.search(r"number of failed transactions: 0 ", done.stdout)
    return None if fine else done.stdout[-1500:]


def figures(server):
    return server.psql("-At", "-c", "SELECT count(*), sum(abalance) FROM pgbench_accounts", "-c", "SELECT sum(bbalance) FROM pgbench_branches", "-c",
                       "SELECT sum(tbalance) FROM pgbench_tellers", "-c", "SELECT sum(delta), count(*) FROM pgbench_history").stdout.split()


def its_own_tables(servers):
    answers = []
    for server in servers:
        done = pgbench(server, "-i", "-I", "dtGpf", "-q", "-s", "1")
        tables = server.psql("-c", r"\d pgbench_*", "-At").stdout
        answers.append([re.sub(r"[\d.]+ s\b", "N s", line) for line in done.stdout.splitlines() if "tuples" not in line] + tables.splitlines())
    same("pgbench -i makes its tables", *answers)
    postgresql, medley = servers
    for mode in ("simple", "extended", "prepared"):
        problem = failed(pgbench(medley, "-n", "-M", mode, "-c", "4", "-j", "2", "-t", "20", "-S"))
        ok(f"pgbench -S, {mode}", problem is None, problem)
        problem = failed(pgbench(medley, "-n", "-M", mode, "-c", "2", "-j", "2", "-t", "10", "--max-tries=20"))
        ok(f"its own transactions, {mode}", problem is None, problem)
    accounts, branches, tellers, history = figures(medley)
    deltas, count = history.split("|")
    ok("no balance is lost", count == "60" and accounts.split("|") == ["100000", deltas] and branches == tellers == deltas, figures(medley))


def scripts(medley):
    for mode in ("simple", "extended", "prepared"):
        for name, text in (("reads", READS), ("writes", WRITES), *([("a pipeline", PIPELINE)] if mode != "simple" else [])):
            problem = failed(pgbench(medley, "-n", "-M", mode, "-c", "6", "-j", "2", "-t", "15", text=text))
            ok(f"pgbench's {name}, {mode}", problem is None, problem)
    counts = medley.psql("-At", "-c", "SELECT count(*) FROM kept WHERE t LIKE 'from %!'", "-c", "SELECT count(*) FROM own").stdout.split()
    ok("each write is there once", counts == [str(3 * 6 * 15), str(2 * 6 * 15)], counts)


with twins() as both:
    its_own_tables(both)
    scripts(both[1])
sys.exit(0)
