/*
 * expr_depend.c - what a stored expression depends on: functions, operators, types, collations, relations named in it, columns.
 *
 * Invariants:
 *  1. Each object is recorded once an expression.
 *  2. Constants of regclass and its kin depend on what they name.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>

#include "command/table_internal.h"

typedef struct Uses {
    VEC(ObjectAddress) objects;
    Arena *arena;
    Catalog *catalog;
    Oid relation;                 /* of the columns */
    const struct UseLevel *level; /* or the queries they are of */
    bool names_role;
} Uses;

typedef struct UseLevel {
    const Query *query;
    const struct UseLevel *outer;
} UseLevel;

static bool collect(const Expr *expr, void *arg);
static bool collect_query(const Query *query, void *arg);

static void use(Uses *uses, Oid class_oid, Oid oid, int sub)
{
    if (oid == OID_NONE)
        return;
    for (size_t i = 0; i < uses->objects.count; i++) {
        const ObjectAddress *known = &uses->objects.items[i];
        if (known->class_oid == class_oid && known->oid == oid && known->sub == sub)
            return;
    }
    vec_push(uses->arena, &uses->objects, object_address(class_oid, oid, sub));
}

/* The class of what a constant of this type names. */
static Oid named_class(Oid type)
{
    switch (type) {
    case TYPE_REGCLASS:
        return PG_CLASS_RELATION;
    case TYPE_REGPROC:
    case TYPE_REGPROCEDURE:
        return PG_PROC_RELATION;
    case TYPE_REGOPER:
    case TYPE_REGOPERATOR:
        return PG_OPERATOR_RELATION;
    case TYPE_REGTYPE:
        return PG_TYPE_RELATION;
    case TYPE_REGNAMESPACE:
        return PG_NAMESPACE_RELATION;
    case TYPE_REGCOLLATION:
        return PG_COLLATION_RELATION;
    default:
        return OID_NONE;
    }
}

/* A column of a query's entry: of a relation, or of what a join's column is made of. */
static void use_column(Uses *uses, const Expr *expr)
{
    const UseLevel *level = uses->level, *own = level;
    int number = expr->u.var.column;
    for (int up = expr->u.var.levels_up; up > 0 && level->outer; up--)
        level = level->outer;
    if (expr->u.var.rte >= level->query->nrtes)
        return;
    const Rte *rte = level->query->rtes[expr->u.var.rte];
    if (rte->relation) {
        use(uses, PG_CLASS_RELATION, rte->relation->oid, number > 0 ? number : 0);
    } else if (rte->kind == RTE_JOIN && number > 0 && number <= rte->ncolumns && rte->columns[number - 1].join_expr) {
        uses->level = level;
        collect(rte->columns[number - 1].join_expr, uses);
        uses->level = own;
    }
}

/* An attribute of a composite type. */
static void use_field(Uses *uses, const Expr *expr)
{
    const CatType *type = catalog_type(uses->catalog, catalog_base_type(uses->catalog, expr->args[0]->type, NULL));
    if (type && type->relation)
        use(uses, PG_CLASS_RELATION, type->relation, expr->u.field.number);
}

static bool collect(const Expr *expr, void *arg)
{
    Uses *uses = arg;
    Oid named;
    switch (expr->kind) {
    case EXPR_VAR:
        if (uses->level)
            use_column(uses, expr);
        else
            use(uses, PG_CLASS_RELATION, uses->relation, expr->u.var.column);
        break;
    case EXPR_CONST:
        use(uses, PG_TYPE_RELATION, expr->type, 0);
        named = named_class(expr->type);
        if (named && expr->u.value)
            use(uses, named, (Oid)strtoul(expr->u.value, NULL, 10), 0);
        uses->names_role |= expr->type == TYPE_REGROLE && expr->u.value;
        break;
    case EXPR_FUNC:
    case EXPR_AGG:
    case EXPR_WINDOW:
        use(uses, PG_PROC_RELATION, expr->oid, 0);
        break;
    case EXPR_SUBLINK:
        for (int i = 0; i < expr->u.sublink.nops; i++)
            use(uses, PG_OPERATOR_RELATION, expr->u.sublink.ops[i], 0);
        if (uses->level)
            collect_query(expr->u.sublink.query, uses);
        break;
    case EXPR_OP:
    case EXPR_DISTINCT:
    case EXPR_NULLIF:
    case EXPR_ANY_ALL:
    case EXPR_ROW_COMPARE:
        use(uses, PG_OPERATOR_RELATION, expr->oid, 0);
        break;
    case EXPR_COLLATE:
        use(uses, PG_COLLATION_RELATION, expr->collation == COLLATION_DEFAULT ? OID_NONE : expr->collation, 0);
        break;
    case EXPR_FIELD:
        use_field(uses, expr);
        break;
    case EXPR_RELABEL:
    case EXPR_CAST_IO:
    case EXPR_CAST_ARRAY:
    case EXPR_CAST_DOMAIN:
    case EXPR_CAST_ROW:
    case EXPR_ROW:
    case EXPR_ARRAY:
        use(uses, PG_TYPE_RELATION, expr->type, 0);
        break;
    default:
        break;
    }
    return expr->kind == EXPR_CAST_DOMAIN ? collect(expr->args[0], arg) : expr_walk(expr, collect, arg);
}

/* Roles belong to all databases: nothing here can depend on one. */
static bool check_uses(Command *command, const Uses *uses)
{
    return !uses->names_role ||
           error_set(command->error, ERRCODE_FEATURE_NOT_SUPPORTED, "constant of the type %s cannot be used here", "regrole");
}

bool expr_depend(Command *command, ObjectAddress from, const Expr *expr, Oid relation)
{
    return expr_depend_as(command, from, expr, relation, 'n');
}

bool expr_depend_as(Command *command, ObjectAddress from, const Expr *expr, Oid relation, char own)
{
    Uses uses = {.arena = command->arena, .catalog = command->catalog, .relation = relation};
    collect(expr, &uses);
    if (!check_uses(command, &uses))
        return false;
    for (size_t i = 0; i < uses.objects.count; i++) {
        const ObjectAddress on = uses.objects.items[i];
        bool is_own = on.class_oid == PG_CLASS_RELATION && on.oid == relation;
        if (is_own && (on.sub == 0 || !own))
            continue;
        if (!depend_on(command, from, on, is_own ? own : 'n'))
            return false;
    }
    return true;
}

/* ---- queries ---- */

/* What only writes have: the columns that are set, ON CONFLICT, RETURNING. */
static void collect_write(const Query *query, Uses *uses)
{
    const OnConflict *conflict = query->conflict;
    for (int i = 0; i < query->ntargets; i++)
        use(uses, PG_CLASS_RELATION, query->rtes[query->result_rte]->relation->oid, query->insert_columns[i]);
    for (int i = 0; conflict && i < conflict->nelements; i++)
        collect(conflict->elements[i], uses);
    if (conflict && conflict->update)
        collect_query(conflict->update, uses);
    if (query->returning && query->kind == QUERY_INSERT)
        collect_query(query->returning, uses);
    else if (query->returning)
        query_walk_clauses(query->returning, collect, uses);
}

static bool collect_query(const Query *query, void *arg)
{
    Uses *uses = arg;
    UseLevel level = {query, uses->level};
    uses->level = &level;
    for (int i = 0; i < query->nrtes; i++) {
        const Rte *rte = query->rtes[i];
        if (rte->relation)
            use(uses, PG_CLASS_RELATION, rte->relation->oid, 0);
        else if (rte->kind == RTE_SUBQUERY)
            collect_query(rte->query, uses);
    }
    query_walk_clauses(query, collect, uses);
    for (int i = 0; i < query->ntargets; i++)
        if (query->targets[i].determined_by)
            use(uses, PG_CONSTRAINT_RELATION, query->targets[i].determined_by, 0);
    if (query->kind != QUERY_SELECT)
        collect_write(query, uses);
    for (int i = 0; i < query->nctes; i++)
        collect_query(query->ctes[i].query, uses);
    if (query->set_op) {
        collect_query(query->left, uses);
        collect_query(query->right, uses);
    }
    uses->level = level.outer;
    return false;
}

/* A relation of which a column is used is not recorded as a whole as well. */
static bool has_column(const Uses *uses, ObjectAddress whole)
{
    for (size_t i = 0; whole.class_oid == PG_CLASS_RELATION && whole.sub == 0 && i < uses->objects.count; i++) {
        const ObjectAddress *other = &uses->objects.items[i];
        if (other->class_oid == whole.class_oid && other->oid == whole.oid && other->sub)
            return true;
    }
    return false;
}

bool query_depend(Command *command, ObjectAddress from, const Query *query)
{
    Uses uses = {.arena = command->arena, .catalog = command->catalog};
    collect_query(query, &uses);
    if (!check_uses(command, &uses))
        return false;
    for (size_t i = 0; i < uses.objects.count; i++)
        if (!has_column(&uses, uses.objects.items[i]) && !depend_on(command, from, uses.objects.items[i], 'n'))
            return false;
    return true;
}

/* ---- the right to types ---- */

static bool types_usable(Command *command, const Uses *uses)
{
    for (size_t i = 0; i < uses->objects.count; i++)
        if (uses->objects.items[i].class_oid == PG_TYPE_RELATION &&
            !require_privilege(command, PG_TYPE_RELATION, uses->objects.items[i].oid, ACL_USAGE))
            return false;
    return true;
}

bool expr_types_usable(Command *command, const Expr *expr)
{
    Uses uses = {.arena = command->arena, .catalog = command->catalog};
    collect(expr, &uses);
    return types_usable(command, &uses);
}

bool query_types_usable(Command *command, const Query *query)
{
    Uses uses = {.arena = command->arena, .catalog = command->catalog};
    collect_query(query, &uses);
    return types_usable(command, &uses);
}
