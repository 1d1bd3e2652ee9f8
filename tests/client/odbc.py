"""ODBC at work (psqlodbc): parameters, cursors (UseDeclareFetch), transactions, types, catalog calls, in several of the driver's ways.

The same is done with PostgreSQL 15 and with Medley; what comes back must be the same."""
import datetime
import decimal
import glob
import sys

import pyodbc

from twins import ADDRESS, same, steps_done, twins

WAYS = {"as it is": "", "cursors": "UseDeclareFetch=1;Fetch=7", "prepared at the client": "UseServerSidePrepare=0", "savepoints": "Protocol=7.4-2", "booleans as bits": "BoolsAsChar=0;ByteaAsLongVarBinary=1",
        "updatable": "UpdatableCursors=1;Ksqo=0"}


class Work:
    def __init__(self, port, way):
        driver = glob.glob("/usr/lib/*/odbc/psqlodbcw.so")[0]
        self.connection = pyodbc.connect(f"Driver={driver};Servername={ADDRESS};Port={port};Database=postgres;Uid=postgres;{way}", autocommit=True)
        self.port, self.lines = port, []

    def note(self, label, call):
        try:
            answer = call()
        except pyodbc.Error as problem:
            answer = [repr(problem)]
            self.connection.rollback()
        for row in answer if isinstance(answer, list) else [answer]:
            self.lines.append(f"{label}: {row!r}".replace(str(self.port), "PORT"))

    def ask(self, label, sql, *params):
        def call():
            cursor = self.connection.cursor()
            cursor.execute(sql, *params)
            if cursor.description is None:
                return cursor.rowcount
            return [[(d[0], d[1].__name__, *d[2:]) for d in cursor.description], *map(tuple, cursor.fetchall())]
        self.note(label, call)

    def queries(self):
        for sql in ("SELECT * FROM items WHERE id IN (7, 10) ORDER BY id", "SELECT i.id, n.text FROM items i JOIN notes n USING (id) WHERE i.id < 40 ORDER BY 1",
                    "SELECT count(*), sum(price), min(day), max(seen) FROM items", "SELECT nothing FROM items", "SELECT 1 / (n - 3) FROM kept ORDER BY n",
                    "SELECT 1::smallint, 2::bigint, 1.5::real, 2.5::float8, 'x'::char(3), '12:34:56'::time, '{1,2}'::int[], 'ok'::mood, '1 day 02:00'::interval,"
                    " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, '{\"a\": 1}'::jsonb, B'101', 'NaN'::numeric, true, NULL, '\\x0102'::bytea, 'n'::name, 1::oid",
                    "SELECT id FROM items ORDER BY id", "SELECT n FROM generate_series(1, 50) n ORDER BY n", "SELECT relname FROM pg_class WHERE relname ~ '^(items|own)$' ORDER BY 1",
                    "{call up_to(3)}", "SELECT {fn CONCAT('a', 'b')}, {d '2024-01-02'}, {fn LENGTH('abc')}"):
            self.ask(sql[:30], sql)

    def parameters(self):
        for value, cast in ((5, "int"), (1 << 40, "int8"), ("it's", "text"), (None, "int"), (decimal.Decimal("12.345"), "numeric"), (1.25, "float8"), (True, "bool"), (b"\0\1", "bytea"),
                            (datetime.date(2024, 2, 29), "date"), (datetime.datetime(2024, 1, 2, 3, 4, 5, 123000), "timestamp"), (datetime.time(1, 2, 3), "time"), ("happy", "mood"), ("{1,2}", "int[]")):
            self.ask(f"a {cast}", f"SELECT ?::{cast}", value)
            self.ask(f"{cast} and more", f"SELECT ?::{cast}, ?::text", value, "x" * 5000)
        for i in range(7):
            self.ask("at the source", "SELECT id, name FROM items WHERE id = ? AND price > ?", i, 1.5)
            self.ask("here", "SELECT n, ?::int / (n - ?) FROM generate_series(1, 3) n", 12, i)
        self.ask("untyped", "SELECT ? = 'x', length(?)", "x", "abc")
        self.ask("a wrong one", "SELECT ?::int", "abc")
        self.ask("too few", "SELECT ?, ?", 1)

    def writes(self):
        cursor = self.connection.cursor()
        for fast in (False, True):
            cursor.fast_executemany = fast
            self.note("many", lambda: cursor.executemany("INSERT INTO own (name, price) VALUES (?, ?)", [(f"n{i}", i + 0.5) for i in range(10)]))
        self.ask("their rows", "SELECT * FROM own ORDER BY id")
        self.ask("returning", "INSERT INTO own (name) VALUES (?) RETURNING id, name", "r")
        self.ask("an update", "UPDATE own SET price = ? WHERE name = ?", 9, "r")
        self.ask("a delete", "DELETE FROM own WHERE name = ?", "r")
        self.ask("a null too many", "INSERT INTO own (name) VALUES (?)", None)
        self.ask("a procedure", "{call put(?, ?)}", 905, "put")
        self.ask("a function", "{? = call twice(?)}", 5, 6)
        self.ask("several", "SELECT 1; SELECT 'two'")

    def transactions(self):
        self.connection.autocommit = False
        self.ask("one", "INSERT INTO kept VALUES (901, 'one')")
        self.ask("an error", "SELECT 1 / 0")
        self.ask("after it", "SELECT n FROM kept WHERE n > 900")
        cursor, other = self.connection.cursor(), self.connection.cursor()
        cursor.execute("SELECT id FROM items ORDER BY id")
        other.execute("SELECT n FROM kept ORDER BY n")
        self.note("two at once", lambda: [(cursor.fetchone()[0], other.fetchone()[0]) for _ in range(15)])
        self.connection.commit()
        self.note("past the end", lambda: [tuple(row) for row in cursor.fetchmany(10)])
        self.connection.rollback()
        self.connection.autocommit = True
        for level in (pyodbc.SQL_TXN_READ_COMMITTED, pyodbc.SQL_TXN_SERIALIZABLE):
            self.note("isolation", lambda: self.connection.set_attr(pyodbc.SQL_ATTR_TXN_ISOLATION, level))
            self.ask("shown", "SHOW transaction_isolation")

    def catalog(self):
        for label, call in {
                "tables": lambda c: c.tables(schema="public"), "a table": lambda c: c.tables(table="item%"), "types of tables": lambda c: c.tables(tableType="TABLE,VIEW,FOREIGN TABLE", schema="public"),
                "columns": lambda c: c.columns(schema="public"), "a column": lambda c: c.columns(table="own", column="p%"), "primary keys": lambda c: c.primaryKeys("own"),
                "foreign keys": lambda c: c.foreignKeys(foreignTable="child"), "exported": lambda c: c.foreignKeys(table="own"), "statistics": lambda c: c.statistics("child"),
                "unique": lambda c: c.statistics("own", unique=True), "row id": lambda c: c.rowIdColumns("own"), "row version": lambda c: c.rowVerColumns("own"),
                "procedures": lambda c: c.procedures(schema="public"), "procedure columns": lambda c: c.procedureColumns(schema="public"), "types": lambda c: c.getTypeInfo()}.items():
            self.note(label, lambda: [tuple(row) for row in call(self.connection.cursor()).fetchall()])
        for name in ("SQL_DBMS_NAME", "SQL_IDENTIFIER_QUOTE_CHAR", "SQL_MAX_COLUMN_NAME_LEN", "SQL_USER_NAME", "SQL_DATABASE_NAME", "SQL_KEYWORDS", "SQL_TXN_CAPABLE"):
            self.note(name, lambda: self.connection.getinfo(getattr(pyodbc, name)))

    STEPS = (queries, parameters, writes, transactions, catalog)


MORE = """
CREATE TABLE child (id int PRIMARY KEY, own_id int NOT NULL REFERENCES own ON DELETE CASCADE, code varchar(5) UNIQUE, CHECK (id > 0));
CREATE INDEX child_own ON child (own_id, code DESC);
CREATE VIEW seen AS SELECT id, name FROM items;
"""


def work(server, way):
    return steps_done(server, Work.STEPS, lambda: Work(server.port, way))


def main():
    done = []
    with twins(MORE, tcp=True) as (postgresql, medley):
        for name, way in WAYS.items():
            wanted, got = work(postgresql, way), work(medley, way)
            done += [same(f"ODBC, {name}: {step}", wanted[step], got[step]) for step in wanted]
    return 0 if all(done) else 1


sys.exit(main())
