/*
 * range.c - ranges of numbers, dates and times: [1,5), (,2020-01-01], empty.
 *
 * Invariants:
 *  1. A Value of a range type is its canonical text. Ranges of whole numbers and of days have the form [a,b), so that equal ones have one
 *     text; of numrange they may have several (1 and 1.0).
 *  2. A bound that is infinite is never inclusive; a lower bound is never above the upper one.
 *
 * Any thread.
 */
#include "type/datetime_int.h"
#include "type/range_int.h"

static const struct {
    Oid range, multirange, bound;
} KINDS[] = {
    {TYPE_INT4RANGE, TYPE_INT4MULTIRANGE, TYPE_INT4},  {TYPE_NUMRANGE, TYPE_NUMMULTIRANGE, TYPE_NUMERIC},
    {TYPE_TSRANGE, TYPE_TSMULTIRANGE, TYPE_TIMESTAMP}, {TYPE_TSTZRANGE, TYPE_TSTZMULTIRANGE, TYPE_TIMESTAMPTZ},
    {TYPE_DATERANGE, TYPE_DATEMULTIRANGE, TYPE_DATE},  {TYPE_INT8RANGE, TYPE_INT8MULTIRANGE, TYPE_INT8},
};

/* PostgreSQL's last day, 5874897-12-31. */
enum { LAST_DAY = 2147483493 - DAYS_TO_JULIAN };

static TypeCall call_of(const TypeCall *call, Oid oid)
{
    TypeCall other = *call;
    other.oid = oid;
    other.typmod = -1;
    other.row = type_row_builtin(oid);
    return other;
}

TypeCall range_bound_call(const TypeCall *call)
{
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (call->oid == KINDS[i].range || call->oid == KINDS[i].multirange)
            return call_of(call, KINDS[i].bound);
    return *call;
}

Oid range_type_of_multirange(Oid type)
{
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (type == KINDS[i].multirange)
            return KINDS[i].range;
    return OID_NONE;
}

TypeCall range_of_multirange(const TypeCall *call)
{
    Oid range = range_type_of_multirange(call->oid);
    return range ? call_of(call, range) : *call;
}

/* ---- comparing ---- */

int range_compare_values(const Value *a, const Value *b)
{
    if (a->physical == FDW_STRING)
        return numeric_compare(a->s.ptr, b->s.ptr);
    return (a->i > b->i) - (a->i < b->i);
}

int range_compare_lower(const RangeBound *a, const RangeBound *b)
{
    if (a->infinite || b->infinite)
        return b->infinite - a->infinite;
    int order = range_compare_values(&a->value, &b->value);
    return order ? order : b->inclusive - a->inclusive;
}

int range_compare_upper(const RangeBound *a, const RangeBound *b)
{
    if (a->infinite || b->infinite)
        return a->infinite - b->infinite;
    int order = range_compare_values(&a->value, &b->value);
    return order ? order : a->inclusive - b->inclusive;
}

/* Of equal values one that is not inclusive lies above a lower bound, and below an upper one. */
int range_compare_lower_upper(const RangeBound *lower, const RangeBound *upper)
{
    if (lower->infinite || upper->infinite)
        return -1;
    int order = range_compare_values(&lower->value, &upper->value);
    return order || (lower->inclusive && upper->inclusive) ? order : 1;
}

bool range_touches(const RangeBound *end, const RangeBound *start)
{
    bool are_there = !end->infinite && !start->infinite;
    return are_there && end->inclusive != start->inclusive && range_compare_values(&end->value, &start->value) == 0;
}

/* ---- the canonical form ---- */

static bool settle(const TypeCall *call, Range *range)
{
    range->lower.inclusive &= !range->lower.infinite;
    range->upper.inclusive &= !range->upper.infinite;
    if (range->empty || range->lower.infinite || range->upper.infinite)
        return true;
    int order = range_compare_values(&range->lower.value, &range->upper.value);
    if (order > 0)
        return error_set(call->error, ERRCODE_DATA_EXCEPTION, "range lower bound must be less than or equal to range upper bound");
    range->empty = order == 0 && !(range->lower.inclusive && range->upper.inclusive);
    return true;
}

static bool move_up(const TypeCall *call, const TypeCall *bound, Value *value)
{
    if (bound->oid == TYPE_INT4 && value->i == INT32_MAX)
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range");
    if (bound->oid == TYPE_INT8 && value->i == INT64_MAX)
        return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "bigint out of range");
    if (bound->oid == TYPE_DATE && value->i >= LAST_DAY)
        return error_set(call->error, ERRCODE_DATETIME_VALUE_OUT_OF_RANGE, "date out of range");
    value->i++;
    return true;
}

static bool is_infinite_day(const TypeCall *bound, const Value *value)
{
    return bound->oid == TYPE_DATE && (value->i == DATE_INFINITY || value->i == DATE_MINUS_INFINITY);
}

/* The next number or day, where one can be named: the lower bound inclusive, the upper one not. */
bool range_canonicalize(const TypeCall *call, Range *range)
{
    TypeCall bound = range_bound_call(call);
    if (!settle(call, range))
        return false;
    if (range->empty || (bound.oid != TYPE_INT4 && bound.oid != TYPE_INT8 && bound.oid != TYPE_DATE))
        return true;
    RangeBound *lower = &range->lower, *upper = &range->upper;
    if (!lower->infinite && !lower->inclusive && !is_infinite_day(&bound, &lower->value)) {
        if (!move_up(call, &bound, &lower->value))
            return false;
        lower->inclusive = true;
    }
    if (!upper->infinite && upper->inclusive && !is_infinite_day(&bound, &upper->value)) {
        if (!move_up(call, &bound, &upper->value))
            return false;
        upper->inclusive = false;
    }
    return settle(call, range);
}

/* ---- text in ---- */

typedef struct Reader {
    const TypeCall *call;
    const char *text, *at, *end;
} Reader;

static bool malformed(const Reader *reader, const char *detail)
{
    error_set(reader->call->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "malformed range literal: \"%.*s\"",
              (int)(reader->end - reader->text), reader->text);
    return error_detail(reader->call->error, "%s", detail);
}

static char next(const Reader *reader)
{
    return reader->at < reader->end ? *reader->at : '\0';
}

static void skip_spaces(Reader *reader)
{
    while (is_space(next(reader)))
        reader->at++;
}

static bool is_stop(char c)
{
    return c == ',' || c == ')' || c == ']';
}

/* Up to a comma or a closing bracket outside of quotes; spaces belong to it. */
static bool read_bound(Reader *reader, RangeBound *out)
{
    out->infinite = is_stop(next(reader));
    if (out->infinite)
        return true;
    Str text;
    str_init(&text, reader->call->arena);
    for (bool quoted = false; quoted || !is_stop(next(reader));) {
        if (reader->at == reader->end)
            return malformed(reader, "Unexpected end of input.");
        char c = *reader->at++;
        if (c == '\\') {
            if (reader->at == reader->end)
                return malformed(reader, "Unexpected end of input.");
            str_addc(&text, *reader->at++);
        } else if (c == '"' && quoted && next(reader) == '"') {
            str_addc(&text, *reader->at++);
        } else if (c == '"') {
            quoted = !quoted;
        } else {
            str_addc(&text, c);
        }
    }
    TypeCall bound = range_bound_call(reader->call);
    return bound.row->input(&bound, text.data ? text.data : "", text.len, &out->value);
}

/* The brackets and the two bounds' texts are all there before either bound is looked at: a wrong bound is the smaller error. */
static bool check_shape(Reader *reader)
{
    const char *start = reader->at;
    int commas = 0;
    for (bool quoted = false; quoted || (next(reader) != ')' && next(reader) != ']');) {
        if (reader->at == reader->end)
            return malformed(reader, "Unexpected end of input.");
        char c = *reader->at++;
        if (c == '\\' && reader->at == reader->end)
            return malformed(reader, "Unexpected end of input.");
        if (c == '\\' || (c == '"' && quoted && next(reader) == '"'))
            reader->at++;
        else if (c == '"')
            quoted = !quoted;
        else if (c == ',' && !quoted && ++commas > 1)
            return malformed(reader, "Too many commas.");
    }
    if (!commas)
        return malformed(reader, "Missing comma after lower bound.");
    reader->at++;
    skip_spaces(reader);
    if (reader->at < reader->end)
        return malformed(reader, "Junk after right parenthesis or bracket.");
    reader->at = start;
    return true;
}

bool range_read(const TypeCall *call, const char *text, size_t len, Range *out)
{
    Reader reader = {call, text, text, text + len};
    *out = (Range){0};
    skip_spaces(&reader);
    if (type_word_is(reader.at, (size_t)(reader.end - reader.at) < 5 ? 0 : 5, "empty")) {
        reader.at += 5;
        skip_spaces(&reader);
        out->empty = true;
        return reader.at == reader.end || malformed(&reader, "Junk after \"empty\" key word.");
    }
    char open = next(&reader);
    if (open != '[' && open != '(')
        return malformed(&reader, "Missing left parenthesis or bracket.");
    out->lower.inclusive = open == '[';
    reader.at++;
    if (!check_shape(&reader) || !read_bound(&reader, &out->lower))
        return false;
    reader.at++;
    if (!read_bound(&reader, &out->upper))
        return false;
    out->upper.inclusive = next(&reader) == ']';
    return range_canonicalize(call, out);
}

/* ---- text out ---- */

static bool needs_quotes(const Str *text)
{
    for (size_t i = 0; i < text->len; i++)
        if (strchr("\"\\()[],", text->data[i]) || is_space(text->data[i]))
            return true;
    return text->len == 0;
}

static bool write_bound(const TypeCall *bound, const RangeBound *value, Str *out)
{
    if (value->infinite)
        return true;
    Str text;
    str_init(&text, out->arena);
    if (!bound->row->output(bound, &value->value, &text))
        return false;
    bool quoted = needs_quotes(&text);
    str_add(out, quoted ? "\"" : "");
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\')
            str_addc(out, text.data[i]);
        str_addc(out, text.data[i]);
    }
    str_add(out, quoted ? "\"" : "");
    return true;
}

bool range_write(const TypeCall *call, const Range *range, Str *out)
{
    TypeCall bound = range_bound_call(call);
    if (range->empty) {
        str_add(out, "empty");
        return true;
    }
    str_addc(out, range->lower.inclusive ? '[' : '(');
    if (!write_bound(&bound, &range->lower, out))
        return false;
    str_addc(out, ',');
    if (!write_bound(&bound, &range->upper, out))
        return false;
    str_addc(out, range->upper.inclusive ? ']' : ')');
    return true;
}

/* ---- binary: a byte of flags, then the bounds that there are, each with its length ---- */

enum { FLAG_EMPTY = 1, FLAG_LOWER_INCLUSIVE = 2, FLAG_UPPER_INCLUSIVE = 4, FLAG_LOWER_INFINITE = 8, FLAG_UPPER_INFINITE = 16 };

static bool receive_bound(const TypeCall *call, BinaryReader *reader, RangeBound *out)
{
    TypeCall bound = range_bound_call(call);
    size_t size = (size_t)binary_read_uint(reader, 4);
    const char *bytes = binary_read_bytes(reader, size);
    if (!bytes)
        return error_set(call->error, ERRCODE_PROTOCOL_VIOLATION, "insufficient data left in message");
    return bound.row->receive(&bound, bytes, size, &out->value);
}

bool range_read_binary(const TypeCall *call, const char *bytes, size_t len, Range *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    unsigned flags = (unsigned)binary_read_uint(&reader, 1);
    *out = (Range){.empty = flags & FLAG_EMPTY,
                   .lower = {.infinite = flags & FLAG_LOWER_INFINITE, .inclusive = flags & FLAG_LOWER_INCLUSIVE},
                   .upper = {.infinite = flags & FLAG_UPPER_INFINITE, .inclusive = flags & FLAG_UPPER_INCLUSIVE}};
    if (!out->empty && !out->lower.infinite && !receive_bound(call, &reader, &out->lower))
        return false;
    if (!out->empty && !out->upper.infinite && !receive_bound(call, &reader, &out->upper))
        return false;
    return binary_read_end(&reader, call->error) && range_canonicalize(call, out);
}

static bool send_bound(const TypeCall *bound, const RangeBound *value, Str *out)
{
    size_t at = out->len;
    binary_write_uint(out, 0, 4);
    if (!bound->row->send(bound, &value->value, out))
        return false;
    uint32_t size = __builtin_bswap32((uint32_t)(out->len - at - 4));
    memcpy(out->data + at, &size, 4);
    return true;
}

bool range_write_binary(const TypeCall *call, const Range *range, Str *out)
{
    TypeCall bound = range_bound_call(call);
    const RangeBound *lower = &range->lower, *upper = &range->upper;
    int flags = range->empty ? FLAG_EMPTY
                             : (lower->inclusive ? FLAG_LOWER_INCLUSIVE : 0) | (upper->inclusive ? FLAG_UPPER_INCLUSIVE : 0) |
                                   (lower->infinite ? FLAG_LOWER_INFINITE : 0) | (upper->infinite ? FLAG_UPPER_INFINITE : 0);
    str_addc(out, (char)flags);
    return (range->empty || lower->infinite || send_bound(&bound, lower, out)) &&
           (range->empty || upper->infinite || send_bound(&bound, upper, out));
}

/* ---- the rows' functions ---- */

static TypeCall canonical(const TypeCall *call)
{
    TypeCall plain = *call;
    plain.context = &TYPE_CONTEXT_CANONICAL;
    return plain;
}

static bool to_value(const TypeCall *call, const Range *range, Value *out)
{
    TypeCall plain = canonical(call);
    Str text;
    str_init(&text, call->arena);
    if (!range_write(&plain, range, &text))
        return false;
    *out = value_text(text.data, text.len);
    return true;
}

static bool from_value(const TypeCall *call, const Value *value, Range *out)
{
    TypeCall plain = canonical(call);
    return range_read(&plain, value->s.ptr, value->s.len, out);
}

bool range_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    Range range;
    return range_read(call, text, len, &range) && to_value(call, &range, out);
}

bool range_output(const TypeCall *call, const Value *value, Str *out)
{
    Range range;
    return from_value(call, value, &range) && range_write(call, &range, out);
}

bool range_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    Range range;
    return range_read_binary(call, bytes, len, &range) && to_value(call, &range, out);
}

bool range_send(const TypeCall *call, const Value *value, Str *out)
{
    Range range;
    return from_value(call, value, &range) && range_write_binary(call, &range, out);
}
