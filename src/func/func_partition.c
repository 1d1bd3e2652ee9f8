/*
 * func_partition.c - functions that tell of partitioned tables and their partitions.
 *
 *  1. What is neither partitioned nor a partition has no key, no condition, no tree: SQL NULL or no rows.
 * Any thread; the Catalog locks itself.
 */
#include "func/func_internal.h"
#include "func/partition.h"

enum { MAX_TREE_DEPTH = 1000 };

static bool get_partkey_def(FuncCall *call)
{
    Catalog *catalog = call->context->catalog;
    const PartitionKey *key = partition_key(catalog, (Oid)call->args[0].i, call->arena, call->error);
    if (!key)
        return error_is_set(call->error) ? false : return_null(call);
    return return_text(call, partition_key_text(call->context, key, false, call->arena));
}

static bool get_constraint_def(FuncCall *call)
{
    const char *text;
    Oid relation = (Oid)call->args[0].i;
    if (!partition_constraint(call->context, relation, true, call->arena, &text, call->error))
        return false;
    return return_text(call, text);
}

/* OID_NONE: at the top, or no partition at all. *partition: whether it is one (or is partitioned). */
static bool parent_of(Catalog *catalog, Oid oid, Arena *arena, Oid *parent, Error *error)
{
    CatalogRows *rows = catalog_query(catalog, arena, error,
                                      "SELECT inhparent FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid"
                                      " WHERE inhrelid = ?1 AND relispartition",
                                      "o", oid);
    *parent = rows && rows->nrows ? (Oid)CATALOG_CELL(rows, 0, 0).i : OID_NONE;
    return rows != NULL;
}

static bool has_tree(const CatRelation *relation)
{
    return relation && (relation->is_partition || relation->kind == 'p' || relation->kind == 'I');
}

static bool partition_root(FuncCall *call)
{
    Catalog *catalog = call->context->catalog;
    Oid oid = (Oid)call->args[0].i, parent = oid;
    if (!has_tree(catalog_relation(catalog, oid)))
        return return_null(call);
    while (parent != OID_NONE) {
        oid = parent;
        if (!parent_of(catalog, oid, call->arena, &parent, call->error))
            return false;
    }
    return return_int(call, oid);
}

static bool partition_ancestors(FuncSetCall *set)
{
    Catalog *catalog = set->call.context->catalog;
    Oid oid = set->call.args[0].is_null ? OID_NONE : (Oid)set->call.args[0].i;
    if (!has_tree(catalog_relation(catalog, oid)))
        return true;
    while (oid != OID_NONE) {
        Value row = value_int(FDW_UINT32, oid);
        if (!set->emit(set->sink, &row, 1))
            return true;
        if (!parent_of(catalog, oid, set->call.arena, &oid, set->call.error))
            return false;
    }
    return true;
}

typedef struct TreeRow {
    Oid oid, parent;
    int level;
} TreeRow;

/* By levels, within one in the order of OIDs. */
static bool partition_tree(FuncSetCall *set)
{
    Catalog *catalog = set->call.context->catalog;
    Arena *arena = set->call.arena;
    VEC(TreeRow) rows = {0};
    TreeRow root = {set->call.args[0].is_null ? OID_NONE : (Oid)set->call.args[0].i, OID_NONE, 0};
    if (!has_tree(catalog_relation(catalog, root.oid)))
        return true;
    if (!parent_of(catalog, root.oid, arena, &root.parent, set->call.error))
        return false;
    vec_push(arena, &rows, root);
    for (size_t i = 0; i < rows.count && rows.items[i].level < MAX_TREE_DEPTH; i++) {
        TreeRow row = rows.items[i];
        char kind = catalog_relation(catalog, row.oid)->kind;
        CatalogRows *children = catalog_query(catalog, arena, set->call.error,
                                              "SELECT inhrelid FROM pg_inherits WHERE inhparent = ?1 ORDER BY inhrelid", "o", row.oid);
        if (!children)
            return false;
        for (size_t k = 0; k < children->nrows; k++) {
            TreeRow child = {(Oid)CATALOG_CELL(children, k, 0).i, row.oid, row.level + 1};
            vec_push(arena, &rows, child);
        }
        Value values[4] = {value_int(FDW_UINT32, row.oid),
                           row.parent ? value_int(FDW_UINT32, row.parent) : value_null(FDW_UINT32),
                           {.physical = FDW_BOOL, .b = kind != 'p' && kind != 'I'},
                           value_int(FDW_INT32, row.level)};
        if (!set->emit(set->sink, values, 4))
            return true;
    }
    return true;
}

static const FuncRow ROWS[] = {
    {F_PG_GET_PARTKEYDEF_OID, get_partkey_def},
    {F_PG_GET_PARTITION_CONSTRAINTDEF_OID, get_constraint_def},
    {F_PG_PARTITION_ROOT_REGCLASS, partition_root},
};
const FuncTable FUNC_TABLE_PARTITION = {ROWS, COUNT_OF(ROWS)};

static const FuncSetRow SET_ROWS[] = {
    {F_PG_PARTITION_TREE_REGCLASS, partition_tree},
    {F_PG_PARTITION_ANCESTORS_REGCLASS, partition_ancestors},
};
const FuncSetTable FUNC_SETS_PARTITION = {SET_ROWS, COUNT_OF(SET_ROWS)};
