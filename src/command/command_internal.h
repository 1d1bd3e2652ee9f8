/*
 * command_internal.h - what the files of this folder share: one running statement, names to objects, option lists.
 *
 * Records of the catalog are borrowed and end with the next change, so a command copies the OIDs and texts it needs first.
 */
#ifndef MEDLEY_COMMAND_INTERNAL_H
#define MEDLEY_COMMAND_INTERNAL_H

#include "command/command.h"
#include "func/proc_oids.h"

/* One running statement. */
typedef struct Command {
    CommandContext *context;
    Catalog *catalog;
    const Node *node;
    Arena *arena;
    Error *error;
    Oid user; /* whose privileges count */
} Command;

typedef bool (*CommandFn)(Command *command);

/* A statement inside another one (CREATE SCHEMA's elements). */
bool command_run_node(Command *outer, const Node *node) MUST_CHECK;

/* What the thread has used of processors, and the time: for what is told of a statement's parts. */
typedef struct Usage {
    double user, system, elapsed; /* seconds */
} Usage;
Usage command_usage(void);
const char *command_usage_text(Arena *arena, const Usage *since); /* "CPU: user: 0.00 s, ..." */

/* 25001 within a transaction of several statements, or a routine. */
bool command_require_alone(Command *command, const char *statement) MUST_CHECK;

/* ---- name.c: names as the parser gives them ---- */

typedef PgQuery__Node **NodeList;

const char *node_text(const Node *node); /* of a String node; NULL: another node */
/* The parser's tree has "" for an absent text: NULL then. */
static inline const char *text_given(const char *text)
{
    return text && *text ? text : NULL;
}
/* {a, b, c} joined with dots, as error messages show names. */
const char *name_list_text(Command *command, NodeList items, size_t count);
/* schema (NULL: none) and name; 42601 with too many parts, 0A000 when another database is named. */
bool name_list_split(Command *command, NodeList items, size_t count, const char **schema, const char **name) MUST_CHECK;
/* PostgreSQL's "conflicting or redundant options", at the option's place. */
bool conflicting_options(Command *command, const PgQuery__DefElem *option);
/* 42601 when it is none. */
bool option_bool(Command *command, const PgQuery__DefElem *option, bool *out) MUST_CHECK;
const char *option_string(Command *command, const PgQuery__DefElem *option); /* text of any constant argument; NULL: none */

/* A role as the statement names it. PUBLIC: 42704, unless `public_oid` (out) is wanted, then *oid is OID_NONE. */
bool role_resolve(Command *command, const PgQuery__RoleSpec *spec, Oid *oid) MUST_CHECK;
bool role_resolve_or_public(Command *command, const PgQuery__RoleSpec *spec, Oid *oid) MUST_CHECK;
const char *role_name(Command *command, Oid role); /* copied; "???" when there is none */
bool role_is_reserved(const char *name);           /* pg_... */
/* 42501 must be member of role. */
bool role_check_member(Command *command, Oid role) MUST_CHECK;

/* A list of names as a relation's; 42601 with too many of them. */
bool relation_name_read(Command *command, NodeList names, size_t count, PgQuery__RangeVar *range) MUST_CHECK;
/* A relation by RangeVar. Missing: *relation NULL, and with !missing_ok an error 42P01. */
bool relation_find(Command *command, const PgQuery__RangeVar *range, bool missing_ok, const CatRelation **relation) MUST_CHECK;
/* The type of that name, for someone who may use the schema it names. */
bool type_resolve(Command *command, const PgQuery__TypeName *name, Oid *type, int32_t *typmod) MUST_CHECK;
const char *relation_kind_word(char kind);                /* "table", "foreign table", ... */
const char *relation_kind_words(Arena *arena, char kind); /* "tables", "partitioned tables", ... */
bool relation_is_system(Oid relation);
/* 55006 while the session's own queries, around this statement or cursors, or triggers that wait are at it. statement: what is not to be.
 */
bool relation_require_unused(Command *command, Oid relation, const char *name, const char *statement) MUST_CHECK;

/* ---- catalog rows ---- */

/* pg_depend and pg_shdepend entries; nothing is written about what is pinned (initdb's own objects). */
bool depend_on(Command *command, ObjectAddress from, ObjectAddress on, char kind) MUST_CHECK;
/* In place of the schema that it was in. */
bool depend_on_schema(Command *command, ObjectAddress self, Oid from, Oid to) MUST_CHECK;
bool depend_on_owner(Command *command, ObjectAddress from, Oid owner) MUST_CHECK;
/* The first cell of a query as integer; `absent` when there is no row. false: failed. */
bool query_integer(Command *command, int64_t *out, int64_t absent, const char *sql, const char *types, ...) MUST_CHECK;
/* The one object at the end of a plain ALTER or CREATE. */
static inline ObjectAddress object_address(Oid class_oid, Oid oid, int sub)
{
    return (ObjectAddress){class_oid, oid, sub};
}
/* 42501 unless the role has all of `mask`. */
bool require_privilege(Command *command, Oid class_oid, Oid oid, AclMask mask) MUST_CHECK;
bool require_owner(Command *command, Oid class_oid, Oid oid) MUST_CHECK;

/* ---- options.c ---- */

/* Who checks an object's options: a wrapper's validator. */
typedef struct Validator {
    Oid function;            /* OID_NONE: nobody does */
    const FdwModule *module; /* NULL: it is written in SQL or PL/pgSQL */
    bool builtin;            /* postgresql_fdw_validator */
} Validator;

bool validator_of_wrapper(Command *command, Oid wrapper, Validator *out) MUST_CHECK;
bool validator_of_function(Command *command, Oid function, Validator *out) MUST_CHECK;
/* OPTIONS (...) applied to `old`, checked, in the stored form (NULL: none). */
bool options_change(Command *command, const FdwOptions *old, NodeList items, size_t count, const Validator *validator, FdwObject object,
                    const char **stored) MUST_CHECK;

/* ---- object.c: objects of any kind by name ---- */

typedef struct ObjectKind {
    PgQuery__ObjectType type;
    Oid class_oid;
    const char *word;   /* in messages: "foreign-data wrapper" */
    const char *table;  /* catalog table */
    const char *column; /* its name column */
    const char *owner;  /* its owner column; NULL: none */
    const char *missing_state;
    const char *exists_state;
} ObjectKind;

const ObjectKind *object_kind(PgQuery__ObjectType type); /* NULL: not one of those with a plain name */
/* By plain name; *oid OID_NONE when missing and missing_ok, else an error. */
bool object_find(Command *command, const ObjectKind *kind, const char *name, bool missing_ok, Oid *oid) MUST_CHECK;
bool object_require_owner(Command *command, const ObjectKind *kind, Oid oid) MUST_CHECK;
bool object_missing(Command *command, const ObjectKind *kind, const char *name);
bool object_exists(Command *command, const ObjectKind *kind, const char *name);

/* object_find.c: objects whose names are more than a word. *out without OID: missing, which may be; *relation: what it is on, or OID_NONE.
 */
bool object_find_special(Command *command, PgQuery__ObjectType type, const Node *object, bool missing_ok, ObjectAddress *out,
                         Oid *relation) MUST_CHECK;
bool object_require_special_owner(Command *command, PgQuery__ObjectType type, const Node *object, ObjectAddress found,
                                  Oid relation) MUST_CHECK;

/* ---- one file an object kind ---- */

bool role_create(Command *command), role_alter(Command *command), role_alter_settings(Command *command), role_drop(Command *command);
bool role_rename(Command *command, const PgQuery__RenameStmt *statement);
bool membership_grant(Command *command), owned_drop(Command *command), owned_reassign(Command *command);
/* Adds members to a role, or takes them away. */
typedef struct MembershipChange {
    const char *role_name;
    Oid role, grantor;
    bool admin;
    NodeList members;
    size_t nmembers;
} MembershipChange;
bool membership_add(Command *command, const MembershipChange *change) MUST_CHECK;
bool membership_remove(Command *command, const MembershipChange *change) MUST_CHECK;

/* role_setting.c: a list of "name=value", as pg_db_role_setting and pg_proc.proconfig keep it, after SET or RESET. */
typedef VEC(ArrayElement) SettingList;
/* Whether a parameter of this name can be: a setting there is, or a dotted name. */
bool setting_may_be_granted(Command *command, const char *name);
/* What the sessions of a role (OID_NONE: all) in a database (OID_NONE: any) begin with. */
bool setting_row_change(Command *command, const PgQuery__VariableSetStmt *set, Oid database, Oid role) MUST_CHECK;
bool setting_list_change(Command *command, const PgQuery__VariableSetStmt *set, SettingList *settings) MUST_CHECK;

bool statistics_create(Command *command), statistics_alter(Command *command);
bool statistics_copy(Command *command, Oid from, Oid to) MUST_CHECK; /* CREATE TABLE ... (LIKE ... INCLUDING STATISTICS) */
bool statistics_rename(Command *command, const PgQuery__RenameStmt *statement);
bool statistics_change_owner(Command *command, const PgQuery__AlterOwnerStmt *statement);
bool statistics_set_schema(Command *command, const PgQuery__AlterObjectSchemaStmt *statement);

/* alter_place.c: whether a relation can lie there. */
bool tablespace_check(Command *command, const char *name) MUST_CHECK;
/* Of a new relation in this schema; name NULL: a setting says where it goes. */
bool tablespace_check_new(Command *command, const char *name, Oid schema) MUST_CHECK;

/* absent.c */
bool database_alter(Command *command), database_alter_settings(Command *command), database_refresh_collation(Command *command);
bool database_rename(Command *command, const char *old, const char *new) MUST_CHECK;
/* Whether the database may be given to the owner. */
bool database_check_owner(Command *command, Oid database, Oid owner) MUST_CHECK;
bool database_drop(Command *command), subscription_drop(Command *command), tablespace_drop(Command *command);
bool relations_move_tablespace(Command *command); /* alter_place.c */
bool rule_create(Command *command), policy_create(Command *command), policy_alter(Command *command);
bool relation_cluster(Command *command), relation_reindex(Command *command);
bool rule_rename(Command *command, const PgQuery__RenameStmt *statement),
    policy_rename(Command *command, const PgQuery__RenameStmt *statement);
bool rule_missing(Command *command, const CatRelation *relation, const char *rule); /* the error that says so: false */

bool schema_create(Command *command);
bool schema_check_own(Command *command, Oid schema, const char *name) MUST_CHECK; /* 42501 for a relation in pg_catalog or pg_toast */
bool schema_check_new_name(Command *command, const char *name) MUST_CHECK;
bool schema_check_create_on_database(Command *command) MUST_CHECK;

bool extension_create(Command *command), extension_alter(Command *command), extension_contents(Command *command),
    object_depends_on_extension(Command *command);
bool extension_set_schema(Command *command, const PgQuery__AlterObjectSchemaStmt *statement);
/* extension_move.c: its members too. */
bool extension_move(Command *command, Oid extension, const char *name, Oid from, Oid to) MUST_CHECK;

bool wrapper_create(Command *command), wrapper_alter(Command *command);
/* The function of exactly these argument types, by the search path or its schema. */
bool function_find(Command *command, NodeList names, size_t count, const Oid *types, int ntypes, Oid *oid) MUST_CHECK;
/* A row of pg_foreign_data_wrapper with its dependencies. */
bool wrapper_insert(Command *command, const char *name, Oid handler, Oid validator, const char *options, Oid *oid) MUST_CHECK;
bool server_create(Command *command), server_alter(Command *command);
bool user_mapping_create(Command *command), user_mapping_alter(Command *command), user_mapping_drop(Command *command);

/* function.c, function_alter.c */
bool function_create(Command *command), function_alter(Command *command);
bool functions_drop(Command *command, const PgQuery__DropStmt *statement);
bool function_rename(Command *command, const PgQuery__RenameStmt *statement);
bool function_change_owner(Command *command, const PgQuery__AlterOwnerStmt *statement);
bool function_set_schema(Command *command, const PgQuery__AlterObjectSchemaStmt *statement);
bool function_move(Command *command, Oid oid, Oid to) MUST_CHECK; /* into another schema, where its name must be free */
/* The routine a statement means; *oid OID_NONE: there is none and missing_ok. type: FUNCTION, PROCEDURE, ROUTINE or AGGREGATE. */
bool function_resolve(Command *command, PgQuery__ObjectType type, const PgQuery__ObjectWithArgs *object, bool missing_ok,
                      Oid *oid) MUST_CHECK;
bool function_is_type(PgQuery__ObjectType type);

bool sequence_create(Command *command), sequence_alter(Command *command);
bool trigger_create(Command *command);
bool trigger_rename(Command *command, const PgQuery__RenameStmt *statement);
bool triggers_drop(Command *command, const PgQuery__DropStmt *statement);
/* The trigger of a name list, for one who owns its table. */
bool trigger_resolve(Command *command, const PgQuery__List *names, ObjectAddress *out) MUST_CHECK;
bool table_create(Command *command), index_create(Command *command), foreign_table_create(Command *command);
bool enum_create(Command *command), enum_alter(Command *command), composite_create(Command *command), domain_create(Command *command),
    domain_alter(Command *command), type_alter(Command *command);
/* DROP, RENAME, OWNER TO, SET SCHEMA of types and domains. */
bool types_drop(Command *command);
bool domain_rename_constraint(Command *command, const PgQuery__RenameStmt *statement);
bool type_rename(Command *command, const PgQuery__RenameStmt *statement);
bool type_change_owner(Command *command, const PgQuery__AlterOwnerStmt *statement);
bool type_set_schema(Command *command, const PgQuery__AlterObjectSchemaStmt *statement);
bool type_move(Command *command, Oid oid, Oid to) MUST_CHECK; /* into another schema, where its name must be free */
bool view_create(Command *command);
bool table_as_create(Command *command), materialized_view_refresh(Command *command);
/* After a change of names: the definitions of the views that read the relation (read before the change) are written anew. */
typedef struct ViewDefinition {
    Oid oid;
    const Query *query;
} ViewDefinition;
typedef VEC(ViewDefinition) ViewDefinitions;
bool view_definitions_read(Command *command, ObjectAddress on, ViewDefinitions *out) MUST_CHECK;
bool view_definitions_mention(Command *command, const char *word, ViewDefinitions *out) MUST_CHECK; /* texts that have the word */
bool view_definitions_write(Command *command, const ViewDefinitions *views) MUST_CHECK;
bool table_vacuum(Command *command) MUST_CHECK; /* vacuum.c: ANALYZE too */
/* The rows of a relation's own are stored anew, in the order of the index where one is given. */
bool table_store_anew(Command *command, Oid relation, Oid index, bool verbose) MUST_CHECK;
bool foreign_schema_import(Command *command);
bool table_alter(Command *command);
bool table_rename(Command *command, const PgQuery__RenameStmt *statement);
bool table_set_schema(Command *command, const PgQuery__AlterObjectSchemaStmt *statement);

bool object_drop(Command *command), object_rename(Command *command), object_change_owner(Command *command),
    object_set_schema(Command *command);
bool object_comment(Command *command);
/* comment.c: any kind of object as COMMENT and ALTER EXTENSION name it, for one who owns it. */
bool object_resolve_owned(Command *command, PgQuery__ObjectType type, const Node *object, ObjectAddress *out) MUST_CHECK;
/* ALTER ... OWNER TO with all its checks; and as REASSIGN OWNED does it, which asks nothing of relations and types. */
bool owner_change(Command *command, ObjectAddress object, Oid owner) MUST_CHECK;
bool owner_reassign(Command *command, ObjectAddress object, Oid owner) MUST_CHECK;
bool relations_drop(Command *command, const PgQuery__DropStmt *statement);

bool table_lock(Command *command);
bool table_truncate(Command *command) MUST_CHECK;
bool privilege_grant(Command *command), default_privileges_alter(Command *command);
/* The list that ALTER DEFAULT PRIVILEGES lays down for a new object, whose row and owner are recorded; type: TABLE (any relation but a
 * sequence), SEQUENCE, FUNCTION, TYPE, SCHEMA. */
bool default_privileges_apply(Command *command, ObjectAddress object, PgQuery__ObjectType type, Oid owner, Oid schema) MUST_CHECK;

/* table_make.c: the schema of that name, or (NULL) where the path says. */
bool creation_namespace(Command *command, const char *name, Oid *schema) MUST_CHECK;
/* Of SET SCHEMA, for what lies in `from`. */
bool schema_move_target(Command *command, const char *name, Oid from, Oid *to) MUST_CHECK;

#endif
