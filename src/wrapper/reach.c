/*
 * reach.c - what a source is reached by, as a text: with a prepared transaction lies what it takes to end it, whatever becomes of the
 * server, the user mapping and the role meanwhile.
 *
 * Invariant: the text has the mapping's options in the clear; it lies sealed (catalog/coordinator.c) and is shown to nobody.
 *
 * Any thread.
 */
#include "wrapper/wrapper_internal.h"

static const char *options_text(const FdwOptions *options, Arena *arena)
{
    const char *text = catalog_options_text(options, arena);
    return text ? text : "{}";
}

const char *reach_text(const RemoteTarget *target, Arena *arena)
{
    const FdwConnectInfo *info = &target->info;
    const FdwOptionValue parts[] = {
        {"module", target->wrapper->module},
        {"server", info->server_name},
        {"wrapper_options", options_text(&info->wrapper_options, arena)},
        {"server_options", options_text(&info->server_options, arena)},
        {"mapping_options", options_text(&info->mapping_options, arena)},
        {"has_mapping", info->has_mapping ? "yes" : "no"},
        {"is_superuser", info->is_superuser ? "yes" : "no"},
    };
    return catalog_options_text(&(FdwOptions){parts, COUNT_OF(parts)}, arena);
}

bool reach_parse(WrapperHost *host, const char *text, Arena *arena, Reach *out, Error *error)
{
    FdwOptions parts = catalog_options_parse(text, arena);
    out->module = wrapper_module(host, catalog_option(&parts, "module"), error);
    out->info = (FdwConnectInfo){
        .server_name = catalog_option(&parts, "server"),
        .wrapper_options = catalog_options_parse(catalog_option(&parts, "wrapper_options"), arena),
        .server_options = catalog_options_parse(catalog_option(&parts, "server_options"), arena),
        .mapping_options = catalog_options_parse(catalog_option(&parts, "mapping_options"), arena),
        .has_mapping = str_eq(catalog_option(&parts, "has_mapping"), "yes"),
        .is_superuser = str_eq(catalog_option(&parts, "is_superuser"), "yes"),
    };
    return out->module != NULL;
}

bool reach_is_same_place(const Reach *a, const Reach *b, Arena *arena)
{
    return a->module == b->module && str_eq(options_text(&a->info.server_options, arena), options_text(&b->info.server_options, arena)) &&
           str_eq(options_text(&a->info.wrapper_options, arena), options_text(&b->info.wrapper_options, arena));
}
