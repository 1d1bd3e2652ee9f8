/*
 * describe.c - objects in words and in names: pg_describe_object, format_type, the signatures of functions and operators.
 *
 * Invariant: a name is qualified exactly when its object is not visible; quoted where PostgreSQL quotes (relations, types,
 * functions, collations), bare where it does not (schemas, servers, wrappers, roles).
 *
 * Threads: any.
 */
#include "catalog/catalog_internal.h"

const char *catalog_qualified(Catalog *catalog, Oid namespace_oid, const char *name, Arena *arena)
{
    const char *quoted = catalog_quote_identifier(catalog, name, arena);
    const CatNamespace *namespace = namespace_oid != OID_NONE ? catalog_namespace(catalog, namespace_oid) : NULL;
    return namespace ? arena_printf(arena, "%s.%s", catalog_quote_identifier(catalog, namespace->name, arena), quoted) : quoted;
}

/* The name as it must be written here to mean this object. */
static const char *visible_name(Catalog *catalog, Oid class_oid, Oid oid, Oid namespace_oid, const char *name, Arena *arena)
{
    return catalog_qualified(catalog, catalog_is_visible(catalog, class_oid, oid) ? OID_NONE : namespace_oid, name, arena);
}

/* What the grammar spells with key words is no name that could be quoted. */
static bool is_plain_name(const char *builtin, const char *name, Arena *arena)
{
    const char *bare = catalog_quote_identifier(NULL, name, arena);
    return strncmp(builtin, bare, strlen(bare)) == 0 && strchr("[", builtin[strlen(bare)]);
}

const char *catalog_format_type(Catalog *catalog, Oid type, int32_t typmod, Arena *arena)
{
    if (type == OID_NONE)
        return "-";
    const char *builtin = type_format_builtin(type, typmod, arena);
    if (builtin && typmod < 0 && !catalog->quote_all)
        return builtin;
    const CatType *record = catalog_type(catalog, type);
    if (!record)
        return "???";
    /* A true array is its element's name with brackets; name and oidvector, which have elements too, are not. */
    const CatType *element = record->element != OID_NONE ? catalog_type(catalog, record->element) : NULL;
    bool is_array = element && element->array == type;
    const CatType *named = is_array ? element : record;
    if (builtin && !is_plain_name(builtin, named->name, arena))
        return builtin;
    const char *name = visible_name(catalog, PG_TYPE_RELATION, named->oid, named->namespace_oid, named->name, arena);
    const char *modifier = typmod < 0 ? "" : arena_printf(arena, "(%d)", typmod);
    return arena_printf(arena, "%s%s%s", name, modifier, is_array ? "[]" : "");
}

const char *catalog_format_proc(Catalog *catalog, const CatProc *proc, Arena *arena)
{
    Str text;
    str_init(&text, arena);
    str_add(&text, visible_name(catalog, PG_PROC_RELATION, proc->oid, proc->namespace_oid, proc->name, arena));
    str_addc(&text, '(');
    for (int i = 0; i < proc->nargs; i++)
        str_addf(&text, "%s%s", i ? "," : "", catalog_format_type(catalog, proc->arg_types[i], TYPMOD_NOT_GIVEN, arena));
    str_addc(&text, ')');
    return text.data;
}

const char *catalog_format_operator(Catalog *catalog, const CatOperator *operator, Arena * arena)
{
    Str text;
    str_init(&text, arena);
    const CatNamespace *namespace = catalog_namespace(catalog, operator->namespace_oid);
    if (namespace && !catalog_is_visible(catalog, PG_OPERATOR_RELATION, operator->oid))
        str_addf(&text, "%s.", catalog_quote_identifier(catalog, namespace->name, arena));
    str_addf(&text,
             "%s(%s,%s)", operator->name,
                          operator->left == OID_NONE ? "NONE" : catalog_format_type(catalog, operator->left, TYPMOD_NOT_GIVEN, arena),
                          operator->right == OID_NONE ? "NONE" : catalog_format_type(catalog, operator->right, TYPMOD_NOT_GIVEN, arena));
    return text.data;
}

/* ---- descriptions ---- */

typedef const char *(*Describer)(Catalog *catalog, ObjectAddress object, Arena *arena);

/* One row of a class that has no record: NULL when it is gone. */
static const CatalogCell *read_row(Catalog *catalog, const char *sql, Oid oid, Arena *arena)
{
    Error error;
    error_init(&error, arena);
    CatalogRows *rows = catalog_query(catalog, arena, &error, sql, "o", oid);
    return rows && rows->nrows ? rows->cells : NULL;
}

/* By number, from -1 down. */
static const char *const SYSTEM_COLUMNS[] = {"ctid", "xmin", "cmin", "xmax", "cmax", "tableoid"};

static const char *describe_relation(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    const CatRelation *relation = catalog_relation(catalog, object.oid);
    if (!relation)
        return NULL;
    const char *name = visible_name(catalog, PG_CLASS_RELATION, relation->oid, relation->namespace_oid, relation->name, arena);
    const char *text = arena_printf(arena, "%s %s", object_relation_noun(relation->kind), name);
    if (!object.sub)
        return text;
    if (object.sub < 0 && object.sub >= -(int)COUNT_OF(SYSTEM_COLUMNS))
        return arena_printf(arena, "column %s of %s", SYSTEM_COLUMNS[-object.sub - 1], text);
    if (object.sub < 1 || object.sub > relation->ncolumns)
        return NULL;
    return arena_printf(arena, "column %s of %s", relation->columns[object.sub - 1].name, text);
}

static const char *describe_proc(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    const CatProc *proc = catalog_proc(catalog, object.oid);
    return proc ? arena_printf(arena, "function %s", catalog_format_proc(catalog, proc, arena)) : NULL;
}

static const char *describe_operator(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    const CatOperator *operator= catalog_operator(catalog, object.oid);
    return operator? arena_printf(arena, "operator %s", catalog_format_operator(catalog, operator, arena)) : NULL;
}

static const char *describe_type(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    return catalog_type(catalog, object.oid)
               ? arena_printf(arena, "type %s", catalog_format_type(catalog, object.oid, TYPMOD_NOT_GIVEN, arena))
               : NULL;
}

static const char *describe_mapping(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    const CatalogCell *row = read_row(catalog, "SELECT umuser, umserver FROM pg_user_mapping WHERE oid = ?1", object.oid, arena);
    const CatServer *server = row ? catalog_server(catalog, (Oid)row[1].i) : NULL;
    if (!server)
        return NULL;
    const CatRole *role = catalog_role(catalog, (Oid)row[0].i);
    return arena_printf(arena, "user mapping for %s on server %s", row[0].i == 0 ? "public" : role ? role->name : "???", server->name);
}

static const char *describe_cast(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    const CatalogCell *row = read_row(catalog, "SELECT castsource, casttarget FROM pg_cast WHERE oid = ?1", object.oid, arena);
    return row ? arena_printf(arena, "cast from %s to %s", catalog_format_type(catalog, (Oid)row[0].i, TYPMOD_NOT_GIVEN, arena),
                              catalog_format_type(catalog, (Oid)row[1].i, TYPMOD_NOT_GIVEN, arena))
               : NULL;
}

/* What is said of a thing on a relation: "rule _RETURN on view v". */
static const char *describe_on_relation(Catalog *catalog, const char *noun, const CatalogCell *row, Arena *arena)
{
    const char *relation = row ? describe_relation(catalog, (ObjectAddress){PG_CLASS_RELATION, (Oid)row[1].i, 0}, arena) : NULL;
    return relation ? arena_printf(arena, "%s %s on %s", noun, row[0].text, relation) : NULL;
}

static const char *describe_constraint(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    const CatalogCell *row = read_row(catalog, "SELECT conname, conrelid FROM pg_constraint WHERE oid = ?1", object.oid, arena);
    if (row && !row[1].i)
        return arena_printf(arena, "constraint %s", row[0].text);
    return describe_on_relation(catalog, "constraint", row, arena);
}

static const char *describe_rule(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    return describe_on_relation(catalog, "rule",
                                read_row(catalog, "SELECT rulename, ev_class FROM pg_rewrite WHERE oid = ?1", object.oid, arena), arena);
}

static const char *describe_trigger(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    return describe_on_relation(catalog, "trigger",
                                read_row(catalog, "SELECT tgname, tgrelid FROM pg_trigger WHERE oid = ?1", object.oid, arena), arena);
}

static const char *describe_policy(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    return describe_on_relation(catalog, "policy",
                                read_row(catalog, "SELECT polname, polrelid FROM pg_policy WHERE oid = ?1", object.oid, arena), arena);
}

static const char *describe_default(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    const CatalogCell *row = read_row(catalog, "SELECT adrelid, adnum FROM pg_attrdef WHERE oid = ?1", object.oid, arena);
    const char *column = row ? describe_relation(catalog, (ObjectAddress){PG_CLASS_RELATION, (Oid)row[0].i, (int)row[1].i}, arena) : NULL;
    return column ? arena_printf(arena, "default value for %s", column) : NULL;
}

/* "integer_ops for access method btree" */
static const char *describe_of_method(Catalog *catalog, ObjectAddress object, const char *sql, const char *noun, Arena *arena)
{
    const CatalogCell *row = read_row(catalog, sql, object.oid, arena);
    return row ? arena_printf(arena, "%s %s for access method %s", noun,
                              visible_name(catalog, object.class_oid, object.oid, (Oid)row[1].i, row[0].text, arena), row[2].text)
               : NULL;
}

static const char *describe_opclass(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    return describe_of_method(catalog, object,
                              "SELECT opcname, opcnamespace, amname FROM pg_opclass c JOIN pg_am a ON a.oid = opcmethod WHERE c.oid = ?1",
                              "operator class", arena);
}

static const char *describe_opfamily(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    return describe_of_method(catalog, object,
                              "SELECT opfname, opfnamespace, amname FROM pg_opfamily f JOIN pg_am a ON a.oid = opfmethod WHERE f.oid = ?1",
                              "operator family", arena);
}

/* row: its number, family, left and right types. */
static const char *describe_member(Catalog *catalog, const char *noun, const CatalogCell *row, const char *what, Arena *arena)
{
    const char *family = describe_opfamily(catalog, (ObjectAddress){PG_OPFAMILY_RELATION, (Oid)row[1].i, 0}, arena);
    return arena_printf(arena, "%s %lld (%s, %s) of %s: %s", noun, (long long)row[0].i,
                        catalog_format_type(catalog, (Oid)row[2].i, TYPMOD_NOT_GIVEN, arena),
                        catalog_format_type(catalog, (Oid)row[3].i, TYPMOD_NOT_GIVEN, arena), family ? family : "???", what);
}

static const char *describe_amop(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    const CatalogCell *row = read_row(
        catalog, "SELECT amopstrategy, amopfamily, amoplefttype, amoprighttype, amopopr FROM pg_amop WHERE oid = ?1", object.oid, arena);
    const CatOperator *operator= row ? catalog_operator(catalog, (Oid)row[4].i) : NULL;
    return operator? describe_member(catalog, "operator", row, catalog_format_operator(catalog, operator, arena), arena) : NULL;
}

static const char *describe_amproc(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    const CatalogCell *row =
        read_row(catalog, "SELECT amprocnum, amprocfamily, amproclefttype, amprocrighttype, amproc FROM pg_amproc WHERE oid = ?1",
                 object.oid, arena);
    const CatProc *proc = row ? catalog_proc(catalog, (Oid)row[4].i) : NULL;
    return proc ? describe_member(catalog, "function", row, catalog_format_proc(catalog, proc, arena), arena) : NULL;
}

static const char *describe_default_acl(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    static const struct {
        char kind;
        const char *noun;
    } NOUNS[] = {{'r', "relations"}, {'S', "sequences"}, {'f', "functions"}, {'T', "types"}, {'n', "schemas"}};
    const CatalogCell *row =
        read_row(catalog, "SELECT defaclrole, defaclnamespace, defaclobjtype FROM pg_default_acl WHERE oid = ?1", object.oid, arena);
    if (!row)
        return NULL;
    const char *noun = "privileges";
    for (size_t i = 0; i < COUNT_OF(NOUNS); i++)
        if (NOUNS[i].kind == row[2].text[0])
            noun = NOUNS[i].noun;
    const CatRole *role = catalog_role(catalog, (Oid)row[0].i);
    const CatNamespace *schema = row[1].i ? catalog_namespace(catalog, (Oid)row[1].i) : NULL;
    return arena_printf(arena, "default privileges on new %s belonging to role %s%s%s", noun, role ? role->name : "???",
                        schema ? " in schema " : "", schema ? schema->name : "");
}

/* Objects described by noun and name alone; those with a schema are qualified when not visible. */
static const char *describe_named(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    const ObjectRecord *record = object_record(catalog, object.class_oid, object.oid);
    if (!record || !record->name)
        return NULL;
    const char *name = record->name;
    if (record->class->namespace)
        name = visible_name(catalog, object.class_oid, object.oid, record->namespace_oid, name, arena);
    return arena_printf(arena, "%s %s", record->class->noun, name);
}

bool catalog_is_object_class(Oid class_oid)
{
    return object_class(class_oid) != NULL;
}

const char *catalog_describe_existing(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    static const struct {
        Oid class_oid;
        Describer describe;
    } DESCRIBERS[] = {
        {PG_CLASS_RELATION, describe_relation},
        {PG_PROC_RELATION, describe_proc},
        {PG_TYPE_RELATION, describe_type},
        {PG_OPERATOR_RELATION, describe_operator},
        {PG_USER_MAPPING_RELATION, describe_mapping},
        {PG_CAST_RELATION, describe_cast},
        {PG_CONSTRAINT_RELATION, describe_constraint},
        {PG_REWRITE_RELATION, describe_rule},
        {PG_TRIGGER_RELATION, describe_trigger},
        {PG_POLICY_RELATION, describe_policy},
        {PG_ATTRDEF_RELATION, describe_default},
        {PG_DEFAULT_ACL_RELATION, describe_default_acl},
        {PG_OPCLASS_RELATION, describe_opclass},
        {PG_OPFAMILY_RELATION, describe_opfamily},
        {PG_AMOP_RELATION, describe_amop},
        {PG_AMPROC_RELATION, describe_amproc},
    };
    Describer describe = describe_named;
    for (size_t i = 0; i < COUNT_OF(DESCRIBERS); i++)
        if (DESCRIBERS[i].class_oid == object.class_oid)
            describe = DESCRIBERS[i].describe;
    return describe(catalog, object, arena);
}

const char *catalog_describe(Catalog *catalog, ObjectAddress object, Arena *arena)
{
    const char *text = catalog_describe_existing(catalog, object, arena);
    if (text)
        return text;
    const ObjectClass *class = object_class(object.class_oid);
    return arena_printf(arena, "%s %u", class ? class->noun : "object", object.oid);
}
