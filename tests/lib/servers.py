"""Servers that tests and benchmarks start for themselves: PostgreSQL clusters and Medley, each in a temporary directory, on Unix sockets."""
import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

PG_BIN = "/usr/lib/postgresql/15/bin"
TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TEST_PORT = 54399  # names the socket file only: nothing listens on TCP unless a test asks


# A test that is told to end leaves nothing behind: its context managers run. One that is killed takes its servers with it.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
_libc = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


def die_with_parent():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def as_server_user(command):
    """PostgreSQL refuses to run as root: then it runs as `postgres`."""
    user = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.getuid() == 0 else []
    return ["setpriv", "--pdeathsig", "INT", *user, *command]


@contextlib.contextmanager
def temporary_directory():
    path = tempfile.mkdtemp(prefix="medley-test-")
    os.chmod(path, 0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _own(path):
    if os.getuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(path, user.pw_uid, user.pw_gid)


class PgCluster:
    """A fresh PostgreSQL 15 cluster: superuser postgres, C.UTF-8, Unix socket in `socket_dir`, no TCP. Trusts everyone but the members of a
    role called needs_password, when there is one: postgres_fdw takes a non-superuser only where a password is asked for."""

    def __init__(self, directory, port=TEST_PORT, settings=()):
        self.directory, self.port = directory, port
        self.socket_dir = directory
        self.data = os.path.join(directory, "data")
        self.settings = list(settings)
        self.process = None

    def __enter__(self):
        _own(self.directory)
        subprocess.run(as_server_user([f"{PG_BIN}/initdb", "-D", self.data, "-U", "postgres", "--locale=C.UTF-8", "-E", "UTF8",
                                       "-A", "trust", "--no-sync"]), check=True, stdout=subprocess.DEVNULL, cwd="/")
        hba = os.path.join(self.data, "pg_hba.conf")
        with open(hba, encoding="utf-8") as file:
            rules = file.read()
        with open(hba, "w", encoding="utf-8") as file:
            file.write("local all +needs_password scram-sha-256\n" + rules)
        self.start()
        return self

    def start(self):
        command = [f"{PG_BIN}/postgres", "-D", self.data, "-k", self.socket_dir, "-p", str(self.port), "-c", "listen_addresses=",
                   "-c", "fsync=off", "-c", "max_prepared_transactions=10"]
        for setting in self.settings:
            command += ["-c", setting]
        self.log = open(os.path.join(self.directory, "log"), "ab")
        self.process = subprocess.Popen(as_server_user(command), stdout=self.log, stderr=self.log, cwd="/")
        wait_until_ready(self, self.process)

    def __exit__(self, *exc):
        self.stop()

    def stop(self, how=signal.SIGINT):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(timeout=60)
        self.log.close()

    def psql(self, *args, **kwargs):
        return psql(self, *args, **kwargs)


class Medley:
    """A Medley on a fresh data directory (or an existing one, restarted). Superuser postgres unless told otherwise."""

    def __init__(self, build, directory, port=TEST_PORT, arguments=(), superuser="postgres", env=None):
        self.binary = os.path.join(build, "medley")
        self.directory, self.port = directory, port
        self.socket_dir = directory
        self.data = os.path.join(directory, "data")
        self.arguments = list(arguments)
        self.superuser = superuser
        self.env = env
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def start(self):
        command = [self.binary, "serve", "-D", self.data, "-p", str(self.port), "-h", "", "-k", self.socket_dir, "-U", self.superuser,
                   *self.arguments]
        self.log_path = os.path.join(self.directory, "medley.log")
        self.log = open(self.log_path, "ab")
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, cwd="/", env=self.env, preexec_fn=die_with_parent)
        self.ready_line = self.process.stdout.readline().decode().strip()
        if not self.ready_line:
            self.process.wait(timeout=30)
            raise RuntimeError(f"medley did not start (exit {self.process.returncode}); its log:\n{open(self.log_path).read()[-4000:]}")

    def __exit__(self, kind, *exc):
        code = self.stop()
        # A sanitizer's report or a crash shows in the exit status: no test may overlook it.
        if kind is None and code not in (0, -signal.SIGKILL):
            raise RuntimeError(f"medley ended with {code}; its log:\n{open(self.log_path, errors='replace').read()[-4000:]}")
        # Nor may one leave a catalog behind that is not whole.
        findings = self.check() if kind is None else None
        if findings:
            raise RuntimeError(f"medley check: {findings[:4000]}")

    def check(self):
        """What `medley check` finds in the data directory, as one text; None: the catalog is whole."""
        key = [a for at, a in enumerate(self.arguments) if a == "--key-file" or (at and self.arguments[at - 1] == "--key-file")]
        done = subprocess.run([self.binary, "check", "-D", self.data, *key], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=120, check=False)
        return None if done.returncode == 0 else done.stdout

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()
        self.log.close()
        return self.process.returncode

    def psql(self, *args, **kwargs):
        return psql(self, *args, **kwargs)


def wait_until_ready(server, process):
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"server ended with {process.returncode}: see {server.directory}/log")
        if subprocess.run([f"{PG_BIN}/pg_isready", "-q", "-h", server.socket_dir, "-p", str(server.port)], check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError("server is not ready after 30 s")


def psql_environment():
    """psql's output must not depend on who runs the tests."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    env.update(LC_ALL="C.UTF-8", TZ="UTC", PAGER="cat", PSQLRC="/dev/null", PGCLIENTENCODING="UTF8")
    return env


def psql(server, *args, user="postgres", database="postgres", timeout=300, check=False, text_input=None):
    """Runs psql; gives the CompletedProcess, output and errors in one text."""
    command = ["/usr/lib/postgresql/15/bin/psql", "-X", "-h", server.socket_dir, "-p", str(server.port), "-U", user, "-d", database, *args]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=psql_environment(), timeout=timeout, cwd="/",
                          input=text_input, text=True, errors="replace", **({} if text_input is not None else {"stdin": subprocess.DEVNULL}))
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(args)}: {done.stdout}")
    return done
