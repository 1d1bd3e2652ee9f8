/*
 * test_format_oracle.c - every case of data/formats.tsv (asked of PostgreSQL 15 by data/make_formats) answered the same.
 */
#include <stdlib.h>

#include "type/type.h"
#include "unit.h"

enum { COLUMN_KIND, COLUMN_VALUE, COLUMN_TEMPLATE, COLUMN_STATE, COLUMN_ANSWER, COLUMN_DETAIL, COLUMN_HINT, NCOLUMNS };

static Arena *arena;
static TypeContext context;
static int ncases, nwrong;

/* Undoes the file's escapes in place; \N alone is NULL. */
static char *unescape(char *field)
{
    if (strcmp(field, "\\N") == 0)
        return NULL;
    char *to = field;
    for (char *from = field; *from; from++) {
        if (*from == '\\' && from[1]) {
            from++;
            *to++ = *from == 't' ? '\t' : *from == 'n' ? '\n' : *from;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return field;
}

static const struct {
    const char *kind;
    Oid oid;
} KINDS[] = {{"timestamp", TYPE_TIMESTAMP}, {"timestamptz", TYPE_TIMESTAMPTZ}, {"interval", TYPE_INTERVAL}, {"numeric", TYPE_NUMERIC},
             {"float8", TYPE_FLOAT8},       {"float4", TYPE_FLOAT4},           {"int4", TYPE_INT4},         {"int8", TYPE_INT8}};

static bool write_value(Oid oid, const Value *value, const char *format, Str *out, Error *error)
{
    size_t len = strlen(format);
    switch (oid) {
    case TYPE_TIMESTAMP:
        return format_timestamp(value->i, NULL, format, len, out, error);
    case TYPE_TIMESTAMPTZ:
        return format_timestamp(value->i, context.time_zone, format, len, out, error);
    case TYPE_INTERVAL:
        return format_interval(&value->interval, format, len, out, error);
    case TYPE_NUMERIC:
        return format_numeric(value->s.ptr, format, len, out, error);
    case TYPE_FLOAT4:
    case TYPE_FLOAT8:
        return format_float(value->f, oid == TYPE_FLOAT4, format, len, out, error);
    default:
        return format_int(value->i, oid == TYPE_INT4, format, len, out, error);
    }
}

static bool read_value(const char *kind, const char *text, const char *format, Str *out, Error *error)
{
    int64_t micros;
    int32_t days;
    Value value;
    bool is_date = strcmp(kind, "to_date") == 0;
    if (is_date ? !format_read_date(text, format, arena, &days, error)
                : !format_read_timestamp(text, format, context.time_zone, arena, &micros, error))
        return false;
    value = is_date ? value_int(FDW_DATE, days) : value_int(FDW_TIMESTAMPTZ, micros);
    return type_output(is_date ? TYPE_DATE : TYPE_TIMESTAMPTZ, &value, &context, out, error);
}

static bool answer(char **fields, Str *out, Error *error)
{
    for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
        Value value;
        if (strcmp(KINDS[i].kind, fields[COLUMN_KIND]) == 0)
            return type_input(KINDS[i].oid, -1, fields[COLUMN_VALUE], strlen(fields[COLUMN_VALUE]), &context, arena, &value, error) &&
                   write_value(KINDS[i].oid, &value, fields[COLUMN_TEMPLATE], out, error);
    }
    return read_value(fields[COLUMN_KIND], fields[COLUMN_VALUE], fields[COLUMN_TEMPLATE], out, error);
}

static void check_case(char **fields)
{
    Error error;
    error_init(&error, arena);
    Str out;
    str_init(&out, arena);
    ncases++;
    bool ok = answer(fields, &out, &error);
    /* An empty template: NULL, which is the caller's to see. */
    if (ok && !fields[COLUMN_ANSWER] && !*fields[COLUMN_TEMPLATE])
        return;
    const char *state = ok ? "00000" : error.sqlstate, *got = ok ? out.data : error.message;
    if (str_eq(state, fields[COLUMN_STATE]) && str_eq(got, fields[COLUMN_ANSWER]) && str_eq(error.detail, fields[COLUMN_DETAIL]) &&
        str_eq(error.hint, fields[COLUMN_HINT]))
        return;
    nwrong++;
    printf("# %s '%s' by '%s': %s '%s' (%s, %s), PostgreSQL says %s '%s' (%s, %s)\n", fields[COLUMN_KIND], fields[COLUMN_VALUE],
           fields[COLUMN_TEMPLATE], state, got, error.detail ? error.detail : "", error.hint ? error.hint : "", fields[COLUMN_STATE],
           fields[COLUMN_ANSWER] ? fields[COLUMN_ANSWER] : "NULL", fields[COLUMN_DETAIL] ? fields[COLUMN_DETAIL] : "",
           fields[COLUMN_HINT] ? fields[COLUMN_HINT] : "");
}

static void templates_do_what_they_do_in_postgresql(void)
{
    FILE *file = fopen(TEST_DATA "/formats.tsv", "r");
    CHECK(file != NULL);
    char *line = NULL;
    size_t size = 0;
    while (file && getline(&line, &size, file) > 0) {
        char *fields[NCOLUMNS], *rest = line;
        line[strcspn(line, "\n")] = '\0';
        for (int i = 0; i < NCOLUMNS; i++)
            fields[i] = unescape(strsep(&rest, "\t"));
        check_case(fields);
        arena_reset(arena);
    }
    if (file)
        fclose(file);
    free(line);
    printf("# %d cases, %d wrong answers\n", ncases, nwrong);
    CHECK(ncases > 1000);
    CHECK(nwrong == 0);
}

int main(void)
{
    arena = arena_open(NULL);
    context = TYPE_CONTEXT_CANONICAL;
    context.time_zone = timezone_find("Europe/Berlin");
    RUN(templates_do_what_they_do_in_postgresql);
    arena_close(arena);
    return UNIT_RESULT();
}
