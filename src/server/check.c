/*
 * check.c - `medley check`: is the catalog of a data directory whole?
 *
 * The directory must not be in use: the check takes the same lock as the server. It reads only.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/server.h"

static void print_finding(void *arg, const char *finding)
{
    puts(finding);
}

static int fail(const Error *error)
{
    fprintf(stderr, "medley: %s%s%s\n", error->message, error->detail ? ": " : "", error->detail ? error->detail : "");
    return 2;
}

int server_check(const ServerOptions *options)
{
    Arena *arena = arena_open(NULL);
    Error error;
    error_init(&error, arena);
    if (access(arena_printf(arena, "%s/catalog.db", options->data_directory), F_OK) != 0) {
        fprintf(stderr, "medley: \"%s\" is no data directory: %s\n", options->data_directory, strerror(errno));
        arena_close(arena);
        return 2;
    }
    CatalogStoreOptions store_options = {.directory = options->data_directory,
                                         .key_file = options->key_file,
                                         .superuser = options->superuser,
                                         .log = log_open(arena, options->log_level)};
    CatalogStore *store = catalog_store_open(&store_options, arena, &error);
    Catalog *catalog = store ? catalog_open(store, arena, NULL, NULL) : NULL;
    size_t findings = 0;
    int status;
    if (!catalog || !catalog_verify(catalog, print_finding, NULL, &findings, &error))
        status = fail(&error);
    else {
        printf(findings ? "%zu findings: the catalog is not whole\n" : "%zu findings: the catalog is whole\n", findings);
        status = findings ? 1 : 0;
    }
    if (catalog)
        catalog_close(catalog);
    if (store)
        catalog_store_close(store);
    arena_close(arena);
    return status;
}
