/*
 * absent.c - statements about what there is none of, or only one: databases, tablespaces, subscriptions; rules but views' own, policies.
 * What they say of names that are missing, and of relations that cannot have the thing, is PostgreSQL's; what would need the thing itself
 * is refused by name.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/command_internal.h"

#define TYPE(name) PG_QUERY__OBJECT_TYPE__OBJECT_##name

static bool refuse(Command *command)
{
    return error_unsupported(command->error, "%s is not supported", sql_command_tag(command->node));
}

/* *oid OID_NONE: it is missing, which may be and was said. */
static bool find(Command *command, PgQuery__ObjectType type, const char *name, bool missing_ok, Oid *oid)
{
    const ObjectKind *kind = object_kind(type);
    if (!object_find(command, kind, name, missing_ok, oid))
        return false;
    if (!*oid)
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "%s \"%s\" does not exist, skipping", kind->word,
               name);
    return true;
}

bool database_drop(Command *command)
{
    const PgQuery__DropdbStmt *statement = command->node->dropdb_stmt;
    Oid oid;
    if (!command_require_alone(command, "DROP DATABASE"))
        return false;
    if (!find(command, TYPE(DATABASE), statement->dbname, statement->missing_ok, &oid) || !oid)
        return oid == OID_NONE && !error_is_set(command->error);
    if (!require_owner(command, PG_DATABASE_RELATION, oid))
        return false;
    if (str_eq(statement->dbname, command->context->functions->database))
        return error_set(command->error, ERRCODE_OBJECT_IN_USE, "cannot drop the currently open database");
    return refuse(command);
}

bool subscription_drop(Command *command)
{
    const PgQuery__DropSubscriptionStmt *statement = command->node->drop_subscription_stmt;
    Oid oid;
    return find(command, TYPE(SUBSCRIPTION), statement->subname, statement->missing_ok, &oid) && (!oid || refuse(command));
}

bool tablespace_drop(Command *command)
{
    const PgQuery__DropTableSpaceStmt *statement = command->node->drop_table_space_stmt;
    Oid oid;
    if (!command_require_alone(command, "DROP TABLESPACE"))
        return false;
    if (!find(command, TYPE(TABLESPACE), statement->tablespacename, statement->missing_ok, &oid) || !oid)
        return oid == OID_NONE && !error_is_set(command->error);
    if (!require_owner(command, PG_TABLESPACE_RELATION, oid))
        return false;
    return catalog_denied(command->catalog, PG_TABLESPACE_RELATION, oid, false, command->error); /* initdb's own, both of them */
}

/* ---- rules and policies of relations ---- */

static bool find_relation(Command *command, const PgQuery__RangeVar *range, const CatRelation **relation)
{
    PgQuery__RangeVar name = *range;
    name.location = -1;
    return relation_find(command, &name, false, relation);
}

static bool wrong_kind(Command *command, const CatRelation *relation, const char *what)
{
    return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is %s", relation->name, what);
}

static bool may_change(Command *command, const CatRelation *relation)
{
    if (relation_is_system(relation->oid))
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied: \"%s\" is a system catalog", relation->name);
    return require_owner(command, PG_CLASS_RELATION, relation->oid);
}

static bool may_have_rules(Command *command, const CatRelation *relation)
{
    if (strchr("rvp", relation->kind))
        return may_change(command, relation);
    error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "relation \"%s\" cannot have rules", relation->name);
    return error_detail(command->error, "This operation is not supported for %s.", relation_kind_words(command->arena, relation->kind));
}

bool rule_create(Command *command)
{
    const CatRelation *relation;
    if (!find_relation(command, command->node->rule_stmt->relation, &relation))
        return false;
    switch (relation->kind) {
    case 'c':
        return wrong_kind(command, relation, "a composite type");
    case 'i':
    case 'I':
        return wrong_kind(command, relation, "an index");
    case 'm':
        return error_unsupported(command->error, "rules on materialized views are not supported");
    default:
        return may_have_rules(command, relation) && refuse(command);
    }
}

bool rule_missing(Command *command, const CatRelation *relation, const char *rule)
{
    return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "rule \"%s\" for relation \"%s\" does not exist", rule, relation->name);
}

bool rule_rename(Command *command, const PgQuery__RenameStmt *statement)
{
    const CatRelation *relation;
    if (!find_relation(command, statement->relation, &relation) || !may_have_rules(command, relation))
        return false;
    if (relation->kind == 'v' && str_eq(statement->subname, "_RETURN"))
        return error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "renaming an ON SELECT rule is not allowed");
    return rule_missing(command, relation, statement->subname);
}

static bool may_have_policies(Command *command, const PgQuery__RangeVar *range, const CatRelation **relation)
{
    return find_relation(command, range, relation) && may_change(command, *relation) &&
           (strchr("rp", (*relation)->kind) || wrong_kind(command, *relation, "not a table"));
}

static bool policy_missing(Command *command, const PgQuery__RangeVar *range, const char *policy)
{
    const CatRelation *relation;
    return may_have_policies(command, range, &relation) &&
           error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "policy \"%s\" for table \"%s\" does not exist", policy, relation->name);
}

static bool resolve_roles(Command *command, Node **roles, size_t count)
{
    Oid oid;
    for (size_t i = 0; i < count; i++)
        if (!role_resolve_or_public(command, roles[i]->role_spec, &oid))
            return false;
    return true;
}

bool policy_create(Command *command)
{
    const PgQuery__CreatePolicyStmt *statement = command->node->create_policy_stmt;
    const CatRelation *relation;
    return resolve_roles(command, statement->roles, statement->n_roles) && may_have_policies(command, statement->table, &relation) &&
           refuse(command);
}

bool policy_alter(Command *command)
{
    const PgQuery__AlterPolicyStmt *statement = command->node->alter_policy_stmt;
    return resolve_roles(command, statement->roles, statement->n_roles) &&
           policy_missing(command, statement->table, statement->policy_name);
}

bool policy_rename(Command *command, const PgQuery__RenameStmt *statement)
{
    return policy_missing(command, statement->relation, statement->subname);
}
