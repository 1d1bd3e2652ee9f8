/*
 * comment.c - COMMENT ON.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/collation.h"

static bool is_relation_type(PgQuery__ObjectType type, const char **kinds, const char **word)
{
    static const struct {
        PgQuery__ObjectType type;
        const char *kinds, *word;
    } RELATIONS[] = {
        {PG_QUERY__OBJECT_TYPE__OBJECT_TABLE, "rp", "a table"},  {PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE, "f", "a foreign table"},
        {PG_QUERY__OBJECT_TYPE__OBJECT_VIEW, "v", "a view"},     {PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW, "m", "a materialized view"},
        {PG_QUERY__OBJECT_TYPE__OBJECT_INDEX, "iI", "an index"}, {PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE, "S", "a sequence"},
    };
    for (size_t i = 0; i < COUNT_OF(RELATIONS); i++)
        if (RELATIONS[i].type == type) {
            *kinds = RELATIONS[i].kinds;
            *word = RELATIONS[i].word;
            return true;
        }
    return false;
}

/* The relation named by the first `count` parts of a list. */
static bool find_relation(Command *command, const PgQuery__List *names, size_t count, const CatRelation **relation)
{
    PgQuery__RangeVar range;
    return relation_name_read(command, names->items, count, &range) && relation_find(command, &range, false, relation);
}

static bool find_column(Command *command, const PgQuery__List *names, ObjectAddress *out)
{
    const CatRelation *relation;
    int64_t number;
    if (names->n_items < 2)
        return error_set(command->error, ERRCODE_SYNTAX_ERROR, "column name must be qualified");
    if (!find_relation(command, names, names->n_items - 1, &relation))
        return false;
    const char *column = node_text(names->items[names->n_items - 1]);
    if (!query_integer(command, &number, 0, "SELECT attnum FROM pg_attribute WHERE attname = ?1 AND attrelid = ?2 AND NOT attisdropped",
                       "so", column, relation->oid))
        return false;
    if (number == 0)
        return error_set(command->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", column,
                         name_list_text(command, names->items, names->n_items - 1));
    *out = object_address(PG_CLASS_RELATION, relation->oid, (int)number);
    return catalog_is_owner(command->catalog, PG_CLASS_RELATION, relation->oid, command->user) ||
           error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must be owner of relation %s", relation->name);
}

/* Columns of sequences and indexes have no comments. */
static bool check_commented(Command *command, ObjectAddress object)
{
    const CatRelation *relation = object.class_oid == PG_CLASS_RELATION ? catalog_relation(command->catalog, object.oid) : NULL;
    if (!relation || !object.sub || strchr("rvmcfp", relation->kind))
        return true;
    error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot set comment on relation \"%s\"", relation->name);
    return error_detail(command->error, relation->kind == 'S' ? "This operation is not supported for sequences."
                                                              : "This operation is not supported for indexes.");
}

static bool find_table(Command *command, const PgQuery__CommentStmt *statement, const char *kinds, const char *word, ObjectAddress *out)
{
    const CatRelation *relation;
    if (!find_relation(command, statement->object->list, statement->object->list->n_items, &relation))
        return false;
    *out = object_address(PG_CLASS_RELATION, relation->oid, 0);
    if (!strchr(kinds, relation->kind))
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not %s", relation->name, word);
    return require_owner(command, PG_CLASS_RELATION, relation->oid);
}

static bool find_type(Command *command, const Node *object, ObjectAddress *out)
{
    Oid type;
    int32_t typmod;
    if (object->node_case != PG_QUERY__NODE__NODE_TYPE_NAME)
        return error_unsupported(command->error, "%s on this kind of object is not supported", sql_command_tag(command->node));
    if (!type_resolve(command, object->type_name, &type, &typmod)) {
        command->error->position = 0;
        return false;
    }
    *out = object_address(PG_TYPE_RELATION, type, 0);
    return catalog_is_owner(command->catalog, PG_TYPE_RELATION, type, command->user) ||
           error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must be owner of type %s",
                     catalog_format_type(command->catalog, type, TYPMOD_NOT_GIVEN, command->arena));
}

static bool find_function(Command *command, const PgQuery__CommentStmt *statement, ObjectAddress *out)
{
    *out = object_address(PG_PROC_RELATION, OID_NONE, 0);
    return function_resolve(command, statement->objtype, statement->object->object_with_args, false, &out->oid) &&
           require_owner(command, PG_PROC_RELATION, out->oid);
}

static bool find_constraint(Command *command, const PgQuery__List *names, ObjectAddress *out)
{
    const CatRelation *relation;
    int64_t oid;
    const char *name = node_text(names->items[names->n_items - 1]);
    if (!find_relation(command, names, names->n_items - 1, &relation))
        return false;
    if (!query_integer(command, &oid, OID_NONE, "SELECT oid FROM pg_constraint WHERE conname = ?1 AND conrelid = ?2", "so", name,
                       relation->oid))
        return false;
    if (oid == OID_NONE)
        return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "constraint \"%s\" for table \"%s\" does not exist", name,
                         relation->name);
    *out = object_address(PG_CONSTRAINT_RELATION, (Oid)oid, 0);
    return require_owner(command, PG_CLASS_RELATION, relation->oid);
}

static bool find_domain(Command *command, const Node *object, ObjectAddress *out)
{
    if (!find_type(command, object, out))
        return false;
    const CatType *type = catalog_type(command->catalog, out->oid);
    return type->kind == 'd' || error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not a domain",
                                          name_list_text(command, object->type_name->names, object->type_name->n_names));
}

/* The domain and the constraint's name. */
static bool find_domain_constraint(Command *command, const PgQuery__List *names, ObjectAddress *out)
{
    int64_t oid;
    const char *name = node_text(names->items[1]);
    if (!find_domain(command, names->items[0], out) ||
        !query_integer(command, &oid, OID_NONE, "SELECT oid FROM pg_constraint WHERE conname = ?1 AND contypid = ?2", "so", name, out->oid))
        return false;
    if (oid == OID_NONE)
        return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "constraint \"%s\" for domain %s does not exist", name,
                         catalog_format_type(command->catalog, out->oid, TYPMOD_NOT_GIVEN, command->arena));
    *out = object_address(PG_CONSTRAINT_RELATION, (Oid)oid, 0);
    return true;
}

/* Roles have no owner: a superuser's is a superuser's to comment, another's who may create roles. */
static bool check_role(Command *command, Oid oid)
{
    const CatRole *role = catalog_role(command->catalog, oid), *user = catalog_role(command->catalog, command->user);
    if (user->super || (!role->super && user->create_role))
        return true;
    return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "%s",
                     role->super ? "must be superuser" : "must have CREATEROLE privilege");
}

static bool find_plain(Command *command, const PgQuery__CommentStmt *statement, ObjectAddress *out)
{
    const ObjectKind *kind = object_kind(statement->objtype);
    Oid relation;
    if (!kind)
        return object_find_special(command, statement->objtype, statement->object, false, out, &relation) &&
               object_require_special_owner(command, statement->objtype, statement->object, *out, relation);
    *out = object_address(kind->class_oid, OID_NONE, 0);
    if (!object_find(command, kind, node_text(statement->object), false, &out->oid))
        return false;
    return kind->class_oid == PG_AUTHID_RELATION ? check_role(command, out->oid) : object_require_owner(command, kind, out->oid);
}

static bool find_object(Command *command, const PgQuery__CommentStmt *statement, ObjectAddress *out)
{
    const char *kinds, *word;
    switch (statement->objtype) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
        return find_column(command, statement->object->list, out);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
        return find_type(command, statement->object, out);
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
        return find_domain(command, statement->object, out);
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT:
        return find_domain_constraint(command, statement->object->list, out);
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE:
        return find_function(command, statement, out);
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLLATION:
        *out = object_address(PG_COLLATION_RELATION, OID_NONE, 0);
        return collation_find(command, statement->object->list->items, statement->object->list->n_items, false, &out->oid) &&
               require_owner(command, PG_COLLATION_RELATION, out->oid);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
        return trigger_resolve(command, statement->object->list, out);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
        return find_constraint(command, statement->object->list, out);
    default:
        return is_relation_type(statement->objtype, &kinds, &word) ? find_table(command, statement, kinds, word, out)
                                                                   : find_plain(command, statement, out);
    }
}

bool object_resolve_owned(Command *command, PgQuery__ObjectType type, const Node *object, ObjectAddress *out)
{
    PgQuery__CommentStmt named = PG_QUERY__COMMENT_STMT__INIT;
    named.objtype = type;
    named.object = (PgQuery__Node *)(uintptr_t)object;
    return find_object(command, &named, out);
}

bool object_comment(Command *command)
{
    const PgQuery__CommentStmt *statement = command->node->comment_stmt;
    ObjectAddress object;
    Oid database;
    /* A dump restored under another database's name must not fail at its comment. */
    if (statement->objtype == PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE) {
        if (!object_find(command, object_kind(statement->objtype), node_text(statement->object), true, &database))
            return false;
        if (database == OID_NONE) {
            notice(command->context->notices, SEVERITY_WARNING, ERRCODE_UNDEFINED_DATABASE, "database \"%s\" does not exist",
                   node_text(statement->object));
            return true;
        }
    }
    return find_object(command, statement, &object) && check_commented(command, object) &&
           catalog_comment(command->catalog, object, text_given(statement->comment), command->error);
}
