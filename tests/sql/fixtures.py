"""Writes the files that the SQL scripts read into a directory: fixtures.py DIR. Always the same bytes."""
import os
import sys

PEOPLE = '''id,name,team,salary,born
1,Ada,red,5200.50,1975-12-10
2,Bob,blue,3100.00,1988-02-29
3,Čeněk,red,4100.25,1990-07-01
4,Dora,,2900.10,1999-12-31
5,Eve,blue,,2001-01-01
6,Finn,green,6100.75,1969-07-20
7,"Gil, Jr.",green,3100.00,1988-02-28
8,"He said ""hi""",,100.00,
'''

SALES = """id,person,amount,at,paid
1,1,10.00,2024-01-05 10:00:00,t
2,1,20.50,2024-01-06 11:30:00,f
3,2,5.25,2024-02-01 00:00:00,t
4,3,99.99,2024-02-29 23:59:59.5,t
5,3,0.01,2024-03-01 00:00:00,f
6,3,7.00,2024-03-15 12:00:00,
7,6,12.50,2024-04-01 08:00:00,t
8,9,1.00,2024-04-02 09:00:00,t
9,,3.00,2024-04-03 09:30:00,f
"""

NUMBERS = "".join(f"{i},{i * 7919 % 1009 - 500},{(i * 104729 % 100003) / 8},{'even' if i % 2 == 0 else 'odd'}\n" for i in range(1, 501))

STAFF = "".join(f"{i},{i // 3 if i % 7 else ''},{i * 37 % 11 if i % 5 else ''},{i % 4 if i % 6 else ''}\n" for i in range(1, 30))

TEXT = "plain\ttab\\tinside\n\\N\tnull before\nback\\\\slash\t\n"

# Types that travel as their texts, for text_types.sql: a row of good values, spelled oddly; one of others; one of NULLs.
TEXT_TYPES = """1;(1,5];[1.0,2);"(2019-12-31,2020-01-31]";"[""2020-01-01 10:20:30.5"",2020-06-01)";"[2020-01-01 10:20:30+02,)";"{[4,5],[1,3),[3,4)}";"1.5,-2e10";"(0,0),(1,1)";1,2,3,4;(1,2),(3,4);((1,2),(3,4));((1,2),(3,4),(5,6));1,2,3;1234.565;08002b010203;08-00-2b-01-02-03;10.0.0.1/8;10.1;xA;101;"<?xml version=""1.0""?><a>é</a>";16/B374D848;"{""(1,2)"",""3,4""}";"{""[1,5]"",NULL}"
2;empty;[1,2.00);empty;(,);"(,infinity]";{};(0.1,NaN);{1,2,3};[(1,2),(3,4)];(3,4),(1,2);[(1,2),(3,4)];(1,2);"<(0.1,0.2),1e300>";-0.01;ff:ff:ff:ff:ff:ff;08:00:2b:01:02:03:04:05;::1;2001:db8::/32;0101;;text;9/1;{};{empty}
3;;;;;;;;;;;;;;;;;;;;;;;;
"""
# One wrong value a line, for the same script.
WRONG_TEXTS = "[5,1)\n(1,2\n[1,2,3)\n{1,2}\nx\n<a>\n99999999999999999999\n"

# One file a rule of COPY's formats, for file_fdw.sql.
COPY_FILES = {
    "bad_int.csv": b"1,2\n3,x\n",
    "missing.csv": b"1,2\n3\n",
    "extra.csv": b"1,2,3\n",
    "unterminated.csv": b'1,"a\n',
    "lf_after_crlf.csv": b"1,a\r\n2,b\n",
    "crlf_after_lf.csv": b"1,a\n2,b\r\n",
    "crlf_after_lf.txt": b"1\ta\n2\tb\r\n",
    "lf_after_cr.txt": b"1\ta\r2\tb\n",
    "cr.txt": b"1\ta\r2\tb\r",
    "crlf.txt": b"1\ta\r\n2\tb\r\n",
    "bad_utf8.csv": b"1,a\n2,\xff\n",
    "cut_utf8.csv": b"1,a\n2,\xe2\x82\n",
    "marker.csv": b"1,a\n\\.\n2,b\n",
    "marker.txt": b"1\ta\n\\.\n2\tb\n",
    "marker_more.txt": b"1\ta\n\\.x\n2\tb\n",
    "marker_inside.txt": b"1\ta\n2\\.\tb\n",
    "marker_last.txt": b"1\ta\n2\\.\n3\tx\n",
    "marker_at_end.txt": b"1\ta\n\\.",
    "marker_at_end.csv": b"1,a\n\\.",
    "marker_lf_in_crlf.txt": b"1\ta\r\n\\.\n",
    "marker_lf_in_crlf.csv": b"1,a\r\n\\.\n",
    "marker_like.csv": b"1,a\n2,b\\.\n\\.y\n3,c\n",
    "head.csv": b"a,b\n1,2\n",
    "head_other.csv": b"a,x\n1,2\n",
    "head_short.csv": b"a\n1,2\n",
    "head_null.csv": b",b\n1,2\n",
    "head.txt": b"a\tb\n1\t2\n",
    "empty.csv": b"",
    "newline.csv": b"\n",
    "empty_line.csv": b"\n1,2\n",
    "quotes.csv": b'1,"a""b"\n2,"x\ny"\n3,""\n4,\n5,a"q,u"z\n6,z',
    "quotes_after.csv": b'1,"2"\n"3" ,"4"x\n',
    "quotes_lines.csv": b'1,"b\nc"\n2,"x\n\n"y\n3,4,5\n',
    "quotes_crlf.csv": b'1,"b\r\nc"\r\n2,"x"y,z\r\n',
    "single_quotes.csv": b"1,'a''b'\n2,'x\"y'\n",
    "backslash_escape.csv": b'1,a\\"b\n2,"x\\"y"\n3,"x\\\\"\n',
    "escapes.txt": b"1\t\\N\n2\ta\\tb\\\\c\\x41\\101\\q\n3\tx\\\ny\n4\t\\b\\f\\v\\r\\n|\n5\t\\303\\251\n6\t\\xg\\9\n",
    "escape_bad_utf8.txt": b"1\tok\n2\t\\351\n",
    "escape_zero.txt": b"1\t\\0x\n",
    "backslash_newline.txt": b"1\tabc\\\n",
    "backslash_at_end.txt": b"1\tabc\\",
    "long.csv": b"1," + b"x" * 90 + "é".encode() * 20 + b",3\n",
    "range.csv": b"2147483648,x\n",
    "zero_byte.csv": b"1,a\0b\n",
    "too_long.csv": b"5,abcdef\n",
    "latin1.csv": b"1,\xe9t\xe9\n",
    "sjis.csv": b"1,\x83\x5c\n2,\x82\xa0\n",
    "bom.csv": b"\xef\xbb\xbf1,2\n",
    "spaces.csv": b" 1 , 2 \n",
    "semicolons.csv": b"1;a;\n2;;x\n",
    "types.csv": b"t,1,-2,3,1.5,-0.25,12.345,007,2024-02-29,12:34:56.789,2024-02-29 01:02:03.4,2024-02-29 01:02:03+02,1 day,"
                 b"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11,\\\\xdead,\"{1,2}\",\"{\"\"a\"\": 1}\",ab\n"
                 b"no,+5,0x,,,,,,,,,,,,,,,\n",
    "numbers_plain.csv": b"1,1.5,1.50\n-0,-0.00,00.5\n+3,1e2,.5\n 4 ,5.,100\n2147483647,99999999.99,-12345678901234567890.5\n",
    "dates_plain.csv": b"2024-02-29,2024-02-29 00:00:00\n0001-01-01,1999-12-31T23:59:59.999999\ninfinity,-infinity\nFeb 3 2001,2001-02-03 04:05\n",
    "bad_date.csv": b"2023-02-29,x\n",
    "binary.dat": b"PGCOPY\n\377\r\n\0" + bytes(8) + b"\0\2\0\0\0\4\0\0\0\7\0\0\0\2hi\0\2\0\0\0\4\0\0\0\10\377\377\377\377\377\377",
    "binary_users.dat": b"PGCOPY\n\377\r\n\0" + bytes(8) + b"\0\3\0\0\0\0041111\0\0\0\2ok\0\0\0\1\1" + b"\0\3" + b"\377" * 12 + b"\377\377",
    "binary_cut.dat": b"PGCOPY\n\377\r\n\0" + bytes(8) + b"\0\2\0\0\0\4\0\0",
    "binary_width.dat": b"PGCOPY\n\377\r\n\0" + bytes(8) + b"\0\2\0\0\0\3abc\0\0\0\2hi\377\377",
    "binary_fields.dat": b"PGCOPY\n\377\r\n\0" + bytes(8) + b"\0\3",
    "binary_flags.dat": b"PGCOPY\n\377\r\n\0" + b"\377\377\0\0" + bytes(4),
    "binary_more.dat": b"PGCOPY\n\377\r\n\0" + bytes(8) + b"\377\377x",
}


def main(directory):
    for name, data in COPY_FILES.items():
        with open(os.path.join(directory, name), "wb") as out:
            out.write(data)
    for name, text in (("people.csv", PEOPLE), ("sales.csv", SALES), ("numbers.csv", NUMBERS), ("staff.csv", STAFF), ("text.tsv", TEXT),
                       ("text_types.csv", TEXT_TYPES), ("wrong_texts.csv", WRONG_TEXTS)):
        with open(os.path.join(directory, name), "w", encoding="utf-8") as out:
            out.write(text)


main(sys.argv[1])
