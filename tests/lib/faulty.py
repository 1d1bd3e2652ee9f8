"""What fault tests share: connections, errors in words, waiting for a state of things."""
import contextlib
import os
import socket
import struct
import subprocess
import tempfile
import time

import psycopg2


def connect(medley, user="postgres", name="", **more):
    connection = psycopg2.connect(host=medley.socket_dir, port=medley.port, user=user, dbname="postgres", application_name=name, **more)
    connection.autocommit = True
    return connection


def error_of(action):
    """The error an action ends with, or None."""
    try:
        action()
    except psycopg2.Error as error:
        return error
    return None


def state_of(action):
    error = error_of(action)
    return error and (error.pgcode or str(error))


def wait_for(condition, seconds=10.0):
    """The first true value of the condition; its last one when the time is up."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > end:
            return value
        time.sleep(0.02)


def busy_backends(source):
    return int(source.psql("-At", "-c", "SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle' AND pid <> pg_backend_pid()"
                           " AND backend_type = 'client backend'").stdout)


class Watcher:
    """A session that looks at the others."""

    def __init__(self, medley):
        self.connection = connect(medley, name="watcher")
        self.cursor = self.connection.cursor()

    def ask(self, sql, *args):
        self.cursor.execute(sql, args)
        return self.cursor.fetchone()[0]

    def active(self, name):
        """How many sessions of that application_name run a statement."""
        return self.ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND state = 'active'", name)

    def present(self, name):
        return self.ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", name)

    def close(self):
        self.connection.close()


def vanish(connection):
    """Cuts the socket under the driver, as a client that dies does."""
    sock = socket.socket(fileno=os.dup(connection.fileno()))
    sock.shutdown(socket.SHUT_RDWR)
    sock.close()


def reset(sock):
    """Ends a connection by RST where the transport has one."""
    if sock.family != socket.AF_UNIX:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


@contextlib.contextmanager
def small_disk(what, megabytes=16):
    """A tmpfs of so many MB; None, with a line that says so, where none can be mounted."""
    with tempfile.TemporaryDirectory(prefix="medley-test-") as mount:
        if os.getuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", mount], capture_output=True, check=False).returncode:
            print(f"skip {what}: no tmpfs can be mounted here")
            yield None
            return
        try:
            yield mount
        finally:
            subprocess.run(["umount", "-l", mount], check=False)
