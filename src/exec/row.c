/*
 * row.c - local queries that read nothing and give one row of constants, or of what functions of src/func answer (VALUES of an INSERT,
 * SELECT nextval('s')): the row is computed here, without the engine, which takes longer to be asked than to answer.
 *
 * Invariants:
 *  1. Values are computed in the order of the columns, each once.
 *  2. Functions that answer otherwise for texts of collation C are the engine's, which is told so by their names.
 * Entered by the session's worker only.
 */
#include <string.h>

#include "exec/internal.h"

static const FuncFact *fact_of(const FuncContext *functions, const Expr *expr)
{
    const CatOperator *operator= expr->kind == EXPR_OP ? catalog_operator(functions->catalog, expr->oid) : NULL;
    return func_fact(operator? operator->proc : expr->kind == EXPR_FUNC ? expr->oid : OID_NONE);
}

/* What can be computed, and with what. */
typedef struct Row {
    const Plan *plan;
    const FuncContext *functions;
    Arena *arena;
} Row;

/* text || anything and the other way round, of types whose values have the same canonical text as a cast to text gives. */
static bool concatenates(const FuncFact *fact, const Expr *expr)
{
    static const Oid ALIKE[] = {TYPE_TEXT, TYPE_INT2, TYPE_INT4, TYPE_INT8, TYPE_NUMERIC, TYPE_UUID};
    size_t place = 0;
    if (!fact || (fact->proc != F_TEXTANYCAT_TEXT_ANYNONARRAY && fact->proc != F_ANYTEXTCAT_ANYNONARRAY_TEXT))
        return false;
    while (place < COUNT_OF(ALIKE) && expr->args[fact->proc == F_TEXTANYCAT_TEXT_ANYNONARRAY]->type != ALIKE[place])
        place++;
    return place < COUNT_OF(ALIKE);
}

static bool may_call(const FuncContext *functions, const Expr *expr)
{
    const FuncFact *fact = fact_of(functions, expr);
    if (concatenates(fact, expr))
        return true;
    return fact && fact->kind == 'f' && !fact->returns_set && !fact->variadic && func_find(fact->proc) && !func_letters(fact->proc);
}

static bool is_not_made_here(const Expr *expr, void *arg)
{
    const Row *row = arg;
    switch (expr->kind) {
    case EXPR_CONST:
        return false;
    case EXPR_PARAM:
        return expr->u.param > row->plan->nvalues;
    case EXPR_FUNC:
    case EXPR_OP:
        return !may_call(row->functions, expr) || expr_walk(expr, is_not_made_here, arg);
    case EXPR_RELABEL:
        return expr_walk(expr, is_not_made_here, arg);
    default:
        return true;
    }
}

bool row_is_made_here(const Execution *execution)
{
    const Plan *plan = execution->request.plan;
    const Query *query = plan->local;
    if (!query || plan->nleaves || plan->nsteps || plan->nsubplans || execution->request.explain != EXEC_ROWS)
        return false;
    if (query->nfrom || query->where || query->set_op || query->nctes || query->is_values || query->ngroup || query->ngrouping_sets ||
        query->having || query->nwindows || query->has_aggs || query->has_set_functions || query->distinct || query->distinct_on ||
        query->norder || query->limit || query->offset || query->ntargets != plan->ncolumns)
        return false;
    Row row = {.plan = plan, .functions = execution->request.functions};
    for (int i = 0; i < query->ntargets; i++)
        if (is_not_made_here(query->targets[i].expr, &row))
            return false;
    return true;
}

static bool compute(const Row *row, const Expr *expr, const char **out, Error *error)
{
    if (expr->kind == EXPR_CONST)
        return *out = expr->u.value, true;
    if (expr->kind == EXPR_PARAM)
        return *out = row->plan->values[expr->u.param - 1], true;
    if (expr->kind == EXPR_RELABEL)
        return compute(row, expr->args[0], out, error);
    const char **args = ARENA_ARRAY(row->arena, const char *, expr->nargs + 1);
    Oid *types = ARENA_ARRAY(row->arena, Oid, expr->nargs + 1);
    for (int i = 0; i < expr->nargs; i++) {
        types[i] = expr->args[i]->type;
        if (!compute(row, expr->args[i], &args[i], error))
            return false;
    }
    const FuncFact *fact = fact_of(row->functions, expr);
    if (fact->proc == F_NEXTVAL_REGCLASS && expr->u.func.form == FUNC_SQL_SYNTAX) /* an identity column's */
        return func_fold_identity(row->functions, args[0], row->arena, out, error);
    if (concatenates(fact, expr))
        return *out = args[0] && args[1] ? arena_printf(row->arena, "%s%s", args[0], args[1]) : NULL, true;
    return func_fold(fact->proc, row->functions, expr->type, types, args, expr->nargs, row->arena, out, error);
}

bool row_make(Execution *execution, Value *values, const char **cells, Error *error)
{
    const Plan *plan = execution->request.plan;
    Row row = {plan, execution->request.functions, execution->arena};
    for (int i = 0; i < plan->ncolumns; i++) {
        const PlanColumn *column = &plan->columns[i];
        FdwType layout = type_layout(column->type, column->typmod);
        if (!execution_goes_on(execution, error) || !compute(&row, plan->local->targets[i].expr, &cells[i], error))
            return false;
        values[i] = value_null(layout.physical);
        if (cells[i] && layout.physical == FDW_STRING)
            values[i] = value_text(cells[i], strlen(cells[i]));
        else if (cells[i] && !type_input(column->type, column->typmod, cells[i], strlen(cells[i]), &TYPE_CONTEXT_CANONICAL,
                                         execution->arena, &values[i], error))
            return false;
    }
    return true;
}

bool row_show(Execution *execution, Error *error)
{
    const Plan *plan = execution->request.plan;
    Value *values = ARENA_ARRAY(execution->arena, Value, plan->ncolumns + 1);
    const char **cells = ARENA_ARRAY(execution->arena, const char *, plan->ncolumns + 1);
    FdwType *types = ARENA_ARRAY(execution->arena, FdwType, plan->ncolumns + 1);
    if (!row_make(execution, values, cells, error))
        return false;
    for (int i = 0; i < plan->ncolumns; i++)
        types[i] = type_layout(plan->columns[i].type, plan->columns[i].typmod);
    HostBatch *host = host_batch_open(types, (size_t)plan->ncolumns, 1, execution->arena);
    for (int i = 0; i < plan->ncolumns; i++)
        type_vector_set(&host->batch.vectors[i], 0, &values[i], batch_set_string);
    execution->view = host->batch;
    execution->view.count = 1;
    execution->is_row = true;
    return true;
}
