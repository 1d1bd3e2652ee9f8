/*
 * collate.c - which collation each expression has (PostgreSQL manual, section 24.2).
 *
 * Invariants:
 *  1. Bottom-up: an explicit COLLATE wins; of implicit ones a non-default wins over the default; two different non-default ones are a
 *     conflict, which is an error only where a collation is needed.
 *  2. Two different explicit collations that meet are an error at once (42P21).
 */
#include "sql/analyze_int.h"

typedef enum Strength { NONE, IMPLICIT, CONFLICT, EXPLICIT } Strength;

typedef struct State {
    Oid collation;
    Strength strength;
    int location;
    Oid other; /* CONFLICT: the second one */
    int other_location;
} State;

static const char *collation_name(Analyzer *an, Oid oid)
{
    const CatCollation *found = catalog_collation(an->catalog, oid);
    return found ? found->name : "???";
}

static bool merge(Analyzer *an, State *into, const State *from)
{
    if (from->strength > into->strength) {
        *into = *from;
        return true;
    }
    if (from->strength < into->strength || from->strength == NONE || from->collation == into->collation || from->strength == CONFLICT)
        return true;
    if (from->strength == EXPLICIT) {
        error_set(an->error, ERRCODE_COLLATION_MISMATCH, "collation mismatch between explicit collations \"%s\" and \"%s\"",
                  collation_name(an, into->collation), collation_name(an, from->collation));
        return analyze_at(an, from->location);
    }
    if (into->collation == COLLATION_DEFAULT) {
        *into = *from;
    } else if (from->collation != COLLATION_DEFAULT) {
        into->strength = CONFLICT;
        into->other = from->collation;
        into->other_location = from->location;
    }
    return true;
}

static bool derive(Analyzer *an, Expr *expr, State *out);

static bool derive_all(Analyzer *an, Expr *const *exprs, int count, State *out)
{
    for (int i = 0; i < count; i++) {
        State state = {0};
        if (exprs[i] && (!derive(an, exprs[i], &state) || !merge(an, out, &state)))
            return false;
    }
    return true;
}

/* Each on its own: they do not influence each other, nor the whole. */
static bool derive_apart(Analyzer *an, Expr *const *exprs, int count)
{
    for (int i = 0; i < count; i++) {
        State state = {0};
        if (exprs[i] && !derive(an, exprs[i], &state))
            return false;
    }
    return true;
}

static bool derive_case(Analyzer *an, Expr *expr, State *out)
{
    for (int i = 0; i + 1 < expr->nargs; i += 2)
        if (!derive_apart(an, &expr->args[i], 1) || !derive_all(an, &expr->args[i + 1], 1, out))
            return false;
    return derive_all(an, &expr->args[expr->nargs - 1], 1, out);
}

static State of_itself(const Expr *expr)
{
    return (State){.collation = expr->collation, .strength = expr->collation ? IMPLICIT : NONE, .location = expr->location};
}

/* An operand that could have a collation and has none that is known: two met here or, a column, in the query below. */
static bool is_undetermined(Analyzer *an, Expr *const *exprs, int count, const State *met)
{
    if (met->strength != NONE)
        return met->strength == CONFLICT;
    for (int i = 0; i < count; i++)
        if (exprs[i] && type_collation(an->catalog, exprs[i]->type))
            return true;
    return false;
}

/* Kept for when it is going to run: collate_use.c. */
static void note_use(Analyzer *an, const char *use)
{
    if (!an->undetermined)
        an->undetermined = use;
}

/* operands: what they meet in. */
static void note_needed(Analyzer *an, const Expr *expr, const State *operands)
{
    int count = expr->kind == EXPR_AGG ? expr->nargs - expr->u.agg.njunk : expr->nargs;
    const char *use = is_undetermined(an, expr->args, count, operands) ? collate_use(an, expr) : NULL;
    if (use)
        note_use(an, use);
}

/* x IN (query): what is compared with each of its columns. Equality is looked for among hashes. */
static bool check_sublink(Analyzer *an, const Expr *expr)
{
    const Query *query = expr->u.sublink.query;
    for (int i = 0, column = 0; i < query->ntargets && column < expr->nargs && column < expr->u.sublink.nops; i++) {
        if (query->targets[i].junk)
            continue;
        Expr *operand = expr->args[column];
        const CatOperator *op = catalog_operator(an->catalog, expr->u.sublink.ops[column++]);
        State state = {0}, other = of_itself(query->targets[i].expr);
        if (!op || !type_collation(an->catalog, op->left))
            continue;
        if (!derive(an, operand, &state) || !merge(an, &state, &other))
            return false;
        if (is_undetermined(an, &operand, 1, &state))
            note_use(an, collate_grouping_use(str_eq(op->name, "=")));
    }
    return true;
}

/* How rows are brought together: in their order, or those that are alike; these by their hash where nothing orders them. */
typedef enum Grouping { SORTED, SORTED_ALIKE, HASHED } Grouping;

static bool check_pair(Analyzer *an, Expr *expr, Expr *beside, Grouping grouping);
static bool check_target(Analyzer *an, Expr *expr, Grouping grouping);

static bool derive_aggregate(Analyzer *an, Expr *expr, State *out)
{
    bool ranks = expr->u.agg.kind == 'h'; /* its direct arguments among the rows */
    for (int i = 0; i < expr->u.agg.norder; i++)
        if (!check_pair(an, expr->args[expr->u.agg.order[i].target], ranks && i < expr->u.agg.ndirect ? expr->u.agg.direct_args[i] : NULL,
                        SORTED))
            return false;
    int real = expr->nargs - expr->u.agg.njunk;
    for (int i = 0; expr->u.agg.distinct && i < real; i++)
        if (!check_target(an, expr->args[i], SORTED_ALIKE))
            return false;
    if (expr->u.agg.kind != 'n' && expr->nargs > 1)
        return derive_apart(an, expr->u.agg.direct_args, expr->u.agg.ndirect) && derive_apart(an, expr->args, expr->nargs) &&
               (!expr->u.agg.filter || derive_apart(an, &expr->u.agg.filter, 1));
    return derive_all(an, expr->args, real, out) && derive_apart(an, expr->args + real, expr->u.agg.njunk) &&
           derive_apart(an, expr->u.agg.direct_args, expr->u.agg.ndirect) &&
           (!expr->u.agg.filter || derive_apart(an, &expr->u.agg.filter, 1));
}

static bool derive_children(Analyzer *an, Expr *expr, State *out)
{
    switch (expr->kind) {
    case EXPR_CASE:
        return derive_case(an, expr, out);
    case EXPR_AGG:
        return derive_aggregate(an, expr, out);
    case EXPR_WINDOW:
        return derive_all(an, expr->args, expr->nargs, out) && (!expr->u.window.filter || derive_apart(an, &expr->u.window.filter, 1));
    case EXPR_ROW:
    case EXPR_SET_PART:
    case EXPR_GROUPING:
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_NOT:
        return derive_apart(an, expr->args, expr->nargs);
    case EXPR_ROW_COMPARE:
        for (int i = 0; i < expr->nargs / 2; i++) {
            Expr *pair[2] = {expr->args[i], expr->args[expr->nargs / 2 + i]};
            State state = {0};
            if (!derive_all(an, pair, 2, &state))
                return false;
            if (is_undetermined(an, pair, 2, &state))
                note_use(an, collate_use(an, expr));
        }
        return true;
    case EXPR_SUBSCRIPT:
        return derive_all(an, expr->args, 1, out) && derive_apart(an, expr->args + 1, expr->nargs - 1);
    case EXPR_SUBLINK:
        return derive_apart(an, expr->args, expr->nargs);
    case EXPR_CAST_DOMAIN:
        return derive_all(an, expr->args, 1, out);
    case EXPR_DOMAIN_VALUE:
        return true;
    default:
        return derive_all(an, expr->args, expr->nargs, out);
    }
}

/* Whether an expression's collation is that of its operands. */
static bool takes_from_operands(const Expr *expr)
{
    return expr->kind != EXPR_FIELD && expr->kind != EXPR_SUBLINK && expr->kind != EXPR_CAST_DOMAIN && expr->kind != EXPR_SQL_VALUE &&
           expr->kind != EXPR_SET_PART;
}

/* ---- collations of users whose rules are not known here ---- */

/* Whether values in this collation can be compared here: for their order, or for being equal only. */
static bool is_known(Analyzer *an, Oid collation, bool equality)
{
    const CatCollation *found = collation < FIRST_USER_OID ? NULL : catalog_collation(an->catalog, collation);
    return !found || found->by_bytes || (equality && found->deterministic);
}

static bool refuse_collation(Analyzer *an, Oid collation, int location)
{
    error_unsupported(an->error, "collation \"%s\" is not supported by the local engine", collation_name(an, collation));
    return analyze_at(an, location);
}

/* Functions whose results do not depend on how texts compare, nor on which letters are one another's upper case. */
static bool is_indifferent(const char *name)
{
    static const char *const NAMES[] = {"length",
                                        "char_length",
                                        "character_length",
                                        "octet_length",
                                        "bit_length",
                                        "substr",
                                        "substring",
                                        "left",
                                        "right",
                                        "concat",
                                        "concat_ws",
                                        "textcat",
                                        "md5",
                                        "quote_ident",
                                        "quote_literal",
                                        "quote_nullable",
                                        "lpad",
                                        "rpad",
                                        "btrim",
                                        "ltrim",
                                        "rtrim",
                                        "reverse",
                                        "repeat",
                                        "ascii",
                                        "overlay",
                                        "count",
                                        "string_agg",
                                        "array_agg",
                                        "json_agg",
                                        "jsonb_agg",
                                        "texteq",
                                        "textne",
                                        "lag",
                                        "lead",
                                        "first_value",
                                        "last_value",
                                        "nth_value",
                                        "pg_typeof",
                                        "pg_collation_for",
                                        "to_json",
                                        "to_jsonb",
                                        "encode",
                                        "bpchar",
                                        "varchar",
                                        "text",
                                        "name",
                                        "format",
                                        "rank",
                                        "row_number",
                                        "dense_rank"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if (str_eq(NAMES[i], name))
            return true;
    return false;
}

static bool uses_equality(const char *operator)
{
    return str_eq(operator, "=") || str_eq(operator, "<>");
}

/* input: the collation its operands give. */
static bool check_known(Analyzer *an, const Expr *expr, Oid input)
{
    if (input < FIRST_USER_OID || is_known(an, input, false))
        return true;
    const CatOperator *operator= NULL;
    const CatProc *proc = NULL;
    switch (expr->kind) {
    case EXPR_OP:
    case EXPR_DISTINCT:
    case EXPR_NULLIF:
    case EXPR_ANY_ALL:
        operator= catalog_operator(an->catalog, expr->oid);
        if (operator&&(str_eq(operator->name, "||") || (uses_equality(operator->name) && is_known(an, input, true))))
            return true;
        break;
    case EXPR_FUNC:
    case EXPR_AGG:
    case EXPR_WINDOW:
        proc = catalog_proc(an->catalog, expr->oid);
        if (proc && is_indifferent(proc->name) && !(expr->kind == EXPR_AGG && (expr->u.agg.norder || expr->u.agg.distinct)))
            return true;
        break;
    case EXPR_GREATEST:
    case EXPR_LEAST:
    case EXPR_ROW_COMPARE:
        break;
    default:
        return true;
    }
    return refuse_collation(an, input, expr_location(expr));
}

static bool derive(Analyzer *an, Expr *expr, State *out)
{
    State below = {0};
    if (expr->kind == EXPR_VAR || expr->kind == EXPR_CONST || expr->kind == EXPR_PARAM) {
        *out = of_itself(expr);
        return true;
    }
    if (!analyze_enter(an))
        return false;
    bool ok = derive_children(an, expr, &below);
    analyze_leave(an);
    if (!ok || (expr->kind == EXPR_SUBLINK && !check_sublink(an, expr)))
        return false;
    if (expr->kind != EXPR_ROW_COMPARE)
        note_needed(an, expr, &below);
    for (int i = 0; expr->kind == EXPR_SUBLINK && i < expr->nargs; i++)
        if (!is_known(an, expr->args[i]->collation, expr->u.sublink.is_in))
            return refuse_collation(an, expr->args[i]->collation, expr_location(expr));
    if (!check_known(an, expr, below.collation))
        return false;
    if (expr->kind == EXPR_COLLATE) {
        *out = (State){.collation = expr->collation, .strength = EXPLICIT, .location = expr->location};
        return true;
    }
    Oid own = type_collation(an->catalog, expr->type);
    if (!own) {
        expr->collation = OID_NONE;
        *out = (State){0};
        return true;
    }
    if (!takes_from_operands(expr)) {
        *out = of_itself(expr);
        return true;
    }
    if (below.strength == NONE) { /* operands without collation: the type's own */
        expr->collation = own;
        *out = (State){.collation = own, .strength = IMPLICIT, .location = expr_location(expr)};
        return true;
    }
    expr->collation = below.strength == CONFLICT ? OID_NONE : below.collation;
    *out = below;
    out->location = below.strength == EXPLICIT ? below.location : expr_location(expr);
    return true;
}

bool assign_collation(Analyzer *an, Expr *expr)
{
    State state = {0};
    return derive(an, expr, &state);
}

static bool refuse_mismatch(Analyzer *an, const State *state)
{
    error_set(an->error, ERRCODE_COLLATION_MISMATCH, "collation mismatch between implicit collations \"%s\" and \"%s\"",
              collation_name(an, state->collation), collation_name(an, state->other));
    error_hint(an->error, "You can choose the collation by applying the COLLATE clause to one or both expressions.");
    return analyze_at(an, state->other_location);
}

bool common_collation(Analyzer *an, Expr *const *exprs, int count, bool none_ok, Oid *out)
{
    State state = {0};
    *out = OID_NONE;
    if (!derive_all(an, exprs, count, &state))
        return false;
    if (state.strength != CONFLICT) {
        *out = state.collation;
        return true;
    }
    if (none_ok)
        return true;
    return refuse_mismatch(an, &state);
}

static bool assign_visited(const Expr *expr, void *arg)
{
    return !assign_collation(arg, (Expr *)expr); /* analysis owns the tree it visits */
}

/* What rows are sorted or grouped by has one collation, which is known here. beside: what it is compared with; NULL: itself. */
static bool check_pair(Analyzer *an, Expr *expr, Expr *beside, Grouping grouping)
{
    Expr *pair[2] = {expr, beside};
    State state = {0};
    if (!derive_all(an, pair, 2, &state))
        return false;
    if (state.strength == CONFLICT)
        return refuse_mismatch(an, &state);
    if (is_undetermined(an, pair, 2, &state))
        note_use(an, collate_grouping_use(grouping == HASHED));
    return is_known(an, expr->collation, grouping != SORTED) || refuse_collation(an, expr->collation, expr_location(expr));
}

static bool check_target(Analyzer *an, Expr *expr, Grouping grouping)
{
    return check_pair(an, expr, NULL, grouping);
}

static bool check_window(Analyzer *an, const Window *window)
{
    for (int i = 0; i < window->npartition; i++)
        if (!check_target(an, window->partition[i], SORTED_ALIKE))
            return false;
    for (int i = 0; i < window->norder; i++)
        if (!check_target(an, window->order[i], SORTED))
            return false;
    return true;
}

/* A query's rows of which one of those that are alike is kept, all columns told apart. */
static bool is_distinct(const Query *query)
{
    if (query->set_op)
        return query->set_op != SETOP_UNION || !query->set_all;
    return query->distinct && !query->distinct_on;
}

static bool check_sorts(Analyzer *an, const Query *query)
{
    for (int i = 0; i < query->norder; i++)
        if (!check_target(an, query->targets[query->order[i].target].expr, SORTED))
            return false;
    for (int i = 0; i < query->ngroup; i++)
        if (!check_target(an, query->targets[query->group[i]].expr, HASHED))
            return false;
    for (int i = 0; i < query->ndistinct_on; i++)
        if (!check_target(an, query->targets[query->distinct_on[i].target].expr, SORTED_ALIKE))
            return false;
    for (int i = 0; is_distinct(query) && i < query->ntargets; i++)
        if (!check_target(an, query->targets[i].expr, HASHED))
            return false;
    for (int i = 0; i < query->nwindows; i++)
        if (!check_window(an, &query->windows[i]))
            return false;
    return true;
}

bool assign_query_collations(Analyzer *an, Query *query)
{
    return !query_walk_exprs(query, assign_visited, an) && check_sorts(an, query);
}
