"""Functions and operators by signature: data/functions.tsv, resolved by the oracle's own catalog."""
import collections
import re

from .values import ARRAY_OF, MULTIRANGE_OF, RANGE_OF, VALUES

Function = collections.namedtuple("Function", "signature name args result kind operators cast set")
POLYMORPHIC = {"anyelement", "anyarray", "anynonarray", "anycompatible", "anycompatiblearray", "anycompatiblenonarray", "anyrange", "anymultirange"}
# What depends on the session, the catalog or the moment, or does something.
# What makes bytes that are no text, and coercions to a length, which only the grammar writes: ::varchar(3) asks for them.
UNFIT = {"bpchar(\"char\")", "interval(interval, integer)", "varbit(bit varying, integer, boolean)", "numeric(numeric, integer)",
         "varchar(character varying, integer, boolean)", "bpchar(character, integer, boolean)", "bit(bit, integer, boolean)",
         "timestamp(timestamp without time zone, integer)", "timestamptz(timestamp with time zone, integer)", "time(time without time zone, integer)"}
SKIPPED = re.compile(r"^(pg_|has_|to_reg|row_security|col_desc|obj_desc|shobj|current_|inet_|version|txid|set_config|getdatabase|now$|statement_|"
                     r"transaction_|clock_|timeofday|acl|make_acl|format_type|hash|.*(send|recv|out|in)$|.*_(send|recv|out|in)$|in_range|btn|bt|.*cmp$|"
                     r"query_to|table_to|schema_to|database_to|cursor_to|.*sortsupport|.*_support$|generate_|unnest|.*_accum|.*_combine|age$|session_)")
KEPT = re.compile(r"^(btrim|min|asin|sin|.*min$|asind|sind|asinh|round|.*round|begin|bytea_string|hashtext|age|string_agg|.*_join|justify.*)$")

# A type's casts from other types, as PostgreSQL 15's pg_cast lists them.
CASTS_TO = {
    "smallint": ["integer", "bigint", "real", "double precision", "numeric", "jsonb"], "integer": ["smallint", "bigint", "real", "double precision", "numeric", "boolean", "jsonb", "bit varying", "\"char\""],
    "bigint": ["smallint", "integer", "real", "double precision", "numeric", "jsonb", "oid"], "real": ["smallint", "integer", "bigint", "double precision", "numeric", "jsonb"],
    "double precision": ["smallint", "integer", "bigint", "real", "numeric", "jsonb"], "numeric": ["smallint", "integer", "bigint", "real", "double precision", "jsonb"],
    "boolean": ["integer", "jsonb"], "date": ["timestamp without time zone", "timestamp with time zone"], "name": ["text", "character varying", "character"], "\"char\"": ["text", "integer"],
    "time without time zone": ["timestamp without time zone", "timestamp with time zone", "time with time zone", "interval"], "time with time zone": ["time without time zone", "timestamp with time zone"],
    "timestamp without time zone": ["date", "timestamp with time zone"], "timestamp with time zone": ["date", "timestamp without time zone"], "interval": ["time without time zone"],
    "json": ["jsonb"], "jsonb": ["json"], "bit varying": ["bit"], "bit": ["bit varying", "integer", "bigint"], "oid": ["integer", "bigint", "smallint"], "integer[]": ["numeric[]"],
    "numeric[]": ["integer[]"], "text[]": ["integer[]", "numeric[]", "date[]", "boolean[]"]}

SQL = """
SELECT s, proname::text, oidvectortypes(proargtypes), format_type(prorettype, NULL), prokind, provolatile, proretset,
       (SELECT array_agg(oprname || CASE WHEN oprleft = 0 THEN '/1' ELSE '/2' END ORDER BY oprname)::text[] FROM pg_operator o WHERE o.oprcode = p.oid),
       (SELECT castsource::regtype::text || '>' || casttarget::regtype::text FROM pg_cast c WHERE c.castfunc = p.oid LIMIT 1)
FROM unnest(%s) s JOIN pg_proc p ON p.oid = to_regprocedure(s)
WHERE pronamespace = 'pg_catalog'::regnamespace AND provolatile <> 'v'"""
EVERY = "SELECT array_agg(oid::regprocedure::text) FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind IN ('f', 'a', 'w')"


def load(cursor, path, every=False):
    """The functions over known types, in the file's order. With `every`, all of the oracle's: what is missing shows as 0A000."""
    if every:
        cursor.execute(EVERY)
        signatures = sorted(cursor.fetchone()[0])
    else:
        with open(path, encoding="utf-8") as file:
            signatures = [fields[0] for fields in (line.split("\t") for line in file) if fields[1]][1:]
    cursor.execute("SHOW statement_timeout")
    timeout = cursor.fetchone()[0]
    cursor.execute("SET statement_timeout = 0")
    cursor.execute(SQL, (signatures,))
    rows = {row[0]: row for row in cursor.fetchall()}
    cursor.execute("SELECT set_config('statement_timeout', %s, false)", (timeout,))
    functions = []
    for signature in signatures:
        row = rows.get(signature)
        if not row:
            continue
        _, name, args, result, kind, volatile, is_set, operators, cast = row
        args = args.split(", ") if args else []
        known = all(t in VALUES or t in POLYMORPHIC for t in args) and (result in VALUES or result in POLYMORPHIC)
        if not known or signature in UNFIT or (SKIPPED.match(name) and not KEPT.match(name)):
            continue
        functions.append(Function(signature, name, args, result, kind, operators or [], cast, is_set))
    return functions


def instances(function, random):
    """The argument types and the result of one call: polymorphic ones made concrete, all by one element type."""
    if not any(a in POLYMORPHIC for a in [*function.args, function.result]):
        return function.args, function.result
    said = {*function.args, function.result}
    elements = MULTIRANGE_OF if "anymultirange" in said else RANGE_OF if "anyrange" in said else ARRAY_OF
    element = random.choice(list(elements))

    def concrete(type):
        if type not in POLYMORPHIC:
            return type
        if type.endswith("range"):
            return (MULTIRANGE_OF if type == "anymultirange" else RANGE_OF)[element]
        return ARRAY_OF[element] if type.endswith("array") and "non" not in type else element
    return [concrete(a) for a in function.args], concrete(function.result)
