/*
 * money.c - amounts with two decimals, written as lc_monetary C has them: $1,234.56, -$0.05.
 *
 * Invariants:
 *  1. A Value is its canonical text: so no setting changes it.
 *  2. Digits are gathered as a negative number, whose range is the larger one.
 *
 * Any thread.
 */
#include "type/type_int.h"

enum { DECIMALS = 2 };

typedef struct Reader {
    const char *at, *end;
} Reader;

static char next(const Reader *reader)
{
    return reader->at < reader->end ? *reader->at : '\0';
}

static bool take(Reader *reader, char c)
{
    if (reader->at == reader->end || *reader->at != c)
        return false;
    reader->at++;
    return true;
}

static void skip_spaces_and_symbol(Reader *reader)
{
    while (is_space(next(reader)))
        reader->at++;
    take(reader, '$');
    while (is_space(next(reader)))
        reader->at++;
}

/* Digits, commas anywhere, one point; the digit after the second decimal rounds. false: out of range. */
static bool read_digits(Reader *reader, int64_t *cents)
{
    int decimals = 0;
    bool point = false;
    *cents = 0;
    for (; reader->at < reader->end; reader->at++) {
        char c = *reader->at;
        if (is_digit(c) && decimals < DECIMALS) {
            if (__builtin_mul_overflow(*cents, 10, cents) || __builtin_sub_overflow(*cents, c - '0', cents))
                return false;
            decimals += point;
        } else if (c == '.' && !point) {
            point = true;
        } else if (c != ',') {
            break;
        }
    }
    if (next(reader) >= '5' && is_digit(next(reader)) && __builtin_sub_overflow(*cents, 1, cents))
        return false;
    for (; decimals < DECIMALS; decimals++)
        if (__builtin_mul_overflow(*cents, 10, cents))
            return false;
    while (is_digit(next(reader)))
        reader->at++;
    return true;
}

/* What may follow: spaces, a closing bracket, a sign, the symbol. */
static bool read_tail(Reader *reader, bool *negative)
{
    for (; reader->at < reader->end; reader->at++) {
        if (*reader->at == '-')
            *negative = true;
        else if (!is_space(*reader->at) && *reader->at != ')' && *reader->at != '+' && *reader->at != '$')
            return false;
    }
    return true;
}

static bool to_value(const TypeCall *call, int64_t cents, Value *out)
{
    uint64_t amount = cents < 0 ? -(uint64_t)cents : (uint64_t)cents, whole = amount / 100;
    char groups[32], *at = groups + sizeof groups;
    int digits = 0;
    do {
        if (digits && digits % 3 == 0)
            *--at = ',';
        *--at = (char)('0' + whole % 10);
        digits++;
    } while (whole /= 10);
    Str text;
    str_init(&text, call->arena);
    str_addf(&text, "%s$%.*s.%02u", cents < 0 ? "-" : "", (int)(groups + sizeof groups - at), at, (unsigned)(amount % 100));
    *out = value_text(text.data, text.len);
    return true;
}

bool money_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    Reader reader = {text, text + len};
    int64_t cents;
    skip_spaces_and_symbol(&reader);
    bool negative = take(&reader, '-') || take(&reader, '(');
    if (!negative)
        take(&reader, '+');
    skip_spaces_and_symbol(&reader);
    if (!read_digits(&reader, &cents))
        return type_out_of_range(call, text, len);
    if (!read_tail(&reader, &negative))
        return type_invalid(call, text, len);
    if (!negative && cents == INT64_MIN)
        return type_out_of_range(call, text, len);
    return to_value(call, negative ? cents : -cents, out);
}

bool money_output(const TypeCall *call, const Value *value, Str *out)
{
    return text_output(call, value, out);
}

bool money_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    int64_t cents = binary_read_int(&reader, 8);
    return binary_read_end(&reader, call->error) && to_value(call, cents, out);
}

bool money_send(const TypeCall *call, const Value *value, Str *out)
{
    uint64_t cents = 0;
    for (size_t i = 0; i < value->s.len; i++)
        if (is_digit(value->s.ptr[i]))
            cents = cents * 10 + (uint64_t)(value->s.ptr[i] - '0');
    binary_write_uint(out, value->s.len && value->s.ptr[0] == '-' ? -cents : cents, 8);
    return true;
}
