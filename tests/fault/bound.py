"""Bind joins that do not come to their end: while the keys are read, and while the other side is asked for them, each way to end a
statement frees the connections of both sources (they may have one each), and what was kept of the keys is no obstacle to the next."""
import threading
import time

from faulty import Watcher, busy_backends, connect, state_of, vanish, wait_for
from federation import federation, ok

QUERIES = {"a join": "SELECT count(*), sum(b.id) FROM keys k JOIN big b ON b.id = k.id",
           "an EXISTS": "SELECT count(*), sum(k.id) FROM keys k WHERE EXISTS (SELECT FROM big b WHERE b.id = k.id)"}
ANSWER = [(10, 5500)]


def set_up(source, medley):
    """Views whose rows come as slowly as the table of paces says, at a server each."""
    source.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", """
        CREATE TABLE pace (of text PRIMARY KEY, seconds float);
        INSERT INTO pace VALUES ('keys', 0), ('big', 0);
        CREATE VIEW keys AS SELECT id FROM items WHERE id % 100 = 0 AND pg_sleep((SELECT seconds FROM pace WHERE of = 'keys')) IS NOT NULL;
        CREATE VIEW big AS SELECT id FROM items WHERE pg_sleep((SELECT seconds FROM pace WHERE of = 'big')) IS NOT NULL""", check=True)
    options = f"host '{source.socket_dir}', port '{source.port}', dbname 'postgres', max_connections '1'"
    medley.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", "".join(f"""
        CREATE SERVER at_{name} FOREIGN DATA WRAPPER postgres_fdw OPTIONS ({options}, application_name '{name}');
        CREATE USER MAPPING FOR postgres SERVER at_{name} OPTIONS (user 'postgres');
        CREATE FOREIGN TABLE {name} (id int) SERVER at_{name};""" for name in ("keys", "big")), check=True)


def pace(source, of, seconds):
    source.psql("-q", "-c", f"UPDATE pace SET seconds = {seconds} WHERE of = '{of}'", check=True)


class Session:
    def __init__(self, medley, name):
        self.name, self.state = name, None
        self.connection = connect(medley, name=name)
        self.cursor = self.connection.cursor()
        self.cursor.execute("SET medley.bind_joins = always; SET medley.connection_queue_timeout = '5s'")
        self.thread = None

    def start(self, sql):
        self.thread = threading.Thread(target=lambda: setattr(self, "state", state_of(lambda: self.cursor.execute(sql))))
        self.thread.start()

    def rows(self, sql):
        self.cursor.execute(sql)
        return self.cursor.fetchall()


def source_killed(source, of):
    source.psql("-q", "-c", f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{of}'", check=True)


def at_work(source, of):
    return source.psql("-At", "-c", f"SELECT count(*) FROM pg_stat_activity WHERE application_name = '{of}' AND wait_event = 'PgSleep'").stdout == "1\n"


def ended(source, medley, watcher, name, of, way):
    """One statement, ended in the phase that reads `of`."""
    sql, session = QUERIES[name], Session(medley, "bound")
    what = f"{name}, {'its keys being read' if of == 'keys' else 'the bound side being asked'}, {way}"
    pace(source, of, 2)
    if way == "timeout":
        session.cursor.execute("SET statement_timeout = '700ms'")
    session.start(sql)
    reached = wait_for(lambda: at_work(source, of), 5)
    time.sleep(0.2)  # what has only just begun would begin again on another connection
    start = time.monotonic()
    if way == "cancel":
        session.connection.cancel()
    elif way == "source killed":
        source_killed(source, of)
    elif way == "client gone":
        vanish(session.connection)
    elif way == "terminated":
        watcher.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", "bound")
    session.thread.join(20)
    wanted = {"cancel": ("57014",), "timeout": ("57014",), "source killed": ("08006",)}.get(way)  # psycopg2 has none for the others
    ok(what, reached and time.monotonic() - start < 5 and session.state and (not wanted or session.state in wanted), (reached, session.state))
    ok(f"{what}: both sources are free", wait_for(lambda: busy_backends(source) == 0, 5))
    pace(source, of, 0)
    if way in ("client gone", "terminated"):
        ok(f"{what}: the session is gone", wait_for(lambda: not watcher.present("bound"), 5))
        session.connection.close()
        session = Session(medley, "bound")
    session.cursor.execute("SET statement_timeout = 0")
    ok(f"{what}: the next ones are answered", [session.rows(sql) for _ in range(3)] == [ANSWER] * 3)
    session.connection.close()
    wait_for(lambda: not watcher.present("bound"), 5)


def main():
    with federation() as (source, medley, _):
        set_up(source, medley)
        session = Session(medley, "looks")
        for name, sql in QUERIES.items():
            plan = "\n".join(row[0] for row in session.rows(f"EXPLAIN (ANALYZE) {sql}"))
            ok(f"{name} is bound", "Bound By: k.id" in plan and "Keys: 10" in plan, plan)
        session.connection.close()
        watcher = Watcher(medley)
        for name in QUERIES:
            for of in ("keys", "big"):
                for way in ("cancel", "timeout", "source killed", "client gone", "terminated"):
                    ended(source, medley, watcher, name, of, way)
        watcher.close()


main()
