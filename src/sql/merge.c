/*
 * merge.c - MERGE: a source joined with the table, and what is done with each row of the join (PostgreSQL manual, MERGE).
 *
 * The Query's FROM is the join: of the source's rows, each with the rows of the table that match or, where some action is for rows that
 * do not, with none. Conditions and values of the actions are its targets.
 *
 * Invariants:
 *  1. Errors come in PostgreSQL's order: WITH, WHEN clauses that cannot be reached, the table, the source, ON, then clause by clause.
 *  2. WHEN NOT MATCHED sees the source alone.
 */
#include "sql/analyze_int.h"

typedef struct Merge {
    Scope *scope;
    const PgQuery__MergeStmt *stmt;
    Rte *target;
    NsItem *item; /* the table's names */
} Merge;

static const PgQuery__MergeWhenClause *clause_of(const Merge *merge, size_t i)
{
    return merge->stmt->merge_when_clauses[i]->merge_when_clause;
}

/* ---- before anything is looked up ---- */

static bool check_reachable(Merge *merge)
{
    bool ended[2] = {false, false};
    for (size_t i = 0; i < merge->stmt->n_merge_when_clauses; i++) {
        const PgQuery__MergeWhenClause *when = clause_of(merge, i);
        if (ended[when->matched])
            return error_set(merge->scope->an->error, ERRCODE_SYNTAX_ERROR,
                             "unreachable WHEN clause specified after unconditional WHEN clause");
        ended[when->matched] = !when->condition;
    }
    return true;
}

static AclMask wanted_rights(const Merge *merge)
{
    AclMask rights = 0;
    for (size_t i = 0; i < merge->stmt->n_merge_when_clauses; i++) {
        PgQuery__CmdType type = clause_of(merge, i)->command_type;
        rights |= type == PG_QUERY__CMD_TYPE__CMD_UPDATE ? ACL_UPDATE : type == PG_QUERY__CMD_TYPE__CMD_DELETE ? ACL_DELETE : 0;
    }
    return rights;
}

/* ---- the join ---- */

static bool open_target(Merge *merge)
{
    static const struct {
        char kind;
        const char *words;
    } OTHERS[] = {{'v', "views"}, {'m', "materialized views"}, {'f', "foreign tables"}, {'S', "sequences"}};
    Scope *scope = merge->scope;
    Error *error = scope->an->error;
    const CatRelation *relation = from_find_relation(scope, merge->stmt->relation);
    if (!relation)
        return false;
    for (size_t i = 0; i < COUNT_OF(OTHERS); i++)
        if (OTHERS[i].kind == relation->kind) {
            error_set(error, ERRCODE_FEATURE_NOT_SUPPORTED, "cannot execute MERGE on relation \"%s\"", relation->name);
            return error_detail(error, "This operation is not supported for %s.", OTHERS[i].words);
        }
    merge->target = assign_target(scope, merge->stmt->relation, wanted_rights(merge), WRITE_UPDATE);
    if (!merge->target)
        return false;
    merge->target->in_from = true;
    merge->target->to_change = "merge into";
    merge->item = names_item(scope, merge->target, scope->query->result_rte);
    return true;
}

static bool refuse_same_name(Merge *merge, const NsItem *source)
{
    Error *error = merge->scope->an->error;
    if (!source->name || !source->names_visible || strcmp(source->name, merge->target->alias) != 0)
        return true;
    error_set(error, ERRCODE_DUPLICATE_ALIAS, "name \"%s\" specified more than once", merge->target->alias);
    return error_detail(error, "The name is used both as MERGE target table and data source.");
}

static bool join(Merge *merge)
{
    Scope *scope = merge->scope;
    Query *query = scope->query;
    bool inserts = false;
    if (!analyze_from(scope, &merge->stmt->source_relation, 1))
        return false;
    for (size_t i = 0; i < scope->names.count; i++)
        if (!refuse_same_name(merge, scope->names.items[i]))
            return false;
    names_add(scope, &scope->names, merge->item);
    for (size_t i = 0; i < merge->stmt->n_merge_when_clauses; i++)
        inserts |= !clause_of(merge, i)->matched;
    FromItem *table = ARENA_NEW(scope->an->arena, FromItem), *both = ARENA_NEW(scope->an->arena, FromItem);
    *table = (FromItem){.kind = FROM_RTE, .rte = query->result_rte};
    *both = (FromItem){.kind = FROM_JOIN, .rte = -1, .join = inserts ? JOIN_LEFT : JOIN_INNER, .left = query->from[0], .right = table};
    both->on = analyze_condition(scope, merge->stmt->join_condition, CLAUSE_JOIN_ON, "JOIN/ON");
    query->from[0] = both;
    return both->on != NULL;
}

/* ---- actions ---- */

static bool add_condition(Merge *merge, const Node *condition, MergeAction *action)
{
    Scope *scope = merge->scope;
    action->condition = -1;
    if (!condition)
        return true;
    Expr *expr = analyze_condition(scope, condition, CLAUSE_MERGE_WHEN, "WHEN");
    if (!expr)
        return false;
    action->condition = scope->query->ntargets;
    scope_add_target(scope, expr, "condition", false);
    return true;
}

static bool add_update(Merge *merge, const PgQuery__MergeWhenClause *when, MergeAction *action)
{
    Scope *scope = merge->scope;
    const uint64_t *written = merge->target->columns_written;
    Query *query = scope->query;
    int first = query->ntargets;
    query->insert_columns = NULL;
    if (!analyze_set(scope, merge->target, when->target_list, when->n_target_list))
        return false;
    for (int i = 0; written && i < merge->target->columns_read_words; i++)
        merge->target->columns_written[i] |= written[i];
    action->first = first;
    action->count = query->ntargets - first;
    action->columns = ARENA_ARRAY(scope->an->arena, int, action->count + 1);
    for (int i = 0; i < action->count; i++)
        action->columns[i] = query->insert_columns[first + i];
    query->insert_columns = NULL;
    query->set_together = NULL;
    return true;
}

static bool add_action(Merge *merge, const PgQuery__MergeWhenClause *when)
{
    Query *query = merge->scope->query;
    MergeAction *action = &query->actions[query->nactions++];
    *action = (MergeAction){.matched = when->matched};
    merge->item->names_visible = merge->item->columns_visible = when->matched;
    if (!add_condition(merge, when->condition, action))
        return false;
    switch (when->command_type) {
    case PG_QUERY__CMD_TYPE__CMD_UPDATE:
        action->kind = MERGE_UPDATE;
        return add_update(merge, when, action);
    case PG_QUERY__CMD_TYPE__CMD_INSERT:
        action->kind = MERGE_INSERT;
        return analyze_insert_action(merge->scope, when, merge->target->relation, action);
    case PG_QUERY__CMD_TYPE__CMD_DELETE:
        action->kind = MERGE_DELETE;
        return true;
    default:
        return true;
    }
}

Query *analyze_merge(Scope *scope, const PgQuery__MergeStmt *stmt)
{
    Merge merge = {.scope = scope, .stmt = stmt};
    Query *query = scope->query;
    if (stmt->with_clause && !analyze_with(scope, stmt->with_clause))
        return NULL;
    if (!check_reachable(&merge) || !open_target(&merge) || !join(&merge))
        return NULL;
    query->actions = ARENA_ARRAY(scope->an->arena, MergeAction, stmt->n_merge_when_clauses + 1);
    for (size_t i = 0; i < stmt->n_merge_when_clauses; i++)
        if (!add_action(&merge, clause_of(&merge, i)))
            return NULL;
    return update_finish(scope, merge.target, QUERY_MERGE);
}
