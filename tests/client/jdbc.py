"""JDBC at work: batches, statements prepared at the server, cursors, generated keys, arrays, times with zones, routines, COPY, metadata.

The same is done with PostgreSQL 15 and with Medley, in each of the driver's ways to ask; what comes back must be the same."""
import sys

import jpype

from twins import ADDRESS, same, steps_done, twins

WAYS = {"as it is": "", "simple": "preferQueryMode=simple", "prepared at once, binary": "prepareThreshold=-1&binaryTransferEnable=1700,1082,1184,1042,25",
        "never prepared": "prepareThreshold=0", "batches rewritten": "reWriteBatchedInserts=true", "a savepoint before each": "autosave=always"}


def java(name):
    return jpype.JClass(name)


def rows_of(result):
    meta = result.getMetaData()
    rows = []
    while result.next():
        row = []
        for i in range(1, meta.getColumnCount() + 1):
            value = result.getBytes(i) if meta.getColumnTypeName(i) == "bytea" else result.getObject(i)
            row.append(bytes(value) if isinstance(value, jpype.JArray) else None if value is None else result.getString(i) + "/" + str(value.getClass().getSimpleName()) if hasattr(value, "getClass") else repr(value))
        rows.append(row)
    return rows


class Work:
    """What is done with one server; `lines` is what came back."""

    def __init__(self, port, way):
        url = f"jdbc:postgresql://{ADDRESS}:{port}/postgres?user=postgres" + (f"&{way}" if way else "")
        self.connection = java("java.sql.DriverManager").getConnection(url)
        self.port, self.lines = port, []

    def note(self, label, call):
        """Its result, or what it fails with."""
        try:
            answer = call()
        except java("java.sql.SQLException") as problem:
            answer = f"{problem.getSQLState()}: {problem.getMessage()}"
            while (problem := problem.getNextException()) is not None:
                answer += f" / {problem.getSQLState()}: {problem.getMessage()}"
        except jpype.JException as problem:
            answer = f"{type(problem).__name__}: {problem}"
        for line in str(answer).replace(str(self.port), "PORT").splitlines():
            self.lines.append(f"{label}: {line}")

    def plain(self, sql):
        statement = self.connection.createStatement()
        if statement.execute(sql):
            return rows_of(statement.getResultSet())
        return statement.getUpdateCount()

    def prepared(self, sql, *setters):
        statement = self.connection.prepareStatement(sql)
        for number, (method, *values) in enumerate(setters, 1):
            getattr(statement, "set" + method)(number, *values)
        statement.execute()
        return self.taken(statement)

    @staticmethod
    def taken(statement):
        result = statement.getResultSet()
        return statement.getUpdateCount() if result is None else rows_of(result)

    # ---- the work ----

    def queries(self):
        for sql in ("SELECT * FROM items WHERE id IN (7, 10) ORDER BY id", "SELECT i.id, n.text FROM items i JOIN notes n USING (id) WHERE i.id < 4 ORDER BY 1",
                    "SELECT count(*), sum(price), min(day), max(seen) FROM items", "SELECT nothing FROM items", "SELECT 1 / (n - 3) FROM kept ORDER BY n",
                    "SELECT {fn concat('a', 'b')}, {d '2024-01-02'}, {ts '2024-01-02 03:04:05'}, {fn ucase('x')}, {fn length('abc')}, {fn mod(7, 3)}",
                    "SELECT 1::smallint, 2::bigint, 1.5::real, 2.5::float8, 'x'::char(3), '12:34:56.789'::time, '{1,2}'::int[], 'ok'::mood, '1 day 02:00'::interval,"
                    " 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, '{\"a\": 1}'::jsonb, B'101', 'infinity'::timestamp, 'NaN'::numeric, true, NULL, '\\x0102'::bytea"):
            self.note(sql[:30], lambda: self.plain(sql))

    def prepared_statements(self):
        """Past the fifth execution the driver prepares at the server and asks for binary rows."""
        statement = self.connection.prepareStatement("SELECT * FROM items WHERE id = ? AND price > ? ORDER BY id")
        for i in range(8):
            statement.setInt(1, i + 7)
            statement.setBigDecimal(2, java("java.math.BigDecimal")("1.5"))
            self.note(f"execution {i}", lambda: rows_of(statement.executeQuery()))
        self.note("its columns", lambda: [self.column(statement.getMetaData(), i) for i in range(1, 9)])
        parameters = statement.getParameterMetaData()
        self.note("its parameters", lambda: [(parameters.getParameterTypeName(i), parameters.getParameterClassName(i)) for i in (1, 2)])
        statement.close()
        statement = self.connection.prepareStatement("SELECT n, ? || n AS t, ?::int / (n - 3) AS q FROM generate_series(1, ?) n ORDER BY n")
        for i in (1, 2, 1, 2, 2, 1, 5, 2):
            statement.setString(1, "x")
            statement.setInt(2, 12)
            statement.setInt(3, i)
            self.note(f"local, {i}", lambda: rows_of(statement.executeQuery()))
        statement = self.connection.prepareStatement("UPDATE kept SET t = ? WHERE n = ?")
        for i in range(7):
            statement.setString(1, f"u{i}")
            statement.setInt(2, i)
            self.note(f"update {i}", statement.executeUpdate)

    @staticmethod
    def column(meta, i):
        return ", ".join(str(x) for x in (meta.getColumnName(i), meta.getColumnTypeName(i), meta.getColumnClassName(i), meta.getPrecision(i), meta.getScale(i), meta.getTableName(i),
                                           meta.getSchemaName(i), meta.isNullable(i), meta.isAutoIncrement(i), meta.isSigned(i), meta.getColumnDisplaySize(i), meta.getColumnLabel(i)))

    def values(self):
        types = java("java.sql.Types")
        local, zoned = java("java.time.LocalDateTime"), java("java.time.OffsetDateTime")
        for label, sql, *setters in [
                ("a string", "SELECT ?", ("String", "it's")), ("no value", "SELECT ?::int", ("Null", types.INTEGER)), ("a long", "SELECT ?::int8 + 1", ("Long", 1 << 40)),
                ("a double", "SELECT ?::float8 * 2", ("Double", 1.25)), ("a boolean", "SELECT NOT ?::bool", ("Boolean", True)), ("a short", "SELECT ? + 1", ("Short", 5)),
                ("bytes", "SELECT ?::bytea, length(?)", ("Bytes", jpype.JArray(jpype.JByte)([0, 1, 2])), ("Bytes", jpype.JArray(jpype.JByte)([0, 1, 2]))),
                ("a uuid", "SELECT ?", ("Object", java("java.util.UUID").fromString("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"))),
                ("a local time", "SELECT ?::timestamp + interval '1 day'", ("Object", local.parse("2024-03-31T02:30:00.123456"))),
                ("a time with its zone", "SELECT ?::timestamptz", ("Object", zoned.parse("2024-03-31T02:30:00+05:30"))),
                ("a day", "SELECT ?::date + 1", ("Object", java("java.time.LocalDate").parse("2024-02-28"))),
                ("a time of day", "SELECT ?::time", ("Object", java("java.time.LocalTime").parse("23:59:59.5"))),
                ("a timestamp", "SELECT ? AT TIME ZONE 'Europe/Vienna'", ("Timestamp", java("java.sql.Timestamp").valueOf("2024-07-01 12:00:00"))),
                ("a date", "SELECT ?", ("Date", java("java.sql.Date").valueOf("2024-07-01"))),
                ("an array of numbers", "SELECT id FROM items WHERE id = ANY (?) ORDER BY id", ("Array", self.connection.createArrayOf("int4", [jpype.JInt(3), jpype.JInt(5)]))),
                ("an array of texts", "SELECT ?::text[] || 'z'", ("Array", self.connection.createArrayOf("text", ["a", None, "b,c"]))),
                ("another type", "SELECT ?::mood > 'sad'", ("Object", "happy", types.OTHER)), ("a wrong value", "SELECT ?::int", ("String", "abc")),
                ("a number as text", "SELECT * FROM items WHERE id = ?", ("String", "7")), ("too few", "SELECT ?, ?", ("Int", 1))]:
            self.note(label, lambda: self.prepared(sql, *setters))
        result = self.connection.createStatement().executeQuery("SELECT tags, seen, day, price FROM items WHERE id = 7")
        result.next()
        self.note("an array read", lambda: [str(x) for x in result.getArray(1).getArray()])
        self.note("zones read", lambda: (str(result.getObject(2, zoned.class_)), str(result.getObject(3, java("java.time.LocalDate").class_)), str(result.getBigDecimal(4))))
        self.plain("SET timezone = 'America/New_York'")
        self.note("another zone", lambda: self.plain("SELECT seen, seen::timestamp, now() - now() FROM items WHERE id = 7"))
        self.plain("RESET timezone")

    def batches(self):
        statement = self.connection.prepareStatement("INSERT INTO own (name, price, feeling, at) VALUES (?, ?, ?::mood, ?)")
        for i in range(20):
            statement.setString(1, f"n{i}")
            statement.setBigDecimal(2, java("java.math.BigDecimal")(f"{i}.50"))
            statement.setString(3, "ok" if i % 2 else "sad")
            statement.setObject(4, java("java.time.OffsetDateTime").parse("2024-01-01T00:00:00Z").plusDays(i))
            statement.addBatch()
        self.note("a batch", lambda: list(statement.executeBatch()))
        self.note("its rows", lambda: self.plain("SELECT * FROM own ORDER BY id"))
        statement = self.connection.prepareStatement("INSERT INTO own (name) VALUES (?)")
        for name in ("a", None, "b"):
            statement.setString(1, name)
            statement.addBatch()
        self.note("a batch that fails", lambda: list(statement.executeBatch()))
        self.note("what is left of it", lambda: self.plain("SELECT name FROM own WHERE name IN ('a', 'b')"))
        statement = self.connection.createStatement()
        for sql in ("INSERT INTO kept VALUES (900, 'x')", "UPDATE kept SET t = 'y' WHERE n >= 900", "DELETE FROM kept WHERE n >= 900"):
            statement.addBatch(sql)
        self.note("a batch of texts", lambda: list(statement.executeBatch()))

    def keys(self):
        for label, columns in (("all", 1), ("of names", ["id", "price"])):
            statement = self.connection.prepareStatement("INSERT INTO own (name, price) VALUES (?, 5)", columns)
            statement.setString(1, "keyed")
            self.note(f"keys, {label}", lambda: (int(statement.executeUpdate()), rows_of(statement.getGeneratedKeys())))
        statement = self.connection.prepareStatement("INSERT INTO own (name) VALUES (?)", ["id"])
        for i in range(5):
            statement.setString(1, f"k{i}")
            statement.addBatch()
        self.note("keys of a batch", lambda: (list(statement.executeBatch()), rows_of(statement.getGeneratedKeys())))
        statement = self.connection.createStatement()
        self.note("keys of an update", lambda: (statement.executeUpdate("UPDATE own SET price = 6 WHERE name = 'keyed'", ["id"]), rows_of(statement.getGeneratedKeys())))

    def cursors(self):
        kinds = java("java.sql.ResultSet")
        self.connection.setAutoCommit(False)
        for sql in ("SELECT id, name FROM items ORDER BY id", "SELECT n FROM generate_series(1, 1000) n ORDER BY n", "SELECT i.id, n.text FROM items i JOIN notes n USING (id) ORDER BY 1"):
            statement = self.connection.createStatement()
            statement.setFetchSize(37)
            self.note("rows by pieces", lambda: hash(tuple(map(tuple, rows_of(statement.executeQuery(sql))))) % 1000003)
        open_one = self.connection.prepareStatement("SELECT id FROM items ORDER BY id")
        open_one.setFetchSize(10)
        result = open_one.executeQuery()
        other = self.connection.createStatement()
        other.setFetchSize(7)
        second = other.executeQuery("SELECT n FROM kept ORDER BY n")
        self.note("two at once", lambda: [(result.next() and result.getInt(1), second.next() and second.getInt(1)) for _ in range(30)])
        self.connection.commit()
        self.note("past the end of its transaction", lambda: [result.next() and result.getInt(1) for _ in range(30)])
        self.connection.rollback()
        statement = self.connection.createStatement(kinds.TYPE_FORWARD_ONLY, kinds.CONCUR_READ_ONLY, kinds.HOLD_CURSORS_OVER_COMMIT)
        self.note("held", lambda: rows_of(statement.executeQuery("SELECT id FROM items WHERE id < 5 ORDER BY id")))
        statement = self.connection.createStatement(kinds.TYPE_SCROLL_INSENSITIVE, kinds.CONCUR_READ_ONLY)
        result = statement.executeQuery("SELECT id FROM items ORDER BY id")
        self.note("any place", lambda: [getattr(result, move)(*to) and result.getInt(1) for move, to in
                                        (("absolute", [500]), ("previous", []), ("last", []), ("relative", [-10]), ("first", []), ("absolute", [-3]))])
        statement = self.connection.createStatement(kinds.TYPE_SCROLL_INSENSITIVE, kinds.CONCUR_UPDATABLE)
        self.plain("INSERT INTO own (name, price) VALUES ('to change', 1)")

        def change():
            result = statement.executeQuery("SELECT id, name, price FROM own WHERE name = 'to change'")
            result.next()
            result.updateString("name", "changed")
            result.updateRow()
            result.moveToInsertRow()
            result.updateInt("id", 5000)
            result.updateString("name", "inserted")
            result.insertRow()
            result.absolute(1)
            result.deleteRow()
            return self.plain("SELECT name, price FROM own WHERE id = 5000 OR name = 'changed'")
        self.note("rows changed in place", change)
        self.connection.rollback()
        self.connection.setAutoCommit(True)

    def transactions(self):
        self.connection.setAutoCommit(False)
        self.plain("INSERT INTO kept VALUES (901, 'one')")
        point = self.connection.setSavepoint("Point")
        self.plain("INSERT INTO kept VALUES (902, 'two')")
        self.note("an error", lambda: self.plain("SELECT 1 / 0"))
        self.note("behind it", lambda: self.plain("SELECT 1"))
        self.connection.rollback(point)
        self.note("back at the savepoint", lambda: self.plain("SELECT n FROM kept WHERE n > 900"))
        self.connection.releaseSavepoint(self.connection.setSavepoint())
        self.connection.rollback()
        self.connection.setAutoCommit(True)
        for level in (2, 4, 8):
            self.connection.setTransactionIsolation(level)
            self.note("isolation", lambda: (self.connection.getTransactionIsolation(), self.plain("SHOW transaction_isolation")))
        self.connection.setTransactionIsolation(2)
        self.connection.setReadOnly(True)
        self.connection.setAutoCommit(False)
        self.note("read only", lambda: self.plain("INSERT INTO kept VALUES (903, 'x')"))
        self.connection.rollback()
        self.connection.setReadOnly(False)
        self.connection.setAutoCommit(True)
        statement = self.connection.createStatement()
        statement.setQueryTimeout(1)
        self.note("a time limit", lambda: statement.executeQuery("SELECT count(*) FROM generate_series(1, 3000000) a, generate_series(1, 3000000) b"))
        statement = self.connection.createStatement()
        statement.setMaxRows(3)
        self.note("most rows", lambda: rows_of(statement.executeQuery("SELECT id FROM items ORDER BY id")))
        self.note("alive", lambda: bool(self.connection.isValid(5)))
        self.connection.setSchema("pg_catalog")
        self.note("schema", lambda: (str(self.connection.getSchema()), self.plain("SHOW search_path")))
        self.connection.setSchema("public")
        self.connection.setClientInfo("ApplicationName", "tester")
        self.note("its name", lambda: self.plain("SHOW application_name"))
        self.note("warnings", lambda: (statement.executeQuery("SELECT tells('a')").next(), str(statement.getWarnings().getMessage())))
        self.note("several results", self.several)
        self.note("rows and no rows", lambda: self.connection.createStatement().executeQuery("SET work_mem = '5MB'"))
        self.note("no rows and rows", lambda: self.connection.createStatement().executeUpdate("SELECT 1"))

    def several(self):
        statement = self.connection.createStatement()
        found, more = [], statement.execute("SELECT 1; INSERT INTO kept VALUES (904, 'x'); DELETE FROM kept WHERE n = 904; SELECT 'two', 3")
        while more or statement.getUpdateCount() >= 0:
            found.append(self.taken(statement))
            more = statement.getMoreResults()
        return found

    def routines(self):
        types = java("java.sql.Types")
        call = self.connection.prepareCall("{? = call twice(?)}")
        call.registerOutParameter(1, types.INTEGER)
        for i in range(7):
            call.setInt(2, i)
            self.note("a function", lambda: (bool(call.execute()), call.getInt(1)))
        call = self.connection.prepareCall("{call sums(?, ?, ?, ?)}")
        call.setInt(1, 5)
        call.setInt(2, 3)
        call.registerOutParameter(3, types.INTEGER)
        call.registerOutParameter(4, types.INTEGER)
        self.note("parameters out", lambda: (bool(call.execute()), call.getInt(3), call.getInt(4)))
        call = self.connection.prepareCall("{call up_to(?)}")
        call.setInt(1, 3)
        self.note("a set", lambda: rows_of(call.executeQuery()))
        for sql, *setters in (("call put(?, ?)", ("Int", 905), ("String", "put")), ("call nosuch(?)", ("Int", 1))):
            self.note(sql, lambda: self.prepared(sql, *setters))
        call = self.connection.prepareCall("call raise_it(?)")
        call.setInt(1, 41)
        call.registerOutParameter(1, types.INTEGER)
        self.note("a procedure", lambda: (bool(call.execute()), call.getInt(1)))
        self.note("put", lambda: self.plain("SELECT * FROM kept WHERE n = 905"))

    def copying(self):
        manager = self.connection.unwrap(java("org.postgresql.PGConnection").class_).getCopyAPI()
        out = java("java.io.StringWriter")()
        self.note("COPY out", lambda: (manager.copyOut("COPY (SELECT id, name FROM items WHERE id < 12 ORDER BY id) TO STDOUT (FORMAT csv, HEADER)", out), str(out)))
        self.note("COPY in", lambda: manager.copyIn("COPY kept FROM STDIN (FORMAT csv)", java("java.io.StringReader")("910,a\n911,\"b,c\"\n")))
        self.note("a wrong COPY in", lambda: manager.copyIn("COPY kept FROM STDIN (FORMAT csv)", java("java.io.StringReader")("x,a\n")))
        copy = manager.copyIn("COPY kept FROM STDIN")
        copy.cancelCopy()
        self.note("COPY", lambda: self.plain("SELECT * FROM kept WHERE n >= 910 ORDER BY n"))

    def metadata(self):
        meta = self.connection.getMetaData()
        none = None
        for label, call in {
                "columns": lambda: meta.getColumns(none, "public", "%", "%"), "tables": lambda: meta.getTables(none, "public", "%", none),
                "index info": lambda: meta.getIndexInfo(none, "public", "own", False, True), "unique index info": lambda: meta.getIndexInfo(none, none, "child", True, True),
                "primary keys": lambda: meta.getPrimaryKeys(none, none, "own"), "imported keys": lambda: meta.getImportedKeys(none, none, "child"),
                "exported keys": lambda: meta.getExportedKeys(none, "public", "own"), "cross reference": lambda: meta.getCrossReference(none, "public", "own", none, "public", "child"),
                "procedures": lambda: meta.getProcedures(none, "public", "%"), "procedure columns": lambda: meta.getProcedureColumns(none, "public", "%", "%"),
                "functions": lambda: meta.getFunctions(none, "public", "%"), "function columns": lambda: meta.getFunctionColumns(none, "public", "%", "%"),
                "best row": lambda: meta.getBestRowIdentifier(none, "public", "own", 0, True), "versions": lambda: meta.getVersionColumns(none, "public", "own"),
                "table privileges": lambda: meta.getTablePrivileges(none, "public", "%"), "column privileges": lambda: meta.getColumnPrivileges(none, "public", "own", "%"),
                "user types": lambda: meta.getUDTs(none, "public", "%", none), "type info": meta.getTypeInfo, "schemas": lambda: meta.getSchemas(none, "p%"),
                "super tables": lambda: meta.getSuperTables(none, none, "%"), "attributes": lambda: meta.getAttributes(none, none, "%", "%")}.items():
            self.note(label, lambda: "\n".join(sorted(", ".join(map(str, row)) for row in rows_of(call()))))
        for name in ("getNumericFunctions", "getStringFunctions", "getSystemFunctions", "getTimeDateFunctions", "getMaxConnections", "getMaxIndexLength", "getDefaultTransactionIsolation",
                     "getDatabaseProductName", "getDatabaseMajorVersion", "getExtraNameCharacters", "supportsStoredFunctionsUsingCallSyntax", "getMaxStatementLength", "getSearchStringEscape"):
            self.note(name, getattr(meta, name))

    STEPS = (queries, prepared_statements, values, batches, keys, cursors, transactions, routines, copying, metadata)


MORE = """
CREATE TABLE child (id int PRIMARY KEY, own_id int NOT NULL REFERENCES own ON DELETE CASCADE, code varchar(5) UNIQUE, CHECK (id > 0));
CREATE INDEX child_own ON child (own_id, code DESC);
COMMENT ON TABLE own IS 'its own'; COMMENT ON FOREIGN TABLE items IS 'at the source'; COMMENT ON COLUMN items.name IS 'a name';
CREATE VIEW seen AS SELECT id, name FROM items;
GRANT SELECT ON items TO PUBLIC; GRANT UPDATE (name) ON own TO PUBLIC;
"""


def work(server, way):
    return steps_done(server, Work.STEPS if not way else Work.STEPS[:-1], lambda: Work(server.port, way))


def main():
    jpype.startJVM(classpath=["/usr/share/java/postgresql.jar", "/usr/share/java/org.jpype.jar"], convertStrings=True)
    java("java.util.TimeZone").setDefault(java("java.util.TimeZone").getTimeZone("UTC"))
    done = []
    with twins(MORE, tcp=True) as (postgresql, medley):
        for name, way in WAYS.items():
            wanted, got = work(postgresql, way), work(medley, way)
            done += [same(f"JDBC, {name}: {step.replace('_', ' ')}", wanted[step], got[step]) for step in wanted]
    return 0 if all(done) else 1


sys.exit(main())
