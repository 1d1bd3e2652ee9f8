"""pg_dump with data: what it writes of PostgreSQL loads into Medley and is written the same again; and so do a foreign table's rows."""
import os

from dumps import load, run, same
from federation import ok
from servers import Medley, PgCluster, temporary_directory

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    build = os.environ["MEDLEY_BUILD"]
    with temporary_directory() as directory:
        homes = {name: os.path.join(directory, name) for name in ("source", "medley", "target")}
        for home in homes.values():
            os.mkdir(home)
        forms = {"COPY": (), "INSERT": ("--inserts",), "INSERT with columns": ("--column-inserts", "--rows-per-insert=3"),
                 "foreign tables too": ("--include-foreign-data=files",)}
        with PgCluster(homes["source"]) as source:
            source.psql("-q", "-v", "ON_ERROR_STOP=1", "-f", f"{HERE}/dump_data.sql", check=True)
            wanted = {name: run("pg_dump", source, *args, "postgres") for name, args in forms.items()}
        for number, name in enumerate(("COPY", "INSERT", "INSERT with columns")):
            home = os.path.join(homes["medley"], str(number))
            os.mkdir(home)
            with Medley(build, home) as medley:
                complaints = load(medley, wanted[name])
                ok(f"a dump with data loads ({name})", not complaints, complaints[:2000])
                for form, args in forms.items():
                    same(f"and dumps the same again ({name}, as {form})", wanted[form], run("pg_dump", medley, *args, "postgres"))
                again = run("pg_dump", medley, "postgres")
        with PgCluster(homes["target"]) as target:
            complaints = load(target, again)
            ok("Medley's dump with data loads into PostgreSQL", not complaints, complaints[:2000])
            same("and dumps the same again there", wanted["COPY"], run("pg_dump", target, "postgres"))


main()
