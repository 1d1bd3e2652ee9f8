/*
 * reads.c - whether functions that a write calls may read the table that it writes to.
 *
 * PostgreSQL's volatile functions see the rows that the statement has written so far. What a function reads is known when it has run:
 * before, its text says what it may read, by the names in it. A name may be anything's, so that a function is rather taken to read the
 * table.
 *
 * Entered by the session's worker only.
 */
#include "write/internal.h"

typedef struct Reading {
    Write *write;
    Map *names; /* of the table, of those above and below it */
    Map *seen;  /* words that have been looked up */
    bool alone; /* any relation counts, and what stays when a statement fails */
} Reading;

/* ---- what a text names ---- */

static bool is_in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* Names in quotes hold what words do not. What lies between any two quotes is taken for one, as those in texts and comments are quotes too;
 * where they are escaped, or a name has escapes, it may be any. */
static bool quoted_words(Arena *arena, const char *text, WordTaker *take, void *arg)
{
    for (const char *from = strchr(text, '"'), *to; from; from = to) {
        bool has_escapes = from > text + 1 && from[-1] == '&' && (from[-2] == 'u' || from[-2] == 'U');
        to = strchr(++from, '"');
        if (to && take(arg, has_escapes || to == from ? NULL : arena_strndup(arena, from, (size_t)(to - from))))
            return true;
    }
    return false;
}

bool reads_words(Arena *arena, const char *text, WordTaker *take, void *arg)
{
    if (text && quoted_words(arena, text, take, arg))
        return true;
    for (size_t length; text && *text; text += length) {
        for (length = 0; is_in_word(text[length]); length++)
            ;
        if (!length) {
            length = 1;
            continue;
        }
        char *lower = arena_strndup(arena, text, length);
        if (take(arg, arena_strndup(arena, text, length)))
            return true;
        for (size_t i = 0; i < length; i++)
            lower[i] = lower[i] >= 'A' && lower[i] <= 'Z' ? (char)(lower[i] + 'a' - 'A') : lower[i];
        if (take(arg, lower))
            return true;
    }
    return false;
}

static bool text_reads(Reading *reading, const char *text, bool runs_texts);

const CatalogRows *reads_functions(Write *write, const char *name)
{
    static const char SQL[] = "SELECT prosrc, prosqlbody IS NOT NULL, prolang FROM pg_proc WHERE proname = ?1 AND oid >= ?2";
    return catalog_query(write->catalog, write->arena, write->error, SQL, "so", name, FIRST_USER_OID);
}

static bool functions_read(Reading *reading, const char *word)
{
    const CatalogRows *rows = reads_functions(reading->write, word);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const CatalogCell *cells = &CATALOG_CELL(rows, i, 0);
        if (cells[1].i || text_reads(reading, cells[0].text, cells[2].i != LANGUAGE_SQL))
            return true;
    }
    return false;
}

/* A view's tables have other names, and a trigger's function reads what it likes. */
static bool is_indirect(Reading *reading, const char *word)
{
    static const char SQL[] = "SELECT 1 FROM pg_class c WHERE relname = ?1 AND oid >= ?2 AND"
                              " (relkind = 'v' OR EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = c.oid AND NOT tgisinternal)) LIMIT 1";
    Write *write = reading->write;
    const CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, SQL, "so", word, FIRST_USER_OID);
    return rows && rows->nrows;
}

static bool word_reads(Reading *reading, const char *word, size_t length, bool runs_texts);

/* Foreign keys look into the table at their other end, or write to it. */
static bool keys_read(Reading *reading, const char *word)
{
    static const char SQL[] = "SELECT p.relname FROM pg_class c JOIN pg_constraint ON contype = 'f' AND c.oid IN (conrelid, confrelid)"
                              " JOIN pg_class p ON p.oid IN (conrelid, confrelid) AND p.oid <> c.oid WHERE c.relname = ?1 AND c.oid >= ?2";
    Write *write = reading->write;
    const CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, SQL, "so", word, FIRST_USER_OID);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const char *name = CATALOG_CELL(rows, i, 0).text;
        if (word_reads(reading, name, strlen(name), false))
            return true;
    }
    return false;
}

/* What tells the client something, advances a sequence, takes a lock, sets a setting, which CHECKs may go by, or changes the catalog, which
 * may tell something; sizes. */
static bool is_telling(const char *word)
{
    static const char *const WORDS[] = {"notice",  "warning", "info",     "log",     "debug",     "create", "drop",
                                        "alter",   "grant",   "truncate", "comment", "revoke",    "lock",   "setval",
                                        "nextval", "set",     "reset",    "discard", "set_config"};
    static const char *const PREFIXES[] = {"pg_advisory", "pg_try_advisory", "pg_relation", "pg_total", "pg_table", "pg_indexes"};
    for (size_t i = 0; i < COUNT_OF(WORDS); i++)
        if (str_eq(word, WORDS[i]))
            return true;
    for (size_t i = 0; i < COUNT_OF(PREFIXES); i++)
        if (strncmp(word, PREFIXES[i], strlen(PREFIXES[i])) == 0)
            return true;
    return false;
}

/* A domain's conditions may call anything. */
static bool is_relation_or_domain(Reading *reading, const char *word)
{
    static const char SQL[] = "SELECT 1 FROM pg_class WHERE relname = ?1 AND oid >= ?2 UNION ALL"
                              " SELECT 1 FROM pg_type WHERE typname = ?1 AND oid >= ?2 AND typtype = 'd' LIMIT 1";
    Write *write = reading->write;
    const CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, SQL, "so", word, FIRST_USER_OID);
    return rows && rows->nrows;
}

static bool word_reads(Reading *reading, const char *word, size_t length, bool runs_texts)
{
    if (map_get(reading->seen, word, length))
        return false;
    map_put(reading->seen, word, length, reading);
    if (map_get(reading->names, word, length) || (runs_texts && str_eq(word, "execute")))
        return true;
    if (reading->alone)
        return is_telling(word) || is_relation_or_domain(reading, word) || functions_read(reading, word);
    return functions_read(reading, word) || is_indirect(reading, word) || keys_read(reading, word);
}

typedef struct Text {
    Reading *reading;
    bool runs_texts;
} Text;

static bool take_word(void *arg, const char *word)
{
    const Text *text = arg;
    return !word || word_reads(text->reading, word, strlen(word), text->runs_texts);
}

/* runs_texts: with EXECUTE, which may be any. */
static bool text_reads(Reading *reading, const char *text, bool runs_texts)
{
    return reads_words(reading->write->arena, text, take_word, &(Text){reading, runs_texts});
}

/* ---- what is called ---- */

static bool call_reads(const Expr *expr, void *arg)
{
    Reading *reading = arg;
    const CatProc *proc = expr_called(reading->write->catalog, expr);
    return (proc && proc->oid >= FIRST_USER_OID && proc->volatility == 'v' && word_reads(reading, proc->name, strlen(proc->name), false)) ||
           expr_walk(expr, call_reads, arg);
}

static bool query_reads(const Query *query, void *arg)
{
    return query_walk_exprs(query, call_reads, arg) || query_walk_queries(query, query_reads, arg);
}

static bool is_users(const Expr *expr, void *arg)
{
    const CatProc *proc = expr_called(((Write *)arg)->catalog, expr);
    return (proc && proc->oid >= FIRST_USER_OID && proc->volatility == 'v') || expr_walk(expr, is_users, arg);
}

static bool calls_users(const Query *query, void *arg)
{
    return query_walk_exprs(query, is_users, arg) || query_walk_queries(query, calls_users, arg);
}

bool reads_any(Write *write, const Query *query)
{
    return calls_users(query, write);
}

static Reading *open_reading(Write *write)
{
    static const char SQL[] = "WITH RECURSIVE down(o) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN down ON inhparent = o),"
                              " up(o) AS (SELECT o FROM down UNION SELECT inhparent FROM pg_inherits JOIN up ON inhrelid = o)"
                              " SELECT relname FROM pg_class WHERE oid IN (SELECT o FROM up)";
    Reading *reading = ARENA_NEW(write->arena, Reading);
    *reading = (Reading){.write = write, .names = map_open(write->arena), .seen = map_open(write->arena)};
    const CatalogRows *rows = catalog_query(write->catalog, write->arena, write->error, SQL, "o", write->root->oid);
    for (size_t i = 0; rows && i < rows->nrows; i++) {
        const char *name = CATALOG_CELL(rows, i, 0).text;
        map_put(reading->names, name, strlen(name), reading);
    }
    return rows ? reading : NULL;
}

bool reads_written(Write *write, const Query *query)
{
    Reading *reading = query_is_volatile(query, write->catalog) ? open_reading(write) : NULL;
    return reading && query_reads(query, reading);
}

bool reads_written_expr(Write *write, Expr *expr)
{
    Query *query = fetch_over(write, NULL);
    fetch_add_target(query, expr);
    return reads_written(write, query);
}

bool reads_written_checks(Write *write, bool *out)
{
    static const char SQL[] =
        "WITH RECURSIVE tree(relid) AS (SELECT ?1 UNION SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relid)"
        " SELECT proname FROM tree JOIN pg_constraint ON conrelid = relid AND contype = 'c'"
        " JOIN pg_depend ON classid = ?2 AND objid = pg_constraint.oid AND refclassid = ?3"
        " JOIN pg_proc ON pg_proc.oid = refobjid AND provolatile = 'v'";
    const CatalogRows *rows =
        catalog_query(write->catalog, write->arena, write->error, SQL, "ooo", write->root->oid, PG_CONSTRAINT_RELATION, PG_PROC_RELATION);
    Reading *reading = rows && rows->nrows ? open_reading(write) : NULL;
    for (size_t i = 0; reading && i < rows->nrows && !*out; i++) {
        const char *name = CATALOG_CELL(rows, i, 0).text;
        *out = word_reads(reading, name, strlen(name), false);
    }
    return rows != NULL && !error_is_set(write->error);
}

/* Composites may hold one. */
static bool has_domain(Write *write, const CatRelation *relation)
{
    for (int i = 0; i < relation->ncolumns; i++) {
        const CatType *type = relation->columns[i].dropped ? NULL : catalog_type(write->catalog, relation->columns[i].type);
        while (type && type->element != OID_NONE)
            type = catalog_type(write->catalog, type->element);
        if (type && (type->kind == 'd' || type->kind == 'c'))
            return true;
    }
    return false;
}

static bool trigger_reads(Reading *reading, const WriteTrigger *trigger)
{
    Write *write = reading->write;
    const CatalogRows *rows =
        catalog_query(write->catalog, write->arena, write->error, "SELECT prosrc FROM pg_proc WHERE oid = ?1", "o", trigger->function);
    return !rows || !rows->nrows || text_reads(reading, rows->cells[0].text, true) || text_reads(reading, trigger->condition, false);
}

bool reads_row_alone(Write *write, const CatRelation *relation, const TriggerList *triggers)
{
    Reading *reading = has_domain(write, relation) ? NULL : open_reading(write);
    if (!reading)
        return false;
    reading->alone = true;
    for (size_t i = 0; i < triggers->count; i++)
        if (trigger_reads(reading, &triggers->items[i]))
            return false;
    return true;
}
