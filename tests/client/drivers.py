"""Real drivers doing real work: psycopg2, psycopg 3, and pg from npm, in text and binary."""
import datetime
import decimal
import json
import os
import subprocess

import psycopg
import psycopg2

from federation import federation, ok

JOIN = "SELECT i.id, i.name, n.text FROM items i JOIN notes n ON n.id = i.id WHERE i.id BETWEEN {0} AND {1} ORDER BY i.id"


def psycopg2_works(medley):
    with psycopg2.connect(host=medley.socket_dir, port=medley.port, user="postgres", dbname="postgres") as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT * FROM items WHERE id = %s", (7,))
        row = cursor.fetchone()
        ok("psycopg2: a row with every type", row[:4] == (7, "item 7", decimal.Decimal("8.75"), datetime.date(2024, 1, 8))
           and row[4] == datetime.datetime(2024, 1, 1, 0, 7, tzinfo=datetime.timezone.utc) and row[5] is False and bytes(row[6]) == b"\0\0\0\7", row)
        cursor.execute(JOIN.format("%s", "%s"), (3, 11))
        rows = cursor.fetchall()
        ok("psycopg2: a join over both sources", [r[0] for r in rows] == list(range(3, 12)) and rows[7][1] is None and rows[0][2] == "note 3", rows)
        try:
            cursor.execute("SELECT nothing FROM items")
            ok("psycopg2: an unknown column is 42703", False)
        except psycopg2.errors.UndefinedColumn as error:
            ok("psycopg2: an unknown column is 42703", error.diag.sqlstate == "42703" and error.diag.statement_position == "8", error)
        connection.rollback()
        named = connection.cursor(name="c")
        named.itersize = 100
        named.execute("SELECT id FROM items ORDER BY id")
        ok("psycopg2: a named cursor reads all", [r[0] for r in named] == list(range(1, 1001)))


def psycopg3_works(medley):
    with psycopg.connect(host=medley.socket_dir, port=medley.port, user="postgres", dbname="postgres", autocommit=True) as connection:
        for binary in (False, True):
            form = "binary" if binary else "text"
            cursor = connection.cursor(binary=binary)
            cursor.execute("SELECT * FROM items WHERE id = %s", (7,))
            row = cursor.fetchone()
            ok(f"psycopg 3, {form}: a row with every type",
               row[:4] == (7, "item 7", decimal.Decimal("8.75"), datetime.date(2024, 1, 8)) and row[5] is False and bytes(row[6]) == b"\0\0\0\7"
               and row[4] == datetime.datetime(2024, 1, 1, 0, 7, tzinfo=datetime.timezone.utc), row)
            cursor.execute(JOIN.format("%s", "%s"), (3, 11), prepare=True)
            ok(f"psycopg 3, {form}: a prepared join", [r[0] for r in cursor.fetchall()] == list(range(3, 12)))
            cursor.execute("SELECT count(*), sum(price), min(day) FROM items WHERE name IS NOT NULL")
            ok(f"psycopg 3, {form}: aggregates", cursor.fetchone() == (900, decimal.Decimal("562500.00"), datetime.date(2024, 1, 1)))
        with connection.transaction():
            cursor = connection.cursor()
            cursor.execute("SELECT id FROM items WHERE id = 5")
            ok("psycopg 3: inside a transaction", cursor.fetchall() == [(5,)])
        with connection.cursor().copy("COPY (SELECT id, name FROM items WHERE id <= 3 ORDER BY id) TO STDOUT") as copy:
            data = b"".join(bytes(part) for part in copy)
        ok("psycopg 3: COPY TO STDOUT", data == b"1\titem 1\n2\titem 2\n3\titem 3\n", data)


def node_works(medley):
    here = os.path.join(os.environ["MEDLEY_TOP"], "tests", "client")
    done = subprocess.run(["node", os.path.join(here, "node_pg.js")], capture_output=True, text=True, cwd=here, timeout=120,
                          env={**os.environ, "PGHOST": medley.socket_dir, "PGPORT": str(medley.port), "PGUSER": "postgres", "PGDATABASE": "postgres"})
    try:
        results = json.loads(done.stdout)
    except ValueError:
        ok("pg from npm", False, done.stdout + done.stderr)
        return
    for name, result in results.items():
        ok(f"pg from npm: {name}", result is True, result)


def mappings_decide(source, medley):
    for local, remote in (("ann", "remote_ann"), ("ben", "remote_ben")):
        done = medley.psql("-At", "-c", "SELECT who FROM whoami", user=local)
        ok(f"{local} reaches the source as {remote}", done.stdout == remote + "\n", done.stdout)
        connection = psycopg2.connect(host=medley.socket_dir, port=medley.port, user=local, dbname="postgres")
        cursor = connection.cursor()
        cursor.execute("SELECT count(*) FROM items")
        seen = source.psql("-At", "-c", "SELECT DISTINCT usename FROM pg_stat_activity WHERE usename LIKE 'remote_%'").stdout.split()
        ok(f"the source's pg_stat_activity shows {remote}", remote in seen, seen)
        connection.close()
    done = medley.psql("-At", "-c", "CREATE ROLE carl LOGIN", "-c", "GRANT SELECT ON items TO carl")
    done = medley.psql("-At", "-v", "VERBOSITY=verbose", "-c", "SELECT count(*) FROM items", user="carl")
    ok("a role without a mapping is turned away with 42704", "42704: user mapping not found for \"carl\"" in done.stdout, done.stdout)


with federation() as (source_server, medley_server, _):
    psycopg2_works(medley_server)
    psycopg3_works(medley_server)
    node_works(medley_server)
    mappings_decide(source_server, medley_server)
