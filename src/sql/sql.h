/*
 * sql.h - from text to typed Query, and from Query back to text in any dialect.
 *
 * parse: libpg_query's protobuf tree, unpacked by protobuf-c into the statement's arena; that tree of plain structs
 * (pg_query.pb-c.h) is the raw tree the rest of this folder and the commands walk. analyze: names and types. print: one
 * printer; a Dialect is a table of spellings.
 */
#ifndef MEDLEY_SQL_H
#define MEDLEY_SQL_H

#include <pg_query/pg_query.pb-c.h>

#include "func/func.h"
#include "sql/query.h"

/* Raw tree: PostgreSQL's own node names. */
typedef PgQuery__Node Node;
typedef PgQuery__RawStmt RawStmt;

/* ---- parse ---- */

typedef struct ParsedStatement {
    const Node *node;
    int location, length; /* bytes of the source text; length is never 0 */
    const char *text;     /* this statement alone */
} ParsedStatement;

typedef struct ParsedText {
    ParsedStatement *items;
    size_t count;
} ParsedText;

enum { SQL_MAX_TEXT = 16 * 1024 * 1024, SQL_MAX_DEPTH = 2000 };

/* Errors: 42601 and the others that PostgreSQL's scanner and grammar give, with their positions; 54001 when nested too deep. */
bool sql_parse(const char *text, Arena *arena, ParsedText *out, Error *error) MUST_CHECK;
/* Whether `keyword` stands before an empty string, outside brackets: the tree does not tell '' from nothing. */
bool sql_gives_empty_text(const char *text, PgQuery__Token keyword, Arena *arena);
/* PostgreSQL's notice (42622) for each name of a parsed text that was cut to 63 bytes. */
void sql_note_long_names(const char *text, Arena *arena, const Notices *notices);
/* "SELECT", "CREATE SERVER", ...: PostgreSQL's command tag (without counts). */
const char *sql_command_tag(const Node *node);
/* SELECT ... INTO's clause; NULL: another statement. */
PgQuery__IntoClause *sql_into_clause(const Node *node);
/* Whether the statement may hold passwords: its text is then neither logged nor shown. */
bool sql_holds_secrets(const Node *node);

/* ---- shapes: what statements that differ in constants alone have in common ---- */

enum { SQL_SHAPE_LITERALS = 64 };
typedef struct SqlLiteral {
    int location, length; /* bytes of the text, quotes included */
    bool is_text;         /* else a whole number below 1,000,000,000 */
} SqlLiteral;
typedef struct SqlShape {
    char *key; /* the text, one byte in the place of each literal */
    size_t length;
    SqlLiteral *literals;
    int count;
} SqlShape;
/* false: no query, or one that is not taken apart so easily. No error is set: the grammar has yet to judge the text. */
bool sql_shape(const char *text, Arena *arena, SqlShape *out);
/* An integer's canonical text, or what a quoted text says. */
const char *sql_literal_value(const char *text, const SqlLiteral *literal, Arena *arena);
/* Makes $1, $2, ... of the literals that conditions compare with columns, in their order. The tree is the caller's to change. Gives which:
 * bit i for literal i. */
uint64_t sql_lift(const Node *node, const SqlShape *shape, Arena *arena);

/* ---- analyze ---- */

/* Rows that have a name in a statement: a trigger's transition tables. */
typedef struct SqlRows {
    const char *name;
    const CatRelation *relation; /* made up: its columns */
    int64_t work;                /* the work table they lie in */
} SqlRows;

/* Names that are no columns: variables of a PL/pgSQL function, parameters of an SQL function. */
typedef enum SqlConflict { SQL_CONFLICT_ERROR, SQL_CONFLICT_VARIABLE, SQL_CONFLICT_COLUMN } SqlConflict;
typedef struct SqlVariable {
    int param;           /* from 1 */
    Oid type, collation; /* OID_NONE: the type's own */
    int32_t typmod;
} SqlVariable;
typedef struct SqlVariables {
    void *arg;
    SqlConflict conflict; /* a name that is a column too: ambiguous (42702), or what comes first */
    /* names as written, "$1" for a parameter. false: there is none, or (error set) it cannot be read. *out: as it was, where there is
     * nothing to say. */
    bool (*find)(void *arg, const char *const *names, int count, SqlVariable *out, Error *error);
    /* The columns of a parameter of type record; their number, -1: not known. NULL: of none. */
    int (*columns)(void *arg, int param, RteColumn **columns, Arena *arena);
    const SqlRows *rows; /* nrows of them, by names that come before those of tables */
    int nrows;
} SqlVariables;

/* WHERE CURRENT OF. */
typedef struct SqlCursors {
    void *arg;
    /* The number of the row of the table, or of one below it, that the cursor stands on; 0: it is gone. Errors: 34000, 24000. */
    bool (*find)(void *arg, const char *cursor, const CatRelation *table, Oid *lies_in, int64_t *number, Error *error);
} SqlCursors;

typedef struct AnalyzeContext {
    Catalog *catalog;
    const FuncContext *functions;
    const char *text;              /* the statement's text */
    Oid *param_types;              /* in: types the client gave (0: to be inferred); out: all. May be NULL when nparams is 0 */
    int nparams;                   /* in: given; out: highest used */
    bool variable_params;          /* Parse messages and PREPARE: unknown $n are allowed and inferred */
    Oid check_as;                  /* inside a view: its owner */
    bool stored;                   /* the text of a view: what it names is found whatever schemas the reader may use */
    int depth;                     /* views inside views */
    bool flat_views;               /* a view is a relation: what it is made of is not looked at. For texts only */
    int parameter;                 /* EXPR_USE_EXECUTE: its number */
    const SqlVariables *variables; /* NULL: none */
    const SqlCursors *cursors;     /* NULL: the statement is not going to run */
    Oid fills;                     /* the new table or materialized view that this statement may write to */
} AnalyzeContext;

/* SELECT, VALUES, TABLE (and the query inside EXPLAIN, DECLARE, COPY, PREPARE, CREATE VIEW). INSERT/UPDATE/DELETE: 0A000 here. */
Query *sql_analyze(const Node *statement, AnalyzeContext *context, Arena *arena, Error *error);
/* A stand-alone expression over one relation's columns (defaults, CHECK): relation NULL: no columns. target OID_NONE: its own type. */
Expr *sql_analyze_expr(const Node *expr, const CatRelation *relation, Oid target, int32_t typmod, AnalyzeContext *context, Arena *arena,
                       Error *error);
/* An expression that is stored with a relation, by its use; a trigger's WHEN sees the relation twice: as old (rte 0) and as new (rte 1). */
typedef enum ExprUse {
    EXPR_USE_DEFAULT,
    EXPR_USE_CHECK,
    EXPR_USE_GENERATED,
    EXPR_USE_WHEN,
    EXPR_USE_EXECUTE,
    EXPR_USE_TRANSFORM,
    EXPR_USE_INDEX,
    EXPR_USE_PREDICATE
} ExprUse;
Expr *sql_analyze_stored(const Node *expr, ExprUse use, const CatRelation *relation, Oid target, int32_t typmod, AnalyzeContext *context,
                         Arena *arena, Error *error);
/* CALL: the procedure, and an expression of its type for each of its parameters, output ones too. */
Expr *sql_analyze_call(const PgQuery__FuncCall *node, AnalyzeContext *context, Arena *arena, Error *error);
/* What a column of the relation has in a row that says nothing of it: its default, the next of its sequence, NULL. */
Expr *sql_column_default(const CatRelation *relation, int number, AnalyzeContext *context, Arena *arena, Error *error);
/* The assignment cast of a value of one type to another; NULL without an error: there is none. */
Expr *sql_coerce(Expr *expr, Oid target, int32_t typmod, AnalyzeContext *context, Arena *arena, Error *error);
/* A type name as written to OID and typmod: 42704 and the others. */
bool sql_resolve_type(const PgQuery__TypeName *name, Catalog *catalog, Arena *arena, Oid *oid, int32_t *typmod, Error *error) MUST_CHECK;
/* Where a raw expression starts, as messages point. */
int sql_node_location(const Node *node);
/* The name of a column that has the expression's value: as the client sees it. */
const char *sql_output_name(const Node *expr, const AnalyzeContext *context, Arena *arena, Error *error);
/* Warns of a precision of seconds beyond 6, which is 6; the type as resolved. query: the function's text that location is in, NULL: the
 * statement's own; location -1: nowhere. */
/* Whether the user may look into the schema that the name has, if it has one; the error has no position. */
bool sql_check_type_schema(const PgQuery__TypeName *name, Catalog *catalog, Oid user, Error *error) MUST_CHECK;
void sql_warn_precision(const PgQuery__TypeName *name, Oid type, const char *query, int location, Catalog *catalog);
/* A type's name from text. NULL: it is none. */
const PgQuery__TypeName *sql_parse_type_name(const char *text, Arena *arena, Error *error);
/* The type alone from text, for regtype input and to_regtype. */
/* The same as the input of regtype, which also says what it has changed. */
bool sql_read_type(const char *text, Catalog *catalog, Arena *arena, Oid *oid, Error *error) MUST_CHECK;
bool sql_parse_type(const char *text, Catalog *catalog, Arena *arena, Oid *oid, int32_t *typmod, Error *error) MUST_CHECK;
/* Values of the one type are values of the other as they are. */
bool sql_is_binary_coercible(Catalog *catalog, Oid source, Oid target);
/* COPY FROM as an INSERT: the rows, an entry whose columns are those of `columns` by place, or their texts; and which of them. */
typedef struct SqlCopy {
    const CatRelation *relation;
    Rte *rows;
    const int *columns; /* attnums */
    int ncolumns;
    const Node *where; /* NULL: all */
} SqlCopy;
Query *sql_analyze_copy(const SqlCopy *copy, AnalyzeContext *context, Arena *arena, Error *error);
/* catalog_check_kind, of all its relations. */
bool sql_check_kinds(const Query *query, Catalog *catalog, Error *error) MUST_CHECK;
/* What needs a collation that cannot be known: 42P22, for a query that is going to run. */
bool sql_check_collations(const Query *query, Error *error) MUST_CHECK;
/* Checks every privilege listed in the query and its subqueries as `user` (or check_as). 42501 as PostgreSQL. */
/* 55000 for a table whose wrapper has no handler, which no plan can scan. */
bool sql_check_handlers(const Query *query, Catalog *catalog, Error *error) MUST_CHECK;
bool sql_check_privileges(const Query *query, Catalog *catalog, Oid user, Error *error) MUST_CHECK;
/* What is read as the current user is read as the role from now on. */
void sql_check_as(const Query *query, Oid role);
/* Whether its plan writes and locks nothing, what it calls aside: then a function that is not volatile may run it. */
bool sql_only_reads(const Query *query);
bool sql_locks_rows(const Query *query); /* FOR UPDATE or its like anywhere in it */
/* Whether it may change, or lock, rows of a table that is not temporary: then a read-only transaction may not run it. */
bool sql_needs_write(const Query *query, Catalog *catalog);
/* As what PostgreSQL refuses it: "SELECT FOR UPDATE". */
const char *sql_query_name(const Query *query);

/* Why a view of this query cannot be written through, in PostgreSQL's words; NULL: it can. The second: its rows alone are asked about. */
const char *sql_view_not_updatable(const Query *query);
const char *sql_view_rows_not_updatable(const Query *query);

/* ---- walking and copying ---- */

/* Calls fn on each direct child expression (sublink queries are not entered). fn returning true stops the walk and is returned. */
bool expr_walk(const Expr *expr, bool (*fn)(const Expr *child, void *arg), void *arg);
/* Every top-level expression of a query: targets, quals, join conditions, VALUES, limit, windows, functions in FROM. */
bool query_walk_exprs(const Query *query, bool (*fn)(const Expr *expr, void *arg), void *arg);
/* The same without what a join's columns are made of, which may not be used at all. */
bool query_walk_clauses(const Query *query, bool (*fn)(const Expr *expr, void *arg), void *arg);
/* Every directly contained query: subqueries in FROM, CTEs, set operation sides, sublinks. levels: how much deeper. */
bool query_walk_queries(const Query *query, bool (*fn)(const Query *child, void *arg), void *arg);
Query *query_copy(const Query *query, Arena *arena); /* deep, CatRelation pointers shared */
Expr *expr_copy(const Expr *expr, Arena *arena);
/* Replaces expressions bottom-up in place: fn gives the replacement (or its argument). Covers the query's own expressions; and, with
 * deep, those of contained queries, telling fn the number of levels below. */
void query_map_exprs(Query *query, bool deep, Expr *(*fn)(Expr *expr, int level, void *arg), void *arg);
/* Moves an expression into a query that is `by` levels further in. */
void expr_shift_levels(Expr *expr, int by);
/* The collation of an expression's operands, which an operator compares by; OID_NONE: they have none. */
Oid expr_operands_collation(const Expr *expr);
/* Whether that is C: no letters but those of ASCII. */
bool expr_has_ascii_letters(Catalog *catalog, const Expr *expr);
bool expr_equal(const Expr *a, const Expr *b);
/* Marks in read[1 + ncolumns], by number, which columns of the entry the query's clauses and subqueries read. */
void query_columns_read(const Query *query, int rte, bool *read);
/* Each row of FROM that meets WHERE is a row of the query: nothing groups, tells apart, looks at others or makes several of one. */
bool query_is_row_wise(const Query *query);
bool query_gives_one_row(const Query *query);
/* All that it gives is computed once, in the order in which it stands: one row, VALUES, UNION ALL of such. And a walk over that; true: fn
 * has said so, and it ended there. */
bool query_is_in_order(const Query *query);
bool query_walk_in_order(Query *query, bool (*fn)(Expr **slot, void *arg), void *arg);
/* Nothing is done with the rows as a whole: they are not sorted, cut off, told apart, locked or fenced off; no WITH. */
bool query_is_bare(const Query *query);
bool query_is_union_all(const Query *query); /* a bare one */
/* Rows are grouped, sorted or told apart by the target, or somebody else has put it there. */
bool query_marks_rows(const Query *query, int target);
/* The function that the node itself calls, an operator's too; NULL: none. */
const CatProc *expr_called(Catalog *catalog, const Expr *expr);
/* Whether a set-returning call is in it, sublinks aside. */
bool expr_returns_set(const Expr *expr);
/* Whether a volatile function is called, in subqueries too. */
bool expr_is_volatile(const Expr *expr, Catalog *catalog);
bool query_sorts_by_volatile(const Query *query, Catalog *catalog);
/* The same; its subqueries, aggregates and window functions are not asked. */
bool expr_calls_volatile(const Expr *expr, Catalog *catalog);
bool sql_is_polymorphic(Oid type);
/* How many calls can tell which of them came first: of sequences, and of users' volatile functions. Its subqueries, aggregates and window
 * functions are not asked. */
int expr_count_turns(const Expr *expr, Catalog *catalog);
/* Whether it may change how the session is set, or as whom it acts; and whether it says what such a change alters. */
bool expr_changes_session(const Expr *expr, Catalog *catalog);
bool expr_reads_session(const Expr *expr, Catalog *catalog);
bool expr_reads_session_itself(const Expr *expr, Catalog *catalog); /* what is in it is not asked */
/* What set_config() changes is read where PostgreSQL's order of the two is not kept: 0A000. *is_read: it is read somewhere. */
bool sql_check_settings(const Query *query, Catalog *catalog, bool *is_read, Arena *arena, Error *error) MUST_CHECK;
bool sql_sets_settings(const Query *query, Catalog *catalog, Arena *arena);
/* What a function of a user's may set, itself and in what it calls, and whether current_setting() is called there. */
typedef struct RoutineSetting {
    const char *name; /* in small letters; NULL: any */
    bool is_prefix;   /* any that begins so */
} RoutineSetting;
typedef struct RoutineSettings {
    VEC(RoutineSetting) names;
    bool reads;
} RoutineSettings;
RoutineSettings sql_routine_settings(const CatProc *proc, Catalog *catalog, Arena *arena);
bool sql_refuse_settings(Error *error);
/* EXPR_SQL_VALUE as its canonical text. */
bool sql_value_compute(const Expr *expr, const FuncContext *functions, Arena *arena, const char **out, Error *error) MUST_CHECK;
bool sql_value_is_of_time(const Expr *expr); /* the transaction's */
/* Whether one that is volatile is computed once, and would be more than once by who computes each node's arguments for itself. */
bool expr_repeats_volatile(const Expr *expr, Catalog *catalog);
/* Whether its value may hang on more than its arguments; a subquery's does. */
bool expr_is_mutable(const Expr *expr, Catalog *catalog);
/* Whether the text of a value of the type may hang on how the session is set. */
bool sql_is_mutable_as_text(Catalog *catalog, Oid type);
/* Whether PostgreSQL may leave out that argument of the expression. */
bool expr_may_skip(const Expr *expr, int arg);
/* Whether it may end in an error in PostgreSQL; its subqueries and aggregates are not asked. */
bool expr_can_fail(const Expr *expr, Catalog *catalog);
/* Whether any variable (or aggregate) of this level is in the expression, sublinks included. */
bool expr_uses_level(const Expr *expr, int level);
/* Of views with security_barrier no row is seen that they do not choose: nothing can be moved into their queries any more. */
void query_keep_barriers(Query *query, Catalog *catalog, Arena *arena);
/* Both conditions; the second is not asked of rows that the first leaves out, if it could tell of them. */
Expr *expr_after_barrier(Expr *chosen, Expr *condition, Catalog *catalog, Arena *arena);
bool query_is_volatile(const Query *query, Catalog *catalog);
/* Whether a column of a subquery, or of VALUES, is made of what is volatile, however far inside. */
bool rte_column_is_volatile(const Rte *rte, int column, Catalog *catalog);
/* Which of the columns in the row's text an EXPR_FIELD is: those that were dropped are not there. */
int expr_field_place(Catalog *catalog, const Expr *field);
Expr *expr_const(Arena *arena, Oid type, int32_t typmod, const char *canonical_text);
Expr *expr_const_like(Arena *arena, const Expr *expr, const char *canonical_text); /* of its type and collation, where it stands */
/* Also arrays, rows and relabelings of constants. */
bool expr_is_constant(const Expr *expr);
Expr *expr_var(Arena *arena, int rte, int column, Oid type, int32_t typmod, Oid collation);

/* decide.c: simplifies the expressions of which one argument, a constant, may decide. */
typedef struct ExprDeciding {
    Arena *arena;
    Expr *(*simplify)(Expr *part, void *arg); /* any part of an expression; NULL: a constant of it fails */
    void *arg;
} ExprDeciding;
bool expr_is_decided(const Expr *expr); /* its kind is such a one */
/* In place, as far as it stays. NULL: a part fails that a value is needed of; the expression is of no use then. */
Expr *expr_decide(const ExprDeciding *deciding, Expr *expr);

/* ---- print ---- */

typedef struct Dialect Dialect;
const Dialect *sql_dialect(const char *name);         /* "postgres", "duckdb", "sqlite", "mysql"; NULL: unknown */
bool sql_dialect_joins_fully(const Dialect *dialect); /* has FULL JOIN */
bool sql_dialect_places_rows(const Dialect *dialect); /* has ctid */

/* Where a dialect cannot say a tree, or not exactly. */
typedef struct ShipReason {
    const char *text; /* in words: "l.note ~ 'x': the source's regular expressions differ" */
} ShipReason;

/* Can the dialect say the query, with exactly PostgreSQL's answer? Its own clauses and expressions and, recursively, its subqueries; not
 * who owns the relations. `reason` gets words on false. For duckdb "cannot" ends in 0A000. */
bool sql_query_shippable(const Dialect *dialect, const Query *query, Catalog *catalog, Arena *arena, ShipReason *reason);

/* A number that a text for a PostgreSQL source has for a parameter: one with the parameter's type, and one for each column beside which the
 * source is to find the type. The first `nparams` are each parameter's own. */
typedef struct PrintedParam {
    int param;     /* from 1 */
    bool is_typed; /* written so; neither this nor a relation: not written */
    Oid relation;  /* of the column; OID_NONE: none */
    int column;
} PrintedParam;
typedef struct PrintedParams {
    PrintedParam *items;
    size_t count, cap;
    bool is_complete; /* of a text that was written before: no number is added */
} PrintedParams;

/* What the printer asks of its user. */
typedef struct PrintContext {
    const Dialect *dialect;
    Catalog *catalog;
    void *arg;
    /* Writes a table's name as the source knows it, quoted (RTE_RELATION), or a leaf's table function call (RTE_LEAF). */
    bool (*relation)(void *arg, const Rte *rte, Str *out, Error *error);
    /* The source's column name, unquoted; column 0 and below never come here. NULL: the local name. */
    const char *(*column)(void *arg, const Rte *rte, int column);
    /* $n of the client: its type's canonical text (constant in this execution), or NULL function: printed as $n. */
    const char *const *param_values;
    int nparams;
    bool params_bound;                           /* param_values hold; a NULL entry is SQL NULL */
    int (*subplan)(void *arg, const Expr *call); /* duckdb: by which number the execution knows it; NULL: it knows none */
    int execution;             /* number of the running execution, for functions of the local engine that need its context */
    int (*version)(void *arg); /* postgres, sqlite: FdwModule.source_version, asked only where it matters; 0: unknown. NULL: as 0 */
    PrintedParams *printed;    /* postgres: the numbers that are sent; NULL: none is, they are only tried */
    bool untrusted_types;      /* sqlite: a column may hold values of other types than declared; only what is right then is said */
    /* out: where a condition may be added for a split scan (see FdwScanSpec) */
    size_t split_offset;
    bool split_where;
} PrintContext;

/* For the local engine: what rows have in a column that was added after they were stored, as a subquery. */
bool sql_print_missing(const CatColumn *column, Catalog *catalog, Arena *arena, Str *out, Error *error) MUST_CHECK;
bool sql_print_query(const Query *query, PrintContext *context, Str *out, Error *error) MUST_CHECK;
/* The same, and the same of one expression (children included, sublinks not), asked of a context (its flags count; `relation` may be NULL).
 */
bool sql_query_printable(const Query *query, const PrintContext *context, Arena *arena, ShipReason *reason);
bool sql_expr_printable(const Expr *expr, const Query *query, const PrintContext *context, Arena *arena, ShipReason *reason);
/* An error of the local engine in its own words, as PostgreSQL's error (22003 integer out of range, ...). Returns false; error is
 * set in any case (XX000 for what is not known). */
bool sql_engine_error(const char *engine_message, Error *error);
/* For people: reasons and EXPLAIN ("l.note ~ 'x'::text"). Never fails. */
const char *sql_describe_expr(const Expr *expr, const Query *query, Catalog *catalog, Arena *arena);
/* What is in the record, or in the records of the array, that a target of the query gives, as catalog.h describes it (output.c). NULL: not
 * known, or no record. The text is the arena's. */
const char *sql_record_fields(const Expr *record, const Query *query, Catalog *catalog, Arena *arena);
/* An EXPR_XML as its syntax has it, its parts and names written by the caller. serialized_type: of XMLSERIALIZE; NULL: text.
 * is_closed: what write() gives needs no parentheses before IS DOCUMENT. */
typedef struct XmlWriter {
    void *arg;
    Str *out;
    bool (*write)(void *arg, const Expr *expr);
    void (*write_name)(void *arg, const char *name);
    const char *(*serialized_type)(void *arg, const Expr *expr);
    bool is_closed;
} XmlWriter;
bool xml_write(const XmlWriter *writer, const Expr *expr);
/* Quoting, in one place: identifiers and string literals of a dialect. */
void sql_quote_identifier(const Dialect *dialect, const char *name, Str *out);
void sql_quote_literal(const Dialect *dialect, const char *text, Str *out);

#endif
