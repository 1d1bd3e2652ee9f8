/*
 * func_network.c - parts of network addresses, and the casts to text and from it of types that lie as text.
 *
 * Any thread.
 */
#include <stdlib.h>

#include "func/func_internal.h"

/* The mask's bits, which a host's address does not show. */
static int mask_of(FuncCall *call)
{
    const char *address = arg_text(call, 0), *slash = strchr(address, '/');
    return slash ? atoi(slash + 1) : strchr(address, ':') ? 128 : 32;
}

static int host_length(const Value *address)
{
    const char *slash = memchr(address->s.ptr, '/', address->s.len);
    return (int)(slash ? (size_t)(slash - address->s.ptr) : address->s.len);
}

static bool inet_text(FuncCall *call)
{
    const Value *address = &call->args[0];
    return return_text(call, arena_printf(call->arena, "%.*s/%d", host_length(address), address->s.ptr, mask_of(call)));
}

static bool inet_host(FuncCall *call)
{
    return return_bytes(call, call->args[0].s.ptr, (size_t)host_length(&call->args[0]));
}

static bool inet_masklen(FuncCall *call)
{
    return return_int(call, mask_of(call));
}

static bool inet_family(FuncCall *call)
{
    return return_int(call, memchr(call->args[0].s.ptr, ':', call->args[0].s.len) ? 6 : 4);
}

static bool xml_of_text(FuncCall *call)
{
    const Value *text = &call->args[0];
    return type_input(TYPE_XML, -1, text->s.ptr, text->s.len, &TYPE_CONTEXT_CANONICAL, call->arena, call->result, call->error);
}

static const FuncRow ROWS[] = {
    {F_TEXT_INET, inet_text},     {F_HOST_INET, inet_host},  {F_MASKLEN_INET, inet_masklen},
    {F_FAMILY_INET, inet_family}, {F_XML_TEXT, xml_of_text},
};
const FuncTable FUNC_TABLE_NETWORK = {ROWS, COUNT_OF(ROWS)};
