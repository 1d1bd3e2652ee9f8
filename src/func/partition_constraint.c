/*
 * partition_constraint.c - what a partition's bound says of its rows, as a condition (pg_get_partition_constraintdef).
 *
 *  1. A condition is a list of terms that all hold; its text is PostgreSQL's plain form, every operator in parentheses.
 *  2. A default partition has what no other has: the negation of all their conditions.
 * Any thread; the Catalog locks itself.
 */
#include <string.h>

#include "func/partition.h"

enum { MAX_TREE_DEPTH = 100 };

typedef struct Writer {
    const FuncContext *context;
    const PartitionKey *key;
    Arena *arena;
    Error *error;
    bool shown;
} Writer;

/* ---- terms ---- */

static const char *joined(Writer *writer, const StrList *terms, const char *word)
{
    Str out;
    if (terms->count == 1)
        return terms->items[0];
    str_init(&out, writer->arena);
    for (size_t i = 0; i < terms->count; i++)
        str_addf(&out, "%s%s", i ? word : "(", terms->items[i]);
    str_addc(&out, ')');
    return out.data;
}

/* The constants of a key with another collation than its type's say so. */
static const char *collated(Writer *writer, const PartitionKeyColumn *of, const char *text)
{
    Catalog *catalog = writer->context->catalog;
    const CatType *type = catalog_type(catalog, of->type);
    bool own = !writer->shown || !of->collation || !type || of->collation == type->collation;
    const CatCollation *collation = own ? NULL : catalog_collation(catalog, of->collation);
    if (!collation)
        return text;
    bool visible = catalog_is_visible(catalog, PG_COLLATION_RELATION, collation->oid);
    return arena_printf(writer->arena, "%s COLLATE %s", text,
                        catalog_qualified(catalog, visible ? OID_NONE : collation->namespace_oid, collation->name, writer->arena));
}

static const char *constant(Writer *writer, int column, const char *text)
{
    const PartitionKeyColumn *of = &writer->key->columns[column];
    bool integer = of->type == TYPE_INT4 && text[0] != '-';
    bool number = of->type == TYPE_NUMERIC && text[0] >= '0' && text[0] <= '9' && strpbrk(text, "eE.");
    if (of->type == TYPE_BOOL)
        return *text == 't' ? "true" : "false";
    if (integer || (number && of->typmod < 0))
        return text;
    const TypeContext *types = writer->shown ? writer->context->types : &TYPE_CONTEXT_CANONICAL;
    const char *quoted = number ? text : catalog_quote_constant(type_text_shown(of->type, text, types, writer->arena), writer->arena);
    return collated(
        writer, of,
        arena_printf(writer->arena, "%s::%s", quoted, catalog_format_type(writer->context->catalog, of->type, of->typmod, writer->arena)));
}

/* The key as it is compared: with another collation than its own it is shown cast. */
static const char *compared_expr(Writer *writer, int column)
{
    const PartitionKeyColumn *of = &writer->key->columns[column];
    Catalog *catalog = writer->context->catalog;
    Oid own = of->column ? catalog_relation(catalog, writer->key->relation)->columns[of->column - 1].collation
                         : catalog_type(catalog, of->type)->collation;
    if (!writer->shown || own == of->collation || of->type != of->compare_type)
        return of->expr;
    return arena_printf(writer->arena, "(%s)::%s", of->expr, catalog_format_type(catalog, of->compare_type, -1, writer->arena));
}

/* The operator of the key's class in the place of btree's. */
static const char *class_operator(Writer *writer, int column, const char *op)
{
    static const char *const STRATEGIES[] = {"<", "<=", "=", ">=", ">"};
    const PartitionKeyColumn *of = &writer->key->columns[column];
    int64_t strategy = 0;
    for (size_t i = 0; i < COUNT_OF(STRATEGIES); i++)
        if (str_eq(STRATEGIES[i], op))
            strategy = (int64_t)i + 1;
    CatalogRows *rows = writer->shown
                            ? catalog_query(writer->context->catalog, writer->arena, writer->error,
                                            "SELECT oprname FROM pg_amop JOIN pg_operator o ON o.oid = amopopr WHERE amopfamily = ?1"
                                            " AND amoplefttype = ?2 AND amoprighttype = ?2 AND amopstrategy = ?3",
                                            "ooi", of->opfamily, of->compare_type, strategy)
                            : NULL;
    return rows && rows->nrows ? arena_strdup(writer->arena, CATALOG_CELL(rows, 0, 0).text) : op;
}

static const char *comparison(Writer *writer, int column, const char *op, const char *text)
{
    return arena_printf(writer->arena, "(%s %s %s)", compared_expr(writer, column), class_operator(writer, column, op),
                        constant(writer, column, text));
}

/* The column as NULL tests have it: uncast. */
static const char *bare_expr(Writer *writer, int column)
{
    const PartitionKeyColumn *of = &writer->key->columns[column];
    const CatRelation *relation = catalog_relation(writer->context->catalog, writer->key->relation);
    return of->column ? catalog_quote_identifier(writer->context->catalog, relation->columns[of->column - 1].name, writer->arena)
                      : of->expr;
}

static void add_not_null(Writer *writer, int column, StrList *terms)
{
    const char *term = arena_printf(writer->arena, "(%s IS NOT NULL)", bare_expr(writer, column));
    vec_push(writer->arena, terms, term);
}

/* ---- ranges ---- */

/* One side of a range from its first open column on: (a > 1) OR ((a = 1) AND (b >= 2)). NULL: no limit. */
static const char *range_side(Writer *writer, const PartitionDatum *datums, int first, bool lower)
{
    const PartitionKey *key = writer->key;
    DatumKind open = lower ? DATUM_MINVALUE : DATUM_MAXVALUE;
    StrList arms = {0};
    for (int last = first; last < key->ncolumns && datums[last].kind == DATUM_VALUE; last++) {
        StrList arm = {0};
        bool ends = last == key->ncolumns - 1;
        bool inclusive = lower ? ends || datums[last + 1].kind == open : !ends && datums[last + 1].kind == open;
        for (int i = first; i < last; i++)
            vec_push(writer->arena, &arm, comparison(writer, i, "=", datums[i].text));
        const char *op = lower ? (inclusive ? ">=" : ">") : (inclusive ? "<=" : "<");
        vec_push(writer->arena, &arm, comparison(writer, last, op, datums[last].text));
        vec_push(writer->arena, &arms, joined(writer, &arm, " AND "));
    }
    return arms.count ? joined(writer, &arms, " OR ") : NULL;
}

static bool range_terms(Writer *writer, const PartitionBound *bound, bool with_nulls, StrList *terms)
{
    const PartitionKey *key = writer->key;
    int first = 0, order = 0;
    for (int i = 0; with_nulls && i < key->ncolumns; i++)
        add_not_null(writer, i, terms);
    for (; first < key->ncolumns; first++) {
        const PartitionDatum *low = &bound->lower[first], *high = &bound->upper[first];
        if (low->kind != DATUM_VALUE || high->kind != DATUM_VALUE)
            break;
        if (!partition_compare(writer->context, key, first, low->text, high->text, writer->arena, &order, writer->error))
            return false;
        if (order != 0)
            break;
        vec_push(writer->arena, terms, comparison(writer, first, "=", low->text));
    }
    const char *low = range_side(writer, bound->lower, first, true), *high = range_side(writer, bound->upper, first, false);
    if (low)
        vec_push(writer->arena, terms, low);
    if (high)
        vec_push(writer->arena, terms, high);
    return true;
}

static bool range_default(Writer *writer, const Partition *siblings, size_t count, StrList *terms)
{
    StrList arms = {0}, all = {0};
    for (size_t i = 0; i < count; i++) {
        StrList range = {0};
        if (siblings[i].bound.is_default)
            continue;
        if (!range_terms(writer, &siblings[i].bound, false, &range))
            return false;
        if (range.count)
            vec_push(writer->arena, &arms, joined(writer, &range, " AND "));
    }
    if (arms.count == 0)
        return true;
    for (int i = 0; i < writer->key->ncolumns; i++)
        add_not_null(writer, i, &all);
    vec_push(writer->arena, &all, joined(writer, &arms, " OR "));
    const char *term = arena_printf(writer->arena, "(NOT %s)", joined(writer, &all, " AND "));
    vec_push(writer->arena, terms, term);
    return true;
}

/* ---- lists ---- */

static void add_array(Writer *writer, const StrList *values, Str *out)
{
    const PartitionKeyColumn *of = &writer->key->columns[0];
    ArrayElement *elements = ARENA_ARRAY(writer->arena, ArrayElement, values->count + 1);
    Str array;
    str_init(&array, writer->arena);
    for (size_t i = 0; i < values->count; i++)
        elements[i] = (ArrayElement){values->items[i], strlen(values->items[i])};
    type_array_write(elements, values->count, &array);
    str_addf(out, "(%s = ANY (%s::%s[]))", compared_expr(writer, 0), catalog_quote_constant(array.data, writer->arena),
             catalog_format_type(writer->context->catalog, of->type, of->typmod, writer->arena));
}

static const char *membership(Writer *writer, const StrList *values)
{
    if (values->count == 1)
        return comparison(writer, 0, "=", values->items[0]);
    Str out;
    str_init(&out, writer->arena);
    const PartitionKeyColumn *of = &writer->key->columns[0];
    const CatType *type = catalog_type(writer->context->catalog, of->type);
    if (type && ((type->oid == TYPE_BOOL && writer->shown) || (type->element && type->category == 'A'))) {
        for (size_t i = 0; i < values->count; i++)
            str_addf(&out, "%s%s", i ? " OR " : "(", comparison(writer, 0, "=", values->items[i]));
        str_addc(&out, ')');
        return out.data;
    }
    if (!writer->shown && (of->type == of->compare_type || of->compare_type == TYPE_ANYENUM)) { /* as constants are kept */
        add_array(writer, values, &out);
        return out.data;
    }
    str_addf(&out, "(%s = ANY (ARRAY[", compared_expr(writer, 0));
    for (size_t i = 0; i < values->count; i++)
        str_addf(&out, "%s%s", i ? ", " : "", constant(writer, 0, values->items[i]));
    str_add(&out, "]))");
    return out.data;
}

static void list_terms(Writer *writer, const StrList *values, bool has_null, StrList *terms)
{
    if (!has_null) {
        add_not_null(writer, 0, terms);
        vec_push(writer->arena, terms, membership(writer, values));
        return;
    }
    const char *is_null = arena_printf(writer->arena, "(%s IS NULL)", bare_expr(writer, 0));
    if (values->count)
        is_null = arena_printf(writer->arena, "(%s OR %s)", is_null, membership(writer, values));
    vec_push(writer->arena, terms, is_null);
}

static void take_values(Writer *writer, const PartitionBound *bound, StrList *values, bool *has_null)
{
    for (int i = 0; i < bound->nlist; i++) {
        if (bound->list[i].text)
            vec_push(writer->arena, values, bound->list[i].text);
        else
            *has_null = true;
    }
}

static bool sort_values(Writer *writer, StrList *values)
{
    for (size_t i = 1; i < values->count; i++)
        for (size_t k = i; k > 0; k--) {
            int order;
            if (!partition_compare(writer->context, writer->key, 0, values->items[k - 1], values->items[k], writer->arena, &order,
                                   writer->error))
                return false;
            if (order <= 0)
                break;
            const char *moved = values->items[k];
            values->items[k] = values->items[k - 1];
            values->items[k - 1] = moved;
        }
    return true;
}

static bool list_default(Writer *writer, const Partition *siblings, size_t count, StrList *terms)
{
    StrList values = {0}, inner = {0};
    bool has_null = false;
    for (size_t i = 0; i < count; i++)
        take_values(writer, &siblings[i].bound, &values, &has_null);
    if (values.count == 0 && !has_null)
        return true;
    if (!sort_values(writer, &values))
        return false;
    list_terms(writer, &values, has_null, &inner);
    const char *term = arena_printf(writer->arena, "(NOT %s)", joined(writer, &inner, " AND "));
    vec_push(writer->arena, terms, term);
    return true;
}

static void hash_terms(Writer *writer, const PartitionBound *bound, StrList *terms)
{
    Str out;
    str_init(&out, writer->arena);
    str_addf(&out, "satisfies_hash_partition('%u'::oid, %d, %d", writer->shown ? writer->key->relation : PARTITION_KEY_CHECKED,
             bound->modulus, bound->remainder);
    for (int i = 0; i < writer->key->ncolumns; i++)
        str_addf(&out, ", %s", bare_expr(writer, i));
    str_addc(&out, ')');
    vec_push(writer->arena, terms, out.data);
}

/* ---- the whole ---- */

static bool own_terms(Writer *writer, const char *text, StrList *terms)
{
    PartitionBound bound;
    if (!partition_bound_parse(text, writer->arena, &bound))
        return error_set(writer->error, ERRCODE_INTERNAL_ERROR, "a stored partition bound cannot be read");
    if (bound.is_default) {
        size_t count;
        const Partition *siblings = partition_children(writer->context, writer->key, writer->arena, &count, writer->error);
        if (!siblings)
            return false;
        return writer->key->strategy == 'r' ? range_default(writer, siblings, count, terms) : list_default(writer, siblings, count, terms);
    }
    if (bound.strategy == 'r')
        return range_terms(writer, &bound, true, terms);
    if (bound.strategy == 'h') {
        hash_terms(writer, &bound, terms);
        return true;
    }
    StrList values = {0};
    bool has_null = false;
    take_values(writer, &bound, &values, &has_null);
    list_terms(writer, &values, has_null, terms);
    return true;
}

/* Expressions of the key as they read under this search path. */
static void show_exprs(const FuncContext *context, PartitionKey *key, Arena *arena)
{
    Error ignored;
    error_init(&ignored, arena);
    for (int i = 0; i < key->ncolumns && context->expr_text; i++) {
        const FuncStoredText stored = {.text = key->columns[i].expr, .relation = key->relation};
        const char *shown = key->columns[i].column ? NULL : context->expr_text(context, &stored, arena, &ignored);
        key->columns[i].expr = shown ? shown : key->columns[i].expr;
    }
}

static bool add_terms(const FuncContext *context, Oid relation, bool shown, int depth, Arena *arena, StrList *terms, Error *error)
{
    CatalogRows *rows = catalog_query(context->catalog, arena, error,
                                      "SELECT inhparent, relpartbound FROM pg_class c JOIN pg_inherits ON inhrelid = c.oid"
                                      " WHERE c.oid = ?1 AND relpartbound IS NOT NULL",
                                      "o", relation);
    if (!rows || rows->nrows == 0 || depth > MAX_TREE_DEPTH)
        return rows != NULL;
    Oid parent = (Oid)CATALOG_CELL(rows, 0, 0).i;
    const char *text = CATALOG_CELL(rows, 0, 1).text;
    if (!add_terms(context, parent, shown, depth + 1, arena, terms, error))
        return false;
    PartitionKey *key = partition_key(context->catalog, parent, arena, error);
    Writer writer = {context, key, arena, error, shown};
    if (key && shown)
        show_exprs(context, key, arena);
    return key && own_terms(&writer, text, terms);
}

bool partition_constraint(const FuncContext *context, Oid relation, bool shown, Arena *arena, const char **out, Error *error)
{
    StrList terms = {0};
    Writer writer = {context, NULL, arena, error, shown};
    *out = NULL;
    if (!add_terms(context, relation, shown, 0, arena, &terms, error))
        return false;
    if (terms.count)
        *out = joined(&writer, &terms, " AND ");
    return true;
}
