"""Random queries over the tables of world.QUERY_TABLES."""
from .expression import Maker
from .tree import Node, comma, leaf
from .query_parts import COLLECTING, HAVING, ORDINARY, PEERLESS, RECURSIVE, SETS, WINDOW, frame, range_offsets
from .values import IDENTITY
from .world import QUERY_COLUMNS

CASTS = {"numeric(10,2)": "numeric"}
# Functions that cannot fail on the tables' values: an error would depend on the order of evaluation.
CALM = {"int4larger", "int4smaller", "float8abs", "lower", "upper", "length", "textcat", "btrim", "reverse", "texteq", "textne", "text_lt", "text_ge", "int4eq", "int4ne",
        "int4lt", "int4gt", "int84eq", "int48eq", "numeric_eq", "numeric_lt", "numeric_gt", "numeric_abs", "numeric_uminus", "float8eq", "float8lt", "float8gt", "date_eq",
        "date_lt", "date_gt", "timestamp_lt", "timestamp_eq", "interval_eq", "interval_lt", "interval_gt", "interval_um", "date_le_timestamp", "boolne", "booleq", "array_length",
        "cardinality", "arraycontains", "arrayoverlap", "array_eq", "array_lt", "left", "right", "md5", "starts_with", "numeric_add", "concat", "sign",
        "float8up", "array_position", "isfinite", "octet_length", "ascii", "initcap", "int4abs", "quote_literal", "repeat", "num_nulls"}
CAN_FAIL = ("length(bytea, name)", "array_position(anycompatiblearray, anycompatible, integer)")  # an encoding, a start that is NULL
KEYS = ("integer", "text", "bigint", "date", "boolean", "timestamp without time zone", "timestamp with time zone", "uuid", "smallint", "character varying")
ANY_KEYS = KEYS + ("numeric", "interval", "double precision", "real", "character", "jsonb", "integer[]")
TARGETS = ["integer", "text", "bigint", "date", "numeric", "boolean", "interval", "double precision", "timestamp without time zone", "integer[]", "text[]", "jsonb",
           "timestamp with time zone", "character varying", "real", "uuid", "character"]


class Item:
    """What FROM has under a name. `ident`: columns that tell its rows apart, or rows that they do not tell apart are the same; None: there are none."""

    def __init__(self, alias, columns, ident, table=False):
        self.alias, self.columns, self.ident, self.table = alias, columns, ident, table


class QueryMaker:
    def __init__(self, random, functions):
        self.random, self.names = random, 0
        self.functions = [f for f in functions if f.name in CALM and f.signature not in CAN_FAIL]

    def statement(self):
        """A tree and whether its rows come in a total order."""
        self.depth, self.ctes = 0, []
        node, columns, ordered = self.select([], top=True)
        sets = any(word in str(node) for word in ("GROUPING SETS", "ROLLUP", "CUBE"))  # rule 14
        return node, ordered and not sets

    # ---- helpers ----

    def name(self, prefix):
        self.names += 1
        return f"{prefix}{self.names}"

    def chance(self, share):
        return self.random.random() < share

    def maker(self, scope):
        columns = {}
        for item in scope:
            for name, type in item.columns:
                columns.setdefault(CASTS.get(type, type), []).append(f"{item.alias}.{name}")
        return Maker(self.random, self.functions, columns, calm=True)

    def value(self, scope, type, depth=1):
        return self.maker(scope).make(type, depth)

    def column(self, items, types=None):
        choices = [(f"{i.alias}.{n}", CASTS.get(t, t)) for i in items for n, t in i.columns if types is None or t in types]
        return self.random.choice(choices) if choices else None

    # ---- FROM ----

    def table(self):
        table = self.random.choice(["q0", "q0", "q1", "q1", "q2", "q2", "q4", "q4", "q5", "q3", "q6", "q6", "q6"])
        alias = self.name("t")
        return leaf(f"{table} {alias}"), Item(alias, [(n, t) for n, t in QUERY_COLUMNS], ["id"], table=True)

    def derived(self, outer, lateral):
        alias = self.name("d")
        node, columns, _ = self.select(outer if lateral else [])
        ident = [n for n, _ in columns] if all(t in IDENTITY for _, t in columns) else None
        return Node([f"{'LATERAL ' if lateral else ''}(", f") AS {alias}"], [node]), Item(alias, columns, ident)

    def other(self, outer):
        kind = self.random.random()
        alias = self.name("v")
        if kind < .15 and outer:
            pair = [self.value(outer, type, 1) for type in ("integer", "text", "integer", "text")]
            return Node(["LATERAL (VALUES (", ", ", "), (", ", ", f")) AS {alias}(i, s)"], pair), Item(alias, [("i", "integer"), ("s", "text")], ["i", "s"])
        if kind < .35:
            rows = ", ".join(f"({self.random.choice(['1', '2', 'NULL', '5'])}, {self.random.choice(['NULL', repr('a'), repr('b')])})" for _ in range(self.random.randint(1, 3)))
            return leaf(f"(VALUES (0, 'z'::text), {rows}) AS {alias}(i, s)"), Item(alias, [("i", "integer"), ("s", "text")], ["i", "s"])
        if kind < .65:
            return leaf(f"generate_series(1, {self.random.randint(0, 4)}) AS {alias}(i)"), Item(alias, [("i", "integer")], ["i"])
        arrays = [f"{i.alias}.{n}" for i in outer for n, t in i.columns if t == "integer[]"]
        array = self.random.choice(arrays) if arrays else "'{1,2,NULL,2}'::int[]"
        return leaf(f"unnest({array}) WITH ORDINALITY AS {alias}(i, o)"), Item(alias, [("i", "integer"), ("o", "bigint")], ["i", "o"])

    def from_item(self, outer, left, can_lateral):
        kind = self.random.random()
        if self.ctes and kind < .2:
            name, columns, ident = self.random.choice(self.ctes)
            alias = self.name("c")
            return leaf(f"{name} AS {alias}"), Item(alias, columns, ident)
        if self.depth < 2 and kind < .35:
            lateral = can_lateral and self.chance(.5)
            return self.derived(outer + left, lateral)
        if kind < .45:
            return self.other(left if can_lateral else [])
        return self.table()

    def condition(self, outer, left, right):
        pairs = [(f"{a.alias}.{n}", f"{b.alias}.{m}") for a in left for b in right for n, t in a.columns for m, u in b.columns if t == u and t != "boolean"]
        parts = []
        if pairs and self.chance(.85):
            a, b = self.random.choice(pairs)
            parts.append(leaf(f"{a} {self.random.choice(['=', '=', '=', '=', '<', '>=', '<>', 'IS NOT DISTINCT FROM'])} {b}"))
            if self.chance(.3):
                a, b = self.random.choice(pairs)
                parts.append(leaf(f"{a} = {b}"))
        if not parts or self.chance(.25):
            parts.append(self.value(left + right, "boolean", 1))
        return comma(parts, self.random.choice([" AND ", " AND ", " AND ", " OR "]), name="list")

    def from_clause(self, outer):
        node, item = self.from_item(outer, [], False)
        items = [item]
        for _ in range(self.random.choice([0, 0, 1, 1, 1, 2, 3])):
            join = self.random.choice(["JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN", ","])
            right, item = self.from_item(outer, items, join in ("JOIN", "LEFT JOIN", "CROSS JOIN"))
            if join == ",":
                join = "CROSS JOIN"
            if join == "CROSS JOIN":
                node = Node(["(", " CROSS JOIN ", ")"], [node, right], choices=[])
            elif len(items) == 1 and self.chance(.2) and items[0].table and item.table:
                merged = self.random.sample(["i", "s", "b", "d", "si", "id", "v"], self.random.choice([1, 1, 2]))
                alias = self.name("j")
                node = Node(["(", f" {join} ", f" USING ({', '.join(merged)}) AS {alias})"], [node, right])
                items.append(Item(alias, [(n, t) for n, t in QUERY_COLUMNS if n in merged], []))
            else:
                if join == "FULL JOIN":
                    pair = [(f"{a.alias}.{n}", f"{item.alias}.{m}") for a in items for n, t in a.columns for m, u in item.columns if t == u and t in ("integer", "text", "bigint")]
                    if not pair:
                        continue
                    on = leaf(" = ".join(self.random.choice(pair)))
                else:
                    on = self.condition(outer, items, [item])
                node = Node(["(", f" {join} ", " ON ", ")"], [node, right, on], choices=[])
            items.append(item)
        return node, items

    # ---- subqueries in expressions ----

    def predicate(self, scope):
        kind = self.random.random()
        if kind < .12:
            return leaf(self.comparison(scope), "boolean")
        if self.depth >= 2 or kind < .5:
            return self.value(scope, "boolean", self.random.choice([1, 1, 2]))
        self.depth += 1
        from_node, items = self.from_clause(scope)
        inner = scope + items
        a = self.column(items, ("integer", "text", "numeric", "interval", "double precision", "date"))
        b = self.column(scope, (a[1],)) if a else None
        where = comma([n for n in ([leaf(f"{a[0]} = {b[0]}")] if a and b and self.chance(.7) else []) + [self.value(inner, "boolean", 1)]], " AND ", name="list")
        self.depth -= 1
        if kind < .7 or not b:
            return Node([self.random.choice(["", "NOT "]) + "EXISTS (SELECT 1 FROM ", " WHERE ", ")"], [from_node, where], "boolean")
        c, d = self.column(items), self.column(scope)
        if kind < .78 and c and d and c[1] == d[1]:
            return Node([f"({b[0]}, {d[0]}) {self.random.choice(['IN', 'NOT IN'])} (SELECT {a[0]}, {c[0]} FROM ", " WHERE ", ")"], [from_node, where], "boolean")
        if kind < .85:
            return Node([f"{b[0]} {self.random.choice(['IN', 'NOT IN'])} (SELECT {a[0]} FROM ", " WHERE ", ")"], [from_node, where], "boolean")
        word = self.random.choice(["= ANY", "<> ALL", "< ANY", ">= ALL", "> ALL", "<= ANY"])
        return Node([f"{b[0]} {word} (SELECT {a[0]} FROM ", " WHERE ", ")"], [from_node, where], "boolean")

    def comparison(self, scope):
        """Of rows, with lists and arrays."""
        tables = [item for item in scope if item.table]
        if not tables:
            return "true"
        a, b = self.random.choice(tables).alias, self.random.choice(tables).alias
        forms = [f"({a}.i, {a}.s) = ({b}.i, {b}.s)", f"({a}.i, {a}.d) < ({b}.i, {b}.d)", f"({a}.s, {a}.i) <> ({b}.v, 1)", f"({a}.i, {a}.s) IS NULL", f"({a}.i, {a}.s) IS NOT NULL",
                 f"{a} IS NULL", f"{a} IS NOT NULL", f"{a}.i IN ({b}.i, 1, NULL)", f"{a}.i NOT IN ({b}.si, 5)", f"{a}.i BETWEEN SYMMETRIC {b}.i AND 2", f"{a}.i = ANY ({b}.ar)",
                 f"{a}.i <> ALL ({b}.ar)", f"{a}.s = ANY ({b}.ta)", f"{a}.s LIKE ANY ('{{a%,b}}'::text[])", f"{a}.bo IS NOT TRUE", f"({a}.i > 1) IS UNKNOWN",
                 f"({a}.i, {a}.b) IN (({b}.i, 1), (2, {b}.b))", f"{a}.d BETWEEN {b}.d AND '2024-02-29'", f"row({a}.i, {a}.s) IS NOT DISTINCT FROM row({b}.i, {b}.s)",
                 f"CASE {a}.i WHEN {b}.i THEN true WHEN 1 THEN {b}.bo END", f"{a}.m IN (1.00, {b}.m)", f"{a}.c = {b}.s", f"{a}.c IN ('a', {b}.c)", f"{a}.tz > {b}.ts"]
        return self.random.choice(forms)

    def scalar(self, scope, type):
        """A correlated aggregate, an array, or the first of some rows."""
        self.depth += 1
        from_node, items = self.from_clause(scope)
        first = self.column(items, (type,)) if type in IDENTITY else None
        element = self.column(items, (type[:-2],)) if type in ("integer[]", "text[]") else None
        if (first or element) and self.chance(.5):
            where = comma([self.predicate(scope + items)], " AND ", name="list")
            self.depth -= 1
            if element:
                return Node([f"ARRAY(SELECT {element[0]} FROM ", " WHERE ", f" ORDER BY {element[0]})"], [from_node, where], type)
            return Node([f"(SELECT {first[0]} FROM ", " WHERE ", f" ORDER BY {first[0]}{self.random.choice(['', ' DESC', ' NULLS FIRST'])} LIMIT 1)"], [from_node, where], type)
        fitting = [a for a in ORDINARY if a[2] == type]
        where = self.value(scope + items, "boolean", 1)
        self.depth -= 1
        if fitting:
            name, argument, _ = self.random.choice(fitting)
            arguments = "{0}, {0}" if name.startswith("regr") else "{0}"
            return Node([f"(SELECT {name}(", ") FROM ", " WHERE ", ")"] if "," not in arguments else [f"(SELECT {name}(1.5, ", ") FROM ", " WHERE ", ")"],
                        [self.value(items, argument, 0), from_node, where], type)
        return self.value(scope, type, 1)

    # ---- SELECT ----

    def select(self, outer, top=False, columns=None):
        """A node, its columns, and whether it is totally ordered. `columns`: the types to give."""
        self.depth += 1
        ctes = len(self.ctes)
        with_node = self.with_clause() if self.chance(.2 if top else .03) else None
        if columns is None and self.depth < 3 and self.chance(.12):
            made = self.set_operation(outer)
        else:
            made = self.simple_select(outer, columns, top)
        self.depth -= 1
        del self.ctes[ctes:]
        if with_node:
            made = (Node(["", " ", ""], [with_node, made[0]]), made[1], made[2])
        return made

    def with_clause(self):
        texts = []
        for _ in range(self.random.choice([1, 1, 2])):
            name = self.name("w")
            node, columns, _ = self.select([])
            if columns:
                ident = [n for n, _ in columns] if all(t in IDENTITY for _, t in columns) else None
                word = self.random.choice(["", "", "MATERIALIZED ", "NOT MATERIALIZED "])
                texts.append(Node([f"{name} AS {word}(", ")"], [node]))
                self.ctes.append((name, columns, ident))
        if self.chance(.2):
            name = self.name("r")
            text, columns, ident = self.random.choice(RECURSIVE)
            texts.append(leaf(text.replace("$", name)))
            self.ctes.append((name, columns, ident))
            return Node(["WITH RECURSIVE ", ""], [comma(texts)])
        return Node(["WITH ", ""], [comma(texts)])

    def set_operation(self, outer):
        types = [self.random.choice(sorted(IDENTITY & {"integer", "bigint", "text", "date", "boolean", "timestamp without time zone"})) for _ in range(self.random.randint(1, 3))]
        left, columns, _ = self.select(outer, columns=types)
        right, _, _ = self.select(outer, columns=types)
        word = self.random.choice(["UNION", "UNION ALL", "INTERSECT", "EXCEPT", "INTERSECT ALL", "EXCEPT ALL"])
        node = Node(["(", f") {word} (", ")"], [left, right], choices=[left, right])
        return self.ordered(node, columns, range(1, len(types) + 1))

    def ordered(self, node, columns, numbers):
        """ORDER BY every column, perhaps LIMIT."""
        if not self.chance(.4):
            return node, columns, False
        order = ", ".join(f"{n}{self.random.choice(['', ' DESC', ' NULLS FIRST', ' DESC NULLS LAST'])}" for n in numbers)
        limit = self.random.choice(["", "", " LIMIT 3", " LIMIT 2 OFFSET 1", " OFFSET 2", " FETCH FIRST 2 ROWS ONLY", " LIMIT 0", " FETCH FIRST 2 ROWS WITH TIES"])
        return Node(["", f" ORDER BY {order}", ""], [node, Node([limit], optional=bool(limit))]), columns, True

    def simple_select(self, outer, wanted, top):
        from_node, items = self.from_clause(outer)
        scope = outer + items
        where = Node([" WHERE ", ""], [comma([self.predicate(scope) for _ in range(self.random.choice([1, 1, 2]))], " AND ", name="list")], optional=True) \
            if self.chance(.6) else Node([""])
        if wanted is None and self.chance(.3):
            return self.grouped(scope, items, from_node, where)
        if wanted is None and self.chance(.08):
            return self.counted(items, from_node, where)
        types = wanted or [self.random.choice(TARGETS) for _ in range(self.random.randint(1, 4))]
        targets, columns = [], []
        window = windows = wanted is None and self.chance(.25) and all(i.ident for i in items)
        for at, type in enumerate(types):
            if window and self.chance(.6):
                target, type = self.window(items)
                window = all(i.table for i in items)
            elif self.depth < 2 and self.chance(.12):
                target = self.scalar(scope, type)
            else:
                target = self.value(scope, type, self.random.choice([0, 0, 1, 2]))
            columns.append((f"x{at}", type))
            targets.append(Node(["(", f")::{type} AS x{at}"], [target]))
        if wanted is None and not windows and self.chance(.08):
            self.add_sets(items, targets, columns)
        elif wanted is None and not windows and self.chance(.1) and all(i.ident for i in items):
            return self.distinct_on(items, from_node, where, targets, columns)
        identity = all(t in IDENTITY for _, t in columns)
        distinct = "DISTINCT " if identity and self.chance(.15) else ""
        node = Node([f"SELECT {distinct}", " FROM ", "", ""], [comma(targets, name="" if wanted or not top else "list"), from_node, where])
        if identity and (top or self.chance(.5)):
            return self.ordered(node, columns, range(1, len(columns) + 1))
        return node, columns, False

    def add_sets(self, items, targets, columns):
        """One or two columns that give sets, in step."""
        for _ in range(self.random.choice([1, 1, 2])):
            array = self.column(items, ("integer[]",))
            limit = self.column(items, ("integer", "smallint"))
            text = f"unnest({array[0]})" if array and self.chance(.5) else f"generate_series(1, {limit[0] if limit else 2})"
            targets.append(leaf(f"({text})::integer AS x{len(columns)}"))
            columns.append((f"x{len(columns)}", "integer"))

    def identity(self, items):
        return [f"{i.alias}.{c}" for i in items for c in i.ident]

    def distinct_on(self, items, from_node, where, targets, columns):
        on = self.column(items, ("integer", "text", "date", "bigint", "numeric", "interval", "double precision"))
        if not on:
            on = (self.identity(items)[0], "")
        order = ", ".join([on[0] + self.random.choice(["", " DESC", " NULLS FIRST"]), *self.identity(items)])
        return Node([f"SELECT DISTINCT ON ({on[0]}) ", " FROM ", "", f" ORDER BY {order}"], [comma(targets), from_node, where]), columns, False

    def counted(self, items, from_node, where):
        """How many different rows: of equal ones any may be given."""
        columns = [c for c in (self.column(items) for _ in range(self.random.randint(1, 3))) if c]
        if self.chance(.5):
            inner = Node([f"SELECT DISTINCT {', '.join(c for c, _ in columns)} FROM ", "", ""], [from_node, where])
        else:
            right, others = self.from_clause([])
            pairs = [(c, o) for c, t in columns for o in [self.column(others, (t,))] if o]
            if not pairs:
                pairs = [("1", ("2", ""))]
            word = self.random.choice(["UNION", "INTERSECT", "EXCEPT", "INTERSECT ALL", "EXCEPT ALL"])
            inner = Node([f"SELECT {', '.join(c for c, _ in pairs)} FROM ", "", f" {word} SELECT {', '.join(o[0] for _, o in pairs)} FROM ", ""], [from_node, where, right])
        alias = self.name("d")
        return Node(["SELECT count(*) AS x0 FROM (", f") AS {alias}"], [inner]), [("x0", "bigint")], False

    def window(self, items):
        found = {}
        for short, wanted in (("i", "integer"), ("s", "text"), ("n", "numeric"), ("d", "date"), ("iv", "interval"), ("f", "double precision"), ("bo", "boolean"), ("b", "bigint"),
                              ("j", "jsonb")):
            column = self.column(items, (wanted,))
            found[short] = column[0] if column else f"NULL::{wanted}"
        partition = self.column(items, ANY_KEYS)
        partition = f"PARTITION BY {partition[0]} " if partition and self.chance(.6) else ""
        word = self.random.choice(["", " DESC", " NULLS FIRST", " DESC NULLS LAST"])
        first = self.column(items, ANY_KEYS)
        if self.chance(.25):  # peers: what of them comes first must not matter
            function, type = self.random.choice(PEERLESS)
            offsets = range_offsets(first[1], self.random) if first else None
            bounds = frame(self.random, self.random.choice(["RANGE", "GROUPS"]), offsets) if first else ""
            order = [first[0] + word] if first else []
        else:
            function, type = self.random.choice(WINDOW)
            peers = function in ("rank()", "dense_rank()", "percent_rank()", "cume_dist()")
            order = [first[0] + word] if first and (peers or self.chance(.6)) else []
            if not peers or not order:
                order += self.identity(items)
            bounds = frame(self.random, self.random.choice(["ROWS", "GROUPS", "RANGE"]), None) if self.chance(.6) else ""
        filter = f" FILTER (WHERE {found['i']} > 1)" if function.startswith(("sum", "count", "max", "avg")) and self.chance(.15) else ""
        ordering = f"ORDER BY {', '.join(order)} " if order else ""
        return leaf(f"{function.format(**found)}{filter} OVER ({partition}{ordering}{bounds})", type), type

    def grouped(self, scope, items, from_node, where):
        keys = []
        for _ in range(self.random.choice([0, 1, 1, 2, 3])):
            column = self.column(items, KEYS if self.chance(.75) else ANY_KEYS)
            if self.chance(.15):
                type = self.random.choice(sorted(IDENTITY & {"integer", "text", "boolean", "date"}))
                text = f"({self.value(items, type, 1)})::{type}"
                column = (text, type) if any(f"{i.alias}.{n}" in text for i in items for n, _ in i.columns) else None  # rule 14
            if column and column not in keys:
                keys.append(column)
        names = [k for k, _ in keys]
        group, grouping = (" GROUP BY " + ", ".join(names), []) if keys else ("", [])
        if keys and self.chance(.45):
            group = " GROUP BY " + self.grouping_sets(names)
            grouping = [f"GROUPING({', '.join(names)})"]
        keys = [(k, t) for k, t in keys if t in IDENTITY]  # of equal keys any may be given
        targets, columns = [], []

        def add(node, type):
            targets.append(Node(["", f" AS x{len(columns)}"], [node]))
            columns.append((f"x{len(columns)}", type))
        for name, type in keys:
            add(leaf(name), type)
        for text in grouping:
            add(leaf(text), "integer")
        for _ in range(self.random.randint(1, 3)):
            add(*(self.computed(items) if self.chance(.2) else self.aggregate(items)))
        alike = [Item(*text.split("."), None) for text, _ in keys if text.count(".") == 1 and "(" not in text]
        if alike and self.depth < 2 and self.chance(.15):
            types = dict(keys)
            add(self.scalar([Item(i.alias, [(i.columns, types[f"{i.alias}.{i.columns}"])], None) for i in alike], "bigint"), "bigint")
        if keys and self.chance(.15):
            over = ", ".join(k for k, _ in keys)
            add(leaf(self.random.choice([f"rank() OVER (ORDER BY count(*), {keys[0][0]})", f"(sum(count(*)) OVER (ORDER BY {over}))::bigint", f"count(*) OVER (PARTITION BY {keys[0][0]})"])),
                "bigint")
        having = Node([" HAVING ", ""], [self.having(items)], optional=True) \
            if self.chance(.25) else Node([""])
        node = Node(["SELECT ", " FROM ", "", group, ""], [comma(targets), from_node, where, having])
        if all(t in IDENTITY for _, t in columns):
            return self.ordered(node, columns, range(1, len(columns) + 1))
        return node, columns, False

    def grouping_sets(self, names):
        every, one = ", ".join(names), self.random.choice(names)
        sets = [f"ROLLUP ({every})", f"CUBE ({every})", f"GROUPING SETS (({every}), ({one}), ())", f"GROUPING SETS (({one}), ROLLUP ({every}))", f"{one}, ROLLUP ({every})",
                f"GROUPING SETS ((), ({every}), ({every}))", f"DISTINCT ROLLUP ({every}), CUBE ({one})", f"ROLLUP (({every}))", f"GROUPING SETS (CUBE ({every}), ())"]
        return self.random.choice(sets)

    def computed(self, items):
        """Of two aggregates of one type."""
        (left, type), (right, other) = self.aggregate(items), self.aggregate(items)
        if type != other:
            return left, type
        return Node(["CASE WHEN count(*) > 1 THEN ", " ELSE ", " END"] if self.chance(.5) else ["COALESCE(", ", ", ")"], [left, right]), type

    def having(self, items):
        if self.chance(.5):
            node, type = self.aggregate(items)
            if type.startswith("json") or self.chance(.5):
                return Node(["(", f") IS {self.random.choice(['', 'NOT '])}NULL"], [node], "boolean")
            other, same = self.aggregate(items)
            if type == same:
                return Node(["(", f") {self.random.choice(['=', '<>', '<', 'IS DISTINCT FROM'])} (", ")"], [node, other], "boolean")
            return Node(["(", ")::text > '1'"], [node], "boolean")
        text, type = self.random.choice(HAVING)
        column = self.column(items, (type,)) if type else None
        return leaf(text.format(column[0]) if column else "count(*) > 1")

    def aggregate(self, items):
        kind = self.random.random()
        filter = Node([" FILTER (WHERE ", ")"], [self.predicate(items) if self.chance(.3) else self.value(items, "boolean", 1)], optional=True) if self.chance(.2) else Node([""])
        if kind < .12:
            return Node(["count(*)", ""], [filter]), "bigint"
        if kind < .25 and all(i.ident for i in items):
            name, argument, type = self.random.choice(COLLECTING)
            separator = ", ','" if name == "string_agg" else ""
            order = ", ".join(self.identity(items))
            return Node([f"{name}(", f"{separator} ORDER BY {order})", ""], [self.value(items, argument, 0), filter]), type
        if kind < .35:
            name, argument, type = self.random.choice(SETS)
            return Node([f"{name} WITHIN GROUP (ORDER BY ", ")", ""], [self.value(items, argument, 0), filter]), type
        name, argument, type = self.random.choice(ORDINARY)
        free = name.startswith("regr") or argument == "numeric" or (name in ("sum", "avg") and argument == "interval")  # rule 7
        distinct = "DISTINCT " if self.chance(.2) and not free else ""
        value = self.value(items, argument, self.random.choice([0, 0, 1]))
        first = "1.5, " if name.startswith("regr") else ""
        return Node([f"{name}({distinct}{first}", ")", ""], [value, filter]), type
