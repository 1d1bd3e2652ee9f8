"""A small federation that client and fault tests share: a PostgreSQL source, a CSV file, and Medley in front of both."""
import contextlib
import os

from servers import Medley, PgCluster, temporary_directory

SOURCE_PORT = 54388


def ok(name, condition, detail=""):
    print(("ok " if condition else "not ok ") + name, flush=True)
    if not condition and detail != "":
        for line in str(detail).splitlines()[-30:]:
            print(f"# {line}", flush=True)
    return condition


@contextlib.contextmanager
def federation(rows=1000, csv_rows=1000, arguments=(), medley_directory=None):
    """Gives (source, medley, directory). Table items(id, name, price, day) at the source; files CSV notes(id, text)."""
    with temporary_directory() as directory:
        source_dir, medley_dir = os.path.join(directory, "source"), medley_directory or os.path.join(directory, "medley")
        os.mkdir(source_dir)
        os.makedirs(medley_dir, exist_ok=True)
        with PgCluster(source_dir, SOURCE_PORT) as source:
            source.psql("-q", "-c", f"""
                CREATE TABLE items (id int PRIMARY KEY, name text, price numeric(10,2), day date, seen timestamptz, ok bool, raw bytea);
                INSERT INTO items SELECT i, CASE WHEN i % 10 = 0 THEN NULL ELSE 'item ' || i END, i * 1.25, date '2024-01-01' + i % 366,
                    timestamptz '2024-01-01 00:00:00+00' + i * interval '1 minute', i % 2 = 0, decode(lpad(to_hex(i), 8, '0'), 'hex')
                    FROM generate_series(1, {rows}) i;
                CREATE ROLE needs_password;
                CREATE ROLE remote_ann LOGIN PASSWORD 'pw-ann' IN ROLE needs_password;
                CREATE ROLE remote_ben LOGIN PASSWORD 'pw-ben' IN ROLE needs_password;
                GRANT SELECT ON items TO remote_ann, remote_ben;
                CREATE VIEW whoami AS SELECT current_user::text AS who;
                GRANT SELECT ON whoami TO remote_ann, remote_ben;""", check=True)
            csv = os.path.join(directory, "notes.csv")
            with open(csv, "w", encoding="utf-8") as out:
                for i in range(1, csv_rows + 1):
                    out.write(f"{i},note {i}\n")
            with Medley(os.environ["MEDLEY_BUILD"], medley_dir, arguments=arguments) as medley:
                set_up(medley, source, csv)
                yield source, medley, directory


def set_up(medley, source, csv):
    medley.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", f"""
        CREATE EXTENSION postgres_fdw;
        CREATE EXTENSION file_fdw;
        CREATE SERVER src FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{source.socket_dir}', port '{source.port}', dbname 'postgres');
        CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
        CREATE ROLE ann LOGIN;
        CREATE ROLE ben LOGIN;
        CREATE USER MAPPING FOR postgres SERVER src OPTIONS (user 'postgres');
        CREATE USER MAPPING FOR ann SERVER src OPTIONS (user 'remote_ann', password 'pw-ann');
        CREATE USER MAPPING FOR ben SERVER src OPTIONS (user 'remote_ben', password 'pw-ben');
        CREATE FOREIGN TABLE items (id int, name text, price numeric(10,2), day date, seen timestamptz, ok bool, raw bytea) SERVER src;
        CREATE FOREIGN TABLE whoami (who text) SERVER src;
        CREATE FOREIGN TABLE notes (id int, text text) SERVER files OPTIONS (filename '{csv}', format 'csv');
        GRANT SELECT ON items, whoami, notes TO ann, ben;""", check=True)
