/*
 * privileges.c - who may read what a query reads (PostgreSQL manual, section 5.7).
 *
 * Invariants:
 *  1. Every relation and view of the query and of all queries inside it is asked for, each as the role that counts there: the owner
 *     inside a view, else the current user.
 *  2. Functions are asked for as the current user, in views too, and after all relations.
 *  3. Without the privilege on the table, it is enough to have it on every column that is read; a query that reads no column (count(*))
 *     needs it on at least one.
 */
#include "sql/sql.h"

typedef struct PrivilegeCheck {
    Catalog *catalog;
    Oid user;
    Error *error;
    bool views_only;
} PrivilegeCheck;

static bool may_use_column(Catalog *catalog, const Rte *rte, Oid role, AclMask right, int column)
{
    return catalog_privileges(catalog, PG_CLASS_RELATION, rte->relation->oid, column, role, right) != 0;
}

static bool is_used(const Rte *rte, AclMask right, int column)
{
    int bit = column - COLUMN_TABLEOID;
    const uint64_t *columns = right == ACL_UPDATE ? rte->columns_written : rte->columns_read;
    return columns && bit / 64 < rte->columns_read_words && (columns[bit / 64] >> (bit % 64) & 1);
}

/* Reads them (ACL_SELECT), inserts into them (ACL_INSERT: the same bitmap) or updates them (ACL_UPDATE). */
static bool may_use_columns(Catalog *catalog, const Rte *rte, Oid role, AclMask right)
{
    bool reads_any = false, whole_row = is_used(rte, right, 0);
    for (int column = COLUMN_TABLEOID; column < 0; column++) {
        if (!is_used(rte, right, column))
            continue;
        reads_any = true;
        if (!may_use_column(catalog, rte, role, right, column))
            return false;
    }
    for (int i = 0; i < rte->relation->ncolumns; i++) {
        const CatColumn *column = &rte->relation->columns[i];
        if (column->dropped || !(whole_row || is_used(rte, right, column->number)))
            continue;
        reads_any = true;
        if (!may_use_column(catalog, rte, role, right, column->number))
            return false;
    }
    for (int i = 0; !reads_any && i < rte->relation->ncolumns; i++)
        if (!rte->relation->columns[i].dropped && may_use_column(catalog, rte, role, right, rte->relation->columns[i].number))
            return true;
    return reads_any;
}

static bool check_rte(const Rte *rte, PrivilegeCheck *check)
{
    if (!rte->relation || !rte->required || (check->views_only && rte->relation->kind != 'v'))
        return true;
    Oid role = rte->check_as ? rte->check_as : check->user;
    AclMask held = catalog_privileges(check->catalog, PG_CLASS_RELATION, rte->relation->oid, 0, role, rte->required);
    AclMask missing = rte->required & ~held;
    bool allowed = !(missing & ~(ACL_SELECT | ACL_INSERT | ACL_UPDATE));
    for (AclMask right = 1; allowed && right <= missing; right <<= 1)
        allowed = !(missing & right) || may_use_columns(check->catalog, rte, role, right);
    if (allowed)
        return true;
    return catalog_denied(check->catalog, PG_CLASS_RELATION, rte->relation->oid, false, check->error);
}

/* True stops the walk: a privilege is missing. */
static bool is_denied(const Query *query, void *arg)
{
    PrivilegeCheck *check = arg;
    for (int i = 0; i < query->nrtes; i++) /* a view that is written through before the table below it */
        if (query->rtes[i]->kind == RTE_RESULT && !check_rte(query->rtes[i], check))
            return true;
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->kind != RTE_RESULT && !check_rte(query->rtes[i], check))
            return true;
    if (query->returning && is_denied(query->returning, arg))
        return true;
    for (int i = 0; i < query->nactions; i++)
        if (query->actions[i].inserts && !check_rte(query->actions[i].inserts, check))
            return true;
    if (query->conflict && query->conflict->update && is_denied(query->conflict->update, arg))
        return true;
    return query_walk_queries(query, is_denied, check);
}

/* Of functions, and of operators, which stand on one; PostgreSQL compares rows without asking. */
static bool calls_denied(const Expr *expr, void *arg)
{
    PrivilegeCheck *check = arg;
    bool of_rows = expr->kind == EXPR_AGG || expr->kind == EXPR_WINDOW;
    const CatProc *proc = of_rows ? catalog_proc(check->catalog, expr->oid) : expr_called(check->catalog, expr);
    if (!proc || expr->kind == EXPR_ROW_COMPARE ||
        catalog_privileges(check->catalog, PG_PROC_RELATION, proc->oid, 0, check->user, ACL_EXECUTE))
        return expr_walk(expr, calls_denied, arg);
    if (expr->kind == EXPR_WINDOW) /* an aggregate, too, is one here */
        error_set(check->error, ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied for function %s", proc->name);
    else
        catalog_denied(check->catalog, PG_PROC_RELATION, proc->oid, false, check->error);
    return true;
}

static bool is_call_denied(const Query *query, void *arg)
{
    return query_walk_exprs(query, calls_denied, arg) || (query->returning && is_call_denied(query->returning, arg)) ||
           query_walk_queries(query, is_call_denied, arg);
}

/* Of the table or of one below. */
static bool check_handlers(const CatRelation *relation, PrivilegeCheck *check)
{
    static const char SQL[] =
        "WITH RECURSIVE tree(relid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relid)"
        " SELECT ftrelid FROM tree JOIN pg_foreign_table ON ftrelid = relid ORDER BY ftrelid";
    Arena *arena = check->error->arena;
    CatalogRows *rows = catalog_query(check->catalog, arena, check->error, SQL, "o", relation->oid);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        if (!catalog_check_table_handler(check->catalog, catalog_relation(check->catalog, (Oid)CATALOG_CELL(rows, i, 0).i), check->error))
            return false;
    return rows != NULL;
}

/* PostgreSQL plans before it asks for privileges on tables, and cannot plan the scan of one whose wrapper has no handler. */
static bool lacks_handler(const Query *query, void *arg)
{
    PrivilegeCheck *check = arg;
    for (int i = 0; i < query->nrtes; i++) {
        const Rte *rte = query->rtes[i];
        bool alone = rte->only || (query->kind == QUERY_INSERT && i == query->result_rte); /* partitions are met row by row */
        if (rte->relation &&
            !(alone ? catalog_check_table_handler(check->catalog, rte->relation, check->error) : check_handlers(rte->relation, check)))
            return true;
    }
    return query_walk_queries(query, lacks_handler, arg);
}

static void say_sooner(const Query *query, PrivilegeCheck *check)
{
    if (!lacks_handler(query, check))
        return;
    Error planning = *check->error;
    check->views_only = true;
    error_clear(check->error);
    if (!is_denied(query, check))
        *check->error = planning;
}

bool sql_check_handlers(const Query *query, Catalog *catalog, Error *error)
{
    PrivilegeCheck check = {.catalog = catalog, .error = error};
    return !lacks_handler(query, &check);
}

bool sql_check_privileges(const Query *query, Catalog *catalog, Oid user, Error *error)
{
    PrivilegeCheck check = {.catalog = catalog, .user = user, .error = error};
    bool denied = is_denied(query, &check); /* of a superuser too: inside views it is their owners who read */
    denied = denied || (!catalog_is_superuser(catalog, user) && is_call_denied(query, &check));
    if (denied)
        say_sooner(query, &check);
    return !denied;
}

typedef struct KindCheck {
    Catalog *catalog;
    Error *error;
} KindCheck;

static bool has_refused_kind(const Query *query, void *arg)
{
    const KindCheck *check = arg;
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->relation && !catalog_check_kind(check->catalog, query->rtes[i]->relation->oid, check->error))
            return true;
    if (query->conflict && query->conflict->update && has_refused_kind(query->conflict->update, arg))
        return true;
    return (query->returning && has_refused_kind(query->returning, arg)) || query_walk_queries(query, has_refused_kind, arg);
}

bool sql_check_kinds(const Query *query, Catalog *catalog, Error *error)
{
    KindCheck check = {catalog, error};
    return !has_refused_kind(query, &check);
}

static bool set_role(const Query *query, void *arg)
{
    const Oid *role = arg;
    for (int i = 0; i < query->nrtes; i++)
        if (query->rtes[i]->relation && !query->rtes[i]->check_as)
            query->rtes[i]->check_as = *role;
    return query_walk_queries(query, set_role, arg);
}

void sql_check_as(const Query *query, Oid role)
{
    set_role(query, &role);
}
