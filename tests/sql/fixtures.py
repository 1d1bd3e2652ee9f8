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

TEXT = "plain\ttab\\tinside\n\\N\tnull before\nback\\\\slash\t\n"


def main(directory):
    for name, text in (("people.csv", PEOPLE), ("sales.csv", SALES), ("numbers.csv", NUMBERS), ("text.tsv", TEXT)):
        with open(os.path.join(directory, name), "w", encoding="utf-8") as out:
            out.write(text)


main(sys.argv[1])
