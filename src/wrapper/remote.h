/*
 * remote.h - what a session holds of the pools, as remote.c (who takes it), write.c (who writes over it) and two_phase.c (who commits it in
 * two phases) see it.
 */
#ifndef MEDLEY_WRAPPER_REMOTE_H
#define MEDLEY_WRAPPER_REMOTE_H

#include "wrapper/pool.h"

enum { SNAPSHOT_SIZE = 128, SERVER_NAME_SIZE = 64 };

typedef struct Lent {
    struct Lent *next;
    PoolEntry *entry;
    RemoteConnection connection; /* its target is its latest user's */
    unsigned char key[32];       /* of its pool */
    Oid server;
    int users;            /* who are using it: several at a time only where it is shared */
    bool is_shared;       /* it has locked or written rows, or is about to; each call of its module is a turn */
    pthread_mutex_t turn; /* held for so long, and no longer */
    bool begun;           /* in a remote transaction */
    int64_t since;        /* clock_ms() when it was taken out of the pool; 0: its connection is new */
    bool cancelled;       /* remote.c, invariant 3 */
    bool broken;
} Lent;

typedef struct Kept {
    struct Kept *next;
    unsigned char key[32];
    Oid server, mapping, user;
    char server_name[SERVER_NAME_SIZE];
    Lent *anchor;
    Lent *locker;    /* which locks and writes rows: the anchor, or another one; NULL: none yet */
    bool prepares;   /* what does not export its snapshot can be committed in two phases, and that may be asked for */
    bool is_alone;   /* no other connection is to see the snapshot: the anchor is the locker, and all goes over it */
    bool is_written; /* over the locker */
    bool is_lost;    /* one of them, in mid-transaction */
    char snapshot[SNAPSHOT_SIZE];
} Kept;

/* What locks or writes is kept for the target with whatever options: an ALTER SERVER counts from the next transaction on. */
Kept *remote_find_kept(const RemoteSession *session, const RemoteTarget *target);
/* What was written there is not undone by the loss of another connection: nothing was written over that. */
bool remote_check_written(const Kept *kept, Error *error) MUST_CHECK;
/* Keeps the target no longer; its connections are still the session's. */
void remote_unkeep(RemoteSession *session, Kept *kept);
/* Ends the remote transaction, if there is one, and gives the connection back. false: its COMMIT failed. */
bool remote_settle(RemoteSession *session, Lent *lent, bool commit, Error *error) MUST_CHECK;

/* ---- two_phase.c ---- */

/* Undoes what was prepared. */
void remote_rollback_prepared(RemoteSession *session);

#endif
