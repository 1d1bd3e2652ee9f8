/*
 * object.c - statements that work alike on objects of every kind: DROP, RENAME, OWNER TO, SET SCHEMA, and the kinds themselves.
 *
 * Invariants:
 *  1. Kinds whose objects have a plain, database-wide name are rows of KINDS; relations are found by relation_find.
 *  2. DROP resolves and checks all its objects before anything is deleted.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/collation.h"
#include "command/names.h"
#include "command/sequence_internal.h"

#define KIND(name, class_oid, word, table, column, owner, missing, exists)                                                                 \
    {                                                                                                                                      \
        PG_QUERY__OBJECT_TYPE__OBJECT_##name, class_oid, word, table, column, owner, missing, exists                                       \
    }

static const ObjectKind KINDS[] = {
    KIND(SCHEMA, PG_NAMESPACE_RELATION, "schema", "pg_namespace", "nspname", "nspowner", ERRCODE_UNDEFINED_SCHEMA,
         ERRCODE_DUPLICATE_SCHEMA),
    KIND(EXTENSION, PG_EXTENSION_RELATION, "extension", "pg_extension", "extname", "extowner", ERRCODE_UNDEFINED_OBJECT,
         ERRCODE_DUPLICATE_OBJECT),
    KIND(FDW, PG_FOREIGN_DATA_WRAPPER_RELATION, "foreign-data wrapper", "pg_foreign_data_wrapper", "fdwname", "fdwowner",
         ERRCODE_UNDEFINED_OBJECT, ERRCODE_DUPLICATE_OBJECT),
    KIND(FOREIGN_SERVER, PG_FOREIGN_SERVER_RELATION, "server", "pg_foreign_server", "srvname", "srvowner", ERRCODE_UNDEFINED_OBJECT,
         ERRCODE_DUPLICATE_OBJECT),
    KIND(ROLE, PG_AUTHID_RELATION, "role", "pg_authid", "rolname", NULL, ERRCODE_UNDEFINED_OBJECT, ERRCODE_DUPLICATE_OBJECT),
    KIND(DATABASE, PG_DATABASE_RELATION, "database", "pg_database", "datname", "datdba", ERRCODE_UNDEFINED_DATABASE,
         ERRCODE_DUPLICATE_DATABASE),
    KIND(LANGUAGE, PG_LANGUAGE_RELATION, "language", "pg_language", "lanname", "lanowner", ERRCODE_UNDEFINED_OBJECT,
         ERRCODE_DUPLICATE_OBJECT),
    KIND(TABLESPACE, PG_TABLESPACE_RELATION, "tablespace", "pg_tablespace", "spcname", "spcowner", ERRCODE_UNDEFINED_OBJECT,
         ERRCODE_DUPLICATE_OBJECT),
    KIND(ACCESS_METHOD, PG_AM_RELATION, "access method", "pg_am", "amname", NULL, ERRCODE_UNDEFINED_OBJECT, ERRCODE_DUPLICATE_OBJECT),
    KIND(EVENT_TRIGGER, PG_EVENT_TRIGGER_RELATION, "event trigger", "pg_event_trigger", "evtname", "evtowner", ERRCODE_UNDEFINED_OBJECT,
         ERRCODE_DUPLICATE_OBJECT),
    KIND(PUBLICATION, PG_PUBLICATION_RELATION, "publication", "pg_publication", "pubname", "pubowner", ERRCODE_UNDEFINED_OBJECT,
         ERRCODE_DUPLICATE_OBJECT),
    KIND(SUBSCRIPTION, PG_SUBSCRIPTION_RELATION, "subscription", "pg_subscription", "subname", "subowner", ERRCODE_UNDEFINED_OBJECT,
         ERRCODE_DUPLICATE_OBJECT),
};

const ObjectKind *object_kind(PgQuery__ObjectType type)
{
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (KINDS[i].type == type)
            return &KINDS[i];
    return NULL;
}

bool object_missing(Command *command, const ObjectKind *kind, const char *name)
{
    return error_set(command->error, kind->missing_state, "%s \"%s\" does not exist", kind->word, name);
}

bool object_exists(Command *command, const ObjectKind *kind, const char *name)
{
    return error_set(command->error, kind->exists_state, "%s \"%s\" already exists", kind->word, name);
}

bool object_find(Command *command, const ObjectKind *kind, const char *name, bool missing_ok, Oid *oid)
{
    int64_t found;
    const char *sql = arena_printf(command->arena, "SELECT oid FROM %s WHERE %s = ?1", kind->table, kind->column);
    if (!query_integer(command, &found, OID_NONE, sql, "s", name))
        return false;
    *oid = (Oid)found;
    return *oid != OID_NONE || missing_ok || object_missing(command, kind, name);
}

bool object_require_owner(Command *command, const ObjectKind *kind, Oid oid)
{
    if (kind->class_oid != PG_AM_RELATION)
        return require_owner(command, kind->class_oid, oid);
    return catalog_is_superuser(command->catalog, command->user) ||
           error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must be superuser");
}

static bool unsupported(Command *command)
{
    return error_unsupported(command->error, "%s is not supported", sql_command_tag(command->node));
}

/* What can be neither made nor changed here may be missing all the same. */
static bool refuse_found(Command *command, PgQuery__ObjectType type, const Node *object, const char *name)
{
    const ObjectKind *kind = object_kind(type);
    ObjectAddress found;
    Oid relation;
    return (kind ? object_find(command, kind, object ? node_text(object) : name, false, &found.oid)
                 : object_find_special(command, type, object, false, &found, &relation)) &&
           unsupported(command);
}

/* ---- DROP ---- */

typedef VEC(ObjectAddress) ObjectList;

static DropBehavior drop_behavior(PgQuery__DropBehavior behavior)
{
    return behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ? DROP_CASCADE : DROP_RESTRICT;
}

static bool is_relation_kind(PgQuery__ObjectType type)
{
    return type == PG_QUERY__OBJECT_TYPE__OBJECT_TABLE || type == PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE ||
           type == PG_QUERY__OBJECT_TYPE__OBJECT_VIEW || type == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW ||
           type == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX || type == PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE;
}

static bool is_type(PgQuery__ObjectType type)
{
    return type == PG_QUERY__OBJECT_TYPE__OBJECT_TYPE || type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN;
}

static bool is_text_search(Oid class_oid)
{
    return class_oid == PG_TS_CONFIG_RELATION || class_oid == PG_TS_DICT_RELATION || class_oid == PG_TS_PARSER_RELATION ||
           class_oid == PG_TS_TEMPLATE_RELATION;
}

/* An object of a kind that is dropped as any other. OID_NONE: it is missing, and may be. */
static bool find_dropped(Command *command, const PgQuery__DropStmt *statement, const Node *object, ObjectAddress *out)
{
    const ObjectKind *kind = object_kind(statement->remove_type);
    Oid relation;
    if (!kind && !object_find_special(command, statement->remove_type, object, statement->missing_ok, out, &relation))
        return false;
    if (!kind && out->oid && !object_require_special_owner(command, statement->remove_type, object, *out, relation))
        return false;
    if (!kind) /* what depends on text search's objects is not recorded */
        return !is_text_search(out->class_oid) || catalog_is_pinned(*out) || unsupported(command);
    const char *name = node_text(object);
    *out = object_address(kind->class_oid, OID_NONE, 0);
    if (!object_find(command, kind, name, statement->missing_ok, &out->oid))
        return false;
    if (out->oid)
        return object_require_owner(command, kind, out->oid);
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "%s \"%s\" does not exist, skipping", kind->word,
           name);
    return true;
}

bool object_drop(Command *command)
{
    const PgQuery__DropStmt *statement = command->node->drop_stmt;
    if (is_relation_kind(statement->remove_type))
        return relations_drop(command, statement);
    if (is_type(statement->remove_type))
        return types_drop(command);
    if (function_is_type(statement->remove_type))
        return functions_drop(command, statement);
    if (statement->remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER)
        return triggers_drop(command, statement);
    if (statement->remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_COLLATION)
        return collations_drop(command, statement);
    ObjectList objects = {0};
    for (size_t i = 0; i < statement->n_objects; i++) {
        ObjectAddress object;
        if (!find_dropped(command, statement, statement->objects[i], &object))
            return false;
        if (object.oid)
            vec_push(command->arena, &objects, object);
    }
    return objects.count == 0 ||
           catalog_drop(command->catalog, objects.items, objects.count, drop_behavior(statement->behavior), command->error);
}

/* ---- RENAME ---- */

/* Wrappers and servers: the owner, and a name that is free. */
static bool rename_plain(Command *command, const ObjectKind *kind, const char *old, const char *new)
{
    Oid oid, taken;
    if (!object_find(command, kind, old, false, &oid) || !require_owner(command, kind->class_oid, oid))
        return false;
    if (!object_find(command, kind, new, true, &taken))
        return false;
    if (taken != OID_NONE)
        return object_exists(command, kind, new);
    const char *sql = arena_printf(command->arena, "UPDATE %s SET %s = ?2 WHERE oid = ?1", kind->table, kind->column);
    return catalog_exec(command->catalog, command->error, NULL, sql, "os", oid, new);
}

static bool rename_schema(Command *command, const PgQuery__RenameStmt *statement)
{
    const ObjectKind *kind = object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA);
    Oid oid, taken;
    if (!object_find(command, kind, statement->subname, false, &oid) || !object_find(command, kind, statement->newname, true, &taken))
        return false;
    if (taken != OID_NONE)
        return object_exists(command, kind, statement->newname);
    return require_owner(command, PG_NAMESPACE_RELATION, oid) && schema_check_create_on_database(command) &&
           schema_check_new_name(command, statement->newname) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_namespace SET nspname = ?2 WHERE oid = ?1", "os", oid,
                        statement->newname);
}

static bool rename_object(Command *command, const PgQuery__RenameStmt *statement)
{
    if (function_is_type(statement->rename_type))
        return function_rename(command, statement);
    switch (statement->rename_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
        return trigger_rename(command, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROLE:
        return role_rename(command, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLLATION:
        return collation_rename(command, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_STATISTIC_EXT:
        return statistics_rename(command, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT:
        return domain_rename_constraint(command, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN:
        return type_rename(command, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA:
        return rename_schema(command, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE:
        return database_rename(command, statement->subname, statement->newname);
    case PG_QUERY__OBJECT_TYPE__OBJECT_FDW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_SERVER:
        return rename_plain(command, object_kind(statement->rename_type), node_text(statement->object), statement->newname);
    default:
        return statement->relation ? table_rename(command, statement)
                                   : refuse_found(command, statement->rename_type, statement->object, statement->subname);
    }
}

/* What an object is called now, where stored texts may mention it; NULL: they do not, or are seen to by the one who renames. */
static const char *mentioned_name(PgQuery__ObjectType type, const char *subname, const Node *object)
{
    if (type == PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA)
        return subname;
    if (!object || !(is_type(type) || function_is_type(type) || type == PG_QUERY__OBJECT_TYPE__OBJECT_COLLATION))
        return NULL;
    const PgQuery__ObjectWithArgs *args = object->node_case == PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS ? object->object_with_args : NULL;
    Node *const *names = args ? args->objname : object->list->items;
    return node_text(names[(args ? args->n_objname : object->list->n_items) - 1]);
}

/* Runs `change` with what mentions the name kept over it. */
static bool keeping_names(Command *command, const char *name, bool (*change)(Command *command))
{
    NamedTexts named;
    return name ? names_read(command, name, &named) && change(command) && names_write(command, &named) : change(command);
}

static bool rename_now(Command *command)
{
    return rename_object(command, command->node->rename_stmt);
}

bool object_rename(Command *command)
{
    const PgQuery__RenameStmt *statement = command->node->rename_stmt;
    return keeping_names(command, mentioned_name(statement->rename_type, statement->subname, statement->object), rename_now);
}

/* ---- OWNER TO ---- */

static bool change_wrapper_owner(Command *command, ObjectAddress object, Oid owner)
{
    const CatWrapper *wrapper = catalog_wrapper(command->catalog, object.oid);
    bool may_change = catalog_is_superuser(command->catalog, command->user);
    if (may_change && catalog_is_superuser(command->catalog, owner))
        return wrapper->owner == owner || catalog_change_owner(command->catalog, object, owner, command->error);
    error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied to change owner of foreign-data wrapper \"%s\"",
              wrapper->name);
    return error_hint(command->error, may_change ? "The owner of a foreign-data wrapper must be a superuser."
                                                 : "Must be superuser to change owner of a foreign-data wrapper.");
}

static bool check_server_owner(Command *command, Oid server, Oid owner)
{
    Oid wrapper = catalog_server(command->catalog, server)->wrapper;
    if (!require_owner(command, PG_FOREIGN_SERVER_RELATION, server) || !role_check_member(command, owner))
        return false;
    return catalog_privileges(command->catalog, PG_FOREIGN_DATA_WRAPPER_RELATION, wrapper, 0, owner, ACL_USAGE) == ACL_USAGE ||
           catalog_denied(command->catalog, PG_FOREIGN_DATA_WRAPPER_RELATION, wrapper, false, command->error);
}

static bool check_schema_owner(Command *command, Oid schema, Oid owner)
{
    return require_owner(command, PG_NAMESPACE_RELATION, schema) && role_check_member(command, owner) &&
           schema_check_create_on_database(command);
}

static bool check_relation_owner(Command *command, Oid relation, Oid owner)
{
    Oid schema = catalog_relation(command->catalog, relation)->namespace_oid;
    if (!require_owner(command, PG_CLASS_RELATION, relation) || !role_check_member(command, owner))
        return false;
    return catalog_privileges(command->catalog, PG_NAMESPACE_RELATION, schema, 0, owner, ACL_CREATE) == ACL_CREATE ||
           catalog_denied(command->catalog, PG_NAMESPACE_RELATION, schema, false, command->error);
}

static bool current_owner(Command *command, ObjectAddress object, Oid *owner)
{
    static const struct {
        Oid class_oid;
        const char *sql;
    } OWNERS[] = {
        {PG_NAMESPACE_RELATION, "SELECT nspowner FROM pg_namespace WHERE oid = ?1"},
        {PG_FOREIGN_SERVER_RELATION, "SELECT srvowner FROM pg_foreign_server WHERE oid = ?1"},
        {PG_CLASS_RELATION, "SELECT relowner FROM pg_class WHERE oid = ?1"},
        {PG_EXTENSION_RELATION, "SELECT extowner FROM pg_extension WHERE oid = ?1"},
        {PG_PROC_RELATION, "SELECT proowner FROM pg_proc WHERE oid = ?1"},
        {PG_TYPE_RELATION, "SELECT typowner FROM pg_type WHERE oid = ?1"},
        {PG_COLLATION_RELATION, "SELECT collowner FROM pg_collation WHERE oid = ?1"},
        {PG_LANGUAGE_RELATION, "SELECT lanowner FROM pg_language WHERE oid = ?1"},
        {PG_STATISTIC_EXT_RELATION, "SELECT stxowner FROM pg_statistic_ext WHERE oid = ?1"},
        {PG_DATABASE_RELATION, "SELECT datdba FROM pg_database WHERE oid = ?1"},
    };
    for (size_t i = 0; i < COUNT_OF(OWNERS); i++) {
        int64_t found;
        if (OWNERS[i].class_oid != object.class_oid)
            continue;
        if (!query_integer(command, &found, OID_NONE, OWNERS[i].sql, "o", object.oid))
            return false;
        *owner = (Oid)found;
        return true;
    }
    return error_unsupported(command->error, "changing the owner of %s is not supported",
                             catalog_describe(command->catalog, object, command->arena));
}

/* What has no owner of its own goes with it: a relation's types, indexes and sequences, a type's array and relation. */
static bool set_owner(Command *command, ObjectAddress object, Oid owner)
{
    static const struct {
        Oid class_oid;
        const char *sql;
    } PARTS[] = {
        {PG_CLASS_RELATION, "UPDATE pg_class SET relowner = ?2 WHERE oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = ?1)"},
        {PG_TYPE_RELATION, "UPDATE pg_type SET typowner = ?2 WHERE oid IN (SELECT typarray FROM pg_type WHERE oid = ?1)"},
        {PG_TYPE_RELATION, "UPDATE pg_class SET relowner = ?2 WHERE oid IN (SELECT typrelid FROM pg_type WHERE oid = ?1)"},
    };
    if (!catalog_change_owner(command->catalog, object, owner, command->error))
        return false;
    for (size_t i = 0; i < COUNT_OF(PARTS); i++)
        if (PARTS[i].class_oid == object.class_oid &&
            !catalog_exec(command->catalog, command->error, NULL, PARTS[i].sql, "oo", object.oid, owner))
            return false;
    return object.class_oid != PG_CLASS_RELATION || sequences_change_owner(command, object.oid, owner);
}

bool owner_reassign(Command *command, ObjectAddress object, Oid owner)
{
    Oid old = OID_NONE;
    if (object.class_oid != PG_CLASS_RELATION && object.class_oid != PG_TYPE_RELATION)
        return owner_change(command, object, owner);
    return current_owner(command, object, &old) && (old == owner || set_owner(command, object, owner));
}

bool owner_change(Command *command, ObjectAddress object, Oid owner)
{
    Oid old = OID_NONE;
    if (object.class_oid == PG_FOREIGN_DATA_WRAPPER_RELATION)
        return change_wrapper_owner(command, object, owner);
    if (!current_owner(command, object, &old) || old == owner)
        return error_is_set(command->error) ? false : true;
    if (!catalog_is_superuser(command->catalog, command->user)) {
        bool allowed = object.class_oid == PG_FOREIGN_SERVER_RELATION ? check_server_owner(command, object.oid, owner)
                       : object.class_oid == PG_NAMESPACE_RELATION    ? check_schema_owner(command, object.oid, owner)
                       : object.class_oid == PG_DATABASE_RELATION     ? database_check_owner(command, object.oid, owner)
                       : object.class_oid == PG_CLASS_RELATION
                           ? check_relation_owner(command, object.oid, owner)
                           : require_owner(command, object.class_oid, object.oid) && role_check_member(command, owner);
        if (!allowed)
            return false;
    }
    return set_owner(command, object, owner);
}

bool object_change_owner(Command *command)
{
    const PgQuery__AlterOwnerStmt *statement = command->node->alter_owner_stmt;
    if (is_type(statement->object_type))
        return type_change_owner(command, statement);
    if (statement->object_type == PG_QUERY__OBJECT_TYPE__OBJECT_COLLATION)
        return collation_change_owner(command, statement);
    if (statement->object_type == PG_QUERY__OBJECT_TYPE__OBJECT_STATISTIC_EXT)
        return statistics_change_owner(command, statement);
    const ObjectKind *kind = object_kind(statement->object_type);
    Oid oid, owner;
    if (function_is_type(statement->object_type))
        return function_change_owner(command, statement);
    if (!role_resolve(command, statement->newowner, &owner))
        return false;
    if (!kind)
        return refuse_found(command, statement->object_type, statement->object, NULL);
    return object_find(command, kind, node_text(statement->object), false, &oid) &&
           owner_change(command, object_address(kind->class_oid, oid, 0), owner);
}

/* ---- SET SCHEMA ---- */

static bool set_schema_now(Command *command)
{
    const PgQuery__AlterObjectSchemaStmt *statement = command->node->alter_object_schema_stmt;
    if (statement->object_type == PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION)
        return extension_set_schema(command, statement);
    if (is_type(statement->object_type))
        return type_set_schema(command, statement);
    if (statement->object_type == PG_QUERY__OBJECT_TYPE__OBJECT_COLLATION)
        return collation_set_schema(command, statement);
    if (statement->object_type == PG_QUERY__OBJECT_TYPE__OBJECT_STATISTIC_EXT)
        return statistics_set_schema(command, statement);
    if (function_is_type(statement->object_type))
        return function_set_schema(command, statement);
    return statement->relation ? table_set_schema(command, statement)
                               : refuse_found(command, statement->object_type, statement->object, NULL);
}

bool object_set_schema(Command *command)
{
    const PgQuery__AlterObjectSchemaStmt *statement = command->node->alter_object_schema_stmt;
    return keeping_names(command, mentioned_name(statement->object_type, NULL, statement->object), set_schema_now);
}
