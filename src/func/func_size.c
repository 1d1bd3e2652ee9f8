/*
 * func_size.c - how many bytes relations take.
 *
 * The engine packs the rows of all tables into its blocks, so what a relation takes is an estimate: the pages of 8 kB that PostgreSQL would
 * need for as many rows (of columns as wide as ANALYZE found them, else as is usual for their types), forks, indexes and TOAST's index with
 * them. Of a relation without rows it is what PostgreSQL has on disk.
 *
 * Any thread; the Catalog locks itself.
 */
#include <string.h>

#include "func/func_internal.h"

enum { PAGE = 8192, PAGE_HEADER = 24, LINE_POINTER = 4, HEAP_HEADER = 24, INDEX_HEADER = 8, USUAL_WIDTH = 32, FIRST_OWN = 16384 };

typedef enum Fork { FORK_MAIN, FORK_FSM, FORK_VM, FORK_INIT, FORK_COUNT } Fork;

/* ---- rows ---- */

bool func_stored_size(FuncCall *call, int64_t node, int64_t *out)
{
    const SessionServices *session = call->context->session;
    *out = 0;
    return !session || !session->stored_size || session->stored_size(session->arg, node, out, call->error);
}

static int64_t round_up(int64_t value, int64_t to)
{
    return (value + to - 1) / to * to;
}

/* The bytes of a row's columns: each at its type's alignment, but short values of any length, which have none. */
static bool row_width(FuncCall *call, Oid relation, int64_t header, int64_t *out)
{
    static const char SQL[] =
        "SELECT a.attlen, a.attalign, s.stawidth FROM pg_attribute a LEFT JOIN pg_index i ON i.indexrelid = a.attrelid"
        " LEFT JOIN pg_statistic s ON NOT s.stainherit AND s.starelid = coalesce(i.indrelid, a.attrelid) AND s.staattnum ="
        " CASE WHEN i.indexrelid IS NULL THEN a.attnum ELSE json_extract('[' || replace(i.indkey, ' ', ',') || ']', '$[' || (a.attnum - 1)"
        " || ']') END WHERE a.attrelid = ?1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";
    const CatalogRows *rows = catalog_query(call->context->catalog, call->arena, call->error, SQL, "o", relation);
    *out = header;
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const CatalogCell *cells = &CATALOG_CELL(rows, i, 0);
        int64_t length = cells[0].i, width = cells[2].is_null ? USUAL_WIDTH : cells[2].i;
        char align = cells[1].text[0];
        if (length > 0)
            *out = round_up(*out, align == 'd' ? 8 : align == 'i' ? 4 : align == 's' ? 2 : 1) + length;
        else
            *out += width;
    }
    *out = round_up(*out, 8) + LINE_POINTER;
    return rows != NULL;
}

static int64_t pages_of(int64_t rows, int64_t width, int64_t room)
{
    int64_t fit = width < room ? room / width : 1;
    return (rows + fit - 1) / fit;
}

/* ---- tables ---- */

static bool table_pages(FuncCall *call, const CatRelation *table, int64_t *out)
{
    int64_t rows, width;
    *out = 0;
    if (!table->stored_node)
        return true;
    if (!func_stored_size(call, table->stored_node, &rows) || !row_width(call, table->oid, HEAP_HEADER, &width))
        return false;
    *out = pages_of(rows, width, PAGE - PAGE_HEADER);
    return true;
}

/* A TOAST table is there where rows may be too long for a page and have a column that can be moved out. */
static bool has_toast(FuncCall *call, const CatRelation *table, bool *out)
{
    enum { MOST_IN_ROW = 2032, BYTES_A_CHARACTER = 4, TYPMOD_HEADER = 4 };
    int64_t length = 0;
    bool movable = false, endless = false;
    const CatalogRows *rows = catalog_query(call->context->catalog, call->arena, call->error,
                                            "SELECT attlen, attalign, attstorage, atttypid, atttypmod FROM pg_attribute"
                                            " WHERE attrelid = ?1 AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                                            "o", table->oid);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const CatalogCell *cells = &CATALOG_CELL(rows, i, 0);
        int64_t typmod = cells[4].i;
        Oid type = (Oid)cells[3].i;
        char align = cells[1].text[0];
        length = round_up(length, align == 'd' ? 8 : align == 'i' ? 4 : align == 's' ? 2 : 1);
        movable |= cells[0].i < 0 && cells[2].text[0] != 'p';
        if (cells[0].i > 0)
            length += cells[0].i;
        else if ((type == TYPE_VARCHAR || type == TYPE_BPCHAR) && typmod >= 0)
            length += (typmod - TYPMOD_HEADER) * BYTES_A_CHARACTER + TYPMOD_HEADER;
        else if ((type == TYPE_BIT || type == TYPE_VARBIT) && typmod >= 0)
            length += (typmod + 7) / 8 + 2 * TYPMOD_HEADER;
        else if (type == TYPE_NUMERIC && typmod >= 0)
            length += 8 + 2 * ((((typmod - TYPMOD_HEADER) >> 16) + 10) / 4); /* digits of four in two bytes each */
        else
            endless = true;
    }
    *out = movable && (endless || round_up(HEAP_HEADER, 8) + round_up(length, 8) > MOST_IN_ROW);
    return rows != NULL;
}

/* ---- indexes ---- */

/* In pages: what an index is with no entries, and its map of free space. */
static const struct {
    Oid method;
    int64_t empty, map;
} METHODS[] = {{403, 1, 0}, {405, 6, 0}, {783, 1, 0}, {2742, 2, 0}, {4000, 3, 0}, {3580, 3, 3}};

static bool index_forks(FuncCall *call, const CatRelation *index, int64_t *forks)
{
    enum { BTREE = 403, SPECIAL = 16, LEFT_FREE = 819 /* of a page, by the usual fillfactor */ };
    const CatalogRows *rows =
        catalog_query(call->context->catalog, call->arena, call->error,
                      "SELECT relam, indrelid FROM pg_class JOIN pg_index ON indexrelid = oid WHERE oid = ?1", "o", index->oid);
    if (!rows || !rows->nrows)
        return rows != NULL;
    Oid method = (Oid)rows->cells[0].i;
    const CatRelation *table = catalog_relation(call->context->catalog, (Oid)rows->cells[1].i);
    int64_t entries = 0, width = 0, leaves = 0, inner = 0;
    if (table && table->stored_node &&
        (!func_stored_size(call, table->stored_node, &entries) || !row_width(call, index->oid, INDEX_HEADER, &width)))
        return false;
    if (entries && method != 3580) /* BRIN has an entry a range of pages */
        leaves = pages_of(entries, width, PAGE - PAGE_HEADER - SPECIAL - LEFT_FREE);
    for (int64_t below = leaves; below > 1; inner += below)
        below = pages_of(below, width, PAGE - PAGE_HEADER - SPECIAL - LEFT_FREE);
    for (size_t i = 0; i < COUNT_OF(METHODS); i++)
        if (METHODS[i].method == method) {
            bool all_count = method == BTREE || leaves > 1;
            forks[FORK_MAIN] = (METHODS[i].empty + (all_count ? leaves + inner : 0)) * PAGE;
            forks[FORK_FSM] = METHODS[i].map * PAGE;
        }
    return true;
}

/* ---- any relation ---- */

/* Bytes of each fork. */
static bool measure(FuncCall *call, const CatRelation *relation, int64_t *forks)
{
    enum { PAGES_WITHOUT_MAP = 4, PAGES_OF_MAP = 3 };
    int64_t pages = 0;
    memset(forks, 0, sizeof *forks * FORK_COUNT);
    if (relation->kind == 'S')
        forks[FORK_MAIN] = PAGE;
    if (relation->oid < FIRST_OWN || !strchr("rmi", relation->kind))
        return true;
    if (relation->kind == 'i' ? !index_forks(call, relation, forks) : !table_pages(call, relation, &pages))
        return false;
    if (relation->kind != 'i') {
        forks[FORK_MAIN] = pages * PAGE;
        forks[FORK_FSM] = pages > PAGES_WITHOUT_MAP ? PAGES_OF_MAP * PAGE : 0;
    }
    const CatalogRows *rows =
        catalog_query(call->context->catalog, call->arena, call->error,
                      "SELECT relpersistence = 'u' AND relkind = 'i' FROM pg_class WHERE oid = ?1", "o", relation->oid);
    if (rows && rows->nrows && rows->cells[0].i)
        forks[FORK_INIT] = PAGE;
    return rows != NULL;
}

static bool sum_of(FuncCall *call, const CatRelation *relation, int64_t *out)
{
    int64_t forks[FORK_COUNT];
    bool toast = false;
    *out = 0;
    if (!measure(call, relation, forks))
        return false;
    for (int i = 0; i < FORK_COUNT; i++)
        *out += forks[i];
    if (!strchr("rm", relation->kind) || relation->oid < FIRST_OWN)
        return true;
    if (!has_toast(call, relation, &toast))
        return false;
    const CatalogRows *rows = catalog_query(call->context->catalog, call->arena, call->error,
                                            "SELECT relpersistence = 'u' FROM pg_class WHERE oid = ?1", "o", relation->oid);
    if (rows && rows->nrows && toast)
        *out += rows->cells[0].i ? 2 * PAGE : PAGE; /* an unlogged one's index is kept empty beside it */
    return rows != NULL;
}

static bool sum_indexes(FuncCall *call, const CatRelation *relation, int64_t *out)
{
    const CatalogRows *rows = catalog_query(call->context->catalog, call->arena, call->error,
                                            "SELECT indexrelid FROM pg_index WHERE indrelid = ?1", "o", relation->oid);
    *out = 0;
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        int64_t one;
        const CatRelation *index = catalog_relation(call->context->catalog, (Oid)CATALOG_CELL(rows, i, 0).i);
        if (index && !sum_of(call, index, &one))
            return false;
        *out += index ? one : 0;
    }
    return rows != NULL;
}

/* ---- the functions ---- */

static bool fork_size(FuncCall *call, Fork fork)
{
    int64_t forks[FORK_COUNT];
    const CatRelation *relation = catalog_relation(call->context->catalog, arg_oid(call, 0));
    if (!relation)
        return return_null(call);
    return measure(call, relation, forks) && return_int(call, forks[fork]);
}

static bool main_size(FuncCall *call)
{
    return fork_size(call, FORK_MAIN);
}

static bool named_fork_size(FuncCall *call)
{
    static const char *const FORKS[FORK_COUNT] = {"main", "fsm", "vm", "init"};
    const char *fork = arg_text(call, 1);
    for (int i = 0; i < FORK_COUNT; i++)
        if (str_eq(fork, FORKS[i]))
            return fork_size(call, (Fork)i);
    error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "invalid fork name");
    return error_hint(call->error, "Valid fork names are \"main\", \"fsm\", \"vm\", and \"init\".");
}

static bool add_sizes(FuncCall *call, bool table, bool indexes)
{
    int64_t of_table = 0, of_indexes = 0;
    const CatRelation *relation = catalog_relation(call->context->catalog, arg_oid(call, 0));
    if (!relation)
        return return_null(call);
    return (!table || sum_of(call, relation, &of_table)) && (!indexes || sum_indexes(call, relation, &of_indexes)) &&
           return_int(call, of_table + of_indexes);
}

static bool table_size(FuncCall *call)
{
    return add_sizes(call, true, false);
}

static bool indexes_size(FuncCall *call)
{
    return add_sizes(call, false, true);
}

static bool total_size(FuncCall *call)
{
    return add_sizes(call, true, true);
}

static const FuncRow ROWS[] = {
    {F_PG_RELATION_SIZE_REGCLASS, main_size},   {F_PG_RELATION_SIZE_REGCLASS_TEXT, named_fork_size}, {F_PG_TABLE_SIZE_REGCLASS, table_size},
    {F_PG_INDEXES_SIZE_REGCLASS, indexes_size}, {F_PG_TOTAL_RELATION_SIZE_REGCLASS, total_size},
};
const FuncTable FUNC_TABLE_SIZE = {ROWS, COUNT_OF(ROWS)};
