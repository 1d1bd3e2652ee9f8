/*
 * cluster.c - CLUSTER, which stores a table's rows anew in an index's order; and which index that is (CLUSTER ON, SET WITHOUT CLUSTER).
 *
 * Invariants:
 *  1. An index that a table is clustered by is one of its own, whole, and of a method that PostgreSQL can cluster by. Rows are sorted for a
 *     btree; other methods have no order, and the rows stay as they lie.
 *  2. A partitioned table has no such mark; its partitions do.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/alter_internal.h"

typedef struct Cluster {
    Command *command;
    bool verbose;
} Cluster;

/* ---- which index ---- */

static bool find_index(Command *command, const CatRelation *table, const char *name, Oid *index)
{
    static const char SQL[] = "SELECT c.oid, coalesce(indrelid, 0), coalesce(relam, 0) NOT IN (403, 783), indpred IS NOT NULL, indisvalid,"
                              " relkind FROM pg_class c LEFT JOIN pg_index ON indexrelid = c.oid WHERE relname = ?1 AND relnamespace = ?2";
    Error *error = command->error;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, error, SQL, "so", name, table->namespace_oid);
    if (!rows)
        return false;
    if (!rows->nrows)
        return error_set(error, ERRCODE_UNDEFINED_OBJECT, "index \"%s\" for table \"%s\" does not exist", name, table->name);
    const CatalogCell *cells = &CATALOG_CELL(rows, 0, 0);
    if (!strchr("iI", cells[5].text[0]))
        return error_set(error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not an index", name);
    if ((Oid)cells[1].i != table->oid)
        return error_set(error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not an index for table \"%s\"", name, table->name);
    if (cells[2].i)
        return error_unsupported(error, "cannot cluster on index \"%s\" because access method does not support clustering", name);
    if (cells[3].i)
        return error_unsupported(error, "cannot cluster on partial index \"%s\"", name);
    *index = (Oid)cells[0].i;
    return cells[4].i || error_unsupported(error, "cannot cluster on invalid index \"%s\"", name);
}

static bool mark(Command *command, Oid table, Oid index)
{
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_index SET indisclustered = indexrelid = ?2 WHERE indrelid = ?1",
                        "oo", table, index);
}

static bool mark_altered(Command *command, const Alter *alter, Oid index)
{
    if (alter->kind == 'p')
        return error_unsupported(command->error, "cannot mark index clustered in partitioned table");
    return mark(command, alter->relation, index);
}

bool alter_cluster_on(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    Oid index;
    return find_index(command, catalog_relation(command->catalog, alter->relation), cmd->name, &index) &&
           mark_altered(command, alter, index);
}

bool alter_drop_cluster(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    return mark_altered(command, alter, OID_NONE);
}

/* ---- CLUSTER ---- */

static bool read_options(Cluster *cluster, const PgQuery__ClusterStmt *statement)
{
    Command *command = cluster->command;
    for (size_t i = 0; i < statement->n_params; i++) {
        const PgQuery__DefElem *option = statement->params[i]->def_elem;
        if (!str_eq(option->defname, "verbose")) {
            error_set(command->error, ERRCODE_SYNTAX_ERROR, "unrecognized CLUSTER option \"%s\"", option->defname);
            return error_at(command->error, option->location);
        }
        if (!option_bool(command, option, &cluster->verbose))
            return false;
    }
    return true;
}

static bool cluster_table(const Cluster *cluster, Oid oid, Oid index)
{
    Command *command = cluster->command;
    const CatRelation *table = catalog_relation(command->catalog, oid);
    if (table->is_system)
        return error_unsupported(command->error, "CLUSTER of a system catalog is not supported");
    if (!relation_require_unused(command, oid, table->name, "CLUSTER"))
        return false;
    if (cluster->verbose)
        notice(command->context->notices, SEVERITY_INFO, "00000", "clustering \"%s.%s\" using sequential scan and sort", table->schema,
               table->name);
    return mark(command, oid, index) && table_store_anew(command, oid, index, cluster->verbose);
}

/* Rows of a table and of its index; those of tables that the user has no right on are left out. */
static bool cluster_many(const Cluster *cluster, const CatalogRows *rows)
{
    Command *command = cluster->command;
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        Oid table = (Oid)CATALOG_CELL(rows, i, 0).i;
        if (catalog_is_owner(command->catalog, PG_CLASS_RELATION, table, command->user) &&
            !cluster_table(cluster, table, (Oid)CATALOG_CELL(rows, i, 1).i))
            return false;
    }
    return rows != NULL;
}

static bool cluster_partitions(const Cluster *cluster, Oid index)
{
    static const char TREE[] = "WITH RECURSIVE tree(oid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits, tree WHERE inhparent ="
                               " tree.oid) SELECT indrelid, tree.oid FROM tree JOIN pg_class USING (oid) JOIN pg_index ON indexrelid ="
                               " tree.oid WHERE relkind = 'i' ORDER BY tree.oid";
    Command *command = cluster->command;
    return cluster_many(cluster, catalog_query(command->catalog, command->arena, command->error, TREE, "o", index));
}

static bool cluster_all(const Cluster *cluster)
{
    Command *command = cluster->command;
    return command_require_alone(command, "CLUSTER") &&
           cluster_many(cluster, catalog_query(command->catalog, command->arena, command->error,
                                               "SELECT indrelid, indexrelid FROM pg_index WHERE indisclustered ORDER BY indexrelid", ""));
}

static bool index_before(Command *command, const CatRelation *table, Oid *index)
{
    int64_t oid;
    if (!query_integer(command, &oid, 0, "SELECT indexrelid FROM pg_index WHERE indrelid = ?1 AND indisclustered", "o", table->oid))
        return false;
    *index = (Oid)oid;
    return oid ||
           error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "there is no previously clustered index for table \"%s\"", table->name);
}

bool relation_cluster(Command *command)
{
    const PgQuery__ClusterStmt *statement = command->node->cluster_stmt;
    Cluster cluster = {.command = command};
    const CatRelation *table;
    Oid index;
    if (!read_options(&cluster, statement))
        return false;
    if (!statement->relation)
        return cluster_all(&cluster);
    PgQuery__RangeVar range = *statement->relation;
    const char *name = text_given(statement->indexname);
    range.location = -1; /* its errors have no position */
    if (!relation_find(command, &range, false, &table))
        return false;
    if (!strchr("rmp", table->kind))
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not a table or materialized view", table->name);
    Oid oid = table->oid;
    bool partitioned = table->kind == 'p';
    if (!require_owner(command, PG_CLASS_RELATION, oid) ||
        !(name ? find_index(command, table, name, &index) : index_before(command, table, &index)))
        return false;
    if (!partitioned)
        return cluster_table(&cluster, oid, index);
    return command_require_alone(command, "CLUSTER") && cluster_partitions(&cluster, index);
}
