/*
 * array.c - the text form of arrays: {a,"b c",NULL}, {{1,2},{3,4}}, [0:1]={a,b}.
 *
 * Reading is one pass of a small state machine over tokens (braces, delimiters, elements); a table says which token may follow
 * which, another which detail the refusal carries.
 *
 * Invariants:
 *  1. Elements are in row-major order, their quotes and escapes resolved; unquoted NULL is a NULL element.
 *  2. All sub-arrays of one depth have the same length.
 *
 * Any thread.
 */
#include <stdlib.h>

#include "type/type_int.h"

enum { ARRAY_MAX_ELEMENTS = 0x7FFFFFF };

/* What was read last. */
typedef enum State { AT_START, LEVEL_OPEN, ELEMENT_DONE, ELEMENT_DELIMITED, LEVEL_DONE, LEVEL_DELIMITED } State;

typedef struct Reader {
    const char *text, *at, *end;
    char delimiter;
    Arena *arena;
    Error *error;
    State state;
    int depth, ndim;
    int32_t counts[ARRAY_MAX_DIM + 1]; /* elements so far in the open level of each depth */
    int32_t lengths[ARRAY_MAX_DIM];    /* of the first closed level of each depth; -1: none yet */
    bool any_element;
    VEC(ArrayElement) elements;
    Str element; /* the one that is being read */
} Reader;

static bool malformed(Reader *reader, const char *detail)
{
    error_set(reader->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "malformed array literal: \"%.*s\"", (int)(reader->end - reader->text),
              reader->text);
    return detail ? error_detail(reader->error, "%s", detail) : false;
}

static bool unexpected(Reader *reader, char c)
{
    return malformed(reader, arena_printf(reader->arena, "Unexpected \"%c\" character.", c));
}

/* ---- dimensions: [l:u][l:u]= ---- */

static void skip_spaces(Reader *reader)
{
    while (reader->at < reader->end && is_space(*reader->at))
        reader->at++;
}

static bool read_bound(Reader *reader, int32_t *out)
{
    const char *start = reader->at;
    bool negative = reader->at < reader->end && *reader->at == '-';
    if (reader->at < reader->end && (*reader->at == '-' || *reader->at == '+'))
        reader->at++;
    const char *digits = reader->at;
    int64_t value = 0;
    for (; reader->at < reader->end && is_digit(*reader->at); reader->at++)
        if (value <= INT32_MAX)
            value = value * 10 + (*reader->at - '0');
    if (reader->at == digits) {
        reader->at = start;
        return false;
    }
    *out = (int32_t)(negative ? -value : value);
    return true;
}

static bool read_dimension(Reader *reader, ArrayShape *shape)
{
    int32_t first, last;
    reader->at++;
    if (shape->ndim >= ARRAY_MAX_DIM)
        return error_set(reader->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "number of array dimensions (%d) exceeds the maximum allowed (%d)",
                         shape->ndim + 1, ARRAY_MAX_DIM);
    if (!read_bound(reader, &first))
        return malformed(reader, "\"[\" must introduce explicitly-specified array dimensions.");
    if (reader->at < reader->end && *reader->at == ':') {
        reader->at++;
        if (!read_bound(reader, &last))
            return malformed(reader, "Missing array dimension value.");
    } else {
        last = first;
        first = 1;
    }
    if (reader->at == reader->end || *reader->at != ']')
        return malformed(reader, "Missing \"]\" after array dimensions.");
    reader->at++;
    if (last < first)
        return error_set(reader->error, ERRCODE_ARRAY_SUBSCRIPT_ERROR, "upper bound cannot be less than lower bound");
    shape->lower[shape->ndim] = first;
    shape->dims[shape->ndim++] = (int32_t)((int64_t)last - first + 1);
    return true;
}

static bool read_dimensions(Reader *reader, ArrayShape *shape)
{
    skip_spaces(reader);
    while (reader->at < reader->end && *reader->at == '[') {
        if (!read_dimension(reader, shape))
            return false;
        skip_spaces(reader);
    }
    bool is_brace = reader->at < reader->end && *reader->at == '{';
    if (!shape->ndim)
        return is_brace ? true : malformed(reader, "Array value must start with \"{\" or dimension information.");
    if (reader->at == reader->end || *reader->at != '=')
        return malformed(reader, "Missing \"=\" after array dimensions.");
    reader->at++;
    skip_spaces(reader);
    if (reader->at == reader->end || *reader->at != '{')
        return malformed(reader, "Array contents must start with \"{\".");
    return true;
}

/* ---- contents ---- */

static bool open_level(Reader *reader)
{
    if (reader->state != AT_START && reader->state != LEVEL_OPEN && reader->state != LEVEL_DELIMITED)
        return unexpected(reader, '{');
    if (reader->depth == ARRAY_MAX_DIM)
        return error_set(reader->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "number of array dimensions (%d) exceeds the maximum allowed (%d)",
                         reader->depth + 1, ARRAY_MAX_DIM);
    reader->counts[reader->depth++] = 0;
    if (reader->depth > reader->ndim)
        reader->ndim = reader->depth;
    reader->state = LEVEL_OPEN;
    reader->at++;
    return true;
}

static bool close_level(Reader *reader)
{
    bool is_empty = reader->state == LEVEL_OPEN && reader->depth == 1;
    if (reader->state != ELEMENT_DONE && reader->state != LEVEL_DONE && !is_empty)
        return unexpected(reader, '}');
    int32_t *length = &reader->lengths[--reader->depth], count = reader->counts[reader->depth];
    if (*length >= 0 && *length != count)
        return malformed(reader, "Multidimensional arrays must have sub-arrays with matching dimensions.");
    *length = count;
    if (reader->depth)
        reader->counts[reader->depth - 1]++;
    reader->state = LEVEL_DONE;
    reader->at++;
    return true;
}

static bool delimit(Reader *reader)
{
    if (reader->state != ELEMENT_DONE && reader->state != LEVEL_DONE)
        return unexpected(reader, reader->delimiter);
    reader->state = reader->state == LEVEL_DONE ? LEVEL_DELIMITED : ELEMENT_DELIMITED;
    reader->at++;
    return true;
}

static bool read_quoted(Reader *reader, Str *text)
{
    for (reader->at++; reader->at < reader->end && *reader->at != '"'; reader->at++) {
        if (*reader->at == '\\' && ++reader->at == reader->end)
            break;
        str_addc(text, *reader->at);
    }
    if (reader->at == reader->end)
        return malformed(reader, "Unexpected end of input.");
    reader->at++;
    return true;
}

/* Up to a delimiter or brace; spaces at the end do not count unless escaped. */
static bool read_bare(Reader *reader, Str *text, bool *escaped)
{
    size_t kept = 0;
    *escaped = false;
    for (; reader->at < reader->end; reader->at++) {
        char c = *reader->at;
        if (c == reader->delimiter || c == '}')
            break;
        if (c == '"')
            return malformed(reader, "Unexpected array element.");
        if (c == '{')
            return unexpected(reader, c);
        bool literal = c == '\\';
        if (literal && ++reader->at == reader->end)
            return malformed(reader, "Unexpected end of input.");
        *escaped |= literal;
        str_addc(text, *reader->at);
        if (literal || !is_space(c))
            kept = text->len;
    }
    if (reader->at == reader->end)
        return malformed(reader, "Unexpected end of input.");
    text->len = kept;
    text->data[kept] = '\0';
    return true;
}

static bool read_element(Reader *reader)
{
    char c = *reader->at;
    if (reader->state != LEVEL_OPEN && reader->state != ELEMENT_DELIMITED)
        return c == '\\' ? unexpected(reader, c) : malformed(reader, "Unexpected array element.");
    Str *text = &reader->element;
    str_reset(text);
    bool quoted = c == '"', escaped = false;
    if (!(quoted ? read_quoted(reader, text) : read_bare(reader, text, &escaped)))
        return false;
    /* Elements stand at one depth only. */
    if (reader->depth != reader->ndim)
        return malformed(reader, NULL);
    bool is_null = !quoted && !escaped && type_word_is(text->data, text->len, "null");
    ArrayElement element = {is_null ? NULL : arena_strndup(reader->arena, text->data, text->len), is_null ? 0 : text->len};
    vec_push(reader->arena, &reader->elements, element);
    if (!arena_has_room(reader->arena, 0))
        return error_set(reader->error, ERRCODE_OUT_OF_MEMORY, "out of memory");
    if (reader->elements.count > ARRAY_MAX_ELEMENTS)
        return error_set(reader->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "array size exceeds the maximum allowed (%d)", ARRAY_MAX_ELEMENTS);
    reader->counts[reader->depth - 1]++;
    reader->state = ELEMENT_DONE;
    return true;
}

static bool read_contents(Reader *reader)
{
    do {
        skip_spaces(reader);
        if (reader->at == reader->end)
            return malformed(reader, "Unexpected end of input.");
        char c = *reader->at;
        if (!(c == '{'                 ? open_level(reader)
              : c == '}'               ? close_level(reader)
              : c == reader->delimiter ? delimit(reader)
                                       : read_element(reader)))
            return false;
    } while (reader->depth);
    skip_spaces(reader);
    return reader->at == reader->end ? true : malformed(reader, "Junk after closing right brace.");
}

static bool matches(const Reader *reader, const ArrayShape *shape)
{
    if (shape->ndim != reader->ndim)
        return false;
    for (int i = 0; i < shape->ndim; i++)
        if (shape->dims[i] != reader->lengths[i])
            return false;
    return true;
}

bool type_array_read(const char *text, size_t len, char delimiter, Arena *arena, ArrayShape *out, Error *error)
{
    Reader reader = {.text = text, .at = text, .end = text + len, .delimiter = delimiter, .arena = arena, .error = error};
    *out = (ArrayShape){0};
    for (int i = 0; i < ARRAY_MAX_DIM; i++)
        reader.lengths[i] = -1;
    str_init(&reader.element, arena);
    if (!read_dimensions(&reader, out) || !read_contents(&reader))
        return false;
    if (out->ndim && !matches(&reader, out))
        return malformed(&reader, "Specified array dimensions do not match array contents.");
    bool has_bounds = out->ndim > 0;
    out->ndim = reader.elements.count ? reader.ndim : 0;
    for (int i = 0; i < out->ndim; i++) {
        out->dims[i] = reader.lengths[i];
        out->lower[i] = has_bounds ? out->lower[i] : 1;
        if ((int64_t)out->lower[i] + out->dims[i] > INT32_MAX)
            return error_set(error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "array lower bound is too large: %d", out->lower[i]);
    }
    out->elements = reader.elements.items;
    out->count = reader.elements.count;
    return true;
}

bool type_array_parse(const char *text, size_t len, Arena *arena, ArrayElement **elements, size_t *count, int *ndim, Error *error)
{
    ArrayShape shape;
    if (!type_array_read(text, len, ',', arena, &shape, error))
        return false;
    *elements = shape.elements;
    *count = shape.count;
    *ndim = shape.ndim;
    return true;
}

/* ---- writing ---- */

static bool needs_quotes(const ArrayElement *element, char delimiter)
{
    if (!element->len || type_word_is(element->text, element->len, "null"))
        return true;
    for (size_t i = 0; i < element->len; i++) {
        char c = element->text[i];
        if (c == '"' || c == '\\' || c == '{' || c == '}' || c == delimiter || is_space(c))
            return true;
    }
    return false;
}

static void write_element(const ArrayElement *element, char delimiter, Str *out)
{
    if (!element->text) {
        str_add(out, "NULL");
        return;
    }
    if (!needs_quotes(element, delimiter)) {
        str_addn(out, element->text, element->len);
        return;
    }
    str_addc(out, '"');
    for (size_t i = 0; i < element->len; i++) {
        if (element->text[i] == '"' || element->text[i] == '\\')
            str_addc(out, '\\');
        str_addc(out, element->text[i]);
    }
    str_addc(out, '"');
}

static const ArrayElement *write_level(const ArrayShape *shape, int depth, const ArrayElement *at, char delimiter, Str *out)
{
    str_addc(out, '{');
    for (int32_t i = 0; i < shape->dims[depth]; i++) {
        if (i)
            str_addc(out, delimiter);
        if (depth + 1 < shape->ndim && depth + 1 < ARRAY_MAX_DIM)
            at = write_level(shape, depth + 1, at, delimiter, out);
        else
            write_element(at++, delimiter, out);
    }
    str_addc(out, '}');
    return at;
}

void type_array_write_shape(const ArrayShape *shape, char delimiter, Str *out)
{
    bool has_bounds = false;
    for (int i = 0; shape->count && i < shape->ndim; i++)
        has_bounds |= shape->lower[i] != 1;
    for (int i = 0; has_bounds && i < shape->ndim; i++)
        str_addf(out, "[%d:%d]", shape->lower[i], shape->lower[i] + shape->dims[i] - 1);
    if (has_bounds)
        str_addc(out, '=');
    if (!shape->count)
        str_add(out, "{}");
    else
        write_level(shape, 0, shape->elements, delimiter, out);
}

void type_array_write(const ArrayElement *elements, size_t count, Str *out)
{
    ArrayShape shape = {
        .ndim = count ? 1 : 0, .dims = {(int32_t)count}, .lower = {1}, .elements = (ArrayElement *)elements, .count = count};
    type_array_write_shape(&shape, ',', out);
}
