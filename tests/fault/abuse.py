"""Clients that do not play by the rules, and secrets that must not show, whatever fails."""
import contextlib
import os
import signal
import struct
import time

import psycopg2

from faulty import Watcher, connect, error_of, state_of, wait_for
from federation import federation, ok
from pgwire import CANCEL_REQUEST, Closed, Connection, PROTOCOL, message, query, transcript
from servers import Medley, temporary_directory


def wakes(medley):
    """How often the server's threads have been woken so far."""
    count = 0
    for task in os.listdir(f"/proc/{medley.process.pid}/task"):
        with contextlib.suppress(FileNotFoundError), open(f"/proc/{medley.process.pid}/task/{task}/status", encoding="ascii") as status:
            count += sum(int(line.split()[1]) for line in status if line.startswith("voluntary_ctxt_switches"))
    return count


def idle_server_sleeps(medley):
    idle = [connect(medley, options="-c idle_session_timeout=60s") for _ in range(3)]
    for connection in idle:
        connection.cursor().execute("SELECT 1")
    time.sleep(0.5)
    before = wakes(medley)
    time.sleep(2)
    count = wakes(medley) - before
    own = 20 if os.path.basename(os.environ["MEDLEY_BUILD"]) == "build-tsan" else 0  # ThreadSanitizer's own thread wakes ten times a second
    ok("an idle server wakes less than 5 times a second", count < 10 + own, f"{count} in 2 s")
    start = time.monotonic()
    cursor = idle[0].cursor()
    cursor.execute("SET idle_session_timeout = '300ms'")
    ok("a deadline that is nearer than the one it sleeps for is kept",
       wait_for(lambda: state_of(lambda: time.sleep(0.5) or cursor.execute("SELECT 1")), 5) and time.monotonic() - start < 3)


def half_open(medley, watcher):
    slow = Connection(medley)
    packet = struct.pack("!ii", 41, PROTOCOL) + b"user\0postgres\0database\0postgres\0\0"
    for byte in packet[:20]:
        slow.send(bytes([byte]))
        time.sleep(0.002)
    ok("a start-up packet that stops half-way holds up nobody", watcher.ask("SELECT 1") == 1)
    slow.send(packet[20:])
    ok("and is served when the rest comes", slow.read_all()[-1][0] == "Z")
    text = query("SELECT 'slow'")
    for byte in text:
        slow.send(bytes([byte]))
        time.sleep(0.005)
    ok("a message byte by byte is answered", "row slow" in transcript(slow.read_all()))
    slow.send(text[:8])
    ok("half a message holds up nobody", watcher.ask("SELECT 2") == 2)
    slow.close()


def oversized(medley, watcher):
    for name, data in (("an enormous length", b"Q" + struct.pack("!I", 0x7fffffff) + b"x"),
                       ("a length below four", b"Q" + struct.pack("!I", 3)),
                       ("a negative length", b"Q" + struct.pack("!I", 0xffffffff))):
        with Connection(medley) as connection:
            connection.start()
            connection.send(data)
            answer = transcript(connection.read_to_end())
        ok(f"{name} ends the connection with 08P01", any("08P01" in line for line in answer), answer)
    with Connection(medley) as connection:
        connection.send(struct.pack("!I", 0x7ffffff0) + b"x" * 100)
        connection.read_to_end()
    ok("and the server goes on", watcher.ask("SELECT 1") == 1)


def thousand_idle(medley):
    held = []
    for _ in range(1000):
        connection = Connection(medley)
        connection.start()
        held.append(connection)
    ok("1,000 idle connections are held, and each is served", all("row 1" in c.ask(query("SELECT 1")) for c in held[::50]))
    for connection in held:
        connection.close()


def copy_cut_short(medley, watcher):
    with Connection(medley) as connection:
        connection.start(application_name="copies")
        connection.send(query("COPY (SELECT a.id, b.text FROM notes a, notes b, notes c) TO STDOUT"))
        while connection.read()[0] != "d":
            pass
        active = watcher.active("copies")
        with Connection(medley) as other:
            other.send(struct.pack("!ii", 16, CANCEL_REQUEST) + connection.key)
        last = [m for m in connection.read_all() if m[0] != "d"]
        ok("COPY TO STDOUT is cancelled by its client in mid-way", active == 1 and "57014" in transcript(last)[0], transcript(last))
        ok("and the session goes on", "row 1" in connection.ask(query("SELECT 1")))


def leaves_much_behind(medley, watcher, deep=2100):
    """What is temporary is dropped when its client has gone, however deep it hangs together."""
    connection = connect(medley, name="leaver")
    tables = "".join(f"CREATE TEMP TABLE c{i + 1} () INHERITS (c{i});" for i in range(deep))
    connection.cursor().execute(f"CREATE TEMP TABLE c0 (a int); {tables}")
    connection.close()
    ended = wait_for(lambda: watcher.present("leaver") == 0, 60)
    ok(f"a client leaves {deep} temporary tables, each of which inherits from another", ended and medley.process.poll() is None)
    ok("and none of them stays", watcher.ask("SELECT count(*) FROM pg_class WHERE relname ~ '^c[0-9]+$'") == 0)


SECRET = "s3cr3t-of-mapping"
FAILING = [
    f"CREATE USER MAPPING FOR nobody_there SERVER src OPTIONS (user 'u', password '{SECRET}')",
    f"CREATE USER MAPPING FOR postgres SERVER src OPTIONS (user 'u', password '{SECRET}')",
    f"CREATE USER MAPPING FOR ann SERVER no_server OPTIONS (password '{SECRET}')",
    f"CREATE USER MAPPING FOR ann SERVER src OPTIONS (pasword '{SECRET}')",
    f"CREATE USER MAPPING FOR ann SERVER src OPTIONS (password '{SECRET}', password '{SECRET}')",
    f"CREATE USER MAPPING FOR ann SERVER src OPTIONS (password '{SECRET}'",
    f"CREATE USER MAPPING FOR ann SERVER src OPTION (password '{SECRET}')",
    f"CREATE USER MAPING FOR ann SERVER src OPTIONS (password '{SECRET}')",
    f"ALTER USER MAPPING FOR ann SERVER src OPTIONS (ADD password '{SECRET}')",
    f"ALTER USER MAPPING FOR ann SERVER src OPTIONS (SET pasword '{SECRET}')",
    f"ALTER USER MAPPING FOR nobody_there SERVER src OPTIONS (SET password '{SECRET}')",
    f"CREATE ROLE postgres PASSWORD '{SECRET}'",
    f"ALTER ROLE nobody_there PASSWORD '{SECRET}'",
    f"CREATE ROLE r PASSWORD '{SECRET}' PASSWORD '{SECRET}'",
    f"SELECT 1; CREATE USER MAPPING FOR nobody_there SERVER src OPTIONS (password '{SECRET}')",
    f"DO $$ BEGIN EXECUTE 'CREATE USER MAPPING FOR nobody_there SERVER src OPTIONS (password ''{SECRET}'')'; END $$",
    f"PREPARE p AS CREATE USER MAPPING FOR ann SERVER src OPTIONS (password '{SECRET}')",
    f"EXPLAIN CREATE USER MAPPING FOR ann SERVER src OPTIONS (password '{SECRET}')",
]


def secrets_of_failures(medley):
    """In no message, log line or other role's sight. (Errors of syntax quote the word they stumble on, as PostgreSQL's do.)"""
    watcher = Watcher(medley)
    connection = Connection(medley)
    connection.start(application_name="secretive")
    other = connect(medley, "ann").cursor()
    for sql in FAILING:
        connection.send(query(sql))
        answer = b" ".join(body for _, body in connection.read_all())
        ok(f"failed, and without the secret: {sql.split(SECRET)[0][:70]}", b"SFATAL" not in answer and SECRET.encode() not in answer and b"ERROR" in answer, answer)
        shown = watcher.ask("SELECT query FROM pg_stat_activity WHERE application_name = 'secretive'")
        other.execute("SELECT query FROM pg_stat_activity WHERE query LIKE %s AND pid <> pg_backend_pid()", ["%s3cr3t%"])
        ok("and nobody sees it in pg_stat_activity", SECRET not in shown and not other.fetchall(), shown)
    with open(f"/proc/{medley.process.pid}/cmdline", "rb") as command:
        ok("nor in the process's command line", SECRET.encode() not in command.read())
    with open(medley.log_path, "rb") as log:
        lines = [line for line in log.read().splitlines() if SECRET.encode() in line]
    ok("nor in the log", not lines, lines)


def source_restarted(source, medley):
    plain, block = connect(medley), connect(medley)
    plain.cursor().execute("SELECT count(*) FROM items")
    cursor = block.cursor()
    cursor.execute("BEGIN")
    cursor.execute("SELECT count(*) FROM items")
    source.stop(signal.SIGQUIT)
    source.start()
    cursor_plain = plain.cursor()
    ok("a source restarted between two statements goes unnoticed", state_of(lambda: cursor_plain.execute("SELECT count(*) FROM items")) is None)
    first = error_of(lambda: cursor.execute("SELECT count(*) FROM items"))
    ok("in a transaction it is an error of class 08 or 57, and the transaction has failed", first is not None and
       first.pgcode[:2] in ("08", "57") and state_of(lambda: cursor.execute("SELECT 1")) == "25P02", first)
    cursor.execute("ROLLBACK")
    cursor.execute("SELECT count(*) FROM items")
    ok("after ROLLBACK the session goes on", cursor.fetchone() == (1000,))


for level in ("debug", "warning"):
    with federation(arguments=("--log-level", level)) as (source_server, medley_server, _):
        if level == "debug":
            secrets_of_failures(medley_server)
            continue
        eyes = Watcher(medley_server)
        idle_server_sleeps(medley_server)
        half_open(medley_server, eyes)
        oversized(medley_server, eyes)
        copy_cut_short(medley_server, eyes)
        leaves_much_behind(medley_server, eyes)
        source_restarted(source_server, medley_server)
with temporary_directory() as directory, Medley(os.environ["MEDLEY_BUILD"], directory, arguments=("--max-connections", "1100")) as crowded:
    thousand_idle(crowded)
