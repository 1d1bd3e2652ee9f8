/*
 * waiting.c - rows that BEFORE ROW triggers have had, to be changed together: where these triggers look at nothing but the row (reads.c),
 * none of them can tell whether the rows before it are stored.
 *
 * Invariants:
 *  1. Rows are in the order in which they came; each has its number, so that what refuses one of them is found as if they had been stored
 *     one by one.
 *  2. What fails at a later row, in its trigger, counts only when the rows that wait are stored.
 * Entered by the session's worker only.
 */
#include "write/internal.h"

enum { MOST_WAITING = 2000 };

struct Waiting {
    Write *write;
    Oid relation;
    bool partition; /* rows are to be held to its own bound */
    Arena *arena;
    VEC(WaitingRow) rows;
};

/* Over a list of values there are only these. */
static bool generates_of_values(Write *write, const CatRelation *relation)
{
    for (int i = 1; i <= relation->ncolumns; i++) {
        const CatColumn *column = &relation->columns[i - 1];
        const Expr *value = column->generated && !column->dropped ? change_generated(write, relation, i) : NULL;
        if (column->generated && !column->dropped && (!value || fetch_reads_stored(value)))
            return false;
    }
    return true;
}

Waiting *waiting_open(Write *write, Oid relation, bool partition, const TriggerList *triggers)
{
    const CatRelation *of = catalog_relation(write->catalog, relation);
    if (of->kind == 'f' || turns_by_row(write) || !triggers->count || !reads_row_alone(write, of, triggers) ||
        !generates_of_values(write, of))
        return NULL;
    Waiting *waiting = ARENA_NEW(write->lasting, Waiting);
    *waiting = (Waiting){.write = write, .relation = relation, .partition = partition, .arena = arena_open(write->lasting)};
    return waiting;
}

/* ---- together ---- */

/* Entry 0 of a query: a VALUES list to be filled. */
static Rte *add_values(Write *write, Query *query, size_t nrows, int ncolumns)
{
    Rte *rte = ARENA_NEW(write->arena, Rte);
    *rte = (Rte){.kind = RTE_VALUES, .alias = "waiting", .in_from = true, .ncolumns = ncolumns, .nrows = (int)nrows};
    rte->columns = ARENA_ARRAY(write->arena, RteColumn, ncolumns + 1);
    rte->rows = ARENA_ARRAY(write->arena, Expr **, nrows + 1);
    for (size_t i = 0; i < nrows; i++)
        rte->rows[i] = ARENA_ARRAY(write->arena, Expr *, ncolumns + 1);
    fetch_add_entry(query, rte);
    return rte;
}

static void name_column(Write *write, Rte *rte, int number, const Expr *like)
{
    rte->columns[number - 1] = (RteColumn){
        .name = arena_printf(write->arena, "c%d", number), .type = like->type, .typmod = like->typmod, .collation = like->collation};
}

Query *waiting_values(Write *write, const CatRelation *relation, const WaitingRow *rows, size_t count, bool generated)
{
    Query *query = fetch_over(write, NULL);
    int ncolumns = relation->ncolumns;
    Rte *rte = add_values(write, query, count, ncolumns + 1);
    for (int i = 1; i <= ncolumns; i++) {
        const CatColumn *column = &relation->columns[i - 1];
        Expr *like = expr_const(write->arena, column->dropped ? TYPE_INT4 : column->type, column->typmod, NULL);
        like->collation = column->collation;
        name_column(write, rte, i, like);
        bool is_given = !column->dropped && (generated || !column->generated);
        for (size_t row = 0; row < count; row++)
            rte->rows[row][i - 1] = expr_const_like(write->arena, like, is_given ? rows[row].cells[i - 1] : NULL);
    }
    for (size_t row = 0; row < count; row++)
        rte->rows[row][ncolumns] = fetch_int8(write, rows[row].number);
    name_column(write, rte, ncolumns + 1, rte->rows[0][ncolumns]);
    return query;
}

static bool store(Waiting *waiting)
{
    Write *write = waiting->write;
    const CatRelation *relation = catalog_relation(write->catalog, waiting->relation);
    uint64_t count;
    Query *rows = waiting_values(write, relation, waiting->rows.items, waiting->rows.count, false);
    if (!insert_versions(write, rows, relation, relation, 0, &count))
        return false;
    write->root = catalog_relation(write->catalog, write->root->oid);
    return check_written(write, catalog_relation(write->catalog, waiting->relation), waiting->partition, NULL);
}

/* What they replace. */
static bool take_away(Waiting *waiting)
{
    Write *write = waiting->write;
    Query *query = fetch_over(write, NULL);
    Rte *rte = add_values(write, query, waiting->rows.count, WORK_ROW);
    StoreDelete taken = {.number = write->number, .relation = waiting->relation};
    WorkTable work;
    uint64_t count;
    for (size_t row = 0; row < waiting->rows.count; row++) {
        rte->rows[row][WORK_RELATION - 1] = expr_const(write->arena, TYPE_OID, -1, arena_printf(write->arena, "%u", waiting->relation));
        rte->rows[row][WORK_ROW - 1] = fetch_int8(write, waiting->rows.items[row].old);
    }
    for (int i = WORK_RELATION; i <= WORK_ROW; i++) {
        name_column(write, rte, i, rte->rows[0][i - 1]);
        fetch_add_target(query, fetch_var(write, query, 0, i));
    }
    if (!work_fill(write, query, NULL, false, &work, &count))
        return false;
    taken.work = work.number;
    return passing_prepare(write, waiting->relation, &taken.node) &&
           exec_store_delete(write->context->engine, &taken, &count, write->error);
}

static bool change(void *arg, const char *const *cells)
{
    Waiting *waiting = arg;
    (void)cells;
    return (!waiting->rows.items[0].old || take_away(waiting)) && (!waiting->rows.items[0].cells || store(waiting));
}

static bool change_all(Waiting *waiting)
{
    bool done = !waiting->rows.count || write_take_row(waiting->write, change, waiting, NULL);
    arena_reset(waiting->arena);
    memset(&waiting->rows, 0, sizeof waiting->rows);
    return done;
}

/* ---- one by one ---- */

bool waiting_add(Waiting *waiting, int64_t number, int64_t old, const char *const *row)
{
    int count = catalog_relation(waiting->write->catalog, waiting->relation)->ncolumns;
    const char **cells = row ? ARENA_ARRAY(waiting->arena, const char *, count + 1) : NULL;
    for (int i = 0; cells && i < count; i++)
        cells[i] = arena_strdup(waiting->arena, row[i]);
    if (!number && !exec_store_next_row(waiting->write->context->engine, &number, waiting->write->error))
        return false;
    vec_push(waiting->arena, &waiting->rows, ((WaitingRow){number, old, cells}));
    return waiting->rows.count < MOST_WAITING || change_all(waiting);
}

bool waiting_end(Waiting *waiting, bool done)
{
    Write *write = waiting->write;
    Error later;
    if (done)
        return change_all(waiting);
    error_init(&later, write->arena);
    error_copy(&later, write->error);
    WriteFailure failed = write->context->failed ? *write->context->failed : (WriteFailure){0};
    error_clear(write->error);
    if (!change_all(waiting))
        return false;
    if (write->context->failed)
        *write->context->failed = failed;
    return error_copy(write->error, &later);
}
