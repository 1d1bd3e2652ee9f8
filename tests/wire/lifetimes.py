"""Statements and portals that outlive, replace, close or run one another: nothing may be used after it is gone."""
import sys
import time

from pgwire import SYNC, Connection, bind, close, equal, execute, parse, query, run, server, transcript


def connect(medley):
    c = Connection(medley)
    c.start()
    return c


def a_portal_outlives_its_statement(medley):
    with connect(medley) as c:
        equal(c.ask(parse("SELECT 'the value' AS a_long_enough_name", "s"), bind("p", "s"), close("S", "s"), parse("SELECT 2", "s"),
                    execute("p"), SYNC),
              ["parsed", "bound", "closed", "parsed", "row the value", "done SELECT 1", "ready I"])
        equal(c.ask(parse("SET statement_timeout = 60000", "t"), bind("p", "t"), close("S", "t"), execute("p"), SYNC),
              ["parsed", "bound", "closed", "done SET", "ready I"])


def a_statement_deallocates_itself(medley):
    with connect(medley) as c:
        equal(c.ask(parse("DEALLOCATE itself", "itself"), bind("", "itself"), execute(), SYNC),
              ["parsed", "bound", "done DEALLOCATE", "ready I"])
        equal(c.ask(parse("DEALLOCATE ALL", "all"), bind("", "all"), execute(), SYNC), ["parsed", "bound", "done DEALLOCATE ALL", "ready I"])


def an_executed_statement_goes_first(medley):
    with connect(medley) as c:
        equal(c.ask(query("PREPARE q(int) AS SELECT $1 + 1 AS next_one")), ["done PREPARE", "ready I"])
        equal(c.ask(parse("EXECUTE q(41)", "e"), bind("p", "e"), parse("DEALLOCATE q"), bind(), execute(), close("S", "e"), SYNC),
              ["parsed", "bound", "parsed", "bound", "done DEALLOCATE", "closed", "ready I"])


def a_cursor_is_declared_by_execute(medley):
    with connect(medley) as c:
        equal(c.ask(query("BEGIN")), ["done BEGIN", "ready T"])
        equal(c.ask(parse("DECLARE d CURSOR FOR SELECT $1::int + 1", "declare"), SYNC), ["parsed", "ready T"])
        equal(c.ask(query("EXECUTE declare(1)")), ["done DECLARE CURSOR", "ready T"])
        equal(c.ask(query("FETCH d; COMMIT")), ["columns ?column?:23", "row 2", "done FETCH 1", "done COMMIT", "ready I"])


def a_portal_does_not_close_itself(medley):
    with connect(medley) as c:
        equal(c.ask(parse("CLOSE me"), bind("me"), execute("me"), SYNC),
              ["parsed", "bound", 'ERROR 24000 cannot drop active portal "me"', "ready I"])


def portals_do_not_run_each_other_in_a_circle(medley):
    with connect(medley) as c:
        equal(c.ask(parse("SELECT 1", "one"), bind("x", "one"), bind("y", "one"), parse("FETCH x", "x"), parse("FETCH y", "y"),
                    close("P", "x"), bind("x", "y"), close("P", "y"), bind("y", "x"), execute("x"), SYNC),
              ["parsed", "bound", "bound", "parsed", "parsed", "closed", "bound", "closed", "bound",
               'ERROR 55000 portal "x" cannot be run', "ready I"])


def a_statement_does_not_execute_itself(medley):
    with connect(medley) as c:
        equal(c.ask(parse("SET statement_timeout = 0", "a"), parse("EXECUTE a", "b"), close("S", "a"), parse("EXECUTE b", "a"), bind("", "a"),
                    execute(), SYNC)[-2:],
              ["ERROR 54001 stack depth limit exceeded", "ready I"])


def positions_count_in_a_text_that_is_gone(medley):
    with connect(medley) as c:
        equal(c.ask(query("CREATE FOREIGN DATA WRAPPER lifetimes; CREATE SERVER lifetimes FOREIGN DATA WRAPPER lifetimes; "
                          "CREATE FOREIGN TABLE lifetimes (i int) SERVER lifetimes"))[-1:], ["ready I"])
        equal(c.ask(query("PREPARE late AS SELECT 'äöü', i FROM lifetimes"))[-1:], ["ready I"])
        equal(c.ask(parse("SELECT 'äöü', i FROM lifetimes", "later"), SYNC), ["parsed", "ready I"])
        equal(c.ask(query("DROP FOREIGN DATA WRAPPER lifetimes CASCADE"))[-1:], ["ready I"])
        equal(c.ask(query("EXECUTE late")), ['ERROR 42P01 relation "lifetimes" does not exist @38', "ready I"])
        equal(c.ask(bind("", "later"), SYNC), ['ERROR 42P01 relation "lifetimes" does not exist @22', "ready I"])
        equal(c.ask(query("BEGIN"))[-1:], ["ready T"])
        equal(c.ask(query("DECLARE c CURSOR FOR SELECT 'äöü', nosuch")), ['ERROR 42703 column "nosuch" does not exist @36', "ready E"])


CONCURRENT = "ERROR 40001 could not serialize access due to concurrent update"
FAR = """CREATE EXTENSION postgres_fdw; CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1');
    CREATE USER MAPPING FOR PUBLIC SERVER far OPTIONS (user 'u', password 'p'); CREATE TABLE here (i int)"""
TABLE = "CREATE FOREIGN TABLE far (i int, v text) SERVER far"


def what_is_written_to_may_go_meanwhile(medley):
    with connect(medley) as c, connect(medley) as other:
        equal(c.ask(query(FAR))[-1:], ["ready I"])
        for statement in ("INSERT INTO far VALUES (1, 'a') RETURNING i", "UPDATE far SET v = 'a'", "DELETE FROM far WHERE i = random()"):
            for change in ("DROP FOREIGN TABLE far", "ALTER FOREIGN TABLE far DROP COLUMN v"):
                equal(c.ask(query(TABLE))[-1:], ["ready I"])
                equal(c.ask(query("BEGIN"))[-1:], ["ready T"])
                equal(c.ask(parse(statement), bind("p"), SYNC), ["parsed", "bound", "ready T"])
                equal(other.ask(query(change))[-1:], ["ready I"])
                equal(c.ask(execute("p"), SYNC), [CONCURRENT, "ready E"])
                equal(c.ask(query("ROLLBACK; DROP FOREIGN TABLE IF EXISTS far"))[-1:], ["ready I"])


def it_may_go_before_a_trigger_writes_here(medley):
    with connect(medley) as c, connect(medley) as other:
        equal(c.ask(query("CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS "
                          "$$BEGIN PERFORM pg_sleep(1); INSERT INTO here VALUES (new.i); RETURN NULL; END$$"))[-1:], ["ready I"])
        for change, wanted in (("DROP FOREIGN TABLE far", [CONCURRENT, "ready I"]), ("INSERT INTO here VALUES (2)", ["done INSERT 0 0", "ready I"])):
            equal(c.ask(query(f"{TABLE}; CREATE TRIGGER note BEFORE INSERT ON far FOR EACH ROW EXECUTE FUNCTION note()"))[-1:], ["ready I"])
            c.send(query("INSERT INTO far VALUES (1, 'a')"))
            time.sleep(0.3)
            equal(other.ask(query(change))[-1:], ["ready I"])
            equal([line.partition(" (")[0] for line in transcript(c.read_all())], wanted)
        equal(c.ask(query("DROP EXTENSION postgres_fdw CASCADE; DROP TABLE here; DROP FUNCTION note"))[-1:], ["ready I"])


with server() as medley_server:
    FAILED = run([value for value in list(globals().values()) if callable(value) and getattr(value, "__module__", "") == "__main__"
                  and value is not connect], medley_server)
sys.exit(1 if FAILED else 0)
