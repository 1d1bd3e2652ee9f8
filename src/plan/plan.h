/*
 * plan.h - what ships where, and why not: a plan is remote leaves, and one local query over them; nothing else.
 */
#ifndef MEDLEY_PLAN_H
#define MEDLEY_PLAN_H

#include "sql/sql.h"
#include "wrapper/wrapper.h"

typedef enum LeafKind {
    LEAF_FOREIGN,  /* rows of a source, through its wrapper */
    LEAF_CATALOG,  /* rows of the system catalogs, by the sqlite dialect */
    LEAF_STORED,   /* rows of a table of Medley's own, which the local query reads where they lie */
    LEAF_FUNCTION, /* rows that a function of Medley's makes up (func_find_set) */
} LeafKind;

typedef struct LeafReason {
    const char *text; /* "l.note ~ 'x': the source's regular expressions differ" */
} LeafReason;

typedef struct Leaf {
    LeafKind kind;
    int number;
    const RemoteTarget *target; /* LEAF_FOREIGN */
    Query *query;               /* what it was asked, as a tree; NULL for LEAF_FUNCTION */
    const char *sql;            /* with a dialect: what it is asked, as text */
    const FdwParam *params;
    size_t nparams;
    FdwScanSpec spec;     /* complete, ready for scan_open */
    Expr *function;       /* LEAF_FUNCTION: the call, its arguments constants */
    const Rte *stored;    /* LEAF_STORED: the table; its columns are the leaf's */
    int64_t seen;         /* LEAF_STORED: number of the last write that is seen */
    bool with_ordinality; /* LEAF_FUNCTION: the last column counts the rows */
    FdwType *columns;
    const char **column_names;
    int ncolumns;
    double rows, width;  /* estimates; rows < 0: unknown */
    LeafReason *reasons; /* what of this source's work was kept local, and why */
    int nreasons;
} Leaf;

typedef struct PlanColumn {
    const char *name;
    Oid type;
    int32_t typmod;
    Oid origin_table;
    int16_t origin_column;
} PlanColumn;

typedef struct Plan {
    const Query *query;
    Leaf **leaves;
    int nleaves;
    bool relay;            /* the one leaf's rows are the answer */
    Query *local;          /* over RTE_LEAFs; NULL when relay */
    const char *local_sql; /* in the duckdb dialect; NULL when relay */
    PlanColumn *columns;   /* the answer's, junk left out */
    int ncolumns;
    LeafReason *reasons; /* why the whole was not relayed */
    int nreasons;
} Plan;

typedef struct PlanContext {
    Catalog *catalog;
    WrapperHost *wrappers;
    const FuncContext *functions;
    const char *const *param_values; /* canonical texts; NULL entry: SQL NULL */
    const Oid *param_types;
    int nparams;
    bool params_bound;  /* false (EXPLAIN of a generic query, Describe): parameters stay open */
    bool rows_wanted;   /* they are for a write: a local query even where one leaf would do */
    bool generate_only; /* EXPLAIN: no connection may be made */
} PlanContext;

/* Privileges have been checked. Stable functions are folded to constants first. Errors: 0A000 where neither a source nor the local engine
 * can give the exact answer, naming what. */
Plan *plan_query(const Query *query, PlanContext *context, Arena *arena, Error *error);

/* What one leaf did, for EXPLAIN ANALYZE. */
typedef struct LeafActual {
    uint64_t rows, bytes;
    double first_row_ms, total_ms;
    int parts;
    const char *remote_user;
} LeafActual;

typedef struct ExplainOptions {
    bool analyze, verbose, costs, timing, summary, settings;
    enum { EXPLAIN_TEXT, EXPLAIN_JSON, EXPLAIN_YAML, EXPLAIN_XML } format;
    const LeafActual *actuals;        /* analyze, after the plan was run: one a leaf of the plan, in their order; NULL: none */
    uint64_t actual_rows;             /* of the answer */
    double planning_ms, execution_ms; /* summary; the second only with actuals */
} ExplainOptions;
/* Lines of the plan as EXPLAIN prints it. Secrets never appear. */
bool plan_explain(const Plan *plan, const ExplainOptions *options, PlanContext *context, Arena *arena, StrList *lines,
                  Error *error) MUST_CHECK;

#endif
