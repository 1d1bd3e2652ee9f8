/*
 * conflict.c - ON CONFLICT: which unique index decides, and what is done with the row that is there (PostgreSQL manual, INSERT).
 *
 * Invariant: DO UPDATE is an UPDATE over the table and `excluded`, the row that was to be inserted. Through a view both are seen as the
 * view's columns, and who is asked for the right to read is the view.
 */
#include <stdlib.h>

#include "sql/infer.h"

typedef struct Wanted {
    Scope *scope;
    Rte *target;
    const CatRelation *named; /* the view, or the table itself */
    const PgQuery__InferClause *infer;
} Wanted;

/* Columns of the constraint are marked as read. */
static bool named_index(const Wanted *wanted, Rte *reads, Oid *out)
{
    Analyzer *an = wanted->scope->an;
    const CatRelation *relation = wanted->named;
    char *end;
    CatalogRows *rows = catalog_query(an->catalog, an->arena, an->error,
                                      "SELECT contype, conindid, conkey FROM pg_constraint WHERE conrelid = ?1 AND conname = ?2", "os",
                                      relation->oid, wanted->infer->conname);
    if (!rows)
        return false;
    if (!rows->nrows)
        return error_set(an->error, ERRCODE_UNDEFINED_OBJECT, "constraint \"%s\" for table \"%s\" does not exist", wanted->infer->conname,
                         relation->name);
    if (!strchr("pu", rows->cells[0].text[0]))
        return error_set(an->error, ERRCODE_WRONG_OBJECT_TYPE, "constraint in ON CONFLICT clause has no associated index");
    *out = (Oid)rows->cells[1].i;
    for (const char *key = rows->cells[2].text; *key && *key != '}'; key = end)
        names_mark_read(reads, (int)strtol(key + 1, &end, 10));
    return true;
}

/* SELECT is needed on the columns of the index: an entry that is only asked for privileges. */
static Rte *add_privileges(const Wanted *wanted)
{
    Scope *scope = wanted->scope;
    Rte *rte = rte_for_relation(scope->an, wanted->named);
    rte->kind = RTE_RESULT;
    rte->alias = rte->alias_written = NULL;
    rte->required = ACL_SELECT;
    if (!scope->an->flat_views)
        scope_add_rte(scope, rte);
    return rte;
}

static bool to_excluded(const Expr *expr, void *arg)
{
    if (expr->kind == EXPR_VAR && expr->u.var.levels_up == 0)
        ((Expr *)(uintptr_t)expr)->u.var.rte = 1; /* a copy, nobody else's */
    return expr_walk(expr, to_excluded, arg);
}

/* Names are the view's. Returned: the entry that says what is read of `excluded`. */
static Rte *open_view(const Wanted *wanted, Scope *scope, const Rte *target)
{
    const WriteView *view = wanted->scope->view;
    WriteView *excluded = ARENA_NEW(scope->an->arena, WriteView);
    scope->view = write_view_for_conflict(scope, view);
    *excluded = *scope->view;
    excluded->rte = ARENA_NEW(scope->an->arena, Rte);
    *excluded->rte = *scope->view->rte;
    excluded->rte->columns_read = ARENA_ARRAY(scope->an->arena, uint64_t, excluded->rte->columns_read_words);
    scope_add_rte(scope, excluded->rte);
    scope->names.items[0] = write_view_names(scope, scope->view, target->alias, target->alias_written);
    scope->names.items[1] = write_view_names(scope, excluded, "excluded", "excluded");
    for (int i = 0; i < scope->names.items[1]->ncolumns; i++)
        to_excluded(scope->names.items[1]->columns[i].expr, NULL);
    return excluded->rte;
}

static Query *analyze_update_of(const Wanted *wanted, const PgQuery__OnConflictClause *clause)
{
    Analyzer *an = wanted->scope->an;
    Scope *scope = scope_open(an, wanted->scope->parent);
    Rte *target = rte_for_relation(an, wanted->target->relation), *excluded = rte_for_relation(an, wanted->target->relation);
    target->alias = wanted->target->alias;
    target->alias_written = wanted->target->alias_written;
    target->required = ACL_UPDATE;
    target->check_as = wanted->target->check_as;
    excluded->required = 0;
    target->only = excluded->only = true;
    excluded->alias = excluded->alias_written = "excluded";
    scope->query->from = ARENA_ARRAY(an->arena, FromItem *, 2);
    scope->query->from[scope->query->nfrom++] = from_add(scope, target, &scope->names);
    scope->query->from[scope->query->nfrom++] = from_add(scope, excluded, &scope->names);
    scope->query->result_rte = 0;
    cte_lend(scope, wanted->scope);
    Rte *read = wanted->scope->view ? open_view(wanted, scope, target) : excluded;
    if (!analyze_set(scope, target, clause->target_list, clause->n_target_list))
        return NULL;
    if (clause->where_clause && !(scope->query->where = analyze_condition(scope, clause->where_clause, CLAUSE_WHERE, "WHERE")))
        return NULL;
    cte_take_back(scope);
    Query *query = update_finish(scope, target, QUERY_UPDATE);
    bool reads = false;
    for (int i = 0; i < read->columns_read_words; i++)
        reads |= read->columns_read[i] != 0;
    read->required = reads ? ACL_SELECT : 0;
    if (scope->view)
        write_view_ask_below(scope, scope->view, read, true);
    return query;
}

OnConflict *analyze_conflict(Scope *scope, const PgQuery__OnConflictClause *clause, Rte *target)
{
    Analyzer *an = scope->an;
    OnConflict *conflict = ARENA_NEW(an->arena, OnConflict);
    Wanted wanted = {.scope = scope, .target = target, .infer = clause->infer};
    wanted.named = scope->view ? scope->view->relation : target->relation;
    bool updates = clause->action == PG_QUERY__ON_CONFLICT_ACTION__ONCONFLICT_UPDATE;
    *conflict = (OnConflict){0};
    if (updates && !clause->infer) {
        error_set(an->error, ERRCODE_SYNTAX_ERROR, "ON CONFLICT DO UPDATE requires inference specification or constraint name");
        error_hint(an->error, "For example, ON CONFLICT (column_name).");
        analyze_at(an, clause->location);
        return NULL;
    }
    if (updates && !(conflict->update = analyze_update_of(&wanted, clause)))
        return NULL;
    conflict->constraint = clause->infer && given(clause->infer->conname) ? clause->infer->conname : NULL;
    Rte *reads = clause->infer ? add_privileges(&wanted) : NULL;
    if (clause->infer && !(conflict->constraint ? named_index(&wanted, reads, &conflict->index)
                                                : infer_index(scope, clause->infer, target, reads, conflict)))
        return NULL;
    if (reads && scope->view)
        write_view_ask_below(scope, scope->view, reads, true);
    conflict->visible = updates && scope->view ? scope->view->levels.items : NULL;
    conflict->nvisible = conflict->visible ? (int)scope->view->levels.count : 0;
    return conflict;
}
