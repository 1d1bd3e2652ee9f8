/*
 * with.c - items of WITH that write: each item of the WITH becomes a work table, in their order, before the statement that has it runs.
 *
 * Invariants:
 *  1. What all items and the statement read of tables is how they were before: rows of the number that was the last one then.
 *  2. An item that another one or the statement reads is computed once; one that writes is run in any case.
 *  3. RETURNING and ON CONFLICT are queries of their own, which have no WITH: what they read of items are work tables too.
 * Entered by the session's worker only.
 */
#include "write/internal.h"

typedef struct With {
    Write *write;
    Cte *items; /* those done so far: queries over work tables */
    int level;  /* how many levels below the statement: while an item is gone through */
} With;

static bool bind_query(const Query *query, void *arg);

static bool bind_sublinks(const Expr *expr, void *arg)
{
    With *with = arg;
    if (expr->kind == EXPR_SUBLINK) {
        with->level++;
        bind_query(expr->u.sublink.query, arg);
        with->level--;
    }
    return expr_walk(expr, bind_sublinks, arg);
}

/* References to the statement's items become subqueries. */
static void bind_entries(With *with, const Query *query)
{
    for (int i = 0; i < query->nrtes; i++) {
        Rte *rte = query->rtes[i];
        if (rte->kind == RTE_CTE && rte->cte_levels_up == with->level) {
            rte->kind = RTE_SUBQUERY;
            rte->query = query_copy(with->items[rte->cte].query, with->write->arena);
        } else if (rte->query) {
            bool same_level =
                rte->query->insert_columns && rte->query->kind == QUERY_SELECT; /* an INSERT's rows before generated columns */
            with->level += !same_level;
            bind_query(rte->query, with);
            with->level -= !same_level;
        }
    }
}

static bool bind_query(const Query *query, void *arg)
{
    With *with = arg;
    bind_entries(with, query);
    query_walk_exprs(query, bind_sublinks, with);
    if (query->returning)
        bind_query(query->returning, arg);
    if (query->conflict && query->conflict->update)
        bind_query(query->conflict->update, arg);
    with->level++;
    for (int i = 0; i < query->nctes; i++)
        bind_query(query->ctes[i].query, arg);
    if (query->left)
        bind_query(query->left, arg);
    if (query->right)
        bind_query(query->right, arg);
    with->level--;
    return false;
}

/* Nobody reads it. */
static void make_empty(Write *write, Cte *item)
{
    item->query = fetch_over(write, NULL);
    fetch_add_target(item->query, expr_const(write->arena, TYPE_INT4, -1, "1"));
    item->columns = ARENA_NEW(write->arena, RteColumn);
    item->columns[0] = (RteColumn){.name = "nothing", .type = TYPE_INT4, .typmod = -1};
    item->ncolumns = 1;
    item->recursive = false;
}

static bool run_write(With *with, Cte *item, const WriteContext *context)
{
    Write *write = with->write;
    WriteResult result;
    WorkTable work;
    uint64_t count;
    Query *statement = query_copy(item->query, write->arena);
    if (statement->returning)
        statement->returning = query_copy(statement->returning, write->arena);
    with->level = 1;
    bind_query(statement, with);
    if (!write_run(context, statement, &result, write->arena, write->error))
        return false;
    if (!result.returning) {
        make_empty(write, item);
        return true;
    }
    if (!work_fill(write, result.returning, NULL, false, &work, &count))
        return false;
    item->query = work_read(write, &work);
    return true;
}

/* An item that only reads: a query of its own with those before it. */
static bool run_read(With *with, const Query *statement, int number)
{
    Write *write = with->write;
    Cte *item = &with->items[number];
    WorkTable work;
    uint64_t count;
    Query *query = fetch_over(write, NULL);
    Rte *rte = ARENA_NEW(write->arena, Rte);
    *rte =
        (Rte){.kind = RTE_CTE, .alias = item->name, .in_from = true, .cte = number, .columns = item->columns, .ncolumns = item->ncolumns};
    query->rtes = ARENA_ARRAY(write->arena, Rte *, 1);
    query->rtes[0] = rte;
    query->from = ARENA_ARRAY(write->arena, FromItem *, 1);
    query->from[0] = ARENA_NEW(write->arena, FromItem);
    *query->from[0] = (FromItem){.kind = FROM_RTE};
    query->nrtes = query->nfrom = 1;
    query->ctes = with->items;
    query->nctes = number + 1;
    query->with_recursive = statement->with_recursive;
    query->as_of = write->context->as_of;
    for (int i = 1; i <= item->ncolumns; i++)
        fetch_add_target(query, fetch_var(write, query, 0, i));
    if (!work_fill(write, query_copy(query, write->arena), NULL, false, &work, &count))
        return false;
    item->query = work_read(write, &work);
    item->recursive = false;
    return true;
}

/* The query that has the items: where generated columns are computed above an INSERT's rows, the one below. */
static Query *owner_of(Query *statement)
{
    while (!statement->nctes && statement->kind == QUERY_INSERT && statement->nrtes > 1 && statement->rtes[1]->query)
        statement = statement->rtes[1]->query;
    return statement;
}

/* RETURNING or ON CONFLICT may read items. */
static bool is_read_beside(const Query *statement)
{
    return (statement->returning && statement->returning->has_sublinks) || (statement->conflict && statement->conflict->update);
}

static void bind_beside(With *with, Query *statement)
{
    Arena *arena = with->write->arena;
    with->level = 0;
    if (statement->returning) {
        statement->returning = query_copy(statement->returning, arena);
        bind_query(statement->returning, with);
    }
    if (statement->conflict && statement->conflict->update) {
        OnConflict *conflict = ARENA_NEW(arena, OnConflict);
        *conflict = *statement->conflict;
        conflict->update = query_copy(conflict->update, arena);
        bind_query(conflict->update, with);
        statement->conflict = conflict;
    }
}

/* What may not be written to is refused before anything is: the items in their order, then the statement. */
static bool check_targets(const Write *write, const Query *statement, const Query *owner)
{
    Oid user = write->context->plan->functions->current_user;
    for (int i = 0; i < owner->nctes; i++)
        if (owner->ctes[i].query->kind != QUERY_SELECT && !write_check_target(owner->ctes[i].query, write->catalog, user, write->error))
            return false;
    return statement->kind == QUERY_SELECT || write_check_target(statement, write->catalog, user, write->error);
}

const Query *write_with(WriteContext *context, const Query *statement, Arena *arena, Error *error)
{
    if (!statement->has_writes && !is_read_beside(statement))
        return statement;
    Query *main = query_copy(statement, arena), *owner = owner_of(main);
    if (!owner->nctes)
        return statement;
    if (!context->queue)
        context->queue = write_queue_open(arena);
    Write write = {.context = context, .catalog = context->plan->catalog, .arena = arena, .error = error};
    With with = {.write = &write, .items = owner->ctes};
    if (!check_targets(&write, main, owner) || !write_last_number(&write, &context->as_of))
        return NULL;
    context->reads_as_of(context->arg, context->as_of);
    for (int i = 0; i < owner->nctes; i++) {
        Cte *item = &owner->ctes[i];
        bool reads = item->query->kind == QUERY_SELECT;
        if (reads && !item->references)
            make_empty(&write, item);
        else if (!(reads ? run_read(&with, owner, i) : run_write(&with, item, context)))
            return NULL;
    }
    bind_beside(&with, main);
    owner->with_recursive = false;
    main->as_of = context->as_of;
    return main;
}
