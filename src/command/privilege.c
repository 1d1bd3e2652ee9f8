/*
 * privilege.c - GRANT and REVOKE of privileges on objects.
 *
 * Invariants:
 *  1. Names and privilege words are all checked before any list changes.
 *  2. Only privileges that the grantor may grant are changed; the rest gives PostgreSQL's warnings, and an error (42501) when the
 *     user has nothing at all on the object.
 *  3. Taking a table's privilege takes it from its columns too.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/privilege_internal.h"
#include "command/type_internal.h"

enum {
    COLUMN_RIGHTS = ACL_INSERT | ACL_SELECT | ACL_UPDATE | ACL_REFERENCES,
    RELATION_RIGHTS = COLUMN_RIGHTS | ACL_DELETE | ACL_TRUNCATE | ACL_TRIGGER,
    SEQUENCE_RIGHTS = ACL_USAGE | ACL_SELECT | ACL_UPDATE,
    FIRST_SYSTEM_COLUMN = -6,
};

static const struct {
    const char *word;
    AclMask privilege;
} WORDS[] = {
    {"insert", ACL_INSERT},
    {"select", ACL_SELECT},
    {"update", ACL_UPDATE},
    {"delete", ACL_DELETE},
    {"truncate", ACL_TRUNCATE},
    {"references", ACL_REFERENCES},
    {"trigger", ACL_TRIGGER},
    {"execute", ACL_EXECUTE},
    {"usage", ACL_USAGE},
    {"create", ACL_CREATE},
    {"temp", ACL_CREATE_TEMP},
    {"temporary", ACL_CREATE_TEMP},
    {"connect", ACL_CONNECT},
    {"set", ACL_SET},
    {"alter system", ACL_ALTER_SYSTEM},
    {"rule", 0},
};

/* How privileges stand on a kind of object. */
typedef struct GrantKind {
    PgQuery__ObjectType type;
    Oid class_oid;
    const char *word; /* invalid privilege type ... for <word> */
    AclMask rights;
    char default_kind; /* of acl_default */
    const char *table, *acl, *owner, *name;
} GrantKind;

static const GrantKind KINDS[] = {
    {PG_QUERY__OBJECT_TYPE__OBJECT_TABLE, PG_CLASS_RELATION, "relation", RELATION_RIGHTS | ACL_USAGE, 'r', "pg_class", "relacl", "relowner",
     "relname"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE, PG_CLASS_RELATION, "sequence", SEQUENCE_RIGHTS, 's', "pg_class", "relacl", "relowner",
     "relname"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE, PG_DATABASE_RELATION, "database", ACL_CREATE | ACL_CREATE_TEMP | ACL_CONNECT, 'd',
     "pg_database", "datacl", "datdba", "datname"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA, PG_NAMESPACE_RELATION, "schema", ACL_CREATE | ACL_USAGE, 'n', "pg_namespace", "nspacl",
     "nspowner", "nspname"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_FDW, PG_FOREIGN_DATA_WRAPPER_RELATION, "foreign-data wrapper", ACL_USAGE, 'F', "pg_foreign_data_wrapper",
     "fdwacl", "fdwowner", "fdwname"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_SERVER, PG_FOREIGN_SERVER_RELATION, "foreign server", ACL_USAGE, 'S', "pg_foreign_server",
     "srvacl", "srvowner", "srvname"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TYPE, PG_TYPE_RELATION, "type", ACL_USAGE, 'T', "pg_type", "typacl", "typowner", "typname"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN, PG_TYPE_RELATION, "domain", ACL_USAGE, 'T', "pg_type", "typacl", "typowner", "typname"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION, PG_PROC_RELATION, "function", ACL_EXECUTE, 'f', "pg_proc", "proacl", "proowner", "proname"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE, PG_PROC_RELATION, "procedure", ACL_EXECUTE, 'f', "pg_proc", "proacl", "proowner", "proname"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE, PG_PROC_RELATION, "routine", ACL_EXECUTE, 'f', "pg_proc", "proacl", "proowner", "proname"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_LANGUAGE, PG_LANGUAGE_RELATION, "language", ACL_USAGE, 'l', "pg_language", "lanacl", "lanowner",
     "lanname"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TABLESPACE, PG_TABLESPACE_RELATION, "tablespace", ACL_CREATE, 't', "pg_tablespace", "spcacl", "spcowner",
     "spcname"},
    /* Parameters belong to nobody: the bootstrap superuser grants. */
    {PG_QUERY__OBJECT_TYPE__OBJECT_PARAMETER_ACL, PG_PARAMETER_ACL_RELATION, "parameter", ACL_SET | ACL_ALTER_SYSTEM, 'p',
     "pg_parameter_acl", "paracl", "10", "parname"},
};

typedef VEC(const PgQuery__AccessPriv *) ColumnGrants;

/* A whole statement, names resolved. */
typedef struct GrantJob {
    Grant grant;
    const GrantKind *kind;
    AclMask privileges; /* ALL: 0 */
    bool all;
    ColumnGrants columns;
    OidList objects;
} GrantJob;

/* ---- reading the statement ---- */

static bool privilege_of_word(Command *command, const char *word, AclMask *privilege)
{
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (str_eq(WORDS[i].word, word)) {
            *privilege = WORDS[i].privilege;
            return true;
        }
    return error_set(command->error, ERRCODE_SYNTAX_ERROR, "unrecognized privilege type \"%s\"", word);
}

static bool invalid_privilege(Command *command, AclMask privilege, const char *kind)
{
    const char *word = "";
    for (size_t i = COUNT_OF(WORDS); i-- > 0;)
        if (WORDS[i].privilege == privilege)
            word = WORDS[i].word;
    char upper[32];
    size_t n = strlen(word);
    for (size_t i = 0; i <= n; i++)
        upper[i] = (char)(word[i] >= 'a' && word[i] <= 'z' ? word[i] - 'a' + 'A' : word[i]);
    return error_set(command->error, ERRCODE_INVALID_GRANT_OPERATION, "invalid privilege type %s for %s", upper, kind);
}

bool privilege_read_word(Command *command, const char *word, AclMask rights, const char *kind, AclMask *privileges)
{
    AclMask privilege;
    if (!privilege_of_word(command, word, &privilege))
        return false;
    *privileges |= privilege;
    return !(privilege & ~rights) || invalid_privilege(command, privilege, kind);
}

static bool read_privileges(Command *command, const PgQuery__GrantStmt *statement, GrantJob *job)
{
    job->all = statement->n_privileges == 0;
    for (size_t i = 0; i < statement->n_privileges; i++) {
        const PgQuery__AccessPriv *item = statement->privileges[i]->access_priv;
        if (item->n_cols > 0) {
            if (job->kind->type != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE)
                return error_set(command->error, ERRCODE_INVALID_GRANT_OPERATION, "column privileges are only valid for relations");
            vec_push(command->arena, &job->columns, item);
            continue;
        }
        if (!privilege_read_word(command, item->priv_name, job->kind->rights, job->kind->word, &job->privileges))
            return false;
    }
    return true;
}

bool grantees_read(Command *command, const PgQuery__GrantStmt *statement, Grant *grant)
{
    Oid *grantees = ARENA_ARRAY(command->arena, Oid, statement->n_grantees + 1);
    for (size_t i = 0; i < statement->n_grantees; i++)
        if (!role_resolve_or_public(command, statement->grantees[i]->role_spec, &grantees[i]))
            return false;
    grant->grantees = grantees;
    grant->ngrantees = statement->n_grantees;
    return true;
}

/* ALL ... IN SCHEMA: tables kind by kind, as PostgreSQL goes through them. */
static bool objects_in_schema(Command *command, const char *name, const GrantKind *kind, OidList *objects)
{
    static const char TABLES[] = "SELECT oid FROM pg_class WHERE relnamespace = ?1 AND instr(?2, relkind) ORDER BY instr(?2, relkind), oid";
    static const char ROUTINES[] = "SELECT oid FROM pg_proc WHERE pronamespace = ?1 AND instr(?2, prokind) ORDER BY oid";
    const CatNamespace *schema = catalog_namespace_by_name(command->catalog, name);
    if (!schema)
        return object_missing(command, object_kind(PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA), name);
    Oid oid = schema->oid;
    if (!require_privilege(command, PG_NAMESPACE_RELATION, oid, ACL_USAGE))
        return false;
    bool routines = kind->class_oid == PG_PROC_RELATION;
    const char *kinds = kind->default_kind == 's'                               ? "S"
                        : kind->type == PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION  ? "fwa"
                        : kind->type == PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE ? "p"
                        : routines                                              ? "fwap"
                                                                                : "rvmfp";
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, routines ? ROUTINES : TABLES, "os", oid, kinds);
    if (!rows)
        return false;
    for (size_t i = 0; i < rows->nrows; i++)
        vec_push(command->arena, objects, (Oid)CATALOG_CELL(rows, i, 0).i);
    return true;
}

static bool find_type(Command *command, const PgQuery__List *names, Oid *oid)
{
    const CatType *type;
    if (!type_find(command, names->items, names->n_items, false, &type))
        return false;
    *oid = type->oid;
    return true;
}

/* A parameter has a row from the first grant on. */
static bool find_parameter(Command *command, const char *written, bool is_grant, Oid *oid)
{
    static const char FIND[] = "SELECT oid FROM pg_parameter_acl WHERE parname = ?1";
    const char *name = str_lower(command->arena, written);
    int64_t found;
    if (!query_integer(command, &found, OID_NONE, FIND, "s", name))
        return false;
    *oid = (Oid)found;
    if (*oid != OID_NONE || !is_grant)
        return true;
    if (!setting_may_be_granted(command, name))
        return error_set(command->error, ERRCODE_INVALID_NAME, "invalid parameter name \"%s\"", written);
    *oid = catalog_new_oid(command->catalog, command->error);
    const char *list =
        acl_text((AclItem[]){{ROLE_BOOTSTRAP_SUPERUSER, ROLE_BOOTSTRAP_SUPERUSER, ACL_SET | ACL_ALTER_SYSTEM, 0}}, 1, command->arena);
    return *oid != OID_NONE &&
           catalog_exec(command->catalog, command->error, NULL, "INSERT INTO pg_parameter_acl (oid, parname, paracl) VALUES (?1, ?2, ?3)",
                        "oss", *oid, name, list);
}

static bool find_large_object(Command *command, const Node *object)
{
    const PgQuery__AConst *constant = object->node_case == PG_QUERY__NODE__NODE_A_CONST ? object->a_const : NULL;
    const char *number = object->node_case == PG_QUERY__NODE__NODE_INTEGER ? arena_printf(command->arena, "%d", object->integer->ival)
                         : object->node_case == PG_QUERY__NODE__NODE_FLOAT ? object->float_->fval
                         : constant && constant->val_case == PG_QUERY__A__CONST__VAL_IVAL
                             ? arena_printf(command->arena, "%d", constant->ival->ival)
                         : constant && constant->val_case == PG_QUERY__A__CONST__VAL_FVAL ? constant->fval->fval
                                                                                          : "0";
    return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "large object %s does not exist", number);
}

static bool find_object(Command *command, const GrantKind *kind, const Node *object, bool is_grant, Oid *oid)
{
    const CatRelation *relation;
    switch (kind->class_oid) {
    case PG_CLASS_RELATION:
        if (!relation_find(command, object->range_var, false, &relation))
            return false;
        *oid = relation->oid;
        return true;
    case PG_TYPE_RELATION:
        return find_type(command, object->list, oid);
    case PG_PROC_RELATION:
        return function_resolve(command, kind->type, object->object_with_args, false, oid);
    case PG_PARAMETER_ACL_RELATION:
        return find_parameter(command, node_text(object), is_grant, oid);
    default:
        return object_find(command, object_kind(kind->type), node_text(object), false, oid);
    }
}

static bool read_objects(Command *command, const PgQuery__GrantStmt *statement, GrantJob *job)
{
    bool in_schema = statement->targtype == PG_QUERY__GRANT_TARGET_TYPE__ACL_TARGET_ALL_IN_SCHEMA;
    for (size_t i = 0; i < statement->n_objects; i++) {
        const Node *object = statement->objects[i];
        Oid oid;
        if (in_schema) {
            if (!objects_in_schema(command, node_text(object), job->kind, &job->objects))
                return false;
            continue;
        }
        if (!find_object(command, job->kind, object, statement->is_grant, &oid))
            return false;
        if (oid != OID_NONE) /* a parameter of which nobody has been granted anything */
            vec_push(command->arena, &job->objects, oid);
    }
    return true;
}

/* ---- what may be granted ---- */

/* An object or a column while its list changes; names are for messages. */
typedef struct Subject {
    ObjectAddress address;
    const char *name, *column; /* column NULL: the object itself */
    Oid owner;
    AclList list;
    AclMask rights;
} Subject;

static void warn(Command *command, bool is_grant, bool none, const Subject *subject)
{
    const char *what = is_grant ? (none ? "no privileges were granted" : "not all privileges were granted")
                                : (none ? "no privileges could be revoked" : "not all privileges could be revoked");
    const char *state = is_grant ? ERRCODE_WARNING_PRIVILEGE_NOT_GRANTED : ERRCODE_WARNING_PRIVILEGE_NOT_REVOKED;
    if (subject->column)
        notice(command->context->notices, SEVERITY_WARNING, state, "%s for column \"%s\" of relation \"%s\"", what, subject->column,
               subject->name);
    else
        notice(command->context->notices, SEVERITY_WARNING, state, "%s for \"%s\"", what, subject->name);
}

/* Reduces *privileges to those with a grant option. */
static bool restrict_privileges(Command *command, const Grant *grant, const Subject *subject, AclMask options, bool all,
                                AclMask *privileges)
{
    if (!options) {
        AclMask any = catalog_privileges(command->catalog, subject->address.class_oid, subject->address.oid, subject->address.sub,
                                         command->user, subject->rights);
        if (!any && subject->column)
            any = catalog_privileges(command->catalog, subject->address.class_oid, subject->address.oid, 0, command->user, subject->rights);
        if (!any && subject->column)
            return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied for column \"%s\" of relation \"%s\"",
                             subject->column, subject->name);
        if (!any && subject->address.class_oid == PG_CLASS_RELATION && subject->rights != SEQUENCE_RIGHTS) /* of whatever kind */
            return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied for table %s", subject->name);
        if (!any && subject->address.class_oid == PG_TYPE_RELATION) /* by its bare name, here alone */
            return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied for type %s", subject->name);
        if (!any)
            return catalog_denied(command->catalog, subject->address.class_oid, subject->address.oid, false, command->error);
    }
    AclMask wanted = *privileges;
    *privileges &= options;
    if (*privileges == 0)
        warn(command, grant->is_grant, true, subject);
    else if (!all && *privileges != wanted)
        warn(command, grant->is_grant, false, subject);
    return true;
}

/* Changes one list; `granting`: the list the grantor is chosen by. */
static bool change(Command *command, const Grant *grant, Subject *subject, const AclList *granting, AclMask privileges, bool all)
{
    Oid grantor;
    AclMask options;
    return acl_best_grantor(command, privileges, granting, subject->owner, &grantor, &options) &&
           restrict_privileges(command, grant, subject, options, all, &privileges) &&
           acl_list_apply(command, &subject->list, grant, privileges, grantor, subject->owner) &&
           catalog_set_acl(command->catalog, subject->address, subject->column && subject->list.count == 0 ? NULL : subject->list.items,
                           subject->list.count, command->error);
}

static bool load_subject(Command *command, const GrantKind *kind, Oid oid, Subject *out)
{
    const char *sql =
        arena_printf(command->arena, "SELECT %s, %s, %s FROM %s WHERE oid = ?1", kind->name, kind->owner, kind->acl, kind->table);
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, sql, "o", oid);
    if (!rows || rows->nrows == 0)
        return false;
    *out = (Subject){.address = object_address(kind->class_oid, oid, 0),
                     .name = CATALOG_CELL(rows, 0, 0).text,
                     .owner = (Oid)CATALOG_CELL(rows, 0, 1).i,
                     .rights = kind->class_oid == PG_CLASS_RELATION ? RELATION_RIGHTS : kind->rights};
    size_t count;
    AclItem *items = CATALOG_CELL(rows, 0, 2).is_null ? acl_default(kind->default_kind, out->owner, command->arena, &count)
                                                      : acl_parse(CATALOG_CELL(rows, 0, 2).text, command->arena, &count);
    out->list = acl_list_copy(command, items, count);
    return true;
}

/* ---- tables and their columns ---- */

typedef struct ColumnRow {
    int number;
    const char *name, *acl;
    AclMask privileges; /* to be changed */
} ColumnRow;

typedef VEC(ColumnRow) ColumnRows;

/* All columns, the system's first. */
static bool load_columns(Command *command, Oid relation, ColumnRows *out)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT attnum, attname, attacl FROM pg_attribute WHERE attrelid = ?1 AND NOT attisdropped"
                                      " ORDER BY attnum",
                                      "o", relation);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        ColumnRow row = {(int)CATALOG_CELL(rows, i, 0).i, CATALOG_CELL(rows, i, 1).text,
                         CATALOG_CELL(rows, i, 2).is_null ? NULL : CATALOG_CELL(rows, i, 2).text, 0};
        vec_push(command->arena, out, row);
    }
    return rows != NULL;
}

static bool mark_columns(Command *command, const PgQuery__AccessPriv *item, const Subject *table, ColumnRows *columns)
{
    AclMask privilege = COLUMN_RIGHTS;
    if (text_given(item->priv_name) && !privilege_of_word(command, item->priv_name, &privilege))
        return false;
    if (privilege & ~(AclMask)COLUMN_RIGHTS)
        return invalid_privilege(command, privilege, "column");
    if (table->rights == SEQUENCE_RIGHTS && privilege & ~(AclMask)ACL_SELECT) {
        notice(command->context->notices, SEVERITY_WARNING, ERRCODE_INVALID_GRANT_OPERATION,
               "sequence \"%s\" only supports SELECT column privileges", table->name);
        privilege &= ACL_SELECT;
    }
    for (size_t i = 0; i < item->n_cols; i++) {
        const char *name = node_text(item->cols[i]);
        size_t at = 0;
        while (at < columns->count && !str_eq(columns->items[at].name, name))
            at++;
        if (at == columns->count)
            return error_set(command->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", name,
                             table->name);
        columns->items[at].privileges |= privilege;
    }
    return true;
}

static bool change_columns(Command *command, const Grant *grant, const Subject *table, const AclList *table_list, const ColumnRows *columns)
{
    for (size_t i = 0; i < columns->count; i++) {
        const ColumnRow *row = &columns->items[i];
        if (!row->privileges)
            continue;
        size_t count = 0;
        AclItem *items = row->acl ? acl_parse(row->acl, command->arena, &count) : NULL;
        Subject column = *table;
        column.address.sub = row->number;
        column.column = row->name;
        column.rights = COLUMN_RIGHTS;
        column.list = acl_list_copy(command, items, count);
        AclList merged = acl_list_concat(command, table_list, &column.list);
        if (!change(command, grant, &column, &merged, row->privileges, row->privileges == COLUMN_RIGHTS))
            return false;
    }
    return true;
}

static bool refuse_relation(Command *command, const GrantJob *job, const CatRelation *relation)
{
    const char *name = relation->name;
    if (relation->kind == 'i' || relation->kind == 'I')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is an index", name);
    if (relation->kind == 'c')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is a composite type", name);
    return job->kind->default_kind != 's' || relation->kind == 'S' ||
           error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not a sequence", name);
}

/* What of the privileges the relation can have: a sequence, also where it is called a table, leaves out what sequences do not have. */
static bool privileges_of_relation(Command *command, const GrantJob *job, const Subject *subject, AclMask *privileges)
{
    bool is_sequence = subject->rights == SEQUENCE_RIGHTS;
    *privileges = job->all ? subject->rights : job->privileges;
    if (!(*privileges & ~subject->rights))
        return true;
    if (!is_sequence)
        return error_set(command->error, ERRCODE_INVALID_GRANT_OPERATION, "invalid privilege type USAGE for table");
    notice(command->context->notices, SEVERITY_WARNING, ERRCODE_INVALID_GRANT_OPERATION,
           "sequence \"%s\" only supports USAGE, SELECT, and UPDATE privileges", subject->name);
    *privileges &= SEQUENCE_RIGHTS;
    return true;
}

static bool change_relation(Command *command, const GrantJob *job, Oid oid)
{
    const CatRelation *relation = catalog_relation(command->catalog, oid);
    const GrantKind *kind = job->kind;
    Subject table;
    ColumnRows columns = {0};
    AclMask privileges;
    if (!refuse_relation(command, job, relation))
        return false;
    bool is_sequence = relation->kind == 'S';
    for (size_t i = 0; is_sequence && i < COUNT_OF(KINDS); i++)
        if (KINDS[i].default_kind == 's')
            kind = &KINDS[i];
    if (!load_subject(command, kind, oid, &table) || !load_columns(command, oid, &columns))
        return false;
    table.rights = is_sequence ? SEQUENCE_RIGHTS : RELATION_RIGHTS;
    if (!privileges_of_relation(command, job, &table, &privileges))
        return false;
    if (!job->grant.is_grant)
        for (size_t i = 0; i < columns.count; i++)
            columns.items[i].privileges |= privileges & COLUMN_RIGHTS;
    AclList before = acl_list_copy(command, table.list.items, table.list.count);
    if (privileges && !change(command, &job->grant, &table, &before, privileges, job->all))
        return false;
    for (size_t i = 0; i < job->columns.count; i++)
        if (!mark_columns(command, job->columns.items[i], &table, &columns))
            return false;
    return change_columns(command, &job->grant, &table, &before, &columns);
}

static bool is_untrusted_language(Command *command, const GrantKind *kind, Oid oid, bool *untrusted)
{
    int64_t found = 0;
    bool ok = kind->class_oid != PG_LANGUAGE_RELATION ||
              query_integer(command, &found, 0, "SELECT NOT lanpltrusted FROM pg_language WHERE oid = ?1", "o", oid);
    *untrusted = found != 0;
    return ok;
}

/* Array types share their elements' privileges. */
static bool refuse_type(Command *command, const GrantKind *kind, Oid oid)
{
    const CatType *type = kind->class_oid == PG_TYPE_RELATION ? catalog_type(command->catalog, oid) : NULL;
    if (!type)
        return true;
    if (type->element && type->category == 'A') {
        error_set(command->error, ERRCODE_INVALID_GRANT_OPERATION, "cannot set privileges of array types");
        return error_hint(command->error, "Set the privileges of the element type instead.");
    }
    return kind->type != PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN || type->kind == 'd' ||
           error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not a domain", type->name);
}

/* A parameter on which nobody but the superuser has anything has no row. */
static bool forget_parameter(Command *command, const GrantKind *kind, const Subject *subject)
{
    const AclItem *only = subject->list.items;
    if (kind->class_oid != PG_PARAMETER_ACL_RELATION || subject->list.count != 1 || only->grantee != ROLE_BOOTSTRAP_SUPERUSER ||
        only->grant_options || only->privileges != (ACL_SET | ACL_ALTER_SYSTEM))
        return true;
    return catalog_delete_object(command->catalog, subject->address, command->error);
}

static bool change_object(Command *command, const GrantJob *job, Oid oid)
{
    Subject subject;
    bool untrusted;
    if (job->kind->class_oid == PG_CLASS_RELATION)
        return change_relation(command, job, oid);
    if (!refuse_type(command, job->kind, oid) || !load_subject(command, job->kind, oid, &subject) ||
        !is_untrusted_language(command, job->kind, oid, &untrusted))
        return false;
    if (untrusted) {
        error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "language \"%s\" is not trusted", subject.name);
        return error_detail(command->error, "GRANT and REVOKE are not allowed on untrusted languages, because only superusers can use "
                                            "untrusted languages.");
    }
    AclList before = acl_list_copy(command, subject.list.items, subject.list.count);
    return change(command, &job->grant, &subject, &before, job->all ? job->kind->rights : job->privileges, job->all) &&
           forget_parameter(command, job->kind, &subject);
}

/* ---- the statement ---- */

static bool check_grantor(Command *command, const PgQuery__GrantStmt *statement)
{
    Oid grantor = command->user;
    if (statement->grantor && !role_resolve(command, statement->grantor, &grantor))
        return false;
    return grantor == command->user || error_unsupported(command->error, "grantor must be current user");
}

bool privilege_grant(Command *command)
{
    const PgQuery__GrantStmt *statement = command->node->grant_stmt;
    GrantJob job = {.grant = {.is_grant = statement->is_grant, .grant_option = statement->grant_option}};
    job.grant.behavior = statement->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ? DROP_CASCADE : DROP_RESTRICT;
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (KINDS[i].type == statement->objtype)
            job.kind = &KINDS[i];
    if (!check_grantor(command, statement))
        return false;
    if (!job.kind) /* there are none */
        return find_large_object(command, statement->objects[0]);
    if (!read_objects(command, statement, &job) || !grantees_read(command, statement, &job.grant) ||
        !read_privileges(command, statement, &job))
        return false;
    for (size_t i = 0; i < job.objects.count; i++)
        if (!change_object(command, &job, job.objects.items[i]))
            return false;
    return true;
}

bool privilege_revoke_all(Command *command, ObjectAddress object, Oid role)
{
    GrantJob job = {.grant = {.behavior = DROP_CASCADE, .grantees = &role, .ngrantees = 1}, .all = true};
    if (object.class_oid == PG_DEFAULT_ACL_RELATION)
        return default_privileges_revoke_all(command, object.oid, role);
    for (size_t i = 0; i < COUNT_OF(KINDS); i++)
        if (!job.kind && KINDS[i].class_oid == object.class_oid)
            job.kind = &KINDS[i];
    return !job.kind || change_object(command, &job, object.oid);
}
