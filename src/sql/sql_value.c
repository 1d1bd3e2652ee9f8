/*
 * sql_value.c - SQL's value functions (CURRENT_USER, CURRENT_DATE, ...): calls of built-in functions by another name. Any thread.
 */
#include "func/func.h"
#include "func/proc_oids.h"
#include "sql/sql.h"

/* `then` converts what `proc` gave. */
static const struct SqlValueCall {
    SqlValue which;
    Oid proc, type, then;
} SQL_VALUES[] = {
    {SQL_CURRENT_DATE, F_NOW, TYPE_TIMESTAMPTZ, F_DATE_TIMESTAMPTZ},
    {SQL_CURRENT_TIME, F_NOW, TYPE_TIMESTAMPTZ, F_TIMETZ_TIMESTAMPTZ},
    {SQL_CURRENT_TIMESTAMP, F_NOW, TYPE_TIMESTAMPTZ, OID_NONE},
    {SQL_LOCALTIME, F_NOW, TYPE_TIMESTAMPTZ, F_TIME_TIMESTAMPTZ},
    {SQL_LOCALTIMESTAMP, F_NOW, TYPE_TIMESTAMPTZ, F_TIMESTAMP_TIMESTAMPTZ},
    {SQL_CURRENT_ROLE, F_CURRENT_USER, TYPE_NAME, OID_NONE},
    {SQL_CURRENT_USER, F_CURRENT_USER, TYPE_NAME, OID_NONE},
    {SQL_USER, F_CURRENT_USER, TYPE_NAME, OID_NONE},
    {SQL_SESSION_USER, F_SESSION_USER, TYPE_NAME, OID_NONE},
    {SQL_CURRENT_CATALOG, F_CURRENT_DATABASE, TYPE_NAME, OID_NONE},
    {SQL_CURRENT_SCHEMA, F_CURRENT_SCHEMA, TYPE_NAME, OID_NONE},
};

static const struct SqlValueCall *find(const Expr *expr)
{
    for (size_t i = 0; i < COUNT_OF(SQL_VALUES); i++)
        if (SQL_VALUES[i].which == expr->u.sql_value.which)
            return &SQL_VALUES[i];
    return NULL;
}

bool sql_value_is_of_time(const Expr *expr)
{
    return find(expr)->proc == F_NOW;
}

bool sql_value_compute(const Expr *expr, const FuncContext *functions, Arena *arena, const char **out, Error *error)
{
    const struct SqlValueCall *call = find(expr);
    return func_fold(call->proc, functions, call->type, NULL, NULL, 0, arena, out, error) &&
           (!call->then || func_fold(call->then, functions, expr->type, &call->type, out, 1, arena, out, error)) &&
           (!*out || expr->typmod < 0 || type_canonical(expr->type, expr->typmod, *out, &TYPE_CONTEXT_CANONICAL, arena, out, error));
}
