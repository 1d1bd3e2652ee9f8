/*
 * assign_part.c - what stands behind a column's name where it is written to: .field, [subscript], [lower:upper] (PostgreSQL manual,
 * UPDATE).
 *
 * Invariants:
 *  1. The column gets a whole of which a part is replaced. Parts of parts lie in one another: the whole of an inner one is not said.
 *  2. Several parts of one column are replaced one after the other; a domain around the column looks at the last result alone.
 */
#include "sql/analyze_int.h"

typedef struct Assigning {
    Scope *scope;
    const AssignedPart *part;
    const char *name; /* of the column or field that the next step is about */
    Expr *whole;      /* of the outermost part */
} Assigning;

static Expr *assign_step(Assigning *assigning, size_t step, Oid type, int32_t typmod, bool subscripted);

static Expr *refuse_type(Assigning *assigning, Oid type, bool subscripted)
{
    Analyzer *an = assigning->scope->an;
    const char *form = subscripted ? "subscripted assignment to \"%s\" requires type %s but expression is of type %s"
                                   : "subfield \"%s\" is of type %s but expression is of type %s";
    error_set(an->error, ERRCODE_DATATYPE_MISMATCH, form, assigning->name, type_text(an, type),
              type_text(an, assigning->part->value->type));
    error_hint(an->error, "You will need to rewrite or cast the expression.");
    analyze_at(an, assigning->part->location);
    return NULL;
}

static Expr *leaf_value(Assigning *assigning, Oid type, int32_t typmod, bool subscripted)
{
    Scope *scope = assigning->scope;
    Expr *value = coerce_to_target(scope, assigning->part->value, type, typmod, COERCE_ASSIGNMENT, FUNC_IMPLICIT_CAST, -1);
    if (!value && !error_is_set(scope->an->error))
        return refuse_type(assigning, type, subscripted);
    return value && assign_collation(scope->an, value) ? value : NULL;
}

/* The whole is that of the column, or (invariant 1) not said. */
static Expr *new_part(Assigning *assigning, Oid type, int32_t typmod, Expr *value, int nsubscripts)
{
    Scope *scope = assigning->scope;
    Expr *expr = expr_new(scope, EXPR_SET_PART, type, -1);
    expr->typmod = typmod;
    expr->collation = type_collation(scope->an->catalog, type);
    expr->args = ARENA_ARRAY(scope->an->arena, Expr *, nsubscripts + 2);
    expr->args[1] = value;
    expr->nargs = nsubscripts + 2;
    return expr;
}

static const CatColumn *find_field(Assigning *assigning, const char *field, Oid type, Oid base)
{
    Analyzer *an = assigning->scope->an;
    const CatType *row = catalog_type(an->catalog, base);
    const CatRelation *relation = row && row->kind == 'c' ? catalog_relation(an->catalog, row->relation) : NULL;
    int number = relation ? assign_find_column(relation, field) : 0;
    if (number)
        return &relation->columns[number - 1];
    if (!relation)
        error_set(an->error, ERRCODE_DATATYPE_MISMATCH,
                  "cannot assign to field \"%s\" of column \"%s\" because its type %s is not a composite type", field, assigning->name,
                  type_text(an, type));
    else
        error_set(an->error, ERRCODE_UNDEFINED_COLUMN,
                  "cannot assign to field \"%s\" of column \"%s\" because there is no such column in data type %s", field, assigning->name,
                  type_text(an, type));
    analyze_at(an, assigning->part->location);
    return NULL;
}

static Expr *assign_field(Assigning *assigning, size_t step, Oid type, Oid base, int32_t typmod)
{
    const char *field = node_string(assigning->part->steps[step]);
    const CatColumn *column = find_field(assigning, field, type, base);
    if (!column)
        return NULL;
    assigning->name = field;
    Expr *value = assign_step(assigning, step + 1, column->type, column->typmod, false);
    if (!value)
        return NULL;
    Expr *expr = new_part(assigning, base, typmod, value, 0);
    expr->u.part.number = column->number;
    expr->u.part.name = column->name;
    return expr;
}

/* Subscripts that follow one another are one place. */
static Expr *assign_subscripts(Assigning *assigning, size_t step, Oid type, Oid base, int32_t typmod)
{
    Scope *scope = assigning->scope;
    const AssignedPart *part = assigning->part;
    const PgQuery__AIndices **indices = ARENA_ARRAY(scope->an->arena, const PgQuery__AIndices *, part->nsteps);
    size_t count = 0;
    bool nested = step > 0;
    for (; step < part->nsteps && part->steps[step]->node_case == PG_QUERY__NODE__NODE_A_INDICES; step++)
        indices[count++] = part->steps[step]->a_indices;
    const CatType *known = catalog_type(scope->an->catalog, base);
    if (known && known->length > 0 && known->element) {
        error_unsupported(scope->an->error, "assignment to a part of type %s is not supported", type_text(scope->an, base));
        return NULL;
    }
    Expr *container = expr_new(scope, EXPR_CONST, type, nested ? -1 : part->whole_location);
    Expr *place = analyze_subscripts(scope, container, indices, count);
    if (!place)
        return NULL;
    Expr *value = assign_step(assigning, step, place->type, typmod, true);
    if (!value)
        return NULL;
    Expr *expr = new_part(assigning, base, typmod, value, place->nargs - 1);
    expr->u.part.is_slice = base != TYPE_JSONB && place->u.subscript.is_slice;
    memcpy(expr->args + 2, place->args + 1, sizeof(Expr *) * (size_t)(place->nargs - 1));
    return expr;
}

static Expr *assign_step(Assigning *assigning, size_t step, Oid type, int32_t typmod, bool subscripted)
{
    Scope *scope = assigning->scope;
    if (step == assigning->part->nsteps)
        return leaf_value(assigning, type, typmod, subscripted);
    const Node *node = assigning->part->steps[step];
    int32_t base_typmod = typmod;
    Oid base = catalog_base_type(scope->an->catalog, type, &base_typmod);
    if (base != type && step) {
        error_unsupported(scope->an->error, "assignment to a part of a domain inside of a column is not supported");
        return NULL;
    }
    if (node->node_case == PG_QUERY__NODE__NODE_A_STAR) {
        error_unsupported(scope->an->error, "row expansion via \"*\" is not supported here");
        analyze_at(scope->an, assigning->part->location);
        return NULL;
    }
    Expr *expr = node->node_case == PG_QUERY__NODE__NODE_A_INDICES ? assign_subscripts(assigning, step, type, base, base_typmod)
                                                                   : assign_field(assigning, step, type, base, base_typmod);
    if (expr && !step)
        expr->args[0] = assigning->whole;
    return expr && base != type ? coerce_to_target(scope, expr, type, typmod, COERCE_ASSIGNMENT, FUNC_IMPLICIT_CAST, -1) : expr;
}

Expr *assign_part(Scope *scope, const CatColumn *column, const AssignedPart *part, Expr *whole)
{
    Analyzer *an = scope->an;
    if (!part->value) {
        error_unsupported(an->error, part->steps[0]->node_case == PG_QUERY__NODE__NODE_A_INDICES ? "cannot set an array element to DEFAULT"
                                                                                                 : "cannot set a subfield to DEFAULT");
        analyze_at(an, part->location);
        return NULL;
    }
    if (whole->kind == EXPR_CAST_DOMAIN && whole->args[0]->kind == EXPR_SET_PART)
        whole = whole->args[0];
    Assigning assigning = {.scope = scope, .part = part, .name = part->name, .whole = whole};
    return assign_step(&assigning, 0, column->type, column->typmod, false);
}
