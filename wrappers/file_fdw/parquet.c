/*
 * parquet.c - tables in Parquet files, read by DuckDB's reader, which is given the columns, the filters and the limit.
 *
 * A column of the file whose type is the local one's in DuckDB's layout is copied vector by vector; any other scalar goes as its text
 * through the input function of the local type, and an object or a list, as JSON, into a column of type json, jsonb or text.
 *
 * Invariants:
 *  1. The reader's database is this connection's own, in memory, and reaches no network: extensions are neither loaded nor installed.
 *  2. A filter is given to the reader only where it never drops a row that PostgreSQL's comparison keeps; the planner checks every row
 * again.
 *  3. Names go into the reader's SQL only through quote(); constants are bound as parameters.
 *
 * One thread at a time a connection; parquet_cancel from any.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "file_fdw.h"
#include "reader.h"

/* PostgreSQL's type OIDs. */
enum { TEXTOID = 25, JSONOID = 114, VARCHAROID = 1043, JSONBOID = 3802 };

/* PostgreSQL's ranges: days and microseconds since 1970 of 4714-11-24 BC; the last day of its calendar. */
#define FIRST_DAY (-2440588)
#define LAST_DAY 2145031948
#define FIRST_MICROSECOND INT64_C(-210866803200000000)

typedef enum Way { COPIED, AS_TEXT, AS_JSON } Way;

typedef struct ReadColumn {
    const char *name; /* in the file */
    FdwType type;
    Way way;
} ReadColumn;

struct ParquetScan {
    Reader *reader;
    ReadColumn *columns;
    size_t ncolumns;
    duckdb_prepared_statement statement;
    duckdb_result result;
    bool has_result;
    duckdb_data_chunk chunk;
    idx_t at, size; /* in the chunk */
};

/* ---- columns ---- */

/* What is the same in both layouts; integers also where the local type is the wider one. */
static const struct SameLayout {
    FdwPhysical physical;
    duckdb_type file, asked; /* asked: what the reader casts to; DUCKDB_TYPE_INVALID, 0: nothing */
    uint8_t width;
} SAME[] = {
    {FDW_BOOL, DUCKDB_TYPE_BOOLEAN, DUCKDB_TYPE_INVALID, 1},
    {FDW_INT16, DUCKDB_TYPE_SMALLINT, DUCKDB_TYPE_INVALID, 2},
    {FDW_INT16, DUCKDB_TYPE_TINYINT, DUCKDB_TYPE_SMALLINT, 2},
    {FDW_INT16, DUCKDB_TYPE_UTINYINT, DUCKDB_TYPE_SMALLINT, 2},
    {FDW_INT32, DUCKDB_TYPE_INTEGER, DUCKDB_TYPE_INVALID, 4},
    {FDW_INT32, DUCKDB_TYPE_SMALLINT, DUCKDB_TYPE_INTEGER, 4},
    {FDW_INT32, DUCKDB_TYPE_TINYINT, DUCKDB_TYPE_INTEGER, 4},
    {FDW_INT32, DUCKDB_TYPE_USMALLINT, DUCKDB_TYPE_INTEGER, 4},
    {FDW_INT32, DUCKDB_TYPE_UTINYINT, DUCKDB_TYPE_INTEGER, 4},
    {FDW_INT64, DUCKDB_TYPE_BIGINT, DUCKDB_TYPE_INVALID, 8},
    {FDW_INT64, DUCKDB_TYPE_INTEGER, DUCKDB_TYPE_BIGINT, 8},
    {FDW_INT64, DUCKDB_TYPE_SMALLINT, DUCKDB_TYPE_BIGINT, 8},
    {FDW_INT64, DUCKDB_TYPE_TINYINT, DUCKDB_TYPE_BIGINT, 8},
    {FDW_INT64, DUCKDB_TYPE_UINTEGER, DUCKDB_TYPE_BIGINT, 8},
    {FDW_INT64, DUCKDB_TYPE_USMALLINT, DUCKDB_TYPE_BIGINT, 8},
    {FDW_INT64, DUCKDB_TYPE_UTINYINT, DUCKDB_TYPE_BIGINT, 8},
    {FDW_FLOAT, DUCKDB_TYPE_FLOAT, DUCKDB_TYPE_INVALID, 4},
    {FDW_DOUBLE, DUCKDB_TYPE_DOUBLE, DUCKDB_TYPE_INVALID, 8},
    {FDW_DOUBLE, DUCKDB_TYPE_FLOAT, DUCKDB_TYPE_DOUBLE, 8},
    {FDW_STRING, DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_INVALID, 0},
    {FDW_BYTES, DUCKDB_TYPE_BLOB, DUCKDB_TYPE_INVALID, 0},
    {FDW_DATE, DUCKDB_TYPE_DATE, DUCKDB_TYPE_INVALID, 4},
    {FDW_TIME, DUCKDB_TYPE_TIME, DUCKDB_TYPE_INVALID, 8},
    {FDW_TIMESTAMP, DUCKDB_TYPE_TIMESTAMP, DUCKDB_TYPE_INVALID, 8},
    {FDW_TIMESTAMPTZ, DUCKDB_TYPE_TIMESTAMP_TZ, DUCKDB_TYPE_INVALID, 8},
    {FDW_UUID, DUCKDB_TYPE_UUID, DUCKDB_TYPE_INVALID, 16},
};

static bool is_nested(duckdb_type type)
{
    return type == DUCKDB_TYPE_LIST || type == DUCKDB_TYPE_STRUCT || type == DUCKDB_TYPE_MAP || type == DUCKDB_TYPE_ARRAY ||
           type == DUCKDB_TYPE_UNION;
}

static const struct SameLayout *same_layout(const FdwType *type, duckdb_type file)
{
    bool limited = type->physical == FDW_STRING && !(type->oid == TEXTOID || (type->oid == VARCHAROID && type->typmod < 0));
    bool rounded =
        (type->physical == FDW_TIME || type->physical == FDW_TIMESTAMP || type->physical == FDW_TIMESTAMPTZ) && type->typmod >= 0;
    for (size_t i = 0; i < sizeof SAME / sizeof SAME[0] && !limited && !rounded; i++)
        if (SAME[i].physical == type->physical && SAME[i].file == file)
            return &SAME[i];
    return NULL;
}

static const char *quote(FdwCall *call, const char *name)
{
    char *text = call->host->alloc(call, strlen(name) * 2 + 3), *to = text;
    *to++ = '"';
    for (; *name; *to++ = *name++)
        if (*name == '"')
            *to++ = '"';
    *to = '"';
    return text;
}

/* Names are matched as DuckDB does: case does not matter where no other column has the name exactly. */
static const ReaderColumn *find_column(const ReaderSchema *schema, const char *name)
{
    const ReaderColumn *found = NULL;
    for (size_t i = 0; i < schema->count; i++)
        if (strcmp(schema->columns[i].name, name) == 0)
            return &schema->columns[i];
        else if (!found && strcasecmp(schema->columns[i].name, name) == 0)
            found = &schema->columns[i];
    return found;
}

/* How SQL spells a type that texts are cast to. NULL: none are. */
static const char *cast_name(duckdb_type type)
{
    static const struct {
        duckdb_type type;
        const char *name;
    } NAMES[] = {
        {DUCKDB_TYPE_BOOLEAN, "BOOLEAN"},     {DUCKDB_TYPE_SMALLINT, "SMALLINT"},
        {DUCKDB_TYPE_INTEGER, "INTEGER"},     {DUCKDB_TYPE_BIGINT, "BIGINT"},
        {DUCKDB_TYPE_FLOAT, "FLOAT"},         {DUCKDB_TYPE_DOUBLE, "DOUBLE"},
        {DUCKDB_TYPE_VARCHAR, "VARCHAR"},     {DUCKDB_TYPE_DATE, "DATE"},
        {DUCKDB_TYPE_TIMESTAMP, "TIMESTAMP"}, {DUCKDB_TYPE_TIMESTAMP_TZ, "TIMESTAMPTZ"},
        {DUCKDB_TYPE_UUID, "UUID"},
    };
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (NAMES[i].type == type)
            return NAMES[i].name;
    return NULL;
}

/* How the column is asked for, and which way it goes. */
static const char *ask_column(FdwCall *call, const FdwTable *table, const ReaderColumn *file, ReadColumn *column)
{
    const char *name = quote(call, column->name);
    const FdwType *type = &column->type;
    if (is_nested(file->type)) {
        column->way = AS_JSON;
        if (type->oid == JSONOID || type->oid == JSONBOID || type->oid == TEXTOID)
            return file_text(call, "CAST(to_json(%s) AS VARCHAR)", name);
        file_fail(call, "HV004", "column \"%s\" of foreign table \"%s\" must be of type json, jsonb or text: the file's has nested values",
                  column->name, table->name);
        return NULL;
    }
    if (type->physical == FDW_DECIMAL && file->type == DUCKDB_TYPE_DECIMAL && file->scale == type->scale)
        return file_text(call, "CAST(%s AS DECIMAL(%d,%d))", name, type->precision, type->scale);
    const struct SameLayout *same = same_layout(type, file->type);
    if (!same) {
        column->way = AS_TEXT;
        return file_text(call, "CAST(%s AS VARCHAR)", name);
    }
    return same->asked == DUCKDB_TYPE_INVALID ? name : file_text(call, "CAST(%s AS %s)", name, cast_name(same->asked));
}

/* ---- the statement ---- */

static const char *const OPERATORS[] = {
    [FDW_EQ] = "=", [FDW_NE] = "<>", [FDW_LT] = "<", [FDW_LE] = "<=", [FDW_GT] = ">", [FDW_GE] = ">=",
};

/* The statistics of Parquet say nothing of NaN, which is greater than every other value here: what a NaN would pass is not asked. */
FdwAnswer parquet_offer_filter(const FdwTable *table, const FdwFilter *filter)
{
    const FdwType *type = &table->columns[filter->column].type;
    bool is_float = type->physical == FDW_FLOAT || type->physical == FDW_DOUBLE;
    bool may_be_nan =
        is_float && filter->text &&
        (strcmp(filter->text, "NaN") == 0 || filter->compare == FDW_NE || filter->compare == FDW_GT || filter->compare == FDW_GE);
    return may_be_nan ? FDW_LOCAL : FDW_RECHECK;
}

/* Whether the reader takes the text for the same value: not so dates of other than four digits of the year, or before Christ. */
static bool is_plain_constant(const FdwType *type, const char *text)
{
    bool is_date = type->physical == FDW_DATE || type->physical == FDW_TIMESTAMP || type->physical == FDW_TIMESTAMPTZ;
    return !is_date || !text || (strcspn(text, "-") == 4 && !strstr(text, "BC"));
}

/* " WHERE ..." of the filters on columns that are compared in their own layout. */
static const char *ask_filters(FdwCall *call, const FdwScanSpec *spec, const ReaderSchema *schema, size_t *nparams, const char **params)
{
    const char *text = "";
    for (size_t i = 0; i < spec->nfilters; i++) {
        const FdwFilter *filter = &spec->filters[i];
        const FdwColumn *column = &spec->table->columns[filter->column];
        const char *name = file_column_name(column);
        const ReaderColumn *file = find_column(schema, name);
        const struct SameLayout *same = file ? same_layout(&column->type, file->type) : NULL;
        const char *type = same ? cast_name(same->asked ? same->asked : file->type) : NULL;
        if (!type || !is_plain_constant(&column->type, filter->text))
            continue;
        const char *glue = *text ? " AND" : " WHERE";
        if (filter->compare == FDW_IS_NULL || filter->compare == FDW_IS_NOT_NULL) {
            text = file_text(call, "%s%s %s IS %sNULL", text, glue, quote(call, name), filter->compare == FDW_IS_NULL ? "" : "NOT ");
            continue;
        }
        params[(*nparams)++] = filter->text;
        text = file_text(call, "%s%s %s %s CAST($%zu AS %s)", text, glue, quote(call, name), OPERATORS[filter->compare], *nparams, type);
    }
    return text;
}

static bool choose_columns(FdwCall *call, ParquetScan *scan, const FdwScanSpec *spec, const ReaderSchema *schema, const char **list)
{
    *list = spec->ncolumns ? "" : "1";
    scan->columns = call->host->alloc(call, (spec->ncolumns + 1) * sizeof *scan->columns);
    for (size_t i = 0; i < spec->ncolumns; i++) {
        const FdwColumn *column = &spec->table->columns[spec->projection[i]];
        ReadColumn *out = &scan->columns[scan->ncolumns++];
        *out = (ReadColumn){.name = file_column_name(column), .type = spec->columns[i], .way = COPIED};
        const ReaderColumn *file = find_column(schema, out->name);
        if (!file)
            return file_fail(call, "HV005", "file \"%s\" has no column \"%s\", which column \"%s\" of foreign table \"%s\" stands for",
                             file_table_option(spec->table, "filename"), out->name, column->name, spec->table->name);
        const char *asked = ask_column(call, spec->table, file, out);
        if (!asked)
            return false;
        *list = file_text(call, "%s%s%s", *list, i ? ", " : "", asked);
    }
    return true;
}

ParquetScan *parquet_open(FdwCall *call, FdwConnection *connection, const FdwScanSpec *spec, const Files *files)
{
    ParquetScan *scan = call->host->alloc(call, sizeof *scan);
    ReaderSchema schema;
    const char *filename = file_table_option(spec->table, "filename");
    scan->reader = reader_get(call, connection);
    const char *from = scan->reader ? reader_from(call, "parquet", files) : NULL, *list;
    if (!from || !reader_schema(call, scan->reader, from, filename, &schema) || !choose_columns(call, scan, spec, &schema, &list))
        return NULL;
    const char **params = call->host->alloc(call, (spec->nfilters + 1) * sizeof *params);
    size_t nparams = 0;
    const char *where = ask_filters(call, spec, &schema, &nparams, params);
    const char *sql = file_text(call, "SELECT %s FROM %s%s", list, from, where);
    if (spec->limit >= 0 && spec->nfilters == 0)
        sql = file_text(call, "%s LIMIT %lld", sql, (long long)spec->limit);
    scan->has_result = reader_stream(call, scan->reader, sql, params, nparams, filename, &scan->statement, &scan->result);
    if (scan->has_result)
        return scan;
    parquet_close(scan);
    return NULL;
}

void parquet_close(ParquetScan *scan)
{
    if (!scan)
        return;
    if (scan->chunk)
        duckdb_destroy_data_chunk(&scan->chunk);
    if (scan->has_result)
        duckdb_destroy_result(&scan->result);
    duckdb_destroy_prepare(&scan->statement);
}

/* ---- rows ---- */

static size_t width_of(const FdwType *type)
{
    for (size_t i = 0; i < sizeof SAME / sizeof SAME[0]; i++)
        if (SAME[i].physical == type->physical)
            return SAME[i].width;
    return type->precision <= 4 ? 2 : type->precision <= 9 ? 4 : type->precision <= 18 ? 8 : 16; /* FDW_DECIMAL */
}

static bool fail_value(FdwCall *call, const FdwScanSpec *spec, size_t column)
{
    return call->host->add_context(call,
                                   file_text(call, "column \"%s\" of foreign table \"%s\"", spec->column_names[column], spec->table->name));
}

/* Dates and timestamps before PostgreSQL's calendar begins, or days after it ends. */
static bool check_range(FdwCall *call, const FdwVector *vector, const FdwScanSpec *spec, size_t column, size_t first, size_t count)
{
    FdwPhysical physical = vector->type.physical;
    for (size_t row = first; row < first + count; row++) {
        bool valid = vector->validity[row / 64] >> row % 64 & 1, out = false;
        if (valid && physical == FDW_DATE) {
            int32_t day = ((int32_t *)vector->data)[row];
            out = (day < FIRST_DAY && day != -INT32_MAX) || (day > LAST_DAY && day != INT32_MAX);
        } else if (valid) {
            int64_t moment = ((int64_t *)vector->data)[row];
            out = moment < FIRST_MICROSECOND && moment != -INT64_MAX;
        }
        if (out) {
            file_fail(call, "22008", "%s out of range", physical == FDW_DATE ? "date" : "timestamp");
            return fail_value(call, spec, column);
        }
    }
    return true;
}

static bool put_string(FdwCall *call, Way way, FdwVector *vector, size_t row, const FdwString *string)
{
    const char *bytes = fdw_string_data(string);
    if (way != COPIED)
        return call->host->set_text(call, vector, row, bytes, string->length);
    if (vector->type.physical == FDW_STRING && memchr(bytes, '\0', string->length))
        return file_fail(call, "22021", "invalid byte sequence for encoding \"UTF8\": 0x00");
    call->host->set_string(vector, row, bytes, string->length);
    return true;
}

static bool copy_column(FdwCall *call, ParquetScan *scan, const FdwScanSpec *spec, size_t column, FdwVector *to, size_t first, size_t count)
{
    duckdb_vector from = duckdb_data_chunk_get_vector(scan->chunk, column);
    const char *data = duckdb_vector_get_data(from);
    uint64_t *validity = duckdb_vector_get_validity(from);
    Way way = scan->columns[column].way;
    FdwPhysical physical = to->type.physical;
    bool strings = way != COPIED || physical == FDW_STRING || physical == FDW_BYTES;
    size_t width = strings ? sizeof(FdwString) : width_of(&to->type);
    if (!strings)
        memcpy((char *)to->data + first * width, data + scan->at * width, count * width);
    for (size_t i = 0; i < count && (strings || validity); i++) {
        if (validity && !duckdb_validity_row_is_valid(validity, scan->at + i))
            fdw_set_null(to, first + i);
        else if (strings && !put_string(call, way, to, first + i, (const FdwString *)data + scan->at + i))
            return fail_value(call, spec, column);
    }
    bool ranged = !strings && (physical == FDW_DATE || physical == FDW_TIMESTAMP || physical == FDW_TIMESTAMPTZ);
    return !ranged || check_range(call, to, spec, column, first, count);
}

/* The next chunk that has rows; size 0: there is none. */
static bool next_chunk(FdwCall *call, ParquetScan *scan, const char *filename)
{
    if (scan->chunk)
        duckdb_destroy_data_chunk(&scan->chunk);
    scan->at = scan->size = 0;
    scan->chunk = duckdb_fetch_chunk(scan->result);
    if (scan->chunk)
        scan->size = duckdb_data_chunk_get_size(scan->chunk);
    const char *message = scan->chunk ? NULL : duckdb_result_error(&scan->result);
    return !message || reader_fail(call, message, filename);
}

bool parquet_next(FdwCall *call, ParquetScan *scan, const FdwScanSpec *spec, FdwBatch *batch)
{
    while (batch->count < batch->capacity) {
        if (scan->at == scan->size && !next_chunk(call, scan, file_table_option(spec->table, "filename")))
            return false;
        if (scan->size == 0)
            break;
        size_t count = scan->size - scan->at, room = batch->capacity - batch->count;
        if (count > room)
            count = room;
        for (size_t i = 0; i < spec->ncolumns; i++)
            if (!copy_column(call, scan, spec, i, &batch->vectors[i], batch->count, count))
                return false;
        scan->at += count;
        batch->count += count;
    }
    return true;
}
