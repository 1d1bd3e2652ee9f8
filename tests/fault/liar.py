"""A source that says what no PostgreSQL says: its bytes changed, lost, doubled or cut off on their way. Each statement ends, by an answer, an
error or its timeout; the server stays, keeps no connection of these, tells no password, and reads the source as soon as it is true again."""
import os
import random
import time

from between import Between
from faulty import busy_backends, connect, error_of, state_of, wait_for
from federation import federation, ok

SECRET = "pw-of-the-liar"
ROUNDS = 60
STATEMENTS = [
    "SELECT * FROM lied",
    "SELECT count(*), sum(n), sum(nn), max(md5(t)), min(d), max(ts), sum(f), max(iv), max(u::text), max(a), max(j::text) FROM lied WHERE random() >= 0",
    "SELECT n.text, l.* FROM notes n JOIN lied l USING (id) WHERE n.id < 50",
    "SELECT * FROM lied WHERE id = 3",
    "SELECT sum(id) FROM lied",
    "BEGIN; SELECT count(*) FROM lied; SELECT * FROM lied LIMIT 3; COMMIT",
    "ANALYZE lied",
    "IMPORT FOREIGN SCHEMA public FROM SERVER liar INTO imported",
]


def changed(data, at, way, rng):
    """The bytes with something done to them at that place."""
    out = bytearray(data)
    if way == "one bit":
        out[at] ^= 1 << rng.randint(0, 7)
    elif way == "noise":
        out[at:at + 4] = rng.randbytes(min(4, len(out) - at))
    elif way == "ones":
        out[at:at + 4] = b"\xff" * min(4, len(out) - at)
    elif way == "loss":
        del out[at:at + rng.randint(1, 8)]
    else:
        out[at:at] = out[at:at + rng.randint(1, 30)]
    return bytes(out)


class Liar(Between):
    """`way`: what is done, once a connection, somewhere in its first `reach` bytes; None: nothing."""

    WAYS = ("one bit", "noise", "ones", "loss", "echo", "end")

    def __init__(self, source, seed):
        self.rng, self.way, self.reach = random.Random(seed), None, 0
        super().__init__(source)

    def change(self):
        way, left = self.way, self.rng.randint(0, self.reach)

        def lie(data):
            nonlocal way, left
            if not way or left >= len(data):
                left -= len(data)
                return data, True
            done, way = way, None
            return (data[:left], False) if done == "end" else (changed(data, left, done, self.rng), True)
        return lie


def set_up(source, medley, port):
    source.psql("-q", "-c", """CREATE TABLE all_types AS SELECT i AS id, i::numeric AS n, (i * 1.5)::numeric(12, 2) AS nn, 't' || i AS t, i::float8 AS f,
        date '2024-01-01' + i AS d, now() AS ts, interval '1 day' * i AS iv, ARRAY[i, 2] AS a, '{"a": 1}'::jsonb AS j, md5(i::text)::uuid AS u
        FROM generate_series(1, 3000) i""", check=True)
    medley.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", f"""
        CREATE SERVER liar FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '{port}', dbname 'postgres', sslmode 'disable',
            max_connections '2', application_name 'round 0');
        CREATE USER MAPPING FOR postgres SERVER liar OPTIONS (user 'postgres', password '{SECRET}');
        CREATE FOREIGN TABLE lied (id int, n numeric, nn numeric(12, 2), t text, f float8, d date, ts timestamptz, iv interval, a int[], j jsonb, u uuid)
            SERVER liar OPTIONS (table_name 'all_types')""", check=True)


def one_round(medley, liar, number):
    """What went wrong, or None. Another application_name: other connections."""
    connection = connect(medley)
    cursor = connection.cursor()
    cursor.execute(f"ALTER SERVER liar OPTIONS (SET application_name 'round {number}'); CREATE SCHEMA imported; SET statement_timeout = '1s'")
    liar.way, liar.reach = liar.rng.choice(Liar.WAYS), liar.rng.choice([60, 300, 700, 2000, 20000, 100000])
    sql, start = liar.rng.choice(STATEMENTS), time.monotonic()
    error = error_of(lambda: cursor.execute(sql))
    took = time.monotonic() - start
    what = f"{sql[:40]}, {liar.way} within {liar.reach}: {error and error.pgcode} {error} after {took:.1f} s"
    liar.way = None
    if medley.process.poll() is not None or connection.closed:
        return f"the server or the session has ended: {what}"
    if took > 15 or (error and (not error.pgcode or SECRET in str(error))):
        return what
    cursor.execute("ROLLBACK; DROP SCHEMA imported CASCADE")
    connection.close()
    return None


def main():
    with federation(arguments=("--log-level", "debug")) as (source, medley, _):
        liar = Liar(source, 11)
        set_up(source, medley, liar.port)
        problems = [problem for number in range(1, ROUNDS + 1) if medley.process.poll() is None for problem in [one_round(medley, liar, number)] if problem]
        ok(f"{ROUNDS} statements over a source that lies: each ends, and the server stays", not problems, "\n".join(problems))
        cursor = connect(medley).cursor()
        cursor.execute("ALTER SERVER liar OPTIONS (SET application_name 'honest')")
        code = state_of(lambda: cursor.execute("SELECT count(*), sum(nn) FROM lied"))
        ok("and is answered by it once it is true", code is None and cursor.fetchone()[0] == 3000, code)
        ok("the source has nothing left to do", wait_for(lambda: busy_backends(source) == 0))
        sockets = [name for fd in os.listdir(f"/proc/{medley.process.pid}/fd") for name in [os.readlink(f"/proc/{medley.process.pid}/fd/{fd}")] if name.startswith("socket")]
        ok("connections that were lied to are not kept", len(sockets) < 10, len(sockets))
        with open(medley.log_path, encoding="utf-8", errors="replace") as log:
            ok("no password in the log", SECRET not in log.read())


main()
