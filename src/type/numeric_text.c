/*
 * numeric_text.c - numerics in and out: text, binary, modifiers, the engine's DECIMAL.
 *
 * Invariant: a Value of numeric(p,s) with p <= 38 and 0 <= s <= p is FDW_DECIMAL; any other numeric is its text. Output and send take both.
 *
 * Any thread.
 */
#include <limits.h>
#include <stdlib.h>

#include "type/numeric_int.h"

enum {
    BINARY_NEGATIVE = 0x4000,
    BINARY_NAN = 0xC000,
    BINARY_INFINITY = 0xD000,
    BINARY_MINUS_INFINITY = 0xF000,
    BINARY_INFINITE_SCALE = 0x20
};

int numeric_typmod_precision(int32_t typmod)
{
    return (typmod - 4) >> 16 & 0xFFFF;
}

/* 11 bits with a sign. */
int numeric_typmod_scale(int32_t typmod)
{
    return (((typmod - 4) & 0x7FF) ^ 1024) - 1024;
}

/* ---- text ---- */

/* Where the parts of a number's text lie. */
typedef struct NumberText {
    const char *digits, *end; /* mantissa, a point perhaps inside */
    bool negative;
    int before, after; /* digits before and after the point */
    long exponent;
} NumberText;

static bool scan_exponent(const char **at, const char *end, long *exponent, bool *overflow)
{
    if (*at == end || (**at != 'e' && **at != 'E'))
        return true;
    const char *c = *at + 1;
    bool negative = c < end && *c == '-';
    if (c < end && (*c == '-' || *c == '+'))
        c++;
    if (c == end || !is_digit(*c))
        return false;
    for (*exponent = 0; c < end && is_digit(*c); c++)
        if (*exponent <= INT_MAX)
            *exponent = *exponent * 10 + (*c - '0');
    if (*exponent >= INT_MAX / 2)
        *overflow = true;
    if (negative)
        *exponent = -*exponent;
    *at = c;
    return true;
}

static bool scan_number(const char *at, const char *end, NumberText *out, bool *overflow)
{
    *out = (NumberText){.negative = at < end && *at == '-'};
    if (at < end && (*at == '-' || *at == '+'))
        at++;
    out->digits = at;
    bool point = false;
    for (; at < end && (is_digit(*at) || (*at == '.' && !point)); at++) {
        if (*at == '.')
            point = true;
        else if (point)
            out->after++;
        else
            out->before++;
    }
    out->end = at;
    if (!out->before && !out->after)
        return false;
    return scan_exponent(&at, end, &out->exponent, overflow) && at == end;
}

static bool parse_special(const char *at, size_t len, Numeric *out)
{
    static const struct {
        const char *word;
        NumericKind kind;
    } WORDS[] = {
        {"nan", NUMERIC_NAN},      {"infinity", NUMERIC_INFINITY}, {"+infinity", NUMERIC_INFINITY}, {"-infinity", NUMERIC_MINUS_INFINITY},
        {"inf", NUMERIC_INFINITY}, {"+inf", NUMERIC_INFINITY},     {"-inf", NUMERIC_MINUS_INFINITY}};
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (type_word_is(at, len, WORDS[i].word)) {
            *out = (Numeric){.kind = WORDS[i].kind};
            return true;
        }
    return false;
}

/* Groups the decimal digits by four around the decimal point, which the exponent has moved. */
static Numeric group_digits(const NumberText *text, Arena *arena)
{
    static const int POWERS[] = {1000, 100, 10, 1};
    long dscale = text->after - text->exponent, point = text->before + text->exponent;
    /* The weight of the first decimal digit's group, and where in the group it stands. */
    int weight = (int)(point > 0 ? (point - 1) / NUMERIC_BASE_DIGITS : -((-point) / NUMERIC_BASE_DIGITS + 1));
    int offset = (int)((weight + 1L) * NUMERIC_BASE_DIGITS - point);
    int count = (offset + text->before + text->after + NUMERIC_BASE_DIGITS - 1) / NUMERIC_BASE_DIGITS;
    int16_t *digits = ARENA_ARRAY(arena, int16_t, count);
    for (const char *c = text->digits; c < text->end; c++)
        if (*c != '.') {
            digits[offset / NUMERIC_BASE_DIGITS] += (int16_t)((*c - '0') * POWERS[offset % NUMERIC_BASE_DIGITS]);
            offset++;
        }
    return numeric_normal(digits, count, weight, text->negative, dscale > 0 ? (int)dscale : 0);
}

bool numeric_parse(const char *text, size_t len, Arena *arena, Numeric *out, bool *overflow)
{
    const char *end = text + len;
    *overflow = false;
    while (text < end && is_space(*text))
        text++;
    while (text < end && is_space(end[-1]))
        end--;
    NumberText parts;
    if (parse_special(text, (size_t)(end - text), out))
        return true;
    if (!scan_number(text, end, &parts, overflow))
        return false;
    if (!*overflow)
        *out = group_digits(&parts, arena);
    return true;
}

Numeric numeric_from_text(const char *text, Arena *arena)
{
    Numeric number = NUMERIC_ZERO;
    bool overflow;
    if (!numeric_parse(text, strlen(text), arena, &number, &overflow) || overflow)
        number.kind = NUMERIC_NAN;
    return number;
}

/* Digits from..to-1 of the four. */
static void write_group(int value, int from, int to, Str *out)
{
    char digits[NUMERIC_BASE_DIGITS] = {(char)('0' + value / 1000), (char)('0' + value / 100 % 10), (char)('0' + value / 10 % 10),
                                        (char)('0' + value % 10)};
    str_addn(out, digits + from, (size_t)(to - from));
}

void numeric_write(const Numeric *number, Str *out)
{
    if (number->kind) {
        str_add(out, number->kind == NUMERIC_NAN ? "NaN" : number->kind == NUMERIC_INFINITY ? "Infinity" : "-Infinity");
        return;
    }
    if (number->negative)
        str_addc(out, '-');
    if (number->weight < 0 || !number->count)
        str_addc(out, '0');
    for (int weight = number->weight; weight >= 0 && number->count; weight--) {
        int index = number->weight - weight, digit = index < number->count ? number->digits[index] : 0;
        write_group(digit, index ? 0 : digit >= 1000 ? 0 : digit >= 100 ? 1 : digit >= 10 ? 2 : 3, NUMERIC_BASE_DIGITS, out);
    }
    if (number->dscale > 0)
        str_addc(out, '.');
    for (int done = 0, weight = -1; done < number->dscale; done += NUMERIC_BASE_DIGITS, weight--) {
        int index = number->weight - weight, left = number->dscale - done;
        int digit = number->count && index >= 0 && index < number->count ? number->digits[index] : 0;
        write_group(digit, 0, left < NUMERIC_BASE_DIGITS ? left : NUMERIC_BASE_DIGITS, out);
    }
}

/* ---- the engine's DECIMAL ---- */

Numeric numeric_from_i128(__int128 value, int scale, Arena *arena)
{
    bool negative = value < 0;
    unsigned __int128 rest = negative ? -(unsigned __int128)value : (unsigned __int128)value;
    /* Groups start at the decimal point: the last one may hold fewer than four decimals. */
    static const unsigned POWERS[] = {10000, 1000, 100, 10};
    int partial = scale % NUMERIC_BASE_DIGITS, count = 12;
    int groups_after = (scale + NUMERIC_BASE_DIGITS - 1) / NUMERIC_BASE_DIGITS;
    int16_t *digits = ARENA_ARRAY(arena, int16_t, count);
    for (int i = count - 1; i >= 0; i--) {
        unsigned fill = i == count - 1 && partial ? POWERS[partial] : 1, unit = NUMERIC_BASE / fill;
        digits[i] = (int16_t)((unsigned)(rest % unit) * fill);
        rest /= unit;
    }
    return numeric_normal(digits, count, count - 1 - groups_after, negative, scale);
}

Numeric numeric_from_int(int64_t value, Arena *arena)
{
    return numeric_from_i128(value, 0, arena);
}

bool numeric_to_i128(const Numeric *number, int scale, __int128 *out)
{
    if (number->kind || numeric_integer_digits(number) + scale > 38)
        return false;
    unsigned __int128 value = 0;
    int wanted = scale;
    for (int i = 0; number->count && number->weight - i >= 0; i++)
        value = value * NUMERIC_BASE + (unsigned)(i < number->count ? number->digits[i] : 0);
    for (int weight = -1; wanted > 0; weight--, wanted -= NUMERIC_BASE_DIGITS) {
        static const int POWERS[] = {1, 10, 100, 1000, 10000};
        int index = number->weight - weight, take = wanted < NUMERIC_BASE_DIGITS ? wanted : NUMERIC_BASE_DIGITS;
        int digit = number->count && index >= 0 && index < number->count ? number->digits[index] : 0;
        value = value * (unsigned)POWERS[take] + (unsigned)(digit / POWERS[NUMERIC_BASE_DIGITS - take]);
    }
    *out = number->negative ? -(__int128)value : (__int128)value;
    return true;
}

Numeric numeric_from_value(const Value *value, Arena *arena)
{
    if (value->physical == FDW_DECIMAL)
        return numeric_from_i128(value->i128, value->scale, arena);
    Numeric number = NUMERIC_ZERO;
    bool overflow;
    if (!numeric_parse(value->s.ptr, value->s.len, arena, &number, &overflow) || overflow)
        number.kind = NUMERIC_NAN;
    return number;
}

/* ---- modifiers ---- */

bool numeric_check_format(const Numeric *a, Error *error)
{
    if (a->kind == NUMERIC_FINITE && (a->weight > NUMERIC_MAX_WEIGHT || a->weight < INT16_MIN || a->dscale > NUMERIC_MAX_DSCALE))
        return error_set(error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    return true;
}

static bool field_overflow(int precision, int scale, bool infinite, Error *error)
{
    error_set(error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "numeric field overflow");
    if (infinite)
        return error_detail(error, "A field with precision %d, scale %d cannot hold an infinite value.", precision, scale);
    bool power = precision != scale;
    return error_detail(error, "A field with precision %d, scale %d must round to an absolute value less than %s%d.", precision, scale,
                        power ? "10^" : "", power ? precision - scale : 1);
}

bool numeric_apply_typmod(Numeric *number, int32_t typmod, Arena *arena, Error *error)
{
    if (typmod < 4 || number->kind == NUMERIC_NAN)
        return true;
    int precision = numeric_typmod_precision(typmod), scale = numeric_typmod_scale(typmod);
    if (number->kind)
        return field_overflow(precision, scale, true, error);
    *number = numeric_rounded(number, scale, arena);
    if (number->count && numeric_integer_digits(number) > precision - scale)
        return field_overflow(precision, scale, false, error);
    return true;
}

/* ---- the row's functions ---- */

static bool to_value(const TypeCall *call, Numeric *number, Value *out)
{
    if (!numeric_apply_typmod(number, call->typmod, call->arena, call->error) || !numeric_check_format(number, call->error))
        return false;
    FdwType layout = type_layout(TYPE_NUMERIC, call->typmod);
    if (layout.physical == FDW_DECIMAL) {
        *out = value_decimal(0, layout.scale);
        if (numeric_to_i128(number, layout.scale, &out->i128))
            return true;
        /* NaN is a value of numeric(p,s) but none of DECIMAL(p,s). */
        return error_unsupported(call->error, "NaN in a column of type numeric(%d,%d) is not supported", layout.precision, layout.scale);
    }
    Str text;
    str_init(&text, call->arena);
    numeric_write(number, &text);
    *out = value_text(text.data, text.len);
    return true;
}

/* The common case without digit arrays: plain digits into a DECIMAL, at most as many as 128 bits surely hold. */
static bool quick_decimal(const char *text, size_t len, const FdwType *layout, Value *out)
{
    const char *at = text, *end = text + len;
    bool negative = at < end && *at == '-';
    at += negative;
    __int128 value = 0;
    int after = -1, digits = 0;
    if (len > 36)
        return false;
    for (; at < end; at++) {
        if (*at == '.' && after < 0) {
            after = 0;
            continue;
        }
        if (!is_digit(*at) || after == layout->scale)
            return false;
        value = value * 10 + (*at - '0');
        digits++;
        after += after >= 0;
    }
    int missing = layout->scale - (after > 0 ? after : 0);
    if (!digits || digits + missing > layout->precision)
        return false;
    while (missing-- > 0)
        value *= 10;
    *out = value_decimal(negative ? -value : value, layout->scale);
    return true;
}

bool numeric_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    FdwType layout = type_layout(TYPE_NUMERIC, call->typmod);
    if (layout.physical == FDW_DECIMAL && quick_decimal(text, len, &layout, out))
        return true;
    Numeric number;
    bool overflow;
    if (!numeric_parse(text, len, call->arena, &number, &overflow))
        return type_invalid(call, text, len);
    if (overflow)
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
    return to_value(call, &number, out);
}

bool numeric_output(const TypeCall *call, const Value *value, Str *out)
{
    if (value->physical != FDW_DECIMAL) {
        str_addn(out, value->s.ptr, value->s.len);
        return true;
    }
    char text[48], *at = text + sizeof text;
    unsigned __int128 rest = value->i128 < 0 ? -(unsigned __int128)value->i128 : (unsigned __int128)value->i128;
    int done = 0;
    /* 128-bit division is slow: peel 18 digits at a time. */
    while (rest || done <= value->scale) {
        uint64_t chunk = (uint64_t)(rest % 1000000000000000000u);
        rest /= 1000000000000000000u;
        for (int i = 0; i < 18 && (rest || chunk || done <= value->scale); i++, chunk /= 10) {
            if (done == value->scale && done > 0)
                *--at = '.';
            *--at = (char)('0' + chunk % 10);
            done++;
        }
    }
    if (value->i128 < 0)
        *--at = '-';
    str_addn(out, at, (size_t)(text + sizeof text - at));
    return true;
}

bool numeric_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    int count = (int)binary_read_uint(&reader, 2), weight = (int)binary_read_int(&reader, 2);
    unsigned sign = (unsigned)binary_read_uint(&reader, 2), dscale = (unsigned)binary_read_uint(&reader, 2);
    if (reader.failed)
        return binary_read_end(&reader, call->error);
    if (sign != 0 && sign != BINARY_NEGATIVE && sign != BINARY_NAN && sign != BINARY_INFINITY && sign != BINARY_MINUS_INFINITY)
        return error_set(call->error, ERRCODE_INVALID_BINARY_REPRESENTATION, "invalid sign in external \"numeric\" value");
    if (dscale > NUMERIC_MAX_DSCALE)
        return error_set(call->error, ERRCODE_INVALID_BINARY_REPRESENTATION, "invalid scale in external \"numeric\" value");
    int16_t *digits = ARENA_ARRAY(call->arena, int16_t, count);
    for (int i = 0; i < count; i++) {
        digits[i] = (int16_t)binary_read_int(&reader, 2);
        if (digits[i] < 0 || digits[i] >= NUMERIC_BASE)
            return error_set(call->error, ERRCODE_INVALID_BINARY_REPRESENTATION, "invalid digit in external \"numeric\" value");
    }
    if (!binary_read_end(&reader, call->error))
        return false;
    Numeric number = numeric_normal(digits, count, weight, sign == BINARY_NEGATIVE, (int)dscale);
    if (sign == BINARY_NAN || sign == BINARY_INFINITY || sign == BINARY_MINUS_INFINITY)
        number = (Numeric){.kind = sign == BINARY_NAN ? NUMERIC_NAN : sign == BINARY_INFINITY ? NUMERIC_INFINITY : NUMERIC_MINUS_INFINITY};
    else
        number = numeric_truncated(&number, (int)dscale, call->arena);
    return to_value(call, &number, out);
}

bool numeric_send(const TypeCall *call, const Value *value, Str *out)
{
    Numeric number = numeric_from_value(value, call->arena);
    unsigned sign = number.kind == NUMERIC_NAN              ? BINARY_NAN
                    : number.kind == NUMERIC_INFINITY       ? BINARY_INFINITY
                    : number.kind == NUMERIC_MINUS_INFINITY ? BINARY_MINUS_INFINITY
                    : number.negative                       ? BINARY_NEGATIVE
                                                            : 0;
    binary_write_uint(out, (uint64_t)number.count, 2);
    binary_write_uint(out, (uint64_t)number.weight, 2);
    binary_write_uint(out, sign, 2);
    /* Infinities carry a scale that their sign word happens to read as. */
    binary_write_uint(out, number.kind && number.kind != NUMERIC_NAN ? BINARY_INFINITE_SCALE : (uint64_t)number.dscale, 2);
    for (int i = 0; i < number.count; i++)
        binary_write_uint(out, (uint64_t)number.digits[i], 2);
    return true;
}
