/*
 * version.c - of which version each source is, as its connections have said.
 *
 * Invariants:
 *  1. A place holds the version of one target, found by the hash that the target's key is; a new one takes the place of an old one.
 *  2. Each connection that is opened says it anew: what is known is what the source was when it was last connected to.
 *  3. The lock is never held while a source is connected to.
 *
 * Any thread.
 */
#include <string.h>

#include "wrapper/wrapper_internal.h"

enum { PLACES = 1024 };

typedef struct Versions {
    pthread_mutex_t lock;
    struct VersionPlace {
        unsigned char key[32];
        int version;
    } places[PLACES];
} Versions;

Versions *versions_open(Arena *arena)
{
    Versions *versions = ARENA_NEW(arena, Versions);
    pthread_mutex_init(&versions->lock, NULL);
    return versions;
}

void versions_close(Versions *versions)
{
    pthread_mutex_destroy(&versions->lock);
}

static struct VersionPlace *place_of(Versions *versions, const RemoteTarget *target)
{
    uint32_t hash;
    memcpy(&hash, target->key, sizeof hash);
    return &versions->places[hash % PLACES];
}

static int find(Versions *versions, const RemoteTarget *target)
{
    pthread_mutex_lock(&versions->lock);
    const struct VersionPlace *place = place_of(versions, target);
    int version = memcmp(place->key, target->key, sizeof place->key) == 0 ? place->version : 0;
    pthread_mutex_unlock(&versions->lock);
    return version;
}

void versions_learn(Versions *versions, const RemoteTarget *target, const FdwConnection *connection)
{
    if (!target->module->source_version)
        return;
    int version = target->module->source_version(connection);
    pthread_mutex_lock(&versions->lock);
    struct VersionPlace *place = place_of(versions, target);
    memcpy(place->key, target->key, sizeof place->key);
    place->version = version;
    pthread_mutex_unlock(&versions->lock);
}

int remote_version(RemoteSession *session, const RemoteTarget *target, bool in_transaction)
{
    Versions *versions = session->host->versions;
    int version = find(versions, target);
    if (version || !target->module->source_version)
        return version;
    Arena *arena = arena_open(NULL);
    Error ignored;
    error_init(&ignored, arena);
    RemoteWant want = {.target = target, .connections = 1};
    if (remote_acquire(session, &want, 1, in_transaction, arena, &ignored)) {
        versions_learn(versions, target, want.given[0]->connection);
        remote_release(session, want.given[0], false);
    }
    arena_close(arena);
    return find(versions, target);
}

int wrapper_known_version(WrapperHost *host, const RemoteTarget *target)
{
    return find(host->versions, target);
}
