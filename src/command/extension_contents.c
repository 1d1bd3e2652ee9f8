/*
 * extension_contents.c - ALTER EXTENSION ... ADD and DROP: which objects are members of an extension; and ALTER ... DEPENDS ON EXTENSION,
 * which lets an object go with one.
 *
 * Invariants:
 *  1. An object is a member of one extension at most (pg_depend 'e').
 *  2. The privileges a member has when it becomes one are its initial ones (pg_init_privs); with its membership they go.
 *
 * Entered by the session's worker only.
 */
#include "command/command_internal.h"

/* Objects that belong to no extension. */
static bool check_type(Command *command, PgQuery__ObjectType type)
{
    static const PgQuery__ObjectType REFUSED[] = {
        PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE,     PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION,  PG_QUERY__OBJECT_TYPE__OBJECT_INDEX,
        PG_QUERY__OBJECT_TYPE__OBJECT_PUBLICATION,  PG_QUERY__OBJECT_TYPE__OBJECT_ROLE,       PG_QUERY__OBJECT_TYPE__OBJECT_STATISTIC_EXT,
        PG_QUERY__OBJECT_TYPE__OBJECT_SUBSCRIPTION, PG_QUERY__OBJECT_TYPE__OBJECT_TABLESPACE,
    };
    for (size_t i = 0; i < COUNT_OF(REFUSED); i++)
        if (REFUSED[i] == type)
            return error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "cannot add an object of this type to an extension");
    return true;
}

/* The extension an object is a member of; OID_NONE: of none. */
static bool extension_of(Command *command, ObjectAddress object, Oid *extension)
{
    static const char FIND[] = "SELECT d.refobjid FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid"
                               " WHERE d.classid = ?1 AND d.objid = ?2 AND d.deptype = 'e'";
    int64_t found;
    if (!query_integer(command, &found, OID_NONE, FIND, "oo", object.class_oid, object.oid))
        return false;
    *extension = (Oid)found;
    return true;
}

static bool record_privileges(Command *command, ObjectAddress object)
{
    static const struct {
        Oid class_oid;
        const char *source; /* of number and list */
    } SOURCES[] = {
        {PG_CLASS_RELATION, "SELECT attnum AS sub, attacl AS acl FROM pg_attribute WHERE attrelid = ?1 AND NOT attisdropped AND attnum > 0"
                            " AND NOT EXISTS (SELECT 1 FROM pg_class WHERE oid = ?1 AND relkind = 'S')"},
        {PG_CLASS_RELATION, "SELECT 0 AS sub, relacl AS acl FROM pg_class WHERE oid = ?1"},
        {PG_PROC_RELATION, "SELECT 0 AS sub, proacl AS acl FROM pg_proc WHERE oid = ?1"},
        {PG_TYPE_RELATION, "SELECT 0 AS sub, typacl AS acl FROM pg_type WHERE oid = ?1"},
        {PG_LANGUAGE_RELATION, "SELECT 0 AS sub, lanacl AS acl FROM pg_language WHERE oid = ?1"},
        {PG_NAMESPACE_RELATION, "SELECT 0 AS sub, nspacl AS acl FROM pg_namespace WHERE oid = ?1"},
        {PG_FOREIGN_DATA_WRAPPER_RELATION, "SELECT 0 AS sub, fdwacl AS acl FROM pg_foreign_data_wrapper WHERE oid = ?1"},
        {PG_FOREIGN_SERVER_RELATION, "SELECT 0 AS sub, srvacl AS acl FROM pg_foreign_server WHERE oid = ?1"},
    };
    for (size_t i = 0; i < COUNT_OF(SOURCES); i++) {
        const char *sql = arena_printf(command->arena,
                                       "INSERT INTO pg_init_privs (objoid, classoid, objsubid, privtype, initprivs)"
                                       " SELECT ?1, ?2, sub, 'e', acl FROM (%s) WHERE acl IS NOT NULL ORDER BY sub"
                                       " ON CONFLICT (objoid, classoid, objsubid) DO UPDATE SET initprivs = excluded.initprivs",
                                       SOURCES[i].source);
        if (SOURCES[i].class_oid == object.class_oid &&
            !catalog_exec(command->catalog, command->error, NULL, sql, "oo", object.oid, object.class_oid))
            return false;
    }
    return true;
}

static bool add_member(Command *command, const char *name, Oid extension, ObjectAddress object)
{
    Oid member_of;
    int64_t schema;
    if (!extension_of(command, object, &member_of) ||
        !query_integer(command, &schema, OID_NONE, "SELECT extnamespace FROM pg_extension WHERE oid = ?1", "o", extension))
        return false;
    if (member_of != OID_NONE) {
        CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                          "SELECT extname FROM pg_extension WHERE oid = ?1", "o", member_of);
        return rows && error_set(command->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "%s is already a member of extension \"%s\"",
                                 catalog_describe(command->catalog, object, command->arena), CATALOG_CELL(rows, 0, 0).text);
    }
    if (object.class_oid == PG_NAMESPACE_RELATION && object.oid == (Oid)schema)
        return error_set(command->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                         "cannot add schema \"%s\" to extension \"%s\" because the schema contains the extension",
                         catalog_namespace(command->catalog, object.oid)->name, name);
    return depend_on(command, object, object_address(PG_EXTENSION_RELATION, extension, 0), 'e') && record_privileges(command, object);
}

static bool drop_member(Command *command, const char *name, Oid extension, ObjectAddress object)
{
    Oid member_of;
    if (!extension_of(command, object, &member_of))
        return false;
    if (member_of != extension)
        return error_set(command->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "%s is not a member of extension \"%s\"",
                         catalog_describe(command->catalog, object, command->arena), name);
    return catalog_exec(command->catalog, command->error, NULL,
                        "DELETE FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND refclassid = ?3 AND deptype = 'e'", "ooo",
                        object.class_oid, object.oid, (Oid)PG_EXTENSION_RELATION) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "DELETE FROM pg_init_privs WHERE classoid = ?1 AND objoid = ?2 AND privtype = 'e'", "oo", object.class_oid,
                        object.oid);
}

bool extension_contents(Command *command)
{
    const PgQuery__AlterExtensionContentsStmt *statement = command->node->alter_extension_contents_stmt;
    enum { ADD = 1 };
    Oid extension;
    ObjectAddress object;
    if (!check_type(command, statement->objtype) ||
        !object_find(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION), statement->extname, false, &extension) ||
        !require_owner(command, PG_EXTENSION_RELATION, extension) ||
        !object_resolve_owned(command, statement->objtype, statement->object, &object))
        return false;
    return statement->action == ADD ? add_member(command, statement->extname, extension, object)
                                    : drop_member(command, statement->extname, extension, object);
}

/* ---- ALTER ... DEPENDS ON EXTENSION ---- */

static void add_name(Command *command, PgQuery__List *names, const char *text)
{
    PgQuery__Node *node = ARENA_NEW(command->arena, PgQuery__Node);
    pg_query__node__init(node);
    node->node_case = PG_QUERY__NODE__NODE_STRING;
    node->string = ARENA_NEW(command->arena, PgQuery__String);
    pg_query__string__init(node->string);
    node->string->sval = (char *)text;
    names->items[names->n_items++] = node;
}

/* What is named by a relation, and a name on it, as the list that other statements have for it. */
static const Node *named_on(Command *command, const PgQuery__RangeVar *relation, const Node *object)
{
    enum { MOST_NAMES = 4 };
    PgQuery__Node *node = ARENA_NEW(command->arena, PgQuery__Node);
    pg_query__node__init(node);
    node->node_case = PG_QUERY__NODE__NODE_LIST;
    node->list = ARENA_NEW(command->arena, PgQuery__List);
    pg_query__list__init(node->list);
    node->list->items = arena_alloc(command->arena, MOST_NAMES * sizeof *node->list->items);
    const char *parts[] = {text_given(relation->catalogname), text_given(relation->schemaname), relation->relname};
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (parts[i])
            add_name(command, node->list, parts[i]);
    if (object && object->node_case == PG_QUERY__NODE__NODE_LIST)
        add_name(command, node->list, node_text(object->list->items[object->list->n_items - 1]));
    return node;
}

bool object_depends_on_extension(Command *command)
{
    static const char DELETE[] = "DELETE FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND refclassid = ?3 AND +refobjid = ?4"
                                 " AND deptype = 'x'";
    const PgQuery__AlterObjectDependsStmt *statement = command->node->alter_object_depends_stmt;
    const Node *named = statement->relation ? named_on(command, statement->relation, statement->object) : statement->object;
    ObjectAddress object;
    Oid extension;
    int64_t found;
    if (!object_resolve_owned(command, statement->object_type, named, &object) ||
        !object_find(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION), statement->extname->sval, false, &extension))
        return false;
    ObjectAddress on = object_address(PG_EXTENSION_RELATION, extension, 0);
    if (statement->remove)
        return catalog_exec(command->catalog, command->error, NULL, DELETE, "oooo", object.class_oid, object.oid, on.class_oid, extension);
    return query_integer(
               command, &found, 0,
               "SELECT 1 FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND refclassid = ?3 AND +refobjid = ?4 AND deptype = 'x'", "oooo",
               object.class_oid, object.oid, on.class_oid, extension) &&
           (found || depend_on(command, object, on, 'x'));
}
