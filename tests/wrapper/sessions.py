"""Sessions that write to a source side by side, as sessions.steps says, with PostgreSQL and with Medley: the same answers, and the same
ones wait. Who waits does so at the source. The remote SQL is cut out of the errors' contexts."""
import difflib
import os
import re

from federation import ok
from servers import Medley, PgCluster, psql, temporary_directory
from steps import Scenario, read_scenarios

HERE = os.path.dirname(os.path.abspath(__file__))
SET_UP = """
    CREATE EXTENSION postgres_fdw;
    CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{0.socket_dir}', port '{0.port}', dbname 'written');
    CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'postgres', password_required 'false');
    CREATE FOREIGN TABLE con (a int, b int) SERVER s;
    CREATE FOREIGN TABLE p1 (k int, v text) SERVER s;
    CREATE TABLE parts (k int, v text) PARTITION BY LIST (k);
    CREATE FOREIGN TABLE parts1 PARTITION OF parts FOR VALUES IN (1) SERVER s OPTIONS (table_name 'p1');
    CREATE FOREIGN TABLE parts2 PARTITION OF parts FOR VALUES IN (2) SERVER s OPTIONS (table_name 'p2');
    CREATE TABLE here (a int);
    INSERT INTO con SELECT g, 0 FROM generate_series(1, 4) g;"""


class AtSource(Scenario):
    def __init__(self, server, steps, source, told=None):
        super().__init__(server, steps, told)
        self.source = source

    def waits_for_lock(self, session):
        return psql(self.source, "-Atc", "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'").stdout.strip() == "1"


def run_all(server, source, wanted=None):
    """The lines of each scenario."""
    source.psql("-q", "-v", "ON_ERROR_STOP=1", "-f", os.path.join(HERE, "writes_source.sql"), check=True)
    server.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", SET_UP.format(source), check=True)
    return {name: [re.sub("(remote SQL command: ).*", r"\1...", line)
                   for line in AtSource(server, steps, source, wanted and wanted[name]).run()]
            for name, steps in read_scenarios(os.path.join(HERE, "sessions.steps")).items()}


with temporary_directory() as directory:
    homes = [os.path.join(directory, name) for name in ("source", "postgresql", "medley")]
    for home in homes:
        os.mkdir(home)
    with PgCluster(homes[0], port=54397) as source_server:
        with PgCluster(homes[1], port=54396) as postgresql:
            expected = run_all(postgresql, source_server)
        with Medley(os.environ["MEDLEY_BUILD"], homes[2], port=54395) as medley:
            for title, lines in run_all(medley, source_server, expected).items():
                ok(title, lines == expected[title])
                for line in difflib.unified_diff(expected[title], lines, "postgresql", "medley", lineterm=""):
                    print(f"# {line}", flush=True)
