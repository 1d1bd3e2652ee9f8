/*
 * domain_alter.c - ALTER DOMAIN: SET and DROP DEFAULT, SET and DROP NOT NULL, ADD, DROP, RENAME and VALIDATE CONSTRAINT.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/type_internal.h"

static bool set_default(Command *command, Oid domain, const Node *expr)
{
    const CatType *record = catalog_type(command->catalog, domain);
    NewType type = {.name = record->name, .base = record->base, .typmod = record->typmod};
    if (expr && !domain_default(command, &type, expr))
        return false;
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_type SET typdefaultbin = ?2, typdefault = ?3 WHERE oid = ?1",
                        "oss", domain, type.default_text, type.default_shown) &&
           domain_depend(command, domain);
}

static bool set_not_null(Command *command, Oid domain, bool not_null)
{
    int64_t known;
    if (!query_integer(command, &known, 0, "SELECT typnotnull FROM pg_type WHERE oid = ?1", "o", domain))
        return false;
    return (known || !not_null || domain_check_values(command, domain, NULL)) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_type SET typnotnull = ?2 WHERE oid = ?1", "ob", domain,
                        not_null);
}

static bool add_constraint(Command *command, Oid domain, const PgQuery__Constraint *constraint)
{
    if (constraint->contype != PG_QUERY__CONSTR_TYPE__CONSTR_CHECK)
        return domain_refuse_constraint(command, constraint->contype);
    const char *check;
    return domain_add_check(command, domain, constraint, &check) &&
           (constraint->skip_validation || domain_check_values(command, domain, check));
}

static bool find_constraint(Command *command, Oid domain, const char *name, bool missing_ok, Oid *oid)
{
    int64_t found;
    if (!query_integer(command, &found, OID_NONE, "SELECT oid FROM pg_constraint WHERE conname = ?1 AND contypid = ?2", "so", name, domain))
        return false;
    *oid = (Oid)found;
    const char *type = catalog_format_type(command->catalog, domain, -1, command->arena);
    if (*oid == OID_NONE && missing_ok)
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION,
               "constraint \"%s\" of domain \"%s\" does not exist, skipping", name, type);
    return *oid != OID_NONE || missing_ok ||
           error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "constraint \"%s\" of domain \"%s\" does not exist", name, type);
}

static bool drop_constraint(Command *command, Oid domain, const PgQuery__AlterDomainStmt *statement)
{
    Oid oid;
    if (!find_constraint(command, domain, statement->name, statement->missing_ok, &oid))
        return false;
    ObjectAddress object = object_address(PG_CONSTRAINT_RELATION, oid, 0);
    DropBehavior behavior = statement->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ? DROP_CASCADE : DROP_RESTRICT;
    return oid == OID_NONE || catalog_drop(command->catalog, &object, 1, behavior, command->error);
}

static bool validate_constraint(Command *command, Oid domain, const char *name)
{
    Oid oid;
    if (!find_constraint(command, domain, name, false, &oid))
        return false;
    CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error, "SELECT conbin FROM pg_constraint WHERE oid = ?1", "o", oid);
    return rows && domain_check_values(command, domain, rows->cells[0].text) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_constraint SET convalidated = 1 WHERE oid = ?1", "o", oid);
}

static bool find_domain(Command *command, NodeList names, size_t count, Oid *oid)
{
    const CatType *type;
    if (!type_find(command, names, count, false, &type))
        return false;
    if (type->kind != 'd')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "%s is not a domain",
                         catalog_format_type(command->catalog, type->oid, -1, command->arena));
    *oid = type->oid;
    return require_owner(command, PG_TYPE_RELATION, *oid);
}

bool domain_rename_constraint(Command *command, const PgQuery__RenameStmt *statement)
{
    static const char FIND[] = "SELECT oid FROM pg_constraint WHERE conname = ?1 AND contypid = ?2";
    const PgQuery__List *names = statement->object->list;
    Oid domain;
    int64_t found, taken;
    if (!find_domain(command, names->items, names->n_items, &domain) ||
        !query_integer(command, &found, 0, FIND, "so", statement->subname, domain) ||
        !query_integer(command, &taken, 0, FIND, "so", statement->newname, domain))
        return false;
    const char *type = catalog_format_type(command->catalog, domain, -1, command->arena);
    if (!found)
        return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "constraint \"%s\" for domain %s does not exist", statement->subname,
                         type);
    if (taken)
        return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "constraint \"%s\" for domain %s already exists", statement->newname,
                         type);
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_constraint SET conname = ?2 WHERE oid = ?1", "os", (Oid)found,
                        statement->newname);
}

static bool alter(Command *command, const PgQuery__AlterDomainStmt *statement)
{
    Oid oid;
    if (!find_domain(command, statement->type_name, statement->n_type_name, &oid))
        return false;
    switch (*statement->subtype) {
    case 'T':
        return set_default(command, oid, statement->def);
    case 'N':
        return set_not_null(command, oid, false);
    case 'O':
        return set_not_null(command, oid, true);
    case 'C':
        return add_constraint(command, oid, statement->def->constraint);
    case 'X':
        return drop_constraint(command, oid, statement);
    default:
        return validate_constraint(command, oid, statement->name);
    }
}

bool domain_alter(Command *command)
{
    bool ok = alter(command, command->node->alter_domain_stmt);
    if (!ok)
        command->error->position = 0;
    return ok;
}
