"""log_min_duration_statement, medley.log_min_plan_duration: statements and plans in the server's log, secrets not among them."""
import time

from federation import federation, ok


def main():
    with federation() as (_, medley, _):
        medley.psql("-q", "-c", "SELECT 'not yet'")
        medley.psql("-q", "-c", "SET log_min_duration_statement = 0", "-c", "SELECT count(*)\n  FROM items WHERE name <> 'one line'",
                    "-c", "CREATE ROLE carl PASSWORD 'sesame'", "-c", "CREATE USER MAPPING FOR carl SERVER src OPTIONS (user 'u', password 'sesame')",
                    "-c", "SELECT nothing FROM items", "-c", "SET log_min_duration_statement = '30s'", "-c", "SELECT 'quick enough'")
        time.sleep(0.2)
        with open(medley.log_path, encoding="utf-8") as log:
            lines = [line for line in log if "duration: " in line]
        text = "".join(lines)
        ok("a statement is one line, with its time", any("ms  statement: SELECT count(*)   FROM items WHERE name <> 'one line'" in line for line in lines), text)
        ok("one that holds secrets is its tag alone", "statement: CREATE ROLE\n" in text and "statement: CREATE USER MAPPING\n" in text
           and "sesame" not in text, text)
        ok("quick ones, failed ones and those before are not there", "not yet" not in text and "quick enough" not in text and "nothing" not in text, text)
        plans(medley)


def plans(medley):
    with open(medley.log_path, encoding="utf-8") as log:
        before = len(log.readlines())
    medley.psql("-q", "-c", "SET medley.log_min_plan_duration = 0", "-c", "SELECT max(id) FROM items WHERE name <> 'watched'",
                "-c", "BEGIN", "-c", "DECLARE c CURSOR FOR SELECT id FROM items", "-c", "FETCH 1 FROM c", "-c", "COMMIT",
                "-c", "CREATE USER MAPPING FOR CURRENT_USER SERVER src OPTIONS (user 'u', password 'sesame')",
                "-c", "SET medley.log_min_plan_duration = '30s'", "-c", "SELECT count(*) FROM items WHERE name = 'unwatched'")
    done = medley.psql("-q", "-c", "CREATE ROLE watcher", "-c", "SET ROLE watcher", "-c", "SET medley.log_min_plan_duration = 0")
    ok("superusers alone watch", "permission denied to set parameter" in (done.stdout or "") + (done.stderr or ""), done)
    time.sleep(0.2)
    with open(medley.log_path, encoding="utf-8") as log:
        text = "".join(log.readlines()[before:])
    ok("a plan is logged with its statement", "plan of: SELECT max(id) FROM items WHERE name <> 'watched'" in text, text)
    ok("with the SQL of its source and its figures", any("Remote SQL: SELECT max(" in line for line in text.split("\n"))
       and "plan: Foreign Scan on public.items" in text and " rows=1 " in text, text)
    ok("that of a cursor too", "plan of: DECLARE c CURSOR" in text, text)
    ok("but no secrets, and nothing below the threshold", "sesame" not in text and "unwatched" not in text, text)


main()
