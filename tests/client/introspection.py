"""What clients read of the catalogs to list tables: pgcli's completion, SQLAlchemy's inspector, JDBC's DatabaseMetaData, ODBC's catalog calls.

Each is asked the same of PostgreSQL 15 and of Medley, both with the objects of dump.sql; object OIDs aside, the answers must be the same.
"""
import difflib
import glob
import os
import re

import jpype
import pyodbc
import sqlalchemy
from pgcli.pgexecute import PGExecute
from pgspecial.main import PGSpecial

from federation import ok
from servers import Medley, PgCluster, temporary_directory

HERE = os.path.dirname(os.path.abspath(__file__))
ADDRESS = "127.0.0.1"
TABLE_TYPES = ["FOREIGN TABLE", "TABLE", "VIEW", "PARTITIONED TABLE", "SYSTEM TABLE", "SYSTEM VIEW"]


def lines(label, rows):
    """One line a row, in the order given."""
    return [f"{label}: {row!r}" for row in rows]


# ---- SQLAlchemy ----

def sqlalchemy_lists(port):
    engine = sqlalchemy.create_engine(f"postgresql+psycopg2://postgres@{ADDRESS}:{port}/postgres")
    found = []
    with engine.connect() as connection:
        inspector = sqlalchemy.inspect(connection)
        schemas = inspector.get_schema_names()
        found += lines("schemas", schemas)
        for schema in schemas:
            for method in ("get_table_names", "get_foreign_table_names", "get_view_names", "get_sequence_names", "get_enums"):
                found += lines(f"{schema} {method}", [sorted(getattr(inspector, method)(schema=schema), key=str)])
        for schema, table in (("public", "t"), ("s", "lines"), ('Odd "name', "Odd table")):
            for method in ("get_columns", "get_check_constraints", "get_pk_constraint", "get_indexes", "get_foreign_keys",
                           "get_unique_constraints", "get_table_comment"):
                answer = getattr(inspector, method)(table, schema=schema)
                # Columns have an order; of the rest the query behind asks for none.
                rows = answer if method == "get_columns" else sorted(answer, key=str) if isinstance(answer, list) else [answer]
                found += lines(f"{table} {method}", rows)
    engine.dispose()
    return found


# ---- pgcli ----

def pgcli_lists(port):
    executor = PGExecute("postgres", "postgres", "", ADDRESS, port, None)
    found = []
    for method in ("schemata", "tables", "table_columns", "views", "view_columns", "foreignkeys", "databases", "datatypes",
                   "get_timezone", "full_databases"):
        answer = getattr(executor, method)() if hasattr(executor, method) else "absent"
        found += lines(method, [answer] if isinstance(answer, str) else sorted(answer, key=str))
    found += lines("functions", sorted(str((f.schema_name, f.func_name, f.arg_names, f.arg_types, f.return_type, f.is_aggregate, f.is_window,
                                        f.is_set_returning, f.arg_defaults)) for f in executor.functions()
                                       # pg_upgrade's own, which come with minor versions
                                       if not f.func_name.startswith("binary_upgrade_")))
    for command in (r"\d", r"\d t", r"\d+ t", r"\dn+", r"\du", r"\dx", r"\dt", r"\dE+", r"\dT", r"\l", r"\ddp", r"\db"):
        for title, rows, headers, status, *_ in executor.run(command, PGSpecial()):
            found += lines(command, [title, headers, status, *(rows or [])])
    return found


# ---- JDBC ----

def jdbc_rows(result):
    columns = result.getMetaData().getColumnCount()
    rows = []
    while result.next():
        rows.append([None if (value := result.getObject(i + 1)) is None else str(value) for i in range(columns)])
    return rows


def jdbc_lists(port):
    if not jpype.isJVMStarted():
        jpype.startJVM(classpath=["/usr/share/java/postgresql.jar", "/usr/share/java/org.jpype.jar"], convertStrings=True)
    connection = jpype.JClass("java.sql.DriverManager").getConnection(f"jdbc:postgresql://{ADDRESS}:{port}/postgres?user=postgres")
    meta = connection.getMetaData()
    calls = {
        "tables": lambda: meta.getTables(None, None, "%", TABLE_TYPES),
        "columns of public": lambda: meta.getColumns(None, "public", "%", "%"),
        "columns of the catalogs": lambda: meta.getColumns(None, "pg_catalog", "pg_foreign%", "%"),
        "columns with an odd name": lambda: meta.getColumns(None, "public", "t", "Odd%"),
        "schemas": meta.getSchemas,
        "catalogs": meta.getCatalogs,
        "table types": meta.getTableTypes,
        "type info": meta.getTypeInfo,
        "table privileges": lambda: meta.getTablePrivileges(None, None, "t"),
        "column privileges": lambda: meta.getColumnPrivileges(None, "public", "t", "%"),
        "primary keys": lambda: meta.getPrimaryKeys(None, "public", "t"),
        "index info": lambda: meta.getIndexInfo(None, "public", "t", False, False),
        "imported keys": lambda: meta.getImportedKeys(None, "public", "t"),
        "best row identifier": lambda: meta.getBestRowIdentifier(None, "public", "t", 0, True),
        "version columns": lambda: meta.getVersionColumns(None, "public", "t"),
        "functions": lambda: meta.getFunctions(None, None, "postgres%"),
        "procedures": lambda: meta.getProcedures(None, "public", "%"),
        "UDTs": lambda: meta.getUDTs(None, None, "%", None),
        "client info": meta.getClientInfoProperties,
    }
    found = lines("numbers", [[str(meta.getDatabaseProductName()), meta.getMaxIndexKeys() if hasattr(meta, "getMaxIndexKeys") else 0,
                               meta.getMaxColumnNameLength(), str(meta.getSQLKeywords()), str(meta.getUserName())]])
    for name, call in calls.items():
        # The driver sorts by some of the columns; the order among equals is nobody's.
        found += lines(f"jdbc {name}", sorted(jdbc_rows(call()), key=str))
    connection.close()
    return found


# ---- ODBC ----

def odbc_lists(port):
    driver = glob.glob("/usr/lib/*/odbc/psqlodbcw.so")[0]
    connection = pyodbc.connect(f"Driver={driver};Servername={ADDRESS};Port={port};Database=postgres;Uid=postgres", autocommit=True)
    calls = {
        "tables": lambda c: c.tables(),
        "foreign tables": lambda c: c.tables(schema="public", tableType="FOREIGN TABLE"),
        "columns of t": lambda c: c.columns(table="t", schema="public"),
        "columns of s": lambda c: c.columns(schema="s"),
        "primary keys": lambda c: c.primaryKeys("t", schema="public"),
        "foreign keys": lambda c: c.foreignKeys("t", schema="public"),
        "statistics": lambda c: c.statistics("t", schema="public"),
        "row identifier": lambda c: c.rowIdColumns("t", schema="public"),
        "row version": lambda c: c.rowVerColumns("t", schema="public"),
        "procedures": lambda c: c.procedures(schema="public"),
        "type info": lambda c: c.getTypeInfo(),
    }
    found = []
    for name, call in calls.items():
        cursor = connection.cursor()
        found += lines(f"odbc {name}", call(cursor).fetchall())
    connection.close()
    return found


CLIENTS = {"SQLAlchemy's inspector": sqlalchemy_lists, "pgcli": pgcli_lists, "JDBC's DatabaseMetaData": jdbc_lists,
           "ODBC's catalog calls": odbc_lists}


def ask(server):
    """Each client's answers, or what it fails with. OIDs of objects that users made are numbered in the order they come."""
    numbers, answers = {}, {}
    for name, client in CLIENTS.items():
        try:
            found = client(server.port)
        except Exception as problem:  # whatever the client raises is the finding
            found = [f"{type(problem).__name__}: {problem}"]
        text = re.sub(rf"\b{server.port}\b", "PORT", "\n".join(found))
        answers[name] = re.sub(r"(?<!\d)1[6-9]\d{3}(?!\d)", lambda m: f"oid{numbers.setdefault(m[0], len(numbers))}", text).splitlines()
    return answers


def main():
    with temporary_directory() as directory:
        homes = [os.path.join(directory, name) for name in ("postgresql", "medley")]
        for home in homes:
            os.mkdir(home)
        script = f"{HERE}/dump.sql"
        with PgCluster(homes[0], port=54397, settings=[f"listen_addresses={ADDRESS}"]) as server:
            # Medley has one database, and no templates to make more of.
            server.psql("-q", "-c", "UPDATE pg_database SET datistemplate = false", "-c", "DROP DATABASE template0", "-c",
                        "DROP DATABASE template1", check=True)
            server.psql("-q", "-v", "ON_ERROR_STOP=1", "-f", script, check=True)
            wanted = ask(server)
        with Medley(os.environ["MEDLEY_BUILD"], homes[1], port=54396, arguments=["-h", ADDRESS, "--auth", "trust"]) as server:
            server.psql("-q", "-v", "ON_ERROR_STOP=1", "-f", script, check=True)
            got = ask(server)
    for name in CLIENTS:
        difference = list(difflib.unified_diff(wanted[name], got[name], "postgresql", "medley", lineterm="", n=0))
        ok(f"{name} lists what it lists of PostgreSQL ({len(wanted[name])} lines)", not difference and len(wanted[name]) > 20,
           "\n".join(line[:400] for line in difference[:40]))


main()
