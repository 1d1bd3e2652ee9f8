/*
 * column_key.c - PRIMARY KEY, UNIQUE and REFERENCES said of a column, as constraints of its table.
 *
 * Entered by the session's worker only.
 */
#include "command/table_internal.h"

bool constraint_is_key(const PgQuery__Constraint *constraint)
{
    return constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY || constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE ||
           constraint->contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN;
}

static bool is_attribute_of_key(const PgQuery__Constraint *constraint)
{
    return constraint->contype >= PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE &&
           constraint->contype <= PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_IMMEDIATE;
}

/* PRIMARY KEY and UNIQUE of a column, as the table's own constraints over that column. */
static const PgQuery__Constraint *column_key(Arena *arena, const PgQuery__Constraint *constraint, const char *column)
{
    PgQuery__Constraint *key = ARENA_NEW(arena, PgQuery__Constraint);
    PgQuery__Node *name = ARENA_NEW(arena, PgQuery__Node);
    PgQuery__String *text = ARENA_NEW(arena, PgQuery__String);
    pg_query__node__init(name);
    pg_query__string__init(text);
    *key = *constraint;
    text->sval = (char *)(uintptr_t)column;
    name->node_case = PG_QUERY__NODE__NODE_STRING;
    name->string = text;
    PgQuery__Node **names = ARENA_ARRAY(arena, PgQuery__Node *, 1);
    names[0] = name;
    if (key->contype == PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN) {
        key->fk_attrs = names;
        key->n_fk_attrs = 1;
    } else {
        key->keys = names;
        key->n_keys = 1;
    }
    return key;
}

/* DEFERRABLE and the like come after the constraint that they are said of (a copy, made by column_key). */
static void take_attribute(PgQuery__Constraint *key, const PgQuery__Constraint *attribute)
{
    if (attribute->contype == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED)
        key->deferrable = key->initdeferred = true;
    else if (attribute->contype == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE)
        key->deferrable = true;
}

/* The definition without the constraints that are indexes; those go to `keys`. */
const PgQuery__ColumnDef *column_without_keys(Arena *arena, const PgQuery__ColumnDef *definition, KeyList *keys)
{
    PgQuery__ColumnDef *rest = ARENA_NEW(arena, PgQuery__ColumnDef);
    *rest = *definition;
    rest->constraints = ARENA_ARRAY(arena, PgQuery__Node *, definition->n_constraints + 1);
    rest->n_constraints = 0;
    bool after_key = false; /* attributes elsewhere stay, for column_read to refuse */
    for (size_t i = 0; i < definition->n_constraints; i++) {
        const PgQuery__Constraint *constraint = definition->constraints[i]->constraint;
        if (constraint_is_key(constraint))
            vec_push(arena, keys, column_key(arena, constraint, definition->colname));
        else if (after_key && is_attribute_of_key(constraint))
            take_attribute((PgQuery__Constraint *)(uintptr_t)keys->items[keys->count - 1], constraint);
        else
            rest->constraints[rest->n_constraints++] = definition->constraints[i];
        after_key = constraint_is_key(constraint) || (after_key && is_attribute_of_key(constraint));
    }
    return rest;
}
