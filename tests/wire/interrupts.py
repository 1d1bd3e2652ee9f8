"""Cancel requests, timeouts, the signal functions, clients that vanish; and who gets a worker when many want one."""
import os
import select
import struct
import sys
import time

from pgwire import CANCEL_REQUEST, SYNC, Connection, bind, equal, execute, parse, query, run, server, transcript

LONG = ("SELECT pg_sleep(60)", "SELECT count(*) FROM pg_proc a, pg_proc b, pg_proc c WHERE a.pronargs + b.pronargs * 1000 + c.pronargs * 1000000 = 77")
BY_USER = "ERROR 57014 canceling statement due to user request"
BY_TIMEOUT = "ERROR 57014 canceling statement due to statement timeout"


def connect(medley):
    c = Connection(medley)
    c.start()
    return c


def seconds_until(c, start):
    answer = transcript(c.read_all())
    return answer, time.monotonic() - start


def wait_until_active(watcher, pid):
    for _ in range(200):
        rows = watcher.ask(query(f"SELECT state FROM pg_stat_activity WHERE pid = {pid}"))
        if "row active" in rows:
            return
        time.sleep(0.02)
    raise AssertionError("the statement does not show in pg_stat_activity")


def pid_of(c):
    return struct.unpack("!i", c.key[:4])[0]


def send_cancel(medley, key):
    with Connection(medley) as c:
        c.send(struct.pack("!ii", 16, CANCEL_REQUEST) + key)
        equal(c.read_to_end(), [])


def cancel_requests_end_the_statement_and_keep_the_session(medley):
    with connect(medley) as watcher:
        for text in LONG:
            with connect(medley) as c:
                c.send(query(text))
                wait_until_active(watcher, pid_of(c))
                start = time.monotonic()
                send_cancel(medley, c.key)
                answer, took = seconds_until(c, start)
                equal(answer[-2:], [BY_USER, "ready I"])
                equal(took < 5, True)
                equal(c.ask(query("SHOW datestyle"))[-1], "ready I")


def a_cancel_that_overtakes_its_statement_ends_it(medley):
    """Both are sent at once, on two connections: the statement first, which need not have been read first."""
    with connect(medley) as c:
        c.ask(query("SET statement_timeout = '20s'"))
        for parts in ((query(LONG[1]),), (parse(LONG[1]), bind(), execute(), SYNC)) * 10:
            c.send(*parts)
            send_cancel(medley, c.key)
            equal(transcript(c.read_all())[-2:], [BY_USER, "ready I"])
        equal(c.ask(query("SHOW datestyle"))[-1], "ready I")
        send_cancel(medley, c.key)
        time.sleep(0.05)
        equal(c.ask(query("SHOW datestyle"))[-1], "ready I")


def a_wrong_key_cancels_nothing(medley):
    with connect(medley) as watcher, connect(medley) as c:
        c.send(query("SELECT pg_sleep(1)"))
        wait_until_active(watcher, pid_of(c))
        send_cancel(medley, c.key[:4] + bytes(b ^ 0xff for b in c.key[4:]))
        equal(transcript(c.read_all())[-2:], ["done SELECT 1", "ready I"])


def a_late_cancel_hits_nothing(medley):
    with connect(medley) as c:
        send_cancel(medley, c.key)
        time.sleep(0.1)
        equal(c.ask(query("SHOW datestyle"))[-2:], ["done SHOW", "ready I"])


def statement_timeout(medley):
    with connect(medley) as c:
        c.ask(query("SET statement_timeout = '200ms'"))
        for text in LONG:
            start = time.monotonic()
            c.send(query(text))
            answer, took = seconds_until(c, start)
            equal(answer[-2:], [BY_TIMEOUT, "ready I"])
            equal(took < 5, True)
        equal(c.ask(parse(LONG[0]), bind(), execute(), SYNC)[-2:], [BY_TIMEOUT, "ready I"])
        equal(c.ask(query("SELECT 1 AS one"))[1:], ["row 1", "done SELECT 1", "ready I"])
        # Each statement of a message has the whole of it, as set by then.
        equal(c.ask(query("SELECT pg_sleep(0.15); SELECT pg_sleep(0.15)"))[-2:], ["done SELECT 1", "ready I"])
        equal(c.ask(query("SET statement_timeout = 0; SET statement_timeout = '100ms'; SELECT pg_sleep(60)"))[-2:], [BY_TIMEOUT, "ready I"])


def a_cancelled_block_is_failed(medley):
    with connect(medley) as c:
        c.ask(query("SET statement_timeout = '100ms'"))
        equal(c.ask(query("BEGIN"))[-1], "ready T")
        equal(c.ask(query("SELECT pg_sleep(60)"))[-2:], [BY_TIMEOUT, "ready E"])
        equal(c.ask(query("ROLLBACK")), ["done ROLLBACK", "ready I"])


def pg_cancel_backend_and_pg_terminate_backend(medley):
    with connect(medley) as watcher, connect(medley) as c:
        pid = pid_of(c)
        c.send(query("SELECT pg_sleep(60)"))
        wait_until_active(watcher, pid)
        equal(watcher.ask(query(f"SELECT pg_cancel_backend({pid})"))[1], "row t")
        equal(transcript(c.read_all())[-2:], [BY_USER, "ready I"])
        c.send(query("SELECT pg_sleep(60)"))
        wait_until_active(watcher, pid)
        equal(watcher.ask(query(f"SELECT pg_terminate_backend({pid})"))[1], "row t")
        equal(transcript(c.read_to_end())[-1], "FATAL 57P01 terminating connection due to administrator command")
        with connect(medley) as idle:
            equal(watcher.ask(query(f"SELECT pg_terminate_backend({pid_of(idle)})"))[1], "row t")
            equal(transcript(idle.read_to_end()), ["FATAL 57P01 terminating connection due to administrator command"])
        with connect(medley) as idle:
            pid = pid_of(idle)
            equal(watcher.ask(query(f"SELECT pg_terminate_backend({pid}, 5000)"))[1], "row t")
            equal(watcher.ask(query(f"SELECT count(*) FROM pg_stat_activity WHERE pid = {pid}"))[1], "row 0")
        equal(watcher.ask(query("SELECT pg_terminate_backend(1, -1)"))[-2:], ['ERROR 22003 "timeout" must not be negative', "ready I"])
        equal(watcher.ask(query("SELECT pg_terminate_backend(1)"))[1:4],
              ["WARNING 01000 PID 1 is not a PostgreSQL backend process", "row f", "done SELECT 1"])


def a_vanished_client_ends_its_statement(medley):
    with connect(medley) as watcher:
        for text in LONG:
            c = connect(medley)
            pid = pid_of(c)
            c.send(query(text))
            wait_until_active(watcher, pid)
            c.close()
            for _ in range(200):
                rows = watcher.ask(query(f"SELECT count(*) FROM pg_stat_activity WHERE pid = {pid}"))
                if "row 0" in rows:
                    break
                time.sleep(0.05)
            equal("row 0" in rows, True)


def idle_timeouts(medley):
    with connect(medley) as c:
        c.ask(query("SET idle_in_transaction_session_timeout = '100ms'"))
        time.sleep(0.3)
        equal(c.ask(query("BEGIN")), ["done BEGIN", "ready T"])
        equal(transcript(c.read_to_end()), ["FATAL 25P03 terminating connection due to idle-in-transaction timeout"])
    with connect(medley) as c:
        c.ask(query("SET idle_session_timeout = '100ms'"))
        equal(transcript(c.read_to_end()), ["FATAL 57P05 terminating connection due to idle-session timeout"])


def a_thousand_idle_connections(_):
    with server(["--max-connections", "1100"], own=True) as medley:
        def resident():
            with open(f"/proc/{medley.process.pid}/status", encoding="ascii") as file:
                return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
        before = resident()
        idle = [connect(medley) for _ in range(1000)]
        time.sleep(0.2)
        print(f"# {(resident() - before) / 1000:.0f} kB a connection, {len(os.listdir(f'/proc/{medley.process.pid}/task'))} threads")
        equal(idle[500].ask(query("SHOW datestyle"))[-1], "ready I")
        equal(resident() - before < 1_000_000, True)
        for c in idle:
            c.close()


def a_transaction_ends_though_all_workers_wait_for_it(_):
    with server(["--workers", "3"], own=True) as medley:
        holder = connect(medley)
        equal(holder.ask(query("BEGIN; CREATE SCHEMA held"))[-1], "ready T")
        waiting = [connect(medley) for _ in range(12)]
        for i, c in enumerate(waiting):
            c.send(query(f"CREATE SCHEMA waiting_{i}"))
        time.sleep(0.5)
        with connect(medley) as late:  # one more may still come in, and a cancel request too
            send_cancel(medley, waiting[0].key)
            equal(late.parameters["is_superuser"], "on")
        equal(transcript(waiting[0].read_all()), [BY_USER, "ready I"])
        equal(holder.ask(query("COMMIT")), ["done COMMIT", "ready I"])
        for c in waiting[1:]:
            equal(transcript(c.read_all()), ["done CREATE SCHEMA", "ready I"])
        for c in [holder, *waiting]:
            c.close()


def a_lock_is_given_back_though_all_workers_wait_for_it(_):
    with server(["--workers", "3"], own=True) as medley:
        holder = connect(medley)
        equal(holder.ask(query("SELECT pg_advisory_lock(1) IS NULL"))[-1], "ready I")
        waiting = [connect(medley) for _ in range(12)]
        for c in waiting:
            c.send(query("SELECT pg_advisory_lock(1) IS NULL"))
        time.sleep(0.5)
        send_cancel(medley, waiting[0].key)
        equal(transcript(waiting[0].read_all())[-2:], [BY_USER, "ready I"])
        waiting[1].close()  # a client that goes while it waits leaves no place in the line
        has_it, others = holder, waiting[2:]
        while True:  # who comes next is whom a worker served first
            equal("row t" in has_it.ask(query("SELECT pg_advisory_unlock(1)")), True)
            has_it.close()
            if not others:
                break
            sockets = select.select([c.socket for c in others], [], [], 20)[0]
            equal(len(sockets), 1)
            has_it = next(c for c in others if c.socket is sockets[0])
            others.remove(has_it)
            equal(transcript(has_it.read_all())[-1], "ready I")
        with connect(medley) as last:
            equal("row t" in last.ask(query("SELECT pg_try_advisory_lock(1)")), True)


HELPERS = (connect, seconds_until, wait_until_active, pid_of, send_cancel)
with server() as medley_server:
    FAILED = run([value for value in list(globals().values()) if callable(value) and getattr(value, "__module__", "") == "__main__"
                  and value not in HELPERS], medley_server)
sys.exit(1 if FAILED else 0)
