/*
 * trigger.c - CREATE TRIGGER: rows of pg_trigger, with what PostgreSQL refuses for each kind of relation.
 *
 * Invariants:
 *  1. tgqual is SQL text over old and new, as pg_get_triggerdef shows it; tgargs has a zero byte after each argument.
 *  2. A trigger goes with its relation and depends on its function, on the columns of UPDATE OF and on all that WHEN uses.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/table_internal.h"
#include "command/trigger_internal.h"

enum { ROW = 1, BEFORE = 2, ON_INSERT = 4, ON_DELETE = 8, ON_UPDATE = 16, ON_TRUNCATE = 32, INSTEAD = 64 };

typedef PgQuery__CreateTrigStmt Statement;

/* A trigger as it is read. */
typedef struct NewTrigger {
    const Statement *statement;
    Oid relation, function, constraint, referenced; /* of a constraint trigger: its constraint, the table of FROM */
    int type;
    const Expr *when;
    const char *columns;               /* "1 3" */
    const char *old_table, *new_table; /* transition tables; NULL: none */
    VEC(int) numbers;
} NewTrigger;

/* ---- what kinds of relations may have ---- */

static bool refuse_kind(Command *command, const CatRelation *relation, const char *what, const char *detail)
{
    error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is a %s", relation->name, what);
    return error_detail(command->error, "%s", detail);
}

static bool check_foreign(Command *command, const CatRelation *relation, const Statement *statement)
{
    if (statement->timing == INSTEAD)
        return refuse_kind(command, relation, "foreign table", "Foreign tables cannot have INSTEAD OF triggers.");
    if (statement->events & ON_TRUNCATE)
        return refuse_kind(command, relation, "foreign table", "Foreign tables cannot have TRUNCATE triggers.");
    return !statement->isconstraint || refuse_kind(command, relation, "foreign table", "Foreign tables cannot have constraint triggers.");
}

static bool check_view(Command *command, const CatRelation *relation, const Statement *statement)
{
    if (statement->timing != INSTEAD && statement->row)
        return refuse_kind(command, relation, "view", "Views cannot have row-level BEFORE or AFTER triggers.");
    return !(statement->events & ON_TRUNCATE) || refuse_kind(command, relation, "view", "Views cannot have TRUNCATE triggers.");
}

static bool check_table(Command *command, const CatRelation *relation, const Statement *statement)
{
    if (statement->timing == INSTEAD)
        return refuse_kind(command, relation, "table", "Tables cannot have INSTEAD OF triggers.");
    if (relation->kind == 'r' || !statement->row || !statement->n_transition_rels)
        return true;
    error_unsupported(command->error, "\"%s\" is a partitioned table", relation->name);
    return error_detail(command->error, "ROW triggers with transition tables are not supported on partitioned tables.");
}

bool trigger_refuse_relation(Command *command, const CatRelation *relation)
{
    const char *kinds = relation->kind == 'S'                            ? "sequences"
                        : relation->kind == 'i' || relation->kind == 'I' ? "indexes"
                        : relation->kind == 'm'                          ? "materialized views"
                        : relation->kind == 'c'                          ? "composite types"
                                                                         : "relations of this kind";
    error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "relation \"%s\" cannot have triggers", relation->name);
    return error_detail(command->error, "This operation is not supported for %s.", kinds);
}

static bool check_relation(Command *command, const CatRelation *relation, const Statement *statement)
{
    bool is_index = relation->kind == 'i' || relation->kind == 'I';
    if (is_index || relation->kind == 'c')
        return error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is %s", relation->name,
                         is_index ? "an index" : "a composite type");
    bool ok = relation->kind == 'f'                            ? check_foreign(command, relation, statement)
              : relation->kind == 'v'                          ? check_view(command, relation, statement)
              : relation->kind == 'r' || relation->kind == 'p' ? check_table(command, relation, statement)
                                                               : trigger_refuse_relation(command, relation);
    if (!ok)
        return false;
    if (relation_is_system(relation->oid))
        return error_set(command->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied: \"%s\" is a system catalog", relation->name);
    return require_privilege(command, PG_CLASS_RELATION, relation->oid, ACL_TRIGGER);
}

static bool check_shape(Command *command, const Statement *statement)
{
    if (statement->row && (statement->events & ON_TRUNCATE))
        return error_unsupported(command->error, "TRUNCATE FOR EACH ROW triggers are not supported");
    if (statement->timing != INSTEAD)
        return true;
    if (!statement->row)
        return error_unsupported(command->error, "INSTEAD OF triggers must be FOR EACH ROW");
    if (statement->when_clause)
        return error_unsupported(command->error, "INSTEAD OF triggers cannot have WHEN conditions");
    return statement->n_columns == 0 || error_unsupported(command->error, "INSTEAD OF triggers cannot have column lists");
}

/* One of REFERENCING. *name: where its name goes. */
static bool check_transition(Command *command, const NewTrigger *trigger, const PgQuery__TriggerTransition *transition, const char **name)
{
    Error *error = command->error;
    int events = trigger->type & (ON_INSERT | ON_UPDATE | ON_DELETE);
    const char *word = transition->is_new ? "NEW" : "OLD";
    if (trigger->statement->timing & (BEFORE | INSTEAD))
        return error_set(error, ERRCODE_INVALID_OBJECT_DEFINITION, "transition table name can only be specified for an AFTER trigger");
    if (trigger->type & ON_TRUNCATE)
        return error_unsupported(error, "TRUNCATE triggers with transition tables are not supported");
    if (events & (events - 1))
        return error_unsupported(error, "transition tables cannot be specified for triggers with more than one event");
    if (trigger->statement->n_columns)
        return error_unsupported(error, "transition tables cannot be specified for triggers with column lists");
    if (events == (transition->is_new ? ON_DELETE : ON_INSERT))
        return error_set(error, ERRCODE_INVALID_OBJECT_DEFINITION, "%s TABLE can only be specified for %s or UPDATE trigger", word,
                         transition->is_new ? "an INSERT" : "a DELETE");
    if (*name)
        return error_set(error, ERRCODE_INVALID_OBJECT_DEFINITION, "%s TABLE cannot be specified multiple times", word);
    *name = transition->name;
    return true;
}

static bool refuse_row_transitions(Command *command, const CatRelation *relation)
{
    int64_t has_parent;
    if (!query_integer(command, &has_parent, 0, "SELECT 1 FROM pg_inherits WHERE inhrelid = ?1", "o", relation->oid))
        return false;
    return !has_parent ||
           error_unsupported(command->error, relation->is_partition
                                                 ? "ROW triggers with transition tables are not supported on partitions"
                                                 : "ROW triggers with transition tables are not supported on inheritance children");
}

static bool check_transitions(Command *command, const CatRelation *relation, NewTrigger *trigger)
{
    const Statement *statement = trigger->statement;
    for (size_t i = 0; i < statement->n_transition_rels; i++) {
        const PgQuery__TriggerTransition *transition = statement->transition_rels[i]->trigger_transition;
        if (!transition->is_table) {
            error_unsupported(command->error, "ROW variable naming in the REFERENCING clause is not supported");
            return error_hint(command->error, "Use OLD TABLE or NEW TABLE for naming transition tables.");
        }
        if (relation->kind == 'f')
            return refuse_kind(command, relation, "foreign table", "Triggers on foreign tables cannot have transition tables.");
        if (relation->kind == 'v')
            return refuse_kind(command, relation, "view", "Triggers on views cannot have transition tables.");
        if (statement->row && !refuse_row_transitions(command, relation))
            return false;
        relation = catalog_relation(command->catalog, trigger->relation);
        if (!check_transition(command, trigger, transition, transition->is_new ? &trigger->new_table : &trigger->old_table))
            return false;
    }
    return !trigger->old_table || !trigger->new_table || !str_eq(trigger->old_table, trigger->new_table) ||
           error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "OLD TABLE name and NEW TABLE name cannot be the same");
}

/* ---- WHEN ---- */

typedef struct WhenCheck {
    Command *command;
    const CatRelation *relation;
    const NewTrigger *trigger;
} WhenCheck;

static bool has_generated(const CatRelation *relation)
{
    for (int i = 0; i < relation->ncolumns; i++)
        if (relation->columns[i].generated)
            return true;
    return false;
}

/* A row to be written has no values of generated columns yet. */
static bool check_before(WhenCheck *check, int column)
{
    Error *error = check->command->error;
    const CatRelation *relation = check->relation;
    if (column < 0)
        return error_unsupported(error, "BEFORE trigger's WHEN condition cannot reference NEW system columns");
    if (column == 0 ? !has_generated(relation) : !relation->columns[column - 1].generated)
        return true;
    error_set(error, ERRCODE_INVALID_OBJECT_DEFINITION, "BEFORE trigger's WHEN condition cannot reference NEW generated columns");
    return column ? error_detail(error, "Column \"%s\" is a generated column.", relation->columns[column - 1].name)
                  : error_detail(error, "A whole-row reference is used and the table contains generated columns.");
}

static bool check_variable(WhenCheck *check, const Expr *expr)
{
    Error *error = check->command->error;
    int type = check->trigger->type;
    bool is_new = expr->u.var.rte == 1;
    if (!(type & ROW))
        return error_set(error, ERRCODE_INVALID_OBJECT_DEFINITION, "statement trigger's WHEN condition cannot reference column values");
    if (!is_new && (type & ON_INSERT))
        return error_set(error, ERRCODE_INVALID_OBJECT_DEFINITION, "INSERT trigger's WHEN condition cannot reference OLD values");
    if (is_new && (type & ON_DELETE))
        return error_set(error, ERRCODE_INVALID_OBJECT_DEFINITION, "DELETE trigger's WHEN condition cannot reference NEW values");
    return !is_new || !(type & BEFORE) || check_before(check, expr->u.var.column);
}

/* Stops at the first variable that is not to be had. */
static bool find_wrong(const Expr *expr, void *arg)
{
    WhenCheck *check = arg;
    if (expr->kind != EXPR_VAR)
        return expr_walk(expr, find_wrong, arg);
    return !check_variable(check, expr) && (error_at(check->command->error, expr->location), true);
}

static bool not_boolean(Command *command, const Node *node, const CatRelation *relation, AnalyzeContext *context)
{
    error_clear(command->error);
    const Expr *expr = sql_analyze_stored(node, EXPR_USE_WHEN, relation, OID_NONE, -1, context, command->arena, command->error);
    if (!expr)
        return false;
    error_set(command->error, ERRCODE_DATATYPE_MISMATCH, "argument of WHEN must be type boolean, not type %s",
              catalog_format_type(command->catalog, expr->type, TYPMOD_NOT_GIVEN, command->arena));
    return error_at(command->error, expr->location);
}

static bool read_when(Command *command, const CatRelation *relation, NewTrigger *trigger)
{
    const Node *node = trigger->statement->when_clause;
    AnalyzeContext context = {.catalog = command->catalog, .functions = command->context->functions, .text = command->context->text};
    WhenCheck check = {command, relation, trigger};
    if (!node)
        return true;
    trigger->when = sql_analyze_stored(node, EXPR_USE_WHEN, relation, TYPE_BOOL, -1, &context, command->arena, command->error);
    if (!trigger->when)
        return str_eq(command->error->sqlstate, ERRCODE_DATATYPE_MISMATCH) ? not_boolean(command, node, relation, &context) : false;
    return !find_wrong(trigger->when, &check) && expr_types_usable(command, trigger->when);
}

/* ---- function, columns, name ---- */

static bool read_function(Command *command, NewTrigger *trigger)
{
    const Statement *statement = trigger->statement;
    if (!function_find(command, statement->funcname, statement->n_funcname, NULL, 0, &trigger->function) ||
        !require_privilege(command, PG_PROC_RELATION, trigger->function, ACL_EXECUTE))
        return false;
    return catalog_proc(command->catalog, trigger->function)->return_type == TYPE_TRIGGER ||
           error_set(command->error, ERRCODE_INVALID_OBJECT_DEFINITION, "function %s must return type %s",
                     name_list_text(command, statement->funcname, statement->n_funcname), "trigger");
}

static bool read_columns(Command *command, const CatRelation *relation, NewTrigger *trigger)
{
    Str text;
    str_init(&text, command->arena);
    for (size_t i = 0; i < trigger->statement->n_columns; i++) {
        const char *name = node_text(trigger->statement->columns[i]);
        int number = 0;
        for (int k = 0; k < relation->ncolumns; k++)
            if (!relation->columns[k].dropped && str_eq(relation->columns[k].name, name))
                number = k + 1;
        if (!number)
            return error_set(command->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" of relation \"%s\" does not exist", name,
                             relation->name);
        for (size_t k = 0; k < trigger->numbers.count; k++)
            if (trigger->numbers.items[k] == number)
                return error_set(command->error, ERRCODE_DUPLICATE_COLUMN, "column \"%s\" specified more than once", name);
        vec_push(command->arena, &trigger->numbers, number);
        str_addf(&text, "%s%d", i ? " " : "", number);
    }
    trigger->columns = text.data ? text.data : "";
    return true;
}

/* The arguments as a bytea's text: each one's bytes and a zero byte. */
static const char *arguments(Command *command, const Statement *statement)
{
    Str text;
    str_init(&text, command->arena);
    str_add(&text, "\\x");
    for (size_t i = 0; i < statement->n_args; i++) {
        for (const char *c = node_text(statement->args[i]); *c; c++)
            str_addf(&text, "%02x", (unsigned char)*c);
        str_add(&text, "00");
    }
    return text.data;
}

bool trigger_find(Command *command, Oid relation, const char *name, Oid *oid)
{
    int64_t found;
    bool ok =
        query_integer(command, &found, OID_NONE, "SELECT oid FROM pg_trigger WHERE tgname = ?1 AND tgrelid = ?2", "so", name, relation);
    *oid = ok ? (Oid)found : OID_NONE;
    return ok;
}

/* ---- rows ---- */

static bool depend(Command *command, const NewTrigger *trigger, Oid oid)
{
    ObjectAddress self = object_address(PG_TRIGGER_RELATION, oid, 0);
    if (!depend_on(command, self, object_address(PG_PROC_RELATION, trigger->function, 0), 'n') ||
        !depend_on(command, self, object_address(PG_CLASS_RELATION, trigger->relation, 0), 'a'))
        return false;
    for (size_t i = 0; i < trigger->numbers.count; i++)
        if (!depend_on(command, self, object_address(PG_CLASS_RELATION, trigger->relation, trigger->numbers.items[i]), 'n'))
            return false;
    return !trigger->when || expr_depend(command, self, trigger->when, trigger->relation);
}

bool trigger_remove(Command *command, Oid oid)
{
    return catalog_exec(command->catalog, command->error, NULL, "DELETE FROM pg_trigger WHERE oid = ?1", "o", oid) &&
           catalog_exec(command->catalog, command->error, NULL, "DELETE FROM pg_depend WHERE classid = ?1 AND objid = ?2", "oo",
                        (Oid)PG_TRIGGER_RELATION, oid);
}

/* A constraint trigger's constraint, which goes with the trigger. */
static bool insert_constraint(Command *command, const NewTrigger *trigger, Oid oid)
{
    static const char SQL[] =
        "INSERT INTO pg_constraint (oid, conname, connamespace, contype, condeferrable, condeferred, convalidated, conrelid, contypid,"
        " conindid, conparentid, confrelid, confupdtype, confdeltype, confmatchtype, conislocal, coninhcount, connoinherit, conkey,"
        " confkey, conpfeqop, conppeqop, conffeqop, confdelsetcols, conexclop, conbin)"
        " VALUES (?1, ?2, ?3, 't', ?4, ?5, 1, ?6, 0, 0, 0, ?7, ' ', ' ', ' ', 1, 0, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)";
    const Statement *statement = trigger->statement;
    const CatRelation *relation = catalog_relation(command->catalog, trigger->relation);
    ObjectAddress self = object_address(PG_CONSTRAINT_RELATION, trigger->constraint, 0);
    return catalog_exec(command->catalog, command->error, NULL, SQL, "osobboo", trigger->constraint, statement->trigname,
                        relation->namespace_oid, statement->deferrable, statement->initdeferred, trigger->relation, OID_NONE) &&
           depend_on(command, self, object_address(PG_CLASS_RELATION, trigger->relation, 0), 'a') &&
           depend_on(command, self, object_address(PG_TRIGGER_RELATION, oid, 0), 'i');
}

static bool insert(Command *command, const NewTrigger *trigger, Oid oid)
{
    const Statement *statement = trigger->statement;
    const CatRelation *relation = catalog_relation(command->catalog, trigger->relation);
    static const char SQL[] =
        "INSERT INTO pg_trigger (oid, tgrelid, tgparentid, tgname, tgfoid, tgtype, tgenabled, tgisinternal,"
        " tgconstrrelid, tgconstrindid, tgconstraint, tgdeferrable, tginitdeferred, tgnargs, tgattr, tgargs, tgqual,"
        " tgoldtable, tgnewtable) VALUES (?1, ?2, 0, ?3, ?4, ?5, 'O', 0, ?10, 0, ?11, ?12, ?13, ?6, ?7, ?9, ?8, ?14, ?15)";
    return catalog_exec(command->catalog, command->error, NULL, SQL, "oosoiisssoobbss", oid, trigger->relation, statement->trigname,
                        trigger->function, (int64_t)trigger->type, (int64_t)statement->n_args, trigger->columns,
                        trigger->when ? expr_text_when(command, trigger->when, relation) : NULL, arguments(command, statement),
                        trigger->referenced, trigger->constraint, statement->deferrable, statement->initdeferred, trigger->old_table,
                        trigger->new_table) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relhastriggers = 1 WHERE oid = ?1", "o",
                        trigger->relation) &&
           depend(command, trigger, oid) && (!trigger->constraint || insert_constraint(command, trigger, oid));
}

bool trigger_insert_for_constraint(Command *command, const ConstraintTrigger *trigger)
{
    static const char SQL[] = "INSERT INTO pg_trigger (oid, tgrelid, tgparentid, tgname, tgfoid, tgtype, tgenabled, tgisinternal,"
                              " tgconstrrelid, tgconstrindid, tgconstraint, tgdeferrable, tginitdeferred, tgnargs, tgattr, tgargs, tgqual,"
                              " tgoldtable, tgnewtable)"
                              " VALUES (?1, ?2, 0, ?3, ?4, ?5, 'O', 1, ?6, ?7, ?8, ?9, ?10, 0, '', '\\x', NULL, NULL, NULL)";
    Oid oid = catalog_new_oid(command->catalog, command->error);
    const char *name = arena_printf(command->arena, "%s_%u", trigger->prefix, oid);
    return oid &&
           catalog_exec(command->catalog, command->error, NULL, SQL, "oosoiooobb", oid, trigger->table, name, trigger->function,
                        (int64_t)trigger->type, trigger->other, trigger->index, trigger->constraint, trigger->deferrable,
                        trigger->deferred) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relhastriggers = 1 WHERE oid = ?1", "o",
                        trigger->table) &&
           depend_on(command, object_address(PG_TRIGGER_RELATION, oid, 0), object_address(PG_CONSTRAINT_RELATION, trigger->constraint, 0),
                     'i');
}

static bool place(Command *command, const CatRelation *relation, const Statement *statement, Oid *oid)
{
    if (!trigger_find(command, relation->oid, statement->trigname, oid))
        return false;
    if (*oid == OID_NONE) {
        *oid = catalog_new_oid(command->catalog, command->error);
        return *oid != OID_NONE;
    }
    if (!statement->replace)
        return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "trigger \"%s\" for relation \"%s\" already exists", statement->trigname,
                         relation->name);
    int64_t parent;
    if (!query_integer(command, &parent, 0, "SELECT tgparentid FROM pg_trigger WHERE oid = ?1", "o", *oid))
        return false;
    if (parent)
        return error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "trigger \"%s\" for relation \"%s\" is an internal or a child trigger",
                         statement->trigname, relation->name);
    return trigger_remove(command, *oid);
}

/* The constraint of a constraint trigger, and the table that FROM names. */
static bool read_constraint(Command *command, NewTrigger *trigger)
{
    const Statement *statement = trigger->statement;
    const CatRelation *referenced;
    if (!statement->isconstraint)
        return true;
    trigger->constraint = catalog_new_oid(command->catalog, command->error);
    if (!trigger->constraint || !statement->constrrel)
        return trigger->constraint != OID_NONE;
    if (!relation_find(command, statement->constrrel, false, &referenced))
        return false;
    trigger->referenced = referenced->oid;
    return true;
}

bool trigger_create(Command *command)
{
    const Statement *statement = command->node->create_trig_stmt;
    NewTrigger trigger = {.statement = statement};
    const CatRelation *relation;
    Oid oid;
    if (statement->isconstraint && statement->replace)
        return error_unsupported(command->error, "CREATE OR REPLACE CONSTRAINT TRIGGER is not supported");
    if (!relation_find(command, statement->relation, false, &relation) || !check_relation(command, relation, statement))
        return false;
    trigger.relation = relation->oid;
    trigger.type = (statement->row ? ROW : 0) | statement->timing | statement->events;
    if (!check_shape(command, statement) || !check_transitions(command, relation, &trigger) || !read_when(command, relation, &trigger) ||
        !read_function(command, &trigger))
        return false;
    relation = catalog_relation(command->catalog, trigger.relation);
    if (!place(command, relation, statement, &oid))
        return false;
    relation = catalog_relation(command->catalog, trigger.relation);
    return read_columns(command, relation, &trigger) && read_constraint(command, &trigger) && insert(command, &trigger, oid) &&
           (!statement->row || trigger_reaches_partitions(command, oid, trigger.relation, statement->replace));
}
