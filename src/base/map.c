/*
 * map.c - a hash map from bytes to pointers, open addressing with linear probing.
 *
 * Invariants:
 *  1. The table's size is a power of two and at most 3/4 of it is in use.
 *  2. Removal shifts later entries of the run back, so there are no tombstones.
 */
#include <string.h>

#include "base/base.h"

typedef struct Entry {
    const char *key; /* NULL: free */
    size_t len;
    uint64_t hash;
    void *value;
} Entry;

struct Map {
    Arena *arena;
    Entry *entries;
    size_t size, count;
};

/* FNV-1a, then a final mix so that the low bits depend on all of the key. */
static uint64_t hash_bytes(const void *key, size_t len)
{
    const unsigned char *bytes = key;
    uint64_t hash = 1469598103934665603u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ bytes[i]) * 1099511628211u;
    hash ^= hash >> 32;
    return hash * 0x9E3779B97F4A7C15u;
}

Map *map_open(Arena *arena)
{
    Map *map = ARENA_NEW(arena, Map);
    map->arena = arena;
    map->size = 16;
    map->entries = ARENA_ARRAY(arena, Entry, map->size);
    return map;
}

static Entry *find(const Map *map, const void *key, size_t len, uint64_t hash)
{
    for (size_t i = hash & (map->size - 1);; i = (i + 1) & (map->size - 1)) {
        Entry *entry = &map->entries[i];
        if (!entry->key || (entry->hash == hash && entry->len == len && memcmp(entry->key, key, len) == 0))
            return entry;
    }
}

static void grow(Map *map)
{
    Entry *old = map->entries;
    size_t old_size = map->size;
    map->size *= 2;
    map->entries = ARENA_ARRAY(map->arena, Entry, map->size);
    for (size_t i = 0; i < old_size; i++)
        if (old[i].key)
            *find(map, old[i].key, old[i].len, old[i].hash) = old[i];
}

void *map_get(const Map *map, const void *key, size_t len)
{
    return find(map, key, len, hash_bytes(key, len))->value;
}

void map_put(Map *map, const void *key, size_t len, void *value)
{
    uint64_t hash = hash_bytes(key, len);
    Entry *entry = find(map, key, len, hash);
    if (!entry->key) {
        if ((map->count + 1) * 4 > map->size * 3) {
            grow(map);
            entry = find(map, key, len, hash);
        }
        *entry = (Entry){.key = arena_strndup(map->arena, key, len), .len = len, .hash = hash};
        map->count++;
    }
    entry->value = value;
}

void *map_remove(Map *map, const void *key, size_t len)
{
    Entry *entry = find(map, key, len, hash_bytes(key, len));
    if (!entry->key)
        return NULL;
    void *value = entry->value;
    size_t mask = map->size - 1, hole = (size_t)(entry - map->entries);
    for (size_t i = (hole + 1) & mask; map->entries[i].key; i = (i + 1) & mask) {
        size_t home = map->entries[i].hash & mask;
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            map->entries[hole] = map->entries[i];
            hole = i;
        }
    }
    map->entries[hole] = (Entry){0};
    map->count--;
    return value;
}

size_t map_count(const Map *map)
{
    return map->count;
}

void map_each(const Map *map, void (*fn)(void *arg, const void *key, size_t len, void *value), void *arg)
{
    for (size_t i = 0; i < map->size; i++)
        if (map->entries[i].key)
            fn(arg, map->entries[i].key, map->entries[i].len, map->entries[i].value);
}
