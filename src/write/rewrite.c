/*
 * rewrite.c - ALTER TABLE that changes what all rows are: they are read as long as the table is what it was, and stored anew afterwards;
 * VACUUM FULL and CLUSTER, which change where they lie.
 *
 * Invariants:
 *  1. The new rows go to a node of their own: who still sees the table as it was reads the old one, and a rollback gives it back.
 *  2. Rows keep their numbers, and with them their order, unless they are to lie in an index's. No trigger fires.
 * Entered by the session's worker only.
 */
#include "write/internal.h"

struct WriteRewrite {
    Write write;
    WorkTable work; /* the columns by number, then the row's number */
    Oid relation;
    int ncolumns; /* that the table had */
    bool sorted;  /* the rows' numbers are those of the work table */
};

/* ---- an index's order ---- */

static bool sort_item(Write *write, const CatRelation *relation, Oid index, const CatalogCell *cells, Query *query)
{
    const char *text = fetch_index_column(write, index, (int)cells[0].i);
    Expr *key = text ? fetch_expr(write, relation, text, OID_NONE) : NULL;
    if (key && !cells[1].is_null && key->collation != (Oid)cells[1].i)
        key = fetch_expr(write, relation,
                         arena_printf(write->arena, "(%s) COLLATE %s.%s", text,
                                      catalog_quote_identifier(write->catalog, cells[2].text, write->arena),
                                      catalog_quote_identifier(write->catalog, cells[7].text, write->arena)),
                         OID_NONE);
    if (!key)
        return false;
    query->order[query->norder++] = (SortItem){.target = query->ntargets,
                                               .sort_op = (Oid)cells[3].i,
                                               .eq_op = (Oid)cells[4].i,
                                               .descending = cells[5].i,
                                               .nulls_first = cells[6].i};
    fetch_add_target(query, key);
    query->targets[query->ntargets - 1].junk = true;
    return true;
}

/* Only a btree has one. */
static bool sort_by_index(Write *write, const CatRelation *relation, Oid index, Query *query)
{
    static const char KEYS[] =
        "SELECT k.number, l.oid, n.nspname,"
        " (SELECT amopopr FROM pg_amop WHERE amopfamily = opcfamily AND amoplefttype = opcintype AND amoprighttype = opcintype"
        " AND amopstrategy = CASE WHEN k.option & 1 THEN 5 ELSE 1 END),"
        " (SELECT amopopr FROM pg_amop WHERE amopfamily = opcfamily AND amoplefttype = opcintype AND amoprighttype = opcintype"
        " AND amopstrategy = 3), k.option & 1, (k.option & 2) <> 0, l.collname"
        " FROM (SELECT a.key + 1 AS number, a.value AS class, b.value AS option, c.value AS collation FROM pg_index,"
        " json_each('[' || replace(indclass, ' ', ',') || ']') a, json_each('[' || replace(indoption, ' ', ',') || ']') b,"
        " json_each('[' || replace(indcollation, ' ', ',') || ']') c WHERE indexrelid = ?1 AND a.key = b.key AND a.key = c.key) k"
        " JOIN pg_opclass o ON o.oid = k.class AND opcmethod = 403 LEFT JOIN pg_collation l ON l.oid = k.collation"
        " LEFT JOIN pg_namespace n ON n.oid = collnamespace ORDER BY 1";
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, KEYS, "o", index);
    if (rows)
        query->order = ARENA_ARRAY(write->arena, SortItem, rows->nrows + 1);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        if (!sort_item(write, relation, index, &CATALOG_CELL(rows, i, 0), query))
            return false;
    return rows != NULL;
}

/* ---- reading ---- */

static WriteRewrite *read_rows(const WriteContext *context, Oid oid, Expr *const *values, Oid index, Arena *arena, Error *error)
{
    uint64_t count;
    const CatRelation *relation = catalog_relation(context->plan->catalog, oid);
    WriteRewrite *rewrite = ARENA_NEW(arena, WriteRewrite);
    Write *write = &rewrite->write;
    *rewrite = (WriteRewrite){.relation = oid, .ncolumns = relation->ncolumns, .sorted = index != OID_NONE};
    *write = (Write){.context = context, .root = relation, .catalog = context->plan->catalog, .arena = arena, .error = error};
    Query *query = fetch_over(write, relation);
    for (int i = 1; i <= relation->ncolumns; i++) {
        bool dropped = relation->columns[i - 1].dropped;
        Expr *value = dropped                   ? expr_const(arena, TYPE_INT4, -1, NULL)
                      : values && values[i - 1] ? values[i - 1]
                                                : fetch_column(write, relation, i);
        fetch_add_target(query, value);
    }
    fetch_add_target(query, fetch_row_number(write, 0));
    if (index && !sort_by_index(write, relation, index, query))
        return NULL;
    const char *order = query->norder ? NULL : arena_printf(arena, "c%d", relation->ncolumns + 1);
    return work_fill(write, query, order, false, &rewrite->work, &count) ? rewrite : NULL;
}

WriteRewrite *write_rewrite_read(const WriteContext *context, Oid oid, Expr *const *values, Arena *arena, Error *error)
{
    return read_rows(context, oid, values, OID_NONE, arena, error);
}

bool write_rewrite_sorted(const WriteContext *context, Oid oid, Oid index, Arena *arena, Error *error)
{
    WriteRewrite *rewrite = read_rows(context, oid, NULL, index, arena, error);
    return rewrite && write_rewrite_store(rewrite);
}

/* ---- storing ---- */

/* Of a generated column that was there its values are kept. */
static bool is_generated_now(const WriteRewrite *rewrite, const CatColumn *column)
{
    return column->generated && column->number > rewrite->ncolumns;
}

/* A column as it was, or what is new in all rows; new generated ones come later. */
static Expr *stored_value(WriteRewrite *rewrite, const Query *query, const CatRelation *relation, int number)
{
    Write *write = &rewrite->write;
    const CatColumn *column = &relation->columns[number - 1];
    AnalyzeContext context = {.catalog = write->catalog, .functions = write->context->plan->functions, .text = ""};
    if (column->dropped || is_generated_now(rewrite, column))
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
    fetch_add_target(rows, rewrite->sorted ? fetch_row_number(write, 0) : fetch_var(write, rows, 0, rewrite->ncolumns + 1));
    if (!catalog_exec(write->catalog, write->error, NULL, "DELETE FROM medley_stored WHERE relation = ?1", "o", rewrite->relation) ||
        !catalog_exec(write->catalog, write->error, NULL, FORGET, "o", rewrite->relation) ||
        !exec_store_begin(write->context->engine, write->catalog, &write->number, write->error))
        return false;
    relation = catalog_relation(write->catalog, rewrite->relation);
    return insert_versions(write, fetch_around(write, rows), relation, relation, rewrite->ncolumns, &count);
}
