/*
 * evaluate.c - expressions over constants and parameters, computed without the engine.
 *
 * Invariants:
 *  1. plpgsql_can_evaluate has said yes before: evaluation meets no kind it does not know.
 *  2. Arms of CASE, COALESCE, AND and OR are computed only as far as PostgreSQL would.
 *  3. Values are canonical texts.
 */
#include <stdlib.h>

#include "plpgsql/frame.h"

/* ---- what can be computed ---- */

const Expr *plpgsql_plain_value(const Query *query)
{
    bool plain = query->kind == QUERY_SELECT && !query->nfrom && !query->where && !query->set_op && !query->nctes && !query->limit &&
                 !query->offset && !query->has_aggs && !query->has_sublinks && !query->having && !query->ngroup && !query->is_values &&
                 query->ntargets == 1;
    return plain ? query->targets[0].expr : NULL;
}

static Oid called_proc(const PlHost *host, const Expr *expr)
{
    if (expr->kind == EXPR_FUNC)
        return expr->oid;
    const CatOperator *operator= catalog_operator(host->catalog, expr->oid);
    return operator? operator->proc : OID_NONE;
}

/* text || anything and the other way round, which PostgreSQL has as functions in SQL. */
static bool concatenates(Oid proc, const Expr *expr)
{
    return (proc == F_TEXTANYCAT_TEXT_ANYNONARRAY || proc == F_ANYTEXTCAT_ANYNONARRAY_TEXT) && expr->nargs == 2;
}

static bool can_call(const PlHost *host, const Expr *expr)
{
    const CatProc *proc = catalog_proc(host->catalog, called_proc(host, expr));
    if (!proc || proc->kind != 'f' || proc->returns_set ||
        (proc->variadic == TYPE_ANY && !(expr->kind == EXPR_FUNC && expr->u.func.variadic)))
        return false;
    if (concatenates(proc->oid, expr))
        return true;
    for (int i = 0; i < expr->nargs && proc->oid < FIRST_USER_OID; i++)
        if (expr->args[i]->type == TYPE_RECORD || expr->args[i]->type == TYPE_RECORD_ARRAY)
            return false;
    return proc->oid >= FIRST_USER_OID ? host->call != NULL : func_find(proc->oid) != NULL;
}

static bool cannot_evaluate(const Expr *expr, void *arg)
{
    return !plpgsql_can_evaluate(arg, expr);
}

/* Records of different fields, each of which is to tell them itself. */
static bool is_mixed(const PlHost *host, const Expr *expr)
{
    bool is_record = expr->type == TYPE_RECORD || expr->type == TYPE_RECORD_ARRAY;
    Arena *arena = is_record ? arena_open(NULL) : NULL;
    bool mixed = is_record && !sql_record_fields(expr, NULL, host->catalog, arena);
    if (is_record)
        arena_close(arena);
    return mixed;
}

bool plpgsql_can_evaluate(const PlHost *host, const Expr *expr)
{
    switch (expr->kind) {
    case EXPR_CONST:
    case EXPR_PARAM:
    case EXPR_SQL_VALUE:
        return true;
    case EXPR_FUNC:
        if (expr->u.func.returns_set)
            return false;
        /* fall through */
    case EXPR_OP:
    case EXPR_DISTINCT:
    case EXPR_NULLIF:
    case EXPR_ANY_ALL:
        if (!can_call(host, expr))
            return false;
        break;
    case EXPR_ARRAY:
        if (expr->u.is_multi_dim || is_mixed(host, expr))
            return false;
        break;
    case EXPR_SUBSCRIPT:
        if (expr->u.subscript.is_slice || expr->args[0]->type == TYPE_JSONB)
            return false;
        break;
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
    case EXPR_BOOL_TEST:
    case EXPR_CASE:
    case EXPR_COALESCE:
    case EXPR_CAST_IO:
        if (is_mixed(host, expr))
            return false;
        break;
    case EXPR_RELABEL:
    case EXPR_COLLATE:
    case EXPR_ROW:
    case EXPR_CAST_DOMAIN:
    case EXPR_DOMAIN_VALUE:
    case EXPR_FIELD:
    case EXPR_IS_NULL:
    case EXPR_IS_NOT_NULL:
        break;
    default:
        return false;
    }
    return !expr_walk(expr, cannot_evaluate, (void *)(uintptr_t)host);
}

/* ---- calls ---- */

/* expr: the call. */
static bool call_proc(const PlEvaluation *evaluation, const Expr *expr, Oid result, const Oid *types, const char *const *args, int nargs,
                      const char **out, Error *error)
{
    const PlHost *host = evaluation->host;
    Oid oid = called_proc(host, expr);
    bool ascii = oid < FIRST_USER_OID && func_letters(oid) && expr_has_ascii_letters(host->catalog, expr);
    if (oid < FIRST_USER_OID)
        return (ascii ? func_fold_ascii : func_fold)(oid, host->functions, result, types, args, nargs, evaluation->arena, out, error);
    const CatProc *proc = catalog_proc(host->catalog, oid);
    *out = NULL;
    for (int i = 0; proc->strict && i < nargs; i++)
        if (!args[i])
            return true;
    return host->call(host->arg, oid, result, types, args, nargs, out, evaluation->arena, error);
}

/* What the expression gave, as the session shows it. */
static bool show(const PlEvaluation *evaluation, const Expr *expr, const char *value, const char **out, Error *error)
{
    const PlHost *host = evaluation->host;
    const char *fields = sql_record_fields(expr, NULL, host->catalog, evaluation->arena);
    *out = catalog_shown_text(host->catalog, expr->type, fields, value, host->functions->types, evaluation->arena, error);
    return *out != NULL;
}

static bool concatenate(const PlEvaluation *evaluation, const Expr *expr, const char *const *args, const char **out, Error *error)
{
    const char *texts[2];
    *out = NULL;
    if (!args[0] || !args[1])
        return true;
    for (int i = 0; i < 2; i++)
        if (!show(evaluation, expr->args[i], args[i], &texts[i], error))
            return false;
    *out = arena_printf(evaluation->arena, "%s%s", texts[0], texts[1]);
    return true;
}

static bool evaluate_call(const PlEvaluation *evaluation, const Expr *expr, const char **out, Error *error)
{
    Oid *types = ARENA_ARRAY(evaluation->arena, Oid, expr->nargs + 1);
    const char **args = ARENA_ARRAY(evaluation->arena, const char *, expr->nargs + 1);
    for (int i = 0; i < expr->nargs; i++) {
        types[i] = expr->args[i]->type;
        if (!plpgsql_evaluate(evaluation, expr->args[i], &args[i], error))
            return false;
        if (expr->kind == EXPR_FUNC && expr->oid >= FIRST_USER_OID)
            args[i] = catalog_with_fields(types[i], sql_record_fields(expr->args[i], NULL, evaluation->host->catalog, evaluation->arena),
                                          args[i], evaluation->arena);
    }
    if (concatenates(called_proc(evaluation->host, expr), expr))
        return concatenate(evaluation, expr, args, out, error);
    bool is_distinct = expr->kind == EXPR_DISTINCT, is_nullif = expr->kind == EXPR_NULLIF;
    if (is_distinct && (!args[0] || !args[1])) {
        *out = !args[0] == !args[1] ? "f" : "t";
        return true;
    }
    Oid result = expr->kind == EXPR_FUNC || expr->kind == EXPR_OP ? expr->type : TYPE_BOOL;
    if (!call_proc(evaluation, expr, result, types, args, expr->nargs, out, error))
        return false;
    if (is_distinct)
        *out = *out && **out == 't' ? "f" : "t";
    if (is_nullif)
        *out = *out && **out == 't' ? NULL : args[0];
    return true;
}

static bool evaluate_any_all(const PlEvaluation *evaluation, const Expr *expr, const char **out, Error *error)
{
    const char *left, *array, *found;
    ArrayElement *elements;
    size_t count;
    int ndim;
    Oid types[2] = {expr->args[0]->type, type_array_element(expr->args[1]->type)};
    bool saw_null = false;
    if (!plpgsql_evaluate(evaluation, expr->args[0], &left, error) || !plpgsql_evaluate(evaluation, expr->args[1], &array, error))
        return false;
    *out = NULL;
    if (!array)
        return true;
    if (!type_array_parse(array, strlen(array), evaluation->arena, &elements, &count, &ndim, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *args[2] = {left, elements[i].text ? arena_strndup(evaluation->arena, elements[i].text, elements[i].len) : NULL};
        if (!call_proc(evaluation, expr, TYPE_BOOL, types, args, 2, &found, error))
            return false;
        saw_null |= !found;
        if (found && (*found == 't') != expr->u.is_all) {
            *out = expr->u.is_all ? "f" : "t";
            return true;
        }
    }
    *out = saw_null ? NULL : expr->u.is_all ? "t" : "f";
    return true;
}

/* ---- the other kinds ---- */

static bool evaluate_and_or(const PlEvaluation *evaluation, const Expr *expr, const char **out, Error *error)
{
    char decides = expr->kind == EXPR_AND ? 'f' : 't';
    bool saw_null = false;
    for (int i = 0; i < expr->nargs; i++) {
        const char *value;
        if (!plpgsql_evaluate(evaluation, expr->args[i], &value, error))
            return false;
        if (value && *value == decides) {
            *out = decides == 'f' ? "f" : "t";
            return true;
        }
        saw_null |= !value;
    }
    *out = saw_null ? NULL : decides == 'f' ? "t" : "f";
    return true;
}

static bool evaluate_case(const PlEvaluation *evaluation, const Expr *expr, const char **out, Error *error)
{
    for (int i = 0; i + 1 < expr->nargs; i += 2) {
        const char *condition;
        if (!plpgsql_evaluate(evaluation, expr->args[i], &condition, error))
            return false;
        if (condition && *condition == 't')
            return plpgsql_evaluate(evaluation, expr->args[i + 1], out, error);
    }
    return plpgsql_evaluate(evaluation, expr->args[expr->nargs - 1], out, error);
}

static bool evaluate_bool_test(const PlEvaluation *evaluation, const Expr *expr, const char **out, Error *error)
{
    static const char WANTED[] = {[TEST_IS_TRUE] = 't',      [TEST_IS_NOT_TRUE] = 't', [TEST_IS_FALSE] = 'f',
                                  [TEST_IS_NOT_FALSE] = 'f', [TEST_IS_UNKNOWN] = 0,    [TEST_IS_NOT_UNKNOWN] = 0};
    const char *value;
    BoolTest test = expr->u.bool_test;
    if (!plpgsql_evaluate(evaluation, expr->args[0], &value, error))
        return false;
    bool same = (value ? *value : 0) == WANTED[test];
    bool negated = test == TEST_IS_NOT_TRUE || test == TEST_IS_NOT_FALSE || test == TEST_IS_NOT_UNKNOWN;
    *out = same != negated ? "t" : "f";
    return true;
}

/* Through the text form, as the session writes it. */
static bool evaluate_io_cast(const PlEvaluation *evaluation, const Expr *expr, const char **out, Error *error)
{
    const Expr *from = expr->args[0];
    const char *value, *text;
    if (!plpgsql_evaluate(evaluation, from, &value, error))
        return false;
    *out = NULL;
    return !value || (show(evaluation, from, value, &text, error) &&
                      plpgsql_cast(evaluation->host, text, TYPE_UNKNOWN, -1, expr->type, expr->typmod, evaluation->arena, out, error));
}

static bool evaluate_array(const PlEvaluation *evaluation, const Expr *expr, const char **out, Error *error)
{
    ArrayElement *elements = ARENA_ARRAY(evaluation->arena, ArrayElement, expr->nargs + 1);
    for (int i = 0; i < expr->nargs; i++) {
        if (!plpgsql_evaluate(evaluation, expr->args[i], &elements[i].text, error))
            return false;
        elements[i].len = elements[i].text ? strlen(elements[i].text) : 0;
    }
    Str text;
    str_init(&text, evaluation->arena);
    type_array_write(elements, (size_t)expr->nargs, &text);
    *out = text.data;
    return true;
}

static bool evaluate_row(const PlEvaluation *evaluation, const Expr *expr, const char **out, Error *error)
{
    const char **cells = ARENA_ARRAY(evaluation->arena, const char *, expr->nargs + 1);
    for (int i = 0; i < expr->nargs; i++)
        if (!plpgsql_evaluate(evaluation, expr->args[i], &cells[i], error))
            return false;
    *out = type_row_write(evaluation->arena, cells, expr->nargs);
    return true;
}

static bool evaluate_field(const PlEvaluation *evaluation, const Expr *expr, const char **out, Error *error)
{
    const char **cells, *row;
    int place = expr_field_place(evaluation->host->catalog, expr);
    if (!plpgsql_evaluate(evaluation, expr->args[0], &row, error))
        return false;
    int count = row ? type_row_read(row, evaluation->arena, &cells) : 0;
    *out = place <= count ? cells[place - 1] : NULL;
    return true;
}

/* A row is NULL when all its fields are, and NOT NULL when none is. */
static bool evaluate_null_test(const PlEvaluation *evaluation, const Expr *expr, const char **out, Error *error)
{
    const char **cells, *value;
    bool wants_null = expr->kind == EXPR_IS_NULL, holds;
    if (!plpgsql_evaluate(evaluation, expr->args[0], &value, error))
        return false;
    holds = (value == NULL) == wants_null;
    if (expr->u.row_wise && value) {
        holds = true;
        for (int i = type_row_read(value, evaluation->arena, &cells); i > 0; i--)
            holds &= (cells[i - 1] == NULL) == wants_null;
    }
    *out = holds ? "t" : "f";
    return true;
}

static bool evaluate_subscript(const PlEvaluation *evaluation, const Expr *expr, const char **out, Error *error)
{
    const char *array, *index;
    ArrayShape shape = {0};
    size_t at = 0;
    if (!plpgsql_evaluate(evaluation, expr->args[0], &array, error))
        return false;
    if (array && !type_array_read(array, strlen(array), ',', evaluation->arena, &shape, error))
        return false;
    bool inside = array && shape.count && shape.ndim == expr->nargs - 1;
    for (int i = 1; i < expr->nargs; i++) {
        if (!plpgsql_evaluate(evaluation, expr->args[i], &index, error))
            return false;
        long place = index && inside ? strtol(index, NULL, 10) - shape.lower[i - 1] : -1;
        inside = inside && place >= 0 && place < shape.dims[i - 1];
        at = inside ? at * (size_t)shape.dims[i - 1] + (size_t)place : 0;
    }
    bool found = inside && shape.elements[at].text;
    *out = found ? arena_strndup(evaluation->arena, shape.elements[at].text, shape.elements[at].len) : NULL;
    return true;
}

static bool check_domain(const PlEvaluation *evaluation, const Expr *expr, const char *value, Error *error)
{
    PlEvaluation inner = *evaluation;
    inner.domain_value = value;
    for (int i = 1; i < expr->nargs; i++) {
        const char *kept;
        if (!plpgsql_evaluate(&inner, expr->args[i], &kept, error))
            return false;
        if (kept && *kept == 'f')
            return func_domain_refuse(evaluation->host->catalog, expr->u.domain.domain, expr->u.domain.constraints[i - 1], error) ||
                   error_at(error, expr->u.domain.literal);
    }
    return true;
}

static bool evaluate_domain(const PlEvaluation *evaluation, const Expr *expr, const char **out, Error *error)
{
    ArrayElement *elements;
    size_t count;
    int ndim;
    if (!plpgsql_evaluate(evaluation, expr->args[0], out, error))
        return false;
    if (!expr->u.domain.elements)
        return check_domain(evaluation, expr, *out, error);
    if (!*out)
        return true;
    if (!type_array_parse(*out, strlen(*out), evaluation->arena, &elements, &count, &ndim, error))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *value = elements[i].text ? arena_strndup(evaluation->arena, elements[i].text, elements[i].len) : NULL;
        if (!check_domain(evaluation, expr, value, error))
            return false;
    }
    return true;
}

static bool evaluate_coalesce(const PlEvaluation *evaluation, const Expr *expr, const char **out, Error *error)
{
    *out = NULL;
    for (int i = 0; i < expr->nargs && !*out; i++)
        if (!plpgsql_evaluate(evaluation, expr->args[i], out, error))
            return false;
    return true;
}

bool plpgsql_evaluate(const PlEvaluation *evaluation, const Expr *expr, const char **out, Error *error)
{
    switch (expr->kind) {
    case EXPR_CONST:
        *out = expr->u.value;
        return true;
    case EXPR_PARAM:
        *out = evaluation->values[expr->u.param - 1];
        return true;
    case EXPR_DOMAIN_VALUE:
        *out = evaluation->domain_value;
        return true;
    case EXPR_SQL_VALUE:
        return sql_value_compute(expr, evaluation->host->functions, evaluation->arena, out, error);
    case EXPR_CAST_DOMAIN:
        return evaluate_domain(evaluation, expr, out, error);
    case EXPR_ANY_ALL:
        return evaluate_any_all(evaluation, expr, out, error);
    case EXPR_AND:
    case EXPR_OR:
        return evaluate_and_or(evaluation, expr, out, error);
    case EXPR_NOT:
        if (!plpgsql_evaluate(evaluation, expr->args[0], out, error))
            return false;
        *out = *out ? **out == 't' ? "f" : "t" : NULL;
        return true;
    case EXPR_IS_NULL:
    case EXPR_IS_NOT_NULL:
        return evaluate_null_test(evaluation, expr, out, error);
    case EXPR_FIELD:
        return evaluate_field(evaluation, expr, out, error);
    case EXPR_BOOL_TEST:
        return evaluate_bool_test(evaluation, expr, out, error);
    case EXPR_CASE:
        return evaluate_case(evaluation, expr, out, error);
    case EXPR_COALESCE:
        return evaluate_coalesce(evaluation, expr, out, error);
    case EXPR_RELABEL:
    case EXPR_COLLATE:
        return plpgsql_evaluate(evaluation, expr->args[0], out, error);
    case EXPR_CAST_IO:
        return evaluate_io_cast(evaluation, expr, out, error);
    case EXPR_ARRAY:
        return evaluate_array(evaluation, expr, out, error);
    case EXPR_ROW:
        return evaluate_row(evaluation, expr, out, error);
    case EXPR_SUBSCRIPT:
        return evaluate_subscript(evaluation, expr, out, error);
    default:
        return evaluate_call(evaluation, expr, out, error);
    }
}
