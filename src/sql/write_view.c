/*
 * write_view.c - views that are written through: the table below, and what the view's columns are over it (PostgreSQL manual, CREATE VIEW,
 * "Updatable Views").
 *
 * Invariants:
 *  1. Entry 0 of the statement is the table; a column of the view is an expression over that entry, whatever views lie between.
 *  2. Who writes needs the right on the view; its owner (with security_invoker: who writes) needs it below.
 *  3. Views are read flat, one level at a time: each is a query over one relation.
 */
#include "sql/analyze_int.h"

enum { TRIGGER_ON_INSERT = 4, TRIGGER_ON_DELETE = 8, TRIGGER_ON_UPDATE = 16 };

static const struct {
    const char *refused, *gerund, *event;
    AclMask right;
    int bit;
} VERBS[] = {
    [WRITE_INSERT] = {"insert into", "inserting into", "INSERT", ACL_INSERT, TRIGGER_ON_INSERT},
    [WRITE_UPDATE] = {"update", "updating", "UPDATE", ACL_UPDATE, TRIGGER_ON_UPDATE},
    [WRITE_DELETE] = {"delete from", "deleting from", "DELETE", ACL_DELETE, TRIGGER_ON_DELETE},
};

bool write_view_has_trigger(Scope *scope, const CatRelation *view, WriteVerb verb, bool *out)
{
    Analyzer *an = scope->an;
    CatalogRows *rows =
        catalog_query(an->catalog, an->arena, an->error, "SELECT 1 FROM pg_trigger WHERE tgrelid = ?1 AND tgtype & 64 AND tgtype & ?2",
                      "oi", view->oid, (int64_t)VERBS[verb].bit);
    *out = rows && rows->nrows;
    return rows != NULL;
}

static bool refuse(Scope *scope, const CatRelation *view, WriteVerb verb, const char *reason)
{
    Error *error = scope->an->error;
    error_set(error, ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, "cannot %s view \"%s\"", VERBS[verb].refused, view->name);
    error_detail(error, "%s", reason);
    return error_hint(error, "To enable %s the view, provide an INSTEAD OF %s trigger or an unconditional ON %s DO INSTEAD rule.",
                      VERBS[verb].gerund, VERBS[verb].event, VERBS[verb].event);
}

/* ---- from one level to the table ---- */

typedef struct Lowering {
    Scope *scope;
    int base;               /* the entry of the view's query */
    const WriteView *below; /* what it is, when it is a view itself; NULL: the table */
} Lowering;

static Expr *lower(Expr *expr, int level, void *arg)
{
    const Lowering *lowering = arg;
    if (expr->kind != EXPR_VAR || expr->u.var.levels_up != level || expr->u.var.rte != lowering->base)
        return expr;
    if (lowering->below && expr->u.var.column > 0) {
        Expr *column = expr_copy(lowering->below->columns[expr->u.var.column - 1], lowering->scope->an->arena);
        if (level)
            expr_shift_levels(column, level);
        return column;
    }
    expr->u.var.rte = 0;
    return expr;
}

static Expr *both(Arena *arena, Expr *a, Expr *b)
{
    if (!a || !b)
        return a ? a : b;
    Expr *expr = ARENA_NEW(arena, Expr);
    *expr = (Expr){.kind = EXPR_AND, .type = TYPE_BOOL, .typmod = -1, .location = -1, .nargs = 2};
    expr->args = ARENA_ARRAY(arena, Expr *, 2);
    expr->args[0] = a;
    expr->args[1] = b;
    return expr;
}

/* Whether writes through the view are checked, and those through views below it. */
static bool read_check_option(Scope *scope, const CatRelation *view, bool *cascaded, bool *out)
{
    Analyzer *an = scope->an;
    CatalogRows *rows = catalog_query(an->catalog, an->arena, an->error, "SELECT reloptions FROM pg_class WHERE oid = ?1", "o", view->oid);
    const char *options = rows && rows->nrows ? rows->cells[0].text : NULL;
    const char *option = options ? strstr(options, "check_option=") : NULL;
    *cascaded |= option && strncmp(option + strlen("check_option="), "cascaded", 8) == 0;
    *out = *cascaded || option;
    return rows != NULL;
}

static Rte *privilege_entry(Scope *scope, const CatRelation *view, WriteVerb verb, Oid check_as)
{
    Rte *rte = rte_for_relation(scope->an, view);
    rte->kind = RTE_RESULT;
    rte->alias_written = rte->alias = NULL;
    rte->required = VERBS[verb].right;
    rte->check_as = check_as;
    rte->columns_written = ARENA_ARRAY(scope->an->arena, uint64_t, rte->columns_read_words);
    return rte;
}

static bool describe(Scope *scope, const CatRelation *view, WriteVerb verb, bool cascaded, WriteView *out);

/* What the view's query, not yet lowered, has of the relation below. */
static WriteLevel level_below(Scope *scope, const CatRelation *view, const Query *query)
{
    int base = query->from[0]->rte, n = 0;
    const Rte *rte = query->rtes[base];
    WriteLevel level = {.relation = rte->relation, .only = rte->only, .reads = rte->columns_read};
    level.check_as = view->security_invoker ? scope->an->check_as : view->owner;
    level.columns = ARENA_ARRAY(scope->an->arena, int, view->ncolumns + 1);
    for (int i = 0; i < query->ntargets && n < view->ncolumns; i++) {
        const Expr *expr = query->targets[i].expr;
        if (!query->targets[i].junk)
            level.columns[n++] = expr->kind == EXPR_VAR && expr->u.var.rte == base && !expr->u.var.levels_up ? expr->u.var.column : 0;
    }
    return level;
}

/* The view's query has been read: its own conditions and checks, after those of what lies below. */
static bool take_level(Scope *scope, const CatRelation *view, WriteVerb verb, Query *query, bool cascaded, WriteView *out)
{
    Arena *arena = scope->an->arena;
    WriteView below = {0};
    int base = query->from[0]->rte, n = 0;
    const CatRelation *relation = query->rtes[base]->relation;
    WriteLevel level = level_below(scope, view, query);
    bool checked, has_trigger;
    if (!read_check_option(scope, view, &cascaded, &checked))
        return false;
    if (relation->kind == 'v') {
        if (!write_view_has_trigger(scope, relation, verb, &has_trigger))
            return false;
        if (has_trigger)
            return error_unsupported(scope->an->error, "writing through a view to one with INSTEAD OF triggers is not supported");
        if (!describe(scope, relation, verb, cascaded, &below))
            return false;
    }
    Lowering lowering = {scope, base, below.relation ? &below : NULL};
    query_map_exprs(query, true, lower, &lowering);
    *out = below;
    out->relation = view;
    out->base = below.relation ? below.base : relation;
    out->columns = ARENA_ARRAY(arena, Expr *, view->ncolumns + 1);
    for (int i = 0; i < query->ntargets && n < view->ncolumns; i++)
        if (!query->targets[i].junk)
            out->columns[n++] = query->targets[i].expr;
    bool ordered = below.where && query->where && below.is_barrier;
    out->is_barrier = below.is_barrier || view->security_barrier;
    out->where =
        ordered ? expr_after_barrier(below.where, query->where, scope->an->catalog, arena) : both(arena, below.where, query->where);
    if (query->where) {
        ViewCheck own = {view->name, expr_copy(query->where, arena)};
        vec_push(arena, &out->levels, own);
        if (checked)
            vec_push(arena, &out->checks, own);
    }
    vec_push(arena, &out->below, level);
    return true;
}

static bool describe(Scope *scope, const CatRelation *view, WriteVerb verb, bool cascaded, WriteView *out)
{
    Query *query = relation_view_query(scope, view, true);
    const char *reason = query ? sql_view_rows_not_updatable(query) : NULL;
    if (!reason && query && verb != WRITE_DELETE)
        reason = sql_view_not_updatable(query);
    if (!query)
        return false;
    return reason ? refuse(scope, view, verb, reason) : take_level(scope, view, verb, query, cascaded, out);
}

/* ---- the statement's ---- */

Rte *write_view_open(Scope *scope, const CatRelation *view, WriteVerb verb)
{
    Analyzer *an = scope->an;
    WriteView *out = ARENA_NEW(an->arena, WriteView);
    *out = (WriteView){0};
    if (!describe(scope, view, verb, false, out))
        return NULL;
    const WriteLevel *own = &out->below.items[0];
    Rte *target = rte_for_relation(an, out->base);
    target->required = VERBS[verb].right;
    target->only = own->only;
    target->check_as = own->check_as;
    scope->query->result_rte = scope_add_rte(scope, target);
    out->rte = privilege_entry(scope, view, verb, an->check_as);
    scope_add_rte(scope, out->rte);
    scope->query->checks = out->checks.items;
    scope->query->nchecks = verb == WRITE_DELETE ? 0 : (int)out->checks.count;
    out->verb = verb;
    scope->view = out;
    return target;
}

WriteView *write_view_for_conflict(Scope *scope, const WriteView *view)
{
    Arena *arena = scope->an->arena;
    WriteView *own = ARENA_NEW(arena, WriteView);
    *own = *view;
    own->where = NULL; /* the row that is in the way need not be the view's */
    own->rte = privilege_entry(scope, view->relation, WRITE_UPDATE, scope->an->check_as);
    scope_add_rte(scope, own->rte);
    return own;
}

NsItem *write_view_names(Scope *scope, const WriteView *view, const char *alias, const char *alias_written)
{
    Rte *shown = rte_for_relation(scope->an, view->relation);
    shown->alias = alias;
    shown->alias_written = alias_written;
    NsItem *item = names_item(scope, shown, 0);
    item->is_view = true;
    item->rte = view->rte;
    for (int i = 0; i < item->ncolumns; i++)
        item->columns[i].expr = expr_copy(view->columns[i], scope->an->arena);
    return item;
}

int write_view_column(Scope *scope, const WriteView *view, int number)
{
    const Expr *column = view->columns[number - 1];
    bool own = column->kind == EXPR_VAR && column->u.var.rte == 0 && !column->u.var.levels_up;
    if (own && column->u.var.column > 0)
        return column->u.var.column;
    error_unsupported(scope->an->error, "cannot %s column \"%s\" of view \"%s\"", VERBS[view->verb].refused,
                      view->relation->columns[number - 1].name, view->relation->name);
    error_detail(scope->an->error, own ? "View columns that refer to system columns are not updatable."
                                       : "View columns that are not columns of their base relation are not updatable.");
    return 0;
}

static uint64_t *columns_below(Scope *scope, const WriteLevel *level, const uint64_t *above, const CatRelation *view, int words)
{
    uint64_t *out = ARENA_ARRAY(scope->an->arena, uint64_t, words);
    for (int i = 0; i < view->ncolumns; i++) {
        int bit = i + 1 - COLUMN_TABLEOID, own = level->columns[i] - COLUMN_TABLEOID;
        if (level->columns[i] && (above[bit / 64] >> (bit % 64) & 1))
            out[own / 64] |= UINT64_C(1) << (own % 64);
    }
    return out;
}

void write_view_ask_below(Scope *scope, const WriteView *view, const Rte *asked, bool table)
{
    const Rte *above = asked;
    for (size_t i = view->below.count; asked->required && i-- > (table ? 0 : 1);) {
        const WriteLevel *level = &view->below.items[i];
        Rte *rte = privilege_entry(scope, level->relation, view->verb, level->check_as);
        int words = rte->columns_read_words;
        rte->required = asked->required;
        rte->columns_read =
            rte->required & ACL_INSERT ? columns_below(scope, level, above->columns_read, above->relation, words) : level->reads;
        if (rte->required & ACL_UPDATE)
            rte->columns_written = columns_below(scope, level, above->columns_written, above->relation, words);
        scope_add_rte(scope, rte);
        above = rte;
    }
}

void write_view_privileges(Scope *scope, Rte *target)
{
    const WriteView *view = scope->view;
    bool reads = false;
    for (int i = 0; i < view->rte->columns_read_words; i++)
        reads |= view->rte->columns_read[i] != 0;
    target->required &= ~ACL_SELECT;
    target->required |= reads ? ACL_SELECT : 0;
    view->rte->required |= reads ? ACL_SELECT : 0;
    for (int i = 0; i < target->columns_read_words; i++)
        target->columns_read[i] |= view->below.items[0].reads[i];
    write_view_ask_below(scope, view, view->rte, false);
}
