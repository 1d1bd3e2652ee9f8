"""Random scripts of SQL/MED and the DDL around it, from the grammars of PostgreSQL 15's manual pages.

A script is a list of statements over a small pool of names, so that conflicts, missing objects and dependencies happen often. What probably
exists is remembered, only to make sense likely: nothing depends on it being right. Equal seeds give equal scripts.
"""
import random

ROLES = ["r1", "r2", "r3", "r4"]
SCHEMAS = ["public", "n1", "n1", "n2"]
TABLES = ["t1", "t2", "t3", "t4", "t5", "t6"]
VIEWS = ["v1", "v2", "t2"]
SEQUENCES = ["q1", "q2", "t3"]
WRAPPERS = ["w1", "w2"]
SERVERS = ["s1", "s2", "s3"]
COLUMNS = ["a", "b", "c", "d"]
CONSTRAINTS = ["k1", "k2", "k3"]
USUAL = {"a": "int", "b": "text", "c": "int", "d": "varchar(10)"}  # so that defaults, checks and children fit often enough
TRIGGERS = ["g1", "g2"]
FUNCTIONS = ["f1", "f2", "tf"]
TYPES = ["d1", "e1", "c1"]
POOLS = {"role": ROLES, "schema": ["n1", "n2"], "table": TABLES, "ftable": TABLES, "ptable": TABLES, "index": ["i1", "i2"], "view": VIEWS,
         "sequence": SEQUENCES, "wrapper": WRAPPERS, "server": SERVERS, "function": FUNCTIONS, "type": TYPES}
RELATIONS = ("table", "ftable", "ptable", "view", "sequence")

# What every script starts with.
PREAMBLE = """\\set VERBOSITY verbose
CREATE EXTENSION file_fdw;
CREATE EXTENSION postgres_fdw;
CREATE ROLE r1; CREATE ROLE r2; CREATE ROLE r3 NOINHERIT; GRANT r1 TO r3;
GRANT CREATE ON DATABASE postgres TO r1;
GRANT CREATE ON SCHEMA public TO r1, r2;
CREATE SERVER s1 FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN DATA WRAPPER w1;
CREATE SERVER s2 FOREIGN DATA WRAPPER w1;
CREATE SERVER loop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host :'host', port :'port', dbname 'remote', user 'postgres', password_required 'false');
GRANT USAGE ON FOREIGN SERVER s1, s2 TO r1;
CREATE SCHEMA n1; GRANT USAGE, CREATE ON SCHEMA n1 TO r1, r2;
CREATE TABLE t1 (a int, b text);
CREATE FOREIGN TABLE t2 (a int, b text OPTIONS (column_name 'x'), c int) SERVER s2 OPTIONS (x '1');
CREATE TABLE t3 (a int, b text) PARTITION BY RANGE (a);
CREATE VIEW v1 AS SELECT * FROM t1;
CREATE SEQUENCE q1;
CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
"""


class Grammar:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.live = {kind: [] for kind in POOLS}
        self.live["role"] += ["r1", "r2", "r3"]
        self.live["server"] += ["s1", "s2", "loop"]
        self.live["wrapper"] += ["file_fdw", "postgres_fdw", "w1"]
        for kind, name in (("function", "tf"), ("schema", "n1"), ("table", "t1"), ("ftable", "t2"), ("ptable", "t3"), ("view", "v1"), ("sequence", "q1")):
            self.live[kind].append(name)

    # --- choosing ---

    def pick(self, *choices):
        choice = self.random.choice(choices)
        return choice() if callable(choice) else choice

    def maybe(self, chance, text):
        if self.random.random() >= chance:
            return ""
        return text() if callable(text) else text

    def some(self, make, most=3, separator=", "):
        return separator.join(make() for _ in range(self.random.randint(1, most)))

    def any_of(self, kind):
        live = self.live[kind]
        return self.random.choice(live) if live and self.random.random() < 0.95 else self.random.choice(POOLS[kind])

    def new(self, kind):
        free = [name for name in POOLS[kind] if name not in self.live[kind]]
        name = self.random.choice(free) if free and self.random.random() < 0.85 else self.random.choice(POOLS[kind])
        if name not in self.live[kind]:
            self.live[kind].append(name)
        return name

    def gone(self, kind, name):
        if name in self.live[kind]:
            self.live[kind].remove(name)

    # --- small parts ---

    def qualified(self, name):
        return self.maybe(0.05, lambda: self.pick(*SCHEMAS) + ".") + name

    def relation(self, *kinds):
        kinds = kinds or RELATIONS
        likely = [kind for kind in kinds if self.live[kind]] or [kind for kind in RELATIONS if self.live[kind]] or kinds
        return self.qualified(self.any_of(self.random.choice(likely)))

    def column(self):
        return self.pick("a", "a", "b", "b", "c", "d")

    def columns(self):
        return ", ".join(self.random.sample(COLUMNS, self.random.randint(1, 2)))

    def role(self):
        return self.any_of("role")

    def role_spec(self):
        return self.pick(self.role, self.role, self.role, "CURRENT_USER", "SESSION_USER", "CURRENT_ROLE")

    def grantee(self):
        return self.pick(self.role_spec, self.role_spec, self.role_spec, "PUBLIC")

    def behaviour(self):
        return self.pick("", "", " CASCADE", " RESTRICT")

    def if_exists(self):
        return self.maybe(0.3, "IF EXISTS ")

    def if_not_exists(self):
        return self.maybe(0.2, "IF NOT EXISTS ")

    def type(self):
        if self.random.random() < 0.5:
            return self.pick("int", "int", "text")
        return self.pick("varchar(10)", "numeric(8,2)", "date", "boolean", "int[]", "bigint", "char(3)", "timestamptz", '"char"',
                         "bigserial", "serial", lambda: self.qualified(self.any_of("type")), "nosuch", "timestamp(3)", "json")

    def constant(self, column=None):
        if column and self.random.random() < 0.8:
            return self.pick("1", "7", "1 + 1", "NULL") if USUAL[column] == "int" else self.pick("'x'", "'y'::text", "NULL", "CURRENT_USER")
        return self.pick("1", "0", "NULL", "'x'", "'2020-01-02'", "1 + 1", "true", "now()", "1.5", "CURRENT_USER", lambda: f"nextval('{self.relation('sequence')}')")

    def condition(self):
        if self.random.random() < 0.6:
            column = self.column()
            return column + (self.pick(" > 0", " IN (1, 2)", " IS NOT NULL", " <> 5 OR a IS NULL") if USUAL[column] == "int" else self.pick(" <> ''", " IS NOT NULL", " LIKE 'x%'"))
        return self.pick(lambda: f"{self.column()} > 0", lambda: f"{self.column()} IS NOT NULL", "true", lambda: f"{self.column()} <> {self.column()}",
                         lambda: f"length({self.column()}) < 5", lambda: f"{self.column()} = 'x'", "1", lambda: f"{self.column()} IN (1, 2)",
                         lambda: f"a > 0 AND {self.column()} < 10")

    def option(self, verbs):
        if self.random.random() < 0.3:
            return self.pick("user 'u'", "host 'h'", "filename '/nosuch'", "table_name 't'", "column_name 'c'") if not verbs else self.pick("ADD x '1'", "SET x '2'", "DROP x", "x '1'", "SET filename '/tmp/nosuch'", "ADD table_name 't'")
        name = self.pick("host", "port", "dbname", "filename", "format", "header", "user", "password", "schema_name", "table_name", "column_name", "nosuch", '"x y"',
                         "fetch_size", "use_remote_estimate", "updatable", "delimiter", "force_null", "import_default")
        value = self.pick("'x'", "'1'", "'true'", "''", "'/nosuch'", "'csv'", "'it''s'")
        verb = self.pick("", "", "ADD ", "SET ", "DROP ") if verbs else ""
        return f"{verb}{name}" + ("" if verb == "DROP " else f" {value}")

    def options(self, verbs=False):
        return f"OPTIONS ({self.some(lambda: self.option(verbs), 2)})"

    def collation(self):
        return self.maybe(0.05, lambda: " COLLATE " + self.pick('"C"', '"POSIX"', '"nosuch"', "pg_catalog.default"))

    def named(self):
        return self.maybe(0.4, lambda: f"CONSTRAINT {self.pick(*CONSTRAINTS)} ")

    def column_constraint(self, column):
        if self.random.random() < 0.5:
            return self.named() + self.pick("NOT NULL", f"DEFAULT {self.constant(column)}", f"CHECK ({self.condition()})")
        return self.named() + self.pick("NOT NULL", "NULL", "NOT NULL", lambda: f"DEFAULT {self.constant()}", lambda: f"DEFAULT {self.constant()}",
                                        lambda: f"CHECK ({self.condition()})" + self.maybe(0.2, " NO INHERIT"),
                                        lambda: f"GENERATED ALWAYS AS ({self.column()} {self.pick('* 2', '|| now()', '')}) STORED",
                                        "UNIQUE", "PRIMARY KEY", lambda: f"GENERATED {self.pick('ALWAYS', 'BY DEFAULT')} AS IDENTITY")

    def column_definition(self, foreign=False, column=None):
        column = column or self.column()
        constraints = "".join(" " + self.column_constraint(column) for _ in range(self.pick(0, 0, 0, 1, 1, 2)))
        type_name = USUAL[column] if self.random.random() < 0.7 else self.type()
        return f"{column} {type_name}{self.maybe(0.2, lambda: ' ' + self.options()) if foreign else ''}{self.collation()}{constraints}"

    def table_constraint(self):
        return self.named() + self.pick(lambda: f"CHECK ({self.condition()})" + self.pick("", "", " NO INHERIT"), lambda: f"CHECK ({self.condition()})",
                                        lambda: f"UNIQUE ({self.columns()})", lambda: f"PRIMARY KEY ({self.columns()})")

    def elements(self, foreign=False):
        names = self.random.sample(COLUMNS, self.random.randint(1, 4))
        parts = [self.column_definition(foreign, None if self.random.random() < 0.03 else name) for name in sorted(names)]
        if self.random.random() < 0.25:
            parts.append(self.table_constraint())
        return "(" + ", ".join(parts) + ")"

    def inherits(self):
        return self.maybe(0.25, lambda: f" INHERITS ({self.some(lambda: self.relation('table', 'table', 'ftable'), 2)})")

    def bound(self):
        value = lambda: self.pick("1", "10", "20", "'x'", "'y'", "NULL", "MINVALUE", "MAXVALUE", "'2020-01-01'")
        if self.random.random() < 0.4:
            low = self.pick(0, 10, 20, 30)
            return f"FOR VALUES FROM ({low}) TO ({low + 10})"
        return self.pick("DEFAULT", lambda: f"FOR VALUES IN ({self.some(value, 2)})", lambda: f"FOR VALUES FROM ({value()}) TO ({value()})",
                         lambda: f"FOR VALUES FROM ({value()}) TO ({value()})", lambda: f"FOR VALUES WITH (MODULUS {self.pick(2, 4)}, REMAINDER {self.pick(0, 1, 3)})")

    def partition_by(self):
        if self.random.random() < 0.6:
            return self.pick(" PARTITION BY RANGE (a)", " PARTITION BY RANGE (a)", " PARTITION BY LIST (b)")
        return f" PARTITION BY {self.pick('RANGE', 'LIST', 'HASH')} ({self.some(lambda: self.pick(self.column, self.column, '(a + 1)') + self.collation(), 2)})"

    # --- statements: wrappers, servers, mappings ---

    def handlers(self):
        return self.pick("", " HANDLER file_fdw_handler", " HANDLER postgres_fdw_handler", " NO HANDLER", " HANDLER nosuch", " HANDLER tf") + self.pick(
            "", " VALIDATOR file_fdw_validator", " NO VALIDATOR", " VALIDATOR postgresql_fdw_validator", " VALIDATOR nosuch")

    def create_wrapper(self):
        return f"CREATE FOREIGN DATA WRAPPER {self.new('wrapper')}{self.handlers()}{self.maybe(0.3, lambda: ' ' + self.options())}"

    def alter_wrapper(self):
        name = self.any_of("wrapper")
        return f"ALTER FOREIGN DATA WRAPPER {name} " + self.pick(lambda: self.handlers().strip() or "NO HANDLER", lambda: self.options(True), lambda: f"OWNER TO {self.role_spec()}",
                                                                "OWNER TO su", lambda: f"RENAME TO {self.new('wrapper')}")

    def create_server(self):
        return (f"CREATE SERVER {self.if_not_exists()}{self.new('server')}{self.maybe(0.2, lambda: self.pick(' TYPE ', ' TYPE ') + repr(self.pick('x', '')))}"
                f"{self.maybe(0.2, lambda: ' VERSION ' + self.pick('NULL', repr('9'), repr('')))} FOREIGN DATA WRAPPER {self.any_of('wrapper')}{self.maybe(0.3, lambda: ' ' + self.options())}")

    def alter_server(self):
        name = self.any_of("server")
        return f"ALTER SERVER {name} " + self.pick(lambda: f"VERSION '2'{self.maybe(0.5, lambda: ' ' + self.options(True))}", lambda: self.options(True), lambda: f"OWNER TO {self.role_spec()}",
                                                   lambda: f"RENAME TO {self.new('server')}")

    def mapping_for(self):
        return f"FOR {self.pick(self.role_spec, self.role_spec, 'USER', 'PUBLIC')} SERVER {self.any_of('server')}"

    def user_mapping(self):
        return self.pick(lambda: f"CREATE USER MAPPING {self.if_not_exists()}{self.mapping_for()}{self.maybe(0.6, lambda: ' ' + self.options())}",
                         lambda: f"CREATE USER MAPPING {self.if_not_exists()}{self.mapping_for()} OPTIONS (user 'u', password 'p')",
                         lambda: f"ALTER USER MAPPING {self.mapping_for()} {self.options(True)}", lambda: f"DROP USER MAPPING {self.if_exists()}{self.mapping_for()}")

    # --- statements: tables ---

    def create_foreign_table(self):
        kind = self.random.random()
        server = self.any_of("server")
        usual = {"s1": " OPTIONS (filename '/nosuch')", "loop": " OPTIONS (schema_name 'far', table_name 't1')"}.get(server, "")
        tail = f" SERVER {server}{self.pick(lambda: ' ' + self.options(), usual, usual, usual)}"
        if kind < 0.25:
            parent = self.relation("ptable")
            return f"CREATE FOREIGN TABLE {self.if_not_exists()}{self.qualified(self.new('ftable'))} PARTITION OF {parent} {self.maybe(0.2, self.partition_elements)}{self.bound()}{tail}"
        inherits = self.inherits()
        return f"CREATE FOREIGN TABLE {self.if_not_exists()}{self.qualified(self.new('ftable'))} {self.elements(True)}{inherits}{tail}"

    def partition_elements(self):
        return "(" + self.pick(lambda: f"{self.column()} NOT NULL", lambda: f"{self.column()} WITH OPTIONS DEFAULT {self.constant()}", self.table_constraint) + ") "

    def create_table(self):
        kind = self.random.random()
        if kind < 0.2:
            parent = self.relation("ptable")
            return f"CREATE TABLE {self.if_not_exists()}{self.qualified(self.new('table'))} PARTITION OF {parent} {self.maybe(0.2, self.partition_elements)}{self.bound()}{self.maybe(0.1, self.partition_by)}"
        if kind < 0.45:
            return f"CREATE TABLE {self.if_not_exists()}{self.qualified(self.new('ptable'))} {self.elements()}{self.partition_by()}"
        if kind < 0.52:
            like = f"LIKE {self.relation()}{self.maybe(0.7, lambda: ' ' + self.pick('INCLUDING', 'EXCLUDING') + ' ' + self.pick('ALL', 'DEFAULTS', 'CONSTRAINTS', 'COMMENTS', 'GENERATED', 'IDENTITY', 'INDEXES', 'STORAGE'))}"
            return f"CREATE TABLE {self.qualified(self.new('table'))} ({like}{self.maybe(0.3, lambda: ', ' + self.column_definition())})"
        inherits = self.inherits()
        return f"CREATE TABLE {self.if_not_exists()}{self.qualified(self.new('table'))} {self.elements()}{inherits}"

    def column_action(self):
        column = self.column()
        return f"ALTER {self.maybe(0.5, 'COLUMN ')}{column} " + self.pick(
            lambda: f"{self.maybe(0.5, 'SET DATA ')}TYPE {self.type()}{self.collation()}{self.maybe(0.1, f' USING {column}::text')}", lambda: f"SET DEFAULT {self.constant(column)}", "DROP DEFAULT",
            "SET NOT NULL", "DROP NOT NULL", lambda: f"SET STATISTICS {self.pick('-1', '0', '100', '20000')}", "SET (n_distinct = 5)", "RESET (n_distinct)", "SET (nosuch = 1)",
            "SET (n_distinct_inherited = -0.5)", lambda: f"SET STORAGE {self.pick('PLAIN', 'EXTERNAL', 'EXTENDED', 'main', 'nosuch')}", lambda: self.options(True),
            "DROP EXPRESSION", "DROP EXPRESSION IF EXISTS", "ADD GENERATED ALWAYS AS IDENTITY", "DROP IDENTITY IF EXISTS", "SET GENERATED BY DEFAULT")

    def table_action(self, foreign):
        return self.pick(
            lambda: f"ADD {self.maybe(0.7, 'COLUMN ')}{self.if_not_exists() if self.random.random() < 0.5 else ''}{self.column_definition(foreign)}",
            lambda: f"DROP COLUMN {self.if_exists()}{self.column()}{self.behaviour()}", self.column_action, self.column_action, self.column_action,
            lambda: f"ADD {self.table_constraint()}{self.maybe(0.2, ' NOT VALID')}", lambda: f"ADD CONSTRAINT {self.pick(*CONSTRAINTS)} CHECK ({self.condition()}){self.maybe(0.4, ' NOT VALID')}",
            lambda: f"VALIDATE CONSTRAINT {self.pick(*CONSTRAINTS)}", lambda: f"DROP CONSTRAINT {self.if_exists()}{self.pick(*CONSTRAINTS)}{self.behaviour()}",
            lambda: f"{self.pick('ENABLE', 'DISABLE', 'ENABLE REPLICA', 'ENABLE ALWAYS')} TRIGGER {self.pick(*TRIGGERS)}", lambda: f"{self.pick('ENABLE', 'DISABLE')} TRIGGER {self.pick('ALL', 'USER')}",
            "SET WITHOUT OIDS", lambda: f"INHERIT {self.relation('table', 'ftable')}", lambda: f"NO INHERIT {self.relation('table', 'ftable')}", lambda: f"OWNER TO {self.role_spec()}",
            lambda: self.options(True))

    def alter_table(self):
        word, kinds = self.pick(("FOREIGN TABLE", ("ftable",)), ("FOREIGN TABLE", ("ftable",)), ("TABLE", ("table", "ptable")), ("TABLE", ("table", "ptable", "ftable")),
                                ("FOREIGN TABLE", ("table", "ptable", "view")))
        foreign = "ftable" in kinds
        name = f"{self.if_exists()}{self.maybe(0.1, 'ONLY ')}{self.relation(*kinds)}{self.maybe(0.05, ' *')}"
        kind = self.random.random()
        if kind < 0.1:
            return f"ALTER {word} {name} RENAME {self.maybe(0.5, 'COLUMN ')}{self.column()} TO {self.column()}"
        if kind < 0.16:
            return f"ALTER {word} {name} RENAME TO {self.new(kinds[0])}"
        if kind < 0.2:
            return f"ALTER TABLE {name} RENAME CONSTRAINT {self.pick(*CONSTRAINTS)} TO {self.pick(*CONSTRAINTS)}"
        if kind < 0.26:
            return f"ALTER {word} {name} SET SCHEMA {self.pick(*SCHEMAS)}"
        if kind < 0.36:
            return f"ALTER TABLE {self.relation('ptable')} ATTACH PARTITION {self.relation('table', 'ftable')} {self.bound()}"
        if kind < 0.42:
            return f"ALTER TABLE {self.relation('ptable')} DETACH PARTITION {self.relation('table', 'ftable')}"
        return f"ALTER {word} {name} {self.some(lambda: self.table_action(foreign), self.pick(1, 1, 1, 3))}"

    def drop_relation(self):
        word, kind = self.pick(("TABLE", "table"), ("FOREIGN TABLE", "ftable"), ("FOREIGN TABLE", "ftable"), ("TABLE", "ptable"), ("VIEW", "view"), ("SEQUENCE", "sequence"), ("TABLE", "ftable"))
        names = [self.any_of(kind) for _ in range(self.pick(1, 1, 2))]
        for name in names:
            self.gone(kind, name)
        return f"DROP {word} {self.if_exists()}{', '.join(self.qualified(n) for n in names)}{self.behaviour()}"

    def view(self):
        return self.pick(
            lambda: f"CREATE {self.maybe(0.3, 'OR REPLACE ')}VIEW {self.qualified(self.new('view'))}{self.maybe(0.2, ' (x)')} AS SELECT {self.pick('*', 'a', 'a AS b', 'count(*)')} FROM {self.relation('table', 'ftable', 'ptable', 'view')}",
            lambda: f"ALTER VIEW {self.if_exists()}{self.relation('view')} " + self.pick(lambda: f"OWNER TO {self.role_spec()}", lambda: f"RENAME TO {self.new('view')}", lambda: f"SET SCHEMA {self.pick(*SCHEMAS)}",
                                                                                    "SET (security_barrier)", "RESET (security_barrier)", "SET (nosuch = 1)", lambda: f"RENAME COLUMN {self.column()} TO {self.column()}",
                                                                                    lambda: f"ALTER {self.column()} SET DEFAULT {self.constant()}"))

    def sequence(self):
        clause = lambda: self.pick("START 5", "INCREMENT BY -1", "INCREMENT 2", "MINVALUE 3", "MAXVALUE 10", "NO MAXVALUE", "CACHE 3", "CYCLE", "NO CYCLE", "AS smallint", "OWNED BY NONE",
                                   lambda: f"OWNED BY {self.relation('table', 'ftable')}.{self.column()}")
        return self.pick(lambda: f"CREATE SEQUENCE {self.if_not_exists()}{self.qualified(self.new('sequence'))} {self.maybe(0.5, lambda: self.some(clause, 2, ' '))}",
                         lambda: f"ALTER SEQUENCE {self.if_exists()}{self.relation('sequence')} " + self.pick(lambda: self.some(clause, 2, " "), "RESTART", "RESTART WITH 4", lambda: f"OWNER TO {self.role_spec()}",
                                                                                                         lambda: f"RENAME TO {self.new('sequence')}", lambda: f"SET SCHEMA {self.pick(*SCHEMAS)}"),
                         lambda: f"SELECT nextval('{self.any_of('sequence')}')", lambda: f"SELECT setval('{self.any_of('sequence')}', {self.pick(1, 7)})")

    def index(self):
        return self.pick(lambda: f"CREATE {self.maybe(0.3, 'UNIQUE ')}INDEX {self.maybe(0.8, lambda: self.new('index'))} ON {self.maybe(0.1, 'ONLY ')}{self.relation('table', 'ptable', 'ftable')} ({self.columns()})".replace("  ", " "),
                         lambda: f"DROP INDEX {self.if_exists()}{self.any_of('index')}{self.behaviour()}", lambda: f"ALTER INDEX {self.any_of('index')} RENAME TO {self.new('index')}")

    def trigger(self):
        relation = lambda: self.relation("table", "ftable", "ftable", "ptable")
        event = lambda: self.pick("INSERT", "DELETE", "UPDATE", lambda: f"UPDATE OF {self.columns()}", "TRUNCATE")
        return self.pick(
            lambda: f"CREATE {self.maybe(0.2, 'OR REPLACE ')}TRIGGER {self.pick(*TRIGGERS)} {self.pick('BEFORE', 'AFTER', 'AFTER', 'INSTEAD OF')} {self.some(event, 2, ' OR ')} ON {relation()}"
                    f"{self.pick('', ' FOR EACH ROW', ' FOR STATEMENT')}{self.maybe(0.15, lambda: f' WHEN ({self.pick(chr(78) + chr(69) + chr(87), chr(79) + chr(76) + chr(68))}.a > 0)')} EXECUTE FUNCTION {self.pick('tf', 'tf', 'f1')}({self.maybe(0.2, '1, x')})",
            lambda: f"DROP TRIGGER {self.if_exists()}{self.pick(*TRIGGERS)} ON {relation()}{self.behaviour()}", lambda: f"ALTER TRIGGER {self.pick(*TRIGGERS)} ON {relation()} RENAME TO {self.pick(*TRIGGERS)}")

    def function(self):
        name = lambda: self.any_of("function")
        arguments = lambda: self.pick("", "int", "a int, b text", "VARIADIC int[]")
        return self.pick(
            lambda: f"CREATE {self.maybe(0.3, 'OR REPLACE ')}FUNCTION {self.qualified(self.new('function'))}({arguments()}) RETURNS {self.pick('int', 'trigger', 'text', 'SETOF int')} LANGUAGE {self.pick('sql', 'plpgsql')}"
                    f"{self.pick('', ' IMMUTABLE', ' STRICT', ' SECURITY DEFINER')} AS {self.pick(repr('SELECT 1'), repr('BEGIN RETURN 1; END'))}",
            lambda: f"ALTER FUNCTION {name()}({arguments()}) " + self.pick(lambda: f"OWNER TO {self.role_spec()}", "STABLE", "COST 5", lambda: f"SET SCHEMA {self.pick(*SCHEMAS)}", lambda: f"RENAME TO {self.new('function')}"),
            lambda: f"DROP FUNCTION {self.if_exists()}{name()}{self.pick('', '()', '(int)')}{self.behaviour()}")

    def type_statement(self):
        return self.pick("CREATE DOMAIN d1 AS int CHECK (VALUE > 0)", "CREATE TYPE e1 AS ENUM ('x', 'y')", "CREATE TYPE c1 AS (a int, b text)", lambda: f"DROP TYPE {self.if_exists()}{self.any_of('type')}{self.behaviour()}",
                         lambda: f"ALTER TYPE {self.any_of('type')} OWNER TO {self.role_spec()}", "ALTER TYPE e1 ADD VALUE 'z'", "DROP DOMAIN d1", lambda: f"ALTER TYPE {self.any_of('type')} SET SCHEMA {self.pick(*SCHEMAS)}",
                         lambda: f"ALTER DOMAIN d1 {self.pick('SET NOT NULL', 'DROP NOT NULL', 'SET DEFAULT 3', 'DROP DEFAULT')}", lambda: f"ALTER TYPE c1 ADD ATTRIBUTE {self.column()} int{self.behaviour()}")

    def schema(self):
        def drop():
            name = self.any_of("schema")
            self.gone("schema", name)
            return f"DROP SCHEMA {self.if_exists()}{name}{self.behaviour()}"
        return self.pick(lambda: f"CREATE SCHEMA {self.if_not_exists()}{self.new('schema')}{self.maybe(0.3, lambda: f' AUTHORIZATION {self.role_spec()}')}", lambda: f"CREATE SCHEMA {self.new('schema')}",
                         lambda: f"CREATE SCHEMA {self.new('schema')}{self.maybe(0.3, lambda: f' AUTHORIZATION {self.role_spec()}')} CREATE TABLE t1 (a int) CREATE VIEW v1 AS SELECT a FROM t1",
                         lambda: f"CREATE SCHEMA AUTHORIZATION {self.role_spec()}", drop, lambda: f"ALTER SCHEMA {self.any_of('schema')} OWNER TO {self.role_spec()}",
                         lambda: f"ALTER SCHEMA {self.any_of('schema')} RENAME TO {self.new('schema')}", lambda: f"SET search_path = {self.maybe(0.9, 'public, ')}{self.pick(*SCHEMAS)}", "RESET search_path")

    # --- statements: comments, roles and privileges ---

    def thing(self):
        """An object as COMMENT and ALTER EXTENSION name it."""
        return self.pick(lambda: f"FOREIGN TABLE {self.relation('ftable')}", lambda: f"TABLE {self.relation('table', 'ptable')}", lambda: f"SERVER {self.any_of('server')}",
                         lambda: f"FOREIGN DATA WRAPPER {self.any_of('wrapper')}", lambda: f"SCHEMA {self.any_of('schema')}", lambda: f"SEQUENCE {self.relation('sequence')}", lambda: f"VIEW {self.relation('view')}",
                         lambda: f"FUNCTION {self.any_of('function')}", lambda: f"TYPE {self.any_of('type')}", lambda: f"INDEX {self.any_of('index')}")

    def comment(self):
        target = self.pick(self.thing, self.thing, lambda: f"COLUMN {self.relation()}.{self.column()}", lambda: f"CONSTRAINT {self.pick(*CONSTRAINTS)} ON {self.relation('table', 'ftable')}",
                           lambda: f"TRIGGER {self.pick(*TRIGGERS)} ON {self.relation('table', 'ftable')}", lambda: f"ROLE {self.role()}", lambda: "EXTENSION " + self.pick("file_fdw", "nosuch"), "DATABASE postgres")
        return f"COMMENT ON {target} IS {self.pick(repr('words'), repr('words'), repr(''), 'NULL')}"

    def make_role(self):
        attribute = lambda: self.pick("CREATEROLE", "NOINHERIT", "LOGIN", "CREATEDB", "CONNECTION LIMIT 5", "NOLOGIN", "BYPASSRLS", "REPLICATION", "SUPERUSER", "NOSUPERUSER", "VALID UNTIL '2030-01-01'")
        def drop():
            name = self.role()
            self.gone("role", name)
            return f"DROP {self.pick('ROLE', 'USER')} {self.if_exists()}{name}{self.maybe(0.2, lambda: ', ' + self.role())}"
        return self.pick(lambda: f"CREATE ROLE {self.new('role')} {self.maybe(0.6, lambda: self.some(attribute, 2, ' '))}{self.maybe(0.2, lambda: f' {self.pick(chr(82) + chr(79) + chr(76) + chr(69), chr(65) + chr(68) + chr(77) + chr(73) + chr(78))} {self.role()}')}",
                         lambda: f"CREATE USER {self.new('role')} IN ROLE {self.role()}", lambda: f"ALTER ROLE {self.role_spec()} {self.some(attribute, 2, ' ')}", lambda: f"ALTER ROLE {self.role()} RENAME TO {self.new('role')}", drop,
                         lambda: f"ALTER ROLE {self.role_spec()} {self.maybe(0.3, 'IN DATABASE postgres ')}{self.pick('SET work_mem = 4096', 'SET search_path TO n1', 'RESET ALL', 'RESET work_mem', 'SET nosuch = 1')}")

    def membership(self):
        return self.pick(lambda: f"GRANT {self.some(self.role, 2)} TO {self.some(self.role_spec, 2)}{self.maybe(0.3, ' WITH ADMIN OPTION')}{self.granted_by()}",
                         lambda: f"REVOKE {self.maybe(0.3, 'ADMIN OPTION FOR ')}{self.some(self.role, 2)} FROM {self.some(self.role_spec, 2)}{self.granted_by()}{self.behaviour()}")

    def granted_by(self):
        return self.maybe(0.15, lambda: f" GRANTED BY {self.role_spec()}")

    def privileges(self, words, columns=False):
        if self.random.random() < 0.25:
            return "ALL" + self.maybe(0.5, " PRIVILEGES") + (f" ({self.columns()})" if columns else "")
        words = [self.pick(*words) for _ in range(self.pick(1, 1, 2))] + (["USAGE"] if self.random.random() < 0.05 else [])
        return ", ".join(word + (f" ({self.columns()})" if columns else "") for word in words)

    def granted(self):
        table = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
        return self.pick(
            lambda: f"{self.privileges(table)} ON {self.maybe(0.5, 'TABLE ')}{self.some(self.relation, 2)}", lambda: f"{self.privileges(table)} ON {self.relation('ftable', 'table', 'view')}",
            lambda: f"{self.privileges(table[:3] + ['REFERENCES'], True)} ON {self.relation('ftable', 'table', 'view')}", lambda: f"{self.privileges(['USAGE', 'SELECT', 'UPDATE'])} ON SEQUENCE {self.relation('sequence')}",
            lambda: f"{self.privileges(['USAGE'])} ON FOREIGN SERVER {self.some(lambda: self.any_of('server'), 2)}", lambda: f"{self.privileges(['USAGE'])} ON FOREIGN DATA WRAPPER {self.any_of('wrapper')}",
            lambda: f"{self.privileges(['CREATE', 'USAGE'])} ON SCHEMA {self.pick('public', lambda: self.any_of('schema'))}", lambda: f"{self.privileges(['CREATE', 'CONNECT', 'TEMP'])} ON DATABASE postgres",
            lambda: f"{self.privileges(['EXECUTE'])} ON FUNCTION {self.any_of('function')}{self.pick('', '()')}", lambda: f"{self.privileges(['USAGE'])} ON TYPE {self.any_of('type')}",
            lambda: f"{self.privileges(table)} ON ALL TABLES IN SCHEMA {self.pick(*SCHEMAS)}", lambda: f"{self.privileges(['USAGE', 'SELECT'])} ON ALL SEQUENCES IN SCHEMA {self.pick(*SCHEMAS)}",
            lambda: f"{self.privileges(['USAGE'])} ON LANGUAGE plpgsql", lambda: f"{self.privileges(['EXECUTE'])} ON ALL FUNCTIONS IN SCHEMA {self.pick(*SCHEMAS)}")

    def grant(self):
        if self.random.random() < 0.6:
            return f"GRANT {self.granted()} TO {self.some(self.grantee, 2)}{self.maybe(0.3, ' WITH GRANT OPTION')}{self.granted_by()}"
        return f"REVOKE {self.maybe(0.3, 'GRANT OPTION FOR ')}{self.granted()} FROM {self.some(self.grantee, 2)}{self.granted_by()}{self.behaviour()}"

    def default_privileges(self):
        words, kind = self.pick((["SELECT", "INSERT", "TRIGGER"], "TABLES"), (["USAGE", "SELECT"], "SEQUENCES"), (["EXECUTE"], "FUNCTIONS"), (["USAGE"], "TYPES"), (["USAGE", "CREATE"], "SCHEMAS"))
        head = f"ALTER DEFAULT PRIVILEGES{self.maybe(0.4, lambda: f' FOR ROLE {self.some(self.role_spec, 2)}')}{self.maybe(0.4, lambda: f' IN SCHEMA {self.some(lambda: self.pick(*SCHEMAS), 2)}')} "
        if self.random.random() < 0.6:
            return f"{head}GRANT {self.privileges(words)} ON {kind} TO {self.some(self.grantee, 2)}{self.maybe(0.3, ' WITH GRANT OPTION')}"
        return f"{head}REVOKE {self.maybe(0.3, 'GRANT OPTION FOR ')}{self.privileges(words)} ON {kind} FROM {self.some(self.grantee, 2)}{self.behaviour()}"

    def owned(self):
        return self.pick(lambda: f"REASSIGN OWNED BY {self.some(self.role_spec, 2)} TO {self.role_spec()}", lambda: f"DROP OWNED BY {self.some(self.role_spec, 2)}{self.behaviour()}", lambda: f"REASSIGN OWNED BY {self.role()} TO {self.role()}")

    def session_role(self):
        return self.pick(lambda: f"SET ROLE {self.role()}", "RESET ROLE", "SET ROLE NONE", "RESET SESSION AUTHORIZATION", lambda: f"SET SESSION AUTHORIZATION {self.role()}", "RESET ROLE")

    def drop_foreign(self):
        word, kind = self.pick(("SERVER", "server"), ("SERVER", "server"), ("FOREIGN DATA WRAPPER", "wrapper"), ("EXTENSION", None))
        if not kind:
            return f"DROP EXTENSION {self.if_exists()}{self.pick('file_fdw', 'postgres_fdw', 'nosuch')}{self.behaviour()}"
        name = self.any_of(kind)
        self.gone(kind, name)
        return f"DROP {word} {self.if_exists()}{name}{self.maybe(0.1, lambda: ', ' + self.any_of(kind))}{self.behaviour()}"

    def extension(self):
        return self.pick(lambda: f"CREATE EXTENSION {self.if_not_exists()}{self.pick('file_fdw', 'postgres_fdw')}{self.maybe(0.2, lambda: ' SCHEMA ' + self.pick(*SCHEMAS))}{self.maybe(0.2, ' CASCADE')}",
                         lambda: f"ALTER EXTENSION file_fdw {self.pick('ADD', 'DROP')} {self.thing()}", "ALTER EXTENSION file_fdw UPDATE", lambda: f"ALTER EXTENSION {self.pick('file_fdw', 'postgres_fdw')} SET SCHEMA {self.pick(*SCHEMAS)}",
                         "ALTER EXTENSION postgres_fdw UPDATE TO '1.0'")

    def import_schema(self):
        return (f"IMPORT FOREIGN SCHEMA {self.pick('far', 'far', 'nosuch')}{self.maybe(0.4, lambda: self.pick(' LIMIT TO', ' EXCEPT') + ' (' + self.some(lambda: self.pick('t1', 't5', 'v1', 'nosuch'), 2) + ')')}"
                f" FROM SERVER {self.pick('loop', 'loop', 'loop', 's2', 's9')} INTO {self.pick(*SCHEMAS)}{self.maybe(0.3, lambda: ' OPTIONS (' + self.pick('import_default', 'import_not_null', 'import_collate', 'nosuch', 'import_generated') + ' ' + repr(self.pick('true', 'false', 'x')) + ')')}")

    def listing(self):
        return self.pick(lambda: f"\\d {self.relation()}", lambda: f"\\d+ {self.relation()}", lambda: f"\\des+ {self.any_of('server')}", lambda: f"\\det+ {self.any_of('ftable')}", lambda: f"\\dp {self.relation()}", "\\deu+",
                         lambda: f"\\dew+ {self.any_of('wrapper')}", "\\ddp", "\\dn+")

    FAMILIES = [("create_foreign_table", 12), ("alter_table", 22), ("create_table", 10), ("drop_relation", 5), ("create_wrapper", 3), ("alter_wrapper", 3), ("create_server", 5), ("alter_server", 4),
                ("user_mapping", 7), ("view", 5), ("sequence", 5), ("index", 3), ("trigger", 5), ("function", 4), ("type_statement", 4), ("schema", 5), ("comment", 6), ("make_role", 4), ("membership", 4),
                ("grant", 14), ("default_privileges", 5), ("owned", 3), ("session_role", 6), ("drop_foreign", 3), ("extension", 2), ("import_schema", 2), ("listing", 3)]

    def statement(self):
        family = self.random.choices([f for f, _ in self.FAMILIES], [w for _, w in self.FAMILIES])[0]
        text = getattr(self, family)()
        return " ".join(text.split()) + ("" if text.startswith("\\") else ";")

    def script(self, length):
        lines = []
        while len(lines) < length:
            if self.random.random() < 0.06:
                lines.append("BEGIN;")
                for _ in range(self.random.randint(1, 6)):
                    lines.append(self.random.choice(["SAVEPOINT x;", "ROLLBACK TO x;", "RELEASE x;"]) if self.random.random() < 0.25 else self.statement())
                lines.append(self.random.choice(["COMMIT;", "ROLLBACK;"]))
            lines.append(self.statement())
        return lines
