/*
 * index_promote.c - ADD CONSTRAINT ... USING INDEX: a unique index that there is becomes a primary or unique key's; and which index tells
 * rows apart (REPLICA IDENTITY USING INDEX).
 *
 * Invariants:
 *  1. The index is what the constraint itself would have made: a plain btree over columns, each in its usual order.
 *  2. It goes by the constraint's name, and with the constraint, no longer with its columns.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/alter_internal.h"
#include "command/index_internal.h"

/* What is known of an index by name, in the table's schema. */
typedef struct Found {
    Oid oid, table, constraint;
    bool is_index, is_unique, is_immediate, is_valid, has_expressions, has_predicate, is_btree;
} Found;

static bool find(Command *command, const CatRelation *table, const char *name, Found *out)
{
    static const char SQL[] =
        "SELECT c.oid, coalesce(indrelid, 0), coalesce((SELECT k.oid FROM pg_constraint k WHERE conindid = c.oid AND contype IN ('p', "
        "'u')),"
        " 0), relkind IN ('i', 'I'), coalesce(indisunique, 0), coalesce(indimmediate, 0), coalesce(indisvalid, 0), indexprs IS NOT NULL,"
        " indpred IS NOT NULL, relam = 403 FROM pg_class c LEFT JOIN pg_index ON indexrelid = c.oid WHERE relname = ?1 AND relnamespace = "
        "?2";
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "so", name, table->namespace_oid);
    *out = (Found){0};
    if (!rows || !rows->nrows)
        return rows != NULL;
    const CatalogCell *cells = &CATALOG_CELL(rows, 0, 0);
    *out = (Found){.oid = (Oid)cells[0].i, .table = (Oid)cells[1].i, .constraint = (Oid)cells[2].i, .is_index = cells[3].i};
    out->is_unique = cells[4].i;
    out->is_immediate = cells[5].i;
    out->is_valid = cells[6].i;
    out->has_expressions = cells[7].i;
    out->has_predicate = cells[8].i;
    out->is_btree = cells[9].i;
    return true;
}

/* ---- ADD CONSTRAINT ---- */

static bool refuse_index(Command *command, const char *sqlstate, const char *format, const char *index)
{
    error_set(command->error, sqlstate, "%s", arena_printf(command->arena, format, index));
    return str_eq(sqlstate, ERRCODE_WRONG_OBJECT_TYPE)
               ? error_detail(command->error, "Cannot create a primary key or unique constraint using such an index.")
               : false;
}

/* Its first column that is not ordered as a key's is; 0: there is none. */
static bool unusual_column(Command *command, const CatRelation *table, const IndexDef *def, int *out)
{
    *out = 0;
    for (int i = 0; i < def->nkeys && !*out; i++) {
        const IndexColumn *column = &def->columns[i];
        Oid class;
        if (!operator_class_find(command, NULL, 0, column->type, "btree", &class))
            return false;
        if (column->class != class || column->option || column->collation != table->columns[column->column - 1].collation)
            *out = i + 1;
    }
    return true;
}

static bool check(Command *command, const CatRelation *table, const PgQuery__Constraint *constraint, const Found *found, IndexDef *def)
{
    const char *name = constraint->indexname;
    int column;
    if (!found->oid)
        return refuse_index(command, ERRCODE_UNDEFINED_OBJECT, "index \"%s\" does not exist", name);
    if (found->constraint)
        return refuse_index(command, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "index \"%s\" is already associated with a constraint",
                            name);
    if (found->table != table->oid) {
        error_set(command->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "index \"%s\" does not belong to table \"%s\"", name,
                  table->name);
        return false;
    }
    if (!found->is_valid)
        return refuse_index(command, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "index \"%s\" is not valid", name);
    if (!found->is_unique)
        return refuse_index(command, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not a unique index", name);
    if (found->has_expressions)
        return refuse_index(command, ERRCODE_WRONG_OBJECT_TYPE, "index \"%s\" contains expressions", name);
    if (found->has_predicate)
        return refuse_index(command, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is a partial index", name);
    if (!found->is_btree)
        return refuse_index(command, ERRCODE_WRONG_OBJECT_TYPE, "index \"%s\" is not a btree", name);
    if (!index_read(command, found->oid, table->oid, def) || !unusual_column(command, table, def, &column))
        return false;
    return !column ||
           refuse_index(command, ERRCODE_WRONG_OBJECT_TYPE,
                        arena_printf(command->arena, "index \"%%s\" column number %d does not have default sorting behavior", column),
                        name);
}

bool key_promote_find(Command *command, const Alter *alter, const PgQuery__Constraint *constraint)
{
    const CatRelation *table = catalog_relation(command->catalog, alter->relation);
    const char *name = constraint->indexname;
    IndexDef def;
    Found found;
    if (!find(command, table, name, &found))
        return false;
    if (found.oid && !found.is_index)
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not an index", name);
    if (!check(command, table, constraint, &found, &def))
        return error_at(command->error, constraint->location);
    vec_push(command->arena, alter->promoted, ((Promotion){constraint, found.oid}));
    return true;
}

/* A constraint that it belongs to by now goes by its name too. */
static bool rename_index(Command *command, const CatRelation *table, Oid index, const char *old, const char *name)
{
    int64_t taken;
    if (str_eq(old, name))
        return true;
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION,
           "ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index \"%s\" to \"%s\"", old, name);
    if (!query_integer(command, &taken, 0, "SELECT oid FROM pg_class WHERE relname = ?1 AND relnamespace = ?2", "so", name,
                       table->namespace_oid))
        return false;
    if (taken)
        return error_set(command->error, ERRCODE_DUPLICATE_TABLE, "relation \"%s\" already exists", name);
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relname = ?2 WHERE oid = ?1", "os", index, name) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_constraint SET conname = ?2 WHERE conindid = ?1 AND contype IN ('p', 'u')", "os", index, name);
}

static Oid promoted_index(const Alter *alter, const PgQuery__Constraint *constraint)
{
    size_t i = 0;
    while (alter->promoted->items[i].constraint != constraint)
        i++;
    return alter->promoted->items[i].index;
}

bool key_promote(Command *command, const Alter *alter, const PgQuery__Constraint *constraint)
{
    Oid table = alter->relation, index = promoted_index(alter, constraint);
    IndexDef def;
    if (alter->kind == 'p')
        return error_unsupported(command->error, "ALTER TABLE / ADD CONSTRAINT USING INDEX is not supported on partitioned tables");
    if (!index_read(command, index, table, &def))
        return false;
    const char *given = text_given(constraint->conname),
               *name = arena_strdup(command->arena, catalog_relation(command->catalog, index)->name);
    def.name = given ? given : name;
    def.constraint = true;
    def.primary = constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY;
    def.deferrable = constraint->deferrable;
    def.deferred = constraint->initdeferred;
    for (int i = 0; def.primary && !alter->recurse && i < def.nkeys; i++)
        if (!inherit_check_not_null(command, table, def.columns[i].name))
            return false;
    return rename_index(command, catalog_relation(command->catalog, table), index, name, def.name) &&
           index_check_key(command, catalog_relation(command->catalog, table), &def) &&
           index_promote(command, table, index, &def, !alter->recurse);
}

/* ---- REPLICA IDENTITY ---- */

static bool check_identity(Command *command, const CatRelation *table, const char *name, const Found *found)
{
    Error *error = command->error;
    IndexDef def;
    if (!found->oid)
        return error_set(error, ERRCODE_UNDEFINED_OBJECT, "index \"%s\" for table \"%s\" does not exist", name, table->name);
    if (!found->is_index)
        return error_set(error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not an index", name);
    if (found->table != table->oid)
        return error_set(error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not an index for table \"%s\"", name, table->name);
    if (!found->is_unique)
        return error_set(error, ERRCODE_WRONG_OBJECT_TYPE, "cannot use non-unique index \"%s\" as replica identity", name);
    if (!found->is_immediate)
        return error_unsupported(error, "cannot use non-immediate index \"%s\" as replica identity", name);
    if (found->has_expressions)
        return error_unsupported(error, "cannot use expression index \"%s\" as replica identity", name);
    if (found->has_predicate)
        return error_unsupported(error, "cannot use partial index \"%s\" as replica identity", name);
    if (!index_read(command, found->oid, table->oid, &def))
        return false;
    for (int i = 0; i < def.nkeys; i++)
        if (!table->columns[def.columns[i].column - 1].not_null)
            return error_set(error, ERRCODE_WRONG_OBJECT_TYPE,
                             "index \"%s\" cannot be used as replica identity because column \"%s\" is nullable", name,
                             def.columns[i].name);
    return true;
}

bool alter_replica_identity(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    const PgQuery__ReplicaIdentityStmt *identity = cmd->def->replica_identity_stmt;
    const char *name = text_given(identity->name);
    Found found = {0};
    if (name) {
        const CatRelation *table = catalog_relation(command->catalog, alter->relation);
        if (!find(command, table, name, &found) || !check_identity(command, table, name, &found))
            return false;
    }
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relreplident = ?2 WHERE oid = ?1", "os",
                        alter->relation, identity->identity_type) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_index SET indisreplident = indexrelid = ?2 WHERE indrelid = ?1",
                        "oo", alter->relation, found.oid);
}
