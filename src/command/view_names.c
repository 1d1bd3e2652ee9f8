/*
 * view_names.c - what entries and columns of a query are called in its text.
 *
 * Invariants:
 *  1. Columns are always qualified by the name of their range table entry; entries of one name get a number, over all levels.
 *  2. Relations are named by what the catalog calls them now, and qualified exactly when the search path does not find them.
 *  3. A column of a join with a name is that join's; one that a join without a name merged of two has its name alone.
 *
 * Entered by the session's worker and by threads of the engine (pg_get_viewdef).
 */
#include <string.h>

#include "command/text_internal.h"

const char *text_quoted(Writer *writer, const char *name)
{
    return catalog_quote_identifier(writer->command->catalog, name, writer->command->arena);
}

/* ---- names of entries and columns ---- */

static bool name_taken(const TextLevel *level, const char *name, int before)
{
    for (int i = 0; i < before; i++)
        if (level->names[i] && str_eq(level->names[i], name))
            return true;
    for (const TextLevel *outer = level->outer; outer; outer = outer->outer)
        for (int i = 0; i < outer->query->nrtes; i++)
            if (outer->names[i] && str_eq(outer->names[i], name))
                return true;
    return false;
}

static const char *raw_name(Writer *writer, const TextLevel *level, const Rte *rte, int number);

/* The name that a join's column has below; NULL: it is merged. */
static const char *name_below(Writer *writer, const TextLevel *level, const Expr *expr)
{
    if (expr->join.rte)
        return raw_name(writer, level, level->query->rtes[expr->join.rte - 1], expr->join.column);
    return expr->kind == EXPR_VAR && expr->u.var.column > 0
               ? raw_name(writer, level, level->query->rtes[expr->u.var.rte], expr->u.var.column)
               : NULL;
}

static const char *raw_name(Writer *writer, const TextLevel *level, const Rte *rte, int number)
{
    if (rte->column_aliases && number <= rte->ncolumn_aliases)
        return rte->column_aliases[number - 1];
    if (rte->relation) {
        const CatRelation *relation = catalog_relation(writer->command->catalog, rte->relation->oid);
        if (relation && number <= relation->ncolumns)
            return relation->columns[number - 1].name;
    }
    const char *below =
        rte->kind == RTE_JOIN && rte->columns[number - 1].join_expr ? name_below(writer, level, rte->columns[number - 1].join_expr) : NULL;
    return below ? below : number <= rte->ncolumns ? rte->columns[number - 1].name : "?column?";
}

static bool name_is_free(const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (names[i] && str_eq(names[i], name))
            return false;
    return true;
}

/* Columns of one name, which a subquery or a join may have, get a number. */
const char *text_column_name(Writer *writer, const TextLevel *level, int index, int number)
{
    Arena *arena = writer->command->arena;
    const Rte *rte = level->query->rtes[index];
    if (rte->relation)
        return raw_name(writer, level, rte, number);
    if (!level->columns[index]) {
        const char **names = ARENA_ARRAY(arena, const char *, rte->ncolumns + 1);
        for (int i = 0; i < rte->ncolumns; i++) {
            const char *base = rte->columns[i].dropped ? NULL : raw_name(writer, level, rte, i + 1), *name = base;
            for (int suffix = 1; name && !name_is_free(names, i, name); suffix++)
                name = arena_printf(arena, "%s_%d", base, suffix);
            names[i] = name;
        }
        level->columns[index] = names;
    }
    return number <= rte->ncolumns && level->columns[index][number - 1] ? level->columns[index][number - 1] : "?column?";
}

const char *text_free_name(Writer *writer, int index, const char *name)
{
    const Rte *rte = writer->level->query->rtes[index];
    const char *out = name;
    int i = 0;
    for (int number = 1; i < rte->ncolumns; i++)
        if (str_eq(text_column_name(writer, writer->level, index, i + 1), out)) {
            out = arena_printf(writer->command->arena, "%s_%d", name, number++);
            i = -1;
        }
    return out;
}

bool text_column_renamed(Writer *writer, const TextLevel *level, int index)
{
    const Rte *rte = level->query->rtes[index];
    for (int i = 0; i < rte->ncolumns; i++) {
        const RteColumn *column = &rte->columns[i];
        const char *real = column->dropped ? NULL
                           : rte->relation ? catalog_relation(writer->command->catalog, rte->relation->oid)->columns[i].name
                           : rte->kind == RTE_JOIN && column->join_expr && name_below(writer, level, column->join_expr)
                               ? name_below(writer, level, column->join_expr)
                               : column->name;
        if (real && !str_eq(real, text_column_name(writer, level, index, i + 1)))
            return true;
    }
    return false;
}

/* A column that USING names must have that name: when it was renamed since, its entry is written with column aliases. */
static void keep_using_name(Writer *writer, const TextLevel *level, const Expr *expr, const char *name)
{
    while (expr->kind != EXPR_VAR && expr->nargs == 1)
        expr = expr->args[0];
    if (expr->kind != EXPR_VAR || expr->u.var.levels_up || expr->u.var.column <= 0)
        return;
    Rte *rte = level->query->rtes[expr->u.var.rte];
    if (!rte->relation || str_eq(raw_name(writer, level, rte, expr->u.var.column), name))
        return;
    const char **aliases = ARENA_ARRAY(writer->command->arena, const char *, rte->ncolumns);
    for (int i = 0; i < rte->ncolumns; i++)
        aliases[i] = i + 1 == expr->u.var.column ? name : raw_name(writer, level, rte, i + 1);
    rte->column_aliases = aliases;
    rte->ncolumn_aliases = rte->ncolumns;
}

/* What the other names of a query's columns must not be. */
typedef struct UsingNames {
    const struct UsingNames *outer;
    const FromItem *join;
} UsingNames;

static bool is_using_name(const UsingNames *names, const char *name)
{
    for (; names; names = names->outer)
        for (int i = 0; i < names->join->nusing; i++)
            if (str_eq(names->join->using_names[i], name))
                return true;
    return false;
}

/* Whether a USING of the item merges the column. */
static bool is_merged(const FromItem *item, int rte, int column)
{
    if (item->kind != FROM_JOIN)
        return false;
    for (int i = 0; i < item->nusing && item->on; i++) {
        const Expr *pair = item->on->kind == EXPR_AND ? item->on->args[i] : item->on;
        for (int side = 0; pair->nargs == 2 && side < 2; side++) {
            const Expr *expr = pair->args[side];
            while (expr->kind != EXPR_VAR && expr->nargs == 1)
                expr = expr->args[0];
            if (expr->kind == EXPR_VAR && !expr->u.var.levels_up && expr->u.var.rte == rte && expr->u.var.column == column)
                return true;
        }
    }
    return is_merged(item->left, rte, column) || is_merged(item->right, rte, column);
}

static bool is_column_name(const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (str_eq(names[i], name))
            return true;
    return false;
}

/* Columns that have, or got since, the name of what a USING above merges of others are written with column aliases. */
static void keep_apart(Writer *writer, const TextLevel *level, const FromItem *item, const UsingNames *reserved, const FromItem *root)
{
    Arena *arena = writer->command->arena;
    if (item->kind == FROM_JOIN) {
        const UsingNames own = {reserved, item};
        keep_apart(writer, level, item->left, &own, root);
        keep_apart(writer, level, item->right, &own, root);
        return;
    }
    Rte *rte = level->query->rtes[item->rte];
    bool changed = false;
    const char **names = ARENA_ARRAY(arena, const char *, rte->ncolumns + 1);
    for (int i = 0; rte->relation && i < rte->ncolumns; i++)
        names[i] = raw_name(writer, level, rte, i + 1);
    for (int i = 0; rte->relation && i < rte->ncolumns; i++) {
        const char *base = names[i];
        bool twice = is_column_name(names, i, base);
        if (rte->columns[i].dropped || !(twice || is_using_name(reserved, base)) || is_merged(root, item->rte, i + 1))
            continue;
        for (int number = 1; is_using_name(reserved, names[i]) || is_column_name(names, i, names[i]); number++)
            names[i] = arena_printf(arena, "%s_%d", base, number);
        changed = true;
    }
    if (!changed)
        return;
    rte->column_aliases = names;
    rte->ncolumn_aliases = rte->ncolumns;
}

/* Columns that came and went since the query was read. */
static void take_columns(Writer *writer, const Query *query, Rte *rte)
{
    const CatRelation *relation = rte->relation ? catalog_relation(writer->command->catalog, rte->relation->oid) : NULL;
    int count = relation ? relation->ncolumns : rte->ncolumns;
    RteColumn *columns = ARENA_ARRAY(writer->command->arena, RteColumn, count + 1);
    if (count < rte->ncolumns)
        return;
    memcpy(columns, rte->columns, sizeof *columns * (size_t)rte->ncolumns);
    for (int i = rte->ncolumns; i < count; i++)
        columns[i] = (RteColumn){.name = arena_strdup(writer->command->arena, relation->columns[i].name),
                                 .type = relation->columns[i].type,
                                 .typmod = relation->columns[i].typmod};
    for (int i = 0; i < count; i++) {
        const Expr *below = rte->kind == RTE_JOIN ? columns[i].join_expr : NULL;
        if (relation)
            columns[i].dropped = relation->columns[i].dropped;
        else if (below && below->kind == EXPR_VAR && !below->u.var.levels_up && below->u.var.column > 0)
            columns[i].dropped = query->rtes[below->u.var.rte]->columns[below->u.var.column - 1].dropped;
    }
    rte->columns = columns;
    rte->ncolumns = count;
}

static void keep_using_names(Writer *writer, const TextLevel *level, const FromItem *item)
{
    if (item->kind != FROM_JOIN)
        return;
    keep_using_names(writer, level, item->left);
    keep_using_names(writer, level, item->right);
    for (int i = 0; i < item->nusing && item->on; i++) {
        const Expr *pair = item->on->kind == EXPR_AND ? item->on->args[i] : item->on;
        for (int side = 0; pair->nargs == 2 && side < 2; side++)
            keep_using_name(writer, level, pair->args[side], item->using_names[i]);
    }
}

TextLevel *text_open_level(Writer *writer, const Query *query)
{
    Arena *arena = writer->command->arena;
    TextLevel *level = ARENA_NEW(arena, TextLevel);
    *level = (TextLevel){query, ARENA_ARRAY(arena, const char *, query->nrtes + 1), ARENA_ARRAY(arena, const char **, query->nrtes + 1),
                         writer->level};
    for (int i = 0; writer->stored && i < query->nrtes; i++)
        if (query->rtes[i]->relation || query->rtes[i]->kind == RTE_JOIN)
            take_columns(writer, query, query->rtes[i]);
    for (int i = 0; i < query->nfrom; i++)
        keep_using_names(writer, level, query->from[i]);
    for (int i = 0; i < query->nfrom; i++)
        keep_apart(writer, level, query->from[i], NULL, query->from[i]);
    for (int i = 0; i < query->nrtes; i++) {
        const Rte *rte = query->rtes[i];
        const char *base = rte->kind == RTE_JOIN                  ? rte->alias_written
                           : rte->kind == RTE_RESULT              ? NULL
                           : rte->relation && !rte->alias_written ? catalog_relation(writer->command->catalog, rte->relation->oid)->name
                                                                  : rte->alias;
        const char *name = base ? arena_strdup(arena, base) : NULL;
        for (int number = 1; name && name_taken(level, name, i); number++)
            name = arena_printf(arena, "%s_%d", base, number);
        level->names[i] = name;
    }
    return level;
}

static const TextLevel *level_up(const Writer *writer, int levels)
{
    const TextLevel *level = writer->level;
    for (; levels > 0 && level->outer; levels--)
        level = level->outer;
    return level;
}

static const char *const SYSTEM[] = {"", "ctid", "xmin", "cmin", "xmax", "cmax", "tableoid"};

bool text_is_column(const Expr *expr)
{
    return expr->kind == EXPR_VAR || expr->join.rte;
}

/* Of a join without a name: what is merged there. */
static const char *write_join_column(Writer *writer, const Expr *expr)
{
    const TextLevel *level = level_up(writer, expr->join.levels_up);
    int index = expr->join.rte - 1, number = expr->join.column;
    const char *table = level->names[index], *name = number ? text_column_name(writer, level, index, number) : NULL;
    if (table)
        str_addf(writer->out, "%s.", text_quoted(writer, table));
    str_add(writer->out, name ? text_quoted(writer, name) : "*");
    return name;
}

const char *text_write_column(Writer *writer, const Expr *expr)
{
    if (expr->join.rte)
        return write_join_column(writer, expr);
    const TextLevel *level = level_up(writer, expr->u.var.levels_up);
    int number = expr->u.var.column;
    const char *table = level->names[expr->u.var.rte];
    const char *name = number > 0 ? text_column_name(writer, level, expr->u.var.rte, number) : number < 0 ? SYSTEM[-number] : NULL;
    str_addf(writer->out, "%s.%s", text_quoted(writer, table ? table : "?"), name ? text_quoted(writer, name) : "*");
    return name;
}

const char *text_relation_name(Writer *writer, const CatRelation *relation)
{
    Catalog *catalog = writer->command->catalog;
    bool visible = catalog_is_visible(catalog, PG_CLASS_RELATION, relation->oid);
    for (const TextLevel *level = writer->level; level; level = level->outer) /* a WITH item of the name hides it */
        for (int i = 0; i < level->query->nctes; i++)
            visible = visible && !str_eq(level->query->ctes[i].name, relation->name);
    return catalog_qualified(catalog, visible ? OID_NONE : relation->namespace_oid, relation->name, writer->command->arena);
}

const char *text_cte_name(const Writer *writer, const Rte *rte)
{
    const TextLevel *level = writer->level;
    for (int up = rte->cte_levels_up; up > 0 && level->outer; up--)
        level = level->outer;
    return rte->cte < level->query->nctes ? level->query->ctes[rte->cte].name : rte->alias;
}
