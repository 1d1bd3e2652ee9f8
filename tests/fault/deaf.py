"""Clients that do not read what they have asked for, more of them than there are workers: the others are served, and once they go nothing is left."""
import os
import socket
import time

from faulty import Watcher, busy_backends, connect, wait_for
from federation import federation, ok
from pgwire import Connection, query

SOON = 5 if os.path.basename(os.environ["MEDLEY_BUILD"]) == "build" else 30
WORKERS, DEAF = 8, 12
ANSWERS = {"rows of a file": "SELECT a.id, b.text FROM notes a, notes b", "rows of a source": "SELECT a.*, b.* FROM items a, items b",
           "rows of a catalog": "SELECT a.*, b.* FROM pg_proc a, pg_proc b", "a COPY": "COPY (SELECT a.id, b.text FROM notes a, notes b) TO STDOUT"}


def open_deaf(medley, sql):
    connection = Connection(medley)
    connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.start(application_name="deaf")
    connection.send(query(sql))
    return connection


def is_served(medley):
    start = time.monotonic()
    connection = connect(medley)
    cursor = connection.cursor()
    cursor.execute("SELECT count(*) FROM notes")
    rows = cursor.fetchall()
    connection.close()
    return rows == [(1000,)] and time.monotonic() - start < SOON


def held_up(source, medley, name, sql):
    watcher = Watcher(medley)
    deaf = [open_deaf(medley, sql) for _ in range(DEAF)]
    ok(f"{DEAF} clients that do not read {name} are all being served", wait_for(lambda: watcher.active("deaf") == DEAF, SOON), watcher.active("deaf"))
    ok(f"and hold up nobody else, {name}", all(is_served(medley) for _ in range(3)))
    for connection in deaf[::2]:
        connection.close()
    watcher.ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'deaf'")
    ok(f"gone or terminated, they leave nothing behind, {name}",
       wait_for(lambda: not watcher.present("deaf") and busy_backends(source) == 0, SOON), watcher.present("deaf"))
    for connection in deaf[1::2]:
        connection.close()
    watcher.close()


with federation(arguments=("--workers", str(WORKERS))) as (source_server, medley_server, _):
    for each in ANSWERS.items():
        held_up(source_server, medley_server, *each)
