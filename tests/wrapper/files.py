#!/usr/bin/python3
"""file_fdw beyond COPY: Parquet, lines of JSON, patterns in file names, and IMPORT FOREIGN SCHEMA of a directory. The same rows lie in a CSV file,
which is read as PostgreSQL reads it: every format must give the same answers."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))
from servers import Medley, temporary_directory  # noqa: E402

BUILD = os.environ["MEDLEY_BUILD"]
ROWS = """SELECT i::INTEGER AS i, (i * 3000000000)::BIGINT AS big, (i % 100)::SMALLINT AS small, i % 3 = 0 AS yes, i / 8::DOUBLE AS f,
  CASE WHEN i % 50 = 0 THEN 'NaN'::FLOAT WHEN i % 51 = 0 THEN 'Infinity'::FLOAT ELSE (i / 4)::FLOAT END AS r, (i * 1.25)::DECIMAL(12,2) AS n,
  (i * 1.25)::DECIMAL(30,10) AS wide, CASE WHEN i % 7 <> 0 THEN 'text é ' || i END AS t, DATE '1999-12-31' + i::INTEGER AS d,
  TIMESTAMP '2020-02-29 12:00:00.125' + INTERVAL (i) HOUR AS ts, TIMESTAMPTZ '2020-02-29 12:00:00+00' + INTERVAL (i) MINUTE AS tz,
  TIME '00:00:01' + INTERVAL (i) SECOND AS tm, md5(i::VARCHAR)::UUID AS u FROM range(5000) AS r(i)"""
COLUMNS = """i int, big bigint, small smallint, yes boolean, f double precision, r real, n numeric(12,2), wide numeric, t text, d date,
  ts timestamp, tz timestamptz, tm time, u uuid"""
AS_TEXT = "i text, big numeric, small int, f numeric, n text, wide text, t varchar(40), d text, u text"
NAMES = [column.split()[0] for column in COLUMNS.split(",\n")[0].split(", ")] + ["ts", "tz", "tm", "u"]

OBJECTS = """
CREATE EXTENSION file_fdw;
CREATE SERVER f FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE csv ({columns}) SERVER f OPTIONS (filename '{dir}/rows.csv', format 'csv', header 'true');
CREATE FOREIGN TABLE parquet ({columns}) SERVER f OPTIONS (filename '{dir}/rows.parquet', format 'parquet');
CREATE FOREIGN TABLE json ({columns}) SERVER f OPTIONS (filename '{dir}/rows.jsonl', format 'json');
CREATE FOREIGN TABLE csvs ({columns}) SERVER f OPTIONS (filename '{dir}/parts/*.csv', format 'csv', header 'true');
CREATE FOREIGN TABLE parquets ({columns}) SERVER f OPTIONS (filename '{dir}/parts/*.parquet', format 'parquet');
CREATE FOREIGN TABLE jsons ({columns}) SERVER f OPTIONS (filename '{dir}/parts/*.jsonl', format 'json');
CREATE FOREIGN TABLE renamed (u uuid, key int OPTIONS (column_name 'i')) SERVER f OPTIONS (filename '{dir}/rows.parquet', format 'parquet');
CREATE FOREIGN TABLE renamed_json (u uuid, key int OPTIONS (column_name 'i')) SERVER f OPTIONS (filename '{dir}/rows.jsonl', format 'json');
CREATE FOREIGN TABLE texts ({as_text}) SERVER f OPTIONS (filename '{dir}/rows.parquet', format 'parquet');
CREATE FOREIGN TABLE odd (a int, n numeric, o jsonb, raw json, t text) SERVER f OPTIONS (filename '{dir}/odd.json', format 'json');
CREATE FOREIGN TABLE nested (l jsonb, s text) SERVER f OPTIONS (filename '{dir}/nested.parquet', format 'parquet');
CREATE FOREIGN TABLE literal (a int) SERVER f OPTIONS (filename '{dir}/a[1].parquet', format 'parquet');
CREATE FOREIGN TABLE no_such_column (nope int) SERVER f OPTIONS (filename '{dir}/rows.parquet', format 'parquet');
CREATE FOREIGN TABLE wrong_type (t int) SERVER f OPTIONS (filename '{dir}/rows.parquet', format 'parquet');
CREATE FOREIGN TABLE too_narrow (n numeric(4,2)) SERVER f OPTIONS (filename '{dir}/rows.parquet', format 'parquet');
CREATE FOREIGN TABLE nested_int (l int) SERVER f OPTIONS (filename '{dir}/nested.parquet', format 'parquet');
CREATE FOREIGN TABLE absent (a int) SERVER f OPTIONS (filename '{dir}/absent.parquet', format 'parquet');
CREATE FOREIGN TABLE none_match (a int) SERVER f OPTIONS (filename '{dir}/absent*.csv', format 'csv');
CREATE FOREIGN TABLE no_parquet (a int) SERVER f OPTIONS (filename '{dir}/rows.csv', format 'parquet');
CREATE FOREIGN TABLE no_json (a int) SERVER f OPTIONS (filename '{dir}/rows.csv', format 'json');
CREATE FOREIGN TABLE ancient (d date) SERVER f OPTIONS (filename '{dir}/ancient.parquet', format 'parquet');
CREATE FOREIGN TABLE torn (a int) SERVER f OPTIONS (filename '{dir}/torn.parquet', format 'parquet');
"""

# Each over every format: the answer over `csv` is the one wanted.
QUERIES = ["SELECT * FROM {t} ORDER BY i", "SELECT count(*) FROM {t}", "SELECT i FROM {t} WHERE i > 4990 ORDER BY i", "SELECT count(*) FROM {t} WHERE i <> 7",
           "SELECT count(*), sum(big) FROM {t} WHERE big >= 6000000000000 AND small = 7", "SELECT count(*) FROM {t} WHERE r = 'NaN'",
           "SELECT count(*) FROM {t} WHERE r > 1200", "SELECT count(*) FROM {t} WHERE r <= 1200", "SELECT count(*) FROM {t} WHERE r <> 1200",
           "SELECT count(*) FROM {t} WHERE r >= 'Infinity'", "SELECT count(*) FROM {t} WHERE r < 'NaN'", "SELECT max(r), min(f) FROM {t}",
           "SELECT count(*) FROM {t} WHERE t IS NULL", "SELECT count(t) FROM {t} WHERE t > 'text é 3' AND t IS NOT NULL", "SELECT i FROM {t} WHERE t = 'text é 123'",
           "SELECT count(*), min(d), max(d) FROM {t} WHERE d < '2001-01-01'", "SELECT count(*) FROM {t} WHERE d > 'infinity' OR d > '0044-03-15 BC'",
           "SELECT count(*) FROM {t} WHERE ts >= '2020-03-01'", "SELECT count(*) FROM {t} WHERE tz < '2020-03-01 00:00:00+02'", "SELECT i FROM {t} WHERE tm = '00:01:01'",
           "SELECT count(*) FROM {t} WHERE yes", "SELECT count(*) FROM {t} WHERE yes = false", "SELECT i FROM {t} WHERE u = '202cb962-ac59-075b-964b-07152d234b70'",
           "SELECT count(*) FROM {t} WHERE n < 100.5", "SELECT sum(n), avg(wide) FROM {t} WHERE small BETWEEN 10 AND 12", "SELECT count(*) FROM (SELECT 1 FROM {t} LIMIT 10) x",
           "SELECT a.i FROM {t} a JOIN csv b ON a.u = b.u WHERE b.i < 3 ORDER BY 1"]

ODD = r"""{"a": 1, "n": 12345678901234567890.1234567890123, "o": {"x": 1.10,  "y": [1, 2]}, "raw": [1,  {"z":"\u00e9"}], "t": "a\"b\\\/\n\ud83d\ude00"}

{"t": null, "a": 2, "n": 1.10, "o": null, "zz": {"a": [7]}, "raw": "s"}
   {"a": 3, "t": {"deep": [true, null]}, "a": 4, "n": 1e2, "raw": false}
{}"""
ODD_ROWS = ['1|12345678901234567890.1234567890123|{"x": 1.10, "y": [1, 2]}|[1,  {"z":"\\u00e9"}]|a"b\\/\n\U0001F600', '2|1.10|||', '4|100||false|{"deep": [true, null]}', "||||"]
ODD_ROWS[1] = '2|1.10||"s"|'

# Query, SQLSTATE, words of the message.
ERRORS = [("SELECT * FROM no_such_column", "HV005", 'has no column "nope"'), ("SELECT * FROM wrong_type", "22P02", 'invalid input syntax for type integer: "text'),
          ("SELECT * FROM too_narrow", "22003", "numeric field overflow"), ("SELECT * FROM nested_int", "HV004", "must be of type json, jsonb or text"),
          ("SELECT * FROM absent", "58P01", "for reading: No such file or directory"), ("SELECT * FROM none_match", "58P01", "No such file or directory"),
          ("SELECT * FROM no_parquet", "HV000", "No magic bytes"), ("SELECT * FROM no_json", "22P02", "invalid input syntax for type json"),
          ("SELECT * FROM ancient", "22008", "date out of range"), ("SELECT * FROM torn", "HV000", "could not read"),
          ("CREATE FOREIGN TABLE x () SERVER f OPTIONS (filename '/x', format 'parquet', header 'true')", "42601", 'cannot specify option "header" with format "parquet"'),
          ("CREATE FOREIGN TABLE x () SERVER f OPTIONS (program 'x', format 'parquet')", "42601", 'cannot specify option "program"'),
          ("CREATE FOREIGN TABLE x () SERVER f OPTIONS (filename '/x', format 'avro')", "22023", 'COPY format "avro" not recognized'),
          ('IMPORT FOREIGN SCHEMA "/no/such/directory" FROM SERVER f INTO public', "HV00Q", "could not open directory"),
          ("SET ROLE reader; IMPORT FOREIGN SCHEMA \"{dir}/parts\" FROM SERVER f INTO imported", "42501", "pg_read_server_files role may import"),
          ("IMPORT FOREIGN SCHEMA \"{dir}/broken\" FROM SERVER f INTO imported", "HV000", "could not read")]
BAD_LINES = [('{"a": 1', "ends within an object"), ('{"a": 1} {"a": 2}', "not one JSON object"), ("[1]", "not one JSON object"), ('{"a" 1}', "not valid JSON"),
             ('{"t": "\\u0000"}', "cannot be converted to text"), ('{"t": "\\ud800x"}', "must follow a high surrogate"), ('{"t": "\\ude00"}', "must follow a high surrogate")]

failures = 0


def report(good, name, told=""):
    global failures
    failures += not good
    print(f"ok files: {name}" if good else f"not ok files: {name}\n# {told}")


def make_files(directory):
    def copies(path, where=""):
        return [f"COPY (SELECT * FROM ({ROWS}) {where}) TO '{path}.csv' (HEADER, TIMESTAMPFORMAT '%Y-%m-%d %H:%M:%S.%f')",
                f"COPY (SELECT * FROM ({ROWS}) {where}) TO '{path}.parquet' (ROW_GROUP_SIZE 2048)",
                # NaN is no number of JSON's: a string.
                f"COPY (SELECT * REPLACE (r::VARCHAR AS r) FROM ({ROWS}) {where}) TO '{path}.jsonl' (FORMAT json, TIMESTAMPFORMAT '%Y-%m-%d %H:%M:%S.%f')"]
    os.mkdir(f"{directory}/parts")
    os.mkdir(f"{directory}/broken")
    statements = ["SET TimeZone = 'UTC'", *copies(f"{directory}/rows")]
    for part in range(3):
        statements += copies(f"{directory}/parts/{part}", f"WHERE i % 3 = {part}")
    statements += [f"COPY (SELECT [i, 2] AS l, {{'q': i, 'r': 'z'}} AS s FROM range(3) AS r(i)) TO '{directory}/nested.parquet'",
                   f"COPY (SELECT 1 AS a) TO '{directory}/a[1].parquet'", f"COPY (SELECT 2 AS a) TO '{directory}/a1.parquet'",
                   f"COPY (SELECT DATE '9999-01-01 (BC)' AS d) TO '{directory}/ancient.parquet'"]
    subprocess.run([os.path.join(BUILD, "tests/unit/duckdb_sql"), *statements], check=True)
    whole = open(f"{directory}/rows.parquet", "rb").read()
    open(f"{directory}/torn.parquet", "wb").write(whole[:len(whole) // 2])
    open(f"{directory}/broken/a.csv", "w").write("x,y\n1,2\n")
    open(f"{directory}/broken/b.parquet", "w").write("nothing")
    open(f"{directory}/odd.json", "w", encoding="utf-8").write(ODD)


def rows(medley, query):
    done = medley.psql("-At", "-c", query)
    return done.stdout.rstrip("\n")


def check_formats(medley):
    for query in QUERIES:
        wanted = rows(medley, query.format(t="csv"))
        for table in ("parquet", "json", "csvs", "parquets", "jsons"):
            got = rows(medley, query.format(t=table))
            report(got == wanted and "ERROR" not in got, query.format(t=table), f"got {got[:300]!r} wanted {wanted[:300]!r}")
    for table in ("renamed", "renamed_json"):
        got = rows(medley, f"SELECT * FROM {table} WHERE key = 123")
        report(got == "202cb962-ac59-075b-964b-07152d234b70|123", f"column_name of {table}", got)
    got = rows(medley, "SELECT * FROM texts WHERE i = '8'")
    report(got == "8|24000000000|8|1.0|10.00|10.0000000000|text é 8|2000-01-08|c9f0f895-fb98-ab91-59f5-1fd0297e236d", "columns read as their text", got)
    got = rows(medley, "SELECT l -> 0, s FROM nested ORDER BY 2 LIMIT 2")
    report(got == '0|{"q":0,"r":"z"}\n1|{"q":1,"r":"z"}', "nested values as JSON", got)
    got = rows(medley, "SELECT * FROM literal")
    report(got == "1", "a file whose name looks like a pattern", got)
    got = rows(medley, "SELECT * FROM odd")
    report(got == "\n".join(ODD_ROWS), "odd lines of JSON", got)
    plan = rows(medley, "EXPLAIN (VERBOSE) SELECT t FROM parquet WHERE i > 10 AND f > 5 AND f <= 7")
    report("Remote Filter: i > '10', f <= '7'" in plan, "filters that statistics without NaN cannot decide stay local", plan)


def check_errors(medley, directory):
    medley.psql("-q", "-c", "CREATE SCHEMA imported; CREATE ROLE reader; GRANT USAGE ON FOREIGN SERVER f TO reader; GRANT ALL ON SCHEMA imported TO reader", check=True)
    for query, state, words in ERRORS:
        got = medley.psql("-v", "VERBOSITY=verbose", "-c", query.replace("{dir}", directory))
        report(f"ERROR:  {state}: " in got.stdout and words in got.stdout, query.replace(directory, "DIR"), got.stdout)
    got = rows(medley, "SELECT count(*) FROM pg_foreign_table WHERE ftrelid::regclass::text LIKE 'imported.%'")
    report(got == "0", "a failed import leaves nothing", got)
    for line, words in BAD_LINES:
        open(f"{directory}/odd.json", "w").write('{"a": 1}\n' + line + "\n")
        got = medley.psql("-c", "SELECT * FROM odd")
        report(words in got.stdout and "COPY odd, line 2: " in got.stdout, f"line {line}", got.stdout)


WANTED_COLUMNS = {
    "parquet": "i integer,big bigint,small smallint,yes boolean,f double precision,r real,n numeric(12,2),wide numeric(30,10),t text,d date,"
               "ts timestamp without time zone,tz timestamp with time zone,tm time without time zone,u uuid",
    "csv": "i bigint,big bigint,small bigint,yes boolean,f double precision,r double precision,n double precision,wide double precision,t text,d date,"
           "ts timestamp without time zone,tz timestamp without time zone,tm time without time zone,u text",
}


def check_import(medley, directory):
    for ending in ("parquet", "csv"):
        os.mkdir(f"{directory}/only_{ending}")
        for name in ("one", "two", "three"):
            os.symlink(f"{directory}/rows.{ending}", f"{directory}/only_{ending}/{name}.{ending}")
        open(f"{directory}/only_{ending}/readme.txt", "w").write("no data")
        medley.psql("-q", "-c", f'CREATE SCHEMA of_{ending}; IMPORT FOREIGN SCHEMA "{directory}/only_{ending}" EXCEPT (two) FROM SERVER f INTO of_{ending}', check=True)
        got = rows(medley, f"SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relnamespace = 'of_{ending}'::regnamespace")
        report(got == "one,three", f"tables imported of {ending}", got)
        columns = rows(medley, f"SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'of_{ending}.one'::regclass AND attnum > 0")
        report(columns == WANTED_COLUMNS[ending], f"types found of {ending}", columns)
        sums = "count(*), sum(i), min(d), count(t), sum(wide::float8)"
        got, wanted = (rows(medley, f"SELECT {sums} FROM {table}") for table in (f"of_{ending}.one", "parquet"))
        report(got == wanted, f"rows of the table imported of {ending}", f"{got} {wanted}")


def main():
    with temporary_directory() as directory:
        make_files(directory)
        with Medley(BUILD, directory) as medley:
            medley.psql("-q", "-c", OBJECTS.format(dir=directory, columns=COLUMNS, as_text=AS_TEXT), check=True)
            check_formats(medley)
            check_import(medley, directory)
            check_errors(medley, directory)
    sys.exit(failures > 0)


main()
