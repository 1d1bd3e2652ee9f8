/*
 * target.c - what a wrapper needs to know of catalog objects: a server as one user reaches it, a table with its columns.
 *
 * Invariants:
 *  1. All that is made here is copied into the caller's arena: catalog records may go before it does.
 *  2. Two targets have the same pool key only if every connection that serves the one serves the other: same server, same mapping, same
 *     options, same password rule.
 *
 * Entered by a session's worker.
 */
#include <sodium.h>
#include <string.h>

#include "wrapper/wrapper_internal.h"

static FdwOptions copy_options(const FdwOptions *options, Arena *arena)
{
    FdwOptionValue *items = ARENA_ARRAY(arena, FdwOptionValue, options->count + 1);
    for (size_t i = 0; i < options->count; i++)
        items[i] = (FdwOptionValue){arena_strdup(arena, options->items[i].name), arena_strdup(arena, options->items[i].value)};
    return (FdwOptions){items, options->count};
}

static const CatServer *copy_server(const CatServer *server, Arena *arena)
{
    CatServer *copy = ARENA_NEW(arena, CatServer);
    *copy = *server;
    copy->name = arena_strdup(arena, server->name);
    copy->type = arena_strdup(arena, server->type);
    copy->version = arena_strdup(arena, server->version);
    copy->acl = arena_strdup(arena, server->acl);
    copy->options = copy_options(&server->options, arena);
    return copy;
}

static const CatWrapper *copy_wrapper(const CatWrapper *wrapper, Arena *arena)
{
    CatWrapper *copy = ARENA_NEW(arena, CatWrapper);
    *copy = *wrapper;
    copy->name = arena_strdup(arena, wrapper->name);
    copy->module = arena_strdup(arena, wrapper->module);
    copy->acl = arena_strdup(arena, wrapper->acl);
    copy->options = copy_options(&wrapper->options, arena);
    return copy;
}

static void hash_text(crypto_generichash_state *state, const char *text)
{
    crypto_generichash_update(state, (const unsigned char *)text, strlen(text) + 1);
}

static void hash_options(crypto_generichash_state *state, const FdwOptions *options)
{
    crypto_generichash_update(state, (const unsigned char *)&options->count, sizeof options->count);
    for (size_t i = 0; i < options->count; i++) {
        hash_text(state, options->items[i].name);
        hash_text(state, options->items[i].value);
    }
}

static void set_key(RemoteTarget *target)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof target->key);
    uint32_t identity[] = {target->server->oid, target->wrapper->oid, target->mapping, target->info.is_superuser};
    crypto_generichash_update(&state, (const unsigned char *)identity, sizeof identity);
    hash_options(&state, &target->info.wrapper_options);
    hash_options(&state, &target->info.server_options);
    hash_options(&state, &target->info.mapping_options);
    crypto_generichash_final(&state, target->key, sizeof target->key);
}

RemoteTarget *wrapper_target(WrapperHost *host, Catalog *catalog, Oid server_oid, Oid user, Arena *arena, Error *error)
{
    RemoteTarget *target = ARENA_NEW(arena, RemoteTarget);
    const CatServer *server = catalog_server(catalog, server_oid);
    const CatWrapper *wrapper = server ? catalog_wrapper(catalog, server->wrapper) : NULL;
    if (!wrapper)
        return error_set(error, ERRCODE_UNDEFINED_OBJECT, "cache lookup failed for foreign server %u", server_oid), NULL;
    target->server = copy_server(server, arena);
    target->wrapper = copy_wrapper(wrapper, arena);
    if (!catalog_check_handler(target->wrapper, error))
        return NULL;
    target->module = wrapper_module(host, target->wrapper->module, error);
    if (!target->module)
        return NULL;
    const CatRole *role = catalog_role(catalog, user);
    target->user = user;
    target->user_name = arena_strdup(arena, role ? role->name : "unknown");
    const CatUserMapping *mapping = catalog_user_mapping_effective(catalog, user, server_oid);
    target->info = (FdwConnectInfo){
        .server_name = target->server->name,
        .wrapper_options = target->wrapper->options,
        .server_options = target->server->options,
        .has_mapping = mapping != NULL,
    };
    if (mapping) {
        target->mapping = mapping->oid;
        target->info.mapping_options = copy_options(&mapping->options, arena);
    }
    target->info.is_superuser = catalog_is_superuser(catalog, user);
    set_key(target);
    return target;
}

bool wrapper_check_mapping(const RemoteTarget *target, Error *error)
{
    return !target->module->needs_mapping || target->info.has_mapping ||
           error_set(error, ERRCODE_UNDEFINED_OBJECT, "user mapping not found for \"%s\"", target->user_name);
}

static Oid binary_type(Catalog *catalog, Oid type)
{
    Oid base = catalog_base_type(catalog, type, NULL);
    const CatType *row = catalog_type(catalog, base);
    if (row && row->kind == 'e')
        return TYPE_TEXT;
    return base < FIRST_USER_OID ? base : 0;
}

FdwTable *wrapper_table(const CatRelation *relation, Catalog *catalog, Arena *arena)
{
    FdwTable *table = ARENA_NEW(arena, FdwTable);
    FdwColumn *columns = ARENA_ARRAY(arena, FdwColumn, relation->ncolumns + 1);
    for (int i = 0; i < relation->ncolumns; i++) {
        const CatColumn *column = &relation->columns[i];
        if (column->dropped)
            continue;
        columns[i] = (FdwColumn){
            .name = arena_strdup(arena, column->name),
            .type = type_layout(column->type, column->typmod),
            .not_null = column->not_null,
            .is_generated = column->generated != 0,
            .options = copy_options(&column->options, arena),
            .binary = binary_type(catalog, column->type),
        };
    }
    table->schema = arena_strdup(arena, relation->schema);
    table->name = arena_strdup(arena, relation->name);
    table->options = copy_options(&relation->options, arena);
    table->columns = columns;
    table->ncolumns = (size_t)relation->ncolumns;
    const CatServer *server = relation->server ? catalog_server(catalog, relation->server) : NULL;
    const CatWrapper *wrapper = server ? catalog_wrapper(catalog, server->wrapper) : NULL;
    if (server)
        table->server_options = copy_options(&server->options, arena);
    if (wrapper)
        table->wrapper_options = copy_options(&wrapper->options, arena);
    return table;
}
