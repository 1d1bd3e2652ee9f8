"""Sessions side by side, as sessions.steps says, with PostgreSQL and with Medley: the same answers, and the same ones wait."""
import difflib
import os

from federation import ok
from servers import Medley, PgCluster, temporary_directory
from steps import Scenario, read_scenarios

STEPS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sessions.steps")

with temporary_directory() as directory:
    homes = [os.path.join(directory, name) for name in ("postgresql", "medley")]
    for home in homes:
        os.mkdir(home)
    with PgCluster(homes[0], port=54387) as postgresql, Medley(os.environ["MEDLEY_BUILD"], homes[1], port=54386) as medley:
        for name, steps in read_scenarios(STEPS).items():
            wanted = Scenario(postgresql, steps).run()
            got = Scenario(medley, steps, wanted).run()
            ok(name, wanted == got)
            for line in difflib.unified_diff(wanted, got, "postgresql", "medley", lineterm=""):
                print(f"# {line}", flush=True)
