"""Limits of one statement: medley.query_memory_limit and temp_file_limit, over local tables too. A statement beyond them ends with their error and frees all; the
others, with limits of their own or with none, are not touched. --temp-directory is where its files are."""
import os
import threading
import time

from faulty import connect, error_of, state_of, wait_for
from federation import ok
from servers import Medley, temporary_directory

SORT = "SELECT count(*), max(t) FROM (SELECT repeat(i::text, 20) AS t FROM generate_series(1, 600000) i ORDER BY 1 OFFSET 5) s"
SMALL_SORT = SORT.replace("600000", "1000")
FEW = "SELECT count(*) FROM generate_series(1, 1000) i"


def files_under(top):
    return [os.path.join(path, name) for path, _, names in os.walk(top) for name in names]


def told(error, code, *words):
    text = f"{error} {error.diag.message_detail or ''}" if error else ""
    return error is not None and error.pgcode == code and all(word in text for word in words)


def memory(medley, temp):
    cursor, other = connect(medley).cursor(), connect(medley).cursor()
    cursor.execute("SET medley.query_memory_limit = '48MB'")
    cursor.execute(SORT)
    ok("a sort beyond the limit spills", cursor.fetchone()[0] == 599995)
    ok("and leaves no file", wait_for(lambda: not files_under(temp), 5), files_under(temp))
    cursor.execute("SHOW medley.query_memory_limit")
    ok("the limit is shown with its unit", cursor.fetchone() == ("48MB",))
    error = error_of(lambda: cursor.execute("SET medley.query_memory_limt = '1MB'"))
    ok("a name of its own that is none is refused", told(error, "42602", '"medley" is a reserved prefix.'), error and f"{error.pgcode} {error}")
    cursor.execute("SET medley.query_memory_limit = '16MB'; SET temp_file_limit = 0")
    for _ in range(2):
        error = error_of(lambda: cursor.execute(SORT))
        ok("with neither memory nor files a statement ends", told(error, "53400", "temporary file size exceeds temp_file_limit (0kB)")
           or told(error, "53200", "out of memory", "medley.query_memory_limit (16384kB)"), error and f"{error.pgcode} {error}")
        cursor.execute(FEW)
        ok("and the session goes on", cursor.fetchone() == (1000,))
    other.execute(SORT)
    ok("another session has its own limits", other.fetchone()[0] == 599995)
    cursor.execute("SET temp_file_limit = -1; SET medley.query_memory_limit = '1MB'")
    error = error_of(lambda: cursor.execute(SORT))
    ok("too little memory to work in is 53200", told(error, "53200", "out of memory", "medley.query_memory_limit (1024kB)"), error and f"{error.pgcode} {error}")
    cursor.execute("RESET medley.query_memory_limit")
    cursor.execute(SORT)
    ok("without a limit the statement is answered", cursor.fetchone()[0] == 599995)


# One value each, or those of one chunk, that a function makes: the limit's error here, and the longest value's where no limit is.
VALUES = [
    ("repeat", "SELECT length(repeat('x' || i, 100000000)) FROM generate_series(1, 2) i"),
    ("repeat, in many rows", "SELECT sum(length(repeat('x', 100000 + i))) FROM generate_series(1, 2048) i"),
    ("lpad", "SELECT sum(length(lpad('x', 100000 + i, 'ab'))) FROM generate_series(1, 2048) i"),
    ("replace", "SELECT length(replace(repeat('x', 6000000 + i), 'x', repeat('y', 200))) FROM generate_series(1, 2) i"),
    ("regexp_replace", "SELECT length(regexp_replace(repeat('x', 600000 + i), 'x', repeat('y', 2000), 'g')) FROM generate_series(1, 2) i"),
    ("format", "SELECT length(format('%1100000000s', i)) FROM generate_series(1, 2) i"),
    ("array_fill", "SELECT length(array_fill(repeat('x', 100 + i), ARRAY[10999999])::text) FROM generate_series(1, 2) i"),
    ("array_to_string", "SELECT length(array_to_string(array_fill(i, ARRAY[1000000]), repeat('x', 2000))) FROM generate_series(1, 2) i"),
    ("a chain of ||", "SELECT length(t || t || t) FROM (SELECT repeat('x' || i, 200000000) AS t FROM generate_series(1, 2) i OFFSET 0) s"),
    ("concat", "SELECT length(concat(t, t, t)) FROM (SELECT repeat('x' || i, 200000000) AS t FROM generate_series(1, 2) i OFFSET 0) s"),
    ("concat_ws", "SELECT length(concat_ws(t, 'a', 'b', 'c', 'd')) FROM (SELECT repeat('x' || i, 200000000) AS t FROM generate_series(1, 2) i OFFSET 0) s"),
    ("bytea ||", "SELECT length(t || t || t) FROM (SELECT repeat('x' || i, 200000000)::bytea AS t FROM generate_series(1, 2) i OFFSET 0) s"),
    ("what the catalog's engine computes", "SELECT length(overlay(repeat('x', 600000000) PLACING repeat('y', 600000000) FROM 1 FOR 0))"),
    ("an array's elements", "SELECT array_length(string_to_array(repeat('x,', 4000000 + i), ','), 1) FROM generate_series(1, 2) i"),
    ("what users' functions make", "SELECT sum(length(long(i))) FROM generate_series(1, 2048) i"),
    ("rows of a function in FROM", "SELECT count(*) FROM rows_of(100000)"),
    ("rows of a function in the targets", "SELECT count(*) FROM (SELECT rows_of(100000)) s"),
    ("a document's", "SELECT length(jsonb_pretty(('[' || repeat('1,', 1000000 + i) || '1]')::jsonb)) FROM generate_series(1, 2) i"),
]
LONGEST = {"replace", "regexp_replace", "format", "array_fill", "array_to_string", "a chain of ||", "concat", "concat_ws", "bytea ||",
           "what the catalog's engine computes"}


def calls(medley):
    """Statements inside of functions have the limits, too, and need no database for each call."""
    cursor = connect(medley).cursor()
    cursor.execute("""CREATE TABLE numbers AS SELECT i AS a FROM generate_series(1, 100) i;
        CREATE FUNCTION below(int) RETURNS bigint LANGUAGE sql AS 'SELECT sum(a) FROM numbers WHERE a <= $1';
        SET medley.query_memory_limit = '64MB'""")
    start = time.monotonic()
    cursor.execute("SELECT sum(below(a)) FROM numbers")
    took = time.monotonic() - start
    ok("a hundred calls of a function under a limit", cursor.fetchone() == (171700,) and took < (5 if "san" not in os.environ["MEDLEY_BUILD"] else 60), took)


def values(medley):
    cursor = connect(medley).cursor()
    plain = os.path.basename(os.environ["MEDLEY_BUILD"]) == "build"
    cursor.execute("""CREATE FUNCTION long(int) RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN repeat(''x'', 100000 + $1); END';
        CREATE FUNCTION rows_of(int) RETURNS SETOF text LANGUAGE plpgsql AS 'BEGIN FOR i IN 1..$1 LOOP RETURN NEXT repeat(''x'', 1000); END LOOP; END'""")
    cursor.execute("SET medley.query_memory_limit = '64MB'")
    for name, sql in VALUES:
        error = []
        grown = peak_growth(medley, lambda: error.append(error_of(lambda: cursor.execute(sql))))
        ok(f"a value larger than the limit: {name}", error[0] is not None and error[0].pgcode in ("53200", "54000"), error[0] and f"{error[0].pgcode} {error[0]}")
        ok(f"and it was not made: {name}", grown < 160 or not plain, f"{grown} MB")
    cursor.execute("SELECT length(repeat(i::text, 10000000)) FROM generate_series(1, 1) i")
    ok("one below the limit is made", cursor.fetchone() == (10000000,))
    cursor.execute("RESET medley.query_memory_limit")
    for name, sql in VALUES if plain else ():
        error = error_of(lambda: cursor.execute(sql))
        ok(f"without a limit PostgreSQL's largest value is the bound: {name}", (error is not None and error.pgcode == "54000") == (name in LONGEST),
           error and f"{error.pgcode} {error}")
    cursor.execute("SELECT 1")
    ok("and the session goes on after them", cursor.fetchone() == (1,))


def files(medley, temp):
    cursor = connect(medley).cursor()
    cursor.execute("SET medley.query_memory_limit = '32MB'; SET temp_file_limit = '8MB'")
    for _ in range(2):
        error = error_of(lambda: cursor.execute(SORT))
        ok("temporary files beyond the limit are 53400", told(error, "53400", "temporary file size exceeds temp_file_limit (8192kB)"), error and f"{error.pgcode} {error}")
        ok("and are gone", wait_for(lambda: not files_under(temp), 5), files_under(temp))
    cursor.execute(SMALL_SORT)
    ok("a statement below the limits is answered", cursor.fetchone()[0] == 995)
    cursor.execute("RESET medley.query_memory_limit; SET work_mem = '64kB'; BEGIN; DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT i, repeat('x', 100) FROM generate_series(1, 200000) i ORDER BY i")
    error = error_of(lambda: cursor.execute("COMMIT"))
    ok("a cursor's rows are temporary files too", told(error, "53400", "temporary file size exceeds temp_file_limit (8192kB)"), error and f"{error.pgcode} {error}")
    cursor.execute("ROLLBACK; CREATE ROLE limited LOGIN")
    ok("temp_file_limit is a superuser's to set", state_of(lambda: connect(medley, user="limited").cursor().execute("SET temp_file_limit = -1")) == "42501")
    ok("the memory's is everybody's", state_of(lambda: connect(medley, user="limited").cursor().execute("SET medley.query_memory_limit = '1GB'")) is None)


def peak_growth(medley, run):
    """By how many MB the server's memory is larger at its peak than before."""
    status = f"/proc/{medley.process.pid}/status"

    def resident(name):
        with open(status, encoding="ascii") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith(name)) // 1024

    with open(f"/proc/{medley.process.pid}/clear_refs", "w", encoding="ascii") as peak:
        peak.write("5")
    before = resident("VmRSS:")
    run()
    return resident("VmHWM:") - before


def local_tables(medley, temp):
    """Medley's own tables lie in a database that all share; what is done with their rows is the statement's."""
    cursor, rows = connect(medley).cursor(), 1200000
    cursor.execute(f"CREATE TABLE many AS SELECT i, repeat(i::text, 20) AS t FROM generate_series(1, {rows}) i")
    sort = "SELECT count(*), max(t) FROM (SELECT t FROM many ORDER BY t OFFSET 5) s"
    groups = "SELECT count(*) FROM (SELECT t, count(*) FROM many GROUP BY t) s"
    cursor.execute("SET medley.query_memory_limit = '48MB'")
    grown = peak_growth(medley, lambda: cursor.execute(sort))
    ok("a sort of a local table beyond the limit spills", cursor.fetchone()[0] == rows - 5)
    ok("and the server stays small", grown < 160 or "san" in os.environ["MEDLEY_BUILD"], f"{grown} MB")
    ok("and leaves no file", wait_for(lambda: not files_under(temp), 5), files_under(temp))
    cursor.execute("CREATE TABLE sorted AS SELECT * FROM many ORDER BY t DESC")
    cursor.execute("SELECT count(*), sum(i) FROM sorted")
    ok("so does one on its way into another", cursor.fetchone() == (rows, rows * (rows + 1) // 2))
    cursor.execute("SELECT i FROM sorted LIMIT 2")
    ok("in its order", cursor.fetchall() == [(999999,), (99999,)])
    cursor.execute("SET temp_file_limit = 0; SET medley.query_memory_limit = '16MB'")
    for sql in (sort, groups, "CREATE TABLE never AS SELECT * FROM many ORDER BY t", "INSERT INTO sorted SELECT i + 1, t FROM many ORDER BY t",
                "UPDATE sorted SET i = q.i FROM (SELECT i, t FROM many ORDER BY t OFFSET 5) q WHERE q.t = sorted.t"):
        error = error_of(lambda: cursor.execute(sql))
        ok(f"with neither memory nor files it ends: {sql[:20]}", error is not None and error.pgcode in ("53200", "53400"), error and f"{error.pgcode} {error}")
        cursor.execute("ROLLBACK")
    cursor.execute("SELECT count(*), sum(i) FROM sorted")
    ok("and nothing was written", cursor.fetchone() == (rows, rows * (rows + 1) // 2))
    cursor.execute("BEGIN; INSERT INTO sorted VALUES (0, 'new') RETURNING t")
    ok("a small write under the limits returns its row", cursor.fetchone() == ("new",))
    cursor.execute("UPDATE sorted SET t = 'newer' WHERE i = 0")
    cursor.execute("SELECT t FROM sorted WHERE i = 0")
    ok("and its transaction sees it", cursor.fetchall() == [("newer",)])
    cursor.execute("ROLLBACK; SELECT count(*) FROM sorted")
    ok("until it is rolled back", cursor.fetchone() == (rows,))
    canceller = threading.Timer(0.3, cursor.connection.cancel)
    canceller.start()
    ok("a cancel ends it", state_of(lambda: cursor.execute("SELECT count(*) FROM many a, many b WHERE a.i + b.i < 0")) == "57014")
    cursor.execute("ROLLBACK; DROP TABLE many, sorted")


def at_once(medley, temp):
    """Sessions with different limits at the same time: each gets its own answer."""
    states = {}

    def run(number):
        cursor = connect(medley).cursor()
        small = number % 2
        cursor.execute(f"SET temp_file_limit = {'1024' if small else '-1'}; SET medley.query_memory_limit = '{32 + number}MB'")
        states[number] = [state_of(lambda: cursor.execute(SORT)) for _ in range(2)] == (["53400"] * 2 if small else [None] * 2)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ok("sessions with different limits at the same time", all(states.get(number) for number in range(4)), states)
    ok("no file is left", wait_for(lambda: not files_under(temp), 5), files_under(temp))


with temporary_directory() as top:
    given = os.path.join(top, "temporary")
    os.mkdir(given)
    with Medley(os.environ["MEDLEY_BUILD"], top, arguments=("--temp-directory", given)) as server:
        shower = connect(server).cursor()
        shower.execute("SHOW medley.temp_directory")
        folder = shower.fetchone()[0]
        ok("the folder for temporary files has one of the server's own", os.path.dirname(folder) == given and os.listdir(given) == [os.path.basename(folder)], folder)
        ok("it is told, not set", state_of(lambda: shower.execute("SET medley.temp_directory = '/tmp'")) == "55P02")
        shower.connection.close()
        memory(server, given)
        values(server)
        calls(server)
        files(server, given)
        local_tables(server, given)
        at_once(server, given)
        with open(os.path.join(folder, "left"), "w", encoding="ascii") as left:
            left.write("x")
        server.stop()
        server.start()
        ok("what a server that was killed left there is removed", not files_under(given), files_under(given))
