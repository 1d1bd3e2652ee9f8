/*
 * rewrite.c - ALTER TABLE that changes what all rows are: they are read as long as the table is what it was, and stored anew afterwards.
 *
 * Invariants:
 *  1. The new rows go to a node of their own: who still sees the table as it was reads the old one, and a rollback gives it back.
 *  2. Rows keep their numbers, and with them their order. No trigger fires.
 * Entered by the session's worker only.
 */
#include "write/internal.h"

struct WriteRewrite {
    Write write;
    WorkTable work; /* the columns by number, then the row's number */
    Oid relation;
    int ncolumns; /* that the table had */
};

WriteRewrite *write_rewrite_read(const WriteContext *context, Oid oid, Expr *const *values, Arena *arena, Error *error)
{
    uint64_t count;
    const CatRelation *relation = catalog_relation(context->plan->catalog, oid);
    WriteRewrite *rewrite = ARENA_NEW(arena, WriteRewrite);
    Write *write = &rewrite->write;
    *rewrite = (WriteRewrite){.relation = oid, .ncolumns = relation->ncolumns};
    *write = (Write){.context = context, .root = relation, .catalog = context->plan->catalog, .arena = arena, .error = error};
    Query *query = fetch_over(write, relation);
    for (int i = 1; i <= relation->ncolumns; i++) {
        bool dropped = relation->columns[i - 1].dropped;
        Expr *value = dropped ? expr_const(arena, TYPE_INT4, -1, NULL) : values[i - 1] ? values[i - 1] : fetch_column(write, relation, i);
        fetch_add_target(query, value);
    }
    fetch_add_target(query, fetch_row_number(write, 0));
    return work_fill(write, query, arena_printf(arena, "c%d", relation->ncolumns + 1), false, &rewrite->work, &count) ? rewrite : NULL;
}

/* A column as it was, or what is new in all rows; generated ones come later. */
static Expr *stored_value(WriteRewrite *rewrite, const Query *query, const CatRelation *relation, int number)
{
    Write *write = &rewrite->write;
    const CatColumn *column = &relation->columns[number - 1];
    AnalyzeContext context = {.catalog = write->catalog, .functions = write->context->plan->functions, .text = ""};
    if (column->dropped || column->generated)
        return expr_const(write->arena, column->dropped ? TYPE_INT4 : column->type, column->typmod, NULL);
    return number <= rewrite->ncolumns ? fetch_var(write, query, 0, number)
                                       : sql_column_default(relation, number, &context, write->arena, write->error);
}

bool write_rewrite_store(WriteRewrite *rewrite)
{
    static const char FORGET[] = "UPDATE pg_attribute SET atthasmissing = 0, attmissingval = NULL WHERE attrelid = ?1 AND atthasmissing";
    Write *write = &rewrite->write;
    const CatRelation *relation = catalog_relation(write->catalog, rewrite->relation);
    Query *rows = fetch_over(write, NULL);
    uint64_t count;
    work_add(write, rows, &rewrite->work);
    for (int i = 1; i <= relation->ncolumns; i++) {
        Expr *value = stored_value(rewrite, rows, relation, i);
        if (!value)
            return false;
        fetch_add_target(rows, value);
    }
    fetch_add_target(rows, fetch_var(write, rows, 0, rewrite->ncolumns + 1));
    Query *query = fetch_around(write, rows);
    int *columns = ARENA_ARRAY(write->arena, int, relation->ncolumns + 2);
    for (int i = 1; i <= relation->ncolumns; i++) {
        const CatColumn *column = &relation->columns[i - 1];
        if (column->dropped)
            continue;
        columns[query->ntargets] = i;
        Expr *value = column->generated ? change_generated(write, relation, i) : fetch_var(write, query, 0, i);
        if (!value)
            return false;
        fetch_add_target(query, value);
    }
    columns[query->ntargets] = 0;
    fetch_add_target(query, fetch_var(write, query, 0, relation->ncolumns + 1));
    fetch_order_by(write, query, fetch_var(write, query, 0, relation->ncolumns + 1));
    return catalog_exec(write->catalog, write->error, NULL, "DELETE FROM medley_stored WHERE relation = ?1", "o", rewrite->relation) &&
           catalog_exec(write->catalog, write->error, NULL, FORGET, "o", rewrite->relation) &&
           exec_store_begin(write->context->engine, write->catalog, &write->number, write->error) &&
           insert_query(write, query, rewrite->relation, columns, &count);
}
