/*
 * object.c - the classes of objects, as a table: where their rows lie, who owns them, what they are called.
 *
 * Invariant: a class is known to drops, privileges and descriptions by its row here and nothing else.
 *
 * Threads: any.
 */
#include "catalog/catalog_internal.h"

static const ObjectClass CLASSES[] = {
    {PG_CLASS_RELATION, "pg_class", "relname", "relnamespace", "relowner", "relacl", 'r', "relation", "table"},
    {PG_PROC_RELATION, "pg_proc", "proname", "pronamespace", "proowner", "proacl", 'f', "function", "function"},
    {PG_TYPE_RELATION, "pg_type", "typname", "typnamespace", "typowner", "typacl", 'T', "type", "type"},
    {PG_NAMESPACE_RELATION, "pg_namespace", "nspname", NULL, "nspowner", "nspacl", 'n', "schema", "schema"},
    {PG_DATABASE_RELATION, "pg_database", "datname", NULL, "datdba", "datacl", 'd', "database", "database"},
    {PG_LANGUAGE_RELATION, "pg_language", "lanname", NULL, "lanowner", "lanacl", 'l', "language", "language"},
    {PG_FOREIGN_DATA_WRAPPER_RELATION, "pg_foreign_data_wrapper", "fdwname", NULL, "fdwowner", "fdwacl", 'F', "foreign-data wrapper",
     "foreign-data wrapper"},
    {PG_FOREIGN_SERVER_RELATION, "pg_foreign_server", "srvname", NULL, "srvowner", "srvacl", 'S', "server", "foreign server"},
    {PG_USER_MAPPING_RELATION, "pg_user_mapping", NULL, NULL, NULL, NULL, 0, "user mapping", "user mapping"},
    {PG_AUTHID_RELATION, "pg_authid", "rolname", NULL, NULL, NULL, 0, "role", "role"},
    {PG_EXTENSION_RELATION, "pg_extension", "extname", NULL, "extowner", NULL, 0, "extension", "extension"},
    {PG_COLLATION_RELATION, "pg_collation", "collname", "collnamespace", "collowner", NULL, 0, "collation", "collation"},
    {PG_OPERATOR_RELATION, "pg_operator", "oprname", "oprnamespace", "oprowner", NULL, 0, "operator", "operator"},
    {PG_CONVERSION_RELATION, "pg_conversion", "conname", "connamespace", "conowner", NULL, 0, "conversion", "conversion"},
    {PG_OPCLASS_RELATION, "pg_opclass", "opcname", "opcnamespace", "opcowner", NULL, 0, "operator class", "operator class"},
    {PG_OPFAMILY_RELATION, "pg_opfamily", "opfname", "opfnamespace", "opfowner", NULL, 0, "operator family", "operator family"},
    {PG_STATISTIC_EXT_RELATION, "pg_statistic_ext", "stxname", "stxnamespace", "stxowner", NULL, 0, "statistics object",
     "statistics object"},
    {PG_TABLESPACE_RELATION, "pg_tablespace", "spcname", NULL, "spcowner", "spcacl", 't', "tablespace", "tablespace"},
    {PG_TS_CONFIG_RELATION, "pg_ts_config", "cfgname", "cfgnamespace", "cfgowner", NULL, 0, "text search configuration",
     "text search configuration"},
    {PG_TS_DICT_RELATION, "pg_ts_dict", "dictname", "dictnamespace", "dictowner", NULL, 0, "text search dictionary",
     "text search dictionary"},
    {PG_TS_PARSER_RELATION, "pg_ts_parser", "prsname", "prsnamespace", NULL, NULL, 0, "text search parser", "text search parser"},
    {PG_TS_TEMPLATE_RELATION, "pg_ts_template", "tmplname", "tmplnamespace", NULL, NULL, 0, "text search template", "text search template"},
    {PG_AM_RELATION, "pg_am", "amname", NULL, NULL, NULL, 0, "access method", "access method"},
    {PG_EVENT_TRIGGER_RELATION, "pg_event_trigger", "evtname", NULL, "evtowner", NULL, 0, "event trigger", "event trigger"},
    {PG_PUBLICATION_RELATION, "pg_publication", "pubname", NULL, "pubowner", NULL, 0, "publication", "publication"},
    {PG_SUBSCRIPTION_RELATION, "pg_subscription", "subname", NULL, "subowner", NULL, 0, "subscription", "subscription"},
    {PG_CONSTRAINT_RELATION, "pg_constraint", "conname", "connamespace", NULL, NULL, 0, "constraint", "constraint"},
    {PG_REWRITE_RELATION, "pg_rewrite", "rulename", NULL, NULL, NULL, 0, "rule", "rule"},
    {PG_TRIGGER_RELATION, "pg_trigger", "tgname", NULL, NULL, NULL, 0, "trigger", "trigger"},
    {PG_POLICY_RELATION, "pg_policy", "polname", NULL, NULL, NULL, 0, "policy", "policy"},
    {PG_ATTRDEF_RELATION, "pg_attrdef", NULL, NULL, NULL, NULL, 0, "default value", "default value"},
    {PG_CAST_RELATION, "pg_cast", NULL, NULL, NULL, NULL, 0, "cast", "cast"},
    {PG_AMOP_RELATION, "pg_amop", NULL, NULL, NULL, NULL, 0, "operator", "operator"},
    {PG_AMPROC_RELATION, "pg_amproc", NULL, NULL, NULL, NULL, 0, "function", "function"},
    {PG_PARAMETER_ACL_RELATION, "pg_parameter_acl", "parname", NULL, NULL, "paracl", 'p', "parameter", "parameter"},
    {PG_DEFAULT_ACL_RELATION, "pg_default_acl", NULL, NULL, "defaclrole", "defaclacl", 0, "default privileges", "default privileges"},
};

const ObjectClass *object_class(Oid class_oid)
{
    for (size_t i = 0; i < COUNT_OF(CLASSES); i++)
        if (CLASSES[i].class_oid == class_oid)
            return &CLASSES[i];
    return NULL;
}

static void *load_object(Catalog *catalog, Db *db, Arena *arena, const void *key, size_t len)
{
    Oid pair[2];
    memcpy(pair, key, sizeof pair);
    const ObjectClass *class = object_class(pair[0]);
    if (!class)
        return NULL;
    const char *kind = pair[0] == PG_CLASS_RELATION ? "relkind" : pair[0] == PG_PROC_RELATION ? "prokind" : "NULL";
    const char *sql = arena_printf(arena, "SELECT %s, %s, %s, %s, %s FROM %s WHERE oid = ?1", class->name ? class->name : "NULL",
                                   class->namespace ? class->namespace : "0", class->owner ? class->owner : "0",
                                   class->acl ? class->acl : "NULL", kind, class->table);
    DbCursor cursor;
    if (!cache_first(catalog, &cursor, db, sql, "o", pair[1]))
        return NULL;
    ObjectRecord *record = ARENA_NEW(arena, ObjectRecord);
    *record = (ObjectRecord){
        .class = class,
        .name = db_text(&cursor, 0, arena),
        .namespace_oid = db_oid(&cursor, 1),
        .owner = db_oid(&cursor, 2),
        .acl = db_text(&cursor, 3, arena),
        .kind = db_letter(&cursor, 4),
    };
    db_finish(&cursor);
    return record;
}

const ObjectRecord *object_record(Catalog *catalog, Oid class_oid, Oid oid)
{
    Oid key[2] = {class_oid, oid};
    return cache_find(catalog, CACHE_OBJECT, key, sizeof key, load_object);
}

const char *object_relation_noun(char relkind)
{
    switch (relkind) {
    case 'f':
        return "foreign table";
    case 'v':
        return "view";
    case 'm':
        return "materialized view";
    case 'S':
        return "sequence";
    case 'i':
    case 'I':
        return "index";
    case 'c':
        return "composite type";
    case 't':
        return "toast table";
    default:
        return "table";
    }
}
