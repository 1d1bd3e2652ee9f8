"""Random tables, views and triggers, and random INSERT, UPDATE, DELETE, MERGE and TRUNCATE over them. A seed decides everything.

What PostgreSQL leaves to chance is not made: a row is updated from one row at most, keys are set row by row, and where a trigger's work hangs on
the order of rows there is no MERGE, whose rows come as its join gives them."""
import random

# Of each table and view the columns that are written: integers, strings, numerics, dates.
COLUMNS = {"t0": [("id", "i"), ("a", "i"), ("b", "s"), ("c", "n"), ("d", "d")], "t1": [("r", "i"), ("x", "s"), ("y", "i")], "p": [("k", "i"), ("v", "s"), ("w", "i")],
           "p1": [("k", "i"), ("v", "s"), ("w", "i")], "i0": [("a", "i"), ("b", "s")], "i1": [("a", "i"), ("b", "s"), ("c", "i")], "v0": [("id", "i"), ("a", "i"), ("b", "s")],
           "v1": [("k", "i"), ("v", "s"), ("w", "i")], "v2": [("id", "i"), ("x", "s")]}
TABLES = ["t0", "t0", "t0", "t1", "t1", "p", "p", "p1", "i0", "i1", "v0", "v1", "v2"]
KEYS = {"t0": "id", "v0": "id", "v2": "id", "t1": "y", "p": "k", "p1": "k", "v1": "k", "i0": "a", "i1": "a"}
INTEGERS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 20, 49, 51, "NULL"]
STRINGS = ["'x'", "'y'", "''", "NULL", "'ab'", "'longer text'"]
PARTITIONS = {"LIST (k)": ["FOR VALUES IN (0, 1, 2)", "FOR VALUES IN (3, 4, NULL)"], "RANGE (k)": ["FOR VALUES FROM (MINVALUE) TO (3)", "FOR VALUES FROM (3) TO (6)"],
              "HASH (k)": ["FOR VALUES WITH (MODULUS 2, REMAINDER 0)", "FOR VALUES WITH (MODULUS 2, REMAINDER 1)"]}
BEFORE = ["new.b := coalesce(new.b, '') || '+';", "IF new.id > 70 AND new.id < 75 THEN RETURN NULL; END IF;", "IF new.a = 5 THEN RAISE EXCEPTION 'five'; END IF;", "new.a := new.a + 1;",
          "new.a := new.a * 2; new.c := 1;", "INSERT INTO l VALUES ('b' || new.id);"]
COUNTING = "SELECT count(*)::text INTO new.b FROM t0;"
BEFORE_PARTITION = ["new.w := new.w + 100;", "IF new.w % 3 = 0 THEN RETURN NULL; END IF;", "IF new.w = 17 THEN RAISE EXCEPTION 'seventeen'; END IF;"]
INSTEAD = """BEGIN IF tg_op = 'INSERT' THEN INSERT INTO t0 (id, a) VALUES (new.id, length(new.x)); RETURN new; ELSIF tg_op = 'UPDATE' THEN UPDATE t0 SET b = new.x WHERE id = old.id; RETURN new; END IF;
 DELETE FROM t0 WHERE id = old.id; RETURN old; END"""
TELLING = """BEGIN IF tg_level = 'ROW' THEN RAISE NOTICE '% % %/%', tg_table_name, tg_op, new, old; INSERT INTO l VALUES (tg_table_name || tg_op); ELSE RAISE NOTICE '% %', tg_table_name, tg_op; END IF;
 RETURN NULL; END"""
DROP_FAR = "DROP TABLE IF EXISTS t1, p2, i1"
DROP = "DROP TABLE IF EXISTS l, t0, t1, p, i0, i1 CASCADE; DROP FUNCTION IF EXISTS before_t0, before_p, telling, instead, how_many CASCADE"
STATE = ["SELECT t, count(*) FROM l GROUP BY t", *(f"SELECT tableoid::regclass::text, {t}.* FROM {t}" for t in ("t0", "t1", "p", "i0", "i1"))]


def function(name, body, returns="trigger"):
    return f"CREATE FUNCTION {name}() RETURNS {returns} LANGUAGE plpgsql AS $${body}$$"


class Grammar:
    def __init__(self, seed, foreign=False):
        """foreign: some of the tables lie at a source; `far` is what makes them there."""
        self.random = random.Random(f"dml/{seed}")
        self.counts, self.far = False, []
        self.foreign = [table for table in ("t1", "p2", "i1") if foreign and self.chance(.7)]

    def chance(self, share):
        return self.random.random() < share

    def one(self, *choices):
        return self.random.choice(choices)

    # ---- what is there ----

    def schema(self):
        one = self.one
        check = one(", CHECK (a < 50)", ", CONSTRAINT small CHECK (a IS NULL OR a < 50 OR b IS NULL)", "", ", CONSTRAINT few CHECK (how_many() < 80)")
        self.counts = "how_many" in check
        lines = ["CREATE TABLE l (t text)"]
        if self.counts:
            lines.append(function("how_many", "BEGIN RETURN (SELECT count(*) FROM t0); END", "bigint"))
        generated = one(", g int GENERATED ALWAYS AS (a * 2) STORED", "", "")
        lines.append(f"CREATE TABLE t0 (id int PRIMARY KEY, a int{one('', ' NOT NULL', '')}, b text DEFAULT 'd', c numeric(8,2), d date DEFAULT '2020-01-01'{generated}{check})")
        if "t1" in self.foreign:
            self.far.append(f"CREATE TABLE t1 (r int, x text{one(' UNIQUE', '')}, y int{one(' CHECK (y < 45)', '')})")
            lines.append("CREATE FOREIGN TABLE t1 (r int, x text, y int DEFAULT 7) SERVER far")
        action = one("ON DELETE CASCADE", "ON DELETE SET NULL", "ON DELETE RESTRICT", "", "ON DELETE CASCADE ON UPDATE CASCADE", "ON UPDATE CASCADE", "ON DELETE SET DEFAULT")
        own = f"CREATE TABLE t1 (r int REFERENCES t0 {action} {one('', '', 'DEFERRABLE INITIALLY DEFERRED')}, x text {one('UNIQUE', '', 'UNIQUE DEFERRABLE')}, y int DEFAULT 7)"
        lines += [own] if "t1" not in self.foreign else []
        lines += self.partitioned()
        lines += ["CREATE TABLE i0 (a int, b text)", f"CREATE TABLE i1 (c int DEFAULT 5{one('', ', CHECK (c > 0)', '')}) INHERITS (i0)"]
        if "i1" in self.foreign:
            self.far.append("CREATE TABLE i1 (a int, b text, c int)")
            lines[-1] = "CREATE FOREIGN TABLE i1 (c int DEFAULT 5) INHERITS (i0) SERVER far"
        lines.append(f"CREATE VIEW v0 AS SELECT id, a, b FROM t0 WHERE a > 2 {one('', 'WITH CHECK OPTION', 'WITH LOCAL CHECK OPTION')}")
        lines.append(f"CREATE VIEW v1 AS SELECT k, v, w FROM p WHERE k < 5 {one('', 'WITH CASCADED CHECK OPTION')}")
        lines.append("CREATE VIEW v2 AS SELECT t0.id, t1.x FROM t0 JOIN t1 ON t1.r = t0.id")
        lines += ["INSERT INTO t0 (id, a, b, c) SELECT g, g % 7 + 1, 'r' || g % 5, g / 7.0 FROM generate_series(60, 100) g",
                  "INSERT INTO p SELECT g % 3, 'p' || g % 4, g FROM generate_series(1, 30) g", "INSERT INTO i0 SELECT g, 'i' FROM generate_series(1, 12) g"]
        lines += self.triggers()
        if self.chance(.3):
            lines.append(f"CREATE {one('', 'UNIQUE')} INDEX ON t0 ({one('b', 'lower(b)', '(a % 7)')})")
        return lines

    def partitioned(self):
        how = self.one(*PARTITIONS)
        key = self.one(", PRIMARY KEY (k, w)", ", UNIQUE (k, w)", "") if "p2" not in self.foreign else ""
        lines = [f"CREATE TABLE p (k int, v text, w int DEFAULT 3{key}) PARTITION BY {how}"]
        lines += [f"CREATE TABLE p{number} PARTITION OF p {bound}" for number, bound in enumerate(PARTITIONS[how], 1)]
        if "p2" in self.foreign:
            self.far.append("CREATE TABLE p2 (k int, v text, w int)")
            lines[-1] = lines[-1].replace("TABLE p2", "FOREIGN TABLE p2") + " SERVER far"
        if how[0] != "H" and self.chance(.6):
            lines.append("CREATE TABLE p_other PARTITION OF p DEFAULT")
        return lines

    def triggers(self):
        one, lines = self.one, []
        if self.chance(.4):
            lines.append(function("before_p", f"BEGIN {one(*BEFORE_PARTITION)} RETURN new; END"))
            lines.append(f"CREATE TRIGGER before_p BEFORE {one('INSERT', 'UPDATE', 'INSERT OR UPDATE')} ON {one('p', 'p1')} FOR EACH ROW EXECUTE FUNCTION before_p()")
        if self.chance(.5):
            body = one(*BEFORE, COUNTING)
            self.counts |= body == COUNTING
            lines.append(function("before_t0", f"BEGIN {body} RETURN new; END"))
            lines.append(f"CREATE TRIGGER before_t0 BEFORE {one('INSERT', 'INSERT OR UPDATE', 'UPDATE OF a, b')} ON t0 FOR EACH ROW {one('', 'WHEN (new.a > 3)')} EXECUTE FUNCTION before_t0()")
        if self.chance(.6):
            lines.append(function("telling", TELLING))
            lines.append(f"CREATE TRIGGER rows AFTER {one('INSERT', 'INSERT OR UPDATE OR DELETE', 'UPDATE OR DELETE')} ON {one('t0', 't1', 'i0', 'i1', 'p1')} FOR EACH ROW EXECUTE FUNCTION telling()")
            lines.append(f"CREATE TRIGGER whole AFTER {one('INSERT', 'INSERT OR UPDATE OR DELETE', 'UPDATE OR DELETE', 'TRUNCATE')} ON {one('t0', 't1', 'p', 'i0')} EXECUTE FUNCTION telling()")
        if self.chance(.3):
            lines.append(function("instead", INSTEAD))
            lines.append("CREATE TRIGGER instead INSTEAD OF INSERT OR UPDATE OR DELETE ON v2 FOR EACH ROW EXECUTE FUNCTION instead()")
        return lines

    # ---- expressions ----

    def value(self, kind):
        if kind == "i":
            return str(self.one(*INTEGERS))
        if kind == "s":
            return self.one(*STRINGS, f"'q' || {self.random.randint(0, 9)}")
        return self.one("1.5", "2", "-3.256", "NULL", "99999.99") if kind == "n" else self.one("'2021-02-03'", "NULL", "date '2000-01-01' + 1")

    def expression(self, table, kind, alias=None):
        columns = [name for name, of in COLUMNS[table] if of == kind]
        if not columns or self.chance(.3):
            return self.value(kind)
        column = f"{alias or table}.{self.one(*columns)}"
        if kind == "i":
            return self.one(column, f"{column} + 1", f"coalesce({column}, 0) * 2", "(SELECT max(a) FROM t0)", f"(SELECT count(*)::int FROM {self.read('i0')} h WHERE h.a = {column})",
                            f"CASE WHEN {column} > 5 THEN 1 ELSE {column} END", f"length({self.value('s')})")
        if kind == "s":
            return self.one(column, f"{column} || 'z'", f"upper({column})", f"(SELECT min(b) FROM t0 h WHERE h.b > {column})", f"coalesce({column}, 'n')")
        return column

    def condition(self, table, alias=None):
        name, kind = self.one(*COLUMNS[table])
        column = f"{alias or table}.{name}"
        if kind == "i":
            return self.one(f"{column} = {self.value('i')}", f"{column} > {self.value('i')}", f"{column} IN (1, 2, {self.value('i')})", f"{column} IS NULL", f"{column} % 2 = 0",
                            f"EXISTS (SELECT FROM {self.read('i0')} h WHERE h.a = {column})", f"{column} BETWEEN 1 AND 6", f"{column} IN (SELECT a FROM {self.read('i0')})",
                            f"{column} NOT IN (SELECT a FROM {self.read('i0')} WHERE a IS NOT NULL)")
        if kind == "s":
            return self.one(f"{column} = {self.value('s')}", f"{column} LIKE 'x%'", f"{column} IS NOT NULL", f"length({column}) < 3")
        return f"{column} IS {self.one('', 'NOT ')}NULL"

    def read(self, table):
        """PostgreSQL's subqueries over a foreign table see what the statement has done there so far."""
        return "t0" if self.foreign else table

    def where(self, table, alias=None):
        if self.chance(.1):
            return ""
        return " WHERE " + self.one(" AND ", " OR ").join(self.condition(table, alias) for _ in range(self.one(1, 1, 2)))

    def returning(self, table):
        return self.one("", "", f" RETURNING {table}.*", f" RETURNING {table}.{self.one(*COLUMNS[table])[0]} AS o, {self.expression(table, 'i')} AS e", " RETURNING *",
                        f" RETURNING {table}.tableoid::regclass::text" if table[0] != "v" else "")

    # ---- statements ----

    def source(self, table, columns):
        """Rows for an INSERT, in an order."""
        if self.chance(.65):
            rows = []
            for _ in range(self.one(1, 1, 2, 3)):
                rows.append("(" + ", ".join("DEFAULT" if self.chance(.05) else str(self.random.randint(0, 60)) if name in ("id", "k") and self.chance(.7) else self.value(kind)
                                            for name, kind in columns) + ")")
            return "VALUES " + ", ".join(rows)
        source = self.one("t0", "t1", "p", "i0")
        every = ", ".join(f"z.{name}" for name, _ in COLUMNS[source])
        items = [f"row_number() OVER (ORDER BY {every})::int + {self.random.randint(0, 80)}" if name in ("id", "k") else self.expression(source, kind, "z") for name, kind in columns]
        numbered = "".join(f", {at}" for at, (name, _) in enumerate(columns, 1) if name in ("id", "k"))
        return f"SELECT {', '.join(items)} FROM {source} z{self.where(source, 'z')} ORDER BY {every}{numbered}"

    def conflict(self, table):
        key = {"t0": "id", "t1": "x", "p": "k, w"}.get(table)
        if not key or self.chance(.5):
            return ""
        if self.chance(.4):
            return self.one(f" ON CONFLICT ({key}) DO NOTHING", " ON CONFLICT DO NOTHING")
        name, kind = self.one(*(column for column in COLUMNS[table] if column[0] not in key.split(", ")))
        where = self.one("", f" WHERE {self.condition(table)}")
        return f" ON CONFLICT ({key}) DO UPDATE SET {name} = {self.one('excluded.' + name, self.expression(table, kind))}{where}"

    def insert(self, returning=True):
        table = self.one(*TABLES)
        columns = self.random.sample(COLUMNS[table], self.random.randint(max(1, len(COLUMNS[table]) - 2), len(COLUMNS[table])))
        if table in ("t0", "v0") and ("id", "i") not in columns:
            columns.append(("id", "i"))
        names = ", ".join(name for name, _ in columns)
        return f"INSERT INTO {table} ({names}) {self.source(table, columns)}{self.conflict(table)}" + (self.returning(table) if returning else ""), table

    def joined(self, table, where):
        """FROM or USING a source with at most one row for each."""
        source = self.one("t0", "t1", "i0")
        key, mine = COLUMNS[source][0][0], self.one(*(name for name, kind in COLUMNS[table] if kind == "i"))
        every = ", ".join(name for name, _ in COLUMNS[source])
        return f"(SELECT DISTINCT ON ({key}) * FROM {source} ORDER BY {every}) z{where} {'AND' if where else 'WHERE'} z.{key} = {table}.{mine}"

    def update(self, returning=True):
        table = self.one(*TABLES)
        only = self.one("", "", "ONLY ") if table in ("i0", "p") else ""
        columns = [column for column in COLUMNS[table] if column[0] != "id" or self.chance(.15)]
        changed = self.random.sample(columns, self.random.randint(1, min(2, len(columns))))
        if len(changed) == 2 and self.chance(.2):
            values = ", ".join(self.expression(table, kind) for _, kind in changed)
            assigned = f"({changed[0][0]}, {changed[1][0]}) = (SELECT {values})"
        else:
            assigned = ", ".join(f"{name} = {'DEFAULT' if self.chance(.05) else self.expression(table, kind)}" for name, kind in changed)
        where, partitioned = self.where(table), table in ("p", "p1", "v1")
        names = {name for name, _ in changed}
        if names & {"id"} or (partitioned and names & {"k", "w"}) or (table == "t1" and "x" in names):  # a key
            where = f" WHERE {table}.{KEYS[table]} = {self.random.randint(0, 9)}" + (f" AND {table}.w = 3" if partitioned else "")
        source = f" FROM {self.joined(table, where)}" if self.chance(.2) else where
        return f"UPDATE {only}{table} SET {assigned}{source}" + (self.returning(table) if returning and " z" not in source else ""), table

    def delete(self, returning=True):
        table = self.one(*TABLES)
        where = self.where(table)
        source = f" USING {self.joined(table, where)}" if self.chance(.15) else where
        return f"DELETE FROM {table}{source}" + (self.returning(table) if returning and " z" not in source else ""), table

    def merge(self):
        table, source = self.one("t0", "t1", "p", "i1", "i0"), self.one("t0", "t1", "i0")
        actions = ""
        for _ in range(self.one(1, 2, 3)):
            if self.chance(.5):
                name, kind = self.one(*(column for column in COLUMNS[table] if column[0] not in (KEYS[table], "id", "x")))
                test = self.one(f" AND z.key > {self.random.randint(0, 9)}", "", f" AND {self.condition(table)}")
                actions += f" WHEN MATCHED{test} THEN " + self.one("DELETE", "DO NOTHING", f"UPDATE SET {name} = {self.expression(table, kind)}", f"UPDATE SET {name} = {self.value(kind)}")
            else:
                values = ", ".join("z.key" if name == KEYS[table] else self.value(kind) for name, kind in COLUMNS[table])
                test = self.one(f" AND z.key > {self.random.randint(0, 9)}", "")
                actions += f" WHEN NOT MATCHED{test} THEN " + self.one("DO NOTHING", f"INSERT ({', '.join(name for name, _ in COLUMNS[table])}) VALUES ({values})")
        key = self.one(*(name for name, kind in COLUMNS[source] if kind == "i"))
        return f"MERGE INTO {table} USING (SELECT DISTINCT {key} AS key FROM {source}) z ON {table}.{KEYS[table]} = z.key{actions}"

    def item(self):
        """A statement in WITH, and one around it."""
        inner, table = self.one(self.insert, self.update, self.delete)(returning=False)
        number = self.one(*(name for name, kind in COLUMNS[table] if kind == "i"))
        around = self.one("SELECT count(*), sum(q) FROM w", "INSERT INTO i0 (a) SELECT q FROM w ORDER BY 1", "SELECT q, (SELECT count(*) FROM t0) FROM w",
                          "DELETE FROM i0 WHERE a IN (SELECT q FROM w) RETURNING *", "UPDATE i0 SET a = 1 WHERE a IN (SELECT q FROM w)")
        return f"WITH w AS ({inner} RETURNING {table}.{number} AS q) {around}"

    def block(self):
        inner = self.one(self.insert, self.update)(returning=False)[0]
        if self.chance(.5):
            return f"DO $$ BEGIN {inner}; EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'failed'; END $$"
        return f"DO $$ DECLARE n int; BEGIN {inner}; GET DIAGNOSTICS n = ROW_COUNT; RAISE NOTICE 'n %', n; END $$"

    def statement(self):
        kind = self.random.random()
        if kind < .38:
            return self.insert()[0]
        if kind < .63:
            return self.update()[0]
        if kind < .75 or (kind < .83 and self.counts):
            return self.delete()[0]
        if kind < .83:
            return self.merge()
        if kind < .9:
            return self.item()
        if kind < .93:
            return self.one("TRUNCATE l", "TRUNCATE t0 CASCADE", "TRUNCATE t1", "TRUNCATE p", "TRUNCATE ONLY i0", "TRUNCATE i0, i1", "TRUNCATE t0")
        if kind < .97:
            return self.one("BEGIN", "COMMIT", "SAVEPOINT s", "ROLLBACK TO s", "ROLLBACK", "RELEASE s", "SET CONSTRAINTS ALL IMMEDIATE")
        return self.block()
