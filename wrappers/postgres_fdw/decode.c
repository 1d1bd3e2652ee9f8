/*
 * decode.c - PostgreSQL's binary forms of values, straight into vectors.
 *
 * Which way a column takes is decided once a scan, from the type the source really has and the one declared here:
 *  - the same type: its binary form is decoded;
 *  - types whose binary form is their text (text, varchar, bpchar, name, json, xml): the bytes serve as text;
 *  - everything else: the source is asked for the text form, and the host's input function of the declared type reads it, so that the
 *    value, or the error, is what PostgreSQL's postgres_fdw gives.
 *
 * Invariant: no field is read beyond its length, whatever the source sends: a wrong length is 08P01.
 *
 * One thread a Decoder.
 */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgres_fdw.h"

/* PostgreSQL's type OIDs (its pg_type.dat). */
enum {
    BOOLOID = 16,
    BYTEAOID = 17,
    CHAROID = 18,
    NAMEOID = 19,
    INT8OID = 20,
    INT2OID = 21,
    INT4OID = 23,
    TEXTOID = 25,
    OIDOID = 26,
    XIDOID = 28,
    CIDOID = 29,
    JSONOID = 114,
    XMLOID = 142,
    CIDROID = 650,
    FLOAT4OID = 700,
    FLOAT8OID = 701,
    UNKNOWNOID = 705,
    MONEYOID = 790,
    INETOID = 869,
    BPCHAROID = 1042,
    VARCHAROID = 1043,
    DATEOID = 1082,
    TIMEOID = 1083,
    TIMESTAMPOID = 1114,
    TIMESTAMPTZOID = 1184,
    INTERVALOID = 1186,
    NUMERICOID = 1700,
    UUIDOID = 2950,
    JSONBOID = 3802,
    FIRST_USER_OID = 16384,
};

/* From 1970-01-01, where vectors begin, to 2000-01-01, where PostgreSQL does. */
enum { EPOCH_DAYS = 10957 };
static const int64_t EPOCH_MICROS = (int64_t)EPOCH_DAYS * 86400 * 1000000;

/* ---- reading ---- */

static uint16_t read16(const char *bytes)
{
    uint16_t value;
    memcpy(&value, bytes, sizeof value);
    return be16toh(value);
}

static uint32_t read32(const char *bytes)
{
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return be32toh(value);
}

static uint64_t read64(const char *bytes)
{
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return be64toh(value);
}

static FdwVector *vector_of(Decoder *decoder, size_t column)
{
    return &decoder->batch->vectors[column];
}

static bool wrong_length(Decoder *decoder, int length)
{
    return postgres_fail(decoder->call, "08P01", "the remote server sent a value of %d bytes where its type has another length", length);
}

#define WANT_LENGTH(n)                                                                                                                     \
    do {                                                                                                                                   \
        if (length != (n))                                                                                                                 \
            return wrong_length(decoder, length);                                                                                          \
    } while (0)

/* ---- one function a form ---- */

static bool decode_bool(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    WANT_LENGTH(1);
    ((uint8_t *)vector_of(decoder, column)->data)[row] = bytes[0] != 0;
    return true;
}

static bool decode_int2(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    WANT_LENGTH(2);
    ((int16_t *)vector_of(decoder, column)->data)[row] = (int16_t)read16(bytes);
    return true;
}

static bool decode_int4(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    WANT_LENGTH(4);
    ((uint32_t *)vector_of(decoder, column)->data)[row] = read32(bytes);
    return true;
}

static bool decode_int8(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    WANT_LENGTH(8);
    ((uint64_t *)vector_of(decoder, column)->data)[row] = read64(bytes);
    return true;
}

static bool decode_int2_as_int4(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    WANT_LENGTH(2);
    ((int32_t *)vector_of(decoder, column)->data)[row] = (int16_t)read16(bytes);
    return true;
}

static bool decode_int2_as_int8(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    WANT_LENGTH(2);
    ((int64_t *)vector_of(decoder, column)->data)[row] = (int16_t)read16(bytes);
    return true;
}

static bool decode_int4_as_int8(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    WANT_LENGTH(4);
    ((int64_t *)vector_of(decoder, column)->data)[row] = (int32_t)read32(bytes);
    return true;
}

static bool decode_date(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    WANT_LENGTH(4);
    int32_t days = (int32_t)read32(bytes);
    if (days == INT32_MIN)
        days = -INT32_MAX;
    else if (days != INT32_MAX)
        days += EPOCH_DAYS;
    ((int32_t *)vector_of(decoder, column)->data)[row] = days;
    return true;
}

/* Years beyond 294246 lie in PostgreSQL's range but not in the vector's. */
static bool decode_timestamp(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    WANT_LENGTH(8);
    int64_t micros = (int64_t)read64(bytes);
    if (micros == INT64_MIN) {
        micros = -INT64_MAX;
    } else if (micros != INT64_MAX && __builtin_add_overflow(micros, EPOCH_MICROS, &micros)) {
        return postgres_fail(decoder->call, "22008", "timestamp out of range");
    }
    ((int64_t *)vector_of(decoder, column)->data)[row] = micros;
    return true;
}

static bool decode_interval(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    WANT_LENGTH(16);
    ((FdwInterval *)vector_of(decoder, column)->data)[row] =
        (FdwInterval){.micros = (int64_t)read64(bytes), .days = (int32_t)read32(bytes + 8), .months = (int32_t)read32(bytes + 12)};
    return true;
}

static bool decode_uuid(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    WANT_LENGTH(16);
    ((FdwInt128 *)vector_of(decoder, column)->data)[row] =
        (FdwInt128){.upper = (int64_t)(read64(bytes) ^ (UINT64_C(1) << 63)), .lower = read64(bytes + 8)};
    return true;
}

static bool decode_bytes(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    decoder->call->host->set_string(vector_of(decoder, column), row, bytes, (size_t)length);
    return true;
}

/* Through the declared type's input function. */
static bool decode_text(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    return decoder->call->host->set_text(decoder->call, vector_of(decoder, column), row, bytes, (size_t)length);
}

static bool decode_bool_text(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    WANT_LENGTH(1);
    return decode_text(decoder, column, row, bytes[0] ? "t" : "f", 1);
}

/* jsonb: a version byte, then its text. */
static bool decode_jsonb(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    if (length < 1 || bytes[0] != 1)
        return wrong_length(decoder, length);
    return decode_bytes(decoder, column, row, bytes + 1, length - 1);
}

static bool decode_jsonb_text(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    if (length < 1 || bytes[0] != 1)
        return wrong_length(decoder, length);
    return decode_text(decoder, column, row, bytes + 1, length - 1);
}

/* ---- numeric: base-10000 digits, the weight of the first, a sign, a display scale ---- */

enum { NUMERIC_HEAD = 8, NUMERIC_NEGATIVE = 0x4000, NUMERIC_NAN = 0xC000, NUMERIC_INFINITY = 0xD000, NUMERIC_MINUS_INFINITY = 0xF000 };

typedef struct Numeric {
    int ndigits, weight, sign, scale;
    const char *digits;
} Numeric;

static bool read_numeric(Decoder *decoder, const char *bytes, int length, Numeric *out)
{
    if (length < NUMERIC_HEAD)
        return wrong_length(decoder, length);
    *out = (Numeric){(int)read16(bytes), (int16_t)read16(bytes + 2), (int)read16(bytes + 4), (int)read16(bytes + 6), bytes + NUMERIC_HEAD};
    return length == NUMERIC_HEAD + 2 * out->ndigits || wrong_length(decoder, length);
}

/* A source that sends more than 9999 for a digit has the texts no longer than they may be. */
static int numeric_digit(const Numeric *numeric, int index)
{
    int digit = index >= 0 && index < numeric->ndigits ? (int)read16(numeric->digits + 2 * index) : 0;
    return digit > 9999 ? 9999 : digit;
}

static const char *special_numeric(const Numeric *numeric)
{
    switch (numeric->sign) {
    case NUMERIC_NAN:
        return "NaN";
    case NUMERIC_INFINITY:
        return "Infinity";
    case NUMERIC_MINUS_INFINITY:
        return "-Infinity";
    default:
        return NULL;
    }
}

/* Text as numeric_out writes it; `out` has room for numeric_room bytes. */
static size_t numeric_room(const Numeric *numeric)
{
    return (size_t)(numeric->weight > 0 ? numeric->weight : 0) * 4 + (size_t)numeric->scale + 16;
}

static size_t write_numeric(const Numeric *numeric, char *out)
{
    char *at = out;
    if (numeric->sign == NUMERIC_NEGATIVE)
        *at++ = '-';
    if (numeric->weight < 0)
        *at++ = '0';
    for (int i = 0; i <= numeric->weight; i++)
        at += sprintf(at, i ? "%04d" : "%d", numeric_digit(numeric, i));
    if (numeric->scale > 0) {
        *at++ = '.';
        char group[8];
        for (int left = numeric->scale, i = numeric->weight + 1; left > 0; left -= 4, i++) {
            snprintf(group, sizeof group, "%04d", numeric_digit(numeric, i));
            int take = left < 4 ? left : 4;
            memcpy(at, group, (size_t)take);
            at += take;
        }
    }
    return (size_t)(at - out);
}

static bool with_numeric_text(Decoder *decoder, size_t column, size_t row, const Numeric *numeric, DecodeFunction next)
{
    const char *special = special_numeric(numeric);
    if (special)
        return next(decoder, column, row, special, (int)strlen(special));
    char small[256];
    size_t room = numeric_room(numeric);
    char *text = room <= sizeof small ? small : malloc(room);
    if (!text)
        abort();
    bool ok = next(decoder, column, row, text, (int)write_numeric(numeric, text));
    if (text != small)
        free(text);
    return ok;
}

static bool decode_numeric_text(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    Numeric numeric = {0};
    return read_numeric(decoder, bytes, length, &numeric) && with_numeric_text(decoder, column, row, &numeric, decode_bytes);
}

static bool decode_numeric_input(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    Numeric numeric = {0};
    return read_numeric(decoder, bytes, length, &numeric) && with_numeric_text(decoder, column, row, &numeric, decode_text);
}

static const int64_t POWERS[] = {1,
                                 10,
                                 100,
                                 1000,
                                 10000,
                                 100000,
                                 1000000,
                                 10000000,
                                 100000000,
                                 1000000000,
                                 10000000000,
                                 100000000000,
                                 1000000000000,
                                 10000000000000,
                                 100000000000000,
                                 1000000000000000,
                                 10000000000000000,
                                 100000000000000000,
                                 1000000000000000000};

static __int128 power_of_ten(int exponent)
{
    return exponent <= 18 ? POWERS[exponent] : (__int128)POWERS[18] * power_of_ten(exponent - 18);
}

static bool append_digits(__int128 *value, int power, int digits)
{
    return !__builtin_mul_overflow(*value, (__int128)POWERS[power], value) && !__builtin_add_overflow(*value, (__int128)digits, value);
}

/* The value times 10^scale; false: it does not fit (precision, scale) without rounding. */
static bool scale_numeric(const Numeric *numeric, const FdwType *type, __int128 *out)
{
    if (special_numeric(numeric))
        return false;
    int whole = numeric->weight + 1 + type->scale / 4; /* groups that count in full */
    int part = type->scale % 4;                        /* digits of the next that count */
    __int128 value = 0;
    for (int i = 0; i < whole; i++)
        if (!append_digits(&value, 4, numeric_digit(numeric, i)))
            return false;
    int cut = (int)POWERS[4 - part], group = whole >= 0 ? numeric_digit(numeric, whole) : 0;
    if ((part && whole >= 0 && !append_digits(&value, part, group / cut)) || (whole >= 0 && group % cut))
        return false;
    for (int i = whole + 1 > 0 ? whole + 1 : 0; i < numeric->ndigits; i++)
        if (numeric_digit(numeric, i))
            return false;
    if (value >= power_of_ten(type->precision))
        return false;
    *out = numeric->sign == NUMERIC_NEGATIVE ? -value : value;
    return true;
}

/* The same for the values that most are: four groups at most, none of which is cut off. */
static bool scale_short_numeric(const Numeric *numeric, const FdwType *type, int64_t *out)
{
    enum { MOST_GROUPS = 4 };
    int whole = numeric->weight + 1 + type->scale / 4, part = type->scale % 4, groups = whole + (part > 0);
    if (whole < 0 || groups > MOST_GROUPS || numeric->ndigits > groups || (numeric->sign != 0 && numeric->sign != NUMERIC_NEGATIVE))
        return false;
    int64_t value = 0;
    for (int i = 0; i < whole; i++)
        value = value * 10000 + numeric_digit(numeric, i);
    if (part) {
        int cut = (int)POWERS[4 - part], group = numeric_digit(numeric, whole);
        if (group % cut)
            return false;
        value = value * POWERS[part] + group / cut;
    }
    if (type->precision <= 18 && value >= POWERS[type->precision])
        return false;
    *out = numeric->sign ? -value : value;
    return true;
}

static bool decode_decimal(Decoder *decoder, size_t column, size_t row, const char *bytes, int length)
{
    Numeric numeric = {0};
    if (!read_numeric(decoder, bytes, length, &numeric))
        return false;
    FdwVector *vector = vector_of(decoder, column);
    __int128 value;
    int64_t small;
    if (scale_short_numeric(&numeric, &vector->type, &small))
        value = small;
    else if (!scale_numeric(&numeric, &vector->type, &value))
        return with_numeric_text(decoder, column, row, &numeric, decode_text);
    if (vector->type.precision <= 4)
        ((int16_t *)vector->data)[row] = (int16_t)value;
    else if (vector->type.precision <= 9)
        ((int32_t *)vector->data)[row] = (int32_t)value;
    else if (vector->type.precision <= 18)
        ((int64_t *)vector->data)[row] = (int64_t)value;
    else
        ((FdwInt128 *)vector->data)[row] = (FdwInt128){.lower = (uint64_t)value, .upper = (int64_t)(value >> 64)};
    return true;
}

/* ---- choosing ---- */

static const struct {
    Oid type;
    FdwPhysical physical;
    DecodeFunction decode;
} BINARY_FORMS[] = {
    {BOOLOID, FDW_BOOL, decode_bool},
    {BYTEAOID, FDW_BYTES, decode_bytes},
    {INT8OID, FDW_INT64, decode_int8},
    {INT2OID, FDW_INT16, decode_int2},
    {INT4OID, FDW_INT32, decode_int4},
    {OIDOID, FDW_UINT32, decode_int4},
    {XIDOID, FDW_UINT32, decode_int4},
    {CIDOID, FDW_UINT32, decode_int4},
    {FLOAT4OID, FDW_FLOAT, decode_int4},
    {FLOAT8OID, FDW_DOUBLE, decode_int8},
    {DATEOID, FDW_DATE, decode_date},
    {TIMEOID, FDW_TIME, decode_int8},
    {TIMESTAMPOID, FDW_TIMESTAMP, decode_timestamp},
    {TIMESTAMPTZOID, FDW_TIMESTAMPTZ, decode_timestamp},
    {INTERVALOID, FDW_INTERVAL, decode_interval},
    {UUIDOID, FDW_UUID, decode_uuid},
    {JSONBOID, FDW_STRING, decode_jsonb},
};

/* Integers that are declared wider here. */
static const struct {
    Oid type, declared;
    DecodeFunction decode;
} WIDENINGS[] = {
    {INT2OID, INT4OID, decode_int2_as_int4},
    {INT2OID, INT8OID, decode_int2_as_int8},
    {INT4OID, INT8OID, decode_int4_as_int8},
};

/* Types whose binary form is their text form. */
static bool is_textual(Oid type)
{
    return type == TEXTOID || type == VARCHAROID || type == BPCHAROID || type == NAMEOID || type == JSONOID || type == XMLOID ||
           type == UNKNOWNOID;
}

/* Whether any text is a value of the declared type as it is. */
static bool takes_any_text(const FdwType *declared)
{
    return declared->oid == TEXTOID || (declared->oid == VARCHAROID && declared->typmod < 0);
}

static bool same_type(const FdwType *declared, Oid type, int typmod)
{
    return declared->oid == type && (declared->typmod < 0 || declared->typmod == typmod);
}

bool postgres_same_bytes(const FdwType *declared, Oid type, int typmod)
{
    if (is_textual(type) && takes_any_text(declared))
        return true;
    return same_type(declared, type, typmod) && type < FIRST_USER_OID;
}

static DecodeFunction choose_numeric(const FdwType *declared, int typmod)
{
    if (declared->physical == FDW_DECIMAL)
        return decode_decimal;
    return declared->typmod < 0 || declared->typmod == typmod ? decode_numeric_text : decode_numeric_input;
}

static DecodeFunction choose_binary(const FdwType *declared, Oid type, int typmod)
{
    if (type == NUMERICOID && declared->oid == NUMERICOID)
        return choose_numeric(declared, typmod);
    if (is_textual(type))
        return declared->physical == FDW_STRING && postgres_same_bytes(declared, type, typmod) ? decode_bytes : decode_text;
    if (same_type(declared, type, typmod))
        for (size_t i = 0; i < sizeof BINARY_FORMS / sizeof BINARY_FORMS[0]; i++)
            if (BINARY_FORMS[i].type == type && BINARY_FORMS[i].physical == declared->physical)
                return BINARY_FORMS[i].decode;
    for (size_t i = 0; i < sizeof WIDENINGS / sizeof WIDENINGS[0]; i++)
        if (WIDENINGS[i].type == type && WIDENINGS[i].declared == declared->oid)
            return WIDENINGS[i].decode;
    if (type == BOOLOID)
        return decode_bool_text;
    return type == JSONBOID ? decode_jsonb_text : NULL;
}

/* A cast to text is the output function for all but these. */
static Spelling choose_spelling(Oid type)
{
    switch (type) {
    case INETOID:
        return SPELL_INET;
    case CIDROID:
        return SPELL_CIDR;
    case CHAROID:
        return SPELL_CHAR;
    default:
        return SPELL_TEXT;
    }
}

/* ---- where a wrong value stands ---- */

enum { KEY_COLUMNS = 3, KEY_LENGTH = 64 };

static bool is_short_word(const FdwField *field)
{
    if (field->length > KEY_LENGTH)
        return false;
    for (int32_t i = 0; i < field->length; i++)
        if ((unsigned char)field->bytes[i] < ' ' || (unsigned char)field->bytes[i] > '~')
            return false;
    return true;
}

/* A value of a kind that keys are made of; NULL: it is none. */
static const char *key_text(const Decoder *decoder, size_t column, const FdwField *field)
{
    Oid type = decoder->types[column];
    if (field->length < 0)
        return NULL;
    if (decoder->spellings[column] != SPELL_PLAIN || is_textual(type))
        return is_short_word(field) ? postgres_text(decoder->call, "%.*s", (int)field->length, field->bytes) : NULL;
    if (type == INT2OID && field->length == 2)
        return postgres_text(decoder->call, "%d", (int16_t)read16(field->bytes));
    if (type == INT4OID && field->length == 4)
        return postgres_text(decoder->call, "%d", (int32_t)read32(field->bytes));
    if (type == INT8OID && field->length == 8)
        return postgres_text(decoder->call, "%lld", (long long)read64(field->bytes));
    if (type == UUIDOID && field->length == 16) {
        const char *b = field->bytes;
        return postgres_text(decoder->call, "%08x-%04x-%04x-%04x-%04x%08x", read32(b), read16(b + 4), read16(b + 6), read16(b + 8),
                             read16(b + 10), read32(b + 12));
    }
    return NULL;
}

bool postgres_decoder_context(const Decoder *decoder, size_t column, const FdwField *row)
{
    FdwCall *call = decoder->call;
    const FdwScanSpec *spec = decoder->spec;
    FdwPlace place = {NULL, NULL};
    if (spec->places)
        place = spec->places[column];
    else if (spec->table && spec->column_names)
        place = (FdwPlace){spec->table->name, spec->column_names[column]};
    const char *line = place.table ? postgres_text(call, "column \"%s\" of foreign table \"%s\" on server \"%s\"", place.column,
                                                   place.table, decoder->server_name)
                                   : postgres_text(call, "processing expression at position %zu in select list on server \"%s\"",
                                                   column + 1, decoder->server_name);
    for (size_t i = 0, shown = 0; i < spec->ncolumns && shown < KEY_COLUMNS; i++) {
        const char *text = i != column && spec->column_names && spec->column_names[i] ? key_text(decoder, i, &row[i]) : NULL;
        if (text)
            line = postgres_text(call, shown++ ? "%s, %s = %s" : "%s, row with %s = %s", line, spec->column_names[i], text);
    }
    return call->host->add_context(call, line);
}

/* ---- a scan's columns ---- */

void postgres_decoder_alloc(Decoder *decoder, FdwCall *call, const char *server_name, const FdwScanSpec *spec)
{
    *decoder = (Decoder){.call = call, .server_name = server_name, .spec = spec};
    decoder->types = call->host->alloc(call, (spec->ncolumns + 1) * sizeof *decoder->types);
    decoder->functions = call->host->alloc(call, (spec->ncolumns + 1) * sizeof *decoder->functions);
    decoder->spellings = call->host->alloc(call, (spec->ncolumns + 1) * sizeof *decoder->spellings);
}

bool postgres_decoder_describe(Decoder *decoder, const Oid *types, const int *typmods, int nfields)
{
    const FdwScanSpec *spec = decoder->spec;
    if ((size_t)nfields != spec->ncolumns)
        return postgres_fail(decoder->call, "HV021", "remote query returned %d columns where %zu were expected", nfields, spec->ncolumns);
    memcpy(decoder->types, types, spec->ncolumns * sizeof *types);
    decoder->respelled = false;
    for (size_t i = 0; i < spec->ncolumns; i++) {
        const FdwType *declared = &spec->columns[i];
        decoder->functions[i] = choose_binary(declared, types[i], typmods[i]);
        decoder->spellings[i] = SPELL_PLAIN;
        if (decoder->functions[i])
            continue;
        /* How money is written depends on the source's lc_monetary. */
        bool is_same = types[i] < FIRST_USER_OID && types[i] != MONEYOID && same_type(declared, types[i], typmods[i]);
        bool as_is = declared->physical == FDW_STRING && (is_same || takes_any_text(declared));
        decoder->functions[i] = as_is ? decode_bytes : decode_text;
        decoder->spellings[i] = choose_spelling(types[i]);
        decoder->respelled = true;
    }
    return true;
}

const char *postgres_decoder_sql(const Decoder *decoder, const char *sql)
{
    static const char *const FORMATS[] = {
        [SPELL_PLAIN] = "c%zu",
        [SPELL_TEXT] = "c%zu::pg_catalog.text",
        [SPELL_INET] = "pg_catalog.textin(pg_catalog.inet_out(c%zu))",
        [SPELL_CIDR] = "pg_catalog.textin(pg_catalog.cidr_out(c%zu))",
        [SPELL_CHAR] = "pg_catalog.textin(pg_catalog.charout(c%zu))",
    };
    if (!decoder->respelled)
        return sql;
    size_t ncolumns = decoder->spec->ncolumns;
    char *out = decoder->call->host->alloc(decoder->call, strlen(sql) + ncolumns * 100 + 64), *at = stpcpy(out, "SELECT ");
    for (size_t i = 0; i < ncolumns; i++) {
        at = stpcpy(at, i ? ", " : "");
        at += sprintf(at, FORMATS[decoder->spellings[i]], i + 1);
    }
    at += sprintf(at, " FROM (%s) AS r(", sql);
    for (size_t i = 0; i < ncolumns; i++)
        at += sprintf(at, i ? ", c%zu" : "c%zu", i + 1);
    strcpy(at, ")");
    return out;
}
