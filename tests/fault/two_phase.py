"""Transactions that write at two servers and here: committed at all of them or at none, whoever fails and whenever: a server, a connection,
Medley itself."""
import contextlib
import os
import signal
import sqlite3
import threading
import time

import psycopg2

from between import Between
from faulty import connect, error_of, small_disk, state_of, wait_for
from federation import ok
from servers import Medley, PgCluster, temporary_directory

ROUNDS, SECONDS, THREADS, ACCOUNTS = 4, 1.5, 4, 5
SECRET = "open-sesame"
PREPARED = "SELECT count(*) FROM pg_prepared_xacts"


class Gate(Between):
    """Passes everything on, but for a message with `word` in it: that one ends its connection ("lose": it never came; "answer": its answer
    is lost), or waits until the gate is opened, and then ends its connection ("hold") or goes on ("wait")."""

    def __init__(self, source):
        self.word = self.way = None
        self.held, self.opened = threading.Event(), threading.Event()
        super().__init__(source)

    def close_at(self, word, way):
        self.word, self.way = word.encode(), way
        self.held.clear()
        self.opened.clear()

    def open(self):
        self.word = None
        self.opened.set()

    def change(self):
        state = {"answer": False}

        def said(data):
            return data, not state["answer"]
        return state, said

    def serve(self, client, change):
        state, said = change
        gate = self

        class Client:
            """The client's socket, whose bytes go by the gate."""

            def __enter__(self):
                return self

            def __exit__(self, *exc):
                client.close()

            def fileno(self):
                return client.fileno()

            def recv(self, size):
                data = client.recv(size)
                if gate.word and gate.word in data:
                    way = gate.way
                    gate.held.set()
                    if way == "lose":
                        return b""
                    if way in ("hold", "wait"):
                        gate.opened.wait(60)
                        return data if way == "wait" else b""
                    state["answer"] = True
                return data

            def sendall(self, data):
                if not state["answer"]:
                    client.sendall(data)

        super().serve(Client(), said)


def furnish(medley, first, gate):
    """Makes the tables a and b, which are the servers' t, and l, which is Medley's own."""
    medley.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", f"""
        CREATE EXTENSION postgres_fdw;
        CREATE SERVER a FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{first.socket_dir}', port '{first.port}', dbname 'postgres');
        CREATE SERVER b FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '{gate.port}', dbname 'postgres');
        CREATE USER MAPPING FOR postgres SERVER a OPTIONS (user 'postgres');
        CREATE USER MAPPING FOR postgres SERVER b OPTIONS (user 'postgres');
        CREATE FOREIGN TABLE a (id int, n int) SERVER a OPTIONS (table_name 't');
        CREATE FOREIGN TABLE b (id int, n int) SERVER b OPTIONS (table_name 't');
        CREATE FOREIGN TABLE b_late (id int) SERVER b OPTIONS (table_name 'late');
        CREATE TABLE l (id int PRIMARY KEY, n int);""", check=True)


@contextlib.contextmanager
def places(build):
    """Two servers, a gate before the second one, and Medley with the tables a, b (foreign) and l (its own)."""
    with temporary_directory() as directory, temporary_directory() as other, temporary_directory() as home:
        with PgCluster(directory) as first, PgCluster(other) as second, Medley(build, home) as medley:
            gate = Gate(second)
            for source in (first, second):
                source.psql("-q", "-c", "CREATE TABLE t (id int PRIMARY KEY, n int); CREATE TABLE late (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)",
                            check=True)
            furnish(medley, first, gate)
            yield first, second, gate, medley


def rows(first, second, medley):
    """How many of the tables a, b and l have each number, as they are now: {number: "ab"}."""
    found = {}
    for letter, server, table in (("a", first, "t"), ("b", second, "t"), ("l", medley, "l")):
        for line in server.psql("-At", "-c", f"SELECT id FROM {table}", check=True).stdout.split():
            found[int(line)] = found.get(int(line), "") + letter
    return found


def prepared(*sources):
    return sum(int(source.psql("-At", "-c", PREPARED, check=True).stdout) for source in sources)


def write(cursor, number, tables):
    cursor.execute("BEGIN")
    for table in tables:
        cursor.execute(f"INSERT INTO {table} VALUES ({number}, 0)")
    cursor.execute("COMMIT")


def settled(first, second):
    return wait_for(lambda: prepared(first, second) == 0, 20)


def together(first, second, gate, medley):
    """Without faults, and with those that a source tells."""
    session = connect(medley)
    cursor = session.cursor()
    for number, tables in ((1, "ab"), (2, "al"), (3, "abl"), (4, "a"), (5, "l")):
        write(cursor, number, tables)
    ok("all is committed", rows(first, second, medley) == {1: "ab", 2: "al", 3: "abl", 4: "a", 5: "l"} and prepared(first, second) == 0)

    def late():
        cursor.execute("BEGIN; INSERT INTO b_late VALUES (1); INSERT INTO b_late VALUES (1)")
        for table in "abl":
            cursor.execute(f"INSERT INTO {table} VALUES (6, 0)")
        cursor.execute("COMMIT")
    ok("what one server refuses at the end is done nowhere", state_of(late) == "23505" and 6 not in rows(first, second, medley)
       and prepared(first, second) == 0)
    cursor.execute("SET medley.two_phase_commit = required")
    cursor.execute("BEGIN; SELECT count(*) FROM a; SELECT count(*) FROM b")
    for table in "abl":
        cursor.execute(f"UPDATE {table} SET n = 7 WHERE id = 3")
    cursor.execute("COMMIT; SELECT a.n + b.n + l.n FROM a JOIN b USING (id) JOIN l USING (id)")
    ok("what was read before it was written is prepared too", cursor.fetchone()[0] == 21)
    cursor.execute("BEGIN; DECLARE c CURSOR FOR SELECT * FROM a; FETCH 1 FROM c")
    for table in "ab":
        cursor.execute(f"UPDATE {table} SET n = 8 WHERE id = 3")
    cursor.execute("FETCH ALL FROM c; COMMIT; SELECT a.n + b.n FROM a JOIN b USING (id) WHERE id = 3")
    ok("while a cursor is open", cursor.fetchone()[0] == 16)
    cursor.execute("SET statement_timeout = '20s'; BEGIN; SELECT count(*) FROM b_late; TRUNCATE b_late; INSERT INTO a VALUES (8, 0); COMMIT; RESET statement_timeout")
    ok("what has read a table does not lock it against what truncates it", 8 in rows(first, second, medley) and prepared(first, second) == 0)
    cursor.execute("SET medley.two_phase_commit = off")
    gate.close_at("PREPARE TRANSACTION", "lose")
    write(cursor, 7, "abl")
    gate.open()
    ok("nothing is prepared when that is off", rows(first, second, medley)[7] == "abl")
    session.close()


def unable(first, second, gate, medley):
    """A server that keeps no prepared transactions."""
    second.settings = ["max_prepared_transactions=0"]
    second.stop()
    second.start()
    session = connect(medley)
    cursor = session.cursor()
    cursor.execute("SELECT count(*) FROM b")
    cursor.execute("SET medley.two_phase_commit = required")
    error = error_of(lambda: write(cursor, 10, "abl"))
    ok("required of a server that cannot", error.pgcode == "55000" and "server \"b\"" in str(error) and 10 not in rows(first, second, medley), str(error))
    cursor.execute("SET medley.two_phase_commit = prefer")
    write(cursor, 11, "abl")
    ok("else it is committed in one phase", rows(first, second, medley)[11] == "abl" and prepared(first) == 0)
    gate.close_at("COMMIT TRANSACTION", "lose")
    ok("and where that fails, nothing is done elsewhere", state_of(lambda: write(cursor, 12, "abl")) is not None
       and 12 not in rows(first, second, medley) and prepared(first) == 0)
    gate.open()
    session.close()
    second.settings = []
    second.stop()
    second.start()


def lost(first, second, gate, medley):
    """A connection that goes in either phase."""
    session = connect(medley)
    cursor = session.cursor()
    cursor.execute("SELECT count(*) FROM b")
    gate.close_at("PREPARE TRANSACTION", "lose")
    state = state_of(lambda: write(cursor, 20, "abl"))
    gate.open()
    ok("before it is prepared", state == "08006" and 20 not in rows(first, second, medley) and settled(first, second), state)
    gate.close_at("PREPARE TRANSACTION", "answer")
    state = state_of(lambda: write(cursor, 21, "abl"))
    gate.open()
    ok("after it is prepared", state == "08006" and settled(first, second) and 21 not in rows(first, second, medley), state)
    for number, way, tables in ((22, "lose", "abl"), (23, "answer", "abl"), (24, "lose", "ab")):
        del session.notices[:]
        gate.close_at("COMMIT PREPARED", way)
        state = state_of(lambda: write(cursor, number, tables))
        warned = [notice for notice in session.notices if "WARNING" in notice and "server \"b\"" in notice]
        gate.open()
        ok(f"after the decision ({way}, {tables})", state is None and warned and settled(first, second)
           and rows(first, second, medley).get(number) == tables, (state, session.notices))
    gate.close_at("COMMIT PREPARED", "hold")
    cursor.execute("SET statement_timeout = '1s'")
    state = state_of(lambda: write(cursor, 25, "abl"))
    gate.open()
    cursor.execute("RESET statement_timeout")
    ok("a server that hangs", state is None and settled(first, second) and rows(first, second, medley).get(25) == "abl", state)
    session.close()


def killed(first, second, gate, medley):
    """Medley ends at once, in either phase, and begins again."""
    for number, word, tables, wanted in ((30, "PREPARE TRANSACTION", "abl", None), (31, "COMMIT PREPARED", "abl", "abl"),
                                         (32, "COMMIT PREPARED", "ab", "ab"), (33, "PREPARE TRANSACTION", "ab", None)):
        session = connect(medley)
        cursor = session.cursor()
        cursor.execute("SELECT count(*) FROM b")
        gate.close_at(word, "hold")
        threading.Thread(target=lambda: error_of(lambda: write(cursor, number, tables)), daemon=True).start()
        held = gate.held.wait(20)
        time.sleep(0.2)
        medley.stop(signal.SIGKILL)
        gate.open()
        medley.start()
        ok(f"at {word} ({tables})", held and settled(first, second) and rows(first, second, medley).get(number) == wanted,
           (held, rows(first, second, medley)))
        session.close()


def read_first(first, second, gate, medley):
    """What is written over another connection than was read over does not wait for that one, be it by way of others."""
    session = connect(medley)
    cursor = session.cursor()
    cursor.execute("SET statement_timeout = '20s'; SET medley.two_phase_commit = required")
    cursor.execute("INSERT INTO a VALUES (40, 0); INSERT INTO b VALUES (40, 0)")
    state = state_of(lambda: cursor.execute("BEGIN; SELECT count(*) FROM a; TRUNCATE a; INSERT INTO a VALUES (41, 0); INSERT INTO l VALUES (41, 0); COMMIT"))
    ok("TRUNCATE of what was read", state is None and rows(first, second, medley)[41] == "al", state)
    cursor.execute("ROLLBACK; BEGIN; SELECT count(*) FROM b")
    changing = threading.Thread(target=lambda: second.psql("-c", "ALTER TABLE t ADD COLUMN more int"))
    changing.start()
    ok("another session waits for what was read", wait_for(lambda: "1" == second.psql(
        "-At", "-c", "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'", check=True).stdout.strip(), 20))
    state = state_of(lambda: cursor.execute("UPDATE b SET n = 9 WHERE id = 40; INSERT INTO l VALUES (42, 0); COMMIT"))
    changing.join()
    ok("and does not stand in the way", state is None and settled(first, second) and rows(first, second, medley).get(42) == "l", state)
    cursor.execute("ROLLBACK; ALTER SERVER b OPTIONS (ADD max_connections '1')")
    state = state_of(lambda: cursor.execute("BEGIN; SELECT count(*) FROM b; UPDATE b SET n = 10 WHERE id = 40; COMMIT"))
    ok("one connection does for one server", state is None, state)
    cursor.execute("ROLLBACK; BEGIN; SELECT count(*) FROM b; UPDATE b SET n = 11 WHERE id = 40; INSERT INTO l VALUES (43, 0)")
    state = state_of(lambda: cursor.execute("COMMIT"))
    ok("though not where several places are required", state == "55000" and 43 not in rows(first, second, medley), state)
    session.close()


def crowded(first, second, gate, medley):
    """All connections that a server allows wait for what is prepared there."""
    session, other = connect(medley), connect(medley)
    cursor = session.cursor()
    gate.close_at("COMMIT PREPARED", "lose")
    cursor.execute("BEGIN; UPDATE b SET n = 50 WHERE id = 40; INSERT INTO l VALUES (50, 0); COMMIT")
    states = []
    waiting = threading.Thread(target=lambda: states.append(state_of(lambda: other.cursor().execute("UPDATE b SET n = 51 WHERE id = 40"))))
    waiting.start()
    waits = wait_for(lambda: second.psql("-At", "-c", "SELECT 1 FROM pg_locks WHERE NOT granted", check=True).stdout.strip() == "1", 20)
    gate.open()
    calm = settled(first, second)
    if not calm:
        second.psql("-c", "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted")
    waiting.join()
    left = second.psql("-At", "-c", "SELECT n FROM t WHERE id = 40", check=True).stdout.strip()
    ok("it is ended all the same", waits and calm and left == "50" and states == ["40001"], (waits, calm, left, states))
    cursor.execute("ALTER SERVER b OPTIONS (DROP max_connections)")
    session.close()
    other.close()


def changed(first, second, gate, medley):
    """Server, mapping and roles are altered or dropped while something is left at the server."""
    session = connect(medley)
    cursor = session.cursor()
    source = f"host '127.0.0.1', port '{gate.port}', dbname 'postgres'"
    leaks = []
    second.psql("-q", "-c", "CREATE ROLE teller SUPERUSER LOGIN", check=True)

    def left(number, change, then="", word="COMMIT PREPARED", way="lose", before=""):
        """Writes it at a and, as at c, at b; something is left there while the change is made."""
        cursor.execute(f"""CREATE ROLE clerk SUPERUSER; CREATE SERVER c FOREIGN DATA WRAPPER postgres_fdw OPTIONS ({source}); BEGIN;
            CREATE USER MAPPING FOR clerk SERVER c OPTIONS (user 'teller', password '{SECRET}'); CREATE FOREIGN TABLE c (id int, n int) SERVER c OPTIONS (table_name 't');
            {before or 'COMMIT; BEGIN'}; INSERT INTO a VALUES ({number}, 0); SET ROLE clerk; INSERT INTO c VALUES ({number}, 0); RESET ROLE""")
        gate.close_at(word, way)
        state = state_of(lambda: cursor.execute("COMMIT"))
        if state:
            cursor.execute("ROLLBACK")
        cursor.execute(change)
        second.psql("-q", "-c", then, check=True)
        is_left = prepared(second)
        leaks.extend(name for name in os.listdir(medley.data) if os.path.isfile(os.path.join(medley.data, name)) and SECRET.encode() in
                     open(os.path.join(medley.data, name), "rb").read())
        gate.open()
        calm = settled(first, second)
        cursor.execute("DROP SERVER IF EXISTS c CASCADE; DROP ROLE IF EXISTS clerk")
        return state, is_left, calm, rows(first, second, medley).get(number)

    for number, change, then in ((60, "DROP SERVER c CASCADE; DROP ROLE clerk", ""), (61, "DROP USER MAPPING FOR clerk SERVER c", ""),
                                 (62, f"ALTER SERVER c OPTIONS (SET host '{first.socket_dir}', SET port '{first.port}')", ""),
                                 (63, "ALTER USER MAPPING FOR clerk SERVER c OPTIONS (SET user 'cashier')", "ALTER ROLE teller RENAME TO cashier")):
        found = left(number, change, then)
        second.psql("-q", "-c", "ALTER ROLE cashier RENAME TO teller")
        ok(f"it is committed after {change.split('(', maxsplit=1)[0]}", found == (None, 1, True, "ab"), found)
    found = left(64, "SELECT", word="PREPARE TRANSACTION", way="answer", before="DROP SERVER c CASCADE;"
                 f"CREATE SERVER c FOREIGN DATA WRAPPER postgres_fdw OPTIONS ({source}); CREATE USER MAPPING FOR clerk SERVER c OPTIONS (user 'teller');"
                 "CREATE FOREIGN TABLE c (id int, n int) SERVER c OPTIONS (table_name 't')")
    ok("what was prepared at a server that is undone with the transaction is undone there", found == ("08006", 1, True, None), found)
    ok("and no password lies in a file", not leaks, leaks)
    session.close()


def forgotten(first, second, gate, medley):
    """The log of what is left is removed: that is forgotten, and what was decided with it."""
    session = connect(medley)
    gate.close_at("COMMIT PREPARED", "lose")
    write(session.cursor(), 70, "abl")
    medley.stop()
    for name in os.listdir(medley.data):
        if name.startswith("coordinator.db"):
            os.unlink(os.path.join(medley.data, name))
    medley.start()
    medley.stop()
    with contextlib.closing(sqlite3.connect(os.path.join(medley.data, "catalog.db"))) as catalog:
        decided = catalog.execute("SELECT count(*) FROM medley_decision").fetchone()[0]
    medley.start()
    gate.open()
    ok("nothing is left of it", decided == 0 and prepared(second) == 1, decided)
    gid = second.psql("-At", "-c", "SELECT gid FROM pg_prepared_xacts", check=True).stdout.strip()
    second.psql("-q", "-c", f"COMMIT PREPARED '{gid}'", check=True)
    session.close()
    session = connect(medley)
    write(session.cursor(), 71, "abl")
    ok("and it goes on", rows(first, second, medley).get(71) == "abl" and prepared(first, second) == 0)
    session.close()


def full_disk(first, second, gate, build):
    """Medley's disk fills up: before anything is prepared, before it is decided, and after."""
    with small_disk("a full disk in a commit") as mount:
        if not mount:
            return
        with Medley(build, mount) as medley:
            furnish(medley, first, gate)
            session = connect(medley)
            cursor = session.cursor()
            filler = os.path.join(mount, "filler")
            cursor.execute("SELECT count(*) FROM b")

            def fill():
                with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
                    while file.write(b"x" * 4096):
                        pass

            def write_full(number, tables, word):
                states = []
                gate.close_at(word, "wait")
                writing = threading.Thread(target=lambda: states.append(state_of(lambda: write(cursor, number, tables))))
                writing.start()
                held = gate.held.wait(20)
                fill()
                gate.open()
                writing.join()
                if states[0]:
                    cursor.execute("ROLLBACK")
                calm = settled(first, second)
                os.unlink(filler)
                return held, states[0], calm, rows(first, second, medley).get(number)

            for number, tables, word, wanted in ((80, "ab", "INSERT", ("53100", None)), (81, "abl", "INSERT", ("53100", None)),
                                                 (82, "ab", "PREPARE TRANSACTION", ("53100", None)),
                                                 (83, "abl", "PREPARE TRANSACTION", ("53100", None)),
                                                 (84, "ab", "COMMIT PREPARED", (None, "ab")), (85, "abl", "COMMIT PREPARED", (None, "abl"))):
                found = write_full(number, tables, word)
                ok(f"the disk is full after {word} ({tables})", found == (True, wanted[0], True, wanted[1]), found)
            write(cursor, 86, "abl")
            ok("and it goes on when there is room", rows(first, second, medley).get(86) == "abl" and prepared(first, second) == 0)
            session.close()


def transfer(medley, number, stop):
    """From one account to another, at different places, again and again."""
    tables, at = "abl", number
    with contextlib.suppress(psycopg2.Error):
        session = connect(medley)
        cursor = session.cursor()
        while not stop.is_set():
            at += 1
            giver, taker, account = tables[at % 3], tables[(at + 1 + at % 2) % 3], 100 + at % ACCOUNTS
            with contextlib.suppress(psycopg2.OperationalError if not stop.is_set() else psycopg2.Error):
                cursor.execute(f"BEGIN; UPDATE {giver} SET n = n - 1 WHERE id = {account}; UPDATE {taker} SET n = n + 1 WHERE id = {account}; COMMIT")
                continue
            cursor.execute("ROLLBACK")


def money(first, second, medley):
    return sum(int(server.psql("-At", "-c", f"SELECT sum(n) FROM {table} WHERE id >= 100", check=True).stdout)
               for server, table in ((first, "t"), (second, "t"), (medley, "l")))


def stormy(first, second, gate, medley):
    """Sums stay what they are, however often Medley is killed."""
    for table in "abl":
        medley.psql("-q", "-c", f"INSERT INTO {table} SELECT 100 + i, 1000 FROM generate_series(0, {ACCOUNTS - 1}) i", check=True)
    for _ in range(ROUNDS):
        stop = threading.Event()
        threads = [threading.Thread(target=transfer, args=(medley, number, stop)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        time.sleep(SECONDS)
        stop.set()
        medley.stop(signal.SIGKILL)
        for thread in threads:
            thread.join(60)
        medley.start()
        calm = settled(first, second)
        ok("nothing is won or lost", calm and money(first, second, medley) == 3 * ACCOUNTS * 1000, (calm, money(first, second, medley)))
    moved = medley.psql("-At", "-c", "SELECT count(*) FROM l WHERE n <> 1000 AND id >= 100", check=True).stdout.strip()
    ok("and something has moved", moved != "0")


def main():
    build = os.path.abspath(os.environ["MEDLEY_BUILD"])
    with places(build) as all_places:
        for test in (together, unable, lost, killed, read_first, crowded, changed, forgotten, stormy):
            print(f"# {test.__name__}", flush=True)
            test(*all_places)
        print(f"# {full_disk.__name__}", flush=True)
        full_disk(*all_places[:3], build)


main()
