/*
 * source.c - sources: which of them owns a relation or a whole query, and what it can say.
 *
 * Invariants:
 *  1. A source is a server together with the user whose mapping reaches it: the view's owner inside a view, else the current user.
 *  2. What refers to an outer query or calls a volatile function is never said by a source.
 *  3. Names of tables and columns in a source's text are the source's, quoted by its dialect.
 * Threads: the session's own.
 */
#include "plan/internal.h"

static Source *add_source(Planner *planner, const RemoteTarget *target, const Dialect *dialect, Oid server, Oid user)
{
    Source *source = ARENA_NEW(planner->arena, Source);
    *source = (Source){.target = target, .dialect = dialect, .server = server, .user = user, .context = planner->context};
    vec_push(planner->arena, &planner->sources, source);
    return source;
}

static Source *catalog_source(Planner *planner)
{
    if (!planner->catalog)
        planner->catalog = add_source(planner, NULL, sql_dialect("catalog"), OID_NONE, OID_NONE);
    return planner->catalog;
}

static Source *find_source(const Planner *planner, Oid server, Oid user)
{
    for (size_t i = 0; i < planner->sources.count; i++) {
        Source *source = planner->sources.items[i];
        if (source->target && source->server == server && source->user == user)
            return source;
    }
    return NULL;
}

/* Where PostgreSQL would ask the source while it plans: that it can be reached. Whatever is run reaches it anyway. */
static bool check_remote_estimate(Planner *planner, const RemoteTarget *target, const CatRelation *relation)
{
    const PlanContext *context = planner->context;
    RemoteWant want = {.target = target, .connections = 1};
    if (context->of_command || !estimate_is_remote(target, relation))
        return true;
    if (!wrapper_check_mapping(target, planner->error))
        return false;
    if (!context->generate_only || !context->remote)
        return true;
    if (!remote_acquire(context->remote, &want, 1, context->in_transaction, planner->arena, planner->error))
        return false;
    remote_release(context->remote, want.given[0], false);
    return true;
}

static const RemoteTarget *target_of(Planner *planner, Oid server, Oid user)
{
    const PlanContext *context = planner->context;
    for (size_t i = 0; i < context->ntargets; i++)
        if (context->targets[i]->server->oid == server && context->targets[i]->user == user)
            return context->targets[i];
    return wrapper_target(context->wrappers, context->catalog, server, user, planner->arena, planner->error);
}

Source *source_of_relation(Planner *planner, const Rte *rte)
{
    if (rte->relation->is_system)
        return catalog_source(planner);
    if (!planner->context->of_command && !catalog_check_kind(planner->context->catalog, rte->relation->oid, planner->error))
        return NULL;
    Oid server = rte->relation->server, user = rte->check_as ? rte->check_as : planner->context->functions->current_user;
    bool (*check)(WrapperHost *, Catalog *, const CatRelation *, Error *) =
        planner->context->of_command ? wrapper_check_sampling : wrapper_check_planning;
    if (!check(planner->context->wrappers, planner->context->catalog, rte->relation, planner->error))
        return NULL;
    Source *source = find_source(planner, server, user);
    if (!source && !server) {
        error_unsupported(planner->error, "relation \"%s\" cannot be read", rte->relation->name);
        return NULL;
    }
    const RemoteTarget *target = source ? source->target : target_of(planner, server, user);
    if (target)
        session_load(planner->context->functions->session, target->module->name);
    if (!target || !check_remote_estimate(planner, target, rte->relation))
        return NULL;
    const Dialect *dialect = target->module->dialect ? sql_dialect(target->module->dialect) : NULL;
    return source ? source : add_source(planner, target, dialect, server, user);
}

bool source_has_dialect(Owner owner)
{
    return owner.kind == OWNER_ONE && owner.source->dialect;
}

Owner source_merge(Owner a, Owner b)
{
    if (a.kind == OWNER_NONE || b.kind == OWNER_MIXED)
        return b;
    if (b.kind == OWNER_NONE || a.kind == OWNER_MIXED || a.source == b.source)
        return a;
    return (Owner){.kind = OWNER_MIXED};
}

/* ---- who owns a query ---- */

typedef struct OwnerWalk {
    Planner *planner;
    Owner owner;
    bool failed;
} OwnerWalk;

static bool is_constant_call(const Expr *call)
{
    for (int i = 0; i < call->nargs; i++)
        if (call->args[i]->kind != EXPR_CONST)
            return false;
    return true;
}

/* Functions that make rows up of other values work beside the catalog; of constants only, they are leaves of their own. */
static Owner owner_of_rte(Planner *planner, const Rte *rte)
{
    if (rte->kind == RTE_RELATION) {
        Source *source = source_of_relation(planner, rte);
        return (Owner){.kind = source ? OWNER_ONE : OWNER_MIXED, .source = source};
    }
    if (rte->kind == RTE_LEAF)
        return (Owner){.kind = OWNER_MIXED};
    for (int i = 0; i < rte->nfunctions; i++)
        if (rte->functions[i]->kind == EXPR_SUBPLAN || (rte->functions[i]->kind == EXPR_FUNC && rte->functions[i]->oid >= 16384))
            return (Owner){.kind = OWNER_MIXED};
    for (int i = 0; i < rte->nfunctions; i++)
        if (rte->functions[i]->kind == EXPR_FUNC && func_find_set(rte->functions[i]->oid))
            return is_constant_call(rte->functions[i]) ? (Owner){.kind = OWNER_MIXED}
                                                       : (Owner){.kind = OWNER_ONE, .source = catalog_source(planner)};
    return (Owner){.kind = OWNER_NONE};
}

static bool merge_query(const Query *query, void *arg)
{
    OwnerWalk *walk = arg;
    for (int i = 0; i < query->nrtes && !walk->failed; i++) {
        walk->owner = source_merge(walk->owner, owner_of_rte(walk->planner, query->rtes[i]));
        walk->failed = error_is_set(walk->planner->error);
    }
    return walk->failed || query_walk_queries(query, merge_query, walk);
}

bool source_owner(Planner *planner, const Query *query, Owner *out)
{
    OwnerWalk walk = {.planner = planner};
    merge_query(query, &walk);
    *out = walk.owner;
    return !walk.failed;
}

/* ---- what a source can say ---- */

void source_relation_name(const FdwModule *module, const CatRelation *relation, Str *out)
{
    const Dialect *dialect = sql_dialect(module->dialect);
    const char *schema = wrapper_role_value(module, FDW_OBJECT_TABLE, &relation->options, FDW_ROLE_REMOTE_SCHEMA);
    const char *name = wrapper_role_value(module, FDW_OBJECT_TABLE, &relation->options, FDW_ROLE_REMOTE_TABLE);
    bool has_schemas = false;
    for (const FdwOption *option = module->options; option && option->name; option++)
        has_schemas |= option->role == FDW_ROLE_REMOTE_SCHEMA;
    if (has_schemas) {
        sql_quote_identifier(dialect, schema ? schema : relation->schema, out);
        str_addc(out, '.');
    }
    sql_quote_identifier(dialect, name ? name : relation->name, out);
}

static bool print_remote_relation(void *arg, const Rte *rte, Str *out, Error *error)
{
    const Source *source = arg;
    (void)error;
    if (source->target)
        source_relation_name(source->target->module, rte->relation, out);
    else
        sql_quote_identifier(source->dialect, rte->relation->name, out);
    return true;
}

static const char *remote_column(void *arg, const Rte *rte, int column)
{
    const Source *source = arg;
    if (!source->target || rte->kind != RTE_RELATION || column > rte->relation->ncolumns)
        return NULL;
    return wrapper_role_value(source->target->module, FDW_OBJECT_COLUMN, &rte->relation->columns[column - 1].options,
                              FDW_ROLE_REMOTE_COLUMN);
}

/* EXPLAIN makes no connection: it tells what is asked of the version that was last met, or of PostgreSQL 15. */
static int source_version(void *arg)
{
    Source *source = arg;
    const PlanContext *context = source->context;
    if (source->is_asked || !source->target)
        return source->version;
    source->is_asked = true;
    bool connects = !context->generate_only && context->remote;
    source->version = connects ? remote_version(context->remote, source->target, context->in_transaction)
                               : wrapper_known_version(context->wrappers, source->target);
    return source->version;
}

bool source_has_other_encoding(const Source *source)
{
    return source_version((void *)(uintptr_t)source) & FDW_SOURCE_OTHER_ENCODING;
}

PrintContext source_print_context(Planner *planner, const Source *source)
{
    const PlanContext *context = planner->context;
    bool sends_params = source->dialect == sql_dialect("postgres");
    return (PrintContext){.dialect = source->dialect,
                          .catalog = context->catalog,
                          .arg = (void *)(uintptr_t)source,
                          .relation = print_remote_relation,
                          .column = remote_column,
                          .version = source_version,
                          .param_values = sends_params ? NULL : context->param_values,
                          .nparams = context->nparams,
                          .params_bound = context->params_bound && !sends_params,
                          .untrusted_types = source->target && source->dialect == sql_dialect("sqlite")};
}

bool source_can_say_query(Planner *planner, const Source *source, const Query *query, const char **reason)
{
    ShipReason why = {0};
    PrintContext context = source_print_context(planner, source);
    if (query_is_volatile(query, planner->context->catalog)) {
        why.text = "a volatile function is called here";
    } else if (refs_outer_query(query)) {
        why.text = "it refers to an enclosing query";
    } else if (sql_query_printable(query, &context, planner->arena, &why)) {
        return true;
    }
    if (reason)
        *reason = why.text;
    return false;
}

/* A condition with sublinks is asked as the WHERE of a query over the entries it uses. */
static bool can_say_with_sublinks(Planner *planner, const Source *source, const Expr *expr, const Query *query, const char **reason)
{
    Query probe = {.kind = QUERY_SELECT, .rtes = query->rtes, .nrtes = query->nrtes, .result_rte = -1, .arena = planner->arena};
    bool *seen = ARENA_ARRAY(planner->arena, bool, query->nrtes + 1);
    refs_of_expr(expr, seen);
    probe.from = ARENA_ARRAY(planner->arena, FromItem *, query->nrtes + 1);
    for (int i = 0; i < query->nrtes; i++) {
        if (!seen[i])
            continue;
        FromItem *item = ARENA_NEW(planner->arena, FromItem);
        *item = (FromItem){.kind = FROM_RTE, .rte = i};
        probe.from[probe.nfrom++] = item;
    }
    Target target = {.expr = expr_const(planner->arena, TYPE_BOOL, -1, "t"), .name = "c"};
    probe.targets = &target;
    probe.ntargets = 1;
    probe.where = (Expr *)(uintptr_t)expr;
    probe.has_sublinks = true;
    return source_can_say_query(planner, source, &probe, reason);
}

typedef struct SublinkOwners {
    Planner *planner;
    const Source *source;
    bool others;
} SublinkOwners;

static bool sublink_of_other(const Expr *expr, void *arg)
{
    SublinkOwners *owners = arg;
    if (expr->kind == EXPR_SUBLINK) {
        Owner owner;
        owners->others |= !source_owner(owners->planner, expr->u.sublink.query, &owner) ||
                          (owner.kind != OWNER_NONE && !(owner.kind == OWNER_ONE && owner.source == owners->source));
    }
    return owners->others || expr_walk(expr, sublink_of_other, arg);
}

static const char *refusal(Planner *planner, const Expr *expr, const Query *query, const char *why)
{
    return arena_printf(planner->arena, "%s: %s", sql_describe_expr(expr, query, planner->context->catalog, planner->arena), why);
}

bool source_can_say(Planner *planner, const Source *source, const Expr *expr, const Query *query, const char **reason)
{
    SublinkOwners owners = {.planner = planner, .source = source};
    const char *why = NULL;
    if (expr_is_volatile(expr, planner->context->catalog))
        why = "a volatile function is called here";
    else if (refs_outer_expr(expr))
        why = "it refers to an enclosing query";
    else if (refs_has_sublink(expr) && sublink_of_other(expr, &owners))
        why = "its subquery reads another source";
    if (why) {
        if (reason)
            *reason = refusal(planner, expr, query, why);
        return false;
    }
    if (refs_has_sublink(expr))
        return can_say_with_sublinks(planner, source, expr, query, reason);
    ShipReason printed = {0};
    PrintContext context = source_print_context(planner, source);
    bool can = sql_expr_printable(expr, query, &context, planner->arena, &printed);
    if (!can && reason)
        *reason = printed.text;
    return can;
}
