/*
 * conflict.c - ON CONFLICT: which unique index decides, and what is done with the row that is there (PostgreSQL manual, INSERT).
 *
 * Invariant: DO UPDATE is an UPDATE over the table and `excluded`, the row that was to be inserted.
 */
#include "sql/infer.h"

typedef struct Wanted {
    Scope *scope;
    Rte *target;
    const PgQuery__InferClause *infer;
} Wanted;

static bool named_index(const Wanted *wanted, Oid *out)
{
    Analyzer *an = wanted->scope->an;
    const CatRelation *relation = wanted->target->relation;
    CatalogRows *rows = catalog_query(an->catalog, an->arena, an->error,
                                      "SELECT contype, conindid, condeferrable FROM pg_constraint WHERE conrelid = ?1 AND conname = ?2",
                                      "os", relation->oid, wanted->infer->conname);
    if (!rows)
        return false;
    if (!rows->nrows)
        return error_set(an->error, ERRCODE_UNDEFINED_OBJECT, "constraint \"%s\" for table \"%s\" does not exist", wanted->infer->conname,
                         relation->name);
    if (!strchr("pu", rows->cells[0].text[0]))
        return error_set(an->error, ERRCODE_WRONG_OBJECT_TYPE, "constraint in ON CONFLICT clause has no associated index");
    if (rows->cells[2].i)
        return error_set(an->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                         "ON CONFLICT does not support deferrable unique constraints/exclusion constraints as arbiters");
    *out = (Oid)rows->cells[1].i;
    return true;
}

/* SELECT is needed on the columns of the index. */
static void take_reads(const Rte *from, Rte *to)
{
    for (int i = 0; i < from->columns_read_words; i++)
        to->columns_read[i] |= from->columns_read[i];
}

static Query *analyze_update_of(const Wanted *wanted, const PgQuery__OnConflictClause *clause)
{
    Analyzer *an = wanted->scope->an;
    Scope *scope = scope_open(an, NULL);
    Rte *target = rte_for_relation(an, wanted->target->relation), *excluded = rte_for_relation(an, wanted->target->relation);
    target->alias = wanted->target->alias;
    target->alias_written = wanted->target->alias_written;
    target->required = ACL_UPDATE;
    target->only = excluded->only = true;
    excluded->alias = excluded->alias_written = "excluded";
    scope->query->from = ARENA_ARRAY(an->arena, FromItem *, 2);
    scope->query->from[scope->query->nfrom++] = from_add(scope, target, &scope->names);
    scope->query->from[scope->query->nfrom++] = from_add(scope, excluded, &scope->names);
    scope->query->result_rte = 0;
    if (!analyze_set(scope, target, clause->target_list, clause->n_target_list))
        return NULL;
    if (clause->where_clause && !(scope->query->where = analyze_condition(scope, clause->where_clause, CLAUSE_WHERE, "WHERE")))
        return NULL;
    Query *query = update_finish(scope, target, QUERY_UPDATE);
    bool reads = false;
    for (int i = 0; i < excluded->columns_read_words; i++)
        reads |= excluded->columns_read[i] != 0;
    excluded->required = reads ? ACL_SELECT : 0;
    return query;
}

OnConflict *analyze_conflict(Scope *scope, const PgQuery__OnConflictClause *clause, Rte *target)
{
    Analyzer *an = scope->an;
    OnConflict *conflict = ARENA_NEW(an->arena, OnConflict);
    Wanted wanted = {.scope = scope, .target = target, .infer = clause->infer};
    bool updates = clause->action == PG_QUERY__ON_CONFLICT_ACTION__ONCONFLICT_UPDATE;
    *conflict = (OnConflict){0};
    if (updates && !clause->infer) {
        error_set(an->error, ERRCODE_SYNTAX_ERROR, "ON CONFLICT DO UPDATE requires inference specification or constraint name");
        error_hint(an->error, "For example, ON CONFLICT (column_name).");
        analyze_at(an, clause->location);
        return NULL;
    }
    if (target->relation->kind == 'p') {
        error_unsupported(an->error, "ON CONFLICT is not supported with partitioned tables");
        return NULL;
    }
    if (updates && !(conflict->update = analyze_update_of(&wanted, clause)))
        return NULL;
    Rte *named = rte_for_relation(an, target->relation);
    named->alias = target->alias;
    conflict->constraint = clause->infer && given(clause->infer->conname) ? clause->infer->conname : NULL;
    if (clause->infer && !(conflict->constraint ? named_index(&wanted, &conflict->index) : infer_index(an, clause->infer, named, conflict)))
        return NULL;
    if (conflict->update) {
        take_reads(named, conflict->update->rtes[0]);
        conflict->update->rtes[0]->required |= ACL_SELECT;
    }
    return conflict;
}
