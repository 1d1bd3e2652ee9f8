/*
 * cte.c - WITH: the items in the order in which they can be analysed, and references to them (PostgreSQL manual, section 7.8).
 *
 * Invariants:
 *  1. Query.ctes holds the items analysed so far, and, while a recursive one is analysed, that one, its columns known once its first
 *     term is.
 *  2. WITH RECURSIVE orders items by who refers to whom; a circle of several is refused.
 */
#include "sql/analyze_int.h"

typedef struct CteState {
    Cte *cte;
    const PgQuery__CommonTableExpr *node;
} CteState;

static bool fail(Scope *scope, const char *sqlstate, int location, const char *format, const char *name)
{
    const char *at = strstr(format, "%s");
    if (at)
        error_set(scope->an->error, sqlstate, "%.*s%s%s", (int)(at - format), format, name, at + 2);
    else
        error_set(scope->an->error, sqlstate, "%s", format);
    return analyze_at(scope->an, location);
}

/* ---- who refers to whom ---- */

typedef struct Reference {
    const char *name;
    int location;
} Reference;

typedef struct References {
    Arena *arena;
    VEC(Reference) found;
    VEC(const PgQuery__WithClause *) hiding; /* WITH clauses inside, whose names are theirs */
} References;

static bool is_hidden(const References *references, const char *name)
{
    for (size_t i = 0; i < references->hiding.count; i++) {
        const PgQuery__WithClause *with = references->hiding.items[i];
        for (size_t j = 0; j < with->n_ctes; j++)
            if (strcmp(with->ctes[j]->common_table_expr->ctename, name) == 0)
                return true;
    }
    return false;
}

static bool collect_references(const ProtobufCMessage *message, void *arg)
{
    References *references = arg;
    if (message->descriptor == &pg_query__range_var__descriptor) {
        const PgQuery__RangeVar *relation = (const PgQuery__RangeVar *)message;
        if (!given(relation->schemaname) && !is_hidden(references, relation->relname))
            vec_push(references->arena, &references->found, ((Reference){relation->relname, relation->location}));
        return false;
    }
    size_t before = references->hiding.count;
    if (message->descriptor == &pg_query__select_stmt__descriptor && ((const PgQuery__SelectStmt *)message)->with_clause)
        vec_push(references->arena, &references->hiding, ((const PgQuery__SelectStmt *)message)->with_clause);
    raw_walk(message, collect_references, references);
    references->hiding.count = before;
    return false;
}

static References references_in(Arena *arena, const Node *node)
{
    References references = {.arena = arena};
    collect_references(&node->base, &references);
    return references;
}

/* ---- the form of a recursive query ---- */

typedef enum Place { PLACE_ALLOWED, PLACE_NON_RECURSIVE_TERM, PLACE_SUBQUERY, PLACE_OUTER_JOIN, PLACE_INTERSECT, PLACE_EXCEPT } Place;

static const char *const PLACE_MESSAGES[] = {
    [PLACE_NON_RECURSIVE_TERM] = "recursive reference to query \"%s\" must not appear within its non-recursive term",
    [PLACE_SUBQUERY] = "recursive reference to query \"%s\" must not appear within a subquery",
    [PLACE_OUTER_JOIN] = "recursive reference to query \"%s\" must not appear within an outer join",
    [PLACE_INTERSECT] = "recursive reference to query \"%s\" must not appear within INTERSECT",
    [PLACE_EXCEPT] = "recursive reference to query \"%s\" must not appear within EXCEPT",
};

typedef struct Form {
    Scope *scope;
    const char *name;
    Place place;
    int references;
} Form;

static bool check_form(const ProtobufCMessage *message, void *arg);

static bool check_at(Form *form, const void *message, Place place)
{
    Place was = form->place;
    if (place != PLACE_ALLOWED)
        form->place = place;
    bool stopped = message && check_form(message, form);
    form->place = was;
    return stopped;
}

static bool check_reference(Form *form, const PgQuery__RangeVar *relation)
{
    if (given(relation->schemaname) || strcmp(relation->relname, form->name) != 0)
        return false;
    if (form->place != PLACE_ALLOWED)
        return !fail(form->scope, ERRCODE_INVALID_RECURSION, relation->location, PLACE_MESSAGES[form->place], form->name);
    if (++form->references > 1)
        return !fail(form->scope, ERRCODE_INVALID_RECURSION, relation->location,
                     "recursive reference to query \"%s\" must not appear more than once", form->name);
    return false;
}

static bool check_join(Form *form, const PgQuery__JoinExpr *join)
{
    bool left_outer = join->jointype == PG_QUERY__JOIN_TYPE__JOIN_RIGHT || join->jointype == PG_QUERY__JOIN_TYPE__JOIN_FULL;
    bool right_outer = join->jointype == PG_QUERY__JOIN_TYPE__JOIN_LEFT || join->jointype == PG_QUERY__JOIN_TYPE__JOIN_FULL;
    return check_at(form, join->larg, left_outer ? PLACE_OUTER_JOIN : PLACE_ALLOWED) ||
           check_at(form, join->rarg, right_outer ? PLACE_OUTER_JOIN : PLACE_ALLOWED) || check_at(form, join->quals, PLACE_ALLOWED);
}

static bool hides(const PgQuery__SelectStmt *select, const char *name)
{
    for (size_t i = 0; select->with_clause && i < select->with_clause->n_ctes; i++)
        if (strcmp(select->with_clause->ctes[i]->common_table_expr->ctename, name) == 0)
            return true;
    return false;
}

static bool check_select(Form *form, const PgQuery__SelectStmt *select)
{
    if (hides(select, form->name))
        return false;
    if (select->op == PG_QUERY__SET_OPERATION__SETOP_INTERSECT)
        return check_at(form, select->larg, select->all ? PLACE_INTERSECT : PLACE_ALLOWED) ||
               check_at(form, select->rarg, select->all ? PLACE_INTERSECT : PLACE_ALLOWED);
    if (select->op == PG_QUERY__SET_OPERATION__SETOP_EXCEPT)
        return check_at(form, select->larg, select->all ? PLACE_EXCEPT : PLACE_ALLOWED) || check_at(form, select->rarg, PLACE_EXCEPT);
    return raw_walk(&select->base, check_form, form);
}

/* true stops: an error was set. */
static bool check_form(const ProtobufCMessage *message, void *arg)
{
    Form *form = arg;
    if (message->descriptor == &pg_query__range_var__descriptor)
        return check_reference(form, (const PgQuery__RangeVar *)message);
    if (message->descriptor == &pg_query__join_expr__descriptor)
        return check_join(form, (const PgQuery__JoinExpr *)message);
    if (message->descriptor == &pg_query__sub_link__descriptor) {
        const PgQuery__SubLink *link = (const PgQuery__SubLink *)message;
        return check_at(form, link->subselect, PLACE_SUBQUERY) || check_at(form, link->testexpr, PLACE_ALLOWED);
    }
    if (message->descriptor == &pg_query__select_stmt__descriptor)
        return check_select(form, (const PgQuery__SelectStmt *)message);
    return raw_walk(message, check_form, form);
}

static bool refuse_clauses(Scope *scope, const PgQuery__SelectStmt *select)
{
    if (select->n_sort_clause)
        return fail(scope, ERRCODE_FEATURE_NOT_SUPPORTED, sql_node_location(select->sort_clause[0]),
                    "ORDER BY in a recursive query is not implemented", NULL);
    if (select->limit_offset)
        return fail(scope, ERRCODE_FEATURE_NOT_SUPPORTED, sql_node_location(select->limit_offset),
                    "OFFSET in a recursive query is not implemented", NULL);
    if (select->limit_count)
        return fail(scope, ERRCODE_FEATURE_NOT_SUPPORTED, sql_node_location(select->limit_count),
                    "LIMIT in a recursive query is not implemented", NULL);
    if (select->n_locking_clause)
        return fail(scope, ERRCODE_FEATURE_NOT_SUPPORTED, -1, "FOR UPDATE/SHARE in a recursive query is not implemented", NULL);
    return true;
}

static bool check_recursive(Scope *scope, const PgQuery__CommonTableExpr *node)
{
    if (node->ctequery->node_case != PG_QUERY__NODE__NODE_SELECT_STMT)
        return fail(scope, ERRCODE_INVALID_RECURSION, node->location, "recursive query \"%s\" must not contain data-modifying statements",
                    node->ctename);
    const PgQuery__SelectStmt *select = node->ctequery->select_stmt;
    Form form = {.scope = scope, .name = node->ctename};
    if (select->op != PG_QUERY__SET_OPERATION__SETOP_UNION)
        return fail(scope, ERRCODE_INVALID_RECURSION, node->location,
                    "recursive query \"%s\" does not have the form non-recursive-term UNION [ALL] recursive-term", node->ctename);
    for (size_t i = 0; select->with_clause && i < select->with_clause->n_ctes; i++)
        if (check_at(&form, select->with_clause->ctes[i], PLACE_SUBQUERY))
            return false;
    if (hides(select, form.name))
        return true;
    if (check_at(&form, select->larg, PLACE_NON_RECURSIVE_TERM))
        return false;
    return !check_at(&form, select->rarg, PLACE_ALLOWED) && refuse_clauses(scope, select);
}

/* ---- one item ---- */

static bool name_columns(Scope *scope, Cte *cte, const PgQuery__CommonTableExpr *node, const Query *query)
{
    Analyzer *an = scope->an;
    Query nothing = {0};
    if (query->kind != QUERY_SELECT)
        query = query->returning ? query->returning : &nothing;
    cte->columns = ARENA_ARRAY(an->arena, RteColumn, query->ntargets + cte->nextra + 1);
    cte->ncolumns = 0;
    cte->naliases = (int)node->n_aliascolnames;
    for (int i = 0; i < query->ntargets; i++) {
        const Target *target = &query->targets[i];
        if (target->junk)
            continue;
        bool aliased = (size_t)cte->ncolumns < node->n_aliascolnames;
        cte->columns[cte->ncolumns] = (RteColumn){.name = aliased ? node_string(node->aliascolnames[cte->ncolumns]) : target->name,
                                                  .type = target->expr->type,
                                                  .typmod = target->expr->typmod,
                                                  .collation = target->expr->collation};
        cte->ncolumns++;
    }
    if (node->n_aliascolnames <= (size_t)cte->ncolumns) {
        cte_add_columns(cte);
        return true;
    }
    error_set(an->error, ERRCODE_INVALID_COLUMN_REFERENCE, "WITH query \"%s\" has %d columns available but %zu columns specified",
              cte->name, cte->ncolumns, node->n_aliascolnames);
    return analyze_at(an, node->location);
}

bool cte_take_columns(Scope *scope, Query **left)
{
    Scope at = {.an = scope->an, .parent = scope, .query = *left};
    if (!resolve_unknown_targets(&at))
        return false;
    return name_columns(scope, scope->recursive->cte, scope->recursive->node, *left);
}

static bool other_collation(Analyzer *an, const Cte *cte, int column, Oid promised, const Expr *overall)
{
    const CatCollation *first = catalog_collation(an->catalog, promised), *whole = catalog_collation(an->catalog, overall->collation);
    error_set(an->error, ERRCODE_COLLATION_MISMATCH,
              "recursive query \"%s\" column %d has collation \"%s\" in non-recursive term but collation \"%s\" overall", cte->name, column,
              first ? first->name : "(null)", whole ? whole->name : "(null)");
    error_hint(an->error, "Use the COLLATE clause to set the collation of the non-recursive term.");
    return analyze_at(an, expr_location(overall));
}

/* The whole must have the types and collations the first term promised to the second one. */
static bool check_promises(Scope *scope, const Cte *cte, const RteColumn *promised)
{
    Analyzer *an = scope->an;
    for (int i = 0; i < cte->ncolumns - cte->nextra; i++) {
        const Expr *overall = cte->query->targets[i].expr;
        bool same = promised[i].type == overall->type && promised[i].typmod == overall->typmod;
        if (same && promised[i].collation != overall->collation)
            return other_collation(an, cte, i + 1, promised[i].collation, overall);
        if (same)
            continue;
        error_set(an->error, ERRCODE_DATATYPE_MISMATCH,
                  "recursive query \"%s\" column %d has type %s in non-recursive term but type %s overall", cte->name, i + 1,
                  catalog_format_type(an->catalog, promised[i].type, promised[i].typmod, an->arena),
                  catalog_format_type(an->catalog, overall->type, overall->typmod, an->arena));
        error_hint(an->error, "Cast the output of the non-recursive term to the correct type.");
        return analyze_at(an, expr_location(overall));
    }
    return true;
}

/* Items that write are the statement's own: no subquery has any. */
static bool check_write(Scope *scope, const PgQuery__CommonTableExpr *node, const Query *query)
{
    if (query->kind == QUERY_SELECT)
        return true;
    scope->query->has_writes = true;
    if (scope->parent)
        return fail(scope, ERRCODE_FEATURE_NOT_SUPPORTED, node->location,
                    "WITH clause containing a data-modifying statement must be at the top level", NULL);
    return !scope->an->flat_views ||
           error_unsupported(scope->an->error, "%s in WITH is not supported in what is stored as text", sql_command_tag(node->ctequery));
}

static bool analyze_item(Scope *scope, const PgQuery__CommonTableExpr *node, bool recursive)
{
    Analyzer *an = scope->an;
    Query *query = scope->query;
    if (recursive && !check_recursive(scope, node))
        return false;
    Cte *cte = &query->ctes[query->nctes];
    *cte = (Cte){.name = node->ctename, .recursive = recursive};
    cte->materialize = node->ctematerialized == PG_QUERY__CTEMATERIALIZE__CTEMaterializeAlways  ? CTE_MATERIALIZED
                       : node->ctematerialized == PG_QUERY__CTEMATERIALIZE__CTEMaterializeNever ? CTE_NOT_MATERIALIZED
                                                                                                : CTE_DEFAULT;
    if (!cte_take_clauses(scope, cte, node))
        return false;
    query->nctes += recursive;
    CteState state = {.cte = cte, .node = node};
    Scope *inner = scope_open(an, scope);
    inner->recursive = recursive ? &state : NULL;
    cte->query = analyze_statement(inner, node->ctequery);
    inner->recursive = NULL;
    if (!cte->query || !check_write(scope, node, cte->query))
        return false;
    const RteColumn *promised = cte->columns;
    if (!name_columns(scope, cte, node, cte->query))
        return false;
    query->nctes += !recursive;
    return (!recursive || check_promises(scope, cte, promised)) && cte_check_clauses(scope, cte, node);
}

/* ---- the clause ---- */

typedef struct Item {
    const PgQuery__CommonTableExpr *node;
    bool *needs; /* by number */
    bool recursive, done;
} Item;

static bool check_items(Scope *scope, const PgQuery__WithClause *with, Map *numbers)
{
    for (size_t i = 0; i < with->n_ctes; i++) {
        const PgQuery__CommonTableExpr *node = with->ctes[i]->common_table_expr;
        size_t len = strlen(node->ctename);
        if (map_get(numbers, node->ctename, len))
            return fail(scope, ERRCODE_DUPLICATE_ALIAS, node->location, "WITH query name \"%s\" specified more than once", node->ctename);
        map_put(numbers, node->ctename, len, (void *)(uintptr_t)(i + 1));
        if (node->ctequery->node_case == PG_QUERY__NODE__NODE_MERGE_STMT)
            return fail(scope, ERRCODE_FEATURE_NOT_SUPPORTED, node->location, "MERGE not supported in WITH query", NULL);
    }
    return true;
}

static bool can_go(const Item *items, size_t count, size_t which)
{
    for (size_t i = 0; i < count; i++)
        if (items[which].needs[i] && i != which && !items[i].done)
            return false;
    return true;
}

static bool analyze_in_order(Scope *scope, Item *items, size_t count)
{
    for (size_t done = 0; done < count; done++) {
        size_t next = 0;
        while (next < count && (items[next].done || !can_go(items, count, next)))
            next++;
        if (next == count) {
            for (next = 0; items[next].done; next++)
                ;
            return fail(scope, ERRCODE_FEATURE_NOT_SUPPORTED, items[next].node->location,
                        "mutual recursion between WITH items is not implemented", NULL);
        }
        items[next].done = true;
        if (!analyze_item(scope, items[next].node, items[next].recursive))
            return false;
    }
    return true;
}

static bool analyze_recursive(Scope *scope, const PgQuery__WithClause *with, const Map *numbers)
{
    enum { MOST_RECURSIVE_ITEMS = 1000 };
    Arena *arena = scope->an->arena;
    size_t count = with->n_ctes;
    if (count > MOST_RECURSIVE_ITEMS)
        return error_too_deep(scope->an->error);
    Item *items = ARENA_ARRAY(arena, Item, count);
    for (size_t i = 0; i < count; i++) {
        items[i].node = with->ctes[i]->common_table_expr;
        items[i].needs = ARENA_ARRAY(arena, bool, count);
        References references = references_in(arena, items[i].node->ctequery);
        for (size_t j = 0; j < references.found.count; j++) {
            const char *name = references.found.items[j].name;
            size_t number = (size_t)(uintptr_t)map_get(numbers, name, strlen(name));
            if (number)
                items[i].needs[number - 1] = true;
        }
        items[i].recursive = items[i].needs[i];
    }
    return analyze_in_order(scope, items, count);
}

bool analyze_with(Scope *scope, const PgQuery__WithClause *with)
{
    Arena *arena = scope->an->arena;
    Query *query = scope->query;
    Map *numbers = map_open(arena);
    query->ctes = ARENA_ARRAY(arena, Cte, with->n_ctes + 1);
    query->with_recursive = with->recursive;
    if (!check_items(scope, with, numbers))
        return false;
    if (with->recursive)
        return analyze_recursive(scope, with, numbers);
    scope->future_ctes = with;
    for (size_t i = 0; i < with->n_ctes; i++) {
        scope->future_from = i;
        if (!analyze_item(scope, with->ctes[i]->common_table_expr, false))
            return false;
    }
    scope->future_ctes = NULL;
    return true;
}

/* ---- references ---- */

bool cte_is_future(const Scope *scope, const char *name)
{
    for (; scope; scope = scope->parent)
        for (size_t i = scope->future_from; scope->future_ctes && i < scope->future_ctes->n_ctes; i++)
            if (strcmp(scope->future_ctes->ctes[i]->common_table_expr->ctename, name) == 0)
                return true;
    return false;
}

void cte_lend(Scope *scope, const Scope *owner)
{
    scope->query->ctes = owner->query->ctes;
    scope->query->nctes = owner->query->nctes;
}

void cte_take_back(Scope *scope)
{
    scope->query->ctes = NULL;
    scope->query->nctes = 0;
}

static Cte *find_cte(Scope *scope, const char *name, int *number, int *levels)
{
    *levels = 0;
    for (Scope *at = scope; at; at = at->parent, (*levels)++)
        for (int i = 0; i < at->query->nctes; i++)
            if (strcmp(at->query->ctes[i].name, name) == 0) {
                *number = i;
                return &at->query->ctes[i];
            }
    return NULL;
}

Rte *cte_reference(Scope *scope, const char *name, int location)
{
    Arena *arena = scope->an->arena;
    int number, levels;
    Cte *cte = find_cte(scope, name, &number, &levels);
    if (!cte)
        return NULL;
    if (cte->query && cte->query->kind != QUERY_SELECT && !cte->query->returning) {
        fail(scope, ERRCODE_FEATURE_NOT_SUPPORTED, location, "WITH query \"%s\" does not have a RETURNING clause", name);
        return NULL;
    }
    Rte *rte = ARENA_NEW(arena, Rte);
    rte->kind = RTE_CTE;
    rte->alias = name;
    rte->cte = number;
    rte->cte_levels_up = levels;
    rte->cte_self = cte->recursive && !cte->query;
    rte->ncolumns = cte->ncolumns;
    rte->columns = ARENA_ARRAY(arena, RteColumn, cte->ncolumns + 1);
    if (cte->ncolumns)
        memcpy(rte->columns, cte->columns, sizeof(RteColumn) * (size_t)cte->ncolumns);
    for (int i = cte->ncolumns - cte->nextra; i < cte->ncolumns && levels; i++)
        rte->columns[i].hidden = true;
    cte->references++;
    return rte;
}
