/*
 * trigger_partition.c - row triggers of partitioned tables: each partition has a clone of them (PostgreSQL manual, CREATE TRIGGER).
 *
 * Invariants:
 *  1. A clone names the trigger that it was made from (tgparentid), depends on it and on its table alike, and goes with either.
 *  2. Columns are found by name: a partition may have them in another order.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>
#include <string.h>

#include "command/table_internal.h"
#include "command/trigger_internal.h"

typedef struct Clone {
    Command *command;
    Oid parent, child;        /* tables */
    Oid from, oid;            /* triggers */
    Oid constraint, function; /* of the one it is made from */
    const char *name;
    bool replace;
} Clone;

static int column_below(const Clone *clone, int number)
{
    Catalog *catalog = clone->command->catalog;
    const char *name = catalog_relation(catalog, clone->parent)->columns[number - 1].name;
    const CatRelation *child = catalog_relation(catalog, clone->child);
    for (int i = 0; i < child->ncolumns; i++)
        if (!child->columns[i].dropped && str_eq(child->columns[i].name, name))
            return i + 1;
    return 0;
}

static const char *columns_below(const Clone *clone, const char *numbers)
{
    Str text;
    char *end;
    str_init(&text, clone->command->arena);
    for (const char *at = numbers; *at; at = end) {
        long number = strtol(at, &end, 10);
        if (end == at)
            break;
        str_addf(&text, "%s%d", text.len ? " " : "", column_below(clone, (int)number));
    }
    return text.data ? text.data : "";
}

static bool place(Clone *clone)
{
    Command *command = clone->command;
    const CatRelation *child = catalog_relation(command->catalog, clone->child);
    if (child->kind == 'f' && clone->constraint) {
        error_set(command->error, ERRCODE_WRONG_OBJECT_TYPE, "\"%s\" is a foreign table", child->name);
        return error_detail(command->error, "Foreign tables cannot have constraint triggers.");
    }
    if (!trigger_find(command, clone->child, clone->name, &clone->oid))
        return false;
    if (clone->oid != OID_NONE)
        return clone->replace ? trigger_remove(command, clone->oid)
                              : error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "trigger \"%s\" for relation \"%s\" already exists",
                                          clone->name, child->name);
    clone->oid = catalog_new_oid(command->catalog, command->error);
    return clone->oid != OID_NONE;
}

/* What WHEN uses is left to the trigger above, as PostgreSQL does. */
static bool depend(const Clone *clone, const char *columns)
{
    Command *command = clone->command;
    ObjectAddress self = object_address(PG_TRIGGER_RELATION, clone->oid, 0), table = object_address(PG_CLASS_RELATION, clone->child, 0);
    char *end;
    for (const char *at = columns; *at; at = end)
        if (!depend_on(command, self, object_address(PG_CLASS_RELATION, clone->child, (int)strtol(at, &end, 10)), 'n'))
            return false;
    return depend_on(command, self, object_address(PG_PROC_RELATION, clone->function, 0), 'n') && depend_on(command, self, table, 'a') &&
           depend_on(command, self, object_address(PG_TRIGGER_RELATION, clone->from, 0), 'P') && depend_on(command, self, table, 'S');
}

static bool copy_constraint(const Clone *clone, Oid *out)
{
    static const char SQL[] =
        "INSERT INTO pg_constraint (oid, conname, connamespace, contype, condeferrable, condeferred, convalidated, conrelid, contypid,"
        " conindid, conparentid, confrelid, confupdtype, confdeltype, confmatchtype, conislocal, coninhcount, connoinherit)"
        " SELECT ?1, conname, ?2, contype, condeferrable, condeferred, convalidated, ?3, contypid, conindid, conparentid, confrelid,"
        " confupdtype, confdeltype, confmatchtype, conislocal, coninhcount, connoinherit FROM pg_constraint WHERE oid = ?4";
    Command *command = clone->command;
    *out = OID_NONE;
    if (!clone->constraint)
        return true;
    *out = catalog_new_oid(command->catalog, command->error);
    ObjectAddress self = object_address(PG_CONSTRAINT_RELATION, *out, 0);
    return *out != OID_NONE &&
           catalog_exec(command->catalog, command->error, NULL, SQL, "oooo", *out,
                        catalog_relation(command->catalog, clone->child)->namespace_oid, clone->child, clone->constraint) &&
           depend_on(command, self, object_address(PG_CLASS_RELATION, clone->child, 0), 'a') &&
           depend_on(command, self, object_address(PG_TRIGGER_RELATION, clone->oid, 0), 'i');
}

static bool insert(const Clone *clone, const char *columns)
{
    static const char SQL[] =
        "INSERT INTO pg_trigger (oid, tgrelid, tgparentid, tgname, tgfoid, tgtype, tgenabled, tgisinternal, tgconstrrelid, tgconstrindid,"
        " tgconstraint, tgdeferrable, tginitdeferred, tgnargs, tgattr, tgargs, tgqual, tgoldtable, tgnewtable)"
        " SELECT ?1, ?2, oid, tgname, tgfoid, tgtype, tgenabled, tgisinternal, tgconstrrelid, 0, ?3, tgdeferrable, tginitdeferred, tgnargs,"
        " ?4, tgargs, tgqual, NULL, NULL FROM pg_trigger WHERE oid = ?5";
    Command *command = clone->command;
    Oid constraint;
    return copy_constraint(clone, &constraint) &&
           catalog_exec(command->catalog, command->error, NULL, SQL, "oooso", clone->oid, clone->child, constraint, columns, clone->from) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relhastriggers = 1 WHERE oid = ?1", "o",
                        clone->child) &&
           depend(clone, columns);
}

static bool clone_one(Clone *clone)
{
    static const char SQL[] = "SELECT tgname, tgattr, tgconstraint, tgfoid FROM pg_trigger WHERE oid = ?1";
    Command *command = clone->command;
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "o", clone->from);
    if (!rows || !rows->nrows)
        return false;
    clone->name = rows->cells[0].text;
    clone->constraint = (Oid)rows->cells[2].i;
    clone->function = (Oid)rows->cells[3].i;
    return place(clone) && insert(clone, columns_below(clone, rows->cells[1].text)) &&
           trigger_reaches_partitions(command, clone->oid, clone->child, clone->replace);
}

bool trigger_reaches_partitions(Command *command, Oid trigger, Oid table, bool replace)
{
    Oid *partitions;
    size_t count;
    if (!inherit_partitions(command, table, &partitions, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        Clone clone = {.command = command, .parent = table, .child = partitions[i], .from = trigger, .replace = replace};
        if (!clone_one(&clone))
            return false;
    }
    return true;
}

bool triggers_follow_parent(Command *command, Oid parent, Oid child)
{
    static const char SQL[] = "SELECT oid FROM pg_trigger WHERE tgrelid = ?1 AND tgtype & 1 AND NOT tgisinternal ORDER BY tgname";
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "o", parent);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        Clone clone = {.command = command, .parent = parent, .child = child, .from = (Oid)rows->cells[i].i};
        if (!clone_one(&clone))
            return false;
    }
    return rows != NULL;
}

bool triggers_leave_parent(Command *command, Oid child)
{
    static const char SQL[] = "SELECT oid FROM pg_trigger WHERE tgrelid = ?1 AND tgparentid <> 0 AND NOT tgisinternal ORDER BY tgname";
    CatalogRows *rows = catalog_query(command->catalog, command->arena, command->error, SQL, "o", child);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        ObjectAddress trigger = object_address(PG_TRIGGER_RELATION, (Oid)rows->cells[i].i, 0);
        if (!catalog_exec(command->catalog, command->error, NULL,
                          "DELETE FROM pg_depend WHERE classid = ?1 AND objid = ?2 AND deptype IN ('P', 'S')", "oo",
                          (Oid)PG_TRIGGER_RELATION, trigger.oid) ||
            !catalog_drop(command->catalog, &trigger, 1, DROP_CASCADE, command->error))
            return false;
    }
    return rows != NULL;
}
