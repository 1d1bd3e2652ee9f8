/*
 * unique.c - PRIMARY KEY and UNIQUE: no key of a new row may be there twice, among all rows that this session sees.
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

static bool read_key(Write *write, const CatalogCell *cells, Key *out)
{
    if (!cells[4].is_null || !cells[5].is_null)
        return error_unsupported(write->error,
                                 "INSERT into a table with unique index \"%s\" on expressions or a part of the rows is not supported",
                                 cells[0].text);
    *out = (Key){.name = cells[0].text, .nulls_not_distinct = cells[3].i};
    const char *at = cells[1].text;
    int count = (int)cells[2].i;
    for (char *end; out->ncolumns < count && out->ncolumns < (int)COUNT_OF(out->columns); at = end)
        out->columns[out->ncolumns++] = (int)strtol(at, &end, 10);
    return true;
}

/* The new rows' keys, n, that some other row has too. */
static const char *query_text(Write *write, const CatRelation *relation, const Key *key)
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
    str_addf(&out, "SELECT %s FROM ONLY %s n WHERE %s(SELECT count(*) FROM ONLY %s o WHERE %s) > 1", columns.data, table,
             not_null.data ? not_null.data : "", table, same.data);
    return out.data;
}

static bool refuse(Write *write, const CatRelation *relation, const Key *key, const char *const *cells)
{
    Str names, values;
    str_init(&names, write->arena);
    str_init(&values, write->arena);
    bool may_show = true;
    for (int i = 0; i < key->ncolumns; i++) {
        may_show &= fetch_may_show(write, relation, key->columns[i], false);
        str_addf(&names, "%s%s", i ? ", " : "", catalog_quote_identifier(relation->columns[key->columns[i] - 1].name, write->arena));
        str_addf(&values, "%s%s", i ? ", " : "", cells[i] ? cells[i] : "null");
    }
    error_set(write->error, ERRCODE_UNIQUE_VIOLATION, "duplicate key value violates unique constraint \"%s\"", key->name);
    return may_show ? error_detail(write->error, "Key (%s)=(%s) already exists.", names.data, values.data) : false;
}

static bool check_key(Write *write, const CatRelation *relation, const Key *key)
{
    AnalyzeContext context = {.catalog = write->catalog, .functions = write->context->plan->functions, .text = ""};
    ParsedText parsed;
    if (!sql_parse(query_text(write, relation, key), write->arena, &parsed, write->error))
        return false;
    Query *query = sql_analyze(parsed.items[0].node, &context, write->arena, write->error);
    if (!query)
        return false;
    query->rtes[0]->written_by = write->number;
    const char *const *cells;
    return fetch_first(write, query, &cells) && (!cells || refuse(write, relation, key, cells));
}

bool unique_check(Write *write, const CatRelation *relation)
{
    static const char KEYS[] = "SELECT relname, indkey, indnkeyatts, indnullsnotdistinct, indexprs, indpred FROM pg_index"
                               " JOIN pg_class ON oid = indexrelid WHERE indrelid = ?1 AND indisunique ORDER BY indexrelid";
    CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, KEYS, "o", relation->oid);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        Key key = {0};
        if (!read_key(write, &CATALOG_CELL(rows, i, 0), &key) || !check_key(write, relation, &key))
            return false;
    }
    return rows != NULL;
}
