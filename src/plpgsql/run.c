/*
 * run.c - runs statements: blocks with their handlers, assignment, IF, CASE, RETURN.
 *
 * Invariants:
 *  1. FLOW_FAILED goes with the frame's error set; every other flow with none.
 *  2. Each statement's scratch memory ends with it.
 *  3. frame->stmt is the statement that runs, or that failed: contexts are made from it.
 */
#include "plpgsql/frame.h"

static bool is_data_error(const Error *error)
{
    static const char *const OTHERS[] = {ERRCODE_NULL_VALUE_NOT_ALLOWED, ERRCODE_ARRAY_SUBSCRIPT_ERROR};
    for (size_t i = 0; i < COUNT_OF(OTHERS); i++)
        if (strcmp(error->sqlstate, OTHERS[i]) == 0)
            return false;
    return strncmp(error->sqlstate, "22", 2) == 0;
}

/* A length is held to by a cast of its own, after the literal has been read. */
static bool is_length_error(const char *sqlstate)
{
    return str_eq(sqlstate, ERRCODE_STRING_DATA_RIGHT_TRUNCATION) || str_eq(sqlstate, ERRCODE_STRING_DATA_LENGTH_MISMATCH);
}

/* What a literal's text names is not there: regclass and its kin. */
static bool is_missing_name(const char *sqlstate)
{
    static const char *const STATES[] = {ERRCODE_UNDEFINED_TABLE, ERRCODE_UNDEFINED_OBJECT, ERRCODE_UNDEFINED_FUNCTION,
                                         ERRCODE_INVALID_SCHEMA_NAME};
    for (size_t i = 0; i < COUNT_OF(STATES); i++)
        if (str_eq(sqlstate, STATES[i]))
            return true;
    return false;
}

static void place_in(Error *error, const PlExpr *expr, int position)
{
    error->query = arena_strdup(error->arena, expr->text);
    error->query_position = position;
}

/* An assignment is one expression to PostgreSQL: what its analysis or its planning finds is told so. */
static PlFlow assign_failed(PlFrame *frame, const PlStmt *stmt, bool is_constant)
{
    Error *error = frame->error;
    const PlTarget *target = &stmt->into.items[0];
    const char *sqlstate = error->sqlstate;
    int literal = expr_literal(stmt->expr);
    if (error->query_position || frame->is_misplaced)
        return FLOW_FAILED;
    bool is_record =
        target->field && (str_eq(sqlstate, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE) || strncmp(error->message, "record \"", 8) == 0);
    bool is_part = target->steps.count && (str_eq(sqlstate, ERRCODE_DATATYPE_MISMATCH) || str_eq(sqlstate, ERRCODE_UNDEFINED_COLUMN));
    if (literal >= 0 && (is_data_error(error) || is_missing_name(sqlstate)) && !is_length_error(sqlstate))
        place_in(error, stmt->expr, literal + stmt->expr->shift + 1);
    else if (is_part && !is_record)
        place_in(error, stmt->expr, 1);
    else if (is_record || (is_constant && is_data_error(error) && (target->datum->kind != PL_RECORD || target->field)))
        context_add(error, arena_printf(frame->scratch, "PL/pgSQL assignment \"%s\"", stmt->expr->text));
    return FLOW_FAILED;
}

static PlFlow run_assign(PlFrame *frame, const PlStmt *stmt)
{
    const char *value;
    Oid type;
    int32_t typmod;
    if (!frame_evaluate(frame, stmt->expr, &value, &type, &typmod))
        return FLOW_FAILED;
    bool is_constant = frame->is_constant;
    frame->is_misplaced = false;
    return frame_put_target(frame, &stmt->into.items[0], value, type, typmod) ? FLOW_NEXT : assign_failed(frame, stmt, is_constant);
}

static PlFlow run_if(PlFrame *frame, const PlStmt *stmt)
{
    for (size_t i = 0; i < stmt->arms.count; i++) {
        const PlArm *arm = &stmt->arms.items[i];
        bool holds;
        if (!frame_evaluate_bool(frame, arm->condition, &holds))
            return FLOW_FAILED;
        if (holds)
            return run_body(frame, &arm->body);
    }
    return run_body(frame, &stmt->other);
}

/* The value of CASE x, in the variable that its conditions name. Its type is known only now. */
static bool keep_case_value(PlFrame *frame, const PlStmt *stmt)
{
    Oid type;
    int32_t typmod;
    const char *value;
    PlDatum *variable = stmt->variable;
    if (!frame_evaluate(frame, stmt->expr, &value, &type, &typmod))
        return false;
    if (type == TYPE_UNKNOWN)
        type = TYPE_TEXT;
    if (variable->type != type) {
        variable->type = type;
        for (size_t i = 0; i < stmt->arms.count; i++)
            frame_forget(stmt->arms.items[i].condition);
    }
    frame_set_text(frame, variable, value);
    return true;
}

static PlFlow run_case(PlFrame *frame, const PlStmt *stmt)
{
    if (stmt->expr && !keep_case_value(frame, stmt))
        return FLOW_FAILED;
    for (size_t i = 0; i < stmt->arms.count; i++) {
        const PlArm *arm = &stmt->arms.items[i];
        bool holds;
        if (!frame_evaluate_bool(frame, arm->condition, &holds))
            return FLOW_FAILED;
        if (holds)
            return run_body(frame, &arm->body);
    }
    if (stmt->has_else)
        return run_body(frame, &stmt->other);
    error_set(frame->error, ERRCODE_CASE_NOT_FOUND, "case not found");
    error_hint(frame->error, "CASE statement is missing ELSE part.");
    return FLOW_FAILED;
}

/* ---- blocks ---- */

/* A variable without a value is NULL, which a domain may refuse. */
static bool declare_null(PlFrame *frame, const PlDatum *datum)
{
    const char *none;
    return frame_clear(frame, datum) && frame_cast(frame, NULL, TYPE_UNKNOWN, -1, datum->type, datum->typmod, &none);
}

/* Unlike in an assignment, the expression does not know what its value is for: a literal is no row. */
static bool initialize(PlFrame *frame, const PlDatum *datum, const char *value, Oid type, int32_t typmod)
{
    if (datum->kind == PL_RECORD && value && !frame_is_row_type(frame, type))
        return error_set(frame->error, ERRCODE_DATATYPE_MISMATCH, "cannot assign non-composite value to a record variable");
    return frame_assign(frame, datum, value, type, typmod);
}

static bool declare(PlFrame *frame, const PlStmt *block)
{
    for (size_t i = 0; i < block->declared.count; i++) {
        const PlDatum *datum = block->declared.items[i];
        const char *value;
        Oid type;
        int32_t typmod;
        const char *doing = frame->doing;
        frame->doing = arena_printf(frame->arena, " line %d during statement block local variable initialization", datum->line);
        if (!datum->initial) {
            if (!declare_null(frame, datum))
                return false;
            frame->doing = doing;
            if (datum->cursor) /* a bound cursor's portal is called as the variable is */
                frame_set_text(frame, datum, datum->name);
            continue;
        }
        if (!frame_evaluate(frame, datum->initial, &value, &type, &typmod) || !initialize(frame, datum, value, type, typmod))
            return false;
        frame->doing = doing;
    }
    return true;
}

static bool handles(const PlArm *arm, const char *sqlstate)
{
    for (size_t i = 0; i < arm->conditions.count; i++) {
        const char *wanted = arm->conditions.items[i].sqlstate;
        if (!wanted) {
            if (!str_eq(sqlstate, ERRCODE_QUERY_CANCELED) && !str_eq(sqlstate, ERRCODE_ASSERT_FAILURE))
                return true;
        } else if (str_eq(wanted, sqlstate) || (strcmp(wanted + 2, "000") == 0 && strncmp(wanted, sqlstate, 2) == 0)) {
            return true;
        }
    }
    return false;
}

static PlFlow handle(PlFrame *frame, const PlStmt *block, const PlArm *arm)
{
    Error *caught = ARENA_NEW(frame->arena, Error);
    error_init(caught, frame->arena);
    error_copy(caught, frame->error);
    error_clear(frame->error);
    const Error *before = frame->handled;
    frame->handled = caught;
    frame_set_text(frame, block->sqlstate, caught->sqlstate);
    frame_set_text(frame, block->sqlerrm, caught->message);
    PlFlow flow = run_body(frame, &arm->body);
    frame->handled = before;
    return flow;
}

static PlFlow run_guarded(PlFrame *frame, const PlStmt *block)
{
    if (!frame->host->subtransaction_begin(frame->host->arg, frame->error))
        return FLOW_FAILED;
    PlFlow flow = declare(frame, block) ? run_body(frame, &block->body) : FLOW_FAILED;
    if (flow != FLOW_FAILED) {
        if (frame->host->subtransaction_commit(frame->host->arg, frame->error))
            return flow;
    }
    frame->host->subtransaction_abort(frame->host->arg);
    for (size_t i = 0; i < block->arms.count; i++)
        if (handles(&block->arms.items[i], frame->error->sqlstate)) {
            if (!frame->is_rethrown)
                run_add_context(frame);
            frame->is_rethrown = false;
            frame->doing = NULL;
            return handle(frame, block, &block->arms.items[i]);
        }
    return FLOW_FAILED;
}

PlFlow run_block(PlFrame *frame, const PlStmt *block)
{
    PlFlow flow = block->arms.count ? run_guarded(frame, block) : declare(frame, block) ? run_body(frame, &block->body) : FLOW_FAILED;
    if (flow == FLOW_EXIT && block->label && frame->exit_label && str_eq(block->label, frame->exit_label)) {
        frame->exit_label = NULL;
        return FLOW_NEXT;
    }
    return flow;
}

/* ---- the dispatch ---- */

static PlFlow run_exit(PlFrame *frame, const PlStmt *stmt)
{
    bool holds = true;
    if (stmt->expr && !frame_evaluate_bool(frame, stmt->expr, &holds))
        return FLOW_FAILED;
    if (!holds)
        return FLOW_NEXT;
    frame->exit_label = stmt->label;
    return stmt->is_continue ? FLOW_CONTINUE : FLOW_EXIT;
}

static PlFlow run_null(PlFrame *frame, const PlStmt *stmt)
{
    return FLOW_NEXT;
}

static PlFlow run_transaction_end(PlFrame *frame, const PlStmt *stmt)
{
    return frame->host->end_transaction(frame->host->arg, stmt->kind == PL_COMMIT, stmt->chain, frame->error) ? FLOW_NEXT : FLOW_FAILED;
}

static const struct {
    PlFlow (*run)(PlFrame *frame, const PlStmt *stmt);
    const char *name; /* as contexts call it */
} KINDS[] = {
    [PL_BLOCK] = {run_block, "statement block"},
    [PL_ASSIGN] = {run_assign, "assignment"},
    [PL_IF] = {run_if, "IF"},
    [PL_CASE] = {run_case, "CASE"},
    [PL_LOOP] = {run_loop, "LOOP"},
    [PL_WHILE] = {run_loop, "WHILE"},
    [PL_FOR_RANGE] = {run_loop, "FOR with integer loop variable"},
    [PL_FOR_QUERY] = {run_loop, "FOR over SELECT rows"},
    [PL_FOR_CURSOR] = {run_loop, "FOR over cursor"},
    [PL_FOR_DYNAMIC] = {run_loop, "FOR over EXECUTE statement"},
    [PL_FOREACH] = {run_loop, "FOREACH over array"},
    [PL_EXIT] = {run_exit, "EXIT"},
    [PL_RETURN] = {run_return, "RETURN"},
    [PL_RETURN_NEXT] = {run_return_next, "RETURN NEXT"},
    [PL_RETURN_QUERY] = {run_return_query, "RETURN QUERY"},
    [PL_RAISE] = {run_raise, "RAISE"},
    [PL_ASSERT] = {run_assert, "ASSERT"},
    [PL_SQL] = {run_sql, "SQL statement"},
    [PL_EXECUTE] = {run_sql, "EXECUTE"},
    [PL_DIAGNOSTICS] = {run_diagnostics, "GET DIAGNOSTICS"},
    [PL_OPEN] = {run_cursor, "OPEN"},
    [PL_FETCH] = {run_cursor, "FETCH"},
    [PL_CLOSE] = {run_cursor, "CLOSE"},
    [PL_PERFORM] = {run_sql, "PERFORM"},
    [PL_CALL] = {run_sql, "CALL"},
    [PL_COMMIT] = {run_transaction_end, "COMMIT"},
    [PL_ROLLBACK] = {run_transaction_end, "ROLLBACK"},
    [PL_NULL] = {run_null, "NULL"},
};

const char *run_context_line(const PlFrame *frame, Arena *arena)
{
    const char *signature = frame->function->routine.signature;
    const PlStmt *stmt = frame->stmt;
    if (frame->doing)
        return arena_printf(arena, "PL/pgSQL function %s%s", signature, frame->doing);
    if (!stmt)
        return arena_printf(arena, "PL/pgSQL function %s", signature);
    return arena_printf(arena, "PL/pgSQL function %s line %d at %s", signature, stmt->line,
                        stmt->kind == PL_DIAGNOSTICS && stmt->is_stacked                                       ? "GET STACKED DIAGNOSTICS"
                        : stmt->kind == PL_CALL && stmt->expr->node->node_case == PG_QUERY__NODE__NODE_DO_STMT ? "DO"
                        : stmt->kind == PL_EXIT && stmt->is_continue                                           ? "CONTINUE"
                        : stmt->is_move                                                                        ? "MOVE"
                                                                                                               : KINDS[stmt->kind].name);
}

void run_add_context(PlFrame *frame)
{
    context_add(frame->error, run_context_line(frame, frame->arena));
}

const char *plpgsql_context(const PlFrame *innermost, Arena *arena)
{
    Str text;
    str_init(&text, arena);
    for (const PlFrame *frame = innermost; frame; frame = frame->outer) {
        const char *line = frame->line ? frame->line->line(frame->line->arg, arena) : run_context_line(frame, arena);
        if (frame->running)
            str_addf(&text, "%s%s", text.len ? "\n" : "", frame->running);
        if (line)
            str_addf(&text, "%s%s", text.len ? "\n" : "", line);
    }
    return text.data;
}

void plpgsql_enter(PlFrame **innermost, const PlCallLine *line, Arena *arena)
{
    PlFrame *frame = ARENA_NEW(arena, PlFrame);
    *frame = (PlFrame){.outer = *innermost, .line = line};
    *innermost = frame;
}

void plpgsql_leave(PlFrame **innermost)
{
    *innermost = (*innermost)->outer;
}

void context_add(Error *error, const char *line)
{
    error->context = error->context ? arena_printf(error->arena, "%s\n%s", error->context, line) : arena_strdup(error->arena, line);
}

PlFlow run_statement(PlFrame *frame, const PlStmt *stmt)
{
    Arena *outer = frame->scratch;
    frame->scratch = arena_open(outer);
    frame->stmt = stmt;
    PlFlow flow = frame->host->check_interrupt(frame->host->arg, frame->error) ? KINDS[stmt->kind].run(frame, stmt) : FLOW_FAILED;
    frame->value_columns = NULL; /* they lie in what is closed */
    arena_close(frame->scratch);
    frame->scratch = outer;
    return flow;
}

PlFlow run_body(PlFrame *frame, const PlBody *body)
{
    for (size_t i = 0; i < body->count; i++) {
        PlFlow flow = run_statement(frame, body->items[i]);
        if (flow != FLOW_NEXT)
            return flow;
    }
    return FLOW_NEXT;
}
