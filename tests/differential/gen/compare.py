"""Compares expressions and queries between worlds, and makes failing ones small.

The rules, where an answer is not wholly determined:
 1. An expression that fails on some rows is asked row by row: values where PostgreSQL gives values, an error where it gives one.
 2. The order in which the arguments of an expression are evaluated is not defined (PostgreSQL's manual, 4.2.14). Where several parts of an
    expression fail on a row, Medley's error must be the one that one of the parts gives on PostgreSQL. Where a part fails on PostgreSQL, Medley may
    give the value that PostgreSQL gives whatever stands in that part's place: it need not come to evaluate it.
 3. Rows of a query are compared as a multiset, in their order where the query says a total one.
 4. The engine's timestamps end in the year 294247, PostgreSQL's in 294276: what lies between may be out of range. So may sums that OVERLAPS makes.
 5. Queries are made of what cannot fail: which of their parts come to be evaluated is not defined. A query that fails on PostgreSQL is left out.
 6. 0A000 by Medley is a refusal, counted apart.
 7. Which of equal intervals, or zeros, an ordered-set aggregate takes is not defined: of intervals they are not asked, to zeros 0 is added. So it
    is with DISTINCT over equal numerics, which may have other scales, and over equal intervals that are summed: it is not asked.
 8. What PostgreSQL answers with bytes that are no text ("char" above 127, cast to another type) is left out: its own clients cannot read it.
 9. PostgreSQL describes a result's column with the modifier of what the planner has left of its expression: a CASE of constants is one of its
    branches by then, while Describe gives the expression's own. Medley always gives the latter; so the description is taken from a subquery's.
10. Rows that are alike have no order among them, and two windows may take them in two: over such rows one window function is asked a query.
11. Of intervals within a day of int64's least PostgreSQL makes times of day past 24:00, which its own input refuses: out of range in Medley.
12. Minor releases of PostgreSQL 15 differ in whether to_char of an integer that V shifts beyond its range fails: V is not asked.
13. substring of a text, a pattern and an escape is an SQL function that PostgreSQL inlines: a constant escape that is none fails there while the
    statement is planned, also where the text is NULL on every row. Medley then gives NULL.
14. PostgreSQL 15 leaves a column out of ORDER BY that WHERE makes a constant, although a grouping set may make it NULL: rows of grouping sets are
    compared as a multiset, and nothing is grouped by an expression without a column.
"""
import re

from .tree import Node, comma, leaf, replaced, size, walk
from .values import SPELLED, VALUES, literal
from .world import Answer, EDGE_ROWS as EDGE

REFUSED = "0A000"
BATCH = 60
BEYOND = [("timestamp out of range", "timestamp", re.compile(r"\b294(24[7-9]|2[5-7]\d)-")),
          ("date/time field value out of range", "time ", re.compile(r"^(24:(?!00:00$)|2[5-9]|[3-9]\d)"))]


def is_refusal(answer):
    return answer.error is not None and answer.error[0] == REFUSED


class Failure:
    def __init__(self, world, sql, wanted, got, key):
        self.world, self.sql, self.wanted, self.got, self.key = world, sql, wanted, got, key


class Asked:
    """An expression and what the oracle gives for it."""

    def __init__(self, node, answer):
        self.node, self.described = node, answer.columns[-1][1:]
        self.values = {row[0] if len(row) > 1 else None: row[-1] for row in answer.rows}

    def is_answered(self, got, at, first):
        """Whether column `at` of the expressions in `got` is that; `first`: the number of columns before them, the row's id."""
        name, *described = got.columns[first + at]
        if name != f"x{at}" or tuple(described) != tuple(self.described) or len(got.rows) != len(self.values):
            return False
        missing = object()
        return all(self.values.get(row[0] if first else None, missing) == row[first + at] for row in got.rows)


class Judge:
    """Holds the worlds: the oracle and those that are to agree with it."""

    def __init__(self, oracle, others):
        self.oracle, self.others = oracle, others
        self.compared = self.valued = self.rows = self.failed_both = self.discarded = 0
        self.refused, self.left_out = {}, {}
        self.failures = []
        self.seen, self.known = {}, {}

    # ---- expressions ----

    def answer(self, node, table):
        """The oracle's, kept: the generator has asked for it before the comparison does."""
        text = str(node)
        if (text, table) not in self.known:
            self.known[text, table] = self.oracle.ask(self.select([text], table))
        return self.known[text, table]

    def gives_values(self, node, table):
        return self.answer(node, table).error is None

    def expressions(self, nodes, table, ids):
        """Compares expressions over every row of the table; `table` None: without rows."""
        good, bad = {}, []
        for node in nodes:
            answer = self.answer(node, table)
            if answer.error is None and not answer.columns:
                self.discarded += 1  # rule 8
            elif answer.error is None:
                good.setdefault(None, []).append(Asked(node, answer))
            elif answer.error[0] in ("57014", "53200", "54000"):
                self.discarded += 1
            elif table is None:
                bad.append((node, None, answer))
            else:
                self.row_by_row(node, table, ids, good, bad)
        for world in self.others:
            for rows, group in good.items():
                for at in range(0, len(group), BATCH):
                    self.batch(world, group[at:at + BATCH], table, rows)
            for node, row, wanted in bad:
                self.error(world, node, table, row, wanted)
        self.compared += len(nodes)
        self.known.clear()

    def row_by_row(self, node, table, ids, good, bad):
        fine, failing = self.rows_that_work(node, table, tuple(ids))
        fine = [(row, answer) for row, answer in fine if answer.columns]  # rule 8
        if failing:
            bad.append((node, *failing))
        if fine:
            rows = tuple(row for row, _ in fine)
            good.setdefault(rows, []).append(Asked(node, Answer(fine[0][1].columns, [answer.rows[0] for _, answer in fine])))

    def rows_that_work(self, node, table, rows):
        """Each row by itself, and the first that fails with its answer."""
        fine, failing = [], None
        for row in rows:
            answer = self.oracle.ask(self.select([node], table, [row]))
            if answer.error is None:
                fine.append((row, answer))
            elif failing is None:
                failing = (row, answer)
        return fine, failing

    @staticmethod
    def select(nodes, table, rows=None):
        text = "SELECT " + ", ".join(f"{node} AS x{at}" for at, node in enumerate(nodes))
        if table is None:
            return text
        where = "" if rows is None else f" WHERE id IN ({', '.join(map(str, rows))})" if len(rows) != 1 else f" WHERE id = {rows[0]}"
        return f"SELECT id, {text[7:]} FROM {table}{where}"

    def batch(self, world, group, table, rows):
        """What the oracle gives for each by itself, `world` must give for all of them in one statement."""
        got = world.ask(self.select([asked.node for asked in group], table, rows))
        if got.error is None and got.columns:
            first = 0 if table is None else 1
            for at, asked in enumerate(group):
                if not asked.is_answered(got, at, first):
                    self.single(world, asked, table, rows)
        elif len(group) > 1:
            middle = len(group) // 2
            self.batch(world, group[:middle], table, rows)
            self.batch(world, group[middle:], table, rows)
        else:
            self.single(world, group[0], table, rows)

    def single(self, world, asked, table, rows):
        node, sql = asked.node, self.select([asked.node], table, rows)
        wanted, got = self.oracle.ask(sql), world.ask(sql)
        if is_refusal(got):
            self.refuse(world, got, sql, node)
        elif self.is_beyond(node, table, rows, got):
            self.discarded += 1
        elif wanted.error is None and got.error is not None and self.is_part_error(node, table, rows, got):
            self.failed_both += 1  # rule 2: PostgreSQL did not come to evaluate that part
        elif got.error is None and wanted.error is None and wanted.rows == got.rows and self.described(sql) == got.columns:
            pass
        elif got.error is None and wanted.error is None and self.equal(wanted, got, table is None):
            self.fail_batch(world, asked, table, rows, wanted)
        else:
            self.fail_expression(world, node, table, rows, wanted, got)

    @staticmethod
    def ends(node):
        """What OVERLAPS adds up."""
        for part in walk(node):
            if "overlaps" in part.name.lower() and len(part.children) == 4:
                for start, span in (part.children[:2], part.children[2:]):
                    if span.type == "interval":
                        yield Node(["(", ") + (", ")"], [start, span], start.type)

    @staticmethod
    def is_planned(node, wanted):
        """Rule 13."""
        return wanted.error is not None and wanted.error[0] == "22025" and any("substring" in part.name.lower() and len(part.children) == 3 for part in walk(node))

    def is_beyond(self, node, table, rows, got):
        """Rules 4 and 11."""
        if got.error is None or got.error[0] != "22008":
            return False
        for message, type, values in BEYOND:
            if not got.error[1].startswith(message):
                continue
            for part in [*walk(node), *self.ends(node)]:
                if part.type and part.type.startswith(type):
                    answer = self.oracle.ask(self.select([part], table, rows))
                    if any(values.search(v) for row in answer.rows or [] for v in row if v):
                        return True
        return False

    @staticmethod
    def equal(wanted, got, ordered):
        if wanted.columns != got.columns:
            return False
        return wanted.rows == got.rows if ordered else sorted(wanted.rows, key=repr) == sorted(got.rows, key=repr)

    def error(self, world, node, table, row, wanted):
        sql = self.select([node], table, None if row is None else [row])
        got = world.ask(sql)
        if is_refusal(got) and wanted.error[0] != REFUSED:
            self.refuse(world, got, sql, node)
        elif got.error == wanted.error or self.may_differ(node, table, None if row is None else [row], got) or self.is_planned(node, wanted):
            self.failed_both += 1
        else:
            self.fail_expression(world, node, table, None if row is None else [row], wanted, got)

    def is_part_error(self, node, table, rows, got):
        """Rule 2."""
        if got.error is None:
            return False
        for part in walk(node):
            if part.type and part is not node:
                answer = self.oracle.ask(self.select([part], table, rows))
                if answer.error == got.error:
                    return True
        return False

    def may_differ(self, node, table, rows, got):
        return bool(got.error) and self.is_part_error(node, table, rows, got) or self.is_irrelevant(node, table, rows, got)

    def is_irrelevant(self, node, table, rows, got):
        """Rule 2: whether the part that fails decides nothing."""
        for part in walk(node):
            if part.type and part is not node and self.oracle.ask(self.select([part], table, rows)).error:
                type = SPELLED.get(part.type, part.type)
                trials = [f"NULL::{type}", *(literal(part.type, text) for text in VALUES[part.type][:3])]
                answers = [self.oracle.ask(self.select([replaced(node, part, leaf(text, part.type))], table, rows)) for text in trials]
                if all(a.error == got.error and a.rows == got.rows for a in answers):
                    return True
        return False

    def refuse(self, world, got, sql, node):
        self.note(self.refused, got, sql)

    @staticmethod
    def note(kept, answer, sql):
        key = answer.error[1]
        count, example = kept.get(key, (0, sql))
        kept[key] = (count + 1, min(example, sql, key=len))

    # ---- making a failing expression small ----

    def differs(self, world, node, table, rows):
        sql = self.select([node], table, rows)
        wanted = self.oracle.ask(sql)
        got = world.ask(sql)
        if is_refusal(got) or self.is_beyond(node, table, rows, got) or wanted.error and wanted.error[0] in ("42601", "57014"):
            return None
        if wanted.error or got.error:
            same = wanted.error == got.error or self.may_differ(node, table, rows, got)
        else:
            same = self.equal(wanted, got, table is None)
        return None if same else (wanted, got)

    def fail_expression(self, world, node, table, rows, wanted, got):
        root = None
        for part in walk(node):  # the deepest part that differs by itself
            if part.type and part is not node and self.differs(world, part, table, rows):
                root = part
                break
        root = root or node
        key = (world.name, root.name, self.kind(*(self.differs(world, root, table, rows) or (wanted, got))))
        self.seen[key] = self.seen.get(key, 0) + 1
        if self.seen[key] > 1:
            return
        if table is not None:
            for row in rows or range(EDGE):
                if self.differs(world, root, table, [row]):
                    rows = [row]
                    break
        root = self.shrink(world, root, table, rows)
        answers = self.differs(world, root, table, rows) or (wanted, got)
        self.failures.append(Failure(world.name, self.select([root], table, rows), *answers, key))

    def fail_batch(self, world, asked, table, rows, wanted):
        """Right by itself, wrong beside others: it is shown as it is."""
        sql = self.select([asked.node], table, rows)
        self.failures.append(Failure(world.name, sql, wanted, "another answer when it is one of several expressions", (world.name, asked.node.name, "batch")))

    @staticmethod
    def kind(wanted, got):
        if wanted.error and got.error:
            return f"error {wanted.error[0]}/{got.error[0]}"
        if wanted.error:
            return f"error {wanted.error[0]}/value"
        if got.error:
            return f"value/error {got.error[0]}"
        return "types" if wanted.columns != got.columns else "values"

    def shrink(self, world, root, table, rows):
        """Parts become the constants that PostgreSQL computes for them, or one of their own parts."""
        done = set()
        while True:
            for part in sorted((p for p in walk(root) if p.type and p is not root and p.children and id(p) not in done), key=size, reverse=True):
                done.add(id(part))
                smaller = self.constant_of(part, table, rows)
                candidates = ([smaller] if smaller else []) + [c for c in part.children if c.type == part.type]
                better = next((c for c in candidates if self.differs(world, replaced(root, part, c), table, rows)), None)
                if better is not None:
                    root = replaced(root, part, better)
                    break
            else:
                return root

    def constant_of(self, part, table, rows):
        answer = self.oracle.ask(self.select([part], table, rows))
        if answer.error or len(answer.rows) != 1 or not answer.columns:
            return None
        value = answer.rows[0][-1]
        return leaf(f"NULL::{SPELLED.get(part.type, part.type)}" if value is None else literal(part.type, value), part.type)

    # ---- queries ----

    def query(self, node, ordered):
        sql = str(node)
        wanted = self.oracle.ask(sql)
        if wanted.error:
            self.discarded += 1
            self.note(self.left_out, wanted, sql)
            return wanted
        self.valued += bool(wanted.rows)
        for world in self.others:
            got = world.ask(sql)
            if is_refusal(got):
                self.refuse(world, got, sql, node)
            elif got.error or not self.equal_query(wanted, got, ordered, sql):
                self.fail_query(world, node, wanted, got, ordered)
        self.compared += 1
        return wanted

    def equal_query(self, wanted, got, ordered, sql):
        if len(wanted.rows) != len(got.rows) or wanted.columns != got.columns and self.described(sql) != got.columns:
            return False
        left, right = wanted.rows, got.rows
        if not ordered:
            left, right = sorted(left, key=repr), sorted(right, key=repr)
        return left == right

    def described(self, sql):
        """Rule 9."""
        return self.oracle.ask(f"SELECT * FROM (SELECT * FROM ({sql}) AS a OFFSET 0) AS b LIMIT 0").columns

    def query_differs(self, world, node, ordered):
        sql = str(node)
        wanted = self.oracle.ask(sql)
        if wanted.error:
            return None
        got = world.ask(sql)
        if is_refusal(got) or not got.error and self.equal_query(wanted, got, ordered, sql):
            return None
        return wanted, got

    def fail_query(self, world, node, wanted, got, ordered):
        kind = self.kind(wanted, got)
        if len(self.failures) < 60:
            node = self.shrink_query(world, node, ordered, kind)
            wanted, got = self.query_differs(world, node, ordered) or (wanted, got)
        sql = str(node)
        self.failures.append(Failure(world.name, sql, wanted, got, (world.name, kind, got.error[1] if got.error else sql)))

    def shrink_query(self, world, root, ordered, kind, steps=400):
        changed = True
        while changed and steps > 0:
            changed = False
            for part in sorted(walk(root), key=size, reverse=True):
                for smaller in self.smaller(part):
                    steps -= 1
                    trial = replaced(root, part, smaller)
                    answers = self.query_differs(world, trial, ordered)
                    if answers and self.kind(*answers) == kind:
                        root, changed = trial, True
                        break
                if changed or steps <= 0:
                    break
        return root

    @staticmethod
    def smaller(part):
        if part.optional:
            yield Node([""])
        if part.name == "list" and len(part.children) > 1:
            for at in range(len(part.children)):
                yield comma(part.children[:at] + part.children[at + 1:], part.parts[1], None, "list")
        for choice in part.choices:
            yield choice if isinstance(choice, Node) else leaf(choice)
        if part.type and part.children:
            for child in part.children:
                if child.type == part.type:
                    yield child
            yield leaf(f"NULL::{SPELLED.get(part.type, part.type)}", part.type)
