/*
 * conflict.c - ON CONFLICT: which unique index decides, and what is done with the row that is there (PostgreSQL manual, INSERT).
 *
 * Invariants:
 *  1. The index is one on exactly the columns named, in any order, without expressions or a condition.
 *  2. DO UPDATE is an UPDATE over the table and `excluded`, the row that was to be inserted.
 */
#include <stdlib.h>

#include "sql/analyze_int.h"

typedef struct Wanted {
    Scope *scope;
    Rte *target;
    const PgQuery__InferClause *infer;
    bool *columns; /* by attnum - 1 */
    int count;
    Expr **elements;
    int nelements;
} Wanted;

static bool refuse_at(Scope *scope, int location, const char *text)
{
    error_set(scope->an->error, ERRCODE_INVALID_COLUMN_REFERENCE, "%s", text);
    return analyze_at(scope->an, location);
}

static bool want_element(Wanted *wanted, const PgQuery__IndexElem *elem)
{
    Analyzer *an = wanted->scope->an;
    if (elem->ordering != PG_QUERY__SORT_BY_DIR__SORTBY_DEFAULT)
        return refuse_at(wanted->scope, wanted->infer->location, "ASC/DESC is not allowed in ON CONFLICT clause");
    if (elem->nulls_ordering != PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_DEFAULT)
        return refuse_at(wanted->scope, wanted->infer->location, "NULLS FIRST/LAST is not allowed in ON CONFLICT clause");
    if (!given(elem->name) || elem->n_collation || elem->n_opclass)
        return error_unsupported(an->error, "ON CONFLICT of an expression, a collation or an operator class is not supported");
    int number = assign_find_column(wanted->target->relation, elem->name);
    if (!number) {
        error_set(an->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" does not exist", elem->name);
        return analyze_at(an, wanted->infer->location);
    }
    const CatColumn *column = &wanted->target->relation->columns[number - 1];
    wanted->elements[wanted->nelements++] = expr_var(an->arena, 0, number, column->type, column->typmod, column->collation);
    wanted->count += !wanted->columns[number - 1];
    wanted->columns[number - 1] = true;
    return true;
}

static bool is_wanted(const Wanted *wanted, const char *key, int count)
{
    char *end;
    bool *seen = ARENA_ARRAY(wanted->scope->an->arena, bool, wanted->target->relation->ncolumns + 1);
    int found = 0;
    for (int i = 0; i < count; i++, key = end) {
        long number = strtol(key, &end, 10);
        if (number <= 0 || !wanted->columns[number - 1])
            return false;
        found += !seen[number - 1];
        seen[number - 1] = true;
    }
    return found == wanted->count;
}

static bool infer_index(Wanted *wanted, Oid *out)
{
    static const char SQL[] = "SELECT indexrelid, indkey, indnkeyatts FROM pg_index WHERE indrelid = ?1 AND indisunique AND indimmediate"
                              " AND indexprs IS NULL AND indpred IS NULL ORDER BY indexrelid";
    Analyzer *an = wanted->scope->an;
    const PgQuery__InferClause *infer = wanted->infer;
    if (infer->where_clause)
        return error_unsupported(an->error, "ON CONFLICT with a condition on the index is not supported");
    wanted->columns = ARENA_ARRAY(an->arena, bool, wanted->target->relation->ncolumns + 1);
    wanted->elements = ARENA_ARRAY(an->arena, Expr *, infer->n_index_elems + 1);
    for (size_t i = 0; i < infer->n_index_elems; i++)
        if (!want_element(wanted, infer->index_elems[i]->index_elem))
            return false;
    CatalogRows *rows = catalog_query(an->catalog, an->arena, an->error, SQL, "o", wanted->target->relation->oid);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        if (is_wanted(wanted, CATALOG_CELL(rows, i, 1).text, (int)CATALOG_CELL(rows, i, 2).i)) {
            *out = (Oid)CATALOG_CELL(rows, i, 0).i;
            return true;
        }
    return rows && error_set(an->error, ERRCODE_INVALID_COLUMN_REFERENCE,
                             "there is no unique or exclusion constraint matching the ON CONFLICT specification");
}

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
static void mark_columns(const Wanted *wanted, Rte *target)
{
    for (int i = 0; wanted->columns && i < wanted->target->relation->ncolumns; i++)
        if (wanted->columns[i])
            names_mark_read(target, i + 1);
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
    if (clause->infer && !(given(clause->infer->conname) ? named_index(&wanted, &conflict->index) : infer_index(&wanted, &conflict->index)))
        return NULL;
    conflict->elements = wanted.elements;
    conflict->nelements = wanted.nelements;
    conflict->constraint = clause->infer && given(clause->infer->conname) ? clause->infer->conname : NULL;
    if (conflict->update) {
        mark_columns(&wanted, conflict->update->rtes[0]);
        conflict->update->rtes[0]->required |= ACL_SELECT;
    }
    return conflict;
}
