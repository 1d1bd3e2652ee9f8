/*
 * turns.c - writes that call functions which may read the table written to (reads.c), or share something with what is done to each row
 * (shared.c): each row is computed, checked and stored before the next one is computed, so that these functions find the rows before it,
 * and not the row itself.
 *
 * What calls them is taken out of the query that makes the rows. Left in it is what that is made of, the inputs; the rest is computed for
 * each row, of its inputs' values. Rows of VALUES are computed one after the other as they stand.
 *
 * Invariants:
 *  1. A condition of WHERE is taken out only where it is the last thing done to rows of a single entry of FROM.
 *  2. A subquery is an input as a whole: it is computed with the others, of the table as it was before the statement.
 * Entered by the session's worker only.
 */
#include "write/internal.h"

struct Turns {
    Query *rows;       /* what gives the inputs; or the rows themselves, where `values` says how many */
    const Rte *values; /* the entry whose rows come one at a time; NULL: none */
    int first;         /* column of rows with the first input, from 0 */
    VEC(Expr *) inputs;
    Expr **targets; /* by target of the statement, over inputs (entry 0); NULL: it is a column of rows */
    int ntargets;
    Expr *condition; /* over inputs; NULL: all rows are kept */
    bool cannot;     /* something would have to be computed for a row, and cannot */
    bool shares;     /* with what is done to a row (shared.c) */
};

/* ---- taking out ---- */

typedef struct Lifting {
    Write *write;
    Turns *turns;
    bool failed; /* part of it is neither an input nor to be computed for a row */
} Lifting;

static void lift(Lifting *lifting, Expr *expr);

static bool lift_child(const Expr *child, void *arg)
{
    lift(arg, (Expr *)(uintptr_t)child); /* a copy, nobody else's */
    return false;
}

static Expr *input(Turns *turns, const Expr *expr, Arena *arena)
{
    size_t place = 0;
    while (place < turns->inputs.count && (expr->kind != EXPR_VAR || !expr_equal(turns->inputs.items[place], expr)))
        place++;
    if (place == turns->inputs.count)
        vec_push(arena, &turns->inputs, expr_copy(expr, arena));
    return expr_var(arena, 0, (int)place + 1, expr->type, expr->typmod, expr->collation);
}

/* In place. */
static void lift(Lifting *lifting, Expr *expr)
{
    Write *write = lifting->write;
    bool is_input = expr->kind == EXPR_VAR || expr->kind == EXPR_SUBLINK;
    if (!is_input) {
        expr_walk(expr, lift_child, lifting);
        return;
    }
    lifting->failed |= expr->type == TYPE_RECORD || expr_is_volatile(expr, write->catalog);
    if (!lifting->failed)
        *expr = *input(lifting->turns, expr, write->arena);
}

static Expr *lifted(Lifting *lifting, const Expr *expr)
{
    Expr *copy = expr_copy(expr, lifting->write->arena);
    lift(lifting, copy);
    return copy;
}

static void lift_targets(Lifting *lifting, Query *query)
{
    Write *write = lifting->write;
    Turns *turns = lifting->turns;
    turns->targets = ARENA_ARRAY(write->arena, Expr *, query->ntargets + 1);
    turns->ntargets = query->ntargets;
    for (int i = 0; i < query->ntargets; i++) {
        Target *target = &query->targets[i];
        if (target->junk || !expr_is_volatile(target->expr, write->catalog))
            continue;
        lifting->failed |= query_marks_rows(query, i);
        turns->targets[i] = lifted(lifting, target->expr);
        target->expr = expr_const_like(write->arena, target->expr, NULL);
    }
}

/* Invariant 1. */
static void lift_where(Lifting *lifting, Query *query)
{
    bool alone = query->nfrom == 1 && query->from[0]->kind == FROM_RTE && !query->norder && !query->limit && !query->offset;
    if (!query->where || !expr_is_volatile(query->where, lifting->write->catalog))
        return;
    lifting->failed |= !alone;
    lifting->turns->condition = lifted(lifting, query->where);
    query->where = NULL;
}

/* Its inputs come behind its targets, of which what rows are sorted by gives no column. */
static void add_inputs(Turns *turns, Query *query)
{
    for (int i = 0; i < query->ntargets; i++)
        turns->first += !query->targets[i].junk;
    fetch_use_targets(query);
    for (size_t i = 0; i < turns->inputs.count; i++)
        fetch_add_target(query, turns->inputs.items[i]);
}

static bool refuse(Write *write)
{
    error_unsupported(write->error, "calling a function that may read \"%s\" while the rows to be written there are found is not supported",
                      write->root->name);
    return error_hint(write->error, "A function that is declared STABLE finds the table as it was before the statement.");
}

bool turns_split(Write *write, Query *query)
{
    Turns *turns = write->turns;
    Lifting lifting = {write, turns, turns->cannot || !query_is_row_wise(query)};
    if (!lifting.failed) {
        lift_targets(&lifting, query);
        lift_where(&lifting, query);
    }
    if (lifting.failed || reads_written(write, query) || (turns->shares && shared_any(write, query)))
        return !error_is_set(write->error) && (turns->shares ? shared_refuse(write) : refuse(write));
    add_inputs(turns, query);
    turns->rows = query;
    return true;
}

/* ---- INSERT ---- */

/* The only entry of FROM, of that kind; NULL: it is none. */
static Rte *only_entry(const Query *query, RteKind kind)
{
    Rte *entry = query->nfrom == 1 && query->from[0]->kind == FROM_RTE ? query->rtes[query->from[0]->rte] : NULL;
    return entry && entry->kind == kind ? entry : NULL;
}

typedef struct Pulling {
    const Query *below;
    int rte;
} Pulling;

static Expr *to_below(Expr *expr, int level, void *arg)
{
    const Pulling *pulling = arg;
    bool is_column = expr->kind == EXPR_VAR && level == 0 && expr->u.var.levels_up == 0 && expr->u.var.rte == pulling->rte;
    return is_column && expr->u.var.column > 0 ? expr_copy(pulling->below->targets[expr->u.var.column - 1].expr, pulling->below->arena)
                                               : expr;
}

/* A query that only gives on what a subquery does is that subquery, with these targets. What is generated is computed when the row is
 * stored. */
static Query *pulled(Write *write, Query *query, const int *columns)
{
    trigger_leave_generated(write, write->root, columns, query);
    const Rte *entry = only_entry(query, RTE_SUBQUERY);
    bool gives_on = entry && query_is_row_wise(query) && query_is_row_wise(entry->query) && !query->where && !query->norder &&
                    !query->limit && !query->offset && !query->nctes && !query->has_sublinks;
    if (!gives_on)
        return query;
    Pulling pulling = {entry->query, query->from[0]->rte};
    query_map_exprs(query, false, to_below, &pulling);
    Query *below = entry->query;
    const Target *targets = below->targets;
    below->as_of = query->as_of;
    below->targets = query->targets;
    below->ntargets = query->ntargets;
    fetch_use_targets(below);
    for (int i = 0; i < below->norder; i++) { /* what rows are sorted by stays, behind the others */
        Target by = targets[below->order[i].target];
        by.junk = true;
        below->order[i].target = below->ntargets;
        fetch_add_target(below, by.expr);
        below->targets[below->ntargets - 1] = by;
    }
    return pulled(write, below, columns);
}

/* ---- a subquery that stays one ---- */

typedef struct Raising {
    Write *write;
    Expr **values;  /* by column of the subquery: what it is, over the subquery's columns; NULL: it stays */
    int rte, first; /* of the subquery; column with the first input */
} Raising;

/* Inputs become columns of the subquery. */
static Expr *to_columns(Expr *expr, const Raising *raising)
{
    if (expr->kind == EXPR_VAR) {
        expr->u.var.column += raising->first;
        expr->u.var.rte = raising->rte;
    }
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i])
            expr->args[i] = to_columns(expr->args[i], raising);
    return expr;
}

static Expr *to_raised(Expr *expr, int level, void *arg)
{
    const Raising *raising = arg;
    bool is_column = expr->kind == EXPR_VAR && level == 0 && expr->u.var.levels_up == 0 && expr->u.var.rte == raising->rte;
    Expr *value =
        is_column && expr->u.var.column > 0 && expr->u.var.column <= raising->first ? raising->values[expr->u.var.column - 1] : NULL;
    return value ? to_columns(expr_copy(value, raising->write->arena), raising) : expr;
}

/* What is volatile among the subquery's columns is computed above it; its inputs come as further columns. */
static void raise_columns(Write *write, Query *query)
{
    Rte *entry = only_entry(query, RTE_SUBQUERY);
    Query *below = entry ? entry->query : NULL;
    Turns inputs = {0};
    Lifting lifting = {write, &inputs, !below || !query_is_row_wise(query) || !query_is_row_wise(below)};
    if (lifting.failed)
        return;
    Raising raising = {write, ARENA_ARRAY(write->arena, Expr *, entry->ncolumns + 1), query->from[0]->rte, entry->ncolumns};
    for (int i = 0, column = 0; i < below->ntargets; i++) {
        Target *target = &below->targets[i];
        column += !target->junk;
        if (target->junk || !expr_is_volatile(target->expr, write->catalog))
            continue;
        lifting.failed |= query_marks_rows(below, i);
        raising.values[column - 1] = lifted(&lifting, target->expr);
        target->expr = expr_const_like(write->arena, target->expr, NULL);
    }
    write->turns->cannot |= lifting.failed;
    size_t size = sizeof(RteColumn) * (size_t)entry->ncolumns;
    entry->columns = arena_grow(write->arena, entry->columns, size, size + sizeof(RteColumn) * inputs.inputs.count);
    fetch_use_targets(below);
    for (size_t i = 0; i < inputs.inputs.count; i++) {
        const Expr *of = inputs.inputs.items[i];
        fetch_add_target(below, inputs.inputs.items[i]);
        entry->columns[entry->ncolumns++] =
            (RteColumn){.name = "input", .type = of->type, .typmod = of->typmod, .collation = of->collation};
    }
    query_map_exprs(query, false, to_raised, &raising);
}

/* All of its rows are computed before there is a first one, by who sorts, groups or adds them up. */
static bool is_found_first(const Query *query, Catalog *catalog)
{
    bool is_volatile = query->has_sublinks || (query->having && expr_calls_volatile(query->having, catalog));
    for (int i = 0; i < query->ntargets; i++)
        is_volatile |= expr_calls_volatile(query->targets[i].expr, catalog);
    return (query->distinct && !query->distinct_on) || (query->set_op && !query->set_all) || (query->has_aggs && !is_volatile);
}

/* Nothing is computed after the rows of a query that finds them first. */
static bool is_given_whole(const Query *query, Catalog *catalog)
{
    const Rte *entry = only_entry(query, RTE_SUBQUERY);
    bool is_volatile = query->where != NULL;
    for (int i = 0; i < query->ntargets; i++)
        is_volatile |= expr_is_volatile(query->targets[i].expr, catalog);
    return is_found_first(query, catalog) || (entry && !is_volatile && is_found_first(entry->query, catalog));
}

bool turns_insert(Write *write, Query **rows)
{
    Turns *turns = write->turns;
    *rows = pulled(write, *rows, write->statement->insert_columns);
    const Query *query = *rows;
    if (is_given_whole(query, write->catalog)) {
        write->turns = NULL;
        return true;
    }
    turns->values = query_is_row_wise(query) ? only_entry(query, RTE_VALUES) : NULL;
    turns->rows = *rows;
    if (!turns->values)
        raise_columns(write, *rows);
    return turns->values || turns_split(write, *rows);
}

/* ---- a row ---- */

typedef struct Computing {
    const Turns *turns;
    const char *const *cells; /* of rows */
    Arena *arena;
} Computing;

static bool fill_child(const Expr *child, void *arg);

/* In place. */
static void fill(Expr *expr, const Computing *computing)
{
    if (expr->kind == EXPR_VAR)
        *expr = *expr_const_like(computing->arena, expr, computing->cells[computing->turns->first + expr->u.var.column - 1]);
    else
        expr_walk(expr, fill_child, (void *)(uintptr_t)computing);
}

static bool fill_child(const Expr *child, void *arg)
{
    fill((Expr *)(uintptr_t)child, arg);
    return false;
}

static Expr *filled(const Computing *computing, const Expr *expr)
{
    Expr *copy = expr_copy(expr, computing->arena);
    fill(copy, computing);
    return copy;
}

/* The expressions' values in that order; *out NULL: the condition is not met. */
static bool compute(Write *write, const Computing *computing, const char *const **out)
{
    const Turns *turns = computing->turns;
    Query *query = fetch_over(write, NULL);
    FetchedRows rows;
    query->where = turns->condition ? filled(computing, turns->condition) : NULL;
    for (int i = 0; i < turns->ntargets; i++)
        if (turns->targets[i])
            fetch_add_target(query, filled(computing, turns->targets[i]));
    if (!query->ntargets)
        fetch_add_target(query, fetch_int8(write, 1));
    query->has_sublinks = true;
    bool done = fetch_all(write, query, &rows);
    *out = done && rows.count ? rows.items[0] : NULL;
    return done;
}

bool turns_compute(Write *write, const char *const *cells, int first, const char *const **out)
{
    const Turns *turns = write->turns;
    const char *const *values;
    *out = NULL;
    if (!compute(write, &(Computing){turns, cells + first, write->arena}, &values))
        return false;
    if (!values)
        return true;
    int ncells = first + turns->first;
    const char **row = ARENA_ARRAY(write->arena, const char *, ncells + 1);
    memcpy(row, cells, sizeof *row * (size_t)ncells);
    for (int i = 0, place = 0; i < turns->ntargets; i++)
        if (turns->targets[i])
            row[first + i] = values[place++];
    *out = row;
    return true;
}

/* ---- one after the other ---- */

bool turns_give(const Write *write, const Query *query, int *ncolumns)
{
    const Turns *turns = write->turns;
    bool gives = turns && turns->rows == query;
    if (gives && !turns->values)
        *ncolumns = turns->first;
    return gives;
}

typedef struct Each {
    Write *write;
    RowTaker *take;
    void *arg;
    int value; /* of VALUES, from 0 */
} Each;

static bool take_computed(void *arg, const char *const *cells)
{
    const Each *each = arg;
    const char *const *row;
    return turns_compute(each->write, cells, 0, &row) && (!row || each->take(each->arg, row));
}

static bool take_value(void *arg, const char *const *cells)
{
    const Each *each = arg;
    Write *write = each->write;
    const Turns *turns = write->turns;
    Rte *entry = only_entry(turns->rows, RTE_VALUES), all = *entry;
    FetchedRows rows;
    (void)cells;
    entry->rows += each->value;
    entry->nrows = 1;
    Query *query = query_copy(turns->rows, write->arena);
    *entry = all;
    return fetch_all(write, query, &rows) && (!rows.count || each->take(each->arg, rows.items[0]));
}

bool turns_each(Write *write, RowTaker *take, void *arg)
{
    const Turns *turns = write->turns;
    FetchedRows rows;
    Each each = {.write = write, .take = take, .arg = arg};
    for (; turns->values && each.value < turns->values->nrows; each.value++)
        if (!write_take_row(write, take_value, &each, NULL))
            return false;
    if (turns->values)
        return true;
    if (!fetch_all(write, turns->rows, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        if (!write_take_row(write, take_computed, &each, rows.items[i]))
            return false;
    return true;
}

/* ---- whether it is so ---- */

/* At most one row is made. */
static bool is_of_one(const Query *statement)
{
    return statement->kind == QUERY_INSERT && !statement->nfrom && !statement->has_set_functions && !statement->set_op;
}

/* What AFTER triggers, and foreign keys' actions, change of other tables is not there yet when RETURNING is asked. */
static bool has_after_triggers(Write *write)
{
    static const WriteEvent EVENTS[] = {[QUERY_INSERT] = EVENT_INSERT, [QUERY_UPDATE] = EVENT_UPDATE, [QUERY_DELETE] = EVENT_DELETE};
    WriteEvent event = EVENTS[write->statement->kind];
    TriggerList rows, whole;
    if (!trigger_collect(write, write->root, event, true, false, &rows) ||
        !trigger_collect(write, write->root, event, false, false, &whole))
        return false;
    bool acts = whole.count > 0;
    for (size_t i = 0; i < rows.count; i++)
        acts |= !rows.items[i].number || foreign_key_acts(rows.items[i].function);
    return acts;
}

/* shares: with what is done to a row before. */
static bool answers_in_turn(Write *write, bool shares)
{
    const Query *statement = write->statement, *returning = statement->returning;
    if (returning && ((!is_of_one(statement) && (shares || reads_written(write, returning))) ||
                      (reads_any(write, returning) && has_after_triggers(write))))
        return true;
    bool reads = false;
    for (int i = 0; i < statement->nchecks; i++)
        reads |= reads_written_expr(write, statement->checks[i].condition);
    if (reads && statement->conflict)
        error_unsupported(write->error, "ON CONFLICT with a check option that calls a function which may read \"%s\" is not supported",
                          write->root->name);
    return reads;
}

bool turns_begin(Write *write)
{
    const Query *statement = write->statement;
    SharedParts shared = {0};
    if (!reads_written_checks(write, &write->checks_first) || (!is_of_one(statement) && !shared_find(write, &shared)))
        return false;
    const Query *update = statement->conflict ? statement->conflict->update : NULL;
    bool takes_turns =
        !is_of_one(statement) && (shared.rows || reads_written(write, statement) || (update && reads_written(write, update)));
    write->answers_in_turn = answers_in_turn(write, shared.answers);
    if (error_is_set(write->error))
        return false;
    if ((takes_turns || write->checks_first) && statement->kind == QUERY_MERGE)
        return shared.rows ? shared_refuse(write) : refuse(write);
    if (takes_turns) {
        write->turns = ARENA_NEW(write->arena, Turns);
        write->turns->shares = shared.rows;
    }
    return true;
}
