"""`medley check`: it finds each kind of damage, and nothing after DDL from 8 sessions with rollbacks, savepoints, cancels and SIGKILL."""
import os
import random
import signal
import sqlite3
import threading
import time

import psycopg2

from federation import ok
from servers import Medley, temporary_directory

SESSIONS, ROUNDS, SECONDS = 8, 4, 1.5

OBJECTS = """
CREATE ROLE ann; CREATE ROLE bob; GRANT bob TO ann; CREATE SCHEMA s AUTHORIZATION ann; CREATE EXTENSION postgres_fdw;
CREATE SERVER srv FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'h'); GRANT USAGE ON FOREIGN SERVER srv TO ann WITH GRANT OPTION;
ALTER SERVER srv OWNER TO ann; CREATE USER MAPPING FOR ann SERVER srv OPTIONS (user 'u', password 'p,"x');
CREATE FOREIGN TABLE ft (a int DEFAULT 3 CHECK (a > 0), b text OPTIONS (column_name 'x')) SERVER srv OPTIONS (table_name 'y,z');
GRANT SELECT ON ft TO bob; GRANT UPDATE (a) ON ft TO ann; COMMENT ON COLUMN ft.a IS 'c'; ALTER FOREIGN TABLE ft ADD c int, DROP b;
"""

# What is done to the file, and a part of the finding.
DAMAGES = [
    ("DELETE FROM pg_foreign_table", "has no row in pg_foreign_table"),
    ("DELETE FROM pg_authid WHERE rolname = 'bob'", "is not in pg_authid"),
    ("UPDATE pg_class SET relacl = '{99=r/10}' WHERE relname = 'ft'", "relacl names role 99, which does not exist"),
    ("UPDATE pg_class SET relnatts = 9 WHERE relname = 'ft'", "relnatts is 9"),
    ("DELETE FROM pg_attrdef", "atthasdef, but no default"),
    ("DELETE FROM pg_foreign_server", "ftserver"),
    ("DELETE FROM pg_depend WHERE refobjid = (SELECT oid FROM pg_foreign_server)", "does not depend on server"),
    ("DELETE FROM pg_shdepend WHERE deptype = 'o'", "is not noted in pg_shdepend"),
    ("UPDATE pg_description SET objsubid = 77 WHERE description = 'c'", "names column 77"),
    ("UPDATE medley_user_mapping SET umoptions = x'00112233'", "a sealed value is damaged"),
    ("UPDATE pg_foreign_server SET srvoptions = '{host}'", "has no name"),
    ("DELETE FROM pg_type WHERE typname = 'ft'", "row type"),
    ("INSERT INTO pg_auth_members SELECT member, roleid, 10, 0 FROM pg_auth_members WHERE roleid >= 16384", "is a member of itself"),
]


def each_damage_is_found(build):
    with temporary_directory() as directory, Medley(build, directory) as medley:
        medley.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", OBJECTS, check=True)
        in_use = medley.check()
        ok("a directory in use is not checked", in_use and "is in use by another server" in in_use, in_use)
        medley.stop()
        ok("a whole catalog has no findings", medley.check() is None, medley.check())
        path = os.path.join(medley.data, "catalog.db")
        for damage, finding in DAMAGES:
            with open(path, "rb") as file:
                before = file.read()
            database = sqlite3.connect(path)
            with database:
                changed = database.execute(damage).rowcount
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.close()
            found = medley.check() or "nothing"
            ok(f"found: {damage}", changed > 0 and finding in found, found[:500])
            for suffix in ("-wal", "-shm"):
                if os.path.exists(path + suffix):
                    os.unlink(path + suffix)
            with open(path, "wb") as file:
                file.write(before)
        ok("and whole again once it is undone", medley.check() is None, medley.check())


def random_ddl(rng, who):
    """One statement; many of them fail, and should."""
    name, server = f"t{rng.randrange(6)}", f"srv{rng.randrange(3)}"
    role = f"r{rng.randrange(4)}"
    return rng.choice([
        f"CREATE ROLE {role}", f"DROP ROLE {role}", f"CREATE SERVER {server} FOREIGN DATA WRAPPER postgres_fdw",
        f"DROP SERVER {server} CASCADE", f"CREATE USER MAPPING FOR {role} SERVER {server} OPTIONS (user 'u{who}', password 'p')",
        f"DROP USER MAPPING IF EXISTS FOR {role} SERVER {server}", f"ALTER SERVER {server} OWNER TO {role}",
        f"CREATE FOREIGN TABLE {name} (a int DEFAULT 1, b text CHECK (b <> '')) SERVER {server}", f"DROP FOREIGN TABLE {name}",
        f"ALTER FOREIGN TABLE {name} ADD COLUMN c{who} int DEFAULT 2", f"ALTER FOREIGN TABLE {name} DROP COLUMN c{who}",
        f"GRANT SELECT ON {name} TO {role}", f"REVOKE ALL ON {name} FROM {role}", f"COMMENT ON FOREIGN TABLE {name} IS 'by {who}'",
        f"GRANT USAGE ON FOREIGN SERVER {server} TO {role}", f"DROP OWNED BY {role} CASCADE", f"GRANT {role} TO r{rng.randrange(4)}",
        f"ALTER FOREIGN TABLE {name} RENAME TO t{rng.randrange(6)}",
    ])


def cancel(connection):
    try:
        connection.cancel()
    except psycopg2.Error:
        pass  # the server was killed


def storm(medley, who, seed, until, done):
    rng = random.Random(seed)
    try:
        connection = psycopg2.connect(host=medley.socket_dir, port=medley.port, user="postgres", dbname="postgres")
        cursor = connection.cursor()
        while time.time() < until:
            for _ in range(rng.randrange(1, 5)):
                use_savepoint = rng.random() < 0.4
                canceller = threading.Timer(rng.random() * 0.01, cancel, (connection,)) if rng.random() < 0.1 else None
                if use_savepoint:
                    cursor.execute("SAVEPOINT s")
                try:
                    if canceller:
                        canceller.start()
                    cursor.execute(random_ddl(rng, who))
                    done.append(who)
                except psycopg2.Error:
                    if not use_savepoint:
                        break
                    cursor.execute("ROLLBACK TO s")
                finally:
                    if canceller:
                        canceller.join()
            if rng.random() < 0.7:
                connection.commit()
            else:
                connection.rollback()
    except psycopg2.Error:
        pass  # a cancel that came late, or the server was killed


def storms_leave_it_whole(build):
    with temporary_directory() as directory:
        medley, done = Medley(build, directory), []
        medley.start()
        medley.psql("-q", "-c", "CREATE EXTENSION postgres_fdw", check=True)
        findings = None
        for turn in range(ROUNDS):
            until = time.time() + SECONDS
            threads = [threading.Thread(target=storm, args=(medley, who, turn * 100 + who, until, done)) for who in range(SESSIONS)]
            for thread in threads:
                thread.start()
            time.sleep(SECONDS * 0.8)
            medley.stop(signal.SIGKILL if turn % 2 == 0 else signal.SIGTERM)
            for thread in threads:
                thread.join()
            findings = findings or medley.check()
            medley.start()
        medley.stop()
        ok(f"DDL from {SESSIONS} sessions, killed and stopped in between, leaves a whole catalog", findings is None and len(done) > 50,
           findings or f"only {len(done)} statements succeeded")


each_damage_is_found(os.environ["MEDLEY_BUILD"])
storms_leave_it_whole(os.environ["MEDLEY_BUILD"])
