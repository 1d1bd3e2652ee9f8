/*
 * object_address.c - pg_get_object_address: an object of any kind by the texts that pg_identify_object_as_address gives.
 *
 * The texts are made the parser's nodes and looked up as COMMENT would: by one who may everything, since the function asks no rights.
 *
 * Invariant: what a kind wants of its names and arguments (types, how many) is its row of KINDS and nothing else.
 *
 * Entered by the session's worker and by threads of the engine.
 */
#include <string.h>

#include "command/command_internal.h"

#define TYPE(name) PG_QUERY__OBJECT_TYPE__OBJECT_##name

/* The parser's node for a kind, made of names n and arguments a. */
typedef enum Shape {
    NONE,          /* not supported */
    PATH,          /* list of names */
    PLAIN,         /* one name */
    ROUTINE,       /* names, and types in parentheses */
    TYPE_ALONE,    /* one name, which is a type's */
    TYPE_AND_TYPE, /* the same and an argument, a type too */
    TYPE_AND_TEXT, /* the same and an argument */
    NUMBER,        /* one name, a number */
    OWN,           /* not the parser's: find_own has it */
} Shape;

typedef struct Kind {
    const char *name;
    PgQuery__ObjectType type;
    Shape shape;
    int least_names, exact_args; /* exact_args -1: any number */
} Kind;

static const Kind KINDS[] = {
    {"table", TYPE(TABLE), PATH, 1, -1},
    {"index", TYPE(INDEX), PATH, 1, -1},
    {"sequence", TYPE(SEQUENCE), PATH, 1, -1},
    {"toast table", 0, NONE, 0, 0},
    {"view", TYPE(VIEW), PATH, 1, -1},
    {"materialized view", TYPE(MATVIEW), PATH, 1, -1},
    {"composite type", 0, NONE, 0, 0},
    {"foreign table", TYPE(FOREIGN_TABLE), PATH, 1, -1},
    {"table column", TYPE(COLUMN), PATH, 1, -1},
    {"index column", 0, NONE, 0, 0},
    {"sequence column", 0, NONE, 0, 0},
    {"toast table column", 0, NONE, 0, 0},
    {"view column", 0, NONE, 0, 0},
    {"materialized view column", 0, NONE, 0, 0},
    {"composite type column", 0, NONE, 0, 0},
    {"foreign table column", TYPE(COLUMN), PATH, 1, -1},
    {"aggregate", TYPE(AGGREGATE), ROUTINE, 1, -1},
    {"function", TYPE(FUNCTION), ROUTINE, 1, -1},
    {"procedure", TYPE(PROCEDURE), ROUTINE, 1, -1},
    {"type", TYPE(TYPE), TYPE_ALONE, 1, -1},
    {"cast", TYPE(CAST), TYPE_AND_TYPE, 1, 1},
    {"collation", TYPE(COLLATION), PATH, 1, -1},
    {"table constraint", TYPE(TABCONSTRAINT), PATH, 1, -1},
    {"domain constraint", TYPE(DOMCONSTRAINT), TYPE_AND_TEXT, 1, 1},
    {"conversion", TYPE(CONVERSION), PATH, 1, -1},
    {"default value", TYPE(DEFAULT), OWN, 1, -1},
    {"language", TYPE(LANGUAGE), PLAIN, 1, -1},
    {"large object", TYPE(LARGEOBJECT), NUMBER, 1, -1},
    {"operator", TYPE(OPERATOR), ROUTINE, 1, 2},
    {"operator class", TYPE(OPCLASS), PATH, 2, -1},
    {"operator family", TYPE(OPFAMILY), PATH, 2, -1},
    {"access method", TYPE(ACCESS_METHOD), PLAIN, 1, -1},
    {"operator of access method", TYPE(AMOP), OWN, 3, 2},
    {"function of access method", TYPE(AMPROC), OWN, 3, 2},
    {"rule", TYPE(RULE), PATH, 1, -1},
    {"trigger", TYPE(TRIGGER), PATH, 1, -1},
    {"schema", TYPE(SCHEMA), PLAIN, 1, -1},
    {"text search parser", TYPE(TSPARSER), PATH, 1, -1},
    {"text search dictionary", TYPE(TSDICTIONARY), PATH, 1, -1},
    {"text search template", TYPE(TSTEMPLATE), PATH, 1, -1},
    {"text search configuration", TYPE(TSCONFIGURATION), PATH, 1, -1},
    {"role", TYPE(ROLE), PLAIN, 1, -1},
    {"database", TYPE(DATABASE), PLAIN, 1, -1},
    {"tablespace", TYPE(TABLESPACE), PLAIN, 1, -1},
    {"foreign-data wrapper", TYPE(FDW), PLAIN, 1, -1},
    {"server", TYPE(FOREIGN_SERVER), PLAIN, 1, -1},
    {"user mapping", TYPE(USER_MAPPING), OWN, -1, 1},
    {"default acl", TYPE(DEFACL), OWN, 1, 1},
    {"extension", TYPE(EXTENSION), PLAIN, 1, -1},
    {"event trigger", TYPE(EVENT_TRIGGER), PLAIN, 1, -1},
    {"parameter ACL", TYPE(PARAMETER_ACL), OWN, 1, -1},
    {"policy", TYPE(POLICY), PATH, 1, -1},
    {"publication", TYPE(PUBLICATION), PLAIN, 1, -1},
    {"publication namespace", TYPE(PUBLICATION_NAMESPACE), OWN, -1, 1},
    {"publication relation", TYPE(PUBLICATION_REL), OWN, 1, 1},
    {"subscription", TYPE(SUBSCRIPTION), PLAIN, 1, -1},
    {"transform", TYPE(TRANSFORM), TYPE_AND_TEXT, 1, 1},
    {"statistics object", TYPE(STATISTIC_EXT), PATH, 1, -1},
};

typedef struct Naming {
    Command *command;
    const Kind *kind;
    const ArrayElement *names, *args;
    int nnames, nargs;
} Naming;

/* ---- nodes ---- */

static PgQuery__Node *new_node(Command *command, PgQuery__Node__NodeCase kind)
{
    PgQuery__Node *node = ARENA_NEW(command->arena, PgQuery__Node);
    pg_query__node__init(node);
    node->node_case = kind;
    return node;
}

static PgQuery__Node *text_node(Command *command, const char *text)
{
    PgQuery__Node *node = new_node(command, PG_QUERY__NODE__NODE_STRING);
    node->string = ARENA_NEW(command->arena, PgQuery__String);
    pg_query__string__init(node->string);
    node->string->sval = (char *)text;
    return node;
}

/* NULL: no type's name. */
static PgQuery__Node *type_node(Command *command, const char *text)
{
    const PgQuery__TypeName *name = sql_parse_type_name(text, command->arena, command->error);
    if (!name) {
        command->error->position = 0;
        return NULL;
    }
    PgQuery__Node *node = new_node(command, PG_QUERY__NODE__NODE_TYPE_NAME);
    node->type_name = (PgQuery__TypeName *)(uintptr_t)name;
    return node;
}

static PgQuery__Node **text_nodes(Command *command, const ArrayElement *texts, int count)
{
    PgQuery__Node **nodes = arena_alloc(command->arena, (size_t)(count + 1) * sizeof *nodes);
    for (int i = 0; i < count; i++)
        nodes[i] = text_node(command, texts[i].text);
    return nodes;
}

static PgQuery__Node *list_node(Command *command, PgQuery__Node **items, size_t count)
{
    PgQuery__Node *node = new_node(command, PG_QUERY__NODE__NODE_LIST);
    node->list = ARENA_NEW(command->arena, PgQuery__List);
    pg_query__list__init(node->list);
    node->list->items = items;
    node->list->n_items = count;
    return node;
}

static bool check_texts(Command *command, const ArrayElement *texts, int count)
{
    for (int i = 0; i < count; i++)
        if (!texts[i].text)
            return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "name or argument lists may not contain nulls");
    return true;
}

static bool is_type_first(Shape shape)
{
    return shape == TYPE_ALONE || shape == TYPE_AND_TYPE || shape == TYPE_AND_TEXT;
}

/* Types are read before the numbers of names and arguments are asked about. */
static bool read_types(const Naming *naming, PgQuery__Node **name, PgQuery__Node ***args)
{
    Command *command = naming->command;
    Shape shape = naming->kind->shape;
    bool has_types = shape == ROUTINE || shape == TYPE_AND_TYPE || naming->kind->type == TYPE(AMOP) || naming->kind->type == TYPE(AMPROC);
    *name = is_type_first(shape) ? type_node(command, naming->names[0].text) : NULL;
    if ((is_type_first(shape) && !*name) || !check_texts(command, naming->args, naming->nargs))
        return false;
    *args = text_nodes(command, naming->args, naming->nargs);
    for (int i = 0; has_types && i < naming->nargs; i++) {
        (*args)[i] = type_node(command, naming->args[i].text);
        if (!(*args)[i])
            return false;
    }
    return true;
}

static PgQuery__Node *make_node(const Naming *naming, PgQuery__Node *type, PgQuery__Node **args)
{
    Command *command = naming->command;
    PgQuery__Node **names = text_nodes(command, naming->names, naming->nnames), **pair, *node;
    switch (naming->kind->shape) {
    case PLAIN:
    case NUMBER:
        return names[0];
    case TYPE_ALONE:
        return type;
    case TYPE_AND_TYPE:
    case TYPE_AND_TEXT:
        pair = arena_alloc(command->arena, 2 * sizeof *pair);
        pair[0] = type;
        pair[1] = args[0];
        return list_node(command, pair, 2);
    case ROUTINE:
        node = new_node(command, PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS);
        node->object_with_args = ARENA_NEW(command->arena, PgQuery__ObjectWithArgs);
        pg_query__object_with_args__init(node->object_with_args);
        node->object_with_args->objname = names;
        node->object_with_args->n_objname = (size_t)naming->nnames;
        node->object_with_args->objargs = args;
        node->object_with_args->n_objargs = (size_t)naming->nargs;
        return node;
    default:
        return list_node(command, names, (size_t)naming->nnames);
    }
}

/* ---- kinds that no statement names ---- */

static bool find_default(const Naming *naming, ObjectAddress *out)
{
    Command *command = naming->command;
    ObjectAddress column;
    int64_t found;
    PgQuery__Node **names = text_nodes(command, naming->names, naming->nnames);
    if (!object_resolve_owned(command, TYPE(COLUMN), list_node(command, names, (size_t)naming->nnames), &column) ||
        !query_integer(command, &found, OID_NONE, "SELECT oid FROM pg_attrdef WHERE adrelid = ?1 AND adnum = ?2", "oi", column.oid,
                       (int64_t)column.sub))
        return false;
    *out = object_address(PG_ATTRDEF_RELATION, (Oid)found, 0);
    return found || error_set(command->error, ERRCODE_UNDEFINED_COLUMN, "default value for column \"%s\" of relation \"%s\" does not exist",
                              naming->names[naming->nnames - 1].text, name_list_text(command, names, (size_t)naming->nnames - 1));
}

static bool find_mapping(const Naming *naming, ObjectAddress *out)
{
    Command *command = naming->command;
    const char *user = naming->names[0].text, *server = naming->args[0].text;
    const CatRole *role = catalog_role_by_name(command->catalog, user);
    Oid server_oid;
    int64_t found = OID_NONE;
    *out = object_address(PG_USER_MAPPING_RELATION, OID_NONE, 0);
    if (!role && !str_eq(user, "public"))
        return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "user mapping for user \"%s\" on server \"%s\" does not exist", user,
                         server);
    if (!object_find(command, object_kind(TYPE(FOREIGN_SERVER)), server, false, &server_oid))
        return false;
    if (!query_integer(command, &found, OID_NONE, "SELECT oid FROM pg_user_mapping WHERE umuser = ?1 AND umserver = ?2", "oo",
                       role ? role->oid : OID_NONE, server_oid))
        return false;
    out->oid = (Oid)found;
    return found || error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "user mapping for user \"%s\" on server \"%s\" does not exist",
                              user, server);
}

static bool find_default_acl(const Naming *naming, ObjectAddress *out)
{
    static const struct {
        char kind;
        const char *words;
    } WORDS[] = {{'r', "tables"}, {'S', "sequences"}, {'f', "functions"}, {'T', "types"}, {'n', "schemas"}};
    Command *command = naming->command;
    const char *user = naming->names[0].text, *schema = naming->nnames > 1 ? naming->names[1].text : NULL, *words = NULL;
    char kind[2] = {naming->args[0].text[0], '\0'};
    int64_t found = OID_NONE;
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (WORDS[i].kind == kind[0])
            words = WORDS[i].words;
    if (!words) {
        error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "unrecognized default ACL object type \"%s\"", kind);
        return error_hint(command->error, "Valid object types are \"r\", \"S\", \"f\", \"T\", \"n\".");
    }
    const CatRole *role = catalog_role_by_name(command->catalog, user);
    const CatNamespace *space = schema ? catalog_namespace_by_name(command->catalog, schema) : NULL;
    if (role && (!schema || space) &&
        !query_integer(command, &found, OID_NONE,
                       "SELECT oid FROM pg_default_acl WHERE defaclrole = ?1 AND defaclnamespace = ?2 AND defaclobjtype = ?3", "oos",
                       role->oid, space ? space->oid : OID_NONE, kind))
        return false;
    *out = object_address(PG_DEFAULT_ACL_RELATION, (Oid)found, 0);
    if (found)
        return true;
    if (schema)
        return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "default ACL for user \"%s\" in schema \"%s\" on %s does not exist",
                         user, schema, words);
    return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "default ACL for user \"%s\" on %s does not exist", user, words);
}

static const char *written_type(Command *command, const Node *type)
{
    const PgQuery__TypeName *name = type->type_name;
    return arena_printf(command->arena, "%s%s", name_list_text(command, name->names, name->n_names), name->n_array_bounds ? "[]" : "");
}

/* A member of an operator family: its number is the last of the names. */
static bool find_member(const Naming *naming, PgQuery__Node **args, ObjectAddress *out)
{
    static const char *const SQL[] = {
        "SELECT oid FROM pg_amop WHERE amopfamily = ?1 AND amoplefttype = ?2 AND amoprighttype = ?3 AND amopstrategy = ?4",
        "SELECT oid FROM pg_amproc WHERE amprocfamily = ?1 AND amproclefttype = ?2 AND amprocrighttype = ?3 AND amprocnum = ?4"};
    Command *command = naming->command;
    bool is_function = naming->kind->type == TYPE(AMPROC);
    ObjectAddress family;
    Value number;
    const ArrayElement *last = &naming->names[naming->nnames - 1];
    Oid types[2], relation;
    int32_t typmod;
    int64_t found;
    PgQuery__Node *names = list_node(command, text_nodes(command, naming->names, naming->nnames - 1), (size_t)naming->nnames - 1);
    if (!object_find_special(command, TYPE(OPFAMILY), names, false, &family, &relation))
        return false;
    for (int i = 0; i < 2; i++)
        if (!type_resolve(command, args[i]->type_name, &types[i], &typmod))
            return false;
    TypeContext plain = TYPE_CONTEXT_CANONICAL;
    if (!type_input(TYPE_INT4, -1, last->text, last->len, &plain, command->arena, &number, command->error) ||
        !query_integer(command, &found, OID_NONE, SQL[is_function], "oooi", family.oid, types[0], types[1], number.i))
        return false;
    *out = object_address(is_function ? PG_AMPROC_RELATION : PG_AMOP_RELATION, (Oid)found, 0);
    return found || error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "%s %d (%s, %s) of %s does not exist",
                              is_function ? "function" : "operator", (int)number.i, written_type(command, args[0]),
                              written_type(command, args[1]), catalog_describe(command->catalog, family, command->arena));
}

/* There are no publications, and no privileges on parameters that an object would be. */
static bool find_absent(const Naming *naming, ObjectAddress *out)
{
    Command *command = naming->command;
    const char *name = naming->names[0].text;
    int64_t found;
    ObjectAddress relation;
    *out = object_address(PG_PARAMETER_ACL_RELATION, OID_NONE, 0);
    if (naming->kind->type == TYPE(PARAMETER_ACL)) {
        if (!query_integer(command, &found, OID_NONE, "SELECT oid FROM pg_parameter_acl WHERE parname = lower(?1)", "s", name))
            return false;
        out->oid = (Oid)found;
        return found || error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "parameter ACL \"%s\" does not exist", name);
    }
    if (naming->kind->type == TYPE(PUBLICATION_REL) &&
        !object_resolve_owned(command, TYPE(TABLE),
                              list_node(command, text_nodes(command, naming->names, naming->nnames), (size_t)naming->nnames), &relation))
        return false;
    const char *publication = naming->args[0].text;
    if (naming->kind->type == TYPE(PUBLICATION_NAMESPACE) && !catalog_namespace_by_name(command->catalog, name))
        return error_set(command->error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", name);
    return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "publication \"%s\" does not exist", publication);
}

static bool find_own(const Naming *naming, PgQuery__Node **args, ObjectAddress *out)
{
    switch (naming->kind->type) {
    case TYPE(DEFAULT):
        return find_default(naming, out);
    case TYPE(USER_MAPPING):
        return find_mapping(naming, out);
    case TYPE(DEFACL):
        return find_default_acl(naming, out);
    case TYPE(AMOP):
    case TYPE(AMPROC):
        return find_member(naming, args, out);
    default:
        return find_absent(naming, out);
    }
}

/* ---- any kind ---- */

static bool wrong_length(Command *command, const char *list, const char *how, int count)
{
    return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "%s list length must be %s %d", list, how, count);
}

/* Before the types are read, and after that. */
static bool check_first(const Naming *naming)
{
    Command *command = naming->command;
    Shape shape = naming->kind->shape;
    if ((is_type_first(shape) || shape == NUMBER) && naming->nnames != 1)
        return wrong_length(command, "name", "exactly", 1);
    return check_texts(command, naming->names, naming->nnames) && (naming->nnames || wrong_length(command, "name", "at least", 1));
}

static bool check_lengths(const Naming *naming)
{
    Command *command = naming->command;
    const Kind *kind = naming->kind;
    if (kind->least_names < 0 && naming->nnames != 1)
        return wrong_length(command, "name", "exactly", 1);
    if (naming->nnames < kind->least_names)
        return wrong_length(command, "name", "at least", kind->least_names);
    if (kind->exact_args >= 0 && naming->nargs != kind->exact_args)
        return wrong_length(command, "argument", "exactly", kind->exact_args);
    bool part = kind->type == TYPE(TABCONSTRAINT) || kind->type == TYPE(RULE) || kind->type == TYPE(TRIGGER) || kind->type == TYPE(POLICY);
    if (part && naming->nnames < 2)
        return error_set(command->error, ERRCODE_SYNTAX_ERROR, "must specify relation and object name");
    bool one = kind->shape == PLAIN || kind->type == TYPE(PARAMETER_ACL);
    return !one || naming->nnames == 1 || wrong_length(command, "name", "exactly", 1);
}

static const Kind *find_kind(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (str_eq(KINDS[i].name, name))
            return &KINDS[i];
    return NULL;
}

bool command_object_address(const FuncContext *functions, const FuncObjectName *name, ObjectAddress *out, Arena *arena, Error *error)
{
    CommandContext context = {.catalog = functions->catalog, .functions = functions, .current_user = ROLE_BOOTSTRAP_SUPERUSER};
    Command command = {&context, functions->catalog, NULL, arena, error, ROLE_BOOTSTRAP_SUPERUSER};
    Naming naming = {
        &command, find_kind(name->type), name->names->elements, name->args->elements, (int)name->names->count, (int)name->args->count};
    PgQuery__Node *type, **args;
    if (!naming.kind)
        return error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "unrecognized object type \"%s\"", name->type);
    if (naming.kind->shape == NONE)
        return error_set(error, ERRCODE_INVALID_PARAMETER_VALUE, "unsupported object type \"%s\"", name->type);
    if (!check_first(&naming) || !read_types(&naming, &type, &args) || !check_lengths(&naming))
        return false;
    bool found = naming.kind->shape == OWN ? find_own(&naming, args, out)
                                           : object_resolve_owned(&command, naming.kind->type, make_node(&naming, type, args), out);
    if (!found)
        error->position = 0;
    return found;
}
