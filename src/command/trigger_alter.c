/*
 * trigger_alter.c - ALTER TRIGGER, DROP TRIGGER, ENABLE and DISABLE TRIGGER.
 *
 * Invariant: pg_trigger.tgenabled is O (origin and local), D (off), R (replica) or A (always).
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/alter_internal.h"
#include "command/trigger_internal.h"

static bool missing(Command *command, const char *name, const char *table)
{
    return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "trigger \"%s\" for table \"%s\" does not exist", name, table);
}

/* ---- ENABLE, DISABLE ---- */

/* Those that keep constraints are a superuser's matter. */
static bool check_system(Command *command, Oid relation, const char *name)
{
    static const char SQL[] = "SELECT tgname FROM pg_trigger WHERE tgrelid = ?1 AND tgisinternal AND (?2 = '' OR tgname = ?2) ORDER BY 1";
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "os", relation, name);
    return rows && (!rows->nrows || catalog_is_superuser(command->catalog, command->user) ||
                    error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied: \"%s\" is a system trigger",
                              rows->cells[0].text));
}

/* USER leaves out those that keep constraints. */
static bool enable(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd, const char *state)
{
    static const char SQL[] = "WITH RECURSIVE named(id) AS (SELECT oid FROM pg_trigger WHERE tgrelid = ?1"
                              " AND CASE WHEN ?2 THEN NOT (?6 AND tgisinternal) ELSE tgname = ?3 END"
                              " UNION SELECT oid FROM named JOIN pg_trigger ON tgparentid = id WHERE ?4)"
                              " UPDATE pg_trigger SET tgenabled = ?5 WHERE oid IN (SELECT id FROM named)";
    int64_t changes;
    const char *name = text_given(cmd->name);
    bool all = !name, user = cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_EnableTrigUser ||
                             cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DisableTrigUser;
    return (user || check_system(command, alter->relation, name ? name : "")) &&
           catalog_exec(command->catalog, command->error, &changes, SQL, "obsbsb", alter->relation, all, name ? name : "",
                        alter->recurse && alter->kind == 'p', state, user) &&
           (all || changes || missing(command, name, alter->name));
}

bool alter_enable_trigger(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    return enable(command, alter, cmd, "O");
}

bool alter_enable_always_trigger(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    return enable(command, alter, cmd, "A");
}

bool alter_enable_replica_trigger(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    return enable(command, alter, cmd, "R");
}

bool alter_disable_trigger(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    return enable(command, alter, cmd, "D");
}

/* ---- by name ---- */

/* A clone is renamed with the trigger that it was made from. */
static bool check_own(Command *command, Oid trigger, const CatRelation *relation)
{
    static const char SQL[] = "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_trigger p ON p.oid = t.tgparentid"
                              " JOIN pg_class c ON c.oid = p.tgrelid WHERE t.oid = ?1";
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "o", trigger);
    if (!rows || !rows->nrows)
        return rows != NULL;
    error_set(command->error, ERRCODE_INTERNAL_ERROR, "cannot rename trigger \"%s\" on table \"%s\"", rows->cells[0].text, relation->name);
    return error_hint(command->error, "Rename the trigger on the partitioned table \"%s\" instead.", rows->cells[1].text);
}

/* With its clones, partition by partition. */
static bool rename_all(Command *command, Oid trigger, Oid table, const char *name)
{
    Oid taken, *partitions;
    size_t count;
    if (!trigger_find(command, table, name, &taken))
        return false;
    if (taken != OID_NONE && taken != trigger)
        return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "trigger \"%s\" for relation \"%s\" already exists", name,
                         catalog_relation(command->catalog, table)->name);
    if (!catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_trigger SET tgname = ?2 WHERE oid = ?1", "os", trigger, name) ||
        !inherit_partitions(command, table, &partitions, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        int64_t clone;
        if (!query_integer(command, &clone, 0, "SELECT oid FROM pg_trigger WHERE tgparentid = ?1 AND tgrelid = ?2", "oo", trigger,
                           partitions[i]) ||
            (clone && !rename_all(command, (Oid)clone, partitions[i], name)))
            return false;
    }
    return true;
}

bool trigger_rename(Command *command, const PgQuery__RenameStmt *statement)
{
    const CatRelation *relation;
    Oid oid;
    if (!relation_find(command, statement->relation, false, &relation))
        return false;
    if (!strchr("rvpf", relation->kind))
        return trigger_refuse_relation(command, relation);
    if (!require_owner(command, PG_CLASS_RELATION, relation->oid))
        return false;
    if (relation_is_system(relation->oid))
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied: \"%s\" is a system catalog", relation->name);
    if (!trigger_find(command, relation->oid, statement->subname, &oid))
        return false;
    if (oid == OID_NONE)
        return missing(command, statement->subname, relation->name);
    return check_own(command, oid, relation) && rename_all(command, oid, relation->oid, statement->newname);
}

/* The relation of a name list (its last part is the trigger); *relation NULL: missing, and missing_ok. */
static bool find_relation(Command *command, const PgQuery__List *names, bool missing_ok, const CatRelation **relation)
{
    PgQuery__RangeVar range;
    size_t count = names->n_items - 1;
    if (!relation_name_read(command, names->items, count, &range) || !relation_find(command, &range, missing_ok, relation))
        return false;
    if (*relation)
        return true;
    bool no_schema = text_given(range.schemaname) && !catalog_namespace_by_name(command->catalog, range.schemaname);
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "%s \"%s\" does not exist, skipping",
           no_schema ? "schema" : "relation", no_schema ? range.schemaname : name_list_text(command, names->items, count));
    return true;
}

static bool owned(Command *command, const CatRelation *relation)
{
    return catalog_is_owner(command->catalog, PG_CLASS_RELATION, relation->oid, command->user) ||
           error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must be owner of relation %s", relation->name);
}

bool trigger_resolve(Command *command, const PgQuery__List *names, ObjectAddress *out)
{
    const CatRelation *relation;
    const char *name = node_text(names->items[names->n_items - 1]);
    *out = object_address(PG_TRIGGER_RELATION, OID_NONE, 0);
    if (!find_relation(command, names, false, &relation) || !trigger_find(command, relation->oid, name, &out->oid))
        return false;
    return out->oid == OID_NONE ? missing(command, name, relation->name) : owned(command, relation);
}

static bool drop_one(Command *command, const PgQuery__List *names, bool missing_ok, ObjectAddress *out)
{
    const CatRelation *relation;
    const char *name = node_text(names->items[names->n_items - 1]);
    if (!missing_ok)
        return trigger_resolve(command, names, out);
    *out = object_address(PG_TRIGGER_RELATION, OID_NONE, 0);
    if (!find_relation(command, names, true, &relation) || !relation)
        return !error_is_set(command->error);
    if (!trigger_find(command, relation->oid, name, &out->oid))
        return false;
    if (out->oid != OID_NONE)
        return owned(command, relation);
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION,
           "trigger \"%s\" for relation \"%s\" does not exist, skipping", name, name_list_text(command, names->items, names->n_items - 1));
    return true;
}

bool triggers_drop(Command *command, const PgQuery__DropStmt *statement)
{
    DropBehavior behavior = statement->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ? DROP_CASCADE : DROP_RESTRICT;
    for (size_t i = 0; i < statement->n_objects; i++) {
        ObjectAddress trigger;
        if (!drop_one(command, statement->objects[i]->list, statement->missing_ok, &trigger))
            return false;
        if (trigger.oid != OID_NONE && !catalog_drop(command->catalog, &trigger, 1, behavior, command->error))
            return false;
    }
    return true;
}
