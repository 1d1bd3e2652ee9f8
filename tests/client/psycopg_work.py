"""psycopg2 and psycopg 3 beyond plain queries: named cursors of every kind, COPY, adapters, types of the user's, pipelines, two clients' ways to
prepare. The same is done with PostgreSQL 15 and with Medley; what comes back must be the same."""
import datetime
import decimal
import io
import ipaddress
import sys
import uuid

import psycopg
import psycopg.rows
import psycopg.types.composite
import psycopg.types.enum
import psycopg.types.json
import psycopg2
import psycopg2.extensions
import psycopg2.extras

from twins import same, twins

CLEAN = "TRUNCATE own, kept; ALTER SEQUENCE own_id_seq RESTART; INSERT INTO kept SELECT i, 'row ' || i FROM generate_series(1, 20) i"
VALUES = [1, 1 << 40, 1.5, "it's", None, True, decimal.Decimal("12.50"), b"\0\1'", datetime.date(2024, 2, 29), datetime.time(1, 2, 3, 4),
          datetime.datetime(2024, 1, 2, 3, 4, 5, 6), datetime.datetime(2024, 1, 2, 3, tzinfo=datetime.timezone.utc), datetime.timedelta(days=3, seconds=5),
          uuid.UUID("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), [1, 2, None], ["a", "b,c"], [datetime.date(2024, 1, 1)], [[1, 2], [3, 4]]]


class Work:
    def __init__(self, connection, errors):
        self.connection, self.errors, self.lines = connection, errors, []

    def note(self, label, call):
        try:
            answer = call()
        except self.errors as problem:
            diag = getattr(problem, "diag", None)
            answer = [type(problem).__name__, str(problem).strip(), diag and (diag.sqlstate, diag.message_detail, diag.message_hint, diag.statement_position)]
            self.connection.rollback()
        for row in answer if isinstance(answer, list) else [answer]:
            shown = tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) if isinstance(row, tuple) else row
            self.lines.append(f"{label}: {shown!r}")

    def ask(self, label, sql, params=None, **how):
        def call():
            cursor = self.connection.cursor(**how)
            cursor.execute(sql, params)
            if cursor.description is None:
                return [cursor.rowcount, getattr(cursor, "statusmessage", None)]
            return [[(d[0], d[1] if d[1] < 16384 else "own", *d[2:6]) for d in cursor.description], *cursor.fetchall(), cursor.rowcount]
        self.note(label, call)


# ---- psycopg2 ----

def two_queries(w):
    psycopg2.extras.register_uuid()
    for value in VALUES:
        w.ask("a value", "SELECT %s", (value,))
    psycopg2.extras.register_ipaddress(w.connection)
    w.note("composites", lambda: psycopg2.extras.register_composite("pair", w.connection) and None)
    for sql in ("SELECT * FROM items WHERE id IN (7, 10) ORDER BY id", "SELECT (1, 'x')::pair, ARRAY[(1, 'x')::pair]", "SELECT 'ok'::mood, ARRAY['ok'::mood]", "SELECT '10.0.0.1'::inet, '10.0.0.0/8'::cidr",
                "SELECT '{\"a\": [1, 2]}'::json, '{\"b\": null}'::jsonb",
                "SELECT '1 year 2 days 03:04:05.5'::interval, 'infinity'::float8, 'x'::\"char\", B'101'", "SELECT nosuch", "SELECT 1/0", "SELEC"):
        w.ask(sql[:25], sql)
    w.ask("of a list", "SELECT id FROM items WHERE id = ANY(%s) ORDER BY id", ([1, 3],))
    w.ask("of a tuple", "SELECT id FROM items WHERE id IN %s ORDER BY id", ((1, 3),))
    w.ask("by name", "SELECT %(a)s, %(b)s", {"a": 1, "b": psycopg2.extras.Json({"k": 1})})
    w.ask("inet", "SELECT %s", (ipaddress.ip_address("10.1.2.3"),))
    w.ask("composite", "SELECT %s::pair", ((5, "y"),))
    w.ask("rows as dicts", "SELECT id, name FROM items WHERE id < 3 ORDER BY 1", cursor_factory=psycopg2.extras.RealDictCursor)
    w.note("callproc", lambda: (lambda c: c.callproc("twice", [4]) and c.fetchall())(w.connection.cursor()))
    w.note("notices", lambda: (w.ask("tells", "SELECT tells('x')"), w.connection.notices)[1])


def two_cursors(w):
    for how in ({}, {"scrollable": True}, {"scrollable": False}, {"withhold": True}, {"withhold": True, "scrollable": True}):
        for sql in ("SELECT id FROM items ORDER BY id", "SELECT n FROM generate_series(1, 300) n ORDER BY n", "SELECT i.id, n.text FROM items i JOIN notes n USING (id) ORDER BY 1"):
            cursor = w.connection.cursor(name="named cursor", **how)
            cursor.itersize = 50
            w.note("run", lambda: cursor.execute(sql))
            w.note("few", lambda: cursor.fetchmany(3))
            w.note("scroll", lambda: (cursor.scroll(10), cursor.fetchone())[1])
            w.note("back", lambda: (cursor.scroll(-5), cursor.fetchone())[1])
            w.note("absolute", lambda: (cursor.scroll(100, mode="absolute"), cursor.fetchone())[1])
            if how.get("withhold"):
                w.connection.commit()
            w.note("the rest", lambda: (lambda rows: (len(rows), rows[-1:]))(cursor.fetchall()))
            w.note("description", lambda: [d[:2] for d in cursor.description])
            w.note("close", cursor.close)
            w.connection.rollback()


def two_writes(w):
    cursor = w.connection.cursor()
    w.note("execute_values", lambda: psycopg2.extras.execute_values(cursor, "INSERT INTO own (name, price) VALUES %s RETURNING id, name", [(f"n{i}", i) for i in range(250)], fetch=True))
    w.note("execute_batch", lambda: psycopg2.extras.execute_batch(cursor, "UPDATE own SET price = %s WHERE id = %s", [(i, i) for i in range(150)], page_size=60))
    w.note("executemany", lambda: cursor.executemany("INSERT INTO kept VALUES (%s, %s)", [(100 + i, "x") for i in range(5)]))
    w.connection.commit()
    out = io.StringIO()
    w.note("copy_expert out", lambda: (cursor.copy_expert("COPY (SELECT * FROM items WHERE id IN (7, 10) ORDER BY id) TO STDOUT (FORMAT csv, HEADER, FORCE_QUOTE *)", out), cursor.rowcount, out.getvalue())[1:])
    w.note("copy_expert in", lambda: (cursor.copy_expert("COPY kept (t, n) FROM STDIN (FORMAT csv, DELIMITER ';')", io.StringIO("a;200\n\"b;c\";201\n")), cursor.rowcount))
    w.note("copy_from", lambda: (cursor.copy_from(io.StringIO("300\tx\n301\t\\N\n"), "kept", columns=("n", "t")), cursor.rowcount))
    w.note("copy_to", lambda: (cursor.copy_to(out := io.StringIO(), "kept"), len(out.getvalue()))[1])
    w.connection.commit()
    w.note("a bad copy", lambda: cursor.copy_expert("COPY kept FROM STDIN", io.StringIO("x\ty\n")))
    w.ask("rows", "SELECT * FROM kept WHERE n >= 200 ORDER BY n")
    w.note("status", lambda: (w.connection.get_transaction_status(), w.connection.info.parameter_status("DateStyle"), w.connection.server_version // 10000, w.connection.encoding))
    w.connection.rollback()
    w.connection.set_session(isolation_level="SERIALIZABLE", readonly=True, deferrable=True)
    w.ask("a session's ways", "SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only'), current_setting('transaction_deferrable')")
    w.ask("read only", "INSERT INTO kept VALUES (1, 'x')")
    w.connection.rollback()


# ---- psycopg 3 ----

def three_queries(w):
    for binary in (False, True):
        for value in VALUES:
            w.ask(f"a value, {binary}", "SELECT %b" if binary else "SELECT %t", (value,), binary=binary)
        for sql in ("SELECT * FROM items WHERE id IN (7, 10) ORDER BY id", "SELECT i.id, n.text FROM items i JOIN notes n USING (id) WHERE i.id < 4 ORDER BY 1", "SELECT '10.0.0.1'::inet, '10.0.0.0/8'::cidr",
                    "SELECT '{\"a\": [1, 2]}'::json, '{\"b\": null}'::jsonb",
                    "SELECT '1 year 2 days 03:04:05.5'::interval, 'NaN'::float8, 'x'::\"char\", B'101', 1::smallint, 'NaN'::numeric, 'n'::name, '{{1,2},{3,4}}'::int[], 12::oid, '10:00+02'::timetz",
                    "SELECT nosuch", "SELECT 1/0", "SELEC", "SELECT 'sad'::mood, (1, 'x')::pair"):
            w.ask(sql[:25], sql, binary=binary)

        def types():
            psycopg.types.composite.register_composite(psycopg.types.composite.CompositeInfo.fetch(w.connection, "pair"), w.connection)
            info = psycopg.types.enum.EnumInfo.fetch(w.connection, "mood")
            psycopg.types.enum.register_enum(info, w.connection)
            ranges, plain = psycopg.types.range.RangeInfo.fetch(w.connection, "int4range"), psycopg.types.TypeInfo.fetch(w.connection, "jsonb")
            return [info.labels, ranges.subtype_oid, plain.oid, plain.array_oid, psycopg.types.TypeInfo.fetch(w.connection, "nosuch")]
        w.note("types", types)
        w.ask("composites", "SELECT (1, 'x,y')::pair, ARRAY[(2, NULL)::pair], ARRAY['ok', NULL]::mood[], '{}'::mood[]", binary=binary)
    w.ask("json", "SELECT %s, %s::jsonb ->> 'a'", (psycopg.types.json.Jsonb({"a": 1}), psycopg.types.json.Jsonb({"a": "b"})))
    w.note("rows as dicts", lambda: w.connection.cursor(row_factory=psycopg.rows.dict_row).execute("SELECT id, name FROM items WHERE id < 3 ORDER BY 1").fetchall())
    w.note("its own texts", lambda: psycopg.ClientCursor(w.connection).execute("SELECT %s, %s::date", ("it's", "2024-01-01")).fetchall())
    for i in range(8):
        w.ask("prepared in the end", "SELECT id, %s::text FROM items WHERE id = %s", ("x", i))
    w.ask("whole", "SELECT name, statement, parameter_types, from_sql FROM pg_prepared_statements ORDER BY statement")


def three_cursors(w):
    for how in ({}, {"scrollable": True}, {"scrollable": False}, {"withhold": True}):
        for sql in ("SELECT id FROM items ORDER BY id", "SELECT n FROM generate_series(1, 300) n ORDER BY n", "SELECT id, %s::int FROM items WHERE id > %s ORDER BY id"):
            for binary in (False, True):
                def call():
                    with w.connection.cursor("named", binary=binary, **how) as cursor:
                        cursor.itersize = 40
                        cursor.execute(sql, (5, 10) if "%" in sql else None)
                        found = [cursor.fetchmany(2)]
                        if how.get("scrollable"):
                            cursor.scroll(20, mode="absolute")
                            found.append(cursor.fetchone())
                            cursor.scroll(-3)
                            found.append(cursor.fetchone())
                        return found + [len(list(cursor))]
                w.note("cursor", call)
    w.connection.rollback()


def three_pipelines(w):
    def call():
        found = []
        with w.connection.pipeline() as pipeline:
            cursors = [w.connection.execute("INSERT INTO kept VALUES (%s, 'p') RETURNING n", (500 + i,)) for i in range(20)]
            cursors.append(w.connection.execute("SELECT id, name FROM items WHERE id < 4 ORDER BY id"))
            pipeline.sync()
            found += [c.fetchall() for c in cursors]
            many = w.connection.cursor()
            many.executemany("UPDATE kept SET t = %s WHERE n = %s RETURNING t", [(f"q{i}", 500 + i) for i in range(5)], returning=True)
            while True:
                found.append(many.fetchall())
                if not many.nextset():
                    return found
    w.note("a pipeline", call)
    w.connection.commit()

    def fails():
        with w.connection.pipeline():
            w.connection.execute("INSERT INTO kept VALUES (700, 'p')")
            w.connection.execute("SELECT 1 / 0")
            w.connection.execute("INSERT INTO kept VALUES (701, 'p')")
    w.note("one that fails", fails)
    w.ask("what is left", "SELECT n FROM kept WHERE n >= 700")

    def nested():
        with w.connection.transaction():
            w.connection.execute("INSERT INTO kept VALUES (710, 'p')")
            try:
                with w.connection.transaction("inner"):
                    w.connection.execute("INSERT INTO kept VALUES (711, 'p')")
                    w.connection.execute("SELECT 1 / 0")
            except psycopg.Error:
                pass
            with w.connection.transaction():
                w.connection.execute("INSERT INTO kept VALUES (712, 'p')")
    w.note("nested", nested)
    w.ask("their rows", "SELECT n FROM kept WHERE n >= 700 ORDER BY n")
    w.connection.rollback()


def three_copies(w):
    cursor = w.connection.cursor()

    def out(sql, **how):
        with cursor.copy(sql) as copy:
            if how:
                copy.set_types(how["types"])
                return list(copy.rows())
            return b"".join(bytes(part) for part in copy)
    w.note("text", lambda: out("COPY (SELECT id, name, price, tags FROM items WHERE id IN (7, 10) ORDER BY id) TO STDOUT"))
    w.note("binary", lambda: out("COPY (SELECT * FROM items WHERE id IN (7, 10) ORDER BY id) TO STDOUT (FORMAT binary)"))
    w.note("rows", lambda: out("COPY (SELECT id, name, price, day, seen, fine, raw, tags FROM items WHERE id IN (7, 10) ORDER BY id) TO STDOUT (FORMAT binary)",
                               types=["int4", "text", "numeric", "date", "timestamptz", "bool", "bytea", "text[]"]))

    def put(sql, rows, types=None):
        with cursor.copy(sql) as copy:
            if types:
                copy.set_types(types)
            for row in rows:
                copy.write_row(row)
        return cursor.rowcount
    w.note("in", lambda: put("COPY kept FROM STDIN", [(800, "a\tb"), (801, None)]))
    w.note("in, binary", lambda: put("COPY own (name, price, at) FROM STDIN (FORMAT binary)", [("x", decimal.Decimal("1.25"), datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)), ("y", None, None)],
                                     ["text", "numeric", "timestamptz"]))
    w.ask("their rows", "SELECT n, t FROM kept WHERE n >= 800 ORDER BY n")
    w.ask("own", "SELECT name, price, at FROM own ORDER BY id")
    w.note("a wrong one", lambda: put("COPY kept FROM STDIN (FORMAT binary)", [(1, "x")], ["int8", "text"]))

    def breaks():
        with cursor.copy("COPY kept FROM STDIN") as copy:
            copy.write_row((1, "x"))
            raise ValueError("no more")
    try:
        breaks()
    except ValueError as problem:
        w.lines.append(f"broken off: {problem}")
    w.connection.rollback()
    w.note("two phases", lambda: w.connection.tpc_begin("x"))
    w.connection.rollback()


STEPS = {two_queries: 2, two_cursors: 2, two_writes: 2, three_queries: 3, three_cursors: 3, three_pipelines: 3, three_copies: 3}


def work(server):
    found = {}
    for step, version in STEPS.items():
        server.psql("-q", "-c", CLEAN, check=True)
        driver = psycopg2 if version == 2 else psycopg
        connection = driver.connect(host=server.socket_dir, port=server.port, user="postgres", dbname="postgres")
        one = Work(connection, (driver.Error, IndexError, TypeError))
        try:
            step(one)
        except Exception as problem:  # whatever stops a step is the finding
            one.lines.append(f"ended with {type(problem).__name__}: {problem}")
        connection.close()
        found[f"psycopg{' 3' if version == 3 else '2'}: {step.__name__.split('_')[1]}"] = one.lines
    return found


def main():
    with twins() as (postgresql, medley):
        wanted, got = work(postgresql), work(medley)
        done = [same(step, wanted[step], got[step]) for step in wanted]
    return 0 if all(done) else 1


sys.exit(main())
