/*
 * unique.c - PRIMARY KEY and UNIQUE: no key of a new row may be there twice, among all rows that this session sees.
 *
 * PostgreSQL looks when a row is written: a key also counts as there when only a later row of the same UPDATE gives it up.
 *
 * Entered by the session's worker only.
 */
#include <stdlib.h>

#include "write/internal.h"

typedef struct Key {
    const char *name; /* of the index, which is the constraint's */
    int columns[32];
    int ncolumns;
    bool nulls_not_distinct;
} Key;

typedef VEC(Key) KeyList;

static bool read_key(Write *write, const CatalogCell *cells, Key *out)
{
    if (!cells[4].is_null || !cells[5].is_null)
        return error_unsupported(write->error,
                                 "writing to a table with unique index \"%s\" on expressions or a part of the rows is not supported",
                                 cells[0].text);
    *out = (Key){.name = cells[0].text, .nulls_not_distinct = cells[3].i};
    const char *at = cells[1].text;
    int count = (int)cells[2].i;
    for (char *end; out->ncolumns < count && out->ncolumns < (int)COUNT_OF(out->columns); at = end)
        out->columns[out->ncolumns++] = (int)strtol(at, &end, 10);
    return true;
}

/* The new rows' keys, n, that a row before has too; w stands for the rows on their way. */
static const char *query_text(Write *write, const CatRelation *relation, const Key *key, bool replaced)
{
    Str columns, not_null, same, out;
    Str *all[] = {&columns, &not_null, &same, &out};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        str_init(all[i], write->arena);
    for (int i = 0; i < key->ncolumns; i++) {
        const char *name = catalog_quote_identifier(relation->columns[key->columns[i] - 1].name, write->arena);
        str_addf(&columns, "%sn.%s", i ? ", " : "", name);
        if (!key->nulls_not_distinct)
            str_addf(&not_null, "n.%s IS NOT NULL AND ", name);
        str_addf(&same, key->nulls_not_distinct ? "%so.%s IS NOT DISTINCT FROM n.%s" : "%so.%s = n.%s", i ? " AND " : "", name, name);
    }
    const char *table = catalog_qualified(write->catalog, relation->namespace_oid, relation->name, write->arena);
    str_addf(&out, "SELECT %s FROM ONLY %s n%s%s WHERE %sEXISTS (SELECT FROM ONLY %s o WHERE %s)", columns.data, table,
             replaced ? ", ONLY " : "", replaced ? arena_printf(write->arena, "%s w", table) : "", not_null.data ? not_null.data : "",
             table, same.data);
    return out.data;
}

/* The detail: "Key (a)=(1) already exists.", when the values may be shown. */
static bool show_key(Write *write, const CatRelation *relation, const Key *key, const char *const *cells, const char *what)
{
    Str names, values;
    str_init(&names, write->arena);
    str_init(&values, write->arena);
    bool may_show = true;
    for (int i = 0; i < key->ncolumns; i++) {
        may_show &= !write->statement || fetch_may_show(write, relation, key->columns[i], false);
        str_addf(&names, "%s%s", i ? ", " : "", catalog_quote_identifier(relation->columns[key->columns[i] - 1].name, write->arena));
        str_addf(&values, "%s%s", i ? ", " : "", cells[i] ? cells[i] : "null");
    }
    fetch_error_names(write, relation, NULL, key->name);
    return may_show ? error_detail(write->error, "Key (%s)=(%s) %s.", names.data, values.data, what) : false;
}

static bool find_exists(const Expr *expr, void *arg)
{
    if (expr->kind == EXPR_SUBLINK)
        *(Query **)arg = expr->u.sublink.query;
    return expr->kind == EXPR_SUBLINK || expr_walk(expr, find_exists, arg);
}

/* `o` is a row before n: numbers grow. Or, with `replaced`, one that n's statement takes away only after n is written. */
static void limit_others(Write *write, Query *query, bool replaced)
{
    Query *others = NULL;
    query_walk_exprs(query, find_exists, &others);
    Expr *than = replaced ? fetch_var(write, query, 1, 2) : fetch_row_number(write, 0);
    than->u.var.levels_up = 1;
    Oid operator= replaced ? OPERATOR_INT8_GREATER : OPERATOR_INT8_LESS;
    fetch_add_condition(write, others, fetch_compare(write, operator, fetch_row_number(write, 0), than));
    if (replaced)
        others->rtes[0]->deleted_by = write->number;
}

/* The rows on their way in the place of entry 1, which only stands for them. */
static void join_work(Write *write, Query *query)
{
    Query *scratch = fetch_over(write, NULL);
    int work = work_add(write, scratch, &write->work);
    query->rtes[1] = scratch->rtes[work];
    fetch_add_condition(write, query, fetch_compare(write, OPERATOR_INT8_EQUAL, fetch_row_number(write, 0), fetch_row_number(write, 1)));
}

/* *row: number of the first row whose key is there already, when it comes before what it was. */
static bool find_twice(Write *write, const CatRelation *relation, const Key *key, bool replaced, int64_t *row, const char *const **out)
{
    AnalyzeContext context = {.catalog = write->catalog, .functions = write->context->plan->functions, .text = ""};
    ParsedText parsed;
    if (!sql_parse(query_text(write, relation, key, replaced), write->arena, &parsed, write->error))
        return false;
    Query *query = sql_analyze(parsed.items[0].node, &context, write->arena, write->error);
    if (!query)
        return false;
    query->rtes[0]->written_by = write->number;
    if (replaced)
        join_work(write, query);
    limit_others(write, query, replaced);
    fetch_use_targets(query);
    fetch_add_target(query, fetch_row_number(write, 0));
    fetch_order_by(write, query, fetch_row_number(write, 0));
    const char *const *cells;
    if (!fetch_first(write, query, &cells))
        return false;
    int64_t number = cells ? strtoll(cells[key->ncolumns], NULL, 10) : 0;
    if (cells && (!*row || number < *row)) {
        *row = number;
        *out = cells;
    }
    return true;
}

bool unique_check(Write *write, const CatRelation *relation, int64_t *row)
{
    static const char KEYS[] = "SELECT relname, indkey, indnkeyatts, indnullsnotdistinct, indexprs, indpred, indimmediate FROM pg_index"
                               " JOIN pg_class ON oid = indexrelid WHERE indrelid = ?1 AND indisunique ORDER BY indexrelid";
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, KEYS, "o", relation->oid);
    const char *const *cells = NULL;
    Key broken = {0};
    *row = 0;
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        Key key = {0};
        int64_t before = *row;
        bool replaces = write->work.number && CATALOG_CELL(rows, i, 6).i;
        if (!read_key(write, &CATALOG_CELL(rows, i, 0), &key) || !find_twice(write, relation, &key, false, row, &cells) ||
            (replaces && !find_twice(write, relation, &key, true, row, &cells)))
            return false;
        if (*row != before)
            broken = key;
    }
    if (!rows || !cells)
        return rows != NULL;
    error_set(write->error, ERRCODE_UNIQUE_VIOLATION, "duplicate key value violates unique constraint \"%s\"", broken.name);
    return show_key(write, relation, &broken, cells, "already exists");
}

bool unique_verify(Write *write, const CatRelation *relation, Oid index)
{
    static const char KEY[] = "SELECT relname, indkey, indnkeyatts, indnullsnotdistinct, indexprs, indpred FROM pg_index"
                              " JOIN pg_class ON oid = indexrelid WHERE indexrelid = ?1";
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, KEY, "o", index);
    const char *const *cells = NULL;
    int64_t row = 0;
    Key key = {0};
    if (!rows || !read_key(write, rows->cells, &key) || !find_twice(write, relation, &key, false, &row, &cells))
        return false;
    if (!cells)
        return true;
    error_set(write->error, ERRCODE_UNIQUE_VIOLATION, "could not create unique index \"%s\"", key.name);
    return show_key(write, relation, &key, cells, "is duplicated");
}

/* ---- ON CONFLICT ---- */

static bool read_keys(Write *write, const CatRelation *relation, Oid index, KeyList *out)
{
    static const char KEYS[] = "SELECT relname, indkey, indnkeyatts, indnullsnotdistinct, indexprs, indpred FROM pg_index"
                               " JOIN pg_class ON oid = indexrelid WHERE indrelid = ?1 AND indisunique AND (?2 = 0 OR indexrelid = ?2)"
                               " ORDER BY indexrelid";
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, KEYS, "oo", relation->oid, index);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        Key key = {0};
        if (!read_key(write, &CATALOG_CELL(rows, i, 0), &key))
            return false;
        vec_push(write->arena, out, key);
    }
    return rows != NULL;
}

static Query *analyze_text(Write *write, const char *text)
{
    AnalyzeContext context = {.catalog = write->catalog, .functions = write->context->plan->functions, .text = ""};
    ParsedText parsed;
    return sql_parse(text, write->arena, &parsed, write->error) ? sql_analyze(parsed.items[0].node, &context, write->arena, write->error)
                                                                : NULL;
}

typedef struct Limit {
    Write *write;
    int64_t first;
} Limit;

static bool limit_exists(const Expr *expr, void *arg)
{
    const Limit *limit = arg;
    Write *write = limit->write;
    if (expr->kind != EXPR_SUBLINK)
        return expr_walk(expr, limit_exists, arg);
    Expr *than = limit->first ? expr_const(write->arena, TYPE_INT8, -1, arena_printf(write->arena, "%lld", (long long)limit->first))
                              : fetch_row_number(write, 0);
    if (!limit->first)
        than->u.var.levels_up = 1;
    fetch_add_condition(write, expr->u.sublink.query, fetch_compare(write, OPERATOR_INT8_LESS, fetch_row_number(write, 0), than));
    return false;
}

bool unique_conflicts(Write *write, const CatRelation *relation, Oid index, int64_t first, Query **out)
{
    KeyList keys = {0};
    Limit limit = {write, first};
    Str text;
    *out = NULL;
    if (!read_keys(write, relation, index, &keys))
        return false;
    if (!keys.count)
        return true;
    str_init(&text, write->arena);
    for (size_t i = 0; i < keys.count; i++) {
        const char *one = query_text(write, relation, &keys.items[i], false);
        const char *from = strstr(one, " FROM ONLY "), *where = strstr(one, " n WHERE ");
        if (!i)
            str_addf(&text, "SELECT%.*s n WHERE false", (int)(where - from), from);
        str_addf(&text, " OR (%s)", where + strlen(" n WHERE "));
    }
    Query *query = *out = analyze_text(write, text.data);
    if (!query)
        return false;
    query->rtes[0]->written_by = write->number;
    query_walk_exprs(query, limit_exists, &limit);
    fetch_use_targets(query);
    fetch_add_target(query, expr_const(write->arena, TYPE_OID, -1, arena_printf(write->arena, "%u", relation->oid)));
    fetch_add_target(query, fetch_row_number(write, 0));
    fetch_order_by(write, query, fetch_row_number(write, 0));
    return true;
}

bool unique_same_key(Write *write, const CatRelation *relation, Oid index, Expr **out)
{
    KeyList keys = {0};
    Str text;
    const char *table = catalog_qualified(write->catalog, relation->namespace_oid, relation->name, write->arena);
    if (!read_keys(write, relation, index, &keys))
        return false;
    str_init(&text, write->arena);
    str_addf(&text, "SELECT FROM ONLY %s o, ONLY %s n WHERE ", table, table);
    const Key *key = &keys.items[0];
    for (int i = 0; i < key->ncolumns; i++) {
        const char *name = catalog_quote_identifier(relation->columns[key->columns[i] - 1].name, write->arena);
        str_addf(&text, key->nulls_not_distinct ? "%so.%s IS NOT DISTINCT FROM n.%s" : "%so.%s = n.%s", i ? " AND " : "", name, name);
    }
    const Query *query = analyze_text(write, text.data);
    *out = query ? query->where : NULL;
    return query != NULL;
}
