"""Statements that are too large, too deep or too wide: an answer or a clean error, soon, and the server stays up; what sources may send that is
not what was declared: an error that names the column."""
import os
import re
import threading
import time

from faulty import Watcher, busy_backends, connect, error_of, state_of, wait_for
from federation import federation, ok

PLAIN = os.path.basename(os.environ["MEDLEY_BUILD"]) == "build"
SOON = 30 if PLAIN else 120
TOO_MUCH = {"54000", "54001", "54011", "54023", "53200", "2201B"}
MOST_MEGABYTES = 1024


def nested(before, inside, after):
    return lambda n: f"SELECT {before * n}{inside}{after * n}"


def joined(separator, item, head="SELECT ", tail=""):
    return lambda n: head + separator.join(item(i) if callable(item) else item for i in range(n)) + tail


# Each recursive production of the grammar, and of the values that have one of their own.
DEEP = {
    "parentheses": nested("(", "1", ")"),
    "parentheses over a column": lambda n: f"SELECT {'1+(' * n}id{')' * n} FROM notes LIMIT 1",
    "NOT": nested("NOT ", "true", ""),
    "minus": nested("- ", "1", ""),
    "scalar subqueries": nested("(SELECT ", "1", ")"),
    "subqueries in FROM": lambda n: f"SELECT 1 FROM {'(SELECT 1 FROM ' * n}notes{') s' * n}",
    "subqueries of a source": lambda n: f"SELECT 1 FROM {'(SELECT 1 FROM ' * n}items{') s' * n}",
    "EXISTS": nested("EXISTS (SELECT 1 WHERE ", "true", ")"),
    "CASE WHEN": nested("CASE WHEN true THEN ", "1", " END"),
    "CASE ELSE": nested("CASE WHEN false THEN 0 ELSE ", "1", " END"),
    "arrays": nested("ARRAY[", "1", "]"),
    "an array's text": lambda n: f"SELECT '{'{' * n}1{'}' * n}'::int[]",
    "rows": nested("ROW(", "1", ")"),
    "calls": lambda n: f"SELECT {'abs(' * n}id{')' * n} FROM notes LIMIT 1",
    "calls of a source": lambda n: f"SELECT {'abs(' * n}id{')' * n} FROM items LIMIT 1",
    "COALESCE": lambda n: f"SELECT {'coalesce(' * n}id{',1)' * n} FROM notes LIMIT 1",
    "casts": nested("", "1", "::int"),
    "CAST": nested("CAST(", "1", " AS int)"),
    "operators": joined("+", "1"),
    "operators over a column": joined("+", "id", tail=" FROM notes LIMIT 1"),
    "concatenation": joined("||", "text", tail=" FROM notes LIMIT 1"),
    "COLLATE": nested("", "'a'", ' COLLATE "C"'),
    "UNION ALL": joined(" UNION ALL ", "SELECT 1", head=""),
    "UNION": joined(" UNION ", "SELECT id FROM notes", head=""),
    "UNION in parentheses": lambda n: f"{'SELECT 1 UNION (' * n}SELECT 1{')' * n}",
    "WITH in WITH": lambda n: f"{'WITH w AS (' * n}SELECT 1 AS a{') SELECT * FROM w' * n}",
    "WITH after WITH": lambda n: "WITH w0 AS (SELECT id FROM notes)" + "".join(f", w{i + 1} AS (SELECT * FROM w{i})" for i in range(n)) + f" SELECT count(*) FROM w{n}",
    "joins in parentheses": lambda n: f"SELECT 1 FROM {'(' * n}notes a" + "".join(f" CROSS JOIN (SELECT 1) s{i})" for i in range(n)),
    "json": lambda n: f"SELECT '{'[' * n}{']' * n}'::json",
    "jsonb": lambda n: f"SELECT '{chr(123) + chr(34) + 'a' + chr(34) + ':'}{'[' * n}{']' * n}{chr(125)}'::jsonb",
    "jsonb made here": lambda n: f"SELECT (repeat('[', {n}) || repeat(']', {n}) || left(text, 0))::jsonb FROM notes LIMIT 1",
    "jsonpath": lambda n: f"SELECT '{'(' * n}${')' * n}'::jsonpath",
    "regular expressions": lambda n: f"SELECT text ~ '{'(' * n}a{')' * n}' FROM notes LIMIT 1",
    "PL/pgSQL blocks": lambda n: f"DO $$ {'BEGIN ' * n}NULL; {'END; ' * n}$$",
    "PL/pgSQL IF": lambda n: f"DO $$ BEGIN {'IF true THEN ' * n}NULL; {'END IF; ' * n}END $$",
    "comments": lambda n: f"SELECT 1 {'/*' * n}{'*/' * n}",
}
# Long, not deep: these have an answer, or say how many are too many.
WIDE = {
    "IN list": lambda n: f"SELECT count(*) FROM notes WHERE id IN ({','.join(map(str, range(n)))})",
    "IN list for a source": lambda n: f"SELECT count(*) FROM items WHERE id IN ({','.join(map(str, range(n)))})",
    "IN list of texts for a source": joined(",", "'item {}'".format, "SELECT count(*) FROM items WHERE name IN (", ")"),
    "NOT IN list": lambda n: f"SELECT count(*) FROM notes WHERE id NOT IN ({','.join(map(str, range(n)))})",
    "= ANY": lambda n: f"SELECT count(*) FROM items WHERE id = ANY ('{{{','.join(map(str, range(n)))}}}')",
    "OR": joined(" OR ", "id = {}".format, "SELECT count(*) FROM items WHERE "),
    "AND": joined(" AND ", "id <> -{}".format, "SELECT count(*) FROM notes WHERE "),
    "VALUES": joined(",", "({0}, 'x{0}')".format, "SELECT count(*) FROM (VALUES ", ") v(a, b)"),
    "VALUES joined with a source": joined(",", "({0}, 'x{0}')".format, "SELECT count(*) FROM items JOIN (VALUES ", ") v(a, b) ON a = id"),
    "IN list of expressions": joined(",", "id + {}".format, "SELECT count(*) FROM notes WHERE id - 1 IN (", ")"),
    "OR of expressions": joined(" OR ", "id + {} = 3".format, "SELECT count(*) FROM notes WHERE "),
    "AND of expressions": joined(" AND ", "id + {} <> 3".format, "SELECT count(*) FROM notes WHERE "),
    "OR of ANDs": joined(" OR ", lambda i: f"(id = {i} AND length(text) = {i % 8})", "SELECT count(*) FROM notes WHERE "),
    "branches of a CASE": joined(" ", "WHEN id + 1 = {0} THEN {0}".format, "SELECT sum(CASE ", " END) FROM notes"),
    "rows of expressions": joined(",", "(id + {})".format, "SELECT count(*) FROM notes, LATERAL (VALUES ", ") v(a)"),
    "targets": joined(",", "1"),
    "GROUP BY": joined(",", "id + {}".format, "SELECT count(*) FROM notes GROUP BY "),
    "ORDER BY": joined(",", "id + {}".format, "SELECT id FROM notes ORDER BY "),
    "arguments": joined(",", "1", "SELECT concat(", ")"),
    "statements": joined("", "SELECT 1;", ""),
    "columns of a table": joined(",", "c{} int".format, "CREATE TABLE wide (", ")"),
    "rows of an INSERT": joined(",", "({}, 'x')".format, "INSERT INTO stored VALUES "),
    "qualified name": joined(".", "a"),
}
ANSWERS = {"IN list": 1000, "IN list for a source": 1000, "IN list of texts for a source": 900, "NOT IN list": 0, "= ANY": 1000, "OR": 1000, "AND": 1000,
           "VALUES": 10000, "VALUES joined with a source": 1000, "IN list of expressions": 0, "OR of expressions": 3, "AND of expressions": 997,
           "OR of ANDs": 12, "branches of a CASE": 501500, "rows of expressions": 10000000}
JOINS = {
    "500 joins here": ("SELECT count(*) FROM notes a0", lambda i: f" JOIN notes a{i + 1} ON a{i + 1}.id = a{i}.id", 500),
    "500 joins at a source": ("SELECT count(*) FROM items a0", lambda i: f" JOIN items a{i + 1} ON a{i + 1}.id = a{i}.id", 500),
    "500 joins of catalogs": ("SELECT count(*) FROM pg_am a0", lambda i: f" JOIN pg_am a{i + 1} ON a{i + 1}.oid = a{i}.oid", 500),
    "500 left joins": ("SELECT count(*) FROM notes a0", lambda i: f" LEFT JOIN items a{i + 1} ON a{i + 1}.id = a0.id", 500),
    "500 one-row subqueries": ("SELECT count(*) FROM (SELECT 1) t0", lambda i: f", (SELECT 1) t{i + 1}", 500),
}
BIG_VALUES = {
    "repeat beyond 1 GB": "SELECT length(repeat('x', 2000000000))",
    "a text of 20 MB": "SELECT length(repeat('x', 20000000))",
    "factorial": "SELECT length(factorial(20000)::text)",
    "numeric to a power": "SELECT length((10::numeric ^ 100000)::text)",
    "a split into a million": "SELECT count(*) FROM regexp_split_to_table(repeat('a,', 1000000), ',')",
    "LIKE with 300 %": "SELECT count(*) FROM notes WHERE repeat(text, 500) LIKE repeat('%n', 300) || 'b'",
    "LIKE of a constant with 300 %": f"SELECT count(*) FROM notes WHERE repeat(text, 500) LIKE '{'%n_' * 300}b'",
    "LIKE with 10,000 %": f"SELECT count(*) FROM notes WHERE repeat(text, 1000) LIKE '{'%n_' * 10000}'",
    "10,000 alternatives": f"SELECT count(*) FROM notes WHERE text ~ '{'|'.join(map('alternative {}'.format, range(10000)))}'",
    "10,000 alternatives in a group": f"SELECT max(regexp_replace(text, '({'|'.join(map('note {}x'.format, range(10000)))})', '')) FROM notes",
    "repetitions of repetitions": "SELECT count(*) FROM notes WHERE repeat(text, 100) ~ '(n.{1,255}){1,255}x'",
    "repetitions of repetitions of repetitions": "SELECT count(*) FROM notes WHERE text ~ '((a{1,255}){1,255}){1,255}'",
    "a pattern of 1 MB": f"SELECT count(*) FROM notes WHERE text ~ '{'x' * 1000000}'",
    "three of 1e10 numbers": "SELECT generate_series(1, 10000000000::bigint) LIMIT 3",
    "three of 1e10 numerics": f"SELECT generate_series({10 ** 300}, {10 ** 300 + 10 ** 10}) LIMIT 3",
    "a set of 1e10 numbers beside another": "SELECT generate_series(1, 10000000000::bigint), generate_series(1, 2)",
    "a set of 1e10 numerics beside another": f"SELECT generate_series({10 ** 300}, {10 ** 300 + 10 ** 10}), generate_series(1, 2)",
    "a number of a million digits": f"SELECT {'1' * 1000000}",
    "a literal of 1 MB": f"SELECT length('{'x' * 1000000}')",
    "a comment of 1 MB": f"SELECT 1 /* {'x' * 1000000} */",
    "a name of 1 MB": f'SELECT 1 AS "{"x" * 1000000}"',
    **{f"views {n} deep": f"CREATE VIEW v{n}_0 AS SELECT id FROM notes;" + "".join(f"CREATE VIEW v{n}_{i + 1} AS SELECT id FROM v{n}_{i};" for i in range(n))
       + f"SELECT count(*) FROM v{n}_{n}" for n in (300, 1000)},
    "recursion of PL/pgSQL": "CREATE FUNCTION again(int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN again($1 + 1); END'; SELECT again(1)",
    "recursion inside of nested calls": f"CREATE FUNCTION nested(int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN {'abs(' * 900}nested($1 + 1){')' * 900}; END'; SELECT nested(1)",
}


def peak_megabytes(medley):
    with open(f"/proc/{medley.process.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmHWM:\s+(\d+)", status.read()).group(1)) // 1024


class Limits:
    def __init__(self, medley):
        self.medley = medley
        self.connection = connect(medley)
        self.cursor = self.connection.cursor()
        self.cursor.execute(f"SET statement_timeout = '{SOON}s'; CREATE TABLE stored (a int, b text)")

    def run(self, name, sql, answer=None, codes=frozenset()):
        """Whether the statement ended soon, with the answer or one of the codes."""
        start, got = time.monotonic(), None
        deaf = threading.Timer(2 * SOON, self.medley.process.kill)  # a statement that hears no timeout must not hold up the others
        deaf.start()
        error = error_of(lambda: self.cursor.execute(sql))
        deaf.cancel()
        took = time.monotonic() - start
        if error is None and answer is not None:
            got = self.cursor.fetchone()[0]
        good = error.pgcode in codes if error else answer is None or got == answer
        ok(f"{name}: an answer or a clean error, soon", good and took < SOON,
           f"{error.pgcode if error else got}: {str(error)[:200] if error else ''} after {took:.1f} s")
        if self.connection.closed:
            if wait_for(lambda: self.medley.process.poll() is not None, 1):
                self.medley.stop()
                self.medley.start()
            self.connection = connect(self.medley)
            self.cursor = self.connection.cursor()


def statements(medley):
    limits = Limits(medley)
    for name, make in DEEP.items():
        for n in (100, 10000):
            limits.run(f"{n} {name}", make(n), codes=TOO_MUCH)
    for name, make in WIDE.items():
        limits.run(f"10000 {name}", make(10000), ANSWERS.get(name), set() if name in ANSWERS else TOO_MUCH | {"42601"})
    for name, (head, item, n) in JOINS.items():
        limits.run(name, head + "".join(map(item, range(n))), codes=TOO_MUCH | {"0A000"})
    for name, sql in BIG_VALUES.items():
        limits.run(name, sql, codes=TOO_MUCH | {"22003"})
    if PLAIN:
        ok(f"none of these took more than {MOST_MEGABYTES} MB", peak_megabytes(medley) < MOST_MEGABYTES, peak_megabytes(medley))


def wide_tables(source, medley):
    """1,000 columns of a source and of a file, and the 1,664 that a row can have."""
    columns = ", ".join(f"c{i} int" for i in range(1000))
    source.psql("-q", "-c", f"CREATE TABLE wide ({columns}); INSERT INTO wide (c0, c999) VALUES (1, 2)", check=True)
    cursor = connect(medley).cursor()
    cursor.execute(f"CREATE FOREIGN TABLE far_wide ({columns}) SERVER src OPTIONS (table_name 'wide')")
    for name, sql in (("whole", "SELECT * FROM far_wide"), ("kept local", "SELECT * FROM far_wide WHERE random() >= 0")):
        cursor.execute(sql)
        row = cursor.fetchone()
        ok(f"1,000 columns of a source, {name}", len(row) == 1000 and row[0] == 1 and row[999] == 2 and row[500] is None)
    cursor.execute("SELECT " + ",".join(["id"] * 1664) + " FROM items WHERE random() >= 0 LIMIT 1")
    ok("1,664 columns are a row", len(cursor.fetchone()) == 1664)
    code = state_of(lambda: cursor.execute("SELECT " + ",".join(["id"] * 1665) + " FROM items"))
    ok("1,665 are too many", code == "54011", code)


def told(error, code, *words):
    text = f"{error} {error.diag.context or ''}" if error else ""
    return error is not None and error.pgcode == code and all(word in text for word in words)


def wrong_values(source, medley, directory):
    """What a source or a file holds is not what was declared: the error is the value's, and names table and column."""
    source.psql("-q", "-c", """
        CREATE TABLE odd (id int, small bigint, day text, amount numeric, big numeric);
        INSERT INTO odd VALUES (1, 1, '2024-01-01', 1.5, 1), (2, 40000, 'no day', 123456.5, 1e30)""", check=True)
    with open(os.path.join(directory, "bytes.csv"), "wb") as out:
        out.write(b"1,fine\n2,caf\xe9\n")
    cursor = connect(medley).cursor()
    cursor.execute("CREATE FOREIGN TABLE odd (id int, small smallint, day date, amount numeric(5,2), big bigint) SERVER src")
    cursor.execute(f"CREATE FOREIGN TABLE bytes (id int, text text) SERVER files OPTIONS (filename '{directory}/bytes.csv', format 'csv')")
    for column, code in (("small", "22003"), ("day", "22007"), ("amount", "22003"), ("big", "22003")):
        for name, sql in (("whole", f"SELECT {column} FROM odd"), ("kept local", f"SELECT max({column}) FROM odd WHERE random() >= 0")):
            error = error_of(lambda: cursor.execute(sql))
            ok(f"a value outside its column's range, {column}, {name}", told(error, code, f'column "{column}" of foreign table "odd" on server "src"'),
               error and f"{error.pgcode} {error} {error.diag.context}")
        error = error_of(lambda: cursor.execute(f"SELECT {column}, id FROM odd"))
        ok(f"and its row's key where that is read, {column}", told(error, code, 'on server "src", row with id = 2'),
           error and f"{error.pgcode} {error} {error.diag.context}")
    error = error_of(lambda: cursor.execute("SELECT * FROM bytes"))
    ok("bytes of a file that are no UTF-8", told(error, "22021", "bytes"), error and f"{error.pgcode} {error} {error.diag.context}")
    error = error_of(lambda: cursor.execute("SELECT o.amount FROM odd o JOIN notes n USING (id)"))
    ok("also in a join of sources", told(error, "22003", 'on server "src", row with id = 2'), error and f"{error.pgcode} {error} {error.diag.context}")
    cursor.execute("SELECT count(small) FROM odd WHERE id = 1")
    ok("rows that are right are read", cursor.fetchone() == (1,))
    source.psql("-q", "-c", "ALTER TABLE items ALTER ok TYPE text USING 'maybe'", check=True)
    error = error_of(lambda: cursor.execute("SELECT ok FROM items"))
    ok("a column whose type has changed at the source", told(error, "22P02", "ok", "items"), error and f"{error.pgcode} {error} {error.diag.context}")
    source.psql("-q", "-c", "ALTER TABLE items ALTER ok TYPE bool USING true", check=True)
    cursor.execute("SELECT count(ok) FROM items")
    ok("and back", cursor.fetchone() == (1000,))


def bytes_of_a_source(source, medley):
    """A source that keeps bytes of no encoding: it finds them itself; the error says whose they are."""
    source.psql("-q", "-c", "CREATE DATABASE bytes ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'", check=True)
    source.psql("-q", "-c", "SET client_encoding = 'SQL_ASCII'; CREATE TABLE raw (id int, t text); INSERT INTO raw VALUES (1, 'fine'), (2, E'caf\\xe9')",
                database="bytes", check=True)
    cursor = connect(medley).cursor()
    cursor.execute(f"""CREATE SERVER raw FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{source.socket_dir}', port '{source.port}', dbname 'bytes');
        CREATE USER MAPPING FOR postgres SERVER raw OPTIONS (user 'postgres'); CREATE FOREIGN TABLE raw (id int, t text) SERVER raw""")
    for name, sql in (("whole", "SELECT * FROM raw"), ("kept local", "SELECT max(t) FROM raw WHERE random() >= 0"),
                      ("bound", "SELECT r.t FROM raw r JOIN notes n USING (id)")):
        error = error_of(lambda: cursor.execute(sql))
        ok(f"bytes of a source that are no UTF-8, {name}", told(error, "22021", '"public"."raw"', 'on server "raw"'),
           error and f"{error.pgcode} {error} {error.diag.context}")
    cursor.execute("SELECT t FROM raw WHERE id = 1")
    ok("its other rows are read", cursor.fetchall() == [("fine",)])


def client_bytes(medley):
    connection = connect(medley)
    connection.set_client_encoding("UTF8")
    cursor = connection.cursor()
    for name, sql in (("in a literal", b"SELECT 'caf\xe9'"), ("in a name", b'SELECT 1 AS "\xc3"'), ("beyond Unicode", b"SELECT '\xf5\x80\x80\x80'"),
                      ("a surrogate", b"SELECT '\xed\xa0\x80'"), ("too long", b"SELECT '\xc0\x80'")):
        code = state_of(lambda: cursor.execute(sql))
        ok(f"bytes of a client that are no UTF-8, {name}", code == "22021", code)


def open_files(medley):
    """Files and sockets but those of clients."""
    names = []
    for number in os.listdir(f"/proc/{medley.process.pid}/fd"):
        try:
            names.append(os.readlink(f"/proc/{medley.process.pid}/fd/{number}"))
        except FileNotFoundError:
            continue
    return sum(name.startswith("/") and "(deleted)" not in name for name in names)


def all_is_freed(source, medley):
    """A statement that was cancelled in the middle of a scan, a sort and a join leaves nothing behind."""
    connection = connect(medley)
    cursor = connection.cursor()
    sql = "SELECT a.name, b.text FROM items a, notes b, notes c WHERE a.price + b.id > -c.id ORDER BY md5(a.name || b.text || c.text) OFFSET 5"
    cursor.execute("SET statement_timeout = '1s'")
    state_of(lambda: cursor.execute(sql))
    files = open_files(medley)
    for _ in range(3):
        ok("a sort of a join is ended by statement_timeout", state_of(lambda: cursor.execute(sql)) == "57014")
    ok("no statement is left at the source", wait_for(lambda: busy_backends(source) == 0))
    ok("no more files are open", wait_for(lambda: open_files(medley) <= files), f"{files}, then {open_files(medley)}")
    spilled = [os.path.join(top, name) for top, _, names in os.walk(os.path.join(medley.data, "tmp")) for name in names]
    ok("no spilled rows are left", not spilled, spilled)


with federation() as (source_server, medley_server, top_directory):
    statements(medley_server)
    wide_tables(source_server, medley_server)
    wrong_values(source_server, medley_server, top_directory)
    bytes_of_a_source(source_server, medley_server)
    client_bytes(medley_server)
    all_is_freed(source_server, medley_server)
    ok("after all this the server answers", Watcher(medley_server).ask("SELECT 1") == 1)
