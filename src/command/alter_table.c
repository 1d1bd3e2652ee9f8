/*
 * alter_table.c - ALTER FOREIGN TABLE (and ALTER TABLE on one): its actions in PostgreSQL's order; names and schemas of relations.
 *
 * Invariants:
 *  1. An action is a row of ACTIONS: its pass, what is checked of all actions before any runs, what runs.
 *  2. Passes run in the order of AlterPass, within one the actions as written.
 *  3. An action that PostgreSQL refuses for the kind of relation is refused in its words; one that it takes and Medley does not: 0A000.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/alter_internal.h"
#include "command/names.h"
#include "command/sequence_internal.h"

/* Kinds of relations that an action may be said of. */
#define TABLE "rp"
#define FOREIGN "f"
#define VIEW "v"
#define MATVIEW "m"
#define INDEX "iI"
#define TYPE "c"
#define ACTION(type, name, kinds, pass, prepare, run)                                                                                      \
    {                                                                                                                                      \
        PG_QUERY__ALTER_TABLE_TYPE__AT_##type, name, kinds, pass, prepare, run                                                             \
    }

static const AlterAction ACTIONS[] = {
    ACTION(AddColumn, "ADD COLUMN", TABLE TYPE FOREIGN, PASS_ADD_COLUMN, NULL, alter_add_column),
    ACTION(ColumnDefault, "ALTER COLUMN ... SET DEFAULT", TABLE VIEW FOREIGN, PASS_ADD_CONSTRAINT, NULL, alter_default),
    ACTION(DropNotNull, "ALTER COLUMN ... DROP NOT NULL", TABLE FOREIGN, PASS_DROP, NULL, alter_drop_not_null),
    ACTION(SetNotNull, "ALTER COLUMN ... SET NOT NULL", TABLE FOREIGN, PASS_COLUMN_ATTRIBUTES, NULL, alter_set_not_null),
    ACTION(SetStatistics, "ALTER COLUMN ... SET STATISTICS", TABLE MATVIEW INDEX FOREIGN, PASS_MISC, NULL, alter_statistics),
    ACTION(SetStorage, "ALTER COLUMN ... SET STORAGE", TABLE MATVIEW FOREIGN, PASS_MISC, NULL, alter_storage),
    ACTION(DropColumn, "DROP COLUMN", TABLE TYPE FOREIGN, PASS_DROP, NULL, alter_drop_column),
    ACTION(AlterColumnType, "ALTER COLUMN ... SET DATA TYPE", TABLE TYPE FOREIGN, PASS_ALTER_TYPE, alter_type_prepare, alter_type),
    ACTION(AlterColumnGenericOptions, "ALTER COLUMN ... OPTIONS", FOREIGN, PASS_MISC, NULL, alter_column_options),
    ACTION(AddConstraint, "ADD CONSTRAINT", TABLE FOREIGN, PASS_ADD_KEY, NULL, alter_add_constraint),
    ACTION(DropConstraint, "DROP CONSTRAINT", TABLE FOREIGN, PASS_DROP, NULL, alter_drop_constraint),
    ACTION(ChangeOwner, "OWNER TO", NULL, PASS_MISC, NULL, alter_owner),
    ACTION(GenericOptions, "OPTIONS", FOREIGN, PASS_MISC, NULL, alter_table_options),
    ACTION(DropOids, "SET WITHOUT OIDS", TABLE FOREIGN, PASS_DROP, NULL, alter_nothing),
    ACTION(SetOptions, "ALTER COLUMN ... SET", TABLE MATVIEW FOREIGN, PASS_MISC, NULL, alter_set_attributes),
    ACTION(ResetOptions, "ALTER COLUMN ... RESET", TABLE MATVIEW FOREIGN, PASS_MISC, NULL, alter_reset_attributes),
    ACTION(DropExpression, "ALTER COLUMN ... DROP EXPRESSION", TABLE FOREIGN, PASS_DROP, NULL, alter_drop_expression),
    ACTION(AddIdentity, "ALTER COLUMN ... ADD IDENTITY", TABLE VIEW FOREIGN, PASS_ADD_CONSTRAINT, NULL, alter_add_identity),
    ACTION(SetIdentity, "ALTER COLUMN ... SET", TABLE VIEW FOREIGN, PASS_MISC, NULL, alter_set_identity),
    ACTION(DropIdentity, "ALTER COLUMN ... DROP IDENTITY", TABLE VIEW FOREIGN, PASS_DROP, NULL, alter_drop_identity),
    ACTION(ValidateConstraint, "VALIDATE CONSTRAINT", TABLE FOREIGN, PASS_MISC, NULL, alter_validate_constraint),
    ACTION(EnableTrig, "ENABLE TRIGGER", TABLE FOREIGN, PASS_MISC, NULL, alter_enable_trigger),
    ACTION(EnableAlwaysTrig, "ENABLE ALWAYS TRIGGER", TABLE FOREIGN, PASS_MISC, NULL, alter_enable_always_trigger),
    ACTION(EnableReplicaTrig, "ENABLE REPLICA TRIGGER", TABLE FOREIGN, PASS_MISC, NULL, alter_enable_replica_trigger),
    ACTION(DisableTrig, "DISABLE TRIGGER", TABLE FOREIGN, PASS_MISC, NULL, alter_disable_trigger),
    ACTION(EnableTrigAll, "ENABLE TRIGGER ALL", TABLE FOREIGN, PASS_MISC, NULL, alter_enable_trigger),
    ACTION(DisableTrigAll, "DISABLE TRIGGER ALL", TABLE FOREIGN, PASS_MISC, NULL, alter_disable_trigger),
    ACTION(EnableTrigUser, "ENABLE TRIGGER USER", TABLE FOREIGN, PASS_MISC, NULL, alter_enable_trigger),
    ACTION(DisableTrigUser, "DISABLE TRIGGER USER", TABLE FOREIGN, PASS_MISC, NULL, alter_disable_trigger),
    ACTION(AddInherit, "INHERIT", TABLE FOREIGN, PASS_MISC, alter_inherit_prepare, alter_inherit),
    ACTION(DropInherit, "NO INHERIT", TABLE FOREIGN, PASS_MISC, NULL, alter_no_inherit),
    ACTION(SetCompression, "ALTER COLUMN ... SET COMPRESSION", TABLE MATVIEW, PASS_MISC, NULL, alter_compression),
    ACTION(AlterConstraint, "ALTER CONSTRAINT", TABLE, PASS_MISC, NULL, alter_constraint),
    ACTION(ClusterOn, "CLUSTER ON", TABLE MATVIEW, PASS_MISC, NULL, alter_cluster_on),
    ACTION(DropCluster, "SET WITHOUT CLUSTER", TABLE MATVIEW, PASS_MISC, NULL, alter_drop_cluster),
    ACTION(SetLogged, "SET LOGGED", TABLE "S", PASS_MISC, alter_prepare_persistence, alter_persistence),
    ACTION(SetUnLogged, "SET UNLOGGED", TABLE "S", PASS_MISC, alter_prepare_persistence, alter_persistence),
    ACTION(SetAccessMethod, "SET ACCESS METHOD", TABLE MATVIEW, PASS_MISC, alter_access_method, alter_nothing),
    ACTION(SetTableSpace, "SET TABLESPACE", TABLE MATVIEW INDEX, PASS_MISC, alter_tablespace, alter_nothing),
    ACTION(SetRelOptions, "SET", TABLE VIEW MATVIEW "i", PASS_MISC, NULL, alter_storage_parameters),
    ACTION(ResetRelOptions, "RESET", TABLE VIEW MATVIEW "i", PASS_MISC, NULL, alter_storage_parameters),
    ACTION(EnableRule, "ENABLE RULE", TABLE, PASS_MISC, NULL, alter_rule),
    ACTION(EnableAlwaysRule, "ENABLE ALWAYS RULE", TABLE, PASS_MISC, NULL, alter_rule),
    ACTION(EnableReplicaRule, "ENABLE REPLICA RULE", TABLE, PASS_MISC, NULL, alter_rule),
    ACTION(DisableRule, "DISABLE RULE", TABLE, PASS_MISC, NULL, alter_rule),
    ACTION(AddOf, "OF", TABLE, PASS_MISC, NULL, NULL),
    ACTION(DropOf, "NOT OF", TABLE, PASS_MISC, NULL, alter_not_of),
    ACTION(ReplicaIdentity, "REPLICA IDENTITY", TABLE MATVIEW, PASS_MISC, NULL, alter_replica_identity),
    ACTION(EnableRowSecurity, "ENABLE ROW SECURITY", TABLE, PASS_MISC, NULL, NULL),
    ACTION(DisableRowSecurity, "DISABLE ROW SECURITY", TABLE, PASS_MISC, NULL, alter_nothing),
    ACTION(ForceRowSecurity, "FORCE ROW SECURITY", TABLE, PASS_MISC, NULL, NULL),
    ACTION(NoForceRowSecurity, "NO FORCE ROW SECURITY", TABLE, PASS_MISC, NULL, alter_nothing),
    ACTION(AttachPartition, "ATTACH PARTITION", TABLE "I", PASS_MISC, NULL, alter_attach_partition),
    ACTION(DetachPartition, "DETACH PARTITION", TABLE, PASS_MISC, NULL, alter_detach_partition),
    ACTION(DetachPartitionFinalize, "DETACH PARTITION ... FINALIZE", TABLE, PASS_MISC, NULL, alter_detach_finalize),
};

static const AlterAction *find_action(PgQuery__AlterTableType type)
{
    for (size_t i = 0; i < COUNT_OF(ACTIONS); i++)
        if (ACTIONS[i].type == type)
            return &ACTIONS[i];
    return NULL;
}

/* ---- finding the relation ---- */

/* What an ALTER of each kind may be said of; PostgreSQL is lenient for some. */
static const struct {
    PgQuery__ObjectType type;
    const char *kinds, *word;
} ALTER_KINDS[] = {
    {PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE, "f", "a foreign table"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_VIEW, "v", "a view"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW, "m", "a materialized view"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE, "S", "a sequence"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_INDEX, "iI", "an index"},
    {PG_QUERY__OBJECT_TYPE__OBJECT_TYPE, "c", "a composite type"},
};

static bool refuse_system(Command *command, const CatRelation *relation)
{
    return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied: \"%s\" is a system catalog", relation->name);
}

/* The views that initdb makes are no system catalogs to PostgreSQL, and may be changed there: here they may not, which is said where
 * nothing else is wrong. */
bool alter_check_built_in(Command *command, Oid relation)
{
    return !relation_is_system(relation) || refuse_system(command, catalog_relation(command->catalog, relation));
}

static bool check_kind(Command *command, const CatRelation *relation, PgQuery__ObjectType type)
{
    for (size_t i = 0; i < COUNT_OF(ALTER_KINDS); i++)
        if (ALTER_KINDS[i].type == type && !strchr(ALTER_KINDS[i].kinds, relation->kind))
            return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is not %s", relation->name, ALTER_KINDS[i].word);
    if (type == PG_QUERY__OBJECT_TYPE__OBJECT_TYPE || relation->kind != 'c')
        return true;
    error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is a composite type", relation->name);
    return error_hint(command->error, "Use ALTER TYPE instead.");
}

/* The relation of an ALTER, by someone who may; *relation NULL: missing, and said so in a notice. */
static bool look_up(Command *command, const PgQuery__RangeVar *range, bool missing_ok, const CatRelation **relation)
{
    if (!relation_find(command, range, missing_ok, relation))
        return false;
    if (!*relation)
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "relation \"%s\" does not exist, skipping",
               range->relname);
    return true;
}

static bool may_change(Command *command, const CatRelation *relation)
{
    return require_owner(command, PG_CLASS_RELATION, relation->oid) &&
           (!catalog_is_pinned(object_address(PG_CLASS_RELATION, relation->oid, 0)) || refuse_system(command, relation));
}

static bool find_relation(Command *command, const PgQuery__RangeVar *range, bool missing_ok, const CatRelation **relation)
{
    return look_up(command, range, missing_ok, relation) && (!*relation || may_change(command, *relation));
}

static bool require_foreign(Command *command, const CatRelation *relation)
{
    return strchr("frpSiIvcm", relation->kind) || error_unsupported(command->error, "ALTER of this kind of relation is not supported");
}

/* ---- the statement ---- */

static bool refuse_kind(Command *command, const Alter *alter, const AlterAction *action)
{
    error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "ALTER action %s cannot be performed on relation \"%s\"", action->name,
              alter->name);
    return error_detail(command->error, "This operation is not supported for %s.", relation_kind_words(command->arena, alter->kind));
}

static bool prepare(Command *command, const Alter *alter, const AlterAction *action, const PgQuery__AlterTableCmd *cmd)
{
    if (action && action->kinds && !strchr(action->kinds, alter->kind))
        return refuse_kind(command, alter, action);
    if (!action || !action->run)
        return error_unsupported(command->error, "%s ... %s is not supported", sql_command_tag(command->node),
                                 action ? action->name : "with this action");
    return (!action->prepare || action->prepare(command, alter, cmd)) && inherit_prepare(command, alter, cmd);
}

static AlterPass pass_of(const AlterAction *action, const PgQuery__AlterTableCmd *cmd, char kind)
{
    const PgQuery__Constraint *constraint = cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint ? cmd->def->constraint : NULL;
    if (constraint && kind == 'f' && constraint->contype != PG_QUERY__CONSTR_TYPE__CONSTR_CHECK)
        return PASS_REFUSE_CONSTRAINT;
    if (constraint && constraint->contype != PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY &&
        constraint->contype != PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE)
        return PASS_ADD_CHECK;
    if (constraint && text_given(constraint->indexname))
        return PASS_PROMOTE_KEY;
    /* DROP DEFAULT comes with the other drops. */
    return cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault && !cmd->def ? PASS_DROP : action->pass;
}

/* DETACH ... CONCURRENTLY is a transaction, or two, of its own. */
static bool check_concurrently(Command *command, const PgQuery__AlterTableStmt *statement)
{
    for (size_t i = 0; i < statement->n_cmds; i++) {
        const PgQuery__AlterTableCmd *cmd = statement->cmds[i]->alter_table_cmd;
        if (cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition && cmd->def->partition_cmd->concurrent &&
            !command_require_alone(command, "ALTER TABLE ... DETACH CONCURRENTLY"))
            return false;
    }
    return true;
}

static const struct {
    PgQuery__AlterTableType type;
    bool (*note)(Rewrite *rewrite, const Alter *alter, const PgQuery__AlterTableCmd *cmd);
} REWRITES[] = {
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType, rewrite_type},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn, rewrite_add},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetLogged, rewrite_persistence},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetUnLogged, rewrite_persistence},
};

static bool prepare_all(Command *command, const Alter *alter, const PgQuery__AlterTableStmt *statement, Rewrite *rewrite)
{
    for (size_t i = 0; i < statement->n_cmds; i++) {
        const PgQuery__AlterTableCmd *cmd = statement->cmds[i]->alter_table_cmd;
        if (!prepare(command, alter, find_action(cmd->subtype), cmd))
            return false;
        for (size_t k = 0; k < COUNT_OF(REWRITES); k++)
            if (REWRITES[k].type == cmd->subtype && !REWRITES[k].note(rewrite, alter, cmd))
                return false;
    }
    return alter_check_built_in(command, alter->relation);
}

/* All indexes that become keys are looked at before the first does. */
static bool find_promoted(Command *command, const Alter *alter, const PgQuery__AlterTableStmt *statement)
{
    for (size_t i = 0; i < statement->n_cmds; i++) {
        const PgQuery__AlterTableCmd *cmd = statement->cmds[i]->alter_table_cmd;
        if (pass_of(find_action(cmd->subtype), cmd, alter->kind) == PASS_PROMOTE_KEY &&
            !key_promote_find(command, alter, cmd->def->constraint))
            return false;
    }
    return true;
}

/* All actions, pass by pass; then what they mean to the rows that are there. */
static bool alter_run(Command *command, const Alter *alter, const PgQuery__AlterTableStmt *statement)
{
    StoredRules before;
    Rewrite rewrite;
    bool tree_changed = false;
    if (!rewrite_begin(command, alter, &rewrite) || !prepare_all(command, alter, statement, &rewrite) ||
        !stored_rows_rules(command, alter->relation, &before))
        return false;
    rewrite_read(&rewrite);
    for (AlterPass pass = 0; pass < PASS_COUNT; pass++) {
        if ((pass == PASS_ALTER_TYPE && !rebuild_begin(command, alter, statement, &rewrite.rebuild)) ||
            (pass == PASS_PROMOTE_KEY && !find_promoted(command, alter, statement)))
            return false;
        for (size_t i = 0; i < statement->n_cmds; i++) {
            const PgQuery__AlterTableCmd *cmd = statement->cmds[i]->alter_table_cmd;
            const AlterAction *action = find_action(cmd->subtype);
            tree_changed |= cmd->subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_AttachPartition;
            if (pass_of(action, cmd, alter->kind) == pass && !inherit_run(command, alter, action, cmd))
                return false;
        }
        if ((pass == PASS_ALTER_TYPE && !rebuild_run(&rewrite.rebuild)) ||
            (pass == PASS_ADD_CHECK && !inherit_added_checks(command, alter)))
            return false;
    }
    return alter_added_options(command, alter) && rewrite_store(&rewrite) && stored_rows_verify(command, &before, &rewrite, tree_changed);
}

bool table_alter(Command *command)
{
    const PgQuery__AlterTableStmt *statement = command->node->alter_table_stmt;
    const CatRelation *relation;
    if (!check_concurrently(command, statement) || !find_relation(command, statement->relation, statement->missing_ok, &relation))
        return false;
    if (!relation)
        return true;
    if (!check_kind(command, relation, statement->objtype) || !require_foreign(command, relation) ||
        !relation_require_unused(command, relation->oid, relation->name, "ALTER TABLE"))
        return false;
    Alter alter = {.relation = relation->oid,
                   .server = relation->server,
                   .name = arena_strdup(command->arena, relation->name),
                   .kind = relation->kind};
    alter.is_partition = relation->is_partition;
    alter.recurse = statement->relation->inh;
    KeyList checks = {0};
    Promotions promoted = {0};
    AlterCommands optioned = {0};
    alter.added_checks = &checks;
    alter.promoted = &promoted;
    alter.optioned = &optioned;
    alter.types_changed = ARENA_ARRAY(command->arena, bool, TABLE_MAX_COLUMNS + 1);
    return alter_run(command, &alter, statement);
}

/* ---- RENAME ---- */

static bool name_taken(Command *command, const char *sql, const char *name, Oid schema, bool *taken)
{
    int64_t oid;
    bool ok = query_integer(command, &oid, OID_NONE, sql, "so", name, schema);
    *taken = ok && oid != OID_NONE;
    return ok;
}

/* The row type goes by the table's name, its array type by one derived from it. */
static bool rename_types(Command *command, Oid relation, const char *name, Oid schema)
{
    const char *array;
    int64_t own;
    if (!type_name_free(command, name, schema)) {
        command->error->hint = NULL; /* is given to who makes a relation */
        return false;
    }
    if (!query_integer(command, &own, OID_NONE, "SELECT typarray FROM pg_type WHERE typrelid = ?1", "o", relation) ||
        !array_type_name(command, name, schema, (Oid)own, &array))
        return false;
    return catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_type SET typname = ?2 WHERE oid = ?1", "os", (Oid)own, array) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_type SET typname = ?2 WHERE typrelid = ?1", "os", relation,
                        name);
}

static bool rename_relation(Command *command, const PgQuery__RenameStmt *statement)
{
    const CatRelation *relation;
    bool taken;
    if (!find_relation(command, statement->relation, statement->missing_ok, &relation))
        return false;
    if (!relation)
        return true;
    Oid oid = relation->oid, schema = relation->namespace_oid;
    char kind = relation->kind;
    /* ALTER INDEX ... RENAME is taken for any relation, as ALTER TABLE is. */
    PgQuery__ObjectType type = statement->rename_type;
    type = type == PG_QUERY__OBJECT_TYPE__OBJECT_INDEX ? PG_QUERY__OBJECT_TYPE__OBJECT_TABLE : type;
    if (!require_privilege(command, PG_NAMESPACE_RELATION, schema, ACL_CREATE) || !check_kind(command, relation, type) ||
        !require_foreign(command, relation) ||
        !name_taken(command, "SELECT oid FROM pg_class WHERE relname = ?1 AND relnamespace = ?2", statement->newname, schema, &taken))
        return false;
    if (taken)
        return error_set(command->error, ERRCODE_DUPLICATE_TABLE, "relation \"%s\" already exists", statement->newname);
    if (!alter_check_built_in(command, oid))
        return false;
    bool index = strchr("iI", kind) != NULL;
    NamedTexts named;
    return names_read_relation(command, relation->name, oid, &named) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relname = ?2 WHERE oid = ?1", "os", oid,
                        statement->newname) &&
           (index ? catalog_exec(command->catalog, command->error, NULL,
                                 "UPDATE pg_constraint SET conname = ?2 WHERE conindid = ?1 AND contype IN ('p', 'u')", "os", oid,
                                 statement->newname)
                  : kind == 'S' || rename_types(command, oid, statement->newname, schema)) &&
           names_write(command, &named);
}

/* The column of one table. expected: how many of its parents are renamed along. */
static bool rename_one(Command *command, const PgQuery__RenameStmt *statement, Oid relation, int64_t expected)
{
    const CatRelation *record = catalog_relation(command->catalog, relation);
    Alter alter = {.relation = relation, .name = arena_strdup(command->arena, record->name), .kind = record->kind};
    int number;
    int64_t inherited;
    NamedTexts named;
    if (!require_owner(command, PG_CLASS_RELATION, relation) || !alter_find_column(command, &alter, statement->subname, &number) ||
        !query_integer(command, &inherited, 0, "SELECT attinhcount FROM pg_attribute WHERE attname = ?1 AND attrelid = ?2", "so",
                       statement->subname, relation))
        return false;
    if (number == 0)
        return error_set(command->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" does not exist", statement->subname);
    if (number < 0)
        return error_unsupported(command->error, "cannot rename system column \"%s\"", statement->subname);
    if (inherited > expected)
        return error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION, "cannot rename inherited column \"%s\"", statement->subname);
    return alter_check_new_column(command, &alter, statement->newname, NULL) &&
           names_read_relation(command, statement->subname, relation, &named) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_attribute SET attname = ?3 WHERE attrelid = ?1 AND attnum = ?2",
                        "ois", relation, (int64_t)number, statement->newname) &&
           names_write(command, &named);
}

/* ONLY is for a table without children. */
static bool check_alone(Command *command, const PgQuery__RenameStmt *statement, Oid relation)
{
    int64_t children = 0;
    if (!statement->relation->inh &&
        !query_integer(command, &children, 0, "SELECT count(*) FROM pg_inherits WHERE inhparent = ?1", "o", relation))
        return false;
    return !children || error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION,
                                  "inherited column \"%s\" must be renamed in child tables too", statement->subname);
}

static bool rename_in_tree(Command *command, const PgQuery__RenameStmt *statement, Oid root)
{
    CatalogRows *tree = catalog_query(command->catalog, command->arena, command->error,
                                      "WITH RECURSIVE tree(oid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON"
                                      " inhparent = tree.oid) SELECT oid, (SELECT count(*) FROM pg_inherits WHERE inhrelid = tree.oid"
                                      " AND inhparent IN (SELECT oid FROM tree)) FROM tree",
                                      "o", root);
    if (!tree)
        return false;
    /* The table itself comes last. */
    for (size_t i = 1; i <= tree->nrows; i++) {
        size_t at = i % tree->nrows;
        if (!rename_one(command, statement, (Oid)CATALOG_CELL(tree, at, 0).i, CATALOG_CELL(tree, at, 1).i))
            return false;
    }
    return true;
}

/* Sequences have neither columns nor constraints of their owner's. */
static bool check_renameable(Command *command, const CatRelation *relation)
{
    if (relation->kind != 'S')
        return true;
    error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot rename columns of relation \"%s\"", relation->name);
    return error_detail(command->error, "This operation is not supported for sequences.");
}

static bool rename_column(Command *command, const PgQuery__RenameStmt *statement)
{
    const CatRelation *relation;
    if (!look_up(command, statement->relation, statement->missing_ok, &relation))
        return false;
    if (!relation)
        return true;
    Oid oid = relation->oid;
    return check_renameable(command, relation) && may_change(command, relation) && require_foreign(command, relation) &&
           check_alone(command, statement, oid) && alter_check_built_in(command, oid) && rename_in_tree(command, statement, oid);
}

static bool rename_constraint(Command *command, const PgQuery__RenameStmt *statement)
{
    const CatRelation *relation;
    if (!look_up(command, statement->relation, statement->missing_ok, &relation))
        return false;
    return !relation || (check_renameable(command, relation) && may_change(command, relation) &&
                         alter_check_built_in(command, relation->oid) && constraint_rename(command, statement, relation));
}

bool table_rename(Command *command, const PgQuery__RenameStmt *statement)
{
    switch (statement->rename_type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
        return rename_constraint(command, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ATTRIBUTE:
        return rename_column(command, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW:
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE:
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX:
        return rename_relation(command, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_RULE:
        return rule_rename(command, statement);
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY:
        return policy_rename(command, statement);
    default:
        return error_unsupported(command->error, "this kind of RENAME is not supported");
    }
}

/* ---- SET SCHEMA ---- */

bool relation_move(Command *command, Oid oid, Oid from, Oid to)
{
    static const char *const UPDATES[] = {
        "UPDATE pg_class SET relnamespace = ?2 WHERE oid = ?1",
        "UPDATE pg_type SET typnamespace = ?2 WHERE oid = (SELECT typarray FROM pg_type WHERE typrelid = ?1)",
        "UPDATE pg_type SET typnamespace = ?2 WHERE typrelid = ?1",
        "UPDATE pg_constraint SET connamespace = ?2 WHERE conrelid = ?1",
        "UPDATE pg_class SET relnamespace = ?2 WHERE oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = ?1)",
    };
    for (size_t i = 0; i < COUNT_OF(UPDATES); i++)
        if (!catalog_exec(command->catalog, command->error, NULL, UPDATES[i], "oo", oid, to))
            return false;
    return depend_on_schema(command, object_address(PG_CLASS_RELATION, oid, 0), from, to);
}

bool relation_set_schema(Command *command, Oid oid, Oid to)
{
    const CatRelation *relation = catalog_relation(command->catalog, oid);
    const char *name = arena_strdup(command->arena, relation->name);
    Oid from = relation->namespace_oid;
    bool taken;
    if (!name_taken(command, "SELECT oid FROM pg_class WHERE relname = ?1 AND relnamespace = ?2", name, to, &taken))
        return false;
    if (taken)
        return error_set(command->error, ERRCODE_DUPLICATE_TABLE, "relation \"%s\" already exists in schema \"%s\"", name,
                         catalog_namespace(command->catalog, to)->name);
    NamedTexts named;
    return names_read_relation(command, name, oid, &named) && relation_move(command, oid, from, to) &&
           sequences_move(command, oid, from, to) && names_write(command, &named);
}

/* What belongs to a table goes where that goes. */
static bool check_movable(Command *command, const CatRelation *relation)
{
    if (!strchr("iI", relation->kind))
        return true;
    error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot change schema of index \"%s\"", relation->name);
    return error_hint(command->error, "Change the schema of the table instead.");
}

bool table_set_schema(Command *command, const PgQuery__AlterObjectSchemaStmt *statement)
{
    const CatRelation *relation;
    if (!find_relation(command, statement->relation, statement->missing_ok, &relation))
        return false;
    if (!relation)
        return true;
    Oid oid = relation->oid, from = relation->namespace_oid;
    if (!check_kind(command, relation, statement->object_type) || !check_movable(command, relation) ||
        !require_foreign(command, relation) ||
        (relation->kind == 'S' && !sequence_check_unlinked(command, oid, "cannot move an owned sequence into another schema")))
        return false;
    Oid to;
    if (!schema_move_target(command, statement->newschema, from, &to))
        return false;
    return alter_check_built_in(command, oid) && (to == from || relation_set_schema(command, oid, to));
}
