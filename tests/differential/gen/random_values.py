"""Values made at random, as text: ordinary ones, which most functions take, and any."""
import datetime
import json
import uuid

from .values import BOUND_OF, ELEMENT_OF, VALUES

LETTERS = ["a", "b", "c", "A", "B", " ", "1", "2", "-", ",", ".", "%", "_", "\\", "'", "\"", "ä", "Ä", "ß", "é", "日", "😀", "x", "foo", "bar", "\t"]
WORDS = ["a", "b", "ab", "abc", "foo", "Foo Bar", "x1", "b ", "12", "3.5", "ä", "日本", "a,b", "a b c", "barfoo", "ABC", "aab", "z"]
# Ordinary values: those that calls are rarely refused for.
PLAIN = {"boolean": ["true", "false"], "name": ["a", "abc", "pg_class"], "\"char\"": ["a", "b"], "bit": ["0", "1"], "oid": ["1", "23", "1000"],
         "json": ["{\"a\": 1, \"b\": [1, 2]}", "{\"a\": \"x\", \"b\": {\"a\": null}}", "{\"a\": [true, 1.50]}"],
         "jsonb": ["{\"a\": 1, \"b\": [1, 2]}", "{\"a\": \"x\", \"b\": {\"a\": null}}", "[1, 2, 3]", "[\"a\", \"b\", {\"a\": 1.50}]"],
         "text[]": ["{a,b}", "{foo,\"b c\",NULL}", "{ä}", "{x,x,y}"], "bytea": ["\\x616263", "\\x00ff10", "\\x666f6f626172"]}


def plain(type, random):
    if type in PLAIN:
        return random.choice(PLAIN[type])
    if type in ("smallint", "integer", "bigint"):
        return str(random.choice([1, 2, 3, 4, 5, 7, 10, 12, 24, random.randint(-9, 60)]))
    if type in ("real", "double precision"):
        return random.choice(["0.5", "1", "2", "-1.5", "10.25", "0.125", repr(round(random.uniform(-50, 50), random.randint(0, 4)))])
    if type == "numeric":
        return f"{random.uniform(-90, 90):.{random.randint(0, 5)}f}"
    if type in ("text", "character varying", "character"):
        return random.choice(WORDS)
    if type == "interval":
        return random.choice([f"{random.randint(0, 40)} days", f"{random.randint(1, 30)} mons {random.randint(-5, 5)} days", f"{random.randint(0, 50)}:{random.randint(0, 59):02}:07.5", "1 year 2 mons"])
    if type == "bit varying":
        return "".join(random.choice("01") for _ in range(8))
    if type == "uuid":
        return str(uuid.UUID(int=random.getrandbits(128)))
    if type in ELEMENT_OF:
        element = ELEMENT_OF[type]
        return "{" + ",".join(f"\"{plain(element, random)}\"" for _ in range(random.randint(1, 4))) + "}"
    if type in BOUND_OF:
        return ranges(type, random)
    return moment(type, random, 1990, 2030)


def a_range(bound, random):
    if random.random() < .1:
        return "empty"
    numbers = bound in ("integer", "numeric")
    ends = sorted((plain(bound, random) for _ in range(2)), key=float if numbers else str)
    ends = [end if random.random() < .9 else "" for end in ends]
    return random.choice("[(") + ",".join(f'"{end}"' if end else "" for end in ends) + random.choice("])")


def ranges(type, random):
    if not type.endswith("multirange"):
        return a_range(BOUND_OF[type], random)
    return "{" + ",".join(a_range(BOUND_OF[type], random) for _ in range(random.randint(0, 4))) + "}"


def moment(type, random, first, last):
    day = datetime.date(first, 1, 1) + datetime.timedelta(days=random.randint(0, (last - first) * 365))
    time = f"{random.randint(0, 23):02}:{random.randint(0, 59):02}:{random.randint(0, 59):02}" + random.choice(["", "", f".{random.randint(0, 999999):06}", ".5"])
    zone = random.choice(["+00", "-05", "+05:30", "+14", "-12", "+01"])
    return {"date": str(day), "time without time zone": time, "time with time zone": time + zone, "timestamp without time zone": f"{day} {time}",
            "timestamp with time zone": f"{day} {time}{zone}"}[type]


def any_value(type, random):
    """Of the whole range of the type."""
    bits = {"smallint": 15, "integer": 31, "bigint": 63}.get(type)
    if bits:
        return str(random.choice([1, -1]) * random.getrandbits(random.randint(1, bits)))
    if type == "real":
        return f"{random.choice([1, -1]) * random.uniform(1, 10) * 10.0 ** random.choice([0, 1, 3, 7, -3, random.randint(-37, 37)]):.7g}"
    if type == "double precision":
        return repr(random.choice([1, -1]) * random.uniform(1, 10) * 10.0 ** random.choice([0, 1, 3, 9, -3, random.randint(-307, 307)]))
    if type == "numeric":
        whole = str(random.getrandbits(random.randint(1, random.choice([20, 60, 150]))))
        scale = random.choice([0, 0, 1, 2, 6, 20])
        return random.choice(["", "-"]) + whole + (f".{random.getrandbits(64):020}"[:scale + 1] if scale else "")
    if type == "text":
        return "".join(random.choice(LETTERS) for _ in range(random.randint(0, 8)))
    if type in ("character varying", "character"):
        return "".join(random.choice(LETTERS) for _ in range(random.randint(0, 4)))[:5]
    if type == "bytea":
        return "\\x" + bytes(random.getrandbits(8) for _ in range(random.randint(0, 9))).hex()
    if type == "interval":
        return (f"{random.randint(-200, 200)} mons {random.randint(-400, 400)} days {random.choice(['', '-'])}{random.randint(0, 200)}:{random.randint(0, 59):02}:"
                f"{random.randint(0, 59):02}.{random.randint(0, 999999):06}")
    if type == "bit varying":
        return "".join(random.choice("01") for _ in range(random.randint(0, 40)))
    if type in ("json", "jsonb"):
        return json.dumps(document(random, 3), ensure_ascii=random.random() < .5)
    if type == "oid":
        return str(random.getrandbits(32))
    if type in ELEMENT_OF:
        element = ELEMENT_OF[type]
        return "{" + ",".join("NULL" if random.random() < .15 else quoted_element(any_value(element, random)) for _ in range(random.randint(0, 5))) + "}"
    if type in BOUND_OF:
        return ranges(type, random)
    if type.startswith(("date", "time")):
        return moment(type, random, *random.choice([(1900, 2100), (1, 9990), (1800, 1990), (2000, 2038)]))
    return random.choice(VALUES[type]) if type != "uuid" else plain(type, random)


def quoted_element(text):
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\""


def document(random, depth):
    kind = random.random()
    if depth and kind < .3:
        return {random.choice(["a", "b", "c", "é", "a b", ""]): document(random, depth - 1) for _ in range(random.randint(0, 3))}
    if depth and kind < .55:
        return [document(random, depth - 1) for _ in range(random.randint(0, 4))]
    return random.choice([None, True, False, 0, -1, 12, 1.5, 1e20, 0.001, "a", "", "x\"y", "ä\n", "2024-01-01", random.randint(-999, 999)])


def value(type, random):
    """What a constant is: of the edges, ordinary, or any."""
    kind = random.random()
    if kind < .3:
        return random.choice(VALUES[type])
    return plain(type, random) if kind < .75 else any_value(type, random)
