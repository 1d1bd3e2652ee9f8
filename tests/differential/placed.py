#!/usr/bin/python3
"""tests/sql/select_sweep.sql once more, with its tables in other places: at a PostgreSQL source, in CSV files, and some here and some there.

PostgreSQL's answers over its own tables are what each must give, to the byte; left out is only what tells of a place (CONTEXT, LOCATION).
"""
import difflib
import os
import re

from federation import ok
from servers import Medley, PgCluster, temporary_directory

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TABLES = os.path.join(TOP, "tests/sql/select_tables.sql")
STATEMENTS = os.path.join(TOP, "tests/sql/select_sweep.sql")
SOURCE_PORT = 54386
AT_SOURCE, AT_OTHER = {"dept", "w", "per", "ty"}, {"emp", "ev"}  # of the mixed ones; the others are files
COLUMNS = """SELECT relname, string_agg(quote_ident(attname) || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum)
    FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace GROUP BY relname"""


def checked(server, *args):
    return server.psql("-q", "-v", "ON_ERROR_STOP=1", *args, check=True).stdout


def place_all(source, medley, directory):
    """Schemas far, files and mixed, each with all tables."""
    with open(TABLES, encoding="utf-8") as file:
        types = "".join(line for line in file if re.match("create (type|domain)", line))
    server = f"FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{source.socket_dir}', port '{source.port}', dbname 'postgres'"
    sql = types + f"""
        CREATE EXTENSION postgres_fdw; CREATE EXTENSION file_fdw;
        CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
        CREATE SERVER source {server}); CREATE USER MAPPING FOR postgres SERVER source OPTIONS (user 'postgres');
        CREATE SERVER other {server}, fetch_size '3'); CREATE USER MAPPING FOR postgres SERVER other OPTIONS (user 'postgres');
        CREATE SCHEMA far; CREATE SCHEMA files; CREATE SCHEMA mixed;"""
    for line in checked(source, "-At", "-c", COLUMNS).splitlines():
        table, columns = line.split("|")
        path = os.path.join(directory, f"{table}.csv")
        checked(source, "-c", f"\\copy {table} TO '{path}' (FORMAT csv)")
        far = "SERVER {} OPTIONS (schema_name 'public')".format
        file = f"SERVER files OPTIONS (filename '{path}', format 'csv')"
        mixed = far("source") if table in AT_SOURCE else far("other") if table in AT_OTHER else file
        for schema, options in (("far", far("source")), ("files", file), ("mixed", mixed)):
            sql += f"CREATE FOREIGN TABLE {schema}.{table} ({columns}) {options};\n"
    checked(medley, "-c", sql)


def answers(server, schema, directory):
    with open(STATEMENTS, encoding="utf-8") as file:
        statements = [line for line in file if not re.match(r"\\ir |drop |--", line)]
    path = os.path.join(directory, "statements.sql")
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"SET search_path = {schema}, public;\n" + "".join(statements))
    text = server.psql("-a", "-q", "-f", path).stdout
    return [line.rstrip() for line in text.splitlines()[1:] if not line.startswith(("CONTEXT:", "LOCATION:"))]


def main():
    with temporary_directory() as directory:
        homes = [os.path.join(directory, name) for name in ("source", "medley")]
        for home in homes:
            os.mkdir(home)
        with PgCluster(homes[0], SOURCE_PORT) as source, Medley(os.environ["MEDLEY_BUILD"], homes[1]) as medley:
            checked(source, "-f", TABLES)
            place_all(source, medley, directory)
            wanted = answers(source, "public", directory)
            for schema in ("far", "files", "mixed"):
                got = answers(medley, schema, directory)
                different = "\n".join(list(difflib.unified_diff(wanted, got, "postgresql", "medley", lineterm="", n=3))[:60])
                ok(f"select_sweep.sql with its tables {schema}: as over PostgreSQL's own", len(wanted) > 3000 and wanted == got, different)


main()
