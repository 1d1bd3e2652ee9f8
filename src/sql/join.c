/*
 * join.c - JOIN ... ON, USING, NATURAL and CROSS JOIN (PostgreSQL manual, section 7.2.1.1).
 *
 * Invariants:
 *  1. A join's entry is kind RTE_JOIN; each of its columns says in join_expr what it is in terms of the entries below. References to a
 *     join's column are made of copies of that expression, so that no variable of a finished query points at a join's entry.
 *  2. USING and NATURAL become an ON condition; their columns come first, merged: the left one, the right one for RIGHT JOIN, and
 *     COALESCE of both for FULL JOIN.
 */
#include "sql/analyze_int.h"

typedef struct Join {
    Scope *scope;
    const PgQuery__JoinExpr *node;
    JoinType type;
    NsList left, right;      /* names below */
    NsColumn *lcols, *rcols; /* columns that can be seen of either side */
    int nleft, nright;
    const char **using;
    int nusing;
    int *using_left, *using_right;
    RteColumn *columns;
    int ncolumns;
    Expr *on;
} Join;

static JoinType join_type(const PgQuery__JoinExpr *node)
{
    switch (node->jointype) {
    case PG_QUERY__JOIN_TYPE__JOIN_LEFT:
        return JOIN_LEFT;
    case PG_QUERY__JOIN_TYPE__JOIN_RIGHT:
        return JOIN_RIGHT;
    case PG_QUERY__JOIN_TYPE__JOIN_FULL:
        return JOIN_FULL;
    default:
        return node->is_natural || node->n_using_clause || node->quals ? JOIN_INNER : JOIN_CROSS;
    }
}

/* The columns of a side are those of the items whose bare column names can be seen. */
static NsColumn *side_columns(Scope *scope, const NsList *names, int *count)
{
    int total = 0;
    for (size_t i = 0; i < names->count; i++)
        if (names->items[i]->columns_visible)
            total += names->items[i]->ncolumns;
    NsColumn *columns = ARENA_ARRAY(scope->an->arena, NsColumn, total + 1);
    *count = 0;
    for (size_t i = 0; i < names->count; i++)
        for (int j = 0; names->items[i]->columns_visible && j < names->items[i]->ncolumns; j++)
            if (*names->items[i]->columns[j].name)
                columns[(*count)++] = names->items[i]->columns[j];
    return columns;
}

static void names_common(Join *join)
{
    Scope *scope = join->scope;
    join->using = ARENA_ARRAY(scope->an->arena, const char *, join->nleft + 1);
    Map *right = map_open(scope->an->arena);
    for (int i = 0; i < join->nright; i++)
        map_put(right, join->rcols[i].name, strlen(join->rcols[i].name), &join->rcols[i]);
    for (int i = 0; i < join->nleft; i++)
        if (map_get(right, join->lcols[i].name, strlen(join->lcols[i].name)))
            join->using[join->nusing++] = join->lcols[i].name;
}

static bool using_error(Join *join, const char *sqlstate, const char *format, const char *name)
{
    Error *error = join->scope->an->error;
    if (strcmp(format, "twice") == 0)
        return error_set(error, sqlstate, "column name \"%s\" appears more than once in USING clause", name);
    if (strcmp(format, "left twice") == 0)
        return error_set(error, sqlstate, "common column name \"%s\" appears more than once in left table", name);
    if (strcmp(format, "right twice") == 0)
        return error_set(error, sqlstate, "common column name \"%s\" appears more than once in right table", name);
    return error_set(error, sqlstate, "column \"%s\" specified in USING clause does not exist in %s table", name,
                     strcmp(format, "no left") == 0 ? "left" : "right");
}

static bool find_using(Join *join, const NsColumn *columns, int count, const char *name, bool is_left, int *place)
{
    *place = -1;
    for (int i = 0; i < count; i++) {
        if (strcmp(columns[i].name, name) != 0)
            continue;
        if (*place >= 0)
            return using_error(join, ERRCODE_AMBIGUOUS_COLUMN, is_left ? "left twice" : "right twice", name);
        *place = i;
    }
    return *place >= 0 || using_error(join, ERRCODE_UNDEFINED_COLUMN, is_left ? "no left" : "no right", name);
}

static void mark_read(Scope *scope, const Expr *expr)
{
    if (expr->kind == EXPR_VAR && expr->u.var.levels_up == 0)
        names_mark_read(scope->query->rtes[expr->u.var.rte], expr->u.var.column);
    for (int i = 0; i < expr->nargs; i++)
        mark_read(scope, expr->args[i]);
}

static Expr *using_operand(Scope *scope, const NsColumn *column)
{
    mark_read(scope, column->expr);
    return expr_copy(column->expr, scope->an->arena);
}

/* One side's column in the merged column's type. */
static Expr *merged_side(Scope *scope, const NsColumn *column, Oid type, int32_t typmod)
{
    Expr *expr = expr_copy(column->expr, scope->an->arena);
    if (expr->type != type)
        return coerce_type(scope, expr, type, typmod, COERCE_IMPLICIT, FUNC_IMPLICIT_CAST, -1);
    if (expr->typmod == typmod)
        return expr;
    Expr *relabel = expr_new(scope, EXPR_RELABEL, type, -1);
    relabel->typmod = typmod;
    relabel->nargs = 1;
    relabel->args = ARENA_ARRAY(scope->an->arena, Expr *, 1);
    relabel->args[0] = expr;
    return relabel;
}

static Expr *merged_column(Join *join, const NsColumn *left, const NsColumn *right)
{
    Scope *scope = join->scope;
    Expr *both[2] = {left->expr, right->expr};
    Oid type = common_type(scope, both, 2, "JOIN/USING", NULL);
    if (!type)
        return NULL;
    int32_t typmod = common_typmod(both, 2, type);
    Expr *l = merged_side(scope, left, type, typmod), *r = l ? merged_side(scope, right, type, typmod) : NULL;
    if (!r)
        return NULL;
    if (join->type == JOIN_RIGHT)
        return r;
    if (join->type != JOIN_FULL)
        return l->kind != EXPR_VAR && r->kind == EXPR_VAR && join->type == JOIN_INNER ? r : l;
    Expr *either = expr_new(scope, EXPR_COALESCE, type, -1);
    either->typmod = typmod;
    either->collation = l->collation;
    either->nargs = 2;
    either->args = ARENA_ARRAY(scope->an->arena, Expr *, 2);
    either->args[0] = l;
    either->args[1] = r;
    return assign_collation(scope->an, either) ? either : NULL;
}

static void add_column(Join *join, const char *name, Expr *expr)
{
    join->columns[join->ncolumns++] = (RteColumn){.name = name,
                                                  .type = expr->type,
                                                  .typmod = expr->typmod,
                                                  .collation = expr->collation,
                                                  .join_expr = expr_copy(expr, join->scope->an->arena)};
    join->scope->an->expressions++;
}

static bool merge_using(Join *join)
{
    Scope *scope = join->scope;
    Arena *arena = scope->an->arena;
    Expr **equal = ARENA_ARRAY(arena, Expr *, join->nusing);
    join->using_left = ARENA_ARRAY(arena, int, join->nusing);
    join->using_right = ARENA_ARRAY(arena, int, join->nusing);
    Map *seen = map_open(arena);
    for (int i = 0; i < join->nusing; i++) {
        const char *name = join->using[i];
        if (map_get(seen, name, strlen(name)))
            return using_error(join, ERRCODE_DUPLICATE_COLUMN, "twice", name);
        map_put(seen, name, strlen(name), join);
        if (!find_using(join, join->lcols, join->nleft, name, true, &join->using_left[i]) ||
            !find_using(join, join->rcols, join->nright, name, false, &join->using_right[i]))
            return false;
    }
    for (int i = 0; i < join->nusing; i++) {
        const NsColumn *left = &join->lcols[join->using_left[i]], *right = &join->rcols[join->using_right[i]];
        Expr *merged = merged_column(join, left, right);
        if (!merged)
            return false;
        add_column(join, join->using[i], merged);
    }
    for (int i = 0; i < join->nusing; i++) {
        Expr *left = using_operand(scope, &join->lcols[join->using_left[i]]),
             *right = using_operand(scope, &join->rcols[join->using_right[i]]);
        equal[i] = make_named_operator(scope, "=", left, right, -1);
        if (!equal[i])
            return false;
    }
    if (join->nusing > 0)
        join->on = coerce_to_boolean(scope, join->nusing > 1 ? expr_and(scope, EXPR_AND, equal, join->nusing, -1) : equal[0], "JOIN/USING");
    return join->nusing == 0 || join->on;
}

static void add_rest(Join *join, const NsColumn *columns, int count, const int *merged)
{
    bool *taken = ARENA_ARRAY(join->scope->an->arena, bool, count + 1);
    for (int i = 0; i < join->nusing; i++)
        taken[merged[i]] = true;
    for (int i = 0; i < count; i++)
        if (!taken[i])
            add_column(join, columns[i].name, columns[i].expr);
}

static bool is_boolean_cast(const Node *node)
{
    const PgQuery__TypeName *name = node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST ? node->type_cast->type_name : NULL;
    return name && name->n_names && str_eq(name->names[name->n_names - 1]->string->sval, "bool");
}

/* ON true::bool::bool, in a stored text: an outer join that has no condition (view_from.c). Whoever reads it otherwise takes it for one
 * that is always met, which means the same. */
static bool is_no_condition(const Node *node)
{
    int casts = 0;
    for (; is_boolean_cast(node); node = node->type_cast->arg)
        casts++;
    return casts > 1 && node->node_case == PG_QUERY__NODE__NODE_A_CONST && node->a_const->val_case == PG_QUERY__A__CONST__VAL_BOOLVAL;
}

/* ON may refer to both sides, and to nothing else of this FROM. */
static bool analyze_on(Join *join)
{
    Scope *scope = join->scope;
    if (!join->node->quals || ((scope->an->stored || scope->an->views) && is_no_condition(join->node->quals)))
        return true;
    NsList both = {0}, outer = scope->names;
    for (size_t i = 0; i < join->left.count; i++)
        names_add(scope, &both, join->left.items[i]);
    for (size_t i = 0; i < join->right.count; i++)
        names_add(scope, &both, join->right.items[i]);
    names_set_lateral(&both, false, true);
    scope->names = both;
    join->on = analyze_condition(scope, join->node->quals, CLAUSE_JOIN_ON, "JOIN/ON");
    scope->names = outer;
    return join->on != NULL;
}

/* The right side may refer laterally to the left one. */
static FromItem *analyze_right(Join *join)
{
    Scope *scope = join->scope;
    bool lateral_ok = join->type == JOIN_INNER || join->type == JOIN_CROSS || join->type == JOIN_LEFT;
    names_set_lateral(&join->left, true, lateral_ok);
    size_t before = scope->names.count;
    for (size_t i = 0; i < join->left.count; i++)
        names_add(scope, &scope->names, join->left.items[i]);
    FromItem *right = from_item(scope, join->node->rarg, &join->right);
    scope->names.count = before;
    return right;
}

/* JOIN ... USING (...) AS name: a table of the merged columns alone, which an alias of the whole join hides. */
static bool add_using_alias(Join *join, Rte *rte, int index, bool hidden, NsList *names)
{
    Scope *scope = join->scope;
    const PgQuery__Alias *alias = join->node->join_using_alias;
    if (!alias || !given(alias->aliasname))
        return true;
    NsItem *item = names_item(scope, rte, index);
    item->name = alias->aliasname;
    item->relation = OID_NONE;
    item->ncolumns = join->nusing;
    item->columns_visible = false;
    NsList own = {0};
    names_add(scope, &own, item);
    if (!names_check_conflicts(scope, &join->left, &own) || !names_check_conflicts(scope, &join->right, &own))
        return false;
    if (!hidden)
        names_add(scope, names, item);
    return true;
}

static FromItem *finish(Join *join, FromItem *left, FromItem *right, NsList *names)
{
    Scope *scope = join->scope;
    Arena *arena = scope->an->arena;
    const PgQuery__Alias *alias = join->node->alias && given(join->node->alias->aliasname) ? join->node->alias : NULL;
    Rte *rte = ARENA_NEW(arena, Rte);
    rte->kind = RTE_JOIN;
    rte->alias = "unnamed_join";
    rte->in_from = true;
    rte->columns = join->columns;
    rte->ncolumns = join->ncolumns;
    if (!from_apply_alias(scope, rte, alias))
        return NULL;
    FromItem *item = ARENA_NEW(arena, FromItem);
    *item = (FromItem){.kind = FROM_JOIN,
                       .rte = scope_add_rte(scope, rte),
                       .join = join->type,
                       .left = left,
                       .right = right,
                       .on = join->on,
                       .using_names = join->using,
                       .nusing = join->nusing,
                       .using_alias = join->node->join_using_alias ? given(join->node->join_using_alias->aliasname) : NULL,
                       .natural = join->node->is_natural};
    for (size_t i = 0; i < join->left.count + join->right.count && !alias; i++) {
        NsItem *below = i < join->left.count ? join->left.items[i] : join->right.items[i - join->left.count];
        below->columns_visible = false;
        names_add(scope, names, below);
    }
    if (!add_using_alias(join, rte, item->rte, alias != NULL, names))
        return NULL;
    NsItem *own = names_item(scope, rte, item->rte);
    if (!alias) {
        own->name = NULL;
        own->names_visible = false;
    }
    names_add(scope, names, own);
    return item;
}

FromItem *from_join(Scope *scope, const PgQuery__JoinExpr *node, NsList *names)
{
    Arena *arena = scope->an->arena;
    Join join = {.scope = scope, .node = node, .type = join_type(node)};
    FromItem *left = from_item(scope, node->larg, &join.left);
    FromItem *right = left ? analyze_right(&join) : NULL;
    if (!right || !names_check_conflicts(scope, &join.left, &join.right))
        return NULL;
    join.lcols = side_columns(scope, &join.left, &join.nleft);
    join.rcols = side_columns(scope, &join.right, &join.nright);
    if (node->is_natural) {
        names_common(&join);
    } else {
        join.using = ARENA_ARRAY(arena, const char *, node->n_using_clause + 1);
        for (size_t i = 0; i < node->n_using_clause; i++)
            join.using[join.nusing++] = node_string(node->using_clause[i]);
    }
    join.columns = ARENA_ARRAY(arena, RteColumn, join.nleft + join.nright + 1);
    if (!merge_using(&join))
        return NULL;
    add_rest(&join, join.lcols, join.nleft, join.using_left);
    add_rest(&join, join.rcols, join.nright, join.using_right);
    if (!analyze_on(&join))
        return NULL;
    return finish(&join, left, right, names);
}
