/*
 * partition.c - partition keys and bounds: read from the catalog, compared, written.
 *
 *  1. Bounds are compared by the key's operator class, through the functions of its operators.
 *  2. A bound's text has constants in PostgreSQL's short form (bare numbers and booleans, all else quoted) and is read back exactly.
 * Any thread; the Catalog locks itself.
 */
#include "func/partition.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { EXPR_END = 2, EXPR_TYPE = 3 };

/* ---- the key ---- */

static const char *next_number(const char *text, int64_t *out)
{
    char *end;
    *out = strtoll(text, &end, 10);
    return *end == ' ' ? end + 1 : end;
}

/* One stored expression; gives what follows it. */
static const char *read_expr(const char *text, PartitionKeyColumn *column, Arena *arena)
{
    const char *type = strchr(text, EXPR_TYPE), *end = strchr(text, EXPR_END);
    if (!type || !end)
        return text;
    column->expr = arena_strndup(arena, text, (size_t)(type - text));
    column->type = (Oid)strtoul(type + 1, NULL, 10);
    const char *typmod = strchr(type, ',');
    column->typmod = typmod && typmod < end ? atoi(typmod + 1) : -1;
    return end + 1;
}

static bool read_class(Catalog *catalog, PartitionKeyColumn *column, Arena *arena, Error *error)
{
    CatalogRows *rows =
        catalog_query(catalog, arena, error, "SELECT opcfamily, opcintype FROM pg_opclass WHERE oid = ?1", "o", column->opclass);
    if (!rows || rows->nrows == 0)
        return rows && error_set(error, ERRCODE_INTERNAL_ERROR, "cache lookup failed for opclass %u", column->opclass);
    column->opfamily = (Oid)CATALOG_CELL(rows, 0, 0).i;
    column->compare_type = (Oid)CATALOG_CELL(rows, 0, 1).i;
    /* Varying strings are compared as text, domains as what they are made of. */
    Oid base = catalog_base_type(catalog, column->type, NULL);
    if (base == TYPE_VARCHAR && column->compare_type == TYPE_TEXT)
        base = TYPE_TEXT;
    if (base != column->type && (column->column || base != TYPE_TEXT))
        column->expr = arena_printf(arena, "(%s)::%s", column->expr, catalog_format_type(catalog, base, -1, arena));
    return true;
}

PartitionKey *partition_key(Catalog *catalog, Oid oid, Arena *arena, Error *error)
{
    const CatRelation *relation = catalog_relation(catalog, oid);
    CatalogRows *rows = catalog_query(catalog, arena, error,
                                      "SELECT partstrat, partnatts, partdefid, partattrs, partclass, partcollation, partexprs"
                                      " FROM pg_partitioned_table WHERE partrelid = ?1",
                                      "o", oid);
    if (!rows || rows->nrows == 0 || !relation)
        return NULL;
    PartitionKey *key = ARENA_NEW(arena, PartitionKey);
    *key = (PartitionKey){.relation = oid,
                          .strategy = CATALOG_CELL(rows, 0, 0).text[0],
                          .ncolumns = (int)CATALOG_CELL(rows, 0, 1).i,
                          .default_partition = (Oid)CATALOG_CELL(rows, 0, 2).i};
    key->columns = ARENA_ARRAY(arena, PartitionKeyColumn, key->ncolumns);
    const char *numbers = CATALOG_CELL(rows, 0, 3).text, *classes = CATALOG_CELL(rows, 0, 4).text;
    const char *collations = CATALOG_CELL(rows, 0, 5).text, *exprs = CATALOG_CELL(rows, 0, 6).text;
    for (int i = 0; i < key->ncolumns; i++) {
        PartitionKeyColumn *column = &key->columns[i];
        int64_t number, class, collation;
        numbers = next_number(numbers, &number);
        classes = next_number(classes, &class);
        collations = next_number(collations, &collation);
        *column = (PartitionKeyColumn){.column = (int)number, .opclass = (Oid) class, .collation = (Oid)collation};
        if (number > 0 && number <= relation->ncolumns) {
            const CatColumn *of = &relation->columns[number - 1];
            column->expr = arena_strdup(arena, catalog_quote_identifier(catalog, of->name, arena));
            column->type = of->type;
            column->typmod = of->typmod;
        } else {
            exprs = read_expr(exprs ? exprs : "", column, arena);
        }
        if (!read_class(catalog, column, arena, error))
            return NULL;
    }
    return key;
}

static const char *strategy_word(char strategy)
{
    return strategy == 'l' ? "LIST" : strategy == 'r' ? "RANGE" : "HASH";
}

static void add_key_modifiers(Catalog *catalog, const CatRelation *relation, const PartitionKey *key, int index, Arena *arena, Str *out)
{
    const PartitionKeyColumn *column = &key->columns[index];
    Error error;
    error_init(&error, arena);
    Oid own = column->column ? relation->columns[column->column - 1].collation : catalog_type(catalog, column->type)->collation;
    const CatCollation *collation = column->collation != own ? catalog_collation(catalog, column->collation) : NULL;
    if (collation)
        str_addf(out, " COLLATE %s",
                 catalog_qualified(catalog,
                                   catalog_is_visible(catalog, PG_COLLATION_RELATION, collation->oid) ? OID_NONE : collation->namespace_oid,
                                   collation->name, arena));
    CatalogRows *rows =
        catalog_query(catalog, arena, &error, "SELECT opcname, opcdefault FROM pg_opclass WHERE oid = ?1", "o", column->opclass);
    if (rows && rows->nrows && (!CATALOG_CELL(rows, 0, 1).i))
        str_addf(out, " %s", catalog_quote_identifier(catalog, CATALOG_CELL(rows, 0, 0).text, arena));
}

static const char *key_expr_text(const FuncContext *context, const PartitionKey *key, const char *expr, bool pretty, Arena *arena)
{
    const FuncStoredText stored = {.text = expr, .relation = key->relation, .pretty = pretty, .call_parens = true};
    Error ignored;
    error_init(&ignored, arena);
    const char *text = context->expr_text ? context->expr_text(context, &stored, arena, &ignored) : NULL;
    return text ? text : arena_printf(arena, "(%s)", expr);
}

const char *partition_key_text(const FuncContext *context, const PartitionKey *key, bool bare, Arena *arena)
{
    Catalog *catalog = context->catalog;
    const CatRelation *relation = catalog_relation(catalog, key->relation);
    Str out;
    str_init(&out, arena);
    str_addf(&out, "%s (", strategy_word(key->strategy));
    for (int i = 0; i < key->ncolumns; i++) {
        const PartitionKeyColumn *column = &key->columns[i];
        str_add(&out, i ? ", " : "");
        if (column->column)
            str_add(&out, catalog_quote_identifier(catalog, relation->columns[column->column - 1].name, arena));
        else
            str_add(&out, key_expr_text(context, key, column->expr, bare, arena));
        if (!bare)
            add_key_modifiers(catalog, relation, key, i, arena, &out);
    }
    str_addc(&out, ')');
    return out.data;
}

/* ---- reading a bound's text ---- */

static const char *skip(const char *at, const char *word)
{
    while (*at == ' ')
        at++;
    size_t len = strlen(word);
    return at && strncmp(at, word, len) == 0 ? at + len : NULL;
}

static const char *read_quoted(const char *at, Arena *arena, PartitionDatum *out)
{
    bool escapes = *at == 'E';
    Str text;
    str_init(&text, arena);
    at += escapes ? 2 : 1;
    for (; *at; at++) {
        if (*at == '\'' && at[1] != '\'')
            break;
        if (*at == '\'' || (escapes && *at == '\\' && at[1]))
            at++;
        str_addc(&text, *at);
    }
    out->text = text.data ? text.data : "";
    return *at ? at + 1 : at;
}

static const char *read_datum(const char *at, Arena *arena, PartitionDatum *out)
{
    *out = (PartitionDatum){.location = -1};
    while (*at == ' ')
        at++;
    if (*at == '\'' || (*at == 'E' && at[1] == '\''))
        return read_quoted(at, arena, out);
    size_t len = strcspn(at, ",)");
    const char *word = arena_strndup(arena, at, len);
    if (str_eq(word, "MINVALUE"))
        out->kind = DATUM_MINVALUE;
    else if (str_eq(word, "MAXVALUE"))
        out->kind = DATUM_MAXVALUE;
    else if (str_eq(word, "true") || str_eq(word, "false"))
        out->text = *word == 't' ? "t" : "f";
    else if (!str_eq(word, "NULL"))
        out->text = word;
    return at + len;
}

static const char *read_datums(const char *at, Arena *arena, PartitionDatum **out, int *count)
{
    VEC(PartitionDatum) datums = {0};
    at = skip(at, "(");
    while (at && *at && *at != ')') {
        PartitionDatum datum;
        at = read_datum(at, arena, &datum);
        vec_push(arena, &datums, datum);
        if (*at == ',')
            at++;
    }
    *out = datums.items;
    *count = (int)datums.count;
    return at && *at ? at + 1 : at;
}

bool partition_bound_parse(const char *text, Arena *arena, PartitionBound *out)
{
    *out = (PartitionBound){0};
    if (!text)
        return false;
    if (str_eq(text, "DEFAULT"))
        return out->is_default = true;
    const char *at;
    int nupper;
    if ((at = skip(text, "FOR VALUES IN"))) {
        out->strategy = 'l';
        read_datums(at, arena, &out->list, &out->nlist);
    } else if ((at = skip(text, "FOR VALUES FROM"))) {
        out->strategy = 'r';
        at = read_datums(at, arena, &out->lower, &out->nlower);
        at = at ? skip(at, "TO") : NULL;
        if (at)
            read_datums(at, arena, &out->upper, &nupper);
    } else if ((at = skip(text, "FOR VALUES WITH (modulus"))) {
        out->strategy = 'h';
        char *rest;
        out->modulus = (int)strtol(at, &rest, 10);
        at = skip(rest, ", remainder");
        out->remainder = at ? atoi(at) : 0;
    }
    return at != NULL;
}

/* ---- writing it ---- */

static bool is_bare(Oid type, const char *text)
{
    if (type == TYPE_INT4)
        return *text != '-';
    return type == TYPE_NUMERIC && isdigit((unsigned char)*text) && strpbrk(text, "eE.");
}

static const char *constant_text(Oid type, const char *text, const TypeContext *types, Arena *arena)
{
    if (!text)
        return "NULL";
    if (type == TYPE_BOOL)
        return *text == 't' ? "true" : "false";
    return is_bare(type, text) ? text : catalog_quote_constant(type_text_shown(type, text, types, arena), arena);
}

const char *partition_datums_text(const PartitionDatum *datums, int count, const PartitionKey *key, const TypeContext *types, Arena *arena)
{
    Str out;
    str_init(&out, arena);
    for (int i = 0; i < count; i++) {
        str_add(&out, i ? ", " : "(");
        if (datums[i].kind != DATUM_VALUE)
            str_add(&out, datums[i].kind == DATUM_MINVALUE ? "MINVALUE" : "MAXVALUE");
        else
            str_add(&out, constant_text(key->columns[key->strategy == 'r' ? i : 0].type, datums[i].text, types, arena));
    }
    str_addc(&out, ')');
    return out.data;
}

const char *partition_bound_text(const PartitionBound *bound, const PartitionKey *key, const TypeContext *types, Arena *arena)
{
    if (bound->is_default)
        return "DEFAULT";
    if (bound->strategy == 'h')
        return arena_printf(arena, "FOR VALUES WITH (modulus %d, remainder %d)", bound->modulus, bound->remainder);
    if (bound->strategy == 'l')
        return arena_printf(arena, "FOR VALUES IN %s", partition_datums_text(bound->list, bound->nlist, key, types, arena));
    return arena_printf(arena, "FOR VALUES FROM %s TO %s", partition_datums_text(bound->lower, bound->nlower, key, types, arena),
                        partition_datums_text(bound->upper, bound->nlower, key, types, arena));
}

/* ---- comparing ---- */

bool partition_operator(Catalog *catalog, const PartitionKeyColumn *column, int strategy, Arena *arena, Oid *proc, Error *error)
{
    CatalogRows *rows = catalog_query(catalog, arena, error,
                                      "SELECT oprcode FROM pg_amop JOIN pg_operator o ON o.oid = amopopr WHERE amopfamily = ?1 AND"
                                      " amoplefttype = ?2 AND amoprighttype = ?2 AND amopstrategy = ?3",
                                      "ooi", column->opfamily, column->compare_type, (int64_t)strategy);
    if (!rows || rows->nrows == 0)
        return rows && error_set(error, ERRCODE_INTERNAL_ERROR, "missing operator %d in opfamily %u", strategy, column->opfamily);
    *proc = (Oid)CATALOG_CELL(rows, 0, 0).i;
    return true;
}

bool partition_compare(const FuncContext *context, const PartitionKey *key, int index, const char *a, const char *b, Arena *arena, int *out,
                       Error *error)
{
    const PartitionKeyColumn *column = &key->columns[index];
    Oid base = catalog_base_type(context->catalog, column->type, NULL), types[2] = {base, base}, less;
    const char *forward[2] = {a, b}, *backward[2] = {b, a}, *answer;
    if (str_eq(a, b)) {
        *out = 0;
        return true;
    }
    if (!partition_operator(context->catalog, column, 1, arena, &less, error) ||
        !func_fold(less, context, TYPE_BOOL, types, forward, 2, arena, &answer, error))
        return false;
    if (answer && *answer == 't') {
        *out = -1;
        return true;
    }
    if (!func_fold(less, context, TYPE_BOOL, types, backward, 2, arena, &answer, error))
        return false;
    *out = answer && *answer == 't';
    return true;
}

bool partition_compare_points(const FuncContext *context, const PartitionKey *key, const PartitionDatum *a, const PartitionDatum *b,
                              Arena *arena, int *out, Error *error)
{
    *out = 0;
    for (int i = 0; i < key->ncolumns && *out == 0; i++) {
        if (a[i].kind != b[i].kind)
            *out = a[i].kind < b[i].kind ? -1 : 1;
        else if (a[i].kind != DATUM_VALUE)
            return true; /* what follows an infinite value does not count */
        else if (!partition_compare(context, key, i, a[i].text, b[i].text, arena, out, error))
            return false;
        *out *= i + 1;
    }
    return true;
}

/* ---- partitions among each other ---- */

typedef struct Sorting {
    const FuncContext *context;
    const PartitionKey *key;
    Arena *arena;
    Error *error; /* set: the order means nothing */
} Sorting;

/* Of a list, as `lower`; none where it has NULL alone. */
static bool find_least(const Sorting *sorting, PartitionBound *bound)
{
    for (int i = 0; i < bound->nlist; i++) {
        PartitionDatum *value = &bound->list[i];
        int order = -1;
        if (!value->text)
            continue;
        if (bound->lower &&
            !partition_compare_points(sorting->context, sorting->key, value, bound->lower, sorting->arena, &order, sorting->error))
            return false;
        if (order < 0)
            bound->lower = value;
    }
    return true;
}

static int compare_bounds(const void *left, const void *right, void *arg)
{
    const PartitionBound *a = &((const Partition *)left)->bound, *b = &((const Partition *)right)->bound;
    Sorting *sorting = arg;
    int order = 0;
    if (a->is_default || b->is_default)
        return a->is_default - b->is_default;
    if (sorting->key->strategy == 'h')
        return a->modulus != b->modulus ? a->modulus - b->modulus : a->remainder - b->remainder;
    if (!a->lower || !b->lower)
        return !a->lower - !b->lower;
    if (!error_is_set(sorting->error) &&
        !partition_compare_points(sorting->context, sorting->key, a->lower, b->lower, sorting->arena, &order, sorting->error))
        return 0;
    return order;
}

Partition *partition_children(const FuncContext *context, const PartitionKey *key, Arena *arena, size_t *count, Error *error)
{
    Sorting sorting = {context, key, arena, error};
    CatalogRows *rows = catalog_query(context->catalog, arena, error,
                                      "SELECT c.oid, relname, relpartbound FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid"
                                      " WHERE inhparent = ?1 AND relpartbound IS NOT NULL ORDER BY c.oid",
                                      "o", key->relation);
    if (!rows)
        return NULL;
    Partition *children = ARENA_ARRAY(arena, Partition, rows->nrows + 1);
    *count = rows->nrows;
    for (size_t i = 0; i < rows->nrows; i++) {
        children[i] = (Partition){.oid = (Oid)CATALOG_CELL(rows, i, 0).i, .name = arena_strdup(arena, CATALOG_CELL(rows, i, 1).text)};
        partition_bound_parse(CATALOG_CELL(rows, i, 2).text, arena, &children[i].bound);
        if (!find_least(&sorting, &children[i].bound))
            return NULL;
    }
    qsort_r(children, *count, sizeof *children, compare_bounds, &sorting);
    return error_is_set(error) ? NULL : children;
}
