/*
 * func_updatable.c - which changes a relation takes: pg_relation_is_updatable and pg_column_is_updatable (PostgreSQL manual, CREATE VIEW,
 * "Updatable Views").
 *
 *  1. A view takes what the relation below it takes, of those columns of its own that are columns there; a view without such columns can
 *     only lose rows.
 * Any thread; the Catalog locks itself.
 */
#include "func/func_internal.h"

enum { EVENT_UPDATE = 4, EVENT_INSERT = 8, EVENT_DELETE = 16, ALL_EVENTS = 28, MAX_DEPTH = 100 };

typedef struct Question {
    FuncCall *call;
    bool triggers; /* INSTEAD OF triggers count */
} Question;

/* Who could say has no handler: the call fails. */
static int64_t foreign_events(FuncCall *call, const CatRelation *relation)
{
    ForeignAllows allows;
    bool known = catalog_foreign_allows(call->context->catalog, relation, "updatable", &allows, call->error);
    return known && allows == FOREIGN_ALLOWED ? ALL_EVENTS : 0;
}

static int64_t trigger_events(const Question *question, Oid oid)
{
    enum { ON_INSERT = 4, ON_DELETE = 8, ON_UPDATE = 16 };
    FuncCall *call = question->call;
    const CatalogRows *rows = question->triggers
                                  ? catalog_query(call->context->catalog, call->arena, call->error,
                                                  "SELECT tgtype FROM pg_trigger WHERE tgrelid = ?1 AND tgtype & 64", "o", oid)
                                  : NULL;
    int64_t events = 0;
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        int64_t type = CATALOG_CELL(rows, i, 0).i;
        events |= (type & ON_INSERT ? EVENT_INSERT : 0) | (type & ON_DELETE ? EVENT_DELETE : 0) | (type & ON_UPDATE ? EVENT_UPDATE : 0);
    }
    return events;
}

static int64_t events_of(const Question *question, Oid oid, const bool *asked, int depth);

/* asked: of which columns (from 1); NULL: of all. */
static int64_t view_events(const Question *question, Oid view, const bool *asked, int depth)
{
    FuncCall *call = question->call;
    Error ignored;
    FuncViewBase base;
    error_init(&ignored, call->arena);
    if (!call->context->view_base || !call->context->view_base(call->context, view, &base, call->arena, &ignored))
        return 0;
    const CatRelation *below = catalog_relation(call->context->catalog, base.relation);
    if (!below)
        return 0;
    bool *wanted = ARENA_ARRAY(call->arena, bool, below->ncolumns + 1), any = false;
    for (int i = 0; i < base.ncolumns; i++)
        if (base.columns[i] > 0 && (!asked || asked[i + 1]))
            wanted[base.columns[i]] = any = true;
    int64_t events = any ? ALL_EVENTS : EVENT_DELETE;
    return below->kind == 'r' || below->kind == 'p' ? events : events & events_of(question, below->oid, wanted, depth + 1);
}

static int64_t events_of(const Question *question, Oid oid, const bool *asked, int depth)
{
    Catalog *catalog = question->call->context->catalog;
    const CatRelation *relation = catalog_relation(catalog, oid);
    if (!relation || depth > MAX_DEPTH)
        return 0;
    switch (relation->kind) {
    case 'r':
    case 'p':
        return ALL_EVENTS;
    case 'f':
        return foreign_events(question->call, relation);
    case 'v':
        return oid < 16384 ? 0 : trigger_events(question, oid) | view_events(question, oid, asked, depth);
    default:
        return 0;
    }
}

static bool relation_is_updatable(FuncCall *call)
{
    const Question question = {call, call->nargs > 1 && call->args[1].b};
    int64_t events = events_of(&question, arg_oid(call, 0), NULL, 0);
    return !error_is_set(call->error) && return_int(call, events);
}

static bool column_is_updatable(FuncCall *call)
{
    const Question question = {call, call->nargs > 2 && call->args[2].b};
    const CatRelation *relation = catalog_relation(call->context->catalog, arg_oid(call, 0));
    int64_t number = call->args[1].i;
    bool no_column = !relation || number <= 0 || number > relation->ncolumns, *asked = NULL;
    if (no_column && (!relation || number <= 0 || relation->kind == 'v'))
        return return_bool(call, false);
    if (!no_column) {
        asked = ARENA_ARRAY(call->arena, bool, relation->ncolumns + 1);
        asked[number] = true;
    }
    int64_t events = events_of(&question, relation->oid, asked, 0);
    return !error_is_set(call->error) && return_bool(call, events & EVENT_DELETE && (no_column || events & EVENT_UPDATE));
}

static const FuncRow ROWS[] = {
    {F_PG_RELATION_IS_UPDATABLE_REGCLASS_BOOL, relation_is_updatable},
    {F_PG_COLUMN_IS_UPDATABLE_REGCLASS_INT2_BOOL, column_is_updatable},
};
const FuncTable FUNC_TABLE_UPDATABLE = {ROWS, COUNT_OF(ROWS)};
