/*
 * run_call.c - one call: its frame, arguments, trigger variables; what it returns, by value, by rows, by OUT parameters.
 *
 * Invariants:
 *  1. A call deeper than MAX_DEPTH is refused with 54001.
 *  2. An error that leaves a call has got one line of context from it.
 */
#include "plpgsql/frame.h"

enum { MAX_DEPTH = 200 };

/* ---- CALL ---- */

/* The argument at a parameter's place; NULL: it was left out. */
static const Node *argument_of(const PgQuery__FuncCall *call, const CatProc *proc, int place)
{
    for (size_t i = 0; i < call->n_args; i++) {
        const Node *arg = call->args[i];
        bool is_named = arg->node_case == PG_QUERY__NODE__NODE_NAMED_ARG_EXPR;
        if (is_named ? proc->arg_names && str_eq(arg->named_arg_expr->name, proc->arg_names[place]) : (int)i == place)
            return is_named ? arg->named_arg_expr->arg : arg;
    }
    return NULL;
}

/* The variable, or the field of one, that an argument names. */
static bool find_target(const PlStmt *stmt, const Node *arg, PlTarget *target)
{
    const PgQuery__ColumnRef *ref = arg && arg->node_case == PG_QUERY__NODE__NODE_COLUMN_REF ? arg->column_ref : NULL;
    const char *names[3] = {0};
    int used, count = 0;
    if (!ref || ref->n_fields > COUNT_OF(names))
        return false;
    for (; count < (int)ref->n_fields; count++)
        if (!(names[count] = ref->fields[count]->node_case == PG_QUERY__NODE__NODE_STRING ? ref->fields[count]->string->sval : NULL))
            return false;
    *target = (PlTarget){.datum = scope_find_path(stmt->expr->scope, names, count, &used)};
    if (!target->datum || count - used > (target->datum->kind == PL_RECORD))
        return false;
    target->field = count > used ? names[used] : NULL;
    return true;
}

bool frame_find_call_outputs(PlFrame *frame, const CatProc *proc, Expr *const *args, Error *error)
{
    const PlStmt *stmt = frame->stmt;
    frame->outputs = (PlTargets){0};
    for (int i = 0; i < proc->nall; i++) {
        PlTarget target;
        if (!strchr("ob", proc->all_modes[i]))
            continue;
        const char *name = proc->arg_names && *proc->arg_names[i] ? arena_printf(frame->scratch, "\"%s\"", proc->arg_names[i])
                                                                  : arena_printf(frame->scratch, "%d", i + 1);
        /* what is cast on its way in is no variable */
        if (args[i]->kind != EXPR_PARAM || !find_target(stmt, argument_of(stmt->expr->node->call_stmt->funccall, proc, i), &target))
            return error_set(error, ERRCODE_SYNTAX_ERROR,
                             "procedure parameter %s is an output parameter but corresponding argument is not writable", name);
        if (target.datum->is_constant)
            return error_set(error, ERRCODE_ERROR_IN_ASSIGNMENT, "variable \"%s\" is declared CONSTANT", target.datum->name);
        vec_push(frame->scratch, &frame->outputs, target);
    }
    return true;
}

bool frame_put_call_outputs(PlFrame *frame, const PlRows *rows)
{
    for (int i = 0; rows->rows.count && i < rows->ncolumns && i < (int)frame->outputs.count; i++)
        if (!frame_put_target(frame, &frame->outputs.items[i], rows->rows.items[0][i], rows->columns[i].type, rows->columns[i].typmod))
            return false;
    return true;
}

/* ---- RETURN ---- */

/* The record variable that an expression names and nothing else; NULL: none. */
static const PlDatum *record_named(const PlExpr *expr)
{
    const PgQuery__SelectStmt *select = expr->node->node_case == PG_QUERY__NODE__NODE_SELECT_STMT ? expr->node->select_stmt : NULL;
    const Node *value = select && select->n_target_list == 1 && !select->n_from_clause ? select->target_list[0]->res_target->val : NULL;
    if (!value || value->node_case != PG_QUERY__NODE__NODE_COLUMN_REF || value->column_ref->n_fields != 1 ||
        value->column_ref->fields[0]->node_case != PG_QUERY__NODE__NODE_STRING)
        return NULL;
    const PlDatum *datum = scope_find(expr->scope, value->column_ref->fields[0]->string->sval);
    return datum && datum->kind == PL_RECORD ? datum : NULL;
}

/* Values of the OUT parameters. */
static const char **output_cells(PlFrame *frame, Arena *arena, PlColumn **columns)
{
    size_t count = frame->function->outputs.count;
    const char **cells = ARENA_ARRAY(arena, const char *, count + 1);
    *columns = ARENA_ARRAY(arena, PlColumn, count + 1);
    for (size_t i = 0; i < count; i++) {
        const PlDatum *datum = frame->function->outputs.items[i];
        const PlSlot *slot = frame_slot(frame, datum);
        bool tells = datum->kind == PL_RECORD && (!datum->type || datum->type == TYPE_RECORD);
        cells[i] = datum->kind == PL_RECORD ? frame_row_text(slot, arena) : slot->text;
        cells[i] =
            tells ? catalog_with_fields(TYPE_RECORD, plpgsql_fields(slot->columns, slot->ncolumns, arena), cells[i], arena) : cells[i];
        (*columns)[i] = (PlColumn){datum->name, datum->type ? datum->type : TYPE_RECORD, datum->typmod, NULL, OID_NONE};
    }
    return cells;
}

/* A wanted type without a modifier takes any. */
static bool is_wanted(const PlColumn *given, const PlColumn *wanted)
{
    return wanted->type == TYPE_RECORD || (given->type == wanted->type && (wanted->typmod < 0 || given->typmod == wanted->typmod));
}

/* Rows are taken by position, each column of exactly its type. */
static bool check_shape(PlFrame *frame, const PlColumn *given, int ngiven, const PlColumn *wanted, int nwanted, const char *message)
{
    Catalog *catalog = frame->host->catalog;
    for (int i = 0; i < ngiven && i < nwanted; i++) {
        if (is_wanted(&given[i], &wanted[i]))
            continue;
        error_set(frame->error, ERRCODE_DATATYPE_MISMATCH, "%s", message);
        return error_detail(frame->error, "Returned type %s does not match expected type %s in column %d.",
                            catalog_format_type(catalog, given[i].type, given[i].typmod, frame->scratch),
                            catalog_format_type(catalog, wanted[i].type, wanted[i].typmod, frame->scratch), i + 1);
    }
    if (ngiven == nwanted)
        return true;
    error_set(frame->error, ERRCODE_DATATYPE_MISMATCH, "%s", message);
    return error_detail(frame->error, "Number of returned columns (%d) does not match expected column count (%d).", ngiven, nwanted);
}

/* A row of the table, whose dropped columns the function's row does not have. */
static bool put_trigger_row(PlFrame *frame, const CatRelation *relation, const PlColumn *given, int count, const char *const *cells,
                            const char *message)
{
    PlTrigger *trigger = frame->call->trigger;
    PlColumn *wanted = ARENA_ARRAY(frame->scratch, PlColumn, relation->ncolumns + 1);
    int *places = ARENA_ARRAY(frame->scratch, int, relation->ncolumns + 1), nwanted = 0;
    for (int i = 0; i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped) {
            places[nwanted] = i;
            wanted[nwanted++] =
                (PlColumn){relation->columns[i].name, relation->columns[i].type, relation->columns[i].typmod, NULL, OID_NONE};
        }
    if (!check_shape(frame, given, count, wanted, nwanted, message)) {
        frame->doing = " during function exit";
        return false;
    }
    trigger->new_row = ARENA_ARRAY(frame->arena, const char *, relation->ncolumns + 1);
    for (int i = 0; i < nwanted; i++)
        trigger->new_row[places[i]] = arena_strdup(frame->arena, cells[i]);
    return true;
}

/* The row that a trigger function returns. */
static bool return_trigger_row(PlFrame *frame, const PlExpr *expr)
{
    static const char MESSAGE[] = "returned row structure does not match the structure of the triggering table";
    PlTrigger *trigger = frame->call->trigger;
    const CatRelation *relation = trigger->relation;
    const PlDatum *datum = record_named(expr);
    const PlSlot *slot = datum ? frame_slot(frame, datum) : NULL;
    const char *value, **cells = NULL;
    Oid type = TYPE_RECORD;
    int32_t typmod;
    PlColumn *shape;
    trigger->new_row = NULL;
    if (slot ? !slot->is_assigned || slot->is_null : false)
        return true;
    if (!slot && !frame_evaluate(frame, expr, &value, &type, &typmod))
        return false;
    if (!slot && !value)
        return true;
    const CatType *known = catalog_type(frame->host->catalog, type);
    if (type != TYPE_RECORD && !(known && known->kind == 'c'))
        return error_set(frame->error, ERRCODE_DATATYPE_MISMATCH,
                         "cannot return non-composite value from function returning composite type");
    const PlColumn *given = slot ? slot->columns : frame->value_columns;
    int count = slot ? slot->ncolumns : frame->nvalue_columns;
    if (!slot && type != TYPE_RECORD) {
        count = composite_shape(frame->host->catalog, type, frame->scratch, &shape);
        given = shape;
    }
    if (!given)
        return error_unsupported(frame->error, "a record whose columns are not known is not supported here");
    if (!slot && type_row_read(value, frame->scratch, &cells) != count)
        return error_set(frame->error, ERRCODE_INTERNAL_ERROR, "a row has another number of fields than its type");
    return put_trigger_row(frame, relation, given, count, slot ? slot->cells : cells, MESSAGE);
}

/* The columns that a row of the function has. 0: it gives no rows of columns; -1: any. */
static int row_shape(PlFrame *frame, const PlColumn **columns)
{
    const PlRoutine *routine = &frame->function->routine;
    PlColumn *shape;
    if (routine->return_type == TYPE_RECORD) {
        *columns = frame->call->expected;
        return *columns ? frame->call->nexpected : -1;
    }
    int count = composite_shape(frame->host->catalog, routine->return_type, frame->arena, &shape);
    *columns = shape;
    return count;
}

static const char ANOTHER_RECORD[] = "returned record type does not match expected record type";

/* A row as the value of a function of rows. */
static bool check_row_value(PlFrame *frame, Oid type)
{
    const PlColumn *wanted, *given = frame->value_columns;
    PlColumn *shape;
    const CatType *known = catalog_type(frame->host->catalog, type);
    bool is_row = type == TYPE_RECORD || (known && known->kind == 'c');
    int nwanted = row_shape(frame, &wanted), ngiven = frame->nvalue_columns;
    if (!is_row)
        return error_set(frame->error, ERRCODE_DATATYPE_MISMATCH,
                         "cannot return non-composite value from function returning composite type");
    if (type != TYPE_RECORD) {
        ngiven = composite_shape(frame->host->catalog, type, frame->scratch, &shape);
        given = shape;
    }
    if (!given || nwanted < 0 || type == frame->function->routine.return_type)
        return type != TYPE_RECORD || !given || nwanted < 0 || check_shape(frame, given, ngiven, wanted, nwanted, ANOTHER_RECORD);
    return check_shape(frame, given, ngiven, wanted, nwanted, ANOTHER_RECORD);
}

/* A value of the function's own result type. */
static bool return_value(PlFrame *frame, const PlExpr *expr)
{
    Oid type, wanted = frame->function->routine.return_type;
    int32_t typmod;
    const char *value, *cast;
    if (!frame_evaluate(frame, expr, &value, &type, &typmod))
        return false;
    const CatType *known = catalog_type(frame->host->catalog, wanted);
    bool is_row = wanted == TYPE_RECORD || (known && known->kind == 'c');
    const CatType *source = catalog_type(frame->host->catalog, type);
    if (!is_row || !value || type == TYPE_RECORD || (source && source->kind == 'c'))
        frame->doing = " while casting return value to function's return type";
    cast = value;
    if (is_row ? value && !check_row_value(frame, type)
               : !frame_cast(frame, value, type, typmod, wanted == TYPE_VOID ? type : wanted, -1, &cast))
        return false;
    frame->doing = NULL;
    frame->result = arena_strdup(frame->arena, cast);
    frame->call->fields = frame_value_fields(frame, type, frame->arena);
    return true;
}

PlFlow run_return(PlFrame *frame, const PlStmt *stmt)
{
    if (!stmt->expr)
        return FLOW_RETURN;
    bool done = frame->call->trigger ? return_trigger_row(frame, stmt->expr) : return_value(frame, stmt->expr);
    return done ? FLOW_RETURN : FLOW_FAILED;
}

/* ---- rows of set-returning functions ---- */

static bool open_rows(PlFrame *frame)
{
    const PlSink *sink = frame->call->sink;
    const PlRoutine *routine = &frame->function->routine;
    PlColumn *columns;
    const PlColumn *shape;
    if (frame->shape || !sink)
        return true;
    if (frame->function->outputs.count) {
        output_cells(frame, frame->arena, &columns);
        frame->nshape = (int)frame->function->outputs.count;
        shape = columns;
    } else {
        frame->nshape = row_shape(frame, &shape);
        if (frame->nshape < 0)
            return !frame->call->needs_shape ||
                   error_unsupported(frame->error, "materialize mode required, but it is not allowed in this context");
        if (!frame->nshape) {
            columns = ARENA_NEW(frame->arena, PlColumn);
            *columns = (PlColumn){routine->name, routine->return_type, -1, NULL, OID_NONE};
            frame->nshape = 1;
            shape = columns;
        }
    }
    frame->shape = shape;
    return sink->columns(sink->arg, shape, frame->nshape, frame->error);
}

/* record: whatever shape the first row has. */
static bool take_shape(PlFrame *frame, const PlColumn *columns, int ncolumns)
{
    const PlSink *sink = frame->call->sink;
    frame->shape = plpgsql_columns_copy(columns, ncolumns, frame->arena);
    frame->nshape = ncolumns;
    return sink->columns(sink->arg, frame->shape, ncolumns, frame->error);
}

static bool give_row(PlFrame *frame, const PlColumn *columns, int ncolumns, const char *const *cells)
{
    const PlSink *sink = frame->call->sink;
    if (!sink)
        return error_unsupported(frame->error, "set-valued function called in context that cannot accept a set");
    if (!open_rows(frame) || (!frame->shape && !take_shape(frame, columns, ncolumns)))
        return false;
    const char **row = ARENA_ARRAY(frame->scratch, const char *, frame->nshape + 1);
    for (int i = 0; i < frame->nshape && i < ncolumns; i++)
        if (!frame_cast(frame, cells[i], columns[i].type, columns[i].typmod, frame->shape[i].type, frame->shape[i].typmod, &row[i]))
            return false;
    return sink->row(sink->arg, row, frame->error) || !error_is_set(frame->error);
}

/* A row whose columns are named, held to those of the function. */
static bool give_record(PlFrame *frame, const PlColumn *columns, int ncolumns, const char *const *cells, const char *message)
{
    return open_rows(frame) && (!frame->shape || check_shape(frame, columns, ncolumns, frame->shape, frame->nshape, message)) &&
           give_row(frame, columns, ncolumns, cells);
}

static bool give_variable(PlFrame *frame, const PlDatum *datum)
{
    const PlSlot *slot = frame_slot(frame, datum);
    if (slot->is_assigned)
        return give_record(frame, slot->columns, slot->ncolumns, slot->cells, "wrong record type supplied in RETURN NEXT");
    error_set(frame->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "record \"%s\" is not assigned yet", datum->name);
    return error_detail(frame->error, "The tuple structure of a not-yet-assigned record is indeterminate.");
}

/* The value of an expression as the next row: in a function of rows, its columns. */
static bool give_value(PlFrame *frame, const PlExpr *expr)
{
    PlColumn one = {frame->function->routine.name, TYPE_TEXT, -1, NULL, OID_NONE}, *shape;
    const PlColumn *wanted, *columns;
    const char *value, **cells;
    if (!frame_evaluate(frame, expr, &value, &one.type, &one.typmod))
        return false;
    int nwanted = row_shape(frame, &wanted), count;
    if (!nwanted)
        return give_row(frame, &one, 1, &value);
    if (!value)
        return give_row(frame, wanted, nwanted < 0 ? 0 : nwanted,
                        ARENA_ARRAY(frame->scratch, const char *, (nwanted < 0 ? 0 : nwanted) + 1));
    columns = frame->value_columns;
    count = frame->nvalue_columns;
    if (!check_row_value(frame, one.type))
        return false;
    if (one.type != TYPE_RECORD) {
        count = composite_shape(frame->host->catalog, one.type, frame->scratch, &shape);
        columns = shape;
    }
    if (!columns || type_row_read(value, frame->scratch, &cells) != count)
        return error_unsupported(frame->error, "a record whose columns are not known is not supported here");
    return give_row(frame, columns, count, cells);
}

PlFlow run_return_next(PlFrame *frame, const PlStmt *stmt)
{
    PlColumn *columns;
    if (!stmt->expr) {
        const char **cells = output_cells(frame, frame->scratch, &columns);
        return give_row(frame, columns, (int)frame->function->outputs.count, cells) ? FLOW_NEXT : FLOW_FAILED;
    }
    const PlDatum *datum = record_named(stmt->expr);
    return (datum ? give_variable(frame, datum) : give_value(frame, stmt->expr)) ? FLOW_NEXT : FLOW_FAILED;
}

/* The rows of a query, whose columns have exactly the function's types. */
static bool give_rows(PlFrame *frame, const PlStmt *stmt, const PlRows *rows, const char *text)
{
    static const char MESSAGE[] = "structure of query does not match function result type";
    if (frame->shape && !check_shape(frame, rows->columns, rows->ncolumns, frame->shape, frame->nshape, MESSAGE)) {
        context_add(frame->error, arena_printf(frame->scratch, "SQL statement \"%s\"", text));
        return false;
    }
    for (size_t i = 0; i < rows->rows.count; i++)
        if (!give_row(frame, rows->columns, rows->ncolumns, rows->rows.items[i]))
            return false;
    frame->row_count = rows->rows.count;
    frame_set_found(frame, rows->rows.count > 0);
    return true;
}

PlFlow run_return_query(PlFrame *frame, const PlStmt *stmt)
{
    PlRows rows = {.arena = frame->scratch};
    PlSink sink = rows_sink(&rows);
    uint64_t count;
    bool is_query = true;
    if (!open_rows(frame))
        return FLOW_FAILED;
    bool done = stmt->expr2 ? frame_query_dynamic(frame, stmt, stmt->expr2, &sink, &count, &is_query)
                            : frame_query(frame, stmt->expr, &sink, &count, &is_query);
    if (!done)
        return FLOW_FAILED;
    const char *text = stmt->expr2 ? frame->dynamic_text : stmt->expr->text;
    if (is_query)
        return give_rows(frame, stmt, &rows, text) ? FLOW_NEXT : FLOW_FAILED;
    error_set(frame->error, ERRCODE_SYNTAX_ERROR, "%s query does not return tuples", frame->command);
    context_add(frame->error, arena_printf(frame->scratch, "SQL statement \"%s\"", text));
    return FLOW_FAILED;
}

/* ---- the call ---- */

static void set_trigger_row(PlFrame *frame, const PlDatum *datum, const char *const *row)
{
    const CatRelation *relation = frame->call->trigger->relation;
    PlColumn *columns = ARENA_ARRAY(frame->arena, PlColumn, relation->ncolumns + 1);
    const char **cells = ARENA_ARRAY(frame->arena, const char *, relation->ncolumns + 1);
    int count = 0;
    for (int i = 0; i < relation->ncolumns; i++) {
        const CatColumn *column = &relation->columns[i];
        if (column->dropped)
            continue;
        cells[count] = row ? row[i] : NULL;
        columns[count++] = (PlColumn){column->name, column->type, column->typmod, NULL, column->collation};
    }
    frame_set_record(frame, datum, columns, count, row ? cells : NULL);
    frame_slot(frame, datum)->is_null = !row;
    frame_slot(frame, datum)->row_type = relation->row_type;
}

static void set_trigger_variables(PlFrame *frame)
{
    const PlTrigger *trigger = frame->call->trigger;
    const CatRelation *relation = trigger->relation;
    Str arguments;
    str_init(&arguments, frame->arena);
    ArrayElement *elements = ARENA_ARRAY(frame->arena, ArrayElement, trigger->narguments + 1);
    for (int i = 0; i < trigger->narguments; i++)
        elements[i] = (ArrayElement){trigger->arguments[i], strlen(trigger->arguments[i])};
    /* TG_ARGV counts from 0 */
    ArrayShape shape = {.ndim = trigger->narguments ? 1 : 0, .dims = {trigger->narguments}, .elements = elements};
    shape.count = (size_t)trigger->narguments;
    type_array_write_shape(&shape, ',', &arguments);
    const char *values[] = {trigger->name,
                            trigger->when,
                            trigger->level,
                            trigger->operation,
                            arena_printf(frame->arena, "%u", relation->oid),
                            relation->name,
                            relation->name,
                            relation->schema,
                            arena_printf(frame->arena, "%d", trigger->narguments),
                            trigger->narguments ? arguments.data : NULL};
    for (size_t i = 0; i < frame->function->trigger_variables.count; i++)
        frame_set_text(frame, frame->function->trigger_variables.items[i].datum, values[i]);
    set_trigger_row(frame, frame->function->new_row, trigger->new_row);
    set_trigger_row(frame, frame->function->old_row, trigger->old_row);
}

static bool set_arguments(PlFrame *frame)
{
    const PlFunction *function = frame->function;
    for (size_t i = 0; i < function->outputs.count; i++)
        if (!frame_clear(frame, function->outputs.items[i]))
            return false;
    for (size_t i = 0; i < function->inputs.count; i++) {
        const PlDatum *datum = function->inputs.items[i];
        if (!frame_assign(frame, datum, frame->call->args[i], datum->type ? datum->type : TYPE_RECORD, datum->typmod))
            return false;
    }
    frame_set_found(frame, false);
    if (frame->call->trigger)
        set_trigger_variables(frame);
    return true;
}

/* The result after the body's end. */
static bool finish(PlFrame *frame, PlFlow flow)
{
    const PlRoutine *routine = &frame->function->routine;
    size_t outputs = frame->function->outputs.count;
    PlColumn *columns;
    frame->stmt = NULL;
    if (routine->is_inline || frame->call->trigger)
        return flow == FLOW_RETURN || routine->is_inline ||
               error_set(frame->error, ERRCODE_S_R_E_FUNCTION_EXECUTED_NO_RETURN_STATEMENT,
                         "control reached end of trigger procedure without RETURN");
    if (routine->returns_set)
        return open_rows(frame) || !error_is_set(frame->error);
    if (outputs) {
        const char **cells = output_cells(frame, frame->arena, &columns);
        const PlSink *sink = frame->call->sink;
        if (routine->is_procedure || sink)
            return !sink || (sink->columns(sink->arg, columns, (int)outputs, frame->error) && sink->row(sink->arg, cells, frame->error)) ||
                   !error_is_set(frame->error);
        frame->call->result = outputs == 1 ? cells[0] : type_row_write(frame->arena, cells, (int)outputs);
        return true;
    }
    frame->call->result = routine->return_type == TYPE_VOID ? "" : frame->result;
    return flow == FLOW_RETURN || routine->is_procedure || routine->return_type == TYPE_VOID ||
           error_set(frame->error, ERRCODE_S_R_E_FUNCTION_EXECUTED_NO_RETURN_STATEMENT, "control reached end of function without RETURN");
}

bool plpgsql_run(const PlFunction *function, PlCall *call, Arena *arena, Error *error)
{
    if (call->depth > MAX_DEPTH)
        return error_too_deep(error);
    PlFrame frame = {.function = function, .host = call->host, .call = call, .arena = arena, .scratch = arena_open(arena), .error = error};
    frame.slots = ARENA_ARRAY(arena, PlSlot, function->datums.count + 1);
    frame.outer = *call->host->innermost;
    *call->host->innermost = &frame;
    bool done = set_arguments(&frame);
    PlFlow flow = FLOW_FAILED;
    if (done) {
        frame.stmt = function->action;
        flow = run_block(&frame, function->action);
        done = flow != FLOW_FAILED && finish(&frame, flow);
    }
    if (!done && !frame.is_rethrown)
        run_add_context(&frame);
    *call->host->innermost = frame.outer;
    arena_close(frame.scratch);
    return done;
}
