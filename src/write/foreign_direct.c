/*
 * foreign_direct.c - UPDATE and DELETE of a foreign table that its source does alone: what would be asked of the source, the rows' places
 * and new values, is asked by the statement that changes them there.
 *
 * Entered by the session's worker only.
 */
#include "write/internal.h"

bool write_may_go_alone(const Query *statement, Catalog *catalog)
{
    const Rte *named = statement->kind == QUERY_SELECT ? NULL : statement->rtes[statement->result_rte];
    if (!named || statement->kind == QUERY_MERGE || named->relation->kind != 'f' || (named->relation->has_children && !named->only) ||
        statement->returning || statement->nchecks || statement->nctes || sql_locks_rows(statement) ||
        query_is_volatile(statement, catalog))
        return false;
    Arena *arena = arena_open(NULL);
    Error ignored;
    error_init(&ignored, arena);
    const CatalogRows *rows =
        catalog_query(catalog, arena, &ignored, "SELECT 1 FROM pg_trigger WHERE tgrelid = ?1 LIMIT 1", "o", named->relation->oid);
    bool alone = rows && !rows->nrows;
    arena_close(arena);
    return alone;
}

/* Nobody here is to see a row, and there are values to set: DEFAULT of a generated column is none. */
static bool is_asked_nothing(Write *write, bool *out)
{
    const Query *statement = write->statement;
    WriteEvent event = statement->kind == QUERY_UPDATE ? EVENT_UPDATE : EVENT_DELETE;
    const Rte *named = statement->rtes[statement->result_rte];
    TriggerList before, after;
    *out = false;
    if ((write->root->has_children && !named->only) || statement->returning || statement->nchecks || write->context->follows ||
        write->context->wants_row || turns_by_row(write) || (event == EVENT_UPDATE && !statement->ntargets))
        return true;
    if (!trigger_collect(write, write->root, event, true, true, &before) ||
        !trigger_collect(write, write->root, event, true, false, &after))
        return false;
    *out = !before.count && !after.count;
    return true;
}

/* Their places, ctid and its table (several may be read as one), then their new values. */
static Query *wanted_rows(Write *write)
{
    Query *query = query_copy(write->statement, write->arena), *all = fetch_over(write, NULL);
    int entry = query->result_rte;
    fetch_add_target(all, expr_var(write->arena, entry, COLUMN_CTID, TYPE_TID, -1, OID_NONE));
    fetch_add_target(all, expr_var(write->arena, entry, COLUMN_LIES_IN, TYPE_OID, -1, OID_NONE));
    for (int i = 0; i < query->ntargets; i++)
        fetch_add_target(all, write_set_together(write, query, query->targets[i].expr, NULL));
    query->targets = all->targets;
    query->ntargets = all->ntargets;
    query->kind = QUERY_SELECT;
    query->result_rte = -1;
    query->as_of = write->context->as_of;
    fetch_forget_privileges(query);
    return query;
}

/* Where that source answers the whole query. NULL: it does not, or the error is set. */
static const Leaf *whole_answer(Write *write, const Query *query, const RemoteTarget *target)
{
    PlanContext context = *write->context->plan;
    context.as_of = query->as_of;
    context.rows_wanted = false;
    const Plan *plan = plan_query(query, &context, write->arena, write->error);
    const Leaf *leaf = plan && plan->relay && plan->nleaves == 1 ? plan->leaves[0] : NULL;
    return leaf && leaf->kind == LEAF_FOREIGN && leaf->sql && memcmp(leaf->target->key, target->key, sizeof target->key) == 0 ? leaf : NULL;
}

static void add_settings(Write *write, const FdwModule *module, Str *out)
{
    const Query *statement = write->statement;
    const CatRelation *root = write->root;
    str_add(out, " SET ");
    for (int i = 0; i < statement->ntargets; i++) {
        str_add(out, i ? ", " : "");
        foreign_column_name(module, &root->columns[statement->insert_columns[i] - 1], out);
        str_addf(out, " = n.c%d", i + 3);
    }
    for (int i = 1; i <= root->ncolumns; i++) {
        if (!root->columns[i - 1].generated || root->columns[i - 1].dropped || !change_is_set(write, root, i))
            continue;
        str_add(out, ", ");
        foreign_column_name(module, &root->columns[i - 1], out);
        str_add(out, " = DEFAULT");
    }
}

static const char *statement_text(Write *write, const FdwModule *module, const Leaf *leaf)
{
    bool updates = write->statement->kind == QUERY_UPDATE;
    Str sql;
    str_init(&sql, write->arena);
    str_add(&sql, updates ? "UPDATE " : "DELETE FROM ");
    source_relation_name(module, write->root, &sql);
    str_add(&sql, " AS w");
    if (updates)
        add_settings(write, module, &sql);
    str_addf(&sql, " %s (%s) AS n(c1, c2", updates ? "FROM" : "USING", leaf->sql);
    for (int i = 0; updates && i < write->statement->ntargets; i++)
        str_addf(&sql, ", c%d", i + 3);
    str_add(&sql, ") WHERE w.ctid = n.c1 AND w.tableoid = n.c2");
    return sql.data;
}

/* *out NULL: it is to be done row by row. */
static bool find_leaf(Write *write, const RemoteTarget *target, const Leaf **out)
{
    bool asked_nothing;
    *out = NULL;
    if (!is_asked_nothing(write, &asked_nothing))
        return false;
    if (asked_nothing)
        *out = whole_answer(write, wanted_rows(write), target);
    return *out || !error_is_set(write->error);
}

bool foreign_direct_text(Write *write, const char **out)
{
    const RemoteTarget *target = foreign_target(write, write->root);
    const Leaf *leaf = NULL;
    if (!target || !find_leaf(write, target, &leaf))
        return false;
    *out = leaf ? statement_text(write, target->module, leaf) : NULL;
    return true;
}

bool foreign_change_directly(Write *write, bool *done, uint64_t *count)
{
    const Leaf *leaf;
    *done = false;
    if (write->root->kind != 'f')
        return true;
    const RemoteTarget *target = foreign_target(write, write->root);
    if (!target || !find_leaf(write, target, &leaf) || !leaf)
        return !error_is_set(write->error);
    *done = true;
    uint32_t *types = ARENA_ARRAY(write->arena, uint32_t, leaf->nparams + 1);
    const char **values = ARENA_ARRAY(write->arena, const char *, leaf->nparams + 1);
    for (size_t i = 0; i < leaf->nparams; i++) {
        types[i] = leaf->params[i].oid;
        values[i] = leaf->params[i].text;
    }
    FdwModifySpec spec = {.sql = statement_text(write, target->module, leaf),
                          .types = types,
                          .nparams = leaf->nparams,
                          .nrows = 1,
                          .values = values,
                          .affected = count};
    *count = 0;
    return remote_modify(write->context->remote, target, &spec, write->arena, write->error);
}
