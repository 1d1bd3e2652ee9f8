"""Whatever a statement is waiting for, each way to end it reaches it soon: cancel, statement_timeout, pg_terminate_backend, a client that
goes away, and the server's own end."""
import contextlib
import os
import signal
import socket
import struct
import threading
import time

from faulty import Watcher, connect, wait_for
from federation import federation, ok
from pgwire import CANCEL_REQUEST, Closed, Connection, query, transcript

SOON = 4 if os.path.basename(os.environ["MEDLEY_BUILD"]) == "build" else 15


class Work:
    """A statement that takes forever, and what it needs before it."""

    def __init__(self, name, sql, before=()):
        self.name, self.sql, self.before = name, sql, before


LONG = [
    Work("a catalog query", "SELECT count(*) FROM pg_proc a, pg_proc b, pg_proc c"),
    Work("a catalog query row by row", "SELECT a.oid FROM pg_proc a, pg_proc b, pg_proc c WHERE a.proname || b.proname = c.proname"),
    Work("a catalog query in a transaction that wrote", "SELECT count(*) FROM pg_proc a, pg_proc b, pg_proc c",
         ("BEGIN", "CREATE SERVER written FOREIGN DATA WRAPPER file_fdw")),
    Work("a local join", "SELECT count(*) FROM notes a, notes b, notes c, notes d WHERE a.id + b.id > c.id + d.id"),
    Work("a path that asks all of an array for each of its elements",
         "SELECT jsonb_path_query_array(v, '$[*] ? (exists($[*] ? (@ > 2)))') FROM (SELECT jsonb_agg(1) FROM generate_series(1, 100000)) AS s (v)"),
    Work("a subquery that is run for each row",
         "SELECT count(*) FROM notes n WHERE (SELECT count(*) + 0 * random() FROM notes a, notes b, notes c WHERE a.id + b.id + c.id > n.id) < 0"),
    Work("a subquery that is run for each row, at the source",
         "SELECT count(*) FROM notes n WHERE (SELECT count(*) FROM (items a JOIN unnest(ARRAY[a.id]) AS u (x) ON a.id <> u.x + n.id) LEFT JOIN items b ON a.price < b.price,"
         " items c WHERE a.price + b.price > c.id + n.id) < 0"),
    Work("what runs beside many cursors", "SELECT count(*) FROM notes a, notes b, notes c, notes d WHERE a.id + b.id > c.id + d.id",
         ("BEGIN", *(text for i in range(12) for text in (f"DECLARE c{i} CURSOR FOR SELECT a.id FROM notes a, notes b", f"FETCH 1 FROM c{i}")))),
    Work("a FIFO without a writer", "SELECT count(*) FROM fifo"),
    Work("a FIFO whose writer is silent", "SELECT count(*) FROM silent_fifo"),
    Work("a program without output", "SELECT count(*) FROM sleeper"),
    Work("a program that has closed its output and stays", "SELECT count(*) FROM stayer"),
    Work("a statement at the source", "SELECT count(*) FROM items a, items b, items c WHERE a.price + b.price > c.id"),
    Work("a lock at the source", "SELECT count(*) FROM locked"),
    Work("a lock at the source, relayed", "SELECT * FROM locked"),
    Work("a lock at the source, in a transaction", "SELECT count(*) FROM locked", ("BEGIN", "SELECT count(*) FROM items")),
    Work("connecting to a server that never answers", "SELECT count(*) FROM mute"),
    Work("importing from a server that never answers", "IMPORT FOREIGN SCHEMA public FROM SERVER mute INTO public"),
]
STOPPED = [
    Work("a source that is stopped", "SELECT count(*) FROM items"),
    Work("a source that is stopped in a transaction", "SELECT count(*) FROM items", ("BEGIN",)),
]


class Running:
    """The work under way in a thread of its own, known to be active."""

    def __init__(self, medley, watcher, work, timeout=0):
        self.name = f"runs {id(self)}"
        self.medley, self.connection = medley, Connection(medley, timeout=60)
        self.connection.start(application_name=self.name)
        for sql in (*work.before, *([f"SET statement_timeout = {timeout}"] if timeout else [])):
            self.connection.ask(query(sql))
        self.answer, self.start = [], time.monotonic()
        self.connection.send(query(work.sql))
        self.thread = threading.Thread(target=self.read)
        self.thread.start()
        # With a timeout of its own the statement ends by itself: it was at work if that took as long.
        self.was_active = bool(timeout) or wait_for(lambda: watcher.active(self.name), 5)
        time.sleep(0.1)
        self.was_active = self.was_active and self.thread.is_alive()

    def read(self):
        with contextlib.suppress(Closed, OSError):
            while not self.answer or self.answer[-1][0] != "Z":
                self.answer.append(self.connection.read())

    def ended(self, since):
        self.thread.join(SOON)
        return None if self.thread.is_alive() else time.monotonic() - since

    def outcome(self):
        return "still running" if self.thread.is_alive() else " / ".join(transcript(self.answer))

    def cancel(self):
        with Connection(self.medley) as other:
            other.send(struct.pack("!ii", 16, CANCEL_REQUEST) + self.connection.key)

    def vanish(self):
        self.connection.socket.shutdown(socket.SHUT_RDWR)


def check(name, running, since, code, text):
    took = running.ended(since)
    outcome = running.outcome()
    ok(name, running.was_active and took is not None and f"{code} {text}" in outcome,
       f"active before: {running.was_active}; after {took} s: {outcome}")


def each_way_ends(medley, watcher, work):
    running = Running(medley, watcher, work)
    since = time.monotonic()
    running.cancel()
    check(f"{work.name}: cancel", running, since, "57014", "canceling statement due to user request")
    if not running.thread.is_alive() and not work.before:
        ok(f"{work.name}: the session goes on", "row 1" in running.connection.ask(query("SELECT 1")))
    running.connection.close()
    running = Running(medley, watcher, work, timeout=200)
    check(f"{work.name}: statement_timeout", running, running.start, "57014", "canceling statement due to statement timeout")
    running.connection.close()
    running = Running(medley, watcher, work)
    since = time.monotonic()
    watcher.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", running.name)
    check(f"{work.name}: pg_terminate_backend", running, since, "57P01", "terminating connection due to administrator command")
    running = Running(medley, watcher, work)
    running.vanish()
    running.thread.join(SOON)
    ok(f"{work.name}: client gone", running.was_active and wait_for(lambda: not watcher.present(running.name), SOON), running.was_active)


@contextlib.contextmanager
def mute_server():
    """Accepts TCP connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        yield listener.getsockname()[1]


def set_up(source, medley, directory, mute_port):
    for name in ("fifo", "silent"):
        os.mkfifo(os.path.join(directory, name))
    source.psql("-q", "-c", "CREATE TABLE locked (id int)", check=True)
    medley.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", f"""
        CREATE FOREIGN TABLE fifo (id int) SERVER files OPTIONS (filename '{directory}/fifo');
        CREATE FOREIGN TABLE silent_fifo (id int) SERVER files OPTIONS (filename '{directory}/silent');
        CREATE FOREIGN TABLE sleeper (id int) SERVER files OPTIONS (program 'sleep 100');
        CREATE FOREIGN TABLE stayer (id int) SERVER files OPTIONS (program 'exec >&-; trap "" TERM; sleep 100; sleep 100');
        CREATE FOREIGN TABLE locked (id int) SERVER src;
        CREATE SERVER mute FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '{mute_port}', dbname 'postgres', sslmode 'disable');
        CREATE USER MAPPING FOR postgres SERVER mute OPTIONS (user 'nobody');
        CREATE FOREIGN TABLE mute (id int) SERVER mute;""", check=True)


def fifo_with_a_writer(medley, directory):
    """What comes through a FIFO is read, in pieces, to its end."""
    def write():
        with open(os.path.join(directory, "fifo"), "w", encoding="utf-8") as fifo:
            for i in range(5):
                fifo.write(f"{i}\n")
                fifo.flush()
                time.sleep(0.05)
    thread = threading.Thread(target=write)
    thread.start()
    cursor = connect(medley).cursor()
    cursor.execute("SELECT array_agg(id) FROM fifo")
    ok("a FIFO is read to its writer's end", cursor.fetchone() == ([0, 1, 2, 3, 4],))
    thread.join(5)


def server_ends_amid(medley, works):
    """SIGTERM while all of it runs: each client is told, the exit status is 0, it does not take long."""
    watcher = Watcher(medley)
    running = [Running(medley, watcher, work) for work in works]
    since = time.monotonic()
    medley.process.send_signal(signal.SIGTERM)
    code = medley.process.wait(timeout=60)
    took = time.monotonic() - since
    for one in running:
        one.thread.join(5)
    outcomes = [f"{work.name}: {one.outcome()}" for work, one in zip(works, running)
                if not one.was_active or "57P01 terminating connection due to administrator command" not in one.outcome()]
    ok("SIGTERM amid all of it: every client is told 57P01", not outcomes, outcomes)
    ok("and the server ends with 0, soon", code == 0 and took < SOON, f"exit {code} after {took:.1f} s")


@contextlib.contextmanager
def held_still(source):
    """All of the source's processes are stopped, as on a machine that hangs."""
    pids = [source.process.pid]
    with open(f"/proc/{source.process.pid}/task/{source.process.pid}/children", encoding="ascii") as children:
        pids += [int(pid) for pid in children.read().split()]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in reversed(pids):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


with mute_server() as port, federation() as (source_server, medley_server, top):
    set_up(source_server, medley_server, top, port)
    silent_writer = os.open(os.path.join(top, "silent"), os.O_RDWR)
    locker = connect(source_server)
    locker.autocommit = False
    locker.cursor().execute("LOCK TABLE locked IN ACCESS EXCLUSIVE MODE")
    eyes = Watcher(medley_server)
    for each in LONG:
        each_way_ends(medley_server, eyes, each)
    fifo_with_a_writer(medley_server, top)
    eyes.close()
    server_ends_amid(medley_server, LONG)
    locker.close()
    os.close(silent_writer)
    medley_server.start()
    warm = connect(medley_server, name="warm")
    warm.cursor().execute("SELECT count(*) FROM items")
    eyes = Watcher(medley_server)
    with held_still(source_server):
        for each in STOPPED:
            each_way_ends(medley_server, eyes, each)
        eyes.close()
        server_ends_amid(medley_server, STOPPED)
    medley_server.start()
