/*
 * index_values.c - what an index computes of a row when PostgreSQL makes its entry: its predicate, then, for a row that meets it, its
 * expressions. Medley keeps no such entries; what fails refuses the row all the same.
 *
 * Invariants:
 *  1. All rows are computed at once. Only when that fails, the first row that does is looked for, and of that row the first index.
 *  2. An UPDATE that sets no column of any index makes no entries (PostgreSQL's heap-only tuples): nothing is computed.
 * Entered by the session's worker only.
 */
#include <stdlib.h>
#include <string.h>

#include "write/internal.h"

typedef struct IndexValues {
    Oid index;
    VEC(Expr *) items;
} IndexValues;

typedef VEC(IndexValues) IndexList;

const char *index_next_expression(Write *write, const char **at)
{
    const char *text = arena_strndup(write->arena, *at, strcspn(*at, "\3")), *end = strchr(*at, '\2');
    *at = end ? end + 1 : *at + strlen(*at);
    return text;
}

const char *index_expression_where(Write *write, const char *expression, const char *predicate)
{
    return predicate ? arena_printf(write->arena, "CASE WHEN %s THEN %s END", predicate, expression) : expression;
}

static bool add_value(Write *write, const CatRelation *relation, const char *text, IndexValues *out)
{
    Expr *value = fetch_expr(write, relation, text, OID_NONE);
    if (value)
        vec_push(write->arena, &out->items, value);
    return value != NULL;
}

static bool read_indexes(Write *write, const CatRelation *relation, Oid index, IndexList *out)
{
    static const char SQL[] = "SELECT indexrelid, indexprs, indpred FROM pg_index WHERE indrelid = ?1 AND (?2 = 0 OR indexrelid = ?2)"
                              " AND (indexprs IS NOT NULL OR indpred IS NOT NULL) ORDER BY indexrelid";
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, SQL, "oo", relation->oid, index);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const CatalogCell *cells = &CATALOG_CELL(rows, i, 0);
        const char *at = cells[1].is_null ? "" : cells[1].text, *predicate = cells[2].is_null ? NULL : cells[2].text;
        IndexValues values = {.index = (Oid)cells[0].i};
        if (!*at && !add_value(write, relation, predicate, &values))
            return false;
        while (*at)
            if (!add_value(write, relation, index_expression_where(write, index_next_expression(write, &at), predicate), &values))
                return false;
        vec_push(write->arena, out, values);
    }
    return rows != NULL;
}

/* ---- which rows ---- */

/* Of rows with numbers in that range. */
static bool compute(Write *write, const CatRelation *relation, const IndexValues *indexes, size_t count, int64_t first, int64_t last)
{
    Query *query = fetch_over(write, relation);
    fetch_add_condition(write, query,
                        fetch_compare(write, OPERATOR_INT8_GREATER, fetch_row_number(write, 0), fetch_int8(write, first - 1)));
    fetch_add_condition(write, query, fetch_compare(write, OPERATOR_INT8_LESS, fetch_row_number(write, 0), fetch_int8(write, last + 1)));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < indexes[i].items.count; k++)
            fetch_add_target(query, expr_copy(indexes[i].items.items[k], write->arena));
    return fetch_compute(write, query);
}

/* Not a cancel, a time limit or a shortage, which are about no row. */
static bool is_about_rows(const Error *error)
{
    return strncmp(error->sqlstate, ERRCODE_QUERY_CANCELED, 2) != 0 && strncmp(error->sqlstate, ERRCODE_INSUFFICIENT_RESOURCES, 2) != 0;
}

/* An error that is about no row stays. */
static bool fails(Write *write, const CatRelation *relation, const IndexList *indexes, int64_t first, int64_t last)
{
    bool failed = !compute(write, relation, indexes->items, indexes->count, first, last);
    if (failed && is_about_rows(write->error))
        error_clear(write->error);
    return failed;
}

/* The first row that fails, of those with lower numbers than `end`; 0: none does, or the error is set. */
static int64_t find_row(Write *write, const CatRelation *relation, const IndexList *indexes, int64_t end)
{
    int64_t none = 0, some = 1;
    for (; some < end && !fails(write, relation, indexes, none + 1, some); some *= 2)
        none = some;
    if (some >= end && !error_is_set(write->error) && !fails(write, relation, indexes, none + 1, some = end - 1))
        return 0;
    while (some - none > 1 && !error_is_set(write->error)) {
        int64_t middle = none + (some - none) / 2;
        if (fails(write, relation, indexes, none + 1, middle))
            some = middle;
        else
            none = middle;
    }
    return error_is_set(write->error) ? 0 : some;
}

static bool check(Write *write, const CatRelation *relation, const IndexList *indexes, IndexPlace *end)
{
    int64_t after_all = (int64_t)1 << 62, last = end->row ? end->row : after_all;
    if (!indexes->count || compute(write, relation, indexes->items, indexes->count, 1, last - 1))
        return true;
    if (!is_about_rows(write->error))
        return false;
    Error all;
    error_init(&all, write->arena);
    error_copy(&all, write->error);
    error_clear(write->error);
    int64_t row = find_row(write, relation, indexes, last);
    for (size_t i = 0; row && i < indexes->count; i++)
        if (!compute(write, relation, &indexes->items[i], 1, row, row)) {
            *end = (IndexPlace){row, indexes->items[i].index};
            return false;
        }
    return error_is_set(write->error) ? false : error_copy(write->error, &all); /* it was not about a row */
}

/* ---- rows that are written ---- */

/* Invariant 2. */
static bool makes_entries(Write *write, const CatRelation *relation, const IndexList *indexes, bool *out)
{
    bool alone;
    *out = true;
    if (!change_sets_alone(write, relation, &alone))
        return false;
    if (!alone)
        return true;
    CatalogRows *rows =
        catalog_query(write->catalog, write->arena, write->error, "SELECT indkey FROM pg_index WHERE indrelid = ?1", "o", relation->oid);
    *out = false;
    for (size_t i = 0; rows && i < rows->nrows; i++)
        for (const char *at = CATALOG_CELL(rows, i, 0).text; *at && !*out;) {
            char *next;
            int number = (int)strtol(at, &next, 10);
            *out = number > 0 && change_is_set(write, relation, number);
            at = next + strspn(next, " ");
        }
    for (size_t i = 0; i < indexes->count; i++)
        for (size_t k = 0; k < indexes->items[i].items.count; k++)
            *out |= change_reads_set(write, relation, indexes->items[i].items.items[k]);
    return rows != NULL;
}

bool index_values_check(Write *write, const CatRelation *relation, IndexPlace *end)
{
    IndexList indexes = {0};
    bool made;
    if (!read_indexes(write, relation, OID_NONE, &indexes))
        return false;
    if (!indexes.count)
        return true;
    if (!makes_entries(write, relation, &indexes, &made))
        return false;
    return !made || check(write, relation, &indexes, end);
}

bool index_values_verify(Write *write, const CatRelation *relation, Oid index)
{
    IndexList indexes = {0};
    IndexPlace ignored = {0};
    return read_indexes(write, relation, index, &indexes) && check(write, relation, &indexes, &ignored);
}
