/*
 * assign.c - what writes share: the table they name, and what its columns are given, by value or by default.
 */
#include "sql/analyze_int.h"

/* Its INSTEAD OF trigger gets the rows, or the table below it does. */
static Rte *open_view(Scope *scope, const PgQuery__RangeVar *node, const CatRelation *view, AclMask required, WriteVerb verb)
{
    bool has_trigger;
    if (!write_view_has_trigger(scope, view, verb, &has_trigger))
        return NULL;
    if (!has_trigger) {
        Rte *target = write_view_open(scope, view, verb);
        if (target)
            target->alias = view->name;
        if (target && node->alias && given(node->alias->aliasname))
            target->alias = target->alias_written = node->alias->aliasname;
        return target;
    }
    Rte *target = rte_for_relation(scope->an, view);
    if (verb != WRITE_INSERT && !relation_expand_view(scope, target, view))
        return NULL;
    target->required = required;
    if (node->alias && given(node->alias->aliasname))
        target->alias = target->alias_written = node->alias->aliasname;
    scope->query->result_rte = scope_add_rte(scope, target);
    return target;
}

/* What a CREATE TABLE AS has made is filled whether or not its schema may be looked into. */
static const CatRelation *target_relation(Scope *scope, const PgQuery__RangeVar *node)
{
    const CatRelation *made = scope->an->fills ? catalog_relation(scope->an->catalog, scope->an->fills) : NULL;
    bool meant = made && given(node->schemaname) && str_eq(made->schema, node->schemaname) && str_eq(made->name, node->relname);
    return meant ? made : from_find_relation(scope, node);
}

Rte *assign_target(Scope *scope, const PgQuery__RangeVar *node, AclMask required, WriteVerb verb)
{
    Analyzer *an = scope->an;
    if (relation_find_rows(an, node)) {
        error_unsupported(an->error, "relation \"%s\" cannot be the target of a modifying statement", node->relname);
        return NULL;
    }
    const CatRelation *relation = target_relation(scope, node);
    if (!relation)
        return NULL;
    if (relation->kind == 'S')
        error_set(an->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot change sequence \"%s\"", relation->name);
    else if (relation->kind == 'm' && relation->oid != an->fills)
        error_set(an->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot change materialized view \"%s\"", relation->name);
    else if (relation->kind == 'v' && !an->flat_views)
        return open_view(scope, node, relation, required, verb);
    else {
        Rte *target = rte_for_relation(an, relation);
        target->required = relation->oid == an->fills ? 0 : required; /* whoever may make it may fill it */
        target->only = !node->inh;
        if (node->alias && given(node->alias->aliasname))
            target->alias = target->alias_written = node->alias->aliasname;
        scope->query->result_rte = scope_add_rte(scope, target);
        return target;
    }
    return NULL;
}

int assign_find_column(const CatRelation *relation, const char *name)
{
    for (int i = 0; i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped && strcmp(relation->columns[i].name, name) == 0)
            return i + 1;
    return 0;
}

Expr *assign_value(Scope *scope, const CatRelation *relation, Expr *value, int number)
{
    Analyzer *an = scope->an;
    const CatColumn *column = &relation->columns[number - 1];
    int location = expr_location(value);
    Expr *coerced = coerce_to_target(scope, value, column->type, column->typmod, COERCE_ASSIGNMENT, FUNC_IMPLICIT_CAST, -1);
    if (coerced || error_is_set(an->error))
        return coerced && assign_collation(an, coerced) ? coerced : NULL;
    error_set(an->error, ERRCODE_DATATYPE_MISMATCH, "column \"%s\" is of type %s but expression is of type %s", column->name,
              type_text(an, column->type), type_text(an, value->type));
    error_hint(an->error, "You will need to rewrite or cast the expression.");
    analyze_at(an, location);
    return NULL;
}

/* ---- defaults ---- */

Expr *assign_default_marker(Arena *arena, const CatColumn *column)
{
    Expr *expr = expr_const(arena, column->type, column->typmod, NULL);
    expr->kind = EXPR_DEFAULT;
    return expr;
}

/* The text of a column's default, to be parsed; NULL: it has none, or the error is set. */
static const char *default_text(Analyzer *an, const CatRelation *relation, const CatColumn *column)
{
    static const char SEQUENCE[] = "SELECT objid FROM pg_depend WHERE classid = 1259 AND refclassid = 1259 AND refobjid = ?1"
                                   " AND refobjsubid = ?2 AND deptype = 'i'";
    static const char DEFAULT[] = "SELECT adbin FROM pg_attrdef WHERE adrelid = ?1 AND adnum = ?2";
    static const char OF_TYPE[] = "SELECT typdefaultbin FROM pg_type WHERE oid = ?1 AND typtype = 'd' AND typdefaultbin IS NOT NULL";
    CatalogRows *rows = column->identity || column->has_default
                            ? catalog_query(an->catalog, an->arena, an->error, column->identity ? SEQUENCE : DEFAULT, "oi", relation->oid,
                                            (int64_t)column->number)
                            : catalog_query(an->catalog, an->arena, an->error, OF_TYPE, "o", column->type);
    if (!rows || !rows->nrows)
        return NULL;
    return column->identity ? arena_printf(an->arena, "nextval(%lld::oid::regclass)", (long long)rows->cells[0].i) : rows->cells[0].text;
}

/* An expression stored with the relation. */
static Expr *stored_expression(Analyzer *an, const CatRelation *relation, const CatColumn *column, const char *text)
{
    AnalyzeContext context = {.catalog = an->catalog, .functions = an->functions, .text = ""};
    ParsedText parsed;
    if (!sql_parse(arena_printf(an->arena, "SELECT %s", text), an->arena, &parsed, an->error))
        return NULL;
    const Node *node = parsed.items[0].node->select_stmt->target_list[0]->res_target->val;
    Expr *expr = sql_analyze_stored(node, column->generated ? EXPR_USE_GENERATED : EXPR_USE_DEFAULT, column->generated ? relation : NULL,
                                    column->type, column->typmod, &context, an->arena, an->error);
    if (!expr)
        an->error->position = 0;
    return expr;
}

Expr *assign_generated(Scope *scope, const CatRelation *relation, const CatColumn *column)
{
    Analyzer *an = scope->an;
    CatalogRows *rows = catalog_query(an->catalog, an->arena, an->error, "SELECT adbin FROM pg_attrdef WHERE adrelid = ?1 AND adnum = ?2",
                                      "oi", relation->oid, (int64_t)column->number);
    return rows ? stored_expression(an, relation, column, rows->cells[0].text) : NULL;
}

/* Its nextval is the column's own, for which nobody needs a right on the sequence. */
static Expr *mark_identity(Expr *expr)
{
    Expr *call = expr;
    while (call->kind != EXPR_FUNC || call->oid != F_NEXTVAL_REGCLASS)
        call = call->args[0];
    call->u.func.form = FUNC_SQL_SYNTAX;
    return expr;
}

Expr *assign_default(Scope *scope, const CatRelation *relation, const CatColumn *column)
{
    Analyzer *an = scope->an;
    const char *text = default_text(an, relation, column);
    if (error_is_set(an->error))
        return NULL;
    Expr *stored = text ? stored_expression(an, relation, column, text) : NULL;
    if (text)
        return stored && column->identity ? mark_identity(stored) : stored;
    Expr *null = expr_const(an->arena, TYPE_UNKNOWN, -1, NULL);
    null->location = -1;
    return assign_value(scope, relation, null, column->number);
}
