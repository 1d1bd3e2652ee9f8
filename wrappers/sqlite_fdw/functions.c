/*
 * functions.c - the SQL functions that statements for a SQLite source may call: a stored value, of whatever kind, as an integer; and the
 * order of texts by their bytes in UTF-8, for files that have another encoding.
 *
 * Invariant: they give the very value that convert.c puts into a column of that type, and fail where it fails, with the same words; so
 * what SQLite filters, groups and sorts is what a scan would have read. Rows that an index has passed over are not read, and do not fail.
 *
 * Called by SQLite on the thread that runs the statement.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite_fdw.h"

typedef struct IntegerType {
    const char *function, *name;
    int64_t least, greatest;
} IntegerType;

static const IntegerType INTEGER_TYPES[] = {
    {"medley_int2", "smallint", INT16_MIN, INT16_MAX},
    {"medley_int4", "integer", INT32_MIN, INT32_MAX},
    {"medley_int8", "bigint", INT64_MIN, INT64_MAX},
};

static void fail(sqlite3_context *context, const char *format, const char *text, const IntegerType *type)
{
    char *message = sqlite3_mprintf(format, text, type->name);
    sqlite3_result_error(context, message ? message : "out of memory", -1);
    sqlite3_free(message);
}

static void fail_syntax(sqlite3_context *context, const char *text, const IntegerType *type)
{
    char *message = sqlite3_mprintf("invalid input syntax for type %s: \"%s\"", type->name, text);
    sqlite3_result_error(context, message ? message : "out of memory", -1);
    sqlite3_free(message);
}

static void give(sqlite3_context *context, int64_t value, const IntegerType *type)
{
    char text[32];
    if (value >= type->least && value <= type->greatest) {
        sqlite3_result_int64(context, value);
        return;
    }
    snprintf(text, sizeof text, "%lld", (long long)value);
    fail(context, "value \"%s\" is out of range for type %s", text, type);
}

/* As PostgreSQL reads integers: blanks around, a sign, decimal digits. */
static void from_text(sqlite3_context *context, const char *text, const IntegerType *type)
{
    const char *at = text + strspn(text, " \t\n\v\f\r"), *digits = at + (*at == '-' || *at == '+');
    size_t count = strspn(digits, "0123456789");
    errno = 0;
    long long value = count ? strtoll(at, NULL, 10) : 0;
    const char *rest = digits + count;
    if (!count || rest[strspn(rest, " \t\n\v\f\r")])
        fail_syntax(context, text, type);
    else if (errno)
        fail(context, "value \"%s\" is out of range for type %s", text, type);
    else
        give(context, value, type);
}

static void from_real(sqlite3_context *context, double value, const IntegerType *type)
{
    char text[64];
    if (value == rint(value) && fabs(value) < 9.2e18) {
        give(context, (int64_t)value, type);
        return;
    }
    sqlite_write_real(value, text, sizeof text);
    fail_syntax(context, text, type);
}

static void as_integer(sqlite3_context *context, int nargs, sqlite3_value **args)
{
    const IntegerType *type = sqlite3_user_data(context);
    char message[80];
    switch (sqlite3_value_type(args[0])) {
    case SQLITE_INTEGER:
        give(context, sqlite3_value_int64(args[0]), type);
        return;
    case SQLITE_FLOAT:
        from_real(context, sqlite3_value_double(args[0]), type);
        return;
    case SQLITE_TEXT:
        from_text(context, (const char *)sqlite3_value_text(args[0]), type);
        return;
    case SQLITE_BLOB:
        snprintf(message, sizeof message, "a blob of %d bytes is no value of the declared type", sqlite3_value_bytes(args[0]));
        sqlite3_result_error(context, message, -1);
        return;
    default:
        sqlite3_result_null(context);
    }
}

/* SQLite's BINARY compares the bytes of the file's encoding, which may be UTF-16. */
static int compare_bytes(void *arg, int one_size, const void *one, int other_size, const void *other)
{
    (void)arg;
    int order = memcmp(one, other, (size_t)(one_size < other_size ? one_size : other_size));
    return order ? order : one_size - other_size;
}

bool sqlite_add_functions(sqlite3 *db)
{
    if (sqlite3_create_collation(db, "medley_bytes", SQLITE_UTF8, NULL, compare_bytes) != SQLITE_OK)
        return false;
    const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    for (size_t i = 0; i < sizeof INTEGER_TYPES / sizeof INTEGER_TYPES[0]; i++)
        if (sqlite3_create_function_v2(db, INTEGER_TYPES[i].function, 1, flags, (void *)(uintptr_t)&INTEGER_TYPES[i], as_integer, NULL,
                                       NULL, NULL) != SQLITE_OK)
            return false;
    return true;
}
