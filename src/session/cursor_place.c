/*
 * cursor_place.c - WHERE CURRENT OF: which row of a table a cursor stands on.
 *
 * The query of a cursor that can be updated through gives, behind the columns that are seen, the table and the number of each row that its
 * rows are made of.
 *
 * Invariants:
 *  1. Portal.ncolumns counts what is seen; two more columns a place come behind.
 *  2. A row that was changed through the cursor is found again by its new number. One that was changed otherwise since it was fetched is
 *     refused: nothing says what became of it.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "session/routine.h"

enum { TYPE_OF_CURSORS = 1790 };

/* ---- what the cursor's query gives ---- */

static bool lies_here(const Rte *rte)
{
    return rte->kind == RTE_RELATION && !rte->relation->is_system && strchr("rp", rte->relation->kind) && !rte->work;
}

/* One table, row by row: what PostgreSQL could find the current row of. */
static bool is_scan(const Query *query)
{
    bool summed = query->has_aggs || query->ngroup || query->grouping_sets || query->having || query->has_windows || query->distinct ||
                  query->set_op || query->has_set_functions || query->norder;
    return !summed && query->nfrom == 1 && query->from[0]->kind == FROM_RTE && lies_here(query->rtes[query->from[0]->rte]);
}

static void add_place(Portal *portal, Query *query, int rte, bool locked)
{
    static const struct {
        int column;
        Oid type;
        const char *name;
    } COLUMNS[] = {{COLUMN_TABLEOID, TYPE_OID, "tableoid"}, {COLUMN_ROW, TYPE_INT8, "row"}};
    Arena *arena = portal->arena;
    for (size_t i = 0; i < COUNT_OF(COLUMNS); i++)
        query->targets[query->ntargets++] =
            (Target){.expr = expr_var(arena, rte, COLUMNS[i].column, COLUMNS[i].type, -1, OID_NONE), .name = COLUMNS[i].name};
    portal->places[portal->nplaces++] = (CursorPlace){.table = query->rtes[rte]->relation->oid, .locked = locked};
}

void cursor_place_add(Portal *portal, Query *query)
{
    Arena *arena = portal->arena;
    int most = query->nlocks + 1;
    bool scan = query->kind == QUERY_SELECT && !query->nlocks && is_scan(query);
    if (!scan && !query->nlocks)
        return;
    Target *targets = ARENA_ARRAY(arena, Target, query->ntargets + 2 * most);
    memcpy(targets, query->targets, sizeof(Target) * (size_t)query->ntargets);
    query->targets = targets;
    portal->places = ARENA_ARRAY(arena, CursorPlace, most);
    if (scan)
        add_place(portal, query, query->from[0]->rte, false);
    for (int i = 0; i < query->nlocks; i++)
        if (lies_here(query->rtes[query->locks[i].rte]))
            add_place(portal, query, query->locks[i].rte, true);
}

void cursor_place_keep(Portal *portal, const Value *values)
{
    for (int i = 0; i < portal->nplaces; i++) {
        CursorPlace *place = &portal->places[i];
        place->lies_in = values[2 * i].is_null ? OID_NONE : (Oid)values[2 * i].i;
        place->row = values[2 * i + 1].is_null ? 0 : values[2 * i + 1].i;
        place->position = portal->position;
    }
}

/* ---- where it stands ---- */

static bool refuse(Error *error, const char *format, const char *cursor, const char *table)
{
    return error_set(error, ERRCODE_INVALID_CURSOR_STATE, format, cursor, table);
}

static bool is_below(Session *session, Oid table, Oid root, Arena *arena, bool *below, Error *error)
{
    CatalogRows *rows = catalog_query(session->catalog, arena, error,
                                      "WITH RECURSIVE tree(oid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON"
                                      " inhparent = tree.oid) SELECT 1 FROM tree WHERE oid = ?2",
                                      "oo", root, table);
    *below = rows && rows->nrows;
    return rows != NULL;
}

/* The cursor's entry of the table: the table itself, or the one of which it is a part, or whose part it is. */
static bool choose(Session *session, Portal *cursor, const CatRelation *table, Arena *arena, CursorPlace **out, Error *error)
{
    int count = 0;
    bool locked = false;
    *out = NULL;
    for (int i = 0; i < cursor->nplaces; i++) {
        bool up, down;
        if (!is_below(session, table->oid, cursor->places[i].table, arena, &up, error) ||
            !is_below(session, cursor->places[i].table, table->oid, arena, &down, error))
            return false;
        locked |= cursor->places[i].locked;
        if (!up && !down)
            continue;
        *out = &cursor->places[i];
        count++;
    }
    if (count > 1)
        return refuse(error, "cursor \"%s\" has multiple FOR UPDATE/SHARE references to table \"%s\"", cursor->name, table->name);
    if (!count)
        return refuse(error,
                      locked ? "cursor \"%s\" does not have a FOR UPDATE/SHARE reference to table \"%s\""
                             : "cursor \"%s\" is not a simply updatable scan of table \"%s\"",
                      cursor->name, table->name);
    return true;
}

/* Of kept rows the one it stands on is looked up. */
static bool look_up(Portal *cursor, Arena *arena, Error *error)
{
    if (cursor->places[0].position == cursor->position)
        return true;
    Value *values = ARENA_ARRAY(arena, Value, cursor->ncolumns + 2 * cursor->nplaces + 1);
    if (!row_store_get(cursor->store, cursor->position, values, error))
        return false;
    cursor_place_keep(cursor, values + cursor->ncolumns);
    return true;
}

/* A variable of the function's stands for the cursor that it names. */
static bool name_of(const CurrentOf *current, const char **name, Error *error)
{
    const PlSql *sql = current->params ? current->params->sql : NULL;
    SqlVariable found = {0};
    int count;
    const Oid *types;
    if (!sql || !sql->variables || !sql->variables->find(sql->variables->arg, name, 1, &found, error))
        return !error_is_set(error);
    if (found.type != TYPE_OF_CURSORS)
        return true;
    const char *const *values = sql->values(sql->arg, &types, &count);
    if (found.param <= count && values[found.param - 1])
        *name = values[found.param - 1];
    return true;
}

bool cursor_place_find(void *arg, const char *name, const CatRelation *table, Oid *lies_in, int64_t *number, Error *error)
{
    CurrentOf *current = arg;
    Session *session = current->session;
    if (!name_of(current, &name, error))
        return false;
    Portal *cursor = map_get(session->portals, name, strlen(name));
    if (!cursor || !*name)
        return error_set(error, ERRCODE_UNDEFINED_CURSOR, "cursor \"%s\" does not exist", name);
    if (cursor->kind != PORTAL_QUERY)
        return error_set(error, ERRCODE_INVALID_CURSOR_STATE, "cursor \"%s\" is not a SELECT query", name);
    if (!cursor->plan && (!cursor->opening || cursor->opening->is_read))
        return error_set(error, ERRCODE_INVALID_CURSOR_STATE, "cursor \"%s\" is held from a previous transaction", name);
    CursorPlace *place;
    if (!choose(session, cursor, table, current->arena, &place, error))
        return false;
    bool on_row = cursor->position && (cursor->store ? cursor->position <= row_store_count(cursor->store) : !cursor->at_end);
    if (!on_row)
        return error_set(error, ERRCODE_INVALID_CURSOR_STATE, "cursor \"%s\" is not positioned on a row", name);
    if (cursor->store && !look_up(cursor, current->arena, error))
        return false;
    const CatRelation *lies_in_table = place->lies_in != OID_NONE ? catalog_relation(session->catalog, place->lies_in) : NULL;
    if (lies_in_table && lies_in_table->kind == 'f')
        return error_unsupported(error, "WHERE CURRENT OF is not supported for this table type");
    current->place = place;
    *lies_in = place->lies_in;
    *number = place->row;
    return true;
}

bool cursor_place_changed(CursorPlace *place, QueryKind kind, uint64_t count, int64_t number, Error *error)
{
    if (place->row && !number)
        return error_unsupported(error, "WHERE CURRENT OF a row that was changed since it was fetched is not supported");
    if (count)
        place->row = kind == QUERY_DELETE ? 0 : number;
    return true;
}
