/*
 * volatile.c - what calls functions that are volatile, or not immutable (pg_proc.provolatile). Any thread; trees are plain data.
 */
#include "func/proc_oids.h"
#include "sql/sql.h"

const CatProc *expr_called(Catalog *catalog, const Expr *expr)
{
    bool is_operator = expr->kind == EXPR_OP || expr->kind == EXPR_ANY_ALL || expr->kind == EXPR_NULLIF || expr->kind == EXPR_DISTINCT ||
                       expr->kind == EXPR_ROW_COMPARE;
    const CatOperator *found = is_operator ? catalog_operator(catalog, expr->oid) : NULL;
    Oid proc = found ? found->proc : expr->kind == EXPR_FUNC || expr->kind == EXPR_CAST_ARRAY ? expr->oid : OID_NONE;
    return proc ? catalog_proc(catalog, proc) : NULL;
}

/* pg_proc.provolatile of what is called; 0: nothing is. */
static char volatility_of_call(Catalog *catalog, const Expr *expr)
{
    const CatProc *known = expr_called(catalog, expr);
    return known ? known->volatility : '\0';
}

static bool is_call_volatile(Catalog *catalog, const Expr *expr)
{
    return expr->kind == EXPR_SUBPLAN ? expr->u.subplan.is_volatile : volatility_of_call(catalog, expr) == 'v';
}

static bool look_at_query(const Query *query, void *arg);

static bool look_at(const Expr *expr, void *arg)
{
    return is_call_volatile(arg, expr) || (expr->kind == EXPR_SUBLINK && look_at_query(expr->u.sublink.query, arg)) ||
           expr_walk(expr, look_at, arg);
}

static bool look_at_query(const Query *query, void *arg)
{
    bool found = query_walk_exprs(query, look_at, arg);
    for (int i = 0; i < query->nctes && !found; i++)
        found = look_at_query(query->ctes[i].query, arg);
    for (int i = 0; i < query->nrtes && !found; i++)
        found = query->rtes[i]->query && look_at_query(query->rtes[i]->query, arg);
    return found || (query->left && (look_at_query(query->left, arg) || look_at_query(query->right, arg)));
}

bool expr_is_volatile(const Expr *expr, Catalog *catalog)
{
    return look_at(expr, catalog);
}

bool query_sorts_by_volatile(const Query *query, Catalog *catalog)
{
    for (int i = 0; i < query->norder; i++)
        if (expr_is_volatile(query->targets[query->order[i].target].expr, catalog))
            return true;
    return false;
}

bool query_is_volatile(const Query *query, Catalog *catalog)
{
    return look_at_query(query, catalog);
}

static bool calls_volatile(const Expr *expr, void *arg)
{
    bool is_before = expr->kind == EXPR_AGG || expr->kind == EXPR_WINDOW;
    return !is_before && (volatility_of_call(arg, expr) == 'v' || expr_walk(expr, calls_volatile, arg));
}

bool expr_calls_volatile(const Expr *expr, Catalog *catalog)
{
    return calls_volatile(expr, catalog);
}

/* ---- turns ---- */

typedef struct Turns {
    Catalog *catalog;
    int count;
} Turns;

static bool takes_turn(Catalog *catalog, const Expr *expr)
{
    static const Oid SEQUENCE[] = {F_NEXTVAL_REGCLASS, F_CURRVAL_REGCLASS, F_LASTVAL, F_SETVAL_REGCLASS_INT8, F_SETVAL_REGCLASS_INT8_BOOL};
    const CatProc *known = expr_called(catalog, expr);
    bool takes =
        expr->kind == EXPR_SUBPLAN ? expr->u.subplan.is_volatile : known && known->oid >= FIRST_USER_OID && known->volatility == 'v';
    for (size_t i = 0; i < COUNT_OF(SEQUENCE); i++)
        takes |= known && known->oid == SEQUENCE[i];
    return takes;
}

static bool count_turns(const Expr *expr, void *arg)
{
    Turns *turns = arg;
    if (expr->kind == EXPR_AGG || expr->kind == EXPR_WINDOW)
        return false;
    turns->count += takes_turn(turns->catalog, expr);
    return expr_walk(expr, count_turns, arg);
}

int expr_count_turns(const Expr *expr, Catalog *catalog)
{
    Turns turns = {.catalog = catalog};
    count_turns(expr, &turns);
    return turns.count;
}

static bool find_change(const Expr *expr, void *arg)
{
    const CatProc *known = expr_called(arg, expr);
    bool changes = known && (known->oid == F_SET_CONFIG_TEXT_TEXT_BOOL || (known->oid >= FIRST_USER_OID && known->volatility == 'v'));
    return changes || expr_walk(expr, find_change, arg);
}

bool expr_changes_session(const Expr *expr, Catalog *catalog)
{
    return find_change(expr, catalog);
}

static bool is_mutable_io(Catalog *catalog, Oid from, Oid to);

bool expr_reads_session_itself(const Expr *expr, Catalog *catalog)
{
    const CatProc *known = expr_called(catalog, expr);
    bool is_of_time = known && (known->oid == F_NOW || known->oid == F_TRANSACTION_TIMESTAMP || known->oid == F_STATEMENT_TIMESTAMP);
    return expr->kind == EXPR_SQL_VALUE ? !sql_value_is_of_time(expr)
           : expr->kind == EXPR_CAST_IO ? is_mutable_io(catalog, expr->args[0]->type, expr->type)
           : known && !is_of_time       ? known->volatility == 's'
                                        : false;
}

static bool find_session(const Expr *expr, void *arg)
{
    return expr_reads_session_itself(expr, arg) || expr_walk(expr, find_session, arg);
}

bool expr_reads_session(const Expr *expr, Catalog *catalog)
{
    return find_session(expr, catalog);
}

/* The operand of CASE x WHEN stands in each WHEN; the tests of a row's fields are each their own. */
static bool find_repeated(const Expr *expr, void *arg)
{
    bool tests_row = (expr->kind == EXPR_IS_NULL || expr->kind == EXPR_IS_NOT_NULL) && expr->args[0]->kind == EXPR_ROW;
    bool repeats = (expr->kind == EXPR_CASE && expr->u.is_simple) || tests_row;
    return (repeats && expr_is_volatile(expr->args[0], arg)) || expr_walk(expr, find_repeated, arg);
}

bool expr_repeats_volatile(const Expr *expr, Catalog *catalog)
{
    return find_repeated(expr, catalog);
}

/* ---- what is not immutable ---- */

/* A cast through the text form is as steady as the two types' own functions. */
static bool is_mutable_io(Catalog *catalog, Oid from, Oid to)
{
    static const char SQL[] = "SELECT 1 FROM pg_proc WHERE provolatile <> 'i' AND oid IN ((SELECT typoutput FROM pg_type WHERE oid = ?1),"
                              " (SELECT typinput FROM pg_type WHERE oid = ?2))";
    Arena *arena = arena_open(NULL);
    Error ignored;
    error_init(&ignored, arena);
    const CatalogRows *rows = catalog_query(catalog, arena, &ignored, SQL, "oo", from, to);
    bool found = !rows || rows->nrows;
    arena_close(arena);
    return found;
}

/* Functions whose body PostgreSQL puts in place of the call: their arguments, cast to text, and nothing that is mutable. */
static bool is_inlined(const CatProc *proc)
{
    static const Oid PROCS[] = {F_TEXTANYCAT_TEXT_ANYNONARRAY, F_ANYTEXTCAT_ANYNONARRAY_TEXT, F_QUOTE_LITERAL_ANYELEMENT,
                                F_QUOTE_NULLABLE_ANYELEMENT};
    for (size_t i = 0; i < COUNT_OF(PROCS); i++)
        if (proc->oid == PROCS[i])
            return true;
    return false;
}

/* A cast to text goes by the function of pg_cast, or through the text form. */
bool sql_is_mutable_as_text(Catalog *catalog, Oid type)
{
    static const char SQL[] = "SELECT castmethod, provolatile FROM pg_cast LEFT JOIN pg_proc ON pg_proc.oid = castfunc"
                              " WHERE castsource = ?1 AND casttarget = 25";
    Arena *arena = arena_open(NULL);
    Error ignored;
    error_init(&ignored, arena);
    Oid base = catalog_base_type(catalog, type, NULL);
    const CatalogRows *rows = catalog_query(catalog, arena, &ignored, SQL, "o", base);
    bool is_io = rows && (!rows->nrows || rows->cells[0].text[0] == 'i'),
         found = !rows || (!is_io && rows->cells[0].text[0] == 'f' && rows->cells[1].text[0] != 'i');
    arena_close(arena);
    return is_io ? is_mutable_io(catalog, base, TYPE_TEXT) : found;
}

static bool is_mutable_call(Catalog *catalog, const Expr *expr)
{
    const CatProc *proc = expr_called(catalog, expr);
    bool found = proc && !is_inlined(proc) && proc->volatility != 'i';
    for (int i = 0; proc && is_inlined(proc) && i < expr->nargs; i++)
        found = found || sql_is_mutable_as_text(catalog, expr->args[i]->type);
    return found;
}

static bool find_mutable(const Expr *expr, void *arg)
{
    Catalog *catalog = arg;
    bool is_query = expr->kind == EXPR_SUBLINK || expr->kind == EXPR_SUBPLAN;
    bool is_io = expr->kind == EXPR_CAST_IO && is_mutable_io(catalog, expr->args[0]->type, expr->type);
    return is_query || is_io || expr->kind == EXPR_SQL_VALUE || is_mutable_call(catalog, expr) || expr_walk(expr, find_mutable, arg);
}

bool expr_is_mutable(const Expr *expr, Catalog *catalog)
{
    return find_mutable(expr, catalog);
}

/* ---- columns ---- */

static bool is_made_of_volatile(const Expr *expr, const Query *query, Catalog *catalog);

typedef struct Making {
    const Query *query;
    Catalog *catalog;
} Making;

static bool find_volatile_column(const Expr *expr, void *arg)
{
    const Making *making = arg;
    return is_made_of_volatile(expr, making->query, making->catalog);
}

static bool is_made_of_volatile(const Expr *expr, const Query *query, Catalog *catalog)
{
    if (expr->kind == EXPR_VAR && !expr->u.var.levels_up && expr->u.var.rte < query->nrtes)
        return rte_column_is_volatile(query->rtes[expr->u.var.rte], expr->u.var.column, catalog);
    return expr_walk(expr, find_volatile_column, &(Making){query, catalog});
}

/* Nobody could see whether these have been called. */
static bool is_without_effect(const Expr *expr)
{
    return expr->kind == EXPR_FUNC && (expr->oid == F_RANDOM || expr->oid == F_CLOCK_TIMESTAMP || expr->oid == F_GEN_RANDOM_UUID);
}

static bool column_is_volatile(const Query *query, int column, Catalog *catalog)
{
    if (query->set_op)
        return column_is_volatile(query->left, column, catalog) || column_is_volatile(query->right, column, catalog);
    for (int i = 0; i < query->ntargets; i++) {
        const Expr *expr = query->targets[i].expr;
        if (!query->targets[i].junk && --column == 0)
            return !is_without_effect(expr) && (expr_is_volatile(expr, catalog) || is_made_of_volatile(expr, query, catalog));
    }
    return false;
}

bool rte_column_is_volatile(const Rte *rte, int column, Catalog *catalog)
{
    bool found = rte->query && column > 0 && column_is_volatile(rte->query, column, catalog);
    for (int i = 0; i < rte->nrows && column > 0 && !found; i++)
        found = expr_is_volatile(rte->rows[i][column - 1], catalog);
    return found;
}
