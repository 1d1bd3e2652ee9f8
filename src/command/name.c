/*
 * name.c - names as the parser gives them: lists of strings, roles, relations; and the few checks that every statement needs.
 *
 * Invariants:
 *  1. What is returned as text is copied into the statement's arena: it outlives changes of the catalog.
 *  2. Objects that initdb made are pinned: no dependency is recorded on them (but for the schema public).
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/command_internal.h"

const char *node_text(const Node *node)
{
    return node && node->node_case == PG_QUERY__NODE__NODE_STRING ? node->string->sval : NULL;
}

const char *name_list_text(Command *command, NodeList items, size_t count)
{
    Str text;
    str_init(&text, command->arena);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            str_addc(&text, '.');
        if (node_text(items[i]))
            str_add(&text, node_text(items[i]));
    }
    return text.data ? text.data : "";
}

bool name_list_split(Command *command, NodeList items, size_t count, const char **schema, const char **name)
{
    *schema = NULL;
    if (count < 1 || count > 3)
        return error_set(command->error, ERRCODE_SYNTAX_ERROR, "improper qualified name (too many dotted names): %s",
                         name_list_text(command, items, count));
    *name = node_text(items[count - 1]);
    if (count > 1)
        *schema = node_text(items[count - 2]);
    if (count == 3 && !str_eq(node_text(items[0]), command->context->functions->database))
        return error_unsupported(command->error, "cross-database references are not implemented: %s",
                                 name_list_text(command, items, count));
    return true;
}

bool conflicting_options(Command *command, const PgQuery__DefElem *option)
{
    error_set(command->error, ERRCODE_SYNTAX_ERROR, "conflicting or redundant options");
    return error_at(command->error, option->location);
}

const char *option_string(Command *command, const PgQuery__DefElem *option)
{
    const Node *arg = option->arg;
    if (!arg)
        return NULL;
    switch (arg->node_case) {
    case PG_QUERY__NODE__NODE_STRING:
        return arg->string->sval;
    case PG_QUERY__NODE__NODE_INTEGER:
        return arena_printf(command->arena, "%d", arg->integer->ival);
    case PG_QUERY__NODE__NODE_FLOAT:
        return arg->float_->fval;
    case PG_QUERY__NODE__NODE_BOOLEAN:
        return arg->boolean->boolval ? "true" : "false";
    default:
        return NULL;
    }
}

/* ---- roles ---- */

bool role_resolve_or_public(Command *command, const PgQuery__RoleSpec *spec, Oid *oid)
{
    const CatRole *role;
    switch (spec->roletype) {
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_ROLE:
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_USER:
        *oid = command->user;
        return true;
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_SESSION_USER:
        *oid = command->context->session_user;
        return true;
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC:
        *oid = OID_NONE;
        return true;
    default:
        role = catalog_role_by_name(command->catalog, spec->rolename);
        if (!role)
            return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "role \"%s\" does not exist", spec->rolename);
        *oid = role->oid;
        return true;
    }
}

bool role_resolve(Command *command, const PgQuery__RoleSpec *spec, Oid *oid)
{
    if (spec->roletype == PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC)
        return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "role \"public\" does not exist");
    return role_resolve_or_public(command, spec, oid);
}

const char *role_name(Command *command, Oid role)
{
    const CatRole *found = catalog_role(command->catalog, role);
    return found ? arena_strdup(command->arena, found->name) : "???";
}

bool role_is_reserved(const char *name)
{
    return strncmp(name, "pg_", 3) == 0;
}

bool role_check_member(Command *command, Oid role)
{
    if (catalog_is_superuser(command->catalog, command->user) || catalog_is_member(command->catalog, command->user, role))
        return true;
    return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must be member of role \"%s\"", role_name(command, role));
}

/* ---- relations ---- */

bool relation_name_read(Command *command, NodeList names, size_t count, PgQuery__RangeVar *range)
{
    *range = (PgQuery__RangeVar)PG_QUERY__RANGE_VAR__INIT;
    if (count < 1 || count > 3)
        return error_set(command->error, ERRCODE_SYNTAX_ERROR, "improper relation name (too many dotted names): %s",
                         name_list_text(command, names, count));
    range->relname = (char *)node_text(names[count - 1]);
    range->schemaname = (char *)(count > 1 ? node_text(names[count - 2]) : "");
    range->catalogname = (char *)(count > 2 ? node_text(names[0]) : "");
    return true;
}

bool relation_find(Command *command, const PgQuery__RangeVar *range, bool missing_ok, const CatRelation **relation)
{
    const char *schema = text_given(range->schemaname);
    const char *database = text_given(range->catalogname);
    *relation = NULL;
    if (database && !str_eq(database, command->context->functions->database))
        return error_unsupported(command->error, "cross-database references are not implemented: \"%s.%s.%s\"", database, schema,
                                 range->relname);
    if (schema && !catalog_namespace_by_name(command->catalog, schema))
        return missing_ok || error_set(command->error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", schema);
    if (schema && !require_privilege(command, PG_NAMESPACE_RELATION, catalog_namespace_by_name(command->catalog, schema)->oid, ACL_USAGE))
        return false;
    *relation = catalog_relation_by_name(command->catalog, schema, range->relname);
    if (*relation || missing_ok)
        return true;
    return error_set(command->error, ERRCODE_UNDEFINED_TABLE, "relation \"%s%s%s\" does not exist", schema ? schema : "", schema ? "." : "",
                     range->relname);
}

bool type_resolve(Command *command, const PgQuery__TypeName *name, Oid *type, int32_t *typmod)
{
    if (!sql_check_type_schema(name, command->catalog, command->user, command->error))
        return error_at(command->error, name->location);
    return sql_resolve_type(name, command->catalog, command->arena, type, typmod, command->error);
}

const char *relation_kind_word(char kind)
{
    switch (kind) {
    case 'f':
        return "foreign table";
    case 'v':
        return "view";
    case 'm':
        return "materialized view";
    case 'i':
    case 'I':
        return "index";
    case 'S':
        return "sequence";
    case 'c':
        return "composite type";
    default:
        return "table";
    }
}

const char *relation_kind_words(Arena *arena, char kind)
{
    const char *word = kind == 'p' ? "partitioned table" : kind == 'I' ? "partitioned index" : relation_kind_word(kind);
    return arena_printf(arena, "%s%s", word, strchr("iI", kind) ? "es" : "s");
}

bool relation_is_system(Oid relation)
{
    return relation < 16384 && relation != OID_NONE;
}

/* ---- catalog rows ---- */

bool depend_on(Command *command, ObjectAddress from, ObjectAddress on, char kind)
{
    return catalog_depend(command->catalog, from, on, kind, command->error);
}

bool depend_on_schema(Command *command, ObjectAddress self, Oid from, Oid to)
{
    return catalog_exec(command->catalog, command->error, NULL,
                        "DELETE FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND refclassid = ?3 AND +refobjid = ?4", "oooo",
                        self.class_oid, self.oid, (Oid)PG_NAMESPACE_RELATION, from) &&
           depend_on(command, self, object_address(PG_NAMESPACE_RELATION, to, 0), 'n');
}

bool depend_on_owner(Command *command, ObjectAddress from, Oid owner)
{
    return catalog_depend_shared(command->catalog, from, owner, 'o', command->error);
}

bool query_integer(Command *command, int64_t *out, int64_t absent, const char *sql, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    CatalogRows *rows = catalog_query_va(command->catalog, command->arena, command->error, sql, types, args);
    va_end(args);
    if (!rows)
        return false;
    *out = rows->nrows > 0 && !CATALOG_CELL(rows, 0, 0).is_null ? CATALOG_CELL(rows, 0, 0).i : absent;
    return true;
}

bool require_privilege(Command *command, Oid class_oid, Oid oid, AclMask mask)
{
    if (catalog_privileges(command->catalog, class_oid, oid, 0, command->user, mask) == mask)
        return true;
    return catalog_denied(command->catalog, class_oid, oid, false, command->error);
}

bool require_owner(Command *command, Oid class_oid, Oid oid)
{
    return catalog_is_owner(command->catalog, class_oid, oid, command->user) ||
           catalog_denied(command->catalog, class_oid, oid, true, command->error);
}
