/*
 * setting_text.c - which settings a user's function may set, and whether it reads one: as its text says, and the texts of what that calls.
 *
 * A word counts wherever it stands, in what is executed and in comments too; so a function is rather taken to set a setting. The name of
 * one is what follows in quotes, or behind SET; where that is computed it may be any.
 *
 * Entered by the session's worker only.
 */
#include <string.h>

#include "sql/sql.h"

typedef struct Scan {
    Catalog *catalog;
    Arena *arena;
    Map *seen; /* words */
    RoutineSettings *out;
} Scan;

static bool is_in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || (unsigned char)c >= 0x80;
}

static const char *past_spaces(const char *at)
{
    return at + strspn(at, " \t\r\n\f\v");
}

static const char *take_word(Scan *scan, const char **at, bool dotted)
{
    const char *from = *at;
    while (is_in_word(**at) || (dotted && **at == '.'))
        ++*at;
    return arena_strndup(scan->arena, from, (size_t)(*at - from));
}

static void add(Scan *scan, const char *name, bool is_prefix)
{
    vec_push(scan->arena, &scan->out->names, ((RoutineSetting){*name ? name : NULL, is_prefix}));
}

/* Behind set_config. */
static void add_argument(Scan *scan, const char *at)
{
    at = past_spaces(at);
    at = past_spaces(at + (*at == '('));
    const char *from = at + strspn(at, "'"), *to = from + strcspn(from, "'");
    const char *behind = past_spaces(to + strspn(to, "'"));
    const char *name = arena_strndup(scan->arena, from, (size_t)(to - from));
    bool is_literal = from > at && *to, is_prefix = is_literal && strncmp(behind, "||", 2) == 0 && strchr(name, '.');
    add(scan, is_literal && (*behind == ',' || is_prefix) ? name : "", is_prefix);
}

/* Behind SET and RESET. */
static void add_statement(Scan *scan, const char *at)
{
    static const char *const FORMS[][2] = {
        {"time", "timezone"},  {"names", "client_encoding"}, {"authorization", "session_authorization"}, {"all", ""}, {"transaction", NULL},
        {"constraints", NULL}, {"characteristics", NULL}};
    const char *from = past_spaces(at), *name = take_word(scan, &from, true);
    if (str_eq(name, "local") || str_eq(name, "session")) {
        from = past_spaces(from);
        name = take_word(scan, &from, true);
    }
    for (size_t i = 0; i < COUNT_OF(FORMS) && name; i++)
        if (str_eq(name, FORMS[i][0]))
            name = FORMS[i][1];
    if (name)
        add(scan, name, false);
}

static void scan_text(Scan *scan, const char *text);

static void scan_functions(Scan *scan, const char *word)
{
    static const char SQL[] = "SELECT COALESCE(prosqlbody, prosrc) FROM pg_proc WHERE proname = ?1 AND oid >= ?2";
    Error error;
    error_init(&error, scan->arena);
    if (map_get(scan->seen, word, strlen(word)))
        return;
    map_put(scan->seen, word, strlen(word), scan);
    const CatalogRows *rows = catalog_query(scan->catalog, scan->arena, &error, SQL, "so", word, FIRST_USER_OID);
    for (size_t i = 0; rows && i < rows->nrows; i++)
        scan_text(scan, CATALOG_CELL(rows, i, 0).text);
}

static bool opens_statement(const char *word)
{
    return str_eq(word, "begin") || str_eq(word, "then") || str_eq(word, "else") || str_eq(word, "loop");
}

static void scan_text(Scan *scan, const char *text)
{
    char *lower = arena_strdup(scan->arena, text ? text : "");
    bool may_open = true;
    for (char *c = lower; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + 'a' - 'A');
    for (const char *at = lower; *at;) {
        if (!is_in_word(*at)) {
            may_open = strchr(" \t\r\n", *at) ? may_open : strchr(";'(", *at) != NULL;
            at++;
            continue;
        }
        const char *word = take_word(scan, &at, false);
        if (str_eq(word, "set_config"))
            add_argument(scan, at);
        else if (may_open && (str_eq(word, "set") || str_eq(word, "reset")))
            add_statement(scan, at);
        else if (str_eq(word, "current_setting"))
            scan->out->reads = true;
        else
            scan_functions(scan, word);
        may_open = opens_statement(word);
    }
}

RoutineSettings sql_routine_settings(const CatProc *proc, Catalog *catalog, Arena *arena)
{
    RoutineSettings settings = {0};
    Scan scan = {catalog, arena, map_open(arena), &settings};
    scan_functions(&scan, proc->name);
    return settings;
}
