"""TLS: psql and psycopg by it, beside PostgreSQL with the same certificate; channel binding, long results, refusals, broken handshakes."""
import contextlib
import os
import shutil
import socket
import ssl
import struct
import subprocess

import psycopg2

from pgwire import equal, run
from servers import Medley, PgCluster, psql_environment, temporary_directory

ADDRESS, PORTS = "127.0.0.1", (54384, 54385)
OBJECTS = "CREATE ROLE ann SUPERUSER LOGIN PASSWORD 'pw'; CREATE TABLE big AS SELECT i, repeat(md5(i::text), 40) t FROM generate_series(1, 20000) i"
SSL_REQUEST = struct.pack("!ii", 8, 80877103)
MODES = ("sslmode=require", "sslmode=prefer", "sslmode=disable", "sslmode=allow", "sslmode=require channel_binding=require",
         "sslmode=require channel_binding=disable", "sslmode=disable channel_binding=require",
         "sslmode=require ssl_max_protocol_version=TLSv1.2 channel_binding=require",
         "sslmode=require ssl_min_protocol_version=TLSv1 ssl_max_protocol_version=TLSv1.1")


def make_certificate(directory):
    paths = [os.path.join(directory, name) for name in ("cert.pem", "key.pem")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
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
                 (("--tls-cert", ours, "--tls-key", opened), "has group or world access")]
        for arguments, wanted in cases:
            done = subprocess.run([medley.binary, "serve", "-D", os.path.join(directory, "data"), "-k", directory, "-h", "", *arguments],
                                  capture_output=True, text=True, timeout=30, check=False)
            equal((done.returncode != 0, wanted in done.stderr and done.stderr), (True, done.stderr))


with both() as servers:
    raise SystemExit(run([each_mode_as_postgresql, long_rows_both_ways, many_statements_at_once, cancel_by_tls,
                          what_is_sent_in_the_clear_behind_the_request_is_refused, what_is_no_handshake_does_no_harm,
                          the_unix_socket_has_none, wrong_files_are_told], *servers))
