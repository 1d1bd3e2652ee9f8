/*
 * datetime_token.c - a date's, time's or interval's text cut into fields, and the words that may stand in a date.
 *
 * Invariants:
 *  1. Cutting looks at characters only; what a field means is decided later, from what was read before it.
 *  2. Words are sorted, lower case.
 *
 * Any thread.
 */
#include <ctype.h>

#include "type/datetime_int.h"

enum { WORD_LENGTH = 10 };

static const DateWord WORDS[] = {
    {"-infinity", WORD_MINUS_INFINITY, 0},
    {"ad", WORD_ERA, 0},
    {"allballs", WORD_ALLBALLS, 0},
    {"am", WORD_MERIDIEM, 0},
    {"apr", WORD_MONTH, 4},
    {"april", WORD_MONTH, 4},
    {"at", WORD_IGNORED, 0},
    {"aug", WORD_MONTH, 8},
    {"august", WORD_MONTH, 8},
    {"bc", WORD_ERA, 1},
    {"d", WORD_LABEL, LABEL_DAY},
    {"dec", WORD_MONTH, 12},
    {"december", WORD_MONTH, 12},
    {"dow", WORD_LABEL, LABEL_OTHER},
    {"doy", WORD_LABEL, LABEL_OTHER},
    {"dst", WORD_DST, 3600},
    {"epoch", WORD_EPOCH, 0},
    {"feb", WORD_MONTH, 2},
    {"february", WORD_MONTH, 2},
    {"fri", WORD_WEEKDAY, 5},
    {"friday", WORD_WEEKDAY, 5},
    {"h", WORD_LABEL, LABEL_HOUR},
    {"infinity", WORD_INFINITY, 0},
    {"isodow", WORD_LABEL, LABEL_OTHER},
    {"isoyear", WORD_LABEL, LABEL_OTHER},
    {"j", WORD_LABEL, LABEL_JULIAN},
    {"jan", WORD_MONTH, 1},
    {"january", WORD_MONTH, 1},
    {"jd", WORD_LABEL, LABEL_JULIAN},
    {"jul", WORD_MONTH, 7},
    {"julian", WORD_LABEL, LABEL_JULIAN},
    {"july", WORD_MONTH, 7},
    {"jun", WORD_MONTH, 6},
    {"june", WORD_MONTH, 6},
    {"m", WORD_LABEL, LABEL_MONTH},
    {"mar", WORD_MONTH, 3},
    {"march", WORD_MONTH, 3},
    {"may", WORD_MONTH, 5},
    {"mm", WORD_LABEL, LABEL_MINUTE},
    {"mon", WORD_WEEKDAY, 1},
    {"monday", WORD_WEEKDAY, 1},
    {"nov", WORD_MONTH, 11},
    {"november", WORD_MONTH, 11},
    {"now", WORD_NOW, 0},
    {"oct", WORD_MONTH, 10},
    {"october", WORD_MONTH, 10},
    {"on", WORD_IGNORED, 0},
    {"pm", WORD_MERIDIEM, 1},
    {"s", WORD_LABEL, LABEL_SECOND},
    {"sat", WORD_WEEKDAY, 6},
    {"saturday", WORD_WEEKDAY, 6},
    {"sep", WORD_MONTH, 9},
    {"sept", WORD_MONTH, 9},
    {"september", WORD_MONTH, 9},
    {"sun", WORD_WEEKDAY, 0},
    {"sunday", WORD_WEEKDAY, 0},
    {"t", WORD_ISO_TIME, LABEL_TIME},
    {"thu", WORD_WEEKDAY, 4},
    {"thur", WORD_WEEKDAY, 4},
    {"thurs", WORD_WEEKDAY, 4},
    {"thursday", WORD_WEEKDAY, 4},
    {"today", WORD_TODAY, 0},
    {"tomorrow", WORD_TODAY, 1},
    {"tue", WORD_WEEKDAY, 2},
    {"tues", WORD_WEEKDAY, 2},
    {"tuesday", WORD_WEEKDAY, 2},
    {"wed", WORD_WEEKDAY, 3},
    {"wednesday", WORD_WEEKDAY, 3},
    {"weds", WORD_WEEKDAY, 3},
    {"y", WORD_LABEL, LABEL_YEAR},
    {"yesterday", WORD_TODAY, -1},
};

DateWord datetime_word(const char *text)
{
    size_t from = 0, to = COUNT_OF(WORDS);
    while (from < to) {
        size_t middle = (from + to) / 2;
        int order = strncmp(WORDS[middle].text, text, WORD_LENGTH);
        if (order == 0)
            return WORDS[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return (DateWord){text, WORD_UNKNOWN, 0};
}

/* ---- cutting ---- */

typedef struct Cutter {
    const char *at, *end;
    char *to, *limit;
    bool full;
} Cutter;

static char peek(const Cutter *cutter)
{
    return cutter->at < cutter->end ? *cutter->at : '\0';
}

static void take(Cutter *cutter)
{
    if (cutter->to + 1 >= cutter->limit)
        cutter->full = true;
    else
        *cutter->to++ = to_lower(*cutter->at);
    cutter->at++;
}

static bool is_one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

static void take_digits(Cutter *cutter, const char *also)
{
    while (is_digit(peek(cutter)) || is_one_of(peek(cutter), also))
        take(cutter);
}

/* A field that begins with a digit: a time, a date, or a number. */
static FieldKind cut_number(Cutter *cutter)
{
    take_digits(cutter, "");
    char delimiter = peek(cutter);
    if (delimiter == ':') {
        take_digits(cutter, ":.");
        return FIELD_TIME;
    }
    if (!is_one_of(delimiter, "-/."))
        return FIELD_NUMBER;
    take(cutter);
    if (!is_digit(peek(cutter))) {
        while (is_digit(peek(cutter)) || is_alpha(peek(cutter)) || peek(cutter) == delimiter)
            take(cutter);
        return FIELD_DATE;
    }
    take_digits(cutter, "");
    if (peek(cutter) != delimiter)
        return delimiter == '.' ? FIELD_NUMBER : FIELD_DATE;
    /* Only the same delimiter again makes a date of three parts. */
    take_digits(cutter, (char[]){delimiter, '\0'});
    return FIELD_DATE;
}

/* A word, a date that begins with a month's name, or the name of a time zone. */
static FieldKind cut_word(Cutter *cutter, const char *start)
{
    while (is_alpha(peek(cutter)))
        take(cutter);
    bool is_date = is_one_of(peek(cutter), "-/.");
    if (peek(cutter) == '+' || is_digit(peek(cutter))) {
        *cutter->to = '\0';
        is_date = datetime_word(start).kind == WORD_UNKNOWN;
    }
    while (is_date && (is_alpha(peek(cutter)) || is_digit(peek(cutter)) || is_one_of(peek(cutter), "+-/_.:")))
        take(cutter);
    return is_date ? FIELD_DATE : FIELD_WORD;
}

static bool cut_signed(Cutter *cutter, FieldKind *kind)
{
    take(cutter);
    while (is_space(peek(cutter)))
        cutter->at++;
    if (is_digit(peek(cutter))) {
        take_digits(cutter, ":.-");
        *kind = FIELD_SIGNED;
        return true;
    }
    *kind = FIELD_SIGNED_WORD;
    if (!is_alpha(peek(cutter)))
        return false;
    while (is_alpha(peek(cutter)))
        take(cutter);
    return true;
}

DateProblem datetime_cut(const char *text, size_t len, size_t room, DateFields *out)
{
    Cutter cutter = {text, text + len, out->space, out->space + (room < MAX_DATE_TEXT ? room : MAX_DATE_TEXT), false};
    out->count = 0;
    while (cutter.at < cutter.end) {
        char c = *cutter.at, *start = cutter.to;
        FieldKind kind = FIELD_NUMBER;
        if (is_space(c)) {
            cutter.at++;
            continue;
        }
        if (is_digit(c)) {
            kind = cut_number(&cutter);
        } else if (c == '.') {
            take(&cutter);
            take_digits(&cutter, "");
        } else if (is_alpha(c)) {
            kind = cut_word(&cutter, start);
        } else if (c == '+' || c == '-') {
            if (!cut_signed(&cutter, &kind))
                return DATE_BAD_FORMAT;
        } else if (ispunct((unsigned char)c) && (unsigned char)c < 0x80) {
            cutter.at++;
            continue;
        } else {
            return DATE_BAD_FORMAT;
        }
        if (cutter.full || out->count >= MAX_DATE_FIELDS)
            return DATE_BAD_FORMAT;
        *cutter.to++ = '\0';
        out->items[out->count].kind = kind;
        out->items[out->count++].text = start;
    }
    return DATE_FINE;
}
