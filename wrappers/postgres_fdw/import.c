/*
 * import.c - IMPORT FOREIGN SCHEMA: the tables of a remote schema, from the source's catalogs.
 *
 * What is imported, and how types, defaults and collations are written, is as PostgreSQL's postgres_fdw does it: tables, views,
 * materialised views, foreign tables and partitioned tables; partitions only when LIMIT TO names them.
 *
 * One thread at a time a connection.
 */
#include <stdlib.h>
#include <string.h>

#include "postgres_fdw.h"

enum { TABLE_NAME, COLUMN_NAME, TYPE_NAME, NOT_NULL, DEFAULT_EXPR, GENERATED, COLLATION };

typedef struct Import {
    FdwCall *call;
    FdwConnection *connection;
    const FdwImportSpec *spec;
    bool collate, defaults, generated, not_null;
    const char *schema; /* quoted literal */
} Import;

static char *quote_literal(const Import *import, const char *text)
{
    char *quoted = PQescapeLiteral(import->connection->pg, text, strlen(text));
    char *copy = postgres_text(import->call, "%s", quoted ? quoted : "NULL");
    PQfreemem(quoted);
    return copy;
}

static bool check_schema(const Import *import)
{
    PGresult *result = postgres_query(import->call, import->connection,
                                      postgres_text(import->call, "SELECT 1 FROM pg_namespace WHERE nspname = %s", import->schema));
    bool found = result && PQntuples(result) == 1;
    if (result && !found)
        postgres_fail(import->call, "HV00Q", "schema \"%s\" is not present on foreign server \"%s\"", import->spec->remote_schema,
                      import->connection->server_name);
    PQclear(result);
    return found;
}

/* The condition that LIMIT TO or EXCEPT adds. */
static const char *name_condition(const Import *import)
{
    const FdwImportSpec *spec = import->spec;
    if (spec->kind == FDW_IMPORT_ALL || spec->ntables == 0)
        return "";
    size_t room = 64;
    for (size_t i = 0; i < spec->ntables; i++)
        room += strlen(spec->tables[i]) * 2 + 8;
    char *out = import->call->host->alloc(import->call, room);
    char *at = stpcpy(out, spec->kind == FDW_IMPORT_EXCEPT ? " AND c.relname NOT IN (" : " AND c.relname IN (");
    for (size_t i = 0; i < spec->ntables; i++)
        at = stpcpy(stpcpy(at, i ? ", " : ""), quote_literal(import, spec->tables[i]));
    strcpy(at, ")");
    return out;
}

static const char *tables_sql(const Import *import)
{
    bool has_partitions = PQserverVersion(import->connection->pg) >= 100000;
    bool has_generated = PQserverVersion(import->connection->pg) >= 120000;
    bool named = import->spec->kind == FDW_IMPORT_LIMIT_TO;
    return postgres_text(
        import->call,
        "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid), "
        "%s, quote_ident(n.nspname) || '.' || quote_ident(l.collname) "
        "FROM pg_class c JOIN pg_namespace s ON c.relnamespace = s.oid "
        "LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
        "LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum "
        "LEFT JOIN pg_collation l ON l.oid = a.attcollation LEFT JOIN pg_namespace n ON l.collnamespace = n.oid "
        "WHERE c.relkind IN ('r', 'v', 'f', 'm', 'p') AND s.nspname = %s%s%s ORDER BY c.relname, a.attnum",
        has_generated ? "a.attgenerated" : "''", import->schema, has_partitions && !named ? " AND NOT c.relispartition" : "",
        name_condition(import));
}

/* A value, NULL when it is NULL. */
static const char *value(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

static FdwImportColumn import_column(const Import *import, const PGresult *result, int row)
{
    const char *expression = value(result, row, DEFAULT_EXPR);
    bool is_generated = *PQgetvalue(result, row, GENERATED) == 's';
    FdwOptionValue *option = import->call->host->alloc(import->call, sizeof *option);
    *option = (FdwOptionValue){"column_name", value(result, row, COLUMN_NAME)};
    return (FdwImportColumn){
        .name = value(result, row, COLUMN_NAME),
        .type = value(result, row, TYPE_NAME),
        .collation = import->collate ? value(result, row, COLLATION) : NULL,
        .default_expr = import->defaults && !is_generated ? expression : NULL,
        .generated_expr = import->generated && is_generated ? expression : NULL,
        .not_null = import->not_null && strcmp(PQgetvalue(result, row, NOT_NULL), "t") == 0,
        .options = {option, 1},
    };
}

/* Rows first..last-1 are one table's columns. */
static void import_table(const Import *import, const PGresult *result, int first, int last)
{
    FdwImportColumn *columns = import->call->host->alloc(import->call, (size_t)(last - first + 1) * sizeof *columns);
    size_t ncolumns = 0;
    for (int row = first; row < last; row++)
        if (!PQgetisnull(result, row, COLUMN_NAME))
            columns[ncolumns++] = import_column(import, result, row);
    const char *name = PQgetvalue(result, first, TABLE_NAME);
    FdwOptionValue options[] = {{"schema_name", import->spec->remote_schema}, {"table_name", name}};
    FdwImportTable table = {.name = name, .columns = columns, .ncolumns = ncolumns, .options = {options, 2}};
    import->spec->table(import->spec->sink, &table);
}

bool postgres_import_schema(FdwCall *call, FdwConnection *connection, const FdwImportSpec *spec)
{
    Import import = {
        .call = call,
        .connection = connection,
        .spec = spec,
        .collate = postgres_option_bool(&spec->options, "import_collate", true),
        .defaults = postgres_option_bool(&spec->options, "import_default", false),
        .generated = postgres_option_bool(&spec->options, "import_generated", true),
        .not_null = postgres_option_bool(&spec->options, "import_not_null", true),
    };
    if (!postgres_ready(call, connection))
        return false;
    import.schema = quote_literal(&import, spec->remote_schema);
    if (!check_schema(&import))
        return false;
    PGresult *result = postgres_query(call, connection, tables_sql(&import));
    if (!result)
        return false;
    int rows = PQntuples(result);
    for (int first = 0, last; first < rows; first = last) {
        for (last = first + 1; last < rows && strcmp(PQgetvalue(result, last, TABLE_NAME), PQgetvalue(result, first, TABLE_NAME)) == 0;)
            last++;
        import_table(&import, result, first, last);
    }
    PQclear(result);
    return true;
}
