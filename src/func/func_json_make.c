/*
 * func_json_make.c - JSON from rows and from arrays of texts: row_to_json, json_object, jsonb_set_lax.
 *
 *  1. A row comes as its text, with what its fields are where its type does not tell (ValueField.fields).
 * Any thread.
 */
#include "func/func_json.h"
#include "type/part.h"

/* ---- rows ---- */

static bool add_row(FuncCall *call, const ValueParts *parts, const char *row, Str *out);

static bool add_field(FuncCall *call, const ValueField *field, const char *text, Str *out)
{
    ArrayShape rows;
    bool is_record = field->type == TYPE_RECORD || field->type == TYPE_RECORD_ARRAY;
    ValueParts parts = catalog_value_parts(call->context->catalog, field->type, field->fields, text, call->arena);
    if (!text) {
        str_add(out, "null");
        return true;
    }
    if (!is_record)
        return json_of(call, field->type, text, out);
    if (!parts.is_row && !parts.is_array)
        return error_unsupported(call->error, "JSON of a record whose fields are not known is not supported");
    if (!parts.is_array)
        return add_row(call, &parts, text, out);
    if (!type_array_read(text, strlen(text), ',', call->arena, &rows, call->error))
        return false;
    if (rows.ndim > 1)
        return error_unsupported(call->error, "JSON of multidimensional arrays of rows is not supported");
    str_addc(out, '[');
    for (size_t i = 0; i < rows.count; i++) {
        const ArrayElement *element = &rows.elements[i];
        str_add(out, i ? "," : "");
        if (!add_field(call, &parts.element, element->text ? arena_strndup(call->arena, element->text, element->len) : NULL, out))
            return false;
    }
    str_addc(out, ']');
    return true;
}

static bool add_row(FuncCall *call, const ValueParts *parts, const char *row, Str *out)
{
    const char *at = type_row_body(row);
    str_addc(out, '{');
    for (int i = 0; i < parts->nfields && (*at == '(' || *at == ','); i++) {
        const ValueField *field = &parts->fields[i];
        const char *text;
        at = row_cell(at + 1, call->arena, &text);
        str_add(out, i ? "," : "");
        type_json_quote(field->name, strlen(field->name), out);
        str_addc(out, ':');
        if (!add_field(call, field, text, out))
            return false;
    }
    str_addc(out, '}');
    return true;
}

/* Arguments: fields (none: ""), type (record or record[]), text. */
bool helper_json_row(FuncCall *call)
{
    Str out;
    const char *fields = arg_text(call, 0);
    ValueField field = {.type = arg_oid(call, 1), .fields = *fields ? fields : NULL};
    str_init(&out, call->arena);
    return add_field(call, &field, arg_text(call, 2), &out) && return_bytes(call, out.data, out.len);
}

bool json_of_composite(FuncCall *call, const CatType *type, const char *row, Str *out)
{
    ValueParts parts = catalog_value_parts(call->context->catalog, type->oid, NULL, row, call->arena);
    return parts.is_row ? add_row(call, &parts, row, out) : error_unsupported(call->error, "JSON of row values is not supported");
}

/* Arguments: JSON, whether each of its members begins a line. */
bool helper_json_lines(FuncCall *call)
{
    JsonPart json = json_arg(call, 0);
    JsonMembers members = json_members(json, call->arena);
    if (!call->args[1].b || !json_is_container(json))
        return return_bytes(call, json.text, json.len);
    Str out;
    str_init(&out, call->arena);
    str_addc(&out, json_kind(json));
    for (size_t i = 0; i < members.count; i++) {
        const JsonMember *member = &members.items[i];
        str_add(&out, i ? ",\n " : "");
        if (member->key.text) {
            str_addn(&out, member->key.text, member->key.len);
            str_addc(&out, ':');
        }
        str_addn(&out, member->value.text, member->value.len);
    }
    str_addc(&out, json_kind(json) == '{' ? '}' : ']');
    return return_bytes(call, out.data, out.len);
}

/* ---- json_object ---- */

static bool bad_array(FuncCall *call, const char *why)
{
    return error_set(call->error, ERRCODE_ARRAY_SUBSCRIPT_ERROR, "%s", why);
}

static bool add_pair(FuncCall *call, const ArrayElement *key, const ArrayElement *value, Str *out)
{
    if (!key->text)
        return error_set(call->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "null value not allowed for object key");
    str_add(out, out->len > 1 ? ", " : "");
    type_json_quote(key->text, key->len, out);
    str_add(out, " : ");
    if (value->text)
        type_json_quote(value->text, value->len, out);
    else
        str_add(out, "null");
    return true;
}

static bool return_object(FuncCall *call, Str *out)
{
    str_addc(out, '}');
    return call->return_type == TYPE_JSONB ? return_jsonb(call, out) : return_bytes(call, out->data, out->len);
}

/* Keys and values in turn, or pairs. */
static bool object_of_array(FuncCall *call)
{
    ArrayShape shape;
    Str out;
    str_init(&out, call->arena);
    str_addc(&out, '{');
    if (!array_read(call, 0, &shape))
        return false;
    if (shape.ndim == 1 && shape.count % 2)
        return bad_array(call, "array must have even number of elements");
    if (shape.ndim == 2 && shape.dims[1] != 2)
        return bad_array(call, "array must have two columns");
    if (shape.ndim > 2)
        return bad_array(call, "wrong number of array subscripts");
    for (size_t i = 0; i + 1 < shape.count; i += 2)
        if (!add_pair(call, &shape.elements[i], &shape.elements[i + 1], &out))
            return false;
    return return_object(call, &out);
}

static bool object_of_arrays(FuncCall *call)
{
    ArrayShape keys, values;
    Str out;
    str_init(&out, call->arena);
    str_addc(&out, '{');
    if (!array_read(call, 0, &keys) || !array_read(call, 1, &values))
        return false;
    if (keys.ndim > 1 || keys.ndim != values.ndim)
        return bad_array(call, "wrong number of array subscripts");
    if (keys.count != values.count)
        return bad_array(call, "mismatched array dimensions");
    for (size_t i = 0; i < keys.count; i++)
        if (!add_pair(call, &keys.elements[i], &values.elements[i], &out))
            return false;
    return return_object(call, &out);
}

/* ---- jsonb_set_lax ---- */

static bool bad_treatment(FuncCall *call)
{
    return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE,
                     "null_value_treatment must be \"delete_key\", \"return_target\", \"use_json_null\", or \"raise_exception\"");
}

/* With arguments of its own in place of the call's. */
static bool call_other(FuncCall *call, Oid proc, const Value *args, int nargs)
{
    FuncCall inner = *call;
    inner.proc = proc;
    inner.args = args;
    inner.nargs = nargs;
    return func_find(proc)(&inner);
}

static bool set_lax(FuncCall *call)
{
    Value args[4];
    if (call->args[0].is_null || call->args[1].is_null || call->args[3].is_null)
        return return_null(call);
    if (call->args[4].is_null)
        return bad_treatment(call);
    for (int i = 0; i < 4; i++)
        args[i] = call->args[i];
    const char *treatment = arg_text(call, 4);
    if (!args[2].is_null)
        return call_other(call, F_JSONB_SET_JSONB_TEXT_ARRAY_JSONB_BOOL, args, 4);
    if (str_eq(treatment, "raise_exception")) {
        error_set(call->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "JSON value must not be null");
        error_detail(call->error, "Exception was raised because null_value_treatment is \"raise_exception\".");
        return error_hint(call->error,
                          "To avoid, either change the null_value_treatment argument or ensure that an SQL NULL is not passed.");
    }
    if (str_eq(treatment, "use_json_null")) {
        args[2] = value_text("null", 4);
        return call_other(call, F_JSONB_SET_JSONB_TEXT_ARRAY_JSONB_BOOL, args, 4);
    }
    if (str_eq(treatment, "delete_key"))
        return call_other(call, F_JSONB_DELETE_PATH_JSONB_TEXT_ARRAY, args, 2);
    return str_eq(treatment, "return_target") ? return_bytes(call, args[0].s.ptr, args[0].s.len) : bad_treatment(call);
}

static const FuncRow ROWS[] = {
    {F_JSON_OBJECT_TEXT_ARRAY, object_of_array},
    {F_JSONB_OBJECT_TEXT_ARRAY, object_of_array},
    {F_JSON_OBJECT_TEXT_ARRAY_TEXT_ARRAY, object_of_arrays},
    {F_JSONB_OBJECT_TEXT_ARRAY_TEXT_ARRAY, object_of_arrays},
    {F_JSONB_SET_LAX_JSONB_TEXT_ARRAY_JSONB_BOOL_TEXT, set_lax},
};
const FuncTable FUNC_TABLE_JSON_MAKE = {ROWS, COUNT_OF(ROWS)};
