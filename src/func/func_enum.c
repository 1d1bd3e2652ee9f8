/*
 * func_enum.c - enums as values: their order, their labels, ranges of them.
 *
 *  1. The local engine is told a type's labels with each call, in their order, as "<bytes>:<label>" one after the other: what a statement
 *     sees of a type does not change while it runs, and no row asks the catalog. One that its own transaction has added has "!" in the
 *     place of ":" and is refused where it would come out.
 *  2. A label's key is its place in that order, from 1.
 * Any thread.
 */
#include "func/func_enum.h"
#include "func/func_array.h"

#include <stdlib.h>

typedef struct Labels {
    const char *at, *end;
    const char *label;
    size_t len;
    bool is_new;
} Labels;

static Labels labels_of(const FuncCall *call, int index)
{
    const Value *text = &call->args[index];
    return (Labels){.at = text->s.ptr, .end = text->s.ptr + text->s.len};
}

static bool next_label(Labels *labels)
{
    size_t len = 0;
    if (labels->at >= labels->end)
        return false;
    for (; *labels->at != ':' && *labels->at != '!'; labels->at++)
        len = len * 10 + (size_t)(*labels->at - '0');
    labels->is_new = *labels->at == '!';
    labels->label = labels->at + 1;
    labels->len = len;
    labels->at += 1 + len;
    return true;
}

/* 0: none of the labels. */
static int64_t place_of(Labels labels, const char *label, size_t len)
{
    for (int64_t place = 1; next_label(&labels); place++)
        if (labels.len == len && memcmp(labels.label, label, len) == 0)
            return place;
    return 0;
}

/* Arguments: labels, label. */
bool helper_enum_key(FuncCall *call)
{
    return return_int(call, place_of(labels_of(call, 0), call->args[1].s.ptr, call->args[1].s.len));
}

/* Arguments: labels, array. The result is an array of keys. */
bool helper_enum_keys(FuncCall *call)
{
    ArrayShape shape;
    if (!array_read(call, 1, &shape))
        return false;
    for (size_t i = 0; i < shape.count; i++) {
        ArrayElement *element = &shape.elements[i];
        if (!element->text)
            continue;
        const char *key = arena_printf(call->arena, "%d", (int)place_of(labels_of(call, 0), element->text, element->len));
        *element = (ArrayElement){key, strlen(key)};
    }
    return array_return(call, &shape);
}

bool func_refuse_new_label(Error *error, const char *label, size_t len, const char *type)
{
    error_set(error, ERRCODE_UNSAFE_NEW_ENUM_VALUE_USAGE, "unsafe use of new value \"%.*s\" of enum type %s", (int)len, label, type);
    return error_hint(error, "New enum values must be committed before they can be used.");
}

/* Whether the label, which is the type's, may come out. */
static bool may_be_used(FuncCall *call, const Labels *label)
{
    return !label->is_new || func_refuse_new_label(call->error, label->label, label->len, arg_text(call, 1));
}

static bool refuse_label(FuncCall *call, const char *label, size_t len)
{
    return error_set(call->error, ERRCODE_INVALID_TEXT_REPRESENTATION, "invalid input value for enum %s: \"%.*s\"", arg_text(call, 1),
                     (int)len, label);
}

static bool check_label(FuncCall *call, const char *label, size_t len)
{
    for (Labels labels = labels_of(call, 0); next_label(&labels);)
        if (labels.len == len && memcmp(labels.label, label, len) == 0)
            return may_be_used(call, &labels);
    return refuse_label(call, label, len);
}

/* Arguments: labels, the type's name, text. */
bool helper_enum_label(FuncCall *call)
{
    const Value *text = &call->args[2];
    if (!check_label(call, text->s.ptr, text->s.len))
        return false;
    return return_bytes(call, text->s.ptr, text->s.len);
}

/* Arguments: labels, the type's name, an array's text. */
bool helper_enum_array(FuncCall *call)
{
    ArrayShape shape;
    if (!array_read(call, 2, &shape))
        return false;
    for (size_t i = 0; i < shape.count; i++) {
        const ArrayElement *element = &shape.elements[i];
        if (element->text && !check_label(call, element->text, element->len))
            return false;
    }
    return array_return(call, &shape);
}

/* Arguments: labels, the type's name, whether it is the last that is asked for. */
bool helper_enum_end(FuncCall *call)
{
    Labels labels = labels_of(call, 0);
    if (!next_label(&labels))
        return error_set(call->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "enum %s contains no values", arg_text(call, 1));
    while (call->args[2].b && next_label(&labels))
        ;
    if (!may_be_used(call, &labels))
        return false;
    return return_bytes(call, labels.label, labels.len);
}

/* Arguments: labels, the type's name, the first and the last label, or NULL. */
bool helper_enum_range(FuncCall *call)
{
    VEC(ArrayElement) elements = {0};
    Labels labels = labels_of(call, 0);
    int64_t from = call->args[2].is_null ? 1 : place_of(labels, call->args[2].s.ptr, call->args[2].s.len);
    int64_t to = call->args[3].is_null ? INT64_MAX : place_of(labels, call->args[3].s.ptr, call->args[3].s.len);
    for (int64_t place = 1; next_label(&labels); place++)
        if (place >= from && place <= to) {
            if (!may_be_used(call, &labels))
                return false;
            vec_push(call->arena, &elements, ((ArrayElement){labels.label, labels.len}));
        }
    ArrayShape shape = {.ndim = elements.count > 0, .dims = {(int)elements.count}, .lower = {1}};
    shape.elements = elements.items;
    shape.count = elements.count;
    return array_return(call, &shape);
}

/* ---- constants: partition bounds and the like ---- */

static bool compare_labels(FuncCall *call, int *order)
{
    const char *a = arg_text(call, 0), *b = arg_text(call, 1);
    CatalogRows *rows = catalog_query(call->context->catalog, call->arena, call->error,
                                      "SELECT a.enumsortorder < b.enumsortorder, a.oid = b.oid FROM pg_enum a JOIN pg_enum b ON"
                                      " b.enumtypid = a.enumtypid AND b.enumlabel = ?3 WHERE a.enumtypid = ?1 AND a.enumlabel = ?2",
                                      "oss", call->arg_types[0], a, b);
    *order = !rows || !rows->nrows ? 0 : CATALOG_CELL(rows, 0, 1).i ? 0 : CATALOG_CELL(rows, 0, 0).i ? -1 : 1;
    return rows != NULL;
}

static bool enum_compare(FuncCall *call)
{
    int order;
    if (!compare_labels(call, &order))
        return false;
    switch (call->proc) {
    case F_ENUM_EQ_ANYENUM_ANYENUM:
        return return_bool(call, order == 0);
    case F_ENUM_NE_ANYENUM_ANYENUM:
        return return_bool(call, order != 0);
    case F_ENUM_LT_ANYENUM_ANYENUM:
        return return_bool(call, order < 0);
    case F_ENUM_LE_ANYENUM_ANYENUM:
        return return_bool(call, order <= 0);
    case F_ENUM_GT_ANYENUM_ANYENUM:
        return return_bool(call, order > 0);
    case F_ENUM_GE_ANYENUM_ANYENUM:
        return return_bool(call, order >= 0);
    default:
        return return_int(call, order);
    }
}

static const FuncRow ROWS[] = {
    {F_ENUM_EQ_ANYENUM_ANYENUM, enum_compare},  {F_ENUM_NE_ANYENUM_ANYENUM, enum_compare}, {F_ENUM_LT_ANYENUM_ANYENUM, enum_compare},
    {F_ENUM_LE_ANYENUM_ANYENUM, enum_compare},  {F_ENUM_GT_ANYENUM_ANYENUM, enum_compare}, {F_ENUM_GE_ANYENUM_ANYENUM, enum_compare},
    {F_ENUM_CMP_ANYENUM_ANYENUM, enum_compare},
};
const FuncTable FUNC_TABLE_ENUM = {ROWS, COUNT_OF(ROWS)};
