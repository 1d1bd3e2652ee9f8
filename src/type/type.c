/*
 * type.c - the text and binary forms of any type: finds the row and calls its function.
 *
 * Invariant: constants are kept in the form that TYPE_CONTEXT_CANONICAL writes; it has no resolver, so OIDs stay numbers there.
 *
 * Any thread.
 */
#include "type/type_int.h"

bool type_invalid(const TypeCall *call, const char *text, size_t len)
{
    return error_set(call->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "invalid input syntax for type %s: \"%.*s\"", call->row->name,
                     (int)len, text);
}

bool type_out_of_range(const TypeCall *call, const char *text, size_t len)
{
    return error_set(call->error, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, "value \"%.*s\" is out of range for type %s", (int)len, text,
                     call->row->name);
}

bool type_word_is(const char *text, size_t len, const char *word)
{
    size_t i = 0;
    while (i < len && word[i] && to_lower(text[i]) == word[i])
        i++;
    return i == len && !word[i];
}

static TypeCall make_call(Oid oid, int32_t typmod, const TypeContext *context, Arena *arena, Error *error)
{
    TypeCall call = {.row = type_row(oid), .oid = oid, .typmod = typmod, .context = context, .arena = arena, .error = error};
    Oid element = type_array_element(oid);
    if (element)
        call.element = type_row_builtin(element);
    return call;
}

bool type_input(Oid oid, int32_t typmod, const char *text, size_t len, const TypeContext *context, Arena *arena, Value *out, Error *error)
{
    TypeCall call = make_call(oid, typmod, context, arena, error);
    if (!call.row->input)
        return error_unsupported(error, "type %s is not supported", call.row->name);
    return call.row->input(&call, text, len, out);
}

bool type_has_input(Oid oid)
{
    Oid element = type_array_element(oid);
    return type_is_builtin(oid) && type_row(element ? element : oid)->input;
}

bool type_output(Oid oid, const Value *value, const TypeContext *context, Str *out, Error *error)
{
    TypeCall call = make_call(oid, -1, context, out->arena, error);
    return call.row->output(&call, value, out);
}

static bool no_function(const TypeCall *call, const char *direction)
{
    if (!call->row->input)
        return error_unsupported(call->error, "the binary form of type %s is not supported", call->row->name);
    return error_set(call->error, ERRCODE_UNDEFINED_FUNCTION, "no binary %s function available for type %s", direction,
                     type_format_builtin(call->oid, TYPMOD_NOT_GIVEN, call->arena));
}

bool type_receive(Oid oid, int32_t typmod, const char *bytes, size_t len, const TypeContext *context, Arena *arena, Value *out,
                  Error *error)
{
    TypeCall call = make_call(oid, typmod, context, arena, error);
    if (!call.row->receive)
        return no_function(&call, "input");
    return call.row->receive(&call, bytes, len, out);
}

bool type_send(Oid oid, const Value *value, const TypeContext *context, Str *out, Error *error)
{
    TypeCall call = make_call(oid, -1, context, out->arena, error);
    if (!call.row->send)
        return no_function(&call, "output");
    return call.row->send(&call, value, out);
}

/* Of types whose values have no physical form of their own, and of OIDs. */
static bool output_varies(TypeOutput output)
{
    return output == geometry_output || output == range_output || output == multirange_output || output == aclitem_output ||
           output == xml_output || output == reg_output;
}

bool type_text_is_settled(Oid oid)
{
    Oid element = type_array_element(oid);
    const TypeRow *row = type_row(element ? element : oid);
    switch (row->physical) {
    case FDW_FLOAT:
    case FDW_DOUBLE:
    case FDW_BYTES:
    case FDW_DATE:
    case FDW_TIMESTAMP:
    case FDW_TIMESTAMPTZ:
    case FDW_INTERVAL:
        return false;
    default:
        return !output_varies(row->output);
    }
}

const char *type_text_shown(Oid oid, const char *text, const TypeContext *context, Arena *arena)
{
    Value value;
    Str shown;
    Error ignored;
    if (context == &TYPE_CONTEXT_CANONICAL || oid >= 16384 || type_text_is_settled(oid))
        return text;
    error_init(&ignored, arena);
    str_init(&shown, arena);
    bool read = type_input(oid, -1, text, strlen(text), &TYPE_CONTEXT_CANONICAL, arena, &value, &ignored);
    return read && type_output(oid, &value, context, &shown, &ignored) ? shown.data : text;
}

bool type_canonical(Oid oid, int32_t typmod, const char *text, const TypeContext *context, Arena *arena, const char **out, Error *error)
{
    Value value;
    if (!type_input(oid, typmod, text, strlen(text), context, arena, &value, error))
        return false;
    Str canonical;
    str_init(&canonical, arena);
    if (!type_output(oid, &value, &TYPE_CONTEXT_CANONICAL, &canonical, error))
        return false;
    *out = canonical.data;
    return true;
}
