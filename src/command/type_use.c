/*
 * type_use.c - the columns whose values a change of a type concerns: those of a domain, checked against a new condition, and those
 * that hold a type inside another one, for which the change is refused.
 *
 * Invariants:
 *  1. Columns are found through pg_depend, in the order the dependencies were made.
 *  2. Rows that lie elsewhere (foreign tables) are taken as they come where a condition on a domain's own values changes.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "command/type_internal.h"

enum { MAX_NESTING = 64 };

typedef struct DomainCheck {
    Command *command;
    Oid base;
    const char *name, *check; /* check NULL: NOT NULL */
    int depth;
} DomainCheck;

static CatalogRows *dependents(Command *command, Oid type)
{
    static const char SQL[] = "SELECT classid, objid, objsubid FROM pg_depend WHERE refclassid = 1247 AND refobjid = ?1 ORDER BY rowid";
    return catalog_query(command->catalog, command->arena, command->error, SQL, "o", type);
}

/* Here or elsewhere. */
static bool has_rows(char kind)
{
    return kind == 'r' || kind == 'f' || kind == 'p' || kind == 'm' || kind == 'i' || kind == 'I' || kind == 't' || kind == 'S';
}

/* What is being altered, and the words for its being used. */
typedef struct TypeUse {
    Command *command;
    const char *name, *format; /* of the name, the relation that uses it, and its column */
    const char *of_expression; /* of the name, and what uses it; NULL: an expression may, as the values stay what they are */
    bool stored;               /* only relations that have rows here */
    const char *label;         /* and of these, those whose values have it; NULL: all */
} TypeUse;

/* A stored expression makes or takes values of the type: of a default, a constraint, a rule, a trigger, a routine's body, statistics, or,
 * where the object is a whole relation, of an index or a partition key. */
static bool is_expression(Command *command, Oid type, Oid class_oid, Oid oid, int64_t number)
{
    static const Oid CLASSES[] = {PG_ATTRDEF_RELATION, PG_CONSTRAINT_RELATION, PG_REWRITE_RELATION, PG_TRIGGER_RELATION,
                                  PG_STATISTIC_EXT_RELATION};
    int64_t found = 0;
    for (size_t i = 0; i < COUNT_OF(CLASSES); i++)
        if (CLASSES[i] == class_oid)
            return true;
    const CatRelation *relation = class_oid == PG_CLASS_RELATION ? catalog_relation(command->catalog, oid) : NULL;
    if (relation)
        return number == 0 && relation->row_type != type;
    return class_oid == PG_PROC_RELATION &&
           query_integer(command, &found, 0, "SELECT 1 FROM pg_proc WHERE oid = ?1 AND prosqlbody IS NOT NULL", "o", oid) && found;
}

/* A label that the text of an array or a row would write otherwise may be in every value. */
static bool has_label(Command *command, const char *label, const CatRelation *relation, const char *column, bool *has)
{
    Arena *arena = command->arena;
    const CatNamespace *schema = catalog_namespace(command->catalog, relation->namespace_oid);
    const char *shown = catalog_quote_identifier(command->catalog, column, arena);
    const char *condition =
        arena_printf(arena, "pg_catalog.strpos(%s::pg_catalog.text, %s) > 0", shown, catalog_quote_literal(label, arena));
    const char *query =
        arena_printf(arena, "SELECT 1 FROM ONLY %s.%s WHERE %s", catalog_quote_identifier(command->catalog, schema->name, arena),
                     catalog_quote_identifier(command->catalog, relation->name, arena),
                     strpbrk(label, "\"\\") ? arena_printf(arena, "%s IS NOT NULL", shown) : condition);
    return command->context->has_row(command->context->arg, query, has, command->error);
}

/* Refused where the relation's column has values that count. */
static bool check_rows(const TypeUse *use, const CatRelation *relation, int64_t number)
{
    Arena *arena = use->command->arena;
    const char *table = arena_strdup(arena, relation->name), *column = arena_strdup(arena, relation->columns[number - 1].name);
    bool has = use->stored ? relation->stored_node != 0 : has_rows(relation->kind);
    if (has && use->label && !has_label(use->command, use->label, relation, column, &has))
        return false;
    return !has || error_unsupported(use->command->error, use->format, use->name, table, column);
}

static bool check_unused(const TypeUse *use, Oid type, int depth)
{
    Command *command = use->command;
    CatalogRows *rows = dependents(command, type);
    for (size_t i = 0; rows && depth < MAX_NESTING && i < rows->nrows; i++) {
        Oid class_oid = (Oid)CATALOG_CELL(rows, i, 0).i, oid = (Oid)CATALOG_CELL(rows, i, 1).i;
        int64_t number = CATALOG_CELL(rows, i, 2).i;
        if (class_oid == PG_TYPE_RELATION && !check_unused(use, oid, depth + 1))
            return false;
        if (use->of_expression && is_expression(command, type, class_oid, oid, number))
            return error_unsupported(command->error, use->of_expression, use->name,
                                     catalog_describe(command->catalog, object_address(class_oid, oid, number), command->arena));
        if (class_oid != PG_CLASS_RELATION || number <= 0)
            continue;
        const CatRelation *relation = catalog_relation(command->catalog, oid);
        if (!relation || number > relation->ncolumns || relation->columns[number - 1].dropped)
            continue;
        Oid row_type = relation->row_type;
        bool is_written_anew = use->label && depth == 0;
        if ((!is_written_anew && !check_rows(use, relation, number)) || (row_type && !check_unused(use, row_type, depth + 1)))
            return false;
    }
    return rows != NULL;
}

bool type_check_unused(Command *command, Oid type, const char *name)
{
    TypeUse use = {.command = command, .name = name, .format = "cannot alter type \"%s\" because column \"%s.%s\" uses it"};
    return check_unused(&use, type, 0);
}

bool row_type_check_unused(Command *command, const CatRelation *relation)
{
    static const char TYPE[] = "cannot alter type \"%s\" because column \"%s.%s\" uses it";
    static const char TABLE[] = "cannot alter table \"%s\" because column \"%s.%s\" uses its row type";
    static const char FOREIGN[] = "cannot alter foreign table \"%s\" because column \"%s.%s\" uses its row type";
    TypeUse use = {.command = command, .name = arena_strdup(command->arena, relation->name)};
    use.format = relation->kind == 'c' ? TYPE : relation->kind == 'f' ? FOREIGN : TABLE;
    use.of_expression = relation->kind == 'c'   ? "cannot alter type \"%s\" because %s uses it"
                        : relation->kind == 'f' ? "cannot alter foreign table \"%s\" because %s uses its row type"
                                                : "cannot alter table \"%s\" because %s uses its row type";
    return check_unused(&use, relation->row_type, 0);
}

bool enum_check_stored(Command *command, const CatType *type, const char *label)
{
    TypeUse use = {.command = command, .name = arena_strdup(command->arena, type->name), .stored = true, .label = label};
    use.format = "renaming a label of type \"%s\" is not supported where column \"%s.%s\" has values of it";
    return check_unused(&use, type->oid, 0);
}

bool row_type_check_stored(Command *command, const CatRelation *relation)
{
    TypeUse use = {.command = command, .name = arena_strdup(command->arena, relation->name), .stored = true};
    use.format = "changing the attributes of type \"%s\" is not supported where column \"%s.%s\" has values of it";
    return check_unused(&use, relation->row_type, 0);
}

/* ---- types inside types ---- */

bool type_contains(Command *command, Oid outer, Oid inner, int depth)
{
    const CatType *type = depth < MAX_NESTING ? catalog_type(command->catalog, outer) : NULL;
    if (!type || outer == inner)
        return type != NULL;
    if (type->kind == 'd')
        return type_contains(command, type->base, inner, depth + 1);
    if (type->category == 'A' && type->element)
        return type_contains(command, type->element, inner, depth + 1);
    const CatRelation *relation = type->kind == 'c' ? catalog_relation(command->catalog, type->relation) : NULL;
    for (int i = 0; relation && i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped && type_contains(command, relation->columns[i].type, inner, depth + 1))
            return true;
    return false;
}

static bool check_column(DomainCheck *check, const CatRelation *relation, const CatColumn *column)
{
    Command *command = check->command;
    Arena *arena = command->arena;
    const CatNamespace *schema = catalog_namespace(command->catalog, relation->namespace_oid);
    const char *table = arena_strdup(arena, relation->name), *name = arena_strdup(arena, column->name),
               *schema_name = arena_strdup(arena, schema->name);
    bool broken;
    const char *query = arena_printf(
        arena, "SELECT 1 FROM (SELECT CAST(%s AS %s) AS value FROM ONLY %s.%s) AS v WHERE (%s) IS %s",
        catalog_quote_identifier(command->catalog, name, arena), catalog_format_type(command->catalog, check->base, -1, arena),
        catalog_quote_identifier(command->catalog, schema_name, arena), catalog_quote_identifier(command->catalog, table, arena),
        check->check ? arena_printf(arena, "%s\n", check->check) : "value", check->check ? "FALSE" : "NULL");
    if (!command->context->has_row(command->context->arg, query, &broken, command->error))
        return false;
    if (!broken)
        return true;
    if (check->check)
        error_set(command->error, ERRCODE_CHECK_VIOLATION, "column \"%s\" of table \"%s\" contains values that violate the new constraint",
                  name, table);
    else
        error_set(command->error, ERRCODE_NOT_NULL_VIOLATION, "column \"%s\" of table \"%s\" contains null values", name, table);
    Arena *kept = command->error->arena;
    command->error->schema = arena_strdup(kept, schema_name);
    command->error->table = arena_strdup(kept, table);
    command->error->column = arena_strdup(kept, name);
    return false;
}

static bool check_values(DomainCheck *check, Oid domain)
{
    Command *command = check->command;
    CatalogRows *rows = dependents(command, domain);
    if (++check->depth > MAX_NESTING)
        return error_too_deep(command->error);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        Oid class_oid = (Oid)CATALOG_CELL(rows, i, 0).i, oid = (Oid)CATALOG_CELL(rows, i, 1).i;
        int64_t number = CATALOG_CELL(rows, i, 2).i;
        const CatType *type = class_oid == PG_TYPE_RELATION ? catalog_type(command->catalog, oid) : NULL;
        if (type && !(type->kind == 'd' ? check_values(check, oid) : type_check_unused(command, oid, check->name)))
            return false;
        const CatRelation *relation = class_oid == PG_CLASS_RELATION && number > 0 ? catalog_relation(command->catalog, oid) : NULL;
        if (!relation)
            continue;
        if (relation->row_type && !type_check_unused(command, relation->row_type, check->name))
            return false;
        relation = catalog_relation(command->catalog, oid);
        if (number > relation->ncolumns || relation->columns[number - 1].dropped || (relation->kind != 'r' && relation->kind != 'm'))
            continue;
        if (!check_column(check, relation, &relation->columns[number - 1]))
            return false;
    }
    check->depth--;
    return rows != NULL;
}

bool domain_check_values(Command *command, Oid domain, const char *condition)
{
    DomainCheck check = {.command = command, .check = condition};
    check.name = arena_strdup(command->arena, catalog_format_type(command->catalog, domain, -1, command->arena));
    check.base = catalog_base_type(command->catalog, domain, NULL);
    return check_values(&check, domain);
}
