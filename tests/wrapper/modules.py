"""The wrapper modules without a server: fdw_driver makes one call of a module and prints what came of it."""
import hashlib
import os
import random
import sqlite3
import subprocess
import sys
import time
import traceback

from servers import PgCluster, temporary_directory

BUILD = os.environ["MEDLEY_BUILD"]
failures = 0

TYPES = {"bool": 16, "int2": 21, "int4": 23, "int8": 20, "float4": 700, "float8": 701, "text": 25, "varchar": 1043, "numeric": 1700, "date": 1082,
         "time": 1083, "timestamp": 1114, "timestamptz": 1184, "interval": 1186, "uuid": 2950, "bytea": 17, "json": 114, "jsonb": 3802, "_int4": 1007,
         "_text": 1009, "inet": 869, "cidr": 650, "char": 18, "oid": 26, "name": 19}


class Driver:
    def __init__(self, module, *fixed):
        self.module, self.fixed = module, fixed

    def run(self, action, *arguments, text_input=None, timeout=60):
        command = [os.path.join(BUILD, "tests/unit/fdw_driver"), os.path.join(BUILD, "wrappers"), self.module, action, *self.fixed, *arguments]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, input=text_input or "", timeout=timeout)
        if done.returncode not in (0, 1):
            raise AssertionError(f"driver ended with {done.returncode} at {action} {arguments}: {done.stdout[-2000:]}")
        return done.stdout

    def start(self, action, *arguments):
        command = [os.path.join(BUILD, "tests/unit/fdw_driver"), os.path.join(BUILD, "wrappers"), self.module, action, *self.fixed, *arguments]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def same(got, wanted):
    if got != wanted:
        raise AssertionError(f"got\n{got}\nwanted\n{wanted}")


def has(text, *parts):
    for part in parts:
        if part not in text:
            raise AssertionError(f"{part!r} is not in\n{text[-800:]}")


def lines(text):
    return sorted(line for line in text.splitlines() if not line.startswith("#"))


# ---- postgres_fdw ----

def pg_driver(server, *more):
    return Driver("postgres_fdw", f"server.host={server.socket_dir}", f"server.port={server.port}", "server.dbname=postgres",
                  "mapping.user=postgres", *more)


def pg_value_of_every_type_arrives(server):
    server.psql("-q", "-c", """
        SET timezone = 'UTC';
        CREATE TABLE every (c_bool bool, c_int2 int2, c_int4 int4, c_int8 int8, c_float4 float4, c_float8 float8, c_text text, c_varchar varchar,
            c_numeric numeric, c_date date, c_time time, c_timestamp timestamp, c_timestamptz timestamptz, c_interval interval, c_uuid uuid,
            c_bytea bytea, c_json json, c_jsonb jsonb, c__int4 int[], c__text text[], c_inet inet, c_cidr cidr, c_char "char", c_oid oid, c_name name);
        INSERT INTO every VALUES
            (true, -32768, -2147483648, -9223372036854775808, 1.5, 0.1, 'héllo', 'w', 12345678901234567890.00012, '2024-02-29', '12:34:56.789',
             '2024-02-29 01:02:03.5', '2024-02-29 01:02:03.5+02', '1 mon -2 days 03:04:05.6', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '\\xdead00',
             '{"a": 1}', '{"b":2}', '{1,NULL}', '{"a b","c\\"d"}', '10.0.0.1', '10.0.0.0/8', 'x', 4294967295, 'n'),
            (false, 32767, 2147483647, 9223372036854775807, 'nan', '-inf', '', '', 'NaN', 'infinity', '24:00', '-infinity', 'infinity', '-1 year', NULL, '',
             NULL, '[]', '{}', '{{a,b},{c,d}}', '::1/64', '::/0', NULL, 0, '');
        INSERT INTO every DEFAULT VALUES;
        INSERT INTO every (c_numeric, c_date, c_timestamp) VALUES (0, '0001-01-01', '0044-03-15 BC'), (0.0001, '4713-01-01 BC', '99999-12-31'),
            (-0.50, '1970-01-01', '1969-12-31 23:59:59.999999'), ('Infinity', NULL, NULL), (1e40, NULL, NULL), (10000, NULL, NULL), (1e-20, NULL, NULL);""",
                check=True)
    driver = pg_driver(server)
    for name, oid in TYPES.items():
        wanted = server.psql("-q", "-A", "-t", "-P", "null=\\N", "-c", "SET timezone = 'UTC'", "-c", f"SELECT c_{name} FROM every").stdout
        same(driver.run("scan", f"columns=c:{oid}", f"sql=SELECT c_{name} FROM public.every"), wanted)
        same(driver.run("scan", "columns=c:25", f"sql=SELECT c_{name} FROM public.every"), wanted)
        same(driver.run("relay", f"columns=c:{oid}", f"sql=SELECT c_{name} FROM public.every"), wanted)
        same(driver.run("scan", f"columns=c:{oid}", "param=23:7", f"sql=SELECT c_{name} FROM public.every WHERE $1 = 7"), wanted)


def pg_other_types_are_converted_by_text(server):
    driver = pg_driver(server)
    cases = [("8::int8", "23", "8\n"), ("5000000000", "23", 'ERROR:  22003: value "5000000000" is out of range for type integer'),
             ("'x'::text", "23", 'ERROR:  22P02: invalid input syntax for type integer: "x"'), ("true", "25", "t\n"),
             ("1::int2", "20", "1\n"), ("1.005::numeric", "1700:655366", "1.01\n"), ("1e9::numeric", "1700:655366", "ERROR:  22003: numeric field overflow"),
             ("'abcdef'::text", "1043:7", "ERROR:  22001: value too long for type character varying(3)"), ("'ab'::char(4)", "25", "ab  \n"),
             ("'2024-01-02'::text", "1082", "2024-01-02\n"), ("'2024-01-02'::date", "1114", "2024-01-02 00:00:00\n"),
             ("12.30::numeric(6,2)", "1700:655366", "12.30\n"), ("12.30::numeric(6,2)", "1700", "12.30\n")]
    for expression, declared, wanted in cases:
        got = driver.run("scan", f"columns=c:{declared}", f"sql=SELECT {expression}")
        has(got, wanted)
        if wanted.startswith("ERROR"):
            has(got, 'CONTEXT:  column "c" of foreign table "t" on server "s"')


def pg_decimals_are_exact(server):
    rng = random.Random(7)
    driver = pg_driver(server)
    for precision, scale in ((4, 2), (9, 0), (9, 9), (18, 4), (18, 5), (38, 10), (38, 38), (38, 0), (20, 3)):
        texts = []
        for _ in range(200):
            digits = "".join(rng.choice("0123456789") for _ in range(rng.randint(1, precision))).rjust(scale + 1, "0")
            texts.append(rng.choice(["", "-"]) + digits[:len(digits) - scale].lstrip("0").rjust(1, "0") + ("." + digits[len(digits) - scale:] if scale else ""))
        values = ",".join(f"({text}::numeric({precision},{scale}))" for text in texts)
        wanted = server.psql("-A", "-t", "-c", f"SELECT * FROM (VALUES {values}) v").stdout
        typmod = (precision << 16 | scale) + 4
        same(driver.run("scan", f"columns=c:1700:{typmod}", f"sql=SELECT x::numeric({precision},{scale}) FROM (VALUES {values}) v(x)"), wanted)
        same(driver.run("scan", f"columns=c:1700:{typmod}", f"sql=SELECT x::numeric FROM (VALUES {values}) v(x)"), wanted)


def pg_scan_is_cut_by_blocks(server):
    server.psql("-q", "-c", "CREATE TABLE big AS SELECT i AS id, i % 7 AS k, repeat('x', 40) AS t FROM generate_series(1, 400000) i; ANALYZE big", check=True)
    driver = pg_driver(server, "columns=id:23,k:23,t:25")
    sql = "SELECT r.id, r.k, r.t FROM public.big r"
    wanted = server.psql("-A", "-t", "-F", "\t", "-c", "SELECT * FROM big").stdout
    cut = driver.run("scan", f"sql={sql}", "parts=3", f"split=public.big:r:{len(sql)}:1")
    has(cut, "# 3 parts")
    same(hashlib.md5("\n".join(lines(cut)).encode()).hexdigest(), hashlib.md5("\n".join(lines(wanted)).encode()).hexdigest())
    sql = "SELECT r.id, r.k, r.t FROM public.big r WHERE r.k = 3 LIMIT 1000000"
    wanted = server.psql("-A", "-t", "-F", "\t", "-c", "SELECT * FROM big WHERE k = 3").stdout
    cut = driver.run("scan", f"sql={sql}", "parts=2", f"split=public.big:r:{sql.index(' LIMIT')}:0")
    has(cut, "# 2 parts")
    same(lines(cut), lines(wanted))
    has(driver.run("scan", "sql=SELECT 1, 2, 'x'", "parts=2", "split=nonesuch:r:0:0"), "# 1 parts")
    has(driver.run("estimate", "split=public.big:r:0:0"), "rows=400000")
    has(driver.run("estimate", "sql=SELECT * FROM public.big WHERE id = 100"), "rows=1 ")


def pg_transaction_keeps_its_snapshot(server):
    server.psql("-q", "-c", "CREATE TABLE moving AS SELECT 1 AS a", check=True)
    for parts in ("1", "2"):
        process = pg_driver(server).start("twice", "sql=SELECT a FROM public.moving", "columns=a:23", f"parts={parts}")
        while process.stdout.readline() != "# first\n":
            pass
        server.psql("-q", "-c", "UPDATE moving SET a = a + 1", check=True)
        rest, _ = process.communicate("\n", timeout=30)
        same(rest.splitlines()[-1], "1" if parts == "1" else "2")


def pg_failed_or_stopped_scan_spoils_nothing(server):
    driver = pg_driver(server)
    got = driver.run("twice", "sql=SELECT id FROM public.big ORDER BY id", "columns=id:23", "rows=2", text_input="\n")
    same(got, "1\n2\n# first\n1\n2\n")
    got = driver.run("twice", "sql=SELECT 1 / (3 - i) FROM generate_series(1, 5) i", "columns=id:23", text_input="\n")
    same(got.count("ERROR:  22012: division by zero\nCONTEXT:  remote SQL command: SELECT 1 / (3 - i)"), 2)


def pg_rows_are_relayed(server):
    driver = pg_driver(server)
    sql = "sql=SELECT id, k, t FROM public.big WHERE id = $1"
    same(driver.run("relay", sql, "param=23:77", "columns=id:23,k:23,t:25"), f"77\t0\t{'x' * 40}\n")
    same(driver.run("relay", "sql=SELECT 258, 'ab'", "columns=a:23,b:25", "format=1"), "00000102\t6162\n")
    same(driver.run("relay", "sql=SELECT id FROM public.big ORDER BY id", "columns=a:23", "rows=2"), "1\n2\n")
    for declared in ("20", "25"):
        same(driver.run("relay", "sql=SELECT 1", f"columns=a:{declared}"), "# declined\n")
    same(driver.run("relay", "sql=SELECT 'x'::varchar(3)", "columns=a:1043:6"), "# declined\n")
    same(driver.run("relay", "sql=SELECT 'x'::varchar(3)", "columns=a:1043:7"), "x\n")
    has(driver.run("relay", "sql=SELECT 1/0", "columns=a:23"), "22012: division by zero", "CONTEXT:  remote SQL command: SELECT 1/0")


def pg_errors_name_the_remote_statement(server):
    driver = pg_driver(server, "columns=a:23")
    has(driver.run("scan", "sql=SELECT a FROM public.nonesuch"), '42P01: relation "public.nonesuch" does not exist',
        "CONTEXT:  remote SQL command: SELECT a FROM public.nonesuch")
    has(driver.run("scan", "sql=SELECT nope FROM public.big"), '42703: column "nope" does not exist')
    got = driver.run("scan", "sql=SELECT i / (CASE WHEN i = 5000 AND pg_terminate_backend(pg_backend_pid()) THEN 1 ELSE 1 END) FROM generate_series(1, 100000) i")
    has(got, "08006: FATAL:  terminating connection due to administrator command")
    has(driver.run("scan", "sql=SELECT 1, 2"), "HV021: remote query returned 2 columns where 1 were expected")


def pg_connecting_fails_in_postgresql_s_words(server):
    same(pg_driver(server, "super=0").run("scan", "sql=SELECT 1", "columns=a:23"),
         "ERROR:  2F003: password is required\nDETAIL:  Non-superusers must provide a password in the user mapping.\n")
    has(pg_driver(server, "super=0", "mapping.password=top-secret").run("scan", "sql=SELECT 1", "columns=a:23"),
        "DETAIL:  Non-superuser cannot connect if the server does not request a password.\nHINT:  Target server's authentication method must be changed "
        "or password_required=false set in the user mapping attributes.")
    same(pg_driver(server, "super=0", "mapping.password_required=false").run("scan", "sql=SELECT 1", "columns=a:23"), "1\n")
    got = pg_driver(server, "server.dbname=nonesuch", "mapping.password=top-secret").run("scan", "sql=SELECT 1", "columns=a:23")
    has(got, 'ERROR:  08001: could not connect to server "s"', 'database "nonesuch" does not exist')
    same("top-secret" in got, False)
    got = Driver("postgres_fdw", "server.host=/nonexistent", "mapping.user=x").run("scan", "sql=SELECT 1", "columns=a:23")
    has(got, 'ERROR:  08001: could not connect to server "s"', "No such file or directory")


def pg_statements_are_cancelled(server):
    driver = pg_driver(server, "columns=a:25")
    for action in ("scan", "relay"):
        start = time.time()
        got = driver.run(action, "sql=SELECT pg_sleep(30)::text", "cancel_ms=300")
        has(got, "57014: canceling statement due to user request")
        same(time.time() - start < 5, True)
    left = server.psql("-A", "-t", "-c", "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND state = 'active' AND pid <> pg_backend_pid()")
    same(left.stdout.strip(), "0")


def steps(server, *lines):
    """Steps of one transaction; each is a tuple of words."""
    text = "".join("\t".join(str(word) for word in line) + "\n" for line in lines)
    return pg_driver(server, "columns=a:23").run("steps", text_input=text)


INSERT = "INSERT INTO public.written(a, b) VALUES ($1, $2)"


def written(server):
    return server.psql("-A", "-t", "-c", "SELECT a, b FROM written ORDER BY a").stdout


def pg_rows_are_written(server):
    server.psql("-q", "-c", "CREATE TYPE mood AS ENUM ('sad', 'ok')",
                "-c", "CREATE TABLE written (a int PRIMARY KEY, b text CHECK (b <> 'wrong'), c mood)", check=True)
    got = steps(server, ("modify", INSERT + " RETURNING b, a + 1", 2, 2, 1, "x", 2, "\\N"), ("scan", "SELECT a FROM public.written"),
                ("modify", "UPDATE public.written SET c = $2, b = $3 WHERE a >= $1", 0, 3, 1, "ok", "y"), ("commit",))
    same(got, "0:\tx\t2\n1:\t\\N\t3\n# 2 runs, 2 rows\n1\n2\n# 1 runs, 2 rows\n")
    same(written(server), "1|y\n2|y\n")
    same(steps(server, ("modify", "DELETE FROM public.written", 0, 0), ("rollback",)), "# 1 runs, 2 rows\n")
    same(written(server), "1|y\n2|y\n")
    rows = [word for i in range(10, 5010) for word in (i, "r" * (i % 700))]
    got = steps(server, ("modify", INSERT + " RETURNING a", 1, 2, *rows), ("modify", "DELETE FROM public.written WHERE a = $1", 0, 1, *range(10, 5010)), ("commit",))
    same(got, "".join(f"{i}:\t{i + 10}\n" for i in range(5000)) + "# 5000 runs, 5000 rows\n" * 2)
    big = "z" * 3000000
    same(steps(server, ("modify", INSERT + " RETURNING length(b)", 1, 2, 10, big, 11, big, 12, big), ("rollback",)),
         "".join(f"{i}:\t3000000\n" for i in range(3)) + "# 3 runs, 3 rows\n")


def pg_failed_writes_undo_what_they_wrote(server):
    got = steps(server, ("modify", INSERT, 0, 2, 3, "a"), ("savepoint", 1), ("modify", INSERT, 0, 2, 4, "b"), ("savepoint", 2),
                ("modify", INSERT, 0, 2, 5, "c", 6, "wrong", 7, "d"), ("scan", "SELECT 1"), ("undo", 2), ("scan", "SELECT a FROM public.written ORDER BY a"),
                ("release", 2), ("savepoint", 2), ("modify", INSERT, 0, 2, 8, "e"), ("release", 2), ("undo", 1), ("modify", INSERT, 0, 2, 9, "f"), ("commit",))
    has(got, '23514: new row for relation "written" violates check constraint "written_b_check"\nDETAIL:  Failing row contains (6, wrong, null).\n'
        f"CONTEXT:  remote SQL command: {INSERT}\nERROR:  25P02:", "\n1\n2\n3\n4\n# 1 runs")
    same(written(server), "1|y\n2|y\n3|a\n9|f\n")
    has(steps(server, ("modify", INSERT, 0, 2, 10, "g"), ("modify", INSERT, 0, 2, 1, "g"), ("commit",)), "23505: duplicate key", "ERROR:  25P02:")
    has(steps(server, ("modify", "INSERT INTO public.written(x) VALUES ($1)", 0, 1, 10), ("rollback",)), '42703: column "x" of relation "written" does not exist',
        "CONTEXT:  remote SQL command: INSERT INTO public.written(x) VALUES ($1)")
    has(steps(server, ("modify", INSERT, 1, 2, 10, "x"), ("rollback",)), "HV021: remote query returned 0 columns where 1 were expected")
    same(written(server), "1|y\n2|y\n3|a\n9|f\n")


def pg_failed_reads_leave_writes_alone(server):
    got = steps(server, ("modify", INSERT, 0, 2, 10, "a"), ("scan", "SELECT 1 / (a - 3) FROM public.written"), ("scan", "SELECT a FROM nonesuch"),
                ("open", "SELECT id FROM public.big ORDER BY id"), ("next",), ("modify", "UPDATE public.written SET b = 'new' WHERE a = $1", 0, 1, 10),
                ("scan", "SELECT 1 / (a - 3) FROM public.written"), ("next",), ("cancel", 300), ("scan", "SELECT 1 FROM pg_sleep(30)"), ("next",), ("commit",))
    same(got.count("22012: division by zero"), 2)
    has(got, '42P01: relation "nonesuch" does not exist', "57014: canceling statement due to user request", "# 100 rows\n# 1 runs, 1 rows\n", "# 400 rows\n",
        "# 1600 rows\n")
    same(written(server), "1|y\n2|y\n3|a\n9|f\n10|new\n")


def pg_cursors_give_the_rows_of_their_moment(server):
    got = steps(server, ("modify", INSERT, 0, 2, 11, "a"), ("open", "SELECT a FROM public.written, generate_series(1, 100)"), ("next",),
                ("modify", "DELETE FROM public.written WHERE a > $1", 0, 1, 2), ("scan", "SELECT a FROM public.written"), ("next",), ("next",), ("next",),
                ("rollback",))
    same(got, "# 1 runs, 1 rows\n# 100 rows\n# 1 runs, 4 rows\n1\n2\n# 400 rows\n# 100 rows\n# 0 rows\n")


def pg_writes_are_cancelled(server):
    holder = subprocess.Popen(["/usr/lib/postgresql/15/bin/psql", "-X", "-q", "-h", server.socket_dir, "-p", str(server.port), "-U",
                               "postgres", "postgres"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    holder.stdin.write("BEGIN;\nUPDATE written SET b = b WHERE a = 2;\n\\echo held\n")
    holder.stdin.flush()
    same(holder.stdout.readline(), "held\n")
    start = time.time()
    rows = [word for i in range(20, 420) for word in (i, "x")]
    got = steps(server, ("modify", INSERT, 0, 2, 11, "a"), ("savepoint", 1), ("modify", INSERT, 0, 2, *rows), ("cancel", 300),
                ("modify", "UPDATE public.written SET b = 'z' WHERE a = $1", 0, 1, 1, 2, *range(20, 420)), ("undo", 1), ("modify", INSERT, 0, 2, 12, "b"), ("commit",))
    same(time.time() - start < 5, True)
    holder.communicate("COMMIT;\n", timeout=30)
    has(got, "57014: canceling statement due to user request")
    same(written(server), "1|y\n2|y\n3|a\n9|f\n10|new\n11|a\n12|b\n")


def pg_a_source_that_dies_loses_its_writes(server):
    dies = "INSERT INTO public.written(a, b) VALUES ($1, pg_terminate_backend(pg_backend_pid())::text)"
    got = steps(server, ("modify", INSERT, 0, 2, 13, "a"), ("savepoint", 1), ("modify", dies, 0, 1, 14), ("undo", 1), ("scan", "SELECT a FROM public.written"),
                ("commit",), ("modify", INSERT, 0, 2, 15, "a"), ("commit",))
    has(got, "08006: FATAL:  terminating connection due to administrator command", f"CONTEXT:  remote SQL command: {dies}")
    same(got.count('08006: connection to server "s" was lost'), 2)
    got = steps(server, ("modify", INSERT, 0, 2, 16, "a"), ("scan", "SELECT pg_terminate_backend(pg_backend_pid())::int"), ("undo", 1), ("commit",))
    has(got, 'ERROR:  08006: connection to server "s" was lost')
    same(written(server), "1|y\n2|y\n3|a\n9|f\n10|new\n11|a\n12|b\n15|a\n")


def pg_a_commit_that_fails_is_an_error(server):
    server.psql("-q", "-c", "CREATE TABLE late (a int UNIQUE DEFERRABLE INITIALLY DEFERRED)", check=True)
    got = steps(server, ("modify", "INSERT INTO public.late(a) VALUES ($1)", 0, 1, 1, 1), ("commit",), ("scan", "SELECT a FROM public.late"))
    has(got, '# 2 runs, 2 rows\nERROR:  23505: duplicate key value violates unique constraint "late_a_key"\nDETAIL:  Key (a)=(1) already exists.\n'
        "CONTEXT:  remote SQL command: COMMIT TRANSACTION\n")


def pg_schemas_are_imported(server):
    server.psql("-q", "-c", """
        CREATE SCHEMA shop;
        CREATE TABLE shop.a (id int NOT NULL, n numeric(10,2) DEFAULT 1.5, g int GENERATED ALWAYS AS (id * 2) STORED, t text COLLATE "C", gone int);
        ALTER TABLE shop.a DROP COLUMN gone;
        CREATE VIEW shop.v AS SELECT id FROM shop.a;
        CREATE TABLE shop.p (k int) PARTITION BY LIST (k);
        CREATE TABLE shop.p1 PARTITION OF shop.p FOR VALUES IN (1);
        CREATE TABLE shop."Odd ""name" ("Col umn" int);""", check=True)
    driver = pg_driver(server, "schema=shop")
    same(driver.run("import"), '''Odd "name [schema_name=shop] [table_name=Odd "name]
  Col umn integer [column_name=Col umn]
a [schema_name=shop] [table_name=a]
  id integer NOT NULL [column_name=id]
  n numeric(10,2) [column_name=n]
  g integer GENERATED (id * 2) [column_name=g]
  t text COLLATE pg_catalog."C" [column_name=t]
p [schema_name=shop] [table_name=p]
  k integer [column_name=k]
v [schema_name=shop] [table_name=v]
  id integer [column_name=id]
''')
    same(driver.run("import", "kind=limit", "tables=p1,v"), '''p1 [schema_name=shop] [table_name=p1]
  k integer [column_name=k]
v [schema_name=shop] [table_name=v]
  id integer [column_name=id]
''')
    same(driver.run("import", "kind=except", "tables=p,v,Odd \"name", "import.import_default=on", "import.import_generated=off",
                    "import.import_not_null=off", "import.import_collate=off"), '''a [schema_name=shop] [table_name=a]
  id integer [column_name=id]
  n numeric(10,2) DEFAULT 1.5 [column_name=n]
  g integer [column_name=g]
  t text [column_name=t]
''')
    has(pg_driver(server, "schema=nonesuch").run("import"), 'HV00Q: schema "nonesuch" is not present on foreign server "s"')


# ---- file_fdw ----

def file_is_cut_at_lines(directory):
    path = os.path.join(directory, "big.csv")
    rng = random.Random(3)
    with open(path, "w", encoding="utf-8") as out:
        for i in range(700000):
            text = f'"quoted, ""{i}""\nsecond line"' if i % 5 == 0 else f"plain {rng.randint(0, 10**9)} é"
            out.write(f"{i},{text},{i % 1000}.{i % 100:02d},2024-{i % 12 + 1:02d}-{i % 28 + 1:02d}\n")
    driver = Driver("file_fdw", f"table.filename={path}", "table.format=csv", "columns=a:23,b:25,c:1700:655366,d:1082")
    whole, cut = driver.run("scan"), driver.run("scan", "parts=3")
    has(cut, "# 3 parts")
    same(cut[cut.index("\n") + 1:] == whole, True)
    same(whole.count("\n"), 700000 + 140000)
    with open(path, "ab") as out:
        out.write(b"x,y,1,2024-01-01\n")
    has(driver.run("scan", "parts=3"), 'ERROR:  22P02: invalid input syntax for type integer: "x"', 'CONTEXT:  COPY t, line 840001, column a: "x"')
    path = os.path.join(directory, "big.txt")
    with open(path, "w", encoding="utf-8") as out:
        for i in range(900000):
            out.write(f"{i}\tsome text of no meaning\\\nwith a line \\\\\n")
    driver = Driver("file_fdw", f"table.filename={path}", "columns=a:23,b:25")
    whole, cut = driver.run("scan"), driver.run("scan", "parts=4")
    has(cut, "# 4 parts")
    same(cut[cut.index("\n") + 1:] == whole, True)
    with open(path, "ab") as out:  # what comes behind the marker does not count, wherever a cut would be
        out.write(b"\\.\n" + b"1\tignored\n" * 3000000)
    cut = driver.run("scan", "parts=4")
    has(cut, "# 1 parts")
    same(cut[cut.index("\n") + 1:] == whole, True)
    with open(path, "w", encoding="utf-8") as out:
        out.write("1\tone\r\n" * 3000000)
    has(driver.run("scan", "parts=4", "rows=1"), "# 1 parts")


def file_limits_and_projections(directory):
    path = os.path.join(directory, "small.csv")
    with open(path, "w", encoding="utf-8") as out:
        out.write("1,a,x\n2,b,y\n3,c,z\n")
    driver = Driver("file_fdw", f"table.filename={path}", "table.format=csv", "columns=a:23,b:25,c:23")
    same(driver.run("scan", "project=1,0", "limit=2"), "a\t1\nb\t2\n")
    has(driver.run("scan"), 'COPY t, line 1, column c: "x"')


def file_programs_are_cancelled(directory):
    start = time.time()
    got = Driver("file_fdw", "table.program=sleep 30; echo 1", "columns=a:23").run("scan", "cancel_ms=300")
    has(got, "57014: canceling statement due to user request")
    same(time.time() - start < 5, True)


def file_long_line(directory):
    path = os.path.join(directory, "long.csv")
    with open(path, "w", encoding="utf-8") as out:
        out.write("1,\"" + "é\n" * 1500000 + "\"\n2,end\n")
    got = Driver("file_fdw", f"table.filename={path}", "table.format=csv", "columns=a:23,b:25").run("scan")
    same(len(got), 2 + 2 * 1500000 + 1 + len("2\tend\n"))


# ---- sqlite_fdw ----

def sqlite_file(directory):
    path = os.path.join(directory, "s.db")
    if os.path.exists(path):
        return path
    with sqlite3.connect(path) as db:
        db.executescript("""
            CREATE TABLE t (i INTEGER PRIMARY KEY, b BOOLEAN, s VARCHAR(10) NOT NULL, r REAL, n NUMERIC(10,2), d DATE, ts DATETIME, bl BLOB, x, u UUID);
            INSERT INTO t VALUES (1, 1, 'a', 1.5, 2.25, '2024-02-29', '2024-02-29 01:02:03', x'dead', 'any', x'a0eebc999c0b4ef8bb6d6bb9bd380a11'),
                (2, 0, 'é', 2, 3, 1709168523, 1709168523, NULL, 5, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'),
                (3, 't', 'x', NULL, NULL, 2460369.5, 2460369.543, x'', 0.1, NULL);
            CREATE VIEW v AS SELECT i, s FROM t;
            CREATE TABLE wrong (a, b);
            INSERT INTO wrong VALUES ('abc', 2), (5.5, x'00'), (99999999999, 'maybe'), (7.0, 1);""")
        db.execute("INSERT INTO wrong VALUES (CAST(x'ff' AS TEXT), 1)")
    return path


def sqlite_driver(directory, *more):
    return Driver("sqlite_fdw", f"server.database={sqlite_file(directory)}", *more)


def sqlite_values_are_converted(directory):
    same(sqlite_driver(directory).run("scan", "sql=SELECT i, b, s, r, n, d, ts, bl, x, u FROM t",
                                      "columns=i:20,b:16,s:1043,r:701,n:1700:655366,d:1082,ts:1114,bl:17,x:25,u:2950"),
         "1\tt\ta\t1.5\t2.25\t2024-02-29\t2024-02-29 01:02:03\t\\xdead\tany\ta0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\n"
         "2\tf\té\t2\t3.00\t2024-02-29\t2024-02-29 01:02:03\t\\N\t5\ta0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\n"
         "3\tt\tx\t\\N\t\\N\t2024-02-29\t2024-02-29 01:01:55.2\t\\x\t0.1\t\\N\n")


def sqlite_wrong_values_are_errors(directory):
    driver = sqlite_driver(directory)
    place = 'CONTEXT:  column "a" of foreign table "t" on server "s"'
    for row, declared, wanted in ((1, 23, '22P02: invalid input syntax for type integer: "abc"'), (2, 23, '22P02: invalid input syntax for type integer: "5.5"'),
                                  (3, 23, '22003: value "99999999999" is out of range for type integer'), (5, 25, "22021: invalid byte sequence")):
        has(driver.run("scan", f"sql=SELECT a FROM wrong WHERE rowid = {row}", f"columns=a:{declared}"), wanted, place)
    same(driver.run("scan", "sql=SELECT a FROM wrong WHERE rowid = 4", "columns=a:23"), "7\n")
    has(driver.run("scan", "sql=SELECT b FROM wrong WHERE rowid = 1", "columns=a:16"), '22P02: invalid input syntax for type boolean: "2"', place)
    has(driver.run("scan", "sql=SELECT b FROM wrong WHERE rowid = 2", "columns=a:25"), "HV004: a blob of 1 bytes", place)


def sqlite_failures_name_the_server(directory):
    driver = sqlite_driver(directory, "columns=a:23")
    has(driver.run("scan", "sql=SELECT a FROM nonesuch"), 'HV00R: server "s": no such table: nonesuch', "CONTEXT:  remote SQL command: SELECT a FROM nonesuch")
    has(driver.run("scan", "sql=SELECT zz FROM t"), 'HV005: server "s": no such column: zz')
    has(driver.run("scan", "sql=DELETE FROM t RETURNING i"), "attempt to write a readonly database")
    has(Driver("sqlite_fdw", "server.database=/nonexistent.db", "columns=a:23").run("scan", "sql=SELECT 1"), '08001: could not connect to server "s"',
        "No such file or directory")
    has(Driver("sqlite_fdw", f"server.database={__file__}", "columns=a:23").run("scan", "sql=SELECT 1"), "file is not a database")
    has(Driver("sqlite_fdw", "columns=a:23").run("scan", "sql=SELECT 1"), 'server "s" has no option "database"')
    start = time.time()
    endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
    has(driver.run("scan", f"sql={endless}", "cancel_ms=300"), "57014: canceling statement due to user request")
    same(time.time() - start < 5, True)


def sqlite_transaction_keeps_its_snapshot(directory):
    path = os.path.join(directory, "moving.db")
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = WAL")
    db.executescript("CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1);")
    process = Driver("sqlite_fdw", f"server.database={path}").start("twice", "sql=SELECT a FROM t", "columns=a:23")
    while process.stdout.readline() != "# first\n":
        pass
    db.execute("UPDATE t SET a = 2")
    db.commit()
    rest, _ = process.communicate("\n", timeout=30)
    same(rest, "1\n")


def sqlite_database_is_imported(directory):
    driver = sqlite_driver(directory, "schema=main")
    same(driver.run("import", "kind=except", "tables=wrong"), """t [table=t]
  i bigint [column_name=i]
  b boolean [column_name=b]
  s text NOT NULL [column_name=s]
  r double precision [column_name=r]
  n numeric(10,2) [column_name=n]
  d date [column_name=d]
  ts timestamp without time zone [column_name=ts]
  bl bytea [column_name=bl]
  x text [column_name=x]
  u uuid [column_name=u]
v [table=v]
  i bigint [column_name=i]
  s text [column_name=s]
""")
    has(driver.run("check", "object=server", "option.database=x", "super=0"), "42501: only superuser or a role with privileges of the pg_read_server_files role")
    has(sqlite_driver(directory, "schema=other").run("import"), 'HV00Q: schema "other" is not present on foreign server "s"')


def report(test, *arguments):
    global failures
    try:
        test(*arguments)
        print(f"ok {test.__name__}", flush=True)
    except Exception as problem:
        failures += 1
        print(f"not ok {test.__name__}: {str(problem)[:1500]}".replace("\n", "\n# "), flush=True)
        if not isinstance(problem, AssertionError):
            print("# " + traceback.format_exc().replace("\n", "\n# "))


def main():
    tests = [(name, test) for name, test in globals().items() if callable(test) and name.split("_")[0] in ("pg", "file", "sqlite") and "_" in name]
    with temporary_directory() as directory:
        for name, test in tests:
            if name not in ("sqlite_file", "sqlite_driver") and name.split("_")[0] in ("file", "sqlite"):
                report(test, directory)
    with temporary_directory() as directory, PgCluster(directory) as server:
        for name, test in tests:
            if name.startswith("pg_") and name != "pg_driver":
                report(test, server)
    sys.exit(1 if failures else 0)


main()
