/*
 * domain.c - what a domain asks of its values (PostgreSQL manual, CREATE DOMAIN), as conditions of the cast that makes them.
 *
 * Invariants:
 *  1. NOT NULL of any domain in the chain comes first, then the CHECKs of the innermost domain, by name, and so outward.
 *  2. The conditions of a domain are analysed once a statement and shared by its casts: nothing in them depends on where they stand.
 *  3. Values that are read (of columns, of results) are taken as they are: only casts check.
 */
#include "sql/analyze_int.h"

enum { MAX_CHAIN = 64 };

typedef struct DomainRules {
    Expr **conditions;
    const char **constraints;
    int count;
} DomainRules;

/* ---- the conditions of one domain ---- */

static bool is_value(const Expr *expr, void *arg)
{
    if (expr->kind == EXPR_VAR) {
        Expr *value = (Expr *)(uintptr_t)expr; /* the tree was made for the rule */
        value->kind = EXPR_DOMAIN_VALUE;
        value->typmod = -1;
        return false;
    }
    return expr_walk(expr, is_value, arg);
}

static Expr *read_check(Analyzer *an, const CatType *domain, const char *text)
{
    const CatColumn column = {.number = 1, .name = "value", .type = domain->base, .typmod = domain->typmod, .collation = domain->collation};
    CatRelation *relation = ARENA_NEW(an->arena, CatRelation);
    CatColumn *columns = ARENA_NEW(an->arena, CatColumn);
    *columns = column;
    *relation = (CatRelation){.name = "", .kind = 'r', .ncolumns = 1, .columns = columns};
    AnalyzeContext context = {.catalog = an->catalog, .functions = an->functions, .text = "", .depth = an->views + 1};
    ParsedText parsed;
    if (!sql_parse(arena_printf(an->arena, "SELECT %s", text), an->arena, &parsed, an->error))
        return NULL;
    const Node *node = parsed.items[0].node->select_stmt->target_list[0]->res_target->val;
    Expr *check = sql_analyze_stored(node, EXPR_USE_CHECK, relation, TYPE_BOOL, -1, &context, an->arena, an->error);
    if (check)
        is_value(check, NULL);
    else
        an->error->position = 0;
    return check;
}

static bool add_checks(Analyzer *an, const CatType *domain, DomainRules *rules)
{
    static const char CHECKS[] = "SELECT conname, conbin FROM pg_constraint WHERE contypid = ?1 AND contype = 'c' ORDER BY conname";
    CatalogRows *rows = catalog_query(an->catalog, an->arena, an->error, CHECKS, "o", domain->oid);
    if (!rows)
        return false;
    Expr **conditions = ARENA_ARRAY(an->arena, Expr *, (size_t)rules->count + rows->nrows + 1);
    const char **constraints = ARENA_ARRAY(an->arena, const char *, (size_t)rules->count + rows->nrows + 1);
    for (int i = 0; i < rules->count; i++) {
        conditions[i] = rules->conditions[i];
        constraints[i] = rules->constraints[i];
    }
    rules->conditions = conditions;
    rules->constraints = constraints;
    for (size_t i = 0; i < rows->nrows; i++) {
        constraints[rules->count] = CATALOG_CELL(rows, i, 0).text;
        if (!(conditions[rules->count++] = read_check(an, domain, CATALOG_CELL(rows, i, 1).text)))
            return false;
    }
    return true;
}

static bool add_not_null(Analyzer *an, Oid base, DomainRules *rules)
{
    Expr *value = ARENA_NEW(an->arena, Expr), *test = ARENA_NEW(an->arena, Expr);
    *value = (Expr){.kind = EXPR_DOMAIN_VALUE, .type = base, .typmod = -1, .location = -1};
    *test = (Expr){.kind = EXPR_IS_NOT_NULL, .type = TYPE_BOOL, .typmod = -1, .location = -1, .nargs = 1};
    test->args = ARENA_ARRAY(an->arena, Expr *, 1);
    test->args[0] = value;
    rules->conditions = ARENA_ARRAY(an->arena, Expr *, 1);
    rules->constraints = ARENA_ARRAY(an->arena, const char *, 1);
    rules->conditions[0] = test;
    rules->count = 1;
    return true;
}

static bool read_rules(Analyzer *an, Oid domain, DomainRules *rules)
{
    Oid chain[MAX_CHAIN];
    int length = 0;
    bool not_null = false;
    Oid base = catalog_base_type(an->catalog, domain, NULL);
    for (Oid at = domain; at != base; at = catalog_type(an->catalog, at)->base) {
        int64_t flag = 0;
        CatalogRows *rows = catalog_query(an->catalog, an->arena, an->error, "SELECT typnotnull FROM pg_type WHERE oid = ?1", "o", at);
        if (!rows || length == MAX_CHAIN)
            return rows ? error_too_deep(an->error) : false;
        flag = rows->nrows ? rows->cells[0].i : 0;
        not_null |= flag != 0;
        chain[length++] = at;
    }
    if (not_null && !add_not_null(an, base, rules))
        return false;
    for (int i = length - 1; i >= 0; i--)
        if (!add_checks(an, catalog_type(an->catalog, chain[i]), rules))
            return false;
    return true;
}

static const DomainRules *rules_of(Analyzer *an, Oid domain)
{
    DomainRules *rules = map_get(an->domains, &domain, sizeof domain);
    if (rules)
        return rules;
    if (an->views > MAX_VIEW_DEPTH) {
        error_too_deep(an->error);
        return NULL;
    }
    rules = ARENA_NEW(an->arena, DomainRules);
    if (!read_rules(an, domain, rules))
        return NULL;
    map_put(an->domains, &domain, sizeof domain, rules);
    return rules;
}

/* ---- casts ---- */

static Expr *cast(Scope *scope, Expr *expr, Oid type, Oid domain, bool elements, int location)
{
    const DomainRules *rules = rules_of(scope->an, domain);
    if (!rules)
        return NULL;
    Expr *result = expr_new(scope, EXPR_CAST_DOMAIN, type, location);
    result->nargs = 1 + rules->count;
    result->args = ARENA_ARRAY(scope->an->arena, Expr *, (size_t)result->nargs);
    result->args[0] = expr;
    for (int i = 0; i < rules->count; i++)
        result->args[i + 1] = rules->conditions[i];
    result->u.domain.constraints = rules->constraints;
    result->u.domain.domain = domain;
    result->u.domain.elements = elements;
    result->u.domain.literal = elements && expr->kind == EXPR_CONST && !scope->an->views ? expr->location : -1;
    return result;
}

Expr *domain_cast(Scope *scope, Expr *expr, Oid domain, int location)
{
    return cast(scope, expr, domain, domain, false, location);
}

Expr *domain_cast_elements(Scope *scope, Expr *expr, Oid array, int location)
{
    Oid element = type_element(scope->an->catalog, array);
    const CatType *type = element ? catalog_type(scope->an->catalog, element) : NULL;
    return type && type->kind == 'd' ? cast(scope, expr, array, element, true, location) : expr;
}

Oid domain_plain_array(Catalog *catalog, Oid array)
{
    Oid element = type_element(catalog, array), base = catalog_base_type(catalog, element, NULL);
    return base == element ? array : type_array(catalog, base);
}
