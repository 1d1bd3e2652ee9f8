/*
 * copy.h - what both directions of COPY share: the options, and the way from one to the other.
 */
#ifndef MEDLEY_SESSION_COPY_H
#define MEDLEY_SESSION_COPY_H

#include "session/session_int.h"

typedef enum CopyFormat { COPY_TEXT, COPY_CSV, COPY_BINARY } CopyFormat;

typedef struct CopyOptions {
    CopyFormat format;
    bool is_from;
    bool format_given, header, header_match, header_given, freeze_given, encoding_given;
    const char *delimiter, *null, *quote, *escape;
    const PgQuery__Node *force_quote, *force_not_null, *force_null;
} CopyOptions;

bool copy_options(const PgQuery__CopyStmt *statement, CopyOptions *options, Arena *arena, Error *error) MUST_CHECK;
/* Its number. 0: it is none that may be copied, the error is set. */
int copy_find_column(const CatRelation *relation, const char *name, Error *error) MUST_CHECK;
bool copy_from(Utility *utility, Error *error) MUST_CHECK;

/* ---- copy_lines.c: text taken apart ---- */

typedef struct CopyField {
    const char *text; /* NULL: SQL NULL */
    size_t len;
} CopyField;

typedef enum CopyLineEnd { COPY_END_UNKNOWN, COPY_END_LF, COPY_END_CR, COPY_END_CRLF } CopyLineEnd;

/* Lines out of pieces of text. */
typedef struct CopyLines {
    const CopyOptions *options;
    Str pending; /* not yet taken */
    size_t at;   /* where the next line begins */
    /* Of the part of that line which has come: */
    size_t scanned;
    bool in_quote, was_escape;
    int64_t inside; /* line ends within quotes */
    CopyLineEnd line_end;
    bool at_end;                             /* nothing more comes */
    bool finished;                           /* "\\." has been read, or the binary format's trailer */
    bool has_header;                         /* the binary format's has been read */
    const bool *force_null, *force_not_null; /* by column */
    int64_t number;                          /* of the line, from 1 */
} CopyLines;

/* A whole line, if there is one, else NULL; it is borrowed until more is added. Errors: those of its end, 54000. */
bool copy_next_line(CopyLines *lines, const char **line, size_t *len, Error *error) MUST_CHECK;
void copy_add_text(CopyLines *lines, const char *bytes, size_t len);
/* The line's fields; more than `most` are counted, not kept. */
bool copy_split(const CopyLines *lines, const char *line, size_t len, Arena *arena, CopyField *fields, size_t most, size_t *count,
                Error *error) MUST_CHECK;

/* ---- copy_binary.c: the same of the binary format ---- */

typedef enum CopyStep { COPY_WAIT, COPY_TUPLE, COPY_END, COPY_BROKEN } CopyStep;
/* The fields of the next tuple, borrowed until more is added. COPY_WAIT: more must come. *column: where an error is; -1: at none. */
CopyStep copy_next_tuple(CopyLines *lines, CopyField *fields, int nfields, int *column, Error *error) MUST_CHECK;

#endif
