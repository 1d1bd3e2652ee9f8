"""Random typed expressions."""
import collections

from . import functions as catalog
from . import forms
from .random_values import value
from .tree import Node, comma, leaf
from .values import (ARRAY_OF, ELEMENT_OF, HINTS, LIKES, PATTERNS, SIMILARS, SMALL_INT, SPELLED, TO_CHAR, VALUES, literal, quoted)
from .world import QUERY_COLUMNS, QUERY_VALUES

ORDERED = ["integer", "bigint", "smallint", "numeric", "double precision", "real", "text", "date", "timestamp without time zone", "interval",
           "timestamp with time zone", "time without time zone", "boolean", "uuid", "bytea", "integer[]", "text[]", "character",
           "character varying", "numeric[]"]
# Casts that cannot fail.
WIDER = {"bigint": ["smallint", "integer"], "integer": ["smallint", "boolean"], "numeric": ["integer", "bigint"], "double precision": ["integer", "real"],
         "text": ["integer", "date", "boolean", "numeric", "interval", "integer[]"], "timestamp without time zone": ["timestamp without time zone"]}
TEXT_LIKE = ["text", "character varying", "character"]
NUMBERS = ["smallint", "integer", "bigint", "real", "double precision", "numeric"]


# Constants of queries are the tables' values: rows meet them.
CALM_VALUES = {t: QUERY_VALUES[n] for n, t in QUERY_COLUMNS if n in QUERY_VALUES and "(" not in t}
TRIALS = 3
FAILING = .25  # of the expressions may fail: of the others it is seen to that they do not


class Maker:
    """Makes expressions over columns: a map of a type to SQL texts. With `calm`, only such as cannot fail. `fits` tells of an expression whether it
    gives values: most of those that do not are given up."""

    def __init__(self, random, functions, columns, calm=False, fits=None):
        self.random, self.columns, self.calm, self.fits = random, columns, calm, fits
        self.by_result = collections.defaultdict(list)
        self.functions = [f for f in functions if f.kind == "f" and not f.set]
        for function in self.functions:
            for type in {catalog.instances(function, random)[1] for _ in range(12)}:
                self.by_result[type].append(function)
        self.forms = [(self.call, 12), (self.case, 1), (self.coalesce, 1), (self.cast, 2), (self.nullif, .5), (self.greatest, 1)]
        self.forms.append((self.form, 5))

    def pick_type(self):
        return self.random.choice(list(CALM_VALUES if self.calm else VALUES))

    def top(self, function=None):
        """One expression: half of them calls of a function that is as likely as any other."""
        may_fail = self.random.random() < FAILING
        for _ in range(1 if may_fail or not self.fits else 2 * TRIALS):
            chosen = function or (self.random.choice(self.functions) if self.random.random() < .6 else None)
            if chosen:
                args, result = catalog.instances(chosen, self.random)
                node = self.call_of(chosen, args, result, self.random.choice([0, 1, 1, 2]))
            else:
                node = self.make(self.pick_type(), self.random.choice([1, 2, 3]))
            if may_fail or not self.fits or self.fits(node):
                break
        return node

    def make(self, type, depth):
        if depth <= 0 or self.random.random() < .12:
            return self.simple(type)
        for _ in range(TRIALS):
            node = self.compound(type, depth)
            if not self.fits or self.fits(node):
                return node
        return self.simple(type)

    def compound(self, type, depth):
        forms = list(self.forms)
        if type == "boolean":
            forms += [(f, 1) for f in (self.logic, self.is_null, self.is_test, self.distinct, self.in_list, self.between, self.like, self.row,
                                       self.any_all, self.comparison, self.comparison)]
        if type in ELEMENT_OF:
            forms += [(self.array, 2), (self.slice, 1)]
        if type in ARRAY_OF:
            forms += [(self.subscript, 1.5)]
        return self.random.choices([f for f, _ in forms], [w for _, w in forms])[0](type, depth - 1)

    # ---- leaves ----

    def simple(self, type):
        columns = self.columns.get(type)
        if columns and self.random.random() < .75:
            return leaf(self.random.choice(columns), type)
        return self.constant(type)

    def constant(self, type):
        if self.random.random() < .04:
            return leaf(f"NULL::{SPELLED.get(type, type)}", type)
        text = self.random.choice(CALM_VALUES.get(type) or VALUES[type]) if self.calm else value(type, self.random)
        if (type == "integer" and text.isdigit() and len(text) < 9 or text in ("true", "false") and type == "boolean") and self.random.random() < .5:
            return leaf(text, type)
        return leaf(literal(type, text), type)

    def form(self, type, depth):
        known = forms.CALM_FORMS if self.calm else forms.FORMS
        if type not in known:
            return self.cast(type, depth)
        return forms.write(self, self.random.choice(known[type]), type, depth)

    def hinted(self, choices, type):
        value = self.random.choice(choices)
        return leaf(str(value) if isinstance(value, int) and value >= 0 else literal(type, value), type)

    # ---- calls ----

    def call(self, type, depth):
        choices = self.by_result.get(type)
        if not choices:
            return self.cast(type, depth)
        for _ in range(8):
            function = self.random.choice(choices)
            args, result = catalog.instances(function, self.random)
            for _ in range(20):
                if result == type:
                    break
                args, result = catalog.instances(function, self.random)
            if result == type:
                return self.call_of(function, args, type, depth)
        return self.simple(type)

    def call_of(self, function, args, type, depth):
        children = [self.argument(function, at, args, depth) for at in range(len(args))]
        operators = [o for o in function.operators if o.endswith(f"/{len(args)}")]
        if operators and len(args) in (1, 2):
            operator = self.random.choice(operators)[:-2]
            parts = [f"(({operator} (", ")))"] if len(args) == 1 else ["((", f") {operator} (", "))"]
            return Node(parts, children, type, name=function.signature)
        name = function.name if function.name not in ("char", "bit", "interval", "numeric", "timestamp", "time", "varchar", "bpchar", "overlay", "substring",
                                                      "position", "extract", "normalize", "name", "date", "text") else f"pg_catalog.\"{function.name}\""
        return Node([f"{name}(", *[", "] * (len(args) - 1), ")"] if args else [f"{name}()"], children, type, name=function.signature)

    def argument(self, function, at, args, depth):
        type = args[at]
        hints = HINTS.get(function.name, {}).get(at)
        if function.name == "to_char" and at == 1:
            hints = TO_CHAR.get(args[0], HINTS["to_number"][1])
        if hints and self.random.random() < .9 and type in ("text", "character varying", "integer", "bigint"):
            return self.hinted(hints, type)
        if type in ("integer", "bigint", "smallint") and function.name in SMALL_INT:
            return self.hinted([0, 1, 2, 3, 5, 10, -1, -2, 20], type)
        if type in ("numeric",) and function.name in SMALL_INT and at == len(args) - 1:
            return self.hinted(["0", "1", "2", "0.5", "-1", "3.7", "NaN"], type)
        return self.make(type, depth)

    def cast(self, type, depth):
        if self.calm:
            source = self.random.choice(WIDER.get(type, [type]))
            return Node(["(", f")::{SPELLED.get(type, type)}"], [self.make(source, depth)], type, name=f"cast {source} {type}")
        sources = catalog.CASTS_TO.get(type, []) + (list(VALUES) if type in TEXT_LIKE else ["text"])
        source, target = self.random.choice(sources), SPELLED.get(type, type)
        if type in forms.TYPMODS and self.random.random() < .4:
            source, target = self.random.choice([source, type]), self.random.choice(forms.TYPMODS[type])
        operand = self.make(source, depth)
        if source == "text" and type not in TEXT_LIKE:  # a text that is such a value
            operand = Node(["(", ")::text"], [self.make(self.random.choice(sources + [type] * 2), depth)], "text", name="cast to text")
        words = self.random.choice([["(", f")::{target}"], ["CAST(", f" AS {target})"]])
        return Node(words, [operand], type, name=f"cast {source} {target}")

    # ---- conditional ----

    def case(self, type, depth):
        if self.random.random() < .4:
            subject = self.random.choice(ORDERED)
            return Node(["CASE ", " WHEN ", " THEN ", " ELSE ", " END"],
                        [self.make(subject, depth), self.make(subject, depth), self.make(type, depth), self.make(type, depth)], type, name="simple CASE")
        return Node(["CASE WHEN ", " THEN ", " ELSE ", " END"], [self.make("boolean", depth), self.make(type, depth), self.make(type, depth)], type,
                    name="CASE")

    def coalesce(self, type, depth):
        return Node(["COALESCE(", ", ", ")"], [self.make(type, depth), self.make(type, depth)], type, name="COALESCE")

    def nullif(self, type, depth):
        if type not in ORDERED:
            return self.simple(type)
        return Node(["NULLIF(", ", ", ")"], [self.make(type, depth), self.make(type, depth)], type, name="NULLIF")

    def greatest(self, type, depth):
        if type not in ORDERED:
            return self.simple(type)
        word = self.random.choice(["GREATEST", "LEAST"])
        return Node([f"{word}(", ", ", ")"], [self.make(type, depth), self.make(type, depth)], type, name=word)

    # ---- booleans ----

    def logic(self, type, depth):
        if self.random.random() < .3:
            return Node(["(NOT ", ")"], [self.make(type, depth)], type, name="NOT")
        word = self.random.choice(["AND", "OR"])
        return Node(["(", f" {word} ", ")"], [self.make(type, depth), self.make(type, depth)], type, name=word)

    def is_null(self, type, depth):
        word = self.random.choice(["IS NULL", "IS NOT NULL"])
        return Node(["((", f") {word})"], [self.make(self.pick_type(), depth)], type, name=word)

    def is_test(self, type, depth):
        word = self.random.choice(["IS TRUE", "IS NOT TRUE", "IS FALSE", "IS NOT FALSE", "IS UNKNOWN", "IS NOT UNKNOWN"])
        return Node(["(", f" {word})"], [self.make("boolean", depth)], type, name=word)

    def comparison(self, type, depth):
        operand = self.random.choice(ORDERED)
        word = self.random.choice(["=", "<>", "<", "<=", ">", ">="])
        other = operand
        for family in (NUMBERS, ["date", "timestamp without time zone", "timestamp with time zone"]):
            if operand in family:
                other = self.random.choice(family)
        return Node(["(", f" {word} ", ")"], [self.make(operand, depth), self.make(other, depth)], type, name=f"{operand} {word} {other}")

    def distinct(self, type, depth):
        operand, word = self.random.choice(ORDERED), self.random.choice(["IS DISTINCT FROM", "IS NOT DISTINCT FROM"])
        return Node(["((", f") {word} (", "))"], [self.make(operand, depth), self.make(operand, depth)], type, name=f"{operand} {word}")

    def in_list(self, type, depth):
        operand, word = self.random.choice(ORDERED), self.random.choice(["IN", "NOT IN"])
        items = comma([self.make(operand, depth - 1) for _ in range(self.random.randint(1, 3))])
        return Node(["(", f" {word} (", "))"], [self.make(operand, depth), items], type, name=f"{operand} {word}")

    def between(self, type, depth):
        operand, word = self.random.choice(ORDERED), self.random.choice(["BETWEEN", "NOT BETWEEN", "BETWEEN SYMMETRIC"])
        return Node(["(", f" {word} ", " AND ", ")"], [self.make(operand, depth - 1) for _ in range(3)], type, name=f"{operand} {word}")

    def like(self, type, depth):
        word = self.random.choice(["LIKE", "NOT LIKE", "ILIKE", "~", "~*", "!~", "!~*", "SIMILAR TO", "NOT SIMILAR TO"])
        if self.calm:
            return Node(["((", f") {word} ", ")"], [self.make("text", depth), leaf(quoted(self.random.choice(["a%", "_b", "%", "", "b"])))], type, name=word)
        choices = LIKES if "LIKE" in word else SIMILARS if "SIM" in word else PATTERNS
        return Node(["((", f") {word} ", ")"], [self.make(self.random.choice(["text", "text", "character varying", "character", "name"]), depth),
                                               leaf(quoted(self.random.choice(choices)))], type, name=word)

    def row(self, type, depth):
        width = self.random.randint(1, 3)
        types = [self.random.choice(ORDERED[:11]) for _ in range(width)]
        word = self.random.choice(["=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"])
        sides = [comma([self.make(t, depth - 1) for t in types]) for _ in range(2)]
        return Node(["(ROW(", f") {word} ROW(", "))"], sides, type, name=f"ROW {word}")

    def any_all(self, type, depth):
        element = self.random.choice(list(ARRAY_OF))
        word = self.random.choice(["= ANY", "<> ALL", "< ANY", ">= ALL", "= ALL", "<> ANY"])
        return Node(["(", f" {word} (", "))"], [self.make(element, depth), self.make(ARRAY_OF[element], depth)], type, name=f"{element} {word}")

    # ---- arrays ----

    def array(self, type, depth):
        items = [self.make(ELEMENT_OF[type], depth - 1) for _ in range(self.random.randint(0, 3))]
        return Node(["ARRAY[", f"]::{type}"], [comma(items)], type, name="ARRAY")

    def subscript(self, type, depth):
        two = self.random.random() < .3
        return Node(["(", ")[", "][1]" if two else "]"], [self.make(ARRAY_OF[type], depth), leaf(self.random.choice(["1", "2", "0", "-1", "NULL", "3"]))], type,
                    name="subscript")

    def slice(self, type, depth):
        bounds = self.random.choice(["[1:2]", "[2:]", "[:1]", "[:]", "[2:1]", "[1:1][2:2]", "[0:5]", "[NULL:2]", "[2]" "[1:1]", "[1:2][1]"])
        return Node(["(", f"){bounds}"], [self.make(type, depth)], type, name="slice")
