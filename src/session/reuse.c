/*
 * reuse.c - plans made once and used again: for simple queries of one shape, and for prepared statements.
 *
 * A simple query is looked up by its shape (sql_shape): its text without the constants that a parameter can stand for. What is then found
 * runs without being parsed. A shape is planned for reuse when it is seen the second time, so that statements which come once cost
 * nothing here. A prepared statement is looked up by its text and the types of its parameters.
 *
 * Invariants:
 *  1. A key has all that a plan may hang on but the catalog: the role, every setting that is not known to be without influence, the text.
 *     An entry says for which version of the catalog it holds; each DDL statement, also one not yet committed, makes a new version.
 *  2. A plan is kept only when it says of itself that neither the moment nor the session is in it (Plan.uses_moment), no text in it meant
 *     the time of day, no user's function was called while it was made, and no notice was given.
 *  3. Constants become parameters only where the source gets the whole statement, so that none of them could have shaped the plan.
 *  4. What a plan points to lives in the entry's arena or is pinned by it: nothing of the session that made it.
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/reuse.h"
#include "session/routine.h"

enum { FRESH_MS = 5 * 60 * 1000, LONGEST_TEXT = 64 * 1024 };

typedef struct KeyHead {
    char kind; /* 's'imple, 'p'repared, 'P'REPARE, 'q': Parse */
    Oid user, temporary;
    unsigned char settings[SETTINGS_FINGERPRINT];
} KeyHead;

static void put_head(Session *session, char kind, Str *key)
{
    KeyHead head;
    memset(&head, 0, sizeof head);
    head.kind = kind;
    head.user = session->current_user;
    head.temporary = catalog_temporary(session->catalog);
    memcpy(head.settings, settings_fingerprint(session->settings), sizeof head.settings);
    str_addn(key, (const char *)&head, sizeof head);
}

bool reuse_look(Session *session, const char *text, PlanReuse *reuse)
{
    *reuse = (PlanReuse){.text = text};
    if (!sql_shape(text, session->work, &reuse->shape))
        return false;
    Str key;
    str_init(&key, session->work);
    put_head(session, 's', &key);
    str_addn(&key, reuse->shape.key, reuse->shape.length);
    reuse->key = key.data;
    reuse->length = key.len;
    return true;
}

/* The key with the literals that are no parameters. */
static const char *whole_key(const PlanReuse *reuse, uint64_t lifted, Arena *arena, size_t *length)
{
    Str key;
    str_init(&key, arena);
    str_addn(&key, reuse->key, reuse->length);
    for (int i = 0; i < reuse->shape.count; i++) {
        const SqlLiteral *literal = &reuse->shape.literals[i];
        if (lifted >> i & 1)
            continue;
        str_addc(&key, '\0');
        str_addn(&key, reuse->text + literal->location, (size_t)literal->length);
    }
    *length = key.len;
    return key.data;
}

static bool all_lifted(const SqlShape *shape, uint64_t lifted)
{
    return shape->count == 0 || lifted == UINT64_MAX >> (64 - shape->count);
}

/* ---- using ---- */

static void release(void *plan)
{
    cached_plan_release(plan);
}

static void use(Portal *portal, CachedPlan *cached, const char *const *values)
{
    arena_defer(portal->arena, release, cached);
    portal_take_plan(portal, plan_bind(cached->plan, values, portal->arena));
    in_use_begin(portal, cached->plan->query);
    portal->is_kept = true;
    portal->goes_back = scroll_is_natural(cached->plan->query);
    portal->session->tx.has_snapshot = true;
}

/* The literals as values of the parameters that stand for them. false: one has not the form that its type wants. */
static bool literal_values(Session *session, const PlanReuse *reuse, const CachedPlan *cached, Arena *arena, const char **values)
{
    int count = 0;
    for (int i = 0; i < reuse->shape.count; i++) {
        if (!(cached->lifted >> i & 1))
            continue;
        Oid type = cached->types[count];
        const char *text = sql_literal_value(reuse->text, &reuse->shape.literals[i], arena);
        Error ignored;
        error_init(&ignored, arena);
        values[count] = text;
        if (type != TYPE_INT4 && type != TYPE_TEXT && type != TYPE_VARCHAR && type != TYPE_BPCHAR &&
            !type_canonical(type, -1, text, &session->types, arena, &values[count], &ignored))
            return false;
        count++;
    }
    return true;
}

bool reuse_simple(Portal *portal, const PlanReuse *reuse)
{
    Session *session = portal->session;
    PlanCache *cache = session->hub->plans;
    uint64_t version = catalog_version(session->catalog);
    CachedPlan *cached = plan_cache_find(cache, reuse->key, reuse->length, version);
    if (cached && !cached->plan && !cached->hopeless) {
        size_t length;
        const char *key = whole_key(reuse, cached->lifted, portal->arena, &length);
        cached_plan_release(cached);
        cached = plan_cache_find(cache, key, length, version);
    }
    const char **values = ARENA_ARRAY(portal->arena, const char *, reuse->shape.count + 1);
    if (!cached || !cached->plan || !literal_values(session, reuse, cached, portal->arena, values)) {
        cached_plan_release(cached);
        return false;
    }
    portal->source_text = portal->text = reuse->text;
    portal->tag = "SELECT";
    use(portal, cached, values);
    return true;
}

/* ---- making ---- */

/* A plan under way to the cache. */
typedef struct Making {
    Session *session;
    Arena *arena; /* the plan's */
    TypeContext types;
    FuncContext functions;
    AnalyzeContext context;
    bool now_read;
    uint64_t version;
    int notices;
    const Query *query;
    const Plan *plan;
} Making;

static void begin(Making *making, Session *session)
{
    *making = (Making){.session = session, .arena = arena_open(NULL), .types = session->types, .functions = session->functions};
    making->types.now_read = &making->now_read;
    making->functions.types = &making->types;
    making->version = catalog_version(session->catalog);
    making->notices = session->notices_given;
    making->context = (AnalyzeContext){.catalog = session->catalog, .functions = &making->functions};
}

/* Parsed anew: the tree that is at hand is the message's. */
static const Node *parse(Making *making, const char *text, Error *error)
{
    ParsedText parsed;
    making->context.text = arena_strdup(making->arena, text);
    if (!sql_parse(making->context.text, making->arena, &parsed, error) || parsed.count != 1)
        return NULL;
    return parsed.items[0].node;
}

/* params: of a prepared statement; without types they stand for literals, whatever these are. */
static bool make(Making *making, const Node *node, const PortalParams *params, Error *error)
{
    Session *session = making->session;
    making->query = sql_analyze(node, &making->context, making->arena, error);
    if (!making->query || !sql_check_kinds(making->query, session->catalog, error) ||
        !sql_check_privileges(making->query, session->catalog, session->current_user, error))
        return false;
    bool reads_settings;
    if (!sql_check_settings(making->query, session->catalog, &reads_settings, making->arena, error))
        return false;
    if (making->query->kind != QUERY_SELECT || reads_settings || routine_is_called(making->query, session->catalog) ||
        projection_takes_turns(making->query, session->catalog))
        return true;
    PlanContext context = {
        .catalog = session->catalog,
        .wrappers = session->hub->options.wrappers,
        .functions = &making->functions,
        .param_values = params ? params->values : NULL,
        .param_types = making->context.param_types,
        .nparams = making->context.nparams,
        .params_bound = true,
        .params_constant = params && params->types,
        .bind = session->bind,
        .engine = &session->plan_engine,
        .remote = session->remote,
        .in_transaction = session->tx.state == TX_BLOCK,
    };
    making->plan = plan_query(making->query, &context, making->arena, error);
    return making->plan != NULL;
}

static bool may_be_kept(const Making *making)
{
    const Session *session = making->session;
    return making->plan && !making->plan->uses_moment && !making->plan->uses_values && !making->now_read &&
           making->notices == session->notices_given && making->version == catalog_version(session->catalog) &&
           !catalog_has_changes(session->catalog);
}

/* Keeps what was made, or that it is not worth trying again. Gives the reference, which owns the arena. */
static CachedPlan *keep(Making *making, const char *key, size_t length, const Plan *plan)
{
    CachedPlan *cached = cached_plan_new(making->arena, key, length, making->version);
    cached->plan = plan;
    cached->hopeless = !plan;
    cached->types = making->context.param_types;
    cached->ntypes = making->context.nparams;
    if (plan)
        cached->pin = catalog_pin(making->session->catalog);
    /* How a join is done hangs on sizes of tables, which change. */
    if (plan && plan->nleaves > 1)
        cached->expires_ms = clock_ms() + FRESH_MS;
    return cached;
}

static void put_note(Session *session, const char *key, size_t length, uint64_t lifted, bool hopeless)
{
    if (catalog_has_changes(session->catalog))
        return;
    CachedPlan *note = cached_plan_new(arena_open(NULL), key, length, catalog_version(session->catalog));
    note->lifted = lifted;
    note->hopeless = hopeless;
    plan_cache_put(session->hub->plans, note);
    cached_plan_release(note);
}

/* Types whose texts a literal gives as a parameter would. */
static bool may_stand_for_literal(Oid type)
{
    static const Oid TYPES[] = {TYPE_INT4, TYPE_TEXT,    TYPE_VARCHAR, TYPE_BPCHAR,    TYPE_INT2,       TYPE_INT8,
                                TYPE_DATE, TYPE_NUMERIC, TYPE_UUID,    TYPE_TIMESTAMP, TYPE_TIMESTAMPTZ};
    for (size_t i = 0; i < COUNT_OF(TYPES); i++)
        if (TYPES[i] == type)
            return true;
    return false;
}

static void declare_params(Making *making, const SqlShape *shape, uint64_t lifted)
{
    AnalyzeContext *context = &making->context;
    context->variable_params = true;
    context->param_types = ARENA_ARRAY(making->arena, Oid, shape->count + 1);
    for (int i = 0; i < shape->count; i++)
        if (lifted >> i & 1)
            context->param_types[context->nparams++] = shape->literals[i].is_text ? OID_NONE : TYPE_INT4;
}

static bool params_may_stand(const Making *making)
{
    for (int i = 0; i < making->context.nparams; i++)
        if (!may_stand_for_literal(making->context.param_types[i]))
            return false;
    return true;
}

/* With parameters for literals: NULL when that does not go, and then the shape says so. Nothing is said to the client. */
static CachedPlan *make_lifted(Session *session, const PlanReuse *reuse)
{
    Making making;
    Error ignored;
    CachedPlan *cached = NULL;
    begin(&making, session);
    error_init(&ignored, making.arena);
    session->is_muted = true;
    const Node *node = parse(&making, reuse->text, &ignored);
    uint64_t lifted = node ? sql_lift(node, &reuse->shape, making.arena) : 0;
    const PortalParams open = {.values = ARENA_ARRAY(making.arena, const char *, reuse->shape.count + 1)};
    declare_params(&making, &reuse->shape, lifted);
    int wanted = making.context.nparams;
    if (lifted && make(&making, node, &open, &ignored) && may_be_kept(&making) && plan_is_passed_on(making.plan) &&
        making.context.nparams == wanted && params_may_stand(&making)) {
        size_t length;
        const char *key = whole_key(reuse, lifted, making.arena, &length);
        cached = keep(&making, key, length, making.plan);
        cached->lifted = lifted;
        plan_cache_put(session->hub->plans, cached);
        if (!all_lifted(&reuse->shape, lifted))
            put_note(session, reuse->key, reuse->length, lifted, false);
    } else {
        arena_close(making.arena);
    }
    session->is_muted = false;
    return cached;
}

/* As it stands. */
static CachedPlan *make_exact(Session *session, const PlanReuse *reuse)
{
    Making making;
    Error ignored;
    CachedPlan *cached = NULL;
    begin(&making, session);
    error_init(&ignored, making.arena);
    session->is_muted = true;
    const Node *node = parse(&making, reuse->text, &ignored);
    bool ok = node && make(&making, node, NULL, &ignored);
    bool is_kept = ok && may_be_kept(&making);
    if (is_kept) {
        size_t length;
        const char *key = whole_key(reuse, 0, making.arena, &length);
        cached = keep(&making, key, length, making.plan);
        plan_cache_put(session->hub->plans, cached);
    } else {
        arena_close(making.arena);
    }
    if (ok && (!is_kept || reuse->shape.count))
        put_note(session, reuse->key, reuse->length, 0, !is_kept);
    session->is_muted = false;
    return cached;
}

/* Whether a statement of a shape that was looked at before is worth keeping for its constants. */
static bool comes_again(PlanCache *cache, const PlanReuse *reuse, const CachedPlan *shape, Arena *arena)
{
    size_t length;
    if (shape->hopeless || shape->plan)
        return false;
    const char *key = whole_key(reuse, shape->lifted, arena, &length);
    return plan_cache_saw(cache, key, length);
}

bool reuse_make(Portal *portal, const PlanReuse *reuse)
{
    Session *session = portal->session;
    PlanCache *cache = session->hub->plans;
    if (!plan_cache_saw(cache, reuse->key, reuse->length) || catalog_has_changes(session->catalog))
        return false;
    CachedPlan *shape = plan_cache_find(cache, reuse->key, reuse->length, catalog_version(session->catalog));
    bool is_wanted = !shape || comes_again(cache, reuse, shape, portal->arena), is_exact = shape && !shape->lifted;
    cached_plan_release(shape);
    CachedPlan *cached = is_wanted && !is_exact ? make_lifted(session, reuse) : NULL;
    if (is_wanted && !cached)
        cached = make_exact(session, reuse);
    const char **values = ARENA_ARRAY(portal->arena, const char *, reuse->shape.count + 1);
    if (!cached || !literal_values(session, reuse, cached, portal->arena, values)) {
        cached_plan_release(cached);
        return false;
    }
    use(portal, cached, values);
    return true;
}

/* ---- Parse: drivers that prepare the unnamed statement each time ---- */

typedef struct KeptParse {
    const Node *node;
    const char *text;
    const Oid *types;
    int ntypes;
    bool has_rows;
    const PlanColumn *columns;
    int ncolumns;
} KeptParse;

static const char *parse_key(Session *session, const char *text, const Oid *types, int ntypes, size_t *length)
{
    Str key;
    str_init(&key, session->work);
    put_head(session, 'q', &key);
    str_addn(&key, (const char *)&ntypes, sizeof ntypes);
    str_addn(&key, (const char *)types, sizeof(Oid) * (size_t)ntypes);
    str_add(&key, text);
    *length = key.len;
    return key.data;
}

Prepared *reuse_parsed(Session *session, const char *name, const char *text, const Oid *types, int ntypes)
{
    size_t length;
    if (session->tx.state == TX_FAILED || strlen(text) > LONGEST_TEXT || catalog_has_changes(session->catalog))
        return NULL;
    const char *key = parse_key(session, text, types, ntypes, &length);
    CachedPlan *cached = plan_cache_find(session->hub->plans, key, length, catalog_version(session->catalog));
    if (!cached)
        return NULL;
    const KeptParse *kept = cached->parse;
    Arena *arena = arena_open(session->arena);
    Prepared *prepared = ARENA_NEW(arena, Prepared);
    *prepared = (Prepared){.name = arena_strdup(arena, name),
                           .arena = arena,
                           .source_text = arena_strdup(arena, text),
                           .text = kept->text,
                           .node = kept->node,
                           .borrows_tree = true,
                           .param_types = ARENA_ARRAY(arena, Oid, kept->ntypes + 1),
                           .nparams = kept->ntypes,
                           .has_rows = kept->has_rows,
                           .columns = ARENA_ARRAY(arena, PlanColumn, kept->ncolumns + 1),
                           .ncolumns = kept->ncolumns,
                           .prepare_time = clock_now(),
                           .version = catalog_version(session->catalog)};
    memcpy(prepared->param_types, kept->types, sizeof(Oid) * (size_t)kept->ntypes);
    memcpy(prepared->columns, kept->columns, sizeof(PlanColumn) * (size_t)kept->ncolumns);
    arena_defer(arena, release, cached);
    return prepared;
}

void reuse_keep_parsed(Session *session, const Prepared *prepared, const Oid *types, int ntypes)
{
    size_t length;
    const Node *node = prepared->node;
    if (!node || node->node_case != PG_QUERY__NODE__NODE_SELECT_STMT || !utility_is_query(node) || !prepared->has_rows ||
        session->hide_text || strlen(prepared->source_text) > LONGEST_TEXT || catalog_has_changes(session->catalog))
        return;
    const char *key = parse_key(session, prepared->source_text, types, ntypes, &length);
    if (!plan_cache_saw(session->hub->plans, key, length))
        return;
    Arena *arena = arena_open(NULL);
    Error ignored;
    error_init(&ignored, arena);
    ParsedText parsed;
    if (!sql_parse(arena_strdup(arena, prepared->source_text), arena, &parsed, &ignored) || parsed.count != 1) {
        arena_close(arena);
        return;
    }
    KeptParse *kept = ARENA_NEW(arena, KeptParse);
    Oid *all_types = ARENA_ARRAY(arena, Oid, prepared->nparams + 1);
    PlanColumn *columns = plan_columns_copy(prepared->columns, prepared->ncolumns, arena);
    memcpy(all_types, prepared->param_types, sizeof(Oid) * (size_t)prepared->nparams);
    *kept = (KeptParse){parsed.items[0].node, parsed.items[0].text, all_types, prepared->nparams, true, columns, prepared->ncolumns};
    CachedPlan *cached = cached_plan_new(arena, key, length, catalog_version(session->catalog));
    cached->parse = kept;
    plan_cache_put(session->hub->plans, cached);
    cached_plan_release(cached);
}

/* ---- prepared statements ---- */

static const char *prepared_key(Session *session, const Prepared *prepared, Arena *arena, size_t *length)
{
    Str key;
    str_init(&key, arena);
    put_head(session, prepared->from_sql ? 'P' : 'p', &key);
    str_addn(&key, (const char *)&prepared->nparams, sizeof prepared->nparams);
    str_addn(&key, (const char *)prepared->param_types, sizeof(Oid) * (size_t)prepared->nparams);
    str_add(&key, prepared->source_text);
    *length = key.len;
    return key.data;
}

static CachedPlan *make_prepared(Portal *portal, const Prepared *prepared, const PortalParams *params, const char *key, size_t length)
{
    Making making;
    Error ignored;
    begin(&making, portal->session);
    error_init(&ignored, making.arena);
    portal->session->is_muted = true;
    making.context.nparams = prepared->nparams;
    making.context.param_types = ARENA_ARRAY(making.arena, Oid, prepared->nparams + 1);
    memcpy(making.context.param_types, prepared->param_types, sizeof(Oid) * (size_t)prepared->nparams);
    const Node *node = parse(&making, prepared->source_text, &ignored);
    if (node && prepared->from_sql)
        node = node->prepare_stmt->query;
    bool ok = node && make(&making, node, params, &ignored) && may_be_kept(&making);
    portal->session->is_muted = false;
    CachedPlan *cached = ok ? keep(&making, key, length, making.plan) : NULL;
    if (cached)
        plan_cache_put(portal->session->hub->plans, cached);
    else
        arena_close(making.arena);
    if (!cached && !error_is_set(&ignored))
        put_note(portal->session, key, length, 0, true);
    return cached;
}

static bool values_fit(Portal *portal, const Plan *plan, const PortalParams *params)
{
    Session *session = portal->session;
    Error ignored;
    error_init(&ignored, portal->arena);
    PlanContext context = {
        .catalog = session->catalog,
        .functions = &session->functions,
        .param_values = params->values,
        .param_types = params->types,
        .nparams = params->count,
        .params_bound = true,
        .params_constant = true,
    };
    return plan_check_values(plan, &context, &ignored);
}

bool reuse_prepared(Portal *portal, const Prepared *prepared, const char *source_text, const PortalParams *params)
{
    Session *session = portal->session;
    PlanCache *cache = session->hub->plans;
    size_t length;
    if (!prepared->node || prepared->node->node_case != PG_QUERY__NODE__NODE_SELECT_STMT || !utility_is_query(prepared->node) ||
        catalog_has_changes(session->catalog) || strlen(prepared->source_text) > LONGEST_TEXT)
        return false;
    const char *key = prepared_key(session, prepared, portal->arena, &length);
    CachedPlan *cached = plan_cache_find(cache, key, length, catalog_version(session->catalog));
    if (!cached && (*prepared->name || plan_cache_saw(cache, key, length)))
        cached = make_prepared(portal, prepared, params, key, length);
    if (!cached || !cached->plan || !values_fit(portal, cached->plan, params)) { /* what fails is told by whoever plans it */
        cached_plan_release(cached);
        return false;
    }
    portal->node = prepared->node;
    portal->source_text = session->source_text = source_text;
    portal->text = prepared->text;
    portal->tag = "SELECT";
    portal->params = params;
    use(portal, cached, params->values);
    return true;
}
