/*
 * from_function.c - functions in FROM: their columns, column definition lists, WITH ORDINALITY, ROWS FROM (PostgreSQL manual,
 * section 7.2.1.4).
 */
#include "sql/analyze_int.h"

typedef struct TableFunction {
    Expr *call;
    const char *name; /* what it is called when it has no alias */
    Node *const *definitions;
    size_t ndefinitions;
    bool defined; /* its columns are those of a definition list */
    RteColumn *columns;
    int ncolumns;
} TableFunction;

static bool fail_at(Scope *scope, const char *sqlstate, int location, const char *message, const char *hint)
{
    error_set(scope->an->error, sqlstate, "%s", message);
    if (hint)
        error_hint(scope->an->error, "%s", hint);
    return analyze_at(scope->an, location);
}

static bool defined_collation(Scope *scope, const PgQuery__ColumnDef *definition, RteColumn *column)
{
    Analyzer *an = scope->an;
    const PgQuery__CollateClause *clause = definition->coll_clause;
    column->collation = type_collation(an->catalog, column->type);
    if (!clause)
        return true;
    const CatCollation *found = analyze_collation(scope, clause);
    if (!found)
        return false;
    if (!column->collation) {
        error_set(an->error, ERRCODE_DATATYPE_MISMATCH, "collations are not supported by type %s", type_text(an, column->type));
        return analyze_at(an, clause->location);
    }
    column->collation = found->oid;
    return true;
}

/* a, b, c of "AS (a type, b type, ...)" */
static bool defined_columns(Scope *scope, TableFunction *function)
{
    Analyzer *an = scope->an;
    function->columns = ARENA_ARRAY(an->arena, RteColumn, function->ndefinitions);
    for (size_t i = 0; i < function->ndefinitions; i++) {
        const PgQuery__ColumnDef *definition = function->definitions[i]->column_def;
        RteColumn *column = &function->columns[function->ncolumns++];
        column->name = definition->colname;
        if (definition->type_name->setof) {
            error_set(an->error, ERRCODE_INVALID_TABLE_DEFINITION, "column \"%s\" cannot be declared SETOF", column->name);
            return analyze_at(an, definition->location);
        }
        if (!resolve_type_name(scope, definition->type_name, &column->type, &column->typmod))
            return false;
        if (!defined_collation(scope, definition, column))
            return false;
        for (int j = 0; j < function->ncolumns - 1; j++)
            if (strcmp(function->columns[j].name, column->name) == 0)
                return error_set(an->error, ERRCODE_DUPLICATE_COLUMN, "column name \"%s\" specified more than once", column->name);
    }
    return true;
}

static int definitions_location(const TableFunction *function)
{
    return function->definitions[0]->column_def->location;
}

/* The name of the only OUT parameter, if the function has just one and it has a name. */
static const char *result_name(Analyzer *an, const Expr *call)
{
    const CatProc *proc = call->kind == EXPR_FUNC ? catalog_proc(an->catalog, call->oid) : NULL;
    const char *name = NULL;
    if (!proc || !proc->all_modes || !proc->arg_names)
        return NULL;
    for (int i = 0; i < proc->nall; i++) {
        if (!strchr("obt", proc->all_modes[i]))
            continue;
        if (name)
            return NULL;
        name = given(proc->arg_names[i]);
        if (!name)
            return NULL;
    }
    return name;
}

static bool scalar_column(Scope *scope, TableFunction *function, const char *alias)
{
    Analyzer *an = scope->an;
    const Expr *call = function->call;
    const char *out = result_name(an, call);
    function->columns = ARENA_NEW(an->arena, RteColumn);
    function->ncolumns = 1;
    function->columns[0] = (RteColumn){.name = out     ? out
                                               : alias ? alias
                                                       : function->name,
                                       .type = call->type,
                                       .typmod = call->typmod,
                                       .collation = call->collation};
    return true;
}

static bool function_columns(Scope *scope, TableFunction *function, const char *alias)
{
    Analyzer *an = scope->an;
    Oid type = catalog_base_type(an->catalog, function->call->type, NULL);
    bool has_columns = type == TYPE_RECORD ? function_out_columns(scope, function->call, &function->columns, &function->ncolumns)
                                           : composite_columns(scope, function->call, &function->columns, &function->ncolumns);
    if (error_is_set(an->error))
        return false;
    if (function->ndefinitions) {
        if (type == TYPE_RECORD && !has_columns) {
            function->ncolumns = 0;
            function->defined = true;
            return defined_columns(scope, function);
        }
        return fail_at(scope, ERRCODE_SYNTAX_ERROR, definitions_location(function),
                       !has_columns          ? "a column definition list is only allowed for functions returning \"record\""
                       : type == TYPE_RECORD ? "a column definition list is redundant for a function with OUT parameters"
                                             : "a column definition list is redundant for a function returning a named composite type",
                       NULL);
    }
    if (has_columns)
        return true;
    if (type == TYPE_RECORD)
        return fail_at(scope, ERRCODE_SYNTAX_ERROR, expr_location(function->call),
                       "a column definition list is required for functions returning \"record\"", NULL);
    const CatType *known = catalog_type(an->catalog, type);
    if (known && known->kind == 'p' && type != TYPE_VOID && type != TYPE_CSTRING && type != TYPE_UNKNOWN) {
        error_set(an->error, ERRCODE_DATATYPE_MISMATCH, "function \"%s\" in FROM has unsupported return type %s", function->name,
                  type_text(an, type));
        return analyze_at(an, expr_location(function->call));
    }
    return scalar_column(scope, function, alias);
}

/* unnest(a, b, ...) in FROM is one unnest() an argument. */
static bool is_multi_unnest(const PgQuery__FuncCall *call, const PgQuery__RangeFunction *range)
{
    return call->n_funcname == 1 && strcmp(node_string(call->funcname[0]), "unnest") == 0 && call->n_args > 1 && !call->n_agg_order &&
           !call->agg_filter && !call->over && !call->agg_star && !call->agg_distinct && !call->func_variadic && !range->n_coldeflist;
}

typedef VEC(TableFunction) TableFunctions;

static bool add_call(Scope *scope, const Node *node, const char *name, Node *const *definitions, size_t ndefinitions,
                     TableFunctions *functions)
{
    TableFunction function = {.name = name, .definitions = definitions, .ndefinitions = ndefinitions};
    scope->last_set = NULL;
    function.call = analyze_clause_expr(scope, node, CLAUSE_FROM_FUNCTION);
    if (!function.call)
        return false;
    if (scope->last_set && scope->last_set != function.call)
        return fail_at(scope, ERRCODE_FEATURE_NOT_SUPPORTED, expr_location(scope->last_set),
                       "set-returning functions must appear at top level of FROM", NULL);
    vec_push(scope->an->arena, functions, function);
    return true;
}

static bool add_unnests(Scope *scope, const PgQuery__FuncCall *call, TableFunctions *functions)
{
    Arena *arena = scope->an->arena;
    for (size_t i = 0; i < call->n_args; i++) {
        PgQuery__FuncCall *one = ARENA_NEW(arena, PgQuery__FuncCall);
        Node *node = ARENA_NEW(arena, Node);
        *one = *call;
        one->n_args = 1;
        one->args = &call->args[i];
        pg_query__node__init(node);
        node->node_case = PG_QUERY__NODE__NODE_FUNC_CALL;
        node->func_call = one;
        if (!add_call(scope, node, "unnest", NULL, 0, functions))
            return false;
    }
    return true;
}

/* Each item is a list of the call and its own column definitions. */
static bool analyze_calls(Scope *scope, const PgQuery__RangeFunction *range, TableFunctions *functions)
{
    for (size_t i = 0; i < range->n_functions; i++) {
        const PgQuery__List *pair = range->functions[i]->list;
        const Node *call = pair->items[0];
        bool own = pair->n_items > 1 && pair->items[1]->node_case == PG_QUERY__NODE__NODE_LIST; /* ROWS FROM (f() AS (...)) */
        Node *const *definitions = own ? pair->items[1]->list->items : range->coldeflist;
        size_t ndefinitions = own ? pair->items[1]->list->n_items : range->n_coldeflist;
        if (call->node_case == PG_QUERY__NODE__NODE_FUNC_CALL && is_multi_unnest(call->func_call, range)) {
            if (!add_unnests(scope, call->func_call, functions))
                return false;
        } else if (!add_call(scope, call, target_name(scope->an, call), definitions, ndefinitions, functions)) {
            return false;
        }
    }
    return true;
}

static bool check_definitions(Scope *scope, const PgQuery__RangeFunction *range, size_t count)
{
    if (!range->n_coldeflist)
        return true;
    int location = range->coldeflist[0]->column_def->location;
    if (count > 1)
        return fail_at(scope, ERRCODE_SYNTAX_ERROR, location, "ROWS FROM() with multiple functions cannot have a column definition list",
                       "Put a separate column definition list for each function inside ROWS FROM().");
    if (range->ordinality)
        return fail_at(scope, ERRCODE_SYNTAX_ERROR, location, "WITH ORDINALITY cannot be used with a column definition list",
                       "Put the column definition list inside ROWS FROM().");
    return true;
}

static bool fill_rte(Scope *scope, Rte *rte, TableFunctions *functions, const char *alias)
{
    Arena *arena = scope->an->arena;
    int total = 0;
    for (size_t i = 0; i < functions->count; i++) {
        if (!assign_collation(scope->an, functions->items[i].call) ||
            !function_columns(scope, &functions->items[i], functions->count == 1 ? alias : NULL))
            return false;
        total += functions->items[i].ncolumns;
    }
    rte->nfunctions = (int)functions->count;
    rte->functions = ARENA_ARRAY(arena, Expr *, functions->count);
    rte->function_columns = ARENA_ARRAY(arena, int, functions->count);
    rte->function_defined = ARENA_ARRAY(arena, bool, functions->count);
    rte->columns = ARENA_ARRAY(arena, RteColumn, total + 1);
    for (size_t i = 0; i < functions->count; i++) {
        const TableFunction *function = &functions->items[i];
        rte->functions[i] = function->call;
        rte->function_columns[i] = function->ncolumns;
        rte->function_defined[i] = function->defined;
        memcpy(&rte->columns[rte->ncolumns], function->columns, sizeof(RteColumn) * (size_t)function->ncolumns);
        rte->ncolumns += function->ncolumns;
    }
    if (rte->with_ordinality)
        rte->columns[rte->ncolumns++] = (RteColumn){.name = "ordinality", .type = TYPE_INT8, .typmod = -1};
    return true;
}

FromItem *from_function(Scope *scope, const PgQuery__RangeFunction *node, NsList *names)
{
    TableFunctions functions = {0};
    const char *alias = node->alias ? given(node->alias->aliasname) : NULL;
    bool was_lateral = scope->lateral_active;
    scope->lateral_active = true; /* a function may always refer to what stands left of it */
    bool ok = analyze_calls(scope, node, &functions) && check_definitions(scope, node, functions.count);
    scope->lateral_active = was_lateral;
    if (!ok)
        return NULL;
    Rte *rte = ARENA_NEW(scope->an->arena, Rte);
    rte->kind = RTE_FUNCTION;
    rte->alias = functions.items[0].name;
    rte->with_ordinality = node->ordinality;
    rte->lateral = node->lateral;
    for (size_t i = 0; i < functions.count; i++)
        rte->lateral |= expr_uses_level(functions.items[i].call, 0);
    if (!fill_rte(scope, rte, &functions, alias))
        return NULL;
    return from_apply_alias(scope, rte, node->alias) ? from_add(scope, rte, names) : NULL;
}
