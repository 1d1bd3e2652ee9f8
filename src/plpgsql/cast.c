/*
 * cast.c - a value of one type as one of another, as an assignment does it: by the cast there is, or through the text form.
 *
 * Invariants:
 *  1. A value becomes one of a domain, or an array of one, by way of the base type; a NULL too is asked whether the domain takes it.
 *  2. What expressions without the engine cannot compute is asked of the session as a query.
 */
#include "plpgsql/frame.h"

typedef struct Cast {
    const PlHost *host;
    Arena *arena;
    Error *error;
} Cast;

/* Rows, and arrays of them, become others by their text alone. */
static bool is_made_of_rows(Catalog *catalog, Oid type)
{
    const CatType *known = catalog_type(catalog, type);
    return type == TYPE_RECORD || type == TYPE_RECORD_ARRAY ||
           (known && (known->kind == 'c' || (known->category == 'A' && !type_is_builtin(type))));
}

/* A text as the type reads it; of what is not built in, the catalog knows: labels of enums, rows, arrays of them. */
static bool read_text(const Cast *cast, const char *value, Oid to, int32_t to_typmod, const char **out)
{
    if (type_is_builtin(to))
        return type_canonical(to, to_typmod, value, cast->host->functions->types, cast->arena, out, cast->error);
    AnalyzeContext context = {.catalog = cast->host->catalog, .functions = cast->host->functions, .text = ""};
    Expr *expr = sql_coerce(expr_const(cast->arena, TYPE_UNKNOWN, -1, value), to, to_typmod, &context, cast->arena, cast->error);
    PlEvaluation evaluation = {.host = cast->host, .arena = cast->arena};
    if (!expr)
        return error_is_set(cast->error) ? false : error_set(cast->error, ERRCODE_INTERNAL_ERROR, "a text that is no literal");
    if (expr->kind != EXPR_CONST)
        return plpgsql_evaluate(&evaluation, expr, out, cast->error);
    *out = expr->u.value;
    return true;
}

static bool cast_by_text(const Cast *cast, const char *value, Oid from, Oid to, int32_t to_typmod, const char **out)
{
    const PlHost *host = cast->host;
    const char *text = catalog_shown_text(host->catalog, from, NULL, value, host->functions->types, cast->arena, cast->error);
    return text && read_text(cast, text, to, to_typmod, out);
}

/* ---- domains ---- */

/* The type whose values a domain, or an array of domains, is made of; others are their own. */
static Oid plain_type(Catalog *catalog, Oid oid, int32_t *typmod)
{
    Oid base = catalog_base_type(catalog, oid, typmod);
    const CatType *type = catalog_type(catalog, base);
    const CatType *element = type && type->category == 'A' ? catalog_type(catalog, type->element) : NULL;
    if (!element || element->kind != 'd')
        return base;
    const CatType *plain = catalog_type(catalog, catalog_base_type(catalog, element->oid, typmod));
    return plain && plain->array ? plain->array : base;
}

static bool take_cell(void *arg, const char *const *cells, Error *error)
{
    const char **out = ((void **)arg)[0];
    *out = arena_strdup(((void **)arg)[1], cells[0]);
    return true;
}

static bool ignore_columns(void *arg, const PlColumn *columns, int ncolumns, Error *error)
{
    return true;
}

static const char *const *no_values(void *arg, const Oid **types, int *count)
{
    *types = NULL;
    *count = 0;
    return NULL;
}

/* SELECT CAST('value' AS domain). */
static bool ask_session(const Cast *cast, const char *value, Oid plain, Oid to, const char **out)
{
    Catalog *catalog = cast->host->catalog;
    ParsedText parsed;
    void *place[2] = {out, cast->arena};
    PlSink sink = {.arg = place, .columns = ignore_columns, .row = take_cell};
    uint64_t count;
    bool is_query;
    const char *text =
        arena_printf(cast->arena, "SELECT CAST(CAST(%s AS %s) AS %s)", value ? catalog_quote_literal(value, cast->arena) : "NULL",
                     catalog_format_type(catalog, plain, -1, cast->arena), catalog_format_type(catalog, to, -1, cast->arena));
    if (!sql_parse(text, cast->arena, &parsed, cast->error))
        return false;
    PlSql sql = {.node = parsed.items[0].node, .text = text, .values = no_values};
    return cast->host->execute(cast->host->arg, &sql, &sink, &count, &is_query, cast->arena, cast->error);
}

static bool check(const Cast *cast, const char *value, Oid plain, Oid to, const char **out)
{
    const PlHost *host = cast->host;
    AnalyzeContext context = {.catalog = host->catalog, .functions = host->functions, .text = ""};
    Expr *expr = sql_coerce(expr_const(cast->arena, plain, -1, value), to, -1, &context, cast->arena, cast->error);
    PlEvaluation evaluation = {.host = host, .arena = cast->arena};
    if (!expr)
        return error_is_set(cast->error) ? false : error_set(cast->error, ERRCODE_INTERNAL_ERROR, "no cast to a domain from its base");
    return plpgsql_can_evaluate(host, expr) ? plpgsql_evaluate(&evaluation, expr, out, cast->error)
                                            : ask_session(cast, value, plain, to, out);
}

/* ---- any type ---- */

static bool cast_plain(const Cast *cast, const char *value, Oid from, int32_t from_typmod, Oid to, int32_t to_typmod, const char **out)
{
    const PlHost *host = cast->host;
    *out = value;
    if (!value || (from == to && (to_typmod == -1 || to_typmod == from_typmod)))
        return true;
    if (from == TYPE_UNKNOWN || (from == TYPE_TEXT && to != TYPE_VARCHAR && to != TYPE_BPCHAR))
        return read_text(cast, value, to, to_typmod, out);
    if (to == TYPE_TEXT && is_made_of_rows(host->catalog, from))
        return cast_by_text(cast, value, from, to, to_typmod, out);
    AnalyzeContext context = {.catalog = host->catalog, .functions = host->functions, .text = ""};
    Expr *expr = sql_coerce(expr_const(cast->arena, from, from_typmod, value), to, to_typmod, &context, cast->arena, cast->error);
    if (!expr && error_is_set(cast->error))
        return false;
    PlEvaluation evaluation = {.host = host, .arena = cast->arena};
    if (expr && plpgsql_can_evaluate(host, expr))
        return plpgsql_evaluate(&evaluation, expr, out, cast->error);
    return cast_by_text(cast, value, from, to, to_typmod, out);
}

bool plpgsql_cast(const PlHost *host, const char *value, Oid from, int32_t from_typmod, Oid to, int32_t to_typmod, Arena *arena,
                  const char **out, Error *error)
{
    Cast cast = {host, arena, error};
    *out = value;
    if (to == OID_NONE || (from == to && (to_typmod == -1 || to_typmod == from_typmod)))
        return true;
    if (type_is_builtin(to) && type_is_builtin(from))
        return cast_plain(&cast, value, from, from_typmod, to, to_typmod, out);
    int32_t typmod = to_typmod, ignored = -1;
    Oid plain = plain_type(host->catalog, to, &typmod), source = plain_type(host->catalog, from, &ignored);
    if (!cast_plain(&cast, value, source, from == source ? from_typmod : -1, plain, typmod, &value))
        return false;
    *out = value;
    return plain == to || check(&cast, value, plain, to, out);
}
