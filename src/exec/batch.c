/*
 * batch.c - batches of the host's own, and the set_string service for these and for the local engine's vectors.
 *
 * Invariants:
 *  1. FdwVector.owner of every vector that exec hands out is a VectorOwner.
 *  2. A string of up to 12 bytes lies inside its element, padded with zeros (the engine compares the whole element).
 *  3. Bytes in a StringPool stay where they are until the pool is reset.
 * Threads: a batch and its pool belong to one thread at a time.
 */
#include <stdlib.h>
#include <string.h>

#include "exec/internal.h"

enum { POOL_BLOCK = 64 * 1024 };

typedef struct StringBlock {
    struct StringBlock *next;
    size_t size;
    char data[];
} StringBlock;

static char *pool_alloc(StringPool *pool, size_t length)
{
    StringBlock *block = pool->blocks;
    if (!block || block->size - pool->used < length) {
        size_t size = length > POOL_BLOCK ? length : POOL_BLOCK;
        StringBlock *fresh = malloc(sizeof *fresh + size);
        if (!fresh)
            abort();
        *fresh = (StringBlock){.next = block, .size = size};
        pool->blocks = block = fresh;
        pool->used = 0;
    }
    char *memory = block->data + pool->used;
    pool->used += length;
    return memory;
}

void string_pool_reset(StringPool *pool)
{
    while (pool->blocks && (pool->blocks->next || pool->blocks->size > POOL_BLOCK)) {
        StringBlock *block = pool->blocks;
        pool->blocks = block->next;
        free(block);
    }
    pool->used = 0;
}

void string_pool_close(StringPool *pool)
{
    string_pool_reset(pool);
    free(pool->blocks);
    pool->blocks = NULL;
}

void batch_set_string(FdwVector *vector, size_t row, const char *bytes, size_t length)
{
    FdwString *string = (FdwString *)vector->data + row;
    VectorOwner *owner = vector->owner;
    if (length <= sizeof string->u.inlined) {
        *string = (FdwString){.length = (uint32_t)length};
        memcpy(string->u.inlined, bytes, length);
    } else if (!owner) { /* a vector of the wrapper's own, whose values are only looked at */
        *string = (FdwString){0};
    } else if (owner->vector) {
        duckdb_vector_assign_string_element_len(owner->vector, row, bytes, length);
    } else {
        char *copy = pool_alloc(owner->pool, length);
        memcpy(copy, bytes, length);
        string->length = (uint32_t)length;
        memcpy(string->u.at.prefix, bytes, sizeof string->u.at.prefix);
        string->u.at.pointer = copy;
    }
}

uint64_t *batch_all_valid(void)
{
    static const uint64_t ALL[BATCH_ROWS / 64] = {[0 ... BATCH_ROWS / 64 - 1] = UINT64_MAX};
    return (uint64_t *)(uintptr_t)ALL;
}

static void close_pool(void *arg)
{
    string_pool_close(arg);
}

static size_t validity_bytes(size_t rows)
{
    return (rows + 63) / 64 * sizeof(uint64_t);
}

HostBatch *host_batch_open(const FdwType *types, size_t count, size_t rows, Arena *arena)
{
    HostBatch *host = ARENA_NEW(arena, HostBatch);
    host->owner.pool = &host->pool;
    host->batch = (FdwBatch){.capacity = rows, .nvectors = count, .vectors = ARENA_ARRAY(arena, FdwVector, count)};
    for (size_t i = 0; i < count; i++) {
        host->batch.vectors[i] = (FdwVector){.type = types[i],
                                             .data = arena_alloc(arena, rows * batch_width(types[i].physical, types[i].precision)),
                                             .validity = arena_alloc(arena, validity_bytes(rows)),
                                             .owner = &host->owner};
    }
    arena_defer(arena, close_pool, &host->pool);
    host_batch_reset(host);
    return host;
}

void host_batch_reset(HostBatch *host)
{
    host->batch.count = 0;
    string_pool_reset(&host->pool);
    for (size_t i = 0; i < host->batch.nvectors; i++)
        memset(host->batch.vectors[i].validity, 0xff, validity_bytes(host->batch.capacity));
}
