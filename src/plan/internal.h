/*
 * internal.h - what the files of the planner share.
 */
#ifndef MEDLEY_PLAN_INTERNAL_H
#define MEDLEY_PLAN_INTERNAL_H

#include "func/partition.h"
#include "plan/plan.h"

/* A server as one user reaches it, or the system catalogs. */
typedef struct Source {
    const RemoteTarget *target; /* NULL: the system catalogs */
    const Dialect *dialect;     /* NULL: the wrapper is offered filters one by one */
    Oid server, user;
    const PlanContext *context;
    bool is_asked; /* for its version, once a plan: who cannot be reached lets wait */
    int version;
} Source;

/* Whose rows something is made of. */
typedef struct Owner {
    enum { OWNER_NONE, OWNER_ONE, OWNER_MIXED } kind; /* NONE: no relation at all */
    Source *source;
} Owner;

typedef struct Planner {
    PlanContext *context;
    Arena *arena;
    Error *error;
    VEC(Source *) sources;
    Source *catalog;
    VEC(Leaf *) leaves;
    VEC(LeafReason) reasons; /* why the whole was not relayed */
    VEC(PlanStep) steps;
    VEC(PlanSubplan) subplans;
    int being_kept;    /* while a step is printed: the leaf that it reads to keep its rows; 0: none */
    bool unfolded;     /* an immutable call over constants fails, or is none of those that are computed here */
    bool calls_params; /* calls are made of parameters and constants alone */
    bool values_known; /* parameters became constants */
    bool moment;       /* what this statement's moment or session gave was made a constant */
    bool trees;        /* a table with children was expanded: constants decide which of them are read */
} Planner;

/* Why the query is no relay, or more of it stays local; each reason once. */
void plan_add_reason(Planner *planner, const char *text);

typedef VEC(Expr *) ExprList;

/* ---- subplan.c ---- */

/* Whether the engine may refuse it: a subquery somewhere in it is about a row outside, or stands in the condition of an outer join. */
bool subplan_is_wanted(const Query *query);
bool subplan_is_in_join(const Query *query); /* the latter */
/* Which subqueries become subplans, each choice with those before it. */
typedef enum SubplanChoice {
    SUBPLANS_VOLATILE, /* about a row outside, outermost: those that call volatile functions, and such functions in FROM */
    SUBPLANS_GUARDED,  /* initplans; in outer joins' conditions what may fail and be left out, about a row outside what has such ones */
    SUBPLANS_OUTWARD,  /* all outermost ones about a row outside */
    SUBPLANS_ALL       /* of expressions those too that are about nothing outside */
} SubplanChoice;
/* In place; after fold_constants, before inherit_expand. */
void subplan_make(Planner *planner, Query *query, SubplanChoice choice);
/* The call of a query without FROM over columns of the one outside, where it is to stand; NULL: it cannot be one. */
Expr *subplan_call(Planner *planner, Query *outside, Query *subplan);
/* subplan_row.c: whether the entry reads rows of others of its query; those that it reads itself; and all that it counts rows of. */
bool subplan_reads_rows(const Query *query, int entry, Arena *arena);
void subplan_add_read_by(const Rte *rte, bool *seen);
bool *subplan_rows_read(const Query *query, int entry, Arena *arena);
/* Conditions of WHERE go into what is volatile in FROM, to be asked before it is computed. */
void subplan_push_conditions(Planner *planner, Query *query);
/* subplan_join.c: columns that tell apart the rows that the entry counts; and the subquery that these have become, with conditions of the
 * query; NULL: no conditions went into one. */
Query *subplan_number_rows(Planner *planner, Query *query, int entry, ExprList *numbers);
/* Of a level that no source answers whole: the rows that its LATERAL entries read, where conditions on them stay local. false: the error is
 * set. */
bool subplan_join_rows(Planner *planner, Query *query);
/* plan.c: its plan; for values yet to come (all NULL), or with its parameters left open. NULL: the error is set. */
Plan *plan_subplan(const PlanSubplan *subplan, const PlanContext *outer, bool params_bound, Arena *arena, Error *error);

/* ---- reuse.c ---- */

/* Says in the finished plan what it hangs on. */
void reuse_judge(const Planner *planner, Plan *plan);

/* ---- fold.c ---- */

/* Before anything is planned, in place: join aliases and system columns spelled out. */
void fold_spell(Planner *planner, Query *query);
/* Then calls over constants are computed, as far as they can be; also for what became constant later. */
void fold_constants(Planner *planner, Query *query);
/* Of a call whose arguments are all constants, by a function that Medley computes itself. false: it fails, or the text is too long. */
bool fold_value(Planner *planner, const Expr *expr, Oid proc, const char **text, Error *error) MUST_CHECK;
bool fold_reads_back(const Planner *planner, Oid type, const char *text);
/* Casts: of a constant, which they become. false: it fails. */
bool fold_io_cast(Planner *planner, Expr **expr, Error *error) MUST_CHECK;
Expr *fold_relabel(Planner *planner, Expr *expr);

/* ---- simplify_query.c ---- */

/* Computes the constants that PostgreSQL computes while it plans, in place, after fold_spell. false: one of them fails. knows_params:
 * parameters are constants as well, which it makes the query's. */
bool simplify_query(Planner *planner, Query *query, bool knows_params) MUST_CHECK;

/* ---- pattern.c ---- */

/* Constant regular expressions of its conditions, and of the queries within. After fold_constants. */
bool patterns_check(Planner *planner, const Query *query) MUST_CHECK;

/* ---- fields.c ---- */

/* Before anything is planned, in place: fields of row values that subqueries give become columns of the subqueries. */
void fields_spread(Planner *planner, Query *query);
/* ROW(a, b).f1 is a. */
Expr *fields_of_row(Expr *field);

/* ---- refute.c, exclude.c ---- */

/* Whether the predicate, over the same rows, is false where the clause is true. false: that is not certain. */
bool refute(Planner *planner, const Expr *clause,
            const Expr *predicate); /* both in the form of refute_form; false too if the error is set */
Expr *refute_form(Planner *planner, Expr *expr);
/* A copy, with the values of parameters, computed, unless the plan is to be for all values. */
Expr *exclude_with_values(Planner *planner, const Expr *condition);
bool planner_setting_is(const Planner *planner, const char *name, const char *value);
/* Whether constraint_exclusion is on for such a table. is_member: it is read as one of a tree. */
bool exclude_applies(const Planner *planner, bool is_member);
/* *out: no row of the relation itself (entry 0) can meet the condition (NULL: none). */
bool exclude_contradicts(Planner *planner, const CatRelation *relation, bool is_member, const Expr *condition, bool *out) MUST_CHECK;

/* ---- inherit.c, prune.c ---- */

/* References to tables with children, and to tables of Medley's own, become subqueries over what holds their rows. After fold_constants. */
bool inherit_expand(Planner *planner, Query *query) MUST_CHECK;
/* By partition: may a row of it meet the conditions (over columns of `root`, a table above)? */
bool *prune_partitions(Planner *planner, const CatRelation *root, const CatRelation *parent, const PartitionKey *key,
                       const Partition *partitions, size_t count, const ExprList *conditions);
/* traverse.c. false: refused. */
bool traverse_expand(Planner *planner, Query *query);
/* locks.c: refuses what may be missing; and, when no source answers the whole, what then would be left unlocked. */
bool locks_check(Planner *planner, const Query *query) MUST_CHECK;
bool locks_drop(Planner *planner, Query *query) MUST_CHECK;
/* series.c: series of the select list go to FROM, where they need not end. */
void series_move(Planner *planner, Query *query);
/* stages.c: what the local engine does in another order becomes a query over a subquery. */
void stages_divide(Planner *planner, Query *query);
void stages_part_keys(Planner *planner, Query *query); /* before fold_constants */
/* What aggregates all its rows has one group still, whatever constants have made of the aggregates. */
void stages_keep_groups(Planner *planner, Query *query);
/* Keys of GROUP BY in which subqueries are: columns of a subquery, while equal ones can still be told (leaves differ). */
void stages_divide_asking_keys(Planner *planner, Query *query);
/* A query that is being divided: what is taken becomes columns of the subquery. */
typedef struct Stage {
    Planner *planner;
    Query *query, *inner;
    bool grouped; /* what is taken beside aggregates becomes a key */
} Stage;
/* FROM and WHERE become the subquery's; when all is taken, what is left of the query is made of its columns. */
void stage_move_rows(Stage *stage);
Expr *stage_take(Stage *stage, Expr *expr);
Expr *stage_take_subquery(Expr *expr, int level, void *stage); /* for query_map_exprs: of the query's own ones */
bool stage_is_taken(const Expr *expr);                         /* whether it has a column of the subquery in it */
void stage_finish(Stage *stage);
/* The groups become a subquery. */
void stages_divide_groups(Planner *planner, Query *query);
void stage_put_inner(Stage *stage);
/* An expression over the subquery's entry as it stands while the query is divided. */
Expr *stage_column(const Stage *stage, int column, const Expr *like);
/* postpone.c: what of the select list is computed when rows are sorted and chosen. */
void postpone_targets(Planner *planner, Query *query);
void postpone_divide(Planner *planner, Query *query, const bool *late); /* these are computed over the rest of the query */
/* turns.c: calls that can tell which of them came first follow one another row by row. */
void turns_take(Planner *planner, Query *query);
/* guard.c: subqueries that may fail see no rows where CASE, COALESCE, AND or OR leave them out. */
void guard_arms(Planner *planner, Query *query);
/* Appends the subqueries of an outer join's condition that may fail where AND, OR, CASE or COALESCE may leave them out. */
void guard_find_in_join(Planner *planner, Expr *on, ExprList *out);
/* Whether anything in it may end in an error. */
bool guard_query_fails(const Planner *planner, const Query *query);
bool guard_sublink_fails(const Planner *planner, const Expr *sublink);
/* initplan.c: subqueries about nothing outside that are to be run when they are asked for. */
/* What of a statement's WHERE, LIMIT and OFFSET is asked for before there are rows, with such subqueries in it. */
void initplan_ask(Planner *planner, Query *query);
/* Appends those of the query's own clauses. */
void initplan_find(Planner *planner, const Query *query, ExprList *out);
bool initplan_is_wanted(Planner *planner, const Query *query); /* whether there may be one anywhere in it */
bool inherit_is_tree(const Rte *rte);
/* nothing.c: by entry, whether its rows are wanted by nobody, whatever they are. Subqueries that nobody wants rows of get none. */
const bool *nothing_decide(Planner *planner, Query *query);
/* unite.c */
void unite_columns(Arena *arena, Rte *rte, const Query *query);
/* Of a query that stands one level further in from now on: its references outward. */
void unite_move_in(Query *query);
/* The entry becomes a subquery over what it was, which computes one more column. Gives its query. */
Query *unite_extend(Arena *arena, Rte *rte, Expr *expr, const char *name);
/* SELECT of all columns of the query; its Vars name the entry by that number. */
Query *query_around(Arena *arena, Query *inner, const RteColumn *columns, int ncolumns, int entry);
/* The rows of both; left NULL: those of right. Targets are those of left. */
Query *unite_all(Arena *arena, Query *left, Query *right);

/* either.c: what follows from a choice between conditions on several system catalogs, so that indexes find their rows. */
void either_expand(Planner *planner, Query *query);

/* ---- source.c ---- */

/* NULL: the error is set. */
Source *source_of_relation(Planner *planner, const Rte *rte);
/* Of a query with all it contains. false: the error is set. */
bool source_owner(Planner *planner, const Query *query, Owner *out) MUST_CHECK;
Owner source_merge(Owner a, Owner b);
bool source_has_dialect(Owner owner);
/* Can the source say the query, or a condition on entries of `query`, exactly? reason (may be NULL) gets words on false. */
bool source_can_say_query(Planner *planner, const Source *source, const Query *query, const char **reason);
bool source_can_say(Planner *planner, const Source *source, const Expr *expr, const Query *query, const char **reason);
/* A print context for the source's text. */
PrintContext source_print_context(Planner *planner, const Source *source);
bool source_has_other_encoding(const Source *source);

/* ---- outward.c ---- */

/* Changes how the local query's subqueries compare with the rows outside: the engine answers some such comparisons wrongly. */
void outward_hide(Planner *planner, Query *query);

/* ---- refs.c: what an expression refers to ---- */

/* Entries of `query` (whose expression it is) that the expression uses, marks in seen[nrtes]; sublinks included. */
void refs_of_expr(const Expr *expr, bool *seen);
/* The one entry of its query that it refers to; -1: none, or several. */
int refs_only_entry(const Expr *expr);
/* Uses a column or a CTE of a query around the one it stands in. */
bool refs_outer_expr(const Expr *expr);
bool refs_outer_query(const Query *query);
bool refs_outer_rows(const Query *query); /* a column alone, or an aggregate of a query around */
bool refs_has_sublink(const Expr *expr);
bool refs_has_param(const Query *query);
/* Top-level conjuncts of a condition (NULL: none). */
void refs_split_and(Arena *arena, Expr *expr, ExprList *out);
Expr *refs_make_and(Arena *arena, Expr *const *items, size_t count);

/* ---- join.c: the joins of one query level as a tree of conditions ---- */

typedef enum NodeKind { NODE_RTE, NODE_INNER, NODE_OUTER } NodeKind;

typedef struct JoinNode {
    NodeKind kind;
    int rte;                         /* NODE_RTE */
    JoinType join;                   /* NODE_OUTER: JOIN_LEFT or JOIN_FULL */
    VEC(struct JoinNode *) children; /* NODE_INNER; NODE_OUTER: left, right, each a NODE_INNER */
    ExprList conditions;             /* all must hold; NODE_OUTER: of the join itself */
    bool *rtes;                      /* below */
    int leaf_rte;                    /* the entry that reads its rows, once it is a leaf; 0: none */
    Owner owner;                     /* ONE: all of it, conditions included, is one source's to answer */
} JoinNode;

typedef struct Level {
    Planner *planner;
    Query *query;
    Owner *owners;    /* of each entry */
    StrList *kept;    /* of each entry: why conditions on it stayed local, each reason once */
    ExprList *pushed; /* while conditions go into subqueries: those that went */
    ExprList *noted;  /* while they are looked for: of each entry, those that the rows meet which are wanted of it */
} Level;

/* FROM and WHERE as a tree whose owned nodes are the largest there are. */
JoinNode *join_tree(Level *level);
/* Moves conditions down as join_tree does, but only into subqueries (push_into). */
void join_push(const Level *level);
/* Fills level->noted; the level stays as it is, and its conditions are the level's own. */
void join_note(const Level *level);
/* FROM and WHERE again: of an owned node, for its leaf (its own leaf_rte not yet set); of the root, over leaves. */
FromItem **join_from(const Level *level, const JoinNode *node, Expr **where, int *nfrom);

/* ---- limits.c: LIMIT of a level, and the sort before it, goes into the sides of UNION ALL that it reads; before these are planned ---- */

void limits_push(Planner *planner, const Query *query);

/* ---- partial.c: aggregates of a level are computed in parts by the sides of the UNION ALL that it reads; before these are planned ---- */

void partial_push(Planner *planner, Query *query);

/* ---- unread.c: columns of UNION ALL that the level does not read; before its sides are planned ---- */

void unread_drop(Planner *planner, Query *query);

/* ---- push.c: conditions of a level that its subqueries can apply; before these are planned ---- */

void push_conditions(Level *level);
/* Puts a copy of the condition, which refers to this entry alone, into the entry's query. false: it must not go there. */
bool push_into(const Level *level, int rte, const Expr *condition);
/* The same for a condition on the columns of a query, whatever entry its Vars name. */
bool push_onto(Planner *planner, Query *query, const Expr *condition);
/* Which entries an outer join may fill up with NULLs. */
void push_mark_nullable(const FromItem *item, bool nullable, bool *marks);

/* ---- reduce.c ---- */

/* Is one of the conditions never true when all columns of these entries are NULL? */
bool reduce_rejects(const ExprList *conditions, const bool *rtes, Catalog *catalog);

/* ---- derive.c ---- */

/* Adds to `to` what follows from columns that `facts` fix and the equalities of `joins` (either may be `to` itself, which then grows). */
void derive_conditions(const Level *level, const ExprList *facts, const ExprList *joins, ExprList *to);

/* ---- leaf.c ---- */

/* A leaf that answers the query; its columns are the query's targets without junk. NULL: the error is set. */
Leaf *leaf_of_query(Planner *planner, const Source *source, Query *query);
/* The text of a query for the source, and what else a scan of it needs, into `spec`. */
/* Items of WITH that nobody refers to are not computed, nor looked at by sources. */
void plan_empty_unused(Query *query, Arena *arena);
/* printed: the numbers of its parameters; complete: those of a text before, which this one is made of. */
bool leaf_print(Planner *planner, const Source *source, const Query *query, FdwScanSpec *spec, PrintedParams *printed) MUST_CHECK;
/* The rows of a query over leaves, kept. */
Leaf *leaf_of_local(Planner *planner, Query *query, const RteColumn *columns, int ncolumns);
/* A leaf of a wrapper without a dialect: one table, some columns, some filters. */
Leaf *leaf_of_table(Planner *planner, const Source *source, Query *query, int rte, const int *columns, int ncolumns,
                    const FdwFilter *filters, size_t nfilters);
/* Of a table that has rows of its own. NULL: the error is set. */
Leaf *leaf_of_stored(Planner *planner, const Rte *rte);
/* How the local query reads it. */
/* The node with the rows that the entry asks for of the relation; 0: there is none. */
int64_t leaf_stored_node(const Planner *planner, const Rte *rte, const CatRelation *relation);
bool leaf_print_stored(Planner *planner, const Leaf *leaf, Str *out, Error *error) MUST_CHECK;
Leaf *leaf_of_function(Planner *planner, const Rte *rte);
void leaf_add_reason(Planner *planner, Leaf *leaf, const char *text);
/* A range table entry that reads the leaf. */
Rte *leaf_rte(Planner *planner, const Leaf *leaf);
/* Whether the wrapper takes the condition on entry `rte` as a filter. */
FdwAnswer leaf_offer(Planner *planner, const Source *source, const Query *query, int rte, const Expr *condition, FdwFilter *out);

/* ---- estimate.c: how many rows to expect ---- */

enum { ESTIMATE_MANY_ROWS = 20000 }; /* from there on it matters how they are grouped */

/* Of a leaf: sources are asked for sizes that are not known yet. */
/* Asks all sources at once about the tables of the leaves made so far, those whose sizes are not known. */
void estimate_ahead(Planner *planner);
double estimate_leaf(Planner *planner, Leaf *leaf);
/* Of an entry of a planned level. */
double estimate_entry(Planner *planner, const Query *query, int rte);
/* By the option use_remote_estimate. */
bool estimate_is_remote(const RemoteTarget *target, const CatRelation *relation);
double estimate_query(Planner *planner, const Query *query); /* of a planned query */
/* Which part of the rows meets all conditions, 0 to 1. */
double estimate_part(Planner *planner, const Query *query, const ExprList *conditions);
/* Different values of an expression over a level's entries, as ANALYZE found; 0: not known. */
double estimate_distinct(Planner *planner, const Query *query, const Expr *expr);
/* Of a grouped query that is the source's own and not planned yet, and how many rows it groups. Many rows' groups are asked for. */
double estimate_groups(Planner *planner, const Source *source, const Query *query, double *rows);
/* Asks all sources at once what estimate_groups of the sides of a union will ask. */
void estimate_groups_ahead(Planner *planner, const Query *sides);

/* ---- bind.c ---- */

/* Finds bind joins in a level over leaves. */
bool bind_level(Planner *planner, Query *query) MUST_CHECK;

/* ---- columns.c: what the leaves of a level give ---- */

/* A leaf that is being made of an owned node: which columns of which entries it has to give. */
typedef struct Cut {
    JoinNode *node;
    Source *source;
    int leaf_rte;
    ExprList columns;   /* over the level's entries: Vars, and expressions that only the source can compute */
    FdwFilter *filters; /* without a dialect */
    size_t nfilters;
    StrList kept; /* Level.kept of its entries, and filters that were not taken */
} Cut;

typedef struct Cutting {
    Level *level;
    VEC(Cut) cuts;
    bool failed;
} Cutting;

/* For query_map_exprs, deep: every Var of a leaf's entries becomes one of the leaf's columns. arg: the Cutting. */
Expr *columns_of_leaves(Expr *expr, int level, void *arg);
/* What the local engine cannot say, but the source whose columns it is made of, becomes a column of that leaf. */
void columns_ship_expressions(Cutting *cutting, JoinNode *root);

/* ---- above.c ---- */

/* The query over one leaf that has all but its last steps (sort and limit; or what is computed from groups). NULL without an error: it
 * cannot be divided so. */
Query *above_leaf(Planner *planner, const Source *source, Query *query);

/* ---- level.c ---- */

/* What is to stand in the query's place: one leaf's rows, or the query over leaves. NULL: the error is set. */
Query *level_plan(Planner *planner, Query *query);
/* The subqueries in the expressions of a query of which nothing else is left to plan. */
bool level_plan_sublinks(Planner *planner, Query *query);
/* SELECT of all columns of a leaf. */
Query *level_select_leaf(Planner *planner, const Leaf *leaf);

#endif
