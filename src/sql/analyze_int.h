/*
 * analyze_int.h - between the files of analysis.
 *
 * An Analyzer is one run of sql_analyze; a Scope is one query level while it is being analysed, its `parent` the enclosing one.
 * Names are looked up from the innermost scope outward. Whatever fails has set the analyzer's error and gives false or NULL.
 * Everything lives in the analyzer's arena.
 */
#ifndef MEDLEY_SQL_ANALYZE_INT_H
#define MEDLEY_SQL_ANALYZE_INT_H

#include <string.h>

#include "sql/parse_int.h"
#include "sql/sql.h"

enum {
    MAX_TARGETS = 1664,  /* columns of a result */
    MAX_ARGUMENTS = 100, /* arguments of a call */
    MAX_VIEW_DEPTH = 400,
};

/* Where an expression stands: what is allowed there, and how messages call it. */
typedef enum Clause {
    CLAUSE_NONE,
    CLAUSE_JOIN_ON,
    CLAUSE_JOIN_USING,
    CLAUSE_FROM_SUBSELECT,
    CLAUSE_FROM_FUNCTION,
    CLAUSE_WHERE,
    CLAUSE_HAVING,
    CLAUSE_FILTER,
    CLAUSE_WINDOW_PARTITION,
    CLAUSE_WINDOW_ORDER,
    CLAUSE_WINDOW_RANGE,
    CLAUSE_WINDOW_ROWS,
    CLAUSE_WINDOW_GROUPS,
    CLAUSE_SELECT,
    CLAUSE_RETURNING,
    CLAUSE_GROUP_BY,
    CLAUSE_ORDER_BY,
    CLAUSE_DISTINCT_ON,
    CLAUSE_LIMIT,
    CLAUSE_OFFSET,
    CLAUSE_VALUES,
    CLAUSE_VALUES_SINGLE,
    CLAUSE_CHECK,
    CLAUSE_DEFAULT,
    CLAUSE_EXECUTE,
    CLAUSE_CALL,
    CLAUSE_GENERATED,
    CLAUSE_WHEN,
    CLAUSE_UPDATE,
    CLAUSE_COPY_WHERE,
    CLAUSE_TRANSFORM,
    CLAUSE_INDEX_EXPRESSION,
    CLAUSE_INDEX_PREDICATE,
    CLAUSE_MERGE_WHEN,
    CLAUSE_COUNT,
} Clause;

typedef struct ClauseRule {
    const char *name; /* "WHERE" */
    /* NULL: allowed; otherwise what follows "aggregate functions are not allowed in " */
    const char *aggregates, *windows, *sets;
    const char *subqueries; /* NULL: allowed; otherwise what follows "cannot use subquery in " */
} ClauseRule;

const ClauseRule *clause_rule(Clause clause);

typedef struct Params {
    Oid *types;      /* count of them; OID_NONE: not seen, TYPE_UNKNOWN: seen, to be inferred */
    int count, room; /* room: of `types`, when that is our own; else 0 */
    bool variable;
    VEC(Expr *) uses;
} Params;

/* A view whose query is being analysed, and those around it. */
typedef struct ViewChain {
    Oid view;
    const struct ViewChain *outer;
} ViewChain;

typedef struct Analyzer {
    Catalog *catalog;
    const FuncContext *functions;
    const char *text;
    Arena *arena;
    Error *error;
    Params *params;
    Oid check_as;                   /* inside a view: its owner */
    int views;                      /* how many views deep */
    const struct ViewChain *inside; /* which ones; NULL: none */
    bool flat_views;
    bool stored;     /* AnalyzeContext.stored */
    int depth;       /* of the recursion */
    int together;    /* subqueries that set several columns, so far */
    int expressions; /* made so far; at most most_expressions */
    int most_expressions;
    const SqlVariables *variables;
    const SqlCursors *cursors;
    Oid fills;                /* the new table or materialized view that this statement may write to */
    Map *subqueries;          /* PgQuery__SubLink * -> its Query, for naming output columns */
    Map *operators;           /* operators found: "left right name" -> CatOperator */
    Map *domains;             /* domains met: OID -> DomainRules */
    const char *undetermined; /* the first use of a collation that is not known; NULL: none */
} Analyzer;

/* One thing in FROM that column names may refer to. */
typedef struct NsItem {
    bool is_view; /* that is written through: its columns are expressions over what is below; the entry keeps who read what */
    Rte *rte;
    int index;        /* of the rte in its query */
    const char *name; /* what it is referred to by; NULL: only its columns are known (a join without alias) */
    Oid relation;     /* for schema-qualified references; OID_NONE: has an alias or is none */
    struct NsColumn *columns;
    int ncolumns;
    Map *by_name; /* made when there are many columns; NULL: search */
    bool names_visible, columns_visible;
    bool lateral_only, lateral_ok; /* only to LATERAL items; and may these refer to it */
    bool is_target;                /* the table that is written */
} NsItem;

typedef struct NsColumn {
    const char *name; /* "" : dropped */
    Expr *expr;       /* at its own query's level; copied on use */
    bool hidden;      /* not in * */
} NsColumn;

typedef struct NsList {
    NsItem **items;
    size_t count, cap;
    Map *by_name; /* of the first `indexed` items, for finding names given twice */
    size_t indexed;
} NsList;

typedef struct Scope {
    Analyzer *an;
    struct Scope *parent;
    Query *query;
    size_t rtes_cap, targets_cap, ctes_cap;
    NsList names;
    Clause clause;
    bool lateral_active;
    bool is_returning;                      /* the targets are those of RETURNING */
    const PgQuery__WithClause *future_ctes; /* for the hint about forward references */
    size_t future_from;
    VEC(const PgQuery__WindowDef *) windows; /* those of the WINDOW clause, then those of OVER (...) */
    size_t named_windows;
    Expr *last_set;             /* the last set-returning call that was made */
    bool keep_unknown;          /* the leaves of a set operation: literals wait for the other side's type */
    struct CteState *recursive; /* the recursive WITH item whose query this is */
    struct WriteView *view;     /* the view that this statement writes through; NULL: it names a table */
} Scope;

/* ---- analyze.c: scopes and statements ---- */

/* A run without parameters. */
Analyzer analyze_open(const AnalyzeContext *context, Arena *arena, Error *error);
Scope *scope_open(Analyzer *an, Scope *parent);
Query *analyze_select(Scope *scope, const PgQuery__SelectStmt *stmt);
/* A query inside a query: a fresh scope under `parent`. keep_unknown: see Scope. */
Query *analyze_subquery(Scope *parent, const Node *node, bool keep_unknown);
/* Counts a level of recursion; false, with 54001, when there are too many. Each true needs an analyze_leave. */
bool analyze_enter(Analyzer *an);
void analyze_leave(Analyzer *an);
/* Where an error points: nowhere while inside a view. */
bool analyze_at(const Analyzer *an, int location);
Target *scope_add_target(Scope *scope, Expr *expr, const char *name, bool junk);
/* 54011 when there are too many, those of GROUP BY and the like among them. */
bool scope_targets_fit(Scope *scope) MUST_CHECK;
int scope_add_rte(Scope *scope, Rte *rte);

/* ---- expr.c and its sisters: expressions ---- */

Expr *expr_new(const Scope *scope, ExprKind kind, Oid type, int location);
Expr *analyze_expr(Scope *scope, const Node *node);
/* In a clause of its own, restored afterwards. */
Expr *analyze_clause_expr(Scope *scope, const Node *node, Clause clause);
/* A condition: coerced to boolean, "argument of %s must be type boolean". */
Expr *analyze_condition(Scope *scope, const Node *node, Clause clause, const char *name);
Expr *analyze_const(Scope *scope, const PgQuery__AConst *node);
Expr *analyze_case(Scope *scope, const PgQuery__CaseExpr *node);
Expr *analyze_bool(Scope *scope, const PgQuery__BoolExpr *node);
Expr *analyze_coalesce(Scope *scope, const PgQuery__CoalesceExpr *node);
Expr *analyze_min_max(Scope *scope, const PgQuery__MinMaxExpr *node);
Expr *analyze_null_test(Scope *scope, const PgQuery__NullTest *node);
Expr *analyze_bool_test(Scope *scope, const PgQuery__BooleanTest *node);
Expr *analyze_type_cast(Scope *scope, const PgQuery__TypeCast *node);
Expr *analyze_collate(Scope *scope, const PgQuery__CollateClause *node);
/* The collation that COLLATE names; NULL: an error. */
const CatCollation *analyze_collation(Scope *scope, const PgQuery__CollateClause *node);
Expr *analyze_xml(Scope *scope, const PgQuery__XmlExpr *node);
Expr *analyze_xml_serialize(Scope *scope, const PgQuery__XmlSerialize *node);
Expr *analyze_sql_value(Scope *scope, const PgQuery__SQLValueFunction *node);
Expr *analyze_array(Scope *scope, const PgQuery__AArrayExpr *node, Oid array_type, Oid element_type, int32_t typmod);
/* One list of VALUES: t.* stands for t's columns, NULL for DEFAULT. */
Expr **analyze_list(Scope *scope, const PgQuery__List *list, int *count);
Expr *analyze_row(Scope *scope, const PgQuery__RowExpr *node);
Expr *analyze_operator_expr(Scope *scope, const PgQuery__AExpr *node);
Expr *analyze_sublink(Scope *scope, const PgQuery__SubLink *node);
/* One of the columns of a subquery that must have `count`. */
Expr *analyze_sublink_column(Scope *scope, const PgQuery__SubLink *node, int column, int count);
Expr *analyze_indirection(Scope *scope, const PgQuery__AIndirection *node);
Expr *analyze_subscripts(Scope *scope, Expr *container, const PgQuery__AIndices *const *indices, size_t count);
Expr *analyze_column_ref(Scope *scope, const PgQuery__ColumnRef *node);
Expr *analyze_table_column(Scope *scope, const PgQuery__ColumnRef *node); /* variables aside */
/* What stands before the star of "name.*", where that is no table's name; NULL: no variable either, or the error is set. */
Expr *analyze_variable_row(Scope *scope, const PgQuery__ColumnRef *node);
Expr *analyze_variable_param(Scope *scope, const PgQuery__ParamRef *node); /* NULL without error: no variable */
Expr *analyze_call(Scope *scope, const PgQuery__FuncCall *node);
/* CALL's own; output parameters are among its arguments. */
Expr *analyze_procedure_call(Scope *scope, const PgQuery__FuncCall *node);
Expr *analyze_grouping(Scope *scope, const PgQuery__GroupingFunc *node);
Expr *analyze_param(Scope *scope, const PgQuery__ParamRef *node);
Expr *expr_and(const Scope *scope, ExprKind kind, Expr **args, int nargs, int location);
/* Where an expression starts, its operands included. */
int expr_location(const Expr *expr);
/* Where the first variable of that level stands. */
int expr_var_location(const Expr *expr, int level);
/* Moves the expression `by` levels down: references to what is outside of it grow. The expression is a private copy. */
/* Names of String nodes. */
const char *node_string(const Node *node);
const char *join_names(Arena *arena, Node *const *names, size_t count);
/* "" stands for absent in unpacked trees. */
static inline const char *given(const char *text)
{
    return text && *text ? text : NULL;
}
/* PostgreSQL's list nodes: "schema.name" or "name". Too many names: 42601. */
bool names_split(Scope *scope, Node *const *names, size_t count, int location, const char **schema, const char **name);
/* Checks that a schema exists and may be used: 3F000, 42501. */
bool names_check_schema(Scope *scope, const char *schema, int location);

/* ---- names.c: what a name refers to ---- */

NsItem *names_find_item(Scope *scope, const char *schema, const char *name, int location, int *levels);
/* NULL with no error: no such column. */
Expr *names_find_column(Scope *scope, const char *name, int location);
/* Of this query alone. */
Expr *names_find_column_here(Scope *scope, const char *name, int location);
Expr *names_column_of(Scope *scope, NsItem *item, int levels, const char *name, int location);
Expr *names_whole_row(Scope *scope, NsItem *item, int levels, int location);
Expr *names_use_column(Scope *scope, NsItem *item, int column, int levels, int location);
bool names_missing_table(Scope *scope, const char *schema, const char *name, int location);
bool names_missing_column(Scope *scope, const char *table, const char *name, int location);
NsItem *names_item(Scope *scope, Rte *rte, int index);
void names_add(Scope *scope, NsList *list, NsItem *item);
bool names_check_conflicts(Scope *scope, NsList *left, const NsList *right);
void names_mark_read(Rte *rte, int column);

/* ---- from.c, relation.c, join.c, from_function.c, values.c ---- */

bool analyze_from(Scope *scope, Node *const *items, size_t count);
FromItem *from_item(Scope *scope, const Node *node, NsList *names);
FromItem *from_join(Scope *scope, const PgQuery__JoinExpr *node, NsList *names);
FromItem *from_function(Scope *scope, const PgQuery__RangeFunction *node, NsList *names);
FromItem *from_relation(Scope *scope, const PgQuery__RangeVar *node, NsList *names);
/* Adds the rte to the query and to `names`. */
FromItem *from_add(Scope *scope, Rte *rte, NsList *names);
/* Names the columns by an alias's list; 42P10 when it is too long. */
bool from_apply_alias(Scope *scope, Rte *rte, const PgQuery__Alias *alias);
void names_set_lateral(NsList *names, bool only, bool ok);
Rte *rte_for_query(Analyzer *an, Query *query, const char *alias);
Rte *rte_for_relation(Analyzer *an, const CatRelation *relation);
/* The view's query, analysed as its owner. flat: views in it are relations. */
Query *relation_view_query(Scope *scope, const CatRelation *view, bool flat);
bool relation_expand_view(Scope *scope, Rte *rte, const CatRelation *view);
bool analyze_values(Scope *scope, const PgQuery__SelectStmt *stmt);
/* From OUT and TABLE parameters; fewer than two: false. */
bool function_out_columns(Scope *scope, const Expr *call, RteColumn **columns, int *ncolumns);
/* The columns of a composite value; false without error: the type is not composite. */
bool composite_columns(Scope *scope, const Expr *expr, RteColumn **columns, int *ncolumns);

/* What a statement reads or writes by this name, WITH items aside: no index, no composite type. NULL: the error is set. */
/* Rows that the name stands for before it is a table's; NULL: none. */
const SqlRows *relation_find_rows(const Analyzer *an, const PgQuery__RangeVar *node);
const CatRelation *from_find_relation(Scope *scope, const PgQuery__RangeVar *node);

/* ---- literal.c ---- */

/* Of no domain and no row type, in canonical form. */
bool literal_read(Scope *scope, Oid type, int32_t typmod, const char **value) MUST_CHECK;
/* NULL: the error is set. */
Expr *literal_row(Scope *scope, const Expr *expr, Oid type);

/* ---- domain.c ---- */

/* A value of the base type becomes one of the domain. */
Expr *domain_cast(Scope *scope, Expr *expr, Oid domain, int location);
/* An array of the base type becomes one of the domain's array type; `expr` as it is where the elements are of no domain. */
Expr *domain_cast_elements(Scope *scope, Expr *expr, Oid array, int location);
/* The array type that has the base type of the array's elements. */
Oid domain_plain_array(Catalog *catalog, Oid array);

/* ---- write_view.c ---- */

/* Which statement: its word is part of messages. */
typedef enum WriteVerb { WRITE_INSERT, WRITE_UPDATE, WRITE_DELETE } WriteVerb;

/* The relation that a view that is written through selects from. */
typedef struct WriteLevel {
    const CatRelation *relation;
    bool only;
    Oid check_as;
    uint64_t *reads; /* what the view's query reads of it, as in Rte */
    int *columns;    /* by the view's attnum - 1: the column that it is here; 0: none */
} WriteLevel;

/* A view that is written through: entry 0 of the statement is the table below. */
typedef struct WriteView {
    const CatRelation *relation; /* as named */
    Rte *rte;                    /* an entry that is only asked for privileges */
    const CatRelation *base;
    Expr **columns;  /* by attnum - 1, over entry 0 */
    Expr *where;     /* which rows the view has; NULL: all */
    bool is_barrier; /* it, or one below, has security_barrier */
    WriteVerb verb;
    VEC(ViewCheck) levels, checks; /* conditions of this view and those below, lowest first; those that new rows have to meet */
    VEC(WriteLevel) below;         /* the table, and the views above it, but for this one */
} WriteView;

/* The table's entry, which is made entry 0 of the scope's query; scope->view is set. NULL: the error is set. */
Rte *write_view_open(Scope *scope, const CatRelation *view, WriteVerb verb);
bool write_view_has_trigger(Scope *scope, const CatRelation *view, WriteVerb verb, bool *out);
/* What names refer to: the view's columns. */
NsItem *write_view_names(Scope *scope, const WriteView *view, const char *alias, const char *alias_written);
/* The column of the table that a column of the view is. 0: none, the error is set. */
int write_view_column(Scope *scope, const WriteView *view, int number);
/* For an UPDATE of rows that are there already: asked for its own privileges, in the scope's query. */
WriteView *write_view_for_conflict(Scope *scope, const WriteView *view);
/* Once an UPDATE or DELETE is analysed: what is needed of the view and below; `target` is the table's entry. */
void write_view_privileges(Scope *scope, Rte *target);
/* What is asked for of the view is asked for of the views below, each as its reader, and of the table: all columns that a view reads. */
void write_view_ask_below(Scope *scope, const WriteView *view, const Rte *asked, bool table);

/* ---- assign.c: what writes share ---- */

/* The table that is written to, added to the query as its result_rte. */
Rte *assign_target(Scope *scope, const PgQuery__RangeVar *node, AclMask required, WriteVerb verb);
int assign_find_column(const CatRelation *relation, const char *name); /* 0: none */
/* The value as the column's type. */
Expr *assign_value(Scope *scope, const CatRelation *relation, Expr *value, int number);
/* assign_part.c: a part of a column. */
typedef struct AssignedPart {
    const char *name; /* as the column is called there */
    Node *const *steps;
    size_t nsteps;
    int location, whole_location;
    Expr *value; /* NULL: DEFAULT, which no part can have */
} AssignedPart;
Expr *assign_part(Scope *scope, const CatColumn *column, const AssignedPart *part, Expr *whole);
/* DEFAULT as it was written, for texts. */
Expr *assign_default_marker(Arena *arena, const CatColumn *column);
/* What the column gets where nothing else is given. */
Expr *assign_default(Scope *scope, const CatRelation *relation, const CatColumn *column);
/* Of a generated column, over the relation's columns (entry 0). */
Expr *assign_generated(Scope *scope, const CatRelation *relation, const CatColumn *column);

/* ---- update.c ---- */

Query *analyze_update(Scope *scope, const PgQuery__UpdateStmt *stmt);
Query *analyze_delete(Scope *scope, const PgQuery__DeleteStmt *stmt);
/* A SET list as targets of the scope's query. */
bool analyze_set(Scope *scope, Rte *target, Node *const *items, size_t count);
Query *update_finish(Scope *scope, Rte *target, QueryKind kind);

/* ---- conflict.c ---- */

/* ON CONFLICT of an INSERT into the table. */
OnConflict *analyze_conflict(Scope *scope, const PgQuery__OnConflictClause *clause, Rte *target);

/* ---- merge.c ---- */

Query *analyze_merge(Scope *scope, const PgQuery__MergeStmt *stmt);
/* SELECT, INSERT, UPDATE, DELETE, MERGE. */
Query *analyze_statement(Scope *scope, const Node *node);

/* ---- insert.c ---- */

/* INSERT of one row, as MERGE has it: targets of the scope's query from action->first on. */
bool analyze_insert_action(Scope *scope, const PgQuery__MergeWhenClause *when, const CatRelation *relation, MergeAction *action);

Query *analyze_insert(Scope *scope, const PgQuery__InsertStmt *stmt);

/* ---- target.c ---- */

bool analyze_targets(Scope *scope, Node *const *items, size_t count);
/* t.* added to the scope's targets. */
bool expand_target_star(Scope *scope, const Node *node);
const char *target_name(Analyzer *an, const Node *node);
void target_origin(const Query *query, Target *target);

/* ---- coercion.c, cast_path.c, common_type.c, polymorphic.c ---- */

typedef enum CoercionContext { COERCE_IMPLICIT, COERCE_ASSIGNMENT, COERCE_EXPLICIT } CoercionContext;
typedef enum CoercionPath { PATH_NONE, PATH_FUNC, PATH_RELABEL, PATH_ARRAY, PATH_IO } CoercionPath;

CoercionPath coercion_path(Catalog *catalog, Oid target, Oid source, CoercionContext context, Oid *function);
bool can_coerce(Catalog *catalog, const Oid *sources, const Oid *targets, int count, CoercionContext context);
bool can_coerce_one(Catalog *catalog, Oid source, Oid target, CoercionContext context);
/* The types alone, typmod left; it is known that it can be done. */
Expr *coerce_type(Scope *scope, Expr *expr, Oid target, int32_t typmod, CoercionContext context, FuncForm form, int location);
/* A literal's text read as the type. */
Expr *coerce_literal(Scope *scope, Expr *expr, Oid target, int32_t typmod, CoercionContext context, int location);
Expr *coerce_typmod(Scope *scope, Expr *expr, Oid target, int32_t typmod, CoercionContext context, FuncForm form, int location);
/* NULL without an error set: there is no such coercion. */
Expr *coerce_to_target(Scope *scope, Expr *expr, Oid target, int32_t typmod, CoercionContext context, FuncForm form, int location);
Expr *coerce_to_boolean(Scope *scope, Expr *expr, const char *construct);
/* "argument of LIMIT must be type bigint, not type ..." */
Expr *coerce_to_specific(Scope *scope, Expr *expr, Oid target, const char *construct);
Expr *coerce_to_common(Scope *scope, Expr *expr, Oid target, const char *construct);
/* construct NULL: OID_NONE without an error when there is none. */
Oid common_type(Scope *scope, Expr *const *exprs, int count, const char *construct, Expr **which);
Oid common_type_of_oids(Scope *scope, const Oid *types, int count);
/* As common_type without a construct. */
Oid common_type_quietly(Catalog *catalog, const Oid *types, int count);
int32_t common_typmod(Expr *const *exprs, int count, Oid type);
Oid type_element(Catalog *catalog, Oid type); /* of a true array, OID_NONE otherwise */
Oid type_array(Catalog *catalog, Oid element);
bool type_is_row(Catalog *catalog, Oid type);
bool type_is_enum(Catalog *catalog, Oid type);
Oid type_collation(Catalog *catalog, Oid type);
const char *type_text(Analyzer *an, Oid type);
char type_category(Catalog *catalog, Oid type, bool *preferred);
bool polymorphic_consistent(Catalog *catalog, const Oid *actual, const Oid *declared, int count);
/* Puts real types in place of polymorphic ones in `declared`; the result type. OID_NONE: failed. */
Oid polymorphic_resolve(Scope *scope, const Oid *actual, Oid *declared, int count, Oid result);

/* ---- call.c, candidate.c, call_find.c ---- */

typedef struct Candidate {
    const CatProc *proc;
    Oid oid;
    int path;   /* place of its schema on the search path */
    Oid *types; /* effective: variadic ones expanded, defaults appended, named arguments in the call's order */
    int ntypes;
    int *arg_numbers; /* named arguments: parameter of each argument; NULL: in order */
    int nvariadic, ndefaults;
} Candidate;

typedef struct CandidateList {
    Candidate **items;
    size_t count, cap;
} CandidateList;

/* PostgreSQL's rules for several candidates (manual, sections 10.2 and 10.3). NULL: none or not unique. */
CandidateList candidates_matching(Catalog *catalog, Arena *arena, const CandidateList *all, const Oid *types, int ntypes);
Candidate *candidates_best(Catalog *catalog, Arena *arena, CandidateList *matching, const Oid *types, int ntypes);

typedef enum CallKind { CALL_NOT_FOUND, CALL_AMBIGUOUS, CALL_FUNCTION, CALL_AGGREGATE, CALL_WINDOW, CALL_PROCEDURE, CALL_CAST } CallKind;

typedef struct CallTarget {
    CallKind kind;
    const CatProc *proc;
    Oid *declared; /* argument types as declared, polymorphic ones too */
    Oid result;
    int ndefaults, nvariadic;
    int *arg_numbers;
} CallTarget;

typedef struct CallArgs {
    Expr **args;
    Oid *types;
    int nargs;
    const char **names; /* of the last nnames */
    int nnames;
    bool variadic;
    bool is_call; /* CALL's: they stand at the places of output parameters too */
} CallArgs;

/* false: an error was set; "not found" and "not unique" are kinds. */
bool call_find(Scope *scope, const char *schema, const char *name, const CallArgs *args, bool expand, CallTarget *out, int location);
Expr *call_of_row_field(Scope *scope, Expr *row, const char *name, int location); /* NULL without error: none */
/* f(row) written row.f; NULL without error: there is none. */
Expr *call_functional(Scope *scope, const char *name, Expr *row, int location);

/* ---- operator.c ---- */

/* left NULL: prefix. */
Expr *make_operator(Scope *scope, Node *const *names, size_t nnames, Expr *left, Expr *right, int location);
Expr *make_named_operator(Scope *scope, const char *name, Expr *left, Expr *right, int location);
Expr *make_any_all(Scope *scope, Node *const *names, size_t nnames, bool is_all, Expr *left, Expr *right, int location);
const CatOperator *find_operator(Scope *scope, Node *const *names, size_t nnames, Oid left, Oid right, int location);
/* (a, b) op (c, d), either side's elements given */
/* May the operators compare rows? */
bool check_row_order(Scope *scope, Expr **pairs, int count, const char *name, int location) MUST_CHECK;
Expr *make_row_comparison(Scope *scope, Node *const *names, size_t nnames, Expr **left, Expr **right, int nleft, int nright, int location);
Expr *make_distinct(Scope *scope, Node *const *names, size_t nnames, Expr *left, Expr *right, int location);

/* ---- sort.c, group.c, sort_ops.c ---- */

typedef struct SortOps {
    Oid less, equal, greater;
} SortOps;

/* OID_NONE where there is none. */
SortOps sort_ops_of(Catalog *catalog, Oid type);
bool sort_ops_need(Scope *scope, Oid type, bool ordering, SortOps *out, int location);
bool analyze_sort(Scope *scope, Node *const *items, size_t count, Clause clause, bool sql99, SortItem **out, int *nout);
bool sort_item_make(Scope *scope, const PgQuery__SortBy *node, const Expr *expr, int target, SortItem *out);
/* The target an item names: an output column, its number, or an expression (added as junk when new); -1: failed. */
int find_target(Scope *scope, const Node *node, Clause clause, bool sql99);
bool settle_target_type(Scope *scope, int place);
int find_target_by_expr(Scope *scope, const Node *node, Clause clause);
bool analyze_group(Scope *scope, const PgQuery__SelectStmt *stmt);
bool analyze_distinct(Scope *scope, const PgQuery__SelectStmt *stmt);
bool analyze_limit(Scope *scope, const PgQuery__SelectStmt *stmt);
/* Output literals that are still of unknown type become text. */
bool resolve_unknown_targets(Scope *scope);

/* ---- aggregate.c, aggregate_check.c, window.c ---- */

Expr *make_aggregate(Scope *scope, Expr *aggregate, const PgQuery__FuncCall *node, Expr **direct, int ndirect);
Expr *make_window_call(Scope *scope, Expr *call, const PgQuery__FuncCall *node);
bool analyze_windows(Scope *scope);
bool check_set_call(Scope *scope, Expr *call, int location);
bool check_grouping(Scope *scope);
bool analyze_locking(Scope *scope, const PgQuery__SelectStmt *stmt);
/* group_depend.c: is the column determined by a primary key that is grouped? Then it is grouped from now on. */
bool group_determines(Scope *scope, int rte, int column);

/* ---- setop.c, cte.c ---- */

bool analyze_set_operation(Scope *scope, const PgQuery__SelectStmt *stmt);
bool analyze_with(Scope *scope, const PgQuery__WithClause *with);
/* The CTE a bare name refers to; NULL: none. */
Rte *cte_reference(Scope *scope, const char *name, int location);
/* The first term of a recursive query tells the second one its columns. */
bool cte_take_columns(Scope *scope, Query **left);
/* cte_traverse.c: SEARCH and CYCLE, before their query is analysed, at the end of its columns, and after it. */
bool cte_take_clauses(Scope *scope, Cte *cte, const PgQuery__CommonTableExpr *node);
void cte_add_columns(Cte *cte);
bool cte_check_clauses(Scope *scope, const Cte *cte, const PgQuery__CommonTableExpr *node);
bool cte_is_future(const Scope *scope, const char *name);
/* RETURNING and ON CONFLICT of an INSERT are queries beside it, which see its WITH while they are analysed: references from their
 * subqueries count as from its own. */
void cte_lend(Scope *scope, const Scope *owner);
void cte_take_back(Scope *scope);

/* ---- raw_walk.c ---- */

typedef bool (*RawVisitor)(const ProtobufCMessage *message, void *arg);
/* Calls visit on each message directly inside; true stops and is returned. */
bool raw_walk(const ProtobufCMessage *message, RawVisitor visit, void *arg);

/* ---- collate.c ---- */

bool assign_query_collations(Analyzer *an, Query *query);
bool assign_collation(Analyzer *an, Expr *expr);
/* Of several columns that become one. none_ok: OID_NONE on conflict. */
bool common_collation(Analyzer *an, Expr *const *exprs, int count, bool none_ok, Oid *out);
/* collate_use.c: what the expression does that needs a collation, in words; NULL: nothing. */
const char *collate_use(Analyzer *an, const Expr *expr);
const char *collate_grouping_use(bool hashed);
/* false (42P22): a use was noted, and the expression is going to run. */
bool collate_refuse_noted(const Analyzer *an) MUST_CHECK;

/* ---- type_name.c ---- */

void warn_value_precision(Scope *scope, Oid type, int precision); /* CURRENT_TIMESTAMP(9) and its kin */
bool resolve_type_name(Scope *scope, const PgQuery__TypeName *name, Oid *type, int32_t *typmod);

#endif
