"""Names of hosts: several addresses and several hosts are tried in their order, messages name them as libpq does, and a name server that does
not answer holds up nobody who is cancelled."""
import os
import socket
import subprocess
import sys
import time

from faulty import connect, error_of
from federation import ok
from servers import Medley, PgCluster, temporary_directory

# In place of the C library's: slow.test takes half a minute, two.test has a second address on which nobody listens (the first), none.test has none.
RESOLVER = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <unistd.h>
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **answer)
{
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = dlsym(RTLD_NEXT, "getaddrinfo");
    int numeric = hints && hints->ai_flags & AI_NUMERICHOST;
    if (name && !numeric && strcmp(name, "slow.test") == 0)
        sleep(30);
    if (name && !numeric && strcmp(name, "none.test") == 0)
        return EAI_NONAME;
    if (name && !numeric && strcmp(name, "two.test") == 0) {
        int code = real("127.0.0.9", service, hints, answer);
        return code ? code : real("127.0.0.1", service, hints, &(*answer)->ai_next);
    }
    return real(name, service, hints, answer);
}
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def reach(cursor, port, host, ports=None):
    """The error of a query through a server of that host, or None."""
    cursor.execute("DROP SERVER IF EXISTS named CASCADE")
    cursor.execute(f"CREATE SERVER named FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{host}', port '{ports or port}', dbname 'postgres')")
    cursor.execute("CREATE USER MAPPING FOR postgres SERVER named OPTIONS (user 'postgres')")
    cursor.execute("CREATE FOREIGN TABLE named_rows (datname name) SERVER named OPTIONS (schema_name 'pg_catalog', table_name 'pg_database')")
    return error_of(lambda: cursor.execute("SELECT count(*) FROM named_rows"))


def names(source, medley):
    cursor = connect(medley).cursor()
    cursor.execute("CREATE EXTENSION postgres_fdw")
    port, closed = source.port, free_port()
    for host, ports in (("127.0.0.1", None), ("localhost", None), ("two.test", None), ("none.test,localhost", None),
                        ("localhost,two.test", f"{closed},{port}"), (f"{source.socket_dir},none.test", None)):
        error = reach(cursor, port, host, ports)
        ok(f"reached by {'a socket and a name' if '/' in host else host}{' and two ports' if ports else ''}", error is None, error)
    refused = "Is the server running on that host and accepting TCP/IP connections?"
    for host, wanted in (
            ("two.test", f'connection to server at "two.test" (127.0.0.9), port {closed} failed: Connection refused\n\t{refused}\n'
                         f'connection to server at "two.test" (127.0.0.1), port {closed} failed: Connection refused\n\t{refused}'),
            ("127.0.0.9", f'connection to server at "127.0.0.9", port {closed} failed: Connection refused\n\t{refused}'),
            ("none.test", 'could not translate host name "none.test" to address: Name or service not known')):
        error = reach(cursor, closed, host)
        ok(f"libpq's own words about {host}", error is not None and error.pgcode == "08001" and error.diag.message_detail == wanted, error)
    error = reach(cursor, port, "localhost,two.test", f"{port},{port},{port}")
    ok("lists that do not match are refused", error is not None and "could not match 3 port numbers to 2 hosts" in str(error), error)
    cursor.execute("SET statement_timeout = '500ms'")
    start = time.monotonic()
    error = reach(cursor, port, "slow.test")
    ok("statement_timeout ends a name's look-up", error is not None and error.pgcode == "57014" and time.monotonic() - start < 10, error)


def main():
    if os.path.basename(os.environ["MEDLEY_BUILD"]) != "build":
        print("skip names: the resolver of this test cannot be loaded before a sanitizer")
        return
    with temporary_directory() as directory:
        library = os.path.join(directory, "resolver.so")
        subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", library, "-ldl"], input=RESOLVER, text=True, check=True)
        source_dir, medley_dir = os.path.join(directory, "source"), os.path.join(directory, "medley")
        os.mkdir(source_dir)
        os.mkdir(medley_dir)
        with PgCluster(source_dir, free_port(), settings=["listen_addresses=127.0.0.1"]) as source:
            with Medley(os.environ["MEDLEY_BUILD"], medley_dir, env={**os.environ, "LD_PRELOAD": library}) as medley:
                names(source, medley)


sys.exit(main())
