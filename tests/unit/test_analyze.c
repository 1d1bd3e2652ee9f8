/*
 * test_analyze.c - statements analysed against a fresh catalog: columns, parameter types and errors are PostgreSQL's own, as
 * tests/unit/data/analyze/regenerate wrote them down.
 */
#include <stdlib.h>
#include <unistd.h>

#include "sql/sql.h"
#include "unit.h"

enum { LONGEST_LINE = 1 << 16 };

typedef struct Bench {
    Arena *arena;
    CatalogStore *store;
    Catalog *catalog;
    TypeContext types;
    FuncContext functions;
} Bench;

static bool bench_open(Bench *bench)
{
    static char directory[] = "/tmp/medley_analyze_XXXXXX";
    Error error;
    *bench = (Bench){.arena = arena_open(NULL)};
    error_init(&error, bench->arena);
    if (!mkdtemp(directory))
        return false;
    CatalogStoreOptions options = {.directory = arena_printf(bench->arena, "%s/data", directory),
                                   .key_file = arena_printf(bench->arena, "%s/key", directory),
                                   .superuser = "postgres",
                                   .log = log_open(bench->arena, LOG_ERROR_LEVEL)};
    bench->store = catalog_store_open(&options, bench->arena, &error);
    if (!bench->store) {
        printf("# %s\n", error.message);
        return false;
    }
    bench->catalog = catalog_open(bench->store, bench->arena, NULL, NULL);
    catalog_set_search_path(bench->catalog, "\"$user\", public", 10);
    catalog_set_type_parser(bench->catalog, sql_parse_type);
    bench->types = TYPE_CONTEXT_CANONICAL;
    bench->types.resolver = catalog_resolver(bench->catalog);
    bench->functions =
        (FuncContext){.catalog = bench->catalog, .types = &bench->types, .current_user = 10, .session_user = 10, .database = "postgres"};
    return true;
}

static void bench_close(Bench *bench)
{
    catalog_close(bench->catalog);
    catalog_store_close(bench->store);
    arena_close(bench->arena);
}

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
    bool opened = bench_open(&bench);
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

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    RUN(statements_are_described_as_by_postgresql);
    return UNIT_RESULT();
}
