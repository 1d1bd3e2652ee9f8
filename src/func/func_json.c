/*
 * func_json.c - values as JSON: json_build_object and its kin, to_json.
 *
 * Values come as canonical texts with their types' OIDs. Numbers, booleans and JSON stand as they are, dates in ISO 8601, arrays
 * as JSON arrays, rows as JSON objects (func_json_make.c); everything else is a JSON string of its output text.
 * Any thread.
 */
#include <stdlib.h>
#include <string.h>

#include "func/func_json.h"

static bool output_text(FuncCall *call, Oid type, const char *text, const TypeContext *types, Str *out)
{
    Value value;
    return type_input(type, -1, text, strlen(text), &TYPE_CONTEXT_CANONICAL, call->arena, &value, call->error) &&
           type_output(type, &value, types, out, call->error);
}

/* ---- one value ---- */

/* A number is bare unless it is none (NaN, Infinity). */
static bool json_of_number(FuncCall *call, Oid type, const char *text, Str *out)
{
    Str written;
    str_init(&written, call->arena);
    if (type == TYPE_FLOAT4 || type == TYPE_FLOAT8) {
        if (!output_text(call, type, text, call->context->types, &written))
            return false;
        text = written.data;
    }
    if (strpbrk(text, "IN"))
        type_json_quote(text, strlen(text), out);
    else
        str_add(out, text);
    return true;
}

/* "2020-01-01 10:00:00.5+02" becomes "2020-01-01T10:00:00.5+02:00". */
static bool json_of_time(FuncCall *call, Oid type, const char *text, Str *out)
{
    TypeContext iso = *call->context->types;
    iso.date_style = DATE_STYLE_ISO;
    Str written, spelled;
    str_init(&written, call->arena);
    str_init(&spelled, call->arena);
    if (!output_text(call, type, text, &iso, &written))
        return false;
    char *space = strchr(written.data, ' ');
    if (space && type != TYPE_DATE)
        *space = 'T';
    const char *era = strchr(written.data, ' '), *end = era ? era : written.data + written.len;
    str_addn(&spelled, written.data, (size_t)(end - written.data));
    if (type == TYPE_TIMESTAMPTZ && end - written.data > 3 && (end[-3] == '+' || end[-3] == '-'))
        str_add(&spelled, ":00");
    str_add(&spelled, era ? era : "");
    type_json_quote(spelled.data, spelled.len, out);
    return true;
}

/* The elements of one dimension, those of the deeper ones inside. */
static bool json_of_elements(FuncCall *call, Oid element, const ArrayShape *shape, int dim, size_t *at, Str *out)
{
    str_addc(out, '[');
    for (int32_t i = 0; i < shape->dims[dim]; i++) {
        str_add(out, i ? "," : "");
        if (dim + 1 < shape->ndim) {
            if (!json_of_elements(call, element, shape, dim + 1, at, out))
                return false;
            continue;
        }
        const ArrayElement *value = &shape->elements[(*at)++];
        if (!json_of(call, element, value->text ? arena_strndup(call->arena, value->text, value->len) : NULL, out))
            return false;
    }
    str_addc(out, ']');
    return true;
}

static bool json_of_array(FuncCall *call, Oid element, const char *text, Str *out)
{
    ArrayShape shape;
    size_t at = 0;
    if (!type_array_read(text, strlen(text), ',', call->arena, &shape, call->error))
        return false;
    if (shape.ndim)
        return json_of_elements(call, element, &shape, 0, &at, out);
    str_add(out, "[]");
    return true;
}

bool json_of(FuncCall *call, Oid type, const char *text, Str *out)
{
    if (!text) {
        str_add(out, "null");
        return true;
    }
    const CatType *known = catalog_type(call->context->catalog, type);
    if (known && known->kind == 'd')
        return json_of(call, known->base, text, out);
    if (known && known->kind == 'c')
        return json_of_composite(call, known, text, out);
    if (type == TYPE_RECORD || type == TYPE_RECORD_ARRAY) { /* JSON already: src/sql/print_json_row.c, helper_json_row */
        str_add(out, text);
        return true;
    }
    if (known && known->category == 'A' && known->element)
        return json_of_array(call, known->element, text, out);
    switch (type) {
    case TYPE_BOOL:
        str_add(out, text[0] == 't' ? "true" : "false");
        return true;
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8:
    case TYPE_FLOAT4:
    case TYPE_FLOAT8:
    case TYPE_NUMERIC:
        return json_of_number(call, type, text, out);
    case TYPE_DATE:
    case TYPE_TIMESTAMP:
    case TYPE_TIMESTAMPTZ:
        return json_of_time(call, type, text, out);
    case TYPE_JSON:
    case TYPE_JSONB:
        str_add(out, text);
        return true;
    default:
        break;
    }
    Str written;
    str_init(&written, call->arena);
    if (!output_text(call, type, text, call->context->types, &written))
        return false;
    type_json_quote(written.data, written.len, out);
    return true;
}

/* ---- the functions ---- */

/* JSONB is JSON in its canonical form. */
static bool return_json(FuncCall *call, const Str *json, bool is_binary)
{
    const char *canonical;
    if (!is_binary)
        return return_bytes(call, json->data, json->len);
    return type_canonical(TYPE_JSONB, -1, json->data, &TYPE_CONTEXT_CANONICAL, call->arena, &canonical, call->error) &&
           return_text(call, canonical);
}

/* Arguments: result type, type, text. */
bool helper_to_json(FuncCall *call)
{
    Str out;
    str_init(&out, call->arena);
    const Value *text = &call->args[2];
    return json_of(call, (Oid)call->args[1].i, arena_strndup(call->arena, text->s.ptr, text->s.len), &out) &&
           return_json(call, &out, call->args[0].i == TYPE_JSONB);
}

/* json_agg begins a line for each array or row that is not the first. */
static const char *line_break(FuncCall *call, Oid type)
{
    const CatType *known = catalog_type(call->context->catalog, type);
    bool is_structured = type == TYPE_RECORD || (known && (known->kind == 'c' || (known->category == 'A' && known->element)));
    return is_structured ? "\n " : "";
}

/* Arguments: type, text. An element of json_agg and what goes before it. */
bool helper_json_item(FuncCall *call)
{
    Oid type = (Oid)call->args[0].i;
    const Value *text = &call->args[1];
    if (text->is_null)
        return return_text(call, ", null");
    Str out;
    str_init(&out, call->arena);
    str_addf(&out, ", %s", line_break(call, type));
    return json_of(call, type, arena_strndup(call->arena, text->s.ptr, text->s.len), &out) && return_bytes(call, out.data, out.len);
}

/* Arguments: type, the items. */
bool helper_json_list(FuncCall *call)
{
    const Value *items = &call->args[1];
    const char *text = arena_strndup(call->arena, items->s.ptr, items->s.len) + 2, *line = line_break(call, (Oid)call->args[0].i);
    text += *line && text[0] == line[0] ? strlen(line) : 0;
    return return_text(call, arena_printf(call->arena, "[%s]", text));
}

static bool key_of(FuncCall *call, Oid type, const char *text, size_t number, bool is_binary, Str *out)
{
    if (!text && is_binary)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "argument %zu: key must not be null", number);
    if (!text) {
        error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "argument %zu cannot be null", number);
        return error_hint(call->error, "Object keys should be text.");
    }
    const CatType *known = catalog_type(call->context->catalog, type);
    if (type == TYPE_JSON || type == TYPE_JSONB || type == TYPE_RECORD ||
        (known && (known->kind == 'c' || (known->category == 'A' && known->element))))
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "key value must be scalar, not array, composite, or json");
    Str json;
    str_init(&json, call->arena);
    if (!json_of(call, type, text, &json))
        return false;
    if (json.data[0] == '"')
        str_addn(out, json.data, json.len);
    else
        type_json_quote(json.data, json.len, out);
    return true;
}

/* Arguments: result type, array of the arguments' types (one: that of all), array of their texts. */
static bool build(FuncCall *call, bool is_object)
{
    bool is_binary = call->args[0].i == TYPE_JSONB;
    ArrayShape types, texts;
    if (!array_read(call, 1, &types) || !array_read(call, 2, &texts))
        return false;
    if (is_object && texts.count % 2) {
        error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "argument list must have even number of elements");
        return error_hint(call->error, "The arguments of %s() must consist of alternating keys and values.",
                          is_binary ? "jsonb_build_object" : "json_build_object");
    }
    Str out;
    str_init(&out, call->arena);
    str_addc(&out, is_object ? '{' : '[');
    for (size_t i = 0; i < texts.count; i++) {
        bool is_key = is_object && i % 2 == 0;
        Oid type = (Oid)strtoul(types.elements[i % types.count].text, NULL, 10);
        const char *text = texts.elements[i].text ? arena_strndup(call->arena, texts.elements[i].text, texts.elements[i].len) : NULL;
        str_add(&out, i == 0 ? "" : is_object && !is_key ? " : " : ", ");
        if (!(is_key ? key_of(call, type, text, i + 1, is_binary, &out) : json_of(call, type, text, &out)))
            return false;
    }
    str_addc(&out, is_object ? '}' : ']');
    return return_json(call, &out, is_binary);
}

/* One member for json_object_agg. Arguments: type and text of the key, of the value. */
bool helper_json_pair(FuncCall *call)
{
    const Value *key = &call->args[1], *value = &call->args[3];
    if (key->is_null)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "field name must not be null");
    Str out;
    str_init(&out, call->arena);
    if (!key_of(call, (Oid)call->args[0].i, arg_text(call, 1), 1, false, &out))
        return false;
    str_add(&out, " : ");
    return json_of(call, (Oid)call->args[2].i, value->is_null ? NULL : arg_text(call, 3), &out) && return_bytes(call, out.data, out.len);
}

bool helper_json_object(FuncCall *call)
{
    return build(call, true);
}

bool helper_json_array(FuncCall *call)
{
    return build(call, false);
}
