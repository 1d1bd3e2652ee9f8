"""What random queries are made of: aggregates, window functions and their frames, recursive queries."""

# Aggregates whose answer does not depend on the order of rows: name, type of the argument, of the result.
ORDINARY = [("count", "integer", "bigint"), ("count", "text", "bigint"), ("count", "numeric", "bigint"), ("count", "interval", "bigint"),
            ("count", "double precision", "bigint"), ("sum", "integer", "bigint"), ("sum", "bigint", "numeric"), ("sum", "numeric", "numeric"),
            ("sum", "interval", "interval"), ("avg", "integer", "numeric"), ("avg", "numeric", "numeric"), ("min", "integer", "integer"), ("max", "text", "text"),
            ("min", "date", "date"), ("max", "timestamp without time zone", "timestamp without time zone"), ("max", "bigint", "bigint"), ("min", "text", "text"),
            ("bool_and", "boolean", "boolean"), ("bool_or", "boolean", "boolean"), ("every", "boolean", "boolean"), ("bit_or", "integer", "integer"),
            ("bit_and", "bigint", "bigint"), ("bit_xor", "integer", "integer"), ("max", "integer[]", "integer[]"), ("var_pop", "integer", "numeric"), ("stddev_samp", "bigint", "numeric"),
            ("regr_count", "double precision", "bigint"), ("min", "timestamp with time zone", "timestamp with time zone"),
            ("max", "smallint", "smallint"), ("sum", "smallint", "bigint"), ("avg", "bigint", "numeric"), ("count", "jsonb", "bigint"), ("count", "uuid", "bigint"), ("avg", "interval", "interval"),
            ("max", "text[]", "text[]"), ("variance", "numeric", "numeric"), ("stddev_pop", "integer", "numeric"), ("count", "character", "bigint")]
# Those that need an order.
COLLECTING = [("array_agg", "integer", "integer[]"), ("array_agg", "text", "text[]"), ("string_agg", "text", "text"), ("json_agg", "integer", "json"),
              ("jsonb_agg", "text", "jsonb"), ("array_agg", "numeric", "numeric[]"), ("sum", "double precision", "double precision"), ("avg", "double precision", "double precision"), ("sum", "real", "real"),
              ("stddev_samp", "double precision", "double precision"), ("var_pop", "double precision", "double precision"), ("avg", "real", "double precision"), ("jsonb_agg", "jsonb", "jsonb"), ("json_agg", "text[]", "json"),
              ("array_agg", "date", "date[]"), ("array_agg", "boolean", "boolean[]"), ("jsonb_agg", "interval", "jsonb"), ("json_agg", "timestamp with time zone", "json")]
# Ordered-set and hypothetical-set aggregates.
SETS = [("percentile_disc(0.5)", "integer", "integer"), ("percentile_disc(0.25)", "text", "text"), ("percentile_cont(0.5)", "integer", "double precision"),
        ("mode()", "integer", "integer"), ("rank(2)", "integer", "bigint"), ("dense_rank('a'::text)", "text", "bigint"), ("cume_dist(3)", "integer", "double precision"),
        ("percent_rank(1)", "integer", "double precision"), ("percentile_disc(array[0,0.5,1])", "integer", "integer[]"), ("mode()", "text", "text"),
        ("0 + percentile_cont(0.25)", "double precision", "double precision"), ("percentile_cont(array[0.1,0.9])", "integer", "double precision[]"), ("percentile_disc(0.9)", "date", "date")]
# Window functions over a total order.
WINDOW = [("row_number()", "bigint"), ("rank()", "bigint"), ("dense_rank()", "bigint"), ("percent_rank()", "double precision"), ("cume_dist()", "double precision"),
          ("ntile(3)", "integer"), ("lag({i})", "integer"), ("lead({s})", "text"), ("lag({i}, 2, -1)", "integer"), ("first_value({s})", "text"),
          ("last_value({i})", "integer"), ("nth_value({s}, 2)", "text"), ("sum({i})", "bigint"), ("count(*)", "bigint"), ("max({s})", "text"), ("avg({n})", "numeric"),
          ("count({n})", "bigint"), ("min({d})", "date"), ("array_agg({i})", "integer[]"), ("string_agg({s}, '|')", "text"), ("sum({n})", "numeric"),
          ("first_value({n})", "numeric"), ("first_value({iv})", "interval"), ("lead({f})", "double precision"), ("bool_or({bo})", "boolean"), ("sum({f})", "double precision"), ("avg({i})", "numeric"), ("jsonb_agg({j})", "jsonb"), ("lag({n}, 1, 0)", "numeric"),
          ("nth_value({d}, 3)", "date"), ("last_value({s})", "text"), ("stddev_samp({i})", "numeric"), ("lead({i}, -1)", "integer"), ("ntile(1)", "integer"), ("min({s})", "text"), ("array_agg({n})", "numeric[]")]
# Window functions that give all peers the same, in whatever order these are.
PEERLESS = [("count(*)", "bigint"), ("sum({i})", "bigint"), ("max({s})", "text"), ("min({d})", "date"), ("bool_and({bo})", "boolean"), ("count({iv})", "bigint"), ("avg({i})", "numeric"),
            ("sum({b})", "numeric"), ("rank()", "bigint"), ("dense_rank()", "bigint"), ("cume_dist()", "double precision"), ("percent_rank()", "double precision"), ("bit_or({i})", "integer")]
HAVING = [("count(*) > 1", None), ("count(*) < 4", None), ("min(1) = 1", None), ("sum({}) > 2", "integer"), ("max({}) >= 'a'", "text"), ("count(DISTINCT {}) <> 2", "bigint"),
          ("bool_or({})", "boolean"), ("avg({}) < 2", "numeric"), ("min({}) < DATE '2010-01-01'", "date")]
# Recursive queries: their name is $.
RECURSIVE = [
    ("$(i, p) AS (SELECT 1, ARRAY[1] UNION ALL SELECT i + 1, p || (i + 1) FROM $ WHERE i < 4)", [("i", "integer"), ("p", "integer[]")], ["i"]),
    ("$(i, p) AS (SELECT id, i FROM q1 WHERE i > 0 UNION SELECT t.id, t.i FROM q0 t JOIN $ r ON t.id = r.p)", [("i", "integer"), ("p", "integer")], ["i", "p"]),
    ("$(i) AS (VALUES (0) UNION SELECT (i * 3 + 1) % 7 FROM $)", [("i", "integer")], ["i"]),
    ("$(i, p) AS (SELECT id, i FROM q4 WHERE id < 3 UNION ALL SELECT t.id, t.i FROM q4 t, $ r WHERE t.i = r.i) CYCLE i SET again USING way", [("i", "integer"), ("p", "integer"), ("again", "boolean")], None),
    ("$(i, p) AS (SELECT id, i FROM q5 WHERE id < 2 UNION ALL SELECT t.id, t.i FROM q5 t JOIN $ r ON t.id = r.i + 1 WHERE r.i < 4) SEARCH DEPTH FIRST BY i SET ord", [("i", "integer"), ("p", "integer")], None),
]


def range_offsets(type, random):
    """Offsets of a RANGE frame over the type; None: only of GROUPS or ROWS."""
    return {"integer": ["1", "2"], "bigint": ["1", "4294967295"], "numeric": ["0.5", "2"], "smallint": ["1"], "double precision": ["1", "1.5"], "real": ["0.5"],
            "date": ["'1 month'::interval", "'24 years'::interval"], "timestamp without time zone": ["'1 day'::interval", "'30 years'::interval"],
            "timestamp with time zone": ["'1 hour'::interval"], "interval": ["'1 day'::interval"]}.get(type)


def frame(random, mode, offsets):
    """Any frame. Of a mode RANGE without offsets only such as need none."""
    if mode == "RANGE" and not offsets:
        offset = None
    else:
        offset = random.choice(offsets if mode == "RANGE" else ["1", "2", "0", "3"])
    starts = ["UNBOUNDED PRECEDING", f"{offset} PRECEDING", "CURRENT ROW", f"{offset} FOLLOWING"]
    ends = [f"{offset} PRECEDING", "CURRENT ROW", f"{offset} FOLLOWING", "UNBOUNDED FOLLOWING"]
    if offset is None:
        starts, ends = starts[::2], ends[1::2]
    start = random.choice(starts)
    allowed = [e for e in ends if not (start == "CURRENT ROW" and e.endswith("PRECEDING")) and not (start.endswith("FOLLOWING") and not e.endswith("FOLLOWING"))]
    exclude = random.choice(["", "", "", " EXCLUDE CURRENT ROW", " EXCLUDE GROUP", " EXCLUDE TIES", " EXCLUDE NO OTHERS"])
    if start != f"{offset} FOLLOWING" and random.random() < .15:
        return f"{mode} {start}{exclude}"
    return f"{mode} BETWEEN {start} AND {random.choice(allowed)}{exclude}"
