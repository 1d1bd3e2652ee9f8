/*
 * func_record.c - records of which only their values tell what their fields are (catalog_with_fields), compared.
 *
 * Invariants:
 *  1. Fields are compared from the first on until two differ; only those that are reached must be of one type, and only records that are
 *     equal so far of one length (PostgreSQL manual, section 9.24.6).
 *
 * Any thread.
 */
#include "func/func_array.h"
#include "type/part.h"

typedef struct Comparison {
    FuncCall *call;
    bool only_equality;
} Comparison;

typedef struct Part {
    Oid type;
    const char *fields, *text;
} Part;

static bool compare_parts(const Comparison *comparison, Part left, Part right, int *order);

static const char *type_name(const Comparison *comparison, Oid type)
{
    return catalog_format_type(comparison->call->context->catalog, type, TYPMOD_NOT_GIVEN, comparison->call->arena);
}

static bool compare_fields(const Comparison *comparison, const ValueParts parts[2], const char *const texts[2], int *order)
{
    FuncCall *call = comparison->call;
    const char **cells[2];
    int counts[2] = {type_row_read(texts[0], call->arena, &cells[0]), type_row_read(texts[1], call->arena, &cells[1])};
    *order = 0;
    for (int i = 0; i < parts[0].nfields && i < parts[1].nfields && *order == 0; i++) {
        ValueField left = parts[0].fields[i], right = parts[1].fields[i];
        const char *mine = i < counts[0] ? cells[0][i] : NULL, *other = i < counts[1] ? cells[1][i] : NULL;
        if (left.type != right.type)
            return error_set(call->error, ERRCODE_DATATYPE_MISMATCH, "cannot compare dissimilar column types %s and %s at record column %d",
                             type_name(comparison, left.type), type_name(comparison, right.type), i + 1);
        if (!mine || !other)
            *order = !mine - !other;
        else if (!compare_parts(comparison, (Part){left.type, left.fields, mine}, (Part){right.type, right.fields, other}, order))
            return false;
    }
    return *order || parts[0].nfields == parts[1].nfields ||
           error_set(call->error, ERRCODE_DATATYPE_MISMATCH, "cannot compare record types with different numbers of columns");
}

static bool compare_values(const Comparison *comparison, Oid type, const char *left, const char *right, int *order)
{
    static const Oid WITHOUT_ORDER[] = {TYPE_UNKNOWN, TYPE_JSON, TYPE_XML,     TYPE_POINT, TYPE_LSEG,
                                        TYPE_PATH,    TYPE_BOX,  TYPE_POLYGON, TYPE_LINE,  TYPE_CIRCLE};
    FuncCall *call = comparison->call;
    for (size_t i = 0; i < COUNT_OF(WITHOUT_ORDER); i++)
        if (type == WITHOUT_ORDER[i])
            return error_set(call->error, ERRCODE_UNDEFINED_FUNCTION, "could not identify %s for type %s",
                             comparison->only_equality ? "an equality operator" : "a comparison function", type_name(comparison, type));
    if (!type_is_builtin(type) && !comparison->only_equality)
        return error_unsupported(call->error, "ordering records with fields of type %s is not supported", type_name(comparison, type));
    ArrayElement elements[2] = {{left, strlen(left)}, {right, strlen(right)}};
    ArrayShape shapes[2];
    Oid element = type_array_element(type);
    Str keys[2];
    if (!element)
        return array_elements_order(call, type_is_builtin(type) ? type : TYPE_TEXT, &elements[0], &elements[1], order);
    for (int i = 0; i < 2; i++) {
        str_init(&keys[i], call->arena);
        if (!type_array_read(elements[i].text, elements[i].len, ',', call->arena, &shapes[i], call->error) ||
            !array_sort_key(call, element, &shapes[i], &keys[i]))
            return false;
    }
    *order = memcmp(keys[0].data, keys[1].data, keys[0].len < keys[1].len ? keys[0].len : keys[1].len);
    *order = *order ? *order : (keys[0].len > keys[1].len) - (keys[0].len < keys[1].len);
    return true;
}

static bool compare_parts(const Comparison *comparison, Part left, Part right, int *order)
{
    FuncCall *call = comparison->call;
    Catalog *catalog = call->context->catalog;
    Oid base = catalog_base_type(catalog, left.type, NULL);
    ValueParts parts[2] = {catalog_value_parts(catalog, base, left.fields, left.text, call->arena),
                           catalog_value_parts(catalog, base, right.fields, right.text, call->arena)};
    const char *texts[2] = {left.text, right.text};
    if (parts[0].is_row && parts[1].is_row)
        return compare_fields(comparison, parts, texts, order);
    if (base == TYPE_RECORD || parts[0].is_array)
        return error_unsupported(call->error, "comparing values of type %s in records is not supported", type_name(comparison, left.type));
    return compare_values(comparison, base, left.text, right.text, order);
}

/* Arguments: two records that tell their fields, whether it is only asked if they are equal. Below, at or above 0. */
bool helper_record_order(FuncCall *call)
{
    Comparison comparison = {call, call->args[2].b};
    int order;
    Part left = {TYPE_RECORD, NULL, arg_text(call, 0)}, right = {TYPE_RECORD, NULL, arg_text(call, 1)};
    return compare_parts(&comparison, left, right, &order) && return_int(call, order < 0 ? -1 : order > 0);
}
