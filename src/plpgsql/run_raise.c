/*
 * run_raise.c - RAISE, ASSERT, GET DIAGNOSTICS.
 */
#include "plpgsql/frame.h"

static const struct {
    const char *word;
    Severity severity;
    const char *sqlstate;
} LEVELS[] = {
    {"exception", SEVERITY_ERROR, ERRCODE_RAISE_EXCEPTION},     {"warning", SEVERITY_WARNING, ERRCODE_WARNING},
    {"notice", SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION}, {"info", SEVERITY_INFO, ERRCODE_SUCCESSFUL_COMPLETION},
    {"log", SEVERITY_LOG, ERRCODE_SUCCESSFUL_COMPLETION},       {"debug", SEVERITY_DEBUG, ERRCODE_SUCCESSFUL_COMPLETION},
};

/* As the session shows it. */
static bool shown(PlFrame *frame, const PlExpr *expr, const char **out)
{
    Oid type;
    int32_t typmod;
    const char *value;
    return frame_evaluate(frame, expr, &value, &type, &typmod) && frame_show(frame, type, value, out);
}

static bool format_message(PlFrame *frame, const PlStmt *stmt, const char **out)
{
    Str text;
    size_t next = 0;
    str_init(&text, frame->scratch);
    for (const char *at = stmt->message; *at; at++) {
        if (*at != '%') {
            str_addc(&text, *at);
        } else if (at[1] == '%') {
            str_addc(&text, *at++);
        } else {
            const char *value;
            if (!shown(frame, stmt->args.items[next++], &value))
                return false;
            str_add(&text, value ? value : "<NULL>");
        }
    }
    *out = text.data ? text.data : "";
    return true;
}

/* What the options give; fields that are not given stay. */
typedef struct Report {
    const char *sqlstate, *message, *detail, *hint, *column, *constraint, *datatype, *table, *schema;
} Report;

static bool take_condition(PlFrame *frame, const char *value, Report *report)
{
    size_t at = 0;
    bool is_state = strlen(value) == 5;
    for (int i = 0; is_state && i < 5; i++)
        is_state = strchr("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", value[i]) != NULL;
    report->sqlstate = is_state ? value : condition_next(value, &at);
    return report->sqlstate || error_set(frame->error, ERRCODE_UNDEFINED_OBJECT, "unrecognized exception condition \"%s\"", value);
}

static bool take_options(PlFrame *frame, const PlStmt *stmt, Report *report)
{
    bool has_state = stmt->condition != NULL, has_message = stmt->message != NULL;
    for (size_t i = 0; i < stmt->options.count; i++) {
        const char *name = stmt->options.items[i].name, *value;
        if (!shown(frame, stmt->options.items[i].value, &value))
            return false;
        if (!value)
            return error_set(frame->error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "RAISE statement option cannot be null");
        const struct {
            const char *name, **field;
        } FIELDS[] = {
            {"message", &report->message},       {"detail", &report->detail},     {"hint", &report->hint},   {"column", &report->column},
            {"constraint", &report->constraint}, {"datatype", &report->datatype}, {"table", &report->table}, {"schema", &report->schema},
        };
        if (str_eq(name, "errcode")) {
            if (has_state)
                return error_set(frame->error, ERRCODE_SYNTAX_ERROR, "RAISE option already specified: ERRCODE");
            has_state = true;
            if (!take_condition(frame, value, report))
                return false;
            continue;
        }
        for (size_t j = 0; j < COUNT_OF(FIELDS); j++) {
            if (!str_eq(FIELDS[j].name, name))
                continue;
            if (*FIELDS[j].field || (has_message && str_eq(name, "message"))) {
                static const char *const WORDS[] = {"MESSAGE", "DETAIL", "HINT", "COLUMN", "CONSTRAINT", "DATATYPE", "TABLE", "SCHEMA"};
                return error_set(frame->error, ERRCODE_SYNTAX_ERROR, "RAISE option already specified: %s", WORDS[j]);
            }
            *FIELDS[j].field = value;
        }
    }
    return true;
}

static void fill(Error *error, Severity severity, const Report *report)
{
    error_set(error, report->sqlstate, "%s", report->message);
    error->severity = severity;
    error->detail = arena_strdup(error->arena, report->detail);
    error->hint = arena_strdup(error->arena, report->hint);
    error->column = arena_strdup(error->arena, report->column);
    error->constraint = arena_strdup(error->arena, report->constraint);
    error->datatype = arena_strdup(error->arena, report->datatype);
    error->table = arena_strdup(error->arena, report->table);
    error->schema = arena_strdup(error->arena, report->schema);
}

static PlFlow raise_again(PlFrame *frame)
{
    if (!frame->handled)
        error_set(frame->error, ERRCODE_STACKED_DIAGNOSTICS_ACCESSED_WITHOUT_ACTIVE_HANDLER,
                  "RAISE without parameters cannot be used outside an exception handler");
    else
        error_copy(frame->error, frame->handled);
    frame->is_rethrown = frame->handled != NULL;
    return FLOW_FAILED;
}

PlFlow run_raise(PlFrame *frame, const PlStmt *stmt)
{
    Report report = {0};
    size_t level = 0;
    if (!stmt->level)
        return raise_again(frame);
    while (!str_eq(LEVELS[level].word, stmt->level))
        level++;
    report.sqlstate = stmt->condition;
    if (stmt->message && !format_message(frame, stmt, &report.message))
        return FLOW_FAILED;
    if (!take_options(frame, stmt, &report))
        return FLOW_FAILED;
    bool given = report.sqlstate && strcmp(report.sqlstate, ERRCODE_SUCCESSFUL_COMPLETION) != 0;
    if (!given)
        report.sqlstate = LEVELS[level].sqlstate;
    if (!report.message)
        report.message = stmt->condition_name ? stmt->condition_name : stmt->condition ? stmt->condition : report.sqlstate;
    if (LEVELS[level].severity >= SEVERITY_ERROR) {
        fill(frame->error, SEVERITY_ERROR, &report);
        return FLOW_FAILED;
    }
    Error event;
    error_init(&event, frame->scratch);
    fill(&event, LEVELS[level].severity, &report);
    frame->host->notices->emit(frame->host->notices->arg, &event);
    return FLOW_NEXT;
}

PlFlow run_assert(PlFrame *frame, const PlStmt *stmt)
{
    bool holds;
    const char *message = NULL;
    if (!setting_is_on(frame->host->functions, "plpgsql.check_asserts", frame->scratch))
        return FLOW_NEXT;
    if (!frame_evaluate_bool(frame, stmt->expr, &holds))
        return FLOW_FAILED;
    if (holds)
        return FLOW_NEXT;
    if (stmt->expr2 && !shown(frame, stmt->expr2, &message))
        return FLOW_FAILED;
    error_set(frame->error, ERRCODE_ASSERT_FAILURE, "%s", message ? message : "assertion failed");
    return FLOW_FAILED;
}

/* Where the error came from, and from there outward. */
static const char *stacked_context(const PlFrame *frame)
{
    const char *inner = frame->handled->context, *outer = plpgsql_context(frame->outer, frame->scratch);
    return inner && *outer ? arena_printf(frame->scratch, "%s\n%s", inner, outer) : inner ? inner : outer;
}

static const char *stacked_item(const PlFrame *frame, const char *item)
{
    const Error *error = frame->handled;
    const struct {
        const char *name, *value;
    } ITEMS[] = {
        {"returned_sqlstate", error->sqlstate},
        {"message_text", error->message},
        {"pg_exception_detail", error->detail},
        {"pg_exception_hint", error->hint},
        {"pg_exception_context", stacked_context(frame)},
        {"column_name", error->column},
        {"constraint_name", error->constraint},
        {"pg_datatype_name", error->datatype},
        {"table_name", error->table},
        {"schema_name", error->schema},
    };
    for (size_t i = 0; i < COUNT_OF(ITEMS); i++)
        if (str_eq(ITEMS[i].name, item))
            return ITEMS[i].value ? ITEMS[i].value : "";
    return "";
}

PlFlow run_diagnostics(PlFrame *frame, const PlStmt *stmt)
{
    if (stmt->is_stacked && !frame->handled) {
        error_set(frame->error, ERRCODE_STACKED_DIAGNOSTICS_ACCESSED_WITHOUT_ACTIVE_HANDLER,
                  "GET STACKED DIAGNOSTICS cannot be used outside an exception handler");
        return FLOW_FAILED;
    }
    for (size_t i = 0; i < stmt->items.count; i++) {
        const PlDiagnostic *item = &stmt->items.items[i];
        bool is_count = str_eq(item->item, "row_count");
        const char *value = stmt->is_stacked ? stacked_item(frame, item->item)
                            : is_count       ? arena_printf(frame->scratch, "%llu", (unsigned long long)frame->row_count)
                                             : plpgsql_context(frame, frame->scratch);
        if (!frame_put_target(frame, &item->target, value, is_count ? TYPE_INT8 : TYPE_TEXT, -1))
            return FLOW_FAILED;
    }
    return FLOW_NEXT;
}
