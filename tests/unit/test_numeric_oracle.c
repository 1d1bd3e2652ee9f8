/*
 * test_numeric_oracle.c - every case of data/numerics.tsv (asked of PostgreSQL 15 by data/make_numerics) answered the same; sort keys
 * order as numbers do.
 */
#include <stdlib.h>

#include "type/type.h"
#include "unit.h"

enum { COLUMN_NAME, COLUMN_A, COLUMN_B, COLUMN_STATE, COLUMN_ANSWER, NCOLUMNS };

static Arena *arena;
static int ncases, nwrong;

typedef bool (*Unary)(const char *a, Arena *arena, const char **out, Error *error);
typedef bool (*Binary)(const char *a, const char *b, Arena *arena, const char **out, Error *error);
typedef bool (*Scaled)(const char *a, int scale, Arena *arena, const char **out, Error *error);

static bool op(NumericOp which, const char *a, const char *b, const char **out, Error *error)
{
    return numeric_op(which, a, b, arena, out, error);
}

static bool find_op(const char *name, NumericOp *out)
{
    static const char *const NAMES[] = {"add", "sub", "mul", "div", "mod", "trunc_div"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (strcmp(name, NAMES[i]) == 0) {
            *out = (NumericOp)i;
            return true;
        }
    return false;
}

static Unary find_unary(const char *name)
{
    static const struct {
        const char *name;
        Unary call;
    } ROWS[] = {{"ceil", numeric_ceil}, {"floor", numeric_floor}, {"sqrt", numeric_sqrt}, {"ln", numeric_ln}, {"exp", numeric_exp}};
    for (size_t i = 0; i < COUNT_OF(ROWS); i++)
        if (strcmp(name, ROWS[i].name) == 0)
            return ROWS[i].call;
    return NULL;
}

static bool give_int(bool ok, const int64_t *value, const char **out)
{
    *out = arena_printf(arena, "%lld", (long long)*value);
    return ok;
}

/* What gives text and cannot fail, or numbers. */
static bool call_other(char **fields, const char **out, Error *error)
{
    const char *name = fields[COLUMN_NAME], *a = fields[COLUMN_A], *b = fields[COLUMN_B];
    int64_t value = 0;
    *out = NULL;
    if (strcmp(name, "abs") == 0)
        *out = numeric_abs(a, arena);
    else if (strcmp(name, "negate") == 0)
        *out = numeric_negate(a, arena);
    else if (strcmp(name, "trim_scale") == 0)
        *out = numeric_trim_scale(a, arena);
    else if (strcmp(name, "from_float8") == 0)
        *out = numeric_from_double(strtod(a, NULL), 15, arena);
    else if (strcmp(name, "from_float4") == 0)
        *out = numeric_from_double((double)strtof(a, NULL), 6, arena);
    else if (strcmp(name, "sign") == 0)
        return value = numeric_sign(a), give_int(true, &value, out);
    else if (strcmp(name, "compare") == 0)
        return value = numeric_compare(a, b), give_int(true, &value, out);
    else if (strcmp(name, "to_int2") == 0)
        return give_int(numeric_to_int(a, INT16_MIN, INT16_MAX, "smallint", &value, error), &value, out);
    else if (strcmp(name, "to_int4") == 0)
        return give_int(numeric_to_int(a, INT32_MIN, INT32_MAX, "integer", &value, error), &value, out);
    else if (strcmp(name, "to_int8") == 0)
        return give_int(numeric_to_int(a, INT64_MIN, INT64_MAX, "bigint", &value, error), &value, out);
    return *out != NULL;
}

static bool call(char **fields, const char **out, Error *error)
{
    const char *name = fields[COLUMN_NAME], *a = fields[COLUMN_A], *b = fields[COLUMN_B];
    NumericOp which;
    if (find_op(name, &which))
        return op(which, a, b, out, error);
    if (find_unary(name))
        return find_unary(name)(a, arena, out, error);
    if (strcmp(name, "round") == 0)
        return numeric_round(a, atoi(b), arena, out, error);
    if (strcmp(name, "trunc") == 0)
        return numeric_trunc(a, atoi(b), arena, out, error);
    if (strcmp(name, "log") == 0)
        return numeric_log(a, b, arena, out, error);
    if (strcmp(name, "power") == 0)
        return numeric_power(a, b, arena, out, error);
    return call_other(fields, out, error);
}

/* Arguments as a query would have them: in canonical form. */
static char *canonical(const char *text)
{
    Error error;
    error_init(&error, arena);
    const char *out = text;
    bool ok = type_canonical(TYPE_NUMERIC, -1, text, &TYPE_CONTEXT_CANONICAL, arena, &out, &error);
    return arena_strdup(arena, ok ? out : text);
}

static void check_case(char **fields)
{
    Error error;
    error_init(&error, arena);
    const char *got = NULL;
    bool is_float = strncmp(fields[COLUMN_NAME], "from_float", 10) == 0, has_scale = strstr("round trunc", fields[COLUMN_NAME]) != NULL;
    if (!is_float)
        fields[COLUMN_A] = canonical(fields[COLUMN_A]);
    if (*fields[COLUMN_B] && !has_scale)
        fields[COLUMN_B] = canonical(fields[COLUMN_B]);
    ncases++;
    bool ok = call(fields, &got, &error);
    const char *state = ok ? "00000" : error.sqlstate;
    if (!ok)
        got = error.message;
    if (str_eq(state, fields[COLUMN_STATE]) && str_eq(got, fields[COLUMN_ANSWER]))
        return;
    nwrong++;
    printf("# %s(%.60s, %.60s): %s %.120s, PostgreSQL says %s %.120s\n", fields[COLUMN_NAME], fields[COLUMN_A], fields[COLUMN_B], state,
           got ? got : "(none)", fields[COLUMN_STATE], fields[COLUMN_ANSWER]);
}

static void numerics_answer_as_postgresql_does(void)
{
    FILE *file = fopen(TEST_DATA "/numerics.tsv", "r");
    CHECK(file != NULL);
    char *line = NULL;
    size_t size = 0;
    while (file && getline(&line, &size, file) > 0) {
        char *fields[NCOLUMNS], *rest = line;
        line[strcspn(line, "\n")] = '\0';
        for (int i = 0; i < NCOLUMNS; i++)
            fields[i] = strsep(&rest, "\t");
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

static void sort_keys_order_as_numbers_do(void)
{
    static const char *const RISING[] = {"-Infinity", "-1e500", "-123456789.5", "-10001", "-10000.1", "-10000", "-9999.99",       "-1.5",
                                         "-1",        "-0.5",   "-0.00001",     "-1e-30", "0",        "1e-30",  "0.00001",        "0.5",
                                         "1",         "1.0001", "1.00010001",   "1.5",    "9999",     "10000",  "10000.00000001", "10001",
                                         "123456789", "1e500",  "Infinity",     "NaN"};
    for (size_t i = 0; i < COUNT_OF(RISING); i++)
        for (size_t k = 0; k < COUNT_OF(RISING); k++) {
            Str left, right;
            str_init(&left, arena);
            str_init(&right, arena);
            numeric_sort_key(RISING[i], &left);
            numeric_sort_key(RISING[k], &right);
            int order = memcmp(left.data, right.data, left.len < right.len ? left.len : right.len);
            order = order ? order : (left.len > right.len) - (left.len < right.len);
            CHECK((order < 0) == (i < k) && (order > 0) == (i > k));
        }
    Str one, same;
    str_init(&one, arena);
    str_init(&same, arena);
    numeric_sort_key("1.5", &one);
    numeric_sort_key("1.5000", &same);
    CHECK(one.len == same.len && memcmp(one.data, same.data, one.len) == 0);
}

int main(void)
{
    arena = arena_open(NULL);
    RUN(numerics_answer_as_postgresql_does);
    RUN(sort_keys_order_as_numbers_do);
    arena_close(arena);
    return UNIT_RESULT();
}
