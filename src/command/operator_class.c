/*
 * operator_class.c - operator classes by name, and the default one of a type: for partition keys and indexes.
 *
 * Entered by the session's worker only.
 */
#include "command/table_internal.h"

/* The types by which a value may be compared, in the order of preference. */
static int candidate_types(Command *command, Oid type, Oid out[4])
{
    type = catalog_base_type(command->catalog, type, NULL);
    const CatType *record = catalog_type(command->catalog, type);
    int count = 0;
    out[count++] = type;
    if (type == TYPE_VARCHAR)
        out[count++] = TYPE_TEXT;
    else if (record && record->category == 'A' && record->element)
        out[count++] = TYPE_ANYARRAY;
    else if (record && record->kind == 'e')
        out[count++] = TYPE_ANYENUM;
    else if (record && record->kind == 'r')
        out[count++] = TYPE_ANYRANGE;
    else if (record && record->kind == 'c')
        out[count++] = TYPE_RECORD;
    else if (type == TYPE_CIDR)
        out[count++] = TYPE_INET;
    return count;
}

static bool accepts(Command *command, Oid type, Oid input)
{
    Oid types[4];
    int count = candidate_types(command, type, types);
    for (int i = 0; i < count; i++)
        if (types[i] == input)
            return true;
    return false;
}

static bool find_default(Command *command, Oid type, const char *method, Oid *class)
{
    Oid types[4];
    int count = candidate_types(command, type, types);
    for (int i = 0; i < count; i++) {
        int64_t found;
        if (!query_integer(command, &found, OID_NONE,
                           "SELECT c.oid FROM pg_opclass c JOIN pg_am a ON a.oid = opcmethod WHERE amname = ?1 AND opcintype = ?2"
                           " AND opcdefault",
                           "so", method, types[i]))
            return false;
        *class = (Oid)found;
        if (found)
            return true;
    }
    error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "data type %s has no default operator class for access method \"%s\"",
              catalog_format_type(command->catalog, type, TYPMOD_NOT_GIVEN, command->arena), method);
    return error_hint(command->error,
                      "You must specify an operator class for the index or define a default operator class for the data type.");
}

bool operator_class_find(Command *command, NodeList names, size_t count, Oid type, const char *method, Oid *class)
{
    const char *schema, *name;
    if (!count)
        return find_default(command, type, method, class);
    if (!name_list_split(command, names, count, &schema, &name))
        return false;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT c.oid, opcintype FROM pg_opclass c JOIN pg_am a ON a.oid = opcmethod"
                                      " JOIN pg_namespace n ON n.oid = opcnamespace WHERE amname = ?1 AND opcname = ?2"
                                      " AND nspname = ?3",
                                      "sss", method, name, schema ? schema : "pg_catalog");
    if (!rows)
        return false;
    if (rows->nrows == 0)
        return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "operator class \"%s\" does not exist for access method \"%s\"",
                         name_list_text(command, names, count), method);
    *class = (Oid)CATALOG_CELL(rows, 0, 0).i;
    return accepts(command, type, (Oid)CATALOG_CELL(rows, 0, 1).i) ||
           error_set(command->error, ERRCODE_DATATYPE_MISMATCH, "operator class \"%s\" does not accept data type %s",
                     name_list_text(command, names, count), catalog_format_type(command->catalog, type, TYPMOD_NOT_GIVEN, command->arena));
}
