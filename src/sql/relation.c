/*
 * relation.c - tables, views and WITH items that FROM names.
 *
 * Invariants:
 *  1. A bare name is a WITH item of this query or one around it before it is a relation.
 *  2. A view is analysed afresh from its text each time, as its owner, and becomes a subquery; what is asked of the view itself is checked
 *     for whoever refers to it.
 */
#include "sql/analyze_int.h"

static void take_relation_columns(Analyzer *an, Rte *rte, const CatRelation *relation)
{
    rte->ncolumns = relation->ncolumns;
    rte->columns = ARENA_ARRAY(an->arena, RteColumn, relation->ncolumns + 1);
    for (int i = 0; i < relation->ncolumns; i++) {
        const CatColumn *column = &relation->columns[i];
        rte->columns[i] = (RteColumn){.name = column->name,
                                      .type = column->type,
                                      .typmod = column->typmod,
                                      .collation = column->collation,
                                      .dropped = column->dropped};
    }
}

Rte *rte_for_relation(Analyzer *an, const CatRelation *relation)
{
    Rte *rte = ARENA_NEW(an->arena, Rte);
    rte->kind = RTE_RELATION;
    rte->relation = relation;
    rte->alias = relation->name;
    rte->required = ACL_SELECT;
    rte->check_as = an->check_as;
    rte->columns_read_words = (relation->ncolumns - COLUMN_TABLEOID) / 64 + 1;
    rte->columns_read = ARENA_ARRAY(an->arena, uint64_t, rte->columns_read_words);
    take_relation_columns(an, rte, relation);
    return rte;
}

/* Names as messages show them: with what was written before the table's name. */
static const char *written_name(Analyzer *an, const PgQuery__RangeVar *node)
{
    if (given(node->catalogname))
        return arena_printf(an->arena, "%s.%s.%s", node->catalogname, node->schemaname, node->relname);
    return given(node->schemaname) ? arena_printf(an->arena, "%s.%s", node->schemaname, node->relname) : node->relname;
}

static const CatRelation *no_relation(Scope *scope, const PgQuery__RangeVar *node)
{
    Analyzer *an = scope->an;
    error_set(an->error, ERRCODE_UNDEFINED_TABLE, "relation \"%s\" does not exist",
              given(node->schemaname) ? arena_printf(an->arena, "%s.%s", node->schemaname, node->relname) : node->relname);
    if (!given(node->schemaname) && cte_is_future(scope, node->relname)) {
        error_detail(an->error, "There is a WITH item named \"%s\", but it cannot be referenced from this part of the query.",
                     node->relname);
        error_hint(an->error, "Use WITH RECURSIVE, or re-order the WITH items to remove forward references.");
    }
    analyze_at(an, node->location);
    return NULL;
}

const CatRelation *from_find_relation(Scope *scope, const PgQuery__RangeVar *node)
{
    Analyzer *an = scope->an;
    if (given(node->catalogname) && strcmp(node->catalogname, an->functions->database) != 0) {
        error_set(an->error, ERRCODE_FEATURE_NOT_SUPPORTED, "cross-database references are not implemented: \"%s\"",
                  written_name(an, node));
        analyze_at(an, node->location);
        return NULL;
    }
    const char *schema = given(node->schemaname);
    if (schema) {
        if (!catalog_namespace_by_name(an->catalog, schema))
            return no_relation(scope, node);
        if (!names_check_schema(scope, schema, node->location))
            return NULL;
    }
    const CatRelation *relation = catalog_relation_by_name(an->catalog, schema, node->relname);
    if (!relation)
        return no_relation(scope, node);
    if (strchr("rSm", relation->kind) && relation->namespace_oid != catalog_temporary(an->catalog) &&
        catalog_is_temporary(an->catalog, relation->namespace_oid)) {
        error_unsupported(an->error, "cannot access temporary tables of other sessions");
        return NULL;
    }
    if (!strchr("iIc", relation->kind))
        return relation;
    error_set(an->error, ERRCODE_WRONG_OBJECT_TYPE, relation->kind == 'c' ? "\"%s\" is a composite type" : "\"%s\" is an index",
              relation->name);
    analyze_at(an, node->location);
    return NULL;
}

/* The view's query, analysed as its owner. */
Query *relation_view_query(Scope *scope, const CatRelation *view, bool flat)
{
    Analyzer *an = scope->an;
    Analyzer inner = *an;
    Params none = {0};
    ParsedText parsed;
    if (an->views >= MAX_VIEW_DEPTH) {
        error_too_deep(an->error);
        return NULL;
    }
    for (const ViewChain *outer = an->inside; outer; outer = outer->outer)
        if (outer->view == view->oid) {
            error_set(an->error, ERRCODE_INVALID_OBJECT_DEFINITION, "infinite recursion detected in rules for relation \"%s\"", view->name);
            return NULL;
        }
    ViewChain inside = {view->oid, an->inside};
    if (!sql_parse(view->view_definition, an->arena, &parsed, an->error)) {
        an->error->position = 0;
        return NULL;
    }
    if (parsed.count != 1 || parsed.items[0].node->node_case != PG_QUERY__NODE__NODE_SELECT_STMT) {
        error_set(an->error, ERRCODE_INTERNAL_ERROR, "the definition of view \"%s\" is no query", view->name);
        return NULL;
    }
    inner.text = view->view_definition;
    inner.params = &none;
    Oid invoker = an->views ? OID_NONE : an->check_as; /* not the owner of a view around it */
    inner.check_as = view->security_invoker ? invoker : view->owner;
    inner.views = an->views + 1;
    inner.inside = &inside;
    inner.flat_views = flat;
    inner.undetermined = NULL;
    Scope *outermost = scope_open(&inner, NULL);
    Query *query = analyze_select(outermost, parsed.items[0].node->select_stmt);
    an->expressions = inner.expressions;
    if (query)
        query->undetermined = inner.undetermined;
    else
        an->error->position = 0;
    return query;
}

/* The view's columns have the names, types and number that the catalog says; its query may have more. */
bool relation_expand_view(Scope *scope, Rte *rte, const CatRelation *view)
{
    Query *query = relation_view_query(scope, view, false);
    if (!query)
        return false;
    rte->kind = RTE_SUBQUERY;
    rte->query = query;
    query->is_barrier = view->security_barrier;
    int outputs = 0;
    for (int i = 0; i < query->ntargets; i++)
        outputs += !query->targets[i].junk;
    if (outputs < rte->ncolumns)
        return error_set(scope->an->error, ERRCODE_INTERNAL_ERROR, "the definition of view \"%s\" has too few columns", view->name);
    return true;
}

/* A sequence's one row: where it stands as the statement is read. */
static bool expand_sequence(Scope *scope, Rte *rte, const CatRelation *relation)
{
    Analyzer *an = scope->an;
    SequenceState state;
    CatRelation row = *relation;
    const CatSequence *sequence = catalog_sequence(an->catalog, relation->oid);
    if (!sequence || !catalog_sequence_read(an->catalog, sequence, &state, an->error))
        return false;
    if (an->functions->types->now_read)
        *an->functions->types->now_read = true; /* what was read holds for this statement alone */
    row.view_definition = arena_printf(an->arena, "SELECT %lld::bigint AS last_value, %lld::bigint AS log_cnt, %s AS is_called",
                                       (long long)state.last_value, (long long)state.log_cnt, state.is_called ? "true" : "false");
    return relation_expand_view(scope, rte, &row);
}

const SqlRows *relation_find_rows(const Analyzer *an, const PgQuery__RangeVar *node)
{
    bool bare = !given(node->schemaname) && an->variables && !an->views;
    for (int i = 0; bare && i < an->variables->nrows; i++)
        if (strcmp(an->variables->rows[i].name, node->relname) == 0)
            return &an->variables->rows[i];
    return NULL;
}

/* A query of the work table: of its rows nobody is asked for a right, and a whole row is no row of a table. */
static Rte *rte_for_rows(Analyzer *an, const SqlRows *rows)
{
    Rte *work = rte_for_relation(an, rows->relation);
    Query *query = ARENA_NEW(an->arena, Query);
    *query = (Query){.kind = QUERY_SELECT, .result_rte = -1, .arena = an->arena, .nrtes = 1, .nfrom = 1};
    query->rtes = ARENA_NEW(an->arena, Rte *);
    query->rtes[0] = work;
    query->from = ARENA_NEW(an->arena, FromItem *);
    query->from[0] = ARENA_NEW(an->arena, FromItem);
    *query->from[0] = (FromItem){.kind = FROM_RTE};
    query->targets = ARENA_ARRAY(an->arena, Target, work->ncolumns + 1);
    work->required = 0;
    work->in_from = work->only = true;
    work->work = rows->work;
    for (int i = 0; i < work->ncolumns; i++) {
        const RteColumn *column = &work->columns[i];
        query->targets[query->ntargets++] =
            (Target){.expr = expr_var(an->arena, 0, i + 1, column->type, column->typmod, column->collation), .name = column->name};
    }
    return rte_for_query(an, query, rows->name);
}

static Rte *rte_for_named(Scope *scope, const PgQuery__RangeVar *node)
{
    Analyzer *an = scope->an;
    if (!given(node->schemaname)) {
        Rte *cte = cte_reference(scope, node->relname, node->location);
        if (cte || error_is_set(an->error))
            return cte;
    }
    const SqlRows *rows = relation_find_rows(an, node);
    if (rows)
        return rte_for_rows(an, rows);
    const CatRelation *relation = from_find_relation(scope, node);
    if (!relation)
        return NULL;
    Rte *rte = rte_for_relation(an, relation);
    rte->only = !node->inh;
    if (relation->kind == 'v' && relation->view_definition && !an->flat_views && !relation_expand_view(scope, rte, relation))
        return NULL;
    if (relation->kind == 'S' && !expand_sequence(scope, rte, relation))
        return NULL;
    return rte;
}

FromItem *from_relation(Scope *scope, const PgQuery__RangeVar *node, NsList *names)
{
    Rte *rte = rte_for_named(scope, node);
    return rte && from_apply_alias(scope, rte, node->alias) ? from_add(scope, rte, names) : NULL;
}
