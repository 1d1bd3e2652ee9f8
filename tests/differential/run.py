#!/usr/bin/python3
"""Differential tests: random expressions and queries, answered by PostgreSQL and by Medley, must have the same answers.

Each is asked three times: on PostgreSQL 15, on Medley with all tables on one server (everything shipped), and on Medley with the tables in CSV
files and on a second server (everything local). What is compared, and what is not, says gen/compare.py. The seed decides everything.

    tests/run differential                                   a sample: what `make check` runs
    tests/run differential --count N [--seed S]              N expressions and N/10 queries
    tests/run differential --count N --only expressions      or queries

MEDLEY_BUILD names the build. --seeds K goes on with K - 1 seeds more. --every takes all of PostgreSQL's functions in place of those of data/functions.tsv, and lists what is refused.
"""
import argparse
import os
import random
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "lib"))
sys.path.insert(0, HERE)
from gen import functions, world  # noqa: E402
from gen.compare import Judge  # noqa: E402
from gen.expression import Maker  # noqa: E402
from gen.values import VALUES, short  # noqa: E402
from servers import Medley, PgCluster, temporary_directory  # noqa: E402

SAMPLE, SEED, SAMPLE_SECONDS = 1500, 1, 50
CHUNK = 120
SOURCE_PORT = 54387


def expressions(judge, known, made, options, clock):
    """In chunks, each by a seed of its own, so that a chunk can be repeated."""
    ids = [row[0] for row in made["e"][1]]
    columns = {type: [short(type), "p" + short(type)[1:], "p" + short(type)[1:]] for type in VALUES}
    for chunk in range(options.first, options.first + (options.count + CHUNK - 1) // CHUNK):
        chance = random.Random(f"{options.seed}/expressions/{chunk}")
        zone = world.ZONES[chunk % len(world.ZONES)]
        for one in judge.all:
            one.set("TimeZone", zone)
        constant = chunk % 4 == 3
        table = None if constant else "e"
        maker = Maker(chance, known, {} if constant else columns, fits=lambda node, table=table: judge.gives_values(node, table))
        nodes = [maker.top() for _ in range(min(CHUNK, options.count))]
        before = len(judge.failures)
        judge.expressions(nodes, table, ids)
        for failure in judge.failures[before:]:
            show(failure, f"chunk {chunk}, {zone}", options)
        if clock():
            return False
    return True


def queries(judge, known, options, clock):
    from gen.query import QueryMaker
    for at in range(options.first, options.first + max(1, options.count // 10)):
        chance = random.Random(f"{options.seed}/queries/{at}")
        node, ordered = QueryMaker(chance, known).statement()
        before = len(judge.failures)
        judge.query(node, ordered)
        for failure in judge.failures[before:]:
            show(failure, f"query {at}", options)
        if clock():
            return False
    return True


def show(failure, where, options):
    print(f"not ok differential: seed {options.seed}, {where}, {failure.key[0]}: {failure.key[1:]}")
    print(f"#   {failure.sql}\n#   postgresql {failure.wanted}\n#   medley     {failure.got}".replace("\n#   ", "\n#   "), flush=True)


def report(judge, what, options, seconds):
    for message, (count, example) in sorted(judge.refused.items(), key=lambda item: -item[1][0]):
        print(f"# refused {count} times: {message}: {example[:300] if options.every or options.verbose else ''}")
    for message, (count, example) in sorted(judge.left_out.items(), key=lambda item: -item[1][0]):
        if options.verbose:
            print(f"# failed on PostgreSQL {count} times: {message}: {example[:300]}")
    refused = sum(count for count, _ in judge.refused.values())
    different = sum(judge.seen.values()) if what == "expressions" else len(judge.failures)
    text = (f"seed {options.seed}: {judge.compared} {what} in {len(judge.others)} ways, {different} differences of {len(judge.failures)} kinds, {refused} refused, "
            f"{judge.failed_both} failed alike, {judge.discarded} not comparable, {seconds:.0f} s")
    if options.verbose:
        print("# " + ", ".join(f"{one.name} asked {one.asked} times in {one.seconds:.1f} s" for one in judge.all)
              + f"; processor time: this program {time.process_time():.1f} s, postgresql {judge.oracle.processor():.1f} s, medley {judge.others[0].processor():.1f} s")
    print(f"{'not ok' if judge.failures else 'ok'} differential: {text}", flush=True)


def arguments():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--count", type=int, default=int(os.environ.get("DIFFERENTIAL_COUNT", SAMPLE)))
    parser.add_argument("--seed", type=int, default=int(os.environ.get("DIFFERENTIAL_SEED", SEED)))
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds, each with tables of its own")
    parser.add_argument("--first", type=int, default=0, help="the first chunk or query")
    parser.add_argument("--only", choices=["expressions", "queries"], default=os.environ.get("DIFFERENTIAL_ONLY"))
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--sql", nargs="+", help="asks statements in all worlds")
    return parser.parse_args()


def main():
    options = arguments()
    ok = True
    for options.seed in range(options.seed, options.seed + options.seeds):
        ok = one_seed(options) and ok
    return 0 if ok else 1


def one_seed(options):
    build = os.environ.get("MEDLEY_BUILD", os.path.join(TOP, "build"))
    made = world.tables(random.Random(options.seed))
    sample = options.count <= SAMPLE
    ok = True
    with temporary_directory() as directory:
        source_dir, medley_dir = os.path.join(directory, "source"), os.path.join(directory, "medley")
        os.mkdir(source_dir)
        os.mkdir(medley_dir)
        with PgCluster(source_dir, SOURCE_PORT) as cluster, Medley(build, medley_dir) as medley:
            world.build_source(cluster, made, directory)
            world.build_medley(medley, cluster, made, directory)
            oracle = world.World(cluster, "public", "postgresql")
            others = [world.World(medley, name, name) for name in ("shipped", "local", "sqlite")]
            known = functions.load(oracle.connection.cursor(), os.path.join(TOP, "data", "functions.tsv"), options.every)
            world.check_tables(oracle, others, made)
            if options.verbose:
                print(f"# {len(known)} functions", flush=True)
            if options.sql:
                for sql in options.sql:
                    print(sql)
                    for one in (oracle, *others):
                        print(f"  {one.name}: {one.ask(sql)}")
                return True
            for what, run in (("expressions", lambda j, c: expressions(j, known, made, options, c)), ("queries", lambda j, c: queries(j, known, options, c))):
                if options.only in (None, what):
                    start = time.time()
                    judge = Judge(oracle, others)
                    judge.all = [oracle, *others]
                    run(judge, lambda: sample and time.time() - start > SAMPLE_SECONDS / 2)
                    report(judge, what, options, time.time() - start)
                    ok = ok and not judge.failures
    return ok


sys.exit(main())
