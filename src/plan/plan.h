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
    LEAF_LOCAL,    /* rows of a query of the local engine's, always kept */
} LeafKind;

typedef struct LeafReason {
    const char *text; /* "l.note ~ 'x': the source's regular expressions differ" */
} LeafReason;

/* A bind join: the leaf is asked only for rows with keys that another entry of its query has, as far as these are few. */
typedef struct LeafBinding {
    const char *text;     /* for people: "l.k" */
    const char *keys_sql; /* local: the distinct keys, a column each, none of them NULL */
    const FdwType *types; /* of these columns */
    int nkeys;
    bool as_json;           /* a list is a JSON array, else PostgreSQL's array */
    const char *sql;        /* what the leaf is asked then; the lists are its parameters from `first_param` on */
    const FdwParam *params; /* all, those of the lists still without a text */
    size_t nparams, first_param;
    double rows;                   /* the leaf's, unbound */
    bool always;                   /* however many keys there are */
    const struct BindRange *range; /* for plan_bind_range; NULL: no key has an order that is surely the source's */
} LeafBinding;
enum { BIND_MOST_KEYS = 262144, BIND_MOST_BYTES = 16 * 1024 * 1024 };

typedef struct Leaf {
    LeafKind kind;
    int number;
    const struct Source *source; /* the planner's own */
    const RemoteTarget *target;  /* LEAF_FOREIGN */
    Query *query;                /* what it was asked, as a tree; NULL for LEAF_FUNCTION */
    const char *sql;             /* with a dialect: what it is asked, as text */
    const FdwParam *params;
    size_t nparams;
    PrintedParams *printed; /* which of the statement's each of them is */
    FdwScanSpec spec;       /* complete, ready for scan_open */
    Expr *function;         /* LEAF_FUNCTION: the call, its arguments constants */
    const Rte *stored;      /* LEAF_STORED: the table; its columns are the leaf's */
    int64_t seen;           /* LEAF_STORED: number of the last write that is seen */
    bool with_ordinality;   /* LEAF_FUNCTION: the last column counts the rows */
    FdwType *columns;
    const char **column_names;
    int ncolumns;
    double rows;         /* to expect; < 0: not estimated yet */
    double read;         /* rows of the one table that is read for them; < 0: of several, or unknown */
    LeafReason *reasons; /* what of this source's work was kept local, and why */
    int nreasons;
    bool kept;                  /* its rows are read before the local query, which finds them as medley_rows_<number> */
    const LeafBinding *binding; /* NULL: it is always asked the same */
} Leaf;

typedef struct Plan Plan;

/* What is done before the local query, in this order. */
typedef struct PlanStep {
    enum { STEP_KEEP, STEP_BIND } kind;
    int leaf;        /* number; KEEP: whose rows are kept; BIND: which is asked for the keys of kept ones */
    Query *query;    /* the planner's own */
    const char *sql; /* local. KEEP: makes the rows; BIND: NULL */
} PlanStep;

/* What the local query runs for its rows (EXPR_SUBPLAN). */
typedef struct PlanSubplan {
    const Query *query; /* its parameters are numbered as the call's arguments */
    const Oid *types;   /* of these */
    int nparams;
    bool is_volatile;          /* else it is run once for rows that are alike in what it is given */
    bool is_initplan;          /* not volatile, one value, and no row gives it anything: the same for all rows */
    bool is_asked;             /* of these: its value is wanted, whatever the rows are */
    const char *const *values; /* of an initplan's parameters */
    const Plan *plan;          /* for whatever values (plan_bind); NULL: it is planned each time */
} PlanSubplan;

typedef struct PlanColumn {
    const char *name;
    Oid type;
    int32_t typmod;
    Oid origin_table;
    int16_t origin_column;
    const char *fields; /* of a record: catalog.h, output.c */
    Oid collation;      /* OID_NONE: none, or of no query */
} PlanColumn;

struct Plan {
    const Query *query;
    Leaf **leaves;
    int nleaves;
    bool relay;            /* the one leaf's rows are the answer */
    Query *local;          /* over RTE_LEAFs; NULL when relay */
    const char *local_sql; /* in the duckdb dialect; NULL when relay */
    const char **values;   /* of the parameters in `local`, where there is no leaf and they are bound: canonical texts; else NULL */
    int nvalues;
    PlanStep *steps;
    int nsteps;
    int nturns; /* of the steps, the first: leaves that are read one after the other, for their servers have not connections enough, or rows
                 * are locked */
    PlanSubplan *subplans; /* of local_sql, which knows them by number, from 1 */
    int nsubplans;
    const char *subplan_reason; /* why there are subplans, in the local engine's words; NULL: they call volatile functions */
    PlanColumn *columns;        /* the answer's, junk left out */
    int ncolumns;
    LeafReason *reasons; /* why the whole was not relayed */
    int nreasons;
    bool calls_params; /* what is called with parameters alone may fail for other values: plan_check_values */
    bool uses_values;  /* of parameters, otherwise than as parameters of leaves */
    bool uses_moment;  /* it holds for this statement alone: a stable function was computed, rows of this moment are read */
};

typedef enum BindMode { BIND_AUTO, BIND_OFF, BIND_ALWAYS } BindMode;

/* takes: asks the local engine whether it can prepare a plan's local query. false: 0A000, or what else is wrong with it. */
typedef struct PlanEngine {
    void *arg;
    bool (*takes)(void *arg, const Plan *plan, Error *error);
    /* Whether the session computes the expression over parameters without the engine: each call once, and when it is wanted. */
    bool (*computes)(void *arg, const Expr *expr);
} PlanEngine;

typedef struct PlanContext {
    Catalog *catalog;
    WrapperHost *wrappers;
    const FuncContext *functions;
    const char *const *param_values; /* canonical texts; NULL entry: SQL NULL */
    const Oid *param_types;
    int nparams;
    bool params_bound;    /* false (EXPLAIN of a generic query, Describe): parameters stay open */
    bool params_constant; /* they are the client's or a routine's variables, for whose values PostgreSQL would plan */
    bool rows_wanted;     /* they are for a write: a local query even where one leaf would do */
    bool generate_only;   /* EXPLAIN: no connection is made but to ask for estimates, where use_remote_estimate says so */
    BindMode bind;
    const PlanEngine *engine; /* NULL: it is not asked */
    RemoteSession *remote;    /* to ask sources how large their tables are; NULL: they are not asked */
    bool in_transaction;
    bool of_command; /* a command's own question (ANALYZE): no scan is planned that would look at its tables' options for that */
    const RemoteTarget *const *targets; /* sources that have been reached already, as they were then */
    size_t ntargets;
    int64_t as_of; /* rows of Medley's own tables are read as of that write's number; 0: all that the session sees */
} PlanContext;

/* Privileges have been checked. Stable functions are folded to constants first. Errors: 0A000 where neither a source nor the local engine
 * can give the exact answer, naming what. */
Plan *plan_query(const Query *query, PlanContext *context, Arena *arena, Error *error);

/* What a query answers. */
PlanColumn *plan_columns(const Query *query, Catalog *catalog, int *count, Arena *arena);
PlanColumn *plan_columns_copy(const PlanColumn *columns, int count, Arena *arena);

/* Whether PostgreSQL would plan it for the values of the context's parameters: false, if one of the constants that these become fails. */
bool plan_check_values(const Plan *plan, PlanContext *context, Error *error) MUST_CHECK;

/* The leaf asked for a range of its first key that has one, low to high (canonical texts), in the execution's context and arena: the plan
 * may be others' too. NULL: the error is set. */
const FdwScanSpec *plan_bind_range(const Leaf *leaf, const char *low, const char *high, const FuncContext *functions, Arena *arena,
                                   Error *error);
int plan_bind_range_key(const Leaf *leaf); /* which key that is, from 0; -1: none */

/* What a bound leaf was asked for in the end. */
typedef enum LeafBound { LEAF_NOT_BOUND, LEAF_BY_KEYS, LEAF_BY_RANGE, LEAF_BY_SCAN } LeafBound;

/* The plan for other values of its parameters, where it says not to use them. What it points to must outlive it, values included. */
const Plan *plan_bind(const Plan *plan, const char *const *values, Arena *arena);
/* One leaf that takes its parameters itself is all there is. */
bool plan_is_passed_on(const Plan *plan);

/* What one leaf did, for EXPLAIN ANALYZE. */
typedef struct LeafActual {
    uint64_t rows, bytes;
    double first_row_ms, total_ms;
    int parts;
    const char *remote_user;
    LeafBound bound;
    uint64_t keys; /* of a bound leaf: how many there were; LEAF_BY_RANGE and _SCAN: at least */
} LeafActual;

/* What an operator of the local engine says of itself: "Conditions", "c1 = c2". */
typedef struct OperatorDetail {
    const char *label;
    const char **items;
    size_t nitems;
} OperatorDetail;

/* An operator of the local engine. */
typedef struct PlanOperator {
    const char *name; /* "Hash Join" */
    VEC(OperatorDetail) details;
    double rows;                  /* expected; below 0: not said */
    double actual_rows, total_ms; /* of its own, all threads together; actual_rows below 0: it was not run */
    VEC(struct PlanOperator *) children;
} PlanOperator;

typedef struct ExplainOptions {
    bool analyze, verbose, costs, timing, summary;
    enum { EXPLAIN_TEXT, EXPLAIN_JSON, EXPLAIN_YAML, EXPLAIN_XML } format;
    const LeafActual *actuals;        /* analyze, after the plan was run: one a leaf of the plan, in their order; NULL: none */
    uint64_t actual_rows;             /* of the answer */
    const PlanOperator *operators;    /* of the local query; NULL: there is none */
    const char *const *setting_names; /* SETTINGS */
    const char *const *setting_values;
    size_t nsettings;
    double planning_ms, execution_ms; /* summary; the second only when it ran */
    const char *operation;            /* "Insert": the plan makes the rows of a write; NULL: of none */
    const CatRelation *written;       /* its table */
    const char *written_by;           /* of a foreign table: what its source is told; NULL: nothing */
    const char *written_at;           /* the server whose source does it alone, without the plan; NULL: none does */
    bool did_write;                   /* analyze: then written_rows are known */
    uint64_t written_rows;
} ExplainOptions;
/* Lines of the plan as EXPLAIN prints it. Secrets never appear. */
bool plan_explain(const Plan *plan, const ExplainOptions *options, PlanContext *context, Arena *arena, StrList *lines,
                  Error *error) MUST_CHECK;

/* What the leaf's source is told instead: `change`, an UPDATE or DELETE made of what the leaf is asked, has its parameters. NULL: it cannot
 * be said, or the error is set. */
const char *plan_leaf_change(const Leaf *leaf, const Query *change, PlanContext *context, Arena *arena, Error *error);
/* The engine's name of a node, into `out` of PLAN_NODE_NAME bytes: "store.n5" in the file of rows, "work.p5" of -5 in memory. */
enum { PLAN_NODE_NAME = 32 };
const char *plan_node_name(int64_t node, char *out);
/* The name that the source has for the table: qualified where it has schemas, and quoted. */
void source_relation_name(const FdwModule *module, const CatRelation *relation, Str *out);

#endif
