/*
 * output.c - the text that a client sees of a value: of a row, a domain, and arrays of them, whose own types only the catalog knows.
 *
 * Invariants:
 *  1. Every value, and everything in it, lies as its canonical text; settings and names come in when it is shown, and only then.
 *  2. What is in a record follows from where it comes from (src/sql/row_fields.c). Where that does not tell, its value does: what its
 * fields are stands before its text (catalog_with_fields), put there where records of different fields meet.
 *
 * Any thread.
 */
#include <stdlib.h>
#include <string.h>

#include "catalog/catalog_internal.h"
#include "type/part.h"

/* ---- what a row is made of ---- */

typedef VEC(ValueField) Fields;

static const char *copy_element(const ArrayElement *element, Arena *arena)
{
    return element->text ? arena_strndup(arena, element->text, element->len) : NULL;
}

static bool read_elements(const char *text, Arena *arena, ArrayElement **elements, size_t *count)
{
    int ndim;
    Error ignored;
    error_init(&ignored, arena);
    return type_array_parse(text, strlen(text), arena, elements, count, &ndim, &ignored);
}

static const char *write_elements(const ArrayElement *elements, size_t count, Arena *arena)
{
    Str text;
    str_init(&text, arena);
    type_array_write(elements, count, &text);
    return text.data;
}

static Fields fields_of_record(const char *text, Arena *arena)
{
    Fields fields = {0};
    ArrayElement *elements;
    size_t count;
    if (!read_elements(text, arena, &elements, &count))
        return fields;
    for (size_t i = 0; i + 2 < count;) {
        const char *inner = copy_element(&elements[i + 2], arena);
        size_t ninner = inner ? (size_t)strtoul(inner, NULL, 10) : 0, first = i + 3;
        ValueField field = {.type = (Oid)strtoul(copy_element(&elements[i + 1], arena), NULL, 10),
                            .name = copy_element(&elements[i], arena),
                            .fields = ninner && ninner <= count - first ? write_elements(elements + first, ninner, arena) : NULL};
        vec_push(arena, &fields, field);
        i = first + ninner;
    }
    return fields;
}

const char *catalog_fields_text(const ValueField *fields, int count, Arena *arena)
{
    VEC(ArrayElement) elements = {0};
    for (int i = 0; i < count; i++) {
        ArrayElement *inner = NULL;
        size_t ninner = 0;
        if (fields[i].fields && !read_elements(fields[i].fields, arena, &inner, &ninner))
            ninner = 0;
        const char *texts[3] = {fields[i].name, arena_printf(arena, "%u", fields[i].type),
                                ninner ? arena_printf(arena, "%zu", ninner) : NULL};
        for (int j = 0; j < 3; j++) {
            ArrayElement element = {texts[j], texts[j] ? strlen(texts[j]) : 0};
            vec_push(arena, &elements, element);
        }
        for (size_t j = 0; j < ninner; j++)
            vec_push(arena, &elements, inner[j]);
    }
    return write_elements(elements.items, elements.count, arena);
}

static Fields fields_of_relation(const CatRelation *relation, Arena *arena)
{
    Fields fields = {0};
    for (int i = 0; i < relation->ncolumns; i++) {
        ValueField field = {.type = relation->columns[i].type, .name = relation->columns[i].name};
        if (!relation->columns[i].dropped)
            vec_push(arena, &fields, field);
    }
    return fields;
}

const char *catalog_with_fields(Oid type, const char *fields, const char *text, Arena *arena)
{
    ArrayShape shape;
    Error ignored;
    Str out;
    error_init(&ignored, arena);
    if (!fields || !text || (type != TYPE_RECORD && type != TYPE_RECORD_ARRAY))
        return text;
    if (type == TYPE_RECORD)
        return *text == '{' ? text : arena_printf(arena, "%s%s", fields, text);
    if (!type_array_read(text, strlen(text), ',', arena, &shape, &ignored))
        return text;
    for (size_t i = 0; i < shape.count; i++) {
        const char *element = catalog_with_fields(TYPE_RECORD, fields, copy_element(&shape.elements[i], arena), arena);
        shape.elements[i] = (ArrayElement){element, element ? strlen(element) : 0};
    }
    str_init(&out, arena);
    type_array_write_shape(&shape, ',', &out);
    return out.data;
}

ValueParts catalog_value_parts(Catalog *catalog, Oid base, const char *fields, const char *text, Arena *arena)
{
    bool is_record = base == TYPE_RECORD || base == TYPE_RECORD_ARRAY;
    const CatType *type = is_record || type_is_builtin(base) ? NULL : catalog_type(catalog, base);
    const CatRelation *relation = type && type->kind == 'c' && type->relation ? catalog_relation(catalog, type->relation) : NULL;
    if (base == TYPE_RECORD_ARRAY)
        return (ValueParts){.is_array = true, .element = {.type = TYPE_RECORD, .fields = fields}};
    const char *body = is_record && text ? type_row_body(text) : text;
    if (body != text)
        fields = arena_strndup(arena, text, (size_t)(body - text));
    if (is_record && !fields)
        return (ValueParts){0};
    if (is_record || relation) {
        Fields found = relation ? fields_of_relation(relation, arena) : fields_of_record(fields, arena);
        return (ValueParts){.is_row = true, .fields = found.items, .nfields = (int)found.count};
    }
    if (type && type->category == 'A' && type->element)
        return (ValueParts){.is_array = true, .element = {.type = type->element}};
    return (ValueParts){0};
}

/* Types cannot contain themselves, but for arrays of them. */
static bool varies(Catalog *catalog, ValueField whole, Arena *arena, int depth)
{
    enum { DEEPEST = 32 };
    Oid base = catalog_base_type(catalog, whole.type, NULL);
    ValueParts parts = catalog_value_parts(catalog, base, whole.fields, NULL, arena);
    if (depth > DEEPEST)
        return true;
    if (parts.is_array)
        return varies(catalog, parts.element, arena, depth + 1);
    for (int i = 0; i < parts.nfields; i++)
        if (varies(catalog, parts.fields[i], arena, depth + 1))
            return true;
    return !parts.is_row && type_is_builtin(base) && (base == TYPE_RECORD || !type_text_is_settled(base));
}

bool catalog_text_varies(Catalog *catalog, Oid type, const char *fields)
{
    Arena *arena = arena_open(NULL);
    bool found = varies(catalog, (ValueField){.type = type, .fields = fields}, arena, 0);
    arena_close(arena);
    return found;
}

/* ---- texts ---- */

typedef struct Shower {
    Catalog *catalog;
    const TypeContext *types;
    Arena *arena;
    Error *error;
} Shower;

/* NULL: an SQL NULL, or failed. */
static const char *show(Shower *shower, ValueField whole, const char *text);

static const char *show_array(Shower *shower, ValueField element, const char *text)
{
    ArrayShape shape;
    Str out;
    if (!type_array_read(text, strlen(text), ',', shower->arena, &shape, shower->error))
        return NULL;
    for (size_t i = 0; i < shape.count; i++) {
        const char *shown = show(shower, element, copy_element(&shape.elements[i], shower->arena));
        if (error_is_set(shower->error))
            return NULL;
        shape.elements[i] = (ArrayElement){shown, shown ? strlen(shown) : 0};
    }
    str_init(&out, shower->arena);
    type_array_write_shape(&shape, ',', &out);
    return out.data;
}

static const char *show_row(Shower *shower, const ValueParts *parts, const char *text)
{
    const char **cells;
    int count = type_row_read(text, shower->arena, &cells);
    for (int i = 0; i < count && i < parts->nfields; i++) {
        cells[i] = show(shower, parts->fields[i], cells[i]);
        if (error_is_set(shower->error))
            return NULL;
    }
    return count < 0 ? text : type_row_write(shower->arena, cells, count);
}

static const char *show(Shower *shower, ValueField whole, const char *text)
{
    if (!text)
        return NULL;
    Oid base = catalog_base_type(shower->catalog, whole.type, NULL);
    ValueParts parts = catalog_value_parts(shower->catalog, base, whole.fields, text, shower->arena);
    if (parts.is_array)
        return show_array(shower, parts.element, text);
    if (parts.is_row)
        return show_row(shower, &parts, text);
    if (!type_is_builtin(base) || type_text_is_settled(base))
        return text;
    Value value;
    Str out;
    str_init(&out, shower->arena);
    if (!type_input(base, -1, text, strlen(text), &TYPE_CONTEXT_CANONICAL, shower->arena, &value, shower->error) ||
        !type_output(base, &value, shower->types, &out, shower->error))
        return NULL;
    return out.data ? out.data : "";
}

const char *catalog_shown_text(Catalog *catalog, Oid type, const char *fields, const char *text, const TypeContext *types, Arena *arena,
                               Error *error)
{
    Shower shower = {catalog, types, arena, error};
    return show(&shower, (ValueField){.type = type, .fields = fields}, text);
}
