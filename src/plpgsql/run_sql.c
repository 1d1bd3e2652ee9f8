/*
 * run_sql.c - SQL from inside a function: expressions, statements with INTO, EXECUTE, PERFORM, cursors.
 *
 * Invariants:
 *  1. A variable that a statement names becomes a parameter of it, numbered as it is met; its value is that of the moment.
 *  2. An expression without tables is computed here when it can be, else it is a statement like others.
 *  3. Where an error has a place in the SQL, the SQL becomes its internal query; else the SQL is a line of its context.
 */
#include <stdlib.h>

#include "plpgsql/frame.h"

/* The parameters of one statement. */
typedef struct Binding {
    PlFrame *frame;
    PlScope *scope;
    VEC(const char *) values;
    VEC(Oid) types;
    VEC(const void *) keys;  /* what stands behind each: a datum or a record's cell */
    const char *const *args; /* EXECUTE ... USING: $1, $2, ... */
    const Oid *arg_types;
    size_t nargs;
    bool is_dynamic, has_record, is_refused; /* is_refused: by what the procedure to be called gives out */
    SqlVariables variables;
    const PlExpr *expr; /* NULL: EXECUTE's */
    Notices notices;    /* of its analysis */
} Binding;

static bool bind(Binding *binding, const void *key, const char *value, Oid value_type, SqlVariable *out)
{
    size_t at = 0;
    while (at < binding->keys.count && binding->keys.items[at] != key)
        at++;
    if (at == binding->keys.count) {
        vec_push(binding->frame->scratch, &binding->keys, key);
        vec_push(binding->frame->scratch, &binding->values, value);
        vec_push(binding->frame->scratch, &binding->types, value_type);
    }
    out->param = (int)at + 1;
    out->type = value_type;
    return true;
}

static bool bind_record(Binding *binding, const PlDatum *datum, const char *field, SqlVariable *out, Error *error)
{
    PlSlot *slot = frame_slot(binding->frame, datum);
    if (!slot->is_assigned && field) {
        error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "record \"%s\" is not assigned yet", datum->name);
        return error_detail(error, "The tuple structure of a not-yet-assigned record is indeterminate.");
    }
    if (!field)
        return bind(binding, slot, frame_row_text(slot, binding->frame->scratch),
                    datum->type      ? datum->type
                    : slot->row_type ? slot->row_type
                                     : TYPE_RECORD,
                    out);
    int at = record_field(slot, field);
    if (at < 0)
        return error_set(error, ERRCODE_UNDEFINED_COLUMN, "record \"%s\" has no field \"%s\"", datum->name, field);
    out->typmod = slot->columns[at].typmod;
    out->collation = slot->columns[at].collation;
    return bind(binding, &slot->cells[at], slot->cells[at], slot->columns[at].type, out);
}

static bool find_argument(Binding *binding, const char *name, SqlVariable *out)
{
    size_t number = name[0] == '$' ? (size_t)strtol(name + 1, NULL, 10) : 0;
    if (!number || number > binding->nargs)
        return false;
    return bind(binding, &binding->args[number - 1], binding->args[number - 1], binding->arg_types[number - 1], out);
}

static bool find_variable(void *arg, const char *const *names, int count, SqlVariable *out, Error *error)
{
    Binding *binding = arg;
    int used;
    if (binding->is_dynamic)
        return find_argument(binding, names[0], out);
    const PlDatum *datum = scope_find_path(binding->scope, names, count, &used);
    if (!datum || count - used > 1)
        return false;
    binding->has_record |= datum->kind == PL_RECORD;
    if (datum->kind == PL_RECORD)
        return bind_record(binding, datum, count > used ? names[used] : NULL, out, error);
    if (count > used)
        return false;
    out->typmod = datum->typmod;
    out->collation = datum->collation;
    return bind(binding, datum, frame_slot(binding->frame, datum)->text, datum->type, out);
}

static int variable_columns(void *arg, int param, RteColumn **columns, Arena *arena)
{
    const Binding *binding = arg;
    const PlSlot *slot = param <= (int)binding->keys.count ? binding->keys.items[param - 1] : NULL;
    const PlFrame *frame = binding->frame;
    bool is_slot = slot >= frame->slots && slot < frame->slots + frame->function->datums.count;
    if (binding->is_dynamic || !is_slot || !slot->is_assigned)
        return -1;
    *columns = ARENA_ARRAY(arena, RteColumn, slot->ncolumns + 1);
    for (int i = 0; i < slot->ncolumns; i++)
        (*columns)[i] =
            (RteColumn){.name = arena_strdup(arena, slot->columns[i].name),
                        .type = slot->columns[i].type,
                        .typmod = slot->columns[i].typmod,
                        .fields = arena_strdup(arena, slot->columns[i].fields),
                        .collation = slot->columns[i].collation ? slot->columns[i].collation
                                                                : catalog_type(frame->host->catalog, slot->columns[i].type)->collation};
    return slot->ncolumns;
}

static const char *const *binding_values(void *arg, const Oid **types, int *count)
{
    Binding *binding = arg;
    *types = binding->types.items;
    *count = (int)binding->values.count;
    return binding->values.items;
}

/* A place in the SQL as it stands in the body; said once a session. */
static void emit_once(void *arg, const Error *event)
{
    const Binding *binding = arg;
    const PlExpr *expr = binding->expr;
    Error placed = *event;
    if (expr && expr->is_analyzed)
        return;
    PlFrame *frame = binding->frame;
    const char *running = frame->running;
    if (expr && placed.query && str_eq(placed.query, expr->sql)) {
        placed.query = expr->text;
        placed.query_position += expr->shift;
    }
    frame->running = placed.query ? NULL : running; /* the query stands for its line */
    if (placed.context)
        placed.context = arena_printf(frame->scratch, "%s\n%s", placed.context, plpgsql_context(frame, frame->scratch));
    frame->host->notices->emit(frame->host->notices->arg, &placed);
    frame->running = running;
}

/* A CALL that found its procedure. */
static bool find_outputs(void *arg, const CatProc *proc, Expr *const *args, Error *error)
{
    Binding *binding = arg;
    binding->is_refused = !frame_find_call_outputs(binding->frame, proc, args, error);
    return !binding->is_refused;
}

/* A failure with a place has come from the analysis. */
static void note_analysis(const PlFrame *frame, const PlExpr *expr, bool done)
{
    if (done || !frame->error->position)
        ((PlExpr *)(uintptr_t)expr)->is_analyzed = true;
}

static void make_binding(Binding *binding, PlFrame *frame, const PlExpr *expr)
{
    *binding = (Binding){.frame = frame, .scope = expr ? expr->scope : NULL, .is_dynamic = !expr, .expr = expr};
    binding->notices = (Notices){.emit = emit_once, .arg = binding};
    binding->variables =
        (SqlVariables){.arg = binding, .conflict = frame->function->conflict, .find = find_variable, .columns = variable_columns};
    const PlTrigger *trigger = frame->call->trigger;
    binding->variables.rows = trigger ? trigger->rows : NULL;
    binding->variables.nrows = trigger ? trigger->nrows : 0;
}

/* ---- errors ---- */

static const char *context_line(PlFrame *frame, const Node *node, const char *text, const char *what)
{
    return arena_printf(frame->scratch, "%s \"%s\"", what, node && sql_holds_secrets(node) ? sql_command_tag(node) : text);
}

/* The place is one in this SQL. node: the statement; one that may hold passwords is named, not quoted. */
static bool failed_in(PlFrame *frame, const Node *node, const char *text, int shift, const char *what)
{
    Error *error = frame->error;
    if (node && sql_holds_secrets(node)) {
        error->position = 0;
        context_add(error, context_line(frame, node, text, what));
    } else if (error->position > 0) {
        int at = error->position - 1 + shift;
        error->query = arena_strdup(error->arena, text);
        error->query_position = (at > 0 ? at : 0) + 1;
        error->position = 0;
    } else if (what) {
        context_add(error, context_line(frame, node, text, what));
    }
    return false;
}

/* ---- expressions ---- */

static const char *expr_word(const PlFrame *frame, const PlExpr *expr)
{
    return expr->is_statement                                                           ? "SQL statement"
           : frame->stmt && frame->stmt->kind == PL_ASSIGN && frame->stmt->expr == expr ? "PL/pgSQL assignment"
                                                                                        : "SQL expression";
}

typedef struct OneValue {
    PlFrame *frame;
    const char *text, *fields;
    Oid type;
    int32_t typmod;
    int rows, columns;
    bool is_assignment;
} OneValue;

static bool one_value_columns(void *arg, const PlColumn *columns, int ncolumns, Error *error)
{
    OneValue *one = arg;
    one->columns = ncolumns;
    if (ncolumns != 1)
        return error_set(error, ERRCODE_SYNTAX_ERROR,
                         one->is_assignment ? "assignment source returned %d column%s" : "query returned %d column%s", ncolumns,
                         ncolumns == 1 ? "" : "s");
    one->type = columns[0].type;
    one->typmod = columns[0].typmod;
    one->fields = arena_strdup(one->frame->scratch, columns[0].fields);
    return true;
}

static bool one_value_row(void *arg, const char *const *cells, Error *error)
{
    OneValue *one = arg;
    if (one->rows++)
        return error_set(error, ERRCODE_CARDINALITY_VIOLATION, "query returned more than one row");
    one->text = arena_strdup(one->frame->scratch, catalog_with_fields(one->type, one->fields, cells[0], one->frame->scratch));
    return true;
}

static bool evaluate_by_engine(PlFrame *frame, const PlExpr *expr, Binding *binding, OneValue *one)
{
    PlSink sink = {.arg = one, .columns = one_value_columns, .row = one_value_row};
    PlSql sql = {.node = expr->node, .text = expr->sql, .variables = &binding->variables, .values = binding_values, .arg = binding};
    sql.notices = &binding->notices;
    uint64_t count;
    bool is_query;
    one->is_assignment = frame->stmt && frame->stmt->kind == PL_ASSIGN && frame->stmt->expr == expr;
    /* What reads no tables PostgreSQL computes by itself, which gives no line. */
    bool reads = expr->is_query || (expr->node->node_case == PG_QUERY__NODE__NODE_SELECT_STMT && expr->node->select_stmt->n_from_clause);
    frame->running = reads ? context_line(frame, NULL, expr->text, expr_word(frame, expr)) : NULL;
    bool done = frame->host->execute(frame->host->arg, &sql, &sink, &count, &is_query, frame->scratch, frame->error);
    frame->running = NULL;
    note_analysis(frame, expr, done);
    if (done)
        return true;
    if (one->rows < 2 && (one->columns < 2 || one->is_assignment))
        return failed_in(frame, NULL, expr->text, expr->shift, expr->is_planned && !expr->is_query ? NULL : expr_word(frame, expr));
    context_add(frame->error, arena_printf(frame->scratch, "query: %s", expr->text));
    return false;
}

/* ---- records ---- */

/* The columns of a record that the expression gives. */
static void find_columns(PlFrame *frame, const Expr *expr, const Binding *binding, Arena *arena)
{
    RteColumn *found = NULL;
    frame->value_columns = NULL;
    int count = expr->kind == EXPR_ROW && expr->type == TYPE_RECORD ? expr->nargs : 0;
    if (expr->kind == EXPR_PARAM && expr->type == TYPE_RECORD)
        count = variable_columns((void *)(uintptr_t)binding, expr->u.param, &found, arena);
    const char *fields = sql_record_fields(expr, NULL, frame->host->catalog, arena);
    if (count <= 0) {
        frame_set_fields(frame, fields);
        return;
    }
    PlColumn *columns = ARENA_ARRAY(arena, PlColumn, count + 1);
    for (int i = 0; i < count; i++)
        columns[i] = found ? (PlColumn){found[i].name, found[i].type, found[i].typmod, found[i].fields, found[i].collation}
                           : (PlColumn){arena_printf(arena, "f%d", i + 1), expr->args[i]->type, expr->args[i]->typmod,
                                        sql_record_fields(expr->args[i], NULL, frame->host->catalog, arena), expr->args[i]->collation};
    frame_set_columns(frame, columns, count);
}

/* ---- prepared expressions ---- */

/* Variables keep their types; a record's fields may be others the next time, so what names one is analysed each time. */
static bool keep_prepared(PlFrame *frame, const PlExpr *expr, const Expr *value, const Binding *binding, Arena *arena)
{
    if (binding->has_record || expr->is_temporary)
        return false;
    PlPrepared *prepared = ARENA_NEW(arena, PlPrepared);
    const PlDatum **variables = ARENA_ARRAY(arena, const PlDatum *, binding->keys.count + 1);
    for (size_t i = 0; i < binding->keys.count; i++)
        variables[i] = binding->keys.items[i];
    PlColumn *columns = frame->value_columns ? plpgsql_columns_copy(frame->value_columns, frame->nvalue_columns, arena) : NULL;
    *prepared = (PlPrepared){.value = value,
                             .variables = variables,
                             .nvariables = binding->keys.count,
                             .columns = columns,
                             .ncolumns = frame->nvalue_columns,
                             .version = catalog_version(frame->host->catalog)};
    prepared->arena = arena;
    prepared->search_path = catalog_search_path_setting(frame->host->catalog, arena, &prepared->path_user);
    PlPrepared **place = &((PlExpr *)(uintptr_t)expr)->prepared;
    if (*place && !(*place)->users)
        arena_close((*place)->arena);
    *place = prepared;
    return true;
}

void frame_forget(PlExpr *expr)
{
    expr->engine_version = 0;
    if (expr->prepared)
        expr->prepared->version = 0;
}

static PlPrepared *find_prepared(PlFrame *frame, const PlExpr *expr)
{
    PlPrepared *prepared = expr->prepared;
    Catalog *catalog = frame->host->catalog;
    bool holds = prepared && prepared->version == catalog_version(catalog) &&
                 catalog_has_search_path(catalog, prepared->search_path, prepared->path_user);
    return holds ? prepared : NULL;
}

static bool compute(PlFrame *frame, const PlExpr *expr, const Expr *value, const char *const *values, const char **out)
{
    PlEvaluation evaluation = {.host = frame->host, .values = values, .arena = frame->scratch};
    /* An expression that a call of its own computes again is a query to PostgreSQL, which gives a line. */
    const char *what = expr->under_way || expr->is_query ? expr_word(frame, expr) : NULL, *running = frame->running;
    if (what)
        frame->running = context_line(frame, expr->node, expr->text, what);
    frame->is_constant = value->kind == EXPR_CONST;
    frame->host->take_snapshot(frame->host->arg);
    ((PlExpr *)(uintptr_t)expr)->under_way++;
    bool done = plpgsql_evaluate(&evaluation, value, out, frame->error);
    ((PlExpr *)(uintptr_t)expr)->under_way--;
    frame->running = running;
    return done || failed_in(frame, expr->node, expr->text, expr->shift, what);
}

/* An error that comes when PostgreSQL plans has the expression's line; one of the run has not. */
static const Expr *plan_value(PlFrame *frame, const PlExpr *expr, const Expr *value, Arena *arena)
{
    const Expr *folded = frame->host->fold(frame->host->arg, value, arena, frame->error);
    if (!folded)
        failed_in(frame, expr->node, expr->text, expr->shift, expr_word(frame, expr));
    ((PlExpr *)(uintptr_t)expr)->is_planned = folded != NULL;
    return folded;
}

static bool compute_prepared(PlFrame *frame, const PlExpr *expr, PlPrepared *prepared, const char **out)
{
    const char **values = ARENA_ARRAY(frame->scratch, const char *, prepared->nvariables + 1);
    for (size_t i = 0; i < prepared->nvariables; i++)
        values[i] = frame_slot(frame, prepared->variables[i])->text;
    frame->value_columns = prepared->columns;
    frame->nvalue_columns = prepared->ncolumns;
    prepared->users++;
    bool done = compute(frame, expr, prepared->value, values, out);
    prepared->users--;
    return done;
}

static Query *analyze_expr(PlFrame *frame, const PlExpr *expr, Binding *binding, Arena *arena)
{
    AnalyzeContext context = {
        .catalog = frame->host->catalog, .functions = frame->host->functions, .text = expr->sql, .variables = &binding->variables};
    const Notices *notices = catalog_notices(context.catalog);
    catalog_set_notices(context.catalog, &binding->notices);
    Query *query = sql_analyze(expr->node, &context, arena, frame->error);
    catalog_set_notices(context.catalog, notices);
    note_analysis(frame, expr, query != NULL);
    if (query)
        return query;
    bool is_record =
        str_eq(frame->error->sqlstate, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE) || strncmp(frame->error->message, "record \"", 8) == 0;
    failed_in(frame, expr->node, expr->text, expr->shift, is_record ? expr_word(frame, expr) : NULL);
    return NULL;
}

/* What compares values needs to know a collation when it has values: NULL is NULL in each. */
static bool tell_conflict(PlFrame *frame, const PlExpr *expr, const Query *query, const char *value)
{
    return !value || sql_check_collations(query, frame->error) || failed_in(frame, expr->node, expr->text, expr->shift, NULL);
}

/* Computed here and kept for the next time, or (*computed false, no error) a matter for the engine. */
static bool compute_fresh(PlFrame *frame, const PlExpr *expr, Binding *binding, const char **out, Oid *type, int32_t *typmod,
                          bool *computed)
{
    Arena *arena = arena_open(frame->function->arena);
    const Query *query = analyze_expr(frame, expr, binding, arena);
    const Expr *value = query ? plpgsql_plain_value(query) : NULL;
    bool done = query != NULL;
    frame->value_columns = NULL;
    if (query && query->ntargets == 1)
        find_columns(frame, query->targets[0].expr, binding, frame->scratch);
    ((PlExpr *)(uintptr_t)expr)->is_planned = false;
    if (value && !(value = plan_value(frame, expr, value, arena))) {
        arena_close(arena);
        return false;
    }
    *computed = value && plpgsql_can_evaluate(frame->host, value);
    if (*computed) {
        *type = value->type;
        *typmod = value->typmod;
        bool kept = !query->undetermined && keep_prepared(frame, expr, value, binding, arena);
        done = compute(frame, expr, value, binding->values.items, out) && tell_conflict(frame, expr, query, *out);
        if (kept)
            return done;
        *out = done ? arena_strdup(frame->scratch, *out) : NULL;
    } else if (query && query->ntargets == 1 && query->targets[0].expr->type != TYPE_RECORD && !expr->is_temporary) {
        ((PlExpr *)(uintptr_t)expr)->engine_version = catalog_version(frame->host->catalog);
    }
    arena_close(arena);
    return done;
}

/* false: its text has no syntax, which nobody has told yet. */
static bool has_syntax(PlFrame *frame, const PlExpr *expr)
{
    ParsedText parsed;
    return expr->node->node_case || sql_parse(expr->sql, frame->scratch, &parsed, frame->error) ||
           failed_in(frame, NULL, expr->text, expr->shift, NULL);
}

static bool evaluate(PlFrame *frame, const PlExpr *expr, const char **out, Oid *type, int32_t *typmod)
{
    if (!has_syntax(frame, expr))
        return false;
    PlPrepared *prepared = find_prepared(frame, expr);
    if (prepared) {
        *type = prepared->value->type;
        *typmod = prepared->value->typmod;
        return compute_prepared(frame, expr, prepared, out);
    }
    Binding binding;
    make_binding(&binding, frame, expr);
    bool computed = false, is_select = expr->node->node_case == PG_QUERY__NODE__NODE_SELECT_STMT;
    bool needs_engine = expr->engine_version && expr->engine_version == catalog_version(frame->host->catalog);
    if (is_select && !needs_engine && !compute_fresh(frame, expr, &binding, out, type, typmod, &computed))
        return false;
    if (computed)
        return true;
    OneValue one = {.frame = frame, .type = TYPE_TEXT, .typmod = -1};
    frame->is_constant = false;
    frame->value_columns = needs_engine ? NULL : frame->value_columns;
    if (!evaluate_by_engine(frame, expr, &binding, &one))
        return false;
    *out = one.text;
    *type = one.type;
    *typmod = one.typmod;
    return true;
}

bool frame_evaluate(PlFrame *frame, const PlExpr *expr, const char **out, Oid *type, int32_t *typmod)
{
    if (!evaluate(frame, expr, out, type, typmod))
        return false;
    frame_take_fields(frame, *type, out);
    return true;
}

int expr_literal(const PlExpr *expr)
{
    const PgQuery__SelectStmt *select = expr->node->node_case == PG_QUERY__NODE__NODE_SELECT_STMT ? expr->node->select_stmt : NULL;
    const Node *value = select && select->n_target_list == 1 && !select->n_from_clause ? select->target_list[0]->res_target->val : NULL;
    bool is_literal = value && value->node_case == PG_QUERY__NODE__NODE_A_CONST && !value->a_const->isnull &&
                      value->a_const->val_case == PG_QUERY__A__CONST__VAL_SVAL;
    return is_literal ? value->a_const->location : -1;
}

bool frame_evaluate_as(PlFrame *frame, const PlExpr *expr, Oid wanted, const char **out)
{
    Oid type;
    int32_t typmod;
    const char *value;
    return frame_evaluate(frame, expr, &value, &type, &typmod) && frame_cast(frame, value, type, typmod, wanted, -1, out);
}

bool frame_evaluate_bool(PlFrame *frame, const PlExpr *expr, bool *out)
{
    const char *value;
    if (!frame_evaluate_as(frame, expr, TYPE_BOOL, &value))
        return false;
    *out = value && *value == 't';
    return true;
}

/* ---- statements ---- */

/* What a function may not run: true. */
static bool refuse_statement(PlFrame *frame, const Node *node, bool is_execute)
{
    const PgQuery__CopyStmt *copy = node->node_case == PG_QUERY__NODE__NODE_COPY_STMT ? node->copy_stmt : NULL;
    if (node->node_case == PG_QUERY__NODE__NODE_TRANSACTION_STMT) {
        error_unsupported(frame->error, "%s",
                          is_execute ? "EXECUTE of transaction commands is not implemented"
                                     : "unsupported transaction command in PL/pgSQL");
    } else if (copy && !copy->is_program && (!copy->filename || !*copy->filename)) {
        error_unsupported(frame->error, "cannot COPY to/from client in PL/pgSQL");
    }
    return error_is_set(frame->error);
}

/* What runs in a transaction of its own only. */
static bool check_not_alone(PlFrame *frame, const Node *node)
{
    bool alone = node->node_case == PG_QUERY__NODE__NODE_CREATEDB_STMT || node->node_case == PG_QUERY__NODE__NODE_DROPDB_STMT ||
                 node->node_case == PG_QUERY__NODE__NODE_CREATE_TABLE_SPACE_STMT ||
                 node->node_case == PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT || node->node_case == PG_QUERY__NODE__NODE_ALTER_SYSTEM_STMT;
    return !alone || error_set(frame->error, ERRCODE_ACTIVE_SQL_TRANSACTION,
                               frame->host->in_block(frame->host->arg) ? "%s cannot run inside a transaction block"
                                                                       : "%s cannot be executed from a function",
                               sql_command_tag(node));
}

/* "p1 = '9', p2 = NULL" for the errors of INTO STRICT. */
static void show_parameters(PlFrame *frame, const Binding *binding)
{
    Str text;
    frame->strict_params = NULL;
    if (!frame->function->print_strict_params)
        return;
    str_init(&text, frame->scratch);
    for (size_t i = 0; i < (binding->is_dynamic ? binding->nargs : frame->function->datums.count); i++) {
        const PlDatum *datum = binding->is_dynamic ? NULL : frame->function->datums.items[i];
        size_t at = 0;
        while (datum && at < binding->keys.count && binding->keys.items[at] != datum)
            at++;
        if (datum && at == binding->keys.count)
            continue;
        const char *value = datum ? binding->values.items[at] : binding->args[i];
        str_add(&text, text.len ? ", " : "");
        str_add(&text, datum ? datum->name : arena_printf(frame->scratch, "$%zu", i + 1));
        str_add(&text, value ? " = '" : " = NULL");
        for (const char *c = value; c && *c; c++)
            str_addf(&text, "%s%c", *c == '\'' ? "'" : "", *c);
        str_add(&text, value ? "'" : "");
    }
    frame->strict_params = text.len ? text.data : NULL;
}

bool frame_query(PlFrame *frame, const PlExpr *expr, const PlSink *sink, uint64_t *count, bool *is_query)
{
    Binding binding;
    make_binding(&binding, frame, expr);
    PlSql sql = {.node = expr->node, .text = expr->sql, .variables = &binding.variables, .values = binding_values, .arg = &binding};
    sql.notices = &binding.notices;
    if (!has_syntax(frame, expr) || refuse_statement(frame, expr->node, false))
        return false;
    frame->command = sql_into_clause(expr->node) ? "SELECT INTO" : sql_command_tag(expr->node);
    sql.is_call = frame->stmt && frame->stmt->kind == PL_CALL;
    sql.calls = find_outputs;
    frame->running = context_line(frame, expr->node, expr->text, "SQL statement");
    bool done = check_not_alone(frame, expr->node) &&
                frame->host->execute(frame->host->arg, &sql, sink, count, is_query, frame->scratch, frame->error);
    frame->running = NULL;
    note_analysis(frame, expr, done);
    show_parameters(frame, &binding);
    if (done || binding.is_refused)
        return done;
    return failed_in(frame, expr->node, expr->text, expr->shift, "SQL statement");
}

static bool evaluate_args(PlFrame *frame, const PlStmt *stmt, Binding *binding)
{
    const char **values = ARENA_ARRAY(frame->scratch, const char *, stmt->args.count + 1);
    Oid *types = ARENA_ARRAY(frame->scratch, Oid, stmt->args.count + 1);
    int32_t typmod;
    for (size_t i = 0; i < stmt->args.count; i++) {
        if (!frame_evaluate(frame, stmt->args.items[i], &values[i], &types[i], &typmod))
            return false;
        values[i] = catalog_with_fields(types[i], frame_value_fields(frame, types[i], frame->scratch), values[i], frame->scratch);
    }
    binding->args = values;
    binding->arg_types = types;
    binding->nargs = stmt->args.count;
    return true;
}

/* The text of EXECUTE and what its $1, $2, ... are. */
static bool prepare_dynamic(PlFrame *frame, const PlStmt *stmt, const PlExpr *text, Binding *binding, const char **query,
                            ParsedText *parsed)
{
    make_binding(binding, frame, NULL);
    if (!frame_evaluate_as(frame, text, TYPE_TEXT, query))
        return false;
    if (!*query)
        return error_set(frame->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "query string argument of EXECUTE is null");
    frame->dynamic_text = *query;
    if (!evaluate_args(frame, stmt, binding))
        return false;
    if (!sql_parse(*query, frame->scratch, parsed, frame->error))
        return failed_in(frame, NULL, *query, 0, NULL);
    frame_note_long_names(frame);
    return true;
}

bool frame_query_dynamic(PlFrame *frame, const PlStmt *stmt, const PlExpr *text, const PlSink *sink, uint64_t *count, bool *is_query)
{
    const char *query;
    Binding binding;
    ParsedText parsed;
    if (!prepare_dynamic(frame, stmt, text, &binding, &query, &parsed))
        return false;
    *count = 0;
    *is_query = false;
    for (size_t i = 0; i < parsed.count; i++) {
        PlSql sql = {
            .node = parsed.items[i].node, .text = query, .variables = &binding.variables, .values = binding_values, .arg = &binding};
        if (refuse_statement(frame, sql.node, true))
            return false;
        frame->command = sql_into_clause(sql.node) ? "SELECT INTO" : sql_command_tag(sql.node);
        frame->running = context_line(frame, sql.node, query, "SQL statement");
        bool done = check_not_alone(frame, sql.node) &&
                    frame->host->execute(frame->host->arg, &sql, sink, count, is_query, frame->scratch, frame->error);
        frame->running = NULL;
        if (!done)
            return failed_in(frame, parsed.items[i].node, query, 0, "SQL statement");
    }
    show_parameters(frame, &binding);
    if (stmt->kind == PL_EXECUTE && parsed.count && sql_into_clause(parsed.items[parsed.count - 1].node)) {
        error_unsupported(frame->error, "EXECUTE of SELECT ... INTO is not implemented");
        return error_hint(frame->error, "You might want to use EXECUTE ... INTO or EXECUTE CREATE TABLE ... AS instead.");
    }
    return true;
}

/* ---- cursors ---- */

static bool open_portal(PlFrame *frame, const PlSql *sql, const char *text, int shift, PlCursor *cursor)
{
    return frame->host->cursor_open(frame->host->arg, sql, cursor, frame->scratch, frame->error) ||
           str_eq(frame->error->sqlstate, ERRCODE_INVALID_CURSOR_DEFINITION) || failed_in(frame, sql->node, text, shift, "SQL statement");
}

bool frame_open(PlFrame *frame, const PlExpr *expr, PlCursor *cursor)
{
    Binding binding;
    if (!has_syntax(frame, expr))
        return false;
    make_binding(&binding, frame, expr);
    PlSql sql = {.node = expr->node, .text = expr->sql, .variables = &binding.variables, .values = binding_values, .arg = &binding};
    sql.notices = &binding.notices;
    bool done = open_portal(frame, &sql, expr->text, expr->shift, cursor) && !error_is_set(frame->error);
    note_analysis(frame, expr, done);
    return done;
}

bool frame_open_dynamic(PlFrame *frame, const PlStmt *stmt, const PlExpr *text, PlCursor *cursor)
{
    const char *query;
    Binding binding;
    ParsedText parsed;
    if (!prepare_dynamic(frame, stmt, text, &binding, &query, &parsed))
        return false;
    if (parsed.count != 1)
        return error_set(frame->error, ERRCODE_INVALID_CURSOR_DEFINITION, "cannot open multi-query plan as cursor");
    PlSql sql = {.node = parsed.items[0].node, .text = query, .variables = &binding.variables, .values = binding_values, .arg = &binding};
    return open_portal(frame, &sql, query, 0, cursor) && !error_is_set(frame->error);
}

/* ---- rows that are kept ---- */

static bool keep_columns(void *arg, const PlColumn *columns, int ncolumns, Error *error)
{
    PlRows *rows = arg;
    rows->rows.count = 0; /* of several statements the last one's rows count */
    rows->columns = plpgsql_columns_copy(columns, ncolumns, rows->arena);
    rows->ncolumns = ncolumns;
    return true;
}

static bool keep_row(void *arg, const char *const *cells, Error *error)
{
    PlRows *rows = arg;
    const char **row = ARENA_ARRAY(rows->arena, const char *, rows->ncolumns + 1);
    for (int i = 0; i < rows->ncolumns; i++)
        row[i] = arena_strdup(rows->arena, cells[i]);
    vec_push(rows->arena, &rows->rows, row);
    return !rows->most || rows->rows.count < rows->most;
}

PlSink rows_sink(PlRows *rows)
{
    return (PlSink){.arg = rows, .columns = keep_columns, .row = keep_row};
}

/* ---- INTO ---- */

static bool is_writing(const PlExpr *expr)
{
    PgQuery__Node__NodeCase kind = expr->node->node_case;
    return kind == PG_QUERY__NODE__NODE_INSERT_STMT || kind == PG_QUERY__NODE__NODE_UPDATE_STMT ||
           kind == PG_QUERY__NODE__NODE_DELETE_STMT || kind == PG_QUERY__NODE__NODE_MERGE_STMT;
}

/* More rows than one are an error, whatever the settings. */
static bool needs_one_row(const PlStmt *stmt)
{
    return stmt->strict || (stmt->kind != PL_EXECUTE && is_writing(stmt->expr));
}

static bool looks_for_more(PlFrame *frame, const PlStmt *stmt)
{
    const FuncContext *functions = frame->host->functions;
    return needs_one_row(stmt) ||
           (stmt->kind != PL_EXECUTE && (checks_read(functions, "plpgsql.extra_errors", frame->scratch).too_many_rows ||
                                         checks_read(functions, "plpgsql.extra_warnings", frame->scratch).too_many_rows));
}

static bool put_into(PlFrame *frame, const PlStmt *stmt, const PlRows *rows)
{
    bool none = !rows->rows.count, many = rows->rows.count > 1;
    bool warns = many && !needs_one_row(stmt) && !checks_read(frame->host->functions, "plpgsql.extra_errors", frame->scratch).too_many_rows;
    Error warning, *event = warns ? &warning : frame->error;
    error_init(&warning, frame->scratch);
    if (stmt->strict && none)
        error_set(event, ERRCODE_NO_DATA_FOUND, "query returned no rows");
    else if (many)
        error_set(event, ERRCODE_TOO_MANY_ROWS, "query returned more than one row");
    if (error_is_set(event) && frame->strict_params)
        error_detail(event, "parameters: %s", frame->strict_params);
    if (many && stmt->kind != PL_EXECUTE)
        error_hint(event, "Make sure the query returns a single row, or use LIMIT 1.");
    if (warns) {
        warning.severity = SEVERITY_WARNING;
        frame->host->notices->emit(frame->host->notices->arg, &warning);
    }
    return !error_is_set(frame->error) &&
           frame_put_row(frame, &stmt->into, rows->columns, rows->ncolumns, none ? NULL : rows->rows.items[0]);
}

static bool no_destination(PlFrame *frame, const PlExpr *expr)
{
    error_set(frame->error, ERRCODE_SYNTAX_ERROR, "query has no destination for result data");
    return expr->node->node_case == PG_QUERY__NODE__NODE_SELECT_STMT &&
           error_hint(frame->error, "If you want to discard the results of a SELECT, use PERFORM instead.");
}

static bool run_query(PlFrame *frame, const PlStmt *stmt)
{
    PlRows rows = {.arena = frame->scratch};
    PlSink sink = rows_sink(&rows);
    bool is_execute = stmt->kind == PL_EXECUTE, is_query = false, is_call = stmt->kind == PL_CALL;
    uint64_t count = 0;
    rows.most = stmt->has_into ? (looks_for_more(frame, stmt) ? 2 : 1) : 0;
    PlSink *used = stmt->has_into || is_call ? &sink : NULL;
    bool done = is_execute ? frame_query_dynamic(frame, stmt, stmt->expr, used, &count, &is_query)
                           : frame_query(frame, stmt->expr, used, &count, &is_query);
    if (!done)
        return false;
    frame->row_count = stmt->has_into ? (rows.rows.count > 0) : count;
    if (is_call)
        return stmt->expr->node->node_case != PG_QUERY__NODE__NODE_CALL_STMT || frame_put_call_outputs(frame, &rows);
    if (stmt->kind == PL_PERFORM && sql_into_clause(stmt->expr->node)) {
        error_set(frame->error, ERRCODE_SYNTAX_ERROR, "query is SELECT INTO, but it should be plain SELECT");
        context_add(frame->error, arena_printf(frame->scratch, "query: %s", stmt->expr->text));
        return false;
    }
    if (stmt->has_into && !is_query)
        return error_set(frame->error, ERRCODE_SYNTAX_ERROR, "INTO used with a command that cannot return data");
    if (!is_execute && (stmt->kind == PL_PERFORM || is_query || is_writing(stmt->expr)))
        frame_set_found(frame, frame->row_count > 0);
    if (stmt->has_into)
        return put_into(frame, stmt, &rows);
    return !is_query || stmt->kind == PL_PERFORM || is_execute || no_destination(frame, stmt->expr);
}

PlFlow run_sql(PlFrame *frame, const PlStmt *stmt)
{
    return run_query(frame, stmt) ? FLOW_NEXT : FLOW_FAILED;
}
