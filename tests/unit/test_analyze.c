/*
 * test_analyze.c - statements analysed against a fresh catalog: columns, parameter types and errors are PostgreSQL's own, as
 * tests/unit/data/analyze/regenerate wrote them down.
 */
#include "sql_bench.h"

enum { LONGEST_LINE = 1 << 16 };

static const char *describe_error(const Error *error, Arena *arena)
{
    const char *position = error->position > 0 ? arena_printf(arena, "%d", error->position) : "";
    return arena_printf(arena, "!%s %s | %s | %s | %s", error->sqlstate, error->message, error->detail ? error->detail : "",
                        error->hint ? error->hint : "", position);
}

/* Clients are told a domain's base type. */
static const char *type_for_client(Catalog *catalog, Oid type, int32_t typmod, Arena *arena)
{
    const CatType *found = catalog_type(catalog, type);
    for (; found && found->kind == 'd'; found = catalog_type(catalog, type)) {
        type = found->base;
        typmod = found->typmod;
    }
    return catalog_format_type(catalog, type, typmod, arena);
}

static const char *describe_query(Bench *bench, const Query *query, const AnalyzeContext *context, Arena *arena)
{
    Str text;
    str_init(&text, arena);
    for (int i = 0; i < context->nparams; i++)
        str_addf(&text, "%s%s", i ? "," : "(", catalog_format_type(bench->catalog, context->param_types[i], -1, arena));
    if (context->nparams)
        str_add(&text, ") ");
    bool first = true;
    for (int i = 0; i < query->ntargets; i++) {
        const Target *target = &query->targets[i];
        if (target->junk)
            continue;
        str_addf(&text, "%s%s:%s", first ? "" : ",", target->name,
                 type_for_client(bench->catalog, target->expr->type, target->expr->typmod, arena));
        first = false;
    }
    return text.data ? text.data : "";
}

static const char *describe(Bench *bench, const char *statement, Arena *arena)
{
    Error error;
    ParsedText parsed;
    error_init(&error, arena);
    if (!catalog_statement_begin(bench->catalog, &error))
        return describe_error(&error, arena);
    const char *result = "";
    if (!sql_parse(statement, arena, &parsed, &error)) {
        result = describe_error(&error, arena);
    } else if (parsed.count == 1) {
        AnalyzeContext context = {.catalog = bench->catalog, .functions = &bench->functions, .text = statement, .variable_params = true};
        const Query *query = sql_analyze(parsed.items[0].node, &context, arena, &error);
        result = query ? describe_query(bench, query, &context, arena) : describe_error(&error, arena);
    }
    catalog_statement_end(bench->catalog);
    return result;
}

static char *unescape(char *text)
{
    char *to = text;
    for (const char *from = text; *from; from++) {
        if (*from == '\\' && from[1]) {
            from++;
            *to++ = *from == 'n' ? '\n' : *from == 't' ? '\t' : *from;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    return text;
}

static void statements_are_described_as_by_postgresql(void)
{
    Bench bench;
    bool opened = bench_open(&bench, "\"$user\", public");
    FILE *file = fopen(TEST_DATA "/analyze/analyze.tsv", "r");
    CHECK(opened && file);
    if (!opened || !file)
        return;
    char *line = malloc(LONGEST_LINE);
    int count = 0;
    while (fgets(line, LONGEST_LINE, file)) {
        char *tab = strchr(line, '\t');
        line[strcspn(line, "\n")] = '\0';
        if (!tab)
            continue;
        *tab = '\0';
        Arena *arena = arena_open(bench.arena);
        const char *statement = unescape(line), *expected = unescape(tab + 1), *got = describe(&bench, statement, arena);
        if (strcmp(got, expected) != 0)
            printf("# %s\n#   want %s\n#   got  %s\n", statement, expected, got);
        unit_group_failures += strcmp(got, expected) != 0;
        arena_close(arena);
        count++;
    }
    CHECK(count >= 300);
    free(line);
    fclose(file);
    bench_close(&bench);
}

/* ---- limits ---- */

typedef struct Shape {
    const char *before, *opening, *middle, *closing;
    int times;
    const char *sqlstate; /* "": analysed */
} Shape;

static const char *shape_text(const Shape *shape, Arena *arena)
{
    Str text;
    str_init(&text, arena);
    str_add(&text, shape->before);
    for (int i = 0; i < shape->times; i++)
        str_add(&text, shape->opening);
    str_add(&text, shape->middle);
    for (int i = 0; i < shape->times; i++)
        str_add(&text, shape->closing);
    return text.data;
}

static void deep_and_large_statements_are_analysed_or_refused(void)
{
    static const Shape SHAPES[] = {
        {"SELECT ", "(", "1", ")", 1900, ""},
        {"SELECT ", "(", "1", ")", 100000, "54001"},
        {"SELECT ", "(SELECT ", "1", ")", 450, ""},
        {"SELECT ", "(SELECT ", "1", ")", 5000, "54001"},
        {"", "SELECT * FROM (", "SELECT 1", ") a", 450, ""},
        {"", "SELECT * FROM (", "SELECT 1", ") a", 5000, "54001"},
        {"SELECT ", "abs(", "1", ")", 1900, ""},
        {"SELECT ", "1 + ", "1", "", 1900, ""},
        {"SELECT ", "1 + ", "1", "", 50000, "54001"},
        {"SELECT ", "NOT ", "true", "", 50000, "54001"},
        {"SELECT ", "CASE WHEN ", "true", " THEN true END", 1900, ""},
        {"SELECT ", "CASE ", "1", " WHEN 1 THEN 1 WHEN 2 THEN 2 END", 100, "54001"},
        {"SELECT ", "(", "1", " BETWEEN 1 AND 2)::int", 100, "54001"},
        {"", "SELECT 1 UNION ", "SELECT 1", "", 1900, ""},
        {"", "SELECT 1 UNION ", "SELECT 1", "", 50000, "54001"},
        {"SELECT 1 IN (", "1, ", "1)", "", 10000, ""},
        {"SELECT 1 WHERE ", "1 = 2 OR ", "true", "", 10000, ""},
        {"VALUES ", "(1, 'a'), ", "(1, 'a')", "", 10000, ""},
        {"SELECT ", "1, ", "1", "", 1663, ""},
        {"SELECT ", "1, ", "1", "", 1664, "54011"},
        {"SELECT concat(", "1, ", "1)", "", 99, ""},
        {"SELECT concat(", "1, ", "1)", "", 100, "54023"},
        {"SELECT '", "x", "'", "", 17 * 1024 * 1024, "54000"},
    };
    Bench bench;
    bool opened = bench_open(&bench, "\"$user\", public");
    CHECK(opened);
    for (size_t i = 0; opened && i < COUNT_OF(SHAPES); i++) {
        Arena *arena = arena_open(bench.arena);
        const char *got = describe(&bench, shape_text(&SHAPES[i], arena), arena);
        char state[6] = "";
        if (*got == '!')
            snprintf(state, sizeof state, "%s", got + 1);
        CHECK_STR(state, SHAPES[i].sqlstate);
        arena_close(arena);
    }
    if (opened)
        bench_close(&bench);
}

/* ---- privileges ---- */

static void privileges_are_those_of_the_reader_and_inside_views_of_the_owner(void)
{
    static const struct {
        const char *statement, *message;
    } CASES[] = {
        {"SELECT relname FROM pg_class", ""},
        {"SELECT rolname FROM pg_authid", "permission denied for table pg_authid"},
        {"SELECT 1 WHERE EXISTS (SELECT FROM pg_authid)", "permission denied for table pg_authid"},
        {"WITH a AS (SELECT * FROM pg_authid) SELECT 1 FROM a UNION SELECT 2", "permission denied for table pg_authid"},
        {"SELECT rolname FROM pg_roles", ""},
        {"SELECT usename FROM pg_shadow", "permission denied for view pg_shadow"},
        {"SELECT subname FROM pg_subscription", ""},
        {"SELECT count(*) FROM pg_subscription", ""},
        {"SELECT subconninfo FROM pg_subscription", "permission denied for table pg_subscription"},
        {"SELECT * FROM pg_subscription", "permission denied for table pg_subscription"},
        {"SELECT subname FROM pg_subscription WHERE subconninfo = ''", "permission denied for table pg_subscription"},
        {"SELECT s FROM pg_subscription s", "permission denied for table pg_subscription"},
        {"SELECT pg_read_file('x')", "permission denied for function pg_read_file"},
        {"SELECT 1 WHERE EXISTS (SELECT lower(pg_read_file('x')))", "permission denied for function pg_read_file"},
    };
    enum { NOBODY = 99999 };
    Bench bench;
    bool opened = bench_open(&bench, "\"$user\", public");
    CHECK(opened);
    for (size_t i = 0; opened && i < COUNT_OF(CASES); i++) {
        Arena *arena = arena_open(bench.arena);
        Error error;
        ParsedText parsed;
        error_init(&error, arena);
        AnalyzeContext context = {.catalog = bench.catalog, .functions = &bench.functions, .text = CASES[i].statement};
        const Query *query = NULL;
        CHECK(catalog_statement_begin(bench.catalog, &error));
        if (sql_parse(CASES[i].statement, arena, &parsed, &error))
            query = sql_analyze(parsed.items[0].node, &context, arena, &error);
        CHECK(query != NULL);
        bool allowed = query && sql_check_privileges(query, bench.catalog, NOBODY, &error);
        CHECK_STR(allowed ? "" : error.message, CASES[i].message);
        catalog_statement_end(bench.catalog);
        arena_close(arena);
    }
    if (opened)
        bench_close(&bench);
}

/* ---- command tags ---- */

static void every_statement_has_its_command_tag(void)
{
    static const struct {
        const char *statement, *tag;
    } CASES[] = {
        {"VALUES (1)", "SELECT"},
        {"BEGIN", "BEGIN"},
        {"START TRANSACTION", "START TRANSACTION"},
        {"END", "COMMIT"},
        {"ROLLBACK TO a", "ROLLBACK"},
        {"CREATE SERVER s FOREIGN DATA WRAPPER w", "CREATE SERVER"},
        {"DROP SERVER s", "DROP SERVER"},
        {"ALTER SERVER s RENAME TO t", "ALTER SERVER"},
        {"ALTER FOREIGN TABLE t RENAME COLUMN a TO b", "ALTER FOREIGN TABLE"},
        {"ALTER FOREIGN TABLE t ADD COLUMN a int", "ALTER FOREIGN TABLE"},
        {"DROP USER MAPPING FOR a SERVER s", "DROP USER MAPPING"},
        {"GRANT a TO b", "GRANT ROLE"},
        {"REVOKE SELECT ON t FROM a", "REVOKE"},
        {"RESET ALL", "RESET"},
        {"CLOSE ALL", "CLOSE CURSOR ALL"},
        {"DEALLOCATE p", "DEALLOCATE"},
        {"DISCARD ALL", "DISCARD ALL"},
        {"SELECT 1 INTO t", "SELECT INTO"},
        {"CREATE TABLE t AS SELECT 1", "CREATE TABLE AS"},
        {"CREATE USER u", "CREATE ROLE"},
        {"ANALYZE", "ANALYZE"},
        {"MOVE 1 IN c", "MOVE"},
        {"IMPORT FOREIGN SCHEMA s FROM SERVER r INTO p", "IMPORT FOREIGN SCHEMA"},
    };
    Arena *arena = arena_open(NULL);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        Error error;
        ParsedText parsed;
        error_init(&error, arena);
        bool ok = sql_parse(CASES[i].statement, arena, &parsed, &error) && parsed.count == 1;
        CHECK_STR(ok ? sql_command_tag(parsed.items[0].node) : error.message, CASES[i].tag);
    }
    arena_close(arena);
}

static void statements_of_a_text_are_told_apart(void)
{
    Arena *arena = arena_open(NULL);
    Error error;
    ParsedText parsed;
    error_init(&error, arena);
    CHECK(sql_parse(" ; SELECT 1 -- one;\n; /* two; */ SELECT ';' ;;", arena, &parsed, &error) && parsed.count == 2);
    CHECK_STR(parsed.items[0].text, "SELECT 1 -- one;");
    CHECK_STR(parsed.items[1].text, "SELECT ';'");
    CHECK(parsed.items[1].location == 33);
    CHECK(sql_parse("", arena, &parsed, &error) && parsed.count == 0);
    CHECK(sql_parse(" -- nothing", arena, &parsed, &error) && parsed.count == 0);
    CHECK(!sql_parse("SELECT 'äöü' x y", arena, &parsed, &error) && error.position == 19);
    arena_close(arena);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    RUN(statements_are_described_as_by_postgresql);
    RUN(deep_and_large_statements_are_analysed_or_refused);
    RUN(privileges_are_those_of_the_reader_and_inside_views_of_the_owner);
    RUN(every_statement_has_its_command_tag);
    RUN(statements_of_a_text_are_told_apart);
    return UNIT_RESULT();
}
