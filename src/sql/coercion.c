/*
 * coercion.c - gives an expression another type.
 *
 * Invariants:
 *  1. A literal of unknown type is not cast: its text is read by the target's input function, here and now, and an error points at the
 * literal.
 *  2. An explicit COLLATE on top stays on top: what is coerced is the expression below it.
 *  3. Where the type alone changes, the node is EXPR_RELABEL; a domain's constraints are an EXPR_CAST_DOMAIN of their own, outermost.
 */
#include "sql/analyze_int.h"

static Expr *const_copy(Scope *scope, const Expr *expr, Oid type, const char *value)
{
    Expr *result = expr_new(scope, EXPR_CONST, type, expr->location);
    result->location = expr->location;
    result->u.value = value;
    result->collation = type_collation(scope->an->catalog, type);
    return result;
}

static Expr *int_const(Scope *scope, int32_t value)
{
    Expr *result = expr_new(scope, EXPR_CONST, TYPE_INT4, -1);
    result->u.value = arena_printf(scope->an->arena, "%d", value);
    return result;
}

static Expr *bool_const(Scope *scope, bool value)
{
    Expr *result = expr_new(scope, EXPR_CONST, TYPE_BOOL, -1);
    result->u.value = value ? "t" : "f";
    return result;
}

static Expr *unary(Scope *scope, ExprKind kind, Oid type, int32_t typmod, Expr *arg, int location)
{
    Expr *result = expr_new(scope, kind, type, location);
    result->typmod = typmod;
    result->nargs = 1;
    result->args = ARENA_ARRAY(scope->an->arena, Expr *, 1);
    result->args[0] = arg;
    return result;
}

/* Length coercion functions take the value, the modifier and whether the cast is explicit, or fewer of them. */
static Expr *cast_call(Scope *scope, Expr *arg, Oid function, Oid type, int32_t typmod, CoercionContext context, FuncForm form,
                       int location)
{
    const CatProc *proc = catalog_proc(scope->an->catalog, function);
    int nargs = proc ? proc->nargs : 1;
    Expr *call = expr_new(scope, EXPR_FUNC, type, location);
    call->typmod = typmod;
    call->oid = function;
    call->u.func.form = form;
    call->args = ARENA_ARRAY(scope->an->arena, Expr *, 3);
    call->args[call->nargs++] = arg;
    if (nargs >= 2)
        call->args[call->nargs++] = int_const(scope, typmod);
    if (nargs >= 3)
        call->args[call->nargs++] = bool_const(scope, context == COERCE_EXPLICIT);
    return call;
}

static Expr *cast_array(Scope *scope, Expr *arg, Oid function, Oid type, int32_t typmod, CoercionContext context, int location)
{
    Catalog *catalog = scope->an->catalog;
    Oid element_function;
    Expr *cast = unary(scope, EXPR_CAST_ARRAY, type, typmod, arg, location);
    cast->oid = function;
    CoercionPath path = coercion_path(catalog, type_element(catalog, type),
                                      type_element(catalog, catalog_base_type(catalog, arg->type, NULL)), context, &element_function);
    cast->u.array_io = !function && path == PATH_IO;
    cast->u.array_explicit = context == COERCE_EXPLICIT;
    if (!function)
        cast->typmod = -1; /* only a function heeds it */
    return cast;
}

/* The cast itself, to a base type. typmod: what the functions that take one are told. */
static Expr *cast_by_path(Scope *scope, Expr *expr, CoercionPath path, Oid function, Oid type, int32_t typmod, CoercionContext context,
                          FuncForm form, int location)
{
    switch (path) {
    case PATH_FUNC: {
        const CatProc *proc = catalog_proc(scope->an->catalog, function);
        return cast_call(scope, expr, function, type, proc && proc->nargs > 1 ? typmod : -1, context, form, location);
    }
    case PATH_ARRAY:
        return cast_array(scope, expr, function, type, typmod, context, location);
    case PATH_IO:
        return unary(scope, EXPR_CAST_IO, type, -1, expr, location);
    default:
        return unary(scope, EXPR_RELABEL, type, -1, expr, location);
    }
}

/* The lengths of an array's elements, where these are of a domain. */
static Expr *to_element_typmod(Scope *scope, Expr *expr, Oid array, CoercionContext context)
{
    int32_t typmod = -1;
    Oid plain = domain_plain_array(scope->an->catalog, array);
    if (plain != array)
        catalog_base_type(scope->an->catalog, type_element(scope->an->catalog, array), &typmod);
    return typmod < 0 ? expr : coerce_typmod(scope, expr, plain, typmod, context, FUNC_IMPLICIT_CAST, -1);
}

static Expr *to_domain(Scope *scope, Expr *expr, Oid base, int32_t base_typmod, Oid domain, CoercionContext context, int location)
{
    if (domain == base)
        return domain_cast_elements(scope, expr, domain, location);
    if (base_typmod >= 0) /* without a place: it is not shown */
        expr = coerce_typmod(scope, expr, base, base_typmod, context, FUNC_IMPLICIT_CAST, -1);
    if (expr)
        expr = domain_cast_elements(scope, expr, base, location);
    return expr ? domain_cast(scope, expr, domain, location) : NULL;
}

/* What reading a literal has to say is said of its place. */
typedef struct LiteralNotices {
    const Notices *to;
    const Analyzer *an;
    int location;
} LiteralNotices;

static void emit_at_literal(void *arg, const Error *event)
{
    const LiteralNotices *of = arg;
    Error placed = *event;
    placed.query = of->an->variables ? of->an->text : NULL;
    *(placed.query ? &placed.query_position : &placed.position) = of->location + 1;
    of->to->emit(of->to->arg, &placed);
}

static bool read_at(Scope *scope, Oid type, int32_t typmod, int location, const char **value)
{
    Catalog *catalog = scope->an->catalog;
    LiteralNotices of = {catalog_notices(catalog), scope->an, location};
    const Notices placed = {.emit = emit_at_literal, .arg = &of};
    if (location < 0 || !of.to || scope->an->views || scope->an->stored)
        return literal_read(scope, type, typmod, value);
    catalog_set_notices(catalog, &placed);
    bool done = literal_read(scope, type, typmod, value);
    catalog_set_notices(catalog, of.to);
    return done;
}

Expr *coerce_literal(Scope *scope, Expr *expr, Oid target, int32_t typmod, CoercionContext context, int location)
{
    Analyzer *an = scope->an;
    Oid base = catalog_base_type(an->catalog, target, &typmod);
    const char *value = expr->u.value;
    if (value && type_is_row(an->catalog, base)) {
        Expr *row = literal_row(scope, expr, base);
        return row ? to_domain(scope, row, base, typmod, target, context, location) : NULL;
    }
    /* interval's modifier names fields, which the text alone may not: input needs to know it */
    int32_t input_typmod = base == TYPE_INTERVAL ? typmod : -1;
    if (value && !read_at(scope, base, input_typmod, expr->location, &value)) {
        analyze_at(an, expr->location);
        return NULL;
    }
    Expr *result = const_copy(scope, expr, base, value);
    result->typmod = input_typmod;
    return to_domain(scope, result, base, typmod, target, context, location);
}

/* A parameter whose type is open takes the first type that is asked of it. */
static bool coerce_param(Scope *scope, Expr *expr, Oid target)
{
    Analyzer *an = scope->an;
    Params *params = an->params;
    int index = expr->u.param - 1;
    Oid *known = &params->types[index];
    if (*known == OID_NONE || *known == TYPE_UNKNOWN) {
        *known = target;
    } else if (*known != target) {
        error_set(an->error, ERRCODE_AMBIGUOUS_PARAMETER, "inconsistent types deduced for parameter $%d", expr->u.param);
        error_detail(an->error, "%s versus %s", type_text(an, *known), type_text(an, target));
        return analyze_at(an, expr->location);
    }
    expr->type = target;
    expr->typmod = -1;
    expr->collation = type_collation(an->catalog, target);
    return true;
}

/* ROW(...) or a record to a named composite type: field by field where the fields are known. */
static Expr *row_to_composite(Scope *scope, Expr *expr, Oid target, CoercionContext context, FuncForm form, int location)
{
    Analyzer *an = scope->an;
    Oid base = catalog_base_type(an->catalog, target, NULL);
    const CatType *type = catalog_type(an->catalog, base);
    const CatRelation *relation = type ? catalog_relation(an->catalog, type->relation) : NULL;
    Expr *row = expr->kind == EXPR_ROW ? expr : NULL;
    if (!row || !relation) {
        error_set(an->error, ERRCODE_CANNOT_COERCE, "cannot cast type %s to %s", type_text(an, expr->type), type_text(an, target));
        analyze_at(an, location);
        return NULL;
    }
    Expr *result = expr_new(scope, EXPR_ROW, base, target == base ? location : -1);
    result->args = ARENA_ARRAY(an->arena, Expr *, relation->ncolumns + 1);
    int used = 0;
    for (int i = 0; i < relation->ncolumns; i++) {
        const CatColumn *column = &relation->columns[i];
        if (column->dropped)
            continue;
        Expr *field = used < row->nargs ? row->args[used] : NULL;
        Expr *cast = field ? coerce_to_target(scope, field, column->type, column->typmod, context, FUNC_IMPLICIT_CAST, -1) : NULL;
        if (!cast) {
            if (error_is_set(an->error))
                return NULL;
            error_set(an->error, ERRCODE_CANNOT_COERCE, "cannot cast type %s to %s", type_text(an, expr->type), type_text(an, target));
            if (field)
                error_detail(an->error, "Cannot cast type %s to %s in column %d.", type_text(an, field->type), type_text(an, column->type),
                             i + 1);
            else
                error_detail(an->error, "Input has too few columns.");
            analyze_at(an, location >= 0 ? location : expr_location(field ? field : expr));
            return NULL;
        }
        result->args[result->nargs++] = cast;
        used++;
    }
    if (used < row->nargs) {
        error_set(an->error, ERRCODE_CANNOT_COERCE, "cannot cast type %s to %s", type_text(an, expr->type), type_text(an, target));
        error_detail(an->error, "Input has too many columns.");
        analyze_at(an, location >= 0 ? location : expr_location(expr));
        return NULL;
    }
    return to_domain(scope, result, base, -1, target, context, location);
}

static Expr *coerce_below_collate(Scope *scope, Expr *expr, Oid target, int32_t typmod, CoercionContext context, FuncForm form,
                                  int location)
{
    Expr *below = coerce_type(scope, expr->args[0], target, typmod, context, form, location);
    if (!below || !type_collation(scope->an->catalog, target))
        return below;
    Expr *collate = unary(scope, EXPR_COLLATE, target, below->typmod, below, expr->location);
    collate->location = expr->location;
    collate->collation = expr->collation;
    return collate;
}

static Expr *coerce_by_path(Scope *scope, Expr *expr, Oid target, int32_t typmod, CoercionPath path, Oid function, CoercionContext context,
                            FuncForm form, int location)
{
    int32_t base_typmod = -1;
    Oid base = catalog_base_type(scope->an->catalog, target, &base_typmod);
    if (path != PATH_RELABEL) {
        Oid source = catalog_base_type(scope->an->catalog, expr->type, NULL);
        if (source != expr->type)
            expr = unary(scope, EXPR_RELABEL, source, -1, expr, -1);
        /* bit(int, n) and its like need the modifier for the conversion itself: it is not a length cut afterwards. */
        int32_t told = path == PATH_FUNC && target == base ? typmod : base_typmod;
        Oid plain = path == PATH_ARRAY ? domain_plain_array(scope->an->catalog, base) : base;
        bool shown = target == plain; /* a cast to a domain shows as one, whatever conversion comes first */
        Expr *cast = plain == source && path == PATH_ARRAY ? expr
                                                           : cast_by_path(scope, expr, path, function, plain, told, context,
                                                                          shown ? form : FUNC_IMPLICIT_CAST, shown ? location : -1);
        if (path == PATH_ARRAY && cast)
            cast = to_element_typmod(scope, cast, base, context);
        return to_domain(scope, cast, base, base_typmod, target, context, location);
    }
    if (target != base) {
        if (expr->type != base)
            expr = unary(scope, EXPR_RELABEL, base, -1, expr, -1);
        return to_domain(scope, expr, base, base_typmod, target, context, location);
    }
    return unary(scope, EXPR_RELABEL, target, -1, expr, location);
}

static bool takes_any(Oid target)
{
    return target == TYPE_ANY || target == TYPE_ANYELEMENT || target == TYPE_ANYNONARRAY || target == TYPE_ANYCOMPATIBLE ||
           target == TYPE_ANYCOMPATIBLENONARRAY;
}

/* A row of a table is one of those it inherits from. */
static bool inherits(Analyzer *an, Oid source, Oid target)
{
    static const char SQL[] = "WITH RECURSIVE up(o) AS (SELECT ?1 UNION SELECT inhparent FROM pg_inherits JOIN up ON inhrelid = o)"
                              " SELECT 1 FROM up WHERE o = ?2";
    const CatType *row = catalog_type(an->catalog, source), *above = catalog_type(an->catalog, target);
    const CatalogRows *rows = catalog_query(an->catalog, an->arena, an->error, SQL, "oo", row->relation, above->relation);
    return rows && rows->nrows;
}

static bool is_other_row(Analyzer *an, Oid source, Oid target)
{
    bool rows = source != TYPE_RECORD && target != TYPE_RECORD && type_is_row(an->catalog, source) && type_is_row(an->catalog, target);
    return rows && !inherits(an, source, target);
}

Expr *coerce_type(Scope *scope, Expr *expr, Oid target, int32_t typmod, CoercionContext context, FuncForm form, int location)
{
    Analyzer *an = scope->an;
    Oid source = expr->type, function;
    if (source == target || takes_any(target))
        return expr;
    if (sql_is_polymorphic(target) && source != TYPE_UNKNOWN) {
        Oid base = catalog_base_type(an->catalog, source, NULL);
        return base == source ? expr : unary(scope, EXPR_RELABEL, base, -1, expr, location);
    }
    if (source == TYPE_UNKNOWN && expr->kind == EXPR_CONST)
        return coerce_literal(scope, expr, target, typmod, context, location);
    if (source == TYPE_UNKNOWN && expr->kind == EXPR_PARAM && an->params->variable)
        return coerce_param(scope, expr, target) ? expr : NULL;
    if (expr->kind == EXPR_COLLATE)
        return coerce_below_collate(scope, expr, target, typmod, context, form, location);
    CoercionPath path = coercion_path(an->catalog, target, source, context, &function);
    if (path != PATH_NONE)
        return coerce_by_path(scope, expr, target, typmod, path, function, context, form, location);
    if (source == TYPE_RECORD && type_is_row(an->catalog, target))
        return row_to_composite(scope, expr, target, context, form, location);
    if (source == TYPE_UNKNOWN) /* an unknown that is no literal: a subquery's column */
        return unary(scope, EXPR_CAST_IO, target, -1, expr, location);
    if (!is_other_row(an, source, target))
        return unary(scope, EXPR_RELABEL, target, -1, expr, location);
    error_set(an->error, ERRCODE_INTERNAL_ERROR, "failed to find conversion function from %s to %s", type_text(an, source),
              type_text(an, target));
    return NULL;
}

/* The function pg_cast has from a type to itself; arrays have their element's. */
static Oid length_function(Catalog *catalog, Oid type, bool *is_array)
{
    Oid element = type_element(catalog, type);
    *is_array = element != OID_NONE;
    if (element)
        type = element;
    const CatCast *cast = catalog_cast(catalog, type, type);
    return cast ? cast->proc : OID_NONE;
}

Expr *coerce_typmod(Scope *scope, Expr *expr, Oid target, int32_t typmod, CoercionContext context, FuncForm form, int location)
{
    bool is_array;
    if (typmod == expr->typmod || (typmod < 0 && context != COERCE_EXPLICIT))
        return expr;
    if (typmod < 0) /* the modifier is taken off */
        return unary(scope, EXPR_RELABEL, target, -1, expr, location);
    Oid base = catalog_base_type(scope->an->catalog, target, NULL);
    Oid function = length_function(scope->an->catalog, base, &is_array);
    if (!function) {
        expr = unary(scope, EXPR_RELABEL, target, typmod, expr, location);
        return expr;
    }
    if (is_array)
        return cast_array(scope, expr, function, target, typmod, context, location);
    return cast_call(scope, expr, function, target, typmod, context, form, location);
}

Expr *coerce_to_target(Scope *scope, Expr *expr, Oid target, int32_t typmod, CoercionContext context, FuncForm form, int location)
{
    if (!can_coerce(scope->an->catalog, &expr->type, &target, 1, context))
        return NULL;
    Expr *collate = expr->kind == EXPR_COLLATE ? expr : NULL, *inner = expr;
    while (inner->kind == EXPR_COLLATE)
        inner = inner->args[0];
    Expr *result = coerce_type(scope, inner, target, typmod, context, form, location);
    /* When the type itself was already converted explicitly, the length coercion is only there implicitly. */
    if (result)
        result = coerce_typmod(scope, result, target, typmod, context,
                               result != inner && result->kind != EXPR_CONST ? FUNC_IMPLICIT_CAST : form, location);
    if (!result || !collate || !type_collation(scope->an->catalog, target))
        return result;
    Expr *outer = unary(scope, EXPR_COLLATE, result->type, result->typmod, result, collate->location);
    outer->location = collate->location;
    outer->collation = collate->collation;
    return outer;
}

static Expr *coerce_argument(Scope *scope, Expr *expr, Oid target, const char *construct)
{
    Analyzer *an = scope->an;
    if (expr->type != target) {
        Expr *result = coerce_to_target(scope, expr, target, -1, COERCE_ASSIGNMENT, FUNC_IMPLICIT_CAST, -1);
        if (!result) {
            if (!error_is_set(an->error)) {
                error_set(an->error, ERRCODE_DATATYPE_MISMATCH, "argument of %s must be type %s, not type %s", construct,
                          type_text(an, target), type_text(an, expr->type));
                analyze_at(an, expr_location(expr));
            }
            return NULL;
        }
        expr = result;
    }
    if (expr_returns_set(expr)) {
        error_set(an->error, ERRCODE_DATATYPE_MISMATCH, "argument of %s must not return a set", construct);
        analyze_at(an, expr_location(expr));
        return NULL;
    }
    return expr;
}

Expr *coerce_to_boolean(Scope *scope, Expr *expr, const char *construct)
{
    return coerce_argument(scope, expr, TYPE_BOOL, construct);
}

Expr *coerce_to_specific(Scope *scope, Expr *expr, Oid target, const char *construct)
{
    return coerce_argument(scope, expr, target, construct);
}

Expr *coerce_to_common(Scope *scope, Expr *expr, Oid target, const char *construct)
{
    Analyzer *an = scope->an;
    if (expr->type == target)
        return expr;
    if (can_coerce(an->catalog, &expr->type, &target, 1, COERCE_IMPLICIT))
        return coerce_type(scope, expr, target, -1, COERCE_IMPLICIT, FUNC_IMPLICIT_CAST, -1);
    error_set(an->error, ERRCODE_CANNOT_COERCE, "%s could not convert type %s to %s", construct, type_text(an, expr->type),
              type_text(an, target));
    analyze_at(an, expr_location(expr));
    return NULL;
}
