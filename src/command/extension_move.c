/*
 * extension_move.c - ALTER EXTENSION ... SET SCHEMA: every member that lies in a schema goes along.
 *
 * Invariants:
 *  1. All members lie in one schema, or nothing moves.
 *  2. What is stored elsewhere and names a member is written anew, as for a member moved by itself.
 *
 * Entered by the session's worker only.
 */
#include "command/names.h"
#include "command/table_internal.h"

typedef struct Member {
    ObjectAddress object;
    Oid schema;
    const char *name;
} Member;

/* Members that lie in schemas, in the order they came. */
static bool read_members(Command *command, Oid extension, Member **members, size_t *count)
{
    static const char SQL[] =
        "SELECT d.classid, d.objid, coalesce(relnamespace, pronamespace, typnamespace), coalesce(relname, proname, typname)"
        " FROM pg_depend d LEFT JOIN pg_class c ON d.classid = 1259 AND c.oid = d.objid"
        " LEFT JOIN pg_proc p ON d.classid = 1255 AND p.oid = d.objid"
        " LEFT JOIN pg_type t ON d.classid = 1247 AND t.oid = d.objid"
        " WHERE d.refclassid = ?1 AND d.refobjid = ?2 AND d.deptype = 'e' ORDER BY d.rowid";
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "oo", (Oid)PG_EXTENSION_RELATION, extension);
    *count = 0;
    *members = rows ? ARENA_ARRAY(command->arena, Member, rows->nrows + 1) : NULL;
    for (size_t i = 0; rows && i < rows->nrows; i++)
        if (!CATALOG_CELL(rows, i, 2).is_null)
            (*members)[(*count)++] = (Member){object_address((Oid)CATALOG_CELL(rows, i, 0).i, (Oid)CATALOG_CELL(rows, i, 1).i, 0),
                                              (Oid)CATALOG_CELL(rows, i, 2).i, arena_strdup(command->arena, CATALOG_CELL(rows, i, 3).text)};
    return rows != NULL;
}

static bool cannot(Command *command, const char *extension)
{
    return error_unsupported(command->error, "extension \"%s\" does not support SET SCHEMA", extension);
}

static bool check_members(Command *command, const char *extension, Oid schema, const Member *members, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (members[i].schema == schema)
            continue;
        cannot(command, extension);
        return error_detail(command->error, "%s is not in the extension's schema \"%s\"",
                            catalog_describe(command->catalog, members[i].object, command->arena),
                            catalog_namespace(command->catalog, schema)->name);
    }
    return true;
}

static bool move_member(Command *command, const Member *member, Oid to)
{
    NamedTexts named;
    Oid oid = member->object.oid;
    if (member->object.class_oid == PG_CLASS_RELATION)
        return relation_set_schema(command, oid, to);
    return names_read(command, member->name, &named) &&
           (member->object.class_oid == PG_TYPE_RELATION ? type_move(command, oid, to) : function_move(command, oid, to)) &&
           names_write(command, &named);
}

static bool check_movable(Command *command, Oid extension, const char *name, Oid to)
{
    int64_t contains, relocatable;
    if (!query_integer(
            command, &contains, 0,
            "SELECT 1 FROM pg_depend WHERE classid = 2615 AND objid = ?1 AND refclassid = 3079 AND refobjid = ?2 AND deptype = 'e'", "oo",
            to, extension) ||
        !query_integer(command, &relocatable, 0, "SELECT extrelocatable FROM pg_extension WHERE oid = ?1", "o", extension))
        return false;
    if (contains)
        return error_set(command->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                         "cannot move extension \"%s\" into schema \"%s\" because the extension contains the schema", name,
                         catalog_namespace(command->catalog, to)->name);
    return relocatable || cannot(command, name);
}

bool extension_move(Command *command, Oid extension, const char *name, Oid from, Oid to)
{
    Member *members;
    size_t count;
    if (!check_movable(command, extension, name, to))
        return false;
    if (from == to)
        return true;
    if (catalog_is_temporary(command->catalog, to))
        return error_unsupported(command->error, "cannot move objects into or out of temporary schemas");
    if (to == NAMESPACE_PG_TOAST)
        return error_unsupported(command->error, "cannot move objects into or out of TOAST schema");
    if (!read_members(command, extension, &members, &count) || !check_members(command, name, from, members, count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!move_member(command, &members[i], to))
            return false;
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_extension SET extnamespace = ?2 WHERE oid = ?1", "oo", extension,
                        to) &&
           depend_on_schema(command, object_address(PG_EXTENSION_RELATION, extension, 0), from, to);
}
