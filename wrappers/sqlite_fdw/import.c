/*
 * import.c - IMPORT FOREIGN SCHEMA: the tables and views of the database file.
 *
 * SQLite has one schema here, "main". Types follow the declared ones: those that SQL has by name, everything else by SQLite's rules of
 * affinity (sqlite.org/datatype3.html, section 3.1).
 *
 * One thread at a time a connection.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "sqlite_fdw.h"

enum { COLUMN_NAME, COLUMN_TYPE, COLUMN_NOT_NULL, MOST_DIGITS = 1000 };

typedef struct TypeRule {
    const char *text, *type;
} TypeRule;

/* Declared as exactly this word, before any "(". */
static const TypeRule NAMED[] = {
    {"boolean", "boolean"},
    {"bool", "boolean"},
    {"date", "date"},
    {"time", "time without time zone"},
    {"datetime", "timestamp without time zone"},
    {"timestamp", "timestamp without time zone"},
    {"timestamptz", "timestamp with time zone"},
    {"uuid", "uuid"},
    {"json", "json"},
    {"any", "text"}, /* of STRICT tables */
};

/* Declared with this in it: affinity, first match. */
static const TypeRule CONTAINED[] = {
    {"int", "bigint"},
    {"char", "text"},
    {"clob", "text"},
    {"text", "text"},
    {"blob", "bytea"},
    {"real", "double precision"},
    {"floa", "double precision"},
    {"doub", "double precision"},
};

static const char *local_type(FdwCall *call, const char *declared)
{
    size_t word = strcspn(declared, " (");
    for (size_t i = 0; i < sizeof NAMED / sizeof NAMED[0]; i++)
        if (strlen(NAMED[i].text) == word && strncasecmp(declared, NAMED[i].text, word) == 0)
            return NAMED[i].type;
    for (size_t i = 0; i < sizeof CONTAINED / sizeof CONTAINED[0]; i++)
        if (strcasestr(declared, CONTAINED[i].text))
            return CONTAINED[i].type;
    if (!*declared)
        return "text";
    int precision = 0, scale = 0;
    int given = sscanf(declared + word, " ( %d , %d )", &precision, &scale);
    if (given < 1 || precision < 1 || precision > MOST_DIGITS || scale < 0 || scale > precision)
        return "numeric";
    return sqlite_text(call, "numeric(%d,%d)", precision, scale);
}

static const char *cell(FdwCall *call, sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    return sqlite_text(call, "%s", text ? (const char *)text : "");
}

static bool wants_not_null(const FdwImportSpec *spec)
{
    const char *text = sqlite_option(&spec->options, "import_not_null");
    return !text || (strcasecmp(text, "off") != 0 && strcasecmp(text, "false") != 0);
}

static bool is_wanted(const FdwImportSpec *spec, const char *name)
{
    bool named = false;
    for (size_t i = 0; i < spec->ntables; i++)
        named = named || strcmp(spec->tables[i], name) == 0;
    return spec->kind == FDW_IMPORT_ALL || named == (spec->kind == FDW_IMPORT_LIMIT_TO);
}

static void import_column(FdwCall *call, sqlite3_stmt *statement, bool with_not_null, FdwImportColumn *out)
{
    FdwOptionValue *option = call->host->alloc(call, sizeof *option);
    *option = (FdwOptionValue){"column_name", cell(call, statement, COLUMN_NAME)};
    *out = (FdwImportColumn){
        .name = option->value,
        .type = local_type(call, cell(call, statement, COLUMN_TYPE)),
        .not_null = with_not_null && sqlite3_column_int(statement, COLUMN_NOT_NULL),
        .options = {option, 1},
    };
}

static bool import_table(FdwCall *call, FdwConnection *connection, const FdwImportSpec *spec, const char *name)
{
    static const char SQL[] = "SELECT name, type, \"notnull\", (SELECT count(*) FROM pragma_table_xinfo(?1)) FROM pragma_table_xinfo(?1) "
                              "WHERE hidden <> 1 ORDER BY cid";
    sqlite3_stmt *statement = sqlite_prepare(call, connection, SQL);
    if (!statement)
        return false;
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_TRANSIENT);
    FdwImportColumn *columns = NULL;
    size_t count = 0;
    int step;
    while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
        if (!columns)
            columns = call->host->alloc(call, (size_t)sqlite3_column_int(statement, 3) * sizeof *columns);
        import_column(call, statement, wants_not_null(spec), &columns[count++]);
    }
    bool ok = step == SQLITE_DONE || sqlite_fail_remote(call, connection, SQL);
    sqlite3_finalize(statement);
    FdwOptionValue option = {"table", name};
    FdwImportTable table = {.name = name, .columns = columns, .ncolumns = count, .options = {&option, 1}};
    if (ok && count)
        spec->table(spec->sink, &table);
    return ok;
}

bool sqlite_import_schema(FdwCall *call, FdwConnection *connection, const FdwImportSpec *spec)
{
    static const char SQL[] = "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
                              "ORDER BY name";
    if (strcmp(spec->remote_schema, "main") != 0)
        return sqlite_fail(call, "HV00Q", "schema \"%s\" is not present on foreign server \"%s\"", spec->remote_schema,
                           connection->server_name);
    sqlite3_stmt *statement = sqlite_prepare(call, connection, SQL);
    if (!statement)
        return false;
    bool ok = true;
    int step = SQLITE_DONE;
    while (ok && (step = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *name = cell(call, statement, 0);
        ok = !is_wanted(spec, name) || import_table(call, connection, spec, name);
    }
    if (ok && step != SQLITE_DONE)
        ok = sqlite_fail_remote(call, connection, SQL);
    sqlite3_finalize(statement);
    return ok;
}
