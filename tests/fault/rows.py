"""Rows of Medley's own tables: SIGKILL at any moment loses nothing committed and keeps nothing else; a full disk is an error, not damage."""
import contextlib
import os
import random
import shutil
import signal
import threading
import time

import psycopg2

from faulty import small_disk, state_of
from federation import ok
from servers import Medley, temporary_directory

SESSIONS, ROUNDS = 4, 4
SECONDS = 6 if os.path.basename(os.environ["MEDLEY_BUILD"]) == "build-tsan" else 1.5


def connect(medley):
    return psycopg2.connect(host=medley.socket_dir, port=medley.port, user="postgres", dbname="postgres")


def writer(medley, who, seed, until, sure, maybe):
    """Each transaction writes three rows of its own number, one of them behind a savepoint that is rolled back now and then."""
    rng, number = random.Random(seed), seed * 10000
    try:
        connection = connect(medley)
        cursor = connection.cursor()
        while time.time() < until:
            number += 1
            cursor.execute("INSERT INTO a VALUES (%s, 1), (%s, 2)", (number, number))
            cursor.execute("SAVEPOINT s")
            cursor.execute("INSERT INTO b SELECT %s, g FROM generate_series(1, 50) g", (number,))
            if rng.random() < 0.3:
                cursor.execute("ROLLBACK TO s")
                cursor.execute("INSERT INTO b VALUES (%s, 0)", (number,))
            if rng.random() < 0.1:
                cursor.execute("ALTER TABLE b ALTER i TYPE bigint, ADD c int DEFAULT (random() * 0)::int")
                cursor.execute("ALTER TABLE b DROP c")
                cursor.execute("DROP TABLE IF EXISTS left_over")
                cursor.execute("CREATE TEMP TABLE left_over AS SELECT %s AS n", (number,))
            if rng.random() < 0.3:
                connection.rollback()
                continue
            maybe.add(number)
            connection.commit()
            sure.add(number)
    except psycopg2.Error:
        pass  # the server was killed


def problem_of(medley, sure, maybe):
    cursor = connect(medley).cursor()
    cursor.execute("SELECT count(*) FROM pg_class WHERE relpersistence = 't'")
    if cursor.fetchone()[0]:
        return "temporary tables are left"
    cursor.execute("SELECT n, count(*) FROM a GROUP BY n")
    in_a = dict(cursor.fetchall())
    cursor.execute("SELECT n, count(*) FROM b GROUP BY n")
    in_b = dict(cursor.fetchall())
    if sure - in_a.keys():
        return f"lost: {sorted(sure - in_a.keys())[:5]}"
    if in_a.keys() - maybe or in_a.keys() != in_b.keys():
        return f"kept: {sorted(in_a.keys() - maybe)[:5]}, {sorted(in_a.keys() ^ in_b.keys())[:5]}"
    torn = [n for n in in_a if in_a[n] != 2 or in_b[n] not in (1, 50)]
    return f"torn: {torn[:5]}" if torn else None


def killed_while_writing(build):
    with temporary_directory() as directory:
        medley, sure, maybe, problem = Medley(build, directory), set(), set(), None
        medley.start()
        medley.psql("-q", "-c", "CREATE TABLE a (n int, i int); CREATE TABLE b (n int, i int)", check=True)
        for turn in range(ROUNDS):
            until = time.time() + SECONDS
            threads = [threading.Thread(target=writer, args=(medley, who, turn * SESSIONS + who + 1, until, sure, maybe))
                       for who in range(SESSIONS)]
            for thread in threads:
                thread.start()
            time.sleep(SECONDS * 0.7)
            medley.stop(signal.SIGKILL if turn < ROUNDS - 1 else signal.SIGTERM)
            for thread in threads:
                thread.join()
            problem = problem or medley.check()
            medley.start()
            problem = problem or problem_of(medley, sure, maybe)
        medley.stop()
        ok("SIGKILL between writes loses nothing committed and keeps nothing else", not problem and len(sure) > 10,
           problem or f"only {len(sure)} transactions")


def restarted(build):
    """One write may make several nodes; those of the first write after a start are others."""
    with temporary_directory() as directory:
        medley, counts = Medley(build, directory), []
        for turn in range(3):
            medley.start()
            cursor = connect(medley).cursor()
            if turn == 0:
                cursor.execute("CREATE TABLE p (a int, b text) PARTITION BY LIST (a)")
                for part in range(4):
                    cursor.execute(f"CREATE TABLE p{part} PARTITION OF p FOR VALUES IN ({part})")
                cursor.execute("INSERT INTO p SELECT i % 4, 'row' FROM generate_series(1, 40) i")
            cursor.execute(f"CREATE TABLE t{turn} AS SELECT g FROM generate_series(1, 3) g; CREATE TABLE u{turn} AS SELECT 1 AS one")
            cursor.execute("COMMIT")
            cursor.execute("SELECT count(*), count(b) FROM p")
            counts.append(cursor.fetchone())
            medley.stop()
        ok("after a restart new tables leave the old ones' rows alone", counts == [(40, 40)] * 3 and not medley.check(), counts)


def lost_file(build):
    """A file of rows that is gone is told, not made anew; put back, it is as it was."""
    with temporary_directory() as directory:
        medley = Medley(build, directory)
        path, aside = os.path.join(medley.data, "rows.duckdb"), os.path.join(directory, "aside")
        medley.start()
        medley.psql("-q", "-c", "CREATE TABLE t AS SELECT 1 AS one", check=True)
        medley.stop()
        os.rename(path, aside)
        medley.start()
        cursor = connect(medley).cursor()
        codes = [state_of(lambda: cursor.execute("SELECT * FROM t"))]
        cursor.execute("ROLLBACK")
        codes.append(state_of(lambda: cursor.execute("INSERT INTO t VALUES (2)")))
        ok("without the file of rows nothing is read, and writing is XX001", codes == ["XX000", "XX001"] and not os.path.exists(path), codes)
        medley.stop()
        os.rename(aside, path)
        medley.start()
        cursor = connect(medley).cursor()
        cursor.execute("SELECT * FROM t")
        ok("with the file put back they are as they were", cursor.fetchall() == [(1,)])
        medley.stop()


def row_locks(build):
    """FOR UPDATE over local tables: who asks has all of them locked until the transaction ends."""
    with temporary_directory() as directory, Medley(build, directory) as medley:
        one, other = connect(medley), connect(medley)
        first, second = one.cursor(), other.cursor()
        first.execute("CREATE TABLE t (a int PRIMARY KEY, b text); INSERT INTO t VALUES (1, 'one'), (2, 'two')")
        one.commit()
        first.execute("SELECT b FROM t WHERE a = 1 FOR UPDATE")
        ok("FOR UPDATE reads", first.fetchall() == [("one",)])
        code = state_of(lambda: second.execute("SELECT * FROM t FOR UPDATE NOWAIT"))
        ok("NOWAIT does not wait for it", code == "55P03", code)
        other.rollback()
        second.execute("SELECT * FROM t FOR SHARE SKIP LOCKED")
        ok("SKIP LOCKED leaves out what is locked", second.fetchall() == [])
        second.execute("SELECT count(*) FROM t")
        ok("who only reads does not wait", second.fetchone() == (2,))
        other.rollback()
        second.execute("SET statement_timeout = '300ms'")
        other.commit()
        code = state_of(lambda: second.execute("UPDATE t SET b = 'x'"))
        ok("who writes waits for it", code == "57014", code)
        other.rollback()
        seen = []
        second.execute("SET statement_timeout = 0")
        other.commit()

        def wait_and_read():
            second.execute("SELECT b FROM t WHERE a = 1 FOR UPDATE")
            seen.extend(second.fetchall())

        waiting = threading.Thread(target=wait_and_read)
        waiting.start()
        time.sleep(0.3)
        first.execute("UPDATE t SET b = 'changed' WHERE a = 1")
        ok("FOR UPDATE waits for FOR UPDATE", not seen)
        one.commit()
        waiting.join(30)
        ok("and then reads what was committed meanwhile", seen == [("changed",)], seen)
        other.commit()
        first.execute("SELECT * FROM t FOR UPDATE NOWAIT")
        ok("the end of the transaction frees it", len(first.fetchall()) == 2)
        one.rollback()


def full_disk(build):
    with small_disk("a full disk under rows") as mount:
        if not mount:
            return
        with Medley(build, mount) as medley:
            connection = connect(medley)
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute("CREATE TABLE t (a int, b text)")
            cursor.execute("INSERT INTO t VALUES (1, 'one')")
            reserve = os.path.join(mount, "reserve")
            with open(reserve, "wb") as file:
                file.write(b"x" * (8 << 20))
            code = state_of(lambda: cursor.execute(
                "INSERT INTO t SELECT i, md5(i::text) || md5((i * 7)::text) || md5((i * 13)::text) FROM generate_series(1, 400000) i"))
            ok("an INSERT that fills the disk is 53100", code == "53100", code)
            os.unlink(reserve)
            cursor.execute("SELECT count(*), min(b) FROM t")
            row = cursor.fetchone()
            ok("what was there before is all there is", row == (1, "one"), row)
            code = state_of(lambda: cursor.execute("INSERT INTO t VALUES (2, 'two')"))
            ok("and rows are written again when there is room", code is None, code)


MANY = "generate_series(1, 200000) i"
WRITES = (
    f"CREATE TABLE made AS SELECT i, md5(i::text) AS x FROM {MANY}", f"CREATE MATERIALIZED VIEW made AS SELECT i, md5(i::text) FROM {MANY}",
    "REFRESH MATERIALIZED VIEW m", f"INSERT INTO t SELECT i, md5(i::text) FROM {MANY}", "UPDATE t SET b = b || 'x'", "DELETE FROM t", "TRUNCATE t",
    "ALTER TABLE t ADD c int DEFAULT 5", "ALTER TABLE t ALTER a TYPE bigint", "CREATE TABLE made (a int)", "DROP TABLE t CASCADE",
    "SELECT nextval('s') FROM generate_series(1, 1000)", "SELECT setval('s', 1)", "CREATE SEQUENCE made",
    "BEGIN; INSERT INTO t VALUES (5, 'five'); SAVEPOINT q; INSERT INTO t VALUES (6, 'six'); COMMIT",
    "DO $$ BEGIN FOR i IN 1..100 LOOP INSERT INTO t VALUES (i, repeat('z', 2000)); END LOOP; END $$")


def fill(mount):
    filler = os.path.join(mount, "filler")
    with contextlib.suppress(OSError), open(filler, "wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass
    return filler


def full_to_the_last_block(build):
    """Not a block is left for what is written: each write fails, nothing else happens, and all goes on when there is room again. With limits
    the rows are made in another database of the engine's than they are stored in."""
    with small_disk("no room at all under rows") as mount:
        for limit in ("0", "64MB") if mount else ():
            directory = os.path.join(mount, limit)
            os.mkdir(directory)
            with Medley(build, directory) as medley:
                connection = connect(medley)
                connection.autocommit = True
                cursor = connection.cursor()
                cursor.execute("CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'one'), (2, 'two'); CREATE SEQUENCE s; SELECT nextval('s');"
                               f"CREATE MATERIALIZED VIEW m AS SELECT i, md5(i::text) FROM {MANY} WHERE i < 10 OR (SELECT count(*) FROM t) > 5;"
                               "CREATE TABLE more AS SELECT * FROM generate_series(1, 9); INSERT INTO t SELECT 3, 'three' FROM more")
                cursor.execute(f"SET medley.query_memory_limit = '{limit}'")
                cursor.execute("SELECT * FROM t")
                rows, wrong = cursor.fetchall(), []
                for write in WRITES:
                    filler = fill(mount)
                    code = state_of(lambda: cursor.execute(write))
                    cursor.execute("ROLLBACK")
                    cursor.execute("SELECT a, b FROM t")
                    if code != "53100" or cursor.fetchall() != rows:
                        wrong.append((write, code))
                    os.unlink(filler)
                ok(f"a write without any room is 53100 and does nothing (limit {limit})", not wrong, wrong)
                cursor.execute("INSERT INTO t VALUES (9, 'nine'), (10, 'ten'); SELECT * FROM t")
                ok("with room rows are written, to the byte", cursor.fetchall() == rows + [(9, "nine"), (10, "ten")])
                cursor.execute("REFRESH MATERIALIZED VIEW m; SELECT count(*) FROM m")
                ok("and a materialized view", cursor.fetchone() == (200000,))
                cursor.execute("SELECT nextval('s')")
                number = cursor.fetchone()[0]
                connection.close()
                medley.stop()
                findings = medley.check()
                medley.start()
                cursor = connect(medley).cursor()
                cursor.execute("SELECT * FROM t")
                ok("and all is there after a restart", not findings and cursor.fetchall() == rows + [(9, "nine"), (10, "ten")], findings)
                cursor.execute("SELECT nextval('s')")
                ok("no number of a sequence comes twice", cursor.fetchone()[0] > number > 1, number)
                cursor.connection.close()
            shutil.rmtree(directory)


def full_at_the_checkpoint(build):
    """There is room for the log of the file of rows, none for what is in it to go into the file."""
    with small_disk("no room for a checkpoint", 80) as mount:
        if not mount:
            return
        with Medley(build, mount) as medley:
            connection = connect(medley)
            connection.autocommit = True
            cursor, log, rows = connection.cursor(), os.path.join(medley.data, "rows.duckdb.wal"), 0
            insert = "INSERT INTO t SELECT i, md5(i::text) || md5((i * 3)::text) FROM generate_series(1, 2000) i"
            cursor.execute("CREATE TABLE t (a int, b text)")
            while rows < 400000 and (not os.path.exists(log) or os.path.getsize(log) < 14500 << 10):
                cursor.execute(insert)
                rows += 2000
            filler = fill(mount)
            os.truncate(filler, os.path.getsize(filler) - (2100 << 10))
            codes = [state_of(lambda: cursor.execute(insert)) for _ in range(25)]
            rows += 2000 * codes.count(None)
            ok("a log without room to go into its file is 53100 in the end", set(codes) <= {None, "53100"} and codes[-1] == "53100", codes)
            cursor.execute("SELECT count(*) FROM t")
            ok("and all that was committed is there", cursor.fetchone() == (rows,), rows)
            os.unlink(filler)
            cursor.execute(insert)
            connection.close()
            medley.stop()
            ok("with room it goes there", not os.path.exists(log))
            medley.start()
            cursor = connect(medley).cursor()
            cursor.execute("SELECT count(*), count(DISTINCT b) FROM t")
            ok("and nothing is lost", cursor.fetchone() == (rows + 2000, 2000), rows)
            cursor.connection.close()


killed_while_writing(os.environ["MEDLEY_BUILD"])
restarted(os.environ["MEDLEY_BUILD"])
lost_file(os.environ["MEDLEY_BUILD"])
row_locks(os.environ["MEDLEY_BUILD"])
full_disk(os.environ["MEDLEY_BUILD"])
full_to_the_last_block(os.environ["MEDLEY_BUILD"])
full_at_the_checkpoint(os.environ["MEDLEY_BUILD"])
