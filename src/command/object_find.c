/*
 * object_find.c - objects whose names are more than a word, of the kinds that nothing here makes but initdb: casts, operators and their
 * classes and families, conversions, text search; and those of which there are none (rules but views' own, policies, transforms,
 * large objects). For COMMENT, ALTER EXTENSION, DROP and pg_get_object_address.
 *
 * Invariants:
 *  1. They are looked up in the catalog's tables as anybody else would ask for them: a table without rows has no such object.
 *  2. What is missing is an error, or with missing_ok a notice and an address without OID.
 *
 * Entered by the session's worker; with missing_ok false by threads of the engine too (pg_get_object_address).
 */
#include <string.h>

#include "command/command_internal.h"

#define TYPE(name) PG_QUERY__OBJECT_TYPE__OBJECT_##name

typedef struct Search {
    Command *command;
    PgQuery__ObjectType type;
    const Node *object;
    bool missing_ok;
    ObjectAddress *out;
    Oid *relation; /* out: what it is on; OID_NONE: nothing */
} Search;

typedef bool (*Finder)(const Search *search);

/* "... does not exist", and when that is no mistake, ", skipping". */
static bool missing(const Search *search, const char *sqlstate, const char *text)
{
    Command *command = search->command;
    if (!search->missing_ok)
        return error_set(command->error, sqlstate, "%s does not exist", text);
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "%s does not exist, skipping", text);
    return true;
}

/* The type an object is of or between; *oid OID_NONE: missing, and said so. */
static bool find_type(const Search *search, const Node *node, Oid *oid)
{
    Command *command = search->command;
    int32_t typmod;
    Error error;
    error_init(&error, command->arena);
    *oid = OID_NONE;
    if (!sql_check_type_schema(node->type_name, command->catalog, command->user, command->error))
        return false;
    if (sql_resolve_type(node->type_name, command->catalog, command->arena, oid, &typmod, &error))
        return true;
    error.position = 0;
    bool absent = strcmp(error.sqlstate, ERRCODE_UNDEFINED_OBJECT) == 0 || strcmp(error.sqlstate, ERRCODE_UNDEFINED_SCHEMA) == 0;
    if (search->missing_ok && absent) {
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "%s, skipping", error.message);
        return true;
    }
    return error_copy(command->error, &error);
}

/* ---- schema and name ---- */

typedef struct NamedKind {
    PgQuery__ObjectType type;
    Oid class_oid;
    const char *table, *name, *schema, *word;
    const char *method; /* the column of the access method that is named first; NULL: none is */
} NamedKind;

static const NamedKind NAMED[] = {
    {TYPE(CONVERSION), PG_CONVERSION_RELATION, "pg_conversion", "conname", "connamespace", "conversion", NULL},
    {TYPE(STATISTIC_EXT), PG_STATISTIC_EXT_RELATION, "pg_statistic_ext", "stxname", "stxnamespace", "statistics object", NULL},
    {TYPE(TSCONFIGURATION), PG_TS_CONFIG_RELATION, "pg_ts_config", "cfgname", "cfgnamespace", "text search configuration", NULL},
    {TYPE(TSDICTIONARY), PG_TS_DICT_RELATION, "pg_ts_dict", "dictname", "dictnamespace", "text search dictionary", NULL},
    {TYPE(TSPARSER), PG_TS_PARSER_RELATION, "pg_ts_parser", "prsname", "prsnamespace", "text search parser", NULL},
    {TYPE(TSTEMPLATE), PG_TS_TEMPLATE_RELATION, "pg_ts_template", "tmplname", "tmplnamespace", "text search template", NULL},
    {TYPE(OPCLASS), PG_OPCLASS_RELATION, "pg_opclass", "opcname", "opcnamespace", "operator class", "opcmethod"},
    {TYPE(OPFAMILY), PG_OPFAMILY_RELATION, "pg_opfamily", "opfname", "opfnamespace", "operator family", "opfmethod"},
};

/* The schema that a name begins with; *oid OID_NONE: there is none, and that was said. */
static bool find_schema(const Search *search, const char *schema, Oid *oid)
{
    Command *command = search->command;
    const CatNamespace *found = catalog_namespace_by_name(command->catalog, schema);
    *oid = found ? found->oid : OID_NONE;
    if (!found)
        return missing(search, ERRCODE_UNDEFINED_SCHEMA, arena_printf(command->arena, "schema \"%s\"", schema));
    return require_privilege(command, PG_NAMESPACE_RELATION, found->oid, ACL_USAGE);
}

/* The first in these schemas for which the query has a row. */
static bool find_in_path(Command *command, Oid schema, const char *sql, const char *name, Oid method, Oid *oid)
{
    const Oid *path = &schema;
    size_t count = schema ? 1 : catalog_search_path(command->catalog, true, &path);
    int64_t found = OID_NONE;
    for (size_t i = 0; i < count && !found; i++)
        if (!query_integer(command, &found, OID_NONE, sql, "soo", name, path[i], method))
            return false;
    *oid = (Oid)found;
    return true;
}

static bool find_named(const Search *search)
{
    Command *command = search->command;
    const NamedKind *kind = NAMED;
    while (kind->type != search->type)
        kind++;
    NodeList names = search->object->list->items;
    size_t count = search->object->list->n_items;
    const char *schema, *name, *method = NULL;
    Oid method_oid = OID_NONE, schema_oid = OID_NONE;
    *search->out = object_address(kind->class_oid, OID_NONE, 0);
    if (kind->method) {
        method = node_text(names[0]);
        if (!object_find(command, object_kind(TYPE(ACCESS_METHOD)), method, false, &method_oid))
            return false;
        names++;
        count--;
    }
    if (!name_list_split(command, names, count, &schema, &name))
        return false;
    if (schema && (!find_schema(search, schema, &schema_oid) || !schema_oid))
        return !error_is_set(command->error);
    const char *sql = arena_printf(command->arena, "SELECT oid FROM %s WHERE %s = ?1 AND %s = ?2 AND (?3 = 0 OR %s = ?3)", kind->table,
                                   kind->name, kind->schema, kind->method ? kind->method : "0");
    if (!find_in_path(command, schema_oid, sql, name, method_oid, &search->out->oid))
        return false;
    if (search->out->oid)
        return true;
    const char *text = arena_printf(command->arena, "%s \"%s\"", kind->word, name_list_text(command, names, count));
    if (!kind->method)
        return missing(search, ERRCODE_UNDEFINED_OBJECT, text);
    if (!search->missing_ok)
        return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "%s does not exist for access method \"%s\"", text, method);
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION,
           "%s does not exist for access method \"%s\", skipping", text, method);
    return true;
}

/* ---- operators ---- */

static const char *operand(Command *command, Oid type)
{
    return catalog_format_type(command->catalog, type, TYPMOD_NOT_GIVEN, command->arena);
}

static bool missing_operator(const Search *search, const char *name, Oid left, Oid right)
{
    Command *command = search->command;
    if (search->missing_ok)
        return missing(search, ERRCODE_UNDEFINED_FUNCTION, arena_printf(command->arena, "operator %s", name));
    if (!right)
        return error_set(command->error, ERRCODE_SYNTAX_ERROR, "postfix operators are not supported");
    return error_set(command->error, ERRCODE_UNDEFINED_FUNCTION, "operator does not exist: %s%s%s %s", left ? operand(command, left) : "",
                     left ? " " : "", name, operand(command, right));
}

static bool find_operator(const Search *search)
{
    static const char SQL[] = "SELECT oid FROM pg_operator WHERE oprname = ?1 AND oprnamespace = ?2 AND oprleft = ?3 AND oprright = ?4";
    Command *command = search->command;
    const PgQuery__ObjectWithArgs *object = search->object->object_with_args;
    const char *schema, *name;
    Oid types[2] = {OID_NONE, OID_NONE};
    *search->out = object_address(PG_OPERATOR_RELATION, OID_NONE, 0);
    for (size_t i = 0; i < object->n_objargs && i < COUNT_OF(types); i++) {
        const Node *arg = object->objargs[i];
        if (!arg || arg->node_case != PG_QUERY__NODE__NODE_TYPE_NAME)
            continue;
        if (!find_type(search, arg, &types[i]))
            return false;
        if (!types[i])
            return true;
    }
    if (!name_list_split(command, object->objname, object->n_objname, &schema, &name))
        return false;
    const CatNamespace *within = schema ? catalog_namespace_by_name(command->catalog, schema) : NULL;
    if (schema && !within && search->missing_ok)
        return missing(search, ERRCODE_UNDEFINED_SCHEMA, arena_printf(command->arena, "schema \"%s\"", schema));
    if (within && !require_privilege(command, PG_NAMESPACE_RELATION, within->oid, ACL_USAGE))
        return false;
    const Oid *path = within ? &within->oid : NULL;
    size_t count = schema ? within != NULL : catalog_search_path(command->catalog, true, &path);
    int64_t found = OID_NONE;
    for (size_t i = 0; i < count && !found; i++)
        if (!query_integer(command, &found, OID_NONE, SQL, "sooo", name, path[i], types[0], types[1]))
            return false;
    search->out->oid = (Oid)found;
    return found || missing_operator(search, name_list_text(command, object->objname, object->n_objname), types[0], types[1]);
}

/* ---- casts and transforms ---- */

/* As an error has the type, or as a notice has it, which is as it was written. */
static const char *type_shown(const Search *search, const Node *node, Oid type)
{
    const PgQuery__TypeName *name = node->type_name;
    return search->missing_ok ? arena_printf(search->command->arena, "%s%s", name_list_text(search->command, name->names, name->n_names),
                                             name->n_array_bounds ? "[]" : "")
                              : operand(search->command, type);
}

static bool find_cast(const Search *search)
{
    Command *command = search->command;
    NodeList types = search->object->list->items;
    Oid from, to;
    int64_t found;
    *search->out = object_address(PG_CAST_RELATION, OID_NONE, 0);
    if (!find_type(search, types[0], &from) || (from && !find_type(search, types[1], &to)))
        return false;
    if (!from || !to)
        return true;
    if (!query_integer(command, &found, OID_NONE, "SELECT oid FROM pg_cast WHERE castsource = ?1 AND casttarget = ?2", "oo", from, to))
        return false;
    search->out->oid = (Oid)found;
    return found || missing(search, ERRCODE_UNDEFINED_OBJECT,
                            arena_printf(command->arena, "cast from type %s to type %s", type_shown(search, types[0], from),
                                         type_shown(search, types[1], to)));
}

static bool find_transform(const Search *search)
{
    Command *command = search->command;
    const char *language = node_text(search->object->list->items[1]);
    Oid type, language_oid;
    *search->out = object_address(PG_TRANSFORM_RELATION, OID_NONE, 0);
    if (!find_type(search, search->object->list->items[0], &type))
        return false;
    if (!type)
        return true;
    if (!object_find(command, object_kind(TYPE(LANGUAGE)), language, search->missing_ok, &language_oid))
        return false;
    return missing(search, ERRCODE_UNDEFINED_OBJECT,
                   arena_printf(command->arena, "transform for type %s language \"%s\"",
                                type_shown(search, search->object->list->items[0], type), language));
}

/* ---- on relations ---- */

typedef struct PartKind {
    PgQuery__ObjectType type;
    Oid class_oid;
    const char *sql, *word;
    const char *on;       /* what an error says the relation is */
    const char *sqlstate; /* when it is missing */
} PartKind;

static const PartKind PARTS[] = {
    {TYPE(RULE), PG_REWRITE_RELATION, "SELECT oid FROM pg_rewrite WHERE rulename = ?1 AND ev_class = ?2", "rule", "relation",
     ERRCODE_UNDEFINED_OBJECT},
    {TYPE(POLICY), PG_POLICY_RELATION, "SELECT oid FROM pg_policy WHERE polname = ?1 AND polrelid = ?2", "policy", "table",
     ERRCODE_UNDEFINED_OBJECT},
};

static bool find_part(const Search *search)
{
    Command *command = search->command;
    const PartKind *kind = PARTS;
    while (kind->type != search->type)
        kind++;
    NodeList names = search->object->list->items;
    size_t count = search->object->list->n_items - 1;
    const char *name = node_text(names[count]), *schema = count > 1 ? node_text(names[count - 2]) : NULL;
    PgQuery__RangeVar range;
    const CatRelation *relation;
    int64_t found;
    *search->out = object_address(kind->class_oid, OID_NONE, 0);
    if (!relation_name_read(command, names, count, &range) || !relation_find(command, &range, search->missing_ok, &relation))
        return false;
    if (!relation && schema && !catalog_namespace_by_name(command->catalog, schema))
        return missing(search, ERRCODE_UNDEFINED_SCHEMA, arena_printf(command->arena, "schema \"%s\"", schema));
    if (!relation)
        return missing(search, ERRCODE_UNDEFINED_TABLE,
                       arena_printf(command->arena, "relation \"%s\"", name_list_text(command, names, count)));
    *search->relation = relation->oid;
    if (!query_integer(command, &found, OID_NONE, kind->sql, "so", name, relation->oid))
        return false;
    search->out->oid = (Oid)found;
    const char *on = search->missing_ok ? "relation" : kind->on;
    const char *shown = search->missing_ok ? name_list_text(command, names, count) : relation->name;
    return found || missing(search, kind->sqlstate, arena_printf(command->arena, "%s \"%s\" for %s \"%s\"", kind->word, name, on, shown));
}

/* ---- large objects ---- */

static bool find_large_object(const Search *search)
{
    Command *command = search->command;
    const Node *object = search->object;
    const char *text = object->node_case == PG_QUERY__NODE__NODE_INTEGER  ? arena_printf(command->arena, "%d", object->integer->ival)
                       : object->node_case == PG_QUERY__NODE__NODE_FLOAT  ? object->float_->fval
                       : object->node_case == PG_QUERY__NODE__NODE_STRING ? object->string->sval
                                                                          : "0";
    Value value;
    TypeContext plain = TYPE_CONTEXT_CANONICAL;
    *search->out = object_address(PG_LARGEOBJECT_RELATION, OID_NONE, 0);
    if (!type_input(TYPE_OID, -1, text, strlen(text), &plain, command->arena, &value, command->error))
        return false;
    return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "large object %u does not exist", (Oid)value.i);
}

/* ---- any of them ---- */

static const struct {
    PgQuery__ObjectType type;
    Finder find;
} FINDERS[] = {
    {TYPE(CONVERSION), find_named},   {TYPE(STATISTIC_EXT), find_named},      {TYPE(TSCONFIGURATION), find_named},
    {TYPE(TSDICTIONARY), find_named}, {TYPE(TSPARSER), find_named},           {TYPE(TSTEMPLATE), find_named},
    {TYPE(OPCLASS), find_named},      {TYPE(OPFAMILY), find_named},           {TYPE(OPERATOR), find_operator},
    {TYPE(CAST), find_cast},          {TYPE(TRANSFORM), find_transform},      {TYPE(RULE), find_part},
    {TYPE(POLICY), find_part},        {TYPE(LARGEOBJECT), find_large_object},
};

bool object_find_special(Command *command, PgQuery__ObjectType type, const Node *object, bool missing_ok, ObjectAddress *out, Oid *relation)
{
    Search search = {command, type, object, missing_ok, out, relation};
    *relation = OID_NONE;
    for (size_t i = 0; i < COUNT_OF(FINDERS); i++)
        if (FINDERS[i].type == type)
            return FINDERS[i].find(&search);
    return error_unsupported(command->error, "%s on this kind of object is not supported", sql_command_tag(command->node));
}

/* The name as the statement has it: so is an object called that is another's. */
static const char *given_name(Command *command, const Node *object)
{
    if (object->node_case == PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS)
        return name_list_text(command, object->object_with_args->objname, object->object_with_args->n_objname);
    return name_list_text(command, object->list->items, object->list->n_items);
}

static bool owns_cast(Command *command, Oid cast)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT castsource, casttarget FROM pg_cast WHERE oid = ?1", "o", cast);
    if (!rows)
        return false;
    Oid from = (Oid)CATALOG_CELL(rows, 0, 0).i, to = (Oid)CATALOG_CELL(rows, 0, 1).i;
    return catalog_is_owner(command->catalog, PG_TYPE_RELATION, from, command->user) ||
           catalog_is_owner(command->catalog, PG_TYPE_RELATION, to, command->user) ||
           error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must be owner of type %s or type %s", operand(command, from),
                     operand(command, to));
}

bool object_require_special_owner(Command *command, PgQuery__ObjectType type, const Node *object, ObjectAddress found, Oid relation)
{
    static const struct {
        PgQuery__ObjectType type;
        const char *word;
    } WORDS[] = {{TYPE(CONVERSION), "conversion"},
                 {TYPE(STATISTIC_EXT), "statistics object"},
                 {TYPE(TSCONFIGURATION), "text search configuration"},
                 {TYPE(TSDICTIONARY), "text search dictionary"},
                 {TYPE(OPCLASS), "operator class"},
                 {TYPE(OPFAMILY), "operator family"},
                 {TYPE(OPERATOR), "operator"}};
    if (catalog_is_superuser(command->catalog, command->user))
        return true;
    if (type == TYPE(TSPARSER) || type == TYPE(TSTEMPLATE))
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must be superuser");
    if (type == TYPE(CAST))
        return owns_cast(command, found.oid);
    if (relation)
        return catalog_is_owner(command->catalog, PG_CLASS_RELATION, relation, command->user) ||
               error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must be owner of relation %s",
                         catalog_relation(command->catalog, relation)->name);
    if (catalog_is_owner(command->catalog, found.class_oid, found.oid, command->user))
        return true;
    const char *word = "object";
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (WORDS[i].type == type)
            word = WORDS[i].word;
    return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "must be owner of %s %s", word, given_name(command, object));
}
