/*
 * format_int.h - templates of to_char() and its kin, cut into pieces. Included by src/type only.
 */
#ifndef MEDLEY_TYPE_FORMAT_INT_H
#define MEDLEY_TYPE_FORMAT_INT_H

#include "type/datetime_int.h"

/* A pattern: what it is called in messages, and what it does. */
typedef struct FormatPattern {
    const char *name;
    int id;
    bool is_digit; /* reads digits only: what stands before it must know its own width */
    enum { CALENDAR_ANY, CALENDAR_GREGORIAN, CALENDAR_ISO_WEEK } calendar;
} FormatPattern;

typedef enum FormatPieceKind { PIECE_END, PIECE_PATTERN, PIECE_SEPARATOR, PIECE_SPACE, PIECE_CHARACTER } FormatPieceKind;

enum { FORMAT_FILL = 1, FORMAT_TRANSLATE = 2, FORMAT_ORDINAL_UPPER = 4, FORMAT_ORDINAL_LOWER = 8, FORMAT_SPELL = 16 };

typedef struct FormatPiece {
    FormatPieceKind kind;
    const FormatPattern *pattern;
    unsigned modifiers;
    const char *text; /* of a character: its bytes */
    size_t len;
    bool quoted;
} FormatPiece;

/* Cuts a template; the pieces end with one of kind PIECE_END. `patterns` ends with a row without name; of two that fit the first
 * counts. with_modifiers: FM, TM before and TH, SP after a pattern. */
FormatPiece *format_cut(const char *format, size_t len, const FormatPattern *patterns, bool with_modifiers, Arena *arena);
/* "st", "nd", "rd" or "th" for a number's digits. false: they do not end in a digit. */
bool format_ordinal(const char *digits, size_t len, bool upper, Str *out, Error *error);
bool format_is_separator(const char *at);

/* ---- dates ---- */

enum {
    DATE_AD,
    DATE_AD_DOTS,
    DATE_AM,
    DATE_AM_DOTS,
    DATE_CC,
    DATE_DAY,
    DATE_DDD,
    DATE_DD,
    DATE_DY,
    DATE_D,
    DATE_FF,
    DATE_FF_LAST = DATE_FF + 6,
    DATE_FX,
    DATE_HH24,
    DATE_HH12,
    DATE_IDDD,
    DATE_ID,
    DATE_IW,
    DATE_IYYY,
    DATE_IYY,
    DATE_IY,
    DATE_I,
    DATE_J,
    DATE_MI,
    DATE_MM,
    DATE_MONTH,
    DATE_MON,
    DATE_MS,
    DATE_OF,
    DATE_Q,
    DATE_RM,
    DATE_SSSS,
    DATE_SS,
    DATE_TZH,
    DATE_TZM,
    DATE_TZ,
    DATE_US,
    DATE_WW,
    DATE_W,
    DATE_Y_YYY,
    DATE_YYYY,
    DATE_YYY,
    DATE_YY,
    DATE_Y,
};

extern const FormatPattern FORMAT_DATE_PATTERNS[];
extern const char *const FORMAT_MONTHS[], *const FORMAT_DAYS[], *const FORMAT_ROMAN_MONTHS[];

#endif
