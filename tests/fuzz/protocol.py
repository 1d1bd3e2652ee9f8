"""10,000 random byte strings and 10,000 mutated protocol streams, from a fixed seed: the server stays up and goes on answering."""
import os
import random
import socket
import struct
import sys
import threading
import time

from pgwire import SYNC, Connection, bind, close, describe, equal, execute, message, parse, query, run, server, startup_packet, string

ROUNDS = int(os.environ.get("MEDLEY_FUZZ_ROUNDS", "10000"))
SEED = int(os.environ.get("MEDLEY_FUZZ_SEED", "1"))
LIMIT_SECONDS = 240
START = startup_packet([("user", "postgres"), ("database", "postgres"), ("application_name", "fuzz")])
# Statements that end at once whatever a mutation makes of their numbers.
STREAMS = [
    [query("SHOW datestyle")],
    [query("BEGIN; SET work_mem = '5MB'; SHOW work_mem; SAVEPOINT a; ROLLBACK TO a; COMMIT")],
    [query("SELECT 1, 'x', NULL"), query("SELECT nosuch FROM pg_class")],
    [query("SELECT relname, relkind FROM pg_class WHERE oid = 1259")],
    [parse("SHOW work_mem", "s"), describe("S", "s"), bind("p", "s"), describe("P", "p"), execute("p", 1), close("P", "p"), close("S", "s"), SYNC],
    [parse("SELECT $1::int + 1, $2::text", "", (23, 25)), bind("", "", [b"41", b"x"], [0, 0], [1, 0]), describe("P"), execute("", 1), SYNC],
    [parse("SELECT $1::int", "", (23,)), bind("", "", [struct.pack("!i", 7)], [1], [1]), execute(), SYNC],
    [query("COPY (SELECT 1, 'a,b') TO STDOUT (FORMAT csv, HEADER)"), message("d", b"data"), message("c")],
    [query("DECLARE c CURSOR FOR SELECT 1"), query("BEGIN; DECLARE c CURSOR FOR SELECT 1; FETCH ALL FROM c; CLOSE c; COMMIT")],
    [query("CREATE SCHEMA fuzz; DROP SCHEMA fuzz"), query("CREATE ROLE fuzz PASSWORD 'x'; DROP ROLE fuzz")],
    [message("p", string("SCRAM-SHA-256")), message("f", string("no")), message("H"), SYNC, message("X")],
]


def talk(medley, data):
    """Sends it all, hangs up, and does not wait for what the server makes of it."""
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(10)
    try:
        s.connect(f"{medley.socket_dir}/.s.PGSQL.{medley.port}")
        s.sendall(data)
        s.shutdown(socket.SHUT_WR)
        while s.recv(65536):
            pass
    except (BrokenPipeError, ConnectionResetError):
        pass
    finally:
        s.close()


def random_bytes(rng):
    length = rng.choice((1, 4, 8, 16, 64, 300))
    data = rng.randbytes(length)
    shape = rng.random()
    if shape < 0.3:  # a believable length word
        return struct.pack("!i", length + 4) + data
    if shape < 0.5:
        return struct.pack("!ii", length + 8, 3 << 16) + data
    if shape < 0.8:  # random messages of a session
        kind = rng.choice(b"QPBDECHSXFpdcf\0Z")
        return START + bytes([kind]) + struct.pack("!i", length + 4) + data
    return START + data


def mutate(rng, data):
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        how, at = rng.random(), rng.randrange(len(data))
        if how < 0.4:
            data[at] = rng.randrange(256)
        elif how < 0.55:
            data[at] ^= 1 << rng.randrange(8)
        elif how < 0.7:
            del data[at:at + rng.randrange(1, 8)]
        elif how < 0.85:
            data[at:at] = rng.randbytes(rng.randrange(1, 8))
        else:
            other = rng.randrange(len(data))
            data[at:at + 4] = data[other:other + 4]
        if not data:
            data = bytearray(b"\0")
    return bytes(data)


def mutated_stream(rng):
    stream = b"".join(rng.choice(STREAMS)) + b"".join(rng.choice(STREAMS))
    return mutate(rng, START + stream) if rng.random() < 0.2 else START + mutate(rng, stream)


def hammer(medley, make, name):
    """Half of the rounds on each of two threads."""
    problems, done = [], [0]
    until = time.monotonic() + LIMIT_SECONDS

    def work(seed):
        rng = random.Random(seed)
        try:
            for _ in range(ROUNDS // 2):
                talk(medley, make(rng))
                done[0] += 1
                if time.monotonic() > until:
                    problems.append(f"{name}: only {done[0]} rounds in {LIMIT_SECONDS} s")
                    return
        except Exception as problem:  # a server that is gone, or does not answer
            problems.append(repr(problem))
    threads = [threading.Thread(target=work, args=(f"{name}{SEED}{i}",)) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    equal(problems, [])
    print(f"# {name}: {done[0]} rounds", flush=True)
    with Connection(medley) as c:
        c.start()
        equal(c.ask(query("SHOW intervalstyle")), ["columns IntervalStyle:25", "row postgres", "done SHOW", "ready I"])


def random_bytes_do_no_harm(medley):
    hammer(medley, random_bytes, "random bytes")


def mutated_streams_do_no_harm(medley):
    hammer(medley, mutated_stream, "mutated streams")


def nothing_is_left_behind(medley):
    """No session stays, and no file descriptor."""
    if not hasattr(medley, "process"):
        return
    for _ in range(100):
        open_files = len(os.listdir(f"/proc/{medley.process.pid}/fd"))
        if open_files < 40:
            break
        time.sleep(0.1)
    equal(open_files < 40, True)


with server(["--log-level", "error"]) as medley_server:
    FAILED = run([random_bytes_do_no_harm, mutated_streams_do_no_harm, nothing_is_left_behind], medley_server)
sys.exit(1 if FAILED else 0)
