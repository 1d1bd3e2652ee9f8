"""pg, pg-cursor, pg-query-stream and postgres from npm: node_work.js on PostgreSQL 15 and on Medley prints the same."""
import os
import subprocess
import sys

from twins import same, twins

HERE = os.path.join(os.environ["MEDLEY_TOP"], "tests", "client")
CLEAN = "TRUNCATE own, kept; ALTER SEQUENCE own_id_seq RESTART; INSERT INTO kept SELECT i, 'row ' || i FROM generate_series(1, 20) i"


def work(server):
    server.psql("-q", "-c", CLEAN, check=True)
    done = subprocess.run(["node", os.path.join(HERE, "node_work.js")], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=HERE, timeout=300, check=False,
                          env={**os.environ, "PGHOST": server.socket_dir, "PGPORT": str(server.port), "PGUSER": "postgres", "PGDATABASE": "postgres", "TZ": "UTC"})
    return done.stdout.splitlines()


with twins() as (postgresql, medley):
    sys.exit(0 if same("pg and postgres from npm", work(postgresql), work(medley)) else 1)
