"""data/views against PostgreSQL 15: each of our definitions, made a view there, has the columns, types and rows of PostgreSQL's own view.

Domains of information_schema count as the types they are over. Rows are compared as a superuser and as a role with few rights.
"""
import glob
import importlib.machinery
import importlib.util
import os
import re
import sys

import psycopg2

from servers import PgCluster, temporary_directory

TOP = os.environ["MEDLEY_TOP"]
VIEWS = os.path.join(TOP, "data/views")
HERE = os.path.dirname(os.path.abspath(__file__))

COLUMNS = """SELECT a.attname, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), -1)
             FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
             WHERE a.attrelid = %s::regclass AND a.attnum > 0 ORDER BY a.attnum"""
# Rows that are never the same twice, count what has happened, tell of the observer, or of files that Medley has none of.
COUNTERS = re.compile(r"pg_catalog\.pg_stat(io|_xact)?_(all|sys)_|pg_catalog\.pg_stat_(database|bgwriter|wal|slru|recovery_prefetch)$")
UNSTEADY = {"pg_catalog.pg_stat_activity", "pg_catalog.pg_locks", "pg_catalog.pg_stat_archiver", "pg_catalog.pg_file_settings", "pg_catalog.pg_hba_file_rules"}


def make_catalog():
    path = os.path.join(TOP, "tools/make_catalog")
    spec = importlib.util.spec_from_loader("make_catalog", importlib.machinery.SourceFileLoader("make_catalog", path))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def compare(cursor, name, sql, role):
    """What is wrong with the view, or None."""
    cursor.execute(COLUMNS, (name,))
    wanted = cursor.fetchall()
    if "anyarray" in (kind for _, kind in wanted):  # no view but PostgreSQL's own may have such a column
        columns = ", ".join(f'"{column}"::text' if kind == "anyarray" else f'"{column}"' for column, kind in wanted)
        sql = f"SELECT {columns} FROM ({sql.rstrip().rstrip(';')}) s"
        wanted = [(column, "text" if kind == "anyarray" else kind) for column, kind in wanted]
    cursor.execute(f"CREATE OR REPLACE TEMP VIEW ours AS {sql}")
    cursor.execute("GRANT SELECT ON ours TO PUBLIC")
    cursor.execute(COLUMNS, ("ours",))
    got = cursor.fetchall()
    if wanted != got:
        return f"columns {set(wanted) ^ set(got)}"
    cursor.execute(f"SELECT has_table_privilege('{role}', '{name}', 'SELECT')")
    if not cursor.fetchone()[0] or name in UNSTEADY or COUNTERS.match(name):
        return None
    cursor.execute(f"SET ROLE {role}")
    columns = ", ".join(f'"{column}"::text' for column, _ in wanted)
    cursor.execute(f"""(SELECT 'missing', {columns} FROM {name} EXCEPT ALL SELECT 'missing', {columns} FROM ours)
                       UNION ALL (SELECT 'too many', {columns} FROM ours EXCEPT ALL SELECT 'too many', {columns} FROM {name})
                       ORDER BY 2 LIMIT 3""")
    rows = cursor.fetchall()
    return f"rows {rows}" if rows else None


def main(server):
    maker = make_catalog()
    macros = maker.read_macros(VIEWS)
    failed = 0
    server.psql("-q", "-f", os.path.join(HERE, "objects.sql"))
    for path in sorted(glob.glob(f"{VIEWS}/*.sql")):
        name = os.path.basename(path)[:-len(".sql")]
        problems = []
        for role in ("postgres", "v_reader"):
            connection = psycopg2.connect(host=server.socket_dir, port=server.port, user="postgres", dbname="postgres")
            connection.autocommit = True
            try:
                problems.append(compare(connection.cursor(), name, maker.read_view(path, macros), role))
            except psycopg2.Error as problem:
                problems.append(str(problem).strip())
            connection.close()
        failed += any(problems)
        print(f"{'not ok' if any(problems) else 'ok'} {name}")
        for problem in filter(None, problems):
            print("#", problem.replace("\n", "\n# "))
    return failed


with temporary_directory() as directory:
    with PgCluster(directory) as cluster:
        sys.exit(1 if main(cluster) else 0)
