/*
 * domain_alter.c - ALTER DOMAIN: SET and DROP DEFAULT, SET and DROP NOT NULL, ADD, DROP and VALIDATE CONSTRAINT.
 *
 * Invariant: a domain that a table with rows of its own has gets no constraint that its rows may break: they are not read here.
 *
 * Entered by the session's worker only.
 */
#include "command/type_internal.h"

/* Values are in question only where rows lie here; foreign ones are taken as they come. */
static bool has_stored_values(Command *command, Oid domain, bool *stored)
{
    int64_t found;
    bool ok = query_integer(command, &found, 0,
                            "SELECT 1 FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid WHERE atttypid = ?1 AND NOT attisdropped"
                            " AND relkind IN ('r', 'p', 'm')",
                            "o", domain);
    *stored = found != 0;
    return ok;
}

static bool refuse_stored(Command *command, Oid domain)
{
    bool stored;
    if (!has_stored_values(command, domain, &stored))
        return false;
    return !stored || error_unsupported(command->error, "adding a constraint to domain %s, which tables with rows use, is not supported",
                                        catalog_format_type(command->catalog, domain, -1, command->arena));
}

static bool set_default(Command *command, Oid domain, const Node *expr)
{
    const CatType *record = catalog_type(command->catalog, domain);
    NewType type = {.base = record->base, .typmod = record->typmod};
    if (expr && !domain_default(command, &type, expr))
        return false;
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_type SET typdefaultbin = ?2, typdefault = ?2 WHERE oid = ?1",
                        "os", domain, type.default_text);
}

static bool set_not_null(Command *command, Oid domain, bool not_null)
{
    return (!not_null || refuse_stored(command, domain)) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_type SET typnotnull = ?2 WHERE oid = ?1", "ob", domain,
                        not_null);
}

static bool add_constraint(Command *command, Oid domain, const PgQuery__Constraint *constraint)
{
    if (constraint->contype != PG_QUERY__CONSTR_TYPE__CONSTR_CHECK)
        return domain_refuse_constraint(command, constraint->contype);
    return (constraint->skip_validation || refuse_stored(command, domain)) && domain_add_check(command, domain, constraint);
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
    return find_constraint(command, domain, name, false, &oid) && refuse_stored(command, domain) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_constraint SET convalidated = 1 WHERE oid = ?1", "o", oid);
}

static bool alter(Command *command, const PgQuery__AlterDomainStmt *statement)
{
    const CatType *type;
    if (!type_find(command, statement->type_name, statement->n_type_name, false, &type))
        return false;
    if (type->kind != 'd')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "%s is not a domain",
                         catalog_format_type(command->catalog, type->oid, -1, command->arena));
    Oid oid = type->oid;
    if (!require_owner(command, PG_TYPE_RELATION, oid))
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
