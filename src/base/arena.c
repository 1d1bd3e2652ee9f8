/*
 * arena.c - memory that ends with a lifetime.
 *
 * Invariants:
 *  1. What arena_alloc gives is zeroed, aligned for max_align_t, and lives until its arena is reset or closed.
 *  2. Deferred calls run last-in first-out, before any memory of the arena goes, children first.
 *  3. An arena is used by one thread at a time; different arenas never share state, but for the bound that holds for all in one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

/* The first block is of a size that malloc keeps at hand for its thread. */
enum { FIRST_BLOCK = 976, KEPT_AT_HAND = 1032, LARGEST_BLOCK = 256 * 1024, ALIGNMENT = 16, NEWEST_BLOCKS = 8 };

typedef struct Block {
    struct Block *next;
    size_t used, size;
    bool is_zeroed;
    _Alignas(ALIGNMENT) char data[];
} Block;

typedef struct Deferred {
    struct Deferred *next;
    void (*fn)(void *);
    void *arg;
} Deferred;

struct Arena {
    Arena *parent, *first_child, *previous_sibling, *next_sibling;
    Block *blocks; /* the newest first */
    Deferred *deferred;
    size_t next_block, total;
    ArenaBound *bound; /* NULL: none */
};

static void out_of_memory(size_t size)
{
    fprintf(stderr, "medley: out of memory (%zu bytes wanted)\n", size);
    abort();
}

/* calloc does not look among what is kept at hand: what is small is zeroed piece by piece, as it is given. */
static Block *new_block(size_t room)
{
    size_t size = sizeof(Block) + room;
    bool is_zeroed = size > KEPT_AT_HAND;
    Block *block = is_zeroed ? calloc(1, size) : malloc(size);
    if (!block)
        out_of_memory(size);
    block->used = 0;
    block->size = room;
    block->is_zeroed = is_zeroed;
    return block;
}

static size_t aligned(size_t size)
{
    return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static void count(Arena *arena, size_t size)
{
    arena->total += size;
    if (arena->bound) {
        arena->bound->used += size;
        arena->bound->is_over |= arena->bound->used > arena->bound->most;
    }
}

void arena_set_bound(Arena *arena, ArenaBound *bound)
{
    arena->bound = bound;
}

ArenaBound *arena_bound(const Arena *arena)
{
    return arena->bound;
}

bool arena_has_room(Arena *arena, size_t size)
{
    ArenaBound *bound = arena->bound;
    if (bound && (bound->used > bound->most || size > bound->most - bound->used))
        bound->is_over = true;
    return !bound || !bound->is_over;
}

Arena *arena_open(Arena *parent)
{
    Arena *arena = malloc(sizeof *arena);
    if (!arena)
        out_of_memory(sizeof *arena);
    *arena = (Arena){.next_block = FIRST_BLOCK, .parent = parent, .bound = parent ? parent->bound : NULL};
    if (parent) {
        arena->next_sibling = parent->first_child;
        if (parent->first_child)
            parent->first_child->previous_sibling = arena;
        parent->first_child = arena;
    }
    return arena;
}

void arena_reset(Arena *arena)
{
    while (arena->first_child)
        arena_close(arena->first_child);
    while (arena->deferred) {
        Deferred *deferred = arena->deferred;
        arena->deferred = deferred->next;
        deferred->fn(deferred->arg);
    }
    while (arena->blocks) {
        Block *block = arena->blocks;
        arena->blocks = block->next;
        free(block);
    }
    if (arena->bound)
        arena->bound->used -= arena->total;
    arena->total = 0;
    arena->next_block = FIRST_BLOCK;
}

void arena_close(Arena *arena)
{
    if (!arena)
        return;
    arena_reset(arena);
    if (arena->previous_sibling)
        arena->previous_sibling->next_sibling = arena->next_sibling;
    else if (arena->parent)
        arena->parent->first_child = arena->next_sibling;
    if (arena->next_sibling)
        arena->next_sibling->previous_sibling = arena->previous_sibling;
    free(arena);
}

void *arena_alloc(Arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        out_of_memory(size);
    size = aligned(size);
    Block *block = arena->blocks;
    if (!block || block->size - block->used < size) {
        size_t room = size > arena->next_block ? size : arena->next_block;
        Block *fresh = new_block(room);
        count(arena, sizeof(Block) + room);
        /* A block made to measure goes behind the current one, whose rest stays usable. */
        if (block && room == size && block->size - block->used >= 256) {
            fresh->next = block->next;
            block->next = fresh;
        } else {
            fresh->next = block;
            arena->blocks = fresh;
        }
        if (arena->next_block < LARGEST_BLOCK)
            arena->next_block *= 2;
        block = fresh;
    }
    void *memory = block->data + block->used;
    block->used += size;
    return block->is_zeroed ? memory : memset(memory, 0, size);
}

void *arena_grow(Arena *arena, void *old, size_t old_size, size_t new_size)
{
    void *memory = arena_alloc(arena, new_size);
    if (old_size)
        memcpy(memory, old, old_size);
    return memory;
}

/* A block that was made to measure is all its one owner's. */
static void *resize(Arena *arena, Block **link, size_t size)
{
    size_t old = (*link)->size;
    Block *block = realloc(*link, sizeof(Block) + size);
    if (!block)
        out_of_memory(size);
    count(arena, size - old);
    block->used = block->size = size;
    *link = block;
    return block->data;
}

void *arena_extend(Arena *arena, void *old, size_t old_size, size_t new_size)
{
    Block **link = &arena->blocks;
    for (int i = 0; i < NEWEST_BLOCKS && *link && new_size < SIZE_MAX / 2; i++, link = &(*link)->next)
        if ((*link)->size > LARGEST_BLOCK && (*link)->data == old && new_size > (*link)->size)
            return resize(arena, link, aligned(new_size));
    return arena_grow(arena, old, old_size, new_size);
}

char *arena_strndup(Arena *arena, const char *text, size_t len)
{
    char *copy = arena_alloc(arena, len + 1);
    memcpy(copy, text, len);
    return copy;
}

char *arena_strdup(Arena *arena, const char *text)
{
    return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_vprintf(Arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    char *text = arena_alloc(arena, (size_t)(len < 0 ? 0 : len) + 1);
    if (len > 0)
        vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

char *arena_printf(Arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

void arena_defer(Arena *arena, void (*fn)(void *), void *arg)
{
    Deferred *deferred = ARENA_NEW(arena, Deferred);
    *deferred = (Deferred){arena->deferred, fn, arg};
    arena->deferred = deferred;
}

size_t arena_size(const Arena *arena)
{
    return arena->total;
}
