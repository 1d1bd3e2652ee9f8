"""Simple and extended queries, message by message; malformed, truncated and oversized ones."""
import os
import struct
import sys

from pgwire import (FLUSH, SYNC, TERMINATE, Connection, bind, close, describe, equal, execute, message, parse, query, run, server, string,
                    transcript)


def connect(medley):
    c = Connection(medley)
    c.start()
    return c


# ---- simple ----

def simple_query_answers_in_order(medley):
    with connect(medley) as c:
        equal(c.ask(query("SHOW intervalstyle")), ["columns IntervalStyle:25", "row postgres", "done SHOW", "ready I"])
        equal(c.ask(query("BEGIN; SHOW intervalstyle; COMMIT")),
              ["done BEGIN", "columns IntervalStyle:25", "row postgres", "done SHOW", "done COMMIT", "ready I"])


def empty_queries(medley):
    with connect(medley) as c:
        for text in ("", ";", " ; ; ", "-- comment", "/* comment */"):
            equal(c.ask(query(text)), ["empty", "ready I"])


def an_error_ends_the_message(medley):
    with connect(medley) as c:
        equal(c.ask(query("SHOW intervalstyle; SHOW nosuch; SHOW datestyle")),
              ["columns IntervalStyle:25", "row postgres", "done SHOW", 'ERROR 42704 unrecognized configuration parameter "nosuch"', "ready I"])
        equal(c.ask(query("SHOW intervalstyle; SELEC 1")), ['ERROR 42601 syntax error at or near "SELEC" @21', "ready I"])


def positions_count_characters(medley):
    with connect(medley) as c:
        equal(c.ask(query("/* äöü€𝄞 */ SELEC")), ['ERROR 42601 syntax error at or near "SELEC" @13', "ready I"])


def transaction_status_is_told(medley):
    with connect(medley) as c:
        equal(c.ask(query("BEGIN")), ["done BEGIN", "ready T"])
        equal(c.ask(query("SHOW nosuch")), ['ERROR 42704 unrecognized configuration parameter "nosuch"', "ready E"])
        equal(c.ask(query("SHOW datestyle")),
              ["ERROR 25P02 current transaction is aborted, commands ignored until end of transaction block", "ready E"])
        equal(c.ask(query("")), ["empty", "ready E"])
        equal(c.ask(query("COMMIT")), ["done ROLLBACK", "ready I"])


def text_must_be_utf8(medley):
    with connect(medley) as c:
        equal(c.ask(query(b"SHOW \xff")), ['ERROR 22021 invalid byte sequence for encoding "UTF8": 0xff', "ready I"])
        equal(c.ask(query(b"SHOW \xc3(")), ['ERROR 22021 invalid byte sequence for encoding "UTF8": 0xc3 0x28', "ready I"])


# ---- extended ----

def extended_query_of_a_utility_statement(medley):
    with connect(medley) as c:
        equal(c.ask(parse("SHOW intervalstyle"), describe("S"), bind(), describe("P"), execute(), SYNC),
              ["parsed", "params ", "columns IntervalStyle:25", "bound", "columns IntervalStyle:25", "row postgres", "done SHOW", "ready I"])
        equal(c.ask(parse("SET work_mem = '5MB'"), bind(), describe("P"), execute(), SYNC), ["parsed", "bound", "no rows", "done SET", "ready I"])
        equal(c.ask(parse(""), bind(), describe("P"), execute(), SYNC), ["parsed", "bound", "no rows", "empty", "ready I"])


def errors_skip_to_sync(medley):
    with connect(medley) as c:
        equal(c.ask(parse("SHOW nosuch"), bind(), execute(), parse("SHOW datestyle"), SYNC),
              ['ERROR 42704 unrecognized configuration parameter "nosuch"', "ready I"])
        equal(c.ask(bind("", "nosuch"), execute(), SYNC), ['ERROR 26000 prepared statement "nosuch" does not exist', "ready I"])
        equal(c.ask(bind(), SYNC), ["ERROR 26000 unnamed prepared statement does not exist", "ready I"])
        equal(c.ask(execute("nosuch"), SYNC), ['ERROR 34000 portal "nosuch" does not exist', "ready I"])
        equal(c.ask(describe("P", "nosuch"), SYNC), ['ERROR 34000 portal "nosuch" does not exist', "ready I"])
        equal(c.ask(parse("SHOW a.b; SHOW a.c"), SYNC), ["ERROR 42601 cannot insert multiple commands into a prepared statement", "ready I"])
        equal(c.ask(query("SHOW nosuch"), SYNC), ['ERROR 42704 unrecognized configuration parameter "nosuch"', "ready I"])
        equal(transcript(c.read_all()), ["ready I"])
        equal(c.ask(parse("SHOW nosuch"), query("SHOW datestyle"), message("f", string("x")), SYNC),
              ['ERROR 42704 unrecognized configuration parameter "nosuch"', "ready I"])


def named_statements_and_portals(medley):
    with connect(medley) as c:
        equal(c.ask(parse("SHOW datestyle", "s"), SYNC), ["parsed", "ready I"])
        equal(c.ask(parse("SHOW datestyle", "s"), SYNC), ['ERROR 42P05 prepared statement "s" already exists', "ready I"])
        equal(c.ask(bind("p", "s"), bind("p", "s"), SYNC), ["bound", 'ERROR 42P03 cursor "p" already exists', "ready I"])
        equal(c.ask(bind("p", "s"), execute("p"), SYNC), ["bound", "row ISO, MDY", "done SHOW", "ready I"])
        equal(c.ask(execute("p"), SYNC), ['ERROR 34000 portal "p" does not exist', "ready I"])
        equal(c.ask(close("S", "s"), close("S", "s"), close("P", "nosuch"), SYNC), ["closed", "closed", "closed", "ready I"])
        equal(c.ask(bind("", "s"), SYNC), ['ERROR 26000 prepared statement "s" does not exist', "ready I"])


def flush_sends_what_there_is(medley):
    with connect(medley) as c:
        c.send(parse("SHOW datestyle"), FLUSH)
        equal(c.read(), ("1", b""))
        c.send(bind(), execute(), FLUSH)
        equal(transcript([c.read(), c.read(), c.read()]), ["bound", "row ISO, MDY", "done SHOW"])
        equal(c.ask(SYNC), ["ready I"])


def a_block_in_the_extended_protocol(medley):
    def one(text):
        return parse(text) + bind() + execute()
    with connect(medley) as c:
        equal(c.ask(one("BEGIN"), SYNC), ["parsed", "bound", "done BEGIN", "ready T"])
        equal(c.ask(one("SET LOCAL work_mem = '9MB'"), SYNC), ["parsed", "bound", "done SET", "ready T"])
        equal(c.ask(one("SHOW nosuch"), SYNC), ['ERROR 42704 unrecognized configuration parameter "nosuch"', "ready E"])
        equal(c.ask(one("SHOW work_mem"), SYNC),
              ["ERROR 25P02 current transaction is aborted, commands ignored until end of transaction block", "ready E"])
        equal(c.ask(one("ROLLBACK"), SYNC), ["parsed", "bound", "done ROLLBACK", "ready I"])
        equal(c.ask(one("COMMIT"), SYNC), ["parsed", "bound", "WARNING 25P01 there is no transaction in progress", "done COMMIT", "ready I"])


def many_messages_at_once(medley):
    with connect(medley) as c:
        c.send(query("SHOW datestyle") * 500)
        for _ in range(500):
            equal(transcript(c.read_all()), ["columns DateStyle:25", "row ISO, MDY", "done SHOW", "ready I"])


def parameters_in_text_and_binary(medley):
    with connect(medley) as c:
        equal(c.ask(parse("SELECT $1::int + 1 AS a, $2::text AS b"), describe("S"), bind("", "", [b"41", None]), execute(), SYNC),
              ["parsed", "params 23 25", "columns a:23 b:25", "bound", "row 42 NULL", "done SELECT 1", "ready I"])
        equal(c.ask(bind("", "", [struct.pack("!i", 6), b"x"], [1, 0], [0, 1]), describe("P"), execute(), SYNC),
              ["bound", "columns a:23 b:25b", "row 7 x", "done SELECT 1", "ready I"])
        equal(c.ask(bind("", "", [struct.pack("!i", 6), b"x"], [1], [1]), execute(), SYNC),
              ["bound", "row \x00\x00\x00\x07 x", "done SELECT 1", "ready I"])
        equal(c.ask(bind("", "", [b"abc", b"x"]), SYNC), ["ERROR 22P02 invalid input syntax for type integer: \"abc\" (unnamed portal parameter $1 = '...')", "ready I"])
        equal(c.ask(bind("", "", [b"1"]), SYNC),
              ['ERROR 08P01 bind message supplies 1 parameters, but prepared statement "" requires 2', "ready I"])
        equal(c.ask(bind("", "", [b"1", b"2"], [0, 0, 0]), SYNC),
              ["ERROR 08P01 bind message has 3 parameter formats but 2 parameters", "ready I"])
        equal(c.ask(bind("", "", [b"1", b"2"], [], [0, 0, 0]), SYNC),
              ["ERROR 08P01 bind message has 3 result formats but query has 2 columns", "ready I"])
        equal(c.ask(bind("", "", [b"1", b"2"], [7, 7]), SYNC), ["ERROR 22023 unsupported format code: 7 (unnamed portal parameter $1)", "ready I"])


def errors_of_parameters_say_which(medley):
    with connect(medley) as c:
        c.ask(parse("SELECT 1 / $1::int, $2::text", "s"), SYNC)
        equal(c.ask(bind("p", "s", [b"", b"x"]), SYNC),
              ["ERROR 22P02 invalid input syntax for type integer: \"\" (portal \"p\" parameter $1 = '')", "ready I"])
        equal(c.ask(bind("", "s", [b"1", b"\xff"]), SYNC),
              ['ERROR 22021 invalid byte sequence for encoding "UTF8": 0xff (unnamed portal parameter $2)', "ready I"])
        equal(c.ask(bind("", "s", [b"\0\0", b"x"], [1, 0]), SYNC),
              ["ERROR 08P01 insufficient data left in message (unnamed portal parameter $1)", "ready I"])
        equal(c.ask(bind("", "s", [bytes(5), b"x"], [1, 0]), SYNC),
              ["ERROR 22P03 incorrect binary data format in bind parameter 1 (unnamed portal parameter $1)", "ready I"])
        c.ask(query("SET log_parameter_max_length_on_error = 4"))
        equal(c.ask(bind("", "s", [b"ab\xc3\xa4'c", b"x"]), SYNC),
              ["ERROR 22P02 invalid input syntax for type integer: \"ab\xe4'c\" (unnamed portal parameter $1 = 'ab\xe4...')", "ready I"])
        equal(c.ask(bind("", "s", [b"0", b"it's"]), execute(), SYNC)[-2:],
              ["ERROR 22012 division by zero (unnamed portal with parameters: $1 = '0', $2 = 'it''s')", "ready I"])
        equal(c.ask(bind("p", "s", [bytes(4), None], [1]), execute("p"), SYNC)[-2:],
              ["ERROR 22012 division by zero (portal \"p\" with parameters: $1 = '0', $2 = NULL)", "ready I"])
        equal(c.ask(parse("SELECT $1", "", [999999]), SYNC), ["ERROR 42704 type with OID 999999 does not exist", "ready I"])


def parameters_of_types_of_users_are_checked(medley):
    with connect(medley) as c:
        c.ask(query("CREATE TYPE wire_e AS ENUM ('a', 'b'); CREATE TYPE wire_c AS (n int, t text); CREATE TABLE wire_r (e wire_e, c wire_c[])"))
        no_label = 'ERROR 22P02 invalid input value for enum wire_e: "bad" (unnamed portal parameter $1'
        for type_name, text, shown in (("wire_e", b"bad", no_label), ("wire_e[]", b"{a,bad}", no_label),
                                       ("wire_r", b"(bad,)", no_label),
                                       ("wire_c", b"(1", 'ERROR 22P02 malformed record literal: "(1" (unnamed portal parameter $1'),
                                       ("wire_c", b"(x,y)", 'ERROR 22P02 invalid input syntax for type integer: "x" (unnamed portal parameter $1'),
                                       ("wire_c[]", b'{"(1,2)","(x,1)"}', 'ERROR 22P02 invalid input syntax for type integer: "x" (unnamed portal parameter $1'),
                                       ("pg_class", b"(1", 'ERROR 22P02 malformed record literal: "(1" (unnamed portal parameter $1')):
            equal(c.ask(parse(f"SELECT $1::{type_name}"), bind("", "", [text]), execute(), SYNC), ["parsed", shown + " = '...')", "ready I"])
        equal(c.ask(parse("SELECT $1::wire_e"), bind("", "", [b"bad"], [1]), execute(), SYNC), ["parsed", no_label + ")", "ready I"])
        equal(c.ask(parse("INSERT INTO wire_r VALUES ($1, $2)"), bind("", "", [b"bad", None]), execute(), SYNC),
              ["parsed", no_label + " = '...')", "ready I"])
        equal(c.ask(parse("INSERT INTO wire_r VALUES ($1, $2)"), bind("", "", [b"b", b'{"( 1,x)"}'], [1, 0]), execute(), SYNC),
              ["parsed", "bound", "done INSERT 0 1", "ready I"])
        equal(c.ask(query("TABLE wire_r"))[1:], ['row b {"(1,x)"}', "done SELECT 1", "ready I"])
        equal(c.ask(parse("SELECT $1::wire_c"), bind("", "", [struct.pack("!i", 1)], [1]), execute(), SYNC),
              ["parsed", "ERROR 0A000 the binary form of type wire_c is not supported (unnamed portal parameter $1)", "ready I"])
        c.ask(query("DROP TABLE wire_r; DROP TYPE wire_e, wire_c"))


def a_text_parameter_has_no_zero_byte(medley):
    with connect(medley) as c:
        for text in (b"x\0y", b"\0"):
            equal(c.ask(parse("SELECT $1::text"), bind("", "", [text]), execute(), SYNC),
                  ["parsed", 'ERROR 22021 invalid byte sequence for encoding "UTF8": 0x00 (unnamed portal parameter $1)', "ready I"])


def a_function_call_is_refused(medley):
    call = message("F", struct.pack("!IhhH", 1598, 0, 0, 0))
    with connect(medley) as c:
        equal(c.ask(call), ["ERROR 0A000 the FunctionCall message is not supported", "ready I"])
        equal(c.ask(parse("SELEC"), call, SYNC), ['ERROR 42601 syntax error at or near "SELEC" @1', "ready I"])
        equal(c.ask(query("BEGIN"))[-1:] + c.ask(call)[-1:] + c.ask(query("ROLLBACK"))[-1:], ["ready T", "ready E", "ready I"])


def a_cursor_that_has_failed_cannot_be_run(medley):
    with connect(medley) as c:
        c.ask(query("BEGIN; DECLARE c NO SCROLL CURSOR FOR VALUES (1), (2), (3); FETCH 2 FROM c; SAVEPOINT s"))
        equal(c.ask(query("FETCH PRIOR FROM c"))[-2:], ["ERROR 55000 cursor can only scan forward", "ready E"])
        for way in ("PRIOR", "NEXT", "FORWARD 0"):
            c.ask(query("ROLLBACK TO s"))
            equal(c.ask(query(f"FETCH {way} FROM c"))[-2:], ['ERROR 55000 portal "c" cannot be run', "ready E"])


def parameters_take_their_types_from_lists(medley):
    with connect(medley) as c:
        equal(c.ask(parse("SELECT $1 IN (1, 2), $2 NOT IN ('a', 'b'), $3 IN ($4, 5)"), describe("S"), SYNC),
              ["parsed", "params 23 25 23 23", "columns ?column?:16 ?column?:16 ?column?:16", "ready I"])


def a_failed_block_binds_nothing_but_its_end(medley):
    refused = "ERROR 25P02 current transaction is aborted, commands ignored until end of transaction block"
    with connect(medley) as c:
        c.ask(query("BEGIN"), )
        c.ask(parse("", "empty"), parse("ROLLBACK", "end"), parse("SHOW nosuch"), SYNC)
        equal(c.ask(bind("", "empty"), SYNC), [refused, "ready E"])
        equal(c.ask(bind("", "end"), execute(), SYNC), ["bound", "done ROLLBACK", "ready I"])


def a_simple_query_ends_the_unnamed_portal(medley):
    with connect(medley) as c:
        equal(c.ask(query("BEGIN"))[-1], "ready T")
        equal(c.ask(parse("SELECT n FROM (VALUES (1), (2)) v(n)"), bind(), execute("", 1), SYNC)[-2:], ["suspended", "ready T"])
        equal(c.ask(query("SHOW datestyle"))[-1], "ready T")
        equal(c.ask(execute(), SYNC), ['ERROR 34000 portal "" does not exist', "ready E"])


def a_binary_cursor_is_binary_for_simple_queries_only(medley):
    with connect(medley) as c:
        c.ask(query("BEGIN; DECLARE c BINARY CURSOR FOR VALUES (1), (2), (3)"))
        equal(c.ask(query("FETCH c")), ["columns column1:23b", "row \0\0\0\1", "done FETCH 1", "ready T"])
        equal(c.ask(parse("FETCH c"), bind(), execute(), SYNC), ["parsed", "bound", "row 2", "done FETCH 1", "ready T"])
        equal(c.ask(bind("", "", [], [], [1]), describe("P"), execute(), SYNC),
              ["bound", "columns column1:23b", "row \0\0\0\3", "done FETCH 1", "ready T"])


def portals_stop_at_the_row_limit(medley):
    text = "SELECT n FROM (VALUES (1), (2), (3), (4), (5)) v(n) ORDER BY n"
    with connect(medley) as c:
        equal(c.ask(parse(text, "s"), bind("p", "s"), execute("p", 2), execute("p", 2), execute("p", 2), execute("p", 2), SYNC),
              ["parsed", "bound", "row 1", "row 2", "suspended", "row 3", "row 4", "suspended", "row 5", "done SELECT 1", "done SELECT 0", "ready I"])
        equal(c.ask(query("BEGIN")), ["done BEGIN", "ready T"])
        equal(c.ask(bind("q", "s"), execute("q", 1), SYNC), ["bound", "row 1", "suspended", "ready T"])
        equal(c.ask(query("SHOW datestyle")), ["columns DateStyle:25", "row ISO, MDY", "done SHOW", "ready T"])
        equal(c.ask(query("FETCH 1 FROM q")), ["columns n:23", "row 2", "done FETCH 1", "ready T"])
        equal(c.ask(execute("q", 0), SYNC), ["row 3", "row 4", "row 5", "done SELECT 3", "ready T"])
        equal(c.ask(query("COMMIT")), ["done COMMIT", "ready I"])
        equal(c.ask(execute("q", 0), SYNC), ['ERROR 34000 portal "q" does not exist', "ready I"])


def kept_rows_stop_at_the_row_limit(medley):
    with connect(medley) as c:
        c.ask(query("DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT * FROM generate_series(1, 5) n ORDER BY n"))
        equal(c.ask(parse("FETCH BACKWARD ALL FROM c", "back"), parse("MOVE LAST FROM c", "last"), bind("", "last"), execute(),
                    bind("p", "back"), execute("p", 2), execute("p", 5), SYNC)[-8:],
              ["done MOVE 1", "bound", "row 4", "row 3", "suspended", "row 2", "row 1", "done FETCH 2", "ready I"][-8:])
        equal(c.ask(execute("c", 2), execute("c", 0), execute("c", 0), SYNC),
              ["row 1", "row 2", "suspended", "row 3", "row 4", "row 5", "done SELECT 3", "done SELECT 0", "ready I"])
        equal(c.ask(close("P", "c"), execute("c"), SYNC), ["closed", 'ERROR 34000 portal "c" does not exist', "ready I"])


def kept_rows_go_to_a_file(medley):
    with connect(medley) as c:
        c.ask(query("SET work_mem = '64kB'"))
        c.ask(query("DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT n, repeat('x', 100) FROM generate_series(1, 20000) n ORDER BY n"))
        for place in (20000, 1, 10000, 65, 64, -20000):
            equal(c.ask(query(f"FETCH ABSOLUTE {place} FROM c"))[1:2], [f"row {place if place > 0 else 1} {'x' * 100}"])
        folder = [os.readlink(f"/proc/{medley.process.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{medley.process.pid}/fd")]
        equal(len([name for name in folder if "cursor-" in name and name.endswith("(deleted)")]), 1)


def copy_to_stdout(medley):
    with connect(medley) as c:
        equal(c.ask(query("COPY (VALUES (1, 'a'), (2, NULL)) TO STDOUT")),
              ["copy out", "copy b'1\\ta\\n'", "copy b'2\\t\\\\N\\n'", "copied", "done COPY 2", "ready I"])
        header = b"PGCOPY\n\xff\r\n\0" + bytes(8)
        equal(c.ask(query("COPY (SELECT 1::int4 AS a, NULL::text AS b) TO STDOUT (FORMAT binary)")),
              ["copy out", "copy " + repr(header + struct.pack("!hiii", 2, 4, 1, -1)), "copy " + repr(b"\xff\xff"), "copied",
               "done COPY 1", "ready I"])
        equal(c.ask(query("COPY (SELECT 1 WHERE false) TO STDOUT (FORMAT binary)")),
              ["copy out", "copy " + repr(header + b"\xff\xff"), "copied", "done COPY 0", "ready I"])


# ---- malformed ----

def ended(medley, *parts):
    c = Connection(medley)
    c.start()
    c.send(*parts)
    got = transcript(c.read_to_end())
    c.close()
    with connect(medley) as other:
        equal(other.ask(query("SHOW datestyle"))[-1], "ready I")
    return got


def malformed_messages_end_the_connection(medley):
    left, text, form = ("FATAL 08P01 " + t for t in ("insufficient data left in message", "invalid string in message", "invalid message format"))
    for parts, wanted in [
            (message("B", string("") + string("") + struct.pack("!h", 5)), left),
            (message("B", string("")), text),
            (message("P", string("") + string("SHOW datestyle") + struct.pack("!h", 3) + b"\0\0"), left),
            (message("P", b"no end"), text),
            (message("Q", b"SHOW datestyle"), text),
            (message("Q", b"SHOW datestyle\0more\0"), form),
            (message("Q"), text),
            (message("D", b"X\0"), "FATAL 08P01 invalid DESCRIBE message subtype 88"),
            (message("C", b"X\0"), "FATAL 08P01 invalid CLOSE message subtype 88"),
            (message("D"), left),
            (message("E", string("")), left),
            (message("S", b"x"), form),
            (message("Z"), "FATAL 08P01 invalid frontend message type 90"),
            (b"\0\0\0\0\0\0", "FATAL 08P01 invalid frontend message type 0"),
            (b"Q" + struct.pack("!i", 3), "FATAL 08P01 invalid message length"),
            (b"Q" + struct.pack("!i", -5), "FATAL 08P01 invalid message length"),
            (b"Q" + struct.pack("!i", 0x7fffffff), "FATAL 08P01 invalid message length"),
            (b"S" + struct.pack("!i", 100000), "FATAL 08P01 invalid message length")]:
        equal(ended(medley, parts), [wanted])


def truncated_messages_end_the_connection(medley):
    for cut in (1, 3, 5, 10):
        c = connect(medley)
        c.send(query("SHOW datestyle")[:cut])
        c.socket.shutdown(1)
        equal(transcript(c.read_to_end()), ["FATAL 08P01 unexpected EOF within message"])
        c.close()


def a_length_is_not_believed(medley):
    """256 MB promised, few sent: the buffer grows with what comes."""
    waiting = [connect(medley) for _ in range(20)]
    for c in waiting:
        c.send(b"Q" + struct.pack("!i", 200_000_000) + b"x" * 1000)
    with connect(medley) as other:
        equal(other.ask(query("SHOW datestyle"))[-1], "ready I")
    with open(f"/proc/{medley.process.pid}/status", encoding="ascii") as file:
        resident = next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))
    equal(resident < 1_000_000, True)
    for c in waiting:
        c.close()


def terminate_ends_quietly(medley):
    equal(ended(medley, TERMINATE), [])


def copied_text_may_be_cut_anywhere(medley):
    """Wherever a client cuts its text into messages; what PostgreSQL answers to each."""
    cases = {b"1\t2\r\n3\t4\r\n": ["row 1 2", "row 3 4"], b"1\ta\\\n\n": ["row 1 a\n"], b"1\t2\\.\nrest": ["row 1 2"], b"1\tb\\": ["row 1 b"],
             b"1\t2\r\n3\t4\n": 'ERROR 22P04 literal newline found in data', b"1\t2\n3\t4\r\n": 'ERROR 22P04 literal carriage return found in data',
             b"1\t2\n\\.x\n": "ERROR 22P04 end-of-copy marker corrupt", b"1\t2\r\n\\.\n": "ERROR 22P04 end-of-copy marker does not match previous newline style",
             b"a\0\t1\n": 'ERROR 22021 invalid byte sequence for encoding "UTF8": 0x00', b"1\t\\377\n": 'ERROR 22021 invalid byte sequence for encoding "UTF8": 0xff'}
    with connect(medley) as c:
        for text, wanted in cases.items():
            for size in (1, 2, 3, 100):
                c.ask(query("CREATE TEMP TABLE IF NOT EXISTS cut (a text, b text); TRUNCATE cut"))
                c.send(query("COPY cut FROM STDIN"), *[message("d", text[at:at + size]) for at in range(0, len(text), size)], message("c"))
                answer = transcript(c.read_all())
                if isinstance(wanted, list):
                    equal([line for line in c.ask(query("SELECT * FROM cut")) if line.startswith("row ")], wanted)
                else:
                    equal(answer[-2].split(" (")[0], wanted)


def stray_copy_messages_are_ignored(medley):
    with connect(medley) as c:
        equal(c.ask(message("d", b"x"), message("c"), message("f", string("no")), query("SHOW datestyle")),
              ["columns DateStyle:25", "row ISO, MDY", "done SHOW", "ready I"])


with server() as medley_server:
    FAILED = run([value for value in list(globals().values()) if callable(value) and getattr(value, "__module__", "") == "__main__"
                  and value not in (connect, ended)], medley_server)
sys.exit(1 if FAILED else 0)
