/*
 * sql_bench.h - a fresh catalog in a temporary folder, for tests of analysis and printing.
 */
#ifndef SQL_BENCH_H
#define SQL_BENCH_H

#include <stdlib.h>
#include <unistd.h>

#include "sql/sql.h"
#include "unit.h"

typedef struct Bench {
    char folder[sizeof "/tmp/medley_sql_XXXXXX"];
    Arena *arena;
    CatalogStore *store;
    Catalog *catalog;
    TypeContext types;
    FuncContext functions;
} Bench;

static inline bool bench_open(Bench *bench, const char *search_path)
{
    Error error;
    *bench = (Bench){.arena = arena_open(NULL)};
    error_init(&error, bench->arena);
    strcpy(bench->folder, "/tmp/medley_sql_XXXXXX");
    if (!mkdtemp(bench->folder))
        return false;
    CatalogStoreOptions options = {.directory = arena_printf(bench->arena, "%s/data", bench->folder),
                                   .key_file = arena_printf(bench->arena, "%s/key", bench->folder),
                                   .superuser = "postgres",
                                   .log = log_open(bench->arena, LOG_ERROR_LEVEL)};
    bench->store = catalog_store_open(&options, bench->arena, &error);
    if (!bench->store) {
        printf("# %s\n", error.message);
        return false;
    }
    bench->catalog = catalog_open(bench->store, bench->arena, NULL, NULL);
    catalog_set_search_path(bench->catalog, search_path, 10);
    catalog_set_type_parser(bench->catalog, sql_read_type);
    bench->types = TYPE_CONTEXT_CANONICAL;
    bench->types.resolver = catalog_resolver(bench->catalog);
    bench->functions =
        (FuncContext){.catalog = bench->catalog, .types = &bench->types, .current_user = 10, .session_user = 10, .database = "postgres"};
    return true;
}

static inline void bench_close(Bench *bench)
{
    catalog_close(bench->catalog);
    catalog_store_close(bench->store);
    arena_close(bench->arena);
    char command[sizeof bench->folder + 16];
    snprintf(command, sizeof command, "rm -rf %s", bench->folder);
    CHECK(system(command) == 0);
}

#endif
