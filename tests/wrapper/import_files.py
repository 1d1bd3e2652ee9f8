#!/usr/bin/python3
"""IMPORT FOREIGN SCHEMA from what PostgreSQL cannot import: the tables of a SQLite file, the files of a directory. LIMIT TO, EXCEPT and OPTIONS,
names and types of every kind, and nothing at all where one table cannot be."""
import os
import sqlite3
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))
from servers import Medley, temporary_directory  # noqa: E402

TABLES = """
CREATE TABLE t1 (a INTEGER PRIMARY KEY, b VARCHAR(20) NOT NULL, c DECIMAL(10,2), d, e BLOB, f REAL, g DATETIME, h BOOLEAN, i NUMERIC(5), j "UNSIGNED BIG INT",
  k DATE, l JSON, m UUID, n DOUBLE PRECISION, o "DECIMAL( 4 , 1 )", p GENERATED ALWAYS AS (a * 2) STORED, q TIMESTAMPTZ, r TIME, s DECIMAL(2000,5), t ANY, u CLOB);
CREATE TABLE "Mixed" ("Col A" int, "select" text, "q""q" text, "é" text);
CREATE TABLE "t'q" (a int); CREATE TABLE "select" (a int NOT NULL); CREATE TABLE "a.b" (x int); CREATE TABLE "таблица" ("столбец" int);
CREATE TABLE wr (k text PRIMARY KEY, v int) WITHOUT ROWID;
CREATE VIEW v1 AS SELECT a, b || 'x' AS bx, count(*) FROM t1;
CREATE INDEX i1 ON t1 (b);
"""
T1 = ("a bigint,b text !,c numeric(10,2),d text,e bytea,f double precision,g timestamp without time zone,h boolean,i numeric(5,0),j bigint,k date,l json,m uuid,"
      "n double precision,o numeric(4,1),p text,q timestamp with time zone,r time without time zone,s numeric,t text,u text")
FILES = {"a.csv": "x,y\n1,2\n", "B b.csv": "p;q\n1;2.5\n", "c.tsv": "k\tv\n1\tz\n", "d.jsonl": '{"a":1,"b":"x","c":[1,2],"d":{"e":1}}\n{"a":2}\n', "UP.CSV": "a\n1\n",
         ".csv": "a\n1\n", "noext": "a\n", "readme.txt": "a\n1\n", "h.csv": 'a,a,A,select,"q""q",\n1,2,3,4,5,6\n', "é.csv": "é\n1\n", "a.b.csv": "z\n1\n", "empty.csv": "", "none.json": ""}
COLUMNS = """SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN ' !' ELSE '' END, ',' ORDER BY attnum)
             FROM pg_attribute WHERE attnum > 0 AND attrelid = 'l.{}'::regclass"""
ALL_TABLES = "Mixed a.b select t'q t1 v1 wr таблица"
ALL_FILES = "B b|a|a.b|c|d|h|é"

failures = 0


def report(good, name, told=""):
    global failures
    failures += not good
    print(f"ok import: {name}" if good else f"not ok import: {name}\n# {told}")


class Importer:
    def __init__(self, medley):
        self.medley = medley

    def query(self, sql):
        return self.medley.psql("-At", "-v", "VERBOSITY=verbose", "-c", sql).stdout.rstrip("\n")

    def run(self, statement):
        """What is said, and the tables that are there then."""
        self.query("SET client_min_messages = error; DROP SCHEMA IF EXISTS l CASCADE; CREATE SCHEMA l")
        said = self.query(statement)
        return said, self.query("SELECT coalesce(string_agg(relname, '|' ORDER BY relname), '') FROM pg_class WHERE relnamespace = 'l'::regnamespace")

    def gives(self, statement, tables):
        said, got = self.run(statement)
        report(said == "IMPORT FOREIGN SCHEMA" and got == tables.replace(" ", "|" if "|" not in tables else " "), statement, f"{said!r} {got!r}")

    def fails(self, statement, state, words):
        said, got = self.run(statement)
        report(f"ERROR:  {state}: " in said and words in said and got == "", f"{statement} leaves nothing", f"{said!r} {got!r}")

    def columns(self, table, wanted):
        got = self.query(COLUMNS.format(table))
        report(got == wanted, f"columns of {table}", got)


def check_sqlite(importer, directory):
    main = "IMPORT FOREIGN SCHEMA main {} FROM SERVER s INTO l {}".format
    importer.query(f"CREATE SERVER s FOREIGN DATA WRAPPER sqlite_fdw OPTIONS (database '{directory}/tables.db')")
    importer.gives(main("", ""), ALL_TABLES)
    for table, columns in (("t1", T1), ('"Mixed"', 'Col A bigint,select text,q"q text,é text'), ("wr", "k text !,v bigint"), ("v1", "a bigint,bx text,count(*) text"),
                           ('"таблица"', "столбец bigint"), ('"select"', "a bigint !")):
        importer.columns(table, columns)
    got = importer.query("SELECT ftoptions FROM pg_foreign_table WHERE ftrelid = 'l.\"t''q\"'::regclass")
    report(got == "{table=t'q}", "a table's options", got)
    importer.gives(main("LIMIT TO (t1, nosuch, t1, mixed)", ""), "t1")
    importer.gives(main("LIMIT TO (nosuch)", ""), "")
    importer.gives(main('EXCEPT (t1, v1, "Mixed", nosuch)', ""), "a.b select t'q wr таблица")
    importer.gives(main('LIMIT TO ("select")', "OPTIONS (import_not_null 'true', import_not_null 'off')"), "select")
    importer.columns('"select"', "a bigint")
    importer.fails(main("", "OPTIONS (import_not_null 'x')"), "42601", "import_not_null requires a Boolean value")
    importer.fails(main("", "OPTIONS (import_not_null 'x', import_not_null 'on')"), "42601", "import_not_null requires a Boolean value")
    importer.fails(main("", "OPTIONS (nosuch 'x', import_not_null 'x')"), "HV00D", 'invalid option "nosuch"')
    importer.fails("IMPORT FOREIGN SCHEMA public FROM SERVER s INTO l", "HV00Q", 'schema "public" is not present on foreign server "s"')
    for name, state, words in (("broken", "HV00R", "no such table: main.nosuch"), ("unnamed", "42601", "zero-length delimited identifier"), ("absent", "08001", "could not connect")):
        importer.query(f"ALTER SERVER s OPTIONS (SET database '{directory}/{name}.db')")
        importer.fails(main("", ""), state, words)
    importer.query(f"ALTER SERVER s OPTIONS (SET database '{directory}/bytes.db')")
    importer.fails(main("", ""), "22021", 'invalid byte sequence for encoding "UTF8": 0xff')
    importer.gives(main("LIMIT TO (fine)", ""), "fine")


def check_files(importer, directory):
    path = "IMPORT FOREIGN SCHEMA \"{}/{}\" {} FROM SERVER f INTO l {}".format
    importer.query("CREATE SERVER f FOREIGN DATA WRAPPER file_fdw")
    importer.gives(path(directory, "files", "", ""), ALL_FILES)
    for table, columns in (('"B b"', "p bigint,q double precision"), ("c", "k bigint,v text"), ("d", "a bigint,b text,c json,d json"),
                           ("h", 'a bigint,a_1 bigint,A_2 bigint,select bigint,q"q bigint,column5 bigint')):
        importer.columns(table, columns)
    got = importer.query('TABLE l.h; TABLE l.a; TABLE l.d; TABLE l."B b"; TABLE l.c; TABLE l."é"; TABLE l."a.b"')
    report(got == '1|2|3|4|5|6\n1|2\n1|x|[1,2]|{"e":1}\n2|||\n1|2.5\n1|z\n1\n1', "rows of imported files", got)
    importer.gives(path(directory, "files", 'LIMIT TO ("B b", nosuch, a, a, H)', ""), "B b|a|h")
    importer.gives(path(directory, "files", 'EXCEPT ("B b", c, nosuch)', ""), "a|a.b|d|h|é")
    importer.gives(path(directory, "nothing", "", ""), "")
    importer.gives(path(directory, "odd", "", ""), "fine")
    importer.fails(path(directory, "files", "", "OPTIONS (format 'csv')"), "HV00D", 'invalid option "format"')
    importer.fails(path(directory, "twice", "", ""), "42P07", 'relation "a" already exists')
    importer.fails(path(directory, "list", "", ""), "HV000", "expected records")
    importer.fails(path(directory, "bytes", "", ""), "HV000", "CSV Error on Line: 2")
    importer.fails(path(directory, "name", "", ""), "22021", 'invalid byte sequence for encoding "UTF8": 0xff')
    importer.gives(path(directory, "name", "LIMIT TO (fine)", ""), "fine")
    importer.fails(path(directory, "tables.db", "", ""), "HV00Q", "Not a directory")
    importer.fails(path(directory, "absent", "", ""), "HV00Q", "No such file or directory")
    importer.fails("IMPORT FOREIGN SCHEMA relative FROM SERVER f INTO l", "HV00P", "does not support IMPORT FOREIGN SCHEMA")


def check_transactions(importer, directory):
    """What was imported goes with a rollback; a failed import takes nothing else along."""
    said = importer.medley.psql("-At", text_input=f"""DROP SCHEMA l CASCADE; CREATE SCHEMA l;
BEGIN; IMPORT FOREIGN SCHEMA "{directory}/files" LIMIT TO (a) FROM SERVER f INTO l; SELECT * FROM l.a; ROLLBACK;
BEGIN; IMPORT FOREIGN SCHEMA "{directory}/files" LIMIT TO (a) FROM SERVER f INTO l; SAVEPOINT s;
IMPORT FOREIGN SCHEMA "{directory}/files" FROM SERVER f INTO l; ROLLBACK TO s; SELECT string_agg(relname, ' ') FROM pg_class WHERE relkind = 'f'; ROLLBACK;
SELECT count(*) FROM pg_foreign_table;""").stdout
    rows = [line for line in said.splitlines() if line[:1].isdigit() or line == "a"]
    report(rows == ["1|2", "a", "0"], "imports in transactions", said)


def make_files(directory):
    databases = {"tables": TABLES, "broken": "CREATE TABLE a (x int); CREATE VIEW z AS SELECT * FROM nosuch;", "unnamed": 'CREATE TABLE a (x int); CREATE TABLE b ("" int);',
                 "bytes": "CREATE TABLE fine (x int); CREATE TABLE bad_name (x int); PRAGMA writable_schema = on; "
                          "UPDATE sqlite_schema SET name = CAST(x'ff' AS text), tbl_name = CAST(x'ff' AS text), sql = 'CREATE TABLE \"' || CAST(x'ff' AS text) || '\" (x int)' WHERE name = 'bad_name';"}
    for name, text in databases.items():
        database = sqlite3.connect(f"{directory}/{name}.db")
        database.executescript(text)
        database.close()
    folders = {"files": FILES, "nothing": {}, "odd": {"fine.csv": "x\n1\n"}, "twice": {"a.csv": "x\n1\n", "a.jsonl": '{"x":1}\n'}, "list": {"a.json": '[{"a":1}]\n', "A.csv": "x\n1\n"},
               "bytes": {"a.csv": "x,y\n1,2\n"}, "name": {"fine.csv": "x\n1\n"}}
    for folder, files in folders.items():
        os.mkdir(f"{directory}/{folder}")
        for name, text in files.items():
            with open(f"{directory}/{folder}/{name}", "w", encoding="utf-8") as file:
                file.write(text)
    os.mkdir(f"{directory}/odd/folder.csv")
    os.mkfifo(f"{directory}/odd/pipe.csv")
    with open(f"{directory}/bytes/b.csv", "wb") as file:
        file.write(b"a,b\n\xff\xfe,1\n")
    with open(f"{directory}/name/".encode() + b"x\xff.csv", "wb") as file:
        file.write(b"x\n1\n")


def main():
    with temporary_directory() as directory:
        make_files(directory)
        with Medley(os.environ["MEDLEY_BUILD"], directory) as medley:
            importer = Importer(medley)
            importer.query("CREATE EXTENSION sqlite_fdw; CREATE EXTENSION file_fdw")
            check_sqlite(importer, directory)
            check_files(importer, directory)
            check_transactions(importer, directory)
    sys.exit(failures > 0)


main()
