/*
 * text_internal.h - the writer of stored expressions and view definitions: what expr_text.c and view_text.c share.
 */
#ifndef MEDLEY_COMMAND_TEXT_INTERNAL_H
#define MEDLEY_COMMAND_TEXT_INTERNAL_H

#include "command/table_internal.h"

enum { TEXT_INDENT = 4 };

/* One query being written: a name for each of its range table entries. */
typedef struct TextLevel {
    const Query *query;
    const char **names;
    struct TextLevel *outer;
} TextLevel;

typedef struct Writer {
    Command *command;
    const CatRelation *relation; /* of a stand-alone expression */
    TextLevel *level;            /* of a query's expressions */
    Str *out;
    bool pretty;
    bool when;     /* of a trigger: entry 0 is the old row, entry 1 the new one */
    bool implicit; /* implicit casts of the expression that is next are shown: below operators and in argument lists */
    int wrap;      /* columns share lines up to this many characters; below 0: one line */
    bool shown;    /* to a client, not stored: constants that are numbers of objects have their names */
    int indent;
} Writer;

/* ---- expr_text.c ---- */

void text_write(Writer *writer, const Expr *expr);
void text_write_shown(Writer *writer, const Expr *expr);
void text_write_const_typed(Writer *writer, const Expr *expr); /* with its type's name in any case */
const char *text_operator_name(Writer *writer, Oid oid);
const char *text_function_name(Writer *writer, Oid oid);

/* ---- view_text.c, view_call.c ---- */

void text_write_query(Writer *writer, const Query *query, const CatRelation *view, bool names_visible);
const char *text_merged_name(const Writer *writer, const Expr *expr); /* NULL: it is none */
void text_write_column(Writer *writer, const Expr *expr);
void text_write_sublink(Writer *writer, const Expr *expr);
void text_write_order(Writer *writer, Oid type, const SortItem *item);
/* Aggregates, window functions, GROUPING, fields; false: another kind. */
bool text_write_call(Writer *writer, const Expr *expr);
/* The line that defines a window: (PARTITION BY ... ORDER BY ...). */
void text_write_window(Writer *writer, const Window *window);
void text_write_sort_key(Writer *writer, const Expr *expr);

#endif
