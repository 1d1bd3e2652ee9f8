/*
 * func_privilege.c - has_*_privilege in all their overloads, and pg_has_role.
 *
 *  1. One implementation: which argument is what follows from the types of the call, what may be asked from the kind's row.
 *  2. An object given by OID that does not exist gives NULL; one given by name is an error, as PostgreSQL's.
 * Any thread; the Catalog locks itself.
 */
#include "func/func_internal.h"

#include <ctype.h>

typedef struct PrivilegeWord {
    const char *word;
    AclMask mask;
} PrivilegeWord;

static const PrivilegeWord TABLE_WORDS[] = {{"SELECT", ACL_SELECT},
                                            {"INSERT", ACL_INSERT},
                                            {"UPDATE", ACL_UPDATE},
                                            {"DELETE", ACL_DELETE},
                                            {"TRUNCATE", ACL_TRUNCATE},
                                            {"REFERENCES", ACL_REFERENCES},
                                            {"TRIGGER", ACL_TRIGGER},
                                            {"RULE", 0},
                                            {NULL, 0}};
static const PrivilegeWord COLUMN_WORDS[] = {
    {"SELECT", ACL_SELECT}, {"INSERT", ACL_INSERT}, {"UPDATE", ACL_UPDATE}, {"REFERENCES", ACL_REFERENCES}, {NULL, 0}};
static const PrivilegeWord SEQUENCE_WORDS[] = {{"USAGE", ACL_USAGE}, {"SELECT", ACL_SELECT}, {"UPDATE", ACL_UPDATE}, {NULL, 0}};
static const PrivilegeWord DATABASE_WORDS[] = {
    {"CREATE", ACL_CREATE}, {"TEMPORARY", ACL_CREATE_TEMP}, {"TEMP", ACL_CREATE_TEMP}, {"CONNECT", ACL_CONNECT}, {NULL, 0}};
static const PrivilegeWord SCHEMA_WORDS[] = {{"CREATE", ACL_CREATE}, {"USAGE", ACL_USAGE}, {NULL, 0}};
static const PrivilegeWord USAGE_WORDS[] = {{"USAGE", ACL_USAGE}, {NULL, 0}};
static const PrivilegeWord EXECUTE_WORDS[] = {{"EXECUTE", ACL_EXECUTE}, {NULL, 0}};
static const PrivilegeWord CREATE_WORDS[] = {{"CREATE", ACL_CREATE}, {NULL, 0}};
static const PrivilegeWord PARAMETER_WORDS[] = {{"SET", ACL_SET}, {"ALTER SYSTEM", ACL_ALTER_SYSTEM}, {NULL, 0}};
/* For makeaclitem. */
static const PrivilegeWord ALL_WORDS[] = {{"SELECT", ACL_SELECT},
                                          {"INSERT", ACL_INSERT},
                                          {"UPDATE", ACL_UPDATE},
                                          {"DELETE", ACL_DELETE},
                                          {"TRUNCATE", ACL_TRUNCATE},
                                          {"REFERENCES", ACL_REFERENCES},
                                          {"TRIGGER", ACL_TRIGGER},
                                          {"EXECUTE", ACL_EXECUTE},
                                          {"USAGE", ACL_USAGE},
                                          {"CREATE", ACL_CREATE},
                                          {"TEMP", ACL_CREATE_TEMP},
                                          {"TEMPORARY", ACL_CREATE_TEMP},
                                          {"CONNECT", ACL_CONNECT},
                                          {"SET", ACL_SET},
                                          {"ALTER SYSTEM", ACL_ALTER_SYSTEM},
                                          {"RULE", 0},
                                          {NULL, 0}};
/* For pg_has_role: what kind of membership. */
enum { ROLE_MEMBER = 1, ROLE_USAGE = 2 };
static const PrivilegeWord ROLE_WORDS[] = {{"USAGE", ROLE_USAGE}, {"MEMBER", ROLE_MEMBER}, {NULL, 0}};

typedef struct PrivilegeKind {
    const char *function;
    Oid class_oid;
    const PrivilegeWord *words;
    Oid reg_type;      /* names are looked up as this type's input; OID_NONE: by `table` */
    const char *table; /* catalog, its name column, and what a message calls the object */
    const char *column, *noun;
} PrivilegeKind;

static const PrivilegeKind KINDS[] = {
    {"has_table_privilege", PG_CLASS_RELATION, TABLE_WORDS, TYPE_REGCLASS, "pg_class", "relname", "relation"},
    {"has_column_privilege", PG_CLASS_RELATION, COLUMN_WORDS, TYPE_REGCLASS, "pg_class", "relname", "relation"},
    {"has_any_column_privilege", PG_CLASS_RELATION, COLUMN_WORDS, TYPE_REGCLASS, "pg_class", "relname", "relation"},
    {"has_sequence_privilege", PG_CLASS_RELATION, SEQUENCE_WORDS, TYPE_REGCLASS, "pg_class", "relname", "relation"},
    {"has_database_privilege", PG_DATABASE_RELATION, DATABASE_WORDS, OID_NONE, "pg_database", "datname", "database"},
    {"has_function_privilege", PG_PROC_RELATION, EXECUTE_WORDS, TYPE_REGPROCEDURE, "pg_proc", "proname", "function"},
    {"has_language_privilege", PG_LANGUAGE_RELATION, USAGE_WORDS, OID_NONE, "pg_language", "lanname", "language"},
    {"has_schema_privilege", PG_NAMESPACE_RELATION, SCHEMA_WORDS, OID_NONE, "pg_namespace", "nspname", "schema"},
    {"has_server_privilege", PG_FOREIGN_SERVER_RELATION, USAGE_WORDS, OID_NONE, "pg_foreign_server", "srvname", "server"},
    {"has_foreign_data_wrapper_privilege", PG_FOREIGN_DATA_WRAPPER_RELATION, USAGE_WORDS, OID_NONE, "pg_foreign_data_wrapper", "fdwname",
     "foreign-data wrapper"},
    {"has_tablespace_privilege", PG_TABLESPACE_RELATION, CREATE_WORDS, OID_NONE, "pg_tablespace", "spcname", "tablespace"},
    {"has_type_privilege", PG_TYPE_RELATION, USAGE_WORDS, TYPE_REGTYPE, "pg_type", "typname", "type"},
};

/* ---- arguments ---- */

static bool read_role(FuncCall *call, int index, bool public_allowed, Oid *role)
{
    if (call->arg_types[index] == TYPE_OID) {
        *role = arg_oid(call, index);
        return true;
    }
    const char *name = arg_text(call, index);
    if (public_allowed && str_eq(name, "public")) {
        *role = OID_NONE;
        return true;
    }
    const CatRole *row = catalog_role_by_name(call->context->catalog, name);
    if (!row)
        return error_set(call->error, ERRCODE_UNDEFINED_OBJECT, "role \"%s\" does not exist", name);
    *role = row->oid;
    return true;
}

static bool no_object(FuncCall *call, const PrivilegeKind *kind, int index)
{
    const char *state = kind->class_oid == PG_NAMESPACE_RELATION  ? ERRCODE_INVALID_SCHEMA_NAME
                        : kind->class_oid == PG_DATABASE_RELATION ? ERRCODE_INVALID_CATALOG_NAME
                        : kind->class_oid == PG_PROC_RELATION     ? ERRCODE_UNDEFINED_FUNCTION
                                                                  : ERRCODE_UNDEFINED_OBJECT;
    return error_set(call->error, state, "%s \"%s\" does not exist", kind->noun, arg_text(call, index));
}

/* *oid: OID_NONE when an OID was given of which there is no object. */
static bool read_object(FuncCall *call, const PrivilegeKind *kind, int index, Oid *oid)
{
    Catalog *catalog = call->context->catalog;
    bool by_oid = call->arg_types[index] == TYPE_OID;
    if (!by_oid && kind->reg_type)
        return arg_reg(call, index, kind->reg_type, oid) && (*oid || no_object(call, kind, index));
    const CatalogRows *rows;
    if (by_oid) {
        const char *sql = arena_printf(call->arena, "SELECT oid FROM %s WHERE oid = ?1", kind->table);
        rows = catalog_query(catalog, call->arena, call->error, sql, "o", arg_oid(call, index));
    } else {
        const char *sql = arena_printf(call->arena, "SELECT oid FROM %s WHERE %s = ?1", kind->table, kind->column);
        rows = catalog_query(catalog, call->arena, call->error, sql, "s", arg_text(call, index));
    }
    if (!rows)
        return false;
    *oid = rows->nrows ? (Oid)CATALOG_CELL(rows, 0, 0).i : OID_NONE;
    if (*oid || by_oid)
        return true;
    return no_object(call, kind, index);
}

/* One of "SELECT, UPDATE WITH GRANT OPTION". */
static bool read_word(FuncCall *call, const PrivilegeWord *words, const char *text, size_t len, AclMask *mask, AclMask *grant)
{
    static const char SUFFIX[] = " WITH GRANT OPTION", ADMIN[] = " WITH ADMIN OPTION";
    while (len && isspace((unsigned char)text[0]))
        text++, len--;
    while (len && isspace((unsigned char)text[len - 1]))
        len--;
    const char *word = arena_strndup(call->arena, text, len);
    for (; words->word; words++) {
        if (str_ieq(word, words->word)) {
            *mask |= words->mask;
            return true;
        }
        bool granted = str_ieq(word, arena_printf(call->arena, "%s%s", words->word, SUFFIX)) ||
                       (words->mask <= ROLE_USAGE && str_ieq(word, arena_printf(call->arena, "%s%s", words->word, ADMIN)));
        if (granted) {
            *grant |= words->mask;
            return true;
        }
    }
    return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "unrecognized privilege type: \"%s\"", word);
}

static bool read_words(FuncCall *call, const PrivilegeWord *words, int index, AclMask *mask, AclMask *grant)
{
    const char *text = arg_text(call, index);
    for (;;) {
        size_t len = strcspn(text, ",");
        if (!read_word(call, words, text, len, mask, grant))
            return false;
        if (!text[len])
            return true;
        text += len + 1;
    }
}

/* ---- answers ---- */

static bool has_on(Catalog *catalog, Oid class_oid, Oid oid, int column, Oid role, AclMask mask, AclMask grant)
{
    if (mask && catalog_privileges(catalog, class_oid, oid, column, role, mask))
        return true;
    ObjectAddress object = {.class_oid = class_oid, .oid = oid, .sub = column};
    return grant && catalog_grant_options(catalog, object, role, grant);
}

static bool has_any_column(Catalog *catalog, const CatRelation *relation, Oid role, AclMask mask, AclMask grant)
{
    for (int i = 0; relation && i < relation->ncolumns; i++) {
        if (!relation->columns[i].dropped && has_on(catalog, PG_CLASS_RELATION, relation->oid, i + 1, role, mask, grant))
            return true;
    }
    return false;
}

/* Named as given, or by its name when it was given by OID. */
static bool check_sequence(FuncCall *call, Catalog *catalog, Oid oid, int at)
{
    const CatRelation *relation = catalog_relation(catalog, oid);
    const char *name = call->arg_types[at] == TYPE_OID ? relation->name : arg_text(call, at);
    return relation->kind == 'S' || error_set(call->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not a sequence", name);
}

static bool has_object_privilege(FuncCall *call)
{
    const char *function = func_fact(call->proc)->name;
    const PrivilegeKind *kind = KINDS;
    while (!str_eq(kind->function, function))
        kind++;
    Catalog *catalog = call->context->catalog;
    int at = call->nargs - 2;
    Oid role = call->context->current_user, oid = OID_NONE;
    AclMask mask = 0, grant = 0;
    if (at > 0 && !read_role(call, 0, true, &role))
        return false;
    bool is_sequence = str_eq(function, "has_sequence_privilege"); /* whose words are looked at first */
    if ((is_sequence && !read_words(call, kind->words, at + 1, &mask, &grant)) || !read_object(call, kind, at, &oid) ||
        (!is_sequence && !read_words(call, kind->words, at + 1, &mask, &grant)))
        return false;
    if (!oid)
        return return_null(call);
    if (is_sequence && !check_sequence(call, catalog, oid, at))
        return false;
    if (has_on(catalog, kind->class_oid, oid, 0, role, mask, grant))
        return return_bool(call, true);
    bool any = str_eq(function, "has_any_column_privilege");
    return return_bool(call, any && has_any_column(catalog, catalog_relation(catalog, oid), role, mask, grant));
}

/* System columns have negative numbers. */
static int column_number(const CatRelation *relation, const char *name)
{
    static const char *const SYSTEM[] = {"ctid", "xmin", "cmin", "xmax", "cmax", "tableoid"};
    for (size_t i = 0; i < COUNT_OF(SYSTEM); i++)
        if (str_eq(name, SYSTEM[i]))
            return -(int)i - 1;
    for (int i = 0; i < relation->ncolumns; i++) {
        if (!relation->columns[i].dropped && str_eq(relation->columns[i].name, name))
            return i + 1;
    }
    return 0;
}

/* The name a dropped column has, of the one asked for; else no name. */
static const char *dropped_name(FuncCall *call, const CatRelation *relation)
{
    for (int i = 0; i < relation->ncolumns; i++) {
        const char *name = arena_printf(call->arena, "........pg.dropped.%d........", i + 1);
        if (relation->columns[i].dropped && str_eq(name, arg_text(call, call->nargs - 2)))
            return name;
    }
    return "";
}

static bool has_column_privilege(FuncCall *call)
{
    Catalog *catalog = call->context->catalog;
    int at = call->nargs - 3;
    Oid role = call->context->current_user, oid = OID_NONE;
    AclMask mask = 0, grant = 0;
    if (at > 0 && !read_role(call, 0, true, &role))
        return false;
    if (!read_object(call, &KINDS[1], at, &oid))
        return false;
    const CatRelation *relation = catalog_relation(catalog, oid);
    int column = 0;
    if (call->arg_types[at + 1] == TYPE_TEXT) {
        column = relation ? column_number(relation, arg_text(call, at + 1)) : 0;
        if (relation && !column && !str_eq(arg_text(call, at + 1), dropped_name(call, relation)))
            return error_set(call->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist",
                             arg_text(call, at + 1), relation->name);
    } else {
        column = (int)call->args[at + 1].i;
    }
    if (!read_words(call, COLUMN_WORDS, at + 2, &mask, &grant))
        return false;
    enum { FIRST_SYSTEM_COLUMN = -6 };
    bool missing = !relation || column < FIRST_SYSTEM_COLUMN || column == 0 || column > relation->ncolumns;
    if (missing || (column > 0 && relation->columns[column - 1].dropped))
        return return_null(call);
    bool has =
        has_on(catalog, PG_CLASS_RELATION, oid, 0, role, mask, grant) || has_on(catalog, PG_CLASS_RELATION, oid, column, role, mask, grant);
    return return_bool(call, has);
}

static bool has_admin(FuncCall *call, Oid member, Oid role, bool *has)
{
    const CatalogRows *rows =
        catalog_query(call->context->catalog, call->arena, call->error,
                      "SELECT 1 FROM pg_auth_members WHERE member = ?1 AND roleid = ?2 AND admin_option", "oo", member, role);
    bool session_self = member == role && member == call->context->session_user;
    *has = rows && (rows->nrows || catalog_is_superuser(call->context->catalog, member) || session_self);
    return rows != NULL;
}

static bool has_role(FuncCall *call)
{
    Catalog *catalog = call->context->catalog;
    int at = call->nargs - 2;
    Oid member = call->context->current_user, role = OID_NONE;
    AclMask mask = 0, grant = 0;
    if (at > 0 && !read_role(call, 0, false, &member))
        return false;
    if (!read_role(call, at, false, &role) || !read_words(call, ROLE_WORDS, at + 1, &mask, &grant))
        return false;
    bool has = ((mask & ROLE_MEMBER) && catalog_is_member(catalog, member, role)) ||
               ((mask & ROLE_USAGE) && catalog_has_privs_of(catalog, member, role));
    if (!has && grant && !has_admin(call, member, role, &has))
        return false;
    return return_bool(call, has);
}

/* acldefault(kind, owner). */
static bool acl_default_of(FuncCall *call)
{
    const Value *kind = &call->args[0];
    char letter = kind->s.len ? kind->s.ptr[0] : '\0';
    if (!letter || !strchr("crsdflLnptFST", letter))
        return error_set(call->error, ERRCODE_INTERNAL_ERROR, "unrecognized objtype abbreviation: %c", letter);
    size_t count;
    AclItem *items = acl_default(letter, arg_oid(call, 1), call->arena, &count);
    const char *text = acl_text(items, count, call->arena);
    return return_text(call, text ? text : "{}");
}

/* A parameter on which nothing was granted has no row, and gives nothing. */
static bool has_parameter_privilege(FuncCall *call)
{
    Catalog *catalog = call->context->catalog;
    int at = call->nargs - 2;
    Oid role = call->context->current_user;
    AclMask mask = 0, grant = 0;
    if (!read_words(call, PARAMETER_WORDS, at + 1, &mask, &grant) || (at > 0 && !read_role(call, 0, true, &role)))
        return false;
    const CatalogRows *rows = catalog_query(catalog, call->arena, call->error, "SELECT oid FROM pg_parameter_acl WHERE parname = ?1", "s",
                                            str_lower(call->arena, arg_text(call, at)));
    if (!rows)
        return false;
    if (!rows->nrows)
        return return_bool(call, catalog_is_superuser(catalog, role));
    return return_bool(call, has_on(catalog, PG_PARAMETER_ACL_RELATION, (Oid)CATALOG_CELL(rows, 0, 0).i, 0, role, mask, grant));
}

/* makeaclitem(grantee, grantor, one privilege, with grant option). */
static bool make_acl_item(FuncCall *call)
{
    AclItem item = {.grantee = arg_oid(call, 0), .grantor = arg_oid(call, 1)};
    const PrivilegeWord *word = ALL_WORDS;
    while (word->word && !str_ieq(word->word, arg_text(call, 2)))
        word++;
    if (!word->word)
        return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "unrecognized privilege type: \"%s\"", arg_text(call, 2));
    item.privileges = word->mask;
    if (call->args[3].b)
        item.grant_options = item.privileges;
    char *text = arena_strdup(call->arena, acl_text(&item, 1, call->arena));
    text[strlen(text) - 1] = '\0';
    return return_text(call, text + 1);
}

/* Whether one of a list's items is of the same roles and holds all that the item does. */
static bool acl_contains(FuncCall *call)
{
    size_t count, one;
    AclItem *items = acl_parse(arg_text(call, 0), call->arena, &count);
    AclItem *wanted = acl_parse(arena_printf(call->arena, "{%s}", arg_text(call, 1)), call->arena, &one);
    for (size_t i = 0; i < count; i++)
        if (items[i].grantee == wanted->grantee && items[i].grantor == wanted->grantor && !(wanted->privileges & ~items[i].privileges) &&
            !(wanted->grant_options & ~items[i].grant_options))
            return return_bool(call, true);
    return return_bool(call, false);
}

#define OVERLOADS(name, impl)                                                                                                              \
    {F_##name##_NAME_TEXT_TEXT, impl}, {F_##name##_NAME_OID_TEXT, impl}, {F_##name##_OID_TEXT_TEXT, impl},                                 \
        {F_##name##_OID_OID_TEXT, impl}, {F_##name##_TEXT_TEXT, impl},                                                                     \
    {                                                                                                                                      \
        F_##name##_OID_TEXT, impl                                                                                                          \
    }

static const FuncRow ROWS[] = {
    OVERLOADS(HAS_TABLE_PRIVILEGE, has_object_privilege),
    OVERLOADS(HAS_ANY_COLUMN_PRIVILEGE, has_object_privilege),
    OVERLOADS(HAS_SEQUENCE_PRIVILEGE, has_object_privilege),
    OVERLOADS(HAS_DATABASE_PRIVILEGE, has_object_privilege),
    OVERLOADS(HAS_FUNCTION_PRIVILEGE, has_object_privilege),
    OVERLOADS(HAS_LANGUAGE_PRIVILEGE, has_object_privilege),
    OVERLOADS(HAS_SCHEMA_PRIVILEGE, has_object_privilege),
    OVERLOADS(HAS_SERVER_PRIVILEGE, has_object_privilege),
    OVERLOADS(HAS_FOREIGN_DATA_WRAPPER_PRIVILEGE, has_object_privilege),
    OVERLOADS(HAS_TABLESPACE_PRIVILEGE, has_object_privilege),
    OVERLOADS(HAS_TYPE_PRIVILEGE, has_object_privilege),
    {F_HAS_COLUMN_PRIVILEGE_NAME_TEXT_TEXT_TEXT, has_column_privilege},
    {F_HAS_COLUMN_PRIVILEGE_NAME_TEXT_INT2_TEXT, has_column_privilege},
    {F_HAS_COLUMN_PRIVILEGE_NAME_OID_TEXT_TEXT, has_column_privilege},
    {F_HAS_COLUMN_PRIVILEGE_NAME_OID_INT2_TEXT, has_column_privilege},
    {F_HAS_COLUMN_PRIVILEGE_OID_TEXT_TEXT_TEXT, has_column_privilege},
    {F_HAS_COLUMN_PRIVILEGE_OID_TEXT_INT2_TEXT, has_column_privilege},
    {F_HAS_COLUMN_PRIVILEGE_OID_OID_TEXT_TEXT, has_column_privilege},
    {F_HAS_COLUMN_PRIVILEGE_OID_OID_INT2_TEXT, has_column_privilege},
    {F_HAS_COLUMN_PRIVILEGE_TEXT_TEXT_TEXT, has_column_privilege},
    {F_HAS_COLUMN_PRIVILEGE_TEXT_INT2_TEXT, has_column_privilege},
    {F_HAS_COLUMN_PRIVILEGE_OID_TEXT_TEXT, has_column_privilege},
    {F_HAS_COLUMN_PRIVILEGE_OID_INT2_TEXT, has_column_privilege},
    {F_HAS_PARAMETER_PRIVILEGE_NAME_TEXT_TEXT, has_parameter_privilege},
    {F_HAS_PARAMETER_PRIVILEGE_OID_TEXT_TEXT, has_parameter_privilege},
    {F_HAS_PARAMETER_PRIVILEGE_TEXT_TEXT, has_parameter_privilege},
    {F_MAKEACLITEM_OID_OID_TEXT_BOOL, make_acl_item},
    {F_ACLCONTAINS_ACLITEM_ARRAY_ACLITEM, acl_contains},
    {F_ACLDEFAULT_CHAR_OID, acl_default_of},
    {F_PG_HAS_ROLE_NAME_NAME_TEXT, has_role},
    {F_PG_HAS_ROLE_NAME_OID_TEXT, has_role},
    {F_PG_HAS_ROLE_OID_NAME_TEXT, has_role},
    {F_PG_HAS_ROLE_OID_OID_TEXT, has_role},
    {F_PG_HAS_ROLE_NAME_TEXT, has_role},
    {F_PG_HAS_ROLE_OID_TEXT, has_role},
};
const FuncTable FUNC_TABLE_PRIVILEGE = {ROWS, COUNT_OF(ROWS)};
