"""Start-up: requests without a session, negotiation, who may come in, what a client is told."""
import struct
import sys

from pgwire import (CANCEL_REQUEST, GSS_REQUEST, PROTOCOL, SSL_REQUEST, Closed, Connection, equal, fields, query, run, server,
                    startup_packet, transcript)


def connect_and_read(medley, packet):
    with Connection(medley) as c:
        c.send(packet)
        return transcript(c.read_to_end())


def ssl_and_gss_requests_are_answered_n(medley):
    with Connection(medley) as c:
        for request in (SSL_REQUEST, GSS_REQUEST, SSL_REQUEST):
            c.send(struct.pack("!ii", 8, request))
            equal(c.read_bytes(1), b"N")
        equal(c.start()[-1], ("Z", b"I"))


def every_reported_setting_is_sent(medley):
    with Connection(medley) as c:
        c.start(application_name="first")
        equal(sorted(c.parameters), sorted([
            "application_name", "client_encoding", "DateStyle", "default_transaction_read_only", "in_hot_standby", "integer_datetimes",
            "IntervalStyle", "is_superuser", "server_encoding", "server_version", "session_authorization",
            "standard_conforming_strings", "TimeZone"]))
        equal(c.parameters["application_name"], "first")
        equal(c.parameters["server_version"].split(".")[0], "15")
        equal(c.parameters["is_superuser"], "on")


def changed_settings_are_reported_again(medley):
    with Connection(medley) as c:
        c.start()
        equal(c.ask(query("SET application_name = 'x'; SET work_mem = '5MB'")), ["done SET", "done SET", "setting application_name = x", "ready I"])
        equal(c.ask(query("SET application_name = 'x'")), ["done SET", "ready I"])
        equal(c.ask(query("BEGIN; SET datestyle = german")), ["done BEGIN", "done SET", "setting DateStyle = German, DMY", "ready T"])
        equal(c.ask(query("ROLLBACK")), ["done ROLLBACK", "setting DateStyle = ISO, MDY", "ready I"])


def settings_of_the_packet_hold_and_are_what_reset_goes_to(medley):
    with Connection(medley) as c:
        c.start(options="-c datestyle=german --work-mem=7MB -c a.b=with\\ blank", IntervalStyle="iso_8601")
        equal(c.ask(query("SHOW work_mem; SHOW a.b; SHOW intervalstyle")), [
            "columns work_mem:25", "row 7MB", "done SHOW", "columns a.b:25", "row with blank", "done SHOW", "columns IntervalStyle:25",
            "row iso_8601", "done SHOW", "ready I"])
        equal(c.ask(query("SET work_mem = '1MB'; RESET ALL; SHOW work_mem"))[-3:], ["row 7MB", "done SHOW", "ready I"])


def psql_of_a_bare_machine_comes_in(medley):
    """Without a locale psql on a terminal asks for SQL_ASCII: bytes as they are."""
    with Connection(medley) as c:
        c.start(client_encoding="SQL_ASCII")
        equal(c.parameters["client_encoding"], "SQL_ASCII")
        equal(c.ask(query("SELECT 'ü'"))[1:2], ["row ü"])


def a_role_of_the_packet_counts(medley):
    with Connection(medley) as c:
        c.start(role="pg_monitor")
        equal(c.parameters["is_superuser"], "off")
        equal(c.ask(query("SELECT current_user, session_user"))[1:2], ["row pg_monitor postgres"])


def bad_settings_of_the_packet_are_fatal(medley):
    def refused(**params):
        return connect_and_read(medley, startup_packet([("user", "postgres"), ("database", "postgres"), *params.items()]))[-1]
    equal(refused(nosuch="1"), 'FATAL 42704 unrecognized configuration parameter "nosuch"')
    equal(refused(work_mem="1"), 'FATAL 22023 1 kB is outside the valid range for parameter "work_mem" (64 .. 2147483647)')
    equal(refused(options="-c fsync=off"), 'FATAL 55P02 parameter "fsync" cannot be changed now')
    equal(refused(client_encoding="LATIN1"), 'FATAL 0A000 client encoding "LATIN1" is not supported')
    equal(refused(client_encoding="nosuch"), 'FATAL 22023 invalid value for parameter "client_encoding": "nosuch"')
    equal(refused(replication="nosuch"), 'FATAL 22023 invalid value for parameter "replication": "nosuch"')
    equal(refused(standard_conforming_strings="off"), 'FATAL 0A000 value "off" of parameter "standard_conforming_strings" is not supported')
    equal(refused(options="-x"), "FATAL 42601 invalid command-line argument for server process: -x")


def unknown_minor_versions_and_options_are_negotiated(medley):
    with Connection(medley) as c:
        c.send(startup_packet([("user", "postgres"), ("database", "postgres"), ("_pq_.a", "1"), ("_pq_.b", "")], PROTOCOL + 7))
        messages = c.read_all()
        equal(messages[0], ("v", struct.pack("!ii", PROTOCOL, 2) + b"_pq_.a\0_pq_.b\0"))
        equal(messages[-1], ("Z", b"I"))


def other_major_versions_are_refused(medley):
    equal(connect_and_read(medley, startup_packet([("user", "postgres")], 2 << 16)),
          ["FATAL 0A000 unsupported frontend protocol 2.0: server supports 3.0 to 3.0"])
    equal(connect_and_read(medley, startup_packet([("user", "postgres")], 4 << 16)),
          ["FATAL 0A000 unsupported frontend protocol 4.0: server supports 3.0 to 3.0"])


def roles_and_databases_must_exist(medley):
    def refused(user, database):
        return connect_and_read(medley, startup_packet([("user", user), ("database", database)]))[-1]
    equal(refused("nobody", "postgres"), 'FATAL 28000 role "nobody" does not exist')
    equal(refused("n" * 70, "postgres"), f'FATAL 28000 role "{"n" * 63}" does not exist')
    equal(refused("postgres", "other"), 'FATAL 3D000 database "other" does not exist')
    equal(refused("pg_monitor", "postgres"), 'FATAL 28000 role "pg_monitor" is not permitted to log in')
    equal(connect_and_read(medley, startup_packet([("database", "postgres")])),
          ["FATAL 28000 no PostgreSQL user name specified in startup packet"])


def malformed_packets_end_the_connection(medley):
    layout = "FATAL 08P01 invalid startup packet layout: expected terminator as last byte"
    length = "FATAL 08P01 invalid length of startup packet"
    equal(connect_and_read(medley, struct.pack("!ii", 9, PROTOCOL) + b"u"), [layout])
    equal(connect_and_read(medley, struct.pack("!ii", 13, PROTOCOL) + b"user\0"), [layout])
    equal(connect_and_read(medley, struct.pack("!ii", 8, PROTOCOL)), [layout])
    equal(connect_and_read(medley, struct.pack("!i", 3)), [length])
    equal(connect_and_read(medley, struct.pack("!i", -1)), [length])
    equal(connect_and_read(medley, struct.pack("!i", 10001)), [length])
    equal(connect_and_read(medley, b"GET / HTTP/1.1\r\n\r\n"), [length])
    with Connection(medley) as c:
        c.send(struct.pack("!ii", 50, PROTOCOL) + b"user\0")
        c.socket.shutdown(1)
        equal(transcript(c.read_to_end()), ["FATAL 08P01 incomplete startup packet"])


def a_cancel_request_is_never_answered(medley):
    with Connection(medley) as c:
        c.send(struct.pack("!iiii", 16, CANCEL_REQUEST, 1, 2))
        equal(c.read_to_end(), [])


def a_packet_may_come_byte_by_byte(medley):
    with Connection(medley) as c:
        for byte in startup_packet([("user", "postgres"), ("database", "postgres")]):
            c.send(bytes([byte]))
        equal(c.read_all()[-1], ("Z", b"I"))
        for byte in query("SHOW datestyle"):
            c.send(bytes([byte]))
        equal(transcript(c.read_all()), ["columns DateStyle:25", "row ISO, MDY", "done SHOW", "ready I"])


def too_many_clients_are_refused_and_leave_room_again(_):
    with server(["--max-connections", "2"], own=True) as small:
        first, second = Connection(small), Connection(small)
        first.start()
        second.start()
        equal(connect_and_read(small, startup_packet([("user", "postgres"), ("database", "postgres")])),
              ["FATAL 53300 sorry, too many clients already"])
        first.close()
        for _ in range(50):
            with Connection(small) as c:
                c.send(startup_packet([("user", "postgres"), ("database", "postgres")]))
                kind, body = c.read()
                if kind == "R":
                    break
                equal(fields(body)["C"], "53300")
        equal(kind, "R")
        second.close()


def shutdown_tells_the_clients(_):
    with server(own=True) as own:
        idle, block = Connection(own), Connection(own)
        idle.start()
        block.start()
        block.ask(query("BEGIN"))
        equal(own.stop(), 0)
        for c in (idle, block):
            equal(transcript(c.read_to_end()), ["FATAL 57P01 terminating connection due to administrator command"])


with server() as medley_server:
    FAILED = run([value for value in list(globals().values()) if callable(value) and getattr(value, "__module__", "") == "__main__"
                  and value is not connect_and_read], medley_server)
sys.exit(1 if FAILED else 0)
