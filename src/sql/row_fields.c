/*
 * row_fields.c - what is in a record: found where the record comes from, since its type does not tell.
 *
 * Any thread.
 */
#include <string.h>

#include "sql/print_internal.h"

typedef struct FieldFinder {
    Catalog *catalog;
    Arena *arena;
} FieldFinder;

static bool fields_of_type(const FieldFinder *finder, Oid type, RowFields *out)
{
    const CatType *row = catalog_type(finder->catalog, catalog_base_type(finder->catalog, type, NULL));
    const CatRelation *relation = row && row->relation ? catalog_relation(finder->catalog, row->relation) : NULL;
    if (!relation)
        return false;
    out->types = ARENA_ARRAY(finder->arena, Oid, relation->ncolumns + 1);
    for (int i = 0; i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped)
            out->types[out->count++] = relation->columns[i].type;
    return true;
}

static void add_columns(const FieldFinder *finder, const Cte *cte, const char *const *names, int count, RowFields *out)
{
    out->types = ARENA_ARRAY(finder->arena, Oid, count + 1);
    if (cte->search && cte->search->columns == names && cte->search->breadth_first)
        out->types[out->count++] = TYPE_INT8;
    for (int i = 0; i < count; i++)
        for (int j = 0; j < cte->ncolumns - cte->nextra; j++)
            if (str_eq(cte->columns[j].name, names[i]))
                out->types[out->count++] = cte->columns[j].type;
}

static void fields_of_added(const FieldFinder *finder, const Cte *cte, int column, RowFields *out)
{
    if (cte->search && column == cte->ncolumns - cte->nextra + 1)
        add_columns(finder, cte, cte->search->columns, cte->search->ncolumns, out);
    else
        add_columns(finder, cte, cte->cycle->columns, cte->cycle->ncolumns, out);
}

static bool fields_of(const FieldFinder *finder, Scope *scope, const Expr *expr, RowFields *out);

static Scope *scope_of(const FieldFinder *finder, const Query *query, Scope *outer)
{
    Scope *scope = ARENA_NEW(finder->arena, Scope);
    *scope = (Scope){.query = query, .outer = outer};
    return scope;
}

/* Those that SEARCH and CYCLE add are rows of the columns named there; the others what the query makes. */
static bool fields_of_cte(const FieldFinder *finder, Scope *scope, const Rte *rte, int column, RowFields *out)
{
    for (int level = rte->cte_levels_up; level > 0 && scope; level--)
        scope = scope->outer;
    const Cte *cte = scope && scope->query && rte->cte < scope->query->nctes ? &scope->query->ctes[rte->cte] : NULL;
    if (!cte || column < 1)
        return false;
    int own = cte->ncolumns - cte->nextra;
    if (column <= own) {
        const Query *query = rte->cte_self ? cte->query->left : cte->query; /* a recursive query's rows are as those that it begins with */
        return query && column <= query->ntargets &&
               fields_of(finder, scope_of(finder, query, scope), query->targets[column - 1].expr, out);
    }
    fields_of_added(finder, cte, column, out);
    return true;
}

/* Those that a row of a query's columns was made with (u.value); NULL: f1, f2, ... */
static const char *const *names_of(const FieldFinder *finder, const Expr *row)
{
    ArrayElement *elements;
    size_t count;
    int ndim;
    Error ignored;
    error_init(&ignored, finder->arena);
    if (!row->u.value || !type_array_parse(row->u.value, strlen(row->u.value), finder->arena, &elements, &count, &ndim, &ignored) ||
        count < (size_t)row->nargs)
        return NULL;
    const char **names = ARENA_ARRAY(finder->arena, const char *, count);
    for (size_t i = 0; i < count; i++)
        names[i] = arena_strndup(finder->arena, elements[i].text, elements[i].len);
    return names;
}

static const char *describe(const FieldFinder *finder, Scope *scope, const Expr *row, int depth);

static const char *describe_field(const FieldFinder *finder, const RowFields *fields, int field, int depth)
{
    return fields->exprs ? describe(finder, fields->scope, fields->exprs[field], depth) : NULL;
}

/* Records in them too are of the same fields. */
static bool is_same(const FieldFinder *finder, const RowFields *fields, const RowFields *other)
{
    bool same = fields->count == other->count;
    for (int i = 0; same && i < fields->count; i++) {
        Oid type = fields->types[i];
        same = type == other->types[i];
        if (same && (type == TYPE_RECORD || type == TYPE_RECORD_ARRAY)) {
            const char *inner = describe_field(finder, fields, i, 1), *its = describe_field(finder, other, i, 1);
            same = inner && its && str_eq(inner, its);
        }
    }
    return same;
}

static bool is_null(const Expr *expr)
{
    while (expr->kind == EXPR_RELABEL)
        expr = expr->args[0];
    return expr->kind == EXPR_CONST && !expr->u.value;
}

/* Rows of one type: both sides make them of the same ones. */
static bool fields_of_sides(const FieldFinder *finder, Scope *scope, const Query *query, int column, RowFields *out)
{
    const Expr *sides[] = {query->left->targets[column - 1].expr, query->right->targets[column - 1].expr};
    Scope *left = scope_of(finder, query->left, scope), *right = scope_of(finder, query->right, scope);
    RowFields other;
    bool done = is_null(sides[0]) ? fields_of(finder, right, sides[1], out) : fields_of(finder, left, sides[0], out);
    if (done && !is_null(sides[0]) && !is_null(sides[1]))
        done = fields_of(finder, right, sides[1], &other) && is_same(finder, out, &other);
    for (int i = 0; done && i < out->count; i++)
        done = out->types[i] != TYPE_UNKNOWN;
    out->exprs = NULL;
    return done;
}

/* All rows of VALUES that are not NULL have the same ones. */
static bool fields_of_values(const FieldFinder *finder, Scope *scope, const Rte *rte, int column, RowFields *out)
{
    const Expr *first = NULL;
    RowFields other;
    for (int i = 0; i < rte->nrows; i++) {
        const Expr *next = rte->rows[i][column - 1];
        bool alike = first && next->kind == EXPR_CONST && first->kind == EXPR_CONST && next->u.fields == first->u.fields;
        if (alike || is_null(next))
            continue;
        if (!fields_of(finder, scope, next, first ? &other : out) || (first && !is_same(finder, out, &other)))
            return false;
        first = first ? first : next;
    }
    return first != NULL;
}

static void fields_of_row(const FieldFinder *finder, Scope *scope, const Expr *row, RowFields *out)
{
    out->types = ARENA_ARRAY(finder->arena, Oid, row->nargs + 1);
    for (int i = 0; i < row->nargs; i++)
        out->types[out->count++] = row->args[i]->type;
    out->exprs = row->args;
    out->names = names_of(finder, row);
    out->scope = scope;
}

/* A function's OUT parameters. */
static bool fields_of_call(const FieldFinder *finder, const Expr *call, RowFields *out)
{
    const CatProc *proc = catalog_proc(finder->catalog, call->oid);
    int count = proc && proc->all_modes ? proc->nall : 0;
    out->types = ARENA_ARRAY(finder->arena, Oid, count + 1);
    const char **names = ARENA_ARRAY(finder->arena, const char *, count + 1);
    for (int i = 0; i < count; i++) {
        const CatType *type = catalog_type(finder->catalog, proc->all_types[i]);
        if (!strchr("obt", proc->all_modes[i]))
            continue;
        if (!type || type->kind == 'p')
            return false;
        const char *name = proc->arg_names ? proc->arg_names[i] : NULL;
        names[out->count] = name && *name ? name : arena_printf(finder->arena, "column%d", out->count + 1);
        out->types[out->count++] = proc->all_types[i];
    }
    out->names = names;
    return out->count > 1;
}

/* Not one, or an array of ones, that it is given: its type does not follow from theirs. */
static bool gives_own_record(const FieldFinder *finder, const Expr *call)
{
    const CatProc *proc = catalog_proc(finder->catalog, call->oid);
    return proc && proc->return_type == TYPE_RECORD;
}

/* A whole row: as its columns. */
static bool fields_of_rte(const FieldFinder *finder, Scope *scope, const Expr *var, const Rte *rte, RowFields *out)
{
    const char **names = ARENA_ARRAY(finder->arena, const char *, rte->ncolumns + 1);
    Expr **columns = ARENA_ARRAY(finder->arena, Expr *, rte->ncolumns + 1);
    out->types = ARENA_ARRAY(finder->arena, Oid, rte->ncolumns + 1);
    for (int i = 0; i < rte->ncolumns; i++) {
        const RteColumn *column = &rte->columns[i];
        names[i] = column->name;
        out->types[i] = column->type;
        columns[i] = expr_var(finder->arena, var->u.var.rte, i + 1, column->type, column->typmod, column->collation);
    }
    out->names = names;
    out->exprs = columns;
    out->scope = scope;
    out->count = rte->ncolumns;
    return true;
}

static bool fields_of_var(const FieldFinder *finder, Scope *scope, const Expr *var, RowFields *out)
{
    for (int level = var->u.var.levels_up; level > 0 && scope; level--)
        scope = scope->outer;
    const Query *query = scope ? scope->query : NULL;
    const Rte *rte = query && var->u.var.rte < query->nrtes ? query->rtes[var->u.var.rte] : NULL;
    int column = var->u.var.column;
    if (rte && column == 0)
        return fields_of_rte(finder, scope, var, rte, out);
    if (query && query->set_op)
        return column > 0 && column <= query->ntargets && fields_of_sides(finder, scope, query, column, out);
    if (rte && rte->kind == RTE_CTE)
        return fields_of_cte(finder, scope, rte, column, out);
    if (rte && rte->kind == RTE_JOIN && column > 0 && column <= rte->ncolumns)
        return fields_of(finder, scope, rte->columns[column - 1].join_expr, out);
    if (rte && rte->kind == RTE_VALUES && column > 0 && column <= rte->ncolumns)
        return fields_of_values(finder, scope, rte, column, out);
    if (rte && rte->kind == RTE_FUNCTION && rte->nfunctions == 1 && column == 1)
        return fields_of(finder, scope, rte->functions[0], out);
    if (!rte || rte->kind != RTE_SUBQUERY || column < 1 || column > rte->query->ntargets)
        return false;
    return fields_of(finder, scope_of(finder, rte->query, scope), rte->query->targets[column - 1].expr, out);
}

static bool fields_of_constant(const FieldFinder *finder, const Expr *constant, RowFields *out)
{
    ValueParts parts = catalog_value_parts(finder->catalog, TYPE_RECORD, constant->u.fields, finder->arena);
    out->types = ARENA_ARRAY(finder->arena, Oid, parts.nfields + 1);
    for (out->count = 0; out->count < parts.nfields; out->count++)
        out->types[out->count] = parts.fields[out->count].type;
    return parts.is_row;
}

static bool is_record(const Expr *expr)
{
    return expr->type == TYPE_RECORD || expr->type == TYPE_RECORD_ARRAY;
}

/* Of operands, and results of a choice, that are records: all that are not NULL have the same ones, by the same names. */
static bool fields_of_operands(const FieldFinder *finder, Scope *scope, const Expr *expr, RowFields *out)
{
    RowFields other;
    bool found = false;
    for (int i = 0; i < expr->nargs; i++) {
        const Expr *operand = expr->args[i];
        if (!operand || !is_record(operand) || is_null(operand))
            continue;
        if (!fields_of(finder, scope, operand, found ? &other : out) || (found && !is_same(finder, out, &other)))
            return false;
        for (int k = 0; found && k < out->count && (out->names || other.names); k++)
            if (!out->names || !other.names || !str_eq(out->names[k], other.names[k]))
                return false;
        found = true;
    }
    return found;
}

/* A record, or an array of records, is known by the row it comes from. */
static bool fields_of(const FieldFinder *finder, Scope *scope, const Expr *expr, RowFields *out)
{
    *out = (RowFields){0};
    while (expr->kind == EXPR_RELABEL || ((int)expr->kind == PRINT_RAW && expr->nargs))
        expr = expr->args[0];
    if (expr->kind == EXPR_ROW) {
        fields_of_row(finder, scope, expr, out);
        return true;
    }
    if (expr->type != TYPE_RECORD && expr->type != TYPE_RECORD_ARRAY)
        return fields_of_type(finder, expr->type, out);
    const Query *query = expr->kind == EXPR_SUBLINK ? expr->u.sublink.query : NULL;
    switch ((int)expr->kind) {
    case EXPR_CONST:
    case EXPR_PARAM:
        return fields_of_constant(finder, expr, out);
    case EXPR_VAR:
        return fields_of_var(finder, scope, expr, out);
    case EXPR_SUBLINK:
        return query->ntargets && fields_of(finder, scope_of(finder, query, scope), query->targets[0].expr, out);
    case EXPR_NULLIF:
        return fields_of(finder, scope, expr->args[0], out);
    case EXPR_FUNC:
        return gives_own_record(finder, expr) ? fields_of_call(finder, expr, out) : fields_of_operands(finder, scope, expr, out);
    case EXPR_CASE:
    case EXPR_OP:
    case EXPR_ARRAY:
    case EXPR_AGG:
    case EXPR_WINDOW:
    case EXPR_COALESCE:
    case EXPR_SUBSCRIPT:
    case EXPR_GREATEST:
    case EXPR_LEAST:
        return fields_of_operands(finder, scope, expr, out);
    default:
        return false;
    }
}

/* depth: how many records are around it. Deeper ones have no text that fits. */
static const char *describe(const FieldFinder *finder, Scope *scope, const Expr *row, int depth)
{
    RowFields fields;
    if (row->kind == EXPR_CONST || row->kind == EXPR_PARAM)
        return row->u.fields;
    if (depth > ROWS_DEEPEST || !fields_of(finder, scope, row, &fields))
        return NULL;
    ValueField *values = ARENA_ARRAY(finder->arena, ValueField, fields.count + 1);
    for (int i = 0; i < fields.count; i++) {
        Oid type = fields.types[i];
        bool is_row = type == TYPE_RECORD || type == TYPE_RECORD_ARRAY;
        values[i] = (ValueField){.type = type,
                                 .name = fields.names ? fields.names[i] : arena_printf(finder->arena, "f%d", i + 1),
                                 .fields = is_row ? describe_field(finder, &fields, i, depth + 1) : NULL};
        if (is_row && !values[i].fields)
            return NULL;
    }
    return catalog_fields_text(values, fields.count, finder->arena);
}

const char *sql_record_fields(const Expr *record, const Query *query, Catalog *catalog, Arena *arena)
{
    FieldFinder finder = {catalog, arena};
    return is_record(record) ? arena_strdup(arena, describe(&finder, scope_of(&finder, query, NULL), record, 1)) : NULL;
}

bool print_fields_of(Printer *printer, const Expr *expr, RowFields *out)
{
    return fields_of(&(FieldFinder){printer->catalog, printer->arena}, printer->scope, expr, out);
}

const char *print_record_fields(Printer *printer, const Expr *record)
{
    return is_record(record) ? describe(&(FieldFinder){printer->catalog, printer->arena}, printer->scope, record, 1) : NULL;
}

void print_fields_of_added(Printer *printer, const Cte *cte, int column, RowFields *out)
{
    fields_of_added(&(FieldFinder){printer->catalog, printer->arena}, cte, column, out);
}

bool print_is_mixed(Printer *printer, const Expr *expr)
{
    RowFields ignored;
    return printer->dialect->kind == DIALECT_DUCKDB && is_record(expr) && !print_fields_of(printer, expr, &ignored);
}
