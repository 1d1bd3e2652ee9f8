/*
 * shared.c - whether parts of a write share sequences, or tables that one of them changes and another one reads: what makes its rows, the
 * BEFORE ROW triggers that each of them has, what ON CONFLICT sets, and RETURNING. PostgreSQL does all of that for a row before it makes
 * the next one.
 *
 * As in reads.c what a function may do is told by the names in its text.
 *
 * Entered by the session's worker only.
 */
#include "write/internal.h"

typedef struct Part {
    Write *write;
    Map *seen; /* words that have been looked up */
    VEC(const char *) relations;
    bool calls_sequences, reads, changes;
    bool any; /* its relations may be any */
} Part;

static const char *const SEQUENCES[] = {"nextval", "currval", "lastval", "setval"};
static const char *const READS[] = {"from", "table", "update", "merge", "execute"};
static const char *const CHANGES[] = {"insert", "update", "delete", "merge", "truncate", "copy", "execute"};

static bool is_among(const char *const *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(words[i], word))
            return true;
    return false;
}

/* ---- what a part names ---- */

/* A view's tables have other names, and a trigger's function does what it likes. */
static void note_relation(Part *part, const char *word)
{
    static const char SQL[] = "SELECT relkind = 'v' OR EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal)"
                              " FROM pg_class c WHERE relname = ?1 AND oid >= ?2 AND relkind <> 'S'";
    Write *write = part->write;
    const CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, SQL, "so", word, FIRST_USER_OID);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        vec_push(write->arena, &part->relations, word);
        part->any |= CATALOG_CELL(rows, i, 0).i != 0;
    }
}

static bool note_word(void *arg, const char *word);

static void note_functions(Part *part, const char *word)
{
    const CatalogRows *rows = reads_functions(part->write, word);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const CatalogCell *cells = &CATALOG_CELL(rows, i, 0);
        part->any |= cells[1].i != 0;
        reads_words(part->write->arena, cells[0].text, note_word, part);
    }
}

static bool note_word(void *arg, const char *word)
{
    Part *part = arg;
    if (!word || str_eq(word, "execute"))
        part->any = true;
    if (!word || map_get(part->seen, word, strlen(word)))
        return false;
    map_put(part->seen, word, strlen(word), part);
    part->calls_sequences |= is_among(SEQUENCES, COUNT_OF(SEQUENCES), word);
    part->reads |= is_among(READS, COUNT_OF(READS), word);
    part->changes |= is_among(CHANGES, COUNT_OF(CHANGES), word);
    note_relation(part, word);
    note_functions(part, word);
    return false;
}

/* ---- parts ---- */

static bool note_call(const Expr *expr, void *arg)
{
    Part *part = arg;
    const CatProc *proc = expr_called(part->write->catalog, expr);
    if (proc && proc->volatility == 'v' && (proc->oid >= FIRST_USER_OID || is_among(SEQUENCES, COUNT_OF(SEQUENCES), proc->name)))
        note_word(part, proc->name);
    return expr_walk(expr, note_call, arg);
}

static bool note_query(const Query *query, void *arg)
{
    query_walk_exprs(query, note_call, arg);
    return query_walk_queries(query, note_query, arg);
}

static Part part_of(Write *write, const Query *query)
{
    Part part = {.write = write, .seen = map_open(write->arena)};
    if (query && query_is_volatile(query, write->catalog))
        note_query(query, &part);
    return part;
}

/* Of the table and of those below it, as rows may go there: BEFORE ROW; of a view INSTEAD OF. */
static Part part_of_triggers(Write *write)
{
    enum { ON_INSERT = 4, ON_DELETE = 8, ON_UPDATE = 16 };
    static const char SQL[] =
        "WITH RECURSIVE tree(relid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relid)"
        " SELECT prosrc, tgqual FROM tree JOIN pg_trigger ON tgrelid = relid JOIN pg_proc p ON p.oid = tgfoid"
        " WHERE (tgtype & 67) IN (3, 65) AND tgtype & ?2";
    const Query *statement = write->statement;
    Part part = {.write = write, .seen = map_open(write->arena)};
    int events = statement->kind == QUERY_DELETE                           ? ON_DELETE
                 : statement->kind == QUERY_INSERT && !statement->conflict ? ON_INSERT
                                                                           : ON_INSERT | ON_DELETE | ON_UPDATE;
    const CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, SQL, "oi", write->root->oid, (int64_t)events);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        for (size_t cell = 0; cell < 2; cell++)
            reads_words(write->arena, CATALOG_CELL(rows, i, cell).text, note_word, &part);
    return part;
}

/* ---- what they share ---- */

static bool is_any(const Part *part)
{
    return part->calls_sequences || part->any || part->relations.count;
}

static bool have_relation(const Part *one, const Part *other)
{
    if ((one->any && (other->any || other->relations.count)) || (other->any && one->relations.count))
        return true;
    for (size_t i = 0; i < one->relations.count; i++)
        if (map_get(other->seen, one->relations.items[i], strlen(one->relations.items[i])))
            return true;
    return false;
}

static bool share(const Part *one, const Part *other)
{
    bool may_see = (one->changes && other->reads) || (other->changes && one->reads);
    return (one->calls_sequences && other->calls_sequences) || (may_see && have_relation(one, other));
}

bool shared_any(Write *write, const Query *query)
{
    Part part = part_of(write, query);
    return is_any(&part);
}

bool shared_find(Write *write, SharedParts *out)
{
    const Query *statement = write->statement;
    *out = (SharedParts){0};
    Part rows = part_of(write, statement), returning = part_of(write, statement->returning),
         update = part_of(write, statement->conflict ? statement->conflict->update : NULL);
    if (is_any(&rows) || is_any(&returning)) {
        Part triggers = part_of_triggers(write);
        out->rows = share(&rows, &triggers) || share(&rows, &returning) || share(&rows, &update);
        out->answers = share(&returning, &triggers) || share(&returning, &rows) || share(&returning, &update);
    }
    return !error_is_set(write->error);
}

bool shared_refuse(Write *write)
{
    return error_unsupported(write->error,
                             "using what a trigger, ON CONFLICT or RETURNING uses for each row, a sequence or a table, while the rows to be"
                             " written to \"%s\" are found is not supported",
                             write->root->name);
}
