/*
 * setting_use.c - statements that set a setting with set_config() and read it, which PostgreSQL does in the order in which it comes to
 * them.
 *
 * Invariants:
 *  1. Two calls are in turn where both stand in select lists (or rows of VALUES) that are computed one after the other, row by row, outside
 *     their subqueries. What is elsewhere the local engine computes when it likes, so there such a statement is refused.
 *  2. What changes settings by name is set_config(), and users' volatile functions as their texts say (setting_text.c). Users' functions
 * that are not immutable read what their texts may read.
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

/* Those of them that say whose and what things are: where users' functions set these is not looked for. */
static const char *const PLACES[] = {"search_path", "role", "session_authorization"};

typedef struct Change {
    const char *name; /* NULL: it is computed */
    bool is_prefix;   /* of names */
    bool is_routine;  /* in a function of a user's */
    const Expr *root; /* that it stands in; NULL: it is not in turn */
} Change;

typedef struct Uses {
    Catalog *catalog;
    Arena *arena;
    VEC(const Expr *) roots;   /* expressions that are computed in turn */
    VEC(const Query *) passed; /* system views: their functions are done before there are rows */
    VEC(Change) changes;
    const Expr *root; /* the one that the walk is in; NULL: none */
    bool is_write;
    bool has_rows;               /* there are entries of FROM */
    bool is_sorted;              /* the rows are sorted before what is volatile is computed, and after all else is */
    bool has_change, has_reader; /* somewhere, of whatever setting */
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

/* The user's function of that volatility that is called; NULL: none. Those that a write calls are computed row by row (src/write). */
static const CatProc *users_function(const Uses *uses, const Expr *expr, char volatility)
{
    const CatProc *proc = expr_called(uses->catalog, expr);
    return !uses->is_write && proc && proc->oid >= FIRST_USER_OID && proc->volatility == volatility ? proc : NULL;
}

static bool may_change(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_FUNC && expr->oid == F_SET_CONFIG_TEXT_TEXT_BOOL) || users_function(arg, expr, 'v');
}

static bool find_change(const Expr *expr, void *arg)
{
    Uses *uses = arg;
    const CatProc *proc = users_function(uses, expr, 'v');
    RoutineSettings set = proc ? sql_routine_settings(proc, uses->catalog, uses->arena) : (RoutineSettings){0};
    if (!proc && may_change(expr, uses))
        vec_push(uses->arena, &uses->changes, ((Change){.name = setting_named(expr), .root = uses->root}));
    for (size_t i = 0; i < set.names.count; i++)
        vec_push(uses->arena, &uses->changes, ((Change){set.names.items[i].name, set.names.items[i].is_prefix, true, uses->root}));
    return expr_walk(expr, find_change, arg);
}

static bool is_among(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcasecmp(names[i], name) == 0)
            return true;
    return false;
}

/* ---- readers ---- */

static bool is_setting_call(const Expr *expr)
{
    return expr->kind == EXPR_FUNC && (expr->oid == F_CURRENT_SETTING_TEXT || expr->oid == F_CURRENT_SETTING_TEXT_BOOL);
}

static bool is_named(const Change *change, const char *name)
{
    return change->is_prefix ? strncasecmp(name, change->name, strlen(change->name)) == 0 : strcasecmp(name, change->name) == 0;
}

static bool is_read_by(const Uses *uses, const Change *change, const Expr *expr)
{
    const char *named = is_setting_call(expr) ? setting_named(expr) : NULL;
    const CatProc *users = users_function(uses, expr, 's');
    if (is_setting_call(expr) || !change->name)
        return !named || !change->name || is_named(change, named);
    if (change->is_routine && is_among(PLACES, COUNT_OF(PLACES), change->name))
        return false;
    return is_among(ANSWERS, COUNT_OF(ANSWERS), change->name) || (users && sql_routine_settings(users, uses->catalog, uses->arena).reads);
}

static bool find_reader(const Expr *expr, void *arg)
{
    Uses *uses = arg;
    bool reads = expr_reads_session_itself(expr, uses->catalog);
    for (size_t i = 0; reads && i < uses->changes.count; i++) {
        const Change *change = &uses->changes.items[i];
        bool in_turn = change->root && uses->root && !(uses->has_rows && users_function(uses, expr, 's'));
        bool is_before = uses->is_sorted && in_turn && change->root != uses->root;
        if (is_before || !is_read_by(uses, change, expr))
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

static bool find_any(const Expr *expr, void *arg)
{
    Uses *uses = arg;
    uses->has_change |= may_change(expr, uses);
    uses->has_reader |= expr_reads_session_itself(expr, uses->catalog);
    return expr_walk(expr, find_any, arg);
}

bool sql_check_settings(const Query *query, Catalog *catalog, bool *is_read, Arena *arena, Error *error)
{
    Uses uses = {.catalog = catalog, .arena = arena, .is_write = query->kind != QUERY_SELECT, .has_rows = query->nfrom};
    *is_read = false;
    visit_query(query, &(Walk){&uses, find_any});
    if (!uses.has_change || !uses.has_reader)
        return true;
    find_roots(&uses, query);
    visit_query(query, &(Walk){&uses, find_change});
    visit_query(query, &(Walk){&uses, find_reader});
    *is_read = uses.is_read;
    return !uses.is_read_elsewhere || sql_refuse_settings(error);
}

bool sql_sets_settings(const Query *query, Catalog *catalog, Arena *arena)
{
    Uses uses = {.catalog = catalog, .arena = arena, .is_write = query->kind != QUERY_SELECT};
    visit_query(query, &(Walk){&uses, find_change});
    return uses.changes.count;
}

bool sql_refuse_settings(Error *error)
{
    return error_unsupported(error, "reading a setting in the statement that sets it with set_config() is not supported here");
}
