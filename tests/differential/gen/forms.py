"""What the grammar writes otherwise than as a call or an operator of data/functions.tsv: texts with places for expressions.

A place is {type}, {any} for an expression of any type, {=LIST} for one of a list's texts, {small} for a small integer."""
import re

from .tree import Node, leaf
from .values import PATTERNS, VALUES, quoted

LISTS = {
    "UNIT": ["year", "month", "day", "hour", "minute", "second", "week", "quarter", "dow", "isodow", "doy", "isoyear", "epoch", "century", "decade", "millennium",
             "milliseconds", "microseconds", "julian"],
    "DAY": ["year", "month", "day", "week", "quarter", "dow", "isodow", "doy", "isoyear", "epoch", "century", "julian"],
    "CLOCK": ["hour", "minute", "second", "epoch", "milliseconds", "microseconds"],
    "SPAN": ["year", "month", "day", "hour", "minute", "second", "quarter", "epoch", "century", "decade", "milliseconds", "microseconds"],
    "ZONE": ["'UTC'", "'America/New_York'", "'Asia/Kolkata'", "'+05:30'", "'Europe/London'", "INTERVAL '-03:30'", "'EST5EDT'"],
    "PATTERN": [quoted(p) for p in PATTERNS if p != "("],
    "PATH": ["'{a}'", "'{a,b}'", "'{b,0}'", "'{0}'", "'{-1}'", "'{}'", "'{b,1,c}'"],
    "KEY": ["'a'", "'b'", "'c'", "0", "1", "-1", "''"],
    "SIDE": ["LEADING", "TRAILING", "BOTH"],
    "ORDER": ["", " DESC", " NULLS FIRST", " DESC NULLS LAST"],
    "COMPARE": ["=", "<>", "<", "<=", ">", ">="],
    "STRIDE": ["'15 minutes'", "'1 day'", "'7 days 3 hours'", "'0.5 seconds'"],
    "MASK": ["'FM9990.00'", "'S9999'", "'999,999'", "'9.9EEEE'", "'000.0'", "'RN'", "'99PR'"],
    "DATEMASK": ["'YYYY-MM-DD'", "'Day, DD Month YYYY HH12:MI:SS AM'", "'IYYY-IW-ID'", "'J DDD Q'", "'FMDD.FMMM.YY'", "'HH24:MI:SS.US'", "'TZ OF'", "'CC BC'"],
}

FORMS = {
    "boolean": ["(({timestamp without time zone}, {interval}) OVERLAPS ({timestamp without time zone}, {interval}))", "(({date}, {date}) OVERLAPS ({date}, {date}))",
                "(({time without time zone}, {time without time zone}) OVERLAPS ({time without time zone}, {interval}))",
                "(({jsonb}) @> ({jsonb}))", "(({jsonb}) ? ({text}))", "(({jsonb}) ?| ({text[]}))", "(({jsonb}) = ({jsonb}))",
                "EXISTS (SELECT 1 FROM unnest({integer[]}) AS u(x) WHERE x {=COMPARE} {integer})", "(({integer}) IN (SELECT unnest({integer[]})))",
                "(({text}) IS NFC NORMALIZED)", "(({text}) LIKE 'a#%%#_' ESCAPE '#')", "(({any}) IS DISTINCT FROM NULL)", "(ROW({any}, {any}) IS NOT NULL)",
                "(ROW({any}, {any}) IS NULL)", "(ROW({integer}, {text}) IN (ROW({integer}, {text}), ROW({integer}, {text})))", "(({text} COLLATE \"C\") {=COMPARE} {text})",
                "(({integer}) {=COMPARE} ALL ({integer[]}))", "(({bigint})::text ~ '^-?[0-9]+$')", "(({numeric}) {=COMPARE} ({double precision}))"],
    "text": ["SUBSTRING({text} FROM {small} FOR {small})", "SUBSTRING({text} FROM {=PATTERN})", "OVERLAY({text} PLACING {text} FROM {small} FOR {small})",
             "TRIM({=SIDE} {text} FROM {text})", "TRIM({text})", "({any})::text", "concat({any}, {any}, {any})", "concat_ws({text}, {any}, NULL, {any})",
             "format('%s|%L', {any}, {any})", "format('%2$s %1$I%%', {text}, {any})", "(({text}) || ({integer}))", "(({date}) || ({text}))", "pg_typeof({any})::text",
             "array_to_string({integer[]}, ',', '*')", "(SELECT string_agg(x, '|' ORDER BY x COLLATE \"C\"{=ORDER}) FROM unnest({text[]}) AS u(x))",
             "(SELECT string_agg(x::text, ',' ORDER BY o DESC) FROM generate_series({small}, {small}) WITH ORDINALITY AS g(x, o))",
             "(({jsonb}) #>> {=PATH})", "(({jsonb}) ->> {=KEY})", "(({json}) ->> {=KEY})", "(({json}) #>> {=PATH})", "to_char({numeric}, {=MASK})", "to_char({integer}, {=MASK})",
             "to_char({timestamp without time zone}, {=DATEMASK})", "to_char({timestamp with time zone}, {=DATEMASK})", "regexp_replace({text}, {=PATTERN}, '<\\&>', 'g')",
             "NORMALIZE({text}, NFD)", "(CASE {integer} WHEN 1 THEN {text} WHEN 2 THEN {text} END)", "greatest({text}, {text}, {text})", "(({text[]})[{small}])",
             "left({text}, {small}) || right({text}, {small})", "({text} COLLATE \"C\")", "quote_nullable({any})"],
    "integer": ["POSITION({text} IN {text})", "char_length({text})", "(SELECT max(x) FROM unnest({integer[]}) AS u(x))", "(SELECT count(*)::integer FROM unnest({text[]}) AS u(x))",
                "(({integer[]})[{small}])", "(({date}) - ({date}))", "CAST({boolean} AS integer)", "coalesce({integer}, {integer}, 0)", "width_bucket({numeric}, 0, 10, 5)",
                "jsonb_array_length(to_jsonb({integer[]}))", "(array_length({text[]}, 1) + {small})", "(({integer}) % 7)"],
    "bigint": ["(SELECT sum(x) FROM unnest({integer[]}) AS u(x))", "(SELECT count(DISTINCT x) FROM unnest({integer[]}) AS u(x))", "(({bigint}) * {small})", "(({integer}) << {small})::bigint"],
    "numeric": ["EXTRACT({=UNIT} FROM {timestamp without time zone})", "EXTRACT({=UNIT} FROM {timestamp with time zone})", "EXTRACT({=DAY} FROM {date})", "EXTRACT({=CLOCK} FROM {time without time zone})",
                "EXTRACT({=SPAN} FROM {interval})", "(SELECT avg(x) FROM unnest({integer[]}) AS u(x))", "(SELECT sum(x) FROM unnest({numeric[]}) AS u(x))", "round({numeric}, {small})",
                "(({numeric}) / NULLIF({numeric}, 0))", "(({jsonb} -> 'a')::numeric)", "(({integer})::numeric / NULLIF({integer}, 0))", "(({numeric}) * ({numeric}))"],
    "double precision": ["(({integer}) / NULLIF({double precision}, 0))", "(({numeric})::double precision)", "EXTRACT({=SPAN} FROM {interval})::double precision", "sqrt(abs({double precision}))"],
    "timestamp without time zone": ["(({timestamp with time zone}) AT TIME ZONE {=ZONE})", "(({date}) + ({time without time zone}))", "date_bin({=STRIDE}, {timestamp without time zone}, TIMESTAMP '2001-01-01')",
                                    "date_trunc('{=UNIT}', {timestamp without time zone})", "(({date}) - ({interval}))"],
    "timestamp with time zone": ["(({timestamp without time zone}) AT TIME ZONE {=ZONE})", "date_trunc('{=UNIT}', {timestamp with time zone}, {=ZONE})", "(({timestamp with time zone}) + ({interval}))",
                                 "date_trunc('{=UNIT}', {timestamp with time zone})", "date_bin({=STRIDE}, {timestamp with time zone}, TIMESTAMPTZ '2001-01-01 00:00:00+00')"],
    "time with time zone": ["(({time with time zone}) AT TIME ZONE {=ZONE})"],
    "interval": ["(({timestamp without time zone}) - ({timestamp without time zone}))", "age({timestamp without time zone}, {timestamp without time zone})", "(({interval}) * {small})",
                 "justify_interval({interval})", "make_interval(days => {small}, hours => {small})", "(({time without time zone}) - ({time without time zone}))"],
    "date": ["(({date}) + {small})", "({timestamp without time zone})::date", "make_date(2000 + {small}, 1, 1)", "(({date}) - {small})"],
    "json": ["json_build_object('a', {any}, 'b', {any})", "json_build_array({any}, {any})", "to_json({any})", "array_to_json({integer[]})", "row_to_json(ROW({any}, {any}))", "(({json}) -> {=KEY})",
             "(SELECT json_agg(x ORDER BY x) FROM unnest({integer[]}) AS u(x))", "json_strip_nulls({json})", "(({json}) #> {=PATH})"],
    "jsonb": ["jsonb_build_object('a', {any}, {text}, {any})", "jsonb_build_array({any}, {any})", "to_jsonb({any})", "(({jsonb}) -> {=KEY})", "(({jsonb}) #> {=PATH})", "(({jsonb}) || ({jsonb}))",
              "(({jsonb}) - {=KEY})", "(({jsonb}) #- {=PATH})", "jsonb_set({jsonb}, {=PATH}, {jsonb})", "jsonb_insert({jsonb}, {=PATH}, {jsonb}, {boolean})", "(({jsonb})['a'])",
              "(SELECT jsonb_agg(x ORDER BY x) FROM unnest({text[]}) AS u(x))", "jsonb_strip_nulls({jsonb})", "({json})::jsonb"],
    "integer[]": ["ARRAY(SELECT x FROM unnest({integer[]}) AS u(x) ORDER BY x{=ORDER})", "(({integer[]}) || ({integer}))", "(({integer[]}) || ({integer[]}))", "ARRAY(SELECT generate_series({small}, {small}))",
                  "array_remove({integer[]}, {integer})", "ARRAY[{integer}, {integer}]", "(({integer[]})[{small}:{small}])"],
    "text[]": ["string_to_array({text}, {text}, {text})", "regexp_split_to_array({text}, {=PATTERN})", "regexp_match({text}, {=PATTERN})", "({integer[]})::text[]", "(({text}) || ({text[]}))", "ARRAY[{text}, NULL, {text}]"],
    "numeric[]": ["({integer[]})::numeric[]", "ARRAY[{numeric}, {integer}]", "array_append({numeric[]}, {numeric})"],
    "boolean[]": ["ARRAY[{boolean}, {boolean}, NULL]"], "date[]": ["ARRAY[{date}, {date}]", "array_prepend({date}, {date[]})"],
    "character": ["({text})::char(4)", "({integer})::char(3)"], "character varying": ["({text})::varchar(2)", "({date})::varchar"], "bytea": ["({text})::bytea", "(({bytea}) || ({bytea}))"],
}

# Of those, such as cannot fail on the values of queries' tables.
CALM_FORMS = {
    "boolean": ["(({jsonb}) @> ({jsonb}))", "(({jsonb}) ? 'a')", "(({text} COLLATE \"C\") {=COMPARE} {text})", "(ROW({integer}, {text}) IN (ROW({integer}, {text}), ROW({integer}, {text})))",
                "(({integer}) {=COMPARE} ALL ({integer[]}))", "(({numeric}) {=COMPARE} ({double precision}))", "(({text}) LIKE 'a%' ESCAPE '#')", "(ROW({any}, {any}) IS NOT NULL)",
                "(({character}) {=COMPARE} ({character varying}))", "(({timestamp without time zone}) {=COMPARE} ({timestamp with time zone}))", "(({uuid}) {=COMPARE} ({uuid}))",
                "(({jsonb}) {=COMPARE} ({jsonb}))", "(({text[]}) && ({text[]}))", "(({smallint}) {=COMPARE} ({bigint}))", "(({real}) {=COMPARE} ({numeric}))"],
    "text": ["(({jsonb}) ->> 'a')", "({any})::text", "concat({any}, {any})", "concat_ws('-', {any}, {any})", "array_to_string({integer[]}, ',', '*')", "replace({text}, 'a', 'é')", "substring({text} FROM 1 FOR 2)",
             "split_part({text}, 'b', 1)", "regexp_replace({text}, '[ab]', '<\\&>', 'g')", "(({text[]})[1])", "trim({character})", "(({text}) || ({integer}))", "to_char({integer}, '999')", "quote_nullable({any})",
             "format('%s:%s', {any}, {any})", "pg_typeof({any})::text"],
    "integer": ["(({integer[]})[{small}])", "char_length({text})", "cardinality({integer[]})", "POSITION('a' IN {text})", "array_length({text[]}, 1)", "array_position({integer[]}, {integer})", "octet_length({character})",
                "({boolean})::integer", "(SELECT max(x) FROM unnest({integer[]}) AS u(x))"],
    "bigint": ["(SELECT count(*) FROM unnest({text[]}) AS u(x))", "(({integer})::bigint * 3)", "(({smallint}) + ({bigint}))"],
    "numeric": ["round({numeric}, 1)", "(({numeric}) * ({numeric}))", "(({numeric}) + ({integer}))", "trunc({numeric})", "(({numeric}) - 1.50)"],
    "double precision": ["({numeric})::double precision", "(({double precision}) + 1)", "(({integer}) / 2.0::double precision)", "(({real}) * ({integer}))"],
    "date": ["({timestamp without time zone})::date", "(({date}) + 1)"], "interval": ["(({interval}) + ({interval}))", "(({interval}) * 2)", "justify_hours({interval})"],
    "timestamp without time zone": ["date_trunc('month', {timestamp without time zone})", "(({timestamp with time zone}) AT TIME ZONE 'America/New_York')", "({date})::timestamp", "(({timestamp without time zone}) + ({interval}))"],
    "timestamp with time zone": ["(({timestamp without time zone}) AT TIME ZONE 'Asia/Kolkata')", "({date})::timestamptz", "date_trunc('day', {timestamp with time zone})"],
    "jsonb": ["to_jsonb({any})", "jsonb_build_object('k', {any})", "(({jsonb}) -> 'a')", "(({jsonb}) || ({jsonb}))", "(({jsonb}) #> '{b,0}')", "jsonb_build_array({any}, {any})", "(({jsonb}) -> 0)"],
    "json": ["to_json({any})", "json_build_object('k', {any})"], "character varying": ["({text})::varchar(2)", "({any})::varchar"], "character": ["({text})::char(3)"],
    "integer[]": ["(({integer[]}) || ({integer}))", "ARRAY[{integer}, {integer}]", "(({integer[]})[1:1])", "array_remove({integer[]}, {integer})", "ARRAY(SELECT x FROM unnest({integer[]}) AS u(x) ORDER BY x{=ORDER})"],
    "text[]": ["string_to_array({text}, 'a')", "({integer[]})::text[]", "ARRAY[{text}, NULL]", "array_append({text[]}, {text})"],
    "smallint": ["({boolean})::integer::smallint"], "real": ["({integer})::real", "({smallint})::real"], "uuid": ["coalesce({uuid}, '00000000-0000-0000-0000-000000000000')"],
}

# What a cast to a length or precision is spelled.
TYPMODS = {"numeric": ["numeric(12,3)", "numeric(5,0)", "numeric(38,10)", "numeric(45,2)", "numeric(6,-2)", "numeric(3,5)"], "character varying": ["varchar(3)", "varchar(1)"],
           "character": ["char(3)", "char", "char(7)"], "timestamp without time zone": ["timestamp(0)", "timestamp(3)"], "timestamp with time zone": ["timestamptz(1)", "timestamptz(0)"],
           "time without time zone": ["time(0)", "time(2)"], "time with time zone": ["timetz(1)"], "interval": ["interval(0)", "interval(2)", "interval day to second", "interval year to month", "interval hour"],
           "bit": ["bit(3)"], "bit varying": ["varbit(3)"]}
PLACE = re.compile(r"\{(=?[A-Za-z\" ]{2,}(?:\[\])?)\}")


def write(maker, text, type, depth):
    """One form, its places filled by the maker."""
    pieces = PLACE.split(text)
    parts, children = [pieces[0]], []
    for place, after in zip(pieces[1::2], pieces[2::2]):
        if place.startswith("="):
            parts[-1] += maker.random.choice(LISTS[place[1:]]) + after
            continue
        if place == "small":
            child = leaf(str(maker.random.choice([0, 1, 2, 3, 5, 12])), "integer")
        else:
            child = maker.make(maker.pick_type() if place == "any" else place, depth)
        children.append(child)
        parts.append(after)
    return Node(parts, children, type, name=text)
