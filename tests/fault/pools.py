"""Connections to the sources: the cap of a server, all users together; who waits, how each wait ends, and transactions that would wait
for each other."""
import threading
import time

from faulty import Watcher, busy_backends, connect, error_of, state_of, vanish, wait_for
from federation import federation, ok
from pgwire import Connection, query

MOST = "too many connections to server \"{}\""


def set_up(source, medley):
    """Servers one and two, of one connection each, and a table at either."""
    options = f"host '{source.socket_dir}', port '{source.port}', dbname 'postgres', max_connections '1'"
    medley.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", "".join(f"""
        CREATE SERVER {name} FOREIGN DATA WRAPPER postgres_fdw OPTIONS ({options}, application_name '{name}');
        CREATE USER MAPPING FOR postgres SERVER {name} OPTIONS (user 'postgres');
        CREATE USER MAPPING FOR ann SERVER {name} OPTIONS (user 'remote_ann', password 'pw-ann');
        CREATE FOREIGN TABLE {name}_items (id int) SERVER {name} OPTIONS (table_name 'items');
        GRANT SELECT ON {name}_items TO ann;""" for name in ("one", "two")), check=True)


def connections_of(source, name):
    return int(source.psql("-At", "-c", f"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{name}'").stdout)


class Session:
    """A client, with what it does in the background."""

    def __init__(self, medley, user="postgres", name="waits"):
        self.name, self.connection = name, connect(medley, user, name)
        self.cursor = self.connection.cursor()
        self.thread = self.error = None

    def run(self, *statements):
        for sql in statements:
            self.cursor.execute(sql)
        return self

    def start(self, sql):
        def work():
            start = time.monotonic()
            self.error = error_of(lambda: self.cursor.execute(sql))
            self.took = time.monotonic() - start
        self.thread = threading.Thread(target=work)
        self.thread.start()
        time.sleep(0.3)

    def join(self):
        """The SQLSTATE that what was started has ended with."""
        self.thread.join(60)
        return self.error and self.error.pgcode

    def close(self):
        self.connection.close()


def settings(medley):
    session = Session(medley).run("SELECT name, setting, unit, context FROM pg_settings WHERE name ~ '^medley.(connection|server)' ORDER BY 1")
    ok("the settings show in pg_settings", session.cursor.fetchall() == [
        ("medley.connection_idle_timeout", "60000", "ms", "superuser"), ("medley.connection_queue_timeout", "30000", "ms", "superuser"),
        ("medley.server_max_connections", "16", None, "superuser")])
    session.run("SET medley.connection_queue_timeout = '90s'", "SHOW medley.connection_queue_timeout")
    ok("a superuser sets them", session.cursor.fetchone() == ("90s",))
    code = state_of(lambda: session.run("SET medley.server_max_connections = 0"))
    ok("their ranges are checked", code == "22023", code)
    session.close()
    session = Session(medley, "ann")
    code = state_of(lambda: session.run("SET medley.server_max_connections = 100"))
    ok("nobody else does", code == "42501", code)
    session.close()


def the_cap_is_the_servers(source, medley):
    sessions = [Session(medley, user) for user in ("postgres", "ann")]
    for session in sessions * 2:
        session.run("SELECT count(*) FROM one_items")
    ok("an idle connection of one user makes room for another's", connections_of(source, "one") == 1)
    for session in sessions:
        session.close()
    a, b, c = Session(medley), Session(medley), Session(medley)
    for session in (a, b, c):
        session.run("SET medley.server_max_connections = 2", "SET medley.connection_queue_timeout = '200ms'", "BEGIN")
    a.run("SELECT count(*) FROM items")
    b.run("SELECT count(*) FROM items")
    error = error_of(lambda: c.run("SELECT count(*) FROM items"))
    ok("the setting caps a server without an option, and ends the wait", error is not None and error.pgcode == "53300"
       and MOST.format("src") in str(error) and "none" not in str(error) and "no connection became free within 200 ms" in str(error), error)
    for session in (a, b, c):
        session.close()


def idle_connections_end(source, medley):
    Session(medley).run("SELECT count(*) FROM two_items").close()
    time.sleep(0.2)
    ok("an idle connection is kept", connections_of(source, "two") == 1)
    Session(medley).run("SET medley.connection_idle_timeout = '300ms'", "SELECT count(*) FROM two_items").close()
    ok("until its time is over", wait_for(lambda: connections_of(source, "two") == 0))
    medley.psql("-q", "-c", "ALTER SERVER two OPTIONS (ADD idle_timeout '300')", check=True)
    Session(medley).run("SELECT count(*) FROM two_items").close()
    before = connections_of(source, "two")
    ok("the server's option idle_timeout counts before the setting", before == 1 and wait_for(lambda: connections_of(source, "two") == 0), before)


def each_wait_ends(medley, watcher):
    holder = Session(medley, "ann", "holds").run("BEGIN", "SELECT count(*) FROM one_items")
    for name, end, wanted in (
            ("a cancel", lambda s: s.connection.cancel(), "57014"),
            ("pg_terminate_backend", lambda s: watcher.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                                           " WHERE application_name = %s", s.name),
             "server closed the connection")):  # all that psycopg2 tells of one that is gone
        session = Session(medley)
        session.start("SELECT count(*) FROM one_items")
        waits = session.thread.is_alive()
        start = time.monotonic()
        end(session)
        code = session.join()
        ok(f"{name} ends the wait for a connection", waits and wanted in (code, str(session.error)[:len(wanted)]) and time.monotonic() - start < 5,
           session.error)
        session.close()
    session = Session(medley, name="times out").run("SET statement_timeout = '400ms'")
    session.start("SELECT count(*) FROM one_items")
    ok("statement_timeout ends it", session.join() == "57014" and "statement timeout" in str(session.error) and session.took < 5, session.error)
    session.close()
    session = Session(medley, name="vanishes")
    session.start("SELECT count(*) FROM one_items")
    vanish(session.connection)
    ok("a client that goes away ends it", wait_for(lambda: not watcher.present("vanishes")))
    session.join()
    session = Session(medley)
    session.start("SELECT count(*) FROM one_items")
    holder.run("COMMIT")
    ok("and so does a connection that becomes free, at once", session.join() is None and session.took < 5, session.error)
    session.close()
    holder.close()


def transactions_do_not_wait_for_each_other(medley):
    a = Session(medley).run("BEGIN", "SELECT count(*) FROM one_items")
    b = Session(medley, "ann").run("BEGIN", "SELECT count(*) FROM two_items")
    a.start("SELECT count(*) FROM two_items")
    start = time.monotonic()
    error = error_of(lambda: b.run("SELECT count(*) FROM one_items"))
    ok("who would close the ring is refused at once", error is not None and error.pgcode == "53300" and MOST.format("one") in str(error)
       and time.monotonic() - start < 5, error)
    ok("with what is wrong and what to do", error is not None and "wait in their turn" in (error.diag.message_detail or "")
       and "Roll back the transaction" in (error.diag.message_hint or ""), error)
    b.run("ROLLBACK")
    ok("and the other one goes on", a.join() is None, a.error)
    a.run("COMMIT")
    b.run("SELECT count(*) FROM one_items JOIN two_items USING (id)")
    ok("both servers serve again", b.cursor.fetchone() == (1000,))
    cursors = Session(medley).run("BEGIN", "DECLARE c CURSOR FOR SELECT id FROM one_items", "FETCH 1 FROM c")
    error = error_of(lambda: cursors.run("SELECT count(*) FROM one_items"))
    ok("what the session itself holds is not waited for", error is not None and error.pgcode == "53300"
       and error.diag.message_detail == "Its limit is 1; this session holds 1 and needs 1 more.", error)
    for session in (a, b, cursors):
        session.close()


def the_writer_is_no_trap(medley):
    """Who waits for the one writer of Medley's own data, and who has it and waits at a source for what the other has locked there."""
    medley.psql("-q", "-c", "CREATE TABLE own (id int)", check=True)
    at_source = "UPDATE items SET price = price WHERE id = 1"
    for name, locks in (("an UPDATE there", at_source), ("FOR UPDATE", "SELECT id FROM items WHERE id = 1 FOR UPDATE"),
                        ("both, with savepoints", "SAVEPOINT s; SELECT id FROM items WHERE id = 1 FOR UPDATE; SAVEPOINT t; " + at_source)):
        a, b = Session(medley), Session(medley)
        a.run("SET deadlock_timeout = '100ms'", "BEGIN", *locks.split("; "))
        b.run("BEGIN", "INSERT INTO own VALUES (1)").start(at_source)
        waits = b.thread.is_alive()
        start = time.monotonic()
        error = error_of(lambda: a.run("INSERT INTO own VALUES (2)"))
        ok(f"after {name}: who waits for the writer fails", waits and error is not None and error.pgcode == "40P01" and time.monotonic() - start < 10, error)
        ok("and is told why", error is not None and 'waits for a lock of server "src"' in (error.diag.message_detail or ""), error)
        a.run("ROLLBACK")
        ok("and the other one goes on", b.join() in (None, "40001"), b.error)
        a.close()
        b.close()
    a, b, c = Session(medley), Session(medley), Session(medley)
    a.run("SET deadlock_timeout = '100ms'", "BEGIN", "UPDATE items SET price = price + 1 WHERE id = 2")
    b.run("BEGIN", "INSERT INTO own VALUES (3)", "UPDATE items SET price = price WHERE id = 3")
    c.run("BEGIN", "UPDATE items SET price = price WHERE id = 4").start("UPDATE items SET price = price WHERE id = 3")
    a.start("INSERT INTO own VALUES (4)")
    time.sleep(0.5)
    waits = a.thread.is_alive()
    b.run("COMMIT")
    ok("who has the writer and waits for nobody is waited for, and what was locked meanwhile is written",
       waits and a.join() is None and c.join() == "40001" and a.run("COMMIT", "SELECT price FROM items WHERE id = 2").cursor.fetchone()[0] == 3.5, a.error)
    for session in (a, b, c):
        session.close()


def the_writer_and_the_queue_are_no_trap(medley):
    """Who has the writer and queues for connections whose holders wait for the writer."""
    a, b = Session(medley), Session(medley)
    a.run("BEGIN", "INSERT INTO own VALUES (5)")
    b.run("SET deadlock_timeout = '100ms'", "BEGIN", "SELECT count(*) FROM one_items")
    a.start("SELECT count(*) FROM one_items")
    start = time.monotonic()
    error = error_of(lambda: b.run("INSERT INTO own VALUES (6)"))
    ok("who holds the connection and waits for the writer fails", error is not None and error.pgcode == "40P01" and time.monotonic() - start < 5, error)
    ok("and is told of the connection", error is not None and 'waits for a connection to server "one"' in (error.diag.message_detail or ""), error)
    b.run("ROLLBACK")
    ok("and who has the writer goes on", a.join() is None, a.error)
    a.run("ROLLBACK")

    c, d = Session(medley), Session(medley)
    a.run("BEGIN", "INSERT INTO own VALUES (7)")
    b.run("BEGIN", "SELECT count(*) FROM one_items")
    c.run("BEGIN", "SELECT count(*) FROM two_items").start("SELECT count(*) FROM one_items")
    a.start("SELECT count(*) FROM two_items")
    error = error_of(lambda: b.run("INSERT INTO own VALUES (8)"))
    ok("so it is where another queues in between", error is not None and error.pgcode == "40P01" and 'server "one"' in (error.diag.message_detail or ""), error)
    b.run("ROLLBACK")
    ok("which goes on", c.join() is None, c.error)
    c.run("COMMIT")
    ok("and then who has the writer", a.join() is None, a.error)
    a.run("ROLLBACK")

    a.run("BEGIN", "INSERT INTO own VALUES (9)")
    d.run("BEGIN", "SELECT count(*) FROM one_items")
    b.run("BEGIN", "SELECT count(*) FROM two_items").start("INSERT INTO own VALUES (10)")
    a.start("SELECT count(*) FROM one_items")
    time.sleep(0.5)
    waits = b.thread.is_alive() and a.thread.is_alive()
    d.run("COMMIT")
    ok("a connection that will be given back is waited for", waits and a.join() is None, a.error)
    a.run("COMMIT")
    ok("and the writer", b.join() is None, b.error)
    b.run("ROLLBACK")
    for session in (a, b, c, d):
        session.close()


def slow_readers(source, medley):
    """A client that does not read holds no connection of a source whose rows have all come."""
    wide = "repeat('x', 1000)"
    for name, sql in (
            ("an aggregate", f"SELECT s.ids, {wide} FROM (SELECT string_agg(id::text, ',') AS ids FROM one_items WHERE random() >= 0) s,"
                             " generate_series(1, 1000000)"),
            ("a sort", f"SELECT a.id, {wide} FROM one_items a, generate_series(1, 100) g ORDER BY md5(a.id::text), random()"),
            ("a bind join", f"SELECT a.id, b.id, {wide} FROM one_items a JOIN two_items b USING (id), generate_series(1, 100) g ORDER BY random()")):
        with Connection(medley) as deaf:
            deaf.start(application_name="deaf")
            deaf.send(query(sql))
            session = Session(medley).run("SET medley.connection_queue_timeout = '10s'", "SELECT count(*) FROM one_items")
            ok(f"{name} whose client does not read leaves the source's one connection to others", session.cursor.fetchone() == (1000,))
            session.close()
        ok(f"{name}: nothing is left", wait_for(lambda: busy_backends(source) == 0))


def more_leaves_than_connections(source, medley):
    """Each random() keeps a scan of its own; there is one connection for all of a server's."""
    scans = [f"SELECT id FROM {name}_items WHERE random() >= 0" for name in ("one", "two", "one", "two", "one")]
    every = f"SELECT count(*), sum(id) FROM ({' UNION ALL '.join(scans)}) s"
    joined = "SELECT count(*) FROM " + " JOIN ".join(f"({scan}) s{number} USING (id)" if number else f"({scan}) s0" for number, scan in enumerate(scans))
    with_cursor = ("BEGIN", "DECLARE c CURSOR FOR SELECT id FROM two_items", "FETCH 1 FROM c")
    for name, before in (("alone", ()), ("in a transaction", ("BEGIN", "SELECT 1 FROM one_items LIMIT 1")), ("with bind joins", ("SET medley.bind_joins = always",))):
        session = Session(medley).run(*before, every)
        ok(f"{name}: scans in turns", session.cursor.fetchone() == (5000, 5 * 500500), name)
        ok(f"{name}: and of a join", session.run(joined).cursor.fetchone() == (1000,))
        ok(f"{name}: one connection each", connections_of(source, "one") == 1 and connections_of(source, "two") == 1)
        session.close()
    session = Session(medley)
    ok("a cursor that has the one connection is not waited for", state_of(lambda: session.run(*with_cursor, every)) == "53300")
    session.close()
    ok("turns: nothing is left", wait_for(lambda: busy_backends(source) == 0))


def an_idle_connection_that_the_source_has_just_ended(source, medley):
    """What runs straight after on it runs on a new one, as postgres_fdw's does; once, and not in the midst of a transaction."""
    medley.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", f"""
        CREATE SERVER ended FOREIGN DATA WRAPPER postgres_fdw
            OPTIONS (host '{source.socket_dir}', port '{source.port}', dbname 'postgres', application_name 'ended');
        CREATE USER MAPPING FOR postgres SERVER ended OPTIONS (user 'postgres');
        CREATE FOREIGN TABLE ended_items (id int, name text) SERVER ended OPTIONS (table_name 'items');""", check=True)
    admin = connect(source)
    end_all = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'ended'"
    session, cursor = Session(medley), admin.cursor()

    def failures(*statements, rounds=20):
        session.run(*statements)
        codes = []
        for _ in range(rounds):
            cursor.execute(end_all)
            codes.append(state_of(lambda: session.run(*statements)))
            session.run("ROLLBACK")  # of a transaction that failed
        return [code for code in codes if code]

    for name, statements in (
            ("relayed rows", ("SELECT id, name FROM ended_items",)),
            ("a statement of the source's", ("SELECT count(*) FROM ended_items",)),
            ("a local query", ("SELECT count(*) FROM ended_items WHERE random() >= 0",)),
            ("a transaction", ("BEGIN", "SELECT count(*) FROM ended_items", "COMMIT"))):
        failed = failures(*statements)  # a machine that is slow to tell of the end may be too late
        ok(f"{name} on a connection just ended", len(failed) <= 5, failed)
    session.run("BEGIN", "SELECT count(*) FROM ended_items")
    cursor.execute(end_all)
    code = state_of(lambda: session.run("SELECT count(*) FROM ended_items"))
    ok("a transaction that has begun there is lost", code == "08006", code)
    session.run("ROLLBACK")
    session.run("SELECT count(*) FROM ended_items")
    session.start("SELECT count(*) FROM ended_items a, ended_items b, ended_items c WHERE a.name < b.name AND b.name < c.name")
    cursor.execute(end_all)
    ok("what the source has worked on is not begun again", session.join() == "08006" and session.took < 10, session.error)
    session.close()
    admin.close()


with federation() as (source_server, medley_server, _):
    set_up(source_server, medley_server)
    settings(medley_server)
    the_cap_is_the_servers(source_server, medley_server)
    idle_connections_end(source_server, medley_server)
    an_idle_connection_that_the_source_has_just_ended(source_server, medley_server)
    each_wait_ends(medley_server, Watcher(medley_server))
    transactions_do_not_wait_for_each_other(medley_server)
    the_writer_is_no_trap(medley_server)
    the_writer_and_the_queue_are_no_trap(medley_server)
    slow_readers(source_server, medley_server)
    more_leaves_than_connections(source_server, medley_server)
