/*
 * coordinator.h - the log of the transactions that are committed at several places at once.
 *
 * Coordinator is the process's, of one data directory. Who commits such a transaction begins it here, prepares its branches, decides, ends
 * the branches one after the other, and leaves it. A branch that he could not end is then among those that were left, as are those of a
 * process that died: the resolver's (wrapper/resolver.c).
 */
#ifndef MEDLEY_COORDINATOR_H
#define MEDLEY_COORDINATOR_H

#include "catalog/catalog.h"

typedef struct Coordinator Coordinator;

/* What a transaction has written at one server, as one local user reaches it. */
typedef struct CatBranch {
    int64_t number; /* of the transaction; 0: not noted */
    int place;      /* among its branches, from 1 */
    Oid server, user;
    const char *reach; /* what its source was reached by, as the one who noted it writes that; secret, and lies sealed */
    bool commits;      /* so it was decided; only coordinator_left says so */
    char name[64];     /* under which it is prepared: letters, digits and '_' */
} CatBranch;
typedef VEC(CatBranch) CatBranches;

Coordinator *catalog_coordinator(CatalogStore *store);
/* Notes the branches, whose server, user and reach are given, and gives them a number, places and names. On disk when it returns. */
bool coordinator_begin(Coordinator *log, CatBranch *branches, size_t count, Error *error) MUST_CHECK;
/* That the transaction commits: on disk when it returns. Where it has changed the catalog or local rows, catalog_decide is called instead,
 * and it commits when that transaction of the catalog does. */
bool coordinator_decide(Coordinator *log, int64_t number, Error *error) MUST_CHECK;
void catalog_decide(Catalog *catalog, int64_t number);
/* The branches are no more at their sources. */
void coordinator_end(Coordinator *log, CatBranch *branches, size_t count);
/* It is nobody's from now on. ended: all its branches are. */
void coordinator_leave(Coordinator *log, int64_t number, bool ended);

/* Branches of transactions that nobody is committing, in the order of their numbers; in the arena. */
bool coordinator_left(Coordinator *log, CatalogStore *store, Arena *arena, CatBranches *out, Error *error) MUST_CHECK;
/* Waits for so long (INT64_MAX: without end), or until more has been left than was *seen, which it brings up to date. false: the
 * coordinator was stopped. */
bool coordinator_wait(Coordinator *log, uint64_t *seen, int64_t milliseconds);
void coordinator_stop(Coordinator *log); /* any thread */

#endif
