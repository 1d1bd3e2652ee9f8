/*
 * test_type_table.c - the table of types against PostgreSQL's own catalog, names and modifiers; vectors; time zones; what "now" means.
 */
#include <stdlib.h>

#include "type/type.h"
#include "unit.h"

static Arena *arena;

static void each_line(const char *path, void (*fn)(char **fields, int count))
{
    FILE *file = fopen(path, "r");
    CHECK(file != NULL);
    char *line = NULL;
    size_t size = 0;
    while (file && getline(&line, &size, file) > 0) {
        char *fields[40], *rest = line;
        int count = 0;
        line[strcspn(line, "\n")] = '\0';
        while (rest && count < 40)
            fields[count++] = strsep(&rest, "\t");
        fn(fields, count);
        arena_reset(arena);
    }
    if (file)
        fclose(file);
    free(line);
}

/* ---- pg_type ---- */

enum { TYPE_COLUMN_OID = 0, TYPE_COLUMN_NAME = 1, TYPE_COLUMN_KIND = 6, TYPE_COLUMN_CATEGORY = 7, TYPE_COLUMN_ARRAY = 14 };

static int ntypes;

static void check_type(char **fields, int count)
{
    Oid oid = (Oid)strtoul(fields[TYPE_COLUMN_OID], NULL, 10), array = (Oid)strtoul(fields[TYPE_COLUMN_ARRAY], NULL, 10);
    bool is_base =
        strchr("bpmr", fields[TYPE_COLUMN_KIND][0]) && (fields[TYPE_COLUMN_CATEGORY][0] != 'A' || fields[TYPE_COLUMN_NAME][0] != '_');
    if (!oid || !is_base || oid >= 10000 || strcmp(fields[TYPE_COLUMN_NAME], "_record") == 0)
        return;
    ntypes++;
    if (type_array_of(oid) != array)
        printf("# type %s: array %u\n", fields[TYPE_COLUMN_NAME], type_array_of(oid));
    CHECK(type_array_of(oid) == array);
    CHECK(!array || type_array_element(array) == oid);
    CHECK(type_format_builtin(oid, -1, arena) != NULL);
}

static void every_builtin_type_has_a_row(void)
{
    each_line(FACTS "/catalog/pg_type.tsv", check_type);
    CHECK(ntypes > 90);
}

/* ---- modifiers ---- */

static void check_typmod(char **fields, int count)
{
    const char *modifiers[8];
    size_t nmodifiers = 0;
    Oid oid = (Oid)strtoul(fields[0], NULL, 10);
    Error error;
    error_init(&error, arena);
    int32_t typmod = fields[1][0] == '?' ? TYPMOD_NOT_GIVEN : -1;
    bool ok = true;
    if (fields[1][0] != '?' && strcmp(fields[1], "-") != 0) {
        for (char *rest = fields[1]; rest;)
            modifiers[nmodifiers++] = strsep(&rest, ",");
        ok = type_typmod_input(oid, modifiers, nmodifiers, &typmod, &error);
        CHECK(typmod == atoi(fields[3]));
    }
    CHECK_STR(ok ? "00000" : error.sqlstate, fields[2]);
    CHECK_STR(ok ? type_format_builtin(oid, typmod, arena) : error.message, fields[4]);
}

static void modifiers_and_names_are_those_of_postgresql(void)
{
    each_line(TEST_DATA "/typmods.tsv", check_typmod);
}

/* ---- vectors ---- */

static void keep_string(FdwVector *vector, size_t row, const char *bytes, size_t len)
{
    FdwString *string = &((FdwString *)vector->data)[row];
    *string = (FdwString){.length = (uint32_t)len};
    if (len <= 12)
        memcpy(string->u.inlined, bytes, len);
    else
        string->u.at.pointer = arena_strndup(arena, bytes, len);
}

/* Through a vector and back: the same text. */
static void check_through_vector(Oid oid, int32_t typmod, const char *text)
{
    uint64_t validity = ~UINT64_C(0);
    _Alignas(16) char data[64 * 4];
    FdwVector vector = {.type = type_layout(oid, typmod), .data = data, .validity = &validity};
    Error error;
    error_init(&error, arena);
    Value value, null = value_null(vector.type.physical);
    Str out;
    str_init(&out, arena);
    CHECK(type_input(oid, typmod, text, strlen(text), &TYPE_CONTEXT_CANONICAL, arena, &value, &error));
    type_vector_set(&vector, 2, &value, keep_string);
    type_vector_set(&vector, 3, &null, keep_string);
    Value back = type_vector_get(&vector, 2);
    CHECK(!back.is_null && type_vector_get(&vector, 3).is_null);
    CHECK(type_output(oid, &back, &TYPE_CONTEXT_CANONICAL, &out, &error));
    CHECK_STR(out.data, text);
}

static void values_pass_through_vectors(void)
{
    static const struct {
        Oid oid;
        const char *text;
    } ROWS[] = {{TYPE_BOOL, "t"},
                {TYPE_INT2, "-32768"},
                {TYPE_INT4, "-7"},
                {TYPE_INT8, "9223372036854775807"},
                {TYPE_OID, "4294967295"},
                {TYPE_FLOAT4, "1.5"},
                {TYPE_FLOAT8, "-0.1"},
                {TYPE_TEXT, "short"},
                {TYPE_TEXT, "longer than what is inlined"},
                {TYPE_BYTEA, "\\x00ff"},
                {TYPE_DATE, "2020-02-29"},
                {TYPE_TIME, "23:59:59.5"},
                {TYPE_TIMESTAMP, "1969-12-31 23:59:59.000001"},
                {TYPE_TIMESTAMPTZ, "infinity"},
                {TYPE_INTERVAL, "1 year 2 mons -3 days +04:05:06"},
                {TYPE_UUID, "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
                {TYPE_NUMERIC, "123.4500"},
                {TYPE_INT4_ARRAY, "{1,NULL,3}"}};
    for (size_t i = 0; i < COUNT_OF(ROWS); i++)
        check_through_vector(ROWS[i].oid, -1, ROWS[i].text);
    static const int PRECISIONS[] = {4, 9, 18, 38};
    for (size_t i = 0; i < COUNT_OF(PRECISIONS); i++) {
        check_through_vector(TYPE_NUMERIC, (PRECISIONS[i] << 16 | 2) + 4, "-12.30");
        check_through_vector(TYPE_NUMERIC, (PRECISIONS[i] << 16 | 2) + 4, "0.00");
    }
    check_through_vector(TYPE_NUMERIC, (38 << 16 | 10) + 4, "-1234567890123456789012345678.0123456789");
}

/* ---- time ---- */

static const char *shown(Oid oid, const char *text, const TypeContext *context)
{
    Error error;
    error_init(&error, arena);
    Value value;
    Str out;
    str_init(&out, arena);
    if (!type_input(oid, -1, text, strlen(text), context, arena, &value, &error) || !type_output(oid, &value, context, &out, &error))
        return error.message;
    return out.data;
}

static void now_is_the_contexts(void)
{
    TypeContext context = TYPE_CONTEXT_CANONICAL;
    context.time_zone = timezone_find("America/New_York");
    context.now = INT64_C(1583020800123456); /* 2020-03-01 00:00:00.123456 UTC, in New York the evening before */
    CHECK_STR(shown(TYPE_TIMESTAMPTZ, "now", &context), "2020-02-29 19:00:00.123456-05");
    CHECK_STR(shown(TYPE_TIMESTAMP, "now", &context), "2020-02-29 19:00:00.123456");
    CHECK_STR(shown(TYPE_DATE, "now", &context), "2020-02-29");
    CHECK_STR(shown(TYPE_DATE, "tomorrow", &context), "2020-03-01");
    CHECK_STR(shown(TYPE_DATE, "yesterday", &context), "2020-02-28");
    CHECK_STR(shown(TYPE_TIMESTAMPTZ, "today", &context), "2020-02-29 00:00:00-05");
    CHECK_STR(shown(TYPE_TIMESTAMP, "today 12:30", &context), "2020-02-29 12:30:00");
    CHECK_STR(shown(TYPE_TIMESTAMP, "tomorrow allballs", &context), "2020-03-01 00:00:00");
    CHECK_STR(shown(TYPE_TIME, "now", &context), "19:00:00.123456");
    CHECK_STR(shown(TYPE_TIMETZ, "now", &context), "19:00:00.123456-05");
    CHECK_STR(shown(TYPE_TIMETZ, "12:00", &context), "12:00:00-05");
    CHECK_STR(shown(TYPE_TIMETZ, "2020-07-01 12:00 America/New_York", &context), "12:00:00-04");
}

static void zones_are_found_safely(void)
{
    CHECK(timezone_find("UTC") == TYPE_CONTEXT_CANONICAL.time_zone);
    CHECK(timezone_find("europe/berlin") == timezone_find("Europe/Berlin") ||
          strcmp(timezone_name(timezone_find("europe/berlin")), "Europe/Berlin") == 0);
    static const char *const BAD[] = {
        "",  "Nowhere/Town",           "../../../etc/passwd", "/etc/localtime", "Europe", "Europe/", "tzdata.zi", "zone.tab",
        ".", "Europe/../Europe/Berlin"};
    for (size_t i = 0; i < COUNT_OF(BAD); i++)
        CHECK(timezone_find(BAD[i]) == NULL);
    CHECK_STR(timezone_name(timezone_of_offset(7200)), "<+02>-02");
    CHECK_STR(timezone_name(timezone_of_offset(-12600)), "<-03:30>+03:30");
    CHECK(timezone_offset_at(timezone_of_offset(-12600), 0, NULL) == -12600);
    const char *abbreviation;
    CHECK(timezone_offset_at(timezone_find("Europe/Berlin"), INT64_C(1593561600000000), &abbreviation) == 7200);
    CHECK_STR(abbreviation, "CEST");
}

/* ---- names by the resolver ---- */

static const char *reg_output(void *arg, Oid type, Oid value, Arena *to)
{
    return type == TYPE_REGCLASS && value == 1259 ? "pg_class" : NULL;
}

static bool reg_input(void *arg, Oid type, const char *text, Oid *out, Error *error)
{
    *out = 1259;
    return strcmp(text, "pg_class") == 0 || error_set(error, ERRCODE_UNDEFINED_TABLE, "relation \"%s\" does not exist", text);
}

static const char *role_name(void *arg, Oid role, Arena *to)
{
    return role == 10 ? "postgres" : role == 20 ? "odd name" : NULL;
}

static Oid role_oid(void *arg, const char *name)
{
    return strcmp(name, "postgres") == 0 ? 10 : strcmp(name, "odd name") == 0 ? 20 : OID_NONE;
}

static void names_are_resolved_and_kept_as_numbers(void)
{
    static const TypeResolver RESOLVER = {NULL, reg_output, reg_input, role_name, role_oid};
    TypeContext context = TYPE_CONTEXT_CANONICAL;
    context.resolver = &RESOLVER;
    CHECK_STR(shown(TYPE_REGCLASS, "pg_class", &context), "pg_class");
    CHECK_STR(shown(TYPE_REGCLASS, "1259", &context), "pg_class");
    CHECK_STR(shown(TYPE_REGCLASS, "7", &context), "7");
    CHECK_STR(shown(TYPE_REGCLASS, "-", &context), "-");
    CHECK_STR(shown(TYPE_REGCLASS, "none", &context), "relation \"none\" does not exist");
    CHECK_STR(shown(TYPE_REGCLASS_ARRAY, "{pg_class,7}", &context), "{pg_class,7}");
    CHECK_STR(shown(TYPE_ACLITEM, "postgres=r*w/postgres", &context), "postgres=r*w/postgres");
    CHECK_STR(shown(TYPE_ACLITEM, "=U/\"odd name\"", &context), "=U/\"odd name\"");
    CHECK_STR(shown(TYPE_ACLITEM, "nobody=r/postgres", &context), "role \"nobody\" does not exist");
    CHECK_STR(shown(TYPE_ACLITEM, "postgres=z/postgres", &context), "invalid mode character: must be one of \"arwdDxtXUCTcsA\"");
    Error error;
    error_init(&error, arena);
    const char *stored = NULL;
    CHECK(
        type_canonical(TYPE_ACLITEM_ARRAY, -1, "{postgres=r/postgres,\"\\\"odd name\\\"=w*/postgres\"}", &context, arena, &stored, &error));
    CHECK_STR(stored, "{10=r/10,20=w*/10}");
    CHECK(type_canonical(TYPE_REGCLASS, -1, "pg_class", &context, arena, &stored, &error));
    CHECK_STR(stored, "1259");
    Value acl = value_text("{10=r/10,20=w*/10,99=r/10}", 26);
    Str out;
    str_init(&out, arena);
    CHECK(type_output(TYPE_ACLITEM_ARRAY, &acl, &context, &out, &error));
    CHECK_STR(out.data, "{postgres=r/postgres,\"\\\"odd name\\\"=w*/postgres\",99=r/postgres}");
}

/* ---- binary forms that are none ---- */

static void malformed_binary_values_are_refused(void)
{
    static const Oid TYPES[] = {TYPE_BOOL,      TYPE_INT4,     TYPE_INT8,   TYPE_FLOAT8,     TYPE_NUMERIC, TYPE_DATE,
                                TYPE_TIMESTAMP, TYPE_INTERVAL, TYPE_TIMETZ, TYPE_UUID,       TYPE_INET,    TYPE_INT4_ARRAY,
                                TYPE_OIDVECTOR, TYPE_VARBIT,   TYPE_TID,    TYPE_TEXT_ARRAY, TYPE_JSONB,   TYPE_MACADDR8};
    static const char *const BYTES[] = {
        "", "\xff", "\xff\xff\xff\xff",
        "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"};
    for (size_t i = 0; i < COUNT_OF(TYPES); i++)
        for (size_t k = 0; k < COUNT_OF(BYTES); k++) {
            Error error;
            error_init(&error, arena);
            Value value;
            size_t len = strlen(BYTES[k]);
            bool right_size = type_layout(TYPES[i], -1).physical != FDW_STRING && len > 0;
            bool ok = type_receive(TYPES[i], -1, BYTES[k], len, &TYPE_CONTEXT_CANONICAL, arena, &value, &error);
            CHECK(ok ? right_size : error_is_set(&error));
        }
}

int main(void)
{
    arena = arena_open(NULL);
    RUN(every_builtin_type_has_a_row);
    RUN(modifiers_and_names_are_those_of_postgresql);
    RUN(values_pass_through_vectors);
    RUN(now_is_the_contexts);
    RUN(zones_are_found_safely);
    RUN(names_are_resolved_and_kept_as_numbers);
    RUN(malformed_binary_values_are_refused);
    arena_close(arena);
    return UNIT_RESULT();
}
