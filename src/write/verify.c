/*
 * verify.c - rows that are there already, held to what a table newly asks of its rows.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "write/internal.h"

static Write open_write(const WriteContext *context, Oid relation, Arena *arena, Error *error)
{
    return (Write){.context = context,
                   .root = catalog_relation(context->plan->catalog, relation),
                   .catalog = context->plan->catalog,
                   .arena = arena,
                   .error = error};
}

/* *out: whether some row meets the condition. */
static bool any_row(Write *write, Expr *condition, bool *out)
{
    Query *query = fetch_over(write, write->root);
    const char *const *cells;
    query->where = condition;
    fetch_add_target(query, expr_const(write->arena, TYPE_INT4, -1, "1"));
    query->limit = expr_const(write->arena, TYPE_INT8, -1, "1");
    bool done = fetch_first(write, query, &cells);
    *out = done && cells;
    return done;
}

static Expr *is_false(Write *write, Expr *condition)
{
    Expr *test = fetch_test(write, EXPR_BOOL_TEST, condition);
    test->u.bool_test = TEST_IS_FALSE;
    return test;
}

bool write_verify_not_null(const WriteContext *context, Oid relation, int column, Arena *arena, Error *error)
{
    Write write = open_write(context, relation, arena, error);
    bool broken;
    if (!any_row(&write, fetch_test(&write, EXPR_IS_NULL, fetch_column(&write, write.root, column)), &broken))
        return false;
    if (!broken)
        return true;
    const char *name = write.root->columns[column - 1].name;
    error_set(error, ERRCODE_NOT_NULL_VIOLATION, "column \"%s\" of relation \"%s\" contains null values", name, write.root->name);
    fetch_error_names(&write, write.root, name, NULL);
    return false;
}

bool write_verify_check(const WriteContext *context, Oid relation, const char *name, const char *text, Arena *arena, Error *error)
{
    Write write = open_write(context, relation, arena, error);
    bool broken;
    Expr *check = fetch_expr(&write, write.root, text, TYPE_BOOL);
    if (!check || !any_row(&write, is_false(&write, check), &broken))
        return false;
    if (!broken)
        return true;
    error_set(error, ERRCODE_CHECK_VIOLATION, "check constraint \"%s\" of relation \"%s\" is violated by some row", name, write.root->name);
    fetch_error_names(&write, write.root, NULL, name);
    return false;
}

bool write_verify_bound(const WriteContext *context, Oid relation, const char *default_name, Arena *arena, Error *error)
{
    Write write = open_write(context, relation, arena, error);
    bool broken;
    Expr *bound;
    if (!route_constraint(&write, relation, write.root, &bound))
        return false;
    if (!bound)
        return true;
    if (!any_row(&write, is_false(&write, bound), &broken))
        return false;
    if (!broken)
        return true;
    error_set(error, ERRCODE_CHECK_VIOLATION,
              default_name ? "updated partition constraint for default partition \"%s\" would be violated by some row"
                           : "partition constraint of relation \"%s\" is violated by some row",
              default_name ? default_name : write.root->name);
    fetch_error_names(&write, write.root, NULL, NULL);
    return false;
}

/* A materialized view without rows, which may not be read. */
static bool is_unpopulated(const CatRelation *relation)
{
    return relation->kind == 'm' && !relation->is_populated;
}

bool write_check_index_value(const WriteContext *context, Oid relation, const Expr *value, Arena *arena, Error *error)
{
    Write write = open_write(context, relation, arena, error);
    if (is_unpopulated(write.root))
        return true;
    Query *query = fetch_over(&write, write.root);
    fetch_add_target(query, expr_copy(value, arena));
    if (write_plan(&write, query))
        return true;
    bool is_unknown = strcmp(error->sqlstate, ERRCODE_FEATURE_NOT_SUPPORTED) == 0; /* said when there are rows */
    if (is_unknown)
        error_clear(error);
    return is_unknown;
}

bool write_verify_index(const WriteContext *context, Oid relation, Oid index, Arena *arena, Error *error)
{
    Write write = open_write(context, relation, arena, error);
    if (is_unpopulated(write.root))
        return true;
    const ActingUser before = context->act_as(context->arg, (ActingUser){write.root->owner, false, true});
    bool done = index_verify(&write, write.root, index);
    (void)context->act_as(context->arg, before);
    return done;
}

bool write_verify_indexes(const WriteContext *context, Oid relation, Arena *arena, Error *error)
{
    CatalogRows *rows = catalog_query(
        context->plan->catalog, arena, error,
        "SELECT indexrelid FROM pg_index WHERE indrelid = ?1 AND (indexprs IS NOT NULL OR indpred IS NOT NULL) ORDER BY 1", "o", relation);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        if (!write_verify_index(context, relation, (Oid)CATALOG_CELL(rows, i, 0).i, arena, error))
            return false;
    return rows != NULL;
}
