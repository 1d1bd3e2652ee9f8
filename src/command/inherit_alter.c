/*
 * inherit_alter.c - ALTER TABLE on a table with children: each action is run on the table and, as PostgreSQL has it, below it.
 *
 * Invariants:
 *  1. What a table inherits it can neither lose nor change by itself.
 *  2. attinhcount and coninhcount go down with each parent that loses the column or CHECK; what nobody needs any more is dropped.
 *  3. Actions know nothing of this file: they change one table (alter_column.c and its sisters).
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/alter_internal.h"
#include "command/names.h"
#include "command/type_internal.h"
#include "func/partition.h"

/* One action on one table of the tree. */
typedef struct Step {
    Command *command;
    const Alter *alter;
    const AlterAction *action;
    const PgQuery__AlterTableCmd *cmd;
    struct Dropped *dropped; /* DROP COLUMN: the columns of the whole tree, which go at once */
} Step;

typedef struct Dropped {
    VEC(ObjectAddress) columns;
} Dropped;

typedef struct Children {
    Oid *items;
    size_t count;
} Children;

static bool refuse(const Step *step, const char *format, const char *name)
{
    char *text = arena_printf(step->command->arena, "%s", format);
    const char *mark = strstr(text, "%s");
    if (!mark)
        return error_set(step->command->error, ERRCODE_INVALID_TABLE_DEFINITION, "%s", text);
    return error_set(step->command->error, ERRCODE_INVALID_TABLE_DEFINITION, "%.*s%s%s", (int)(mark - text), text, name, mark + 2);
}

static bool refuse_only(const Step *step, const char *text)
{
    refuse(step, text, NULL);
    return error_hint(step->command->error, "Do not specify the ONLY keyword.");
}

bool inherit_children(Command *command, Oid relation, Oid **children, size_t *count)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT inhrelid FROM pg_inherits WHERE inhparent = ?1 ORDER BY inhrelid", "o", relation);
    *children = rows ? ARENA_ARRAY(command->arena, Oid, rows->nrows + 1) : NULL;
    *count = rows ? rows->nrows : 0;
    for (size_t i = 0; i < *count; i++)
        (*children)[i] = (Oid)CATALOG_CELL(rows, i, 0).i;
    return rows != NULL;
}

bool inherit_partitions(Command *command, Oid relation, Oid **partitions, size_t *count)
{
    const PartitionKey *key = partition_key(command->catalog, relation, command->arena, command->error);
    *count = 0;
    if (!key)
        return !error_is_set(command->error);
    const Partition *sorted = partition_children(command->context->functions, key, command->arena, count, command->error);
    *partitions = ARENA_ARRAY(command->arena, Oid, *count + 1);
    for (size_t i = 0; sorted && i < *count; i++)
        (*partitions)[i] = sorted[i].oid;
    return sorted != NULL;
}

static bool children_of(const Step *step, Children *out)
{
    return inherit_children(step->command, step->alter->relation, &out->items, &out->count);
}

/* The alteration of a child, whose owner the user must be too. */
static bool below(const Step *step, Oid child, Alter *out)
{
    Command *command = step->command;
    const CatRelation *relation = catalog_relation(command->catalog, child);
    *out = (Alter){.relation = child,
                   .server = relation->server,
                   .name = arena_strdup(command->arena, relation->name),
                   .kind = relation->kind,
                   .is_partition = relation->is_partition,
                   .recurse = true,
                   .recursing = true,
                   .types_changed = ARENA_ARRAY(command->arena, bool, TABLE_MAX_COLUMNS + 1)};
    return relation_require_unused(command, child, relation->name, "ALTER TABLE") && require_owner(command, PG_CLASS_RELATION, child);
}

/* ---- columns ---- */

typedef struct ColumnState {
    int number, inherit_count; /* number 0: there is none */
    bool is_local, not_null;
    Oid type, collation;
    int32_t typmod;
} ColumnState;

static bool read_column(Command *command, Oid relation, const char *name, ColumnState *out)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT attnum, attinhcount, attislocal, attnotnull, atttypid, attcollation, atttypmod"
                                      " FROM pg_attribute WHERE attname = ?1 AND attrelid = ?2 AND NOT attisdropped",
                                      "so", name, relation);
    *out = (ColumnState){0};
    if (!rows || rows->nrows == 0)
        return rows != NULL;
    *out = (ColumnState){.number = (int)CATALOG_CELL(rows, 0, 0).i,
                         .inherit_count = (int)CATALOG_CELL(rows, 0, 1).i,
                         .is_local = CATALOG_CELL(rows, 0, 2).i != 0,
                         .not_null = CATALOG_CELL(rows, 0, 3).i != 0,
                         .type = (Oid)CATALOG_CELL(rows, 0, 4).i,
                         .collation = (Oid)CATALOG_CELL(rows, 0, 5).i,
                         .typmod = (int32_t)CATALOG_CELL(rows, 0, 6).i};
    return true;
}

static bool count_column(Command *command, Oid relation, int number, int change, bool becomes_local)
{
    return catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_attribute SET attinhcount = attinhcount + ?3, attislocal = attislocal OR ?4"
                        " WHERE attrelid = ?1 AND attnum = ?2",
                        "oiib", relation, (int64_t)number, (int64_t)change, becomes_local);
}

static bool check_partition_key(const Step *step, int number, const char *verb)
{
    bool is_key;
    if (number <= 0 || step->alter->kind != 'p')
        return true;
    if (!partition_key_reads(step->command, step->alter->relation, number, &is_key) || !is_key)
        return !error_is_set(step->command->error);
    return error_set(step->command->error, ERRCODE_INVALID_TABLE_DEFINITION,
                     "cannot %s column \"%s\" because it is part of the partition key of relation \"%s\"", verb, step->cmd->name,
                     step->alter->name);
}

/* ---- actions that are the same on every table ---- */

typedef VEC(Oid) Tree;

static bool is_in(const Tree *tree, Oid relation)
{
    for (size_t i = 0; i < tree->count; i++)
        if (tree->items[i] == relation)
            return true;
    return false;
}

/* Level by level, and once for a table that has several ways down to it. */
static bool run_simple(const Step *step)
{
    Tree tree = {0};
    Alter alter = *step->alter;
    vec_push(step->command->arena, &tree, alter.relation);
    for (size_t i = 0; i < tree.count; i++) {
        Children children;
        Step one = {step->command, &alter, step->action, step->cmd, NULL};
        if ((i && !below(step, tree.items[i], &alter)) || !one.action->run(one.command, one.alter, one.cmd))
            return false;
        if (!step->alter->recurse)
            return true;
        if (!children_of(&one, &children))
            return false;
        for (size_t k = 0; k < children.count; k++)
            if (!is_in(&tree, children.items[k]))
                vec_push(step->command->arena, &tree, children.items[k]);
    }
    return true;
}

bool inherit_check_not_null(Command *command, Oid relation, const char *name)
{
    Children children;
    if (catalog_relation(command->catalog, relation)->kind != 'p')
        return true;
    if (!inherit_children(command, relation, &children.items, &children.count))
        return false;
    for (size_t i = 0; i < children.count; i++) {
        ColumnState column;
        if (!read_column(command, children.items[i], name, &column))
            return false;
        if (!column.number || column.not_null)
            continue;
        error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION, "constraint must be added to child tables too");
        error_detail(command->error, "Column \"%s\" of relation \"%s\" is not already NOT NULL.", name,
                     catalog_relation(command->catalog, children.items[i])->name);
        return error_hint(command->error, "Do not specify the ONLY keyword.");
    }
    return true;
}

static bool run_set_not_null(const Step *step)
{
    return (step->alter->recurse || inherit_check_not_null(step->command, step->alter->relation, step->cmd->name)) && run_simple(step);
}

static bool run_drop_not_null(const Step *step)
{
    Command *command = step->command;
    ColumnState column;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT 1 FROM pg_inherits JOIN pg_attribute ON attrelid = inhparent WHERE inhrelid = ?1"
                                      " AND attname = ?2 AND attnotnull",
                                      "os", step->alter->relation, step->cmd->name);
    if (!rows || !read_column(command, step->alter->relation, step->cmd->name, &column))
        return false;
    Children children;
    if (!children_of(step, &children))
        return false;
    if (children.count && !step->alter->recurse && step->alter->kind == 'p')
        return refuse_only(step, "cannot remove constraint from only the partitioned table when partitions exist");
    CatalogRows *key = catalog_query(command->catalog, command->arena, command->error,
                                     "SELECT 1 FROM pg_index WHERE indrelid = ?1 AND indisprimary"
                                     " AND instr(' ' || indkey || ' ', ' ' || ?2 || ' ')",
                                     "oi", step->alter->relation, (int64_t)column.number);
    if (!key)
        return false;
    if (key->nrows && column.number > 0)
        return refuse(step, "column \"%s\" is in a primary key", step->cmd->name);
    if (rows->nrows && step->alter->is_partition)
        return refuse(step, "column \"%s\" is marked NOT NULL in parent table", step->cmd->name);
    return run_simple(step);
}

/* ---- TYPE ---- */

static bool note_merges(const Step *step)
{
    CatalogRows *rows = catalog_query(step->command->catalog, step->command->arena, step->command->error,
                                      "SELECT conname FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid WHERE conrelid = ?1 AND"
                                      " attname = ?2 AND contype = 'c' AND conislocal AND coninhcount > 0"
                                      " AND instr(replace(replace(conkey, '{', ','), '}', ','), ',' || attnum || ',') ORDER BY conname",
                                      "os", step->alter->relation, step->cmd->name);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        notice(step->command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION,
               "merging constraint \"%s\" with inherited definition", CATALOG_CELL(rows, i, 0).text);
    return rows != NULL;
}

static bool run_type(const Step *step)
{
    Children children;
    if (!children_of(step, &children) || (step->alter->recursing && !note_merges(step)) ||
        !step->action->run(step->command, step->alter, step->cmd))
        return false;
    for (size_t i = 0; i < children.count; i++) {
        Alter alter;
        if (!below(step, children.items[i], &alter))
            return false;
        Step next = {step->command, &alter, step->action, step->cmd, NULL};
        if (!run_type(&next))
            return false;
    }
    return true;
}

bool inherit_check_type(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    Step step = {command, alter, NULL, cmd, NULL};
    ColumnState column;
    if (!read_column(command, alter->relation, cmd->name, &column))
        return false;
    if (column.inherit_count > 0)
        return refuse(&step, "cannot alter inherited column \"%s\"", cmd->name);
    return check_partition_key(&step, column.number, "alter");
}

/* The column may be a key of partitions below that are partitioned themselves. */
static bool check_keys_below(const Step *step)
{
    ColumnState column;
    Children children;
    if (!children_of(step, &children))
        return false;
    for (size_t i = 0; i < children.count; i++) {
        Alter alter;
        Step next = {step->command, &alter, step->action, step->cmd, NULL};
        if (!below(step, children.items[i], &alter) || !read_column(step->command, alter.relation, step->cmd->name, &column) ||
            !check_partition_key(&next, column.number, "alter") || !check_keys_below(&next))
            return false;
    }
    return true;
}

/* A column below that other parents give too keeps its type. */
static bool check_parents_below(const Step *step)
{
    static const char SQL[] =
        "WITH RECURSIVE tree(oid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = tree.oid)"
        " SELECT relname FROM tree JOIN pg_class c ON c.oid = tree.oid JOIN pg_attribute a ON attrelid = tree.oid AND attname = ?2"
        " WHERE tree.oid <> ?1"
        " AND attinhcount > (SELECT count(*) FROM pg_inherits i JOIN tree t ON i.inhparent = t.oid WHERE i.inhrelid = c.oid)";
    Command *command = step->command;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "os", step->alter->relation, step->cmd->name);
    if (!rows || !rows->nrows)
        return rows != NULL;
    return error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION, "cannot alter inherited column \"%s\" of relation \"%s\"",
                     step->cmd->name, CATALOG_CELL(rows, 0, 0).text);
}

/* Said of all actions before any runs. */
static bool check_type(const Step *step)
{
    ColumnState column;
    Children children;
    if (!read_column(step->command, step->alter->relation, step->cmd->name, &column) || !children_of(step, &children))
        return false;
    if (column.number <= 0)
        return true;
    if (step->alter->recurse)
        return check_parents_below(step) && check_keys_below(step);
    return children.count == 0 || refuse(step, "type of inherited column \"%s\" must be changed in child tables too", step->cmd->name);
}

/* ---- ADD COLUMN ---- */

static bool merge_added(const Step *step, const ColumnState *old, const NewColumn *column)
{
    Command *command = step->command;
    if (old->type != column->type || old->typmod != column->typmod)
        return error_set(command->error, ERRCODE_DATATYPE_MISMATCH, "child table \"%s\" has different type for column \"%s\"",
                         step->alter->name, column->name);
    if (old->collation != column->collation) {
        const CatCollation *had = catalog_collation(command->catalog, old->collation);
        const CatCollation *gets = catalog_collation(command->catalog, column->collation);
        error_set(command->error, ERRCODE_COLLATION_MISMATCH, "child table \"%s\" has different collation for column \"%s\"",
                  step->alter->name, column->name);
        return error_detail(command->error, "\"%s\" versus \"%s\"", had ? had->name : "", gets ? gets->name : "");
    }
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION,
           "merging definition of column \"%s\" for child \"%s\"", column->name, step->alter->name);
    return count_column(command, step->alter->relation, old->number, 1, false);
}

static bool add_below(const Step *step, const char *name);

/* The column on a child: its own already, or a new one. */
static bool add_to_child(const Step *step, const char *name)
{
    Command *command = step->command;
    ColumnState old;
    NewColumn column;
    if (!read_column(command, step->alter->relation, name, &old) ||
        !column_read(command, step->cmd->def->column_def, step->alter->name, &column))
        return false;
    if (old.number)
        return merge_added(step, &old, &column);
    return step->action->run(command, step->alter, step->cmd) && read_column(command, step->alter->relation, name, &old) &&
           catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_attribute SET attislocal = 0, attinhcount = 1 WHERE attrelid = ?1 AND attnum = ?2", "oi",
                        step->alter->relation, (int64_t)old.number) &&
           add_below(step, name);
}

static bool add_below(const Step *step, const char *name)
{
    Children children;
    if (!children_of(step, &children))
        return false;
    if (children.count && !step->alter->recurse)
        return refuse(step, "column must be added to child tables too", NULL);
    for (size_t i = 0; i < children.count; i++) {
        Alter alter;
        if (!below(step, children.items[i], &alter))
            return false;
        Step next = {step->command, &alter, step->action, step->cmd, NULL};
        if (!add_to_child(&next, name))
            return false;
    }
    return true;
}

/* The action with another definition. */
static PgQuery__AlterTableCmd *with_definition(const Step *step, PgQuery__ColumnDef *definition)
{
    PgQuery__AlterTableCmd *cmd = ARENA_NEW(step->command->arena, PgQuery__AlterTableCmd);
    PgQuery__Node *node = ARENA_NEW(step->command->arena, PgQuery__Node);
    *cmd = *step->cmd;
    *node = *step->cmd->def;
    cmd->def = node;
    node->column_def = definition;
    return cmd;
}

/* The definition without its CHECKs and keys, which are constraints of their own. */
static PgQuery__AlterTableCmd *without_constraints(const Step *step, KeyList *checks, KeyList *keys)
{
    Arena *arena = step->command->arena;
    const PgQuery__ColumnDef *definition = step->cmd->def->column_def;
    PgQuery__ColumnDef *rest = ARENA_NEW(arena, PgQuery__ColumnDef);
    if (step->alter->kind != 'f')
        definition = column_without_keys(arena, definition, keys);
    *rest = *definition;
    rest->constraints = ARENA_ARRAY(arena, PgQuery__Node *, definition->n_constraints + 1);
    rest->n_constraints = 0;
    for (size_t i = 0; i < definition->n_constraints; i++) {
        PgQuery__Node *constraint = definition->constraints[i];
        if (constraint->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK)
            vec_push(arena, checks, constraint->constraint);
        else
            rest->constraints[rest->n_constraints++] = constraint;
    }
    return with_definition(step, rest);
}

/* A serial column is one of an integer type below, whose default asks the same sequence. */
static bool definition_below(Step *step, const char *name)
{
    static const char DEFAULT[] = "SELECT pg_type.typname, adbin FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum"
                                  " JOIN pg_type ON pg_type.oid = atttypid WHERE adrelid = ?1 AND attname = ?2";
    Command *command = step->command;
    const PgQuery__ColumnDef *definition = step->cmd->def->column_def;
    if (!serial_type(definition->type_name))
        return true;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, DEFAULT, "os", step->alter->relation, name);
    ParsedText parsed;
    if (!rows ||
        !sql_parse(arena_printf(command->arena, "CREATE TABLE t (%s pg_catalog.%s NOT NULL DEFAULT %s)",
                                catalog_quote_identifier(command->catalog, name, command->arena), rows->cells[0].text, rows->cells[1].text),
                   command->arena, &parsed, command->error))
        return false;
    step->cmd = with_definition(step, parsed.items[0].node->create_stmt->table_elts[0]->column_def);
    return true;
}

/* Identity does not inherit. */
static bool check_identity(const Step *step, bool exists)
{
    const PgQuery__ColumnDef *definition = step->cmd->def->column_def;
    bool is_identity = false;
    Children children;
    for (size_t i = 0; i < definition->n_constraints; i++)
        is_identity |= definition->constraints[i]->constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY;
    if (!is_identity || !step->alter->recurse || exists)
        return true;
    return children_of(step, &children) &&
           (!children.count || refuse(step, "cannot recursively add identity column to table that has child tables", NULL));
}

static bool run_add_column(const Step *step)
{
    KeyList checks = {0}, keys = {0};
    ColumnState before;
    const char *name = step->cmd->def->column_def->colname;
    Step plain = *step;
    plain.cmd = without_constraints(step, &checks, &keys);
    if (step->alter->is_partition)
        return error_set(step->command->error, ERRCODE_WRONG_OBJECT_TYPE, "cannot add column to a partition");
    if (!read_column(step->command, step->alter->relation, name, &before) || !check_identity(step, before.number > 0) ||
        !step->action->run(step->command, step->alter, plain.cmd))
        return false;
    if (before.number) /* IF NOT EXISTS, and it does */
        return true;
    if (!definition_below(&plain, name) || !add_below(&plain, name))
        return false;
    for (size_t i = 0; i < checks.count; i++)
        vec_push(step->command->arena, step->alter->added_checks, checks.items[i]);
    for (size_t i = 0; i < keys.count; i++)
        if (!key_create(step->command, step->alter->relation, keys.items[i], !step->alter->recurse))
            return false;
    return true;
}

/* ---- DROP COLUMN ---- */

static bool gather_column(const Step *step);

static bool drop_from_child(const Step *step, Oid child)
{
    ColumnState column;
    if (!read_column(step->command, child, step->cmd->name, &column) || !column.number)
        return !error_is_set(step->command->error);
    if (!step->alter->recurse)
        return count_column(step->command, child, column.number, -1, true);
    if (column.inherit_count > 1 || column.is_local)
        return count_column(step->command, child, column.number, -1, false);
    Alter alter;
    if (!below(step, child, &alter))
        return false;
    Step next = {step->command, &alter, step->action, step->cmd, step->dropped};
    return gather_column(&next);
}

static bool gather_column(const Step *step)
{
    Children children;
    ColumnState column;
    if (!read_column(step->command, step->alter->relation, step->cmd->name, &column) || !children_of(step, &children))
        return false;
    if (column.number > 0 && column.inherit_count > 0 && !step->alter->recursing)
        return refuse(step, "cannot drop inherited column \"%s\"", step->cmd->name);
    if (!check_partition_key(step, column.number, "drop"))
        return false;
    if (column.number > 0 && children.count && !step->alter->recurse && step->alter->kind == 'p')
        return refuse_only(step, "cannot drop column from only the partitioned table when partitions exist");
    if (column.number <= 0) /* there is none to drop, which the action says */
        return step->action->run(step->command, step->alter, step->cmd);
    for (size_t i = 0; i < children.count; i++)
        if (!drop_from_child(step, children.items[i]))
            return false;
    vec_push(step->command->arena, &step->dropped->columns, object_address(PG_CLASS_RELATION, step->alter->relation, column.number));
    return true;
}

static bool drop_column(const Step *step)
{
    Dropped dropped = {0};
    Step gathering = *step;
    gathering.dropped = &dropped;
    DropBehavior behavior = step->cmd->behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE ? DROP_CASCADE : DROP_RESTRICT;
    if (!gather_column(&gathering))
        return false;
    NamedTexts *named = ARENA_ARRAY(step->command->arena, NamedTexts, dropped.columns.count + 1);
    for (size_t i = 0; i < dropped.columns.count; i++)
        if (!names_read_columns(step->command, dropped.columns.items[i].oid, &named[i]))
            return false;
    if (dropped.columns.count &&
        !catalog_drop(step->command->catalog, dropped.columns.items, dropped.columns.count, behavior, step->command->error))
        return false;
    for (size_t i = 0; i < dropped.columns.count; i++)
        if (!names_write(step->command, &named[i]) ||
            !row_type_check_stored(step->command, catalog_relation(step->command->catalog, dropped.columns.items[i].oid)))
            return false;
    return true;
}

/* ---- constraints ---- */

typedef struct CheckState {
    Oid oid; /* OID_NONE: there is none */
    int inherit_count;
    bool is_local, no_inherit, is_valid;
    char type;
    const char *text;
} CheckState;

static bool read_constraint(Command *command, Oid relation, const char *name, CheckState *out)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT oid, coninhcount, conislocal, connoinherit, contype, conbin, convalidated FROM pg_constraint"
                                      " WHERE conname = ?1 AND conrelid = ?2",
                                      "so", name, relation);
    *out = (CheckState){0};
    if (!rows || rows->nrows == 0)
        return rows != NULL;
    *out = (CheckState){.oid = (Oid)CATALOG_CELL(rows, 0, 0).i,
                        .inherit_count = (int)CATALOG_CELL(rows, 0, 1).i,
                        .is_local = CATALOG_CELL(rows, 0, 2).i != 0,
                        .no_inherit = CATALOG_CELL(rows, 0, 3).i != 0,
                        .is_valid = CATALOG_CELL(rows, 0, 6).i != 0,
                        .type = CATALOG_CELL(rows, 0, 4).text[0],
                        .text = arena_strdup(command->arena, CATALOG_CELL(rows, 0, 5).text)};
    return true;
}

static bool count_constraint(Command *command, Oid constraint, int change, bool becomes_local)
{
    return catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_constraint SET coninhcount = coninhcount + ?2, conislocal = conislocal OR ?3 WHERE oid = ?1", "oib",
                        constraint, (int64_t)change, becomes_local);
}

static bool merge_into(const Step *step, const CheckState *old, const NewCheck *check)
{
    Command *command = step->command;
    const CatRelation *relation = catalog_relation(command->catalog, step->alter->relation);
    const char *text = check_text(command, relation, check->expr);
    if (!text)
        return false;
    if (old->type != 'c' || !str_eq(text, old->text))
        return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "constraint \"%s\" for relation \"%s\" already exists", check->name,
                         step->alter->name);
    if (old->no_inherit)
        return error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION,
                         "constraint \"%s\" conflicts with non-inherited constraint on relation \"%s\"", check->name, step->alter->name);
    if (!check->not_valid && !old->is_valid)
        return error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION,
                         "constraint \"%s\" conflicts with NOT VALID constraint on relation \"%s\"", check->name, step->alter->name);
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "merging constraint \"%s\" with inherited definition",
           check->name);
    if (step->alter->is_partition) /* has one parent, and nothing of its own */
        return catalog_exec(command->catalog, command->error, NULL,
                            "UPDATE pg_constraint SET coninhcount = 1, conislocal = 0 WHERE oid = ?1", "o", old->oid);
    return count_constraint(command, old->oid, 1, false);
}

/* A child that had the constraint already has given it to its own children. */
static bool add_check_below(const Step *step, const NewCheck *check)
{
    Children children;
    if (check->no_inherit)
        return true;
    if (!children_of(step, &children))
        return false;
    if (children.count && !step->alter->recurse)
        return refuse(step, "constraint must be added to child tables too", NULL);
    for (size_t i = 0; i < children.count; i++) {
        Alter alter;
        if (!below(step, children.items[i], &alter))
            return false;
        Step next = {step->command, &alter, step->action, step->cmd, NULL};
        CheckState old;
        if (!read_constraint(step->command, alter.relation, check->name, &old) ||
            !(old.oid ? merge_into(&next, &old, check)
                      : check_insert(step->command, alter.relation, check) && add_check_below(&next, check)))
            return false;
    }
    return true;
}

static bool newest_check(const Step *step, const char **name)
{
    CatalogRows *rows =
        catalog_query(step->command->catalog, step->command->arena, step->command->error,
                      "SELECT conname FROM pg_constraint WHERE conrelid = ?1 ORDER BY oid DESC LIMIT 1", "o", step->alter->relation);
    *name = rows && rows->nrows ? arena_strdup(step->command->arena, CATALOG_CELL(rows, 0, 0).text) : NULL;
    return *name != NULL;
}

static bool add_check(const Step *step, const PgQuery__Constraint *constraint)
{
    Command *command = step->command;
    NewCheck check = {.expr = constraint->raw_expr,
                      .no_inherit = constraint->is_no_inherit,
                      .not_valid = constraint->skip_validation,
                      .inherited_only = true,
                      .inherit_count = 1};
    bool merged = false;
    check.name = text_given(constraint->conname);
    if ((check.name && !step->alter->is_partition && !check_merge(command, step->alter->relation, &check, &merged)) ||
        (!merged && !check_add(command, step->alter->relation, constraint, false))) {
        command->error->position = 0; /* PostgreSQL gives no place in an ALTER */
        return false;
    }
    return merged || (newest_check(step, &check.name) && add_check_below(step, &check));
}

bool inherit_added_checks(Command *command, const Alter *alter)
{
    for (size_t i = 0; i < alter->added_checks->count; i++) {
        Step step = {command, alter, NULL, NULL, NULL};
        if (!add_check(&step, alter->added_checks->items[i]))
            return false;
    }
    return true;
}

static bool run_add_constraint(const Step *step)
{
    const PgQuery__Constraint *constraint = step->cmd->def->constraint;
    if (constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_CHECK)
        return add_check(step, constraint);
    if (step->alter->kind != 'f' && constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION)
        return exclusion_refused(step->command, constraint, step->alter->kind);
    if (text_given(constraint->indexname) && step->alter->kind != 'f')
        return key_promote(step->command, step->alter, constraint);
    if (constraint_is_key(constraint) && step->alter->kind != 'f')
        return key_create(step->command, step->alter->relation, constraint, !step->alter->recurse);
    return step->action->run(step->command, step->alter, step->cmd);
}

static bool drop_constraint(const Step *step);

static bool drop_constraint_below(const Step *step, Oid child)
{
    CheckState check;
    if (!read_constraint(step->command, child, step->cmd->name, &check))
        return false;
    if (!check.oid)
        return error_set(step->command->error, ERRCODE_UNDEFINED_OBJECT, "constraint \"%s\" of relation \"%s\" does not exist",
                         step->cmd->name, catalog_relation(step->command->catalog, child)->name);
    if (!step->alter->recurse)
        return count_constraint(step->command, check.oid, -1, true);
    if (check.inherit_count > 1 || check.is_local)
        return count_constraint(step->command, check.oid, -1, false);
    Alter alter;
    if (!below(step, child, &alter))
        return false;
    Step next = {step->command, &alter, step->action, step->cmd, NULL};
    return drop_constraint(&next);
}

static bool drop_constraint(const Step *step)
{
    Children children;
    CheckState check;
    if (!read_constraint(step->command, step->alter->relation, step->cmd->name, &check) || !children_of(step, &children))
        return false;
    if (check.oid && check.inherit_count > 0 && !step->alter->recursing)
        return error_set(step->command->error, ERRCODE_INVALID_TABLE_DEFINITION,
                         "cannot drop inherited constraint \"%s\" of relation \"%s\"", step->cmd->name, step->alter->name);
    bool inheritable = check.oid && check.type == 'c' && !check.no_inherit;
    if (inheritable && children.count && !step->alter->recurse && step->alter->kind == 'p')
        return refuse_only(step, "cannot remove constraint from only the partitioned table when partitions exist");
    if (!step->action->run(step->command, step->alter, step->cmd))
        return false;
    for (size_t i = 0; inheritable && i < children.count; i++)
        if (!drop_constraint_below(step, children.items[i]))
            return false;
    return true;
}

static bool run_validate(const Step *step)
{
    Children children;
    CatalogRows *rows = catalog_query(step->command->catalog, step->command->arena, step->command->error,
                                      "SELECT 1 FROM pg_constraint WHERE conname = ?1 AND conrelid = ?2 AND contype = 'c'"
                                      " AND NOT convalidated AND NOT connoinherit",
                                      "so", step->cmd->name, step->alter->relation);
    if (!rows || !children_of(step, &children))
        return false;
    if (!rows->nrows) /* those below are valid too, or not its own */
        return step->action->run(step->command, step->alter, step->cmd);
    if (children.count && !step->alter->recurse)
        return refuse(step, "constraint must be validated on child tables too", NULL);
    return run_simple(step);
}

/* ---- DROP EXPRESSION ---- */

static bool check_expression(const Step *step)
{
    Children children;
    ColumnState column;
    if (!children_of(step, &children))
        return false;
    if (children.count && !step->alter->recurse)
        return error_unsupported(step->command->error, "ALTER TABLE / DROP EXPRESSION must be applied to child tables too");
    if (!read_column(step->command, step->alter->relation, step->cmd->name, &column))
        return false;
    return !column.inherit_count || refuse(step, "cannot drop generation expression from inherited column", NULL);
}

/* ---- the table of actions ---- */

static const struct {
    PgQuery__AlterTableType type;
    bool (*run)(const Step *step);
} RUNS[] = {
    {PG_QUERY__ALTER_TABLE_TYPE__AT_ColumnDefault, run_simple},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetStatistics, run_simple},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetStorage, run_simple},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropExpression, run_simple},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint, run_validate},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull, run_set_not_null},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropNotNull, run_drop_not_null},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType, run_type},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AddColumn, run_add_column},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn, drop_column},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AddConstraint, run_add_constraint},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropConstraint, drop_constraint},
};

static const struct {
    PgQuery__AlterTableType type;
    bool (*check)(const Step *step);
} CHECKS[] = {
    {PG_QUERY__ALTER_TABLE_TYPE__AT_AlterColumnType, check_type},
    {PG_QUERY__ALTER_TABLE_TYPE__AT_DropExpression, check_expression},
};

bool inherit_prepare(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    Step step = {command, alter, NULL, cmd, NULL};
    for (size_t i = 0; i < COUNT_OF(CHECKS); i++)
        if (CHECKS[i].type == cmd->subtype)
            return CHECKS[i].check(&step);
    return true;
}

bool inherit_run(Command *command, const Alter *alter, const AlterAction *action, const PgQuery__AlterTableCmd *cmd)
{
    Step step = {command, alter, action, cmd, NULL};
    for (size_t i = 0; i < COUNT_OF(RUNS); i++)
        if (RUNS[i].type == cmd->subtype)
            return RUNS[i].run(&step);
    return action->run(command, alter, cmd);
}
