/*
 * multirange.c - ordered lists of ranges that neither overlap nor touch: {[1,3),[5,8)}.
 *
 * Invariant: a Value of a multirange type is its canonical text, its ranges in order, touching ones joined, empty ones left out.
 *
 * Any thread.
 */
#include <stdlib.h>

#include "type/range_int.h"

/* ---- the canonical form ---- */

static int compare_ranges(const void *a, const void *b)
{
    const Range *left = a, *right = b;
    int order = range_compare_lower(&left->lower, &right->lower);
    return order ? order : range_compare_upper(&left->upper, &right->upper);
}

/* Whether there is something between the end of one and the start of the other, which does not begin before it. */
static bool have_gap(const Range *before, const Range *after)
{
    if (before->upper.infinite || after->lower.infinite)
        return false;
    int order = range_compare_values(&before->upper.value, &after->lower.value);
    return order < 0 || (order == 0 && !before->upper.inclusive && !after->lower.inclusive);
}

static void canonicalize(RangeList *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (!list->items[i].empty)
            list->items[kept++] = list->items[i];
    if (kept > 1)
        qsort(list->items, kept, sizeof(Range), compare_ranges);
    list->count = kept ? 1 : 0;
    for (size_t i = 1; i < kept; i++) {
        Range *last = &list->items[list->count - 1], *range = &list->items[i];
        if (have_gap(last, range)) {
            list->items[list->count++] = *range;
            continue;
        }
        /* Of equal bounds the later one's spelling stays, as in PostgreSQL's union. */
        if (range_compare_lower(&last->lower, &range->lower) >= 0)
            last->lower = range->lower;
        if (range_compare_upper(&last->upper, &range->upper) <= 0)
            last->upper = range->upper;
    }
}

/* ---- text ---- */

typedef struct Reader {
    const TypeCall *call;
    const char *text, *at, *end;
} Reader;

static bool malformed(const Reader *reader, const char *detail)
{
    error_set(reader->call->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "malformed multirange literal: \"%.*s\"",
              (int)(reader->end - reader->text), reader->text);
    return error_detail(reader->call->error, "%s", detail);
}

static char next_char(Reader *reader)
{
    while (reader->at < reader->end && is_space(*reader->at))
        reader->at++;
    return reader->at < reader->end ? *reader->at : '\0';
}

/* One range's text: to the first closing bracket that is neither quoted nor escaped. */
static bool read_range(Reader *reader, RangeList *list)
{
    const char *start = reader->at;
    bool quoted = false;
    for (; quoted || (*reader->at != ']' && *reader->at != ')'); reader->at++) {
        if (*reader->at == '\\')
            reader->at++;
        else if (*reader->at == '"')
            quoted = !quoted;
        if (reader->at + 1 >= reader->end)
            return malformed(reader, "Unexpected end of input.");
    }
    reader->at++;
    TypeCall call = range_of_multirange(reader->call);
    Range range;
    if (!range_read(&call, start, (size_t)(reader->at - start), &range))
        return false;
    vec_push(reader->call->arena, list, range);
    return true;
}

static bool read_member(Reader *reader, RangeList *list)
{
    enum { EMPTY_LENGTH = 5 };
    char c = next_char(reader);
    if (!c)
        return malformed(reader, "Unexpected end of input.");
    if (c == '[' || c == '(')
        return read_range(reader, list);
    if (reader->end - reader->at < EMPTY_LENGTH || !type_word_is(reader->at, EMPTY_LENGTH, "empty"))
        return malformed(reader, "Expected range start.");
    reader->at += EMPTY_LENGTH;
    return true;
}

static bool read_members(Reader *reader, RangeList *list)
{
    if (next_char(reader) == '}')
        return true;
    for (;;) {
        if (!read_member(reader, list))
            return false;
        char c = next_char(reader);
        if (!c)
            return malformed(reader, "Unexpected end of input.");
        if (c == '}')
            return true;
        if (c != ',')
            return malformed(reader, "Expected comma or end of multirange.");
        reader->at++;
    }
}

bool multirange_read(const TypeCall *call, const char *text, size_t len, RangeList *list)
{
    Reader reader = {call, text, text, text + len};
    if (next_char(&reader) != '{')
        return malformed(&reader, "Missing left brace.");
    reader.at++;
    if (!read_members(&reader, list))
        return false;
    reader.at++;
    if (next_char(&reader))
        return malformed(&reader, "Junk after closing right brace.");
    canonicalize(list);
    return true;
}

static bool write_list(const TypeCall *call, const RangeList *list, Str *out)
{
    TypeCall range = range_of_multirange(call);
    str_addc(out, '{');
    for (size_t i = 0; i < list->count; i++) {
        if (i)
            str_addc(out, ',');
        if (!range_write(&range, &list->items[i], out))
            return false;
    }
    str_addc(out, '}');
    return true;
}

/* ---- the rows' functions ---- */

static TypeCall canonical(const TypeCall *call)
{
    TypeCall plain = *call;
    plain.context = &TYPE_CONTEXT_CANONICAL;
    return plain;
}

static bool to_value(const TypeCall *call, const RangeList *list, Value *out)
{
    TypeCall plain = canonical(call);
    Str text;
    str_init(&text, call->arena);
    if (!write_list(&plain, list, &text))
        return false;
    *out = value_text(text.data, text.len);
    return true;
}

static bool from_value(const TypeCall *call, const Value *value, RangeList *list)
{
    TypeCall plain = canonical(call);
    return multirange_read(&plain, value->s.ptr, value->s.len, list);
}

bool multirange_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    RangeList list = {0};
    return multirange_read(call, text, len, &list) && to_value(call, &list, out);
}

bool multirange_output(const TypeCall *call, const Value *value, Str *out)
{
    RangeList list = {0};
    return from_value(call, value, &list) && write_list(call, &list, out);
}

bool multirange_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    TypeCall range_call = range_of_multirange(call);
    RangeList list = {0};
    uint64_t count = binary_read_uint(&reader, 4);
    for (uint64_t i = 0; i < count; i++) {
        size_t size = (size_t)binary_read_uint(&reader, 4);
        const char *part = binary_read_bytes(&reader, size);
        Range range;
        if (!part)
            return binary_read_end(&reader, call->error);
        if (!range_read_binary(&range_call, part, size, &range))
            return false;
        vec_push(call->arena, &list, range);
    }
    if (!binary_read_end(&reader, call->error))
        return false;
    canonicalize(&list);
    return to_value(call, &list, out);
}

bool multirange_send(const TypeCall *call, const Value *value, Str *out)
{
    TypeCall range = range_of_multirange(call);
    RangeList list = {0};
    if (!from_value(call, value, &list))
        return false;
    binary_write_uint(out, list.count, 4);
    for (size_t i = 0; i < list.count; i++) {
        size_t at = out->len;
        binary_write_uint(out, 0, 4);
        if (!range_write_binary(&range, &list.items[i], out))
            return false;
        uint32_t size = __builtin_bswap32((uint32_t)(out->len - at - 4));
        memcpy(out->data + at, &size, 4);
    }
    return true;
}

/* ---- lists of either ---- */

static TypeCall call_for(Oid type, Arena *arena, Error *error)
{
    return (TypeCall){
        .row = type_row_builtin(type), .oid = type, .typmod = -1, .context = &TYPE_CONTEXT_CANONICAL, .arena = arena, .error = error};
}

bool range_list_read(Oid type, const Value *value, Arena *arena, RangeList *out, Error *error)
{
    TypeCall call = call_for(type, arena, error);
    *out = (RangeList){0};
    if (range_type_of_multirange(type))
        return from_value(&call, value, out);
    Range range;
    if (!range_read(&call, value->s.ptr, value->s.len, &range))
        return false;
    if (!range.empty)
        vec_push(arena, out, range);
    return true;
}

bool range_list_value(Oid type, RangeList *list, Arena *arena, Value *out, Error *error)
{
    TypeCall call = call_for(type, arena, error), range_call = range_of_multirange(&call);
    for (size_t i = 0; i < list->count; i++)
        if (!range_canonicalize(&range_call, &list->items[i]))
            return false;
    if (range_type_of_multirange(type)) {
        canonicalize(list);
        return to_value(&call, list, out);
    }
    static const Range EMPTY = {.empty = true};
    Str text;
    str_init(&text, arena);
    if (!range_write(&call, list->count ? &list->items[0] : &EMPTY, &text))
        return false;
    *out = value_text(text.data, text.len);
    return true;
}
