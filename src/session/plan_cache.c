/*
 * plan_cache.c - the process's plans: a hash table whose least recently used entries make room.
 *
 * Invariants:
 *  1. The entries together never hold more than max_bytes, nor more than MOST_ENTRIES; one alone at most an eighth of that.
 *  2. All entries are of one version of the catalog: the first of a newer one drops the rest, so that no outdated records stay pinned.
 *  3. Nothing is freed under the lock.
 * Threads: any. The lock guards the table and the list; an entry's contents are immutable.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "session/plan_cache.h"
#include "session/session.h"

enum { BUCKETS = 4096, MOST_ENTRIES = 4 * BUCKETS, SEEN = 8192 };

typedef struct PlanCacheEntry {
    struct PlanCacheEntry *next, *newer, *older; /* in its bucket; in the order of use */
    _Atomic int references;
    uint64_t hash;
    size_t bytes;
    CachedPlan plan;
} Entry;

struct PlanCache {
    pthread_mutex_t lock;
    size_t max_bytes, bytes, count;
    uint64_t version; /* of all entries */
    Entry *buckets[BUCKETS];
    Entry *newest, *oldest;
    _Atomic uint64_t seen[SEEN]; /* hashes of keys, each in the one place it may have */
};

static uint64_t hash_bytes(const char *bytes, size_t length)
{
    uint64_t hash = 0x9E3779B97F4A7C15u ^ length;
    for (; length >= 8; bytes += 8, length -= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        hash = (hash ^ word) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    for (; length; bytes++, length--)
        hash = (hash ^ (unsigned char)*bytes) * 0xc4ceb9fe1a85ec53u;
    return hash ^ hash >> 29;
}

static void close_cache(void *arg)
{
    PlanCache *cache = arg;
    while (cache->newest) {
        Entry *entry = cache->newest;
        cache->newest = entry->older;
        cached_plan_release(&entry->plan);
    }
    pthread_mutex_destroy(&cache->lock);
}

PlanCache *plan_cache_open(Arena *arena, size_t max_bytes)
{
    PlanCache *cache = ARENA_NEW(arena, PlanCache);
    cache->max_bytes = max_bytes;
    pthread_mutex_init(&cache->lock, NULL);
    arena_defer(arena, close_cache, cache);
    return cache;
}

/* ---- entries ---- */

CachedPlan *cached_plan_new(Arena *arena, const char *key, size_t length, uint64_t version)
{
    Entry *entry = calloc(1, sizeof *entry);
    if (!entry)
        abort();
    atomic_init(&entry->references, 1);
    entry->hash = hash_bytes(key, length);
    entry->plan =
        (CachedPlan){.arena = arena, .key = arena_strndup(arena, key, length), .key_length = length, .version = version, .entry = entry};
    return &entry->plan;
}

void cached_plan_hold(CachedPlan *plan)
{
    atomic_fetch_add(&plan->entry->references, 1);
}

void cached_plan_release(CachedPlan *plan)
{
    if (!plan || atomic_fetch_sub(&plan->entry->references, 1) != 1)
        return;
    catalog_unpin(plan->pin);
    arena_close(plan->arena);
    free(plan->entry);
}

/* ---- the table, under the lock ---- */

static Entry **place_of(PlanCache *cache, const char *key, size_t length, uint64_t hash)
{
    Entry **at = &cache->buckets[hash % BUCKETS];
    while (*at && ((*at)->hash != hash || (*at)->plan.key_length != length || memcmp((*at)->plan.key, key, length) != 0))
        at = &(*at)->next;
    return at;
}

static void unlink_entry(PlanCache *cache, Entry *entry)
{
    *(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
    entry->newer = entry->older = NULL;
}

static void link_newest(PlanCache *cache, Entry *entry)
{
    entry->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

/* Out of the table, into the list of what is to be released. */
static void drop(PlanCache *cache, Entry *entry, Entry **dropped)
{
    *place_of(cache, entry->plan.key, entry->plan.key_length, entry->hash) = entry->next;
    unlink_entry(cache, entry);
    cache->bytes -= entry->bytes;
    cache->count--;
    entry->next = *dropped;
    *dropped = entry;
}

static void release_all(Entry *dropped)
{
    while (dropped) {
        Entry *entry = dropped;
        dropped = entry->next;
        cached_plan_release(&entry->plan);
    }
}

CachedPlan *plan_cache_find(PlanCache *cache, const char *key, size_t length, uint64_t version)
{
    uint64_t hash = hash_bytes(key, length);
    pthread_mutex_lock(&cache->lock);
    Entry *entry = cache->version == version ? *place_of(cache, key, length, hash) : NULL, *dropped = NULL;
    if (entry && entry->plan.expires_ms && entry->plan.expires_ms <= clock_ms()) {
        drop(cache, entry, &dropped);
        entry = NULL;
    }
    if (entry) {
        cached_plan_hold(&entry->plan);
        if (cache->newest != entry) {
            unlink_entry(cache, entry);
            link_newest(cache, entry);
        }
    }
    pthread_mutex_unlock(&cache->lock);
    release_all(dropped);
    return entry ? &entry->plan : NULL;
}

void plan_cache_put(PlanCache *cache, CachedPlan *plan)
{
    Entry *entry = plan->entry, *dropped = NULL;
    entry->bytes = sizeof *entry + arena_size(plan->arena);
    pthread_mutex_lock(&cache->lock);
    if (plan->version > cache->version) {
        while (cache->oldest)
            drop(cache, cache->oldest, &dropped);
        cache->version = plan->version;
    }
    if (plan->version == cache->version && entry->bytes <= cache->max_bytes / 8) {
        Entry **at = place_of(cache, plan->key, plan->key_length, entry->hash);
        if (*at)
            drop(cache, *at, &dropped);
        while (cache->oldest && (cache->bytes + entry->bytes > cache->max_bytes || cache->count >= MOST_ENTRIES))
            drop(cache, cache->oldest, &dropped);
        cached_plan_hold(plan);
        at = &cache->buckets[entry->hash % BUCKETS];
        entry->next = *at;
        *at = entry;
        link_newest(cache, entry);
        cache->bytes += entry->bytes;
        cache->count++;
    }
    pthread_mutex_unlock(&cache->lock);
    release_all(dropped);
}

bool plan_cache_saw(PlanCache *cache, const char *key, size_t length)
{
    uint64_t hash = hash_bytes(key, length);
    return atomic_exchange_explicit(&cache->seen[hash % SEEN], hash, memory_order_relaxed) == hash;
}
