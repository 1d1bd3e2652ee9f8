/*
 * constraint_rename.c - ALTER TABLE ... RENAME CONSTRAINT: the constraint, that of each child that has it from there, and its index.
 *
 * Entered by the session's worker only.
 */
#include "command/alter_internal.h"

/* A constraint and those that came from it: ?1 the relation, ?2 the name, ?3 whether children follow. */
#define SAME_CONSTRAINTS                                                                                                                   \
    "conname = ?2 AND conrelid IN (WITH RECURSIVE kin (oid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN kin"                 \
    " ON inhparent = kin.oid WHERE ?3) SELECT oid FROM kin)"

static bool check_inherited(Command *command, const PgQuery__RenameStmt *statement, bool inherits, bool inherited, Oid relation)
{
    int64_t children = 0;
    if (inherits && !statement->relation->inh &&
        !query_integer(command, &children, 0, "SELECT count(*) FROM pg_inherits WHERE inhparent = ?1", "o", relation))
        return false;
    if (children)
        return error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION,
                         "inherited constraint \"%s\" must be renamed in child tables too", statement->subname);
    return !inherited ||
           error_set(command->error, ERRCODE_INVALID_TABLE_DEFINITION, "cannot rename inherited constraint \"%s\"", statement->subname);
}

/* A constraint that is an index has a relation's name. */
static bool check_free(Command *command, const CatRelation *relation, Oid index, const char *name)
{
    int64_t taken = 0;
    if (index && !query_integer(command, &taken, 0, "SELECT oid FROM pg_class WHERE relname = ?1 AND relnamespace = ?2", "so", name,
                                relation->namespace_oid))
        return false;
    if (taken)
        return error_set(command->error, ERRCODE_DUPLICATE_TABLE, "relation \"%s\" already exists", name);
    if (!query_integer(command, &taken, 0, "SELECT oid FROM pg_constraint WHERE conname = ?1 AND conrelid = ?2", "so", name, relation->oid))
        return false;
    return !taken || error_set(command->error, ERRCODE_DUPLICATE_OBJECT, "constraint \"%s\" for relation \"%s\" already exists", name,
                               relation->name);
}

/* Those of children are renamed along. */
static bool owns_tree(Command *command, Oid relation)
{
    Oid *children;
    size_t count;
    if (!require_owner(command, PG_CLASS_RELATION, relation) || !inherit_children(command, relation, &children, &count))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!owns_tree(command, children[i]))
            return false;
    return true;
}

bool constraint_rename(Command *command, const PgQuery__RenameStmt *statement, const CatRelation *relation)
{
    CatalogRows *rows =
        catalog_query(command->catalog, command->arena, command->error,
                      "SELECT contype = 'c' AND NOT connoinherit, coninhcount > 0,"
                      " CASE contype WHEN 'f' THEN 0 ELSE conindid END FROM pg_constraint" /* a foreign key's is another's */
                      " WHERE conname = ?1 AND conrelid = ?2",
                      "so", statement->subname, relation->oid);
    if (!rows)
        return false;
    if (rows->nrows == 0)
        return error_set(command->error, ERRCODE_UNDEFINED_OBJECT, "constraint \"%s\" for table \"%s\" does not exist", statement->subname,
                         relation->name);
    Oid oid = relation->oid, index = (Oid)CATALOG_CELL(rows, 0, 2).i;
    bool inherits = CATALOG_CELL(rows, 0, 0).i, inherited = CATALOG_CELL(rows, 0, 1).i;
    return (!inherits || owns_tree(command, oid)) && check_inherited(command, statement, inherits, inherited, oid) &&
           check_free(command, relation, index, statement->newname) &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_constraint SET conname = ?4 WHERE " SAME_CONSTRAINTS, "osbs",
                        oid, statement->subname, inherits, statement->newname) &&
           (index == OID_NONE || catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relname = ?2 WHERE oid = ?1",
                                              "os", index, statement->newname));
}
