/*
 * fetch.c - small queries on the rows that a write has added, and how such a row is shown in an error.
 *
 * Entered by the session's worker only.
 */
#include "write/internal.h"

enum { MAX_SHOWN = 64 }; /* bytes of a value in "Failing row contains" */

int fetch_add_entry(Query *query, Rte *rte)
{
    size_t rtes = sizeof(Rte *) * (size_t)query->nrtes, from = sizeof(FromItem *) * (size_t)query->nfrom;
    query->rtes = arena_grow(query->arena, query->rtes, rtes, rtes + sizeof(Rte *));
    query->from = arena_grow(query->arena, query->from, from, from + sizeof(FromItem *));
    FromItem *item = query->from[query->nfrom++] = ARENA_NEW(query->arena, FromItem);
    *item = (FromItem){.kind = FROM_RTE, .rte = query->nrtes};
    query->rtes[query->nrtes++] = rte;
    return item->rte;
}

int fetch_add_relation(Write *write, Query *query, const CatRelation *relation)
{
    Arena *arena = write->arena;
    Rte *rte = ARENA_NEW(arena, Rte);
    *rte = (Rte){.kind = RTE_RELATION,
                 .relation = relation,
                 .alias = relation->name,
                 .in_from = true,
                 .only = true,
                 .written_by = write->number,
                 .ncolumns = relation->ncolumns};
    rte->columns = ARENA_ARRAY(arena, RteColumn, relation->ncolumns + 1);
    for (int i = 0; i < relation->ncolumns; i++) {
        const CatColumn *column = &relation->columns[i];
        rte->columns[i] = (RteColumn){.name = column->name,
                                      .type = column->type,
                                      .typmod = column->typmod,
                                      .collation = column->collation,
                                      .dropped = column->dropped};
    }
    return fetch_add_entry(query, rte);
}

Query *fetch_over(Write *write, const CatRelation *relation)
{
    Query *query = ARENA_NEW(write->arena, Query);
    *query = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = write->arena};
    if (relation)
        fetch_add_relation(write, query, relation);
    return query;
}

void fetch_add_target(Query *query, Expr *expr)
{
    enum { STEP = 16 };
    size_t size = sizeof(Target) * (size_t)query->ntargets;
    if (query->ntargets % STEP == 0)
        query->targets = arena_grow(query->arena, query->targets, size, size + STEP * sizeof(Target));
    query->targets[query->ntargets] = (Target){.expr = expr, .name = arena_printf(query->arena, "f%d", query->ntargets + 1)};
    query->ntargets++;
}

void fetch_forget_privileges(Query *query)
{
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->kind == RTE_RESULT)
            query->rtes[i]->relation = NULL;
        else if (query->rtes[i]->kind == RTE_SUBQUERY && !query->rtes[i]->relation)
            fetch_forget_privileges(query->rtes[i]->query);
}

void fetch_use_targets(Query *query)
{
    const Target *targets = query->targets;
    int count = query->ntargets;
    query->targets = NULL;
    query->ntargets = 0;
    for (int i = 0; i < count; i++) {
        fetch_add_target(query, targets[i].expr);
        query->targets[i] = targets[i];
    }
}

Query *fetch_around(Write *write, Query *inner)
{
    Query *query = fetch_over(write, NULL);
    Rte *rte = ARENA_NEW(write->arena, Rte);
    *rte = (Rte){.kind = RTE_SUBQUERY, .alias = "new", .in_from = true, .query = inner, .ncolumns = inner->ntargets};
    rte->columns = ARENA_ARRAY(write->arena, RteColumn, inner->ntargets);
    for (int i = 0; i < inner->ntargets; i++) {
        const Expr *expr = inner->targets[i].expr;
        rte->columns[i] =
            (RteColumn){.name = inner->targets[i].name, .type = expr->type, .typmod = expr->typmod, .collation = expr->collation};
    }
    query->rtes = ARENA_ARRAY(write->arena, Rte *, 1);
    query->rtes[0] = rte;
    query->from = ARENA_ARRAY(write->arena, FromItem *, 1);
    query->from[0] = ARENA_NEW(write->arena, FromItem);
    *query->from[0] = (FromItem){.kind = FROM_RTE};
    query->nrtes = query->nfrom = 1;
    return query;
}

Expr *fetch_column(Write *write, const CatRelation *relation, int number)
{
    const CatColumn *column = &relation->columns[number - 1];
    return expr_var(write->arena, 0, number, column->type, column->typmod, column->collation);
}

Expr *fetch_expr(Write *write, const CatRelation *relation, const char *text, Oid type)
{
    AnalyzeContext context = {.catalog = write->catalog, .functions = write->context->plan->functions, .text = ""};
    ParsedText parsed;
    if (!sql_parse(arena_printf(write->arena, "SELECT %s", text), write->arena, &parsed, write->error))
        return NULL;
    const Node *node = parsed.items[0].node->select_stmt->target_list[0]->res_target->val;
    Expr *expr = sql_analyze_stored(node, EXPR_USE_CHECK, relation, type, -1, &context, write->arena, write->error);
    if (!expr)
        write->error->position = 0;
    return expr;
}

static bool reads_stored(const Expr *expr, void *arg)
{
    return (expr->kind == EXPR_VAR && expr->u.var.column <= 0) || expr_walk(expr, reads_stored, arg);
}

bool fetch_reads_stored(const Expr *expr)
{
    return reads_stored(expr, NULL);
}

Expr *fetch_test(Write *write, ExprKind kind, Expr *arg)
{
    Expr *expr = ARENA_NEW(write->arena, Expr);
    *expr = (Expr){.kind = kind, .type = TYPE_BOOL, .typmod = -1, .location = -1, .nargs = 1};
    expr->args = ARENA_ARRAY(write->arena, Expr *, 1);
    expr->args[0] = arg;
    return expr;
}

/* ---- running one ---- */

typedef struct Taker {
    Write *write;
    const Plan *plan;
    const TypeContext *types;
    FetchedRows *rows; /* NULL: each is taken by `take` */
    RowTaker *take;
    void *arg;
} Taker;

static bool read_row(const Taker *taker, const FdwBatch *batch, size_t row, const char **cells)
{
    Arena *arena = taker->write->arena;
    for (int i = 0; i < taker->plan->ncolumns; i++) {
        Value value = type_vector_get(&batch->vectors[i], row);
        Str text;
        str_init(&text, arena);
        if (!value.is_null && !type_output(taker->plan->columns[i].type, &value, taker->types, &text, taker->write->error))
            return false;
        cells[i] = value.is_null ? NULL : text.data ? text.data : "";
    }
    return true;
}

/* What is made for a row goes with it. */
static bool take_row(const Taker *taker, const FdwBatch *batch, size_t row)
{
    Write *write = taker->write;
    Arena *outer = write->arena;
    write->arena = arena_open(outer);
    const char **cells = ARENA_ARRAY(write->arena, const char *, taker->plan->ncolumns + 1);
    bool done = read_row(taker, batch, row, cells) && taker->take(taker->arg, cells);
    arena_close(write->arena);
    write->arena = outer;
    return done;
}

static bool take_batch(void *arg, const FdwBatch *batch, size_t first, size_t count)
{
    Taker *taker = arg;
    Arena *arena = taker->write->arena;
    for (size_t row = first; row < first + count; row++) {
        if (!taker->rows) {
            if (!take_row(taker, batch, row))
                return false;
            continue;
        }
        const char **cells = ARENA_ARRAY(arena, const char *, taker->plan->ncolumns + 1);
        if (!read_row(taker, batch, row, cells))
            return false;
        vec_push(arena, taker->rows, cells);
    }
    return true;
}

Plan *write_plan(Write *write, const Query *query)
{
    PlanContext context = *write->context->plan;
    context.rows_wanted = true;
    context.as_of = query->as_of;
    return plan_query(query, &context, write->arena, write->error);
}

Execution *write_execution(Write *write, const Plan *plan)
{
    const WriteContext *context = write->context;
    ExecRequest request = {.plan = plan,
                           .engine = context->engine,
                           .functions = context->plan->functions,
                           .remote = context->remote,
                           .in_transaction = context->in_transaction,
                           .limits = context->limits};
    return exec_open(&request, write->arena, write->error);
}

static bool pass_batch(void *arg, const FdwBatch *batch, size_t first, size_t count)
{
    (void)arg, (void)batch, (void)first, (void)count;
    return true;
}

/* max_rows 0: all. */
static bool run(Write *write, const Plan *plan, const RowSink *sink, size_t max_rows)
{
    const WriteContext *context = write->context;
    Execution *execution = plan ? write_execution(write, plan) : NULL;
    if (!execution)
        return false;
    size_t count;
    bool at_end, done = context->begins(context->arg, execution, write->error) &&
                        exec_next(execution, max_rows, sink, &count, &at_end, write->error) && !error_is_set(write->error);
    context->ends(context->arg, execution);
    exec_close(execution);
    return done;
}

/* ---- without the engine, which takes longer to be asked than to answer ---- */

static bool has_param(const Expr *expr, void *arg)
{
    return expr->kind == EXPR_PARAM || expr_walk(expr, has_param, arg);
}

static bool is_computed_here(const Write *write, const Expr *expr)
{
    return write->context->computes && !has_param(expr, NULL) && write->context->computes(write->context->arg, expr);
}

/* Of such types that nobody's settings count for. */
static bool is_shown_alike(Oid type)
{
    return type == TYPE_BOOL || type == TYPE_INT4 || type == TYPE_INT8;
}

/* One row at most, of expressions alone. */
static bool is_row_computed_here(const Write *write, const Query *query, const TypeContext *types)
{
    if (query->nfrom || !query_is_bare(query) || !query_is_row_wise(query) || (query->where && !is_computed_here(write, query->where)))
        return false;
    for (int i = 0; i < query->ntargets; i++)
        if (!is_computed_here(write, query->targets[i].expr) ||
            (types != &TYPE_CONTEXT_CANONICAL && !is_shown_alike(query->targets[i].expr->type)))
            return false;
    return true;
}

static bool compute(Write *write, const Expr *expr, const char **out)
{
    return write->context->compute(write->context->arg, expr, write->arena, out, write->error);
}

static bool compute_row(Write *write, const Query *query, FetchedRows *out)
{
    const char *meets = "t", **cells = ARENA_ARRAY(write->arena, const char *, query->ntargets + 1);
    if (query->where && !compute(write, query->where, &meets))
        return false;
    if (!meets || *meets != 't')
        return true;
    for (int i = 0; i < query->ntargets; i++)
        if (!compute(write, query->targets[i].expr, &cells[i]))
            return false;
    vec_push(write->arena, out, cells);
    return true;
}

Expr *fetch_computed(Write *write, Expr *expr)
{
    const char *value;
    if (expr->kind == EXPR_CONST || !is_computed_here(write, expr))
        return expr;
    return compute(write, expr, &value) ? expr_const_like(write->arena, expr, value) : NULL;
}

static bool fetch(Write *write, const Query *query, const TypeContext *types, size_t max_rows, FetchedRows *out)
{
    *out = (FetchedRows){0};
    if (is_row_computed_here(write, query, types))
        return compute_row(write, query, out);
    const Plan *plan = write_plan(write, query);
    Taker taker = {.write = write, .plan = plan, .types = types, .rows = out};
    return run(write, plan, &(RowSink){.arg = &taker, .batch = take_batch}, max_rows);
}

bool fetch_compute(Write *write, const Query *query)
{
    return run(write, write_plan(write, query), &(RowSink){.batch = pass_batch}, 0);
}

bool fetch_first(Write *write, const Query *query, const char *const **out)
{
    FetchedRows rows;
    bool done = fetch(write, query, write->context->plan->functions->types, 1, &rows);
    *out = done && rows.count ? rows.items[0] : NULL;
    return done;
}

bool fetch_each(Write *write, const Query *query, RowTaker *take, void *arg)
{
    FetchedRows rows = {0};
    if (is_row_computed_here(write, query, &TYPE_CONTEXT_CANONICAL))
        return compute_row(write, query, &rows) && (!rows.count || write_take_row(write, take, arg, rows.items[0]));
    const Plan *plan = write_plan(write, query);
    Taker taker = {.write = write, .plan = plan, .types = &TYPE_CONTEXT_CANONICAL, .take = take, .arg = arg};
    return run(write, plan, &(RowSink){.arg = &taker, .batch = take_batch}, 0);
}

bool fetch_all(Write *write, const Query *query, FetchedRows *out)
{
    return fetch(write, query, &TYPE_CONTEXT_CANONICAL, 0, out);
}

/* ---- showing a row ---- */

static bool is_given(const Write *write, const char *name)
{
    const Rte *rte = write->statement->rtes[write->statement->result_rte];
    const uint64_t *given = rte->columns_written ? rte->columns_written : rte->columns_read;
    for (int i = 0; i < rte->relation->ncolumns; i++) {
        int bit = i + 1 - COLUMN_TABLEOID;
        if (!rte->relation->columns[i].dropped && strcmp(rte->relation->columns[i].name, name) == 0)
            return given[bit / 64] >> (bit % 64) & 1;
    }
    return false;
}

bool fetch_may_show(const Write *write, const CatRelation *relation, int number, bool given_counts)
{
    Oid user = write->context->plan->functions->current_user; /* who reads the message, also where a view's owner may write */
    return catalog_privileges(write->catalog, PG_CLASS_RELATION, relation->oid, 0, user, ACL_SELECT) ||
           (number > 0 && ((given_counts && is_given(write, relation->columns[number - 1].name)) ||
                           catalog_privileges(write->catalog, PG_CLASS_RELATION, relation->oid, number, user, ACL_SELECT)));
}

static void add_value(Str *out, const char *cell)
{
    size_t length = cell ? strlen(cell) : 0;
    if (length <= MAX_SHOWN) {
        str_add(out, cell ? cell : "null");
        return;
    }
    length = MAX_SHOWN;
    while (length > 0 && ((unsigned char)cell[length] & 0xC0) == 0x80)
        length--;
    str_addn(out, cell, length);
    str_add(out, "...");
}

const char *fetch_describe_row(Write *write, const CatRelation *relation, const char *const *cells)
{
    Str names, values;
    str_init(&names, write->arena);
    str_init(&values, write->arena);
    bool whole = fetch_may_show(write, relation, 0, false), any = false;
    for (int i = 0, cell = 0; i < relation->ncolumns; i++) {
        if (relation->columns[i].dropped)
            continue;
        const char *value = cells[cell++];
        if (!whole && !fetch_may_show(write, relation, i + 1, true))
            continue;
        str_add(&names, any ? ", " : "");
        str_add(&values, any ? ", " : "");
        str_add(&names, relation->columns[i].name);
        add_value(&values, value);
        any = true;
    }
    const char *row = values.data ? values.data : "";
    if (whole)
        return arena_printf(write->arena, "(%s)", row);
    return any ? arena_printf(write->arena, "(%s) = (%s)", names.data, row) : NULL;
}

void fetch_error_names(Write *write, const CatRelation *relation, const char *column, const char *constraint)
{
    Error *error = write->error;
    error->schema = arena_strdup(error->arena, relation->schema);
    error->table = arena_strdup(error->arena, relation->name);
    error->column = arena_strdup(error->arena, column);
    error->constraint = arena_strdup(error->arena, constraint);
}

const char *fetch_index_column(Write *write, Oid index, int number)
{
    const char *text = arena_printf(write->arena, "pg_catalog.pg_get_indexdef(%u::pg_catalog.oid, %d, true)", index, number);
    Expr *expr = fetch_expr(write, NULL, text, OID_NONE);
    Query *query = fetch_over(write, NULL);
    const char *const *cells;
    Error was; /* it is asked while an error is told of */
    error_init(&was, write->arena);
    error_copy(&was, write->error);
    error_clear(write->error);
    if (!expr)
        return NULL;
    fetch_add_target(query, expr);
    if (!fetch_first(write, query, &cells))
        return NULL;
    error_copy(write->error, &was);
    return cells && cells[0] ? cells[0] : "";
}
