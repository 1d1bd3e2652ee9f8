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
    const Cte *begun; /* a recursive query whose rows are taken to be as those that it begins with */
} FieldFinder;

static bool fields_of_type(const FieldFinder *finder, Oid type, RowFields *out)
{
    const CatType *row = catalog_type(finder->catalog, catalog_base_type(finder->catalog, type, NULL));
    const CatRelation *relation = row && row->relation ? catalog_relation(finder->catalog, row->relation) : NULL;
    if (!relation)
        return false;
    const char **names = ARENA_ARRAY(finder->arena, const char *, relation->ncolumns + 1);
    out->types = ARENA_ARRAY(finder->arena, Oid, relation->ncolumns + 1);
    out->names = names;
    for (int i = 0; i < relation->ncolumns; i++)
        if (!relation->columns[i].dropped) {
            names[out->count] = relation->columns[i].name;
            out->types[out->count++] = relation->columns[i].type;
        }
    return true;
}

static void add_columns(const FieldFinder *finder, const Cte *cte, const char *const *names, int count, RowFields *out)
{
    const char **own = ARENA_ARRAY(finder->arena, const char *, count + 1);
    out->types = ARENA_ARRAY(finder->arena, Oid, count + 1);
    if (cte->search && cte->search->columns == names && cte->search->breadth_first) {
        own[out->count] = SEARCH_DEPTH;
        out->types[out->count++] = TYPE_INT8;
    }
    for (int i = 0; i < count; i++)
        for (int j = 0; j < cte->ncolumns - cte->nextra; j++)
            if (str_eq(cte->columns[j].name, names[i])) {
                own[out->count] = names[i];
                out->types[out->count++] = cte->columns[j].type;
            }
    out->names = own;
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
    if (column > cte->ncolumns - cte->nextra) {
        fields_of_added(finder, cte, column, out);
        return true;
    }
    const Query *query = cte == finder->begun ? cte->query->left : cte->query;
    FieldFinder inside = {finder->catalog, finder->arena, rte->cte_self ? cte : finder->begun};
    return query && column <= query->ntargets && fields_of(&inside, scope_of(finder, query, scope), query->targets[column - 1].expr, out);
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
    const char *inner = fields->inner ? fields->inner[field] : NULL;
    return fields->exprs ? describe(finder, fields->scope, fields->exprs[field], depth) : inner;
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
        if (!type || (type->kind == 'p' && type->oid != TYPE_RECORD))
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

/* Those that catalog.h describes (output.c). */
static bool fields_of_text(const FieldFinder *finder, const char *text, RowFields *out)
{
    ValueParts parts = catalog_value_parts(finder->catalog, TYPE_RECORD, text, NULL, finder->arena);
    const char **names = ARENA_ARRAY(finder->arena, const char *, parts.nfields + 1);
    const char **inner = ARENA_ARRAY(finder->arena, const char *, parts.nfields + 1);
    out->types = ARENA_ARRAY(finder->arena, Oid, parts.nfields + 1);
    for (int i = 0; i < parts.nfields; i++) {
        out->types[i] = parts.fields[i].type;
        names[i] = parts.fields[i].name;
        inner[i] = parts.fields[i].fields;
    }
    out->names = names;
    out->inner = inner;
    out->count = parts.nfields;
    return parts.is_row;
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
    if (rte && rte->kind == RTE_LEAF && column > 0 && column <= rte->ncolumns)
        return fields_of_text(finder, rte->columns[column - 1].fields, out);
    if (rte && rte->kind == RTE_FUNCTION && rte->nfunctions == 1 && column == 1)
        return fields_of(finder, scope, rte->functions[0], out);
    if (!rte || rte->kind != RTE_SUBQUERY || column < 1 || column > rte->query->ntargets)
        return false;
    return fields_of(finder, scope_of(finder, rte->query, scope), rte->query->targets[column - 1].expr, out);
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
        RowFields named = {0};
        fields_of_row(finder, scope, expr, out);
        if (expr->type != TYPE_RECORD && fields_of_type(finder, expr->type, &named) && named.count == out->count)
            out->names = named.names;
        return true;
    }
    if (expr->type != TYPE_RECORD && expr->type != TYPE_RECORD_ARRAY)
        return fields_of_type(finder, expr->type, out);
    const Query *query = expr->kind == EXPR_SUBLINK ? expr->u.sublink.query : NULL;
    switch ((int)expr->kind) {
    case EXPR_CONST:
    case EXPR_PARAM:
        return fields_of_text(finder, expr->u.fields, out);
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
    if (depth > ROWS_DEEPEST || !fields_of(finder, scope, row, &fields))
        return NULL;
    ValueField *values = ARENA_ARRAY(finder->arena, ValueField, fields.count + 1);
    for (int i = 0; i < fields.count; i++) {
        Oid type = fields.types[i];
        bool is_row = type == TYPE_RECORD || type == TYPE_RECORD_ARRAY;
        values[i] = (ValueField){.type = type,
                                 .name = fields.names ? fields.names[i] : arena_printf(finder->arena, "f%d", i + 1),
                                 .fields = is_row ? describe_field(finder, &fields, i, depth + 1) : NULL};
    }
    return catalog_fields_text(values, fields.count, finder->arena);
}

const char *sql_record_fields(const Expr *record, const Query *query, Catalog *catalog, Arena *arena)
{
    FieldFinder finder = {catalog, arena, NULL};
    return is_record(record) ? arena_strdup(arena, describe(&finder, scope_of(&finder, query, NULL), record, 1)) : NULL;
}

bool print_fields_of(Printer *printer, const Expr *expr, RowFields *out)
{
    return fields_of(&(FieldFinder){printer->catalog, printer->arena, NULL}, printer->scope, expr, out);
}

const char *print_record_fields(Printer *printer, const Expr *record)
{
    return is_record(record) ? describe(&(FieldFinder){printer->catalog, printer->arena, NULL}, printer->scope, record, 1) : NULL;
}

void print_fields_of_added(Printer *printer, const Cte *cte, int column, RowFields *out)
{
    fields_of_added(&(FieldFinder){printer->catalog, printer->arena, NULL}, cte, column, out);
}

static bool is_mixed(Printer *printer, const Expr *expr)
{
    RowFields ignored;
    return is_record(expr) && !print_fields_of(printer, expr, &ignored);
}

bool print_values_are_mixed(Printer *printer, const Rte *rte, int column)
{
    RowFields ignored;
    FieldFinder finder = {printer->catalog, printer->arena, NULL};
    Oid type = rte->columns[column].type;
    return (type == TYPE_RECORD || type == TYPE_RECORD_ARRAY) && !fields_of_values(&finder, printer->scope, rte, column + 1, &ignored);
}

bool print_fields_alike(Printer *printer, const RowFields *left, const RowFields *right)
{
    return is_same(&(FieldFinder){printer->catalog, printer->arena, NULL}, left, right);
}

bool print_with_fields(Printer *printer, const Expr *expr)
{
    const char *fields = describe(&(FieldFinder){printer->catalog, printer->arena, NULL}, printer->scope, expr, 1);
    if (!fields)
        return print_expr(printer, expr);
    str_add(printer->out, "mdl_with_fields(");
    sql_quote_literal(printer->dialect, fields, printer->out);
    str_addf(printer->out, ", CAST(%u AS UINTEGER), ", expr->type == TYPE_RECORD_ARRAY ? TYPE_RECORD_ARRAY : TYPE_RECORD);
    if (!print_expr(printer, expr))
        return false;
    str_add(printer->out, ")");
    return true;
}

/* NULL: failed. */
static const Expr *operands_with_fields(Printer *printer, const Expr *expr)
{
    Expr *own = ARENA_NEW(printer->arena, Expr);
    *own = *expr;
    own->args = ARENA_ARRAY(printer->arena, Expr *, expr->nargs + 1);
    for (int i = 0; i < expr->nargs; i++) {
        own->args[i] = expr->args[i];
        if (!expr->args[i] || !is_record(expr->args[i]) || !print_record_fields(printer, expr->args[i]))
            continue;
        const char *text = print_text_by(printer, print_with_fields, expr->args[i]);
        if (!text)
            return NULL;
        own->args[i] = ARENA_NEW(printer->arena, Expr);
        *own->args[i] = print_raw(expr->args[i]->type, text);
    }
    return own;
}

const Expr *print_mixed(Printer *printer, const Expr *expr)
{
    bool is_made = expr->nargs && (int)expr->kind != PRINT_RAW && expr->kind != EXPR_RELABEL;
    if (!is_made || !is_mixed(printer, expr))
        return expr;
    if (printer->dialect->kind == DIALECT_DUCKDB)
        return operands_with_fields(printer, expr);
    print_refuse(printer, expr, "a record that may have other fields in each row is");
    return NULL;
}

bool print_column_is_mixed(Printer *printer, const Expr *column)
{
    return is_mixed(printer, column);
}
