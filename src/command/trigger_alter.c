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

/* Triggers that are PostgreSQL's own, for constraints, have no place here: ALL and USER mean the same. */
static bool enable(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd, const char *state)
{
    int64_t changes;
    if (!text_given(cmd->name))
        return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_trigger SET tgenabled = ?2 WHERE tgrelid = ?1", "os",
                            alter->relation, state);
    return catalog_exec(command->catalog, command->error, &changes,
                        "UPDATE pg_trigger SET tgenabled = ?3 WHERE tgrelid = ?1 AND tgname = ?2", "oss", alter->relation, cmd->name,
                        state) &&
           (changes || missing(command, cmd->name, alter->name));
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

bool trigger_rename(Command *command, const PgQuery__RenameStmt *statement)
{
    const CatRelation *relation;
    Oid oid, taken;
    if (!relation_find(command, statement->relation, false, &relation))
        return false;
    if (!strchr("rvpf", relation->kind))
        return trigger_refuse_relation(command, relation);
    if (!require_owner(command, PG_CLASS_RELATION, relation->oid))
        return false;
    if (relation_is_system(relation->oid))
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied: \"%s\" is a system catalog", relation->name);
    if (!trigger_find(command, relation->oid, statement->subname, &oid) ||
        !trigger_find(command, relation->oid, statement->newname, &taken))
        return false;
    if (oid == OID_NONE)
        return missing(command, statement->subname, relation->name);
    if (taken != OID_NONE)
        return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "trigger \"%s\" for relation \"%s\" already exists", statement->newname,
                         relation->name);
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_trigger SET tgname = ?2 WHERE oid = ?1", "os", oid,
                        statement->newname);
}

/* The relation of a name list (its last part is the trigger); *relation NULL: missing, and missing_ok. */
static bool find_relation(Command *command, const PgQuery__List *names, bool missing_ok, const CatRelation **relation)
{
    PgQuery__RangeVar range = PG_QUERY__RANGE_VAR__INIT;
    size_t count = names->n_items - 1;
    range.relname = (char *)node_text(names->items[count - 1]);
    range.schemaname = (char *)(count > 1 ? node_text(names->items[count - 2]) : "");
    range.catalogname = (char *)(count > 2 ? node_text(names->items[0]) : "");
    if (!relation_find(command, &range, missing_ok, relation))
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
