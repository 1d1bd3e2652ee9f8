"""The types that expressions are made of, and their edge values."""

# Types in which equal values are the same value: rows may be told apart and ties broken by them.
IDENTITY = {"integer", "bigint", "smallint", "text", "date", "boolean", "timestamp without time zone", "uuid", "bytea", "name",
            "timestamp with time zone", "time without time zone", "character varying"}

VALUES = {
    "boolean": ["true", "false"],
    "smallint": ["0", "1", "-1", "2", "7", "32767", "-32768", "100"],
    "integer": ["0", "1", "-1", "2", "3", "5", "10", "42", "-7", "2147483647", "-2147483648", "65536"],
    "bigint": ["0", "1", "-1", "2", "9", "1000", "4294967296", "9223372036854775807", "-9223372036854775808", "-12345678901"],
    "real": ["0", "-0", "1", "-1.5", "0.1", "3.4028235e38", "1e-45", "NaN", "Infinity", "-Infinity", "16777217", "2.5"],
    "double precision": ["0", "-0", "1", "-1", "0.5", "-2.5", "0.1", "1e15", "123456.789", "1.7976931348623157e308", "5e-324", "NaN",
                         "Infinity", "-Infinity", "1e16", "90", "0.30000000000000004"],
    "numeric": ["0", "1", "-1", "0.5", "1.50", "-2.5", "1.0", "1.00", "NaN", "Infinity", "-Infinity", "3.14159265358979323846",
                "12345678901234567890123456789012345678901234567890.123456789", "-0.000000000000000000000000000001", "1e20", "100", "2",
                "99999.99999", "10", "-7.125"],
    "text": ["", "a", "b", "abc", "ABC", " a b ", "foo bar", "aaab", "%", "a_c", "\\", "a\\b", "ä", "Äß", "e\u0301", "\u00e9", "日本語",
             "😀x", "12", " 42 ", "-1.5e3", "true", "2024-02-29", "1 day", "null", "NaN", "{1,2}", "x'y", "a\"b", "a,b,,c", "tab\there",
             "line\nfeed", "z", "ABCabc123", "Hello World", "\u0131İ", "ǅ", "abcabc"],
    "character varying": ["", "a", "abc", "ABC  ", "ä", "日本", "12"],
    "character": ["", "a", "ab", "abc  ", "ABC", " x"],
    "name": ["", "a", "abc", "pg_class", "X_1", "x y", "Éé ß"],
    "\"char\"": ["a", "b", "~"],
    "bytea": ["", "\\x00", "\\x616263", "\\xff00ff", "\\x31", "\\x616263616263", "\\x0102030405060708090a"],
    "date": ["2024-02-29", "2000-01-01", "1970-01-01", "1999-12-31", "infinity", "-infinity", "0044-03-15 BC", "0001-01-01",
             "5874897-12-31", "4712-01-01 BC", "2023-03-12", "2024-12-30", "2021-01-03"],
    "time without time zone": ["00:00:00", "24:00:00", "23:59:59.999999", "12:34:56.789", "01:02:03", "00:00:00.000001"],
    "time with time zone": ["00:00:00+00", "24:00:00-12", "23:59:59.999999+14", "12:34:56-05:30", "01:02:03+01"],
    "timestamp without time zone": ["2024-02-29 12:34:56.789", "2000-01-01 00:00:00", "1970-01-01 00:00:00", "1999-12-31 23:59:59.999999",
                                    "infinity", "-infinity", "0044-03-15 10:00:00 BC", "290000-12-31 23:59:59.999999",
                                    "4712-01-01 00:00:00 BC", "2023-03-12 02:30:00", "2023-11-05 01:30:00", "2024-12-30 00:00:00"],
    "timestamp with time zone": ["2024-02-29 12:34:56.789+00", "2000-01-01 00:00:00+00", "1970-01-01 00:00:00+00", "infinity", "-infinity",
                                 "0044-03-15 10:00:00+00 BC", "290000-12-31 23:59:59.999999+00", "4712-01-01 00:00:00+00 BC",
                                 "2023-03-12 07:30:00+00", "2023-11-05 05:30:00+00", "2023-11-05 06:30:00+00", "1883-11-18 17:00:00+00"],
    "interval": ["0", "1 day", "24:00:00", "1 mon", "30 days", "-1 mon +1 day", "1 year 2 mons 3 days 04:05:06.789", "00:00:00.000001",
                 "-00:00:01.5", "178000000 years", "-178000000 years", "100 years", "1 mon -1 days", "-23:59:59"],
    "uuid": ["00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
    "json": ["null", "1", "\"a\"", "{}", "[]", "{\"a\": 1, \"b\": [1, 2, {\"c\": null}]}", "[1, \"x\", null, true]", "1.50", "{\"a\":1,\"a\":2}",
             " [1 , 2 ] ", "{\"a\": {\"b\": \"\\u00e4\"}}"],
    "jsonb": ["null", "1", "\"a\"", "{}", "[]", "{\"a\": 1, \"b\": [1, 2, {\"c\": null}]}", "[1, \"x\", null, true]", "1.50", "true",
              "{\"bb\": 1, \"a\": \"x\"}", "[[1, 2], [3]]", "\"12\"", "{\"a\": {\"b\": \"ä\"}}", "-5", "[1, 2, 3]"],
    "bit": ["0", "1"],
    "bit varying": ["", "0", "1", "1010", "11111111", "000000000", "10110011100011110000"],
    "oid": ["0", "1", "23", "4294967295"],
    "integer[]": ["{}", "{1}", "{1,2,3}", "{NULL}", "{1,NULL,2}", "{3,2,1,1}", "{{1,2},{3,4}}", "[0:1]={5,6}", "{0,-1,2147483647}"],
    "text[]": ["{}", "{a}", "{a,b,c}", "{NULL,a}", "{\"\",\"a b\",\"NULL\"}", "{{a,b},{c,d}}", "{\"x\\\"y\",\"\\\\\"}", "{ä,日本}"],
    "numeric[]": ["{}", "{1.0,1.00}", "{NaN,1}", "{0.5,NULL,-2}", "{{1.5}}"],
    "date[]": ["{}", "{2024-01-01}", "{infinity,NULL}", "{2000-01-01,\"0044-03-15 BC\"}"],
    "boolean[]": ["{}", "{t,f}", "{NULL,t}"],
    "int4range": ["empty", "(,)", "[1,5)", "[1,10]", "[3,3]", "(,7)", "[7,)", "[-2147483648,2147483647)", "[5,9)"],
    "numrange": ["empty", "(,)", "[1.0,2.50]", "(2.5,3)", "[1,1]", "(,1.00]", "[NaN,NaN]", "[2,Infinity)", "(0.5,10)"],
    "daterange": ["empty", "(,)", "[2024-02-29,2024-03-01]", "[-infinity,infinity]", "[2000-01-01,)", "(,2024-02-29)"],
    "tsrange": ["empty", "(,)", "[2024-02-29 12:34:56.789,2024-03-01 00:00:00)", "(2000-01-01 00:00:00,infinity]", "(,2024-02-29 12:34:56.789]"],
    "int4multirange": ["{}", "{(,)}", "{[1,3),[5,9)}", "{[2,6)}", "{(,1),[2,4),[7,)}", "{[5,5]}"],
    "nummultirange": ["{}", "{(,)}", "{[1.0,2.0],(2.5,3)}", "{[1,1],[2,2]}", "{(,0),(0.00,1]}", "{[NaN,NaN]}"],
}
ARRAY_OF = {"integer": "integer[]", "text": "text[]", "numeric": "numeric[]", "date": "date[]", "boolean": "boolean[]"}
RANGE_OF = {"integer": "int4range", "numeric": "numrange", "date": "daterange", "timestamp without time zone": "tsrange"}
MULTIRANGE_OF = {"integer": "int4multirange", "numeric": "nummultirange"}
BOUND_OF = {range: bound for kind in (RANGE_OF, MULTIRANGE_OF) for bound, range in kind.items()}
ELEMENT_OF = {array: element for element, array in ARRAY_OF.items()}

# What an argument needs to be for a call to mean something: (function, argument) or (function, argument, type of the first argument).
UNITS = ["year", "month", "day", "hour", "minute", "second", "week", "quarter", "decade", "century", "millennium", "milliseconds",
         "microseconds", "dow", "isodow", "doy", "isoyear", "epoch", "timezone", "julian", "foo", "Years"]
ZONES = ["UTC", "America/New_York", "Asia/Kolkata", "+05:30", "EST", "foo", "<X>3", "europe/berlin"]
DATE_FORMATS = ["YYYY-MM-DD HH24:MI:SS.US", "Dy, DD Mon YYYY", "FMMonth FMDDth", "Q WW IW IYYY-ID", "HH12:MI AM", "J", "DDD CC", "TZ OF", "y,yyy RM",
                "\"lit\" HH24", "SSSS SSSSS", "MS FF3 FF6", "BC YYYY", "day DAY D", ""]
NUMBER_FORMATS = ["9999.99", "FM999,999.00", "S0000", "9.99EEEE", "RN", "FMRN", "999PR", "MI99", "L99", "99th", "00.00", "", "9G999D99"]
PATTERNS = ["a", "^a", "b$", "a.*b", "[a-c]+", "(a)(b)?", "(foo|bar)", "x*", "\\d+", "\\w+", "a{1,2}", "[[:alpha:]]+", "(a+)(a*)", "(a|ab)(c|bcd)?",
            "", "(", "a|b|", "(?i)ABC", "\\s", "[^a]", "(.)\\1", "a+?", "\\m\\w", "ä", "(a*)+b", "(?:a|b)c", "(^|,)([^,]*)", "[\\d]", "()", "(b|ab|abc)c?"]
LIKES = ["%", "a%", "_b%", "%c", "a\\_c", "", "%ä%", "_", "\\", "ABC", "%b%c", "a|%"]
SIMILARS = ["%", "a%", "(a|b)%", "_", "[a-c]+", "a{2}", "%#\"b#\"%", "", "abc|ABC"]
FLAGS = ["", "g", "i", "gi", "x", "n", "c", "q", "z", "s", "gn"]
HINTS = {
    "date_part": {0: UNITS}, "extract": {0: UNITS}, "date_trunc": {0: UNITS, 2: ZONES}, "timezone": {0: ZONES},
    "encode": {1: ["hex", "base64", "escape", "foo"]}, "decode": {0: ["00ff", "YWJj", "a\\000", "zz", "616263"], 1: ["hex", "base64", "escape"]},
    "convert_from": {1: ["UTF8", "LATIN1", "foo"]}, "convert_to": {1: ["UTF8", "LATIN1", "foo"]}, "normalize": {1: ["NFC", "NFD", "NFKC", "NFKD"]},
    "is_normalized": {1: ["NFC", "NFD", "NFKC", "NFKD"]}, "unistr": {0: ["\\0061", "d\\u00e4", "\\+01F600", "a\\\\", "\\zz"]},
    "to_date": {1: DATE_FORMATS}, "to_timestamp": {1: DATE_FORMATS}, "to_number": {1: NUMBER_FORMATS},
    "regexp_match": {1: PATTERNS, 2: FLAGS}, "regexp_matches": {1: PATTERNS, 2: FLAGS}, "regexp_replace": {1: PATTERNS, 2: ["", "X", "\\1", "[\\&]", "\\2-\\1", "\\\\"]},
    "regexp_split_to_array": {1: PATTERNS, 2: FLAGS}, "regexp_count": {1: PATTERNS, 3: FLAGS}, "regexp_like": {1: PATTERNS, 2: FLAGS},
    "regexp_substr": {1: PATTERNS, 4: FLAGS}, "regexp_instr": {1: PATTERNS, 5: FLAGS}, "textregexsubstr": {1: PATTERNS},
    "textregexeq": {1: PATTERNS}, "texticregexeq": {1: PATTERNS}, "textregexne": {1: PATTERNS}, "texticregexne": {1: PATTERNS},
    "bpcharregexeq": {1: PATTERNS}, "nameregexeq": {1: PATTERNS}, "bpchariregexeq": {1: PATTERNS},
    "textlike": {1: LIKES}, "texticlike": {1: LIKES}, "textnlike": {1: LIKES}, "texticnlike": {1: LIKES}, "like": {1: LIKES}, "notlike": {1: LIKES},
    "similar_escape": {0: SIMILARS, 1: ["#", "\\", ""]}, "similar_to_escape": {0: SIMILARS, 1: ["#", "\\", ""]}, "like_escape": {0: LIKES, 1: ["#", "\\", "", "ab"]},
    "format": {0: ["%s", "%I", "%L", "%%", "%1$s-%1$s", "%-5s|", "%5s", "%*s", "%z", "a%s b%s", "%"]}, "quote_ident": {}, "split_part": {1: ["a", ",", "", "b"]},
    "string_to_array": {1: ["a", ",", "", "b"], 2: ["", "b", "c"]}, "to_hex": {}, "translate": {1: ["ab", "abc", "", "äb"], 2: ["x", "xyz", ""]},
    "set_byte": {1: [0, 1, -1, 2], 2: [0, 255, 256]}, "get_byte": {1: [0, 1, -1, 2]}, "get_bit": {1: [0, 1, 7, 9]}, "set_bit": {1: [0, 1, 7, 9], 2: [0, 1, 2]},
    "make_interval": {}, "parse_ident": {0: ["a.b", "\"A b\".c", "1a", "a.", " x "]}, "to_ascii": {1: ["LATIN1"]}, "json_extract_path": {}, "width_bucket": {},
}
INTERVAL_FORMATS = [f for f in DATE_FORMATS if "J" not in f]  # of years beyond all dates
TO_CHAR = {"timestamp with time zone": DATE_FORMATS, "timestamp without time zone": DATE_FORMATS, "interval": INTERVAL_FORMATS}
SMALL_INT = {"bpchar", "varchar", "repeat", "lpad", "rpad", "left", "right", "factorial", "substr", "substring", "overlay", "bitshiftleft", "bitshiftright", "round", "trunc", "split_part",
             "power", "numeric_power", "dpow", "regexp_substr", "regexp_instr", "regexp_count", "array_fill", "make_date", "make_time", "make_timestamp", "make_timestamptz",
             "make_interval", "array_lower", "array_upper", "array_length", "trim_array", "jsonb_array_element", "json_array_element", "numeric",
             "jsonb_array_element_text", "json_array_element_text", "jsonb_delete", "int4shl", "int4shr", "int8shl", "int8shr", "int2shl", "int2shr", "gcd", "lcm",
             "regexp_replace", "bit", "varbit", "timestamp", "timestamptz", "time", "timetz", "interval", "numeric_pow", "exp", "numeric_exp"}


# A type's name in a cast, where it is not format_type's: "character" alone is char(1).
SPELLED = {"character": "bpchar"}


def quoted(text):
    if "\\" in text:
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
    return "'" + text.replace("'", "''") + "'"


def literal(type, text):
    return f"{quoted(str(text))}::{SPELLED.get(type, type)}"


def short(type):
    """The column of the expressions' table that has the type."""
    return "c_" + type.replace("\"", "").replace(" ", "_").replace("[]", "_array")
