/*
 * operator_class.c - operator classes by name, and the default one of a type: for partition keys and indexes.
 *
 * Entered by the session's worker only.
 */
#include "command/table_internal.h"

enum { MAX_TYPES = 8 };

typedef struct Candidates {
    Oid types[MAX_TYPES];
    int count;
} Candidates;

static void add(Candidates *to, Oid type)
{
    if (to->count < MAX_TYPES)
        to->types[to->count++] = type;
}

/* Of a type without a class of its own: what it is without any conversion. */
static bool add_coercible(Command *command, Oid type, Candidates *to)
{
    CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error,
                      "SELECT casttarget FROM pg_cast JOIN pg_type t ON t.oid = casttarget WHERE castsource = ?1 AND castmethod = 'b'"
                      " AND castcontext = 'i' AND typispreferred"
                      " AND NOT EXISTS (SELECT 1 FROM pg_opclass WHERE opcintype = castsource AND opcdefault)",
                      "o", type);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        add(to, (Oid)CATALOG_CELL(rows, i, 0).i);
    return rows != NULL;
}

/* The types by which a value may be compared, in the order of preference. */
static bool candidate_types(Command *command, Oid type, Candidates *out)
{
    type = catalog_base_type(command->catalog, type, NULL);
    const CatType *record = catalog_type(command->catalog, type);
    *out = (Candidates){.types = {type}, .count = 1};
    if (record && record->category == 'A' && record->element)
        add(out, TYPE_ANYARRAY);
    else if (record && record->kind == 'e')
        add(out, TYPE_ANYENUM);
    else if (record && record->kind == 'r')
        add(out, TYPE_ANYRANGE);
    else if (record && record->kind == 'm')
        add(out, TYPE_ANYMULTIRANGE);
    else if (record && record->kind == 'c')
        add(out, TYPE_RECORD);
    return add_coercible(command, type, out);
}

static bool accepts(Command *command, Oid type, Oid input, bool *out)
{
    Candidates candidates;
    *out = false;
    if (!candidate_types(command, type, &candidates))
        return false;
    for (int i = 0; i < candidates.count; i++)
        *out |= candidates.types[i] == input;
    return true;
}

static bool find_default(Command *command, Oid type, const char *method, Oid *class)
{
    Candidates candidates;
    if (!candidate_types(command, type, &candidates))
        return false;
    for (int i = 0; i < candidates.count; i++) {
        int64_t found;
        if (!query_integer(command, &found, OID_NONE,
                           "SELECT c.oid FROM pg_opclass c JOIN pg_am a ON a.oid = opcmethod WHERE amname = ?1 AND opcintype = ?2"
                           " AND opcdefault",
                           "so", method, candidates.types[i]))
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
    bool accepted;
    if (!accepts(command, type, (Oid)CATALOG_CELL(rows, 0, 1).i, &accepted))
        return false;
    return accepted ||
           error_set(command->error, ERRCODE_DATATYPE_MISMATCH, "operator class \"%s\" does not accept data type %s",
                     name_list_text(command, names, count), catalog_format_type(command->catalog, type, TYPMOD_NOT_GIVEN, command->arena));
}
