"""log_min_duration_statement: statements in the server's log, secrets not among them."""
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


main()
