/*
 * call.c - function calls: the arguments as written, the function meant, the expression made (PostgreSQL manual, sections 4.2.6 to 4.2.8
 * and 10.3).
 *
 * Invariants:
 *  1. A finished call has the function's own parameters in their order: named arguments are placed, defaults written out, the arguments
 *     of a VARIADIC parameter gathered into one array. VARIADIC "any" keeps its arguments apart.
 *  2. An aggregate or window call passes through the same road and is then given over to aggregate.c or window.c.
 */
#include "func/proc_oids.h"
#include "sql/analyze_int.h"

typedef struct Call {
    Scope *scope;
    const PgQuery__FuncCall *node;
    const char *schema, *name;
    const char *written; /* with its schema */
    CallArgs args;
    CallTarget target;
    const CallWritten *as_written;
    Expr *filter;
    Expr *last_set; /* as it was before the arguments */
} Call;

/* Each %s of the message is `arg`. */
static bool fail(Call *call, const char *sqlstate, int location, const char *message, const char *arg)
{
    Str text;
    str_init(&text, call->scope->an->arena);
    for (const char *from = message, *at; *from; from = at) {
        at = strstr(from, "%s");
        at = at ? at : from + strlen(from);
        str_addn(&text, from, (size_t)(at - from));
        if (*at) {
            str_add(&text, arg);
            at += 2;
        }
    }
    error_set(call->scope->an->error, sqlstate, "%s", text.data);
    return analyze_at(call->scope->an, location);
}

/* f(integer, name => text) as messages show a call. */
static const char *signature(Call *call)
{
    Analyzer *an = call->scope->an;
    Str text;
    str_init(&text, an->arena);
    str_addf(&text, "%s(", call->written);
    for (int i = 0; i < call->args.nargs; i++) {
        int named = i - (call->args.nargs - call->args.nnames);
        str_add(&text, i > 0 ? ", " : "");
        if (named >= 0)
            str_addf(&text, "%s => ", call->args.names[named]);
        str_add(&text, type_text(an, call->args.types[i]));
    }
    str_addc(&text, ')');
    return text.data;
}

/* ---- arguments ---- */

static bool add_argument(Call *call, Expr *expr)
{
    CallArgs *args = &call->args;
    /* JDBC writes a function's results among its arguments, as parameters of type void: they are none. */
    if (expr->kind == EXPR_PARAM && expr->type == TYPE_VOID && !call->node->agg_within_group)
        return true;
    if (expr->kind == EXPR_NAMED_ARG) {
        const char *name = expr->u.named_arg.name;
        for (int i = 0; i < args->nnames; i++)
            if (strcmp(args->names[i], name) == 0)
                return fail(call, ERRCODE_SYNTAX_ERROR, expr->location, "argument name \"%s\" used more than once", name);
        args->names[args->nnames++] = name;
        expr = expr->args[0];
    } else if (args->nnames) {
        return fail(call, ERRCODE_SYNTAX_ERROR, expr_location(expr), "positional argument cannot follow named argument", "");
    }
    args->args[args->nargs] = expr;
    args->types[args->nargs++] = expr->type;
    return true;
}

static bool analyze_arguments(Call *call)
{
    Scope *scope = call->scope;
    const PgQuery__FuncCall *node = call->node;
    size_t count = node->n_args + (node->agg_within_group ? node->n_agg_order : 0);
    Arena *arena = scope->an->arena;
    call->args = (CallArgs){.args = ARENA_ARRAY(arena, Expr *, count + 1),
                            .types = ARENA_ARRAY(arena, Oid, count + 1),
                            .names = ARENA_ARRAY(arena, const char *, count + 1),
                            .variadic = node->func_variadic};
    for (size_t i = 0; i < node->n_args; i++) {
        Expr *expr = analyze_expr(scope, node->args[i]);
        if (!expr || !add_argument(call, expr))
            return false;
    }
    for (size_t i = 0; node->agg_within_group && i < node->n_agg_order; i++) {
        Expr *expr = analyze_clause_expr(scope, node->agg_order[i]->sort_by->node, CLAUSE_ORDER_BY);
        if (!expr || !add_argument(call, expr))
            return false;
    }
    if (node->agg_filter)
        call->filter = analyze_condition(scope, node->agg_filter, CLAUSE_FILTER, "FILTER");
    if (count > MAX_ARGUMENTS) {
        error_set(scope->an->error, ERRCODE_TOO_MANY_ARGUMENTS, "cannot pass more than %d arguments to a function", MAX_ARGUMENTS);
        return analyze_at(scope->an, node->location);
    }
    return !node->agg_filter || call->filter;
}

/* ---- what may be written with what kind of function ---- */

static bool check_plain(Call *call)
{
    const PgQuery__FuncCall *node = call->node;
    const char *format = node->agg_star           ? "%s(*) specified, but %s is not an aggregate function"
                         : node->agg_distinct     ? "DISTINCT specified, but %s is not an aggregate function"
                         : node->agg_within_group ? "WITHIN GROUP specified, but %s is not an aggregate function"
                         : node->n_agg_order      ? "ORDER BY specified, but %s is not an aggregate function"
                         : node->agg_filter       ? "FILTER specified, but %s is not an aggregate function"
                         : node->over             ? "OVER specified, but %s is not a window function nor an aggregate function"
                                                  : NULL;
    return format ? fail(call, ERRCODE_WRONG_OBJECT_TYPE, node->location, format, call->written) : true;
}

static bool wrong_direct_count(Call *call, const char *hint)
{
    fail(call, ERRCODE_UNDEFINED_FUNCTION, call->node->location, "function %s does not exist", signature(call));
    return error_hint(call->scope->an->error, "%s", hint);
}

/* How many arguments stand before WITHIN GROUP and how many in it. */
static bool check_ordered_set_count(Call *call)
{
    Arena *arena = call->scope->an->arena;
    const CatProc *proc = call->target.proc;
    int ordered = (int)call->node->n_agg_order, direct = call->args.nargs - ordered, wanted = proc->aggregate_direct_args;
    if (proc->aggregate_kind == 'h' && proc->variadic) {
        if (direct == ordered)
            return true;
        return wrong_direct_count(
            call, arena_printf(arena,
                               "To use the hypothetical-set aggregate %s, the number of hypothetical direct arguments (here "
                               "%d) must match the number of ordering columns (here %d).",
                               call->written, direct, ordered));
    }
    if (direct == wanted)
        return true;
    return wrong_direct_count(call,
                              arena_printf(arena, "There is an ordered-set aggregate %s, but it requires %d direct argument%s, not %d.",
                                           call->written, wanted, wanted == 1 ? "" : "s", direct));
}

static bool check_aggregate(Call *call)
{
    const PgQuery__FuncCall *node = call->node;
    if (call->target.proc->aggregate_kind == 'n') {
        if (node->agg_within_group)
            return fail(call, ERRCODE_WRONG_OBJECT_TYPE, node->location,
                        "%s is not an ordered-set aggregate, so it cannot have WITHIN GROUP", call->written);
    } else {
        if (!node->agg_within_group)
            return fail(call, ERRCODE_WRONG_OBJECT_TYPE, node->location, "WITHIN GROUP is required for ordered-set aggregate %s",
                        call->written);
        if (node->over)
            return fail(call, ERRCODE_FEATURE_NOT_SUPPORTED, node->location, "OVER is not supported for ordered-set aggregate %s",
                        call->written);
        if (!check_ordered_set_count(call))
            return false;
    }
    if (call->args.nargs == 0 && !node->agg_star && !node->agg_within_group)
        return fail(call, ERRCODE_WRONG_OBJECT_TYPE, node->location, "%s(*) must be used to call a parameterless aggregate function",
                    call->written);
    if (call->args.nnames)
        return fail(call, ERRCODE_FEATURE_NOT_SUPPORTED, node->location, "aggregates cannot use named arguments", "");
    return true;
}

static bool check_over(Call *call)
{
    const PgQuery__FuncCall *node = call->node;
    bool is_aggregate = call->target.kind == CALL_AGGREGATE;
    const char *message = node->agg_distinct                                     ? "DISTINCT is not implemented for window functions"
                          : is_aggregate && !call->args.nargs && !node->agg_star ? NULL
                          : node->n_agg_order                 ? "aggregate ORDER BY is not implemented for window functions"
                          : node->agg_filter && !is_aggregate ? "FILTER is not implemented for non-aggregate window functions"
                                                              : NULL;
    return message ? fail(call, ERRCODE_FEATURE_NOT_SUPPORTED, node->location, message, "") : true;
}

/* word: "function" or "procedure". */
static bool refuse_ambiguous(Call *call, const char *word)
{
    Error *error = call->scope->an->error;
    fail(call, ERRCODE_AMBIGUOUS_FUNCTION, call->node->location, "%s",
         arena_printf(error->arena, "%s %s is not unique", word, signature(call)));
    return error_hint(error, "Could not choose a best candidate %s. You might need to add explicit type casts.", word);
}

static bool refuse_missing(Call *call, const char *word)
{
    Error *error = call->scope->an->error;
    fail(call, ERRCODE_UNDEFINED_FUNCTION, call->node->location, "%s",
         arena_printf(error->arena, "%s %s does not exist", word, signature(call)));
    return error_hint(error, "No %s matches the given name and argument types. You might need to add explicit type casts.", word);
}

static bool check_procedure(Call *call)
{
    switch (call->target.kind) {
    case CALL_PROCEDURE:
        return check_plain(call);
    case CALL_AMBIGUOUS:
        return refuse_ambiguous(call, "procedure");
    case CALL_NOT_FOUND:
        return refuse_missing(call, "procedure");
    default:
        fail(call, ERRCODE_WRONG_OBJECT_TYPE, call->node->location, "%s is not a procedure", signature(call));
        return error_hint(call->scope->an->error, "To call a function, use SELECT.");
    }
}

static bool check_kind(Call *call)
{
    const PgQuery__FuncCall *node = call->node;
    Error *error = call->scope->an->error;
    if (call->args.is_call)
        return check_procedure(call);
    switch (call->target.kind) {
    case CALL_FUNCTION:
    case CALL_CAST:
        return check_plain(call);
    case CALL_AGGREGATE:
        return check_aggregate(call);
    case CALL_WINDOW:
        if (!node->over)
            return fail(call, ERRCODE_WRONG_OBJECT_TYPE, node->location, "window function %s requires an OVER clause", call->written);
        if (node->agg_within_group)
            return fail(call, ERRCODE_WRONG_OBJECT_TYPE, node->location, "window function %s cannot have WITHIN GROUP", call->written);
        return true;
    case CALL_PROCEDURE:
        fail(call, ERRCODE_WRONG_OBJECT_TYPE, node->location, "%s is a procedure", signature(call));
        return error_hint(error, "To call a procedure, use CALL.");
    case CALL_AMBIGUOUS:
        return refuse_ambiguous(call, "function");
    default:
        refuse_missing(call, "function");
        return node->n_agg_order > 1 && !node->agg_within_group &&
               error_hint(error,
                          "No aggregate function matches the given name and argument types. Perhaps you misplaced ORDER BY; ORDER BY "
                          "must appear after all regular arguments of the aggregate.");
    }
}

/* ---- the finished argument list ---- */

/* The function's default expressions, all of them, in the parameters' order. */
static Node *const *default_nodes(Analyzer *an, const CatProc *proc)
{
    ParsedText parsed;
    if (!sql_parse(arena_printf(an->arena, "SELECT %s", proc->defaults ? proc->defaults : ""), an->arena, &parsed, an->error)) {
        an->error->position = 0;
        return NULL;
    }
    const PgQuery__SelectStmt *select = parsed.count == 1 ? parsed.items[0].node->select_stmt : NULL;
    if (!select || (int)select->n_target_list != proc->ndefaults) {
        error_set(an->error, ERRCODE_INTERNAL_ERROR, "the defaults of function %s are not known", proc->name);
        return NULL;
    }
    return select->target_list;
}

static bool add_defaults(Call *call)
{
    Scope *scope = call->scope;
    const CatProc *proc = call->target.proc;
    int missing = call->target.ndefaults;
    if (missing <= 0)
        return true;
    Node *const *nodes = default_nodes(scope->an, proc);
    if (!nodes)
        return false;
    int total = call->args.nargs + missing;
    Expr **args = ARENA_ARRAY(scope->an->arena, Expr *, total + 1);
    Oid *types = ARENA_ARRAY(scope->an->arena, Oid, total + 1);
    memcpy(args, call->args.args, sizeof(Expr *) * (size_t)call->args.nargs);
    memcpy(types, call->args.types, sizeof(Oid) * (size_t)call->args.nargs);
    Analyzer inner = *scope->an;
    inner.views++;
    Scope *fresh = scope_open(&inner, NULL);
    for (int i = call->args.nargs; i < total; i++) {
        int parameter = call->target.arg_numbers ? call->target.arg_numbers[i] : i;
        int number = parameter - (proc->nargs - proc->ndefaults);
        if (number < 0 || number >= proc->ndefaults)
            return error_set(scope->an->error, ERRCODE_INTERNAL_ERROR, "function %s has no default for parameter %d", proc->name,
                             parameter + 1);
        Expr *value = analyze_expr(fresh, nodes[number]->res_target->val);
        value = value ? coerce_to_target(fresh, value, proc->arg_types[parameter], -1, COERCE_ASSIGNMENT, FUNC_IMPLICIT_CAST, -1) : NULL;
        if (!value)
            return error_is_set(scope->an->error) ? false
                                                  : error_set(scope->an->error, ERRCODE_INTERNAL_ERROR, "default of %s", proc->name);
        args[i] = value;
        types[i] = value->type;
    }
    call->args.args = args;
    call->args.types = types;
    call->args.nargs = total;
    return true;
}

/* Each value of a row that is not there has the type of the values it is to stand among. */
static bool unify_hypothetical(Call *call)
{
    CallArgs *args = &call->args;
    int half = args->nargs / 2;
    for (int i = 0; i < half; i++) {
        Expr *pair[2] = {args->args[half + i], args->args[i]}, *which;
        Oid type = common_type(call->scope, pair, 2, "WITHIN GROUP", &which);
        for (int side = 0; side < 2 && type; side++) {
            Expr **arg = &args->args[side ? i : half + i];
            *arg = coerce_type(call->scope, *arg, type, -1, COERCE_IMPLICIT, FUNC_IMPLICIT_CAST, -1);
            if (!*arg)
                return false;
        }
        if (!type)
            return false;
    }
    return true;
}

static bool coerce_arguments(Call *call)
{
    CallArgs *args = &call->args;
    if (call->target.proc->aggregate_kind == 'h' && call->target.proc->variadic == TYPE_ANY && !unify_hypothetical(call))
        return false;
    for (int i = 0; i < args->nargs; i++) {
        args->args[i] = coerce_type(call->scope, args->args[i], call->target.declared[i], -1, COERCE_IMPLICIT, FUNC_IMPLICIT_CAST, -1);
        if (!args->args[i])
            return false;
    }
    return true;
}

/* Named arguments go to their parameters' places. */
static void place_arguments(Call *call)
{
    CallArgs *args = &call->args;
    if (!call->target.arg_numbers)
        return;
    Expr **placed = ARENA_ARRAY(call->scope->an->arena, Expr *, args->nargs + 1);
    for (int i = 0; i < args->nargs; i++)
        placed[call->target.arg_numbers[i]] = args->args[i];
    args->args = placed;
}

/* The arguments of a VARIADIC parameter become one array. */
static bool gather_variadic(Call *call)
{
    Scope *scope = call->scope;
    Analyzer *an = scope->an;
    CallArgs *args = &call->args;
    const CatProc *proc = call->target.proc;
    if (proc->variadic == TYPE_ANY) {
        const Expr *last = args->nargs ? args->args[args->nargs - 1] : NULL;
        if (!args->variadic || !last || type_element(an->catalog, catalog_base_type(an->catalog, last->type, NULL)))
            return true;
        return fail(call, ERRCODE_DATATYPE_MISMATCH, expr_location(last), "VARIADIC argument must be an array", "");
    }
    int spread = call->target.nvariadic, first = args->nargs - spread;
    if (spread <= 0)
        return true;
    Oid element = args->args[first]->type, array_type = type_array(an->catalog, element);
    if (!array_type)
        return fail(call, ERRCODE_UNDEFINED_OBJECT, expr_location(args->args[first]), "could not find array type for data type %s",
                    type_text(an, element));
    Expr *array = expr_new(scope, EXPR_ARRAY, array_type, expr_location(args->args[first]));
    array->args = &args->args[first];
    array->nargs = spread;
    Expr **gathered = ARENA_ARRAY(an->arena, Expr *, first + 1);
    memcpy(gathered, args->args, sizeof(Expr *) * (size_t)first);
    gathered[first] = array;
    args->args = gathered;
    args->nargs = first + 1;
    args->variadic = true;
    return true;
}

/* Where the arguments that stood in the call are now; those from defaults, which change with the function, are behind them. */
static void keep_written(Call *call, int count)
{
    const CallArgs *args = &call->args;
    Arena *arena = call->scope->an->arena;
    int *places = ARENA_ARRAY(arena, int, count + 1);
    const char **names = ARENA_ARRAY(arena, const char *, count + 1);
    CallWritten *written = ARENA_NEW(arena, CallWritten);
    if (!args->nnames && call->target.ndefaults <= 0)
        return;
    for (int i = 0; i < count; i++) {
        int place = call->target.arg_numbers ? call->target.arg_numbers[i] : i, named = i - (count - args->nnames);
        if (place >= args->nargs) /* one more of those that are one array */
            break;
        places[written->count] = place;
        names[written->count++] = named >= 0 ? args->names[named] : NULL;
    }
    written->args = places;
    written->names = names;
    call->as_written = written;
}

/* ---- set-returning calls ---- */

bool check_set_call(Scope *scope, Expr *call, int location)
{
    Analyzer *an = scope->an;
    const char *where = clause_rule(scope->clause)->sets;
    scope->last_set = call;
    if (!where) {
        scope->query->has_set_functions |= scope->clause == CLAUSE_SELECT || scope->clause == CLAUSE_ORDER_BY ||
                                           scope->clause == CLAUSE_GROUP_BY || scope->clause == CLAUSE_DISTINCT_ON ||
                                           scope->clause == CLAUSE_VALUES_SINGLE;
        return true;
    }
    error_set(an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "set-returning functions are not allowed in %s", where);
    return analyze_at(an, location);
}

/* No set-returning call may stand in the arguments of an aggregate or a window function. */
static bool check_no_sets(Call *call, const char *what)
{
    Scope *scope = call->scope;
    if (scope->last_set == call->last_set)
        return true;
    fail(call, ERRCODE_FEATURE_NOT_SUPPORTED, expr_location(scope->last_set),
         "%s function calls cannot contain set-returning function calls", what);
    return error_hint(scope->an->error, "You might be able to move the set-returning function into a LATERAL FROM item.");
}

/* ---- the expression ---- */

static FuncForm form_of(const PgQuery__FuncCall *node)
{
    return node->funcformat == PG_QUERY__COERCION_FORM__COERCE_SQL_SYNTAX ? FUNC_SQL_SYNTAX : FUNC_CALL;
}

static Expr *make_call(Call *call, ExprKind kind)
{
    Expr *expr = expr_new(call->scope, kind, call->target.result, call->node->location);
    expr->oid = call->target.proc->oid;
    expr->args = call->args.args;
    expr->nargs = call->args.nargs;
    return expr;
}

/* JSON becomes a row of the type below a domain, and that one of the domain: neither cast was written. */
static Expr *through_domain(Call *call, Expr *expr)
{
    static const Oid POPULATE[] = {F_JSON_POPULATE_RECORD_ANYELEMENT_JSON_BOOL, F_JSONB_POPULATE_RECORD_ANYELEMENT_JSONB,
                                   F_JSON_POPULATE_RECORDSET_ANYELEMENT_JSON_BOOL, F_JSONB_POPULATE_RECORDSET_ANYELEMENT_JSONB};
    Analyzer *an = call->scope->an;
    Oid domain = expr->type, base = catalog_base_type(an->catalog, domain, NULL);
    bool populates = false;
    for (size_t i = 0; i < COUNT_OF(POPULATE); i++)
        populates |= expr->oid == POPULATE[i];
    if (!populates || base == domain)
        return expr;
    Expr *below = make_call(call, EXPR_FUNC), *cast = domain_cast(call->scope, below, domain, -1);
    if (!cast || cast->nargs == 1) /* it has no conditions */
        return cast ? expr : NULL;
    if (expr->u.func.returns_set || call->scope->clause == CLAUSE_FROM_FUNCTION) {
        error_unsupported(an->error, "rows of type %s from JSON are not supported in FROM, nor sets of them", type_text(an, domain));
        analyze_at(an, call->node->location);
        return NULL;
    }
    *below = *expr;
    below->type = base;
    below->args[0] = coerce_type(call->scope, expr->args[0], base, -1, COERCE_IMPLICIT, FUNC_IMPLICIT_CAST, -1);
    return below->args[0] ? cast : NULL;
}

static Expr *make_function(Call *call)
{
    Expr *expr = make_call(call, EXPR_FUNC);
    expr->u.func.form = form_of(call->node);
    expr->u.func.variadic = call->args.variadic;
    expr->u.func.returns_set = call->target.proc->returns_set;
    expr->u.func.written = call->as_written;
    if (!expr->u.func.returns_set)
        return through_domain(call, expr);
    if (call->scope->clause == CLAUSE_FROM_FUNCTION && call->scope->last_set != call->last_set) {
        fail(call, ERRCODE_FEATURE_NOT_SUPPORTED, expr_location(call->scope->last_set),
             "set-returning functions must appear at top level of FROM", "");
        return NULL;
    }
    return check_set_call(call->scope, expr, call->node->location) ? through_domain(call, expr) : NULL;
}

static Expr *finish(Call *call)
{
    const PgQuery__FuncCall *node = call->node;
    if (call->target.kind == CALL_FUNCTION)
        return make_function(call);
    if (call->target.kind == CALL_PROCEDURE)
        return make_call(call, EXPR_FUNC);
    if (!node->over) {
        int direct = call->target.proc->aggregate_kind == 'n' ? 0 : call->args.nargs - (int)node->n_agg_order;
        Expr *aggregate = make_call(call, EXPR_AGG);
        aggregate->u.agg.star = node->agg_star;
        aggregate->u.agg.distinct = node->agg_distinct;
        aggregate->u.agg.filter = call->filter;
        aggregate->u.agg.kind = call->target.proc->aggregate_kind;
        aggregate->u.agg.variadic = call->args.variadic;
        aggregate->args = call->args.args + direct;
        aggregate->nargs -= direct;
        return make_aggregate(call->scope, aggregate, node, call->args.args, direct);
    }
    if (!check_over(call) || !check_no_sets(call, "window"))
        return NULL;
    Expr *window = make_call(call, EXPR_WINDOW);
    window->u.window.star = node->agg_star;
    window->u.window.is_aggregate = call->target.kind == CALL_AGGREGATE;
    window->u.window.filter = call->filter;
    return make_window_call(call->scope, window, node);
}

static Expr *resolve(Call *call)
{
    Analyzer *an = call->scope->an;
    if (!check_kind(call))
        return NULL;
    if (call->target.kind == CALL_CAST)
        return coerce_type(call->scope, call->args.args[0], call->target.result, -1, COERCE_EXPLICIT, FUNC_CALL, call->node->location);
    int written = call->args.nargs;
    if (!add_defaults(call))
        return NULL;
    Oid *declared = ARENA_ARRAY(an->arena, Oid, call->args.nargs + 1);
    memcpy(declared, call->target.declared, sizeof(Oid) * (size_t)call->args.nargs);
    call->target.declared = declared;
    call->target.result = polymorphic_resolve(call->scope, call->args.types, declared, call->args.nargs, call->target.result);
    if (!call->target.result || !coerce_arguments(call))
        return NULL;
    place_arguments(call);
    if (!gather_variadic(call))
        return NULL;
    keep_written(call, written);
    return finish(call);
}

Expr *analyze_call(Scope *scope, const PgQuery__FuncCall *node)
{
    Analyzer *an = scope->an;
    Call call = {.scope = scope, .node = node, .last_set = scope->last_set};
    call.written = join_names(an->arena, node->funcname, node->n_funcname);
    if (!names_split(scope, node->funcname, node->n_funcname, node->location, &call.schema, &call.name) || !analyze_arguments(&call))
        return NULL;
    if (!call_find(scope, call.schema, call.name, &call.args, !node->func_variadic, &call.target, node->location))
        return NULL;
    bool plain = node->n_args == 1 && !call.schema && !node->agg_star && !node->agg_distinct && !node->n_agg_order && !node->agg_filter &&
                 !node->over && !node->func_variadic && !call.args.nnames;
    if (call.target.kind == CALL_NOT_FOUND && plain) { /* field(row) is row.field */
        Expr *field = call_of_row_field(scope, call.args.args[0], call.name, node->location);
        if (field || error_is_set(an->error))
            return field;
    }
    return resolve(&call);
}

Expr *analyze_procedure_call(Scope *scope, const PgQuery__FuncCall *node)
{
    Call call = {.scope = scope, .node = node, .last_set = scope->last_set};
    call.written = join_names(scope->an->arena, node->funcname, node->n_funcname);
    if (!names_split(scope, node->funcname, node->n_funcname, node->location, &call.schema, &call.name) || !analyze_arguments(&call))
        return NULL;
    call.args.is_call = true;
    if (!call_find(scope, call.schema, call.name, &call.args, !node->func_variadic, &call.target, node->location))
        return NULL;
    return resolve(&call);
}

/* row.f where the row has no such field: f(row). */
Expr *call_functional(Scope *scope, const char *name, Expr *row, int location)
{
    Analyzer *an = scope->an;
    PgQuery__FuncCall node;
    pg_query__func_call__init(&node);
    node.location = location;
    Call call = {.scope = scope, .node = &node, .name = name, .written = name, .last_set = scope->last_set};
    call.args = (CallArgs){.args = ARENA_ARRAY(an->arena, Expr *, 1), .types = ARENA_ARRAY(an->arena, Oid, 1), .nargs = 1};
    call.args.args[0] = row;
    call.args.types[0] = row->type;
    if (!call_find(scope, NULL, name, &call.args, true, &call.target, location))
        return NULL;
    if (call.target.kind != CALL_FUNCTION && call.target.kind != CALL_CAST)
        return NULL;
    return resolve(&call);
}
