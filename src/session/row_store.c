/*
 * row_store.c - rows kept for later, in blocks: the first in memory, the others in a file.
 *
 * Invariants:
 *  1. Every block but the open one has ROWS_A_BLOCK rows: a row's number tells its block.
 *  2. The file has no name: nothing is left behind, whatever ends the process.
 * Entered by the session's worker only.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "session/row_store.h"

enum { ROWS_A_BLOCK = 64 };

typedef struct Block {
    const char *bytes; /* NULL: in the file */
    off_t offset;
    size_t len;
} Block;

struct RowStore {
    Arena *arena;
    int ncolumns, fd; /* -1: no file yet */
    size_t memory_limit, memory;
    int64_t file_limit; /* kB; -1: none */
    off_t file_size;
    const char *directory;
    VEC(Block) blocks;
    uint64_t nrows;
    Arena *open_arena;
    Str open; /* the block that is being filled */
    Arena *read_arena;
    const char *read_bytes; /* of block read_block, when that is in the file */
    size_t read_block;
};

/* What lies before a value's bytes. */
typedef struct CellHead {
    uint8_t is_null, physical, scale, has_bytes;
    uint32_t len;
} CellHead;

RowStore *row_store_open(int ncolumns, size_t memory_limit, int64_t file_limit, const char *directory)
{
    Arena *arena = arena_open(NULL);
    RowStore *store = ARENA_NEW(arena, RowStore);
    *store = (RowStore){
        .arena = arena, .ncolumns = ncolumns, .fd = -1, .memory_limit = memory_limit, .file_limit = file_limit, .read_block = SIZE_MAX};
    store->directory = arena_strdup(arena, directory);
    store->open_arena = arena_open(arena);
    store->read_arena = arena_open(arena);
    str_init(&store->open, store->open_arena);
    return store;
}

void row_store_close(RowStore *store)
{
    if (store->fd >= 0)
        close(store->fd);
    arena_close(store->arena);
}

static bool file_failed(const char *what, Error *error)
{
    const char *sqlstate = errno == ENOSPC ? ERRCODE_DISK_FULL : ERRCODE_IO_ERROR;
    return error_set(error, sqlstate, "could not %s the temporary file of a cursor: %s", what, strerror(errno));
}

static bool open_file(RowStore *store, Error *error)
{
    if (store->fd >= 0)
        return true;
    char *path = arena_printf(store->arena, "%s/cursor-XXXXXX", store->directory);
    if (mkdir(store->directory, 0700) != 0 && errno != EEXIST)
        return file_failed("make the folder of", error);
    store->fd = mkostemp(path, O_CLOEXEC);
    if (store->fd < 0)
        return file_failed("create", error);
    unlink(path);
    return true;
}

static bool write_block(RowStore *store, Block *block, Error *error)
{
    if (store->file_limit >= 0 && store->file_size + (off_t)block->len > store->file_limit * 1024)
        return error_set(error, ERRCODE_CONFIGURATION_LIMIT_EXCEEDED, "temporary file size exceeds temp_file_limit (%" PRId64 "kB)",
                         store->file_limit);
    if (!open_file(store, error))
        return false;
    block->offset = store->file_size;
    for (size_t done = 0; done < block->len;) {
        ssize_t n = pwrite(store->fd, store->open.data + done, block->len - done, block->offset + (off_t)done);
        if (n < 0 && errno != EINTR)
            return file_failed("write", error);
        done += n > 0 ? (size_t)n : 0;
    }
    store->file_size += (off_t)block->len;
    return true;
}

static bool end_block(RowStore *store, Error *error)
{
    Block block = {.len = store->open.len};
    if (store->memory + block.len <= store->memory_limit) {
        store->memory += block.len;
        block.bytes = arena_strndup(store->arena, store->open.data, block.len);
    } else if (!write_block(store, &block, error)) {
        return false;
    }
    vec_push(store->arena, &store->blocks, block);
    arena_reset(store->open_arena);
    str_init(&store->open, store->open_arena);
    return true;
}

static void put_cell(Str *out, const Value *value)
{
    bool has_bytes = value->physical == FDW_STRING || value->physical == FDW_BYTES;
    CellHead head = {.is_null = value->is_null, .physical = (uint8_t)value->physical, .scale = value->scale, .has_bytes = has_bytes};
    if (!value->is_null)
        head.len = has_bytes ? (uint32_t)value->s.len : sizeof(__int128);
    str_addn(out, (const char *)&head, sizeof head);
    if (head.len)
        str_addn(out, has_bytes ? value->s.ptr : (const char *)&value->i128, head.len);
}

static const char *get_cell(const char *from, Value *value)
{
    CellHead head;
    memcpy(&head, from, sizeof head);
    from += sizeof head;
    *value = (Value){.is_null = head.is_null, .physical = (FdwPhysical)head.physical, .scale = head.scale};
    if (head.has_bytes) {
        value->s.ptr = from;
        value->s.len = head.len;
    } else {
        memcpy(&value->i128, from, head.len);
    }
    return from + head.len;
}

bool row_store_add(RowStore *store, const FdwBatch *batch, size_t first, size_t count, Error *error)
{
    for (size_t row = first; row < first + count; row++) {
        for (int i = 0; i < store->ncolumns; i++) {
            Value value = type_vector_get(&batch->vectors[i], row);
            put_cell(&store->open, &value);
        }
        store->nrows++;
        if (store->nrows % ROWS_A_BLOCK == 0 && !end_block(store, error))
            return false;
    }
    return true;
}

uint64_t row_store_count(const RowStore *store)
{
    return store->nrows;
}

static const char *read_block(RowStore *store, size_t index, Error *error)
{
    if (index == store->blocks.count)
        return store->open.data;
    const Block *block = &store->blocks.items[index];
    if (block->bytes || store->read_block == index)
        return block->bytes ? block->bytes : store->read_bytes;
    store->read_block = SIZE_MAX;
    arena_reset(store->read_arena);
    char *bytes = arena_alloc(store->read_arena, block->len + 1);
    for (size_t done = 0; done < block->len;) {
        ssize_t n = pread(store->fd, bytes + done, block->len - done, block->offset + (off_t)done);
        if (n == 0)
            errno = EIO;
        if (n == 0 || (n < 0 && errno != EINTR)) {
            file_failed("read", error);
            return NULL;
        }
        done += n > 0 ? (size_t)n : 0;
    }
    store->read_block = index;
    return store->read_bytes = bytes;
}

bool row_store_get(RowStore *store, uint64_t row, Value *values, Error *error)
{
    if (!store->ncolumns)
        return true;
    const char *at = read_block(store, (row - 1) / ROWS_A_BLOCK, error);
    if (!at)
        return false;
    for (uint64_t skip = (row - 1) % ROWS_A_BLOCK + 1; skip; skip--)
        for (int i = 0; i < store->ncolumns; i++)
            at = get_cell(at, &values[i]);
    return true;
}
