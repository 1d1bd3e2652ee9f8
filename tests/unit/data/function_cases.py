"""What make_functions asks: values to choose arguments from, by type; and calls written out."""

POOLS = {
    "boolean": ["t", "f"],
    "smallint": ["0", "1", "-1", "7", "-7", "32767", "-32768", "3"],
    "integer": ["0", "1", "-1", "2", "5", "-3", "100", "2147483647", "-2147483648", "40"],
    "bigint": ["0", "20", "1", "-1", "7", "1000000007", "9223372036854775807", "-9223372036854775808", "-12345678901"],
    "oid": ["0", "1", "10", "4294967295", "16384"],
    "xid": ["0", "3", "4294967295"],
    "cid": ["0", "1"],
    "real": ["0", "-0", "1.5", "-2.25", "3.4028235e38", "1e-38", "NaN", "Infinity", "-Infinity", "0.1"],
    "double precision": ["0", "-0", "1", "0.5", "-1.5", "2.5", "1e308", "-1e308", "1e-300", "NaN", "Infinity", "-Infinity", "0.1", "1234567.891",
                         "86399.9999995", "59.5"],
    "numeric": ["0", "0.00", "1", "-1.5", "2.50", "123456789012345678901234567890.123456789", "-0.001", "NaN", "Infinity", "-Infinity", "7",
                "-100", "32767.5", "2147483648", "9223372036854775807.5", "1e-20", "99999"],
    "text": ["", "a", "abc", "Hello World", "äöü", "  both  ", "xxabcxx", "a,b,,c", "ÀÉ straße ǅ", "%", "_b", "it's", "back\\slash", "日本語",
             "select", "MixedCase", "one two-three", "x"],
    "character varying": ["", "abc", "äöü  ", "abcdef", "x" * 70],
    "character": ["", "abc", "abc  ", "ä ", "abd"],
    "name": ["", "abc", "pg_class", "äöü", "Zed"],
    '"char"': ["", "a", "Z", "7"],
    "bytea": ["\\x", "\\x00", "\\x61ff", "\\x6162"],
    "date": ["2000-01-01", "1970-01-01", "2024-02-29", "0044-03-15 BC", "infinity", "-infinity", "2021-01-03", "9999-12-31", "1999-12-31", "2001-01-01",
             "4714-11-24 BC"],
    "time without time zone": ["00:00:00", "12:34:56.789", "23:59:59.999999", "24:00:00", "08:00:00"],
    "timestamp without time zone": ["2000-01-01 00:00:00", "1970-01-01 00:00:00", "2024-02-29 23:59:59.999999", "0044-03-15 06:07:08 BC", "infinity",
                                    "-infinity", "2021-03-28 02:30:00", "2021-10-31 02:30:00.5", "1999-12-31 12:00:00", "1960-06-06 06:06:06.000001"],
    "timestamp with time zone": ["2000-01-01 00:00:00+00", "2021-03-28 00:59:59.9+00", "2021-10-31 01:30:00+00", "infinity", "-infinity",
                                 "1969-12-31 23:59:59.5+00", "2024-02-29 12:00:00+00", "1850-01-01 00:00:00+00", "2024-07-04 01:02:03.456789+00"],
    "interval": ["00:00:00", "1 day", "-1 day", "1 mon", "-13 mons 40 days -27:30:00.5", "1 year 2 mons 3 days 04:05:06.789", "100 years", "36:00:00",
                 "30 days 24:00:00", "-00:00:00.000001", "1 mon -1 days", "2 years -40 days"],
    "bit": ["0", "1", "101", "110"],
    "bit varying": ["", "0", "101", "1011"],
    "uuid": ["00000000-0000-0000-0000-000000000000", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "ffffffff-ffff-ffff-ffff-ffffffffffff"],
    "anyarray": ["{}", "{1,2,3}", "{a,NULL}", "[0:1]={x,y}", "{{1,2},{3,4}}"],
    "pg_node_tree": [],
}

UNITS = ["microseconds", "milliseconds", "second", "minute", "hour", "day", "week", "month", "quarter", "year", "decade", "century", "millennium", "dow",
         "isodow", "doy", "isoyear", "julian", "epoch", "timezone", "timezone_hour", "timezone_minute", "fortnight", "MONTHS", "y"]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "+02", "EST5EDT", "Nowhere"]
REGEXES = ["", "a", "^a", "a$", "^(abc)$", "[[:alpha:]]+", "b*c", "a{2,3}", "(a|b)c", "\\d", "\\w+\\s\\w+", "^pg_", ".", "[^a-z]", "a**", "(", "[", ")", "a{1,256}",
           "\\mWorld\\M", "(?i)hello", "***=a.", "h.llo", "\\u00e4", "x{", "\\", "^*", "a|", "[a-", "[z-a]", "(?:ab)+c", "(?=x)x", "ß", "[[:upper:]]", "É",
           "\\Aa", "c\\Z", "\\y", "a\\.b", "[]a]", "[^]a]", "\\x41", "o{1,2}?", "[[:nope:]]", "+a", "{1}"]
LIKES = ["%", "_", "a%", "%c", "%b%", "a\\%", "a_c", "", "%%", "_%_", "\\", "äö_", "H%W%d", "%\\\\%", "hello%"]
SUBJECTS = ["", "a", "abc", "aab", "Hello World", "äöü", "a.b", "pg_class", "line\nbreak", "ÀÉ straße", "x{", "A", "a%", "back\\slash", "]"]

# (function, arguments lists to combine, or None for the type's pool)
SPECIAL = {
    "date_trunc": {0: UNITS, 2: ZONES},
    "extract": {0: UNITS},
    "date_part": {0: UNITS},
    "timezone": {0: ZONES}, 
    "make_timestamptz": {6: ZONES},
    "like_escape": {0: LIKES, 1: ["", "\\", "#", "ab", "a"]},
    "array_length": {1: ["0", "1", "2"]},
    "array_upper": {1: ["0", "1", "2"]},
    "array_lower": {1: ["0", "1", "2"]},
    "varchar": {1: ["-1", "4", "5", "7", "9", "60"]},
    "bpchar": {1: ["-1", "5", "7", "9", "60"]},
    "timestamp": {1: ["0", "1", "3", "6"]},
    "timestamptz": {1: ["0", "1", "3", "6"]},
    "time": {1: ["0", "1", "3", "6"]},
    "interval": {1: ["-1"]},
    "numeric": {1: ["-1", "327684", "655366", "327682", "196612", "2490374"]},
    "repeat": {1: ["-1", "0", "1", "3"]},
    "lpad": {1: ["-1", "0", "1", "2", "5", "9"]},
    "rpad": {1: ["-1", "0", "1", "2", "5", "9"]},
    "chr": {0: ["65", "228", "0", "-1", "55296", "1114112", "128512", "1114111"]},
    "round": {1: ["0", "1", "-1", "2", "5", "40"]},
    "trunc": {1: ["0", "1", "-1", "2", "5", "40"]},
    "make_date": {0: ["2020", "-44", "0", "1", "5874898"], 1: ["0", "1", "2", "12", "13"], 2: ["0", "1", "29", "30", "31"]},
    "make_time": {0: ["0", "8", "23", "24", "25", "-1"], 1: ["0", "15", "59", "60"]},
    "make_timestamp": {0: ["2020", "-44", "0", "1"], 1: ["1", "2", "12"], 2: ["1", "29"], 3: ["0", "23", "24"], 4: ["0", "59"]},
    "make_interval": {0: ["0", "1", "-5", "1000"], 1: ["0", "13"], 2: ["0", "2"], 3: ["-1", "40"], 4: ["0", "27"], 5: ["0", "99"], 6: ["0", "59.5", "-0.1", "1e6", "NaN"]},
    "to_timestamp": {0: ["0", "1.5", "-1", "1e9", "1609459199.999999", "NaN", "Infinity", "1e14", "0.1", "2020"], 1: ["YYYY-MM-DD HH24:MI:SS", "YYYY", "SSSS", "", "HH12"]},
    "to_date": {0: ["2020-06-15", "15 Jun 2020", "x", "", "20200615"], 1: ["YYYY-MM-DD", "DD Mon YYYY", "YYYYMMDD", ""]},
    "to_char": {1: ["YYYY-MM-DD HH24:MI:SS.US TZH OF", "FMDay DDth Month Y,YYY", "IYYY-IW-ID AD", "999,990.99", "FM9990.099", "S99.9EEEE", "RN", "99V9PR", "", "9.99EEEE"]},
    "to_char": {1: ["YYYY-MM-DD HH24:MI:SS.US", "FMDay, DD Mon YYYY", "999.99", "FM0000", "", "RN", "9.9EEEE", "Q J WW TZ"]},
    "to_date": {0: ["2020-01-31", "31 Jan 2021", "x", ""], 1: ["YYYY-MM-DD", "DD Mon YYYY"]},
    "encode": {1: ["hex", "base64", "escape", "rot13"]},
    "decode": {0: ["", "6162", "YWI=", "a\\000", "616", "xyz", "Y=", "é"], 1: ["hex", "base64", "escape", "rot13"]},
    "sqrt": {}, "exp": {}, "power": {}, "log": {},
    "substr": {1: ["-1", "0", "1", "2", "5"], 2: ["-1", "0", "1", "2", "100"]},
    "similar_to_escape": {0: ["a%", "_b", "(a|b)+", "a.c", "%\"b#\"%", "[a-c]*", "a{2}", "\\%", ""], 1: ["\\", "#", "", "ab"]},
    "regexp_replace": {0: ["abcabc", "Hello World", "", "äöü"], 1: ["b", "[a-c]+", "o.*", "^", "(b)(c)", "x*", "a*?"], 2: ["X", "<\\&>", "\\1"],
                       3: ["g", "i", "gi", "z"]},
    "regexp_match": {0: ["abcabc", "Hello World", ""], 1: ["b", "[a-c]+", "zz", "(b)(c)"], 2: ["i", "g"]},
    "regexp_split_to_array": {0: ["a,b,,c", "", "abc", "a1b22c"], 1: [",", "", "\\d+", "x"], 2: ["i"]},
    "regexp_like": {0: ["abc", "ABC", ""], 1: ["b", "^B", ""], 2: ["i", "c", "q"]},
    "regexp_substr": {0: ["abcabc", "Hello World", ""], 1: ["b", "[a-c]+", "zz", "o.*?r"]},
    "regexp_count": {0: ["abcabc", "aaa", ""], 1: ["b", "a", "aa", "", "zz"]},
    "bit": {1: ["-1", "0", "1", "3", "5", "40"]},
    "varbit": {1: ["-1", "1", "3", "5"]},
    "factorial": {},
    "md5": {},
}
for name in ["text", "name", "bpchar"]:
    for suffix in ["regexeq", "regexne", "icregexeq", "icregexne"]:
        SPECIAL[name + suffix] = {0: SUBJECTS, 1: REGEXES}
    for suffix in ["like", "nlike", "iclike", "icnlike"]:
        SPECIAL[name + suffix] = {0: SUBJECTS, 1: LIKES}
MANY = {"date_trunc", "extract", "date_part", "textregexeq", "texticregexeq", "textlike", "texticlike", "substring", "split_part", "translate", "round"}
