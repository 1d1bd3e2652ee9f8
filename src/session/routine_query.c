/*
 * routine_query.c - users' functions in a query: called before it is planned, their results standing in their place.
 *
 * Invariants:
 *  1. Only calls over constants and parameters are made here, and volatile ones only where PostgreSQL is sure to reach them, once: in the
 *     select list of the outermost query, if that has one row, and in VALUES and UNION ALL of such. There each output is computed as a
 * whole. What it leaves out of subqueries, as nobody reads it, is left out before, and not called either.
 *  2. A function in FROM becomes the rows it gave. What is left of users' functions the planner refuses by name.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/routine.h"

typedef struct Expansion {
    Session *session;
    const PortalParams *params, *constants; /* constants: those of them that are such to PostgreSQL's planner */
    PlHost *host;
    Arena *arena;
    Error *error;
    Query *query;
    const Query *outermost;
    const Query *in_order;     /* the outermost one, whose outputs are all computed, once and in their order; NULL: they may not */
    bool in_turn;              /* and some see what others before them have changed */
    VEC(const Expr *) reached; /* calls in its select list that this row needs, and in conditions that are asked before any row is read */
    bool failed;
    int inlined; /* functions in FROM so far: one may call itself */
    bool writes; /* PostgreSQL makes the function in FROM a part of the query, which may write whatever the function is declared */
} Expansion;

/* ---- whether there is anything to do ---- */

static bool is_user_call(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_FUNC && expr->oid >= FIRST_USER_OID) || expr_walk(expr, is_user_call, arg);
}

static bool has_user_call(const Query *query, void *arg)
{
    return query_walk_exprs(query, is_user_call, arg) || query_walk_queries(query, has_user_call, arg);
}

typedef struct Order {
    Catalog *catalog;
    int count;
    bool changes, reads;
} Order;

static bool look_at_slot(Expr **slot, void *arg)
{
    Order *order = arg;
    order->count++;
    order->changes |= expr_changes_session(*slot, order->catalog);
    order->reads |= expr_reads_session(*slot, order->catalog);
    return false;
}

/* What changes how the session is set comes to those that are computed after it. */
static bool takes_turns(const Query *query, Catalog *catalog)
{
    Order order = {.catalog = catalog};
    if (query_is_in_order(query))
        query_walk_in_order((Query *)(uintptr_t)query, look_at_slot, &order); /* which is only read */
    return order.changes && (order.reads || (order.count > 1 && query_gives_one_row(query)));
}

/* ---- values ---- */

static bool is_constant(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_VAR || expr->kind == EXPR_SUBLINK || expr_walk(expr, is_constant, arg);
}

static bool has_variables(const Expr *expr)
{
    return is_constant(expr, NULL);
}

static bool evaluate(Expansion *expansion, const Expr *expr, const char **out)
{
    PlEvaluation evaluation = {
        .host = expansion->host, .values = expansion->params ? expansion->params->values : NULL, .arena = expansion->arena};
    return plpgsql_evaluate(&evaluation, expr, out, expansion->error);
}

static bool can_compute(Expansion *expansion, const Expr *expr)
{
    return !has_variables(expr) && plpgsql_can_evaluate(expansion->host, expr);
}

/* What the planner of PostgreSQL leaves of it, computed. */
static Expr *constant_of(Expansion *expansion, const Expr *expr)
{
    const char *value;
    Expr *folded = routine_fold(expansion->session, expr, expansion->constants, expansion->arena, expansion->error);
    expansion->session->planning_failed = !folded;
    if (folded && !plpgsql_can_evaluate(expansion->host, folded))
        return folded;
    if (!folded || !evaluate(expansion, folded, &value)) {
        expansion->failed = true;
        return (Expr *)(uintptr_t)expr;
    }
    Expr *constant = expr_const_like(expansion->arena, expr, value);
    if (expr->type == TYPE_RECORD || expr->type == TYPE_RECORD_ARRAY)
        constant->u.fields = sql_record_fields(expr, expansion->query, expansion->session->catalog, expansion->arena);
    return constant;
}

/* A call that is to be made for each row. */
static Expr *planned(Expansion *expansion, Expr *expr)
{
    Expr *folded = routine_fold(expansion->session, expr, expansion->constants, expansion->arena, expansion->error);
    expansion->session->planning_failed = expansion->failed = !folded;
    return folded ? folded : expr;
}

static void find_reached(Expansion *expansion, const Expr *expr)
{
    vec_push(expansion->arena, &expansion->reached, expr);
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i] && !expr_may_skip(expr, i) && expr->kind != EXPR_SUBLINK)
            find_reached(expansion, expr->args[i]);
}

static bool find_reached_slot(Expr **slot, void *arg)
{
    find_reached(arg, *slot);
    return false;
}

/* Conditions that hang on no row PostgreSQL asks once, before it reads any. */
static void find_asked_once(Expansion *expansion, const Expr *all)
{
    bool is_list = all && all->kind == EXPR_AND;
    for (int i = 0; all && i < (is_list ? all->nargs : 1); i++) {
        const Expr *condition = is_list ? all->args[i] : all;
        if (!has_variables(condition) && !expr_is_volatile(condition, expansion->session->catalog))
            find_reached(expansion, condition);
    }
}

static bool is_reached(const Expansion *expansion, const Expr *expr)
{
    for (size_t i = 0; i < expansion->reached.count; i++)
        if (expansion->reached.items[i] == expr)
            return true;
    return false;
}

/* PostgreSQL makes the call for each row that needs it. One that fails is left for these: there may be none. */
static Expr *constant_or_call(Expansion *expansion, Expr *expr)
{
    Error *told = expansion->error, failure;
    error_init(&failure, expansion->arena);
    expansion->error = &failure;
    Expr *constant = constant_of(expansion, expr);
    expansion->error = told;
    if (!expansion->failed)
        return constant;
    if (session_check_interrupt(expansion->session, told)) {
        expansion->failed = false;
        return planned(expansion, expr);
    }
    return expr;
}

static Expr *replace_call(Expr *expr, int level, void *arg)
{
    Expansion *expansion = arg;
    (void)level;
    bool is_call = !expansion->failed && expr->kind == EXPR_FUNC && expr->oid >= FIRST_USER_OID && !expr->u.func.returns_set;
    const CatType *type = is_call ? catalog_type(expansion->session->catalog, expr->type) : NULL;
    /* The fields of a row are taken from the call, not from a text. */
    if (!is_call || expr->type == TYPE_RECORD || (type && type->kind == 'c'))
        return expr;
    if (!can_compute(expansion, expr)) {
        Expr *inlined = routine_inline_value(expansion->session, expr, expansion->arena);
        return inlined ? inlined : expr;
    }
    const CatProc *proc = catalog_proc(expansion->session->catalog, expr->oid);
    if (is_reached(expansion, expr))
        return constant_of(expansion, expr);
    return proc && proc->volatility != 'v' ? constant_or_call(expansion, expr) : planned(expansion, expr);
}

/* ---- functions that give rows ---- */

static void expect_columns(Expansion *expansion, const Rte *rte, FuncRoutineCall *out)
{
    int count = rte->ncolumns - rte->with_ordinality;
    Oid *types = ARENA_ARRAY(expansion->arena, Oid, count + 1);
    int32_t *typmods = ARENA_ARRAY(expansion->arena, int32_t, count + 1);
    for (int i = 0; i < count; i++) {
        types[i] = rte->columns[i].type;
        typmods[i] = rte->columns[i].typmod;
    }
    out->expected_types = types;
    out->expected_typmods = typmods;
    out->nexpected = count;
}

/* What the planner of PostgreSQL does with it: a call of an immutable function is made, the body of one in SQL is looked at. */
static bool plan_call(Expansion *expansion, const Expr *call, const CatProc *proc)
{
    Session *session = expansion->session;
    session->routine_folds = proc->volatility == 'i' && !proc->returns_set;
    session->planning_failed =
        !session->routine_folds && !routine_fold(session, call, expansion->constants, expansion->arena, expansion->error);
    return !session->planning_failed;
}

/* rte: whose rows they are; NULL: of none. */
static bool call_for_rows(Expansion *expansion, const Expr *call, const Rte *rte, FuncRoutineForm form, FuncRoutineCall *out)
{
    const char **args = ARENA_ARRAY(expansion->arena, const char *, call->nargs + 1);
    Oid *types = ARENA_ARRAY(expansion->arena, Oid, call->nargs + 1);
    bool is_null = false;
    for (int i = 0; i < call->nargs; i++) {
        types[i] = call->args[i]->type;
        if (!evaluate(expansion, call->args[i], &args[i]))
            return false;
        const char *fields = sql_record_fields(call->args[i], expansion->query, expansion->session->catalog, expansion->arena);
        args[i] = catalog_with_fields(types[i], fields, args[i], expansion->arena);
        is_null |= !args[i];
    }
    *out =
        (FuncRoutineCall){.proc = call->oid, .result_type = call->type, .form = form, .types = types, .args = args, .nargs = call->nargs};
    if (rte && call->type == TYPE_RECORD)
        expect_columns(expansion, rte, out);
    const CatProc *proc = catalog_proc(expansion->session->catalog, call->oid);
    if (!plan_call(expansion, call, proc))
        return false;
    bool is_called = !proc->strict || !is_null;
    expansion->session->routine_inlined = is_called && expansion->writes;
    if (is_called)
        return routine_call_rows(&expansion->session->functions, out, expansion->arena, expansion->error);
    static const char *const NOTHING[1];
    out->rows = ARENA_NEW(expansion->arena, const char *const *);
    out->rows[0] = NOTHING;
    out->nrows = !proc->returns_set;
    return true;
}

/* The rows as VALUES of the columns that were declared; one that a row type has no more is in no row. No rows: one that no condition lets
 * through. */
static void rows_to_values(Expansion *expansion, const Expr *call, Rte *rte, const FuncRoutineCall *list)
{
    Arena *arena = expansion->arena;
    const char *fields = sql_record_fields(call, expansion->query, expansion->session->catalog, arena);
    rte->kind = RTE_VALUES;
    rte->nrows = (int)list->nrows;
    rte->rows = ARENA_ARRAY(arena, Expr **, list->nrows + 1);
    int count = rte->ncolumns - rte->with_ordinality;
    for (size_t i = 0; i < list->nrows; i++) {
        rte->rows[i] = ARENA_ARRAY(arena, Expr *, rte->ncolumns + 1);
        for (int j = 0, place = 0; j < rte->ncolumns; j++) {
            bool is_number = j == count, given = !rte->columns[j].dropped && place < list->ncolumns;
            const char *value = is_number ? arena_printf(arena, "%zu", i + 1) : given ? list->rows[i][place] : NULL;
            place += !rte->columns[j].dropped;
            rte->rows[i][j] = expr_const(arena, rte->columns[j].type, rte->columns[j].typmod, value);
            rte->rows[i][j]->collation = rte->columns[j].collation;
            rte->rows[i][j]->u.fields = rte->columns[j].type == TYPE_RECORD ? fields : NULL;
        }
    }
    rte->with_ordinality = false;
    rte->functions = NULL;
    rte->nfunctions = 0;
    if (rte->nrows)
        return;
    Query *empty = ARENA_NEW(arena, Query);
    *empty = (Query){.arena = arena, .result_rte = -1, .where = expr_const(arena, TYPE_BOOL, -1, "f"), .ntargets = rte->ncolumns};
    empty->targets = ARENA_ARRAY(arena, Target, rte->ncolumns + 1);
    for (int j = 0; j < rte->ncolumns; j++) {
        empty->targets[j] =
            (Target){.expr = expr_const(arena, rte->columns[j].type, rte->columns[j].typmod, NULL), .name = rte->columns[j].name};
        empty->targets[j].expr->collation = rte->columns[j].collation;
    }
    rte->kind = RTE_SUBQUERY;
    rte->query = empty;
}

static bool args_are_constant(Expansion *expansion, const Expr *call)
{
    for (int i = 0; i < call->nargs; i++)
        if (!can_compute(expansion, call->args[i]))
            return false;
    return true;
}

/* The body as a subquery; false: it is to be called, or (failed) the user may not read what it reads. */
static bool inline_rows(Expansion *expansion, Rte *rte)
{
    enum { MAX_INLINED = 20 };
    Session *session = expansion->session;
    Query *query = expansion->inlined < MAX_INLINED ? routine_inline_rows(session, rte, expansion->arena, &expansion->writes) : NULL;
    if (!query)
        return false;
    expansion->inlined++;
    rte->kind = RTE_SUBQUERY;
    rte->query = query;
    rte->functions = NULL;
    rte->nfunctions = 0;
    expansion->failed = !sql_check_privileges(query, session->catalog, session_asked(session), expansion->error);
    return !expansion->failed;
}

static bool expand_from(Expansion *expansion, Query *query)
{
    for (int i = 0; i < query->nrtes; i++) {
        Rte *rte = query->rtes[i];
        const Expr *call = rte->kind == RTE_FUNCTION && rte->nfunctions == 1 ? rte->functions[0] : NULL;
        FuncRoutineCall list;
        if (!call || call->kind != EXPR_FUNC || call->oid < FIRST_USER_OID)
            continue;
        if (inline_rows(expansion, rte))
            continue;
        if (expansion->failed || !args_are_constant(expansion, call))
            continue;
        if (!call_for_rows(expansion, call, rte, FUNC_ROUTINE_ROWS, &list))
            return false;
        rows_to_values(expansion, call, rte, &list);
    }
    return true;
}

/* SELECT f(1), where f gives rows: SELECT column FROM f(1). */
static bool expand_set_target(Expansion *expansion, Query *query)
{
    Expr *call = query->ntargets == 1 ? query->targets[0].expr : NULL;
    FuncRoutineCall list;
    if (query->nfrom || query->where || !call || call->kind != EXPR_FUNC || call->oid < FIRST_USER_OID || !call->u.func.returns_set ||
        !args_are_constant(expansion, call) || !call_for_rows(expansion, call, NULL, FUNC_ROUTINE_SET, &list))
        return !expansion->failed && !error_is_set(expansion->error);
    Arena *arena = expansion->arena;
    Rte *rte = ARENA_NEW(arena, Rte);
    *rte = (Rte){.kind = RTE_VALUES, .alias = "f", .ncolumns = 1, .in_from = true};
    rte->columns = ARENA_NEW(arena, RteColumn);
    rte->columns[0] = (RteColumn){.name = query->targets[0].name, .type = call->type, .typmod = call->typmod, .collation = call->collation};
    rows_to_values(expansion, call, rte, &list);
    Rte **rtes = ARENA_ARRAY(arena, Rte *, query->nrtes + 1);
    memcpy(rtes, query->rtes, sizeof(Rte *) * (size_t)query->nrtes);
    rtes[query->nrtes] = rte;
    query->rtes = rtes;
    FromItem *item = ARENA_NEW(arena, FromItem);
    item->kind = FROM_RTE;
    item->rte = query->nrtes++;
    query->from = ARENA_NEW(arena, FromItem *);
    query->from[0] = item;
    query->nfrom = 1;
    query->has_set_functions = false;
    query->targets[0].expr = expr_var(arena, item->rte, 1, call->type, call->typmod, call->collation);
    return true;
}

/* ---- what is not planned ---- */

static bool has_aggregate(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_AGG || expr->kind == EXPR_WINDOW || expr->kind == EXPR_GROUPING || expr_walk(expr, has_aggregate, arg);
}

/* Columns that nobody reads (read: by number; NULL: none is) are NULL, where no row hangs on them. */
static void leave_out(const Expansion *expansion, Query *query, const bool *read)
{
    bool kept = query->set_op || query->kind != QUERY_SELECT || query->has_set_functions || query->grouping_sets ||
                (query->distinct && !query->ndistinct_on);
    for (int i = 0, number = 0; i < query->ntargets && !kept; i++) {
        Expr *expr = query->targets[i].expr;
        number += !query->targets[i].junk;
        bool is_wanted = (read && read[number]) || query_marks_rows(query, i) || (!query->ngroup && has_aggregate(expr, NULL));
        if (is_wanted || (expr->kind != EXPR_VAR && !is_user_call(expr, NULL)) || expr_is_volatile(expr, expansion->session->catalog))
            continue;
        query->targets[i].expr = expr_const(expansion->arena, expr->type, expr->typmod, NULL);
        query->targets[i].expr->collation = expr->collation;
    }
}

/* Of EXISTS it is only asked whether there is a row. */
static bool leave_out_of_exists(const Expr *expr, void *arg)
{
    Query *query = expr->kind == EXPR_SUBLINK && expr->u.sublink.kind == SUBLINK_EXISTS ? expr->u.sublink.query : NULL;
    if (query)
        leave_out(arg, query, NULL);
    return expr_walk(expr, leave_out_of_exists, arg);
}

static void leave_out_of_entries(Expansion *expansion, const Query *query)
{
    for (int i = 0; i < query->nrtes && !query->together; i++) { /* else other columns are read as well */
        const Rte *rte = query->rtes[i];
        const Cte *cte = rte->kind == RTE_CTE && !rte->cte_levels_up ? &query->ctes[rte->cte] : NULL;
        bool is_inlined = cte && cte->references == 1 && !cte->recursive && cte->materialize != CTE_MATERIALIZED;
        Query *rows = rte->kind == RTE_SUBQUERY ? rte->query : is_inlined ? cte->query : NULL;
        if (!rows)
            continue;
        bool *read = ARENA_ARRAY(expansion->arena, bool, rte->ncolumns + 1);
        query_columns_read(query, i, read);
        leave_out(expansion, rows, read);
    }
    for (int i = 0; i < query->nctes; i++)
        if (!query->ctes[i].references && !query->ctes[i].query->has_writes)
            leave_out(expansion, query->ctes[i].query, NULL);
    query_walk_clauses(query, leave_out_of_exists, expansion);
}

/* In the order of PostgreSQL's planner, which does not look at what a constant rules out. */
static void plan_clause(Expansion *expansion, Expr **expr)
{
    if (*expr && !expansion->failed && is_user_call(*expr, NULL))
        *expr = planned(expansion, *expr);
}

/* ---- a query and what it contains ---- */

static bool compute_slot(Expr **slot, void *arg)
{
    Expansion *expansion = arg;
    if ((expansion->in_turn || is_user_call(*slot, NULL)) && can_compute(expansion, *slot))
        *slot = constant_of(expansion, *slot);
    return expansion->failed;
}

static bool expand_query(const Query *constant, void *arg)
{
    Expansion *expansion = arg;
    Query *query = (Query *)(uintptr_t)constant; /* our own copy */
    leave_out_of_entries(expansion, query);
    expansion->query = query;
    if (!expand_from(expansion, query) || expansion->failed || !expand_set_target(expansion, query))
        return true;
    expansion->query = query;
    if (query == expansion->in_order && query_walk_in_order(query, compute_slot, expansion))
        return true;
    plan_clause(expansion, &query->where);
    plan_clause(expansion, &query->having);
    for (int i = 0; i < query->ntargets; i++)
        plan_clause(expansion, &query->targets[i].expr);
    if (query == expansion->in_order)
        query_walk_in_order(query, find_reached_slot, expansion);
    find_asked_once(expansion, query == expansion->outermost ? query->where : NULL);
    find_asked_once(expansion, query == expansion->outermost && !query->grouping_sets ? query->having : NULL);
    query_map_exprs(query, false, replace_call, expansion);
    return expansion->failed || query_walk_queries(query, expand_query, expansion);
}

bool routine_is_called(const Query *query, Catalog *catalog)
{
    return has_user_call(query, NULL) || takes_turns(query, catalog);
}

const Query *routine_expand(Session *session, const Query *query, const PortalParams *params, Arena *arena, Error *error)
{
    if (!routine_is_called(query, session->catalog))
        return query;
    Expansion expansion = {.session = session, .params = params, .host = routine_host(session, arena), .arena = arena, .error = error};
    expansion.constants = params && params->sql && params->sql->is_generic ? NULL : params;
    Query *copy = query_copy(query, arena);
    sql_check_as(copy, session_asked(session)); /* whomever the calls leave the session acting as */
    expansion.outermost = copy;
    expansion.in_turn = takes_turns(copy, session->catalog);
    expansion.in_order = expansion.in_turn || query_gives_one_row(copy) ? copy : NULL;
    return expand_query(copy, &expansion) ? NULL : copy;
}
