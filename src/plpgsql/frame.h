/*
 * frame.h - one running call: its variables and how control leaves a statement.
 */
#ifndef MEDLEY_PLPGSQL_FRAME_H
#define MEDLEY_PLPGSQL_FRAME_H

#include "plpgsql/plpgsql_int.h"

/* Rows of a statement, kept. */
typedef struct PlRows {
    PlColumn *columns;
    int ncolumns;
    VEC(const char **) rows;
    Arena *arena;
    size_t most; /* rows wanted; 0: all */
} PlRows;

/* A variable's value. */
typedef struct PlSlot {
    const char *text; /* NULL: SQL NULL */
    char *buffer;
    size_t cap;
    bool is_assigned; /* records: has a row type */
    bool is_null;     /* records: the row as a whole; its cells are NULL then */
    Oid row_type;     /* records: the composite type whose row it holds; OID_NONE: of none */
    PlColumn *columns;
    int ncolumns;
    const char **cells;
    Arena *row_arena;
} PlSlot;

typedef enum PlFlow { FLOW_NEXT, FLOW_EXIT, FLOW_CONTINUE, FLOW_RETURN, FLOW_FAILED } PlFlow;

/* An expression that is computed here, as it was analysed when the catalog had that version. */
typedef struct PlPrepared {
    const Expr *value;
    const PlDatum *const *variables; /* behind its parameters */
    size_t nvariables;
    const PlColumn *columns; /* of a record */
    int ncolumns;
    Arena *arena; /* its own */
    int users;    /* evaluations that are at it */
    uint64_t version;
    const char *search_path; /* that its names were looked up with, and as whom */
    Oid path_user;
} PlPrepared;

struct PlFrame {
    PlFrame *outer;
    const char *running;    /* the line of context that the SQL on its way gives */
    const PlCallLine *line; /* a call of what is not PL/pgSQL, which this frame only stands for; else NULL */
    const PlFunction *function;
    const PlHost *host;
    PlCall *call;
    Arena *arena;   /* of the call */
    Arena *scratch; /* of the statement */
    Error *error;
    PlSlot *slots;
    const PlStmt *stmt;
    const char *doing;             /* in place of the statement, in contexts */
    const char *exit_label;        /* FLOW_EXIT, FLOW_CONTINUE: which loop; NULL: the innermost */
    const Error *handled;          /* inside a handler */
    const char *result;            /* scalar functions */
    bool is_constant;              /* the expression computed last is a constant once it is planned */
    const PlColumn *value_columns; /* when it gave a record: its columns; NULL: not known */
    int nvalue_columns;
    bool is_misplaced;         /* an assignment's value was read, and did not fit its place */
    bool is_rethrown;          /* the error has its context from when it was first raised */
    const char *dynamic_text;  /* what EXECUTE ran last */
    PlTargets outputs;         /* of the CALL that runs: where its output row goes */
    const char *command;       /* the tag of the statement that ran last */
    const char *strict_params; /* print_strict_params: those of the statement that ran last */
    uint64_t row_count;
    const PlColumn *shape; /* of the rows a set-returning function gives */
    int nshape;
};

/* ---- frame.c: values of variables ---- */

PlSlot *frame_slot(PlFrame *frame, const PlDatum *datum);
bool frame_assign(PlFrame *frame, const PlDatum *datum, const char *value, Oid type, int32_t typmod) MUST_CHECK;
void frame_set_text(PlFrame *frame, const PlDatum *datum, const char *text);
void frame_set_record(PlFrame *frame, const PlDatum *datum, const PlColumn *columns, int ncolumns, const char *const *cells);
/* A record's row as text; NULL: it has none. */
const char *frame_row_text(const PlSlot *slot, Arena *arena);
bool frame_clear(PlFrame *frame, const PlDatum *datum) MUST_CHECK;
/* A row into a record, or a value a target. cells NULL: all NULL. */
bool frame_put_row(PlFrame *frame, const PlTargets *targets, const PlColumn *columns, int ncolumns, const char *const *cells) MUST_CHECK;
/* A value: a row into a record or a list of targets, else into the one target. */
bool frame_put_value(PlFrame *frame, const PlTargets *targets, const char *value, Oid type, int32_t typmod) MUST_CHECK;
bool frame_put_target(PlFrame *frame, const PlTarget *target, const char *value, Oid type, int32_t typmod) MUST_CHECK;
bool frame_find_field(PlFrame *frame, const PlDatum *datum, const char *field, int *at) MUST_CHECK;
bool frame_set_field(PlFrame *frame, const PlDatum *datum, const char *field, const char *value, Oid type, int32_t typmod) MUST_CHECK;
void frame_set_found(PlFrame *frame, bool found);
/* record, a composite type or a domain over one. */
bool frame_is_row_type(PlFrame *frame, Oid type);
bool frame_cast(PlFrame *frame, const char *value, Oid from, int32_t from_typmod, Oid to, int32_t to_typmod, const char **out) MUST_CHECK;
/* Of the value computed last, a record. */
void frame_set_columns(PlFrame *frame, const PlColumn *columns, int ncolumns);
/* The same, as catalog.h describes them (output.c). */
void frame_set_fields(PlFrame *frame, const char *fields);
/* Of a value that may be a record which tells them itself: its text alone stays. */
void frame_take_fields(PlFrame *frame, Oid type, const char **value);
/* A row of one type as text of another's. */
bool frame_cast_row(PlFrame *frame, const char *value, Oid from, Oid to, const char **out) MUST_CHECK;
int record_field(const PlSlot *slot, const char *name);
/* OID_NONE: it is no array. */
Oid array_element(Catalog *catalog, Oid type);
/* The columns of a composite type, or of a domain over one. */
/* What is in the record, or in the records, that the last expression gave (value_columns). NULL: not known, or none. */
const char *frame_value_fields(const PlFrame *frame, Oid type, Arena *arena);
/* A value as the session shows it: NULL stays. What is in a record is as the last expression gave it (value_columns). */
bool frame_show(PlFrame *frame, Oid type, const char *value, const char **out) MUST_CHECK;
int composite_shape(Catalog *catalog, Oid type, Arena *arena, PlColumn **columns);

/* ---- assign.c ---- */

/* Into a part of what the target's variable or field holds. */
bool frame_put_part(PlFrame *frame, const PlTarget *target, const char *value, Oid type, int32_t typmod) MUST_CHECK;

/* run_call.c: CALL's output row goes into the variables that stand at the places of the procedure's output parameters; they are looked for
 * before it runs. */
bool frame_find_call_outputs(PlFrame *frame, const CatProc *proc, Expr *const *args, Error *error) MUST_CHECK;
bool frame_put_call_outputs(PlFrame *frame, const PlRows *rows) MUST_CHECK;

/* ---- run_sql.c ---- */

/* An expression's value, with its type. */
bool frame_evaluate(PlFrame *frame, const PlExpr *expr, const char **out, Oid *type, int32_t *typmod) MUST_CHECK;
/* Where a literal of no type yet stands that is all of the expression; -1: it is none. */
int expr_literal(const PlExpr *expr);
/* The types of its variables are others now. */
void frame_forget(PlExpr *expr);
/* As a value of that type. */
bool frame_evaluate_as(PlFrame *frame, const PlExpr *expr, Oid type, const char **out) MUST_CHECK;
bool frame_evaluate_bool(PlFrame *frame, const PlExpr *expr, bool *out) MUST_CHECK;
bool frame_query(PlFrame *frame, const PlExpr *expr, const PlSink *sink, uint64_t *count, bool *is_query) MUST_CHECK;
void frame_note_long_names(PlFrame *frame); /* of EXECUTE's text */
/* EXECUTE: the text is computed, args are $1, $2, ... */
bool frame_query_dynamic(PlFrame *frame, const PlStmt *stmt, const PlExpr *text, const PlSink *sink, uint64_t *count,
                         bool *is_query) MUST_CHECK;
/* A sink that keeps the rows. */
PlSink rows_sink(PlRows *rows);
PlFlow run_sql(PlFrame *frame, const PlStmt *stmt);
/* Opens a cursor over the query. */
bool frame_open(PlFrame *frame, const PlExpr *expr, PlCursor *cursor) MUST_CHECK;
bool frame_open_dynamic(PlFrame *frame, const PlStmt *stmt, const PlExpr *text, PlCursor *cursor) MUST_CHECK;

/* ---- run_cursor.c ---- */

PlFlow run_cursor(PlFrame *frame, const PlStmt *stmt);
PlFlow run_query_loop(PlFrame *frame, const PlStmt *stmt);
PlFlow run_cursor_loop(PlFrame *frame, const PlStmt *stmt);

/* ---- run.c, run_loop.c, run_raise.c ---- */

PlFlow run_body(PlFrame *frame, const PlBody *body);
PlFlow run_statement(PlFrame *frame, const PlStmt *stmt);
PlFlow run_block(PlFrame *frame, const PlStmt *stmt);
PlFlow run_loop(PlFrame *frame, const PlStmt *stmt);
/* One turn of a loop; *done: it is over, with that flow. */
PlFlow run_turn(PlFrame *frame, const PlStmt *stmt, bool *done);
PlFlow run_raise(PlFrame *frame, const PlStmt *stmt);
PlFlow run_assert(PlFrame *frame, const PlStmt *stmt);
PlFlow run_diagnostics(PlFrame *frame, const PlStmt *stmt);
PlFlow run_return(PlFrame *frame, const PlStmt *stmt);
PlFlow run_return_next(PlFrame *frame, const PlStmt *stmt);
PlFlow run_return_query(PlFrame *frame, const PlStmt *stmt);
void context_add(Error *error, const char *line);
/* The line of context that a call gives. */
void run_add_context(PlFrame *frame);
const char *run_context_line(const PlFrame *frame, Arena *arena);

#endif
