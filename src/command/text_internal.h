/*
 * text_internal.h - the writer of stored expressions and view definitions: what expr_text.c and view_text.c share.
 */
#ifndef MEDLEY_COMMAND_TEXT_INTERNAL_H
#define MEDLEY_COMMAND_TEXT_INTERNAL_H

#include "command/table_internal.h"

enum { TEXT_INDENT = 4, TEXT_CLAUSE_INDENT = 8 };

/* One query being written: a name for each of its range table entries. */
typedef struct TextLevel {
    const Query *query;
    const char **names;
    const char ***columns; /* of entries that are no relations, made when first needed */
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
    bool stored;   /* to be read again to the same tree: what PostgreSQL writes, the parser may read otherwise */
    bool shown;    /* to a client, not stored: constants that are numbers of objects have their names */
    int indent;
    bool one_line;       /* clauses follow each other on one line */
    const CatProc *proc; /* whose parameters $n are; NULL: they are written as numbers */
} Writer;

/* ---- expr_text.c ---- */

void text_write(Writer *writer, const Expr *expr);
void text_write_shown(Writer *writer, const Expr *expr);
void text_write_item(Writer *writer, const Expr *expr);        /* of a row: the implicit casts are said before */
void text_write_const_typed(Writer *writer, const Expr *expr); /* with its type's name in any case */
const char *text_operator_name(Writer *writer, Oid oid);
const char *text_collation_name(Writer *writer, Oid oid);
/* Whether it stands in the text as a call of a function does. */
bool text_looks_like_call(const Expr *expr);
const char *text_function_name(Writer *writer, Oid oid);

void text_write_query(Writer *writer, const Query *query, const CatRelation *view, bool names_visible);

/* ---- view_names.c ---- */

TextLevel *text_open_level(Writer *writer, const Query *query);
const char *text_quoted(Writer *writer, const char *name);
const char *text_relation_name(Writer *writer, const CatRelation *relation);
const char *text_cte_name(const Writer *writer, const Rte *rte);
const char *text_column_name(Writer *writer, const TextLevel *level, int index, int number);
/* The name, or with a number one that none of the entry's columns has. */
const char *text_free_name(Writer *writer, int index, const char *name);
/* Whether the entry's columns have other names than what they are made of. */
bool text_column_renamed(Writer *writer, const TextLevel *level, int index);
/* A variable, or what is written as one. */
bool text_is_column(const Expr *expr);
/* Writes it; gives its bare name, NULL for a whole row. */
const char *text_write_column(Writer *writer, const Expr *expr);

/* ---- view_from.c ---- */

void text_write_from(Writer *writer, const Query *query);
void text_write_values(Writer *writer, const Rte *rte);
/* Where only calls may stand. */
void text_write_call_syntax(Writer *writer, const Expr *expr);

/* ---- stored_text.c ---- */

/* How names are written where a text is shown; until stored_naming_end they are written as they are stored: each outside pg_catalog
 * qualified, none quoted without need. */
typedef struct ShownNaming {
    const char *path;
    Oid user, temporary;
    bool quote_all;
} ShownNaming;
ShownNaming stored_naming_begin(Command *command);
void stored_naming_end(Command *command, const ShownNaming *shown);

/* The one column that a domain's CHECK has; NULL: there is no such domain. */
const CatRelation *domain_as_relation(Catalog *catalog, Oid domain, Arena *arena);

/* ---- view_text.c ---- */

/* A keyword on a line of its own, `plus` blanks further in; the indentation is another one before and after it. */
void text_keyword(Writer *writer, const char *word, int before, int after, int plus);
bool text_overflows(const Writer *writer, const char *item);
/* Before one more item of a list: a line of its own where there is no room, and no blanks where it brings its own. */
void text_place_item(Writer *writer, const char *item, bool new_line);
void text_write_condition(Writer *writer, const char *word, const Expr *condition, int plus);

void text_write_targets(Writer *writer, const Query *query, const CatRelation *view, bool names_visible, bool is_side);
void text_write_with(Writer *writer, const Query *query);

/* ---- write_text.c ---- */

/* INSERT, UPDATE, DELETE, analysed for their text, on a level that is open. */
void text_write_statement(Writer *writer, const Query *query, bool names_visible);

/* ---- view_call.c ---- */

void text_write_sublink(Writer *writer, const Expr *expr);
void text_write_sublink_query(Writer *writer, const Query *query);
void text_write_order(Writer *writer, Oid type, const SortItem *item);
/* Aggregates, window functions, GROUPING, fields; false: another kind. */
bool text_write_call(Writer *writer, const Expr *expr);
/* The line that defines a window: (PARTITION BY ... ORDER BY ...). */
void text_write_window(Writer *writer, const Window *window);
void text_write_sort_key(Writer *writer, const Expr *expr);

#endif
