/*
 * from.c - the FROM clause: its items, their range table entries and what of their names can be seen (PostgreSQL manual, section 7.2).
 *
 * Invariants:
 *  1. While an item is analysed, those left of it are in the scope's names as lateral_only.
 *  2. An item's entry is in the query's range table before anything that refers to it is analysed.
 */
#include "sql/analyze_int.h"

FromItem *from_add(Scope *scope, Rte *rte, NsList *names)
{
    FromItem *item = ARENA_NEW(scope->an->arena, FromItem);
    item->kind = FROM_RTE;
    item->rte = scope_add_rte(scope, rte);
    rte->in_from = true;
    names_add(scope, names, names_item(scope, rte, item->rte));
    return item;
}

bool from_apply_alias(Scope *scope, Rte *rte, const PgQuery__Alias *alias)
{
    Analyzer *an = scope->an;
    if (!alias || !given(alias->aliasname))
        return true;
    rte->alias = rte->alias_written = alias->aliasname;
    if (!alias->n_colnames)
        return true;
    const char **names = ARENA_ARRAY(an->arena, const char *, rte->ncolumns + 1);
    size_t taken = 0;
    rte->column_aliases = names;
    for (int i = 0; i < rte->ncolumns && taken < alias->n_colnames; i++) {
        names[i] = rte->columns[i].dropped ? "" : node_string(alias->colnames[taken++]);
        if (!rte->columns[i].dropped)
            rte->columns[i].name = names[i];
        rte->ncolumn_aliases = i + 1;
    }
    if (taken == alias->n_colnames)
        return true;
    int available = 0;
    for (int i = 0; i < rte->ncolumns; i++)
        available += !rte->columns[i].dropped;
    return error_set(an->error, ERRCODE_INVALID_COLUMN_REFERENCE, "%s \"%s\" has %d columns available but %zu columns specified",
                     rte->kind == RTE_JOIN ? "join expression" : "table", rte->alias, available, alias->n_colnames);
}

/* Columns that are a query's outputs. */
static void take_query_columns(Analyzer *an, Rte *rte, const Query *query)
{
    rte->columns = ARENA_ARRAY(an->arena, RteColumn, query->ntargets + 1);
    for (int i = 0; i < query->ntargets; i++) {
        const Target *target = &query->targets[i];
        if (target->junk)
            continue;
        RteColumn *column = &rte->columns[rte->ncolumns++];
        column->name = target->name;
        column->type = target->expr->type;
        column->typmod = target->expr->typmod;
        column->collation = target->expr->collation;
    }
}

Rte *rte_for_query(Analyzer *an, Query *query, const char *alias)
{
    Rte *rte = ARENA_NEW(an->arena, Rte);
    rte->kind = RTE_SUBQUERY;
    rte->query = query;
    rte->alias = alias;
    take_query_columns(an, rte, query);
    return rte;
}

static FromItem *from_subquery(Scope *scope, const PgQuery__RangeSubselect *node, NsList *names)
{
    Analyzer *an = scope->an;
    bool was_lateral = scope->lateral_active;
    Clause was = scope->clause;
    scope->clause = CLAUSE_FROM_SUBSELECT;
    scope->lateral_active = node->lateral;
    Query *query = analyze_subquery(scope, node->subquery, false);
    scope->lateral_active = was_lateral;
    scope->clause = was;
    if (!query)
        return NULL;
    Rte *rte = rte_for_query(an, query, "unnamed_subquery");
    rte->lateral = node->lateral;
    return from_apply_alias(scope, rte, node->alias) ? from_add(scope, rte, names) : NULL;
}

static FromItem *unsupported_item(Scope *scope, const char *what, int location)
{
    error_unsupported(scope->an->error, "%s is not supported", what);
    analyze_at(scope->an, location);
    return NULL;
}

/* Methods take one argument: how much of the table, in percent. */
static bool analyze_sample(Scope *scope, const PgQuery__RangeTableSample *node, Rte *rte)
{
    Analyzer *an = scope->an;
    const char *name = node_string(node->method[node->n_method - 1]);
    if (node->n_method > 1 || (strcmp(name, "bernoulli") != 0 && strcmp(name, "system") != 0)) {
        error_set(an->error, ERRCODE_UNDEFINED_OBJECT, "tablesample method %s does not exist",
                  join_names(an->arena, node->method, node->n_method));
        return analyze_at(an, node->location);
    }
    if (node->n_args != 1) {
        error_set(an->error, ERRCODE_INVALID_TABLESAMPLE_ARGUMENT, "tablesample method %s requires %d argument, not %zu", name, 1,
                  node->n_args);
        return analyze_at(an, node->location);
    }
    TableSample *sample = ARENA_NEW(an->arena, TableSample);
    sample->method = name;
    Expr *percent = analyze_clause_expr(scope, node->args[0], CLAUSE_FROM_FUNCTION);
    if (!percent || !(sample->percent = coerce_to_specific(scope, percent, TYPE_FLOAT4, "TABLESAMPLE")))
        return false;
    Expr *seed = node->repeatable ? analyze_clause_expr(scope, node->repeatable, CLAUSE_FROM_FUNCTION) : NULL;
    if (node->repeatable && (!seed || !(sample->seed = coerce_to_specific(scope, seed, TYPE_FLOAT8, "REPEATABLE"))))
        return false;
    rte->sample = sample;
    return true;
}

static FromItem *from_sample(Scope *scope, const PgQuery__RangeTableSample *node, NsList *names)
{
    FromItem *item = from_item(scope, node->relation, names);
    if (!item)
        return NULL;
    Rte *rte = item->kind == FROM_RTE ? scope->query->rtes[item->rte] : NULL;
    if (rte && rte->kind == RTE_RELATION && strchr("rpm", rte->relation->kind))
        return analyze_sample(scope, node, rte) ? item : NULL;
    error_set(scope->an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "TABLESAMPLE clause can only be applied to tables and materialized views");
    analyze_at(scope->an, sql_node_location(node->relation));
    return NULL;
}

FromItem *from_item(Scope *scope, const Node *node, NsList *names)
{
    FromItem *item = NULL;
    if (!analyze_enter(scope->an))
        return NULL;
    switch (node->node_case) {
    case PG_QUERY__NODE__NODE_RANGE_VAR:
        item = from_relation(scope, node->range_var, names);
        break;
    case PG_QUERY__NODE__NODE_RANGE_SUBSELECT:
        item = from_subquery(scope, node->range_subselect, names);
        break;
    case PG_QUERY__NODE__NODE_RANGE_FUNCTION:
        item = from_function(scope, node->range_function, names);
        break;
    case PG_QUERY__NODE__NODE_JOIN_EXPR:
        item = from_join(scope, node->join_expr, names);
        break;
    case PG_QUERY__NODE__NODE_RANGE_TABLE_SAMPLE:
        item = from_sample(scope, node->range_table_sample, names);
        break;
    case PG_QUERY__NODE__NODE_RANGE_TABLE_FUNC:
        item = unsupported_item(scope, "XMLTABLE", node->range_table_func->location);
        break;
    default:
        item = unsupported_item(scope, "this FROM item", -1);
    }
    analyze_leave(scope->an);
    return item;
}

void names_set_lateral(NsList *names, bool only, bool ok)
{
    for (size_t i = 0; i < names->count; i++) {
        names->items[i]->lateral_only = only;
        names->items[i]->lateral_ok = ok;
    }
}

bool analyze_from(Scope *scope, Node *const *items, size_t count)
{
    Analyzer *an = scope->an;
    Query *query = scope->query;
    query->from = ARENA_ARRAY(an->arena, FromItem *, count + 1);
    for (size_t i = 0; i < count; i++) {
        NsList names = {0};
        FromItem *item = from_item(scope, items[i], &names);
        if (!item || !names_check_conflicts(scope, &scope->names, &names))
            return false;
        names_set_lateral(&names, true, true);
        for (size_t j = 0; j < names.count; j++)
            names_add(scope, &scope->names, names.items[j]);
        query->from[query->nfrom++] = item;
    }
    names_set_lateral(&scope->names, false, true);
    return true;
}
