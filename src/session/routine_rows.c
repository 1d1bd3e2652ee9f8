/*
 * routine_rows.c - a call of a user's function for its value or its rows, in the form that was asked for.
 *
 * Invariants:
 *  1. A function that gives no set is one row: its OUT parameters, the columns of its composite value, or the value itself.
 *  2. A composite value that is NULL is a row of NULLs in FUNC_ROUTINE_ROWS, NULL in the other forms.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/routine.h"

typedef struct RowList {
    Arena *arena;
    FuncRoutineCall *call;
    bool is_composite; /* the result type has columns of its own */
    bool is_value;     /* its one column is the whole row in text form */
    VEC(const char *const *) rows;
    const FuncContext *functions;
    bool tells;         /* nobody beyond the call knows what is in its records: they tell it themselves */
    const char *fields; /* of such records: catalog.h, output.c */
} RowList;

/* Rows are kept until all are there: within what one call may hold. */
static bool has_room(const RowList *list, Error *error)
{
    return arena_has_room(list->arena, 0) || func_is_whole(list->functions, arena_bound(list->arena), error);
}

static bool list_columns(void *arg, const PlColumn *columns, int ncolumns, Error *error)
{
    RowList *list = arg;
    list->call->ncolumns = ncolumns;
    list->is_value = ncolumns == 1 && list->is_composite && columns[0].type == list->call->result_type;
    if (list->tells)
        list->fields = list->is_value ? arena_strdup(list->arena, columns[0].fields) : plpgsql_fields(columns, ncolumns, list->arena);
    return true;
}

/* A row in its text form as columns. */
static void add_value_row(RowList *list, const char *text)
{
    const char **cells = NULL;
    int count = text ? type_row_read(text, list->arena, &cells) : 0;
    list->call->ncolumns = count > list->call->ncolumns ? count : list->call->ncolumns;
    const char **row = ARENA_ARRAY(list->arena, const char *, list->call->ncolumns + 1);
    for (int i = 0; i < count; i++)
        row[i] = cells[i];
    vec_push(list->arena, &list->rows, row);
}

static bool list_row(void *arg, const char *const *cells, Error *error)
{
    RowList *list = arg;
    int count = list->call->ncolumns;
    if (list->is_value && list->call->form == FUNC_ROUTINE_ROWS) {
        add_value_row(list, arena_strdup(list->arena, cells[0]));
        return has_room(list, error);
    }
    bool packed = list->call->form != FUNC_ROUTINE_ROWS && !list->is_value && (count > 1 || list->is_composite);
    const char **row = ARENA_ARRAY(list->arena, const char *, count + 1);
    if (packed)
        row[0] = type_row_write(list->arena, cells, count);
    for (int i = 0; i < count && !packed; i++)
        row[i] = arena_strdup(list->arena, cells[i]);
    if (packed || list->is_value)
        row[0] = catalog_with_fields(TYPE_RECORD, list->fields, row[0], list->arena);
    vec_push(list->arena, &list->rows, row);
    return has_room(list, error);
}

static Arena *bounded(const FuncContext *functions, Arena *arena)
{
    if (arena_bound(arena))
        return arena;
    ArenaBound *bound = ARENA_NEW(arena, ArenaBound);
    *bound = func_bound(functions);
    Arena *rows = arena_open(arena);
    arena_set_bound(rows, bound);
    return rows;
}

static bool has_columns(Catalog *catalog, Oid type)
{
    const CatType *known = catalog_type(catalog, catalog_base_type(catalog, type, NULL));
    return type == TYPE_RECORD || (known && known->kind == 'c');
}

static bool computes(const PlHost *host, const Expr *expr)
{
    return plpgsql_can_evaluate(host, expr) && !expr_repeats_volatile(expr, host->catalog);
}

bool routine_computes(void *arg, const Expr *expr)
{
    Arena *arena = arena_open(NULL);
    bool done = computes(routine_host(arg, arena), expr);
    arena_close(arena);
    return done;
}

bool routine_compute(void *arg, const Expr *expr, Arena *arena, const char **out, Error *error)
{
    return plpgsql_evaluate(&(PlEvaluation){.host = routine_host(arg, arena), .arena = arena}, expr, out, error);
}

/* The one value that it gives, to be computed without a portal; NULL: it is for the engine. */
static const Expr *plain_value(const PlHost *host, const FuncRoutineCall *call)
{
    const Expr *value = call->form == FUNC_ROUTINE_VALUE ? plpgsql_plain_value(call->subplan->query) : NULL;
    return value && computes(host, value) ? value : NULL;
}

static bool compute_value(RowList *list, const PlHost *host, const Expr *value, Error *error)
{
    const PlEvaluation evaluation = {.host = host, .values = list->call->args, .arena = list->arena};
    const char **row = ARENA_ARRAY(list->arena, const char *, 2);
    list->call->ncolumns = 1;
    vec_push(list->arena, &list->rows, row);
    return plpgsql_evaluate(&evaluation, value, &row[0], error);
}

static bool run_subplan(Session *session, RowList *list, Error *error)
{
    FuncRoutineCall *call = list->call;
    const PlHost *host = routine_host(session, list->arena);
    const Expr *value = plain_value(host, call);
    PlSink sink = {.arg = list, .columns = list_columns, .row = list_row};
    PortalParams params = {.values = call->args, .types = call->types, .count = call->nargs, .of_row = true};
    call->ncolumns = 0;
    if (value ? !compute_value(list, host, value, error) : !routine_run_subplan(session, call->subplan, &params, &sink, error))
        return false;
    call->rows = list->rows.items;
    call->nrows = list->rows.count;
    return true;
}

/* A text as a value of a user's type. */
static bool read_text(Session *session, FuncRoutineCall *call, Arena *arena, Error *error)
{
    const char **row = ARENA_ARRAY(arena, const char *, 2);
    const char *const **rows = ARENA_NEW(arena, const char *const *);
    rows[0] = row;
    call->rows = rows;
    call->nrows = call->ncolumns = 1;
    return !call->args[0] ||
           plpgsql_cast(routine_host(session, arena), call->args[0], TYPE_UNKNOWN, -1, call->result_type, -1, arena, &row[0], error);
}

bool routine_call_rows(const FuncContext *functions, FuncRoutineCall *call, Arena *arena, Error *error)
{
    Session *session = functions->session->arg;
    arena = bounded(functions, arena);
    if (!call->proc && !call->subplan)
        return read_text(session, call, arena, error);
    if (call->subplan)
        return run_subplan(session, &(RowList){.arena = arena, .call = call, .functions = functions}, error);
    const CatProc *proc = catalog_proc(session->catalog, call->proc);
    RowList list = {.arena = arena, .call = call, .functions = functions, .is_composite = has_columns(session->catalog, call->result_type)};
    list.tells = call->form != FUNC_ROUTINE_ROWS && call->result_type == TYPE_RECORD && !(proc && proc->all_modes);
    PlSink sink = {.arg = &list, .columns = list_columns, .row = list_row};
    RoutineCall run = {
        .proc = call->proc, .result_type = call->result_type, .types = call->types, .args = call->args, .nargs = call->nargs};
    bool returns_set = proc && proc->returns_set;
    PlColumn *expected = call->expected_types ? ARENA_ARRAY(arena, PlColumn, call->nexpected + 1) : NULL;
    for (int i = 0; i < call->nexpected; i++)
        expected[i] = (PlColumn){"", call->expected_types[i], call->expected_typmods[i], NULL, OID_NONE};
    run.expected = expected;
    run.nexpected = call->nexpected;
    run.needs_shape = call->form != FUNC_ROUTINE_ROWS;
    call->ncolumns = 0;
    run.sink = returns_set ? &sink : NULL;
    if (!routine_call(session, &run, arena, error))
        return false;
    if (!returns_set && list.is_composite && call->form == FUNC_ROUTINE_ROWS) {
        add_value_row(&list, run.result);
    } else if (!returns_set) {
        call->ncolumns = 1;
        const char **row = ARENA_ARRAY(arena, const char *, 2);
        row[0] = run.result;
        vec_push(arena, &list.rows, row);
    }
    call->rows = list.rows.items;
    call->nrows = list.rows.count;
    if (call->form != FUNC_ROUTINE_ROWS)
        call->ncolumns = 1;
    return true;
}
