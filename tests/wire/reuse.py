"""Plans that are used again: whatever a plan hangs on changes between executions, by this session or another, and the next one sees it."""
import os
import re
import threading

import psycopg
import psycopg2

from federation import federation, ok
from pgwire import SYNC, Connection, bind, execute, parse, query


def connect(medley, driver=psycopg2):
    connection = driver.connect(host=medley.socket_dir, port=medley.port, user="postgres", dbname="postgres")
    connection.autocommit = True
    run(connection, "SET TimeZone = 'UTC'")
    return connection


def run(connection, sql):
    """Rows, or the error's SQLSTATE."""
    with connection.cursor() as cursor:
        return answer(cursor, sql)


def answer(cursor, sql, **how):
    try:
        cursor.execute(sql, **how)
    except (psycopg2.Error, psycopg.Error) as error:
        return error.diag.sqlstate
    return cursor.fetchall() if cursor.description else None


class Simple:
    """A query as text: three times over, so that its plan is kept and used."""
    name, driver, fixed = "simple", psycopg2, False

    def __init__(self, connection, sql):
        self.connection, self.sql = connection, sql
        for _ in range(3):
            run(connection, sql)

    def __call__(self):
        return run(self.connection, self.sql)


class Parsed:
    """The unnamed statement, parsed anew each time: what Parse made of it is kept."""
    name, driver, fixed = "parsed", psycopg, False

    def __init__(self, connection, sql):
        self.connection, self.sql = connection, sql
        for _ in range(4):
            self()

    def __call__(self):
        with self.connection.cursor(binary=True) as cursor:
            return answer(cursor, self.sql, prepare=False)


class Prepared:
    name, driver, fixed = "prepared", psycopg2, True
    count = 0

    def __init__(self, connection, sql):
        Prepared.count += 1
        self.connection, self.statement = connection, f"s{Prepared.count}"
        run(connection, f"PREPARE {self.statement} AS {sql}")
        for _ in range(3):
            self()

    def __call__(self):
        return run(self.connection, f"EXECUTE {self.statement}")


def ddl(medley, kind):
    mine, other = connect(medley, kind.driver), connect(medley)
    query = kind(mine, "SELECT name FROM items WHERE id = 7")
    ok(f"{kind.name}: a plan that is kept answers", query() == [("item 7",)], query())
    run(other, "ALTER FOREIGN TABLE items ALTER COLUMN name OPTIONS (ADD column_name 'id')")
    changed = query()
    run(other, "ALTER FOREIGN TABLE items ALTER COLUMN name OPTIONS (DROP column_name)")
    ok(f"{kind.name}: another session's ALTER counts at once", changed == [("7",)] and query() == [("item 7",)], changed)
    run(other, "BEGIN; ALTER FOREIGN TABLE items RENAME TO gone")
    during = query()
    in_change = run(other, "SELECT name FROM items WHERE id = 7")
    run(other, "ROLLBACK")
    ok(f"{kind.name}: DDL that is not committed is nobody else's", during == [("item 7",)] and in_change == "42P01" and query() == during,
       (during, in_change))
    run(mine, "BEGIN")
    before = query()
    run(mine, "SAVEPOINT s")
    run(mine, "ALTER FOREIGN TABLE items OPTIONS (ADD table_name 'no_such_table')")
    run(mine, "SAVEPOINT t")
    inside = query()
    run(mine, "ROLLBACK TO s")
    after = query()
    run(mine, "ROLLBACK")
    ok(f"{kind.name}: a session sees its own uncommitted DDL, and its rollback to a savepoint",
       before == after == [("item 7",)] and inside == "42P01", (before, inside, after))
    run(other, "DROP FOREIGN TABLE items CASCADE")
    ok(f"{kind.name}: a table that was dropped is gone", query() == "42P01", query())
    mine.close()
    other.close()


def sessions_state(medley, kind):
    mine, other = connect(medley, kind.driver), connect(medley)
    run(mine, "CREATE SCHEMA IF NOT EXISTS elsewhere")
    run(mine, "DROP FOREIGN TABLE IF EXISTS elsewhere.items")
    run(mine, "CREATE FOREIGN TABLE elsewhere.items (id int, name int OPTIONS (column_name 'id')) SERVER src OPTIONS (schema_name 'public', table_name 'items')")
    query = kind(mine, "SELECT name FROM items WHERE id = 7")
    run(mine, "SET search_path = elsewhere")
    moved = query()
    run(mine, "RESET search_path")
    ok(f"{kind.name}: SET search_path", moved == ("0A000" if kind.fixed else [(7,)]) and query() == [("item 7",)], moved)

    query = kind(mine, "SELECT id FROM items WHERE seen = '2024-01-01 02:07' ORDER BY id")
    here = query()
    run(mine, "SET TimeZone = 'Asia/Tokyo'")
    there = query()
    run(mine, "RESET TimeZone")
    ok(f"{kind.name}: SET TimeZone", here == [(127,)] and there != here and query() == here, (here, there))

    query = kind(mine, "SELECT id FROM items WHERE day = '02/03/2024' AND id < 366")
    here = query()
    run(mine, "SET DateStyle = 'ISO, DMY'")
    there = query()
    run(mine, "RESET DateStyle")
    ok(f"{kind.name}: SET DateStyle", here == [(33,)] and there == [(61,)] and query() == here, (here, there))

    query = kind(mine, "SELECT id FROM items WHERE id = 8")
    run(mine, "SET ROLE nobody_much")
    refused = query()
    run(other, "GRANT SELECT ON items TO nobody_much")
    granted = query()
    run(other, "REVOKE SELECT ON items FROM nobody_much")
    revoked = query()
    run(mine, "RESET ROLE")
    ok(f"{kind.name}: SET ROLE, GRANT and REVOKE", (refused, granted, revoked) == ("42501", [(8,)], "42501") and query() == [(8,)],
       (refused, granted, revoked))
    mine.close()
    other.close()


def temporary(medley, kind):
    """A temporary table is found first, and by its own session alone."""
    mine, other = connect(medley, kind.driver), connect(medley, kind.driver)
    sql = "SELECT name FROM items WHERE id = 7"
    query, others = kind(mine, sql), kind(other, sql)
    run(mine, "CREATE TEMPORARY TABLE items (id int, name text)")
    run(mine, "INSERT INTO items VALUES (7, 'mine')")
    hidden = [(query(), others()) for _ in range(4)]
    ok(f"{kind.name}: a temporary table hides the foreign one, for its session", hidden == [([("mine",)], [("item 7",)])] * 4, hidden)
    run(other, "CREATE TEMPORARY TABLE items (id int, name text)")
    both = [(query(), others()) for _ in range(4)]
    ok(f"{kind.name}: and another's is another", both == [([("mine",)], [])] * 4, both)
    run(mine, "DROP TABLE pg_temp.items")
    shown = [(query(), others()) for _ in range(4)]
    ok(f"{kind.name}: dropped, it hides nothing", shown == [([("item 7",)], [])] * 4, shown)
    run(mine, "BEGIN")
    run(mine, "CREATE TEMPORARY TABLE items (id int, name text) ON COMMIT DROP")
    inside = [query() for _ in range(3)]
    run(mine, "COMMIT")
    ok(f"{kind.name}: nor after ON COMMIT DROP", inside == [[]] * 3 and query() == [("item 7",)], (inside, query()))
    mine.close()
    other.close()


def mappings(medley, kind):
    mine, other = connect(medley, kind.driver), connect(medley)
    query = kind(mine, "SELECT name FROM items WHERE id = 7")
    run(other, "ALTER USER MAPPING FOR postgres SERVER src OPTIONS (SET user 'no_such_role')")
    refused = query()
    run(other, "ALTER USER MAPPING FOR postgres SERVER src OPTIONS (SET user 'postgres')")
    ok(f"{kind.name}: an altered user mapping", refused == "08001" and query() == [("item 7",)], refused)
    run(other, "ALTER SERVER src OPTIONS (SET dbname 'no_such_database')")
    refused = query()
    run(other, "ALTER SERVER src OPTIONS (SET dbname 'postgres')")
    ok(f"{kind.name}: an altered server", refused == "08001" and query() == [("item 7",)], refused)
    mine.close()
    other.close()


def the_moment(medley):
    mine = connect(medley)
    for what, sql in (("now()", "SELECT id FROM items WHERE id = 1 AND seen < now() AND now() = transaction_timestamp() AND now()::text <> '{}'"),
                      ("'now'", "SELECT id, 'now'::timestamptz FROM items WHERE id = 1"), ("CURRENT_TIMESTAMP", "SELECT id, CURRENT_TIMESTAMP FROM items WHERE id = 1"),
                      ("random()", "SELECT id, random() FROM items WHERE id = 1")):
        answers = {str(run(mine, sql)) for _ in range(6)}
        ok(f"{what} is not frozen", what == "now()" or len(answers) == 6, answers)
    stamps = {run(mine, "SELECT now()")[0][0] for _ in range(6)}
    ok("nor is it where nothing is read", len(stamps) == 6, stamps)
    run(mine, "SET my.value = 'one'")
    first = [run(mine, "SELECT current_setting('my.value') FROM items WHERE id = 1") for _ in range(4)][-1]
    run(mine, "SET my.value = 'two'")
    ok("current_setting()", first == [("one",)] and run(mine, "SELECT current_setting('my.value') FROM items WHERE id = 1") == [("two",)])
    mine.close()


def constants(medley):
    """Statements of one shape: each has the answer to its own constants."""
    mine = connect(medley)
    ok("whole numbers", all(run(mine, f"SELECT id, name FROM items WHERE id = {i}") == [(i, f"item {i}" if i % 10 else None)] for i in range(1, 60)))
    ok("texts", all(run(mine, f"SELECT id FROM items WHERE name = 'item {i}'") == [(i,)] for i in range(1, 60) if i % 10))
    ok("texts with quotes", [run(mine, f"SELECT count(*) FROM items WHERE name = 'it''s {i}'") for i in range(6)] == [[(0,)]] * 6)
    ok("a limit", all(len(run(mine, f"SELECT id FROM items WHERE id > {i} ORDER BY id LIMIT {i}")) == i for i in range(1, 20)))
    ok("a constant that is given out", all(run(mine, f"SELECT {i}, 'x{i}', id FROM items WHERE id = {i}") == [(i, f"x{i}", i)] for i in range(1, 20)))
    ok("a column's number", run(mine, "SELECT id, 5 - id FROM items WHERE id < 4 ORDER BY 1")[0] == (1, 4)
       and [run(mine, f"SELECT id, 5 - id FROM items WHERE id < 4 ORDER BY {1 + i % 2}")[0] for i in range(6)] == [(1, 4), (3, 2)] * 3)
    ok("lists", [run(mine, f"SELECT sum(id) FROM items WHERE id IN ({i}, {i + 1}, 500)") for i in range(1, 6)] == [[(2 * i + 501,)] for i in range(1, 6)])
    ok("a range", [run(mine, f"SELECT count(*) FROM items WHERE id BETWEEN {i} AND {2 * i}") for i in range(1, 8)] == [[(i + 1,)] for i in range(1, 8)])
    ok("a number that is too large", [run(mine, f"SELECT id FROM items WHERE id = {7 if i % 2 else 99999999999}") for i in range(6)] == [[], [(7,)]] * 3)
    ok("a condition that is always so", [run(mine, f"SELECT count(*) FROM items WHERE id = 7 OR 1 = {i % 2}") for i in range(6)] == [[(1,)], [(1000,)]] * 3)
    wrong = [run(mine, f"SELECT min(id) FROM items WHERE day = '{'2024-01-08' if i % 2 else 'rubbish'}'") for i in range(6)]
    ok("a text that is no date", wrong == ["22007", [(7,)]] * 3, wrong)
    typed = [run(mine, f"SELECT count(*) FROM items WHERE name = {i}") for i in range(4)]
    ok("a type that does not fit", typed == ["42883"] * 4, typed)
    position = []
    for text in ("'2024-01-08'", "'2024-01-09'", "'2024-01-10'", "'x'"):
        with mine.cursor() as cursor:
            try:
                cursor.execute(f"SELECT id FROM items WHERE day = {text}")
            except psycopg2.Error as error:
                position.append(error.diag.statement_position)
    ok("and where it stands", position == ["34"], position)
    mine.close()


def result_type(medley):
    mine, other = connect(medley), connect(medley)
    run(mine, "PREPARE p AS SELECT id FROM items WHERE id = 7")
    before = [run(mine, "EXECUTE p") for _ in range(3)][-1]
    run(other, "ALTER FOREIGN TABLE items ALTER COLUMN id TYPE bigint")
    after = run(mine, "EXECUTE p")
    run(other, "ALTER FOREIGN TABLE items ALTER COLUMN id TYPE int")
    ok("a prepared statement whose result changes its type: 0A000", before == [(7,)] and after == "0A000" and run(mine, "EXECUTE p") == before, (before, after))
    mine.close()
    other.close()


def at_the_same_time(medley):
    """Many sessions run statements of one shape while another changes what they mean: each answer is one of before or after."""
    stop, wrong = threading.Event(), []

    def reader(number):
        mine = connect(medley)
        for i in range(10**6):
            if stop.is_set():
                break
            key = 1 + (i * 7 + number) % 9
            rows = run(mine, f"SELECT name FROM items WHERE id = {key}")
            if rows not in ([(f"item {key}",)], [(str(key),)]):
                wrong.append((key, rows))
        mine.close()

    threads = [threading.Thread(target=reader, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    other = connect(medley)
    for _ in range(20):
        run(other, "ALTER FOREIGN TABLE items ALTER COLUMN name OPTIONS (ADD column_name 'id')")
        if run(other, "SELECT name FROM items WHERE id = 3") != [("3",)]:
            wrong.append("its own change")
        run(other, "ALTER FOREIGN TABLE items ALTER COLUMN name OPTIONS (DROP column_name)")
    stop.set()
    for thread in threads:
        thread.join()
    other.close()
    ok("sessions that share plans while one changes the table", not wrong, wrong[:5])


def into_is_no_query(medley):
    mine = connect(medley)
    answers = [run(mine, f"SELECT id INTO taken{i} FROM items WHERE id = 7") for i in range(4)]
    run(mine, "PREPARE i AS SELECT id INTO taken FROM items WHERE id = 7")
    answers += [run(mine, "EXECUTE i") for _ in range(2)]
    ok("SELECT INTO is never taken for its query", not any(isinstance(answer, list) for answer in answers), answers)
    mine.close()


def resident_kib(medley):
    with open(f"/proc/{medley.process.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))


def memory(medley):
    """Texts without end: the cache is bounded, and so is what a connection keeps prepared. A sanitizer keeps freed memory for a while."""
    if os.path.basename(os.environ["MEDLEY_BUILD"]) != "build":
        print("skip memory of many texts: a sanitizer keeps freed memory")
        return
    texts = int(os.environ.get("MEDLEY_REUSE_TEXTS", "4000"))
    mine = connect(medley)
    with mine.cursor() as cursor:
        for i in range(texts // 2):
            cursor.execute(f"SELECT id AS c{i % 500} FROM items WHERE id = 7")
        settled = resident_kib(medley)
        for i in range(texts // 2):
            for _ in range(2):
                cursor.execute(f"SELECT id AS d{i} FROM items WHERE id = 7")
        grown = resident_kib(medley) - settled
    ok(f"{texts} different texts leave no more than the cache's bound", grown < 24 * 1024, f"{grown} KiB")
    mine.close()


def a_portal_is_at_its_table(medley):
    """Also one whose plan was made before: what it reads cannot go meanwhile."""
    with Connection(medley) as c:
        c.start()
        c.ask(parse("SELECT id FROM items WHERE id < 5", "s"), SYNC)
        for number in range(4):
            c.ask(query("BEGIN"))
            got = [c.ask(bind("q", "s"), execute("q", 1), SYNC)[-2:], c.ask(query("DROP FOREIGN TABLE items")), c.ask(query("ROLLBACK"))[-1]]
            ok(f"a portal is at its table ({number})", got == [
                ["suspended", "ready T"],
                ['ERROR 55006 cannot DROP TABLE "items" because it is being used by active queries in this session', "ready E"], "ready I"], got)


def main():
    with federation() as (_, medley_server, _):
        setup = connect(medley_server)
        run(setup, "CREATE ROLE nobody_much")
        run(setup, "CREATE USER MAPPING FOR nobody_much SERVER src OPTIONS (user 'remote_ann', password 'pw-ann')")
        setup.close()
        constants(medley_server)
        the_moment(medley_server)
        result_type(medley_server)
        at_the_same_time(medley_server)
        into_is_no_query(medley_server)
        memory(medley_server)
        a_portal_is_at_its_table(medley_server)
        for kind in (Simple, Parsed, Prepared):
            sessions_state(medley_server, kind)
            temporary(medley_server, kind)
            mappings(medley_server, kind)
    for kind in (Simple, Parsed, Prepared):
        with federation() as (_, medley_server, _):
            ddl(medley_server, kind)


main()
