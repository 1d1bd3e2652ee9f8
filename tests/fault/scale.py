"""A catalog with many objects: no DDL statement or look-up reads it whole. `bench/scale` in small; its median of each statement beside an empty catalog's."""
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SIZE = ["--tables", "20000", "--mappings", "10000", "--runs", "5", "--bound", "5"]

sys.exit(subprocess.run([os.path.join(TOP, "bench", "scale"), *SIZE, os.environ["MEDLEY_BUILD"]], check=False).returncode)
