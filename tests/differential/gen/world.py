"""The same tables in four worlds: PostgreSQL; Medley over one PostgreSQL that holds them all; Medley over one SQLite file; Medley with every table
elsewhere: in CSV files, on two PostgreSQL servers, in a SQLite file, in tables of its own."""
import os
import sqlite3
import time

import psycopg2
import psycopg2.extensions

from servers import Medley

from .random_values import any_value, plain
from .values import VALUES, short

EDGE_ROWS = 20
SLOW = 2  # seconds
LOST = ("08006", "the connection is lost")
TIMEOUT = {"postgresql": "1s"}  # what takes longer there is left out
# Tables of queries: few distinct values, so that rows meet.
QUERY_COLUMNS = [("id", "integer"), ("i", "integer"), ("b", "bigint"), ("n", "numeric"), ("f", "double precision"), ("s", "text"), ("d", "date"),
                 ("ts", "timestamp without time zone"), ("iv", "interval"), ("bo", "boolean"), ("ar", "integer[]"), ("m", "numeric(10,2)"),
                 ("si", "smallint"), ("re", "real"), ("c", "character"), ("v", "character varying"), ("tz", "timestamp with time zone"), ("j", "jsonb"),
                 ("u", "uuid"), ("ta", "text[]")]
QUERY_VALUES = {
    "i": ["0", "1", "2", "3", "5"], "b": ["1", "2", "3", "4294967296"], "n": ["1.0", "1.00", "2", "0.5", "-3.25", "NaN"],
    "f": ["0", "-0", "1", "2.5", "NaN", "-Infinity"], "s": ["", "a", "A", "b", "ab", "ä", "a ", "%", "\\"], "d": ["2024-02-29", "2000-01-01", "infinity", "0044-03-15 BC"],
    "ts": ["2024-02-29 00:00:00", "2000-01-01 12:00:00", "-infinity"], "iv": ["1 day", "24:00:00", "1 mon", "30 days", "00:00:01"], "bo": ["t", "f"],
    "ar": ["{}", "{1,2}", "{2,NULL}", "{1}"], "m": ["1.00", "2.50", "-3.25", "99999999.99"], "si": ["0", "1", "2", "-1"], "re": ["0", "-0", "1.5", "NaN", "0.1"],
    "c": ["", "a", "ab", "b", "A"], "v": ["a", "a ", "b", "日本"], "tz": ["2024-02-29 00:00:00+00", "2023-11-05 05:30:00+00", "2023-11-05 06:30:00+00", "infinity"],
    "j": ["1", "1.0", "\"a\"", "{\"a\": 1}", "{\"a\": null, \"b\": [1, \"x\"]}", "[]", "null"],
    "u": ["00000000-0000-0000-0000-000000000000", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"], "ta": ["{}", "{a,b}", "{a,NULL}", "{\"\"}"]}
QUERY_TABLES = {"q0": 9, "q1": 7, "q2": 5, "q3": 0, "q4": 8, "q5": 12, "q6": 14}
# Where a table is in the mixed world. q6 is partitioned, see PARTITIONS.
PLACES = {"e": "files", "q0": "files", "q1": "two", "q2": "lite", "q3": "local", "q4": "local", "q5": "three", "q6": None}
# Of each: its bound, its values of i, and where it is in the mixed world; in the shipped one all are foreign tables of one server.
PARTITIONS = {"q6_a": ("FOR VALUES IN (0, 1)", ("0", "1"), "two"), "q6_b": ("FOR VALUES IN (2, NULL)", ("2", None), "three"), "q6_c": ("FOR VALUES IN (3)", ("3",), "local"),
              "q6_d": ("DEFAULT", ("5",), "files")}
ZONES = ["UTC", "America/New_York", "Asia/Kolkata", "Europe/London", "Australia/Lord_Howe"]


def edge_table(random):
    """Two columns of every type: c_ of edge values and random ones, p_ of ordinary ones. Constants do the rest."""
    columns = [("id", "integer")]
    pools = {}
    for type, values in VALUES.items():
        columns += [(short(type), type), ("p" + short(type)[1:], type)]
        pool = list(values) + [any_value(type, random) for _ in range(EDGE_ROWS // 4)]
        random.shuffle(pool)
        pools[type] = pool
    rows = []
    for at in range(EDGE_ROWS):
        row = [str(at)]
        for type in VALUES:
            row.append(None if random.random() < .08 else pools[type][at % len(pools[type])])
            row.append(None if random.random() < .05 else plain(type, random))
        rows.append(row)
    return columns, rows


def query_table(random, count):
    rows = []
    for at in range(count):
        rows.append([str(at)] + [None if random.random() < .15 else random.choice(QUERY_VALUES[name]) for name, _ in QUERY_COLUMNS[1:]])
    return QUERY_COLUMNS, rows


def tables(random):
    made = {"e": edge_table(random)}
    for name, count in QUERY_TABLES.items():
        made[name] = query_table(random, count)
    return made


def spelled(type):
    return {"character": "char(5)", "bit": "bit(1)", "character varying": "varchar(10)"}.get(type, type)


def write_csv(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        for row in rows:
            file.write(",".join("" if v is None else '"' + v.replace('"', '""') + '"' for v in row) + "\n")
    os.chmod(path, 0o644)


def write_sqlite(path, cluster, made):
    """Numbers and bytes as SQLite's own, all else as PostgreSQL writes it. Columns have no type, so that SQLite keeps what it is given."""
    connection = psycopg2.connect(host=cluster.socket_dir, port=cluster.port, user="postgres", dbname="postgres")
    cursor = connection.cursor()
    cursor.execute("SET TimeZone = 'UTC'; SET extra_float_digits = 1")
    source = sqlite3.connect(path)
    for name, (columns, _) in made.items():
        cursor.execute(f"SELECT {', '.join(c + '::text' for c, _ in columns)} FROM {name}")
        rows = [[stored(v, t) for v, (_, t) in zip(row, columns)] for row in cursor.fetchall()]
        source.execute(f"CREATE TABLE {name} ({', '.join(c for c, _ in columns)})")
        source.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", rows)
    source.commit()
    source.close()
    connection.close()
    os.chmod(path, 0o644)


def stored(text, type):
    if text is None:
        return None
    if type in ("smallint", "integer", "bigint", "oid"):
        return int(text)
    if type in ("double precision", "real") and text not in ("NaN", "Infinity", "-Infinity", "-0"):
        return float(text)
    if type == "boolean":
        return int(text == "true")
    return bytes.fromhex(text[2:]) if type == "bytea" else text


def fit(columns, rows):
    """Values as a column of a length keeps them."""
    limits = {"character": 5, "character varying": 10}
    return [[v if v is None or t not in limits else v.rstrip(" ")[:limits[t]] for v, (_, t) in zip(row, columns)] for row in rows]


def column_list(columns):
    return ", ".join(f"{c} {spelled(t)}" for c, t in columns)


def partition_parts(name):
    if PLACES[name]:
        return ""
    return " PARTITION BY LIST (i);" + ";".join(f"CREATE TABLE {part} PARTITION OF {name} {bound}" for part, (bound, _, _) in PARTITIONS.items())


def build_source(cluster, made, directory):
    """The source's tables; `cluster` is the oracle too."""
    statements = []
    for name, (columns, rows) in made.items():
        write_csv(os.path.join(directory, f"{name}.csv"), fit(columns, rows))
        statements.append(f"CREATE TABLE {name} ({column_list(columns)}){partition_parts(name)}; COPY {name} FROM '{directory}/{name}.csv' (FORMAT csv); ANALYZE {name};")
        if not PLACES[name]:
            for part, (_, keys, _) in PARTITIONS.items():
                write_csv(os.path.join(directory, f"{part}.csv"), [row for row in fit(columns, rows) if row[1] in keys])
    cluster.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", " ".join(statements), check=True)
    write_sqlite(os.path.join(directory, "lite.db"), cluster, made)


def placed(schema, name, definition, place, directory):
    """The statement that makes a table, as `definition` says, in `place`."""
    if place == "local":
        return f"CREATE TABLE {schema}.{name}{definition}; INSERT INTO {schema}.{name} SELECT * FROM shipped.{name};"
    given = {"files": f"filename '{directory}/{name}.csv', format 'csv'", "lite": f"\"table\" '{name}'"}.get(place, f"schema_name 'public', table_name '{name}'")
    return f"CREATE FOREIGN TABLE {schema}.{name}{definition} SERVER {place} OPTIONS ({given});"


def build_medley(medley, cluster, made, directory):
    """Schemas `shipped`, `sqlite` and `local`: see above."""
    options = f"OPTIONS (host '{cluster.socket_dir}', port '{cluster.port}', dbname 'postgres')"
    statements = ["CREATE EXTENSION postgres_fdw; CREATE EXTENSION file_fdw; CREATE EXTENSION sqlite_fdw; CREATE SCHEMA shipped; CREATE SCHEMA local; CREATE SCHEMA sqlite;"
                  f"CREATE SERVER files FOREIGN DATA WRAPPER file_fdw; CREATE SERVER lite FOREIGN DATA WRAPPER sqlite_fdw OPTIONS (database '{directory}/lite.db');"]
    for server in ("one", "two", "three"):
        statements.append(f"CREATE SERVER {server} FOREIGN DATA WRAPPER postgres_fdw {options};"
                          f"CREATE USER MAPPING FOR postgres SERVER {server} OPTIONS (user 'postgres');")
    for name, (columns, _) in made.items():
        texts = column_list(columns)
        statements.append(f"CREATE FOREIGN TABLE sqlite.{name} ({texts}) SERVER lite OPTIONS (\"table\" '{name}');")
        if PLACES[name]:
            statements += [placed("shipped", name, f" ({texts})", "one", directory), placed("local", name, f" ({texts})", PLACES[name], directory)]
            continue
        for schema in ("shipped", "local"):
            statements.append(f"CREATE TABLE {schema}.{name} ({texts}) PARTITION BY LIST (i);")
            for part, (bound, _, place) in PARTITIONS.items():
                statements.append(placed(schema, part, f" PARTITION OF {schema}.{name} {bound}", "one" if schema == "shipped" else place, directory))
    medley.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", " ".join(statements), check=True)


def check_tables(oracle, others, made):
    """The worlds are one before anything is asked of them."""
    for name, (columns, _) in made.items():
        for column, _ in columns:
            wanted = oracle.ask(f"SELECT id, {column} FROM {name} ORDER BY id")
            for world in others:
                got = world.ask(f"SELECT id, {column} FROM {name} ORDER BY id")
                if got.error or not wanted.same_rows(got):
                    raise RuntimeError(f"{world.name}: {name}.{column} is not PostgreSQL's:\n{wanted}\n{got}")


class Answer:
    """What a statement gave: rows with columns' names and types, or an error."""
    __slots__ = ("columns", "rows", "error")

    def __init__(self, columns=None, rows=None, error=None):
        self.columns, self.rows, self.error = columns, rows, error

    def same_rows(self, other):
        return self.columns == other.columns and self.rows == other.rows

    def __str__(self):
        if self.error:
            return f"{self.error[0]}: {self.error[1]}"
        rows = " ".join("(" + ", ".join("NULL" if v is None else v for v in row) + ")" for row in self.rows[:20])
        types = " ".join(f"{name}:{oid}" + ("" if precision is None else f"({precision},{scale})") for name, oid, precision, scale in self.columns)
        return f"{types}: {rows}{' ...' if len(self.rows) > 20 else ''}"


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class World:
    """One connection and its search_path."""

    def __init__(self, server, schema, name):
        self.server, self.schema, self.name = server, schema, name
        self.settings = {}
        self.seconds = self.asked = 0
        self.connect()

    def connect(self):
        self.connection = psycopg2.connect(host=self.server.socket_dir, port=self.server.port, user="postgres", dbname="postgres")
        self.connection.autocommit = True
        self.cursor = self.connection.cursor()
        self.cursor.execute(f"SET search_path = {self.schema}; SET statement_timeout = '{TIMEOUT.get(self.name, '8s')}'")
        self.raw = {}
        for setting, value in self.settings.items():
            self.cursor.execute(f"SET {setting} = '{value}'")

    def set(self, setting, value):
        self.settings[setting] = value
        self.ask(f"SET {setting} = '{value}'; SELECT 1")

    def ask(self, sql):
        """Every value as its text."""
        start = time.time()
        try:
            answer = self.ask_(sql)
            return self.ask_(sql) if answer.error == LOST else answer  # another world's statement may have ended the server
        finally:
            took = time.time() - start
            self.seconds += took
            if took > SLOW:
                print(f"# {self.name} took {took:.1f} s: {sql[:2000]}", flush=True)
            self.asked += 1

    def ask_(self, sql):
        try:
            self.cursor.execute(sql.encode())
            described = self.cursor.description
            if any(d.type_code not in self.raw for d in described):
                for d in described:
                    self.raw[d.type_code] = True
                    kind = psycopg2.extensions.new_type((d.type_code,), "RAW", lambda value, cursor: value)
                    psycopg2.extensions.register_type(kind, self.connection)
                self.cursor = self.connection.cursor()
                self.cursor.execute(sql.encode())
            rows = self.cursor.fetchall()
            return Answer([(d.name, d.type_code, d.precision, d.scale) for d in described], rows)
        except UnicodeDecodeError as error:  # "char" above 127
            return Answer([], [str(error.object)])
        except psycopg2.Error as error:
            if self.connection.closed:
                print(f"# {self.name} closed the connection: {sql[:2000]}", flush=True)
                self.reconnect()
                return Answer(error=LOST)
            return Answer(error=(error.pgcode or "08006", error.diag.message_primary or str(error).strip()))

    def processor(self):
        """Seconds of processor time of what serves this connection."""
        return processor_seconds(self.server.process.pid if isinstance(self.server, Medley) else self.connection.info.backend_pid)

    def reconnect(self):
        """A server that is gone is started again: its end is the answer to be found."""
        try:
            self.connection.close()
        except psycopg2.Error:
            pass
        for _ in range(30):
            try:
                return self.connect()
            except psycopg2.OperationalError:
                if self.server.process.poll() is not None:
                    self.server.start()
                time.sleep(.1)
        raise RuntimeError(f"{self.name} is gone")
