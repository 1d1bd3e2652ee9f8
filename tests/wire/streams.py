"""Streams of messages sent to PostgreSQL 15 and to Medley: each answer is the same, to the byte.

First streams that were thought of, then random ones from a fixed seed (MEDLEY_STREAMS_SEED, MEDLEY_STREAMS_ROUNDS): parses, binds, describes,
executes with row limits, closes, syncs, simple queries, copy data, of statements of every kind, good and bad, in any order."""
import contextlib
import os
import random
import struct
import sys
import threading

from pgwire import FLUSH, SYNC, TERMINATE, Connection, bind, close, describe, execute, message, parse, query, string, _row
from twins import same, twins

ROUNDS = int(os.environ.get("MEDLEY_STREAMS_ROUNDS", "150"))
SEED = int(os.environ.get("MEDLEY_STREAMS_SEED", "1"))
RESET = ("ROLLBACK; TRUNCATE own, kept; ALTER SEQUENCE own_id_seq RESTART; INSERT INTO kept SELECT i, 'row ' || i FROM generate_series(1, 20) i;"
         " DROP TABLE IF EXISTS fresh; DROP VIEW IF EXISTS seen")


def send(connection, *parts):
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        connection.send(*parts)


def told(server, parts, limit=400):
    """The answer to a stream, one line a message, told to the end of the connection."""
    lines = []
    with Connection(server, 180) as c:
        c.start()
        sender = threading.Thread(target=send, args=(c, *parts, message("c"), SYNC, TERMINATE))
        sender.start()
        for kind, body in c.read_to_end():
            lines.append(in_words(kind, body))
        sender.join()
    return [line[:limit] for line in lines]


def in_words(kind, body):
    if kind in "EN":
        parts = [part.decode("utf-8", "replace") for part in body.split(b"\0") if part]
        return f"{kind} " + " | ".join(part for part in parts if part[0] not in "VFLR")
    if kind == "D":
        return f"D {_row(body)!r}"
    if kind == "T":
        texts, at = [], 2
        for _ in range(struct.unpack("!h", body[:2])[0]):
            end = body.index(b"\0", at)
            table, column, oid, size, typmod, form = struct.unpack("!IhIhih", body[end + 1:end + 19])
            texts.append(f"{body[at:end].decode()}:{'t' if table else '-'}{column}:{oid if oid < 16384 else 'own'}:{size}:{typmod}:{form}")
            at = end + 19
        return "T " + " ".join(texts)
    if kind == "t":
        return "t " + " ".join(str(o if o < 16384 else "own") for o in struct.unpack(f"!{struct.unpack('!H', body[:2])[0]}I", body[2:]))
    return f"{kind} {body!r}"


# ---- streams that were thought of ----

def one(text, rows=0, params=(), formats=(), results=()):
    return parse(text) + bind("", "", params, formats, results) + describe("P") + execute("", rows)


INT, TEXT = struct.pack("!i", 3), b"x"
RELAY = "SELECT id, name FROM items WHERE id <= $1 ORDER BY id"
KINDS = {
    "relay": "SELECT id, name FROM items WHERE id <= 5 ORDER BY id",
    "file": "SELECT * FROM notes WHERE id <= 5 ORDER BY id",
    "join": "SELECT i.id, n.text FROM items i JOIN notes n USING (id) WHERE i.id <= 5 ORDER BY 1",
    "engine": "SELECT n, n * 2 FROM generate_series(1, 5) n ORDER BY n",
    "catalog": "SELECT relname FROM pg_class WHERE relname IN ('items', 'notes', 'own', 'kept') ORDER BY 1",
    "local": "SELECT * FROM kept WHERE n <= 5 ORDER BY n",
    "values": "VALUES (1, 'a'), (2, 'b'), (3, NULL)",
    "with": "WITH w AS (SELECT generate_series(1, 4) AS n) SELECT n FROM w ORDER BY n",
    "function": "SELECT * FROM up_to(5)",
    "insert": "INSERT INTO kept VALUES (100, 'x'), (101, 'y'), (102, 'z')",
    "insert returning": "INSERT INTO own (name) VALUES ('p'), ('q'), ('r') RETURNING id, name",
    "update returning": "UPDATE kept SET t = t || '!' WHERE n <= 4 RETURNING n, t",
    "delete returning": "DELETE FROM kept WHERE n <= 4 RETURNING n",
    "writing with": "WITH w AS (INSERT INTO kept VALUES (200, 'w'), (201, 'v') RETURNING n) SELECT n FROM w ORDER BY n",
    "call": "CALL raise_it(4)",
    "call without rows": "CALL put(300, 'c')",
    "show": "SHOW datestyle",
    "show all": "SHOW work_mem",
    "set": "SET work_mem = '5MB'",
    "ddl": "CREATE TABLE fresh (a int)",
    "ctas": "CREATE TABLE fresh AS SELECT n FROM generate_series(1, 3) n",
    "select into": "SELECT n INTO fresh FROM generate_series(1, 3) n",
    "do": "DO $$ BEGIN RAISE NOTICE 'done'; END $$",
    "notice": "SELECT tells(t) FROM kept WHERE n = 1",
    "begin": "BEGIN",
    "rollback": "ROLLBACK",
    "savepoint": "SAVEPOINT s",
    "empty": "",
    "nothing": "SELECT",
    "truncate": "TRUNCATE kept",
    "declare": "DECLARE c CURSOR FOR SELECT n FROM generate_series(1, 5) n",
    "declare hold": "DECLARE h CURSOR WITH HOLD FOR SELECT n FROM generate_series(1, 5) n",
    "prepare": "PREPARE pr AS SELECT 1 AS one",
    "copy to": "COPY (VALUES (1), (2)) TO STDOUT",
    "discard": "DISCARD ALL",
    "deallocate": "DEALLOCATE ALL",
    "merge": "MERGE INTO kept k USING (VALUES (1, 'm'), (99, 'm')) v(n, t) ON k.n = v.n"
             " WHEN MATCHED THEN UPDATE SET t = v.t WHEN NOT MATCHED THEN INSERT VALUES (v.n, v.t)",
}
BINARY = {16: 1, 17: None, 18: 1, 20: 8, 21: 2, 23: 4, 25: None, 26: 4, 829: 6, 869: None, 1000: None, 1007: None,
          1009: None, 1042: None, 1043: None, 1082: 4, 1083: 8, 1114: 8, 1184: 8, 1186: 16, 1266: 12, 1560: None, 1700: None, 2950: 16,
          114: None, 3802: None, 19: None, 650: None, 774: 8, 2205: 4}


def by_kind():
    for name, text in KINDS.items():
        for rows in (0, 1, 2, -1):
            yield f"{name}, {rows} rows at a time", [parse(text), describe("S"), bind(), describe("P"), execute("", rows), execute("", rows),
                                                     execute("", 0), SYNC, execute("", 0), SYNC]
        yield f"{name}, in a block", [query("BEGIN"), parse(text, "s"), bind("p", "s"), execute("p", 1), SYNC, execute("p", 1), SYNC, describe("P", "p"),
                                      close("P", "p"), execute("p"), SYNC, query("COMMIT"), execute("p"), SYNC]
        yield f"{name}, in a failed block", [query("BEGIN; SELECT 1 / (n - 1) FROM generate_series(1, 2) n"), parse(text, "s"), SYNC, query("ROLLBACK"), parse(text, "s"), SYNC,
                                             query("BEGIN; SELECT 1 / (n - 1) FROM generate_series(1, 2) n"), describe("S", "s"), SYNC, bind("", "s"), describe("P"), execute(), SYNC]
        yield f"{name}, binary", [parse(text), bind("", "", [], [], [1]), describe("P"), execute(), SYNC, bind("", "", [], [], [1, 0, 1, 0, 1, 0, 1]), SYNC]
        yield f"{name}, twice without Sync", [one(text), one(text), one("SELECT 1 / (n - 1) FROM generate_series(1, 2) n"), one(text), SYNC, one(text, 1), one(text, 1), SYNC]
        yield f"{name}, described and closed", [parse(text, "s"), describe("S", "s"), close("S", "s"), describe("S", "s"), SYNC, bind("p", "s"), SYNC]
        yield f"{name}, with a parameter too many", [parse(text), bind("", "", [b"1"]), SYNC, parse(text, "", [23, 25]), describe("S"), SYNC]


def of_portals():
    yield "named portals across COMMIT", [query("BEGIN"), parse(RELAY, "s"), bind("p", "s", [b"5"]), execute("p", 2), SYNC, query("COMMIT"),
                                          execute("p", 2), SYNC]
    yield "named portals across ROLLBACK TO", [
        query("BEGIN"), parse(KINDS["engine"], "s"), bind("p", "s"), execute("p", 2), SYNC, query("SAVEPOINT a"), bind("q", "s"), execute("q", 1), SYNC,
        query("ROLLBACK TO a"), execute("q", 1), SYNC, query("ROLLBACK TO a"), execute("p", 1), SYNC, query("FETCH ALL FROM p"), query("COMMIT")]
    yield "cursors that are held", [query("DECLARE h CURSOR WITH HOLD FOR " + KINDS["relay"]), execute("h", 2), SYNC, describe("P", "h"), execute("h", 2), SYNC,
                                    query("FETCH 1 FROM h"), close("P", "h"), SYNC, query("FETCH 1 FROM h")]
    yield "cursors by Execute", [query("BEGIN; DECLARE c CURSOR FOR " + KINDS["engine"]), describe("P", "c"), execute("c", 2), SYNC, query("FETCH 1 FROM c"),
                                 query("MOVE 1 FROM c"), execute("c"), execute("c"), SYNC, query("CLOSE c"), execute("c"), SYNC]
    for kind, text in {"relay": RELAY, "engine": "SELECT $1::int + n FROM generate_series(1, 9) n", "local": "SELECT n, $2 FROM kept WHERE n > $1 ORDER BY n"}.items():
        others = [bind("", "o", [b"999", b"z" * 2000]) + execute("") for _ in range(8)]
        for options in ("", "SCROLL ", "NO SCROLL "):
            yield f"a cursor keeps its parameters, {kind} {options}", [
                query("BEGIN"), parse("SELECT $1::int, $2::text", "o"), parse(f"DECLARE c {options}CURSOR FOR {text}"), bind("", "", [b"4", b"kept"][:1 + ("$2" in text)]), execute(""),
                *others, one("FETCH 1 FROM c"), *others, one("FETCH 2 FROM c"), execute("c", 1), SYNC, one("FETCH ALL FROM c"), SYNC]
    yield "a binary cursor by Execute", [query("BEGIN; DECLARE c BINARY CURSOR FOR " + KINDS["engine"]), describe("P", "c"), execute("c", 1), SYNC,
                                         one("FETCH 1 FROM c"), SYNC, query("FETCH 1 FROM c")]
    yield "portals in pg_cursors", [query("BEGIN"), parse(KINDS["engine"], "s"), bind("p", "s"), execute("p", 1),
                                    one("SELECT name, statement, is_holdable, is_binary, is_scrollable FROM pg_cursors ORDER BY 1"), SYNC]
    yield "the unnamed portal ends with the next Bind", [query("BEGIN"), parse(KINDS["engine"]), bind(), execute("", 2), bind(), execute("", 2), SYNC, execute("", 9), SYNC]
    yield "the statement goes, the portal stays", [query("BEGIN"), parse(KINDS["engine"], "s"), bind("p", "s"), close("S", "s"), execute("p", 2), SYNC,
                                                   query("DEALLOCATE ALL"), execute("p", 2), SYNC]
    yield "a table goes under a portal", [query("BEGIN; CREATE TABLE fresh AS SELECT 1 AS a UNION SELECT 2"), parse("SELECT * FROM fresh ORDER BY a", "s"), bind("p", "s"), execute("p", 1),
                                          SYNC, query("ROLLBACK"), bind("p", "s"), SYNC]
    yield "a table changes under a statement", [query("CREATE TABLE fresh (a int)"), parse("SELECT * FROM fresh", "s"), SYNC, query("ALTER TABLE fresh ADD b text"), bind("p", "s"),
                                                execute("p"), SYNC, describe("S", "s"), SYNC, query("DROP TABLE fresh"), bind("p", "s"), SYNC, describe("S", "s"), SYNC]
    yield "errors inside a pipeline", [one("INSERT INTO kept VALUES (500, 'a')"), one("SELECT 1 / (n - 1) FROM generate_series(1, 2) n"), one("INSERT INTO kept VALUES (501, 'b')"), query("SELECT 1"), FLUSH, SYNC,
                                       one("SELECT count(*) FROM kept WHERE n >= 500"), SYNC]
    yield "blocks inside a pipeline", [one("BEGIN"), one("INSERT INTO kept VALUES (500, 'a')"), one("SELECT 1 / (n - 1) FROM generate_series(1, 2) n"), SYNC, one("SELECT 1"), SYNC, one("COMMIT"), SYNC,
                                       one("BEGIN"), one("COMMIT"), one("COMMIT"), SYNC, one("INSERT INTO kept VALUES (502, 'a')"), one("ROLLBACK"), SYNC,
                                       one("SELECT count(*) FROM kept WHERE n >= 500"), SYNC]
    yield "a block begun behind others", [one("INSERT INTO kept VALUES (500, 'a')"), one("BEGIN"), SYNC, one("ROLLBACK"), SYNC, one("SELECT count(*) FROM kept WHERE n >= 500"), SYNC]
    yield "savepoints in a pipeline", [one("SAVEPOINT a"), SYNC, one("SELECT 1"), one("SAVEPOINT a"), SYNC, one("RELEASE a"), SYNC, one("ROLLBACK TO a"), SYNC]
    yield "DISCARD ALL in a pipeline", [one("SELECT 1"), one("DISCARD ALL"), SYNC, one("DISCARD ALL"), one("SELECT 1"), SYNC]
    yield "a simple query within", [parse("SELECT 1"), bind(), query("SELECT 2"), execute(), SYNC, bind(), SYNC]
    yield "Close of the missing, Flush, Sync", [close("P", "x"), close("S", "x"), FLUSH, FLUSH, SYNC, SYNC, execute("x"), close("P", "x"), SYNC]
    yield "settings of several statements", [one("SET datestyle = german"), one("SELECT date '2024-01-02'"), SYNC, one("SET LOCAL datestyle = iso"), SYNC,
                                             query("BEGIN; SET LOCAL datestyle = 'sql'; COMMIT")]
    yield "many at once", [query("SELECT 1; SELECT 2; SELECT 1 / (n - 1) FROM generate_series(1, 2) n; SELECT 3"), query("BEGIN; SELECT 1; COMMIT; SELECT 2"), query("SELECT 1; BEGIN; SELECT 2"), query("COMMIT"),
                           query("INSERT INTO kept VALUES (600, 'x'); SELECT 1 / (n - 1) FROM generate_series(1, 2) n"), query("SELECT count(*) FROM kept WHERE n = 600"), query("SELECT 1; COMMIT; SELECT 2"),
                           query("SELECT 1; ROLLBACK; SELECT 2"), query("SAVEPOINT a; SELECT 1"), query(";;"), query("SELECT 1;; SELECT 2;")]


def of_parameters():
    yield "without a type", [parse("SELECT $1"), describe("S"), bind("", "", [b"a"]), describe("P"), execute(), SYNC, parse("SELECT $2"), SYNC, parse("SELECT $1 + $2"), SYNC,
                             parse("SELECT $0"), SYNC, parse("SELECT $1::int + $1::text"), SYNC]
    yield "types that are told", [parse("SELECT $1", "", [23]), describe("S"), bind("", "", [b"5"]), execute(), SYNC, parse("SELECT $2", "", [23, 25]), describe("S"), SYNC,
                                  parse("SELECT 1", "", [23]), describe("S"), bind(), SYNC, bind("", "", [b"1"]), execute(), SYNC, parse("SELECT $1", "", [705]), describe("S"), SYNC,
                                  parse("SELECT $1", "", [2278]), describe("S"), SYNC, parse("SELECT $1", "", [2276]), describe("S"), SYNC, parse("SELECT $1", "", [2249]), describe("S"), SYNC,
                                  parse("SELECT $1", "", [0]), describe("S"), SYNC]
    yield "in utility statements", [parse("SHOW $1"), SYNC, parse("SET work_mem = $1"), SYNC, parse("CREATE TABLE x AS SELECT $1::int AS a"), describe("S"), bind("", "", [b"7"]), execute(), SYNC,
                                    query("DROP TABLE x"), parse("DECLARE c CURSOR WITH HOLD FOR SELECT $1::int"), bind("", "", [b"3"]), execute(), SYNC, query("FETCH ALL FROM c"),
                                    parse("CALL raise_it($1)"), describe("S"), bind("", "", [b"3"]), describe("P"), execute(), SYNC, parse("EXPLAIN (COSTS OFF) SELECT $1::int"), describe("S"), SYNC,
                                    parse("PREPARE x AS SELECT $1::int"), describe("S"), bind(), execute(), SYNC, parse("EXECUTE x($1)"), describe("S"), bind("", "", [b"5"]), describe("P"), execute(), SYNC,
                                    parse("COPY (SELECT $1::int) TO STDOUT"), SYNC, parse("DO $1"), SYNC, parse("VALUES ($1, $2::int)"), describe("S"), SYNC]
    yield "of CALL", [query("CREATE PROCEDURE doubled(a int, OUT b int, OUT c text) LANGUAGE plpgsql AS $$BEGIN b := a * 2; c := 'c' || a; END$$"),
                      parse("CALL doubled($1, $2, $3)", "", [23, 2278, 2278]), describe("S"), bind("", "", [b"5", None, None]), describe("P"), execute(), SYNC,
                      parse("CALL doubled($1, $2, $3)"), describe("S"), bind("", "", [b"x", None, None]), SYNC, parse("CALL doubled(c => $1, b => $2, a => $3)"), describe("S"), bind("", "", [None, None, b"4"]), execute(), SYNC,
                      parse("CALL doubled($1, $2, $3)", "", [25, 0, 0]), SYNC, parse("CALL doubled($1)"), SYNC, query("DROP PROCEDURE doubled")]
    yield "in sources", [parse(RELAY), describe("S"), bind("", "", [b"3"]), execute("", 2), SYNC, bind("", "", [INT], [1]), execute(), SYNC, bind("", "", [None]), execute(), SYNC,
                         bind("", "", [b"three"]), SYNC, parse("SELECT name FROM items WHERE name = $1 AND price > $2"), describe("S"), bind("", "", [b"item 7", b"1.5"]), execute(), SYNC,
                         parse("SELECT id FROM items WHERE id = ANY($1) ORDER BY id"), describe("S"), bind("", "", [b"{1,3,NULL}"]), execute(), SYNC,
                         parse("SELECT id FROM items ORDER BY id LIMIT $1 OFFSET $2"), describe("S"), bind("", "", [b"2", b"1"]), execute(), SYNC,
                         parse("SELECT 10 / (n - $1::int) FROM kept ORDER BY n"), bind("", "", [b"3"]), execute(), SYNC,
                         parse("SELECT fine FROM items WHERE fine = $1 AND id < $2 ORDER BY id"), bind("", "", [b"\1", struct.pack("!i", 6)], [1], [1]), execute(), SYNC]
    for oid, size in BINARY.items():
        statement = parse("SELECT $1", "", [oid])
        parts = [statement, describe("S"), SYNC]
        for data in (b"", b"\0", b"\0" * 3, b"\0" * 4, b"\0" * 8, b"\0" * 12, b"\0" * 16, b"\0" * 17, b"\0" * 20, b"\xff" * 8, b"\x01" * 16, b"a\0b", b"\xff",
                     b"\xff" * (size or 5), b"\x7f" + b"\xff" * ((size or 5) - 1)):
            parts += [bind("", "", [data], [1], [0]), execute(), SYNC, bind("", "", [data], [1], [1]), execute(), SYNC]
        yield f"binary values of type {oid}", parts
    zero = [bind("", "", [b"a\0b"]), SYNC, bind("", "", [b"\xff"]), SYNC, bind("", "", [b"\xed\xa0\x80"]), SYNC, bind("", "", [b"\xc3"]), SYNC, bind("", "", [b"x"], [2]), SYNC,
            bind("", "", [b"x"], [0, 0]), SYNC, bind("", "", [b"x"], [0], [0, 0]), SYNC, bind("", "", []), SYNC, bind("", "", [b"1", b"2"]), SYNC]
    yield "bytes that are no text", [parse("SELECT $1::text"), *zero]
    for count in (1000, 65535):
        text = "SELECT " + " + ".join(f"${i + 1}::int" for i in range(0, count, count // 50)) if count > 50 else ""
        yield f"{count} parameters", [parse(text, "", [23] * 10), message("D", b"S\0"), SYNC]


def many_params():
    """Bind with as many as there can be."""
    count = 65535
    body = string("") + string("") + struct.pack("!H", 0) + struct.pack("!H", count) + struct.pack("!i", 1) * 0
    body += b"".join(struct.pack("!i", 1) + b"1" for _ in range(count)) + struct.pack("!h", 0)
    text = "SELECT count(*), max(v) FROM (VALUES " + ", ".join(f"(${i + 1}::int)" for i in range(count)) + ") x(v)"
    return parse(text) + message("B", body) + execute()


def of_copy():
    row = message("d", b"900\tx\n")
    copy = query("COPY kept FROM STDIN")
    count = query("SELECT count(*), min(t) FROM kept WHERE n >= 900")
    yield "CopyFail", [copy, row, message("f", string("no more")), count, copy, message("f", string("")), count]
    yield "CopyFail in a block", [query("BEGIN"), copy, row, message("f", string("no")), count, query("ROLLBACK"), count]
    yield "CopyDone at once", [copy, message("c"), count]
    yield "data in pieces", [copy, message("d", b"90"), message("d", b"0\t"), message("d", b"piece"), message("d", b""), message("d", b"\n"), message("c"), count]
    yield "the end marked", [copy, row, message("d", b"\\.\n"), row, message("c"), count]
    yield "bad data, then more", [copy, message("d", b"x\ty\n"), row, row, message("c"), count, copy, message("d", b"1\n"), message("c"), copy, message("d", b"1\t2\t3\n"), message("c"), count]
    yield "bad bytes", [copy, message("d", b"900\t\xff\n"), message("c"), copy, message("d", b"900\ta\0b\n"), message("c"), count]
    yield "other messages within", [copy, row, FLUSH, SYNC, row, message("c"), count]
    yield "a query within", [copy, row, query("SELECT 1"), message("c"), count]
    yield "a parse within", [copy, row, parse("SELECT 1"), SYNC, count]
    yield "by the extended protocol", [parse("COPY kept FROM STDIN"), describe("S"), bind(), describe("P"), execute(), SYNC, row, message("c"), SYNC, count,
                                       parse("COPY kept FROM STDIN"), bind(), execute(), row, message("c"), SYNC, count]
    yield "failing by the extended protocol", [parse("COPY kept FROM STDIN"), bind(), execute(), row, message("f", string("why")), parse("SELECT 1"), SYNC, count]
    yield "out by the extended protocol", [parse("COPY kept TO STDOUT"), describe("S"), bind(), describe("P"), execute("", 3), SYNC]
    yield "two in one message", [query("COPY kept FROM STDIN; COPY kept FROM STDIN"), row, message("c"), row, message("c"), count]
    yield "then a failure", [query("COPY kept FROM STDIN; SELECT 1 / (n - 1) FROM generate_series(1, 2) n"), row, message("c"), count]
    header = b"PGCOPY\n\xff\r\n\0" + bytes(8)
    pair = struct.pack("!hi", 2, 4) + struct.pack("!i", 900) + struct.pack("!i", 1) + b"b"
    for name, data in {"good": header + pair + b"\xff\xff", "without an end": header + pair, "no header": pair, "a wrong signature": b"PGCOPX" + header[6:], "one column": header + struct.pack("!hi", 1, -1),
                       "a wrong length": header + struct.pack("!hi", 2, 3) + b"abc" + struct.pack("!i", -1), "a negative length": header + struct.pack("!hi", 2, -2), "cut": header + pair[:-1],
                       "data behind the end": header + b"\xff\xff" + pair, "flags": header[:11] + b"\0\1\0\0" + header[15:] + b"\xff\xff", "an extension": header[:15] + b"\0\0\0\4abcd" + pair + b"\xff\xff",
                       "nothing": b""}.items():
        yield f"binary, {name}", [query("COPY kept FROM STDIN (FORMAT binary)"), message("d", data), message("c"), count]
    yield "stray", [row, message("c"), message("f", string("x")), query("SELECT 1"), row, SYNC]


def random_stream(rng):
    statements, portals = ["", "s", "t"], ["", "p", "q"]
    texts = [*KINDS.values(), "SELECT 1 / (n - 1) FROM generate_series(1, 2) n", "SELEC", "COMMIT", "SELECT $1::int", RELAY, "FETCH 2 FROM c", "FETCH ALL FROM h", "CLOSE c", "EXECUTE pr", "RELEASE s", "ROLLBACK TO s",
             "INSERT INTO kept VALUES ($1, $2) RETURNING n", "SELECT nosuch", "COPY kept FROM STDIN"]
    parts = []
    for _ in range(rng.randrange(3, 25)):
        what = rng.random()
        if what < 0.2:
            parts.append(parse(rng.choice(texts), rng.choice(statements)))
        elif what < 0.4:
            params = [rng.choice([b"1", b"3", b"x", None]) for _ in range(rng.choice((0, 0, 0, 0, 1, 1, 2)))]
            parts.append(bind(rng.choice(portals), rng.choice(statements), params, rng.choice([[], [], [0], [1]]), rng.choice([[], [], [0], [1]])))
        elif what < 0.5:
            parts.append(describe(*rng.choice([("S", rng.choice(statements)), ("P", rng.choice(portals))])))
        elif what < 0.7:
            parts.append(execute(rng.choice([*portals, "c"]), rng.choice((0, 0, 1, 2, -1))))
        elif what < 0.74:
            parts.append(close(*rng.choice([("S", rng.choice(statements)), ("P", rng.choice([*portals, "c"]))])))
        elif what < 0.86:
            parts.append(SYNC)
        elif what < 0.88:
            parts.append(rng.choice([FLUSH, message("d", b"7\tx\n"), message("c"), message("f", string("no"))]))
        else:
            parts.append(query("; ".join(rng.choice(texts) for _ in range(rng.choice((1, 1, 1, 2, 3))))))
    return parts


def compare(servers, name, streams):
    """All the streams of a group, told as one text each way."""
    wanted, got = [], []
    for label, parts in streams:
        for server, lines in zip(servers, (wanted, got)):
            lines += [f"== {label}", *told(server, parts)]
            with Connection(server) as c:
                c.start()
                c.ask(query(RESET))
    return same(name, wanted, got, 5000 if os.environ.get("MEDLEY_STREAMS_ALL") else 60)


def main():
    with twins() as servers:
        done = [compare(servers, "statements of each kind", by_kind()),
                compare(servers, "portals", of_portals()),
                compare(servers, "parameters", of_parameters()),
                compare(servers, "65,535 parameters", [("bound", [many_params(), SYNC])]),
                compare(servers, "COPY", of_copy())]
        rng = random.Random(SEED)
        done.append(compare(servers, f"{ROUNDS} random streams", ((f"round {i}", random_stream(rng)) for i in range(ROUNDS))))
    return 0 if all(done) else 1


sys.exit(main())
