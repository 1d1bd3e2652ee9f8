/*
 * setting_use.c - statements that set a setting with set_config() and read it, which PostgreSQL does in the order in which it comes to
 * them.
 *
 * Invariants:
 *  1. Two calls are in turn where both stand in select lists (or rows of VALUES) that are computed one after the other, row by row, outside
 *     their subqueries. What is elsewhere the local engine computes when it likes, so there such a statement is refused.
 *  2. What changes settings by name is set_config() alone: functions of users are not looked into.
 *
 * Any thread; trees are plain data.
 */
#include <string.h>
#include <strings.h>

#include "func/proc_oids.h"
#include "sql/sql.h"

/* Settings that other functions than current_setting() go by. */
static const char *const ANSWERS[] = {"TimeZone",           "DateStyle",    "IntervalStyle",
                                      "search_path",        "role",         "session_authorization",
                                      "extra_float_digits", "bytea_output", "lc_messages",
                                      "lc_monetary",        "lc_numeric",   "lc_time",
                                      "xmlbinary",          "xmloption",    "default_text_search_config"};

typedef struct Change {
    const char *name; /* NULL: it is computed */
    const Expr *root; /* that it stands in; NULL: it is not in turn */
} Change;

typedef struct Uses {
    Catalog *catalog;
    Arena *arena;
    VEC(const Expr *) roots;   /* expressions that are computed in turn */
    VEC(const Query *) passed; /* system views: their functions are done before there are rows */
    VEC(Change) changes;
    const Expr *root; /* the one that the walk is in; NULL: none */
    bool is_sorted;   /* the rows are sorted before what is volatile is computed, and after all else is */
    bool is_read, is_read_elsewhere;
} Uses;

/* ---- which are in turn ---- */

static bool add_root(Expr **slot, void *arg)
{
    Uses *uses = arg;
    vec_push(uses->arena, &uses->roots, *slot);
    return false;
}

static void find_roots(Uses *uses, const Query *query)
{
    bool in_order = query_is_in_order(query);
    uses->is_sorted = query->norder && !in_order;
    if (in_order || (query_is_row_wise(query) && !query->offset && !query_sorts_by_volatile(query, uses->catalog)))
        query_walk_in_order((Query *)(uintptr_t)query, add_root, uses); /* which is only read */
}

static bool is_root(const Uses *uses, const Expr *expr)
{
    for (size_t i = 0; i < uses->roots.count; i++)
        if (uses->roots.items[i] == expr)
            return true;
    return false;
}

/* ---- changes ---- */

static const char *setting_named(const Expr *call)
{
    const Expr *name = call->nargs ? call->args[0] : NULL;
    return name && name->kind == EXPR_CONST ? name->u.value : NULL;
}

static bool find_change(const Expr *expr, void *arg)
{
    Uses *uses = arg;
    if (expr->kind == EXPR_FUNC && expr->oid == F_SET_CONFIG_TEXT_TEXT_BOOL)
        vec_push(uses->arena, &uses->changes, ((Change){setting_named(expr), uses->root}));
    return expr_walk(expr, find_change, arg);
}

static bool is_answer(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(ANSWERS); i++)
        if (strcasecmp(ANSWERS[i], name) == 0)
            return true;
    return false;
}

/* ---- readers ---- */

static bool is_read_by(const Change *change, const Expr *expr)
{
    bool reads = expr->oid == F_CURRENT_SETTING_TEXT || expr->oid == F_CURRENT_SETTING_TEXT_BOOL;
    if (expr->kind != EXPR_FUNC || !reads)
        return !change->name || is_answer(change->name);
    const char *name = setting_named(expr);
    return !name || !change->name || strcasecmp(name, change->name) == 0;
}

static bool find_reader(const Expr *expr, void *arg)
{
    Uses *uses = arg;
    bool reads = expr_reads_session_itself(expr, uses->catalog);
    for (size_t i = 0; reads && i < uses->changes.count; i++) {
        const Change *change = &uses->changes.items[i];
        bool in_turn = change->root && uses->root, is_before = uses->is_sorted && in_turn && change->root != uses->root;
        if (is_before || !is_read_by(change, expr))
            continue;
        uses->is_read = true;
        uses->is_read_elsewhere |= !in_turn || uses->is_sorted;
    }
    return expr_walk(expr, find_reader, arg);
}

/* ---- the walk ---- */

typedef struct Walk {
    Uses *uses;
    bool (*fn)(const Expr *expr, void *arg);
} Walk;

static bool visit_slot(const Expr *expr, void *arg)
{
    const Walk *walk = arg;
    walk->uses->root = is_root(walk->uses, expr) ? expr : NULL;
    walk->fn(expr, walk->uses);
    return false;
}

static bool is_passed(const Uses *uses, const Query *query)
{
    for (size_t i = 0; i < uses->passed.count; i++)
        if (uses->passed.items[i] == query)
            return true;
    return false;
}

static bool visit_query(const Query *query, void *arg)
{
    Uses *uses = ((Walk *)arg)->uses;
    if (is_passed(uses, query))
        return false;
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->query && query->rtes[i]->relation && query->rtes[i]->relation->oid < FIRST_USER_OID)
            vec_push(uses->arena, &uses->passed, query->rtes[i]->query);
    query_walk_exprs(query, visit_slot, arg);
    if (query->returning)
        visit_query(query->returning, arg);
    if (query->conflict && query->conflict->update)
        visit_query(query->conflict->update, arg);
    return query_walk_queries(query, visit_query, arg);
}

bool sql_check_settings(const Query *query, Catalog *catalog, bool *is_read, Arena *arena, Error *error)
{
    Uses uses = {.catalog = catalog, .arena = arena};
    *is_read = false;
    visit_query(query, &(Walk){&uses, find_change});
    if (!uses.changes.count)
        return true;
    uses.changes.count = 0;
    find_roots(&uses, query);
    visit_query(query, &(Walk){&uses, find_change});
    visit_query(query, &(Walk){&uses, find_reader});
    *is_read = uses.is_read;
    return !uses.is_read_elsewhere || sql_refuse_settings(error);
}

bool sql_sets_settings(const Query *query, Arena *arena)
{
    Uses uses = {.arena = arena};
    visit_query(query, &(Walk){&uses, find_change});
    return uses.changes.count;
}

bool sql_refuse_settings(Error *error)
{
    return error_unsupported(error, "reading a setting in the statement that sets it with set_config() is not supported here");
}
