/*
 * convert.c - a field's text into a vector.
 *
 * Each type has a quick way for its plain spelling (digits, ISO dates); all else, errors included, is the host's input function's.
 *
 * Invariant: a quick way takes a text only when the input function would give the same value for it.
 *
 * Any thread.
 */
#include <string.h>

#include "file_fdw.h"

/* PostgreSQL's type OIDs. */
enum { TEXTOID = 25, BPCHAROID = 1042, VARCHAROID = 1043, NUMERICOID = 1700, VARLENA_HEADER = 4 };

static bool convert_any(FdwCall *call, FdwVector *vector, size_t row, const char *bytes, size_t length)
{
    return call->host->set_text(call, vector, row, bytes, length);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A plain integer of at most 18 digits. */
static bool read_integer(const char *bytes, size_t length, int64_t *out)
{
    bool negative = length > 0 && bytes[0] == '-';
    size_t digits = length - negative;
    if (digits == 0 || digits > 18)
        return false;
    int64_t value = 0;
    for (size_t i = negative; i < length; i++) {
        if (!is_digit(bytes[i]))
            return false;
        value = value * 10 + (bytes[i] - '0');
    }
    *out = negative ? -value : value;
    return true;
}

static bool convert_int16(FdwCall *call, FdwVector *vector, size_t row, const char *bytes, size_t length)
{
    int64_t value;
    if (!read_integer(bytes, length, &value) || value != (int16_t)value)
        return convert_any(call, vector, row, bytes, length);
    ((int16_t *)vector->data)[row] = (int16_t)value;
    return true;
}

static bool convert_int32(FdwCall *call, FdwVector *vector, size_t row, const char *bytes, size_t length)
{
    int64_t value;
    if (!read_integer(bytes, length, &value) || value != (int32_t)value)
        return convert_any(call, vector, row, bytes, length);
    ((int32_t *)vector->data)[row] = (int32_t)value;
    return true;
}

static bool convert_int64(FdwCall *call, FdwVector *vector, size_t row, const char *bytes, size_t length)
{
    int64_t value;
    if (!read_integer(bytes, length, &value))
        return convert_any(call, vector, row, bytes, length);
    ((int64_t *)vector->data)[row] = value;
    return true;
}

static bool convert_bool(FdwCall *call, FdwVector *vector, size_t row, const char *bytes, size_t length)
{
    if (length != 1 || !strchr("tf10", bytes[0]) || !bytes[0])
        return convert_any(call, vector, row, bytes, length);
    ((uint8_t *)vector->data)[row] = bytes[0] == 't' || bytes[0] == '1';
    return true;
}

/* ---- decimals ---- */

typedef struct Decimal {
    bool negative;
    int digits, scale; /* written digits in all, and after the point */
    int64_t value;
} Decimal;

/* [-]digits[.digits], at most 18 digits, at least one before the point. */
static bool read_decimal(const char *bytes, size_t length, Decimal *out)
{
    *out = (Decimal){.negative = length > 0 && bytes[0] == '-'};
    bool point = false;
    for (size_t i = out->negative; i < length; i++) {
        if (bytes[i] == '.' && !point && out->digits > 0) {
            point = true;
            continue;
        }
        if (!is_digit(bytes[i]) || ++out->digits > 18)
            return false;
        out->value = out->value * 10 + (bytes[i] - '0');
        out->scale += point;
    }
    return out->digits > 0;
}

static int64_t power_of_ten(int exponent)
{
    int64_t power = 1;
    while (exponent-- > 0)
        power *= 10;
    return power;
}

static bool convert_decimal(FdwCall *call, FdwVector *vector, size_t row, const char *bytes, size_t length)
{
    const FdwType *type = &vector->type;
    Decimal decimal;
    if (!read_decimal(bytes, length, &decimal) || decimal.scale > type->scale ||
        decimal.digits - decimal.scale > type->precision - type->scale || decimal.digits - decimal.scale + type->scale > 18)
        return convert_any(call, vector, row, bytes, length);
    int64_t value = decimal.value * power_of_ten(type->scale - decimal.scale);
    value = decimal.negative ? -value : value;
    if (type->precision <= 4)
        ((int16_t *)vector->data)[row] = (int16_t)value;
    else if (type->precision <= 9)
        ((int32_t *)vector->data)[row] = (int32_t)value;
    else if (type->precision <= 18)
        ((int64_t *)vector->data)[row] = value;
    else
        ((FdwInt128 *)vector->data)[row] = (FdwInt128){.lower = (uint64_t)value, .upper = value < 0 ? -1 : 0};
    return true;
}

/* numeric without modifier: its own text, when that is already as numeric_out would write it. */
static bool convert_numeric(FdwCall *call, FdwVector *vector, size_t row, const char *bytes, size_t length)
{
    Decimal decimal;
    bool plain = read_decimal(bytes, length, &decimal) && bytes[length - 1] != '.' && (!decimal.negative || decimal.value);
    size_t first = decimal.negative;
    if (!plain || (bytes[first] == '0' && decimal.digits - decimal.scale > 1))
        return convert_any(call, vector, row, bytes, length);
    call->host->set_string(vector, row, bytes, length);
    return true;
}

/* Exact where the digits fit a double and the power of ten is exact too. */
static bool convert_double(FdwCall *call, FdwVector *vector, size_t row, const char *bytes, size_t length)
{
    static const double POWERS[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
    Decimal decimal;
    if (!read_decimal(bytes, length, &decimal) || decimal.value > INT64_C(1) << 53)
        return convert_any(call, vector, row, bytes, length);
    double value = (double)decimal.value / POWERS[decimal.scale];
    ((double *)vector->data)[row] = decimal.negative ? -value : value;
    return true;
}

/* ---- dates ---- */

static bool read_digits(const char *bytes, int count, int *out)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (!is_digit(bytes[i]))
            return false;
        value = value * 10 + (bytes[i] - '0');
    }
    *out = value;
    return true;
}

/* Days since 1970-01-01 of a proleptic Gregorian date (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
static int32_t days_of(int year, int month, int day)
{
    year -= month <= 2;
    int era = year / 400;
    int year_of_era = year - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

/* YYYY-MM-DD of a day that exists. */
static bool read_date(const char *bytes, int32_t *out)
{
    static const int LENGTHS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;
    if (!read_digits(bytes, 4, &year) || bytes[4] != '-' || !read_digits(bytes + 5, 2, &month) || bytes[7] != '-' ||
        !read_digits(bytes + 8, 2, &day))
        return false;
    if (year < 1 || month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day > LENGTHS[month - 1] + (month == 2 && leap))
        return false;
    *out = days_of(year, month, day);
    return true;
}

static bool convert_date(FdwCall *call, FdwVector *vector, size_t row, const char *bytes, size_t length)
{
    int32_t days;
    if (length != 10 || !read_date(bytes, &days))
        return convert_any(call, vector, row, bytes, length);
    ((int32_t *)vector->data)[row] = days;
    return true;
}

/* HH:MM:SS[.f to .ffffff] */
static bool read_time(const char *bytes, size_t length, int64_t *out)
{
    int hour, minute, second;
    if (length < 8 || !read_digits(bytes, 2, &hour) || bytes[2] != ':' || !read_digits(bytes + 3, 2, &minute) || bytes[5] != ':' ||
        !read_digits(bytes + 6, 2, &second) || hour > 23 || minute > 59 || second > 59)
        return false;
    int fraction = 0;
    if (length > 8) {
        int digits = (int)length - 9;
        if (bytes[8] != '.' || digits < 1 || digits > 6 || !read_digits(bytes + 9, digits, &fraction))
            return false;
        fraction *= (int)power_of_ten(6 - digits);
    }
    *out = ((int64_t)(hour * 60 + minute) * 60 + second) * 1000000 + fraction;
    return true;
}

static bool convert_timestamp(FdwCall *call, FdwVector *vector, size_t row, const char *bytes, size_t length)
{
    int32_t days;
    int64_t micros;
    if (length < 19 || !read_date(bytes, &days) || (bytes[10] != ' ' && bytes[10] != 'T') || !read_time(bytes + 11, length - 11, &micros))
        return convert_any(call, vector, row, bytes, length);
    ((int64_t *)vector->data)[row] = (int64_t)days * INT64_C(86400000000) + micros;
    return true;
}

/* ---- texts ---- */

static bool convert_text(FdwCall *call, FdwVector *vector, size_t row, const char *bytes, size_t length)
{
    call->host->set_string(vector, row, bytes, length);
    return true;
}

/* Not longer in bytes than the type allows characters: it fits. */
static bool convert_varchar(FdwCall *call, FdwVector *vector, size_t row, const char *bytes, size_t length)
{
    if (length > (size_t)(vector->type.typmod - VARLENA_HEADER))
        return convert_any(call, vector, row, bytes, length);
    return convert_text(call, vector, row, bytes, length);
}

static Converter choose_string(const FdwType *type)
{
    switch (type->oid) {
    case TEXTOID:
        return convert_text;
    case VARCHAROID:
        return type->typmod < 0 ? convert_text : convert_varchar;
    case BPCHAROID:
        return type->typmod < 0 ? convert_text : convert_any;
    case NUMERICOID:
        return type->typmod < 0 ? convert_numeric : convert_any;
    default:
        return convert_any;
    }
}

bool convert_takes_all(const FdwType *type)
{
    return type->physical == FDW_STRING && choose_string(type) == convert_text;
}

Converter convert_choose(const FdwType *type)
{
    switch (type->physical) {
    case FDW_BOOL:
        return convert_bool;
    case FDW_INT16:
        return convert_int16;
    case FDW_INT32:
        return convert_int32;
    case FDW_INT64:
        return convert_int64;
    case FDW_DECIMAL:
        return convert_decimal;
    case FDW_DOUBLE:
        return convert_double;
    case FDW_DATE:
        return convert_date;
    case FDW_TIMESTAMP:
        return type->typmod < 0 ? convert_timestamp : convert_any;
    case FDW_STRING:
        return choose_string(type);
    default:
        return convert_any;
    }
}
