/*
 * serial.c - columns with a sequence of their own: serial types, GENERATED ... AS IDENTITY, and the ALTERs of identity columns.
 *
 * Invariants:
 *  1. The sequence is made before its table, and linked to the column once that exists.
 *  2. A serial column is an integer one that is not null, with a default of nextval on its sequence; an identity column has no default.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/alter_internal.h"
#include "command/sequence_internal.h"

Oid serial_type(const PgQuery__TypeName *name)
{
    static const struct {
        const char *name;
        Oid type;
    } TYPES[] = {{"smallserial", TYPE_INT2}, {"serial2", TYPE_INT2},   {"serial", TYPE_INT4},
                 {"serial4", TYPE_INT4},     {"bigserial", TYPE_INT8}, {"serial8", TYPE_INT8}};
    for (size_t i = 0; i < COUNT_OF(TYPES) && name->n_names == 1 && !name->pct_type; i++)
        if (str_eq(node_text(name->names[0]), TYPES[i].name))
            return TYPES[i].type;
    return OID_NONE;
}

/* SEQUENCE NAME among an identity's options, which dumps have: schema and name out of it, the others into `rest`. */
static bool take_name(Command *command, const NewColumn *column, NewSequence *sequence)
{
    NodeList rest = ARENA_ARRAY(command->arena, PgQuery__Node *, column->nidentity_options + 1);
    const char *schema = NULL;
    for (size_t i = 0; i < column->nidentity_options; i++) {
        const PgQuery__DefElem *option = column->identity_options[i]->def_elem;
        if (!str_eq(option->defname, "sequence_name")) {
            rest[sequence->noptions++] = column->identity_options[i];
            continue;
        }
        if (sequence->name)
            return conflicting_options(command, option);
        if (!name_list_split(command, option->arg->list->items, option->arg->list->n_items, &schema, &sequence->name))
            return false;
    }
    sequence->options = rest;
    const CatNamespace *found = schema ? catalog_namespace_by_name(command->catalog, schema) : NULL;
    if (schema && !found)
        return error_set(command->error, ERRCODE_UNDEFINED_SCHEMA, "schema \"%s\" does not exist", schema);
    if (found)
        sequence->schema = found->oid;
    return true;
}

bool column_make_sequence(Command *command, const char *table, Oid schema, Oid owner, NewColumn *column)
{
    NewSequence sequence = {
        .schema = schema, .type = column->identity_is_bigint ? TYPE_INT8 : column->type, .owner = owner, .identity = column->identity != 0};
    if (!column->is_serial && !column->identity)
        return true;
    if (!take_name(command, column, &sequence) ||
        (!sequence.name && !sequence_choose_name(command, table, column->name, schema, &sequence.name)) ||
        !sequence_make(command, &sequence, &column->sequence))
        return false;
    if (column->is_serial)
        column->default_expr = stored_expr_parse(command, arena_printf(command->arena, "nextval('%u'::regclass)", column->sequence));
    return !column->is_serial || column->default_expr;
}

bool column_own_sequence(Command *command, Oid relation, int number, const NewColumn *column)
{
    static const char SQL[] =
        "UPDATE pg_class SET relpersistence = (SELECT relpersistence FROM pg_class WHERE oid = ?2) WHERE oid = ?1"; /* as the table's */
    if (!column->sequence)
        return true;
    const CatRelation *owner = catalog_relation(command->catalog, relation),
                      *sequence = catalog_relation(command->catalog, column->sequence);
    if (sequence->namespace_oid != owner->namespace_oid) /* where PostgreSQL looks for the table */
        return error_set(command->error, ERRCODE_UNDEFINED_TABLE, "relation \"%s.%s\" does not exist",
                         catalog_namespace(command->catalog, sequence->namespace_oid)->name, owner->name);
    return sequence_own(command, column->sequence, relation, number, column->identity ? 'i' : 'a') &&
           catalog_exec(command->catalog, command->error, NULL, SQL, "oo", column->sequence, relation);
}

/* ---- ALTER COLUMN ... ADD, SET, DROP IDENTITY ---- */

static bool identity_sequence(Command *command, Oid relation, int number, Oid *oid)
{
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error,
                                      "SELECT objid FROM pg_depend WHERE classid = ?1 AND refclassid = ?1 AND refobjid = ?2"
                                      " AND refobjsubid = ?3 AND deptype = 'i'",
                                      "ooi", (Oid)PG_CLASS_RELATION, relation, (int64_t)number);
    *oid = rows && rows->nrows ? (Oid)CATALOG_CELL(rows, 0, 0).i : OID_NONE;
    return rows != NULL;
}

static bool mark_identity(Command *command, const Alter *alter, int number, const char *identity)
{
    return catalog_exec(command->catalog, command->error, NULL,
                        "UPDATE pg_attribute SET attidentity = ?3 WHERE attrelid = ?1 AND attnum = ?2", "ois", alter->relation,
                        (int64_t)number, identity);
}

static bool wrong_state(Command *command, const Alter *alter, const char *name, const char *words)
{
    return error_set(command->error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "column \"%s\" of relation \"%s\" %s", name, alter->name,
                     words);
}

bool alter_add_identity(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    const PgQuery__Constraint *constraint = cmd->def->constraint;
    int number;
    if (!alter_find_column(command, alter, cmd->name, &number))
        return false;
    if (number < 0) /* no system column has a type that a sequence may have, which is asked first */
        return identity_check_type(command, OID_NONE);
    if (!alter_need_column(command, alter, cmd->name, &number))
        return false;
    const CatRelation *relation = catalog_relation(command->catalog, alter->relation);
    const CatColumn *column = &relation->columns[number - 1];
    NewColumn made = {.name = cmd->name,
                      .type = column->type,
                      .identity = *constraint->generated_when,
                      .identity_options = constraint->options,
                      .nidentity_options = constraint->n_options};
    bool not_null = column->not_null, is_identity = column->identity, has_default = column->has_default;
    if (!column_make_sequence(command, alter->name, relation->namespace_oid, relation->owner, &made))
        return false;
    if (!not_null)
        return wrong_state(command, alter, cmd->name, "must be declared NOT NULL before identity can be added");
    if (is_identity)
        return wrong_state(command, alter, cmd->name, "is already an identity column");
    if (has_default)
        return wrong_state(command, alter, cmd->name, "already has a default value");
    return mark_identity(command, alter, number, constraint->generated_when) &&
           column_own_sequence(command, alter->relation, number, &made);
}

bool alter_set_identity(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    const PgQuery__List *items = cmd->def->list;
    NodeList rest = ARENA_ARRAY(command->arena, PgQuery__Node *, items->n_items + 1);
    const char *generated = NULL;
    size_t nrest = 0;
    Oid sequence;
    int number;
    if (!alter_need_column(command, alter, cmd->name, &number))
        return false;
    for (size_t i = 0; i < items->n_items; i++) {
        const PgQuery__DefElem *option = items->items[i]->def_elem;
        if (!str_eq(option->defname, "generated")) {
            rest[nrest++] = items->items[i];
            continue;
        }
        if (generated && !conflicting_options(command, option))
            return error_at(command->error, -1);
        generated = option->arg->integer->ival == 'a' ? "a" : "d";
    }
    if (!identity_sequence(command, alter->relation, number, &sequence))
        return false;
    if (sequence != OID_NONE && nrest && !sequence_change(command, sequence, rest, nrest, true))
        return false;
    if (!catalog_relation(command->catalog, alter->relation)->columns[number - 1].identity)
        return wrong_state(command, alter, cmd->name, "is not an identity column");
    return !generated || mark_identity(command, alter, number, generated);
}

bool alter_drop_identity(Command *command, const Alter *alter, const PgQuery__AlterTableCmd *cmd)
{
    Oid sequence;
    int number;
    if (!alter_need_column(command, alter, cmd->name, &number))
        return false;
    if (!catalog_relation(command->catalog, alter->relation)->columns[number - 1].identity) {
        if (!cmd->missing_ok)
            return wrong_state(command, alter, cmd->name, "is not an identity column");
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION,
               "column \"%s\" of relation \"%s\" is not an identity column, skipping", cmd->name, alter->name);
        return true;
    }
    if (!identity_sequence(command, alter->relation, number, &sequence) || !mark_identity(command, alter, number, "") ||
        !sequence_own(command, sequence, OID_NONE, 0, 0))
        return false;
    ObjectAddress object = object_address(PG_CLASS_RELATION, sequence, 0);
    return catalog_drop(command->catalog, &object, 1, DROP_RESTRICT, command->error);
}

/* The sequence of an identity column has the column's type. */
bool identity_change_type(Command *command, const Alter *alter, int number, const PgQuery__TypeName *type)
{
    Oid sequence;
    if (!catalog_relation(command->catalog, alter->relation)->columns[number - 1].identity)
        return true;
    if (!identity_sequence(command, alter->relation, number, &sequence))
        return false;
    PgQuery__Node arg = PG_QUERY__NODE__INIT, node = PG_QUERY__NODE__INIT;
    PgQuery__DefElem option = PG_QUERY__DEF_ELEM__INIT;
    arg.node_case = PG_QUERY__NODE__NODE_TYPE_NAME;
    arg.type_name = (PgQuery__TypeName *)type;
    option.defname = "as";
    option.arg = &arg;
    node.node_case = PG_QUERY__NODE__NODE_DEF_ELEM;
    node.def_elem = &option;
    PgQuery__Node *options[] = {&node};
    return sequence_change(command, sequence, options, 1, true);
}
