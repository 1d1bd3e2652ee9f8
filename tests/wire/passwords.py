"""SCRAM-SHA-256 over TCP: right and wrong passwords, missing roles, and exchanges by hand that break its rules."""
import base64
import hashlib
import hmac
import os
import socket
import struct
import sys

import psycopg2

from pgwire import Connection, Running, equal, message, query, run, server, startup_packet, string, transcript

REFUSED = 'FATAL 28P01 password authentication failed for user "{}"'


class Tcp(Running):
    host = "127.0.0.1"

    def __init__(self, port):
        super().__init__("", port)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Scram:
    """The client's side, one step at a time."""

    def __init__(self, tcp, user, password, nonce=None):
        self.c = Connection(tcp)
        self.user, self.password = user, password
        self.nonce = nonce or base64.b64encode(os.urandom(18)).decode()
        self.c.send(startup_packet([("user", user), ("database", "postgres")]))
        self.offer = self.c.read()

    def first(self, mechanism="SCRAM-SHA-256", gs2="n,,", bare=None):
        self.gs2 = gs2
        self.bare = bare if bare is not None else f"n=,r={self.nonce}"
        data = (gs2 + self.bare).encode()
        self.c.send(message("p", string(mechanism) + struct.pack("!i", len(data)) + data))
        return self.c.read()

    def final(self, server_first, spoil="", nonce=None, binding=None):
        parts = dict(p.split("=", 1) for p in server_first.split(","))
        salted = hashlib.pbkdf2_hmac("sha256", self.password.encode(), base64.b64decode(parts["s"]), int(parts["i"]))
        client_key = hmac.digest(salted, b"Client Key", "sha256")
        stored = hashlib.sha256(client_key).digest()
        binding = binding if binding is not None else base64.b64encode(self.gs2.encode()).decode()
        without = f"c={binding},r={nonce or parts['r']}"
        auth = f"{self.bare},{server_first},{without}".encode()
        proof = bytes(a ^ b for a, b in zip(client_key, hmac.digest(stored, auth, "sha256")))
        self.signature = hmac.digest(hmac.digest(salted, b"Server Key", "sha256"), auth, "sha256")
        self.c.send(message("p", f"{without},p={base64.b64encode(proof).decode()}{spoil}".encode()))

    def run(self):
        kind, body = self.first()
        equal((kind, struct.unpack("!i", body[:4])[0]), ("R", 11))
        self.final(body[4:].decode())
        return self.c.read()


def ended(c):
    return transcript(c.read_to_end())[-1]


def the_right_password_opens_and_the_server_proves_itself(tcp):
    s = Scram(tcp, "scram_user", "sécret 1")
    equal(s.offer, ("R", struct.pack("!i", 10) + b"SCRAM-SHA-256\0\0"))
    kind, body = s.run()
    equal((kind, body), ("R", struct.pack("!i", 12) + b"v=" + base64.b64encode(s.signature)))
    equal(s.c.read(), ("R", struct.pack("!i", 0)))
    equal(s.c.read_all()[-1], ("Z", b"I"))
    s.c.close()


def wrong_passwords_missing_roles_and_roles_without_password_look_alike(tcp):
    for user, password in (("scram_user", "wrong"), ("nobody", "x"), ("no_password", ""), ("expired", "sécret 1")):
        s = Scram(tcp, user, password)
        s.run_result = s.first()
        equal(s.run_result[0], "R")
        s.final(s.run_result[1][4:].decode())
        equal(ended(s.c), REFUSED.format(user))
        s.c.close()


def the_salt_of_a_missing_role_does_not_change(tcp):
    salts = set()
    for _ in range(3):
        s = Scram(tcp, "nobody", "x")
        salts.add(s.first()[1].split(b",")[1])
        s.c.close()
    equal(len(salts), 1)


def broken_exchanges_are_refused(tcp):
    def first(**kwargs):
        s = Scram(tcp, "scram_user", "sécret 1")
        kind, body = s.first(**kwargs)
        got = transcript([(kind, body)])[0]
        s.c.close()
        return got
    malformed = "FATAL 08P01 malformed SCRAM message"
    equal(first(mechanism="PLAIN"), "FATAL 08P01 client selected an invalid SASL authentication mechanism")
    equal(first(gs2="p=tls-server-end-point,,"), malformed)
    equal(first(gs2="n,a=other,"), malformed)
    equal(first(bare="x"), malformed)
    equal(first(bare="n=,r="), malformed)
    equal(first(bare="n=,r=a\tb"), malformed)

    def final(**kwargs):
        s = Scram(tcp, "scram_user", "sécret 1")
        s.final(s.first()[1][4:].decode(), **kwargs)
        got = ended(s.c)
        s.c.close()
        return got
    equal(final(spoil="x"), malformed)
    equal(final(nonce="other"), "FATAL 08P01 invalid SCRAM response")
    equal(final(binding="eSws"), "FATAL 08P01 unexpected SCRAM channel-binding attribute in client-final-message")
    s = Scram(tcp, "scram_user", "x")
    s.c.send(query("SHOW datestyle"))
    equal(ended(s.c), "FATAL 08P01 expected SASL response, got message type 81")
    s = Scram(tcp, "scram_user", "x")
    s.c.send(b"p" + struct.pack("!i", 100000))
    equal(ended(s.c), "FATAL 08P01 invalid message length")


def psycopg2_logs_in(tcp):
    connection = psycopg2.connect(host=tcp.host, port=tcp.port, user="scram_user", password="sécret 1", dbname="postgres")
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_authorization")
        equal(cursor.fetchone(), ("scram_user",))
    connection.close()


def who_does_not_answer_holds_up_nobody(tcp):
    """More half logins than the catalog has readers."""
    waiting = []
    for i in range(280):
        waiting.append(Connection(tcp))
        waiting[-1].send(startup_packet([("user", f"nobody{i}"), ("database", "postgres")]))
    for c in waiting:
        equal(c.read()[0], "R")
    with Connection(medley) as c:
        c.start()
        equal(c.ask(query("SELECT count(*) > 400 FROM pg_class"))[1:2], ["row t"])
    for c in waiting:
        c.close()


def a_restart_does_not_tell_which_roles_there_are(tcp):
    def salts():
        return [Scram(tcp, user, "x").first()[1].split(b",")[1] for user in ("scram_user", "no_password", "nobody")]

    before = salts()
    medley.stop()
    medley.start()
    equal(salts(), before)


PORT = free_port()
with server(["-h", "127.0.0.1", "-p", str(PORT)], own=True) as medley:
    medley.port = PORT
    with Connection(medley) as admin:
        admin.start()
        for text in ("CREATE ROLE scram_user LOGIN PASSWORD 'sécret 1'", "CREATE ROLE no_password LOGIN",
                     "CREATE ROLE expired LOGIN PASSWORD 'sécret 1' VALID UNTIL '2001-01-01'"):
            equal(admin.ask(query(text)), ["done CREATE ROLE", "ready I"])
    FAILED = run([the_right_password_opens_and_the_server_proves_itself,
                  wrong_passwords_missing_roles_and_roles_without_password_look_alike,
                  the_salt_of_a_missing_role_does_not_change, broken_exchanges_are_refused, psycopg2_logs_in,
                  who_does_not_answer_holds_up_nobody, a_restart_does_not_tell_which_roles_there_are], Tcp(PORT))
sys.exit(1 if FAILED else 0)
