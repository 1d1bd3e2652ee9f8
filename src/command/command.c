/*
 * command.c - the table of utility statements: parser node, what runs it, completion tag.
 *
 * Invariants:
 *  1. A statement that the session does not run itself and this table has no row for does not exist: the parser's other utility
 *     nodes have a row that refuses them by name (0A000).
 *  2. A row without a tag has the tag that the parser's tree gives (DROP SERVER, ALTER FOREIGN TABLE, ...).
 *  3. A command looks nothing up before it has the catalog's writer, so that what it found is still so when it changes something. ANALYZE
 * and IMPORT FOREIGN SCHEMA alone ask their sources first, for as long as that may take.
 *
 * Entered by the session's worker only.
 */
#include "command/collation.h"

typedef struct CommandRow {
    PgQuery__Node__NodeCase node;
    CommandFn run;
    const char *tag;
} CommandRow;

static bool refuse(Command *command)
{
    return error_unsupported(command->error, "%s is not supported", sql_command_tag(command->node));
}

/* No provider can be loaded here. */
static bool refuse_label(Command *command)
{
    const char *provider = text_given(command->node->sec_label_stmt->provider);
    if (provider)
        return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "security label provider \"%s\" is not loaded", provider);
    return error_set(command->error, ERRCODE_INVALID_PARAMETER_VALUE, "no security label providers have been loaded");
}

/* CREATE of what has a list of definitions. */
static bool define(Command *command)
{
    const PgQuery__DefineStmt *statement = command->node->define_stmt;
    return statement->kind == PG_QUERY__OBJECT_TYPE__OBJECT_COLLATION ? collation_create(command, statement) : refuse(command);
}

#define ROW(name, run, tag)                                                                                                                \
    {                                                                                                                                      \
        PG_QUERY__NODE__NODE_##name, run, tag                                                                                              \
    }

static const CommandRow ROWS[] = {
    ROW(CREATE_ROLE_STMT, role_create, "CREATE ROLE"),
    ROW(ALTER_ROLE_STMT, role_alter, "ALTER ROLE"),
    ROW(ALTER_ROLE_SET_STMT, role_alter_settings, "ALTER ROLE"),
    ROW(DROP_ROLE_STMT, role_drop, "DROP ROLE"),
    ROW(GRANT_ROLE_STMT, membership_grant, NULL),
    ROW(DROP_OWNED_STMT, owned_drop, "DROP OWNED"),
    ROW(REASSIGN_OWNED_STMT, owned_reassign, "REASSIGN OWNED"),
    ROW(CREATE_SCHEMA_STMT, schema_create, "CREATE SCHEMA"),
    ROW(CREATE_EXTENSION_STMT, extension_create, "CREATE EXTENSION"),
    ROW(ALTER_EXTENSION_STMT, extension_alter, "ALTER EXTENSION"),
    ROW(ALTER_EXTENSION_CONTENTS_STMT, extension_contents, "ALTER EXTENSION"),
    ROW(CREATE_FDW_STMT, wrapper_create, "CREATE FOREIGN DATA WRAPPER"),
    ROW(ALTER_FDW_STMT, wrapper_alter, "ALTER FOREIGN DATA WRAPPER"),
    ROW(CREATE_FOREIGN_SERVER_STMT, server_create, "CREATE SERVER"),
    ROW(ALTER_FOREIGN_SERVER_STMT, server_alter, "ALTER SERVER"),
    ROW(CREATE_USER_MAPPING_STMT, user_mapping_create, "CREATE USER MAPPING"),
    ROW(ALTER_USER_MAPPING_STMT, user_mapping_alter, "ALTER USER MAPPING"),
    ROW(DROP_USER_MAPPING_STMT, user_mapping_drop, "DROP USER MAPPING"),
    ROW(CREATE_FOREIGN_TABLE_STMT, foreign_table_create, "CREATE FOREIGN TABLE"),
    ROW(IMPORT_FOREIGN_SCHEMA_STMT, foreign_schema_import, "IMPORT FOREIGN SCHEMA"),
    ROW(ALTER_TABLE_STMT, table_alter, NULL),
    ROW(DROP_STMT, object_drop, NULL),
    ROW(RENAME_STMT, object_rename, NULL),
    ROW(ALTER_OWNER_STMT, object_change_owner, NULL),
    ROW(ALTER_OBJECT_SCHEMA_STMT, object_set_schema, NULL),
    ROW(COMMENT_STMT, object_comment, "COMMENT"),
    ROW(GRANT_STMT, privilege_grant, NULL),
    ROW(ALTER_DEFAULT_PRIVILEGES_STMT, default_privileges_alter, "ALTER DEFAULT PRIVILEGES"),
    ROW(ALTER_COLLATION_STMT, collation_refresh, "ALTER COLLATION"),
    ROW(ALTER_DATABASE_REFRESH_COLL_STMT, database_refresh_collation, "ALTER DATABASE"),
    ROW(ALTER_DATABASE_SET_STMT, database_alter_settings, "ALTER DATABASE"),
    ROW(ALTER_DATABASE_STMT, database_alter, "ALTER DATABASE"),
    ROW(ALTER_DOMAIN_STMT, domain_alter, "ALTER DOMAIN"),
    ROW(ALTER_ENUM_STMT, enum_alter, "ALTER TYPE"),
    ROW(ALTER_EVENT_TRIG_STMT, refuse, NULL),
    ROW(ALTER_FUNCTION_STMT, function_alter, NULL),
    ROW(ALTER_OBJECT_DEPENDS_STMT, object_depends_on_extension, NULL),
    ROW(ALTER_OPERATOR_STMT, refuse, NULL),
    ROW(ALTER_OP_FAMILY_STMT, refuse, NULL),
    ROW(ALTER_POLICY_STMT, policy_alter, NULL),
    ROW(ALTER_PUBLICATION_STMT, refuse, NULL),
    ROW(ALTER_SEQ_STMT, sequence_alter, "ALTER SEQUENCE"),
    ROW(ALTER_STATS_STMT, statistics_alter, "ALTER STATISTICS"),
    ROW(ALTER_SUBSCRIPTION_STMT, refuse, NULL),
    ROW(ALTER_SYSTEM_STMT, refuse, NULL),
    ROW(ALTER_TABLE_MOVE_ALL_STMT, relations_move_tablespace, NULL),
    ROW(ALTER_TABLE_SPACE_OPTIONS_STMT, refuse, NULL),
    ROW(ALTER_TSCONFIGURATION_STMT, refuse, NULL),
    ROW(ALTER_TSDICTIONARY_STMT, refuse, NULL),
    ROW(ALTER_TYPE_STMT, type_alter, "ALTER TYPE"),
    ROW(CALL_STMT, refuse, NULL),
    ROW(CHECK_POINT_STMT, refuse, NULL),
    ROW(CLUSTER_STMT, relation_cluster, NULL),
    ROW(COMPOSITE_TYPE_STMT, composite_create, "CREATE TYPE"),
    ROW(CREATE_AM_STMT, refuse, NULL),
    ROW(CREATE_CAST_STMT, refuse, NULL),
    ROW(CREATE_CONVERSION_STMT, refuse, NULL),
    ROW(CREATEDB_STMT, refuse, NULL),
    ROW(CREATE_DOMAIN_STMT, domain_create, "CREATE DOMAIN"),
    ROW(CREATE_ENUM_STMT, enum_create, "CREATE TYPE"),
    ROW(CREATE_EVENT_TRIG_STMT, refuse, NULL),
    ROW(CREATE_FUNCTION_STMT, function_create, NULL),
    ROW(CREATE_OP_CLASS_STMT, refuse, NULL),
    ROW(CREATE_OP_FAMILY_STMT, refuse, NULL),
    ROW(CREATE_PLANG_STMT, refuse, NULL),
    ROW(CREATE_POLICY_STMT, policy_create, NULL),
    ROW(CREATE_PUBLICATION_STMT, refuse, NULL),
    ROW(CREATE_RANGE_STMT, refuse, NULL),
    ROW(CREATE_SEQ_STMT, sequence_create, "CREATE SEQUENCE"),
    ROW(CREATE_STATS_STMT, statistics_create, "CREATE STATISTICS"),
    ROW(CREATE_STMT, table_create, "CREATE TABLE"),
    ROW(CREATE_SUBSCRIPTION_STMT, refuse, NULL),
    ROW(CREATE_TABLE_AS_STMT, table_as_create, NULL),
    ROW(CREATE_TABLE_SPACE_STMT, refuse, NULL),
    ROW(CREATE_TRANSFORM_STMT, refuse, NULL),
    ROW(CREATE_TRIG_STMT, trigger_create, "CREATE TRIGGER"),
    ROW(DEFINE_STMT, define, NULL),
    ROW(DO_STMT, refuse, NULL),
    ROW(DROPDB_STMT, database_drop, NULL),
    ROW(DROP_SUBSCRIPTION_STMT, subscription_drop, NULL),
    ROW(DROP_TABLE_SPACE_STMT, tablespace_drop, NULL),
    ROW(INDEX_STMT, index_create, "CREATE INDEX"),
    ROW(LISTEN_STMT, refuse, NULL),
    ROW(LOAD_STMT, refuse, NULL),
    ROW(LOCK_STMT, table_lock, "LOCK TABLE"),
    ROW(NOTIFY_STMT, refuse, NULL),
    ROW(REFRESH_MAT_VIEW_STMT, materialized_view_refresh, "REFRESH MATERIALIZED VIEW"),
    ROW(REINDEX_STMT, relation_reindex, NULL),
    ROW(RULE_STMT, rule_create, NULL),
    ROW(SEC_LABEL_STMT, refuse_label, NULL),
    ROW(TRUNCATE_STMT, table_truncate, "TRUNCATE TABLE"),
    ROW(UNLISTEN_STMT, refuse, NULL),
    ROW(VACUUM_STMT, table_vacuum, NULL),
    ROW(VIEW_STMT, view_create, "CREATE VIEW"),
};

static const CommandRow *find(const Node *node)
{
    for (size_t i = 0; node && i < COUNT_OF(ROWS); i++)
        if (ROWS[i].node == node->node_case)
            return &ROWS[i];
    return NULL;
}

static bool run_row(const CommandRow *row, Command *command)
{
    bool needs_writer = row->run != refuse && row->run != foreign_schema_import && row->run != table_lock && row->run != table_vacuum;
    return (!needs_writer || catalog_write_begin(command->catalog, command->error)) && row->run(command);
}

bool command_require_alone(Command *command, const char *statement)
{
    if (!command->context->in_transaction)
        return true;
    return error_set(command->error, ERRCODE_ACTIVE_SQL_TRANSACTION,
                     command->context->in_routine ? "%s cannot be executed from a function" : "%s cannot run inside a transaction block",
                     statement);
}

bool command_knows(const Node *node)
{
    return find(node) != NULL;
}

bool command_run(const Node *node, CommandContext *context, Arena *arena, const char **tag, Error *error)
{
    const CommandRow *row = find(node);
    Command command = {context, context->catalog, node, arena, error, context->current_user};
    *tag = row && row->tag ? row->tag : sql_command_tag(node);
    DropCheck before = catalog_set_drop_check(command.catalog, (DropCheck){command_may_drop, context});
    bool done = row ? run_row(row, &command) : refuse(&command);
    catalog_set_drop_check(command.catalog, before);
    return done;
}

bool command_run_node(Command *outer, const Node *node)
{
    const CommandRow *row = find(node);
    Command inner = *outer;
    inner.node = node;
    return row ? run_row(row, &inner) : refuse(&inner);
}
