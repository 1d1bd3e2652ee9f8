"""Perl's DBD::Pg, PHP's PDO and pgsql: dbi_work.pl and pdo_work.php print the same on PostgreSQL 15 and on Medley."""
import os
import subprocess
import sys

from twins import same, twins

HERE = os.path.join(os.environ["MEDLEY_TOP"], "tests", "client")
MORE = """
CREATE TABLE child (id int PRIMARY KEY, own_id int NOT NULL REFERENCES own ON DELETE CASCADE, code varchar(5) UNIQUE, CHECK (id > 0));
CREATE INDEX child_own ON child (own_id, code DESC);
COMMENT ON FOREIGN TABLE items IS 'at the source'; COMMENT ON COLUMN own.name IS 'a name';
"""
CLEAN = "TRUNCATE own, kept, child; ALTER SEQUENCE own_id_seq RESTART; INSERT INTO kept SELECT i, 'row ' || i FROM generate_series(1, 20) i"
PROGRAMS = {"DBD::Pg": ["perl", "dbi_work.pl"], "PHP": ["php", "pdo_work.php"]}


def work(server, command):
    server.psql("-q", "-c", CLEAN, check=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=HERE, timeout=300, check=False, errors="replace",
                          env={**os.environ, "PGHOST": server.socket_dir, "PGPORT": str(server.port), "TZ": "UTC"})
    return done.stdout.replace(server.socket_dir, "HOST").replace(str(server.port), "PORT").splitlines()


with twins(MORE) as servers:
    results = [same(name, *(work(server, command) for server in servers)) for name, command in PROGRAMS.items()]
sys.exit(0 if all(results) else 1)
