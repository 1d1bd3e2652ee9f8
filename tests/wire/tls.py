"""TLS: psql and psycopg by it, beside PostgreSQL with the same certificate; channel binding, long results, refusals, broken handshakes."""
import contextlib
import ctypes
import os
import shutil
import socket
import ssl
import struct
import subprocess
import time

import psycopg2

from pgwire import equal, run
from servers import Medley, PgCluster, psql_environment, temporary_directory

ADDRESS, PORTS = "127.0.0.1", (54384, 54385, 54383)
OBJECTS = "CREATE ROLE ann SUPERUSER LOGIN PASSWORD 'pw'; CREATE TABLE big AS SELECT i, repeat(md5(i::text), 40) t FROM generate_series(1, 20000) i"
SSL_REQUEST = struct.pack("!ii", 8, 80877103)
MODES = ("sslmode=require", "sslmode=prefer", "sslmode=disable", "sslmode=allow", "sslmode=require channel_binding=require",
         "sslmode=require channel_binding=disable", "sslmode=disable channel_binding=require",
         "sslmode=require ssl_max_protocol_version=TLSv1.2 channel_binding=require",
         "sslmode=require ssl_min_protocol_version=TLSv1 ssl_max_protocol_version=TLSv1.1")


def make_certificate(directory, kind="rsa"):
    paths = [os.path.join(directory, name) for name in ("cert.pem", "key.pem")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", kind, "-pkeyopt", "rsa_keygen_bits:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                    f"subjectAltName=DNS:localhost,IP:{ADDRESS}", "-out", paths[0], "-keyout", paths[1]], check=True, capture_output=True)
    os.chmod(paths[1], 0o600)
    return paths


@contextlib.contextmanager
def both():
    """PostgreSQL that lets nobody in over TCP without TLS, Medley that does the same, and their certificate."""
    with temporary_directory() as directory:
        homes = [os.path.join(directory, name) for name in ("postgresql", "medley")]
        for home in homes:
            os.mkdir(home)
        certificate, key = make_certificate(directory)
        their_key = shutil.copy(key, os.path.join(homes[0], "key.pem"))
        if os.getuid() == 0:
            shutil.chown(their_key, "postgres", "postgres")
        os.chmod(their_key, 0o600)
        settings = [f"listen_addresses={ADDRESS}", "ssl=on", f"ssl_cert_file={certificate}", f"ssl_key_file={their_key}"]
        arguments = ["-h", ADDRESS, "--tls-cert", certificate, "--tls-key", key, "--tls-required"]
        with PgCluster(homes[0], port=PORTS[0]) as postgresql, Medley(os.environ["MEDLEY_BUILD"], homes[1], port=PORTS[1], arguments=arguments) as medley:
            with open(os.path.join(postgresql.data, "pg_hba.conf"), "w", encoding="utf-8") as hba:
                hba.write("local all all trust\nhostssl all all all scram-sha-256\n")
            postgresql.stop()
            postgresql.settings = settings
            postgresql.start()
            for server in (postgresql, medley):
                server.psql("-q", "-v", "ON_ERROR_STOP=1", "-c", OBJECTS, check=True)
            yield postgresql, medley, certificate


def ask(server, how, *statements, text_input=None):
    """What psql says, the server's port left out."""
    command = ["psql", "-X", "-At", f"host={ADDRESS} port={server.port} user=ann dbname=postgres {how}"]
    for statement in statements:
        command += ["-c", statement]
    done = subprocess.run(command, capture_output=True, text=True, input=text_input, timeout=120, check=False,
                          env={**psql_environment(), "PGPASSWORD": "pw"})
    return (done.stdout + done.stderr).replace(f"port {server.port}", "port PORT")


def each_mode_as_postgresql(postgresql, medley, certificate):
    look = "SELECT ssl, version, cipher, bits FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    for mode in (*MODES, f"sslmode=verify-full sslrootcert={certificate} host=localhost"):
        equal((mode, ask(medley, mode, look, "SHOW ssl")), (mode, ask(postgresql, mode, look, "SHOW ssl")))


def long_rows_both_ways(postgresql, medley, certificate):
    rows = "COPY (SELECT * FROM big ORDER BY i) TO STDOUT"
    text = ask(medley, "sslmode=require", rows)
    equal(len(text), len(ask(postgresql, "sslmode=require", rows)))
    ask(medley, "sslmode=require", "CREATE TABLE again (i int, t text)", "COPY again FROM STDIN", text_input=text)
    equal(ask(medley, "sslmode=require", "SELECT count(*) FROM (TABLE big EXCEPT TABLE again) x", "SELECT count(*) FROM again"), "0\n20000\n")


def many_statements_at_once(postgresql, medley, certificate):
    """Messages that come in one record, and in many."""
    with psycopg2.connect(host=ADDRESS, port=medley.port, user="ann", password="pw", dbname="postgres", sslmode="require") as connection:
        cursor = connection.cursor()
        for length in (1, 1000, 16000, 17000, 300000):
            text = "x" * length
            cursor.execute(";".join([f"SELECT length('{text}')"] * 3))
            equal(cursor.fetchone()[0], length)
        cursor.execute("SELECT repeat('y', 5000000)")
        equal(len(cursor.fetchone()[0]), 5000000)


def cancel_by_tls(postgresql, medley, certificate):
    connection = psycopg2.connect(host=ADDRESS, port=medley.port, user="ann", password="pw", dbname="postgres", sslmode="require")
    cursor = connection.cursor()
    cursor.execute("SET statement_timeout = '300ms'")
    try:
        cursor.execute("SELECT pg_sleep(20)")
        raise AssertionError("it was not cancelled")
    except psycopg2.errors.QueryCanceled:
        connection.rollback()
    connection.close()


def what_is_sent_in_the_clear_behind_the_request_is_refused(postgresql, medley, certificate):
    context = ssl.create_default_context(cafile=certificate)
    with socket.create_connection((ADDRESS, medley.port), timeout=20) as sock:
        sock.sendall(SSL_REQUEST + b"\0\0\0\x08evil")
        equal(sock.recv(1), b"S")
        with context.wrap_socket(sock, server_hostname="localhost") as inner:
            said = inner.recv(1000)
    equal((said[:1], b"received unencrypted data after SSL request" in said, b"08P01" in said), (b"E", True, True))


def what_is_no_handshake_does_no_harm(postgresql, medley, certificate):
    for junk in (b"", b"\0" * 300, b"\x16\x03\x01\xff\xff" + b"x" * 70000, SSL_REQUEST * 3):
        with socket.create_connection((ADDRESS, medley.port), timeout=20) as sock:
            sock.sendall(SSL_REQUEST)
            equal(sock.recv(1), b"S")
            with contextlib.suppress(OSError):
                sock.sendall(junk)
                sock.shutdown(socket.SHUT_WR)
                while sock.recv(1000):
                    pass
    equal(ask(medley, "sslmode=require", "SELECT 1"), "1\n")


def who_asks_and_does_not_read_costs_no_processor(postgresql, medley, certificate):
    """Key updates that want to be answered, until neither side can send: then it is the client's turn."""
    library = ctypes.CDLL("libssl.so.3")
    for function, *types in (("TLS_client_method",), ("SSL_CTX_new", ctypes.c_void_p), ("SSL_new", ctypes.c_void_p)):
        getattr(library, function).restype, getattr(library, function).argtypes = ctypes.c_void_p, types
    context = ctypes.c_void_p(library.SSL_CTX_new(library.TLS_client_method()))
    state = ctypes.c_void_p(library.SSL_new(context))
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.settimeout(20)
        sock.connect((ADDRESS, medley.port))
        sock.sendall(SSL_REQUEST)
        equal(sock.recv(1), b"S")
        sock.setblocking(True)
        library.SSL_set_fd(state, sock.fileno())
        equal(library.SSL_connect(state), 1)
        sock.setblocking(False)
        taken, until = time.monotonic(), time.monotonic() + 40
        while time.monotonic() < min(taken + 1, until):
            library.SSL_key_update(state, 1)
            if library.SSL_do_handshake(state) == 1:
                taken = time.monotonic()
        before = processor_seconds(medley)
        time.sleep(1)
        used = processor_seconds(medley) - before
        library.SSL_free(state)
        library.SSL_CTX_free(context)
    equal((time.monotonic() < until + 1, used < 0.5 or used), (True, True))
    equal(ask(medley, "sslmode=require", "SELECT 1"), "1\n")


def processor_seconds(medley):
    with open(f"/proc/{medley.process.pid}/stat", encoding="utf-8") as file:
        user, system = file.read().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def a_handshake_that_does_not_end_holds_up_nobody(postgresql, medley, certificate):
    with contextlib.ExitStack() as stack:
        for _ in range(60):
            sock = stack.enter_context(socket.create_connection((ADDRESS, medley.port), timeout=20))
            sock.sendall(SSL_REQUEST)
            equal(sock.recv(1), b"S")
            sock.sendall(b"\x16\x03\x01\x02\x00\x01\x00")
        equal(ask(medley, "sslmode=require", "SELECT 1"), "1\n")


def no_tickets_are_given(postgresql, medley, certificate):
    for server in (postgresql, medley):
        command = ["openssl", "s_client", "-connect", f"{ADDRESS}:{server.port}", "-starttls", "postgres", "-tls1_3"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as client:
            time.sleep(0.5)
            said = client.communicate(timeout=20)[0]
        equal((server, "TLSv1.3" in said, "New Session Ticket arrived" in said), (server, True, False))


def a_key_of_rsa_pss_has_channel_binding(postgresql, medley, certificate):
    with temporary_directory() as directory:
        pair = make_certificate(directory, "rsa-pss")
        with Medley(os.environ["MEDLEY_BUILD"], directory, port=PORTS[2], arguments=["-h", ADDRESS, "--tls-cert", pair[0], "--tls-key", pair[1]]) as other:
            other.psql("-q", "-c", "CREATE ROLE ann LOGIN PASSWORD 'pw'", check=True)
            equal(ask(other, "sslmode=require channel_binding=require", "SELECT 1"), "1\n")


def the_unix_socket_has_none(postgresql, medley, certificate):
    equal([server.psql("-At", "-c", "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").stdout for server in (medley, postgresql)], ["f\n", "f\n"])


def wrong_files_are_told(postgresql, medley, certificate):
    with temporary_directory() as directory:
        aside = os.path.join(directory, "aside")
        os.mkdir(aside)
        (ours, key), (_, other) = make_certificate(directory), make_certificate(aside)
        opened = shutil.copy(key, os.path.join(aside, "opened.pem"))
        os.chmod(opened, 0o644)
        cases = [(("--tls-cert", ours), "need each other"), (("--tls-required",), "--tls-required needs"),
                 (("--tls-cert", "/nowhere", "--tls-key", key), "could not load server certificate file \"/nowhere\""),
                 (("--tls-cert", ours, "--tls-key", "/nowhere"), "could not access private key file \"/nowhere\""),
                 (("--tls-cert", ours, "--tls-key", other), "could not load private key file"),
                 (("--tls-cert", ours, "--tls-key", opened), "has group or world access"),
                 (("--tls-cert", ours, "--tls-key", directory), "is not a regular file")]
        for arguments, wanted in cases:
            done = subprocess.run([medley.binary, "serve", "-D", os.path.join(directory, "data"), "-k", directory, "-h", "", *arguments],
                                  capture_output=True, text=True, timeout=30, check=False)
            equal((done.returncode != 0, wanted in done.stderr and done.stderr), (True, done.stderr))


with both() as servers:
    raise SystemExit(run([each_mode_as_postgresql, long_rows_both_ways, many_statements_at_once, cancel_by_tls,
                          what_is_sent_in_the_clear_behind_the_request_is_refused, what_is_no_handshake_does_no_harm,
                          who_asks_and_does_not_read_costs_no_processor, a_handshake_that_does_not_end_holds_up_nobody, no_tickets_are_given,
                          a_key_of_rsa_pss_has_channel_binding, the_unix_socket_has_none, wrong_files_are_told], *servers))
