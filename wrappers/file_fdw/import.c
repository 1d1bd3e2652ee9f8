/*
 * import.c - IMPORT FOREIGN SCHEMA: the remote schema is the path of a directory, each file with data in it a table, named as the file
 * without its ending.
 *
 * Types come from the whole file: Parquet says them itself; for CSV and lines of JSON DuckDB's readers find the narrowest that every value
 * has.
 *
 * One thread at a time a connection.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "reader.h"

typedef struct Kind {
    const char *ending, *format; /* format: the table's option, and the reader's */
} Kind;

static const Kind KINDS[] = {{".csv", "csv"},   {".tsv", "csv"},    {".parquet", "parquet"},
                             {".json", "json"}, {".jsonl", "json"}, {".ndjson", "json"}};

static const struct {
    duckdb_type type;
    const char *local;
} TYPES[] = {
    {DUCKDB_TYPE_BOOLEAN, "boolean"},
    {DUCKDB_TYPE_TINYINT, "smallint"},
    {DUCKDB_TYPE_UTINYINT, "smallint"},
    {DUCKDB_TYPE_SMALLINT, "smallint"},
    {DUCKDB_TYPE_USMALLINT, "integer"},
    {DUCKDB_TYPE_INTEGER, "integer"},
    {DUCKDB_TYPE_UINTEGER, "bigint"},
    {DUCKDB_TYPE_BIGINT, "bigint"},
    {DUCKDB_TYPE_UBIGINT, "numeric"},
    {DUCKDB_TYPE_HUGEINT, "numeric"},
    {DUCKDB_TYPE_UHUGEINT, "numeric"},
    {DUCKDB_TYPE_FLOAT, "real"},
    {DUCKDB_TYPE_DOUBLE, "double precision"},
    {DUCKDB_TYPE_BLOB, "bytea"},
    {DUCKDB_TYPE_DATE, "date"},
    {DUCKDB_TYPE_TIME, "time without time zone"},
    {DUCKDB_TYPE_TIME_TZ, "time with time zone"},
    {DUCKDB_TYPE_TIMESTAMP, "timestamp without time zone"},
    {DUCKDB_TYPE_TIMESTAMP_S, "timestamp without time zone"},
    {DUCKDB_TYPE_TIMESTAMP_MS, "timestamp without time zone"},
    {DUCKDB_TYPE_TIMESTAMP_NS, "timestamp without time zone"},
    {DUCKDB_TYPE_TIMESTAMP_TZ, "timestamp with time zone"},
    {DUCKDB_TYPE_INTERVAL, "interval"},
    {DUCKDB_TYPE_UUID, "uuid"},
    {DUCKDB_TYPE_LIST, "json"},
    {DUCKDB_TYPE_STRUCT, "json"},
    {DUCKDB_TYPE_MAP, "json"},
    {DUCKDB_TYPE_ARRAY, "json"},
    {DUCKDB_TYPE_UNION, "json"},
};

static const char *local_type(FdwCall *call, const ReaderColumn *column)
{
    if (column->is_json)
        return "json";
    if (column->type == DUCKDB_TYPE_DECIMAL)
        return file_text(call, "numeric(%d,%d)", column->precision, column->scale);
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++)
        if (TYPES[i].type == column->type)
            return TYPES[i].local;
    return "text";
}

/* ---- CSV: what its table's options must say ---- */

enum { SNIFFED = 6 };

/* The reader's findings; fields by their names in SNIFF. NULL: nothing was found. */
static bool sniff(FdwCall *call, Reader *reader, const char *path, const char *found[SNIFFED])
{
    duckdb_prepared_statement statement;
    duckdb_result result;
    static const char SNIFF[] = "SELECT Delimiter, Quote, Escape, CAST(HasHeader AS VARCHAR), CAST(SkipRows AS VARCHAR), "
                                "coalesce(DateFormat, '') || coalesce(TimestampFormat, '') FROM sniff_csv($1, sample_size = -1)";
    bool streams = reader_stream(call, reader, SNIFF, &path, 1, path, &statement, &result);
    duckdb_data_chunk chunk = streams ? duckdb_fetch_chunk(result) : NULL;
    bool ok = chunk != NULL;
    for (size_t i = 0; ok && i < SNIFFED; i++) {
        const FdwString *text = duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, i));
        found[i] = file_text(call, "%.*s", (int)text->length, fdw_string_data(text));
    }
    const char *problem = streams ? duckdb_result_error(&result) : NULL;
    if (streams && !ok)
        reader_fail(call, problem ? problem : "its format could not be found", path);
    if (chunk)
        duckdb_destroy_data_chunk(&chunk);
    if (streams)
        duckdb_destroy_result(&result);
    duckdb_destroy_prepare(&statement);
    return ok;
}

/* "(empty)": the reader's word for none. */
static const char *given(const char *text, const char *otherwise)
{
    return strcmp(text, "(empty)") == 0 || !*text ? otherwise : text;
}

static bool csv_options(FdwCall *call, Reader *reader, const char *path, FdwOptions *options, bool *iso_dates)
{
    const char *found[SNIFFED];
    if (!sniff(call, reader, path, found))
        return false;
    if (strcmp(found[4], "0") != 0)
        return file_fail(call, "0A000", "file \"%s\" has %s lines before its table begins", path, found[4]);
    const char *delimiter = given(found[0], ","), *quote = given(found[1], "\""), *escape = given(found[2], quote);
    const FdwOptionValue wanted[] = {
        {"header", strcmp(found[3], "true") == 0 ? "true" : NULL},
        {"delimiter", strcmp(delimiter, ",") ? delimiter : NULL},
        {"quote", strcmp(quote, "\"") ? quote : NULL},
        {"escape", strcmp(escape, quote) ? escape : NULL},
    };
    FdwOptionValue *items = (FdwOptionValue *)options->items;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (wanted[i].value)
            items[options->count++] = wanted[i];
    *iso_dates = !*found[5] || strncmp(found[5], "%Y-%m-%d", 8) == 0;
    return true;
}

/* ---- a file ---- */

static bool is_moment(const char *type)
{
    return strcmp(type, "date") == 0 || strncmp(type, "timestamp", 9) == 0;
}

static bool import_file(FdwCall *call, Reader *reader, const FdwImportSpec *spec, const Kind *kind, const char *path, const char *name)
{
    Files files = {&path, 1};
    ReaderSchema schema;
    FdwOptions options = {call->host->alloc(call, 8 * sizeof(FdwOptionValue)), 2};
    FdwOptionValue *items = (FdwOptionValue *)options.items;
    items[0] = (FdwOptionValue){"filename", path};
    items[1] = (FdwOptionValue){"format", kind->format};
    bool iso_dates = true;
    if (strcmp(kind->format, "csv") == 0 && !csv_options(call, reader, path, &options, &iso_dates))
        return false;
    const char *from = reader_from(call, kind->format, &files);
    if (!from || !reader_schema(call, reader, from, path, &schema))
        return false;
    FdwImportColumn *columns = call->host->alloc(call, (schema.count + 1) * sizeof *columns);
    for (size_t i = 0; i < schema.count; i++) {
        const char *type = local_type(call, &schema.columns[i]);
        columns[i] = (FdwImportColumn){.name = schema.columns[i].name, .type = is_moment(type) && !iso_dates ? "text" : type};
    }
    FdwImportTable table = {.name = name, .columns = columns, .ncolumns = schema.count, .options = options};
    spec->table(spec->sink, &table);
    return true;
}

/* ---- the directory ---- */

/* NULL: a file of another kind, or nobody wants it. */
static const Kind *wanted_kind(FdwCall *call, const FdwImportSpec *spec, const char *file, const char **name)
{
    const char *ending = strrchr(file, '.');
    const Kind *kind = NULL;
    for (size_t i = 0; ending && ending > file && i < sizeof KINDS / sizeof KINDS[0]; i++)
        if (strcmp(KINDS[i].ending, ending) == 0)
            kind = &KINDS[i];
    if (!kind)
        return NULL;
    *name = file_text(call, "%.*s", (int)(ending - file), file);
    bool named = false;
    for (size_t i = 0; i < spec->ntables; i++)
        named = named || strcmp(spec->tables[i], *name) == 0;
    return spec->kind == FDW_IMPORT_ALL || named == (spec->kind == FDW_IMPORT_LIMIT_TO) ? kind : NULL;
}

/* A directory, or a pipe that nobody writes to, is no file of rows whatever its name; nor has an empty file columns. */
static bool is_file(const char *path)
{
    struct stat file;
    return stat(path, &file) != 0 || (S_ISREG(file.st_mode) && file.st_size > 0);
}

bool file_import_schema(FdwCall *call, FdwConnection *connection, const FdwImportSpec *spec)
{
    if (*spec->remote_schema != '/') /* no directory's path: the answer of PostgreSQL, whose file_fdw imports nothing */
        return file_fail(call, "HV00P", "foreign-data wrapper \"%s\" does not support IMPORT FOREIGN SCHEMA", spec->wrapper);
    if (!spec->rights.may_read_files)
        return file_fail(call, "42501",
                         "only superuser or a role with privileges of the pg_read_server_files role may import the files of a directory");
    struct dirent **entries;
    int count = scandir(spec->remote_schema, &entries, NULL, alphasort);
    if (count < 0)
        return file_fail(call, "HV00Q", "could not open directory \"%s\": %s", spec->remote_schema, strerror(errno));
    Reader *reader = reader_get(call, connection);
    bool ok = reader != NULL;
    for (int i = 0; i < count; i++) {
        const char *name, *file = entries[i]->d_name, *path = file_text(call, "%s/%s", spec->remote_schema, file);
        const Kind *kind = ok && is_file(path) ? wanted_kind(call, spec, file, &name) : NULL;
        ok = ok && (!kind || (fields_check_utf8(call, file, strlen(file), 0) && import_file(call, reader, spec, kind, path, name)));
        free(entries[i]);
    }
    free(entries);
    return ok;
}
