/*
 * func_sets.c - set-returning functions that make their rows up.
 *
 *  1. Columns are pg_proc's OUT columns, in order; values lie in their layouts.
 *  2. A service of the session that is NULL gives no rows.
 *  3. Each has a helper rows_<oid> (func_helper.c), by which the local engine calls it for a row of another table.
 * Any thread.
 */
#include <errno.h>
#include <unistd.h>

#include "func/func_array.h"
#include "func/func_time.h"
#include "func/regex.h"

static Value text_value(const char *text)
{
    return text ? value_text(text, strlen(text)) : value_null(FDW_STRING);
}

static Value int_value(int64_t value)
{
    return value_int(FDW_INT32, value);
}

static Value oid_value(Oid oid)
{
    return value_int(FDW_UINT32, oid);
}

static Value time_value(int64_t micros)
{
    return micros ? value_int(FDW_TIMESTAMPTZ, micros) : value_null(FDW_TIMESTAMPTZ);
}

static bool emit(FuncSetCall *set, const Value *row, size_t count)
{
    return set->emit(set->sink, row, count);
}

static bool no_rows(FuncSetCall *set)
{
    return true;
}

/* ---- options and ACLs ---- */

/* Without "=" there is no value. */
static bool options_to_table(FuncSetCall *set)
{
    const Value *array = &set->call.args[0];
    ArrayElement *elements;
    size_t count;
    int ndim;
    if (array->is_null)
        return true;
    if (!type_array_parse(array->s.ptr, array->s.len, set->call.arena, &elements, &count, &ndim, set->call.error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!elements[i].text)
            return error_set(set->call.error, ERRCODE_NULL_VALUE_NOT_ALLOWED, "null array element not allowed in this context");
    for (size_t i = 0; i < count; i++) {
        const char *option = arena_strndup(set->call.arena, elements[i].text, elements[i].len), *equals = strchr(option, '=');
        Value name = value_text(option, equals ? (size_t)(equals - option) : elements[i].len);
        Value row[2] = {name, equals ? text_value(equals + 1) : value_null(FDW_STRING)};
        if (!emit(set, row, 2))
            return true;
    }
    return true;
}

typedef struct RightRow {
    AclMask mask;
    const char *name;
} RightRow;

/* In PostgreSQL's order of bits. */
static const RightRow RIGHTS[] = {
    {ACL_INSERT, "INSERT"},
    {ACL_SELECT, "SELECT"},
    {ACL_UPDATE, "UPDATE"},
    {ACL_DELETE, "DELETE"},
    {ACL_TRUNCATE, "TRUNCATE"},
    {ACL_REFERENCES, "REFERENCES"},
    {ACL_TRIGGER, "TRIGGER"},
    {ACL_EXECUTE, "EXECUTE"},
    {ACL_USAGE, "USAGE"},
    {ACL_CREATE, "CREATE"},
    {ACL_CREATE_TEMP, "TEMPORARY"},
    {ACL_CONNECT, "CONNECT"},
    {ACL_SET, "SET"},
    {ACL_ALTER_SYSTEM, "ALTER SYSTEM"},
};

static bool acl_explode(FuncSetCall *set)
{
    const Value *array = &set->call.args[0];
    if (array->is_null)
        return true;
    if (array->s.len > 1 && array->s.ptr[1] == '{')
        return error_set(set->call.error, ERRCODE_INVALID_PARAMETER_VALUE, "ACL arrays must be one-dimensional");
    size_t count;
    AclItem *items = acl_parse(arena_strndup(set->call.arena, array->s.ptr, array->s.len), set->call.arena, &count);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < COUNT_OF(RIGHTS); j++) {
            if (!(items[i].privileges & RIGHTS[j].mask))
                continue;
            Value row[4] = {oid_value(items[i].grantor), oid_value(items[i].grantee), text_value(RIGHTS[j].name),
                            value_bool((items[i].grant_options & RIGHTS[j].mask) != 0)};
            if (!emit(set, row, 4))
                return true;
        }
    }
    return true;
}

/* ---- keywords ---- */

static const char *keyword_class(char category)
{
    switch (category) {
    case 'U':
        return "unreserved";
    case 'C':
        return "unreserved (cannot be function or type name)";
    case 'T':
        return "reserved (can be function or type name)";
    default:
        return "reserved";
    }
}

static bool get_keywords(FuncSetCall *set)
{
    size_t count;
    const CatKeyword *keywords = catalog_keywords(&count);
    for (size_t i = 0; i < count; i++) {
        Value row[5] = {text_value(keywords[i].word), value_text(&keywords[i].category, 1), value_bool(keywords[i].bare_label),
                        text_value(keyword_class(keywords[i].category)),
                        text_value(keywords[i].bare_label ? "can be bare label" : "requires AS")};
        if (!emit(set, row, COUNT_OF(row)))
            return true;
    }
    return true;
}

/* ---- settings ---- */

static Value enum_array(FuncSetCall *set, const SettingRow *setting)
{
    if (!setting->enum_values)
        return value_null(FDW_STRING);
    VEC(ArrayElement) elements = {0};
    for (const char *const *value = setting->enum_values; *value; value++) {
        ArrayElement element = {*value, strlen(*value)};
        vec_push(set->call.arena, &elements, element);
    }
    Str out;
    str_init(&out, set->call.arena);
    type_array_write(elements.items, elements.count, &out);
    return value_text(out.data, out.len);
}

static bool show_all_settings(FuncSetCall *set)
{
    const SessionServices *session = set->call.context->session;
    SettingRow *settings;
    size_t count = session && session->settings ? session->settings(session->arg, set->call.arena, &settings) : 0;
    for (size_t i = 0; i < count; i++) {
        const SettingRow *s = &settings[i];
        if (!func_sees_setting(set->call.context, s->name))
            continue;
        Value row[17] = {text_value(s->name),       text_value(s->value),       text_value(s->unit),    text_value(s->category),
                         text_value(s->short_desc), value_null(FDW_STRING),     text_value(s->context), text_value(s->vartype),
                         text_value(s->source),     text_value(s->min),         text_value(s->max),     enum_array(set, s),
                         text_value(s->boot_value), text_value(s->reset_value), value_null(FDW_STRING), value_null(FDW_INT32),
                         value_bool(false)};
        if (!emit(set, row, 17))
            return true;
    }
    return true;
}

/* ---- sessions ---- */

enum { ACTIVITY_COLUMNS = 30 };

/* A role sees what others do only with pg_read_all_stats or as a member of their role. */
static void activity_row(FuncSetCall *set, const Activity *activity, Value *row)
{
    static const FdwPhysical PHYSICAL[ACTIVITY_COLUMNS] = {
        FDW_UINT32,      FDW_INT32,       FDW_UINT32,      FDW_STRING,      FDW_STRING, FDW_STRING, FDW_STRING, FDW_STRING,
        FDW_TIMESTAMPTZ, FDW_TIMESTAMPTZ, FDW_TIMESTAMPTZ, FDW_TIMESTAMPTZ, FDW_STRING, FDW_STRING, FDW_INT32,  FDW_UINT32,
        FDW_UINT32,      FDW_STRING,      FDW_BOOL,        FDW_STRING,      FDW_STRING, FDW_INT32,  FDW_STRING, FDW_STRING,
        FDW_STRING,      FDW_BOOL,        FDW_STRING,      FDW_BOOL,        FDW_INT32,  FDW_INT64};
    Catalog *catalog = set->call.context->catalog;
    Oid user = set->call.context->current_user;
    bool visible = catalog_has_privs_of(catalog, user, activity->user) || catalog_has_privs_of(catalog, user, ROLE_PG_READ_ALL_STATS);
    for (int i = 0; i < ACTIVITY_COLUMNS; i++)
        row[i] = value_null(PHYSICAL[i]);
    row[0] = oid_value(DATABASE_POSTGRES);
    row[1] = int_value(activity->pid);
    row[2] = oid_value(activity->user);
    row[3] = text_value(activity->application_name ? activity->application_name : "");
    row[5] = text_value(visible ? activity->query : "<insufficient privilege>");
    if (!visible)
        return;
    row[4] = text_value(activity->state);
    row[6] = text_value(activity->wait_event_type);
    row[7] = text_value(activity->wait_event);
    row[8] = time_value(activity->transaction_start);
    row[9] = time_value(activity->query_start);
    row[10] = time_value(activity->backend_start);
    row[11] = time_value(activity->state_change);
    row[12] = text_value(activity->client_address);
    row[14] = int_value(activity->client_address ? activity->client_port : -1);
    row[17] = text_value("client backend");
    row[18] = value_bool(activity->tls_version != NULL);
    if (activity->tls_version) {
        row[19] = text_value(activity->tls_version);
        row[20] = text_value(activity->tls_cipher);
        row[21] = int_value(activity->tls_bits);
    }
    row[25] = value_bool(false);
    row[27] = value_bool(false);
}

static bool stat_get_activity(FuncSetCall *set)
{
    const SessionServices *session = set->call.context->session;
    Activity *rows;
    size_t count = session && session->activity ? session->activity(session->arg, set->call.arena, &rows) : 0;
    const Value *pid = &set->call.args[0];
    for (size_t i = 0; i < count; i++) {
        Value row[ACTIVITY_COLUMNS];
        if (!pid->is_null && pid->i != -1 && pid->i != rows[i].pid)
            continue;
        activity_row(set, &rows[i], row);
        if (!emit(set, row, ACTIVITY_COLUMNS))
            return true;
    }
    return true;
}

/* Advisory locks; there are no others that two sessions could be in each other's way with, but the one writer. */
static bool lock_status(FuncSetCall *set)
{
    enum { LOCK_COLUMNS = 16 };
    const SessionServices *session = set->call.context->session;
    LockRow *rows;
    size_t count = session && session->locks ? session->locks(session->arg, set->call.arena, &rows) : 0;
    for (size_t i = 0; i < count; i++) {
        const char *transaction = arena_printf(set->call.arena, "%d/0", rows[i].pid);
        Value row[LOCK_COLUMNS] = {
            text_value("advisory"),
            value_int(FDW_UINT32, DATABASE_POSTGRES),
            value_null(FDW_UINT32),
            value_null(FDW_INT32),
            value_null(FDW_INT16),
            text_value(NULL),
            value_null(FDW_UINT32),
            value_int(FDW_UINT32, (int64_t)((uint64_t)rows[i].key >> 32)),
            value_int(FDW_UINT32, (int64_t)((uint64_t)rows[i].key & UINT32_MAX)),
            value_int(FDW_INT16, rows[i].two_keys ? 2 : 1),
            text_value(transaction),
            value_int(FDW_INT32, rows[i].pid),
            text_value(rows[i].shared ? "ShareLock" : "ExclusiveLock"),
            value_bool(!rows[i].waits),
            value_bool(false),
            time_value(rows[i].waits ? rows[i].since : 0),
        };
        if (!emit(set, row, LOCK_COLUMNS))
            return true;
    }
    return true;
}

static bool cursors(FuncSetCall *set)
{
    const SessionServices *session = set->call.context->session;
    CursorRow *rows;
    size_t count = session && session->cursors ? session->cursors(session->arg, set->call.arena, &rows) : 0;
    for (size_t i = 0; i < count; i++) {
        Value row[6] = {text_value(rows[i].name),      text_value(rows[i].statement),     value_bool(rows[i].is_holdable),
                        value_bool(rows[i].is_binary), value_bool(rows[i].is_scrollable), time_value(rows[i].creation_time)};
        if (!emit(set, row, 6))
            return true;
    }
    return true;
}

static bool prepared_statements(FuncSetCall *set)
{
    const SessionServices *session = set->call.context->session;
    PreparedRow *rows;
    size_t count = session && session->prepared ? session->prepared(session->arg, set->call.arena, &rows) : 0;
    for (size_t i = 0; i < count; i++) {
        Str types;
        str_init(&types, set->call.arena);
        str_addc(&types, '{');
        for (int j = 0; j < rows[i].nparams; j++)
            str_addf(&types, "%s%u", j ? "," : "", rows[i].param_types[j]);
        str_addc(&types, '}');
        Value row[7] = {text_value(rows[i].name),
                        text_value(rows[i].statement),
                        time_value(rows[i].prepare_time),
                        text_value(types.data),
                        value_bool(rows[i].from_sql),
                        value_int(FDW_INT64, rows[i].generic_plans),
                        value_int(FDW_INT64, rows[i].custom_plans)};
        if (!emit(set, row, 7))
            return true;
    }
    return true;
}

/* ---- series ---- */

static bool zero_step(FuncSetCall *set)
{
    return error_set(set->call.error, ERRCODE_INVALID_PARAMETER_VALUE, "step size cannot equal zero");
}

static bool time_series(FuncSetCall *set)
{
    const Value *args = set->call.args;
    FdwInterval step = args[2].interval;
    __int128 span = ((__int128)step.months * 30 + step.days) * DAY_MICROS + step.micros;
    if (!span)
        return zero_step(set);
    bool instants = set->call.arg_types[0] == TYPE_TIMESTAMPTZ;
    const TimeZone *zone = instants ? time_session_zone(&set->call) : NULL;
    for (int64_t at = args[0].i; span > 0 ? at <= args[1].i : at >= args[1].i;) {
        Value row = value_int(instants ? FDW_TIMESTAMPTZ : FDW_TIMESTAMP, at);
        if (!emit(set, &row, 1))
            return true;
        int64_t next;
        if (!time_add_interval(&set->call, at, step, zone, &next))
            return false;
        if (next == at)
            return true;
        at = next;
    }
    return true;
}

static bool numeric_series(FuncSetCall *set)
{
    static const char *const WORDS[] = {"start value", "stop value", "step size"};
    const char *values[3] = {NULL, NULL, "1"};
    for (int i = 0; i < set->call.nargs; i++) {
        values[i] = arg_numeric(&set->call, i);
        if (strchr(values[i], 'N') || strchr(values[i], 'I'))
            return error_set(set->call.error, ERRCODE_INVALID_PARAMETER_VALUE, "%s cannot be %s", WORDS[i],
                             strchr(values[i], 'N') ? "NaN" : "infinity");
    }
    int sign = numeric_sign(values[2]);
    if (!sign)
        return zero_step(set);
    /* A number is wanted for the next one only. */
    Arena *next = arena_open(set->call.arena), *previous = arena_open(set->call.arena);
    for (const char *at = values[0]; numeric_compare(at, values[1]) * sign <= 0;) {
        Value row = text_value(at);
        if (!emit(set, &row, 1))
            return true;
        Arena *freed = previous;
        previous = next;
        next = freed;
        arena_reset(next);
        if (!numeric_op(NUMERIC_ADD, at, values[2], next, &at, set->call.error))
            return false;
    }
    return true;
}

static bool subscripts(FuncSetCall *set)
{
    ArrayShape shape;
    if (!array_read(&set->call, 0, &shape))
        return false;
    int64_t dim = set->call.args[1].i;
    bool reverse = set->call.nargs > 2 && set->call.args[2].b;
    if (dim < 1 || dim > shape.ndim)
        return true;
    int32_t lower = shape.lower[dim - 1], count = shape.dims[dim - 1];
    for (int32_t i = 0; i < count; i++) {
        Value row = int_value(reverse ? lower + count - 1 - i : lower + i);
        if (!emit(set, &row, 1))
            return true;
    }
    return true;
}

/* Each element with its number. Among text arrays elements are texts; else they have the layout of the array's own element type. */
static bool expand_array(FuncSetCall *set)
{
    ArrayShape shape;
    if (set->call.args[0].is_null)
        return true;
    if (!array_read(&set->call, 0, &shape))
        return false;
    const CatType *type = set->call.arg_types ? catalog_type(set->call.context->catalog, set->call.arg_types[0]) : NULL;
    Oid element = type && type->element ? type->element : TYPE_TEXT;
    for (size_t i = 0; shape.ndim == 1 && i < shape.count; i++) {
        const ArrayElement *text = &shape.elements[i];
        Value row[2] = {value_null(type_layout(element, -1).physical), int_value((int64_t)i + 1)};
        if (text->text &&
            !type_input(element, -1, text->text, text->len, &TYPE_CONTEXT_CANONICAL, set->call.arena, &row[0], set->call.error))
            return false;
        if (!emit(set, row, 2))
            return true;
    }
    return true;
}

/* The elements of an array that another function gives, a row each. */
static bool emit_elements(FuncSetCall *set, Oid array_function)
{
    Value array = {.is_null = true, .physical = FDW_STRING};
    FuncCall call = set->call;
    call.proc = array_function;
    call.result = &array;
    ArrayElement *elements;
    size_t count;
    int ndim;
    if (!func_find(array_function)(&call))
        return false;
    if (array.is_null)
        return true;
    if (!type_array_parse(array.s.ptr, array.s.len, call.arena, &elements, &count, &ndim, call.error))
        return false;
    for (size_t i = 0; i < count; i++) {
        Value row = elements[i].text ? value_text(elements[i].text, elements[i].len) : value_null(FDW_STRING);
        if (!emit(set, &row, 1))
            return true;
    }
    return true;
}

static bool string_to_table(FuncSetCall *set)
{
    return emit_elements(set, F_STRING_TO_ARRAY_TEXT_TEXT);
}

static bool regexp_split_to_table(FuncSetCall *set)
{
    return emit_elements(set, F_REGEXP_SPLIT_TO_ARRAY_TEXT_TEXT);
}

bool func_check_extension_name(const char *what, const char *of, const char *name, Error *error)
{
    size_t len = strlen(name);
    const char *detail = NULL;
    if (len == 0)
        detail = "must not be empty";
    else if (strstr(name, "--"))
        detail = "must not contain \"--\"";
    else if (name[0] == '-' || name[len - 1] == '-')
        detail = "must not begin or end with \"-\"";
    else if (strchr(name, '/'))
        detail = "must not contain directory separator characters";
    if (!detail)
        return true;
    error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid extension %s: \"%s\"", what, name);
    return error_detail(error, "%s names %s.", of, detail);
}

bool func_extension_missing(const char *name, Error *error)
{
    const char *control = arena_printf(error->arena, "/usr/share/postgresql/15/extension/%s.control", name);
    error_unsupported(error, "extension \"%s\" is not available", name);
    if (access(control, F_OK) != 0)
        error_detail(error, "Could not open extension control file \"%s\": %s.", control, strerror(errno));
    else
        error_detail(error, "There is no wrapper module \"%s\".", name);
    return error_hint(error, "The extension must first be installed on the system where PostgreSQL is running.");
}

static size_t extension_list(FuncSetCall *set, ExtensionRow **rows)
{
    const SessionServices *session = set->call.context->session;
    return session && session->extensions ? session->extensions(session->arg, set->call.arena, rows) : 0;
}

static bool available_extensions(FuncSetCall *set)
{
    ExtensionRow *rows;
    size_t count = extension_list(set, &rows);
    for (size_t i = 0; i < count; i++) {
        Value row[3] = {text_value(rows[i].name), text_value(rows[i].version), text_value(rows[i].comment)};
        if (rows[i].is_default && !emit(set, row, 3))
            return true;
    }
    return true;
}

static bool available_versions(FuncSetCall *set)
{
    ExtensionRow *rows;
    size_t count = extension_list(set, &rows);
    for (size_t i = 0; i < count; i++) {
        Value row[8] = {text_value(rows[i].name),       text_value(rows[i].version),        value_bool(true),
                        value_bool(rows[i].is_trusted), value_bool(rows[i].is_relocatable), text_value(rows[i].schema),
                        value_null(FDW_STRING),         text_value(rows[i].comment)};
        if (!emit(set, row, 8))
            return true;
    }
    return true;
}

/* From each version of an extension to each other; versions follow each other, none leads back. */
static bool extension_update_paths(FuncSetCall *set)
{
    ExtensionRow *rows;
    const char *name = arg_text(&set->call, 0);
    size_t count = extension_list(set, &rows), known = 0;
    if (!func_check_extension_name("name", "Extension", name, set->call.error))
        return false;
    while (known < count && !str_eq(rows[known].name, name))
        known++;
    if (known == count)
        return func_extension_missing(name, set->call.error);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++) {
            if (i == k || !str_eq(rows[i].name, name) || !str_eq(rows[k].name, name))
                continue;
            Str path;
            str_init(&path, set->call.arena);
            for (size_t at = i; at <= k; at++)
                str_addf(&path, "%s%s", at > i ? "--" : "", rows[at].version);
            Value row[3] = {text_value(rows[i].version), text_value(rows[k].version), text_value(i < k ? path.data : NULL)};
            if (!emit(set, row, 3))
                return true;
        }
    return true;
}

static const FuncSetRow ROWS[] = {
    {F_GENERATE_SERIES_TIMESTAMP_TIMESTAMP_INTERVAL, time_series},
    {F_GENERATE_SERIES_TIMESTAMPTZ_TIMESTAMPTZ_INTERVAL, time_series},
    {F_GENERATE_SERIES_NUMERIC_NUMERIC, numeric_series},
    {F_GENERATE_SERIES_NUMERIC_NUMERIC_NUMERIC, numeric_series},
    {F_GENERATE_SUBSCRIPTS_ANYARRAY_INT4, subscripts},
    {F_GENERATE_SUBSCRIPTS_ANYARRAY_INT4_BOOL, subscripts},
    {F_PG_EXPANDARRAY_ANYARRAY, expand_array},
    {F_STRING_TO_TABLE_TEXT_TEXT, string_to_table},
    {F_STRING_TO_TABLE_TEXT_TEXT_TEXT, string_to_table},
    {F_REGEXP_MATCHES_TEXT_TEXT, regex_each_match},
    {F_REGEXP_MATCHES_TEXT_TEXT_TEXT, regex_each_match},
    {F_REGEXP_SPLIT_TO_TABLE_TEXT_TEXT, regexp_split_to_table},
    {F_REGEXP_SPLIT_TO_TABLE_TEXT_TEXT_TEXT, regexp_split_to_table},
    {F_PG_OPTIONS_TO_TABLE_TEXT_ARRAY, options_to_table},
    {F_ACLEXPLODE_ACLITEM_ARRAY, acl_explode},
    {F_PG_GET_KEYWORDS, get_keywords},
    {F_PG_SHOW_ALL_SETTINGS, show_all_settings},
    {F_PG_STAT_GET_ACTIVITY_INT4, stat_get_activity},
    {F_PG_CURSOR, cursors},
    {F_PG_PREPARED_STATEMENT, prepared_statements},
    {F_PG_AVAILABLE_EXTENSIONS, available_extensions},
    {F_PG_AVAILABLE_EXTENSION_VERSIONS, available_versions},
    {F_PG_EXTENSION_UPDATE_PATHS_NAME, extension_update_paths},
    {F_PG_LISTENING_CHANNELS, no_rows},
    {F_PG_LOCK_STATUS, lock_status},
    {F_PG_PREPARED_XACT, no_rows},
    {F_PG_SHOW_ALL_FILE_SETTINGS, no_rows},
    {F_PG_HBA_FILE_RULES, no_rows},
};
const FuncSetTable FUNC_SETS = {ROWS, COUNT_OF(ROWS)};
