/*
 * type_property.c - ALTER TYPE ... SET (...): properties of base types.
 *
 * Invariant: Medley's functions are what reads and writes values: naming another one than the type has is refused.
 *
 * Entered by the session's worker only.
 */
#include <strings.h>

#include "command/type_internal.h"

typedef struct Property {
    const char *name, *column; /* of pg_type; its value: a function's OID, or how values are stored */
} Property;

static const Property PROPERTIES[] = {{"storage", "typstorage"},    {"receive", "typreceive"},   {"send", "typsend"},
                                      {"typmod_in", "typmodin"},    {"typmod_out", "typmodout"}, {"analyze", "typanalyze"},
                                      {"subscript", "typsubscript"}};

static const Property *find_property(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(PROPERTIES); i++)
        if (strcasecmp(PROPERTIES[i].name, name) == 0)
            return &PROPERTIES[i];
    return NULL;
}

static bool read_storage(Command *command, const CatType *type, const PgQuery__DefElem *option, const char **storage)
{
    static const struct {
        const char *word, *code;
    } STORAGES[] = {{"plain", "p"}, {"external", "e"}, {"extended", "x"}, {"main", "m"}};
    bool named = option->arg && option->arg->node_case == PG_QUERY__NODE__NODE_TYPE_NAME;
    const PgQuery__TypeName *given = named ? option->arg->type_name : NULL;
    const char *word = given ? name_list_text(command, given->names, given->n_names) : option_string(command, option);
    if (!word)
        return error_set(command->error, ERRCODE_SYNTAX_ERROR, "%s requires a parameter", option->defname);
    *storage = NULL;
    for (size_t i = 0; i < COUNT_OF(STORAGES); i++)
        if (strcasecmp(STORAGES[i].word, word) == 0)
            *storage = STORAGES[i].code;
    if (!*storage)
        return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "storage \"%s\" not recognized", word);
    if (**storage != 'p' && type->length != -1)
        return error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "fixed-size types must have storage PLAIN");
    int64_t toasted;
    if (!query_integer(command, &toasted, 0, "SELECT typstorage <> 'p' FROM pg_type WHERE oid = ?1", "o", type->oid))
        return false;
    return !toasted || **storage != 'p' ||
           error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "cannot change type's storage to PLAIN");
}

static bool check_function(Command *command, const CatType *type, const Property *property, const PgQuery__DefElem *option)
{
    int64_t known;
    const char *sql = arena_printf(command->arena, "SELECT %s FROM pg_type WHERE oid = ?1", property->column), *name = NULL, *schema = NULL;
    if (!query_integer(command, &known, 0, sql, "o", type->oid))
        return false;
    if (!option->arg)
        return !known || error_unsupported(command->error, "a type without the %s function it has is not supported", property->name);
    const PgQuery__TypeName *given = option->arg->node_case == PG_QUERY__NODE__NODE_TYPE_NAME ? option->arg->type_name : NULL;
    if (given && !name_list_split(command, given->names, given->n_names, &schema, &name))
        return false;
    if (!given)
        name = option_string(command, option);
    const CatProc *const *procs;
    size_t count = name ? catalog_procs_by_name(command->catalog, schema, name, &procs) : 0;
    for (size_t i = 0; i < count; i++)
        if (procs[i]->oid == (Oid)known)
            return true;
    if (!count)
        return error_set(command->error, ERRCODE_UNDEFINED_FUNCTION, "function %s(internal) does not exist", name ? name : "?");
    return error_unsupported(command->error, "a %s function of one's own is not supported", property->name);
}

bool type_alter(Command *command)
{
    const PgQuery__AlterTypeStmt *statement = command->node->alter_type_stmt;
    const CatType *type;
    const char *storage = NULL;
    bool needs_superuser = false;
    if (!type_find(command, statement->type_name, statement->n_type_name, false, &type))
        return false;
    Oid oid = type->oid;
    for (size_t i = 0; i < statement->n_options; i++) {
        const PgQuery__DefElem *option = statement->options[i]->def_elem;
        const Property *property = find_property(option->defname);
        if (!property)
            return error_set(command->error, ERRCODE_SYNTAX_ERROR, "type attribute \"%s\" not recognized", option->defname);
        bool is_storage = property == &PROPERTIES[0];
        if (is_storage && !read_storage(command, type, option, &storage))
            return false;
        needs_superuser |= !is_storage || *storage != 'p';
    }
    if (needs_superuser && !catalog_is_superuser(command->catalog, command->user))
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must be superuser to alter a type");
    if (!needs_superuser && !require_owner(command, PG_TYPE_RELATION, oid))
        return false;
    type = catalog_type(command->catalog, oid);
    if (type->kind != 'b' || (type->category == 'A' && type->element))
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "%s is not a base type",
                         catalog_format_type(command->catalog, oid, -1, command->arena));
    for (size_t i = 0; i < statement->n_options; i++) {
        const PgQuery__DefElem *option = statement->options[i]->def_elem;
        const Property *property = find_property(option->defname);
        if (property != &PROPERTIES[0] && !check_function(command, catalog_type(command->catalog, oid), property, option))
            return false;
    }
    return !storage ||
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_type SET typstorage = ?2 WHERE oid = ?1", "os", oid, storage);
}
