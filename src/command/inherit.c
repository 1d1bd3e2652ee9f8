/*
 * inherit.c - INHERIT and NO INHERIT, ATTACH and DETACH PARTITION: a table gets a parent, or loses one, after it was made.
 *
 * Invariants:
 *  1. A child has every column and inheritable CHECK of its parent, alike in type, collation and text.
 *  2. What remains of a lost parent is the child's own.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/alter_internal.h"
#include "func/partition.h"

/* A child and the parent it gets or loses. */
typedef struct Link {
    Command *command;
    Oid parent, child;
    const char *parent_name, *child_name;
    bool partition;
} Link;

static Link link_of(Command *command, Oid parent, Oid child, bool partition)
{
    return (Link){command,
                  parent,
                  child,
                  arena_strdup(command->arena, catalog_relation(command->catalog, parent)->name),
                  arena_strdup(command->arena, catalog_relation(command->catalog, child)->name),
                  partition};
}

/* ---- columns and CHECKs of a new parent ---- */

static const CatColumn *find_column(const CatRelation *relation, const char *name)
{
    for (int i = 0; i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped && str_eq(relation->columns[i].name, name))
            return &relation->columns[i];
    return NULL;
}

/* What a parent computes, its child computes alike. */
static bool check_generated(const Link *link, const char *name)
{
    int64_t same;
    if (!query_integer(link->command, &same, 0,
                       "SELECT p.adbin = c.adbin FROM pg_attribute a JOIN pg_attribute b ON b.attrelid = ?2 AND b.attname = a.attname"
                       " JOIN pg_attrdef p ON p.adrelid = a.attrelid AND p.adnum = a.attnum"
                       " JOIN pg_attrdef c ON c.adrelid = b.attrelid AND c.adnum = b.attnum WHERE a.attrelid = ?1 AND a.attname = ?3",
                       "oos", link->parent, link->child, name))
        return false;
    return same || error_set(link->command->error, ERRCODE_DATATYPE_MISMATCH,
                             "column \"%s\" in child table has a conflicting generation expression", name);
}

static bool check_column(const Link *link, const CatColumn *of, const CatColumn *child)
{
    Error *error = link->command->error;
    if (!child)
        return error_set(error, ERRCODE_DATATYPE_MISMATCH, "child table is missing column \"%s\"", of->name);
    if (child->type != of->type || child->typmod != of->typmod)
        return error_set(error, ERRCODE_DATATYPE_MISMATCH, "child table \"%s\" has different type for column \"%s\"", link->child_name,
                         of->name);
    if (child->collation != of->collation)
        return error_set(error, ERRCODE_COLLATION_MISMATCH, "child table \"%s\" has different collation for column \"%s\"",
                         link->child_name, of->name);
    if (of->not_null && !child->not_null)
        return error_set(error, ERRCODE_DATATYPE_MISMATCH, "column \"%s\" in child table must be marked NOT NULL", of->name);
    if (of->generated && !child->generated)
        return error_set(error, ERRCODE_DATATYPE_MISMATCH, "column \"%s\" in child table must be a generated column", of->name);
    return !of->generated || check_generated(link, of->name);
}

static bool merge_columns(const Link *link)
{
    Command *command = link->command;
    const CatRelation *parent = catalog_relation(command->catalog, link->parent);
    const CatRelation *child = catalog_relation(command->catalog, link->child);
    for (int i = 0; i < parent->ncolumns; i++)
        if (!parent->columns[i].dropped && !check_column(link, &parent->columns[i], find_column(child, parent->columns[i].name)))
            return false;
    return catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_attribute SET attinhcount = attinhcount + 1, attislocal = attislocal AND NOT ?3 WHERE attrelid = ?1"
                        " AND attnum > 0 AND NOT attisdropped AND attname IN (SELECT attname FROM pg_attribute WHERE attrelid = ?2"
                        " AND attnum > 0 AND NOT attisdropped)",
                        "oob", link->child, link->parent, link->partition);
}

static bool check_check(const Link *link, const CatalogRows *rows, size_t row)
{
    Error *error = link->command->error;
    const char *name = CATALOG_CELL(rows, row, 0).text;
    if (CATALOG_CELL(rows, row, 2).is_null)
        return error_set(error, ERRCODE_DATATYPE_MISMATCH, "child table is missing constraint \"%s\"", name);
    if (!str_eq(CATALOG_CELL(rows, row, 1).text, CATALOG_CELL(rows, row, 2).text))
        return error_set(error, ERRCODE_DATATYPE_MISMATCH, "child table \"%s\" has different definition for check constraint \"%s\"",
                         link->child_name, name);
    if (CATALOG_CELL(rows, row, 3).i)
        return error_set(error, ERRCODE_INVALID_OBJECT_DEFINITION,
                         "constraint \"%s\" conflicts with non-inherited constraint on child table \"%s\"", name, link->child_name);
    return CATALOG_CELL(rows, row, 4).i ||
           error_set(error, ERRCODE_INVALID_OBJECT_DEFINITION,
                     "constraint \"%s\" conflicts with NOT VALID constraint on child table \"%s\"", name, link->child_name);
}

static bool merge_checks(const Link *link)
{
    Command *command = link->command;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT p.conname, p.conbin, c.conbin, c.connoinherit, c.convalidated FROM pg_constraint p"
                                      " LEFT JOIN pg_constraint c ON c.conrelid = ?2 AND c.conname = p.conname AND c.contype = 'c'"
                                      " WHERE p.conrelid = ?1 AND p.contype = 'c' AND NOT p.connoinherit ORDER BY p.oid",
                                      "oo", link->parent, link->child);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        if (!check_check(link, rows, i))
            return false;
    return rows && catalog_exec(command->catalog, command->error, NULL,
                                "UPDATE pg_constraint SET coninhcount = coninhcount + 1, conislocal = conislocal AND NOT ?3"
                                " WHERE conrelid = ?1 AND contype = 'c' AND conname IN (SELECT conname FROM pg_constraint"
                                " WHERE conrelid = ?2 AND contype = 'c' AND NOT connoinherit)",
                                "oob", link->child, link->parent, link->partition);
}

static bool is_below(Command *command, Oid relation, Oid root, bool *below)
{
    int64_t found;
    if (!query_integer(command, &found, 0,
                       "WITH RECURSIVE tree(oid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = tree.oid)"
                       " SELECT 1 FROM tree WHERE oid = ?2",
                       "oo", root, relation))
        return false;
    *below = found != 0;
    return true;
}

static bool check_circle(const Link *link)
{
    bool below;
    if (!is_below(link->command, link->parent, link->child, &below))
        return false;
    if (!below)
        return true;
    error_set(link->command->error, ERRCODE_DUPLICATE_TABLE, "circular inheritance not allowed");
    return error_detail(link->command->error, "\"%s\" is already a child of \"%s\".", link->parent_name, link->child_name);
}

static bool check_triggers(const Link *link)
{
    Command *command = link->command;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT tgname FROM pg_trigger WHERE tgrelid = ?1 AND tgtype & 1"
                                      " AND (tgoldtable IS NOT NULL OR tgnewtable IS NOT NULL) ORDER BY tgname LIMIT 1",
                                      "o", link->child);
    if (!rows || !rows->nrows)
        return rows != NULL;
    error_unsupported(command->error, "trigger \"%s\" prevents table \"%s\" from becoming %s", rows->cells[0].text, link->child_name,
                      link->partition ? "a partition" : "an inheritance child");
    return error_detail(command->error, "ROW triggers with transition tables are not supported %s.",
                        link->partition ? "on partitions" : "in inheritance hierarchies");
}

static bool join(const Link *link)
{
    int64_t number, twice;
    if (!query_integer(link->command, &twice, 0, "SELECT 1 FROM pg_inherits WHERE inhrelid = ?1 AND inhparent = ?2", "oo", link->child,
                       link->parent))
        return false;
    if (twice)
        return error_set(link->command->error, ERRCODE_DUPLICATE_TABLE, "relation \"%s\" would be inherited from more than once",
                         link->parent_name);
    return query_integer(link->command, &number, 1, "SELECT max(inhseqno) + 1 FROM pg_inherits WHERE inhrelid = ?1", "o", link->child) &&
           merge_columns(link) && merge_checks(link) &&
           inherit_record(link->command, link->child, link->parent, (int)number, link->partition);
}

/* ---- a lost parent ---- */

static bool part(const Link *link)
{
    static const char *const STATEMENTS[] = {
        "DELETE FROM pg_inherits WHERE inhrelid = ?1 AND inhparent = ?2",
        "UPDATE pg_attribute SET attinhcount = attinhcount - 1, attislocal = attislocal OR attinhcount = 1 WHERE attrelid = ?1"
        " AND attinhcount > 0 AND NOT attisdropped AND attname IN (SELECT attname FROM pg_attribute WHERE attrelid = ?2 AND attnum > 0"
        " AND NOT attisdropped)",
        "UPDATE pg_constraint SET coninhcount = coninhcount - 1, conislocal = conislocal OR coninhcount = 1 WHERE conrelid = ?1"
        " AND contype = 'c' AND coninhcount > 0 AND conname IN (SELECT conname FROM pg_constraint WHERE conrelid = ?2"
        " AND contype = 'c')",
        "DELETE FROM pg_depend WHERE classid = 1259 AND objid = ?1 AND objsubid = 0 AND refclassid = 1259 AND refobjid = ?2"
        " AND refobjsubid = 0",
    };
    for (size_t i = 0; i < COUNT_OF(STATEMENTS); i++)
        if (!catalog_exec(link->command->catalog, link->command->error, NULL, STATEMENTS[i], "oo", link->child, link->parent))
            return false;
    return true;
}

static bool is_linked(const Link *link, bool *linked)
{
    int64_t found;
    bool ok = query_integer(link->command, &found, 0, "SELECT 1 FROM pg_inherits WHERE inhrelid = ?1 AND inhparent = ?2", "oo", link->child,
                            link->parent);
    *linked = ok && found;
    return ok;
}

/* ---- INHERIT, NO INHERIT ---- */

static bool check_changeable(Command *command, const Alter *alter)
{
    if (alter->is_partition)
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot change inheritance of a partition");
    return alter->kind != 'p' || error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot change inheritance of partitioned table");
}

bool alter_inherit_prepare(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    return check_changeable(command, alter);
}

bool alter_inherit(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    const CatRelation *parent;
    if (!relation_find(command, cmd->def->range_var, false, &parent))
        return false;
    if (!strchr("rfp", parent->kind)) {
        error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "ALTER action INHERIT cannot be performed on relation \"%s\"", parent->name);
        return error_detail(command->error, "This operation is not supported for %s.", relation_kind_words(command->arena, parent->kind));
    }
    if (!require_owner(command, PG_CLASS_RELATION, parent->oid) || !alter_check_built_in(command, parent->oid))
        return false;
    Oid child_schema = catalog_relation(command->catalog, alter->relation)->namespace_oid;
    if (catalog_is_temporary(command->catalog, parent->namespace_oid) && !catalog_is_temporary(command->catalog, child_schema))
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot inherit from temporary relation \"%s\"", parent->name);
    if (parent->kind == 'p')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot inherit from partitioned table \"%s\"", parent->name);
    if (parent->is_partition)
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot inherit from a partition");
    Link link = link_of(command, parent->oid, alter->relation, false);
    return check_circle(&link) && check_triggers(&link) && join(&link);
}

bool alter_no_inherit(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    const CatRelation *parent;
    bool linked;
    if (alter->is_partition)
        return check_changeable(command, alter);
    if (!relation_find(command, cmd->def->range_var, false, &parent))
        return false;
    bool partitioned = parent->kind == 'p';
    Link link = link_of(command, parent->oid, alter->relation, false);
    if (!is_linked(&link, &linked))
        return false;
    if (!linked && partitioned)
        return error_set(command->error, ERRCODE_UNDEFINED_TABLE, "relation \"%s\" is not a partition of relation \"%s\"", link.child_name,
                         link.parent_name);
    return linked ? part(&link)
                  : error_set(command->error, ERRCODE_UNDEFINED_TABLE, "relation \"%s\" is not a parent of relation \"%s\"",
                              link.parent_name, link.child_name);
}

/* ---- ATTACH, DETACH ---- */

static bool check_partitioned(Command *command, const Alter *alter)
{
    return alter->kind == 'p' ||
           error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "table \"%s\" is not partitioned", alter->name);
}

static bool check_attachable(Command *command, const CatRelation *child)
{
    Oid *below;
    size_t count;
    int64_t parents;
    if (child->is_partition)
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is already a partition", child->name);
    char kind = child->kind;
    if (!query_integer(command, &parents, 0, "SELECT 1 FROM pg_inherits WHERE inhrelid = ?1", "o", child->oid) ||
        !inherit_children(command, child->oid, &below, &count))
        return false;
    if (parents)
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot attach inheritance child as partition");
    return kind != 'r' || count == 0 ||
           error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot attach inheritance parent as partition");
}

static bool check_no_more_columns(const Link *link)
{
    const CatRelation *parent = catalog_relation(link->command->catalog, link->parent);
    const CatRelation *child = catalog_relation(link->command->catalog, link->child);
    for (int i = 0; i < child->ncolumns; i++) {
        if (child->columns[i].dropped || find_column(parent, child->columns[i].name))
            continue;
        error_set(link->command->error, ERRCODE_DATATYPE_MISMATCH, "table \"%s\" contains column \"%s\" not found in parent \"%s\"",
                  child->name, child->columns[i].name, parent->name);
        return error_detail(link->command->error, "The new partition may contain only the columns present in parent.");
    }
    return true;
}

/* Partitions of a temporary table are temporary, and those of others are not. */
static bool check_temporary(Command *command, const Alter *alter, const CatRelation *child)
{
    const CatRelation *parent = catalog_relation(command->catalog, alter->relation);
    bool own = catalog_is_temporary(command->catalog, child->namespace_oid);
    return catalog_is_temporary(command->catalog, parent->namespace_oid) == own ||
           error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE,
                     own ? "cannot attach a temporary relation as partition of permanent relation \"%s\""
                         : "cannot attach a permanent relation as partition of temporary relation \"%s\"",
                     parent->name);
}

bool alter_attach_partition(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    const PgQuery__PartitionCmd *partition = cmd->def->partition_cmd;
    const CatRelation *child;
    PartitionBound bound;
    if (strchr("iI", alter->kind) && partition->bound)
        return error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "\"%s\" is not a partitioned table", alter->name);
    if (strchr("iI", alter->kind))
        return index_attach(command, alter->relation, partition->name);
    if (!check_partitioned(command, alter) || !partition_bound_read(command, alter->relation, partition->bound, &bound) ||
        !relation_find(command, partition->name, false, &child) || !require_owner(command, PG_CLASS_RELATION, child->oid))
        return false;
    if (!strchr("rfp", child->kind)) {
        error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "ALTER action ATTACH PARTITION cannot be performed on relation \"%s\"",
                  child->name);
        return error_detail(command->error, "This operation is not supported for %s.", relation_kind_words(command->arena, child->kind));
    }
    Link link = link_of(command, alter->relation, child->oid, true);
    return check_attachable(command, child) && check_circle(&link) && check_temporary(command, alter, child) &&
           check_no_more_columns(&link) && check_triggers(&link) &&
           partition_bound_fits(command, link.parent, link.child, partition->bound, &bound) && join(&link) &&
           partition_bind(command, link.parent, link.child, partition->bound, &bound) &&
           indexes_join_parent(command, link.parent, link.child) && triggers_follow_parent(command, link.parent, link.child) &&
           foreign_keys_follow_parent(command, link.parent, link.child);
}

static bool forget_bound(const Link *link)
{
    static const char *const STATEMENTS[] = {
        "UPDATE pg_class SET relispartition = 0, relpartbound = NULL WHERE oid = ?1",
        "UPDATE pg_partitioned_table SET partdefid = 0 WHERE partdefid = ?1",
        "DELETE FROM pg_depend WHERE deptype IN ('P', 'S') AND classid = 1259 AND objid IN (SELECT indexrelid FROM pg_index WHERE indrelid "
        "= ?1)",
        "DELETE FROM pg_depend WHERE deptype IN ('P', 'S') AND classid = 2606 AND objid IN (SELECT oid FROM pg_constraint WHERE conrelid = "
        "?1)",
        "DELETE FROM pg_inherits WHERE inhrelid IN (SELECT indexrelid FROM pg_index WHERE indrelid = ?1)",
        "UPDATE pg_class SET relispartition = 0 WHERE oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = ?1)",
        "UPDATE pg_constraint SET coninhcount = 0, conislocal = 1, conparentid = 0, connoinherit = 1 WHERE conrelid = ?1"
        " AND contype IN ('p', 'u')",
    };
    for (size_t i = 0; i < COUNT_OF(STATEMENTS); i++)
        if (!catalog_exec(link->command->catalog, link->command->error, NULL, STATEMENTS[i], "o", link->child))
            return false;
    return true;
}

/* Others may still see the table as a partition: the rows that it may have stay those of its bound. One of hashes names its parent. */
static bool keep_bound_as_check(const Link *link)
{
    Command *command = link->command;
    const char *text;
    int64_t by_hash;
    if (!query_integer(command, &by_hash, 0, "SELECT partstrat = 'h' FROM pg_partitioned_table WHERE partrelid = ?1", "o", link->parent))
        return false;
    if (by_hash)
        return true;
    if (!partition_constraint(command->context->functions, link->child, false, command->arena, &text, command->error))
        return false;
    const Node *expr = text ? stored_expr_parse(command, text) : NULL;
    NewCheck check = {.expr = expr};
    return expr ? check_insert(command, link->child, &check) : !error_is_set(command->error);
}

static bool detach(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd, bool finalize)
{
    const PgQuery__PartitionCmd *partition = cmd->def->partition_cmd;
    const CatRelation *child;
    bool linked;
    int64_t has_default;
    if (!check_partitioned(command, alter))
        return false;
    if (!query_integer(command, &has_default, 0, "SELECT partdefid FROM pg_partitioned_table WHERE partrelid = ?1", "o", alter->relation))
        return false;
    if (partition->concurrent && has_default)
        return error_set(command->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                         "cannot detach partitions concurrently when a default partition exists");
    if (!relation_find(command, partition->name, false, &child))
        return false;
    Link link = link_of(command, alter->relation, child->oid, true);
    if (!is_linked(&link, &linked))
        return false;
    if (!linked)
        return error_set(command->error, ERRCODE_UNDEFINED_TABLE, "relation \"%s\" is not a partition of relation \"%s\"", link.child_name,
                         link.parent_name);
    if (finalize) {
        error_set(command->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "cannot complete detaching partition \"%s\"", link.child_name);
        return error_detail(command->error, "There's no pending concurrent detach.");
    }
    return (!partition->concurrent || keep_bound_as_check(&link)) && foreign_keys_leave_parent(command, link.child) && part(&link) &&
           forget_bound(&link) && triggers_leave_parent(command, link.child);
}

bool alter_detach_partition(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    return detach(command, alter, cmd, false);
}

bool alter_detach_finalize(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    return detach(command, alter, cmd, true);
}
