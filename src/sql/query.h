/*
 * query.h - the typed Query: every name resolved, every expression typed. Plain data, shared by analyze, print, plan and exec.
 *
 * The heart of Medley. Analysis makes it, one printer writes it out in any dialect, the planner cuts it into leaves.
 * Nodes live in the arena of their statement and are immutable once analysis is done, but for the planner's own copies
 * (query_copy). Locations are 0-based byte offsets into the statement's text, -1 when there is none.
 */
#ifndef MEDLEY_SQL_QUERY_H
#define MEDLEY_SQL_QUERY_H

#include "catalog/catalog.h"
#include "type/type.h"

typedef struct Expr Expr;
typedef struct Query Query;

/* ---- expressions ---- */

typedef enum ExprKind {
    EXPR_VAR,      /* u.var: column of a range table entry, here or `levels_up` queries outside */
    EXPR_CONST,    /* u.value: canonical text (type_canonical), NULL for SQL NULL */
    EXPR_PARAM,    /* u.param: $n of the client, from 1 */
    EXPR_FUNC,     /* oid: pg_proc; args. u.func */
    EXPR_OP,       /* oid: pg_operator; args: 1 or 2 */
    EXPR_DISTINCT, /* a IS DISTINCT FROM b; oid: the = operator */
    EXPR_NULLIF,   /* oid: the = operator */
    EXPR_ANY_ALL,  /* scalar op ANY/ALL (array): oid: operator; args: scalar, array; u.is_all false: ANY */
    EXPR_AND,
    EXPR_OR,
    EXPR_NOT,
    EXPR_IS_NULL,
    EXPR_IS_NOT_NULL, /* one arg; u.row_wise for row values */
    EXPR_BOOL_TEST,   /* u.bool_test */
    EXPR_CASE,        /* args: [operand is folded into the WHENs] when1, then1, when2, then2, ..., else (always there) */
    EXPR_COALESCE,
    EXPR_GREATEST,
    EXPR_LEAST,
    EXPR_RELABEL,      /* binary-compatible cast, nothing happens: args[0] */
    EXPR_CAST_IO,      /* cast through the text form: args[0] */
    EXPR_CAST_ARRAY,   /* array to array, an element at a time: oid: element cast function or OID_NONE (relabel or I/O: u.array_io) */
    EXPR_CAST_DOMAIN,  /* base value to its domain; args: the value, then conditions that may not be false over EXPR_DOMAIN_VALUE: u.domain
                        */
    EXPR_CAST_ROW,     /* row type to row type */
    EXPR_COLLATE,      /* explicit COLLATE: args[0]; collation is in the header */
    EXPR_ARRAY,        /* ARRAY[...]: args are elements, or inner arrays with u.is_multi_dim */
    EXPR_ROW,          /* ROW(...); u.value: of a whole row, the names of its columns as an array's text */
    EXPR_ROW_COMPARE,  /* (a,b) < (c,d): args: left ones, then right ones; oid: operator of the first pair; u.compare */
    EXPR_SUBSCRIPT,    /* args: array, then lower/upper bounds: u.subscript */
    EXPR_FIELD,        /* (composite).field: u.field */
    EXPR_SUBLINK,      /* u.sublink */
    EXPR_AGG,          /* oid: pg_proc; args; u.agg */
    EXPR_WINDOW,       /* oid: pg_proc; args; u.window */
    EXPR_GROUPING,     /* GROUPING(a, b): args are the grouping expressions */
    EXPR_SQL_VALUE,    /* CURRENT_DATE, CURRENT_USER, ...: u.sql_value */
    EXPR_NAMED_ARG,    /* only while a call is being resolved */
    EXPR_DEFAULT,      /* DEFAULT in an INSERT's VALUES or an UPDATE */
    EXPR_DOMAIN_VALUE, /* VALUE, inside the conditions of the EXPR_CAST_DOMAIN around it */
    EXPR_SUBPLAN,      /* planner: a query run with args as its parameters, once for each row: u.subplan; RECORD in FROM: its rows */
    EXPR_XML,          /* XMLELEMENT and its like: u.xml; args: those that have names first */
    EXPR_SET_PART,     /* a value of which a part is replaced; args: whole (NULL: what the part around it is), part, subscripts: u.part */
} ExprKind;

typedef enum BoolTest { TEST_IS_TRUE, TEST_IS_NOT_TRUE, TEST_IS_FALSE, TEST_IS_NOT_FALSE, TEST_IS_UNKNOWN, TEST_IS_NOT_UNKNOWN } BoolTest;

typedef enum SublinkKind {
    SUBLINK_EXISTS,
    SUBLINK_SCALAR, /* (SELECT one column) */
    SUBLINK_ANY,    /* x op ANY (SELECT ...), x IN (SELECT ...): test is op over args and columns of the subquery */
    SUBLINK_ALL,
    SUBLINK_ARRAY, /* ARRAY(SELECT ...) */
} SublinkKind;

typedef enum SqlValue {
    SQL_CURRENT_DATE,
    SQL_CURRENT_TIME,
    SQL_CURRENT_TIMESTAMP,
    SQL_LOCALTIME,
    SQL_LOCALTIMESTAMP,
    SQL_CURRENT_ROLE,
    SQL_CURRENT_USER,
    SQL_USER,
    SQL_SESSION_USER,
    SQL_CURRENT_CATALOG,
    SQL_CURRENT_SCHEMA,
} SqlValue;

/* How a call was written; printing pretty views needs it. */
typedef enum FuncForm { FUNC_CALL, FUNC_EXPLICIT_CAST, FUNC_IMPLICIT_CAST, FUNC_SQL_SYNTAX } FuncForm;

typedef struct SortItem {
    int target;         /* index into Query.targets (Expr.u.agg.order etc.: into the aggregate's args) */
    Oid sort_op, eq_op; /* pg_operator: < or > and = */
    bool descending, nulls_first;
} SortItem;

/* How something was written, where analysis gives it another shape: for texts of stored queries only, nothing else may look at it. */
typedef struct JoinColumn {
    int rte; /* the join's own entry, from 1; 0: it is no column of a join */
    int column, levels_up;
} JoinColumn;

typedef struct CallWritten {
    int count;
    const int *args;          /* places in Expr.args, in the order written; arguments from defaults are not among them */
    const char *const *names; /* of named arguments, else NULL */
} CallWritten;

/* The planner made it of a stable function's result. */
enum { CONST_OF_MOMENT = 1 };

struct Expr {
    ExprKind kind;
    Oid type;
    int32_t typmod;
    Oid collation; /* OID_NONE: the type has none */
    int location;
    Oid oid;         /* function or operator, by kind; of a constant CONST_OF_MOMENT, or none */
    JoinColumn join; /* the column of a join that it stands for */
    Expr **args;
    int nargs;
    union {
        struct {
            int rte;       /* index into the rtes of the query it belongs to, from 0 */
            int column;    /* from 1; 0: whole row; COLUMN_TABLEOID etc. below 0 */
            int levels_up; /* 0: this query */
        } var;
        struct { /* EXPR_CONST, EXPR_PARAM */
            union {
                const char *value;
                int param;
            };
            const char *fields; /* of a record: catalog.h, output.c; NULL: not known */
        };
        struct {
            FuncForm form;
            bool variadic; /* the last argument is an array passed as VARIADIC */
            bool returns_set;
            const CallWritten *written; /* NULL: all of args, in their order, without names */
        } func;
        bool is_all;
        bool row_wise;
        struct {
            int op;                   /* PgQuery__XmlExprOp */
            const char *name;         /* an element's, a processing instruction's */
            const char *const *names; /* of attributes, of a forest's elements */
            int nnames;
            bool is_document; /* DOCUMENT, not CONTENT */
            Oid type;         /* XMLSERIALIZE ... AS */
            int32_t typmod;
        } xml;
        struct { /* EXPR_CAST_ARRAY */
            bool array_io;
            bool array_explicit; /* the cast was written: elements that are too long are cut off */
        };
        bool is_multi_dim;
        bool is_simple; /* EXPR_CASE: written CASE x WHEN; each condition compares with x */
        BoolTest bool_test;
        enum { ROW_LT, ROW_LE, ROW_EQ, ROW_GE, ROW_GT, ROW_NE } compare;
        struct {
            bool is_slice; /* args after the array come in pairs lower, upper; a missing bound is NULL */
        } subscript;
        struct {
            int number; /* from 1 */
            const char *name;
        } field;
        struct {
            bool is_slice; /* as of a subscript */
            int number;    /* an attribute of a composite value, from 1; 0: subscripts say where */
            const char *name;
        } part;
        struct {
            SublinkKind kind;
            Query *query;
            Oid *ops; /* ANY/ALL: one operator a column; args are the left-hand expressions */
            int nops;
            bool is_in;   /* written as IN / NOT IN */
            bool is_held; /* planner: sees no rows where it is not reached (guard.c) */
        } sublink;
        struct {
            const Query *query; /* never changed: copies of the expression share it */
            bool is_volatile;
            bool is_asked; /* whatever the rows are: run before they are read */
        } subplan;
        struct {
            bool star, distinct;
            Expr *filter;
            SortItem *order; /* targets index into args */
            int norder;
            int njunk;          /* the last njunk of args stand only in the aggregate's ORDER BY */
            Expr **direct_args; /* ordered-set aggregates; args are then those of WITHIN GROUP */
            int ndirect;
            char kind; /* n o h */
            int levels_up;
            bool variadic;
        } agg;
        struct {
            int window; /* index into Query.windows */
            bool star, is_aggregate;
            Expr *filter;
        } window;
        struct {
            SqlValue which;
        } sql_value;
        struct {
            const char *name;
        } named_arg;
        struct {
            const char *const *constraints; /* of the conditions, args[1] and on; NULL: NOT NULL */
            Oid domain;                     /* elements: an array's elements' */
            bool elements;                  /* the value is an array whose elements are to be checked */
            int literal;                    /* where the array's literal stands; -1: it is none */
        } domain;
    } u;
};

enum { COLUMN_CTID = -1, COLUMN_XMIN = -2, COLUMN_CMIN = -3, COLUMN_XMAX = -4, COLUMN_CMAX = -5, COLUMN_TABLEOID = -6 };
/* Of a row that Medley stores itself: its number, an int8 that it has as long as it lives. No statement can name it. */
enum { COLUMN_ROW = -7 };
/* Of a foreign table: which table of its source's, of those that it reads as one, the row with that ctid lies in. */
enum { COLUMN_LIES_IN = -8 };

/* ---- the range table and FROM ---- */

typedef enum RteKind {
    RTE_RELATION, /* foreign table or catalog table (views become RTE_SUBQUERY with `relation` set) */
    RTE_SUBQUERY,
    RTE_FUNCTION,
    RTE_VALUES,
    RTE_CTE,
    RTE_JOIN,   /* a join's alias and merged columns */
    RTE_LEAF,   /* planner: the rows of leaf number `leaf` */
    RTE_RESULT, /* no rows source: one empty row */
} RteKind;

typedef struct RteColumn {
    const char *name;
    Oid type, collation;
    int32_t typmod;
    Expr *join_expr;    /* RTE_JOIN: what the column is (a Var of a side, or COALESCE of both for FULL JOIN USING) */
    const char *fields; /* of a variable's or a leaf's column that is a record: catalog.h, output.c */
    bool mixed;         /* of a set operation that is printed: records of different fields, each of which tells them itself */
    bool dropped;
    bool hidden; /* has a name, but is not in * */
} RteColumn;

typedef struct TableSample {
    const char *method; /* bernoulli, system */
    Expr *percent;      /* real */
    Expr *seed;         /* double precision; NULL: none */
} TableSample;

typedef struct Rte {
    RteKind kind;
    const char *alias;                 /* the name it is referred by */
    const char *alias_written;         /* as given with AS, or NULL */
    const char *const *column_aliases; /* as written, or NULL */
    int ncolumn_aliases;
    RteColumn *columns;
    int ncolumns;
    bool lateral, in_from;
    const CatRelation *relation; /* RTE_RELATION, and views */
    int64_t written_by;          /* RTE_RELATION: only the rows that the write of this number has added; 0: all */
    int64_t deleted_by;          /* RTE_RELATION: only the rows that the write of this number has taken away; 0: all */
    int64_t added_until;         /* with deleted_by: only those that this write or an earlier one has added; 0: all */
    int64_t through;             /* with one of them: or a later write, up to that of this number; 0: that one alone */
    int64_t work;                /* RTE_RELATION: the rows of this work table, which is no relation of the catalog; 0: none */
    int64_t staged;              /* RTE_RELATION: of foreign tables, those that the write of this number has stored here; 0: the source's */
    const char *to_change;       /* RTE_RELATION, its rows to be changed: "update", "delete from", "merge into"; NULL: read only */
    bool only;                   /* ONLY written: no children */
    Query *query;                /* RTE_SUBQUERY */
    Expr **functions;            /* RTE_FUNCTION (several: ROWS FROM) */
    int nfunctions;
    bool with_ordinality;
    int *function_columns;     /* columns of each function */
    bool *function_defined;    /* which have a column definition list; NULL: none */
    const TableSample *sample; /* NULL: all rows */
    Expr ***rows;              /* RTE_VALUES: nrows of ncolumns */
    int nrows;
    int cte, cte_levels_up; /* RTE_CTE: index into that query's ctes */
    bool cte_self;          /* the recursive reference */
    int leaf;               /* RTE_LEAF */
    /* privileges: checked before planning, for each relation and view */
    AclMask required;
    uint64_t *columns_read; /* bitmap over (column number - COLUMN_TABLEOID), `columns_read_words` words; whole row counts as all */
    int columns_read_words;
    uint64_t *columns_written; /* UPDATE: alike */
    Oid check_as;              /* role whose privileges and user mapping count; OID_NONE: the current user */
} Rte;

typedef enum JoinType { JOIN_INNER, JOIN_LEFT, JOIN_RIGHT, JOIN_FULL, JOIN_CROSS } JoinType;

typedef struct FromItem {
    enum { FROM_RTE, FROM_JOIN } kind;
    int rte; /* FROM_RTE: the entry; FROM_JOIN: its RTE_JOIN entry or -1 */
    JoinType join;
    struct FromItem *left, *right;
    Expr *on;                       /* NULL: none. USING and NATURAL are spelled out here */
    const char *const *using_names; /* of USING and NATURAL; for printing views */
    int nusing;
    const char *using_alias; /* NULL: none */
    bool natural;
} FromItem;

/* ---- the query ---- */

/* Of a view that is written through: a condition over columns of entry 0. */
typedef struct ViewCheck {
    const char *view;
    Expr *condition;
} ViewCheck;

typedef struct OnConflict {
    Oid index;     /* that decides; OID_NONE: any unique one */
    Query *update; /* DO UPDATE: a QUERY_UPDATE over the table (entry 0) and `excluded` (entry 1); NULL: DO NOTHING */
    /* as written: what the index is on, over the table as entry 0; or the constraint's name */
    Expr **elements;
    int nelements;
    Expr *where;
    const char *constraint;
    ViewCheck *visible; /* DO UPDATE through views: what the row that is there has to meet */
    int nvisible;
} OnConflict;

/* One WHEN of MERGE: what it computes are targets of the query. */
typedef struct MergeAction {
    bool matched;
    enum { MERGE_NOTHING, MERGE_INSERT, MERGE_UPDATE, MERGE_DELETE } kind;
    int condition;       /* the target that is its condition; -1: none */
    int first, count;    /* targets that are its values */
    int *columns;        /* their attnums */
    struct Rte *inserts; /* for privileges alone: the columns it inserts into */
} MergeAction;

typedef struct Target {
    Expr *expr;
    const char *name; /* NULL for junk */
    bool junk;        /* only for ORDER BY, GROUP BY or DISTINCT ON */
    Oid origin_table; /* for RowDescription: the column it is a plain copy of */
    int16_t origin_column;
    Oid determined_by; /* constraint, a key that is grouped: then this is grouped behind all that the text groups by */
} Target;

/* The name of the field that a row of SEARCH BREADTH FIRST begins with. */
#define SEARCH_DEPTH "*DEPTH*"

/* SEARCH: the column that says in which order. */
typedef struct CteSearch {
    bool breadth_first;
    const char *const *columns; /* BY these */
    int ncolumns;
    const char *name;
} CteSearch;

/* CYCLE: the column that marks rows of a cycle, and the one that has the path. */
typedef struct CteCycle {
    const char *const *columns;
    int ncolumns;
    const char *mark, *path;
    Expr *value, *otherwise; /* constants of (type, typmod) */
    Oid type, collation, eq_op;
    int32_t typmod;
} CteCycle;

typedef struct Cte {
    const char *name;
    Query *query;
    bool recursive; /* refers to itself */
    enum { CTE_DEFAULT, CTE_MATERIALIZED, CTE_NOT_MATERIALIZED } materialize;
    RteColumn *columns;
    int ncolumns;
    const CteSearch *search; /* NULL: none */
    const CteCycle *cycle;
    int nextra;   /* how many columns at the end these two add; the query has them when the planner has rewritten it */
    int naliases; /* how many of the columns' names were written */
    int references;
    bool is_whole; /* planner: all its rows are computed, whatever its readers leave out */
} Cte;

typedef struct Window {
    const char *name, *base; /* base: the window it starts from, NULL: none */
    int nbase_order;         /* how much of its order is the base's */
    Expr **partition;
    int npartition;
    Expr **order;
    SortItem *order_items; /* target indexes into order */
    int norder;
    int frame_options; /* FRAMEOPTION_* as the parser gives them */
    Expr *start_offset, *end_offset;
} Window;

typedef enum SetOp { SETOP_NONE, SETOP_UNION, SETOP_INTERSECT, SETOP_EXCEPT } SetOp;

typedef struct GroupingSet {
    int *targets; /* indexes into Query.targets */
    int ntargets;
} GroupingSet;

/* GROUP BY with grouping sets as it was written. */
typedef struct GroupItem {
    enum { GROUP_COLUMNS, GROUP_EMPTY, GROUP_ROLLUP, GROUP_CUBE, GROUP_SETS } kind;
    GroupingSet columns;      /* GROUP_COLUMNS */
    struct GroupItem **items; /* of the last three */
    size_t count, cap;
} GroupItem;

/* FOR UPDATE OF one entry. Both values as the parser numbers them: the greater one counts. */
typedef struct RowLock {
    int rte, strength, wait;
} RowLock;

typedef enum QueryKind { QUERY_SELECT, QUERY_INSERT, QUERY_UPDATE, QUERY_DELETE, QUERY_MERGE, QUERY_UTILITY } QueryKind;

struct Query {
    QueryKind kind;
    Rte **rtes;
    int nrtes;
    FromItem **from; /* comma list */
    int nfrom;
    Expr *where;
    Target *targets;
    int ntargets;
    int *group; /* indexes into targets; plain GROUP BY */
    Oid *group_eq_ops;
    int ngroup;
    GroupingSet *grouping_sets; /* expanded; NULL: plain GROUP BY */
    int ngrouping_sets;
    const GroupItem *group_written; /* with grouping sets: GROUP_SETS of the items of GROUP BY */
    bool group_distinct;
    Expr *having;
    Window *windows;
    int nwindows;
    bool distinct;
    SortItem *distinct_on; /* DISTINCT ON (...); NULL: plain DISTINCT when `distinct` */
    int ndistinct_on;
    SortItem *order;
    int norder;
    Expr *limit, *offset; /* bigint, or NULL */
    bool with_ties;
    Cte *ctes;
    int nctes;
    bool with_recursive;
    SetOp set_op; /* then left and right make the rows; targets are Vars (rte 0) that name and type the columns */
    bool set_all;
    Query *left, *right;
    bool has_aggs, has_windows, has_sublinks, has_set_functions, has_grouping;
    bool for_update; /* any FOR UPDATE/SHARE clause */
    RowLock *locks;  /* what it locks */
    int nlocks;
    bool is_values;      /* a bare VALUES list: one RTE_VALUES */
    bool is_barrier;     /* a view's that has security_barrier */
    bool is_around;      /* not written: analysis put it around the subquery in its FROM */
    Query *outer;        /* enclosing query while analysis runs */
    int result_rte;      /* INSERT/UPDATE/DELETE/MERGE; -1 */
    int *insert_columns; /* INSERT, UPDATE: the attnum of each target */
    /* What is answered; NULL: nothing. INSERT: over the table as entry 0. UPDATE and DELETE: targets alone, over this query's entries. */
    Query *returning;
    OnConflict *conflict; /* INSERT; NULL: none */
    MergeAction *actions; /* MERGE: FROM is the source, joined with the table where any action is for rows that match */
    int nactions;
    bool has_writes;   /* items of WITH write */
    int together;      /* one of the columns that one subquery sets: a number for all of these; 0: it is none */
    int64_t as_of;     /* rows are read as of that write's number; 0: all that the session sees */
    ViewCheck *checks; /* of the new rows, innermost view first */
    int nchecks;
    /* for texts only */
    int *set_together; /* UPDATE: how many targets from this one on one subquery gives; 0: it is set by itself */
    enum { OVERRIDING_NOTHING, OVERRIDING_USER, OVERRIDING_SYSTEM } overriding;
    bool is_return;           /* RETURN of a routine's body */
    const char *undetermined; /* what needs a collation that cannot be known, an error when it is planned; NULL: nothing */
    Arena *arena;
};

#endif
