"""The same tables in three worlds: PostgreSQL; Medley over one server that holds them all; Medley with every table elsewhere."""
import csv
import os
import time

import psycopg2
import psycopg2.extensions

from .values import VALUES, short

EDGE_ROWS = 14
SLOW = 2  # seconds
# Tables of queries: few distinct values, so that rows meet.
QUERY_COLUMNS = [("id", "integer"), ("i", "integer"), ("b", "bigint"), ("n", "numeric"), ("f", "double precision"), ("s", "text"), ("d", "date"),
                 ("ts", "timestamp without time zone"), ("iv", "interval"), ("bo", "boolean"), ("ar", "integer[]"), ("m", "numeric(10,2)")]
QUERY_VALUES = {
    "i": ["0", "1", "2", "3", "5"], "b": ["1", "2", "3", "4294967296"], "n": ["1.0", "1.00", "2", "0.5", "-3.25", "NaN"],
    "f": ["0", "-0", "1", "2.5", "NaN", "-Infinity"], "s": ["", "a", "A", "b", "ab", "ä", "a "], "d": ["2024-02-29", "2000-01-01", "infinity", "0044-03-15 BC"],
    "ts": ["2024-02-29 00:00:00", "2000-01-01 12:00:00", "-infinity"], "iv": ["1 day", "24:00:00", "1 mon", "30 days", "00:00:01"], "bo": ["t", "f"],
    "ar": ["{}", "{1,2}", "{2,NULL}", "{1}"], "m": ["1.00", "2.50", "-3.25", "99999999.99"]}
QUERY_TABLES = {"q0": 9, "q1": 7, "q2": 5, "q3": 0}
ZONES = ["UTC", "America/New_York", "Asia/Kolkata"]


def edge_table(random):
    """Every value of every type at least once: constants do the rest."""
    columns = [("id", "integer")] + [(short(type), type) for type in VALUES]
    pools = {}
    for type, values in VALUES.items():
        pool = list(values)
        random.shuffle(pool)
        pools[type] = pool
    rows = []
    for at in range(EDGE_ROWS):
        row = [str(at)]
        for type in VALUES:
            pool = pools[type]
            row.append(None if random.random() < .08 else pool[at % len(pool)])
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


def fit(columns, rows):
    """Values as a column of a length keeps them."""
    limits = {"character": 5, "character varying": 10}
    return [[v if v is None or t not in limits else v.rstrip(" ")[:limits[t]] for v, (_, t) in zip(row, columns)] for row in rows]


def build_source(cluster, made, directory):
    """The source's tables; `cluster` is the oracle too."""
    statements = []
    for name, (columns, rows) in made.items():
        write_csv(os.path.join(directory, f"{name}.csv"), fit(columns, rows))
        texts = ", ".join(f"{c} {spelled(t)}" for c, t in columns)
        statements.append(f"CREATE TABLE {name} ({texts}); COPY {name} FROM '{directory}/{name}.csv' (FORMAT csv); ANALYZE {name};")
    cluster.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", " ".join(statements), check=True)


def build_medley(medley, cluster, made, directory):
    """Schema `shipped`: all of one server. Schema `local`: CSV files and a second server by turns."""
    options = f"OPTIONS (host '{cluster.socket_dir}', port '{cluster.port}', dbname 'postgres')"
    statements = ["CREATE EXTENSION postgres_fdw; CREATE EXTENSION file_fdw; CREATE SCHEMA shipped; CREATE SCHEMA local; CREATE SERVER files "
                  "FOREIGN DATA WRAPPER file_fdw;"]
    for server in ("one", "two"):
        statements.append(f"CREATE SERVER {server} FOREIGN DATA WRAPPER postgres_fdw {options};"
                          f"CREATE USER MAPPING FOR postgres SERVER {server} OPTIONS (user 'postgres');")
    for at, (name, (columns, _)) in enumerate(made.items()):
        texts = ", ".join(f"{c} {spelled(t)}" for c, t in columns)
        statements.append(f"CREATE FOREIGN TABLE shipped.{name} ({texts}) SERVER one OPTIONS (schema_name 'public', table_name '{name}');")
        if at % 3 == 2:
            statements.append(f"CREATE FOREIGN TABLE local.{name} ({texts}) SERVER two OPTIONS (schema_name 'public', table_name '{name}');")
        else:
            statements.append(f"CREATE FOREIGN TABLE local.{name} ({texts}) SERVER files OPTIONS (filename '{directory}/{name}.csv', format 'csv');")
    medley.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", " ".join(statements), check=True)


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


class World:
    """One connection and its search_path."""

    def __init__(self, server, schema, name):
        self.server, self.schema, self.name = server, schema, name
        self.settings = []
        self.seconds = self.asked = 0
        self.connect()

    def connect(self):
        self.connection = psycopg2.connect(host=self.server.socket_dir, port=self.server.port, user="postgres", dbname="postgres")
        self.connection.autocommit = True
        self.cursor = self.connection.cursor()
        self.cursor.execute(f"SET search_path = {self.schema}; SET statement_timeout = '8s'")
        self.raw = {}
        for setting in self.settings:
            self.cursor.execute(setting)

    def set(self, statement):
        self.settings.append(statement)
        self.cursor.execute(statement)

    def ask(self, sql):
        """Every value as its text."""
        start = time.time()
        try:
            return self.ask_(sql)
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
            code = error.pgcode or "08006"
            message = error.diag.message_primary or str(error).strip()
            if self.connection.closed:
                print(f"# {self.name} closed the connection: {sql}", flush=True)
                self.reconnect()
            return Answer(error=(code, message))

    def reconnect(self):
        try:
            self.connection.close()
        except psycopg2.Error:
            pass
        self.connect()
