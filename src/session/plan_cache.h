/*
 * plan_cache.h - plans that may be used again, by any session: one cache a process, bounded by bytes.
 *
 * A key says for whom and under which settings a plan was made; the entry says for which version of the catalog. Entries are immutable and
 * counted: who found one uses it for as long as it holds it, whatever becomes of the cache.
 */
#ifndef MEDLEY_SESSION_PLAN_CACHE_H
#define MEDLEY_SESSION_PLAN_CACHE_H

#include "plan/plan.h"

typedef struct PlanCache PlanCache;

typedef struct CachedPlan {
    Arena *arena; /* the entry's own, with all it points to */
    const char *key;
    size_t key_length;
    uint64_t version; /* of the catalog */
    const Plan *plan; /* NULL: of a shape whose constants are part of further keys, or that is not worth a look (`hopeless`) */
    bool hopeless;
    int64_t expires_ms; /* by clock_ms; 0: never */
    /* a shape: which of its literals are parameters; a prepared statement: what its parameters are */
    uint64_t lifted;
    const Oid *types;
    int ntypes;
    CatalogPin *pin;
    const struct KeptParse *parse; /* what Parse made of a text; then there is no plan */
    /* plan_cache.c's own */
    struct PlanCacheEntry *entry;
} CachedPlan;

PlanCache *plan_cache_open(Arena *arena, size_t max_bytes);
/* NULL: there is none. To be released. `version`: what the catalog is at; an entry of another one is none. */
CachedPlan *plan_cache_find(PlanCache *cache, const char *key, size_t length, uint64_t version);
/* Takes the entry's first reference from the caller, and gives it back as its own: release it. An older one of that key goes. */
void plan_cache_put(PlanCache *cache, CachedPlan *plan);
/* Whether the key was seen before, as far as that is remembered; now it was. */
bool plan_cache_saw(PlanCache *cache, const char *key, size_t length);

/* In an arena of its own, which is the entry's from now on. One reference, the caller's. */
CachedPlan *cached_plan_new(Arena *arena, const char *key, size_t length, uint64_t version);
void cached_plan_hold(CachedPlan *plan);
void cached_plan_release(CachedPlan *plan); /* any thread; NULL is fine */

#endif
