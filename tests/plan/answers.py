#!/usr/bin/python3
"""Answers over several sources: each query of answers.sql is run by PostgreSQL 15 on its own tables, and by Medley on the same tables
spread over two servers (table a on one, b and c on the other), so that joins between them are Medley's own work. Table d lies in a database
whose locale sorts otherwise, e in one of another encoding. Both must print the same."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))
from servers import Medley, PgCluster, temporary_directory  # noqa: E402

TABLES = """
create table a(id int primary key, k int, t text, n numeric(12,2), d date, ts timestamptz, f float8, b bool, arr int[], u uuid, j jsonb,
  bp char(5), iv interval, nn numeric);
insert into a select i, i%17, case when i%11=0 then null else 'text '||(i%23) end, (i*37%1000)/7.0, date '2020-01-01'+ (i%400),
  timestamptz '2021-03-01 00:00+00' + i*interval '37 min', case when i%13=0 then 'NaN' when i%29=0 then '-Infinity' else i/3.0 end, i%3=0,
  array[i,i%5,null], ('00000000-0000-0000-0000-'||lpad(i::text,12,'0'))::uuid, jsonb_build_object('i',i), chr(97+i%5),
  i*interval '1 hour 3 min', i*1.00000000000000000001 from generate_series(1,1000) i;
create table b(id bigint, aid int, v text, w smallint, r real, by bytea, tm time, ts timestamp);
insert into b select i, i%1500, 'v'||(i%31), i%7, i*1.1, decode(lpad(to_hex(i),4,'0'), 'hex'), time '00:00' + i*interval '13 s',
  timestamp '2000-01-01' + i*interval '1 day' from generate_series(1,3000) i;
create table c(k int, label text);
insert into c select i, 'label '||i from generate_series(0,20) i;
"""

# Each table both in PostgreSQL's own database and in the other one that Medley reaches
OTHERS = {
    "sorted": ("locale_provider icu icu_locale 'en' locale 'C.UTF-8'", """create table d as select i::int as id, x as t, jsonb_build_object('s', x) as j
      from unnest(array['a','B','b','A','Z','z','_x','-x','x y','xy','10','9','','ä','É','ß']) with ordinality u(x,i)"""),
    "latin2": ("encoding latin2 locale 'C'", """create table e as select i::int as id, x as t, x::char(4) as c, array[x] as a
      from unnest(array['á','ą','ł','z','é','Ż','a','~']) with ordinality u(x,i)"""),
}

# Settings of a source that must not change what it answers
ODD = " ".join(f"-c {setting}" for setting in ("datestyle=german", "timezone=Asia/Tokyo", "intervalstyle=sql_standard", "extra_float_digits=0", "bytea_output=escape",
                                               "array_nulls=off", "transform_null_equals=on", "standard_conforming_strings=off", "backslash_quote=off"))
OBJECTS = """
create extension postgres_fdw;
create server x1 foreign data wrapper postgres_fdw options (host '{host}', port '{port}', dbname 'postgres', options '{odd}');
create server x2 foreign data wrapper postgres_fdw options (host '{host}', port '{port}', dbname 'postgres');
create user mapping for current_user server x1 options (user 'postgres');
create user mapping for current_user server x2 options (user 'postgres');
import foreign schema public limit to (a) from server x1 into public;
import foreign schema public limit to (b, c) from server x2 into public;
create server x3 foreign data wrapper postgres_fdw options (host '{host}', port '{port}', dbname 'sorted');
create server x4 foreign data wrapper postgres_fdw options (host '{host}', port '{port}', dbname 'latin2');
create user mapping for current_user server x3 options (user 'postgres');
create user mapping for current_user server x4 options (user 'postgres');
create foreign table d (id int, t text, j jsonb) server x3 options (schema_name 'public');
create foreign table e (id int, t text, c char(4), a text[]) server x4 options (schema_name 'public');
"""


def answer(server, query, *settings):
    before = [part for setting in settings for part in ("-c", f"SET {setting}")]
    lines = server.psql("-q", "-v", "VERBOSITY=verbose", *before, "-c", query, timeout=60).stdout.splitlines()
    return [line for line in lines if not line.startswith("LOCATION:")]


def main():
    build = os.path.dirname(os.path.abspath(os.environ.get("MEDLEY_BIN", os.path.join(HERE, "../../build/medley"))))
    with open(os.path.join(HERE, "answers.sql"), encoding="utf-8") as file:
        queries = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    failed = 0
    with temporary_directory() as one, temporary_directory() as two, PgCluster(one) as source, Medley(build, two) as medley:
        source.psql("-q", "-c", TABLES, check=True)
        for database, (kind, table) in OTHERS.items():
            source.psql("-q", "-c", f"create database {database} template template0 {kind}", "-c", table, check=True)
            source.psql("-q", "-d", database, "-c", table, check=True)
        medley.psql("-q", "-v", "ON_ERROR_STOP=1", text_input=OBJECTS.format(host=source.socket_dir, port=source.port, odd=ODD), check=True)
        for query in queries:
            wanted, got = answer(source, query), answer(medley, query)
            # Once more with every bind join that is allowed: it must change nothing.
            bound = answer(medley, query, "medley.bind_joins = always")
            print(f"{'ok' if wanted == got == bound else 'not ok'} answers: {query[:100]}", flush=True)
            if wanted == got == bound:
                continue
            failed += 1
            got = bound if wanted == got else got
            for number in range(max(len(wanted), len(got))):
                pair = [lines[number] if number < len(lines) else "(no line)" for lines in (wanted, got)]
                if pair[0] != pair[1]:
                    print(f"# {query}\n#   postgresql: {pair[0]}\n#   medley:     {pair[1]}")
                    break
    return 1 if failed else 0


sys.exit(main())
