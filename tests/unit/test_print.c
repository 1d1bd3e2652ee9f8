/*
 * test_print.c - statements analysed against a fresh catalog and printed in each dialect: data/print.cases holds them, a line
 * "dialect: statement" and a line "=> text", or "=> !reason" where the dialect cannot say it.
 *
 * With --write: what is printed now, to be read before it becomes the expected file.
 */
#include "sql_bench.h"

typedef struct Cases {
    Bench bench;
    FILE *write; /* where they go with --write */
    int count, wrong;
} Cases;

static bool print_relation(void *arg, const Rte *rte, Str *out, Error *error)
{
    sql_quote_identifier(arg, rte->relation->name, out);
    return true;
}

static const char *print_parsed(Bench *bench, const Dialect *dialect, const char *statement, const ParsedText *parsed, Arena *arena)
{
    Error error;
    Str out;
    ShipReason reason;
    error_init(&error, arena);
    str_init(&out, arena);
    AnalyzeContext context = {.catalog = bench->catalog, .functions = &bench->functions, .text = statement, .variable_params = true};
    const Query *query = sql_analyze(parsed->items[0].node, &context, arena, &error);
    if (!query)
        return arena_printf(arena, "!%s", error.message);
    PrintContext print = {.dialect = dialect, .catalog = bench->catalog, .relation = print_relation, .arg = (void *)dialect};
    bool shippable = sql_query_shippable(dialect, query, bench->catalog, arena, &reason);
    bool printed = sql_print_query(query, &print, &out, &error);
    if (shippable != printed)
        return "!shippable and printable differ";
    return printed ? out.data : arena_printf(arena, "!%s", reason.text);
}

static const char *print_statement(Bench *bench, const char *dialect_name, const char *statement, Arena *arena)
{
    Error error;
    ParsedText parsed;
    error_init(&error, arena);
    const Dialect *dialect = sql_dialect(dialect_name);
    if (!dialect)
        return "!no such dialect";
    if (!catalog_statement_begin(bench->catalog, &error))
        return arena_printf(arena, "!%s", error.message);
    const char *text = "!no statement";
    if (sql_parse(statement, arena, &parsed, &error) && parsed.count == 1)
        text = print_parsed(bench, dialect, statement, &parsed, arena);
    catalog_statement_end(bench->catalog);
    return text;
}

static void check_case(Cases *cases, char *line, const char *want)
{
    Arena *arena = arena_open(NULL);
    char *statement = strstr(line, ": ");
    *statement = '\0';
    const char *got = print_statement(&cases->bench, line, statement + 2, arena);
    cases->count++;
    if (cases->write) {
        fprintf(cases->write, "%s: %s\n=> %s\n", line, statement + 2, got);
    } else if (!str_eq(got, want)) {
        cases->wrong++;
        printf("# %s: %s\n#  got %s\n# want %s\n", line, statement + 2, got, want);
    }
    arena_close(arena);
}

static void run_cases(Cases *cases)
{
    FILE *file = fopen(TEST_DATA "/print.cases", "r");
    char *line = NULL, *want = NULL;
    size_t size = 0, want_size = 0;
    while (file && getline(&line, &size, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (!line[0] || line[0] == '-') {
            if (cases->write)
                fprintf(cases->write, "%s\n", line);
            continue;
        }
        if (getline(&want, &want_size, file) <= 0)
            break;
        want[strcspn(want, "\n")] = '\0';
        check_case(cases, line, want + 3);
    }
    if (file)
        fclose(file);
    free(line);
    free(want);
}

static void statements_are_printed_in_each_dialect(void)
{
    Cases cases = {0};
    bool opened = bench_open(&cases.bench, "public");
    CHECK(opened);
    if (!opened)
        return;
    run_cases(&cases);
    CHECK(cases.count > 60);
    CHECK(cases.wrong == 0);
    bench_close(&cases.bench);
}

static void literals_keep_their_backslashes(void)
{
    Arena *arena = arena_open(NULL);
    Str out;
    str_init(&out, arena);
    sql_quote_literal(sql_dialect("postgres"), "a\\b'c", &out);
    CHECK_STR(out.data, "E'a\\\\b''c'");
    str_reset(&out);
    sql_quote_literal(sql_dialect("duckdb"), "a\\b'c", &out);
    CHECK_STR(out.data, "'a\\b''c'");
    str_reset(&out);
    sql_quote_identifier(sql_dialect("sqlite"), "a\"b", &out);
    CHECK_STR(out.data, "\"a\"\"b\"");
    arena_close(arena);
}

static void check_engine_error(const char *text, const char *sqlstate, const char *message)
{
    Arena *arena = arena_open(NULL);
    Error error;
    error_init(&error, arena);
    CHECK(!sql_engine_error(text, &error));
    CHECK_STR(error.sqlstate, sqlstate);
    CHECK_STR(error.message, message);
    arena_close(arena);
}

static void engine_errors_become_postgresql_s(void)
{
    check_engine_error("Out of Range Error: Overflow in addition of INT32 (2147483647 + 1)!", "22003", "integer out of range");
    check_engine_error("Conversion Error: Type INT64 with value 3000000000 can't be cast because the value is out of range for the "
                       "destination type INT32\n\nLINE 1: ...",
                       "22003", "integer out of range");
    check_engine_error("Invalid Input Error: More than one row returned by a subquery used as an expression - scalar subqueries can only "
                       "return a single row.",
                       "21000", "more than one row returned by a subquery used as an expression");
    check_engine_error("INTERNAL Error: whatever", "XX000", "local engine: INTERNAL Error: whatever");
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--write") == 0) {
        Cases cases = {0};
        if (!bench_open(&cases.bench, "public"))
            return 1;
        cases.write = stdout;
        run_cases(&cases);
        bench_close(&cases.bench);
        return 0;
    }
    RUN(statements_are_printed_in_each_dialect);
    RUN(literals_keep_their_backslashes);
    RUN(engine_errors_become_postgresql_s);
    return UNIT_RESULT();
}
