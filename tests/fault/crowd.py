"""A crowd: 32 clients at once, each doing whatever comes next: queries in both protocols, cancels, clients that vanish, DDL on the tables that others
read, roles and mappings and servers changed and dropped under them. MEDLEY_CROWD_SECONDS, MEDLEY_CROWD_SEED. Made for ThreadSanitizer (`make tsan`)."""
import collections
import os
import random
import struct
import threading
import time

from faulty import Watcher, wait_for
from federation import federation, ok
from pgwire import CANCEL_REQUEST, SYNC, Closed, Connection, bind, describe, execute, fields, message, parse, query

CLIENTS = 32
SECONDS = float(os.environ.get("MEDLEY_CROWD_SECONDS", "20" if os.path.basename(os.environ["MEDLEY_BUILD"]) == "build-tsan" else "8"))
SEED = int(os.environ.get("MEDLEY_CROWD_SEED", "1"))
READS = [
    "SELECT count(*), sum(price) FROM items WHERE id <= {n}", "SELECT name FROM items WHERE id = {n}", "SELECT i.id, n.text FROM items i JOIN notes n USING (id) WHERE i.id < {n} ORDER BY 1",
    "SELECT a.name, b.id FROM items a JOIN far b ON b.id = a.id WHERE b.id BETWEEN {n} AND {n} + 50", "SELECT count(*) FROM notes WHERE id % 7 = 1",
    "SELECT relname, relkind FROM pg_class WHERE relname LIKE 'i%'", "SELECT twice({n})", "SELECT sum(twice(id)) FROM items WHERE id < 50", "SELECT count(*) FROM own WHERE n < {n}",
    "EXPLAIN (ANALYZE, VERBOSE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT count(*) FROM items a JOIN notes b USING (id) WHERE a.id < {n}", "SELECT * FROM both_tables ORDER BY id LIMIT {n}",
    "SELECT * FROM pg_stat_activity", "SELECT * FROM postgres_fdw_get_connections()", "COPY (SELECT * FROM items WHERE id < {n}) TO STDOUT", "WITH w AS (SELECT id FROM items WHERE id < {n}) SELECT count(*) FROM w, notes",
    "SELECT id FROM items WHERE id IN (SELECT id FROM notes WHERE text LIKE '%{n}%')", "SELECT umoptions FROM pg_user_mappings", "SELECT 1 / (id - {n}) FROM items",
]
WRITES = [
    "INSERT INTO own SELECT g, 'x' FROM generate_series(1, {n}) g", "UPDATE own SET t = t || 'y' WHERE n = {n}", "DELETE FROM own WHERE n > 10", "TRUNCATE own",
    "CREATE TEMP TABLE mine_{c} AS SELECT id, name FROM items WHERE id < {n}; SELECT count(*) FROM mine_{c}; DROP TABLE mine_{c}", "DO $$ BEGIN FOR i IN 1..{n} LOOP PERFORM twice(i); END LOOP; END $$",
    "BEGIN; INSERT INTO own VALUES ({n}, 'b'); SAVEPOINT s; DELETE FROM own; ROLLBACK TO s; COMMIT", "BEGIN; SELECT count(*) FROM items; SELECT count(*) FROM far; COMMIT",
]
CHANGES = [
    "ALTER FOREIGN TABLE items ADD COLUMN extra_{c} int", "ALTER FOREIGN TABLE items DROP COLUMN IF EXISTS extra_{c}", "ALTER FOREIGN TABLE items OPTIONS (ADD fetch_size '{n}')",
    "ALTER FOREIGN TABLE items OPTIONS (DROP fetch_size)", "ALTER SERVER far OPTIONS (SET fetch_size '{n}1')", "ALTER SERVER far OPTIONS (SET max_connections '{m}')", "ALTER SERVER src OPTIONS (SET idle_timeout '{n}')",
    "ALTER USER MAPPING FOR ann SERVER src OPTIONS (SET password 'pw-ann')", "DROP USER MAPPING IF EXISTS FOR ben SERVER src", "CREATE USER MAPPING IF NOT EXISTS FOR ben SERVER src OPTIONS (user 'remote_ben', password 'pw-ben')",
    "GRANT SELECT ON items TO ann, ben", "REVOKE SELECT ON items FROM ben", "CREATE ROLE role_{c}; GRANT ann TO role_{c}; DROP ROLE role_{c}", "ALTER ROLE ben SET work_mem = '{n}MB'", "ANALYZE items",
    "CREATE OR REPLACE FUNCTION twice(n bigint) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN 2 * n + {n} * 0; END'", "CREATE INDEX ON own (n)", "ALTER TABLE own ADD COLUMN c_{c} int DEFAULT {n}", "ALTER TABLE own DROP COLUMN IF EXISTS c_{c}",
    "DROP SERVER gone CASCADE", "CREATE SERVER gone FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{host}', port '{port}', dbname 'postgres');"
    " CREATE USER MAPPING FOR postgres SERVER gone OPTIONS (user 'postgres'); CREATE FOREIGN TABLE going (id int, name text) SERVER gone OPTIONS (table_name 'items')",
    "SELECT postgres_fdw_disconnect('src')", "SELECT postgres_fdw_disconnect_all()", "COMMENT ON FOREIGN TABLE items IS 'changed {n}'",
]
GOING = ["SELECT count(*) FROM going a, going b WHERE a.id + b.id < {n}", "SELECT g.id, n.text FROM going g JOIN notes n USING (id) ORDER BY 1"]


class Client(threading.Thread):
    def __init__(self, number, medley, source, until):
        super().__init__(daemon=True)
        self.rng, self.number, self.medley, self.source, self.until = random.Random(f"{SEED}.{number}"), number, medley, source, until
        self.states, self.done, self.problem, self.connection = collections.Counter(), collections.Counter(), None, None

    def text(self, texts):
        return self.rng.choice(texts).format(n=self.rng.randrange(1, 200), m=self.rng.randrange(1, 9), c=self.number, host=self.source.socket_dir, port=self.source.port)

    def open(self):
        if self.connection:
            self.connection.close()
        self.connection = Connection(self.medley, 120)
        self.connection.start(user=self.rng.choice(("postgres", "postgres", "postgres", "ann", "ben")))

    def read(self):
        for kind, body in self.connection.read_all():
            if kind == "E":
                self.states[fields(body)["C"]] += 1
        return True

    def simple(self):
        self.connection.send(query(self.text(READS)))
        return self.read()

    def extended(self):
        text = self.text(READS)
        self.connection.send(parse(text), describe("S"), bind("", "", (), (), (1,)) if "SELECT" == text[:6] else bind(), execute("", self.rng.choice((0, 1, 5))), execute(), SYNC)
        return self.read()

    def prepared(self):
        name = f"s{self.rng.randrange(100000)}"
        self.connection.send(parse("SELECT id, name FROM items WHERE id = $1", name, (23,)), SYNC)
        self.read()
        for _ in range(self.rng.randrange(1, 8)):
            self.connection.send(bind("", name, (struct.pack("!i", self.rng.randrange(1, 1000)),), (1,)), execute(), SYNC)
            self.read()
        return True

    def cursor(self):
        self.connection.send(query("BEGIN; DECLARE c CURSOR FOR SELECT id FROM items ORDER BY id; FETCH 5 FROM c"))
        self.read()
        self.connection.send(query(self.rng.choice(("COMMIT", "ROLLBACK", "FETCH 10 FROM c; CLOSE c; COMMIT", "MOVE 3 FROM c; ROLLBACK"))), query("ROLLBACK"))
        return self.read() and self.read()

    def write(self):
        self.connection.send(query(self.text(WRITES)), query("ROLLBACK"))
        return self.read() and self.read()

    def change(self):
        self.connection.send(query(self.text(CHANGES)))
        return self.read()

    def going(self):
        self.connection.send(query(self.text(GOING)))
        return self.read()

    def idle_soon(self):
        self.connection.send(query(f"SET medley.connection_idle_timeout = '{self.rng.randrange(1, 100)}ms'"), query(self.text(READS)))
        return self.read() and self.read()

    def cancelled(self):
        self.connection.send(query(self.rng.choice(("SELECT count(*) FROM items a, items b, items c", "SELECT count(*) FROM notes a, notes b, notes c, notes d", "SELECT pg_sleep(3)", self.text(READS)))))
        time.sleep(self.rng.random() * 0.05)
        with Connection(self.medley) as other:
            other.send(struct.pack("!ii", 16, CANCEL_REQUEST) + self.connection.key)
            other.read_to_end()
        return self.read()

    def timed_out(self):
        self.connection.send(query(f"SET statement_timeout = {self.rng.randrange(1, 30)}"), query(self.text(READS)), query("SET statement_timeout = 0"))
        return self.read() and self.read() and self.read()

    def vanished(self):
        self.connection.send(query(self.text(READS + GOING)))
        time.sleep(self.rng.random() * 0.02)
        self.open()
        return True

    def copied(self):
        self.connection.send(query("COPY own FROM STDIN"), message("d", b"1\tc\n2\td\n"), self.rng.choice((message("c"), message("f", b"no\0"))))
        return self.read()

    WAYS = (simple, simple, extended, extended, prepared, cursor, write, change, change, going, idle_soon, cancelled, timed_out, vanished, copied)

    def run(self):
        try:
            self.open()
            while time.monotonic() < self.until:
                way = self.rng.choice(self.WAYS)
                try:
                    way(self)
                    self.done[way.__name__] += 1
                except (Closed, BrokenPipeError, ConnectionResetError):
                    self.open()
            self.connection.close()
        except Exception as problem:  # a server that does not answer, or is gone
            self.problem = repr(problem)


with federation() as (source_server, medley_server, _):
    medley_server.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", f"""
        CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{source_server.socket_dir}', port '{source_server.port}', dbname 'postgres', fetch_size '100', max_connections '4');
        ALTER SERVER src OPTIONS (ADD idle_timeout '1000');
        CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user 'postgres');
        CREATE FOREIGN TABLE far (id int, name text) SERVER far OPTIONS (table_name 'items');
        CREATE TABLE own (n int, t text);
        CREATE VIEW both_tables AS SELECT id, name FROM items UNION ALL SELECT id, text FROM notes;
        GRANT ALL ON far, own, both_tables TO PUBLIC;
        CREATE FUNCTION twice(n bigint) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN 2 * n; END'""", check=True)
    end = time.monotonic() + SECONDS
    clients = [Client(i, medley_server, source_server, end) for i in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join(SECONDS + 240)
    stuck = [c.number for c in clients if c.is_alive()]
    ok("every client comes to its end", not stuck, stuck)
    problems = [c.problem for c in clients if c.problem]
    ok("and is answered until then", not problems, problems)
    states, done = sum((c.states for c in clients), collections.Counter()), sum((c.done for c in clients), collections.Counter())
    print(f"# {sum(done.values())} turns; errors {dict(states.most_common())}", flush=True)
    ok("nobody saw an internal error", not any(state.startswith("XX") for state in states), states)
    ok("something of each kind was done", len(done) == len({way.__name__ for way in Client.WAYS}), done)
    watcher = Watcher(medley_server)
    ok("then all are gone", wait_for(lambda: watcher.ask("SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid()") == 0, 30))
    ok("and the server answers", watcher.ask("SELECT count(*) FROM notes") == 1000)
