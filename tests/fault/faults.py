"""Every fault path is a path: the source killed in mid-scan, the client gone in mid-result, cancel, timeouts, a dead source, a full disk."""
import contextlib
import os
import random
import signal
import socket
import struct
import threading
import time

import psycopg2

from faulty import Watcher, busy_backends, connect, error_of, small_disk, state_of, vanish, wait_for
from federation import federation, ok
from pgwire import Connection, query
from servers import Medley, temporary_directory

SLOW_AT_THE_SOURCE = "SELECT count(*) FROM items a, items b, items c WHERE a.price + b.price > c.id"


def cancel_reaches_everything(source, medley):
    connection = connect(medley)
    cursor = connection.cursor()
    threading.Timer(0.7, connection.cancel).start()
    start = time.time()
    ok("cancel ends a long remote statement with 57014", state_of(lambda: cursor.execute(SLOW_AT_THE_SOURCE)) == "57014")
    ok("and does so at once", time.time() - start < 5, time.time() - start)
    ok("the source's statement is cancelled too", wait_for(lambda: busy_backends(source) == 0))
    cursor.execute("SELECT count(*) FROM items")
    ok("the session is usable after it", cursor.fetchone() == (1000,))
    cursor.execute("SET statement_timeout = '300ms'")
    ok("statement_timeout is 57014", state_of(lambda: cursor.execute("SELECT count(*) FROM notes a, notes b, notes c, notes d")) == "57014")
    cursor.execute("SET statement_timeout = 0")
    connection.close()


def client_gone_frees_the_source(source, medley):
    connection = connect(medley)
    cursor = connection.cursor()
    thread = threading.Thread(target=lambda: state_of(lambda: cursor.execute(SLOW_AT_THE_SOURCE)))
    thread.start()
    ok("a long statement runs at the source", wait_for(lambda: busy_backends(source) > 0))
    vanish(connection)
    thread.join(10)
    ok("a client that goes away frees the source", wait_for(lambda: busy_backends(source) == 0))


def unread_result(medley, watcher, name):
    """A client in mid-result: it has read the first rows and reads no more, so that the server waits for it."""
    reader = Connection(medley)
    reader.start(application_name=name)
    reader.send(query("SELECT a.id, b.text FROM notes a, notes b"))
    while reader.read()[0] != "D":
        pass
    time.sleep(0.3)
    return reader, watcher.active(name) == 1


def client_gone_in_mid_result(medley):
    watcher = Watcher(medley)
    reader, active = unread_result(medley, watcher, "vanishes")
    ok("a statement whose client does not read is active", active)
    reader.close()
    ok("a client gone in mid-result ends its statement", active and wait_for(lambda: not watcher.present("vanishes")))
    reader, active = unread_result(medley, watcher, "does not read")
    watcher.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", "does not read")
    ok("pg_terminate_backend ends a statement whose client does not read", active and wait_for(lambda: not watcher.present("does not read")))
    reader.close()
    watcher.close()


def source_killed_in_mid_scan(source, medley):
    connection = connect(medley)
    cursor = connection.cursor()
    seen = []
    thread = threading.Thread(target=lambda: seen.append(state_of(lambda: cursor.execute(SLOW_AT_THE_SOURCE))))
    thread.start()
    wait_for(lambda: busy_backends(source) > 0)
    source.psql("-c", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'")
    thread.join(20)
    ok("the source's backend killed in mid-scan: its own error", seen and seen[0] == "08006", seen)
    cursor.execute("SELECT count(*) FROM items")
    ok("the session goes on over a new connection", cursor.fetchone() == (1000,))
    source.stop(signal.SIGQUIT)
    code = state_of(lambda: cursor.execute("SELECT count(*) FROM items"))
    ok("the source down: 08001 or 08006", code in ("08001", "08006", "57P02"), code)
    code = state_of(lambda: cursor.execute("SELECT count(*) FROM items"))
    ok("still down: 08001", code == "08001", code)
    cursor.execute("SELECT count(*) FROM notes")
    ok("other sources still answer", cursor.fetchone() == (1000,))
    source.start()
    cursor.execute("SELECT count(*) FROM items")
    ok("the source is back: so are its rows", cursor.fetchone() == (1000,))
    connection.close()


def wrong_at_the_source(source, medley):
    cursor = connect(medley).cursor()
    source.psql("-c", "ALTER TABLE items RENAME COLUMN ok TO was_ok")
    error = error_of(lambda: cursor.execute("SELECT ok FROM items"))
    ok("a column that the source lacks: its own error", error is not None and error.pgcode == "42703" and "ok" in str(error), error)
    source.psql("-c", "ALTER TABLE items RENAME COLUMN was_ok TO ok")
    medley.psql("-c", "ALTER USER MAPPING FOR ann SERVER src OPTIONS (SET user 'nobody_there')")
    error = error_of(lambda: connect(medley, "ann").cursor().execute("SELECT count(*) FROM items"))
    ok("a refused log-in: 08001 with the server's name and the remote message, without the password",
       error is not None and error.pgcode == "08001" and 'could not connect to server "src"' in str(error) and "nobody_there" in str(error)
       and "pw-ann" not in str(error), error)
    cursor.execute("SELECT 1")
    ok("nothing of this hurts another session", cursor.fetchone() == (1,))


def secrets_stay_secret(medley):
    with open(medley.log_path, encoding="utf-8", errors="replace") as log:
        text = log.read()
    ok("no secret in the log", "pw-ann" not in text and "pw-ben" not in text)
    stored = b""
    for name in os.listdir(medley.data):
        path = os.path.join(medley.data, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                stored += file.read()
    ok("no secret in the data directory", b"pw-ben" not in stored and b"pw-ann" not in stored and b"pg_foreign_server" in stored)


def catalog_problems(cursor, acknowledged):
    cursor.execute("SELECT c.relname, count(DISTINCT a.attnum), count(DISTINCT t.ftrelid) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
                   " AND a.attnum > 0 LEFT JOIN pg_foreign_table t ON t.ftrelid = c.oid WHERE c.relkind = 'f' GROUP BY 1")
    found = {name: (columns, tables) for name, columns, tables in cursor.fetchall()}
    torn = {name: shape for name, shape in found.items() if shape != (2, 1)}
    missing = acknowledged - set(found)
    acknowledged |= set(found)
    return f"missing {missing}, torn {torn}" if missing or torn else None


def killed_in_a_ddl_loop(build, rounds=200):
    """SIGKILL at a random moment of a DDL loop: what was acknowledged is there, what was not is there whole or not at all."""
    rng = random.Random(5)
    acknowledged, problem, number = set(), None, 0
    with temporary_directory() as directory:
        for turn in range(rounds):
            medley = Medley(build, directory)
            medley.start()
            cursor = connect(medley).cursor()
            if turn == 0:
                cursor.execute("CREATE EXTENSION file_fdw; CREATE SERVER f FOREIGN DATA WRAPPER file_fdw")
            problem = catalog_problems(cursor, acknowledged)
            if problem:
                medley.stop()
                break
            killer = threading.Timer(0.005 + rng.random() * 0.05, lambda process=medley.process: process.send_signal(signal.SIGKILL))
            killer.start()
            try:
                while True:
                    number += 1
                    cursor.execute(f"CREATE FOREIGN TABLE t{number} (a int, b text) SERVER f OPTIONS (filename '/nowhere')")
                    acknowledged.add(f"t{number}")
            except psycopg2.Error:
                pass
            killer.join()
            medley.stop(signal.SIGKILL)
    ok(f"SIGKILL in {rounds} rounds of a DDL loop loses nothing committed", not problem and len(acknowledged) > rounds // 10,
       f"{problem}; {len(acknowledged)} tables")


def full_disk(build):
    """The data directory on a small tmpfs: DDL ends in an error, not in damage."""
    with small_disk("a full disk") as mount:
        if not mount:
            return
        reserve = os.path.join(mount, "reserve")
        with open(reserve, "wb") as file:
            file.write(b"x" * (1 << 20))
        with Medley(build, mount) as medley:
            cursor = connect(medley).cursor()
            cursor.execute("CREATE EXTENSION file_fdw; CREATE SERVER f FOREIGN DATA WRAPPER file_fdw")
            made, code, filler = 0, None, "x" * 20000
            while not code and made < 5000:
                code = state_of(lambda: cursor.execute(f"CREATE FOREIGN TABLE t{made} (a int) SERVER f OPTIONS (filename '/{filler}')"))
                made += not code
            ok("a full disk is 53100", code == "53100", code)
            cursor.execute("SELECT count(*) FROM pg_foreign_table")
            ok("and what was made before is there", cursor.fetchone()[0] == made, made)
            # `medley check`, which looks at what is left behind, needs some room to open it.
            os.unlink(reserve)


def full_disk_of_a_sort_and_the_log(build):
    """A sort that spills, and the log, run out of disk: the statement fails, the server goes on, and DDL does so once there is room."""
    with small_disk("a full disk under a sort") as mount:
        if not mount:
            return
        with Medley(build, mount, arguments=("--engine-memory", "60MB", "--log-level", "debug")) as medley:
            cursor = connect(medley).cursor()
            sort = "SELECT count(*) FROM (SELECT repeat(i::text, 20) AS t FROM generate_series(1, 1500000) i ORDER BY 1 OFFSET 5) s"
            code = state_of(lambda: cursor.execute(sort))
            ok("a sort that cannot spill any further is 53100", code == "53100", code)
            cursor.execute("SELECT 1")
            ok("and the session goes on", cursor.fetchone() == (1,))
            filler = os.path.join(mount, "filler")
            with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
                while file.write(b"x" * 4096):
                    pass
            size = os.path.getsize(medley.log_path)
            for _ in range(100):
                state_of(lambda: cursor.execute("SELECT nothing"))
            cursor.execute("SELECT 2")
            ok("a log that cannot be written holds up nobody", cursor.fetchone() == (2,) and os.path.getsize(medley.log_path) - size < 4096)
            ok("DDL on it is 53100", state_of(lambda: [cursor.execute(f"CREATE ROLE r{i}") for i in range(1000)]) == "53100")
            os.unlink(filler)
            ok("and works again when there is room", state_of(lambda: cursor.execute("CREATE ROLE again")) is None)


BUILD = os.environ["MEDLEY_BUILD"]
with federation() as (source_server, medley_server, _):
    cancel_reaches_everything(source_server, medley_server)
    client_gone_frees_the_source(source_server, medley_server)
    client_gone_in_mid_result(medley_server)
    source_killed_in_mid_scan(source_server, medley_server)
    wrong_at_the_source(source_server, medley_server)
    secrets_stay_secret(medley_server)
killed_in_a_ddl_loop(BUILD)
full_disk(BUILD)
full_disk_of_a_sort_and_the_log(BUILD)
