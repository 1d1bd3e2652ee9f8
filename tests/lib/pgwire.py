"""PostgreSQL's protocol by hand, for tests that must say exactly what goes over the wire, and the frame such tests run in."""
import contextlib
import os
import socket
import struct
import sys
import traceback

from servers import Medley, TEST_PORT, TOP, temporary_directory

PROTOCOL = 3 << 16
SSL_REQUEST, GSS_REQUEST, CANCEL_REQUEST = 80877103, 80877104, 80877102


def string(text):
    return (text if isinstance(text, bytes) else text.encode()) + b"\0"


def message(kind, body=b""):
    return kind.encode() + struct.pack("!i", len(body) + 4) + body


def startup_packet(params, version=PROTOCOL):
    body = struct.pack("!i", version) + b"".join(string(k) + string(v) for k, v in params) + b"\0"
    return struct.pack("!i", len(body) + 4) + body


def query(text):
    return message("Q", string(text))


def parse(text, name="", types=()):
    return message("P", string(name) + string(text) + struct.pack("!h", len(types)) + b"".join(struct.pack("!I", t) for t in types))


def bind(portal="", statement="", params=(), formats=(), results=()):
    body = string(portal) + string(statement) + struct.pack("!h", len(formats)) + b"".join(struct.pack("!h", f) for f in formats)
    body += struct.pack("!h", len(params))
    for param in params:
        body += struct.pack("!i", -1) if param is None else struct.pack("!i", len(param)) + param
    return message("B", body + struct.pack("!h", len(results)) + b"".join(struct.pack("!h", f) for f in results))


def describe(kind, name=""):
    return message("D", kind.encode() + string(name))


def execute(portal="", rows=0):
    return message("E", string(portal) + struct.pack("!i", rows))


def close(kind, name=""):
    return message("C", kind.encode() + string(name))


SYNC, FLUSH, TERMINATE = message("S"), message("H"), message("X")


def fields(body):
    """The fields of an ErrorResponse or NoticeResponse."""
    return {part[:1].decode(): part[1:].decode() for part in body.split(b"\0") if part}


class Closed(Exception):
    pass


class Connection:
    def __init__(self, server, timeout=20):
        if getattr(server, "host", None):
            self.socket = socket.create_connection((server.host, server.port), timeout)
        else:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(timeout)
            self.socket.connect(f"{server.socket_dir}/.s.PGSQL.{server.port}")
        self.parameters, self.key = {}, None

    def send(self, *parts):
        self.socket.sendall(b"".join(parts))

    def read_bytes(self, count):
        data = b""
        while len(data) < count:
            try:
                more = self.socket.recv(count - len(data))
            except ConnectionResetError:
                more = b""
            if not more:
                raise Closed()
            data += more
        return data

    def read(self):
        kind = self.read_bytes(1).decode("latin-1")
        (length,) = struct.unpack("!i", self.read_bytes(4))
        return kind, self.read_bytes(length - 4)

    def read_all(self, until="Z"):
        """Messages up to and with the first of that kind."""
        messages = []
        while not messages or messages[-1][0] != until:
            messages.append(self.read())
        return messages

    def read_to_end(self):
        messages = []
        with contextlib.suppress(Closed):
            while True:
                messages.append(self.read())
        return messages

    def start(self, user="postgres", database="postgres", **more):
        self.send(startup_packet([("user", user), ("database", database), *more.items()]))
        messages = self.read_all()
        for kind, body in messages:
            if kind == "S":
                name, value = body.split(b"\0")[:2]
                self.parameters[name.decode()] = value.decode()
            elif kind == "K":
                self.key = body
        return messages

    def ask(self, *parts):
        """Sends, and gives the transcript up to ReadyForQuery."""
        self.send(*parts)
        return transcript(self.read_all())

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()


def _row(body):
    (count,) = struct.unpack("!h", body[:2])
    at, values = 2, []
    for _ in range(count):
        (length,) = struct.unpack("!i", body[at:at + 4])
        at += 4
        values.append(None if length < 0 else body[at:at + length])
        at += max(length, 0)
    return values


def transcript(messages):
    """Messages in words: one short text each."""
    texts = []
    for kind, body in messages:
        if kind in "EN":
            f = fields(body)
            texts.append(f"{f['S']} {f['C']} {f['M']}" + (f" @{f['P']}" if "P" in f else "") +
                         (f" ({f['W']})" if "W" in f else ""))
        elif kind == "D":
            texts.append("row " + " ".join("NULL" if v is None else v.decode("utf-8", "backslashreplace") for v in _row(body)))
        elif kind == "T":
            names, at = [], 2
            for _ in range(struct.unpack("!h", body[:2])[0]):
                end = body.index(b"\0", at)
                (kind_oid,) = struct.unpack("!I", body[end + 7:end + 11])
                (form,) = struct.unpack("!h", body[end + 17:end + 19])
                names.append(f"{body[at:end].decode()}:{kind_oid}" + ("b" if form else ""))
                at = end + 19
            texts.append("columns " + " ".join(names))
        elif kind == "t":
            count = struct.unpack("!h", body[:2])[0]
            texts.append("params " + " ".join(str(o) for o in struct.unpack(f"!{count}I", body[2:])))
        elif kind == "C":
            texts.append("done " + body[:-1].decode())
        elif kind == "Z":
            texts.append("ready " + body.decode())
        elif kind == "S":
            texts.append("setting " + " = ".join(p.decode() for p in body.split(b"\0")[:2]))
        else:
            texts.append({"1": "parsed", "2": "bound", "3": "closed", "n": "no rows", "s": "suspended", "I": "empty", "c": "copied",
                          "H": "copy out", "d": "copy"}.get(kind, f"{kind} {body!r}") + (f" {body!r}" if kind == "d" else ""))
    return texts


class Running:
    """A server that somebody else has started."""

    def __init__(self, socket_dir, port):
        self.socket_dir, self.port = socket_dir, int(port)


@contextlib.contextmanager
def server(arguments=(), own=False):
    """The server of MEDLEY_SOCKET_DIR and MEDLEY_PORT, or a fresh one."""
    if not own and "MEDLEY_SOCKET_DIR" in os.environ:
        yield Running(os.environ["MEDLEY_SOCKET_DIR"], os.environ.get("MEDLEY_PORT", TEST_PORT))
        return
    build = os.environ.get("MEDLEY_BUILD") or os.path.dirname(os.environ.get("MEDLEY_BIN", os.path.join(TOP, "build", "medley")))
    with temporary_directory() as directory, Medley(build, directory, arguments=arguments) as medley:
        if "MEDLEY_BIN" in os.environ:
            medley.binary = os.environ["MEDLEY_BIN"]
        yield medley


def equal(got, wanted):
    if got != wanted:
        raise AssertionError("\n#   got    " + "\n#          ".join(map(str, got if isinstance(got, list) else [got])) +
                             "\n#   wanted " + "\n#          ".join(map(str, wanted if isinstance(wanted, list) else [wanted])))


def run(tests, *args):
    """Runs each test function with the arguments; prints its line; ends the program."""
    failed = 0
    for test in tests:
        name = test.__name__
        try:
            test(*args)
            print(f"ok {name}", flush=True)
        except Exception as problem:  # whatever it is, the test has failed
            failed += 1
            where = traceback.extract_tb(problem.__traceback__)
            print(f"not ok {name}: {type(problem).__name__} {problem} (line {[f.lineno for f in where if f.filename == sys.argv[0]][-1:]})",
                  flush=True)
    return failed
