/*
 * func_hash.c - PostgreSQL's hash of a value, by which rows of a hash partitioned table find their partition.
 *
 * Invariants:
 *  1. A row lies where PostgreSQL puts it: the hash is Bob Jenkins's lookup3 over the bytes that a value has in PostgreSQL's memory, with
 * the seed of partitioning; the hashes of several columns are combined in their order, NULLs left out.
 *  2. A value is hashed as its type's default operator class does: equal values of a type hash alike.
 *
 * Any thread.
 */
#include <stdio.h>
#include <stdlib.h>

#include "func/func_array.h"
#include "func/func_internal.h"
#include "func/partition.h"

#define PARTITION_SEED UINT64_C(0x7A5B22367996DCFD)

enum { DAYS_TO_2000 = 10957 };
static const int64_t MICROS_TO_2000 = INT64_C(946684800000000), MICROS_OF_DAY = INT64_C(86400000000);

/* ---- lookup3 ---- */

typedef struct Mix {
    uint32_t a, b, c;
} Mix;

static uint32_t rotate(uint32_t x, int by)
{
    return x << by | x >> (32 - by);
}

static void mix(Mix *m)
{
    static const int TURNS[] = {4, 6, 8, 16, 19, 4};
    for (int i = 0; i < 6; i++) { /* each step takes the next of a, b, c */
        Mix was = *m;
        was.a = (was.a - was.c) ^ rotate(was.c, TURNS[i]);
        was.c += was.b;
        *m = (Mix){was.b, was.c, was.a};
    }
}

static void finish(Mix *m)
{
    static const int TURNS[] = {14, 11, 25, 16, 4, 14, 24};
    for (int i = 0; i < 7; i++) {
        Mix was = *m;
        was.c = (was.c ^ was.b) - rotate(was.b, TURNS[i]);
        *m = (Mix){was.b, was.c, was.a};
    }
    *m = (Mix){m->c, m->a, m->b}; /* seven steps of three leave them turned by one */
}

static Mix start(size_t len, uint64_t seed)
{
    uint32_t all = 0x9e3779b9u + (uint32_t)len + 3923095u;
    Mix m = {all, all, all};
    if (seed) {
        m.a += (uint32_t)(seed >> 32);
        m.b += (uint32_t)seed;
        mix(&m);
    }
    return m;
}

static uint32_t word_at(const unsigned char *bytes, size_t len, size_t at)
{
    uint32_t word = 0;
    for (size_t i = at; i < at + 4 && i < len; i++)
        word |= (uint32_t)bytes[i] << (8 * (i - at));
    return word;
}

static uint64_t hash_bytes(const void *data, size_t len, uint64_t seed)
{
    const unsigned char *bytes = data;
    Mix m = start(len, seed);
    for (; len >= 12; bytes += 12, len -= 12) {
        m.a += word_at(bytes, len, 0);
        m.b += word_at(bytes, len, 4);
        m.c += word_at(bytes, len, 8);
        mix(&m);
    }
    m.a += word_at(bytes, len, 0);
    m.b += word_at(bytes, len, 4);
    m.c += word_at(bytes, len, 8) << 8; /* its lowest byte is the length's */
    finish(&m);
    return (uint64_t)m.b << 32 | m.c;
}

static uint64_t hash_word(uint32_t word, uint64_t seed)
{
    Mix m = start(sizeof word, seed);
    m.a += word;
    finish(&m);
    return (uint64_t)m.b << 32 | m.c;
}

/* An int8 hashes as the int4 of the same value does. */
static uint64_t hash_int8(int64_t value, uint64_t seed)
{
    uint32_t low = (uint32_t)value, high = (uint32_t)((uint64_t)value >> 32);
    return hash_word(low ^ (value >= 0 ? high : ~high), seed);
}

/* ---- values of a type ---- */

static uint64_t hash_float(double value, uint64_t seed)
{
    if (value == 0)
        return seed;
    if (value != value)
        value = __builtin_nan("");
    return hash_bytes(&value, sizeof value, seed);
}

/* In groups of four digits from the point, without groups of zeros at either end. */
static uint64_t hash_numeric(Arena *arena, const char *text, uint64_t seed)
{
    const char *point = strchr(text, '.'), *digits = text + (*text == '-');
    size_t whole = point ? (size_t)(point - digits) : strlen(digits), fraction = point ? strlen(point + 1) : 0;
    if (!strchr("0123456789.", *digits)) /* NaN, Infinity */
        return seed;
    size_t lead = (4 - whole % 4) % 4, count = (lead + whole + fraction + 3) / 4, from = 0;
    int16_t *groups = ARENA_ARRAY(arena, int16_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        groups[i] = 0;
        for (size_t k = i * 4; k < i * 4 + 4; k++) {
            size_t at = k - lead;
            char digit = k < lead ? '0' : at < whole ? digits[at] : at - whole < fraction ? point[1 + at - whole] : '0';
            groups[i] = (int16_t)(groups[i] * 10 + (digit - '0'));
        }
    }
    int weight = (int)((lead + whole) / 4) - 1;
    for (; from < count && !groups[from]; from++)
        weight--;
    if (from == count)
        return seed - 1;
    while (!groups[count - 1])
        count--;
    return hash_bytes(groups + from, (count - from) * sizeof groups[0], seed) ^ (uint64_t)(int64_t)weight;
}

/* Bytes beyond ASCII are written "\377". */
static signed char char_of(const char *text)
{
    bool octal = text[0] == '\\' && text[1];
    return (signed char)(octal ? strtol(text + 1, NULL, 8) : *text);
}

static uint64_t hash_timetz(FuncCall *call, const char *text, uint64_t seed)
{
    const char *zone = text + strcspn(text, "+-");
    int part[3] = {0};
    Value time;
    sscanf(*zone ? zone + 1 : "", "%d:%d:%d", &part[0], &part[1], &part[2]);
    int west = (part[0] * 3600 + part[1] * 60 + part[2]) * (*zone == '-' ? 1 : -1);
    if (!type_input(TYPE_TIME, -1, text, (size_t)(zone - text), call->context->types, call->arena, &time, call->error))
        return 0;
    return hash_int8(time.i, seed) ^ hash_word((uint32_t)west, seed);
}

static uint64_t hash_interval(FdwInterval interval, uint64_t seed)
{
    __int128 span = ((__int128)interval.months * 30 + interval.days) * MICROS_OF_DAY + interval.micros;
    return hash_int8((int64_t)span, seed);
}

static int64_t from_2000(int64_t micros)
{
    return micros == INT64_MAX ? INT64_MAX : micros == -INT64_MAX ? INT64_MIN : micros - MICROS_TO_2000;
}

static uint64_t hash_uuid(__int128 value, uint64_t seed)
{
    unsigned __int128 bits = (unsigned __int128)value ^ ((unsigned __int128)1 << 127);
    unsigned char bytes[16];
    for (int i = 0; i < 16; i++)
        bytes[i] = (unsigned char)(bits >> (8 * (15 - i)));
    return hash_bytes(bytes, sizeof bytes, seed);
}

static bool hash_enum(FuncCall *call, Oid type, const char *label, uint64_t seed, uint64_t *out)
{
    CatalogRows *rows = catalog_query(call->context->catalog, call->arena, call->error,
                                      "SELECT oid FROM pg_enum WHERE enumtypid = ?1 AND enumlabel = ?2", "os", type, label);
    *out = rows && rows->nrows ? hash_word((uint32_t)rows->cells[0].i, seed) : 0;
    return rows != NULL;
}

static bool hash_value(FuncCall *call, Oid oid, const char *text, uint64_t seed, uint64_t *out);

/* Elements in their order, whatever the dimensions. */
static bool hash_array(FuncCall *call, Oid element, const char *text, uint64_t seed, uint64_t *out)
{
    ArrayShape shape;
    *out = 1;
    if (!type_array_read(text, strlen(text), ',', call->arena, &shape, call->error))
        return false;
    for (size_t i = 0; i < shape.count; i++) {
        uint64_t one = 0;
        const ArrayElement *at = &shape.elements[i];
        if (at->text && !hash_value(call, element, arena_strndup(call->arena, at->text, at->len), seed, &one))
            return false;
        *out = (*out << 5) - *out + one;
    }
    return true;
}

/* Types without a layout of their own. */
static bool hash_other(FuncCall *call, Oid oid, const char *text, uint64_t seed, uint64_t *out)
{
    const CatType *type = catalog_type(call->context->catalog, oid);
    if (type && type->kind == 'd')
        return hash_value(call, type->base, text, seed, out);
    if (type && type->kind == 'e')
        return hash_enum(call, oid, text, seed, out);
    if (type && type->category == 'A' && type->element)
        return hash_array(call, type->element, text, seed, out);
    return error_unsupported(call->error, "hash partitioning by a column of type %s is not supported",
                             catalog_format_type(call->context->catalog, oid, -1, call->arena));
}

static size_t length_without_blanks(const char *text)
{
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == ' ')
        len--;
    return len;
}

/* Types that have a layout of their own. */
static uint64_t hash_fixed(Oid oid, Value value, uint64_t seed)
{
    switch (oid) {
    case TYPE_BOOL:
        return hash_word(value.b, seed);
    case TYPE_INT8:
    case TYPE_TIME:
        return hash_int8(value.i, seed);
    case TYPE_FLOAT4:
    case TYPE_FLOAT8:
        return hash_float(value.f, seed);
    case TYPE_DATE:
        return hash_word((uint32_t)(value.i == INT32_MAX ? INT32_MAX : value.i == -INT32_MAX ? INT32_MIN : value.i - DAYS_TO_2000), seed);
    case TYPE_TIMESTAMP:
    case TYPE_TIMESTAMPTZ:
        return hash_int8(from_2000(value.i), seed);
    case TYPE_INTERVAL:
        return hash_interval(value.interval, seed);
    case TYPE_UUID:
        return hash_uuid(value.i128, seed);
    case TYPE_BYTEA:
        return hash_bytes(value.s.ptr, value.s.len, seed);
    default:
        return hash_word((uint32_t)value.i, seed);
    }
}

static bool is_fixed(Oid oid)
{
    static const Oid FIXED[] = {TYPE_BOOL, TYPE_INT2, TYPE_INT4,      TYPE_INT8,        TYPE_OID,      TYPE_FLOAT4, TYPE_FLOAT8,
                                TYPE_DATE, TYPE_TIME, TYPE_TIMESTAMP, TYPE_TIMESTAMPTZ, TYPE_INTERVAL, TYPE_UUID,   TYPE_BYTEA};
    for (size_t i = 0; i < COUNT_OF(FIXED); i++)
        if (FIXED[i] == oid)
            return true;
    return false;
}

static bool hash_value(FuncCall *call, Oid oid, const char *text, uint64_t seed, uint64_t *out)
{
    Value value;
    switch (oid) {
    case TYPE_TEXT:
    case TYPE_VARCHAR:
    case TYPE_NAME:
        *out = hash_bytes(text, strlen(text), seed);
        return true;
    case TYPE_BPCHAR:
        *out = hash_bytes(text, length_without_blanks(text), seed);
        return true;
    case TYPE_NUMERIC:
        *out = hash_numeric(call->arena, text, seed);
        return true;
    case TYPE_TIMETZ:
        *out = hash_timetz(call, text, seed);
        return !error_is_set(call->error);
    case TYPE_CHAR:
        *out = hash_word((uint32_t)(int32_t)char_of(text), seed);
        return true;
    default:
        break;
    }
    if (!is_fixed(oid))
        return hash_other(call, oid, text, seed, out);
    if (!type_input(oid, -1, text, strlen(text), call->context->types, call->arena, &value, call->error))
        return false;
    *out = hash_fixed(oid, value, seed);
    return true;
}

/* ---- satisfies_hash_partition ---- */

/* One more column's value in the hash of a row. */
static bool add_hash(FuncCall *call, Oid type, const char *text, uint64_t *row)
{
    uint64_t one;
    if (!hash_value(call, type, text, PARTITION_SEED, &one))
        return false;
    *row ^= one + UINT64_C(0x49a0f4dd15e5a8e3) + (*row << 54) + (*row >> 7);
    return true;
}

bool partition_hash(const FuncContext *context, const PartitionKey *key, const char *const *values, Arena *arena, uint64_t *out,
                    Error *error)
{
    FuncCall call = {.context = context, .arena = arena, .error = error};
    *out = 0;
    for (int i = 0; i < key->ncolumns; i++)
        if (values[i] && !add_hash(&call, key->columns[i].type, values[i], out))
            return false;
    return true;
}

static Oid type_at(const ArrayShape *types, size_t i)
{
    return (Oid)strtoul(types->elements[i].text, NULL, 10);
}

static bool refuse(FuncCall *call, const char *text)
{
    return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "%s", text);
}

static bool check_key(FuncCall *call, Oid oid, const ArrayShape *types)
{
    Catalog *catalog = call->context->catalog;
    const CatRelation *relation = catalog_relation(catalog, oid);
    const PartitionKey *key = relation ? partition_key(catalog, oid, call->arena, call->error) : NULL;
    if (!relation)
        return error_set(call->error, ERRCODE_UNDEFINED_TABLE, "could not open relation with OID %u", oid);
    if (!key || key->strategy != 'h')
        return error_is_set(call->error)
                   ? false
                   : error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "\"%s\" is not a hash partitioned table", relation->name);
    if (call->args[1].i <= 0)
        return refuse(call, "modulus for hash partition must be an integer value greater than zero");
    if (call->args[2].i < 0)
        return refuse(call, "remainder for hash partition must be an integer value greater than or equal to zero");
    if (call->args[2].i >= call->args[1].i)
        return refuse(call, "remainder for hash partition must be less than modulus");
    if ((size_t)key->ncolumns != types->count)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE,
                         "number of partitioning columns (%d) does not match number of partition keys provided (%d)", key->ncolumns,
                         (int)types->count);
    for (int i = 0; i < key->ncolumns; i++)
        if (type_at(types, (size_t)i) != key->columns[i].type)
            return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE,
                             "column %d of the partition key has type %s, but supplied value is of type %s", i + 1,
                             catalog_format_type(catalog, key->columns[i].type, -1, call->arena),
                             catalog_format_type(catalog, type_at(types, (size_t)i), -1, call->arena));
    return true;
}

/* Arguments: the table, modulus, remainder; arrays of the values' types and of their texts. */
bool helper_hash_partition(FuncCall *call)
{
    ArrayShape types, texts;
    uint64_t row = 0;
    if (call->args[0].is_null || call->args[1].is_null || call->args[2].is_null)
        return return_bool(call, false);
    if (!array_read(call, 3, &types) || !array_read(call, 4, &texts) ||
        (arg_oid(call, 0) != PARTITION_KEY_CHECKED && !check_key(call, arg_oid(call, 0), &types)))
        return false;
    for (size_t i = 0; i < texts.count; i++) {
        const ArrayElement *at = &texts.elements[i];
        if (at->text && !add_hash(call, type_at(&types, i), arena_strndup(call->arena, at->text, at->len), &row))
            return false;
    }
    return return_bool(call, row % (uint64_t)call->args[1].i == (uint64_t)call->args[2].i);
}

/* ---- the functions of operator classes that people call: the low half without a seed, all of it with one ---- */

static bool hashtext(FuncCall *call)
{
    return return_int(call, (int32_t)hash_bytes(call->args[0].s.ptr, call->args[0].s.len, 0));
}

static bool hashtextextended(FuncCall *call)
{
    return return_int(call, (int64_t)hash_bytes(call->args[0].s.ptr, call->args[0].s.len, (uint64_t)call->args[1].i));
}

static bool hashint(FuncCall *call)
{
    return return_int(call, (int32_t)hash_int8(call->args[0].i, 0));
}

static const FuncRow ROWS[] = {
    {F_HASHTEXT_TEXT, hashtext},
    {F_HASHTEXTEXTENDED_TEXT_INT8, hashtextextended},
    {F_HASHINT4_INT4, hashint},
    {F_HASHINT8_INT8, hashint},
};
const FuncTable FUNC_TABLE_HASH = {ROWS, COUNT_OF(ROWS)};
