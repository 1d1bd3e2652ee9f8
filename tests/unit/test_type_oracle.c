/*
 * test_type_oracle.c - every case of data/types.tsv (asked of PostgreSQL 15 by data/make_types) answered the same: text, error, bytes;
 * and what was sent is received again.
 */
#include <stdlib.h>

#include "type/type.h"
#include "unit.h"

enum {
    COLUMN_OID,
    COLUMN_TYPMOD,
    COLUMN_SETTINGS,
    COLUMN_INPUT,
    COLUMN_STATE,
    COLUMN_TEXT,
    COLUMN_DETAIL,
    COLUMN_CONTEXT,
    COLUMN_BINARY,
    NCOLUMNS
};

static Arena *arena;
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
            *to++ = *from == 't' ? '\t' : *from == 'n' ? '\n' : *from == 'r' ? '\r' : *from;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return field;
}

static TypeContext context_of(const char *settings)
{
    TypeContext context = TYPE_CONTEXT_CANONICAL;
    char *copy = arena_strdup(arena, settings), *fields[5] = {copy};
    for (int i = 1; i < 5; i++) {
        fields[i] = strchr(fields[i - 1], '|');
        *fields[i]++ = '\0';
    }
    static const char *const STYLES[] = {"ISO", "SQL", "Postgres", "German"}, *const ORDERS[] = {"MDY", "DMY", "YMD"};
    static const char *const INTERVALS[] = {"postgres", "postgres_verbose", "sql_standard", "iso_8601"};
    for (int i = 0; i < 4; i++) {
        if (strncmp(fields[0], STYLES[i], strlen(STYLES[i])) == 0)
            context.date_style = (DateStyle)i;
        if (i < 3 && strstr(fields[0], ORDERS[i]))
            context.date_order = (DateOrder)i;
        if (strcmp(fields[1], INTERVALS[i]) == 0)
            context.interval_style = (IntervalStyle)i;
    }
    context.time_zone = strcmp(fields[2], "UTC") == 0 ? context.time_zone : timezone_find(fields[2]);
    context.extra_float_digits = atoi(fields[3]);
    context.bytea_escape = strcmp(fields[4], "escape") == 0;
    return context;
}

static char *hex(const char *bytes, size_t len)
{
    char *text = arena_alloc(arena, 2 * len + 1);
    for (size_t i = 0; i < len; i++)
        sprintf(text + 2 * i, "%02x", (unsigned char)bytes[i]);
    return text;
}

static void complain(char **fields, const char *what, const char *got, const char *want)
{
    nwrong++;
    printf("# type %s(%s) [%s] input \"%s\": %s \"%s\", PostgreSQL says \"%s\"\n", fields[COLUMN_OID], fields[COLUMN_TYPMOD],
           fields[COLUMN_SETTINGS], fields[COLUMN_INPUT], what, got ? got : "(none)", want ? want : "(none)");
}

static void check_same(char **fields, const char *what, const char *got, const char *want)
{
    if (!str_eq(got, want))
        complain(fields, what, got, want);
}

static void check_binary(char **fields, Oid oid, int32_t typmod, const Value *value, const TypeContext *context)
{
    Error error;
    error_init(&error, arena);
    Str sent, shown;
    str_init(&sent, arena);
    str_init(&shown, arena);
    if (!type_send(oid, value, context, &sent, &error)) {
        complain(fields, "send fails:", error.message, fields[COLUMN_BINARY]);
        return;
    }
    check_same(fields, "sends", hex(sent.data, sent.len), fields[COLUMN_BINARY]);
    Value again;
    if (!type_receive(oid, typmod, sent.data, sent.len, context, arena, &again, &error) ||
        !type_output(oid, &again, context, &shown, &error)) {
        complain(fields, "receive fails:", error.message, fields[COLUMN_TEXT]);
        return;
    }
    check_same(fields, "receives", shown.data, fields[COLUMN_TEXT]);
}

static void check_case(char **fields)
{
    Oid oid = (Oid)strtoul(fields[COLUMN_OID], NULL, 10);
    int32_t typmod = (int32_t)strtol(fields[COLUMN_TYPMOD], NULL, 10);
    TypeContext context = context_of(fields[COLUMN_SETTINGS]);
    Error error;
    error_init(&error, arena);
    Value value;
    Str shown;
    str_init(&shown, arena);
    const char *input = fields[COLUMN_INPUT];
    ncases++;
    /* The one refusal: the engine's DECIMAL holds no NaN. */
    bool is_nan_of_decimal = type_layout(oid, typmod).physical == FDW_DECIMAL && str_eq(fields[COLUMN_TEXT], "NaN");
    if (!context.time_zone) {
        complain(fields, "no such time zone:", fields[COLUMN_SETTINGS], "");
    } else if (!type_input(oid, typmod, input, strlen(input), &context, arena, &value, &error) ||
               !type_output(oid, &value, &context, &shown, &error)) {
        check_same(fields, arena_printf(arena, "fails with %s,", error.message), error.sqlstate,
                   is_nan_of_decimal ? ERRCODE_FEATURE_NOT_SUPPORTED : fields[COLUMN_STATE]);
        if (str_eq(error.sqlstate, fields[COLUMN_STATE])) {
            check_same(fields, "message", error.message, fields[COLUMN_TEXT]);
            check_same(fields, "detail", error.detail, fields[COLUMN_DETAIL]);
            check_same(fields, "context", error.context, fields[COLUMN_CONTEXT]);
        }
    } else if (strcmp(fields[COLUMN_STATE], "00000") != 0) {
        complain(fields, "gives", shown.data, fields[COLUMN_TEXT]);
    } else {
        check_same(fields, "gives", shown.data, fields[COLUMN_TEXT]);
        if (fields[COLUMN_BINARY])
            check_binary(fields, oid, typmod, &value, &context);
    }
}

static void check_line(char *line)
{
    char *fields[NCOLUMNS];
    line[strcspn(line, "\n")] = '\0';
    for (int i = 0; i < NCOLUMNS; i++)
        fields[i] = strsep(&line, "\t");
    for (int i = 0; i < NCOLUMNS; i++)
        fields[i] = fields[i] ? unescape(fields[i]) : NULL;
    check_case(fields);
}

static void types_answer_as_postgresql_does(void)
{
    FILE *file = fopen(TEST_DATA "/types.tsv", "r");
    CHECK(file != NULL);
    char *line = NULL;
    size_t size = 0;
    while (file && getline(&line, &size, file) > 0) {
        check_line(line);
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
    RUN(types_answer_as_postgresql_does);
    arena_close(arena);
    return UNIT_RESULT();
}
