/*
 * inherit_merge.c - the columns and CHECKs of a new table that has parents: what they give it, joined with what it says itself
 * (PostgreSQL manual, CREATE TABLE, INHERITS and PARTITION OF).
 *
 * Invariants:
 *  1. Inherited columns come first, in the order of the parents; a column of the same name is one column.
 *  2. attinhcount and coninhcount count the parents that have it; attislocal and conislocal say that the table has it itself.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/table_internal.h"

typedef struct Merge {
    Command *command;
    NewTable *table;
    VEC(NewColumn) columns;
    NewChecks checks;
} Merge;

static NewColumn *find_column(Merge *merge, const char *name)
{
    for (size_t i = 0; i < merge->columns.count; i++)
        if (str_eq(merge->columns.items[i].name, name))
            return &merge->columns.items[i];
    return NULL;
}

static const char *type_text(Merge *merge, const NewColumn *column)
{
    return catalog_format_type(merge->command->catalog, column->type, column->typmod, merge->command->arena);
}

static const char *collation_text(Merge *merge, const NewColumn *column)
{
    const CatCollation *collation = catalog_collation(merge->command->catalog, column->collation);
    return collation ? collation->name : "";
}

/* Two definitions of one column must agree; what: "inherited column" or "column". */
static bool check_same(Merge *merge, const NewColumn *old, const NewColumn *new, const char *what)
{
    Error *error = merge->command->error;
    if (old->type != new->type || old->typmod != new->typmod) {
        error_set(error, ERRCODE_DATATYPE_MISMATCH, "%s \"%s\" has a type conflict", what, new->name);
        return error_detail(error, "%s versus %s", type_text(merge, old), type_text(merge, new));
    }
    if (old->collation != new->collation) {
        error_set(error, ERRCODE_COLLATION_MISMATCH, "%s \"%s\" has a collation conflict", what, new->name);
        return error_detail(error, "\"%s\" versus \"%s\"", collation_text(merge, old), collation_text(merge, new));
    }
    return true;
}

/* ---- parents ---- */

static bool take_default(Merge *merge, NewColumn *column, const char *text, bool generated)
{
    Command *command = merge->command;
    if (!text)
        return true;
    column->value_inherited = true;
    if (column->parent_default) {
        column->default_conflict |= !str_eq(column->parent_default, text);
        return true;
    }
    column->parent_default = arena_strdup(command->arena, text);
    const Node **expr = generated ? &column->generated_expr : &column->default_expr;
    *expr = stored_expr_parse(command, column->parent_default);
    return *expr != NULL;
}

/* What both say must be the same. */
static bool check_storage(Merge *merge, const char *what, const NewColumn *old, const NewColumn *new)
{
    static const struct {
        char letter;
        const char *word;
    } WORDS[] = {{'p', "PLAIN"}, {'e', "EXTERNAL"}, {'x', "EXTENDED"}, {'m', "MAIN"}};
    const char *words[] = {"", ""};
    if (!old->storage || !new->storage || old->storage == new->storage)
        return true;
    for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
        words[0] = WORDS[i].letter == old->storage ? WORDS[i].word : words[0];
        words[1] = WORDS[i].letter == new->storage ? WORDS[i].word : words[1];
    }
    error_set(merge->command->error, ERRCODE_DATATYPE_MISMATCH, "%s \"%s\" has a storage parameter conflict", what, new->name);
    return error_detail(merge->command->error, "%s versus %s", words[0], words[1]);
}

/* A method that only one of them says counts for both. */
static bool merge_compression(Merge *merge, NewColumn *old, const NewColumn *new)
{
    if (!old->compression)
        old->compression = new->compression;
    if (!new->compression || str_eq(old->compression, new->compression))
        return true;
    error_set(merge->command->error, ERRCODE_DATATYPE_MISMATCH, "column \"%s\" has a compression method conflict", new->name);
    return error_detail(merge->command->error, "%s versus %s", old->compression, new->compression);
}

static bool take_column(Merge *merge, const CatColumn *from, int ndims, char storage, const char *compression, const char *default_text)
{
    Command *command = merge->command;
    NewColumn column = {.name = arena_strdup(command->arena, from->name),
                        .type = from->type,
                        .typmod = from->typmod,
                        .collation = from->collation,
                        .not_null = from->not_null,
                        .ndims = ndims,
                        .storage = storage,
                        .compression = compression_name(compression),
                        .inherited_only = true,
                        .inherit_count = 1};
    NewColumn *old = find_column(merge, from->name);
    bool generated = from->generated != 0;
    if (!old) {
        vec_push(command->arena, &merge->columns, column);
        return take_default(merge, &merge->columns.items[merge->columns.count - 1], default_text, generated);
    }
    notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION,
           "merging multiple inherited definitions of column \"%s\"", from->name);
    if (!check_same(merge, old, &column, "inherited column") || !check_storage(merge, "inherited column", old, &column) ||
        !merge_compression(merge, old, &column))
        return false;
    old->inherit_count++;
    old->not_null |= column.not_null;
    if (generated != (old->generated_expr != NULL))
        return error_set(command->error, ERRCODE_DATATYPE_MISMATCH, "inherited column \"%s\" has a generation conflict", from->name);
    return take_default(merge, old, default_text, generated);
}

static bool take_columns(Merge *merge, const CatRelation *parent)
{
    CatalogRows *rows =
        catalog_query(merge->command->catalog, merge->command->arena, merge->command->error,
                      "SELECT attndims, adbin, attstorage, attcompression FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND"
                      " adnum = attnum WHERE attrelid = ?1 AND attnum > 0 ORDER BY attnum",
                      "o", parent->oid);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        if (!parent->columns[i].dropped &&
            !take_column(merge, &parent->columns[i], (int)CATALOG_CELL(rows, i, 0).i, CATALOG_CELL(rows, i, 2).text[0],
                         CATALOG_CELL(rows, i, 3).text, CATALOG_CELL(rows, i, 1).text))
            return false;
    return rows != NULL;
}

static bool take_check(Merge *merge, const char *name, const char *text)
{
    Command *command = merge->command;
    for (size_t i = 0; i < merge->checks.count; i++) {
        NewCheck *old = &merge->checks.items[i];
        if (!str_eq(old->name, name))
            continue;
        if (!str_eq(old->parent_text, text))
            return error_set(command->error, ERRCODE_DUPLICATE_OBJECT,
                             "check constraint name \"%s\" appears multiple times but with different expressions", name);
        old->inherit_count++;
        return true;
    }
    NewCheck check = {.name = arena_strdup(command->arena, name),
                      .parent_text = arena_strdup(command->arena, text),
                      .inherited_only = true,
                      .inherit_count = 1};
    check.expr = stored_expr_parse(command, check.parent_text);
    vec_push(command->arena, &merge->checks, check);
    return check.expr != NULL;
}

static bool take_checks(Merge *merge, Oid parent)
{
    CatalogRows *rows = catalog_query(merge->command->catalog, merge->command->arena, merge->command->error,
                                      "SELECT conname, conbin, conkey FROM pg_constraint WHERE conrelid = ?1 AND contype = 'c'"
                                      " AND NOT connoinherit ORDER BY conname",
                                      "o", parent);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        if (!check_is_convertible(merge->command, CATALOG_CELL(rows, i, 0).text, CATALOG_CELL(rows, i, 2).text, parent) ||
            !take_check(merge, CATALOG_CELL(rows, i, 0).text, CATALOG_CELL(rows, i, 1).text))
            return false;
    return rows != NULL;
}

/* ---- the table's own columns ---- */

/* What a parent computes, its child computes alike. */
static bool check_generated(Merge *merge, const NewColumn *old, const NewColumn *own)
{
    Error *error = merge->command->error;
    if (old->generated_expr && own->default_expr)
        return error_set(error, ERRCODE_INVALID_COLUMN_DEFINITION, "column \"%s\" inherits from generated column but specifies default",
                         own->name);
    if (old->generated_expr && own->identity)
        return error_set(error, ERRCODE_INVALID_COLUMN_DEFINITION, "column \"%s\" inherits from generated column but specifies identity",
                         own->name);
    if (!own->generated_expr || !old->generated_expr)
        return true;
    error_set(error, ERRCODE_INVALID_COLUMN_DEFINITION, "child column \"%s\" specifies generation expression", own->name);
    return error_hint(error, "Omit the generation expression in the definition of the child table column to inherit the generation"
                             " expression from the parent table.");
}

/* What is not inherited is the own column's. */
static void take_own(NewColumn *old, const NewColumn *own)
{
    old->not_null |= own->not_null;
    old->options = own->options;
    old->noptions = own->noptions;
    old->checks.count = own->checks.count;
    old->checks.items = own->checks.items;
    old->is_serial = own->is_serial;
    old->identity = own->identity;
    old->identity_options = own->identity_options;
    old->nidentity_options = own->nidentity_options;
    old->sequence = own->sequence;
}

static bool merge_own(Merge *merge, const NewColumn *own, size_t place)
{
    Command *command = merge->command;
    NewColumn *old = find_column(merge, own->name);
    if (!old) {
        vec_push(command->arena, &merge->columns, *own);
        return true;
    }
    if (old == &merge->columns.items[place]) {
        notice(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION, "merging column \"%s\" with inherited definition",
               own->name);
    } else {
        notice_full(command->context->notices, SEVERITY_NOTICE, ERRCODE_SUCCESSFUL_COMPLETION,
                    arena_printf(command->arena, "moving and merging column \"%s\" with inherited definition", own->name),
                    "User-specified column moved to the position of the inherited column.", NULL);
    }
    if (!check_same(merge, old, own, "column") || !check_storage(merge, "column", old, own) || !merge_compression(merge, old, own) ||
        !check_generated(merge, old, own))
        return false;
    old->inherited_only = false;
    take_own(old, own);
    old->value_inherited &= !own->generated_expr && !own->default_expr;
    if (own->generated_expr)
        old->generated_expr = own->generated_expr;
    if (own->default_expr) {
        old->default_expr = own->default_expr;
        old->default_conflict = false;
    }
    return true;
}

/* A column of PARTITION OF only adds to the parent's. */
static bool merge_typeless(Merge *merge, const NewColumn *own)
{
    NewColumn *old = find_column(merge, own->name);
    if (!old)
        return error_set(merge->command->error, ERRCODE_UNDEFINED_COLUMN, "column \"%s\" does not exist", own->name);
    if (!check_generated(merge, old, own))
        return false;
    take_own(old, own);
    old->value_inherited &= !own->default_expr;
    if (own->default_expr)
        old->default_expr = own->default_expr;
    return true;
}

static bool check_defaults(const Merge *merge)
{
    for (size_t i = 0; i < merge->columns.count; i++) {
        if (!merge->columns.items[i].default_conflict)
            continue;
        if (merge->columns.items[i].generated_expr)
            return error_set(merge->command->error, ERRCODE_INVALID_COLUMN_DEFINITION,
                             "column \"%s\" inherits conflicting generation expressions", merge->columns.items[i].name);
        error_set(merge->command->error, ERRCODE_INVALID_COLUMN_DEFINITION, "column \"%s\" inherits conflicting default values",
                  merge->columns.items[i].name);
        return error_hint(merge->command->error, "To resolve the conflict, specify a default explicitly.");
    }
    return true;
}

bool inherit_merge(Command *command, NewTable *table)
{
    Merge merge = {.command = command, .table = table};
    for (size_t i = 0; i < table->nparents; i++)
        if (!take_columns(&merge, catalog_relation(command->catalog, table->parents[i])) || !take_checks(&merge, table->parents[i]))
            return false;
    for (size_t i = 0; i < table->ncolumns; i++)
        if (!(table->is_partition ? merge_typeless(&merge, &table->columns[i]) : merge_own(&merge, &table->columns[i], i)))
            return false;
    if (!check_defaults(&merge))
        return false;
    table->columns = merge.columns.items;
    table->ncolumns = merge.columns.count;
    table->checks = merge.checks;
    return true;
}

bool inherit_record(Command *command, Oid child, Oid parent, int number, bool partition)
{
    return catalog_exec(command->catalog, command->error, NULL, "INSERT INTO pg_inherits VALUES (?1, ?2, ?3, 0)", "ooi", child, parent,
                        (int64_t)number) &&
           depend_on(command, object_address(PG_CLASS_RELATION, child, 0), object_address(PG_CLASS_RELATION, parent, 0),
                     partition ? 'a' : 'n') &&
           catalog_exec(command->catalog, command->error, NULL, "UPDATE pg_class SET relhassubclass = 1 WHERE oid = ?1", "o", parent);
}
