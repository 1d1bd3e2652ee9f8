/*
 * together.c - several columns that one volatile subquery sets: SET (a, b) = (SELECT nextval('s'), nextval('s')). Analysis gives each its
 * own copy of the subquery (Query.together tells whose they are); it is run once for a row, or once for all if it reads none:
 *
 *   UPDATE t SET (a, b) = (SELECT f(t.x), y FROM u)
 *   SELECT l.f1, l.f2 FROM t LEFT JOIN LATERAL (SELECT (r.row).f1, (r.row).f2 FROM
 *     (SELECT (SELECT ROW(s.f, s.y) FROM (SELECT f(t.x), y FROM u) AS s) AS row) AS r) AS l ON true
 *
 * Entered by the session's worker only.
 */
#include "write/internal.h"

typedef struct Together {
    Write *write;
    Query *query;
    const Expr *guard;
} Together;

/* The subquery's row as one value, over the copy of one of its columns. */
static Expr *row_of(Write *write, const Expr *column)
{
    Expr *row = ARENA_NEW(write->arena, Expr), *sublink = expr_copy(column, write->arena);
    Query *query = sublink->u.sublink.query;
    int count = query->rtes[0]->ncolumns;
    *row = (Expr){.kind = EXPR_ROW, .type = TYPE_RECORD, .typmod = -1, .location = -1, .nargs = count};
    row->args = ARENA_ARRAY(write->arena, Expr *, count);
    for (int i = 0; i < count; i++)
        row->args[i] = fetch_var(write, query, 0, i + 1);
    query->targets[0].expr = row;
    query->together = 0;
    sublink->type = TYPE_RECORD;
    sublink->typmod = -1;
    sublink->collation = OID_NONE;
    expr_shift_levels(sublink, 2);
    return sublink;
}

static Query *rows_of(Write *write, const Expr *column)
{
    const Rte *from = column->u.sublink.query->rtes[0];
    Query *made = fetch_over(write, NULL);
    fetch_add_target(made, row_of(write, column));
    made->has_sublinks = true;
    Query *query = fetch_around(write, made);
    query->together = column->u.sublink.query->together;
    for (int i = 0; i < from->ncolumns; i++) {
        const RteColumn *like = &from->columns[i];
        Expr *field = ARENA_NEW(write->arena, Expr);
        *field = (Expr){.kind = EXPR_FIELD, .type = like->type, .typmod = like->typmod, .collation = like->collation, .location = -1};
        field->args = ARENA_NEW(write->arena, Expr *);
        field->args[field->nargs++] = fetch_var(write, query, 0, 1);
        field->u.field.number = i + 1;
        fetch_add_target(query, field);
    }
    return query;
}

static FromItem *join_of(Write *write, JoinType type, FromItem *left, FromItem *right)
{
    FromItem *join = ARENA_NEW(write->arena, FromItem);
    *join = (FromItem){.kind = FROM_JOIN, .rte = -1, .join = type, .left = left, .right = right};
    return join;
}

/* The entry of FROM that runs the subquery, for each row of all the others. */
static int add_entry(const Together *together, const Expr *column)
{
    Write *write = together->write;
    Query *query = together->query;
    Rte *rte = fetch_around(write, rows_of(write, column))->rtes[0];
    rte->lateral = true;
    int entry = fetch_add_entry(query, rte);
    FromItem *rows = query->from[0], *item = query->from[--query->nfrom];
    for (int i = 1; i < query->nfrom; i++)
        rows = join_of(write, JOIN_CROSS, rows, query->from[i]);
    query->from[0] = join_of(write, JOIN_LEFT, rows, item);
    query->from[0]->on = together->guard ? expr_copy(together->guard, write->arena) : expr_const(write->arena, TYPE_BOOL, -1, "t");
    query->nfrom = 1;
    return entry;
}

static Expr *take_column(Expr *expr, int level, void *arg)
{
    const Together *together = arg;
    const Query *subquery = expr->kind == EXPR_SUBLINK ? expr->u.sublink.query : NULL;
    (void)level;
    if (!subquery || !subquery->together || !query_is_volatile(subquery, together->write->catalog))
        return expr;
    int column = subquery->targets[0].expr->u.var.column, entry = 0;
    while (entry < together->query->nrtes &&
           !(together->query->rtes[entry]->query && together->query->rtes[entry]->query->together == subquery->together))
        entry++;
    if (entry == together->query->nrtes)
        entry = add_entry(together, expr);
    return fetch_var(together->write, together->query, entry, column);
}

Expr *write_set_together(Write *write, Query *query, Expr *value, const Expr *guard)
{
    Together together = {write, query, guard};
    Query *alone = fetch_over(write, NULL);
    fetch_add_target(alone, value);
    query_map_exprs(alone, false, take_column, &together);
    return alone->targets[0].expr;
}
