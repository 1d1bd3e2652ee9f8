/*
 * fold.c - what is done to a query before it is cut: join aliases and tableoid are spelled out, calls on constants are computed.
 *
 * Invariants:
 *  1. Only immutable and stable functions are computed, once a statement; a call that fails is left to whoever runs it.
 *  2. Afterwards no Var refers to an RTE_JOIN, and those entries are empty.
 *  3. Parameters stay parameters: a remote statement's text is the same for all their values.
 * Threads: the session's own.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "plan/internal.h"

/* pg_operator: name = text, text = text */
enum { OPERATOR_NAME_EQUALS_TEXT = 254, OPERATOR_TEXT_EQUALS = 98 };

/* ---- join aliases and system columns ---- */

typedef struct Spelling {
    Planner *planner;
    Query *query;
    bool *missing; /* entries that an outer join may fill up with NULLs */
    bool *wrapped; /* of those, relations whose tableoid is asked for */
    int *markers;  /* of those, subqueries: the column that says that the row is there; 0: none */
} Spelling;

static void shift_vars(Expr *expr, int levels);

static bool shift_child(const Expr *child, void *arg)
{
    shift_vars((Expr *)(uintptr_t)child, *(int *)arg);
    return false;
}

static void shift_vars(Expr *expr, int levels)
{
    if (expr->kind == EXPR_VAR)
        expr->u.var.levels_up += levels;
    expr_walk(expr, shift_child, &levels);
}

/* A column of the entry that is NULL exactly where an outer join has made its row up; 0: it has none. */
static int marker_column(const Spelling *spelling, int number)
{
    Rte *rte = spelling->query->rtes[number];
    Arena *arena = spelling->planner->arena;
    if (inherit_is_tree(rte))
        return COLUMN_TABLEOID;
    if (rte->kind == RTE_RELATION) {
        spelling->wrapped[number] = true;
        return rte->ncolumns + 1;
    }
    if (spelling->markers[number] || rte->kind != RTE_SUBQUERY || rte->query->kind != QUERY_SELECT || rte->query->set_op ||
        rte->query->is_values)
        return spelling->markers[number];
    /* Columns come before the junk: that moves, and who names it with it. */
    if (rte->query->ntargets != rte->ncolumns)
        return 0;
    Target *targets = ARENA_ARRAY(arena, Target, rte->ncolumns + 1);
    RteColumn *columns = ARENA_ARRAY(arena, RteColumn, rte->ncolumns + 1);
    memcpy(targets, rte->query->targets, sizeof(Target) * (size_t)rte->ncolumns);
    memcpy(columns, rte->columns, sizeof(RteColumn) * (size_t)rte->ncolumns);
    targets[rte->ncolumns] = (Target){.expr = expr_const(arena, TYPE_BOOL, -1, "t"), .name = "present"};
    columns[rte->ncolumns] = (RteColumn){.name = "present", .type = TYPE_BOOL, .typmod = -1};
    rte->query->targets = targets;
    rte->query->ntargets++;
    rte->columns = columns;
    return spelling->markers[number] = ++rte->ncolumns;
}

/* As an array's text: JSON wants them. */
static const char *column_names(const Rte *rte, int ncolumns, Arena *arena)
{
    ArrayElement *names = ARENA_ARRAY(arena, ArrayElement, ncolumns + 1);
    size_t count = 0;
    Str text;
    for (int i = 0; i < ncolumns; i++)
        if (rte->columns[i].type && rte->columns[i].name)
            names[count++] = (ArrayElement){rte->columns[i].name, strlen(rte->columns[i].name)};
    str_init(&text, arena);
    type_array_write(names, count, &text);
    return text.data;
}

/* A whole row is the row of its columns, or NULL where an outer join has made it up. */
static Expr *spell_row(const Spelling *spelling, Expr *expr)
{
    int number = expr->u.var.rte, ncolumns = spelling->query->rtes[number]->ncolumns - (spelling->markers[number] != 0);
    Rte *rte = spelling->query->rtes[number];
    Arena *arena = spelling->planner->arena;
    int marker = spelling->missing[number] ? marker_column(spelling, number) : 0;
    if (rte->kind == RTE_JOIN || (spelling->missing[number] && !marker))
        return expr;
    Expr *row = ARENA_NEW(arena, Expr);
    *row = (Expr){.kind = EXPR_ROW, .type = expr->type, .typmod = -1, .location = expr->location};
    row->args = ARENA_ARRAY(arena, Expr *, ncolumns + 1);
    for (int i = 0; i < ncolumns; i++) {
        const RteColumn *column = &rte->columns[i];
        if (!column->type)
            continue;
        Expr *var = expr_var(arena, number, i + 1, column->type, column->typmod, column->collation);
        var->u.var.levels_up = expr->u.var.levels_up;
        row->args[row->nargs++] = var;
    }
    row->u.value = column_names(rte, ncolumns, arena);
    if (!marker)
        return row;
    Expr *choice = ARENA_NEW(arena, Expr), *test = ARENA_NEW(arena, Expr);
    Expr *present = expr_var(arena, number, marker, inherit_is_tree(rte) || rte->kind == RTE_RELATION ? TYPE_OID : TYPE_BOOL, -1, OID_NONE);
    present->u.var.levels_up = expr->u.var.levels_up;
    *test = (Expr){.kind = EXPR_IS_NULL, .type = TYPE_BOOL, .typmod = -1, .location = -1, .nargs = 1};
    test->args = ARENA_ARRAY(arena, Expr *, 1);
    test->args[0] = present;
    *choice = (Expr){.kind = EXPR_CASE, .type = expr->type, .typmod = -1, .location = expr->location, .nargs = 3};
    choice->args = ARENA_ARRAY(arena, Expr *, 3);
    choice->args[0] = test;
    choice->args[1] = expr_const(arena, expr->type, -1, NULL);
    choice->args[2] = row;
    return choice;
}

/* Of a source that is asked for whole rows alone. */
static bool is_of_file(const Spelling *spelling, const Rte *rte)
{
    const Source *source = rte->relation->kind == 'f' ? source_of_relation(spelling->planner, rte) : NULL;
    return source && !source->dialect;
}

static Expr *spell_var(Expr *expr, int level, void *arg)
{
    Spelling *spelling = arg;
    if (expr->kind != EXPR_VAR || expr->u.var.levels_up != level)
        return expr;
    const Rte *rte = spelling->query->rtes[expr->u.var.rte];
    Arena *arena = spelling->planner->arena;
    if (rte->kind == RTE_JOIN && expr->u.var.column > 0) {
        Expr *copy = expr_copy(rte->columns[expr->u.var.column - 1].join_expr, arena);
        shift_vars(copy, level);
        return copy;
    }
    if (expr->u.var.column == 0)
        return spell_row(spelling, expr);
    if (rte->kind == RTE_RELATION && expr->u.var.column == COLUMN_CTID && !spelling->missing[expr->u.var.rte] && is_of_file(spelling, rte))
        return expr_const(arena, expr->type, -1, "(4294967295,0)"); /* of a row that has no place */
    if (rte->kind != RTE_RELATION || expr->u.var.column != COLUMN_TABLEOID || inherit_is_tree(rte))
        return expr;
    if (!spelling->missing[expr->u.var.rte])
        return expr_const(arena, TYPE_OID, -1, arena_printf(arena, "%u", rte->relation->oid));
    spelling->wrapped[expr->u.var.rte] = true;
    expr->u.var.column = rte->ncolumns + 1;
    return expr;
}

static void mark_missing(const FromItem *item, bool may_miss, bool *missing)
{
    if (item->kind == FROM_RTE) {
        missing[item->rte] = may_miss;
        return;
    }
    mark_missing(item->left, may_miss || item->join == JOIN_RIGHT || item->join == JOIN_FULL, missing);
    mark_missing(item->right, may_miss || item->join == JOIN_LEFT || item->join == JOIN_FULL, missing);
}

/* The relation as a subquery with one more column, its tableoid: an outer join makes that NULL like any other. */
static void wrap_relation(Planner *planner, Rte *rte)
{
    unite_extend(planner->arena, rte, expr_const(planner->arena, TYPE_OID, -1, arena_printf(planner->arena, "%u", rte->relation->oid)),
                 "tableoid");
}

static void forget_join(FromItem *item)
{
    if (item->kind != FROM_JOIN)
        return;
    item->rte = -1;
    forget_join(item->left);
    forget_join(item->right);
}

typedef struct Contained {
    Planner *planner;
} Contained;

/* A column that is a constant: what is computed of it may be one, too. */
static bool has_constant_column(const Query *query)
{
    for (int i = 0; i < query->nrtes; i++) {
        const Query *rows = query->rtes[i]->kind == RTE_SUBQUERY ? query->rtes[i]->query : NULL;
        for (int k = 0; rows && !rows->norder && !rows->ngroup && !rows->limit && k < rows->ntargets; k++)
            if (rows->targets[k].expr->kind == EXPR_CONST && rows->targets[k].expr->u.value)
                return true;
    }
    return false;
}

static bool spell_query(const Query *constant, void *arg)
{
    Contained *contained = arg;
    Query *query = (Query *)(uintptr_t)constant; /* the planner's own copy */
    Arena *arena = contained->planner->arena;
    Spelling spelling = {contained->planner, query, ARENA_ARRAY(arena, bool, query->nrtes + 1), ARENA_ARRAY(arena, bool, query->nrtes + 1),
                         ARENA_ARRAY(arena, int, query->nrtes + 1)};
    for (int i = 0; i < query->nfrom; i++)
        mark_missing(query->from[i], false, spelling.missing);
    contained->planner->unfolded |= has_constant_column(query);
    query_map_exprs(query, true, spell_var, &spelling);
    for (int i = 0; i < query->nrtes; i++)
        if (spelling.wrapped[i])
            wrap_relation(contained->planner, query->rtes[i]);
    for (int i = 0; i < query->nfrom; i++)
        forget_join(query->from[i]);
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->kind == RTE_JOIN)
            *query->rtes[i] = (Rte){.kind = RTE_RESULT, .alias = query->rtes[i]->alias};
    return query_walk_queries(query, spell_query, contained);
}

/* ---- constants ---- */

/* Of a function that only the engine computes. */
static void note_unknown(Planner *planner, const Expr *expr, const CatProc *proc)
{
    bool can_fail = proc->volatility == 'i' && func_fact(proc->oid) && !func_find(proc->oid);
    for (int i = 0; can_fail && i < expr->nargs; i++)
        can_fail = expr_is_constant(expr->args[i]);
    planner->unfolded |= can_fail;
}

static bool all_constant(Planner *planner, const Expr *expr)
{
    bool has_param = false;
    for (int i = 0; i < expr->nargs; i++) {
        const Expr *arg = expr->args[i];
        while (arg->kind == EXPR_RELABEL)
            arg = arg->args[0];
        if (arg->kind != EXPR_PARAM && expr->args[i]->kind != EXPR_CONST)
            return false;
        has_param |= arg->kind == EXPR_PARAM;
    }
    planner->calls_params |= has_param;
    return !has_param;
}

/* The smallest interval can be written but not read, as in PostgreSQL: it is no constant. */
bool fold_reads_back(const Planner *planner, Oid type, const char *text)
{
    Value value;
    Error ignored;
    error_init(&ignored, planner->arena);
    return type != TYPE_INTERVAL || !text ||
           type_input(type, -1, text, strlen(text), &TYPE_CONTEXT_CANONICAL, planner->arena, &value, &ignored);
}

/* Texts that are longer, or need much to be made, stay calls: they would be copied from plan to plan's text to the engine's. */
bool fold_value(Planner *planner, const Expr *expr, Oid proc, const char **text, Error *error)
{
    enum { LONGEST = 1 << 20 };
    Arena *arena = arena_open(NULL);
    ArenaBound bound = {.most = 16 * LONGEST};
    arena_set_bound(arena, &bound);
    Oid *types = ARENA_ARRAY(arena, Oid, expr->nargs + 1);
    const char **texts = ARENA_ARRAY(arena, const char *, expr->nargs + 1);
    for (int i = 0; i < expr->nargs; i++) {
        types[i] = expr->args[i]->type;
        texts[i] = expr->args[i]->u.value;
    }
    const FuncContext *functions = planner->context->functions;
    Error failure;
    error_init(&failure, arena);
    bool ascii = func_letters(proc) && expr_has_ascii_letters(planner->context->catalog, expr);
    const FuncFact *fact = func_fact(proc); /* the cast of a smallint to oid gives an integer, whose bits are the oid */
    bool is_oid = fact && fact->return_type == TYPE_INT4 && type_layout(expr->type, -1).physical == FDW_UINT32;
    bool done = (ascii ? func_fold_ascii : func_fold)(proc, functions, is_oid ? TYPE_INT4 : expr->type, types, texts, expr->nargs, arena,
                                                      text, &failure) &&
                (!*text || strlen(*text) <= LONGEST);
    if (done && is_oid && *text)
        *text = arena_printf(arena, "%u", (unsigned)strtol(*text, NULL, 10));
    *text = done && *text ? arena_strdup(planner->arena, *text) : NULL;
    if (error_is_set(&failure) && !bound.is_over)
        error_copy(error, &failure);
    arena_close(arena);
    return done;
}

/* What is in it the engine is told where it is printed. */
static bool is_given_record(const Expr *expr)
{
    for (int i = 0; i < expr->nargs; i++)
        if (expr->args[i]->type == TYPE_RECORD || expr->args[i]->type == TYPE_RECORD_ARRAY)
            return true;
    return false;
}

/* Functions that go by the session's text search configuration, and the same ones that are told which. */
static const Oid SEARCH_FUNCTIONS[][2] = {
    {F_TO_TSVECTOR_TEXT, F_TO_TSVECTOR_REGCONFIG_TEXT},
    {F_TO_TSVECTOR_JSON, F_TO_TSVECTOR_REGCONFIG_JSON},
    {F_TO_TSVECTOR_JSONB, F_TO_TSVECTOR_REGCONFIG_JSONB},
    {F_TO_TSQUERY_TEXT, F_TO_TSQUERY_REGCONFIG_TEXT},
    {F_PLAINTO_TSQUERY_TEXT, F_PLAINTO_TSQUERY_REGCONFIG_TEXT},
    {F_PHRASETO_TSQUERY_TEXT, F_PHRASETO_TSQUERY_REGCONFIG_TEXT},
    {F_WEBSEARCH_TO_TSQUERY_TEXT, F_WEBSEARCH_TO_TSQUERY_REGCONFIG_TEXT},
    {F_TS_HEADLINE_TEXT_TSQUERY, F_TS_HEADLINE_REGCONFIG_TEXT_TSQUERY},
    {F_TS_HEADLINE_TEXT_TSQUERY_TEXT, F_TS_HEADLINE_REGCONFIG_TEXT_TSQUERY_TEXT},
    {F_TS_HEADLINE_JSON_TSQUERY, F_TS_HEADLINE_REGCONFIG_JSON_TSQUERY},
    {F_TS_HEADLINE_JSON_TSQUERY_TEXT, F_TS_HEADLINE_REGCONFIG_JSON_TSQUERY_TEXT},
    {F_TS_HEADLINE_JSONB_TSQUERY, F_TS_HEADLINE_REGCONFIG_JSONB_TSQUERY},
    {F_TS_HEADLINE_JSONB_TSQUERY_TEXT, F_TS_HEADLINE_REGCONFIG_JSONB_TSQUERY_TEXT},
};

/* The configuration is named in the call, so that a source need not have the session's. */
static Expr *name_search_config(Planner *planner, Expr *expr)
{
    Oid named = OID_NONE;
    for (size_t i = 0; i < COUNT_OF(SEARCH_FUNCTIONS); i++)
        named = SEARCH_FUNCTIONS[i][0] == expr->oid ? SEARCH_FUNCTIONS[i][1] : named;
    Expr current = {.kind = EXPR_FUNC, .oid = F_GET_CURRENT_TS_CONFIG, .type = TYPE_REGCONFIG};
    const char *config;
    Error ignored;
    error_init(&ignored, planner->arena);
    if (!named || !fold_value(planner, &current, current.oid, &config, &ignored) || !config)
        return expr;
    planner->moment = true;
    Expr *call = ARENA_NEW(planner->arena, Expr);
    *call = *expr;
    call->oid = named;
    call->args = ARENA_ARRAY(planner->arena, Expr *, expr->nargs + 1);
    call->args[0] = expr_const(planner->arena, TYPE_REGCONFIG, -1, config);
    for (int i = 0; i < expr->nargs; i++)
        call->args[i + 1] = expr->args[i];
    call->nargs++;
    return call;
}

static Expr *fold_call(Planner *planner, Expr *expr, Oid proc)
{
    const CatProc *known = proc ? catalog_proc(planner->context->catalog, proc) : NULL;
    if (!known || known->volatility == 'v' || known->kind != 'f' || known->returns_set)
        return expr;
    if (!func_find(proc))
        note_unknown(planner, expr, known);
    if (!all_constant(planner, expr))
        return expr;
    for (int i = 0; i < expr->nargs && known->strict; i++)
        if (!expr->args[i]->u.value)
            return expr_const_like(planner->arena, expr, NULL);
    if (!func_find(proc) || is_given_record(expr) || func_find_set(proc)) /* in FROM it is a row of columns */
        return expr;
    planner->moment |= known->volatility == 's';
    const char *text;
    Error failure;
    error_init(&failure, planner->arena);
    bool done = fold_value(planner, expr, proc, &text, &failure);
    planner->unfolded |= known->volatility == 'i' && error_is_set(&failure);
    return done && fold_reads_back(planner, expr->type, text) ? expr_const_like(planner->arena, expr, text) : expr;
}

/* A cast through the text form, as the session writes it. false without an error: it is not computed here. */
static bool io_cast_value(Planner *planner, const Expr *expr, const char **out, Error *error)
{
    const Expr *from = expr->args[0];
    Catalog *catalog = planner->context->catalog;
    const TypeContext *types = planner->context->functions->types;
    /* Labels, domains and rows are the engine's to check, which knows what the catalog says of them, or refuses. */
    if (!type_is_builtin(expr->type))
        return false;
    const char *text = catalog_shown_text(catalog, from->type, from->u.fields, from->u.value, types, planner->arena, error);
    return text && type_canonical(expr->type, expr->typmod, text, types, planner->arena, out, error);
}

bool fold_io_cast(Planner *planner, Expr **expr, Error *error)
{
    const Expr *from = (*expr)->args[0];
    const char *out = NULL;
    planner->calls_params |= from->kind == EXPR_PARAM;
    if (from->kind != EXPR_CONST)
        return true;
    if (!from->u.value || io_cast_value(planner, *expr, &out, error))
        *expr = expr_const_like(planner->arena, *expr, out);
    return !error_is_set(error);
}

static Expr *try_io_cast(Planner *planner, Expr *expr)
{
    Error failure;
    error_init(&failure, planner->arena);
    planner->unfolded |= !fold_io_cast(planner, &expr, &failure);
    return expr;
}

static Expr *fold_sql_value(Planner *planner, Expr *expr)
{
    const char *text;
    Error ignored;
    error_init(&ignored, planner->arena);
    planner->moment = true;
    bool known = sql_value_compute(expr, planner->context->functions, planner->arena, &text, &ignored);
    return known ? expr_const_like(planner->arena, expr, text) : expr;
}

/* ---- x = 1 OR x = 2 OR ... is x = ANY of them; AND of <> likewise ---- */

enum { FEWEST_ALTERNATIVES = 8, MOST_LEADERS = 4 };

static bool is_alternative(Planner *planner, const Expr *expr, const char *name)
{
    if (expr->kind != EXPR_OP || expr->nargs != 2 || expr->args[1]->kind != EXPR_CONST || !expr->args[1]->u.value)
        return false;
    const CatOperator *found = catalog_operator(planner->context->catalog, expr->oid);
    return found && found->namespace_oid == NAMESPACE_PG_CATALOG && strcmp(found->name, name) == 0;
}

/* Those from `leader` on that are alternatives to it become one, if they are many; the others move up. */
static void gather_alternatives(Planner *planner, Expr *expr, int leader)
{
    const Expr *first = expr->args[leader];
    const CatType *type = catalog_type(planner->context->catalog, first->args[1]->type);
    Expr **items = ARENA_ARRAY(planner->arena, Expr *, expr->nargs), **others = ARENA_ARRAY(planner->arena, Expr *, expr->nargs);
    int nitems = 0, nothers = 0;
    for (int i = leader; i < expr->nargs; i++) {
        const Expr *arg = expr->args[i];
        bool same = arg->kind == EXPR_OP && arg->oid == first->oid && arg->nargs == 2 && arg->args[1]->kind == EXPR_CONST &&
                    arg->args[1]->u.value && arg->args[1]->type == first->args[1]->type && expr_equal(arg->args[0], first->args[0]);
        if (same)
            items[nitems++] = arg->args[1];
        else
            others[nothers++] = expr->args[i];
    }
    if (nitems < FEWEST_ALTERNATIVES || !type || !type->array)
        return;
    Expr *array = ARENA_NEW(planner->arena, Expr), *any = ARENA_NEW(planner->arena, Expr);
    *array = (Expr){.kind = EXPR_ARRAY, .type = type->array, .typmod = -1, .location = -1, .args = items, .nargs = nitems};
    array->collation = items[0]->collation;
    *any = *first;
    any->kind = EXPR_ANY_ALL;
    any->u.is_all = expr->kind == EXPR_AND;
    any->args = ARENA_ARRAY(planner->arena, Expr *, 2);
    any->args[0] = first->args[0];
    any->args[1] = array;
    expr->args[leader] = any;
    memcpy(expr->args + leader + 1, others, sizeof(Expr *) * (size_t)nothers);
    expr->nargs = leader + 1 + nothers;
}

static Expr *fold_alternatives(Planner *planner, Expr *expr)
{
    const char *name = expr->kind == EXPR_OR ? "=" : "<>";
    int leaders = 0;
    for (int i = 0; i < expr->nargs && leaders < MOST_LEADERS && expr->nargs - i >= FEWEST_ALTERNATIVES; i++) {
        if (!is_alternative(planner, expr->args[i], name) || expr_is_volatile(expr->args[i], planner->context->catalog))
            continue;
        leaders++;
        gather_alternatives(planner, expr, i);
    }
    return expr->nargs == 1 ? expr->args[0] : expr;
}

/* ---- expressions ---- */

/* A part is folded before what it is part of. */
static Expr *folded_part(Expr *part, void *arg)
{
    (void)arg;
    return part;
}

static Expr *fold_decided(Planner *planner, Expr *expr)
{
    const ExprDeciding deciding = {.arena = planner->arena, .simplify = folded_part};
    Expr *decided = expr_decide(&deciding, expr);
    bool is_list = decided->kind == EXPR_AND || decided->kind == EXPR_OR;
    return decided == expr && is_list ? fold_alternatives(planner, expr) : decided;
}

/* The text that '^(text)$' alone matches, or NULL: psql writes names so that it looks for. */
static const char *whole_match(const char *pattern, Arena *arena)
{
    Str text;
    size_t len = strlen(pattern);
    if (len < 4 || strncmp(pattern, "^(", 2) != 0 || strcmp(pattern + len - 2, ")$") != 0)
        return NULL;
    str_init(&text, arena);
    for (const char *at = pattern + 2, *end = pattern + len - 2; at < end; at++) {
        bool is_word = isalnum((unsigned char)*at) || *at == '_' || *at == ' ' || (unsigned char)*at >= 0x80;
        if (*at == '\\' && ispunct((unsigned char)at[1]) && at + 1 < end)
            at++;
        else if (!is_word)
            return NULL;
        str_addc(&text, *at);
    }
    return text.data;
}

/* x ~ '^(text)$' is x = 'text', which every source knows and has indexes for. */
static Expr *fold_regex(Planner *planner, Expr *expr)
{
    const Expr *pattern = expr->nargs == 2 ? expr->args[1] : NULL;
    while (pattern && pattern->kind == EXPR_COLLATE)
        pattern = pattern->args[0];
    const CatOperator *found =
        pattern && pattern->kind == EXPR_CONST && pattern->u.value ? catalog_operator(planner->context->catalog, expr->oid) : NULL;
    if (!found || (found->proc != F_NAMEREGEXEQ_NAME_TEXT && found->proc != F_TEXTREGEXEQ_TEXT_TEXT))
        return expr;
    const char *text = whole_match(pattern->u.value, planner->arena);
    if (!text)
        return expr;
    expr->oid = found->proc == F_NAMEREGEXEQ_NAME_TEXT ? OPERATOR_NAME_EQUALS_TEXT : OPERATOR_TEXT_EQUALS;
    expr->args[1] = expr_const_like(planner->arena, pattern, text);
    return expr;
}

/* int4 and oid share their bits, not their texts. */
Expr *fold_relabel(Planner *planner, Expr *expr)
{
    const Expr *from = expr->args[0];
    bool is_row = expr->type == TYPE_RECORD || expr->type == TYPE_RECORD_ARRAY; /* whose fields only its own type knows */
    if (from->kind != EXPR_CONST || is_row)
        return expr;
    FdwPhysical had = type_layout(from->type, -1).physical, has = type_layout(expr->type, -1).physical;
    const char *text = from->u.value;
    if (text && had == FDW_INT32 && has == FDW_UINT32)
        text = arena_printf(planner->arena, "%u", (unsigned)strtol(text, NULL, 10));
    else if (text && had == FDW_UINT32 && has == FDW_INT32)
        text = arena_printf(planner->arena, "%d", (int)(int64_t)strtol(text, NULL, 10));
    return expr_const_like(planner->arena, expr, text);
}

/* EXISTS asks for a row, whatever is in it: nothing of it is to be fetched, computed or sorted. A grouping without aggregates makes rows of
 * some where there are some. */
static Expr *fold_exists(Planner *planner, Expr *expr)
{
    Query *query = expr->u.sublink.query;
    bool any_rows = query->kind == QUERY_SELECT && !query->set_op && !query->has_aggs && !query->grouping_sets && !query->has_windows &&
                    !query->has_set_functions && !query->having && !query->limit && !query->offset && !query->nlocks && !query->is_values;
    if (expr->u.sublink.kind != SUBLINK_EXISTS || !any_rows)
        return expr;
    query->targets = ARENA_NEW(planner->arena, Target);
    *query->targets = (Target){.expr = expr_const(planner->arena, TYPE_INT4, -1, "1"), .name = "?column?"};
    query->ntargets = 1;
    query->ngroup = query->norder = query->ndistinct_on = 0;
    query->distinct = false;
    return expr;
}

static Expr *fold_one(Planner *planner, Expr *expr)
{
    const CatOperator *found;
    switch (expr->kind) {
    case EXPR_SQL_VALUE:
        return fold_sql_value(planner, expr);
    case EXPR_FUNC:
        expr = name_search_config(planner, expr);
        return expr->u.func.returns_set ? expr : fold_call(planner, expr, expr->oid);
    case EXPR_OP:
        expr = fold_regex(planner, expr);
        found = catalog_operator(planner->context->catalog, expr->oid);
        return found ? fold_call(planner, expr, found->proc) : expr;
    case EXPR_RELABEL:
        return fold_relabel(planner, expr);
    case EXPR_CAST_IO:
        return try_io_cast(planner, expr);
    case EXPR_FIELD:
        return fields_of_row(expr);
    case EXPR_SUBLINK:
        return fold_exists(planner, expr);
    default:
        return expr_is_decided(expr) ? fold_decided(planner, expr) : expr;
    }
}

/* What the statement's moment or session says; PostgreSQL computes it later. */
static bool is_of_moment(const Planner *planner, const Expr *expr)
{
    Catalog *catalog = planner->context->catalog;
    const CatOperator *operator= expr->kind == EXPR_OP ? catalog_operator(catalog, expr->oid) : NULL;
    const CatProc *proc = operator                  ? catalog_proc(catalog, operator->proc)
                          : expr->kind == EXPR_FUNC ? catalog_proc(catalog, expr->oid)
                                                    : NULL;
    bool found = expr->kind == EXPR_SQL_VALUE || (proc && proc->volatility == 's');
    for (int i = 0; i < expr->nargs && !found; i++)
        found = expr->args[i] && expr->args[i]->kind == EXPR_CONST && expr->args[i]->oid == CONST_OF_MOMENT; /* a slice may lack one */
    return found;
}

static Expr *fold_expr(Expr *expr, int level, void *arg)
{
    Planner *planner = arg;
    bool of_moment = is_of_moment(planner, expr);
    Expr *out = fold_one(planner, expr);
    if (of_moment && out->kind == EXPR_CONST)
        out->oid = CONST_OF_MOMENT;
    return out;
}

void fold_constants(Planner *planner, Query *query)
{
    query_map_exprs(query, true, fold_expr, planner);
    stages_keep_groups(planner, query);
}

void fold_spell(Planner *planner, Query *query)
{
    Contained contained = {planner};
    spell_query(query, &contained);
}
