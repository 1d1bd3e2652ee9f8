/*
 * leaf.h - one leaf being read, as the two files that read leaves see it.
 */
#ifndef MEDLEY_EXEC_LEAF_H
#define MEDLEY_EXEC_LEAF_H

#include "exec/internal.h"

struct LeafPart {
    LeafRun *run;
    const FdwPart *piece; /* NULL: the whole */
    RemoteConnection *connection;
    FdwScan *scan;
    FdwRelay *relay;
    CatalogScan *catalog_scan;
    bool catalog_done;
    struct FunctionRows *function_rows;
    Arena *arena;
    CallSpace space;
    Error error;
    bool has_given; /* rows, or their end: it cannot begin anew */
    atomic_bool at_end;
};

struct LeafRun {
    const Leaf *leaf;
    const FdwScanSpec *spec; /* what it is asked: the leaf's own, or a bound one */
    bool empty;              /* there is nothing to ask for */
    bool is_read_once;       /* at its end nothing is read of it again */
    bool is_released;        /* its connections went back at its end */
    bool is_ahead;           /* it was started, and its scan opened, before it was asked for */
    bool in_turn;            /* the next leaf needs them: they go back in a transaction too */
    Execution *execution;
    RemoteWant want;      /* LEAF_FOREIGN: the connections given */
    pthread_mutex_t lock; /* parts, claimed, figures */
    Arena *arena;         /* of the current start */
    LeafPart *parts;
    size_t nparts, claimed;
    double opened_ms;
    LeafFigures figures;
    HostBatch **kept; /* rows that were read before (leaf_run_keep), the first of all */
    size_t nkept;
    bool is_kept, in_table; /* read ahead; lying in the engine's table, wholly or in part */
};

/* leaf_local.c: rows that are Medley's own. The error is left in the part. */
bool leaf_catalog_next(LeafPart *part, FdwBatch *batch);
/* catalog_function.c: what scans of the catalog may call. */
CatalogFunctions catalog_functions(const FuncContext *context);
bool leaf_function_next(LeafPart *part, FdwBatch *batch);

#endif
