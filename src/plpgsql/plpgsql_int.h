/*
 * plpgsql_int.h - the tree of a PL/pgSQL function, and what the files of this folder share.
 */
#ifndef MEDLEY_PLPGSQL_INT_H
#define MEDLEY_PLPGSQL_INT_H

#include <string.h>

#include "plpgsql/plpgsql.h"

/* ---- the tree ---- */

typedef struct PlExpr PlExpr;
typedef struct PlStmt PlStmt;
typedef struct PlScope PlScope;

typedef enum PlDatumKind { PL_VAR, PL_RECORD, PL_CURSOR_VAR } PlDatumKind;

/* A variable. */
typedef struct PlDatum {
    PlDatumKind kind;
    int number; /* of its slot in a frame */
    const char *name;
    int line;
    Oid type; /* PL_RECORD: OID_NONE for record, else the composite type */
    int32_t typmod;
    Oid collation; /* as declared; OID_NONE: the type's own */
    bool is_constant, not_null, scroll, no_scroll;
    PlExpr *initial;
    PlExpr *cursor; /* bound cursors: their query */
    struct PlDatum **cursor_args;
    int ncursor_args;
} PlDatum;

typedef struct PlName {
    const char *name;
    PlDatum *datum;
} PlName;

/* One block's names. */
struct PlScope {
    PlScope *parent;
    const char *label;
    bool is_loop; /* a label of a loop, which names nothing but itself */
    VEC(PlName) names;
};

/* A piece of SQL. text is what contexts quote; sql is what is parsed, and a place in it + shift is the place in text. */
struct PlExpr {
    const char *text, *sql;
    int shift;
    int start;                       /* of the text in the body */
    bool is_statement, is_temporary; /* is_temporary: made for one evaluation */
    bool is_query;                   /* PostgreSQL runs it as one, however simple: what fails has its line */
    const Node *node;                /* none of any kind: the text has no syntax */
    PlScope *scope;
    uint64_t engine_version;     /* when the catalog has this version the engine is to compute it; 0: not known */
    int under_way;               /* computations, one inside the other */
    bool is_analyzed;            /* once in this session: what its analysis has to say has been said */
    bool is_planned;             /* for the engine: PostgreSQL would compute it by itself, and its plan can be made */
    struct PlPrepared *prepared; /* as it was analysed last; NULL: not yet, or not to be kept */
};

typedef VEC(PlStmt *) PlBody;

/* Of what a target is a part: a field, or a subscript. */
typedef struct PlStep {
    const char *field;     /* NULL: a subscript */
    PlExpr *lower, *upper; /* a slice may lack either; an element has `upper` only */
    bool is_slice;
} PlStep;

/* What a value is put into: a variable or a field of a record, perhaps a part of that. */
typedef struct PlTarget {
    PlDatum *datum;
    const char *field;
    VEC(PlStep) steps;
} PlTarget;

typedef VEC(PlTarget) PlTargets;

typedef struct PlCondition {
    const char *sqlstate; /* NULL: others */
} PlCondition;

/* WHEN of IF, CASE and EXCEPTION. */
typedef struct PlArm {
    PlExpr *condition;
    VEC(PlCondition) conditions;
    PlBody body;
    int line;
} PlArm;

typedef struct PlOption {
    const char *name; /* of RAISE ... USING */
    PlExpr *value;
} PlOption;

typedef struct PlDiagnostic {
    PlTarget target;
    const char *item;
} PlDiagnostic;

typedef enum PlStmtKind {
    PL_BLOCK,
    PL_ASSIGN,
    PL_IF,
    PL_CASE,
    PL_LOOP,
    PL_WHILE,
    PL_FOR_RANGE,
    PL_FOR_QUERY,
    PL_FOR_CURSOR,
    PL_FOR_DYNAMIC,
    PL_FOREACH,
    PL_EXIT,
    PL_RETURN,
    PL_RETURN_NEXT,
    PL_RETURN_QUERY,
    PL_RAISE,
    PL_ASSERT,
    PL_SQL,
    PL_EXECUTE,
    PL_DIAGNOSTICS,
    PL_OPEN,
    PL_FETCH,
    PL_CLOSE,
    PL_PERFORM,
    PL_CALL,
    PL_COMMIT,
    PL_ROLLBACK,
    PL_NULL,
} PlStmtKind;

struct PlStmt {
    PlStmtKind kind;
    int line;
    const char *label;
    PlExpr *expr, *expr2, *expr3; /* condition, query, value; upper bound; step */
    PlTargets into;
    bool has_into, strict, reverse, is_continue, is_stacked, has_else, chain, is_move;
    PlBody body, other; /* other: ELSE */
    VEC(PlArm) arms;    /* of a block: its handlers */
    VEC(PlExpr *) args; /* USING, or what RAISE's format shows */
    VEC(PlOption) options;
    VEC(PlDiagnostic) items;
    VEC(PlDatum *) declared; /* of a block */
    PlDatum *sqlstate, *sqlerrm;
    PlDatum *variable; /* loops: an integer or a record; CASE: its value */
    const char *level, *message, *condition, *condition_name;
    int slice;
    /* cursors: args are the values of a bound one's parameters, in their order */
    PlDatum *cursor;
    bool scroll, no_scroll;
    PlDirection direction; /* of FETCH and MOVE; expr: how far, or how_many */
    int64_t how_many;
};

/* plpgsql.extra_warnings and extra_errors. */
typedef struct PlChecks {
    bool shadowed_variables, strict_multi_assignment, too_many_rows;
} PlChecks;

struct PlFunction {
    PlRoutine routine;
    Arena *arena;
    VEC(PlDatum *) datums;
    VEC(PlDatum *) inputs, outputs;
    PlDatum *found, *new_row, *old_row;
    VEC(PlName) trigger_variables;
    PlStmt *action;
    SqlConflict conflict; /* #variable_conflict */
    bool print_strict_params;
    PlChecks warnings, errors; /* of shadowed variables; the others are asked for when they matter */
};

/* ---- check.c ---- */

/* What a setting of plpgsql's lists: extra_warnings, extra_errors. */
bool setting_is_on(const FuncContext *functions, const char *setting, Arena *arena);
PlChecks checks_read(const FuncContext *functions, const char *setting, Arena *arena);

/* ---- condition.c ---- */

/* The next SQLSTATE of that name, from *at on; NULL: no more. */
const char *condition_next(const char *name, size_t *at);

/* ---- scan.c ---- */

typedef struct PlToken {
    int start, end;
    int kind;         /* libpg_query's */
    const char *word; /* folded identifier or keyword; "" otherwise */
    bool is_word, is_quoted;
} PlToken;

typedef struct PlParser {
    const char *body;
    PlToken *tokens;
    int ntokens, at;
    Arena *arena;
    Error *error;
    Catalog *catalog;
    const FuncContext *functions;
    PlFunction *function;
    PlScope *scope;
    int depth;
    bool checks_sql;     /* as the routine's */
    int counted, breaks; /* parser_line: so many bytes have been looked at, and so many line breaks found */
} PlParser;

bool scan_body(PlParser *parser);
const PlToken *parser_peek(const PlParser *parser, int ahead);
bool token_is(const PlParser *parser, const PlToken *token, const char *text);
bool token_is_any(const PlParser *parser, const PlToken *token, const char *const *words);
/* One of PL/pgSQL's own reserved words, which name nothing. */
bool token_is_reserved(const PlToken *token);
/* A word of PL/pgSQL's that is no name, unless it is a variable's. */
bool token_is_keyword(const PlToken *token);
bool parser_is(const PlParser *parser, const char *text);
bool parser_accept(PlParser *parser, const char *text);
/* Names the function and the line where an error without a place of its own was found: false. */
bool parser_in_compilation(PlParser *parser, int offset);
bool parser_expect(PlParser *parser, const char *text);
/* "syntax error at or near ...": false. */
bool parser_fail(PlParser *parser, const char *what, const PlToken *at);
bool parser_fail_at(PlParser *parser, const char *sqlstate, const PlToken *at, const char *format, ...) PRINTF_LIKE(4, 5);
int parser_line(PlParser *parser, int offset);
const char *parser_text(const PlParser *parser, int start, int end);

/* ---- parse_expr.c ---- */

/* SQL up to one of the words (NULL-terminated) outside of parentheses; the parser stands on that word. */
PlExpr *parse_expr_until(PlParser *parser, const char *const *ends);
PlExpr *parse_expr_to(PlParser *parser, const char *end);
PlExpr *make_expr(PlParser *parser, const char *text, const char *sql, int shift, int start, bool is_statement);
/* A variable, or a record's field. */
bool parse_variable(PlParser *parser, PlTarget *target);
bool parse_target(PlParser *parser, PlTarget *target, bool with_steps);
bool parse_targets(PlParser *parser, PlStmt *stmt);
/* A list separated by commas, up to one of the words. */
bool parse_using(PlParser *parser, PlStmt *stmt, const char *end);
PlDatum *scope_find(PlScope *scope, const char *name);
/* A name of one or two parts that may be label.variable; *used: parts taken. */
PlDatum *scope_find_path(PlScope *scope, const char *const *names, int count, int *used);
PlDatum *datum_new(PlParser *parser, const char *name, Oid type, int32_t typmod);
void scope_add(PlParser *parser, PlScope *scope, const char *name, PlDatum *datum);
PlScope *scope_push(PlParser *parser, const char *label);

/* ---- parse_cursor.c ---- */

PlStmt *parse_open(PlParser *parser);
PlStmt *parse_fetch(PlParser *parser);
PlStmt *parse_close(PlParser *parser);
/* The parameters of a bound cursor, in parentheses when it has some. */
bool parse_cursor_arguments(PlParser *parser, PlStmt *stmt);
/* SQL up to a semicolon. */
PlExpr *parse_query(PlParser *parser);

/* ---- parse_declare.c, parse_statement.c, parse_loop.c, parse_raise.c ---- */

bool parse_declarations(PlParser *parser, PlStmt *block);
bool parse_body(PlParser *parser, PlBody *body, const char *const *ends);
PlStmt *parse_statement(PlParser *parser);
PlStmt *parse_block(PlParser *parser, const char *label);
PlStmt *stmt_new(PlParser *parser, PlStmtKind kind);
PlStmt *parse_loop(PlParser *parser, const char *label);
PlStmt *parse_exit(PlParser *parser);
PlStmt *parse_raise(PlParser *parser);
/* The five characters between quotes; NULL: an error was set. */
const char *parse_sqlstate(PlParser *parser, const PlToken *state);
PlStmt *parse_sql(PlParser *parser);
bool parse_end_label(PlParser *parser, const char *label);

#endif
