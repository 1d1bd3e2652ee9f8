/*
 * plpgsql.h - PL/pgSQL: from a routine's text to a typed tree, and the interpreter that runs it.
 *
 * The interpreter knows no session: what SQL it runs goes through PlHost, which src/session implements with its own road (analyse,
 * plan, execute). Values are canonical texts, NULL for SQL NULL.
 */
#ifndef MEDLEY_PLPGSQL_H
#define MEDLEY_PLPGSQL_H

#include "sql/sql.h"
#include "type/part.h"

typedef struct PlFunction PlFunction;

/* ---- compile ---- */

/* What is known of a routine before its body is read. */
typedef struct PlRoutine {
    const char *name;      /* in messages about compiling: "f" */
    const char *signature; /* in contexts: "f(integer)", "inline_code_block" */
    const char *body;
    Oid return_type;
    bool names_result; /* it is declared as a polymorphic type, and is no output parameter's */
    bool returns_set, is_procedure, is_trigger, is_event_trigger, is_inline;
    int nargs; /* all parameters */
    const Oid *types;
    const char *modes;        /* a letter a parameter: i o b v t */
    const char *const *names; /* "" where there is none */
    bool checks_sql;          /* SQL in it that has no syntax is refused here; else by who runs it */
    bool is_checked;          /* a new routine: what plpgsql.extra_warnings names is warned of */
} PlRoutine;

/* Errors: what plpgsql's own compiler says; position is a byte offset + 1 into the body, or the context tells the line. */
PlFunction *plpgsql_compile(const PlRoutine *routine, Catalog *catalog, const FuncContext *functions, Arena *arena, Error *error);

/* ---- run ---- */

typedef struct PlColumn {
    const char *name;
    Oid type;
    int32_t typmod;
    const char *fields; /* of a record: catalog.h, output.c */
    Oid collation;      /* OID_NONE: the type's own */
} PlColumn;
PlColumn *plpgsql_columns_copy(const PlColumn *columns, int count, Arena *arena);
/* What is in a record of these columns, as catalog.h describes it. NULL: there are none. */
const char *plpgsql_fields(const PlColumn *columns, int count, Arena *arena);

/* Takes the rows of a statement. Texts are borrowed for the call. */
typedef struct PlSink {
    void *arg;
    bool (*columns)(void *arg, const PlColumn *columns, int ncolumns, Error *error);
    bool (*row)(void *arg, const char *const *cells, Error *error); /* false without an error: no more are wanted */
} PlSink;

/* One SQL statement with its variables. */
typedef struct PlSql PlSql;
struct PlSql {
    const Node *node;
    const char *text;       /* what node was parsed from */
    bool is_call;           /* CALL or DO as a statement of its own */
    const Notices *notices; /* hears its analysis; NULL: the session does */
    bool is_generic;        /* planned once for all values of its variables */
    /* hears what CALL found before that runs, with its arguments by parameter; may be NULL */
    bool (*calls)(void *arg, const CatProc *proc, Expr *const *args, Error *error);
    const SqlVariables *variables;                                          /* may be NULL */
    const char *const *(*values)(void *arg, const Oid **types, int *count); /* of the parameters, once the statement is analysed */
    void *arg;
};

/* A cursor: a portal of the session's, by its name. */
typedef struct PlCursor {
    const char *name; /* NULL: the session finds one, which lives in the arena given */
    bool scroll, no_scroll;
    bool is_pinned; /* a loop is at it: nobody else closes it, and its rows outlive a COMMIT */
} PlCursor;

typedef enum PlDirection { PL_FORWARD, PL_BACKWARD, PL_ABSOLUTE, PL_RELATIVE } PlDirection;

typedef struct PlFetch {
    const char *cursor;
    PlDirection direction;
    int64_t how_many; /* INT64_MAX: all */
    bool is_move;
} PlFetch;

/* A call on its way. */
typedef struct PlFrame PlFrame;

/* What the interpreter needs of its session. */
typedef struct PlHost {
    void *arg;
    PlFrame **innermost; /* the session's calls, innermost first; kept by the calls themselves */
    Catalog *catalog;
    const FuncContext *functions;
    const Notices *notices;
    /* *count: rows given or touched. *is_query: it gives rows. */
    bool (*execute)(void *arg, const PlSql *sql, const PlSink *sink, uint64_t *count, bool *is_query, Arena *arena, Error *error);
    /* Opens a cursor over one query; the session keeps what it needs of it. */
    bool (*cursor_open)(void *arg, const PlSql *sql, PlCursor *cursor, Arena *arena, Error *error);
    bool (*cursor_exists)(void *arg, const char *name);
    /* *count: rows given or passed. 34000 when there is none of that name. */
    bool (*cursor_fetch)(void *arg, const PlFetch *fetch, const PlSink *sink, uint64_t *count, Error *error);
    bool (*cursor_close)(void *arg, const char *name, bool is_pinned, Error *error);
    /* A user's function over constants. */
    bool (*call)(void *arg, Oid proc, Oid result, const Oid *types, const char *const *args, int nargs, const char **out, Arena *arena,
                 Error *error);
    /* The expression with its constants computed, as PostgreSQL's planner leaves it; NULL: that fails. */
    const Expr *(*fold)(void *arg, const Expr *expr, Arena *arena, Error *error);
    /* A subtransaction around a block with handlers. */
    bool (*subtransaction_begin)(void *arg, Error *error);
    bool (*subtransaction_commit)(void *arg, Error *error);
    void (*subtransaction_abort)(void *arg);
    /* COMMIT and ROLLBACK in a procedure. */
    bool (*end_transaction)(void *arg, bool commit, bool chain, Error *error);
    bool (*check_interrupt)(void *arg, Error *error);
    /* The DO or CALL that runs may end the transaction. */
    bool (*may_end_transaction)(void *arg);
    /* Inside a block that the client has begun, or a subtransaction. */
    bool (*in_block)(void *arg);
    /* An expression is computed without a query: like one, it settles the transaction's isolation level. */
    void (*take_snapshot)(void *arg);
} PlHost;

/* A trigger's row: texts by column, or NULL when there is none. */
typedef struct PlTrigger {
    const CatRelation *relation;
    const char *name, *when, *level, *operation; /* BEFORE, ROW, INSERT */
    const char *const *arguments;
    int narguments;
    const SqlRows *rows; /* transition tables: nrows */
    int nrows;
    const char **old_row, **new_row; /* new_row is what the function returned; NULL: the row is to be left out */
} PlTrigger;

typedef struct PlCall {
    const PlHost *host;
    const char *const *args; /* of the input parameters, canonical */
    PlTrigger *trigger;
    const PlColumn *expected; /* functions of type record: the columns that the query names; NULL: none */
    int nexpected;
    bool needs_shape;   /* a set of records without them is refused */
    const PlSink *sink; /* set-returning functions: their rows; procedures: the row of INOUT parameters */
    const char *result; /* out: of a scalar function; composite results in their text form */
    const char *fields; /* out: of a result that is a record (catalog.h, output.c); NULL: not known */
    int depth;
} PlCall;

/* A call of a routine in another language, among those of PL/pgSQL. line: where it is, as contexts tell it; NULL: they do not. */
typedef struct PlCallLine {
    void *arg;
    const char *(*line)(void *arg, Arena *arena);
} PlCallLine;
/* Puts it in front of them; it and the frame that stands for it live until plpgsql_leave. */
void plpgsql_enter(PlFrame **innermost, const PlCallLine *line, Arena *arena);
void plpgsql_leave(PlFrame **innermost);
/* Where calls are, innermost first, as an error's context tells it; NULL: nowhere. */
const char *plpgsql_context(const PlFrame *innermost, Arena *arena);
bool plpgsql_run(const PlFunction *function, PlCall *call, Arena *arena, Error *error) MUST_CHECK;

/* ---- expressions without the engine ---- */

typedef struct PlEvaluation {
    const PlHost *host;
    const char *const *values; /* of parameters */
    Arena *arena;
    const char *domain_value; /* what VALUE stands for, inside the conditions of a domain */
} PlEvaluation;

/* The one value of a query without tables; NULL: it is more than that. */
const Expr *plpgsql_plain_value(const Query *query);
/* Whether this can be computed here: constants, parameters and calls of functions that Medley or the user has. */
bool plpgsql_can_evaluate(const PlHost *host, const Expr *expr);
bool plpgsql_evaluate(const PlEvaluation *evaluation, const Expr *expr, const char **out, Error *error) MUST_CHECK;

/* The assignment of a value (NULL: SQL NULL) of one type to a place of another. */
bool plpgsql_cast(const PlHost *host, const char *value, Oid from, int32_t from_typmod, Oid to, int32_t to_typmod, Arena *arena,
                  const char **out, Error *error) MUST_CHECK;

#endif
