/*
 * names.c - what names in expressions refer to: columns and tables of FROM, of this query and of those around it.
 *
 * Invariants:
 *  1. Scopes are searched from the innermost outward; within one, a name found twice is ambiguous (42702, 42P09).
 *  2. Every reference marks the columns it reads on the relation's range table entry: privileges are checked by those marks.
 *  3. Columns of joins are referred to as what they are made of: the expression in NsColumn, copied, moved to the referring level.
 */
#include "sql/analyze_int.h"

enum { MANY_COLUMNS = 16 };

/* A column of a join without a name is the column below, unless it is merged of two. */
static Expr *join_column(Scope *scope, const Rte *rte, int index, int column)
{
    Expr *expr = expr_copy(rte->columns[column].join_expr, scope->an->arena);
    if (rte->alias_written || (expr->kind != EXPR_VAR && !expr->join.rte))
        expr->join = (JoinColumn){index + 1, column + 1, 0};
    return expr;
}

NsItem *names_item(Scope *scope, Rte *rte, int index)
{
    Arena *arena = scope->an->arena;
    NsItem *item = ARENA_NEW(arena, NsItem);
    item->rte = rte;
    item->index = index;
    item->name = rte->alias;
    item->relation = rte->relation && !rte->alias_written ? rte->relation->oid : OID_NONE;
    item->ncolumns = rte->ncolumns;
    item->columns = ARENA_ARRAY(arena, NsColumn, rte->ncolumns + 1);
    item->names_visible = item->columns_visible = item->lateral_ok = true;
    for (int i = 0; i < rte->ncolumns; i++) {
        const RteColumn *column = &rte->columns[i];
        item->columns[i].name = column->dropped ? "" : column->name;
        item->columns[i].hidden = column->hidden;
        if (column->dropped)
            continue;
        if (rte->kind == RTE_JOIN) {
            item->columns[i].expr = join_column(scope, rte, index, i);
        } else {
            item->columns[i].expr = expr_var(arena, index, i + 1, column->type, column->typmod, column->collation);
            item->columns[i].expr->location = -1;
        }
    }
    return item;
}

void names_add(Scope *scope, NsList *list, NsItem *item)
{
    vec_push(scope->an->arena, list, item);
}

/* ---- privileges ---- */

void names_mark_read(Rte *rte, int column)
{
    if (!rte->columns_read)
        return;
    int first = column == 0 ? 1 : column, last = column == 0 ? rte->ncolumns : column;
    int whole = 0 - COLUMN_TABLEOID;
    if (column == 0)
        rte->columns_read[whole / 64] |= UINT64_C(1) << (whole % 64);
    for (int i = first; i <= last; i++) {
        int bit = i - COLUMN_TABLEOID;
        if (bit >= 0 && bit / 64 < rte->columns_read_words)
            rte->columns_read[bit / 64] |= UINT64_C(1) << (bit % 64);
    }
}

typedef struct ReadMark {
    Query *query;
} ReadMark;

static bool mark_vars(const Expr *expr, void *arg)
{
    ReadMark *mark = arg;
    if (expr->kind == EXPR_VAR && expr->u.var.levels_up == 0)
        names_mark_read(mark->query->rtes[expr->u.var.rte], expr->u.var.column);
    return expr_walk(expr, mark_vars, arg);
}

/* ---- columns ---- */

static Scope *scope_up(Scope *scope, int levels)
{
    while (levels-- > 0)
        scope = scope->parent;
    return scope;
}

static void place(Expr *expr, int location)
{
    expr->location = location;
    if (expr->kind == EXPR_COALESCE || expr->kind == EXPR_RELABEL || expr->kind == EXPR_FUNC)
        for (int i = 0; i < expr->nargs; i++)
            place(expr->args[i], location);
}

Expr *names_use_column(Scope *scope, NsItem *item, int column, int levels, int location)
{
    Analyzer *an = scope->an;
    Expr *source = item->columns[column].expr;
    Expr *expr = expr_copy(source, an->arena);
    ReadMark mark = {scope_up(scope, levels)->query};
    mark_vars(source, &mark);
    if (item->is_view)
        names_mark_read(item->rte, column + 1);
    if (levels)
        expr_shift_levels(expr, levels);
    place(expr, an->views ? -1 : location);
    return expr;
}

static const struct {
    const char *name;
    int number;
    Oid type;
} SYSTEM_COLUMNS[] = {
    {"ctid", COLUMN_CTID, TYPE_TID}, {"xmin", COLUMN_XMIN, TYPE_XID}, {"cmin", COLUMN_CMIN, TYPE_CID},
    {"xmax", COLUMN_XMAX, TYPE_XID}, {"cmax", COLUMN_CMAX, TYPE_CID}, {"tableoid", COLUMN_TABLEOID, TYPE_OID},
};

/* Of a row that is only being written, tableoid alone is known. */
static bool refuse_system_column(Scope *scope, const char *name, int location)
{
    bool checks = scope->clause == CLAUSE_CHECK;
    if (!checks && scope->clause != CLAUSE_GENERATED)
        return false;
    error_set(scope->an->error, ERRCODE_INVALID_COLUMN_REFERENCE,
              checks ? "system column \"%s\" reference in check constraint is invalid"
                     : "cannot use system column \"%s\" in column generation expression",
              name);
    analyze_at(scope->an, location);
    return true;
}

static Expr *system_column(Scope *scope, NsItem *item, int levels, const char *name, int location)
{
    if (item->rte->kind != RTE_RELATION)
        return NULL;
    for (size_t i = 0; i < COUNT_OF(SYSTEM_COLUMNS); i++) {
        if (strcmp(SYSTEM_COLUMNS[i].name, name) != 0)
            continue;
        if (SYSTEM_COLUMNS[i].number != COLUMN_TABLEOID && refuse_system_column(scope, name, location))
            return NULL;
        Expr *expr = expr_var(scope->an->arena, item->index, SYSTEM_COLUMNS[i].number, SYSTEM_COLUMNS[i].type, -1, OID_NONE);
        expr->u.var.levels_up = levels;
        expr->location = scope->an->views ? -1 : location;
        names_mark_read(item->rte, SYSTEM_COLUMNS[i].number);
        return expr;
    }
    return NULL;
}

static void ambiguous_column(Scope *scope, const char *name, int location)
{
    error_set(scope->an->error, ERRCODE_AMBIGUOUS_COLUMN, "column reference \"%s\" is ambiguous", name);
    analyze_at(scope->an, location);
}

typedef struct ColumnPlace {
    int column;
    bool twice;
} ColumnPlace;

static void index_columns(Scope *scope, NsItem *item)
{
    Arena *arena = scope->an->arena;
    item->by_name = map_open(arena);
    for (int i = 0; i < item->ncolumns; i++) {
        const char *name = item->columns[i].name;
        ColumnPlace *known = map_get(item->by_name, name, strlen(name));
        if (known) {
            known->twice = true;
            continue;
        }
        known = ARENA_NEW(arena, ColumnPlace);
        known->column = i;
        map_put(item->by_name, name, strlen(name), known);
    }
}

/* The column's place in the item; -1: none, -2: more than one. */
static int column_place(Scope *scope, NsItem *item, const char *name)
{
    if (!*name)
        return -1;
    if (item->ncolumns > MANY_COLUMNS) {
        if (!item->by_name)
            index_columns(scope, item);
        const ColumnPlace *known = map_get(item->by_name, name, strlen(name));
        return !known ? -1 : known->twice ? -2 : known->column;
    }
    int found = -1;
    for (int i = 0; i < item->ncolumns; i++)
        if (strcmp(item->columns[i].name, name) == 0) {
            if (found >= 0)
                return -2;
            found = i;
        }
    return found;
}

Expr *names_column_of(Scope *scope, NsItem *item, int levels, const char *name, int location)
{
    int column = column_place(scope, item, name);
    if (column == -2) {
        ambiguous_column(scope, name, location);
        return NULL;
    }
    return column >= 0 ? names_use_column(scope, item, column, levels, location) : system_column(scope, item, levels, name, location);
}

/* A LATERAL item may refer to what stands left of it, but not across RIGHT and FULL joins, nor to the table that is written. */
static bool check_lateral(Scope *scope, const NsItem *item, int location)
{
    Analyzer *an = scope->an;
    if (!item->lateral_only || item->lateral_ok)
        return true;
    error_set(an->error, ERRCODE_INVALID_COLUMN_REFERENCE, "invalid reference to FROM-clause entry for table \"%s\"",
              item->name ? item->name : "");
    if (item->is_target)
        error_hint(an->error, "There is an entry for table \"%s\", but it cannot be referenced from this part of the query.", item->name);
    else
        error_detail(an->error, "The combining JOIN type must be INNER or LEFT for a LATERAL reference.");
    return analyze_at(an, location);
}

/* *found: the column of one scope's items, if there is one. */
static bool find_in_scope(Scope *scope, Scope *at, int levels, const char *name, int location, Expr **found)
{
    *found = NULL;
    for (size_t i = 0; i < at->names.count; i++) {
        NsItem *item = at->names.items[i];
        if (!item->columns_visible || (item->lateral_only && !at->lateral_active))
            continue;
        Expr *expr = names_column_of(scope, item, levels, name, location);
        if (error_is_set(scope->an->error))
            return false;
        if (!expr)
            continue;
        if (*found) {
            ambiguous_column(scope, name, location);
            return false;
        }
        if (!check_lateral(scope, item, location))
            return false;
        *found = expr;
    }
    return true;
}

Expr *names_find_column(Scope *scope, const char *name, int location)
{
    int levels = 0;
    for (Scope *at = scope; at; at = at->parent, levels++) {
        Expr *found;
        if (!find_in_scope(scope, at, levels, name, location, &found))
            return NULL;
        if (found)
            return found;
    }
    return NULL;
}

Expr *names_find_column_here(Scope *scope, const char *name, int location)
{
    Expr *found;
    return find_in_scope(scope, scope, 0, name, location, &found) ? found : NULL;
}

/* ---- tables ---- */

static bool item_is(const NsItem *item, Oid relation, const char *name)
{
    if (!item->names_visible || !item->name)
        return false;
    return relation ? item->relation == relation : strcmp(item->name, name) == 0;
}

NsItem *names_find_item(Scope *scope, const char *schema, const char *name, int location, int *levels)
{
    Analyzer *an = scope->an;
    Oid relation = OID_NONE;
    *levels = 0;
    if (schema) {
        const CatRelation *known =
            catalog_namespace_by_name(an->catalog, schema) ? catalog_relation_by_name(an->catalog, schema, name) : NULL;
        if (!known)
            return NULL;
        relation = known->oid;
    }
    for (Scope *at = scope; at; at = at->parent, (*levels)++) {
        NsItem *found = NULL;
        for (size_t i = 0; i < at->names.count; i++) {
            NsItem *item = at->names.items[i];
            if (!item_is(item, relation, name) || (item->lateral_only && !at->lateral_active))
                continue;
            if (found) {
                if (relation)
                    error_set(an->error, ERRCODE_AMBIGUOUS_ALIAS, "table reference %u is ambiguous", relation);
                else
                    error_set(an->error, ERRCODE_AMBIGUOUS_ALIAS, "table reference \"%s\" is ambiguous", name);
                analyze_at(an, location);
                return NULL;
            }
            if (!check_lateral(scope, item, location))
                return NULL;
            found = item;
        }
        if (found)
            return found;
    }
    return NULL;
}

static bool same_table(const NsItem *a, const NsItem *b)
{
    if (!a->name || !b->name || strcmp(a->name, b->name) != 0)
        return false;
    /* Bare tables of one name in different schemas can be told apart. */
    return !(a->relation && b->relation && a->relation != b->relation);
}

bool names_check_conflicts(Scope *scope, NsList *left, const NsList *right)
{
    if (!left->by_name)
        left->by_name = map_open(scope->an->arena);
    Map *known = left->by_name;
    for (; left->indexed < left->count; left->indexed++) {
        NsItem *item = left->items[left->indexed];
        if (item->name && item->names_visible)
            map_put(known, item->name, strlen(item->name), item);
    }
    for (size_t i = 0; i < right->count; i++) {
        const NsItem *item = right->items[i];
        const NsItem *other = item->name && item->names_visible ? map_get(known, item->name, strlen(item->name)) : NULL;
        if (other && same_table(other, item))
            return error_set(scope->an->error, ERRCODE_DUPLICATE_ALIAS, "table name \"%s\" specified more than once", item->name);
    }
    return true;
}

static Expr *row_of_columns(Scope *scope, NsItem *item, Oid type, int levels, int location)
{
    Expr *row = expr_new(scope, EXPR_ROW, type, location);
    row->args = ARENA_ARRAY(scope->an->arena, Expr *, item->ncolumns + 1);
    for (int i = 0; i < item->ncolumns; i++)
        row->args[row->nargs++] = names_use_column(scope, item, i, levels, location);
    return row;
}

static const char *names_text(const NsItem *item, Arena *arena)
{
    ArrayElement *names = ARENA_ARRAY(arena, ArrayElement, item->ncolumns + 1);
    Str text;
    for (int i = 0; i < item->ncolumns; i++)
        names[i] = (ArrayElement){item->columns[i].name, strlen(item->columns[i].name)};
    str_init(&text, arena);
    type_array_write(names, (size_t)item->ncolumns, &text);
    return text.data;
}

/* A whole row: of a table as such, of a join as a row of its columns. */
Expr *names_whole_row(Scope *scope, NsItem *item, int levels, int location)
{
    Analyzer *an = scope->an;
    const Rte *rte = item->rte;
    if (rte->kind == RTE_JOIN) {
        Expr *row = row_of_columns(scope, item, TYPE_RECORD, levels, location);
        row->u.value = names_text(item, an->arena);
        row->join = (JoinColumn){item->index + 1, 0, levels};
        return row;
    }
    /* A function of one scalar column is that column. */
    if (rte->kind == RTE_FUNCTION && rte->nfunctions == 1 && !rte->with_ordinality && rte->ncolumns == 1 &&
        !type_is_row(an->catalog, rte->functions[0]->type) && rte->functions[0]->type != TYPE_RECORD)
        return names_use_column(scope, item, 0, levels, location);
    Oid type = rte->relation ? rte->relation->row_type : TYPE_RECORD;
    if (item->is_view)
        return row_of_columns(scope, item, type, levels, location);
    if (rte->kind == RTE_FUNCTION && rte->nfunctions == 1 && !rte->with_ordinality)
        type = rte->functions[0]->type;
    Expr *expr = expr_var(an->arena, item->index, 0, type, -1, OID_NONE);
    expr->u.var.levels_up = levels;
    expr->location = an->views ? -1 : location;
    names_mark_read(item->rte, 0);
    return expr;
}
